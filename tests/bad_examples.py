"""One tree with a finding of every rule: the bad examples of all rules, each a project of its own, large enough for several
processes."""

from __future__ import annotations

from pathlib import Path

from slint.engine import parts
from slint.engine.plugins import all_rules
from slint.testing import example_text


def fill(folder: Path) -> None:
    """Write so many code files below a folder that a check by several processes pays."""
    (folder / "filling").mkdir()
    for number in range(2 * parts.FILES_FOR_EACH_PROCESS):
        (folder / "filling" / f"module_{number}.py").write_text(f"NUMBER = {number}\n", encoding="utf-8")


def write_bad_examples(folder: Path) -> set[str]:
    """Write them below a folder, which becomes the top of a git repository. Gives the names of the rules shown."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    shown = set()
    for rule in all_rules().values():
        for number, example in enumerate(rule.examples, start=1):
            for path, text in example.bad.items():
                target = folder / rule.name / f"example {number}" / path  # the space is to be encoded in URIs
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(example_text(text), encoding="utf-8", newline="")
                if not example.options:
                    shown.add(rule.name)
    return shown
