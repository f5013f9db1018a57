"""Whole small projects for the tests of linking: one function `Orders` whose handler is `app.handler`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from textwrap import dedent

from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import run
from slint.project.load import load
from slint.project.model import Function, Project
from slint.settings import Settings

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
"""


def project(root: Path, code: str | Mapping[str, str], template: str = TEMPLATE, **changes: object) -> Project:
    """The project of a template and code: the text of `src/app.py`, or of several files below `src`."""
    files = {"app.py": code} if isinstance(code, str) else code
    for path, text in {"template.yaml": template, **{f"src/{name}": text for name, text in files.items()}}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")
    return load(settings(root, **changes))


def function(root: Path, code: str | Mapping[str, str], template: str = TEMPLATE) -> Function:
    """The first function of the project."""
    return project(root, code, template).functions[0]


def findings(root: Path, rules: str, code: str | Mapping[str, str], template: str = TEMPLATE) -> list[str]:
    """What rules (names, comma-separated) report, each as `rule: the line of code`, in the order of the report."""
    chosen = tuple(rules.split(","))
    linked = project(root, code, template, select=chosen)
    results = run(linked, chosen_rules(settings(root, select=chosen), dict(all_rules())), settings(root))
    return [
        f"{each.rule}: {results.sources[each.location.path].line(each.location.start.line).strip()}"
        for each in results.diagnostics
    ]


def settings(root: Path, **changes: object) -> Settings:
    return Settings(**{"root": str(root), "cwd": str(root), "base": str(root), "today": date(2026, 9, 1), **changes})  # type: ignore[arg-type]
