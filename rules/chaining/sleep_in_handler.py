"""Rule sleep-in-handler."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from slint import Diagnostic, Example, Function, Rule, Severity

from .waiting import sleeps

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Timeout: 30
"""


class Options(NamedTuple):
    """The shortest sleep that is reported, in seconds."""

    seconds: float = 1.0


class SleepInHandler(Rule):
    """A function that sleeps is billed for every second of it, with all its memory.

    It also occupies its concurrency and brings the timeout nearer. A Wait state of Step Functions, a delayed message
    of a queue, a schedule, or the wait of a durable function costs nothing while the time passes.

    Reported when code that runs on an invocation sleeps for a time that is known and not shorter than the option
    `seconds`. In an exception handler, where it spaces out retries, it is for information: the retry settings of the
    SDK or of the event source do that.

    Not reported: shorter sleeps, times that the files do not tell, custom resources of CloudFormation, which have to
    wait, and durable functions, whose steps other rules judge.
    """

    name = "sleep-in-handler"
    summary = "Function sleeps while it is billed"
    severity = Severity.WARNING
    tags = ("cost", "chaining")
    references = (
        "https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
    )
    Options = Options
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import time

PAUSE = 10


def handler(event, context):
    time.sleep(PAUSE)  # <- here
    return {"done": True}
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import boto3

queue = boto3.client("sqs")


def handler(event, context):
    queue.send_message(QueueUrl="later", MessageBody=event["body"], DelaySeconds=10)
""",
            },
        ),
        Example(
            note="Short pauses, unknown ones, and what only runs from the command line.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import time


def handler(event, context):
    time.sleep(0.05)
    time.sleep(event["pause"])


if __name__ == "__main__":
    time.sleep(60)
""",
            },
        ),
        Example(
            note="The threshold is an option.",
            options={"seconds": 30},
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import time


def handler(event, context):
    time.sleep(20)
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each sleep of a known length on an invocation."""
        for effect, seconds in sleeps(function):
            if seconds is None or seconds < self.options.seconds:
                continue
            is_retry = effect.site.handles_error
            yield self.at(
                effect,
                f"`{function.id}` sleeps {seconds:g} s here"
                + (" in each turn of a loop" if effect.site.loops else "")
                + " and is billed for it",
                functions=[function],
                related=(*effect.site.path, *function.deployment),
                help="let the SDK or the event source space out the retries"
                if is_retry
                else "let a Wait state, a delayed message, a schedule or a durable function's wait pass the time",
                severity=Severity.INFO if is_retry else None,
            )
