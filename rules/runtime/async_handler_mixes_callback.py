"""Rule async-handler-mixes-callback."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Site, values

from .node import callback, evidence, invoked

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: nodejs22.x
"""

_ENDINGS = frozenset({"done", "fail", "succeed"})


class AsyncHandlerMixesCallback(Rule):
    """An async handler that also calls the callback answers twice, and the first answer counts.

    Lambda takes what the promise resolves with, often `undefined`, before or instead of what the callback is given. An
    async handler returns its result and throws its errors, and needs no callback.
    """

    name = "async-handler-mixes-callback"
    summary = "Async handler also calls the callback"
    severity = Severity.WARNING
    tags = ("reliability", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = async (event, context, callback) => {
  callback(null, { statusCode: 200 }); // <- here
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = async (event) => {
  return { statusCode: 200 };
};
""",
            },
        ),
        Example(
            note="A handler that is not async has only its callback.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = (event, context, callback) => {
  callback(null, { statusCode: 200 });
};
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report the first call of the callback, or of a method of the context that ends the invocation."""
        handler = function.handler
        definition = handler.definition if handler is not None else None
        if handler is None or definition is None or not definition.is_async:
            return
        name = callback(function)
        context = handler.parameters[1].name if len(handler.parameters) > 1 else ""
        for site in invoked(function):
            inside = site.module is handler.home and definition.body in site.module.module.enclosing(site.call.block)
            if inside and _answers(site, name, context):
                yield self.at(
                    site.span,
                    f"the async handler of `{function.id}` answers through `{_written(site)}` too: only one of the two counts",
                    functions=[function],
                    related=evidence(function, site),
                    help="return the result, and throw the error",
                )
                return


def _answers(site: Site, name: str | None, context: str) -> bool:
    callee = site.call.callee
    if not isinstance(callee, values.Ref) or callee.kind is not values.RefKind.NAME:
        return False
    if not callee.path:
        return callee.name == name
    return callee.name == context and len(callee.path) == 1 and callee.path[0] in _ENDINGS


def _written(site: Site) -> str:
    callee = site.call.callee
    return callee.span.text
