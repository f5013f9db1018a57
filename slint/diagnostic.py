"""What slint tells: plain data, ready for any output format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from functools import partial
from typing import overload

from slint.record import NamedTuple
from slint.source import Location


class Severity(IntEnum):
    """How bad it is: ERROR fails at deployment or run time or leaks a secret, WARNING costs money, latency or
    reliability with the evidence in the files, INFO is worth knowing."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Related(NamedTuple):
    """A further place that belongs to a finding, and what is there."""

    location: Location
    message: str


class Edit(NamedTuple):
    """A change of a file: the code points `start` up to, not including, `end` become `replacement`.

    `path` is the path shown, as in Location; an insertion has `start == end`.
    """

    path: str
    start: int
    end: int
    replacement: str


class Deferred(Sequence[Edit]):
    """Edits that are worked out when first asked for, because that takes long. There may turn out to be none.

    What makes them holds on to the code; a copy that leaves the process holds the edits alone.
    """

    __slots__ = ("_edits", "_make")

    def __init__(self, make: Callable[[], Iterable[Edit]]) -> None:
        self._make: Callable[[], Iterable[Edit]] | None = make
        self._edits: tuple[Edit, ...] = ()

    def _made(self) -> tuple[Edit, ...]:
        if self._make is not None:
            self._edits = tuple(self._make())
            self._make = None
        return self._edits

    def __reduce__(self) -> tuple[type[Deferred], tuple[Callable[[], Iterable[Edit]]]]:
        return Deferred, (partial(tuple, self._made()),)

    def __len__(self) -> int:
        return len(self._made())

    @overload
    def __getitem__(self, index: int) -> Edit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Edit]: ...
    def __getitem__(self, index: int | slice) -> Edit | Sequence[Edit]:
        return self._made()[index]


class Fix(NamedTuple):
    """A change of the files that removes the cause of a finding; all its edits are made, or none.

    `title` says what it does, in the imperative. A safe fix keeps what the project does; one that is not must be looked
    at. Whoever only needs to know that there is a fix does not look at `edits`: they may be Deferred, and then empty.
    """

    title: str
    edits: Sequence[Edit]
    is_safe: bool = False


class Diagnostic(NamedTuple):
    """One finding at one place.

    `functions` are the ids of the functions concerned, `resource` is the logical id when the finding is about a
    resource as a whole, `help` says what to do, `docs` is the vendor's page that explains it.
    """

    rule: str
    severity: Severity
    message: str
    location: Location
    functions: tuple[str, ...] = ()
    resource: str | None = None
    platform: str | None = None
    related: tuple[Related, ...] = ()
    help: str | None = None
    docs: str | None = None
    fix: Fix | None = None

    @property
    def sort_key(self) -> tuple[Location, str, str]:
        """Order of the report: by place, then by rule."""
        return self.location, self.rule, self.message


class NotEvaluated(NamedTuple):
    """A line of the ledger: what slint did not judge, and why. `line` counts from 1, 0 when it is about the whole file."""

    path: str
    line: int
    what: str
    why: str
