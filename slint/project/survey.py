"""What a project consists of, before anything is linked: its files, and what a look into some of them tells."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Final

from slint.clock import Clock
from slint.paths import Places, relative
from slint.project.discovery import TEMPLATE_SUFFIXES, Found, discover, folders_with_tests
from slint.project.files import Files
from slint.record import NamedTuple
from slint.regex import regex
from slint.settings import Settings
from slint.source import SourceFile
from slint.templates.cloudformation import families, looks_like_template, nests

_SERVERLESS: Final = ("serverless.yml", "serverless.yaml")
_RUNBOOK: Final = b"aws:executeScript"
_LEADING_AWAY: Final = (b"..", b"aws:asset:path")
_UPWARD: Final = regex(r"""\.\.[^\s"'\[\]{},$]*""")
"""A path from `..` on, or the beginning of one, as far as it holds neither blanks nor variables."""
_LONGEST: Final = 1000
"""Characters of a path."""


class Survey(NamedTuple):
    """Plain data about a project. Each path is absolute.

    `groups` are the files that may be templates, together where they nest in each other: each group stands for itself.
    `named` are the handlers that `serverless.yml` files for AWS name, as exports by the path without its ending;
    `foreign` tells for each folder with such a file whether it deploys to another provider. `runbook_scripts` are the
    names of scripts that Systems Manager runs, not Lambda. `test_folders` hold tests, as paths relative to the root.
    """

    found: Found
    groups: tuple[tuple[str, ...], ...]
    named: Mapping[str, tuple[str, ...]]
    foreign: Mapping[str, bool]
    runbook_scripts: frozenset[str]
    test_folders: frozenset[str]


def given_files(settings: Settings) -> bool:
    """Whether the paths given are files, so that only what they belong to is asked for."""
    return bool(settings.paths) and all(map(os.path.isfile, settings.paths))


def survey(files: Files, clock: Clock, *, near: bool = False) -> Survey:
    """Look at the project of the settings; with `near` only at what lies beside and above the given paths."""
    settings = files.settings
    walk = clock.timed("discover", discover)
    found = walk(settings.root, settings.exclude, settings.paths or None, settings.base, near=near)
    for unreadable in found.notes:
        what = "the folder" if os.path.isdir(unreadable.path) else "the file"
        files.note_line(settings.shown(unreadable.path), 0, what, unreadable.why)
    templates: list[str] = []
    nesting: list[tuple[str, SourceFile]] = []
    serverless: list[tuple[str, SourceFile]] = []
    runbook_scripts: frozenset[str] = frozenset()
    wanted = settings.paths if not near and given_files(settings) else ()
    places = Places(wanted)
    for path in found.templates:
        is_serverless = os.path.basename(path) in _SERVERLESS
        is_far = bool(wanted) and not places.lie_below(os.path.dirname(path))
        words = (_RUNBOOK, *_LEADING_AWAY) if is_far else (_RUNBOOK, b"Resources")
        file = files.text(path) if is_serverless else files.text_holding(path, words)
        if file is None:
            continue
        runbook_scripts |= _scripts_of_runbook(file.text)
        if is_serverless:
            serverless.append((path, file))
        if looks_like_template(file.text) and (not is_far or _may_reach(path, file.text, wanted)):
            templates.append(path)
            if nests(file.text):
                nesting.append((path, file))
            if files.are_many:
                files.drop(path)  # read again with its part: memory is not to grow with the project
        elif not is_serverless:
            files.drop(path)
    groups = families(templates, nesting, files.text, settings.root)
    named, foreign = _told_by(serverless)
    code = (*found.python, *found.scripts)
    tests = folders_with_tests(relative(path, settings.root) for path in code if "test" in path)
    return Survey(found, tuple(groups), named, foreign, runbook_scripts, tests)


def _may_reach(template: str, text: str, paths: Iterable[str]) -> bool:
    """Whether a template may have the code of one of these paths, none of which is below its own folder.

    Only `..` leads there, or the absolute path that the CDK writes. A script may come with a handler that is anywhere,
    by a bundler; the code of Python lies in a folder that the template names, or below another template that it names.
    """
    if "aws:asset:path" in text or not all(path.endswith(".py") for path in paths):
        return True
    for found in _UPWARD.finditer(text):
        before = re.split(r"""[\s"'\[\]{},$]""", text[max(0, found.start() - _LONGEST) : found.start()])[-1]
        place = os.path.normpath(os.path.join(os.path.dirname(template), before + found[0]))
        place = os.path.dirname(place) if place.endswith(TEMPLATE_SUFFIXES) else place
        if any(path.startswith(place) for path in paths):
            return True
    return False


def _told_by(serverless: Iterable[tuple[str, SourceFile]]) -> tuple[dict[str, tuple[str, ...]], dict[str, bool]]:
    """The handlers that `serverless.yml` files name, and which of their folders belong to another provider."""
    named: dict[str, tuple[str, ...]] = {}
    foreign: dict[str, bool] = {}
    for path, file in serverless:
        from slint.templates.serverless import deploys_to_aws, named_handlers  # few projects have one

        folder = os.path.dirname(path)
        foreign[folder] = deploys_to_aws(file) is False
        for place, export in named_handlers(file) if not foreign[folder] else ():
            base = os.path.normpath(os.path.join(folder, place))
            named[base] = (*named.get(base, ()), export)
    return named, foreign


def _scripts_of_runbook(text: str) -> frozenset[str]:
    """The names of the scripts that a Systems Manager runbook runs: their handlers look like Lambda's and are not.

    Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html
    """
    return frozenset(re.findall(r"[\w.-]+\.py\b", text)) if "aws:executeScript" in text else frozenset()
