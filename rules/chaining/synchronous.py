"""Which calls run another function and wait for its answer: what the rules here share."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Effect, Function, Origin, Phase, Stack, knowledge, values


def synchronous_invokes(function: Function) -> Iterator[tuple[Effect, values.Value]]:
    """Each call that invokes a function and waits for its answer, with the name or ARN of what it invokes.

    Left out: invocation types other than RequestResponse, types that are not known, local emulators, pings that keep
    the other function warm, custom resources and deployment hooks, which have to wait.
    """
    if function.is_custom_resource or any(source.kind == "deployment-hook" for source in function.sources):
        return
    for effect in function.effects("cloud", phase=Phase.INVOKE):
        invoke = knowledge.cloud.INVOKES.get(effect.name)
        if invoke is None or _is_local(effect) or not _waits(effect, invoke) or _warms(effect, invoke):
            continue
        yield effect, effect.site.argument(invoke.target)


def crosses_accounts(effect: Effect) -> bool:
    """Whether the client was made of another role's credentials: then the other function may be somebody else's."""
    maker = effect.site.maker
    return maker is not None and Origin.TEMPORARY_CREDENTIALS in maker.origins


def invoked(stack: Stack, caller: Function, target: values.Value) -> Function | None:
    """The function of the stack that a name or ARN stands for; of several alternatives the first."""
    return next(iter(stack.named(target, caller.template)), None)


def _waits(effect: Effect, invoke: knowledge.cloud.Invoke) -> bool:
    if invoke.type_argument is None:
        return invoke.default_type == knowledge.cloud.SYNC_INVOCATION
    given = effect.site.argument(invoke.type_argument)
    if isinstance(given, values.Absent):
        return invoke.default_type == knowledge.cloud.SYNC_INVOCATION
    return given.equals(knowledge.cloud.SYNC_INVOCATION) is True


def _warms(effect: Effect, invoke: knowledge.cloud.Invoke) -> bool:
    return any(knowledge.wrappers.WARMER_TEXT.search(text) for text in effect.site.texts(invoke.payload))


def _is_local(effect: Effect) -> bool:
    return effect.site.maker is not None and effect.site.maker.is_local
