"""Rule await-in-sequential-loop."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Effect, Example, Function, Phase, Rule, Severity, values

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
      Events:
        Get:
          Type: HttpApi
          Properties:
            Path: /orders
            Method: get
"""
_FEW = 3
"""So many turns at most are no reason to do them at once."""


class AwaitInSequentialLoop(Rule):
    """A loop that awaits one request after the other makes the user wait for the sum of them.

    Requests that do not depend on each other can run at once: `await Promise.all(items.map(…))`, or one batch request
    where the service has one.

    Reported for calls of the AWS SDK in a `for … of` loop of a function that somebody waits for, when each turn makes
    its request of the element alone; for information.

    Not reported: loops over fewer than three elements that are written out, loops that are left early, loops in which a
    turn uses what an earlier one has found, messages of a group, whose order counts (`MessageGroupId`), and loops that
    sleep on purpose.
    """

    name = "await-in-sequential-loop"
    summary = "Loop awaits independent requests one after the other"
    severity = Severity.INFO
    tags = ("performance", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const db = new DynamoDBClient({});

export const handler = async (event) => {
  const found = [];
  for (const id of event.ids) {
    found.push(await db.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: id } } }))); // <- here
  }
  return found.length;
};
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const db = new DynamoDBClient({});
const get = (id) => db.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: id } } }));

export const handler = async (event) => {
  const found = await Promise.all(event.ids.map(get));
  for (const id of event.ids) {
    const order = await get(id);
    if (order.Item) return order;
  }
  return found.length;
};
""",
            },
        ),
        Example(
            note="Each turn needs what the one before has found.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { S3Client, ListObjectsV2Command } from "@aws-sdk/client-s3";

const s3 = new S3Client({});

export const handler = async (event) => {
  let token;
  for (const page of event.pages) {
    const answer = await s3.send(new ListObjectsV2Command({ Bucket: page, ContinuationToken: token }));
    token = answer.NextContinuationToken;
  }
  return token;
};
""",
            },
        ),
        Example(
            note="The order of a group's messages counts, and a pause is there on purpose.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});

export const handler = async (event) => {
  for (const id of event.ids) {
    await sqs.send(new SendMessageCommand({ QueueUrl: "orders.fifo", MessageBody: id, MessageGroupId: event.group }));
  }
  for (const id of event.ids) {
    await sqs.send(new SendMessageCommand({ QueueUrl: "mails", MessageBody: id }));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each awaited request of a loop over elements that do not depend on each other."""
        if not is_node(function) or function.waiting is None:
            return
        for effect in function.effects("cloud", phase=Phase.INVOKE):
            if _is_independent(effect) and not _is_ordered(function, effect):
                yield self.at(
                    effect.site.span,
                    f"the loop waits for each `{effect.name}` in turn, and a user of `{function.id}` for all of them",
                    functions=[function],
                    related=evidence(function, effect.site),
                    help="send them at once with `await Promise.all(items.map(…))`, or in one batch request",
                )


def _is_independent(effect: Effect) -> bool:
    """Whether the innermost loop around a request goes over elements, to its end, and binds nothing outside of itself."""
    site = effect.site
    unit = site.module
    if (
        not site.call.awaited
        or site.caught
        or not site.loops
        or site.loops[0].is_open
        or site.loops[0].path != unit.path
    ):
        return False
    loop = site.loops[0].block
    iterable = unit.module.blocks[loop].subject
    if isinstance(iterable, values.Items) and not iterable.open and len(iterable.entries) < _FEW:
        return False

    def is_inside(block: int) -> bool:
        return loop in unit.module.enclosing(block)

    leaves = any(is_inside(each.block) for each in unit.module.exits if each.kind in ("return", "break", "yield"))
    carries = any(
        is_inside(each.block) and not is_inside(each.scope)
        for each in unit.module.bindings
        if each.target.kind is values.RefKind.NAME
    )
    return is_inside(site.call.block) and not leaves and not carries


def _is_ordered(function: Function, effect: Effect) -> bool:
    """Whether the requests are to be made one after the other: messages of one group, or with a pause between them."""
    group = effect.site.argument("MessageGroupId")
    if not isinstance(group, (values.Absent, values.Unknown)):
        return True
    return any(effect.site.loops[0] in sleep.site.loops for sleep in function.effects("sleep", phase=Phase.INVOKE))
