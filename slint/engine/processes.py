"""Processes that share the parts of a project: each takes the next part when it has examined one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Final, TypeAlias

from slint.clock import STOPPED, Clock
from slint.project.survey import Survey
from slint.record import NamedTuple
from slint.settings import Settings

if TYPE_CHECKING:
    from slint.engine.parts import Answer, Examiner, Part

_Message: TypeAlias = "tuple[Answer | Exception, Mapping[str, float], bool]"
"""What was found, the seconds of each phase, and whether it is the last message, because the process holds much."""

_FORKS: Final = sys.platform == "linux"
"""Whether a process is forked. That is fast, and safe without threads, which the libraries of other systems start."""


class _Task(NamedTuple):
    """What a process is told once: the project, and how it is examined."""

    settings: Settings
    survey: Survey
    is_timed: bool
    with_edits: bool
    with_templates: bool


class _Worker(NamedTuple):
    process: BaseProcess
    parts: Connection
    answers: Connection


class Processes:
    """Processes that examine as `examiner` does. They end with this one, however that ends."""

    def __init__(self, count: int, examiner: Examiner) -> None:
        self._clock = examiner.clock
        self._task = _Task(
            examiner.loader.settings,
            examiner.loader.survey,
            examiner.clock is not STOPPED,
            examiner.with_edits,
            examiner.with_templates,
        )
        self._workers = [self._start() for _ in range(count)]

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("fork") if _FORKS else multiprocessing.get_context("spawn")
        their_parts, parts = context.Pipe(duplex=False)
        answers, their_answers = context.Pipe(duplex=False)
        ours = (parts, answers)
        process = context.Process(target=_serve, args=(self._task, their_parts, their_answers, ours), daemon=True)
        process.start()
        # Only the worker may hold its ends: then either side is told when the other one is gone.
        their_parts.close()
        their_answers.close()
        return _Worker(process, parts, answers)

    def examine_all(self, parts: Iterable[Part]) -> Iterator[tuple[int, Answer]]:
        """The answers, each with the number of its part, in the order in which they are ready."""
        left = enumerate(parts)
        busy: dict[object, tuple[int, _Worker]] = {}
        for worker, (number, part) in zip(self._workers, left, strict=False):
            worker.parts.send(part)
            busy[worker.answers] = number, worker
        while busy:
            for connection in wait([worker.answers for _, worker in busy.values()]):
                number, worker = busy.pop(connection)
                answer, has_ended = self._answer(worker)
                if has_ended:
                    worker = self._renewed(worker)
                for following, part in islice(left, 1):
                    worker.parts.send(part)
                    busy[worker.answers] = following, worker
                yield number, answer

    def _renewed(self, worker: _Worker) -> _Worker:
        """A process in the place of one that has ended."""
        worker.parts.close()
        worker.answers.close()
        place = self._workers.index(worker)
        self._workers[place] = self._start()
        return self._workers[place]

    def _answer(self, worker: _Worker) -> tuple[Answer, bool]:
        try:
            message: _Message = worker.answers.recv()
        except EOFError:
            worker.process.join()
            raise ChildProcessError(f"a process of slint ended early ({worker.process.exitcode})") from None
        answer, seconds, has_ended = message
        for phase, spent in seconds.items():
            self._clock.seconds[phase] = self._clock.seconds.get(phase, 0.0) + spent
        if isinstance(answer, Exception):
            raise answer
        return answer, has_ended

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()


def _serve(task: _Task, parts: Connection, answers: Connection, others: Iterable[Connection]) -> None:
    """Examine parts until nobody sends one."""
    from slint.engine.parts import Examiner, spare_the_collector
    from slint.engine.plugins import all_rules, chosen_rules
    from slint.project.load import Loader

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for connection in others:
        connection.close()
    spare_the_collector()
    clock = Clock() if task.is_timed else STOPPED
    try:
        rules = chosen_rules(task.settings, all_rules())
        loader = Loader(task.settings, clock, task.survey)
        examiner = Examiner(loader, rules, clock, with_edits=task.with_edits, with_templates=task.with_templates)
        while True:
            part = parts.recv()
            try:
                answer: Answer | Exception = examiner.examine(part)
            except Exception as error:
                answer = error
            # What it holds is gone at once with the process; to take it apart piece by piece takes a quarter of the time.
            is_last = _FORKS and loader.files.are_many
            answers.send((answer, dict(clock.seconds), is_last))
            if is_last:
                os._exit(0)
            clock.seconds.clear()
    except (EOFError, OSError):
        os._exit(0)  # there is nobody any more to work for
