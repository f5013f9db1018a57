"""A copy of this project's own files, for tests that install it as its users do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
FOREIGN = {".git", ".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"}


def copy_project(folder: Path) -> None:
    """Copy what git would commit; without git, as in a copy that was made before, all but what tools leave behind."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP, capture_output=True, text=True
    )
    if listed.returncode == 0:
        paths = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        paths = [path.relative_to(TOP) for path in TOP.rglob("*")]
    for path in paths:
        if (TOP / path).is_file() and FOREIGN.isdisjoint(path.parts):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / path, folder / path)
