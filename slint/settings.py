"""Every input of a run: the command line and the configuration file, as one frozen value.

The configuration is `slint.toml`, or the table `[tool.slint]` of `pyproject.toml`: the nearest one at or above the
first path, up to the top of its git repository. Its keys are those of `_KEYS` below and of `slint.schema.json`.
Rule names and rule options are checked by `slint.engine.plugins`, which knows the rules.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from slint.diagnostic import Severity
from slint.paths import Places, is_within, relative, upward
from slint.record import NamedTuple

PROFILES = ("default", "strict")
LEVELS: Mapping[str, Severity | None] = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "info": Severity.INFO,
    "never": None,
}


class SettingsError(Exception):
    """An input that cannot be used; the text is one line: what: where: what to do."""


class Settings(NamedTuple):
    """The inputs of a run. All paths are absolute.

    `root` is the folder whose project is loaded; `paths` narrow what is reported (empty: all of it); `cwd` is what shown
    paths are relative to; `base` is the folder that patterns are relative to: that of the configuration, else the root.
    `overlay` gives the text of files that are not to be read from the disk (an editor's unsaved buffer).
    `fail_on` None means that findings never fail the run. `jobs` is the greatest number of processes, 0 for as many as
    pay. `require_reason`: an ignore without a reason does not hold. `baseline` is the file of findings that are not
    reported, "" for none. `config` is the configuration file as shown in errors, "the command line" when there is none.
    """

    root: str
    cwd: str
    today: date
    base: str = ""
    config: str = "the command line"
    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    exclude: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = {}
    fail_on: Severity | None = Severity.WARNING
    profile: str = "default"
    options: Mapping[str, Mapping[str, object]] = {}
    jobs: int = 0
    overlay: Mapping[str, str] = {}
    use_ignores: bool = True
    require_reason: bool = False
    baseline: str = ""

    def shown(self, path: str) -> str:
        """An absolute path as users see it: relative to the working directory, with `/`."""
        return relative(os.path.normpath(path), self.cwd)

    def absolute(self, shown: str) -> str:
        """The inverse of `shown`."""
        return os.path.normpath(os.path.join(self.cwd, shown))

    def reported(self) -> Callable[[str], bool]:
        """What tells whether a shown path is one of the paths given, or below one."""
        if not self.paths:
            return lambda shown: True
        places = Places(self.paths)
        return lambda shown: places.hold(self.absolute(shown))

    def file_ignores(self, shown: str) -> Iterator[str]:
        """The names that `per-file-ignores` lists for a file."""
        if self.per_file_ignores:
            path = os.path.relpath(self.absolute(shown), self.base or self.root).replace(os.sep, "/")
            for pattern, names in self.per_file_ignores.items():
                if pattern_matches(pattern, path):
                    yield from names


def pattern_matches(pattern: str, path: str) -> bool:
    """Whether a pattern of the configuration covers a relative path.

    `*` and `?` stay within one path segment, `**` crosses them; a pattern without `/` matches a segment anywhere; a
    pattern that matches a folder covers all below it.
    """
    return bool(_pattern(pattern).match(path))


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    # Of several stars, all but the last take the least that lets what follows fit, and never try another way: more could
    # not help, and would take ages on a path that does not match.
    anchored = "/" in pattern.rstrip("/")
    first, *rest = re.split(r"((?:(?<![^/])\*\*/)+|\*\*)", pattern.strip("/").removeprefix("./"))
    body = _within_segments(first)
    for at in range(0, len(rest), 2):
        least = "(?:[^/]+/)*?" if rest[at].endswith("/") else ".*?"
        part = f"{least}{_within_segments(rest[at + 1])}"
        body += part if at == len(rest) - 2 else f"(?>{part})"
    return re.compile(f"{'' if anchored else '(?:.*/)?'}{body}(?:/.*)?\\Z", re.DOTALL)


def _within_segments(glob: str) -> str:
    """The regular expression of what stands between `**`."""
    first, *rest = (re.escape(part).replace(r"\?", "[^/]") for part in re.split(r"\*", glob))
    return "".join([first, *(f"(?>[^/]*?{part})" for part in rest[:-1]), *(f"[^/]*?{part}" for part in rest[-1:])])


def read(
    paths: Sequence[str],
    *,
    cwd: str,
    today: date,
    config: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    exclude: Sequence[str] = (),
    fail_on: str | None = None,
    profile: str | None = None,
    jobs: int = 0,
    stdin: tuple[str, str] | None = None,
    use_ignores: bool = True,
    changed: bool = False,
    baseline: str | None = None,
) -> Settings:
    """The settings of a run; what the command line says goes before what the file says, `ignore` and `exclude` add up.

    `fail_on` is a key of LEVELS and `profile` one of PROFILES. `changed` tells that `paths` are changed files:
    that one is gone is no error then. `stdin` is the name and the text of a file that is read
    from standard input. Raises SettingsError.
    """
    given = [os.path.abspath(os.path.join(cwd, path)) for path in paths]
    overlay = {}
    if stdin is not None:
        name = os.path.abspath(os.path.join(cwd, stdin[0]))
        overlay[name] = stdin[1]
        if os.path.isdir(name):
            raise SettingsError(f"not a file: {stdin[0] or '.'}: give --stdin-filename the name of a file")
        if name not in given:
            given.append(name)
    for path, written in zip(given, [*paths, *([stdin[0]] if stdin else [])], strict=False):
        if not changed and path not in overlay and not os.path.lexists(path):
            raise SettingsError(f"no such file or folder: {written}: check the path")
    given = given or [cwd]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in given]

    file = _given_config(cwd, config) if config is not None else _find_config(folders[0])
    values = _checked(file, _shown(file.path, cwd)) if file is not None else {}
    top = os.path.dirname(file.path) if file is not None else folders[0]
    if select:
        values["select"] = tuple(select)
    if profile:
        values["profile"] = profile
    if fail_on:
        values["fail_on"] = LEVELS[fail_on]
    for key, more in {"ignore": ignore, "exclude": exclude}.items():
        before = values.get(key, ())
        assert isinstance(before, tuple)
        values[key] = (*before, *more)

    known = baseline if baseline is not None else values.get("baseline")
    if known:
        values["baseline"] = os.path.abspath(os.path.join(cwd if baseline is not None else top, str(known)))
    root = _root(given, folders, cwd, None if file is None else top)
    return Settings(
        root=root,
        cwd=cwd,
        today=today,
        base=root if file is None else top,
        config=_shown(file.path, cwd) if file is not None else "the command line",
        paths=() if given == [root] else tuple(given),
        jobs=jobs,
        overlay=overlay,
        use_ignores=use_ignores,
        **values,  # type: ignore[arg-type]  # every key was checked against _KEYS
    )


def _root(given: Sequence[str], folders: Sequence[str], cwd: str, config_folder: str | None) -> str:
    """The folder to load: the one given; for files or several paths, the one that surely holds all they join with.

    That is the folder of the configuration when it holds them all, else the top of the git repository, else the
    working directory, else what they have in common.
    """
    if len(given) == 1 and given[0] == folders[0]:
        return given[0]
    shared = os.path.commonpath(folders)
    candidates = (config_folder, git_top(shared), cwd)
    for folder in candidates:
        if folder is not None and is_within(shared, folder):
            return folder
    return shared


def git_top(folder: str) -> str | None:
    """The top of the git repository that holds a folder, found without running git; None outside of any."""
    return next((above for above in upward(folder) if os.path.exists(os.path.join(above, ".git"))), None)


def _shown(path: str, cwd: str) -> str:
    return relative(path, cwd) if is_within(path, cwd) else path.replace(os.sep, "/")


# --- the configuration file ---

_LARGEST_FILE = 1_000_000  # bytes; more takes too long to parse


class _File(NamedTuple):
    path: str
    table: Mapping[str, object]


def _find_config(folder: str) -> _File | None:
    for above in upward(folder):
        for name in ("slint.toml", "pyproject.toml"):
            found = _open_config(os.path.join(above, name))
            if found is not None:
                return found
        if os.path.exists(os.path.join(above, ".git")):
            return None
    return None


def _given_config(cwd: str, config: str) -> _File:
    path = os.path.abspath(os.path.join(cwd, config))
    if not os.path.isfile(path):
        raise SettingsError(f"no such file: {config}: give --config a slint.toml or pyproject.toml")
    return _open_config(path) or _File(path, {})


def _open_config(path: str) -> _File | None:
    """The slint table of a file; None when there is no such file or, in pyproject.toml, no such table."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return None
        if not stat.S_ISREG(status.st_mode):  # a pipe or device might block or never end
            raise SettingsError(f"cannot read the configuration: {path}: it is not a regular file")
        with open(path, "rb") as opened:
            data = opened.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(f"cannot read the configuration: {path}: {error.strerror}") from None
    is_pyproject = os.path.basename(path) == "pyproject.toml"
    if is_pyproject and b"slint" not in data:
        return None
    if len(data) > _LARGEST_FILE:
        if is_pyproject and b"tool.slint" not in data:
            return None
        raise SettingsError(f"cannot read the configuration: {path}: it is larger than {_LARGEST_FILE:,} bytes")
    import tomllib  # most runs have no file to parse

    try:
        table: object = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        if is_pyproject and b"tool.slint" not in data:
            return None  # somebody else's file, and nothing in it is ours
        raise SettingsError(f"not valid TOML: {path}: {error}") from None
    for key in ("tool", "slint") if is_pyproject else ():
        table = table.get(key) if isinstance(table, dict) else None
        if table is None:
            return None
    if not isinstance(table, dict):
        raise SettingsError(f"expected a table: {path}: tool.slint")
    return _File(path, table)


_Reader = Callable[[object], object]


class _Wrong(Exception):
    """A value of the wrong type; the text says what is expected."""


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Wrong("a list of strings")
    return tuple(value)


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _Wrong("a table")
    return value


def _fail_on(value: object) -> Severity | None:
    return LEVELS[_one_of(tuple(LEVELS))(value)]


def _one_of(names: Sequence[str]) -> Callable[[object], str]:
    def read_name(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise _Wrong(f"one of {', '.join(names)}")
        return value

    return read_name


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true or false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("a string")
    return value


def _severity(value: object) -> Severity:
    level = LEVELS[_one_of(("error", "warning", "info"))(value)]
    assert level is not None
    return level


def _names_by_pattern(value: object) -> dict[str, tuple[str, ...]]:
    return {key: _names(item) for key, item in _table(value).items()}


def _severities(value: object) -> dict[str, Severity]:
    return {key: _severity(item) for key, item in _table(value).items()}


def _options(value: object) -> dict[str, dict[str, object]]:
    return {key: _table(item) for key, item in _table(value).items()}


_KEYS: Mapping[str, _Reader] = {
    "select": _names,
    "ignore": _names,
    "per-file-ignores": _names_by_pattern,
    "exclude": _names,
    "severity": _severities,
    "fail-on": _fail_on,
    "profile": _one_of(PROFILES),
    "require-reason": _truth,
    "baseline": _text,
    "rules": _options,
}
_FIELDS = {"rules": "options"}  # where the key is not the field's name


def _checked(file: _File, shown: str) -> dict[str, object]:
    prefix = "tool.slint." if os.path.basename(file.path) == "pyproject.toml" else ""
    values: dict[str, object] = {}
    for key, value in file.table.items():
        reader = _KEYS.get(key)
        if reader is None:
            raise SettingsError(f"unknown key: {shown}: {prefix}{key}{did_you_mean(key, _KEYS)}")
        try:
            values[_FIELDS.get(key, key.replace("-", "_"))] = reader(value)
        except _Wrong as wrong:
            raise SettingsError(f"wrong value: {shown}: {prefix}{key} must be {wrong}") from None
    return values


def did_you_mean(word: str, known: Mapping[str, object] | Sequence[str]) -> str:
    """`: did you mean X?` for the known word nearest to `word`, empty when none is near."""
    import difflib  # only when there is something to correct

    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f": did you mean {near[0]}?" if near else ""
