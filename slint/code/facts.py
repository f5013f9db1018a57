"""The facts of one code file, in terms that every language shares.

A front end turns the bytes of a file into a Module: plain data, names as written, nothing resolved.
Every expression of the file lies in exactly one fact. Facts refer to each other by their index in the module's
tuples: `block` is an index into `blocks`, `Ref(CALL, i)` into `calls`, `Ref(BLOCK, i)` into `blocks`.
"""

from __future__ import annotations

from slint.enumeration import Enum
from slint.record import NamedTuple
from slint.source import SourceFile, Span
from slint.value import Ref, Value

COMPUTED_VARIABLE = "computed environment variable"
"""Why a value is unknown that is read from an environment variable whose name the code makes."""


class BlockKind(Enum):
    """What a block is. The body of a TRY is the TRY block itself; its CATCH and FINALLY blocks are children of it.

    A BRANCH holds only ARM children, one for each way (`if`, `elif`, `else`, each `case`). The right side of
    `a or b`, `a and b` and both sides of a conditional expression are ARMs of a BRANCH too, so that a guard is
    found in one way. A comprehension is a LOOP.
    """

    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    LOOP = "loop"
    BRANCH = "branch"
    ARM = "arm"
    TRY = "try"
    CATCH = "catch"
    FINALLY = "finally"
    HELD = "held"


class Block(NamedTuple):
    """A scope or a piece of control flow; `blocks[0]` is the module.

    `subject` is the loop's iterable or condition, the branch's matched value, the arm's condition (an `else` has
    `Operation('not', …)` of the ones before; a case has `Operation('==', (subject, pattern))`), the caught types
    (Items; None catches all), the held resource. `parent` is -1 for the module.
    """

    kind: BlockKind
    parent: int
    subject: Value | None
    span: Span


class Parameter(NamedTuple):
    """A parameter of a function; `kind` is positional, keyword (only by name), rest (`*args`) or options (`**kwargs`)."""

    name: str
    kind: str
    default: Value | None
    span: Span


class Definition(NamedTuple):
    """A function or class. `body` is its block; its decorators, bases and defaults are evaluated in `block`.

    `parameters` leave out the object of a method (`self`, `cls`): references to it are `Ref(INSTANCE)`, or
    `Ref(BLOCK)` of the class for a class method. `binding` is how a method binds: "instance", "class", "static";
    "" for what is no method. `scope` is the block that owns its name, -1 when the name is bound in none (a function
    expression that is a member of something). A lambda has the name "".
    `exported_as` is the name under which another file imports it, None when it is not exported.
    """

    name: str
    body: int
    block: int
    scope: int
    parameters: tuple[Parameter, ...]
    decorators: tuple[Value, ...]
    bases: tuple[Value, ...]
    is_class: bool
    is_async: bool
    is_generator: bool
    binding: str
    exported_as: str | None
    span: Span  # of the name
    whole: Span  # from its first decorator to its end


class Use(Enum):
    """What becomes of a call's result."""

    DROPPED = "dropped"
    BOUND = "bound"
    RETURNED = "returned"
    PASSED = "passed"  # an argument of another call: `Call.used_by`
    PART = "part"  # a part of a larger expression


class Argument(NamedTuple):
    """An argument; `name` is its keyword, "*" or "**" for a spread, None when positional."""

    name: str | None
    value: Value


class Call(NamedTuple):
    """A call or construction. `callee` is what is called; `span` covers the whole expression.

    `used_by` is the index of the call that receives the result, for Use.PASSED.
    """

    callee: Value
    arguments: tuple[Argument, ...]
    use: Use
    used_by: int | None
    awaited: bool
    block: int
    span: Span

    def argument(self, name: str | None, position: int | None = None) -> Value | None:
        """The argument with this keyword, else the one at this position; None when neither is written.

        A spread before the position makes it unknowable: None too, see `has_spread`.
        """
        return argument_of(self.arguments, name, position)

    @property
    def has_spread(self) -> bool:
        """Whether arguments are passed that are not written out (`*args`, `**kwargs`)."""
        return has_spread(self.arguments)


def argument_of(arguments: tuple[Argument, ...], name: str | None, position: int | None = None) -> Value | None:
    """The argument with this keyword, else the one at this position, as `Call.argument` gives it."""
    for argument in arguments:
        if name is not None and argument.name == name:
            return argument.value
    if position is not None:
        positional = [argument for argument in arguments if argument.name in (None, "*")]
        if position < len(positional) and all(each.name is None for each in positional[: position + 1]):
            return positional[position].value
    return None


def has_spread(arguments: tuple[Argument, ...]) -> bool:
    """Whether arguments are not written out (`*args`, `**kwargs`)."""
    return any(argument.name in ("*", "**") for argument in arguments)


class Binding(NamedTuple):
    """A name or place gets a value. `target` is `Ref(NAME)` with the path below it (`self.x` is `Ref(INSTANCE, …, ('x',))`).

    `how`: "=" assignment, "+=" (value is the Operation), "or-else" (`||=`, `??=`), "held" (`with … as`), "loop",
    "catch", "delete", "declare" (without value). Unpacking gives one binding for each name, with a path into the
    value. `scope` is the block that owns the name bound, after `global`, `nonlocal` and block scoping.
    """

    target: Ref
    value: Value | None
    how: str
    block: int
    scope: int
    span: Span


class Import(NamedTuple):
    """`import module as alias` (name None) or `from module import name as alias`; name "*" imports all.

    `module` is as written, leading dots included; `local` is the name bound here ("" for a star).
    `style`: "import", "type-only" (never runs), "dynamic" (a call with a literal name), "require" (CommonJS),
    "re-export" (with the name "*": passes on all exports and binds nothing here).
    """

    module: str
    name: str | None
    local: str
    style: str
    block: int
    scope: int
    span: Span


class Exit(NamedTuple):
    """The end of a block: `kind` is return, raise, break, continue or yield. A lambda's body is a return."""

    kind: str
    value: Value | None
    block: int
    span: Span


class Loose(NamedTuple):
    """An expression that stands in no other fact, such as an assert's condition."""

    value: Value
    block: int


class Module(NamedTuple):
    """One code file as facts. `errors` are spans that could not be parsed; the rest stays. With `is_too_large`, nothing of
    it is read, and that is its whole text."""

    file: SourceFile
    language: str
    blocks: tuple[Block, ...]
    definitions: tuple[Definition, ...]
    calls: tuple[Call, ...]
    bindings: tuple[Binding, ...]
    imports: tuple[Import, ...]
    exits: tuple[Exit, ...]
    loose: tuple[Loose, ...]
    errors: tuple[Span, ...]
    is_too_large: bool = False

    def enclosing(self, block: int) -> list[int]:
        """The indexes of the blocks around a place, from `block` itself outward to the module."""
        chain = []
        while block >= 0:
            chain.append(block)
            block = self.blocks[block].parent
        return chain
