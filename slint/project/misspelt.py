"""Which of the names that exist was meant by one that does not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_MOST_EDITS = 2
_SHORTEST = 4  # with two edits, shorter names turn into each other
_LONGEST = 100
_MOST_NAMES = 1_000


def meant(written: str, present: Iterable[str]) -> str | None:
    """The one name of `present` that differs from `written` by case, `-` and `_`, or else by a typo; None when none or
    several do."""
    names = list(islice(dict.fromkeys(present), _MOST_NAMES))
    alike = [name for name in names if _plain(name) == _plain(written)]
    if not alike and len(written) <= _LONGEST:
        most = _MOST_EDITS if len(written) > 2 * _SHORTEST else 1 if len(written) >= _SHORTEST else 0
        alike = [name for name in names if abs(len(name) - len(written)) <= most and _edits(written, name) <= most]
    return alike[0] if len(alike) == 1 else None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _edits(one: str, other: str) -> int:
    """Letters to insert, delete, replace or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for line, letter in enumerate(one, start=1):
        above, row = row, [line]
        for column, wanted in enumerate(other, start=1):
            cost = min(above[column] + 1, row[column - 1] + 1, above[column - 1] + (letter != wanted))
            if line > 1 and column > 1 and other[column - 2] == letter and one[line - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]
