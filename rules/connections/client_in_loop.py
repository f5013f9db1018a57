"""Rule client-in-loop."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, fixes

from .rebuilt import evidence, rebuilt, written

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  ImportFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
"""


class ClientInLoop(Rule):
    """A client built inside a loop is built again for each element, although every one is the same.

    Each one loads its configuration and opens connections of its own, so the cost grows with the size of the batch.

    Reported when the call, or a call that leads to it, stands in a loop or comprehension and nothing that the client
    is made of changes from one turn to the next.

    Not reported: clients whose region, account or credentials come from the loop's element, loops that are left as soon
    as the client is there, as retries are, and what threads must not share (see client-in-handler) or what gets
    something from the event (see http-session-in-handler).
    """

    name = "client-in-loop"
    summary = "Client or connection is built again in each turn of a loop"
    severity = Severity.WARNING
    tags = ("performance", "connections")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    supersedes = (
        "client-in-handler",
        "db-connection-in-handler",
        "db-connection-leak",
        "http-session-in-handler",
        "pool-in-handler",
    )
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3


def handler(event, context):
    for record in event["Records"]:
        queue = boto3.client("sqs")  # <- here
        queue.send_message(QueueUrl="orders", MessageBody=record["body"])
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3

queue = boto3.client("sqs")


def handler(event, context):
    for record in event["Records"]:
        queue.send_message(QueueUrl="orders", MessageBody=record["body"])
""",
            },
            fixed_is_good=True,
        ),
        Example(
            note="A helper that is called in a loop is in the loop too.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import pymysql


def save(record):
    connection = pymysql.connect(host="db", user="orders")  # <- here
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO orders VALUES (%s)", (record["body"],))
    connection.close()


def handler(event, context):
    for record in event["Records"]:
        save(record)
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import pymysql

connection = None


def connected():
    global connection
    if connection is None:
        connection = pymysql.connect(host="db", user="orders")
    return connection


def save(record):
    with connected().cursor() as cursor:
        cursor.execute("INSERT INTO orders VALUES (%s)", (record["body"],))


def handler(event, context):
    for record in event["Records"]:
        save(record)
""",
            },
        ),
        Example(
            note="Each turn needs another client; a retry builds a second one only when the first could not be built.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3

REGIONS = ("eu-west-1", "us-east-1")


def describe(region):
    return boto3.client("ec2", region_name=region).describe_instances()


def handler(event, context):
    found = [describe(region) for region in REGIONS]
    for name in REGIONS:
        found.append(boto3.client("rds", region_name=name).describe_db_instances())
    return found
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each client that a loop builds again without need."""
        for effect in rebuilt(function):
            if effect.client is not None and effect.site.in_loop:
                yield self.at(
                    effect,
                    f"{written(effect)} is built in each turn of a loop, on every invocation of `{function.id}`",
                    functions=[function],
                    related=evidence(function, effect),
                    help="build it once, at module level or at least before the loop",
                    fix=fixes.hoist(function, effect),
                )
