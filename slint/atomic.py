"""Writing a file wholly or not at all."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import mkstemp


def replace(path: str, data: bytes) -> None:
    """Make `data` the content of a file; one that is there keeps its mode and, where that is allowed, its owner.

    An interrupt waits until the file is whole. Raises OSError; what was there is then unchanged.
    """
    try:
        before = os.stat(path)
    except FileNotFoundError:
        before = None
    with _uninterrupted():
        handle, temporary = mkstemp(prefix=".slint-", dir=os.path.dirname(path))
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if before is None:
                os.umask(mask := os.umask(0o022))  # there is no other way to learn it
                os.chmod(temporary, 0o666 & ~mask)
            else:
                _keep_owner(temporary, before)
                os.chmod(temporary, stat.S_IMODE(before.st_mode))
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise


@contextmanager
def _uninterrupted() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _keep_owner(path: str, status: os.stat_result) -> None:
    made = os.stat(path)
    if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid) and hasattr(os, "chown"):
        try:
            os.chown(path, status.st_uid, status.st_gid)
        except PermissionError:
            return  # only the superuser may give a file away: it then belongs to who wrote it
