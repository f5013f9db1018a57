"""What imported names and the names of other modules stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slint.code.facts import Import
from slint.project.frames import Expr, Frame
from slint.project.unit import EXPORTS, Unit
from slint.value import Key, Ref, RefKind, Unknown

if TYPE_CHECKING:
    from slint.project.evaluate import Evaluator


class Imports:
    """The part of an evaluator that goes from one module to another."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._loads: dict[tuple[Unit, int], tuple[Unit, ...]] = {}

    def loads(self, unit: Unit, body: int) -> tuple[Unit, ...]:
        """The modules of the project that the imports in a body load, each once, in the order loaded."""
        key = (unit, body)
        if key not in self._loads:
            imports = (unit.module.imports[index] for index in unit.imports_of.get(body, ()))
            run = (each for each in imports if each.style != "type-only" and not unit.never_runs(each.block))
            loaded = self._evaluator.codebase.loaded
            self._loads[key] = tuple(dict.fromkeys(found for each in run for found in loaded(unit, each)))
        return self._loads[key]

    def starred(self, expr: Expr, ref: Ref, steps: int) -> list[Expr]:
        """A name that nothing in its module binds: of a star import, else of the language itself."""
        for imported in expr.frame.unit.star_imports:
            dotted = self._evaluator.codebase.absolute(expr.frame.unit, imported)
            unit = self._evaluator.codebase.module(dotted) if dotted else None
            if unit is None:
                return [expr.with_value(Unknown(ref.span, "may come from a star import"))]
            if unit.lookup(str(ref.name), 0) is not None:
                return self._evaluator.follow(Expr(ref, 0, self._evaluator.module_frame(unit)), steps - 1)
        return [expr.with_value(Ref(ref.span, RefKind.BUILTIN, ref.name, ref.path))]

    def imported(self, imported: Import, home: Frame, ref: Ref) -> list[Expr]:
        """What an import binds."""
        dotted = self._evaluator.codebase.absolute(home.unit, imported)
        if dotted is None:
            return [Expr(Unknown(ref.span, "imported from outside the package"), 0, home)]
        if home.unit.family == "nodejs":
            return [self._node_import(dotted, imported, home, ref)]
        if imported.name is None:
            top = dotted if imported.local != dotted.split(".")[0] else imported.local
            return [self._module_or_name(top, home, ref)]
        unit = self._evaluator.codebase.module(dotted)
        if unit is not None and unit is not home.unit:
            if unit.lookup(imported.name, 0) is not None or unit.star_imports:
                return [Expr(Ref(ref.span, RefKind.NAME, imported.name), 0, self._evaluator.module_frame(unit))]
            if self._evaluator.codebase.path_of(f"{dotted}.{imported.name}") is None:
                return [Expr(Unknown(ref.span, f"{imported.name} is not defined in {dotted}"), 0, home)]
        submodule = f"{dotted}.{imported.name}" if dotted else imported.name
        if self._evaluator.codebase.path_of(submodule) is not None:
            return [self._module_or_name(submodule, home, ref)]
        return [Expr(Ref(ref.span, RefKind.IMPORT, submodule), 0, home)]

    def _node_import(self, name: str, imported: Import, home: Frame, ref: Ref) -> Expr:
        """What an import of a Node.js module gives: something of its exports, or of a package."""
        path = () if imported.name is None else (imported.name,)
        if self._evaluator.codebase.path_of(name) is None:
            return Expr(Ref(ref.span, RefKind.IMPORT, name, without_default(path)), 0, home)
        unit = self._evaluator.codebase.module(name)
        if unit is None:
            return Expr(Unknown(ref.span, "a module that cannot be read"), 0, home)
        return Expr(Ref(ref.span, RefKind.NAME, EXPORTS, path), 0, self._evaluator.module_frame(unit))

    def exports(self, unit: Unit, ref: Ref, steps: int) -> list[Expr]:
        """What lies at a path below the exports of a Node.js module."""
        home = self._evaluator.module_frame(unit)
        whole = [
            found
            for binding in unit.exports.get("", ())
            if binding.value is not None
            for found in self._evaluator.follow(Expr(binding.value, binding.block, home), steps - 1)
        ]
        if not ref.path:
            return whole or [Expr(Ref(ref.span, RefKind.BLOCK, 0), 0, home)]
        name, below = ref.path[0], ref.path[1:]
        found = [
            each
            for binding in unit.exports.get(str(name), ())
            if binding.value is not None
            for each in self._evaluator.follow(Expr(binding.value, binding.block, home), steps - 1)
        ]
        if found:
            return self._evaluator.select(found, below, ref, steps)
        if name == "default":  # a CommonJS module that is imported as an ES module
            again = Ref(ref.span, RefKind.NAME, EXPORTS, below)
            return self._evaluator.follow(Expr(again, 0, home), steps - 1)
        if whole:
            return self._evaluator.select(whole, ref.path, ref, steps)
        return self._passed_on(unit, ref, steps)

    def _passed_on(self, unit: Unit, ref: Ref, steps: int) -> list[Expr]:
        """An export that a module has from another one: `export * from`."""
        home = self._evaluator.module_frame(unit)
        outside: list[Expr] = []
        for imported in unit.passed_on:
            name = self._evaluator.codebase.absolute(unit, imported)
            other = self._evaluator.codebase.module(name) if name is not None else None
            if other is not None:
                found = self._evaluator.follow(Expr(ref, 0, self._evaluator.module_frame(other)), steps - 1)
                if any(not isinstance(each.value, Unknown) for each in found):
                    return found
            elif name is not None and self._evaluator.codebase.path_of(name) is None:
                outside.append(Expr(Ref(ref.span, RefKind.IMPORT, name, without_default(ref.path)), 0, home))
        if len(outside) == 1:
            return outside
        return [Expr(Unknown(ref.span, "it is not exported there"), 0, home)]

    def _module_or_name(self, dotted: str, home: Frame, ref: Ref) -> Expr:
        unit = self._evaluator.codebase.module(dotted)
        if unit is not None:
            return Expr(Ref(ref.span, RefKind.BLOCK, 0), 0, self._evaluator.module_frame(unit))
        return Expr(Ref(ref.span, RefKind.IMPORT, dotted), 0, home)

    def external(self, root: Expr, ref: Ref, steps: int) -> list[Expr]:
        """A dotted name that may still be a module of this project (`import a.b` binds only `a`)."""
        dotted = str(ref.name)
        for index, part in enumerate(ref.path):
            if not isinstance(part, str):
                break
            dotted = f"{dotted}.{part}"
            unit = self._evaluator.codebase.module(dotted)
            if unit is not None:
                below = Ref(ref.span, RefKind.BLOCK, 0, ref.path[index + 1 :])
                return self._evaluator.follow(Expr(below, 0, self._evaluator.module_frame(unit)), steps - 1)
        return [Expr(ref, root.block, root.frame)]

    def attribute(self, expr: Expr, ref: Ref, steps: int) -> list[Expr]:
        """What lies at the path of a reference to a module."""
        unit, first = expr.frame.unit, str(ref.path[0])
        if unit.family == "nodejs":
            return self.exports(unit, ref, steps)
        if unit.lookup(first, 0) is not None or unit.star_imports:
            inner = Ref(ref.span, RefKind.NAME, first, ref.path[1:])
            return self._evaluator.follow(Expr(inner, 0, self._evaluator.module_frame(unit)), steps - 1)
        return self._submodule(expr, ref, first, steps)

    def _submodule(self, expr: Expr, ref: Ref, name: str, steps: int) -> list[Expr]:
        path = expr.frame.unit.path
        for root in self._evaluator.codebase.roots:
            if path.startswith(root) and path.endswith("__init__.py"):
                package = path[len(root) : -len("__init__.py")].strip("/").replace("/", ".")
                unit = self._evaluator.codebase.module(f"{package}.{name}" if package else name)
                if unit is not None:
                    below = Ref(ref.span, RefKind.BLOCK, 0, ref.path[1:])
                    return self._evaluator.follow(Expr(below, 0, self._evaluator.module_frame(unit)), steps - 1)
        return [expr.with_value(Unknown(ref.span, f"{name} is not defined in the module"))]


def without_default(path: tuple[Key, ...]) -> tuple[Key, ...]:
    """A path below a package without `default`: how a package is imported does not tell what it exports."""
    return tuple(key for key in path if key != "default")
