"""Which code a function runs, in which phase, and by which chain of calls.

The walk starts at the module that holds the handler (INIT) and at the handler (INVOKE) and goes through calls,
references, decorators, classes and functions that are handed on. It is bounded in paths for each function and in all.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import Final

from slint.code.facts import Block, Call, Definition
from slint.knowledge.language import CALLED_OBJECTS, HELD_OBJECTS
from slint.knowledge.wrappers import EXTENDERS, PASSIVE_METHODS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame, definition_of, is_function
from slint.project.phase import Phase
from slint.project.plans import ObjectKey, Part, Plan, objects
from slint.project.truth import Truth
from slint.project.unit import Unit
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Items, Ref, RefKind

MAX_PATHS = 64
"""Chains of calls that are told apart for one body and phase."""
_MAX_FRAMES = 4000
_MAX_CALLS = 10_000
_MAX_DEPTH = 30
_TABLES = 3
"""How many tables in each other are looked into for functions."""


class Reached(NamedTuple):
    """A call as it runs: in a frame, in a phase."""

    call: Call
    frame: Frame
    phase: Phase


class Reach:
    """All that a function runs; `bounded` when the walk had to stop early."""

    def __init__(self) -> None:
        self.calls: Final[list[Reached]] = []
        self.frames: Final[list[tuple[Frame, Phase]]] = []
        self.bounded = False

    def units(self) -> Iterator[Unit]:
        """The modules that are loaded, each once, the handler's own first."""
        seen: set[str] = set()
        for frame, _ in self.frames:
            if frame.unit.path not in seen:
                seen.add(frame.unit.path)
                yield frame.unit


class Walk:
    """One walk; its state is the work left and what has been registered where."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.reach = Reach()
        self._queue: deque[tuple[Frame, Phase]] = deque()
        self._paths: Counter[tuple[str, int, Phase]] = Counter()
        self._loaded: set[str] = set()
        self._registered: defaultdict[ObjectKey, list[Expr]] = defaultdict(list)
        self._linked: defaultdict[ObjectKey, list[ObjectKey]] = defaultdict(list)
        self._touched: set[ObjectKey] = set()
        # The calls of each body that are done for all its frames.
        self._settled: defaultdict[tuple[Unit, int, Phase], set[int]] = defaultdict(set)
        self._properties: set[str] = set()
        self._assigned: Counter[str] = Counter()
        self._truth = Truth(evaluator, self._assigned)

    def load(self, unit: Unit) -> None:
        """Run a module's own body once, at INIT."""
        self._import(unit)
        self._drain()

    def start(self, entry: Expr, span: Span) -> None:
        """Run what the handler's name stands for, at INVOKE."""
        self._invoke(entry, entry.frame, None, "event", Phase.INVOKE, span)
        self._touch(entry, entry.frame)
        self._drain()

    def _note_loaded(self, unit: Unit) -> None:
        self._loaded.add(unit.path)
        self._properties |= unit.properties
        self._assigned.update(unit.assigned)

    # -- the walk -------------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        while self._queue:
            if len(self.reach.frames) >= _MAX_FRAMES or len(self.reach.calls) >= _MAX_CALLS:
                self.reach.bounded = True
                return
            self._run(*self._queue.popleft())

    def _run(self, frame: Frame, phase: Phase) -> None:
        self.reach.frames.append((frame, phase))
        unit, body = frame.unit, frame.body
        for imported in self.evaluator.imports.loads(unit, body):
            self._import(imported)
        for definition in self.evaluator.plans.decorated(unit, body):
            self._define(definition, frame, phase)
        settled = self._settled[unit, body, phase]
        for plan in self.evaluator.plans.of_body(unit, body):
            if not self._truth.is_past(frame, plan.call.span.start) and not (
                plan.is_conditional and self._truth.is_closed(frame, plan.call.block)
            ):
                self.reach.calls.append(Reached(plan.call, frame, phase))
                if plan.number not in settled:
                    self._call(plan, frame, phase)
                if plan.is_settled:
                    settled.add(plan.number)
        self._attributes(frame, phase)
        for block in unit.held_of.get(body, ()):
            self._hold(block, frame, phase)
        if phase is Phase.INVOKE:
            self._touch_subjects(frame)

    def _import(self, unit: Unit) -> None:
        if unit.path not in self._loaded:
            self._note_loaded(unit)
            self._queue.append((self.evaluator.module_frame(unit), Phase.INIT))

    def _define(self, definition: Definition, frame: Frame, phase: Phase) -> None:
        """A decorator that is a method of an object registers the function with that object."""
        made = Expr(Ref(definition.span, RefKind.BLOCK, definition.body), definition.block, frame)
        for decorator in definition.decorators:
            given = Expr(decorator, definition.block, frame)
            if not definition.is_class:
                self._register(given, made)
            for each in self._functions(given):
                self._invoke(each, frame, None, "", phase, decorator.span)

    def _register(self, decorator: Expr, made: Expr) -> None:
        value = decorator.value
        if isinstance(value, Ref) and value.kind is RefKind.CALL:
            value = decorator.frame.unit.module.calls[int(value.name)].callee
        if not isinstance(value, Ref) or not value.path:
            return
        if value.path[-1] in PASSIVE_METHODS:
            return
        receiver = decorator.with_value(value.with_path(*value.path[:-1]))
        for key in self._objects(receiver):
            self._registered[key].append(made)
            self._fire(key)

    def _call(self, plan: Plan, frame: Frame, phase: Phase) -> None:
        call, callees = plan.call, plan.callees
        if callees is None:
            callees = tuple(filter(self.evaluator.plans.is_code, self.evaluator.callees(call, frame)))
        for callee in callees:
            self._invoke(callee, frame, call, "call", phase, call.span)
        if not callees and (plan.receiver is not None or plan.parts):
            self._hand_on(plan, frame, phase)

    def _attributes(self, frame: Frame, phase: Phase) -> None:
        """Methods that read like attributes run where they are read."""
        for read in frame.unit.attribute_reads_of.get(frame.body, ()) if self._properties else ():
            span = read.owner.span
            if read.name in self._properties and self._runs(frame, read.block, span.start):
                for method in self.evaluator.objects.properties(Expr(read.owner, read.block, frame), read.name):
                    self._push_method(method, frame, span, phase)

    def _hold(self, block: Block, frame: Frame, phase: Phase) -> None:
        """`with` runs two methods of what it holds."""
        held = block.subject
        if isinstance(held, Ref) and self._runs(frame, block.parent, held.span.start):
            for name in HELD_OBJECTS:
                method = held.with_path(*held.path, name)
                for each in self.evaluator.follow(Expr(method, block.parent, frame)):
                    if is_function(each):
                        self._push_method(each, frame, held.span, phase)

    def _runs(self, frame: Frame, block: int, start: int) -> bool:
        return not frame.unit.never_runs(block) and not self._truth.is_skipped(frame, block, start)

    def _push_method(self, method: Expr, caller: Frame, entry: Span, phase: Phase) -> None:
        unit, body = method.frame.unit, _body(method)
        if not caller.runs(unit, body):
            self._push(self.evaluator.frame(unit, body, "", None, caller, None, method.receiver, entry), phase)

    def _hand_on(self, plan: Plan, frame: Frame, phase: Phase) -> None:
        """A call outside the project: functions handed to it run, at INIT when something touches the object they
        were registered with, at INVOKE at once."""
        call, made = plan.call, (frame.unit.path, plan.number)
        receivers = self._objects_of(plan.receiver, call, frame) if plan.receiver is not None else ()
        for part in plan.parts:
            given = Expr(part.value, call.block, frame)
            if phase is Phase.INVOKE:
                for value in self._functions(given) if part.objects is None else ():
                    self._invoke(value, frame, call, "passed", phase, call.span)
            elif plan.receiver is not None and self._extends(call, frame):
                # What it registers in turn, it registers with the same object.
                owner = Expr(plan.receiver.value, call.block, frame)
                for value in self._functions(given) if part.objects is None else ():
                    self._invoke(value._replace(bound=(owner,)), frame, None, "", phase, call.span)
            else:
                for value in self._answering(given, bool(receivers)) if part.objects is None else ():
                    for key in (*receivers, made):
                        self._registered[key].append(value)
                        self._fire(key)
            for inner in self._objects_of(part, call, frame):
                if phase is Phase.INVOKE:
                    self._touch_key(inner)
                else:
                    for key in (*receivers, made):
                        self._link(key, inner)
        for key in receivers:
            if phase is Phase.INVOKE:
                self._touch_key(key)
            else:
                self._link(made, key)

    def _extends(self, call: Call, frame: Frame) -> bool:
        """Whether a call hands over functions that run once, when an application starts, and are given that."""
        return any(self.evaluator.dotted(callee) in EXTENDERS for callee in self.evaluator.callees(call, frame))

    def _objects_of(self, part: Part, call: Call, frame: Frame) -> Sequence[ObjectKey]:
        return part.objects if part.objects is not None else self._objects(Expr(part.value, call.block, frame))

    def _invoke(self, target: Expr, caller: Frame, call: Call | None, role: str, phase: Phase, entry: Span) -> None:
        """Put the body that a target stands for on the list of work."""
        if definition_of(target) is not None:
            entered = self._frame(target, caller, call, role, entry)
            if entered is not None:
                self._push(entered, phase)
                self._wrappers(target, entered, phase)
            return
        klass = self.evaluator.objects.class_of(target)
        if klass is not None:
            for name in CALLED_OBJECTS:
                value = target.value
                assert isinstance(value, Ref)
                method = target.with_value(value.with_path(name))
                for each in self.evaluator.follow(method):
                    if is_function(each):
                        self._invoke(each, caller, call, role, phase, entry)
            return
        self._wrapped(target, phase, entry)

    def _wrapped(self, target: Expr, phase: Phase, entry: Span) -> None:
        """The result of a call outside the project, `wrap(fn)` or `Adapter(app)`: what was given to it runs."""
        made = self.evaluator.root_call(target)
        if made is None:
            return
        call, frame = made
        for argument in call.arguments:
            for value in self._tabled(Expr(argument.value, call.block, frame)):
                self._invoke(value, frame, None, "event", phase, call.span)

    def _frame(self, target: Expr, caller: Frame, call: Call | None, role: str, entry: Span) -> Frame | None:
        if call is not None:
            entered = self.evaluator.enter(target, call, caller, role)
            return entered if entered is not None and not caller.runs(entered.unit, entered.body) else None
        if not is_function(target):
            return None
        value = target.value
        assert isinstance(value, Ref)
        closure = target.frame if target.frame.body else None
        return self.evaluator.frame(
            target.frame.unit,
            int(value.name),
            role,
            None,
            None,
            closure,
            target.receiver,
            entry,
            target.bound,
            target.named,
        )

    def _push(self, frame: Frame, phase: Phase) -> None:
        key = (frame.unit.path, frame.body, phase)
        if frame.depth > _MAX_DEPTH or self._paths[key] >= MAX_PATHS:
            self.reach.bounded = True
            return
        self._paths[key] += 1
        self._queue.append((frame, phase))

    def _wrappers(self, target: Expr, entered: Frame, phase: Phase) -> None:
        """A function decorated by one of this project runs inside what the decorator returns."""
        definition = entered.definition
        if definition is None:
            return
        outside = entered.closure or self.evaluator.module_frame(entered.unit)
        for decorator in definition.decorators:
            for each in self.evaluator.follow(Expr(decorator, definition.block, outside)):
                if not is_function(each):
                    continue
                value = each.value
                assert isinstance(value, Ref)
                outer = self.evaluator.frame(
                    each.frame.unit, int(value.name), closure=each.frame if each.frame.body else None
                )
                for inner in self._returned(outer):
                    if not entered.runs(inner.frame.unit, _body(inner)):
                        wrapper = self.evaluator.frame(
                            inner.frame.unit, _body(inner), "passed", None, entered.caller, outer, None, entered.entry
                        )
                        self._push(wrapper, phase)

    def _returned(self, frame: Frame) -> Iterator[Expr]:
        for each in frame.unit.exits_of.get(frame.body, []):
            if each.kind == "return" and each.value is not None:
                yield from (
                    found for found in self.evaluator.follow(Expr(each.value, each.block, frame)) if is_function(found)
                )

    # -- objects that functions are registered with ----------------------------------------------------------------

    def _functions(self, given: Expr) -> list[Expr]:
        value = given.value
        if not isinstance(value, Ref) or value.kind not in (
            RefKind.NAME,
            RefKind.BLOCK,
            RefKind.INSTANCE,
            RefKind.CALL,
        ):
            return []
        return [found for found in self.evaluator.follow(given) if is_function(found)]

    def _answering(self, given: Expr, is_method: bool) -> Iterator[Expr]:
        """The functions among what a call is given, as it may call them on each invocation.

        One that takes nothing, as a request, may run once, when what is made of it is first used: `Lazy(lambda: connect())`.
        A method may register it for requests; they are not given a `lambda` in Python.
        """
        for each in self._functions(given):
            definition = definition_of(each)
            is_lambda = given.frame.unit.family == "python" and definition is not None and not definition.name
            if definition is None or definition.parameters or (is_method and not is_lambda):
                yield each
        yield from self._in_tables(given, _TABLES)

    def _tabled(self, given: Expr, levels: int = _TABLES) -> Iterator[Expr]:
        """The functions that an expression is, or that stand in a table that it is: the resolvers of a GraphQL server."""
        yield from self._functions(given)
        yield from self._in_tables(given, levels)

    def _in_tables(self, given: Expr, levels: int) -> Iterator[Expr]:
        if levels > 0 and isinstance(given.value, (Ref, Items)):
            for found in self.evaluator.follow(given):
                if isinstance(found.value, Items):
                    for entry in found.value.entries:
                        yield from self._tabled(found.with_value(entry.value), levels - 1)

    def _objects(self, given: Expr) -> list[ObjectKey]:
        """The objects, made by calls, that an expression or what it is a method of can be."""
        value = given.value
        if not isinstance(value, Ref) or value.kind not in (RefKind.NAME, RefKind.INSTANCE, RefKind.CALL):
            return []
        return objects(self.evaluator.follow(given))

    def _touch(self, entry: Expr, frame: Frame) -> None:
        for key in self._objects(entry):
            self._touch_key(key)

    def _touch_subjects(self, frame: Frame) -> None:
        """A method that the handler's name stands for is a method of an object (`handler = app.resolve`)."""
        if frame.receiver is not None:
            self._touch(frame.receiver, frame)

    def _touch_key(self, key: ObjectKey) -> None:
        if key in self._touched:
            return
        self._touched.add(key)
        self._fire(key)
        for inner in self._linked.get(key, ()):
            self._touch_key(inner)

    def _link(self, outer: ObjectKey, inner: ObjectKey) -> None:
        if outer != inner and inner not in self._linked[outer]:
            self._linked[outer].append(inner)
            if outer in self._touched:
                self._touch_key(inner)

    def _fire(self, key: ObjectKey) -> None:
        """Run, on every invocation, what is registered with an object that an invocation touches."""
        if key not in self._touched:
            return
        waiting = self._registered.pop(key, [])
        for target in waiting:
            definition = target.frame.unit.definitions.get(_body(target))
            self._invoke(
                target, target.frame, None, "event", Phase.INVOKE, definition.span if definition else target.value.span
            )


def _body(expr: Expr) -> int:
    assert isinstance(expr.value, Ref)
    return int(expr.value.name)
