"""What a value of the code stands for: names, calls, parameters and attributes followed over the facts.

An expression is a value with the place that evaluates it. Following it gives the expressions it can stand for;
what cannot be followed stays as it is, so that nothing is ever guessed. All of it is bounded by a number of steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from slint.code.facts import Binding, BlockKind, Call, Definition, Import
from slint.knowledge.language import CONSTRUCTORS, PARTIAL, SUPER
from slint.project.arguments import Arguments, bind
from slint.project.codebase import Codebase
from slint.project.frames import Expr, Frame, Handed, Named, is_bound_function, is_class, is_function, ref_of
from slint.project.imports import Imports, without_default
from slint.project.objects import Objects
from slint.project.plans import Plans
from slint.project.unit import EXPORTS, Binder, Formal, Unit, call_of
from slint.source import Span
from slint.value import ANY, Choice, Items, Key, Literal, Ref, RefKind, Unknown, Value

_STEPS = 24
"""How deep one thing may stand for another."""
_ALTERNATIVES = 12
"""How many things one expression may stand for."""
_TEXT_STEPS = 60
"""How many expressions are looked into for their texts."""
_LINKS = 12
"""How many calls a chain may have to get a name."""
_BINDERS = 30
"""In so many places a name may be bound to be followed."""
_MOST_BINDERS = 300
"""Of more it is not asked which of them a use can see."""
_BUDGET = 2000
"""How many expressions may be followed to answer one question."""

_FOLLOWED = frozenset({RefKind.NAME, RefKind.CALL, RefKind.INSTANCE, RefKind.BLOCK})


class Evaluator:
    """Follows expressions through one codebase. Answers are kept; frames are made once, so that they stay the same."""

    def __init__(self, codebase: Codebase) -> None:
        self.codebase = codebase
        self.arguments = Arguments(self)
        self.objects = Objects(self)
        self.plans = Plans(self)
        self.imports = Imports(self)
        self._frames: dict[tuple[object, ...], Frame] = {}
        self._module_frames: dict[Unit, Frame] = {}  # the same, asked for most of all
        self._memo: dict[tuple[object, ...], list[Expr]] = {}
        self._begun: dict[tuple[object, ...], int] = {}
        self._makers: dict[tuple[str | int, Frame], str | None] = {}
        self._lowest = 0
        self._left = _BUDGET

    def forget(self) -> None:
        """Drop all answers. They lead back here, so that they would stay until the collector of garbage looks for them."""
        self.arguments, self.objects = Arguments(self), Objects(self)
        self.plans, self.imports = Plans(self), Imports(self)
        for table in (self._frames, self._module_frames, self._memo, self._makers):
            table.clear()

    def module_frame(self, unit: Unit) -> Frame:
        """The one frame in which a module's own body runs."""
        found = self._module_frames.get(unit)
        if found is None:
            found = self._module_frames[unit] = self.frame(unit, 0)
        return found

    def frame(
        self,
        unit: Unit,
        body: int,
        role: str = "",
        call: Call | None = None,
        caller: Frame | None = None,
        closure: Frame | None = None,
        receiver: Expr | None = None,
        entry: Span | None = None,
        bound: tuple[Expr, ...] = (),
        named: tuple[Named, ...] = (),
        handed: Handed | None = None,
    ) -> Frame:
        """The frame of a body entered in this way; the same one each time that it is asked for."""
        # What is handed to a function depends on the call and on whether it is the one that the call means.
        key = (unit, body, role, id(call), caller, closure, receiver, entry, bound, named, handed is None)
        found = self._frames.get(key)
        if found is None:
            found = Frame(unit, body, role, call, caller, closure, receiver, entry, bound, named, handed)
            self._frames[key] = found
        return found

    def follow(self, expr: Expr, steps: int = _STEPS) -> list[Expr]:
        """What the expression can stand for, each form followed as far as the files tell."""
        value = expr.value
        if isinstance(value, Choice):
            return _distinct(
                found for option in value.options for found in self.follow(expr.with_value(option.value), steps)
            )
        if (
            not isinstance(value, Ref)
            or value.kind not in _FOLLOWED
            or (value.kind is RefKind.BLOCK and not value.path)
        ):
            return [expr]
        expr = self._at_home(expr, value)
        key = (value, expr.block, expr.frame)
        known = self._memo.get(key)
        if known is not None:
            return known
        if not self._begun:
            self._left = _BUDGET
        self._left -= 1
        if steps <= 0 or self._left < 0:
            self._lowest = -1
            return [expr.with_value(Unknown(value.span, "too many steps"))]
        return self._once(key, lambda: self._follow(expr, value, steps))

    def _once(self, key: tuple[object, ...], answer: Callable[[], list[Expr] | Iterator[Expr]]) -> list[Expr]:
        """The answer to a question, kept. While it is worked out it is empty, since it would lead back to itself.

        An answer that such a one, or a limit, cut short depends on where the question began, and is kept only if that
        was here: if nothing that was begun before was asked again. (The lowest of these numbers is the root of a
        strongly connected component in the sense of Tarjan.)
        """
        known = self._memo.get(key)
        if known is not None:
            return known
        begun = self._begun.get(key)
        if begun is not None:
            self._lowest = min(self._lowest, begun)
            return []
        number = self._begun[key] = len(self._begun)
        before, self._lowest = self._lowest, number
        try:
            found = answer()
            if not isinstance(found, list) or len(found) > 1:
                found = _distinct(found)
        finally:  # whoever asks next, after a failure too, begins anew
            del self._begun[key]
            lowest, self._lowest = self._lowest, before
        if number == 0 or lowest >= number:
            self._memo[key] = found
        else:
            self._lowest = min(lowest, before)
        return found

    def callees(self, call: Call, frame: Frame) -> list[Expr]:
        """What a call can call: a BLOCK of this project, or a dotted name of something outside."""
        return self.follow(Expr(call.callee, call.block, frame))

    def dotted(self, expr: Expr, steps: int = _LINKS) -> str | None:
        """The name of something outside the project; `()` stands for the result of a call: `boto3.client().invoke`."""
        value = expr.value
        if not isinstance(value, Ref):
            return None
        tail = "".join(f".{part}" for part in value.path if isinstance(part, str))
        if value.kind in (RefKind.IMPORT, RefKind.BUILTIN):
            return f"{value.name}{tail}"
        made = self._maker(Expr(value.with_path(), expr.block, expr.frame), steps)
        return f"{made}(){tail}" if made is not None else None

    def _maker(self, made: Expr, steps: int) -> str | None:
        """The name of what is called to make an object; None for one that is not made outside the project."""
        value = made.value
        if not isinstance(value, Ref) or value.kind is not RefKind.CALL or steps <= 0:
            return None
        key = (value.name, made.frame)
        if key not in self._makers:
            self._makers[key] = None  # a call that is made of itself has no name
            call = call_of(made.frame.unit, value)
            names = (self.dotted(callee, steps - 1) for callee in self.callees(call, made.frame))
            self._makers[key] = next((name for name in names if name is not None), None)
        return self._makers[key]

    def root_call(self, expr: Expr) -> tuple[Call, Frame] | None:
        """The call outside the project that made the object whose method or attribute an expression is."""
        value = expr.value
        if isinstance(value, Ref) and value.kind is RefKind.CALL:
            return call_of(expr.frame.unit, value), expr.frame
        return None

    def inside(self, expr: Expr) -> int:
        """The block that evaluates what is written inside a value: in a comprehension, its last loop or filter."""
        return next(reversed(expr.frame.unit.blocks_inside(expr.value)), expr.block)

    def texts(self, expr: Expr) -> Iterator[str]:
        """The literal texts that an expression is made of, through names and the arguments of calls; bounded."""
        stack = [expr]
        for _ in range(_TEXT_STEPS):
            if not stack:
                return
            for found in self.follow(stack.pop()):
                for part in found.value.walk():
                    if part.string is not None:
                        yield part.string
                    elif isinstance(part, Ref) and part.kind is RefKind.CALL:
                        call = call_of(found.frame.unit, part)
                        stack.extend(Expr(each.value, call.block, found.frame) for each in call.arguments)
                    elif part is not found.value and isinstance(part, Ref) and part.kind is RefKind.NAME:
                        stack.append(found.with_value(part))

    def enter(self, callee: Expr, call: Call, caller: Frame, role: str = "call") -> Frame | None:
        """The frame of a function of this project that a call enters; a class is entered by its constructor."""
        target = callee
        if is_class(callee):
            made = Expr(Ref(call.span, RefKind.CALL, caller.unit.call_index(call)), call.block, caller)
            constructors = (found for name in CONSTRUCTORS for found in self.objects.member(callee, name, made, _STEPS))
            target = next(constructors, callee)
        if not is_function(target):
            return None
        handed = None
        if role == "passed":
            target, handed = self.arguments.handed(target, call, caller)
        return self.frame(
            target.frame.unit,
            int(ref_of(target).name),
            role,
            call,
            caller,
            target.frame if target.frame.body else None,
            target.receiver,
            call.span,
            target.bound,
            target.named,
            handed,
        )

    # -- following -----------------------------------------------------------------------------------------------

    def _at_home(self, expr: Expr, value: Ref) -> Expr:
        """The same expression in the frame that tells what it stands for: of a name, the one that binds it; of the object
        whose method runs, one that is told nothing else. So what a module binds, and what an object holds, is followed
        once, however the function that uses it was entered."""
        frame = expr.frame
        if value.kind is RefKind.INSTANCE:
            known = self.objects.object_of(expr)
            home = self.frame(frame.unit, frame.body, receiver=known) if known is not None else frame
            return expr if home is frame else Expr(value, expr.block, home)
        if value.kind is not RefKind.NAME or frame.body == 0:
            return expr
        found = frame.unit.lookup(str(value.name), expr.block)
        home = self._home(frame, found[0]) if found is not None else self.module_frame(frame.unit)
        return expr if home is frame else Expr(value, expr.block, home)

    def _follow(self, expr: Expr, value: Ref, steps: int) -> list[Expr]:
        match value.kind:
            case RefKind.NAME:
                return self._name(expr, value, steps)
            case RefKind.CALL:
                return self._call(expr, value, steps)
            case RefKind.INSTANCE:
                return self.objects.instance(expr, value, steps)
            case _:
                return self._block(expr, value, steps)

    def _name(self, expr: Expr, ref: Ref, steps: int) -> list[Expr]:
        if ref.name == EXPORTS and expr.frame.unit.family == "nodejs":
            return self.imports.exports(expr.frame.unit, ref, steps)
        bound = self.binders(expr, ref)
        if not bound:
            return self.imports.starred(expr, ref, steps)
        return self.select(self._roots(bound, ref, steps), ref.path, ref, steps)

    def _roots(self, bound: list[tuple[Binder, Frame]], ref: Ref, steps: int) -> list[Expr]:
        """What a name stands for that may be bound in these ways. Where there are several, they are followed once for all
        places that see the same: `image = image.turned()` in many branches of a loop would lead back to each other."""
        if len(bound) == 1:
            return self._bound(*bound[0], ref, steps)
        if len(bound) > _BINDERS:
            return [Expr(Unknown(ref.span, "bound in too many places"), bound[0][1].body, bound[0][1])]
        key = (tuple(id(binder) for binder, _ in bound), bound[0][1])
        return self._once(
            key, lambda: (root for binder, home in bound for root in self._bound(binder, home, ref, steps))
        )

    def binders(self, expr: Expr, ref: Ref) -> list[tuple[Binder, Frame]]:
        """What may bind a name where the expression uses it, each with the frame that binds; none when nothing does."""
        found = expr.frame.unit.lookup(str(ref.name), expr.block)
        if found is None:
            return []
        scope, binders = found
        home = self._home(expr.frame, scope)
        if len(binders) > _MOST_BINDERS:
            return [(binder, home) for binder in binders[: _BINDERS + 1]]
        same_body = home.unit.bodies[expr.block] == home.body
        visible = _visible(binders, expr.block, ref.span, home.unit, same_body=same_body)
        return [(binder, home) for binder in visible]

    def _home(self, frame: Frame, scope: int) -> Frame:
        """The frame that runs the body to which a scope belongs."""
        body = frame.unit.bodies[scope]
        around: Frame | None = frame if body else None
        while around is not None:
            if around.body == body and around.unit is frame.unit:
                return around
            around = around.closure
        return self.frame(frame.unit, body) if body else self.module_frame(frame.unit)

    def _bound(self, binder: Binder, home: Frame, ref: Ref, steps: int) -> list[Expr]:
        if isinstance(binder, Formal):
            return self._argument(binder, home, ref, steps)
        if isinstance(binder, Import):
            return self.imports.imported(binder, home, ref)
        if isinstance(binder, Definition):
            return [Expr(Ref(binder.span, RefKind.BLOCK, binder.body), binder.block, home)]
        if binder.value is None:
            return [Expr(Unknown(ref.span, "declared without a value"), binder.block, home)]
        return self.follow(Expr(binder.value, binder.block, home), steps - 1)

    def _argument(self, formal: Formal, home: Frame, ref: Ref, steps: int) -> list[Expr]:
        is_collected = formal.parameter.kind in ("rest", "options")
        collected = self.arguments.collected(formal, home, ref) if is_collected else None
        passed = None if is_collected else self.arguments.passed(formal, home, steps).value
        if collected is not None:
            return [collected]
        if passed is not None:
            return self.follow(passed, steps - 1)
        return [Expr(Ref(ref.span, RefKind.PARAMETER, formal.position), home.body, home)]

    def select(self, roots: Iterable[Expr], path: tuple[Key, ...], ref: Ref, steps: int) -> list[Expr]:
        """What lies at a path below each root."""
        found: list[Expr] = []
        for root in roots:
            value = root.value
            if not path:
                # An imported name still stands for something in its own module.
                again = isinstance(value, Ref) and value.kind is RefKind.NAME
                found.extend(self.follow(root, steps - 1) if again else [root])
            elif isinstance(value, Ref):
                below = Ref(ref.span, value.kind, value.name, (*value.path, *path))
                if value.kind is RefKind.IMPORT and root.frame.unit.family == "nodejs":
                    named = Ref(ref.span, value.kind, value.name, (*value.path, *without_default(path)))
                    found.append(Expr(named, root.block, root.frame))
                elif value.kind is RefKind.IMPORT:
                    found.extend(self.imports.external(root, below, steps))
                else:
                    found.extend(self.follow(Expr(below, root.block, root.frame, root.receiver), steps - 1))
            elif isinstance(value, Items):
                block = self.inside(root)
                for part in _members_at(value, path[0]):
                    inner = self.follow(Expr(part, block, root.frame), steps - 1)
                    found.extend(self.select(inner, path[1:], ref, steps - 1))
            elif isinstance(value, Literal) and value.value is None:
                continue  # nothing lies below None: another alternative is meant
            elif isinstance(value, Literal):
                found.append(root.with_value(Ref(ref.span, RefKind.BUILTIN, type(value.value).__name__, path)))
            else:
                found.append(root.with_value(Unknown(ref.span, "part of a value that is not known", (value,))))
        return found

    # -- calls, objects and classes -------------------------------------------------------------------------------

    def _call(self, expr: Expr, ref: Ref, steps: int) -> list[Expr]:
        call = call_of(expr.frame.unit, ref)
        found: list[Expr] = []
        for callee in self.follow(Expr(call.callee, call.block, expr.frame), steps - 1):
            if is_class(callee):
                made = Expr(Ref(ref.span, RefKind.CALL, ref.name), expr.block, expr.frame)
                found.extend(self.objects.attribute(made, callee, ref, steps) if ref.path else [made])
            elif is_function(callee):
                frame = self.enter(callee, call, expr.frame)
                if frame is None or expr.frame.runs(frame.unit, frame.body):
                    found.append(expr.with_value(Unknown(ref.span, "recursive")))
                    continue
                found.extend(self.select(self.results(frame, steps), ref.path, ref, steps))
            elif is_bound_function(callee):
                function = callee.with_value(Ref(ref.span, RefKind.BLOCK, ref_of(callee).name))
                function = function._replace(receiver=callee.receiver, bound=callee.bound, named=callee.named)
                found.extend(self.select([bind(function, call, expr.frame)], ref.path, ref, steps))
            elif ref.path and _is_super(callee):
                found.extend(self.objects.inherited(expr, ref, steps) or [expr])
            elif self.dotted(callee) in PARTIAL and call.arguments:
                inner = self.follow(Expr(call.arguments[0].value, call.block, expr.frame), steps - 1)
                inner = [bind(each, call, expr.frame) if is_function(each) else each for each in inner]
                found.extend(self.select(inner, ref.path, ref, steps))
            else:
                found.append(expr)
        return found or [expr]

    def results(self, frame: Frame, steps: int) -> Iterator[Expr]:
        """What a function gives back: its returned values, or what it yields."""
        exits = frame.unit.exits_of.get(frame.body, [])
        wanted = [each for each in exits if each.kind == "return" and each.value is not None]
        for each in wanted or [each for each in exits if each.kind == "yield"]:
            if each.value is not None:
                yield from self.follow(Expr(each.value, each.block, frame), steps - 1)

    def _block(self, expr: Expr, ref: Ref, steps: int) -> list[Expr]:
        """What lies at a path below a module, a class or a function."""
        first = ref.path[0]
        if ref.name == 0 and isinstance(first, str):
            return self.imports.attribute(expr, ref, steps)
        klass = expr.with_value(Ref(ref.span, RefKind.BLOCK, ref.name))
        if is_class(klass) and isinstance(first, str):
            members = self.objects.member(klass, first, None, steps - 1)
            return self.select(members, ref.path[1:], ref, steps) if members else [expr]
        return [expr]


def _is_super(callee: Expr) -> bool:
    value = callee.value
    return isinstance(value, Ref) and value.kind is RefKind.BUILTIN and value.name == SUPER and not value.path


def _distinct(found: Iterable[Expr]) -> list[Expr]:
    """The first few different ones."""
    seen: dict[tuple[object, ...], Expr] = {}
    for each in found:
        value = each.value
        seen.setdefault((value if isinstance(value, Ref) else id(value), each.frame, each.receiver), each)
        if len(seen) >= _ALTERNATIVES:
            break
    return list(seen.values())


def _members_at(items: Items, key: Key) -> list[Value]:
    """The values a key can select: one when it is written out, all of them when it is computed."""
    if key is ANY or (isinstance(key, int) and items.is_list and items.open):
        return [entry.value for entry in items.entries]
    return [items.at(key)]


def _visible(binders: list[Binder], block: int, use: Span, unit: Unit, same_body: bool) -> list[Binder]:
    """The bindings a use can see: in one body, those before the last one that surely runs first are overwritten."""
    if len(binders) < 2 or not same_body:
        return binders
    around = set(unit.module.enclosing(block))
    in_loop = any(unit.module.blocks[each].kind is BlockKind.LOOP for each in around)
    last = 0
    for index, binder in enumerate(binders):
        if (
            isinstance(binder, Binding)
            and binder.block in around
            and binder.how != "+="
            and binder.span.end <= use.start
        ):
            last = index
    ahead = [binder for binder in binders[last:] if in_loop or _is_before(binder, use)]
    return ahead or binders[last:]


def _is_before(binder: Binder, use: Span) -> bool:
    """Whether a binding is done where its name is used: not yet in the value that is bound."""
    if isinstance(binder, Formal):
        return binder.parameter.span.start < use.start
    return binder.span.start < use.start and not (isinstance(binder, Binding) and use.end <= binder.span.end)
