"""The findings that slint itself makes, as rules: they are selected, ignored, explained and documented like any other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from slint.diagnostic import Diagnostic, Severity
from slint.regex import regex
from slint.rule import Example, Rule

if TYPE_CHECKING:
    from slint.project.model import Function

_TEMPLATE = """\
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
"""


class _AboutFiles(Rule):
    """A rule about the files that functions reach; the engine makes its findings once they are read."""

    def check_function(self, function: Function) -> Iterable[Diagnostic]:
        """Nothing by itself: asking for the files is what reads them."""
        _ = function.files
        return ()


class SyntaxErrorRule(_AboutFiles):
    """A file that does not parse fails when it is deployed or first run, and hides what else is wrong in it.

    Reported for templates, for code that a deployed function reaches, and for the `package.json` that goes with it. What
    can be read of the file is still judged.
    """

    name = "syntax-error"
    summary = "A template, a handler's code or its `package.json` cannot be parsed"
    severity = Severity.ERROR
    examples = (
        Example(
            bad={"template.yaml": _TEMPLATE, "app.py": "def handler(event, context)  # <- here\n    return event\n"},
            good={"template.yaml": _TEMPLATE, "app.py": "def handler(event, context):\n    return event\n"},
        ),
    )


class UnusedIgnore(_AboutFiles):
    """An ignore comment that suppresses nothing hides the next real finding at its place.

    `# slint: ignore[rule-name] reason` (`//` in JavaScript and TypeScript) stands on the line of a finding's place or
    just above it. Reported are comments whose rule finds nothing there, that name no rule, or that are not written so,
    and those that do not hold: the day after `until 2027-01-31` in the reason, and without a reason where
    `require-reason` is set; not those of rules that did not run.
    """

    name = "unused-ignore"
    summary = "An ignore comment suppresses nothing"
    severity = Severity.WARNING
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "app.py": "def handler(event, context):\n    return event  # slint: ignore[sintax-error] <- here\n",
            },
            good={"template.yaml": _TEMPLATE, "app.py": "def handler(event, context):\n    return event\n"},
        ),
    )


_OTHER_TOOLS = regex(r"[EWI][A-Za-z]*\d{3,4}")


def is_of_other_tool(name: str) -> bool:
    """Whether a rule may be one of cfn-lint's, whose findings can be merged: `E3012`."""
    return _OTHER_TOOLS.fullmatch(name) is not None


INTERNAL_ERROR = "internal-error"  # a rule that failed: no rule of its own, it cannot be ignored
OWN_RULES: tuple[type[Rule], ...] = (SyntaxErrorRule, UnusedIgnore)
