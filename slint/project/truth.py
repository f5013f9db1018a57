"""Whether a condition of the code holds in a frame, as far as the files tell for certain."""

from __future__ import annotations

from collections.abc import Iterable

from slint.code.facts import BlockKind
from slint.knowledge.clients import client
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame, is_class, is_function
from slint.value import Choice, Literal, Operation, Ref, RefKind, Value

_DEPTH = 8
_STRAIGHT = frozenset({BlockKind.ARM, BlockKind.BRANCH, BlockKind.HELD})
"""Blocks whose body runs to its end, or not at all."""


def is_skipped(evaluator: Evaluator, frame: Frame, block: int, start: int) -> bool:
    """Whether what stands at `start` in a block never runs in this frame: a condition around it does not hold, or an
    earlier branch, whose conditions hold, has left."""
    unit = frame.unit
    for _, each in unit.enclosing(block):
        if each.kind is BlockKind.ARM and each.subject is not None:
            if holds(evaluator, Expr(each.subject, each.parent, frame)) is False:
                return True
    for leaving in unit.exits_of.get(unit.bodies[block], ()):
        if leaving.kind in ("return", "raise") and leaving.span.end <= start:
            if _is_reached(evaluator, frame, leaving.block):
                return True
    return False


def _is_reached(evaluator: Evaluator, frame: Frame, block: int) -> bool:
    around = [each for _, each in frame.unit.enclosing(block)]
    if any(each.kind not in _STRAIGHT for each in around):
        return False
    arms = [each for each in around if each.kind is BlockKind.ARM]
    return all(
        each.subject is not None and holds(evaluator, Expr(each.subject, each.parent, frame)) is True for each in arms
    )


def holds(evaluator: Evaluator, expr: Expr, depth: int = _DEPTH) -> bool | None:
    """Whether a condition holds; None when the files do not tell, or tell both."""
    value = expr.value
    if depth <= 0:
        return None
    if isinstance(value, Operation):
        return _operation(evaluator, expr, value, depth - 1)
    if isinstance(value, Choice):
        return _agreed(holds(evaluator, expr.with_value(option.value), depth - 1) for option in value.options)
    return _agreed(_truth(evaluator, found) for found in _stands_for(evaluator, expr))


def _operation(evaluator: Evaluator, expr: Expr, operation: Operation, depth: int) -> bool | None:
    operands = [expr.with_value(operand) for operand in operation.operands]
    match operation.name, operands:
        case "not", [operand]:
            return _not(holds(evaluator, operand, depth))
        case "and", _:
            return _all(holds(evaluator, operand, depth) for operand in operands)
        case "or", _:
            return _not(_all(_not(holds(evaluator, operand, depth)) for operand in operands))
        case ("==" | "is"), [left, right]:
            return _same(evaluator, left, right)
        case ("!=" | "is-not"), [left, right]:
            return _not(_same(evaluator, left, right))
    return None


def _same(evaluator: Evaluator, left: Expr, right: Expr) -> bool | None:
    """Whether two operands are the same literal; a thing that is there is not None."""
    answers: list[bool | None] = []
    others = _stands_for(evaluator, right)
    for one in _stands_for(evaluator, left):
        for other in others:
            if isinstance(one.value, Literal) and isinstance(other.value, Literal):
                same_type = type(one.value.value) is type(other.value.value)
                answers.append(same_type and one.value.value == other.value.value)
            elif _is_none(one.value) or _is_none(other.value):
                thing = other if _is_none(one.value) else one
                answers.append(False if _is_thing(evaluator, thing) else None)
            else:
                answers.append(None)
    return _agreed(answers)


def _truth(evaluator: Evaluator, found: Expr) -> bool | None:
    if isinstance(found.value, Literal):
        return bool(found.value.value)
    return True if _is_thing(evaluator, found) else None


def _is_thing(evaluator: Evaluator, found: Expr) -> bool:
    """Whether it is something for certain: a function, a class, a client."""
    value = found.value
    if is_function(found) or is_class(found):
        return True
    if not isinstance(value, Ref) or value.kind is not RefKind.CALL or value.path:
        return False
    name = evaluator.dotted(found)
    return name is not None and name.endswith("()") and client(name[:-2], found.frame.unit.family) is not None


def _stands_for(evaluator: Evaluator, expr: Expr) -> list[Expr]:
    """What a value can stand for; nothing where code that is not followed may have put something else there."""
    value = expr.value
    if isinstance(value, Ref) and value.path and value.path[-1] in expr.frame.unit.places_below:
        return []
    return evaluator.follow(expr)


def _is_none(value: Value) -> bool:
    return isinstance(value, Literal) and value.value is None


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return False if False in found else None if None in found else True


def _agreed(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return found.pop() if len(found) == 1 else None
