"""What is done with an object after a call made it: what it is given, and which of its methods are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slint.code.facts import Call
from slint.project import origins
from slint.project.evaluate import Evaluator
from slint.project.frames import Expr, Frame
from slint.project.origins import Origin
from slint.project.phase import Phase
from slint.project.reach import Reach
from slint.project.site import Site
from slint.record import NamedTuple
from slint.source import Span
from slint.value import Key, Ref, Value

_REQUESTS = frozenset(
    {"delete", "get", "head", "options", "patch", "post", "put", "request", "send", "stream", "urlopen"}
)


class Given(NamedTuple):
    """A place that gives something to an object: `path` is what is set, or the method that is called, below it; it is
    empty where the object is handed to code that is not here. `origins` are those of all that it is given, and of the
    conditions on which it is, `values` are the former as written.
    """

    path: tuple[Key, ...]
    span: Span
    is_call: bool
    values: tuple[Value, ...]
    origins: frozenset[Origin]

    @property
    def is_request(self) -> bool:
        """Whether a session of HTTP sends something: what that is given does not stay with the session."""
        return self.is_call and len(self.path) == 1 and self.path[0] in _REQUESTS


class _Use(NamedTuple):
    """What Given tells, with the values given and where they are evaluated."""

    path: tuple[Key, ...]
    span: Span
    is_call: bool
    values: tuple[Value, ...]
    block: int
    frame: Frame


class Uses:
    """What an invocation does with the objects that calls make, by the place of the call."""

    def __init__(self, evaluator: Evaluator, reach: Reach, sites: Iterable[Site]) -> None:
        self._evaluator = evaluator
        self._found: dict[Span, list[_Use]] = {}
        for site in sites:
            if site.phase is Phase.INVOKE:
                given = tuple(each.value for each in site.call.arguments)
                for made, path in self._owners(site.callees):
                    self._note(made, _Use(path, site.span, True, given, site.call.block, site.frame))
                for maker in site.built_around if len(given) > 1 and not site.callee_is_here else ():
                    self._note(maker.call, _Use((), site.span, True, given, site.call.block, site.frame))
        for frame, phase in reach.frames:
            for binding in frame.unit.bindings_of.get(frame.body, ()) if phase is Phase.INVOKE else ():
                target = binding.target
                if target.path and binding.value is not None:
                    owner = Expr(target.with_path(*target.path[:-1]), binding.block, frame)
                    for made, path in self._owners(evaluator.follow(owner)):
                        whole, given = (*path, target.path[-1]), (binding.value,)
                        self._note(made, _Use(whole, binding.span, False, given, binding.block, frame))

    def of(self, made: Site) -> Iterator[Given]:
        """The places that give something to what a call makes, or call one of its methods."""
        around = made.module.conditions[made.call.block]
        for path, span, is_call, values, block, frame in self._found.get(made.span, ()):
            exprs = [Expr(value, block, frame) for value in values]
            exprs += [Expr(*asked, frame) for asked in frame.unit.conditions[block] if asked not in around]
            yield Given(path, span, is_call, values, origins.of_all(self._evaluator, exprs))

    def _owners(self, found: Iterable[Expr]) -> Iterator[tuple[Call, tuple[Key, ...]]]:
        for each in found:
            root = self._evaluator.root_call(each)
            if root is not None and isinstance(each.value, Ref):
                yield root[0], each.value.path

    def _note(self, made: Call, use: _Use) -> None:
        self._found.setdefault(made.span, []).append(use)
