"""Where the time of a run goes: a clock that is handed to the steps of a run, and costs nothing when nobody asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Clock:
    """Seconds by phase, in the order in which the phases began. Each moment counts for the innermost phase alone, so
    that the parts sum up: a file that a rule is the first to ask for counts as parsing."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._open: list[str] = []
        self._since = 0.0

    def timed(self, phase: str, work: Callable[_P, _R]) -> Callable[_P, _R]:
        """The same function; its time counts for the phase."""

        @wraps(work)
        def measured(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            self._tell()
            self._open.append(phase)
            self.seconds.setdefault(phase, 0.0)
            try:
                return work(*args, **kwargs)
            finally:
                self._tell()
                self._open.pop()

        return measured

    def _tell(self) -> None:
        now = perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


class Stopped(Clock):
    """The clock of a run whose time nobody asked for."""

    def timed(self, phase: str, work: Callable[_P, _R]) -> Callable[_P, _R]:
        """The function itself."""
        return work


STOPPED = Stopped()
