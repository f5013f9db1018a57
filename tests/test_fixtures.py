"""Whole projects through the real command line: each folder of fixtures/ says in expected.txt what is found in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from slint.cli import cli

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.mark.parametrize("folder", sorted(path.parent for path in FIXTURES.glob("*/expected.txt")), ids=lambda p: p.name)
def test_what_is_found(folder, monkeypatch):
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(cli, ["check", ".", "--output-format", "concise"])
    assert result.stdout.splitlines() == (folder / "expected.txt").read_text().splitlines()
    assert result.exit_code == (1 if ": warning[" in result.stdout or ": error[" in result.stdout else 0)


def test_every_fixture_says_what_is_found():
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()}
    assert folders == {path.parent.name for path in FIXTURES.glob("*/expected.txt")}
    assert {"monolith", "chained", "connections", "secrets", "cold-start", "clean"} <= folders
    assert (FIXTURES / "clean" / "expected.txt").read_text() == ""
