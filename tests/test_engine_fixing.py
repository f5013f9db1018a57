"""Fixes are made in rounds, undone when they do no good, and written without harm."""

from __future__ import annotations

import os
import stat
from datetime import date

import pytest

from slint.diagnostic import Deferred, Diagnostic, Edit, Fix, Severity
from slint.engine import fixing
from slint.engine.run import Results
from slint.project.discovery import read_text
from slint.report import diff
from slint.settings import Settings
from slint.source import SourceFile, Span

TODAY = date(2026, 9, 1)


def settings_of(root):
    return Settings(root=str(root), cwd=str(root), base=str(root), today=TODAY)


def check_words(**replacements):
    """A check that reports each of the words in `app.py`, with a fix that replaces it."""

    def check(settings):
        path = os.path.join(settings.root, "app.py")
        text = settings.overlay.get(path)
        file = SourceFile("app.py", text) if text is not None else read_text(path, "app.py")
        found = []
        for word, (replacement, is_safe) in replacements.items():
            at = file.text.find(word)
            if at >= 0:
                edits = (Edit("app.py", at, at + len(word), replacement),)
                place = Span(file, at, at + len(word)).location()
                fix = Fix(f"replace {word}", edits, is_safe)
                found.append(Diagnostic(f"no-{word}", Severity.WARNING, "a word", place, fix=fix))
        return Results(diagnostics=tuple(found), sources={"app.py": file})

    return check


def fixed(root, check, unsafe=False):
    return fixing.fix(settings_of(root), check, fixing.by_safety(unsafe))


def test_safe_fixes_are_made_until_none_is_left(tmp_path):
    (tmp_path / "app.py").write_text("old = old\nother = 1\n")
    outcome = fixed(tmp_path, check_words(old=("new", True), other=("more", False)))
    (change,) = outcome.changes
    assert change.after == "new = new\nother = 1\n"
    assert outcome.fixed == 2 and outcome.refused == ()
    assert [each.rule for each in outcome.results.diagnostics] == ["no-other"]
    assert (tmp_path / "app.py").read_text() == "old = old\nother = 1\n", "nothing is written yet"


def test_unsafe_fixes_are_made_when_asked_for(tmp_path):
    (tmp_path / "app.py").write_text("other = 1\n")
    check = check_words(other=("more", False))
    assert fixed(tmp_path, check).changes == ()
    assert fixed(tmp_path, check, unsafe=True).changes[0].after == "more = 1\n"


def test_a_fix_that_breaks_the_syntax_is_refused_and_the_others_are_made(tmp_path):
    (tmp_path / "app.py").write_text("one = 1\ntwo = 2\n")
    outcome = fixed(tmp_path, check_words(one=("(", True), two=("three", True)))
    assert outcome.changes[0].after == "one = 1\nthree = 2\n"
    assert outcome.refused == ("app.py:1: no-one: the file would not parse any more",)


def test_what_only_the_compiler_refuses_is_refused_too(tmp_path):
    (tmp_path / "app.py").write_text("def f():\n    return here\n")
    outcome = fixed(tmp_path, check_words(here=("1\n    x = 1\n    global x", True)))
    assert outcome.changes == () and len(outcome.refused) == 1


def test_a_file_that_does_not_parse_is_left_alone(tmp_path):
    (tmp_path / "app.py").write_text("old = 1\ndef (:\n")
    outcome = fixed(tmp_path, check_words(old=("new", True)))
    assert outcome.changes == () and len(outcome.refused) == 1


def test_a_fix_that_does_not_remove_its_finding_is_undone(tmp_path):
    (tmp_path / "app.py").write_text("aa = 1\nbb = 2\n")
    outcome = fixed(tmp_path, check_words(aa=("aa", True), bb=("cc", True)))
    assert outcome.changes[0].after == "aa = 1\ncc = 2\n"
    assert outcome.refused == ("app.py:1: no-aa: the finding would stay",)
    assert outcome.fixed == 1


def test_fixes_that_call_for_each_other_end(tmp_path):
    (tmp_path / "app.py").write_text("ping = 1\n")
    outcome = fixed(tmp_path, check_words(ping=("pong", True), pong=("ping", True)))
    assert outcome.fixed <= fixing.ROUNDS


def test_overlapping_fixes_wait_for_the_next_round(tmp_path):
    (tmp_path / "app.py").write_text("abc = 1\n")
    outcome = fixed(tmp_path, check_words(ab=("x", True), bc=("y", True)))
    assert outcome.changes[0].after == "xc = 1\n"
    assert outcome.fixed == 1


def test_deferred_edits_are_made_once_and_only_when_asked_for():
    calls = []

    def make():
        calls.append(1)
        return [Edit("a", 0, 0, "x")]

    edits = Deferred(make)
    assert calls == []
    assert list(edits) == [Edit("a", 0, 0, "x")] and len(edits) == 1 and edits[0].path == "a"
    assert calls == [1]


# --- writing ---


def change_of(root, name, after):
    file = read_text(str(root / name), name)
    assert isinstance(file, SourceFile)
    return fixing.Change(name, file, after)


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        (b"\xef\xbb\xbfa = 1\r\n", "b = 1\r\n", b"\xef\xbb\xbfb = 1\r\n"),
        ("a = 'é'\n".encode("utf-16"), "b = 'é'\n", "b = 'é'\n".encode("utf-16")),
        (b"# coding: latin-1\na = '\xe9'\n", "# coding: latin-1\nb = '\xe9'\n", b"# coding: latin-1\nb = '\xe9'\n"),
    ],
)
def test_encoding_mark_and_line_ends_are_kept(tmp_path, before, after, written):
    (tmp_path / "app.py").write_bytes(before)
    assert list(fixing.write([change_of(tmp_path, "app.py", after)], settings_of(tmp_path))) == []
    assert (tmp_path / "app.py").read_bytes() == written


def test_the_mode_is_kept_and_no_other_file_is_left(tmp_path):
    path = tmp_path / "app.py"
    path.write_text("a = 1\n")
    path.chmod(0o751)
    assert list(fixing.write([change_of(tmp_path, "app.py", "b = 1\n")], settings_of(tmp_path))) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert [each.name for each in tmp_path.iterdir()] == ["app.py"]


def test_nothing_is_written_through_a_link(tmp_path):
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "app.py").write_text("a = 1\n")
    (root / "app.py").symlink_to(outside / "app.py")
    (root / "folder").symlink_to(outside)
    changes = [change_of(root, "app.py", "b = 1\n"), change_of(root, "folder/app.py", "b = 1\n")]
    problems = list(fixing.write(changes, settings_of(root)))
    assert problems == [
        "not written: app.py: the file is reached through a symbolic link",
        "not written: folder/app.py: the file is reached through a symbolic link",
    ]
    assert (outside / "app.py").read_text() == "a = 1\n"


def test_nothing_is_written_outside_the_root(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "app.py").write_text("a = 1\n")
    settings = settings_of(root)._replace(cwd=str(tmp_path))
    (problem,) = fixing.write([change_of(tmp_path, "app.py", "b = 1\n")], settings)
    assert "outside the project" in problem
    assert (tmp_path / "app.py").read_text() == "a = 1\n"


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path):
    (tmp_path / "app.py").write_text("a = 1\n")
    change = change_of(tmp_path, "app.py", "b = 1\n")
    (tmp_path / "app.py").write_text("c = 1\n")
    assert list(fixing.write([change], settings_of(tmp_path))) == [
        "not written: app.py: the file has changed meanwhile"
    ]
    assert (tmp_path / "app.py").read_text() == "c = 1\n"


def test_the_diff_can_be_applied(tmp_path):
    import subprocess

    (tmp_path / "app.py").write_text("a = 1\n\x0cb = 2\nc = 3")
    change = change_of(tmp_path, "app.py", "a = 1\n\x0cb = 4\nc = 5")
    text = diff.render([change])
    subprocess.run(["git", "apply", "-"], input=text, text=True, cwd=tmp_path, check=True)
    assert (tmp_path / "app.py").read_text() == "a = 1\n\x0cb = 4\nc = 5"
    assert diff.render([]) == ""
