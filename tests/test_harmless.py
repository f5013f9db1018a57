"""What a check does to the machine it runs on: nothing but reading, and writing where it was told to."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bad_examples import fill, write_bad_examples
from limited import environment

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SLINT = [sys.executable, "-m", "slint"]
CHECK = [*SLINT, "check", "."]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures and the bad examples of all rules in one project."""
    root = tmp_path_factory.mktemp("tree")
    write_bad_examples(root)
    shutil.copytree(FIXTURES, root / "fixtures")
    return root


@pytest.fixture(scope="module")
def large_tree(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in a project for two processes."""
    root = tmp_path_factory.mktemp("large") / "tree"
    shutil.copytree(tree, root)
    fill(root)
    return root


def run(command: list[str], folder: Path, **more: object) -> subprocess.CompletedProcess[str]:
    given: dict[str, object] = {"env": environment(), "capture_output": True, "text": True, "timeout": 120, **more}
    return subprocess.run(command, cwd=folder, **given)  # type: ignore[call-overload,no-any-return]  # as given above


# -- what it asks of the system ------------------------------------------------------------------------------------------

CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+|\?)")
STARTS = {"execve", "execveat", "fork", "vfork", "clone", "clone3"}
CHANGES = {
    "creat", "mkdir", "mkdirat", "mknod", "mknodat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link",
    "linkat", "symlink", "symlinkat", "truncate", "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat",
    "utime", "utimes", "utimensat", "setxattr", "removexattr",
}  # fmt: skip
ABOUT = {*STARTS, *CHANGES, "open", "openat", "openat2"}


def traced(folder: Path, *options: str) -> list[tuple[str, str]]:
    """The system calls of a check that did something: all of the network, those of ABOUT that succeeded."""
    if sys.platform != "linux":
        pytest.skip("strace is a tool of Linux")
    if shutil.which("strace") is None:
        pytest.fail("strace is missing: apt-get install strace")
    log = folder.parent / f"{folder.name}.strace"
    command = ["strace", "-f", "-qq", "-s", "4096", "-e", f"trace=%network,{','.join(f'?{name}' for name in ABOUT)}"]
    done = run(
        [*command, "-o", str(log), *CHECK, *options], folder, env={**environment(), "PYTHONDONTWRITEBYTECODE": "1"}
    )
    assert done.returncode == 1, done.stderr
    calls = [found for line in log.read_text("utf-8", "replace").splitlines() if (found := CALL.match(line))]
    assert len(calls) > 100, done.stderr
    return [
        (found["name"], found["arguments"])
        for found in calls
        if found["name"] not in ABOUT or not found["result"].startswith("-")
    ]


def is_writing(name: str, arguments: str) -> bool:
    return name in CHANGES or (
        name.startswith("open") and re.search(r"O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)", arguments) is not None
    )


def test_a_check_only_reads(tree: Path):
    calls = traced(tree)
    assert [name for name, _ in calls if name not in ABOUT] == [], "the network was used"
    assert [name for name, _ in calls if name in STARTS] == ["execve"], "a process was started beside slint's own"
    assert [call for call in calls if is_writing(*call)] == []


def test_processes_that_share_a_check_only_read(large_tree: Path):
    calls = traced(large_tree, "--jobs", "2")
    assert [name for name, _ in calls if name not in ABOUT] == [], "the network was used"
    starts = [name for name, _ in calls if name in STARTS]
    assert starts.count("execve") == 1 and len(starts) > 1, starts
    assert [call for call in calls if is_writing(*call)] == []


def test_processes_end_with_the_one_that_started_them(large_tree: Path):
    command = [*CHECK, "--jobs", "2"]
    with subprocess.Popen(
        command, cwd=large_tree, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        shared: list[str] = []
        while process.poll() is None and len(shared) < 2:
            shared = children.read_text().split()
            time.sleep(0.001)
        process.kill()
    assert len(shared) == 2
    for _ in range(1000):
        if not any(_is_slint(number) for number in shared):
            return
        time.sleep(0.01)
    pytest.fail("a process of slint goes on although nobody waits for it")


def _is_slint(process: str) -> bool:
    """Whether a process still runs slint: its number may be another one's by now."""
    try:
        return b"slint" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_check_writes_its_output_file_alone(tree: Path, tmp_path: Path):
    target = tmp_path / "found.json"
    calls = traced(
        tree, "--output-format", "json", "--output-file", str(target), "--timings", "--statistics", "--jobs", "2"
    )
    written = [call for call in calls if is_writing(*call)]
    assert written
    for name, arguments in written:
        paths = re.findall(r'"(/[^"]*)"', arguments)
        assert paths and all(Path(path).parent == tmp_path for path in paths), (name, arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["found.json"]
    assert json.loads(target.read_text("utf-8"))["diagnostics"]


# -- when it is stopped --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="tells by /proc how far the process is")
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2, 0.35])
def test_an_interrupted_run_leaves_nothing_behind(delay: float, large_tree: Path, tmp_path: Path):
    target = tmp_path / "found.json"
    command = [*CHECK, "--output-format", "json", "--output-file", str(target)]
    with subprocess.Popen(
        command, cwd=large_tree, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        maps = Path(f"/proc/{process.pid}/maps")
        while process.poll() is None and "tree_sitter" not in maps.read_text("utf-8", "replace"):
            time.sleep(0.002)
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert "Traceback" not in err and out == "", err
    assert process.returncode in (1, -signal.SIGINT)
    if process.returncode == -signal.SIGINT:
        assert list(tmp_path.iterdir()) == []
        assert err == ""
    else:  # it was faster than the signal
        assert json.loads(target.read_text("utf-8"))["diagnostics"]


def test_a_reader_that_goes_away_is_no_failure(tree: Path):
    with subprocess.Popen(
        [*CHECK, "--quiet"], cwd=tree, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_closed_stream_changes_nothing(stream: str, tree: Path):
    number = {"stdout": 1, "stderr": 2}[stream]
    done = run(["sh", "-c", f'"$0" -m slint check . {number}>&-', sys.executable], tree)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) is (stream == "stderr")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the device that is always full is one of Linux")
def test_a_full_disk_is_told(tree: Path):
    done = run([*CHECK, "--output-file", "/dev/full"], tree)
    assert (done.returncode, done.stderr) == (2, "slint: error: No space left on device: /dev/full\n")
    with open("/dev/full", "w") as full:
        done = run(CHECK, tree, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.endswith("slint: error: the output cannot be written: No space left on device\n")
    assert "Traceback" not in done.stderr


def test_an_output_file_that_does_not_fit_keeps_its_old_text(tree: Path, tmp_path: Path):
    target = tmp_path / "found.json"
    target.write_text("old")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))

    command = [*CHECK, "--output-format", "json", "--output-file", str(target)]
    done = run(command, tree, preexec_fn=limit, env={**environment(), "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 2
    assert done.stderr == f"slint: error: File too large: {target}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["found.json"]
    assert target.read_text() == "old"


def test_an_output_file_keeps_what_it_is(tree: Path, tmp_path: Path):
    target, link, pipe = tmp_path / "found.txt", tmp_path / "link.txt", tmp_path / "pipe"
    target.write_text("nobody's text")
    target.chmod(0o640)
    link.symlink_to(target)
    assert run([*CHECK, "--output-file", str(link)], tree).returncode == 1
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert "nobody's text" not in target.read_text("utf-8")
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        assert run([*CHECK, "--output-file", str(pipe)], tree).returncode == 1
        assert reader.communicate(timeout=60)[0] == target.read_text("utf-8")
    fresh = tmp_path / "fresh.txt"
    done = run(["sh", "-c", 'umask 027; exec "$@"', "sh", *CHECK, "--output-file", str(fresh)], tree)
    assert done.returncode == 1
    assert fresh.stat().st_mode & 0o777 == 0o640
