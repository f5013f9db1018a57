"""Handlers where no template speaks: recognised by a convention that is unmistakable, else not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from slint.code.facts import Binding, Call, Definition, Import, Parameter
from slint.knowledge.cloud import SDK_MODULES
from slint.knowledge.language import CALLED_OBJECTS
from slint.knowledge.wrappers import HANDLER_METHODS, Adapter, adapter
from slint.project.unit import Unit, call_of
from slint.regex import regex
from slint.value import Ref, RefKind, Value

_CANDIDATE = regex(
    r"^(?:async\s+)?def\s+(?:(?:\w*_)?(?:[hH]andler|main)|\w+Handler)\s*\(|^(?:async\s+)?def\s+\w+\(\s*_?(?:event|evt)\b"
    r"|^(?:lambda_)?handler\s*=|^\w+\s*=\s*(?:\w+\.)*Chalice\(|^class\s+\w+\((?:\w+\.)*Chalice\)",
    re.MULTILINE,
)
_EXACT = ("lambda_handler", "handler")
_OWN_HANDLERS = frozenset({"Chalice", "flask-lambda"})
"""Frameworks whose application object is called by Lambda itself."""

_MOST = 50
_NAMED = regex(r".*(_handler|Handler)$")
_EVENT = regex(r"_*(lambda_?)?(event|evt|ev|e|events?_?data|_event|input_event|event_in|raw_event)?_*", re.IGNORECASE)
_CONTEXT = regex(r"_*(lambda_?|ctx_?|aws_?)?(context|ctx|contxt|c|ctxt|_context|lambda_context)?_*", re.IGNORECASE)


def may_hold_handler(text: str) -> bool:
    """A quick look at a file's text: whether a definition in it could be a handler."""
    return _CANDIDATE.search(text) is not None


def handlers(unit: Unit) -> Iterator[Definition]:
    """The module-level functions that are handlers by convention: `handler`, `lambda_handler`, `…_handler`, `…Handler`
    or `main`, with two parameters that read like the event and the context, or decorated as one.

    Where none has such a name, those whose parameters are `event` and `context` to the letter, if the module uses the
    AWS SDK and does not mention them itself. Of several of one name, the last counts; a file with more than _MOST
    handlers is no function's.
    """
    every = (each for each in unit.module.definitions if each.scope == each.block == 0 and not each.is_class)
    functions = list({each.name: each for each in every}.values())
    found = list(_handlers(unit, functions))
    yield from found if len(found) <= _MOST else ()


def _handlers(unit: Unit, functions: list[Definition]) -> Iterator[Definition]:
    named = [each for each in functions if _is_handler(each) or _is_decorated_handler(unit, each)]
    if named or not _uses_aws(unit):
        yield from named
        return
    mentioned = {ref.name for value, _ in unit.values() for ref in value.references() if ref.kind is RefKind.NAME}
    for each in functions:
        names = [parameter.name.strip("_") for parameter in each.parameters]
        if names in (["event", "context"], ["event", "ctx"], ["event", ""]) and each.name not in mentioned:
            yield each


def bound_handlers(unit: Unit) -> Iterator[Binding]:
    """The module-level names that get a handler which is no `def`: an adapter around a web application, what a wrapper
    or a lambda gives, an object that is called.

    `lambda_handler` always is one; `handler` when it is made by an adapter, takes an event and a context, or wraps
    what does; any name that gets the application of a framework which is a handler itself.
    """
    for binding in unit.module.bindings:
        target, value = binding.target, binding.value
        is_name = target.kind is RefKind.NAME and not target.path and binding.block == binding.scope == 0
        if is_name and binding.how == "=" and value is not None and _is_bound_handler(unit, str(target.name), value):
            yield binding


def _is_bound_handler(unit: Unit, name: str, value: Value) -> bool:
    if not isinstance(value, Ref) or value.kind not in (RefKind.CALL, RefKind.BLOCK):
        return False
    call = call_of(unit, value) if value.kind is RefKind.CALL else None
    made = adapter_of(unit, call) if call is not None else None
    if made is not None and not value.path and not made.receives_application:
        return made.framework in _OWN_HANDLERS
    if name not in _EXACT:
        return False
    if name == _EXACT[0] or made is not None:
        return True
    parts = [value, *(argument.value for argument in call.arguments)] if call is not None else [value]
    return any(_takes_both(definition) for part in parts for definition in _functions(unit, part))


def adapter_of(unit: Unit, call: Call) -> Adapter | None:
    """The adapter that a call makes, itself or as an object of a class of its module that extends it."""
    made = adapter(_imported(unit, call.callee))
    bases = (base for klass in _functions(unit, call.callee) if klass.is_class for base in klass.bases)
    return made or next(filter(None, (adapter(_imported(unit, base)) for base in bases)), None)


def _functions(unit: Unit, value: Value) -> Iterator[Definition]:
    """The functions of the module that a value is, or that an object of its class runs when it is called."""
    if not isinstance(value, Ref) or value.path:
        return
    if value.kind is RefKind.BLOCK:
        yield unit.definitions[int(value.name)]
    elif value.kind is RefKind.NAME:
        found = unit.lookup(str(value.name), 0)
        yield from (each for each in found[1] if isinstance(each, Definition)) if found is not None else ()
    elif value.kind is RefKind.CALL:
        for klass in _functions(unit, call_of(unit, value).callee):
            members = unit.members.get(klass.body, {}) if klass.is_class else {}
            for name in CALLED_OBJECTS:
                yield from (each for each in members.get(name, ()) if isinstance(each, Definition))


def _takes_both(definition: Definition) -> bool:
    return not definition.is_class and len(definition.parameters) == 2 and _take_both(definition.parameters)


def _take_both(parameters: Sequence[Parameter]) -> bool:
    event, context = parameters
    return bool(_EVENT.fullmatch(event.name) and _CONTEXT.fullmatch(context.name))


def _imported(unit: Unit, callee: Value) -> str:
    """The dotted name of what is called, by the imports of the module alone."""
    if isinstance(callee, Ref) and callee.kind is RefKind.NAME:
        for binder in unit.names.get((0, str(callee.name)), ()):
            if isinstance(binder, Import):
                root = binder.module if binder.name is None else f"{binder.module}.{binder.name}"
                return ".".join((root, *map(str, callee.path)))
    return ""


def _uses_aws(unit: Unit) -> bool:
    return any(each.module.split(".")[0] in SDK_MODULES for each in unit.module.imports)


_SCRIPT_NAMES = ("handler", "lambdaHandler", "lambda_handler", "main")
_ANY_SCRIPT_NAME = rf"(?:{'|'.join(_SCRIPT_NAMES)})\b"
_SCRIPT_CANDIDATE = regex(
    rf"^\s*(?:module\.)?exports\.{_ANY_SCRIPT_NAME}\s*=|^\s*export\s+(?:async\s+)?(?:function|const|let|var)\s+{_ANY_SCRIPT_NAME}"
    rf"|^\s*export\s*\{{[^}}]*\b{_ANY_SCRIPT_NAME}|^\s*module\.exports\s*=\s*\{{[^}}]*\bhandler\b",
    re.MULTILINE,
)
_SCRIPT_SDK = regex(r"(?:@aws-sdk/|aws-sdk(?:/|$)|aws-lambda$|@types/aws-lambda$|@aws-lambda-powertools/).*")
_SCRIPT_EVENT = regex(r"_*(?:\w+E|e)vents?|_*(?:[rR]ecords?|input)")
_OTHER_PLATFORMS = regex(
    r"wrangler\.(?:toml|jsonc?)|vercel\.(?:json|ts)|next\.config\.\w+|deno\.jsonc?|netlify\.toml|firebase\.json|host\.json"
    r"|nuxt\.config\.\w+|astro\.config\.\w+|svelte\.config\.\w+|angular\.json"
)
_VITE = regex(r"vite\.config\.\w+")
_AWS = regex(r"cdk\.json|samconfig\.(?:toml|ya?ml)|serverless\.(?:ya?ml|json|js|ts)")


def may_hold_script_handler(text: str) -> bool:
    """A quick look at the text of a script: whether it could export a handler."""
    return _SCRIPT_CANDIDATE.search(text) is not None


def is_of_other_platform(names: Collection[str]) -> bool | None:
    """Whether the names of a folder's files tell that it is deployed elsewhere, or runs in a browser; False when they
    tell that it is deployed to Lambda, where Vite only builds or tests; None when they do not tell."""
    if any(_OTHER_PLATFORMS.fullmatch(name) for name in names):
        return True
    if any(_AWS.fullmatch(name) for name in names):
        return False
    return True if any(_VITE.fullmatch(name) for name in names) else None


def script_handlers(unit: Unit) -> Iterator[str]:
    """The exports that Lambda's convention names: `handler`, `lambdaHandler`, and what most often stands for them."""
    for name in _SCRIPT_NAMES:
        if name in unit.exports or any(binding.value is not None for binding in unit.exports.get("", ())):
            yield name


def runs_on_event(unit: Unit, export: str, definition: Definition) -> bool:
    """Whether a function that an export of a module is made of takes Lambda's event; in a module that uses the AWS SDK,
    one that takes nothing may leave it out, or call it otherwise."""
    if definition.is_class:
        return False
    if not any(_SCRIPT_SDK.fullmatch(each.module) for each in unit.module.imports):
        return export != "main" and takes_event(definition)
    if export == "main" or takes_event(definition):
        return takes_event(definition)
    return not definition.parameters or bool(_SCRIPT_EVENT.fullmatch(definition.parameters[0].name))


def takes_event(definition: Definition) -> bool:
    """Whether the first parameter of a function reads like the event of Lambda."""
    if not definition.parameters or definition.is_class:
        return False
    first = definition.parameters[0]
    return bool(_EVENT.fullmatch(first.name)) and first.name not in ("e", "ev", "_", "__")


def _is_decorated_handler(unit: Unit, definition: Definition) -> bool:
    """Whether decorators for handlers stand before a function that takes an event and a context first."""
    callees = (
        call_of(unit, each).callee if isinstance(each, Ref) and each.kind is RefKind.CALL else each
        for each in definition.decorators
    )
    names = {each.path[-1] for each in callees if isinstance(each, Ref) and each.path}
    needed = [each for each in definition.parameters if each.default is None]
    return not HANDLER_METHODS.isdisjoint(names) and len(needed) == 2 and _take_both(needed)


def _is_handler(definition: Definition) -> bool:
    if definition.name == _EXACT[0] and definition.decorators and definition.parameters:
        return True  # a decorator may take the event and the context, and give something else
    positional = [each for each in definition.parameters if each.kind == "positional"]
    needed = [each for each in positional if each.default is None]
    if any(each.kind not in ("positional", "rest", "options") for each in definition.parameters):
        return False
    if len(needed) < 2 and len(positional) == 2:  # called by hand too: `def handler(event=None, context=None)`
        return definition.name in _EXACT and _take_both(positional)
    if len(needed) != 2:
        return False
    event, context = (
        bool(pattern.fullmatch(each.name)) for pattern, each in zip((_EVENT, _CONTEXT), needed, strict=True)
    )
    if definition.name in _EXACT:
        return event or context
    return (bool(_NAMED.fullmatch(definition.name)) or definition.name == "main") and event and context
