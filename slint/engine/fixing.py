"""Making the fixes that findings carry: in rounds, on texts in memory; files are written at the end, or not at all.

A round checks the project, makes every fix that does not touch another one, and the next round checks the result. A fix
is undone when a file no longer parses with it, or when its finding is still there afterwards.
"""

from __future__ import annotations

import os
import stat
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from slint.diagnostic import Deferred, Diagnostic, Edit, Fix
from slint.engine.run import Results
from slint.parsing.errors import ParseError
from slint.paths import is_below
from slint.project.discovery import TEMPLATE_SUFFIXES, Unreadable, read_text
from slint.record import NamedTuple
from slint.settings import Settings
from slint.source import SourceFile

ROUNDS = 100
"""Fixes that touch one place are made one a round: enough for a file with that many."""

_DEFERRED = 4
"""Of the fixes that take long to work out, so many are tried for each file in a round."""

_SCRIPTS = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx")
_MARKS = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff", "utf-32-le": "\ufeff", "utf-32-be": "\ufeff"}

Check = Callable[[Settings], Results]
Choice = Callable[[Diagnostic, Results], Fix | None]


class Change(NamedTuple):
    """A file with another text; `path` as shown."""

    path: str
    before: SourceFile
    after: str


class Outcome(NamedTuple):
    """What came of fixing: `results` are those of the project after it, `fixed` counts the fixes made.

    `refused` tells, one line each, which fixes were not made and why.
    """

    results: Results
    changes: tuple[Change, ...]
    fixed: int
    refused: tuple[str, ...]

    @property
    def needs_libcst(self) -> bool:
        """Whether a fix could not be made because libcst is not installed."""
        from importlib.util import find_spec

        return find_spec("libcst") is None and any(
            each.fix is not None and not each.fix.edits for each in self.results.diagnostics
        )


class _Candidate(NamedTuple):
    identity: tuple[str, ...]
    finding: Diagnostic
    edits: tuple[Edit, ...]


def by_safety(unsafe: bool) -> Choice:
    """Choose the fixes that findings carry: the safe ones, with `unsafe` all of them."""

    def choose(finding: Diagnostic, results: Results) -> Fix | None:
        fix = finding.fix
        return fix if fix is not None and (unsafe or fix.is_safe) else None

    return choose


def fix(settings: Settings, check: Check, choose: Choice) -> Outcome:
    """Make the chosen fixes until none is left. Writes nothing: see `write`."""
    original: dict[str, SourceFile] = {}
    texts: dict[str, str] = {}
    undo: dict[str, str] = {}
    made: list[_Candidate] = []
    before: Counter[tuple[str, ...]] = Counter()
    refused: dict[tuple[str, ...], str] = {}
    fixed = 0
    for _ in range(ROUNDS):
        results = check(_with_texts(settings, texts))
        now = Counter(identity(finding, results) for finding in results.diagnostics)
        idle = [each for each in made if now[each.identity] >= before[each.identity]]
        if idle:
            refused |= {each.identity: f"{_told(each.finding)}: the finding would stay" for each in idle}
            fixed -= len(made)
            texts, made = undo, []
            continue
        wanted = [
            each
            for each in _candidates(results, choose, refused)
            if each.identity not in refused and not _refusal(each, settings, refused)
        ]
        made = list(_healthy(list(_apart(wanted)), results.sources, refused))
        undo, before = dict(texts), now
        if not made:
            break
        for path in {edit.path for each in made for edit in each.edits}:
            original.setdefault(path, results.sources[path])
            texts[path] = applied(results.sources[path].text, path, made)
        fixed += len(made)
    else:
        results = check(_with_texts(settings, texts))
    changes = (Change(path, original[path], text) for path, text in sorted(texts.items()))
    return Outcome(
        results,
        tuple(change for change in changes if change.after != change.before.text),
        fixed,
        tuple(dict.fromkeys(refused.values())),
    )


def identity(finding: Diagnostic, results: Results) -> tuple[str, ...]:
    """What a finding is, without its place: it may move when something else is fixed."""
    file = results.sources.get(finding.location.path)
    line = "" if file is None else " ".join(file.line(finding.location.start.line).split())
    return finding.rule, finding.location.path, *finding.functions, finding.resource or "", line


def _with_texts(settings: Settings, texts: Mapping[str, str]) -> Settings:
    overlay = {**settings.overlay, **{settings.absolute(path): text for path, text in texts.items()}}
    return settings._replace(overlay=overlay)


def _candidates(results: Results, choose: Choice, refused: Mapping[tuple[str, ...], str]) -> Iterator[_Candidate]:
    """The fixes to try in this round. Of those that take long to work out a few for each file: most would touch."""
    tried: Counter[str] = Counter()
    for finding in results.diagnostics:
        chosen = choose(finding, results)
        name = identity(finding, results)
        if chosen is None or name in refused:
            continue
        path, is_deferred = finding.location.path, isinstance(chosen.edits, Deferred)
        if (is_deferred and tried[path] >= _DEFERRED) or not chosen.edits:
            continue
        tried[path] += is_deferred
        edits = tuple(sorted(chosen.edits))
        if all(edit.path in results.sources and 0 <= edit.start <= edit.end for edit in edits):
            yield _Candidate(name, finding, edits)


def _apart(candidates: Iterable[_Candidate]) -> Iterator[_Candidate]:
    """Those that touch no edit of one before them; the others wait for the next round."""
    taken: dict[str, list[Edit]] = {}
    for each in candidates:
        if not any(_touch(edit, other) for edit in each.edits for other in taken.get(edit.path, ())):
            for edit in each.edits:
                taken.setdefault(edit.path, []).append(edit)
            yield each


def _touch(one: Edit, other: Edit) -> bool:
    return one.start <= other.end and other.start <= one.end


def _healthy(
    candidates: Sequence[_Candidate], sources: Mapping[str, SourceFile], refused: dict[tuple[str, ...], str]
) -> Iterator[_Candidate]:
    """Those after which every file parses as well as before: all at once when that goes well, else one by one."""
    if _still_parse(candidates, sources):
        yield from candidates
        return
    kept: list[_Candidate] = []
    for each in candidates:
        if _still_parse([*kept, each], sources):
            kept.append(each)
            yield each
        else:
            refused[each.identity] = f"{_told(each.finding)}: the file would not parse any more"


def _still_parse(candidates: Sequence[_Candidate], sources: Mapping[str, SourceFile]) -> bool:
    paths = {edit.path for each in candidates for edit in each.edits}
    return all(parses_as_before(sources[path], applied(sources[path].text, path, candidates)) for path in paths)


def applied(text: str, path: str, candidates: Iterable[_Candidate]) -> str:
    """The text of a file with all edits made that concern it."""
    edits = sorted((edit for each in candidates for edit in each.edits if edit.path == path), reverse=True)
    for edit in edits:
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


def parses_as_before(file: SourceFile, after: str) -> bool:
    """Whether the text of a file and the one that is to replace it both parse, and can be written as the file is.

    A script may have errors if it has no more of them afterwards: nothing but ignores is written into scripts.
    """
    try:
        after.encode(file.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    changed = SourceFile(file.path, after)
    if file.path.endswith((".py", ".pyw")):
        from slint.code.python import extract

        if extract(file).errors or extract(changed).errors:
            return False
        # What the front end lets pass, as `global` after a use, when this interpreter knows the file's syntax.
        return not _compiles(file.text) or _compiles(after)
    if file.path.lower().endswith(TEMPLATE_SUFFIXES):
        from slint.parsing.yaml import parse

        try:
            parse(file)
            parse(changed)
        except ParseError:
            return False
    elif file.path.lower().endswith(_SCRIPTS):
        from slint.code import javascript

        return len(javascript.extract(changed).errors) <= len(javascript.extract(file).errors)
    return True


def _compiles(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<text>", "exec", dont_inherit=True)  # makes bytecode, and runs nothing of it
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return False
    return True


# --- files ---


def _refusal(candidate: _Candidate, settings: Settings, refused: dict[tuple[str, ...], str]) -> bool:
    for path in {edit.path for edit in candidate.edits}:
        why = untouchable(path, settings)
        if why is not None:
            refused[candidate.identity] = f"{_told(candidate.finding)}: {why}: {path}"
            return True
    return False


def untouchable(shown: str, settings: Settings) -> str | None:
    """Why a file is never written: it is outside the root, or reached through a link; None when it may be."""
    root, path = os.path.abspath(settings.root), settings.absolute(shown)
    folder = root if os.path.isdir(root) else os.path.dirname(root)
    if not is_below(path, folder):
        return "the file lies outside the project"
    if os.path.realpath(path) != os.path.join(os.path.realpath(folder), os.path.relpath(path, folder)):
        return "the file is reached through a symbolic link"
    return None


def write(changes: Iterable[Change], settings: Settings) -> Iterator[str]:
    """Write the files, each at once and with the mode, encoding and line ends that it has.

    Yields a line for each file that could not be written; the others are.
    """
    for change in changes:
        path = settings.absolute(change.path)
        why = untouchable(change.path, settings)
        if why is None:
            try:
                why = _replace(path, change)
            except OSError as error:
                why = error.strerror or "it cannot be written"
        if why is not None:
            yield f"not written: {change.path}: {why}"


def _replace(path: str, change: Change) -> str | None:
    from slint import atomic  # only when something is written

    current = read_text(path, change.path)
    if isinstance(current, Unreadable):
        return current.why
    if current.text != change.before.text or current.encoding != change.before.encoding:
        return "the file has changed meanwhile"
    data = (_MARKS.get(current.encoding, "") + change.after).encode(current.encoding)
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        return "it is not a regular file"
    if not os.access(path, os.W_OK):
        return "it is read-only"
    atomic.replace(path, data)
    return None


def _told(finding: Diagnostic) -> str:
    return f"{finding.location.path}:{finding.location.start.line}: {finding.rule}"
