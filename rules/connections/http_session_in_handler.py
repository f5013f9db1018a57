"""Rule http-session-in-handler."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, fixes, knowledge

from .rebuilt import evidence, rebuilt, written

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  QuotesFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
"""


class HttpSessionInHandler(Rule):
    """An HTTP session built in the handler does not keep its connections for the next invocation.

    Each invocation then pays for a new TCP and TLS handshake, usually 50 to 200 milliseconds. A session made when the
    module is loaded keeps the connection open as long as the execution environment lives.

    Not reported: asynchronous sessions, which belong to one event loop, and sessions that are made of values from the
    event or get some later: a header, a cookie, credentials, or a login that other requests follow. The next user must
    not find them.
    """

    name = "http-session-in-handler"
    summary = "HTTP session is built on every invocation"
    severity = Severity.INFO
    strict = True
    tags = ("performance", "connections")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import requests


def handler(event, context):
    session = requests.Session()  # <- here
    return session.get("https://example.com/quotes").json()
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import requests

session = requests.Session()


def handler(event, context):
    return session.get("https://example.com/quotes").json()
""",
            },
        ),
        Example(
            note="An asynchronous session cannot outlive the event loop that this invocation runs.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import asyncio

import aiohttp


async def quotes():
    async with aiohttp.ClientSession() as session, session.get("https://example.com/quotes") as answer:
        return await answer.json()


def handler(event, context):
    return asyncio.run(quotes())
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each HTTP session that an invocation builds and could have kept."""
        for effect in rebuilt(function):
            if effect.client is not None and effect.client.klass is knowledge.clients.Klass.HTTP:
                yield self.at(
                    effect,
                    f"{written(effect)} starts without open connections on every invocation of `{function.id}`",
                    functions=[function],
                    related=evidence(function, effect),
                    help="build it once, at module level, and use it in the handler",
                    fix=fixes.hoist(function, effect),
                )
