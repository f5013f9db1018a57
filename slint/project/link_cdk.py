"""From a function that the CDK has bundled back to the file that it was bundled from.

Source: aws-cdk-lib 2, module aws_lambda_nodejs, "NodejsFunction": `entry`, by default `<file>.<construct id>.ts` (or .js)
beside the file that defines the construct; a relative `entry` starts at the folder of `cdk.json`. Read 2026-11-24.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from slint.code.facts import Call
from slint.project.unit import Unit, call_of
from slint.source import SourceFile
from slint.templates.model import TemplateFunction
from slint.value import Joined, Literal, Ref, RefKind, Value

_CONSTRUCT: Final = "NodejsFunction"
_JOINS: Final = ("join", "resolve")
_ENDINGS: Final = (".ts", ".js", ".tsx", ".jsx", ".mts", ".mjs", ".cts", ".cjs")


def bundled_entry(
    function: TemplateFunction,
    scripts: Sequence[str],
    read: Callable[[str], Unit | None],
    text: Callable[[str], SourceFile | None],
) -> str | None:
    """The absolute path of what a function was bundled from, None when the project's files do not tell one for certain.

    `scripts` are the code files of the project, `read` gives the unit of one and `text` its text.
    """
    metadata = function.resource.metadata
    construct = (metadata.at("aws:cdk:path").string or "").split("/")[-2:-1]
    if not construct or metadata.at("aws:asset:is-bundled").scalar is not True:
        return None
    written = {path for script in scripts for path in _entries(script, construct[0], read, text)}
    usual = {
        path for path in scripts if os.path.basename(path).endswith(tuple(f".{construct[0]}{e}" for e in _ENDINGS))
    }
    for found in (written, usual):
        if len(found) == 1:
            return found.pop()
    return None


def _entries(
    script: str, construct: str, read: Callable[[str], Unit | None], text: Callable[[str], SourceFile | None]
) -> Iterator[str]:
    """What a file of a CDK application gives as the entry of a construct."""
    file = text(script)
    if file is None or _CONSTRUCT not in file.text or construct not in file.text:
        return
    unit = read(script)
    for call in unit.module.calls if unit is not None else ():
        callee = call.callee
        is_construct = isinstance(callee, Ref) and _CONSTRUCT in (callee.name, *callee.path[-1:])
        if unit is None or not is_construct or len(call.arguments) < 3 or call.arguments[1].value.string != construct:
            continue
        path = _path(unit, call.arguments[2].value.at("entry"), script)
        if path is not None and os.path.isfile(path):
            yield path


def _path(unit: Unit, value: Value, script: str) -> str | None:
    """The absolute path that a literal, `path.join(__dirname, …)` or `${__dirname}/…` stands for."""
    if isinstance(value, Literal) and value.string is not None:
        return os.path.normpath(os.path.join(_application(script), value.string))
    if isinstance(value, Joined):
        return _joined(value.parts, script, "")
    if isinstance(value, Ref) and value.kind is RefKind.CALL and not value.path:
        call: Call = call_of(unit, value)
        callee = call.callee
        if isinstance(callee, Ref) and (callee.name, *callee.path)[-1] in _JOINS:
            return _joined([argument.value for argument in call.arguments], script, os.sep)
    return None


def _joined(parts: Sequence[Value], script: str, separator: str) -> str | None:
    """Parts that begin with `__dirname` and go on with text, as a path."""
    first, *rest = parts
    if not isinstance(first, Ref) or first.name != "__dirname" or any(part.string is None for part in rest):
        return None
    return os.path.normpath(separator.join([os.path.dirname(script), *(part.string or "" for part in rest)]))


def _application(script: str) -> str:
    """The folder of the CDK application that a file belongs to, which relative paths start from."""
    folder = os.path.dirname(script)
    while not os.path.isfile(os.path.join(folder, "cdk.json")):
        above = os.path.dirname(folder)
        if above == folder:
            return os.path.dirname(script)
        folder = above
    return folder
