"""Questions about a call's result over the blocks around it: is it kept, built once, closed, inside a loop?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slint.code.facts import Binding, BlockKind, Call, Definition, Use
from slint.enumeration import Enum
from slint.knowledge.clients import STATE_WORDS
from slint.knowledge.language import CONSTRUCTORS
from slint.knowledge.wrappers import keeps_results
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame, is_function, ref_of
from slint.project.guards import Write, asked, is_own_name, references, tests, writes
from slint.project.turns import levels
from slint.project.unit import Formal, Test, Unit
from slint.record import NamedTuple
from slint.value import Items, Key, Ref, RefKind, Value

_RECEIVERS = 3
"""How many calls a result is followed through that are given it as an argument."""


class _Flow(NamedTuple):
    """Where the result of a call goes inside one body.

    `kept` are names of places that outlive the invocation, `returned` that the caller gets it, `held_in_object`
    that it becomes an attribute of the object whose method runs.
    """

    kept: frozenset[str]
    returned: bool
    in_object: bool


def kept(call: Call, frame: Frame) -> bool:
    """Whether the body that makes the call puts its result into a place that outlives the invocation."""
    return bool(_flow(frame.unit, call, frame).kept)


def memoised(evaluator: Evaluator, call: Call, frame: Frame) -> bool | None:
    """Whether the call runs once for each execution environment although it stands in code that runs on each
    invocation: its result is kept, and a guard or a caching function keeps it from running again.

    None when it goes into an object of which the files do not tell where it is kept.
    """
    chain = tuple(levels(call, frame))
    if any(_cached_function(evaluator, level) for _, level in chain):
        return True
    if frame.unit.family == "nodejs" and _kept_by_library(evaluator, call, frame):
        return True
    if _object_is_asked(frame.unit, call):
        return True
    answer = _kept_and_guarded(evaluator, chain)
    # What runs only to make something else that is kept and guarded runs as seldom as that.
    if answer is not True and any(_kept_and_guarded(evaluator, chain[index:]) for index in range(1, len(chain))):
        return True
    return answer


def _kept_and_guarded(evaluator: Evaluator, chain: tuple[tuple[Call, Frame], ...]) -> bool | None:
    """Whether the result of the first of these calls, each made by the next, is kept and a guard keeps it from being made
    again; None when it goes into an object of which the files do not tell where it is kept."""
    kept: set[str] = set()
    guards: set[str] = set()
    returned = True
    unknown = False
    for index, (level_call, level) in enumerate(chain):
        unit = level.unit
        if returned:
            flow = _flow(unit, level_call, level)
            kept |= flow.kept
            if _default_setter(unit, level_call):
                return True
            returned = flow.returned
            if flow.in_object:
                home = _object_kept(evaluator, level)
                if home is None:
                    unknown = True
                elif home:
                    kept |= {f".{name}" for name in _attributes_bound(unit, level_call)}
                definition = level.definition
                returned = returned or (definition is not None and definition.name in CONSTRUCTORS)
        guards |= _guards(unit, level_call)
        if _noted(evaluator, level_call, level, [inner for _, inner in chain[:index]]):
            return True
    if kept and (kept & guards or guards & {"*"}):
        return True
    if kept and any(_is_flag(evaluator, chain[0][1], name) for name in guards):
        return True
    return None if unknown else False


def kept_in_object(call: Call, frame: Frame) -> bool:
    """Whether the object whose method makes the call keeps the result, and asks for it before it makes it again."""
    attributes = {f".{name}" for name in _attributes_bound(frame.unit, call)}
    return bool(attributes & _guards(frame.unit, call)) and _flow(frame.unit, call, frame).in_object


def within(call: Call, frame: Frame, kind: BlockKind) -> bool:
    """Whether the call, or one of the calls that lead to it, stands in a block of this kind."""
    return any(
        block.kind is kind for each, level in levels(call, frame) for _, block in level.unit.enclosing(each.block)
    )


def caught(call: Call, frame: Frame) -> bool:
    """Whether the call, or one of the calls that lead to it, stands in the body of a TRY that catches something."""
    for each, level in levels(call, frame):
        below = BlockKind.MODULE
        for index, block in level.unit.enclosing(each.block):
            is_body = block.kind is BlockKind.TRY and below not in (BlockKind.CATCH, BlockKind.FINALLY)
            if is_body and index in level.unit.catching:
                return True
            below = block.kind
    return False


def closed(call: Call, frame: Frame, closers: frozenset[str]) -> bool | None:
    """Whether the result is closed: True, False (no close is written), None when somebody else may close it.

    A result that a function only returns is judged where it arrives.
    """
    for each, level in levels(call, frame):
        answer = _closed(level.unit, each, closers)
        if answer is not _Fate.RETURNED:
            return {_Fate.CLOSED: True, _Fate.OPEN: False, _Fate.LEAVES: None}[answer]
        definition = level.definition
        if definition is None or definition.is_generator or level.role != "call":
            return None
    return None


class _Fate(Enum):
    CLOSED = "closed"
    OPEN = "open"
    LEAVES = "leaves"
    RETURNED = "returned"


def _closed(unit: Unit, call: Call, closers: frozenset[str]) -> _Fate:
    if _is_held(unit, call):
        return _Fate.CLOSED
    if call.use is Use.RETURNED:
        return _Fate.RETURNED
    if call.use is Use.PASSED:
        return _Fate.LEAVES  # what it is handed to may close it
    names = {name for name, _ in _names_of(unit, call)}
    if not names or any(each.target.path or isinstance(each.value, Items) for each in _bindings_of(unit, call)):
        return _Fate.LEAVES
    body = unit.bodies[call.block]
    escapes = False
    for index in unit.calls_of.get(body, ()):
        other = unit.module.calls[index]
        callee = other.callee
        if isinstance(callee, Ref) and callee.kind is RefKind.NAME and callee.name in names and callee.path:
            if callee.path[-1] in closers:
                return _Fate.CLOSED
            continue
        if any(_hands_over(argument.value, names, closers) for argument in other.arguments):
            escapes = True
    if any(_ends(unit, block.subject, names) for block in unit.held_of.get(body, ())):
        return _Fate.CLOSED
    given = [each.value for each in unit.exits_of.get(body, ()) if each.value is not None]
    stored = any(
        binding.target.path and binding.value is not None and _is_name(binding.value, names)
        for binding in unit.bindings_of.get(body, ())
    )
    if escapes or stored or _used_inside(unit, body, names):
        return _Fate.LEAVES
    if any(_mentions(value, names) and not _is_name(value, names) for value in given):
        return _Fate.LEAVES
    return _Fate.RETURNED if any(_is_name(value, names) for value in given) else _Fate.OPEN


# -- the levels of a chain of calls -------------------------------------------------------------------------------


def _cached_function(evaluator: Evaluator, frame: Frame) -> bool:
    definition = frame.definition
    if definition is None:
        return False
    if _given_to_cache(evaluator, frame, definition):
        return True
    outside = frame.closure or evaluator.module_frame(frame.unit)
    for decorator in definition.decorators:
        value = decorator
        if isinstance(value, Ref) and value.kind is RefKind.CALL:
            value = frame.unit.module.calls[int(value.name)].callee
        for found in evaluator.follow(Expr(value, definition.block, outside)):
            if keeps_results(evaluator.dotted(found) or "") or _keeps_what_it_wraps(evaluator, found):
                return True
    return False


def _keeps_what_it_wraps(evaluator: Evaluator, decorator: Expr) -> bool:
    """Whether a decorator of the project keeps what the function below it gives, and asks for that before it calls it."""
    if not is_function(decorator):
        return False
    unit = decorator.frame.unit
    waiting = [int(ref_of(decorator).name)]
    while waiting:
        body = waiting.pop()
        waiting += unit.bodies_in.get(body, ())
        for index in unit.calls_of.get(body, ()):
            call = unit.module.calls[index]
            if _is_given_from_outside(unit, call) and _kept_and_guarded(
                evaluator, ((call, evaluator.frame(unit, body)),)
            ):
                return True
    return False


def _is_given_from_outside(unit: Unit, call: Call) -> bool:
    """Whether what is called is a parameter of a function around."""
    callee = call.callee
    if not isinstance(callee, Ref) or callee.kind is not RefKind.NAME or callee.path:
        return False
    found = unit.lookup(str(callee.name), call.block)
    return (
        found is not None
        and unit.bodies[found[0]] != unit.bodies[call.block]
        and any(isinstance(each, Formal) for each in found[1])
    )


def _kept_by_library(evaluator: Evaluator, call: Call, frame: Frame) -> bool:
    """Whether the library keeps the connection and a condition around the call, or one that leads to it, asks for it."""
    from slint.knowledge.node_clients import KEPT_BY_LIBRARY, STATES

    if not any(evaluator.dotted(callee) in KEPT_BY_LIBRARY for callee in evaluator.callees(call, frame)):
        return False
    return any(
        key in STATES or (not ref.path and _is_flag(evaluator, level, str(ref.name)))
        for each, level in levels(call, frame)
        for test in tests(level.unit, each)
        for ref in test.subject.references()
        for key in (*ref.path, None)
    )


def _object_is_asked(unit: Unit, call: Call) -> bool:
    """Whether a condition asks the object from outside of the body, whose method the call is, for its state."""
    callee = call.callee
    if not isinstance(callee, Ref) or callee.kind is not RefKind.NAME or not callee.path:
        return False
    owner = unit.lookup(str(callee.name), call.block)
    if owner is None or unit.bodies[owner[0]] == unit.bodies[call.block]:
        return False
    return any(
        ref.name == callee.name and any(word in str(key).lower() for key in ref.path for word in STATE_WORDS)
        for test in tests(unit, call)
        for ref in references(unit, test.subject)
        if ref.kind is RefKind.NAME
    )


def _given_to_cache(evaluator: Evaluator, frame: Frame, definition: Definition) -> bool:
    """Whether a function was handed to one that keeps its result: `once(() => connect())`."""
    home = frame.closure or evaluator.module_frame(frame.unit)
    for call in frame.unit.module.calls:
        for argument in call.arguments:
            value = argument.value
            is_it = isinstance(value, Ref) and (
                (value.kind is RefKind.BLOCK and value.name == definition.body)
                or (value.kind is RefKind.NAME and value.name == definition.name and definition.scope >= 0)
            )
            if is_it and any(keeps_results(evaluator.dotted(found) or "") for found in evaluator.callees(call, home)):
                return True
    return False


# -- where a result goes -------------------------------------------------------------------------------------------


def _flow(unit: Unit, call: Call, frame: Frame, steps: int = _RECEIVERS) -> _Flow:
    kept: set[str] = set()
    returned = call.use is Use.RETURNED
    in_object = False
    body = unit.bodies[call.block]
    locals_: set[str] = set()
    for binding in _bindings_of(unit, call):
        in_object = _sort(unit, binding, body, kept, locals_, frame.call) or in_object
    for binding in unit.bindings_of.get(body, ()):
        if binding.value is not None and _is_of(unit, binding.value, locals_):
            in_object = _sort(unit, binding, body, kept, set(), frame.call) or in_object
    kept |= _containers(unit, call, locals_)
    for each in unit.exits_of.get(body, ()):
        if each.value is not None and (_mentions(each.value, locals_ | kept) or _contains_call(each.value, call)):
            returned = True
    for receiver in _receivers(unit, call, locals_) if steps > 0 else ():
        beyond = _flow(unit, receiver, frame, steps - 1)
        kept |= beyond.kept
        returned, in_object = returned or beyond.returned, in_object or beyond.in_object
    return _Flow(frozenset(kept), returned, in_object)


def _is_of(unit: Unit, value: Value, names: set[str]) -> bool:
    """Whether a value is what one of the names holds, a part of it, or what one of its methods gives (`client.db()`)."""
    if isinstance(value, Ref) and value.kind is RefKind.CALL and not value.path:
        value = unit.module.calls[int(value.name)].callee
        return isinstance(value, Ref) and value.kind is RefKind.NAME and bool(value.path) and value.name in names
    return isinstance(value, Ref) and value.kind is RefKind.NAME and value.name in names


def _containers(unit: Unit, call: Call, names: set[str]) -> set[str]:
    """The names, from outside of the body, of the mappings that the result is put into: `clients.set(key, result)`."""
    body = unit.bodies[call.block]
    found: set[str] = set()
    for other in _receivers(unit, call, names):
        callee = other.callee
        if isinstance(callee, Ref) and callee.kind is RefKind.NAME and callee.path[-1:] == ("set",):
            owner = unit.lookup(str(callee.name), other.block)
            if owner is not None and (unit.bodies[owner[0]] != body or body == 0):
                found.add(str(callee.name))
    return found


def _receivers(unit: Unit, call: Call, names: set[str]) -> Iterator[Call]:
    """The calls to which the result is handed as it is: what they make may keep it."""
    if call.use is Use.PASSED and call.used_by is not None:
        yield unit.module.calls[call.used_by]
    for index in unit.calls_of.get(unit.bodies[call.block], ()) if names else ():
        other = unit.module.calls[index]
        if any(_is_name(argument.value, names) for argument in other.arguments):
            yield other


def _sort(unit: Unit, binding: Binding, body: int, kept: set[str], locals_: set[str], entered: Call | None) -> bool:
    """Put a binding's target among the kept places or the local names; whether it is an attribute of the object."""
    target = binding.target
    if target.kind is RefKind.INSTANCE:
        if len(target.path) > 1 and _of_class(unit, int(target.name), target.path[0]):
            kept.add(f".{target.path[0]}")
            return False
        return bool(target.path)
    if target.kind is RefKind.BLOCK:
        kept.add(f".{target.path[0]}" if target.path else "")
    elif target.kind is RefKind.NAME and target.path:
        if not is_own_name(unit, str(target.name), binding.block, entered):
            kept.add(str(target.name))
    elif target.kind is RefKind.NAME:
        if unit.bodies[binding.scope] != body or body == 0:
            kept.add(str(target.name))
        else:
            locals_.add(str(target.name))
    return False


def _of_class(unit: Unit, klass: int, name: Key) -> bool:
    """Whether an attribute belongs to the class, so that all its objects share what is put into it."""
    own = unit.attributes.get(klass, {}).get(str(name), ())
    return str(name) in unit.members.get(klass, {}) and not any(len(binding.target.path) == 1 for binding in own)


def _bindings_of(unit: Unit, call: Call) -> Iterator[Binding]:
    for binding in unit.bindings_of.get(unit.bodies[call.block], ()):
        if binding.value is not None and _contains_call(binding.value, call):
            yield binding


def _names_of(unit: Unit, call: Call) -> Iterator[tuple[str, Binding]]:
    for binding in _bindings_of(unit, call):
        if binding.target.kind is RefKind.NAME and not binding.target.path:
            yield str(binding.target.name), binding


def _attributes_bound(unit: Unit, call: Call) -> set[str]:
    return {
        str(binding.target.path[0])
        for binding in unit.bindings_of.get(unit.bodies[call.block], ())
        if binding.target.kind is RefKind.INSTANCE and binding.target.path
    }


def _contains_call(value: Value, call: Call) -> bool:
    span = call.span
    return value.span.file is span.file and value.span.start <= span.start and span.end <= value.span.end


def _object_kept(evaluator: Evaluator, frame: Frame) -> bool | None:
    """Whether the object whose method runs outlives the invocation."""
    receiver = frame.receiver
    if receiver is None:
        return None
    value = receiver.value
    if not isinstance(value, Ref) or value.kind is not RefKind.CALL:
        return None
    home = receiver.frame
    if home.body == 0:
        return True
    klass = evaluator.objects.class_of(receiver)
    if klass is not None and evaluator.objects.may_be_old(klass):
        return None
    return memoised(evaluator, home.unit.module.calls[int(value.name)], home)


def _default_setter(unit: Unit, call: Call) -> bool:
    if call.use is not Use.PASSED or call.used_by is None:
        return False
    outer = unit.module.calls[call.used_by].callee
    return isinstance(outer, Ref) and bool(outer.path) and outer.path[-1] == "setdefault"


# -- guards ---------------------------------------------------------------------------------------------------------


def _guards(unit: Unit, call: Call) -> set[str]:
    """The names that decide whether the call runs.

    "*" stands for an exception handler around it: what was missing is made there.
    """
    names = {name for test in tests(unit, call) for name in asked(unit, test)}
    if any(block.kind is BlockKind.CATCH for _, block in unit.enclosing(call.block)):
        names.add("*")
    return names


def _noted(evaluator: Evaluator, call: Call, level: Frame, inner: Sequence[Frame]) -> bool:
    """Whether the body, or one that the call leads to (`inner`), writes down for later invocations, once the call is to
    run, what the body asked for before."""
    unit = level.unit
    conditions = tests(unit, call)
    if not conditions:
        return False
    return any(
        any(_is_asked(unit, test, each) for test in conditions)
        and _outlives(evaluator, unit, each.target, each.block, level)
        for each in writes(unit, unit.bodies[call.block])
    ) or any(
        any(each.name in asked(unit, test) for test in conditions)
        and _outlives(evaluator, unit, each.target, each.block, frame)
        for frame in inner
        if frame.unit is unit
        for each in writes(unit, frame.body)
    )


def _is_asked(unit: Unit, test: Test, write: Write) -> bool:
    """Whether a condition asks for what is written down once it holds."""
    is_after = write.start > test.since and (test.arm < 0 or _lies_in(unit, write, test.arm))
    return is_after and write.name in asked(unit, test)


def _lies_in(unit: Unit, write: Write, block: int) -> bool:
    return block in unit.module.enclosing(write.block)


def _outlives(evaluator: Evaluator, unit: Unit, target: Ref, block: int, level: Frame) -> bool:
    """Whether a place is still there on the next invocation."""
    if target.kind is RefKind.INSTANCE:
        is_shared = len(target.path) > 1 and _of_class(unit, int(target.name), target.path[0])
        return is_shared or _object_kept(evaluator, level) is True
    return (
        target.kind is not RefKind.NAME or not target.path or not is_own_name(unit, str(target.name), block, level.call)
    )


def _is_flag(evaluator: Evaluator, frame: Frame, name: str) -> bool:
    """Whether a name is one that some function of the module sets for later invocations."""
    for level in frame.chain():
        for binder in level.unit.names.get((0, name), ()):
            if isinstance(binder, Binding) and level.unit.bodies[binder.block] != 0:
                return True
    return False


# -- closing ----------------------------------------------------------------------------------------------


def _ends(unit: Unit, held: Value | None, names: set[str]) -> bool:
    """Whether `with` holds one of the names, itself or handed to a call (`closing(c)`), not a part or method of it."""
    if not isinstance(held, Ref):
        return False
    if held.kind is RefKind.CALL:
        return any(_is_name(each.value, names) for each in unit.module.calls[int(held.name)].arguments)
    return _is_name(held, names)


def _hands_over(value: Value, names: set[str], closers: frozenset[str]) -> bool:
    """Whether a value holds one of the names itself, or the method that closes it (`atexit.register(c.close)`)."""
    return any(
        ref.kind is RefKind.NAME and ref.name in names and (not ref.path or ref.path[-1] in closers)
        for ref in value.references()
    )


def _used_inside(unit: Unit, body: int, names: set[str]) -> bool:
    """Whether a function inside a body uses one of its names."""
    return any(
        unit.bodies[block] != body and body in unit.bodies_around(block) and _mentions(value, names)
        for value, block in unit.values()
    )


def _is_held(unit: Unit, call: Call) -> bool:
    """Whether `with` holds the result, itself or inside what it is passed to (`closing(connect())`)."""
    held = [block.subject for block in unit.module.blocks if block.kind is BlockKind.HELD and block.subject is not None]
    outer = unit.module.calls[call.used_by] if call.use is Use.PASSED and call.used_by is not None else call
    return any(_contains_call(subject, each) for subject in held for each in (call, outer))


def _is_name(value: Value, names: set[str]) -> bool:
    return isinstance(value, Ref) and value.kind is RefKind.NAME and not value.path and value.name in names


def _mentions(value: Value, names: set[str]) -> bool:
    return any(ref.kind is RefKind.NAME and ref.name in names for ref in value.references())


def bound_in_vain(unit: Unit, call: Call) -> bool:
    """Whether the result only goes into local names that nothing reads, or reads only to log them."""
    if call.use is not Use.BOUND:
        return False
    names = {
        name for name, binding in _names_of(unit, call) if unit.bodies[binding.scope] == unit.bodies[call.block] != 0
    }
    if not names or any(True for binding in _bindings_of(unit, call) if binding.target.path):
        return False
    body = unit.bodies[call.block]
    for value, block in unit.values():
        if body in unit.bodies_around(block) and _mentions(value, names) and not _contains_call(value, call):
            return False
    return True
