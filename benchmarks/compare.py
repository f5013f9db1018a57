"""Measures slint and its peers side by side on a checkout given by path.

    python benchmarks/compare.py ../serverless-patterns --runs 5 > comparison.md

The jobs are those a user has: one template, a template with its handlers, the whole repository, one handler of it (what
a pre-commit hook checks), and ten copies of the repository. Peers are used when they are installed, and never
installed: pip install cfn-lint, checkov, bandit, best each in an environment of its own, given with --path. Medians
are shown, with the number of runs; memory is the greatest of all runs. Needs Linux or macOS.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

# Where the jobs lie in aws-samples/serverless-patterns; any other checkout needs the options.
ONE_TEMPLATE = "apigw-lambda-dynamodb-stream-lambda/template.yaml"  # 65 lines
SIX_HANDLERS = "lambda-durable-webhook-sam-python"  # a template of 132 lines, six Python files
COPIES = 10
_KILOBYTES = 1 if sys.platform == "linux" else 1024  # the unit of ru_maxrss: 1 KB on Linux, 1 byte on macOS

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Tool:
    """A program: how it is called and installed."""

    name: str
    command: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True)
class Job:
    """One command of a tool; `count` takes the number of findings from its output."""

    title: str
    tool: Tool
    arguments: tuple[str, ...]
    folder: Path
    count: Count
    runs: int


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took: seconds, and megabytes at its peak."""

    wall: float
    cpu: float
    megabytes: float
    findings: int | None
    code: int


def main() -> int:
    """Measure, and print a table in Markdown."""
    options = _options()
    repository = Path(options.repository).resolve()
    if not repository.is_dir():
        raise SystemExit(f"no such folder: {repository}")
    tools = _tools(options.path)
    template, folder = repository / options.template, repository / options.folder
    for path, name in ((template, "--template"), (folder, "--folder")):
        if not path.exists():
            raise SystemExit(f"no such path: {path}: choose one of the checkout with {name}")
    handler = repository / options.handler if options.handler else _handler(folder)
    with tempfile.TemporaryDirectory(prefix="slint-benchmark-") as place:
        jobs = list(_jobs(tools, repository, template, folder, handler, Path(place), options))
        print(_machine(repository, tools))
        for warning in _bytecode_warnings():
            print(f"\n**Warning:** {warning}")
        print("\n| job | tool | wall s | cpu s | MB | findings | runs |\n|---|---|---|---|---|---|---|", flush=True)
        for job in jobs:
            print(_row(job, options.timeout), flush=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repository", help="the checkout, such as one of aws-samples/serverless-patterns")
    parser.add_argument("--template", default=ONE_TEMPLATE, help="one template, relative to the checkout")
    parser.add_argument("--folder", default=SIX_HANDLERS, help="a folder with a template and its handlers")
    parser.add_argument("--handler", help="one handler file of it; by default the first of the folder")
    parser.add_argument("--runs", type=int, default=5, help="runs of each small job; large ones get three, peers one")
    parser.add_argument("--timeout", type=float, default=900, help="seconds after which a run is given up")
    parser.add_argument("--path", action="append", default=[], help="a folder with programs of peers; may be repeated")
    parser.add_argument("--small", action="store_true", help="leave out the whole repository and its copies")
    parser.add_argument("--no-peers", action="store_true", help="measure slint alone")
    return parser.parse_args()


def _tools(folders: Sequence[str]) -> dict[str, Tool]:
    """The tools that are here by name; the others are told on standard error with how to install them."""
    found: dict[str, Tool] = {}
    search = os.pathsep.join([*folders, os.environ.get("PATH", "")])
    for name in ("slint", "cfn-lint", "checkov", "bandit"):
        program = shutil.which(name, path=search)
        command = (sys.executable, "-P", "-m", "slint") if name == "slint" else (program,) if program else None
        version = _version(command) if command else None
        if command and version:
            found[name] = Tool(name, command, version)
        elif name == "slint":
            raise SystemExit("slint is not importable here: install this checkout, pip install -e .")
        else:
            sys.stderr.write(f"{name} is not installed and left out: pip install {name}\n")
    return found


def _version(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.split("\n")[0].split()
    return words[-1] if done.returncode == 0 and words else None


def _jobs(
    tools: dict[str, Tool],
    repository: Path,
    template: Path,
    folder: Path,
    handler: Path,
    place: Path,
    options: argparse.Namespace,
) -> Iterator[Job]:
    slint = tools["slint"]
    peers = {} if options.no_peers else {name: tool for name, tool in tools.items() if name != "slint"}
    check = ("check", "--quiet", "--output-format", "json")
    small, large = options.runs, min(3, options.runs)

    yield Job("start", slint, ("--version",), repository, lambda text: 0, small)
    yield Job("S1: one template", slint, (*check, str(template)), repository, _slint, small)
    yield from _peers("S1: one template", peers, [template], template.parent, small)
    yield Job("S2: template and handlers", slint, (*check, str(folder)), repository, _slint, small)
    yield from _peers("S2: template and handlers", peers, _templates(folder), folder, small)
    yield Job("one handler of the repository", slint, (*check, str(handler)), repository, _slint, small)
    if options.small:
        return
    yield Job("whole repository", slint, (*check, str(repository)), repository, _slint, large)
    yield from _peers("whole repository", peers, _templates(repository), repository, 1)
    for number in range(COPIES):
        shutil.copytree(repository, place / f"copy {number}", symlinks=True, ignore=shutil.ignore_patterns(".git"))
    yield Job(f"{COPIES} copies of it", slint, (*check, "."), place, _slint, large)


def _peers(title: str, peers: dict[str, Tool], templates: list[Path], folder: Path, runs: int) -> Iterator[Job]:
    """What each peer can do of a job: cfn-lint and checkov see the templates, bandit the Python."""
    if "cfn-lint" in peers and templates:
        arguments = ("--format", "json", *map(str, templates))
        yield Job(title, peers["cfn-lint"], arguments, folder, _cfn_lint, runs)
    if "checkov" in peers:
        of = ("--file", str(templates[0])) if len(templates) == 1 else ("--directory", str(folder))
        arguments = (*of, "--framework", "cloudformation", "--output", "json", "--quiet", "--skip-download")
        yield Job(title, peers["checkov"], arguments, folder, _checkov, runs)
    if "bandit" in peers and any(folder.rglob("*.py")):
        yield Job(title, peers["bandit"], ("-q", "-r", str(folder), "-f", "json"), folder, _bandit, runs)


def _templates(folder: Path) -> list[Path]:
    """The SAM and CloudFormation templates, by what they contain."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".yml", ".json", ".template") and path.is_file():
            text = path.read_text("utf-8", "replace")
            if "Resources" in text and "AWS::" in text:
                found.append(path)
    return found


def _handler(folder: Path) -> Path:
    for path in sorted(folder.rglob("*.py")):
        if "def lambda_handler" in path.read_text("utf-8", "replace"):
            return path
    raise SystemExit(f"no Python handler below {folder}: choose one with --handler")


# -- findings ------------------------------------------------------------------------------------------------------------


def _slint(text: str) -> int:
    return len(json.loads(text)["diagnostics"])


def _cfn_lint(text: str) -> int:
    return len(json.loads(text or "[]"))


def _checkov(text: str) -> int:
    reports = json.loads(text)
    listed = reports if isinstance(reports, list) else [reports]
    return sum(len(report.get("results", {}).get("failed_checks", ())) for report in listed)


def _bandit(text: str) -> int:
    return len(json.loads(text)["results"])


# -- measuring -----------------------------------------------------------------------------------------------------------


def _row(job: Job, timeout: float) -> str:
    runs = []
    for _ in range(job.runs):
        run = _measured(job, timeout)
        if run is None:
            return f"| {job.title} | {job.tool.name} | more than {timeout:.0f} | | | | |"
        runs.append(run)
    wall, cpu = (statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu"))
    memory = max(run.megabytes for run in runs)
    last = runs[-1]
    findings = "?" if last.findings is None else str(last.findings)
    failed = f" (exit {last.code})" if last.findings is None else ""
    return (
        f"| {job.title} | {job.tool.name} | {wall:.3f} | {cpu:.3f} | {memory:.0f} | {findings}{failed} | {len(runs)} |"
    )


_MEASURED = """
import json, os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[2:], stdout=sys.stdout, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
spent = {"wall": time.perf_counter() - start, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss}
spent["code"] = os.waitstatus_to_exitcode(status)
with open(sys.argv[1], "w") as report:
    json.dump(spent, report)
"""
"""What starts the command: a process counts the memory of the one that made it until it has its own program."""


def _measured(job: Job, timeout: float) -> Run | None:
    """One run; None when it took too long."""
    with tempfile.TemporaryDirectory() as place:
        report, output = Path(place) / "report", Path(place) / "output"
        command = [sys.executable, "-I", "-S", "-c", _MEASURED, str(report), *job.tool.command, *job.arguments]
        with output.open("wb") as file:
            process = subprocess.Popen(command, cwd=job.folder, stdout=file, start_new_session=True)
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # the command, too
                process.wait()
                return None
        spent = json.loads(report.read_text("utf-8"))
        text = output.read_text("utf-8", "replace")
    megabytes = spent["memory"] / _KILOBYTES / 1024
    return Run(spent["wall"], spent["cpu"], megabytes, _counted(job.count, text), spent["code"])


def _counted(count: Count, text: str) -> int | None:
    try:
        return count(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


# -- where it was measured -----------------------------------------------------------------------------------------------


def _machine(repository: Path, tools: dict[str, Tool]) -> str:
    versions = ", ".join(f"{tool.name} {tool.version}" for tool in tools.values())
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{date.today()}: {repository.name} at {_commit(repository)}\n\n"
        f"{platform.system()} {platform.release()}, {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"load {load}; Python {platform.python_version()}; {versions}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _commit(repository: Path) -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=repository, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "an unknown commit"


def _bytecode_warnings() -> Iterator[str]:
    """Why slint would be compiled anew in every run, which takes longer than the run."""
    missing = 0
    for package in ("slint", "slint_rules"):
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for path in Path(folder).rglob("*.py"):
                cached = Path(importlib.util.cache_from_source(str(path)))
                missing += not cached.exists() or cached.stat().st_mtime < path.stat().st_mtime
    if missing:
        yield f"{missing} modules of slint have no compiled bytecode: run `python -m compileall` on it first"
    if sys.dont_write_bytecode:
        yield "PYTHONDONTWRITEBYTECODE is set: what is not compiled is compiled in every run"


if __name__ == "__main__":
    sys.exit(main())
