"""The code that one function can import: files by name, read when first asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cached_property

from slint.code.facts import Import
from slint.project.discovery import is_vendored, names_in
from slint.project.unit import Unit

Reader = Callable[[str], Unit | None]

_DEEPEST = 200  # packages in packages: a name of more parts has no path that a system allows


class Codebase:
    """Modules below the import roots of a function, in the order the runtime searches them.

    `read` gives the unit of an absolute path, None when it cannot be read; it is shared between codebases, so that
    a file that two functions reach is read once.
    """

    def __init__(self, roots: tuple[str, ...], read: Reader) -> None:
        self.roots = roots
        self._read = read
        self._found: dict[str, str | None] = {}
        self._folders: dict[str, bool] = {}

    def unit(self, path: str) -> Unit | None:
        """The unit of an absolute path."""
        return self._read(path)

    def module(self, dotted: str) -> Unit | None:
        """The module or package of this name, None when it is not below the roots."""
        path = self.path_of(dotted)
        return self._read(path) if path is not None else None

    def path_of(self, dotted: str) -> str | None:
        """The file of a module or package name; a package is its `__init__.py`. Vendored libraries count as outside."""
        if dotted not in self._found:
            self._found[dotted] = self._search(dotted)
        return self._found[dotted]

    @cached_property
    def _listings(self) -> tuple[frozenset[str], ...]:
        return tuple(map(names_in, self.roots))

    def _may_hold(self, top: str) -> bool:
        """Whether something at the roots has a name; of most names nothing has, and they cost no look at the disk."""
        return any(top in names or f"{top}.py" in names for names in self._listings)

    def has_package(self, dotted: str) -> bool:
        """Whether a folder of the project has this name below a root, with or without `__init__.py`."""
        if dotted not in self._folders:
            self._folders[dotted] = self._is_package(dotted)
        return self._folders[dotted]

    def _is_package(self, dotted: str) -> bool:
        if not self._may_hold(dotted.split(".")[0]):
            return False
        folders = ((os.path.join(root, *dotted.split(".")), root) for root in self.roots)
        return any(os.path.isdir(folder) and not is_vendored(folder, root) for folder, root in folders)

    def is_outside(self, dotted: str) -> bool:
        """Whether what a name begins with is no module and no package of the project."""
        top = dotted.split(".")[0]
        return self.path_of(top) is None and not self.has_package(top)

    def loaded(self, unit: Unit, imported: Import) -> Iterator[Unit]:
        """The modules of the project that an import loads, packages before what lies in them."""
        dotted = self.absolute(unit, imported)
        if dotted is None:
            return
        parts = dotted.split(".") if dotted else []
        names = [".".join(parts[: length + 1]) for length in range(min(len(parts), _DEEPEST))]
        if imported.name not in (None, "*"):
            names.append(f"{dotted}.{imported.name}" if dotted else str(imported.name))
        for name in names:
            found = self.module(name)
            if found is not None:
                yield found

    def absolute(self, unit: Unit, imported: Import) -> str | None:
        """The absolute dotted name that an import names from a unit; None when a relative one leaves the roots."""
        written = imported.module
        level = len(written) - len(written.lstrip("."))
        if not level:
            return written
        package = os.path.dirname(unit.path)
        for _ in range(level - 1):
            package = os.path.dirname(package)
        for root in self.roots:
            if package == root:
                return written[level:]
            if package.startswith(root + os.sep):
                return ".".join(
                    part for part in (*os.path.relpath(package, root).split(os.sep), written[level:]) if part
                )
        return None

    def _search(self, dotted: str) -> str | None:
        parts = dotted.split(".")
        if not self._may_hold(parts[0]) or not all(parts) or "/" in dotted or "\0" in dotted:
            return None
        for root in self.roots:
            base = os.path.join(root, *parts)
            for candidate in (os.path.join(base, "__init__.py"), base + ".py"):
                if os.path.isfile(candidate):
                    return None if is_vendored(candidate, root) else candidate
        return None
