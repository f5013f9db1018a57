"""Fixes, ignores and baselines as users ask for them."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter

import pytest
from test_fixes_hoist import PLAIN, TEMPLATE

from slint.cli import main

FIXED = 'import boto3\n\ns3 = boto3.client("s3")\n\n\ndef handler(event, context):\n    return s3.list_buckets()\n'


@pytest.fixture
def project(write_project, monkeypatch):
    root = write_project({"template.yaml": TEMPLATE, "app.py": PLAIN})
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def slint(capsys):
    """Runs the command line; gives exit code, standard output and standard error."""

    def run(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


def test_a_finding_says_how_it_can_be_fixed(project, slint):
    code, out, _ = slint("check")
    assert code == 1 and "= fix: `slint check --fix`: build it once, at module level" in out
    _, out, _ = slint("check", "--output-format", "json")
    fix = json.loads(out)["diagnostics"][0]["fix"]
    assert fix["safe"] is True
    assert fix["edits"][0] == {
        "path": "app.py",
        "start": {"line": 2, "column": 1},
        "end": {"line": 2, "column": 1},
        "replacement": '\ns3 = boto3.client("s3")\n',
    }


def test_fix(project, slint):
    code, out, err = slint("check", "--fix")
    assert (code, out) == (0, "")
    assert err == "slint: no findings in 1 function, 2 files\nslint: fixed 1 finding in 1 file\n"
    assert (project / "app.py").read_text() == FIXED
    assert slint("check", "--fix")[2].endswith("slint: fixed 0 findings in 0 files\n")


def test_diff_writes_nothing(project, slint):
    code, out, err = slint("check", "--diff")
    assert code == 1 and out.startswith("--- a/app.py\n+++ b/app.py\n")
    assert err == "slint: would fix 1 finding in 1 file\n"
    assert (project / "app.py").read_text() == PLAIN


def test_unsafe_fixes_are_only_made_when_asked_for(project, slint):
    text = 'import redis\n\n\ndef handler(event, context):\n    r = redis.Redis(host="x")\n    return r.get("a")\n'
    (project / "app.py").write_text(text)
    assert slint("check", "--fix")[0] == 1
    assert (project / "app.py").read_text() == text
    assert slint("check", "--unsafe-fixes")[0] == 0
    assert "def _get_r():" in (project / "app.py").read_text()


def test_a_file_that_cannot_be_written_is_told(project, slint, tmp_path):
    real = project / "real.py"
    (project / "app.py").rename(real)
    (project / "app.py").symlink_to(real)
    code, _, err = slint("check", "--fix")
    assert code == 1 and "the file is reached through a symbolic link: app.py" in err
    assert real.read_text() == PLAIN


def test_add_ignores(project, slint):
    code, _, err = slint("check", "--add-ignores", "--reason", "cheap, until 2999-01-01")
    assert code == 0 and "slint: ignored 1 finding in 1 file\n" in err
    assert "    # slint: ignore[client-in-handler] cheap, until 2999-01-01\n" in (project / "app.py").read_text()


def test_add_ignores_needs_a_reason_where_one_is_required(project, slint):
    (project / "slint.toml").write_text("require-reason = true\n")
    code, _, err = slint("check", "--add-ignores")
    assert code == 2 and "give one with --reason" in err
    assert slint("check", "--add-ignores", "--reason", "cheap")[0] == 0


def test_a_baseline_keeps_what_is_known(project, slint):
    assert slint("baseline", "write")[0] == 0
    code, out, err = slint("check", "--baseline", "slint-baseline.json")
    assert (code, out) == (0, "") and "(1 in the baseline)" in err
    (project / "slint.toml").write_text('baseline = "slint-baseline.json"\n')
    assert slint("check")[0] == 0

    (project / "app.py").write_text(PLAIN.replace("    return", '    boto3.client("sqs")\n    return'))
    code, out, err = slint("baseline", "compare")
    assert code == 1 and 'boto3.client("sqs")' in out and err == "slint: 1 new, 1 known, 0 gone\n"
    assert slint("check")[0] == 1

    (project / "app.py").write_text(FIXED)
    assert "1 gone" in slint("baseline", "compare")[2]
    assert "1 gone, 0 left" in slint("baseline", "prune")[2]
    assert json.loads((project / "slint-baseline.json").read_text()) == {"version": 1, "findings": []}


def test_a_missing_baseline_is_told(project, slint):
    code, _, err = slint("check", "--baseline", "none.json")
    assert code == 2 and "cannot read the baseline" in err


def test_without_libcst_one_line_says_how_to_install_it(project, slint, monkeypatch):
    monkeypatch.setitem(sys.modules, "libcst", None)
    monkeypatch.delitem(sys.modules, "slint.fixes.rewriting", raising=False)
    code, _, err = slint("check", "--fix")
    assert code == 1 and "need libcst: pip install 'serverless-slint[cst]'" in err
    assert (project / "app.py").read_text() == PLAIN
    assert json.loads(slint("check", "--output-format", "json")[1])["diagnostics"][0]["fix"] is None


@pytest.mark.parametrize(
    "options", [("--add-ignores", "--fix"), ("--reason", "x"), ("--stdin-filename", "app.py", "--fix")]
)
def test_options_that_exclude_each_other(project, slint, monkeypatch, options):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAIN.encode())))
    assert slint("check", *options)[0] == 2
    assert (project / "app.py").read_text() == PLAIN


# --- what it costs to work fixes out ---


@pytest.fixture
def work(monkeypatch):
    """Counts what is done with libcst: plans worked out, files parsed, nodes visited, code points written."""
    import libcst

    from slint.fixes import rewriting

    done = Counter()

    def counted(owner, name, count):
        original = getattr(owner, name)

        def call(*arguments, **named):
            result = original(*arguments, **named)
            done[name] += count(result)
            return result

        monkeypatch.setattr(owner, name, call)

    counted(rewriting, "_find", lambda found: 1)
    counted(libcst, "parse_module", lambda module: 1)
    counted(libcst.CSTNode, "visit", lambda node: 1)
    counted(libcst.Module, "code_for_node", len)
    return done


def edits_of(out):
    return [finding["fix"]["edits"] for finding in json.loads(out)["diagnostics"]]


def test_what_functions_share_is_worked_out_once(project, slint, work):
    shared = "import boto3\n\n\n" + "\n\n".join(
        f"def {name}():\n    return boto3.client('{name}').close()\n" for name in ("s3", "sns", "sqs")
    )
    head, function = TEMPLATE.split("  Orders:")
    (project / "template.yaml").write_text(head + "".join(f"  Orders{n}:{function}" for n in range(5)))
    (project / "first.py").write_text(shared)
    (project / "second.py").write_text(shared)
    calls = "".join(f"    {module}.{name}()\n" for name in ("s3", "sns", "sqs") for module in ("first", "second"))
    (project / "app.py").write_text(f"import first, second\n\n\ndef handler(event, context):\n{calls}")
    edits = edits_of(slint("check", "--output-format", "json", "--select", "client-in-handler")[1])
    assert len(edits) == 6 and all(edits)
    assert (work["_find"], work["parse_module"]) == (6, 2)


def test_each_fix_costs_what_its_statement_costs(project, slint, work):
    done = []
    for count in (20, 40):
        names = [f"step{number}" for number in range(count)]
        functions = "".join(f"def {name}():\n    return boto3.client('sqs').list_queues()\n\n\n" for name in names)
        calls = "".join(f"    {name}()\n" for name in names)
        (project / "app.py").write_text(f"import boto3\n\n\n{functions}def handler(event, context):\n{calls}")
        work.clear()
        edits = edits_of(slint("check", "--output-format", "json", "--select", "client-in-handler")[1])
        assert len(edits) == count and all(edits)
        done.append(Counter(work))
    for what in ("visit", "code_for_node"):
        assert 0 < done[1][what] < 3 * done[0][what], "twice the fixes are twice the work"
