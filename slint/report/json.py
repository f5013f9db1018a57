"""The report for programs, version 1. Lines and columns count from 1, columns in code points, ends are exclusive."""

from __future__ import annotations

import json
from collections.abc import Mapping

from slint.diagnostic import Diagnostic, Fix, Severity
from slint.engine.fingerprint import fingerprints
from slint.engine.run import Results
from slint.report import Options
from slint.source import Location, Position, SourceFile

VERSION = 1


def render(results: Results, options: Options) -> str:
    """One JSON object."""
    identities = fingerprints(results.diagnostics, results.sources)
    document = {
        "version": VERSION,
        "diagnostics": [
            _finding(finding, identity, results.sources)
            for finding, identity in zip(results.diagnostics, identities, strict=True)
        ],
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


def _finding(finding: Diagnostic, identity: str, sources: Mapping[str, SourceFile]) -> dict[str, object]:
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
        "fix": _fix(finding.fix, sources),
        "fingerprint": identity,
    }


def _place(location: Location) -> dict[str, object]:
    return {"path": location.path, "start": _position(location.start), "end": _position(location.end)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}


def _fix(fix: Fix | None, sources: Mapping[str, SourceFile]) -> dict[str, object] | None:
    if fix is None or not fix.edits or any(edit.path not in sources for edit in fix.edits):
        return None
    edits = [
        {
            "path": edit.path,
            "start": _position(sources[edit.path].position(edit.start)),
            "end": _position(sources[edit.path].position(edit.end)),
            "replacement": edit.replacement,
        }
        for edit in fix.edits
    ]
    return {"title": fix.title, "safe": fix.is_safe, "edits": edits}
