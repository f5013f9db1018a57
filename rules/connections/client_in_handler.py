"""Rule client-in-handler."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, fixes, knowledge

from .rebuilt import evidence, rebuilt, written

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
"""

_KLASSES = (knowledge.clients.Klass.SDK, knowledge.clients.Klass.LLM, knowledge.clients.Klass.POWERTOOLS)


class ClientInHandler(Rule):
    """An SDK client built in the handler is built again on every invocation.

    Loading its service model takes tens to hundreds of milliseconds, and its TLS connections and credentials are
    thrown away each time. A client made when the module is loaded is shared by all invocations of the same execution
    environment.

    Not reported: clients that depend on the event, on what a table or a queue holds, or on a tenant's temporary
    credentials, lazy singletons and cached factories, default arguments (they are evaluated at import), helpers that only
    run at start-up, clients that belong to one asyncio event loop, those that take the place of an argument which may be
    given (`client or boto3.client("s3")`), and boto3 resources and sessions, with the clients of those, that a function
    makes which is handed to a thread or a pool: threads must not share them.
    """

    name = "client-in-handler"
    summary = "SDK client is built on every invocation"
    severity = Severity.WARNING
    tags = ("performance", "connections")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3


def handler(event, context):
    table = boto3.resource("dynamodb").Table("orders")  # <- here
    return table.get_item(Key={"id": event["id"]})
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    return table.get_item(Key={"id": event["id"]})
""",
            },
            fixed_is_good=True,
        ),
        Example(
            note="A helper in another module is followed; the chain of calls is shown with the finding.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
from storage import save


def handler(event, context):
    save(event)
""",
                "src/storage.py": """\
import boto3


def save(item):
    boto3.client("s3").put_object(Bucket="orders", Key="x", Body=str(item))  # <- here
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
from storage import save


def handler(event, context):
    save(event)
""",
                "src/storage.py": """\
import boto3

_s3 = None


def _client():
    global _s3
    if _s3 is None:
        _s3 = boto3.client("s3")
    return _s3


def save(item):
    _client().put_object(Bucket="orders", Key="x", Body=str(item))
""",
            },
        ),
        Example(
            note="The region and the credentials differ from one invocation to the next.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3

sts = boto3.client("sts")


def handler(event, context):
    boto3.client("s3", region_name=event["region"]).list_buckets()
    credentials = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/tenant", RoleSessionName="t")["Credentials"]
    return boto3.client(
        "dynamodb",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    ).list_tables()
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each client that an invocation builds and could have kept."""
        for effect in rebuilt(function):
            client = effect.client
            if client is None or client.klass not in _KLASSES or client.is_pool:
                continue
            yield self.at(
                effect,
                f"{written(effect)} is built on every invocation of `{function.id}`",
                functions=[function],
                related=evidence(function, effect),
                help="build it once, at module level, and use it in the handler",
                severity=Severity.INFO if client.brief else None,
                fix=fixes.hoist(function, effect),
            )
