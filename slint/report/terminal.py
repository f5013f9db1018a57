"""Text for terminals: colours, and letters that a terminal would obey instead of show."""

from __future__ import annotations

from slint.diagnostic import Severity
from slint.regex import regex

_CODES = {"bold": "1", "red": "1;31", "yellow": "1;33", "cyan": "1;36", "blue": "1;34"}
SEVERITY_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

# Control characters, and the marks that reverse the order of what follows (Unicode TR36, bidirectional overrides).
_OBEYED = regex(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def paint(text: str, color: str, on: bool) -> str:
    """`text` in a colour when `on`."""
    return f"\x1b[{_CODES[color]}m{text}\x1b[0m" if on else text


def plain(text: str) -> str:
    """`text` with everything that a terminal would obey replaced; tabs stay."""
    return _OBEYED.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`text` on one line and safe to show."""
    return plain(" ".join(text.split()) if "\n" in text or "\t" in text else text)
