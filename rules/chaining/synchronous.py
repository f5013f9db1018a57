"""Which calls run another function and wait for its answer: what the rules here share."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Effect, Function, Phase, knowledge, values

_EMULATORS = ("localhost", "127.0.0.1", "localstack", "host.docker.internal")


def synchronous_invokes(function: Function) -> Iterator[tuple[Effect, values.Value]]:
    """Each call that invokes a function and waits for its answer, with the name or ARN of what it invokes.

    Left out: invocation types other than RequestResponse, types that are not known, local emulators, and custom
    resources, which have to wait.
    """
    if function.is_custom_resource:
        return
    for effect in function.effects("cloud", phase=Phase.INVOKE):
        invoke = knowledge.cloud.INVOKES.get(effect.name)
        if invoke is None or _is_local(effect) or not _waits(effect, invoke):
            continue
        yield effect, effect.site.argument(invoke.target)


def _waits(effect: Effect, invoke: knowledge.cloud.Invoke) -> bool:
    if invoke.type_argument is None:
        return invoke.default_type == knowledge.cloud.SYNC_INVOCATION
    given = effect.site.argument(invoke.type_argument)
    if isinstance(given, values.Absent):
        return invoke.default_type == knowledge.cloud.SYNC_INVOCATION
    return given.equals(knowledge.cloud.SYNC_INVOCATION) is True


def _is_local(effect: Effect) -> bool:
    maker = effect.site.maker
    if maker is None:
        return False
    texts = (part.string for part in maker.argument("endpoint_url").walk() if part.string is not None)
    return any(place in text for text in texts for place in _EMULATORS)
