"""Rule sync-invoke-ignored-result."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Rule, Severity, Stack

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
"""


class SyncInvokeIgnoredResult(Rule):
    """A function that waits for another function and ignores its answer pays for the waiting and gets nothing for it.

    The failure of the other function is lost too: the call succeeds even when that function raises. With the invocation
    type "Event" the call returns at once, and Lambda retries and keeps what failed.

    Reported when the result is dropped, or goes into a variable that nothing reads.

    Not reported: results that are used in any way, and calls inside a `try`, whose handlers may depend on the failure;
    there the rules about waiting speak.
    """

    name = "sync-invoke-ignored-result"
    summary = "Function waits for another function whose answer it ignores"
    severity = Severity.WARNING
    tags = ("cost", "reliability", "chaining")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html",)
    supersedes = ("sync-lambda-chain", "sync-lambda-invoke")
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/orders.py": """\
import json

import boto3

client = boto3.client("lambda")


def handler(event, context):
    client.invoke(FunctionName="mailer", Payload=json.dumps(event))  # <- here
    return {"statusCode": 202}
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/orders.py": """\
import json

import boto3

client = boto3.client("lambda")


def handler(event, context):
    client.invoke(FunctionName="mailer", InvocationType="Event", Payload=json.dumps(event))
    return {"statusCode": 202}
""",
            },
        ),
        Example(
            note="Here the failure is looked at.",
            good={
                "template.yaml": _TEMPLATE,
                "src/orders.py": """\
import boto3

client = boto3.client("lambda")


def handler(event, context):
    answer = client.invoke(FunctionName="mailer", Payload=b"{}")
    if "FunctionError" in answer:
        raise RuntimeError("the mail was not sent")
    try:
        client.invoke(FunctionName="printer", Payload=b"{}")
    except client.exceptions.TooManyRequestsException:
        return {"statusCode": 429}
""",
            },
        ),
    )

    def check_stack(self, stack: Stack) -> Iterator[Diagnostic]:
        """Report each synchronous invocation of which nothing is done with the answer."""
        for caller in stack.functions:
            for effect, target in synchronous_invokes(caller):
                if effect.site.result_used or effect.site.caught:
                    continue
                callee = invoked(stack, caller, target)
                other = f"`{callee.id}`" if callee is not None else "another function"
                yield self.at(
                    effect,
                    f"`{caller.id}` waits here for {other} and ignores the answer",
                    functions=[caller] if callee is None else [caller, callee],
                    related=(*effect.site.path, *caller.deployment),
                    help="pass the invocation type `Event`, so that the call returns at once and Lambda retries failures",
                )
