"""Where one absolute path lies as seen from another, by their text alone: the disk is not asked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress


def is_below(path: str, folder: str) -> bool:
    """Whether a path lies in a folder, at whatever depth."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def is_within(path: str, folder: str) -> bool:
    """Whether a path lies in a folder or is it."""
    return path == folder or is_below(path, folder)


def upward(folder: str, top: str | None = None) -> Iterator[str]:
    """A folder and those above it, as far as they lie within `top`; by default up to the root of the disk."""
    while top is None or is_within(folder, top):
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def relative(path: str, folder: str) -> str:
    """`path` as seen from `folder`, with `/`; absolute when it is on another drive."""
    if is_below(path, folder):
        return path[len(folder.rstrip(os.sep)) + 1 :].replace(os.sep, "/")  # what relpath would take long to find
    with suppress(ValueError):
        path = os.path.relpath(path, folder)
    return path.replace(os.sep, "/")


class Places:
    """Several absolute paths, of files or folders; a question about them takes as long as one about one of them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(path.rstrip(os.sep) for path in paths)
        self._above: set[str] = set()  # the folders that hold one of them
        for path in self._paths:
            for folder in upward(os.path.dirname(path)):
                folder = folder.rstrip(os.sep)
                if folder in self._above:
                    break
                self._above.add(folder)

    def hold(self, path: str) -> bool:
        """Whether a path is one of them or lies in one."""
        return any(each.rstrip(os.sep) in self._paths for each in upward(path))

    def lie_below(self, folder: str) -> bool:
        """Whether one of them lies in a folder, at whatever depth."""
        return folder.rstrip(os.sep) in self._above

    def meet(self, path: str) -> bool:
        """Whether a path is one of them, lies in one, or holds one."""
        return self.lie_below(path) or self.hold(path)
