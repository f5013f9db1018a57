"""JSON text to values with spans.

Read here and not by the YAML parser, because YAML refuses some of what JSON allows (surrogate pairs in escapes, keys
longer than 1,024 characters). Comments and trailing commas are accepted, as the tools around templates do.
"""

from __future__ import annotations

import re
from typing import Final

from slint.parsing.errors import ParseError
from slint.regex import regex
from slint.source import SourceFile, Span
from slint.value import Entry, Items, Literal, Scalar, Unknown, Value

MAX_DEPTH: Final = 100
"""Collections inside collections beyond this are not read: no real template comes near, and recursion stays safe."""

MAX_VALUES: Final = 200_000
"""Scalars in a file; a template of the size that the cloud takes holds a fifth of it at most."""

TOO_DEEP: Final = "nested too deeply"
TOO_MANY: Final = f"more than {MAX_VALUES:,} values"
OUR_LIMITS: Final = (TOO_DEEP, TOO_MANY)
"""Messages of a ParseError that another parser may not give."""
WRITTEN_AGAIN: Final = "the key is written again later, and the last one counts"

_BLANK: Final = regex(r"(?:[ \t\r\n]++|//[^\r\n]*+|/\*.*?\*/)*+", re.DOTALL)
_TOKEN: Final = regex(
    r"""(?P<mark>[{}\[\],:])
    |(?P<string>"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+")
    |(?P<number>-?(?:0|[1-9][0-9]*)(?P<part>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9A-Za-z_.+-]))
    |(?P<word>true|false|null)(?![0-9A-Za-z_])""",
    re.VERBOSE,
)
_WORDS: Final[dict[str, Scalar]] = {"true": True, "false": False, "null": None}
_MAX_DIGITS: Final = 300  # longer numbers stay text: int() is quadratic, and float() overflows


def parse(file: SourceFile, unread: dict[str, Span] | None = None) -> Value:
    """The value of a JSON file; a text of nothing but blanks is Literal None.

    Objects keep the last of members with the same key. What is nested too deeply is Unknown. `unread` is told why
    something was left out, each reason with its first place. Raises ParseError.
    """
    return _Reader(file, {} if unread is None else unread).read()


class _Level:
    """An object or array that is being read."""

    __slots__ = ("entries", "is_list", "key", "start")

    def __init__(self, start: int, is_list: bool) -> None:
        self.start = start
        self.is_list = is_list
        self.entries: list[Entry] = []
        self.key: Literal | None = None


class _Reader:
    """A state machine over tokens with its own stack, so that depth costs nothing."""

    def __init__(self, file: SourceFile, unread: dict[str, Span]) -> None:
        self.file = file
        self.unread = unread
        self.count = 0
        self.text = file.text
        self.at = 1 if file.text.startswith("\ufeff") else 0

    def read(self) -> Value:
        self._skip_blank()
        if self.at >= len(self.text):
            return Literal(Span(self.file, self.at, self.at), None)
        value = self._document()
        self._skip_blank()
        if self.at < len(self.text):
            raise self._error("text after the end of the JSON value")
        return value

    def _document(self) -> Value:
        levels: list[_Level] = []
        while True:
            self._skip_blank()
            value = self._next(levels)
            if value is None:
                continue
            while True:
                if not levels:
                    return value
                level = levels[-1]
                level.entries.append(Entry(level.key, value))
                level.key = None
                self._skip_blank()
                mark = self.text[self.at : self.at + 1]
                self.at += 1
                if mark == ",":
                    break
                if mark != ("]" if level.is_list else "}"):
                    self.at -= 1
                    raise self._error(f"expected ',' or '{']' if level.is_list else '}'}'")
                value = self._close(levels)

    def _next(self, levels: list[_Level]) -> Value | None:
        """One value, or None after the start of a collection. A closing mark ends the innermost collection."""
        level = levels[-1] if levels else None
        start = self.at
        token = _TOKEN.match(self.text, start)
        if token is None:
            raise self._error("not a JSON value" if start < len(self.text) else "the text ends inside a JSON value")
        kind = token.lastgroup
        self.at = token.end()
        if kind == "mark":
            mark = token.group()
            if level is not None and mark == ("]" if level.is_list else "}"):
                return self._close_early(levels)
            if (level is None or level.is_list or level.key is not None) and mark in "[{":
                if len(levels) > MAX_DEPTH * 20:
                    raise self._error(TOO_DEEP)
                levels.append(_Level(start, mark == "["))
                return None
            self.at = start
            raise self._error(f"unexpected '{mark}'")
        span = Span(self.file, start, self.at)
        if level is not None and not level.is_list and level.key is None:
            self._key(level, kind, token.group(), span)
            return None
        self.count += 1
        if self.count > MAX_VALUES:
            raise self._error(TOO_MANY)
        return Literal(span, self._scalar(kind, token))

    def _key(self, level: _Level, kind: str | None, text: str, span: Span) -> None:
        if kind != "string":
            self.at = span.start
            raise self._error("a member must begin with its name in double quotes")
        level.key = Literal(span, self._unquoted(text))
        self._skip_blank()
        if self.text[self.at : self.at + 1] != ":":
            raise self._error("expected ':'")
        self.at += 1

    def _close_early(self, levels: list[_Level]) -> Value | None:
        """Close a collection that is empty or ends with a comma; its value goes to the level around it."""
        if levels[-1].key is not None:
            raise self._error("a member has no value")
        return self._close(levels)

    def _close(self, levels: list[_Level]) -> Value:
        level = levels.pop()
        span = Span(self.file, level.start, self.at)
        if len(levels) >= MAX_DEPTH:
            if len(levels) == MAX_DEPTH:  # the outermost that is left out
                self.unread.setdefault(TOO_DEEP, span)
            return Unknown(span, TOO_DEEP)
        entries = level.entries if level.is_list else last_of_each_key(level.entries, self.unread)
        return Items(span, tuple(entries), is_list=level.is_list)

    def _scalar(self, kind: str | None, token: re.Match[str]) -> Scalar:
        text = token.group()
        if kind == "string":
            return self._unquoted(text)
        if kind == "word":
            return _WORDS[text]
        if len(text) > _MAX_DIGITS:
            return text
        return float(text) if token.group("part") else int(text)

    def _unquoted(self, text: str) -> str:
        if "\\" not in text:
            return text[1:-1]
        from json import JSONDecodeError, loads  # only texts with escapes need it

        try:
            decoded = str(loads(text))
        except JSONDecodeError:
            raise self._error("an escape that JSON does not know") from None
        # A lone surrogate cannot be written to any output.
        return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\u" in text else decoded

    def _skip_blank(self) -> None:
        # Nearly all blanks are a line end and spaces; the pattern is never empty, so the match always exists.
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _error(self, message: str) -> ParseError:
        at = min(self.at, len(self.text))
        return ParseError(message, Span(self.file, at, min(at + 1, len(self.text))))


def last_of_each_key(entries: list[Entry], unread: dict[str, Span] | None = None) -> list[Entry]:
    """The members without those whose key is written again later; `unread` is told the first such key."""
    # A collection as key equals no other.
    texts = [entry.key.value if isinstance(entry.key, Literal) else id(entry.key) for entry in entries]
    if len(set(texts)) == len(texts):
        return entries
    last = {text: number for number, text in enumerate(texts)}
    if unread is not None:
        unread.setdefault(WRITTEN_AGAIN, next(e.span for n, e in enumerate(entries) if last[texts[n]] != n))
    return [entry for number, entry in enumerate(entries) if last[texts[number]] == number]
