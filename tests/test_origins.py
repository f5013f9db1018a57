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
    "the elements of a comprehension": ("probe([each['x'] for each in event['y']])", {"event"}),
    "what a comprehension goes through": ("probe(len([1 for each in event['y']]))", {"event", "literal", "result"}),
    "what filters a comprehension": ("probe([each for each in ['a'] if event['y']])", {"event", "literal"}),
    "an element of a comprehension": ("made = [each['x'] for each in event['y']]\n    probe(made[0])", {"event"}),
    "what is known of a comprehension": (
        "made = [1 for each in ['a'] if event['y']]\n    probe(made[0])",
        {"event", "literal"},
    ),
    "what a turn's comprehension goes through": (
        "for each in ['a']:\n        probe([1 for inner in each])",
        {"iteration", "literal"},
    ),
    "added": ("made = []\n    made.append(event['x'])\n    probe(made)", {"event"}),
    "how often something is added": (
        "made = []\n    for each in event['y']:\n        made.append(1)\n    probe(made)",
        {"event", "literal"},
    ),
    "passed on by an executor": ("pool.submit(relay, event['x'])", {"event"}),
    "passed on by an executor in each turn": (
        "for each in ['a']:\n        pool.submit(relay, each)",
        {"iteration", "literal"},
    ),
    "an element that an executor passes on": ("pool.map(relay, ['a'])", {"iteration", "literal"}),
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

from concurrent.futures import ThreadPoolExecutor

import boto3
from elsewhere import probe

pool = ThreadPoolExecutor()

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
