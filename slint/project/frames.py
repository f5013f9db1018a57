"""The places that evaluate: frames in which bodies run, and expressions in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from slint.code.facts import Argument, Call, Definition
from slint.project.unit import Unit
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Ref, RefKind, Value


class Frame:
    """A body that runs: of a function entered by `call` from `caller`, or of a module.

    `role` says what its parameters hold: "call" the call's arguments, "event" the event and the context,
    "passed" what somebody else passes (the function was handed to `call`), "" nothing known. `closure` is the frame
    of the function around it, `receiver` the object whose method it is. `entry` is the place that leads here. `bound`
    are the arguments that were given before, by `f.bind(object, …)`: they come first; `named` are those that were given
    before by name or in a spread, by `partial(f, client=s3)`. `handed` are the arguments that its parameters get, None
    when that is not known.
    """

    __slots__ = (
        "body",
        "bound",
        "call",
        "caller",
        "closure",
        "depth",
        "entry",
        "handed",
        "named",
        "receiver",
        "role",
        "unit",
    )

    def __init__(
        self,
        unit: Unit,
        body: int,
        role: str = "",
        call: Call | None = None,
        caller: Frame | None = None,
        closure: Frame | None = None,
        receiver: Expr | None = None,
        entry: Span | None = None,
        bound: tuple[Expr, ...] = (),
        named: tuple[Named, ...] = (),
        handed: Handed | None = None,
    ) -> None:
        self.unit: Final = unit
        self.body: Final = body
        self.role: Final = role
        self.call: Final = call
        self.caller: Final = caller
        self.closure: Final = closure
        self.receiver: Final = receiver
        self.entry: Final = entry
        self.depth: Final[int] = caller.depth + 1 if caller is not None else 0
        self.bound: Final = bound
        self.named: Final = named
        self.handed: Final = Handed(call.arguments) if role == "call" and call is not None else handed

    @property
    def definition(self) -> Definition | None:
        """The function that runs; None for a module."""
        return self.unit.definitions.get(self.body)

    def chain(self) -> Iterator[Frame]:
        """This frame and its callers, outward."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.caller

    def runs(self, unit: Unit, body: int) -> bool:
        """Whether a body is already running in this chain."""
        return any(frame.unit is unit and frame.body == body for frame in self.chain())


class Handed(NamedTuple):
    """The arguments that a function gets, evaluated where the call stands that enters it, or that it is handed to; before
    them come as many `elements`, one of each thing that the call goes through."""

    arguments: tuple[Argument, ...]
    elements: int = 0


class Expr(NamedTuple):
    """A value at the block that evaluates it, in a frame. A method carries the object it was taken from, a function the
    arguments that it was bound to."""

    value: Value
    block: int
    frame: Frame
    receiver: Expr | None = None
    bound: tuple[Expr, ...] = ()
    named: tuple[Named, ...] = ()

    def with_value(self, value: Value) -> Expr:
        """Another value evaluated at the same place."""
        return Expr(value, self.block, self.frame)


class Named(NamedTuple):
    """An argument that a function was bound to by name; `*` and `**` for what is spread."""

    name: str
    value: Expr


def definition_of(expr: Expr) -> Definition | None:
    """The function or class of this project that an expression is."""
    value = expr.value
    if isinstance(value, Ref) and value.kind is RefKind.BLOCK and not value.path:
        return expr.frame.unit.definitions.get(int(value.name))
    return None


def is_class(expr: Expr) -> bool:
    """Whether an expression is a class of this project."""
    definition = definition_of(expr)
    return definition is not None and definition.is_class


def is_function(expr: Expr) -> bool:
    """Whether an expression is a function of this project."""
    definition = definition_of(expr)
    return definition is not None and not definition.is_class


def is_bound_function(callee: Expr) -> bool:
    """Whether a call gives a function of this project with its object: `f.bind(object)`."""
    value = callee.value
    if not isinstance(value, Ref) or value.kind is not RefKind.BLOCK or value.path[-1:] != ("bind",):
        return False
    return len(value.path) == 1 and int(value.name) in callee.frame.unit.definitions


def ref_of(expr: Expr) -> Ref:
    """The reference that an expression is known to be."""
    assert isinstance(expr.value, Ref)
    return expr.value
