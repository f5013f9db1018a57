"""Lambda's managed runtimes: dates of their end, successors, SnapStart.

As of 2026-11-22. Dates: AWS Lambda Developer Guide, "Lambda runtimes", as recorded in the lifecycle data of
cfn-lint 1.58.0 (47 names; the same dates as in cfn-lint 1.55.1). AWS moves the block dates often, mostly later, so a
text must be derived from them and never say more. SnapStart: Developer Guide, "Improving startup performance with
Lambda SnapStart", read in 2026.
"""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import Final

from slint.record import NamedTuple

AS_OF: Final = date(2026, 11, 22)
SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"
SNAPSTART_SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html"


class Runtime(NamedTuple):
    """A managed runtime.

    `family` is python, nodejs, java, dotnet, ruby, go or provided; `version` orders the runtimes of one family by number
    (python3.9 before python3.14). `deprecated` is the first day without security patches, `create_blocked` and
    `update_blocked` the days from which functions can no longer be created or updated; None: no day is announced.
    `successor` is the newest runtime of the family, None for that one itself.
    """

    name: str
    family: str
    version: tuple[int, ...]
    deprecated: date
    create_blocked: date | None
    update_blocked: date | None
    successor: str | None


def runtime(name: str) -> Runtime | None:
    """The runtime of this name, None when it is not known (perhaps newer than this table)."""
    if name not in _ROWS:
        return None
    deprecated, create_blocked, update_blocked = map(_day, _ROWS[name])
    assert deprecated is not None
    family = family_of(name)
    successor = _NEWEST[family] if _NEWEST[family] != name else None
    return Runtime(name, family, version_of(name), deprecated, create_blocked, update_blocked, successor)


def supports_snapstart(name: str) -> bool | None:
    """Whether SnapStart works with the runtime; None when the runtime is not known."""
    return None if name not in _ROWS else name in SNAPSTART


SNAPSTART: Final = frozenset(
    {"java11", "java17", "java21", "java25", "python3.12", "python3.13", "python3.14", "dotnet8", "dotnet10"}
)
"""Runtimes that SnapStart works with; container images and OS-only runtimes never do."""

SNAPSTART_FREE: Final = frozenset({"java"})
"""Families without a price for SnapStart; the others pay for the cached snapshot (three hours at least) and restores."""

NODE_WITHOUT_CALLBACKS: Final = 24
"""The first major version of Node.js whose runtime runs no handler that answers through a callback."""

NODE_DETECTS_MODULES: Final = 24
"""The first one for which the Developer Guide names no switch that keeps Node.js from telling ES modules by their text."""

NODE_WITHOUT_SDK_2: Final = 18
"""The first one whose runtime has the AWS SDK for JavaScript v3 in place of v2."""

SLOW_START: Final = frozenset({"java", "dotnet"})
"""Families whose functions take long to start whatever they import: class loading and just-in-time compilation."""

SNAPSTART_CONFLICTS: Final = ("ProvisionedConcurrencyConfig", "FileSystemConfigs", "TenancyConfig")
"""Properties that cannot be combined with SnapStart; nor can ephemeral storage above 512 MB."""

_FAMILIES: Final = ("dotnet", "go", "java", "nodejs", "provided", "python", "ruby")

# name | deprecated | create blocked | update blocked; the newest of each family comes last
_TABLE = """
dotnetcore1.0   2019-06-27 2019-06-30 2019-07-30
dotnetcore2.0   2019-05-30 2019-04-30 2019-05-30
dotnetcore2.1   2022-01-05 2022-01-05 2022-04-13
dotnetcore3.1   2023-04-03 2023-04-03 2023-05-03
dotnet6         2024-12-20 2027-02-01 2027-03-03
dotnet8         2026-11-10 2027-02-01 2027-03-03
dotnet9         2026-11-10 -          -
dotnet10        2028-11-14 2028-12-14 2029-01-15
go1.x           2024-01-08 2024-02-08 2027-03-03
java8           2024-01-08 2024-02-08 2027-03-03
java8.al2       2027-06-30 2027-07-31 2027-08-31
java11          2027-06-30 2027-07-31 2027-08-31
java17          2027-06-30 2027-07-31 2027-08-31
java21          2029-06-30 2029-07-31 2029-08-31
java25          2029-06-30 2029-07-31 2029-08-31
nodejs          2016-08-30 2016-09-30 2016-10-31
nodejs4.3       2020-03-05 2020-02-03 2020-03-05
nodejs4.3-edge  2020-03-05 2019-03-31 2019-04-30
nodejs6.10      2019-08-12 2019-07-12 2019-08-12
nodejs8.10      2020-03-06 2020-02-04 2020-03-06
nodejs10.x      2021-07-30 2021-07-30 2022-02-14
nodejs12.x      2023-03-31 2023-03-31 2023-04-30
nodejs14.x      2023-12-04 2024-01-09 2027-03-03
nodejs16.x      2024-06-12 2027-02-01 2027-03-03
nodejs18.x      2025-09-01 2027-02-01 2027-03-03
nodejs20.x      2026-04-30 2027-02-01 2027-03-03
nodejs22.x      2027-04-30 2027-06-01 2027-07-01
nodejs24.x      2028-04-30 2028-06-01 2028-07-01
provided        2024-01-08 2024-02-08 2027-03-03
provided.al2    2026-07-31 2027-02-01 2027-03-03
provided.al2023 2029-06-30 2029-07-31 2029-08-31
python2.7       2021-07-15 2021-07-15 2022-05-30
python3.6       2022-07-18 2022-07-18 2022-08-29
python3.7       2023-12-04 2024-01-09 2027-03-03
python3.8       2024-10-14 2027-02-01 2027-03-03
python3.9       2025-12-15 2027-02-01 2027-03-03
python3.10      2026-10-31 2027-02-01 2027-03-03
python3.11      2027-06-30 2027-07-31 2027-08-31
python3.12      2028-10-31 2028-11-30 2029-01-10
python3.13      2029-06-30 2029-07-31 2029-08-31
python3.14      2029-06-30 2029-07-31 2029-08-31
ruby2.5         2021-07-30 2021-07-30 2022-03-31
ruby2.7         2023-12-07 2024-01-09 2027-03-03
ruby3.2         2026-03-31 2027-02-01 2027-03-03
ruby3.3         2027-03-31 2027-04-30 2027-05-31
ruby3.4         2028-03-31 2028-04-30 2028-05-31
ruby4.0         2029-03-31 2029-04-30 2029-05-31
"""

_ROWS: Final = {row[0]: row[1:] for row in map(str.split, _TABLE.strip().splitlines())}

NAMES: Final = tuple(_ROWS)
"""The names of all runtimes."""


def family_of(name: str) -> str:
    """The language family that the name of a runtime shows, also of one that is not in the table; "" when none."""
    return next((family for family in _FAMILIES if name.startswith(family)), "")


def version_of(name: str) -> tuple[int, ...]:
    """The version that the name of a runtime shows, () when none.

    `python3.9`: (3, 9); `dotnetcore3.1`: (3, 1); `provided.al2`: (2,); `java8.al2`: (8,).
    """
    rest = name.removeprefix(family_of(name)).removeprefix("core").removeprefix(".al")
    digits = "".join(takewhile("0123456789.".__contains__, rest))
    return tuple(int(number) for number in digits.split(".") if number)


def _day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


_NEWEST: Final = {family_of(name): name for name in _ROWS}
_NEWEST["go"] = "provided.al2023"  # the Go runtime has no next version: Go runs on the OS-only runtime
