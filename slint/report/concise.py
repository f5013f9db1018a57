"""One line a finding, for editors and for grep: `path:line:column: severity[rule] message`."""

from __future__ import annotations

from slint.engine.run import Results
from slint.report import Options
from slint.report.terminal import SEVERITY_COLORS, one_line, paint


def render(results: Results, options: Options) -> str:
    """All findings."""
    lines = []
    for finding in results.diagnostics:
        start = finding.location.start
        label = paint(f"{finding.severity}[{finding.rule}]", SEVERITY_COLORS[finding.severity], options.color)
        place = paint(one_line(finding.location.path), "bold", options.color)
        lines.append(f"{place}:{start.line}:{start.column}: {label} {one_line(finding.message)}\n")
    return "".join(lines)
