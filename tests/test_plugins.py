"""Rule packages: found, loaded, checked, given their options; and one of a third party through the real command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from conftest import settings

from slint.diagnostic import Severity
from slint.engine.plugins import PluginError, all_rules, chosen_rules, entry_points, fitted, in_words
from slint.rule import Rule
from slint.settings import SettingsError

ACME = Path(__file__).with_name("acme_rules")

GOOD_RULE = """
from slint import Rule, Severity

class Good(Rule):
    '''Why.'''
    name = "{name}"
    summary = "s"
    severity = Severity.INFO
    def check_project(self, project):
        return ()
"""


@pytest.fixture
def installed(tmp_path, monkeypatch, fresh_rules):
    """Installs a distribution of one module, or of a package of modules, as pip would leave it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(package: str, modules: Mapping[str, str]) -> None:
        folder = tmp_path / package
        folder.mkdir()
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
        info = tmp_path / f"{package.replace('_', '-')}-1.0.dist-info"
        info.mkdir()
        (info / "entry_points.txt").write_text(
            f"[console_scripts]\nother = elsewhere:main\n\n[slint.rules]\n{package} = {package}\n", encoding="utf-8"
        )

    return install


def test_the_built_in_rules_come_through_the_entry_point():
    assert "slint_rules" in [entry.package for entry in entry_points()]


def test_entry_points_agree_with_the_standard_library(installed):
    from importlib.metadata import entry_points as standard

    installed("agreeing_rules", {"__init__": ""})
    assert {entry.package for entry in entry_points()} == {each.value for each in standard(group="slint.rules")}


def test_every_named_rule_of_a_package_is_found(installed):
    base = "from slint import Rule\nclass Shared(Rule):\n    pass\n"
    again = "from found_rules.one import Good as Imported\n" + GOOD_RULE.format(name="found-two")
    installed("found_rules", {"__init__": "", "one": GOOD_RULE.format(name="found-one"), "two": again, "base": base})
    assert {"found-one", "found-two", "syntax-error"} <= all_rules().keys()
    assert list(all_rules()) == sorted(all_rules())


def test_two_rules_of_one_name_are_refused(installed):
    installed("twice_a", {"__init__": GOOD_RULE.format(name="twice")})
    installed("twice_b", {"__init__": GOOD_RULE.format(name="twice")})
    with pytest.raises(PluginError, match=r"two rules are called twice: twice_a and twice_b: rename or uninstall one"):
        all_rules()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "import nothing_of_that_name",
            "rule package broken_rules of broken cannot be loaded: broken_rules.rule: Module",
        ),
        ("1 +", "cannot be loaded: broken_rules.rule: SyntaxError"),
        ("raise SystemExit(0)", "cannot be loaded: broken_rules.rule: SystemExit: 0"),
        ("raise RuntimeError('two\\nlines')", "RuntimeError: two lines"),
        (GOOD_RULE.format(name="Bad_Name"), "broken_rules.rule.Good: name must be kebab-case, not 'Bad_Name'"),
        (GOOD_RULE.format(name="internal-error"), "name must be kebab-case"),
        (GOOD_RULE.format(name="x").replace("Severity.INFO", "'info'"), "severity is missing"),
        (GOOD_RULE.format(name="x").replace("summary", "other"), "summary is missing"),
        (GOOD_RULE.format(name="x").replace("check_project", "check_it"), "overrides none of the check_ methods"),
        (GOOD_RULE.format(name="x") + "\n    Options = dict\n", "Options must be a NamedTuple"),
        (
            "from typing import NamedTuple\nclass Limits(NamedTuple):\n    most: int\n"
            + GOOD_RULE.format(name="x")
            + "\n    Options = Limits\n",
            "option most has no default",
        ),
    ],
)
def test_a_broken_package_is_one_line_that_names_it(installed, text, message):
    sys.modules.pop("broken_rules", None)
    sys.modules.pop("broken_rules.rule", None)
    installed("broken_rules", {"__init__": "", "rule": text})
    with pytest.raises(PluginError) as caught:
        all_rules()
    assert message in str(caught.value) and "\n" not in str(caught.value)
    assert "broken" in str(caught.value)


def test_what_a_package_prints_is_no_part_of_the_report(installed, capsys):
    installed("loud_rules", {"__init__": "print('loaded')\n" + GOOD_RULE.format(name="loud")})
    assert "loud" in all_rules()
    assert capsys.readouterr() == ("", "loaded\n")


def test_a_rule_that_cannot_be_made_is_one_line():
    class Unmade(Plain):
        def __init__(self, options=None):
            raise RuntimeError("two\nlines")

    with pytest.raises(PluginError, match=r"^rule plain cannot be made: RuntimeError: two lines$"):
        chosen_rules(settings(), {"plain": Unmade})


class Limits(NamedTuple):
    most: int = 3
    share: float = 0.5
    words: tuple[str, ...] = ()
    mode: Literal["a", "b"] = "a"
    is_on: bool = False
    maybe: str | None = None


class Plain(Rule):
    name = "plain"
    summary = "s"
    severity = Severity.INFO
    Options = Limits

    def __init__(self, options=None):
        super().__init__(options)
        if self.options.most < 0:
            raise ValueError("most must not be negative")

    def check_project(self, project):
        return ()


class Picky(Plain):
    name = "picky"
    strict = True


RULES = {"plain": Plain, "picky": Picky}


def chosen(**changes):
    return [rule.name for rule in chosen_rules(settings(**changes), RULES)]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["plain"]),
        ({"profile": "strict"}, ["plain", "picky"]),
        ({"select": ("ALL",)}, ["plain", "picky"]),
        ({"select": ("picky",)}, ["picky"]),
        ({"select": ("DEFAULT", "picky")}, ["plain", "picky"]),
        ({"ignore": ("plain",)}, []),
        ({"select": ("ALL",), "ignore": ("picky",)}, ["plain"]),
        ({"ignore": ("ALL",)}, []),
    ],
)
def test_selection(changes, names):
    assert chosen(**changes) == names


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"select": ("plian",)}, "no such rule: slint.toml: select: plian: did you mean plain?"),
        ({"ignore": ("zzzz",)}, "no such rule: slint.toml: ignore: zzzz: `slint rules` lists them"),
        ({"severity": {"plian": Severity.INFO}}, "no such rule: slint.toml: severity: plian: did you mean plain?"),
        ({"options": {"plian": {}}}, "no such rule: slint.toml: rules: plian: did you mean plain?"),
        ({"per_file_ignores": {"a": ("plian",)}}, 'slint.toml: per-file-ignores."a": plian: did you mean plain?'),
        ({"options": {"plain": {"mots": 3}}}, "unknown option: slint.toml: rules.plain.mots: did you mean most?"),
        ({"options": {"plain": {"most": "3"}}}, "wrong value: slint.toml: rules.plain.most must be an integer"),
        ({"options": {"plain": {"most": True}}}, "wrong value: slint.toml: rules.plain.most must be an integer"),
        ({"options": {"plain": {"words": [1]}}}, "rules.plain.words must be a list of strings"),
        ({"options": {"plain": {"mode": "c"}}}, "rules.plain.mode must be one of a, b"),
        ({"options": {"plain": {"most": -1}}}, "wrong value: slint.toml: rules.plain: most must not be negative"),
    ],
)
def test_wrong_names_and_options(changes, message):
    with pytest.raises(SettingsError) as caught:
        chosen(config="slint.toml", **changes)
    assert message in str(caught.value)


def test_options_are_fitted_to_their_types():
    given = {"most": 5, "share": 1, "words": ["x"], "mode": "b", "is-on": True, "maybe": "y"}
    (rule,) = chosen_rules(settings(options={"plain": given}), RULES)
    assert rule.options == Limits(5, 1.0, ("x",), "b", True, "y")
    assert isinstance(rule.options.share, float)


def test_types_in_words():
    assert in_words(tuple[str, ...]) == "a list of strings"
    assert in_words(int | None) == "an integer"
    assert fitted({"a": [1]}, dict[str, tuple[int, ...]]) == {"a": (1,)}
    with pytest.raises(TypeError):
        fitted([1], int)


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    """The environment of somebody who installed Acme's rules."""
    if find_spec("pip") is None or find_spec("setuptools") is None:
        pytest.skip("pip and setuptools are needed to install a package")
    target = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source") / "acme"
    import shutil

    shutil.copytree(ACME, source)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--disable-pip-version-check", "--target", str(target), str(source)], check=True)
    return {**os.environ, "PYTHONPATH": str(target), "NO_COLOR": "1"}


def slint(environment, *arguments, cwd):
    command = [sys.executable, "-m", "slint", *arguments]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=60)


def test_a_third_partys_rule_runs_through_the_command(acme, write_project):
    folder = write_project(
        {
            "template.yaml": "Resources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n"
            "      Runtime: python3.13\n      Handler: app.handler\n",
            "app.py": "def handler(event, context):\n    return event\n",
            "slint.toml": 'fail-on = "info"\n[rules.function-without-team]\ntag = "owner"\n',
        }
    )
    run = slint(acme, "check", "--select", "function-without-team", "--output-format", "concise", cwd=folder)
    assert run.stdout == "template.yaml:2:3: info[function-without-team] `Orders` has no tag `owner`\n", run.stderr
    assert run.returncode == 1
    assert slint(acme, "test-rules", "acme_rules", cwd=folder).returncode == 0
    assert "function-without-team" in slint(acme, "rules", cwd=folder).stdout
    explained = slint(acme, "explain", "function-without-team", cwd=folder).stdout
    assert "Nobody is called" in explained and "exempt: a list of strings; default `[]`" in explained
