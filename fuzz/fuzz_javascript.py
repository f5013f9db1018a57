"""Fuzz the JavaScript and TypeScript front end: see targets.py. The first letter of a text chooses the grammar."""

from targets import fuzz, inside, walked

from slint.code import javascript
from slint.source import SourceFile

ENDINGS = (".js", ".ts", ".tsx")


def target(text: str) -> None:
    """One input."""
    file = SourceFile(f"app{ENDINGS[ord(text[:1] or ' ') % len(ENDINGS)]}", text)
    module = javascript.extract(file)
    for each in (*module.blocks, *module.definitions, *module.bindings, *module.imports, *module.exits):
        inside(each.span, file)
    for call in module.calls:
        walked(call.callee, file)


fuzz(target)
