"""Python expressions as values, with the calls, bindings and blocks that lie inside them as facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from slint.code.facts import Argument, BlockKind, Call, Definition, Exit, Import, Use
from slint.code.python_literals import decode, number, take_apart
from slint.code.python_places import PlaceReader
from slint.code.python_reader import SPREADS, TRIVIA, bare, parts
from slint.code.python_scopes import Scope, ScopeKind
from slint.code.python_targets import TargetReader
from slint.code.reading import BOUND, DEEPEST, PART, RETURNED, Fate
from slint.code.shapes import element, is_text, joined, negated
from slint.source import Span
from slint.value import Entry, Items, Literal, Operation, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

# `a or b or ...` says of each what did not hold before, so its value grows with the square of its length.
# Literals whose methods are those of a type of the language.
_LITERAL_TYPES: Final = {
    "string": "str",
    "concatenated_string": "str",
    "list": "list",
    "list_comprehension": "list",
    "dictionary": "dict",
    "dictionary_comprehension": "dict",
    "set": "set",
    "set_comprehension": "set",
    "tuple": "tuple",
}
# Operators whose runs, `a + b + c`, are one operation.
_GROUPING: Final = frozenset("+*|&")
_COMPARISONS: Final = {"not in": "not-in", "is not": "is-not", "<>": "!="}


class ExpressionReader(PlaceReader, TargetReader):
    """Reads the expressions of one file."""

    def value(self, node: Node, fate: Fate = PART) -> Value:
        """The value of an expression; its calls, bindings and blocks become facts of the current block."""
        if self.is_broken and node.has_error:
            return Unknown(self.span(node), "syntax error")
        if self.depth >= DEEPEST:
            return self.too_deep(node)
        self.depth += 1
        value = _EXPRESSIONS.get(node.type, ExpressionReader._other)(self, node, fate)
        self.depth -= 1
        return value

    def _other(self, node: Node, _: Fate) -> Value:
        mentions = tuple(self.value(child) for child in parts(node) if child.type != "type")
        return Unknown(self.span(node), "an expression that is not understood", mentions)

    # Calls

    def _call(self, node: Node, fate: Fate) -> Value:
        function, *_, arguments = node.children
        if self.reads_environment and function.type in ("attribute", "identifier"):
            read = self._environment_call(node, function, arguments, fate)
            if read is not None:
                return read
        index = len(self.calls)
        self.calls.append(None)
        callee, receiver = self._callee(function)
        passed = Fate(Use.PASSED, index)
        given: list[Argument] = []
        if arguments.type != "argument_list":  # a generator without parentheses of its own
            given.append(Argument(None, self.value(arguments, passed)))
        else:
            for child in arguments.named_children:
                kind = child.type
                if kind == "keyword_argument":
                    name, *_, value = parts(child)
                    given.append(Argument(self.text(name), self.value(value, passed)))
                elif kind in SPREADS:
                    given.append(Argument(SPREADS[kind], self.value(parts(child)[-1], passed)))
                elif kind not in TRIVIA:
                    given.append(Argument(None, self.value(child, passed)))
        if receiver is not None:
            given.append(Argument("self", receiver))
        span = self.span(node)
        self.calls[index] = Call(callee, tuple(given), fate.use, fate.used_by, fate.awaited, self.block, span)
        if isinstance(callee, Ref) and callee.kind is RefKind.NAME:
            self._note_import(callee, given, span)
        return Ref(span, RefKind.CALL, index)

    def _callee(self, function: Node) -> tuple[Value, Value | None]:
        """What is called, and the literal whose method it is."""
        if function.type == "attribute":
            owner, *_, method = parts(function)
            builtin = _LITERAL_TYPES.get(bare(owner).type)
            if builtin is not None:
                return Ref(self.span(function), RefKind.BUILTIN, builtin, (self.text(method),)), self.value(owner)
        return self.value(function), None

    def _note_import(self, callee: Ref, given: list[Argument], span: Span) -> None:
        word = callee.path[-1] if callee.path else callee.name
        if word not in ("__import__", "import_module") or not given or given[0].name not in (None, "name"):
            return
        module = given[0].value.string
        if module:
            self.imports.append(Import(module, None, "", "dynamic", self.block, self.scope.block, span))

    # Text and numbers

    def _string(self, node: Node, _: Fate) -> Value:
        span = self.span(node)
        quoted = take_apart(self.file.text[span.start : span.end])
        if quoted is None or quoted.quotes == "`":
            return Unknown(span, "a string that cannot be read")
        if "f" in quoted.prefix or "t" in quoted.prefix:
            return joined(span, self._pieces(node, quoted.prefix))
        return Literal(span, decode(quoted.content, quoted.prefix))

    def _pieces(self, node: Node, prefix: str) -> Iterator[Value]:
        for child in node.named_children:
            if child.type == "string_content":
                content = self.text(child).replace("{{", "{").replace("}}", "}")
                yield Literal(self.span(child), decode(content, prefix))
            elif child.type == "interpolation":
                yield self._hole(child)

    def _hole(self, node: Node) -> Value:
        """What stands in the braces of an f-string; a format changes the text, so that it is unknown."""
        value: Value | None = None
        formats: list[Value] = []
        is_plain = not any(child.type == "=" for child in node.children)
        for child in parts(node):
            if child.type == "type_conversion":
                is_plain = is_plain and self.text(child) == "!s"
            elif child.type == "format_specifier":
                is_plain = False
                formats.extend(self._hole(inner) for inner in parts(child) if inner.type == "format_expression")
            elif value is None:
                value = self.value(child)
        if value is None:
            return Unknown(self.span(node), "an empty hole")
        return value if is_plain else Unknown(self.span(node), "formatted", (value, *formats))

    def _strings(self, node: Node, fate: Fate) -> Value:
        return joined(self.span(node), (self.value(child, fate) for child in parts(node)))

    def _number(self, node: Node, _: Fate) -> Value:
        span = self.span(node)
        amount = number(self.file.text[span.start : span.end])
        return Unknown(span, "a number that is not a plain one") if amount is None else Literal(span, amount)

    def _true(self, node: Node, _: Fate) -> Value:
        return Literal(self.span(node), True)

    def _false(self, node: Node, _: Fate) -> Value:
        return Literal(self.span(node), False)

    def _none(self, node: Node, _: Fate) -> Value:
        return Literal(self.span(node), None)

    def _ellipsis(self, node: Node, _: Fate) -> Value:
        return Ref(self.span(node), RefKind.BUILTIN, "Ellipsis")

    # Operators

    def _binary(self, node: Node, _fate: Fate) -> Value:
        """Operators group to the left, so a long sum leans: it is read from its leftmost operand on."""
        span = self.span(node)
        rest: list[tuple[str, Node]] = []
        while node.type == "binary_operator" and not (self.is_broken and node.has_error):
            left, operator, right = [child for child in node.children if child.type not in TRIVIA]
            rest.append((operator.type, right))
            node = left
        rest.reverse()
        runs = 1 + sum(
            following != before or following not in _GROUPING for (before, _), (following, _) in pairwise(rest)
        )
        if self.depth + runs > DEEPEST:
            return Unknown(
                span, "a long computation", tuple(self.value(each) for each in (node, *(each for _, each in rest)))
            )
        self.depth += runs
        operands = [self.value(node)]
        name = rest[0][0]
        for following, right in rest:
            if following != name or (following not in _GROUPING and len(operands) > 1):
                operands = [self._operation(name, operands)]
                name = following
            operands.append(self.value(right))
        self.depth -= runs
        return self._operation(name, operands)

    def _operation(self, name: str, operands: list[Value]) -> Value:
        span = Span(self.file, operands[0].span.start, operands[-1].span.end)
        if name == "+" and any(is_text(operand) for operand in operands):
            return joined(span, operands)
        return Operation(span, name, tuple(operands))

    def _unary(self, node: Node, _: Fate) -> Value:
        operator, operand = node.children[0], node.children[-1]
        value = self.value(operand)
        amount = value.scalar
        if operator.type == "-" and isinstance(amount, (int, float)) and not isinstance(amount, bool):
            return Literal(self.span(node), -amount)
        return Operation(self.span(node), operator.type, (value,))

    def _not(self, node: Node, _: Fate) -> Value:
        return negated(self.value(parts(node)[-1]), self.span(node))

    def _comparison(self, node: Node, _: Fate) -> Value:
        operands: list[Value] = []
        names: list[str] = []
        for child in node.children:
            kind = child.type
            if child.is_named:
                if kind not in TRIVIA:
                    operands.append(self.value(child))
            else:
                names.append(_COMPARISONS.get(kind, kind))
        span = self.span(node)
        links = [
            Operation(Span(self.file, left.span.start, right.span.end), name, (left, right))
            for left, name, right in zip(operands, names, operands[1:], strict=False)
        ]
        return (
            Operation(span, links[0].name, links[0].operands)
            if len(links) == 1
            else Operation(span, "and", tuple(links))
        )

    def _boolean(self, node: Node, fate: Fate) -> Value:
        """`a or b` chooses between its sides, `a and b` is an operation; the right side runs only sometimes."""
        span = self.span(node)
        name = ""
        operands: list[Node] = []
        while node.type == "boolean_operator" and not (self.is_broken and node.has_error):
            left, operator, right = [child for child in node.children if child.type not in TRIVIA]
            if operator.type != (name or operator.type):
                break
            name = operator.type
            operands.append(right)
            node = left
        operands.append(node)
        operands.reverse()
        return self.logical(span, operands, fate, all_hold=name == "and")

    def _conditional(self, node: Node, fate: Fate) -> Value:
        body, condition, other = parts(node)
        return self.conditional(node, condition, body, other, fate)

    def _parenthesized(self, node: Node, fate: Fate) -> Value:
        return self.value(bare(node), fate)

    def _await(self, node: Node, fate: Fate) -> Value:
        return self.value(parts(node)[-1], fate._replace(awaited=True))

    def _walrus(self, node: Node, _: Fate) -> Value:
        name, value = parts(node)
        return self.bind_name(name, self.value(value, BOUND), "=", self.span(node))

    def _yield(self, node: Node, _: Fate) -> Value:
        given = parts(node)
        value = self.value(given[-1], RETURNED) if given else None
        span = self.span(node)
        self.exits.append(Exit("yield", value, self.block, span))
        self.scope.around.yields = True
        return Unknown(span, "what is sent to a generator")

    # Collections

    def _sequence(self, node: Node, _: Fate) -> Value:
        return self.items(node, is_list=True)

    def _dictionary(self, node: Node, _: Fate) -> Value:
        return self.items(node, is_list=False)

    def items(self, node: Node, is_list: bool) -> Items:
        """The members of a display; a spread leaves it open and stands as an entry without a key."""
        entries: list[Entry] = []
        is_open = False
        for child in node.named_children:
            kind = child.type
            if kind == "pair":
                key, *_, value = parts(child)
                entries.append(Entry(self.value(key), self.value(value)))
            elif kind in SPREADS:
                is_open = True
                entries.append(Entry(None, self.value(parts(child)[-1])))
            elif kind not in TRIVIA:
                entries.append(Entry(None, self.value(child)))
        return Items(self.span(node), tuple(entries), is_open, is_list)

    def _comprehension(self, node: Node, _: Fate) -> Value:
        body, *clauses = parts(node)
        is_list = node.type != "dictionary_comprehension"
        entry = self._clauses(node, body, clauses)
        return Items(self.span(node), (entry,), open=True, is_list=is_list)

    def _clauses(self, node: Node, body: Node, clauses: list[Node]) -> Entry:
        """The element of a comprehension: its loops and filters are blocks, each inside the one before."""
        outer_block, outer_scope = self.block, self.scope
        for clause in clauses:
            if clause.type == "if_clause":
                condition = self.value(parts(clause)[-1])
                self.block = self.open_block(BlockKind.BRANCH, node)
                self.block = self.open_block(BlockKind.ARM, node, condition)
                continue
            target = clause.child_by_field_name("left")
            right = clause.children_by_field_name("right")
            iterable = self.value(right[0], BOUND) if right else Unknown(self.span(clause), "syntax error")
            self.block = self.open_block(BlockKind.LOOP, node, iterable)
            self.scope = Scope(ScopeKind.COMPREHENSION, self.block, clause.start_byte, self.scope)
            if target is not None:
                self.bind_loop_variables(target, element(iterable), self.span(clause))
        if body.type == "pair":
            key, *_, value = parts(body)
            entry = Entry(self.value(key), self.value(value))
        else:
            entry = Entry(None, self.value(body))
        self.block, self.scope = outer_block, outer_scope
        return entry

    # Functions in expressions

    def _lambda(self, node: Node, _: Fate) -> Value:
        span = self.span(node)
        index = len(self.definitions)
        self.definitions.append(None)
        given = node.child_by_field_name("parameters")
        parameters = self.parameters(given) if given is not None else []
        block, scope = self.block, self.scope.block
        body = self.open_block(BlockKind.FUNCTION, node)
        result = node.child_by_field_name("body")
        with self.in_scope(ScopeKind.FUNCTION, body, node) as inner:
            self.declare(inner, given)
            if result is not None:
                value = self.value(result, RETURNED)
                self.exits.append(Exit("return", value, body, self.span(result)))
        self.definitions[index] = Definition(
            name="",
            body=body,
            block=block,
            scope=scope,
            parameters=tuple(parameters),
            decorators=(),
            bases=(),
            is_class=False,
            is_async=False,
            is_generator=inner.yields,
            binding="",
            exported_as=None,
            span=span,
            whole=span,
        )
        return Ref(span, RefKind.BLOCK, body)


_EXPRESSIONS: Final[dict[str, Callable[[ExpressionReader, Node, Fate], Value]]] = {
    "identifier": ExpressionReader._identifier,
    "attribute": ExpressionReader.place,
    "subscript": ExpressionReader.place,
    "slice": ExpressionReader._slice,
    "call": ExpressionReader._call,
    "string": ExpressionReader._string,
    "concatenated_string": ExpressionReader._strings,
    "integer": ExpressionReader._number,
    "float": ExpressionReader._number,
    "true": ExpressionReader._true,
    "false": ExpressionReader._false,
    "none": ExpressionReader._none,
    "ellipsis": ExpressionReader._ellipsis,
    "binary_operator": ExpressionReader._binary,
    "unary_operator": ExpressionReader._unary,
    "not_operator": ExpressionReader._not,
    "comparison_operator": ExpressionReader._comparison,
    "boolean_operator": ExpressionReader._boolean,
    "conditional_expression": ExpressionReader._conditional,
    "parenthesized_expression": ExpressionReader._parenthesized,
    "await": ExpressionReader._await,
    "named_expression": ExpressionReader._walrus,
    "yield": ExpressionReader._yield,
    "list": ExpressionReader._sequence,
    "tuple": ExpressionReader._sequence,
    "set": ExpressionReader._sequence,
    "expression_list": ExpressionReader._sequence,
    "pattern_list": ExpressionReader._sequence,
    "tuple_pattern": ExpressionReader._sequence,
    "list_pattern": ExpressionReader._sequence,
    "dictionary": ExpressionReader._dictionary,
    "list_comprehension": ExpressionReader._comprehension,
    "set_comprehension": ExpressionReader._comprehension,
    "dictionary_comprehension": ExpressionReader._comprehension,
    "generator_expression": ExpressionReader._comprehension,
    "lambda": ExpressionReader._lambda,
}
