"""Whether the files that build a project say that they make a folder: it is then no mistake that it is not here.

Read are build specifications, makefiles, scripts and workflows, as text; nothing of them is run.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Final

from slint.project.discovery import read_text
from slint.regex import regex
from slint.source import SourceFile

_NAMES: Final = regex(
    r"(?i)buildspec.*\.ya?ml|package\.json|(?:gnu)?makefile|.+\.mk|justfile|taskfile\.ya?ml|.+\.(?:sh|ps1|gradle|kts)|pom\.xml"
)
_WORKFLOWS: Final = os.path.join(".github", "workflows")
_MOST_FILES: Final = 20
_LIMIT: Final = 100_000  # characters of a file, and of those of a folder with the last that is read
_MOST_PLACES: Final = 100
_BEFORE: Final = 300
_IN_NAMES: Final = regex(r"[\w.-]")
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
        if _is_made("/".join(names[start:]), _text(folder)):
            return True
    return False


def _is_made(place: str, text: str) -> bool:
    at = -1
    for _ in range(_MOST_PLACES):
        at = text.find(place, at + 1)
        if at < 0:
            return False
        around = text[at - 1 : at] + text[at + len(place) : at + len(place) + 1]
        line = text[max(0, at - _BEFORE) : at].rpartition("\n")[2]
        if not _IN_NAMES.search(around) and _MAKES.search(line):
            return True
    return False


@lru_cache(maxsize=64)  # the folders of a project lie in the same few
def _text(folder: str) -> str:
    """The texts of the build files in a folder, one after the other."""
    paths = [os.path.join(folder, name) for name in _listed(folder) if _NAMES.fullmatch(name)]
    workflows = os.path.join(folder, _WORKFLOWS)
    paths += (os.path.join(workflows, name) for name in _listed(workflows) if name.endswith((".yml", ".yaml")))
    text = ""
    for path in paths[:_MOST_FILES]:
        file = read_text(path, "", _LIMIT)
        if isinstance(file, SourceFile) and len(text) < _LIMIT:
            text += f"{file.text}\n"
    return text


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
