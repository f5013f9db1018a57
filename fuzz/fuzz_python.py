"""Fuzz the Python front end: see targets.py."""

from targets import fuzz, inside, walked

from slint.code import python
from slint.source import SourceFile


def target(text: str) -> None:
    """One input."""
    file = SourceFile("app.py", text)
    module = python.extract(file)
    for each in (*module.blocks, *module.definitions, *module.bindings, *module.imports, *module.exits):
        inside(each.span, file)
    for call in module.calls:
        walked(call.callee, file)


fuzz(target)
