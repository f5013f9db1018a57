"""Rule db-connection-in-handler."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, fixes, knowledge

from .rebuilt import connections, evidence, proxy, written

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Environment:
        Variables:
          DB_HOST: db.example.com
"""


class DbConnectionInHandler(Rule):
    """A connection opened in the handler costs every invocation a handshake, and the server a new session.

    A relational database allows a limited number of sessions and spends memory and time on each; under load, opening
    one for each request is what exhausts it. A connection kept for the life of the execution environment is opened
    once. Check it before use, since it may be closed while the environment is frozen.

    It is an error for relational databases, unless the template leads the connection to a database proxy; a warning
    for caches, search engines and brokers; for information where a session with one server is usual for one piece of
    work, as with mail and file transfer.

    Not reported: connections that depend on the event or on credentials that expire (a connection outlives the token of
    IAM database authentication that opened it), lazy singletons and cached factories, a reconnect in an exception handler,
    connections taken out of a pool, connections that their library gives again as long as the function does not disconnect
    them (Mongoose, MongoEngine), databases in memory or below /tmp, and drivers that belong to one asyncio event loop.
    """

    name = "db-connection-in-handler"
    summary = "Database, cache or broker connection is opened on every invocation"
    severity = Severity.ERROR
    tags = ("performance", "reliability", "connections")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/services-rds.html",
    )
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import os

import psycopg2


def handler(event, context):
    connection = psycopg2.connect(host=os.environ["DB_HOST"])  # <- here
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM orders")
            return cursor.fetchone()
    finally:
        connection.close()
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import os

import psycopg2

connection = None


def connected():
    global connection
    if connection is None or connection.closed:
        connection = psycopg2.connect(host=os.environ["DB_HOST"])
    return connection


def handler(event, context):
    with connected().cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders")
        return cursor.fetchone()
""",
            },
        ),
        Example(
            note="A reconnect after an error, a database per tenant and a scratch database have to be made here.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import os
import sqlite3

import psycopg2

connection = psycopg2.connect(host=os.environ["DB_HOST"])


def handler(event, context):
    global connection
    try:
        connection.cursor().execute("SELECT 1")
    except psycopg2.OperationalError:
        connection = psycopg2.connect(host=os.environ["DB_HOST"])
    scratch = sqlite3.connect(":memory:")
    tenant = psycopg2.connect(host=os.environ["DB_HOST"], dbname=event["tenant"])
    tenant.close()
    return scratch
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each connection that an invocation opens and could have kept."""
        for effect, client in connections(function):
            behind = proxy(function, effect)
            related = evidence(function, effect)
            if behind is not None:
                related = (*related, (behind, "it leads to this database proxy"))
            yield self.at(
                effect,
                f"{written(effect)} opens a new connection on every invocation of `{function.id}`",
                functions=[function],
                related=related,
                help="keep one connection at module level, made on first use and checked before each use",
                severity=_severity(client, behind is not None),
                fix=fixes.hoist(function, effect),
            )


def _severity(client: knowledge.clients.Client, is_behind_proxy: bool) -> Severity:
    if client.brief or client.local:
        return Severity.INFO
    return Severity.ERROR if client.relational and not is_behind_proxy else Severity.WARNING
