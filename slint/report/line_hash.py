"""The hash by which GitHub recognises an alert: `primaryLocationLineHash`, as its upload action computes it.

A hash of the first 100 UTF-16 units from the start of a line on, across line ends, without spaces and tabs; then how
often that hash has come in the file so far. Source: `fingerprints.ts` of github/codeql-action.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from slint.knowledge.code_scanning import FINGERPRINT_BASE, FINGERPRINT_END, FINGERPRINT_WINDOW

_MASK = (1 << 64) - 1
_BLANKS = str.maketrans("", "", " \t")


def line_hashes(text: str, lines: Iterable[int]) -> Mapping[int, str]:
    """The hash of each of the lines wanted (counted from 1), beyond the last line none.

    `text` is the whole file, its byte order mark included.
    """
    wanted = frozenset(lines)
    last = max(wanted, default=0)
    seen: Counter[int] = Counter()
    known: dict[str, int] = {}
    found = {}
    for number, window in enumerate(_windows(text), start=1):
        if number > last:
            break
        if window not in known:
            known[window] = _hash(window)
        seen[known[window]] += 1
        if number in wanted:
            found[number] = f"{known[window]:x}:{seen[known[window]]}"
    return found


def _windows(text: str) -> Iterator[str]:
    """For each line the units that are hashed, one a character."""
    # A line feed is dropped only directly behind its carriage return, so line ends come before blanks.
    units = _utf16(text.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS))
    units += chr(FINGERPRINT_END)
    end = len(units)
    units += "\0" * FINGERPRINT_WINDOW
    start = 0
    while start < end:
        yield units[start : start + FINGERPRINT_WINDOW]
        start = units.find("\n", start, end) + 1 or end


def _utf16(text: str) -> str:
    """`text` with each character beyond the basic plane as its two surrogates."""
    if text.isascii() or max(text, default="") <= "\uffff":
        return text
    data = memoryview(text.encode("utf-16-le", "surrogatepass"))
    return "".join(chr(low | high << 8) for low, high in zip(data[::2], data[1::2], strict=True))


def _hash(window: str) -> int:
    value = 0
    for unit in window:
        value = value * FINGERPRINT_BASE + ord(unit)
    return value & _MASK
