"""What invokes each function: every place of the templates that names a function to be called by something else.

The proof is always a reference that is resolved, never a name that looks alike. A permission (`AWS::Lambda::Permission`)
counts only where nothing better is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from slint.knowledge.event_sources import (
    EXPLAINS,
    KINDS,
    PRINCIPALS,
    SAM_EVENTS,
    SENDER_ARNS,
    SENDERS,
    WIRINGS,
    Wiring,
)
from slint.source import Span
from slint.templates.intrinsics import rendered
from slint.templates.model import Resource, Source, Template
from slint.templates.openapi import integrations, method_name
from slint.templates.targets import FUNCTION_TYPES, Target, referred_resource, targets
from slint.value import Absent, Choice, Items, Literal, Ref, RefKind, Value

Bodies = Callable[[Resource], Iterable[Value]]
"""Gives the evaluated OpenAPI documents of an API resource."""

_HTTP_APIS: Final = {"AWS::Serverless::HttpApi": "http-api", "AWS::ApiGatewayV2::Api": "http-api"}
_REST_APIS: Final = {"AWS::Serverless::Api": "api", "AWS::ApiGateway::RestApi": "api"}
_APIS: Final = _HTTP_APIS | _REST_APIS
_MAX_PATH_PARTS: Final = 50


def find_sources(templates: Iterable[Template], bodies: Bodies) -> dict[int, tuple[Source, ...]]:
    """The sources of all functions of templates that belong together, by the `id()` of the function's template."""
    found = _Found()
    together = tuple(templates)
    for template in together:
        for resource in template.resources.values():
            if resource.type in FUNCTION_TYPES:
                _own_events(found, resource)
    for template in together:
        for resource in template.resources.values():
            _wired(found, resource)
            special = _SPECIAL.get(resource.type)
            if special is not None:
                special(found, resource)
            if resource.type in _APIS:
                _documents(found, resource, bodies)
            if resource.type.startswith("Custom::") or resource.type == "AWS::CloudFormation::CustomResource":
                _at(found, resource, resource.properties, "ServiceToken", "custom-resource")
    for template in together:
        for resource in template.of_type("AWS::Lambda::Permission"):
            _permission(found, resource)
    return found.by_template()


class _Found:
    """The sources found so far, each real one once."""

    def __init__(self) -> None:
        self.sources: dict[tuple[object, ...], tuple[Template, Source]] = {}
        self.kinds: dict[tuple[int, str], set[str]] = {}
        self.routes: set[tuple[object, ...]] = set()

    def add(
        self,
        target: Target,
        kind: str,
        span: Span,
        settings: Items,
        *,
        resource: str | None,
        declared_by: Resource,
        route: tuple[str, str] | None = None,
        once: bool = False,
        qualified: bool | None = None,
    ) -> None:
        """Add a source; `once` when the declaring resource is one source however often it names the function."""
        owner = (id(target.template), target.function)
        if route is not None:
            # An event and the API's own document may both tell the same route.
            same_route = (*owner, id(declared_by.template), resource, route)
            if same_route in self.routes:
                return
            self.routes.add(same_route)
        key = (*owner, kind, id(declared_by), route, None if once else span.start)
        source = Source(
            function=target.function,
            kind=kind,
            event_class=KINDS[kind],
            span=span,
            settings=settings,
            resource=resource,
            routes=() if route is None else (route,),
            qualified=qualified,
            declared_by=declared_by.id,
        )
        if self.sources.setdefault(key, (target.template, source))[1] is source:
            self.kinds.setdefault(owner, set()).add(kind)

    def has_any(self, target: Target, kinds: Iterable[str]) -> bool:
        """Whether the function has a source of one of these kinds."""
        return not self.kinds.get((id(target.template), target.function), set()).isdisjoint(kinds)

    def by_template(self) -> dict[int, tuple[Source, ...]]:
        grouped: dict[int, list[Source]] = {}
        for template, source in self.sources.values():
            grouped.setdefault(id(template), []).append(source)
        return {key: tuple(sources) for key, sources in grouped.items()}


# -- what SAM writes on the function -------------------------------------------------------------------------------


def _own_events(found: _Found, resource: Resource) -> None:
    own = Target(resource.template, resource.id, None)
    url = resource.properties.entry("FunctionUrlConfig")
    if url is not None and isinstance(url.value, Items):
        found.add(own, "function-url", url.span, url.value, resource=None, declared_by=resource)
    events = resource.properties.at("Events")
    if not isinstance(events, Items):
        return
    for _, entry in events.named():
        event = SAM_EVENTS.get(entry.value.at("Type").string or "")
        if event is None:
            continue
        written = entry.value.at("Properties")
        settings = written if isinstance(written, Items) else Items(entry.span, ())
        named = settings.at(event.sender) if event.sender else Absent(entry.span)
        sender = _sender(named, resource.template)
        if isinstance(named, Absent):
            sender = event.implicit
        kind = event.kind
        if kind == "sns" and _makes_queue(settings.at("SqsSubscription")):
            kind = "sqs"
        route = _sam_route(settings, kind)
        found.add(own, kind, entry.span, settings, resource=sender, declared_by=resource, route=route)


def _makes_queue(subscription: Value) -> bool:
    """`SqsSubscription`: SAM puts a queue between topic and function."""
    return isinstance(subscription, Items) or subscription.equals(True) is True


def _sam_route(settings: Items, kind: str) -> tuple[str, str] | None:
    if kind not in ("api", "http-api"):
        return None
    path, method = settings.at("Path"), settings.at("Method")
    if kind == "http-api" and isinstance(path, Absent) and isinstance(method, Absent):
        return "*", "$default"
    if path.string is None:
        return None
    if isinstance(method, Absent):
        return "*", path.string
    return (method_name(method.string), path.string) if method.string is not None else None


# -- properties that name a function -------------------------------------------------------------------------------

_BY_TYPE: Final[dict[str, tuple[Wiring, ...]]] = {
    type_: tuple(wiring for wiring in WIRINGS if wiring.type == type_) for type_ in {wiring.type for wiring in WIRINGS}
}


def _wired(found: _Found, resource: Resource) -> None:
    for wiring in _BY_TYPE.get(resource.type, ()):
        for value, span in _at_path(resource.properties, wiring.path.split("."), resource.span):
            kind = wiring.kind
            if kind == "eventbridge" and resource.properties.has("EventPattern") is False:
                kind = "schedule"
            sender = resource.id
            if wiring.sender:
                sender = _sender(resource.properties.at(wiring.sender), resource.template) or resource.id
            for target in targets(value, resource.template):
                qualified = target.qualified
                if resource.type == "AWS::Lambda::Url" and resource.properties.has("Qualifier") is True:
                    qualified = True
                found.add(
                    target,
                    kind,
                    span,
                    resource.properties,
                    resource=sender,
                    declared_by=resource,
                    once=kind == "step-functions",
                    qualified=qualified,
                )


def _at_path(value: Value, path: list[str], span: Span) -> Iterator[tuple[Value, Span]]:
    """The values at a path where `*` is any member, each with the place that names it."""
    if not path:
        yield value, span
    elif isinstance(value, Choice):
        for option in value.options:
            yield from _at_path(option.value, path, span)
    elif isinstance(value, Items):
        if path[0] == "*":
            for entry in value.entries:
                yield from _at_path(entry.value, path[1:], entry.span)
        else:
            member = value.entry(path[0])
            if member is not None:
                yield from _at_path(member.value, path[1:], member.span)


def _at(found: _Found, resource: Resource, settings: Items, key: str, kind: str) -> None:
    entry = settings.entry(key)
    if entry is None:
        return
    for target in targets(entry.value, resource.template):
        found.add(
            target,
            kind,
            entry.span,
            resource.properties,
            resource=resource.id,
            declared_by=resource,
            qualified=target.qualified,
        )


def _sender(value: Value, template: Template) -> str | None:
    """The logical id of the sender that a value names."""
    if isinstance(value, Literal):
        return value.string if value.string in template.resources else None
    for ref in value.references():
        if ref.kind is RefKind.RESOURCE:
            return str(ref.name)
    return None


# -- API Gateway ---------------------------------------------------------------------------------------------------


def _documents(found: _Found, api: Resource, bodies: Bodies) -> None:
    kind = _api_kind(api)
    for body in bodies(api):
        for route, uri, span, settings in integrations(body):
            for target in targets(uri, api.template):
                found.add(
                    target,
                    kind if route is not None else "authorizer",
                    span,
                    settings,
                    resource=api.id,
                    declared_by=api,
                    route=route,
                    qualified=target.qualified,
                )


def _api_kind(api: Resource | None) -> str:
    if api is None:
        return "http-api"
    if api.properties.at("ProtocolType").equals("WEBSOCKET") is True:
        return "websocket"
    return _APIS.get(api.type, "api")


def _method(found: _Found, method: Resource) -> None:
    """AWS::ApiGateway::Method: its path is that of a chain of AWS::ApiGateway::Resource."""
    integration = method.properties.at("Integration")
    entry = integration.entry("Uri") if isinstance(integration, Items) else None
    if entry is None:
        return
    path = _path_of(method.properties.at("ResourceId"), method.template)
    name = method.properties.at("HttpMethod").string
    route = (method_name(name), path) if name is not None and path is not None else None
    api = _sender(method.properties.at("RestApiId"), method.template)
    for target in targets(entry.value, method.template):
        found.add(
            target,
            "api",
            entry.span,
            method.properties,
            resource=api,
            declared_by=method,
            route=route,
            qualified=target.qualified,
        )


def _path_of(resource_id: Value, template: Template) -> str | None:
    """The path of a route; it begins with `…` where another stack declares the resource above."""
    parts: list[str] = []
    for _ in range(_MAX_PATH_PARTS):
        if isinstance(resource_id, Ref) and resource_id.path == ("RootResourceId",):
            return "/" + "/".join(reversed(parts))
        resource = referred_resource(resource_id, template) if isinstance(resource_id, Ref) else None
        if resource is None:
            return "/".join(["…", *reversed(parts)]) if parts else None
        part = resource.properties.at("PathPart").string
        if part is None:
            return None
        parts.append(part)
        resource_id = resource.properties.at("ParentId")
    return None


def _integration(found: _Found, integration: Resource) -> None:
    """AWS::ApiGatewayV2::Integration, with the routes that lead to it."""
    entry = integration.properties.entry("IntegrationUri")
    if entry is None:
        return
    template = integration.template
    api = referred_resource(integration.properties.at("ApiId"), template)
    kind = _api_kind(api)
    keys = [
        route.properties.at("RouteKey").string
        for route in template.of_type("AWS::ApiGatewayV2::Route")
        if _sender(route.properties.at("Target"), template) == integration.id
    ]
    routes: list[tuple[str, str] | None] = [_route(key, kind) for key in keys if key is not None]
    sender = api.id if api is not None else _sender(integration.properties.at("ApiId"), template)
    for target in targets(entry.value, template):
        for route in routes or [None]:
            found.add(
                target,
                kind,
                entry.span,
                integration.properties,
                resource=sender,
                declared_by=integration,
                route=route,
                qualified=target.qualified,
            )


def _route(key: str, kind: str) -> tuple[str, str]:
    """A route key: `GET /path` of HTTP APIs, `$default`, the name of a WebSocket message."""
    method, blank, path = key.partition(" ")
    return (method_name(method), path.strip()) if blank and kind != "websocket" else ("*", key)


def _websocket(found: _Found, api: Resource) -> None:
    """AWS::Serverless::WebSocketApi."""
    routes = api.properties.at("Routes")
    if not isinstance(routes, Items):
        return
    for key, entry in routes.named():
        for target in targets(entry.value.at("FunctionArn"), api.template):
            settings = entry.value if isinstance(entry.value, Items) else routes
            found.add(
                target,
                "websocket",
                entry.span,
                settings,
                resource=api.id,
                declared_by=api,
                route=("*", key),
                qualified=target.qualified,
            )


# -- other declarations --------------------------------------------------------------------------------------------


def _mapping(found: _Found, mapping: Resource) -> None:
    """AWS::Lambda::EventSourceMapping: what it reads decides its kind."""
    settings = mapping.properties
    arn = settings.at("EventSourceArn")
    sender = referred_resource(arn, mapping.template)
    kind = SENDERS.get(sender.type) if sender is not None else None
    if kind is None:
        text = rendered(arn) or ""
        kind = next((name for part, name in SENDER_ARNS.items() if part in text), None)
    if kind is None and not isinstance(settings.at("SelfManagedEventSource"), Absent):
        kind = "kafka"
    entry = settings.entry("FunctionName")
    for target in targets(entry.value, mapping.template) if entry is not None else ():
        found.add(
            target,
            kind or "event-source-mapping",
            entry.span if entry is not None else mapping.span,
            settings,
            resource=sender.id if sender is not None else _sender(arn, mapping.template),
            declared_by=mapping,
            qualified=target.qualified,
        )


def _alias(found: _Found, alias: Resource) -> None:
    """The CodeDeploy hooks of AWS::Lambda::Alias."""
    update = alias.attributes.at("UpdatePolicy", "CodeDeployLambdaAliasUpdate")
    if isinstance(update, Items):
        for key in ("BeforeAllowTrafficHook", "AfterAllowTrafficHook"):
            _at(found, alias, update, key, "deployment-hook")


def _permission(found: _Found, permission: Resource) -> None:
    """A permission proves its kind of source only when nothing else tells of one."""
    settings = permission.properties
    principal = settings.entry("Principal")
    kind = PRINCIPALS.get(principal.value.string or "") if principal is not None else None
    sender = referred_resource(settings.at("SourceArn"), permission.template)
    if kind == "api" and sender is not None and sender.type in _APIS:
        kind = _api_kind(sender)
    if settings.at("Action").equals("lambda:InvokeFunctionUrl") is True or settings.has("FunctionUrlAuthType") is True:
        kind = "function-url"
    if kind is None or principal is None:
        return
    explained = EXPLAINS.get("api" if kind in EXPLAINS["api"] else kind, frozenset({kind}))
    for target in targets(settings.at("FunctionName"), permission.template):
        if not found.has_any(target, explained):
            found.add(
                target,
                kind,
                principal.span,
                Items(principal.span, ()),
                resource=sender.id if sender is not None else None,
                declared_by=permission,
                qualified=target.qualified,
            )


_SPECIAL: Final[dict[str, Callable[[_Found, Resource], None]]] = {
    "AWS::ApiGateway::Method": _method,
    "AWS::ApiGatewayV2::Integration": _integration,
    "AWS::Serverless::WebSocketApi": _websocket,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Alias": _alias,
}
