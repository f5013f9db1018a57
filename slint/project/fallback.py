"""Whether a call only makes what an argument is to be when nobody gives it: `client or boto3.client("s3")`."""

from __future__ import annotations

from collections.abc import Iterator

from slint.code.facts import Block, BlockKind, Call, Use
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.turns import levels
from slint.project.unit import Formal, Unit, call_of
from slint.record import NamedTuple
from slint.value import Choice, Literal, Operation, Ref, RefKind, Value

_HOPS = 12
"""How many functions may pass a parameter on."""


class _Missing(NamedTuple):
    """A name that has to hold nothing, so that a call runs, and the block that asks for it. `is_replaced` when what the
    call gives stands for it from there on."""

    ref: Ref
    block: int
    is_replaced: bool


def is_fallback(evaluator: Evaluator, call: Call, frame: Frame) -> bool:
    """Whether the call, or one that leads to it, only runs where an argument is missing, and may be given one: the files
    tell neither that it is missing nor what it is."""
    return any(
        _may_be_given(evaluator, missing, level)
        for each, level in levels(call, frame)
        for missing in _missing(level.unit, each)
    )


def _may_be_given(evaluator: Evaluator, missing: _Missing, frame: Frame) -> bool:
    for binder, home in evaluator.binders(Expr(missing.ref, missing.block, frame), missing.ref):
        is_optional = isinstance(binder, Formal) and _is_nothing(binder.parameter.default)
        if isinstance(binder, Formal) and (is_optional or missing.is_replaced):
            return _given(evaluator, binder, home, missing.is_replaced)
    return False


def _given(evaluator: Evaluator, formal: Formal, home: Frame, is_replaced: bool, hops: int = _HOPS) -> bool:
    """Whether a parameter may be given something: the files do not tell its argument, or it is written and not known to be
    nothing. What is written counts only for a parameter that is replaced: another one may be a flag or data."""
    passed = evaluator.arguments.passed(formal, home)
    if passed.value is None:
        return not passed.is_known and home.role != "event"
    if passed.value.value is formal.parameter.default or hops <= 0:
        return False
    found = evaluator.follow(passed.value)
    if any(isinstance(each.value, Literal) for each in found):
        return False
    for each in found:
        definition = each.frame.definition
        if isinstance(each.value, Ref) and each.value.kind is RefKind.PARAMETER and not each.value.path and definition:
            position = int(each.value.name)
            inner = Formal(definition, position, definition.parameters[position])
            if _given(evaluator, inner, each.frame, is_replaced, hops - 1):
                return True
        elif is_replaced:
            return True
    return False


# -- what a call runs without ---------------------------------------------------------------------------------------


def _missing(unit: Unit, call: Call) -> Iterator[_Missing]:
    """The names that have to hold nothing so that a call runs, by the conditions around it and by those on which its body
    has ended before."""
    for _, block in unit.enclosing(call.block):
        if block.kind is BlockKind.ARM and block.subject is not None:
            is_side = _is_side(unit, block, call)
            for ref in _absent(block.subject, holds=True):
                yield _Missing(ref, block.parent, is_side or _is_bound_to(unit, call, ref))
    for end, index in unit.ends_of.get(unit.bodies[call.block], ()):
        if end <= call.span.start and len(unit.conditions[index]) == 1:
            subject, asks = unit.conditions[index][0]
            for ref in _absent(subject, holds=False):
                yield _Missing(ref, asks, _is_bound_to(unit, call, ref))


def _is_side(unit: Unit, arm: Block, call: Call) -> bool:
    """Whether one side of an expression, `client or boto3.client("s3")`, is what a call makes."""
    calls = unit.module.calls
    return any(
        calls[index].span == arm.span
        and calls[index].use is not Use.DROPPED
        and _is_made_by(unit, Ref(arm.span, RefKind.CALL, index), call)
        for index in unit.calls_of.get(unit.bodies[call.block], ())
    )


def _is_bound_to(unit: Unit, call: Call, ref: Ref) -> bool:
    """Whether a name gets what a call makes."""
    return any(
        each.target.kind is RefKind.NAME
        and each.target.name == ref.name
        and not each.target.path
        and each.value is not None
        and _is_made_by(unit, each.value, call)
        for each in unit.bindings_of.get(unit.bodies[call.block], ())
    )


def _is_made_by(unit: Unit, value: Value, call: Call) -> bool:
    """Whether a value is the result of a call, or of a method of that: `boto3.resource("dynamodb").Table("orders")`."""
    if isinstance(value, Choice):
        return any(_is_made_by(unit, option.value, call) for option in value.options)
    is_result = isinstance(value, Ref) and value.kind is RefKind.CALL and not value.path
    while is_result and isinstance(value, Ref) and value.kind is RefKind.CALL:
        made = call_of(unit, value)
        if made is call:
            return True
        value = made.callee
    return False


def _absent(condition: Value, *, holds: bool) -> Iterator[Ref]:
    """The names that hold nothing when a condition holds, or when it does not."""
    match condition:
        case Ref(kind=RefKind.NAME, path=()) if not holds:
            yield condition
        case Operation(name="not", operands=(operand,)):
            yield from _absent(operand, holds=not holds)
        case Operation(name="and" | "or" as name, operands=operands) if holds is (name == "and"):
            for operand in operands:
                yield from _absent(operand, holds=holds)
        case Choice(options=options) if not holds:
            for option in options:
                yield from _absent(option.value, holds=False)
        case Operation(name="==" | "is" | "!=" | "is-not" as name, operands=(left, right)):
            if holds is (name in ("==", "is")):
                for one, other in ((left, right), (right, left)):
                    if isinstance(one, Ref) and one.kind is RefKind.NAME and not one.path and _is_nothing(other):
                        yield one


def _is_nothing(value: Value | None) -> bool:
    return isinstance(value, Literal) and value.value is None
