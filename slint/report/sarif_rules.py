"""The rules of a SARIF log, with the properties that GitHub code scanning reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc

from slint.diagnostic import Diagnostic, Severity
from slint.knowledge.code_scanning import DESCRIPTION_CHARACTERS, NAME_CHARACTERS, TAGS
from slint.report import RulePage
from slint.report.sarif_places import Json
from slint.report.sarif_text import cut, sentence
from slint.rule import Rule

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
# Scores as in CVSS, which GitHub shows as high (from 7.0), medium (from 4.0) and low. Only rules about security have
# one: GitHub would take any other for a security alert.
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "6.0", Severity.INFO: "3.0"}


def described_rules(pages: Sequence[RulePage], findings: Sequence[Diagnostic]) -> Mapping[str, Json]:
    """The rules by name: those that ran, then those of other tools whose findings were merged."""
    rules = {page.rule.name: _described(page) for page in pages}
    for finding in findings:
        if finding.rule not in rules:
            rules[finding.rule] = _mentioned(finding)
    return rules


def _mentioned(finding: Diagnostic) -> Json:
    """A rule of which no more is known than one of its findings."""
    description = {"text": f"A finding of the rule {finding.rule}."}
    return {
        "id": finding.rule,
        "shortDescription": description,
        "fullDescription": description,
        "help": {
            "text": finding.docs or description["text"],
            "markdown": f"<{finding.docs}>" if finding.docs else description["text"],
        },
        **({"helpUri": finding.docs} if finding.docs else {}),
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {"precision": "high", "tags": [], "problem.severity": _PROBLEMS[finding.severity]},
    }


def _described(page: RulePage) -> Json:
    rule = page.rule
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.split("-"))[:NAME_CHARACTERS],
        "shortDescription": {"text": cut(sentence(rule.summary), DESCRIPTION_CHARACTERS)},
        "fullDescription": {"text": cut(_first_paragraph(rule), DESCRIPTION_CHARACTERS)},
        "help": {"text": _help(rule), "markdown": page.markdown},
        **({"helpUri": rule.references[0]} if rule.references else {}),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": _properties(rule),
    }


def _properties(rule: type[Rule]) -> Json:
    precision = "medium" if rule.strict else "very-high"
    properties: Json = {"precision": precision, "tags": list(rule.tags[:TAGS])}
    if "security" in rule.tags:
        return {**properties, "security-severity": _SECURITY[rule.severity]}
    return {**properties, "problem.severity": _PROBLEMS[rule.severity]}


def _help(rule: type[Rule]) -> str:
    parts = [cleandoc(rule.__doc__ or ""), "\n".join(rule.references)]
    return "\n\n".join(filter(None, parts)) or sentence(rule.summary)


def _first_paragraph(rule: type[Rule]) -> str:
    return " ".join(cleandoc(rule.__doc__ or "").partition("\n\n")[0].split()) or sentence(rule.summary)
