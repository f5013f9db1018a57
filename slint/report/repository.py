"""Where files stand in the repository: what services that read reports name files by."""

from __future__ import annotations

import os
from typing import Final

from slint.paths import is_within
from slint.settings import git_top


class Repository:
    """`top` is the folder that paths are relative to, `cwd` the one that shown paths are relative to, both absolute.

    Without folders (both empty) shown paths stand as they are.
    """

    def __init__(self, top: str = "", cwd: str = "") -> None:
        self.top: Final = top
        self.cwd: Final = cwd
        self._known: dict[str, str] = {}

    @staticmethod
    def around(root: str, cwd: str) -> Repository:
        """The git repository that holds `root`; outside of any, the working directory stands for it, or `root` when
        it is elsewhere."""
        if not root:
            return Repository()
        return Repository(os.path.realpath(git_top(root) or (cwd if is_within(root, cwd) else root)), cwd)

    def path(self, shown: str) -> str:
        """The path of a file in the repository, with `/` and links followed; absolute for one outside."""
        if shown not in self._known:
            self._known[shown] = self._path(shown) if self.top else shown
        return self._known[shown]

    def _path(self, shown: str) -> str:
        path = os.path.normpath(os.path.join(self.cwd, shown))
        real = os.path.realpath(path)
        # A link out of the repository is a file of the repository all the same.
        inside = next((each for each in (real, path) if is_within(each, self.top)), None)
        found = real if inside is None else os.path.relpath(inside, self.top)
        return found.replace(os.sep, "/")
