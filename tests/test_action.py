"""The action for GitHub: its steps, run as the runner would run them, but for `uses`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from project_copy import TOP, copy_project

ACTION = yaml.safe_load((TOP / "action.yml").read_text("utf-8"))
INSTALL, RUN = (step for step in ACTION["runs"]["steps"] if "run" in step)
TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
"""
CLEAN = "def handler(event, context):\n    return event\n"
BROKEN = "def handler(event, context)\n    return event\n"


class Runner:
    """What GitHub's runner gives to a step: the inputs, the files to write to, and bash as it starts it."""

    def __init__(self, folder: Path) -> None:
        self.temp = folder / "temp"
        self.workspace = folder / "workspace"
        self.temp.mkdir()
        (self.workspace / ".git").mkdir(parents=True)
        self.output = self.temp / "output"
        self.summary = self.temp / "summary.md"

    def run(self, step: dict[str, object], values: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a step; `values` are those of the expressions that it uses."""
        assert step["shell"] == "bash" and "${{" not in str(step["run"])

        def value(match: re.Match[str]) -> str:
            return values[match[1].strip()]

        given = {name: re.sub(r"\$\{\{(.*?)\}\}", value, text) for name, text in dict(step["env"]).items()}
        runner = {
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_OS": "Linux",
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }
        script = self.temp / "step.sh"
        script.write_text(str(step["run"]), encoding="utf-8")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env={**os.environ, **runner, **given},
            capture_output=True,
            text=True,
        )

    def lint(self, app: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the step that lints, with the command of this environment, on a project with one handler."""
        (self.workspace / "template.yaml").write_text(TEMPLATE)
        (self.workspace / "app.py").write_text(app)
        command = self.temp / "slint command"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m slint "$@"\n')
        command.chmod(0o755)
        defaults = {name: each["default"] for name, each in ACTION["inputs"].items()}
        values = {f"inputs.{name}": text for name, text in {**defaults, **inputs}.items()}
        return self.run(RUN, {**values, "steps.install.outputs.slint": str(command)})


@pytest.fixture
def runner(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TOP), os.environ.get("PYTHONPATH", "")]))
    return Runner(tmp_path)


ONLY = "--select=syntax-error"


def test_findings_are_annotated_summed_up_and_written_for_upload(runner):
    done = runner.lint(BROKEN, arguments=ONLY)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=app.py,line=1,")
    assert done.stdout.count("\n") == 1, "one annotation a finding"
    assert "| error | `app.py:1` | **syntax-error**" in runner.summary.read_text()
    (run,) = json.loads((runner.workspace / "slint.sarif").read_text())["runs"]
    (result,) = run["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app.py"


def test_a_clean_project_passes(runner):
    done = runner.lint(CLEAN)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "no findings in 1 function" in runner.summary.read_text()
    assert json.loads((runner.workspace / "slint.sarif").read_text())["runs"][0]["results"] == []


def test_arguments_and_paths_are_taken_a_line(runner):
    (runner.workspace / "other folder").mkdir()
    inputs = {
        "arguments": f"{ONLY}\n--fail-on=never\n",
        "paths": "app.py\nother folder\n",
        "sarif-file": "out put.sarif",
    }
    done = runner.lint(BROKEN, **inputs)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::error file=app.py")
    assert (runner.workspace / "out put.sarif").is_file()


def test_inputs_are_never_run(runner):
    done = runner.lint(CLEAN, paths='"; touch owned; $(touch owned) `touch owned`')
    assert done.returncode == 2 and "no such file or folder" in done.stderr
    assert not (runner.workspace / "owned").exists()


def test_a_failure_of_slint_fails_the_step(runner):
    done = runner.lint(CLEAN, arguments="--select=no-such-rule")
    assert done.returncode == 2 and "no such rule: " in done.stderr


def test_the_action_installs_itself(runner, tmp_path):
    source = tmp_path / "the action"
    copy_project(source)
    values = {"steps.python.outputs.python-path": sys.executable, "github.action_path": str(source)}
    done = runner.run(INSTALL, values)
    assert done.returncode == 0, done.stderr
    command = runner.output.read_text().strip().removeprefix("slint=")
    clean = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    shown = subprocess.run([command, "rules"], env=clean, cwd=tmp_path, capture_output=True, text=True)
    assert shown.returncode == 0 and "client-in-handler" in shown.stdout


def test_the_steps_that_are_not_run_here_are_known():
    assert [step["uses"].split("@")[0] for step in ACTION["runs"]["steps"] if "uses" in step] == [
        "actions/setup-python"
    ]
