"""Loading a project: which functions are found, and which of them the given paths belong to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from slint.project import load as loading
from slint.project.load import load
from slint.settings import Settings

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: orders.handler, Runtime: python3.14}
  Prices:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: prices.handler, Runtime: python3.14}
"""
HANDLER = "def handler(event, context):\n    pass\n"


GENERATED = "from {{cookiecutter.name}} import app\n"


def project(root: Path, files: dict[str, str], *given: str):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    paths = tuple(str(root / path) for path in given)
    return load(Settings(root=str(root), cwd=str(root), today=date(2026, 11, 22), paths=paths))


def ids(loaded) -> list[str]:
    return [function.id for function in loaded.functions]


FILES = {
    "a/template.yaml": TEMPLATE,
    "a/src/orders.py": "import shared\n" + HANDLER,
    "a/src/prices.py": HANDLER,
    "a/src/shared.py": "",
    "b/template.yaml": TEMPLATE,
    "b/src/orders.py": HANDLER,
    "b/src/prices.py": HANDLER,
}


def test_a_changed_handler_is_judged_alone(tmp_path):
    loaded = project(tmp_path, FILES, "a/src/orders.py")
    assert ids(loaded) == ["Orders"]
    assert loaded.functions[0].template.file.path == "a/template.yaml"
    assert len(loaded.deployed) == 2


def test_a_changed_module_belongs_to_the_functions_that_import_it(tmp_path):
    assert ids(project(tmp_path, FILES, "a/src/shared.py")) == ["Orders"]


def test_a_changed_template_is_judged_with_all_its_functions(tmp_path):
    assert ids(project(tmp_path, FILES, "b/template.yaml")) == ["Orders", "Prices"]


def test_a_changed_file_without_the_handler_belongs_to_the_function_that_names_it(tmp_path):
    loaded = project(
        tmp_path, {**FILES, "a/src/orders.py": "def other(event, context):\n    pass\n"}, "a/src/orders.py"
    )
    assert ids(loaded) == ["Orders"]


def test_a_file_of_no_function_concerns_none(tmp_path):
    assert ids(project(tmp_path, {**FILES, "README.md": ""}, "README.md")) == []


def test_without_a_template_a_conventional_handler_is_recognised(tmp_path):
    loaded = project(
        tmp_path,
        {
            "lambda/app.py": HANDLER,
            "lambda/web.py": "def error_handler(request, exc):\n    pass\n",
            "tests/test_app.py": HANDLER,
            "gcp/serverless.yml": "service: x\nprovider:\n  name: google\n",
            "gcp/main.py": "def handler(event, context):\n    pass\n",
        },
    )
    assert [function.span.file.path for function in loaded.functions] == ["lambda/app.py"]
    assert loaded.functions[0].template is None


def test_a_handler_that_serverless_yml_names_is_recognised(tmp_path):
    code = "def create(event, _):\n    pass\n\n\ndef other(event, _):\n    pass\n"
    yml = "provider:\n  name: aws\nfunctions:\n  create:\n    handler: todos/create.create\n"
    assert ids(project(tmp_path, {"serverless.yml": yml, "todos/create.py": code})) == ["create"]


def test_event_and_context_to_the_letter_make_a_handler_where_the_sdk_is_used(tmp_path):
    plain = "def create(event, context):\n    pass\n"
    assert ids(project(tmp_path / "1", {"app.py": plain})) == []
    assert ids(project(tmp_path / "2", {"app.py": "import boto3\n" + plain})) == ["create"]
    helper = "import boto3\n" + plain + HANDLER.replace("pass", "create(event, context)")
    assert ids(project(tmp_path / "3", {"app.py": helper})) == ["handler"]


def test_a_script_of_a_systems_manager_runbook_is_no_function(tmp_path):
    runbook = "mainSteps:\n- action: 'aws:executeScript'\n  inputs:\n    Script: '%%SCRIPT=fix.py%%'\n"
    loaded = project(tmp_path, {"runbook.yaml": runbook, "scripts/fix.py": HANDLER, "lambda/app.py": HANDLER})
    assert [function.span.file.path for function in loaded.functions] == ["lambda/app.py"]


def test_code_that_a_template_speaks_for_is_not_guessed(tmp_path):
    files = {**FILES, "a/src/other.py": "def lambda_handler(event, context):\n    pass\n"}
    assert len(project(tmp_path, files).functions) == 4


def test_modules_give_the_libcst_tree_on_request(tmp_path):
    import libcst

    [function] = project(tmp_path, {"app.py": HANDLER}).functions
    [module] = function.modules
    assert isinstance(module.cst, libcst.Module)
    assert module.cst.code == HANDLER


def test_templates_far_from_a_given_file_are_read_only_when_those_above_it_do_not_speak(tmp_path):
    far = "Resources:\n  Broken: {Type: AWS::SNS::Topic\n"
    near = project(tmp_path, {**FILES, "far/away/template.yaml": far}, "a/src/orders.py")
    assert ids(near) == ["Orders"]
    assert near.problems == []
    beside = {
        "infra/template.yaml": TEMPLATE.replace("src/", "../code/"),
        "code/orders.py": HANDLER,
        "code/prices.py": HANDLER,
    }
    assert ids(project(tmp_path / "x", beside, "code/orders.py")) == ["Orders"]


def test_of_many_given_files_the_whole_project_is_asked_at_once(tmp_path, monkeypatch):
    given = "a/src/orders.py", "b/src/prices.py"
    few = project(tmp_path, FILES, *given)
    begun = []
    loader = loading.Loader
    monkeypatch.setattr(loading, "Loader", lambda *args, near=False: begun.append(near) or loader(*args, near=near))
    assert ids(project(tmp_path, FILES, *given)) == ids(few) == ["Orders", "Prices"]
    monkeypatch.setattr(loading, "_MOST_NEAR", 1)
    many = project(tmp_path, FILES, *given)
    assert ids(many) == ids(few)
    assert [each.span.location() for each in many.functions] == [each.span.location() for each in few.functions]
    assert begun == [True, False]


def test_a_template_that_cannot_lead_to_a_given_file_is_not_parsed(tmp_path):
    broken = "Resources:\n  Broken: {Type: AWS::SNS::Topic\n"
    files = {"code/app.py": HANDLER, "code/lib/util.py": "", "other/app.py": HANDLER, "far/template.yaml": broken}
    alone = project(tmp_path, files, "code/app.py")
    assert ids(alone) == ["handler"]
    assert alone.problems == []
    assert len(alone.deployed) == 1, "what lies beside is not looked at"
    assert project(tmp_path, {**files, "far/template.yaml": broken + "# ../code"}, "code/app.py").problems
    assert not project(tmp_path, {**files, "far/template.yaml": broken + "# ../docs"}, "code/app.py").problems


@pytest.mark.parametrize(
    ("written", "folder"),
    [
        ("../code", "code"),
        ("'../my code/src'", "my code/src"),
        ("x/../../code/", "code"),
        ("!Sub '../${Folder}/src'", "code/src"),
        ("../..", ""),
    ],
)
def test_a_template_elsewhere_that_leads_to_a_given_file_is_read(tmp_path, written, folder):
    template = "Parameters:\n  Folder: {Type: String, Default: code}\n" + TEMPLATE.replace("src/", written)
    where = "far/template.yaml" if folder else "far/off/template.yaml"
    handler = f"{folder}/orders.py".removeprefix("/")
    files = {where: template, handler: HANDLER, f"{folder}/prices.py".removeprefix("/"): HANDLER}
    assert ids(project(tmp_path, files, handler)) == ["Orders"]


def test_a_stack_elsewhere_that_nests_the_template_of_a_given_file_is_read(tmp_path):
    stack = "Type: AWS::Serverless::Application\n    Properties: {Location: ../code/template.yaml}\n"
    parent = f"Transform: AWS::Serverless-2016-10-31\nResources:\n  Shop:\n    {stack}"
    files = {
        "far/template.yaml": parent,
        "code/template.yaml": TEMPLATE,
        "code/other.py": HANDLER,
        "code/src/orders.py": HANDLER,
    }
    loaded = project(tmp_path, {**files, "code/src/prices.py": HANDLER}, "code/src/orders.py", "code/other.py")
    orders = next(function for function in loaded.functions if function.described is not None)
    assert orders.template.parent is not None


def test_a_syntax_error_is_shown_on_a_line_with_text(tmp_path):
    code = "def token():\n    client = make(\n        1\n        b=2\n    )\n    return client\n\n" + HANDLER
    loaded = project(tmp_path, {"a/template.yaml": TEMPLATE, "a/src/orders.py": code, "a/src/prices.py": HANDLER})
    assert all(function.handler for function in loaded.functions)  # reads the code
    (problem,) = loaded.problems
    place = problem.location
    assert place.path == "a/src/orders.py" and code.split("\n")[place.start.line - 1][place.start.column - 1 :].strip()
    assert place.offset < place.end_offset


def test_code_for_a_generator_is_not_judged(tmp_path: Path) -> None:
    found = project(tmp_path, {"template.yaml": TEMPLATE, "src/orders.py": GENERATED, "src/prices.py": "def (:\n"})
    for function in found.functions:
        assert function.link
    assert [problem.location.path for problem in found.problems] == ["src/prices.py"]
    assert [(line.path, line.why) for line in found.ledger if line.what == "code of the file"] == [
        ("src/orders.py", "it holds placeholders of a project template")
    ]
