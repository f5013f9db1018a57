"""Patterns in the format of `.gitignore`, matched as git does.

Written here because importing the library for it costs more than a whole small run (37 ms measured); the tests compare
it with git itself. Source: the manual page gitignore(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from warnings import catch_warnings, simplefilter

from slint.record import NamedTuple
from slint.regex import regex

_NOT_TEXT = regex(r"[*?\\]")


class Pattern(NamedTuple):
    """One line: `negated` takes back what an earlier one ignored, `only_folders` holds for folders alone.

    The whole path is asked about when the line has a slash, else the last name in it. What matches begins with `head`,
    ends with `tail` and holds `inner`. That is all where `body`, a regular expression, is None: then the line is one
    text, its `head`, or a star and its `tail`. The expression is compiled when all fit, which they seldom do.
    """

    head: str
    tail: str
    inner: str
    body: str | None
    whole_path: bool
    negated: bool
    only_folders: bool

    def matches(self, text: str) -> bool:
        """Whether the line speaks of a path, or the last name of one."""
        if not text.startswith(self.head) or not text.endswith(self.tail):
            return False
        if self.body is not None:
            return _compiled(self.body).fullmatch(text) is not None
        return not self.head or len(text) == len(self.head)


class Patterns:
    """The lines of one file, or a setting, in order; the last that matches decides.

    Most paths match none, and most lines tell that by how a path begins or ends: all lines are asked for it at once.
    """

    def __init__(self, lines: tuple[Pattern, ...]) -> None:
        self.lines = lines
        texts = {line for line in lines if line.body is None and line.head}
        self._names = frozenset(line.head for line in texts if not line.whole_path)
        self._paths = frozenset(line.head for line in texts if line.whole_path)
        others = [line for line in lines if line not in texts]
        self._tails = tuple({line.tail for line in others if line.tail})
        headed = [line for line in others if line.head and not line.tail]
        self._name_heads = tuple({line.head for line in headed if not line.whole_path})
        self._path_heads = tuple({line.head for line in headed if line.whole_path})
        self._open = tuple(line for line in others if not line.head and not line.tail)
        self._slow = [number for number, line in enumerate(lines) if line.body is not None]
        self._plain: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            if line.body is None:
                self._plain.setdefault(line.head or line.tail, []).append(number)

    @property
    def slow(self) -> int:
        """How many lines take a regular expression."""
        return len(self._slow)

    def decide(self, path: str, is_folder: bool) -> bool | None:
        """Whether `path`, relative to the patterns' folder and with `/`, is ignored; None when no line speaks of it."""
        name = path.rpartition("/")[2]
        if (
            name not in self._names
            and path not in self._paths
            and not path.endswith(self._tails)
            and not name.startswith(self._name_heads)
            and not path.startswith(self._path_heads)
            and not (self._open and self._is_open(path, name))
        ):
            return None
        for number in sorted(self._numbers(path, name), reverse=True):
            line = self.lines[number]
            if (is_folder or not line.only_folders) and line.matches(path if line.whole_path else name):
                return not line.negated
        return None

    def _numbers(self, path: str, name: str) -> set[int]:
        """The lines that may speak of a path: of those that are a text or an ending, only the ones that fit."""
        texts = {name, path, *(name[start:] for start in range(len(name) + 1))}
        return {*self._slow, *(number for text in texts for number in self._plain.get(text, ()))}

    def _is_open(self, path: str, name: str) -> bool:
        return any(line.inner in path and line.matches(path if line.whole_path else name) for line in self._open)

    def covers(self, path: str) -> bool:
        """Whether a file is ignored, by itself or by a folder above it."""
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            if self.decide("/".join(parts[:length]), is_folder=length < len(parts)):
                return True
        return False


@lru_cache(maxsize=4_096)
def _compiled(body: str) -> re.Pattern[str]:
    """The regular expression; one that matches nothing where it is broken, as a range from z to a is."""
    with catch_warnings():
        simplefilter("ignore", FutureWarning)  # `[a--b]` may get another meaning in Python: git's is what counts
        try:
            return re.compile(body, re.DOTALL)
        except re.error:
            return re.compile("(?!)")


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
    line = _without_end_spaces(line)
    negated = line.startswith("!")
    if negated or line.startswith(("\\!", "\\#")):
        line = line[1:]
    only_folders = line.endswith("/")
    line = line[:-1] if only_folders else line
    if not line or len(line) > 4_096:
        return None
    whole_path = "/" in line
    glob = line.removeprefix("/")
    special = min((at for at in map(glob.find, "*?[\\") if at >= 0), default=-1)
    if special < 0:
        return Pattern(glob, "", "", None, whole_path, negated, only_folders) if glob else None
    # Text for certain: what stands outside of stars and classes. Of `**/`, which may stand for nothing, not the slash.
    head = glob[:special]
    tail = glob[max(map(glob.rfind, "*?[]\\")) + 1 :].removeprefix("/")
    if glob.startswith("*") and len(tail) == len(glob) - 1 and not whole_path:
        return Pattern("", tail, "", None, whole_path, negated, only_folders)
    pieces = (*_NOT_TEXT.split(glob.partition("[")[0]), *_NOT_TEXT.split(glob.rpartition("]")[2]))
    inner = max((piece.removeprefix("/") for piece in pieces), key=len)
    body = _translate(glob)
    return None if body is None else Pattern(head, tail, inner, body, whole_path, negated, only_folders)


def _without_end_spaces(line: str) -> str:
    """Without spaces at the end; one after a backslash belongs to the pattern."""
    rest = line.rstrip(" ")
    return f"{rest} " if rest.endswith("\\") and len(rest) < len(line) else rest


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
