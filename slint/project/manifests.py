"""What the manifests of a package declare: dependencies, with the places where they are written, and locked sizes.

Sources: pip's documentation, "Requirements File Format"; PEP 621, PEP 735; the documentation of Poetry, Pipenv and uv
(lock file version 1); npm's `package.json`. Nothing is resolved: what a manifest does not say is not known. A file that
cannot be parsed raises ParseError.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slint.knowledge.packages import normalised
from slint.parsing.errors import ParseError
from slint.parsing.json import TOO_DEEP
from slint.paths import is_below
from slint.record import NamedTuple
from slint.regex import regex
from slint.source import SourceFile, Span

Read = Callable[[str], SourceFile | None]

INCLUDE_LIMIT = 50
DEPENDENCY_LIMIT = 10_000
LINE_LIMIT = 2_000  # code points of a requirement without its hashes
TEXT_LIMIT = 3_000_000  # code points of a TOML or JSON file; the parser of the former is slow


class Dependency(NamedTuple):
    """A distribution that a manifest asks for.

    `name` is normalised as the registry compares it; `version` is the version, or the range, as written. `group` is ""
    for what is always installed, else the name of the group or extra ("dev", "test" …). `marker` is the condition on the
    environment, "" when there is none. `span` is the line's text, or the file's start where the place is not known.
    """

    name: str
    version: str
    group: str
    marker: str
    span: Span


class LockedSize(NamedTuple):
    """Compressed size of the wheels that a lock file pins for Linux: `bytes` of `counted` wheels; `uncounted`
    distributions have no size or no fitting wheel in the file. What they unpack to is larger, often three times."""

    bytes: int
    counted: int
    uncounted: int


def requirements(path: str, read: Read, root: str) -> Iterator[Dependency]:
    """The dependencies of a requirements file and, each once, of those below `root` that it includes."""
    waiting = [path]
    seen = {path}
    while waiting:
        current = waiting.pop(0)
        file = read(current)
        if file is None:
            continue
        for start, line in _logical_lines(file.text):
            included = _INCLUDE.match(line) if line.startswith("-") else None
            if included is None:
                yield from _requirement(file, start, line)
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(current), included[1]))
            if target not in seen and len(seen) < INCLUDE_LIMIT and is_below(target, root):
                seen.add(target)
                waiting.append(target)


def _requirement(file: SourceFile, start: int, line: str) -> Iterator[Dependency]:
    found = _REQUIREMENT.match(line) or _URL_REQUIREMENT.match(line)
    if found is not None:
        parts = found.groupdict()
        version, marker = (parts.get("version") or "").strip(), (parts.get("marker") or "").strip()
        span = Span(file, start + found.start("name"), start + len(line))
        yield Dependency(normalised(found["name"]), version, "", marker, span)


def pyproject(file: SourceFile) -> Iterator[Dependency]:
    """The dependencies of a `pyproject.toml`: of the project, its extras and groups, of Poetry and uv."""
    data = _toml(file)
    project = _table(data, "project")
    yield from _listed(file, project.get("dependencies"), "")
    for group, listed in _table(project, "optional-dependencies").items():
        yield from _listed(file, listed, group)
    for group, listed in _table(data, "dependency-groups").items():
        yield from _listed(file, listed, group)
    tool = _table(data, "tool")
    yield from _listed(file, _table(tool, "uv").get("dev-dependencies"), "dev")
    poetry = _table(tool, "poetry")
    yield from _keyed(file, _table(poetry, "dependencies"), "")
    yield from _keyed(file, _table(poetry, "dev-dependencies"), "dev")
    for group in _table(poetry, "group"):
        yield from _keyed(file, _table(poetry, "group", group, "dependencies"), group)


def pipfile_lock(file: SourceFile) -> Iterator[Dependency]:
    """The pinned distributions of a `Pipfile.lock`."""
    data = _json(file)
    for section, group in (("default", ""), ("develop", "dev")):
        yield from _keyed(file, _table(data, section), group)


def package_json(file: SourceFile) -> Iterator[Dependency]:
    """The packages that a `package.json` asks for."""
    data = _json(file)
    places = _keys(file)
    for section, group in (("dependencies", ""), ("optionalDependencies", ""), ("devDependencies", "dev")):
        for name, version in _table(data, section).items():
            text = version if isinstance(version, str) else ""
            yield Dependency(name, text, group, "", places.get(name, Span(file, 0, 0)))


def locked_versions(file: SourceFile) -> Mapping[str, str]:
    """The version of each distribution that a `uv.lock` or `poetry.lock` pins."""
    packages = _tables(_toml(file).get("package"))
    return {normalised(name): str(each.get("version", "")) for each in packages if (name := _text(each, "name"))}


def locked_size(file: SourceFile, python: str = "cp312", machine: str = "x86_64") -> LockedSize | None:
    """The size of what a `uv.lock` installs for its project outside of groups and extras; None when it does not tell.

    `python` is the tag of the interpreter, `machine` x86_64 or aarch64.
    """
    packages = {name: each for each in _tables(_toml(file).get("package")) if (name := _text(each, "name"))}
    start = [name for name, each in packages.items() if {"virtual", "editable"} & set(_table(each, "source"))]
    if not start:
        return None
    size = counted = uncounted = 0
    seen = set(start)
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        for needed in _tables(packages[name].get("dependencies")):
            child = _text(needed, "name")
            if child in packages and child not in seen and "win32" not in _text(needed, "marker"):
                seen.add(child)
                waiting.append(child)
        if name in start:
            continue
        wheel = _wheel_size(packages[name], python, machine)
        size += wheel or 0
        counted += wheel is not None
        uncounted += wheel is None
    return LockedSize(size, counted, uncounted)


# -- requirements ------------------------------------------------------------------------------------------------------

_INCLUDE = regex(r"(?:-r|--requirement)[ =]*(\S+)")
_REQUIREMENT = regex(
    r"(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?P<version>@\s*\S+|\(?\s*[<>=!~][^;#]*?)?"
    r"\s*(?:;\s*(?P<marker>[^#]*?))?\s*$"
)
_URL_REQUIREMENT = regex(r"(?:-e\s+|--editable[ =])?(?P<version>\S+://\S+?)#(?:\S*&)?egg=(?P<name>[\w.-]+)")


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their offsets, without comments; a line that ends with a backslash goes on."""
    offset = 0
    held = ""
    held_at = 0
    for raw in text.splitlines(keepends=True)[:DEPENDENCY_LIMIT]:
        line = raw.rstrip("\r\n")
        start = held_at if held else offset
        held_at = start
        offset += len(raw)
        if line.endswith("\\") and len(held) < 10_000:
            held += line[:-1] + " " * (len(raw) - len(line) + 1)
            continue
        line = held + line
        if "#" in line:
            line = re.sub(r"(?:^|\s)#.*", "", line)
        line = line.partition(" --hash")[0][:LINE_LIMIT]
        held = ""
        stripped = line.strip()
        if stripped:
            yield start + len(line) - len(line.lstrip()), stripped


# -- TOML and JSON -----------------------------------------------------------------------------------------------------


def _toml(file: SourceFile) -> Mapping[str, Any]:
    import tomllib  # costs 4 ms, and most packages have no TOML

    data: dict[str, Any] = _parsed(file, tomllib.loads)
    return data


def _json(file: SourceFile) -> Mapping[str, Any]:
    import json  # costs 3 ms, and most packages have no JSON

    data = _parsed(file, json.loads)
    return data if isinstance(data, dict) else {}


def _parsed(file: SourceFile, loads: Callable[[str], Any]) -> Any:
    """What a parser makes of a file. Raises ParseError."""
    why = f"it is larger than {TEXT_LIMIT:,} characters"
    if len(file.text) <= TEXT_LIMIT:
        try:
            return loads(file.text)
        except ValueError as error:
            why = str(error)
        except RecursionError:
            why = TOO_DEEP
    raise ParseError(why, Span(file, 0, 0))


def _table(data: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The table at a path; an empty one when there is none, or something else."""
    for key in path:
        inner = data.get(key)
        if not isinstance(inner, dict):
            return {}
        data = inner
    return data


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _listed(file: SourceFile, listed: object, group: str) -> Iterator[Dependency]:
    if not isinstance(listed, list):
        return
    places = _strings(file)
    for each in listed[:DEPENDENCY_LIMIT]:
        found = _REQUIREMENT.match(each.strip()) if isinstance(each, str) and len(each) < LINE_LIMIT else None
        if found is not None:
            version, marker = (found["version"] or "").strip(), (found["marker"] or "").strip()
            span = places.get(each, Span(file, 0, 0))
            yield Dependency(normalised(found["name"]), version, group, marker, span)


def _keyed(file: SourceFile, table: Mapping[str, Any], group: str) -> Iterator[Dependency]:
    places = _keys(file) if table else {}
    for name, wanted in table.items():
        if normalised(name) == "python":
            continue
        detail = wanted if isinstance(wanted, dict) else {"version": wanted}
        asked = group or ("optional" if detail.get("optional") is True else "")
        marker = _text(detail, "markers")
        span = places.get(name, Span(file, 0, 0))
        yield Dependency(normalised(name), _text(detail, "version"), asked, marker, span)


def _strings(file: SourceFile) -> Mapping[str, Span]:
    """Where each quoted text without escapes is written first."""
    places: dict[str, Span] = {}
    for found in re.finditer(r"\"([^\"\n]*)\"|'([^'\n]*)'", file.text):
        group = 1 if found[1] is not None else 2
        places.setdefault(found[group], Span(file, *found.span(group)))
    return places


def _keys(file: SourceFile) -> Mapping[str, Span]:
    """Where each key is written first, of TOML at the start of a line, of JSON in double quotes."""
    places: dict[str, Span] = {}
    for found in re.finditer(
        r"\"([^\"\n]{1,300})\"\s{0,20}:|^[ \t]*[\"']?([\w.-]{1,300})[\"']?[ \t]*=", file.text, re.MULTILINE
    ):
        group = 1 if found[1] is not None else 2
        places.setdefault(found[group], Span(file, *found.span(group)))
    return places


def _wheel_size(package: Mapping[str, Any], python: str, machine: str) -> int | None:
    """The size of the wheel that pip would take, of any Python when none is for this one; None when none fits."""
    sizes: dict[int, int] = {}
    for wheel in _tables(package.get("wheels")):
        size = wheel.get("size")
        name = _text(wheel, "url") or _text(wheel, "filename")
        tags = name.rpartition("/")[2].removesuffix(".whl").split("-")[-3:]
        if not isinstance(size, int) or isinstance(size, bool) or len(tags) < 3:
            continue
        interpreter, abi, platform = tags
        if "manylinux" in platform and platform.endswith(machine) and "t" not in abi.removeprefix("cp"):
            rank = 0 if interpreter == python else 1 if abi == "abi3" else 3
        elif platform == "any" and "3" in interpreter:
            rank = 2
        else:
            continue
        sizes.setdefault(rank, size)
    return sizes[min(sizes)] if sizes else None
