"""A project in parts: nothing that is found depends on how it is divided, or on the processes that share it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from bad_examples import fill, write_bad_examples

from slint.clock import Clock
from slint.diagnostic import Diagnostic, Severity
from slint.engine import parts, processes
from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import Results, run
from slint.project import files
from slint.project.load import load
from slint.project.model import Project
from slint.rule import Rule
from slint.settings import Settings

FILES = {
    "root.yaml": """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Inner: {Type: AWS::Serverless::Application, Properties: {Location: deep/inner.yaml}}
        """,
    "deep/inner.yaml": """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: ../shared/, Handler: app.handler, Runtime: python3.13}
        """,
    "other/template.yaml": """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Metadata: {slint: {ignore: [client-in-handler, sleep-in-handler]}}
            Properties: {CodeUri: ../shared/, Handler: app.handler, Runtime: python3.13}
          Prices:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: ../shared/, Handler: app.handler, Runtime: python3.13}
        """,
    "shared/app.py": """\
        import boto3
        import time
        import lib

        def handler(event, context):
            boto3.client("s3").list_buckets()
            time.sleep(5)  # slint: ignore[sleep-in-handler] on purpose
            lib.work()  # slint: ignore[client-in-loop] nothing is here
        """,
    "shared/lib.py": "import boto3\n\ndef work():\n    boto3.client('sqs').list_queues()\n",
    "alone/app.py": "import boto3\nimport lib\n\ndef handler(event, context):\n    boto3.client('s3').list_buckets()\n",
    "alone/broken.py": "def handler(event, context):\n    (\n",
    "broken.yaml": "Resources:\n  A: {Type: AWS::SNS::Topic\n",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_bad_examples(tmp_path)
    for path, text in FILES.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")
    root = str(tmp_path)
    return Settings(root=root, cwd=root, base=root, today=date(2026, 9, 1), select=("ALL",))


def told(results: Results) -> Results:
    """The results without the texts that a whole project keeps, and with the edits of the fixes worked out."""
    fixes = [each.fix and each.fix._replace(edits=tuple(each.fix.edits)) for each in results.diagnostics]
    found = [each._replace(fix=fix) for each, fix in zip(results.diagnostics, fixes, strict=True)]
    return results._replace(diagnostics=tuple(found), sources={})


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_what_is_found_does_not_depend_on_the_parts(jobs: int, settings: Settings, monkeypatch: pytest.MonkeyPatch):
    known = all_rules()
    rules = chosen_rules(settings, known)
    whole = run(load(settings), rules, settings, known)
    monkeypatch.setattr(parts, "FILES_FOR_EACH_PROCESS", 1)
    for each in (1, 3, 1000):
        monkeypatch.setattr(parts, "_TEMPLATES_EACH", each)
        monkeypatch.setattr(parts, "_CODE_EACH", each)
        clock = Clock()
        divided = parts.check(settings._replace(jobs=jobs), rules, known, with_edits=True, clock=clock)
        assert told(divided) == told(whole)
        assert [each.fix for each in told(divided).diagnostics] == [each.fix for each in told(whole).diagnostics]
        assert clock.seconds["rule client-in-handler"] > 0
    assert {finding.location.path for finding in whole.diagnostics} >= {
        "shared/app.py",
        "shared/lib.py",
        "alone/app.py",
        "alone/broken.py",
        "broken.yaml",
    }


def test_memory_does_not_grow_with_what_was_read(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    known = all_rules()
    rules = chosen_rules(settings, known)
    whole = run(load(settings), rules, settings, known)
    started = []
    start = processes.Processes._start
    monkeypatch.setattr(processes.Processes, "_start", lambda self: started.append(1) or start(self))
    monkeypatch.setattr(parts, "FILES_FOR_EACH_PROCESS", 1)
    monkeypatch.setattr(parts, "_TEMPLATES_EACH", 3)
    monkeypatch.setattr(files, "_MOST_KEPT", 0)  # so that each part is too much to be kept
    for jobs, ends_of_processes in ((1, False), (2, sys.platform == "linux")):
        divided = parts.check(settings._replace(jobs=jobs), rules, known, with_edits=True)
        assert told(divided) == told(whole)
        assert (len(started) > 10) is ends_of_processes


def test_where_processes_cannot_be_forked_they_find_the_same(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    (Path(settings.root) / ".gitignore").write_text("*.pyc\n[Bb]uild/\nout*\n")
    rules = chosen_rules(settings, all_rules())
    monkeypatch.setattr(processes, "_FORKS", False)
    monkeypatch.setattr(parts, "FILES_FOR_EACH_PROCESS", 10)
    alone, shared = (parts.check(settings._replace(jobs=jobs), rules) for jobs in (1, 2))
    assert told(shared) == told(alone)


def test_only_the_texts_that_are_shown_are_kept(settings: Settings):
    fill(Path(settings.root))
    results = parts.check(settings, chosen_rules(settings, all_rules()))
    assert results.files > len(results.sources) + parts.FILES_FOR_EACH_PROCESS
    shown = {
        place.path for each in results.diagnostics for place in (each.location, *(r.location for r in each.related))
    }
    assert shown <= results.sources.keys()
    assert all(not each.fix.edits for each in results.diagnostics if each.fix is not None)


class Whole(Rule):
    """A rule about everything."""

    name = "whole"
    summary = "s"
    severity = Severity.INFO

    def check_project(self, project: Project) -> Iterator[Diagnostic]:
        """Say how many functions there are."""
        yield self.at(project.functions[0], f"one of {len(project.functions)}")


def test_a_rule_about_the_whole_project_sees_it_whole(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "_TEMPLATES_EACH", 1)
    (finding,) = parts.check(settings, [Whole()]).diagnostics
    assert finding.message == f"one of {len(load(settings).functions)}"


def test_a_process_that_ends_early_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "FILES_FOR_EACH_PROCESS", 1)
    monkeypatch.setattr(parts.Examiner, "examine", lambda self, part: os._exit(9))
    with pytest.raises(ChildProcessError, match="a process of slint ended early"):
        parts.check(settings._replace(jobs=2), chosen_rules(settings, all_rules()))


def test_a_failure_in_a_process_is_the_same_as_in_one(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "FILES_FOR_EACH_PROCESS", 1)
    monkeypatch.setattr(parts.Examiner, "examine", lambda self, part: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        parts.check(settings._replace(jobs=2), chosen_rules(settings, all_rules()))
