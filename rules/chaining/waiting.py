"""Where a function passes the time: what the rules about sleeping and polling share."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Effect, Function, Phase, knowledge, values


def sleeps(function: Function) -> Iterator[tuple[Effect, float | None]]:
    """The sleeps that an invocation runs, with their seconds, the shortest where there are several, None if unknown.

    Nothing for custom resources, which have to wait, and for durable functions, which wait in their own ways.
    """
    if not _may_judge(function):
        return
    for effect in function.effects("sleep", phase=Phase.INVOKE):
        known = knowledge.calls.effect(effect.name, effect.site.module.family)
        if known is not None:
            least = _least(effect.site.argument(known.keyword, known.position))
            yield effect, least / known.per_second if least is not None else None


def waits(function: Function) -> Iterator[Effect]:
    """The calls of an invocation that answer only when a job of another service is done."""
    if not _may_judge(function):
        return
    for effect in function.effects("wait", phase=Phase.INVOKE):
        if effect.name in knowledge.calls.WAITERS:
            yield effect
    for effect in function.effects("cloud", phase=Phase.INVOKE):
        if knowledge.cloud.waits(effect.name):
            yield effect


def looks(function: Function) -> Iterator[Effect]:
    """The calls of an invocation that look how far something is, again and again with the same question."""
    if not _may_judge(function):
        return
    for effect in function.effects("cloud", phase=Phase.INVOKE):
        if knowledge.cloud.looks(effect.name) and effect.site.repeats:
            yield effect


def _may_judge(function: Function) -> bool:
    durable = function.setting("DurableConfig")
    return not function.is_custom_resource and isinstance(durable, (values.Absent, values.Unknown))


def _least(value: values.Value) -> float | None:
    seconds = [option.value.number for option in value.possible()]
    known = [each for each in seconds if each is not None]
    return min(known) if known and len(known) == len(seconds) else None
