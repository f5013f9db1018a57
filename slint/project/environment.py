"""The environment of a function: the variables it is deployed with and the reads in its code."""

from __future__ import annotations

from collections.abc import Iterator

from slint.code.facts import BlockKind
from slint.project.frames import Frame
from slint.project.phase import Phase
from slint.project.reach import Reach
from slint.project.unit import Unit
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Ref, RefKind, Value


class Variable(NamedTuple):
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


class EnvironmentRead(NamedTuple):
    """A read of a variable by code that a function runs.

    `required` when a missing variable raises; `guarded` when the code around it, or around a call that leads to it,
    checks for it, or its absence is caught.
    """

    name: str
    required: bool
    guarded: bool
    phase: Phase
    span: Span


def environment_reads(reach: Reach) -> Iterator[EnvironmentRead]:
    """The reads in all that a function runs, each place once; variables that the code sets itself are left out."""
    written = {name for unit in reach.units() for name in unit.written_variables}
    found: dict[tuple[str, int], EnvironmentRead] = {}
    for frame, phase in reach.frames:
        for read in frame.unit.env_reads.get(frame.body, ()):
            key = (frame.unit.path, read.ref.span.start)
            name = str(read.ref.name)
            known = found.get(key)
            if (known is not None and not known.guarded) or name in written or frame.unit.never_runs(read.block):
                continue
            guarded = _guarded(frame.unit, read.block, name) or _entered_guarded(frame, name)
            if known is None or not guarded:
                found[key] = EnvironmentRead(name, read.required, guarded, phase, read.ref.span)
    yield from found.values()


def _entered_guarded(frame: Frame, name: str) -> bool:
    """Whether one of the calls that lead to a frame only runs where the variable is there."""
    return any(
        level.call is not None and level.caller is not None and _asked_around(level.caller.unit, level.call.block, name)
        for level in frame.chain()
    )


def _guarded(unit: Unit, at: int, name: str) -> bool:
    below = -1
    for index, block in unit.enclosing(at):
        if block.kind is BlockKind.TRY and _catches(unit, index) and not _leaves(unit, below):
            return True
        below = index
    return _asked_around(unit, at, name)


def _asked_around(unit: Unit, at: int, name: str) -> bool:
    return any(
        block.kind is BlockKind.ARM and block.subject is not None and _asks_for(block.subject, name)
        for _, block in unit.enclosing(at)
    )


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
