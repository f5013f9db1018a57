"""Rule sync-lambda-chain."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Stack, knowledge, values

from .synchronous import invoked, synchronous_invokes

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: orders.handler
      Runtime: python3.14
      Timeout: 30
      Environment:
        Variables:
          PRICES: !Ref PricesFunction
  PricesFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: prices.handler
      Runtime: python3.14
      Timeout: 20
"""

_PRICES = """\
def handler(event, context):
    return {"price": 12}
"""


class SyncLambdaChain(Rule):
    """A function that waits for another function of the same template is paid for twice.

    While the second one works, the first is billed for waiting, errors and timeouts of both have to be handled in
    code, and their concurrency adds up. A Step Functions workflow, a durable function or a queue does the waiting for
    nothing.

    Reported when the function's name in the call leads, through the environment where it comes from there, to a
    function of the project.

    Not reported: the invocation types "Event" and "DryRun", and custom resources, which have to wait. When the answer
    is ignored, sync-invoke-ignored-result reports it instead: then one word mends it.
    """

    name = "sync-lambda-chain"
    summary = "Function waits for another function of the same project"
    severity = Severity.ERROR
    tags = ("cost", "chaining")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/operatorguide/functions-calling-functions.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html",
    )
    supersedes = ("sync-lambda-invoke",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/prices.py": _PRICES,
                "src/orders.py": """\
import os

import boto3

client = boto3.client("lambda")


def handler(event, context):
    answer = client.invoke(FunctionName=os.environ["PRICES"], Payload=b"{}")  # <- here
    return answer["Payload"].read()
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/prices.py": _PRICES,
                "src/orders.py": """\
import os

import boto3

client = boto3.client("lambda")


def handler(event, context):
    client.invoke(FunctionName=os.environ["PRICES"], InvocationType="Event", Payload=b"{}")
""",
            },
        ),
    )

    def check_stack(self, stack: Stack) -> Iterator[Diagnostic]:
        """Report each synchronous invocation whose target is a function of the same stack."""
        chains = [
            (caller, effect, callee, target)
            for caller in stack.functions
            for effect, target in synchronous_invokes(caller)
            if (callee := invoked(stack, caller, target)) is not None
        ]
        called = {(caller, callee) for caller, _, callee, _ in chains}
        for caller, effect, callee, target in chains:
            cycle = (callee, caller) in called
            wait = _timeouts(caller, callee)
            yield self.at(
                effect,
                f"`{caller.id}` waits for `{callee.id}`{wait}"
                + (", which waits for it in turn" if cycle else ": both are billed for the same time"),
                functions=[caller, callee],
                related=(
                    (target, f"the target is `{callee.id}`"),
                    *effect.site.path,
                    *caller.deployment,
                    (callee, f"`{callee.id}` is deployed here"),
                ),
                help="let a Step Functions workflow or a durable function call both, or hand the work over with an event",
            )


def _timeouts(caller: Function, callee: Function) -> str:
    limits = [each.setting("Timeout") for each in (caller, callee)]
    numbers = [
        knowledge.limits.TIMEOUT_DEFAULT_S if isinstance(limit, values.Absent) else limit.number for limit in limits
    ]
    if None in numbers:
        return ""
    return f" (timeouts {numbers[0]:g} s and {numbers[1]:g} s)"
