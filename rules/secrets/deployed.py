"""What the environment variables of a deployed function hold: what the rules here share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from slint import Function, Resource, Span, Template, knowledge, values

_NAMED_BY = ("Name", "Id", "Path")
"""How the properties of a resource end that hold what it is called."""

_NAME_ONLY = "AWS::SSM::Parameter::Name"
_STORED = "AWS::SSM::Parameter::Value<"


def template(variables: str, more: str = "") -> str:
    """The template of an example: a function with these lines as its variables, and `more` sections."""
    lines = "".join(f"          {line}\n" for line in variables.splitlines())
    return f"""\
Transform: AWS::Serverless-2016-10-31
{more}Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Environment:
        Variables:
{lines}"""


FETCHES = """\
import os

from aws_lambda_powertools.utilities import parameters


def handler(event, context):
    return len(parameters.get_secret(os.environ["SECRET_NAME"], max_age=300))
"""
"""The code of good examples: it fetches the secret, and keeps it for a while."""

ADVICE = "keep the secret in Secrets Manager, pass its name or ARN, and fetch the value when the function runs"


class Parameter(NamedTuple):
    """A parameter that a variable takes its text from; `span` is where it is declared."""

    name: str
    definition: values.Value
    span: Span

    @property
    def is_hidden(self) -> bool:
        """Whether CloudFormation does not show its value (NoEcho)."""
        written = self.definition.at("NoEcho")
        return written.equals(True) is True or (written.string or "").lower() == "true"

    @property
    def default(self) -> str | None:
        """The text of its default, None without one."""
        return None if self.is_stored else self.definition.at("Default").string

    @property
    def is_stored(self) -> bool:
        """Whether its value is that of a stored parameter, and its default the name of that."""
        return (self.definition.at("Type").string or "").startswith(_STORED)

    @property
    def stored_name(self) -> str:
        """The last part of the name of the stored parameter, as far as it is known."""
        return ((self.definition.at("Default").string or "") if self.is_stored else "").rpartition("/")[2]


def parameters(function: Function, variable: str) -> Iterator[Parameter]:
    """The parameters whose values are in a variable; not those that hold the name of a stored parameter."""
    if function.template is None:
        return
    here = function.variables[variable]
    for ref in here.parameters:
        entry = function.template.inputs.entry(str(ref.name))
        if entry is None or _passed_reference(function.template, here.value):
            continue
        if (entry.value.at("Type").string or "").startswith(_NAME_ONLY):
            continue
        yield Parameter(str(ref.name), entry.value, entry.span)


def _passed_reference(template: Template, value: values.Value) -> bool:
    """Whether a parent stack passes a reference, which tells what the value is."""
    return any(ref.span.file is not template.file for ref in value.references())


def texts(value: values.Value) -> Iterator[str]:
    """The texts that a value can be; `${}` stands for parts that only deployment knows."""
    for option in value.possible():
        if option.value.string is not None:
            yield option.value.string
        elif isinstance(option.value, values.Joined):
            yield "".join("${}" if part.string is None else part.string for part in option.value.parts)


def plain_secrets(function: Function, variable: str) -> Iterator[str]:
    """The literal texts of a variable, written in place, that can be a secret; names that the template declares are not.

    It does not judge the variable's name.
    """
    value = function.variables[variable].value
    if any(True for _ in parameters(function, variable)):
        return
    for option in value.possible():
        text = option.value.string
        if text is not None and knowledge.secrets.plausible_secret(variable, text) and not _declared(function, text):
            yield text


def _declared(function: Function, text: str) -> bool:
    """Whether a text is what the template calls something: a logical id, a parameter, a resource's name."""
    return function.template is not None and text in _names_in(function.template)


@lru_cache(maxsize=8)  # every variable asks
def _names_in(template: Template) -> frozenset[str]:
    called = {
        entry.value.string
        for resource in template.resources.values()
        for name, entry in resource.properties.named()
        if name.endswith(_NAMED_BY) and entry.value.string is not None
    }
    return frozenset((*template.resources, *(name for name, _ in template.inputs.named()), *called))


def is_looked_up(function: Function, variable: str) -> bool:
    """Whether the function's code passes the variable to a fetch or a decryption, so that it does not hold the secret."""
    fetches = knowledge.cloud.SECRET_FETCHES
    return any(
        handed.name == variable
        for effect in function.effects("cloud")
        if effect.name in fetches
        for handed in effect.site.variables
    )


class Attribute(NamedTuple):
    """An attribute of a resource that gives a secret; `what` says which."""

    resource: Resource
    name: str
    what: str
    is_public: bool


def secret_attributes(function: Function, variable: str) -> Iterator[Attribute]:
    """The attributes in a variable whose values are secrets."""
    places = knowledge.secret_places
    for ref in function.variables[variable].value.references():
        if ref.kind is not values.RefKind.RESOURCE or not ref.path:
            continue
        resource = _meant(function.template, ref)
        key = (resource.type, str(ref.path[0])) if resource is not None else None
        if resource is not None and key in places.SECRET_ATTRIBUTES:
            yield Attribute(resource, key[1], places.SECRET_ATTRIBUTES[key], key in places.PUBLIC_BY_DESIGN)


def _meant(template: Template | None, ref: values.Ref) -> Resource | None:
    """The resource that a reference means: in the template that writes it, which may be the parent."""
    own = template
    while template is not None:
        if template.file is ref.span.file:
            return template.resources.get(str(ref.name))
        template = template.parent
    return own.resources.get(str(ref.name)) if own is not None else None


def resolved_secrets(function: Function, variable: str) -> Iterator[knowledge.secret_places.DynamicSecret]:
    """The dynamic references in a variable that fetch a secret at deployment."""
    for ref in function.variables[variable].value.references():
        if ref.kind is values.RefKind.DYNAMIC:
            secret = knowledge.secret_places.dynamic_secret(str(ref.name), variable)
            if secret is not None:
                yield secret
