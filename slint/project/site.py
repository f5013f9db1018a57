"""A call as one function runs it, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from slint.code.facts import BlockKind, Call, Definition, Use
from slint.knowledge.calls import effect
from slint.knowledge.clients import CLOSERS, Client, client
from slint.knowledge.cloud import ENDPOINT_ARGUMENTS, LOCAL_ENDPOINTS
from slint.project import keeping, origins, turns
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame, is_function
from slint.project.operations import cloud_operation, sent_command
from slint.project.origins import Origin
from slint.project.phase import Phase
from slint.project.plans import Plan
from slint.project.reach import Reached
from slint.project.turns import Loop
from slint.project.unit import Unit
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Absent, Choice, Ref, Unknown, Value

if TYPE_CHECKING:
    from slint.knowledge.workers import Worker
    from slint.project.handed import HandedVariable

Resolver = Callable[[Expr], Value]


class Site:
    """A call as one function runs it: with its phase and the chain of calls that leads there.

    `resolver` replaces references by what they stand for in the function that runs the call.
    """

    def __init__(self, evaluator: Evaluator, resolver: Resolver, reached: Reached) -> None:
        self._evaluator = evaluator
        self._resolver = resolver
        self.call: Call = reached.call
        self.frame: Frame = reached.frame
        self.phase: Phase = reached.phase

    @property
    def span(self) -> Span:
        """The call expression."""
        return self.call.span

    @property
    def module(self) -> Unit:
        """The module that holds the call."""
        return self.frame.unit

    @property
    def path(self) -> tuple[tuple[Span, str], ...]:
        """The way from the handler to here, outermost first: each place with what happens there."""
        steps: list[tuple[Span, str]] = []
        for frame in reversed([frame for frame in self.frame.chain() if frame.definition is not None]):
            definition = frame.definition
            assert definition is not None
            name = f"`{definition.name}`" if definition.name else "this function"
            if frame.caller is None:
                when = "on every invocation" if self.phase is Phase.INVOKE else "when the function starts"
                steps.append((definition.span, f"{name} runs {when}"))
            elif frame.entry is not None:
                steps.append((frame.entry, f"{name} is {'handed on' if frame.role == 'passed' else 'called'} here"))
        return tuple(steps)

    def argument(self, name: str | None, position: int | None = None) -> Value:
        """The resolved argument with a keyword or at a position (from 0).

        Absent when it is not passed, Unknown when a spread may pass it.
        """
        given = self._given(name, position)
        return self._resolver(given) if isinstance(given, Expr) else given

    def _given(self, name: str | None, position: int | None) -> Expr | Value:
        """The argument as it is written; in a language without named arguments also a member of an object among them."""
        given = self.call.argument(name, position)
        if given is not None:
            return self._expr(given)
        if name and self.module.family == "nodejs":
            from slint.project.options import option

            return option(self._evaluator, self.callees, self.call, self.frame, name)
        if self.call.has_spread:
            return Unknown(self.span, "may be passed in a spread")
        return Absent(self.span)

    def resolve(self, value: Value) -> Value:
        """The value with references replaced by what they stand for; environment variables get their deployed value."""
        return self._resolver(self._expr(value))

    def texts(self, name: str | None, position: int | None = None) -> Iterator[str]:
        """The texts that an argument is made of, those included that are handed to calls inside it (`dumps({…})`)."""
        given = self._given(name, position)
        return self._evaluator.texts(given) if isinstance(given, Expr) else iter(())

    @cached_property
    def origins(self) -> frozenset[Origin]:
        """The origins of all that the call depends on: its arguments and the object it is a method of."""
        return origins.handed_in(self._evaluator, self.call, self.frame)

    @property
    def variables(self) -> Iterator[HandedVariable]:
        """The environment variables that it is given, with the place of each in its arguments."""
        from slint.project.handed import handed_variables  # few rules ask

        yield from handed_variables(self._evaluator, self.call, self.frame)
        if self.module.family == "nodejs":
            for callee in self.callees:
                command = sent_command(self._evaluator, callee, self.call, self.frame)
                if command is not None:
                    yield from handed_variables(self._evaluator, *command)

    @cached_property
    def memoised(self) -> bool | None:
        """Whether the call runs once for each execution environment (kept and guarded); None when not known."""
        return keeping.memoised(self._evaluator, self.call, self.frame)

    @cached_property
    def is_fallback(self) -> bool:
        """Whether it only makes what an argument is to be when nobody gives it, and somebody may give it:
        `client or boto3.client("s3")`."""
        from slint.project.fallback import is_fallback  # few clients are left to be asked about

        return is_fallback(self._evaluator, self.call, self.frame)

    @cached_property
    def in_loop(self) -> bool:
        """Whether it, or a call that leads to it, stands in a loop; retries that leave on success do not count."""
        return bool(self.loops)

    @cached_property
    def is_local(self) -> bool:
        """Whether it makes a client of an emulator on somebody's own machine."""
        return any(_is_local(self.argument(name)) for name in ENDPOINT_ARGUMENTS)

    @cached_property
    def kept(self) -> bool:
        """Whether its result goes straight to a place that outlives the invocation."""
        return keeping.kept(self.call, self.frame)

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """The loops around it, and around the calls that lead to it, that go round again after it, innermost first.

        An object that keeps what a method makes on first use makes it once, in whatever loop the method is called.
        """
        found = turns.loops(self.call, self.frame)
        return () if found and keeping.kept_in_object(self.call, self.frame) else found

    @cached_property
    def repeats(self) -> tuple[Loop, ...]:
        """Those of the loops around it in which each turn makes the same call again, with the same arguments."""
        changing = turns.turned_by(self._evaluator, [self._expr(value) for value in turns.values_of(self.call)])
        return tuple(loop for loop in self.loops if loop not in changing)

    @cached_property
    def decides(self) -> frozenset[Loop]:
        """The loops around it that go on or end by what it gives back."""
        return turns.decided(self.call, self.frame)

    def within(self, kind: BlockKind) -> bool:
        """Whether it, or a call that leads to it, stands in a block of this kind."""
        return keeping.within(self.call, self.frame, kind)

    @property
    def handles_error(self) -> bool:
        """Whether it, or a call that leads to it, stands in a block that handles an exception."""
        return self.within(BlockKind.CATCH)

    @property
    def caught(self) -> bool:
        """Whether it, or a call that leads to it, stands in the body of a `try` that catches something."""
        return keeping.caught(self.call, self.frame)

    @cached_property
    def closed(self) -> bool | None:
        """Whether its result is closed: True, False when no close is written, None when somebody else may close it."""
        return keeping.closed(self.call, self.frame, CLOSERS)

    @cached_property
    def worker(self) -> Worker | None:
        """Where it runs when it, or a call that leads to it, stands in a function that a thread or a process runs."""
        from slint.knowledge.workers import Worker  # few functions hand others on

        found = {self._worker(frame) for frame in self.frame.chain() if frame.role == "passed"}
        return Worker.PROCESS if Worker.PROCESS in found else Worker.THREAD if Worker.THREAD in found else None

    def _worker(self, entered: Frame) -> Worker | None:
        """Where the call that a function was handed to runs it."""
        from slint.knowledge.workers import Worker, may_be_worker, worker

        if entered.call is None or entered.caller is None:
            return None
        site = Site(self._evaluator, self._resolver, Reached(entered.call, entered.caller, self.phase))
        known = [found for each in (site, *site.built_around) for name in each.names if (found := worker(name))]
        if known:
            return Worker.PROCESS if Worker.PROCESS in known else Worker.THREAD
        callee = entered.call.callee
        is_method = not site.names and isinstance(callee, Ref) and may_be_worker(str((callee.name, *callee.path)[-1]))
        return Worker.THREAD if is_method else None

    @property
    def is_part(self) -> bool:
        """Whether its result is only a part of a larger expression: `boto3.Session().region_name`."""
        return self.call.use is Use.PART

    @property
    def result_used(self) -> bool:
        """Whether anything is done with the result."""
        unit, call = self.module, self.call
        if call.use is Use.PART and unit.family == "nodejs":
            from slint.project.promises import settled

            call = settled(unit, call)
        return call.use is not Use.DROPPED and not keeping.bound_in_vain(unit, call)

    @property
    def floats(self) -> bool:
        """Whether nobody waits for the promise that it gives, nor for what is made of that."""
        from slint.project.promises import floats  # Python has none

        needs_promise = any(name.startswith("aws-sdk") for name in self.names)
        return floats(self.module, self.call, needs_promise)

    @property
    def dropped(self) -> Site | None:
        """The call on the way here whose promise nobody waits for, though what it runs waits for this one."""
        from slint.project.promises import dropped

        found = dropped(self._evaluator, self.call, self.frame)
        return Site(self._evaluator, self._resolver, Reached(*found, self.phase)) if found is not None else None

    @property
    def tells(self) -> frozenset[Definition]:
        """The functions that were given something which is called when the promise is done: others may wait for that."""
        from slint.project.promises import told

        return frozenset(told(self.module, self.call))

    @cached_property
    def callees(self) -> tuple[Expr, ...]:
        """What is called, each alternative followed as far as the files tell."""
        return tuple(self._evaluator.callees(self.call, self.frame))

    @property
    def callee_is_here(self) -> bool:
        """Whether it calls a function or class of this project."""
        return any(map(self._evaluator.plans.is_code, self.callees))

    @property
    def _plan(self) -> Plan:
        return self._evaluator.plans.of(self.module, self.module.call_index(self.call))

    @property
    def names(self) -> tuple[str, ...]:
        """The dotted names of what is called outside the project; `()` stands for the result of a call."""
        known = self._plan.names
        if known is not None:
            return known
        found = (self._evaluator.dotted(callee) for callee in self.callees)
        return tuple(dict.fromkeys(name for name in found if name is not None))

    @cached_property
    def handed(self) -> tuple[Definition, ...]:
        """The functions of this project that are arguments of the call."""
        given = (self._expr(argument.value) for argument in self.call.arguments)
        found = (each for expr in given if isinstance(expr.value, Ref) for each in self._evaluator.follow(expr))
        return tuple(
            each.frame.unit.definitions[int(each.value.name)]
            for each in found
            if is_function(each) and isinstance(each.value, Ref)
        )

    def effects(self) -> Iterator[Effect]:
        """What the call means, one effect for each kind and name that it can be."""
        if self._plan.is_silent:
            return
        family = self.module.family
        told: set[str] = set()
        for name in self.names:
            made = client(name, family)
            if made is not None:
                yield Effect("client", name, self, made)
            known = effect(name, family)
            if known is not None and (known.kind != "sleep" or family != "nodejs" or self._sleeps(name)):
                yield Effect(known.kind, name, self)
        for callee in self.callees:
            operation = cloud_operation(self._evaluator, callee, self.call, self.frame)
            if operation is not None and operation not in told:
                told.add(operation)
                yield Effect("cloud", operation, self, place=self._command(callee))

    def _command(self, callee: Expr) -> Span | None:
        """Where the command that the call sends is made, when it is made elsewhere."""
        command = sent_command(self._evaluator, callee, self.call, self.frame) if self.call.arguments else None
        span = command[0].span if command is not None else self.span
        inside = span.file is self.span.file and self.span.start <= span.start and span.end <= self.span.end
        return None if inside else span

    def _sleeps(self, name: str) -> bool:
        from slint.project.timers import lets_sleep

        return any(lets_sleep(self._evaluator, name, callee, self.call, self.frame) for callee in self.callees)

    @cached_property
    def maker(self) -> Site | None:
        """The call that made the client or other object whose method this call is; None when it is not one call."""
        return self.makers[0] if len(self.makers) == 1 else None

    @cached_property
    def makers(self) -> tuple[Site, ...]:
        """The calls that may have made the object whose method this call is."""
        return self._makers(self.callees)

    @cached_property
    def built_around(self) -> tuple[Site, ...]:
        """The calls that made the objects which are handed to this call as they are."""
        given = (self._expr(argument.value) for argument in self.call.arguments)
        return self._makers(found for each in given for found in self._evaluator.follow(each))

    def _makers(self, exprs: Iterable[Expr]) -> tuple[Site, ...]:
        roots = (self._evaluator.root_call(expr) for expr in exprs)
        return tuple(
            Site(self._evaluator, self._resolver, Reached(*root, self.phase)) for root in roots if root is not None
        )

    def _expr(self, value: Value) -> Expr:
        return Expr(value, self.call.block, self.frame)


def _is_local(endpoint: Value) -> bool:
    """Whether an endpoint lies on somebody's own machine, whatever alternative is taken."""
    if isinstance(endpoint, Choice):
        return all(_is_local(option.value) for option in endpoint.options)
    texts = [part.string for part in endpoint.walk() if part.string is not None]
    return any(word in text for text in texts for word in LOCAL_ENDPOINTS)


class Effect(NamedTuple):
    """A site whose meaning is known.

    `kind` is "client", "cloud", "sleep", "wait" or "http"; `name` is the dotted name of what is called, for "cloud"
    the operation, such as `lambda:Invoke`. `client` is what is known of the constructor, for kind "client"; `place` is
    where the command that a call sends is made, when that is not inside the call.
    """

    kind: str
    name: str
    site: Site
    client: Client | None = None
    place: Span | None = None

    @property
    def span(self) -> Span:
        """The call expression, or what makes the command that it sends."""
        return self.site.span if self.place is None else self.place
