"""Which functions a value of a template names, across aliases, versions, ARNs and nested stacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from slint.record import NamedTuple
from slint.regex import regex
from slint.templates.intrinsics import rendered
from slint.templates.model import Resource, Template, TemplateFunction
from slint.value import Choice, Items, Joined, Literal, Ref, RefKind, Value

FUNCTION_TYPES: Final = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_QUALIFIERS: Final = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
_NAME: Final = r"(?:\$\{[^}]*\}|[^\s:/\"'\\{}])+"
_ARN: Final = regex(rf":function:({_NAME})(?::({_NAME}))?")
_MAX_STEPS: Final = 16
_MAX_VALUES: Final = 20_000


class Target(NamedTuple):
    """A function that is named: its template, its logical id, and whether by a version or alias (None: unknown)."""

    template: Template
    function: str
    qualified: bool | None


def targets(value: Value, template: Template) -> tuple[Target, ...]:
    """The functions that a value of this template names, in the order written, each once.

    Collections, texts and alternatives are searched; what is Unknown proves nothing.
    """
    found: dict[tuple[int, str], Target] = {}
    for target in _search(value, template, _MAX_STEPS):
        key = id(target.template), target.function
        earlier = found.get(key)
        same = earlier is None or earlier.qualified == target.qualified
        found[key] = target if same else target._replace(qualified=None)
    return tuple(found.values())


def referred_resource(value: Value, template: Template) -> Resource | None:
    """The first resource of this template that a value refers to."""
    for ref in value.references():
        if ref.kind is RefKind.RESOURCE and ref.span.file is template.file:
            resource = template.resources.get(str(ref.name))
            if resource is not None:
                return resource
    return None


def _search(value: Value, template: Template, steps: int) -> Iterator[Target]:
    if isinstance(value, Literal):  # a bare name, only where nothing but a name can stand
        if isinstance(value.value, str) and value.value:
            yield from _by_text(value.value, template, is_name=True)
        return
    stack: list[Value] = [value]
    seen = 0
    while stack:
        part = stack.pop()
        seen += 1
        if seen > _MAX_VALUES:
            return
        if isinstance(part, Ref):
            yield from _follow(part, template, steps)
        elif isinstance(part, Joined):
            yield from _in_text(part, template, steps)
        elif isinstance(part, Literal):
            if isinstance(part.value, str) and ":function:" in part.value:
                yield from _by_text(part.value, template, is_name=False)
        elif isinstance(part, Items):
            stack.extend(entry.value for entry in reversed(part.entries))
        elif isinstance(part, Choice):
            stack.extend(option.value for option in reversed(part.options))


def _follow(ref: Ref, template: Template, steps: int) -> Iterator[Target]:
    """The function behind a reference: itself, what an alias or version belongs to, a nested stack's output."""
    if ref.kind is not RefKind.RESOURCE or steps <= 0:
        return
    home = _home(ref, template)
    name = str(ref.name)
    if ref.path[:1] == ("Outputs",) and len(ref.path) > 1 and name in home.nested:
        child = home.nested[name]
        yield from _search(child.outputs.at(ref.path[1], "Value"), child, steps - 1)
        return
    resource = home.resources.get(name)
    if resource is None:
        return
    if resource.type in FUNCTION_TYPES:
        if ref.path in ((), ("Arn",)):
            yield Target(home, name, False)
        elif ref.path[0] in ("Alias", "Version"):
            yield Target(home, name, True)
    elif resource.type in _QUALIFIERS:
        for target in _search(resource.properties.at("FunctionName"), home, steps - 1):
            yield target._replace(qualified=True)


def _home(ref: Ref, template: Template) -> Template:
    """The template in whose resources a reference is to be looked up: a parent stack's, when it was passed."""
    home: Template | None = template
    while home is not None:
        if home.file is ref.span.file:
            return home
        home = home.parent
    return template  # written in a file that the template includes


def _in_text(text: Joined, template: Template, steps: int) -> Iterator[Target]:
    """`${Fn.Arn}:live`, `arn:…:function:${Fn}`, an API's integration URI."""
    found = False
    for number, part in enumerate(text.parts):
        if isinstance(part, Ref):
            following = text.parts[number + 1] if number + 1 < len(text.parts) else None
            suffix = following.string or "" if following is not None else ""
            if number and found and text.parts[number - 1].string == ":":
                continue  # `${Fn.Arn}:${Alias}`: the qualifier of the function before
            for target in _follow(part, template, steps):
                found = True
                if re.match(r":[^\s/\"',}]|:\Z", suffix):
                    target = target._replace(qualified=not suffix.startswith(":$LATEST"))
                yield target
        elif isinstance(part, Choice):
            for option in part.possible():
                if isinstance(option.value, Ref):
                    yield from _follow(option.value, template, steps)
    if not found:
        whole = rendered(text)
        if whole is not None:
            yield from _by_text(whole, template, is_name=True)


def _by_text(text: str, template: Template, *, is_name: bool) -> Iterator[Target]:
    """Functions whose FunctionName is in the ARNs of a text, or is the text."""
    arns = [(found.group(1), found.group(2)) for found in _ARN.finditer(text)]
    if not arns and is_name and len(text) < 200:
        arns = [(text, None)]
    for name, qualifier in arns:
        for home, function in _named(name, template):
            yield Target(home, function.id, qualifier not in (None, "$LATEST"))


def _named(name: str, template: Template) -> Iterator[tuple[Template, TemplateFunction]]:
    root = template
    while root.parent is not None:
        root = root.parent
    homes = [template] if "${" in name else list(_tree(root))  # a stack's own name differs from its parent's
    for home in homes:
        for function in home.functions:
            if rendered(function.settings.at("FunctionName")) == name:
                yield home, function
                return


def _tree(template: Template) -> Iterator[Template]:
    yield template
    for child in template.nested.values():
        yield from _tree(child)
