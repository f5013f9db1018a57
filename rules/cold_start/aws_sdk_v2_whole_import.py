"""Rule aws-sdk-v2-whole-import."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Span

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

    Not reported: `aws-sdk/clients/s3`, which loads one service, imports of types, and imports that run only where an
    environment variable says so.
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
            note="One finding for a statement; what only an emulator loads is no part of a cold start.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"dependencies": {"aws-sdk": "^2.1692.0"}}\n',
                "src/app.mjs": """\
import { S3, SNS } from "aws-sdk"; // <- here

const s3 = new S3();
const sns = new SNS();

export const handler = async (event) => [await s3.listBuckets().promise(), await sns.listTopics().promise()];
""",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"dependencies": {"aws-sdk": "^2.1692.0"}}\n',
                "src/offline.js": """\
const AWS = require("aws-sdk");

exports.client = new AWS.DynamoDB.DocumentClient({ endpoint: "http://localhost:8000" });
""",
                "src/app.js": """\
const { DynamoDBClient, ScanCommand } = require("@aws-sdk/client-dynamodb");

const isOffline = process.env.IS_OFFLINE === "true";
const client = isOffline ? require("./offline").client : new DynamoDBClient({});

exports.handler = async (event) => client.send(new ScanCommand({ TableName: "orders" }));
""",
            },
        ),
        Example(
            note="Whatever the environment says, it is loaded.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"dependencies": {"aws-sdk": "^2.1692.0"}}\n',
                "src/app.js": """\
let AWS;
if (process.env.TRACED) {
  AWS = require("aws-xray-sdk").captureAWS(require("aws-sdk")); // <- here
} else {
  AWS = require("aws-sdk"); // <- here
}
const s3 = new AWS.S3();

exports.handler = async (event) => s3.listBuckets().promise();
""",
            },
        ),
        Example(
            note="Outside of an emulator it is loaded.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"dependencies": {"aws-sdk": "^2.1692.0"}}\n',
                "src/app.js": """\
const s3 = process.env.IS_OFFLINE ? require("./offline") : new (require("aws-sdk").S3)(); // <- here

exports.handler = async (event) => s3.listBuckets().promise();
""",
                "src/offline.js": "exports.listBuckets = () => ({ promise: async () => [] });\n",
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
        before: Span | None = None
        for imported in function.imports():
            if imported.name != _PACKAGE or imported.conditional:
                continue
            if before is None or not _same_statement(before, imported.span):
                yield self.at(
                    imported.span,
                    f"every cold start of `{function.id}` loads the whole `aws-sdk` v2",
                    functions=[function],
                    related=function.deployment,
                    help="use the client of each service from v3, such as `@aws-sdk/client-s3`",
                )
            before = imported.span


def _same_statement(one: Span, other: Span) -> bool:
    """Whether two names are imported by one statement, so that no module is named between them."""
    return one.file is other.file and one.end <= other.start and _PACKAGE not in one.file.text[one.start : other.start]
