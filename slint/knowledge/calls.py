"""Calls with an effect that rules ask for, other than building clients and calling the cloud: sleep, wait, HTTP.

As of 2026-11-22; from the documentation of the libraries. Names are dotted as in slint.knowledge.clients.
"""

from __future__ import annotations

from typing import Final

from slint.knowledge.cloud import SERVICE_ARGUMENT, WAITER_METHOD
from slint.record import NamedTuple

AS_OF: Final = "2026-11-22"


class Effect(NamedTuple):
    """What a call does.

    `kind` is "sleep" (the subject is a number of seconds), "wait" (for other work to end; the subject is what is run or
    waited for) or "http" (the subject is the URL). The subject is the argument `keyword`, or the one at `position`.
    `timeout` is the keyword that limits how long it takes, in seconds. `per_second` is how many of the subject's units
    make a second, where it is a time.
    """

    kind: str
    keyword: str
    position: int
    timeout: str | None = None
    per_second: int = 1


def effect(dotted: str, family: str = "python") -> Effect | None:
    """What the call of `dotted` does in code for this family of runtimes, None when it has no known effect of these kinds."""
    return (NODE_EFFECTS if family == "nodejs" else EFFECTS).get(dotted)


_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_REQUESTERS = (
    "requests",
    "requests.api",
    "requests.Session()",
    "requests.session()",
    "requests.sessions.Session()",
    "httpx",
    "httpx.Client()",
    "httpx.AsyncClient()",
    "aiohttp.ClientSession()",
    "aiohttp.client.ClientSession()",
)
_POOLS = ("urllib3.PoolManager()", "urllib3.poolmanager.PoolManager()", "urllib3.ProxyManager()")

WAITERS: Final = frozenset(f"{maker}().{WAITER_METHOD}().wait" for maker in SERVICE_ARGUMENT)
"""Calls that poll a cloud service until a job is done; they take keywords only."""

EFFECTS: Final[dict[str, Effect]] = {
    "time.sleep": Effect("sleep", "secs", 0),
    "asyncio.sleep": Effect("sleep", "delay", 0),
    "anyio.sleep": Effect("sleep", "delay", 0),
    "trio.sleep": Effect("sleep", "seconds", 0),
    "gevent.sleep": Effect("sleep", "seconds", 0),
    "eventlet.sleep": Effect("sleep", "seconds", 0),
    **{name: Effect("wait", "WaiterConfig", 99) for name in WAITERS},
    "subprocess.run": Effect("wait", "args", 0, "timeout"),
    "subprocess.call": Effect("wait", "args", 0, "timeout"),
    "subprocess.check_call": Effect("wait", "args", 0, "timeout"),
    "subprocess.check_output": Effect("wait", "args", 0, "timeout"),
    "subprocess.getoutput": Effect("wait", "cmd", 0),
    "subprocess.Popen().wait": Effect("wait", "timeout", 0, "timeout"),
    "subprocess.Popen().communicate": Effect("wait", "input", 0, "timeout"),
    "os.system": Effect("wait", "command", 0),
    **{f"{who}.{verb}": Effect("http", "url", 0, "timeout") for who in _REQUESTERS for verb in _VERBS},
    **{f"{who}.request": Effect("http", "url", 1, "timeout") for who in _REQUESTERS},
    "httpx.stream": Effect("http", "url", 1, "timeout"),
    "httpx.Client().stream": Effect("http", "url", 1, "timeout"),
    "httpx.AsyncClient().stream": Effect("http", "url", 1, "timeout"),
    "urllib.request.urlopen": Effect("http", "url", 0, "timeout"),
    "urllib.request.urlretrieve": Effect("http", "url", 0),
    "urllib2.urlopen": Effect("http", "url", 0, "timeout"),
    "urllib3.request": Effect("http", "url", 1, "timeout"),
    **{f"{pool}.request": Effect("http", "url", 1, "timeout") for pool in _POOLS},
    **{f"{pool}.urlopen": Effect("http", "url", 1, "timeout") for pool in _POOLS},
    "http.client.HTTPSConnection().request": Effect("http", "url", 1),
    "http.client.HTTPConnection().request": Effect("http", "url", 1),
}
"""Every call that is known."""

_NODE_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_CHILD = ("execSync", "execFileSync", "spawnSync")

NODE_EFFECTS: Final[dict[str, Effect]] = {
    "setTimeout": Effect("sleep", "", 1, per_second=1000),  # where it only resolves a promise
    "timers.setTimeout": Effect("sleep", "", 1, per_second=1000),
    "timers/promises.setTimeout": Effect("sleep", "", 0, per_second=1000),
    "util.promisify()": Effect("sleep", "", 0, per_second=1000),  # of setTimeout
    "delay": Effect("sleep", "", 0, per_second=1000),
    **{f"child_process.{name}": Effect("wait", "", 0) for name in _CHILD},
    **{f"axios.{verb}": Effect("http", "url", 0) for verb in _NODE_VERBS},
    **{f"axios.create().{verb}": Effect("http", "url", 0) for verb in _NODE_VERBS},
    **{f"got.{verb}": Effect("http", "url", 0) for verb in _NODE_VERBS},
    "axios": Effect("http", "url", 0),
    "axios.request": Effect("http", "url", 0),
    "got": Effect("http", "url", 0),
    "fetch": Effect("http", "url", 0),
    "node-fetch": Effect("http", "url", 0),
    "cross-fetch": Effect("http", "url", 0),
    "undici.fetch": Effect("http", "url", 0),
    "undici.request": Effect("http", "url", 0),
    "request": Effect("http", "url", 0),
    "request-promise": Effect("http", "url", 0),
    "http.request": Effect("http", "url", 0),
    "http.get": Effect("http", "url", 0),
    "https.request": Effect("http", "url", 0),
    "https.get": Effect("http", "url", 0),
}
"""The same for Node.js: names are the package's, a dot and what is imported from it."""

TIMERS: Final = frozenset({"setTimeout", "timers.setTimeout"})
"""Calls that wait only where a promise is resolved by them."""

RACES: Final = frozenset({"Promise.race", "Promise.any"})
"""Calls that go on with the first of several promises, so that a timer among them is a limit, no sleep."""
