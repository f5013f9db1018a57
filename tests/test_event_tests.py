"""What code asks of its event."""

from __future__ import annotations

import pytest

from slint.project.load import load
from tests.conftest import WriteProject, settings

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if event['path'] == '/a': return 1", {(("path",), "/a")}),
        ("if '/a' == event['path']: return 1", {(("path",), "/a")}),
        ("path = event['path']\n    if path == '/a': return 1", {(("path",), "/a")}),
        ("if event.get('path') == '/a': return 1", {(("path",), "/a")}),
        ("if event['http'].get('method') == 'GET': return 1", {(("http", "method"), "GET")}),
        (
            "if event.get('requestContext', {}).get('http')['path'] == '/a': return 1",
            {(("requestContext", "http", "path"), "/a")},
        ),
        ("if event['path'] in ('/a', '/b'): return 1", {(("path",), "/a"), (("path",), "/b")}),
        (
            "match event['path']:\n        case '/a': return 1\n        case '/b': return 2",
            {(("path",), "/a"), (("path",), "/b")},
        ),
        ("return helper(event['path'])", {(("path",), "/h")}),
        ("if context.path == '/a': return 1", set()),
        ("if other['path'] == '/a': return 1", set()),
        ("if event['path'] == 3: return 1", set()),
        ("while True:\n        event = event.get('next')\n        if event == 'a': return 1", None),
    ],
)
def test_comparisons_of_the_event(
    write_project: WriteProject, body: str, expected: set[tuple[tuple[str, ...], str]] | None
) -> None:
    code = (
        "other = {}\n\n\ndef helper(path):\n    if path == '/h':\n        return 1\n\n\n"
        f"def handler(event, context):\n    {body}\n"
    )
    root = str(write_project({"template.yaml": TEMPLATE, "src/app.py": code}))
    (function,) = load(settings(root=root, cwd=root, base=root)).functions
    found = {(test.path, test.literal) for test in function.event_tests()}
    if expected is not None:
        assert found == expected
