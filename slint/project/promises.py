"""Who waits for the promise of a call: nobody, whoever a continuation tells, or a function that is called when it is done."""

from __future__ import annotations

from collections.abc import Iterator

from slint.code.facts import Call, Definition, Use
from slint.knowledge.language import PLAIN_DATA, PROMISE_METHODS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.turns import levels
from slint.project.unit import Formal, Unit, call_of
from slint.value import Key, Ref, RefKind

_GIVEN = 30
"""How many expressions are looked into for what a call is given."""


def settled(unit: Unit, call: Call) -> Call:
    """The call that gives the result of a promise whose methods are chained: `invoke(…).promise()`, `send(…).catch(…)`.

    A `then` uses the result: then it is the call itself.
    """
    for number in unit.methods_of.get(unit.call_index(call), ()):
        other = unit.module.calls[number]
        return settled(unit, other) if _method(other) in (("promise",), ("catch",), ("finally",)) else call
    return call


def floats(unit: Unit, call: Call, needs_promise: bool) -> bool:
    """Whether nobody waits for the promise of a call: neither it nor what its methods make of it is used or awaited.

    `needs_promise`: the call itself makes none, its method `promise` does.
    """
    for number in unit.methods_of.get(unit.call_index(call), ()):
        other = unit.module.calls[number]
        method = _method(other)
        return method in PROMISE_METHODS and floats(unit, other, needs_promise and method != ("promise",))
    return call.use is Use.DROPPED and not call.awaited and not needs_promise


def dropped(evaluator: Evaluator, call: Call, frame: Frame) -> tuple[Call, Frame] | None:
    """The call on the way to a call whose promise nobody waits for, with its frame: what it runs waits for the call.

    Only what is certain: each function on the way is called by name, and nobody else may be told when it is done, by
    something that it is given or that it shares with its caller.
    """
    for each, level in levels(call, frame):
        definition, outer, caller = level.definition, level.call, level.caller
        if definition is None or outer is None or caller is None or not definition.is_async or definition.is_generator:
            return None
        if not _waited(level.unit, each):
            return None
        if floats(caller.unit, outer, needs_promise=False):
            is_apart = level.receiver is None and level.closure is None and not any(told(caller.unit, outer))
            return (outer, caller) if is_apart and not _shares(evaluator, outer, caller) else None
    return None


def _waited(unit: Unit, call: Call) -> bool:
    """Whether the body that makes a call waits for its promise, or gives it to its caller."""
    return (
        call.awaited
        or call.use is Use.RETURNED
        or any(
            _method(unit.module.calls[number]) in PROMISE_METHODS and _waited(unit, unit.module.calls[number])
            for number in unit.methods_of.get(unit.call_index(call), ())
        )
    )


def _shares(evaluator: Evaluator, call: Call, frame: Frame) -> bool:
    """Whether a call is given a function, or something made before, such as a stream, whose end may be waited for."""
    waiting = [(Expr(argument.value, call.block, frame), True) for argument in call.arguments]
    for _ in range(_GIVEN):
        if not waiting:
            return False
        expr, is_inline = waiting.pop()
        for ref in expr.value.references():
            if ref.kind in (RefKind.BLOCK, RefKind.INSTANCE):
                return True
            if ref.kind is RefKind.NAME:
                followed = evaluator.follow(expr.with_value(ref))
                waiting.extend((each, False) for each in followed if each.value is not ref)
            elif ref.kind is RefKind.CALL:
                made = call_of(expr.frame.unit, ref)
                names = [evaluator.dotted(callee) or "" for callee in evaluator.callees(made, expr.frame)]
                if is_inline:
                    given = (made.callee, *(argument.value for argument in made.arguments))
                    waiting.extend((Expr(value, made.block, expr.frame), True) for value in given)
                elif expr.frame.body and not made.awaited and not (names and PLAIN_DATA.issuperset(names)):
                    return True
    return True


def told(unit: Unit, call: Call) -> Iterator[Definition]:
    """The functions whose parameters the methods of a call's promise call: `resolve` of a promise, a callback, the
    response of a web framework. Whoever called such a function waits until it is told."""
    around = dict.fromkeys(unit.bodies_around(call.block))
    for value, block in _continuations(unit, unit.call_index(call)):
        found = unit.lookup(str(value.name), block) if value.kind is RefKind.NAME else None
        if found is not None and unit.bodies[found[0]] in around:
            yield from (each.definition for each in found[1] if isinstance(each, Formal))


def _continuations(unit: Unit, index: int) -> Iterator[tuple[Ref, int]]:
    """What the methods of a promise call, and where: what is handed to them, and what those functions call."""
    for number in unit.methods_of.get(index, ()):
        other = unit.module.calls[number]
        for argument in other.arguments:
            if isinstance(argument.value, Ref):
                yield argument.value, other.block
                if argument.value.kind is RefKind.BLOCK:
                    yield from _called_inside(unit, int(argument.value.name))
        if _method(other) in PROMISE_METHODS:
            yield from _continuations(unit, number)


def _method(call: Call) -> tuple[Key, ...]:
    return call.callee.path if isinstance(call.callee, Ref) else ()


def _called_inside(unit: Unit, body: int) -> Iterator[tuple[Ref, int]]:
    """What is called in a body, and in those inside of it."""
    waiting = [body]
    while waiting:
        inner = waiting.pop()
        waiting.extend(unit.bodies_in.get(inner, ()))
        for index in unit.calls_of.get(inner, ()):
            call = unit.module.calls[index]
            if isinstance(call.callee, Ref):
                yield call.callee, call.block
