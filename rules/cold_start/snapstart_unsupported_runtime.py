"""Rule snapstart-unsupported-runtime."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Fix, Function, Rule, Severity, fixes, knowledge

from .start import snapstart, snapstart_place

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://artifacts/orders.zip
      Handler: app.handler
      Runtime: nodejs24.x
      AutoPublishAlias: live
      SnapStart:  # <- here
        ApplyOn: PublishedVersions
"""


class SnapstartUnsupportedRuntime(Rule):
    """SnapStart exists for Java, newer Python and newer .NET only; with any other runtime the deployment fails.

    For what users wait for, provisioned concurrency works with every runtime; a smaller bundle with fewer imports
    starts faster without any of it.
    """

    name = "snapstart-unsupported-runtime"
    summary = "SnapStart is on for a runtime that does not have it"
    severity = Severity.ERROR
    from_template = True
    tags = ("cold-start", "deployment")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html",)
    examples = (
        Example(
            bad={"template.yaml": _TEMPLATE},
            good={"template.yaml": _TEMPLATE.replace("  # <- here", "").replace("nodejs24.x", "python3.14")},
        ),
        Example(
            note="A runtime that the files do not tell is not judged.",
            good={
                "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Language:
    Type: String
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://artifacts/orders.zip
      Handler: app.handler
      Runtime: !Ref Language
      AutoPublishAlias: live
      SnapStart:
        ApplyOn: PublishedVersions
"""
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report SnapStart on a runtime that is known not to have it."""
        runtime = function.runtime.string
        if runtime is None or snapstart(function) is not True:
            return
        if knowledge.runtimes.supports_snapstart(runtime) is not False:
            return
        yield self.at(
            snapstart_place(function),
            f"SnapStart does not work with the runtime {runtime}: the deployment fails",
            functions=[function],
            resource=function.id,
            related=[(function.runtime, f"the runtime of `{function.id}`")],
            help=f"remove SnapStart; {_instead(function, runtime)}",
            fix=_fix(function),
        )


def _fix(function: Function) -> Fix | None:
    """Take SnapStart out of the function; where Globals switch it on, switch it off for this function."""
    removed = fixes.remove_property(function, "SnapStart", "remove SnapStart", is_safe=True)
    if removed is not None:
        return removed
    off = {"SnapStart": {"ApplyOn": "None"}}
    return fixes.add_properties(function, off, f"switch SnapStart off for `{function.id}`", is_safe=True)


def _instead(function: Function, runtime: str) -> str:
    family = knowledge.runtimes.family_of(runtime)
    having = [row for row in map(knowledge.runtimes.runtime, knowledge.runtimes.SNAPSTART) if row is not None]
    newer = [row for row in having if row.family == family]
    if newer:
        oldest = min(newer, key=lambda row: row.version)
        return f"or move to {oldest.name} or newer, which has it"
    if function.waiting is not None:
        return "use provisioned concurrency, since users wait for it, and keep its bundle small"
    return "keep its bundle small, and use provisioned concurrency where somebody waits for it"
