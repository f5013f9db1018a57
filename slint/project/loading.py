"""The libraries that are imported when a function starts."""

from __future__ import annotations

from collections.abc import Iterator

from slint.code.facts import BlockKind
from slint.project.evaluate import Evaluator
from slint.project.phase import Phase
from slint.project.reach import Reach
from slint.record import NamedTuple
from slint.source import Span


class LoadedImport(NamedTuple):
    """An import of something outside the project that runs at start-up; `name` is dotted.

    `optional` when the code goes on without it. `member` is what is taken from it: an attribute or a module below it.
    """

    name: str
    optional: bool
    span: Span
    member: str | None = None


def loaded_imports(reach: Reach, evaluator: Evaluator) -> Iterator[LoadedImport]:
    """Each library once for each statement that imports it, in the order loaded."""
    codebase = evaluator.codebase
    for frame, phase in reach.frames:
        if phase is not Phase.INIT:
            continue
        unit = frame.unit
        for index in unit.imports_of.get(frame.body, ()):
            each = unit.module.imports[index]
            dotted = codebase.absolute(unit, each)
            if each.style == "type-only" or dotted is None or unit.never_runs(each.block):
                continue
            if codebase.is_outside(dotted):
                optional = any(
                    block.kind in (BlockKind.TRY, BlockKind.CATCH) for _, block in unit.enclosing(each.block)
                )
                yield LoadedImport(dotted, optional, each.span, each.name)
