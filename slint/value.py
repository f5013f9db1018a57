"""The value algebra: what templates, configuration and code say, as one kind of data.

A value holds no syntax tree. What it refers to is a `Ref`; a join between files is the replacement of a
reference by the value it stands for. A question about a value answers True, False, or None when the files
do not tell; rules report on `is True` only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from slint.enumeration import Enum
from slint.record import NamedTuple
from slint.source import Span

Scalar = str | int | float | bool | None


class Any_(Enum):
    """An index of a path that is not known, such as a loop's element or a computed key."""

    ANY = "*"

    def __repr__(self) -> str:
        return "ANY"


ANY: Final = Any_.ANY
Key = str | int | Any_


class RefKind(Enum):
    """What the root of a reference is; `Ref.name` says which one."""

    NAME = "name"  # code: a name as written, looked up in the scopes around it
    CALL = "call"  # code: the result of `module.calls[name]`
    BLOCK = "block"  # code: a function or class as a value, `module.blocks[name]`
    INSTANCE = "instance"  # code: the object whose method this is (`self`, `this`); name is its class's block
    ENV = "env"  # code: the environment variable `name`; absent is an error unless a Choice offers more
    PARAMETER = "parameter"  # code: the argument number `name` of the function that runs (made by linking)
    IMPORT = "import"  # code: the dotted name of something outside the project (made by linking)
    BUILTIN = "builtin"  # code: a name of the language itself (made by linking)
    RESOURCE = "resource"  # template: the resource with logical id `name`; path is the attribute of GetAtt
    INPUT = "input"  # template: a parameter without a value known from the files
    PSEUDO = "pseudo"  # template: `AWS::Region` and its like
    DYNAMIC = "dynamic"  # template: a value fetched at deployment, `{{resolve:...}}`; name is the whole reference
    EXTERNAL = "external"  # template: a value of another stack


class Value:
    """Base of all values; `span` is where it is written.

    Values are the most made objects of a run, and never changed. They are written out because a dataclass takes
    0.7 ms to define at each start, and a frozen one three times as long to fill.
    """

    __slots__ = ("span",)
    __match_args__: tuple[str, ...] = ("span",)

    def __init__(self, span: Span) -> None:
        self.span = span

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and _parts(self) == _parts(other)

    def __hash__(self) -> int:
        return hash(_parts(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}{_parts(self)!r}"

    def equals(self, other: Scalar) -> bool | None:
        """Whether the value is `other` whatever is deployed."""
        return _all_alike(self, lambda value: _scalar_equals(value, other))

    def less_than(self, number: float) -> bool | None:
        """Whether the value is a number below `number`; text that reads as a number counts as one."""

        def below(value: Value) -> bool | None:
            amount = value.number
            return None if amount is None else amount < number

        return _all_alike(self, below)

    def matches(self, pattern: re.Pattern[str]) -> bool | None:
        """Whether `pattern` is found in the value's text."""

        def found(value: Value) -> bool | None:
            return (
                bool(pattern.search(value.value))
                if isinstance(value, Literal) and isinstance(value.value, str)
                else None
            )

        return _all_alike(self, found)

    def has(self, key: Key) -> bool | None:
        """Whether a mapping has the key; True when it does in every possible case."""

        def present(value: Value) -> bool | None:
            if isinstance(value, Absent):
                return False
            if not isinstance(value, Items):
                return None
            if any(entry.literal_key == key for entry in value.entries):
                return True
            return None if value.open else False

        return _all_alike(self, present)

    def at(self, *path: Key) -> Value:
        """What lies at `path`; Absent when it is known to be missing, Unknown when it cannot be known."""
        value: Value = self
        for key in path:
            value = _step(value, key)
        return value

    def possible(self) -> Iterator[Option]:
        """The value's alternatives with the condition of each; a value that is no Choice is its own only one."""
        if isinstance(self, Choice):
            for option in self.options:
                for inner in option.value.possible():
                    yield Option(inner.when if option.when is None else option.when, inner.value)
        else:
            yield Option(None, self)

    def children(self) -> tuple[Value, ...]:
        """The values written directly inside this one."""
        return ()

    def walk(self) -> Iterator[Value]:
        """This value and all inside it, in the order written; deep nesting is no problem."""
        stack: list[Value] = [self]
        while stack:
            value = stack.pop()
            yield value
            stack.extend(reversed(value.children()))

    def references(self) -> Iterator[Ref]:
        """Every reference inside the value, those that an Unknown mentions included."""
        return (value for value in self.walk() if isinstance(value, Ref))

    @property
    def scalar(self) -> Scalar:
        """The literal's value; None for a literal null and for everything that is not a literal."""
        return self.value if isinstance(self, Literal) else None

    @property
    def string(self) -> str | None:
        """The text of a literal string, else None."""
        return self.value if isinstance(self, Literal) and isinstance(self.value, str) else None

    @property
    def number(self) -> float | None:
        """The number of a literal, also one written as text (templates quote numbers), else None."""
        if not isinstance(self, Literal) or isinstance(self.value, bool) or self.value is None:
            return None
        try:
            return float(self.value)
        except ValueError:
            return None


class Absent(Value):
    """Nobody wrote it; `span` is the place that would hold it."""

    __slots__ = ()


class Literal(Value):
    """A scalar as written: str, int, float, bool or None."""

    __slots__ = ("value",)
    __match_args__ = ("span", "value")

    def __init__(self, span: Span, value: Scalar) -> None:
        self.span = span
        self.value: Final = value


class Joined(Value):
    """Text made of parts: an f-string, `a + b`, `Fn::Sub`, `Fn::Join`."""

    __slots__ = ("parts",)
    __match_args__ = ("span", "parts")

    def __init__(self, span: Span, parts: tuple[Value, ...]) -> None:
        self.span = span
        self.parts: Final = parts

    def children(self) -> tuple[Value, ...]:
        """The values written directly inside this one."""
        return self.parts

    @property
    def prefix(self) -> str:
        """The text it certainly begins with."""
        return self.parts[0].string or "" if self.parts else ""

    @property
    def suffix(self) -> str:
        """The text it certainly ends with."""
        return self.parts[-1].string or "" if self.parts else ""


class Entry(NamedTuple):
    """One member of Items; `key` is None in a list. `span` of the key is where the member is named."""

    key: Value | None
    value: Value

    @property
    def literal_key(self) -> Scalar:
        """The key when it is written out, else None."""
        return self.key.scalar if self.key is not None else None

    @property
    def span(self) -> Span:
        """Where the member is named: its key, or the value in a list."""
        return (self.key or self.value).span


class Items(Value):
    """A mapping or a list; `open` when more members may follow (a spread, a macro). Later duplicates win."""

    __slots__ = ("entries", "is_list", "open")
    __match_args__ = ("span", "entries", "open", "is_list")

    def __init__(self, span: Span, entries: tuple[Entry, ...], open: bool = False, is_list: bool = False) -> None:
        self.span = span
        self.entries: Final = entries
        self.open: Final = open
        self.is_list: Final = is_list

    def children(self) -> tuple[Value, ...]:
        """The values written directly inside this one."""
        return tuple(part for entry in self.entries for part in entry if part is not None)

    def entry(self, key: Scalar) -> Entry | None:
        """The member with a literal key, the last one when it is written twice."""
        for entry in reversed(self.entries):
            written = entry.key
            if type(written) is Literal and written.value == key:  # asked most of all: a property would double its time
                return entry
        return None

    def named(self) -> Iterator[tuple[str, Entry]]:
        """The members whose key is literal text, with that text."""
        for entry in self.entries:
            if entry.key is not None and entry.key.string is not None:
                yield entry.key.string, entry


class Option(NamedTuple):
    """One alternative; `when` is its condition where the file names one (the name of a template's Condition, an expression)."""

    when: Value | None
    value: Value


class Choice(Value):
    """One of these: `Fn::If`, a conditional expression, `a or b`, a default, several assignments."""

    __slots__ = ("options",)
    __match_args__ = ("span", "options")

    def __init__(self, span: Span, options: tuple[Option, ...]) -> None:
        self.span = span
        self.options: Final = options

    def children(self) -> tuple[Value, ...]:
        """The values written directly inside this one."""
        return tuple(part for option in self.options for part in option if part is not None)


class Operation(Value):
    """A comparison, arithmetic or logic over operands; `name` is the neutral operator.

    Names: `==` `!=` `<` `<=` `>` `>=` `in` `not-in` `is` `is-not` `not` `and` `or` `-` `*` `/` `%` `call-like` …;
    template conditions use the same names for `Fn::Equals`, `Fn::Not`, `Fn::And`, `Fn::Or`.
    """

    __slots__ = ("name", "operands")
    __match_args__ = ("span", "name", "operands")

    def __init__(self, span: Span, name: str, operands: tuple[Value, ...]) -> None:
        self.span = span
        self.name: Final = name
        self.operands: Final = operands

    def children(self) -> tuple[Value, ...]:
        """The values written directly inside this one."""
        return self.operands


class Ref(Value):
    """What lies at `path` below a known root."""

    __slots__ = ("kind", "name", "path")
    __match_args__ = ("span", "kind", "name", "path")

    def __init__(self, span: Span, kind: RefKind, name: str | int, path: tuple[Key, ...] = ()) -> None:
        self.span = span
        self.kind: Final = kind
        self.name: Final = name
        self.path: Final = path

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Ref)
            and self.name == other.name
            and self.kind is other.kind
            and self.path == other.path
            and self.span == other.span
        )

    def __hash__(self) -> int:
        return hash((self.span.start, self.name))  # often asked, and few others are alike in these

    def with_path(self, *path: Key) -> Ref:
        """The same root with another path."""
        return Ref(self.span, self.kind, self.name, path)


class Unknown(Value):
    """What the files do not tell; `mentions` are the values seen inside, so that origins still pass through."""

    __slots__ = ("mentions", "why")
    __match_args__ = ("span", "why", "mentions")

    def __init__(self, span: Span, why: str, mentions: tuple[Value, ...] = ()) -> None:
        self.span = span
        self.why: Final = why
        self.mentions: Final = mentions

    def children(self) -> tuple[Value, ...]:
        """The values written directly inside this one."""
        return self.mentions


def _parts(value: Value) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in value.__match_args__)


_Question: TypeAlias = Callable[[Value], bool | None]


def _all_alike(value: Value, question: _Question) -> bool | None:
    """The common answer for all alternatives; None when they differ or one cannot be known."""
    answers = {question(option.value) for option in value.possible()}
    return answers.pop() if len(answers) == 1 else None


def _scalar_equals(value: Value, other: Scalar) -> bool | None:
    if isinstance(value, Absent):
        return False
    if not isinstance(value, Literal):
        return None
    return value.value == other and isinstance(value.value, bool) == isinstance(other, bool)


def _step(value: Value, key: Key) -> Value:
    if isinstance(value, Items):
        if isinstance(key, int) and value.is_list:
            if 0 <= key < len(value.entries) and not value.open:
                return value.entries[key].value
        elif not isinstance(key, Any_):
            found = value.entry(key)
            if found is not None:
                return found.value
        if value.open or isinstance(key, Any_):
            return Unknown(value.span, "more may follow here", tuple(entry.value for entry in value.entries))
        return Absent(value.span)
    if isinstance(value, Choice):
        return Choice(value.span, tuple(Option(option.when, _step(option.value, key)) for option in value.options))
    if isinstance(value, Ref):
        return value.with_path(*value.path, key)
    if isinstance(value, (Absent, Literal)):
        return Absent(value.span)
    return Unknown(value.span, "part of a value that is not known", (value,))
