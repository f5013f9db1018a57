"""Dockerfiles as stages of instructions.

Syntax: https://docs.docker.com/reference/dockerfile/ (read 2026-11-22). Heredocs are taken as text of their instruction.
"""

from __future__ import annotations

import re

from slint.record import NamedTuple
from slint.regex import regex
from slint.source import SourceFile, Span

LARGEST_FILE = 1_000_000

_CONTINUED = regex(r"\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*")
_INSTRUCTION = regex(r"[ \t]*([A-Za-z]+)[ \t]+((?:[^\n\\]++|\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*+|\\.)*+)")

_FLAG = regex(r"--([a-z-]+)(?:=(\S+))?\s+")


class Instruction(NamedTuple):
    """One instruction: `keyword` in capitals, `words` its arguments without flags, `flags` such as `from`."""

    keyword: str
    words: tuple[str, ...]
    flags: dict[str, str]
    is_exec: bool
    span: Span


class Stage(NamedTuple):
    """One build stage: its base image, its name and what follows its FROM."""

    base: str
    name: str
    instructions: tuple[Instruction, ...]

    def last(self, keyword: str) -> Instruction | None:
        """The last instruction of a kind, which is the one that counts."""
        return next((each for each in reversed(self.instructions) if each.keyword == keyword), None)


def parse(file: SourceFile) -> tuple[Stage, ...]:
    """The stages of a Dockerfile, in order; the last one is the image. Lines that are no instruction are skipped.

    There are none in a file of more than LARGEST_FILE code points.
    """
    if len(file.text) > LARGEST_FILE:
        return ()
    stages: list[Stage] = []
    base, name, collected = "", "", list[Instruction]()
    for match in _INSTRUCTION.finditer(_without_comments(file.text)):
        instruction = _instruction(file, match)
        if instruction.keyword == "FROM":
            if base:
                stages.append(Stage(base, name, tuple(collected)))
            words = instruction.words
            base = words[0] if words else ""
            name = words[2] if len(words) == 3 and words[1].lower() == "as" else ""
            collected = []
        else:
            collected.append(instruction)
    if base:
        stages.append(Stage(base, name, tuple(collected)))
    return tuple(stages)


def variables(stages: tuple[Stage, ...]) -> frozenset[str]:
    """The environment variables that any stage sets: `ENV A=1 B=2`, or `ENV A 1` as it was written once."""
    names: set[str] = set()
    for stage in stages:
        for each in stage.instructions:
            if each.keyword == "ENV" and each.words:
                named = [word.partition("=")[0] for word in each.words if "=" in word]
                names.update(named if "=" in each.words[0] else each.words[:1])
    return frozenset(names)


def _without_comments(text: str) -> str:
    return re.sub(r"(?m)^[ \t]*#[^\n]*", lambda match: " " * len(match.group()), text)


def _instruction(file: SourceFile, match: re.Match[str]) -> Instruction:
    rest = _CONTINUED.sub(" ", match.group(2)).strip()
    flags: dict[str, str] = {}
    at = 0
    while flag := _FLAG.match(rest, at):
        flags[flag.group(1)] = flag.group(2) or ""
        at = flag.end()
    words, is_exec = _words(rest[at:])
    return Instruction(match.group(1).upper(), words, flags, is_exec, Span(file, match.start(1), match.end()))


def _words(rest: str) -> tuple[tuple[str, ...], bool]:
    if rest.startswith("["):
        import json  # most Dockerfiles are of images without it

        try:
            parsed = json.loads(rest)
        except (ValueError, RecursionError):
            parsed = None
        if isinstance(parsed, list) and all(isinstance(word, str) for word in parsed):
            return tuple(parsed), True
    return tuple(word.strip("\"'") for word in rest.split()), False
