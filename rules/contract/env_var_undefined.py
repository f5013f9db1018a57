"""Rule env-var-undefined."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Effect, Example, Function, Rule, Severity, Site, Span, knowledge, values

_CODE = """\
import os

TABLE = os.environ["TABLE_NAME"]  # <- here


def handler(event, context):
    return TABLE
"""

_GOOD = _CODE.replace("  # <- here", "")


def _template(variable: str) -> str:
    return f"""\
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
          {variable}: orders
"""


class EnvVarUndefined(Rule):
    """Code that reads an environment variable which the template does not define fails when it runs.

    A subscript raises a KeyError, which is an error here. A read without default gives None, which fails later and
    further away: it is a warning when the value is passed to a cloud operation, which needs one.

    Not reported: reads with a default or a check, and those that another variable decides about, such as a stage or the
    mark of an emulator; variables that the runtime, an extension or a framework provides, that the Dockerfile of an image
    sets, or the code itself; functions whose environment is not fully written in the template, or whose code sets
    variables whose names it does not tell (`os.environ.update(secrets)`, `load_dotenv()`).
    """

    name = "env-var-undefined"
    summary = "Code reads an environment variable that the template does not define"
    severity = Severity.ERROR
    tags = ("reliability", "contract")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",)
    examples = (
        Example(
            bad={"template.yaml": _template("TABLE"), "src/app.py": _CODE},
            good={"template.yaml": _template("TABLE_NAME"), "src/app.py": _GOOD},
        ),
        Example(
            note="A read without default is reported where its None reaches a cloud operation.",
            bad={
                "template.yaml": _template("TABLE"),
                "src/app.py": """\
import os

import boto3

QUEUE = os.environ.get("QUEUE_URL")  # <- here
VERBOSE = os.environ.get("VERBOSE")
client = boto3.client("sqs")


def handler(event, context):
    client.send_message(QueueUrl=QUEUE, MessageBody=event["body"])
    return VERBOSE
""",
            },
        ),
        Example(
            note="Reads with a default, a check or a handler for the missing variable are fine.",
            good={
                "template.yaml": _template("TABLE"),
                "src/app.py": """\
import os

LEVEL = os.environ.get("LEVEL", "INFO")
BUCKET = os.environ.get("BUCKET") or "orders"
REGION = os.environ["AWS_REGION"]


def handler(event, context):
    if "QUEUE" in os.environ:
        return os.environ["QUEUE"]
    try:
        return os.environ["TOPIC"]
    except KeyError:
        return LEVEL, BUCKET, REGION
""",
            },
        ),
        Example(
            note="A check counts before the call too, and a stage or an emulator may have variables of its own.",
            good={
                "template.yaml": _template("TABLE"),
                "src/app.py": """\
import os

import boto3

STAGE = os.environ.get("STAGE", "prod")
TOPIC = os.environ.get("TOPIC_ARN")
client = boto3.client("sns")


def endpoint():
    if os.environ.get("AWS_SAM_LOCAL") or STAGE == "dev":
        return os.environ["LOCAL_URL"]


def alert(message):
    if not TOPIC:
        return
    client.publish(TopicArn=TOPIC, Message=message)


def handler(event, context):
    alert(endpoint())
""",
            },
        ),
        Example(
            note="Who calls may have asked, and a device adds variables of its own.",
            good={
                "template.yaml": _template("TABLE")
                + """\
  Device:
    Type: AWS::Greengrass::FunctionDefinition
    Properties:
      InitialVersion:
        Functions:
          - Id: sensor
            FunctionArn: !Ref SensorFunction.Version
            FunctionConfiguration:
              Environment:
                Variables:
                  CORE_NAME: core
  SensorFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: sensor.handler
      Runtime: python3.14
""",
                "src/app.py": """\
import os

from words import matches


def handler(event, context):
    if os.environ.get("WORDS"):
        return matches(event)
""",
                "src/words.py": """\
import os


def matches(event):
    return event["word"] in os.environ["WORDS"].split(",")
""",
                "src/sensor.py": """\
import os


def handler(event, context):
    return os.environ["CORE_NAME"]
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report reads of variables that are known to be missing."""
        if function.environment_is_open or function.handler is None or function.loads_variables:
            return
        missing = [
            read
            for read in function.reads()
            if read.name not in function.variables
            and not knowledge.environment.is_provided(read.name)
            and not read.guarded
        ]
        passed = _passed_on(function) if any(not read.required for read in missing) else {}
        for read in missing:
            related = list(function.deployment)
            if not read.required:
                calls = (call for call in passed.get(read.span, ()) if not read.is_checked_before(call))
                call = next(calls, None)
                if call is None:
                    continue
                related.insert(0, (call.span, "nothing is passed to this call"))
            yield self.at(
                read,
                f"`{read.name}` is read here but `{function.id}` does not define it",
                functions=[function],
                related=related,
                help=f"define `{read.name}` under Environment.Variables of `{function.id}`",
                severity=None if read.required else Severity.WARNING,
            )


def _passed_on(function: Function) -> dict[Span, list[Site]]:
    """The reads of missing variables whose nothing reaches cloud operations, each with the calls."""
    found: dict[Span, list[Site]] = {}
    for effect in function.effects("cloud"):
        for given in _given(effect):
            options = [option.value for option in given.possible()]
            if all(isinstance(value, values.Absent) or _is_none(value) for value in options):
                for value in options:
                    found.setdefault(value.span, []).append(effect.site)
    return found


def _given(effect: Effect) -> Iterator[values.Value]:
    """What an operation is given: its arguments, in JavaScript those members of its options that it needs."""
    if effect.site.module.family == "nodejs":
        for name in knowledge.cloud.REQUIRED_MEMBERS:
            yield effect.site.argument(name)
        return
    for argument in effect.site.call.arguments:
        yield effect.site.resolve(argument.value)


def _is_none(value: values.Value) -> bool:
    return isinstance(value, values.Literal) and value.value is None
