"""Changes of files as a unified diff, which `git apply` and `patch -p1` take."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from slint.engine.fixing import Change
from slint.regex import regex
from slint.report.terminal import one_line

_LINE = regex(r"[^\n]*\n|[^\n]+")  # not str.splitlines, which also splits at form feeds and the like


def render(changes: Iterable[Change]) -> str:
    """The diff of all files; empty when there is no change."""
    return "".join(_file(change) for change in changes)


def _file(change: Change) -> str:
    before, after = _LINE.findall(change.before.text), _LINE.findall(change.after)
    path = one_line(change.path)
    lines = difflib.unified_diff(before, after, f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
