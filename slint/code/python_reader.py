"""What every part of the Python front end reads with: places, blocks, scopes and the facts collected so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from slint.code.facts import Binding, Loose
from slint.code.python_scopes import Foresight, Meaning, Scope, ScopeKind, Well
from slint.code.reading import FactReader
from slint.source import SourceFile, Span
from slint.value import Ref, RefKind, Value

if TYPE_CHECKING:
    from tree_sitter import Node

# What stands between the parts of an expression without being one.
TRIVIA: Final = frozenset({"comment", "line_continuation"})

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


class Reader(FactReader):
    """The reader of Python: with the scopes of its names and what is known of them before they are read."""

    def __init__(self, file: SourceFile, wide: Sequence[int], foresight: Foresight, is_broken: bool) -> None:
        """Start at the module; see FactReader."""
        super().__init__(file, wide, is_broken)
        self.foresight = foresight
        self.hindsight: dict[int, dict[str, Meaning]] = {}
        self.variables_read_by_name: set[str] = set()
        self.unsettled: list[tuple[int, Scope, str]] = []  # bindings of a nonlocal name whose owner comes later
        self.scope = Scope(ScopeKind.MODULE, 0, -1, None)
        self.special_names = {name for names in foresight.meanings.values() for name in names}
        self.reads_environment = bool(self.special_names)
        self._foresee(self.scope)

    # Blocks, scopes and names

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
                self.bindings[index] = self.bindings[index]._replace(scope=owner.block)

    # Expressions

    def leave(self, value: Value) -> None:
        """Keep a value that stands in no other fact."""
        if isinstance(value, Ref) and value.kind is RefKind.CALL and not value.path:
            return
        self.loose.append(Loose(value, self.block))
