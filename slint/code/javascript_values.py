"""JavaScript expressions as values, with the calls, bindings and blocks that lie inside them as facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from slint.code.facts import Argument, Call, Exit, Import, Use
from slint.code.javascript_literals import decode, number, unquoted
from slint.code.javascript_places import without_nothing
from slint.code.javascript_reader import TRIVIA, bare, is_intact, parts
from slint.code.javascript_targets import TargetReader
from slint.code.reading import BOUND, DEEPEST, PART, RETURNED, Fate
from slint.code.shapes import is_text, joined, negated
from slint.source import Span
from slint.value import Choice, Entry, Items, Literal, Operation, Option, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

# `a || b || ...` says of each what did not hold before, so its value grows with the square of its length.
# Operators whose runs, `a + b + c`, are one operation.
_GROUPING: Final = frozenset("+*|&")
_NAMES: Final = {"===": "==", "!==": "!="}
_LOGICAL: Final = frozenset({"&&", "||", "??"})
_FUNCTIONS: Final = frozenset({"arrow_function", "function_expression", "generator_function", "function"})
# Literals whose methods are those of a type of the language.
_LITERAL_TYPES: Final = {"string": "str", "template_string": "str", "array": "list", "regex": "RegExp"}


class ExpressionReader(TargetReader):
    """Reads the expressions of one file."""

    def value(self, node: Node, fate: Fate = PART) -> Value:
        """The value of an expression; its calls, bindings and blocks become facts of the current block."""
        if self.is_broken and not is_intact(node):
            return Unknown(self.span(node), "syntax error")
        if self.depth >= DEEPEST:
            return self.too_deep(node)
        self.depth += 1
        value = _EXPRESSIONS.get(node.type, ExpressionReader._other)(self, node, fate)
        self.depth -= 1
        return value

    def _other(self, node: Node, _: Fate) -> Value:
        mentions = tuple(
            self.value(child)
            for child in parts(node)
            if child.child_count and not child.type.endswith(("type", "type_arguments", "annotation"))
        )
        return Unknown(self.span(node), "an expression that is not understood", mentions)

    # Calls

    def _call(self, node: Node, fate: Fate) -> Value:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        if function is None:
            return Unknown(self.span(node), "syntax error")
        if function.type == "await_expression" and (inner := parts(function)):
            # The grammar takes `await f<T>()` for a call of `await f`.
            function, fate = inner[0], fate._replace(awaited=True)
        imported = self._imported(node, function, arguments)
        if imported is not None:
            return imported
        index = len(self.calls)
        self.calls.append(None)
        callee, receiver = self._callee(function)
        passed = Fate(Use.PASSED, index)
        given: list[Argument] = []
        if arguments is not None and arguments.type == "arguments":
            for child in arguments.named_children:
                if child.type in TRIVIA:
                    continue
                if child.type == "spread_element":
                    given.extend(Argument("*", self.value(each, passed)) for each in parts(child))
                else:
                    given.append(Argument(None, self.value(child, passed)))
        elif arguments is not None:  # a template that a function gets: sql`SELECT ${x}`
            given.append(Argument(None, self.value(arguments, passed)))
        if receiver is not None:
            given.append(Argument("self", receiver))
        span = self.span(node)
        self.calls[index] = Call(callee, tuple(given), fate.use, fate.used_by, fate.awaited, self.block, span)
        return Ref(span, RefKind.CALL, index)

    def _callee(self, function: Node) -> tuple[Value, Value | None]:
        """What is called, and the literal whose method it is."""
        function = bare(function)
        if function.type == "member_expression":
            owner, method = function.child_by_field_name("object"), function.child_by_field_name("property")
            if owner is not None and method is not None:
                builtin = _LITERAL_TYPES.get(bare(owner).type)
                if builtin is not None:
                    name = Ref(self.span(function), RefKind.BUILTIN, builtin, (self.text(method),))
                    return name, self.value(owner)
        value = self.value(function)
        return (without_nothing(value) if isinstance(value, Choice) else value), None

    def required(self, node: Node) -> tuple[str, str] | None:
        """The module that `require(…)` or `import(…)` with a literal name loads, and the style of the import."""
        node = bare(node)
        if node.type == "await_expression":
            inner = parts(node)
            return self.required(inner[0]) if len(inner) == 1 else None
        if node.type != "call_expression":
            return None
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        return self._module_named(function, arguments) if function is not None else None

    def _module_named(self, function: Node, arguments: Node | None) -> tuple[str, str] | None:
        if function.type == "identifier":
            if function.end_byte - function.start_byte != 7 or self.text(function) != "require":
                return None
            style = "require"
        elif function.type == "import":
            style = "dynamic"
        else:
            return None
        given = parts(arguments) if arguments is not None else []
        if not given or given[0].type not in ("string", "template_string"):
            return None
        if given[0].type == "template_string" and any(child.type != "string_fragment" for child in parts(given[0])):
            return None
        return unquoted(self.text(given[0])), style

    def _imported(self, node: Node, function: Node, arguments: Node | None) -> Value | None:
        """A module that is loaded where it is used; it gets a name that no code can write."""
        found = self._module_named(function, arguments)
        if found is None:
            return None
        module, style = found
        span = self.span(node)
        local = f"{style}({module})"
        self.imports.append(Import(module, None, local, style, self.block, self.block, span))
        return Ref(span, RefKind.NAME, local)

    # Text and numbers

    def _string(self, node: Node, _: Fate) -> Value:
        span = self.span(node)
        return Literal(span, unquoted(self.source[span.start : span.end]))

    def _template(self, node: Node, _: Fate) -> Value:
        return joined(self.span(node), list(self._pieces(node)))

    def _pieces(self, node: Node) -> Iterator[Value]:
        for child in node.named_children:
            if child.type == "template_substitution":
                inner = parts(child)
                yield self.value(inner[0]) if inner else Unknown(self.span(child), "syntax error")
            elif child.type in ("string_fragment", "escape_sequence"):
                yield Literal(self.span(child), decode(self.text(child)))

    def _number(self, node: Node, _: Fate) -> Value:
        span = self.span(node)
        amount = number(self.source[span.start : span.end])
        return Unknown(span, "a number that is not a plain one") if amount is None else Literal(span, amount)

    def _true(self, node: Node, _: Fate) -> Value:
        return Literal(self.span(node), True)

    def _false(self, node: Node, _: Fate) -> Value:
        return Literal(self.span(node), False)

    def _null(self, node: Node, _: Fate) -> Value:
        return Literal(self.span(node), None)

    def _regex(self, node: Node, _: Fate) -> Value:
        return Unknown(self.span(node), "a pattern")

    # Operators

    def _binary(self, node: Node, fate: Fate) -> Value:
        operator = node.child_by_field_name("operator")
        if operator is not None and operator.type in _LOGICAL:
            return self._logical(node, operator.type, fate)
        span = self.span(node)
        operands: list[Node] = []
        name = operator.type if operator is not None else ""
        while node.type == "binary_expression" and not (self.is_broken and not is_intact(node)):
            operator = node.child_by_field_name("operator")
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if operator is None or left is None or right is None or operator.type != name:
                break
            operands.append(right)
            node = left
            if name not in _GROUPING:
                break
        operands.append(node)
        operands.reverse()
        values = [self.value(operand) for operand in operands]
        if name == "+" and any(is_text(value) for value in values):
            return joined(span, values)
        return Operation(span, _NAMES.get(name, name), tuple(values))

    def _logical(self, node: Node, name: str, fate: Fate) -> Value:
        """`a || b` and `a ?? b` choose between their sides, `a && b` is an operation; the right side runs only sometimes."""
        span = self.span(node)
        operands: list[Node] = []
        while node.type == "binary_expression" and not (self.is_broken and not is_intact(node)):
            operator = node.child_by_field_name("operator")
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if operator is None or left is None or right is None or operator.type != name:
                break
            operands.append(right)
            node = left
        operands.append(node)
        operands.reverse()
        return self.logical(span, operands, fate, all_hold=name == "&&", otherwise=without_nothing)

    def _conditional(self, node: Node, fate: Fate) -> Value:
        condition, body, other = (
            node.child_by_field_name(field) for field in ("condition", "consequence", "alternative")
        )
        if condition is None or body is None or other is None:
            return Unknown(self.span(node), "syntax error")
        return self.conditional(node, condition, body, other, fate)

    def _unary(self, node: Node, _: Fate) -> Value:
        operator, operand = node.child_by_field_name("operator"), node.child_by_field_name("argument")
        span = self.span(node)
        if operator is None or operand is None:
            return Unknown(span, "syntax error")
        if operator.type == "delete":
            self.assign(operand, None, "delete", None, span)
            return Literal(span, True)
        value = self.value(operand)
        if operator.type == "!":
            return negated(value, span)
        amount = value.scalar
        if operator.type == "-" and isinstance(amount, (int, float)) and not isinstance(amount, bool):
            return Literal(span, -amount)
        if operator.type == "void":
            self.leave(value)
            return Literal(span, None)
        return Operation(span, operator.type, (value,))

    def _inner(self, node: Node, fate: Fate) -> Value:
        inner = bare(node)
        return self.value(inner, fate) if inner is not node else self._other(node, fate)

    def _await(self, node: Node, fate: Fate) -> Value:
        inner = parts(node)
        return self.value(inner[0], fate._replace(awaited=True)) if inner else Unknown(self.span(node), "syntax error")

    def _yield(self, node: Node, _: Fate) -> Value:
        inner = parts(node)
        value = self.value(inner[0], RETURNED) if inner else None
        self.exits.append(Exit("yield", value, self.block, self.span(node)))
        self.yields = True
        return Unknown(self.span(node), "what is sent to a generator")

    def _sequence(self, node: Node, fate: Fate) -> Value:
        inner = parts(node)
        for each in inner[:-1]:
            self.leave(self.value(each, Fate(Use.DROPPED)))
        return self.value(inner[-1], fate) if inner else Unknown(self.span(node), "syntax error")

    # Assignments

    def _assignment(self, node: Node, _: Fate) -> Value:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        span = self.span(node)
        if left is None or right is None:
            return Unknown(span, "syntax error")
        value = self._bound(left, right)
        self.assign(left, value, "=", None, span)
        return value

    def _bound(self, left: Node, right: Node) -> Value:
        """The value that is assigned; a function is called by the name that it gets."""
        if right.type in _FUNCTIONS and left.type == "member_expression":
            return self.function(right, left.child_by_field_name("property"))
        return self.value(right, BOUND)

    def _augmented(self, node: Node, _: Fate) -> Value:
        left, operator, right = (node.child_by_field_name(field) for field in ("left", "operator", "right"))
        span = self.span(node)
        if left is None or operator is None or right is None:
            return Unknown(span, "syntax error")
        before = self.value(left)
        word = operator.type.removesuffix("=")
        if word in _LOGICAL:
            condition = before if word == "&&" else negated(before)
            value = self.sometimes(node, ((condition, right, BOUND),))[0]
            self._rebind(left, before, value, "or-else" if word != "&&" else "=", span)
            return Choice(span, (Option(None, without_nothing(before)), Option(None, value)))
        value = Operation(span, word, (before, self.value(right)))
        self._rebind(left, before, value, "+=", span)
        return value

    def _rebind(self, target: Node, before: Value, value: Value, how: str, span: Span) -> None:
        """Bind a name or place whose old value is read already: reading it again would call what it calls twice, and
        take twice the time for each such expression inside another."""
        place = without_nothing(before) if isinstance(before, Choice) else before
        if bare(target).type == "identifier":
            self.assign(target, value, how, None, span)
        elif isinstance(place, Ref):
            self.add_binding(place, value, how, None, span)
        else:
            self.leave(value)

    def _update(self, node: Node, _: Fate) -> Value:
        operand = node.child_by_field_name("argument")
        span = self.span(node)
        if operand is None:
            return Unknown(span, "syntax error")
        before = self.value(operand)
        value = Operation(span, "+", (before, Literal(span, 1)))
        self._rebind(operand, before, value, "+=", span)
        return before

    # Collections

    def _array(self, node: Node, _: Fate) -> Value:
        entries: list[Entry] = []
        is_open = False
        for child in parts(node):
            if child.type == "spread_element":
                is_open = True
                entries.extend(Entry(None, self.value(each)) for each in parts(child))
            else:
                entries.append(Entry(None, self.value(child)))
        return Items(self.span(node), tuple(entries), is_open, is_list=True)

    def _object(self, node: Node, _: Fate) -> Value:
        entries: list[Entry] = []
        is_open = False
        for child in parts(node):
            kind = child.type
            if kind == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is None or value is None:
                    continue
                written = self.key(key)
                is_open = is_open or not isinstance(written, Literal)
                made = self.function(value, key) if value.type in _FUNCTIONS else self.value(value)
                entries.append(Entry(written, made))
            elif kind == "shorthand_property_identifier":
                entries.append(Entry(self.key(child), self.identifier(child)))
            elif kind == "spread_element":
                is_open = True
                entries.extend(Entry(None, self.value(each)) for each in parts(child))
            elif kind == "method_definition":
                entries.append(self._method(child))
        return Items(self.span(node), tuple(entries), is_open)

    def _method(self, node: Node) -> Entry:
        name = node.child_by_field_name("name")
        outer, self.this = self.this, None
        made = self.function(node, name)
        self.this = outer
        key = self.key(name) if name is not None else Literal(made.span, "")
        is_accessor = any(child.type in ("get", "set") for child in node.children)
        return Entry(key, Unknown(made.span, "what an accessor gives", (made,)) if is_accessor else made)

    # Functions in expressions

    def _function_expression(self, node: Node, _: Fate) -> Value:
        return self.function(node, node.child_by_field_name("name"))

    def class_expression(self, node: Node, _: Fate = PART) -> Value:
        """Read a class that stands in an expression."""
        raise NotImplementedError


_EXPRESSIONS: Final[dict[str, Callable[[ExpressionReader, Node, Fate], Value]]] = {
    "identifier": ExpressionReader.identifier,
    "shorthand_property_identifier": ExpressionReader.identifier,
    "undefined": ExpressionReader._null,
    "this": ExpressionReader.this_value,
    "super": ExpressionReader.super_value,
    "member_expression": ExpressionReader.place,
    "subscript_expression": ExpressionReader.place,
    "call_expression": ExpressionReader._call,
    "new_expression": ExpressionReader._call,
    "string": ExpressionReader._string,
    "template_string": ExpressionReader._template,
    "number": ExpressionReader._number,
    "true": ExpressionReader._true,
    "false": ExpressionReader._false,
    "null": ExpressionReader._null,
    "regex": ExpressionReader._regex,
    "binary_expression": ExpressionReader._binary,
    "unary_expression": ExpressionReader._unary,
    "update_expression": ExpressionReader._update,
    "ternary_expression": ExpressionReader._conditional,
    "assignment_expression": ExpressionReader._assignment,
    "augmented_assignment_expression": ExpressionReader._augmented,
    "await_expression": ExpressionReader._await,
    "yield_expression": ExpressionReader._yield,
    "sequence_expression": ExpressionReader._sequence,
    "array": ExpressionReader._array,
    "object": ExpressionReader._object,
    "arrow_function": ExpressionReader._function_expression,
    "function_expression": ExpressionReader._function_expression,
    "function": ExpressionReader._function_expression,
    "generator_function": ExpressionReader._function_expression,
    "class": lambda reader, node, fate: reader.class_expression(node, fate),
    "as_expression": ExpressionReader._inner,
    "satisfies_expression": ExpressionReader._inner,
    "non_null_expression": ExpressionReader._inner,
    "parenthesized_expression": ExpressionReader._inner,
    "instantiation_expression": ExpressionReader._inner,
    "type_assertion": ExpressionReader._inner,
}
