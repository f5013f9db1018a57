"""Makers of fixes, for rules: each gives a Fix, or None where it cannot be sure that the change is right.

They are loaded when first used: most runs find nothing to fix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slint.fixes.hoisting import hoist
    from slint.fixes.properties import add_properties, remove_property

__all__ = ["add_properties", "hoist", "remove_property"]

_HOMES = {"add_properties": "properties", "hoist": "hoisting", "remove_property": "properties"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'slint.fixes' has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"slint.fixes.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
