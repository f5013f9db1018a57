"""Regular expressions that are compiled when they are first used: a check uses few of them, and compiling all that its
modules name takes longer than a small template."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, which raises what it raises when the pattern is first used."""
    return cast("re.Pattern[AnyStr]", _Later(text, flags))


class _Later:
    """Becomes what it stands for: an attribute that it has been asked for is its own from then on."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)
        return value
