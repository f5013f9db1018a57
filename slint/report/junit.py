"""JUnit XML: a suite for each file, a failed test for each finding; one passed test when there is none.

Format: `junit-10.xsd`, the schema by which Jenkins' xUnit plugin takes or refuses a report. It has no attributes for a
file and a line, so they stand in the names and in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from slint.diagnostic import Diagnostic
from slint.engine.own_rules import INTERNAL_ERROR
from slint.engine.run import Results
from slint.regex import regex
from slint.report import Options
from slint.report.repository import Repository

# All but the characters that XML 1.0 allows (section 2.2).
_FORBIDDEN = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(results: Results, options: Options) -> str:
    """One XML document."""
    repository = Repository.around(options.root, options.cwd)
    return "\n".join(_document(results, repository)) + "\n"


def _document(results: Results, repository: Repository) -> Iterator[str]:
    found = results.diagnostics
    errors = _errors(found)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<testsuites name="slint" tests="{max(1, len(found))}" failures="{len(found) - errors}" errors="{errors}">'
    if not found:
        yield ' <testsuite name="slint" tests="1" failures="0" errors="0">'
        yield '  <testcase name="no findings" classname="slint"/>'
        yield " </testsuite>"
    for shown, members in groupby(found, key=lambda finding: finding.location.path):
        yield from _suite(repository.path(shown), tuple(members))
    yield "</testsuites>"


def _suite(path: str, findings: tuple[Diagnostic, ...]) -> Iterator[str]:
    errors = _errors(findings)
    counts = f'tests="{len(findings)}" failures="{len(findings) - errors}" errors="{errors}"'
    yield f" <testsuite name={_attribute(path)} {counts}>"
    for finding in findings:
        line = finding.location.start.line
        name = _attribute(f"{finding.rule} at line {line}")
        yield f"  <testcase name={name} classname={_attribute(path)}>"
        tag = "error" if finding.rule == INTERNAL_ERROR else "failure"
        text = escape(_clean("\n".join(_lines(finding, path))))
        yield f'   <{tag} type="{finding.severity}" message={_attribute(finding.message)}>{text}</{tag}>'
        yield "  </testcase>"
    yield " </testsuite>"


def _lines(finding: Diagnostic, path: str) -> Iterator[str]:
    start = finding.location.start
    yield f"{path}:{start.line}:{start.column}: {finding.severity}[{finding.rule}] {finding.message}"
    if finding.help:
        yield f"help: {finding.help}"
    for each in finding.related:
        yield f"{each.location.path}:{each.location.start.line}: {each.message}"


def _errors(findings: tuple[Diagnostic, ...]) -> int:
    return sum(finding.rule == INTERNAL_ERROR for finding in findings)


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
