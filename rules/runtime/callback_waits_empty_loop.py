"""Rule callback-waits-empty-loop."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Effect, Example, Function, Phase, Rule, Severity, knowledge

from .node import SETTING, answers_at_once, callback, version

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

_KLASSES = frozenset({knowledge.clients.Klass.DB, knowledge.clients.Klass.KV, knowledge.clients.Klass.MQ})


class CallbackWaitsEmptyLoop(Rule):
    """A handler that answers through a callback waits until its event loop is empty, and an open connection never lets it.

    Lambda sends the answer only when nothing is left to do. A connection that is kept at module level is something left
    to do: the function runs into its timeout although the callback was called. An async handler answers when its
    promise resolves; `context.callbackWaitsForEmptyEventLoop = false` does the same for a callback.
    """

    name = "callback-waits-empty-loop"
    summary = "Callback handler waits for a kept connection until it times out"
    severity = Severity.WARNING
    tags = ("reliability", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const mysql = require("mysql");

const connection = mysql.createConnection({ host: process.env.DB_HOST });

exports.handler = (event, context, callback) => { // <- here
  connection.query("SELECT 1", callback);
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const mysql = require("mysql");

const connection = mysql.createConnection({ host: process.env.DB_HOST });

exports.handler = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  connection.query("SELECT 1", callback);
};
""",
            },
        ),
        Example(
            note="An async handler does not wait for the event loop.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const mysql = require("mysql2/promise");

const pool = mysql.createPool({ host: process.env.DB_HOST });

exports.handler = async (event) => pool.query("SELECT 1");
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report a callback handler whose module keeps a connection open."""
        handler = function.handler
        definition = handler.definition if handler is not None else None
        major = version(function)
        if handler is None or definition is None or definition.is_async or callback(function) is None:
            return
        if major is None or major >= knowledge.runtimes.NODE_WITHOUT_CALLBACKS or answers_at_once(function):
            return
        kept = next(filter(_stays_open, function.effects("client", phase=Phase.INIT)), None)
        if kept is not None:
            yield self.at(
                handler.span,
                f"`{function.id}` answers only when its event loop is empty, which a kept connection prevents",
                functions=[function],
                related=[(kept, "this connection stays open"), *function.deployment],
                help=f"set `context.{SETTING} = false`, or make the handler async",
            )


def _stays_open(effect: Effect) -> bool:
    client = effect.client
    return (
        client is not None and client.klass in _KLASSES and (client.opens or client.reconnects) and not client.is_pool
    )
