"""From a folder to a linked project, as a whole or part by part."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from slint.clock import STOPPED, Clock
from slint.diagnostic import Diagnostic, Severity
from slint.knowledge.event_sources import ON_DEVICES
from slint.knowledge.platforms import AWS_LAMBDA, MODELS
from slint.knowledge.runtimes import family_of
from slint.paths import Places, relative
from slint.project.discovery import is_among_tests, read_text
from slint.project.environment import Variable
from slint.project.files import SYNTAX_ERROR, Files
from slint.project.link import Handler, Linker, Unlinked
from slint.project.link_node import NodeLinker
from slint.project.model import Described, Function, Project
from slint.project.node_modules import NodeModules
from slint.project.package import Package, Packages
from slint.project.spoken import candidates, spoken_for
from slint.project.survey import Survey, given_files, survey
from slint.settings import Settings
from slint.source import SourceFile
from slint.templates.cloudformation import layer_root, read_templates
from slint.templates.code_location import local_path
from slint.templates.model import Source, Template, TemplateFunction
from slint.templates.sam import as_items
from slint.value import Absent, Items, Literal, Ref, RefKind

if TYPE_CHECKING:
    from slint.project.undescribed import Recogniser


_MOST_NEAR: Final = 100
"""Files given; of more, some as a rule are spoken for by no template near them, and the attempt was in vain."""


def load(settings: Settings, clock: Clock = STOPPED) -> Project:
    """The project below the root of the settings as a whole. Code is read when a rule asks for it."""
    near = load_near(settings, clock)
    return near if near is not None else Loader(settings, clock).whole()


def load_near(settings: Settings, clock: Clock = STOPPED) -> Project | None:
    """Where files are given: their project as the templates beside and above them tell it, which as a rule is
    everything. None when they do not speak for each of the files."""
    if not given_files(settings) or len(settings.paths) > _MOST_NEAR:
        return None
    loader = Loader(settings, clock, near=True)
    project = loader.whole()
    return project if loader.tells_all(project) else None


class Loader:
    """Reads each file once and hands out functions; lives as long as the project that asks it for code.

    For a project that is read in parts: `begin` one, `add_templates` or `add_code` to it, and take `files.project`. The
    survey is taken first, unless it is given.
    """

    def __init__(
        self, settings: Settings, clock: Clock = STOPPED, told: Survey | None = None, *, near: bool = False
    ) -> None:
        self.settings = settings
        self.files = Files(settings, clock)
        self._timed = clock.timed
        self._given = Places(settings.paths)
        self._is_reported = settings.reported()
        self.survey = told if told is not None else survey(self.files, clock, near=near)
        self._link_anew()

    def _link_anew(self) -> None:
        files, found = self.files, self.survey.found
        self._packages = Packages(files.text, files.tell)
        modules = NodeModules(self.settings.root, files.unit, files.text, files.tell)
        self.node = NodeLinker(modules, files.unit, files.text, self.settings.shown, lambda: found.scripts, {})
        self.linker = Linker(files.unit, files.text, self.settings.shown, found.ignores, self.node, {})
        self._recogniser: Recogniser | None = None

    def begin(self) -> Project:
        """A new part of the project, to be added to."""
        for evaluators in (self.node.evaluators, self.linker.evaluators):
            for evaluator in evaluators.values():
                evaluator.forget()
            evaluators.clear()
        if self.files.begin():
            self._link_anew()
            gc.collect()  # what was dropped holds on to itself; little else is there to be looked at now
        return self.files.project

    def whole(self) -> Project:
        """The whole project, as one part."""
        for group in self.survey.groups:
            self.add_templates(group)
        spoken = spoken_for(self.files.project.deployed)
        self.add_code(candidates(self.survey, spoken, self.settings))
        return self.files.project

    def add_templates(self, paths: Sequence[str]) -> None:
        """Add the templates of a group, and their functions, to the part at hand."""
        project = self.files.project
        templates = tuple(self._templates(paths))
        project.templates += templates
        self._add([function for template in templates for function in self._described(template)])

    def add_code(self, paths: Iterable[str]) -> None:
        """Add the functions that code files hold, as their handlers tell, to the part at hand."""
        for path in paths:
            if self._recogniser is None:
                from slint.project.undescribed import Recogniser  # where templates speak for all code, nobody needs it

                self._recogniser = Recogniser(self)
            self._add(list(self._recogniser.functions(path)))

    def _add(self, functions: list[Function]) -> None:
        project = self.files.project
        project.deployed += tuple(functions)
        project.functions += tuple(filter(self._is_concerned, functions))

    @cached_property
    def _tests(self) -> tuple[SourceFile, ...]:
        root = self.settings.root
        folders = self.survey.test_folders
        tests = [path for path in self.survey.found.python if is_among_tests(relative(path, root), folders)]
        read = (read_text(path, self.settings.shown(path)) for path in tests)
        return tuple(file for file in read if isinstance(file, SourceFile))

    def tests(self) -> tuple[SourceFile, ...]:
        """The texts of the tests; they are not among the files that were judged."""
        return self._tests

    # -- templates ----------------------------------------------------------------------------------------------------

    def _templates(self, paths: Sequence[str]) -> Iterator[Template]:
        files, project = self.files, self.files.project
        texts = [(path, file) for path in paths if (file := files.text(path)) is not None]
        result = self._timed("parse", read_templates)(texts, files.text, self.settings.root)
        for _, error in result.broken:
            project.problems.append(Diagnostic(SYNTAX_ERROR, Severity.ERROR, error.message, error.span.location()))
        for note in result.skipped:
            files.note(note.span, note.what, note.why)
        for template in result.templates:
            for note in template.notes:
                files.note(note.span, note.what, note.why)
            yield template

    def _described(self, template: Template) -> Iterator[Function]:
        by_function: dict[str, list[Source]] = {}
        for source in template.sources:
            by_function.setdefault(source.function, []).append(source)
        for function in template.functions:
            variables, is_open = _variables(function)
            layers = tuple(self._layers(template, function))
            sources = tuple(by_function.get(function.id, ()))
            is_open = is_open or template.is_open or any(source.kind in ON_DEVICES for source in sources)
            described = Described(template, function, sources, variables, is_open, layers)
            if function.inline is not None:
                is_script = family_of(function.settings.at("Runtime").string or "") == "nodejs"
                self.files.add_inline(f"{template.path}#{function.id}", function.inline, is_script)
            managed = not isinstance(function.settings.at("CapacityProviderConfig"), Absent)
            yield Function(
                function.id,
                function.resource.span,
                MODELS["aws-lambda-managed-instances"] if managed else AWS_LAMBDA,
                described,
                lambda function=function, described=described: self._link(function, described),  # type: ignore[misc]
                lambda function=function: self._package(function),  # type: ignore[misc]
                self.files.note,
                self.tests,
                self.beside(),
            )

    def beside(self) -> Callable[[], tuple[Function, ...]]:
        """Tells the functions of the part at hand, once it is whole."""
        project = self.files.project
        return lambda: project.deployed

    def _link(self, function: TemplateFunction, described: Described) -> Handler | Unlinked:
        values = {name: variable.value for name, variable in described.variables.items()}
        result = self._timed("link", self.linker.link)(function, values, described.layers)
        if isinstance(result, Unlinked) and not result.missing:
            self.files.note(function.resource.span, f"function {function.id}: its code", result.why)
        return result

    def _package(self, function: TemplateFunction) -> Package | None:
        folder = os.path.dirname(function.resource.template.path)
        root = function.code_root or _archive(function, folder)
        return None if root is None else self._packages.of(root, function.id, folder)

    def _layers(self, template: Template, function: TemplateFunction) -> Iterator[str]:
        for child in function.settings.at("Layers").children():
            if isinstance(child, Ref) and child.kind is RefKind.RESOURCE and child.name in template.resources:
                root = layer_root(template.resources[str(child.name)])
                if root is not None:
                    yield from (path for path in (os.path.join(root, "python"), root) if os.path.isdir(path))

    def _is_concerned(self, function: Function) -> bool:
        """Whether a function is made of one of the paths given; code is only read where one may belong to it."""
        if not self.settings.paths or self._is_given(function.span.location().path):
            return True
        is_near = any(map(self._given.meet, (*_code_folders(function), *function.layers)))
        return is_near and any(map(self._is_given, function.files))

    def tells_all(self, project: Project) -> bool:
        """Whether each code file among the given paths belongs to a function that a template describes."""
        code = {*self.survey.found.python, *self.survey.found.scripts}.intersection(self.settings.paths)
        described = (function.files for function in project.functions if function.described is not None)
        return {self.settings.shown(path) for path in code} <= {path for files in described for path in files}

    def _is_given(self, shown: str) -> bool:
        return self._is_reported(shown) and not self.survey.found.excludes(self.settings.absolute(shown))


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
    raw = as_items(function.resource.raw.at("Environment", "Variables"))
    as_written = {name: entry.value for name, entry in raw.named()}
    found: dict[str, Variable] = {}
    for name, entry in written.named():
        found[name] = Variable(name, entry.value, as_written.get(name, entry.value), entry.span)
    return found, written.open


def _code_folders(function: Function) -> Iterator[str]:
    """The folders that hold a function's code, or may."""
    described = function.described
    if described is None:
        yield os.path.dirname(function.handler.unit.path) if function.handler is not None else ""
    elif described.function.image is not None:
        yield described.function.image.context
    elif described.function.code_root is not None:
        yield described.function.code_root
