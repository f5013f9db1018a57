"""slint: a linter that joins each deployed serverless function with the code it runs.

These names are what a rule needs, and all that is public. They are loaded when first used, so that importing
slint costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slint import value as values
    from slint.diagnostic import Diagnostic, Related, Severity
    from slint.project.model import Effect, Function, Phase, Project, Site
    from slint.rule import Example, Rule
    from slint.source import Span
    from slint.templates.model import Resource, Source, Template

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "Effect",
    "Example",
    "Function",
    "Phase",
    "Project",
    "Related",
    "Resource",
    "Rule",
    "Severity",
    "Site",
    "Source",
    "Span",
    "Template",
    "values",
]

_HOMES = {
    "slint.diagnostic": ("Diagnostic", "Related", "Severity"),
    "slint.project.model": ("Effect", "Function", "Phase", "Project", "Site"),
    "slint.rule": ("Example", "Rule"),
    "slint.source": ("Span",),
    "slint.templates.model": ("Resource", "Source", "Template"),
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "values":
        found: object = import_module("slint.value")
    else:
        home = next((module for module, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module 'slint' has no attribute {name!r}")
        found = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
