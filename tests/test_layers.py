"""Imports run one way, and rules see nothing but the public names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import slint

ROOT = Path(slint.__file__).parent
RULES = ROOT.parent / "rules"

# Each layer may import itself and those before it. What is not listed is a defect: say where it belongs.
LAYERS = (
    ("record", "enumeration", "regex"),
    ("source", "value", "clock", "atomic", "paths"),
    ("diagnostic",),
    ("knowledge",),
    ("settings", "parsing", "code"),
    ("templates",),
    ("project",),
    ("fixes",),
    ("rule",),
    ("engine",),
    ("report",),
    ("testing", "docs", "scaffold", "cfnlint"),
    ("cli",),
    ("__main__",),
)
ORDER = {name: level for level, names in enumerate(LAYERS) for name in names}


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The modules that a file imports, with whether it is only for types."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in for_types
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", id(node) in for_types
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level, id(node) in for_types


# What takes longer to import from the standard library, and the module here that has it.
CHEAPER = {"typing.NamedTuple": "record", "enum.Enum": "enumeration", "enum.StrEnum": "enumeration"}


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@pytest.mark.parametrize("path", modules(ROOT), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path):
    own = path.relative_to(ROOT).with_suffix("").parts[0]
    if own == "__init__":
        return  # the public names point everywhere, and are loaded late
    assert own in ORDER, f"{own} has no layer"
    for name, for_types in imports(path):
        assert not name.startswith("."), "imports are written in full"
        parts = name.split(".")
        if parts[0] != "slint" or for_types or len(parts) < 2 or parts[1] not in ORDER:
            continue
        assert ORDER[parts[1]] <= ORDER[own], f"{own} must not import {parts[1]}"
        if ORDER[parts[1]] == ORDER[own]:
            assert parts[1] == own or own in ("testing", "docs", "scaffold", "value"), (
                f"{own} must not import {parts[1]}"
            )


@pytest.mark.parametrize("path", modules(RULES), ids=lambda path: path.relative_to(RULES).as_posix())
def test_rules_import_only_public_names(path):
    for name, _ in imports(path):
        top, *rest = name.split(".")
        if top == "slint":
            assert len(rest) == 1 and rest[0] in slint.__all__, f"{name} is not public"
        else:
            assert top != "slint_rules" or rest, name


@pytest.mark.parametrize("path", [*modules(ROOT), *modules(RULES)], ids=lambda path: path.name)
def test_no_module_is_a_drawer(path):
    assert path.stem not in {"utils", "util", "helpers", "common", "core", "misc"}


def test_public_names_exist():
    for name in slint.__all__:
        assert getattr(slint, name) is not None
    assert set(slint.__all__) <= set(dir(slint))
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = slint.nothing_here


def test_the_version_is_the_one_of_the_distribution():
    import tomllib

    table = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))
    assert table["project"]["version"] == slint.__version__


def test_every_package_is_shipped():
    import tomllib

    shipped = set(tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    found = {".".join(("slint", *each.parent.relative_to(ROOT).parts)) for each in ROOT.rglob("__init__.py")}
    found |= {".".join(("slint_rules", *each.parent.relative_to(RULES).parts)) for each in RULES.rglob("__init__.py")}
    assert shipped == found


@pytest.mark.parametrize("path", modules(ROOT), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_costs_little_to_import_is_used_everywhere(path: Path):
    assert [name for name, _ in imports(path) if path.stem != CHEAPER.get(name, path.stem)] == []
