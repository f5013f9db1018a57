"""The report for people: each finding with the source it is about, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slint.diagnostic import Diagnostic
from slint.engine.own_rules import is_of_other_tool
from slint.engine.run import Results
from slint.report import Options
from slint.report.terminal import SEVERITY_COLORS, one_line, paint, plain
from slint.source import Location, SourceFile

_WIDTH = 120  # columns of source shown; the rest of a longer line is cut
_BEFORE = 40  # columns kept before the place when a line is cut
_TAB = 4


def render(results: Results, options: Options) -> str:
    """All findings, an empty line after each."""
    return "".join(
        "\n".join(_finding(finding, results.sources, options.color)) + "\n\n" for finding in results.diagnostics
    )


def _finding(finding: Diagnostic, sources: Mapping[str, SourceFile], color: bool) -> Iterator[str]:
    severity_color = SEVERITY_COLORS[finding.severity]
    head = paint(f"{finding.severity}[{finding.rule}]", severity_color, color)
    yield f"{head}{paint(':', 'bold', color)} {paint(one_line(finding.message), 'bold', color)}"
    places = [finding.location, *(each.location for each in finding.related)]
    gutter = len(str(max(place.start.line for place in places)))
    pad = " " * gutter
    bar = paint("|", "blue", color)
    yield from _snippet(finding.location, sources, "-->", "^", "", gutter, color, severity_color)
    for each in finding.related:
        yield from _snippet(each.location, sources, ":::", "-", one_line(each.message), gutter, color, "blue")
    notes = {
        "functions": ", ".join(finding.functions) if len(finding.functions) > 1 else "",
        "help": finding.help or "",
        "fix": f"`slint check {'--fix' if finding.fix.is_safe else '--unsafe-fixes'}`: {finding.fix.title}"
        if finding.fix
        else "",
        "docs": finding.docs or "" if is_of_other_tool(finding.rule) else f"slint explain {finding.rule}",
    }
    yield f"{pad} {bar}"
    for name, note in notes.items():
        if note:
            yield f"{pad} {paint('=', 'blue', color)} {paint(name + ':', 'bold', color)} {one_line(note)}"


def _snippet(
    place: Location,
    sources: Mapping[str, SourceFile],
    arrow: str,
    mark: str,
    message: str,
    gutter: int,
    color: bool,
    mark_color: str,
) -> Iterator[str]:
    pad = " " * gutter
    bar = paint("|", "blue", color)
    where = f"{one_line(place.path)}:{place.start.line}:{place.start.column}"
    file = sources.get(place.path)
    yield f"{pad}{paint(arrow, 'blue', color)} {where}" + (f": {message}" if message and file is None else "")
    if file is None:
        return
    line, column, width = window(file.line(place.start.line), place)
    number = paint(str(place.start.line).rjust(gutter), "blue", color)
    marks = paint(mark * width + (f" {message}" if message else ""), mark_color, color)
    yield f"{pad} {bar}"
    yield f"{number} {bar} {line}".rstrip()
    yield f"{pad} {bar} {' ' * column}{marks}"


def window(text: str, place: Location) -> tuple[str, int, int]:
    """The part of a place's first line to show, and the terminal column and width of the place in it."""
    first = min(place.start.column - 1, len(text))
    last = place.end.column - 1 if place.end.line == place.start.line else len(text)
    last = max(first, min(last, len(text)))
    # A far longer line is cut by characters first, so that a minified file costs no more than another.
    skipped = max(0, first - 2 * _WIDTH)
    text, first, last = text[skipped : first + 2 * _WIDTH], first - skipped, last - skipped
    cells = [_cell(letter) for letter in plain(text)]
    before = sum(width for _, width in cells[:first])
    covered = sum(width for _, width in cells[first:last])
    total = sum(width for _, width in cells)
    if total <= _WIDTH and not skipped:
        return "".join(shown for shown, _ in cells), before, max(1, covered)
    start = 0
    while before > _BEFORE and (skipped or total > _WIDTH) and start < first:
        before -= cells[start][1]
        start += 1
    end, room = start, _WIDTH
    while end < len(cells) and cells[end][1] <= room:
        room -= cells[end][1]
        end += 1
    left, right = ("..." if start or skipped else ""), ("..." if end < len(cells) else "")
    covered = sum(width for _, width in cells[first : min(last, end)])
    shown = "".join(letters for letters, _ in cells[start:end])
    return f"{left}{shown}{right}", before + len(left), max(1, covered)


def _cell(letter: str) -> tuple[str, int]:
    """What to print for a character and how many columns that takes."""
    if letter == "\t":
        return " " * _TAB, _TAB
    if letter < "\u0300":
        return letter, 1
    import unicodedata  # only for text beyond Latin

    if unicodedata.combining(letter) or letter in "\u200b\u200c\u200d\ufe0f\ufeff":
        return letter, 0
    return letter, 2 if unicodedata.east_asian_width(letter) in "WF" else 1
