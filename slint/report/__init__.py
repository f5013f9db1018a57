"""Reports: pure functions of the results. Each format is one module with `render(results, options) -> str`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from slint.engine.run import Results

FORMATS = ("text", "concise", "json", "github")


@dataclass(frozen=True, slots=True)
class Options:
    """How to render: `color` asks for terminal colours, where the format has any."""

    color: bool = False


class _Format(Protocol):
    def render(self, results: Results, options: Options) -> str: ...


def render(name: str, results: Results, options: Options) -> str:
    """The report in one of FORMATS, empty or ending with a line end."""
    return cast(_Format, import_module(f"slint.report.{name}")).render(results, options)
