"""The files of a project as they are read: texts and facts, each file once."""

from __future__ import annotations

import os
from collections.abc import Sequence

from slint.clock import Clock
from slint.code.python import extract
from slint.code.syntax import TOO_LARGE
from slint.diagnostic import Diagnostic, NotEvaluated, Severity
from slint.parsing.errors import ParseError
from slint.parsing.json import OUR_LIMITS
from slint.parsing.placeholders import FILLED_IN, is_filled_in
from slint.project.discovery import SCRIPT_SUFFIXES, Unreadable, as_text, may_hold, read_bytes
from slint.project.model import Project
from slint.project.unit import Unit
from slint.settings import Settings
from slint.source import SourceFile, Span

SYNTAX_ERROR = "syntax-error"
_MOST_KEPT = 6_000_000
"""Code points of text that are kept from one part of a project to the next, in case that it reads them again."""


class Files:
    """Reads files when they are asked for, and keeps them. What is read, and what cannot be, is told to `project`: the
    project, or the part of one, that is being worked on."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.project = Project(settings.root)
        self._timed = clock.timed
        self._files: dict[str, SourceFile | None] = {}
        self._units: dict[str, Unit | None] = {}
        self._inline: dict[str, SourceFile] = {}
        self._kept = 0
        self._scripts: set[str] = set()  # the keys of inline code that is no Python

    def text(self, path: str) -> SourceFile | None:
        """The text of an absolute path; None, with a line in the ledger, when it cannot be read."""
        file = self._files[path] if path in self._files else self._read(path, ())
        if file is not None:
            self.project.sources[file.path] = file
        return file

    def text_holding(self, path: str, words: Sequence[bytes]) -> SourceFile | None:
        """The same, and None without a word for a file whose bytes hold none of some ASCII words."""
        if path not in self._files:
            self._read(path, words)
        return self.text(path) if path in self._files else None

    @property
    def are_many(self) -> bool:
        """Whether so much text is kept that it is better read again."""
        return self._kept > _MOST_KEPT

    def drop(self, path: str) -> None:
        """Forget that a text was read."""
        file = self._files.pop(path)
        if file is not None:
            self._kept -= len(file.text)
            del self.project.sources[file.path]

    def unit(self, path: str) -> Unit | None:
        """The facts of a code file, or of code written in a template (`path#function`)."""
        if path not in self._units:
            file = self._inline.get(path) or self.text(path)
            self._units[path] = None if file is None else self._extract(file, path)
        unit = self._units[path]
        if unit is not None and path in self._files:
            self.project.sources[unit.module.file.path] = unit.module.file
        return unit

    def add_inline(self, path: str, file: SourceFile, is_script: bool) -> None:
        """Tell the text of code that is written in a template, under the path that `unit` is asked for."""
        self._inline[path] = file
        if is_script:
            self._scripts.add(path)

    def begin(self) -> bool:
        """Begin a new part of the project. Whether what was read is dropped, because it has become much."""
        self.project = Project(self.settings.root)
        if not self.are_many:
            return False
        self._kept = 0
        for cache in (self._files, self._units, self._inline):
            cache.clear()
        self._scripts.clear()
        return True

    # -- the ledger ---------------------------------------------------------------------------------------------------

    def note(self, span: Span, what: str, why: str) -> None:
        """Write a line about a place into the ledger."""
        place = span.location()
        self.note_line(place.path, place.start.line, what, why)

    def note_line(self, path: str, line: int, what: str, why: str) -> None:
        """Write a line about a file, as shown, into the ledger."""
        self.project.ledger.append(NotEvaluated(path, line, what, why))

    def tell(self, error: ParseError) -> None:
        """Tell that a file beside the code cannot be parsed: without its `package.json`, no code of Node.js runs."""
        file = error.span.file
        if is_filled_in(file.text):
            self.note(error.span, "the file", FILLED_IN)
        elif file.path.endswith("package.json") and error.message not in OUR_LIMITS:
            found = Diagnostic(SYNTAX_ERROR, Severity.ERROR, error.message, error.span.location())
            self.project.problems.append(found)
        else:
            self.note(error.span, "the file", f"it cannot be parsed: {error.message}")

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self, path: str, words: Sequence[bytes]) -> SourceFile | None:
        """Read a file and keep it, unless it holds none of some words, where there are any."""
        shown = self.settings.shown(path)
        read: SourceFile | Unreadable
        if path in self.settings.overlay:
            read = SourceFile(shown, self.settings.overlay[path])
        else:
            data = self._timed("read", read_bytes)(path)
            if words and not may_hold(data, words):
                return None
            read = self._timed("read", as_text)(data, path, shown)
        if isinstance(read, SourceFile):
            self._kept += len(read.text)
        elif os.path.lexists(path):
            self.note_line(shown, 0, "the file", read.why)
        self._files[path] = file = read if isinstance(read, SourceFile) else None
        return file

    def _extract(self, file: SourceFile, path: str) -> Unit:
        if path in self._scripts or path.endswith(SCRIPT_SUFFIXES):
            return self._extract_script(file, path)
        module = self._timed("parse", extract)(file)
        if module.is_too_large:
            self.note(Span(file, 0, 0), "code of the file", TOO_LARGE)
        elif module.errors:
            error = module.errors[0]
            if is_filled_in(file.text):
                self.note(error, "code of the file", FILLED_IN)
                return Unit(module, path)
            first = error._replace(start=error.end - len(error.text.lstrip() or error.text)).location()
            message = f"{'the inline code' if file.host else 'this file'} is not valid Python here; what cannot be read is not judged"
            self.project.problems.append(Diagnostic(SYNTAX_ERROR, Severity.ERROR, message, first))
        return Unit(module, path)

    def _extract_script(self, file: SourceFile, path: str) -> Unit:
        from slint.code import javascript  # its grammars are loaded with the first file that needs them

        module = self._timed("parse", javascript.extract)(file)
        for error in module.errors[:1]:
            broken = "it cannot be parsed here; what cannot be read is not judged"
            self.note(error, "code of the file", TOO_LARGE if module.is_too_large else broken)
        return Unit(module, path)
