"""Targets and parameters: the names and places that get values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from slint.code.facts import COMPUTED_VARIABLE, Parameter
from slint.code.python_reader import SPREADS, Reader, parts
from slint.code.python_scopes import Scope
from slint.code.reading import BOUND, DEEPEST
from slint.code.shapes import part_of
from slint.source import Span
from slint.value import ANY, Items, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_PARAMETER_KINDS: Final = {"list_splat_pattern": "rest", "dictionary_splat_pattern": "options"}
_UNPACKED: Final = frozenset(
    {"pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list", "parenthesized_expression"}
)


class TargetReader(Reader):
    """Reads what is assigned to."""

    def assign(self, target: Node, value: Value | None, how: str, span: Span) -> None:
        """Bind every name and place of a target to its part of the value."""
        if self.is_broken and target.has_error:
            self.leave(Unknown(self.span(target), "syntax error"))
        elif target.type == "identifier":
            self.bind_name(target, value, how, span)
        elif self.depth >= DEEPEST:
            self.too_deep(target)
        elif target.type in _UNPACKED:
            self.depth += 1
            for part, inner in _unpacked(target, value):
                self.assign(part, inner, how, span)
            self.depth -= 1
            if value is not None and not parts(target):
                self.leave(value)
        else:
            place = self.value(target)
            if isinstance(place, Unknown) and place.why == COMPUTED_VARIABLE:
                key, environ, *_ = place.mentions
                self.leave(key)
                if isinstance(environ, Ref):
                    place = environ.with_path(*environ.path, ANY)
            if isinstance(place, Ref):
                self.add_binding(place, value, how, self.scope.block, span)
                return
            self.leave(place)
            if value is not None:
                self.leave(value)

    def bind_loop_variables(self, target: Node, value: Value | None, span: Span) -> None:
        """Bind the variables of a comprehension, which are its own."""
        if target.type == "identifier":
            name = self.text(target)
            scope = self.bind_in(self.scope, name)
            self.add_binding(Ref(self.span(target), RefKind.NAME, name), value, "loop", scope, span)
        elif target.type in _UNPACKED:
            for part, inner in _unpacked(target, value):
                self.bind_loop_variables(part, inner, span)
        else:
            self.assign(target, value, "loop", span)

    def parameters(self, node: Node) -> list[Parameter]:
        """The parameters of a function; their defaults are evaluated in the current block."""
        found: list[Parameter] = []
        kind = "positional"
        for child in parts(node):
            if child.type == "keyword_separator":
                kind = "keyword"
                continue
            name = _parameter_name(child)
            if name is None:
                continue
            default = child.child_by_field_name("value")
            value = self.value(default, BOUND) if default is not None else None
            special = _PARAMETER_KINDS.get(_pattern_of(child).type)
            written = self.text(name) if name.type == "identifier" else ""
            found.append(Parameter(written, special or kind, value, self.span(child)))
            if special == "rest":
                kind = "keyword"
        return found

    def declare(self, scope: Scope, parameters: Node | None) -> None:
        """Bind every name among the parameters in the function's scope, those in a tuple of Python 2 included."""
        if parameters is None:
            return
        for child in parts(parameters):
            pattern = _pattern_of(child)
            for name in parts(pattern) if pattern.type == "tuple_pattern" else [_parameter_name(child)]:
                if name is not None:
                    scope.bound.setdefault(self.text(name), None)


def _unpacked(target: Node, value: Value | None) -> Iterator[tuple[Node, Value | None]]:
    """The parts of a target that unpacks a value, each with its part of the value."""
    children = parts(target)
    if target.type == "parenthesized_expression":
        for child in children:
            yield child, value
        return
    starred = next((index for index, child in enumerate(children) if child.type in SPREADS), None)
    for index, child in enumerate(children):
        if value is None:
            part = None
        elif starred is None or index < starred:
            part = part_of(value, index)
        elif index > starred and isinstance(value, Items) and not value.open:
            part = part_of(value, len(value.entries) - len(children) + index)
        else:
            part = part_of(value, ANY)
        if child.type in SPREADS:
            for inner in parts(child):
                yield inner, part
        else:
            yield child, part


def _pattern_of(parameter: Node) -> Node:
    """A parameter without its annotation and default."""
    if parameter.type in ("default_parameter", "typed_default_parameter"):
        return parameter.child_by_field_name("name") or parameter
    if parameter.type == "typed_parameter":
        children = parts(parameter)
        return children[0] if children else parameter
    return parameter


def _parameter_name(parameter: Node) -> Node | None:
    pattern = _pattern_of(parameter)
    if pattern.type in _PARAMETER_KINDS:
        inner = parts(pattern)
        return inner[0] if inner else None
    return pattern if pattern.type in ("identifier", "tuple_pattern") else None
