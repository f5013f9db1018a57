"""What several test modules use: projects on disk and findings out of thin air."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from slint.diagnostic import Diagnostic, NotEvaluated
from slint.engine import plugins
from slint.project.model import Stack
from slint.settings import Settings
from slint.source import SourceFile, Span
from slint.templates.cloudformation import read_templates
from slint.templates.model import Template

WriteProject = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """Writes files below a fresh folder, which is the top of a git repository, and returns the folder."""

    def write(files: Mapping[str, str]) -> Path:
        (tmp_path / ".git").mkdir(exist_ok=True)
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
        return tmp_path

    return write


@pytest.fixture
def fresh_rules() -> Iterator[None]:
    """Lets a test change what is installed."""
    plugins.all_rules.cache_clear()
    yield
    plugins.all_rules.cache_clear()


def settings(**changes: Any) -> Settings:
    """Settings of a project in `/project`, seen from there."""
    return Settings(**{"root": "/project", "cwd": "/project", "base": "/project", "today": date(2026, 9, 1), **changes})


def span_of(file: SourceFile, text: str, nth: int = 0) -> Span:
    """The place of the nth occurrence of a text."""
    start = -1
    for _ in range(nth + 1):
        start = file.text.index(text, start + 1)
    return Span(file, start, start + len(text))


@dataclass
class PlainFunction:
    """A function of the engine's view: where it is, and its template."""

    id: str
    span: Span
    template: Template | None = None
    files: frozenset[str] = frozenset()
    platform: str = "aws-lambda"


@dataclass
class PlainProject:
    """A project of the engine's view, made by hand so that every case of the engine can be put together."""

    functions: tuple[PlainFunction, ...] = ()
    templates: tuple[Template, ...] = ()
    ledger: list[NotEvaluated] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, SourceFile] = field(default_factory=dict)

    @property
    def stacks(self) -> tuple[Stack, ...]:
        return (Stack(self.templates, self.functions, self.functions),)  # type: ignore[arg-type]


def template_of(file: SourceFile) -> Template:
    """The template that a file is."""
    (template,) = read_templates([(f"/project/{file.path}", file)], lambda path: None, "/project").templates
    return template
