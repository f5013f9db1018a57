"""Rule aws-sdk-v2-missing-in-runtime."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, knowledge, values

from .node import is_bundled, is_node, version

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

_PACKAGE = "aws-sdk"


class AwsSdkV2MissingInRuntime(Rule):
    """The runtime has no `aws-sdk` any more: a function that requires it without bringing it fails when it starts.

    The AWS SDK for JavaScript v2 was part of the runtimes up to nodejs16.x. From nodejs18.x on they have the clients of
    v3, `@aws-sdk/client-*`, instead; v2 has reached its end of support.

    Not reported: functions that declare or install the package, in their folder or above it, that have layers, whose
    code a bundler makes, or that catch the failure.
    """

    name = "aws-sdk-v2-missing-in-runtime"
    summary = "Code requires aws-sdk, which neither its runtime nor its package has"
    severity = Severity.ERROR
    tags = ("runtime", "nodejs")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    )
    supersedes = ("aws-sdk-v2-whole-import",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const AWS = require("aws-sdk"); // <- here

const s3 = new AWS.S3();

exports.handler = async (event) => s3.listBuckets().promise();
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
const { S3Client, ListBucketsCommand } = require("@aws-sdk/client-s3");

const s3 = new S3Client({});

exports.handler = async (event) => s3.send(new ListBucketsCommand({}));
""",
            },
        ),
        Example(
            note="The package brings it, or an older runtime has it.",
            good={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"dependencies": {"aws-sdk": "^2.1692.0"}}\n',
                "src/app.js": """\
const S3 = require("aws-sdk/clients/s3");

const s3 = new S3();

exports.handler = async (event) => s3.listBuckets().promise();
""",
            },
        ),
        Example(
            good={
                "template.yaml": _TEMPLATE.replace("22.x", "16.x"),
                "src/app.js": """\
const AWS = require("aws-sdk");

exports.handler = async (event) => new AWS.S3({ region: event.region }).listBuckets().promise();
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report the first import of the package that is not there."""
        major = version(function)
        if not is_node(function) or major is None or major < knowledge.runtimes.NODE_WITHOUT_SDK_2:
            return
        if is_bundled(function) or not isinstance(function.setting("Layers"), values.Absent):
            return
        for imported in function.imports():
            name = imported.name
            if (name == _PACKAGE or name.startswith(f"{_PACKAGE}/")) and not imported.optional:
                if function.node_package(_PACKAGE) is False:
                    yield self.at(
                        imported.span,
                        f"`{name}` is neither in {function.runtime.string} nor in the package of `{function.id}`",
                        functions=[function],
                        related=[(function.runtime.span, f"the runtime of `{function.id}`")],
                        help="use the clients of v3, `@aws-sdk/client-*`, which the runtime has, or add the package",
                    )
                return
