"""slint's template rules for users of cfn-lint: `cfn-lint TEMPLATE --append-rules slint.cfnlint`.

Each rule that needs no code is one of cfn-lint's, SAM functions included. Its id is the letter of its severity and its
name, as in `W-lambda-warmer`; cfn-lint selects and ignores rules by the beginning of their ids.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from slint.diagnostic import Diagnostic, Severity
from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import run
from slint.project.load import load
from slint.rule import Rule
from slint.settings import Settings, read

_LETTERS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.INFO: "I"}


@lru_cache(maxsize=1)
def _findings(path: str, changed: int) -> tuple[Diagnostic, ...]:
    """What the template rules report of a template; `changed` is when it was, so that a new text is looked at anew.

    The template's folder is read as the project: its code sharpens some of the findings.
    """
    settings: Settings = read([path], cwd=os.getcwd(), today=date.today())
    settings = settings._replace(root=os.path.dirname(path), baseline="")
    known = all_rules()
    rules = [rule for rule in chosen_rules(settings, known) if rule.from_template]
    results = run(load(settings), rules, settings, known)
    return tuple(each for each in results.diagnostics if settings.absolute(each.location.path) == path)


class _Matching:
    """What each rule here does."""

    rule: type[Rule]

    def match(self, cfn: Any) -> Iterator[Any]:
        """The findings of one rule about cfn-lint's template, which has its text in a file."""
        if not cfn.filename or not os.path.isfile(cfn.filename):
            return
        path = os.path.abspath(cfn.filename)
        for finding in _findings(path, os.stat(path).st_mtime_ns):
            # cfn-lint tells the level by the rule: what is only worth knowing is not made a warning.
            if finding.rule == self.rule.name and finding.severity >= self.rule.severity:
                yield RuleMatch(_path(finding, cfn), _message(finding), location=_location(finding))


def _message(finding: Diagnostic) -> str:
    return finding.message if finding.help is None else f"{finding.message}: {finding.help}"


def _path(finding: Diagnostic, cfn: Any) -> list[str]:
    """Where cfn-lint looks for metadata that ignores the finding."""
    resources = cfn.template.get("Resources")
    named = [name for name in (finding.resource, *finding.functions) if name]
    return next((["Resources", name] for name in named if isinstance(resources, dict) and name in resources), [])


def _location(finding: Diagnostic) -> tuple[int, int, int, int]:
    """Lines and columns as cfn-lint keeps them, counted from 0."""
    start, end = finding.location.start, finding.location.end
    return start.line - 1, start.column - 1, end.line - 1, end.column - 1


def _rule_for(rule: type[Rule]) -> type:
    described = {
        "rule": rule,
        "id": f"{_LETTERS[rule.severity]}-{rule.name}",
        "shortdesc": rule.summary,
        "description": " ".join((rule.__doc__ or rule.summary).partition("\n\n")[0].split()),
        "source_url": rule.references[0] if rule.references else "",
        "tags": ["slint", *rule.tags],
        "__module__": __name__,
        "__doc__": rule.summary,
    }
    return type(rule.__name__, (_Matching, CloudFormationLintRule), described)


# cfn-lint takes the classes that it finds in the module.
globals().update({rule.__name__: _rule_for(rule) for rule in all_rules().values() if rule.from_template})
