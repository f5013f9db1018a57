"""A fix is proven by its rule's example."""

from __future__ import annotations

import pytest

from slint import Example, Fix, Rule, Severity, fixes
from slint.diagnostic import Edit
from slint.testing import check_examples

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Timeout: 900  # <- here
"""
GOOD = TEMPLATE.replace("      Timeout: 900  # <- here\n", "")


def rule_with(make, **example):
    """A rule against timeouts whose findings carry what `make` gives for the function and the setting."""

    class LongTimeout(Rule):
        name = "long-timeout"
        summary = "s"
        severity = Severity.WARNING
        examples = (Example(bad={"template.yaml": TEMPLATE}, good={"template.yaml": GOOD}, **example),)

        def check_function(self, function):
            timeout = function.setting("Timeout")
            if timeout.number == 900:
                place = next(entry.span for name, entry in function.settings.named() if name == "Timeout")
                yield self.at(place, "too long", functions=[function], fix=make(function, timeout.span))

    return LongTimeout


def replacing(text):
    return lambda function, span: Fix("change it", (Edit(span.file.path, span.start, span.end, text),))


def test_a_fix_that_makes_the_good_text_passes():
    removed = rule_with(lambda function, span: fixes.remove_property(function, "Timeout", "t"), fixed_is_good=True)
    assert check_examples(removed) == []


def test_a_fix_that_only_silences_the_rule_passes_when_no_more_is_promised():
    assert check_examples(rule_with(replacing("3"))) == []


@pytest.mark.parametrize(
    ("make", "promise", "problem"),
    [
        (replacing("3"), True, "template.yaml: not the good text when fixed"),
        (replacing("900.0"), False, "the finding would stay"),
        (replacing("[[["), False, "the file would not parse any more"),
        (lambda function, span: None, True, "no finding has a fix"),
        (lambda function, span: Fix("nothing", ()), False, "still reported when fixed"),
        (lambda function, span: Fix("outside", (Edit("../x", 0, 0, "a"),)), False, "still reported when fixed"),
    ],
)
def test_a_fix_that_does_not_do_what_it_should_is_told(make, promise, problem):
    assert any(problem in line for line in check_examples(rule_with(make, fixed_is_good=promise)))
