from __future__ import annotations

import json

from conftest import span_of

from slint.diagnostic import Diagnostic, Severity
from slint.engine.run import Results
from slint.report import Options, render
from slint.source import SourceFile

APP = SourceFile("app.py", "call()\ncall()\n")


def finding(nth=0, file=APP, **changes) -> Diagnostic:
    made = {"rule": "slow-call", "severity": Severity.WARNING, "message": "it is slow", **changes}
    return Diagnostic(location=span_of(file, "call()", nth).location(), **made)


def gitlab(*diagnostics, cwd="", root=""):
    found = Results(diagnostics=diagnostics, sources={"app.py": APP})
    return json.loads(render("gitlab", found, Options(cwd=cwd, root=root)))


def test_an_issue_has_all_that_gitlab_requires():
    (issue,) = gitlab(finding(1, help="do not"))
    identity = issue.pop("fingerprint")
    assert len(identity) == 64 and int(identity, 16)
    assert issue == {
        "description": "it is slow: do not",
        "check_name": "slow-call",
        "severity": "major",
        "location": {"path": "app.py", "lines": {"begin": 2, "end": 2}},
    }


def test_severities():
    found = gitlab(finding(severity=Severity.ERROR), finding(severity=Severity.INFO))
    assert [each["severity"] for each in found] == ["critical", "info"]


def test_equal_findings_have_their_own_fingerprints():
    identities = [each["fingerprint"] for each in gitlab(finding(), finding(1), finding(1))]
    assert len(set(identities)) == 3


def test_the_same_finding_in_two_folders_of_a_repository_is_two(tmp_path):
    (tmp_path / ".git").mkdir()
    found = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        found += gitlab(finding(), cwd=str(folder), root=str(folder))
    assert [each["location"]["path"] for each in found] == ["a/app.py", "b/app.py"]
    assert found[0]["fingerprint"] != found[1]["fingerprint"]


def test_a_fingerprint_survives_a_move_within_the_file():
    moved = SourceFile("app.py", "# new\ncall()\n")
    found = Results(diagnostics=(finding(file=moved),), sources={"app.py": moved})
    (issue,) = json.loads(render("gitlab", found, Options()))
    assert issue["fingerprint"] == gitlab(finding())[0]["fingerprint"]


def test_no_findings_are_an_empty_list():
    assert gitlab() == []
