"""Fuzz the Dockerfile front end: see targets.py."""

from targets import fuzz, inside

from slint.parsing import dockerfile
from slint.source import SourceFile


def target(text: str) -> None:
    """One input."""
    file = SourceFile("Dockerfile", text)
    stages = dockerfile.parse(file)
    dockerfile.variables(stages)
    for stage in stages:
        for instruction in stage.instructions:
            inside(instruction.span, file)


fuzz(target)
