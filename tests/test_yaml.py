"""YAML and JSON to positioned values."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from slint.parsing import json, yaml
from slint.parsing.errors import ParseError
from slint.parsing.scalars import inner_file, pieces_of
from slint.source import SourceFile, Span
from slint.value import Items, Literal, Unknown, Value


def parse(text: str) -> Value:
    return yaml.parse(SourceFile("t.yaml", text))


def plain(value: Value) -> Any:
    """A value as Python data; what is Unknown as its reason in angle brackets."""
    if isinstance(value, Items) and value.is_list:
        return [plain(entry.value) for entry in value.entries]
    if isinstance(value, Items):
        return {entry.literal_key: plain(entry.value) for entry in value.entries}
    if isinstance(value, Unknown):
        return f"<{value.why}>"
    assert isinstance(value, Literal)
    return value.value


def strings(value: Value) -> list[Literal]:
    return [each for each in value.walk() if isinstance(each, Literal) and isinstance(each.value, str)]


# -- scalars -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("-5", -5),
        ("1_000", 1000),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("3.", 3.0),
        ("yes", True),
        ("Off", False),
        ("NULL", None),
        ("~", None),
        ("", None),
        ("012345678901", "012345678901"),
        ("0777", "0777"),
        ("2010-09-09", "2010-09-09"),
        ("1:30", "1:30"),
        (".inf", ".inf"),
        ("1e3", "1e3"),
        ("9" * 5000, "9" * 5000),
        ("'3'", "3"),
        ('"yes"', "yes"),
        ("!!str 3", "3"),
        ("!!int '3'", 3),
    ],
)
def test_scalars_are_read_as_cloudformation_reads_them(written: str, value: object) -> None:
    found = parse(f"a: {written}").at("a").scalar
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("written", ["!Custom text", "!Rain::Embed app.py", "!Custom {b: 1}", "!Custom [1]", "!Custom"])
def test_what_another_tools_tag_stands_for_is_unknown(written: str) -> None:
    assert isinstance(parse(f"a: {written}\nb: 1").at("a"), Unknown)


def test_keys_are_always_text() -> None:
    assert plain(parse("on: 1\n200: 2\n012: 3")) == {"on": 1, "200": 2, "012": 3}


def test_the_last_of_duplicate_keys_stays() -> None:
    value = parse("a: 1\nb: 2\na: 3\n")
    assert plain(value) == {"b": 2, "a": 3}
    assert value.at("a").span.location().start == (3, 4)


def test_only_the_first_document_is_read() -> None:
    assert plain(parse("a: 1\n---\n{{{")) == {"a": 1}


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "\ufeff"])
def test_an_empty_file_is_null(text: str) -> None:
    assert parse(text).scalar is None
    assert isinstance(parse(text), Literal)


# -- intrinsic functions -------------------------------------------------------------------------------------------

SHORT = """
a: !Ref Name
b: !Sub '${Name}-x'
c: !GetAtt Table.Arn
d: !GetAtt Stack.Outputs.Url
e: !If [Prod, !Ref A, !Ref AWS::NoValue]
f: !Join ['-', [x, !Ref Name]]
g: !Base64
  Fn::Sub: hello
h: !Select
  - 0
  - !GetAZs ''
i: !Condition Prod
"""
LONG = """
a: {Ref: Name}
b: {'Fn::Sub': '${Name}-x'}
c: {Fn::GetAtt: Table.Arn}
d: {Fn::GetAtt: [Stack, Outputs.Url]}
e:
  Fn::If:
    - Prod
    - Ref: A
    - Ref: AWS::NoValue
f: {Fn::Join: ['-', [x, {Ref: Name}]]}
g: {Fn::Base64: {Fn::Sub: hello}}
h: {Fn::Select: [0, {Fn::GetAZs: ''}]}
i: {Condition: Prod}
"""
JSON = """{
\t"a": {"Ref": "Name"}, "b": {"Fn::Sub": "${Name}-x"}, "c": {"Fn::GetAtt": ["Table", "Arn"]},
\t"d": {"Fn::GetAtt": ["Stack", "Outputs.Url"]},
\t"e": {"Fn::If": ["Prod", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]},
\t"f": {"Fn::Join": ["-", ["x", {"Ref": "Name"}]]}, "g": {"Fn::Base64": {"Fn::Sub": "hello"}},
\t"h": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "i": {"Condition": "Prod"}
}"""


def test_short_long_and_json_forms_are_the_same_values() -> None:
    assert plain(parse(SHORT)) == plain(parse(LONG)) == plain(parse(JSON))


def test_parts_of_a_short_form_have_their_own_spans() -> None:
    value = parse("k: !GetAtt Table.Arn\n").at("k")
    assert isinstance(value, Items)
    assert value.span.text == "!GetAtt Table.Arn"
    assert value.entries[0].span.text == "!GetAtt"
    assert [entry.value.span.text for entry in value.entries[0].value.entries] == ["Table", "Arn"]  # type: ignore[attr-defined]


# -- positions -----------------------------------------------------------------------------------------------------


def test_spans_of_collections_end_where_they_end() -> None:
    value = parse("a:\n  b: 1\n  c: [x, y]\n\n# note\nd:\n  - q\n\n")
    assert value.at("a").span.text == "b: 1\n  c: [x, y]"
    assert value.at("a", "c").span.text == "[x, y]"
    assert value.at("d").span.text == "- q"
    assert isinstance(value, Items)
    assert [entry.span.text for entry in value.entries] == ["a", "d"]


def test_anchors_and_tags_are_no_part_of_a_value() -> None:
    value = parse("a: &x !!str 12\nb: &y\n  c: 1\nd: [&z e, *z]\n")
    assert value.at("a").span.text == "12"
    assert value.at("b").span.text == "c: 1"
    assert [entry.value.span.text for entry in value.at("d").entries] == ["e", "e"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("written", ["!Rain::Embed app.py", "!File [app.py]", "!Include {file: app.py}"])
def test_what_a_tag_of_another_tool_makes_is_unknown(written: str) -> None:
    value = parse(f"a: {written}\nb: ! text\n")
    assert isinstance(value.at("a"), Unknown)
    assert value.at("b").string == "text"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_positions_with_byte_order_mark_line_ends_and_wide_characters(newline: str, mark: str) -> None:
    text = mark + newline.join(["a: \U0001f600 é", "b:", "  - 'ü': x", ""])
    value = parse(text)
    assert value.at("a").span.text == "\U0001f600 é"
    assert value.at("b", 0, "ü").span.text == "x"
    assert value.at("b", 0, "ü").span.location().start == (3, 10)


def test_json_positions() -> None:
    text = '\ufeff{\n\t"a": [1, {"b": "\\ud83d\\ude00 x"}],\r\n\t"c": null}'
    value = parse(text)
    assert value.at("a", 1, "b").string == "\U0001f600 x"
    assert value.at("a", 1, "b").span.text == '"\\ud83d\\ude00 x"'
    assert value.at("c").span.location().start == (3, 7)


def test_comments_and_trailing_commas_are_accepted_in_json() -> None:
    assert plain(parse('// x\n{"a": [1, 2,], /* y */ "b": {},\n}')) == {"a": [1, 2], "b": {}}


def test_json_with_yaml_inside_is_read_as_yaml() -> None:
    assert plain(parse("{a: b, c: [!Ref x]}")) == {"a": "b", "c": [{"Ref": "x"}]}


# -- code in scalars -----------------------------------------------------------------------------------------------


def at(inner: SourceFile, needle: str) -> tuple[int, int]:
    start = inner.text.index(needle)
    return Span(inner, start, start + len(needle)).location().start


@pytest.mark.parametrize(
    ("text", "needle", "place"),
    [
        ("k: |\n    import os\n\n    def f():\n      pass\n", "pass", (5, 7)),
        ("k: |\r\n  import os\r\n  x = 1\r\n", "x = 1", (3, 3)),
        ("k: |2-\n    indented\n  y\n", "y", (3, 3)),
        ("k: |+\n  a\n\n  b\n\n", "b", (4, 3)),
        ("k:\n  - - |-\n      a\n      b\n", "b", (4, 7)),
        ("k: >\n  folded\n  text\n\n  next\n    deep\n  end\n", "text", (3, 3)),
        ("k: >\n  folded\n  text\n\n  next\n    deep\n  end\n", "deep", (6, 5)),
        ("k: >\n  folded\n  text\n\n  next\n    deep\n  end\n", "end", (7, 3)),
        ("k: import os; print(1)", "print", (1, 15)),
        ("k: one\n  two\n\n  three\n", "three", (4, 3)),
        ("k: 'it''s here'", "here", (1, 11)),
        ("k: 'a\n\n  b'", "b", (3, 3)),
        ('k: "a\\n\\tb\\u00e9 c"', "c", (1, 18)),
        ('k: "a \\\n    b"', "b", (2, 5)),
        ('{"k": "def f():\\n  return 1\\n"}', "return", (1, 20)),
        ('{"k": "\\ud83d\\ude00\\/x = 1"}', "x", (1, 22)),
        ("k: &anchor !!str |\n  a\n  b\n", "b", (3, 3)),
    ],
)
def test_inner_code_maps_to_the_line_and_column_it_is_written_at(
    text: str, needle: str, place: tuple[int, int]
) -> None:
    literal = next(each for each in strings(parse(text)) if needle in str(each.value))
    inner = inner_file(literal)
    assert inner.text == literal.value
    assert at(inner, needle) == place


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), max_size=30)
texts = st.one_of(
    words, st.lists(words, max_size=4).map("\n".join), st.sampled_from(["", " x", "x ", "a\n\n", "\n", "#"])
)
documents = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)


@settings(max_examples=300, deadline=None)
@given(documents, st.sampled_from([None, "|", ">", "'", '"']), st.sampled_from([20, 80]), st.booleans(), st.booleans())
def test_every_string_is_found_where_it_is_written(
    data: object, style: str | None, width: int, unicode: bool, flow: bool
) -> None:
    text = pyyaml.safe_dump(data, default_style=style, width=width, allow_unicode=unicode, default_flow_style=flow)
    value = parse(text)
    for literal in strings(value):
        wanted = str(literal.value)
        pieces = pieces_of(literal)
        if any(odd in text for odd in "\x85\u2028\u2029"):  # line ends that only YAML knows
            continue
        assert bool(pieces) == bool(wanted)
        for inner, outer, length in pieces:
            assert literal.span.start <= outer
            written = text[outer : outer + length]
            assert length == 1 or written == wanted[inner : inner + length]
        if literal.span.text[:1] in ("'", '"'):
            assert parse(literal.span.text).scalar == wanted


@settings(max_examples=200, deadline=None)
@given(documents)
def test_json_and_yaml_read_json_alike(data: object) -> None:
    from json import dumps

    for text in (dumps(data), dumps(data, ensure_ascii=False, indent=1)):
        file = SourceFile("t.json", text)
        assert plain(json.parse(file)) == data
        for literal in strings(json.parse(file)):
            assert bool(pieces_of(literal)) == bool(literal.value)


# -- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a:\n\tb: 1", (2, 1)),
        ("a: 'x", (1, 4)),
        ("a: *unknown", (1, 4)),
        ("a: \0b", (1, 4)),
        ("é: \x01", (1, 4)),
        ("{% if x %}\na: b", (1, 2)),
        ("a: \udc80", (1, 4)),
    ],
)
def test_what_cannot_be_parsed_is_an_error_with_a_place(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(ParseError) as error:
        parse(text)
    assert error.value.span.location().start[0] == place[0]
    assert error.value.message


@pytest.mark.parametrize(
    "text", ['{"a": 1 "b": 2}', '{"a"', "[1, 2", '{"a": tru}', '{"a": 1}}', "[1}", "{1: 2}", "{,}"]
)
def test_broken_json_is_an_error(text: str) -> None:
    with pytest.raises(ParseError):
        json.parse(SourceFile("t.json", text))


@pytest.mark.parametrize("depth", [101, 800, 100_000])
@pytest.mark.parametrize("unit", ["[", "{a: ", '{"a": ', "- ", "? ", '[{"a": '])
def test_deep_nesting_neither_crashes_nor_takes_long(unit: str, depth: int) -> None:
    closing = {"[": "]", "{a: ": "}", '{"a": ': "}", '[{"a": ': "}]"}.get(unit, "")
    started = time.process_time()
    try:
        value = parse(unit * depth + "1" + closing * depth)
        assert any(isinstance(each, Unknown) and each.why == "nested too deeply" for each in value.walk())
    except ParseError as error:
        assert error.message == "nested too deeply"
        assert depth > 800
    assert time.process_time() - started < 5


def test_what_stands_beside_deep_nesting_is_read() -> None:
    assert parse("a: " + "[" * 150 + "]" * 150 + "\nb: 1").at("b").scalar == 1


def test_an_alias_bomb_stays_small() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    value = parse("\n".join(lines))
    assert sum(1 for _ in value.walk()) < 500_000
    assert any(isinstance(each, Unknown) for each in value.walk())


def test_a_chain_of_aliases_is_not_deeper_than_what_is_written() -> None:
    value = parse("\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 3000))]))
    depth, inner = 0, value.at("a2999")
    while isinstance(inner, Items):
        depth, inner = depth + 1, inner.entries[0].value
    assert depth <= 100


def test_an_alias_to_what_it_is_part_of_is_unknown() -> None:
    assert plain(parse("a: &a [1, *a]")) == {"a": [1, "<an alias to what it is part of>"]}


def test_merge_keys() -> None:
    text = "x: &x {a: 1, b: 2}\ny: &y {a: 9, c: 3}\nz:\n  b: 5\n  <<: [*x, *y]\nw: {<<: 3, a: 1}\n'<<': text"
    assert plain(parse(text)) == {
        "x": {"a": 1, "b": 2},
        "y": {"a": 9, "c": 3},
        "z": {"a": 1, "c": 3, "b": 5},
        "w": {"a": 1},
        "<<": "text",
    }


tokens = st.sampled_from([*"ab:-[]{},'\"|>&*!#%@? \n\t\r\\<~0.", "&a ", "*a", "<<: ", "!Sub ", "- ", "a: ", "\n  "])


@settings(max_examples=300, deadline=None)
@given(st.lists(tokens, max_size=40).map("".join))
def test_any_text_gives_a_value_or_a_parse_error(text: str) -> None:
    try:
        value = parse(text)
    except ParseError as error:
        assert 0 <= error.span.start <= error.span.end <= len(text)
        return
    for each in value.walk():
        assert 0 <= each.span.start <= each.span.end <= len(text)


@pytest.mark.parametrize(
    "text, value",
    [
        ("1_000", 1000),
        ("1_", 1),
        ("1__0", 10),
        ("-1_", -1),
        ("1_000.5_", 1000.5),
        ("0x_f", 15),
        ("0x_", "0x_"),
        ("1_.", 1.0),
    ],
)
def test_underscores_in_numbers_mean_nothing(text: str, value: object):
    assert yaml.parse(SourceFile("t", text)).scalar == value


def test_pyyaml_works_for_others_as_before():
    code = """
import re
from slint.parsing.yaml import parse
from slint.source import SourceFile
compile_before = re.compile
parse(SourceFile("f", "a: 1"))
import yaml
assert re.compile is compile_before and isinstance(re.compile("a"), re.Pattern)
import datetime
text = "a: 2020-01-02\\nb: [0x1F, 1.5, yes, ~]"
want = {"a": datetime.date(2020, 1, 2), "b": [31, 1.5, True, None]}
assert yaml.load(text, yaml.SafeLoader) == yaml.load(text, yaml.CSafeLoader) == want
assert yaml.safe_load(yaml.safe_dump(want)) == want
try:
    yaml.load("a: \\x00", yaml.SafeLoader)
except yaml.reader.ReaderError:
    print("refused")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("refused\n", "")
