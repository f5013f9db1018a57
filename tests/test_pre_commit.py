"""The hooks under the real pre-commit. Installing them needs the package index; running them must not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from project_copy import copy_project

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: orders/
      Handler: app.handler
      Runtime: python3.13
  Billing:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: billing/
      Handler: app.handler
      Runtime: python3.13
"""
BAD = """\
import boto3


def handler(event, context):
    return boto3.client("s3").list_buckets()
"""
GOOD = """\
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    return s3.list_buckets()
"""
HOOKS = """\
repos:
  - repo: {url}
    rev: {rev}
    hooks:
      - id: slint
      - id: slint-all
        stages: [manual]
"""
# Whatever would use the network would meet a port where nobody listens.
NO_NETWORK = {
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
    "PIP_NO_INDEX": "1",
}


def without_network() -> tuple[str, ...]:
    """What runs a command without any network, where the system lets everybody do so."""
    command = ("unshare", "--map-root-user", "--net")
    try:
        allowed = subprocess.run([*command, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        allowed = False
    return command if allowed else ()


class Repository:
    """A git repository with a serverless project: one function is good, the other was bad before."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
        self.env = {**kept, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never", "NO_COLOR": "1"}
        folder.mkdir()
        self.git("init", "--quiet")
        files = {"template.yaml": TEMPLATE, "orders/app.py": GOOD, "billing/app.py": BAD, "README.md": "A shop.\n"}
        for path, text in files.items():
            self.write(path, text)
        self.commit()

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.hooksPath=/dev/null")
        return subprocess.run(
            ["git", *identity, *arguments], cwd=self.folder, env=self.env, check=True, capture_output=True, text=True
        ).stdout.strip()

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A change")
        return self.git("rev-parse", "HEAD")

    def pre_commit(self, *arguments: str, **env: str) -> tuple[int, str]:
        return self._run(sys.executable, "-m", "pre_commit", *arguments, **env)

    def pre_commit_offline(self, *arguments: str) -> tuple[int, str]:
        return self._run(*without_network(), sys.executable, "-m", "pre_commit", *arguments, **NO_NETWORK)

    def _run(self, *command: str, **env: str) -> tuple[int, str]:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**self.env, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    def change(self, **files: str | None) -> tuple[int, str]:
        """Run the hook on a change without network, and forget the change."""
        for name, text in files.items():
            path = name.replace("__", "/").replace("_", ".")
            if text is None:
                self.git("rm", "--quiet", path)
            else:
                self.write(path, text)
        self.git("add", "--all")
        outcome = self.pre_commit_offline("run", "--verbose", "slint")
        self.git("reset", "--quiet", "--hard")
        return outcome


@pytest.fixture
def slint_repository(tmp_path: Path) -> tuple[str, str]:
    """This project as a git repository: its address and revision."""
    folder = tmp_path / "slint"
    copy_project(folder)
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "slint"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    rev = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True)
    return str(folder), rev.stdout.strip()


def test_try_repo_reports_a_bad_change_and_nothing_else(tmp_path, slint_repository):
    shop = Repository(tmp_path / "shop", tmp_path / "home")
    shop.write("orders/app.py", BAD)
    shop.git("add", "--all")
    code, output = shop.pre_commit("try-repo", slint_repository[0], "slint", "--ref", slint_repository[1])
    assert code == 1, output
    assert "client-in-handler" in output and "orders/app.py:5" in output
    assert "billing" not in output


def test_installed_hooks_work_without_network(tmp_path, slint_repository):
    shop = Repository(tmp_path / "shop", tmp_path / "home")
    url, rev = slint_repository
    shop.write(".pre-commit-config.yaml", HOOKS.format(url=url, rev=rev))
    shop.commit()
    code, output = shop.pre_commit("install-hooks")
    assert code == 0, output

    code, output = shop.change(orders__app_py=BAD)
    assert code == 1 and "orders/app.py:5" in output and "billing" not in output, output

    code, output = shop.change(orders__app_py=GOOD + "\n# the same\n")
    assert code == 0 and "Passed" in output, output

    code, output = shop.change(README_md="A large shop.\n")
    assert code == 0 and "no files to check" in output, output

    code, output = shop.change(setup_py=BAD.replace("event, context", ""), notes_txt="A note.\n", data_json="[]\n")
    assert code == 0 and "slint:" not in output, f"files of no function are passed over in silence: {output}"

    code, output = shop.change(template_yaml=TEMPLATE.replace("python3.13", "python3.14"))
    assert code == 1 and "billing/app.py:5" in output, f"a changed template is judged with its handlers: {output}"

    code, output = shop.change(billing__app_py=None, orders__app_py=GOOD + "# one is deleted\n")
    assert code == 0, output

    code, output = shop.change(billing__app_py=BAD + "#\n", slint_toml='exclude = ["billing/"]\n')
    assert code == 0, f"what is excluded stays so: {output}"

    code, output = shop.pre_commit_offline("run", "slint-all", "--hook-stage", "manual", "--all-files")
    assert code == 1 and "billing/app.py:5" in output, output
