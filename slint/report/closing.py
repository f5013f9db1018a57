"""What is said beside the findings: the summary, the statistics and the ledger of what was not judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from slint.diagnostic import Severity
from slint.engine.run import Results, by_rule
from slint.report.terminal import one_line

if TYPE_CHECKING:
    from slint.engine.fixing import Outcome


def summary(results: Results) -> str:
    """One line: what was found, in how much."""
    return f"slint: {tally(results)}\n"


def tally(results: Results) -> str:
    """What was found, in how much."""
    counts = [_number(results.count(severity), str(severity)) for severity in sorted(Severity, reverse=True)]
    found = ", ".join(count for count in counts if not count.startswith("0 ")) or "no findings"
    scope = f"{_number(results.functions, 'function')}, {_number(results.files, 'file')}"
    asides = []
    if results.suppressed:
        asides.append(f"{results.suppressed} suppressed")
    if results.baselined:
        asides.append(f"{results.baselined} in the baseline")
    if results.not_evaluated:
        asides.append(f"{len(results.not_evaluated)} not evaluated, see --verbose")
    return f"{found} in {scope}" + (f" ({'; '.join(asides)})" if asides else "")


def statistics(results: Results) -> str:
    """How often each rule reports, then how often each reason kept slint from judging."""
    rules = by_rule(results.diagnostics)
    reasons = Counter(one_line(note.why) for note in results.not_evaluated)
    lines = [f"{count:6}  {rule}" for rule, count in rules]
    lines += [
        f"{count:6}  not evaluated: {why}"
        for why, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    ]
    return "".join(f"{line}\n" for line in lines)


_PHASES = ("discover", "read", "parse", "link")


def timings(seconds: Mapping[str, float]) -> str:
    """Where the time of a run went, in milliseconds: the phases in their order, then the rules, the slowest first.

    What several rules need, such as which calls a function reaches, counts for the first of them.
    """
    rules = {phase: spent for phase, spent in seconds.items() if phase.startswith("rule ")}
    parts = [(phase, seconds.get(phase, 0.0)) for phase in _PHASES]
    parts.append(("rules", sum(rules.values())))
    parts += [(f"  {phase.removeprefix('rule ')}", spent) for phase, spent in _slowest_first(rules)]
    parts += [(phase, seconds.get(phase, 0.0)) for phase in ("sort", "report")]
    return "".join(f"slint: {spent * 1000:9.1f} ms  {phase}\n" for phase, spent in parts)


def _slowest_first(seconds: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(seconds.items(), key=lambda item: (-item[1], item[0]))


def ledger(results: Results) -> str:
    """One line for each place that was not judged, and why."""
    lines = []
    for note in results.not_evaluated:
        place = f"{note.path}:{note.line}" if note.line else note.path
        lines.append(f"slint: not evaluated: {one_line(place)}: {one_line(note.what)}: {one_line(note.why)}\n")
    return "".join(lines)


def fixes(outcome: Outcome, *, is_diff: bool, are_ignores: bool = False) -> str:
    """What fixing did, and what it left alone and why."""
    done = "ignored" if are_ignores else "fixed"
    verbs = ("would ignore" if are_ignores else "would fix", done)
    lines = [f"slint: not {done}: {one_line(why)}\n" for why in outcome.refused]
    where = _number(len(outcome.changes), "file")
    lines.append(f"slint: {verbs[not is_diff]} {_number(outcome.fixed, 'finding')} in {where}\n")
    if outcome.needs_libcst:
        lines.append("slint: some fixes of Python code need libcst: pip install 'serverless-slint[cst]'\n")
    return "".join(lines)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 or noun == "info" else f"{count} {noun}s"
