"""What the parameters of a function get: from the call that enters it, or from one that it is handed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from slint.code.facts import Argument, Binding, Call, argument_of, has_spread
from slint.knowledge.language import HANDS_ON, METHODS_THAT_HAND_ON, PARTIAL, HandsOn
from slint.project.frames import Expr, Frame, Handed, Named, is_function, ref_of
from slint.project.unit import Formal, Unit
from slint.record import NamedTuple
from slint.value import Entry, Items, Literal, Ref, RefKind, Value

if TYPE_CHECKING:
    from slint.project.evaluate import Evaluator

_STEPS = 24
"""How far a spread is followed from one question."""


class Passed(NamedTuple):
    """What a parameter gets. With `is_known` and without a value, it certainly gets nothing."""

    value: Expr | None
    is_known: bool


_NOT_KNOWN = Passed(None, False)


class _Spread(NamedTuple):
    """The members of a spread list or mapping and where they are evaluated; `is_whole` when it never gets others."""

    entries: tuple[Entry, ...]
    place: Expr
    is_whole: bool

    def passed(self, entry: Entry) -> Passed:
        """One of its members, unless it is a gap that may be filled later."""
        is_gap = isinstance(entry.value, Literal) and entry.value.value is None
        return Passed(self.place.with_value(entry.value), True) if self.is_whole or not is_gap else _NOT_KNOWN


class Arguments:
    """The part of an evaluator that knows what functions are given."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._uses: dict[Unit, dict[str, list[tuple[Ref, int]]]] = {}

    def passed(self, formal: Formal, home: Frame, steps: int = _STEPS) -> Passed:
        """What a frame has for a parameter that gets one thing: an argument, or its default."""
        parameter, handed = formal.parameter, home.handed
        is_positional = parameter.kind == "positional"
        if is_positional and formal.position < len(home.bound):
            return Passed(home.bound[formal.position], True)
        found: Passed | None = None
        shift = len(home.bound) if all(each.name != "*" for each in home.named) else None
        if handed is not None and home.call is not None and home.caller is not None:
            position = formal.position - shift - handed.elements if is_positional and shift is not None else None
            if position is not None and position < 0:
                return _NOT_KNOWN
            given = argument_of(handed.arguments, parameter.name, position)
            if given is not None:
                return Passed(Expr(given, home.call.block, home.caller), True)
            if has_spread(handed.arguments):
                found = self._found(parameter.name, position, _placed(handed.arguments, home.call, home.caller), steps)
        if found is None and home.named:
            found = self._found(parameter.name, None, home.named, steps)
        if found is not None or handed is None or (is_positional and shift is None):
            return found or _NOT_KNOWN
        if parameter.default is None:
            return Passed(None, True)
        outside = home.closure or self._evaluator.module_frame(home.unit)
        return Passed(Expr(parameter.default, formal.definition.block, outside), True)

    def collected(self, formal: Formal, home: Frame, ref: Ref) -> Expr | None:
        """What a frame has for a parameter that collects the arguments which no other one gets."""
        call, caller, handed = home.call, home.caller, home.handed
        if handed is None or handed.elements or call is None or caller is None or home.named:
            return None
        return Expr(_left_over(formal, handed.arguments, len(home.bound), ref), call.block, caller)

    def handed(self, function: Expr, call: Call, frame: Frame) -> tuple[Expr, Handed | None]:
        """A function that a call outside the project is given, bound to what the call binds it to, and what the call
        passes to it, None when that is not known."""
        names = [self._evaluator.dotted(callee) for callee in self._evaluator.callees(call, frame)]
        if not PARTIAL.isdisjoint(names):
            is_it = self._is_given(function, argument_of(call.arguments, None, 0), call, frame)
            return (bind(function, call, frame) if is_it else function), None
        how = next((HANDS_ON[name] for name in names if name in HANDS_ON), None)
        if how is None and isinstance(call.callee, Ref) and call.callee.path:
            how = METHODS_THAT_HAND_ON[frame.unit.family].get(str(call.callee.path[-1]))
        if how is None or not self._is_given(function, argument_of(call.arguments, *how.function), call, frame):
            return function, None
        return function, _handed(call, how)

    def _is_given(self, function: Expr, given: Value | None, call: Call, frame: Frame) -> bool:
        """Whether a function is what an argument stands for."""
        found = self._evaluator.follow(Expr(given, call.block, frame)) if given is not None else ()
        return any(
            is_function(each) and each.frame.unit is function.frame.unit and ref_of(each).name == ref_of(function).name
            for each in found
        )

    # -- spreads --------------------------------------------------------------------------------------------------

    def _found(self, name: str, position: int | None, given: Iterable[Named], steps: int) -> Passed | None:
        """What a parameter gets from arguments of which some are spread; None when it is certainly not among them."""
        before = 0
        are_known = True
        for each in given:
            if each.name == name:
                return Passed(each.value, True)
            if each.name == "":
                if before == position:
                    return Passed(each.value, True)
                before += 1
            elif each.name in ("*", "**"):
                spread = self._spread(each.value, each.name == "*", steps)
                if spread is not None and each.name == "**":
                    named = [entry for entry in spread.entries if entry.key is not None and entry.key.string == name]
                    if named:
                        return spread.passed(named[-1])
                elif spread is not None:
                    if position is not None and before <= position < before + len(spread.entries):
                        return spread.passed(spread.entries[position - before])
                    before += len(spread.entries)
                if spread is None or not spread.is_whole:
                    are_known = False
                    position = None if each.name == "*" else position
        return None if are_known else _NOT_KNOWN

    def _spread(self, expr: Expr, is_list: bool, steps: int) -> _Spread | None:
        """What a spread argument holds, where it is one list or mapping that is written out."""
        found = self._evaluator.follow(expr, steps - 1)
        items = found[0].value if len(found) == 1 else None
        if not isinstance(items, Items) or items.open or items.is_list is not is_list:
            return None
        if not is_list and any(entry.key is None or entry.key.string is None for entry in items.entries):
            return None
        return _Spread(items.entries, found[0], self._is_whole(expr))

    def _is_whole(self, expr: Expr) -> bool:
        """Whether nothing is put into a list or mapping: it is written in place, or has a name only to be spread."""
        ref, unit = expr.value, expr.frame.unit
        if isinstance(ref, Items):
            return True
        if not isinstance(ref, Ref) or ref.kind is not RefKind.NAME or ref.path:
            return False
        found = unit.lookup(str(ref.name), expr.block)
        if found is None or len(found[1]) != 1:
            return False
        scope, (binder,) = found
        if isinstance(binder, Formal):
            if binder.parameter.kind not in ("rest", "options"):
                return False
        elif not isinstance(binder, Binding) or not isinstance(binder.value, Items):
            return False
        if unit not in self._uses:
            self._uses[unit] = _uses(unit)
        return not any(
            used is not ref and (unit.lookup(str(ref.name), block) or (-1,))[0] == scope
            for used, block in self._uses[unit].get(str(ref.name), ())
        )


def _uses(unit: Unit) -> dict[str, list[tuple[Ref, int]]]:
    """Where each name is used other than to be spread, with the block."""
    spread = {id(each.value) for call in unit.module.calls for each in call.arguments if each.name in ("*", "**")}
    values = [(value, block) for value, block in unit.values() if id(value) not in spread]
    values += [(each.target, each.block) for each in unit.module.bindings if each.target.path]
    found: dict[str, list[tuple[Ref, int]]] = defaultdict(list)
    for value, block in values:
        for ref in value.references():
            if ref.kind is RefKind.NAME:
                found[str(ref.name)].append((ref, block))
    return found


def _handed(call: Call, how: HandsOn) -> Handed | None:
    """What a call passes on by a convention, None when a spread hides it."""
    if how.counted:
        return Handed((), how.counted)
    positional = tuple(each for each in call.arguments if each.name in (None, "*"))
    if how.first is not None and not has_spread(positional[: how.first]):
        named = tuple(each for each in call.arguments if each.name not in (None, "*"))
        return Handed(positional[how.first :] + named)
    if has_spread(call.arguments):
        return None
    if how.elements:
        return Handed((), len(positional) - 1)
    packed = (("*", how.args), ("**", how.kwargs))
    given = ((name, argument_of(call.arguments, *place)) for name, place in packed if place is not None)
    return Handed(tuple(Argument(name, value) for name, value in given if value is not None))


def bind(function: Expr, call: Call, frame: Frame) -> Expr:
    """A function with the arguments that a call gives it before it is called: those after the first, which is the function
    or its object."""
    spread = next((index for index, each in enumerate(call.arguments) if each.name == "*"), len(call.arguments))
    bound = [Expr(each.value, call.block, frame) for each in call.arguments[:spread] if each.name is None]
    named = [each for each in _placed(call.arguments, call, frame) if each.name]
    return function._replace(bound=(*function.bound, *bound[1:]), named=(*named, *function.named))


def _placed(arguments: Iterable[Argument], call: Call, frame: Frame) -> Iterator[Named]:
    """Arguments with the place that evaluates them, "" being the name of those without one."""
    return (Named(each.name or "", Expr(each.value, call.block, frame)) for each in arguments)


def _left_over(formal: Formal, arguments: tuple[Argument, ...], bound: int, ref: Ref) -> Value:
    """The arguments that a rest or options parameter collects; `bound` others come before them."""
    named = [each for each in formal.definition.parameters if each.kind not in ("rest", "options")]
    taken = {each.name for each in named}
    positional = max(sum(each.kind == "positional" for each in named) - bound, 0)
    if formal.parameter.kind == "rest":
        given = [each.value for each in arguments if each.name is None][positional:]
        entries = tuple(Entry(None, value) for value in given)
    else:
        keywords = [each for each in arguments if each.name not in (None, "*", "**") and each.name not in taken]
        entries = tuple(Entry(Literal(each.value.span, each.name), each.value) for each in keywords)
    spread = tuple(Entry(None, each.value) for each in arguments if each.name in ("*", "**"))
    return Items(ref.span, (*entries, *spread), has_spread(arguments), formal.parameter.kind == "rest")
