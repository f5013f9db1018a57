"""Inputs that nobody means to write, through the real command line: a clear line about each, nothing else is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hostile_inputs import EVERY, Hostile
from limited import Done, slint

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
    assert "Traceback" not in done.err and "internal-error" not in done.out, told
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
