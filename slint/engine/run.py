"""One run: the rules over the project, then everything that happens to a finding before it is shown."""

from __future__ import annotations

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from slint.clock import STOPPED, Clock
from slint.diagnostic import Deferred, Diagnostic, Fix, NotEvaluated, Related, Severity
from slint.engine.own_rules import INTERNAL_ERROR, SyntaxErrorRule, UnusedIgnore
from slint.engine.suppression import Region, Suppressions, ignoring_regions
from slint.project.gitignore import parse
from slint.record import NamedTuple
from slint.rule import HOOKS, Rule
from slint.settings import Settings
from slint.source import Location, Position, SourceFile

if TYPE_CHECKING:
    from slint.engine.cfn_lint import Merged
    from slint.project.model import Project, Stack

Progress = Callable[[int, int], None]
Companion: TypeAlias = "Callable[[Mapping[str, SourceFile], Settings, Sequence[Diagnostic]], Merged]"
"""Another tool: from the templates, by absolute path, and what slint found, to what the tool adds."""


def unseen(done: int, total: int) -> None:
    """The progress of a run at which nobody looks."""


class Results(NamedTuple):
    """What a run found, in the order of the report. `sources` are the files read, by the path shown."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, SourceFile]
    not_evaluated: tuple[NotEvaluated, ...] = ()
    suppressed: int = 0
    baselined: int = 0
    files: int = 0
    functions: int = 0
    templates: int = 0

    def count(self, severity: Severity) -> int:
        """The number of findings of a severity."""
        return sum(finding.severity is severity for finding in self.diagnostics)

    def exit_code(self, fail_on: Severity | None) -> int:
        """2 when a rule failed, 1 when a finding is at least as bad as `fail_on`, else 0."""
        if any(finding.rule == INTERNAL_ERROR for finding in self.diagnostics):
            return 2
        return int(fail_on is not None and any(finding.severity >= fail_on for finding in self.diagnostics))


class Judged(NamedTuple):
    """A function that was judged: its id, and the path shown of its template, None when it has none."""

    id: str
    template: str | None


class Examined(NamedTuple):
    """What the rules found in a project, or in a part of one: plain data, before ignores and settings are looked at.

    `read` are the files that were read, by the path shown, and `sources` the texts among them that findings and ignores
    need. `functions` are the functions that were judged, `templates` the absolute paths of the templates, each with the
    path shown; `regions` are their resources with ignore metadata.
    """

    findings: tuple[Diagnostic, ...]
    problems: tuple[Diagnostic, ...]
    ledger: tuple[NotEvaluated, ...]
    read: frozenset[str]
    functions: tuple[Judged, ...]
    templates: tuple[tuple[str, str], ...]
    sources: Mapping[str, SourceFile]
    regions: tuple[Region, ...]


def run(
    project: Project,
    rules: Sequence[Rule],
    settings: Settings,
    known: Collection[str] = (),
    progress: Progress = unseen,
    companion: Companion | None = None,
    clock: Clock = STOPPED,
) -> Results:
    """The results of `rules` on a project that is loaded as a whole. `known` are the names of all rules, for ignores
    that name none of them; `progress` is told the units done and to do. `companion` is another tool whose findings are
    merged."""
    return conclude([examine(project, rules, clock, progress)], rules, settings, known, companion)


def examine(
    project: Project,
    rules: Sequence[Rule],
    clock: Clock = STOPPED,
    progress: Progress = unseen,
) -> Examined:
    """Run the rules over a project, or a part of one that stands for itself."""
    with redirect_stdout(sys.stderr):  # what a rule prints is no part of the report
        findings = tuple(_collected(project, rules, progress, clock))
    return Examined(
        findings=findings,
        problems=tuple(project.problems),
        ledger=tuple(project.ledger),
        read=frozenset(project.sources),
        functions=tuple(
            Judged(function.id, function.template.file.path if function.template is not None else None)
            for function in project.functions
        ),
        templates=tuple((template.path, template.file.path) for template in project.templates),
        sources=project.sources,
        regions=ignoring_regions(project.templates),
    )


def conclude(
    parts: Sequence[Examined],
    rules: Sequence[Rule],
    settings: Settings,
    known: Collection[str] = (),
    companion: Companion | None = None,
) -> Results:
    """The results of all parts of a project, given in their order."""
    ran = {rule.name for rule in rules}
    sources = {path: file for part in parts for path, file in part.sources.items()}
    found = [finding for part in parts for finding in part.findings]
    ledger = {note for part in parts for note in part.ledger}
    if SyntaxErrorRule.name in ran:
        found += dict.fromkeys(problem for part in parts for problem in part.problems)
    if companion is not None:
        templates = {path: sources[shown] for part in parts for path, shown in part.templates}
        merged_in = companion(templates, settings, found)
        found += merged_in.findings
        ledger.update(merged_in.failures)
    suppressed = 0
    if settings.use_ignores:
        found, suppressed = _suppressed(found, parts, sources, settings, ran, {*known, *ran})
    found = [
        finding for finding in found if not ({finding.rule, "ALL"} & {*settings.file_ignores(finding.location.path)})
    ]
    is_excluded = _exclusion(settings)
    found = [finding for finding in found if finding.rule == INTERNAL_ERROR or not is_excluded(finding.location.path)]
    merged = (_weighed(finding, settings) for finding in _merged(found))
    touched = {function.id for part in parts for function in part.functions}
    reported = tuple(sorted(_reported(merged, touched, settings), key=lambda finding: finding.sort_key))
    reported, baselined = _beyond_baseline(reported, sources, settings)
    is_reported = settings.reported()
    return Results(
        diagnostics=reported,
        not_evaluated=tuple(sorted(note for note in ledger if is_reported(note.path) and not is_excluded(note.path))),
        suppressed=suppressed,
        baselined=baselined,
        files=len({path for part in parts for path in part.read}),
        functions=sum(len(part.functions) for part in parts),
        templates=sum(len(part.templates) for part in parts),
        sources=sources,
    )


class _Unit(NamedTuple):
    """What a hook of a rule is called with; `name` and `place` tell of it when the rule fails."""

    hook: str
    what: object
    name: str
    place: Location


def _units(stack: Stack) -> Iterator[_Unit]:
    for function in stack.functions:
        yield _Unit("check_function", function, function.id, function.span.location())
    for template in stack.templates:
        yield _Unit("check_template", template, template.file.path, _top(template.file.path))
    for template in stack.templates[:1]:
        yield _Unit("check_stack", stack, f"the stack of {template.file.path}", _top(template.file.path))


def _collected(project: Project, rules: Sequence[Rule], progress: Progress, clock: Clock) -> list[Diagnostic]:
    hooks = {hook: [rule for rule in rules if hook in rule.hooks()] for hook in HOOKS}
    stacks = [[unit for unit in _units(stack) if hooks[unit.hook]] for stack in project.stacks]
    total, done = sum(map(len, stacks)), 0
    found: list[Diagnostic] = []
    for units in stacks:
        of_stack: list[Diagnostic] = []
        for unit in units:
            progress(done, total)
            done += 1
            for rule in hooks[unit.hook]:
                of_stack += clock.timed(f"rule {rule.name}", _guarded)(rule, unit)
        found += _settled(of_stack, rules)
    whole = _Unit("check_project", project, "the project", _top("."))
    of_project = [finding for rule in hooks[whole.hook] for finding in _guarded(rule, whole)]
    return _settled([*found, *of_project], rules) if of_project else found


def _guarded(rule: Rule, unit: _Unit) -> list[Diagnostic]:
    """A rule's findings about one unit; its failure becomes a finding too, so that the other rules still run."""
    found: list[Diagnostic] = []
    try:
        for finding in getattr(rule, unit.hook)(unit.what):
            if not isinstance(finding, Diagnostic) or finding.rule != rule.name:
                raise TypeError(f"a rule must yield its own diagnostics, not {finding!r:.80}")
            if not isinstance(finding.location, Location):
                raise TypeError(f"a finding must have a location, not {finding.location!r:.80}")
            found.append(finding)
    except (Exception, SystemExit) as error:
        failure = Diagnostic(
            INTERNAL_ERROR,
            Severity.ERROR,
            f"rule `{rule.name}` failed on {unit.name}: {type(error).__name__}: {' '.join(str(error).split())} ({_where(error)})",
            unit.place,
            help=f"the other rules are not affected; `--ignore {rule.name}` leaves this one out",
        )
        found.append(failure)
    return found


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"


def _top(path: str) -> Location:
    return Location(path, Position(1, 1), Position(1, 1))


# --- one cause, one finding ---


def _settled(found: list[Diagnostic], rules: Sequence[Rule]) -> list[Diagnostic]:
    """The findings without those that another rule's finding at the same place supersedes or takes as evidence.

    The same place is the same first character, for at least one function in common.
    """
    supersedes = {rule.name: rule.supersedes for rule in rules if rule.supersedes}
    supports = {rule.name: rule.supports for rule in rules if rule.supports}
    if not supersedes and not supports:
        return found
    left: list[Diagnostic | None] = list(found)
    peers_of = _peers(found)
    for index, finding in enumerate(found):
        for peer in peers_of(finding, {*supersedes.get(finding.rule, ()), *supports.get(finding.rule, ())}):
            other = left[peer]
            if other is None:
                continue
            if other.rule in supersedes.get(finding.rule, ()):
                left[peer] = _without(other, finding.functions)
            elif other.rule in supports.get(finding.rule, ()):
                evidence = (Related(finding.location, finding.message), *finding.related)
                left[peer] = other._replace(related=(*other.related, *evidence))
                left[index] = None
    return [finding for finding in left if finding is not None]


def _peers(found: Sequence[Diagnostic]) -> Callable[[Diagnostic, Iterable[str]], list[int]]:
    """Tells which findings of some rules are at the place of one, with a function in common or without any."""
    at_place: dict[tuple[str, str, int], dict[str, list[int]]] = {}
    for index, finding in enumerate(found):
        here = at_place.setdefault((finding.rule, finding.location.path, finding.location.offset), {})
        for function in finding.functions or ("",):
            here.setdefault(function, []).append(index)

    def peers(finding: Diagnostic, rules: Iterable[str]) -> list[int]:
        indexes: set[int] = set()
        for rule in rules:
            here = at_place.get((rule, finding.location.path, finding.location.offset), {})
            for function in (*finding.functions, "") if finding.functions else here:
                indexes.update(here.get(function, ()))
        return sorted(indexes)

    return peers


def _without(finding: Diagnostic, functions: Collection[str]) -> Diagnostic | None:
    rest = tuple(function for function in finding.functions if function not in functions) if functions else ()
    return finding._replace(functions=rest) if rest else None


def _merged(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Findings of the same rule at the same place as one, for all their functions, as bad as the worst.

    A finding that names several functions of its own is about just these, and stays apart.
    """
    groups: dict[tuple[str, Location, object], list[Diagnostic]] = defaultdict(list)
    for finding in found:
        apart = finding.message if finding.rule == INTERNAL_ERROR or len(finding.functions) > 1 else None
        groups[finding.rule, finding.location, apart].append(finding)
    for first, *others in groups.values():
        if not others:
            yield first
            continue
        yield first._replace(
            functions=tuple(sorted({*first.functions, *(name for other in others for name in other.functions)})),
            severity=max(first.severity, *(other.severity for other in others)),
            fix=_merged_fix([first.fix, *(other.fix for other in others)]),
        )


def _merged_fix(fixes: Sequence[Fix | None]) -> Fix | None:
    """One fix for all that are one finding: the edits of each once, and safe only if it is for every function. Edits of
    code that are right for some functions alone are not made."""
    known = [fix for fix in fixes if fix is not None]
    if not known:
        return None
    edits = known[0].edits
    if isinstance(edits, Deferred) and len(known) < len(fixes):
        return None
    if not isinstance(edits, Deferred):
        edits = tuple(dict.fromkeys(edit for fix in known if not isinstance(fix.edits, Deferred) for edit in fix.edits))
    return known[0]._replace(edits=edits, is_safe=len(known) == len(fixes) and all(fix.is_safe for fix in known))


# --- what the settings and the ignores say ---


def _suppressed(
    found: list[Diagnostic],
    parts: Sequence[Examined],
    sources: Mapping[str, SourceFile],
    settings: Settings,
    ran: Collection[str],
    known: Collection[str],
) -> tuple[list[Diagnostic], int]:
    """The findings that no ignore suppresses, those about useless ignores added, and how many places were suppressed."""
    homes: dict[str, set[str | None]] = defaultdict(set)
    for function in (function for part in parts for function in part.functions):
        homes[function.id].add(function.template)
    suppressions = Suppressions(sources, [region for part in parts for region in part.regions], homes, settings)
    left, gone = [], set()
    for finding in found:
        rest = suppressions.remainder(finding) if finding.rule != INTERNAL_ERROR else finding
        if rest is None:
            gone.add((finding.rule, finding.location))
        else:
            left.append(rest)
    if UnusedIgnore.name in ran:
        for finding in suppressions.unused(ran, known):
            rest = suppressions.remainder(finding)
            if rest is not None:
                left.append(rest)
    return left, len(gone - {(finding.rule, finding.location) for finding in left})


def _exclusion(settings: Settings) -> Callable[[str], bool]:
    """Tells whether the settings exclude a shown path. Excluded files are read where others join with them."""
    patterns = parse(settings.exclude)
    base = settings.base or settings.root

    @cache
    def is_excluded(shown: str) -> bool:
        inside = os.path.relpath(settings.absolute(shown), base).replace(os.sep, "/")
        return inside != "." and not inside.startswith("../") and patterns.covers(inside)

    return is_excluded if patterns.lines else lambda shown: False


def _beyond_baseline(
    found: tuple[Diagnostic, ...], sources: Mapping[str, SourceFile], settings: Settings
) -> tuple[tuple[Diagnostic, ...], int]:
    """The findings that the baseline does not hold, and how many it holds."""
    if not settings.baseline:
        return found, 0
    from slint.engine import baseline  # few projects have one

    comparison = baseline.compare(found, sources, baseline.read(settings.baseline))
    return comparison.new, comparison.known


def _weighed(finding: Diagnostic, settings: Settings) -> Diagnostic:
    severity = settings.severity.get(finding.rule)
    return finding if severity is None else finding._replace(severity=severity)


def _reported(found: Iterable[Diagnostic], touched: Collection[str], settings: Settings) -> Iterator[Diagnostic]:
    """The findings about the paths given: their place, or a file of one of their functions, is among or below them."""
    is_reported = settings.reported()
    for finding in found:
        is_here = finding.rule == INTERNAL_ERROR or is_reported(finding.location.path)
        if is_here or not set(finding.functions).isdisjoint(touched):
            yield finding


def by_rule(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, int]]:
    """How often each rule reports, the most frequent first."""
    counted = Counter(finding.rule for finding in diagnostics)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))
