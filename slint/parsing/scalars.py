"""Where the text of a YAML or JSON scalar stands in its file, code point by code point.

The style is read off the text at the scalar's span, by the rules of YAML 1.1 as libyaml 0.2 applies them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from slint.regex import regex
from slint.source import Host, Piece, SourceFile
from slint.value import Literal

_LINE: Final = regex(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_BLANKS: Final = regex(r"[ \t]*")
_BREAK: Final = regex(r"\r\n|\r|\n")
_RUNS: Final = {
    "": regex(r"[^ \t\r\n]+"),
    "'": regex(r"[^ \t\r\n']+"),
    '"': regex(r'[^ \t\r\n"\\]+'),
}
_ESCAPE: Final = regex(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_SURROGATES: Final = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_MAX_FOLDED_INDENT: Final = 40


class Mapped:
    """A text that is being put together from runs of a file; `text()` and `pieces` are the result."""

    __slots__ = ("is_altered", "length", "parts", "pieces")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.pieces: list[Piece] = []
        self.length = 0
        self.is_altered = False  # the last piece is a character that is written differently: nothing joins it

    def add(self, text: str, outer: int | None, *, altered: bool = False) -> None:
        """Append a text that stands at an offset of the file, or that was made (None).

        `altered` for one character that is written differently there: an escape, a line end read as a space.
        """
        if not text:
            return
        if outer is not None:
            last = self.pieces[-1] if self.pieces and not altered and not self.is_altered else None
            if last and last.inner + last.length == self.length and last.outer + last.length == outer:
                self.pieces[-1] = Piece(last.inner, last.outer, last.length + len(text))
            else:
                self.pieces.append(Piece(self.length, outer, len(text)))
            self.is_altered = altered
        self.parts.append(text)
        self.length += len(text)

    def add_part(self, text: str, pieces: tuple[Piece, ...], start: int, end: int) -> None:
        """Append `text[start:end]` of a text whose own pieces are given."""
        at = start
        for number in range(max(bisect_right(pieces, (start, float("inf"), 0)) - 1, 0), len(pieces)):
            inner, outer, length = pieces[number]
            if inner >= end:
                break
            first, last = max(inner, at), min(inner + length, end)
            if first < last:
                self.add(text[at:first], None)
                self.add(text[first:last], outer + first - inner)
                at = last
        self.add(text[at:end], None)

    def text(self) -> str:
        """What has been put together."""
        return "".join(self.parts)


def pieces_of(literal: Literal) -> tuple[Piece, ...]:
    """The pieces of a literal string's file that hold its text, in order.

    Empty when the text cannot be found there as written, which happens only for exotic line breaks.
    """
    value, span = literal.value, literal.span
    if not isinstance(value, str) or not value:
        return ()
    text = span.file.text
    first = text[span.start : span.start + 1]
    quoted = first in ("'", '"') and span.end - span.start >= 2
    if text.startswith(value, span.start + quoted) and span.end - span.start == len(value) + 2 * quoted:
        return (Piece(0, span.start + quoted, len(value)),)
    for mapped in _readings(text, span.start, span.end, value):
        if mapped is not None and mapped.text() == value:
            return tuple(mapped.pieces)
    return ()


def inner_file(literal: Literal) -> SourceFile:
    """The file of code that is written in a scalar: a place in it maps to the line and column of its template."""
    pieces = pieces_of(literal)
    if not pieces:  # every place is then the scalar's own
        pieces = (Piece(0, literal.span.start, 0),)
    return SourceFile(literal.span.file.path, literal.string or "", Host(literal.span.file, pieces))


def _readings(text: str, start: int, end: int, value: str) -> Iterator[Mapped | None]:
    first = text[start : start + 1]
    if first == "|":
        yield _literal_block(text, start, end, value)
    elif first == ">":
        # An indentation indicator counts from the parent, which is not seen here: try what fits.
        found = re.compile(r"[\r\n]( *)[^ \r\n]").search(text, start, end)
        indents = [len(found.group(1))] if found else []
        for indent in [*indents, *range(1, _MAX_FOLDED_INDENT)]:
            yield _folded_block(text, start, end, indent)
    elif first in ("'", '"'):
        yield _flow(text, start + 1, end - 1, first)
    else:
        yield _flow(text, start, end, "")


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The lines of a part of the text: offset and content without its end."""
    while start < end:
        found = _LINE.match(text, start, end)
        if found is None:
            return
        yield start, found.group(1)
        start = found.end()


def _literal_block(text: str, start: int, end: int, value: str) -> Mapped | None:
    """`|`: line for line the same text behind an indentation, which the first line that is not empty tells."""
    lines = _lines(text, start, end)
    next(lines, None)
    wanted = value.split("\n")
    last = len(wanted) - 1
    mapped = Mapped()
    indent: int | None = None
    for number, line in enumerate(wanted):
        at, written = next(lines, (end, ""))
        if line and indent is None:
            indent = len(written) - len(line)
        skipped = min(indent or 0, len(written))
        if indent is not None and (indent < 0 or written[skipped:] != line):
            return None
        if line or number < last:
            mapped.add(line + ("\n" if number < last else ""), at + skipped)
    return mapped


def _folded_block(text: str, start: int, end: int, indent: int) -> Mapped:
    """`>`: line ends between lines that begin with text become spaces."""
    lines = _lines(text, start, end)
    header = next(lines, (start, ""))[1]
    mapped = Mapped()
    pending: list[int] = []  # offsets of line ends not yet written
    leading_break: int | None = None
    was_blank = False
    for at, written in lines:
        if not written.strip(" ") and len(written) <= indent:
            pending.append(at)
            continue
        content = written[indent:]
        is_blank = content[:1] in (" ", "\t")
        if leading_break is not None and not was_blank and not is_blank:
            if not pending:
                mapped.add(" ", leading_break, altered=True)
        elif leading_break is not None:
            mapped.add("\n", leading_break, altered=True)
        for break_at in pending:
            mapped.add("\n", break_at, altered=True)
        pending.clear()
        was_blank = is_blank
        mapped.add(content, at + indent)
        leading_break = at + len(written)
    if "-" not in header and leading_break is not None and leading_break < end:
        mapped.add("\n", leading_break, altered=True)
    if "+" in header:
        for break_at in pending:
            mapped.add("\n", break_at, altered=True)
    return mapped


def _flow(text: str, start: int, end: int, quote: str) -> Mapped:
    """Plain and quoted scalars: line ends become spaces, empty lines line ends, escapes the characters they name."""
    mapped = Mapped()
    run = _RUNS[quote]
    at = start
    while at < end:
        found = run.match(text, at, end)
        if found:
            mapped.add(found.group(), at)
            at = found.end()
            continue
        character = text[at]
        if character == "'":  # doubled
            mapped.add("'", at, altered=True)
            at += 2
        elif character == "\\":
            at = _escape(mapped, text, at, end)
        elif character == '"':
            at += 1
        else:
            at = _fold(mapped, text, at, end)
    return mapped


def _fold(mapped: Mapped, text: str, at: int, end: int) -> int:
    """Blanks and line ends between two runs; the offset behind them."""
    blanks = _end_of(_BLANKS, text, at, end)
    first_break = _BREAK.match(text, blanks, end)
    if first_break is None:
        mapped.add(text[at:blanks], at)
        return blanks
    at = _end_of(_BLANKS, text, first_break.end(), end)
    is_single = True
    while (found := _BREAK.match(text, at, end)) is not None:
        mapped.add("\n", at, altered=True)
        is_single = False
        at = _end_of(_BLANKS, text, found.end(), end)
    if is_single:
        mapped.add(" ", first_break.start(), altered=True)
    return at


def _escape(mapped: Mapped, text: str, at: int, end: int) -> int:
    pair = _SURROGATES.match(text, at, end)
    if pair:
        high, low = int(text[at + 2 : at + 6], 16), int(text[at + 8 : at + 12], 16)
        mapped.add(chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), at, altered=True)
        return pair.end()
    found = _ESCAPE.match(text, at, end)
    if found is None:
        return at + 1
    name = found.group()[1:]
    if name in "\r\n":  # the line goes on: no blank for it, but empty lines count
        line_end = _BREAK.match(text, at + 1, end)
        at = _end_of(_BLANKS, text, line_end.end() if line_end else at + 2, end)
        while (following := _BREAK.match(text, at, end)) is not None:
            mapped.add("\n", at, altered=True)
            at = _end_of(_BLANKS, text, following.end(), end)
        return at
    if len(name) > 1:
        code = int(name[1:], 16)
        mapped.add(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd", at, altered=True)
    else:
        mapped.add(_NAMED.get(name, name), at, altered=True)
    return found.end()


_NAMED: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def _end_of(pattern: re.Pattern[str], text: str, at: int, end: int) -> int:
    found = pattern.match(text, at, end)
    return found.end() if found else at
