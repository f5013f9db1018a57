"""Measures how fast each front end turns code into facts, on the code files of a checkout given by path.

    python benchmarks/throughput.py ../serverless-patterns --rounds 3

CPU time of one process, the best round; a megabyte is a million bytes of UTF-8. Files that slint would not read
(tests, vendored and minified code, what git ignores) are left out.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from slint.code import javascript, python
from slint.code.facts import Module
from slint.project.discovery import discover, is_test, is_vendored, read_text
from slint.source import SourceFile

TYPED = (".ts", ".mts", ".cts", ".tsx")
NOT_READ = (".d.ts", ".d.mts", ".d.cts", ".min.js")

Extract = Callable[[SourceFile], Module]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table with one row for each language."""
    parser = argparse.ArgumentParser(description="Measures the front ends on the code files of a checkout.")
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    root = str(options.checkout.resolve())
    found = discover(root)
    scripts = [path for path in found.scripts if not path.endswith(NOT_READ)]
    languages: dict[str, tuple[Extract, list[str]]] = {
        "Python": (python.extract, list(found.python)),
        "JavaScript": (javascript.extract, [path for path in scripts if not path.endswith(TYPED)]),
        "TypeScript": (javascript.extract, [path for path in scripts if path.endswith(TYPED)]),
    }
    print("| language | files | MB | s | MB/s |\n|---|---|---|---|---|")
    for name, (extract, paths) in languages.items():
        files = list(filter(None, (_own(path, root) for path in paths)))
        size = sum(len(file.text.encode("utf-8", "replace")) for file in files) / 1e6
        seconds = min((_round(extract, files) for _ in range(options.rounds)), default=0.0)
        speed = f"{size / seconds:.2f}" if seconds else "-"
        print(f"| {name} | {len(files)} | {size:.2f} | {seconds:.2f} | {speed} |", flush=True)
    return 0


def _own(path: str, root: str) -> SourceFile | None:
    shown = os.path.relpath(path, root)
    read = None if is_test(shown) or is_vendored(path, root) else read_text(path, shown)
    return read if isinstance(read, SourceFile) else None


def _round(extract: Extract, files: Sequence[SourceFile]) -> float:
    began = time.process_time()
    for file in files:
        extract(SourceFile(file.path, file.text))
    return time.process_time() - began


if __name__ == "__main__":
    raise SystemExit(main())
