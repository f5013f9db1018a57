"""Inputs that nobody means to write, through the real command line: a clear line about each, nothing else is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hostile_inputs import DEEP, EVERY, PYTHON, Hostile
from limited import Done, slint

from slint.report import FORMATS

MOST_SECONDS = 2.0
MOST_MEGABYTES = 300
CHECK = ("check", ".", "--verbose", "--output-format", "concise")

NEIGHBOUR = {
    "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Invoices:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.13
""",
    "src/app.py": """\
import os

import boto3


def handler(event, context):
    return boto3.client("s3").list_objects(Bucket=os.environ["BUCKET"])
""",
}
EXPECTED = ("healthy/src/app.py:7:12: warning[client-in-handler]", "healthy/src/app.py:7:51: error[env-var-undefined]")


def write_neighbour(root: Path) -> None:
    (root / ".git").mkdir()
    for path, text in NEIGHBOUR.items():
        target = root / "healthy" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """What is reported about the neighbour when it is alone."""
    root = tmp_path_factory.mktemp("alone")
    write_neighbour(root)
    done = slint(root, *CHECK)
    lines = tuple(done.out.splitlines())
    assert done.code == 1, done
    for beginning in EXPECTED:
        assert any(line.startswith(beginning) for line in lines), lines
    return lines


@pytest.mark.parametrize("name", EVERY)
def test_a_hostile_input_does_no_harm(name: str, tmp_path: Path, healthy: tuple[str, ...]):
    write_neighbour(tmp_path)
    EVERY[name].write(tmp_path / "bad")
    done = slint(tmp_path, *CHECK)
    for _ in range(3):  # another process on the same core makes this one slower; what is meant is the work
        if done.seconds > MOST_SECONDS:
            done = min(done, slint(tmp_path, *CHECK), key=lambda each: each.seconds)
    judge(done, EVERY[name])
    lines = done.out.splitlines()
    assert [line for line in lines if line.startswith("healthy/")] == list(healthy)


def judge(done: Done, hostile: Hostile) -> None:
    told = f"{done.out[-3000:]}\n{done.err[-3000:]}"
    assert "Traceback" not in done.err and "Warning" not in done.err and "internal-error" not in done.out, told
    assert done.code == 1, told
    notes = [line for line in done.err.splitlines() if line.startswith("slint: not evaluated: ")]
    for beginning in hostile.findings:
        assert any(line.startswith(f"bad/{beginning}") for line in done.out.splitlines()), (beginning, told)
    for beginning in hostile.ledger:
        assert any(line.startswith(f"slint: not evaluated: bad/{beginning}") for line in notes), (beginning, told)
    summary = re.search(r"\((?:.*; )?(\d+) not evaluated, see --verbose\)$", done.err.splitlines()[-1])
    assert (int(summary[1]) if summary else 0) == len(notes), told
    assert done.seconds <= MOST_SECONDS, (done.seconds, told)
    assert done.megabytes <= MOST_MEGABYTES, (done.megabytes, told)


def test_everything_at_once_in_every_format(tmp_path: Path, healthy: tuple[str, ...]):
    """All that is small enough lies in one tree: the run is long, but nothing of it is lost."""
    write_neighbour(tmp_path)
    for number, (name, hostile) in enumerate(EVERY.items()):
        if not name.startswith("limits: ") and not name.startswith(".gitignore"):
            hostile.write(tmp_path / "bad" / str(number))
    codes = set()
    for form in FORMATS:
        done = slint(tmp_path, "check", ".", "--output-format", form, "--statistics")
        assert "Traceback" not in done.err and "internal-error" not in done.out, (form, done.err[-2000:])
        assert "healthy/src/app.py" in done.out or form in ("text", "sarif", "junit"), form
        codes.add(done.code)
        if form in ("json", "gitlab", "sarif"):
            json.loads(done.out)
        elif form == "junit":
            ElementTree.fromstring(done.out)
        elif form == "concise":
            assert [line for line in done.out.splitlines() if line.startswith("healthy/")] == list(healthy)
    assert codes == {1}


@pytest.mark.parametrize(
    "arguments", [("map",), ("map", "--output-format", "json"), ("baseline", "write")], ids=" ".join
)
@pytest.mark.parametrize(
    "name", ["YAML: alias bomb", "Python: calls", "JavaScript: calls", "files: links", "files: odd names"]
)
def test_other_commands(name: str, arguments: tuple[str, ...], tmp_path: Path):
    write_neighbour(tmp_path)
    EVERY[name].write(tmp_path / "bad")
    done = slint(tmp_path, *arguments)
    assert done.code == 0, done
    assert "Traceback" not in done.err
    assert done.seconds <= MOST_SECONDS and done.megabytes <= MOST_MEGABYTES, done


DEEP_TOML = "x = " + "[" * DEEP + "]" * DEEP
CONFIGURATIONS = {
    "deep": {"slint.toml": DEEP_TOML},
    "deep table": {"slint.toml": "[" + ".".join(["a"] * DEEP) + "]"},
    "NUL": {"slint.toml": "\0"},
    "not UTF-8": {"slint.toml": b"\xff\xfe\xff"},
    "unknown key": {"slint.toml": "selct = []"},
    "wrong type": {"slint.toml": "select = 1"},
    "deep, of pyproject": {"pyproject.toml": f"[tool.slint]\n{DEEP_TOML}"},
    "a table that is none": {"pyproject.toml": "[tool]\nslint = 1"},
    "a deep baseline": {"slint.toml": "baseline = 'b.json'", "b.json": "[" * DEEP},
    "a baseline of wrong types": {
        "slint.toml": "baseline = 'b.json'",
        "b.json": '{"version": 1, "findings": {"x": [[]]}}',
    },
    "a baseline that is a folder": {"slint.toml": "baseline = 'b.json'", "b.json/x": ""},
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_broken_configuration_is_told_in_one_line(name: str, tmp_path: Path):
    write_neighbour(tmp_path)
    Hostile(CONFIGURATIONS[name]).write(tmp_path)
    done = slint(tmp_path, *CHECK)
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("slint: error: ") and done.err.count("\n") == 1, done.err
    assert any(path.partition("/")[0] in done.err for path in CONFIGURATIONS[name]), done.err
    assert done.seconds <= MOST_SECONDS and done.megabytes <= MOST_MEGABYTES


@pytest.mark.parametrize(
    "path, finding",
    [("bad/template.yaml", "9:11: error[syntax-error]"), ("bad/app.py", "1:13: error[syntax-error] this file is not")],
)
def test_a_broken_file_given_by_name(path: str, finding: str, tmp_path: Path):
    write_neighbour(tmp_path)
    Hostile({"template.yaml": PYTHON + "      x: [", "app.py": "def handler(:\n"}).write(tmp_path / "bad")
    done = slint(tmp_path, "check", path, "--output-format", "concise")
    assert done.code == 1
    assert done.out.startswith(f"{path}:{finding}")
    assert done.out.count("\n") == 1
    assert done.err.startswith("slint: 1 error in ")
