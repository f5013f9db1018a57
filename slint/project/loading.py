"""The libraries that are imported when a function starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from slint.code.facts import BlockKind, Import
from slint.knowledge.language import ENVIRONMENTS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.phase import Phase
from slint.project.reach import Reach
from slint.project.unit import Unit
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Operation, RefKind, Value


class LoadedImport(NamedTuple):
    """An import of something outside the project that runs at start-up; `name` is dotted.

    `optional` when the code goes on without it, `conditional` when an environment variable decides whether it runs, so
    that it is optional too. `member` is what is taken from it: an attribute or a module below it.
    """

    name: str
    optional: bool
    span: Span
    member: str | None = None
    conditional: bool = False


def loaded_imports(reach: Reach, evaluator: Evaluator) -> Iterator[LoadedImport]:
    """Each library once for each name that a statement imports from it, in the order loaded."""
    codebase = evaluator.codebase
    frames = [frame for frame, phase in reach.frames if phase is Phase.INIT]
    decided = {each for frame in frames for each in _decided(frame, evaluator)}
    sure = _surely_loaded(frames, decided, evaluator) if decided else None
    for frame in frames:
        unit = frame.unit
        for each in _run(frame):
            dotted = codebase.absolute(unit, each)
            if dotted is not None and codebase.is_outside(dotted):
                conditional = sure is not None and (unit not in sure or each in decided)
                optional = conditional or any(
                    block.kind in (BlockKind.TRY, BlockKind.CATCH) for _, block in unit.enclosing(each.block)
                )
                yield LoadedImport(dotted, optional, each.span, each.name, conditional)


def _run(frame: Frame) -> Iterator[Import]:
    """The imports that a body runs."""
    unit = frame.unit
    for index in unit.imports_of.get(frame.body, ()):
        each = unit.module.imports[index]
        if each.style != "type-only" and not unit.never_runs(each.block):
            yield each


def _surely_loaded(frames: list[Frame], decided: Collection[Import], evaluator: Evaluator) -> set[Unit]:
    """The modules that are loaded whatever the environment says."""
    sure, before = {frames[0].unit}, 0
    while len(sure) > before:
        before = len(sure)
        for frame in frames:
            for each in _run(frame) if frame.unit in sure else ():
                if each not in decided:
                    sure.update(evaluator.codebase.loaded(frame.unit, each))
    return sure


def _decided(frame: Frame, evaluator: Evaluator) -> Iterator[Import]:
    """The imports of a body that run only where an environment variable says so."""
    choices = [(each, asks) for each in _run(frame) if (asks := frame.unit.conditions[each.block])]
    if not choices:
        return
    from slint.knowledge.environment import LOCAL  # few imports are conditional

    found: defaultdict[tuple[int, str], dict[Import, bool]] = defaultdict(dict)
    for each, conditions in choices:
        for condition, branch in conditions:
            is_else = isinstance(condition, Operation) and condition.name == "not"
            asked = set(_variables(Expr(condition, branch, frame), evaluator))
            # What emulators set is not there when deployed.
            if asked and not (is_else and asked <= LOCAL):
                found[branch, each.module][each] = is_else
                break
    for imports in found.values():
        if len(set(imports.values())) == 1:  # else both ways load it
            yield from imports


def _variables(condition: Expr, evaluator: Evaluator) -> Iterator[str]:
    """The environment variables that a condition asks for; "" where it asks for all of them."""
    for ref in condition.value.references():
        followed = [found.value for found in evaluator.follow(condition.with_value(ref))]
        for value in (ref, *followed):
            yield from _read(value)


def _read(value: Value) -> Iterator[str]:
    for part in value.references():
        if part.kind is RefKind.ENV:
            yield str(part.name)
        elif (part.name, *part.path[:1]) in ENVIRONMENTS:
            yield ""
