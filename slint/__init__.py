"""slint: a linter that joins each deployed serverless function with the code it runs.

These names are what a rule needs, and all that is public. They are loaded when first used, so that importing
slint costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slint import fixes, knowledge
    from slint import value as values
    from slint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
    from slint.project.model import Function, Project, Stack
    from slint.project.origins import Origin
    from slint.project.phase import Phase
    from slint.project.site import Effect, Site
    from slint.rule import Example, Rule
    from slint.source import Span
    from slint.templates.model import Resource, Source, Template

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "Edit",
    "Effect",
    "Example",
    "Fix",
    "Function",
    "Origin",
    "Phase",
    "Project",
    "Related",
    "Resource",
    "Rule",
    "Severity",
    "Site",
    "Source",
    "Span",
    "Stack",
    "Template",
    "fixes",
    "knowledge",
    "values",
]

_HOMES = {
    "slint.diagnostic": ("Diagnostic", "Edit", "Fix", "Related", "Severity"),
    "slint.project.model": ("Function", "Project", "Stack"),
    "slint.project.origins": ("Origin",),
    "slint.project.phase": ("Phase",),
    "slint.project.site": ("Effect", "Site"),
    "slint.rule": ("Example", "Rule"),
    "slint.source": ("Span",),
    "slint.templates.model": ("Resource", "Source", "Template"),
}
_MODULES = {"fixes": "slint.fixes", "knowledge": "slint.knowledge", "values": "slint.value"}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _MODULES:
        found: object = import_module(_MODULES[name])
    else:
        home = next((module for module, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module 'slint' has no attribute {name!r}")
        found = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
