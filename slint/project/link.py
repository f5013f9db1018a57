"""From a template's function to the code that it runs, by the runtime's own rules.

Source: aws-lambda-python-runtime-interface-client 4.2.2 (handler is split at the last dot, `/` means `.`), read
2026-11-22. Node.js has rules of its own: link_node.py.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from slint.code.facts import Call, Definition, Parameter
from slint.knowledge.language import PROMISE, PROMISE_METHODS
from slint.knowledge.runtimes import family_of
from slint.knowledge.wrappers import is_foreign_handler, wrapped_variable
from slint.paths import upward
from slint.project.codebase import Codebase, Reader
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame, definition_of
from slint.project.misspelt import meant
from slint.project.unit import Formal, Unit, call_of
from slint.record import NamedTuple
from slint.regex import regex
from slint.source import SourceFile, Span
from slint.templates.model import TemplateFunction
from slint.value import Absent, Ref, RefKind, Value

if TYPE_CHECKING:
    from slint.parsing.dockerfile import Stage
    from slint.project.link_node import NodeLinker

_GENERATED = regex(
    r"(^|/)(dist|build|out|lib|target|bin|publish|\.aws-sam|\.build|\.esbuild|\.webpack|\.serverless|\.output|\.next|\.open-next|\.nuxt|\.sst|cdk\.out|node_modules|_build|package|artifacts?|stage|asset\.[0-9a-f]{32,}[^/]*)(/|$)"
)
_GENERATED_TEMPLATE = regex(r"(^|/)(dist|build|out|target|\.aws-sam|cdk\.out)/")
_INLINE_MODULE = "index"
"""The file that CloudFormation makes of code written in a template (AWS::Lambda::Function Code, `ZipFile`)."""
_PLACEHOLDER = regex("placeholder|hello from lambda", re.IGNORECASE)
"""In inline code that stands for other code; the latter is what the console fills in."""
_NAMED_WHEN_RUN = regex(
    r"\b(?:globals|vars)\(\)(?:\[[^\]\n]*\]\s*=(?!=)|\.update\()|(?:=|setattr\()\s*sys\.modules\[__name__\]"
)
"""Code that puts names into its own module, which are known only when it runs."""

_BASE_IMAGE = regex(r"(?:\blambda/|aws-lambda-)(python|nodejs)\b")
_OWN_IMAGE = regex(r"(?:public\.ecr\.aws/(?:lambda|sam)/|(?:docker\.io/)?amazon/aws-lambda-)")
"""AWS's own images, which set the variables of a runtime and no others."""


class Handler(NamedTuple):
    """The code that a function runs: the module that holds the entry, and what the entry's name stands for there.

    `definition` is the function when the name leads to one of this project, else None (an adapter object).
    `span` is where the entry is defined. `image_variables` are the environment variables that its container image sets,
    None when its base image may set others.
    """

    unit: Unit
    name: str
    definition: Definition | None
    entries: tuple[Expr, ...]
    span: Span
    evaluator: Evaluator
    image_variables: frozenset[str] | None = frozenset()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that Lambda fills: the event, the context and, in Node.js, the callback."""
        bound = len(self.entries[-1].bound) if self.entries else 0
        return self.definition.parameters[bound:] if self.definition is not None else ()

    @property
    def home(self) -> Unit:
        """The module that holds the definition."""
        return self.entries[-1].frame.unit if self.entries else self.unit

    @property
    def gives_promise(self) -> bool | None:
        """Whether a function of Node.js is async, or returns what surely is a promise; None when it is no function here.

        The runtime waits for the promise. For one without, it waits until nothing is left to do.
        """
        definition = self.definition
        if definition is None or definition.is_async:
            return None if definition is None else True
        home = self.entries[-1].frame
        frame = self.evaluator.frame(home.unit, definition.body, closure=home if home.body else None)
        returned = (each for each in home.unit.exits_of.get(definition.body, ()) if each.kind == "return")
        return any(
            isinstance(each.value, Ref)
            and each.value.kind is RefKind.CALL
            and self._is_promise(call_of(home.unit, each.value), frame)
            for each in returned
        )

    def _is_promise(self, call: Call, frame: Frame) -> bool:
        if isinstance(call.callee, Ref) and call.callee.path[-1:] in PROMISE_METHODS:
            return True
        callees = self.evaluator.callees(call, frame)
        called = (definition_of(each) for each in callees)
        names = (self.evaluator.dotted(each) or "" for each in callees)
        return any(each is not None and each.is_async for each in called) or any(
            name.partition(".")[0] == PROMISE for name in names
        )


class Unlinked(NamedTuple):
    """Why a function has no handler here; `missing` when it is certain that it does not exist, `in_file` when its file
    is there and lacks it: no layer comes before the function's own code.

    `tried` are the paths that were looked for, as shown to users. `instead` is the handler that was most likely meant.
    """

    why: str
    missing: bool = False
    in_file: bool = False
    tried: tuple[str, ...] = ()
    instead: str | None = None


class Linker(NamedTuple):
    """Finds handlers. `read` gives the unit of an absolute path, `text` the text of one, `shown` its name for users,
    `is_ignored` whether git ignores it (then it may be made by a build); `node` finds those of Node.js. `evaluators` are
    kept by import roots: functions that share the roots share what is found out about the modules below them."""

    read: Reader
    text: Callable[[str], SourceFile | None]
    shown: Callable[[str], str]
    is_ignored: Callable[[str], bool]
    node: NodeLinker
    evaluators: dict[tuple[str, ...], Evaluator]

    def link(
        self, function: TemplateFunction, variables: Mapping[str, Value], layers: tuple[str, ...]
    ) -> Handler | Unlinked:
        """The handler of a template's function, or why there is none here."""
        if function.image is not None:
            return self._image(function)
        settings = function.settings
        runtime = settings.at("Runtime").string
        handler = settings.at("Handler").string
        language = (family_of(runtime) or None) if runtime else None
        if settings.at("PackageType").string == "Image":
            return Unlinked("container image without a Dockerfile here")
        if handler is None:
            return Unlinked(
                "Handler is not written out" if not isinstance(settings.at("Handler"), Absent) else "no Handler"
            )
        wrapped = wrapped_variable(handler)
        if wrapped is not None:
            real = variables.get(wrapped)
            if real is None or real.string is None:
                return Unlinked(f"wrapper `{handler}` whose own handler is not known")
            handler = real.string
        if is_foreign_handler(handler):
            return Unlinked(f"`{handler}` is provided by a layer, a build tool or a web server")
        if variables.get("AWS_LAMBDA_EXEC_WRAPPER") is not None and "." not in handler:
            return Unlinked("AWS_LAMBDA_EXEC_WRAPPER decides what runs")
        if function.inline is not None:
            return self._inline(function, handler, language)
        if function.code_root is None:
            return Unlinked(function.no_code or "its code is elsewhere")
        return self._from_root(function, function.code_root, handler, language, layers)

    def python(self, roots: tuple[str, ...], handler: str) -> Handler | Unlinked:
        """A Python handler string below import roots."""
        module_name, _, name = handler.rpartition(".")
        dotted = module_name.replace("/", ".").strip(".")
        if not dotted or not name:
            return Unlinked("it is not of the form module.function", missing=True)
        if name == "py":
            return Unlinked("it names a file, not a function in it", missing=True)
        evaluator = self.below(roots)
        path = evaluator.codebase.path_of(dotted)
        tried = tuple(self.shown(os.path.join(root, *dotted.split(".")) + ".py") for root in roots)
        if path is None:
            found = _misspelt_module(roots, dotted)
            instead = f"{found}.{name}" if found is not None else None
            return Unlinked(f"there is no module `{dotted}`", missing=True, tried=tried, instead=instead)
        unit = self.read(path)
        if unit is None:
            return Unlinked(f"`{self.shown(path)}` cannot be read")
        return self.entry(unit, name, evaluator, module_name)

    def below(self, roots: tuple[str, ...]) -> Evaluator:
        """What follows the Python code below import roots."""
        if roots not in self.evaluators:
            self.evaluators[roots] = Evaluator(Codebase(roots, self.read))
        return self.evaluators[roots]

    def entry(self, unit: Unit, name: str, evaluator: Evaluator, module: str = "") -> Handler | Unlinked:
        """The handler of this name in a module, which a template calls `module`."""
        found = unit.lookup(name, 0)
        if found is None:
            if unit.star_imports or unit.module.errors or unit.lookup("__getattr__", 0):
                return Unlinked(f"`{name}` may come from a star import or from code that could not be parsed")
            if _NAMED_WHEN_RUN.search(unit.module.file.text):
                return Unlinked(f"`{name}` may be a name that the module gives itself when it runs")
            shown = self.shown(unit.path)
            other = _misspelt_function(unit, name)
            instead = f"{module}.{other}" if module and other is not None else None
            return Unlinked(
                f"`{shown}` defines no `{name}`", missing=True, in_file=True, tried=(shown,), instead=instead
            )
        home = evaluator.module_frame(unit)
        last = found[1][-1]
        span = last.parameter.span if isinstance(last, Formal) else last.span
        entries = tuple(evaluator.follow(Expr(Ref(span, RefKind.NAME, name), 0, home)))
        definition = None
        for entry in entries:
            value = entry.value
            if isinstance(value, Ref) and value.kind is RefKind.BLOCK and not value.path:
                definition = entry.frame.unit.definitions.get(int(value.name)) or definition
                span = definition.span if definition is not None else span
        return Handler(unit, name, definition, entries, span, evaluator)

    # -- one kind of code each ---------------------------------------------------------------------------------------

    def _from_root(
        self, function: TemplateFunction, root: str, handler: str, language: str | None, layers: tuple[str, ...]
    ) -> Handler | Unlinked:
        node = self.node.beside(layers)
        if not os.path.exists(root):
            made = node.link(function, root, handler, may_guess=False) if language == "nodejs" else None
            return made if isinstance(made, Handler) else self._no_root(function, root)
        if os.path.isfile(root):
            return self._single_file(root, handler, language)
        if language == "python":
            result = self.python((root, *layers), handler)
        elif language == "nodejs":
            result = node.link(function, root, handler)
        elif not language:
            return Unlinked("its runtime is not known")
        else:
            return Unlinked(f"{language} code is not read")
        if isinstance(result, Unlinked) and result.missing:
            result = self._excused(function, root, handler, result)
        return result

    def _excused(self, function: TemplateFunction, root: str, handler: str, result: Unlinked) -> Unlinked:
        """A handler that is not there may still be made by a build or come from elsewhere."""
        if function.build_method not in (None, "python", "nodejs") and not str(function.build_method).startswith(
            ("python", "nodejs")
        ):
            return Unlinked(f"made by the build method {function.build_method}", tried=result.tried)
        if _GENERATED.search(self.shown(root)) or _GENERATED.search(handler):
            return Unlinked("made by a build that has not run here", tried=result.tried)
        has_layers = function.settings.at("Layers") != Absent(function.settings.span)
        if has_layers and not result.in_file and not _all_local(function):
            return Unlinked("may be in a layer that is not here", tried=result.tried)
        if "{{" in handler or "${" in handler:
            return Unlinked("Handler holds a placeholder", tried=result.tried)
        if not result.in_file and self._is_of_library(root, re.split(r"[./]", handler)[0]):
            return Unlinked("it is that of a library, which the build installs", tried=result.tried)
        return result

    def _is_of_library(self, root: str, name: str) -> bool:
        """Whether a module is called like a library that is installed beside the code."""
        from slint.knowledge.packages import normalised  # few handlers are not there
        from slint.project.manifests import requirements

        listed = os.path.join(root, "requirements.txt")
        if os.path.isfile(listed) and any(
            each.name == normalised(name) for each in requirements(listed, self.text, root)
        ):
            return True
        return self.node.modules.declares(root, name)

    def _no_root(self, function: TemplateFunction, root: str) -> Unlinked:
        from slint.project import build_files  # few folders are missing

        shown, resource = self.shown(root), function.resource
        is_made = (
            _GENERATED.search(shown) is not None
            or _GENERATED_TEMPLATE.search(resource.template.file.path) is not None
            or resource.metadata.entry("aws:asset:path") is not None  # in the folder that the CDK wrote it to
            or self.is_ignored(root)
        )
        if is_made or "{{" in shown or "${" in shown or build_files.make(root, shown):
            return Unlinked("made by a build that has not run here", tried=(shown,))
        folder, name = os.path.split(root)
        try:
            other = meant(name, os.listdir(folder))
        except OSError:
            other = None
        beside = f", but `{self.shown(os.path.join(folder, other))}` does" if other is not None else ""
        return Unlinked(f"`{shown}` does not exist{beside}", missing=True, tried=(shown,))

    def _single_file(self, root: str, handler: str, language: str | None) -> Handler | Unlinked:
        if language == "nodejs" and root.endswith((".js", ".mjs", ".cjs")):
            return self.node.entry(root, handler.rpartition("/")[2].partition(".")[2])
        if not root.endswith(".py") or language not in ("python", None):
            return Unlinked("a single file that is not read" if language else "its runtime is not known")
        unit = self.read(root)
        name = handler.rpartition(".")[2]
        if unit is None:
            return Unlinked(f"`{self.shown(root)}` cannot be read")
        return self.entry(unit, name, self.below((os.path.dirname(root),)))

    def _inline(self, function: TemplateFunction, handler: str, language: str | None) -> Handler | Unlinked:
        module, _, name = handler.partition(".") if language == "nodejs" else handler.rpartition(".")
        if language in ("python", "nodejs") and module and module != _INLINE_MODULE:
            if function.inline is not None and _PLACEHOLDER.search(function.inline.text):
                return Unlinked("inline code that a later deployment replaces")
            ending = ".py" if language == "python" else ".js"
            for folder in upward(os.path.dirname(function.resource.template.path), self.node.modules.root):
                if os.path.isfile(os.path.join(folder, *module.split("." if ending == ".py" else "/")) + ending):
                    return Unlinked(f"inline code beside a file of the name that Handler has: `{module}{ending}`")
            why = f"inline code is deployed as the module `{_INLINE_MODULE}`"
            return Unlinked(why, missing=True, instead=f"{_INLINE_MODULE}.{name}")
        if language not in ("python", "nodejs") or function.inline is None:
            return Unlinked(f"inline code for {language or 'an unknown runtime'} is not read")
        path = f"{function.resource.template.path}#{function.id}"
        if language == "nodejs":
            return self.node.inline(path, name)
        unit = self.read(path)
        if unit is None:
            return Unlinked("the inline code cannot be read")
        return self.entry(unit, name, self.below(()), module)

    def _image(self, function: TemplateFunction) -> Handler | Unlinked:
        from slint.parsing import dockerfile  # few functions are images

        image = function.image
        assert image is not None
        file = self.text(image.dockerfile)
        if file is None:
            return Unlinked("its Dockerfile is not here", tried=(self.shown(image.dockerfile),))
        stages = dockerfile.parse(file)
        if not stages:
            return Unlinked("its Dockerfile has no FROM")
        final = stages[-1]
        command = function.settings.at("ImageConfig", "Command", 0).string
        written = final.last("CMD")
        if command is None and written is not None and written.is_exec and len(written.words) == 1:
            command = written.words[0]
        base = _BASE_IMAGE.search(final.base)
        if base is None:
            return Unlinked("an image that is not based on a Lambda image for Python or Node.js")
        if command is None or final.last("ENTRYPOINT") is not None:
            return Unlinked("an image whose command is not one handler")
        roots = _copied(image.context, final)
        if base[1] == "python":
            result = self.python(tuple(roots), command)
        else:
            tried = [self.node.link(function, root, command, may_guess=False) for root in roots]
            result = next((each for each in tried if isinstance(each, Handler)), tried[0])
        if isinstance(result, Unlinked) and result.missing:
            return Unlinked(f"{result.why} among the files that the Dockerfile copies", tried=result.tried)
        if isinstance(result, Handler):
            known = dockerfile.variables(stages) if _OWN_IMAGE.match(final.base) else None
            return result._replace(image_variables=known)
        return result


def _misspelt_module(roots: tuple[str, ...], dotted: str) -> str | None:
    """The module that a name which leads to none was most likely meant to name, in the same folder of a root."""
    package, _, last = dotted.rpartition(".")
    names: list[str] = []
    for root in roots:
        try:
            entries = os.listdir(os.path.join(root, *package.split(".")) if package else root)
        except (OSError, ValueError):
            continue
        names += (entry.removesuffix(".py") for entry in entries if entry.endswith(".py"))
    found = meant(last, names)
    return (f"{package}.{found}" if package else found) if found is not None else None


def _misspelt_function(unit: Unit, name: str) -> str | None:
    """The function that was most likely meant: one of a similar name, else the only one that looks like a handler."""
    definitions = [each.name for each in unit.module.definitions if each.scope == 0 and each.name]
    found = meant(name, definitions)
    from slint.project.recognise import handlers  # few names are misspelt

    alike = [each.name for each in handlers(unit)] if found is None else []
    return alike[0] if len(alike) == 1 else found


def _copied(context: str, stage: Stage) -> list[str]:
    """The folders of the build context whose content lands in the task root, as import roots."""
    roots: list[str] = []
    for each in stage.instructions:
        if each.keyword not in ("COPY", "ADD") or "from" in each.flags or len(each.words) < 2:
            continue
        *copied, target = each.words
        place = re.sub(r"^(\$\{?LAMBDA_TASK_ROOT\}?|/var/task|\.)/?", "", target).strip("/")
        for source in copied:
            path = os.path.normpath(os.path.join(context, source.lstrip("/")))
            if os.path.isdir(path):
                root = path
                for _ in filter(None, place.split("/")):
                    root = os.path.dirname(root)
            else:
                root = os.path.dirname(path)
            if root not in roots:
                roots.append(root)
    return roots or [context]


def _all_local(function: TemplateFunction) -> bool:
    layers = function.settings.at("Layers")
    return all(isinstance(child, Ref) and child.kind is RefKind.RESOURCE for child in layers.children())
