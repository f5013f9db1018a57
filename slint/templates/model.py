"""What a deployment template says, whatever its dialect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from slint.record import NamedTuple
from slint.source import SourceFile, Span
from slint.value import Items, Value


class Resource(NamedTuple):
    """One resource. `properties` and `metadata` are evaluated: parameters with a default, mappings, `Fn::If`,
    `Fn::Sub` … have become values of slint.value. `span` is the logical id where it is declared.

    The template's defaults for this type (SAM Globals) are merged in. `raw` are the same properties as they are
    written, intrinsic functions as Items (`{"Ref": …}`): it tells whether a value came through a parameter.
    `attributes` is the evaluated rest of the resource: DeletionPolicy, UpdatePolicy, IgnoreGlobals …
    """

    template: Template
    id: str
    type: str
    properties: Items
    metadata: Items
    condition: str | None
    depends_on: tuple[str, ...]
    span: Span
    raw: Items
    attributes: Items


class Source(NamedTuple):
    """What invokes a function.

    `kind` is the kind of event in one vocabulary for all dialects (knowledge/event_sources.py): "api", "http-api",
    "websocket", "function-url", "alb", "appsync", "cognito", "authorizer", "sqs", "schedule" …
    `event_class` is "user-facing" (somebody waits), "async", "polled", "orchestrated", "custom-resource" or "other".
    `routes` are the (method, path) pairs of an API event, "*" for any method; `span` is the line that proves it.
    `settings` are the Properties of a SAM event, else the properties of the resource that wires the event.
    `resource` is the logical id of the sender (the queue, the API, …) and `declared_by` that of the resource which
    holds `span`, where there is one.
    """

    function: str
    kind: str
    event_class: str
    span: Span
    settings: Items
    resource: str | None = None
    routes: tuple[tuple[str, str], ...] = ()
    qualified: bool | None = None  # does it invoke a version or alias? None when unknown or wired by SAM
    declared_by: str | None = None


class ImageBuild(NamedTuple):
    """How a container image is built: absolute paths of the context folder and the Dockerfile, the stage or None."""

    context: str
    dockerfile: str
    target: str | None = None


class TemplateFunction(NamedTuple):
    """One function as its template describes it.

    `settings` holds the properties with the template's defaults (SAM Globals) merged in, every entry with the span
    where it is written. `code_root` is the folder or file that CodeUri/Code names, absolute; None with `no_code`
    saying why when it is elsewhere. `inline` is code written in the template. `ignored_globals` is IgnoreGlobals
    ("*" for all). `build_method` and `build_properties` are SAM's Metadata of these names.
    """

    resource: Resource
    settings: Items
    code_root: str | None
    no_code: str | None
    inline: SourceFile | None
    image: ImageBuild | None = None
    build_method: str | None = None
    build_properties: Items | None = None
    ignored_globals: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The logical id."""
        return self.resource.id


class Template:
    """A template as written, joined with what it includes. `path` is absolute.

    `dialect` is "sam" or "cloudformation". `is_open` is set when a macro or include may change any resource.
    `inputs` are the parameters' definitions, `conditions` the evaluated conditions, by name.
    `parent` is the template whose nested stack `stack` this is, with the parameters it passes already put in: a value
    that was passed keeps its span in the parent's file, which tells whose resource a reference means.
    `nested` are the templates of this one's own nested stacks, by logical id.
    """

    def __init__(
        self,
        file: SourceFile,
        path: str,
        dialect: str,
        globals: Items,
        inputs: Items,
        outputs: Items,
        is_open: bool = False,
        notes: tuple[Note, ...] = (),
        conditions: Mapping[str, Value] = MappingProxyType({}),
        parent: Template | None = None,
        stack: str | None = None,
    ) -> None:
        self.file: Final = file
        self.path: Final = path
        self.dialect: Final = dialect
        self.globals: Final = globals
        self.inputs: Final = inputs
        self.outputs: Final = outputs
        self.is_open: Final = is_open
        self.notes: Final = notes
        self.conditions: Final = conditions
        self.parent: Final = parent
        self.stack: Final = stack
        # These refer back to the template, so whoever reads it adds them once it is made.
        self.resources: Mapping[str, Resource] = {}
        self.functions: tuple[TemplateFunction, ...] = ()
        self.sources: tuple[Source, ...] = ()
        self.nested: Mapping[str, Template] = {}
        self._by_type: dict[str, list[tuple[int, Resource]]] = {}

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of these CloudFormation types, in the order written."""
        if not self._by_type:  # every function asks
            for number, resource in enumerate(self.resources.values()):
                self._by_type.setdefault(resource.type, []).append((number, resource))
        found = [each for name in dict.fromkeys(types) for each in self._by_type.get(name, ())]
        return (resource for _, resource in sorted(found, key=lambda each: each[0]))


class Note(NamedTuple):
    """What could not be read or evaluated in a template; goes to the ledger."""

    span: Span
    what: str
    why: str
