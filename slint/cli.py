"""The command line: the only module that prints, reads standard input or decides the exit code.

What a command needs is imported by the command, so that `slint --version` and a usage error cost no more than click.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import click

from slint import __version__

if TYPE_CHECKING:
    from slint.clock import Clock
    from slint.engine.run import Companion, Results
    from slint.report import RulePage
    from slint.rule import Rule
    from slint.settings import Settings

USAGE_ERROR = 2

_FORMATS = click.Choice(("text", "concise", "json", "github", "gitlab", "junit", "markdown", "sarif"))
_PATH = click.Path(exists=False)


class _Commands(click.Group):
    """The commands; a path in the place of a command gets the hint that people need."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if self.get_command(ctx, word) is None and not word.startswith("-"):
            if os.path.lexists(word):
                raise click.UsageError(f"{word} is a path, not a command: run `slint check {word}`", ctx)
            from slint.settings import did_you_mean

            hint = did_you_mean(word, list(self.commands)) or ": run `slint --help`"
            raise click.UsageError(f"no such command: {word}{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="slint", message="%(prog)s %(version)s")
def cli() -> None:
    """A linter for serverless projects: it joins each deployed function with the code it runs.

    It reads files only: nothing of the project is run or imported, and nothing is sent anywhere.
    """


def _names(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """An option that may be repeated, or hold several names with commas."""
    return tuple(name.strip() for each in given for name in each.split(",") if name.strip())


def _processes(ctx: click.Context, parameter: click.Parameter, given: str) -> int:
    if given == "auto":
        return 0
    if given.isdecimal() and int(given) > 0:
        return int(given)
    raise click.BadParameter(f"{given!r} is neither a number of processes nor `auto`", ctx, parameter)


@cli.command(short_help="Report the anti-patterns of a project.")
@click.argument("paths", nargs=-1, type=_PATH)
@click.option(
    "--select", multiple=True, metavar="RULE", callback=_names, help="Run these rules only; ALL for every one."
)
@click.option("--ignore", multiple=True, metavar="RULE", callback=_names, help="Leave these rules out.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Read no file that matches, as in .gitignore.")
@click.option("--profile", type=click.Choice(("default", "strict")), help="The rules to start from.")
@click.option("--config", type=_PATH, help="The configuration file, instead of the nearest one.")
@click.option(
    "--fail-on", type=click.Choice(("error", "warning", "info", "never")), help="What exits 1; default: warning."
)
@click.option("--output-format", type=_FORMATS, default="text", show_default=True, help="How findings are written.")
@click.option("--output-file", type=_PATH, help="Write the findings to a file.")
@click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True)
@click.option("--statistics", is_flag=True, help="Count the findings by rule, and what was not evaluated by reason.")
@click.option("--timings", is_flag=True, help="Tell where the time went.")
@click.option("-q", "--quiet", is_flag=True, help="Write findings only: no summary, no notices.")
@click.option("-v", "--verbose", is_flag=True, help="Tell each place that was not evaluated, and why.")
@click.option("--no-ignores", is_flag=True, help="Report also what ignore comments and metadata suppress.")
@click.option(
    "--changed", is_flag=True, help="PATHS are changed files: what is gone or part of no function is passed over."
)
@click.option("--stdin-filename", type=_PATH, help="Read the text of this file from standard input.")
@click.option("--fix", is_flag=True, help="Make the safe fixes, then report what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="Make the fixes that want a look, too.")
@click.option("--diff", is_flag=True, help="Print what fixing would change, and write nothing.")
@click.option("--baseline", type=_PATH, help="Leave out the findings in this file: see `slint baseline`.")
@click.option("--add-ignores", is_flag=True, help="Write an ignore comment for each finding.")
@click.option("--reason", metavar="TEXT", help="The reason that --add-ignores writes; `until 2027-01-31` ends it.")
@click.option(
    "--with",
    "companions",
    multiple=True,
    type=click.Choice(("cfn-lint",)),
    help="Run this tool too, and merge what it finds.",
)
@click.option("--jobs", default="auto", metavar="N|auto", callback=_processes, help="Use at most N processes.")
def check(paths: tuple[str, ...], **options: Any) -> int:
    """Report the anti-patterns of the projects at PATHS (default: the working directory).

    A folder is read as one project. Files narrow the report to what concerns them: their project is read around them.
    Exit code: 0 when nothing reaches --fail-on, 1 when something does, 2 when slint could not do its work.
    """
    from slint.engine.plugins import all_rules, chosen_rules

    settings = _settings(paths, options)
    known = all_rules()
    rules = chosen_rules(settings, known)
    companion = _companion(options["companions"])
    if options["changed"] and not paths:
        from slint.engine.run import Results

        _report(Results(diagnostics=(), sources={}), rules, settings, options)
        return 0

    from slint.engine import parts  # after the inputs: a wrong one is told without delay
    from slint.report import WITH_EDITS

    parts.spare_the_collector()
    progress = _Progress(sys.stderr.isatty() and not options["quiet"])
    if options["add_ignores"] and (options["fix"] or options["unsafe_fixes"]):
        raise click.UsageError("--add-ignores and --fix exclude each other: fix first, then ignore what is left")
    if options["reason"] and not options["add_ignores"]:
        raise click.UsageError("--reason goes with --add-ignores")
    if any(options[name] for name in ("fix", "diff", "unsafe_fixes", "add_ignores")):
        check_again = partial(_checked, rules=rules, known=known, companion=companion)
        return _fix(rules, settings, options, check_again)
    clock = _clock(options["timings"])
    results = parts.check(
        settings,
        rules,
        known,
        with_edits=options["output_format"] in WITH_EDITS,
        progress=progress,
        companion=companion,
        clock=clock,
    )
    progress.clear()
    clock.timed("report", _report)(results, rules, settings, options)
    if options["timings"]:
        from slint.report import closing

        _say(closing.timings(clock.seconds))
    return results.exit_code(settings.fail_on)


def _clock(is_wanted: bool) -> Clock:
    from slint.clock import STOPPED, Clock

    return Clock() if is_wanted else STOPPED


def _checked(
    settings: Settings, *, rules: Sequence[Rule], known: Collection[str], companion: Companion | None
) -> Results:
    import gc

    from slint.engine import parts

    gc.collect()  # the project of the round before
    return parts.check(settings, rules, known, with_edits=True, companion=companion)


def _companion(names: Sequence[str]) -> Companion | None:
    """The other tool that --with asks for, when it is installed."""
    if not names:
        return None
    from slint.engine import cfn_lint

    cfn_lint.check_installed()
    return cfn_lint.findings


def _fix(
    rules: Sequence[Rule], settings: Settings, options: dict[str, Any], check: Callable[[Settings], Results]
) -> int:
    """Make fixes and report the rest; with --diff print them instead, and exit with 1 when there are any."""
    from slint.engine import fixing
    from slint.report import closing, diff

    if options["add_ignores"]:
        from slint.engine.ignoring import ignores

        if settings.require_reason and not (options["reason"] or "").strip():
            raise click.UsageError("the settings require a reason: give one with --reason")
        choose = ignores(options["reason"] or "")
    else:
        choose = fixing.by_safety(options["unsafe_fixes"])
    outcome = fixing.fix(settings, check, choose)
    if options["diff"]:
        _write(diff.render(outcome.changes))
        failed: tuple[str, ...] = ()
    elif settings.overlay and outcome.changes:
        raise click.UsageError("standard input cannot be written: use --diff with --stdin-filename")
    else:
        failed = tuple(fixing.write(outcome.changes, settings))
        _report(outcome.results, rules, settings, options)
    if not options["quiet"]:
        _say(closing.fixes(outcome, is_diff=options["diff"], are_ignores=options["add_ignores"]))
    if failed:
        raise click.ClickException("; ".join(failed))
    if options["diff"]:
        return int(bool(outcome.changes))
    return outcome.results.exit_code(settings.fail_on)


def _settings(paths: Sequence[str], options: dict[str, Any]) -> Settings:
    from datetime import date

    from slint.settings import read

    name = options.get("stdin_filename")
    return read(
        paths,
        cwd=os.getcwd(),
        today=date.today(),
        stdin=(name, _standard_input()) if name is not None else None,
        use_ignores=not options.get("no_ignores"),
        **{key: value for key, value in options.items() if key in _SETTINGS},
    )


def _standard_input() -> str:
    from slint.project.discovery import SIZE_LIMIT, decode

    if sys.stdin is None:
        raise click.ClickException("standard input is closed")
    data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise click.ClickException(f"standard input is larger than {SIZE_LIMIT:,} bytes")
    text, _ = decode(data)
    return text if text is not None else data.decode("utf-8", "replace")


_SETTINGS = ("select", "ignore", "exclude", "profile", "config", "fail_on", "jobs", "changed", "baseline")


def _report(results: Results, rules: Sequence[Rule], settings: Settings, options: dict[str, Any]) -> None:
    from slint.report import Options, render

    target, name = options["output_file"], options["output_format"]
    asked = Options(
        color=target is None and _color(options["color"]),
        cwd=settings.cwd,
        root=settings.root,
        pages=_pages(rules) if name == "sarif" else (),
    )
    text = render(name, results, asked)
    if target is None:
        _write(text)
    else:
        _save(target, text)
    if options["quiet"] and not options["statistics"] and not options["verbose"]:
        return
    from slint.report import closing

    if options["statistics"]:
        _say(closing.statistics(results))
    if options["verbose"]:
        _say(closing.ledger(results))
    if options["quiet"] or (options["changed"] and not results.functions and not results.diagnostics):
        return
    if not results.functions and not results.templates and not results.diagnostics:
        _say(
            f"slint: no serverless project found in {settings.shown(settings.root)}: slint reads SAM and CloudFormation\n"
            + _told_of_ignored(settings)
        )
    else:
        _say(closing.summary(results))


def _told_of_ignored(settings: Settings) -> str:
    """A line about the code that git ignores, which is read when it is named; empty when there is none."""
    from slint.project.discovery import discover
    from slint.report.terminal import one_line

    found = discover(settings.root, settings.exclude, settings.paths or None, settings.base).ignored
    if not found:
        return ""
    what = "1 file of code is" if len(found) == 1 else f"{len(found):,} files of code are"
    shown = one_line(settings.shown(found[0]))
    return f"slint: {what} ignored by .gitignore: what is named is read, as by `slint check {shown}`\n"


def _pages(rules: Sequence[Rule]) -> list[RulePage]:
    from slint.docs import markdown_page
    from slint.report import RulePage

    return [RulePage(type(rule), markdown_page(type(rule))) for rule in rules]


def _color(wanted: str) -> bool:
    """Whether to colour: as wanted, else as NO_COLOR (no-color.org) or FORCE_COLOR say, else on a terminal."""
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


class _Progress:
    """A line on the terminal that tells how far a run is, when it takes more than a second."""

    def __init__(self, on: bool) -> None:
        from time import monotonic

        self._on, self._clock, self._due, self._is_shown = on, monotonic, monotonic() + 1, False

    def __call__(self, done: int, total: int) -> None:
        if self._on and self._clock() > self._due:
            self._due = self._clock() + 0.1
            self._is_shown = True
            _say(f"\r\x1b[2Kslint: {done} of {total}")

    def clear(self) -> None:
        if self._is_shown:
            _say("\r\x1b[2K")


@cli.group("baseline", short_help="Keep the findings that are known.")
def baseline_commands() -> None:
    """Keep the findings that a project has in a file, so that only new ones are reported.

    `slint check --baseline FILE`, or the key `baseline` of the configuration, leaves them out.
    """


def _baseline_options(command: Callable[..., int]) -> Callable[..., int]:
    for option in (
        click.option(
            "--file", "file", type=_PATH, help="The file; default: the configured one, else slint-baseline.json."
        ),
        click.option("--config", type=_PATH, help="The configuration file, instead of the nearest one."),
        click.option("--profile", type=click.Choice(("default", "strict")), help="The rules to start from."),
        click.option(
            "--with", "companions", multiple=True, type=click.Choice(("cfn-lint",)), help="Run this tool too."
        ),
        click.argument("paths", nargs=-1, type=_PATH),
    ):
        command = option(command)
    return command


@baseline_commands.command("write")
@_baseline_options
def write_baseline(paths: tuple[str, ...], file: str | None, **options: Any) -> int:
    """Write all findings of the projects at PATHS to the file."""
    from slint.engine import baseline

    target, results = _all_findings(paths, file, options)
    known = baseline.of(results.diagnostics, results.sources)
    _save(target, baseline.render(known))
    count = baseline.compare(results.diagnostics, results.sources, known).known
    _say(f"slint: {count} findings are in the baseline now: {target}\n")
    return 0


@baseline_commands.command("compare")
@_baseline_options
def compare_baseline(paths: tuple[str, ...], file: str | None, **options: Any) -> int:
    """List the findings that are not in the file, and count those in it that are gone. Exits 1 when there is a new one."""
    from slint.engine import baseline
    from slint.report import Options, render

    target, results = _all_findings(paths, file, options)
    comparison = baseline.compare(results.diagnostics, results.sources, baseline.read(target))
    _write(render("concise", results._replace(diagnostics=comparison.new), Options(color=_color("auto"))))
    gone = comparison.gone.total()
    hint = ": `slint baseline prune` takes them out" if gone else ""
    _say(f"slint: {len(comparison.new)} new, {comparison.known} known, {gone} gone{hint}\n")
    return int(bool(comparison.new))


@baseline_commands.command("prune")
@_baseline_options
def prune_baseline(paths: tuple[str, ...], file: str | None, **options: Any) -> int:
    """Take out of the file what is gone; nothing is added."""
    from slint.engine import baseline

    target, results = _all_findings(paths, file, options)
    known = baseline.read(target)
    comparison = baseline.compare(results.diagnostics, results.sources, known)
    left = baseline.pruned(known, comparison)
    if comparison.gone:
        _save(target, baseline.render(left))
    _say(f"slint: {comparison.gone.total()} gone, {left.total()} left in the baseline: {target}\n")
    return 0


def _all_findings(paths: tuple[str, ...], file: str | None, options: dict[str, Any]) -> tuple[str, Results]:
    """The file of the baseline and the findings of a run without it."""
    from slint.engine import parts
    from slint.engine.baseline import NAME
    from slint.engine.plugins import all_rules, chosen_rules

    settings = _settings(paths, options)
    companion = _companion(options["companions"])
    target = file if file is not None else settings.shown(settings.baseline) if settings.baseline else NAME
    settings = settings._replace(baseline="")
    known = all_rules()
    rules = chosen_rules(settings, known)
    return target, parts.check(settings, rules, known, companion=companion)


def _save(path: str, text: str) -> None:
    """Write a file wholly or not at all; what is no regular file, such as a pipe, is written to as it is."""
    from slint import atomic  # only when something is written

    data = text.encode("utf-8", "backslashreplace")
    try:
        with suppress(FileNotFoundError):
            os.stat(path)  # raises for a path that nobody can follow: links without end
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as special:
                special.write(data)
        else:
            atomic.replace(os.path.realpath(path), data)
    except OSError as error:
        raise click.ClickException(f"{error.strerror or error}: {path}") from None


@cli.command(short_help="Tell what a rule reports and why.")
@click.argument("rule")
def explain(rule: str) -> int:
    """Tell what RULE reports, why that is bad, and what to do instead."""
    from slint.docs import terminal_page
    from slint.engine.plugins import all_rules
    from slint.settings import SettingsError, did_you_mean

    rules = all_rules()
    if rule not in rules:
        raise SettingsError(f"no such rule: {rule}{did_you_mean(rule, rules) or ': `slint rules` lists them'}")
    _write(terminal_page(rules[rule]))
    return 0


@cli.command("rules", short_help="List all rules.")
@click.option("--output-format", type=click.Choice(("text", "json")), default="text", show_default=True)
def list_rules(output_format: str) -> int:
    """List the installed rules with severity, profile and summary."""
    from slint.engine.plugins import all_rules

    rules = [_described(rule) for rule in all_rules().values()]
    if output_format == "json":
        import json

        _write(json.dumps(rules, indent=2, ensure_ascii=False) + "\n")
        return 0
    width = max(len(str(rule["name"])) for rule in rules)
    for rule in rules:
        _write(f"{rule['name']!s:{width}}  {rule['severity']!s:7}  {rule['profile']!s:7}  {rule['summary']}\n")
    return 0


def _described(rule: type[Rule]) -> dict[str, object]:
    return {
        "name": rule.name,
        "severity": str(rule.severity),
        "profile": "strict" if rule.strict else "default",
        "summary": rule.summary,
        "tags": list(rule.tags),
        "references": list(rule.references),
    }


@cli.command("map", short_help="Show which file each function runs.")
@click.argument("paths", nargs=-1, type=_PATH)
@click.option("--output-format", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--config", type=_PATH, help="The configuration file, instead of the nearest one.")
def show_map(paths: tuple[str, ...], output_format: str, config: str | None) -> int:
    """Show each template's functions with the handler that each runs, or why none was found and what was tried."""
    from slint.project.load import load
    from slint.report.map import render_json, render_text

    settings = _settings(paths, {"config": config})
    project = load(settings)
    _write((render_json if output_format == "json" else render_text)(project))
    if not project.functions:
        _say(f"slint: no deployed function found in {settings.shown(settings.root)}\n")
    return 0


@cli.command(short_help="Start a rule: one file with a passing example.")
@click.argument("name")
@click.option("--dir", "folder", type=_PATH, default=".", show_default=True, help="The folder of the new file.")
def new_rule(name: str, folder: str) -> int:
    """Write the file of a rule called NAME; its example passes under `slint test-rules`."""
    from slint.scaffold import write_rule

    path = write_rule(name, folder)
    _write(f"{path}\n")
    _say(f"slint: written: run `slint test-rules {path}`\n")
    return 0


@cli.command(short_help="Run the examples of rules.")
@click.argument("target", required=False)
def test_rules(target: str | None) -> int:
    """Run the examples of the rules of TARGET: a file, a folder of rule files, or an importable package.

    Without TARGET, of all installed rules. The rule files are run, so name only what you trust. Exits 1 on a failure.
    """
    from slint.testing import check_examples, rules_at

    rules = rules_at(target)
    failed = 0
    for rule in rules:
        problems = check_examples(rule)
        failed += bool(problems)
        _write(f"{'failed' if problems else 'passed'}  {rule.name}\n" + "".join(f"  {line}\n" for line in problems))
    _say(f"slint: {len(rules) - failed} of {len(rules)} rules pass their examples\n")
    return 1 if failed or not rules else 0


@cli.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> int:
    """Print the script that completes slint's commands in SHELL: evaluate it in the shell's start-up file."""
    from click.shell_completion import get_completion_class

    completer = get_completion_class(shell)
    assert completer is not None
    _write(completer(cli, {}, "slint", "_SLINT_COMPLETE").source() + "\n")
    return 0


# --- output and the end of the process ---


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
    except OSError as error:
        _drop_stdout(error)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError as error:
        _drop_stdout(error)


def _drop_stdout(error: OSError) -> None:
    """The output cannot be written: send the rest nowhere. When nobody reads it any more, that is no failure."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        raise click.ClickException(f"the output cannot be written: {error.strerror or error}")


def _say(text: str) -> None:
    _flush()
    with suppress(OSError):  # the exit code still tells
        sys.stderr.write(text)
        sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit. No failure shows a traceback; SLINT_TRACEBACK=1 in the environment shows it."""
    # What the caller closed goes nowhere.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace", newline="\n")
    code = _run(arguments)
    try:
        _flush()
    except click.ClickException as error:
        code = _fail(error.format_message())
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = cli.main(arguments, prog_name="slint", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.UsageError as error:
        help_at = f"run `{error.ctx.command_path} --help`" if error.ctx is not None else "run `slint --help`"
        message = error.format_message().rstrip(".")
        return _fail(message if "run `" in message or "did you mean" in message.lower() else f"{message}: {help_at}")
    except click.ClickException as error:
        return _fail(error.format_message())
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    if os.environ.get("SLINT_TRACEBACK"):
        import traceback

        traceback.print_exc()
    from slint.settings import SettingsError

    if isinstance(error, SettingsError):
        return _fail(str(error))
    if isinstance(error, OSError) and error.strerror is not None:
        return _fail(f"{error.strerror}: {error.filename}" if error.filename is not None else error.strerror)
    return _fail(f"{type(error).__name__}: {error}: this is a defect of slint: SLINT_TRACEBACK=1 shows where")


def _fail(message: str) -> int:
    _say(f"slint: error: {' '.join(message.split())}\n")
    return USAGE_ERROR
