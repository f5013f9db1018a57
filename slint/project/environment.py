"""The environment of a function: the variables it is deployed with and the reads in its code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from slint.project.evaluate import Evaluator
from slint.project.frames import Frame
from slint.project.phase import Phase
from slint.project.reach import Reach
from slint.project.unit import EnvRead
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Ref, Value

if TYPE_CHECKING:
    from slint.project.checks import Checks
    from slint.project.site import Site


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


class EnvironmentRead:
    """A read of a variable by code that a function runs; `required` when a missing variable raises."""

    __slots__ = ("_block", "_checks", "_frames", "name", "phase", "required", "span")

    def __init__(self, read: EnvRead, phase: Phase, frames: list[Frame], checks: Checks) -> None:
        self.name: Final = str(read.ref.name)
        self.required: Final = read.required
        self.phase: Final = phase
        self.span: Final = read.ref.span
        self._block = read.block
        self._frames = frames
        self._checks = checks

    @property
    def guarded(self) -> bool:
        """Whether its absence is caught, or code asks for it before it comes here, or comes here as another variable
        decides."""
        from slint.project.checks import is_caught  # few variables are missing

        return is_caught(self._frames[0].unit, self._block) or all(
            self._checks.precede(frame, self._block, self.span.start, self.name) for frame in self._frames
        )

    def is_checked_before(self, site: Site) -> bool:
        """Whether code asks for it before it comes to a call."""
        return self._checks.precede(site.frame, site.call.block, site.span.start, self.name)


def environment_reads(reach: Reach, evaluator: Evaluator) -> Iterator[EnvironmentRead]:
    """The reads in all that a function runs, each place once; variables that the code sets itself are left out."""
    read_in = [
        (frame, phase, read)
        for frame, phase in reach.frames
        for read in frame.unit.env_reads.get(frame.body, ())
        if not frame.unit.never_runs(read.block)
    ]
    if not read_in:
        return
    from slint.project.checks import Checks

    written = {name for unit in reach.units() for name in unit.written_variables}
    checks = Checks(reach, evaluator)
    found: dict[tuple[str, int], EnvironmentRead] = {}
    frames: dict[tuple[str, int], list[Frame]] = {}
    for frame, phase, read in read_in:
        if read.ref.name not in written:
            key = (frame.unit.path, read.ref.span.start)
            if key not in found:
                found[key] = EnvironmentRead(read, phase, frames.setdefault(key, []), checks)
            frames[key].append(frame)
    yield from found.values()
