"""The JavaScript and TypeScript front end: one file to the facts that every language shares.

Statements, imports and exports are read here, functions and classes in javascript_functions.py, expressions in
javascript_values.py, names and the environment in javascript_places.py, targets and parameters in
javascript_targets.py; javascript_reader.py holds the facts in the making, syntax.py the parser and grammars.py the
grammars.

What a module exports are bindings below the name `exports` of the module: `export const a`, `exports.a = …` and
`module.exports = { a }` differ only in how they are written. `export default` binds `exports.default`. A module that is
loaded inside an expression is an import whose local name no code can write, such as `require(pg)`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from slint.code.facts import BlockKind, Exit, Import, Module
from slint.code.grammars import OF_ENDING
from slint.code.javascript_functions import FunctionReader
from slint.code.javascript_literals import unquoted
from slint.code.javascript_reader import EXPORTS, bare, is_intact, parts
from slint.code.reading import BOUND, DEEPEST, DROPPED, RETURNED
from slint.code.shapes import element, none_of
from slint.code.syntax import TooLarge, parse
from slint.source import SourceFile, Span
from slint.value import Entry, Items, Literal, Operation, Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS: Final = frozenset({"arrow_function", "function_expression", "generator_function", "function"})
_CLASSES: Final = frozenset({"class", "class_declaration", "abstract_class_declaration"})


def extract(file: SourceFile) -> Module:
    """The facts of a JavaScript or TypeScript file, which its path's ending tells; other endings count as JavaScript.

    Never raises: what cannot be parsed, or is nested too deeply to be read, is left out and listed in `errors`. A file
    that is too large or too broken to be parsed at all has the one error of its whole text.
    """
    grammar = OF_ENDING.get(os.path.splitext(file.path)[1].lower(), "javascript")
    language = "javascript" if grammar == "javascript" else "typescript"
    try:
        syntax = parse(file.text, grammar)
    except TooLarge:
        return _unread(file, language)._replace(is_too_large=True)
    if syntax is None:
        return _unread(file, language)
    reader = StatementReader(file, syntax.wide, is_broken=syntax.root.has_error)
    reader.leaves_out_types = grammar == "typescript"
    reader.suite(syntax.root)
    return reader.module(language, [reader.span(node) for node in syntax.errors()])


def _unread(file: SourceFile, language: str) -> Module:
    return StatementReader(file, (), is_broken=False).module(language, [Span(file, 0, len(file.text))])


class StatementReader(FunctionReader):
    """Reads the statements of one file."""

    leaves_out_types = False

    def module(self, language: str, errors: list[Span]) -> Module:
        """All that was read."""
        self.settle_scopes()
        exported = self._exported()
        return Module(
            file=self.file,
            language=language,
            blocks=tuple(self.blocks),
            definitions=tuple(
                each._replace(exported_as=exported[each.body]) if each.body in exported else each
                for each in self.definitions
                if each is not None
            ),
            calls=tuple(each for each in self.calls if each is not None),
            bindings=tuple(self.bindings),
            imports=tuple(self._loaded_at_all(each) for each in self.imports),
            exits=tuple(self.exits),
            loose=tuple(self.loose),
            errors=tuple(sorted({*errors, *self.errors}, key=lambda span: (span.start, span.end))),
        )

    def _loaded_at_all(self, imported: Import) -> Import:
        """The compiler of TypeScript leaves out what is imported and used as a type only. Names in markup are not read."""
        is_kept = imported.style != "import" or not imported.local or imported.local in self.mentioned
        if is_kept or not self.leaves_out_types or "(" in imported.local:
            return imported
        return imported._replace(style="type-only")

    def _exported(self) -> dict[int, str]:
        """The names under which functions and classes of the module are exported, by their blocks."""
        named = {each.name: each.body for each in self.definitions if each is not None and each.scope == 0}
        found: dict[int, str] = {}
        for binding in self.bindings:
            target, value = binding.target, binding.value
            if target.name != EXPORTS or len(target.path) != 1 or not isinstance(value, Ref) or value.path:
                continue
            body = value.name if value.kind is RefKind.BLOCK else named.get(str(value.name))
            if isinstance(body, int):
                found[body] = str(target.path[0])
        return found

    # Statements

    def suite(self, node: Node | None) -> None:
        """Read the statements of a block."""
        if node is None:
            return
        if self.depth >= DEEPEST:
            self.too_deep(node)
            return
        self.depth += 1
        for child in node.named_children:
            self.statement(child)
        self.depth -= 1

    def statement(self, node: Node) -> None:
        """Read one statement."""
        read = _STATEMENTS.get(node.type)
        if read is not None:
            if self.is_broken and not is_intact(node):
                self._salvage(node)
            else:
                read(self, node)
        elif node.is_error:
            self._salvage(node)

    def _salvage(self, error: Node) -> None:
        """Read the whole statements inside what could not be parsed."""
        if self.depth >= DEEPEST:
            return
        self.depth += 1
        for child in error.named_children:
            if child.type in _STATEMENTS and child.type != "statement_block" and not child.has_error:
                self.statement(child)
        self.depth -= 1

    def _body(self, body: Node | None) -> None:
        if body is not None and body.type.endswith("_statement"):
            self._alone(body)
        else:
            super()._body(body)

    def _alone(self, node: Node | None) -> None:
        """The body of a loop or branch: a block, or one statement."""
        if node is None:
            return
        if node.type == "statement_block":
            self.suite(node)
        elif self.depth >= DEEPEST:
            self.too_deep(node)
        else:
            self.depth += 1
            self.statement(node)
            self.depth -= 1

    def _block(self, node: Node) -> None:
        self.suite(node)

    def _expression(self, node: Node) -> None:
        for child in parts(node):
            kind = child.type
            if kind == "internal_module":
                self.suite(child.child_by_field_name("body"))
            elif kind in ("assignment_expression", "augmented_assignment_expression", "update_expression", "string"):
                if kind != "string":  # else a directive: "use strict"
                    self.value(child, DROPPED)
            else:
                self.leave(self.value(child, DROPPED))

    def _declaration(self, node: Node) -> None:
        """`const`, `let` and `using` belong to the block, `var` to the function."""
        scope = self.home if node.type == "variable_declaration" else self.block
        for child in parts(node):
            if child.type == "variable_declarator":
                self._declarator(child, scope)

    def _declarator(self, node: Node, scope: int) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or (self.is_broken and not is_intact(node)):
            return
        span = self.span(node)
        if value is None:
            self.assign(name, None, "declare", scope, span)
            return
        value = bare(value)
        if name.type == "identifier" and value.type in _FUNCTIONS:
            self.function(value, name, scope)
        elif name.type == "identifier" and value.type in _CLASSES:
            self.class_(value, name, scope)
        elif not self._loaded(name, value, scope, span):
            self.assign(name, self.value(value, BOUND), "=", scope, span)

    def _loaded(self, name: Node, value: Node, scope: int, span: Span) -> bool:
        """`const x = require('m')` and `const { a, b: c } = await import('m')` are imports; whether it is one of them."""
        found = self.required(value)
        if found is None:
            return False
        module, style = found
        names: list[tuple[str | None, Node]] = []
        if name.type == "identifier":
            names.append((None, name))
        elif name.type == "object_pattern":
            for child in parts(name):
                if child.type == "shorthand_property_identifier_pattern":
                    names.append((self.text(child), child))
                elif child.type == "pair_pattern":
                    key, local = child.child_by_field_name("key"), child.child_by_field_name("value")
                    if key is None or local is None or local.type != "identifier" or key.type != "property_identifier":
                        return False
                    names.append((self.text(key), local))
                else:
                    return False
        if not names:
            return False
        for member, local in names:
            place = span if len(names) == 1 else self.span(local)
            self._add_import(module, member, self.text(local), style, place, scope)
        return True

    def _return(self, node: Node) -> None:
        given = parts(node)
        value = self.value(given[0], RETURNED) if given else None
        self.exits.append(Exit("return", value, self.block, self.span(node)))

    def _throw(self, node: Node) -> None:
        given = parts(node)
        value = self.value(given[0]) if given else None
        self.exits.append(Exit("raise", value, self.block, self.span(node)))

    def _jump(self, node: Node) -> None:
        self.exits.append(Exit(node.type.removesuffix("_statement"), None, self.block, self.span(node)))

    def _labeled(self, node: Node) -> None:
        self._alone(node.child_by_field_name("body"))

    # Control flow

    def _if(self, node: Node) -> None:
        branch = self.open_block(BlockKind.BRANCH, node)
        before: list[Value] = []
        current: Node | None = node
        while current is not None:
            condition = self.value_of(current, "condition")
            consequence = current.child_by_field_name("consequence")
            with self.inside(branch):
                arm = self.open_block(BlockKind.ARM, consequence or current, condition)
            with self.inside(arm):
                self._alone(consequence)
            before.append(condition)
            otherwise = current.child_by_field_name("alternative")
            inner = parts(otherwise)[:1] if otherwise is not None else []
            current = None
            for each in inner:
                if each.type == "if_statement" and not (self.is_broken and not is_intact(each)):
                    current = each
                    continue
                with self.inside(branch):
                    arm = self.open_block(BlockKind.ARM, each, none_of(before))
                with self.inside(arm):
                    self._alone(each)

    def _for(self, node: Node) -> None:
        initializer, condition, increment = (
            node.child_by_field_name(field) for field in ("initializer", "condition", "increment")
        )
        loop = self.open_block(BlockKind.LOOP, node)
        if initializer is not None and initializer.type == "lexical_declaration":
            for child in parts(initializer):
                if child.type == "variable_declarator":
                    self._declarator(child, loop)
        elif initializer is not None:
            self._initializer(initializer)
        with self.inside(loop):
            test = bare(condition) if condition is not None else None
            if test is not None and test.type == "expression_statement":
                test = next(iter(parts(test)), None)
            always = Literal(self.span(node), True)
            is_written = test is not None and test.type != "empty_statement"
            self.settle(loop, self.value(test) if test is not None and is_written else always)
            self._alone(node.child_by_field_name("body"))
            if increment is not None:
                self.leave(self.value(increment, DROPPED))

    def _initializer(self, node: Node) -> None:
        if node.type in _STATEMENTS:
            self.statement(node)
        elif node.type != "empty_statement":
            self.leave(self.value(node, DROPPED))

    def _for_in(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator, kind = node.child_by_field_name("operator"), node.child_by_field_name("kind")
        iterable = self.value(right, BOUND) if right is not None else Unknown(self.span(node), "syntax error")
        loop = self.open_block(BlockKind.LOOP, node, iterable)
        is_key = operator is not None and operator.type == "in"
        each = Unknown(iterable.span, "a key", (iterable,)) if is_key else element(iterable)
        word = kind.type if kind is not None else ""
        scope = {"": None, "var": self.home}.get(word, loop)
        with self.inside(loop):
            if left is not None:
                self.assign(left, each, "loop", scope, Span(self.file, self.span(left).start, iterable.span.end))
            self._alone(node.child_by_field_name("body"))

    def _while(self, node: Node) -> None:
        loop = self.open_block(BlockKind.LOOP, node)
        with self.inside(loop):
            self.settle(loop, self.value_of(node, "condition"))
            self._alone(node.child_by_field_name("body"))

    def _try(self, node: Node) -> None:
        attempt = self.open_block(BlockKind.TRY, node)
        handler, finalizer = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
        with self.inside(attempt):
            self.suite(node.child_by_field_name("body"))
            if handler is not None:
                caught = self.open_block(BlockKind.CATCH, handler)
                parameter = handler.child_by_field_name("parameter")
                with self.inside(caught):
                    if parameter is not None:
                        span = self.span(parameter)
                        self.assign(parameter, Unknown(span, "the exception caught"), "catch", caught, span)
                    self.suite(handler.child_by_field_name("body"))
            if finalizer is not None:
                with self.inside(self.open_block(BlockKind.FINALLY, finalizer)):
                    self.suite(finalizer.child_by_field_name("body"))

    def _switch(self, node: Node) -> None:
        subject = self.value_of(node, "value")
        body = node.child_by_field_name("body")
        branch = self.open_block(BlockKind.BRANCH, node, subject)
        waiting: list[Value] = []  # cases that fall through to the next one
        for case in parts(body) if body is not None else []:
            if case.type not in ("switch_case", "switch_default"):
                continue
            with self.inside(branch):
                arm = self.open_block(BlockKind.ARM, case)
            with self.inside(arm):
                matched: Value = Unknown(self.span(case), "whatever is left")
                if case.type == "switch_case":
                    compared = self.value_of(case, "value")
                    matched = Operation(compared.span, "==", (subject, compared))
                waiting.append(matched)
                self.settle(arm, matched if len(waiting) == 1 else Operation(matched.span, "or", tuple(waiting)))
                statements = case.children_by_field_name("body")
                if statements:
                    waiting = []
                self.depth += 1
                for each in statements if self.depth < DEEPEST else ():
                    self.statement(each)
                self.depth -= 1

    # Definitions

    def _function_declaration(self, node: Node) -> None:
        if node.child_by_field_name("body") is not None:
            self.function(node, None, self.home)

    def _class_declaration(self, node: Node) -> None:
        self.class_(node, node.child_by_field_name("name"), self.block)

    def _enum(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return
        entries: list[Entry] = []
        for child in parts(body):
            if child.type == "enum_assignment":
                key, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    entries.append(Entry(self.key(key), self.value(value)))
            elif child.type == "property_identifier":
                entries.append(Entry(self.key(child), Unknown(self.span(child), "a number")))
        span = self.span(node)
        self.bind_name(name, Items(span, tuple(entries)), "=", self.block, span)

    def _module(self, node: Node) -> None:
        self.suite(node.child_by_field_name("body"))

    # Imports

    def _add_import(self, module: str, name: str | None, local: str, style: str, span: Span, scope: int) -> None:
        self.declared.add((scope, local))
        self.imports.append(Import(module, name, local, style, self.block, scope, span))

    def _import(self, node: Node) -> None:
        span = self.span(node)
        style = "type-only" if any(child.type in ("type", "typeof") for child in node.children) else "import"
        source = node.child_by_field_name("source")
        for clause in parts(node):
            if clause.type == "import_require_clause":
                source = clause.child_by_field_name("source")
                names = parts(clause)
                if source is not None and names:
                    module = unquoted(self.text(source))
                    self._add_import(module, None, self.text(names[0]), "require", span, self.block)
                return
        if source is None:
            return
        module = unquoted(self.text(source))
        clauses = [clause for clause in parts(node) if clause.type == "import_clause"]
        if not clauses:
            self._add_import(module, None, "", style, span, 0)
        for clause in clauses:
            for child in parts(clause):
                if child.type == "identifier":
                    self._add_import(module, "default", self.text(child), style, span, 0)
                elif child.type == "namespace_import":
                    for name in parts(child):
                        self._add_import(module, None, self.text(name), style, span, 0)
                elif child.type == "named_imports":
                    self._named_imports(module, child, style, span)

    def _named_imports(self, module: str, node: Node, style: str, whole: Span) -> None:
        names = [child for child in parts(node) if child.type == "import_specifier"]
        for child in names:
            name = child.child_by_field_name("name")
            if name is None:
                continue
            local = child.child_by_field_name("alias") or name
            is_type = any(each.type in ("type", "typeof") for each in child.children)
            word = unquoted(self.text(name)) if name.type == "string" else self.text(name)
            span = whole if len(names) == 1 else self.span(child)
            self._add_import(module, word, self.text(local), "type-only" if is_type else style, span, 0)

    # Exports

    def _export_as(self, name: str, value: Value, span: Span) -> None:
        target = Ref(span, RefKind.NAME, EXPORTS, (name,))
        self.add_binding(target, value, "=", 0, span)

    def _export(self, node: Node) -> None:
        if any(child.type == "type" for child in node.children):
            return
        source = node.child_by_field_name("source")
        if source is not None:
            self._re_export(node, unquoted(self.text(source)))
            return
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        is_default = any(child.type == "default" for child in node.children)
        if is_default:
            self._export_default(node, declaration or value)
        elif declaration is not None:
            self._export_declared(declaration)
        elif any(child.type == "=" for child in node.children):
            span = self.span(node)
            for each in parts(node)[:1]:
                self.add_binding(Ref(span, RefKind.NAME, EXPORTS), self.value(each, BOUND), "=", 0, span)
        else:
            for clause in parts(node):
                for child in parts(clause) if clause.type == "export_clause" else ():
                    self._export_name(child)

    def _export_name(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is None:
            return
        self.mentioned.add(self.text(name))
        alias = node.child_by_field_name("alias") or name
        word = unquoted(self.text(alias)) if alias.type == "string" else self.text(alias)
        self._export_as(word, Ref(self.span(name), RefKind.NAME, self.text(name)), self.span(node))

    def _export_default(self, node: Node, what: Node | None) -> None:
        if what is None:
            return
        span = self.span(node)
        name = what.child_by_field_name("name")
        if what.type in _CLASSES:
            value: Value = self.class_(what, name, 0 if name is not None else -1)
        elif what.type in ("function_declaration", "generator_function_declaration"):
            value = self.function(what, name, 0 if name is not None else -1)
        else:
            value = self.value(what, BOUND)
        self._export_as("default", value, span)

    def _export_declared(self, declaration: Node) -> None:
        (
            bound,
            defined,
        ) = len(self.bindings), len(self.definitions)
        imported = len(self.imports)
        self.statement(declaration)
        names: dict[str, Span] = {}
        for definition in self.definitions[defined:]:
            if definition is not None and definition.scope == 0 and definition.name:
                names[definition.name] = definition.span
        for binding in self.bindings[bound:]:
            is_name = binding.target.kind is RefKind.NAME and not binding.target.path
            if is_name and binding.scope == binding.block == 0 and binding.how in ("=", "declare"):
                names[str(binding.target.name)] = binding.target.span
        for each in self.imports[imported:]:
            if each.scope == 0 and each.block == 0 and "(" not in each.local:
                names[each.local] = each.span
        for name, span in names.items():
            self._export_as(name, Ref(span, RefKind.NAME, name), span)

    def _re_export(self, node: Node, module: str) -> None:
        span = self.span(node)
        for clause in parts(node):
            if clause.type == "namespace_export":
                for name in parts(clause):
                    self._pass_on(module, None, self.text(name), span)
                return
            if clause.type == "export_clause":
                for child in parts(clause):
                    member = child.child_by_field_name("name")
                    if member is not None:
                        alias = child.child_by_field_name("alias") or member
                        self._pass_on(module, self.text(member), self.text(alias), self.span(child))
                return
        self.imports.append(Import(module, "*", "", "re-export", self.block, 0, span))

    def _pass_on(self, module: str, name: str | None, alias: str, span: Span) -> None:
        """`export { name as alias } from 'module'`."""
        local = f"import({module}).{name or '*'}"
        self._add_import(module, name, local, "import", span, 0)
        self._export_as(alias, Ref(span, RefKind.NAME, local), span)


_STATEMENTS: Final[dict[str, Callable[[StatementReader, Node], None]]] = {
    "expression_statement": StatementReader._expression,
    "lexical_declaration": StatementReader._declaration,
    "variable_declaration": StatementReader._declaration,
    "function_declaration": StatementReader._function_declaration,
    "generator_function_declaration": StatementReader._function_declaration,
    "class_declaration": StatementReader._class_declaration,
    "abstract_class_declaration": StatementReader._class_declaration,
    "if_statement": StatementReader._if,
    "for_statement": StatementReader._for,
    "for_in_statement": StatementReader._for_in,
    "while_statement": StatementReader._while,
    "do_statement": StatementReader._while,
    "try_statement": StatementReader._try,
    "switch_statement": StatementReader._switch,
    "return_statement": StatementReader._return,
    "throw_statement": StatementReader._throw,
    "break_statement": StatementReader._jump,
    "continue_statement": StatementReader._jump,
    "labeled_statement": StatementReader._labeled,
    "statement_block": StatementReader._block,
    "import_statement": StatementReader._import,
    "export_statement": StatementReader._export,
    "enum_declaration": StatementReader._enum,
    "internal_module": StatementReader._module,
    "module": StatementReader._module,
}
