"""SARIF 2.1.0, for GitHub code scanning and for editors.

Sources: the OASIS standard (docs.oasis-open.org/sarif/sarif/v2.1.0) and GitHub's "SARIF support for code scanning".
Files are named by their place in the repository, as URIs below `%SRCROOT%`; columns count UTF-16 units, as editors
do. What is suppressed is left out: GitHub would open alerts for it.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from inspect import cleandoc
from pathlib import PurePath
from urllib.parse import quote

from slint import __version__
from slint.diagnostic import Diagnostic, Fix, Severity
from slint.engine.fingerprint import fingerprints
from slint.engine.own_rules import INTERNAL_ERROR
from slint.engine.run import Results
from slint.knowledge.code_scanning import (
    DESCRIPTION_CHARACTERS,
    NAME_CHARACTERS,
    RELATED_LOCATIONS,
    RESULTS_KEPT,
    TAGS,
)
from slint.report import Options, RulePage
from slint.report.line_hash import line_hashes
from slint.report.repository import Repository
from slint.rule import Rule
from slint.source import Location, Position, SourceFile

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"
MESSAGE_CHARACTERS = 4_000

PRIMARY_LINES = 3
"""GitHub annotates a pull request only where all lines of a result are part of it: longer places end with their first."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
# Scores as in CVSS, which GitHub shows as high (from 7.0), medium (from 4.0) and low.
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "6.0", Severity.INFO: "3.0"}

_BEYOND = re.compile("[\U00010000-\U0010ffff]")

_NOTIFICATIONS = {
    INTERNAL_ERROR: "A rule failed; the other rules are not affected.",
    "not-evaluated": "What the files do not tell was not judged.",
    "results-left-out": "There are more results than GitHub keeps.",
}

_Json = dict[str, object]


def render(results: Results, options: Options) -> str:
    """One SARIF log with one run."""
    repository = Repository.around(options.root, options.cwd)
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [_Run(results, repository, options).as_json()],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


class _Run:
    """The one run of a log: everything that its results refer to."""

    def __init__(self, results: Results, repository: Repository, options: Options) -> None:
        self._results = results
        self._repository = repository
        self._options = options
        identified = zip(results.diagnostics, fingerprints(results.diagnostics, results.sources), strict=True)
        findings = [(finding, identity) for finding, identity in identified if finding.rule != INTERNAL_ERROR]
        self._findings = _worst(findings)
        self._left_out = len(findings) - len(self._findings)
        self._rules = _rules(options.pages, [finding for finding, _ in self._findings])
        self._indexes = {name: index for index, name in enumerate(self._rules)}
        self._failures = [finding for finding in results.diagnostics if finding.rule == INTERNAL_ERROR]
        self._hashes = self._line_hashes()
        self._columns = _Columns(results.sources)

    def as_json(self) -> _Json:
        used = {finding.rule for finding in self._failures}
        used |= {"not-evaluated"} if self._results.not_evaluated else set()
        used |= {"results-left-out"} if self._left_out else set()
        driver: _Json = {
            "name": "slint",
            "fullName": f"slint {__version__}, a linter for serverless projects",
            "version": __version__,
            "semanticVersion": __version__,
            **_project_url(),
            "rules": list(self._rules.values()),
            "notifications": [_notice(name, text) for name, text in _NOTIFICATIONS.items() if name in used],
        }
        return {
            "tool": {"driver": driver},
            "automationDetails": {"id": self._category()},
            "originalUriBaseIds": {BASE: {"description": {"text": "The top of the repository."}}},
            "columnKind": "utf16CodeUnits",
            "invocations": [
                {
                    "executionSuccessful": not self._failures,
                    "toolExecutionNotifications": list(self._notifications()),
                }
            ],
            "results": [self._result(finding, identity) for finding, identity in self._findings],
        }

    def _category(self) -> str:
        """The category of the upload: the same for each run on the same folder, so that fixed alerts are closed."""
        scope = self._repository.path(self._options.root) if self._options.root else "."
        is_part = scope != "." and not os.path.isabs(scope)
        return f"slint/{scope}/" if is_part else "slint/"

    # -- results --

    def _result(self, finding: Diagnostic, identity: str) -> _Json:
        related = finding.related[:RELATED_LOCATIONS]
        hashed = self._hashes.get(finding.location.path, {}).get(finding.location.start.line)
        prints = {"primaryLocationLineHash": hashed} if hashed is not None else {}
        names = [finding.resource] if finding.resource else []
        logical = [{"name": name, "kind": "resource"} for name in names]
        logical += [{"name": name, "kind": "function"} for name in finding.functions if name not in names]
        place = self._place(self._primary(finding.location))
        if logical:
            place["logicalLocations"] = logical
        result: _Json = {
            "ruleId": finding.rule,
            "ruleIndex": self._indexes[finding.rule],
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [place],
            "partialFingerprints": {**prints, "slintFindingId/v1": identity},
        }
        if related:
            result["relatedLocations"] = [
                {"id": number, **self._place(each.location), "message": {"text": _sentence(each.message)}}
                for number, each in enumerate(related, start=1)
            ]
        if finding.fix is not None:
            result |= self._fixes(finding.fix)
        return result

    def _fixes(self, fix: Fix) -> _Json:
        sources = self._results.sources
        if not fix.edits or any(edit.path not in sources for edit in fix.edits):
            return {}
        by_path: dict[str, list[_Json]] = defaultdict(list)
        for edit in fix.edits:
            start, end = (sources[edit.path].position(offset) for offset in (edit.start, edit.end))
            region = self._region(edit.path, start, end)
            by_path[edit.path].append({"deletedRegion": region, "insertedContent": {"text": edit.replacement}})
        caution = "" if fix.is_safe else " (it may change what the project does)"
        changes = [
            {"artifactLocation": self._artifact(path), "replacements": replacements}
            for path, replacements in by_path.items()
        ]
        return {"fixes": [{"description": {"text": _sentence(fix.title + caution)}, "artifactChanges": changes}]}

    def _primary(self, location: Location) -> Location:
        file = self._results.sources.get(location.path)
        if file is None or location.end.line - location.start.line < PRIMARY_LINES:
            return location
        line = location.start.line
        return replace(location, end=Position(line, len(file.line(line)) + 1))

    def _place(self, location: Location) -> _Json:
        region = self._region(location.path, location.start, location.end)
        return {"physicalLocation": {"artifactLocation": self._artifact(location.path), "region": region}}

    def _region(self, path: str, start: Position, end: Position) -> _Json:
        return {
            "startLine": start.line,
            "startColumn": self._columns.of(path, start),
            "endLine": end.line,
            "endColumn": self._columns.of(path, end),
        }

    def _artifact(self, shown: str) -> _Json:
        path = self._repository.path(shown)
        if os.path.isabs(path):
            return {"uri": PurePath(path).as_uri()}
        return {"uri": _quoted(path), "uriBaseId": BASE}

    def _line_hashes(self) -> Mapping[str, Mapping[int, str]]:
        lines: dict[str, set[int]] = defaultdict(set)
        for finding, _ in self._findings:
            lines[finding.location.path].add(finding.location.start.line)
        hashes = {}
        for path, wanted in lines.items():
            file = self._results.sources.get(path)
            # GitHub's action reads every file as UTF-8: what it makes of another encoding is left to it.
            if file is not None and file.encoding in ("utf-8", "utf-8-sig"):
                mark = "\ufeff" if file.encoding == "utf-8-sig" else ""
                hashes[path] = line_hashes(mark + file.text, wanted)
        return hashes

    # -- what kept slint from its work --

    def _notifications(self) -> Iterator[_Json]:
        for failure in self._failures:
            notification = _notification(INTERNAL_ERROR, "error", failure.message)
            if failure.location.path in self._results.sources:
                notification["locations"] = [self._place(failure.location)]
            yield notification
        if self._left_out:
            left_out = "1 result is" if self._left_out == 1 else f"{self._left_out} results are"
            text = f"{left_out} left out, the least severe first: GitHub keeps {RESULTS_KEPT}"
            yield _notification("results-left-out", "warning", text)
        reasons = Counter(note.why for note in self._results.not_evaluated)
        for why, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
            places = "1 place was" if count == 1 else f"{count} places were"
            yield _notification("not-evaluated", "note", f"{places} not evaluated: {why}")


def _notice(name: str, text: str) -> _Json:
    description = {"text": text}
    return {"id": name, "shortDescription": description, "fullDescription": description, "help": description}


def _notification(name: str, level: str, text: str) -> _Json:
    return {"descriptor": {"id": name}, "level": level, "message": {"text": _sentence(text)}}


def _worst(findings: Sequence[tuple[Diagnostic, str]]) -> Sequence[tuple[Diagnostic, str]]:
    """The findings that GitHub keeps, in the order of the report."""
    if len(findings) <= RESULTS_KEPT:
        return findings
    by_severity = sorted(range(len(findings)), key=lambda index: (-findings[index][0].severity, index))
    return [findings[index] for index in sorted(by_severity[:RESULTS_KEPT])]


# --- rules ---


def _rules(pages: Sequence[RulePage], findings: Sequence[Diagnostic]) -> Mapping[str, _Json]:
    """The rules by name: those that ran, then those of other tools whose findings were merged."""
    rules = {page.rule.name: _described(page) for page in pages}
    for finding in findings:
        if finding.rule not in rules:
            rules[finding.rule] = _mentioned(finding)
    return rules


def _mentioned(finding: Diagnostic) -> _Json:
    """A rule of which no more is known than one of its findings."""
    description = {"text": f"A finding of the rule {finding.rule}."}
    return {
        "id": finding.rule,
        "shortDescription": description,
        "fullDescription": description,
        "help": {"text": finding.docs, "markdown": f"<{finding.docs}>"} if finding.docs else description,
        **({"helpUri": finding.docs} if finding.docs else {}),
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"precision": "high", "tags": [], "problem.severity": _PROBLEMS[finding.severity]},
    }


def _described(page: RulePage) -> _Json:
    rule = page.rule
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.split("-"))[:NAME_CHARACTERS],
        "shortDescription": {"text": _cut(_sentence(rule.summary), DESCRIPTION_CHARACTERS)},
        "fullDescription": {"text": _cut(_first_paragraph(rule), DESCRIPTION_CHARACTERS)},
        "help": {"text": _help(rule), "markdown": page.markdown},
        **({"helpUri": rule.references[0]} if rule.references else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": _properties(rule),
    }


def _properties(rule: type[Rule]) -> _Json:
    precision = "medium" if rule.strict else "very-high"
    properties: _Json = {"precision": precision, "tags": list(rule.tags[:TAGS])}
    if "security" in rule.tags:
        return {**properties, "security-severity": _SECURITY[rule.severity]}
    return {**properties, "problem.severity": _PROBLEMS[rule.severity]}


def _help(rule: type[Rule]) -> str:
    parts = [cleandoc(rule.__doc__ or ""), "\n".join(rule.references)]
    return "\n\n".join(filter(None, parts)) or _sentence(rule.summary)


def _first_paragraph(rule: type[Rule]) -> str:
    return " ".join(cleandoc(rule.__doc__ or "").partition("\n\n")[0].split()) or _sentence(rule.summary)


def _project_url() -> _Json:
    """The project's page, from the metadata of the distribution; nothing while it names none."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        named = metadata("serverless-slint").get_all("Project-URL") or []
    except PackageNotFoundError:
        return {}
    urls = dict(each.split(", ", 1) for each in named)
    url = urls.get("Homepage") or urls.get("Repository")
    return {"informationUri": url} if url else {}


# --- text ---


def _message(finding: Diagnostic) -> str:
    """What is wrong, what to do, and a link to each related place: GitHub shows those places only through links."""
    parts = [_sentence(_unlinked(finding.message))]
    if finding.help:
        parts.append(f"Help: {_sentence(_unlinked(finding.help))}")
    links = [
        f"[{_link_text(each.message)}]({number})"
        for number, each in enumerate(finding.related[:RELATED_LOCATIONS], start=1)
    ]
    if links:
        parts.append(f"See {', '.join(links)}.")
    return " ".join(parts)


def _sentence(text: str) -> str:
    text = _cut(text.strip(), MESSAGE_CHARACTERS)
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _unlinked(text: str) -> str:
    """`text` without anything that reads as a link: `[...](...)` is one, `[...]` alone is not."""
    return text.replace("](", "] (")


def _link_text(text: str) -> str:
    """The text of a link, its brackets escaped (section 3.11.6 of the standard)."""
    text = _cut(" ".join(text.split()), MESSAGE_CHARACTERS) or "here"
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."


class _Columns:
    """Columns in UTF-16 units, in which a character beyond the basic plane takes two."""

    def __init__(self, sources: Mapping[str, SourceFile]) -> None:
        self._sources = sources
        self._wide: dict[str, list[int]] = {}

    def of(self, path: str, position: Position) -> int:
        """The column of a position in a file."""
        file = self._sources.get(path)
        if file is None or file.text.isascii():
            return position.column
        if path not in self._wide:
            self._wide[path] = [match.start() for match in _BEYOND.finditer(file.text)]
        wide, starts = self._wide[path], file.line_starts()
        line = starts[min(position.line, len(starts)) - 1]
        return position.column + bisect_left(wide, line + position.column - 1) - bisect_left(wide, line)


def _quoted(path: str) -> str:
    """A path as a relative URI; bytes that are no UTF-8 come out as they are on the disk."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")
