"""Lambda integrations and authorizers in an OpenAPI or Swagger document of API Gateway.

Source: Amazon API Gateway developer guide, "OpenAPI extensions for API Gateway", read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from slint.record import NamedTuple
from slint.source import Span
from slint.templates.intrinsics import Scope, sub
from slint.value import Items, Literal, Value

_INTEGRATION: Final = "x-amazon-apigateway-integration"
_INTEGRATIONS: Final = "x-amazon-apigateway-integrations"
_AUTHORIZER: Final = "x-amazon-apigateway-authorizer"
_ANY_METHOD: Final = "x-amazon-apigateway-any-method"
_METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", _ANY_METHOD})


class Integration(NamedTuple):
    """What a route calls: `uri` names the function, `span` is where it is written. No route for an authorizer."""

    route: tuple[str, str] | None
    uri: Value
    span: Span
    settings: Items


def method_name(written: str) -> str:
    """The method of a route, "*" for any."""
    upper = written.upper()
    return "*" if upper in ("ANY", "*", _ANY_METHOD.upper()) else upper


def integrations(body: Value) -> Iterator[Integration]:
    """Every integration and every authorizer of an evaluated document."""
    for path, operations in _members(body.at("paths")):
        for method, operation in _members(operations):
            if method not in _METHODS:
                continue
            settings = operation.at(_INTEGRATION)
            reference = settings.at("$ref").string
            if reference is not None:
                settings = body.at("components", _INTEGRATIONS, reference.rpartition("/")[2])
            if isinstance(settings, Items):
                yield from _uri(settings, "uri", (method_name(method), path))
    for schemes in (body.at("securityDefinitions"), body.at("components", "securitySchemes")):
        for _, scheme in _members(schemes):
            settings = scheme.at(_AUTHORIZER)
            if isinstance(settings, Items):
                yield from _uri(settings, "authorizerUri", None)


def _uri(settings: Items, key: str, route: tuple[str, str] | None) -> Iterator[Integration]:
    entry = settings.entry(key)
    if entry is None:
        return
    uri = entry.value
    if isinstance(uri, Literal) and isinstance(uri.value, str) and "${" in uri.value:
        # Written for a tool that fills it in before deployment; the function it names is meant all the same.
        uri = sub(uri, uri.span, Scope(Items(uri.span, ()), Items(uri.span, ())), {})
    yield Integration(route, uri, entry.span, settings)


def _members(value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Items) and not value.is_list:
        for name, entry in value.named():
            yield name, entry.value
