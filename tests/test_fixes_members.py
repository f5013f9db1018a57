"""Members are added to and removed from mappings, and everything else stays as it is written."""

from __future__ import annotations

import pytest

from slint.fixes import members
from slint.parsing.yaml import parse
from slint.source import SourceFile

ALIAS = {"AutoPublishAlias": "live"}
SNAPSTART = {"SnapStart": {"ApplyOn": "PublishedVersions"}}


def changed(text, edit):
    assert edit is not None
    return text[: edit.start] + edit.replacement + text[edit.end :]


def added(text, *path, what=ALIAS, after=("Runtime",), step=2):
    items = parse(SourceFile("t.yaml", text)).at(*path)
    edit = members.add(items, what, after, step)
    return None if edit is None else changed(text, edit)


def removed(text, *path, name="SnapStart"):
    items = parse(SourceFile("t.yaml", text)).at(*path)
    edit = members.remove(items, name)
    return None if edit is None else changed(text, edit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "P:\n  Runtime: a  # why\n  # next\n  Other: 1\n",
            "P:\n  Runtime: a  # why\n  AutoPublishAlias: live\n  # next\n  Other: 1\n",
        ),
        ("P:\n  Runtime: a", "P:\n  Runtime: a\n  AutoPublishAlias: live"),
        ("P:\r\n  Runtime: a\r\n", "P:\r\n  Runtime: a\r\n  AutoPublishAlias: live\r\n"),
        ("P:\n  Other: 1\n", "P:\n  AutoPublishAlias: live\n  Other: 1\n"),
        ("P:\n  Runtime: !If [x, a, b]\n", "P:\n  Runtime: !If [x, a, b]\n  AutoPublishAlias: live\n"),
        ("P:\n  Runtime: |\n    a\n  B: 1\n", "P:\n  AutoPublishAlias: live\n  Runtime: |\n    a\n  B: 1\n"),
        ("P:\n  Runtime: !Sub >\n    a\n   \n", "P:\n  AutoPublishAlias: live\n  Runtime: !Sub >\n    a\n   \n"),
        ("P: {Runtime: a, B: 1}\n", 'P: {Runtime: a, "AutoPublishAlias": "live", B: 1}\n'),
        ('{"P": {"Runtime": "a"}}', '{"P": {"Runtime": "a", "AutoPublishAlias": "live"}}'),
        ('{"P": {"B": 1}}', '{"P": {"AutoPublishAlias": "live", "B": 1}}'),
        (
            '{\n  "P": {\n    "Runtime": "a",\n    "B": 1\n  }\n}\n',
            '{\n  "P": {\n    "Runtime": "a",\n    "AutoPublishAlias": "live",\n    "B": 1\n  }\n}\n',
        ),
    ],
)
def test_add(text, expected):
    assert added(text, "P") == expected


def test_nested_members_get_the_indentation_of_the_file():
    assert added("P:\n    Runtime: a\n", "P", what=SNAPSTART, step=4) == (
        "P:\n    Runtime: a\n    SnapStart:\n        ApplyOn: PublishedVersions\n"
    )
    assert added('{"P": {\n\t"Runtime": "a"\n}}', "P", what=SNAPSTART) == (
        '{"P": {\n\t"Runtime": "a",\n\t"SnapStart": {\n\t\t"ApplyOn": "PublishedVersions"\n\t}\n}}'
    )


def test_after_a_mapping_comes_after_all_of_it():
    text = "P:\n  SnapStart:\n    ApplyOn: x  # on\n  B: 1\n"
    assert added(text, "P", after=("SnapStart",)) == (
        "P:\n  SnapStart:\n    ApplyOn: x  # on\n  AutoPublishAlias: live\n  B: 1\n"
    )


def test_a_mapping_that_is_elsewhere_is_left_alone():
    assert added("A: &a\n  Runtime: a\nP:\n  <<: *a\n", "P") is None
    assert added("P: {}\n", "P") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P:\n  A: 1\n  SnapStart:\n    ApplyOn: x  # on\n  B: 1\n", "P:\n  A: 1\n  B: 1\n"),
        ("P:\n  A: 1\n  SnapStart: {ApplyOn: x}", "P:\n  A: 1"),
        ("P:\r\n  A: 1\r\n  SnapStart:\r\n    ApplyOn: x", "P:\r\n  A: 1"),
        ("P:\n  SnapStart:\n    ApplyOn: x\n\n  # about B\n  B: 1\n", "P:\n\n  # about B\n  B: 1\n"),
        ('{"P": {"A": 1, "SnapStart": {"ApplyOn": "x"}}}', '{"P": {"A": 1}}'),
        ('{"P": {"SnapStart": {"ApplyOn": "x"}, "A": 1}}', '{"P": {"A": 1}}'),
        (
            '{"P": {\n  "A": 1,\n  "SnapStart": {\n    "ApplyOn": "x"\n  },\n  "B": 1\n}}',
            '{"P": {\n  "A": 1,\n  "B": 1\n}}',
        ),
    ],
)
def test_remove(text, expected):
    assert removed(text, "P") == expected
    assert parse(SourceFile("t.yaml", expected)).at("P").has("SnapStart") is False


def test_what_cannot_be_removed_cleanly_stays():
    assert removed("P:\n  SnapStart:\n    ApplyOn: x\n", "P") is None, "the mapping would be empty"
    assert removed("P:\n  A: 1\n", "P") is None
    assert removed("A: &a {SnapStart: 1, B: 2}\nP:\n  <<: *a\n  C: 1\n", "P") is None
    assert removed('{"P": {"SnapStart": 1, /* about A */ "A": 1}}', "P") is None
