"""Workflow commands of GitHub Actions, which annotate the changed lines of a pull request.

Format and escaping: docs.github.com, "Workflow commands for GitHub Actions", and the toolkit's `command.ts`.
GitHub shows at most ten errors and ten warnings a step (actions/toolkit#734); all stay in the log. The log leaves the
properties out, so the message begins with the place.
"""

from __future__ import annotations

from slint.diagnostic import Severity
from slint.engine.run import Results
from slint.report import Options
from slint.report.repository import Repository

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(results: Results, options: Options) -> str:
    """One command a finding."""
    repository = Repository.around(options.root, options.cwd)
    lines = []
    for finding in results.diagnostics:
        start, end = finding.location.start, finding.location.end
        path = repository.path(finding.location.path)
        properties = {"file": path, "line": start.line, "endLine": end.line}
        if start.line == end.line:  # columns are refused for a place of several lines
            properties |= {"col": start.column, "endColumn": end.column}
        properties["title"] = f"slint: {finding.rule}"
        written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        message = f"{path}:{start.line}:{start.column}: {finding.message}"
        message = message if finding.help is None else f"{message}\n{finding.help}"
        lines.append(f"::{_COMMANDS[finding.severity]} {written}::{_data(message)}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
