"""From a template's function to its handler, in whole small projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from slint.project.load import load
from slint.project.misspelt import meant
from slint.project.model import Function
from tests.conftest import WriteProject, settings

CODE = "def handler(event, context):\n    return event\n"
ASSET = """\
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {{Code: {{S3Bucket: b, S3Key: k}}, Handler: app.handler, Runtime: python3.14}}
    Metadata: {{"aws:asset:path": '{}', "aws:asset:property": Code}}
"""
NODE = "exports.handler = async (event) => event;\n"


def function(root: Path) -> Function:
    project = load(settings(root=str(root), cwd=str(root), base=str(root)))
    (found,) = (each for each in project.functions if each.template is not None)
    return found


def template(handler: str, *more: str, runtime: str = "python3.14", code: str = "CodeUri: src/") -> str:
    lines = [f"Handler: {handler}", f"Runtime: {runtime}", code, *more]
    properties = "".join(f"      {line}\n" for line in lines if line)
    head = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
    return f"{head}    Properties:\n{properties}"


@pytest.mark.parametrize(
    ("handler", "path"),
    [
        ("app.handler", "src/app.py"),
        ("api/app.handler", "src/api/app.py"),
        ("api.app.handler", "src/api/app.py"),
        ("api.handler", "src/api/__init__.py"),
    ],
)
def test_a_python_handler_is_found_where_the_runtime_finds_it(
    write_project: WriteProject, handler: str, path: str
) -> None:
    found = function(write_project({"template.yaml": template(handler), path: CODE}))
    assert found.unlinked is None
    assert found.handler is not None
    assert found.handler.definition is not None
    assert found.handler.definition.name == "handler"


@pytest.mark.parametrize(
    "code",
    [
        "from other import handler\n",
        "from other import work as handler\n",
        "from other import work\n\nhandler = work\n",
        "class App:\n    def __call__(self, event, context):\n        return event\n\n\nhandler = App()\n",
        "from other import *\n",
        "def __getattr__(name):\n    return print\n",
        "handler, spare = print, print\n",
        "if True:\n    def handler(event, context):\n        return event\n",
    ],
)
def test_a_name_that_is_bound_in_any_way_is_not_missing(write_project: WriteProject, code: str) -> None:
    other = CODE + "\n\ndef work(event, context):\n    return event\n"
    unlinked = function(
        write_project({"template.yaml": template("app.handler"), "src/app.py": code, "src/other.py": other})
    ).unlinked
    assert unlinked is None or not unlinked.missing


@pytest.mark.parametrize(
    ("handler", "files", "why", "instead"),
    [
        ("app.handler", {"src/apps.py": CODE}, "there is no module `app`", None),
        ("handlers.handler", {"src/handler.py": CODE}, "there is no module `handlers`", "handler.handler"),
        ("App.handler", {"src/app.py": CODE}, "there is no module `App`", "app.handler"),
        ("app.Handler", {"src/app.py": CODE}, "`src/app.py` defines no `Handler`", "app.handler"),
        ("app.lambda_handler", {"src/app.py": CODE}, "`src/app.py` defines no `lambda_handler`", "app.handler"),
        ("app.main", {"src/app.py": "x = 1\n"}, "`src/app.py` defines no `main`", None),
        ("app.py", {"src/app.py": CODE}, "it names a file, not a function in it", None),
        ("app", {"src/app.py": CODE}, "it is not of the form module.function", None),
        ("app.handler", {"Src/app.py": CODE}, "`src` does not exist, but `Src` does", None),
        (
            "app.handler",
            {"Makefile": "test:\n\tpytest src\n\tmkdir src-backup reports\n"},
            "`src` does not exist",
            None,
        ),
    ],
)
def test_a_missing_python_handler(
    write_project: WriteProject, handler: str, files: dict[str, str], why: str, instead: str | None
) -> None:
    unlinked = function(write_project({"template.yaml": template(handler), **files})).unlinked
    assert unlinked is not None
    assert (unlinked.missing, unlinked.why, unlinked.instead) == (True, why, instead)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (template("app.handler", code="CodeUri: s3://bucket/app.zip"), {}),
        (template("app.handler", code="CodeUri: app.zip"), {}),
        (template("app.handler", code="CodeUri: dist/"), {}),
        (template("app.handler", code="CodeUri: asset.c4e86b310ade55ecb18cf791c52d59f6"), {}),
        (template("app.handler", code="CodeUri: ignored/"), {".gitignore": "ignored/\n"}),
        (
            template("app.handler", code="CodeUri: packed/"),
            {"buildspec.yaml": "phases:\n  build:\n    commands:\n      - mkdir packed\n      - cp app.py packed\n"},
        ),
        (template("app.handler", code="CodeUri: orders/packed/"), {"orders/pack.sh": "pip install -t packed/ .\n"}),
        (
            template("app.handler", code="CodeUri: orders/packed/"),
            {".github/workflows/deploy.yml": "      - run: rsync -a orders/app.py orders/packed/\n"},
        ),
        (
            template("app.handler", code="CodeUri: packed/", runtime="nodejs24.x"),
            {"package.json": '{"scripts": {"pack": "esbuild src/app.ts --bundle --outdir=packed"}}'},
        ),
        (template("run.sh"), {"src/run.sh": ""}),
        (template("app.other", "Layers: ['arn:aws:lambda:eu-west-1:1:layer:code:1']"), {"src/lib.py": ""}),
        (template("datadog_lambda.handler.handler"), {"src/app.py": CODE}),
        (template("'{{ cookiecutter.module }}.handler'"), {"src/app.py": CODE}),
        (template("bootstrap", runtime="provided.al2023"), {"src/main.rs": ""}),
        (template("example.Orders::handle", runtime="java21"), {"src/Orders.java": ""}),
        (template("app.handler", runtime="nodejs24.x"), {"src/app.ts": ""}),
        (template("app.handler", runtime="nodejs24.x"), {"src/other.js": "", "src/tsconfig.json": "{}"}),
        (template("app.handler", runtime="nodejs24.x"), {"src/app.js": "module.exports = require('./other')\n"}),
        (template("app.handler", code="InlineCode: '# placeholder, replaced later'"), {}),
        (template("app.handler", code="InlineCode: 'def handler(event, context): return \"Hello from Lambda!\"'"), {}),
        (template("app.handler", code="InlineCode: 'def handler(event, context): return 1'"), {"app.py": CODE}),
        *(
            (template("index.handler", code=f"CodeUri: {folder}", runtime="nodejs24.x"), {})
            for folder in (".output/server", ".webpack/service", ".serverless", ".next/standalone", ".open-next")
        ),
        (template("my_lib.api.handler"), {"src/requirements.txt": "My-Lib>=1\n"}),
        (template("my-lib.handler", runtime="nodejs24.x"), {"src/package.json": '{"dependencies": {"my-lib": "1"}}'}),
        (template("app.handler"), {"src/app.py": "for name in NAMES:\n    globals()[name] = make(name)\n"}),
        (template("app.handler"), {"src/app.py": "import sys\nsetattr(sys.modules[__name__], NAME, 1)\n"}),
        (
            template("app.handler", runtime="nodejs24.x"),
            {"src/app.js": "for (const name of NAMES) { module.exports[name] = make(name) }\n"},
        ),
        (template("index.handler", code="InlineCode: !Rain::Embed app.py"), {"app.py": CODE}),
        (template("app.handler", code="CodeUri: stage/"), {}),
        (ASSET.format("handlers/orders"), {}),
        (ASSET.format("C:\\orders\\handlers"), {}),
    ],
)
def test_what_cannot_be_known_is_not_missing(write_project: WriteProject, text: str, files: dict[str, str]) -> None:
    unlinked = function(write_project({"template.yaml": text, "src/readme.txt": "", **files})).unlinked
    assert unlinked is not None
    assert not unlinked.missing
    assert unlinked.why


def test_a_node_handler_is_checked_for_being_there(write_project: WriteProject) -> None:
    wrong = template("app.lambdaHandler", runtime="nodejs24.x")
    unlinked = function(write_project({"template.yaml": wrong, "src/app.js": NODE})).unlinked
    assert unlinked is not None
    assert (unlinked.missing, unlinked.instead) == (True, "app.handler")
    assert unlinked.why == "`src/app.js` exports no `lambdaHandler`"


def test_a_node_handler_that_is_there_is_found(write_project: WriteProject) -> None:
    found = function(
        write_project({"template.yaml": template("app.handler", runtime="nodejs24.x"), "src/app.js": NODE})
    )
    assert found.unlinked is None
    assert found.handler is not None
    assert found.handler.definition is not None
    assert found.handler.definition.name == "handler"


def test_a_wrapping_handler_leads_to_the_one_that_its_variable_names(write_project: WriteProject) -> None:
    text = template(
        "datadog_lambda.handler.handler", "Environment:", "  Variables:", "    DD_LAMBDA_HANDLER: app.handler"
    )
    found = function(write_project({"template.yaml": text, "src/app.py": CODE}))
    assert found.handler is not None
    assert found.handler.unit.path.endswith("src/app.py")


def test_inline_code_is_the_module_index(write_project: WriteProject) -> None:
    code = "InlineCode: |\n        def handler(event, context):\n          return event"
    right = function(write_project({"template.yaml": template("index.handler", code=code)}))
    assert right.handler is not None
    wrong = function(write_project({"template.yaml": template("app.handler", code=code)})).unlinked
    assert wrong is not None
    assert (wrong.missing, wrong.instead) == (True, "index.handler")


def test_a_handler_in_a_local_layer_is_found(write_project: WriteProject) -> None:
    text = template("shared.handler", "Layers: [!Ref Shared]") + (
        "  Shared:\n    Type: AWS::Serverless::LayerVersion\n    Properties:\n      ContentUri: layer/\n"
    )
    found = function(write_project({"template.yaml": text, "src/app.py": "", "layer/python/shared.py": CODE}))
    assert found.handler is not None


def test_a_runtime_that_is_yet_to_be_filled_in_is_not_known(write_project: WriteProject) -> None:
    files = {"template.yaml": template("app.handler", runtime="PYTHON3_VERSION"), "src/app.py": CODE}
    unlinked = function(write_project(files)).unlinked
    assert unlinked is not None
    assert unlinked.why == "its runtime is not known"


def test_the_paths_of_a_template_that_a_build_wrote_lead_elsewhere(write_project: WriteProject) -> None:
    unlinked = function(write_project({"out/template.yaml": template("app.handler"), "src/app.py": CODE})).unlinked
    assert unlinked is not None
    assert (unlinked.missing, unlinked.why) == (False, "made by a build that has not run here")


def test_a_layer_does_not_replace_a_module_of_the_code(write_project: WriteProject) -> None:
    text = template("app.other", "Layers: ['arn:aws:lambda:eu-west-1:1:layer:code:1']")
    unlinked = function(write_project({"template.yaml": text, "src/app.py": CODE})).unlinked
    assert unlinked is not None
    assert (unlinked.missing, unlinked.why) == (True, "`src/app.py` defines no `other`")


@pytest.mark.parametrize(
    ("written", "present", "expected"),
    [
        ("lambdaHandler", ["lambda_handler", "other"], "lambda_handler"),
        ("lambda_hander", ["lambda_handler"], "lambda_handler"),
        ("lambda_hadnler", ["lambda_handler"], "lambda_handler"),
        ("handler1", ["handler2", "handler3"], None),
        ("app", ["api", "aps"], None),
        ("orders", ["prices"], None),
        ("orders", [], None),
        ("x" * 5_000, ["x" * 4_999], None),
    ],
)
def test_which_name_was_meant(written: str, present: list[str], expected: str | None) -> None:
    assert meant(written, present) == expected


IMAGE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      PackageType: Image
    Metadata:
      DockerContext: ./image
      Dockerfile: Dockerfile
"""


@pytest.mark.parametrize(
    ("dockerfile", "files", "expected"),
    [
        (
            'FROM public.ecr.aws/lambda/python:3.14\nCOPY app.py ./\nCMD ["app.handler"]\n',
            {"app.py": "def handler(event, context): pass\n"},
            "image/app.py",
        ),
        (
            'FROM public.ecr.aws/lambda/python:3.14 AS one\nFROM one\nCMD ["x.y"]\n'
            'FROM public.ecr.aws/lambda/python:3.14\nCOPY src/ ${LAMBDA_TASK_ROOT}/\nCMD ["jobs.app.handler"]\n',
            {"src/jobs/app.py": "def handler(event, context): pass\n"},
            "image/src/jobs/app.py",
        ),
        (
            'FROM public.ecr.aws/lambda/nodejs:22\nCOPY src ./\nCMD ["app.handler"]\n',
            {"src/app.js": "exports.handler = async (event) => event;\n"},
            "image/src/app.js",
        ),
        (
            'FROM node:22\nCMD ["app.handler"]\n',
            {},
            "an image that is not based on a Lambda image for Python or Node.js",
        ),
        (
            'FROM public.ecr.aws/lambda/python:3.14\nENTRYPOINT ["/run"]\nCMD ["app.handler"]\n',
            {},
            "an image whose command is not one handler",
        ),
    ],
)
def test_the_command_of_an_image_is_its_handler(write_project, dockerfile, files, expected):
    inside = {f"image/{name}": text for name, text in {"Dockerfile": dockerfile, **files}.items()}
    root = str(write_project({"template.yaml": IMAGE, **inside}))
    [function] = load(settings(root=root, cwd=root, base=root)).functions
    told = function.handler.unit.module.file.path if function.handler is not None else function.link.why
    assert told == expected


@pytest.mark.parametrize(("runtime", "file"), [("python3.14", "src/app.py"), ("nodejs24.x", "src/app.js")])
def test_a_layer_does_not_come_before_the_function_s_own_file(
    write_project: WriteProject, runtime: str, file: str
) -> None:
    text = template("app.handlr", "Layers: ['arn:aws:lambda:eu-west-1:1:layer:code:1']", runtime=runtime)
    unlinked = function(write_project({"template.yaml": text, file: CODE if file.endswith("py") else NODE})).unlinked
    assert unlinked is not None
    assert (unlinked.missing, unlinked.instead) == (True, "app.handler")
