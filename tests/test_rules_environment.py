"""The rule about environment variables that no template defines: what counts as a check, and who else sets variables."""

from __future__ import annotations

import pytest
from linked import TEMPLATE, findings, function, project

from slint.project.model import Function

RULE = "env-var-undefined"
NODE = TEMPLATE.replace("python3.14", "nodejs22.x")

CHECKED = {
    "an early return": """
        import os
        def feature():
            if "U" not in os.environ:
                return None
            return os.environ["U"]
        def handler(event, context):
            return feature()
    """,
    "an early return before the call that reads": """
        import os
        def feature():
            return os.environ["U"]
        def handler(event, context):
            if not os.environ.get("U"):
                return None
            return feature()
    """,
    "an error of its own": """
        import os
        if not os.environ.get("U"):
            raise RuntimeError("U is missing")
        def handler(event, context):
            return os.environ["U"]
    """,
    "the end of the process": """
        import os
        import sys
        def start():
            if os.environ.get("U") is None:
                sys.exit("U is missing")
        start()
        U = os.environ["U"]
        def handler(event, context):
            return U
    """,
    "an assertion": """
        import os
        assert "U" in os.environ
        def handler(event, context):
            return os.environ["U"]
    """,
    "the end of a turn": """
        import os
        def handler(event, context):
            for each in event["Records"]:
                if not os.getenv("U"):
                    continue
                print(os.environ["U"], each)
    """,
    "a condition of a call that asks": """
        import os
        def is_set(name):
            return name in os.environ
        def handler(event, context):
            if is_set("U"):
                return os.environ["U"]
    """,
    "the name that holds it, in another function": """
        import os
        import boto3
        sns = boto3.client("sns")
        TOPIC = os.environ.get("TOPIC")
        def alert(message):
            if not TOPIC:
                print("no topic")
                return
            sns.publish(TopicArn=TOPIC, Message=message)
        def handler(event, context):
            alert("x")
    """,
    "the parameter that holds it": """
        import os
        import boto3
        sns = boto3.client("sns")
        def alert(topic):
            if topic is not None:
                sns.publish(TopicArn=topic, Message="x")
        def handler(event, context):
            alert(os.environ.get("TOPIC"))
    """,
    "an emulator": """
        import os
        def handler(event, context):
            if os.environ.get("AWS_SAM_LOCAL"):
                return os.environ["U"]
            if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
                return os.environ["V"]
    """,
    "a stage": """
        import os
        ENV = os.environ.get("ENV", "prod")
        def is_local():
            return os.getenv("STAGE", "prod").lower() == "local"
        IS_DEV = bool(os.environ.get("DEV"))
        def handler(event, context):
            if ENV == "dev":
                os.environ["U"]
            if is_local():
                os.environ["V"]
            if IS_DEV:
                return os.environ["W"]
    """,
    "a stage, and what else is left": """
        import os
        def handler(event, context):
            if os.environ.get("ENV", "prod") == "prod":
                return None
            return os.environ["U"]
    """,
    "a flag that a variable sets": """
        import os
        enabled = False
        if os.environ.get("FEATURE"):
            enabled = True
        def handler(event, context):
            if enabled:
                return os.environ["U"]
    """,
    "an error that is dropped": """
        import contextlib
        import os
        U = None
        with contextlib.suppress(KeyError):
            U = os.environ["U"]
        def handler(event, context):
            return U
    """,
    "all of several names": """
        import os
        if all(os.environ.get(name) for name in ("D", "E")):
            D = os.environ["D"]
        if any(name in os.environ for name in ["F"]):
            F = os.environ["F"]
        def handler(event, context):
            return 1
    """,
    "a list of names": """
        import os
        REQUIRED = ["U", "V"]
        missing = [name for name in REQUIRED if name not in os.environ]
        if missing:
            raise RuntimeError(missing)
        def handler(event, context):
            return os.environ["U"] + os.environ["V"]
    """,
    "a loop over names": """
        import os
        for name in ("U", "V"):
            if not os.environ.get(name):
                raise RuntimeError(name)
        def handler(event, context):
            return os.environ["U"] + os.environ["V"]
    """,
}


@pytest.mark.parametrize("code", CHECKED.values(), ids=CHECKED.keys())
def test_what_is_checked_is_not_reported(tmp_path, code):
    assert findings(tmp_path, RULE, code) == []


NODE_CHECKED = {
    "an early return": """
        const queue = () => {
          if (!process.env.QUEUE) return null;
          return process.env.QUEUE.split(",");
        };
        exports.handler = async () => queue();
    """,
    "the name that holds it": """
        const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
        const sqs = new SQSClient({});
        const queue = process.env.QUEUE;
        const { DEAD } = process.env;
        exports.handler = async () => {
          if (queue) await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "x" }));
          if (!DEAD) { return; }
          await sqs.send(new SendMessageCommand({ QueueUrl: DEAD, MessageBody: "x" }));
        };
    """,
    "the call that passes it on": """
        const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
        const sqs = new SQSClient({});
        const send = (url) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "x" }));
        exports.handler = async () => {
          const queue = process.env.QUEUE;
          await Promise.all([queue ? send(queue).then(() => 1) : Promise.resolve()]);
        };
    """,
    "a branch around a function": """
        const words = process.env.WORDS;
        exports.handler = async (event) => {
          if (words) return event.list.map((each) => process.env.WORDS.split(each));
        };
    """,
    "an emulator": """
        const isLocal = Boolean(process.env.IS_OFFLINE);
        exports.handler = async () => (isLocal ? process.env.HOSTS.split(",") : []);
    """,
    "a stage": """
        const STAGE = process.env.STAGE ?? "prod";
        exports.handler = async () => {
          if (STAGE === "dev") return process.env.HOSTS.split(",");
        };
    """,
    "an assertion": """
        const assert = require("node:assert");
        assert(process.env.HOSTS, "HOSTS");
        exports.handler = async () => process.env.HOSTS.split(",");
    """,
    "a list of names": """
        for (const name of ["HOSTS"]) if (!process.env[name]) throw new Error(name);
        exports.handler = async () => process.env.HOSTS.split(",");
    """,
}


@pytest.mark.parametrize("code", NODE_CHECKED.values(), ids=NODE_CHECKED.keys())
def test_what_is_checked_is_not_reported_in_nodejs(tmp_path, code):
    assert findings(tmp_path, RULE, {"app.js": code}, NODE) == []


REPORTED = {
    "plain reads": (
        """
        import os
        U = os.environ["U"]
        def handler(event, context):
            return U + os.environ["V"]
        """,
        ['U = os.environ["U"]', 'return U + os.environ["V"]'],
    ),
    "a check of another variable that leaves with an error": (
        """
        import os
        if not os.environ.get("U"):
            raise RuntimeError("U is missing")
        V = os.environ["V"]
        def handler(event, context):
            return V
        """,
        ['V = os.environ["V"]'],
    ),
    "a variable that is read before it is judged": (
        """
        import os
        MODE = os.environ["MODE"]
        if MODE not in ("fast", "slow"):
            raise ValueError(MODE)
        def handler(event, context):
            return MODE
        """,
        ['MODE = os.environ["MODE"]'],
    ),
    "a check that comes later, or in a loop that is over": (
        """
        import os
        def handler(event, context):
            for each in event["Records"]:
                if "V" not in os.environ:
                    continue
            value = os.environ["U"], os.environ["V"]
            if "U" not in os.environ:
                return None
            return value
        """,
        ['value = os.environ["U"], os.environ["V"]'] * 2,
    ),
    "what is left where a variable is missing": (
        """
        import os
        U = os.environ.get("U")
        def other():
            if "V" in os.environ:
                return None
            return os.environ["V"]
        def handler(event, context):
            other()
            if U:
                return U
            return os.environ["U"]
        """,
        ['return os.environ["V"]', 'return os.environ["U"]'],
    ),
    "conditions of something else": (
        """
        import os
        import boto3
        table = boto3.resource("dynamodb").Table(os.environ.get("TABLE", "x"))
        def handler(event, context):
            item = table.get_item(Key={"id": event["id"]}).get("Item")
            if not item:
                return None
            if event["x"]:
                return os.environ["U"]
        """,
        ['return os.environ["U"]'],
    ),
    "nothing that is passed on without a check": (
        """
        import os
        import boto3
        sns = boto3.client("sns")
        TOPIC = os.environ.get("TOPIC")
        def handler(event, context):
            if TOPIC:
                print(TOPIC)
            sns.publish(TopicArn=TOPIC, Message="x")
        """,
        ['TOPIC = os.environ.get("TOPIC")'],
    ),
    "variables that only a script loads": (
        """
        import os
        import dotenv
        U = os.environ["U"]
        def handler(event, context):
            return U
        if __name__ == "__main__":
            dotenv.load_dotenv()
            os.environ.update(dict(A=1))
        """,
        ['U = os.environ["U"]'],
    ),
    "copies of the environment": (
        """
        import os
        COPY = os.environ.copy()
        COPY.update(os.environ)
        other = {}
        other.update(COPY)
        other["x"] = os.environ["U"]
        def handler(event, context):
            return other
        """,
        ['other["x"] = os.environ["U"]'],
    ),
}


@pytest.mark.parametrize(("code", "lines"), REPORTED.values(), ids=REPORTED.keys())
def test_what_nobody_checks_is_reported(tmp_path, code, lines):
    assert findings(tmp_path, RULE, code) == [f"{RULE}: {line}" for line in lines]


def test_what_nobody_checks_is_reported_in_nodejs(tmp_path):
    code = """
        const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
        const sqs = new SQSClient({});
        const queue = process.env.QUEUE;
        const copy = Object.assign({}, process.env);
        exports.handler = async (event) => {
          if (!event.body) return;
          await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: process.env.HOSTS.split(",") }));
        };
    """
    sent = 'await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: process.env.HOSTS.split(",") }));'
    assert findings(tmp_path, RULE, {"app.js": code}, NODE) == [
        f"{RULE}: const queue = process.env.QUEUE;",
        f"{RULE}: {sent}",
    ]


SETS = [
    "os.environ.update(json.loads(text))",
    "os.environ.update(**read())",
    'os.environ[text["Name"]] = text["Value"]',
    "os.environ.setdefault(text, 'x')",
    "os.environ |= read()",
    "env = os.environ; env[text] = 'x'",
    "from os import environ; environ.update(read())",
    "from dotenv import load_dotenv; load_dotenv()",
    "import dotenv; dotenv.load_dotenv('.env')",
]
NODE_SETS = [
    "require('dotenv').config();",
    "import 'dotenv/config';",
    "import * as dotenv from 'dotenv'; dotenv.config();",
    "Object.assign(process.env, await read());",
    "for (const [key, value] of Object.entries(await read())) process.env[key] = value;",
    "process.env = { ...process.env, ...(await read()) };",
]


@pytest.mark.parametrize("statement", SETS)
def test_code_that_sets_variables_whose_names_it_does_not_tell(tmp_path, statement):
    load = f"import json, os\nfrom read import read, text\n{statement}\nU = os.environ['U']\n"
    app = "from load import U\ndef handler(event, context):\n    return U\n"
    linked = project(tmp_path, {"app.py": app, "load.py": load, "read.py": ""})
    _is_open(linked.functions[0])
    assert [note.what for note in linked.ledger] == ["function Orders: its environment"]
    assert findings(tmp_path, RULE, {}) == []


@pytest.mark.parametrize("statement", NODE_SETS)
def test_node_code_that_sets_variables_whose_names_it_does_not_tell(tmp_path, statement):
    load = f"import {{ read }} from './read.mjs';\n{statement}\nexport const hosts = process.env.HOSTS.split(',');\n"
    app = "import { hosts } from './load.mjs';\nexport const handler = async () => hosts;\n"
    linked = project(tmp_path, {"app.mjs": app, "load.mjs": load, "read.mjs": ""}, NODE)
    _is_open(linked.functions[0])
    assert [note.what for note in linked.ledger] == ["function Orders: its environment"]
    assert findings(tmp_path, RULE, {}, NODE) == []


def _is_open(function: Function) -> None:
    assert (function.loads_variables, function.environment_is_open) == (True, False)


def test_variables_that_code_sets_by_name(tmp_path):
    code = """
        import os
        os.environ.update({"A": "1"}, B="2")
        env = os.environ
        env["C"] = "3"
        def handler(event, context):
            return [os.environ["A"], os.environ["B"], os.environ["C"], os.environ["D"]]
    """
    linked = function(tmp_path, code)
    assert not linked.loads_variables
    assert [read.name for read in linked.reads()] == ["D"]


IMAGE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Metadata: {Dockerfile: Dockerfile, DockerContext: src}
    Properties: {PackageType: Image}
"""


@pytest.mark.parametrize(
    ("base", "found"),
    {
        "public.ecr.aws/lambda/python:3.13": ["V"],
        "amazon/aws-lambda-python:3.13": ["V"],
        "registry.example.com/lambda/python:3.13": [],
    }.items(),
)
def test_variables_of_an_image(tmp_path, base, found):
    dockerfile = (
        f'FROM {base}\nENV MODEL_PATH=/opt/model \\\n    HF_HOME=/tmp/hf TITLE="a b"\nENV OLD a b\n'
        'COPY app.py ${LAMBDA_TASK_ROOT}/\nCMD ["app.handler"]\n'
    )
    names = ["MODEL_PATH", "HF_HOME", "TITLE", "OLD", "V"]
    reads = "".join(f'{name} = os.environ["{name}"]\n' for name in names)
    app = f"import os\n{reads}def handler(event, context):\n    return V\n"
    assert findings(tmp_path, RULE, {"app.py": app, "Dockerfile": dockerfile}, IMAGE) == [
        f'{RULE}: {name} = os.environ["{name}"]' for name in found
    ]
