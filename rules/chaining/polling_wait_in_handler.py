"""Rule polling-wait-in-handler."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Effect, Example, Function, Rule, Severity, knowledge, values

from .waiting import looks, sleeps, waits

_BRIEF_S = 5.0
"""A waiter that gives up within this time, in seconds, is no reason for a workflow."""

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  ReportFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Timeout: 600
"""


class PollingWaitInHandler(Rule):
    """A function that waits for a job of another service is billed until the job is done.

    The job is paid for already; the function only asks whether it has ended, and fails when that takes longer than its
    timeout. Step Functions starts most jobs and waits for them (`.sync`) for nothing, and most services tell with an
    event that they are done.

    Reported for waiters of the SDK, for operations that answer only at the end of the work, and for a loop that sleeps
    and asks the same question again.

    Not reported: waiters that give up within five seconds, questions that each turn of the loop changes (pages of a
    listing, elements of a list), a secret or a parameter that is fetched in each turn, a pause before something that
    failed is tried again, custom resources of CloudFormation, which have to wait, and durable functions.
    """

    name = "polling-wait-in-handler"
    summary = "Function waits for a job of another service"
    severity = Severity.WARNING
    tags = ("cost", "chaining")
    references = (
        "https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
    )
    supersedes = ("sleep-in-handler",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import time

import boto3

athena = boto3.client("athena")


def handler(event, context):
    query = athena.start_query_execution(QueryString="SELECT 1")["QueryExecutionId"]
    while True:
        state = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"]
        if state == "SUCCEEDED":
            return query
        time.sleep(5)  # <- here
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3

athena = boto3.client("athena")


def handler(event, context):
    return athena.start_query_execution(QueryString="SELECT 1")["QueryExecutionId"]
""",
            },
        ),
        Example(
            note="A waiter of the SDK polls in the same way; one that gives up at once does not.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3

ec2 = boto3.client("ec2")


def handler(event, context):
    ec2.start_instances(InstanceIds=["i-1"])
    ec2.get_waiter("instance_running").wait(InstanceIds=["i-1"])  # <- here
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    waiter = s3.get_waiter("object_exists")
    waiter.wait(Bucket="reports", Key="today", WaiterConfig={"Delay": 1, "MaxAttempts": 3})
""",
            },
        ),
        Example(
            note="Each turn asks for something else: that is a listing, not a wait.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import time

import boto3

logs = boto3.client("logs")


def handler(event, context):
    token = None
    found = []
    while True:
        page = logs.get_log_events(logGroupName="a", logStreamName="b", nextToken=token)
        found.extend(page["events"])
        if page["nextForwardToken"] == token:
            return found
        token = page["nextForwardToken"]
        time.sleep(0.2)
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each waiter, and each sleep between two looks at the same thing."""
        for effect in waits(function):
            if not _is_brief(effect):
                yield self._found(function, effect, "waits here until a job is done")
        asked = list(looks(function))
        for sleep, _ in sleeps(function) if asked else ():
            # Where an error is handled, it waits before the next try of what failed: of the innermost loop alone.
            around = sleep.site.loops[:1] if sleep.site.handles_error else sleep.site.loops
            pauses = {loop for loop in around if loop.tries}
            look = next((each for each in asked if pauses & each.site.decides & set(each.site.repeats)), None)
            if look is not None:
                yield self._found(function, sleep, f"sleeps here between calls of `{look.name}`", look)

    def _found(self, function: Function, effect: Effect, what: str, look: Effect | None = None) -> Diagnostic:
        operation = look.name if look is not None else effect.name
        instead = knowledge.cloud.POLLED.get(operation) or knowledge.cloud.WAITS.get(operation)
        return self.at(
            effect,
            f"`{function.id}` {what} and is billed for the wait",
            functions=[function],
            related=(
                *(((look, "this is asked again in each turn"),) if look is not None else ()),
                *effect.site.path,
                *function.deployment,
            ),
            help=f"start it from a Step Functions workflow with `{instead}`"
            if instead
            else "let a Step Functions workflow wait, or an event of the service start the next function",
        )


def _is_brief(effect: Effect) -> bool:
    known = knowledge.calls.effect(effect.name)
    if known is None:
        return False
    given = effect.site.argument(known.keyword)
    if not isinstance(given, values.Items):
        return False
    delay, attempts = given.at("Delay").number, given.at("MaxAttempts").number
    if attempts is None:
        return False
    return (knowledge.cloud.WAITER_DELAY_S if delay is None else delay) * (attempts - 1) <= _BRIEF_S
