"""Makers of fixes, for rules: each gives a Fix, or None where it cannot be sure that the change is right."""

from __future__ import annotations

from slint.fixes.hoist import hoist
from slint.fixes.properties import add_properties, remove_property

__all__ = ["add_properties", "hoist", "remove_property"]
