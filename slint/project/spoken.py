"""Which code templates speak for, and which files are left that may hold functions of their own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from slint.knowledge.runtimes import family_of
from slint.paths import Places, relative
from slint.project.discovery import is_among_tests, is_vendored
from slint.project.model import Function
from slint.project.survey import Survey, given_files
from slint.record import NamedTuple
from slint.settings import Settings

_NO_SOURCES = (".d.ts", ".d.mts", ".min.js")


class Spoken(NamedTuple):
    """The code that templates speak for: the folders (with a separator at the end) and files of functions in Python and
    in Node.js, and the files of Node.js handlers, which may lie elsewhere."""

    python: frozenset[str] = frozenset()
    nodejs: frozenset[str] = frozenset()
    scripts: frozenset[str] = frozenset()

    def __or__(self, other: Spoken) -> Spoken:
        return Spoken(self.python | other.python, self.nodejs | other.nodejs, self.scripts | other.scripts)


def spoken_for(functions: Iterable[Function]) -> Spoken:
    """The code of functions that a template describes. Of Python code, a function speaks when its handler is known."""
    described = [function for function in functions if function.described is not None]
    nodes = [each for each in described if family_of(each.runtime.string or "") == "nodejs"]
    return Spoken(
        frozenset(
            root for function in described if function.handler is not None for root in _code_roots(function, "python")
        ),
        frozenset(root for function in described for root in _code_roots(function, "nodejs")),
        frozenset(each.handler.unit.path for each in nodes if each.handler is not None),
    )


def _code_roots(function: Function, family: str) -> Iterator[str]:
    described = function.described
    if described is not None and described.function.image is not None:
        yield described.function.image.context.rstrip(os.sep) + os.sep
    if described is None or described.function.code_root is None:
        return
    runtime = function.runtime.string
    if runtime is None or family_of(runtime) in (family, ""):
        root = described.function.code_root
        yield root if os.path.isfile(root) else root.rstrip(os.sep) + os.sep


def candidates(survey: Survey, spoken: Spoken, settings: Settings) -> Iterator[str]:
    """The code files, by their names, that may hold such functions, or those that files given may belong to."""
    near = Places(settings.paths) if given_files(settings) else None
    for path in _unspoken(survey, spoken):
        if near is None or near.lie_below(os.path.dirname(path)):
            inside = relative(path, settings.root)
            if not is_among_tests(inside, survey.test_folders) and not is_vendored(path, settings.root):
                yield path


def _unspoken(survey: Survey, spoken: Spoken) -> Iterator[str]:
    python, nodejs = tuple(sorted(spoken.python)), tuple(sorted(spoken.nodejs))
    for path in survey.found.python:
        if not path.startswith(python) and os.path.basename(path) not in survey.runbook_scripts:
            yield path
    for path in survey.found.scripts:
        if not path.startswith(nodejs) and path not in spoken.scripts and not path.endswith(_NO_SOURCES):
            yield path
