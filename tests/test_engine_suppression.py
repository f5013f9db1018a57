from __future__ import annotations

from types import SimpleNamespace

import pytest
from conftest import PlainFunction, PlainProject, settings, span_of, template_of

from slint.diagnostic import Severity
from slint.engine.own_rules import UnusedIgnore
from slint.engine.run import run
from slint.engine.suppression import comments
from slint.rule import Rule
from slint.source import SourceFile, Span


def reporting(rule_name, *places, related=()):
    """A rule that reports places of the project."""

    class Reporting(Rule):
        name = rule_name
        summary = "s"
        severity = Severity.WARNING

        def check_project(self, project):
            for place, functions in places:
                concerned = [SimpleNamespace(id=id, platform="aws-lambda") for id in functions]
                yield self.at(place, "m", functions=concerned, related=related)

    return Reporting()


def checked(file, rule_name, target, *, related=(), use_ignores=True, nth=0):
    project = PlainProject(sources={file.path: file})
    rules = [reporting(rule_name, (span_of(file, target, nth), ()), related=related), UnusedIgnore()]
    return run(project, rules, settings(use_ignores=use_ignores), known={"known"})


def names(results):
    return [each.rule for each in results.diagnostics]


def code(text, path="app.py"):
    return SourceFile(path, text)


@pytest.mark.parametrize(
    "text",
    [
        "build()  # slint: ignore[slow] we know\n",
        "build()  #slint:ignore[slow]\n",
        "build()  # slint: ignore[other, slow]\n",
        "# slint: ignore[slow]\nbuild()\n",
        "# slint: ignore[slow] a reason\n# that goes on\nbuild()\n",
        "# slint: ignore[other]\n# slint: ignore[slow]\nbuild()\n",
        "x = 1; build()  # noqa  # slint: ignore[slow]\n",
        "# slint: ignore[slow]\r\nbuild()\r\n",
    ],
)
def test_a_comment_suppresses(text):
    results = checked(code(text), "slow", "build()")
    assert "slow" not in names(results)
    assert results.suppressed == 1


@pytest.mark.parametrize(
    "text",
    [
        "other()  # slint: ignore[slow]\nbuild()\n",
        "# slint: ignore[slow]\nother()\nbuild()\n",
        "# slint: ignore[slow]\n\nbuild()\n",
        "build()\n# slint: ignore[slow]\n",
        "build()  # slint: ignore\n",
        "build()  # slint: ignore[fast]\n",
        "x = '''\n# slint: ignore[slow]\n'''; build()\n",
        "build()  // slint: ignore[slow]\n",
    ],
)
def test_a_comment_elsewhere_does_not(text):
    assert "slow" in names(checked(code(text), "slow", "build()"))


def test_the_end_of_a_call_of_several_lines_counts_too():
    file = code("build(\n    1,\n)  # slint: ignore[slow]\n")
    assert names(checked(file, "slow", "build(\n    1,\n)")) == []


def test_a_comment_at_a_related_place_suppresses():
    file = code("build()\n\ncall()  # slint: ignore[slow]\n")
    assert names(checked(file, "slow", "build()", related=[(span_of(file, "call()"), "from here")])) == []


@pytest.mark.parametrize("path", ["a.js", "a.ts", "a.mjs", "a.json"])
def test_slashes_in_the_javascript_family(path):
    assert names(checked(code("build();  // slint: ignore[slow]\n", path), "slow", "build()")) == []
    assert names(checked(code("'http://slint: ignore[slow]'; build()\n", path), "slow", "build()")) == ["slow"]


def test_comments_of_templates():
    text = "A:\n  # slint: ignore[slow]\n  Timeout: 900\nB: 'x# slint: ignore[slow]'\n"
    assert names(checked(code(text, "template.yaml"), "slow", "Timeout: 900")) == []


def test_no_ignores_reports_everything():
    results = checked(code("build()  # slint: ignore[slow]\n"), "slow", "build()", use_ignores=False)
    assert names(results) == ["slow"] and results.suppressed == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("build()\nx  # slint: ignore[slow]\n", "`slow` finds nothing here"),
        ("build()\nx  # slint: ignore[knwon]\n", "no rule is called `knwon`"),
        (
            "build()\nx  # slint: ignore\n",
            "this ignore has no effect: it names no rule: write `slint: ignore[rule-name]`",
        ),
        ("build()\nx  # slint: ignore[]\n", "this ignore has no effect: a rule name is missing between the brackets"),
    ],
)
def test_an_ignore_that_does_nothing_is_reported(text, message):
    results = checked(code(text), "slow", "build()")
    (finding,) = [each for each in results.diagnostics if each.rule == "unused-ignore"]
    assert (finding.message, finding.location.start.line) == (message, 2)


def test_an_ignore_of_a_rule_that_did_not_run_is_left_alone():
    assert names(checked(code("build()\nx  # slint: ignore[known]\n"), "slow", "build()")) == ["slow"]


def test_of_two_rules_only_the_useless_one_is_reported():
    results = checked(code("build()  # slint: ignore[slow, unused-ignore, typo]\n"), "slow", "build()")
    assert names(results) == [], "the comment ignores the finding about itself"
    results = checked(code("build()  # slint: ignore[slow, typo]\n"), "slow", "build()")
    assert [each.message for each in results.diagnostics] == ["no rule is called `typo`"]


def test_broken_python_keeps_its_comments():
    file = code("def broken(:\n  '''\nbuild()  # slint: ignore[slow]\n")
    assert names(checked(file, "slow", "build()")) == []


def test_a_file_without_ignores_is_not_read_line_by_line():
    assert list(comments(code("x = 1\n" * 100_000))) == []


def with_metadata(written, *places):
    """A template whose first function has this metadata, checked by a rule that reports places of `file`: pairs of a
    file's text (None: the template) with a target in it and of functions."""
    text = (
        "Resources:\n"
        "  One:\n"
        "    Type: AWS::Serverless::Function\n"
        f"    Metadata: {{slint: {{ignore: {written}}}}}\n"
        "    Properties:\n"
        "      Handler: app.one\n"
        "  Two:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Handler: app.two\n"
    )
    file = SourceFile("template.yaml", text)
    template = template_of(file)
    functions = tuple(PlainFunction(id, Span(file, 0, 3), template) for id in ("One", "Two"))
    project = PlainProject(functions=functions, templates=(template,), sources={file.path: file})
    spans = [(span_of(file if target.startswith("Handler") else CODE, target), names) for target, *names in places]
    return run(project, [reporting("slow", *spans), UnusedIgnore()], settings())


CODE = code("build()\n")


def test_metadata_suppresses_what_lies_in_the_resource():
    assert names(with_metadata("[slow]", ("Handler: app.one",))) == []
    assert names(with_metadata("[slow]", ("Handler: app.two",))) == ["unused-ignore", "slow"]


def test_metadata_suppresses_what_concerns_the_function():
    assert names(with_metadata("[slow]", ("build()", "One"))) == []
    (finding, _) = with_metadata("[slow]", ("build()", "Two")).diagnostics
    assert finding.functions == ("Two",)


def test_metadata_takes_its_function_out_of_a_shared_finding():
    results = with_metadata("[slow]", ("build()", "One", "Two"))
    assert [each.functions for each in results.diagnostics] == [("Two",)]
    assert results.suppressed == 0


def test_metadata_may_give_reasons():
    assert names(with_metadata("{slow: it is a monthly job}", ("Handler: app.one",))) == []


@pytest.mark.parametrize("written", ["slow", "null", "3", "[3]", "[[slow]]", "{3: x}"])
def test_metadata_of_another_shape_is_reported(written):
    assert names(with_metadata(written)) == ["unused-ignore"]


def test_metadata_of_no_rule_says_nothing():
    assert names(with_metadata("[]")) == []


def test_metadata_that_names_no_rule_is_reported():
    (finding,) = with_metadata("[slwo]").diagnostics
    assert finding.message == "no rule is called `slwo`" and finding.help == "did you mean slow?"
