"""The environment of a function: the variables it is deployed with and the reads in its code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slint.code.facts import BlockKind
from slint.project.phase import Phase
from slint.project.reach import Reach
from slint.project.unit import EnvRead, Unit
from slint.source import Span
from slint.value import Choice, Operation, Ref, RefKind, Value


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as deployed: `value` is evaluated, `raw` is as written, `span` is where it is named."""

    name: str
    value: Value
    raw: Value
    span: Span

    @property
    def parameters(self) -> tuple[Ref, ...]:
        """What its text is taken from by name, as references of kind INPUT; not all need be parameters."""
        from slint.templates.parameters import parameters_in

        return tuple(parameters_in(self.raw))


@dataclass(frozen=True, slots=True)
class EnvironmentRead:
    """A read of a variable by code that a function runs.

    `required` when a missing variable raises; `guarded` when the code around it, or a condition
    elsewhere in the code, checks for it, or its absence is caught.
    """

    name: str
    required: bool
    guarded: bool
    phase: Phase
    span: Span


def environment_reads(reach: Reach) -> Iterator[EnvironmentRead]:
    """The reads in all that a function runs, each place once; variables that the code sets itself are left out."""
    written = {name for unit in reach.units() for name in unit.written_variables}
    asked = {name for unit in reach.units() for name in _asked_for(unit)}
    seen: set[tuple[str, int]] = set()
    for frame, phase in reach.frames:
        for read in frame.unit.env_reads.get(frame.body, ()):
            key = (frame.unit.path, read.ref.span.start)
            name = str(read.ref.name)
            if key not in seen and name not in written and not frame.unit.never_runs(read.block):
                seen.add(key)
                guarded = name in asked or _guarded(frame.unit, read, name)
                yield EnvironmentRead(name, read.required, guarded, phase, read.ref.span)


def _asked_for(unit: Unit) -> Iterator[str]:
    """The variables for whose presence some branch of a module is: what it calls elsewhere may rely on them."""
    for block in unit.module.blocks:
        if block.kind is BlockKind.ARM and block.subject is not None:
            yield from _present(block.subject, True)


def _present(condition: Value, holds: bool) -> Iterator[str]:
    """The variables that are there when a condition holds, or does not."""
    if isinstance(condition, Choice) and holds:  # a read that gives None when there is nothing
        first = condition.options[0].value
        if isinstance(first, Ref) and first.kind is RefKind.ENV and not first.path:
            yield str(first.name)
    elif isinstance(condition, Operation):
        if condition.name == "not":
            yield from _present(condition.operands[0], not holds)
        elif condition.name == ("and" if holds else "or"):
            for operand in condition.operands:
                yield from _present(operand, holds)
        elif condition.name == ("in" if holds else "not-in") and condition.operands[0].string is not None:
            yield condition.operands[0].string


def _guarded(unit: Unit, read: EnvRead, name: str) -> bool:
    below = -1
    for index, block in unit.enclosing(read.block):
        if block.kind is BlockKind.TRY and _catches(unit, index) and not _leaves(unit, below):
            return True
        if block.kind is BlockKind.ARM and block.subject is not None and _asks_for(block.subject, name):
            return True
        below = index
    return False


def _catches(unit: Unit, block: int) -> bool:
    return any(each.kind is BlockKind.CATCH and each.parent == block for each in unit.module.blocks)


def _leaves(unit: Unit, block: int) -> bool:
    """Whether a place lies in the handler or the final part of its TRY, not in the body."""
    return block >= 0 and unit.module.blocks[block].kind in (BlockKind.CATCH, BlockKind.FINALLY)


def _asks_for(condition: Value, name: str) -> bool:
    return any(
        part.string == name or (isinstance(part, Ref) and part.kind is RefKind.ENV and part.name == name)
        for part in condition.walk()
    )
