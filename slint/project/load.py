"""From a folder to a linked project."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property

from slint.clock import STOPPED, Clock
from slint.code.facts import Definition
from slint.code.python import extract
from slint.code.python_syntax import LARGEST_FILE
from slint.diagnostic import Diagnostic, NotEvaluated, Severity
from slint.knowledge.platforms import AWS_LAMBDA, MODELS
from slint.knowledge.runtimes import family_of
from slint.project.codebase import Codebase
from slint.project.discovery import SCRIPT_SUFFIXES, Found, Unreadable, discover, is_test, is_vendored, read_text
from slint.project.environment import Variable
from slint.project.frames import Expr, is_function
from slint.project.link import Handler, Linker, Unlinked
from slint.project.link_node import NodeLinker
from slint.project.model import Described, Function, Project
from slint.project.node_modules import NodeModules
from slint.project.package import Package
from slint.project.recognise import (
    handlers,
    is_of_other_platform,
    may_hold_handler,
    may_hold_script_handler,
    script_handlers,
    scripts_of_runbook,
    takes_event,
)
from slint.project.unit import Unit
from slint.settings import Settings
from slint.source import SourceFile, Span
from slint.templates.cloudformation import layer_root, looks_like_template, read_templates
from slint.templates.code_location import local_path
from slint.templates.model import Template, TemplateFunction
from slint.value import Absent, Items, Literal, Ref, RefKind, Value

_LARGEST_SCRIPT = 200_000  # code points; beyond it lie bundles
_TOO_LARGE = f"it is larger than {LARGEST_FILE:,} characters, as only generated code is"
_WRAPPINGS = 6
SERVERLESS_FILES = ("serverless.yml", "serverless.yaml")
SYNTAX_ERROR = "syntax-error"


def load(settings: Settings, clock: Clock = STOPPED) -> Project:
    """Discover, read and link the project below the root of the settings. Code is read when a rule asks for it.

    Where files are given, the templates in the folders above them are tried first: as a rule they tell everything.
    """
    if settings.paths and all(map(os.path.isfile, settings.paths)):
        loader = _Loader(settings, clock, near=True)
        if loader.tells_all():
            return loader.project
    return _Loader(settings, clock).project


class _Loader:
    """Reads each file once and hands out functions; lives as long as the project that asks it for code."""

    def __init__(self, settings: Settings, clock: Clock, *, near: bool = False) -> None:
        self.settings = settings
        self._timed = clock.timed
        self.project = Project(settings.root)
        self._files: dict[str, SourceFile | None] = {}
        self._units: dict[str, Unit | None] = {}
        self._inline: dict[str, SourceFile] = {}
        self._handlers: frozenset[str] | None = None
        self._elsewhere: dict[str, bool] = {}
        self._scripts: set[str] = set()  # the keys of inline code that is no Python
        self._runbook_scripts: frozenset[str] = (
            frozenset()
        )  # the names of scripts that Systems Manager runs, not Lambda
        self._packages: dict[tuple[str, str | None], Package] = {}
        walk = clock.timed("discover", discover)
        self.found: Found = walk(settings.root, settings.exclude, settings.paths or None, settings.base, near=near)
        for unreadable in self.found.notes:
            self._note_line(settings.shown(unreadable.path), 0, "the folder", unreadable.why)
        self.modules = NodeModules(settings.root, self.unit, self.file)
        self.node = NodeLinker(self.modules, self.unit, self.file, settings.shown, lambda: self.found.scripts)
        self.linker = Linker(self.unit, self.file, settings.shown, lambda path: self.found.ignores(path), self.node)
        self.project.templates = tuple(self._templates())
        described = [function for template in self.project.templates for function in self._described(template)]
        self.project.deployed = (*described, *self._recognised(described), *self._recognised_scripts(described))
        self.project.functions = tuple(filter(self._is_concerned, self.project.deployed))
        self.project.file_count = len(self._files)

    # -- files --------------------------------------------------------------------------------------------------------

    def file(self, path: str) -> SourceFile | None:
        """The text of an absolute path; None, with a line in the ledger, when it cannot be read."""
        if path not in self._files:
            shown = self.settings.shown(path)
            if path in self.settings.overlay:
                self._files[path] = SourceFile(shown, self.settings.overlay[path])
            else:
                read = self._timed("read", read_text)(path, shown)
                self._files[path] = None if isinstance(read, Unreadable) else read
                if isinstance(read, Unreadable) and os.path.lexists(path):
                    self._note_line(shown, 0, "the file", read.why)
            file = self._files[path]
            if file is not None:
                self.project.sources[shown] = file
        return self._files[path]

    def unit(self, path: str) -> Unit | None:
        """The facts of a code file, or of code written in a template (`path#function`)."""
        if path not in self._units:
            file = self._inline.get(path) or self.file(path)
            self._units[path] = None if file is None else self._extract(file, path)
        return self._units[path]

    def _extract(self, file: SourceFile, path: str) -> Unit:
        if path in self._scripts or path.endswith(SCRIPT_SUFFIXES):
            return self._extract_script(file, path)
        if len(file.text) > LARGEST_FILE:
            self._note(Span(file, 0, 0), "code of the file", _TOO_LARGE)
        module = self._timed("parse", extract)(file)
        if module.errors and len(file.text) <= LARGEST_FILE:
            first = module.errors[0].location()
            message = f"{'the inline code' if file.host else 'this file'} is not valid Python here; what cannot be read is not judged"
            self.project.problems.append(Diagnostic(SYNTAX_ERROR, Severity.ERROR, message, first))
        return Unit(module, path)

    @cached_property
    def _tests(self) -> tuple[SourceFile, ...]:
        """The texts of the tests; they are not among the files that were judged."""
        root = self.settings.root
        tests = [path for path in self.found.python if is_test(os.path.relpath(path, root))]
        read = (read_text(path, self.settings.shown(path)) for path in tests)
        return tuple(file for file in read if isinstance(file, SourceFile))

    def _extract_script(self, file: SourceFile, path: str) -> Unit:
        from slint.code import javascript  # its grammars are loaded with the first file that needs them

        module = self._timed("parse", javascript.extract)(file)
        for error in module.errors[:1]:
            is_large = len(file.text) > LARGEST_FILE
            why = _TOO_LARGE if is_large else "it cannot be parsed here; what cannot be read is not judged"
            self._note(error, "code of the file", why)
        return Unit(module, path)

    # -- templates ----------------------------------------------------------------------------------------------------

    def _templates(self) -> Iterator[Template]:
        result = self._timed("parse", read_templates)(list(self._candidates()), self.file, self.settings.root)
        for _, error in result.broken:
            self.project.problems.append(Diagnostic(SYNTAX_ERROR, Severity.ERROR, error.message, error.span.location()))
        for note in result.skipped:
            self._note(note.span, note.what, note.why)
        for template in result.templates:
            for note in template.notes:
                self._note(note.span, note.what, note.why)
            yield template

    def _candidates(self) -> Iterator[tuple[str, SourceFile]]:
        """The files that may be templates by what is in them; the text of the others is not kept."""
        for path in self.found.templates:
            file = self.file(path)
            if file is None:
                continue
            self._runbook_scripts |= scripts_of_runbook(file.text)
            if looks_like_template(file.text):
                yield path, file
            elif os.path.basename(path) not in SERVERLESS_FILES:
                del self._files[path], self.project.sources[file.path]

    def _described(self, template: Template) -> Iterator[Function]:
        for function in template.functions:
            variables, is_open = _variables(function)
            layers = tuple(self._layers(template, function))
            sources = tuple(source for source in template.sources if source.function == function.id)
            described = Described(template, function, sources, variables, is_open or template.is_open, layers)
            if function.inline is not None:
                self._inline[f"{template.path}#{function.id}"] = function.inline
                if family_of(function.settings.at("Runtime").string or "") == "nodejs":
                    self._scripts.add(f"{template.path}#{function.id}")
            managed = not isinstance(function.settings.at("CapacityProviderConfig"), Absent)
            yield Function(
                function.id,
                function.resource.span,
                MODELS["aws-lambda-managed-instances"] if managed else AWS_LAMBDA,
                described,
                lambda function=function, described=described: self._link(function, described),  # type: ignore[misc]
                lambda function=function: self._package(function),  # type: ignore[misc]
                self._note,
                lambda: self._tests,
            )

    def _link(self, function: TemplateFunction, described: Described) -> Handler | Unlinked:
        values = {name: variable.value for name, variable in described.variables.items()}
        result = self._timed("link", self.linker.link)(function, values, described.layers)
        if isinstance(result, Unlinked) and not result.missing:
            self._note(function.resource.span, f"function {function.id}: its code", result.why)
        return result

    def _package(self, function: TemplateFunction) -> Package | None:
        folder = os.path.dirname(function.resource.template.path)
        root = function.code_root or _archive(function, folder)
        if root is None:
            return None
        package = Package.of(root, function.id, folder, self.file)
        return self._packages.setdefault((package.root, package.built), package)  # many functions share one folder

    def _layers(self, template: Template, function: TemplateFunction) -> Iterator[str]:
        for child in function.settings.at("Layers").children():
            if isinstance(child, Ref) and child.kind is RefKind.RESOURCE and child.name in template.resources:
                root = layer_root(template.resources[str(child.name)])
                if root is not None:
                    yield from (path for path in (os.path.join(root, "python"), root) if os.path.isdir(path))

    def _is_concerned(self, function: Function) -> bool:
        """Whether a function is made of one of the paths given; code is only read where one may belong to it."""
        settings = self.settings
        if not settings.paths or self._is_given(function.span.location().path):
            return True
        folders = [*_code_folders(function), *function.layers]
        near = any(_overlap(given, folder) for given in settings.paths for folder in folders)
        return near and any(map(self._is_given, function.files))

    def tells_all(self) -> bool:
        """Whether each code file among the given paths belongs to a function that a template describes."""
        code = {*self.found.python, *self.found.scripts}.intersection(self.settings.paths)
        described = (function.files for function in self.project.functions if function.described is not None)
        return {self.settings.shown(path) for path in code} <= {path for files in described for path in files}

    def _is_given(self, shown: str) -> bool:
        return self.settings.is_reported(shown) and not self.found.excludes(self.settings.absolute(shown))

    # -- functions without a template -----------------------------------------------------------------------------------

    def _recognised(self, described: list[Function]) -> Iterator[Function]:
        """Functions that no template describes: files below no function's code, with an unmistakable handler."""
        spoken_for = tuple(sorted({root for function in described for root in _code_roots(function)}))
        for path in self.found.python:
            if (
                path.startswith(spoken_for)
                or is_test(os.path.relpath(path, self.settings.root))
                or is_vendored(path, self.settings.root)
            ):
                continue
            if self._foreign(path) or os.path.basename(path) in self._runbook_scripts:
                continue
            file = self.file(path)
            exports = self._named_in_serverless.get(os.path.splitext(path)[0], ())
            if file is None or not (exports or may_hold_handler(file.text)):
                continue
            unit = self.unit(path)
            if unit is not None:
                named = [each for each in unit.module.definitions if each.name in exports and each.scope == 0]
                for definition in named or handlers(unit):
                    yield self._undescribed(unit, definition.name, definition.span)

    def _recognised_scripts(self, described: list[Function]) -> Iterator[Function]:
        """The same for Node.js: what a template's function is made of may lie outside of its code's folder."""
        spoken_for = tuple(sorted({root for function in described for root in _code_roots(function, "nodejs")}))
        for path in self.found.scripts:
            if path.startswith(spoken_for) or path.endswith((".d.ts", ".d.mts", ".min.js")):
                continue
            if is_test(os.path.relpath(path, self.settings.root)) or is_vendored(path, self.settings.root):
                continue
            file = self.file(path)
            named = self._named_in_serverless.get(os.path.splitext(path)[0], ())
            if file is None or len(file.text) > _LARGEST_SCRIPT or not (named or may_hold_script_handler(file.text)):
                continue
            if (
                self._foreign(path)
                or self._is_elsewhere(os.path.dirname(path))
                or path in self._linked_scripts(described)
            ):
                continue
            unit = self.unit(path)
            for name in dict.fromkeys((*named, *script_handlers(unit))) if unit is not None else ():
                linked = self.node.entry(path, name)
                if isinstance(linked, Handler) and (name in named or any(map(takes_event, _functions_of(linked)))):
                    yield self._script(name, linked)

    @cached_property
    def _named_in_serverless(self) -> Mapping[str, tuple[str, ...]]:
        """The handlers that `serverless.yml` files for AWS name: the exports of each path without its ending."""
        from slint.templates.serverless import deploys_to_aws, named_handlers

        found: dict[str, tuple[str, ...]] = {}
        for path in self.found.templates:
            file = self.file(path) if os.path.basename(path) in SERVERLESS_FILES else None
            if file is not None and deploys_to_aws(file) is not False:
                for place, export in named_handlers(file):
                    base = os.path.normpath(os.path.join(os.path.dirname(path), place))
                    found[base] = (*found.get(base, ()), export)
        return found

    def _linked_scripts(self, described: list[Function]) -> frozenset[str]:
        """The files of the handlers of templates' functions, looked for where a script could be one of them."""
        if self._handlers is None:
            nodes = [each for each in described if family_of(each.runtime.string or "") == "nodejs"]
            self._handlers = frozenset(each.handler.unit.path for each in nodes if each.handler is not None)
        return self._handlers

    def _script(self, name: str, linked: Handler) -> Function:
        return Function(name, linked.span, AWS_LAMBDA, None, lambda: linked, lambda: None, self._note)

    def _is_elsewhere(self, folder: str) -> bool:
        """Whether a folder, or one above it, belongs to another platform or to a browser."""
        if folder not in self._elsewhere:
            try:
                found = is_of_other_platform(os.listdir(folder))
            except OSError:
                found = False
            inside = folder.startswith(self.settings.root.rstrip(os.sep) + os.sep)
            self._elsewhere[folder] = found or (inside and self._is_elsewhere(os.path.dirname(folder)))
        return self._elsewhere[folder]

    def _undescribed(self, unit: Unit, name: str, span: Span) -> Function:
        folder = os.path.dirname(unit.path)
        roots = [folder]
        while folder != self.settings.root and folder.startswith(self.settings.root):
            folder = os.path.dirname(folder)
            roots.append(folder)
        codebase = Codebase(tuple(roots), self.unit)
        return Function(
            name,
            span,
            AWS_LAMBDA,
            None,
            lambda: self.linker.entry(unit, name, codebase),
            lambda: None,
            self._note,
            lambda: self._tests,
        )

    def _foreign(self, path: str) -> bool:
        """Whether the nearest serverless.yml above deploys to another provider than AWS."""
        folder = os.path.dirname(path)
        while folder.startswith(self.settings.root):
            if folder in self._foreign_folders:
                return self._foreign_folders[folder]
            folder = os.path.dirname(folder)
        return False

    @cached_property
    def _foreign_folders(self) -> Mapping[str, bool]:
        from slint.templates.serverless import deploys_to_aws

        found: dict[str, bool] = {}
        for path in self.found.templates:
            if os.path.basename(path) in SERVERLESS_FILES:
                file = self.file(path)
                if file is not None:
                    found[os.path.dirname(path)] = deploys_to_aws(file) is False
        return found

    # -- the ledger ---------------------------------------------------------------------------------------------------

    def _note(self, span: Span, what: str, why: str) -> None:
        place = span.location()
        self._note_line(place.path, place.start.line, what, why)

    def _note_line(self, path: str, line: int, what: str, why: str) -> None:
        self.project.ledger.append(NotEvaluated(path, line, what, why))


def _archive(function: TemplateFunction, folder: str) -> str | None:
    """The ready-made archive that holds the code of a function, when it lies in the project."""
    written = [function.settings.at(name) for name in ("CodeUri", "Code")]
    paths = [local_path(value, folder) for value in written if isinstance(value, Literal)]
    return next((path for path in paths if path is not None and os.path.isfile(path)), None)


def _variables(function: TemplateFunction) -> tuple[dict[str, Variable], bool]:
    """The variables of a function by name, and whether there may be more than are written."""
    written = function.settings.at("Environment", "Variables")
    if isinstance(written, Absent):
        environment = function.settings.at("Environment")
        return {}, not isinstance(environment, (Absent, Items))
    if not isinstance(written, Items):
        return {}, True
    raw = function.resource.raw.at("Environment", "Variables")
    found: dict[str, Variable] = {}
    for name, entry in written.named():
        found[name] = Variable(name, entry.value, _raw(raw, name, entry.value), entry.span)
    return found, written.open


def _raw(raw: Value, name: str, value: Value) -> Value:
    found = raw.entry(name) if isinstance(raw, Items) else None
    return found.value if found is not None else value


def _code_folders(function: Function) -> Iterator[str]:
    """The folders that hold a function's code, or may."""
    described = function.described
    if described is None:
        yield os.path.dirname(function.handler.unit.path) if function.handler is not None else ""
    elif described.function.image is not None:
        yield described.function.image.context
    elif described.function.code_root is not None:
        yield described.function.code_root


def _overlap(one: str, other: str) -> bool:
    """Whether one path is the other, or lies below it."""
    one, other = one.rstrip(os.sep) + os.sep, other.rstrip(os.sep) + os.sep
    return one.startswith(other) or other.startswith(one)


def _functions_of(handler: Handler) -> Iterator[Definition]:
    """The functions that a handler is, or that its module hands to what wraps it."""
    if handler.definition is not None:
        yield handler.definition
    for entry in handler.entries:
        root = handler.evaluator.root_call(entry)
        for _ in range(_WRAPPINGS):
            if root is None:
                break
            call, frame = root
            for argument in call.arguments:
                for found in handler.evaluator.follow(Expr(argument.value, call.block, frame)):
                    if is_function(found) and isinstance(found.value, Ref):
                        yield found.frame.unit.definitions[int(found.value.name)]
            made = handler.evaluator.callees(call, frame)
            root = handler.evaluator.root_call(made[0]) if made else None


def _code_roots(function: Function, family: str = "python") -> Iterator[str]:
    described = function.described
    if described is not None and described.function.image is not None:
        yield described.function.image.context.rstrip(os.sep) + os.sep
    if described is None or described.function.code_root is None:
        return
    runtime = function.runtime.string
    if runtime is None or family_of(runtime) in (family, ""):
        root = described.function.code_root
        yield root if os.path.isfile(root) else root.rstrip(os.sep) + os.sep
