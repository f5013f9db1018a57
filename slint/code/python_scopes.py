"""Which scope owns a name of a Python file, and the few names whose meaning the front end must know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from slint.enumeration import Enum
from slint.record import NamedTuple
from slint.value import RefKind


class ScopeKind(Enum):
    """What opens a scope."""

    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    COMPREHENSION = "comprehension"


class Well(Enum):
    """A name that the file imports from `os` to read the environment."""

    OS = "os"
    ENVIRON = "environ"
    GETENV = "getenv"


class Receiver(NamedTuple):
    """The object of a method: INSTANCE of, or (for a class method) the BLOCK itself of the class with block `block`."""

    kind: RefKind
    block: int


Meaning = Well | Receiver | None  # None: an ordinary name, left to linking

# What `from os import NAME` gives.
WELLS: Final[Mapping[str, Well]] = {"environ": Well.ENVIRON, "getenv": Well.GETENV}


class Constant(NamedTuple):
    """The text that a module-level name is bound to, once and for all, from the offset `since` on."""

    text: str
    since: int


class Foresight(NamedTuple):
    """What a first reading found out too late to use: the reason for a second one.

    `meanings` are those of names by the start of their scope, `constants` the names that stand for one text.
    """

    meanings: Mapping[int, Mapping[str, Meaning]] = {}
    constants: Mapping[str, Constant] = {}

    def __bool__(self) -> bool:
        return bool(self.meanings or self.constants)


class Scope:
    """One scope while it is read. `start` is the offset of its text (-1 for the module), `block` its block.

    `bound` holds every name bound in it so far with its meaning, `declared` its global and nonlocal names.
    """

    __slots__ = ("block", "bound", "declared", "kind", "parent", "start", "yields")

    def __init__(self, kind: ScopeKind, block: int, start: int, parent: Scope | None) -> None:
        self.kind: Final = kind
        self.block: Final = block
        self.start: Final = start
        self.parent: Final = parent
        self.bound: Final[dict[str, Meaning]] = {}
        self.declared: Final[dict[str, str]] = {}
        self.yields = False

    def outward(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def meaning(self, name: str) -> Meaning:
        """What a name used in this scope means; a class's names are seen by its own body only."""
        for scope in self.outward():
            if scope.declared.get(name) == "global":
                return scope.module.bound.get(name)
            if name in scope.bound and (scope is self or scope.kind is not ScopeKind.CLASS):
                return scope.bound[name]
        return None

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        *_, outermost = self.outward()
        return outermost

    @property
    def around(self) -> Scope:
        """The scope that an assignment binds in: a comprehension binds only its own variables."""
        scope = self
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        return scope

    def owner(self, name: str) -> Scope | None:
        """The scope in which an assignment here binds the name; None for a nonlocal that nothing binds (yet)."""
        scope = self.around
        how = scope.declared.get(name)
        if how == "nonlocal":
            outer = scope.parent.outward() if scope.parent is not None else iter(())
            return next((each for each in outer if each.kind is ScopeKind.FUNCTION and name in each.bound), None)
        return scope if how is None else scope.module
