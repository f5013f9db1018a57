"""Which files of a project are found, what is left alone, and how text is read; git itself judges the ignore patterns."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slint.project.discovery import Found, Unreadable, discover, is_test, is_vendored, read_text
from slint.project.gitignore import parse
from slint.source import SourceFile


def make(root: Path, *paths: str, **texts: str) -> Path:
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(texts.get(path, ""), "utf-8")
    return root


def names(paths: Iterable[str], root: Path) -> list[str]:
    return [os.path.relpath(path, root).replace(os.sep, "/") for path in paths]


def python_files(found: Found, root: Path) -> list[str]:
    return names(found.python, root)


def test_files_are_sorted_into_kinds(tmp_path: Path):
    make(
        tmp_path,
        "b/app.py",
        "a.py",
        "template.yaml",
        "x.template",
        "s.yml",
        "d.json",
        "README.md",
        "package-lock.json",
        "i.js",
    )
    found = discover(str(tmp_path))
    assert python_files(found, tmp_path) == ["a.py", "b/app.py"]
    assert names(found.templates, tmp_path) == ["d.json", "s.yml", "template.yaml", "x.template"]
    assert found.notes == ()


def test_folders_of_tools_are_left_alone(tmp_path: Path):
    skipped = [
        "node_modules",
        ".git",
        ".aws-sam",
        "cdk.out",
        ".serverless",
        ".terraform",
        "__pycache__",
        "site-packages",
        "x-1.0.dist-info",
    ]
    make(tmp_path, "app.py", "env/app.py", *(f"{folder}/deep/a.py" for folder in skipped))
    make(tmp_path, "venv/pyvenv.cfg", "venv/lib/a.py", "any_name/pyvenv.cfg", "any_name/b.py")
    assert python_files(discover(str(tmp_path)), tmp_path) == ["app.py", "env/app.py"]


def test_what_the_cdk_writes_is_left_alone_whatever_it_is_called(tmp_path: Path):
    make(
        tmp_path,
        "app/app.py",
        "app/manifest.json",
        "app/cdk.out/x.py",
        "deploy/cdk.out",
        "deploy/manifest.json",
        "deploy/Shop.template.json",
        "deploy/asset.1/index.py",
    )
    assert python_files(discover(str(tmp_path)), tmp_path) == ["app/app.py"]
    named = discover(str(tmp_path), given=[str(tmp_path / "deploy")])
    assert "deploy/Shop.template.json" in names(named.templates, tmp_path)


def test_a_skipped_folder_is_walked_when_it_is_the_root_or_named(tmp_path: Path):
    make(
        tmp_path, "cdk.out/stack.template.json", "cdk.out/node_modules/x.json", "app.py", "venv/pyvenv.cfg", "venv/a.py"
    )
    inside = discover(str(tmp_path / "cdk.out"))
    assert names(inside.templates, tmp_path) == ["cdk.out/stack.template.json"]
    named = discover(str(tmp_path), given=[str(tmp_path / "cdk.out"), str(tmp_path / "venv")])
    assert names(named.templates, tmp_path) == ["cdk.out/stack.template.json"]
    assert python_files(named, tmp_path) == ["app.py", "venv/a.py"]


def test_ignore_files_hold_below_their_folder_and_the_nearest_decides(tmp_path: Path):
    make(tmp_path, "gen/a.py", "keep/gen.py", "sub/x.py", "sub/y.py", "other/x.py", "sub/deep/z.py")
    (tmp_path / ".gitignore").write_text("gen/\nx.py\nz.py\n")
    (tmp_path / "sub" / ".gitignore").write_text("!x.py\ny.py\n")
    found = discover(str(tmp_path))
    assert python_files(found, tmp_path) == ["keep/gen.py", "sub/x.py"]


def test_the_root_of_the_repository_speaks_for_a_folder_in_it(tmp_path: Path):
    make(tmp_path, ".git/HEAD", "service/app.py", "service/build/b.py", "built/app.py")
    (tmp_path / ".gitignore").write_text("build/\n/built/\n*.pyc\n")
    assert python_files(discover(str(tmp_path / "service")), tmp_path) == ["service/app.py"]
    assert python_files(discover(str(tmp_path / "built")), tmp_path) == ["built/app.py"]


def test_ignore_files_above_the_repository_do_not_count(tmp_path: Path):
    make(tmp_path, "repo/.git/HEAD", "repo/app.py")
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert python_files(discover(str(tmp_path / "repo")), tmp_path) == ["repo/app.py"]


def test_what_the_user_excludes_stays_out_even_when_named(tmp_path: Path):
    make(tmp_path, "app.py", "legacy/a.py", "legacy/b/c.py", "x_test.py")
    named = [str(tmp_path / "legacy" / "a.py"), str(tmp_path / "legacy" / "b"), str(tmp_path / "x_test.py")]
    assert python_files(discover(str(tmp_path), ["legacy/", "*_test.py"], named), tmp_path) == ["app.py"]
    assert python_files(discover(str(tmp_path), ["legacy"]), tmp_path) == ["app.py", "x_test.py"]


def test_a_named_file_is_found_although_git_ignores_it(tmp_path: Path):
    make(tmp_path, "app.py", "generated.py")
    (tmp_path / ".gitignore").write_text("generated.py\n")
    assert python_files(discover(str(tmp_path)), tmp_path) == ["app.py"]
    named = discover(str(tmp_path), given=[str(tmp_path / "generated.py")])
    assert python_files(named, tmp_path) == ["app.py", "generated.py"]


def test_whether_git_ignores_a_path_that_need_not_exist(tmp_path: Path):
    make(tmp_path, "src/app.py", "out/x.py")
    (tmp_path / ".gitignore").write_text("dist/\n*.log\nout\n")
    (tmp_path / "out" / ".gitignore").write_text("!x.py\n")
    found = discover(str(tmp_path))
    assert found.ignores(str(tmp_path / "dist"))
    assert found.ignores(str(tmp_path / "src" / "dist" / "index.js"))
    assert found.ignores(str(tmp_path / "out" / "x.py"))
    assert not found.ignores(str(tmp_path / "src" / "app.py"))
    assert not found.ignores(str(tmp_path / "src"))
    assert not found.ignores(str(tmp_path))
    assert not found.ignores(str(tmp_path.parent / "dist"))


def test_links_cannot_lead_out_or_round(tmp_path: Path):
    make(tmp_path, "outside/secret.py", "project/app.py", "project/lib/shared.py")
    project = tmp_path / "project"
    (project / "round").symlink_to(project)
    (project / "away").symlink_to(tmp_path / "outside")
    (project / "away.py").symlink_to(tmp_path / "outside" / "secret.py")
    (project / "near.py").symlink_to(project / "lib" / "shared.py")
    (project / "gone.py").symlink_to(project / "nothing.py")
    (project / "self.py").symlink_to(project / "self.py")
    assert python_files(discover(str(project)), project) == ["app.py", "lib/shared.py", "near.py"]


def test_special_files_and_odd_names_do_no_harm(tmp_path: Path):
    make(tmp_path, "app.py")
    os.mkfifo(tmp_path / "pipe.yaml")
    odd = os.fsencode(tmp_path) + b"/caf\xe9 \xff.py"
    with open(odd, "wb"):
        pass
    found = discover(str(tmp_path))
    assert found.templates == ()
    assert [os.fsencode(path) for path in found.python] == [os.fsencode(tmp_path / "app.py"), odd]
    assert isinstance(read_text(found.python[1], "odd"), SourceFile)


def test_an_unreadable_folder_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, "app.py", "closed/a.py")
    real = os.scandir

    def scandir(path: str):  # permissions do not stop root, who may run the tests
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = discover(str(tmp_path))
    assert python_files(found, tmp_path) == ["app.py"]
    assert found.notes == (Unreadable(str(tmp_path / "closed"), "Permission denied"),)


def test_a_missing_or_file_root_gives_what_there_is(tmp_path: Path):
    make(tmp_path, "app.py")
    assert discover(str(tmp_path / "nothing")).python == ()
    assert python_files(discover(str(tmp_path / "app.py")), tmp_path) == ["app.py"]


# -- patterns, with git as the judge -----------------------------------------------------------------------------------

PATTERNS = [
    "*.py", "a", "a/", "/a", "a/b", "/a/b", "a/*", "a/**", "**/b", "**/b/c.py", "a/**/c.py", "b/c.py", "*", "/*", "/*\n!/a", "*\n!*.py",
    "a*", "*a*", "?.py", "[ab].py", "[!a].py", "[^a].py", "[a-c].py", "[]].py", "[[:alpha:]].py", "\\*.py", "\\!x.py", "!x.py", "#c.py",
    "\\#c.py", "a.py ", "a.py\\ ", "a.py\r", "", "/", "//", "**", "**/", "/**", "a**b", "a/**b", "**a/c.py", "a\\", "[", "[a", "x.py\n!x.py",
    "!x.py\nx.py", "a/\n!a/b/", "sp ace.py", "  a.py", "a//b", ".py", "*.", "b/", "/b/", "a/b/", "b", "c.py", "**/a/**", "a/b/**", "[a-]*", "*.p[xy]",
]  # fmt: skip
TREE = ["a.py", "b.py", "c.py", "x.py", "].py", "*.py", "!x.py", "#c.py", "sp ace.py", "a.py ", "ab", "axxb", "a/c.py", "a/b/c.py", "a/b/d/c.py",
        "b/c.py", "d/a", "d/b/c.py", "za/c.py", "-.py", ".py", "  a.py"]  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_patterns_mean_what_git_takes_them_to_mean(tmp_path: Path):
    for number, text in enumerate(PATTERNS):
        make(tmp_path / str(number), *TREE)
        (tmp_path / str(number) / ".gitignore").write_bytes(text.encode())
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    paths = [f"{number}/{path}" for number in range(len(PATTERNS)) for path in TREE]
    asked = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin", "-z"],
        input="\0".join(paths).encode(), capture_output=True, cwd=tmp_path,
    )  # fmt: skip
    assert asked.stderr == b""
    ignored = set(asked.stdout.decode().split("\0"))
    wrong = [
        (text, path)
        for number, text in enumerate(PATTERNS)
        for path in TREE
        if parse(text.split("\n")).covers(path) is not (f"{number}/{path}" in ignored)
    ]
    assert wrong == []
    assert len(ignored) > 300


@given(
    st.lists(st.text(alphabet="ab*?[]!-^\\/.# \t{}()+|$:", max_size=12), max_size=5),
    st.text(alphabet="ab/.*[]", max_size=12),
)
def test_no_pattern_raises(lines: list[str], path: str):
    assert parse(lines).covers(path) in (True, False)


# -- text --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a: b\r\nc", "a: b\r\nc"),
        (b"\xef\xbb\xbfa: \xc3\xa9", "a: é"),
        ("a: é\U0001f600".encode("utf-16"), "a: é\U0001f600"),
        (b"\xfe\xff" + "a: é".encode("utf-16-be"), "a: é"),
        (b"\xff\xfe\x00\x00" + "a".encode("utf-32-le"), "a"),
        (b"a\x00b", "a\x00b"),
        (b"", ""),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'", "# -*- coding: latin-1 -*-\nx = 'é'"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'", "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'"),
    ],
)  # fmt: skip
def test_text(tmp_path: Path, data: bytes, text: str):
    (tmp_path / "f").write_bytes(data)
    read = read_text(str(tmp_path / "f"), "shown/f")
    assert isinstance(read, SourceFile)
    assert (read.path, read.text) == ("shown/f", text)


@pytest.mark.parametrize(
    "data", [b"caf\xe9", b"\xef\xbb\xbf\xff", b"# coding: rot13\n\xff", b"# coding: nonsense\n\xff", b"\xff\xfea"]
)
def test_what_is_no_text(tmp_path: Path, data: bytes):
    (tmp_path / "f").write_bytes(data)
    assert read_text(str(tmp_path / "f"), "f") == Unreadable(str(tmp_path / "f"), "it is not text in UTF-8")


def test_what_is_not_read(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 101)
    reasons = {name: read_text(str(tmp_path / name), name, 100) for name in ("pipe", "large", "missing", ".")}
    assert {name: each.why for name, each in reasons.items() if isinstance(each, Unreadable)} == {
        "pipe": "it is not a regular file",
        "large": "it is larger than 100 bytes",
        "missing": "No such file or directory",
        ".": "it is not a regular file",
    }
    assert isinstance(read_text("nul\0name", "x"), Unreadable)


# -- what a path tells -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("tests/app.py", True),
        ("service/test/unit/app.py", True),
        ("test_app.py", True),
        ("src/app_test.py", True),
        ("src/conftest.py", True),
        ("src/app.spec.ts", True),
        ("src/app.py", False),
        ("src/latest/app.py", False),
        ("src/contest.py", False),
        ("src/testify.py", False),
        ("python-test-samples/app.py", False),
    ],
)
def test_tests(path: str, answer: bool):
    assert is_test(path) is answer


def test_vendored_code(tmp_path: Path):
    make(
        tmp_path,
        "src/app.py",
        "src/own/x.py",
        "src/requests/api.py",
        "src/six.py",
        "src/yaml/x.py",
        "src/vendor/x.py",
        "vendorless/x.py",
        "edge/greengrasssdk/__init__.py",
        "edge/boto3/x.py",
    )
    make(
        tmp_path,
        "src/requests-2.32.0.dist-info/METADATA",
        "layer/python/attr/a.py",
        "layer/python/attrs-25.1.dist-info/METADATA",
    )
    (tmp_path / "src/requests-2.32.0.dist-info/RECORD").write_text(
        "requests/api.py,sha256=x,1\nsix.py,,\n../../bin/x,,\n"
    )
    (tmp_path / "src/PyYAML.egg-info").mkdir()
    (tmp_path / "src/PyYAML.egg-info/top_level.txt").write_text("_yaml\nyaml\n")
    (tmp_path / "layer/python/attrs-25.1.dist-info/RECORD").write_text("attr/a.py,,\nattrs/b.py,,\n")
    root = str(tmp_path)
    vendored = {path: is_vendored(str(tmp_path / path), root) for path in (
        "src", "src/app.py", "src/own/x.py", "src/own", "src/requests", "src/requests/api.py", "src/six.py", "src/yaml/x.py",
        "src/vendor/x.py", "vendorless/x.py", "layer/python/attr/a.py", "missing/x.py",
        "edge/greengrasssdk/iot/x.py", "edge/boto3/x.py",
    )}  # fmt: skip
    assert sorted(path for path, answer in vendored.items() if answer) == [
        "edge/greengrasssdk/iot/x.py", "layer/python/attr/a.py", "src/requests", "src/requests/api.py", "src/six.py",
        "src/vendor/x.py", "src/yaml/x.py",
    ]  # fmt: skip


def test_distributions_installed_into_a_folder_are_walked_only_when_named(tmp_path: Path):
    make(
        tmp_path,
        "src/app.py",
        "src/six.py",
        "src/boto3/data/s3.json",
        "src/boto3/session.py",
        "boto3/template.yaml",
        "boto3/__init__.py",
    )
    record = "src/boto3-1.40.0.dist-info/RECORD"
    make(tmp_path, record, **{record: "boto3/session.py,sha256=x,1\nsix.py,,\n"})
    found = discover(str(tmp_path))
    assert python_files(found, tmp_path) == ["boto3/__init__.py", "src/app.py"]
    assert names(found.templates, tmp_path) == [
        "boto3/template.yaml"
    ]  # called like a library, and nothing says it is one
    found = discover(str(tmp_path), given=[str(tmp_path / "src/boto3"), str(tmp_path / "src/six.py")])
    assert python_files(found, tmp_path) == ["boto3/__init__.py", "src/app.py", "src/boto3/session.py", "src/six.py"]


def test_a_folder_above_the_root_says_nothing_about_vendored(tmp_path: Path):
    make(tmp_path, "vendor/project/app.py")
    assert not is_vendored(str(tmp_path / "vendor/project/app.py"), str(tmp_path / "vendor/project"))
