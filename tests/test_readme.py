"""The sections of the README that are there to be copied work as they stand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import yaml
from project_copy import TOP

from slint.cli import main

README = (TOP / "README.md").read_text("utf-8")
HOOKS = {hook["id"] for hook in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text("utf-8"))}
ACTION = yaml.safe_load((TOP / "action.yml").read_text("utf-8"))
TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
"""


def block(heading: str, language: str) -> str:
    """The first code block of a section."""
    section = README.split(f"\n### {heading}\n")[1]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs lines as a CI job would, with slint on the path, in a project whose handler has a syntax error."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text("def handler(event, context)\n    return event\n")
    scripts = tmp_path / "bin"
    scripts.mkdir()
    (scripts / "slint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m slint "$@"\n')
    (scripts / "slint").chmod(0o755)
    path = os.pathsep.join([str(scripts), os.environ["PATH"]])

    def run(*lines: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PATH": path, "PYTHONPATH": str(TOP)}
        return subprocess.run(["bash", "-ec", "\n".join(lines)], cwd=tmp_path, env=env, capture_output=True, text=True)

    return run


def test_the_pre_commit_configuration(tmp_path):
    text = block("pre-commit", "yaml").replace("# - id", "- id")
    named = {hook["id"] for hook in yaml.safe_load(text)["repos"][0]["hooks"]}
    assert named == HOOKS
    config = tmp_path / "config.yaml"
    config.write_text(text)
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-config", config], check=True)
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", TOP / ".pre-commit-hooks.yaml"], check=True
    )


def test_the_workflow_for_github():
    steps = yaml.safe_load(block("GitHub Actions", "yaml"))["jobs"]["slint"]["steps"]
    _, own, upload = steps
    assert own["uses"] == "OWNER/slint@REV" and own["with"].keys() <= ACTION["inputs"].keys()
    assert upload["with"]["sarif_file"] == ACTION["inputs"]["sarif-file"]["default"]


def test_the_job_for_gitlab(shell, tmp_path):
    job = yaml.safe_load(block("GitLab CI", "yaml"))["slint"]
    install, *lines = job["script"]
    assert install.startswith("pip install ")
    done = shell(*lines)
    assert done.returncode == 1 and "syntax-error" in done.stdout
    reports = job["artifacts"]["reports"]
    (issue,) = json.loads((tmp_path / reports["codequality"]).read_text())
    assert issue["location"]["path"] == "app.py"
    assert ElementTree.parse(tmp_path / reports["junit"]).getroot().get("failures") == "1"


def test_the_file_for_vs_code(shell, tmp_path):
    line, opening = block("VS Code", "sh").splitlines()
    assert shell(line).returncode == 0
    assert json.loads((tmp_path / opening.removeprefix("code ")).read_text())["runs"][0]["results"]


def test_every_option_named_exists():
    listed = subprocess.run(
        [sys.executable, "-m", "slint", "check", "--help"], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout
    section = README.split("\n## Use\n")[1].split("\n## Configuration\n")[0]
    for option in set(re.findall(r"`(--[a-z-]+)", section)):
        assert option in listed, option


def test_the_finding_shown_is_what_slint_says(monkeypatch, capsys):
    shown = README.split("\n## What it finds\n")[1].split("```text\n")[1].split("\n```")[0].splitlines()
    command, *output = shown
    monkeypatch.chdir(TOP)
    with pytest.raises(SystemExit):
        main(command.removeprefix("$ slint ").split())
    assert capsys.readouterr().out.rstrip().splitlines() == output
