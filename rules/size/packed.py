"""How large what is deployed for a function is, where the files tell: what the rules here share."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Function, knowledge

_PACKED_AS_IT_IS = ("python", "nodejs", "ruby")
"""Families whose code folder is the package; the others compile it first."""


def unpacked_bytes(function: Function) -> int | None:
    """Bytes of the function's package with its local layers, unpacked; None when they are not known before a build.

    A lower bound: layers that are not here are not counted.
    """
    own = own_bytes(function)
    return None if own is None else own + sum(package.size for package in function.layer_packages)


def own_bytes(function: Function) -> int | None:
    """Bytes of the function's own package, unpacked; None when they are not known before a build."""
    package = function.package
    if package is None or not is_zip(function) or package.needs_build:
        return None
    runtime = function.runtime.string
    if package.is_archive or package.built is not None:
        return package.size
    if runtime is None or knowledge.runtimes.family_of(runtime) not in _PACKED_AS_IT_IS or function.is_built_elsewhere:
        return None
    return package.size


def is_zip(function: Function) -> bool:
    """Whether the function is certain to be no container image."""
    return function.template is not None and function.setting("PackageType").equals("Image") is False


def largest(function: Function) -> str:
    """The largest folders of a package, for a message."""
    package = function.package
    return ", ".join(_parts(package.top_directories(3))) if package is not None else ""


def _parts(folders: tuple[tuple[str, int], ...]) -> Iterator[str]:
    for name, size in folders:
        if size >= 1_000_000:
            yield f"{'files at the top' if name == '.' else f'`{name}/`'} {megabytes(size)}"


def megabytes(size: int) -> str:
    """A size for a message, in units of 10**6 bytes."""
    return f"{size / 1e6:,.0f} MB"
