"""Every parser and reader, on texts that are made of its own words in no sensible order: a result or a ParseError, and
places that lie in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slint.code import javascript, python
from slint.code.facts import Module
from slint.engine import baseline
from slint.parsing import dockerfile, json, yaml
from slint.parsing.errors import ParseError
from slint.project import gitignore, manifests
from slint.project.discovery import Unreadable, read_text
from slint.settings import Settings, SettingsError, read
from slint.source import Host, Piece, Position, SourceFile, Span
from slint.templates.cloudformation import read_templates
from slint.value import Value

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
ANYTHING = st.text(alphabet=st.characters(codec="utf-8"), max_size=200)


def words(*each: str, most: int = 40) -> st.SearchStrategy[str]:
    """Texts of these words, with some of any characters between them."""
    odd = st.text(alphabet=st.sampled_from("aA0_ \t\r\n\0\u2028\x85\x0cé\N{GRINNING FACE}\ufeff\"'\\"), max_size=3)
    return st.lists(st.sampled_from(each) | odd, max_size=most).map("".join)


YAML = words(
    "a: ", "b:\n", "- ", "  ", "    ", "\n", "[", "]", "{", "}", ", ", "? ", "&x ", "*x", "<<: ", "!Sub ", "!GetAtt a.b", "!If ",
    "|\n", ">-\n", "|+2\n", "---\n", "...\n", "%YAML 1.1\n", "'", '"', "#", "!!int ", "0x1f", "1_000.5", "~", "yes", "2010-09-09",
)  # fmt: skip
JSON = words(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"\\u0041"',
    '"\\ud800"',
    "1",
    "-1.5e3",
    "true",
    "null",
    "//",
    "/*",
    "*/",
    " ",
    "\n",
)
DOCKERFILE = words(
    "FROM ", "a ", "AS ", "b\n", "COPY ", "--from=b ", "--chown=", ". ", "/x\n", "CMD ", '["a", "b"]', "[", "\\\n", "\\", "# c\n", "\n",
    "ENTRYPOINT ", "WORKDIR ", "RUN <<EOF\n", "EOF\n", "ENV A=b\n",
)  # fmt: skip
PYTHON = words(
    "def f(", "):", "\n", "    ", "class A", "(", ")", "[", "]", "{", "}", ":", ", ", "=", ":=", "if ", "else:", "elif ", "for ", " in ",
    "while ", "try:", "except ", "finally:", "with ", " as ", "import ", "from ", ".", "*", "**", "@", "lambda ", "yield ", "await ", "async ",
    "return ", "raise ", "global ", "nonlocal ", "del ", "match ", "case ", "f'{", "}'", "'''", "os.environ", "boto3.client", "a", "b", "1", "...",
    "not ", "and ", "#", "\\\n", "type X", "->",
)  # fmt: skip
JAVASCRIPT = words(
    "function f(", "() => ", "{", "}", "(", ")", "[", "]", ";", ",", "=", "=>", "?.", "??=", "...", "`", "${", "class A ", "extends ", "import ",
    "from 'a'", "export ", "default ", "require('b')", "await ", "async ", "new ", "const ", "let ", "if (", "else ", "for (", " of ", "switch (",
    "case ", "try ", "catch (e)", "finally ", "return ", "throw ", "process.env.", "this.", "a", "b", "1", "'", '"', "/", "//", "/*", "<a>", "</a>",
    ": string", "interface ", "enum ", "namespace ", " as ", "!", "@a ", "#x", "\n",
)  # fmt: skip
TOML = words(
    "[project]\n", "[tool.slint]\n", "[[package]]\n", "[", "]", "a = ", "dependencies = ", "name = ", "version = ", "select = ", "rules = ",
    "severity = ", '"boto3>=1"', "'''", "1", "true", "{", "}", ", ", "\n", ".", "#", "2020-01-01", "[dependency-groups]\n", "[tool.poetry]\n",
)  # fmt: skip
REQUIREMENTS = words("boto3", "==1.0", "[a]", ">=", " ; ", "python_version < '3'", "-r ", "more.txt", "-e ", "git+https://x#egg=y", "--hash=", "\\\n", "\n", "#", " ")  # fmt: skip
TEMPLATE = words(
    "Transform: AWS::Serverless-2016-10-31\n", "Resources:\n", "  A:\n", "    Type: AWS::Serverless::Function\n", "    Properties:\n",
    "      Handler: app.handler\n", "      Environment: {Variables: {A: b}}\n", "      Events:\n", "        E: {Type: Api, Properties: {Path: /, Method: get}}\n",
    "Parameters:\n", "  P: {Type: String, Default: x}\n", "Globals: {Function: ", "Conditions: {C: ", "!Equals [!Ref P, x]", "!If [C, ", "!Ref ", "P", "}\n",
    "]", "Mappings: ", "Outputs: ", "      InlineCode: |\n        def handler(a, b): pass\n", "      Policies: ", "Fn::Transform: ", "Fn::ForEach::X: ",
)  # fmt: skip


def inside(span: Span, file: SourceFile) -> None:
    assert span.file is file
    assert 0 <= span.start <= span.end <= len(file.text)


def check_value(value: Value, file: SourceFile) -> None:
    for each in value.walk():
        inside(each.span, file)


@pytest.mark.parametrize("parse", [yaml.parse, json.parse], ids=["yaml", "json"])
@RELAXED
@given(text=st.one_of(YAML, JSON, TEMPLATE, ANYTHING))
def test_yaml_and_json(parse: Callable[[SourceFile, dict[str, Span]], Value], text: str):
    file = SourceFile("t", text)
    unread: dict[str, Span] = {}
    try:
        check_value(parse(file, unread), file)
    except ParseError as error:
        inside(error.span, file)
        assert error.message and "\n" not in error.message
    for span in unread.values():
        inside(span, file)


@RELAXED
@given(text=DOCKERFILE | ANYTHING)
def test_dockerfiles(text: str):
    file = SourceFile("Dockerfile", text)
    for stage in dockerfile.parse(file):
        for instruction in stage.instructions:
            inside(instruction.span, file)
            assert instruction.keyword.isupper()


def check_module(module: Module, file: SourceFile) -> None:
    places = [*module.blocks, *module.definitions, *module.calls, *module.bindings, *module.imports, *module.exits]
    for each in places:
        inside(each.span, file)
    for error in module.errors:
        inside(error, file)
    for call in module.calls:
        check_value(call.callee, file)
        assert 0 <= call.block < len(module.blocks)
        for argument in call.arguments:
            check_value(argument.value, file)
    for number, block in enumerate(module.blocks):
        assert block.parent < number


@RELAXED
@given(text=PYTHON | ANYTHING)
def test_python(text: str):
    file = SourceFile("app.py", text)
    check_module(python.extract(file), file)


@pytest.mark.parametrize("ending", [".js", ".ts", ".tsx"])
@RELAXED
@given(text=JAVASCRIPT | ANYTHING)
def test_scripts(ending: str, text: str):
    file = SourceFile(f"app{ending}", text)
    check_module(javascript.extract(file), file)


@pytest.mark.parametrize(
    "declared", [manifests.pyproject, manifests.pipfile_lock, manifests.package_json], ids=lambda each: each.__name__
)
@RELAXED
@given(text=TOML | JSON | ANYTHING)
def test_manifests(declared: Callable[[SourceFile], Iterator[manifests.Dependency]], text: str):
    file = SourceFile("t", text)
    with suppress(ParseError):
        for each in declared(file):
            inside(each.span, file)
    with suppress(ParseError):
        manifests.locked_versions(file)
        manifests.locked_size(file)


@RELAXED
@given(text=REQUIREMENTS | ANYTHING, more=REQUIREMENTS)
def test_requirements(text: str, more: str):
    files = {"/p/requirements.txt": SourceFile("requirements.txt", text), "/p/more.txt": SourceFile("more.txt", more)}
    for each in manifests.requirements("/p/requirements.txt", files.get, "/p"):
        inside(each.span, each.span.file)
        assert each.name


@RELAXED
@given(text=TEMPLATE | YAML)
def test_templates(text: str):
    file = SourceFile("template.yaml", text)
    result = read_templates([("/p/template.yaml", file)], lambda path: None, "/p")
    for _, error in result.broken:
        inside(error.span, file)
    for template in result.templates:
        for resource in template.resources.values():
            inside(resource.span, file)
            check_value(resource.properties, file)
        for source in template.sources:
            inside(source.span, file)


@RELAXED
@given(text=TOML | ANYTHING)
def test_settings(text: str, tmp_path: Path):
    path = tmp_path / "slint.toml"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        found = read((), cwd=str(tmp_path), today=date(2026, 1, 1), config=str(path))
    except SettingsError as error:
        assert "slint.toml" in str(error)
    else:
        assert isinstance(found, Settings)


@RELAXED
@given(text=JSON | ANYTHING)
def test_baselines(text: str, tmp_path: Path):
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(SettingsError, match="baseline"):
        baseline.read(str(path))


@RELAXED
@given(data=st.binary(max_size=100) | ANYTHING.map(lambda text: text.encode("utf-16")))
def test_bytes(data: bytes, tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(data)
    found = read_text(str(path), "file")
    if isinstance(found, SourceFile):
        assert found.text.encode(found.encoding) in (data, data[2:], data[4:])
    else:
        assert isinstance(found, Unreadable) and found.why


@RELAXED
@given(
    lines=st.lists(st.text(alphabet="ab*?[]!-^\\/. ", max_size=30), max_size=4),
    path=st.lists(st.text(alphabet="ab.", min_size=1, max_size=20), min_size=1, max_size=6).map("/".join),
)
def test_ignore_patterns_take_no_time(lines: list[str], path: str):
    assert gitignore.parse(lines).covers(path) in (True, False)


# -- positions -----------------------------------------------------------------------------------------------------------

LINES = st.text(alphabet=st.sampled_from("ab\r\n\x0b\x0c\x1c\x85\u2028\N{GRINNING FACE}e\u0301"), max_size=60)


def counted(text: str, offset: int) -> Position:
    """Line and column by walking through the text: a line ends after LF, CRLF, or CR that stands alone."""
    line = column = 1
    for at in range(offset):
        if text[at] == "\n" or (text[at] == "\r" and text[at + 1 : at + 2] != "\n"):
            line, column = line + 1, 1
        else:
            column += 1
    return Position(line, column)


@given(text=LINES)
def test_positions(text: str):
    file = SourceFile("t", text)
    positions = [file.position(offset) for offset in range(len(text) + 1)]
    assert positions == [counted(text, offset) for offset in range(len(text) + 1)]
    assert all(before < after for before, after in pairwise(positions))
    starts = file.line_starts()
    assert [file.position(start) for start in starts] == [Position(line, 1) for line in range(1, len(starts) + 1)]
    ends = [*starts[1:], len(text)]
    assert [file.line(n + 1) for n in range(len(starts))] == [
        text[start:end].rstrip("\r\n") for start, end in zip(starts, ends, strict=True)
    ]
    assert file.line(0) == file.line(len(starts) + 1) == ""


def hosted(lengths: Iterable[tuple[int, int]]) -> tuple[str, str, tuple[Piece, ...]]:
    """An outer text, the text that it holds, and the pieces: of each (gap, length), only the second is held."""
    outer, inner, pieces = "", "", []
    for gap, length in lengths:
        outer += "#" * gap
        held = "".join("ab\n"[(len(outer) + number) % 3] for number in range(length))
        pieces.append(Piece(len(inner), len(outer), length))
        outer += held
        inner += held
    return outer, inner, tuple(pieces)


@given(lengths=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), min_size=1, max_size=6), data=st.data())
def test_positions_of_what_another_file_holds(lengths: list[tuple[int, int]], data: st.DataObject):
    outer, inner, pieces = hosted(lengths)
    host = Host(SourceFile("outer", outer), pieces)
    file = SourceFile("outer", inner, host)
    for offset, letter in enumerate(inner):
        assert outer[host.outward(offset)] == letter
    outward = [host.outward(offset) for offset in range(len(inner) + 1)]
    assert outward == sorted(outward)
    start = data.draw(st.integers(0, len(inner)))
    end = data.draw(st.integers(start, len(inner)))
    place = Span(file, start, end).location()
    assert (place.path, place.start) == ("outer", host.file.position(place.offset))
    assert 0 <= place.offset <= place.end_offset <= len(outer)
    if start < end:
        assert outer[place.offset] == inner[start] and outer[place.end_offset - 1] == inner[end - 1]
    else:
        assert place.offset == place.end_offset
