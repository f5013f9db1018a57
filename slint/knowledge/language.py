"""Words of the languages themselves that linking has to know.

Source: the language references of Python 3.14 and ECMAScript 2026, read 2026-11-22.
"""

from __future__ import annotations

from slint.record import NamedTuple

CONSTRUCTORS = ("__init__", "constructor")
"""The method that runs when an object of a class is made."""

PASSIVE_FUNCTIONS = frozenset(
    {
        "bool",
        "bytes",
        "float",
        "hasattr",
        "hash",
        "id",
        "int",
        "isinstance",
        "issubclass",
        "json.dumps",
        "json.loads",
        "len",
        "repr",
        "str",
        "type",
    }
)
"""Functions that only look at what they are given by position: they do not call it."""

TELLING_FUNCTIONS = frozenset(
    {"all", "any", "bool", "int", "len", "loads", "parse", "set", "str", "strtobool"}
    | {"Boolean", "Number", "String", "filter", "every", "includes", "keys", "parseInt", "some"}
)
"""The last words of functions whose result tells what they are given."""

ENVIRONMENTS = frozenset({("os", "environ"), ("environ",), ("os", "environ", "keys"), ("process", "env")})
"""How code writes the environment as a whole."""

ENDS_OF_PROCESS = frozenset({("sys", "exit"), ("exit",), ("quit",), ("os", "_exit"), ("process", "exit")})
"""Functions that end the process."""

ASSERTIONS = frozenset({"assert", "invariant", "ok"})
"""The last words of functions that raise an error where their first argument is not true."""

SUPPRESSORS = frozenset({"suppress"})
"""The last words of what `with` holds to drop errors."""

SUPER = "super"
"""The function that gives an object as one of the bases of its class."""

CALLED_OBJECTS = ("__call__",)
"""The method that runs when an object is called."""

TRUTH_METHODS = frozenset({"__bool__", "__len__"})
"""The methods that decide whether an object counts as true."""

HELD_OBJECTS = ("__enter__", "__exit__", "__aenter__", "__aexit__")
"""The methods that run when `with` holds an object."""

ALLOCATORS = ("__new__",)
"""A class that defines one may hand out an object that it made before."""

METACLASSES = ("type", "Meta")
"""How the names of classes end that make classes; a call of such a class is a call of its method `__call__`."""

STATE = "__dict__"
"""The attribute that holds all attributes of an object: who sets it may share them among objects."""

SINGLETON = "singleton"
"""Part of the names of bases and decorators from outside that let a class have one object."""

ADVANCES = frozenset({"next"})
"""Functions of the language that give something else each time, though they are given the same."""

ADDERS = frozenset({"add", "append", "extend", "insert", "push", "set", "setdefault", "unshift", "update"})
"""Methods that put what they are given into the list or mapping whose methods they are."""

SETTER_PREFIX = "set_"
"""How the methods begin that give an object something after it was made."""

PARTIAL = frozenset(
    {
        "functools.partial",
        # what traces a client or a module gives it back
        "aws-xray-sdk.captureAWS",
        "aws-xray-sdk.captureAWSClient",
        "aws-xray-sdk.captureAWSv3Client",
        "aws-xray-sdk-core.captureAWS",
        "aws-xray-sdk-core.captureAWSClient",
        "aws-xray-sdk-core.captureAWSv3Client",
        "@aws-lambda-powertools/tracer.Tracer().captureAWS",
        "@aws-lambda-powertools/tracer.Tracer().captureAWSClient",
        "@aws-lambda-powertools/tracer.Tracer().captureAWSv3Client",
        "Object.freeze",
    }
)
"""Calls whose result is their first argument, perhaps with some arguments filled in."""


class HandsOn(NamedTuple):
    """How a call passes arguments on to the function that it is given, at a position or by a keyword.

    With `first`, its own arguments from that position on, and those by name. With `args` and `kwargs`, places too, what a
    list and a mapping hold. With `elements`, an element of each argument after the function; with `counted`, as many
    things of its own.
    """

    function: tuple[str | None, int]
    first: int | None = None
    args: tuple[str, int] | None = None
    kwargs: tuple[str, int] | None = None
    elements: bool = False
    counted: int = 0


_NEXT = HandsOn((None, 0), first=1)
_AFTER_ONE = HandsOn((None, 1), first=2)
_TIMER = HandsOn((None, 0), first=2)
_THREAD = HandsOn(("target", 1), args=("args", 3), kwargs=("kwargs", 4))
_POOL = HandsOn(("func", 0), args=("args", 1), kwargs=("kwds", 2))
_MAP = HandsOn((None, 0), elements=True)
_ELEMENT = HandsOn((None, 0), counted=3)

HANDS_ON = {
    "_thread.start_new_thread": HandsOn((None, 0), args=("args", 1), kwargs=("kwargs", 2)),
    "anyio.to_thread.run_sync": _NEXT,
    "asyncio.to_thread": _NEXT,
    "contextvars.copy_context().run": _NEXT,
    "fastapi.concurrency.run_in_threadpool": _NEXT,
    "filter": _MAP,
    "map": _MAP,
    "multiprocessing.Process": _THREAD,
    "process.nextTick": _NEXT,
    "setImmediate": _NEXT,
    "setInterval": _TIMER,
    "setTimeout": _TIMER,
    "starlette.concurrency.run_in_threadpool": _NEXT,
    "threading.Thread": _THREAD,
    "threading.Timer": HandsOn(("function", 1), args=("args", 2), kwargs=("kwargs", 3)),
    "timers.setImmediate": _NEXT,
    "timers.setTimeout": _TIMER,
}
"""Functions and classes of the languages' libraries that call a function later, with arguments that they are given."""

METHODS_THAT_HAND_ON = {
    "python": {
        "add_task": _NEXT,
        "apply_async": _POOL,
        "call_at": _AFTER_ONE,
        "call_later": _AFTER_ONE,
        "call_soon": _NEXT,
        "call_soon_threadsafe": _NEXT,
        "imap": _MAP,
        "imap_unordered": _MAP,
        "map": _MAP,
        "map_async": _MAP,
        "run_in_executor": _AFTER_ONE,
        "submit": _NEXT,
    },
    "nodejs": dict.fromkeys(
        ("every", "filter", "find", "findIndex", "findLast", "flatMap", "forEach", "map", "some"), _ELEMENT
    ),
}
"""Methods that do so, for each family of runtimes: of executors, event loops, pools and lists."""

TEXT_METHODS = frozenset({"decode", "encode", "lstrip", "replace", "rstrip", "strip", "trim"})
"""Methods of a text whose result still holds what the text holds."""

PROPERTIES = frozenset({"property", "cached_property"})
"""Decorators that make a method read like an attribute."""

GETTERS = frozenset({"get"})
"""Methods of a mapping that give the value of the key that is their argument."""

DECODERS = frozenset({"base64.b64decode", "base64.standard_b64decode", "base64.urlsafe_b64decode", "Buffer.from"})
"""Functions that give the bytes which a text, their first argument, stands for."""

READS_OF_ATTRIBUTES = frozenset({"getattr", "vars"})
"""Functions that read from the object that is their first argument."""

WRITES_OF_ATTRIBUTES = frozenset({"setattr"})
"""Functions that put a value into the object that is their first argument."""

NAMESPACES = frozenset({"globals"})
"""Functions that give the names of the module as a mapping."""

PROMISE = "Promise"
"""The class of what an async function gives."""

PROMISE_METHODS = (("promise",), ("then",), ("catch",), ("finally",))
"""The methods that give a promise: that of a request of the AWS SDK v2, and those of a promise."""

PLAIN_DATA = frozenset({"Array.from", "JSON.parse", "JSON.stringify", "Object.entries", "Object.keys", "Object.values"})
"""Functions of JavaScript that give plain data: what lies below has the methods of the language, which wait for nobody."""

COUNTERS = frozenset({"range", "count"})
"""Functions whose numbers a loop runs over to count its attempts."""
