"""Where files stand in the repository: what services that read reports name files by."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from slint.settings import git_top


@dataclass(frozen=True, slots=True)
class Repository:
    """`top` is the folder that paths are relative to, `cwd` the one that shown paths are relative to, both absolute.

    Without folders (both empty) shown paths stand as they are.
    """

    top: str = ""
    cwd: str = ""
    _known: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def around(root: str, cwd: str) -> Repository:
        """The git repository that holds `root`; outside of any, the working directory stands for it, or `root` when
        it is elsewhere."""
        if not root:
            return Repository()
        is_here = Path(root).is_relative_to(cwd)
        return Repository(os.path.realpath(git_top(Path(root)) or (cwd if is_here else root)), cwd)

    def path(self, shown: str) -> str:
        """The path of a file in the repository, with `/` and links followed; absolute for one outside."""
        if shown not in self._known:
            self._known[shown] = self._path(shown) if self.top else shown
        return self._known[shown]

    def _path(self, shown: str) -> str:
        path = os.path.normpath(os.path.join(self.cwd, shown))
        real = os.path.realpath(path)
        # A link out of the repository is a file of the repository all the same.
        inside = next((each for each in (real, path) if self._is_inside(each)), None)
        found = real if inside is None else os.path.relpath(inside, self.top)
        return found.replace(os.sep, "/")

    def _is_inside(self, path: str) -> bool:
        return path == self.top or path.startswith(self.top.rstrip(os.sep) + os.sep)
