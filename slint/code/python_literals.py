"""What Python's string and number literals say, from their text alone."""

from __future__ import annotations

import re
from math import isfinite
from typing import Final

from slint.record import NamedTuple
from slint.regex import regex

# The names and meanings of the escapes: "String and Bytes literals" in Python's language reference.
_ESCAPE: Final = regex(
    r"\\(?:(\r\n|[\n\r\\'\"abfnrtv])|([0-7]{1,3})|x([0-9A-Fa-f]{2})"
    r"|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|N\{([^{}]+)\})"
)
_SIMPLE: Final = {
    **dict.fromkeys(("\n", "\r", "\r\n"), ""),  # a backslash at the end of a line joins it with the next
    **{char: char for char in "\\'\""},
    **{"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"},
}
_OPENING: Final = regex(r"([A-Za-z]*)('''|\"\"\"|'|\"|`)")
_LARGEST_NUMBER_BITS: Final = 1000  # beyond about 1e300 a float cannot hold it, and nothing here means it


class Quoted(NamedTuple):
    """A string literal taken apart: its prefix in lower case, its quotes, and what stands between them."""

    prefix: str
    quotes: str
    content: str


def take_apart(literal: str) -> Quoted | None:
    """The parts of a whole string literal; None when the text is none."""
    quote = literal[:1]
    if quote in ("'", '"') and literal.endswith(quote) and literal[1:3] != quote * 2 and len(literal) > 1:
        return Quoted("", quote, literal[1:-1])  # nearly all are so
    opening = _OPENING.match(literal)
    if opening is None:
        return None
    prefix, quotes = opening.groups()
    if not literal.endswith(quotes) or len(literal) < opening.end() + len(quotes):
        return None
    return Quoted(prefix.lower(), quotes, literal[opening.end() : len(literal) - len(quotes)])


def decode(content: str, prefix: str) -> str:
    """The text that the content of a string literal stands for; bytes are read as Latin-1 text."""
    if "\r" in content:
        content = content.replace("\r\n", "\n").replace("\r", "\n")  # as the language's own reader does
    if "\\" not in content or "r" in prefix:
        return content
    is_bytes = "b" in prefix

    def meaning(escape: re.Match[str]) -> str:
        simple, octal, short, four, eight, name = escape.groups()
        if simple is not None:
            return _SIMPLE[simple]
        if octal is not None:
            return chr(int(octal, 8))
        if short is not None:
            return chr(int(short, 16))
        if is_bytes:
            return escape.group()
        if name is not None:
            return _named_character(name) or escape.group()
        code = int(four or eight, 16)
        return chr(code) if code <= 0x10FFFF else escape.group()

    return _ESCAPE.sub(meaning, content)


def _named_character(name: str) -> str | None:
    import unicodedata  # 1 MB of tables, for an escape that hardly any file uses

    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None


def number(literal: str) -> int | float | None:
    """The number of a literal, the octal and long forms of Python 2 included; None for imaginary or endless ones."""
    text = literal.replace("_", "").rstrip("lL")
    for read in (_integer, float):
        try:
            amount = read(text)
        except ValueError:
            continue
        if isinstance(amount, int):
            return amount if amount.bit_length() <= _LARGEST_NUMBER_BITS else None
        return amount if isfinite(amount) else None
    return None


def _integer(text: str) -> int:
    if text[:1] == "0" and text.isdigit():
        return int(text, 8)
    return int(text, 0)
