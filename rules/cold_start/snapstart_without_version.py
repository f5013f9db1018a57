"""Rule snapstart-without-version."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Fix, Function, Rule, Severity, fixes

from .start import bare_callers, may_snapstart, publishes_version, snapstart_place

_HEAD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: build/orders.jar
      Handler: example.Orders::handle
      Runtime: java21
"""


class SnapstartWithoutVersion(Rule):
    """SnapStart does nothing as long as no version of the function is published.

    Lambda takes the snapshot when a version is published and uses it for invocations of that version, or of an alias
    that points to it. `$LATEST` always starts cold.

    Reported when SnapStart is on and the template neither sets AutoPublishAlias nor holds a version or alias of the
    function. Where a pipeline outside the template publishes versions, ignore the finding with that reason.
    """

    name = "snapstart-without-version"
    summary = "SnapStart is on, but no version is published"
    severity = Severity.ERROR
    from_template = True
    tags = ("performance", "cold-start")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _HEAD
                + """\
      SnapStart:  # <- here
        ApplyOn: PublishedVersions
"""
            },
            good={
                "template.yaml": _HEAD
                + """\
      SnapStart:
        ApplyOn: PublishedVersions
      AutoPublishAlias: live
"""
            },
            fixed_is_good=True,
        ),
        Example(
            note="What Globals switch on is reported there, once; a function may switch it off.",
            bad={
                "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: java21
    SnapStart:  # <- here
      ApplyOn: PublishedVersions
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: build/orders.jar
      Handler: example.Orders::handle
  PricesFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: build/prices.jar
      Handler: example.Prices::handle
"""
            },
            good={
                "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: java21
    SnapStart:
      ApplyOn: PublishedVersions
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: build/orders.jar
      Handler: example.Orders::handle
      AutoPublishAlias: live
  PricesFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: build/prices.jar
      Handler: example.Prices::handle
      SnapStart:
        ApplyOn: None
"""
            },
        ),
        Example(
            note="A runtime without SnapStart: a version would not help, `snapstart-unsupported-runtime` says what does.",
            good={
                "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Resources:
  PricesFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: prices.handler
      Runtime: nodejs22.x
      SnapStart:
        ApplyOn: PublishedVersions
"""
            },
        ),
        Example(
            note="A version and an alias as resources of their own.",
            good={
                "template.yaml": """\
Resources:
  OrdersFunction:
    Type: AWS::Lambda::Function
    Properties:
      Code:
        S3Bucket: artifacts
        S3Key: orders.jar
      Handler: example.Orders::handle
      Runtime: java21
      Role: arn:aws:iam::111122223333:role/orders
      SnapStart:
        ApplyOn: PublishedVersions
  OrdersVersion:
    Type: AWS::Lambda::Version
    Properties:
      FunctionName: !Ref OrdersFunction
  OrdersAlias:
    Type: AWS::Lambda::Alias
    Properties:
      Name: live
      FunctionName: !Ref OrdersFunction
      FunctionVersion: !GetAtt OrdersVersion.Version
"""
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report SnapStart that no published version uses."""
        if may_snapstart(function) is not True or publishes_version(function) is not False:
            return
        yield self.at(
            snapstart_place(function),
            "SnapStart has no effect: it works on published versions, and nothing in the template publishes one",
            functions=[function],
            resource=function.id,
            related=[(function, f"`{function.id}` has no AutoPublishAlias and no version of its own")],
            help="publish a version with each deployment (`AutoPublishAlias: live` in SAM, else a version resource) "
            "and let callers use its alias",
            fix=_fix(function),
        )


def _fix(function: Function) -> Fix | None:
    """The alias, where SAM wires it to all that invokes the function."""
    resource = function.resource
    if resource is None or resource.type != "AWS::Serverless::Function" or bare_callers(function):
        return None
    alias = {"AutoPublishAlias": "live"}
    return fixes.add_properties(
        function, alias, f"publish `{function.id}` as the alias `live`", after=("SnapStart", "Runtime", "Handler")
    )
