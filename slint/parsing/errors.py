"""What goes wrong when a text is parsed."""

from __future__ import annotations

from slint.source import Span


class ParseError(Exception):
    """A file cannot be parsed; `message` says why in one line, `span` is the place (one code point at most)."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
