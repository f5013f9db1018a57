"""The baseline: the findings that a project had when it began to use slint, and that are not reported.

A finding is known by its rule, by the function that it concerns (else the resource) and by the text that it is about,
with spacing evened out: never by a line or a path, so that code may move. Each of these counts as often as it occurs;
a further one is new.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping

from slint.diagnostic import Diagnostic
from slint.engine.own_rules import INTERNAL_ERROR
from slint.project.discovery import Unreadable, read_text
from slint.record import NamedTuple
from slint.settings import SettingsError
from slint.source import SourceFile

NAME = "slint-baseline.json"
VERSION = 1
_LARGEST_FILE = 50_000_000  # bytes
_LENGTH = 200  # of a text; a longer one is known by its beginning


class Key(NamedTuple):
    """What a finding is known by; `subject` is a function or a resource, or empty."""

    rule: str
    subject: str
    text: str


Baseline = Counter[Key]


class Comparison(NamedTuple):
    """Findings against a baseline: the `new` ones, how many are `known`, and what of the baseline is `gone`."""

    new: tuple[Diagnostic, ...]
    known: int
    gone: Baseline


def of(findings: Iterable[Diagnostic], sources: Mapping[str, SourceFile]) -> Baseline:
    """The baseline of these findings."""
    return Counter(key for finding in findings for key in _keys(finding, sources))


def compare(findings: Iterable[Diagnostic], sources: Mapping[str, SourceFile], baseline: Baseline) -> Comparison:
    """Each finding without the functions for which the baseline knows it; new when some are left."""
    left = Counter(baseline)
    new, known = [], 0
    for finding in findings:
        keys = _keys(finding, sources)
        fresh = []
        for key in keys:
            if left[key] > 0:
                left[key] -= 1
            else:
                fresh.append(key.subject)
        if fresh or not keys:
            functions = tuple(name for name in finding.functions if name in fresh)
            new.append(finding._replace(functions=functions) if functions else finding)
        else:
            known += 1
    return Comparison(tuple(new), known, +left)


def pruned(baseline: Baseline, comparison: Comparison) -> Baseline:
    """The baseline without what is gone; nothing is added."""
    return baseline - comparison.gone


def read(path: str) -> Baseline:
    """The baseline in a file. Raises SettingsError when there is none, or when it is no baseline."""
    file = read_text(path, path, _LARGEST_FILE)
    if isinstance(file, Unreadable):
        hint = "check the path" if os.path.lexists(path) else "make one with `slint baseline write`"
        raise SettingsError(f"cannot read the baseline: {path}: {file.why}: {hint}")
    try:
        document: object = json.loads(file.text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"not a baseline: {path}: {error}") from None
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION or not isinstance(document, dict):
        raise SettingsError(f"not a baseline of version {VERSION}: {path}: make one with `slint baseline write`")
    baseline: Baseline = Counter()
    listed = document.get("findings")
    for entry in listed if isinstance(listed, list) else [None]:
        key = _entry(entry)
        if key is None:
            raise SettingsError(f"not a baseline: {path}: a finding must have a rule, a subject, a text and a count")
        baseline[key[0]] += key[1]
    return baseline


def render(baseline: Baseline) -> str:
    """The text of a baseline's file, sorted and a line for each finding, so that changes of it can be reviewed."""
    lines = [
        json.dumps({"rule": key.rule, "subject": key.subject, "text": key.text, "count": count}, ensure_ascii=False)
        for key, count in sorted(baseline.items())
        if count > 0
    ]
    findings = "".join(f"\n    {line}," for line in lines).rstrip(",") + ("\n  " if lines else "")
    return f'{{\n  "version": {VERSION},\n  "findings": [{findings}]\n}}\n'


def _entry(entry: object) -> tuple[Key, int] | None:
    if not isinstance(entry, dict):
        return None
    rule, subject, text, count = (entry.get(name) for name in ("rule", "subject", "text", "count"))
    if not (isinstance(rule, str) and isinstance(subject, str) and isinstance(text, str)):
        return None
    return (Key(rule, subject, text), count) if isinstance(count, int) and 0 < count < 1_000_000 else None


def _keys(finding: Diagnostic, sources: Mapping[str, SourceFile]) -> list[Key]:
    """One key for each function of a finding. The failure of a rule has none: it is never known."""
    if finding.rule == INTERNAL_ERROR:
        return []
    text = _text(finding, sources)
    return [Key(finding.rule, subject, text) for subject in finding.functions or (finding.resource or "",)]


def _text(finding: Diagnostic, sources: Mapping[str, SourceFile]) -> str:
    """What a finding is about; its line where its place is empty."""
    place = finding.location
    file = sources.get(place.path)
    if file is None:
        return ""
    text = file.text[place.offset : min(place.end_offset, place.offset + 10 * _LENGTH)]
    words = " ".join((text if text.strip() else file.line(place.start.line)[: 10 * _LENGTH]).split())
    # A lone surrogate cannot be written.
    return words[:_LENGTH].encode("utf-8", "replace").decode("utf-8")
