"""Rule pool-in-handler."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, fixes

from .rebuilt import CONNECTIONS, evidence, rebuilt, written

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
          DATABASE: postgresql://db/orders
"""


class PoolInHandler(Rule):
    """A connection pool that every invocation builds is never shared: it only adds connections.

    A pool pays when it outlives the work that uses it. Built in the handler, it opens new connections each time, keeps
    them idle until it is collected, and multiplies the load on the server by the number of invocations. Database
    engines and clients that hold a pool inside are pools too.

    Not reported: connections and sessions that are checked out of a pool or an engine, engines without a pool
    (`NullPool`), pools that are given a token of IAM database authentication, which expires, session factories, pools
    kept by a lazy singleton or a cached function, pools for an address that comes from the event, and asynchronous
    pools, which belong to one event loop.
    """

    name = "pool-in-handler"
    summary = "Connection pool is built on every invocation"
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

from sqlalchemy import create_engine, text


def handler(event, context):
    engine = create_engine(os.environ["DATABASE"])  # <- here
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM orders")).scalar()
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import os

from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE"], pool_size=1, pool_pre_ping=True)


def handler(event, context):
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM orders")).scalar()
""",
            },
        ),
        Example(
            note="What is taken out of a pool is not a pool, and neither is the factory of sessions.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import os
from functools import cache

from psycopg2.pool import SimpleConnectionPool
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

pool = SimpleConnectionPool(1, 1, os.environ["DATABASE"])


@cache
def engine():
    return create_engine(os.environ["DATABASE"], pool_size=1)


def handler(event, context):
    connection = pool.getconn()
    pool.putconn(connection)
    with Session(engine()) as session, sessionmaker(engine())() as other, engine().begin() as transaction:
        return session, other, transaction
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each pool or engine that an invocation builds and could have kept."""
        for effect in rebuilt(function):
            client = effect.client
            if client is None or not client.is_pool or client.klass not in CONNECTIONS:
                continue
            yield self.at(
                effect,
                f"{written(effect)} makes a connection pool on every invocation of `{function.id}`",
                functions=[function],
                related=evidence(function, effect),
                help="build it once, at module level or in a cached function, and take connections from it in the handler",
                fix=fixes.hoist(function, effect),
            )
