"""Rule user-facing-cold-start."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Fix, Function, Rule, Severity, Source, fixes, knowledge, values

from .start import bare_callers, mitigated, publishes_version, slow_start

_BAD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:  # <- here
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Events:
        Get:
          Type: Api
          Properties:
            Path: /orders
            Method: get
"""

_SNAPSTART = """\
      SnapStart:
        ApplyOn: PublishedVersions
      AutoPublishAlias: live
"""

_PROVISIONED = """\
      AutoPublishAlias: live
      ProvisionedConcurrencyConfig:
        ProvisionedConcurrentExecutions: 2
"""

_CODE = """\
import pandas as pd


def handler(event, context):
    return {"statusCode": 200, "body": pd.DataFrame([event]).to_json()}
"""

_LIGHT = """\
import json


def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event["path"])}
"""


def _good(added: str, runtime: str = "python3.14") -> str:
    text = _BAD.replace("  # <- here", "").replace("python3.14", runtime)
    return text.replace("      Events:\n", f"{added}      Events:\n")


class UserFacingColdStart(Rule):
    """A user waits for each cold start of a function that answers requests.

    Lambda starts a new execution environment for every request that finds none free. With SnapStart it resumes from
    a snapshot of the started function instead of starting it, with provisioned concurrency it is started beforehand.

    Reported are functions behind an API, a function URL, a load balancer, AppSync, a Cognito trigger or an
    authorizer, on a runtime that has SnapStart, that use neither. It is a warning where the files show that the start
    is slow (Java, .NET, heavy imports, a web framework, a large package), otherwise information. Java pays nothing for
    SnapStart; Python and .NET pay for the cached snapshot and for each restore.

    Not reported: runtimes without SnapStart, functions that nobody waits for, functions that cannot use SnapStart
    (EFS, more than 512 MB of ephemeral storage, tenant isolation) unless they start slowly, functions of a content
    delivery network, which can have neither, and settings that the files do not tell. SnapStart without a published version is another rule's finding.
    """

    name = "user-facing-cold-start"
    summary = "Users wait for cold starts: neither SnapStart nor provisioned concurrency"
    severity = Severity.WARNING
    from_template = True
    tags = ("performance", "cold-start")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
    )
    examples = (
        Example(
            bad={"template.yaml": _BAD, "src/app.py": _CODE},
            good={"template.yaml": _good(_SNAPSTART), "src/app.py": _CODE},
            fixed_is_good=True,
        ),
        Example(
            note="Without evidence of a slow start it is information; provisioned concurrency helps as well.",
            bad={"template.yaml": _BAD, "src/app.py": _LIGHT},
            good={"template.yaml": _good(_PROVISIONED), "src/app.py": _LIGHT},
        ),
        Example(
            note="This runtime has no SnapStart, and three small imports are no slow start.",
            good={"template.yaml": _good("", "python3.11"), "src/app.py": _LIGHT},
        ),
        Example(
            note="Nobody waits for a function that reads from a queue.",
            good={
                "src/app.py": _CODE,
                "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::SQS::Queue
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Events:
        Order:
          Type: SQS
          Properties:
            Queue: !GetAtt Orders.Arn
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report a function that somebody waits for and that starts cold."""
        waiting, runtime = _waiting(function), function.runtime.string
        if waiting is None or runtime is None or function.platform != knowledge.platforms.AWS_LAMBDA.platform:
            return
        if knowledge.runtimes.supports_snapstart(runtime) is not True or mitigated(function) is not False:
            return
        blocked = _blocked(function)
        if blocked is None:
            return
        slow = tuple(slow_start(function))
        if blocked and not slow:
            return
        related = tuple((span, text) for span, text in ((waiting.span, "a user waits for it here"), *slow))
        yield self.at(
            function,
            f"users wait for the cold starts of `{function.id}`: {_missing(bool(blocked))}"
            + (f", and {slow[0][1]}" if slow else ""),
            functions=[function],
            resource=function.id,
            related=[(span, text) for span, text in related if span != function.span],
            help=_help(runtime, blocked),
            severity=None if slow else Severity.INFO,
            fix=None if blocked else _fix(function),
        )


def _waiting(function: Function) -> Source | None:
    """A source behind which somebody waits and for which there is a remedy."""
    edge = knowledge.event_sources.AT_THE_EDGE
    found = (source for source in function.sources if source.event_class == knowledge.event_sources.USER_FACING)
    return next((source for source in found if source.kind not in edge), None)


def _blocked(function: Function) -> str | None:
    """The setting that rules SnapStart out, "" when there is none; None when the files do not tell."""
    if function.setting("PackageType").equals("Image") is not False:
        return None
    for name in knowledge.runtimes.SNAPSTART_CONFLICTS:
        if name == "ProvisionedConcurrencyConfig":
            continue
        value = function.setting(name)
        if isinstance(value, values.Items) and value.entries:
            return name
        if not isinstance(value, (values.Absent, values.Items)):
            return None
    storage = function.setting("EphemeralStorage", "Size")
    if isinstance(storage, values.Absent):
        return ""
    small = storage.less_than(knowledge.limits.TMP_MINIMUM_MB + 1)
    return None if small is None else "" if small else "EphemeralStorage"


def _fix(function: Function) -> Fix | None:
    """Switch SnapStart on, with the alias that it needs; SAM only, where that is all: callers must get the alias."""
    resource = function.resource
    if resource is None or resource.type != "AWS::Serverless::Function" or bare_callers(function):
        return None
    if not isinstance(function.setting("SnapStart"), values.Absent):
        return None
    properties: dict[str, str | dict[str, str]] = {"SnapStart": {"ApplyOn": "PublishedVersions"}}
    if publishes_version(function) is False:
        properties["AutoPublishAlias"] = "live"
    return fixes.add_properties(function, properties, f"switch SnapStart on for `{function.id}` and publish an alias")


def _missing(blocked: bool) -> str:
    return "it has no provisioned concurrency" if blocked else "it has neither SnapStart nor provisioned concurrency"


def _help(runtime: str, blocked: str) -> str:
    if blocked:
        return f"configure provisioned concurrency on an alias ({blocked} rules SnapStart out), or make it start faster"
    free = knowledge.runtimes.family_of(runtime) in knowledge.runtimes.SNAPSTART_FREE
    price = "free for this runtime" if free else "this runtime pays for the snapshot"
    return f"set SnapStart to PublishedVersions and let callers use an alias ({price}), or use provisioned concurrency"
