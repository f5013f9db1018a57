"""Every rule's examples do what they promise, and every rule is complete."""

from __future__ import annotations

from textwrap import dedent

import pytest

from slint.engine.plugins import all_rules
from slint.rule import Example, Rule
from slint.scaffold import write_rule
from slint.settings import SettingsError
from slint.testing import check_examples, example_text, rules_at

RULES = list(all_rules().values())
by_name = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@by_name
def test_the_examples_do_what_they_promise(rule):
    assert check_examples(rule) == []


@by_name
def test_the_rule_is_complete(rule):
    assert any(example.bad for example in rule.examples), "a bad example is missing"
    assert any(example.good for example in rule.examples), "a good example is missing"
    assert rule.__doc__ and rule.__doc__.strip().splitlines()[0].endswith("."), "the page is missing"
    assert 0 < len(rule.summary) <= 80 and "\n" not in rule.summary and not rule.summary.endswith(".")
    assert all(reference.startswith("https://") for reference in rule.references)
    assert not set(rule.supersedes) & {rule.name} and not set(rule.supports) & {rule.name}
    assert {*rule.supersedes, *rule.supports} <= all_rules().keys()


@by_name
def test_the_file_is_named_like_the_rule(rule):
    if rule.__module__.startswith("slint_rules."):
        assert rule.__module__.rpartition(".")[2] == rule.name.replace("-", "_")


TEMPLATE = """
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          Timeout: 900{mark}
    """
APP = "def handler(event, context):\n    return event\n"


def rule_with(*examples, found=("Orders",)):
    scaffolded = rules_at(None)

    class Timeouts(Rule):
        """Why."""

        name = "timeouts"
        summary = "s"
        severity = scaffolded[0].severity

        def check_template(self, template):
            for function in template.functions:
                if function.id in found:
                    yield self.at(function.settings.at("Timeout"), "too long")

    Timeouts.examples = examples
    return Timeouts


def project(mark=""):
    return {"template.yaml": TEMPLATE.format(mark=mark), "app.py": APP}


MARKED = "  # <- here"


def test_examples_that_hold_have_no_problems():
    assert check_examples(rule_with(Example(bad=project(MARKED)))) == []
    assert check_examples(rule_with(Example(good=project()), found=())) == []


@pytest.mark.parametrize(
    ("example", "found", "problem"),
    [
        (Example(bad=project(MARKED)), (), "example 1, bad: template.yaml:7: not reported: Timeout: 900  # <- here"),
        (Example(good=project()), ("Orders",), "example 1, good: template.yaml:7: reported, but not marked: too long"),
        (Example(bad=project()), ("Orders",), "example 1, bad: no line is marked with `<- here`"),
        (
            Example(good=project(MARKED)),
            (),
            "example 1, good: a line is marked with `<- here`: a good project has none",
        ),
        (Example(bad={"app.py": "x = 1  # <- here"}), (), "example 1, bad: it holds no template"),
        (Example(bad={"../x.py": "# <- here"}), (), "example 1, bad: ../x.py: a path of an example is relative"),
        (
            Example(bad=project(MARKED), options={"most": 1}),
            ("Orders",),
            "unknown option: the example: rules.timeouts.most: the rule has no options",
        ),
    ],
)
def test_what_is_wrong_with_an_example_is_told(example, found, problem):
    assert any(problem in line for line in check_examples(rule_with(example, found=found)))


def test_an_example_must_parse():
    broken = {**project(MARKED), "app.py": "def handler(:\n"}

    class Reading(rule_with(Example(bad=broken))):
        def check_function(self, function):
            _ = function.files
            return ()

    assert any("app.py:1" in line for line in check_examples(Reading))


def test_a_rule_that_fails_is_told():
    class Failing(rule_with(Example(good=project()))):
        def check_template(self, template):
            raise ZeroDivisionError("no")

    assert any("ZeroDivisionError" in line for line in check_examples(Failing))


def test_example_text_loses_the_indentation_of_the_rule():
    assert example_text("\n    a:\n      b\n    ") == "a:\n  b\n"
    assert example_text("a:\n  b\n") == "a:\n  b\n"


def test_a_new_rule_passes_at_once(tmp_path):
    path = write_rule("slow-start", str(tmp_path / "rules"))
    assert path.name == "slow_start.py"
    (rule,) = rules_at(str(path))
    assert rule.name == "slow-start"
    assert check_examples(rule) == []
    assert [each.name for each in rules_at(str(tmp_path / "rules"))] == ["slow-start"]


def test_a_new_rule_overwrites_nothing(tmp_path):
    write_rule("slow-start", str(tmp_path))
    with pytest.raises(SettingsError, match="file exists"):
        write_rule("slow-start", str(tmp_path))
    with pytest.raises(SettingsError, match="not a rule name"):
        write_rule("Slow_Start", str(tmp_path))


def test_targets_that_hold_no_rule(tmp_path):
    (tmp_path / "empty.py").write_text("x = 1\n")
    (tmp_path / "broken.py").write_text(dedent("raise RuntimeError('no')\n"))
    with pytest.raises(SettingsError, match="no rule found"):
        rules_at(str(tmp_path / "empty.py"))
    with pytest.raises(SettingsError, match=r"broken\.py cannot be loaded: RuntimeError: no"):
        rules_at(str(tmp_path / "broken.py"))
    with pytest.raises(SettingsError, match="cannot be loaded"):
        rules_at("no_such_package_anywhere")
