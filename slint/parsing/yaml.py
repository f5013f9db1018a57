"""YAML text to values with spans, as CloudFormation and SAM read it.

Scalars are resolved by YAML 1.1, except that what would lose its text stays text: dates, versions such as
2010-09-09, numbers with leading zeros (account ids), sexagesimal numbers. Keys are always text. The short forms of
intrinsic functions (`!Sub x`) become the same Items as the long ones (`{"Fn::Sub": x}`), and the text of a
`GetAtt` is split at its first dot. What another tool's tag (`!Rain::Embed x`) stands for is Unknown.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from slint.parsing import json
from slint.parsing.errors import ParseError
from slint.parsing.json import MAX_DEPTH, MAX_VALUES, OUR_LIMITS, TOO_DEEP, TOO_MANY, last_of_each_key
from slint.regex import regex
from slint.source import SourceFile, Span
from slint.value import Entry, Items, Literal, Scalar, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ALIASED: Final = 50_000
"""Values that all aliases of a file may add together; an alias beyond is Unknown, so that no bomb goes off."""

_MAX_SKIPPED_DEPTH: Final = 800
"""Below what a newer libyaml refuses itself: 1,000 collections in each other. An older one takes quadratic time for them."""
_LIBYAML_TOO_DEEP: Final = "exceeded maximum nesting depth"

_FUNCTIONS: Final = (
    "And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "GetAZs", "GetAtt",
    "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select", "Split", "Sub", "ToJsonString", "Transform",
    "ValueOf", "ValueOfAll",
)  # fmt: skip
_SHORT_FORMS: Final = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _FUNCTIONS},
}
_SPELLINGS: Final[dict[str, Scalar]] = {
    "": None, "~": None, "null": None, "true": True, "yes": True, "on": True, "false": False, "no": False, "off": False,
}  # fmt: skip
_WORDS: Final = {
    spelling: value for word, value in _SPELLINGS.items() for spelling in (word, word.capitalize(), word.upper())
}
_NUMBER: Final = regex(
    r"[-+]?(?:(?P<int>0|[1-9][0-9_]*)|0x[0-9a-fA-F_]+|(?P<float>[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?))"
)
_NUMBER_START: Final = frozenset("-+.0123456789")
_MAX_DIGITS: Final = 100  # longer numbers stay text: nobody means an amount
_PROPERTIES: Final = regex(r"(?:[!&][^\s,\[\]{}]*+(?:\s++|#[^\r\n]*+)*+)++")
_TAG: Final = regex(r"!\S*")
_YAML_TAG: Final = "tag:yaml.org,2002:"  # a type of YAML itself, such as `!!str`


def parse(file: SourceFile, unread: dict[str, Span] | None = None) -> Value:
    """The value of the first document of a YAML or JSON file; an empty file is Literal None.

    A mapping keeps the last of entries with the same key; `<<` merges. The span of a collection covers it from its
    first to its last character, that of a block scalar begins at its `|` or `>`. What is nested too deeply, or made of
    too many aliases, is Unknown. `unread` is told why something was left out, each reason with its first place. Raises
    ParseError.
    """
    left_out = {} if unread is None else unread
    if file.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", "/"):
        try:
            return json.parse(file, left_out)
        except ParseError as error:
            if error.message in OUR_LIMITS:
                raise
            # YAML in flow style begins like JSON; what is neither gets the YAML parser's message.
    return _Builder(file, left_out).build()


@cache
def _library() -> Any:
    """PyYAML, which a run over JSON does not need.

    When it is imported it compiles patterns for its reader in Python, 9 of 160 ms of a small run (PyYAML 6.0, 2026-11):
    libyaml reads here, so they are left for who uses them.
    """
    patterns: Any = re
    compile_now, patterns.compile = patterns.compile, regex
    try:
        import yaml
    finally:
        patterns.compile = compile_now
    return yaml


class _Level:
    """A collection that is being read."""

    __slots__ = ("anchor", "entries", "height", "is_flow", "is_list", "key", "merged", "size", "start", "tag")

    def __init__(self, start: int, tag: str | None, anchor: str | None, is_list: bool, is_flow: bool) -> None:
        self.start = start
        self.tag = tag
        self.anchor = anchor
        self.is_list = is_list
        self.is_flow = is_flow
        self.entries: list[Entry] = []
        self.key: Value | None = None
        self.merged: list[Entry] = []
        self.size = 1
        self.height = 1


class _Sized:
    """A value with the number of values in it and how deep they nest: what an alias to it would add."""

    __slots__ = ("height", "size", "value")

    def __init__(self, value: Value, size: int, height: int) -> None:
        self.value = value
        self.size = size
        self.height = height


class _Builder:
    """Makes values from the parser's events with its own stack, so that depth costs nothing."""

    def __init__(self, file: SourceFile, unread: dict[str, Span]) -> None:
        self.file = file
        self.unread = unread
        self.count = 0
        self.text = file.text
        self.base = 1 if file.text.startswith("\ufeff") else 0  # the parser does not count a byte order mark
        self.levels: list[_Level] = []
        self.anchors: dict[str, _Sized] = {}
        self.aliased = 0
        self.result: Value | None = None

    def build(self) -> Value:
        yaml = _library()
        try:
            self._read(yaml)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = mark.index + self.base if mark is not None else 0
            problem = error.problem or error.context or "not YAML"
            raise self._error(TOO_DEEP if problem == _LIBYAML_TOO_DEEP else problem, at) from None
        except yaml.reader.ReaderError as error:
            # Its position counts bytes: find the character, which it also names.
            raise self._error(f"{error.reason}: {_shown(error.character)}", self._find(error.character)) from None
        except UnicodeEncodeError as error:
            raise self._error("text that is no Unicode", error.start + self.base) from None
        return self.result if self.result is not None else Literal(Span(self.file, 0, 0), None)

    def _read(self, yaml: Any) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self.text[self.base :])
        next_event: Callable[[], Any] = loader.get_event
        scalar, alias, document_end = yaml.ScalarEvent, yaml.AliasEvent, yaml.DocumentEndEvent
        starts = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        stream_end = yaml.StreamEndEvent
        while True:
            event = next_event()
            kind = type(event)
            if kind is scalar:
                self._scalar(event)
            elif kind in starts:
                start = event.start_mark.index + self.base
                if len(self.levels) >= MAX_DEPTH:
                    end = self._skip(next_event, starts, ends)
                    self._leave_out(Span(self.file, start, end), TOO_DEEP)
                else:
                    is_list = kind is yaml.SequenceStartEvent
                    self.levels.append(_Level(start, event.tag, event.anchor, is_list, bool(event.flow_style)))
            elif kind in ends:
                self._close(event.end_mark.index + self.base)
            elif kind is alias:
                self._alias(event)
            elif kind is document_end or kind is stream_end:
                return

    def _skip(self, next_event: Callable[[], Any], starts: tuple[type, ...], ends: tuple[type, ...]) -> int:
        """Pass over a collection whose start is read; the offset of its end."""
        depth = 1
        while True:
            event = next_event()
            if type(event) in starts:
                depth += 1
                if depth > _MAX_SKIPPED_DEPTH:
                    raise self._error(TOO_DEEP, event.start_mark.index + self.base)
            elif type(event) in ends:
                depth -= 1
                if depth == 0:
                    return int(event.end_mark.index) + self.base

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index + self.base, event.end_mark.index + self.base
        self.count += 1
        if self.count > MAX_VALUES:
            raise self._error(TOO_MANY, start)
        text, style, tag, anchor = event.value, event.style, event.tag, event.anchor
        inner = start
        if tag is not None or anchor is not None:
            properties = _PROPERTIES.match(self.text, start, end)
            inner = properties.end() if properties else start
        if style == "|" or style == ">":
            end = _block_end(self.text, inner, end, text)
        level = self.levels[-1] if self.levels else None
        span = Span(self.file, inner, end)
        value: Value
        if level is not None and not level.is_list and level.key is None:
            value = Literal(span, text)
            if text == "<<" and not style:
                value = Unknown(span, _MERGE)
        elif (tag is None and not style) or tag == "tag:yaml.org,2002:int" or tag == "tag:yaml.org,2002:float":
            value = Literal(span, _resolved(text))
        else:
            value = Literal(span, text)
        if tag is not None:
            value = self._tagged(tag, value, start)
        if anchor is not None:
            self.anchors[anchor] = _Sized(value, 1, 1)
        self._add(value, 1, 1)

    def _alias(self, event: Any) -> None:
        span = Span(self.file, event.start_mark.index + self.base, event.end_mark.index + self.base)
        target = self.anchors.get(event.anchor)
        if target is None:
            if any(level.anchor == event.anchor for level in self.levels):
                self._leave_out(span, "an alias to what it is part of")
                return
            raise self._error(f"undefined alias {event.anchor!r}", span.start)
        self.aliased += target.size
        if self.aliased > MAX_ALIASED:
            self._leave_out(span, _TOO_OFTEN)
        elif len(self.levels) + target.height > MAX_DEPTH:
            self._leave_out(span, TOO_DEEP)
        else:
            self._add(target.value, target.size, target.height)

    def _close(self, end: int) -> None:
        level = self.levels.pop()
        start = level.start
        if level.tag is not None or level.anchor is not None:
            properties = _PROPERTIES.match(self.text, start, end)
            start = properties.end() if properties else start
        entries = level.entries
        if not level.is_flow:
            # The parser ends a block collection where the next thing begins.
            end = _end_of_last(entries, start)
        if not level.is_list:
            entries = last_of_each_key(entries, self.unread)
            if level.merged:
                entries = last_of_each_key(level.merged + entries)
            if len(entries) == 1:
                entries = [_split_get_att(entries[0])]
        value: Value = Items(Span(self.file, start, end), tuple(entries), is_list=level.is_list)
        if level.tag is not None:
            value = self._tagged(level.tag, value, level.start)
        if level.anchor is not None:
            self.anchors[level.anchor] = _Sized(value, level.size, level.height)
        self._add(value, level.size, level.height)

    def _tagged(self, tag: str, value: Value, start: int) -> Value:
        """What a tag makes of a value."""
        short = _SHORT_FORMS.get(tag)
        if short is not None:
            return self._intrinsic(short, value, start)
        if tag == "!" or tag.startswith(_YAML_TAG):
            return value
        return Unknown(value.span, f"what the tag {tag[:50]} stands for", (value,))

    def _intrinsic(self, name: str, value: Value, start: int) -> Items:
        """The long form of a short one; the key's span is the tag."""
        tag = _TAG.search(self.text, start, max(value.span.start, start))
        key = Span(self.file, tag.start(), tag.end()) if tag else Span(self.file, start, start)
        entry = _split_get_att(Entry(Literal(key, name), value))
        return Items(Span(self.file, start, value.span.end), (entry,))

    def _add(self, value: Value, size: int, height: int) -> None:
        if not self.levels:
            self.result = value
            return
        level = self.levels[-1]
        level.size += size
        if height >= level.height:
            level.height = height + 1
        if level.is_list:
            level.entries.append(Entry(None, value))
        elif level.key is None:
            level.key = value
        else:
            if isinstance(level.key, Unknown) and level.key.why is _MERGE:
                self._merge(level, value)
            else:
                level.entries.append(Entry(level.key, value))
            level.key = None

    def _leave_out(self, span: Span, why: str) -> None:
        self.unread.setdefault(why, span)
        self._add(Unknown(span, why), 1, 1)

    def _merge(self, level: _Level, value: Value) -> None:
        """Put in front what `<<` takes over; of several mappings the first wins, so it comes last."""
        if not isinstance(value, Items):
            return
        sources = [entry.value for entry in value.entries] if value.is_list else [value]
        for source in reversed(sources):
            if isinstance(source, Items) and not source.is_list:
                level.merged.extend(source.entries)
        self.aliased += len(level.merged)
        if self.aliased > MAX_ALIASED:
            level.merged.clear()
            self.unread.setdefault(_TOO_OFTEN, value.span)

    def _find(self, character: object) -> int:
        shown = chr(character) if isinstance(character, int) else str(character)
        return max(self.text.find(shown, self.base), 0)

    def _error(self, message: str, at: int) -> ParseError:
        at = min(at, len(self.text))
        return ParseError(message, Span(self.file, at, min(at + 1, len(self.text))))


_MERGE: Final = "a merge key"
_TOO_OFTEN: Final = "aliases repeat too much"


def _resolved(text: str) -> Scalar:
    """The value of a plain scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START or len(text) > _MAX_DIGITS:
        return text
    if text.isdecimal() and text.isascii() and text[0] != "0":  # as nearly all are: a pattern is not needed
        return int(text)
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    digits = text.replace("_", "")  # they may stand anywhere, and mean nothing
    if number.group("int"):
        return int(digits)
    try:
        return float(digits) if number.group("float") else int(digits, 16)
    except ValueError:  # `0x_`
        return text


def _split_get_att(entry: Entry) -> Entry:
    """`Fn::GetAtt: A.B.C` as the list `[A, B.C]`, as CloudFormation reads it."""
    value = entry.value
    if entry.literal_key != "Fn::GetAtt" or not isinstance(value, Literal) or not isinstance(value.value, str):
        return entry
    resource, dot, attribute = value.value.partition(".")
    if not dot:
        return entry
    first = second = value.span
    at = value.span.file.text.find(value.value, value.span.start, value.span.end)
    if at >= 0:
        first = Span(value.span.file, at, at + len(resource))
        second = Span(value.span.file, first.end + 1, first.end + 1 + len(attribute))
    parts = (Entry(None, Literal(first, resource)), Entry(None, Literal(second, attribute)))
    return Entry(entry.key, Items(value.span, parts, is_list=True))


def _end_of_last(entries: list[Entry], start: int) -> int:
    """Where a block collection ends; the values of aliases stand elsewhere."""
    if not entries:
        return start
    key, value = entries[-1]
    if value.span.start >= start and (key is None or value.span.start >= key.span.end):
        return value.span.end
    return max([start, *(part.span.end for entry in entries for part in entry if part and part.span.start >= start)])


def _block_end(text: str, start: int, end: int, value: str) -> int:
    """Where a block scalar really ends: the parser counts the empty lines after it, which only `+` keeps."""
    if "+" in text[start : start + 3] or value.rstrip("\n").endswith((" ", "\t")):
        return end
    written = text[start:end]
    stop = len(written.rstrip(" \t\r\n"))
    for line_end in ("\r\n", "\n", "\r"):
        if written.startswith(line_end, stop):
            return start + stop + len(line_end)
    return start + stop


def _shown(character: object) -> str:
    return f"U+{character:04X}" if isinstance(character, int) else repr(character)
