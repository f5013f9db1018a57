"""Placeholders of project templates: files that a generator fills in before they are YAML or Python."""

from __future__ import annotations

from typing import Final

from slint.regex import regex

FILLED_IN: Final = "it holds placeholders of a project template"
"""Why a file that cannot be parsed is not judged."""

_PLACEHOLDER: Final = regex(r"\{\{-?\s*cookiecutter\b|\{%")
_IN_A_FILE: Final = regex(r"<%|%[A-Z][A-Z_]{2,}%")
"""Signs that mean nothing else where a file cannot be parsed: `<% … %>`, and `%BUCKET_NAME%` that a script replaces."""


def has_placeholder(text: str) -> bool:
    """Whether a text holds a placeholder of cookiecutter or Jinja."""
    return _PLACEHOLDER.search(text) is not None


def is_filled_in(text: str) -> bool:
    """Whether the text of a file that cannot be parsed is one for a generator."""
    return has_placeholder(text) or _IN_A_FILE.search(text) is not None
