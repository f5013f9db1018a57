"""Evaluates the intrinsic functions of CloudFormation and SAM as far as the files tell.

Sources: AWS CloudFormation user guide, intrinsic function reference, and aws/serverless-application-model at 7000d0a
(`samtranslator/intrinsics`), read 2026-11-22. A value has the span of the place that uses it, not of the parameter's
default or the mapping's entry that it comes from: findings are shown where the value takes effect. Only what a parent
stack passes keeps its span, in the parent's file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from slint.parsing.placeholders import has_placeholder
from slint.parsing.scalars import pieces_of
from slint.record import NamedTuple
from slint.regex import regex
from slint.source import Host, Span
from slint.value import (
    ANY,
    Absent,
    Choice,
    Entry,
    Items,
    Joined,
    Key,
    Literal,
    Operation,
    Option,
    Ref,
    RefKind,
    Scalar,
    Unknown,
    Value,
)

MAX_PARTS: Final = 500
MAX_TEXT: Final = 1_000_000
"""A joined text with more parts, or longer, is Unknown: variables of `Fn::Sub` can double it at every level."""

_MAX_MAPPED: Final = 20
"""A FindInMap whose keys are unknown is a Choice of at most this many values, else Unknown."""

VARIABLE: Final = regex(r"\$\{([^{}]*)\}")
_RESOLVE: Final = regex(r"\{\{resolve:[^{}]*\}\}")
_INDEX: Final = regex(r"[0-9]{1,9}")


class Scope(NamedTuple):
    """What the names of a template stand for.

    `inputs` are the parameters' definitions, `passed` the parameters that a parent stack gives, `mappings` the raw
    Mappings. `generated` gives the path below a declared resource for the logical ids that SAM generates.
    """

    inputs: Items
    mappings: Items
    passed: Mapping[str, Value] = {}
    generated: Mapping[str, tuple[str, tuple[str, ...]]] = {}


def evaluate(value: Value, scope: Scope) -> Value:
    """The value with every intrinsic function replaced by what it gives; the same object when there is none.

    `AWS::NoValue` and what has its value gives Absent; an entry that is Absent is left out of its mapping or list.
    A macro (`Fn::Transform`, `Fn::ForEach::…`) leaves its mapping open.
    """
    if isinstance(value, Items):
        function = _function_of(value)
        if function is not None:
            name, argument = function
            return _FUNCTIONS[name](argument, value.span, scope)
        return _members(value, scope)
    if isinstance(value, Literal) and isinstance(value.value, str) and "{" in value.value:
        return _text(value)
    return value


def is_intrinsic(value: Value) -> bool:
    """Whether a raw value is a call of an intrinsic function, by SAM's definition."""
    if not isinstance(value, Items) or len(value.entries) != 1:
        return False
    name = value.entries[0].literal_key
    return isinstance(name, str) and (name in ("Ref", "Condition") or name.startswith("Fn::"))


def evaluate_condition(value: Value, scope: Scope) -> Value:
    """The value of a condition; `{"Condition": name}` becomes the Literal name."""
    if isinstance(value, Items) and len(value.entries) == 1:
        key, inner = value.entries[0].literal_key, value.entries[0].value
        if key == "Condition" and isinstance(inner, Literal):
            return inner
        operator = _OPERATORS.get(key) if isinstance(key, str) else None
        if operator is not None and isinstance(inner, Items):
            return Operation(
                value.span, operator, tuple(evaluate_condition(each.value, scope) for each in inner.entries)
            )
    return evaluate(value, scope)


def rendered(value: Value) -> str | None:
    """The text of a value with `${Name.path}` for references; None when a part is not known."""
    if isinstance(value, Literal):
        return as_text(value.value)
    if isinstance(value, Ref):
        if value.kind is RefKind.DYNAMIC:
            return str(value.name)
        return f"${{{'.'.join([str(value.name), *map(str, value.path)])}}}"
    if isinstance(value, Joined):
        parts = [rendered(part) for part in value.parts]
        return None if None in parts else "".join(part for part in parts if part is not None)
    return None


def as_text(scalar: Scalar) -> str:
    """A scalar as CloudFormation writes it into a text."""
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    return "" if scalar is None else str(scalar)


# -- values without a function -------------------------------------------------------------------------------------


def _function_of(value: Items) -> tuple[str, Value] | None:
    if len(value.entries) != 1 or value.is_list:
        return None
    name = value.entries[0].literal_key
    if not isinstance(name, str):
        return None
    if name in _FUNCTIONS:
        return name, value.entries[0].value
    if name.startswith("Fn::") and not is_macro(name):
        return "Fn::", value.entries[0].value
    return None


def is_macro(key: Scalar) -> bool:
    """Whether a key stands for entries that only deployment knows."""
    return isinstance(key, str) and (key == "Fn::Transform" or key.startswith("Fn::ForEach"))


def _members(value: Items, scope: Scope) -> Items:
    entries: list[Entry] = []
    changed = False
    is_open = value.open
    for entry in value.entries:
        if is_macro(entry.literal_key):
            is_open = changed = True
            continue
        member = evaluate(entry.value, scope)
        if isinstance(member, Absent):
            changed = True
        elif member is entry.value:
            entries.append(entry)
        else:
            entries.append(Entry(entry.key, member))
            changed = True
    return Items(value.span, tuple(entries), is_open, value.is_list) if changed else value


def _text(value: Literal) -> Value:
    """A literal string with dynamic references taken out; a placeholder of a project template is Unknown."""
    text = str(value.value)
    if has_placeholder(text):
        return Unknown(value.span, "a placeholder of a project template")
    if "{{resolve:" not in text:
        return value
    return join(value.span, [value])


def _with_span(value: Value, span: Span) -> Value:
    if isinstance(value, Literal):
        return Literal(span, value.value)
    if isinstance(value, Items):
        entries = tuple(Entry(entry.key, _with_span(entry.value, span)) for entry in value.entries)
        return Items(span, entries, value.open, value.is_list)
    return value


# -- references ----------------------------------------------------------------------------------------------------


def _named(name: str, span: Span, scope: Scope) -> Value:
    """What `Ref` of this name gives; `A.B` is a referable property that SAM offers."""
    if name.startswith("AWS::"):
        return Absent(span) if name == "AWS::NoValue" else Ref(span, RefKind.PSEUDO, name)
    if name in scope.passed:
        return scope.passed[name]
    definition = scope.inputs.entry(name)
    if definition is not None:
        return _input(name, definition.value, span)
    if name in scope.generated:
        return Ref(span, RefKind.RESOURCE, *scope.generated[name])
    resource, _, path = name.partition(".")
    return Ref(span, RefKind.RESOURCE, resource, tuple(path.split(".")) if path else ())


def _input(name: str, definition: Value, span: Span) -> Value:
    kind = definition.at("Type").string or ""
    default = definition.at("Default")
    if kind.startswith("AWS::SSM::Parameter::Value") or not isinstance(default, Literal):
        return Ref(span, RefKind.INPUT, name)
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        text = as_text(default.value)
        members = (Entry(None, Literal(span, part.strip())) for part in text.split(",")) if text else ()
        return Items(span, tuple(members), is_list=True)
    return Literal(span, default.value)


def _ref(argument: Value, span: Span, scope: Scope) -> Value:
    name = argument.string
    if name is None:
        return _unknown("a Ref to no name", span)
    return _named(name, span, scope)


def _get_att(argument: Value, span: Span, scope: Scope) -> Value:
    parts: list[Value]
    if isinstance(argument, Items) and argument.is_list:
        parts = [evaluate(entry.value, scope) for entry in argument.entries]
    elif argument.string is not None:
        parts = [Literal(argument.span, part) for part in argument.string.split(".", 1)]
    else:
        parts = []
    name = parts[0].string if parts else None
    if name is None or len(parts) < 2:
        return _unknown("a GetAtt without resource and attribute", span, *parts)
    path: list[Key] = []
    for part in parts[1:]:
        path.extend(part.string.split(".") if part.string else [ANY])
    resource, prefix = scope.generated.get(name, (name, ()))
    return Ref(span, RefKind.RESOURCE, resource, (*prefix, *path))


def _import_value(argument: Value, span: Span, scope: Scope) -> Value:
    name = rendered(evaluate(argument, scope))
    return Ref(span, RefKind.EXTERNAL, name if name is not None else "")


# -- texts ---------------------------------------------------------------------------------------------------------


def _sub(argument: Value, span: Span, scope: Scope) -> Value:
    template, variables = argument, None
    if isinstance(argument, Items) and argument.is_list and argument.entries:
        template = argument.entries[0].value
        variables = argument.at(1)
    if not isinstance(template, Literal) or not isinstance(template.value, str):
        return _unknown("a Sub of no text", span)
    given = {}
    if isinstance(variables, Items):
        given = {name: evaluate(entry.value, scope) for name, entry in variables.named()}
    return sub(template, span, scope, given)


def sub(template: Literal, span: Span, scope: Scope, variables: Mapping[str, Value]) -> Value:
    """The text of a literal with every `${Name}` replaced; `${!Name}` stands for the text `${Name}`."""
    text = as_text(template.value)
    if "${" not in text:
        return join(span, [Literal(span, text)])
    place = _places(template)
    used: set[str] = set()
    parts: list[Value] = []
    at = 0
    for found in VARIABLE.finditer(text):
        if found.start() > at:
            parts.append(Literal(place(at, found.start()), text[at : found.start()]))
        at = found.end()
        here = place(found.start(), found.end())
        name = found.group(1).strip()
        if name.startswith("!"):
            parts.append(Literal(here, f"${{{name[1:]}}}"))
        elif name in variables:
            part = variables[name]
            if name in used and part.children():  # twice the same large part could double at every level
                part = Unknown(here, "repeated in the same text")
            used.add(name)
            parts.append(part)
        else:
            parts.append(_variable(name, here, scope))
    if at < len(text):
        parts.append(Literal(place(at, len(text)), text[at:]))
    return join(span, parts)


def _variable(name: str, span: Span, scope: Scope) -> Value:
    """`${Name}` or `${Name.Attribute}`."""
    resource, dot, path = name.partition(".")
    if dot and resource in scope.generated:
        target, prefix = scope.generated[resource]
        return Ref(span, RefKind.RESOURCE, target, (*prefix, *path.split(".")))
    return _named(name, span, scope)


def _places(literal: Literal) -> Callable[[int, int], Span]:
    """Where parts of a literal's text stand in the file; the whole literal when that cannot be told."""
    pieces = pieces_of(literal)
    if not pieces:
        return lambda start, end: literal.span
    host = Host(literal.span.file, pieces)
    return lambda start, end: Span(literal.span.file, host.outward(start), host.outward(max(end - 1, start)) + 1)


def _join(argument: Value, span: Span, scope: Scope) -> Value:
    delimiter = evaluate(argument.at(0), scope).string
    members = evaluate(argument.at(1), scope)
    if delimiter is None or not isinstance(members, Items) or members.open or not members.is_list:
        return _unknown("a Join that only deployment knows", span, members)
    parts: list[Value] = []
    for number, entry in enumerate(members.entries):
        if number and delimiter:
            parts.append(Literal(entry.value.span, delimiter))
        value = entry.value
        if isinstance(value, Items):  # a list inside a list, which an If or a list parameter gives
            value = _unknown("a list in a text", value.span, value)
        parts.append(value)
    return join(span, parts)


def join(span: Span, parts: Iterable[Value]) -> Value:
    """The text of these parts one after the other: Literal when all are, the part itself when it is alone."""
    flat: list[Value] = []
    length = 0
    for part in parts:
        for piece in part.parts if isinstance(part, Joined) else (part,):
            if isinstance(piece, Absent):
                continue
            if isinstance(piece, Items):
                piece = Unknown(piece.span, "a collection in a text", (piece,))
            if isinstance(piece, Literal):
                text = as_text(piece.value)
                length += len(text)
                last = flat[-1] if flat else None
                if not text:
                    continue
                if isinstance(last, Literal):
                    piece = Literal(_both(last.span, piece.span), as_text(last.value) + text)
                    flat.pop()
                elif not isinstance(piece.value, str):
                    piece = Literal(piece.span, text)
            flat.append(piece)
            if len(flat) > MAX_PARTS or length > MAX_TEXT:
                return Unknown(span, "too long a text")
    flat = _dynamic(flat)
    if not flat:
        return Literal(span, "")
    if len(flat) == 1:
        only = flat[0]
        return Literal(span, only.value) if isinstance(only, Literal) else only
    return Joined(span, tuple(flat))


def _both(first: Span, second: Span) -> Span:
    in_order = first.file is second.file and first.end <= second.start
    return Span(first.file, first.start, second.end) if in_order else first


def _dynamic(parts: list[Value]) -> list[Value]:
    """The parts with each `{{resolve:…}}` as one reference, also where it holds references itself."""
    if not any(isinstance(part, Literal) and "{{resolve:" in str(part.value) for part in parts):
        return parts
    found: list[Value] = []
    waiting: list[Value] = []  # the parts of a reference that has begun
    for part in parts:
        text = part.string
        if text is None:
            (waiting or found).append(part)
            continue
        place = part.span
        if waiting:
            end = text.find("}}")
            if end < 0:
                waiting.append(part)
                continue
            name = "".join(rendered(each) or "${}" for each in waiting) + text[: end + 2]
            found.append(Ref(_both(waiting[0].span, place), RefKind.DYNAMIC, name))
            waiting = []
            text = text[end + 2 :]
        at = 0
        for match in _RESOLVE.finditer(text):
            if match.start() > at:
                found.append(Literal(place, text[at : match.start()]))
            found.append(Ref(place, RefKind.DYNAMIC, match.group()))
            at = match.end()
        begun = text.find("{{resolve:", at)
        if begun > at:
            found.append(Literal(place, text[at:begun]))
        if begun >= 0:
            waiting = [Literal(place, text[begun:])]
        elif at < len(text):
            found.append(Literal(place, text[at:]))
    return found + waiting


# -- lists, maps, conditions ---------------------------------------------------------------------------------------


def _select(argument: Value, span: Span, scope: Scope) -> Value:
    index = as_text(evaluate(argument.at(0), scope).scalar)
    members = evaluate(argument.at(1), scope)
    if _INDEX.fullmatch(index) and isinstance(members, Items) and members.is_list and not members.open:
        if int(index) < len(members.entries):
            return members.entries[int(index)].value
        return _unknown("a Select beyond the end", span, members)
    return _unknown("a Select that only deployment knows", span, members)


def _split(argument: Value, span: Span, scope: Scope) -> Value:
    delimiter = evaluate(argument.at(0), scope).string
    text = evaluate(argument.at(1), scope)
    if not delimiter or text.string is None:
        return _unknown("a Split that only deployment knows", span, text)
    parts = text.string.split(delimiter)
    return Items(span, tuple(Entry(None, Literal(text.span, part)) for part in parts), is_list=True)


def _find_in_map(argument: Value, span: Span, scope: Scope) -> Value:
    name, first, second = (evaluate(argument.at(number), scope) for number in range(3))
    fallback = argument.at(3).at("DefaultValue")
    table = scope.mappings.at(name.string) if name.string is not None else None
    if table is None or not isinstance(table, Items) or table.open:
        return _unknown("a FindInMap that only deployment knows", span, first, second)
    rows = _rows(table, first)
    found: list[Value] = [value for row in rows for value in _rows(row, second)]
    if not isinstance(fallback, Absent):
        found.append(evaluate(fallback, scope))
    if not found or len(found) > _MAX_MAPPED:
        return _unknown("a FindInMap that only deployment knows", span, first, second)
    if len(found) == 1 or (first.string is not None and second.string is not None and isinstance(fallback, Absent)):
        return _with_span(found[0], span)
    return Choice(span, tuple(Option(None, _with_span(value, span)) for value in found))


def _rows(table: Value, key: Value) -> list[Value]:
    """The values of a map below a key: all of them when the key is not known."""
    if not isinstance(table, Items) or table.open:
        return []
    if isinstance(key, Literal):
        entry = table.entry(as_text(key.value))
        return [entry.value] if entry is not None else []
    return [entry.value for entry in table.entries]


def _if(argument: Value, span: Span, scope: Scope) -> Value:
    name = argument.at(0)
    if not isinstance(argument, Items) or len(argument.entries) != 3 or name.string is None:
        return _unknown("an If without condition and two values", span)
    then, otherwise = (evaluate(argument.entries[number].value, scope) for number in (1, 2))
    if isinstance(then, Absent) and isinstance(otherwise, Absent):
        return Absent(span)
    return Choice(span, (Option(name, then), Option(Operation(name.span, "not", (name,)), otherwise)))


def _unknown(why: str, span: Span, *mentions: Value) -> Unknown:
    """A value that only deployment knows and that may hold any part of these."""
    return Unknown(span, why, tuple(each for each in mentions if not isinstance(each, (Absent, Literal))))


def _deployed(why: str) -> Callable[[Value, Span, Scope], Value]:
    return lambda argument, span, scope: _unknown(why, span, evaluate(argument, scope))


_OPERATORS: Final = {"Fn::Equals": "==", "Fn::Not": "not", "Fn::And": "and", "Fn::Or": "or"}

_FUNCTIONS: Final[dict[str, Callable[[Value, Span, Scope], Value]]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Base64": _deployed("encoded text"),
    "Fn::GetAZs": _deployed("availability zones"),
    "Fn::Cidr": _deployed("address ranges"),
    "Fn::Length": _deployed("a length"),
    "Fn::ToJsonString": _deployed("JSON text"),
    **dict.fromkeys(_OPERATORS, _deployed("a condition")),
    "Fn::": _deployed("an intrinsic function that is not known"),
}
