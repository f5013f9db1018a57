"""What decides whether a call runs again, and what the code writes down so that it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slint.code.facts import Binding, BlockKind, Call, Definition
from slint.knowledge.language import GETTERS, NAMESPACES, READS_OF_ATTRIBUTES, WRITES_OF_ATTRIBUTES
from slint.project.unit import Binder, Formal, Test, Unit, call_of
from slint.record import NamedTuple
from slint.value import Choice, Items, Literal, Ref, RefKind, Value

_NAMES = 3
"""How many local names may stand between a condition and what it asks for."""


class Write(NamedTuple):
    """A value is put into a place, known by its name, or by `.` and its attribute."""

    name: str
    target: Ref
    block: int
    start: int


def tests(unit: Unit, call: Call) -> tuple[Test, ...]:
    """The conditions that decide whether a call runs: around it, or of an earlier branch that leaves."""
    index = unit.call_index(call)
    if index not in unit.tests:
        unit.tests[index] = tuple(_tests(unit, call))
    return unit.tests[index]


def _tests(unit: Unit, call: Call) -> Iterator[Test]:
    for index, block in unit.enclosing(call.block):
        if block.kind is BlockKind.ARM and block.subject is not None:
            yield Test(block.subject, block.parent, index, 0)
    for each in unit.exits_of.get(unit.bodies[call.block], ()):
        if each.kind in ("return", "raise") and each.span.start < call.span.start:
            for _, block in unit.enclosing(each.block):
                if block.kind is BlockKind.ARM and block.subject is not None:
                    yield Test(block.subject, block.parent, -1, each.span.start)


def asked(unit: Unit, test: Test) -> frozenset[str]:
    """The names and attributes that a condition asks for, itself or through a function that tells (`if not is_open():`),
    and those that its local names were read from."""
    key = (id(test.subject), test.block)
    if key not in unit.asked:
        unit.asked[key] = _asked(unit, test)
    return unit.asked[key]


def _asked(unit: Unit, test: Test) -> frozenset[str]:
    found = set(_names(unit, test.subject))
    found |= {name for body in _told_by(unit, test) for name in _read_in(unit, body)}
    more = found
    for _ in range(_NAMES):
        more = {name for local in more for name in _read_from(unit, local, test.block)} - found
        found |= more
    return frozenset(found)


def writes(unit: Unit, body: int) -> Iterator[Write]:
    """What a body puts into places that are not its own names."""
    for binding in unit.bindings_of.get(body, ()):
        if binding.how not in ("=", "or-else"):
            continue
        target = binding.target
        name = str(target.name)
        if target.kind is RefKind.CALL:
            maker = call_of(unit, target).callee
            is_namespace = isinstance(maker, Ref) and maker.name in NAMESPACES and not maker.path
            if is_namespace and target.path:
                yield Write(str(target.path[0]), target, binding.block, binding.span.start)
            continue
        if target.kind in (RefKind.INSTANCE, RefKind.BLOCK):
            name = f".{target.path[0]}" if target.path else ""
        if target.kind is not RefKind.NAME or target.path or unit.bodies[binding.scope] != body:
            yield Write(name, target, binding.block, binding.span.start)
    for index in unit.calls_of.get(body, ()):
        call = unit.module.calls[index]
        if isinstance(call.callee, Ref) and call.callee.name in WRITES_OF_ATTRIBUTES and not call.callee.path:
            place = call.argument(None, 0)
            if isinstance(place, Ref) and place.kind is RefKind.NAME:
                below = place.with_path(*place.path, "attribute")
                yield Write(str(place.name), below, call.block, call.span.start)


def is_own_name(unit: Unit, name: str, block: int, call: Call | None) -> bool:
    """Whether a name stands for something that a body has for itself, and not for what lies outside: `seen = SEEN`.

    A mapping that is a parameter's default is made once: it is not, where `call` enters the body without giving one.
    """
    found = unit.lookup(name, block)
    body = unit.bodies[block]
    if found is None or unit.bodies[found[0]] != body or body == 0:
        return False
    if any(isinstance(each, Binding) and _lies_outside(unit, each.value, each.block) for each in found[1]):
        return False
    binder = found[1][0]
    if len(found[1]) > 1 or not isinstance(binder, Formal) or not isinstance(binder.parameter.default, Items):
        return True
    return call is None or call.has_spread or call.argument(binder.parameter.name, binder.position) is not None


def _lies_outside(unit: Unit, value: Value | None, block: int) -> bool:
    """Whether a value is, or may be, what a name from outside of the body holds, or a part of that."""
    if isinstance(value, Choice):
        return any(_lies_outside(unit, option.value, block) for option in value.options)
    if not isinstance(value, Ref) or value.kind is not RefKind.NAME:
        return False
    found = unit.lookup(str(value.name), block)
    return bool(value.path) if found is None else unit.bodies[found[0]] != unit.bodies[block]


def _names(unit: Unit, subject: Value) -> Iterator[str]:
    for part in subject.walk():
        if isinstance(part, Ref) and part.kind is RefKind.NAME:
            yield str(part.name)
            yield from (f".{key}" for key in part.path[:1])
        elif isinstance(part, Ref) and part.kind in (RefKind.INSTANCE, RefKind.BLOCK) and part.path:
            yield f".{part.path[0]}"
        elif isinstance(part, Ref) and part.kind is RefKind.CALL:
            call = call_of(unit, part)
            for value in (call.callee, *(argument.value for argument in call.arguments)):
                yield from _names(unit, value)
        elif isinstance(part, Literal) and isinstance(part.value, str):
            yield part.value


def _told_by(unit: Unit, test: Test) -> Iterator[int]:
    """The bodies of the functions of the module, and of the methods and properties of the object, that a condition asks,
    itself or by a local name for their answer; not the body that asks, which may call itself again."""
    asking = unit.bodies[test.block]
    for ref in [*references(unit, test.subject), *_answers(unit, test)]:
        binders: Iterable[Binder] = ()
        if ref.kind is RefKind.NAME and not ref.path:
            found = unit.lookup(str(ref.name), test.block)
            binders = found[1] if found is not None else ()
        elif ref.kind in (RefKind.INSTANCE, RefKind.BLOCK) and ref.path:
            binders = unit.members.get(int(ref.name), {}).get(str(ref.path[0]), ())
        for binder in binders:
            body = asking
            if isinstance(binder, Definition) and not binder.is_class:
                body = binder.body
            elif isinstance(binder, Binding) and isinstance(binder.value, Ref) and binder.value.kind is RefKind.BLOCK:
                body = int(binder.value.name)
            if body != asking:
                yield body


def _answers(unit: Unit, test: Test) -> Iterator[Ref]:
    for ref in references(unit, test.subject):
        if ref.kind is RefKind.NAME and not ref.path and is_own_name(unit, str(ref.name), test.block, None):
            found = unit.lookup(str(ref.name), test.block)
            for binder in found[1] if found is not None else ():
                if isinstance(binder, Binding) and binder.value is not None:
                    yield from references(unit, binder.value)


def references(unit: Unit, value: Value) -> Iterator[Ref]:
    """The references in a value, and in what is called there."""
    for ref in value.references():
        yield ref
        if ref.kind is RefKind.CALL:
            yield from references(unit, call_of(unit, ref).callee)


def _read_in(unit: Unit, body: int) -> Iterator[str]:
    """What a function reads of what is not its own."""
    for value, block in unit.values_of.get(body, ()):
        for ref in value.references():
            if ref.kind is RefKind.NAME and not is_own_name(unit, str(ref.name), block, None):
                yield str(ref.name)
            elif ref.kind in (RefKind.INSTANCE, RefKind.BLOCK) and ref.path:
                yield f".{ref.path[0]}"


def _read_from(unit: Unit, name: str, block: int) -> Iterator[str]:
    """What a local name was read from: `client = CLIENTS.get(key)` is read from `CLIENTS`."""
    found = unit.lookup(name, block)
    if found is not None and unit.bodies[found[0]] == unit.bodies[block]:
        for binder in found[1]:
            if isinstance(binder, Binding) and binder.value is not None:
                yield from _places(unit, binder.value)


def _places(unit: Unit, value: Value) -> Iterator[str]:
    if isinstance(value, Choice):
        for option in value.options:
            yield from _places(unit, option.value)
    elif isinstance(value, Ref) and value.kind is RefKind.CALL:
        call = call_of(unit, value)
        callee = call.callee
        if isinstance(callee, Ref) and callee.path[-1:] and callee.path[-1] in GETTERS:
            yield from _places(unit, callee.with_path(*callee.path[:-1]))
        elif isinstance(callee, Ref) and callee.name in READS_OF_ATTRIBUTES and call.arguments:
            yield from _places(unit, call.arguments[0].value)
    elif isinstance(value, Ref) and value.kind in (RefKind.NAME, RefKind.INSTANCE, RefKind.BLOCK):
        yield from _names(unit, value)
