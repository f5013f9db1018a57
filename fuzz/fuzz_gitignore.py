"""Fuzz the patterns of .gitignore, the first line being the path that is asked about: see targets.py."""

from targets import fuzz

from slint.project import gitignore


def target(text: str) -> None:
    """One input."""
    path, _, lines = text.partition("\n")
    if gitignore.parse(lines.split("\n")).covers(path) not in (True, False):
        raise AssertionError("neither covered nor not")


fuzz(target)
