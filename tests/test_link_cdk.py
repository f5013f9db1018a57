"""Functions that the CDK bundled: which source they are linked to, and when none can be told."""

from __future__ import annotations

import json

import pytest

from slint.project.load import load
from tests.conftest import WriteProject, settings

HANDLER = "export const handler = async (event: unknown) => event;\n"
BUNDLE = 'var a=1;exports.handler=async e=>e;"made by esbuild"\n'
APP = """\
import * as path from 'path';
import {{ NodejsFunction }} from 'aws-cdk-lib/aws-lambda-nodejs';

export class Shop extends Stack {{
  constructor(scope: Construct) {{
    super(scope, 'Shop');
    new NodejsFunction(this, 'Orders', {{ runtime: Runtime.NODEJS_22_X{entry} }});
    new NodejsFunction(this, 'Prices', {{ entry: 'lambda/prices.ts' }});
  }}
}}
"""


def template(path: str = "Shop/Orders/Resource", **metadata: object) -> str:
    told = {
        "aws:cdk:path": path,
        "aws:asset:path": "asset.0a",
        "aws:asset:is-bundled": True,
        "aws:asset:property": "Code",
    }
    properties = {"Handler": "index.handler", "Runtime": "nodejs22.x", "Code": {"S3Bucket": "b", "S3Key": "0a.zip"}}
    function = {"Type": "AWS::Lambda::Function", "Properties": properties, "Metadata": {**told, **metadata}}
    return json.dumps({"Resources": {"Orders0A": function}})


def linked(write_project: WriteProject, files: dict[str, str], **metadata: object) -> str | None:
    root = write_project({"cdk.json": "{}", "cdk.out/Shop.template.json": template(**metadata), **files})  # type: ignore[arg-type]  # `path` is text
    chosen = settings(root=str(root), cwd=str(root), base=str(root), paths=(str(root / "cdk.out"),))
    handler = next(each for each in load(chosen).deployed if each.template is not None).handler
    return None if handler is None else handler.unit.module.file.path


@pytest.mark.parametrize(
    ("entry", "source"),
    [
        ("", "lib/shop.Orders.ts"),
        (", entry: 'lambda/orders.ts'", "lambda/orders.ts"),
        (", entry: path.join(__dirname, '..', 'lambda', 'orders.ts')", "lambda/orders.ts"),
        (", entry: path.resolve(__dirname, '../lambda/orders.ts')", "lambda/orders.ts"),
        (", entry: `${__dirname}/../lambda/orders.ts`", "lambda/orders.ts"),
    ],
)
@pytest.mark.parametrize("bundle", [{}, {"cdk.out/asset.0a/index.js": BUNDLE}], ids=["not here", "here"])
def test_the_entry_of_a_construct_is_found(
    entry: str, source: str, bundle: dict[str, str], write_project: WriteProject
) -> None:
    files = {"lib/shop.ts": APP.format(entry=entry), "lambda/prices.ts": HANDLER, source: HANDLER, **bundle}
    assert linked(write_project, files) == source


def test_of_two_possible_entries_none_is_taken(write_project: WriteProject) -> None:
    other = APP.format(entry=", entry: 'lambda/two.ts'")
    files = {
        "lib/one.ts": APP.format(entry=", entry: 'lambda/one.ts'"),
        "lib/two.ts": other,
        "lambda/one.ts": HANDLER,
        "lambda/two.ts": HANDLER,
    }
    assert linked(write_project, files) is None


def test_an_asset_that_is_not_bundled_is_itself_the_source(write_project: WriteProject) -> None:
    files = {"lib/shop.Orders.ts": HANDLER, "cdk.out/asset.0a/index.js": "exports.handler = async (event) => event;\n"}
    assert linked(write_project, files, **{"aws:asset:is-bundled": False}) == "cdk.out/asset.0a/index.js"
