"""What is done with an object after a call made it: what it is given, and which of its methods are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from slint.code.facts import Binding, Call
from slint.project import origins
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.origins import Origin
from slint.project.phase import Phase
from slint.project.reach import Reach
from slint.project.site import Site
from slint.source import Span
from slint.value import Key, Ref, Value

Conditions: TypeAlias = tuple[tuple[Value, int], ...]
"""Conditions, each with the block that asks."""

_REQUESTS = frozenset(
    {"delete", "get", "head", "options", "patch", "post", "put", "request", "send", "stream", "urlopen"}
)


class Given:
    """A place that gives something to an object: `path` is what is set, or the method that is called, below it; it is
    empty where the object is handed to code that is not here. `values` are what is given, as written, `keywords` the
    names of arguments among them. `around` are the conditions on which the object is made.
    """

    def __init__(
        self, evaluator: Evaluator, path: tuple[Key, ...], place: Call | Binding, frame: Frame, around: Conditions
    ) -> None:
        self._evaluator = evaluator
        self._place = place
        self._frame = frame
        self._around = around
        self.path: Final = path
        self.span: Final = place.span
        self.is_call: Final = isinstance(place, Call)
        self.keywords: Final = (
            frozenset(each.name for each in place.arguments) if isinstance(place, Call) else frozenset()
        )
        given = [each.value for each in place.arguments] if isinstance(place, Call) else [place.value]
        self.values: Final = tuple(value for value in given if value is not None)

    @property
    def is_request(self) -> bool:
        """Whether a session of HTTP sends something: what that is given does not stay with the session."""
        return self.is_call and len(self.path) == 1 and self.path[0] in _REQUESTS

    @cached_property
    def origins(self) -> frozenset[Origin]:
        """The origins of all that is given, and of the conditions on which it is."""
        block, frame = self._place.block, self._frame
        exprs = [Expr(value, block, frame) for value in self.values]
        exprs += [Expr(*asked, frame) for asked in frame.unit.conditions[block] if asked not in self._around]
        return origins.of_all(self._evaluator, exprs)


class Uses:
    """What an invocation does with the objects that calls make, by the place of the call."""

    def __init__(self, evaluator: Evaluator, reach: Reach, sites: Iterable[Site]) -> None:
        self._evaluator = evaluator
        self._found: dict[Span, list[Given]] = {}
        for site in sites:
            if site.phase is Phase.INVOKE:
                self._note(site.callees, site.call, site.frame)
                if len(site.call.arguments) > 1 and not site.callee_is_here:
                    for maker in site.built_around:
                        self._add((maker.call, maker.frame), (), site.call, site.frame)
        for frame, phase in reach.frames:
            for binding in frame.unit.bindings_of.get(frame.body, ()) if phase is Phase.INVOKE else ():
                *above, last = binding.target.path or (None,)
                if last is not None and binding.value is not None:
                    owner = Expr(binding.target.with_path(*above), binding.block, frame)
                    self._note(evaluator.follow(owner), binding, frame, last)

    def of(self, made: Site) -> Sequence[Given]:
        """The places that give something to what a call makes, or call one of its methods."""
        return self._found.get(made.span, ())

    def _note(self, found: Iterable[Expr], place: Call | Binding, frame: Frame, *below: Key) -> None:
        for each in found:
            root = self._evaluator.root_call(each)
            if root is not None and isinstance(each.value, Ref):
                self._add(root, (*each.value.path, *below), place, frame)

    def _add(self, made: tuple[Call, Frame], path: tuple[Key, ...], place: Call | Binding, frame: Frame) -> None:
        call, home = made
        given = Given(self._evaluator, path, place, frame, home.unit.conditions[call.block])
        self._found.setdefault(call.span, []).append(given)
