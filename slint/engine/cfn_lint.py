"""Running cfn-lint (the extra `cfn-lint`) on the same templates, and taking its findings over under its own ids.

It runs as a process of its own, in an empty folder: a crash on one template costs nothing else, and rule files that a
project's `.cfnlintrc` names are not run. Of that file, what selects checks and regions is passed on.
"""

from __future__ import annotations

import glob
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import Final

from slint.diagnostic import Diagnostic, NotEvaluated, Severity
from slint.parsing.errors import ParseError
from slint.project.discovery import read_text
from slint.record import NamedTuple
from slint.regex import regex
from slint.settings import Settings, SettingsError
from slint.source import Location, SourceFile

NAME: Final = "cfn-lint"
MISSING: Final = "cfn-lint is not installed: pip install 'serverless-slint[cfn-lint]'"

_SEVERITIES: Final = {
    "Error": Severity.ERROR,
    "Warning": Severity.WARNING,
    "Informational": Severity.INFO,
}
_SAME_CAUSE: Final = {
    "E2530": "snapstart-unsupported-runtime",
    "W2530": "snapstart-without-version",
    "I2530": "user-facing-cold-start",
}
"""Rules of cfn-lint 1.58 by the rule of slint that says the same about the same resource."""

_OPTIONS: Final = {
    "ignore_checks": "--ignore-checks",
    "include_checks": "--include-checks",
    "mandatory_checks": "--mandatory-checks",
    "regions": "--regions",
}
_WORD: Final = regex(r"[A-Za-z][A-Za-z0-9-]*")
_START_SECONDS: Final = 60
_TEMPLATE_SECONDS: Final = 30
_BATCH: Final = 200  # a command line holds so many paths on every system
_RUN: Final = "from cfnlint.runner import main; main()"


class Merged(NamedTuple):
    """What cfn-lint found, and where it failed."""

    findings: tuple[Diagnostic, ...]
    failures: tuple[NotEvaluated, ...]


def check_installed() -> None:
    """Raise SettingsError, with one line that says what to do, when cfn-lint is missing."""
    if find_spec("cfnlint") is None:
        raise SettingsError(MISSING)


def findings(templates: Mapping[str, SourceFile], settings: Settings, found: Sequence[Diagnostic] = ()) -> Merged:
    """What cfn-lint says about templates, given by their absolute paths, without what `found` says already."""
    is_reported = settings.reported()
    files = {path: file for path, file in templates.items() if is_reported(file.path)}
    known = {(each.rule, each.location.path, each.resource) for each in found}
    diagnostics: list[Diagnostic] = []
    failures: list[NotEvaluated] = []
    with TemporaryDirectory(prefix="slint-cfn-lint-") as folder:
        given = dict(_on_disk(files, settings, folder))
        paths = sorted(given)
        options = _project_options(settings)
        for start in range(0, len(paths), _BATCH):
            for path, matches in _run(paths[start : start + _BATCH], options, folder):
                file = given[path]
                if isinstance(matches, str):
                    failures.append(NotEvaluated(file.path, 0, "cfn-lint", matches))
                    continue
                for finding in filter(None, (_diagnostic(match, file) for match in matches)):
                    same = _SAME_CAUSE.get(finding.rule)
                    is_told = (same, finding.location.path, finding.resource) in known
                    if not is_told and finding.rule not in settings.ignore:
                        diagnostics.append(finding)
    return Merged(tuple(diagnostics), tuple(failures))


def _on_disk(files: Mapping[str, SourceFile], settings: Settings, folder: str) -> Iterator[tuple[str, SourceFile]]:
    """The path at which cfn-lint can read each text: its own, or a copy of one that is not saved."""
    for number, (path, file) in enumerate(files.items()):
        if path not in settings.overlay:
            yield path, file
            continue
        copy = os.path.join(folder, f"{number}{os.path.splitext(path)[1]}")
        with open(copy, "w", encoding="utf-8", newline="") as handle:
            handle.write(file.text)
        yield copy, file


def _project_options(settings: Settings) -> list[str]:
    """What the project's `.cfnlintrc` says about checks and regions, as options."""
    from slint.parsing.yaml import parse

    for name in (".cfnlintrc", ".cfnlintrc.yaml", ".cfnlintrc.yml"):
        file = read_text(os.path.join(settings.root, name), name, 100_000)
        if not isinstance(file, SourceFile):
            continue
        try:
            root = parse(file)
        except ParseError:
            return []
        options = []
        for key, option in _OPTIONS.items():
            written = [value.string for value in root.at(key).children()]
            words = [word for word in written if word is not None and _WORD.fullmatch(word)]
            options += [option, *words] if words else []
        return options
    return []


_Match = Mapping[str, object]


def _run(paths: Sequence[str], options: Sequence[str], folder: str) -> Iterator[tuple[str, list[_Match] | str]]:
    """The matches of each template, or why there are none. A batch that fails is halved until the culprit is alone."""
    if not paths:
        return
    result = _process(paths, options, folder)
    if isinstance(result, str):
        if len(paths) == 1:
            yield paths[0], result
            return
        half = len(paths) // 2
        yield from _run(paths[:half], options, folder)
        yield from _run(paths[half:], options, folder)
        return
    by_path: dict[str, list[_Match]] = {path: [] for path in paths}
    for match in result:
        name = match.get("Filename")
        if isinstance(name, str) and name in by_path:
            by_path[name].append(match)
    yield from by_path.items()


def _process(paths: Sequence[str], options: Sequence[str], folder: str) -> list[_Match] | str:
    """The matches of one process, or what went wrong in it."""
    command = [sys.executable, "-P", "-c", _RUN, "--format", "json"]
    command += [*options, "--template", *map(glob.escape, paths)]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_START_SECONDS + _TEMPLATE_SECONDS * len(paths),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "it took too long"
    except OSError as error:
        return f"it cannot be started: {error.strerror}"
    try:
        document: object = json.loads(done.stdout.decode("utf-8", "replace") or "[]")
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, list) and (document or done.returncode == 0):
        matches: list[_Match] = [match for match in document if isinstance(match, dict)]
        return matches if all(match.get("Filename") for match in matches) else "it could not read the file"
    told = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"it failed: {told[-1][:200]}" if told else f"it failed with exit code {done.returncode}"


def _diagnostic(match: _Match, file: SourceFile) -> Diagnostic | None:
    rule, place, message = match.get("Rule"), match.get("Location"), match.get("Message")
    if not isinstance(rule, dict) or not isinstance(place, dict) or not isinstance(message, str):
        return None
    start = _offset(place.get("Start"), file)
    end = max(start, _offset(place.get("End"), file))
    path = place.get("Path")
    is_resource = isinstance(path, list) and len(path) > 1 and path[0] == "Resources"
    source = rule.get("Source")
    return Diagnostic(
        rule=str(rule.get("Id")),
        severity=_SEVERITIES.get(str(match.get("Level")), Severity.WARNING),
        message=" ".join(message.split()),
        location=Location(file.path, file.position(start), file.position(end), start, end),
        resource=str(path[1]) if is_resource and isinstance(path, list) else None,
        docs=source if isinstance(source, str) and source.startswith("https://") else None,
    )


def _offset(place: object, file: SourceFile) -> int:
    """The offset of a line and a column, which count from 1; the nearest when there is no such place."""
    line, column = (place.get("LineNumber"), place.get("ColumnNumber")) if isinstance(place, dict) else (1, 1)
    starts = file.line_starts()
    if not isinstance(line, int) or not isinstance(column, int):
        return 0
    line = min(max(line, 1), len(starts))
    return min(starts[line - 1] + min(max(column, 1) - 1, len(file.line(line))), len(file.text))
