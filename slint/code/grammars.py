"""The grammars: packages of tree-sitter, of which each holds one shared library."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Language


_SOURCES: Final = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
}
"""The package of each grammar, and the function there that gives it."""

OF_ENDING: Final = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
"""The grammar of each ending. That of JavaScript knows JSX; in TypeScript, `<T>x` is a type assertion, in TSX it is not."""


@cache
def grammar(language: str) -> Language:
    """The grammar of a language."""
    from tree_sitter import Language

    package, function = _SOURCES[language]
    return Language(getattr(_library(package), function)())


def _library(package: str) -> ModuleType:
    # The library alone has all of it: to import the package takes 6 ms more, for importlib.resources, which it needs
    # for its queries only.
    found = find_spec(package)
    folders = found.submodule_search_locations if found is not None else None
    spec = PathFinder.find_spec(f"{package}._binding", folders) if folders else None
    if spec is None or spec.loader is None:
        return import_module(package)
    library = module_from_spec(spec)
    spec.loader.exec_module(library)
    return library
