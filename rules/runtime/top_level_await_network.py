"""Rule top-level-await-network."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Phase, Rule, Severity

from .node import is_node

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


class TopLevelAwaitNetwork(Rule):
    """A module that awaits the network while it is loaded ties every cold start to somebody else's answer.

    With provisioned concurrency, what is loaded may be hours old when the first request comes: credentials and signed
    requests have expired. A failure cannot be retried by the handler either, because there is none yet. A promise that
    is made on first use and kept costs the same, once, and can be made again.

    Reported for `await` at the top level of a module on calls of the AWS SDK and of HTTP clients; for information.
    """

    name = "top-level-await-network"
    summary = "Module awaits the network while it is loaded"
    severity = Severity.INFO
    tags = ("cold-start", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
const settings = await fetch("https://example.com/settings"); // <- here

export const handler = async (event) => settings.status;
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
let settings;

export const handler = async (event) => {
  settings ??= await fetch("https://example.com/settings");
  return settings.status;
};
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each request that a module awaits while it is loaded."""
        if not is_node(function):
            return
        for effect in (*function.effects("cloud", phase=Phase.INIT), *function.effects("http", phase=Phase.INIT)):
            if effect.site.call.awaited and effect.site.frame.body == 0:
                yield self.at(
                    effect.site.span,
                    f"every cold start of `{function.id}` waits here for `{effect.name}`",
                    functions=[function],
                    related=function.deployment,
                    help="ask on first use and keep the promise, so that it can be made again",
                )
