"""The environment variables that a module of code sets itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from slint.code.facts import Argument, Import
from slint.knowledge.environment import LOADERS
from slint.project.unit import Unit
from slint.value import Items, Key, Ref, RefKind, Value

_UPDATES: Final = (("update",), ("__ior__",))
_ASSIGNERS: Final = (("Object", "assign"), ("_", "assign"))
_ENVIRON: Final = {
    ("os", None): ("environ",),
    ("os", "environ"): (),
    ("process", None): ("env",),
    ("process", "env"): (),
}
"""What lies below the name of an import to be the environment, by its module and member."""


def written_variables(unit: Unit) -> Iterator[str | None]:
    """Their names; None where the code sets variables whose names it does not tell."""
    module = unit.module
    environments = _environments(unit)
    for binding in module.bindings:
        target = binding.target
        below = _below(target, environments)
        if target.kind is RefKind.ENV:
            yield str(target.name)
        elif below and binding.how != "delete":
            yield below[0] if isinstance(below[0], str) else None
        elif below == () and binding.value is not None and _below(binding.value, environments) is None:
            yield from _names(binding.value)  # `process.env = { … }`
    loaders = [each for each in module.imports if _is_loader(each)]
    if any(not each.local or each.module.endswith("/config") for each in loaders):
        yield None  # `import "dotenv/config"`
    names = {each.local for each in loaders}
    for call in module.calls:
        callee, given = call.callee, call.arguments
        if not isinstance(callee, Ref) or unit.never_runs(call.block):
            continue
        if callee.kind is RefKind.NAME and callee.name in names:
            yield None
        elif _below(callee, environments) in _UPDATES:
            yield from _given(given)
        elif (callee.name, *callee.path) in _ASSIGNERS and given and _below(given[0].value, environments) == ():
            yield from _given(given[1:])


def _environments(unit: Unit) -> frozenset[tuple[Key, ...]]:
    """How the module writes the environment as a whole: a name with the path below it."""
    found: set[tuple[Key, ...]] = {("process", "env")} if unit.family == "nodejs" else set()
    for each in unit.module.imports:
        path = _ENVIRON.get((each.module.removeprefix("node:"), each.name))
        if path is not None and each.local:
            found.add((each.local, *path))
    for binding in unit.module.bindings:  # `env = os.environ`
        target = binding.target
        is_name = target.kind is RefKind.NAME and not target.path
        if is_name and binding.value is not None and _below(binding.value, frozenset(found)) == ():
            found.add((target.name,))
    return frozenset(found)


def _below(value: Value, environments: frozenset[tuple[Key, ...]]) -> tuple[Key, ...] | None:
    """The path from the environment to a value; () for the environment itself, None for what does not lie in it."""
    if not isinstance(value, Ref) or value.kind is not RefKind.NAME:
        return None
    whole = (value.name, *value.path)
    return next((whole[len(each) :] for each in environments if whole[: len(each)] == each), None)


def _is_loader(imported: Import) -> bool:
    is_one = any(f"{imported.module}/".startswith((f"{name}/", f"{name}.")) for name in LOADERS)
    return is_one and imported.style != "type-only"


def _given(arguments: tuple[Argument, ...]) -> Iterator[str | None]:
    for argument in arguments:
        if argument.name is not None:
            yield None if argument.name in ("*", "**") else argument.name
        else:
            yield from _names(argument.value)


def _names(value: Value) -> Iterator[str | None]:
    """The keys of a mapping."""
    if not isinstance(value, Items) or value.is_list or value.open:
        yield None
    if isinstance(value, Items):
        yield from (entry.key.string if entry.key is not None else None for entry in value.entries)
