"""What the front ends of all languages read with: places, blocks and the facts collected so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from slint.code.facts import Binding, Block, BlockKind, Call, Definition, Exit, Import, Loose, Use
from slint.code.shapes import all_of, negated
from slint.record import NamedTuple
from slint.source import SourceFile, Span
from slint.value import Choice, Operation, Option, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node
# A level takes at most five calls of Python's own stack, which holds 1,000 by default.
DEEPEST: Final = 100
_MOST_ALTERNATIVES: Final = 40


class Fate(NamedTuple):
    """What becomes of the value of an expression; see Call."""

    use: Use
    used_by: int | None = None
    awaited: bool = False


PART: Final = Fate(Use.PART)
BOUND: Final = Fate(Use.BOUND)
RETURNED: Final = Fate(Use.RETURNED)
DROPPED: Final = Fate(Use.DROPPED)

# Half of the values need a new span each; this makes one in half the time of the class's own constructor.
_new_span: Final[Callable[[tuple[SourceFile, int, int]], Span]] = partial(tuple.__new__, Span)


class FactReader:
    """The facts of one file in the making, and the place that is being read.

    The lists are the tuples of Module in the making. Calls, definitions and blocks take their place in the list
    before their insides are read, because those refer to them by index.
    """

    def __init__(self, file: SourceFile, wide: Sequence[int], is_broken: bool) -> None:
        """Start at the module; `wide` are the offsets of the bytes that begin no code point."""
        self.file = file
        self.source = file.text
        self.wide = wide
        self.is_broken = is_broken
        self.blocks = [Block(BlockKind.MODULE, -1, None, Span(file, 0, len(file.text)))]
        self.definitions: list[Definition | None] = []
        self.calls: list[Call | None] = []
        self.bindings: list[Binding] = []
        self.imports: list[Import] = []
        self.exits: list[Exit] = []
        self.loose: list[Loose] = []
        self.errors: list[Span] = []
        self.depth = 0
        self.block = 0

    # Places and text

    def span(self, node: Node) -> Span:
        """Where a node stands, in code points."""
        if self.wide:
            start, end = node.start_byte, node.end_byte
            return Span(self.file, start - bisect_left(self.wide, start), end - bisect_left(self.wide, end))
        return _new_span((self.file, node.start_byte, node.end_byte))

    def text(self, node: Node) -> str:
        """The text of a node."""
        if self.wide:
            return self.span(node).text
        return self.source[node.start_byte : node.end_byte]

    # Blocks

    def open_block(self, kind: BlockKind, node: Node, subject: Value | None = None) -> int:
        """Add a block inside the current one; `settle` gives it its subject when that lies inside it."""
        self.blocks.append(Block(kind, self.block, subject, self.span(node)))
        return len(self.blocks) - 1

    def settle(self, block: int, subject: Value) -> None:
        """Give a block its subject."""
        self.blocks[block] = self.blocks[block]._replace(subject=subject)

    @contextmanager
    def inside(self, block: int) -> Iterator[None]:
        """Facts read now lie in `block`."""
        outer, self.block = self.block, block
        try:
            yield
        finally:
            self.block = outer

    # Expressions

    def value(self, node: Node, fate: Fate = PART) -> Value:
        """The value of an expression; its calls, bindings and blocks become facts of the current block."""
        raise NotImplementedError

    def logical(
        self,
        span: Span,
        operands: Sequence[Node],
        fate: Fate,
        *,
        all_hold: bool,
        otherwise: Callable[[Value], Value] = lambda value: value,
    ) -> Value:
        """Operands of which each runs only if the ones before it hold (`all_hold`), or only if none of them does.

        The first gives an Operation, the second a Choice; `otherwise` is what is left of a side that is not the last.
        """
        if len(operands) > _MOST_ALTERNATIVES:
            return Unknown(span, "a long condition", tuple(self.value(operand) for operand in operands))
        tested = PART if fate.use is Use.DROPPED or all_hold else fate
        values: list[Value] = []
        conditions: list[Value | None] = []
        before: list[Value] = []  # what held of the operands so far when the next one is reached
        for position, operand in enumerate(operands):
            is_last = position == len(operands) - 1
            condition = all_of(before)
            conditions.append(condition)
            value = (
                self.value(operand, tested)
                if condition is None
                else self.sometimes(operand, ((condition, operand, fate if is_last else tested),))[0]
            )
            before.append(value if all_hold else negated(value))
            values.append(value if is_last or all_hold else otherwise(value))
        if all_hold:
            return Operation(span, "and", tuple(values))
        return Choice(span, tuple(map(Option, conditions, values)))

    def conditional(self, node: Node, condition: Node, body: Node, other: Node, fate: Fate) -> Value:
        """One of two expressions."""
        when = self.value(condition)
        otherwise = negated(when)
        values = self.sometimes(node, ((when, body, fate), (otherwise, other, fate)))
        return Choice(self.span(node), (Option(when, values[0]), Option(otherwise, values[1])))

    def sometimes(self, node: Node, sides: Sequence[tuple[Value, Node, Fate]]) -> list[Value]:
        """The values of expressions that run only under a condition each, read as the arms of a branch.

        Blocks that no fact lies in are taken back: most such expressions are plain names and literals.
        """
        branch = self.open_block(BlockKind.BRANCH, node)
        values: list[Value] = []
        for condition, side, fate in sides:
            with self.inside(branch):
                arm = self.open_block(BlockKind.ARM, side, condition)
            before = self._amount()
            with self.inside(arm):
                values.append(self.value(side, fate))
            if self._amount() == before:
                del self.blocks[arm:]
        if len(self.blocks) == branch + 1:
            del self.blocks[branch:]
        return values

    def _amount(self) -> int:
        read = len(self.calls) + len(self.bindings) + len(self.blocks) + len(self.exits) + len(self.loose)
        return read + len(self.imports) + len(self.definitions)

    def too_deep(self, node: Node) -> Value:
        """Note what is nested so deeply that it is not read."""
        span = self.span(node)
        self.errors.append(span)
        return Unknown(span, "nested too deeply")
