"""Which parameters of a template a raw value takes its text from."""

from __future__ import annotations

from collections.abc import Iterator

from slint.templates.intrinsics import VARIABLE
from slint.value import Items, Literal, Ref, RefKind, Value

_CHOOSES = {"Fn::If": 1, "Fn::FindInMap": 3, "Fn::Select": 1}
"""Functions whose first arguments only choose: how many of them."""

_OPAQUE = frozenset({"Fn::GetAtt", "Fn::ImportValue", "Fn::GetAZs", "Fn::Length", "Condition"})
"""Functions whose result holds no text of their arguments."""


def parameters_in(raw: Value) -> Iterator[Ref]:
    """The names, as references of kind INPUT, that may be parameters and whose text is in what the value gives.

    Names that only choose among alternatives (the condition of an If, the keys of a FindInMap) are left out. The
    caller looks the names up: resources and pseudo parameters are referred to in the same way.
    """
    stack = [raw]
    while stack:
        value = stack.pop()
        if not isinstance(value, Items):
            continue
        key = value.entries[0].literal_key if len(value.entries) == 1 else None
        argument = value.entries[0].value if value.entries else value
        if key == "Ref":
            if argument.string is not None:
                yield Ref(argument.span, RefKind.INPUT, argument.string)
        elif key == "Fn::Sub":
            yield from _substituted(argument, stack)
        elif key in _CHOOSES:
            stack.extend(reversed(argument.children()[_CHOOSES[str(key)] :]))
        elif key not in _OPAQUE:
            stack.extend(entry.value for entry in reversed(value.entries))


def _substituted(argument: Value, stack: list[Value]) -> Iterator[Ref]:
    text, variables = argument, None
    if isinstance(argument, Items) and argument.is_list:
        text, variables = argument.at(0), argument.at(1)
    given = dict(variables.named()) if isinstance(variables, Items) else {}
    if isinstance(text, Literal) and isinstance(text.value, str):
        for found in VARIABLE.finditer(text.value):
            name = found.group(1).strip()
            if name in given:
                stack.append(given[name].value)
            elif not name.startswith("!"):
                yield Ref(text.span, RefKind.INPUT, name)
