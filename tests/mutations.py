"""Real small projects with something changed in them: a node deleted, doubled or of another type, text cut or repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import Results, run
from slint.parsing import yaml
from slint.project.load import load
from slint.report import FORMATS, Options, closing, render
from slint.settings import Settings
from slint.source import SourceFile
from slint.testing import example_text
from slint.value import Items, Value

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TEMPLATE_ENDINGS = (".yaml", ".yml", ".json", ".template")

Files = Mapping[str, str]

OTHERS: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 900, 10**40, 0.5, "", " ", "x", "0", "-1", "nan", "1e999", "true", "*", ".", "..", "/", "a.b", "\0",
    "\ud83d\ude00", "${", "${}", "${!x}", "${A.B.C}", "{{resolve:", "{{resolve:ssm:x}}", "arn:aws:lambda:::function:x", "s3://x/y",
    "rate(0)", "[", "{", "%", "x" * 10_000, "\n", "#", "python3.13", "nodejs22.x", "java21", "provided", "Image", "Zip",
    "AWS::Serverless::Function", "AWS::Lambda::Function", "AWS::CloudFormation::Stack", "AWS::", "Fn::", "Custom::X",
    [], [[]], [None], ["x"], [{}], [1, 2, 3], {}, {"": None}, {"x": "y"}, {"x": {}}, {"Ref": None}, {"Ref": []}, {"Ref": "Nowhere"},
    {"Ref": "AWS::NoValue"}, {"Ref": "AWS::Region"}, {"Fn::If": []}, {"Fn::If": ["A", {"Ref": "AWS::NoValue"}, "x"]}, {"Fn::If": "x"},
    {"Fn::Sub": []}, {"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]}, {"Fn::Sub": 1}, {"Fn::GetAtt": "A"}, {"Fn::GetAtt": []},
    {"Fn::GetAtt": ["A", {"Ref": "B"}]}, {"Fn::Join": []}, {"Fn::Join": ["", {"Ref": "A"}]}, {"Fn::Join": [1, [1, []]]},
    {"Fn::Select": [9, []]}, {"Fn::Select": ["x", ["a"]]}, {"Fn::Split": ["", ""]}, {"Fn::Split": [",", {"Ref": "A"}]},
    {"Fn::FindInMap": []}, {"Fn::FindInMap": ["A", "B", "C", {"DefaultValue": {}}]}, {"Fn::ImportValue": {}}, {"Fn::Base64": []},
    {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "x.yaml"}}}, {"Fn::Transform": []}, {"Fn::ForEach::X": []},
    {"Fn::ToJsonString": {}}, {"Fn::Length": []}, {"Fn::Cidr": []}, {"Fn::And": []}, {"Fn::Not": {}}, {"Fn::Equals": [1]},
    {"Condition": []}, {"Type": []}, {"Type": "AWS::Lambda::Function", "Properties": []}, {"ZipFile": "def handler("},
)  # fmt: skip


@cache
def projects() -> tuple[Files, ...]:
    """The fixtures and all examples of all rules, good and bad."""
    found: list[Files] = []
    for folder in sorted(path.parent for path in FIXTURES.glob("*/expected.txt")):
        files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        found.append({path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files})
    for rule in all_rules().values():
        for example in rule.examples:
            found += [{path: example_text(text) for path, text in side.items()} for side in (example.bad, example.good)]
    return tuple(files for files in found if files)


def plain(value: Value) -> Any:
    """What a value says, as JSON would."""
    if isinstance(value, Items):
        if value.is_list:
            return [plain(entry.value) for entry in value.entries]
        return {str(entry.literal_key): plain(entry.value) for entry in value.entries}
    return value.scalar


def mutated(files: Files, chance: Random) -> Files:
    """The same project with one to four changes, of its templates' nodes or of its files' texts."""
    changed = dict(files)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        path = chance.choice(sorted(changed))
        tree = _tree(changed[path]) if path.endswith(TEMPLATE_ENDINGS) and chance.random() < 0.8 else None
        if isinstance(tree, dict):
            _change(tree, chance)
            changed[path] = json.dumps(tree, indent=chance.choice((None, 1)))
        else:
            changed[path] = _changed_text(changed[path], chance)
    return changed


def _tree(text: str) -> Any:
    try:
        return plain(yaml.parse(SourceFile("t", text)))
    except yaml.ParseError:
        return None


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each node as what holds it and the key or index there."""
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            yield holder, key
            if isinstance(holder[key], (dict, list)):
                waiting.append(holder[key])


def _change(tree: Any, chance: Random) -> None:
    places = list(_places(tree))
    if not places:
        return
    holder, key = chance.choice(places)
    kind = chance.randrange(6)
    if kind == 0:
        del holder[key]
    elif kind == 1:
        source, name = chance.choice(places)
        holder[key] = json.loads(json.dumps(source[name]))
    elif kind == 2 and isinstance(holder, list):
        holder.insert(key, json.loads(json.dumps(holder[key])))
    elif kind == 2:
        holder[f"{key}{chance.randrange(9)}"] = json.loads(json.dumps(holder[key]))
    elif kind == 3:
        holder[key] = [holder[key]]
    elif kind == 4 and isinstance(holder, dict):
        holder[str(chance.choice(OTHERS))[:50]] = holder.pop(key)
    else:
        holder[key] = json.loads(json.dumps(chance.choice(OTHERS)))


def _changed_text(text: str, chance: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    kind = chance.randrange(6)
    if kind < 3:
        at = chance.randrange(len(lines))
        lines[at : at + 1] = [[], [lines[at]] * 2, [chance.choice(lines)]][kind]
        return "".join(lines)
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.randrange(20))
    inserted = [
        "",
        text[start:end] * 2,
        chance.choice(("(", ")", "'", '"', "\\", "{", "}", ":", "\n", "\t", "\0", "é", "=", ".", ",", "*")),
    ]
    return text[:start] + inserted[kind - 3] + text[end:]


def checked(folder: Path, files: Files) -> Results:
    """Write a project, check it with all rules and render it in all formats."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    settings = Settings(root=str(folder), cwd=str(folder), base=str(folder), today=date(2026, 11, 22), select=("ALL",))
    known = all_rules()
    results = run(load(settings), chosen_rules(settings, known), settings, known)
    for name in FORMATS:
        render(name, results, Options(cwd=str(folder), root=str(folder)))
    closing.summary(results)
    closing.statistics(results)
    closing.ledger(results)
    return results
