"""Python handlers as people write them: what runs on an invocation, what once, what never, and what is a handler."""

from __future__ import annotations

from textwrap import dedent

import pytest
from linked import findings
from test_load import ids, project

CLIENTS = "client-in-handler,client-in-loop"

ONCE = {
    "a mapping asked through a local name": """
        CLIENTS = {}
        def get(key):
            client = CLIENTS.get(key)
            if client is None:
                client = boto3.client("s3")
                CLIENTS[key] = client
            return client
        def handler(event, context):
            get("a")
    """,
    "a mapping asked through a local name that leaves": """
        CLIENTS = {}
        def get(key):
            client = CLIENTS.get(key)
            if client:
                return client
            client = boto3.client("s3")
            CLIENTS[key] = client
            return client
        def handler(event, context):
            get("a")
    """,
    "an attribute read and set by name": """
        import threading, time
        LOCAL = threading.local()
        def session(name):
            found = getattr(LOCAL, name, {}).get("session")
            if found is not None:
                return found
            found = boto3.Session(region_name="eu-west-1")
            setattr(LOCAL, name, {"session": found, "time": time.time()})
            return found
        def handler(event, context):
            session("x")
    """,
    "the names of the module": """
        def get():
            if "s3" not in globals():
                globals()["s3"] = boto3.client("s3")
            return globals()["s3"]
        def handler(event, context):
            get()
    """,
    "a mapping that is a default": """
        def get(kept={}):
            if "s3" not in kept:
                kept["s3"] = boto3.client("s3")
            return kept["s3"]
        def handler(event, context):
            get()
    """,
    "what is kept was made with it": """
        CONFIG = None
        def load():
            client = boto3.client("ssm")
            return client.get_parameter(Name="x")["Parameter"]["Value"]
        def handler(event, context):
            global CONFIG
            if CONFIG is None:
                CONFIG = load()
    """,
    "a flag": """
        ready = False
        def prepare():
            boto3.client("sns").publish(TopicArn="x", Message="m")
        def handler(event, context):
            global ready
            if not ready:
                prepare()
                ready = True
    """,
    "a flag of an object of the module": """
        class Store:
            def __init__(self):
                self.ready = False
            def prepare(self):
                if not self.ready:
                    boto3.client("s3").create_bucket(Bucket="b")
                    self.ready = True
        store = Store()
        def handler(event, context):
            store.prepare()
    """,
}
"""Code in which a client is built once for each execution environment."""

RUNS = {
    "the object of the flag is made anew": """
        class Store:
            def __init__(self):
                self.ready = False
            def prepare(self):
                if not self.ready:
                    boto3.client("s3").create_bucket(Bucket="b")  # <-
                    self.ready = True
        def handler(event, context):
            Store().prepare()
    """,
    "the mapping is the function's own": """
        def handler(event, context):
            kept = {}
            if "s3" not in kept:
                kept["s3"] = boto3.client("s3")  # <-
    """,
    "a mapping is given for the default": """
        def get(kept={}):
            if "s3" not in kept:
                kept["s3"] = boto3.client("s3")  # <-
            return kept["s3"]
        def handler(event, context):
            get({})
    """,
    "what is written down was not asked for": """
        last = None
        def handler(event, context):
            global last
            if event["kind"] == "a":
                boto3.client("s3").list_buckets()  # <-
                last = event["id"]
    """,
    "the parts of a helper that its caller never reaches": """
        def make(name, region=None, keys=None):
            if region:
                return boto3.client(name, region_name=region, verify=False)
            if keys is not None:
                return boto3.client(name, aws_access_key_id=keys)
            return boto3.client(name)  # <-
        def handler(event, context):
            make("s3")
    """,
    "a client that is given is not made": """
        s3 = boto3.client("s3")
        def first(client=None):
            client = client if client else boto3.client("s3")
        def second(client=None):
            client = client or boto3.client("s3")
        def third(client=None):
            if not client:
                client = boto3.client("s3")
        def made():
            return boto3.client("sqs")  # <-
        class Fourth:
            def __init__(self, client=None):
                self.client = client or boto3.client("s3")
        class Fifth:
            def __init__(self, client=None):
                self.client = client or boto3.client("s3")  # <-
        def handler(event, context):
            first(s3)
            second(s3)
            third(client=s3)
            Fourth(made())
            Fifth()
    """,
    "a switch that is off": """
        DEBUG = False
        VERBOSE = False
        def handler(event, context):
            global VERBOSE
            VERBOSE = event.get("verbose")
            if DEBUG:
                boto3.client("sts").get_caller_identity()
            if VERBOSE:
                boto3.client("sts").get_caller_identity()  # <-
    """,
    "an attribute that is set from outside": """
        class Order:
            def __init__(self):
                self.notify = False
                self.audit = False
            def save(self):
                if self.notify:
                    boto3.client("sns").publish(TopicArn="x", Message="m")  # <-
                if self.audit:
                    boto3.client("sqs").send_message(QueueUrl="x", MessageBody="m")
        def handler(event, context):
            order = Order()
            order.notify = True
            order.save()
    """,
    "a name that a loop may change": """
        NAMES = {}
        def handler(event, context):
            chosen = ""
            for name in NAMES:
                chosen = name
            if chosen != "":
                boto3.client("s3").list_buckets()  # <-
    """,
    "a function that may end without an answer": """
        def find(event):
            if event:
                return "x"
        def handler(event, context):
            if not find(event):
                boto3.client("s3").list_buckets()  # <-
    """,
    "super": """
        class Base:
            def __init__(self, service):
                self.service = service
            def client(self):
                return boto3.client(self.service)  # <-
        class Keys(Base):
            def __init__(self, event):
                super().__init__("kms")
                self.keys = super().client()
        def handler(event, context):
            Keys(event)
    """,
    "what with runs": """
        class Held:
            def __enter__(self):
                self.client = boto3.client("s3")  # <-
                return self
            def __exit__(self, *error):
                boto3.client("sns").publish(TopicArn="x", Message="m")  # <-
        def handler(event, context):
            with Held() as held:
                pass
    """,
    "a property that is only read": """
        class Store:
            @property
            def client(self):
                return boto3.client("s3")  # <-
        def handler(event, context):
            kept = Store().client
    """,
    "credentials with a token expire": """
        def handler(event, context):
            for keys in (None, load()):
                make(keys)
        def load():
            return open("/tmp/keys").read()
        def make(keys):
            return boto3.client("s3", aws_session_token=keys)
    """,
}
"""Code with `<-` at each client that every invocation, or a loop, builds anew."""


@pytest.mark.parametrize("name", ONCE)
def test_what_is_built_once(tmp_path, name):
    assert findings(tmp_path, CLIENTS, "import boto3\n" + dedent(ONCE[name])) == []


@pytest.mark.parametrize("name", RUNS)
def test_what_every_invocation_builds(tmp_path, name):
    code = "import boto3\n" + dedent(RUNS[name])
    marked = [line.strip() for line in code.splitlines() if "# <-" in line]
    assert [found.partition(": ")[2] for found in findings(tmp_path, CLIENTS, code)] == marked


def test_a_logger_is_no_client(tmp_path):
    code = """
        from aws_lambda_powertools import Logger, Metrics, Tracer
        def handler(event, context):
            Logger(), Metrics(), Tracer()
    """
    assert findings(tmp_path, CLIENTS, code) == []


def test_turning_the_pages_of_a_listing_is_no_polling(tmp_path):
    code = """
        import time
        import boto3
        hub = boto3.client("securityhub")
        def handler(event, context):
            token, found = "", []
            for _ in range(50):
                try:
                    page = hub.get_findings(NextToken=token)
                    found.extend(page["Findings"])
                    if "NextToken" not in page:
                        break
                    token = page["NextToken"]
                except hub.exceptions.LimitExceededException:
                    time.sleep(5)
    """
    assert findings(tmp_path, "polling-wait-in-handler,sleep-in-handler", code) == ["sleep-in-handler: time.sleep(5)"]


HANDLERS = {
    "from chalice import Chalice\napi = Chalice(app_name='x')\n": ["api"],
    "import chalice\napp = chalice.Chalice(app_name='x')\n": ["app"],
    "from chalice import Chalice\nclass Api(Chalice): ...\nweb = Api(app_name='x')\n": ["web"],
    "from own import Chalice\nclass Api(Chalice): ...\nweb = Api(app_name='x')\n": [],
    "from mangum import Mangum\nfrom web import app\nhandler = Mangum(app)\n": ["handler"],
    "from mangum import Mangum\nfrom web import app\nadapted = Mangum(app)\n": [],
    "from tools import logged\ndef _run(event, context): ...\nlambda_handler = logged(_run)\n": ["lambda_handler"],
    "from tools import logged\ndef _run(event, context): ...\nhandler = logged(_run)\n": ["handler"],
    "from tools import logged\ndef _run(request): ...\nhandler = logged(_run)\n": [],
    "import logging\nhandler = logging.StreamHandler()\n": [],
    "handler = None\n": [],
    "lambda_handler = lambda event, context: None\n": ["lambda_handler"],
    "class Run:\n    def __call__(self, event, context): ...\nhandler = Run()\n": ["handler"],
    "class Run:\n    def __call__(self, record): ...\nhandler = Run()\n": [],
    "from tools import connected\n@connected\ndef lambda_handler(connection, event): ...\n": ["lambda_handler"],
    "def lambda_handler(connection, order): ...\n": [],
    "def handler(event=None, context=None): ...\n": ["handler"],
    "def lambda_handler(event, context=None): ...\n": ["lambda_handler"],
    "def handler(request=None, context=None): ...\n": [],
    "def put_handler(event=None, context=None): ...\n": [],
    "from own import logger\n@logger.inject_lambda_context(log_event=True)\ndef put(event, context, store=None): ...\n": [
        "put"
    ],
    "from own import tracer\n@tracer.capture_lambda_handler\ndef put(event: dict, context): ...\n": ["put"],
    "from own import tracer\n@tracer.capture_method\ndef put(event: dict, context): ...\n": [],
    "import boto3\ndef on_event(event, _): ...\n": ["on_event"],
}


@pytest.mark.parametrize("code", HANDLERS)
def test_what_is_recognised_as_a_handler(tmp_path, code):
    assert ids(project(tmp_path, {"src/app.py": code})) == HANDLERS[code]


def test_the_routes_of_an_application_run_on_every_invocation(tmp_path):
    template = "Resources: {}\n"
    for code in (
        "import boto3\nfrom chalice import Chalice\napp = Chalice(app_name='x')\n@app.route('/')\n",
        "import boto3\nfrom fastapi import FastAPI\nfrom mangum import Mangum\napp = FastAPI()\nhandler = Mangum(app)\n@app.get('/')\n",
    ):
        route = 'def index():\n    boto3.client("s3").list_buckets()\n'
        assert findings(tmp_path, CLIENTS, code + route, template) == [
            'client-in-handler: boto3.client("s3").list_buckets()'
        ]


def test_a_function_of_an_application_for_cloudformation_says_nothing_of_the_others(tmp_path):
    code = """\
    import boto3
    from chalice import Chalice
    app = Chalice(app_name="orders")
    @app.route("/orders")
    def orders():
        return boto3.client("sqs").list_queues()
    @app.lambda_function(name="Custom")
    def custom(event, context):
        boto3.client("s3").create_bucket(Bucket=event["ResourceProperties"]["Name"])
    @app.lambda_function(name="Answering")
    def answering(event, context):
        import cfnresponse
        boto3.client("sns").list_topics()
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    """
    assert findings(tmp_path, CLIENTS, code, "Resources: {}\n") == [
        'client-in-handler: return boto3.client("sqs").list_queues()'
    ]


HANDLER = "def lambda_handler(event, context): ...\n"


def test_a_folder_called_test_that_holds_no_test_is_code(tmp_path):
    assert ids(project(tmp_path, {"test/stacks/lambda/app.py": HANDLER})) == ["lambda_handler"]


@pytest.mark.parametrize("test", ["test/test_app.py", "test/unit/mock_test_app.py", "test/app.spec.ts"])
def test_a_folder_that_holds_tests_is_none(tmp_path, test):
    assert ids(project(tmp_path, {"test/stacks/lambda/app.py": HANDLER, test: ""})) == []


def test_a_template_whose_handler_is_not_there_does_not_speak_for_the_others(tmp_path):
    template = """\
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties: {CodeUri: ., Handler: gone.handler, Runtime: python3.14}
    """
    assert ids(project(tmp_path, {"template.yaml": template, "app.py": HANDLER})) == ["Orders", "lambda_handler"]


def test_what_a_build_leaves_beside_the_code_makes_it_no_library(tmp_path):
    files = {
        "src/own_orders.egg-info/top_level.txt": "orders\n",
        "src/orders/app.py": HANDLER,
    }
    named = {"pyproject.toml": '[project]\nname = "own-orders"\n'}
    asked_for = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = ["own-orders"]\n'}
    assert ids(project(tmp_path / "installed", {**files, **asked_for})) == []
    assert ids(project(tmp_path / "built", {**files, **named})) == ["lambda_handler"]
