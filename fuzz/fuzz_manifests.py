"""Fuzz what reads manifests and lock files: see targets.py."""

from contextlib import suppress

from targets import fuzz, inside

from slint.parsing.errors import ParseError
from slint.project import manifests
from slint.source import SourceFile

READERS = (
    manifests.pyproject,
    manifests.pipfile_lock,
    manifests.package_json,
    lambda file: manifests.requirements("/p/requirements.txt", {"/p/requirements.txt": file}.get, "/p"),
)


def target(text: str) -> None:
    """One input."""
    file = SourceFile("input", text)
    for reader in READERS:
        with suppress(ParseError):
            for each in reader(file):
                inside(each.span, file)
    with suppress(ParseError):
        manifests.locked_versions(file)
        manifests.locked_size(file)


fuzz(target)
