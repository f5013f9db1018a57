"""What is particular to functions that run on Node.js: what the rules here share."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Function, Phase, Site, Span, knowledge, values

SETTING = "callbackWaitsForEmptyEventLoop"
"""What the context is told for an answer at once."""
_CALLBACK = 2  # the position of the callback among the parameters of a handler
_BUILDERS = ("esbuild", "makefile")


def version(function: Function) -> int | None:
    """The major version of the Node.js runtime; None for another runtime, or one that the files do not tell."""
    name = function.runtime.string or ""
    version = knowledge.runtimes.version_of(name) if knowledge.runtimes.family_of(name) == "nodejs" else ()
    return version[0] if version else None


def is_node(function: Function) -> bool:
    """Whether the code of a function was found and runs on Node.js."""
    return function.handler is not None and function.family == "nodejs"


def is_bundled(function: Function) -> bool:
    """Whether a build makes other files of the code before it is deployed, so that they say little of themselves."""
    handler = function.handler
    method = function.described.function.build_method if function.described is not None else None
    return method in _BUILDERS or handler is None or not handler.unit.path.endswith((".js", ".mjs", ".cjs"))


def callback(function: Function) -> str | None:
    """The name of the callback that the handler is given and uses; None when it is not of the callback kind."""
    handler = function.handler
    definition = handler.definition if handler is not None else None
    if handler is None or definition is None or not is_node(function):
        return None
    home, parameters = handler.home, handler.parameters
    if len(parameters) <= _CALLBACK or any(each.kind != "positional" for each in parameters[: _CALLBACK + 1]):
        return None
    name = parameters[_CALLBACK].name
    used = any(
        ref.kind is values.RefKind.NAME and ref.name == name and definition.body in home.module.enclosing(block)
        for value, block in home.values()
        for ref in value.references()
    )
    return name if used else None


def answers_at_once(function: Function) -> bool:
    """Whether the code says that an answer through a callback does not wait until nothing is left to do."""
    return any(
        binding.target.path[-1:] == (SETTING,) for module in function.modules for binding in module.module.bindings
    ) or any(
        "doNotWaitForEmptyEventLoop" in name or "do-not-wait-for-empty" in name
        for site in function.sites
        for name in site.names
    )


def evidence(function: Function, site: Site) -> tuple[tuple[Span, str], ...]:
    """The places that prove it: the way from the handler, then the template."""
    return (*site.path, *function.deployment)


def invoked(function: Function) -> Iterator[Site]:
    """The calls that an invocation runs."""
    return (site for site in function.sites if site.phase is Phase.INVOKE) if is_node(function) else iter(())
