"""Checks slint's SARIF with Microsoft's validator, for a project with a finding of every rule and all fixtures.

Fails on any error or warning of the rules for SARIF and for GitHub code scanning, and when npm is missing. Run it in
the environment that slint is installed in.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "tests"))

from bad_examples import write_bad_examples  # noqa: E402  # it lies beside the tests

PACKAGES = ("@microsoft/sarif-multitool@5.7.0", "@microsoft/sarif-multitool-linux@5.7.0")
PROGRAM = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
LEAST_RESULTS = 50  # fewer would mean that the project is not what it is meant to be

# It fetches every address in the log, which takes minutes where the network drops what it does not allow.
OPTIONS = {"SARIF2006.UrisShouldBeReachable.Options": {"RuleEnabled": "Disabled"}}


def main() -> int:
    """1 when the validator finds fault, else 0."""
    if shutil.which("npm") is None:
        sys.stderr.write("npm is missing: install Node.js, the validator is an npm package\n")
        return 1
    with TemporaryDirectory(prefix="slint-sarif-") as name:
        folder = Path(name)
        log = written_log(folder / "project")
        found = faults(folder, log)
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    return int(bool(found))


def written_log(project: Path) -> Path:
    """The log of the whole project."""
    write_bad_examples(project)
    shutil.copytree(TOP / "fixtures", project / "fixtures")
    log = project.parent / "slint.sarif"
    options = [
        "--quiet",
        "--select",
        "ALL",
        "--fail-on",
        "never",
        "--output-format",
        "sarif",
        "--output-file",
        str(log),
    ]
    subprocess.run([sys.executable, "-m", "slint", "check", *options], cwd=project, check=True)
    count = len(json.loads(log.read_text("utf-8"))["runs"][0]["results"])
    if count < LEAST_RESULTS:
        raise SystemExit(f"only {count} results: the project should have at least {LEAST_RESULTS}")
    return log


def faults(folder: Path, log: Path) -> list[str]:
    """What the validator reports, one line each."""
    quietly = ["--loglevel=error", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder)]
    subprocess.run(["npm", "install", *quietly, *PACKAGES], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    program = folder / PROGRAM
    program.chmod(0o755)  # where npm runs no scripts of packages, nobody did it
    options = folder / "options.json"
    options.write_text(json.dumps(OPTIONS), encoding="utf-8")
    report = folder / "validation.sarif"
    output = ["--output", str(report), "--log", "ForceOverwrite"]
    command = [str(program), "validate", str(log), "--config", str(options), "--rule-kind", "Sarif;Ghas", *output]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0 or not report.is_file():
        return [f"the validator failed: {done.stdout}{done.stderr}"]
    (run,) = json.loads(report.read_text("utf-8"))["runs"]
    return [shown(result) for result in run["results"] if not is_excused(result)]


def shown(result: dict[str, Any]) -> str:
    """A result of the validator on one line."""
    return f"{result.get('level', 'warning')} {result['ruleId']}: {json.dumps(result['message'])}"


def is_excused(result: dict[str, Any]) -> bool:
    """Notes, and that no `informationUri` is given while the project has no address to give."""
    if result.get("level") in ("note", "none"):
        return True
    has_address = "urls" in tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    is_about_address = (
        result["ruleId"] == "SARIF2005" and result["message"]["id"] == "Warning_ProvideToolnformationUri"  # sic
    )
    return is_about_address and not has_address


if __name__ == "__main__":
    sys.exit(main())
