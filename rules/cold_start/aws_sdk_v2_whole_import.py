"""Rule aws-sdk-v2-whole-import."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity

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


class AwsSdkV2WholeImport(Rule):
    """The whole AWS SDK v2 for JavaScript is loaded on every cold start, for one or two of its hundreds of services.

    A client of v3 (`@aws-sdk/client-s3`) loads one service, is part of the runtime from nodejs18.x on, and can be
    bundled. v2 has reached its end of support.

    Not reported: `aws-sdk/clients/s3`, which loads one service, and imports of types.
    """

    name = "aws-sdk-v2-whole-import"
    summary = "Whole AWS SDK v2 is loaded on every cold start"
    severity = Severity.WARNING
    tags = ("cold-start", "nodejs")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"dependencies": {"aws-sdk": "^2.1692.0"}}\n',
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
            note="One service of v2, and its types.",
            good={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"dependencies": {"aws-sdk": "^2.1692.0"}}\n',
                "src/app.ts": """\
import type { AWSError } from "aws-sdk";
import S3 from "aws-sdk/clients/s3";

const s3 = new S3();

export const handler = async (event: unknown) => s3.listBuckets().promise().catch((error: AWSError) => error.code);
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report the imports of the whole package that run at start."""
        if function.family != "nodejs":
            return
        for imported in function.imports():
            if imported.name == _PACKAGE:
                yield self.at(
                    imported.span,
                    f"every cold start of `{function.id}` loads the whole `aws-sdk` v2",
                    functions=[function],
                    related=function.deployment,
                    help="use the client of each service from v3, such as `@aws-sdk/client-s3`",
                )
