"""A value of the code as it is when one function runs: references replaced, environment variables deployed."""

from __future__ import annotations

from collections.abc import Mapping

from slint.project.evaluate import Evaluator
from slint.project.frames import Expr
from slint.value import Absent, Choice, Entry, Items, Joined, Literal, Operation, Option, Ref, RefKind, Unknown, Value

_DEPTH = 6


def resolve(
    evaluator: Evaluator, expr: Expr, deployed: Mapping[str, Value], is_open: bool, depth: int = _DEPTH
) -> Value:
    """What an expression stands for; parts that cannot be known stay references or Unknown.

    `deployed` holds the values of the environment variables; one that is not there is Absent, or Unknown when the
    environment `is_open`.
    """
    if depth <= 0:
        return Unknown(expr.value.span, "nested too deeply")

    def inner(found: Expr) -> Value:
        value = found.value

        def part(child: Value) -> Value:
            return resolve(evaluator, found.with_value(child), deployed, is_open, depth - 1)

        match value:
            case Ref(kind=RefKind.ENV):
                if value.name in deployed:
                    return deployed[str(value.name)].at(*value.path)
                return (
                    Unknown(value.span, "an environment variable that is not known") if is_open else Absent(value.span)
                )
            case Joined():
                parts = tuple(part(child) for child in value.parts)
                texts = [child.string for child in parts]
                if all(text is not None for text in texts):
                    return Literal(value.span, "".join(text for text in texts if text is not None))
                return Joined(value.span, parts)
            case Items():
                return Items(
                    value.span,
                    tuple(
                        Entry(part(entry.key) if entry.key is not None else None, part(entry.value))
                        for entry in value.entries
                    ),
                    value.open,
                    value.is_list,
                )
            case Operation():
                return Operation(value.span, value.name, tuple(part(child) for child in value.operands))
            case _:
                return value

    found = evaluator.follow(expr)
    there = {each.value.span for each in found if _is_deployed(each.value, deployed)}
    # What a read gives when its variable is missing stands at the read: it is not meant where the variable is deployed.
    found = [each for each in found if not (_is_none(each.value) and each.value.span in there)]
    values = [inner(each) for each in found]
    if len(values) == 1:
        return values[0]
    return Choice(expr.value.span, tuple(Option(None, value) for value in values))


def _is_none(value: Value) -> bool:
    return isinstance(value, Literal) and value.value is None


def _is_deployed(value: Value, deployed: Mapping[str, Value]) -> bool:
    return isinstance(value, Ref) and value.kind is RefKind.ENV and value.name in deployed
