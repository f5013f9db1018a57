"""Rule db-connection-leak."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, fixes

from .rebuilt import connections, evidence, is_leaked, proxy, written

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


class DbConnectionLeak(Rule):
    """A connection that every invocation opens and none closes stays with the server for an unknown time.

    When it ends is left to the garbage collector, and after an exception, or in a reference cycle, that is long after
    the response; an execution environment that is frozen then holds it. Under load the server runs out of
    connections, and all clients fail with "too many connections".

    Reported when the connection does not leave the code that is read and no close, on any path, is written there.

    Not reported: connections that are kept for the next invocation, held by `with`, or handed to code that may close
    them; of connections that are closed, db-connection-in-handler speaks.
    """

    name = "db-connection-leak"
    summary = "Connection is opened on every invocation and never closed"
    severity = Severity.ERROR
    tags = ("reliability", "connections")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/services-rds.html",
    )
    supersedes = ("db-connection-in-handler",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import pymysql


def handler(event, context):
    connection = pymysql.connect(host="db", user="orders")  # <- here
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders")
        return cursor.fetchone()
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import pymysql

connection = pymysql.connect(host="db", user="orders")


def handler(event, context):
    connection.ping(reconnect=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders")
        return cursor.fetchone()
""",
            },
        ),
        Example(
            note="A helper returns the connection, and its caller closes it.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
from contextlib import closing

import pymysql


def connect():
    return pymysql.connect(host="db", user="orders")


def handler(event, context):
    first = connect()
    try:
        first.ping()
    finally:
        first.close()
    with closing(connect()) as second:
        second.ping()
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each connection that an invocation opens and no path closes."""
        for effect, client in connections(function):
            if is_leaked(effect):
                yield self.at(
                    effect,
                    f"{written(effect)} opens a new connection on every invocation of `{function.id}`"
                    " and nothing closes it",
                    functions=[function],
                    related=evidence(function, effect),
                    help="keep one connection at module level, or close this one on every path",
                    severity=None if client.relational and proxy(function, effect) is None else Severity.WARNING,
                    fix=fixes.hoist(function, effect),
                )
