from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
from bad_examples import write_bad_examples
from conftest import settings, span_of

from slint.diagnostic import Diagnostic, Edit, Fix, NotEvaluated, Related, Severity
from slint.docs import markdown_page
from slint.engine.own_rules import INTERNAL_ERROR
from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import Results, run
from slint.knowledge.code_scanning import RESULTS_KEPT
from slint.project.load import load
from slint.report import Options, RulePage, render
from slint.report.line_hash import line_hashes
from slint.rule import Rule
from slint.source import SourceFile

SCHEMA = json.loads(Path(__file__).with_name("data").joinpath("sarif-schema-2.1.0.json").read_text("utf-8"))
APP = SourceFile("src/app.py", "x = '\U0001f600'; call()\n\nsecond = call(\n)\n")
TEMPLATE = SourceFile("template.yaml", "Resources:\n  Orders:\n    Runtime: python3.13\n")


class PlainRule(Rule):
    """One paragraph
    on two lines.

    Another.
    """

    name = "slow-call"
    summary = "A call is slow"
    severity = Severity.WARNING
    tags = ("performance",)
    references = ("https://example.org/page",)


class SecurityRule(Rule):
    """A secret leaks."""

    name = "leaked-secret"
    summary = "A secret leaks"
    severity = Severity.ERROR
    strict = True
    tags = ("security",)


PAGES = tuple(RulePage(rule, f"# {rule.name}\n") for rule in (PlainRule, SecurityRule))


def finding(file=APP, text="call()", rule="slow-call", message="it is slow", **changes) -> Diagnostic:
    place = changes.pop("location", None) or span_of(file, text).location()
    return Diagnostic(rule, changes.pop("severity", Severity.WARNING), message, place, **changes)


def sarif(*diagnostics, sources=(APP, TEMPLATE), pages=PAGES, cwd="", root="", **more):
    """The run of the log, which was checked against the schema of the standard."""
    found = Results(diagnostics=diagnostics, sources={file.path: file for file in sources}, **more)
    log = json.loads(render("sarif", found, Options(cwd=cwd, root=root, pages=pages)))
    jsonschema.validate(log, SCHEMA)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (only,) = log["runs"]
    return only


def region(result):
    return result["locations"][0]["physicalLocation"]["region"]


def test_a_rule_is_described_as_code_scanning_wants_it():
    plain, security = sarif()["tool"]["driver"]["rules"]
    assert plain == {
        "id": "slow-call",
        "name": "SlowCall",
        "shortDescription": {"text": "A call is slow."},
        "fullDescription": {"text": "One paragraph on two lines."},
        "help": {
            "text": "One paragraph\non two lines.\n\nAnother.\n\nhttps://example.org/page",
            "markdown": "# slow-call\n",
        },
        "helpUri": "https://example.org/page",
        "defaultConfiguration": {"level": "warning"},
        "properties": {"precision": "very-high", "tags": ["performance"], "problem.severity": "warning"},
    }
    assert security["properties"] == {"precision": "medium", "tags": ["security"], "security-severity": "8.0"}
    assert security["defaultConfiguration"] == {"level": "error"}
    assert "helpUri" not in security


def test_a_rule_of_another_tool_is_described_by_its_finding():
    only = sarif(finding(rule="E3002", severity=Severity.ERROR, docs="https://example.org/E3002"), finding())
    first, second = only["results"]
    assert (first["ruleIndex"], second["ruleIndex"]) == (2, 0)
    rule = only["tool"]["driver"]["rules"][2]
    assert rule["id"] == "E3002" and rule["helpUri"] == "https://example.org/E3002"
    assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"]
    assert rule["properties"]["problem.severity"] == "error" and "security-severity" not in rule["properties"]


def test_the_address_of_the_project_comes_from_its_metadata(tmp_path, monkeypatch):
    folder = tmp_path / "serverless_slint-9.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: serverless-slint\nVersion: 9\nProject-URL: Homepage, https://example.org/slint\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert sarif()["tool"]["driver"]["informationUri"] == "https://example.org/slint"


def test_what_is_suppressed_is_left_out(write_project):
    bad = 'import boto3\n\n\ndef handler(event, context):\n    boto3.client("s3").list_buckets(){}\n'
    template = "Resources:\n" + "".join(
        f"  F{number}:\n    Type: AWS::Serverless::Function\n"
        f"    Properties: {{Runtime: python3.13, Handler: app{number}.handler}}\n"
        for number in (1, 2)
    )
    ignored = bad.format("  # slint: ignore[client-in-handler] it is a test")
    folder = str(write_project({"template.yaml": template, "app1.py": bad.format(""), "app2.py": ignored}))
    chosen = settings(root=folder, cwd=folder, base=folder, select=("client-in-handler",))
    found = run(load(chosen), chosen_rules(chosen, all_rules()), chosen)
    log = json.loads(render("sarif", found, Options(cwd=folder, root=folder)))
    places = [each["locations"][0]["physicalLocation"] for each in log["runs"][0]["results"]]
    assert [place["artifactLocation"]["uri"] for place in places] == ["app1.py"]
    assert found.suppressed == 1


def test_a_result_has_its_place_in_utf16_units():
    (result,) = sarif(finding())["results"]
    assert result["ruleId"] == "slow-call" and result["ruleIndex"] == 0 and result["level"] == "warning"
    assert APP.text.index("call()") == 9, "code points"
    assert region(result) == {"startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 17}
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "src/app.py",
        "uriBaseId": "%SRCROOT%",
    }


def test_a_place_of_several_lines_ends_where_it_ends():
    (result,) = sarif(finding(text="call(\n)"))["results"]
    assert region(result) == {"startLine": 3, "startColumn": 10, "endLine": 4, "endColumn": 2}


def test_a_long_place_is_its_first_line():
    file = SourceFile("a.py", "x = call(\n1,\n2,\n3)\n")
    (result,) = sarif(finding(file, "call(\n1,\n2,\n3)"), sources=(file,))["results"]
    assert region(result) == {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 10}


def test_columns_are_told_to_be_utf16_units():
    assert sarif()["columnKind"] == "utf16CodeUnits"


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")]
)
def test_levels(severity, level):
    assert sarif(finding(severity=severity))["results"][0]["level"] == level


def test_related_places_are_linked_in_the_message():
    there = span_of(TEMPLATE, "Runtime: python3.13").location()
    (result,) = sarif(finding(related=(Related(there, "runs [here]\\"),), help="do not"))["results"]
    assert result["message"]["text"] == "it is slow. Help: do not. See [runs \\[here\\]\\\\](1)."
    (related,) = result["relatedLocations"]
    assert related["id"] == 1 and related["message"] == {"text": "runs [here]\\."}
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "template.yaml"
    assert related["physicalLocation"]["region"]["startLine"] == 3


def test_a_message_holds_no_other_links():
    (result,) = sarif(finding(message="calls `x[0](1)`"))["results"]
    assert not re.search(r"\[[^]]*\]\(", result["message"]["text"])


def test_functions_and_resources_are_logical_locations():
    (result,) = sarif(finding(functions=("Billing", "Orders"), resource="Orders"))["results"]
    assert result["locations"][0]["logicalLocations"] == [
        {"name": "Orders", "kind": "resource"},
        {"name": "Billing", "kind": "function"},
    ]


def test_fingerprints_are_those_of_the_upload_action():
    first, third = sarif(finding(), finding(text="call(\n)"))["results"]
    expected = line_hashes(APP.text, [1, 3])
    assert first["partialFingerprints"]["primaryLocationLineHash"] == expected[1]
    assert third["partialFingerprints"]["primaryLocationLineHash"] == expected[3]
    assert first["partialFingerprints"]["slintFindingId/v1"] != third["partialFingerprints"]["slintFindingId/v1"]


def test_the_action_sees_a_byte_order_mark_and_misreads_other_encodings():
    marked = SourceFile("a.py", "call()\n", encoding="utf-8-sig")
    other = SourceFile("b.py", "call()\n", encoding="utf-16-le")
    found = sarif(finding(marked), finding(other), sources=(marked, other))["results"]
    hashed = [each["partialFingerprints"].get("primaryLocationLineHash") for each in found]
    assert hashed == [line_hashes("\ufeffcall()\n", [1])[1], None]
    assert hashed[0] != line_hashes("call()\n", [1])[1]


def test_fixes_are_replacements_of_regions():
    insert = Edit(TEMPLATE.path, 0, 0, "# first\n")
    start = APP.text.index("call()")
    change = Edit(APP.path, start, start + 6, "done")
    safe, unsafe = sarif(
        finding(fix=Fix("drop the call", (change, insert), is_safe=True)),
        finding(fix=Fix("drop the call", (change,))),
    )["results"]
    (fix,) = safe["fixes"]
    assert fix["description"]["text"] == "drop the call."
    in_app, in_template = fix["artifactChanges"]
    assert in_app["artifactLocation"]["uri"] == "src/app.py"
    assert in_app["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 17},
            "insertedContent": {"text": "done"},
        }
    ]
    assert in_template["replacements"][0]["deletedRegion"] == {
        "startLine": 1,
        "startColumn": 1,
        "endLine": 1,
        "endColumn": 1,
    }
    assert "may change" in unsafe["fixes"][0]["description"]["text"]


def test_a_fix_without_edits_is_none():
    assert "fixes" not in sarif(finding(fix=Fix("nothing", ())))["results"][0]


def test_uris_are_relative_to_the_repository_and_encoded(tmp_path):
    (tmp_path / ".git").mkdir()
    inside = tmp_path / "services"
    inside.mkdir()
    names = {
        "a b.py": "services/a%20b.py",
        "../100%/ü:.py": "100%25/%C3%BC%3A.py",
        "\udcff.py": "services/%FF.py",
    }
    for shown, expected in names.items():
        file = SourceFile(shown, "call()\n")
        (result,) = sarif(finding(file), sources=(file,), cwd=str(inside), root=str(inside))["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == expected


def test_a_file_outside_of_the_repository_has_an_absolute_uri(tmp_path):
    top = tmp_path / "shop"
    (top / ".git").mkdir(parents=True)
    file = SourceFile("../a b.py", "call()\n")
    (result,) = sarif(finding(file), sources=(file,), cwd=str(top), root=str(top))["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": (tmp_path / "a b.py").as_uri()}


@pytest.mark.parametrize(("folder", "expected"), [(".", "slint/"), ("services/orders", "slint/services/orders/")])
def test_the_category_is_that_of_the_folder(tmp_path, folder, expected):
    (tmp_path / ".git").mkdir()
    root = tmp_path / folder
    root.mkdir(parents=True, exist_ok=True)
    assert sarif(cwd=str(tmp_path), root=str(root))["automationDetails"] == {"id": expected}


def test_an_empty_run_still_has_results():
    only = sarif(pages=())
    assert only["results"] == []
    assert only["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_failed_rule_is_a_notification_and_no_result():
    only = sarif(finding(rule=INTERNAL_ERROR, message="rule `x` failed", severity=Severity.ERROR), finding())
    assert [each["ruleId"] for each in only["results"]] == ["slow-call"]
    (invocation,) = only["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["level"] == "error" and notification["message"]["text"] == "rule `x` failed."
    assert [each["id"] for each in only["tool"]["driver"]["notifications"]] == [INTERNAL_ERROR]


def test_what_was_not_evaluated_is_counted_by_reason():
    whys = ("a macro", "an import", "a macro")
    notes = tuple(NotEvaluated("a.yaml", line, "x", why) for line, why in enumerate(whys, start=1))
    (invocation,) = sarif(not_evaluated=notes)["invocations"]
    texts = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert texts == ["2 places were not evaluated: a macro.", "1 place was not evaluated: an import."]


def test_the_worst_are_kept_when_there_are_too_many():
    file = SourceFile("a.py", "call()\n" * (RESULTS_KEPT + 1))
    many = [finding(location=span_of(file, "call()").location(), severity=Severity.INFO)] * RESULTS_KEPT
    only = sarif(*many, finding(message="the last", severity=Severity.ERROR), sources=(file,))
    assert len(only["results"]) == RESULTS_KEPT
    assert only["results"][-1]["message"]["text"] == "the last."
    (notification,) = only["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "warning" and notification["message"]["text"].startswith("1 result is left out")


def test_a_finding_of_every_rule(tmp_path):
    shown = write_bad_examples(tmp_path)
    chosen = settings(root=str(tmp_path), cwd=str(tmp_path), base=str(tmp_path), select=("ALL",))
    rules = chosen_rules(chosen, all_rules())
    results = run(load(chosen), rules, chosen)
    pages = [RulePage(type(rule), markdown_page(type(rule))) for rule in rules]
    only = sarif(
        *results.diagnostics, sources=results.sources.values(), pages=pages, cwd=str(tmp_path), root=str(tmp_path)
    )
    driver = only["tool"]["driver"]
    # All projects lie in one tree and all rules run, so a few findings belong to another rule here.
    assert len(shown - {result["ruleId"] for result in only["results"]}) <= len(shown) / 5
    for result in only["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert ":" in result["partialFingerprints"]["primaryLocationLineHash"]
        place = result["locations"][0]["physicalLocation"]
        lines = (tmp_path / unquote(place["artifactLocation"]["uri"])).read_text("utf-8").split("\n")
        start, end = (place["region"][key] for key in ("startLine", "endLine"))
        assert 1 <= start <= end <= len(lines)
        assert place["region"]["startColumn"] <= len(lines[start - 1]) + 1
        for number, _ in enumerate(result.get("relatedLocations", ()), start=1):
            assert f"]({number})" in result["message"]["text"]
    for rule in driver["rules"]:
        assert len(rule["shortDescription"]["text"]) <= 1024 and len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"] and rule["help"]["markdown"]
        is_security = "security" in rule["properties"]["tags"]
        assert ("security-severity" in rule["properties"]) is is_security
        assert ("problem.severity" in rule["properties"]) is not is_security
    identities = [result["partialFingerprints"]["slintFindingId/v1"] for result in only["results"]]
    assert len(identities) == len(set(identities))
