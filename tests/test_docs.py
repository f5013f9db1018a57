from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from slint import docs
from slint.diagnostic import Severity
from slint.engine.plugins import all_rules
from slint.rule import Example, Rule

ROOT = Path(docs.__file__).parents[1]


class Options(NamedTuple):
    most: int = 3
    words: tuple[str, ...] = ("a",)


class Shown(Rule):
    """It costs money.

    A second paragraph.
    """

    name = "shown"
    summary = "Something is wrong"
    severity = Severity.WARNING
    strict = True
    references = ("https://example.org/page",)
    examples = (Example(bad={"a.py": "\n    x = 1  # <- here\n    "}, good={"a.py": "x = 2\n"}, note="Look at x."),)
    Options = Options

    def check_project(self, project):
        return ()


def test_a_page_holds_everything_about_the_rule():
    assert docs.markdown_page(Shown) == (
        "# shown\n\nSomething is wrong.\n\n*warning, strict profile only*\n\nIt costs money.\n\nA second paragraph.\n\n"
        "## Example\n\nLook at x.\n\nReported:\n\n`a.py`\n\n```python\nx = 1  # <- here\n```\n\n"
        "Not reported:\n\n`a.py`\n\n```python\nx = 2\n```\n\n"
        "## Options\n\nIn the table `rules.shown` of the configuration.\n\n"
        '- `most`: an integer; default `3`\n- `words`: a list of strings; default `["a"]`\n\n'
        "## References\n\n- <https://example.org/page>\n"
    )


def test_the_terminal_gets_no_markdown():
    page = docs.terminal_page(Shown)
    assert page.startswith("shown: Something is wrong\n\nwarning, strict profile only\n\nIt costs money.")
    assert "Reported: a.py\n\n    x = 1  # <- here\n" in page
    assert "```" not in page and "\n#" not in page


def test_pages_are_written_checked_and_removed(tmp_path, capsys):
    folder = str(tmp_path / "rules")
    assert docs.main(["--check", "--folder", folder]) == 1
    assert docs.main(["--write", "--folder", folder]) == 0
    assert docs.main(["--check", "--folder", folder]) == 0
    (tmp_path / "rules/unused-ignore.md").write_text("old")
    (tmp_path / "rules/gone.md").write_text("old")
    capsys.readouterr()
    assert docs.main(["--check", "--folder", folder]) == 1
    told = capsys.readouterr().err
    assert "unused-ignore.md: not up to date" in told and "gone.md" in told and told.count("\n") == 2
    assert docs.main(["--write", "--folder", folder]) == 0
    assert not (tmp_path / "rules/gone.md").exists()


def test_the_index_links_every_page():
    index = docs.index_page(list(all_rules().values()))
    assert set(re.findall(r"\]\(([a-z0-9-]+)\.md\)", index)) == all_rules().keys()


@pytest.mark.parametrize("rule", list(all_rules().values()), ids=lambda rule: rule.name)
def test_every_rule_can_be_explained(rule):
    assert rule.name in docs.terminal_page(rule)
    assert docs.markdown_page(rule).count("```") % 2 == 0
