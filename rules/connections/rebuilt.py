"""Which clients a function builds anew on every invocation although it could keep them: what the rules here share."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Effect, Function, Origin, Phase, Site, Span, knowledge, values

_EXCUSES = frozenset(
    {Origin.EVENT, Origin.CONTEXT, Origin.DATA, Origin.TEMPORARY_CREDENTIALS, Origin.ITERATION, Origin.UNKNOWN}
)
"""What differs, or may differ, on the next invocation: a client that depends on it cannot be kept."""

_SCRATCH = (":memory:", "/tmp/")
_JOIN = "os.path.join"
_PROXIES = ("AWS::RDS::DBProxy", "AWS::RDS::DBProxyEndpoint")
_WIDTH = 60

CONNECTIONS = frozenset({knowledge.clients.Klass.DB, knowledge.clients.Klass.KV, knowledge.clients.Klass.MQ})
"""Clients that hold a connection to a server of the user's own."""


def rebuilt(function: Function) -> Iterator[Effect]:
    """The clients, connections and pools that every invocation of a function builds and could have kept.

    Left out: what depends on the event, on data read, on credentials that expire or on a loop's element; what is kept
    and guarded, or kept by its library as long as nothing disconnects it; what only takes the place of an argument that
    may be given; what belongs to one event loop; a session that only makes a client, and what is only put around a
    client or a pool, since that is judged itself; an engine without a pool, and a pool that knows only a token of its
    database; what another path guards, so that this one replaces it on purpose; sessions and resources of boto3 that a
    thread makes for itself; sessions of HTTP that get something from the event; custom resources, which run when a stack
    changes; functions with tenant isolation.
    """
    if function.model.share_client is not knowledge.platforms.Sharing.REQUIRED or function.is_custom_resource:
        return
    if not isinstance(function.setting("TenancyConfig"), (values.Absent, values.Unknown)):
        return
    clients = list(function.effects("client", phase=Phase.INVOKE))
    makers = {effect.site.maker.span for effect in clients if effect.site.maker is not None}
    guarded = {effect.span for effect in clients if effect.site.memoised}
    threaded = {effect.span for effect in clients if _is_of_its_thread(effect)}
    judged = [
        effect
        for effect in clients
        if effect.span not in makers
        and effect.span not in threaded
        and _could_be_kept(effect)
        and not (effect.span in guarded and effect.site.kept)
        and not _is_given_again(function, effect.client)
        and not _is_personal(function, effect)
    ]
    built = {effect.span for effect in judged}
    for effect in judged:
        if not any(made.span in built for made in effect.site.built_around):
            yield effect


def connections(function: Function) -> Iterator[tuple[Effect, knowledge.clients.Client]]:
    """Those of them that are one connection to a database, a cache or a broker."""
    for effect in rebuilt(function):
        if effect.client is not None and effect.client.klass in CONNECTIONS and not effect.client.is_pool:
            yield effect, effect.client


def is_leaked(effect: Effect) -> bool:
    """Whether the call itself connects and it is certain that nothing closes the connection."""
    client = effect.client
    return client is not None and client.opens and not client.local and not client.brief and effect.site.closed is False


def proxy(function: Function, effect: Effect) -> Span | None:
    """Where the template leads the connection to a database proxy, which keeps the connections to the server itself."""
    resources = function.template.resources if function.template is not None else {}
    for argument in effect.site.call.arguments:
        for part in effect.site.resolve(argument.value).walk():
            if isinstance(part, values.Ref) and part.kind is values.RefKind.RESOURCE:
                found = resources.get(str(part.name))
                if found is not None and found.type in _PROXIES:
                    return part.span
    return None


def evidence(function: Function, effect: Effect) -> tuple[tuple[Span, str], ...]:
    """The places that prove it: the way from the handler, then the template."""
    return (*effect.site.path, *function.deployment)


def written(effect: Effect) -> str:
    """The construction as written, on one line and not longer than a message bears."""
    text = " ".join(effect.span.text.split()).replace("`", "'")  # a template's quote would end the code
    return f"`{text}`" if len(text) <= _WIDTH else f"`{text[: _WIDTH - 3]}...`"


def _could_be_kept(effect: Effect) -> bool:
    site, client = effect.site, effect.client
    if client is None or client.loop_bound or site.memoised is not False or site.origins & _EXCUSES:
        return False
    if client.local and _is_scratch(site):
        return False
    if client.is_pool and (Origin.DATABASE_TOKEN in site.origins or _has_no_pool(site)):
        return False
    return not (client.pool and _is_given(site, client.pool)) and not site.is_local and not site.is_fallback


def _is_given_again(function: Function, client: knowledge.clients.Client | None) -> bool:
    """Whether the library gives the connection that is open already, and no code of the function closes that."""
    if client is None or not client.shared:
        return False
    return not any(
        name.startswith(f"{client.library}.") and name.rpartition(".")[2] in knowledge.clients.CLOSERS
        for site in function.sites
        if site.phase is Phase.INVOKE
        for name in site.names
    )


def _is_given(site: Site, keyword: str) -> bool:
    given = site.argument(keyword)
    return not isinstance(given, (values.Absent, values.Unknown)) and given.equals(None) is not True


def _has_no_pool(site: Site) -> bool:
    """Whether an engine is told to keep no connections: `poolclass=NullPool`."""
    given = site.argument("poolclass")
    return (
        isinstance(given, values.Ref) and (*str(given.name).split("."), *given.path)[-1] in knowledge.clients.NO_POOLS
    )


def _is_scratch(site: Site) -> bool:
    """Whether a database lies in memory, as it does without a path, or below /tmp."""
    path = site.argument("database", 0)
    if isinstance(path, values.Absent) or _begins(path, _SCRATCH) or path.string == "/tmp":
        return True
    return any(
        not knowledge.clients.TEMPORARY_FOLDERS.isdisjoint(made.names) or (_JOIN in made.names and _is_scratch(made))
        for made in site.built_around
    )


def _is_of_its_thread(effect: Effect) -> bool:
    """Whether a function that runs in a thread or a process makes a resource or a session, or a client of one. A session
    that is made for one question, as `boto3.Session().region_name`, is not its thread's."""
    made, maker = effect.site, effect.site.maker
    if knowledge.workers.is_per_thread(effect.name):
        is_asked = effect.client is not None and effect.client.factory and made.is_part
        return made.worker is not None and not is_asked
    is_of_session = maker is not None and any(map(knowledge.workers.is_per_thread, maker.names))
    return maker is not None and is_of_session and maker.worker is not None


def _is_personal(function: Function, effect: Effect) -> bool:
    """Whether a session of HTTP gets, once it is made, what differs on the next invocation: an attribute, a header, a
    cookie, or a login: a request with such data that others follow, and that is not authorised by headers of its own."""
    if effect.client is None or effect.client.klass is not knowledge.clients.Klass.HTTP:
        return False
    given = function.given(effect.site)
    requests = {each.span for each in given if each.is_request}
    has_login = len(requests) > 1 and not effect.client.is_pool  # a pool keeps no cookies
    for each in given:
        if not each.is_request and each.origins & _EXCUSES:
            return True
        if has_login and each.path == ("post",) and "headers" not in each.keywords and Origin.EVENT in each.origins:
            return True
    return False


def _begins(value: values.Value, beginnings: tuple[str, ...]) -> bool:
    text = value.prefix if isinstance(value, values.Joined) else value.string
    return text is not None and text.startswith(beginnings)
