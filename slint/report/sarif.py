"""SARIF 2.1.0, for GitHub code scanning and for editors.

Sources: the OASIS standard (docs.oasis-open.org/sarif/sarif/v2.1.0) and GitHub's "SARIF support for code scanning".
Files are named by their place in the repository, as URIs below `%SRCROOT%`; columns count UTF-16 units, as editors
do. What is suppressed is left out: GitHub would open alerts for it.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from slint import __version__
from slint.diagnostic import Diagnostic, Fix
from slint.engine.fingerprint import fingerprints
from slint.engine.own_rules import INTERNAL_ERROR
from slint.engine.run import Results
from slint.knowledge.code_scanning import RELATED_LOCATIONS, RESULTS_KEPT
from slint.report import Options
from slint.report.line_hash import line_hashes
from slint.report.repository import Repository
from slint.report.sarif_places import BASE, COLUMN_KIND, Json, Places
from slint.report.sarif_rules import LEVELS, described_rules
from slint.report.sarif_text import message, sentence

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_NOTIFICATIONS = {
    INTERNAL_ERROR: "A rule failed; the other rules are not affected.",
    "not-evaluated": "What the files do not tell was not judged.",
    "results-left-out": "There are more results than GitHub keeps.",
}


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
        self._rules = described_rules(options.pages, [finding for finding, _ in self._findings])
        self._indexes = {name: index for index, name in enumerate(self._rules)}
        self._failures = [finding for finding in results.diagnostics if finding.rule == INTERNAL_ERROR]
        self._hashes = self._line_hashes()
        self._places = Places(repository, results.sources)

    def as_json(self) -> Json:
        used = {finding.rule for finding in self._failures}
        used |= {"not-evaluated"} if self._results.not_evaluated else set()
        used |= {"results-left-out"} if self._left_out else set()
        driver: Json = {
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
            "columnKind": COLUMN_KIND,
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

    def _result(self, finding: Diagnostic, identity: str) -> Json:
        related = finding.related[:RELATED_LOCATIONS]
        hashed = self._hashes.get(finding.location.path, {}).get(finding.location.start.line)
        prints = {"primaryLocationLineHash": hashed} if hashed is not None else {}
        names = [finding.resource] if finding.resource else []
        logical = [{"name": name, "kind": "resource"} for name in names]
        logical += [{"name": name, "kind": "function"} for name in finding.functions if name not in names]
        place = self._places.place(self._places.shortened(finding.location))
        if logical:
            place["logicalLocations"] = logical
        result: Json = {
            "ruleId": finding.rule,
            "ruleIndex": self._indexes[finding.rule],
            "level": LEVELS[finding.severity],
            "message": {"text": message(finding)},
            "locations": [place],
            "partialFingerprints": {**prints, "slintFindingId/v1": identity},
        }
        if related:
            result["relatedLocations"] = [
                {"id": number, **self._places.place(each.location), "message": {"text": sentence(each.message)}}
                for number, each in enumerate(related, start=1)
            ]
        if finding.fix is not None:
            result |= self._fixes(finding.fix)
        return result

    def _fixes(self, fix: Fix) -> Json:
        sources = self._results.sources
        if not fix.edits or any(edit.path not in sources for edit in fix.edits):
            return {}
        by_path: dict[str, list[Json]] = defaultdict(list)
        for edit in fix.edits:
            start, end = (sources[edit.path].position(offset) for offset in (edit.start, edit.end))
            region = self._places.region(edit.path, start, end)
            by_path[edit.path].append({"deletedRegion": region, "insertedContent": {"text": edit.replacement}})
        caution = "" if fix.is_safe else " (it may change what the project does)"
        changes = [
            {"artifactLocation": self._places.artifact(path), "replacements": replacements}
            for path, replacements in by_path.items()
        ]
        return {"fixes": [{"description": {"text": sentence(fix.title + caution)}, "artifactChanges": changes}]}

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

    def _notifications(self) -> Iterator[Json]:
        for failure in self._failures:
            notification = _notification(INTERNAL_ERROR, "error", failure.message)
            if failure.location.path in self._results.sources:
                notification["locations"] = [self._places.place(failure.location)]
            yield notification
        if self._left_out:
            left_out = "1 result is" if self._left_out == 1 else f"{self._left_out} results are"
            text = f"{left_out} left out, the least severe first: GitHub keeps {RESULTS_KEPT}"
            yield _notification("results-left-out", "warning", text)
        reasons = Counter(note.why for note in self._results.not_evaluated)
        for why, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
            places = "1 place was" if count == 1 else f"{count} places were"
            yield _notification("not-evaluated", "note", f"{places} not evaluated: {why}")


def _notice(name: str, text: str) -> Json:
    description = {"text": text}
    return {"id": name, "shortDescription": description, "fullDescription": description, "help": description}


def _notification(name: str, level: str, text: str) -> Json:
    return {"descriptor": {"id": name}, "level": level, "message": {"text": sentence(text)}}


def _worst(findings: Sequence[tuple[Diagnostic, str]]) -> Sequence[tuple[Diagnostic, str]]:
    """The findings that GitHub keeps, in the order of the report."""
    if len(findings) <= RESULTS_KEPT:
        return findings
    by_severity = sorted(range(len(findings)), key=lambda index: (-findings[index][0].severity, index))
    return [findings[index] for index in sorted(by_severity[:RESULTS_KEPT])]


def _project_url() -> Json:
    """The project's page, from the metadata of the distribution; nothing while it names none."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        named = metadata("serverless-slint").get_all("Project-URL") or []
    except PackageNotFoundError:
        return {}
    urls = dict(each.split(", ", 1) for each in named)
    url = urls.get("Homepage") or urls.get("Repository")
    return {"informationUri": url} if url else {}
