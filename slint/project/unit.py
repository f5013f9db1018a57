"""A code file with its names looked up: the index over facts that linking works on."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from slint.code.facts import Binding, Block, BlockKind, Call, Definition, Exit, Import, Loose, Module, Parameter
from slint.knowledge.language import ADDERS, PROPERTIES
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Choice, Items, Operation, Ref, RefKind, Value

if TYPE_CHECKING:
    import libcst

EXPORTS = "exports"
"""The name below which the exports of a Node.js module are bound."""
_RUNS_CODE = (BlockKind.FUNCTION, BlockKind.MODULE)
_STRAIGHT = frozenset({BlockKind.ARM, BlockKind.BRANCH, BlockKind.HELD})
"""Blocks whose body runs to its end, or not at all."""


class Formal(NamedTuple):
    """A parameter as a bound name: number `position` of `definition`."""

    definition: Definition
    position: int
    parameter: Parameter


Binder: TypeAlias = Binding | Import | Definition | Formal


class EnvRead(NamedTuple):
    """A read of an environment variable at a block; `required` when its absence raises."""

    ref: Ref
    block: int
    required: bool


class AttributeRead(NamedTuple):
    """A read of the attribute `name` of `owner`, at a block."""

    owner: Ref
    name: str
    block: int


class Test(NamedTuple):
    """A condition that decides whether a call runs; `arm` is the block around the call that it opens, -1 when it is
    that of an earlier branch, which leaves at `since`."""

    subject: Value
    block: int
    arm: int
    since: int


class Unit:
    """One module with indexes; `path` is absolute. A body is the block of a function, or 0 for the module itself.

    `family` is the runtimes that run it, as slint.knowledge.runtimes names them: "python" or "nodejs".
    """

    def __init__(self, module: Module, path: str) -> None:
        self.module = module
        self.path = path
        self.family = "python" if module.language == "python" else "nodejs"

    @cached_property
    def cst(self) -> libcst.Module:
        """The libcst tree of a Python module, parsed when first asked for.

        Raises RuntimeError without the extra `cst`, and libcst.ParserSyntaxError when it cannot parse the text.
        """
        try:
            import libcst
        except ImportError as error:
            raise RuntimeError("libcst is not installed: pip install 'serverless-slint[cst]'") from error
        return libcst.parse_module(self.module.file.text)

    @cached_property
    def definitions(self) -> dict[int, Definition]:
        """Function and class definitions by the block of their body."""
        return {definition.body: definition for definition in self.module.definitions}

    @cached_property
    def bodies(self) -> list[int]:
        """For each block, the body that runs it: its nearest function, or the module. Class bodies run where they stand."""
        runs: list[int] = []
        for index, block in enumerate(self.module.blocks):
            runs.append(index if block.kind in _RUNS_CODE else runs[block.parent])
        return runs

    @cached_property
    def conditions(self) -> list[tuple[tuple[Value, int], ...]]:
        """For each block, the conditions on which its body runs it, innermost first, each with the block that asks."""
        found: list[tuple[tuple[Value, int], ...]] = []
        for block in self.module.blocks:
            around = () if block.kind in _RUNS_CODE else found[block.parent]
            if block.kind is BlockKind.ARM and block.subject is not None:
                around = ((block.subject, block.parent), *around)
            found.append(around)
        return found

    @cached_property
    def names(self) -> dict[tuple[int, str], list[Binder]]:
        """What binds a name in a scope, in the order written."""
        found: dict[tuple[int, str], list[Binder]] = defaultdict(list)
        module = self.module
        for definition in module.definitions:
            for position, parameter in enumerate(definition.parameters):
                found[definition.body, parameter.name].append(Formal(definition, position, parameter))
            if definition.name:
                found[definition.scope, definition.name].append(definition)
        for imported in module.imports:
            if imported.local and imported.style != "type-only":
                found[imported.scope, imported.local].append(imported)
        for binding in module.bindings:
            if (
                binding.target.kind is RefKind.NAME
                and not binding.target.path
                and binding.how not in ("delete", "declare")
            ):
                found[binding.scope, str(binding.target.name)].append(binding)
        for binders in found.values():
            binders.sort(key=_start)
        return dict(found)

    @cached_property
    def _owners(self) -> dict[tuple[str, int], tuple[int, list[Binder]] | None]:
        return {}

    @cached_property
    def star_imports(self) -> tuple[Import, ...]:
        """Imports that bind every name of a module at the top level."""
        return tuple(each for each in self.module.imports if _is_star(each) and each.style != "re-export")

    @cached_property
    def passed_on(self) -> tuple[Import, ...]:
        """The modules whose exports this one exports too: `export * from`."""
        return tuple(each for each in self.module.imports if _is_star(each) and each.style == "re-export")

    @cached_property
    def exports(self) -> dict[str, list[Binding]]:
        """What binds each exported name of a Node.js module; under "" what binds all exports: `module.exports = …`."""
        found: dict[str, list[Binding]] = defaultdict(list)
        for binding in self.module.bindings:
            target = binding.target
            is_export = target.kind is RefKind.NAME and target.name == EXPORTS and len(target.path) <= 1
            if is_export and binding.value is not None and all(isinstance(key, str) for key in target.path):
                found[str(target.path[0]) if target.path else ""].append(binding)
        return dict(found)

    @cached_property
    def places(self) -> dict[tuple[int, str], list[Binding]]:
        """Bindings of something below a name (`kwargs['region'] = …`), by the block that writes and the name."""
        found: dict[tuple[int, str], list[Binding]] = defaultdict(list)
        for binding in self.module.bindings:
            if binding.target.kind is RefKind.NAME and binding.target.path:
                found[self.bodies[binding.block], str(binding.target.name)].append(binding)
        return dict(found)

    @cached_property
    def assigned(self) -> Counter[str]:
        """How often each attribute or key is bound: `self.client = …`, `config.debug = True`."""
        return Counter(str(each.target.path[-1]) for each in self.module.bindings if each.target.path)

    @cached_property
    def attributes(self) -> dict[int, dict[str, list[Binding]]]:
        """Bindings of an attribute of the object (`self.x = …`) or of the class, also by its name (`Orders.x = …`), by
        the class's body and the attribute."""
        found: dict[int, dict[str, list[Binding]]] = defaultdict(lambda: defaultdict(list))
        for binding in self.module.bindings:
            target = binding.target
            if not target.path or not isinstance(target.path[0], str):
                continue
            if target.kind in (RefKind.INSTANCE, RefKind.BLOCK):
                found[int(target.name)][target.path[0]].append(binding)
            elif target.kind is RefKind.NAME and target.name in self._classes:
                known = self.lookup(str(target.name), binding.block)
                for binder in known[1] if known is not None else ():
                    if isinstance(binder, Definition) and binder.is_class:
                        found[binder.body][target.path[0]].append(binding)
        return found

    @cached_property
    def _classes(self) -> frozenset[str]:
        return frozenset(each.name for each in self.module.definitions if each.is_class)

    @cached_property
    def bodies_in(self) -> dict[int, list[int]]:
        """For each body, those of the functions that it defines, in the order written."""
        found: dict[int, list[int]] = defaultdict(list)
        for index, runs in enumerate(self.bodies):
            if runs == index > 0:
                found[self.bodies[self.module.blocks[index].parent]].append(index)
        return found

    @cached_property
    def methods_of(self) -> dict[int, list[int]]:
        """For each call by its index, the calls of methods of its result, in the order written."""
        found: dict[int, list[int]] = defaultdict(list)
        for number, call in enumerate(self.module.calls):
            if isinstance(call.callee, Ref) and call.callee.kind is RefKind.CALL:
                found[int(call.callee.name)].append(number)
        return found

    @cached_property
    def calls_of(self) -> dict[int, list[int]]:
        """The indexes of the calls that each body runs."""
        return self._by_body((index, call.block) for index, call in enumerate(self.module.calls))

    @cached_property
    def imports_of(self) -> dict[int, list[int]]:
        """The indexes of the imports that each body runs."""
        return self._by_body((index, each.block) for index, each in enumerate(self.module.imports))

    @cached_property
    def decorated_of(self) -> dict[int, list[Definition]]:
        """The decorated definitions that each body makes, those in its class bodies included."""
        found: dict[int, list[Definition]] = defaultdict(list)
        for each in self.module.definitions:
            if each.decorators:
                found[self.bodies[each.block]].append(each)
        return found

    @cached_property
    def bindings_of(self) -> dict[int, list[Binding]]:
        """The bindings that each body makes."""
        found: dict[int, list[Binding]] = defaultdict(list)
        for each in self.module.bindings:
            found[self.bodies[each.block]].append(each)
        return found

    @cached_property
    def exits_of(self) -> dict[int, list[Exit]]:
        """The exits of each body."""
        found: dict[int, list[Exit]] = defaultdict(list)
        for each in self.module.exits:
            found[self.bodies[each.block]].append(each)
        return found

    @cached_property
    def catching(self) -> frozenset[int]:
        """The blocks of `try` that catch something."""
        return frozenset(each.parent for each in self.module.blocks if each.kind is BlockKind.CATCH)

    @cached_property
    def members(self) -> dict[int, dict[str, list[Binder]]]:
        """The names that each class body binds."""
        found: dict[int, dict[str, list[Binder]]] = defaultdict(dict)
        for (scope, name), binders in self.names.items():
            if self.module.blocks[scope].kind is BlockKind.CLASS:
                found[scope][name] = binders
        return found

    @cached_property
    def env_reads(self) -> dict[int, list[EnvRead]]:
        """The environment variables that each body reads, each place once."""
        found: dict[int, dict[int, EnvRead]] = defaultdict(dict)
        for value, block in self.values():
            for read in _env_reads(value, block):
                start = read.ref.span.start
                body = found[self.bodies[block]]
                body[start] = read if start not in body or not read.required else body[start]
        return {body: list(reads.values()) for body, reads in found.items()}

    @cached_property
    def written_variables(self) -> frozenset[str | None]:
        """The environment variables that the code itself sets; None among them when it does not tell the names of all."""
        if "env" not in self.module.file.text:  # `os.environ`, `process.env`, `dotenv`
            return frozenset()
        from slint.project.written_variables import written_variables

        return frozenset(written_variables(self))

    @cached_property
    def values_of(self) -> dict[int, list[tuple[Value, int]]]:
        """The values that each body evaluates, each with its block."""
        found: dict[int, list[tuple[Value, int]]] = defaultdict(list)
        for value, block in self.values():
            found[self.bodies[block]].append((value, block))
        return found

    @cached_property
    def references_of(self) -> dict[int, list[tuple[Ref, int]]]:
        """The references with a path in the values that each body evaluates, each with its block."""
        found: dict[int, list[tuple[Ref, int]]] = defaultdict(list)
        for value, block in self.values():
            found[self.bodies[block]].extend((ref, block) for ref in value.references() if ref.path)
        return found

    @cached_property
    def attribute_reads_of(self) -> dict[int, list[AttributeRead]]:
        """The attributes that the values of each body read, each place once."""
        found: dict[int, dict[AttributeRead, None]] = defaultdict(dict)
        for body, references in self.references_of.items():
            for ref, block in references:
                for index, name in enumerate(ref.path):
                    if isinstance(name, str):
                        found[body][AttributeRead(ref.with_path(*ref.path[:index]), name, block)] = None
        return {body: list(reads) for body, reads in found.items()}

    @cached_property
    def ends_of(self) -> dict[int, list[tuple[int, int]]]:
        """Where each body ends unless the conditions around the place, if any, do not hold: each place in the order
        written, with its block."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for each in self.module.exits:
            if each.kind in ("return", "raise") and all(
                around.kind in _STRAIGHT and (around.kind is not BlockKind.ARM or around.subject is not None)
                for _, around in self.enclosing(each.block)
            ):
                found[self.bodies[each.block]].append((each.span.end, each.block))
        for places in found.values():
            places.sort()
        return found

    @cached_property
    def held_of(self) -> dict[int, list[Block]]:
        """The blocks of each body that hold a resource (`with`)."""
        found: dict[int, list[Block]] = defaultdict(list)
        for index, block in enumerate(self.module.blocks):
            if block.kind is BlockKind.HELD:
                found[self.bodies[index]].append(block)
        return found

    @cached_property
    def operations(self) -> dict[int, list[Operation]]:
        """The operations that each body evaluates, each place once."""
        found: dict[int, dict[tuple[int, int, str], Operation]] = defaultdict(dict)
        for value, block in self.values():
            for part in value.walk():
                if isinstance(part, Operation):
                    found[self.bodies[block]].setdefault((part.span.start, part.span.end, part.name), part)
        return {body: list(operations.values()) for body, operations in found.items()}

    @cached_property
    def properties(self) -> frozenset[str]:
        """The names of the methods that read like attributes."""
        return frozenset(each.name for each in self.module.definitions if is_property(each))

    @cached_property
    def counted_loops(self) -> frozenset[int]:
        """The blocks of the loops that run over the elements of something."""
        return frozenset(each.block for each in self.module.bindings if each.how == "loop")

    @cached_property
    def tests(self) -> dict[int, tuple[Test, ...]]:
        """For calls by their index, what guards.tests found."""
        return {}

    @cached_property
    def asked(self) -> dict[tuple[int, int], frozenset[str]]:
        """For conditions by the identity of their subject and the block that asks, what guards.asked found."""
        return {}

    def loose_within(self, span: Span) -> Iterator[Loose]:
        """What lies in a span and in no other fact, such as what chooses an element."""
        for index in range(bisect_left(self._loose_starts, span.start), len(self._loose)):
            each = self._loose[index]
            if each.value.span.start >= span.end:
                return
            yield each

    @cached_property
    def loose_of(self) -> dict[int, list[Loose]]:
        """What lies in no other fact, of each body."""
        found: dict[int, list[Loose]] = defaultdict(list)
        for each in self.module.loose:
            found[self.bodies[each.block]].append(each)
        return found

    @cached_property
    def _loose(self) -> list[Loose]:
        return sorted(self.module.loose, key=lambda each: each.value.span.start)

    @cached_property
    def _loose_starts(self) -> list[int]:
        return [each.value.span.start for each in self._loose]

    @cached_property
    def added(self) -> dict[tuple[int, str], list[Call]]:
        """The calls that put something into what a name holds (`names.append(…)`), by the body that makes them and the name."""
        found: dict[tuple[int, str], list[Call]] = defaultdict(list)
        for call in self.module.calls:
            callee = call.callee
            if (
                isinstance(callee, Ref)
                and callee.kind is RefKind.NAME
                and len(callee.path) == 1
                and callee.path[0] in ADDERS
            ):
                found[self.bodies[call.block], str(callee.name)].append(call)
        return dict(found)

    @cached_property
    def comprehensions(self) -> dict[tuple[int, int], list[int]]:
        """The loops and filters of each comprehension, outermost first, by where it starts and ends."""
        found: dict[tuple[int, int], list[int]] = {}
        for index, block in enumerate(self.module.blocks if self.family == "python" else ()):
            place = (block.span.start, block.span.end)
            if block.kind is BlockKind.LOOP:
                found.setdefault(place, []).append(index)
            elif block.kind is BlockKind.ARM and place in found:
                found[place].append(index)
        return found

    def blocks_inside(self, value: Value) -> list[int]:
        """The loops and filters of a comprehension; none for another value."""
        is_one = isinstance(value, Items) and value.open
        return self.comprehensions.get((value.span.start, value.span.end), []) if is_one else []

    def bodies_around(self, block: int) -> Iterator[int]:
        """The body that runs a block and those that it is written in, innermost first; without the module's."""
        body = self.bodies[block]
        while body > 0:
            yield body
            body = self.bodies[self.module.blocks[body].parent]

    def call_index(self, call: Call) -> int:
        """The index of one of this module's calls."""
        return self._call_indexes[id(call)]

    @cached_property
    def _call_indexes(self) -> dict[int, int]:
        return {id(call): index for index, call in enumerate(self.module.calls)}

    def values(self) -> Iterator[tuple[Value, int]]:
        """Every value of the facts with the block that evaluates it."""
        module = self.module
        for call in module.calls:
            yield call.callee, call.block
            for argument in call.arguments:
                yield argument.value, call.block
        for binding in module.bindings:
            if binding.value is not None:
                yield binding.value, binding.block
        for each in module.exits:
            if each.value is not None:
                yield each.value, each.block
        for loose in module.loose:
            yield loose.value, loose.block
        for definition in module.definitions:
            for value in (*definition.decorators, *definition.bases):
                yield value, definition.block
            for parameter in definition.parameters:
                if parameter.default is not None:
                    yield parameter.default, definition.block
        for block in module.blocks:
            if block.subject is not None:
                yield block.subject, max(block.parent, 0)

    def lookup(self, name: str, block: int) -> tuple[int, list[Binder]] | None:
        """The scope that owns a name as seen from a block, and what binds it there."""
        key = (name, block)
        if key not in self._owners:
            self._owners[key] = self._owner(name, block)
        return self._owners[key]

    def _owner(self, name: str, block: int) -> tuple[int, list[Binder]] | None:
        blocks = self.module.blocks
        inside_function = False
        while block >= 0:
            kind = blocks[block].kind
            if not (kind is BlockKind.CLASS and inside_function):
                binders = self.names.get((block, name))
                if binders:
                    return block, binders
            inside_function = inside_function or kind is BlockKind.FUNCTION
            block = blocks[block].parent
        return None

    def enclosing(self, block: int) -> Iterator[tuple[int, Block]]:
        """The blocks around a place up to, not including, the body that runs it."""
        while self.module.blocks[block].kind not in _RUNS_CODE:
            yield block, self.module.blocks[block]
            block = self.module.blocks[block].parent

    def never_runs(self, block: int) -> bool:
        """Whether a block is only for scripts or type checkers, not for a deployed function."""
        return block in self._never_run

    @cached_property
    def _never_run(self) -> frozenset[int]:
        return frozenset(
            block
            for block, conditions in enumerate(self.conditions)
            if any(_script_only(subject) for subject, _ in conditions)
        )

    def _by_body(self, pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for index, block in pairs:
            found[self.bodies[block]].append(index)
        return found


def _is_star(imported: Import) -> bool:
    return imported.name == "*" and imported.scope == 0


def _start(binder: Binder) -> int:
    return binder.parameter.span.start if isinstance(binder, Formal) else binder.span.start


def _env_reads(value: Value, block: int, required: bool = True) -> Iterator[EnvRead]:
    if isinstance(value, Ref):
        if value.kind is RefKind.ENV:
            yield EnvRead(value, block, required)
    elif isinstance(value, Choice):
        for position, option in enumerate(value.options):
            # The first of several is what stands before a default; a condition guards the others.
            guarded = required and len(value.options) == 1
            yield from _env_reads(option.value, block, guarded if position == 0 else required and option.when is None)
            if option.when is not None:
                yield from _env_reads(option.when, block, False)
    else:
        for child in value.children():
            yield from _env_reads(child, block, required)


def _script_only(condition: Value) -> bool:
    if isinstance(condition, Operation) and condition.name == "==":
        sides = [(each.name, *each.path) for each in condition.operands if isinstance(each, Ref)]
        if ("require", "main") in sides and ("module",) in sides:
            return True
    return (
        isinstance(condition, Operation)
        and condition.name in ("==", "and")
        and any(ref.kind is RefKind.NAME and ref.name == "__name__" for ref in condition.references())
        and any(part.string == "__main__" for part in condition.walk())
    )


def is_property(definition: Definition) -> bool:
    """Whether a decorator makes a method read like an attribute."""
    return any(
        isinstance(decorator, Ref) and str((decorator.name, *decorator.path)[-1]) in PROPERTIES
        for decorator in definition.decorators
    )


def call_of(unit: Unit, ref: Ref) -> Call:
    """The call whose result a reference of kind CALL means."""
    return unit.module.calls[int(ref.name)]
