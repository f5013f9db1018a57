"""Running the examples of rules: for rule authors, for `slint test-rules` and for slint's own tests."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from slint.engine.own_rules import INTERNAL_ERROR, SyntaxErrorRule
from slint.engine.plugins import PluginError, all_rules, chosen_rules, entry_points, flaw_of, rules_in, rules_of
from slint.engine.run import Results, run
from slint.rule import Example, Rule
from slint.settings import Settings, SettingsError

MARK = "<- here"  # on each line of a bad example that the rule reports
_MARK_COMMENT = re.compile(r"[ \t]*(?:#|//)[ \t]*<- here[^\n]*")
TODAY = date(2026, 9, 1)  # the day on which examples are judged, for rules about dates of end of life


def check_examples(rule: type[Rule]) -> list[str]:
    """What is wrong with a rule's examples, one line each; empty when all do what they promise.

    Each project is written to a temporary folder and checked as `slint check` does, with this rule alone.
    """
    problems = []
    for number, example in enumerate(rule.examples, start=1):
        for kind, files in (("bad", example.bad), ("good", example.good)):
            if files:
                problems += [f"example {number}, {kind}: {problem}" for problem in _check(rule, example, kind, files)]
    return problems


def example_text(text: str) -> str:
    """A file of an example as it is written: without the indentation that the rule's own code gives it."""
    return dedent(text.removeprefix("\n"))


def _check(rule: type[Rule], example: Example, kind: str, files: Mapping[str, str]) -> Iterator[str]:
    texts = {path: example_text(text) for path, text in files.items()}
    marked = {
        (path, number)
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if MARK in line
    }
    if kind == "bad" and not marked:
        yield f"no line is marked with `{MARK}`"
    if kind == "good" and marked:
        yield f"a line is marked with `{MARK}`: a good project has none"
    try:
        found, broken = _findings(rule, example, texts)
        if kind == "bad" and not broken:
            broken += _fixed_badly(rule, example, texts)
    except SettingsError as error:
        yield str(error)
        return
    yield from broken
    for path, number in sorted(marked - found.keys()):
        yield f"{path}:{number}: not reported: {texts[path].splitlines()[number - 1].strip()}"
    for (path, number), message in sorted(found.items()):
        if (path, number) not in marked:
            yield f"{path}:{number}: reported, but not marked: {message}"


def _findings(
    rule: type[Rule], example: Example, texts: Mapping[str, str]
) -> tuple[dict[tuple[str, int], str], list[str]]:
    """What the rule reports by path and line, and what keeps the example from being judged."""
    from slint.project.load import load

    for path in texts:
        if Path(path).is_absolute() or ".." in Path(path).parts:
            return {}, [f"{path}: a path of an example is relative and stays inside"]
    with _written(rule, example, texts) as settings:
        project = load(settings)
        results = run(project, chosen_rules(settings, {rule.name: rule}), settings)
    findings = {(each.location.path, each.location.start.line): each.message for each in results.diagnostics}
    broken = [each.message for each in results.diagnostics if each.rule == INTERNAL_ERROR]
    if rule.name != SyntaxErrorRule.name:
        broken += [f"{each.location.path}:{each.location.start.line}: {each.message}" for each in project.problems]
    if not project.functions and not project.templates:
        broken.append("it holds no template: slint sees no serverless project in it")
    return {} if broken else findings, broken


def _fixed_badly(rule: type[Rule], example: Example, texts: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the fixes of a bad example; nothing when it has none."""
    from slint.engine import fixing
    from slint.project.load import load

    unmarked = {path: _MARK_COMMENT.sub("", text) for path, text in texts.items()}
    with _written(rule, example, unmarked) as settings:
        rules = chosen_rules(settings, {rule.name: rule})

        def check(changed: Settings) -> Results:
            return run(load(changed), rules, changed)

        fixes = [finding.fix for finding in check(settings).diagnostics if finding.fix is not None]
        if not fixes:
            if example.fixed_is_good:
                yield "no finding has a fix"
            return
        if find_spec("libcst") is None and any(not fix.edits for fix in fixes):
            return  # this one cannot be tried without the extra `cst`
        outcome = fixing.fix(settings, check, fixing.by_safety(True))
    yield from outcome.refused
    for finding in outcome.results.diagnostics:
        yield f"{finding.location.path}:{finding.location.start.line}: still reported when fixed: {finding.message}"
    if example.fixed_is_good:
        fixed = unmarked | {change.path: change.after for change in outcome.changes}
        for path, text in example.good.items():
            if fixed.get(path) != example_text(text):
                yield f"{path}: not the good text when fixed, but:\n{fixed.get(path)}"


@contextmanager
def _written(rule: type[Rule], example: Example, texts: Mapping[str, str]) -> Iterator[Settings]:
    """The files of an example in a temporary folder, and the settings to check it."""
    with TemporaryDirectory(prefix="slint-example-") as folder:
        for path, text in texts.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
        yield Settings(
            root=folder,
            cwd=folder,
            base=folder,
            today=TODAY,
            config="the example",
            select=(rule.name,),
            options={rule.name: example.options} if example.options else {},
        )


def rules_at(target: str | None) -> list[type[Rule]]:
    """The rules of a file, of a folder of rule files, or of an importable package; of everything installed when None.

    Files and packages are imported. Raises SettingsError when there is no such thing or it holds no rule.
    """
    if target is None:
        return list(all_rules().values())
    path = Path(target)
    if path.is_file() and path.suffix == ".py":
        rules = _rules_in_file(path)
    elif path.is_dir() and not (path / "__init__.py").is_file():
        rules = [rule for file in sorted(path.rglob("*.py")) for rule in _rules_in_file(file)]
    elif path.is_dir():
        sys.path.insert(0, str(path.parent.resolve()))
        rules = rules_of(path.resolve().name, target)
    elif path.exists():
        raise SettingsError(f"not a rule file, a folder or a package: {target}: name one")
    else:
        packages = [entry.package for entry in entry_points() if target in (entry.package, entry.distribution)]
        rules = [rule for package in packages or [target] for rule in rules_of(package, target)]
    if not rules:
        raise SettingsError(f"no rule found: {target}: a rule is a subclass of slint.Rule with a name")
    return rules


def _rules_in_file(path: Path) -> list[type[Rule]]:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(f"slint_rule_file_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # where the types of its options are looked up
    writes_none = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # it would be taken for the file's after another change within the same second
    try:
        with redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise PluginError(f"rule file {path} cannot be loaded: {type(error).__name__}: {error}") from error
    finally:
        sys.dont_write_bytecode = writes_none
    rules = list(rules_in(module))
    for rule in rules:
        flaw = flaw_of(rule)
        if flaw is not None:
            raise PluginError(f"rule file {path}: {rule.__qualname__}: {flaw}")
    return rules
