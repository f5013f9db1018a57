"""Rule foreach-async."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Site, knowledge, values

from .node import answers_at_once, evidence, invoked

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

_IGNORES = frozenset({"forEach"})
_ANSWERS = ("done", "succeed", "fail")
"""Methods of the context that answer at once, as do the libraries for custom resources that call them."""
_COLLECTS = frozenset({"map", "flatMap"})


class ForeachAsync(Rule):
    """`forEach` does not wait for an async function: the handler returns before the work is done.

    The environment is frozen with the response, so that the work goes on in a later invocation, or never; an error in
    it is lost. `await Promise.all(items.map(async …))` or a `for … of` loop waits.

    Reported for an async function that awaits something and is handed to `forEach`, or to `map` whose promises are
    dropped, in code that runs on an invocation. Not reported: an async function that counts, and calls what the function
    around it was given when all is done (`new Promise((resolve) => …)`), and handlers that are not async and return no
    promise, for which Lambda waits until nothing is left to do, unless they answer with `context.done`.
    """

    name = "foreach-async"
    summary = "Nobody waits for an async function that forEach calls"
    severity = Severity.ERROR
    tags = ("reliability", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { save } from "./store.mjs";

export const handler = async (event) => {
  event.Records.forEach(async (record) => { // <- here
    await save(record.body);
  });
};
""",
                "src/store.mjs": "export const save = async (body) => body;\n",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { save } from "./store.mjs";

export const handler = async (event) => {
  await Promise.all(event.Records.map(async (record) => save(record.body)));
  for (const record of event.Records) {
    await save(record.body);
  }
  event.Records.forEach((record) => console.log(record.body));
};
""",
                "src/store.mjs": "export const save = async (body) => body;\n",
            },
        ),
        Example(
            note="The last one that is done tells the promise, which the handler waits for.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
export const handler = async (event) => {
  await new Promise((resolve) => {
    event.urls.forEach(async (url) => { // <- here
      await fetch(url);
    });
    resolve();
  });
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
export const handler = async (event) => {
  let done = 0;
  await new Promise((resolve) => {
    event.urls.forEach(async (url) => {
      await fetch(url);
      if (++done === event.urls.length) resolve();
    });
  });
};
""",
            },
        ),
        Example(
            note="`await` waits for nothing either, unless the method is one of a library that gives a promise.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { save } from "./store.mjs";

export const handler = async (event) => {
  const { orders } = JSON.parse(event.body);
  await orders.forEach(async (order) => { // <- here
    await save(order);
  });
};
""",
                "src/store.mjs": "export const save = async (body) => body;\n",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { MongoClient } from "mongodb";
import { save } from "./store.mjs";

const client = new MongoClient(process.env.URL);

export const handler = async (event) => {
  await client.db().collection("orders").find().forEach(async (order) => {
    await save(order);
  });
};
""",
                "src/store.mjs": "export const save = async (body) => body;\n",
            },
        ),
        Example(
            note="For a handler that gives no promise, Lambda waits until nothing is left to do, unless it is told not to.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const { save } = require("./store");

exports.handler = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  event.Records.forEach(async (record) => { // <- here
    await save(record.body);
  });
  callback(null, "done");
};
""",
                "src/store.js": "exports.save = async (body) => body;\n",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const { save } = require("./store");

exports.handler = (event, context) => {
  event.Records.forEach(async (record) => {
    await save(record.body);
  });
};
""",
                "src/store.js": "exports.save = async (body) => body;\n",
            },
        ),
        Example(
            note="The old methods of the context answer at once; called by what is done last, they do no harm.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const response = require("cfn-response");
const { save } = require("./store");

exports.handler = (event, context) => {
  event.Records.forEach(async (record) => { // <- here
    await save(record.body);
  });
  response.send(event, context, response.SUCCESS, {});
};
""",
                "src/store.js": "exports.save = async (body) => body;\n",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const { save } = require("./store");

exports.handler = (event, context) => {
  let left = event.Records.length;
  event.Records.forEach(async (record) => {
    await save(record.body);
    left -= 1;
    if (left === 0) context.succeed("done");
  });
};
""",
                "src/store.js": "exports.save = async (body) => body;\n",
            },
        ),
        Example(
            note="Lambda waits for a promise that it returns, and for nothing else.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const { save } = require("./store");

exports.handler = (event) => {
  event.Records.forEach(async (record) => { // <- here
    await save(record.body);
  });
  return Promise.resolve("done");
};
""",
                "src/store.js": "exports.save = async (body) => body;\n",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each loop by callback that nobody waits for."""
        if function.handler is None or (function.handler.gives_promise is False and not _answers_early(function)):
            return
        for site in invoked(function):
            method = _method(site)
            is_dropped = method in _COLLECTS and not site.result_used and not site.call.awaited
            if (method in _IGNORES or is_dropped) and not _waits(site) and _works_later(site) and not _tells(site):
                yield self.at(
                    site.span,
                    f"nobody waits for the async function that `{method}` calls: `{function.id}` returns before it is done",
                    functions=[function],
                    related=evidence(function, site),
                    help="write `await Promise.all(items.map(async …))`, or a `for … of` loop to go one by one",
                )


def _answers_early(function: Function) -> bool:
    """Whether the body of a handler without a promise answers itself, in a way that waits for nothing."""
    handler = function.handler
    parameters = [each.name for each in handler.parameters] if handler is not None else []
    answers: list[tuple[str, ...]] = [(name, key) for name in parameters[1:2] for key in _ANSWERS]
    if answers_at_once(function):
        answers += [(name,) for name in parameters[2:3]]
    for site in invoked(function):
        if handler is not None and site.frame.definition is handler.definition:
            callee = site.call.callee
            if isinstance(callee, values.Ref) and (callee.name, *callee.path) in answers:
                return True
            if not knowledge.wrappers.CUSTOM_RESOURCE_MODULES.isdisjoint(name.partition(".")[0] for name in site.names):
                return True
    return False


def _method(site: Site) -> str | None:
    callee = site.call.callee
    last = callee.path[-1] if isinstance(callee, values.Ref) and callee.path else None
    return last if isinstance(last, str) else None


def _waits(site: Site) -> bool:
    """Whether the method may be one of a library that does wait, such as that of a database's cursor."""
    made = {name.partition("()")[0] for name in site.names if "()" in name}
    if made:
        return site.call.awaited and not made <= knowledge.language.PLAIN_DATA
    return any(not name.startswith("list.") for name in site.names)


def _works_later(site: Site) -> bool:
    """Whether an async function that is handed over awaits something."""
    unit = site.module
    return any(
        definition.is_async
        and any(unit.module.calls[index].awaited for index in unit.calls_of.get(definition.body, ()))
        for definition in site.handed
        if unit.definitions.get(definition.body) is definition
    )


def _tells(site: Site) -> bool:
    """Whether an async function that is handed over calls, on a condition, what a function around it was given."""
    unit = site.module
    around = (unit.definitions.get(block) for block in unit.module.enclosing(site.call.block))
    given = {each.name for definition in around if definition is not None for each in definition.parameters}
    return any(
        isinstance(call.callee, values.Ref) and call.callee.name in given and not call.callee.path
        for definition in site.handed
        for call in (unit.module.calls[index] for index in unit.calls_of.get(definition.body, ()))
        if call.block != definition.body and not call.awaited
    )
