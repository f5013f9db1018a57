"""Whole projects through the real command line: each folder of fixtures/ says in expected.txt what is found in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from slint.cli import main

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in FIXTURES.glob("*/expected.txt")), ids=lambda p: p.name
)
def test_what_is_found(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as ended:
        main(["check", ".", "--output-format", "concise"])
    expected = (folder / "expected.txt").read_text()
    assert capsys.readouterr().out.splitlines() == expected.splitlines()
    assert ended.value.code == (1 if ": warning[" in expected or ": error[" in expected else 0)


def test_every_fixture_says_what_is_found():
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()}
    assert folders == {path.parent.name for path in FIXTURES.glob("*/expected.txt")}
    assert {"monolith", "chained", "connections", "secrets", "cold-start", "clean"} <= folders
    assert (FIXTURES / "clean" / "expected.txt").read_text() == ""
