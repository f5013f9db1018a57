"""Timers that let a function sleep, told from those that do something later or limit a wait."""

from __future__ import annotations

from slint.code.facts import Call
from slint.knowledge.calls import RACES, TIMERS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame, is_function
from slint.project.unit import Unit
from slint.value import Ref, RefKind


def lets_sleep(evaluator: Evaluator, name: str, callee: Expr, call: Call, frame: Frame) -> bool:
    """Whether the call of a timer makes the function wait: a promise is resolved by it, and by nothing else.

    `new Promise((resolve) => setTimeout(resolve, 1000))`, and `promisify(setTimeout)(1000)`.
    """
    if name == "util.promisify()":
        root = evaluator.root_call(callee)
        given = root[0].argument(None, 0) if root is not None else None
        return isinstance(given, Ref) and given.name == "setTimeout"
    if name not in TIMERS:
        return True
    executor = frame.definition
    made = frame.call
    if executor is None or made is None or frame.role != "passed" or not executor.parameters:
        return False
    if not isinstance(made.callee, Ref) or (made.callee.name, made.callee.path) != ("Promise", ()):
        return False
    return not _races(frame.unit) and _resolves(evaluator, call, frame, executor.parameters[0].name)


def _resolves(evaluator: Evaluator, call: Call, frame: Frame, resolve: str) -> bool:
    given = call.argument(None, 0)
    if given is None:
        return False
    if _is_name(given, resolve):
        return True
    return any(
        _is_name(frame.unit.module.calls[index].callee, resolve)
        for found in evaluator.follow(Expr(given, call.block, frame))
        if is_function(found) and isinstance(found.value, Ref)
        for index in frame.unit.calls_of.get(int(found.value.name), ())
    )


def _is_name(value: object, name: str) -> bool:
    return isinstance(value, Ref) and value.kind is RefKind.NAME and value.name == name and not value.path


def _races(unit: Unit) -> bool:
    return any(
        isinstance(each.callee, Ref) and ".".join(map(str, (each.callee.name, *each.callee.path))) in RACES
        for each in unit.module.calls
    )
