"""What a value of the code stands for when a function runs."""

from __future__ import annotations

import pytest
from linked import TEMPLATE, function

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
