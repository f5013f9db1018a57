"""Which loops a call stands in, and which of them change what a value is made of from one turn to the next."""

from __future__ import annotations

from collections.abc import Iterator

from slint.code.facts import Binding, BlockKind, Call
from slint.knowledge.clients import client
from slint.knowledge.cloud import node_command
from slint.knowledge.language import ADVANCES, COUNTERS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.unit import Formal, Unit, call_of
from slint.record import NamedTuple
from slint.source import Span
from slint.value import ANY, Ref, RefKind, Value

_STEPS = 300
_LEVELS = 12
_PARTS = 3
"""How often a part of a result may get another name."""


class Loop(NamedTuple):
    """A loop: the absolute path of its module and its block.

    `is_open` when it runs until a condition holds (`while`), `tries` when it does that or counts attempts
    (`for attempt in range(20)`); else it goes through the elements of something.
    """

    path: str
    block: int
    is_open: bool
    tries: bool
    span: Span


def levels(call: Call, frame: Frame) -> Iterator[tuple[Call, Frame]]:
    """The call, then the calls that lead to it, each with the frame it stands in."""
    current: Call | None = call
    level: Frame | None = frame
    for _ in range(_LEVELS):
        if current is None or level is None:
            return
        yield current, level
        current, level = level.call, level.caller


def loops(call: Call, frame: Frame) -> tuple[Loop, ...]:
    """The loops around the call, and around the calls that lead to it, that go round again after it, innermost first.

    Left out: loops that are left right after the call succeeds, as retries are, and loops in which a local name keeps
    the result and guards the call.
    """
    return tuple(found for each, level in levels(call, frame) for found in _repeating(level.unit, each))


def decided(call: Call, frame: Frame) -> frozenset[Loop]:
    """The loops that go on or end by what the call, or a call that leads to it, gives back."""
    found: set[Loop] = set()
    for each, level in levels(call, frame):
        unit = level.unit
        index, names = unit.call_index(each), _names_made_of(unit, each)
        for loop in _around(unit, each.block):
            asked = (
                subject
                for block, inner in enumerate(unit.module.blocks)
                if (subject := inner.subject) is not None and loop.block in unit.module.enclosing(block)
            )
            if any(_asks(subject, index, names) for subject in asked):
                found.add(loop)
    return frozenset(found)


def _names_made_of(unit: Unit, call: Call) -> frozenset[str]:
    """The names in the call's body that its result, or a part of it, is bound to."""
    index, body = unit.call_index(call), unit.bodies[call.block]
    bound = [each for each in unit.module.bindings if unit.bodies[each.block] == body and each.value is not None]
    names: frozenset[str] = frozenset()
    for _ in range(_PARTS):
        more = frozenset(
            str(each.target.name)
            for each in bound
            if each.target.kind is RefKind.NAME and each.value is not None and _asks(each.value, index, names)
        )
        if more <= names:
            break
        names |= more
    return names


def _asks(value: Value, index: int, names: frozenset[str]) -> bool:
    return any(
        (ref.kind is RefKind.CALL and ref.name == index) or (ref.kind is RefKind.NAME and ref.name in names)
        for ref in value.references()
    )


def turned_by(evaluator: Evaluator, exprs: list[Expr]) -> frozenset[Loop]:
    """The loops of which each turn may change what the expressions are made of, on any path."""
    found: set[Loop] = set()
    seen: set[tuple[int, int]] = set()
    stack = list(exprs)
    for _ in range(_STEPS):
        if not stack:
            break
        expr = stack.pop()
        if (id(expr.value), id(expr.frame)) in seen:
            continue
        seen.add((id(expr.value), id(expr.frame)))
        for part in expr.value.walk():
            for block in expr.frame.unit.blocks_inside(part)[:1]:  # what a comprehension goes through
                around = expr.frame.unit.module.blocks[block]
                stack += [Expr(around.subject, around.parent, expr.frame)] if around.subject is not None else []
            if isinstance(part, Ref):
                stack.extend(_made_of(evaluator, expr.with_value(part), part, found))
    return frozenset(found)


def _made_of(evaluator: Evaluator, expr: Expr, ref: Ref, found: set[Loop]) -> Iterator[Expr]:
    """What a reference is made of directly; the loops that change it are added to `found`."""
    unit = expr.frame.unit
    if ANY in ref.path:  # what chose the element: `ids[i]`
        for loose in unit.loose_within(ref.span):
            yield Expr(loose.value, loose.block, expr.frame)
    match ref.kind:
        case RefKind.NAME:
            for binder, home in evaluator.binders(expr, ref):
                if isinstance(binder, Formal):
                    yield from _arguments(evaluator, binder, home)
                elif isinstance(binder, Binding):
                    yield from _bound(binder, home, found)
            for below in unit.places.get((unit.bodies[expr.block], str(ref.name)), ()):
                yield from _bound(below, expr.frame, found)
        case RefKind.INSTANCE if ref.path:
            for bound in unit.attributes.get(int(ref.name), {}).get(str(ref.path[0]), ()):
                yield from _bound(bound, Frame(unit, unit.bodies[bound.block], closure=expr.frame), found)
        case RefKind.CALL:
            call = call_of(unit, ref)
            if any(_advances(evaluator, callee) for callee in evaluator.callees(call, expr.frame)):
                found.update(loop for loop in _around(unit, call.block) if loop.tries)
            yield Expr(call.callee, call.block, expr.frame)
            for argument in call.arguments:
                yield Expr(argument.value, call.block, expr.frame)


def _bound(binding: Binding, home: Frame, found: set[Loop]) -> Iterator[Expr]:
    if binding.how == "loop":
        found.add(_loop(home.unit, binding.block))
    elif binding.how == "+=":
        found.update(_around(home.unit, binding.block))
    if binding.value is not None:
        yield Expr(binding.value, binding.block, home)


def _arguments(evaluator: Evaluator, formal: Formal, home: Frame) -> Iterator[Expr]:
    is_collected = formal.parameter.kind in ("rest", "options")
    passed = None if is_collected else evaluator.arguments.passed(formal, home)
    if passed is not None and passed.value is not None:
        yield passed.value
    elif (passed is None or not passed.is_known) and home.handed and home.call and home.caller:
        for argument in home.handed.arguments:
            yield Expr(argument.value, home.call.block, home.caller)


def _advances(evaluator: Evaluator, callee: Expr) -> bool:
    """Whether each call may give something else: most do, but no function of the language, and no client differs."""
    name = evaluator.dotted(callee)
    if name is None or client(name, callee.frame.unit.family) is not None:
        return name is None
    if name.startswith("@aws-sdk/") and node_command(name) is not None:
        return False
    is_plain = isinstance(callee.value, Ref) and callee.value.kind is RefKind.BUILTIN
    return name in ADVANCES or not is_plain


def _repeating(unit: Unit, call: Call) -> Iterator[Loop]:
    between: set[int] = set()
    inside: set[int] = set()  # the blocks between this loop and the next one inside it
    for index, block in unit.enclosing(call.block):
        inside.add(index)
        if block.kind is BlockKind.LOOP:
            left = _exits_after(unit, call, inside)
            if "return" in left:
                return
            if "break" not in left and not _guarded(unit, call, between, index):
                yield _loop(unit, index)
            inside = set()
        between.add(index)


def _exits_after(unit: Unit, call: Call, blocks: set[int]) -> set[str]:
    return {
        each.kind
        for each in unit.exits_of.get(unit.bodies[call.block], ())
        if each.block in blocks and each.span.end >= call.span.end
    }


def _guarded(unit: Unit, call: Call, between: set[int], loop: int) -> bool:
    """Whether a condition inside the loop asks for the name that gets the result, which is first bound before the loop."""
    names = {
        str(each.target.name)
        for each in unit.module.bindings
        if each.value is not None and each.span.start <= call.span.start < each.span.end and not each.target.path
    }
    return any(
        isinstance(ref, Ref) and ref.kind is RefKind.NAME and ref.name in names
        for index in between
        if (subject := unit.module.blocks[index].subject) is not None
        and unit.module.blocks[index].kind is BlockKind.ARM
        for ref in subject.walk()
    ) and any(
        each.target.kind is RefKind.NAME
        and each.target.name in names
        and each.span.end <= unit.module.blocks[loop].span.start
        for each in unit.module.bindings
    )


def _around(unit: Unit, block: int) -> Iterator[Loop]:
    for index, each in unit.enclosing(block):
        if each.kind is BlockKind.LOOP:
            yield _loop(unit, index)


def _loop(unit: Unit, block: int) -> Loop:
    is_open = block not in unit.counted_loops
    subject = unit.module.blocks[block].subject
    counts = isinstance(subject, Ref) and subject.kind is RefKind.CALL and _counts(call_of(unit, subject))
    return Loop(unit.path, block, is_open, is_open or counts, unit.module.blocks[block].span)


def _counts(call: Call) -> bool:
    return isinstance(call.callee, Ref) and call.callee.name in COUNTERS and not call.callee.path


def values_of(call: Call) -> Iterator[Value]:
    """What a call is made of: what is called and its arguments."""
    yield call.callee
    yield from (argument.value for argument in call.arguments)
