"""Reports: functions of the results. Each format is one module with `render(results, options) -> str`, which is
imported when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from slint.engine.run import Results
from slint.record import NamedTuple
from slint.rule import Rule

FORMATS = ("text", "concise", "json", "github", "gitlab", "junit", "markdown", "sarif")
WITH_EDITS = ("json", "sarif")
"""The formats that show what fixes change, not only that there are some."""


class RulePage(NamedTuple):
    """A rule that ran, and its page in Markdown."""

    rule: type[Rule]
    markdown: str


class Options(NamedTuple):
    """How to render: `color` asks for terminal colours, where the format has any.

    `cwd` is the folder that shown paths are relative to and `root` the one that was checked, both absolute; where a
    format names files by their place in the repository, it is looked for around `root`. `pages` are the rules that
    ran, for the one format that describes them (SARIF).
    """

    color: bool = False
    cwd: str = ""
    root: str = ""
    pages: Sequence[RulePage] = ()


class _Format(Protocol):
    def render(self, results: Results, options: Options) -> str: ...


def render(name: str, results: Results, options: Options) -> str:
    """The report in one of FORMATS, empty or ending with a line end."""
    return cast(_Format, import_module(f"slint.report.{name}")).render(results, options)
