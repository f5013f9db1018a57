"""Finding the rules: every installed package that offers itself under the entry point `slint.rules`.

The built-in rules come this way too. A package is walked, and every Rule in it that has a name is one of its rules.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from functools import cache
from importlib import import_module
from types import ModuleType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from slint.diagnostic import Severity
from slint.engine.own_rules import INTERNAL_ERROR, OWN_RULES, is_of_other_tool
from slint.record import NamedTuple
from slint.rule import Rule
from slint.settings import Settings, SettingsError, did_you_mean

GROUP = "slint.rules"
ALL = "ALL"
DEFAULT = "DEFAULT"


class PluginError(SettingsError):
    """A rule package that cannot be used; the text is one line and names it."""


class EntryPoint(NamedTuple):
    """A package of rules and the distribution that offers it."""

    package: str
    distribution: str


def entry_points(path: Sequence[str] | None = None) -> list[EntryPoint]:
    """The rule packages installed in the folders of `path` (`sys.path`), sorted by name.

    Reads `*.dist-info/entry_points.txt` itself (packaging.python.org, "Entry points specification"):
    importlib.metadata takes 30 ms to import, more than all rules together.
    """
    found: dict[str, EntryPoint] = {}
    for folder in sys.path if path is None else path:
        try:
            names = [
                entry.name for entry in os.scandir(folder or ".") if entry.name.endswith((".dist-info", ".egg-info"))
            ]
        except OSError:
            continue  # a zip file, or gone
        for name in names:
            try:
                with open(os.path.join(folder, name, "entry_points.txt"), encoding="utf-8", errors="replace") as file:
                    text = file.read()
            except OSError:
                continue
            if GROUP in text:
                distribution = name.rpartition(".")[0].partition("-")[0]
                for package in _values(text):
                    found.setdefault(package, EntryPoint(package, distribution))
    return sorted(found.values())


def _values(text: str) -> Iterator[str]:
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and "=" in line and not line.startswith(("#", ";")):
            yield line.partition("=")[2].partition("[")[0].strip()


@cache
def all_rules() -> Mapping[str, type[Rule]]:
    """Every installed rule by name, in the order of the names. Raises PluginError."""
    rules: dict[str, type[Rule]] = {rule.name: rule for rule in OWN_RULES}
    for entry in entry_points():
        for rule in rules_of(entry.package, f"{entry.package} of {entry.distribution}"):
            if rule.name in rules:
                raise PluginError(
                    f"two rules are called {rule.name}: {rules[rule.name].__module__} and {rule.__module__}: "
                    f"rename or uninstall one"
                )
            rules[rule.name] = rule
    return dict(sorted(rules.items()))


def rules_of(package: str, shown: str) -> list[type[Rule]]:
    """The rules that a package defines, in the order of its modules. Raises PluginError, naming it as `shown`."""
    rules = []
    for module in _modules(package, shown):
        for rule in rules_in(module):
            flaw = flaw_of(rule)
            if flaw is not None:
                raise PluginError(f"rule package {shown}: {rule.__module__}.{rule.__qualname__}: {flaw}")
            rules.append(rule)
    return rules


def rules_in(module: ModuleType) -> Iterator[type[Rule]]:
    """The named rules that a module itself defines."""
    for value in list(vars(module).values()):
        is_own = isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__
        if is_own and hasattr(value, "name"):  # a base class that rules share has none
            yield value


def flaw_of(rule: type[Rule]) -> str | None:
    """What makes a class unfit as a rule, None when nothing does."""
    if not isinstance(rule.name, str) or not _is_kebab_case(rule.name) or rule.name == INTERNAL_ERROR:
        return f"name must be kebab-case, not {rule.name!r}"
    if not isinstance(getattr(rule, "summary", None), str):
        return "summary is missing"
    if not isinstance(getattr(rule, "severity", None), Severity):
        return "severity is missing"
    if not hasattr(rule.Options, "_field_defaults"):
        return "Options must be a NamedTuple"
    for option in rule.Options._fields:
        if option not in rule.Options._field_defaults:
            return f"option {option} has no default"
    if not any(rule.hooks()):
        return "overrides none of the check_ methods"
    return None


def _is_kebab_case(name: str) -> bool:
    return name.isascii() and name.islower() and name[0].isalpha() and all(word.isalnum() for word in name.split("-"))


def _modules(package: str, shown: str) -> Iterator[ModuleType]:
    """A package and all modules below it, sorted."""
    import pkgutil

    waiting = [package]
    while waiting:
        name = waiting.pop(0)
        try:
            with redirect_stdout(sys.stderr):  # what it prints is no part of the report
                module = import_module(name)
        except (Exception, SystemExit) as error:
            raise PluginError(
                f"rule package {shown} cannot be loaded: {name}: {type(error).__name__}: {_one_line(error)}"
            ) from error
        yield module
        if hasattr(module, "__path__"):
            waiting += sorted(f"{name}.{each.name}" for each in pkgutil.iter_modules(module.__path__))


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


# --- which rules run, and with which options ---


def chosen_rules(settings: Settings, rules: Mapping[str, type[Rule]]) -> list[Rule]:
    """The rules that the settings select, made with their options. Raises SettingsError for a name nobody knows."""
    _check_names(settings, rules)
    wanted: set[str] = set()
    for name in settings.select or (DEFAULT,):
        if name == ALL:
            wanted |= rules.keys()
        elif name == DEFAULT:
            wanted |= {rule.name for rule in rules.values() if settings.profile == "strict" or not rule.strict}
        else:
            wanted.add(name)
    wanted -= rules.keys() if ALL in settings.ignore else set(settings.ignore)
    return [_made(rule, settings) for name, rule in rules.items() if name in wanted]


def _check_names(settings: Settings, rules: Mapping[str, type[Rule]]) -> None:
    named = {
        "select": settings.select,
        "ignore": settings.ignore,
        "severity": tuple(settings.severity),
        "rules": tuple(settings.options),
        **{f'per-file-ignores."{pattern}"': names for pattern, names in settings.per_file_ignores.items()},
    }
    groups = {"select": (ALL, DEFAULT), "severity": (), "rules": ()}
    for key, names in named.items():
        for name in names:
            is_elsewhere = key not in ("select", "rules") and is_of_other_tool(name)
            if name not in rules and name not in groups.get(key, (ALL,)) and not is_elsewhere:
                hint = did_you_mean(name, rules) or ": `slint rules` lists them"
                raise SettingsError(f"no such rule: {settings.config}: {key}: {name}{hint}")


def _made(rule: type[Rule], settings: Settings) -> Rule:
    """The rule with its Options filled from its table in the configuration."""
    where = f"{settings.config}: rules.{rule.name}"
    given = settings.options.get(rule.name, {})
    known = {field.replace("_", "-"): field for field in rule.Options._fields}
    hints = get_type_hints(rule.Options) if given else {}
    values = {}
    for key, value in given.items():
        if key not in known:
            hint = did_you_mean(key, known) or (
                f": it has {', '.join(known)}" if known else ": the rule has no options"
            )
            raise SettingsError(f"unknown option: {where}.{key}{hint}")
        expected = hints[known[key]]
        try:
            values[known[key]] = fitted(value, expected)
        except TypeError:
            raise SettingsError(f"wrong value: {where}.{key} must be {in_words(expected)}") from None
    try:
        return rule(rule.Options(**values))
    except ValueError as error:
        raise SettingsError(f"wrong value: {where}: {_one_line(error)}") from None
    except Exception as error:
        raise PluginError(f"rule {rule.name} cannot be made: {type(error).__name__}: {_one_line(error)}") from error


def fitted(value: object, expected: Any) -> object:
    """`value` as the annotation `expected` wants it: lists become tuples, integers pass for floats. TypeError if it does not fit."""
    origin, inner = get_origin(expected), get_args(expected)
    if origin in (Union, UnionType):
        for choice in inner:
            try:
                return fitted(value, choice)
            except TypeError:
                continue
        raise TypeError
    if origin is Literal:
        if value in inner:
            return value
        raise TypeError
    if origin in (tuple, frozenset, list) and isinstance(value, (list, tuple)):
        return (list if origin is list else origin)(fitted(item, inner[0]) for item in value)
    if origin in (dict, Mapping) and isinstance(value, dict):
        return {key: fitted(item, inner[1]) for key, item in value.items()}
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if origin is None and isinstance(value, expected) and (expected is bool or not isinstance(value, bool)):
        return value
    raise TypeError


_WORDS = {bool: "true or false", int: "an integer", float: "a number", str: "a string", type(None): "nothing"}
_PLURALS = {bool: "booleans", int: "integers", float: "numbers", str: "strings"}


def in_words(expected: Any) -> str:
    """An annotation as a reader of the configuration knows it: "an integer", "a list of strings"."""
    origin, inner = get_origin(expected), get_args(expected)
    if origin in (Union, UnionType):
        return " or ".join(in_words(choice) for choice in inner if choice is not type(None))
    if origin is Literal:
        return f"one of {', '.join(map(str, inner))}"
    if origin in (tuple, frozenset, list):
        return f"a list of {_PLURALS.get(inner[0], 'values')}"
    if origin in (dict, Mapping):
        return "a table"
    return _WORDS.get(expected, str(expected))
