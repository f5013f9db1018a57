"""Whether the files that build a project say that they make a folder: it is then no mistake that it is not here.

Read are build specifications, makefiles, scripts and workflows, as text; nothing of them is run.
"""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import Final

from slint.project.discovery import read_text
from slint.regex import regex
from slint.source import SourceFile

_NAMES: Final = regex(
    r"(?i)buildspec.*\.ya?ml|package\.json|(?:gnu)?makefile|.+\.mk|justfile|taskfile\.ya?ml|.+\.(?:sh|ps1|gradle|kts)|pom\.xml"
)
_WORKFLOWS: Final = os.path.join(".github", "workflows")
_MOST_FILES: Final = 20
_LIMIT: Final = 100_000
_MOST_PLACES: Final = 100
_BEFORE: Final = 300
_MAKES: Final = regex(
    r"(?i:\b(?:mkdir|cp|mv|copy(?:-item)?|rsync|robocopy|unzip|tar|install|clone|publish)\b)"
    r"|(?<!\S)-[CdotO]\b|--?out|--(?:target|dest)|(?i:outdir)"
)
"""What stands in front of a place in a command that writes there."""


def make(root: str, shown: str) -> bool:
    """Whether a build file in one of the folders above `root` has a line that makes it, named from there.

    `root` is the absolute path of the folder, `shown` the same from the project's root.
    """
    folder, names = root, shown.replace(os.sep, "/").split("/")
    if ".." in names or os.path.isabs(shown):
        return False
    for start in range(len(names) - 1, -1, -1):
        folder = os.path.dirname(folder)
        name = re.compile(rf"(?<![\w.-]){re.escape('/'.join(names[start:]))}(?![\w.-])")
        if any(_is_made(name, text) for text in _texts(folder)):
            return True
    return False


def _is_made(name: re.Pattern[str], text: str) -> bool:
    for found in islice(name.finditer(text), _MOST_PLACES):
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        if _MAKES.search(before.rpartition("\n")[2]):
            return True
    return False


def _texts(folder: str) -> list[str]:
    """The texts of the build files in a folder."""
    paths = [os.path.join(folder, name) for name in _listed(folder) if _NAMES.fullmatch(name)]
    workflows = os.path.join(folder, _WORKFLOWS)
    paths += (os.path.join(workflows, name) for name in _listed(workflows) if name.endswith((".yml", ".yaml")))
    files = (read_text(path, "", _LIMIT) for path in paths[:_MOST_FILES])
    return [file.text for file in files if isinstance(file, SourceFile)]


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
