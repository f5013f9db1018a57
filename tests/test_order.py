"""No result depends on the number of processes, on the order of files, or on chance."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest
from bad_examples import fill, write_bad_examples
from limited import environment, run_limited, slint
from test_harmless import CHECK, FIXTURES

from slint.cli import main

JSON = ("--output-format", "json", "--select", "ALL")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    write_bad_examples(root)
    (root / "fixtures").symlink_to(FIXTURES)  # a link out of the root: not followed
    return root


class Shuffled:
    """What os.scandir gives, in an order of its own."""

    def __init__(self, entries: list[os.DirEntry[str]]) -> None:
        self.entries = iter(entries)

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self.entries

    def __next__(self) -> os.DirEntry[str]:
        return next(self.entries)

    def __enter__(self) -> Shuffled:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def close(self) -> None:
        pass


def output(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit):
        main(["check", ".", *JSON, "--verbose"])
    captured = capsys.readouterr()
    return captured.out, captured.err


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("which", ["examples", *sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())])
def test_the_order_of_files(
    seed: int, which: str, tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    folder = tree if which == "examples" else FIXTURES / which
    expected = output(folder, capsys, monkeypatch)
    scandir, listdir, chance = os.scandir, os.listdir, random.Random(seed)
    shuffled = 0

    def shuffling(path: str) -> Shuffled:
        nonlocal shuffled
        with scandir(path) as scan:
            entries = list(scan)
        chance.shuffle(entries)
        shuffled += len(entries) > 1
        return Shuffled(entries)

    monkeypatch.setattr(os, "scandir", shuffling)
    monkeypatch.setattr(os, "listdir", lambda path=".": chance.sample(names := listdir(path), len(names)))
    assert output(folder, capsys, monkeypatch) == expected
    assert shuffled


def test_the_number_of_processes(tree: Path, tmp_path: Path):
    tree = Path(shutil.copytree(tree, tmp_path / "large", symlinks=True))
    fill(tree)
    one, two, automatic = (slint(tree, "check", ".", *JSON, "--jobs", jobs) for jobs in ("1", "2", "auto"))
    assert one.code == 1
    assert (
        (one.code, one.out, one.err) == (two.code, two.out, two.err) == (automatic.code, automatic.out, automatic.err)
    )


def test_the_order_of_sets(tree: Path):
    results = {
        (done.code, done.out, done.err)
        for seed in ("0", "1", "2")
        for done in [run_limited([*CHECK, *JSON], tree, {**environment(), "PYTHONHASHSEED": seed})]
    }
    assert len(results) == 1
