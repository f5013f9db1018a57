"""Patterns in the format of `.gitignore`, matched as git does.

Written here because importing the library for it costs more than a whole small run (37 ms measured); the tests compare
it with git itself. Source: the manual page gitignore(5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from warnings import catch_warnings, simplefilter

_FEWEST_AT_ONCE = 4  # fewer are tried one by one: compiling them together takes longer than a folder of files
_MOST_AT_ONCE = 20_000  # characters of regular expressions; compiling takes longer than matching soon
_SPECIAL = re.compile(r"[*?\[\\]")


class Pattern(NamedTuple):
    """One line: `negated` takes back what an earlier one ignored, `only_folders` holds for folders alone.

    `matches` is asked about the whole path when the line has a slash, else about the last name in it. Most lines are
    one text (`literal`) or `*` and an ending (`suffix`); the others are a regular expression (`body`).
    """

    matches: Callable[[str], object]
    whole_path: bool
    negated: bool
    only_folders: bool
    literal: str | None = None
    suffix: str | None = None
    body: str | None = None


class Patterns:
    """The lines of one file, or a setting, in order; the last that matches decides."""

    def __init__(self, lines: tuple[Pattern, ...]) -> None:
        self.lines = lines
        by_name = [line for line in lines if not line.whole_path]
        by_path = [line for line in lines if line.whole_path]
        self._names = frozenset(line.literal for line in by_name if line.literal is not None)
        self._suffixes = tuple({line.suffix for line in by_name if line.suffix is not None})
        self._other_name = _any_of(by_name)
        self._paths = frozenset(line.literal for line in by_path if line.literal is not None)
        self._other_path = _any_of(by_path)

    def decide(self, path: str, is_folder: bool) -> bool | None:
        """Whether `path`, relative to the patterns' folder and with `/`, is ignored; None when no line speaks of it."""
        name = path.rpartition("/")[2]
        if (
            name not in self._names
            and not name.endswith(self._suffixes)
            and path not in self._paths
            and not self._other_name(name)
            and not self._other_path(path)
        ):
            return None
        for line in reversed(self.lines):
            if (is_folder or not line.only_folders) and line.matches(path if line.whole_path else name):
                return not line.negated
        return None

    def covers(self, path: str) -> bool:
        """Whether a file is ignored, by itself or by a folder above it."""
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            if self.decide("/".join(parts[:length]), is_folder=length < len(parts)):
                return True
        return False


def _any_of(lines: Sequence[Pattern]) -> Callable[[str], object]:
    """What tells whether one of the regular expressions matches a text, in one look where that pays."""
    matches = {line.body: line.matches for line in lines if line.body is not None}
    if len(matches) == 1:
        return next(iter(matches.values()))
    if len(matches) >= _FEWEST_AT_ONCE and sum(map(len, matches)) <= _MOST_AT_ONCE:
        return _compiled("|".join(f"(?:{body})" for body in matches)).fullmatch
    return lambda text: any(match(text) for match in matches.values())


def _compiled(body: str) -> re.Pattern[str]:
    with catch_warnings():
        simplefilter("ignore", FutureWarning)  # `[a--b]` may get another meaning in Python: git's is what counts
        return re.compile(body, re.DOTALL)


def parse(lines: Iterable[str]) -> Patterns:
    """The patterns of the lines; comments, empty lines and broken patterns are left out."""
    return _patterns(tuple(lines))


@lru_cache(maxsize=256)  # the files of a repository are mostly copies of each other
def _patterns(lines: tuple[str, ...]) -> Patterns:
    return Patterns(tuple(pattern for line in lines if (pattern := _pattern(line)) is not None))


@lru_cache(maxsize=4_096)
def _pattern(line: str) -> Pattern | None:
    line = line.rstrip("\r\n")
    if line.startswith("#"):
        return None
    line = re.sub(r"(?<!\\) +$", "", line)
    negated = line.startswith("!")
    if negated or line.startswith(("\\!", "\\#")):
        line = line[1:]
    only_folders = line.endswith("/")
    line = line[:-1] if only_folders else line
    if not line or len(line) > 4_096:
        return None
    whole_path = "/" in line
    glob = line.removeprefix("/")
    if not _SPECIAL.search(glob):
        return Pattern(glob.__eq__, whole_path, negated, only_folders, literal=glob)
    if glob.startswith("*") and not whole_path and not _SPECIAL.search(glob[1:]):
        suffix = glob[1:]
        return Pattern(lambda text: text.endswith(suffix), whole_path, negated, only_folders, suffix=suffix)
    body = _translate(glob)
    if body is None:
        return None
    try:
        return Pattern(_compiled(body).fullmatch, whole_path, negated, only_folders, body=body)
    except re.error:
        return None


def _translate(glob: str) -> str | None:
    """The regular expression of a pattern without its leading slash, None when git would never match it.

    Of several stars, all but the last take the least that lets what follows fit, and never try another way: a longer
    match could not help. Without that, a few stars would take ages on a path that does not match.
    """
    parts: list[list[str]] = [[""]]  # what stands between `**/`, each as what stands between stars
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at) and (at == 0 or glob[at - 1] == "/"):
            parts.append([""])
            at += 3
        elif glob[at:] == "**" and at > 0 and glob[at - 1] == "/":
            parts[-1][-1] += ".+"
            at += 2
        elif glob[at] == "*":
            while glob.startswith("*", at):
                at += 1
            parts[-1].append("")
        elif glob[at] == "?":
            parts[-1][-1] += "[^/]"
            at += 1
        elif glob[at] == "[":
            end = _class_end(glob, at)
            if end is None:
                return None
            parts[-1][-1] += _class(glob[at + 1 : end])
            at = end + 1
        elif glob[at] == "\\":
            if at + 1 == len(glob):
                return None
            parts[-1][-1] += re.escape(glob[at + 1])
            at += 2
        else:
            parts[-1][-1] += re.escape(glob[at])
            at += 1
    first, *rest = map(_between_stars, parts)
    deeper = [f"(?>(?:[^/]*+/)*?{part})" for part in rest[:-1]]
    return "".join([first, *deeper, *(f"(?:.*/)?{part}" for part in rest[-1:])])


def _between_stars(pieces: list[str]) -> str:
    first, *rest = pieces
    return "".join([first, *(f"(?>[^/]*?{piece})" for piece in rest[:-1]), *(f"[^/]*{piece}" for piece in rest[-1:])])


def _class_end(glob: str, start: int) -> int | None:
    """The index of the bracket that closes the one at `start`; a `]` that comes first belongs to the class."""
    at = start + 1
    if glob[at : at + 1] in ("!", "^"):
        at += 1
    first = at
    while at < len(glob):
        if glob.startswith("[:", at) and (inner := glob.find(":]", at + 2)) >= 0:
            at = inner + 2
        elif glob[at] == "]" and at > first:
            return at
        else:
            at += 2 if glob[at] == "\\" else 1
    return None


_NAMED = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


def _class(inside: str) -> str:
    negated = inside[:1] in ("!", "^")
    body = inside[1:] if negated else inside
    body = re.sub(r"(?<!\\)\[(?!:)|(?<!\\)(?:&&|\|\||~~)", lambda found: re.sub(r"(.)", r"\\\1", found[0]), body)
    body = re.sub(r"\[:(\w+):\]", lambda found: _NAMED.get(found[1], ""), body)
    if body.startswith("]"):
        body = "\\" + body
    if not body:
        return "(?!)"
    return f"(?!/)[{'^' if negated else ''}{body}]"
