"""Rule snapstart-bypassed-by-latest."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity

from .start import bare_callers, may_snapstart, provisioned, publishes_version, snapstart_place

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: build/orders.jar
      Handler: example.Orders::handle
      Runtime: java21
      AutoPublishAlias: live
      SnapStart:
        ApplyOn: PublishedVersions
  OrdersUrl:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: AWS_IAM
"""

_BYPASSED = """\
      TargetFunctionArn: !GetAtt OrdersFunction.Arn  # <- here
"""

_ALIAS = """\
      TargetFunctionArn: !GetAtt OrdersFunction.Arn
      Qualifier: live
"""


class SnapstartBypassedByLatest(Rule):
    """Who invokes a function without naming a version or alias gets `$LATEST`, which always starts cold.

    SnapStart and provisioned concurrency belong to a published version or an alias. What calls the bare function
    passes them by, while they are still paid for where they cost something.

    Reported for resources that name the function without a qualifier although the template publishes versions of it.
    Not reported: SAM events (SAM wires them to the alias), and permissions, which call nothing.
    """

    name = "snapstart-bypassed-by-latest"
    summary = "SnapStart or provisioned concurrency is bypassed: the caller invokes $LATEST"
    severity = Severity.ERROR
    from_template = True
    tags = ("performance", "cold-start")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
    )
    examples = (Example(bad={"template.yaml": _TEMPLATE + _BYPASSED}, good={"template.yaml": _TEMPLATE + _ALIAS}),)

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each source that invokes the bare function."""
        callers = bare_callers(function)
        if not callers or publishes_version(function) is not True:
            return
        for what, is_on in (("SnapStart", may_snapstart(function)), ("provisioned concurrency", provisioned(function))):
            if is_on is not True:
                continue
            for source in callers:
                yield self.at(
                    source,
                    f"this invokes `$LATEST` of `{function.id}` and so bypasses its {what}",
                    functions=[function],
                    related=[(snapstart_place(function), "SnapStart is switched on here")]
                    if what == "SnapStart"
                    else [(function, f"`{function.id}` is deployed here")],
                    help=f"name an alias or version of `{function.id}` instead of the bare function",
                )
            return
