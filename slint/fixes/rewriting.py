"""Rewriting Python text with libcst: a construction moves to module level, comments and formatting stay.

Imported only when a fix is asked for: libcst takes long to import and is an extra. It is slow, too, so what it is asked
about is a statement of the module wherever that is enough, and once for all plans of a file.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import keyword
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import eq
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from slint.diagnostic import Edit
from slint.record import NamedTuple

if TYPE_CHECKING:
    from slint.fixes.hoisting import Plan
    from slint.project.unit import Unit
    from slint.source import SourceFile

_PARTS_OF_RESOURCES = frozenset({"Bucket", "Object", "Queue", "Table", "Topic"})
"""Methods of a boto3 resource that make another object and call nothing (boto3 guide, "Resources", 2026-11-22)."""

_BLANK = cst.EmptyLine(indent=False)
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_SPLIT = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_END = re.compile(r"\r\n?|\n")

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
Place = tuple[int, int, int, int]
"""Line and column of a start and of an end, as libcst counts them."""


class _Refused(Exception):
    """The text is not as expected: there is no fix."""


@lru_cache(maxsize=8)  # findings come in the order of their places, and functions share a place
def rewritten(plan: Plan) -> tuple[Edit, ...]:
    """The edits that carry out a plan; none when the text does not allow it."""
    try:
        found = _find(plan)
        body = (_made_lazy if plan.is_lazy else _hoisted)(plan, found)
        return tuple(_edits(found.source, body))
    except (_Refused, cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return ()


# --- a file as its statements ---


class _Piece:
    """A statement of the module: `text` with the empty lines and comments before it, and the number of its first line.

    What is asked about many statements is answered by the text first: a name that is not in it is not used in it.
    """

    def __init__(self, module: cst.Module, node: Statement, text: str, line: int) -> None:
        self.module = module
        self.node = node
        self.text = text
        self.line = line

    def uses(self, name: str) -> bool:
        return name in self.text and name in self.names.names

    def binds(self, name: str) -> int:
        """How often it binds a name of the module; definitions bind none that a construction may use."""
        return 0 if isinstance(self.node, _DEFINITIONS) or name not in self.text else self.names.bound.count(name)

    def shares(self, name: str) -> int:
        """How often functions in it declare a name as the module's."""
        return self.names.shared.count(name) if "global" in self.text and name in self.text else 0

    @cached_property
    def names(self) -> _Names:
        return _seen(self.node)

    @cached_property
    def functions(self) -> Mapping[cst.FunctionDef, _Names]:
        """The outermost functions in it."""
        functions = _Functions()
        self.node.visit(functions)
        return {each: _seen(each) for each in functions.found}

    @cached_property
    def calls(self) -> Mapping[Place, tuple[cst.CSTNode, ...]]:
        """The calls by their place in the text, each with the nodes around it: a module first and the call last."""
        alone = self.module.with_changes(header=(), body=[self.node], footer=(), has_trailing_newline=True)
        finder = _Finder()
        MetadataWrapper(alone, unsafe_skip_copy=True).visit(finder)  # a tree that was parsed repeats no node
        return finder.calls


class _Functions(cst.CSTVisitor):
    """The outermost functions."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[cst.FunctionDef] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self.found.append(node)
        return False


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[cst.CSTNode] = []
        self.calls: dict[Place, tuple[cst.CSTNode, ...]] = {}

    def on_visit(self, node: cst.CSTNode) -> bool:
        self.stack.append(node)
        if isinstance(node, cst.Call):
            span = self.get_metadata(PositionProvider, node)
            self.calls[span.start.line, span.start.column, span.end.line, span.end.column] = tuple(self.stack)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self.stack.pop()


class _Source:
    """A file as the statements of its module. `end` is the number of the line behind the last one."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.module = module = cst.parse_module(file.text)
        texts = [module.code_for_node(node) for node in (*module.header, *module.body)]
        *lines, self.end = accumulate((len(_LINE_END.findall(text)) for text in texts), initial=1)
        at = len(module.header)
        self.pieces = [_Piece(module, *each) for each in zip(module.body, texts[at:], lines[at:], strict=True)]

    def uses(self, name: str) -> bool:
        return any(piece.uses(name) for piece in self.pieces)

    def times_bound(self, name: str) -> int:
        """How often a name of the module gets a value."""
        return sum(piece.binds(name) + piece.shares(name) for piece in self.pieces)

    def offset(self, line: int) -> int:
        starts = self.file.line_starts()
        return starts[line - 1] if line <= len(starts) else len(self.file.text)


@lru_cache(maxsize=1)  # a tree is far larger than its text
def _opened(unit: Unit) -> _Source:
    return _Source(unit.module.file)


class _Found(NamedTuple):
    """A call in a piece of the source, with the nodes around it, a module first and the call last."""

    source: _Source
    piece: _Piece
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

    def replaced(self, old: cst.CSTNode, new: cst.CSTNode) -> list[Statement]:
        """The statements of the module with a node of the piece replaced."""
        changed = self.piece.node.deep_replace(old, new)
        assert isinstance(changed, Statement)
        return [changed if piece is self.piece else piece.node for piece in self.source.pieces]


def _find(plan: Plan) -> _Found:
    source = _opened(plan.unit)
    start, end = source.file.position(plan.start), source.file.position(plan.end)
    at = bisect_right(source.pieces, start.line, key=lambda piece: piece.line) - 1
    if at < 0:
        raise _Refused
    piece = source.pieces[at]
    above = piece.line - 1
    around = piece.calls.get((start.line - above, start.column - 1, end.line - above, end.column - 1))
    if around is None:
        raise _Refused
    return _Found(source, piece, around)


def _edits(source: _Source, body: list[Statement]) -> Iterator[Edit]:
    """The edits after which the statements of the module are these. The same statements keep their text."""
    module, kept = source.module, set(body)
    is_open = not module.has_trailing_newline and not module.footer
    if is_open:
        kept.discard(module.body[-1])  # its last line has no end, and gets one when something follows
    at = 0
    old: list[_Piece] = []
    for piece in (*source.pieces, None):
        if piece is not None and piece.node not in kept:
            old.append(piece)
            continue
        stop = len(body) if piece is None else body.index(piece.node, at)
        if old or at < stop:
            line = next((each.line for each in (*old, piece) if each is not None), source.end)
            before = "".join(each.text for each in old)
            after = "".join(map(module.code_for_node, body[at:stop]))
            if is_open and piece is None:
                before, after = (re.sub(r"(\r\n?|\n)\Z", "", text) for text in (before, after))
            yield from _line_edits(source.file, source.offset(line), before, after)
        old, at = [], stop + 1


def _line_edits(file: SourceFile, start: int, before: str, after: str) -> Iterator[Edit]:
    """The lines that differ, as edits. Of the places where lines could be added to the same effect it is the first, where
    they could be taken away the last."""
    if not file.text.startswith(before, start):
        raise _Refused  # libcst does not write every text as it was
    before_lines, after_lines = _SPLIT.findall(before), _SPLIT.findall(after)
    same = [*map(eq, before_lines, after_lines), False].index(False)
    start += sum(map(len, before_lines[:same]))
    before_lines, after_lines = before_lines[same:], after_lines[same:]
    starts = list(accumulate(map(len, before_lines), initial=start))
    matcher = difflib.SequenceMatcher(None, before_lines, after_lines, autojunk=False)
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        added = after_lines[new_first:new_last]
        at, end = starts[first], starts[last]
        while kind == "insert" and _line_before(file.text, at) == added[-1]:
            added.insert(0, added.pop())
            at = end = at - len(added[0])
        if kind != "equal":
            yield Edit(file.path, at, end, "".join(added))


def _line_before(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, max(0, at - 1)) + 1 : at]


# --- a client, built when the module is loaded ---


def _hoisted(plan: Plan, found: _Found) -> list[Statement]:
    expression = _whole(found)
    assigned = _assignment(found, expression)
    if assigned is not None and assigned.name not in plan.locals - plan.hidden:
        assigned = None
    own = assigned.name if assigned is not None else None
    existing = _existing(found.source, expression, (plan.hidden | plan.locals) - {own})
    if assigned is not None and existing == own:
        return _without(found, assigned, _comments(assigned.statement))
    if assigned is not None and existing is None and _is_free(found.source, assigned, expression):
        moved = assigned.statement
        if _stands_alone(plan, assigned):
            moved = moved.with_changes(leading_lines=moved.leading_lines[_comment_start(moved) :])
            return _inserted(plan, found, _without(found, assigned, []), [moved])
        comment = moved.leading_lines[_comment_start(moved) :]
        return _inserted(plan, found, _without(found, assigned, comment), [moved.with_changes(leading_lines=[])])
    name = existing or _free_name(found.source, found.call)
    body = found.replaced(expression, cst.Name(name))
    if existing is None:
        target = cst.AssignTarget(cst.Name(name))
        line = cst.SimpleStatementLine([cst.Assign([target], expression)])
        body = _inserted(plan, found, body, [line])
    return body


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


def _is_free(source: _Source, assigned: _Assignment, expression: cst.Call) -> bool:
    """Whether a name can become the module's: elsewhere it stands for nothing, or in functions for the same."""
    name, code = assigned.name, _meaning(source, expression)
    pieces = [piece for piece in source.pieces if name in piece.text]
    same = sum(_same_locals(source, *each, name, code) for piece in pieces for each in piece.functions.items())
    return sum(piece.names.names.count(name) for piece in pieces) == same


def _same_locals(source: _Source, function: cst.FunctionDef, seen: _Names, name: str, code: str) -> int:
    """The uses of a name in a function of the module if it is assigned there once, and the same."""
    made = [
        _meaning(source, each.value)
        for each in seen.assigned
        if len(each.targets) == 1
        and isinstance(each.targets[0].target, cst.Name)
        and each.targets[0].target.value == name
    ]
    is_same = made == [code] and seen.bound.count(name) == 1 and name not in _seen(function.params).names
    return seen.names.count(name) if is_same else 0


def _existing(source: _Source, expression: cst.Call, hidden: frozenset[str | None]) -> str | None:
    """The module's name that is the same construction already, if it is that alone and not `hidden` at the call."""
    code, maker = _meaning(source, expression), _first_name(expression)
    if maker is None:
        return None
    for piece in source.pieces:
        line = piece.node
        if maker not in piece.text or _maker(line) != maker:
            continue
        small = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        if not isinstance(small, cst.Assign) or len(small.targets) != 1:
            continue
        if isinstance(small.targets[0].target, cst.Name) and _meaning(source, small.value) == code:
            name = small.targets[0].target.value
            if source.times_bound(name) == 1 and name not in hidden:
                return name
    return None


def _meaning(source: _Source, expression: cst.BaseExpression) -> str:
    """An expression however it is written: with other quotes, line ends and spaces it is the same."""
    code = source.module.code_for_node(expression)
    try:
        return ast.dump(ast.parse(f"({code})", mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code


def _stands_alone(plan: Plan, assigned: _Assignment) -> bool:
    """Whether the comment above a statement is about it, and others that may move too, alone: an empty line follows."""
    body = assigned.block.body
    at = next(number for number, line in enumerate(body) if line is assigned.statement) + 1
    while at < len(body) and _maker(body[at]) in plan.names and not _lines_before(body[at]):
        at += 1
    lines = _lines_before(body[at]) if at < len(body) else [_BLANK]
    return bool(lines) and lines[0].comment is None


def _comment_start(statement: cst.SimpleStatementLine) -> int:
    """How many of the lines before a statement are not of the comment directly above it."""
    lines = statement.leading_lines
    return next((at for at in range(len(lines), 0, -1) if lines[at - 1].comment is None), 0)


def _comments(statement: cst.SimpleStatementLine) -> list[cst.EmptyLine]:
    """The comments of a statement as lines: directly above it and behind it."""
    behind = statement.trailing_whitespace.comment
    return [*statement.leading_lines[_comment_start(statement) :], *([cst.EmptyLine(comment=behind)] if behind else [])]


def _without(found: _Found, assigned: _Assignment, comments: Sequence[cst.EmptyLine]) -> list[Statement]:
    """The module's statements without a statement of a block, for which only comments stay.

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
    return found.replaced(assigned.block, assigned.block.with_changes(body=body))


# --- a connection, made on first use ---


def _made_lazy(plan: Plan, found: _Found) -> list[Statement]:
    assigned = _assignment(found, found.call)
    if assigned is None or assigned.name not in plan.locals:
        raise _Refused
    source = found.source
    kept, getter = f"_{assigned.name.lstrip('_')}", f"_get_{assigned.name.lstrip('_')}"
    if source.uses(kept) or source.uses(getter):
        kept, getter = f"_kept{kept}", f"_get_kept{kept}"
    if source.uses(kept) or source.uses(getter):
        raise _Refused
    closes = _Closes(assigned.name)
    function = found.function.visit(closes)
    if plan.is_closed and not closes.count:
        raise _Refused
    assert isinstance(function, cst.FunctionDef)
    # The call is in the function as it was: nothing of it is inside a statement that was taken out.
    function = _swap(function, found.call, cst.Call(cst.Name(getter)))
    body = found.replaced(found.function, function)
    dead = f"{kept} is None" + (f" or {plan.is_dead.format(kept)}" if plan.is_dead else "")
    config = source.module.config_for_parsing
    unit = source.module.default_indent
    end = source.module.default_newline
    lines = (
        f"def {getter}():",
        f"{unit}global {kept}",
        f"{unit}if {dead}:",
        f"{unit * 2}{kept} = 0",
        *((f"{unit}else:", f"{unit * 2}{kept}.rollback()") if plan.is_reset else ()),
        f"{unit}return {kept}",
    )
    definition = cst.parse_statement(end.join(lines) + end, config)
    variable = cst.parse_statement(f"{kept} = None{end}", config)
    assert isinstance(definition, cst.FunctionDef) and isinstance(variable, cst.SimpleStatementLine)
    placeholder = _Placeholder(found.call)
    definition = cst.ensure_type(definition.visit(placeholder), cst.FunctionDef)
    return _inserted(plan, found, body, [variable, definition.with_changes(leading_lines=[_BLANK, _BLANK])])


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


def _inserted(
    plan: Plan, found: _Found, body: list[Statement], lines: Sequence[cst.SimpleStatementLine | cst.FunctionDef]
) -> list[Statement]:
    at = _place(plan, found.source.pieces)
    before, following = body[at - 1], body[at] if at < len(body) else None
    blanks = 2 if isinstance(before, _DEFINITIONS) else int(_maker(before) not in plan.names)
    first = lines[0].with_changes(leading_lines=[*[_BLANK] * blanks, *lines[0].leading_lines])
    if following is not None and isinstance(lines[-1], cst.FunctionDef):
        own = list(following.leading_lines)
        missing = max(0, 2 - sum(1 for line in own[:2] if line.comment is None))
        body[at] = following.with_changes(leading_lines=[*[_BLANK] * missing, *own])
    return [*body[:at], first, *lines[1:], *body[at:]]


def _place(plan: Plan, pieces: Sequence[_Piece]) -> int:
    """After the imports, and after what the construction needs."""
    body = [piece.node for piece in pieces]
    first = next((at for at, line in enumerate(body) if isinstance(line, _DEFINITIONS)), len(body))
    needed = [at for at, line in enumerate(body[:first]) if _imports(line)]
    needed += [at for at, piece in enumerate(pieces) if any(piece.binds(name) for name in plan.names)]
    needed += [at for at, line in enumerate(body[:first]) if _sets_up(line)]
    place = max(needed, default=-1) + 1
    if place == 0:
        raise _Refused
    while place < first and _maker(body[place]) in plan.names:  # beside the others that are made so
        place += 1
    defined = {line.name.value for line in body[:place] if isinstance(line, _DEFINITIONS)}
    run = [piece for piece in pieces[first:place] if not isinstance(piece.node, _DEFINITIONS)]
    if any(piece.uses(name) for piece in run for name in defined):
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
    return _first_name(small.value) if isinstance(small, cst.Assign) else None


def _first_name(made: cst.BaseExpression) -> str | None:
    while isinstance(made, (cst.Call, cst.Attribute)):
        made = made.func if isinstance(made, cst.Call) else made.value
    return made.value if isinstance(made, cst.Name) else None


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


def _seen(node: cst.CSTNode) -> _Names:
    names = _Names()
    node.visit(names)
    return names


def _free_name(source: _Source, call: cst.Call) -> str:
    """A name that nothing in the module uses, after what the client is for."""
    base = _purpose(call)
    suffix = "_resource" if _last(call) == "resource" else "" if base == "session" else "_client"
    candidates = [base, f"{base}{suffix}", *(f"{base}{suffix}_{number}" for number in range(2, 100))]
    for name in candidates:
        is_name = name.isidentifier() and not keyword.iskeyword(name) and not hasattr(builtins, name)
        if is_name and not source.uses(name):
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
