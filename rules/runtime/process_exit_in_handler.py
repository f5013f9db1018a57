"""Rule process-exit-in-handler."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity

from .node import evidence, invoked

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

_EXITS = frozenset({"process.exit", "process.abort", "process.kill", "process.reallyExit"})


class ProcessExitInHandler(Rule):
    """A handler that ends its process ends the execution environment.

    The invocation fails with `Runtime.ExitError` whatever it has done, and the next one pays for a cold start. An error
    is told by throwing it; a result is given by returning it.

    Not reported: scripts (`require.main === module`) and code that no invocation runs.
    """

    name = "process-exit-in-handler"
    summary = "Handler ends the process that it runs in"
    severity = Severity.ERROR
    tags = ("reliability", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = async (event) => {
  if (!event.id) {
    process.exit(1); // <- here
  }
  return event.id;
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = async (event) => {
  if (!event.id) {
    throw new Error("there is no id");
  }
  return event.id;
};
""",
            },
        ),
        Example(
            note="What only runs from the command line may end its process.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = async (event) => event.id;

if (require.main === module) {
  exports.handler({ id: 1 }).then(() => process.exit(0));
}
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each call on an invocation that ends the process."""
        for site in invoked(function):
            if _EXITS.intersection(site.names):
                yield self.at(
                    site.span,
                    f"`{site.names[0]}` ends the execution environment of `{function.id}`: the invocation fails",
                    functions=[function],
                    related=evidence(function, site),
                    help="throw an error to fail the invocation, or return its result",
                )
