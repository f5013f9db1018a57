"""Reads CloudFormation and SAM templates: which files they are, their resources, functions and sources.

Nothing is fetched and nothing outside of the project is read. What a macro, an include or a parameter decides at
deployment stays unknown.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from slint.knowledge.limits import TEMPLATE_BYTES
from slint.parsing import yaml
from slint.parsing.errors import ParseError
from slint.parsing.placeholders import FILLED_IN, is_filled_in
from slint.paths import is_within
from slint.record import NamedTuple
from slint.regex import regex
from slint.source import SourceFile, Span
from slint.templates import sam
from slint.templates.code_location import code_of, layer_root, local_path
from slint.templates.events import find_sources
from slint.templates.intrinsics import Scope, evaluate, evaluate_condition, is_macro
from slint.templates.model import Note, Resource, Template, TemplateFunction
from slint.templates.sam import as_items
from slint.templates.targets import FUNCTION_TYPES
from slint.value import Absent, Items, Value

__all__ = ["Result", "families", "layer_root", "looks_like_template", "nests", "read_templates"]

Read = Callable[[str], SourceFile | None]

_RESOURCES: Final = regex(r"""Resources["']?\s*:""")  # a literal first: that is what is searched fast
_RESOURCE_TYPES: Final = ("AWS::", "Custom::", "Alexa::")
_HARMLESS_TRANSFORMS: Final = frozenset({"AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"})
_HARMLESS_STARTS: Final = ("AWS::SecretsManager-", "AWS::CodeDeploy")  # with a version, and by what is deployed
_STACKS: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_DOCUMENTS: Final = ("DefinitionBody", "Body")
_DOCUMENT_FILES: Final = ("DefinitionUri", "BodyS3Location")
_NOT_ATTRIBUTES: Final = frozenset({"Type", "Properties", "Metadata"})

_TOO_LARGE: Final = f"it is larger than the {TEMPLATE_BYTES:,} bytes that a template may have"
_MAX_NESTED: Final = 8
_MAX_STACKS: Final = 200
"""Nested stacks deeper than this, or more of them below one template, are not read."""


class Result(NamedTuple):
    """The templates that were found; `broken` are files that look like one and cannot be parsed."""

    templates: tuple[Template, ...]
    broken: tuple[tuple[SourceFile, ParseError], ...]
    skipped: tuple[Note, ...]


def looks_like_template(text: str) -> bool:
    """Whether a text may be a template, cheaply and before it is parsed: the content decides, not the name."""
    return (
        "Resources" in text
        and any(
            not text[max(found.start() - 1, 0) : found.start()].strip("\"' \t\r\n\ufeff{,")
            for found in _RESOURCES.finditer(text)
        )
        and any(prefix in text for prefix in _RESOURCE_TYPES)
    )


def read_templates(files: Sequence[tuple[str, SourceFile]], read: Read, within: str) -> Result:
    """Read the templates among these (absolute path, file) pairs, with what they include and nest.

    `read` gives any further file by absolute path, None when it is missing; it is asked for nothing outside of the
    folder `within`. A template that others nest is read once for each of them, with the parameters that it is given,
    and not for itself. Files that are no template are left out silently.
    """
    return _Reader(files, read, os.path.normpath(within)).result()


def nests(text: str) -> bool:
    """Whether the text of a template may name others that it nests."""
    return any(type in text for type in _STACKS)


def families(
    paths: Iterable[str], nesting: Sequence[tuple[str, SourceFile]], read: Read, within: str
) -> list[tuple[str, ...]]:
    """The absolute paths of templates in groups, each in order: what nests in each other, directly or not, must be
    given to one call of `read_templates`, with the same `read` and `within`. `nesting` are those that `nests` tells."""
    reader = _Reader(nesting, read, os.path.normpath(within))
    group = {path: {path} for path in map(os.path.normpath, paths)}
    for start in [os.path.normpath(path) for path, _ in nesting]:
        todo = [reader.open_document(start)]
        seen = {start}
        while todo:
            document = todo.pop()
            for path in reader.nested_paths(document) if document is not None else ():
                if path in group and group[path] is not group[start]:
                    group[start] |= group[path]
                    group.update(dict.fromkeys(group[path], group[start]))
                if path not in seen:
                    seen.add(path)
                    todo.append(reader.open_document(path))
    return [tuple(sorted(paths)) for paths in {id(paths): paths for paths in group.values()}.values()]


class _Document(NamedTuple):
    """A template that is parsed but not evaluated."""

    path: str
    file: SourceFile
    root: Items


class _Reader:
    """Holds what one call of `read_templates` has read."""

    def __init__(self, files: Sequence[tuple[str, SourceFile]], read: Read, within: str) -> None:
        self.within = within
        self._read = read
        self.broken: list[tuple[SourceFile, ParseError]] = []
        self.skipped: list[Note] = []
        self.documents: dict[str, _Document | None] = {}
        self.bodies: dict[str, Value | None] = {}
        self.stacks = 0
        for path, file in files:
            path = os.path.normpath(path)
            if path not in self.documents:
                self.documents[path] = self._document(path, file)

    def result(self) -> Result:
        given = [document for document in self.documents.values() if document is not None]
        nested = {path for document in given for path in self.nested_paths(document)}
        built: list[Template] = []
        done: set[str] = set()
        # Templates that only nest each other have no root; the second round takes what the first did not reach.
        for roots in ([each for each in given if each.path not in nested], given):
            for document in roots:
                if document.path in done:
                    continue
                self.stacks = 0
                family = list(_family(self._build(document, None, None, {}, ())))
                done.update(template.path for template in family)
                sources = find_sources(family, self._api_bodies)
                for template in family:
                    template.sources = sources.get(id(template), ())
                built.extend(family)
        return Result(tuple(built), tuple(self.broken), tuple(self.skipped))

    # -- files -----------------------------------------------------------------------------------------------------

    def _document(self, path: str, file: SourceFile) -> _Document | None:
        if not looks_like_template(file.text):
            return None
        if len(file.text) > TEMPLATE_BYTES:
            self.skipped.append(Note(Span(file, 0, 0), "template", _TOO_LARGE))
            return None
        unread: dict[str, Span] = {}
        try:
            root = yaml.parse(file, unread)
        except ParseError as error:
            if is_filled_in(file.text):
                self.skipped.append(Note(error.span, "template", FILLED_IN))
            else:
                self.broken.append((file, error))
            return None
        if not isinstance(root, Items) or not _has_resources(root):
            return None
        self.skipped.extend(Note(span, "a part of the template", why) for why, span in unread.items())
        return _Document(path, file, root)

    def _open(self, path: str) -> SourceFile | None:
        return self._read(path) if is_within(path, self.within) else None

    def open_document(self, path: str) -> _Document | None:
        """A template by its path."""
        if path not in self.documents:
            file = self._open(path)
            self.documents[path] = self._document(path, file) if file is not None else None
        return self.documents[path]

    def _body(self, path: str) -> Value | None:
        """The value of an API document or included file."""
        if path not in self.bodies:
            file = self._open(path)
            if file is not None and len(file.text) > TEMPLATE_BYTES:
                self.skipped.append(Note(Span(file, 0, 0), "API definition", _TOO_LARGE))
                file = None
            try:
                self.bodies[path] = yaml.parse(file) if file is not None else None
            except ParseError as error:
                self.bodies[path] = None
                self.skipped.append(Note(error.span, "API definition", error.message))
        return self.bodies[path]

    # -- nested stacks ---------------------------------------------------------------------------------------------

    def nested_paths(self, document: _Document) -> Iterator[str]:
        """The paths of the templates that one nests."""
        scope: Scope | None = None
        for _, entry in as_items(document.root.at("Resources")).named():
            key = _STACKS.get(entry.value.at("Type").string or "")
            if key is not None:
                scope = scope or _scope(document.root, {})
                location = evaluate(entry.value.at("Properties", key), scope)
                path = self._stack_path(location, entry.value.at("Metadata"), document.path)
                if path is not None and path != document.path:
                    yield path

    def _stack_path(self, location: Value, metadata: Value, parent: str) -> str | None:
        folder = os.path.dirname(parent)
        asset = metadata.at("aws:asset:path")  # the CDK names the file it synthesized here
        return local_path(asset if asset.string is not None else location, folder)

    def _nest(self, template: Template, chain: tuple[str, ...]) -> Iterator[tuple[str, Template]]:
        for resource in template.of_type(*_STACKS):
            location = resource.properties.at(_STACKS[resource.type])
            path = self._stack_path(location, resource.metadata, template.path)
            if path is None or path in chain or len(chain) > _MAX_NESTED or self.stacks >= _MAX_STACKS:
                continue
            document = self.open_document(path)
            if document is None:
                continue
            self.stacks += 1
            parameters = as_items(resource.properties.at("Parameters"))
            passed = {name: entry.value for name, entry in parameters.named()}
            yield resource.id, self._build(document, template, resource.id, passed, chain)

    # -- one template ----------------------------------------------------------------------------------------------

    def _build(
        self,
        document: _Document,
        parent: Template | None,
        stack: str | None,
        passed: Mapping[str, Value],
        chain: tuple[str, ...],
    ) -> Template:
        root = document.root
        scope = _scope(root, passed)
        notes, is_open = _macros(root)
        template = Template(
            file=document.file,
            path=document.path,
            dialect=_dialect(root),
            globals=as_items(evaluate(root.at("Globals"), scope)),
            inputs=as_items(root.at("Parameters")),
            outputs=as_items(evaluate(root.at("Outputs"), scope)),
            is_open=is_open,
            notes=notes,
            conditions={
                name: evaluate_condition(entry.value, scope) for name, entry in as_items(root.at("Conditions")).named()
            },
            parent=parent,
            stack=stack,
        )
        template.resources = resources = {}
        for name, entry in as_items(root.at("Resources")).named():
            kind = entry.value.at("Type").string
            if kind is not None and isinstance(entry.value, Items) and not is_macro(name):
                resources[name] = _resource(template, name, kind, entry.value, entry.span, root.at("Globals"), scope)
        template.functions = tuple(self._function(each) for each in template.of_type(*FUNCTION_TYPES))
        template.nested = dict(self._nest(template, (*chain, document.path)))
        return template

    def _function(self, resource: Resource) -> TemplateFunction:
        code = code_of(resource, self.within)
        properties = resource.metadata.at("BuildProperties")
        return TemplateFunction(
            resource=resource,
            settings=resource.properties,
            code_root=code.folder,
            no_code=code.why,
            inline=code.inline,
            image=code.image,
            build_method=resource.metadata.at("BuildMethod").string,
            build_properties=properties if isinstance(properties, Items) else None,
            ignored_globals=sam.ignored_globals(resource.attributes),
        )

    # -- documents of APIs -----------------------------------------------------------------------------------------

    def _api_bodies(self, api: Resource) -> Iterator[Value]:
        folder = os.path.dirname(api.template.path)
        scope = Scope(api.template.inputs, Items(api.span, ()))
        for key in _DOCUMENTS:
            yield api.properties.at(key)
            included = api.raw.at(key, "Fn::Transform")
            if included.at("Name").equals("AWS::Include") is True:
                location = evaluate(included.at("Parameters", "Location"), scope)
                body = self._file_body(location, folder)
                if body is not None:
                    yield evaluate(body, scope)
        for key in _DOCUMENT_FILES:
            body = self._file_body(api.properties.at(key), folder)
            if body is not None:
                yield evaluate(body, scope)

    def _file_body(self, location: Value, folder: str) -> Value | None:
        path = local_path(location, folder)
        return self._body(path) if path is not None else None


def _family(template: Template) -> Iterator[Template]:
    yield template
    for child in template.nested.values():
        yield from _family(child)


def _has_resources(root: Items) -> bool:
    resources = root.at("Resources")
    if not isinstance(resources, Items) or resources.is_list:
        return False
    types = (entry.value.at("Type").string for entry in resources.entries)
    return any(kind is not None and kind.startswith(_RESOURCE_TYPES) for kind in types)


def _dialect(root: Items) -> str:
    if sam.TRANSFORM in (name for name, _ in _transforms(root)):
        return "sam"
    resources = as_items(root.at("Resources"))
    types = (entry.value.at("Type").string or "" for entry in resources.entries)
    return "sam" if any(kind.startswith(sam.PREFIX) for kind in types) else "cloudformation"


def _scope(root: Items, passed: Mapping[str, Value]) -> Scope:
    inputs = as_items(root.at("Parameters"))
    plain = Scope(inputs, Items(root.span, ()), passed)
    mappings = as_items(evaluate(root.at("Mappings"), plain))
    functions = (
        (name, _raw_properties(entry.value, root.at("Globals")))
        for name, entry in as_items(root.at("Resources")).named()
        if entry.value.at("Type").equals("AWS::Serverless::Function") is True
    )
    evaluated = ((name, as_items(evaluate(_alias_only(properties), plain))) for name, properties in functions)
    declared = as_items(root.at("Resources"))
    generated = {name: target for name, target in sam.generated_aliases(evaluated) if declared.entry(name) is None}
    return Scope(inputs, mappings, passed, generated)


def _alias_only(properties: Items) -> Items:
    entry = properties.entry("AutoPublishAlias")
    return Items(properties.span, (entry,) if entry is not None else ())


def _raw_properties(resource: Value, sections: Value) -> Items:
    kind = resource.at("Type").string or ""
    own = resource.at("Properties")
    return sam.with_globals(kind, as_items(own), sections, sam.ignored_globals(resource))


def _resource(
    template: Template, name: str, kind: str, written: Items, span: Span, sections: Value, scope: Scope
) -> Resource:
    raw = _raw_properties(written, sections)
    rest = Items(written.span, tuple(each for each in written.entries if each.literal_key not in _NOT_ATTRIBUTES))
    depends = written.at("DependsOn")
    names = [entry.value.string for entry in depends.entries] if isinstance(depends, Items) else [depends.string]
    return Resource(
        template=template,
        id=name,
        type=kind,
        properties=as_items(evaluate(raw, scope)),
        metadata=as_items(evaluate(written.at("Metadata"), scope)),
        condition=written.at("Condition").string,
        depends_on=tuple(each for each in names if each is not None),
        span=span,
        raw=raw,
        attributes=as_items(evaluate(rest, scope)),
    )


def _transforms(root: Items) -> Iterator[tuple[str | None, Span]]:
    """The macros of the whole template: name (None when not written out) and place."""
    written = root.at("Transform")
    if isinstance(written, Absent):
        return
    members: Iterable[Value] = [written]
    if isinstance(written, Items) and written.is_list:
        members = [entry.value for entry in written.entries]
    for member in members:
        yield (member.at("Name") if isinstance(member, Items) else member).string, member.span


def _macros(root: Items) -> tuple[tuple[Note, ...], bool]:
    """What may change any resource, with a note each."""
    notes = [
        Note(span, f"macro {name}" if name else "macro", "only deployment knows what it changes")
        for name, span in _transforms(root)
        if name is None or not (name in _HARMLESS_TRANSFORMS or name.startswith(_HARMLESS_STARTS))
    ]
    for section in (root, as_items(root.at("Resources"))):
        notes.extend(
            Note(entry.span, str(entry.literal_key), "only deployment knows what it adds")
            for entry in section.entries
            if is_macro(entry.literal_key)
        )
    return tuple(notes), bool(notes)
