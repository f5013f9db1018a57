"""Text and places in it.

Every position is counted in code points of the decoded text, whatever the parser counted in.
Lines and columns appear only where a place is shown to somebody.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from slint.record import NamedTuple


class Piece(NamedTuple):
    """A run of `length` code points of an inner text that stands unchanged in its host file."""

    inner: int
    outer: int
    length: int


class Host(NamedTuple):
    """Where the text of inline code comes from: the pieces of `file` that hold it, by inner offset."""

    file: SourceFile
    pieces: tuple[Piece, ...]

    def outward(self, offset: int) -> int:
        """The offset in the host of an inner offset; text that was made (a hole) maps to its start."""
        at = bisect_right(self.pieces, (offset, float("inf"), 0)) - 1
        if at < 0:
            return self.pieces[0].outer if self.pieces else 0
        inner, outer, length = self.pieces[at]
        return outer + min(offset - inner, length)


class SourceFile:
    """One text: `path` is shown to users (relative where possible, with `/`), `text` is decoded and keeps its line ends.

    `host` is set for code that is written inside another file, such as `InlineCode` of a template;
    `path` is then the host's path. `encoding` is what the file was read as; `utf-8-sig` for UTF-8 with a byte order mark.
    """

    __slots__ = ("_line_starts", "encoding", "host", "path", "text")

    def __init__(self, path: str, text: str, host: Host | None = None, encoding: str = "utf-8") -> None:
        self.path: Final = path
        self.text: Final = text
        self.host: Final = host
        self.encoding: Final = encoding
        self._line_starts: list[int] = []

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r})"

    def line_starts(self) -> list[int]:
        """Offset of the first code point of each line; lines end at LF, CRLF or CR."""
        if not self._line_starts:
            starts = [0]
            position = 0
            for line in self.text.splitlines(keepends=True):
                position += len(line)
                if line.endswith(("\n", "\r")):
                    starts.append(position)
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> Position:
        """Line and column, both counted from 1, of an offset."""
        if offset <= 0:
            return Position(1, 1)  # what is said about a huge file as a whole is said without counting its lines
        starts = self.line_starts()
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line (counted from 1) without its end; empty beyond the last."""
        starts = self.line_starts()
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")


class Position(NamedTuple):
    """A place for a reader: `line` and `column` count from 1, columns in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """The code points `start` up to, not including, `end` of one file."""

    file: SourceFile
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text that the span covers."""
        return self.file.text[self.start : self.end]

    def location(self) -> Location:
        """The place to show: inline code is mapped to the file that holds it."""
        file, start, end = self
        while file.host is not None:
            start = file.host.outward(start)
            end = max(start, file.host.outward(end - 1) + 1) if end > self.start else start
            file = file.host.file
        return Location(file.path, file.position(start), file.position(end), start, end)


class Location(NamedTuple):
    """A span as plain data: `start` inclusive, `end` exclusive; `offset` and `end_offset` count code points."""

    path: str
    start: Position
    end: Position
    offset: int = 0
    end_offset: int = 0
