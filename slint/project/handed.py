"""The environment variables that a call is given."""

from __future__ import annotations

from collections.abc import Iterator

from slint.code.facts import Call
from slint.knowledge.language import DECODERS, TEXT_METHODS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.unit import call_of
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Items, Joined, Ref, RefKind, Value

_DEPTH = 6
_MANY = 200


class HandedVariable(NamedTuple):
    """An environment variable, or a text made with it, that a call is given; `span` is the argument as written.

    `labels` lead to it: the argument's keyword or position (from 0), then the keys and indexes of the mappings and lists
    inside. `before` is the text in front of it where it is part of a text; `?` stands for what is not known there.
    """

    name: str
    labels: tuple[str | int, ...]
    before: str
    span: Span


def handed_variables(evaluator: Evaluator, call: Call, frame: Frame) -> Iterator[HandedVariable]:
    """The variables in the arguments of a call, in the order written; what other calls make of one is not followed."""
    position = 0
    for argument in call.arguments:
        labels: tuple[str | int, ...] = (position,)
        if argument.name == "**":
            labels = ()
        elif argument.name == "*":
            return
        elif argument.name is not None:
            labels = (argument.name,)
        else:
            position += 1
        expr = Expr(argument.value, call.block, frame)
        for variable, path, before in _inside(evaluator, expr, labels, "", _DEPTH):
            yield HandedVariable(variable, path, before, argument.value.span)


_Found = tuple[str, tuple[str | int, ...], str]


def _inside(
    evaluator: Evaluator, expr: Expr, labels: tuple[str | int, ...], before: str, depth: int
) -> Iterator[_Found]:
    if depth <= 0:
        return
    yield from _added(evaluator, expr, labels, depth)
    for found in evaluator.follow(expr):
        value = found.value
        name = _variable(evaluator, found)
        if name is not None:
            yield name, labels, before
        elif isinstance(value, Joined):
            text = before
            for part in value.parts[:_MANY]:
                yield from _inside(evaluator, found.with_value(part), labels, text, depth - 1)
                text += part.string if part.string is not None else "?"
        elif isinstance(value, Items):
            for index, entry in enumerate(value.entries[:_MANY]):
                key = index if entry.key is None else entry.key.string
                if key is not None:
                    yield from _inside(evaluator, found.with_value(entry.value), (*labels, key), "", depth - 1)


def _variable(evaluator: Evaluator, expr: Expr) -> str | None:
    """The variable that an expression is, also when only its text is changed: `b64decode(os.environ['KEY'].strip())`."""
    value = expr.value
    if not isinstance(value, Ref) or value.path:
        return None
    if value.kind is RefKind.ENV:
        return str(value.name)
    if value.kind is RefKind.CALL:
        call = call_of(expr.frame.unit, value)
        given = call.argument(None, 0)
        for callee in evaluator.callees(call, expr.frame):
            made: Value = callee.value
            if given is not None and evaluator.dotted(callee) in DECODERS:
                decoded = evaluator.follow(Expr(given, call.block, expr.frame))
                return next((name for each in decoded if (name := _variable(evaluator, each)) is not None), None)
            if isinstance(made, Ref) and made.kind is RefKind.ENV and made.path and made.path[-1] in TEXT_METHODS:
                return str(made.name)
    return None


def _added(evaluator: Evaluator, expr: Expr, labels: tuple[str | int, ...], depth: int) -> Iterator[_Found]:
    """What is put into a mapping after it was made: `headers['Authorization'] = …`."""
    value, unit = expr.value, expr.frame.unit
    if not isinstance(value, Ref) or value.kind is not RefKind.NAME or value.path:
        return
    for binding in unit.places.get((unit.bodies[expr.block], str(value.name)), ()):
        path = tuple(key for key in binding.target.path if isinstance(key, (str, int)))
        if binding.value is not None and len(path) == len(binding.target.path):
            put = Expr(binding.value, binding.block, expr.frame)
            yield from _inside(evaluator, put, (*labels, *path), "", depth - 1)
