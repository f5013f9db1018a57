"""How much is worked out for many chains of calls, or many functions: what they have in common once."""

from __future__ import annotations

import gc
from pathlib import Path
from weakref import ref

import pytest
from linked import project, settings

from slint.project import guards, package
from slint.project.evaluate import Evaluator
from slint.project.gitignore import Patterns
from slint.project.load import Loader

LIBRARY = """\
import json
import logging
import boto3

logger = logging.getLogger(__name__)
table = boto3.resource("dynamodb").Table("orders")

class Settings:
    def __init__(self, name):
        self.name = name
        self.table = table

    def save(self, item):
        self.table.put_item(Item=item)

settings = Settings("orders")

def describe(order):
    text = json.dumps({"a": 1})
    parts = text.split(",")
    count = len(parts)
    if isinstance(order, dict):
        logger.info(text)
        logger.debug("%s", count)
    table.meta.client.describe_table(TableName="orders")
    table.load()
    logger.warning(parts[0])
    return json.loads(text)
"""


@pytest.fixture
def expressions(monkeypatch) -> list[object]:
    """The expressions that were followed, each as often as that was worked out."""
    followed: list[object] = []
    follow = Evaluator._follow

    def counted(self, expr, value, steps):
        followed.append(expr)
        return follow(self, expr, value, steps)

    monkeypatch.setattr(Evaluator, "_follow", counted)
    return followed


def template(count: int, more: str = "") -> str:
    functions = "".join(
        f"  F{number}:\n    Type: AWS::Serverless::Function\n"
        f"    Properties: {{CodeUri: src/, Handler: app{number}.handler, Runtime: python3.14{more}}}\n"
        for number in range(count)
    )
    return f"Transform: AWS::Serverless-2016-10-31\nResources:\n{functions}"


def work(root: Path, handler: str, functions: int, expressions: list[object]) -> int:
    """How many expressions are followed to find what so many functions with the same handler run."""
    code = {f"app{number}.py": handler for number in range(functions)}
    linked = project(root, {"lib.py": LIBRARY, **code}, template(functions))
    expressions.clear()
    for function in linked.functions:
        assert [each.name for each in function.effects("cloud")]
        assert not function.reach.bounded
    return len(expressions)


def handler(calls: int) -> str:
    return "import lib\ndef handler(event, context):\n" + "    lib.describe(event)\n" * calls


def test_another_chain_to_a_function_asks_only_what_differs(tmp_path, expressions):
    one, many = (work(tmp_path / str(count), handler(count), 1, expressions) for count in (1, 21))
    assert one > 30
    assert (many - one) / 20 < 6


def test_what_functions_share_is_followed_once(tmp_path, expressions):
    one, many = (work(tmp_path / str(count), handler(1), count, expressions) for count in (1, 11))
    assert (many - one) / 10 < one / 4


def test_what_an_object_holds_is_followed_once_for_all_who_call_its_methods(tmp_path, expressions):
    def saving(calls: int) -> str:
        return (
            "import lib\ndef put(order):\n    lib.settings.save(order)\n"
            "def handler(event, context):\n" + "    put(event)\n" * calls
        )

    one, many = (work(tmp_path / str(count), saving(count), 1, expressions) for count in (1, 21))
    assert (many - one) / 20 < 5


def test_a_condition_in_shared_code_is_asked_once_for_all_functions(tmp_path, monkeypatch):
    asked = []
    ask = guards._asked
    monkeypatch.setattr(guards, "_asked", lambda unit, test: asked.append(test) or ask(unit, test))
    store = (
        "import boto3\n_client = None\ndef client():\n    global _client\n"
        "    if _client is None:\n        _client = boto3.client('s3')\n    return _client\n"
    )
    handler = "import store\ndef handler(event, context):\n    store.client().list_buckets()\n"
    code = {"store.py": store, **{f"app{number}.py": handler for number in range(5)}}
    for function in project(tmp_path, code, template(5)).functions:
        assert [client.site.memoised for client in function.effects("client")] == [True]
    assert len(asked) == 1


def test_a_folder_is_listed_once_for_all_functions_and_layers_that_pack_it(tmp_path, monkeypatch):
    listed = []
    walk = package._walk
    monkeypatch.setattr(package, "_walk", lambda root, notes: listed.append(root) or walk(root, notes))
    layers = "".join(
        f"  L{number}: {{Type: AWS::Serverless::LayerVersion, Properties: {{ContentUri: lib/}}}}\n"
        for number in range(3)
    )
    described = template(3, ", Layers: [!Ref L0, !Ref L2]") + layers
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "data.txt").write_text("0123456789")
    linked = project(tmp_path, {f"app{number}.py": "" for number in range(3)}, described)
    for function in linked.functions:
        assert function.package.size == 0
        assert [each.size for each in function.layer_packages] == [10]
    assert sorted(listed) == [str(tmp_path / "lib"), str(tmp_path / "src")]


def test_what_a_build_leaves_behind_is_asked_once_for_each_folder(tmp_path, monkeypatch):
    folders = []
    decide = Patterns.decide
    monkeypatch.setattr(
        Patterns,
        "decide",
        lambda self, path, is_folder: folders.append(path) if is_folder else decide(self, path, False),
    )
    linked = project(tmp_path, {f"deep/er/data{number}.txt": "" for number in range(9)}, template(1))
    folders.clear()
    assert len(linked.functions[0].package.files) == 9
    assert folders == ["deep", "deep/er"]


def test_what_a_part_worked_out_is_freed_with_it(tmp_path):
    project(tmp_path, {"lib.py": LIBRARY, "app0.py": handler(9)}, template(1))
    gc.disable()  # as in a run
    try:
        loader = Loader(settings(tmp_path))
        loader.begin()
        loader.add_templates(loader.survey.groups[0])
        (function,) = loader.files.project.functions
        assert [each.name for each in function.effects("cloud")]
        plans = ref(function.handler.evaluator.plans)
        assert plans() is not None
        loader.begin()
        assert plans() is None
    finally:
        gc.enable()
