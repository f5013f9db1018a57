"""Fuzz what reads manifests and lock files: see targets.py."""

from targets import fuzz, inside

from slint.project import manifests
from slint.source import SourceFile


def target(text: str) -> None:
    """One input."""
    file = SourceFile("input", text)
    files = {"/p/requirements.txt": file}
    for each in (
        *manifests.pyproject(file),
        *manifests.pipfile_lock(file),
        *manifests.package_json(file),
        *manifests.requirements("/p/requirements.txt", files.get, "/p"),
    ):
        inside(each.span, file)
    manifests.locked_versions(file)
    manifests.locked_size(file)


fuzz(target)
