"""A check of a whole project in parts, so that memory grows with what is found and not with what is read; where there
is enough to do, several processes share the parts."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import reduce
from operator import or_
from typing import TypeVar

from slint.clock import STOPPED, Clock
from slint.diagnostic import Diagnostic
from slint.engine.run import Companion, Examined, Progress, Results, conclude, examine, run, unseen
from slint.project.load import Loader, load, load_near
from slint.project.spoken import Spoken, candidates, spoken_for
from slint.project.survey import given_files
from slint.record import NamedTuple
from slint.rule import Rule
from slint.settings import Settings

_TEMPLATES_EACH = 8
_CODE_EACH = 40
"""How many groups of templates, and how many code files, make a part."""

FILES_FOR_EACH_PROCESS = 150
"""For fewer, starting a process takes longer than it saves."""

_T = TypeVar("_T")


def spare_the_collector() -> None:
    """Leave the cyclic collector to those who drop much at once: a run builds much and drops little, and looking for it
    all the time takes a tenth of the time."""
    gc.freeze()
    gc.disable()


class Part(NamedTuple):
    """What is to be examined: groups of templates, or the code files that no template speaks for."""

    templates: tuple[tuple[str, ...], ...] = ()
    code: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What the rules found in a part, and the code that its templates speak for."""

    examined: Examined
    spoken: Spoken


def check(
    settings: Settings,
    rules: Sequence[Rule],
    known: Collection[str] = (),
    *,
    with_edits: bool = False,
    progress: Progress = unseen,
    companion: Companion | None = None,
    clock: Clock = STOPPED,
) -> Results:
    """What `run` finds in the project of the settings, without ever holding it as a whole.

    Fixes carry their edits only `with_edits`. A rule about the whole project, or files that are given, leave nothing to
    be divided.
    """
    project = clock.timed("link", load_near)(settings, clock)
    if project is None and any("check_project" in rule.hooks() for rule in rules):
        project = clock.timed("link", load)(settings, clock)
    if project is not None:
        return clock.timed("sort", run)(project, rules, settings, known, progress, companion, clock)
    loader = clock.timed("link", Loader)(settings, clock)
    examiner = Examiner(loader, rules, clock, with_edits=with_edits, with_templates=companion is not None)
    parts = [examiner.begun(), *_examined(examiner, settings, progress)]
    return clock.timed("sort", conclude)(parts, rules, settings, known, companion)


class Examiner:
    """Examines parts of a project one after the other."""

    def __init__(
        self, loader: Loader, rules: Sequence[Rule], clock: Clock, *, with_edits: bool, with_templates: bool
    ) -> None:
        self.loader = loader
        self.clock = clock
        self.with_edits = with_edits
        self.with_templates = with_templates
        self._rules = rules

    def begun(self) -> Examined:
        """What was read and noted before the first part."""
        begun = self._light(examine(self.loader.files.project, ()))
        self.loader.begin()
        return begun

    def examine(self, part: Part) -> Answer:
        """Run the rules over a part."""
        project = self.loader.begin()
        self.clock.timed("link", self._load)(part)
        examined = self._light(examine(project, self._rules, self.clock))
        return Answer(examined, self.clock.timed("link", spoken_for)(project.deployed))

    def examine_all(self, parts: Iterable[Part]) -> Iterator[tuple[int, Answer]]:
        """The answers, each with the number of its part."""
        return enumerate(map(self.examine, parts))

    def _load(self, part: Part) -> None:
        for group in part.templates:
            self.loader.add_templates(group)
        self.loader.add_code(part.code)

    def _light(self, examined: Examined) -> Examined:
        """The same without what only holds on to the code: texts that nobody will ask for, and makers of fixes."""
        if self.with_edits:
            for finding in sorted(examined.findings, key=lambda each: each.location):  # makers keep one file at hand
                if finding.fix is not None:
                    len(finding.fix.edits)  # works them out
        findings = tuple(map(self._plain, examined.findings))
        needed = {place for finding in (*findings, *examined.problems) for place in _places(finding)}
        if self.with_templates:
            needed |= {shown for _, shown in examined.templates}
        sources = {path: file for path, file in examined.sources.items() if path in needed or "slint:" in file.text}
        return examined._replace(findings=findings, sources=sources)

    def _plain(self, finding: Diagnostic) -> Diagnostic:
        if finding.fix is None or self.with_edits:
            return finding
        return finding._replace(fix=finding.fix._replace(edits=()))


def _places(finding: Diagnostic) -> Iterator[str]:
    yield finding.location.path
    yield from (related.location.path for related in finding.related)
    if finding.fix is not None:
        yield from (edit.path for edit in finding.fix.edits)


def _examined(examiner: Examiner, settings: Settings, progress: Progress) -> Iterator[Examined]:
    """All parts in their order: first the templates, then the code that none of them speaks for."""
    survey = examiner.loader.survey
    code = len(survey.found.python) + len(survey.found.scripts)
    files = sum(map(len, survey.groups)) + (min(code, len(settings.paths)) if given_files(settings) else code)
    count = min(settings.jobs or _processors(), max(1, files // FILES_FOR_EACH_PROCESS))
    with ExitStack() as stack:
        examine_all: Callable[[Sequence[Part]], Iterator[tuple[int, Answer]]] = examiner.examine_all
        if count > 1:
            from slint.engine.processes import Processes

            examine_all = stack.enter_context(Processes(count, examiner)).examine_all

        def answers(parts: list[Part], before: int, after: int) -> list[Answer]:
            found = []
            for done, answer in enumerate(examine_all(parts), before + 1):
                progress(done, before + len(parts) + after)
                found.append(answer)
            return [answer for _, answer in sorted(found, key=lambda each: each[0])]

        groups = [Part(templates=each) for each in _divided(survey.groups, _TEMPLATES_EACH)]
        described = answers(groups, 0, len(survey.found.python) // _CODE_EACH)
        spoken = reduce(or_, (answer.spoken for answer in described), Spoken())
        left = tuple(candidates(survey, spoken, settings))
        rest = answers([Part(code=each) for each in _divided(left, _CODE_EACH)], len(groups), 0)
    return (answer.examined for answer in (*described, *rest))


def _divided(items: tuple[_T, ...], size: int) -> Iterator[tuple[_T, ...]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
