"""Rule package-oversized."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from slint import Diagnostic, Example, Function, Rule, Severity

from .packed import largest, megabytes, own_bytes

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:%s
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

_CODE = """\
def handler(event, context):
    return {"statusCode": 200}
"""


class Options(NamedTuple):
    """From how many megabytes (10**6 bytes, unpacked) a package is reported.

    `warning_mb` is for functions that somebody waits for; `info_mb` is for all.
    """

    warning_mb: int = 50
    info_mb: int = 10


class PackageOversized(Rule):
    """Every cold start fetches and unpacks the whole package: the larger it is, the longer the function starts.

    It is a warning from 50 MB unpacked where a user waits for the function, else information from 10 MB. Not judged:
    container images, code that is not in the project, and source folders whose dependencies a build has yet to
    install.
    """

    name = "package-oversized"
    summary = "Package is large"
    severity = Severity.WARNING
    tags = ("size", "cold-start", "performance")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    Options = Options
    examples = (
        Example(
            note="Limits of nothing at all report every package.",
            bad={"template.yaml": _TEMPLATE % "  # <- here", "src/app.py": _CODE},
            options={"info-mb": 0, "warning-mb": 0},
        ),
        Example(
            note="A small package; and source whose dependencies a build has yet to install says nothing of its size.",
            good={"template.yaml": _TEMPLATE % "", "src/app.py": _CODE},
        ),
        Example(
            good={"template.yaml": _TEMPLATE % "", "src/app.py": _CODE, "src/requirements.txt": "pandas\n"},
            options={"info-mb": 0, "warning-mb": 0},
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report a package above the limits of the options."""
        size = own_bytes(function)
        if size is None or size < self.options.info_mb * 1_000_000:
            return
        waiting = function.waiting
        parts = largest(function)
        yield self.at(
            function,
            f"the package of `{function.id}` has {megabytes(size)} unpacked{f' ({parts})' if parts else ''}"
            + (", and users wait for its cold starts" if waiting is not None else ""),
            functions=[function],
            resource=function.id,
            related=[(place, text) for place, text in function.deployment if place != function.span],
            help="package only what the function uses; what several functions share can move to a layer",
            severity=Severity.WARNING
            if waiting is not None and size >= self.options.warning_mb * 1_000_000
            else Severity.INFO,
        )
