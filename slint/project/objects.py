"""Classes of the project and the objects made of them: their attributes, methods and properties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from slint.code.facts import Binding, Definition
from slint.knowledge.language import ALLOCATORS, CALLED_OBJECTS, CONSTRUCTORS, METACLASSES, SINGLETON, STATE
from slint.project.frames import Expr, Frame, definition_of, is_class, ref_of
from slint.project.unit import Unit, call_of, is_property
from slint.value import Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from slint.project.evaluate import Evaluator

_Class: TypeAlias = tuple[Unit, int]
"""A class: where it is written, and its body."""

_STEPS = 24
"""How far bases and attributes are followed from one question."""

_BINDINGS = 30
"""In so many places an attribute may be bound to be followed."""

_CONSTRUCTORS = 4
"""How many constructors that call each other are followed."""


class Objects:
    """The part of an evaluator that knows classes and their objects."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def class_of(self, expr: Expr) -> Expr | None:
        """The class of this project that an expression is an object of."""
        value = expr.value
        if not isinstance(value, Ref) or value.path:
            return None
        if value.kind is RefKind.INSTANCE:
            return Expr(Ref(value.span, RefKind.BLOCK, value.name), 0, expr.frame)
        if value.kind is RefKind.CALL:
            for callee in self._evaluator.callees(call_of(expr.frame.unit, value), expr.frame):
                if is_class(callee):
                    return callee
        return None

    def properties(self, expr: Expr, name: str) -> list[Expr]:
        """The methods that reading an attribute of an object of this project runs, each bound to the object."""
        found: list[Expr] = []
        for made in self._evaluator.follow(expr):
            klass = self.class_of(made)
            definition = self._method(klass, name, _STEPS, set()) if klass is not None else None
            if klass is not None and definition is not None and is_property(definition[1]):
                unit, method = definition
                value = Ref(method.span, RefKind.BLOCK, method.body)
                found.append(Expr(value, method.block, self._evaluator.module_frame(unit), made))
        return found

    def object_of(self, expr: Expr) -> Expr | None:
        """The object whose method runs where an expression is evaluated; None when it is not known which."""
        around: Frame | None = expr.frame
        while around is not None and around.receiver is None:
            around = around.closure
        return around.receiver if around is not None else None

    def instance(self, expr: Expr, ref: Ref, steps: int) -> list[Expr]:
        """What lies at a path below the object whose method runs."""
        known = self.object_of(expr)
        if known is not None:
            return self._evaluator.select([known], ref.path, ref, steps)
        if not ref.path:
            return [expr]
        made = Expr(Ref(ref.span, RefKind.INSTANCE, ref.name), expr.block, expr.frame)
        return self.attribute(made, Expr(Ref(ref.span, RefKind.BLOCK, ref.name), 0, expr.frame), ref, steps)

    def attribute(self, made: Expr, klass: Expr, ref: Ref, steps: int) -> list[Expr]:
        """What lies at a path below an object of a class of this project."""
        first = ref.path[0]
        if not isinstance(first, str):
            return [made.with_value(Unknown(ref.span, "an element of an object", (ref,)))]
        members = self.member(klass, first, made, steps - 1)
        if not members:
            return [made.with_value(Unknown(ref.span, f"no attribute {first} is written in the class", (ref,)))]
        return self._evaluator.select(members, ref.path[1:], ref, steps - 1)

    def member(self, klass: Expr, name: str, made: Expr | None, steps: int) -> list[Expr]:
        """An attribute of a class or of an object of it, its bases searched after it."""
        return self._member(klass, name, made, steps, set())

    def _member(self, klass: Expr, name: str, made: Expr | None, steps: int, seen: set[_Class]) -> list[Expr]:
        unit, body = klass.frame.unit, int(ref_of(klass).name)
        if steps <= 0 or (unit, body) in seen:
            return []
        seen.add((unit, body))
        found: list[Expr] = []
        bound = [
            each
            for each in unit.attributes.get(body, {}).get(name, ())
            if each.value is not None and len(each.target.path) == 1
        ]
        if len(bound) > _BINDINGS:
            span = bound[0].span
            return [Expr(Unknown(span, "bound in too many places"), body, self._evaluator.module_frame(unit))]
        for binding in bound:
            if binding.value is not None:
                frame = self.method_frame(unit, binding.block, made)
                found.extend(self._evaluator.follow(Expr(binding.value, binding.block, frame), steps - 1))
        for binder in unit.members.get(body, {}).get(name, ()):
            if isinstance(binder, Definition):
                method = Expr(Ref(binder.span, RefKind.BLOCK, binder.body), binder.block, klass.frame, made)
                if is_property(binder) and made is not None:
                    found.extend(
                        self._evaluator.results(self._evaluator.frame(unit, binder.body, receiver=made), steps - 1)
                    )
                else:
                    found.append(method)
            elif isinstance(binder, Binding) and binder.value is not None:
                found.extend(self._evaluator.follow(Expr(binder.value, binder.block, klass.frame), steps - 1))
        if found:
            return found
        definition = unit.definitions[body]
        for base in definition.bases:
            for parent in self._evaluator.follow(Expr(base, definition.block, klass.frame), steps - 1):
                if is_class(parent):
                    found.extend(self._member(parent, name, made, steps - 1, seen))
        return found

    def inherited(self, expr: Expr, ref: Ref, steps: int) -> list[Expr]:
        """What lies at a path below `super()`: looked up in the bases of the class whose method runs."""
        around: Frame | None = expr.frame
        while around is not None and around.receiver is None and around.closure is not None:
            around = around.closure
        definition = around.definition if around is not None else None
        klass = around.unit.definitions.get(definition.scope) if around is not None and definition is not None else None
        first = ref.path[0]
        if around is None or klass is None or not klass.is_class or not isinstance(first, str):
            return []
        made = around.receiver or Expr(Ref(ref.span, RefKind.INSTANCE, klass.body), expr.block, around)
        home = self._evaluator.module_frame(around.unit)
        for base in klass.bases:
            for parent in self._evaluator.follow(Expr(base, klass.block, home), steps - 1):
                members = self.member(parent, first, made, steps - 1) if is_class(parent) else []
                if members:
                    return self._evaluator.select(members, ref.path[1:], ref, steps - 1)
        return []

    def _method(self, klass: Expr, name: str, steps: int, seen: set[_Class]) -> tuple[Unit, Definition] | None:
        """A method as a class or one of its bases writes it; `seen` are the classes that do not."""
        unit, body = klass.frame.unit, int(ref_of(klass).name)
        if (unit, body) in seen:
            return None
        seen.add((unit, body))
        for binder in unit.members.get(body, {}).get(name, ()):
            if isinstance(binder, Definition):
                return unit, binder
        definition = unit.definitions[body]
        for base in definition.bases if steps > 0 else ():
            for parent in self._evaluator.follow(Expr(base, definition.block, klass.frame), steps - 1):
                found = self._method(parent, name, steps - 1, seen) if is_class(parent) else None
                if found is not None:
                    return found
        return None

    def may_be_old(self, klass: Expr) -> bool:
        """Whether the call of a class of this project may hand out an object, or its state, that was made before: the
        class does it itself, or one of its bases, its metaclass or a decorator."""
        waiting, seen = [klass], set[_Class]()
        while waiting:
            each = waiting.pop()
            unit, body = each.frame.unit, int(ref_of(each).name)
            if (unit, body) in seen or len(seen) == _STEPS:
                continue
            seen.add((unit, body))
            members, state = unit.members.get(body, {}), unit.attributes.get(body, {}).get(STATE, ())
            if not members.keys().isdisjoint(ALLOCATORS) or any(len(each.target.path) == 1 for each in state):
                return True
            definition = unit.definitions[body]
            bases = self._followed(definition.bases, definition.block, each.frame)
            decorators = self._followed(definition.decorators, definition.block, each.frame)
            names = [self._evaluator.dotted(found) or "" for found in (*bases, *decorators)]
            if any(definition_of(found) is not None for found in decorators):
                return True
            if any(SINGLETON in name.lower() for name in names):
                return True
            if any(name.endswith(METACLASSES) for name in names) and not members.keys().isdisjoint(CALLED_OBJECTS):
                return True
            waiting += filter(is_class, bases)
        return False

    def _followed(self, values: Iterable[Value], block: int, frame: Frame) -> list[Expr]:
        return [found for value in values for found in self._evaluator.follow(Expr(value, block, frame))]

    def method_frame(self, unit: Unit, block: int, made: Expr | None) -> Frame:
        """The frame of the method that binds an attribute; the constructor's arguments are known from its call."""
        body = unit.bodies[block]
        definition = unit.definitions.get(body)
        if made is not None and definition is not None and definition.name in CONSTRUCTORS:
            return self._constructor_frame(unit, body, made) or self._evaluator.frame(unit, body, receiver=made)
        return self._evaluator.frame(unit, body, receiver=made)

    def _constructor_frame(self, unit: Unit, body: int, made: Expr) -> Frame | None:
        """The frame of a constructor that runs when an object is made: its own, or one of a base that its own calls."""
        value = ref_of(made)
        klass = self.class_of(made)
        own = self._method(klass, unit.definitions[body].name, _STEPS, set()) if klass is not None else None
        if own is None or value.kind is not RefKind.CALL:
            return None
        call = call_of(made.frame.unit, value)
        frame = self._evaluator.frame(own[0], own[1].body, "call", call, made.frame, None, made)
        for _ in range(_CONSTRUCTORS):
            if (frame.unit, frame.body) == (unit, body):
                return frame
            entered = self._next_constructor(frame)
            if entered is None:
                return None
            frame = entered
        return None

    def _next_constructor(self, frame: Frame) -> Frame | None:
        """The constructor of a base that a constructor calls."""
        for index in frame.unit.calls_of.get(frame.body, ()):
            call = frame.unit.module.calls[index]
            if isinstance(call.callee, Ref) and call.callee.path[-1:] and call.callee.path[-1] in CONSTRUCTORS:
                for callee in self._evaluator.callees(call, frame):
                    entered = self._evaluator.enter(callee, call, frame) if callee.receiver is not None else None
                    if entered is not None:
                        return entered
        return None
