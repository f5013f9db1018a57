"""What every part of the JavaScript front end reads with: places, blocks, scopes and the facts collected so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from slint.code.facts import Binding, Block, BlockKind, Call, Definition, Exit, Import, Loose, Use
from slint.source import SourceFile, Span
from slint.value import Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node
# A level takes at most five calls of Python's own stack, which holds 1,000 by default.
DEEPEST: Final = 100

EXPORTS: Final = "exports"
"""The name of the object that holds what a module exports; `module.exports` and ES exports are written as places in it."""


class Fate(NamedTuple):
    """What becomes of the value of an expression; see Call."""

    use: Use
    used_by: int | None = None
    awaited: bool = False


PART: Final = Fate(Use.PART)
BOUND: Final = Fate(Use.BOUND)
RETURNED: Final = Fate(Use.RETURNED)
DROPPED: Final = Fate(Use.DROPPED)

# What stands between the parts of an expression without being one.
TRIVIA: Final = frozenset({"comment", "html_comment", "hash_bang_line"})
# What is around an expression without changing it; its first part is the expression.
WRAPPERS: Final = frozenset(
    {
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "parenthesized_expression",
        "instantiation_expression",
    }
)

# Half of the values need a new span each; this makes one in half the time of the class's own constructor.
_new_span: Final[Callable[[tuple[SourceFile, int, int]], Span]] = partial(tuple.__new__, Span)


class This(NamedTuple):
    """What `this` is: the object of a class (INSTANCE) or, in what is static, the class itself (BLOCK)."""

    kind: RefKind
    block: int


def parts(node: Node) -> list[Node]:
    """The named children of a node that are code."""
    return [child for child in node.named_children if child.type not in TRIVIA]


def bare(node: Node) -> Node:
    """An expression without the parentheses and the notes to the type checker around it."""
    while True:
        if node.type in WRAPPERS:
            inner = parts(node)
            if not inner:
                return node
            node = inner[0]
        elif node.type == "type_assertion":
            inner = parts(node)
            if len(inner) < 2:
                return node
            node = inner[-1]
        else:
            return node


def is_intact(node: Node) -> bool:
    """Whether a node has all its parts; an error deeper inside is that part's own."""
    return not (node.is_error or node.is_missing or any(child.is_error or child.is_missing for child in node.children))


class Reader:
    """The facts of one file in the making, and the place that is being read.

    The lists are the tuples of Module in the making. Calls, definitions and blocks take their place in the list
    before their insides are read, because those refer to them by index. `home` is the block of the function that is
    read, which owns what `var` declares.
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
        self.home = 0
        self.this: This | None = None
        self.bases: tuple[Value, ...] = ()  # those of the class that is read, for `super`
        self.yields = False
        self.declared: set[tuple[int, str]] = set()
        self.mentioned: set[str] = set()  # the names that are used as values
        self.unsettled: list[int] = []  # bindings of names whose declaration may come later

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

    # Blocks, scopes and names

    def open_block(self, kind: BlockKind, node: Node, subject: Value | None = None) -> int:
        """Add a block inside the current one; `settle` gives it its subject when that lies inside it."""
        self.blocks.append(Block(kind, self.block, subject, self.span(node)))
        return len(self.blocks) - 1

    def settle(self, block: int, subject: Value) -> None:
        """Give a block its subject."""
        self.blocks[block] = replace(self.blocks[block], subject=subject)

    @contextmanager
    def inside(self, block: int) -> Iterator[None]:
        """Facts read now lie in `block`."""
        outer, self.block = self.block, block
        try:
            yield
        finally:
            self.block = outer

    def add_binding(self, target: Ref, value: Value | None, how: str, scope: int | None, span: Span) -> None:
        """Add the fact of a binding in the current block; without a scope, its name is looked up at the end."""
        if scope is None and (target.kind is not RefKind.NAME or target.path):
            scope = 0 if target.name == EXPORTS else self.block
        if scope is None:
            self.unsettled.append(len(self.bindings))
        self.bindings.append(Binding(target, value, how, self.block, scope or 0, span))

    def bind_name(self, node: Node, value: Value | None, how: str, scope: int | None, span: Span) -> None:
        """Bind a plain name: declare it in a scope, or assign to it where the scope is None."""
        name = self.text(node)
        if scope is not None:
            self.declared.add((scope, name))
        self.add_binding(Ref(self.span(node), RefKind.NAME, name), value, how, scope, span)

    def settle_scopes(self) -> None:
        """Find the blocks that own the names which were assigned to; an undeclared name is the module's."""
        for index in self.unsettled:
            if index >= len(self.bindings):
                continue
            binding = self.bindings[index]
            name, block = str(binding.target.name), binding.block
            while block > 0 and (block, name) not in self.declared:
                block = self.blocks[block].parent
            if block:
                self.bindings[index] = replace(binding, scope=block)

    def place_for_definition(self) -> int:
        """Take the next place among the definitions."""
        self.definitions.append(None)
        return len(self.definitions) - 1

    # Expressions

    def value(self, node: Node, fate: Fate = PART) -> Value:
        """The value of an expression; its calls, bindings and blocks become facts of the current block."""
        raise NotImplementedError

    def value_of(self, node: Node, field: str, fate: Fate = PART) -> Value:
        """The value of a part of a node; Unknown when it is not written."""
        child = node.child_by_field_name(field)
        return self.value(child, fate) if child is not None else Unknown(self.span(node), "syntax error")

    def function(self, node: Node, name: Node | None = None, scope: int = -1) -> Ref:
        """Read a function; the reference to it. `name` is what it is bound to, in `scope` (-1: in no scope)."""
        raise NotImplementedError

    def leave(self, value: Value) -> None:
        """Keep a value that stands in no other fact."""
        if isinstance(value, Ref) and value.kind in (RefKind.CALL, RefKind.BLOCK) and not value.path:
            return
        self.loose.append(Loose(value, self.block))

    def too_deep(self, node: Node) -> Value:
        """Note what is nested so deeply that it is not read."""
        span = self.span(node)
        self.errors.append(span)
        return Unknown(span, "nested too deeply")
