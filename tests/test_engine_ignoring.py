"""Ignores that slint writes suppress their finding and change nothing else."""

from __future__ import annotations

import pytest
from test_fixes_hoist import TEMPLATE, settings_of

from slint.diagnostic import Severity
from slint.engine import fixing
from slint.engine.ignoring import ignores
from slint.engine.run import run
from slint.project.load import load
from slint.rule import Rule
from slint.settings import Settings
from slint.source import Span

CODE = "def handler(event, context):\n    return event\n"


class Everywhere(Rule):
    """Reports a word wherever a file that was read holds it."""

    name = "no-such-word"
    summary = "s"
    severity = Severity.WARNING
    word = "event)"

    def check_project(self, project):
        for file in project.sources.values():
            at = file.text.find(self.word)
            if at >= 0:
                yield self.at(Span(file, at, at + len(self.word)), "a word")

    def check_function(self, function):
        _ = function.files
        return ()


def ignored(root, word, reason=""):
    rule = type("Word", (Everywhere,), {"word": word})()
    settings: Settings = settings_of(root)
    outcome = fixing.fix(settings, lambda now: run(load(now), [rule], now), ignores(reason))
    return {change.path: change.after for change in outcome.changes}, outcome


def test_python_gets_a_comment_above(write_project):
    root = write_project({"template.yaml": TEMPLATE, "app.py": CODE})
    changed, outcome = ignored(root, "return event", "we  know\nit")
    assert changed == {
        "app.py": "def handler(event, context):\n    # slint: ignore[no-such-word] we know it\n    return event\n"
    }
    assert outcome.results.diagnostics == () and outcome.results.suppressed == 1


def test_nothing_is_written_into_a_string(write_project):
    code = 'TEXT = """\nthe word\n"""\n' + CODE
    changed, outcome = ignored(write_project({"template.yaml": TEMPLATE, "app.py": code}), "the word")
    assert changed == {} and len(outcome.results.diagnostics) == 1


def test_yaml_gets_a_comment_above(write_project):
    root = write_project({"template.yaml": TEMPLATE, "app.py": CODE})
    changed, _ = ignored(root, "Runtime: python3.14")
    assert "      # slint: ignore[no-such-word]\n      Runtime: python3.14\n" in changed["template.yaml"]


def test_text_in_yaml_gets_metadata_of_its_resource(write_project):
    template = TEMPLATE.replace("      CodeUri: .\n", "      InlineCode: |\n        the word = 1\n")
    changed, outcome = ignored(write_project({"template.yaml": template}), "the word", "old: one")
    assert changed["template.yaml"] == template.replace(
        "    Type: AWS::Serverless::Function\n",
        "    Type: AWS::Serverless::Function\n    Metadata:\n      slint:\n        ignore:\n"
        '          no-such-word: "old: one"\n',
    )
    assert not outcome.results.diagnostics


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("", '{"Type": "AWS::SNS::Topic", "Metadata": {"slint": {"ignore": {"no-such-word": "why"}}}, '),
        ('"Metadata": {"a": 1}, ', '"Metadata": {"slint": {"ignore": {"no-such-word": "why"}}, "a": 1}'),
        (
            '"Metadata": {"slint": {"ignore": {"x": "y"}}}, ',
            '"Metadata": {"slint": {"ignore": {"no-such-word": "why", "x": "y"}}}',
        ),
    ],
)
def test_json_gets_metadata(write_project, metadata, expected):
    text = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic", HERE"Properties": {"TopicName": "word"}}}}\n'
    text = text.replace("HERE", metadata)
    changed, outcome = ignored(write_project({"template.json": text}), '"word"', "why")
    assert expected in changed["template.json"]
    assert not outcome.results.diagnostics


def test_json_outside_a_resource_has_no_place(write_project):
    text = '{"Description": "word", "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}\n'
    changed, outcome = ignored(write_project({"template.json": text}), '"word"', "why")
    assert changed == {} and len(outcome.results.diagnostics) == 1


NODE = TEMPLATE.replace("python3.14", "nodejs24.x")


def test_javascript_gets_a_comment_above(write_project):
    code = "exports.handler = async (event) => {\n  return event;\n};\n"
    changed, outcome = ignored(write_project({"template.yaml": NODE, "app.js": code}), "return event;", "why")
    assert changed == {"app.js": code.replace("  return", "  // slint: ignore[no-such-word] why\n  return")}
    assert not outcome.results.diagnostics


def test_nothing_is_written_into_a_template_literal(write_project):
    code = "exports.handler = async (event) => {\n  return `\n  the word ${event}`;\n};\n"
    changed, outcome = ignored(write_project({"template.yaml": NODE, "app.js": code}), "the word")
    assert changed == {} and len(outcome.results.diagnostics) == 1


def test_a_script_with_an_error_elsewhere_gets_one(write_project):
    code = "const a = 1 b = 2;\nexports.handler = async (event) => {\n  return theWord;\n};\n"
    template = TEMPLATE.replace("python3.14", "nodejs24.x")
    changed, outcome = ignored(write_project({"template.yaml": template, "app.js": code}), "theWord")
    assert changed == {"app.js": code.replace("  return", "  // slint: ignore[no-such-word]\n  return")}
    assert outcome.refused == ()
