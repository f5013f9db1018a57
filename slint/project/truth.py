"""Whether a condition of Python code holds in a frame, as far as the files tell for certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Final

from slint.code.facts import Binding, Definition, Import
from slint.knowledge.clients import client
from slint.knowledge.language import CONSTRUCTORS, TRUTH_METHODS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame, is_function
from slint.project.unit import Binder, Formal, call_of
from slint.value import Choice, Literal, Operation, Ref, RefKind, Value

_DEPTH = 10
_BINDERS = 30
"""Of a name that is bound in more places it is not asked what it can be."""


class Truth:
    """Answers for one walk; `assigned` counts how often each attribute is bound in the code that is loaded."""

    def __init__(self, evaluator: Evaluator, assigned: Mapping[str, int]) -> None:
        self.evaluator: Final = evaluator
        self.assigned: Final = assigned
        self._closed: dict[tuple[Frame, int], bool] = {}
        self._left: dict[Frame, float] = {}

    def is_skipped(self, frame: Frame, block: int, start: int) -> bool:
        """Whether what stands at `start` in a block never runs in this frame: a condition around it does not hold, or
        an earlier branch, whose conditions hold, has left."""
        return frame.unit.family == "python" and (self.is_past(frame, start) or self.is_closed(frame, block))

    def is_past(self, frame: Frame, start: int) -> bool:
        """Whether the body has ended before it comes to a place."""
        if frame not in self._left:
            self._left[frame] = self._leaves(frame) if frame.unit.family == "python" else inf
        return start >= self._left[frame]

    def is_closed(self, frame: Frame, block: int) -> bool:
        """Whether a condition around a block does not hold."""
        if not frame.unit.conditions[block]:
            return False
        key = (frame, block)
        if key not in self._closed:
            self._closed[key] = any(
                self.holds(Expr(subject, asks, frame)) is False for subject, asks in frame.unit.conditions[block]
            )
        return self._closed[key]

    def _leaves(self, frame: Frame) -> float:
        """Where the body of a frame ends for certain."""
        for end, block in frame.unit.ends_of.get(frame.body, ()):
            if all(self.holds(Expr(subject, asks, frame)) is True for subject, asks in frame.unit.conditions[block]):
                return end
        return inf

    def holds(self, expr: Expr, depth: int = _DEPTH) -> bool | None:
        """Whether a condition holds; None when the files do not tell, or tell both."""
        if not self.evaluator.plans.may_be_told(expr.frame.unit, expr.value, expr.block):
            return None
        if isinstance(expr.value, Operation):
            return self._operation(expr, expr.value, depth - 1) if depth > 0 else None
        found = self._alternatives(expr, depth)
        return _agreed(_truth(value) for value in found) if found is not None else None

    def _operation(self, expr: Expr, operation: Operation, depth: int) -> bool | None:
        operands = [expr.with_value(operand) for operand in operation.operands]
        match operation.name, operands:
            case "not", [operand]:
                return _not(self.holds(operand, depth))
            case "and", _:
                return _all(self.holds(operand, depth) for operand in operands)
            case "or", _:
                return _not(_all(_not(self.holds(operand, depth)) for operand in operands))
            case (("==" | "is"), [left, right]):
                return self._same(left, right, depth)
            case (("!=" | "is-not"), [left, right]):
                return _not(self._same(left, right, depth))
        return None

    def _same(self, left: Expr, right: Expr, depth: int) -> bool | None:
        """Whether two operands are the same literal; a thing that is there is not None."""
        ones, others = self._alternatives(left, depth), self._alternatives(right, depth)
        if ones is None or others is None:
            return None
        return _agreed(_equal(one, other) for one in ones for other in others)

    # -- what a value can be -----------------------------------------------------------------------------------------

    def _alternatives(self, expr: Expr, depth: int) -> list[Value] | None:
        """All that a value can be: literals, and references to things that are there; None when there may be more."""
        value = expr.value
        if isinstance(value, Literal):
            return [value]
        if depth <= 0:
            return None
        if isinstance(value, Choice):
            return _union(self._alternatives(expr.with_value(option.value), depth - 1) for option in value.options)
        if not isinstance(value, Ref):
            return None
        if value.kind is RefKind.NAME and not value.path:
            bound = self.evaluator.binders(expr, value)
            if not 0 < len(bound) <= _BINDERS:
                return None
            return _union(self._bound(binder, home, depth - 1) for binder, home in bound)
        if value.kind is RefKind.INSTANCE and len(value.path) == 1:
            return self._attribute(expr, value, depth - 1)
        if self._is_thing(expr, value):
            return [value]
        return self._result(expr, value, depth - 1) if value.kind is RefKind.CALL and not value.path else None

    def _result(self, expr: Expr, ref: Ref, depth: int) -> list[Value] | None:
        """What a function of the project returns, if it does not end without."""
        call = call_of(expr.frame.unit, ref)
        callees = self.evaluator.callees(call, expr.frame)
        frame = self.evaluator.enter(callees[0], call, expr.frame) if len(callees) == 1 else None
        definition = frame.definition if frame is not None else None
        if frame is None or definition is None or definition.is_async or definition.is_generator:
            return None
        if expr.frame.runs(frame.unit, frame.body) or not is_function(callees[0]):
            return None
        exits = [each for each in frame.unit.exits_of.get(frame.body, ()) if each.kind == "return"]
        if all(each.block != frame.body for each in exits):
            return None
        return _union(
            self._alternatives(Expr(each.value, each.block, frame), depth) if each.value is not None else None
            for each in exits
        )

    def _bound(self, binder: Binder, home: Frame, depth: int) -> list[Value] | None:
        match binder:
            case Formal():
                given = self._given(binder, home)
                return self._alternatives(given, depth) if given is not None else None
            case Binding(how="=", value=Value() as value):
                return self._alternatives(Expr(value, binder.block, home), depth)
            case Definition():
                return [Ref(binder.span, RefKind.BLOCK, binder.body)]
            case Import(name=str()):
                found = self.evaluator.follow(Expr(Ref(binder.span, RefKind.NAME, binder.local), binder.block, home))
                return (
                    [each.value for each in found] if all(isinstance(each.value, Literal) for each in found) else None
                )
        return None

    def _given(self, formal: Formal, home: Frame) -> Expr | None:
        """What a call passes for a parameter, or its default."""
        if formal.parameter.kind in ("rest", "options"):
            return None
        return self.evaluator.arguments.passed(formal, home).value

    def _attribute(self, expr: Expr, ref: Ref, depth: int) -> list[Value] | None:
        """An attribute that only the constructor of its class binds."""
        unit, name = expr.frame.unit, str(ref.path[0])
        bound = unit.attributes.get(int(ref.name), {}).get(name, [])
        if len(bound) != 1 or self.assigned.get(name) != 1 or name in unit.members.get(int(ref.name), {}):
            return None
        (binding,) = bound
        definition = unit.definitions.get(unit.bodies[binding.block])
        made = self.evaluator.objects.object_of(expr)
        if binding.value is None or binding.how != "=" or definition is None or definition.name not in CONSTRUCTORS:
            return None
        frame = self.evaluator.objects.method_frame(unit, binding.block, made)
        return self._alternatives(Expr(binding.value, binding.block, frame), depth)

    def _is_thing(self, expr: Expr, ref: Ref) -> bool:
        """Whether it is something for certain: a function, a class, a client, an object of a class of the project."""
        if ref.path or ref.kind is RefKind.BLOCK:
            return not ref.path
        if ref.kind is not RefKind.CALL:
            return False
        klass = self.evaluator.objects.class_of(expr)
        if klass is not None and isinstance(klass.value, Ref):
            members = klass.frame.unit.members.get(int(klass.value.name), {})
            definition = klass.frame.unit.definitions[int(klass.value.name)]
            return not definition.bases and TRUTH_METHODS.isdisjoint(members)
        names = (
            self.evaluator.dotted(callee)
            for callee in self.evaluator.callees(call_of(expr.frame.unit, ref), expr.frame)
        )
        return all(name is not None and client(name, expr.frame.unit.family) is not None for name in names)


def _equal(one: Value, other: Value) -> bool | None:
    if isinstance(one, Literal) and isinstance(other, Literal) and type(one.value) is type(other.value):
        return one.value == other.value
    return False if _is_none(one) or _is_none(other) else None


def _truth(value: Value) -> bool:
    return bool(value.value) if isinstance(value, Literal) else True


def _is_none(value: Value) -> bool:
    return isinstance(value, Literal) and value.value is None


def _union(found: Iterable[list[Value] | None]) -> list[Value] | None:
    every: list[Value] = []
    for values in found:
        if values is None:
            return None
        every += values
    return every


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return False if False in found else None if None in found else True


def _agreed(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return found.pop() if len(found) == 1 else None
