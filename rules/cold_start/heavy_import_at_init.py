"""Rule heavy-import-at-init."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity

from .start import heavy_imports, mitigated, takes

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  ReportFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Events:
        Get:
          Type: HttpApi
          Properties:
            Path: /report
            Method: get
"""

_BAD = """\
from report import table


def handler(event, context):
    if event.get("format") == "csv":
        return table(event["rows"])
    return event["rows"]
"""


class HeavyImportAtInit(Rule):
    """A heavy library that is imported with the handler's module makes every cold start wait for it.

    The initialisation is billed as well. An import inside the one function that needs the library is paid only by
    the invocations that use it.

    Modules of the project are followed. It is a warning where a user waits for the function, else information. Not
    reported: libraries that the runtime contains, imports inside functions, imports that the code can do without
    (`try` around them), that run only where an environment variable says so or that only type checkers see, and
    functions with SnapStart or provisioned concurrency: there, importing early is right. Where the files do not tell
    whether a function has them, nothing is reported.
    """

    name = "heavy-import-at-init"
    summary = "A heavy library is imported on every cold start"
    severity = Severity.WARNING
    tags = ("performance", "cold-start", "cost")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": _BAD,
                "src/report.py": """\
import pandas as pd  # <- here


def table(rows):
    return pd.DataFrame(rows).to_csv()
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": _BAD,
                "src/report.py": """\
def table(rows):
    import pandas as pd

    return pd.DataFrame(rows).to_csv()
""",
            },
        ),
        Example(
            note="With SnapStart the import happens before the snapshot: leave it at the top.",
            good={
                "template.yaml": _TEMPLATE.replace(
                    "      Events:\n",
                    "      SnapStart:\n        ApplyOn: PublishedVersions\n"
                    "      AutoPublishAlias: live\n      Events:\n",
                ),
                "src/app.py": """\
import pandas as pd


def handler(event, context):
    return pd.DataFrame(event["rows"]).to_csv()
""",
            },
        ),
        Example(
            note="The runtime's own SDK, an import for type checkers, one that the code can do without, and one for some only.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import os
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    import pandas as pd

try:
    import scipy
except ImportError:
    scipy = None

if os.environ.get("DEBUG"):
    import matplotlib


def handler(event, context):
    return boto3.__version__
""",
            },
        ),
        Example(
            note="The same for a package of npm.",
            bad={
                "template.yaml": _TEMPLATE.replace("python3.14", "nodejs24.x"),
                "src/app.mjs": """\
import { google } from "googleapis"; // <- here

const sheets = google.sheets("v4");

export const handler = async (event) => sheets.spreadsheets.get({ spreadsheetId: event.id });
""",
            },
            good={
                "template.yaml": _TEMPLATE.replace("python3.14", "nodejs24.x"),
                "src/app.mjs": """\
import { sheets } from "@googleapis/sheets";

const client = sheets("v4");

export const handler = async (event) => client.spreadsheets.get({ spreadsheetId: event.id });
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each heavy library that the function's start waits for."""
        if function.handler is None or mitigated(function) is not False:
            return
        waiting = function.waiting
        for span, distribution, weight in heavy_imports(function):
            yield self.at(
                span,
                f"every cold start of `{function.id}` imports `{distribution}`{takes(weight)}"
                + (", while a user waits" if waiting is not None else ""),
                functions=[function],
                related=function.deployment,
                help=f"import `{distribution}` inside the function that uses it, or replace it by something lighter",
                severity=Severity.WARNING if waiting is not None else Severity.INFO,
            )
