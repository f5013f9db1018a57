"""What every part of the JavaScript front end reads with: places, blocks, scopes and the facts collected so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from slint.code.facts import Binding, Loose
from slint.code.reading import PART, FactReader, Fate
from slint.record import NamedTuple
from slint.source import SourceFile, Span
from slint.value import Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

EXPORTS: Final = "exports"
"""The name of the object that holds what a module exports; `module.exports` and ES exports are written as places in it."""


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


class Reader(FactReader):
    """The reader of JavaScript. `home` is the block of the function that is read, which owns what `var` declares."""

    def __init__(self, file: SourceFile, wide: Sequence[int], is_broken: bool) -> None:
        """Start at the module; see FactReader."""
        super().__init__(file, wide, is_broken)
        self.home = 0
        self.this: This | None = None
        self.bases: tuple[Value, ...] = ()  # those of the class that is read, for `super`
        self.yields = False
        self.declared: set[tuple[int, str]] = set()
        self.mentioned: set[str] = set()  # the names that are used as values
        self.unsettled: list[int] = []  # bindings of names whose declaration may come later

    # Names

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
                self.bindings[index] = binding._replace(scope=block)

    def place_for_definition(self) -> int:
        """Take the next place among the definitions."""
        self.definitions.append(None)
        return len(self.definitions) - 1

    # Expressions

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
