"""Values made of values: how parts, alternatives and texts are put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slint.source import Span
from slint.value import ANY, Absent, Choice, Joined, Key, Literal, Operation, Option, Ref, Unknown, Value


def negated(value: Value, span: Span | None = None) -> Operation:
    """That a value does not hold."""
    return Operation(value.span if span is None else span, "not", (value,))


def all_of(conditions: Sequence[Value]) -> Value | None:
    """That all conditions hold; None for no condition."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    first, last = conditions[0].span, conditions[-1].span
    return Operation(Span(first.file, first.start, last.end), "and", tuple(conditions))


def none_of(conditions: Sequence[Value]) -> Value:
    """That none of some conditions holds."""
    span = Span(conditions[0].span.file, conditions[0].span.start, conditions[-1].span.end)
    if len(conditions) == 1:
        return Operation(span, "not", (conditions[0],))
    return Operation(span, "not", (Operation(span, "or", tuple(conditions)),))


def element(iterable: Value) -> Value:
    """One element, whichever, of what a loop goes through."""
    if isinstance(iterable, Ref):
        return iterable.with_path(*iterable.path, ANY)
    return Unknown(iterable.span, "an element", (iterable,))


def part_of(value: Value, key: Key) -> Value:
    """What lies below a value that is taken apart; Unknown instead of Absent, as it was not asked whether it is there."""
    part = value.at(key)
    return Unknown(value.span, "a part of what is taken apart", (value,)) if isinstance(part, Absent) else part


def below(span: Span, value: Value, path: tuple[Key, ...]) -> Value:
    """What lies at `path` below a value, for the expression at `span`."""
    if not path:
        return value
    if isinstance(value, Ref):
        return Ref(span, value.kind, value.name, (*value.path, *path))
    if isinstance(value, Choice):
        return Choice(span, tuple(Option(option.when, below(span, option.value, path)) for option in value.options))
    return Unknown(span, "part of a value that is computed", (value,))


def is_text(value: Value) -> bool:
    """Whether a value is certainly text."""
    return isinstance(value, Joined) or (isinstance(value, Literal) and isinstance(value.value, str))


def joined(span: Span, given: Iterator[Value] | Sequence[Value]) -> Value:
    """Text made of parts: neighbouring literals become one, and text without a hole is a literal."""
    flat: list[Value] = []
    run: list[Value] = []
    for value in given:
        for part in value.parts if isinstance(value, Joined) else (value,):
            if part.string is None:
                flat.extend(_one_literal(run))
                run = []
                flat.append(part)
            else:
                run.append(part)
    if not flat:
        return Literal(span, "".join(part.string or "" for part in run))
    flat.extend(_one_literal(run))
    return Joined(span, tuple(flat))


def _one_literal(run: list[Value]) -> Iterator[Value]:
    """Neighbouring literal strings as one."""
    if len(run) == 1:
        yield run[0]
    elif run:
        span = Span(run[0].span.file, run[0].span.start, run[-1].span.end)
        yield Literal(span, "".join(part.string or "" for part in run))
