"""What SAM adds to a template before deployment: its Globals and the logical ids it generates.

Source: aws/serverless-application-model at 7000d0a, `samtranslator/plugins/globals/globals.py` and
`docs/globals.rst`, read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Iterator

from slint.knowledge.sam_globals import SUPPORTED
from slint.templates.intrinsics import is_intrinsic, is_macro
from slint.value import Absent, Entry, Items, Literal, Value

PREFIX = "AWS::Serverless::"
TRANSFORM = "AWS::Serverless-2016-10-31"
ALL_IGNORED = "*"


def with_globals(type_: str, properties: Items, sections: Value, ignored: tuple[str, ...]) -> Items:
    """The raw properties of a resource with its section of Globals merged in, every entry with its own span.

    Scalars and intrinsic functions of the resource replace those of Globals, mappings merge at every level, lists are
    appended to those of Globals; `ignored` is IgnoreGlobals. What SAM does not support in Globals is left out.
    """
    section = type_.removeprefix(PREFIX)
    defaults = sections.at(section) if type_.startswith(PREFIX) else sections
    if section not in SUPPORTED or not isinstance(defaults, Items) or ALL_IGNORED in ignored:
        return properties
    supported = SUPPORTED[section]
    kept = tuple(
        entry
        for entry in defaults.entries
        if (entry.literal_key in supported and entry.literal_key not in ignored) or is_macro(entry.literal_key)
    )
    if not kept:
        return properties
    merged = _merge(Items(properties.span, kept), properties)
    return merged if isinstance(merged, Items) else properties


def ignored_globals(resource: Value) -> tuple[str, ...]:
    """The names of IgnoreGlobals of a raw resource, `("*",)` for all."""
    written = resource.at("IgnoreGlobals")
    if isinstance(written, Items) and written.is_list:
        return tuple(entry.value.string for entry in written.entries if entry.value.string is not None)
    return (ALL_IGNORED,) if written.string == ALL_IGNORED else ()


def generated_aliases(functions: Iterator[tuple[str, Items]]) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """The logical ids of the aliases that AutoPublishAlias makes, each with its function and the path `Alias`."""
    for name, properties in functions:
        alias = properties.at("AutoPublishAlias")
        if isinstance(alias, Literal):
            yield f"{name}Alias{alias.value}", (name, ("Alias",))


def _merge(default: Value, own: Value) -> Value:
    if not isinstance(default, Items) or not isinstance(own, Items):
        return own
    if is_intrinsic(default) or is_intrinsic(own) or default.is_list != own.is_list:
        return own
    if own.is_list:
        return Items(own.span, default.entries + own.entries, is_list=True)
    entries: list[Entry] = []
    for entry in default.entries:
        written = own.entry(entry.literal_key)
        if written is None:
            entries.append(entry)
        else:
            entries.append(Entry(written.key, _merge(entry.value, written.value)))
    known = {entry.literal_key for entry in default.entries}
    entries.extend(entry for entry in own.entries if entry.literal_key not in known)
    return Items(own.span, tuple(entries))


def as_items(value: Value) -> Items:
    """The value when it is a mapping, else an empty one at its place."""
    if isinstance(value, Items) and not value.is_list:
        return value
    # What is not a mapping at all tells nothing; what is absent is known to be empty.
    return Items(value.span, (), open=not isinstance(value, (Absent, Literal)))
