"""What slint tells: plain data, ready for any output format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from slint.source import Location


class Severity(IntEnum):
    """How bad it is: ERROR fails at deployment or run time or leaks a secret, WARNING costs money, latency or
    reliability with the evidence in the files, INFO is worth knowing."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Related:
    """A further place that belongs to a finding, and what is there."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
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

    @property
    def sort_key(self) -> tuple[Location, str, str]:
        """Order of the report: by place, then by rule."""
        return self.location, self.rule, self.message


@dataclass(frozen=True, slots=True, order=True)
class NotEvaluated:
    """A line of the ledger: what slint did not judge, and why. `line` counts from 1, 0 when it is about the whole file."""

    path: str
    line: int
    what: str
    why: str
