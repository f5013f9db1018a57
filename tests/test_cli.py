"""The command as users run it. The findings are slint's own, so that no rule's judgement matters here."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slint.cli import main

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
"""
CLEAN = "def handler(event, context):\n    return event\n"
STALE = "def handler(event, context):\n    return event  # slint: ignore[syntax-error]\n"
BROKEN = "def handler(event, context)\n    return event\n"


@pytest.fixture
def project(write_project, monkeypatch):
    """A folder with a project whose app.py is given, as the working directory."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def make(app: str = CLEAN, **more: str) -> Path:
        folder = write_project({"template.yaml": TEMPLATE, "app.py": app, **more})
        monkeypatch.chdir(folder)
        return folder

    return make


@pytest.fixture
def slint(capsys):
    """Runs the command line here; gives exit code, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run


OWN = ("--select", "syntax-error,unused-ignore")


def test_a_clean_project(project, slint):
    project()
    code, out, err = slint("check", *OWN)
    assert (code, out) == (0, "")
    assert err.startswith("slint: no findings in 1 function, ")


@pytest.mark.parametrize(
    ("app", "fail_on", "expected"),
    [
        (STALE, "warning", 1),
        (STALE, "error", 0),
        (STALE, "never", 0),
        (BROKEN, "error", 1),
        (BROKEN, "never", 0),
        (CLEAN, "info", 0),
    ],
)
def test_exit_codes(project, slint, app, fail_on, expected):
    project(app)
    assert slint("check", *OWN, "--fail-on", fail_on)[0] == expected


def test_findings_go_to_standard_output_and_the_summary_to_the_other(project, slint):
    project(STALE)
    _, out, err = slint("check", *OWN)
    assert out.startswith("warning[unused-ignore]: ") and "--> app.py:2:19" in out
    assert err.startswith("slint: 1 warning in 1 function, ") and "1 warning" not in out


def test_paths_are_shown_from_the_working_directory(project, slint, monkeypatch):
    folder = project(STALE, **{"sub/x.txt": ""})
    monkeypatch.chdir(folder / "sub")
    assert "../app.py:2:19: " in slint("check", *OWN, "--output-format", "concise", "..")[1]


def test_a_file_narrows_the_report(project, slint):
    project(STALE, **{"other.py": "x = 1\n"})
    assert slint("check", *OWN, "app.py")[0] == 1
    assert slint("check", *OWN, "template.yaml")[0] == 0
    assert slint("check", *OWN, "other.py")[0] == 0


def test_json_is_all_there_is_on_standard_output(project, slint):
    project(STALE)
    code, out, _ = slint("check", *OWN, "--output-format", "json", "--statistics", "--verbose")
    document = json.loads(out)
    assert code == 1
    assert document["summary"]["warnings"] == 1 and document["summary"]["functions"] == 1
    assert document["diagnostics"][0]["path"] == "app.py"


def test_quiet_verbose_and_statistics(project, slint):
    project(STALE, **{"broken.yaml": TEMPLATE.replace("app.handler", "nowhere.handler")})
    assert slint("check", *OWN, "--quiet")[2] == ""
    assert "     1  unused-ignore\n" in slint("check", *OWN, "--statistics")[2]


def test_an_output_file_holds_the_findings_without_colour(project, slint):
    folder = project(STALE)
    code, out, _ = slint("check", *OWN, "--output-file", "found.txt", "--color", "always")
    assert (code, out) == (1, "")
    assert (folder / "found.txt").read_text("utf-8").startswith("warning[unused-ignore]: ")
    code, _, err = slint("check", *OWN, "--output-file", "no/such/folder")
    assert (code, err) == (2, "slint: error: No such file or directory: no/such/folder\n")


def test_colour_is_for_terminals_unless_asked(project, slint, monkeypatch):
    project(STALE)
    assert "\x1b" not in slint("check", *OWN)[1]
    assert "\x1b" in slint("check", *OWN, "--color", "always")[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in slint("check", *OWN)[1]
    assert "\x1b" not in slint("check", *OWN, "--color", "never")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in slint("check", *OWN)[1]


def test_no_ignores(project, slint):
    project(CLEAN.replace("context)", "context)  # slint: ignore[syntax-error]").replace("):", ")"))
    assert "unused-ignore" not in slint("check", *OWN, "--no-ignores")[1]


def test_standard_input_is_the_file(project, slint, monkeypatch):
    folder = project(CLEAN)
    command = [sys.executable, "-m", "slint", "check", *OWN, "--stdin-filename", "app.py", "--output-format", "concise"]
    run = subprocess.run(command, cwd=folder, input=STALE, capture_output=True, text=True, timeout=60)
    assert run.stdout.startswith("app.py:2:19: warning[unused-ignore] "), run.stderr
    assert run.returncode == 1
    wide = subprocess.run(command, cwd=folder, input=STALE.encode("utf-16"), capture_output=True, timeout=60)
    assert wide.stdout.decode() == run.stdout
    with open("/dev/zero", "rb") as endless:
        lost = subprocess.run(command, cwd=folder, stdin=endless, capture_output=True, text=True, timeout=60)
    assert (lost.returncode, lost.stdout) == (2, "")
    assert lost.stderr == "slint: error: standard input is larger than 10,000,000 bytes\n"


def test_an_output_file_behind_endless_links_is_told(project, slint):
    folder = project(CLEAN)
    for number in range(1_200):
        (folder / f"link{number}").symlink_to(f"link{number + 1}")
    code, _, err = slint("check", *OWN, "--output-file", "link0")
    assert (code, err.splitlines()[-1]) == (2, "slint: error: Too many levels of symbolic links: link0")


def test_a_configuration_is_used(project, slint):
    project(STALE, **{"slint.toml": 'select = ["unused-ignore"]\nfail-on = "error"\n'})
    assert slint("check")[0] == 0
    project(STALE, **{"slint.toml": '[severity]\nunused-ignore = "error"\n'})
    assert slint("check", *OWN)[1].startswith("error[unused-ignore]")


def test_without_a_serverless_project_it_says_so(tmp_path, monkeypatch, slint):
    monkeypatch.chdir(tmp_path)
    code, out, err = slint("check")
    assert (code, out) == (0, "")
    assert err == "slint: no serverless project found in .: slint reads SAM and CloudFormation\n"


def test_code_that_git_ignores_is_told_of_where_nothing_else_is_found(tmp_path, monkeypatch, slint):
    monkeypatch.chdir(tmp_path)
    for name in ("lambda/a.js", "lambda/b.js", "lambda/c.css", "dist/d.js", "own/e.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("exports.handler = async (event) => event;\n")
    (tmp_path / ".gitignore").write_text("*.js\n*.css\ndist\n")
    code, out, err = slint("check", "--exclude", "own")
    assert (code, out) == (0, "")
    assert err.splitlines()[1:] == [
        "slint: 2 files of code are ignored by .gitignore: what is named is read, as by `slint check lambda/a.js`"
    ]
    assert slint("check", "lambda/a.js")[2] == "slint: no findings in 1 function, 1 file\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "no such file or folder: nowhere: check the path"),
        (
            ["check", "--select", "syntax-eror"],
            "no such rule: the command line: select: syntax-eror: did you mean syntax-error?",
        ),
        (["check", "--fail-on", "x"], "Invalid value for '--fail-on'"),
        (["check", "--frob"], "No such option"),
        (["check", "--jobs", "none"], "Invalid value for '--jobs': 'none' is neither a number of processes nor `auto`"),
        (["check", "--config", "nowhere.toml"], "no such file: nowhere.toml"),
        (["chekc"], "no such command: chekc: did you mean check?"),
        (["app.py"], "app.py is a path, not a command: run `slint check app.py`"),
        (["explain", "sintax-error"], "no such rule: sintax-error: did you mean syntax-error?"),
        (["new-rule", "Not A Name"], "not a rule name: Not A Name"),
        (["test-rules", "no_such_package"], "rule package no_such_package cannot be loaded"),
    ],
)
def test_a_wrong_command_is_one_line_and_exits_2(project, slint, arguments, message):
    project()
    code, out, err = slint(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"slint: error: {message}") and err.count("\n") == 1


def test_a_wrong_configuration_is_one_line_and_exits_2(project, slint):
    project(**{"slint.toml": 'selct = ["x"]\n'})
    assert slint("check") == (2, "", "slint: error: unknown key: slint.toml: selct: did you mean select?\n")


def test_a_defect_is_one_line_and_exits_2(project, slint, monkeypatch):
    project()
    monkeypatch.setattr("slint.engine.parts.Loader", lambda *given: 1 / 0)
    code, _, err = slint("check")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("slint: error: ZeroDivisionError: division by zero: this is a defect of slint")


def test_the_version_and_the_help(slint):
    assert slint("--version")[:2] == (0, "slint 0.1.0\n")
    for arguments in ([], ["--help"], ["check", "-h"]):
        code, out, err = slint(*arguments)
        assert "Usage: slint" in out + err and code in (0, 2)


def test_rules_are_listed(slint):
    code, out, _ = slint("rules")
    assert code == 0 and "unused-ignore" in out
    listed = json.loads(slint("rules", "--output-format", "json")[1])
    assert {"name", "severity", "profile", "summary", "tags", "references"} == set(listed[0])


def test_a_rule_is_explained(slint):
    assert slint("explain", "unused-ignore")[1].startswith("unused-ignore: An ignore comment suppresses nothing\n")


def test_a_new_rule_is_written_and_tested(slint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert slint("new-rule", "slow-start", "--dir", "rules")[1] == "rules/slow_start.py\n"
    assert slint("test-rules", "rules/slow_start.py") == (
        0,
        "passed  slow-start\n",
        "slint: 1 of 1 rules pass their examples\n",
    )
    path = tmp_path / "rules/slow_start.py"
    path.write_text(path.read_text().replace("equals(900)", "equals(901)"))
    code, out, _ = slint("test-rules", "rules")
    assert code == 1 and "not reported: Timeout: 900" in out


def test_the_map_shows_what_is_joined_and_what_is_not(project, slint):
    broken = TEMPLATE.replace("app.handler", "nowhere.handler").replace("Orders", "Lost")
    project(**{"other.yaml": broken})
    code, out, _ = slint("map")
    assert code == 0
    assert "template.yaml\n  Orders\n    -> app.py:1 " in out
    assert "other.yaml\n  Lost\n    -> not linked: " in out and "tried nowhere.py" in out
    entries = {each["function"]: each for each in json.loads(slint("map", "--output-format", "json")[1])}
    assert entries["Orders"]["handler"] == "app.py" and entries["Lost"]["handler"] is None


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(slint, shell):
    code, out, _ = slint("completion", shell)
    assert code == 0 and "_SLINT_COMPLETE" in out


def test_a_closed_pipe_is_no_error(project):
    many = "".join(f"x = 1  # slint: ignore[rule-{number}]\n" for number in range(5000))
    folder = project(CLEAN + many)
    command = [sys.executable, "-m", "slint", "check", *OWN]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None and run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        err = run.stderr.read()
        assert run.wait(timeout=60) == 1, "the findings still decide"
    assert "Traceback" not in err and "Broken" not in err and "Exception" not in err


def test_an_interrupt_is_silent(project):
    folder = project()
    command = [sys.executable, "-m", "slint", "check", "--stdin-filename", "app.py"]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        time.sleep(1)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
    assert run.returncode == -signal.SIGINT and err == ""


def test_a_module_of_the_project_is_never_imported(project):
    folder = project(**{"click.py": "raise SystemExit('imported')\n", "yaml.py": "raise SystemExit('imported')\n"})
    run = subprocess.run(
        [sys.executable, "-m", "slint", "check", *OWN], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr


def test_the_command_starts_quickly_enough_to_forget():
    """Nothing that is slow to import is loaded to say the version."""
    code = "import sys; before = set(sys.modules); import slint.cli; print(*(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    slow = {
        "slint.engine.plugins",
        "slint.project.model",
        "yaml",
        "tree_sitter",
        "importlib.metadata",
        "json",
        "tomllib",
    }
    assert "slint.cli" in loaded
    assert not loaded & slow
