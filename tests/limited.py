"""Runs a command within limits and measures it: as a program of its own, so that what is measured is the command alone.

A process that is made of a large one counts the memory of that one as its own until it has its own program; this one is
small. `python limited.py REPORT COMMAND...` writes a JSON object to the file REPORT.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_MOST_MEMORY = 2_000_000_000  # bytes of address space: what keeps a defect from taking the machine down
_MOST_SECONDS = 30
_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2  # <linux/prctl.h>, <linux/capability.h>


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended. `seconds` are those of the processor, `megabytes` the peak of resident memory."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


def run_limited(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> Done:
    """Run a command in a folder, without input; it is killed when it takes far more than any test allows."""
    with TemporaryDirectory() as place:
        report = Path(place) / "report.json"
        inner = [sys.executable, "-I", "-S", __file__, str(report), *command]
        done = subprocess.run(
            inner, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120
        )
        measured = json.loads(report.read_text("utf-8"))
    return Done(
        measured["code"],
        done.stdout.decode("utf-8", "backslashreplace"),
        done.stderr.decode("utf-8", "backslashreplace"),
        measured["seconds"],
        measured["megabytes"],
    )


def slint(folder: Path, *arguments: str) -> Done:
    """Run the command line of slint."""
    return run_limited([sys.executable, "-m", "slint", *arguments], folder, environment())


def environment() -> dict[str, str]:
    """An environment in which this checkout's slint is found first, and nothing changes what it prints."""
    top = str(Path(__file__).resolve().parent.parent)
    kept = {name: value for name, value in os.environ.items() if name not in ("SLINT_TRACEBACK", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (top, os.environ.get("PYTHONPATH"))))}


def _limit() -> None:
    if os.geteuid() == 0:
        # Root reads what nobody may; without these capabilities it is bound by permissions as others are.
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS + 1))


def _main(report: str, command: list[str]) -> None:
    start = time.monotonic()
    process = subprocess.Popen(command, preexec_fn=_limit)
    _, status, usage = os.wait4(process.pid, 0)
    measured = {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - start,
        "megabytes": usage.ru_maxrss / 1024,
    }
    Path(report).write_text(json.dumps(measured), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2:])
