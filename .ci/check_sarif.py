"""Checks slint's SARIF with Microsoft's validator, on as many findings as a large repository has.

The repository holds a project with a finding of every rule and all fixtures, again and again, in folders with names to
be encoded, and in different encodings: more results than GitHub keeps, so that some are left out. cfn-lint's findings
are merged in the first copy. Fails on any error or warning of the rules for SARIF and for GitHub code scanning, and
when npm is missing. Run it in the environment that slint is installed in.
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

from slint.knowledge.code_scanning import RESULTS_KEPT  # noqa: E402

TEMPLATES = (".yaml", ".yml", ".json", ".template")
PACKAGES = ("@microsoft/sarif-multitool@5.7.0", "@microsoft/sarif-multitool-linux@5.7.0")
PROGRAM = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
COPIES = 64

# The names of folders, and how the files below them are written: lines end so, in this encoding.
LAYOUTS = (
    ("plain", "\n", "utf-8"),
    ("50% off, #1?", "\r\n", "utf-8"),
    ("naïve \U0001f600", "\n", "utf-8-sig"),
    ("a&b=c+d[e];f", "\r\n", "utf-16"),
)

# It fetches every address in the log, which takes minutes where the network drops what it does not allow.
OPTIONS = {"SARIF2006.UrisShouldBeReachable.Options": {"RuleEnabled": "Disabled"}}


def main() -> int:
    """1 when the validator finds fault, else 0."""
    if shutil.which("npm") is None:
        sys.stderr.write("npm is missing: install Node.js, the validator is an npm package\n")
        return 1
    with TemporaryDirectory(prefix="slint-sarif-") as name:
        folder = Path(name)
        write_repository(folder / "repository")
        everything = written_log(folder / "repository", folder / "everything.sarif")
        merged = written_log(folder / "repository" / "plain 0", folder / "merged.sarif", "--with", "cfn-lint")
        if counted(everything) != RESULTS_KEPT or "results-left-out" not in everything.read_text("utf-8"):
            raise SystemExit(f"{counted(everything)} results: the repository should have more than {RESULTS_KEPT}")
        found = faults(folder, everything, merged)
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    return int(bool(found))


def write_repository(top: Path) -> None:
    """All copies of the project, below the top of a git repository."""
    project = top.parent / "project"
    write_bad_examples(project)
    shutil.copytree(TOP / "fixtures", project / "fixtures")
    files = {path.relative_to(project): path.read_bytes() for path in project.rglob("*") if path.is_file()}
    (top / ".git").mkdir(parents=True)
    for number in range(COPIES):
        name, end, encoding = LAYOUTS[number % len(LAYOUTS)]
        for path, data in files.items():
            target = top / f"{name} {number}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(rewritten(data, end, encoding if path.suffix in TEMPLATES else "utf-8"))


def rewritten(data: bytes, end: str, encoding: str) -> bytes:
    """A text with other ends of lines and another encoding; what is no text as it is."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    return text.replace("\n", end).encode(encoding)


def written_log(project: Path, log: Path, *more: str) -> Path:
    """The log of a whole project."""
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
    subprocess.run([sys.executable, "-m", "slint", "check", *options, *more], cwd=project, check=True)
    return log


def counted(log: Path) -> int:
    """How many results a log has."""
    return len(json.loads(log.read_text("utf-8"))["runs"][0]["results"])


def faults(folder: Path, *logs: Path) -> list[str]:
    """What the validator reports about the logs, one line each."""
    quietly = ["--loglevel=error", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder)]
    subprocess.run(["npm", "install", *quietly, *PACKAGES], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    program = folder / PROGRAM
    program.chmod(0o755)  # where npm runs no scripts of packages, nobody did it
    options = folder / "options.json"
    options.write_text(json.dumps(OPTIONS), encoding="utf-8")
    report = folder / "validation.sarif"
    output = ["--output", str(report), "--log", "ForceOverwrite"]
    command = [
        str(program),
        "validate",
        *map(str, logs),
        "--config",
        str(options),
        "--rule-kind",
        "Sarif;Ghas",
        *output,
    ]
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
