"""Rule env-var-undefined."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, knowledge

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

    A subscript raises a KeyError; a read without default gives None, which fails later and further away.

    Not reported: reads with a default or a check, variables that the runtime, an extension or a framework provides,
    that the code sets itself, and functions whose environment is not fully written in the template.
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
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report reads of variables that are known to be missing."""
        if function.environment_is_open or function.handler is None:
            return
        for read in function.reads():
            if read.guarded or not read.required:
                continue
            if read.name in function.variables or knowledge.environment.is_provided(read.name):
                continue
            yield self.at(
                read,
                f"`{read.name}` is read here but `{function.id}` does not define it",
                functions=[function],
                related=function.deployment,
                help=f"define `{read.name}` under Environment.Variables of `{function.id}`",
            )
