"""Rule sync-lambda-invoke."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity

from .synchronous import crosses_accounts, synchronous_invokes

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


class SyncLambdaInvoke(Rule):
    """A function that invokes another one and waits for its answer is billed while it does nothing.

    Both are paid for the same time, the timeouts add up, and a burst needs twice the concurrency. A Step Functions
    workflow, a durable function or a queue does the waiting for nothing.

    Reported when the invocation type is "RequestResponse", which is what a call without a type means.

    Not reported: types "Event" and "DryRun", types that the files do not tell, pings that keep a function warm, local
    emulators, and custom resources of CloudFormation, which have to wait. With the credentials of another role, as
    across accounts, the finding is for information.
    """

    name = "sync-lambda-invoke"
    summary = "Function waits for another function"
    severity = Severity.WARNING
    tags = ("cost", "chaining")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html",
    )
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/orders.py": """\
import boto3

client = boto3.client("lambda")


def handler(event, context):
    answer = client.invoke(FunctionName="prices", Payload=b"{}")  # <- here
    return answer["Payload"].read()
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/orders.py": """\
import boto3

client = boto3.client("lambda")


def handler(event, context):
    client.invoke(FunctionName="prices", InvocationType="Event", Payload=b"{}")
""",
            },
        ),
        Example(
            note="Only a client of Lambda invokes functions, and the type may come from elsewhere.",
            good={
                "template.yaml": _TEMPLATE,
                "src/orders.py": """\
import boto3

functions = boto3.client("lambda")
models = boto3.client("bedrock-runtime")


def handler(event, context):
    functions.list_functions()
    functions.invoke(FunctionName="prices", InvocationType=event["type"])
    functions.invoke(FunctionName="prices", InvocationType="DryRun")
    return models.invoke_model(modelId="m", body=b"{}")
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each invocation of a function that waits for the answer."""
        for effect, _ in synchronous_invokes(function):
            yield self.at(
                effect,
                f"`{function.id}` waits here for another function: both are billed for the same time",
                functions=[function],
                related=(*effect.site.path, *function.deployment),
                help="let a Step Functions workflow or a durable function call both, or hand the work over with an event",
                severity=Severity.INFO if crosses_accounts(effect) else None,
            )
