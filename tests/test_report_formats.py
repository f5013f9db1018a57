"""The formats together: that each is offered, and costs nothing when another is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from slint.cli import check
from slint.report import FORMATS

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
"""


def test_the_command_offers_all_formats():
    (option,) = (each for each in check.params if each.name == "output_format")
    assert tuple(option.type.choices) == FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_loads_its_own_modules_only(write_project, name):
    folder = write_project({"template.yaml": TEMPLATE, "app.py": "def handler(event, context)\n    return event\n"})
    code = (
        "import sys; from slint.cli import main\n"
        f"try: main(['check', '--quiet', '--select', 'syntax-error', '--output-format', '{name}'])\n"
        "except SystemExit as end: print(end.code, *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    exit_code, *loaded = done.stderr.split()
    assert exit_code == "1"
    assert {f"slint.report.{each}" for each in FORMATS} & {*loaded} == {f"slint.report.{name}"}
    if name in ("text", "concise"):
        assert not {"xml.sax", "slint.docs", "slint.report.line_hash", "slint.report.repository"} & {*loaded}
