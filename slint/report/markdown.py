"""Markdown, for the summary of a job or a comment on a merge request (GitHub and GitLab)."""

from __future__ import annotations

from collections.abc import Iterator

from slint.diagnostic import Diagnostic
from slint.engine.run import Results
from slint.regex import regex
from slint.report import Options, closing
from slint.report.repository import Repository
from slint.report.terminal import one_line

LIMIT = 60_000
"""Characters of the whole report: a comment on GitHub holds 65,536, all other places more."""

_CODE = regex(r"(`[^`]+`)")
_SPECIAL = regex(r"([\\`*_\[\]<>#|~@$&])")


def render(results: Results, options: Options) -> str:
    """A heading, the counts and a table of the findings, as many as fit."""
    repository = Repository.around(options.root, options.cwd)
    head = f"## slint\n\n{closing.tally(results)}\n"
    if not results.diagnostics:
        return head
    head += "\n| Severity | Place | Finding |\n| --- | --- | --- |\n"
    rows, room = [], LIMIT - len(head) - 100
    for finding in sorted(results.diagnostics, key=lambda finding: -finding.severity):
        row = f"| {' | '.join(_cells(finding, repository))} |\n"
        room -= len(row)
        if room < 0:
            break
        rows.append(row)
    left_out = len(results.diagnostics) - len(rows)
    return head + "".join(rows) + (f"\n{left_out} more are not shown here.\n" if left_out else "")


def _cells(finding: Diagnostic, repository: Repository) -> Iterator[str]:
    yield str(finding.severity)
    yield _as_code(f"{repository.path(finding.location.path)}:{finding.location.start.line}")
    text = f"**{finding.rule}**: {_escaped(finding.message)}"
    yield text if finding.help is None else f"{text}<br>Help: {_escaped(finding.help)}"


def _escaped(text: str) -> str:
    """`text` as a reader is to see it: code in backticks stays, nothing else is markup."""
    parts = _CODE.split(one_line(text))
    return "".join(_as_code(part[1:-1]) if index % 2 else _plain(part) for index, part in enumerate(parts))


def _plain(text: str) -> str:
    # A backslash does not keep @ and # from naming people and issues; an entity does.
    return _SPECIAL.sub(lambda match: f"&#{ord(match[1])};", text)


def _as_code(text: str) -> str:
    # In a table the bar ends the cell even within code; a backtick within would end the code.
    text = one_line(text).replace("`", "'").replace("|", "\\|")
    return f"`{text}`"
