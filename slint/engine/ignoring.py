"""Writing ignores for findings: a comment above the line where comments can stand, else metadata of the resource.

They are edits like those of a fix, so that `slint.engine.fixing` makes sure that each suppresses its finding.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping

from slint.diagnostic import Diagnostic, Edit, Fix
from slint.engine.fixing import Choice
from slint.engine.own_rules import INTERNAL_ERROR, SyntaxErrorRule, UnusedIgnore
from slint.engine.run import Results
from slint.fixes import members
from slint.fixes.members import Plain
from slint.parsing.errors import ParseError
from slint.source import SourceFile
from slint.value import Absent, Items, Literal, Value

_NEVER = (INTERNAL_ERROR, SyntaxErrorRule.name, UnusedIgnore.name)
_HASH = (".py", ".pyw", ".toml", ".env", ".txt")
_SLASHES = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx", ".jsonc")
_TEMPLATES = (".yaml", ".yml", ".template", ".json")


def ignores(reason: str) -> Choice:
    """Choose an ignore with this reason for each finding that has a place for one."""
    reason = " ".join(reason.split())

    def choose(finding: Diagnostic, results: Results) -> Fix | None:
        file = results.sources.get(finding.location.path)
        if file is None or finding.rule in _NEVER:
            return None
        edit = _edit(finding, file, reason)
        return None if edit is None else Fix(f"ignore {finding.rule}", (edit,))

    return choose


def _edit(finding: Diagnostic, file: SourceFile, reason: str) -> Edit | None:
    name = file.path.lower()
    if name.endswith(_TEMPLATES):
        comment = None if file.text.lstrip("\ufeff \t\r\n").startswith("{") else _comment(finding, file, "#", reason)
        if comment is not None and _values(file) == _values(_with(file, comment)):
            return comment
        return _metadata(finding, file, reason)
    if name.endswith(_SLASHES):
        comment = _comment(finding, file, "//", reason)
        return comment if _texts(file) == _texts(_with(file, comment)) else None
    if name.endswith(_HASH) or "dockerfile" in name:
        edit = _comment(finding, file, "#", reason)
        return edit if not name.endswith(".py") or _same_code(file.text, _with(file, edit).text) else None
    return None


def _comment(finding: Diagnostic, file: SourceFile, mark: str, reason: str) -> Edit:
    number = finding.location.start.line
    line = file.line(number)
    start = file.line_starts()[number - 1]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    text = f"{indent}{mark} slint: ignore[{finding.rule}] {reason}".rstrip()
    return Edit(file.path, start, start, text + members.line_break(file))


def _with(file: SourceFile, edit: Edit) -> SourceFile:
    return SourceFile(file.path, file.text[: edit.start] + edit.replacement + file.text[edit.end :])


def _same_code(before: str, after: str) -> bool:
    """Whether Python text says the same; a line that is added inside a string is no comment."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False


def _texts(file: SourceFile) -> list[object]:
    """All constants of a script in order: a line that is added inside a template literal is no comment."""
    from slint.code.javascript import extract

    module = extract(file)
    values = [
        *(each.value for call in module.calls for each in call.arguments),
        *(each.value for facts in (module.bindings, module.exits, module.loose) for each in facts),
    ]
    return [part.value for value in values if value for part in value.walk() if isinstance(part, Literal)]


def _values(file: SourceFile) -> list[object] | None:
    """All scalars of a template in order; None when it does not parse."""
    try:
        root = _parsed(file)
    except ParseError:
        return None
    return [value.value for value in root.walk() if isinstance(value, Literal)]


def _parsed(file: SourceFile) -> Value:
    from slint.parsing.yaml import parse

    return parse(file)


def _metadata(finding: Diagnostic, file: SourceFile, reason: str) -> Edit | None:
    """`Metadata: {slint: {ignore: {rule: reason}}}` in the resource that the finding lies in, or is about."""
    try:
        resources = _parsed(file).at("Resources")
    except ParseError:
        return None
    place = finding.location.offset
    for name, entry in resources.named() if isinstance(resources, Items) else ():
        resource = entry.value
        is_around = entry.span.start <= place < resource.span.end
        if isinstance(resource, Items) and (is_around or name == finding.resource):
            step = max(_column_of_first(resource) - members.column(file, entry.span.start), 0) or 2
            return _nested(resource, ("Metadata", "slint", "ignore"), {finding.rule: reason}, ("Type",), step)
    return None


def _nested(
    items: Items, path: tuple[str, ...], last: Mapping[str, Plain], after: tuple[str, ...], step: int
) -> Edit | None:
    """Add `last` at a path below a mapping; what of the path is there already is used."""
    key, rest = path[0], path[1:]
    value = items.at(key)
    if isinstance(value, Absent):
        added: Mapping[str, Plain] = last
        for name in reversed(path):
            added = {name: added}
        return members.add(items, added, after, step)
    if not isinstance(value, Items) or value.is_list:
        return None
    return _nested(value, rest, last, (), step) if rest else members.add(value, last, (), step)


def _column_of_first(items: Items) -> int:
    return members.column(items.span.file, items.entries[0].span.start) if items.entries else 0
