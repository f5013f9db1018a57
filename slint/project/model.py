"""The linked project: the model that rules ask. See docs/model.md for a tour.

Everything here is read-only and computed when first asked for; a rule that asks only for settings reads no code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from slint.code.facts import BlockKind, Call, Definition
from slint.diagnostic import Diagnostic, NotEvaluated
from slint.source import SourceFile, Span
from slint.templates.model import Resource, Source, Template
from slint.value import Items, Value

if TYPE_CHECKING:
    from slint.project.package import Package


class Phase(Enum):
    """When code runs: once for each execution environment, or on every invocation."""

    INIT = "init"
    INVOKE = "invoke"
