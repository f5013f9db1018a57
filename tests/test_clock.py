"""The clock of a run: every moment counts once, for the innermost phase."""

from __future__ import annotations

import re
import time

import pytest
from limited import slint

from slint.clock import STOPPED, Clock


def test_the_innermost_phase_counts():
    clock = Clock()
    inner = clock.timed("inner", lambda: time.sleep(0.03))

    def work() -> str:
        inner()
        time.sleep(0.01)
        inner()
        return "done"

    start = time.perf_counter()
    assert clock.timed("outer", work)() == "done"
    whole = time.perf_counter() - start
    assert list(clock.seconds) == ["outer", "inner"]
    assert clock.seconds["inner"] >= 0.06
    assert 0.01 <= clock.seconds["outer"] <= whole - 0.06 + 0.001
    assert sum(clock.seconds.values()) == pytest.approx(whole, abs=0.005)


def test_a_phase_that_fails_ends():
    clock = Clock()
    with pytest.raises(ZeroDivisionError):
        clock.timed("broken", lambda: 1 / 0)()
    clock.timed("next", lambda: time.sleep(0.01))()
    assert clock.seconds["broken"] < 0.01 <= clock.seconds["next"]


def test_a_stopped_clock_does_nothing():
    assert STOPPED.timed("any", len) is len
    assert STOPPED.seconds == {}


def test_timings_are_told_beside_the_findings(tmp_path):
    (tmp_path / "app.py").write_text("import boto3\n\n\ndef handler(event, context):\n    boto3.client('s3')\n")
    plain = slint(tmp_path, "check", "--output-format", "json")
    timed = slint(tmp_path, "check", "--output-format", "json", "--timings")
    assert (timed.code, timed.out) == (plain.code, plain.out)
    lines = [line.split(" ms  ") for line in timed.err.splitlines() if " ms  " in line]
    phases = [phase for _, phase in lines if not phase.startswith("  ")]
    assert phases == ["discover", "read", "parse", "link", "rules", "sort", "report"]
    spent = {phase.strip(): float(re.sub("[^0-9.]", "", time)) for time, phase in lines}
    assert spent["parse"] > 0
    assert spent["client-in-handler"] > 0
    assert spent["rules"] == pytest.approx(sum(spent[p.strip()] for _, p in lines if p.startswith("  ")), abs=2)
