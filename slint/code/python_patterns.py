"""Patterns of match statements: what they compare with and what they bind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from slint.code.python_reader import parts
from slint.code.python_values import ExpressionReader
from slint.code.reading import DEEPEST
from slint.code.shapes import part_of
from slint.source import Span
from slint.value import ANY, Choice, Literal, Option, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node


class PatternReader(ExpressionReader):
    """Reads patterns."""

    def pattern(self, node: Node, matched: Value) -> Value:
        """What a pattern compares with; the names that it captures are bound to their part of what is matched."""
        if self.is_broken and node.has_error:
            return Unknown(self.span(node), "syntax error")
        if self.depth >= DEEPEST:
            return self.too_deep(node)
        self.depth += 1
        value = _PATTERNS.get(node.type, PatternReader._pattern_of_values)(self, node, matched)
        self.depth -= 1
        return value

    def _pattern_of_values(self, node: Node, _: Value) -> Value:
        value = self.value(node)
        sign = node.prev_sibling
        if sign is not None and sign.type == "-" and isinstance(value.scalar, (int, float)):
            return Literal(Span(self.file, self.span(sign).start, value.span.end), -value.scalar)
        return value

    def _pattern_case(self, node: Node, matched: Value) -> Value:
        inner = parts(node)
        return self.pattern(inner[0], matched) if inner else Unknown(self.span(node), "pattern")  # `_`

    def _pattern_name(self, node: Node, matched: Value) -> Value:
        name, *path = parts(node)
        span = self.span(node)
        if path:
            return Ref(span, RefKind.NAME, self.text(name), tuple(self.text(each) for each in path))
        self.bind_name(name, matched, "=", span)
        return Unknown(span, "pattern")

    def _pattern_capture(self, node: Node, matched: Value) -> Value:
        for name in parts(node):
            self.bind_name(name, matched, "=", self.span(node))
        return Unknown(self.span(node), "pattern")

    def _pattern_as(self, node: Node, matched: Value) -> Value:
        inner, *names = parts(node)
        for name in names:
            self.bind_name(name, matched, "=", self.span(node))
        return self.pattern(inner, matched)

    def _pattern_union(self, node: Node, matched: Value) -> Value:
        options = tuple(Option(None, self.pattern(each, matched)) for each in parts(node))
        return Choice(self.span(node), options)

    def _pattern_sequence(self, node: Node, matched: Value) -> Value:
        if node.type == "tuple_pattern" and not any(child.type == "," for child in node.children):
            return self._pattern_case(node, matched)  # only parentheses
        inner: list[Value] = []
        starred = False
        for index, each in enumerate(parts(node)):
            starred = starred or any(child.type == "splat_pattern" for child in parts(each))
            inner.append(self.pattern(each, part_of(matched, ANY if starred else index)))
        return Unknown(self.span(node), "pattern", tuple(inner))

    def _pattern_mapping(self, node: Node, matched: Value) -> Value:
        inner: list[Value] = []
        within = part_of(matched, ANY)
        for child in parts(node):
            if child.type in ("case_pattern", "splat_pattern"):
                inner.append(self.pattern(child, within))
                within = part_of(matched, ANY)
            else:
                key = self.value(child)
                inner.append(key)
                within = part_of(matched, key.string if key.string is not None else ANY)
        return Unknown(self.span(node), "pattern", tuple(inner))

    def _pattern_class(self, node: Node, matched: Value) -> Value:
        name, *fields = parts(node)
        first, *path = parts(name) or [name]
        word = Ref(self.span(name), RefKind.NAME, self.text(first), tuple(self.text(each) for each in path))
        inner = tuple(self.pattern(each, part_of(matched, ANY)) for each in fields)
        return Unknown(self.span(node), "pattern", (word, *inner))

    def _pattern_keyword(self, node: Node, matched: Value) -> Value:
        name, *inner = parts(node)
        whole = matched.with_path(*matched.path[:-1]) if isinstance(matched, Ref) else matched
        field = part_of(whole, self.text(name))
        return Unknown(self.span(node), "pattern", tuple(self.pattern(each, field) for each in inner))


_PATTERNS: Final[dict[str, Callable[[PatternReader, Node, Value], Value]]] = {
    "case_pattern": PatternReader._pattern_case,
    "dotted_name": PatternReader._pattern_name,
    "splat_pattern": PatternReader._pattern_capture,
    "as_pattern": PatternReader._pattern_as,
    "union_pattern": PatternReader._pattern_union,
    "list_pattern": PatternReader._pattern_sequence,
    "tuple_pattern": PatternReader._pattern_sequence,
    "dict_pattern": PatternReader._pattern_mapping,
    "class_pattern": PatternReader._pattern_class,
    "keyword_pattern": PatternReader._pattern_keyword,
}
