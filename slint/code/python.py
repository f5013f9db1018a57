"""The Python front end: one file to the facts that every language shares.

Read with tree-sitter, which is tolerant of errors and knows the syntax of every Python 3 and the statements of
Python 2, whatever Python slint itself runs on.

Statements are read here, expressions in python_values.py, names and the environment in python_places.py, targets and
parameters in python_targets.py, patterns in python_patterns.py; python_reader.py holds the facts in the making,
python_scopes.py the scopes, syntax.py the parser.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from slint.code.facts import (
    Argument,
    BlockKind,
    Call,
    Definition,
    Exit,
    Import,
    Module,
    Parameter,
    Use,
)
from slint.code.python_patterns import PatternReader
from slint.code.python_reader import parts
from slint.code.python_scopes import WELLS, Constant, Foresight, Meaning, Receiver, ScopeKind, Well
from slint.code.reading import BOUND, DEEPEST, DROPPED, RETURNED
from slint.code.shapes import element, none_of, part_of
from slint.code.syntax import Syntax, TooLarge, parse
from slint.source import SourceFile, Span
from slint.value import Entry, Items, Literal, Operation, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

# How a method binds, by its decorator, or by its name where the language itself decides.
_METHOD_DECORATORS: Final = {"staticmethod": "static", "classmethod": "class"}
_CLASS_METHODS: Final = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


def extract(file: SourceFile) -> Module:
    """The facts of a Python file.

    Never raises: what cannot be parsed, or is nested too deeply to be read, is left out and listed in `errors`. A file
    that is too large or too broken to be parsed at all has the one error of its whole text.
    """
    try:
        syntax = parse(file.text, "python")
    except TooLarge:
        return _unread(file)._replace(is_too_large=True)
    if syntax is None:
        return _unread(file)
    reader = _read(file, syntax, Foresight())
    foresight = reader.found_out()
    if foresight:
        reader = _read(file, syntax, foresight)
    return reader.module([reader.span(node) for node in syntax.errors()])


def _unread(file: SourceFile) -> Module:
    return StatementReader(file, (), Foresight(), is_broken=False).module([Span(file, 0, len(file.text))])


def _read(file: SourceFile, syntax: Syntax, foresight: Foresight) -> StatementReader:
    reader = StatementReader(file, syntax.wide, foresight, is_broken=syntax.root.has_error)
    reader.read_file(syntax.root)
    return reader


class StatementReader(PatternReader):
    """Reads the statements of one file."""

    type_only = False  # whether what is read now never runs: `if TYPE_CHECKING:`

    def module(self, errors: list[Span]) -> Module:
        """All that was read."""
        self.settle_scopes()
        return Module(
            file=self.file,
            language="python",
            blocks=tuple(self.blocks),
            definitions=tuple(each for each in self.definitions if each is not None),
            calls=tuple(each for each in self.calls if each is not None),
            bindings=tuple(self.bindings),
            imports=tuple(self.imports),
            exits=tuple(self.exits),
            loose=tuple(self.loose),
            errors=tuple(sorted({*errors, *self.errors}, key=lambda span: (span.start, span.end))),
        )

    def found_out(self) -> Foresight:
        """What should have been known from the start; empty for nearly every file."""
        return Foresight(self.hindsight, self._constants() if self.variables_read_by_name else {})

    def _constants(self) -> dict[str, Constant]:
        """The names of environment variables that are bound once in the whole file, to a literal, at module level."""
        bound: dict[str, list[Constant | None]] = {}
        for binding in self.bindings:
            if binding.target.kind is RefKind.NAME and not binding.target.path:
                text = binding.value.string if binding.value is not None else None
                is_constant = binding.how == "=" and binding.block == 0 and text is not None
                constant = Constant(text or "", binding.span.end) if is_constant else None
                bound.setdefault(str(binding.target.name), []).append(constant)
        taken = {name.local for name in self.imports}
        for definition in self.definitions:
            if definition is not None:
                taken.add(definition.name)
                taken.update(parameter.name for parameter in definition.parameters)
        stars = max((name.span.start for name in self.imports if name.name == "*"), default=-1)
        return {
            name: constants[0]
            for name, constants in bound.items()
            if name in self.variables_read_by_name and name not in taken
            if len(constants) == 1 and constants[0] is not None and constants[0].since > stars
        }

    # Statements

    def read_file(self, root: Node) -> None:
        """Read all of a file."""
        if root.is_error:
            self._salvage(root)
        else:
            self.suite(root)

    def suite(self, node: Node | None) -> None:
        """Read the statements of a block."""
        if node is None:
            return
        if self.depth >= DEEPEST:
            self.too_deep(node)
            return
        self.depth += 1
        for child in node.named_children:
            read = _STATEMENTS.get(child.type)
            if read is not None:
                read(self, child)
            elif self.block == 0 and child.is_error:
                self._salvage(child)
        self.depth -= 1

    def _salvage(self, error: Node) -> None:
        """Read the whole statements at the left margin of what could not be parsed: they certainly are the module's."""
        for child, following in zip_longest(error.children, error.children[1:]):
            read = _STATEMENTS.get(child.type)
            if read is None or child.has_error or child.start_point.column > 0:
                continue
            if following is None or following.start_point.row > child.end_point.row:
                read(self, child)

    def _value_of(self, node: Node, field: str) -> Value:
        child = node.child_by_field_name(field)
        return self.value(child) if child is not None else Unknown(self.span(node), "syntax error")

    def _expression(self, node: Node) -> None:
        for child in parts(node):
            kind = child.type
            if kind == "assignment":
                self._assignment(child)
            elif kind == "augmented_assignment":
                self._augmented(child)
            elif kind != "ellipsis":
                value = self.value(child, DROPPED)
                is_docstring = kind == "string" and isinstance(value, Literal)
                if kind != "yield" and not is_docstring:
                    self.leave(value)

    def _assignment(self, node: Node) -> None:
        span = self.span(node)
        targets: list[Node] = []
        right: Node | None = node
        while right is not None and right.type == "assignment":
            left = right.child_by_field_name("left")
            if left is not None:
                targets.append(left)
            right = right.child_by_field_name("right")
        value = self.value(right, BOUND) if right is not None else None
        for target in targets:
            self.assign(target, value, "declare" if value is None else "=", span)

    def _augmented(self, node: Node) -> None:
        left, operator, right = (node.child_by_field_name(field) for field in ("left", "operator", "right"))
        if left is None or operator is None or right is None:
            return
        span = self.span(node)
        before = self.value(left)
        value = Operation(span, operator.type.removesuffix("="), (before, self.value(right)))
        if left.type == "identifier":
            self.bind_name(left, value, "+=", span)
        elif isinstance(before, Ref):
            self.add_binding(before, value, "+=", self.scope.block, span)
        else:
            self.leave(value)

    def _delete(self, node: Node) -> None:
        for target in parts(node):
            self.assign(target, None, "delete", self.span(node))

    def _print(self, node: Node) -> None:
        """The print and exec statements of Python 2, as the calls that they became."""
        index = len(self.calls)
        self.calls.append(None)
        word = node.children[0]
        callee = Ref(self.span(word), RefKind.NAME, word.type)
        passed = DROPPED._replace(use=Use.PASSED, used_by=index)
        given: list[Argument] = []
        for child in parts(node):
            if child.type == "chevron":  # print >>file, text
                given.extend(Argument("file", self.value(each, passed)) for each in parts(child))
            else:
                given.append(Argument(None, self.value(child, passed)))
        self.calls[index] = Call(callee, tuple(given), Use.DROPPED, None, False, self.block, self.span(node))

    def _assert(self, node: Node) -> None:
        for child in parts(node):
            self.leave(self.value(child))

    def _global(self, node: Node) -> None:
        how = node.children[0].type
        self.scope.around.declared.update({self.text(name): how for name in parts(node)})

    # Exits

    def _return(self, node: Node) -> None:
        given = parts(node)
        value = self.value(given[0], RETURNED) if given else None
        self.exits.append(Exit("return", value, self.block, self.span(node)))

    def _raise(self, node: Node) -> None:
        values = [self.value(child) for child in parts(node)]
        self.exits.append(Exit("raise", values[0] if values else None, self.block, self.span(node)))
        for cause in values[1:]:
            self.leave(cause)

    def _jump(self, node: Node) -> None:
        self.exits.append(Exit(node.type.removesuffix("_statement"), None, self.block, self.span(node)))

    # Control flow

    def _if(self, node: Node) -> None:
        condition = self._value_of(node, "condition")
        consequence = node.child_by_field_name("consequence")
        branch = self.open_block(BlockKind.BRANCH, node)
        with self.inside(branch):
            arm = self.open_block(BlockKind.ARM, consequence or node, condition)
        outer, self.type_only = self.type_only, self.type_only or _is_type_checking(condition)
        with self.inside(arm):
            self.suite(consequence)
        self.type_only = outer
        before = [condition]
        for clause in node.children_by_field_name("alternative"):
            with self.inside(branch):
                arm = self.open_block(BlockKind.ARM, clause)
            with self.inside(arm):
                if clause.type == "elif_clause":
                    condition = self._value_of(clause, "condition")
                    self.settle(arm, condition)
                    before.append(condition)
                    self.suite(clause.child_by_field_name("consequence"))
                else:
                    self.settle(arm, none_of(before))
                    self.suite(clause.child_by_field_name("body"))

    def _for(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        iterable = self.value(right, BOUND) if right is not None else Unknown(self.span(node), "syntax error")
        loop = self.open_block(BlockKind.LOOP, node, iterable)
        with self.inside(loop):
            if left is not None:
                span = Span(self.file, self.span(left).start, iterable.span.end)
                self.assign(left, element(iterable), "loop", span)
            self.suite(node.child_by_field_name("body"))
        self._else(node)

    def _while(self, node: Node) -> None:
        loop = self.open_block(BlockKind.LOOP, node)
        with self.inside(loop):
            self.settle(loop, self._value_of(node, "condition"))
            self.suite(node.child_by_field_name("body"))
        self._else(node)

    def _else(self, node: Node) -> None:
        """What runs after a loop or a try that ended well: it belongs to the block around."""
        for child in node.named_children:
            if child.type == "else_clause":
                self.suite(child.child_by_field_name("body"))

    def _with(self, node: Node) -> None:
        outer = self.block
        for clause in parts(node):
            if clause.type == "with_clause":
                for item in parts(clause):
                    self._held(node, item)
        self.suite(node.child_by_field_name("body"))
        self.block = outer

    def _held(self, node: Node, item: Node) -> None:
        held = item.child_by_field_name("value")
        if held is None:
            return
        inner = parts(held)
        if held.type == "parenthesized_expression" and inner and inner[0].type == "as_pattern":
            held = inner[0]
        if held.type != "as_pattern" or (self.is_broken and held.has_error):
            self.block = self.open_block(BlockKind.HELD, node, self.value(held))
            return
        resource, target = parts(held)
        value = self.value(resource, BOUND)
        self.block = self.open_block(BlockKind.HELD, node, value)
        for name in parts(target):
            self.assign(name, value, "held", self.span(held))

    def _try(self, node: Node) -> None:
        attempt = self.open_block(BlockKind.TRY, node)
        with self.inside(attempt):
            self.suite(node.child_by_field_name("body"))
            for clause in node.named_children:
                if clause.type == "except_clause":
                    self._except(clause)
                elif clause.type == "finally_clause":
                    with self.inside(self.open_block(BlockKind.FINALLY, clause)):
                        for body in parts(clause):
                            self.suite(body)
        self._else(node)

    def _except(self, clause: Node) -> None:
        *given, body = parts(clause) or [clause]
        with self.inside(self.open_block(BlockKind.CATCH, clause)):
            if given:
                self._caught(given)
            if body.type == "block":
                self.suite(body)

    def _caught(self, given: list[Node]) -> None:
        types, *names = given  # the name stands apart in Python 2: `except Error, error`
        if types.type == "as_pattern" and not (self.is_broken and types.has_error):
            types, target = parts(types)
            names = parts(target)
        value = self.value(types)
        is_several = isinstance(value, Items) and value.is_list
        self.settle(self.block, value if is_several else Items(value.span, (Entry(None, value),), is_list=True))
        for name in names:
            span = Span(self.file, value.span.start, self.span(name).end)
            self.assign(name, Unknown(span, "the exception caught"), "catch", span)

    # Match statements

    def _match(self, node: Node) -> None:
        subjects = [self.value(each) for each in node.children_by_field_name("subject")]
        body = node.child_by_field_name("body")
        if not subjects or body is None:
            return
        subject = subjects[0]
        if len(subjects) > 1:
            whole = Span(self.file, subject.span.start, subjects[-1].span.end)
            subject = Items(whole, tuple(Entry(None, each) for each in subjects), is_list=True)
        branch = self.open_block(BlockKind.BRANCH, node, subject)
        for case in parts(body):
            if case.type == "case_clause":
                with self.inside(branch):
                    arm = self.open_block(BlockKind.ARM, case)
                with self.inside(arm):
                    self._case(arm, case, subject)

    def _case(self, arm: int, case: Node, subject: Value) -> None:
        patterns = [child for child in parts(case) if child.type == "case_pattern"]
        span = self.span(case)
        if len(patterns) == 1:
            pattern = self.pattern(patterns[0], subject)
        else:
            inner = tuple(self.pattern(each, part_of(subject, at)) for at, each in enumerate(patterns))
            pattern = Unknown(span, "pattern", inner)
        condition = Operation(pattern.span, "==", (subject, pattern))
        guard = case.child_by_field_name("guard")
        if guard is not None:
            held = tuple(self.value(each) for each in parts(guard))
            condition = Operation(
                Span(self.file, condition.span.start, self.span(guard).end), "and", (condition, *held)
            )
        self.settle(arm, condition)
        self.suite(case.child_by_field_name("consequence"))

    # Definitions

    def _decorated(self, node: Node) -> None:
        definition = node.child_by_field_name("definition")
        decorators: list[Value] = []
        for child in node.named_children:
            if child.type == "decorator":
                decorators.extend(self.value(each) for each in parts(child))
        if definition is None:
            for decorator in decorators:
                self.leave(decorator)
        elif definition.type == "class_definition":
            self._class(definition, tuple(decorators), node)
        else:
            self._function(definition, tuple(decorators), node)

    def _class(self, node: Node, decorators: tuple[Value, ...] = (), whole: Node | None = None) -> None:
        name = node.child_by_field_name("name")
        bases = node.child_by_field_name("superclasses")
        index = self._place_for_definition()
        values = tuple(self.value(_base(child)) for child in parts(bases)) if bases is not None else ()
        block, exported = self.block, self.scope.kind is ScopeKind.MODULE
        scope = self.bind(self.text(name)) if name is not None else self.scope.block
        body = self.open_block(BlockKind.CLASS, node)
        with self.in_scope(ScopeKind.CLASS, body, node):
            self.suite(node.child_by_field_name("body"))
        word = self.text(name) if name is not None else ""
        self.definitions[index] = Definition(
            name=word,
            body=body,
            block=block,
            scope=scope,
            parameters=(),
            decorators=decorators,
            bases=values,
            is_class=True,
            is_async=False,
            is_generator=False,
            binding="",
            exported_as=word if exported else None,
            span=self.span(name or node),
            whole=self.span(whole or node),
        )

    def _function(self, node: Node, decorators: tuple[Value, ...] = (), whole: Node | None = None) -> None:
        name = node.child_by_field_name("name")
        given = node.child_by_field_name("parameters")
        word = self.text(name) if name is not None else ""
        index = self._place_for_definition()
        parameters = self.parameters(given) if given is not None else []
        block, outer = self.block, self.scope
        binding = _binding(word, decorators) if outer.kind is ScopeKind.CLASS else ""
        scope = self.bind(word) if word else outer.block
        body = self.open_block(BlockKind.FUNCTION, node)
        with self.in_scope(ScopeKind.FUNCTION, body, node) as inner:
            receiver = None
            if binding in ("instance", "class") and parameters and parameters[0].kind == "positional":
                kind = RefKind.INSTANCE if binding == "instance" else RefKind.BLOCK
                receiver = parameters.pop(0)
                self._receive(receiver, Receiver(kind, outer.block))
            self.declare(inner, given)
            self.suite(node.child_by_field_name("body"))
        self.definitions[index] = Definition(
            name=word,
            body=body,
            block=block,
            scope=scope,
            parameters=tuple(parameters),
            decorators=decorators,
            bases=(),
            is_class=False,
            is_async=bool(node.children) and node.children[0].type == "async",
            is_generator=inner.yields,
            binding=binding,
            exported_as=word if outer.kind is ScopeKind.MODULE else None,
            span=self.span(name or node),
            whole=self.span(whole or node),
        )

    def _place_for_definition(self) -> int:
        self.definitions.append(None)
        return len(self.definitions) - 1

    def _receive(self, parameter: Parameter, receiver: Receiver) -> None:
        """The object of a method. Where its name is bound again later, it is an ordinary name, bound to the object."""
        if parameter.name in self.scope.bound:
            value = Ref(parameter.span, receiver.kind, receiver.block)
            target = Ref(parameter.span, RefKind.NAME, parameter.name)
            self.add_binding(target, value, "=", self.scope.block, parameter.span)
        else:
            self.bind_in(self.scope, parameter.name, receiver)

    # Imports

    def _import(self, node: Node) -> None:
        names = [] if self.is_broken and node.has_error else parts(node)
        for child in names:
            module, alias = self._imported(child)
            local = alias or module.partition(".")[0]
            is_os = module == "os" or (alias is None and local == "os")
            self._add_import(module, None, local, Well.OS if is_os else None, node if len(names) == 1 else child)

    def _import_from(self, node: Node) -> None:
        if self.is_broken and node.has_error:
            return
        source = node.child_by_field_name("module_name")
        module = "".join(self.text(source).split()) if source is not None else "__future__"
        names = node.children_by_field_name("name")
        for child in names:
            name, alias = self._imported(child)
            meaning = WELLS.get(name) if module == "os" else None
            self._add_import(module, name, alias or name, meaning, node if len(names) == 1 else child)
        if any(child.type == "wildcard_import" for child in node.named_children):
            self.imports.append(Import(module, "*", "", self._style, self.block, self.scope.block, self.span(node)))

    def _imported(self, node: Node) -> tuple[str, str | None]:
        """The dotted name that is imported, and its alias."""
        if node.type == "aliased_import":
            name, *_, alias = parts(node)
            return "".join(self.text(name).split()), self.text(alias)
        return "".join(self.text(node).split()), None

    def _add_import(self, module: str, name: str | None, local: str, meaning: Meaning, node: Node) -> None:
        scope = self.bind(local, meaning)
        self.imports.append(Import(module, name, local, self._style, self.block, scope, self.span(node)))

    @property
    def _style(self) -> str:
        return "type-only" if self.type_only else "import"


_STATEMENTS: Final[dict[str, Callable[[StatementReader, Node], None]]] = {
    "expression_statement": StatementReader._expression,
    "print_statement": StatementReader._print,
    "exec_statement": StatementReader._print,
    "delete_statement": StatementReader._delete,
    "assert_statement": StatementReader._assert,
    "global_statement": StatementReader._global,
    "nonlocal_statement": StatementReader._global,
    "return_statement": StatementReader._return,
    "raise_statement": StatementReader._raise,
    "break_statement": StatementReader._jump,
    "continue_statement": StatementReader._jump,
    "if_statement": StatementReader._if,
    "for_statement": StatementReader._for,
    "while_statement": StatementReader._while,
    "with_statement": StatementReader._with,
    "try_statement": StatementReader._try,
    "match_statement": StatementReader._match,
    "decorated_definition": StatementReader._decorated,
    "class_definition": StatementReader._class,
    "function_definition": StatementReader._function,
    "import_statement": StatementReader._import,
    "import_from_statement": StatementReader._import_from,
    "future_import_statement": StatementReader._import_from,
}


def _is_type_checking(condition: Value) -> bool:
    return isinstance(condition, Ref) and "TYPE_CHECKING" in (condition.name, *condition.path[-1:])


def _base(argument: Node) -> Node:
    """The expression of an argument of a class statement: `metaclass=M` and `*bases` stand for M and bases."""
    if argument.type in ("keyword_argument", "list_splat", "dictionary_splat"):
        return parts(argument)[-1] if not argument.has_error else argument
    return argument


def _binding(name: str, decorators: tuple[Value, ...]) -> str:
    for decorator in decorators:
        if isinstance(decorator, Ref) and decorator.kind is RefKind.NAME and not decorator.path:
            found = _METHOD_DECORATORS.get(str(decorator.name))
            if found is not None:
                return found
    return "class" if name in _CLASS_METHODS else "instance"
