"""When code runs."""

from __future__ import annotations

from slint.enumeration import Enum


class Phase(Enum):
    """INIT: once for each execution environment. INVOKE: on every invocation."""

    INIT = "init"
    INVOKE = "invoke"
