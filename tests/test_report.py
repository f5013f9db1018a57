from __future__ import annotations

import json
import time
from textwrap import dedent

import pytest
from conftest import span_of

from slint.diagnostic import Diagnostic, NotEvaluated, Related, Severity
from slint.engine.fingerprint import fingerprints
from slint.engine.run import Results
from slint.report import FORMATS, Options, closing, render
from slint.source import SourceFile, Span

APP = SourceFile("src/app.py", "import boto3\n\n\ndef handler(event, context):\n\tboto3.client('lambda').invoke()\n")
TEMPLATE = SourceFile("template.yaml", "Resources:\n  Orders:\n    Runtime: python3.13\n")
SOURCES = {APP.path: APP, TEMPLATE.path: TEMPLATE}


def finding(span: Span, **changes) -> Diagnostic:
    made = {
        "rule": "client-in-handler",
        "severity": Severity.WARNING,
        "message": "built on every invocation",
        "functions": ("Orders",),
        "platform": "aws-lambda",
        **changes,
    }
    return Diagnostic(location=span.location(), **made)


CLIENT = finding(
    span_of(APP, "boto3.client('lambda')"),
    related=(Related(span_of(TEMPLATE, "Runtime: python3.13").location(), "runs here"),),
    help="build it once",
    docs="https://example.org/page",
)


def results(*diagnostics: Diagnostic, sources=SOURCES, **more) -> Results:
    return Results(diagnostics=diagnostics, sources=sources, **more)


def text(*diagnostics, sources=SOURCES, color=False):
    return render("text", results(*diagnostics, sources=sources), Options(color=color))


def test_text_shows_both_files_and_what_to_do():
    assert text(CLIENT) == dedent(
        """\
        warning[client-in-handler]: built on every invocation
         --> src/app.py:5:2
          |
        5 |     boto3.client('lambda').invoke()
          |     ^^^^^^^^^^^^^^^^^^^^^^
         ::: template.yaml:3:5
          |
        3 |     Runtime: python3.13
          |     ------------------- runs here
          |
          = help: build it once
          = docs: slint explain client-in-handler

        """
    )


def test_text_names_several_functions():
    assert "  = functions: A, B\n" in text(finding(span_of(APP, "boto3"), functions=("A", "B")))


def test_text_without_the_source_still_tells_the_place():
    assert text(CLIENT, sources={}).splitlines()[1:3] == [" --> src/app.py:5:2", " ::: template.yaml:3:5: runs here"]


def test_the_gutter_is_as_wide_as_the_greatest_line_number():
    file = SourceFile("a.py", "\n" * 119 + "x = 1\n")
    assert "120 | x = 1\n    | ^\n" in text(finding(span_of(file, "x")), sources={"a.py": file})


def test_a_place_of_several_lines_is_marked_to_the_end_of_the_first():
    file = SourceFile("a.py", "call(\n  1,\n)\n")
    shown = text(finding(span_of(file, "call(\n  1,\n)")), sources={"a.py": file})
    assert "1 | call(\n  | ^^^^^\n" in shown


def marked(line: str, target: str) -> str:
    """The text above the carets, as a terminal of fixed columns would show it."""
    import unicodedata

    file = SourceFile("a.py", line)
    shown, carets = text(finding(span_of(file, target)), sources={"a.py": file}).splitlines()[3:5]
    start, end = carets.index("^"), carets.rindex("^") + 1
    columns = ""
    for letter in shown:
        columns += letter * (2 if unicodedata.east_asian_width(letter) in "WF" else 1)
    return columns[start:end]


@pytest.mark.parametrize(
    ("line", "target", "covered"),
    [
        ("x = client()", "client()", "client()"),
        ("\t\tx = client()", "client()", "client()"),
        ("名前 = client()", "client()", "client()"),
        ("x = '名前'", "名前", "名名前前"),
        ("a" * 500 + " client() " + "b" * 500, "client()", "client()"),
        ("client() " + "b" * 500, "client()", "client()"),
        ("a" * 500 + " client()", "client()", "client()"),
        ("a" * 1_000_000 + " client() " + "b" * 1_000_000, "client()", "client()"),
    ],
)
def test_the_carets_stand_below_the_place(line, target, covered):
    assert marked(line, target) == covered


def test_long_lines_are_cut_on_both_sides():
    file = SourceFile("a.js", "a" * 1000 + "HERE" + "b" * 1000)
    shown = text(finding(span_of(file, "HERE")), sources={"a.js": file})
    assert max(map(len, shown.splitlines())) < 140
    assert "...aaa" in shown and "HERE" in shown and "bbb..." in shown


def test_a_place_of_no_width_or_at_the_end_of_the_file_gets_one_caret():
    file = SourceFile("a.py", "x = 1")
    shown = text(finding(Span(file, 5, 5)), sources={"a.py": file})
    assert "1 | x = 1\n  |      ^\n" in shown
    assert "^" in text(finding(Span(SourceFile("a.py", ""), 0, 0)), sources={"a.py": SourceFile("a.py", "")})


@pytest.mark.parametrize("name", ["text", "concise"])
def test_what_a_terminal_would_obey_is_not_printed(name):
    file = SourceFile("a\x1b[2J.py", "x = '\x1b[31m\u202e'\n")
    hostile = finding(span_of(file, "x"), message="a\x1b]0;title\x07\nb", help="c\x1bd", functions=("\x1b", "e"))
    shown = render(name, results(hostile, sources={file.path: file}), Options())
    assert "\x1b" not in shown and "\x07" not in shown and "\u202e" not in shown
    assert "a\ufffd]0;title\ufffd b" in shown


def test_colours_only_when_asked():
    assert "\x1b[" not in text(CLIENT)
    assert "\x1b[1;33mwarning[client-in-handler]\x1b[0m" in text(CLIENT, color=True)


def test_concise_is_one_line_each():
    shown = render("concise", results(CLIENT, CLIENT), Options())
    assert shown == "src/app.py:5:2: warning[client-in-handler] built on every invocation\n" * 2


def test_json_holds_the_whole_contract():
    notes = (NotEvaluated("template.yaml", 3, "OrdersUrl", "a parameter without a value"),)
    shown = json.loads(
        render("json", results(CLIENT, not_evaluated=notes, files=12, functions=5, suppressed=2), Options())
    )
    identity = shown["diagnostics"][0].pop("fingerprint")
    assert len(identity) == 16 and int(identity, 16)
    assert shown == {
        "version": 1,
        "diagnostics": [
            {
                "rule": "client-in-handler",
                "severity": "warning",
                "message": "built on every invocation",
                "help": "build it once",
                "docs": "https://example.org/page",
                "path": "src/app.py",
                "start": {"line": 5, "column": 2},
                "end": {"line": 5, "column": 24},
                "functions": ["Orders"],
                "resource": None,
                "platform": "aws-lambda",
                "related": [
                    {
                        "path": "template.yaml",
                        "start": {"line": 3, "column": 5},
                        "end": {"line": 3, "column": 24},
                        "message": "runs here",
                    }
                ],
                "fix": None,
            }
        ],
        "not_evaluated": [
            {"path": "template.yaml", "line": 3, "what": "OrdersUrl", "why": "a parameter without a value"}
        ],
        "summary": {"files": 12, "functions": 5, "errors": 0, "warnings": 1, "infos": 0, "suppressed": 2},
    }


def test_fingerprints_survive_moves_and_tell_duplicates_apart():
    def identity(source: str, nth: int = 0, **changes):
        file = SourceFile("a.py", source)
        spans = [span_of(file, "call()", index) for index in range(source.count("call()"))]
        return fingerprints([finding(span, **changes) for span in spans], {"a.py": file})[nth]

    first = identity("call()\n")
    assert identity("# a new line\n\n    call()\n") == first
    assert identity("call() + 1\n") != first
    assert identity("call()\n", rule="other") != first
    assert identity("call()\n", functions=("A", "B")) != first
    assert identity("call()\n", resource="R") != first
    assert identity("call()\ncall()\n") == first
    assert identity("call()\ncall()\n", 1) != first


def test_github_commands_are_escaped():
    file = SourceFile("a,b:c.py", "call()\n")
    hostile = finding(span_of(file, "call()"), message="100%\nsure", help="do::it", severity=Severity.ERROR)
    shown = render("github", results(hostile, sources={file.path: file}), Options())
    assert shown == (
        "::error file=a%2Cb%3Ac.py,line=1,endLine=1,col=1,endColumn=7,title=slint%3A client-in-handler"
        "::a,b:c.py:1:1: 100%25%0Asure%0Ado::it\n"
    )


def test_github_names_files_from_the_top_of_the_repository(tmp_path):
    (tmp_path / ".git").mkdir()
    folder = str(tmp_path / "services")
    shown = render("github", results(CLIENT), Options(cwd=folder, root=folder))
    assert shown.startswith("::warning file=services/src/app.py,line=5,")


def test_github_leaves_columns_out_of_places_of_several_lines():
    file = SourceFile("a.py", "call(\n)\n")
    shown = render("github", results(finding(span_of(file, "call(\n)"), severity=Severity.INFO)), Options())
    assert shown.startswith("::notice file=a.py,line=1,endLine=2,title=")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_no_findings_and_undecodable_names(name):
    render(name, results(), Options())
    file = SourceFile("\udcff.py", "call()\n")
    render(name, results(finding(span_of(file, "call()")), sources={file.path: file}), Options())


def test_the_summary_counts():
    errors = finding(span_of(APP, "boto3"), severity=Severity.ERROR)
    info = finding(span_of(APP, "boto3"), severity=Severity.INFO)
    shown = closing.summary(results(errors, errors, CLIENT, info, files=3, functions=1, suppressed=2))
    assert shown == "slint: 2 errors, 1 warning, 1 info in 1 function, 3 files (2 suppressed)\n"
    assert closing.summary(results(files=1, functions=2)) == "slint: no findings in 2 functions, 1 file\n"


def test_statistics_and_ledger():
    notes = tuple(NotEvaluated("a.yaml", line, f"Fn{line}", "no such file") for line in (0, 7))
    found = results(CLIENT, CLIENT, not_evaluated=notes)
    assert closing.statistics(found) == "     2  client-in-handler\n     2  not evaluated: no such file\n"
    assert closing.ledger(found) == (
        "slint: not evaluated: a.yaml: Fn0: no such file\nslint: not evaluated: a.yaml:7: Fn7: no such file\n"
    )
    assert closing.summary(found).endswith("(2 not evaluated, see --verbose)\n")


@pytest.mark.parametrize("name", FORMATS)
def test_many_findings_on_one_huge_line_take_no_longer_than_others(name):
    file = SourceFile("a.py", "\u00e9\U0001f600" * 500_000)
    found = [finding(Span(file, 2 * index, 2 * index + 2)) for index in range(1_000)]
    before = time.process_time()
    render(name, results(*found, sources={"a.py": file}), Options())
    assert time.process_time() - before < 5
