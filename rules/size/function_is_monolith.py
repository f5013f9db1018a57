"""Rule function-is-monolith."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from slint import Diagnostic, Example, Function, Rule, Severity, Source, Span, knowledge, values

_MANY_ROUTES = 5
_ROUTES_FOR_SCORE = 8
_MANY_BRANCHES = 5
_MANY_SERVICES = 5
_LONG_MODULE = 800
_LONG_CODE = 5_000
_LARGE_PACKAGE_BYTES = 50_000_000
_SCORE = 3
_SHOWN = 5

_API_KINDS = ("api", "http-api")
_NO_WORK = frozenset({"OPTIONS", "HEAD"})
_CONNECTION_ROUTES = frozenset({"$connect", "$disconnect"})
_DEFAULT_ROUTE = "$default"

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  ShopFunction:%s
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Events:
"""

_EVENT = """\
        %s:
          Type: Api
          Properties:
            Path: %s
            Method: %s
"""

_CATCH_ALL = _EVENT % ("All", "/{proxy+}", "ANY")

_ROUTER = """\
def handler(event, context):
    path = event["path"]
    if path == "/orders":
        return orders(event)
    if path == "/prices":
        return orders(event)
    if path == "/users":
        return orders(event)
    if path == "/carts":
        return orders(event)
    if path == "/search":
        return orders(event)


def orders(event):
    return {"statusCode": 200}
"""

_ADAPTED = """\
from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()


@app.get("/orders")
def orders():
    return []


handler = Mangum(app)
"""

_ONE = """\
def handler(event, context):
    return {"statusCode": 200}
"""


class FunctionIsMonolith(Rule):
    """One function that answers all routes carries the code, the permissions and the cold start of all of them.

    Its package grows with every route, its role is the union of what the routes need, and memory, timeout and alarms
    fit none of them well. Functions of their own, one for each purpose, are smaller and can be granted less.

    Reported are functions with a catch-all route for any method, with five routes or more, or with a router of their
    own that tells at least five paths apart. It is a warning with such a router, or where at least three signs come
    together: eight routes or a catch-all, a router, five cloud services, broad permissions, a long handler, a large
    package. Otherwise, and behind a web framework or a resolver that was chosen on purpose, it is information.

    Not reported: any method of one fixed path, a greedy parameter such as `/users/{id+}` of one method, a `$default`
    route without a router behind it, GraphQL, and preflight routes.
    """

    name = "function-is-monolith"
    summary = "One function answers many routes"
    severity = Severity.WARNING
    tags = ("design", "size", "cold-start")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/operatorguide/anti-patterns.html",
        "https://aws.amazon.com/blogs/compute/operating-lambda-anti-patterns-in-event-driven-architectures-part-3/",
    )
    examples = (
        Example(
            bad={"template.yaml": _TEMPLATE % "  # <- here" + _CATCH_ALL, "src/app.py": _ROUTER},
            good={"template.yaml": _TEMPLATE % "" + _EVENT % ("Orders", "/orders", "get"), "src/app.py": _ONE},
        ),
        Example(
            note="A framework behind a catch-all route is a choice: information only.",
            bad={"template.yaml": _TEMPLATE % "  # <- here" + _CATCH_ALL, "src/app.py": _ADAPTED},
        ),
        Example(
            bad={
                "template.yaml": _TEMPLATE % "  # <- here"
                + "".join(
                    _EVENT % (name.title(), f"/{name}", "get")
                    for name in ("orders", "prices", "users", "carts", "search")
                ),
                "src/app.py": _ONE,
            },
        ),
        Example(
            note="A default route is one of five.",
            bad={
                "template.yaml": _TEMPLATE % "  # <- here"
                + "".join(
                    (_EVENT % (name.title(), f"/{name}", "get")).replace("Type: Api", "Type: HttpApi")
                    for name in ("orders", "prices", "users", "carts")
                )
                + "        Rest:\n          Type: HttpApi\n",
                "src/app.py": _ONE,
            },
        ),
        Example(
            note="One path with any method, and one greedy parameter, are one purpose.",
            good={
                "template.yaml": _TEMPLATE % ""
                + _EVENT % ("Order", "/order", "ANY")
                + _EVENT % ("File", "/files/{path+}", "get"),
                "src/app.py": _ONE,
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report a function that answers many routes."""
        routes = _routes(function)
        catch_all = next((source for source, (method, path) in routes if _catches_all(source, method, path)), None)
        distinct = {(source.resource, route) for source, route in routes}
        many = len(distinct) >= _MANY_ROUTES
        if catch_all is None and not many and not _may_route_itself(function):
            return
        router = _router(function)
        if catch_all is None and not many and not (router is not None and router.paths >= _MANY_BRANCHES):
            return
        signs = [
            f"the catch-all route {_written(catch_all)}" if catch_all is not None else "",
            f"{len(distinct)} routes" if len(distinct) >= _ROUTES_FOR_SCORE and catch_all is None else "",
            f"a router with {router.branches} branches" if router is not None else "",
            *_other_signs(function),
        ]
        signs = [sign for sign in signs if sign]
        adapter = _adapter(function)
        is_worse = (router is not None or len(signs) >= _SCORE) and adapter is None
        shown = signs
        if catch_all is None and _MANY_ROUTES <= len(distinct) < _ROUTES_FOR_SCORE:
            shown = [f"{len(distinct)} routes", *signs]
        yield self.at(
            function,
            f"`{function.id}` answers many routes in one function: {', '.join(shown)}"
            + (f", behind {adapter[1]}" if adapter is not None else ""),
            functions=[function],
            resource=function.id,
            related=_related(catch_all, routes, router, adapter),
            help="give each purpose a function of its own with its own permissions"
            + (", or keep it as it is on purpose" if adapter is not None else ""),
            severity=Severity.WARNING if is_worse else Severity.INFO,
        )


class _Router(NamedTuple):
    """A router written by hand: how many texts it tells apart, and how many of them are no methods."""

    branches: int
    paths: int
    span: Span


def _routes(function: Function) -> list[tuple[Source, tuple[str, str]]]:
    return [
        (source, route)
        for source in function.sources
        for route in source.routes
        if route[0] not in _NO_WORK and route[1] not in _CONNECTION_ROUTES
    ]


def _catches_all(source: Source, method: str, path: str) -> bool:
    return source.kind in _API_KINDS and method == "*" and path.rstrip("/").endswith("+}")


def _may_route_itself(function: Function) -> bool:
    """Whether requests for any path may come in: by a URL, a load balancer or a default route."""
    return any(
        source.kind in ("function-url", "alb", "vpc-lattice")
        or any(path == _DEFAULT_ROUTE for _, path in source.routes)
        for source in function.sources
    )


def _router(function: Function) -> _Router | None:
    found: dict[str, Span] = {}
    paths = set()
    for test in function.event_tests():
        field = test.path[-1]
        if field in knowledge.event_sources.ROUTE_FIELDS and test.literal not in _NO_WORK:
            found.setdefault(test.literal, test.span)
            if not (test.literal.isalpha() and test.literal.isupper()):
                paths.add(test.literal)
    if len(found) < _MANY_BRANCHES:
        return None
    return _Router(len(found), len(paths), next(iter(found.values())))


def _adapter(function: Function) -> tuple[Span, str] | None:
    """The framework that routes the requests, and where it is put in."""
    for site in function.sites:
        for name in site.names:
            adapter = knowledge.wrappers.adapter(name)
            if adapter is not None:
                return site.span, adapter.framework
    wrapper = function.variables.get("AWS_LAMBDA_EXEC_WRAPPER")
    if wrapper is not None and wrapper.value.equals(knowledge.wrappers.WEB_ADAPTER_WRAPPER):
        return wrapper.span, "the Lambda Web Adapter"
    for layer in function.setting("Layers").children():
        if any(part.string and knowledge.wrappers.WEB_ADAPTER_LAYER.search(part.string) for part in layer.walk()):
            return layer.span, "the Lambda Web Adapter"
    return None


def _other_signs(function: Function) -> Iterator[str]:
    services = {effect.name.partition(":")[0] for effect in function.effects("cloud")}
    if len(services) >= _MANY_SERVICES:
        yield f"calls to {len(services)} cloud services"
    broad = _broad(function.setting("Policies"))
    if broad:
        yield broad
    handler = function.handler
    if handler is not None:
        lines = len(handler.unit.module.file.line_starts())
        whole = sum(len(unit.module.file.line_starts()) for unit in function.reach.units())
        if lines > _LONG_MODULE:
            yield f"a handler's module of {lines} lines"
        elif whole > _LONG_CODE:
            yield f"{whole} lines of code"
    package = function.package
    if package is not None and not package.needs_build and package.size >= _LARGE_PACKAGE_BYTES:
        yield f"a package of {package.size / 1e6:.0f} MB"


def _broad(policies: values.Value) -> str:
    """What makes the permissions broad; "" when nothing that is written does."""
    services = set()
    for value in policies.walk():
        if not isinstance(value, values.Items) or value.at("Effect").equals("Deny"):
            continue
        for part in value.at("Action").walk():
            text = part.string
            if text in ("*", "*:*"):
                return "permission to do anything"
            if text is not None and ":" in text:
                services.add(text.partition(":")[0].lower())
    return f"permissions for {len(services)} services" if len(services) >= _MANY_SERVICES else ""


def _written(source: Source) -> str:
    method, path = source.routes[0]
    return f"`{'ANY' if method == '*' else method} {path}`"


def _related(
    catch_all: Source | None,
    routes: list[tuple[Source, tuple[str, str]]],
    router: _Router | None,
    adapter: tuple[Span, str] | None,
) -> Iterator[tuple[Span, str]]:
    if router is not None:
        yield router.span, "the code tells routes apart from here on"
    if adapter is not None:
        yield adapter[0], f"{adapter[1]} routes the requests"
    shown = [catch_all] if catch_all is not None else [source for source, _ in routes[:_SHOWN]]
    for source in shown:
        yield source.span, f"route {_written(source)}" if source.routes else "a route"
