"""Where a value comes from: the roots of everything it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from slint.code.facts import Binding, BlockKind, Call
from slint.enumeration import Enum
from slint.knowledge.cloud import (
    DATA_READS,
    DATABASE_TOKENS,
    SECRET_FETCHES,
    SESSION_TOKENS,
    TEMPORARY_CREDENTIALS,
    TEMPORARY_PROVIDERS,
)
from slint.knowledge.language import SETTER_PREFIX
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame, is_class, is_function
from slint.project.operations import cloud_operation
from slint.project.turns import turned_by, values_of
from slint.project.unit import Unit, call_of
from slint.value import ANY, Choice, Items, Literal, Ref, RefKind, Unknown, Value

_STEPS = 400


class Origin(Enum):
    """A root that a value can come from."""

    EVENT = "event"  # what the function was invoked with
    CONTEXT = "context"  # the invocation's context object
    ENV = "env"
    LITERAL = "literal"
    TEMPORARY_CREDENTIALS = "temporary credentials"
    DATABASE_TOKEN = "database token"  # a password that is good for opening connections during some minutes
    SECRET = "secret"
    DATA = "data"  # what a table or a queue held
    ITERATION = "iteration"  # what each turn of a loop changes, such as its element
    RESULT = "result"  # what a call outside the project gave back
    UNKNOWN = "unknown"  # a parameter whose argument the files do not tell


class _Tracer:
    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.left = _STEPS
        self.seen: set[tuple[int, int, int]] = set()

    def roots(self, expr: Expr) -> Iterator[Origin]:
        key = (id(expr.value), expr.block, id(expr.frame))
        self.left -= 1
        if self.left < 0:
            yield Origin.UNKNOWN
            return
        if key in self.seen:
            return
        self.seen.add(key)
        value = expr.value
        if not isinstance(value, Ref):
            yield from self._composed(expr, value)
            return
        if value.kind is RefKind.NAME:
            yield from self._written_below(expr, value)
            yield from self._decided_by(expr, value)
            yield from self._added_to(expr, value)
        if ANY in value.path:
            yield from self._selected_by(expr, value)
        for found in self.evaluator.follow(expr):
            yield from self._found(found, expr)
            if value.path and isinstance(found.value, Unknown):
                yield from self._made_with(expr, value)

    def _decided_by(self, expr: Expr, value: Ref) -> Iterator[Origin]:
        """The conditions on which a name holds one thing or the other, and what a comprehension goes through."""
        for binder, home in self.evaluator.binders(expr, value):
            if isinstance(binder, Binding) and isinstance(binder.value, Choice):
                for option in binder.value.options:
                    if option.when is not None:
                        yield from self.roots(Expr(option.when, binder.block, home))
            elif isinstance(binder, Binding) and isinstance(binder.value, Items):
                yield from self._gone_through(Expr(binder.value, binder.block, home), binder.value)

    def _gone_through(self, expr: Expr, value: Value) -> Iterator[Origin]:
        """What a comprehension goes through, and its filters."""
        unit = expr.frame.unit
        for index in unit.blocks_inside(value):
            block = unit.module.blocks[index]
            if block.subject is not None:
                yield from self.roots(Expr(block.subject, block.parent, expr.frame))

    def _added_to(self, expr: Expr, value: Ref) -> Iterator[Origin]:
        """What methods put into a list or mapping that a name holds, and how often: `batches.append(ids[:10])`."""
        unit = expr.frame.unit
        for call in unit.added.get((unit.bodies[expr.block], str(value.name)), ()):
            if _scope(unit, str(value.name), call.block) == _scope(unit, str(value.name), expr.block) and any(
                isinstance(binder, Binding) and isinstance(binder.value, Items)
                for binder, _ in self.evaluator.binders(expr, value)
            ):
                yield from self.arguments(call, expr.frame)
                for _, around in unit.enclosing(call.block):
                    if around.kind is BlockKind.LOOP and around.subject is not None:
                        yield from self.roots(Expr(around.subject, around.parent, expr.frame))

    def _selected_by(self, expr: Expr, value: Ref) -> Iterator[Origin]:
        """The keys of a path that are computed: `KEYS[event.stage]`."""
        for loose in expr.frame.unit.module.loose:
            inside = value.span.start <= loose.value.span.start and loose.value.span.end <= value.span.end
            if inside and loose.value.span.file is value.span.file:
                yield from self.roots(Expr(loose.value, loose.block, expr.frame))

    def _composed(self, expr: Expr, value: Value) -> Iterator[Origin]:
        if isinstance(value, Literal):
            yield Origin.LITERAL
        yield from self._gone_through(expr, value)
        block = self.evaluator.inside(expr)
        for child in value.children():
            yield from self.roots(Expr(child, block, expr.frame))
        if isinstance(value, Unknown) and not value.mentions:
            yield Origin.RESULT

    def _found(self, found: Expr, asked: Expr) -> Iterator[Origin]:
        value = found.value
        if not isinstance(value, Ref):
            if found.value is not asked.value or found.frame is not asked.frame:
                yield from self.roots(found)
            return
        match value.kind:
            case RefKind.PARAMETER:
                yield from self._parameter(found, value)
            case RefKind.CALL:
                yield from self._call(found, value)
            case RefKind.ENV:
                yield Origin.ENV
            case RefKind.IMPORT | RefKind.BUILTIN | RefKind.BLOCK | RefKind.INSTANCE:
                return
            case _:
                yield Origin.RESULT

    def _parameter(self, found: Expr, value: Ref) -> Iterator[Origin]:
        frame = found.frame
        if frame.role == "event":
            yield Origin.CONTEXT if value.name == 1 + len(frame.bound) else Origin.EVENT
        elif frame.role == "passed" and frame.call is not None and frame.caller is not None:
            yield Origin.ITERATION
            for argument in frame.call.arguments:
                yield from self.roots(Expr(argument.value, frame.call.block, frame.caller))
        elif frame.role == "passed":
            yield Origin.EVENT
        else:
            yield Origin.UNKNOWN

    def _call(self, found: Expr, value: Ref) -> Iterator[Origin]:
        """The result of a call outside the project depends on its arguments and on the object it is a method of."""
        call = call_of(found.frame.unit, value)
        for callee in self.evaluator.callees(call, found.frame):
            operation = cloud_operation(self.evaluator, callee, call, found.frame)
            name = self.evaluator.dotted(callee)
            if operation in TEMPORARY_CREDENTIALS or name in TEMPORARY_PROVIDERS:
                yield Origin.TEMPORARY_CREDENTIALS
            elif operation in DATABASE_TOKENS or name in DATABASE_TOKENS:
                yield Origin.DATABASE_TOKEN
            elif operation in SECRET_FETCHES:
                yield Origin.SECRET
            elif operation in DATA_READS:
                yield Origin.DATA
        yield Origin.RESULT
        yield from self.arguments(call, found.frame)
        yield from self.given_later(call, found.frame)
        if isinstance(call.callee, Ref):
            yield from self.roots(Expr(call.callee, call.block, found.frame))
            yield from self._held_in(Expr(call.callee, call.block, found.frame), call.callee)

    def _held_in(self, expr: Expr, callee: Ref) -> Iterator[Origin]:
        """What the mapping or list holds whose method is called: `options.get("region")`."""
        owner = expr.with_value(callee.with_path(*callee.path[:-1]))
        if callee.path and any(isinstance(each.value, Items) for each in self.evaluator.follow(owner)):
            yield from self.roots(owner)

    def arguments(self, call: Call, frame: Frame) -> Iterator[Origin]:
        for argument in call.arguments:
            yield from self.roots(Expr(argument.value, call.block, frame))

    def given_later(self, call: Call, frame: Frame) -> Iterator[Origin]:
        """What setters of the object get in the body that made it: `session.set_credentials(…)`."""
        unit = frame.unit
        body = unit.bodies[call.block]
        index = unit.call_index(call)
        places = {
            (binding.target.kind, binding.target.name, binding.target.path)
            for binding in unit.module.bindings
            if isinstance(binding.value, Ref) and binding.value.kind is RefKind.CALL and binding.value.name == index
        }
        for each in unit.calls_of.get(body, ()) if places else ():
            other = unit.module.calls[each]
            callee = other.callee
            if not isinstance(callee, Ref) or not callee.path or not str(callee.path[-1]).startswith(SETTER_PREFIX):
                continue
            if (callee.kind, callee.name, callee.path[:-1]) in places:
                yield from self.arguments(other, frame)

    def _made_with(self, expr: Expr, value: Ref) -> Iterator[Origin]:
        """What an object of this project was made with, for a part of it that could not be followed."""
        whole = expr.with_value(value.with_path())
        for made in self.evaluator.follow(whole):
            root = self.evaluator.root_call(made)
            if root is not None:
                yield from self.arguments(*root)

    def _written_below(self, expr: Expr, value: Ref) -> Iterator[Origin]:
        """What is put into a mapping or object after it was made: `options['region'] = event['region']`. What a function
        puts into one of the module's counts wherever it is used."""
        unit = expr.frame.unit
        name = str(value.name)
        scope = _scope(unit, name, expr.block)
        bodies = [body for body, written in unit.places if written == name] if scope == 0 else []
        for body in dict.fromkeys((unit.bodies[expr.block], *bodies)):
            frame = next((each for each in expr.frame.chain() if each.unit is unit and each.body == body), None)
            for binding in unit.places.get((body, name), ()):
                if binding.value is not None and _scope(unit, name, binding.block) == scope:
                    home = expr.frame if body == unit.bodies[expr.block] else frame or self.evaluator.frame(unit, body)
                    yield from self.roots(Expr(binding.value, binding.block, home))


def _scope(unit: Unit, name: str, block: int) -> int | None:
    found = unit.lookup(name, block)
    return found[0] if found is not None else None


def handed_in(evaluator: Evaluator, call: Call, frame: Frame) -> frozenset[Origin]:
    """The origins of all that a construction depends on: its arguments and the object it is a method of."""
    tracer = _Tracer(evaluator)
    found = {*tracer.arguments(call, frame), *tracer.given_later(call, frame)}
    if any(argument.name in SESSION_TOKENS for argument in call.arguments):
        found.add(Origin.TEMPORARY_CREDENTIALS)
    if isinstance(call.callee, Ref) and call.callee.kind is not RefKind.IMPORT:
        for callee in evaluator.callees(call, frame):
            if not (is_function(callee) or is_class(callee)):
                found.update(tracer.roots(Expr(call.callee, call.block, frame)))
                break
    return frozenset(found) | _iteration(evaluator, [Expr(value, call.block, frame) for value in values_of(call)])


def of_all(evaluator: Evaluator, exprs: list[Expr]) -> frozenset[Origin]:
    """The origins of all these expressions."""
    tracer = _Tracer(evaluator)
    return frozenset(root for expr in exprs for root in tracer.roots(expr)) | _iteration(evaluator, exprs)


def _iteration(evaluator: Evaluator, exprs: list[Expr]) -> frozenset[Origin]:
    return frozenset({Origin.ITERATION}) if turned_by(evaluator, exprs) else frozenset()
