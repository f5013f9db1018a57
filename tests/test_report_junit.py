from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import xmlschema
from conftest import span_of

from slint.diagnostic import Diagnostic, Related, Severity
from slint.engine.own_rules import INTERNAL_ERROR
from slint.engine.run import Results
from slint.report import Options, render
from slint.source import SourceFile

APP = SourceFile("app.py", "call()\ncall()\n")
OTHER = SourceFile("b <&\"'>.py", "call()\n")


def finding(file=APP, nth=0, **changes) -> Diagnostic:
    made = {"rule": "slow-call", "severity": Severity.WARNING, "message": "it is slow", **changes}
    return Diagnostic(location=span_of(file, "call()", nth).location(), **made)


SCHEMA = xmlschema.XMLSchema(str(Path(__file__).with_name("data") / "junit-10.xsd"))


def junit(*diagnostics) -> ElementTree.Element:
    """The root of the document, which was checked against the schema."""
    found = Results(diagnostics=diagnostics, sources={APP.path: APP, OTHER.path: OTHER})
    text = render("junit", found, Options())
    SCHEMA.validate(text)
    return ElementTree.fromstring(text.encode("utf-8"))


def test_a_suite_for_each_file_and_a_failure_for_each_finding():
    related = (Related(span_of(OTHER, "call()").location(), "from here"),)
    top = junit(finding(help="do not", related=related), finding(nth=1, severity=Severity.ERROR), finding(OTHER))
    assert top.attrib == {"name": "slint", "tests": "3", "failures": "3", "errors": "0"}
    first, second = top
    assert (first.get("name"), first.get("tests")) == ("app.py", "2")
    assert second.get("name") == OTHER.path
    case = first[0]
    assert case.attrib == {"name": "slow-call at line 1", "classname": "app.py"}
    (failure,) = case
    assert failure.attrib == {"type": "warning", "message": "it is slow"}
    assert failure.text == ("app.py:1:1: warning[slow-call] it is slow\nhelp: do not\nb <&\"'>.py:1: from here")


def test_a_failed_rule_is_an_error():
    top = junit(finding(rule=INTERNAL_ERROR), finding())
    assert (top.get("failures"), top.get("errors")) == ("1", "1")
    assert [case[0].tag for case in top[0]] == ["error", "failure"]


def test_no_findings_are_one_passed_test():
    top = junit()
    assert top.attrib == {"name": "slint", "tests": "1", "failures": "0", "errors": "0"}
    assert len(top[0]) == 1 and not list(top[0][0])


def test_what_xml_cannot_hold_is_replaced():
    top = junit(finding(message="a\x00\x1b\udcff\uffff ]]> <b> \U0001f600"))
    assert top[0][0][0].get("message") == "a\ufffd\ufffd\ufffd\ufffd ]]> <b> \U0001f600"
