"""Whether code asks for an environment variable before it relies on it.

A condition asks for what it names, itself, through the names and functions that it is made of, or as a text that it is
given (`if "X" in os.environ`, `if has("X")`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from slint.code.facts import COMPUTED_VARIABLE, Binding, Block, BlockKind, Exit
from slint.knowledge.language import ASSERTIONS, ENDS_OF_PROCESS, ENVIRONMENTS, SUPPRESSORS, TELLING_FUNCTIONS
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.reach import Reach
from slint.project.unit import Unit, call_of
from slint.value import Choice, Items, Operation, Ref, RefKind, Unknown, Value

_DEPTH = 6
_ENDS_TURN = ("break", "continue")


class Asked:
    """What a condition asks for: `names` of variables that may be missing there, `needed` ones whose absence raises,
    `texts` that it mentions. With `decides`, what it tells depends on some variable."""

    __slots__ = ("decides", "names", "needed", "texts")

    def __init__(self) -> None:
        self.decides = False
        self.names: Final[set[str]] = set()
        self.needed: Final[set[str]] = set()
        self.texts: Final[set[str]] = set()

    def has(self, name: str) -> bool:
        """Whether it asks for a variable."""
        return name in self.names or name in self.needed or name in self.texts


class Checks:
    """What the code of one function asks of its environment."""

    def __init__(self, reach: Reach, evaluator: Evaluator) -> None:
        self._reach = reach
        self._evaluator = evaluator
        self._asked: dict[tuple[int, Frame], Asked] = {}

    def precede(self, frame: Frame, block: int, start: int, name: str) -> bool:
        """Whether code asks for a variable before it comes to a place, or whether it comes there depends on another.

        What the code demands with a message of its own counts wherever that stands.
        """
        if name in self._demanded or name in self._listed or self._asked_before(frame, block, start, name):
            return True
        return any(
            level.call is not None
            and level.caller is not None
            and self._asked_before(level.caller, level.call.block, level.call.span.start, name)
            for level in frame.chain()
        )

    def _asked_before(self, frame: Frame, block: int, start: int, name: str) -> bool:
        """Whether a branch around a place asks, also around the functions that it is written in, or an earlier one that
        leaves."""
        unit = frame.unit
        around = unit.module.enclosing(block)
        for subject, asks in _arms(unit, around):
            asked = self._asked_by(subject, asks, frame)
            if asked.decides or asked.has(name):
                return True
        for body in {unit.bodies[each] for each in around}:
            for each in unit.exits_of.get(body, ()):
                if each.span.start >= start or not _leaves(unit, each, around):
                    continue
                inner = [index for index in unit.module.enclosing(each.block) if index not in around]
                for subject, asks in _arms(unit, inner):
                    asked = self._asked_by(subject, asks, frame)
                    is_asked = (asked.decides and each.kind != "raise") or asked.has(name)
                    if is_asked and not self._is_there(Expr(subject, asks, frame), name):
                        return True
        return False

    def _is_there(self, condition: Expr, name: str) -> bool:
        """Whether a condition plainly holds where a variable is there: what leaves then does so before it is missed."""
        value = condition.value
        if isinstance(value, Operation):
            return value.name == "in" and value.operands[0].string == name
        found = (each.value for each in self._evaluator.follow(condition))
        return any(isinstance(each, Ref) and each.kind is RefKind.ENV and each.name == name for each in found)

    @cached_property
    def _demanded(self) -> frozenset[str]:
        """The variables whose absence ends what runs, with an error of the code's own."""
        found: set[str] = set()
        for frame, _ in self._reach.frames:
            for value, asks in _demands(frame.unit, frame.body):
                asked = self._asked_by(value, asks, frame)
                found |= (asked.names | asked.texts) - asked.needed
        return frozenset(found)

    @cached_property
    def _listed(self) -> frozenset[str]:
        """The members of lists, where code looks up variables by names that it makes: `for name in REQUIRED:`."""
        values = [value for unit in self._reach.units() for value, _ in unit.values()]
        parts = [part for value in values for part in value.walk()]
        if not any(_is_computed(part) for part in parts):
            return frozenset()
        lists = (part for part in parts if isinstance(part, Items) and part.is_list)
        return frozenset(each.string for items in lists for each in items.children() if each.string is not None)

    # -- what a condition asks ---------------------------------------------------------------------------------------

    def _asked_by(self, subject: Value, block: int, frame: Frame) -> Asked:
        key = (id(subject), frame)
        if key not in self._asked:
            self._asked[key] = asked = Asked()
            self._look(Expr(subject, block, frame), asked, _DEPTH)
        return self._asked[key]

    def _look(self, expr: Expr, asked: Asked, depth: int, decides: bool = True) -> None:
        """Look through a part of a condition; it `decides` unless it is only handed to a call that may do anything."""
        for part in expr.value.walk():
            if part.string is not None:
                asked.texts.add(part.string)
            elif _is_computed(part):
                asked.decides = asked.decides or decides
            elif isinstance(part, Ref) and part.kind is RefKind.ENV:
                is_needed = part.span.start in _needed_at(expr.frame.unit)
                (asked.needed if is_needed else asked.names).add(str(part.name))
                asked.decides = asked.decides or decides
            elif isinstance(part, Ref) and depth > 0:
                self._look_behind(expr.with_value(part), part, asked, depth - 1, decides)

    def _look_behind(self, expr: Expr, ref: Ref, asked: Asked, depth: int, decides: bool) -> None:
        for found in self._evaluator.follow(expr):
            if found.value != ref:
                self._look(found, asked, depth, decides)
            elif ref.kind is RefKind.CALL:
                call = call_of(found.frame.unit, ref)
                self._look(Expr(call.callee, call.block, found.frame), asked, depth, decides)
                tells = decides and _last(call.callee) in TELLING_FUNCTIONS
                for argument in call.arguments:
                    self._look(Expr(argument.value, call.block, found.frame), asked, depth, tells)
        if ref.kind is RefKind.NAME:
            for binder, home in self._evaluator.binders(expr, ref):
                if isinstance(binder, Binding):
                    self._look_around(binder, home, asked, depth, decides)

    def _look_around(self, binding: Binding, home: Frame, asked: Asked, depth: int, decides: bool) -> None:
        """The conditions on which a name holds one thing or the other."""
        for option in binding.value.options if isinstance(binding.value, Choice) else ():
            if option.when is not None:
                self._look(Expr(option.when, binding.block, home), asked, depth, decides)
        for subject, asks in home.unit.conditions[binding.block]:
            self._look(Expr(subject, asks, home), asked, depth, decides)


def is_caught(unit: Unit, block: int) -> bool:
    """Whether an error at a place is caught in its body."""
    below = -1
    for index, each in unit.enclosing(block):
        if each.kind is BlockKind.TRY and index in unit.catching and not _leaves_try(unit, below):
            return True
        held = each.subject if each.kind is BlockKind.HELD else None
        if isinstance(held, Ref) and held.kind is RefKind.CALL and _last(call_of(unit, held).callee) in SUPPRESSORS:
            return True
        below = index
    return False


def _leaves_try(unit: Unit, block: int) -> bool:
    """Whether a place lies in the handler or the final part of its TRY, not in the body."""
    return block >= 0 and unit.module.blocks[block].kind in (BlockKind.CATCH, BlockKind.FINALLY)


def _arms(unit: Unit, blocks: list[int]) -> Iterator[tuple[Value, int]]:
    """The conditions of the branches among blocks, each with the block that asks it."""
    for index in blocks:
        block: Block = unit.module.blocks[index]
        if block.kind is BlockKind.ARM and block.subject is not None:
            yield block.subject, block.parent


def _leaves(unit: Unit, each: Exit, around: list[int]) -> bool:
    """Whether an exit keeps what follows it from a place: one that ends a turn does so in the loop that it stands in."""
    if each.kind in _ENDS_TURN:
        loops = (index for index, block in unit.enclosing(each.block) if block.kind is BlockKind.LOOP)
        return next(loops, -1) in around
    return each.kind in ("return", "raise")


def _demands(unit: Unit, body: int) -> Iterator[tuple[Value, int]]:
    """The conditions on which a body raises an error or ends the process, and what it asserts."""
    ends = [each.block for each in unit.exits_of.get(body, ()) if each.kind == "raise"]
    for index in unit.calls_of.get(body, ()):
        call = unit.module.calls[index]
        if isinstance(call.callee, Ref) and (call.callee.name, *call.callee.path) in ENDS_OF_PROCESS:
            ends.append(call.block)
        elif call.arguments and _last(call.callee) in ASSERTIONS:
            yield call.arguments[0].value, call.block
    for block in ends:
        yield from unit.conditions[block]
    for loose in unit.loose_of.get(body, ()):
        if isinstance(loose.value, (Choice, Operation)):
            yield loose.value, loose.block


def _needed_at(unit: Unit) -> set[int]:
    return {read.ref.span.start for reads in unit.env_reads.values() for read in reads if read.required}


def _is_computed(value: Value) -> bool:
    """Whether a value is a variable whose name the code makes, or the environment as a whole."""
    if isinstance(value, Ref):
        return value.kind is RefKind.NAME and (value.name, *value.path) in ENVIRONMENTS
    return isinstance(value, Unknown) and value.why == COMPUTED_VARIABLE


def _last(callee: Value) -> str:
    return str((callee.name, *callee.path)[-1]) if isinstance(callee, Ref) else ""
