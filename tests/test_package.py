"""What a function's package holds: files, sizes, dependencies and secret files, from whole small folders."""

from __future__ import annotations

import json
import os
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slint.project import manifests, package
from slint.project.discovery import read_text
from slint.project.package import Package, PackageFile, Packages
from slint.source import SourceFile


def read(path: str) -> SourceFile | None:
    found = read_text(path, os.path.basename(path))
    return found if isinstance(found, SourceFile) else None


def make(root: Path, files: dict[str, str | bytes]) -> Path:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def package_of(root: Path, function: str = "Fn", template_folder: Path | None = None) -> Package:
    return Packages(read, lambda error: None).of(str(root), function, str(template_folder or root.parent))


def dependencies(root: Path) -> list[tuple[str, str, str]]:
    return [(each.name, each.version, each.group) for each in package_of(root).dependencies]


# -- files -------------------------------------------------------------------------------------------------------------


def test_files_and_sizes(tmp_path: Path):
    make(
        tmp_path / "src",
        {"app.py": "x" * 10, "data/big.bin": b"0" * 1000, "data/deep/more.bin": b"0" * 500, "lib/a.py": "y" * 20},
    )
    found = package_of(tmp_path / "src")
    assert found.files[0] == PackageFile("app.py", 10)
    assert found.size == 1530
    assert found.notes == ()
    assert found.top_directories(2) == (("data", 1500), ("lib", 20))
    assert found.top_directories()[-1] == (".", 10)
    assert not found.is_archive and not found.needs_build and not found.has_vendored


def test_what_a_build_leaves_behind_is_not_counted(tmp_path: Path):
    make(
        tmp_path / "src",
        {
            "app.py": "x",
            ".git/objects/pack": b"0" * 99,
            ".venv/lib/a.py": "y",
            "__pycache__/app.pyc": b"0",
            "a/b.pyc": b"0",
        },
    )
    assert package_of(tmp_path / "src").files == (PackageFile("app.py", 1),)


def test_git_has_no_say_in_what_is_packaged(tmp_path: Path):
    make(tmp_path / "src", {".gitignore": "*.bin\n", "model.bin": b"0" * 7})
    assert package_of(tmp_path / "src").size == 7


def test_the_result_of_a_build_goes_before_the_source(tmp_path: Path):
    make(tmp_path, {"src/app.py": "x", "src/requirements.txt": "requests\n"})
    make(
        tmp_path / ".aws-sam/build/Fn",
        {"app.py": "x", "requests/api.py": "y" * 50, "requests/__pycache__/api.pyc": b"0" * 50},
    )
    source, built = package_of(tmp_path / "src", "Other"), package_of(tmp_path / "src", "Fn")
    assert source.needs_build and source.size == 10
    assert not built.needs_build and built.size == 101
    assert [each.name for each in built.dependencies] == ["requests"]


@pytest.mark.parametrize("function", ["..", ".", "../../etc", "", "a/b"])
def test_a_logical_id_cannot_lead_out_of_the_build_folder(tmp_path: Path, function: str):
    make(tmp_path, {"src/app.py": "x", ".aws-sam/build/template.yaml": "y", ".aws-sam/build/a/b/app.py": "z"})
    assert package_of(tmp_path / "src", function).files == (PackageFile("app.py", 1),)


def test_vendored_libraries_make_a_build_unnecessary(tmp_path: Path):
    make(
        tmp_path / "src",
        {"app.py": "x", "requirements.txt": "six\n", "six.py": "y", "six-1.17.0.dist-info/METADATA": "z"},
    )
    found = package_of(tmp_path / "src")
    assert found.has_vendored and not found.needs_build


def test_links_do_not_lead_out_of_the_root(tmp_path: Path):
    make(tmp_path, {"outside/secret.bin": b"0" * 1000, "src/app.py": "x", "src/lib/a.py": "yy"})
    (tmp_path / "src/away").symlink_to(tmp_path / "outside")
    (tmp_path / "src/away.bin").symlink_to(tmp_path / "outside/secret.bin")
    (tmp_path / "src/round").symlink_to(tmp_path / "src")
    (tmp_path / "src/near.py").symlink_to(tmp_path / "src/lib/a.py")
    (tmp_path / "src/broken").symlink_to(tmp_path / "src/nothing")
    assert [file.path for file in package_of(tmp_path / "src").files] == ["app.py", "lib/a.py", "near.py"]


def test_counting_stops_at_a_limit_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path / "src", {f"{number}.txt": "x" for number in range(20)})
    monkeypatch.setattr(package, "FILE_LIMIT", 10)
    found = package_of(tmp_path / "src")
    assert len(found.files) == 10
    assert found.notes == ("more than 10 files: the rest is not counted",)


def test_a_single_file_and_a_missing_root(tmp_path: Path):
    make(tmp_path, {"app.py": "xyz"})
    assert package_of(tmp_path / "app.py").files == (PackageFile("app.py", 3),)
    missing = package_of(tmp_path / "nothing")
    assert missing.files == () and missing.notes == ("No such file or directory",)
    assert missing.dependencies == () and missing.secret_files == () and not missing.has_vendored
    os.mkfifo(tmp_path / "pipe.zip")
    assert package_of(tmp_path / "pipe.zip").notes == ("it is not a regular file",)


# -- archives ----------------------------------------------------------------------------------------------------------


def test_an_archive_is_measured_unpacked(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "fn.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.py", "x" * 10)
        archive.writestr("lib/", "")
        archive.writestr("lib/zeros.bin", b"\0" * 5_000_000)
    found = package_of(tmp_path / "fn.zip")
    assert os.path.getsize(tmp_path / "fn.zip") < 10_000
    assert found.is_archive and not found.needs_build
    assert found.size == 5_000_010
    assert found.top_directories(1) == (("lib", 5_000_000),)


def test_a_broken_or_hostile_archive_gives_a_note(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "good.zip", "w") as archive:
        archive.writestr("app.py", "x")
    good = (tmp_path / "good.zip").read_bytes()
    at = good.rfind(b"PK\x05\x06")
    make(tmp_path, {
        "no.zip": b"this is no archive",
        "empty.zip": b"",
        "cut.zip": good[: at + 10],
        "huge.zip": good[: at + 12] + struct.pack("<L", 0xFFFFFFFF) + good[at + 16 :],
        "lies.zip": good[: at + 12] + struct.pack("<L", 12_000_000) + good[at + 16 :],
    })  # fmt: skip
    notes = {
        name: package_of(tmp_path / f"{name}.zip").notes for name in ("no", "empty", "cut", "huge", "lies", "good")
    }
    assert notes == {
        "no": ("it is not an archive",),
        "empty": ("it is not an archive",),
        "cut": ("it is not an archive",),
        "huge": ("its table of contents is too large to read",),
        "lies": ("it cannot be read as an archive: BadZipFile",),
        "good": (),
    }


@given(st.binary(max_size=300))
def test_no_archive_raises(data: bytes):
    path = Path(tempfile.gettempdir()) / f"slint-test-{os.getpid()}.zip"
    path.write_bytes(data + b"PK\x05\x06" + data)
    try:
        assert isinstance(package_of(path).size, int)
    finally:
        path.unlink()


# -- dependencies ------------------------------------------------------------------------------------------------------

REQUIREMENTS = """\
# comment
requests==2.32.0  # why
Flask_Cors >= 4, <5 ; python_version < "3.12"
boto3[crt]
pandas == 2.2.* \\
    --hash=sha256:abc \\
    --hash=sha256:def
-r more.txt
-c constraints.txt
--index-url https://pypi.example.com/simple
-e git+https://github.com/acme/tool.git@v1#egg=acme-tool
pkg @ https://files.example.com/pkg-1.0.whl
./local/wheel.whl
"""


def test_requirements(tmp_path: Path):
    make(
        tmp_path / "src",
        {
            "requirements.txt": REQUIREMENTS,
            "more.txt": "numpy\n-r requirements.txt\n-r ../outside.txt\n",
            "../outside.txt": "evil\n",
        },
    )
    found = package_of(tmp_path / "src").dependencies
    assert [(each.name, each.version, each.marker) for each in found] == [
        ("requests", "==2.32.0", ""),
        ("flask-cors", ">= 4, <5", 'python_version < "3.12"'),
        ("boto3", "", ""),
        ("pandas", "== 2.2.*", ""),
        ("acme-tool", "git+https://github.com/acme/tool.git@v1", ""),
        ("pkg", "@ https://files.example.com/pkg-1.0.whl", ""),
        ("numpy", "", ""),
    ]


def test_a_dependency_knows_its_line(tmp_path: Path):
    make(tmp_path / "src", {"requirements.txt": REQUIREMENTS.replace("\n", "\r\n"), "more.txt": "  numpy==1\n"})
    places = {each.name: each.span for each in package_of(tmp_path / "src").dependencies}
    assert places["requests"].location().start == (2, 1)
    assert places["requests"].text == "requests==2.32.0"
    assert places["pandas"].location().start == (5, 1)
    assert places["acme-tool"].text.startswith("acme-tool")
    assert (places["numpy"].file.path, places["numpy"].location().start) == ("more.txt", (1, 3))


PYPROJECT = """\
[project]
name = "fn"
dependencies = [
    "requests>=2",
    'pandas[excel]==2.2.0; sys_platform == "linux"',
]
[project.optional-dependencies]
ml = ["torch"]
[dependency-groups]
dev = ["pytest", {include-group = "ml"}]
[tool.poetry.dependencies]
python = "^3.12"
redis = "^5.0"
numpy = {version = "^2", optional = true}
[tool.poetry.group.lint.dependencies]
ruff = "*"
[tool.uv]
dev-dependencies = ["mypy"]
"""


def test_pyproject(tmp_path: Path):
    make(tmp_path / "src", {"pyproject.toml": PYPROJECT})
    assert dependencies(tmp_path / "src") == [
        ("requests", ">=2", ""),
        ("pandas", "==2.2.0", ""),
        ("torch", "", "ml"),
        ("pytest", "", "dev"),
        ("mypy", "", "dev"),
        ("redis", "^5.0", ""),
        ("numpy", "^2", "optional"),
        ("ruff", "*", "lint"),
    ]
    places = {each.name: each.span.location().start for each in package_of(tmp_path / "src").dependencies}
    assert places["requests"] == (4, 6)
    assert places["redis"] == (13, 1)


def test_a_requirements_file_speaks_alone_and_package_json_beside_it(tmp_path: Path):
    node = {"name": "fn", "dependencies": {"@aws-sdk/client-s3": "^3"}, "devDependencies": {"jest": "1"}}
    make(
        tmp_path / "src",
        {"requirements.txt": "six", "pyproject.toml": PYPROJECT, "package.json": json.dumps(node, indent=1)},
    )
    assert dependencies(tmp_path / "src") == [("six", "", ""), ("@aws-sdk/client-s3", "^3", ""), ("jest", "1", "dev")]
    assert package_of(tmp_path / "src").dependencies[1].span.text == "@aws-sdk/client-s3"


def test_pipfile_lock(tmp_path: Path):
    data = {
        "default": {"requests": {"version": "==2.32.0", "markers": "python_version >= '3.8'"}},
        "develop": {"pytest": {"version": "==8"}},
    }
    make(tmp_path / "src", {"Pipfile.lock": json.dumps(data)})
    assert dependencies(tmp_path / "src") == [("requests", "==2.32.0", ""), ("pytest", "==8", "dev")]


UV_LOCK = """\
version = 1
[[package]]
name = "fn"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "pandas" }, { name = "pywin32", marker = "sys_platform == 'win32'" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "pandas"
version = "2.2.0"
dependencies = [{ name = "six" }, { name = "pandas" }]
wheels = [
    { url = "https://files.example.com/pandas-2.2.0-cp311-cp311-manylinux_2_17_x86_64.whl", size = 1100 },
    { url = "https://files.example.com/pandas-2.2.0-cp312-cp312-macosx_11_0_arm64.whl", size = 9000 },
    { url = "https://files.example.com/pandas-2.2.0-cp312-cp312-manylinux_2_17_x86_64.whl", size = 1200 },
    { url = "https://files.example.com/pandas-2.2.0-cp312-cp312-manylinux_2_17_aarch64.whl", size = 1250 },
]
[[package]]
name = "six"
version = "1.17.0"
wheels = [{ url = "https://files.example.com/six-1.17.0-py2.py3-none-any.whl", size = 30 }]
[[package]]
name = "pywin32"
version = "1"
[[package]]
name = "pytest"
version = "8"
wheels = [{ url = "https://files.example.com/pytest-8-py3-none-any.whl", size = 70000 }]
"""


def test_uv_lock_gives_the_size_of_what_is_installed(tmp_path: Path):
    make(tmp_path / "src", {"pyproject.toml": "[project]\nname='fn'\n", "uv.lock": UV_LOCK})
    found = package_of(tmp_path / "src")
    assert found.locked_size() == manifests.LockedSize(1230, 2, 0)
    assert found.locked_size("cp311") == manifests.LockedSize(1130, 2, 0)
    assert found.locked_size("cp313", "aarch64") == manifests.LockedSize(1280, 2, 0)
    assert found.locked["pandas"] == "2.2.0"


def test_a_lock_without_a_project_tells_no_size(tmp_path: Path):
    make(tmp_path / "src", {"uv.lock": UV_LOCK.replace('source = { virtual = "." }', "")})
    assert package_of(tmp_path / "src").locked_size() is None
    assert package_of(tmp_path).locked_size() is None


@pytest.mark.parametrize(
    "name", ["requirements.txt", "pyproject.toml", "Pipfile.lock", "package.json", "uv.lock", "poetry.lock"]
)
@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"a = " + b"[" * 50_000,
        b'{"dependencies": [1], "default": {"x": 3}, "develop": null}',
        b"[project]\ndependencies = 3\n[tool]\npoetry = 1\n[dependency-groups]\ndev = [1, {}]\n",
        b"package = 1\n",
        b"package = [1, {name = 2}, {name = 'a', source = 1, dependencies = [1], wheels = [{size = true}, 3]}]\n",
        b"x=" + b" " * 1_000_000 + b"y",
        b"a" * 1_000_000,
        b"\\\n" * 100_000,
        b"-r requirements.txt\n" * 50,
        b"x = 1979-05-27T07:32:00Z\n" + b"1" * 5_000,
    ],
)
def test_no_manifest_raises(tmp_path: Path, name: str, content: bytes):
    make(tmp_path / "src", {name: content})
    found = package_of(tmp_path / "src")
    for dependency in found.dependencies:
        assert 0 <= dependency.span.start <= dependency.span.end <= len(dependency.span.file.text)
    assert isinstance(found.locked, dict)
    found.locked_size()


@given(st.text(alphabet="ab1=<>~![](){},;@#\\\n\r -_.\"'", max_size=80))
def test_no_requirements_raise_and_places_hold(text: str):
    file = SourceFile("requirements.txt", text)
    for dependency in manifests.requirements("/r/requirements.txt", lambda path: file, "/r"):
        assert 0 <= dependency.span.start < dependency.span.end <= len(text)
        assert manifests.normalised(text[dependency.span.start :][: len(dependency.name)]).startswith(
            dependency.name[:1]
        )


# -- secret files ------------------------------------------------------------------------------------------------------


def test_secret_files(tmp_path: Path):
    make(tmp_path / "src", {
        ".env": "A=1", ".env.production": "A=1", ".env.example": "A=", "keys/id_rsa": "x", "keys/server.pem": "-----BEGIN " + "PRIVATE KEY-----", "keys/https.pem": "-----BEGIN CERTIFICATE-----", "keys/rds-ca-2019.pem": "x", "app.py": "x",
        ".venv/lib/cacert.pem": "x", ".venv/lib/server.pem": "x", "service-account.json": "{}", "node_modules/x/key.pem": "x",
    })  # fmt: skip
    found = package_of(tmp_path / "src").secret_files
    assert [(os.path.relpath(each.path, tmp_path / "src"), each.left_behind) for each in found] == [
        (".env", True),
        (".env.production", False),
        ("keys/id_rsa", False),
        ("keys/server.pem", False),
        ("service-account.json", False),
    ]
