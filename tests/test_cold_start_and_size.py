"""The rules about starting and about size, in projects that are too large or too special for an example."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from slint.diagnostic import Diagnostic
from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import run
from slint.project.load import load
from tests.conftest import WriteProject, settings

RULES = (
    "heavy-dependency",
    "heavy-import-at-init",
    "lambda-warmer",
    "package-over-lambda-limit",
    "package-oversized",
    "snapstart-bypassed-by-latest",
    "snapstart-incompatible-config",
    "snapstart-unsupported-runtime",
    "snapstart-without-version",
    "user-facing-cold-start",
)
CODE = "def handler(event, context):\n    return event\n"
SNAPSTART = "SnapStart: {ApplyOn: PublishedVersions}"
URL = "FunctionUrlConfig: {AuthType: NONE}"


def template(*properties: str, runtime: str = "python3.14", after: str = "", globals: str = "") -> str:
    lines = ["CodeUri: src/", "Handler: app.handler", f"Runtime: {runtime}", *properties]
    body = "".join(f"      {line}\n" for line in lines)
    return (
        f"Transform: AWS::Serverless-2016-10-31\n{globals}Resources:\n"
        f"  F:\n    Type: AWS::Serverless::Function\n    Properties:\n{body}{after}"
    )


def findings(root: Path) -> list[Diagnostic]:
    chosen = settings(root=str(root), cwd=str(root), base=str(root), select=RULES)
    rules = chosen_rules(chosen, {name: rule for name, rule in all_rules().items() if name in RULES})
    return list(run(load(chosen), rules, chosen).diagnostics)


def brief(root: Path) -> list[tuple[str, str]]:
    return [(each.rule, str(each.severity)) for each in findings(root)]


def sparse(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.truncate(path, size)


VERSION = "  V:\n    Type: AWS::Lambda::Version\n    Properties:\n      FunctionName: %s\n"
ALIAS = (
    "  A:\n    Type: AWS::Lambda::Alias\n    Properties:\n      Name: live\n      FunctionName: !Ref F\n"
    "      FunctionVersion: '1'\n"
)
PROVISIONED = "      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (template(URL), [("user-facing-cold-start", "info")]),
        (template(URL, runtime="dotnet10"), [("user-facing-cold-start", "warning")]),
        (template(URL, runtime="nodejs24.x"), []),
        (template(URL, runtime="python99"), []),
        (template(URL, SNAPSTART, "AutoPublishAlias: live"), []),
        (template(URL, SNAPSTART), [("snapstart-without-version", "error")]),
        (template(URL, SNAPSTART, after=VERSION % "!Ref F"), []),
        (template(URL, SNAPSTART, after=VERSION % "!GetAtt F.Arn"), []),
        (template(URL, SNAPSTART, after=VERSION % "other"), [("snapstart-without-version", "error")]),
        (template(URL, "FunctionName: named", SNAPSTART, after=VERSION % "named"), []),
        (template(URL, SNAPSTART, after=ALIAS), []),
        (template(URL, after=ALIAS + PROVISIONED), []),
        (template(URL, after=ALIAS), [("user-facing-cold-start", "info")]),
        (template(URL, "SnapStart: !Ref Unknown"), []),
        (template(URL, "AutoPublishAlias: live", "ProvisionedConcurrencyConfig: !Ref Unknown"), []),
        (template(URL, "EphemeralStorage: {Size: 1024}"), []),
        (template(URL, "EphemeralStorage: {Size: 1024}", runtime="java21"), [("user-facing-cold-start", "warning")]),
        (template(URL, "EphemeralStorage: {Size: '512'}"), [("user-facing-cold-start", "info")]),
        (template(URL, "EphemeralStorage: {Size: !Ref Unknown}"), []),
        (template(URL, "CapacityProviderConfig: {Arn: x}"), []),
        (template("Events: {Q: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:a:1:q'}}}"), []),
        (template(URL, SNAPSTART, "AutoPublishAlias: live", runtime="nodejs24.x"), [("snapstart-unsupported-runtime", "error")]),
        (template(SNAPSTART, "AutoPublishAlias: live", "TenancyConfig: {TenantIsolationMode: PER_TENANT}"), [("snapstart-incompatible-config", "error")]),
        (template(SNAPSTART, "AutoPublishAlias: live", "FileSystemConfigs: [{Arn: a, LocalMountPath: /mnt/a}]"), [("snapstart-incompatible-config", "error")]),
        (template(SNAPSTART, "AutoPublishAlias: live", "FileSystemConfigs: []"), []),
        (template(SNAPSTART, after=ALIAS + PROVISIONED), [("snapstart-incompatible-config", "error")]),
        (template("SnapStart: {ApplyOn: None}", "EphemeralStorage: {Size: 1024}"), []),
        (template("SnapStart: [1]", "AutoPublishAlias: [1]", URL, "EphemeralStorage: 5"), [("user-facing-cold-start", "info")]),
    ],
)  # fmt: skip
def test_how_a_function_starts(write_project: WriteProject, text: str, expected: list[tuple[str, str]]) -> None:
    assert brief(write_project({"template.yaml": text, "src/app.py": CODE})) == expected


def test_what_runs_at_the_edge_can_have_no_remedy(write_project: WriteProject) -> None:
    edge = (
        "  Pages:\n    Type: AWS::CloudFront::Distribution\n    Properties:\n      DistributionConfig:\n"
        "        DefaultCacheBehavior:\n          LambdaFunctionAssociations:\n"
        "            - {EventType: viewer-request, LambdaFunctionARN: !Ref F.Version}\n"
    )
    files = {"template.yaml": template(after=edge), "src/app.py": CODE}
    assert brief(write_project(files)) == []
    assert brief(write_project({**files, "template.yaml": template(URL, after=edge)})) == [
        ("user-facing-cold-start", "info")
    ]


def test_code_that_is_compiled_before_starts_fast(write_project: WriteProject) -> None:
    files = {
        "template.yaml": template(URL, runtime="dotnet8"),
        "src/App.csproj": "<Project><PropertyGroup><PublishAot>true</PublishAot></PropertyGroup></Project>",
    }
    assert brief(write_project(files)) == [("user-facing-cold-start", "info")]


def test_a_framework_behind_a_start_script_is_told_by_the_requirements(write_project: WriteProject) -> None:
    script = template(URL).replace("app.handler", "run.sh")
    files = {"template.yaml": script, "src/run.sh": "", "src/main.py": "import fastapi\n"}
    assert brief(write_project(files)) == [("user-facing-cold-start", "info")]
    (found,) = findings(write_project({**files, "src/requirements.txt": "uvicorn\nfastapi==0.1\n"}))
    assert (str(found.severity), found.related[-1].message) == (
        "warning",
        "the web framework `fastapi` is installed for it",
    )


def test_snapstart_in_globals_is_reported_there_with_all_its_functions(write_project: WriteProject) -> None:
    text = template(
        globals="Globals:\n  Function:\n    SnapStart:\n      ApplyOn: PublishedVersions\n",
        after="  G:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/\n"
        "      Handler: app.handler\n      Runtime: python3.14\n",
    )
    (found,) = findings(write_project({"template.yaml": text, "src/app.py": CODE}))
    assert found.functions == ("F", "G")
    assert found.location.start.line == 4


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("!GetAtt F.Arn", [("snapstart-bypassed-by-latest", "error")]),
        ("!Ref F.Alias", []),
        ("!Ref A", []),
    ],
)
def test_who_bypasses_the_alias(write_project: WriteProject, target: str, expected: list[tuple[str, str]]) -> None:
    rule = (
        "  R:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {source: [x]}\n"
        f"      Targets: [{{Id: f, Arn: {target}}}]\n"
    )
    text = template(SNAPSTART, "AutoPublishAlias: live", after=ALIAS + rule)
    assert brief(write_project({"template.yaml": text, "src/app.py": CODE})) == expected


@pytest.mark.parametrize(
    ("schedule", "warms"),
    [
        ("Schedule: rate(5 minutes), Input: '{\"warmer\": true}'", True),
        ("Schedule: rate(1 minute), Description: Keeps the function warm", True),
        ("Schedule: cron(0/5 * * * ? *), Name: KeepWarm", True),
        ("Schedule: cron(0 8 * * ? *), Input: warm-up", False),
        ("Schedule: rate(1 hour), Input: warm-up", False),
        ("Schedule: rate(16 minutes), Input: warm-up", False),
        ('Schedule: rate(5 minutes), Input: \'{"job": "warmth"}\'', False),
        ("Schedule: rate(5 minutes)", False),
        ('Schedule: rate(10 minutes), Input: \'{"task": "warm-cache"}\'', False),
        ("Schedule: rate(10 minutes), Name: cdn-warmup", False),
        ("Schedule: !Ref Unknown, Input: warm-up", False),
    ],
)
def test_which_schedules_warm(write_project: WriteProject, schedule: str, warms: bool) -> None:
    text = template(f"Events: {{E: {{Type: Schedule, Properties: {{{schedule}}}}}}}")
    found = brief(write_project({"template.yaml": text, "src/app.py": CODE}))
    assert found == ([("lambda-warmer", "warning")] if warms else [])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import lambda_warmer", True),
        ("def handler(event, context):\n    if event.get('warmer'):\n        return 1", True),
        ("def handler(event, context):\n    if 'warmup' in event:\n        return 1", True),
        ("def handler(event, context):\n    if event.get('source') == 'warmer':\n        return 1", True),
        ("def handler(event, context):\n    if event['leadStatus'] == 'warm':\n        return 1", False),
        ("def handler(event, context):\n    return event.get('warm_start')", False),
        ("def handler(event, context):\n    return {'warmer': 1}.get('warmer')", False),
    ],
)
def test_which_code_answers_warmers(write_project: WriteProject, line: str, expected: bool) -> None:
    code = line if "def handler" in line else f"{line}\n\n\n{CODE}"
    found = brief(write_project({"template.yaml": template(), "src/app.py": code + "\n"}))
    assert found == ([("lambda-warmer", "warning")] if expected else [])


@pytest.mark.parametrize(
    ("megabytes", "properties", "expected"),
    [
        (5, [URL], []),
        (20, [], [("package-oversized", "info")]),
        (60, [], [("package-oversized", "info")]),
        (60, [URL], [("package-oversized", "warning")]),
        (300, [URL], [("package-over-lambda-limit", "error")]),
    ],
)
def test_how_large_a_package_is(
    write_project: WriteProject, megabytes: int, properties: list[str], expected: list[tuple[str, str]]
) -> None:
    root = write_project({"template.yaml": template(*properties, runtime="python3.11"), "src/app.py": CODE})
    sparse(root / "src" / "data" / "model.bin", megabytes * 1_000_000)
    assert brief(root) == expected


def test_local_layers_count_towards_the_limit(write_project: WriteProject) -> None:
    layer = "  L:\n    Type: AWS::Serverless::LayerVersion\n    Properties:\n      ContentUri: layer/\n"
    root = write_project({"template.yaml": template("Layers: [!Ref L]", after=layer), "src/app.py": CODE})
    sparse(root / "layer" / "python" / "model.bin", 263_000_000)
    assert brief(root) == [("package-over-lambda-limit", "error")]


def test_an_archive_is_judged_by_what_it_unpacks_to(write_project: WriteProject) -> None:
    text = template(URL, runtime="nodejs24.x").replace("src/", "orders.zip")
    root = write_project({"template.yaml": text})
    with zipfile.ZipFile(root / "orders.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.bin", bytes(60_000_000))
    assert brief(root) == [("package-oversized", "warning")]


@pytest.mark.parametrize(
    ("requirements", "expected"),
    [
        ("requests\n", []),
        ("pandas\n", [("heavy-dependency", "warning")]),
        ("onnxruntime\n", [("heavy-dependency", "warning")]),
        ("openai\n", [("heavy-dependency", "info")]),
        ("tensorflow==2.20.0\n", [("heavy-dependency", "error")]),
        ("torch; sys_platform == 'win32'\n", []),
        ("boto3\nbotocore\n", []),
        ("# torch\n", []),
    ],
)
def test_which_dependencies_are_heavy(
    write_project: WriteProject, requirements: str, expected: list[tuple[str, str]]
) -> None:
    files = {"template.yaml": template(), "src/app.py": CODE, "src/requirements.txt": requirements}
    assert brief(write_project(files)) == expected


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("import pandas", ["pandas"]),
        ("import numpy\nimport pandas", ["pandas"]),
        ("from google.cloud import bigquery", ["google-cloud-bigquery"]),
        ("import json, boto3, requests, PIL", []),
        ("from sklearn.cluster import KMeans", ["scikit-learn"]),
        ("try:\n    import pandas\nexcept ImportError:\n    pandas = None", []),
        ("def lazy():\n    import pandas", []),
    ],
)
def test_which_imports_are_heavy(write_project: WriteProject, imports: str, expected: list[str]) -> None:
    root = write_project({"template.yaml": template(), "src/app.py": f"{imports}\n\n\n{CODE}"})
    found = [each for each in findings(root) if each.rule == "heavy-import-at-init"]
    assert [each.message.split("`")[3] for each in found] == expected
