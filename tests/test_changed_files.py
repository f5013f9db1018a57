"""Paths on the command line that narrow the report: changed files, and files that the settings exclude."""

from __future__ import annotations

import json

import pytest

from slint.cli import main

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: orders/
      Handler: app.handler
      Runtime: python3.13
  Legacy:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: legacy/
      Handler: app.handler
      Runtime: python3.13
"""
BAD = """\
import boto3


def handler(event, context):
    return boto3.client("s3").list_buckets()
"""


@pytest.fixture
def check(write_project, monkeypatch, capsys):
    """Checks a project whose two handlers build a client; gives exit code, places and notices."""
    folder = write_project(
        {
            "template.yaml": TEMPLATE,
            "orders/app.py": BAD,
            "legacy/app.py": BAD,
            "legacy/template.yaml": TEMPLATE.replace("legacy/", "."),
            "script.py": BAD.replace("event, context", ""),
        }
    )
    monkeypatch.chdir(folder)

    def run(*arguments: str, config: str = "", within: str = ".") -> tuple[int, list[str], str]:
        (folder / "slint.toml").write_text(config)
        monkeypatch.chdir(folder / within)
        with pytest.raises(SystemExit) as ended:
            main(("check", "--select", "client-in-handler", "--output-format", "json", *arguments))
        out, err = capsys.readouterr()
        found = json.loads(out)["diagnostics"] if out else []
        return int(ended.value.code or 0), [each["path"] for each in found], err

    return run


def test_a_changed_file_is_judged_as_part_of_its_functions(check):
    code, places, notices = check("--changed", "orders/app.py", "script.py")
    assert (code, places) == (1, ["orders/app.py"])
    assert notices


@pytest.mark.parametrize("paths", [("gone.py",), ("gone/app.py", "script.py"), ("script.py",), ()])
def test_changed_files_of_no_function_are_passed_over_in_silence(check, paths):
    assert check("--changed", *paths) == (0, [], "")


def test_a_gone_file_does_not_hide_the_others(check):
    assert check("--changed", "gone.py", "orders/app.py")[:2] == (1, ["orders/app.py"])


def test_without_the_option_a_gone_path_is_an_error(check):
    code, _, notices = check("gone.py")
    assert code == 2 and "no such file or folder: gone.py" in notices


@pytest.mark.parametrize("pattern", ["legacy/", "/legacy/", "legacy", "**/legacy/", "legacy/*"])
def test_what_is_excluded_is_not_reported_however_it_is_reached(check, pattern):
    config = f'exclude = ["{pattern}"]\n'
    assert check(config=config)[1] == ["orders/app.py"]
    assert check("template.yaml", config=config)[1] == ["orders/app.py"]
    assert check("legacy/app.py", config=config)[:2] == (0, [])
    assert check("legacy/app.py", "orders/app.py", config=config)[1] == ["orders/app.py"]
    assert check("legacy", config=config)[:2] == (0, [])
    assert check(config=config, within="legacy")[:2] == (0, [])


def test_patterns_are_relative_to_the_configuration(check):
    assert check("legacy", config='exclude = ["/app.py"]\n')[1] == ["legacy/app.py"]
    assert check("legacy", config='exclude = ["/legacy/app.py"]\n')[1] == []


def test_the_option_excludes_too(check):
    assert check("--exclude", "legacy/", "legacy/app.py", "orders/app.py")[1] == ["orders/app.py"]
