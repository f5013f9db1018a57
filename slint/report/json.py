"""The report for programs, version 1. Lines and columns count from 1, columns in code points, ends are exclusive."""

from __future__ import annotations

import json

from slint.diagnostic import Diagnostic, Severity
from slint.engine.fingerprint import fingerprints
from slint.engine.run import Results
from slint.report import Options
from slint.source import Location

VERSION = 1


def render(results: Results, options: Options) -> str:
    """One JSON object."""
    identities = fingerprints(results.diagnostics, results.sources)
    document = {
        "version": VERSION,
        "diagnostics": [_finding(*pair) for pair in zip(results.diagnostics, identities, strict=True)],
        "not_evaluated": [
            {"path": note.path, "line": note.line, "what": note.what, "why": note.why} for note in results.not_evaluated
        ],
        "summary": {
            "files": results.files,
            "functions": results.functions,
            "errors": results.count(Severity.ERROR),
            "warnings": results.count(Severity.WARNING),
            "infos": results.count(Severity.INFO),
            "suppressed": results.suppressed,
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Diagnostic, identity: str) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "help": finding.help,
        "docs": finding.docs,
        **_place(finding.location),
        "functions": list(finding.functions),
        "resource": finding.resource,
        "platform": finding.platform,
        "related": [{**_place(each.location), "message": each.message} for each in finding.related],
        "fix": None,
        "fingerprint": identity,
    }


def _place(location: Location) -> dict[str, object]:
    start, end = location.start, location.end
    return {
        "path": location.path,
        "start": {"line": start.line, "column": start.column},
        "end": {"line": end.line, "column": end.column},
    }
