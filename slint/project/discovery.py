"""Finding the files of a project: which there are, which are to be left alone, and what a file's text is."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from slint.knowledge.packages import COPIED_LIBRARIES
from slint.paths import is_below, is_within, relative, upward
from slint.project.gitignore import Patterns, parse
from slint.record import NamedTuple
from slint.regex import regex
from slint.source import SourceFile

TEMPLATE_SUFFIXES = (".yaml", ".yml", ".json", ".template")
SCRIPT_SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
SIZE_LIMIT = 10_000_000
"""Bytes; a larger file is not read."""

ENTRY_LIMIT = 1_000_000
"""Files and folders; a larger project is not walked to its end."""

_IGNORE_FILE_LIMIT = 500_000  # bytes
_SLOW_LINES_LIMIT = 1_000  # every path of the project may have to be compared with each of them

SKIPPED = frozenset(
    {
        ".aws-sam",
        ".build",
        ".esbuild",
        ".git",
        ".hg",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".serverless",
        ".svn",
        ".terraform",
        ".tox",
        "__pycache__",
        "cdk.out",
        "node_modules",
        "site-packages",
    }
)
"""Folders of tools and of other people's code. They are walked only when they are the root or named by the user; so are
distributions that were installed into a folder."""

_METADATA = (".dist-info", ".egg-info")  # folders that tell of a distribution installed beside them

# Files that are read by one tool, under this name, and are no templates: not opening them saves time.
_NO_TEMPLATES = frozenset({
    "package", "package-lock", "npm-shrinkwrap", "composer", "tsconfig", "jsconfig", "lerna", "nx", "turbo", "cdk",
    ".eslintrc", "eslintrc", ".prettierrc", "prettierrc", ".babelrc", "babelrc", "pnpm-lock", "pnpm-workspace",
    "docker-compose", "compose", ".pre-commit-config", "mkdocs", ".travis", ".gitlab-ci", "codecov", ".codecov", "buildspec",
    "appspec", "pubspec", ".markdownlint", "markdownlint", "renovate", "dependabot", "_config",
})  # fmt: skip
_NO_TEMPLATES_WITH_SUFFIX = ("tsconfig.", "docker-compose.")  # `tsconfig.build.json`


class Unreadable(NamedTuple):
    """A file or folder that was not read, and why."""

    path: str
    why: str


Speaking: TypeAlias = tuple[tuple[int, Patterns], ...]
"""Patterns, the nearest first, each with the length of its folder's path and separator."""


class Ignore(NamedTuple):
    """What is not to be looked at: the `.gitignore` files by their folder, and the user's own patterns at `base`."""

    root: str
    files: dict[str, Patterns]
    exclude: Patterns
    base: str

    def above(self, folder: str) -> Speaking:
        """The patterns that speak of what is in a folder, the nearest first."""
        return tuple(each for above in upward(folder) for each in self.within(above))

    def within(self, folder: str) -> Speaking:
        """The patterns in a folder itself."""
        patterns = self.files.get(folder)
        return ((len(folder.rstrip(os.sep)) + 1, patterns),) if patterns is not None and patterns.lines else ()

    def by_git(self, path: str, is_folder: bool) -> bool:
        """Whether the `.gitignore` files of the folders above ignore this path itself."""
        return decide(self.above(os.path.dirname(path)), path, is_folder)

    def by_user(self, path: str, is_folder: bool) -> bool:
        """Whether the user's patterns exclude this path itself."""
        return bool(self.exclude.lines) and self.exclude.decide(relative(path, self.base), is_folder) is True


def decide(above: Speaking, path: str, is_folder: bool) -> bool:
    """Whether the patterns of the folders above ignore a path; the nearest that speaks of it decides."""
    for length, patterns in above:
        decision = patterns.decide(path[length:].replace(os.sep, "/"), is_folder)
        if decision is not None:
            return decision
    return False


class Found(NamedTuple):
    """The files of a project, as absolute paths in order.

    `templates` are the files that may be one, by name only; `python` the Python files, `scripts` those in JavaScript
    or TypeScript. `notes` tell what could not be read. `ignored` are files of code that git ignores, those in ignored
    folders left out.
    """

    root: str
    templates: tuple[str, ...]
    python: tuple[str, ...]
    scripts: tuple[str, ...]
    notes: tuple[Unreadable, ...]
    ignore: Ignore
    ignored: tuple[str, ...] = ()

    def ignores(self, path: str) -> bool:
        """Whether git ignores an absolute path below the root, by itself or by a folder above it.

        The path need not exist: then it counts as a folder too, since a build may make one there.
        """
        if not is_within(path, self.root):
            return False
        inside = relative(path, self.root)
        folder = self.root
        parts = [part for part in inside.split("/") if part != "."]
        for number, part in enumerate(parts, 1):
            folder = _join(folder, part)
            self._load(os.path.dirname(folder))
            if self.ignore.by_git(folder, number < len(parts) or not os.path.isfile(folder)):
                return True
        return False

    def excludes(self, path: str) -> bool:
        """Whether the user's patterns exclude an absolute path, by itself or by a folder above it."""
        return _excluded_above(self.ignore, path)

    def _load(self, folder: str) -> None:
        """Read the `.gitignore` of a folder that the walk did not enter."""
        if folder not in self.ignore.files:
            _read_ignore_file(self.ignore, folder)


def discover(
    root: str, exclude: Sequence[str] = (), given: Sequence[str] | None = None, base: str = "", *, near: bool = False
) -> Found:
    """The files below `root` that belong to the project; with `near` only those given and those beside the folders
    that hold them, up to the root.

    Left out: what git ignores, SKIPPED folders, virtual environments, what the CDK writes, and what `exclude` (patterns as
    in `.gitignore`, relative to `base`, by default the root) names. `given` are paths that the user named: they are looked
    at even if git or SKIPPED would leave them out, but not if `exclude` does. Links to folders are not followed, links to
    files only within the root.
    """
    root = os.path.abspath(root)
    ignore = Ignore(root, {}, parse(exclude), base or root)
    walk = _Walk(ignore)
    walk.notes.extend(_read_ignore_files_above(ignore))
    named = [os.path.abspath(path) for path in given or ()]
    if near:
        for folder in dict.fromkeys(above for path in named for above in upward(os.path.dirname(path), root)):
            if not _excluded_above(ignore, folder):
                walk.enter(folder, deep=False)
    for start in named if near else (root, *named):
        if not _excluded_above(ignore, start):
            walk.enter(start)
    return Found(
        root,
        tuple(sorted(walk.templates)),
        tuple(sorted(walk.python)),
        tuple(sorted(walk.scripts)),
        tuple(walk.notes),
        ignore,
        tuple(sorted(walk.ignored)),
    )


class _Walk:
    """The state of one walk."""

    def __init__(self, ignore: Ignore) -> None:
        self.ignore = ignore
        self.templates: set[str] = set()
        self.python: set[str] = set()
        self.scripts: set[str] = set()
        self.ignored: set[str] = set()
        self.notes: list[Unreadable] = []
        self._seen: set[str] = set()
        self._count = 0

    def enter(self, start: str, *, deep: bool = True) -> None:
        """Walk a folder, or take a file, that was named: it is not itself asked whether it is to be skipped."""
        if not os.path.isdir(start):
            if os.path.isfile(start):
                self._take(start)
            return
        stack = [(start, self.ignore.above(os.path.dirname(start)))]
        while stack:
            folder, above = stack.pop()
            if folder in self._seen:
                continue
            try:
                with os.scandir(folder) as scan:
                    entries = list(scan)
            except OSError as error:
                self.notes.append(Unreadable(folder, error.strerror or "it cannot be read"))
                continue
            self._count += len(entries)
            if self._count > ENTRY_LIMIT:
                self.notes.append(Unreadable(folder, f"more than {ENTRY_LIMIT:,} files: the rest is not looked at"))
                return
            names = frozenset(entry.name for entry in entries)
            if folder != start and _is_of_tool(folder, names):
                continue
            self._seen.add(folder)
            if ".gitignore" in names:
                self.notes.extend(_read_ignore_file(self.ignore, folder))
            above = self.ignore.within(folder) + above
            inner = list(self._sort(entries, above, distributed(names, folder), deep=deep))
            stack.extend((each, above) for each in inner)

    def _sort(
        self, entries: list[os.DirEntry[str]], above: Speaking, skipped: Container[str], *, deep: bool
    ) -> Iterator[str]:
        """Take the files among the entries and give the folders to walk, if it is to go deeper."""
        for entry in entries:
            name, path = entry.name, entry.path
            kind = None
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder:
                    if not deep or name in SKIPPED or name.endswith(_METADATA):
                        continue
                else:
                    kind = self._kind(name)
                    if kind is None or not entry.is_file():  # most files are of no kind: no look is cheaper
                        continue
                if name in skipped or (entry.is_symlink() and not self._is_inside(path)):
                    continue
            except OSError as error:
                self.notes.append(Unreadable(path, error.strerror or "it cannot be read"))
                continue
            if self.ignore.by_user(path, is_folder):
                continue
            if decide(above, path, is_folder):
                if kind is not None and kind is not self.templates:
                    self.ignored.add(path)
                continue
            if is_folder:
                yield path
            elif kind is not None:
                kind.add(path)

    def _take(self, path: str) -> None:
        kind = self._kind(os.path.basename(path))
        if kind is not None:
            kind.add(path)

    def _kind(self, name: str) -> set[str] | None:
        """Where a file of this name belongs; None when it is of no interest."""
        if name.endswith((".py", ".pyw")):
            return self.python
        if name.endswith(SCRIPT_SUFFIXES):
            return self.scripts
        if name.lower().endswith(TEMPLATE_SUFFIXES) and not _is_of_one_tool(name):
            return self.templates
        return None

    def _is_inside(self, path: str) -> bool:
        return is_below(os.path.realpath(path), os.path.realpath(self.ignore.root))


def _is_of_one_tool(name: str) -> bool:
    stem, _, suffix = name.rpartition(".")
    return suffix != "template" and (stem in _NO_TEMPLATES or stem.startswith(_NO_TEMPLATES_WITH_SUFFIX))


def _is_of_tool(folder: str, names: frozenset[str]) -> bool:
    """Whether a folder is a virtual environment, or what the CDK writes, whatever they are called."""
    return "pyvenv.cfg" in names or ({"cdk.out", "manifest.json"} <= names and os.path.isfile(_join(folder, "cdk.out")))


def _excluded_above(ignore: Ignore, path: str) -> bool:
    """Whether the user's patterns exclude a path or a folder above it."""
    if not ignore.exclude.lines or not is_below(path, ignore.base):
        return False
    return ignore.exclude.covers(relative(path, ignore.base)) or ignore.by_user(path, os.path.isdir(path))


def _read_ignore_files_above(ignore: Ignore) -> list[Unreadable]:
    """The `.gitignore` files between the top of the git repository and the root, unless they ignore the root itself."""
    folders = []
    folder = ignore.root
    while not os.path.lexists(_join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        folder = parent
        folders.append(folder)
    notes = [note for each in folders for note in _read_ignore_file(ignore, each)]
    path = ignore.root
    while path != folder:
        if ignore.by_git(path, is_folder=True):
            ignore.files.clear()
            return []
        path = os.path.dirname(path)
    return notes


def _read_ignore_file(ignore: Ignore, folder: str) -> list[Unreadable]:
    """Read the `.gitignore` of a folder; why not, when there is one and it cannot be used."""
    path = _join(folder, ".gitignore")
    ignore.files[folder] = Patterns(())
    read = read_text(path, "", _IGNORE_FILE_LIMIT)
    if isinstance(read, Unreadable):
        return [read] if os.path.lexists(path) else []
    patterns = parse(read.text.split("\n"))
    if patterns.slow > _SLOW_LINES_LIMIT:
        return [Unreadable(path, f"more than {_SLOW_LINES_LIMIT:,} of its patterns are neither a text nor an ending")]
    ignore.files[folder] = patterns
    return []


def _join(folder: str, name: str) -> str:
    return f"{folder.rstrip(os.sep)}{os.sep}{name}"


# -- text --------------------------------------------------------------------------------------------------------------

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_UTF_16_WITHOUT_MARK = regex(rb"(?s)(?:[^\0]\0){2}|(?:\0[^\0]){2}")
_DECLARED = regex(rb"^(?:.*\r?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_TEXT_ENCODING = regex(r"(?i)ascii|latin|l1$|iso-?8859|cp\d|windows|mac|koi8|shift|sjis|euc|gb|big5|utf")


def read_text(path: str, shown: str, limit: int = SIZE_LIMIT) -> SourceFile | Unreadable:
    """The text of a file, with `shown` as the path that users see; why not, when it is no text that can be read.

    UTF-8, UTF-16 and UTF-32 by their byte order mark, else the encoding that a Python file declares, else UTF-8. The
    mark is not part of the text; line ends are kept.
    """
    return as_text(read_bytes(path, limit), path, shown)


def as_text(data: bytes | Unreadable, path: str, shown: str) -> SourceFile | Unreadable:
    """What `read_bytes` gave for a file, as `read_text` gives it."""
    if isinstance(data, Unreadable):
        return data
    text, encoding = decode(data)
    return Unreadable(path, "it is not text in UTF-8") if text is None else SourceFile(shown, text, encoding=encoding)


def may_hold(data: bytes | Unreadable, words: Iterable[bytes]) -> bool:
    """Whether the text of a file may hold one of some ASCII words; True where only reading it tells."""
    return isinstance(data, Unreadable) or b"\0" in data or any(word in data for word in words)


def read_bytes(path: str, limit: int = SIZE_LIMIT) -> bytes | Unreadable:
    """What a regular file holds; why not, when it cannot be read."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # a pipe or device might block or never end
            return Unreadable(path, "it is not a regular file")
        if status.st_size > limit:
            return Unreadable(path, f"it is larger than {limit:,} bytes")
        data = _bytes(path, status.st_size + 1, limit)
    except (OSError, ValueError) as error:
        return Unreadable(path, getattr(error, "strerror", None) or "it cannot be read")
    return data if len(data) <= limit else Unreadable(path, f"it is larger than {limit:,} bytes")


def _bytes(path: str, size: int, limit: int) -> bytes:
    """What a regular file of fewer bytes holds; without the buffer of `open`, which takes as long as the reading.

    One that has grown, or did not tell its size, is read on until the limit is passed.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = os.read(handle, size)
        if len(data) == size - 1:
            return data  # all that the file holds, by its size
        while len(data) <= limit and (more := os.read(handle, 1 << 20)):
            data += more
        return data
    finally:
        os.close(handle)


def decode(data: bytes) -> tuple[str | None, str]:
    """The text of a file, None when it is none, and the encoding as `SourceFile` names it."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding), "utf-8-sig" if encoding == "utf-8" else encoding
    if b"\0" in data[:4] and _UTF_16_WITHOUT_MARK.match(data):
        return None, ""
    text = _decoded(data, "utf-8")
    if text is None:
        declared = _DECLARED.match(data[:1_000])
        name = declared[1].decode("ascii", "replace") if declared else ""
        if _TEXT_ENCODING.match(name):
            return _decoded(data, name), name
    return text, "utf-8"


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


# -- what lies beside ----------------------------------------------------------------------------------------------------


def names_in(folder: str) -> frozenset[str]:
    """The names of what lies in a folder; none when it cannot be read."""
    try:
        return _names_at(folder, os.stat(folder).st_mtime_ns)
    except (OSError, ValueError):
        return frozenset()


@lru_cache(maxsize=4_096)
def _names_at(folder: str, _changed: int) -> frozenset[str]:
    return frozenset(os.listdir(folder))


# -- what a path tells -------------------------------------------------------------------------------------------------

_TEST_FILE = regex(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|conftest)\.py$|\.(?:spec|test)\.\w+$")
_TEST_FOLDER = regex(r"(?:^|/)(?:tests?|__tests__|testing)(?=/)")
_TEST_NAME = regex(r"test|spec", re.IGNORECASE)
_BUILD_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
VENDOR_FOLDERS = frozenset(
    {"vendor", "vendored", "_vendor", "third-party", "third_party", "site-packages", "dist-packages", "node_modules"}
)
"""Folders of other people's code."""


def is_test(relative: str) -> bool:
    """Whether a path, relative to the project and with `/`, is that of a test or of something only tests use."""
    relative = relative.replace(os.sep, "/")
    return _TEST_FILE.search(relative) is not None or _TEST_FOLDER.search(relative) is not None


def folders_with_tests(relatives: Iterable[str]) -> frozenset[str]:
    """Those of the folders called like one for tests that hold a file called like a test, however deep inside."""
    return frozenset(
        relative[: folder.end()]
        for relative in (each.replace(os.sep, "/") for each in relatives)
        if _TEST_NAME.search(posixpath.basename(relative)) or _TEST_FILE.search(relative)
        for folder in _TEST_FOLDER.finditer(relative)
    )


def is_among_tests(relative: str, folders: Container[str]) -> bool:
    """Whether a path is that of a test, or lies in one of the folders that hold tests.

    A folder that is only called `test` may hold the code of an application that runs tests elsewhere.
    """
    relative = relative.replace(os.sep, "/")
    return _TEST_FILE.search(relative) is not None or any(
        relative[: folder.end()] in folders for folder in _TEST_FOLDER.finditer(relative)
    )


def is_vendored(path: str, root: str = "") -> bool:
    """Whether a file or folder is other people's code, copied into the project.

    It is when a folder above it, below `root`, is named so (`vendor`, `third_party` …), is the package of a well-known
    library, or when it belongs to a distribution that was installed next to it: a `*.dist-info` or `*.egg-info` folder
    lists it.
    """
    inside = relative(path, root) if root else path.replace(os.sep, "/")
    if not VENDOR_FOLDERS.isdisjoint(inside.split("/")):
        return True
    child = path
    while child != root and (parent := os.path.dirname(child)) != child:
        if os.path.basename(child) in _installed(parent):
            return True
        child = parent
    return False


def _installed(folder: str) -> frozenset[str]:
    """The names in a folder that are other people's packages: of distributions installed there, or copied."""
    names = names_in(folder)
    copied = names & COPIED_LIBRARIES
    return distributed(names, folder) | {each for each in copied if _is_package(_join(folder, each))}


def _is_package(folder: str) -> bool:
    return os.path.isfile(_join(folder, "__init__.py"))


def distributed(names: frozenset[str], folder: str) -> frozenset[str]:
    """The names in a folder that belong to distributions installed there, by their metadata among these names."""
    metadata = tuple(sorted(name for name in names if name.endswith(_METADATA)))
    return _contents(folder, metadata) if metadata else frozenset()


@lru_cache(maxsize=1_024)
def _contents(folder: str, metadata: tuple[str, ...]) -> frozenset[str]:
    names: set[str] = set()
    for each in metadata:
        if each.endswith(".dist-info") or not _is_own(folder, each):
            names.update(_listed(_join(folder, each)))
    return frozenset(names)


def _is_own(folder: str, metadata: str) -> bool:
    """Whether an `*.egg-info` folder is what a build leaves beside the code that it builds: its name stands in the
    build's own files."""
    called = re.compile(rf"\bname\s*=\s*[\"']?{re.escape(_plain(metadata.removesuffix('.egg-info')))}(?![\w-])")
    places = [_join(above, file) for above in (folder, os.path.dirname(folder)) for file in _BUILD_FILES]
    read = (read_text(place, "", 100_000) for place in places if os.path.isfile(place))
    return any(isinstance(file, SourceFile) and called.search(_plain(file.text)) for file in read)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _listed(metadata: str) -> Iterator[str]:
    """What a distribution's metadata folder says it installed, as names in the folder around it."""
    distribution = os.path.basename(metadata).rpartition(".")[0].partition("-")[0]
    yield distribution
    yield f"{distribution}.py"
    yield distribution.lower()
    record = read_text(_join(metadata, "RECORD"), "", 2_000_000)
    if isinstance(record, SourceFile):
        for line in record.text.split("\n"):
            top = line.partition(",")[0].partition("/")[0].strip('"')
            if top not in ("", "..", ".", "bin", "__pycache__"):
                yield top
    listed = read_text(_join(metadata, "top_level.txt"), "", 100_000)
    if isinstance(listed, SourceFile):
        yield from (name for line in listed.text.split("\n") if (name := line.strip()))
