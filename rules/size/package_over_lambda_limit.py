"""Rule package-over-lambda-limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from slint import Diagnostic, Example, Function, Rule, Severity, knowledge

from .packed import largest, megabytes, unpacked_bytes

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
    """How many megabytes (10**6 bytes) to keep free for what the files do not show: layers and extensions elsewhere."""

    reserve_mb: int = 0


class PackageOverLambdaLimit(Rule):
    """Lambda refuses a function whose package and layers exceed 250 MB (262,144,000 bytes) unpacked.

    Counted are the function's folder, its last build or its archive, and its local layers. Not judged: container
    images, code that is not in the project, and source folders whose dependencies a build has yet to install.
    """

    name = "package-over-lambda-limit"
    summary = "Package and layers exceed the limit of 250 MB unpacked"
    severity = Severity.ERROR
    tags = ("size", "deployment")
    references = (knowledge.limits.SOURCE,)
    supersedes = ("package-oversized",)
    Options = Options
    examples = (
        Example(
            note="With 263 MB kept free for a layer of another account, no room is left at all.",
            bad={"template.yaml": _TEMPLATE % "  # <- here", "src/app.py": _CODE},
            options={"reserve-mb": 263},
        ),
        Example(
            note="Dependencies that a build has yet to install are not known.",
            good={"template.yaml": _TEMPLATE % "", "src/app.py": _CODE, "src/requirements.txt": "pandas\n"},
            options={"reserve-mb": 263},
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report a package that is certain to be too large."""
        size = unpacked_bytes(function)
        limit = knowledge.limits.PACKAGE_UNZIPPED_BYTES
        reserve = self.options.reserve_mb * 1_000_000
        if size is None or size + reserve <= limit:
            return
        parts = largest(function)
        layers = " with its layers" if function.layer_packages else ""
        yield self.at(
            function,
            f"the package of `{function.id}`{layers} has {megabytes(size)} unpacked"
            f"{f' ({parts})' if parts else ''}, the limit is {megabytes(limit)}"
            + (f" with {megabytes(reserve)} kept free" if reserve else ""),
            functions=[function],
            resource=function.id,
            help="leave out what the function does not use, split it, or deploy it as a container image",
        )
