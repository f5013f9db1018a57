"""The linked project: the model that rules ask.

Everything is computed when first asked for, so a rule that asks only for settings reads no code.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from slint.knowledge.platforms import RuntimeModel
from slint.knowledge.wrappers import CUSTOM_RESOURCE_FIELDS, CUSTOM_RESOURCE_MODULES
from slint.project.environment import EnvironmentRead, Variable, environment_reads
from slint.project.frames import Expr, Frame
from slint.project.link import Handler, Unlinked
from slint.project.loading import LoadedImport, loaded_imports
from slint.project.phase import Phase
from slint.project.reach import Reach, Walk
from slint.project.site import Effect, Site
from slint.project.unit import Unit
from slint.record import NamedTuple
from slint.source import SourceFile, Span
from slint.templates.model import Resource, Source, Template, TemplateFunction
from slint.templates.targets import targets
from slint.value import Joined, Literal, Operation, Unknown, Value

if TYPE_CHECKING:
    from slint.diagnostic import Diagnostic, NotEvaluated
    from slint.project.event_tests import EventTest
    from slint.project.given import Given, Uses
    from slint.project.package import Package


class Described(NamedTuple):
    """A function's description in its template, joined with what the project knows of it.

    `variables` is None when the environment cannot be known as a whole.
    """

    template: Template
    function: TemplateFunction
    sources: tuple[Source, ...]
    variables: Mapping[str, Variable]
    is_open: bool
    layers: tuple[str, ...]


class Function:
    """One deployed function: what its template says and the code that it runs.

    Without a template (`described` None) it was recognised by its handler's name, and its settings are Unknown.
    """

    def __init__(
        self,
        id: str,
        span: Span,
        model: RuntimeModel,
        described: Described | None,
        link: Callable[[], Handler | Unlinked],
        package: Callable[[], Package | None],
        note: Callable[[Span, str, str], None],
        tests: Callable[[], tuple[SourceFile, ...]] = tuple,
        beside: Callable[[], tuple[Function, ...]] = tuple,
    ) -> None:
        self.id = id
        self.span = span
        self.model = model
        self.described = described
        self._link = link
        self._package = package
        self._note = note
        self._tests = tests
        self._beside = beside
        self._settings: dict[tuple[str | int, ...], Value] = {}

    def __repr__(self) -> str:
        return f"Function({self.id})"

    # -- what the template says -------------------------------------------------------------------------------------

    @property
    def platform(self) -> str:
        """Where it runs, such as "aws-lambda"."""
        return self.model.platform

    @property
    def template(self) -> Template | None:
        """The template that deploys it."""
        return self.described.template if self.described else None

    @property
    def resource(self) -> Resource | None:
        """The resource that it is in its template."""
        return self.described.function.resource if self.described else None

    @property
    def settings(self) -> Value:
        """All its properties with the template's defaults merged in, each with the span where it is written."""
        return self.described.function.settings if self.described else Unknown(self.span, "there is no template")

    def setting(self, *path: str | int) -> Value:
        """One property; Absent when it is known that nobody wrote it, Unknown without a template."""
        if path not in self._settings:  # many rules ask the same
            self._settings[path] = self.settings.at(*path)
        return self._settings[path]

    @property
    def runtime(self) -> Value:
        """The runtime's identifier, such as `python3.14`."""
        return self.setting("Runtime")

    @property
    def sources(self) -> tuple[Source, ...]:
        """What invokes it, as far as its template tells."""
        return self.described.sources if self.described else ()

    @property
    def waiting(self) -> Source | None:
        """A source behind which somebody waits for the answer, None when there is none."""
        return next((source for source in self.sources if source.event_class == "user-facing"), None)

    @property
    def deployment(self) -> tuple[tuple[Span, str], ...]:
        """Where its template deploys it and where it says that somebody waits for it, to show with a finding in code."""
        if self.described is None:
            return ()
        waiting = self.waiting
        places = [(self.span, f"deployed as `{self.id}`")]
        if waiting is not None and waiting.span != self.span:
            places.append((waiting.span, "a user waits for it here"))
        return tuple(places)

    @property
    def variables(self) -> Mapping[str, Variable]:
        """Its environment variables; `environment_is_open` tells whether there may be more."""
        return self.described.variables if self.described else {}

    @property
    def environment_is_open(self) -> bool:
        """Whether it may have environment variables that its template, and the Dockerfile of an image, do not show."""
        if self.described is None or self.described.is_open:
            return True
        is_image = self.described.function.image is not None
        return is_image and self.handler is not None and self.handler.image_variables is None

    @cached_property
    def loads_variables(self) -> bool:
        """Whether its code sets environment variables whose names the files do not tell."""
        loads = any(None in unit.written_variables for unit in self.modules)
        if loads:
            self._note(self.span, f"function {self.id}: its environment", "its code sets variables as it runs")
        return loads

    @property
    def layers(self) -> tuple[str, ...]:
        """The folders of the local layers that its code can import from."""
        return self.described.layers if self.described else ()

    @cached_property
    def package(self) -> Package | None:
        """What is packed for it; None when its code is not here."""
        return self._package()

    @property
    def is_built_elsewhere(self) -> bool:
        """Whether a build of its own (a bundler, make) decides what is packed, not the folder of its code."""
        from slint.knowledge.runtimes import family_of

        method = self.described.function.build_method if self.described else None
        return method is not None and family_of(method) == ""

    @cached_property
    def layer_packages(self) -> tuple[Package, ...]:
        """What is packed in its local layers; a lower bound of what they add to it."""
        if self.package is None:
            return ()
        inside = tuple(folder.rstrip("/") + "/" for folder in self.layers)
        outermost = [folder for folder in dict.fromkeys(self.layers) if not folder.startswith(inside)]
        return tuple(self.package.at(folder) for folder in outermost)

    @property
    def tests(self) -> tuple[SourceFile, ...]:
        """The Python files of its project that are tests."""
        return self._tests()

    @property
    def beside(self) -> tuple[Function, ...]:
        """The functions of its project, or of the part that is read with it, itself included: they may share its code."""
        return self._beside()

    # -- the code it runs --------------------------------------------------------------------------------------------

    @cached_property
    def link(self) -> Handler | Unlinked:
        """Its handler, or why it has none here."""
        return self._link()

    @property
    def handler(self) -> Handler | None:
        """Its handler, None when it has none here that can be read."""
        return self.link if isinstance(self.link, Handler) else None

    @property
    def unlinked(self) -> Unlinked | None:
        """Why it has no handler here, None when it has one."""
        link = self.link
        return link if isinstance(link, Unlinked) else None

    @cached_property
    def reach(self) -> Reach:
        """All that it runs; empty without a handler."""
        handler = self.handler
        if handler is None:
            return Reach()
        walk = Walk(handler.evaluator)
        walk.load(handler.unit)
        for entry in handler.entries:
            walk.start(entry, handler.span)
        if walk.reach.bounded:
            self._note(self.span, f"function {self.id}", "its calls branch too often to follow all")
        return walk.reach

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Every call that it runs."""
        handler = self.handler
        if handler is None:
            return ()
        return tuple(Site(handler.evaluator, self.resolve, reached) for reached in self.reach.calls)

    def effects(self, kind: str, *, phase: Phase | None = None, name: str | None = None) -> Iterator[Effect]:
        """The effects of a kind, in a phase and with a name where given, in the order reached."""
        for effect in self._effects.get(kind, ()):
            if (phase is None or effect.site.phase is phase) and (name is None or effect.name == name):
                yield effect

    def given(self, made: Site) -> Sequence[Given]:
        """What an invocation gives to the object that a call makes, and the methods that it calls of it."""
        return self._uses.of(made)

    @cached_property
    def _uses(self) -> Uses:
        from slint.project.given import Uses  # few rules ask

        assert self.handler is not None
        return Uses(self.handler.evaluator, self.reach, self.sites)

    @property
    def modules(self) -> Iterator[Unit]:
        """The modules that it loads, the handler's own first; `module.cst` is the libcst tree of one."""
        return self.reach.units()

    def reads(self) -> Iterator[EnvironmentRead]:
        """The reads of environment variables by the code that it runs, without those that its code or image sets."""
        handler = self.handler
        if handler is None:
            return
        made = handler.image_variables or ()
        yield from (read for read in environment_reads(self.reach, handler.evaluator) if read.name not in made)

    def imports(self) -> Iterator[LoadedImport]:
        """The libraries that are imported when it starts: statements that run with the handler's module."""
        handler = self.handler
        return loaded_imports(self.reach, handler.evaluator) if handler is not None else iter(())

    @property
    def family(self) -> str | None:
        """The runtimes that run its code: "python", "nodejs" … None when it is not known."""
        from slint.knowledge.runtimes import family_of

        if self.handler is not None:
            return self.handler.unit.family
        return family_of(self.runtime.string or "") or None

    def node_package(self, name: str) -> bool | None:
        """Whether a package of npm is asked for or installed around its Node.js code; None when it has none here."""
        from slint.project.node_modules import NodeModules

        modules = self.handler.evaluator.codebase if self.handler is not None else None
        if self.handler is None or not isinstance(modules, NodeModules):
            return None
        return modules.declares(os.path.dirname(self.handler.unit.path), name)

    def node_manifest(self, module: Unit) -> Value | None:
        """The nearest `package.json` above one of its modules; None when there is none, or it is no Node.js code."""
        from slint.project.node_modules import NodeModules

        modules = self.handler.evaluator.codebase if self.handler is not None else None
        found = modules.nearest_package(os.path.dirname(module.path)) if isinstance(modules, NodeModules) else None
        return found[1] if found is not None else None

    def comparisons(self, *names: str) -> Iterator[tuple[Operation, Span]]:
        """The operations with these names in code that runs on an invocation, each place once."""
        for unit, body in dict.fromkeys(
            (frame.unit, frame.body) for frame, phase in self.reach.frames if phase is Phase.INVOKE
        ):
            for operation in unit.operations.get(body, ()):
                if operation.name in names:
                    yield operation, operation.span

    def event_tests(self) -> Iterator[EventTest]:
        """The comparisons of parts of the event with text in code that runs on an invocation, each place once."""
        from slint.project.event_tests import event_tests  # few rules ask

        handler = self.handler
        return event_tests(self.reach, handler.evaluator) if handler is not None else iter(())

    def resolve(self, expr: Expr) -> Value:
        """An expression of its code with references replaced by what they stand for when this function runs."""
        from slint.project.resolve import resolve  # few values of the code are asked for

        handler = self.handler
        assert handler is not None
        return resolve(handler.evaluator, expr, self._deployed, self.environment_is_open or self.loads_variables)

    @cached_property
    def _deployed(self) -> dict[str, Value]:
        handler = self.handler
        made = handler.image_variables if handler is not None else None
        unread = Unknown(self.span, "a variable of its container image")
        return {
            **dict.fromkeys(made or (), unread),
            **{name: variable.value for name, variable in self.variables.items()},
        }

    @cached_property
    def is_custom_resource(self) -> bool:
        """Whether only CloudFormation invokes it, when a stack changes."""
        kinds = {source.event_class for source in self.sources}
        return kinds == {"custom-resource"} or (not kinds and self._answers_cloudformation)

    @cached_property
    def files(self) -> frozenset[str]:
        """The files, as shown, that it is made of: its template and the code that it runs, or that lacks its handler."""
        files = {unit.module.file.path for unit in self.reach.units()}
        if self.unlinked is not None and self.unlinked.in_file:
            files.update(self.unlinked.tried)
        if self.template is not None:
            files.add(self.template.file.path)
        return frozenset(files)

    @cached_property
    def _answers_cloudformation(self) -> bool:
        handler = self.handler
        if handler is None or self._is_application:
            return False
        imported = (each.module.lstrip(".").split(".")[0] for unit in self.modules for each in unit.module.imports)
        if any(name in CUSTOM_RESOURCE_MODULES for name in imported):
            return True
        from slint.project.event_tests import event_readers

        return any(True for _ in event_readers(self.reach, handler.evaluator, CUSTOM_RESOURCE_FIELDS))

    @cached_property
    def _is_application(self) -> bool:
        """Whether its handler is the application of a framework, which deploys some of its functions on their own."""
        handler = self.handler
        if handler is None:
            return False
        roots = list(filter(None, map(handler.evaluator.root_call, handler.entries)))
        if not roots:
            return False
        from slint.project.recognise import adapter_of  # few handlers are made by a call

        made = (adapter_of(frame.unit, call) for call, frame in roots)
        return any(each is not None and not each.receives_application for each in made)

    @cached_property
    def _apart(self) -> frozenset[Frame]:
        """Of an application, the functions that only CloudFormation invokes: what they do says nothing of the others."""
        handler = self.handler
        if handler is None or not self._is_application:
            return frozenset()
        from slint.project.event_tests import event_readers

        found = [
            *event_readers(self.reach, handler.evaluator, CUSTOM_RESOURCE_FIELDS),
            *(
                site.frame
                for site in self.sites
                if any(name.partition(".")[0] in CUSTOM_RESOURCE_MODULES for name in site.names)
            ),
        ]
        return frozenset(_root(frame) for frame in found)

    @cached_property
    def _effects(self) -> Mapping[str, list[Effect]]:
        found: dict[str, list[Effect]] = {}
        for site in self.sites:
            if not self._apart or _root(site.frame) not in self._apart:
                for effect in site.effects():
                    found.setdefault(effect.kind, []).append(effect)
        return found


def _root(frame: Frame) -> Frame:
    """The frame that a chain of calls begins with."""
    while frame.caller is not None:
        frame = frame.caller
    return frame


class Stack:
    """What is deployed together: a template with those that it nests, and their functions. A function that no template
    describes stands alone.

    `deployed` are all its functions, `functions` those to judge: see Project.
    """

    def __init__(
        self, templates: tuple[Template, ...], deployed: tuple[Function, ...], functions: tuple[Function, ...]
    ):
        self.templates = templates
        self.deployed = deployed
        self.functions = functions

    def function_of(self, resource: Resource) -> Function | None:
        """The function that a resource is."""
        return self._by_resource.get(id(resource))

    def named(self, value: Value, template: Template | None) -> tuple[Function, ...]:
        """The functions that a value stands for where a function's name or ARN is asked for, in the terms of a template.

        References are followed through aliases, nested stacks and what stacks pass to each other; a text is a name.
        """
        if template is None:
            return ()
        found: dict[Function, None] = {}
        for option in value.possible():
            text = Joined(value.span, (option.value,)) if isinstance(option.value, Literal) else option.value
            for target in targets(text, template):
                function = self.function_of(target.template.resources[target.function])
                if function is not None:
                    found[function] = None
        return tuple(found)

    @cached_property
    def _by_resource(self) -> dict[int, Function]:
        return {id(function.resource): function for function in self.deployed if function.resource is not None}


class Project:
    """A project, or a part of one that stands for itself.

    `deployed` are all its functions, `functions` those to judge: all, or the ones that the given paths belong to.
    `sources` are the files that were read, by the path shown. `ledger`, `problems` and `sources` may grow while rules
    ask for code.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.deployed: tuple[Function, ...] = ()
        self.functions: tuple[Function, ...] = ()
        self.templates: tuple[Template, ...] = ()
        self.ledger: list[NotEvaluated] = []
        self.problems: list[Diagnostic] = []
        self.sources: dict[str, SourceFile] = {}

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """What of it is deployed together, in the order of the templates."""
        roots: dict[int, list[Template]] = {}
        for template in self.templates:
            root = template
            while root.parent is not None:
                root = root.parent
            roots.setdefault(id(root), []).append(template)
        judged = set(self.functions)
        owned: dict[int, list[Function]] = {}
        for function in self.deployed:
            owned.setdefault(id(function.template), []).append(function)
        stacks = []
        for templates in roots.values():
            functions = [each for template in templates for each in owned.get(id(template), ())]
            stacks.append(
                Stack(tuple(templates), tuple(functions), tuple(each for each in functions if each in judged))
            )
        alone = (each for each in self.functions if each.template is None)
        return (*stacks, *(Stack((), (each,), (each,)) for each in alone))
