"""What runs a function in a thread or a process of its own, and what threads may share.

As of 2026-11-22. Sources: the library reference of Python 3.14 (concurrent.futures, threading, multiprocessing, asyncio);
joblib.readthedocs.io, "Embarrassingly parallel for loops"; boto3 guide, "Clients", "Resources" and "Session" (clients are
thread-safe, resources and sessions are not: one for each thread); the READMEs of openai-python and anthropic-sdk-python;
redis.readthedocs.io, "Thread safety"; pymongo.readthedocs.io, "Is PyMongo thread-safe?";
docs.sqlalchemy.org, "Working with Engines and Connections".
"""

from __future__ import annotations

from typing import Final

from slint.enumeration import Enum

AS_OF: Final = "2026-11-22"


class Worker(Enum):
    """Where a function runs that was handed on."""

    THREAD = "thread"
    PROCESS = "process"


_RUNNERS: Final = {
    "_thread": Worker.THREAD,
    "anyio.to_thread": Worker.THREAD,
    "asgiref.sync.sync_to_async": Worker.THREAD,
    "asyncio.to_thread": Worker.THREAD,
    "billiard": Worker.PROCESS,
    "concurrent.futures.ProcessPoolExecutor": Worker.PROCESS,
    "concurrent.futures.ThreadPoolExecutor": Worker.THREAD,
    "concurrent.futures.process.ProcessPoolExecutor": Worker.PROCESS,
    "concurrent.futures.thread.ThreadPoolExecutor": Worker.THREAD,
    "joblib": Worker.PROCESS,
    "multiprocess": Worker.PROCESS,
    "multiprocessing": Worker.PROCESS,
    "multiprocessing.dummy": Worker.THREAD,
    "multiprocessing.pool.ThreadPool": Worker.THREAD,
    "threading": Worker.THREAD,
    "tqdm.contrib.concurrent.process_map": Worker.PROCESS,
    "tqdm.contrib.concurrent.thread_map": Worker.THREAD,
}
"""Modules, and names in them, whose functions, classes and methods run what they are handed."""

_METHODS: Final = frozenset(
    {"apply_async", "imap", "imap_unordered", "map", "map_async", "run_in_executor", "starmap", "submit"}
)
"""Methods of executors and pools: what has one and is not known may be one of them."""

THREAD_SAFE: Final = frozenset({"anthropic", "boto3", "botocore", "openai", "pymongo", "redis", "sqlalchemy"})
"""Libraries, as slint.knowledge.clients calls them, whose clients threads may share."""

_SESSIONS: Final = (
    "boto3.Session",
    "boto3.session.Session",
    "botocore.session.Session",
    "botocore.session.get_session",
)


def worker(dotted: str) -> Worker | None:
    """Where a call of `dotted` runs the functions that it is handed; None when it runs them here, or nobody knows."""
    name = dotted.replace("(", ".(")
    while name:
        if name in _RUNNERS:
            return _RUNNERS[name]
        name = name.rpartition(".")[0]
    return Worker.THREAD if dotted.endswith("().run_in_executor") else None


def may_be_worker(method: str) -> bool:
    """Whether a method of something that is not known may run in a thread what it is handed."""
    return method in _METHODS


def is_per_thread(dotted: str) -> bool:
    """Whether a call of `dotted` makes a session or a resource of boto3, of which each thread needs its own."""
    return dotted in _SESSIONS or (dotted.endswith(".resource") and dotted.startswith("boto3."))
