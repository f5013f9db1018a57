from __future__ import annotations

import time

import pytest
from conftest import PlainFunction, PlainProject, settings, span_of, template_of

from slint.diagnostic import Diagnostic, NotEvaluated, Severity
from slint.engine.run import by_rule, run
from slint.rule import Rule
from slint.source import SourceFile

APP = SourceFile("app.py", "import boto3\n\ndef handler(event, context):\n    boto3.client('s3')\n")
FUNCTION = "  {0}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Timeout: {1}\n"
TEMPLATE = SourceFile("template.yaml", "Resources:\n" + FUNCTION.format("One", 3) + FUNCTION.format("Two", 4))
ONE = PlainFunction("One", span_of(TEMPLATE, "One"))
TWO = PlainFunction("Two", span_of(TEMPLATE, "Two"))


def project(*functions, **more):
    return PlainProject(functions=functions or (ONE, TWO), sources={"app.py": APP, "template.yaml": TEMPLATE}, **more)


class Client(Rule):
    name = "client"
    summary = "s"
    severity = Severity.WARNING

    def check_function(self, function):
        yield self.at(span_of(APP, "boto3.client('s3')"), f"built by {function.id}", functions=[function])


class Precise(Client):
    name = "precise"
    supersedes = ("client",)


class OneOnly(Client):
    name = "one-only"
    supersedes = ("client",)

    def check_function(self, function):
        if function.id == "One":
            yield from super().check_function(function)


class Evidence(Client):
    name = "evidence"
    supports = ("client",)


class Timeouts(Rule):
    name = "timeouts"
    summary = "s"
    severity = Severity.INFO

    def check_template(self, template):
        yield self.at(span_of(template.file, "Timeout: 3"), "a timeout")

    def check_project(self, project):
        yield self.at(span_of(TEMPLATE, "Timeout: 4"), "of all", functions=project.functions)


class Broken(Rule):
    name = "broken"
    summary = "s"
    severity = Severity.INFO

    def check_function(self, function):
        yield self.at(function, "before the fall")
        raise KeyError("a\nkey")


def told(results):
    return [(each.rule, each.location.path, each.location.start.line, each.functions) for each in results.diagnostics]


def test_many_functions_with_the_same_findings_are_settled_at_once():
    functions = [PlainFunction(f"F{number}", span_of(TEMPLATE, "One")) for number in range(3_000)]
    start = time.process_time()
    results = run(project(*functions), [Client(), Precise(), Evidence()], settings())
    assert time.process_time() - start < 2
    assert by_rule(results.diagnostics) == [("evidence", 1), ("precise", 1)]
    assert [len(each.functions) for each in results.diagnostics] == [3_000, 3_000]


def test_one_place_is_one_finding_for_all_functions():
    results = run(project(), [Client()], settings())
    assert told(results) == [("client", "app.py", 4, ("One", "Two"))]
    assert results.diagnostics[0].message == "built by One"


def test_the_merged_finding_is_as_bad_as_the_worst():
    class Varying(Client):
        name = "varying"

        def check_function(self, function):
            severity = Severity.ERROR if function.id == "Two" else None
            yield self.at(span_of(APP, "boto3.client"), "m", functions=[function], severity=severity)

    assert run(project(), [Varying()], settings()).diagnostics[0].severity is Severity.ERROR


def test_the_more_precise_rule_wins():
    assert told(run(project(), [Client(), Precise()], settings())) == [("precise", "app.py", 4, ("One", "Two"))]


def test_the_more_precise_rule_wins_only_for_its_functions():
    assert told(run(project(), [Client(), OneOnly()], settings())) == [
        ("client", "app.py", 4, ("Two",)),
        ("one-only", "app.py", 4, ("One",)),
    ]


def test_evidence_joins_the_finding_that_it_supports():
    (finding,) = run(project(), [Evidence(), Client()], settings()).diagnostics
    assert finding.rule == "client"
    assert [each.message for each in finding.related] == ["built by One"]


def test_evidence_alone_is_a_finding():
    assert told(run(project(), [Evidence()], settings())) == [("evidence", "app.py", 4, ("One", "Two"))]


def test_all_hooks_run_and_the_report_is_sorted():
    template = template_of(TEMPLATE)
    results = run(project(templates=(template,)), [Timeouts(), Client()], settings())
    assert told(results) == [
        ("client", "app.py", 4, ("One", "Two")),
        ("timeouts", "template.yaml", 5, ()),
        ("timeouts", "template.yaml", 9, ("One", "Two")),
    ]
    assert by_rule(results.diagnostics) == [("timeouts", 2), ("client", 1)]


def test_a_rule_that_fails_is_reported_and_the_others_go_on():
    results = run(project(), [Broken(), Client()], settings())
    failures = [each for each in results.diagnostics if each.rule == "internal-error"]
    assert [each.message.split(" (")[0] for each in failures] == [
        "rule `broken` failed on One: KeyError: 'a\\nkey'",
        "rule `broken` failed on Two: KeyError: 'a\\nkey'",
    ]
    assert "test_engine_run:" in failures[0].message
    assert {each.rule for each in results.diagnostics} == {"internal-error", "client", "broken"}
    assert results.exit_code(None) == 2


@pytest.mark.parametrize("made", [("client", "location"), ("foreign", None)])
def test_a_rule_that_yields_anything_else_is_reported(made):
    class Foreign(Client):
        name = "foreign"

        def check_function(self, function):
            yield Diagnostic(made[0], Severity.ERROR, "m", made[1] and function.span.location())

    (first, *_) = run(project(), [Foreign()], settings()).diagnostics
    assert first.rule == "internal-error" and "TypeError" in first.message


def test_a_rule_that_prints_or_exits_spoils_no_report(capsys):
    class Loud(Client):
        name = "loud"

        def check_function(self, function):
            print("said")
            raise SystemExit(0)

    (first, *_) = run(project(), [Loud()], settings()).diagnostics
    assert first.rule == "internal-error" and "SystemExit" in first.message
    assert capsys.readouterr().out == ""


def test_syntax_errors_are_findings_unless_ignored():
    from slint.engine.own_rules import SyntaxErrorRule

    problem = SyntaxErrorRule().at(span_of(APP, "handler"), "cannot be parsed")
    assert told(run(project(problems=[problem]), [SyntaxErrorRule()], settings())) == [
        ("syntax-error", "app.py", 3, ())
    ]
    assert run(project(problems=[problem]), [Client()], settings()).count(Severity.ERROR) == 0


def test_reading_the_files_is_what_finds_syntax_errors():
    from slint.engine.own_rules import SyntaxErrorRule

    lazy = project()

    class Lazy(PlainFunction):
        def __init__(self):
            self.id, self.span, self.platform = "Lazy", ONE.span, "aws-lambda"

        @property
        def files(self):
            lazy.problems.append(SyntaxErrorRule().at(span_of(APP, "handler"), "cannot be parsed"))
            return frozenset()

    lazy.functions = (Lazy(),)
    assert run(lazy, [SyntaxErrorRule()], settings()).count(Severity.ERROR) == 1


def test_per_file_ignores_hold_for_the_primary_place():
    ignoring = settings(per_file_ignores={"*.py": ("client",), "other": ("ALL",)})
    assert run(project(), [Client()], ignoring).diagnostics == ()
    everything = settings(per_file_ignores={"app.py": ("ALL",)})
    assert run(project(), [Client(), Precise()], everything).diagnostics == ()


def test_severity_overrides():
    changed = settings(severity={"client": Severity.ERROR})
    assert run(project(), [Client()], changed).diagnostics[0].severity is Severity.ERROR


def test_paths_narrow_the_report_to_their_places_and_the_functions_judged():
    class PerFunction(Client):
        name = "per-function"

        def check_function(self, function):
            yield self.at(function, "m", functions=[function])

    def lines(*paths):
        narrowed = settings(paths=tuple(f"/project/{path}" for path in paths))
        return [each[2] for each in told(run(project(), [PerFunction()], narrowed))]

    assert lines() == [2, 6]
    assert lines("template.yaml") == [2, 6]
    assert lines("app.py") == [2, 6], "the functions are those that the paths belong to: loading chose them"


def test_the_ledger_is_sorted_narrowed_and_without_repetition():
    notes = [
        NotEvaluated("b.yaml", 2, "x", "y"),
        NotEvaluated("a.yaml", 1, "x", "y"),
        NotEvaluated("b.yaml", 2, "x", "y"),
    ]
    assert [note.path for note in run(project(ledger=notes), [], settings()).not_evaluated] == ["a.yaml", "b.yaml"]
    narrowed = settings(paths=("/project/a.yaml",))
    assert [note.path for note in run(project(ledger=notes), [], narrowed).not_evaluated] == ["a.yaml"]


def test_exit_codes():
    results = run(project(), [Client()], settings())
    assert [results.exit_code(level) for level in (Severity.ERROR, Severity.WARNING, Severity.INFO, None)] == [
        0,
        1,
        1,
        0,
    ]


def test_progress_tells_every_unit():
    told_steps = []
    run(project(), [Client(), Timeouts()], settings(), progress=lambda done, total: told_steps.append((done, total)))
    assert told_steps == [(0, 2), (1, 2)]
