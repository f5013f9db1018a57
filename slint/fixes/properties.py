"""Fixes that add or remove properties of a function in its template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from slint.diagnostic import Edit, Fix
from slint.fixes import members
from slint.fixes.members import Plain
from slint.regex import regex

if TYPE_CHECKING:
    from slint.project.model import Function
    from slint.source import SourceFile
    from slint.templates.model import Resource

_LINE = regex(r"^([ \t]*)[^\s#]", re.MULTILINE)
_PLACES = ("Runtime", "Handler", "CodeUri", "Code")  # where people look for what says how a function runs


def add_properties(
    function: Function,
    properties: Mapping[str, Plain],
    title: str,
    *,
    is_safe: bool = False,
    after: Sequence[str] = _PLACES,
) -> Fix | None:
    """Add properties to a function's resource, after the first of `after` that it has.

    None without a template, when a property is already written there, or when the template is made by a macro.
    """
    resource = function.resource
    if resource is None or any(_is_own(resource, name) for name in properties):
        return None
    return _fix(title, _adding(resource, properties, after), is_safe)


def remove_property(function: Function, name: str, title: str, *, is_safe: bool = False) -> Fix | None:
    """Remove a property from a function's resource; None when it is not written there but in Globals, say."""
    resource = function.resource
    if resource is None or not _is_in_place(resource) or not _is_own(resource, name):
        return None
    return _fix(title, members.remove(resource.raw, name), is_safe)


def _fix(title: str, edit: Edit | None, is_safe: bool) -> Fix | None:
    return Fix(title, (edit,), is_safe) if edit is not None else None


def _adding(resource: Resource, properties: Mapping[str, Plain], after: Sequence[str]) -> Edit | None:
    if not _is_in_place(resource):
        return None
    file = resource.span.file
    first = min(
        (entry.span.start for _, entry in resource.raw.named() if entry.span.start > resource.raw.span.start - 1),
        default=resource.raw.span.start,
    )
    return members.add(resource.raw, properties, after, _step(file, resource.span.end, first))


def _step(file: SourceFile, after: int, first: int) -> int:
    """By how many columns the first property is nested below `Properties`, which stands on a line before it."""
    column = members.column(file, first)
    lines = _LINE.findall(file.text, after, first)
    return next((column - len(indent) for indent in reversed(lines) if len(indent) < column), 2)


def _is_in_place(resource: Resource) -> bool:
    """Whether the properties are written below the resource's name, not taken from an alias or another file."""
    raw, name = resource.raw.span, resource.span
    return raw.file is name.file and raw.file.host is None and raw.start >= name.end and raw.start < raw.end


def _is_own(resource: Resource, name: str) -> bool:
    entry = resource.raw.entry(name)
    span = resource.raw.span
    return entry is not None and entry.span.file is span.file and span.start <= entry.span.start < span.end
