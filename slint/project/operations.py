"""Which cloud operation a call is: the SDK client's service, found at its constructor, and the method's name."""

from __future__ import annotations

from slint.code.facts import Call
from slint.knowledge.cloud import PARTS, SERVICE_ARGUMENT, node_command, node_service, node_waiter, operation
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.value import Ref

_DEPTH = 6
_NO_OPERATIONS = frozenset({"destroy", "makeRequest", "on", "promise", "send"})
"""Methods of clients of the SDK for JavaScript that are no operations of the service."""


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
            service_of_node = node_service(name) if name and "aws-sdk" in name else None
            if service_of_node is not None:
                return service_of_node
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


def cloud_operation(evaluator: Evaluator, callee: Expr, call: Call, frame: Frame) -> str | None:
    """The operation, such as `lambda:Invoke`, when what is called is a method of an SDK client."""
    if frame.unit.family == "nodejs":
        found = _node_operation(evaluator, callee, call, frame)
        if found is not None:
            return found
    value = callee.value
    if not isinstance(value, Ref) or not value.path or not isinstance(value.path[-1], str):
        return None
    found = service(evaluator, callee)
    return operation(found, value.path[-1]) if found is not None and value.path[-1] not in _NO_OPERATIONS else None


def _node_operation(evaluator: Evaluator, callee: Expr, call: Call, frame: Frame) -> str | None:
    """The operation of a command that a client sends, or of a function that waits."""
    name = evaluator.dotted(callee)
    waiter = node_waiter(name) if name is not None and name.startswith("@aws-sdk/") else None
    if waiter is not None:
        return waiter
    command = sent_command(evaluator, callee, call, frame)
    if command is None:
        return None
    made, home = command
    names = (evaluator.dotted(each) for each in evaluator.callees(made, home))
    return next((found for each in names if each is not None and (found := node_command(each)) is not None), None)


def sent_command(evaluator: Evaluator, callee: Expr, call: Call, frame: Frame) -> tuple[Call, Frame] | None:
    """The construction of the command that `client.send(…)` sends."""
    value = callee.value
    if not isinstance(value, Ref) or value.path[-1:] != ("send",):
        return None
    given = call.argument(None, 0)
    for found in evaluator.follow(Expr(given, call.block, frame)) if given is not None else ():
        made = evaluator.root_call(found)
        if made is not None and not (isinstance(found.value, Ref) and found.value.path):
            return made
    return None
