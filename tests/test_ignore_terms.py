"""An ignore may end on a day, and must have a reason where the settings say so."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import PlainProject, settings, span_of
from test_engine_suppression import names, reporting

from slint.engine.own_rules import UnusedIgnore
from slint.engine.run import run
from slint.source import SourceFile


def checked(text, **changes):
    file = SourceFile("app.py", text)
    rules = [reporting("slow", (span_of(file, "build()"), ())), UnusedIgnore()]
    return run(PlainProject(sources={"app.py": file}), rules, settings(**changes), known={"slow"})


@pytest.mark.parametrize("today", [date(2026, 9, 1), date(2027, 1, 31)])
def test_it_holds_up_to_its_day(today):
    assert names(checked("build()  # slint: ignore[slow] until 2027-01-31: the move\n", today=today)) == []


def test_afterwards_it_is_reported_with_what_it_hid():
    results = checked("build()  # slint: ignore[slow] the move, until 2027-01-31\n", today=date(2027, 2, 1))
    assert names(results) == ["slow", "unused-ignore"]
    assert "it has expired: it held until 2027-01-31" in results.diagnostics[1].message


@pytest.mark.parametrize("day", ["2027-02-30", "31.01.2027", "2027"])
def test_a_day_that_is_none_is_told(day):
    results = checked(f"build()  # slint: ignore[slow] until {day}\n")
    assert names(results) == ["slow", "unused-ignore"] and "is no date" in results.diagnostics[1].message


def test_the_word_until_alone_means_nothing():
    assert names(checked("build()  # slint: ignore[slow] until the move is done\n")) == []


@pytest.mark.parametrize("comment", ["[slow]", "[slow] ", "[slow] --", "[slow] until 2027-01-31"])
def test_a_reason_may_be_required(comment):
    text = f"build()  # slint: ignore{comment}\n"
    assert names(checked(text)) == []
    results = checked(text, require_reason=True)
    assert names(results) == ["slow", "unused-ignore"] and "it has no reason" in results.diagnostics[1].message


def test_with_a_reason_it_holds():
    assert names(checked("build()  # slint: ignore[slow] we know\n", require_reason=True)) == []
