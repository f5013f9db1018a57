from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from slint import settings as settings_module
from slint.diagnostic import Severity
from slint.settings import SettingsError, did_you_mean, pattern_matches, read

TODAY = date(2026, 9, 1)


def at(folder: Path, *paths: str, **options):
    return read(paths, cwd=str(folder), today=TODAY, **options)


@pytest.mark.parametrize(
    ("pattern", "path", "covers"),
    [
        ("tests", "tests/a.py", True),
        ("tests", "src/tests/deep/a.py", True),
        ("tests/", "src/tests/a.py", True),
        ("*.py", "src/a.py", True),
        ("*.py", "src/a.pyc", False),
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/deep/a.py", False),
        ("src/**/*.py", "src/deep/er/a.py", True),
        ("src/**/*.py", "src/a.py", True),
        ("/src", "src/a.py", True),
        ("/src", "lib/src/a.py", False),
        ("src/a", "src/ab.py", False),
        ("a?.py", "ab.py", True),
        ("a.py", "axpy", False),
        ("a*b*c.py", "axbxbxc.py", True),
        ("**/x/**/y", "a/x/b/c/y/d.py", True),
        ("**/x/**/y", "x/y", True),
        ("**/x/**/y", "y/x/a", False),
        ("*a" * 40, "a" * 60 + "b", False),
        ("**/a/" * 30, "a/" * 60 + "b", True),
        ("**a**b" * 20 + "**c", "ab" * 300, False),
    ],
)
def test_patterns(pattern, path, covers):
    assert pattern_matches(pattern, path) is covers


def test_without_a_file_the_defaults_hold(write_project):
    folder = write_project({"template.yaml": ""})
    made = at(folder)
    assert (made.root, made.paths, made.profile, made.fail_on) == (str(folder), (), "default", Severity.WARNING)


def test_every_key_is_read_and_the_nearest_file_wins(write_project):
    folder = write_project(
        {
            "slint.toml": 'profile = "strict"\n',
            "app/pyproject.toml": "\n".join(
                [
                    "[tool.slint]",
                    'select = ["ALL"]',
                    'ignore = ["a-rule"]',
                    'exclude = ["vendor"]',
                    'fail-on = "never"',
                    '[tool.slint.per-file-ignores]\n"legacy/**" = ["b-rule"]',
                    '[tool.slint.severity]\nc-rule = "error"',
                    "[tool.slint.rules.d-rule]\nlimit = 3",
                ]
            ),
            "app/legacy/x.py": "",
        }
    )
    made = at(folder, "app", ignore=["e-rule"])
    assert made.select == ("ALL",)
    assert made.ignore == ("a-rule", "e-rule")
    assert made.exclude == ("vendor",)
    assert made.fail_on is None
    assert made.severity == {"c-rule": Severity.ERROR}
    assert made.options == {"d-rule": {"limit": 3}}
    assert made.profile == "default", "the outer file is not merged in"
    assert list(made.file_ignores("app/legacy/x.py")) == ["b-rule"]
    assert list(made.file_ignores("app/src/x.py")) == []


def test_a_pyproject_without_our_table_is_passed_by(write_project):
    folder = write_project({"slint.toml": 'profile = "strict"', "app/pyproject.toml": '[project]\nname = "slint-user"'})
    assert at(folder, "app").profile == "strict"


def test_the_search_stops_at_the_repository(write_project):
    folder = write_project({"slint.toml": 'profile = "strict"', "inner/.git/HEAD": "", "inner/a.py": ""})
    assert at(folder, "inner").profile == "default"


def test_a_broken_pyproject_of_somebody_else_is_not_our_error(write_project):
    folder = write_project({"pyproject.toml": "name = slint ["})
    assert at(folder).profile == "default"


def test_the_command_line_goes_before_the_file(write_project):
    folder = write_project({"slint.toml": 'profile = "strict"\nselect = ["a"]\nfail-on = "error"'})
    made = at(folder, profile="default", select=["b"], fail_on="never")
    assert (made.profile, made.select, made.fail_on) == ("default", ("b",), None)


def test_a_file_given_by_hand(write_project):
    folder = write_project({"slint.toml": 'profile = "strict"', "ci/other.toml": 'fail-on = "info"'})
    made = at(folder, config="ci/other.toml")
    assert (made.profile, made.fail_on, made.config) == ("default", Severity.INFO, "ci/other.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('selct = ["a"]', "unknown key: slint.toml: selct: did you mean select?"),
        ("zzz = 1", "unknown key: slint.toml: zzz"),
        ('select = "a"', "wrong value: slint.toml: select must be a list of strings"),
        ("select = [1]", "wrong value: slint.toml: select must be a list of strings"),
        ('fail-on = "fatal"', "wrong value: slint.toml: fail-on must be one of error, warning, info, never"),
        ("severity = 3", "wrong value: slint.toml: severity must be a table"),
        ('severity = {a = "never"}', "wrong value: slint.toml: severity must be one of error, warning, info"),
        ('rules = {a = "b"}', "wrong value: slint.toml: rules must be a table"),
        ("per-file-ignores = []", "wrong value: slint.toml: per-file-ignores must be a table"),
        ("a = [", "not valid TOML: "),
    ],
)
def test_a_wrong_file_is_one_line_that_names_the_key(write_project, text, message):
    folder = write_project({"slint.toml": text})
    with pytest.raises(SettingsError) as caught:
        at(folder)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_errors_in_pyproject_name_the_table(write_project):
    folder = write_project({"pyproject.toml": "[tool.slint]\nprofil = 1"})
    with pytest.raises(SettingsError, match=r"pyproject\.toml: tool\.slint\.profil: did you mean profile\?"):
        at(folder)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00", b"[tool.slint]\n" + b"a = " + b"[" * 20_000])
def test_hostile_files_are_errors_of_one_line(tmp_path, data):
    (tmp_path / "slint.toml").write_bytes(data)
    with pytest.raises(SettingsError):
        at(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_no_configuration(tmp_path):
    os.mkfifo(tmp_path / "slint.toml")
    with pytest.raises(SettingsError, match=r"^cannot read the configuration: .*slint.toml: it is not a regular file$"):
        at(tmp_path)


def test_a_huge_configuration_is_told_unless_it_is_somebody_elses(tmp_path):
    (tmp_path / "pyproject.toml").write_text("# slint\n" + "a = 1\n" * 200_000, encoding="utf-8")
    assert at(tmp_path).config == "the command line"
    (tmp_path / "slint.toml").write_text("# \n" * 400_000, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"slint.toml: it is larger than 1,000,000 bytes$"):
        at(tmp_path)


def test_a_missing_path_is_an_error(tmp_path):
    with pytest.raises(SettingsError, match="no such file or folder: nowhere"):
        at(tmp_path, "nowhere")
    with pytest.raises(SettingsError, match=r"no such file: nowhere\.toml"):
        at(tmp_path, config="nowhere.toml")


class TestRoot:
    def test_one_folder_is_the_root_itself(self, write_project):
        folder = write_project({"slint.toml": "", "app/template.yaml": ""})
        made = at(folder, "app")
        assert (made.root, made.paths) == (str(folder / "app"), ())

    def test_a_file_takes_the_repository(self, write_project):
        folder = write_project({"app/src/a.py": ""})
        made = at(folder / "app", "src/a.py")
        assert (made.root, made.paths) == (str(folder), (str(folder / "app/src/a.py"),))

    def test_a_file_takes_the_folder_of_its_configuration(self, write_project):
        folder = write_project({"app/slint.toml": "", "app/src/a.py": ""})
        assert at(folder, "app/src/a.py").root == str(folder / "app")

    def test_outside_a_repository_the_working_directory(self, tmp_path):
        (tmp_path / "src").mkdir()
        (tmp_path / "src/a.py").touch()
        assert at(tmp_path, "src/a.py").root == str(tmp_path)

    def test_two_folders_take_what_holds_both_and_narrow_the_report(self, write_project):
        folder = write_project({"a/x.py": "", "b/y.py": "", "c/z.py": ""})
        made = at(folder, "a", "b")
        assert made.root == str(folder)
        assert made.reported()("a/x.py") and made.reported()("b/y.py") and not made.reported()("c/z.py")

    def test_a_folder_does_not_stand_for_its_namesakes(self, write_project):
        folder = write_project({"a/x.py": "", "a2/y.py": "", "b/z.py": ""})
        assert not at(folder, "a", "b").reported()("a2/y.py")


def test_paths_are_shown_from_the_working_directory(write_project):
    folder = write_project({"app/src/a.py": ""})
    made = at(folder / "app", ".")
    assert made.shown(str(folder / "app/src/a.py")) == "src/a.py"
    assert made.shown(str(folder / "b.py")) == "../b.py"
    assert made.absolute("../b.py") == str(folder / "b.py")


def test_standard_input_stands_in_for_a_file_that_need_not_exist(write_project):
    folder = write_project({"template.yaml": ""})
    made = at(folder, stdin=("src/new.py", "x = 1\n"))
    assert made.overlay == {str(folder / "src/new.py"): "x = 1\n"}
    assert made.reported()("src/new.py") and not made.reported()("template.yaml")


@pytest.mark.parametrize("name", ["", "src"])
def test_standard_input_is_no_folder(write_project, name):
    folder = write_project({"src/app.py": ""})
    with pytest.raises(SettingsError, match=f"^not a file: {name or '.'}: give --stdin-filename the name of a file$"):
        at(folder, stdin=(name, ""))


def test_suggestions():
    assert did_you_mean("selct", ["select", "ignore"]) == ": did you mean select?"
    assert did_you_mean("xyz", ["select", "ignore"]) == ""


def test_the_schema_knows_the_same_keys():
    schema = json.loads(Path(settings_module.__file__).with_name("slint.schema.json").read_text("utf-8"))
    assert schema["properties"].keys() == settings_module._KEYS.keys()
    assert schema["properties"]["profile"]["enum"] == list(settings_module.PROFILES)
    assert schema["properties"]["fail-on"]["enum"] == list(settings_module.LEVELS)
