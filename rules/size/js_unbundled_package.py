"""Rule js-unbundled-package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from slint import Diagnostic, Example, Function, Rule, Severity

from .packed import is_zip, megabytes

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: nodejs22.x
"""

_FOLDER = "node_modules/"


class Options(NamedTuple):
    """How large `node_modules` may be: megabytes (10**6 bytes), and files."""

    megabytes: float = 20.0
    files: int = 2000


class JsUnbundledPackage(Rule):
    """A Node.js function that is deployed with its `node_modules` loads its libraries file by file.

    Each file is found, read and compiled on every cold start, and the package holds what is never used. A bundler
    (`Metadata: {BuildMethod: esbuild}` in SAM, NodejsFunction in CDK) makes one small file of what is used.

    Reported when the package holds more than 20 MB or more than 2,000 files below `node_modules` and no bundler is set;
    for information.
    """

    name = "js-unbundled-package"
    summary = "Large node_modules is deployed without a bundler"
    severity = Severity.INFO
    tags = ("cold-start", "size", "nodejs")
    references = (
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html",
    )
    Options = Options
    examples = (
        Example(
            options={"files": 1},
            bad={
                "template.yaml": _TEMPLATE.replace("OrdersFunction:", "OrdersFunction:  # <- here"),
                "src/app.js": 'exports.handler = async (event) => require("left")(event);\n',
                "src/node_modules/left/index.js": "module.exports = (x) => x;\n",
                "src/node_modules/right/index.js": "module.exports = (x) => x;\n",
            },
            good={
                "template.yaml": _TEMPLATE.replace(
                    "    Properties:", "    Metadata:\n      BuildMethod: esbuild\n    Properties:"
                ),
                "src/app.js": 'exports.handler = async (event) => require("left")(event);\n',
                "src/node_modules/left/index.js": "module.exports = (x) => x;\n",
                "src/node_modules/right/index.js": "module.exports = (x) => x;\n",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report a function whose package holds large `node_modules`."""
        package = function.package
        if function.family != "nodejs" or package is None or not is_zip(function) or function.is_built_elsewhere:
            return
        if package.is_archive:
            return
        libraries = [
            each.size for each in package.files if _FOLDER in f"{each.path}/" and each.path.startswith(_FOLDER)
        ]
        if len(libraries) > self.options.files or sum(libraries) > self.options.megabytes * 1e6:
            yield self.at(
                function,
                f"`{function.id}` is deployed with {len(libraries):,} files of `node_modules`, {megabytes(sum(libraries))}",
                functions=[function],
                resource=function.id,
                help="bundle it: `Metadata: {BuildMethod: esbuild}` makes one small file of what is used",
            )
