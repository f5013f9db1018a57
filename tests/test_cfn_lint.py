"""slint with cfn-lint, and slint's rules in it: tried with the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from slint.cli import main
from slint.engine import cfn_lint

TEMPLATE = """\
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Colour: green
"""
FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://artifacts/orders.zip
      Handler: app.handler
      Runtime: nodejs24.x
      AutoPublishAlias: live
      SnapStart:
        ApplyOn: PublishedVersions
"""


@pytest.fixture
def slint(capsys):
    """Runs the command line; gives exit code, standard output and standard error."""

    def run(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.fixture
def project(write_project, monkeypatch):
    def make(**files):
        root = write_project({name.replace("__", "."): text for name, text in files.items()})
        monkeypatch.chdir(root)
        return root

    return make


def found(slint, *more):
    code, out, _ = slint("check", "--with", "cfn-lint", "--output-format", "json", *more)
    return code, json.loads(out)


def test_findings_are_merged_under_their_own_ids(project, slint):
    project(template__yaml=TEMPLATE, **{"other [1] ü__yaml": FUNCTION})
    code, document = found(slint)
    assert code == 1
    (finding,) = [each for each in document["diagnostics"] if each["path"] == "template.yaml"]
    assert finding["rule"] == "E3002" and finding["severity"] == "error" and finding["resource"] == "Topic"
    assert finding["start"] == {"line": 5, "column": 7} and finding["end"] == {"line": 5, "column": 13}
    assert finding["docs"].startswith("https://") and finding["fingerprint"]
    (other,) = [each for each in document["diagnostics"] if each["path"] != "template.yaml"]
    assert other["rule"] == "snapstart-unsupported-runtime"


@pytest.mark.parametrize("name", ["text", "concise", "github", "gitlab", "junit", "markdown", "sarif"])
def test_they_are_in_every_format(project, slint, name):
    project(template__yaml=TEMPLATE)
    assert "E3002" in slint("check", "--with", "cfn-lint", "--output-format", name)[1]


def test_they_are_ignored_and_weighed_like_any_other(project, slint):
    root = project(template__yaml=TEMPLATE.replace("green", "green  # slint: ignore[E3002] we know"))
    assert found(slint)[1]["summary"]["suppressed"] == 1
    assert slint("check")[2].startswith("slint: no findings"), (
        "the ignore is not called unused where cfn-lint did not run"
    )
    (root / "template.yaml").write_text(TEMPLATE)
    assert found(slint, "--ignore", "E3002")[1]["diagnostics"] == []
    (root / "slint.toml").write_text('[severity]\nE3002 = "info"\n')
    code, document = found(slint)
    assert code == 0 and document["diagnostics"][0]["severity"] == "info"


def test_one_cause_is_told_once(project, slint):
    project(template__yaml=FUNCTION.replace("      AutoPublishAlias: live\n", "").replace("nodejs24.x", "java21"))
    _, document = found(slint)
    assert [each["rule"] for each in document["diagnostics"]] == ["snapstart-without-version"]


def test_rules_that_a_project_names_are_not_run(project, slint):
    root = project(
        template__yaml=TEMPLATE,
        evil__py="open('ran', 'w').close()\n",
        __cfnlintrc="append_rules: [evil, .]\nignore_checks: [E3002]\n",
    )
    assert (root / ".cfnlintrc").is_file()
    assert found(slint)[1]["diagnostics"] == [], "what selects checks is passed on"
    assert not (root / "ran").exists()


def test_a_crash_on_one_template_leaves_the_rest(project, slint, monkeypatch):
    """The process dies on one of the templates: the others are judged, and the ledger names the one."""
    root = project(a__yaml=TEMPLATE, b__yaml=TEMPLATE, c__yaml=TEMPLATE)
    dying = (
        "import os, sys\nif any(each.endswith('b.yaml') for each in sys.argv): os._exit(70)\n"
        "from cfnlint.runner import main; main()"
    )
    monkeypatch.setattr(cfn_lint, "_RUN", dying)
    _, document = found(slint)
    assert [each["path"] for each in document["diagnostics"]] == ["a.yaml", "c.yaml"]
    notes = [note for note in document["not_evaluated"] if note["what"] == "cfn-lint"]
    assert [note["path"] for note in notes] == ["b.yaml"] and "exit code 70" in notes[0]["why"]
    assert root.is_dir()


def test_unsaved_text_is_what_is_judged(project, slint, monkeypatch):
    import io

    project(template__yaml=TEMPLATE.replace("Colour: green", "TopicName: x"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEMPLATE.encode())))
    _, document = found(slint, "--stdin-filename", "template.yaml")
    assert [(each["rule"], each["path"]) for each in document["diagnostics"]] == [("E3002", "template.yaml")]


def test_without_it_one_line_says_how_to_install_it(project, slint, monkeypatch):
    project(template__yaml=TEMPLATE)
    monkeypatch.setattr(cfn_lint, "find_spec", lambda name: None)
    code, out, err = slint("check", "--with", "cfn-lint")
    assert (code, out) == (2, "")
    assert err == "slint: error: cfn-lint is not installed: pip install 'serverless-slint[cfn-lint]'\n"


# --- slint's rules in cfn-lint ---


def cfn_lint_run(folder, *arguments):
    command = [sys.executable, "-c", "from cfnlint.runner import main; main()", *arguments]
    command += ["--append-rules", "slint.cfnlint", "--format", "json"]
    path = os.pathsep.join(each for each in sys.path if each)
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": path}
    )
    assert done.stderr == ""
    return [
        (each["Rule"]["Id"], each["Level"], each["Location"]["Start"]["LineNumber"])
        for each in json.loads(done.stdout)
        if each["Rule"]["Id"].partition("-")[2]
    ]


def test_template_rules_run_in_cfn_lint(project):
    root = project(template__yaml=FUNCTION)
    expected = [("E-snapstart-unsupported-runtime", "Error", 10)]
    assert cfn_lint_run(root, "template.yaml") == expected
    assert cfn_lint_run(root, "template.yaml", "--ignore-checks", "E-snapstart") == []


def test_metadata_of_cfn_lint_and_comments_of_slint_hold_there(project):
    config = "    Metadata: {cfn-lint: {config: {ignore_checks: [E-snapstart-unsupported-runtime]}}}\n"
    root = project(
        a__yaml=FUNCTION.replace("    Properties:\n", f"{config}    Properties:\n"),
        b__yaml=FUNCTION.replace("SnapStart:\n", "SnapStart:  # slint: ignore[snapstart-unsupported-runtime] why\n"),
        c__yaml=FUNCTION,
    )
    found = cfn_lint_run(root, "a.yaml", "b.yaml", "c.yaml")
    assert [rule for rule, _, _ in found] == ["E-snapstart-unsupported-runtime"]


def test_rules_that_need_no_code_say_so_truly():
    """A rule from templates reports each of its marked template lines when all code is taken away."""
    from slint.engine.plugins import all_rules
    from slint.testing import MARK, _findings, example_text

    rules = [rule for rule in all_rules().values() if rule.from_template]
    assert len(rules) >= 10
    for rule in rules:
        reported = 0
        for example in rule.examples:
            texts = {
                path: example_text(text) for path, text in example.bad.items() if path.endswith((".yaml", ".json"))
            }
            if any(MARK in text for text in texts.values()):
                reported += len(_findings(rule, example, texts)[0])
        assert reported, f"{rule.name} needs code"
