"""Ignore comments and ignore metadata: the only place where a finding is suppressed.

`# slint: ignore[rule-a, rule-b] reason` (`//` in JavaScript, TypeScript and JSON) holds for its line; on a line of its
own, for the next line that is no comment. With `until 2027-01-31` in its reason it holds up to and on that day. A finding is suppressed when one of its places, the primary or a related one,
begins or ends on such a line. `Metadata: {slint: {ignore: [rule, ...]}}` (or a mapping of rule to reason) of a template's
resource suppresses what lies in the resource or concerns the function that it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from slint.diagnostic import Diagnostic
from slint.engine.own_rules import UnusedIgnore, is_of_other_tool
from slint.record import NamedTuple
from slint.regex import regex
from slint.settings import Settings, did_you_mean
from slint.source import Location, SourceFile, Span
from slint.value import Absent, Items

if TYPE_CHECKING:
    from slint.templates.model import Resource, Template

_SLASHES = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx", ".json", ".jsonc")
_IGNORE = r"[ \t]*slint:[ \t]*ignore\b[ \t]*(?:\[(?P<names>[^\]\n]*)\])?(?=(?P<reason>[^\r\n]*))"
_HASH_COMMENT = regex(r"(?:(?<=[ \t])|^)#" + _IGNORE, re.MULTILINE)
_SLASH_COMMENT = regex(r"(?<![:\w])//" + _IGNORE)
_UNTIL = regex(r"\buntil[ \t:]+(?P<day>\d[\d./-]*\d)(?![\w])", re.IGNORECASE)
_WORD = regex(r"\w")


class Ignore(NamedTuple):
    """One rule named (or `names` written wrongly: `flaw`) by a comment or by metadata."""

    rule: str
    place: Span
    flaw: str | None = None
    reason: str = ""


def judged(ignore: Ignore, settings: Settings) -> Ignore:
    """The ignore with its flaw when it does not hold: it has expired, or has no reason and one is required."""
    if ignore.flaw is not None:
        return ignore
    found = _UNTIL.search(ignore.reason)
    if found is not None:
        try:
            last = date.fromisoformat(found["day"])
        except ValueError:
            return ignore._replace(flaw=f"`{found['day']}` is no date: write `until 2027-01-31`")
        if settings.today > last:
            return ignore._replace(flaw=f"it has expired: it held until {last}")
    if settings.require_reason and not _WORD.search(_UNTIL.sub("", ignore.reason)):
        return ignore._replace(flaw="it has no reason, and the settings require one: write it after the brackets")
    return ignore


def comments(file: SourceFile) -> Iterator[tuple[int, Ignore]]:
    """The ignores of a file's comments, each with the line that it stands on."""
    if "slint:" not in file.text:
        return
    slashes = file.path.endswith(_SLASHES)
    hidden: Collection[int] = ()
    for match in (_SLASH_COMMENT if slashes else _HASH_COMMENT).finditer(file.text):
        if not hidden and file.path.endswith(".py"):
            hidden = _lines_in_strings(file.text)
        line = file.position(match.start()).line
        if line in hidden:
            continue
        span = Span(file, match.start(), match.end())
        names = match["names"]
        if names is None:
            yield line, Ignore("", span, "it names no rule: write `slint: ignore[rule-name]`")
        for name in (names or "").split(","):
            if name.strip():
                yield line, Ignore(name.strip(), span, reason=match["reason"])
            elif names is not None:
                yield line, Ignore("", span, "a rule name is missing between the brackets")


def _lines_in_strings(text: str) -> set[int]:
    """The lines of Python code whose `#` may be no comment, because they lie in a string."""
    import io
    import tokenize  # only for files that speak of an ignore

    lines = {0}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.STRING and "slint:" in token.string:
                lines.update(range(token.start[0], token.end[0] + 1))
            elif token.type == tokenize.COMMENT:
                lines.discard(token.start[0])
    except (tokenize.TokenError, SyntaxError):
        pass  # the file has errors: what was seen up to there is kept
    return lines


class _File:
    """The ignores of one file by the line that they hold for."""

    def __init__(self, file: SourceFile, settings: Settings) -> None:
        self.by_line: dict[int, list[Ignore]] = defaultdict(list)
        marks = ("//", "/*", "*") if file.path.endswith(_SLASHES) else ("#",)
        last = len(file.line_starts())
        for line, ignore in comments(file):
            while line < last and file.line(line).lstrip().startswith(marks):
                line += 1
            if judged(ignore, settings).flaw is None:
                self.by_line[line].append(ignore)

    def on(self, location: Location) -> Iterator[Ignore]:
        last = location.end.line - (location.end.column == 1)
        for line in sorted({location.start.line, max(location.start.line, last)}):
            yield from self.by_line.get(line, ())


class Region(NamedTuple):
    """A resource with ignore metadata, and where it is written."""

    path: str
    start: int
    end: int
    id: str
    ignores: tuple[Ignore, ...]

    def holds(self, location: Location) -> bool:
        """Whether a place lies in the resource."""
        return location.path == self.path and self.start <= location.offset < max(self.end, self.start + 1)


def ignoring_regions(templates: Iterable[Template]) -> tuple[Region, ...]:
    """The resources of templates that have ignore metadata."""
    regions = (_region(template, each) for template in templates for each in template.resources.values())
    return tuple(region for region in regions if region is not None)


class Suppressions:
    """All ignores of a project; remembers which of them were needed.

    `sources` are the texts with ignore comments, by the path shown. `homes` tells for each function's id in which
    templates there is one, as ids repeat between templates.
    """

    def __init__(
        self,
        sources: Mapping[str, SourceFile],
        regions: Sequence[Region],
        homes: Mapping[str, Collection[str | None]],
        settings: Settings,
    ) -> None:
        self._sources = sources
        self._regions = regions
        self._around: dict[tuple[str, str], list[tuple[Region, Ignore]]] = defaultdict(list)  # by rule and path
        self._by_function: dict[tuple[str, str], list[tuple[Region, Ignore]]] = defaultdict(list)  # by rule and id
        for region in regions:
            held = {each.rule: each for each in reversed(region.ignores) if judged(each, settings).flaw is None}
            for rule, ignore in held.items():
                self._around[rule, region.path].append((region, ignore))
                self._by_function[rule, region.id].append((region, ignore))
        self._homes = homes
        self._settings = settings
        self._files: dict[str, _File] = {}
        self._used: set[tuple[str, int, str]] = set()

    def remainder(self, finding: Diagnostic) -> Diagnostic | None:
        """What is left of a finding: itself, without the functions that ignore it, or None when it is suppressed."""
        places = [finding.location, *(each.location for each in finding.related)]
        by_comment = [
            ignore for place in places for ignore in self._of(place.path).on(place) if ignore.rule == finding.rule
        ]
        here = self._around.get((finding.rule, finding.location.path), ())
        around = [ignore for region, ignore in here if region.holds(finding.location)]
        by_function = {
            name: ignore
            for name in finding.functions
            for region, ignore in self._by_function.get((finding.rule, name), ())
            if not region.holds(finding.location) and self._is_about(finding, region)
        }
        for ignore in (*by_comment, *around, *by_function.values()):
            self._used.add(_key(ignore))
        left = tuple(function for function in finding.functions if function not in by_function)
        if by_comment or around or (by_function and not left):
            return None
        return finding if len(left) == len(finding.functions) else finding._replace(functions=left)

    def unused(self, ran: Collection[str], known: Collection[str]) -> Iterator[Diagnostic]:
        """A finding for each ignore that suppressed nothing, in the files that were read; those of rules that did not run
        are left alone. Call it after every finding went through `remainder`."""
        rule = UnusedIgnore()
        read = [ignore for file in list(self._sources.values()) for _, ignore in comments(file)]
        for written in (*read, *(each for region in self._regions for each in region.ignores)):
            ignore = judged(written, self._settings)
            if ignore.flaw is not None:
                yield rule.at(ignore.place, f"this ignore has no effect: {ignore.flaw}")
            elif ignore.rule not in known and is_of_other_tool(ignore.rule):
                continue  # whether it finds something there is not known
            elif ignore.rule not in known:
                hint = did_you_mean(ignore.rule, list(known)).removeprefix(": ")
                yield rule.at(
                    ignore.place, f"no rule is called `{ignore.rule}`", help=hint or "`slint rules` lists them"
                )
            elif ignore.rule in ran and ignore.rule != rule.name and _key(ignore) not in self._used:
                yield rule.at(ignore.place, f"`{ignore.rule}` finds nothing here", help="remove the ignore")

    def _of(self, path: str) -> _File:
        if path not in self._files:
            self._files[path] = _File(self._sources.get(path) or SourceFile(path, ""), self._settings)
        return self._files[path]

    def _is_about(self, finding: Diagnostic, region: Region) -> bool:
        if all(home == region.path for home in self._homes.get(region.id, ())):
            return True
        return any(
            place.path == region.path for place in (finding.location, *(each.location for each in finding.related))
        )


def _key(ignore: Ignore) -> tuple[str, int, str]:
    return ignore.place.file.path, ignore.place.start, ignore.rule


def _region(template: Template, resource: Resource) -> Region | None:
    written = resource.metadata.at("slint", "ignore")
    if isinstance(written, Absent):
        return None
    spans = (resource.span, resource.raw.span, resource.metadata.span)
    end = max(span.end for span in spans if span.file is resource.span.file)
    return Region(template.file.path, resource.span.start, end, resource.id, tuple(_listed(written, resource)))


def _listed(written: object, resource: Resource) -> Iterable[Ignore]:
    if not isinstance(written, Items):
        yield Ignore(
            "", resource.metadata.span, "Metadata.slint.ignore must be a list of rules, or a mapping of rule to reason"
        )
        return
    for entry in written.entries:
        name = (entry.value if written.is_list else entry.key or entry.value).string
        reason = "" if written.is_list else entry.value.string or ""
        yield Ignore(name or "", entry.span, None if name else "a rule name must be plain text", reason)
