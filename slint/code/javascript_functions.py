"""Functions and classes of JavaScript and TypeScript."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from slint.code.facts import BlockKind, Call, Definition, Exit, Use
from slint.code.javascript_reader import This, parts
from slint.code.javascript_values import ExpressionReader
from slint.code.reading import BOUND, PART, RETURNED, Fate
from slint.source import Span
from slint.value import Ref, RefKind, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_FIELDS: Final = frozenset({"field_definition", "public_field_definition"})
_ARROWS: Final = frozenset({"arrow_function"})
_GETTER: Final = "property"
"""What a method that reads like an attribute is decorated with, in the language that has decorators for it."""


class FunctionReader(ExpressionReader):
    """Reads functions and classes."""

    def suite(self, node: Node | None) -> None:
        """Read the statements of a block."""
        raise NotImplementedError

    def function(self, node: Node, name: Node | None = None, scope: int = -1) -> Ref:
        """Read a function; the reference to it. `name` is what it is bound to, in `scope` (-1: in no scope)."""
        own = name if name is not None and scope >= 0 else node.child_by_field_name("name") or name
        body = self._function(node, own, scope, this=self.this if node.type in _ARROWS else None)
        return Ref(self.span(node), RefKind.BLOCK, body)

    def _function(
        self,
        node: Node,
        name: Node | None,
        scope: int,
        this: This | None,
        binding: str = "",
        decorators: tuple[Value, ...] = (),
        prologue: Callable[[Sequence[Node]], None] | None = None,
    ) -> int:
        """Read a function, and before its statements what `prologue` adds; its block."""
        index = self.place_for_definition()
        block = self.block
        body = self.open_block(BlockKind.FUNCTION, node)
        outer = self.home, self.this, self.yields
        self.home, self.this, self.yields = body, this, False
        given = node.child_by_field_name("parameters")
        alone = node.child_by_field_name("parameter")
        written = parts(given) if given is not None else [alone] if alone is not None else []
        with self.inside(body):
            parameters = self.parameters(written)
            if prologue is not None:
                prologue(written)
            self._body(node.child_by_field_name("body"))
        is_generator = self.yields
        self.home, self.this, self.yields = outer
        word = self.text(name) if name is not None else ""
        if scope >= 0 and word:
            self.declared.add((scope, word))
        self.definitions[index] = Definition(
            name=word.strip("'\""),
            body=body,
            block=block,
            scope=scope,
            parameters=tuple(parameters),
            decorators=decorators,
            bases=(),
            is_class=False,
            is_async=any(child.type == "async" for child in node.children[:4]),
            is_generator=is_generator,
            binding=binding,
            exported_as=None,
            span=self.span(name or node),
            whole=self._with_name(node, name),
        )
        return body

    def _with_name(self, node: Node, name: Node | None) -> Span:
        """The span of a function or class together with the name that it gets, which may stand before it."""
        whole = self.span(node)
        return whole if name is None else Span(self.file, min(whole.start, self.span(name).start), whole.end)

    def _body(self, body: Node | None) -> None:
        if body is None:
            return
        if body.type == "statement_block":
            self.suite(body)
        else:
            value = self.value(body, RETURNED)
            self.exits.append(Exit("return", value, self.block, self.span(body)))

    # Classes

    def class_expression(self, node: Node, _: Fate = PART) -> Value:
        """Read a class that stands in an expression."""
        return self.class_(node, node.child_by_field_name("name"), -1)

    def class_(self, node: Node, name: Node | None, scope: int) -> Ref:
        """Read a class; the reference to it. `name` is what it is bound to, in `scope` (-1: in no scope)."""
        index = self.place_for_definition()
        bases = tuple(self._heritage(node))
        block = self.block
        body = self.open_block(BlockKind.CLASS, node)
        outer = self.home, self.this, self.bases
        self.bases = bases
        with self.inside(body):
            self._members(node, body)
        self.home, self.this, self.bases = outer
        word = self.text(name) if name is not None else ""
        if scope >= 0 and word:
            self.declared.add((scope, word))
        self.definitions[index] = Definition(
            name=word,
            body=body,
            block=block,
            scope=scope,
            parameters=(),
            decorators=(),
            bases=bases,
            is_class=True,
            is_async=False,
            is_generator=False,
            binding="",
            exported_as=None,
            span=self.span(name or node),
            whole=self._with_name(node, name),
        )
        return Ref(self.span(node), RefKind.BLOCK, body)

    def _heritage(self, node: Node) -> list[Value]:
        found: list[Value] = []
        for child in node.named_children:
            if child.type == "class_heritage":
                for inner in parts(child):
                    if inner.type == "extends_clause":
                        value = inner.child_by_field_name("value")
                        found += [self.value(value)] if value is not None else []
                    elif inner.type != "implements_clause":
                        found.append(self.value(inner))
        return found

    def _members(self, node: Node, klass: int) -> None:
        """The members of a class. What its fields hold is made by the constructor; one that is not written is added."""
        body = node.child_by_field_name("body")
        fields: list[Node] = []
        methods: list[tuple[Node, tuple[Value, ...]]] = []
        decorators: list[Value] = []
        for child in parts(body) if body is not None else []:
            kind = child.type
            if kind == "decorator":
                decorators.extend(self.value(each) for each in parts(child))
                continue
            if kind == "method_definition":
                methods.append((child, tuple(decorators)))
            elif kind in _FIELDS:
                if _has(child, "static"):
                    self.this = This(RefKind.BLOCK, klass)
                    self._field(child)
                elif child.child_by_field_name("value") is not None:
                    fields.append(child)
            elif kind == "class_static_block":
                self.this = This(RefKind.BLOCK, klass)
                self.suite(child.child_by_field_name("body"))
            decorators = []
        constructed = False
        for method, decorated in methods:
            constructed = self._method_of(method, klass, decorated, fields) or constructed
        if fields and not constructed:
            self._made_by_itself(node, klass, fields)

    def _method_of(self, node: Node, klass: int, decorators: tuple[Value, ...], fields: list[Node]) -> bool:
        """Read a method; whether it is the constructor."""
        name = node.child_by_field_name("name")
        word = self.text(name) if name is not None else ""
        is_static = _has(node, "static")
        this = This(RefKind.BLOCK if is_static else RefKind.INSTANCE, klass)
        if _has(node, "get") and name is not None:
            decorators = (*decorators, Ref(self.span(name), RefKind.BUILTIN, _GETTER))
        is_constructor = word == "constructor" and not is_static
        is_setter = _has(node, "set")
        self._function(
            node,
            name if not is_setter else None,
            klass if not is_setter else -1,
            this,
            "class" if is_static else "instance",
            decorators,
            (lambda written: self._prologue(written, fields)) if is_constructor else None,
        )
        return is_constructor

    def _prologue(self, parameters: Sequence[Node], fields: Sequence[Node]) -> None:
        """What a constructor does before its statements: fields, and parameters that are fields (`private x`)."""
        for parameter in parameters:
            if not any(
                child.type in ("accessibility_modifier", "readonly", "override_modifier")
                for child in parameter.children
            ):
                continue
            pattern = parameter.child_by_field_name("pattern")
            if pattern is not None and pattern.type == "identifier" and self.this is not None:
                span, name = self.span(pattern), self.text(pattern)
                target = Ref(span, self.this.kind, self.this.block, (name,))
                self.add_binding(target, Ref(span, RefKind.NAME, name), "=", None, self.span(parameter))
        for field in fields:
            self._field(field)

    def _field(self, node: Node) -> None:
        name = node.child_by_field_name("name") or node.child_by_field_name("property")
        given = node.child_by_field_name("value")
        if name is None or given is None or self.this is None:
            return
        key = self.key(name).string
        value = self.function(given, name) if given.type == "arrow_function" else self.value(given, BOUND)
        if key is None:
            self.leave(value)
            return
        self.add_binding(
            Ref(self.span(name), self.this.kind, self.this.block, (key,)), value, "=", None, self.span(node)
        )

    def _made_by_itself(self, node: Node, klass: int, fields: Sequence[Node]) -> None:
        """The constructor of a class that has fields and writes none."""
        index = self.place_for_definition()
        body = self.open_block(BlockKind.FUNCTION, node)
        self.home, self.this = body, This(RefKind.INSTANCE, klass)
        with self.inside(body):
            if self.bases:
                span = self.bases[0].span
                self.calls.append(Call(self.bases[0], (), Use.DROPPED, None, False, body, span))
            for field in fields:
                self._field(field)
        name = node.child_by_field_name("name") or node
        self.definitions[index] = Definition(
            name="constructor",
            body=body,
            block=klass,
            scope=klass,
            parameters=(),
            decorators=(),
            bases=(),
            is_class=False,
            is_async=False,
            is_generator=False,
            binding="instance",
            exported_as=None,
            span=self.span(name),
            whole=self.span(node),
        )


def _has(node: Node, word: str) -> bool:
    """Whether a member is marked with a word of the language."""
    return any(child.type == word for child in node.children[:6] if not child.is_named or child.type == word)
