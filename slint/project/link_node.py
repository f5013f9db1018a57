"""From a template's function to the Node.js code that it runs, and back from what a build makes to what it is made of.

Sources: aws-lambda-nodejs-runtime-interface-client 3.3.0 (the file up to the first dot after the last slash; .js, .mjs,
.cjs in this order, then the folder's index; the rest is the path of the export); AWS SAM CLI 1.150 and its esbuild
workflow (entry points relative to CodeUri, `.ts` before `.js`); TypeScript 5.9, `outDir` and `rootDir`; read 2026-11-22.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from slint.paths import is_below, upward
from slint.project.discovery import is_test
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr
from slint.project.link import Handler, Unlinked
from slint.project.misspelt import meant
from slint.project.node_modules import NodeModules, source_of
from slint.project.unit import EXPORTS, Unit
from slint.record import NamedTuple
from slint.regex import regex
from slint.source import SourceFile
from slint.templates.model import TemplateFunction
from slint.value import Absent, Items, Ref, RefKind, Unknown

_RUN: Final = (".js", ".mjs", ".cjs")
"""The endings that the runtime tries, in its order."""
_WRITTEN: Final = (".ts", ".tsx", ".mts", ".cts", ".jsx")
"""The endings of what has to be compiled first."""
_BUILT_FOLDERS: Final = frozenset({"dist", "build", "lib", "out", "output", ".build", "bundle", "compiled", "target"})
_BUILD_FILES: Final = (
    "tsconfig.json",
    "webpack.config.js",
    "webpack.config.ts",
    "esbuild.js",
    "esbuild.config.js",
    "esbuild.mjs",
    "rollup.config.js",
    "vite.config.ts",
    "Makefile",
)
_BUILDS = "made by a build that has not run here"
_SOURCES: Final = regex(r'"sources"\s*:\s*(\[[^\]]*\])')
_PLACEHOLDER: Final = regex(r"\{\{|\$\{|[\0]")
_MOVES: Final = regex(
    r"(?i)build|bundle|pack|compil|rollup|parcel|babel|\b(?:tsc|swc|vite|gulp|grunt|ncc|tsup|cp|mv|zip)\b|copy"
)
"""What a script of a package is called, or calls, when it makes files."""


class NodeLinker(NamedTuple):
    """Finds handlers in Node.js code. `scripts` gives the code files of the project; for the rest see Linker."""

    modules: NodeModules
    read: Callable[[str], Unit | None]
    text: Callable[[str], SourceFile | None]
    shown: Callable[[str], str]
    scripts: Callable[[], Sequence[str]]
    evaluators: dict[NodeModules, Evaluator]

    def beside(self, layers: tuple[str, ...]) -> NodeLinker:
        """The same for functions with these local layers."""
        return self._replace(modules=self.modules.beside(layers))

    def link(self, function: TemplateFunction, root: str, handler: str, may_guess: bool = True) -> Handler | Unlinked:
        """The handler of a function whose code lies in the folder `root`; with `may_guess`, a source of a unique name will do."""
        if _PLACEHOLDER.search(handler) or ".." in handler:
            return Unlinked("Handler holds a placeholder" if ".." not in handler else "Handler leaves its folder")
        folder, _, last = handler.rpartition("/")
        stem, _, export = last.partition(".")
        base = os.path.normpath(os.path.join(root, folder, stem))
        tried = tuple(self.shown(base + ending) for ending in _RUN)
        if not export or not stem:
            return Unlinked("it is not of the form file.export", missing=True, tried=tried)
        if function.build_method == "esbuild":
            path = self._bundled(function, root, folder, stem)
            if path is not None:
                return self.entry(path, export, compiled=True)
        if not isinstance(function.resource.metadata.at("aws:cdk:path"), Absent):
            from slint.project.link_cdk import bundled_entry  # few templates are synthesized

            path = bundled_entry(function, self.scripts(), self.read, self.text)
            if path is not None:
                return self.entry(path, export, compiled=True)
        path = next((base + ending for ending in _RUN if os.path.isfile(base + ending)), None)
        if path is None:
            path = next((p for ending in _RUN if os.path.isfile(p := os.path.join(base, f"index{ending}"))), None)
        source = next((base + ending for ending in _WRITTEN if os.path.isfile(base + ending)), None)
        if path is not None and not self._is_output(path):
            return self.entry(
                source or path, export, f"{folder}/{stem}" if folder else stem, compiled=source is not None
            )
        origin = source or self._origin(function, base, export, may_guess or self._is_output(f"{base}.js"))
        misplaced = (
            origin is not None and source is None and path is None and self._misplaced(function, root, base, origin)
        )
        if origin is not None and not misplaced:
            return self.entry(origin, export, compiled=True)
        if path is not None:
            return self.entry(path, export, f"{folder}/{stem}" if folder else stem)
        if not os.path.isdir(root) or function.build_method or self._is_output(base) or _has_build(root):
            return Unlinked(_BUILDS, tried=tried)
        why = f"there is no file `{self.shown(base)}.js`, `.mjs` or `.cjs`"
        instead = _misspelt_file(base)
        meant_path = f"{f'{folder}/' if folder else ''}{instead}" if instead else None
        if misplaced and origin is not None:
            meant_path = os.path.splitext(os.path.relpath(origin, root))[0].replace(os.sep, "/")
        return Unlinked(why, missing=True, tried=tried, instead=f"{meant_path}.{export}" if meant_path else None)

    def inline(self, path: str, name: str) -> Handler | Unlinked:
        """The handler in code that is written in the template."""
        return self.entry(path, name, "index")

    def entry(self, path: str, export: str, module: str = "", compiled: bool = False) -> Handler | Unlinked:
        """The handler that a file exports. `module` is what a template calls it; a `compiled` one may be named otherwise."""
        unit = self.read(path)
        if unit is None:
            return Unlinked(f"`{self.shown(path)}` cannot be read")
        keys = tuple(export.split("."))
        if self.modules not in self.evaluators:
            self.evaluators[self.modules] = Evaluator(self.modules)
        evaluator = self.evaluators[self.modules]
        home = evaluator.module_frame(unit)
        span = unit.module.blocks[0].span
        entries = tuple(evaluator.follow(Expr(Ref(span, RefKind.NAME, EXPORTS, keys), 0, home)))
        known = tuple(each for each in entries if not isinstance(each.value, Unknown))
        if not known:
            return self._not_exported(unit, keys[0], module, compiled)
        bound = unit.exports.get(keys[0]) or unit.exports.get("") or []
        span = bound[-1].span if bound else span
        definition = None
        for each in known:
            value = each.value
            if isinstance(value, Ref) and value.kind is RefKind.BLOCK and not value.path:
                definition = each.frame.unit.definitions.get(int(value.name)) or definition
                span = definition.span if definition is not None else span
        return Handler(unit, export, definition, known, span, evaluator)

    def _not_exported(self, unit: Unit, name: str, module: str, compiled: bool) -> Unlinked:
        shown = self.shown(unit.path)
        is_open = unit.exports.get("") or unit.passed_on or unit.module.errors or name in unit.exports
        if compiled or is_open or _exports_otherwise(unit):
            return Unlinked(f"what `{shown}` exports as `{name}` cannot be followed")
        exported = list(unit.exports)
        other = meant(name, exported) or (exported[0] if len(exported) == 1 else None)
        instead = f"{module}.{other}" if module and other is not None else None
        return Unlinked(f"`{shown}` exports no `{name}`", missing=True, in_file=True, tried=(shown,), instead=instead)

    # -- what a build made it of ----------------------------------------------------------------------------------------

    def _bundled(self, function: TemplateFunction, root: str, folder: str, stem: str) -> str | None:
        """The entry point of SAM's esbuild that becomes the handler's file."""
        properties = function.build_properties
        written = properties.at("EntryPoints") if isinstance(properties, Items) else None
        points = (
            [text for each in written.children() if (text := each.string) is not None] if written is not None else []
        )
        if not points:
            points = [os.path.join(folder, stem)]
        fitting = [point for point in points if os.path.splitext(os.path.basename(point))[0] == stem] or points
        if len(fitting) > 1:
            exact = [
                point for point in fitting if os.path.splitext(os.path.normpath(point))[0] == os.path.join(folder, stem)
            ]
            fitting = exact or fitting
        return source_of(os.path.normpath(os.path.join(root, fitting[0])))

    def _is_output(self, path: str) -> bool:
        """Whether a path lies where a compiler puts what it makes."""
        if path.endswith(_WRITTEN):
            return False
        paths = self.modules.paths(os.path.dirname(path))
        if paths is None:
            return False
        if paths.out is not None and paths.out != paths.home:
            return is_below(path, paths.out)
        inside = os.path.relpath(path, self.modules.root)
        return bool((_BUILT_FOLDERS - {"lib"}) & set(inside.split(os.sep)[:-1]))

    def _origin(self, function: TemplateFunction, base: str, export: str, may_guess: bool) -> str | None:
        """The source of a file that a build makes: by the compiler's settings, by the usual folders, by a unique name."""
        for candidate in (*self._mapped(base), *self._candidates(base)):
            found = source_of(candidate)
            if found is not None and not self._is_output(found):
                return found
        return self._unique(function, base, export) if may_guess else None

    def _mapped(self, base: str) -> Iterator[str]:
        """What the source map beside a built file says that it is made of, where one source has the file's name."""
        place = next((found for ending in _RUN if os.path.isfile(found := f"{base}{ending}.map")), None)
        file = self.text(place) if place is not None else None
        listed = _SOURCES.search(file.text) if file is not None else None
        import json  # few projects keep source maps

        try:
            sources = json.loads(listed[1]) if listed is not None else []
        except ValueError:
            return
        stem = os.path.basename(base)
        named = [each for each in sources if os.path.splitext(os.path.basename(str(each)))[0] == stem]
        if len(named) == 1 and "://" not in str(named[0]):
            path = os.path.normpath(os.path.join(os.path.dirname(base), str(named[0])))
            if is_below(path, self.modules.root):
                yield path

    def _candidates(self, base: str) -> Iterator[str]:
        paths = self.modules.paths(os.path.dirname(base))
        if paths is not None and paths.out is not None and is_below(base, paths.out):
            inside = os.path.relpath(base, paths.out)
            home = os.path.dirname(paths.out)
            for source in (paths.source, home, os.path.join(home, "src"), os.path.join(home, "lambdas")):
                if source is not None:
                    yield os.path.join(source, inside)
        parts = base.split(os.sep)
        for index in range(len(parts) - 2, 0, -1):
            if parts[index] in _BUILT_FOLDERS:
                before, after = os.sep.join(parts[:index]), os.path.join(*parts[index + 1 :])
                yield os.path.join(before, after)
                yield os.path.join(before, "src", after)
                if parts[index + 1] == "src":
                    yield os.path.join(before, *parts[index + 2 :])
                return

    def _unique(self, function: TemplateFunction, base: str, export: str) -> str | None:
        """The only source file of the template's package that has the handler's name and exports it; of several, the only
        one that lies in a folder of the name that the handler's has."""
        folder = os.path.dirname(function.resource.template.path)
        package = self.modules.nearest_package(folder)
        home = package[0] if package is not None else folder
        stem = os.path.basename(base)
        alike = [
            path
            for path in self.scripts()
            if is_below(path, home)
            and os.path.splitext(os.path.basename(path))[0] == stem
            and not path.endswith(".d.ts")
            and not is_test(os.path.relpath(path, home))
            and not self._is_output(path)
        ]
        if len(alike) != 1:
            above = os.path.dirname(os.path.relpath(base, home)).split(os.sep)
            name = next(
                (each for each in reversed(above) if each not in _BUILT_FOLDERS and each not in ("", "..")), None
            )
            alike = [path for path in alike if name in os.path.dirname(path)[len(home) :].split(os.sep)]
        if len(alike) != 1:
            return None
        found = self.entry(alike[0], export, compiled=True)
        return alike[0] if isinstance(found, Handler) else None

    def _misplaced(self, function: TemplateFunction, root: str, base: str, origin: str) -> bool:
        """Whether a source is deployed as it stands, at another place than the handler's: no build could move it."""
        from slint.project import build_files  # few handlers are misplaced

        if function.build_method is not None or function.resource.template.dialect != "sam":
            return False
        if not origin.endswith(_RUN) or not is_below(origin, root) or self._is_output(f"{base}.js"):
            return False
        for folder in upward(root, self.modules.root):
            scripts = self.modules.package(folder).at("scripts")
            named = scripts.named() if isinstance(scripts, Items) else ()
            if _has_build(folder) or any(_MOVES.search(f"{name} {entry.value.string}") for name, entry in named):
                return False
        return not build_files.make(root, self.shown(root))


def _exports_otherwise(unit: Unit) -> bool:
    """Whether a module exports in a way that is not read: computed names, `Object.assign(exports, …)`."""
    return any(
        isinstance(part, Ref) and part.kind is RefKind.NAME and part.name == EXPORTS and len(part.path) < 1
        for value, _ in unit.values()
        for part in value.walk()
    ) or any(
        each.target.name == EXPORTS and each.target.path and not isinstance(each.target.path[0], str)
        for each in unit.module.bindings
    )


def _has_build(root: str) -> bool:
    """Whether a folder is compiled before it is deployed."""
    return any(os.path.exists(os.path.join(root, name)) for name in _BUILD_FILES)


def _misspelt_file(base: str) -> str | None:
    """The name of the file in the same folder that was most likely meant."""
    try:
        entries = os.listdir(os.path.dirname(base))
    except OSError:
        return None
    return meant(os.path.basename(base), (os.path.splitext(each)[0] for each in entries if each.endswith(_RUN)))
