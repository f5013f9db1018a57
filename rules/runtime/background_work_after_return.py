"""Rule background-work-after-return."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Effect, Example, Function, Phase, Rule, Severity, Site, Span

from .node import evidence, is_node

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


class BackgroundWorkAfterReturn(Rule):
    """Work that an async handler starts and does not wait for stops when the handler returns.

    Lambda freezes the environment with the response. What is not done by then goes on in a later invocation, which may
    never come, and an error in it is lost. `await` the promise, or all of them with `Promise.all`.

    Reported for calls of the AWS SDK and of HTTP clients whose promise is dropped, in code that an async handler runs, and
    for calls of async functions of the project that make and await one.
    Not reported: promises that are kept, returned, handed on or dropped on purpose with `void`, those that tell somebody
    else when they are done (`resolve`, the response of a web framework), calls with a callback, and handlers that answer
    through a callback, which wait until nothing is left to do.
    """

    name = "background-work-after-return"
    summary = "Nobody waits for work that the handler starts"
    severity = Severity.WARNING
    tags = ("reliability", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});

export const handler = async (event) => {
  sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: event.body })); // <- here
  return { statusCode: 202 };
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});

export const handler = async (event) => {
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: event.body }));
  const later = fetch("https://example.com/ping");
  await Promise.all([later]);
  return { statusCode: 202 };
};
""",
            },
        ),
        Example(
            note="A method of the promise does not wait for it either; a callback handler does.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
export const handler = async (event) => {
  fetch("https://example.com/ping").catch(console.error); // <- here
  return { statusCode: 202 };
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = (event, context, callback) => {
  fetch("https://example.com/ping").then(() => callback(null, { statusCode: 200 }));
};
""",
            },
        ),
        Example(
            note="What tells a promise around it is waited for there; an async handler is done without its callback.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
exports.handler = async (event, context, callback) => {
  fetch("https://example.com/ping").then((answer) => callback(null, answer.status)); // <- here
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const ask = (path) =>
  new Promise((resolve, reject) => {
    fetch(`https://example.com/${path}`)
      .then((answer) => answer.json())
      .then((found) => resolve(found))
      .catch(reject);
  });

exports.handler = async (event) => {
  return { statusCode: 200, body: JSON.stringify(await ask(event.path)) };
};
""",
            },
        ),
        Example(
            note="An async function of the project gives a promise too.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";

const s3 = new S3Client({});

const put = async (client, key, body) => client.send(new PutObjectCommand({ Bucket: "b", Key: key, Body: body }));

const save = async (event) => {
  await put(s3, crypto.randomUUID(), event.body);
};

export const handler = async (event) => {
  save(event).catch(console.error); // <- here
  for (const record of event.Records) {
    put(s3, `${record.id}.json`, JSON.stringify(record)); // <- here
  }
  return { statusCode: 202 };
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { PassThrough } from "node:stream";
import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

const s3 = new S3Client({});

const copy = async (keys, stream) => {
  for (const key of keys) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "b", Key: key }));
    stream.write(await Body.transformToByteArray());
  }
  stream.end();
};

const tell = async (done) => {
  done(await s3.send(new GetObjectCommand({ Bucket: "b", Key: "told" })));
};

export const handler = async (event) => {
  const stream = new PassThrough();
  copy(event.keys, stream);
  await new Upload({ client: s3, params: { Bucket: "b", Key: "all", Body: stream } }).done();
  await new Promise((resolve) => {
    tell(resolve);
  });
  void copy(event.more, process.stdout);
  const later = copy(event.other, process.stdout);
  await later;
};
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each request of an invocation whose promise is dropped."""
        handler = function.handler
        if not is_node(function) or not function.model.frozen:
            return
        if handler is None or handler.definition is None or not handler.definition.is_async:
            return
        reported: set[Span] = set()
        for effect in (*function.effects("cloud", phase=Phase.INVOKE), *function.effects("http", phase=Phase.INVOKE)):
            site = _dropping(function, effect.site)
            if site is None or (site is not effect.site and site.span in reported):
                continue
            reported.add(site.span)
            yield self.at(
                site.span,
                f"nobody waits for {_what(effect)}: `{function.id}` may return before it is done",
                functions=[function],
                related=(
                    *([(effect.site.span, "this is what goes on")] if site is not effect.site else ()),
                    *evidence(function, site),
                ),
                help="`await` it, or collect the promises and `await Promise.all(…)` before the handler returns",
            )


def _dropping(function: Function, site: Site) -> Site | None:
    """The call whose promise is dropped: of the request itself, or of the async function around it, where the handler calls
    that, or a function that it calls."""
    definition = function.handler.definition if function.handler is not None else None
    if site.floats:
        return site if not site.handed and site.tells <= {definition} else None
    dropped = site.dropped
    if dropped is None:
        return None
    *called, first = dropped.frame.chain()
    return dropped if first.definition is definition and all(frame.role == "call" for frame in called) else None


def _what(effect: Effect) -> str:
    return f"`{effect.name}`" if effect.kind == "cloud" else f"the request of `{effect.name}`"
