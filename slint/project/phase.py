"""When code runs."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """INIT: once for each execution environment. INVOKE: on every invocation."""

    INIT = "init"
    INVOKE = "invoke"

    __hash__ = object.__hash__  # members are single; their names need not be hashed
