"""Building a client once for each execution environment instead of on every invocation: where that is possible.

Decided on facts, so that it costs no more than a look; the text is rewritten by `slint.fixes.rewriting` when somebody
asks for the edits.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from slint.code.facts import Binding, BlockKind, Call, Import, Use
from slint.diagnostic import Deferred, Edit, Fix
from slint.knowledge.clients import Client, Klass, client
from slint.knowledge.environment import is_provided
from slint.knowledge.liveness import AUTOCOMMIT, IS_DEAD, MYSQL, POSTGRES
from slint.knowledge.workers import THREAD_SAFE, Worker, is_per_thread
from slint.project.origins import Origin
from slint.project.phase import Phase
from slint.record import NamedTuple
from slint.regex import regex
from slint.value import Ref, RefKind, Unknown, Value

if TYPE_CHECKING:
    from slint.project.given import Given
    from slint.project.model import Function
    from slint.project.site import Effect, Site
    from slint.project.unit import Binder, Unit
    from slint.source import SourceFile
    from slint.templates.model import Template

_SIZE_LIMIT = 500_000  # code points; libcst reads about 0.4 MB in a second
_MOST_CALLS = 50  # in one construction
_CONNECTIONS = (Klass.DB, Klass.KV, Klass.MQ)
_CONSTANT = frozenset({Origin.LITERAL, Origin.ENV})
_KNOWABLE = frozenset({"botocore.config.Config", "botocore.client.Config", "os.path.join"})
_PURE = frozenset({"bool", "dict", "float", "int", "len", "list", "set", "str", "tuple"})
_LOADED = regex(r"(?:import|from)\s[\w\s.,(]*|[\"'][\w./-]*")
_MOCKING = regex(r"patch|mock|moto|stub", re.IGNORECASE)


class Plan(NamedTuple):
    """What is to be rewritten: the call at `start` to `end` of `unit`.

    `names` are the module's names that it uses.
    `is_lazy` asks for a function that makes it on first use, or when `is_dead` (an expression over `{0}`) says so.
    `locals` are names that stand for one value in the function around the call, `hidden` all others that it or a scope
    around it binds; `is_closed`: the code closes it; `is_reset`: a transaction may be left open, and ends on the next use.
    """

    unit: Unit
    start: int
    end: int
    names: frozenset[str]
    locals: frozenset[str]
    hidden: frozenset[str]
    is_lazy: bool
    is_dead: str | None
    is_closed: bool
    is_reset: bool


def hoist(function: Function, effect: Effect) -> Fix | None:
    """Move the construction of a client to module level, if all that it is made of is known there.

    A connection, which may be closed while the environment sleeps, is instead made by a function on first use; so is a
    pool under SnapStart, which would keep it in its snapshot. The fix is safe when a template proves that the code is a
    handler's, only constants, environment variables and names of the module are used, and no test replaces the
    constructor. Whatever loads the module reads the variables then, so all functions of the template must have those
    whose absence raises.

    There is none where what one invocation or thread does with the client would meet the next: threads share what must
    not be shared, processes anything; something is given to it that is not the same each time; a transaction may stay open.
    """
    site, made = effect.site, effect.client
    unit, call = site.module, site.call
    file = unit.module.file
    if made is None or made.loop_bound or file.host is not None or unit.module.errors or len(file.text) > _SIZE_LIMIT:
        return None
    if not file.path.endswith(".py") or unit.bodies[call.block] == 0 or call.awaited or _is_held(unit, call):
        return None
    parts = _Parts(unit, call)
    if not parts.are_known:
        return None
    is_lazy = made.klass in _CONNECTIONS and (not made.is_pool or (not made.reconnects and _has_snapstart(function)))
    if (call.use is not Use.BOUND or site.closed is None) if is_lazy else site.closed:
        return None
    given = function.given(site)
    if not _may_be_shared(function, effect) or any(_changes(each, made) for each in given):
        return None
    if made.library.startswith("boto") and _sets_up_boto(function):
        return None
    transaction = _Transaction(made, site, given)
    if is_lazy and (not _heals(made, site.closed) or transaction.stays_open):
        return None
    body = unit.bodies[call.block]
    once = frozenset(_bound_once(unit, body))
    around = set(unit.module.enclosing(call.block)) - {0}
    plan = Plan(
        unit,
        call.span.start,
        call.span.end,
        frozenset(parts.names),
        once,
        frozenset(name for scope, name in unit.names if scope in around and (scope != body or name not in once)),
        is_lazy,
        IS_DEAD.get(made.library) if not made.is_pool or made.library in POSTGRES else None,
        bool(site.closed),
        transaction.may_be_left,
    )
    is_safe = (
        function.template is not None
        and made.klass in (Klass.SDK, Klass.LLM, Klass.POWERTOOLS)
        and parts.are_plain
        and not (site.caught and parts.reads_environment)
        and _are_set_for_all(_needed_variables(unit, call), function.template)
        and not _is_replaced_in_tests(function, made, unit)
    )
    title = "keep one connection, made on first use" if is_lazy else "build it once, at module level"
    return Fix(title, Deferred(lambda: _edits(plan, function, effect)), is_safe)


def _edits(plan: Plan, function: Function, effect: Effect) -> Iterable[Edit]:
    if not all(_may_be_shared(other, effect) for other in function.beside):
        return ()
    try:
        from slint.fixes.rewriting import rewritten  # needs libcst, which takes long to import and may be missing
    except ImportError:
        return ()
    return rewritten(plan)


def _has_snapstart(function: Function) -> bool:
    return function.setting("SnapStart", "ApplyOn").equals("PublishedVersions") is not False


def _may_be_shared(function: Function, effect: Effect) -> bool:
    """Whether a function that runs the construction in threads may share what it makes. Processes share nothing."""
    made = effect.client
    workers = {each.site.worker for each in function.effects("client") if each.span == effect.span}
    is_safe = made is not None and made.library in THREAD_SAFE and not is_per_thread(effect.name)
    return Worker.PROCESS not in workers and (is_safe or Worker.THREAD not in workers)


@lru_cache(maxsize=1)  # every finding about a function asks
def _sets_up_boto(function: Function) -> bool:
    """Whether an invocation itself makes the default session of boto3, or sets variables that it reads."""
    for frame, phase in function.reach.frames:
        written = (each.target for each in frame.unit.bindings_of.get(frame.body, ()) if phase is Phase.INVOKE)
        if any(each.kind is RefKind.ENV and str(each.name).startswith("AWS_") for each in written):
            return True
    return any(site.phase is Phase.INVOKE and "boto3.setup_default_session" in site.names for site in function.sites)


def _changes(given: Given, made: Client) -> bool:
    """Whether what is done with a client, once it is made, would be there on the next invocation and make a difference."""
    if not given.is_call:
        return not given.origins <= _CONSTANT
    if made.klass is Klass.HTTP:
        is_same = given.path[-1:] == ("update",) and given.origins <= _CONSTANT
        return not (given.is_request or given.path[-1:] == ("close",) or is_same)
    return "meta" in given.path  # where handlers of its events are registered


def _heals(made: Client, closed: bool | None) -> bool:
    """Whether a connection that died is made again, and nothing is lost when it is not closed: a broker's sends then what
    is left."""
    can_tell = made.is_pool or made.reconnects or not made.opens or made.library in IS_DEAD
    return can_tell and not (made.klass is Klass.MQ and closed)


class _Transaction:
    """What becomes of a transaction of a connection that is kept.

    `stays_open`: changes that are not committed would keep their locks, where closing has undone them, or MySQL would go
    on reading what was there when it began. `may_be_left`: PostgreSQL would refuse all until a failed one is ended.
    """

    def __init__(self, made: Client, site: Site, given: Sequence[Given]) -> None:
        called = {each.path[-1] for each in given if each.is_call and each.path}
        commits = "commit" in called
        set_to = [value for each in given if AUTOCOMMIT.intersection(each.path) for value in each.values]
        is_automatic = any(value.equals(True) for value in (site.argument("autocommit"), *set_to))
        has_any = made.relational and not made.is_pool and not is_automatic
        self.stays_open = has_any and ("rollback" not in called if commits else made.library in MYSQL)
        self.may_be_left = has_any and not commits and made.library in POSTGRES


class _Parts:
    """What a call is made of, as far as it decides whether it can be made when the module is loaded.

    `are_plain`: nothing but constants, variables of the environment and names that surely stand for one thing.
    """

    def __init__(self, unit: Unit, call: Call) -> None:
        self.unit = unit
        self.names: set[str] = set()
        self.reads_environment = False
        self.are_plain = True
        self._calls = 0
        self._inner = [block for block in unit.module.enclosing(call.block) if block != 0]
        self.are_known = self._all(call, is_outer=True)

    def _all(self, call: Call, *, is_outer: bool = False) -> bool:
        self._calls += 1
        if self._calls > _MOST_CALLS or (not is_outer and not self._may_call(call)):
            return False
        return all(
            self._known(part)
            for value in (call.callee, *(each.value for each in call.arguments))
            for part in value.walk()
        )

    def _known(self, value: Value) -> bool:
        if isinstance(value, Unknown):
            return False
        if not isinstance(value, Ref):
            return True
        if value.kind is RefKind.ENV:
            self.reads_environment = True
            reader = next((name for name in ("os", "environ", "getenv") if self._imports(name)), None)
            if reader is not None:
                self.names.add(reader)
            return reader is not None
        if value.kind is RefKind.CALL:
            return self._all(self.unit.module.calls[int(value.name)])
        return value.kind is RefKind.NAME and self._is_of_module(str(value.name))

    def _may_call(self, call: Call) -> bool:
        """Whether a call inside the construction may be made when the module is loaded."""
        callee = call.callee
        if isinstance(callee, Ref) and callee.kind is RefKind.NAME and callee.name in _PURE and not callee.path:
            self.are_plain = False
            return self._binders(str(callee.name)) == []
        dotted = _dotted(self.unit, callee)
        return dotted is not None and (dotted in _KNOWABLE or client(dotted) is not None)

    def _imports(self, name: str) -> bool:
        return bool(self._binders(name)) and self._is_of_module(name)

    def _binders(self, name: str) -> list[Binder]:
        return self.unit.names.get((0, name), [])

    def _is_of_module(self, name: str) -> bool:
        """Whether a name, seen from the call, is one of the module that stands for one thing."""
        if any((block, name) in self.unit.names for block in self._inner):
            return False
        binders = self._binders(name)
        if not binders:
            return hasattr(builtins, name) and not self.unit.star_imports
        if all(isinstance(binder, Import) for binder in binders):
            self.are_plain &= all(isinstance(each, Import) and each.block == 0 for each in binders)
        elif len(binders) > 1 or not isinstance(binders[0], Binding) or binders[0].block != 0:
            return False
        if any(isinstance(each, Import) and _is_conditional(self.unit, each) for each in binders):
            return False
        self.names.add(name)
        return True


def _is_conditional(unit: Unit, imported: Import) -> bool:
    kinds = {unit.module.blocks[block].kind for block in unit.module.enclosing(imported.block)}
    return not kinds <= {BlockKind.MODULE, BlockKind.TRY, BlockKind.CATCH}


def _dotted(unit: Unit, callee: Value) -> str | None:
    """The dotted name of what is called, `()` for the result of a call; None when it is not imported by name."""
    parts: list[str] = []
    while isinstance(callee, Ref) and callee.kind is RefKind.CALL and len(parts) < _MOST_CALLS:
        parts[:0] = ["()", *(f".{key}" for key in callee.path)]
        callee = unit.module.calls[int(callee.name)].callee
    if not isinstance(callee, Ref) or callee.kind is not RefKind.NAME:
        return None
    binder = next(iter(unit.names.get((0, str(callee.name)), ())), None)
    if not isinstance(binder, Import):
        return None
    root = f"{binder.module}.{binder.name}" if binder.name else binder.module
    if binder.name is None and binder.local == root.partition(".")[0]:
        root = binder.local
    return "".join((root, *(f".{key}" for key in callee.path), *parts))


def _is_held(unit: Unit, call: Call) -> bool:
    """Whether a `with` opens and ends it."""
    held = (block.subject for block in unit.module.blocks if block.kind is BlockKind.HELD and block.subject)
    return any(
        part.kind is RefKind.CALL and unit.module.calls[int(part.name)] is call
        for subject in held
        for part in subject.references()
    )


def _bound_once(unit: Unit, body: int) -> Iterator[str]:
    """The local names of a function that get one value only, and that mean nothing outside it."""
    deleted = {str(each.target.name) for each in unit.module.bindings if each.how == "delete"}
    for (scope, name), binders in unit.names.items():
        is_once = scope == body and len(binders) == 1 and isinstance(binders[0], Binding) and binders[0].how == "="
        if is_once and name not in deleted and not hasattr(builtins, name):
            yield name


def _needed_variables(unit: Unit, call: Call) -> set[str]:
    """The environment variables without which a construction raises."""
    return {
        str(read.ref.name)
        for read in unit.env_reads.get(unit.bodies[call.block], ())
        if read.required and call.span.start <= read.ref.span.start < call.span.end
    }


def _are_set_for_all(names: set[str], template: Template) -> bool:
    return all(is_provided(name) or _is_set_for_all(name, template) for name in names)


@lru_cache(maxsize=64)  # every finding asks about all functions
def _is_set_for_all(name: str, template: Template) -> bool:
    places = (each.settings.at("Environment", "Variables") for each in template.functions)
    return all(place.has(name) is True for place in places)


def _is_replaced_in_tests(function: Function, made: Client, unit: Unit) -> bool:
    """Whether a test may replace the constructor: one that is called at import would be called before."""
    units = (unit, *function.modules)
    names = {each.path.replace("\\", "/").removesuffix("/__init__.py").rpartition("/")[2] for each in units}
    library = made.library.partition("-")[0].lower()
    tests = _tests_by_module(function.tests)
    return any(_replaces(test, library) for name in names for test in tests.get(name.removesuffix(".py"), ()))


@lru_cache(maxsize=1)  # every finding asks all tests of the project
def _tests_by_module(tests: tuple[SourceFile, ...]) -> Mapping[str, Sequence[SourceFile]]:
    """The tests that replace something, by the names that they import or write in quotes: modules are among them."""
    found: dict[str, list[SourceFile]] = {}
    for test in tests:
        if _MOCKING.search(test.text):
            loaded = " ".join(_LOADED.findall(test.text))
            for name in {*re.findall(r"\w+", loaded), *re.findall(r"[\w-]+", loaded)}:
                found.setdefault(name, []).append(test)
    return found


@lru_cache(maxsize=4_096)
def _replaces(test: SourceFile, library: str) -> bool:
    """Whether a test replaces something of a library."""
    text = test.text.lower()
    return "moto" in text or library in text
