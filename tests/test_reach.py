"""Which code a function runs, in which phase, and by which way."""

from __future__ import annotations

import pytest
from linked import function

from slint.project.phase import Phase
from slint.project.reach import MAX_PATHS


def clients(root, code) -> list[tuple[str, str]]:
    """The phase and the first argument of each client that is built."""
    return [
        (effect.site.phase.value, effect.site.argument("service_name", 0).string)
        for effect in function(root, code).effects("client")
    ]


REACHED = {
    "module and handler": (
        "import boto3\nboto3.client('a')\ndef handler(event, context):\n    boto3.client('b')\n",
        [("init", "a"), ("invoke", "b")],
    ),
    "never called": (
        "import boto3\ndef unused():\n    boto3.client('a')\ndef handler(event, context):\n    pass\n",
        [],
    ),
    "imported module, its main block left out": (
        {
            "app.py": "from pkg import store\ndef handler(event, context):\n    store.save()\n",
            "pkg/__init__.py": "import boto3\nboto3.client('a')\n",
            "pkg/store.py": (
                "import boto3\nboto3.client('b')\ndef save():\n    boto3.client('c')\n"
                "if __name__ == '__main__':\n    boto3.client('d')\n"
            ),
        },
        [("init", "a"), ("init", "b"), ("invoke", "c")],
    ),
    "both phases": (
        "import boto3\ndef build():\n    boto3.client('a')\nbuild()\ndef handler(event, context):\n    build()\n",
        [("init", "a"), ("invoke", "a")],
    ),
    "decorated by the project": (
        """
        import functools
        import boto3
        def logged(function):
            boto3.client('a')
            @functools.wraps(function)
            def inner(*args):
                boto3.client('b')
                return function(*args)
            return inner
        @logged
        def handler(event, context):
            boto3.client('c')
        """,
        [("init", "a"), ("invoke", "c"), ("invoke", "b")],
    ),
    "routes of an application behind an adapter": (
        """
        import boto3
        from fastapi import FastAPI
        from mangum import Mangum
        app = FastAPI()
        @app.get("/")
        def home():
            boto3.client('a')
        handler = Mangum(app)
        """,
        [("invoke", "a")],
    ),
    "routes of a resolver that the handler calls": (
        """
        import boto3
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.get("/")
        def home():
            boto3.client('a')
        def handler(event, context):
            return app.resolve(event, context)
        """,
        [("invoke", "a")],
    ),
    "functions that are handed on": (
        """
        import boto3
        from concurrent.futures import ThreadPoolExecutor
        def work(item):
            boto3.client('a')
        def handler(event, context):
            with ThreadPoolExecutor() as pool:
                pool.map(work, event["items"])
        """,
        [("invoke", "a")],
    ),
    "methods, bases and properties": (
        """
        import boto3
        class Base:
            def run(self):
                self.step()
                print(self.name)
            def step(self):
                boto3.client('a')
        class Job(Base):
            def step(self):
                boto3.client('b')
            @property
            def name(self):
                return boto3.client('c')
        def handler(event, context):
            Job().run()
        """,
        [("invoke", "b"), ("invoke", "c")],
    ),
    "each chain hands on a function of its own": (
        """
        import boto3
        def one():
            boto3.client('a')
        def two():
            boto3.client('b')
        def run(function):
            function()
        def handler(event, context):
            run(one)
            run(two)
        """,
        [("invoke", "a"), ("invoke", "b")],
    ),
    "each chain makes an object of its own": (
        """
        import boto3
        class Base:
            def __init__(self, name):
                self.name = name
            def put(self):
                boto3.client(self.name)
        class Store(Base):
            def __init__(self, name):
                super().__init__(name)
        def keep(name):
            store = Store(name)
            store.put()
        def handler(event, context):
            keep('a')
            keep('b')
        """,
        [("invoke", "a"), ("invoke", "b")],
    ),
    "a call that only the second chain comes to": (
        """
        import boto3
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.get("/")
        def home():
            boto3.client('a')
        def serve(event, really=False):
            if really:
                app.resolve(event)
        def handler(event, context):
            serve(event)
            serve(event, True)
        """,
        [("invoke", "a")],
    ),
    "a call on a condition that is bound under itself": (
        """
        import boto3
        def make():
            boto3.client('a')
            return None
        def handler(event, context):
            found = None
            for record in event["Records"]:
                if found:
                    print(found)
                    found = make()
        """,
        [],
    ),
    "functions that are only looked at": (
        """
        import json
        import boto3
        def work():
            boto3.client('a')
        def encode(value):
            boto3.client('b')
        def handler(event, context):
            print(f"{work}")
            if isinstance(work, type) or str(work) or hasattr(work, "name"):
                return json.dumps(event, default=encode)
        """,
        [("invoke", "b")],
    ),
    "a recursion ends": (
        "import boto3\ndef f(n):\n    boto3.client('a')\n    f(n - 1)\ndef handler(event, context):\n    f(3)\n",
        [("invoke", "a")],
    ),
}


@pytest.mark.parametrize(("code", "expected"), REACHED.values(), ids=REACHED.keys())
def test_what_runs_and_when(tmp_path, code, expected):
    assert sorted(clients(tmp_path, code)) == sorted(expected)


def test_the_path_is_the_way_from_the_handler(tmp_path):
    code = "import boto3\ndef save():\n    boto3.client('a')\ndef handler(event, context):\n    save()\n"
    (effect,) = function(tmp_path, code).effects("client", phase=Phase.INVOKE)
    assert [(span.text, text) for span, text in effect.site.path] == [
        ("handler", "`handler` runs on every invocation"),
        ("save()", "`save` is called here"),
    ]


def test_calls_that_branch_without_end_are_bounded(tmp_path):
    steps = "".join(f"def f{n}():\n    f{n + 1}()\n    f{n + 1}()\n    f{n + 1}()\n" for n in range(20))
    code = f"import boto3\n{steps}def f20():\n    boto3.client('a')\ndef handler(event, context):\n    f0()\n"
    linked = function(tmp_path, code)
    assert 0 < len(list(linked.effects("client"))) <= MAX_PATHS
    assert linked.reach.bounded
