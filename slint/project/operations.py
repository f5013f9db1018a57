"""Which cloud operation a call is: the SDK client's service, found at its constructor, and the method's name."""

from __future__ import annotations

from slint.knowledge.cloud import PARTS, SERVICE_ARGUMENT, operation
from slint.project.evaluate import Evaluator, Expr
from slint.value import Ref

_DEPTH = 6


def service(evaluator: Evaluator, made: Expr) -> str | None:
    """The service of the SDK client that an expression is, or is a part of (`resource('dynamodb').Table('x')`)."""
    current: Expr | None = made
    for _ in range(_DEPTH):
        if current is None:
            return None
        root = evaluator.root_call(current)
        if root is None:
            return None
        call, frame = root
        current = None
        for callee in evaluator.callees(call, frame):
            name = evaluator.dotted(callee)
            place = SERVICE_ARGUMENT.get(name) if name else None
            if place is not None:
                given = call.argument(place.keyword, place.position)
                found = evaluator.follow(Expr(given, call.block, frame)) if given is not None else []
                return found[0].value.string if len(found) == 1 else None
            current = callee if _is_part(callee) else None
    return None


def _is_part(made: Expr) -> bool:
    """Whether a call gives a part of a client, such as `Table('x')` of a resource, not the answer of an operation."""
    name = made.value.path[-1] if isinstance(made.value, Ref) and made.value.path else None
    return isinstance(name, str) and (name[:1].isupper() or name in PARTS)


def cloud_operation(evaluator: Evaluator, callee: Expr) -> str | None:
    """The operation, such as `lambda:Invoke`, when what is called is a method of an SDK client."""
    value = callee.value
    if not isinstance(value, Ref) or not value.path or not isinstance(value.path[-1], str):
        return None
    found = service(evaluator, callee)
    return operation(found, value.path[-1]) if found is not None else None
