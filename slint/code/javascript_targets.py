"""Targets and parameters: the names and places that get values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from slint.code.facts import COMPUTED_VARIABLE, Parameter
from slint.code.javascript_places import PlaceReader, taken, without_nothing
from slint.code.javascript_reader import bare, is_intact, parts
from slint.code.reading import BOUND, DEEPEST
from slint.source import Span
from slint.value import ANY, Choice, Option, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMES: Final = frozenset({"identifier", "shorthand_property_identifier_pattern", "shorthand_property_identifier"})
_DEFAULTED: Final = frozenset({"assignment_pattern", "object_assignment_pattern"})
_PATTERNS: Final = frozenset({"object_pattern", "array_pattern"})


class TargetReader(PlaceReader):
    """Reads what is assigned to."""

    def assign(self, target: Node, value: Value | None, how: str, scope: int | None, span: Span) -> None:
        """Bind every name and place of a target to its part of the value; a scope declares the names in it."""
        target = bare(target)
        if target.type in _NAMES:
            self.bind_name(target, value, how, scope, span)
        elif self.depth >= DEEPEST:
            self.too_deep(target)
        elif self.is_broken and not is_intact(target):
            self.leave(Unknown(self.span(target), "syntax error"))
        elif target.type in _DEFAULTED:
            self._defaulted(target, value, how, scope, span)
        elif target.type in _PATTERNS:
            self.depth += 1
            found = list(self._taken_apart(target, value))
            for inner, part in found:
                self.assign(inner, part, how, scope, span)
            self.depth -= 1
            if not found and value is not None:
                self.leave(value)
        else:
            place = self.value(target)
            if isinstance(place, Choice):
                place = without_nothing(place)
            if isinstance(place, Unknown) and place.why == COMPUTED_VARIABLE:
                for key in place.mentions:
                    self.leave(key)
                place = Ref(place.span, RefKind.NAME, "process", ("env", ANY))
            if isinstance(place, Ref):
                self.add_binding(place, value, how, scope, span)
                return
            self.leave(place)
            if value is not None:
                self.leave(value)

    def _defaulted(self, target: Node, value: Value | None, how: str, scope: int | None, span: Span) -> None:
        left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
        if left is None or right is None:
            return
        default = self.value(right, BOUND)
        if value is not None:
            value = Choice(self.span(target), (Option(None, without_nothing(value)), Option(None, default)))
        self.assign(left, value, how, scope, span)

    def _taken_apart(self, target: Node, value: Value | None) -> Iterator[tuple[Node, Value | None]]:
        """The parts of a pattern, each with its part of the value."""
        if target.type == "array_pattern":
            index = 0
            for child in target.children:
                if child.type == ",":
                    index += 1
                elif child.type == "rest_pattern":
                    for inner in parts(child):
                        yield inner, taken(self.span(child), value, ANY) if value is not None else None
                elif child.is_named and child.type != "comment":
                    yield child, taken(self.span(child), value, index) if value is not None else None
            return
        for child in parts(target):
            if child.type == "rest_pattern":
                for inner in parts(child):
                    yield inner, taken(self.span(child), value, ANY) if value is not None else None
                continue
            named = child
            if child.type == "pair_pattern":
                key, inner_target = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is None or inner_target is None:
                    continue
                written = self.key(key)
                path = written.string if written.string is not None else ANY
                if path is ANY:
                    self.leave(written)
                named = inner_target
            else:
                left = child.child_by_field_name("left") if child.type in _DEFAULTED else child
                path = self.text(left) if left is not None else ANY
                key = child
            yield named, taken(self.span(key), value, path) if value is not None else None

    def parameters(self, given: list[Node]) -> list[Parameter]:
        """The parameters of the function that is read, whose names are bound in its block.

        One that takes its argument apart has the name `#` and its position, which no name of the code can be.
        """
        found: list[Parameter] = []
        for child in given:
            if child.is_error or child.type in ("decorator", "this"):
                continue
            pattern = child.child_by_field_name("pattern") or child
            default = child.child_by_field_name("value")
            if pattern.type == "this":
                continue  # the type of `this`, which is no parameter
            if pattern.type == "assignment_pattern":
                default = pattern.child_by_field_name("right")
                pattern = pattern.child_by_field_name("left") or pattern
            kind = "positional"
            if pattern.type == "rest_pattern":
                kind = "rest"
                inner = parts(pattern)
                pattern = inner[0] if inner else pattern
            span = self.span(child)
            value = self.value(default, BOUND) if default is not None else None
            is_name = pattern.type == "identifier"
            name = self.text(pattern) if is_name else f"#{len(found)}"
            found.append(Parameter(name, kind, value, span))
            self.declared.add((self.block, name))
            if not is_name:
                self.assign(pattern, Ref(self.span(pattern), RefKind.NAME, name), "=", self.block, span)
        return found
