"""Findings are known by rule, function and text, as often as they occur."""

from __future__ import annotations

import json

import pytest

from slint.diagnostic import Diagnostic, Severity
from slint.engine import baseline
from slint.engine.own_rules import INTERNAL_ERROR
from slint.settings import SettingsError
from slint.source import SourceFile, Span


def finding(file, text, *functions, nth=0, rule="a-rule", resource=None):
    at = -1
    for _ in range(nth + 1):
        at = file.text.index(text, at + 1)
    place = Span(file, at, at + len(text)).location()
    return Diagnostic(rule, Severity.WARNING, "m", place, functions=functions, resource=resource)


def compared(known, now, file, before=None):
    sources = {file.path: file}
    return baseline.compare(now, sources, baseline.of(known, before or sources))


def test_a_finding_is_known_wherever_it_moves():
    old = SourceFile("app.py", "make( 1 )\n")
    new = SourceFile("lib/other.py", "\n\n    x = make(\n  1 )  # now\n")
    comparison = compared([finding(old, "make( 1 )", "F")], [finding(new, "make(\n  1 )", "F")], new, {"app.py": old})
    assert comparison.new == () and comparison.known == 1 and not comparison.gone


def test_a_further_one_like_it_is_new():
    file = SourceFile("app.py", "make()\nmake()\n")
    first, second = finding(file, "make()", "F"), finding(file, "make()", "F", nth=1)
    assert compared([first], [first, second], file).new == (second,)
    assert compared([first, second], [first], file).gone.total() == 1


def test_another_rule_function_or_text_is_new():
    file = SourceFile("app.py", "make()\nbuild()\n")
    known = [finding(file, "make()", "F")]
    for other in (
        finding(file, "make()", "F", rule="b-rule"),
        finding(file, "make()", "G"),
        finding(file, "build()", "F"),
    ):
        assert compared(known, [other], file).new == (other,)


def test_only_the_functions_that_are_new_are_left():
    file = SourceFile("app.py", "make()\n")
    (new,) = compared([finding(file, "make()", "F", "G")], [finding(file, "make()", "F", "H")], file).new
    assert new.functions == ("H",)


def test_the_failure_of_a_rule_is_never_known():
    file = SourceFile("app.py", "make()\n")
    failed = finding(file, "make()", rule=INTERNAL_ERROR)
    assert compared([failed], [failed], file).new == (failed,)


def test_pruning_takes_out_what_is_gone_and_adds_nothing():
    file = SourceFile("app.py", "make()\nmake()\nbuild()\n")
    first, second = finding(file, "make()", "F"), finding(file, "make()", "F", nth=1)
    known = baseline.of([first, second], {"app.py": file})
    now = [first, finding(file, "build()", "F")]
    left = baseline.pruned(known, baseline.compare(now, {"app.py": file}, known))
    assert left == baseline.of([first], {"app.py": file})


def test_a_file_is_read_as_it_was_written(tmp_path):
    file = SourceFile("app.py", 'say("ü\\"\\n")\nmake()\n')
    known = baseline.of([finding(file, file.text[:10], "F"), finding(file, "make()", resource="R")], {"app.py": file})
    path = tmp_path / "baseline.json"
    path.write_text(baseline.render(known), encoding="utf-8")
    assert baseline.read(str(path)) == known
    document = json.loads(path.read_text("utf-8"))
    assert "line" not in document["findings"][0] and "path" not in document["findings"][0]
    path.write_text(baseline.render(baseline.Baseline()))
    assert not baseline.read(str(path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 2, "findings": []}',
        '{"version": 1}',
        '{"version": 1, "findings": [1]}',
        '{"version": 1, "findings": [{"rule": "a", "subject": "b", "text": "c", "count": 0}]}',
        '{"version": 1, "findings": [{"rule": "a", "subject": "b", "text": null, "count": 1}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_told(tmp_path, text):
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match="not a baseline"):
        baseline.read(str(path))


def test_a_folder_is_no_baseline(tmp_path):
    with pytest.raises(
        SettingsError, match=r"^cannot read the baseline: .*: it is not a regular file: check the path$"
    ):
        baseline.read(str(tmp_path))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SettingsError, match="slint baseline write"):
        baseline.read(str(tmp_path / "none.json"))
