"""GitLab Code Quality, for the widget and the changes of a merge request.

Format: docs.gitlab.com, "Code Quality", "Import code quality results from a CI/CD job". GitLab shows findings with the
same fingerprint once, so each has its own.
"""

from __future__ import annotations

import hashlib
import json

from slint.diagnostic import Severity
from slint.engine.fingerprint import fingerprints
from slint.engine.run import Results
from slint.report import Options
from slint.report.repository import Repository

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(results: Results, options: Options) -> str:
    """One JSON list."""
    repository = Repository.around(options.root, options.cwd)
    issues = []
    for finding, identity in zip(results.diagnostics, fingerprints(results.diagnostics, results.sources), strict=True):
        path = repository.path(finding.location.path)
        # Several runs may be merged, each in its own folder of the repository.
        unique = f"{path}\0{identity}".encode("utf-8", "surrogatepass")
        issues.append(
            {
                "description": finding.message if finding.help is None else f"{finding.message}: {finding.help}",
                "check_name": finding.rule,
                "fingerprint": hashlib.sha256(unique).hexdigest(),
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": path,
                    "lines": {"begin": finding.location.start.line, "end": finding.location.end.line},
                },
            }
        )
    return json.dumps(issues, indent=1, ensure_ascii=False) + "\n"
