"""Edits of mappings in YAML and JSON text that leave the rest as it is written, comments and spacing included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from slint.diagnostic import Edit
from slint.regex import regex
from slint.source import SourceFile, Span
from slint.value import Entry, Items, Literal

Plain: TypeAlias = str | Mapping[str, "Plain"]

_LINE_END = regex(r"\r\n|\n|\r|\Z")
_REST_OF_LINE = regex(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_COMMA = regex(r"\s*,\s*")
_PLAIN = regex(r"[A-Za-z](?:[\w /.,()'-]*[\w)])?")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})  # YAML 1.1 reads something else


def add(items: Items, added: Mapping[str, Plain], after: Sequence[str] = (), step: int = 2) -> Edit | None:
    """Add members to a mapping: after the first of the members `after` whose end is clear, else in front.

    `step` is the indentation in columns of what is nested. None when the mapping is not written out at its place.
    """
    own = _own(items)
    if not own:
        return None
    anchor = next((own[name] for name in after if name in own and _is_anchor(own[name])), None)
    file = items.span.file
    if file.text[items.span.start] == "{":
        return _add_in_flow(file, next(iter(own.values())), anchor, added, step)
    return _add_in_block(file, next(iter(own.values())), anchor, added, step)


def remove(items: Items, name: str) -> Edit | None:
    """Remove a member with all its lines; None when it is the only one, or shares a line with something else."""
    own = _own(items)
    entry = own.get(name)
    if entry is None or len(own) < 2:
        return None
    file = items.span.file
    names = list(own)
    at = names.index(name)
    if file.text[items.span.start] == "{":
        return _remove_in_flow(file, [own[each] for each in names], at)
    start = _line_start(file, entry.span.start)
    rest = _REST_OF_LINE.match(file.text, _end(entry))
    if rest is None or file.text[start : entry.span.start].strip(" "):
        return None
    end = _line_end(file, rest.end())
    if end == rest.end() and start > 0:  # the last line of the file, which has no end
        start -= 2 if file.text[start - 2 : start] == "\r\n" else 1
    return Edit(file.path, start, end, "")


def column(file: SourceFile, offset: int) -> int:
    """How many code points stand before an offset on its line."""
    return offset - _line_start(file, offset)


def _own(items: Items) -> dict[str, Entry]:
    """The members that are written inside the mapping itself, in order: merge keys and defaults stand elsewhere."""
    span = items.span
    inside = [
        (name, entry)
        for name, entry in items.named()
        if entry.span.file is span.file and span.start <= entry.span.start < span.end
    ]
    return dict(sorted(inside, key=lambda item: item[1].span.start))


def _is_anchor(entry: Entry) -> bool:
    """Whether it is clear where a member ends: a mapping or a scalar on one line, written at its place."""
    value = entry.value
    text = entry.span.file.text[entry.span.start : _end(entry)]
    if _end(entry) == entry.span.end or text.endswith(("\n", "\r")):
        return False
    if isinstance(value, Items):
        # The text of a block scalar goes on to where the next thing begins.
        return not any(part.span.text.startswith(("|", ">")) for part in value.walk() if isinstance(part, Literal))
    return isinstance(value, Literal) and "\n" not in text and "\r" not in text


def _end(entry: Entry) -> int:
    """The end of a member; the value of an alias stands elsewhere."""
    value = entry.value.span
    return value.end if value.file is entry.span.file and value.start >= entry.span.end else entry.span.end


def _line_start(file: SourceFile, offset: int) -> int:
    return max(file.text.rfind("\n", 0, offset), file.text.rfind("\r", 0, offset)) + 1


def _line_end(file: SourceFile, offset: int) -> int:
    """The offset after the line end that follows."""
    found = _LINE_END.search(file.text, offset)
    return found.end() if found else len(file.text)


def line_break(file: SourceFile) -> str:
    """How the lines of a file end."""
    found = _LINE_END.search(file.text)
    return found[0] or "\n" if found else "\n"


# --- block style ---


def _add_in_block(
    file: SourceFile, first: Entry, anchor: Entry | None, added: Mapping[str, Plain], step: int
) -> Edit | None:
    place = anchor or first
    start = _line_start(file, place.span.start)
    indent = file.text[start : place.span.start]
    if indent.strip(" "):
        return None
    end = line_break(file)
    lines = [f"{indent}{line}" for line in _block(added, step)]
    if anchor is None:
        return Edit(file.path, start, start, "".join(f"{line}{end}" for line in lines))
    rest = _REST_OF_LINE.match(file.text, _end(anchor))
    if rest is None:
        return None
    return Edit(file.path, rest.end(), rest.end(), "".join(f"{end}{line}" for line in lines))


def _block(added: Mapping[str, Plain], step: int) -> list[str]:
    lines = []
    for name, value in added.items():
        if isinstance(value, str):
            lines.append(f"{name}: {_scalar(value)}")
        else:
            lines += [f"{name}:", *(f"{' ' * step}{line}" for line in _block(value, step))]
    return lines


def _scalar(text: str) -> str:
    """A text as a YAML scalar: plain where that reads as the same text, else in double quotes."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else _json(text)


def _json(value: Plain, indent: str | None = None) -> str:
    import json  # rules import this module, and most runs add nothing

    return json.dumps(value, indent=indent, ensure_ascii=False)


# --- flow style, JSON ---


def _add_in_flow(file: SourceFile, first: Entry, anchor: Entry | None, added: Mapping[str, Plain], step: int) -> Edit:
    place = anchor or first
    start = _line_start(file, place.span.start)
    indent = file.text[start : place.span.start]
    if indent.strip(" \t"):
        members = [f"{_json(name)}: {_json(value)}" for name, value in added.items()]
        between = ", "
    else:
        unit = "\t" if "\t" in indent else " " * step
        end = line_break(file)
        members = [f"{_json(name)}: {_json(value, unit)}".replace("\n", end + indent) for name, value in added.items()]
        between = f",{end}{indent}"
    if anchor is None:
        return Edit(file.path, first.span.start, first.span.start, "".join(f"{member}{between}" for member in members))
    at = _end(anchor)
    return Edit(file.path, at, at, "".join(f"{between}{member}" for member in members))


def _remove_in_flow(file: SourceFile, own: list[Entry], at: int) -> Edit | None:
    entry = own[at]
    if at + 1 < len(own):
        start, end = entry.span.start, own[at + 1].span.start
        gap = Span(file, _end(entry), end)
    else:
        start, end = _end(own[at - 1]), _end(entry)
        gap = Span(file, start, entry.span.start)
    return Edit(file.path, start, end, "") if _COMMA.fullmatch(gap.text) else None
