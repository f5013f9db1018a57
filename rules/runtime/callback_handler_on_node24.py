"""Rule callback-handler-on-node24."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, knowledge

from .node import callback, version

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: nodejs24.x
"""


class CallbackHandlerOnNode24(Rule):
    """From Node.js 24 on, Lambda runs no handler that answers through a callback.

    A handler with the three parameters `(event, context, callback)` worked up to nodejs22.x; since nodejs24.x the
    invocation fails. An async handler returns its result and throws its errors.

    Not reported: a third parameter that is not used, functions inside `awslambda.streamifyResponse`, whose third
    parameter is the context, and older runtimes.
    """

    name = "callback-handler-on-node24"
    summary = "Handler answers through a callback, which its runtime does not support"
    severity = Severity.ERROR
    tags = ("runtime", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = (event, context, callback) => { // <- here
  callback(null, { statusCode: 200 });
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
            note="An older runtime, and a third parameter that is the context of a streaming handler.",
            good={
                "template.yaml": _TEMPLATE.replace("24.x", "22.x"),
                "src/app.js": """\
exports.handler = (event, context, callback) => {
  callback(null, { statusCode: 200 });
};
""",
            },
        ),
        Example(
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
  stream.write(context.awsRequestId);
  stream.end();
});
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report a handler whose callback the runtime no longer calls for."""
        name, major = callback(function), version(function)
        handler = function.handler
        if name is None or handler is None or major is None or major < knowledge.runtimes.NODE_WITHOUT_CALLBACKS:
            return
        yield self.at(
            handler.span,
            f"the handler of `{function.id}` answers through `{name}`, which {function.runtime.string} does not support",
            functions=[function],
            related=[(function.runtime.span, f"the runtime of `{function.id}`")],
            help="make it async: return the result and throw the errors",
        )
