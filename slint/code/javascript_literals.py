"""What JavaScript's string and number literals say, from their text alone. Source: ECMAScript 2026, section 12.9."""

from __future__ import annotations

import re
from math import isfinite
from typing import Final

from slint.regex import regex

_ESCAPE: Final = regex(
    r"\\(?:(\r\n|[\n\r\u2028\u2029])|u\{([0-9A-Fa-f]{1,8})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-7]{1,3})|(.))",
    re.DOTALL,
)
_SIMPLE: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LARGEST_NUMBER_BITS: Final = 1000  # beyond about 1e300 a float cannot hold it, and nothing here means it


def unquoted(literal: str) -> str:
    """The text that a string literal in quotes stands for."""
    return decode(literal[1:-1])


def decode(content: str) -> str:
    """The text that the content of a string or template literal stands for."""
    return _ESCAPE.sub(_meaning, content) if "\\" in content else content


def _meaning(escape: re.Match[str]) -> str:
    line_end, braced, four, two, octal, simple = escape.groups()
    if line_end is not None:
        return ""
    if octal is not None:
        return chr(int(octal, 8))
    if simple is not None:
        return _SIMPLE.get(simple, simple)
    code = int(braced or four or two, 16)
    return chr(code) if code <= 0x10FFFF else escape.group()


def number(literal: str) -> int | float | None:
    """The number of a literal; None for one that is endless or too large to mean anything."""
    text = literal.replace("_", "").rstrip("n") or literal
    try:
        if text[:1] == "0" and text.isdigit():
            amount: int | float = int(text, 8 if set(text) <= set("01234567") else 10)
        else:
            amount = int(text, 0)
    except ValueError:
        try:
            amount = float(text)
        except ValueError:
            return None
    if isinstance(amount, int):
        return amount if amount.bit_length() <= _LARGEST_NUMBER_BITS else None
    return amount if isfinite(amount) else None
