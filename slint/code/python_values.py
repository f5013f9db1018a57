"""Python expressions as values, with the calls, bindings and blocks that lie inside them as facts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from slint.code.facts import (
    Argument,
    Binding,
    Block,
    BlockKind,
    Call,
    Definition,
    Exit,
    Import,
    Loose,
    Parameter,
    Use,
)
from slint.code.python_literals import decode, number, take_apart
from slint.code.python_scopes import Foresight, Meaning, Receiver, Scope, ScopeKind, Well
from slint.source import SourceFile, Span
from slint.value import (
    ANY,
    Absent,
    Choice,
    Entry,
    Items,
    Joined,
    Key,
    Literal,
    Operation,
    Option,
    Ref,
    RefKind,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

# A level takes at most five calls of Python's own stack, which holds 1,000 by default.
DEEPEST: Final = 120
# `a or b or ...` says of each what did not hold before, so its value grows with the square of its length.
_MOST_ALTERNATIVES: Final = 40


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
_TRIVIA: Final = frozenset({"comment", "line_continuation"})
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
_PARAMETER_KINDS: Final = {
    "list_splat_pattern": "rest",
    "dictionary_splat_pattern": "options",
}
_Step: TypeAlias = "str | list[Node]"  # an attribute's name, or what stands in the brackets


def parts(node: Node) -> list[Node]:
    """The named children of a node that are code."""
    return [child for child in node.named_children if child.type not in _TRIVIA]


class ExpressionReader:
    """Reads expressions of one file and collects the facts inside them; StatementReader builds on it.

    The lists are the tuples of Module in the making. Calls, definitions and blocks take their place in the list
    before their insides are read, because those refer to them by index.
    """

    def __init__(self, file: SourceFile, wide: Sequence[int], foresight: Foresight, is_broken: bool) -> None:
        """Start at the module; `wide` are the offsets of the bytes that begin no code point."""
        self.file = file
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
        self.module_scope = self.scope
        self.special_names = {name for names in foresight.meanings.values() for name in names}
        self.reads_environment = bool(self.special_names)
        self._foresee(self.scope)

    # Places and text

    def span(self, node: Node) -> Span:
        """Where a node stands, in code points."""
        if self.wide:
            start, end = node.start_byte, node.end_byte
            return Span(self.file, start - bisect_left(self.wide, start), end - bisect_left(self.wide, end))
        return Span(self.file, node.start_byte, node.end_byte)

    def text(self, node: Node) -> str:
        """The text of a node."""
        _, start, end = self.span(node)
        return self.file.text[start:end]

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
        if self.is_broken and node.has_error:
            return Unknown(self.span(node), "syntax error")
        if self.depth >= DEEPEST:
            return self.too_deep(node)
        self.depth += 1
        value = _EXPRESSIONS.get(node.type, ExpressionReader._other)(self, node, fate)
        self.depth -= 1
        return value

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

    def _other(self, node: Node, _: Fate) -> Value:
        mentions = tuple(self.value(child) for child in parts(node) if child.type != "type")
        return Unknown(self.span(node), "an expression that is not understood", mentions)

    # Names, attributes and subscripts

    def _identifier(self, node: Node, _: Fate) -> Value:
        span = self.span(node)
        return self._root(self.file.text[span.start : span.end], span)

    def _root(self, name: str, span: Span, path: tuple[Key, ...] = ()) -> Ref:
        if name in self.special_names:
            meaning = self.scope.meaning(name)
            if isinstance(meaning, Receiver):
                return Ref(span, meaning.kind, meaning.block, path)
        return Ref(span, RefKind.NAME, name, path)

    def place(self, node: Node, _: Fate = PART) -> Value:
        """The value of an attribute or subscript, and of chains of them: a reference where the root allows it."""
        span = self.span(node)
        steps: list[_Step] = []
        while (kind := node.type) in ("attribute", "subscript"):
            children = parts(node)
            if not children:
                break
            steps.append(self.text(children[-1]) if kind == "attribute" else children[1:])
            node = children[0]
        steps.reverse()
        if kind != "identifier":
            return _below(span, self.value(node), self._keys(steps))
        name = self.text(node)
        if self.reads_environment and name in self.special_names:
            variable = self._variable(span, node, name, steps)
            if variable is not None:
                return variable
        return self._root(name, span, self._keys(steps))

    def _keys(self, steps: Sequence[_Step]) -> tuple[Key, ...]:
        return tuple(step if isinstance(step, str) else self._key(step) for step in steps)

    def _key(self, index: list[Node]) -> Key:
        values = [self.value(each) for each in index]
        if len(values) == 1 and isinstance(values[0], Literal):
            written = values[0].value
            if isinstance(written, str) or (type(written) is int and written >= 0):
                return written
        for value in values:
            if any(not isinstance(part, Literal) or isinstance(part.value, str) for part in value.walk()):
                self.leave(value)
        return ANY

    def _slice(self, node: Node, _: Fate) -> Value:
        bounds = tuple(self.value(child) for child in parts(node))
        if all(isinstance(bound, Literal) for bound in bounds):
            return Literal(self.span(node), None)  # it is ANY in a path, and nothing in it is worth keeping
        return Unknown(self.span(node), "a slice", bounds)

    # The environment

    def _variable(self, span: Span, root: Node, name: str, steps: list[_Step]) -> Value | None:
        """`os.environ[...]` and what lies below it; None for everything else."""
        used = _below_environ(self.scope.meaning(name), steps)
        if used is None or used == len(steps):
            return None
        index = steps[used]
        if isinstance(index, str) or len(index) != 1 or index[0].type == "slice":
            return None
        written = self.value(index[0])
        found = self._named_variable(span, written, self._environ(root, name, steps[:used]))
        return _below(span, found, self._keys(steps[used + 1 :]))

    def _environ(self, root: Node, name: str, steps: Sequence[_Step]) -> Ref:
        return self._root(name, self.span(root), tuple(step for step in steps if isinstance(step, str)))

    def _named_variable(self, span: Span, written: Value, environ: Ref, *others: Value) -> Value:
        name = self._constant_text(written)
        if name is None:
            return Unknown(span, "computed environment variable", (written, environ, *others))
        return Ref(span, RefKind.ENV, name)

    def _constant_text(self, written: Value) -> str | None:
        if isinstance(written, Ref) and written.kind is RefKind.NAME and not written.path:
            name = str(written.name)
            self.variables_read_by_name.add(name)
            constant = self.foresight.constants.get(name)
            return constant.text if constant is not None and constant.since <= written.span.start else None
        return written.string

    def _environment_call(self, node: Node, function: Node, arguments: Node, fate: Fate) -> Value | None:
        """`os.getenv(...)`, `os.environ.get(...)` and their like; None for every other call."""
        reading = self._environment_reader(function)
        if reading is None or arguments.type != "argument_list":
            return None
        method, environ = reading
        given: dict[str, Node] = {}
        for child, parameter in zip(parts(arguments), ("key", "default", ""), strict=False):
            if child.type == "keyword_argument":
                name, *_, value = parts(child)
                given[self.text(name)] = value
            elif child.type in _SPREADS:
                return None
            else:
                given[parameter] = child
        if "key" not in given or not given.keys() <= {"key", "default"}:
            return None
        span = self.span(node)
        written = self.value(given["key"])
        outcome = Fate(fate.use if fate.use is not Use.DROPPED else Use.PART, fate.used_by)
        default = self.value(given["default"], outcome) if "default" in given else Literal(span, None)
        found = self._named_variable(span, written, environ, default)
        if not isinstance(found, Ref):
            return found
        if method == "pop" and "default" not in given:
            return found
        if method == "setdefault":
            self.add_binding(found, default, "or-else", self.scope.block, span)
        return Choice(span, (Option(None, found), Option(None, default)))

    def _environment_reader(self, function: Node) -> tuple[str, Ref] | None:
        """The method that reads one variable, and the reference to the environment."""
        steps: list[_Step] = []
        root = function
        while root.type == "attribute" and len(steps) < 3:
            children = parts(root)
            steps.append(self.text(children[-1]))
            root = children[0]
        if root.type != "identifier" or (name := self.text(root)) not in self.special_names:
            return None
        steps.reverse()
        meaning = self.scope.meaning(name)
        if (meaning is Well.GETENV and not steps) or (meaning is Well.OS and steps == ["getenv"]):
            return "get", self._environ(root, name, steps)
        used = _below_environ(meaning, steps)
        if used is None or used + 1 != len(steps):
            return None
        method = steps[used]
        if method not in ("get", "pop", "setdefault") or not isinstance(method, str):
            return None
        return method, self._environ(root, name, steps[:used])

    # Calls

    def _call(self, node: Node, fate: Fate) -> Value:
        children = parts(node)
        function, arguments = children[0], children[-1]
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
                elif kind in _SPREADS:
                    given.append(Argument(_SPREADS[kind], self.value(parts(child)[-1], passed)))
                elif kind not in _TRIVIA:
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

    def _binary(self, node: Node, _: Fate) -> Value:
        """Operators group to the left, so a long sum leans: it is read from its leftmost operand on."""
        rest: list[tuple[str, Node]] = []
        while node.type == "binary_operator" and not (self.is_broken and node.has_error):
            left, operator, right = [child for child in node.children if child.type not in _TRIVIA]
            rest.append((operator.type, right))
            node = left
        operands = [self.value(node)]
        name = ""
        nested = 0
        for following, right in reversed(rest):
            if following != name or following not in _GROUPING:
                if name:
                    operands = [self._operation(name, operands, nested)]
                    nested += 1
                name = following
            operands.append(self.value(right))
        return self._operation(name, operands, nested)

    def _operation(self, name: str, operands: list[Value], nested: int) -> Value:
        span = Span(self.file, operands[0].span.start, operands[-1].span.end)
        if name == "+" and any(_is_text(operand) for operand in operands):
            return joined(span, operands)
        if nested > DEEPEST:
            return Unknown(span, "nested too deeply")
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
                if kind not in _TRIVIA:
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
            left, operator, right = [child for child in node.children if child.type not in _TRIVIA]
            if operator.type != (name or operator.type):
                break
            name = operator.type
            operands.append(right)
            node = left
        operands.append(node)
        operands.reverse()
        if len(operands) > _MOST_ALTERNATIVES:
            return Unknown(span, "a long condition", tuple(self.value(operand) for operand in operands))
        tested = PART if fate.use is Use.DROPPED or name == "and" else fate
        values: list[Value] = []
        conditions: list[Value | None] = []
        before: list[Value] = []  # what held of the operands so far when the next one is reached
        for position, operand in enumerate(operands):
            is_last = position == len(operands) - 1
            condition = all_of(before)
            conditions.append(condition)
            value = (
                self.value(operand, tested)
                if condition is None
                else self.sometimes(operand, ((condition, operand, fate if is_last else tested),))[0]
            )
            values.append(value)
            before.append(value if name == "and" else negated(value))
        if name == "and":
            return Operation(span, "and", tuple(values))
        return Choice(span, tuple(map(Option, conditions, values)))

    def _conditional(self, node: Node, fate: Fate) -> Value:
        body, condition, other = parts(node)
        when = self.value(condition)
        otherwise = negated(when)
        values = self.sometimes(node, ((when, body, fate), (otherwise, other, fate)))
        return Choice(self.span(node), (Option(when, values[0]), Option(otherwise, values[1])))

    def sometimes(self, node: Node, sides: Sequence[tuple[Value, Node, Fate]]) -> list[Value]:
        """The values of expressions that run only under a condition each, read as the arms of a branch.

        Blocks that no fact lies in are taken back: most such expressions are plain names and literals.
        """
        branch = self.open_block(BlockKind.BRANCH, node)
        values: list[Value] = []
        for condition, side, fate in sides:
            with self.inside(branch):
                arm = self.open_block(BlockKind.ARM, side, condition)
            before = self._amount()
            with self.inside(arm):
                values.append(self.value(side, fate))
            if self._amount() == before:
                del self.blocks[arm:]
        if len(self.blocks) == branch + 1:
            del self.blocks[branch:]
        return values

    def _amount(self) -> int:
        return len(self.calls) + len(self.bindings) + len(self.blocks) + len(self.exits) + len(self.loose)

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
            elif kind in _SPREADS:
                is_open = True
                entries.append(Entry(None, self.value(parts(child)[-1])))
            elif kind not in _TRIVIA:
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
                self.block = self.open_block(BlockKind.BRANCH, clause)
                self.block = self.open_block(BlockKind.ARM, body, condition)
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

    def bind_loop_variables(self, target: Node, value: Value | None, span: Span) -> None:
        """Bind the variables of a comprehension, which are its own."""
        if target.type == "identifier":
            name = self.text(target)
            scope = self.bind_in(self.scope, name)
            self.add_binding(Ref(self.span(target), RefKind.NAME, name), value, "loop", scope, span)
        elif target.type in UNPACKED:
            for part, inner in unpacked(target, value):
                self.bind_loop_variables(part, inner, span)
        else:
            self.assign(target, value, "loop", span)

    # Targets

    def assign(self, target: Node, value: Value | None, how: str, span: Span) -> None:
        """Bind every name and place of a target to its part of the value."""
        if self.is_broken and target.has_error:
            self.leave(Unknown(self.span(target), "syntax error"))
        elif target.type == "identifier":
            self.bind_name(target, value, how, span)
        elif self.depth >= DEEPEST:
            self.too_deep(target)
        elif target.type in UNPACKED:
            self.depth += 1
            for part, inner in unpacked(target, value):
                self.assign(part, inner, how, span)
            self.depth -= 1
            if value is not None and not parts(target):
                self.leave(value)
        else:
            place = self.value(target)
            if isinstance(place, Ref):
                self.add_binding(place, value, how, self.scope.block, span)
                return
            self.leave(place)
            if value is not None:
                self.leave(value)

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


_SPREADS: Final = {
    "list_splat": "*",
    "parenthesized_list_splat": "*",
    "list_splat_pattern": "*",
    "dictionary_splat": "**",
}
UNPACKED: Final = frozenset(
    {"pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list", "parenthesized_expression"}
)

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


def bare(node: Node) -> Node:
    """An expression without the parentheses around it."""
    while node.type == "parenthesized_expression":
        inner = parts(node)
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def negated(value: Value, span: Span | None = None) -> Operation:
    """That a value does not hold."""
    return Operation(value.span if span is None else span, "not", (value,))


def all_of(conditions: Sequence[Value]) -> Value | None:
    """That all conditions hold; None for no condition."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    first, last = conditions[0].span, conditions[-1].span
    return Operation(Span(first.file, first.start, last.end), "and", tuple(conditions))


def element(iterable: Value) -> Value:
    """One element, whichever, of what a loop goes through."""
    if isinstance(iterable, Ref):
        return replace(iterable, path=(*iterable.path, ANY))
    return Unknown(iterable.span, "an element", (iterable,))


def unpacked(target: Node, value: Value | None) -> Iterator[tuple[Node, Value | None]]:
    """The parts of a target that unpacks a value, each with its part of the value."""
    children = parts(target)
    if target.type == "parenthesized_expression":
        for child in children:
            yield child, value
        return
    starred = next((index for index, child in enumerate(children) if child.type in _SPREADS), None)
    for index, child in enumerate(children):
        if value is None:
            part = None
        elif starred is None or index < starred:
            part = part_of(value, index)
        elif index > starred and isinstance(value, Items) and not value.open:
            part = part_of(value, len(value.entries) - len(children) + index)
        else:
            part = part_of(value, ANY)
        if child.type in _SPREADS:
            for inner in parts(child):
                yield inner, part
        else:
            yield child, part


def part_of(value: Value, key: Key) -> Value:
    """What lies below a value that is taken apart; Unknown instead of Absent, as it was not asked whether it is there."""
    part = value.at(key)
    return Unknown(value.span, "a part of what is taken apart", (value,)) if isinstance(part, Absent) else part


def _below(span: Span, value: Value, path: tuple[Key, ...]) -> Value:
    """What lies at `path` below a value, for the expression at `span`."""
    if not path:
        return value
    if isinstance(value, Ref):
        return Ref(span, value.kind, value.name, (*value.path, *path))
    if isinstance(value, Choice):
        return Choice(span, tuple(Option(option.when, _below(span, option.value, path)) for option in value.options))
    return Unknown(span, "part of a value that is computed", (value,))


def _below_environ(meaning: Meaning, steps: Sequence[_Step]) -> int | None:
    """How many steps lead to `os.environ` from a name; None when they do not."""
    if meaning is Well.ENVIRON:
        return 0
    return 1 if meaning is Well.OS and steps and steps[0] == "environ" else None


def _is_text(value: Value) -> bool:
    return isinstance(value, Joined) or (isinstance(value, Literal) and isinstance(value.value, str))


def joined(span: Span, given: Iterator[Value] | Sequence[Value]) -> Value:
    """Text made of parts: neighbouring literals become one, and text without a hole is a literal."""
    flat: list[Value] = []
    run: list[Value] = []
    for value in given:
        for part in value.parts if isinstance(value, Joined) else (value,):
            if part.string is None:
                flat.extend(_one_literal(run))
                run = []
                flat.append(part)
            else:
                run.append(part)
    if not flat:
        return Literal(span, "".join(part.string or "" for part in run))
    flat.extend(_one_literal(run))
    return Joined(span, tuple(flat))


def _one_literal(run: list[Value]) -> Iterator[Value]:
    """Neighbouring literal strings as one."""
    if len(run) == 1:
        yield run[0]
    elif run:
        span = Span(run[0].span.file, run[0].span.start, run[-1].span.end)
        yield Literal(span, "".join(part.string or "" for part in run))


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
