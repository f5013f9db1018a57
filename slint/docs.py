"""Pages of rules, made of the rules themselves: Markdown for `docs/rules/`, plain text for `slint explain`.

`python -m slint.docs --write` writes the pages of the built-in rules, `--check` fails when they are not up to date;
`--package` and `--folder` do the same for another package of rules.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import get_type_hints

from slint.engine.own_rules import OWN_RULES
from slint.engine.plugins import in_words, rules_of
from slint.rule import Example, Rule
from slint.testing import example_text

_LANGUAGES = {
    ".py": "python",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".toml": "toml",
    ".js": "js",
    ".ts": "ts",
}


def markdown_page(rule: type[Rule]) -> str:
    """A rule's page."""
    parts = [f"# {rule.name}", f"{rule.summary}.", f"*{_standing(rule)}*", cleandoc(rule.__doc__ or "")]
    for number, example in enumerate(rule.examples, start=1):
        parts.append("## Example" if len(rule.examples) == 1 else f"## Example {number}")
        if example.note:
            parts.append(example.note)
        for title, files in _sides(example):
            parts.append(f"{title}:")
            for path, text in files.items():
                fence = f"```{_LANGUAGES.get(Path(path).suffix, '')}"
                parts.append(f"`{path}`\n\n{fence}\n{example_text(text).rstrip()}\n```")
    options = list(_options(rule))
    if options:
        parts.append(f"## Options\n\nIn the table `rules.{rule.name}` of the configuration.")
        parts.append("\n".join(f"- `{key}`: {kind}; default {default}" for key, kind, default in options))
    if rule.references:
        parts.append("## References")
        parts.append("\n".join(f"- <{reference}>" for reference in rule.references))
    return "\n\n".join(parts) + "\n"


def terminal_page(rule: type[Rule]) -> str:
    """A rule's page for a terminal."""
    parts = [f"{rule.name}: {rule.summary}", _standing(rule), cleandoc(rule.__doc__ or "")]
    for example in rule.examples:
        if example.note:
            parts.append(example.note)
        for title, files in _sides(example):
            for path, text in files.items():
                body = "\n".join(f"    {line}".rstrip() for line in example_text(text).rstrip().splitlines())
                parts.append(f"{title}: {path}\n\n{body}")
    options = [f"    {key}: {kind}; default {default}" for key, kind, default in _options(rule)]
    if options:
        parts.append(f"Options, in the table rules.{rule.name} of the configuration:\n" + "\n".join(options))
    if rule.references:
        parts.append("References:\n" + "\n".join(f"    {reference}" for reference in rule.references))
    return "\n\n".join(parts) + "\n"


def index_page(rules: Sequence[type[Rule]]) -> str:
    """The list of all rules, a table for each family."""
    families: dict[str, list[type[Rule]]] = {}
    for rule in rules:
        families.setdefault(_family(rule), []).append(rule)
    parts = ["# Rules"]
    for family, members in sorted(families.items()):
        rows = [f"| [{each.name}]({each.name}.md) | {each.summary} | {_standing(each)} |" for each in members]
        parts.append(f"## {family}\n\n| Rule | Reports | Severity |\n| --- | --- | --- |\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def pages(rules: Sequence[type[Rule]]) -> dict[str, str]:
    """Every page by its file name."""
    ordered = sorted(rules, key=lambda rule: rule.name)
    return {"README.md": index_page(ordered), **{f"{rule.name}.md": markdown_page(rule) for rule in ordered}}


def _standing(rule: type[Rule]) -> str:
    return f"{rule.severity}{', strict profile only' if rule.strict else ''}"


def _family(rule: type[Rule]) -> str:
    """The folder of the rule's file, in words; slint's own findings are one family."""
    folders = rule.__module__.split(".")[1:-1]
    return "About the files" if rule in OWN_RULES else " ".join(folders).replace("_", " ").capitalize() or "Other"


def _sides(example: Example) -> Iterator[tuple[str, Mapping[str, str]]]:
    for title, files in (("Reported", example.bad), ("Not reported", example.good)):
        if files:
            yield title, files


def _options(rule: type[Rule]) -> Iterator[tuple[str, str, str]]:
    """Key, type and default of each option, in words."""
    hints = get_type_hints(rule.Options)
    for name, default in rule.Options._field_defaults.items():
        yield name.replace("_", "-"), in_words(hints[name]), _as_toml(default)


def _as_toml(value: object) -> str:
    import json

    items = sorted(value) if isinstance(value, (set, frozenset)) else list(value) if isinstance(value, tuple) else value
    return f"`{json.dumps(items, ensure_ascii=False)}`"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the pages; 1 when a check finds a difference."""
    from argparse import ArgumentParser

    parser = ArgumentParser(prog="python -m slint.docs")
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true", help="write the pages, and remove those of rules that are gone")
    action.add_argument("--check", action="store_true", help="fail when a page differs")
    parser.add_argument("--package", default="slint_rules")
    parser.add_argument("--folder", type=Path, default=Path("docs/rules"))
    given = parser.parse_args(arguments)
    rules = [*rules_of(given.package, given.package), *(OWN_RULES if given.package == "slint_rules" else ())]
    wanted = pages(rules)
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted(given.folder.glob("*.md"))}
    changed = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if given.write:
        given.folder.mkdir(parents=True, exist_ok=True)
        for name in changed:
            if name in wanted:
                (given.folder / name).write_text(wanted[name], encoding="utf-8")
            else:
                (given.folder / name).unlink()
        return 0
    for name in changed:
        sys.stderr.write(f"{given.folder / name}: not up to date: run `python -m slint.docs --write`\n")
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main())
