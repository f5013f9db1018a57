"""What a value of the code stands for when a function runs."""

from __future__ import annotations

import pytest
from linked import TEMPLATE, function

_HANDED = """\
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
import elsewhere
pool = ThreadPoolExecutor()
def inner(a, name='y'):
    probe(name)"""

CASES = {
    "a constant of the module": ("NAME = 'x'", "probe(NAME)", "x"),
    "the last binding": ("", "name = 'a'\n    name = 'x'\n    probe(name)", "x"),
    "a default": ("def inner(name='x'):\n    probe(name)", "inner()", "x"),
    "an argument": ("def inner(name):\n    probe(name)", "inner('x')", "x"),
    "a keyword": ("def inner(a, *, name):\n    probe(name)", "inner(1, name='x')", "x"),
    "collected keywords": ("def inner(**options):\n    probe(options['name'])", "inner(name='x')", "x"),
    "a mapping": ("NAMES = {'a': {'b': 'x'}}", "probe(NAMES['a']['b'])", "x"),
    "what a function returns": ("def name():\n    return 'x'", "probe(name())", "x"),
    "an attribute of an object": (
        "class Job:\n    def __init__(self, name):\n        self.name = name\n    def run(self):\n        probe(self.name)",
        "Job('x').run()",
        "x",
    ),
    "an attribute of a base": ("class A:\n    name = 'x'\nclass B(A):\n    pass", "probe(B().name)", "x"),
    "text": ("", "part = 'x'\n    probe(f'a-{part}')", "a-x"),
    "the environment as deployed": ("", "probe(os.environ['TARGET'])", "deployed"),
    "a partial function": (
        "from functools import partial\ndef inner(name):\n    probe(name)",
        "partial(inner)('x')",
        "x",
    ),
    **{
        f"an argument of {name}": (
            f"{_HANDED}\nclass Job:\n    def run(self, a, name='y'):\n        probe(name)",
            body,
            "x",
        )
        for name, body in {
            "a partial function": "partial(inner, name='x')(1)",
            "a partial function, by position": "partial(inner, 1, 'x')()",
            "a partial function, from a mapping": "given = {'name': 'x'}\n    partial(inner, **given)(1)",
            "a partial function, from a list": "partial(inner, 1, **{'name': 'x'})()",
            "a partial function that is called with another": "partial(inner, name='y')(1, name='x')",
            "an executor": "pool.submit(inner, 1, 'x')",
            "an executor, by name": "pool.submit(inner, 1, name='x')",
            "an executor, from a list": "given = [1, 'x']\n    pool.submit(inner, *given)",
            "an executor that runs a method": "pool.submit(Job().run, 1, 'x')",
            "an executor, by a partial function": "pool.submit(partial(inner, 1), name='x')",
            "a thread": "threading.Thread(target=inner, args=(1, 'x'))",
            "a thread, by name": "threading.Thread(None, inner, args=[1], kwargs={'name': 'x'})",
            "a timer": "threading.Timer(5, inner, (1, 'x'))",
            "a pool": "pool.apply_async(inner, (1,), {'name': 'x'})",
            "an event loop": "asyncio.get_running_loop().run_in_executor(None, inner, 1, 'x')",
            "a task": "asyncio.to_thread(inner, 1, name='x')",
            "a timer of an event loop": "asyncio.get_running_loop().call_later(5, inner, 1, 'x')",
            "a spread mapping": "given = {'name': 'x'}\n    inner(1, **given)",
            "a spread list": "inner(*[1, 'x'])",
        }.items()
    },
    "a default that a thread leaves": (_HANDED.replace("'y'", "'x'"), "threading.Thread(target=inner, args=(1,))", "x"),
    "a default that a mapping leaves": (_HANDED.replace("'y'", "'x'"), "inner(1, **{})", "x"),
    "what others pass": (_HANDED, "elsewhere.run(inner, 1, 'x')", None),
    "an element that an executor passes": (_HANDED, "pool.map(inner, [1], ['x'])", None),
    "what a spread may hold": (_HANDED, "inner(1, **event)", None),
    "what is put into a mapping that is spread": (
        _HANDED,
        "given = {}\n    given['name'] = event\n    inner(1, **given)",
        None,
    ),
    "an element of a comprehension": ("NAMES = ['x']", "made = [each for each in NAMES]\n    probe(made[0])", "x"),
    "the event": ("", "probe(event['x'])", None),
    "a star import of something unknown": ("from nowhere import *", "probe(NAME)", None),
    "itself": ("", "name = name\n    probe(name)", None),
}


@pytest.mark.parametrize(("before", "body", "expected"), CASES.values(), ids=CASES.keys())
def test_what_an_argument_stands_for(tmp_path, before, body, expected):
    code = f"import os\nfrom elsewhere import probe\n{before}\ndef handler(event, context):\n    {body}\n"
    linked = function(tmp_path, code, TEMPLATE + "      Environment: {Variables: {TARGET: deployed}}\n")
    sites = [site for site in linked.sites if site.names == ("elsewhere.probe",)]
    assert expected in {site.argument(None, 0).string for site in sites}


def test_the_texts_of_an_argument_include_those_handed_to_calls(tmp_path):
    code = """
        import json
        from elsewhere import probe
        def handler(event, context):
            body = {"source": "warmer", "n": 1}
            probe(json.dumps(body), "other")
    """
    (site,) = [site for site in function(tmp_path, code).sites if site.names == ("elsewhere.probe",)]
    assert list(site.texts(None, 0)) == ["source", "warmer", "n"]
    assert list(site.texts("missing")) == []
