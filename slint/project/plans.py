"""What a call does whichever chain of calls leads to it: found out once for each call, not for each frame that makes it.

A value is fixed when it is made of what its module binds, of the language and of local names that are fixed: it depends on
no parameter and on no object whose method runs. It is followed in a frame of its body that nothing entered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from slint.code.facts import Argument, Binding, Call, Definition, Import
from slint.knowledge.calls import effect
from slint.knowledge.clients import client
from slint.knowledge.cloud import SERVICE_ARGUMENT
from slint.knowledge.language import PARTIAL, PASSIVE_FUNCTIONS, SUPER
from slint.project.frames import Expr, definition_of
from slint.project.unit import Unit, call_of
from slint.record import NamedTuple
from slint.value import Choice, Items, Joined, Literal, Operation, Ref, RefKind, Value

if TYPE_CHECKING:
    from slint.project.evaluate import Evaluator

ObjectKey: TypeAlias = tuple[str, int]
"""An object that outlives a call, known by the call that made it: path of its module and index of the call."""


class Part(NamedTuple):
    """Something that a call is given, or whose method it is. `objects` are those that it can be, and it is no function;
    None where each frame has to be asked."""

    value: Value
    objects: tuple[ObjectKey, ...] | None


class Plan(NamedTuple):
    """What is left to be found out about a call, the one of this `number` in its module, in each frame that makes it.

    `is_conditional` when a frame may tell that it is not made. `callees` are the functions and classes of this project that
    it calls, None where each frame has to be asked; `receiver` and `parts`, what it is a method of and what it is given,
    leave out what is neither function nor object. With `is_settled`, nothing is left: all frames do the same. `names` are
    the dotted names of what is called outside the project, None where each frame has to be asked. With `is_silent`, it
    makes no client and has no effect that is known.
    """

    call: Call
    number: int
    is_conditional: bool
    callees: tuple[Expr, ...] | None
    receiver: Part | None
    parts: tuple[Part, ...]
    is_settled: bool
    names: tuple[str, ...] | None
    is_silent: bool


class Plans:
    """The part of an evaluator that knows what is fixed."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._of_bodies: dict[tuple[Unit, int], tuple[Plan, ...]] = {}
        self._decorated: dict[tuple[Unit, int], tuple[Definition, ...]] = {}
        self._plans: dict[tuple[Unit, int], Plan] = {}
        self._fixed: dict[tuple[Unit, Ref, int], bool] = {}
        self._told: dict[tuple[Unit, Ref, int], bool] = {}

    def of_body(self, unit: Unit, body: int) -> tuple[Plan, ...]:
        """The plans of the calls that a body may make, in the order written."""
        key = (unit, body)
        if key not in self._of_bodies:
            calls = unit.calls_of.get(body, ())
            run = (index for index in calls if not unit.never_runs(unit.module.calls[index].block))
            self._of_bodies[key] = tuple(self.of(unit, index) for index in run)
        return self._of_bodies[key]

    def decorated(self, unit: Unit, body: int) -> tuple[Definition, ...]:
        """The definitions in a body of which a decorator may be a function of this project, or a method of an object."""
        key = (unit, body)
        if key not in self._decorated:
            frame = self._evaluator.frame(unit, body)
            self._decorated[key] = tuple(
                each
                for each in unit.decorated_of.get(body, ())
                if any(
                    self._part(Expr(value, each.block, frame)).objects != ()
                    for decorator in each.decorators
                    for value in (decorator, _owner(decorator))
                )
            )
        return self._decorated[key]

    def of(self, unit: Unit, index: int) -> Plan:
        """The plan of one of a module's calls."""
        key = (unit, index)
        if key not in self._plans:
            self._plans[key] = self._plan(unit, index)
        return self._plans[key]

    def _plan(self, unit: Unit, index: int) -> Plan:
        call = unit.module.calls[index]
        frame = self._evaluator.frame(unit, unit.bodies[call.block])
        found = self._found(unit, call)
        callees = tuple(each for each in found if self.is_code(each)) if found is not None else None
        names = [self._evaluator.dotted(each) for each in found or ()] if callees == () else None
        is_passive = names is not None and PASSIVE_FUNCTIONS.issuperset(names)
        given = (part for argument in call.arguments if argument.name or not is_passive for part in _parts(argument))
        receiver, *parts = (self._part(Expr(value, call.block, frame)) for value in (_owner(call.callee), *given))
        parts = [part for part in parts if part.objects != ()]
        return Plan(
            call,
            index,
            unit.family == "python"
            and any(self.may_be_told(unit, subject, asks) for subject, asks in unit.conditions[call.block]),
            callees if callees is not None and all(map(_is_of_module, callees)) else None,
            receiver if receiver.objects != () else None,
            tuple(parts),
            callees == () and all(part.objects is not None for part in (receiver, *parts)),
            tuple(dict.fromkeys(name for name in names if name is not None)) if names is not None else None,
            found is not None and self._are_silent(found, unit.family),
        )

    def _found(self, unit: Unit, call: Call) -> list[Expr] | None:
        """What a call calls in all frames, None where they differ."""
        if not self.is_fixed(unit, call.callee, call.block):
            return None
        return self._evaluator.callees(call, self._evaluator.frame(unit, unit.bodies[call.block]))

    def _are_outside(self, callees: list[Expr]) -> bool:
        """Whether calls of these give something from outside the project, whatever they are given."""
        names = [self._evaluator.dotted(callee) for callee in callees]
        return None not in names and PARTIAL.isdisjoint(names)

    def _are_silent(self, callees: list[Expr], family: str) -> bool:
        return not any(map(self.is_code, callees)) and all(
            _is_silent(self._evaluator.dotted(callee), family) for callee in callees
        )

    def is_code(self, callee: Expr) -> bool:
        """Whether it is a function, a class or an object of this project."""
        return definition_of(callee) is not None or self._evaluator.objects.class_of(callee) is not None

    def _part(self, given: Expr) -> Part:
        value = given.value
        if isinstance(value, Items):
            parts = [self._part(given.with_value(child)) for child in value.children()]
            return Part(value, () if all(part.objects == () for part in parts) else None)
        if not isinstance(value, Ref):
            return Part(value, ())
        if not self.is_fixed(given.frame.unit, value, given.block):
            return Part(value, None)
        found = self._evaluator.follow(given)
        is_plain = all(definition_of(each) is None and not isinstance(each.value, Items) for each in found)
        return Part(value, tuple(objects(found)) if is_plain else None)

    def is_fixed(self, unit: Unit, value: Value, block: int) -> bool:
        """Whether a value stands for the same in all frames of its body."""
        if not isinstance(value, Ref):
            return all(self.is_fixed(unit, child, block) for child in value.children())
        key = (unit, value, block)
        if key not in self._fixed:
            self._fixed[key] = False  # a name that is bound to something made of itself
            self._fixed[key] = self._is_fixed(unit, value, block)
        return self._fixed[key]

    def _is_fixed(self, unit: Unit, ref: Ref, block: int) -> bool:
        match ref.kind:
            case RefKind.NAME:
                found = unit.lookup(str(ref.name), block)
                if found is None or unit.bodies[found[0]] == 0:
                    return ref.name != SUPER
                return all(
                    isinstance(binder, Import)
                    or (
                        isinstance(binder, Binding)
                        and (binder.value is None or self.is_fixed(unit, binder.value, binder.block))
                    )
                    for binder in found[1]
                )
            case RefKind.CALL:
                call = call_of(unit, ref)
                callees = self._found(unit, call)
                return callees is not None and (
                    self._are_outside(callees)
                    or all(self.is_fixed(unit, each.value, call.block) for each in call.arguments)
                )
            case RefKind.BLOCK:
                return unit.bodies[unit.module.blocks[int(ref.name)].parent] == 0
        return ref.kind is not RefKind.INSTANCE

    def may_be_told(self, unit: Unit, value: Value, block: int) -> bool:
        """Whether any frame can tell what a condition, or a part of one, is: of most nobody can. See Truth.holds."""
        if not isinstance(value, Ref):
            return self._may_be_told(unit, value, block)
        key = (unit, value, block)
        if key not in self._told:
            self._told[key] = False  # what is made of itself is not told
            self._told[key] = self._may_be_told(unit, value, block)
        return self._told[key]

    def _may_be_told(self, unit: Unit, value: Value, block: int) -> bool:
        match value:
            case Literal():
                return True
            case Operation(name="not" | "and" | "or", operands=operands):
                return any(self.may_be_told(unit, each, block) for each in operands)
            case Operation(name="==" | "!=" | "is" | "is-not", operands=operands):
                return all(self.may_be_told(unit, each, block) for each in operands)
            case Choice(options=options):
                return all(self.may_be_told(unit, each.value, block) for each in options)
            case Ref(kind=RefKind.NAME, path=()):
                frame = self._evaluator.frame(unit, unit.bodies[block])
                binders = [binder for binder, _ in self._evaluator.binders(Expr(value, block, frame), value)]
                return all(
                    not isinstance(each, Binding)
                    or (each.how == "=" and each.value is not None and self.may_be_told(unit, each.value, each.block))
                    for each in binders
                )
            case Ref(kind=RefKind.CALL, path=(), name=index):
                call = unit.module.calls[int(index)]
                found = self._found(unit, call)
                return found is None or not self._are_silent(found, unit.family)
            case Ref(kind=RefKind.BLOCK | RefKind.INSTANCE):
                return True
        return False


def _owner(callee: Value) -> Value:
    """What a callee is a method of, or the callee itself."""
    return callee.with_path(*callee.path[:-1]) if isinstance(callee, Ref) else callee


def _parts(argument: Argument) -> tuple[Value, ...]:
    """An argument and, for a table or a choice, its members; a function that becomes part of a text does not run."""
    value = argument.value
    return () if isinstance(value, Joined) else (value, *value.children())


def _is_of_module(expr: Expr) -> bool:
    """Whether an expression lies in the frame of a module, of which there is one."""
    return (
        expr.frame.body == 0
        and not (expr.bound or expr.named)
        and (expr.receiver is None or _is_of_module(expr.receiver))
    )


def _is_silent(name: str | None, family: str) -> bool:
    """Whether the call of something outside the project makes no client and has no effect, whatever it is given."""
    if name is None or family != "python":
        return False
    parts = name.split("()")
    is_sdk = any("()".join(parts[:count]) in SERVICE_ARGUMENT for count in range(1, len(parts)))
    return not is_sdk and client(name, family) is None and effect(name, family) is None


def objects(found: list[Expr]) -> list[ObjectKey]:
    """The objects, made by calls, that something or what it is a method of can be."""
    return [
        (each.frame.unit.path, int(each.value.name))
        for each in found
        if isinstance(each.value, Ref) and each.value.kind is RefKind.CALL
    ]
