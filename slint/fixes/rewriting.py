"""Rewriting Python text with libcst: a construction moves to module level, comments and formatting stay.

Imported only when a fix is asked for: libcst takes long to import and is an extra.
"""

from __future__ import annotations

import builtins
import difflib
import keyword
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from slint.diagnostic import Edit
from slint.record import NamedTuple

if TYPE_CHECKING:
    from slint.fixes.hoisting import Plan
    from slint.source import SourceFile

_PARTS_OF_RESOURCES = frozenset({"Bucket", "Object", "Queue", "Table", "Topic"})
"""Methods of a boto3 resource that make another object and call nothing (boto3 guide, "Resources", 2026-11-22)."""

_BLANK = cst.EmptyLine(indent=False)
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_SPLIT = re.compile(r"[^\n]*\n|[^\n]+")

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


class _Refused(Exception):
    """The text is not as expected: there is no fix."""


def rewritten(plan: Plan) -> tuple[Edit, ...]:
    """The edits that carry out a plan; none when the text does not allow it."""
    file = plan.unit.module.file
    try:
        found = _find(plan)
        changed = (_made_lazy if plan.is_lazy else _hoisted)(plan, found)
        # libcst drops spaces on the last lines of some files: what it changes by itself stays as it is.
        own = frozenset(_edits(file, plan.unit.cst.code))
        return tuple(edit for edit in _edits(file, changed.code) if edit not in own)
    except (_Refused, cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return ()


def _edits(file: SourceFile, after: str) -> Iterator[Edit]:
    """The lines that differ, as edits; of the places where lines could be added to the same effect, the first."""
    before_lines, after_lines = _SPLIT.findall(file.text), _SPLIT.findall(after)
    starts = [0]
    for line in before_lines:
        starts.append(starts[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, before_lines, after_lines, autojunk=False)
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        added = after_lines[new_first:new_last]
        while kind == "insert" and first > 0 and before_lines[first - 1] == added[-1]:
            added.insert(0, added.pop())
            first, last = first - 1, last - 1
        if kind != "equal":
            yield Edit(file.path, starts[first], starts[last], "".join(added))


# --- finding the call ---


class _Found(NamedTuple):
    """A call with the nodes around it, the module first and the call last."""

    module: cst.Module
    around: tuple[cst.CSTNode, ...]

    @property
    def call(self) -> cst.Call:
        node = self.around[-1]
        assert isinstance(node, cst.Call)
        return node

    @property
    def function(self) -> cst.FunctionDef:
        """The innermost function around the call."""
        for node in reversed(self.around):
            if isinstance(node, cst.FunctionDef):
                return node
        raise _Refused

    def above(self, node: cst.CSTNode) -> cst.CSTNode:
        return self.around[next(at for at, each in enumerate(self.around) if each is node) - 1]


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        super().__init__()
        self.place = (start, end)
        self.stack: list[cst.CSTNode] = []
        self.found: tuple[cst.CSTNode, ...] = ()

    def on_visit(self, node: cst.CSTNode) -> bool:
        self.stack.append(node)
        if isinstance(node, cst.Call):
            span = self.get_metadata(PositionProvider, node)
            place = ((span.start.line, span.start.column), (span.end.line, span.end.column))
            if place == self.place:
                self.found = tuple(self.stack)
        return not self.found

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self.stack.pop()


def _find(plan: Plan) -> _Found:
    file = plan.unit.module.file
    start, end = file.position(plan.start), file.position(plan.end)
    wrapper = MetadataWrapper(plan.unit.cst, unsafe_skip_copy=True)  # a tree that was parsed repeats no node
    finder = _Finder((start.line, start.column - 1), (end.line, end.column - 1))
    wrapper.visit(finder)
    if not finder.found:
        raise _Refused
    return _Found(wrapper.module, finder.found)


# --- a client, built when the module is loaded ---


def _hoisted(plan: Plan, found: _Found) -> cst.Module:
    expression = _whole(found)
    assigned = _assignment(found, expression)
    if assigned is not None and assigned.name not in plan.locals - plan.hidden:
        assigned = None
    own = assigned.name if assigned is not None else None
    existing = _existing(found.module, expression, (plan.hidden | plan.locals) - {own})
    if assigned is not None and existing == own:
        return _without(found.module, assigned, _comments(assigned.statement))
    if assigned is not None and existing is None and _is_free(found, assigned, expression):
        return _inserted(plan, _without(found.module, assigned, []), [_moved(assigned.statement)])
    name = existing or _free_name(found.module, found.call)
    module = _replaced(found.module, expression, cst.Name(name))
    if existing is None:
        target = cst.AssignTarget(cst.Name(name))
        line = cst.SimpleStatementLine([cst.Assign([target], expression)])
        module = _inserted(plan, module, [line])
    return module


def _whole(found: _Found) -> cst.Call:
    """The call, with a call of a method on its result that belongs to it."""
    call = found.call
    attribute = found.above(call)
    if not isinstance(attribute, cst.Attribute) or attribute.attr.value not in _PARTS_OF_RESOURCES:
        return call
    outer = found.above(attribute)
    is_part = isinstance(outer, cst.Call) and outer.func is attribute
    if is_part and isinstance(outer, cst.Call) and all(_is_constant(each.value) for each in outer.args):
        return outer
    return call


def _is_constant(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.SimpleString, cst.Integer))


class _Assignment(NamedTuple):
    name: str
    statement: cst.SimpleStatementLine
    block: cst.IndentedBlock


def _assignment(found: _Found, expression: cst.Call) -> _Assignment | None:
    """The statement `name = expression` in the function itself, when more follows in its block."""
    at = next(number for number, node in enumerate(found.around) if node is expression)
    if at < 4:
        return None
    block, statement, assign = found.around[at - 3], found.around[at - 2], found.around[at - 1]
    if not isinstance(assign, cst.Assign) or assign.value is not expression or len(assign.targets) != 1:
        return None
    target = assign.targets[0].target
    if not isinstance(statement, cst.SimpleStatementLine) or not isinstance(block, cst.IndentedBlock):
        return None
    if not isinstance(target, cst.Name) or len(statement.body) != 1 or len(block.body) < 2:
        return None
    function = found.function
    inside = found.around[next(n for n, node in enumerate(found.around) if node is function) + 1 : at]
    return (
        None if any(isinstance(node, cst.ClassDef) for node in inside) else _Assignment(target.value, statement, block)
    )


def _is_free(found: _Found, assigned: _Assignment, expression: cst.Call) -> bool:
    """Whether a name can become the module's: elsewhere it stands for nothing, or in functions for the same."""
    code = found.module.code_for_node(expression)
    same = _SameLocals(found.module, assigned.name, code)
    found.module.visit(same)
    return _names(found.module).count(assigned.name) == same.count


class _SameLocals(cst.CSTVisitor):
    """Counts the uses of a name in functions of the module where it is assigned once, and the same text."""

    def __init__(self, module: cst.Module, name: str, code: str) -> None:
        super().__init__()
        self.module, self.name, self.code = module, name, code
        self.count = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        made = [self.module.code_for_node(each.value) for each in _assignments(node, self.name)]
        parameters = _names(node.params).count(self.name)
        if made == [self.code] and _bindings(node).count(self.name) == 1 and not parameters:
            self.count += _names(node).count(self.name)
        return False


def _assignments(node: cst.CSTNode, name: str) -> list[cst.Assign]:
    names = _Names()
    node.visit(names)
    return [
        each
        for each in names.assigned
        if len(each.targets) == 1
        and isinstance(each.targets[0].target, cst.Name)
        and each.targets[0].target.value == name
    ]


def _existing(module: cst.Module, expression: cst.Call, hidden: frozenset[str | None]) -> str | None:
    """The module's name that is the same construction already, if it is that alone and not `hidden` at the call."""
    code = module.code_for_node(expression)
    everywhere = _Names()
    module.visit(everywhere)
    bound = [name for line in module.body for name in _bound_at(line)] + everywhere.shared
    for line in module.body:
        small = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
        if isinstance(small, cst.Assign) and len(small.targets) == 1 and isinstance(small.targets[0].target, cst.Name):
            name = small.targets[0].target.value
            if module.code_for_node(small.value) == code and bound.count(name) == 1 and name not in hidden:
                return name
    return None


def _moved(statement: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    """The statement with the comment directly above it."""
    return statement.with_changes(leading_lines=statement.leading_lines[_comment_start(statement) :])


def _comment_start(statement: cst.SimpleStatementLine) -> int:
    """How many of the lines before a statement are not of the comment directly above it."""
    lines = statement.leading_lines
    return next((at for at in range(len(lines), 0, -1) if lines[at - 1].comment is None), 0)


def _comments(statement: cst.SimpleStatementLine) -> list[cst.EmptyLine]:
    """The comments of a statement as lines: directly above it and behind it."""
    behind = statement.trailing_whitespace.comment
    return [*statement.leading_lines[_comment_start(statement) :], *([cst.EmptyLine(comment=behind)] if behind else [])]


def _without(module: cst.Module, assigned: _Assignment, comments: Sequence[cst.EmptyLine]) -> cst.Module:
    """The module without a statement of a block, for which only comments stay.

    An empty line before it stays before what follows.
    """
    body = list(assigned.block.body)
    at = next(number for number, line in enumerate(body) if line is assigned.statement)
    before = list(assigned.statement.leading_lines[: _comment_start(assigned.statement)])
    if at + 1 < len(body):
        following = body[at + 1]
        lines = [*before, *comments, *_lines_before(following)]
        # One empty line of those that meet here; at the beginning of the block none.
        kept = [line for number, line in enumerate(lines) if line.comment or not number or lines[number - 1].comment]
        if at == 0 and kept and kept[0].comment is None:
            kept.pop(0)
        body[at + 1] = following.with_changes(leading_lines=kept)
    del body[at]
    return _replaced(module, assigned.block, assigned.block.with_changes(body=body))


# --- a connection, made on first use ---


def _made_lazy(plan: Plan, found: _Found) -> cst.Module:
    assigned = _assignment(found, found.call)
    if assigned is None or assigned.name not in plan.locals:
        raise _Refused
    names = set(_names(found.module))
    kept, getter = f"_{assigned.name.lstrip('_')}", f"_get_{assigned.name.lstrip('_')}"
    if {kept, getter} & names:
        kept, getter = f"_kept{kept}", f"_get_kept{kept}"
    if {kept, getter} & names:
        raise _Refused
    closes = _Closes(assigned.name)
    function = found.function.visit(closes)
    if plan.is_closed and not closes.count:
        raise _Refused
    assert isinstance(function, cst.FunctionDef)
    # The call is in the function as it was: nothing of it is inside a statement that was taken out.
    function = _swap(function, found.call, cst.Call(cst.Name(getter)))
    module = _replaced(found.module, found.function, function)
    dead = f"{kept} is None" + (f" or {plan.is_dead.format(kept)}" if plan.is_dead else "")
    config = found.module.config_for_parsing
    unit = found.module.default_indent
    end = found.module.default_newline
    lines = (
        f"def {getter}():",
        f"{unit}global {kept}",
        f"{unit}if {dead}:",
        f"{unit * 2}{kept} = 0",
        f"{unit}return {kept}",
    )
    definition = cst.parse_statement(end.join(lines) + end, config)
    variable = cst.parse_statement(f"{kept} = None{end}", config)
    assert isinstance(definition, cst.FunctionDef) and isinstance(variable, cst.SimpleStatementLine)
    placeholder = _Placeholder(found.call)
    definition = cst.ensure_type(definition.visit(placeholder), cst.FunctionDef)
    return _inserted(plan, module, [variable, definition.with_changes(leading_lines=[_BLANK, _BLANK])])


class _Placeholder(cst.CSTTransformer):
    """Puts the construction where the getter has a number."""

    def __init__(self, call: cst.Call) -> None:
        super().__init__()
        self.call = call

    def leave_Integer(self, original_node: cst.Integer, updated_node: cst.Integer) -> cst.BaseExpression:
        return self.call


class _Closes(cst.CSTTransformer):
    """Takes `name.close()` out, and a `finally` that does nothing else."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.count = 0

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False

    def _is_close(self, line: cst.CSTNode) -> bool:
        small = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
        call = small.value if isinstance(small, cst.Expr) else None
        return (
            isinstance(call, cst.Call)
            and isinstance(call.func, cst.Attribute)
            and call.func.attr.value == "close"
            and isinstance(call.func.value, cst.Name)
            and call.func.value.value == self.name
        )

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        body: list[cst.BaseStatement] = []
        for line in updated_node.body:
            if self._is_close(line):
                self.count += 1
            elif isinstance(line, cst.Try) and line.finalbody is not None and not line.finalbody.body.body:
                body += self._unwrapped(line)
            else:
                body.append(line)
        return updated_node.with_changes(body=body)

    def _unwrapped(self, line: cst.Try) -> Sequence[cst.BaseStatement]:
        """A `try` whose `finally` is empty now: without it, or only its body when nothing else is left."""
        if line.handlers:
            return [line.with_changes(finalbody=None)]
        if line.orelse is not None or not isinstance(line.body, cst.IndentedBlock):
            raise _Refused
        first, *rest = line.body.body
        return [first.with_changes(leading_lines=[*line.leading_lines, *_lines_before(first)]), *rest]


def _lines_before(statement: cst.BaseStatement) -> Sequence[cst.EmptyLine]:
    lines = getattr(statement, "leading_lines", ())
    return [line for line in lines if isinstance(line, cst.EmptyLine)]


# --- where it goes, and under which name ---


def _inserted(plan: Plan, module: cst.Module, lines: Sequence[cst.SimpleStatementLine | cst.FunctionDef]) -> cst.Module:
    body = list(module.body)
    at = _place(plan, body)
    before, following = body[at - 1], body[at] if at < len(body) else None
    blanks = 2 if isinstance(before, _DEFINITIONS) else int(_maker(before) not in plan.names)
    first = lines[0].with_changes(leading_lines=[*[_BLANK] * blanks, *lines[0].leading_lines])
    if following is not None and isinstance(lines[-1], cst.FunctionDef):
        own = list(following.leading_lines)
        missing = max(0, 2 - sum(1 for line in own[:2] if line.comment is None))
        body[at] = following.with_changes(leading_lines=[*[_BLANK] * missing, *own])
    body[at:at] = [first, *lines[1:]]
    return module.with_changes(body=body)


def _place(plan: Plan, body: Sequence[Statement]) -> int:
    """After the imports, and after what the construction needs."""
    first = next((at for at, line in enumerate(body) if isinstance(line, _DEFINITIONS)), len(body))
    needed = [at for at, line in enumerate(body[:first]) if _imports(line)]
    needed += [at for at, line in enumerate(body) if plan.names.intersection(_bound_at(line))]
    needed += [at for at, line in enumerate(body[:first]) if _sets_up(line)]
    place = max(needed, default=-1) + 1
    if place == 0:
        raise _Refused
    while place < first and _maker(body[place]) in plan.names:  # beside the others that are made so
        place += 1
    defined = {line.name.value for line in body[:place] if isinstance(line, _DEFINITIONS)}
    if any(defined.intersection(_names(line)) for line in body[first:place] if not isinstance(line, _DEFINITIONS)):
        raise _Refused  # what runs before the place may use the client
    return place


def _imports(line: cst.CSTNode) -> bool:
    """Whether a statement of the module imports something, also when it tries to."""
    if isinstance(line, cst.SimpleStatementLine):
        return any(isinstance(small, (cst.Import, cst.ImportFrom)) for small in line.body)
    if isinstance(line, cst.Try | cst.If):
        return any(_imports(inner) for inner in line.body.body)
    return False


def _maker(line: cst.CSTNode) -> str | None:
    """The first name in the callee of a statement `name = callee(…)`."""
    small = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
    made = small.value if isinstance(small, cst.Assign) else None
    while isinstance(made, (cst.Call, cst.Attribute)):
        made = made.func if isinstance(made, cst.Call) else made.value
    return made.value if isinstance(made, cst.Name) and isinstance(small, cst.Assign) else None


def _sets_up(line: cst.CSTNode) -> bool:
    """Whether a statement of the module is for its effect: a client may depend on it, as on `load_dotenv()`,
    `patch_all()`, `boto3.setup_default_session(…)` or `os.environ["AWS_REGION"] = …`."""
    if isinstance(line, cst.Try | cst.If | cst.With):
        return any(_sets_up(inner) for inner in line.body.body)
    return isinstance(line, cst.SimpleStatementLine) and any(_has_effect(small) for small in line.body)


def _has_effect(small: cst.BaseSmallStatement) -> bool:
    if isinstance(small, cst.Assign):
        return any(isinstance(each.target, cst.Attribute | cst.Subscript) for each in small.targets)
    return isinstance(small, cst.Expr) and isinstance(small.value, cst.Call)


class _Names(cst.CSTVisitor):
    """The names used or bound, attributes and keywords left out; `bound` are those of bindings, `shared` those of
    `global` statements."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.bound: list[str] = []
        self.shared: list[str] = []
        self.assigned: list[cst.Assign] = []

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_Name(self, node: cst.Name) -> None:
        self.names.append(node.value)

    def visit_Assign(self, node: cst.Assign) -> None:
        self.assigned.append(node)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        if isinstance(node.target, cst.Name):
            self.bound.append(node.target.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if isinstance(node.target, cst.Name):
            self.bound.append(node.target.value)

    def visit_Global(self, node: cst.Global) -> None:
        self.bound += [item.name.value for item in node.names]
        self.shared += [item.name.value for item in node.names]

    def visit_ImportAlias(self, node: cst.ImportAlias) -> None:
        local: cst.BaseExpression = node.asname.name if node.asname is not None else node.name
        while isinstance(local, cst.Attribute):
            local = local.value
        if isinstance(local, cst.Name):
            self.bound.append(local.value)
            self.names.append(local.value)


def _names(node: cst.CSTNode) -> list[str]:
    names = _Names()
    node.visit(names)
    return names.names


def _bindings(node: cst.CSTNode) -> list[str]:
    names = _Names()
    node.visit(names)
    return names.bound


def _bound_at(line: Statement) -> list[str]:
    """The names that a statement of the module binds; definitions bind none that a construction may use."""
    return [] if isinstance(line, _DEFINITIONS) else _bindings(line)


def _free_name(module: cst.Module, call: cst.Call) -> str:
    """A name that nothing in the module uses, after what the client is for."""
    names = {*_names(module), *_bindings(module)}
    base = _purpose(call)
    suffix = "_resource" if _last(call) == "resource" else "" if base == "session" else "_client"
    candidates = [base, f"{base}{suffix}", *(f"{base}{suffix}_{number}" for number in range(2, 100))]
    for name in candidates:
        if name not in names and not hasattr(builtins, name) and not keyword.iskeyword(name) and name.isidentifier():
            return name
    raise _Refused


def _purpose(call: cst.Call) -> str:
    first = call.args[0].value if call.args and call.args[0].keyword is None else None
    text = first.evaluated_value if isinstance(first, cst.SimpleString) else None
    if isinstance(text, str):
        words = re.sub(r"\W+", "_", text).strip("_").lower()
        if words.isidentifier() and len(words) <= 30:
            return words
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _last(call) or "client").lower()


def _last(call: cst.Call) -> str | None:
    """The last name of what is called."""
    last = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return last.value if isinstance(last, cst.Name) else None


# --- replacing nodes ---


def _replaced(module: cst.Module, old: cst.CSTNode, new: cst.CSTNode) -> cst.Module:
    changed = module.deep_replace(old, new)
    assert isinstance(changed, cst.Module)
    return changed


def _swap(function: cst.FunctionDef, old: cst.Call, new: cst.Call) -> cst.FunctionDef:
    """The function with a call replaced; the call is known by its text, as the nodes around it may have changed."""
    swap = _Swap(old, new)
    changed = function.visit(swap)
    if swap.count != 1:
        raise _Refused
    return cst.ensure_type(changed, cst.FunctionDef)


class _Swap(cst.CSTTransformer):
    def __init__(self, old: cst.Call, new: cst.Call) -> None:
        super().__init__()
        self.old, self.new, self.count = old, new, 0

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        if original_node.deep_equals(self.old):
            self.count += 1
            return self.new
        return updated_node
