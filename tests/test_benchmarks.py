"""The comparison with peers runs on any checkout, and says where it measured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from limited import environment

TOP = Path(__file__).resolve().parent.parent
SCRIPT = TOP / "benchmarks" / "compare.py"


def compare(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**environment(), **variables}, timeout=120)


def test_slint_alone_on_the_fixtures():
    options = (
        "--template",
        "secrets/template.yaml",
        "--folder",
        "connections",
        "--handler",
        "connections/src/worker.py",
    )
    done = compare(str(TOP / "fixtures"), *options, "--runs", "1", "--no-peers", "--small", PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stderr
    assert "**Warning:** PYTHONDONTWRITEBYTECODE is set" in done.stdout
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if line.startswith("| ")
    ]
    assert [row[0] for row in rows] == [
        "job", "start", "S1: one template", "S2: template and handlers", "one handler of the repository",
    ]  # fmt: skip
    for title, tool, wall, cpu, memory, findings, runs in rows[1:]:
        assert (tool, runs) == ("slint", "1")
        assert 0 < float(cpu) < 60 and 0 < float(wall) < 60
        assert 5 < float(memory) < 300
        assert int(findings) > 0 or title == "start"


def test_what_is_not_there_is_told():
    done = compare("/nowhere")
    assert (done.returncode, done.stderr) == (1, "no such folder: /nowhere\n")
    done = compare(str(TOP / "fixtures"), "--no-peers")
    assert done.returncode == 1
    assert done.stderr.endswith(": choose one of the checkout with --template\n")


def test_the_front_ends_are_measured_side_by_side():
    script = str(TOP / "benchmarks" / "throughput.py")
    command = [sys.executable, script, str(TOP / "fixtures"), "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=120)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()[2:]]
    assert [row[0] for row in rows] == ["Python", "JavaScript", "TypeScript"]
    for _, files, _, _, speed in rows:
        assert int(files) == 0 or float(speed) > 0
