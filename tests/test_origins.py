"""Where a value comes from."""

from __future__ import annotations

import pytest
from linked import function

CASES = {
    "a literal": ("probe('x')", {"literal"}),
    "the event": ("probe(event['x'])", {"event"}),
    "the context": ("probe(context.aws_request_id)", {"context"}),
    "the environment": ("probe(os.environ['X'])", {"env"}),
    "text with the event in it": ("probe(f\"a{event['x']}\")", {"event", "literal"}),
    "a name for the event's part": ("part = event['x']\n    probe(part)", {"event"}),
    "through a function of the project": ("probe(same(event))", {"event"}),
    "through a call outside": ("probe(json.loads(event['body'])['x'])", {"event", "result"}),
    "an element": ("for each in ['a']:\n        probe(each)", {"iteration", "literal"}),
    "an element through a helper": ("for each in ['a']:\n        relay(each)", {"iteration", "literal"}),
    "a counter": ("n = 0\n    while True:\n        n += 1\n        probe(n)", {"iteration", "literal"}),
    "what each turn takes": (
        "left = ['a']\n    while left:\n        probe(left.pop())",
        {"iteration", "literal", "result"},
    ),
    "what a method of a mapping gives": (
        "given = {'x': event['x']}\n    probe(given.get('x'))",
        {"event", "literal", "result"},
    ),
    "put in later": ("given = {}\n    given['x'] = event['x']\n    probe(given)", {"event"}),
    "a secret": ("probe(secrets.get_secret_value(SecretId='x')['SecretString'])", {"literal", "result", "secret"}),
    "an item of a table": (
        "probe(table.get_item(Key={'id': 'next'})['Item']['region'])",
        {"data", "literal", "result"},
    ),
    "a role": (
        "probe(sts.assume_role(RoleArn='x')['Credentials'])",
        {"literal", "result", "temporary credentials"},
    ),
}

CODE = """\
import json
import os

import boto3
from elsewhere import probe

secrets = boto3.client("secretsmanager")
sts = boto3.client("sts")
table = boto3.resource("dynamodb").Table("settings")


def same(value):
    return value


def relay(value):
    probe(value)


def handler(event, context):
    {body}
"""


@pytest.mark.parametrize(("body", "expected"), CASES.values(), ids=CASES.keys())
def test_origins(tmp_path, body, expected):
    linked = function(tmp_path, CODE.replace("{body}", body))
    (site,) = [site for site in linked.sites if site.names == ("elsewhere.probe",)]
    assert {each.value for each in site.origins} == expected
