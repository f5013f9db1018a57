"""Names, members and elements, and the reads of the environment among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from slint.code.facts import COMPUTED_VARIABLE
from slint.code.javascript_reader import EXPORTS, Reader, bare, parts
from slint.code.reading import PART, Fate
from slint.code.shapes import below, part_of
from slint.source import Span
from slint.value import ANY, Choice, Key, Literal, Option, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_Step: TypeAlias = "str | Node | None"  # a member's name, or what stands in the brackets
_STEPS: Final = frozenset({"member_expression", "subscript_expression"})


class PlaceReader(Reader):
    """Reads places: what lies below a name, or below a value."""

    def identifier(self, node: Node, _: Fate = PART) -> Value:
        """The value of a name."""
        name = self.text(node)
        if name == "undefined":
            return Literal(self.span(node), None)
        self.mentioned.add(name)
        return Ref(self.span(node), RefKind.NAME, name)

    def this_value(self, node: Node, _: Fate = PART) -> Value:
        """The object whose method is read."""
        if self.this is None:
            return Ref(self.span(node), RefKind.BUILTIN, "this")
        return Ref(self.span(node), self.this.kind, self.this.block)

    def super_value(self, node: Node, _: Fate = PART) -> Value:
        """The class that the one which is read extends."""
        base = self.bases[0] if self.bases else None
        if isinstance(base, Ref):
            return Ref(self.span(node), base.kind, base.name, base.path)
        return Ref(self.span(node), RefKind.BUILTIN, "super")

    def place(self, node: Node, _fate: Fate = PART) -> Value:
        """The value of a member or element, and of chains of them: a reference where the root allows it."""
        span = self.span(node)
        steps: list[_Step] = []
        while node.type in _STEPS:
            if node.type == "member_expression":
                property_ = node.child_by_field_name("property")
                steps.append(self.text(property_) if property_ is not None else None)
            else:
                steps.append(node.child_by_field_name("index"))
            inner = node.child_by_field_name("object")
            if inner is None:
                return Unknown(span, "syntax error")
            node = bare(inner)
        steps.reverse()
        keys = self._keys(steps)
        if node.type != "identifier":
            return below(span, self.value(node), keys)
        name = self.text(node)
        self.mentioned.add(name)
        if name == "process" and keys[0] == "env" and len(keys) > 1:
            return self._environment(span, keys, steps)
        if name == "module" and keys[0] == EXPORTS:
            return Ref(span, RefKind.NAME, EXPORTS, keys[1:])
        return Ref(span, RefKind.NAME, name, keys)

    def _environment(self, span: Span, keys: tuple[Key, ...], steps: Sequence[_Step]) -> Value:
        if not isinstance(keys[1], str):
            asked = steps[1]
            mention = (self.value(asked),) if asked is not None and not isinstance(asked, str) else ()
            return Unknown(span, COMPUTED_VARIABLE, mention)
        if len(keys) > 2:
            return Ref(span, RefKind.ENV, keys[1], keys[2:])  # reading below a variable that is missing raises
        return variable(span, keys[1])

    def _keys(self, steps: Sequence[_Step]) -> tuple[Key, ...]:
        return tuple(step if isinstance(step, str) else self._key(step) for step in steps)

    def _key(self, index: Node | None) -> Key:
        if index is None:
            return ANY
        value = self.value(index)
        if isinstance(value, Literal):
            written = value.value
            if isinstance(written, str) or (type(written) is int and written >= 0):
                return written
        self.leave(value)
        return ANY

    def key(self, node: Node) -> Value:
        """The key of a member of an object literal, a pattern or a class."""
        if node.type in ("property_identifier", "private_property_identifier", "shorthand_property_identifier"):
            return Literal(self.span(node), self.text(node))
        if node.type == "computed_property_name":
            inner = parts(node)
            return self.value(inner[0]) if inner else Unknown(self.span(node), "syntax error")
        return self.value(node)


def variable(span: Span, name: str) -> Choice:
    """The value of an environment variable: nothing, where it is missing."""
    return Choice(span, (Option(None, Ref(span, RefKind.ENV, name)), Option(None, Literal(span, None))))


def without_nothing(value: Value) -> Value:
    """A value that is asked for what is there: an environment variable without what stands for its absence."""
    if isinstance(value, Choice) and len(value.options) == 2:
        first, last = (option.value for option in value.options)
        if isinstance(first, Ref) and first.kind is RefKind.ENV and last == Literal(first.span, None):
            return first
    return value


def taken(span: Span, value: Value, key: Key) -> Value:
    """What lies below a value that is taken apart."""
    if isinstance(value, Ref) and value.kind is RefKind.NAME and (value.name, *value.path) == ("process", "env"):
        return variable(span, key) if isinstance(key, str) else Unknown(span, COMPUTED_VARIABLE)
    return part_of(value, key)
