"""Facts that age, as tables with date and source; each module is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slint.knowledge import (
        calls,
        clients,
        cloud,
        environment,
        event_sources,
        language,
        limits,
        node_clients,
        node_packages,
        packages,
        platforms,
        runtimes,
        secret_places,
        secrets,
        workers,
        wrappers,
    )

__all__ = [
    "calls",
    "clients",
    "cloud",
    "environment",
    "event_sources",
    "language",
    "limits",
    "node_clients",
    "node_packages",
    "packages",
    "platforms",
    "runtimes",
    "secret_places",
    "secrets",
    "workers",
    "wrappers",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'slint.knowledge' has no attribute {name!r}")
    return import_module(f"slint.knowledge.{name}")
