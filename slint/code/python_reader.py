"""What every part of the Python front end reads with: places, blocks, scopes and the facts collected so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from slint.code.facts import Binding, Block, BlockKind, Call, Definition, Exit, Import, Loose, Use
from slint.code.python_scopes import Foresight, Meaning, Scope, ScopeKind, Well
from slint.source import SourceFile, Span
from slint.value import Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node
# A level takes at most five calls of Python's own stack, which holds 1,000 by default.
DEEPEST: Final = 100


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
TRIVIA: Final = frozenset({"comment", "line_continuation"})

# Half of the values need a new span each; this makes one in half the time of the class's own constructor.
_new_span: Final[Callable[[tuple[SourceFile, int, int]], Span]] = partial(tuple.__new__, Span)
# What each kind of spread is called as an argument.
SPREADS: Final = {
    "list_splat": "*",
    "parenthesized_list_splat": "*",
    "list_splat_pattern": "*",
    "dictionary_splat": "**",
}


def parts(node: Node) -> list[Node]:
    """The named children of a node that are code."""
    return [child for child in node.named_children if child.type not in TRIVIA]


def bare(node: Node) -> Node:
    """An expression without the parentheses around it."""
    while node.type == "parenthesized_expression":
        inner = parts(node)
        if len(inner) != 1:
            break
        node = inner[0]
    return node


class Reader:
    """The facts of one file in the making, and the place that is being read.

    The lists are the tuples of Module in the making. Calls, definitions and blocks take their place in the list
    before their insides are read, because those refer to them by index.
    """

    def __init__(self, file: SourceFile, wide: Sequence[int], foresight: Foresight, is_broken: bool) -> None:
        """Start at the module; `wide` are the offsets of the bytes that begin no code point."""
        self.file = file
        self.source = file.text
        self.wide = wide
        self.foresight = foresight
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
        self.hindsight: dict[int, dict[str, Meaning]] = {}
        self.variables_read_by_name: set[str] = set()
        self.unsettled: list[tuple[int, Scope, str]] = []  # bindings of a nonlocal name whose owner comes later
        self.scope = Scope(ScopeKind.MODULE, 0, -1, None)
        self.special_names = {name for names in foresight.meanings.values() for name in names}
        self.reads_environment = bool(self.special_names)
        self._foresee(self.scope)

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

    @contextmanager
    def in_scope(self, kind: ScopeKind, block: int, node: Node) -> Iterator[Scope]:
        """Names bound now belong to a scope of its own, and facts read now lie in its block."""
        outer = self.scope
        self.scope = Scope(kind, block, node.start_byte, outer)
        self._foresee(self.scope)
        try:
            with self.inside(block):
                yield self.scope
        finally:
            self.scope = outer

    def _foresee(self, scope: Scope) -> None:
        scope.bound.update(self.foresight.meanings.get(scope.start, {}))

    def bind(self, name: str, meaning: Meaning = None) -> int:
        """Note that a name is bound here; the block that owns it."""
        owner = self.scope.owner(name)
        if owner is None:
            self.unsettled.append((len(self.bindings), self.scope, name))
            return self.scope.around.block
        return self.bind_in(owner, name, meaning)

    def bind_in(self, owner: Scope, name: str, meaning: Meaning = None) -> int:
        """Note that a name is bound in a certain scope; its block.

        What is bound to several things is ordinary, and should have been from the scope's start: a second reading
        then knows it. So it does when an import stands below functions that may use it.
        """
        bound = owner.bound
        if name not in bound:
            bound[name] = meaning
            if meaning is not None:
                self.special_names.add(name)
                self.reads_environment = self.reads_environment or isinstance(meaning, Well)
                if owner.kind is ScopeKind.MODULE and self.definitions:
                    self.hindsight.setdefault(owner.start, {})[name] = meaning
        elif bound[name] != meaning and bound[name] is not None:
            bound[name] = None
            self.hindsight.setdefault(owner.start, {})[name] = None
        return owner.block

    def add_binding(self, target: Ref, value: Value | None, how: str, scope: int, span: Span) -> None:
        """Add the fact of a binding in the current block."""
        self.bindings.append(Binding(target, value, how, self.block, scope, span))

    def bind_name(self, node: Node, value: Value | None, how: str, span: Span) -> Ref:
        """Bind a plain name; the reference to it."""
        name = self.text(node)
        target = Ref(self.span(node), RefKind.NAME, name)
        scope = self.bind(name)
        self.add_binding(target, value, how, scope, span)
        return target

    def settle_scopes(self) -> None:
        """Find the owners of the nonlocal names that were bound before their owner was read."""
        for index, scope, name in self.unsettled:
            owner = scope.owner(name)
            if owner is not None and index < len(self.bindings):
                self.bindings[index] = replace(self.bindings[index], scope=owner.block)

    # Expressions

    def value(self, node: Node, fate: Fate = PART) -> Value:
        """The value of an expression; its calls, bindings and blocks become facts of the current block."""
        raise NotImplementedError

    def leave(self, value: Value) -> None:
        """Keep a value that stands in no other fact."""
        if isinstance(value, Ref) and value.kind is RefKind.CALL and not value.path:
            return
        self.loose.append(Loose(value, self.block))

    def too_deep(self, node: Node) -> Value:
        """Note what is nested so deeply that it is not read."""
        span = self.span(node)
        self.errors.append(span)
        return Unknown(span, "nested too deeply")
