"""What code asks of its event: the comparisons by which a handler tells one kind of request from another."""

from __future__ import annotations

from collections.abc import Iterator

from slint.knowledge.language import GETTERS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.phase import Phase
from slint.project.reach import Reach
from slint.project.unit import Unit, call_of
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Items, Key, Operation, Ref, RefKind, Value

_COMPARED = ("==", "!=", "in", "not-in")
_DEPTH = 8
"""Getters in a row that are followed: `event.get("requestContext").get("http").get("path")`."""


class EventTest(NamedTuple):
    """A comparison of what lies at `path` in the event with the text `literal`."""

    path: tuple[Key, ...]
    literal: str
    span: Span


def event_tests(reach: Reach, evaluator: Evaluator) -> Iterator[EventTest]:
    """Each comparison of a part of the event with text, in the order reached."""
    seen: set[tuple[str, int]] = set()
    for frame, phase in reach.frames:
        if phase is Phase.INVOKE and (frame.unit.path, frame.body) not in seen:
            seen.add((frame.unit.path, frame.body))
            for operation in frame.unit.operations.get(frame.body, ()):
                if operation.name in _COMPARED and len(operation.operands) == 2:
                    yield from _tests(operation, frame, evaluator)


def event_readers(reach: Reach, evaluator: Evaluator, fields: frozenset[str]) -> Iterator[Frame]:
    """The frames of an invocation that read one of these fields of their event."""
    reads: dict[tuple[Unit, int], tuple[Ref, ...]] = {}
    for frame, phase in reach.frames:
        if phase is Phase.INVOKE:
            key = (frame.unit, frame.body)
            if key not in reads:
                reads[key] = tuple(_reads(frame.unit, frame.body, fields))
            if any(
                not fields.isdisjoint(_event_path(Expr(ref, frame.body, frame), evaluator)[:1]) for ref in reads[key]
            ):
                yield frame


def _reads(unit: Unit, body: int, fields: frozenset[str]) -> Iterator[Ref]:
    """What a body reads by the name of one of these fields, from the event or from something else."""
    for ref, _ in unit.references_of.get(body, ()):
        if not fields.isdisjoint(ref.path):
            yield ref
    for index in unit.calls_of.get(body, ()):
        key = unit.module.calls[index].argument(None, 0)
        if key is not None and key.string in fields:
            yield Ref(key.span, RefKind.CALL, index)


def _tests(operation: Operation, frame: Frame, evaluator: Evaluator) -> Iterator[EventTest]:
    one, other = operation.operands
    for asked, answer in ((one, other), (other, one)):
        texts = [text for text in _texts(answer) if text]
        if texts:
            path = _event_path(Expr(asked, frame.body, frame), evaluator)
            for text in texts if path else ():
                yield EventTest(path, text, operation.span)
            return


def _texts(value: Value) -> Iterator[str | None]:
    if isinstance(value, Items):
        yield from (entry.value.string for entry in value.entries)
    else:
        yield value.string


def _event_path(expr: Expr, evaluator: Evaluator, depth: int = _DEPTH) -> tuple[Key, ...]:
    """Where in the event a value lies; empty when it is not a part of the event, or not known to be one."""
    for found in evaluator.follow(expr):
        value = found.value
        if not isinstance(value, Ref):
            continue
        if value.kind is RefKind.PARAMETER and value.name == len(found.frame.bound) and found.frame.role == "event":
            return value.path
        if value.kind is RefKind.CALL and depth > 0:
            path = _got(found, value, evaluator, depth - 1)
            if path:
                return path
    return ()


def _got(found: Expr, value: Ref, evaluator: Evaluator, depth: int) -> tuple[Key, ...]:
    """The path of `event.get("path")`: a getter with the key as its argument."""
    call = call_of(found.frame.unit, value)
    key = call.argument(None, 0)
    if key is None or key.string is None:
        return ()
    for callee in evaluator.callees(call, found.frame):
        asked = callee.value
        if not isinstance(asked, Ref) or not asked.path or asked.path[-1] not in GETTERS:
            continue
        holder = callee.with_value(asked.with_path(*asked.path[:-1]))
        if asked.kind is RefKind.PARAMETER and asked.name == len(callee.frame.bound) and callee.frame.role == "event":
            return (*asked.path[:-1], key.string, *value.path)
        if asked.kind is RefKind.CALL:
            inner = _event_path(holder, evaluator, depth)
            if inner:
                return (*inner, key.string, *value.path)
    return ()
