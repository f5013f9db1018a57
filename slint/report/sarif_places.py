"""The places of a SARIF log: files as URIs in the repository, columns in UTF-16 units as editors count them."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Mapping
from pathlib import PurePath
from urllib.parse import quote

from slint.regex import regex
from slint.report.repository import Repository
from slint.source import Location, Position, SourceFile

Json = dict[str, object]

BASE = "%SRCROOT%"
COLUMN_KIND = "utf16CodeUnits"
PRIMARY_LINES = 3
"""GitHub annotates a pull request only where all lines of a result are part of it: longer places end with their first."""

_BEYOND = regex("[\U00010000-\U0010ffff]")


class Places:
    """Renders places of the files of one run."""

    def __init__(self, repository: Repository, sources: Mapping[str, SourceFile]) -> None:
        self._repository = repository
        self._sources = sources
        self._wide: dict[str, list[int]] = {}

    def shortened(self, location: Location) -> Location:
        """The location of a result: a place of few lines as it is, a longer one up to the end of its first line."""
        file = self._sources.get(location.path)
        if file is None or location.end.line - location.start.line < PRIMARY_LINES:
            return location
        line = location.start.line
        return location._replace(end=Position(line, len(file.line(line)) + 1))

    def place(self, location: Location) -> Json:
        """A `location` object without its message."""
        region = self.region(location.path, location.start, location.end)
        return {"physicalLocation": {"artifactLocation": self.artifact(location.path), "region": region}}

    def region(self, path: str, start: Position, end: Position) -> Json:
        """A `region` object of a file."""
        return {
            "startLine": start.line,
            "startColumn": self._column(path, start),
            "endLine": end.line,
            "endColumn": self._column(path, end),
        }

    def artifact(self, shown: str) -> Json:
        """An `artifactLocation` object: below BASE for a file of the repository, absolute for another."""
        path = self._repository.path(shown)
        if os.path.isabs(path):
            return {"uri": PurePath(path).as_uri()}
        return {"uri": _quoted(path), "uriBaseId": BASE}

    def _column(self, path: str, position: Position) -> int:
        """A column in UTF-16 units, in which a character beyond the basic plane takes two."""
        file = self._sources.get(path)
        if file is None or file.text.isascii():
            return position.column
        if path not in self._wide:
            self._wide[path] = [match.start() for match in _BEYOND.finditer(file.text)]
        wide, starts = self._wide[path], file.line_starts()
        line = starts[min(position.line, len(starts)) - 1]
        return position.column + bisect_left(wide, line + position.column - 1) - bisect_left(wide, line)


def _quoted(path: str) -> str:
    """A path as a relative URI; bytes that are no UTF-8 come out as they are on the disk."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")
