"""How the project is joined: each template's functions with the file that each runs, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from slint.record import NamedTuple
from slint.report.terminal import one_line

if TYPE_CHECKING:
    from slint.project.model import Function, Project


class Entry(NamedTuple):
    """One function; either `handler`, `line` and `name` of its code are set, or `why` and the paths `tried`."""

    function: str
    platform: str
    template: str | None
    handler: str | None
    line: int | None
    name: str | None
    why: str | None
    tried: tuple[str, ...]


def render_text(project: Project) -> str:
    """A tree: template, function, handler."""
    return "".join(f"{one_line(line)}\n" for line in _lines(project))


def _lines(project: Project) -> Iterator[str]:
    shown: object = Ellipsis  # no template at all is a heading of its own
    for entry in sorted(map(_entry, project.functions), key=lambda each: (each.template or "", each.function)):
        if entry.template != shown:
            shown = entry.template
            yield entry.template or "(no template: recognised by the handler's name)"
        yield f"  {entry.function}"
        if entry.why is None:
            yield f"    -> {entry.handler}:{entry.line} {entry.name}"
        else:
            yield f"    -> not linked: {entry.why}"
        for path in entry.tried:
            yield f"       tried {path}"


def render_json(project: Project) -> str:
    """A list of functions, each with its template and its handler or the reason why it has none."""
    return (
        json.dumps([_entry(function)._asdict() for function in project.functions], indent=2, ensure_ascii=False) + "\n"
    )


def _entry(function: Function) -> Entry:
    from slint.project.link import Handler

    template = function.template.file.path if function.template is not None else None
    handler = function.link
    if isinstance(handler, Handler):
        place = handler.span.location()
        return Entry(function.id, function.platform, template, place.path, place.start.line, handler.name, None, ())
    return Entry(function.id, function.platform, template, None, None, None, handler.why, handler.tried)
