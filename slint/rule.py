"""What a rule is. A rule is one class in one file; everything about it is told there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from slint.diagnostic import Diagnostic, Fix, Related, Severity
from slint.record import NamedTuple
from slint.source import Span

if TYPE_CHECKING:
    from slint.project.model import Function, Project, Stack
    from slint.templates.model import Template


HOOKS = ("check_function", "check_template", "check_stack", "check_project")
"""The methods that a rule may override, in the order in which the engine calls them."""


class Placed(Protocol):
    """Whatever has a place: a site, an effect, a value, an entry, a resource, a source, a variable."""

    @property
    def span(self) -> Span:
        """Where it is written."""
        ...


class Example(NamedTuple):
    """A pair of small projects (path to text) that shows a rule; they run as tests and become its page.

    In `bad`, each line that must be reported carries the words `<- here` in a comment, and nothing else may be
    reported by the rule. In `good` the rule must be silent. Either may be left out: a good one alone shows
    tempting code that must not be flagged. `note` says what to look at; `options` are the rule's, as in slint.toml.
    Where findings of `bad` have a fix, making it must silence the rule there; with `fixed_is_good` the result must be
    `good`, text for text (comments with `<- here` apart).
    """

    bad: Mapping[str, str] = {}
    good: Mapping[str, str] = {}
    note: str = ""
    options: Mapping[str, object] = {}
    fixed_is_good: bool = False


class NoOptions(NamedTuple):
    """The options of a rule that has none."""


class Rule:
    """Base class of all rules; the docstring of the subclass is the rule's page, its first line says why it is bad.

    A subclass overrides one or more of the `check_` methods; which one it overrides says what it iterates over. All
    facts are pulled lazily: a rule that asks only for settings reads no code. A rule keeps no state between calls.
    """

    name: ClassVar[str]  # kebab-case, says the bad pattern, reads well after "allow"; the only id
    summary: ClassVar[str]  # one line, no full stop
    severity: ClassVar[Severity]
    strict: ClassVar[bool] = False  # True: only with `--profile strict` or when selected by name
    from_template: ClassVar[bool] = False  # True: a template alone is enough to report, code only adds to it
    tags: ClassVar[tuple[str, ...]] = ()  # "security" marks a security rule
    references: ClassVar[tuple[str, ...]] = ()  # vendor pages that exist, the best one first
    supersedes: ClassVar[tuple[str, ...]] = ()  # rules whose finding at the same place is dropped for this one's
    supports: ClassVar[tuple[str, ...]] = ()  # rules whose finding at the same place takes this one's evidence
    examples: ClassVar[tuple[Example, ...]] = ()
    Options: ClassVar[type[Any]] = NoOptions  # a NamedTuple; every field has a default, `_` becomes `-` in its key

    def __init__(self, options: object = None) -> None:
        """Make the rule with its Options (the defaults when None).

        A subclass may raise ValueError for a value that is out of range.
        """
        self.options: Any = self.Options() if options is None else options

    def check_function(self, function: Function) -> Iterable[Diagnostic]:
        """Findings about one deployed function."""
        raise NotImplementedError

    def check_template(self, template: Template) -> Iterable[Diagnostic]:
        """Findings about one template."""
        raise NotImplementedError

    def check_stack(self, stack: Stack) -> Iterable[Diagnostic]:
        """Findings that need several functions or templates of what is deployed together."""
        raise NotImplementedError

    def check_project(self, project: Project) -> Iterable[Diagnostic]:
        """Findings that need the whole project at once. It is then held in memory as a whole, and read by one process."""
        raise NotImplementedError

    def at(
        self,
        place: Placed | Span,
        message: str,
        *,
        functions: Iterable[Function] = (),
        resource: str | None = None,
        related: Iterable[tuple[Placed | Span, str]] = (),
        help: str | None = None,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Diagnostic:
        """A finding of this rule.

        `message` says in one sentence what is wrong here, with the evidence of both files; `help` says in one
        sentence what to do; `related` are the other places, in the order they are to be read; `fix` does it
        (`slint.fixes` makes some).
        """
        concerned = tuple(functions)
        return Diagnostic(
            rule=self.name,
            severity=self.severity if severity is None else severity,
            message=message,
            location=_span(place).location(),
            functions=tuple(sorted({function.id for function in concerned})),
            resource=resource,
            platform=concerned[0].platform if concerned else None,
            related=tuple(Related(_span(where).location(), text) for where, text in related),
            help=help,
            docs=self.references[0] if self.references else None,
            fix=fix,
        )

    @classmethod
    def hooks(cls) -> Iterator[str]:
        """The names of the `check_` methods that this rule overrides."""
        for hook in HOOKS:
            if getattr(cls, hook) is not getattr(Rule, hook):
                yield hook


def _span(place: Placed | Span) -> Span:
    return place if isinstance(place, Span) else place.span
