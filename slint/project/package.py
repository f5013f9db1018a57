"""What a function's code root holds, as it will be deployed: files, sizes, dependencies, files with secrets.

Everything is read when first asked for, and never more than the limits below; a link that leads out of the root is not
followed. Sizes are lower bounds: what is not counted is told in `notes`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final, TypeVar

from slint.knowledge.packages import BUILD_EXCLUDES
from slint.knowledge.secrets import is_secret_file
from slint.parsing.errors import ParseError
from slint.project import manifests
from slint.project.discovery import VENDOR_FOLDERS
from slint.project.gitignore import parse
from slint.project.manifests import Dependency, LockedSize, Read
from slint.record import NamedTuple
from slint.regex import regex
from slint.source import SourceFile

Tell = Callable[[ParseError], None]
_T = TypeVar("_T")

FILE_LIMIT = 50_000
"""Files of a package that are counted; a function that has more is far beyond its limit of size or is no package."""

ZIP_DIRECTORY_LIMIT = 16_000_000
"""Bytes of an archive's table of contents that are read (some 200,000 files)."""

MANIFESTS = ("requirements.txt", "pyproject.toml", "Pipfile.lock", "package.json")
"""Files that declare dependencies, the one that a build takes first."""

LOCKS = ("uv.lock", "poetry.lock")

_NATIVE = regex(r"<PublishAot>\s*true\s*<", re.IGNORECASE)
_EXCLUDED = parse(BUILD_EXCLUDES)
_NEVER_CODE = frozenset({".git", ".aws-sam", ".venv", "__pycache__", "node_modules"})


class PackageFile(NamedTuple):
    """A file of the package: its path in the package, with `/`, and its size in bytes, unpacked."""

    path: str
    size: int


class SecretFile(NamedTuple):
    """A file whose name says that it holds secrets; `path` is absolute. `left_behind`: `sam build` does not copy it
    for a Python function, so that it is deployed only without a build."""

    path: str
    left_behind: bool


class _Contents(NamedTuple):
    files: tuple[PackageFile, ...]
    notes: tuple[str, ...]


class Packages:
    """Hands out packages, the same one for all functions and layers that share a folder, so that it is listed once.

    `tell` is told which of their manifests cannot be parsed.
    """

    def __init__(self, read: Read, tell: Tell) -> None:
        self.read: Final = read
        self.tell: Final = tell
        self._known: dict[tuple[str, str | None], Package] = {}

    def of(self, code_root: str, function: str, template_folder: str) -> Package:
        """The package of a function with this logical id, whose template lies in this folder."""
        built = os.path.join(template_folder, ".aws-sam", "build", function)
        return self.at(code_root, built if function.isalnum() and os.path.isdir(built) else None)

    def at(self, root: str, built: str | None = None) -> Package:
        """The package of a folder, as it is or as it was built."""
        key = (root, built)
        if key not in self._known:
            self._known[key] = Package(root, built, self)
        return self._known[key]


class Package:
    """The code of a function.

    `root` is the absolute folder, single file or archive that the template names. `built` is the folder of
    `.aws-sam/build` that holds the result of the last build, which is what is deployed next; None when there is none.
    """

    def __init__(self, root: str, built: str | None, packages: Packages) -> None:
        self.root: Final = root
        self.built: Final = built
        self.read: Final = packages.read
        self.tell: Final = packages.tell
        self._packages: Final = packages

    def at(self, folder: str) -> Package:
        """What another folder adds, as it is."""
        return self._packages.at(folder)

    @property
    def is_archive(self) -> bool:
        """Whether the code is a ready-made archive."""
        return self.built is None and self.root.lower().endswith((".zip", ".jar", ".war"))

    @property
    def folder(self) -> str:
        """What is deployed: the build's result, else the root."""
        return self.built or self.root

    @property
    def needs_build(self) -> bool:
        """Whether the root is source whose dependencies a build has yet to install, so that its size says little."""
        return self.built is None and not self.is_archive and not self.has_vendored and bool(self.manifests)

    @property
    def files(self) -> tuple[PackageFile, ...]:
        """The files that are deployed, in order; those that `sam build` leaves behind are not among them."""
        return self._contents.files

    @property
    def notes(self) -> tuple[str, ...]:
        """Why files are missing from `files`; empty when all are there."""
        return self._contents.notes

    @cached_property
    def size(self) -> int:
        """Bytes of all files, unpacked; a lower bound when there are notes."""
        return sum(file.size for file in self.files)

    def top_directories(self, count: int = 5) -> tuple[tuple[str, int], ...]:
        """The largest folders at the top of the package, with their bytes; files there are summed under "."."""
        sizes: dict[str, int] = {}
        for path, size in self.files:
            top, slash, _ = path.partition("/")
            name = top if slash else "."
            sizes[name] = sizes.get(name, 0) + size
        return tuple(sorted(sizes.items(), key=lambda each: (-each[1], each[0]))[:count])

    @cached_property
    def manifests(self) -> tuple[str, ...]:
        """The absolute paths of the manifests at the top of the root, the one that a build takes first."""
        if not os.path.isdir(self.root):
            return ()
        paths = (os.path.join(self.root, name) for name in MANIFESTS)
        return tuple(path for path in paths if os.path.isfile(path))

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """What the manifests ask for. A `requirements.txt` speaks alone for Python, as in `sam build`."""
        python = [path for path in self.manifests if not path.endswith("package.json")][:1]
        node = [path for path in self.manifests if path.endswith("package.json")]
        return tuple(dependency for path in python + node for dependency in self._declared(path))

    @cached_property
    def locked(self) -> dict[str, str]:
        """The versions that the lock files at the top of the root pin, by normalised name."""
        read = (self._parsed(file, manifests.locked_versions) or {} for file in self._locks())
        return {name: version for versions in read for name, version in versions.items()}

    def locked_size(self, python: str = "cp312", machine: str = "x86_64") -> LockedSize | None:
        """The compressed size of what `uv.lock` installs; None without such a file or when it does not tell."""
        file = (
            self.read(os.path.join(self.root, "uv.lock"))
            if os.path.isfile(os.path.join(self.root, "uv.lock"))
            else None
        )
        if file is None:
            return None
        return self._parsed(file, lambda lock: manifests.locked_size(lock, python, machine))

    @cached_property
    def has_vendored(self) -> bool:
        """Whether installed libraries lie in the root beside the code."""
        try:
            with os.scandir(self.root) as entries:
                return any(
                    entry.name.endswith((".dist-info", ".egg-info")) or entry.name in VENDOR_FOLDERS
                    for entry in entries
                )
        except OSError:
            return False

    @cached_property
    def is_native(self) -> bool:
        """Whether it is a .NET project that is compiled to machine code before it is packed (`PublishAot`)."""
        try:
            names = os.listdir(self.root)
        except OSError:
            return False
        files = (self.read(os.path.join(self.root, name)) for name in names if name.endswith((".csproj", ".fsproj")))
        return any(file is not None and _NATIVE.search(file.text) is not None for file in files)

    @cached_property
    def secret_files(self) -> tuple[SecretFile, ...]:
        """The files in the root whose names say that they hold secrets, folders of tools left out."""
        if not os.path.isdir(self.root):
            return ()
        found = []
        for path, _, is_below_excluded in _walk(self.root, []):
            name = path.rpartition("/")[2]
            if is_secret_file(name) and _NEVER_CODE.isdisjoint(path.split("/")[:-1]):
                absolute = os.path.join(self.root, *path.split("/"))
                if not name.lower().endswith(".pem") or self._is_private(absolute):
                    found.append(SecretFile(absolute, is_below_excluded or _is_excluded(path)))
        return tuple(sorted(found))

    def taken_by_npm(self, path: str) -> bool:
        """Whether `npm pack`, by which `sam build` copies a Node.js function with a `package.json`, takes a file of the root;
        False also where "files" lists what it takes. Without a `package.json` the folder is copied."""
        manifest = os.path.join(self.root, "package.json")
        file = self.read(manifest) if os.path.isfile(manifest) else None
        if file is None or '"files"' in file.text:
            return file is None
        ignores = (os.path.join(self.root, name) for name in (".npmignore", ".gitignore"))
        ignore = next((found for each in ignores if os.path.isfile(each) and (found := self.read(each))), None)
        shown = os.path.relpath(path, self.root).replace(os.sep, "/")
        return ignore is None or not parse(ignore.text.splitlines()).covers(shown)

    def _is_private(self, path: str) -> bool:
        """Whether a PEM file holds a private key; most hold certificates, whatever they are called."""
        file = self.read(path)
        return file is not None and "PRIVATE KEY-----" in file.text

    @cached_property
    def _contents(self) -> _Contents:
        if os.path.isdir(self.folder):
            notes: list[str] = []
            listed = [
                PackageFile(path, size)
                for path, size, is_below_excluded in _walk(self.folder, notes)
                if self.built is not None or not (is_below_excluded or _is_excluded(path))
            ]
            return _Contents(tuple(sorted(listed)), tuple(notes))
        if self.is_archive:
            return _archive(self.root)
        try:
            status = os.stat(self.root)
        except OSError as error:
            return _Contents((), (error.strerror or "it cannot be read",))
        if not stat.S_ISREG(status.st_mode):
            return _Contents((), ("it is not a regular file",))
        return _Contents((PackageFile(os.path.basename(self.root), status.st_size),), ())

    def _declared(self, path: str) -> Iterator[Dependency]:
        if path.endswith("requirements.txt"):
            yield from manifests.requirements(path, self.read, self.root)
            return
        file = self.read(path)
        if file is not None:
            extract = {
                "pyproject.toml": manifests.pyproject,
                "Pipfile.lock": manifests.pipfile_lock,
                "package.json": manifests.package_json,
            }[os.path.basename(path)]
            yield from self._parsed(file, lambda manifest: tuple(extract(manifest))) or ()

    def _parsed(self, file: SourceFile, parse: Callable[[SourceFile], _T]) -> _T | None:
        try:
            return parse(file)
        except ParseError as error:
            self.tell(error)
            return None

    def _locks(self) -> Iterator[SourceFile]:
        for name in LOCKS:
            path = os.path.join(self.root, name)
            file = self.read(path) if os.path.isfile(path) else None
            if file is not None:
                yield file


def _is_excluded(path: str, *, is_folder: bool = False) -> bool:
    """Whether `sam build` leaves a file or folder behind, whatever it does with the folders above."""
    return bool(_EXCLUDED.decide(path, is_folder))


def _walk(root: str, notes: list[str]) -> Iterator[tuple[str, int, bool]]:
    """The files below a folder: path with `/`, size, and whether `sam build` leaves behind a folder that they lie in, which
    is asked once for each folder. What is left out is told in `notes`."""
    count = 0
    real_root = os.path.realpath(root).rstrip(os.sep) + os.sep
    stack = [("", root, False)]
    while stack:
        prefix, folder, is_excluded = stack.pop()
        try:
            with os.scandir(folder) as scan:
                entries = list(scan)
        except OSError as error:
            notes.append(f"{prefix or '.'}: {error.strerror or 'it cannot be read'}")
            continue
        for entry in entries:
            count += 1
            if count > FILE_LIMIT:
                notes.append(f"more than {FILE_LIMIT:,} files: the rest is not counted")
                return
            try:
                if entry.is_dir(follow_symlinks=False):
                    path = prefix + entry.name
                    stack.append((f"{path}/", entry.path, is_excluded or _is_excluded(path, is_folder=True)))
                # That it is a file comes first: it refuses a long chain of links, which `realpath` cannot follow.
                elif entry.is_file() and (not entry.is_symlink() or os.path.realpath(entry.path).startswith(real_root)):
                    yield prefix + entry.name, entry.stat().st_size, is_excluded
            except OSError as error:
                notes.append(f"{prefix}{entry.name}: {error.strerror or 'it cannot be read'}")


_END_OF_DIRECTORY = b"PK\x05\x06"


def _archive(path: str) -> _Contents:
    """The files of an archive with their unpacked sizes, by its table of contents; nothing is unpacked."""
    import struct
    import zipfile  # costs 10 ms, and few functions are archives

    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return _Contents((), ("it is not a regular file",))
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 66_000))
            tail = file.read()
            at = tail.rfind(_END_OF_DIRECTORY)
            if at < 0 or len(tail) < at + 16:
                return _Contents((), ("it is not an archive",))
            (directory,) = struct.unpack_from("<L", tail, at + 12)
            if directory > ZIP_DIRECTORY_LIMIT:  # also the mark of the 64-bit format
                return _Contents((), ("its table of contents is too large to read",))
            with zipfile.ZipFile(file) as archive:
                members = [
                    PackageFile(info.filename, info.file_size) for info in archive.infolist() if not info.is_dir()
                ]
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, struct.error) as error:
        return _Contents((), (f"it cannot be read as an archive: {type(error).__name__}",))
    return _Contents(tuple(sorted(members)), ())
