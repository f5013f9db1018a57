"""Clients move to module level where all that they are made of is known there."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest

from slint.engine import fixing
from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import run
from slint.project.load import load
from slint.settings import Settings

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.14
"""
SNAPSTART = TEMPLATE + "      SnapStart:\n        ApplyOn: PublishedVersions\n"
RULES = (
    "client-in-handler",
    "client-in-loop",
    "db-connection-in-handler",
    "db-connection-leak",
    "http-session-in-handler",
    "pool-in-handler",
)


def settings_of(root):
    return Settings(root=str(root), cwd=str(root), base=str(root), today=date(2026, 9, 1), select=RULES)


@pytest.fixture
def fix(write_project):
    """Fixes a project of one handler and gives its text afterwards, with what is still reported."""

    def fixed(code, template=TEMPLATE, unsafe=True, **files):
        # `dedent` drops the spaces of empty lines, so a code that is not indented is taken as it is.
        sources = {"template.yaml": template, "app.py": dedent(code) if code[:1] == " " else code}
        root = write_project(sources | {name.replace("__", "/") + ".py": text for name, text in files.items()})
        settings = settings_of(root)
        rules = chosen_rules(settings, all_rules())
        outcome = fixing.fix(settings, lambda now: run(load(now), rules, now), fixing.by_safety(unsafe))
        assert outcome.refused == ()
        texts = {change.path: change.after for change in outcome.changes}
        return texts.get("app.py", sources["app.py"]), outcome.results.diagnostics

    return fixed


def unchanged(fix, code, **more):
    text, left = fix(code, **more)
    assert text == dedent(code)
    assert left, "the finding stays"
    return left


def test_comments_and_formatting_move_with_the_statement(fix):
    text, left = fix(
        """\
        import os
        import boto3

        TABLE = os.environ["TABLE"]  # the table


        def handler(event, context):
            '''Store.'''
            # the client
            client = boto3.client(
                "dynamodb",  # not the resource
                region_name = "eu-west-1",
            )  # made once

            # and use it
            return client.get_item( TableName=TABLE )
        """
    )
    assert not left
    assert text == dedent(
        """\
        import os
        import boto3

        # the client
        client = boto3.client(
            "dynamodb",  # not the resource
            region_name = "eu-west-1",
        )  # made once

        TABLE = os.environ["TABLE"]  # the table


        def handler(event, context):
            '''Store.'''

            # and use it
            return client.get_item( TableName=TABLE )
        """
    )


def test_the_same_client_in_two_functions_is_one(fix):
    text, left = fix(
        """\
        import boto3


        def save(item):
            s3 = boto3.client("s3")
            s3.put_object(Body=item)


        def handler(event, context):
            save(boto3.client("s3").get_object(Key="x"))
        """
    )
    assert not left
    assert text.count("boto3.client") == 1
    assert "save(s3.get_object(" in text
    assert text.startswith('import boto3\n\ns3 = boto3.client("s3")\n\n\ndef save(item):\n    s3.put_object')


def test_a_taken_name_is_not_taken_again(fix):
    text, left = fix(
        """\
        import boto3

        s3 = "a bucket"


        def handler(event, context, sqs=None):
            client = boto3.client("s3")
            if event:
                client = None
            boto3.client("sqs").send_message(QueueUrl=s3, MessageBody=sqs)
            return client
        """
    )
    assert not left
    assert 's3_client = boto3.client("s3")\n' in text and "    client = s3_client\n" in text
    assert 'sqs_client = boto3.client("sqs")\n' in text and "    sqs_client.send_message(" in text


def test_it_comes_after_what_it_needs(fix):
    text, left = fix(
        """\
        import os

        import boto3
        from botocore.config import Config
        from dotenv import load_dotenv

        load_dotenv()
        CONFIG = Config(read_timeout=5)


        def handler(event, context):
            return boto3.client("s3", config=CONFIG, region_name=os.getenv("REGION")).list_buckets()
        """
    )
    assert not left
    assert 'CONFIG = Config(read_timeout=5)\n\ns3 = boto3.client("s3", config=CONFIG' in text


def test_line_ends_and_tabs_are_kept(fix):
    code = 'import boto3\r\n\r\n\r\ndef handler(event, context):\r\n\ts3 = boto3.client("s3")\r\n\treturn s3.list_buckets()\r\n'
    text, left = fix(code)
    assert not left
    assert text == (
        'import boto3\r\n\r\ns3 = boto3.client("s3")\r\n\r\n\r\n'
        "def handler(event, context):\r\n\treturn s3.list_buckets()\r\n"
    )


def test_an_attribute_gets_the_shared_client(fix):
    text, left = fix(
        """\
        import boto3


        class Store:
            def __init__(self):
                self.s3 = boto3.client("s3")

            def save(self, item):
                self.s3.put_object(Body=item)


        def handler(event, context):
            Store().save(event)
        """
    )
    assert not left
    assert 'import boto3\n\ns3 = boto3.client("s3")\n' in text and "        self.s3 = s3\n" in text


@pytest.mark.parametrize(
    "body",
    [
        # what it is made of is not known at module level
        'import boto3\n\ndef handler(event, context):\n    zone = "eu"\n    return boto3.client("s3", region_name=zone)\n',
        "def handler(event, context):\n    import boto3\n    return boto3.client('s3')\n",
        "import boto3\ndef zone():\n    return 'eu'\ndef handler(event, context):\n    return boto3.client('s3', zone())\n",
        # the name may stand for another thing when the handler runs
        (
            "import boto3\nZONE = 'eu'\ndef use():\n    global ZONE\n    ZONE = 'us'\n"
            "def handler(event, context):\n    return boto3.client('s3', region_name=ZONE)\n"
        ),
    ],
)
def test_what_is_not_known_at_module_level_is_left_alone(fix, body):
    unchanged(fix, body)


# --- safe or not ---

PLAIN = 'import boto3\n\n\ndef handler(event, context):\n    return boto3.client("s3").list_buckets()\n'


def test_a_proven_handler_with_constants_is_safe(fix):
    text, left = fix(PLAIN, unsafe=False)
    assert not left and 's3 = boto3.client("s3")\n' in text


@pytest.mark.parametrize(
    "test",
    [
        "from unittest.mock import patch\nimport app\n\n@patch('app.boto3.client')\ndef test_it(client): ...\n",
        "from moto import mock_aws\nimport boto3\nfrom app import handler\n",
        "def test_it(monkeypatch):\n    monkeypatch.setattr('boto3.client', None)\n    from app import handler\n",
    ],
)
def test_it_is_not_safe_when_a_test_replaces_the_constructor(fix, test):
    unchanged(fix, PLAIN, unsafe=False, tests__test_app=test)


def test_tests_of_something_else_do_not_matter(fix):
    other = "from unittest.mock import patch\nimport billing, boto3\n"
    _, left = fix(PLAIN, unsafe=False, tests__test_billing=other)
    assert not left


def test_a_handler_without_a_template_is_not_safe(fix):
    template = "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}\n"
    code = PLAIN.replace("def handler", "def lambda_handler")
    unchanged(fix, code, template=template, unsafe=False)
    assert not fix(code, template=template)[1]


def test_a_connection_is_never_safe(fix):
    code = (
        'import redis\n\n\ndef handler(event, context):\n    kept = redis.Redis(host="x")\n    return kept.get("a")\n'
    )
    unchanged(fix, code, unsafe=False)


# --- connections ---


def test_a_connection_is_made_on_first_use_and_not_closed(fix):
    text, left = fix(
        """\
        import psycopg2
        TIMEOUT = 3

        def handler(event, context):
            # open it
            db = psycopg2.connect(host="db")
            try:
                db.cursor().execute("SELECT 1")
            except psycopg2.Error:
                return None
            finally:
                db.close()  # done
            return 1
        """
    )
    assert not left
    assert text == dedent(
        """\
        import psycopg2

        _db = None


        def _get_db():
            global _db
            if _db is None or _db.closed:
                _db = psycopg2.connect(host="db")
            else:
                _db.rollback()
            return _db


        TIMEOUT = 3

        def handler(event, context):
            # open it
            db = _get_db()
            try:
                db.cursor().execute("SELECT 1")
            except psycopg2.Error:
                return None
            return 1
        """
    )


def test_a_pool_is_hoisted_and_under_snapstart_made_on_first_use(fix):
    code = """\
        import psycopg2.pool


        def handler(event, context):
            pool = psycopg2.pool.SimpleConnectionPool(1, 1, host="db")
            with pool.getconn() as connection:
                return connection.cursor()
        """
    assert 'import psycopg2.pool\n\npool = psycopg2.pool.SimpleConnectionPool(1, 1, host="db")\n' in fix(code)[0]
    lazy, left = fix(code, template=SNAPSTART)
    assert not left and "    pool = _get_pool()\n" in lazy


def test_a_connection_that_somebody_else_may_close_is_left_alone(fix):
    unchanged(
        fix,
        """\
        import psycopg2


        def handler(event, context):
            with psycopg2.connect(host="db") as connection:
                return connection.cursor()
        """,
    )


def test_deep_nesting_ends(fix):
    deep = "str(" * 3000 + "'eu'" + ")" * 3000
    chain = "boto3.Session()" + ".x()" * 3000
    for argument in (deep, chain):
        text, _ = fix(f"import boto3\n\ndef handler(event, context):\n    return boto3.client('s3', {argument})\n")
        assert "return boto3.client" in text


def test_it_comes_after_what_sets_the_library_up(fix):
    for set_up in (
        "patch_all()",
        'boto3.setup_default_session(region_name="eu-west-1")',
        'os.environ["AWS_REGION"] = "eu-west-1"',
        'if __debug__:\n    os.environ.setdefault("AWS_REGION", "eu-west-1")',
    ):
        head = f"import os\nimport boto3\nfrom tracing import patch_all\n{set_up}\n"
        text, left = fix(head + '\n\ndef handler(event, context):\n    return boto3.client("s3").list_buckets()\n')
        assert not left
        assert text.startswith(f'{head}\ns3 = boto3.client("s3")\n\n\ndef handler'), text


def test_clients_of_one_round_come_in_their_order(fix):
    text, left = fix(
        """\
        import boto3

        def first():
            one = boto3.client("sqs")
            return one.list_queues()

        def second():
            # the other
            two = boto3.client("sns")

            return two.list_topics()

        def handler(event, context):
            return first(), second()
        """
    )
    assert not left
    head = 'import boto3\n\none = boto3.client("sqs")\n# the other\ntwo = boto3.client("sns")\n\ndef first():\n'
    assert text.startswith(head)


def test_a_name_that_stands_for_the_same_in_other_functions_is_kept(fix):
    text, left = fix(
        """\
        import boto3


        def first():
            logs_client = boto3.client("logs")
            return logs_client.describe_log_groups()


        class Second:
            def all(self):
                # clients
                logs_client = boto3.client("logs")  # of logs
                return logs_client.describe_log_groups()


        def handler(event, context):
            return first(), Second().all()
        """
    )
    assert not left
    assert text.startswith(
        'import boto3\n\nlogs_client = boto3.client("logs")\n\n\ndef first():\n    return logs_client.'
    )
    assert text.count("logs_client = ") == 1
    assert "        # clients\n        # of logs\n        return logs_client." in text, "comments stay"


def test_a_name_that_stands_for_something_else_is_left_to_it(fix):
    text, left = fix(
        """\
        import boto3

        s3 = boto3.client("s3")


        def upload(client):
            s3 = boto3.resource("s3")
            s3.Bucket("x").upload_file("y", "z")


        def handler(event, context):
            upload(s3)
        """
    )
    assert not left
    assert 's3_resource = boto3.resource("s3")\n' in text and "    s3 = s3_resource\n" in text


def test_only_the_comment_directly_above_moves(fix):
    text, left = fix(
        """\
        import boto3


        def handler(event, context):
            name = event["name"]
            # uncomment to read it
            # read(name)

            # the client
            s3 = boto3.client("s3")

            return s3.get_object(Bucket="x", Key=name)
        """
    )
    assert not left
    assert text == dedent(
        """\
        import boto3

        # the client
        s3 = boto3.client("s3")


        def handler(event, context):
            name = event["name"]
            # uncomment to read it
            # read(name)

            return s3.get_object(Bucket="x", Key=name)
        """
    )


@pytest.mark.parametrize("end", ["", "  # end", "    \n  \n\n", "\n\n   ", "  # end\n\t\n"])
def test_what_stands_around_it_is_kept_to_the_letter(fix, end):
    code = 'import boto3\n\n\ndef handler(event, context):\n    print(event)\n   \n    s3 = boto3.client("s3")\n    \n'
    text, left = fix(code + "    return s3.list_buckets()" + end)
    assert not left
    assert text == (
        'import boto3\n\ns3 = boto3.client("s3")\n\n\ndef handler(event, context):\n    print(event)\n   \n'
        "    return s3.list_buckets()" + end
    )


@pytest.mark.parametrize("end", ["", "\n", "  # end", "  # end\n"])
def test_it_goes_behind_a_last_line_with_or_without_an_end(fix, end):
    handler = 'def handler(event, context):\n    return boto3.client("s3", region_name=ZONE).list_buckets()\n'
    text, left = fix(f'import boto3\n\n\n{handler}\n\nZONE = "eu-west-1"{end}')
    assert not left
    line_end = "\n" if end.endswith("\n") else ""
    assert text.endswith(f'ZONE = "eu-west-1"{end.rstrip()}\n\ns3 = boto3.client("s3", region_name=ZONE){line_end}')


def test_what_libcst_drops_stays(fix):
    text, left = fix("\f" + PLAIN)
    assert not left
    assert text.startswith("\fimport boto3\n\ns3 = boto3")


def test_what_raises_without_a_variable_is_safe_where_all_functions_have_it(fix):
    code = 'import os\nimport boto3\n\n\ndef handler(event, context):\n    return boto3.client("s3", region_name={}).list_buckets()\n'
    own = TEMPLATE + "      Environment: {Variables: {REGION: eu-west-1}}\n"
    other = (
        own
        + "  Prices:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: ., Handler: app.prices, Runtime: python3.14}\n"
    )
    for template, read, is_safe in (
        (own, 'os.environ["REGION"]', True),
        (TEMPLATE, 'os.environ["REGION"]', False),
        (other, 'os.environ["REGION"]', False),
        (other, 'os.environ.get("REGION")', True),
        (other, 'os.environ["AWS_REGION"]', True),
    ):
        _, left = fix(code.format(read), template=template, unsafe=False)
        assert bool(left) is not is_safe, (template, read)


# --- comments, and constructions that are there already ---


def test_a_comment_that_heads_more_than_the_construction_stays(fix):
    text, left = fix(
        """\
        import boto3


        def handler(event, context):
            # Augment the list
            ec2 = boto3.client("ec2")
            return ec2.describe_instances()
        """
    )
    assert not left
    assert text == dedent(
        """\
        import boto3

        ec2 = boto3.client("ec2")


        def handler(event, context):
            # Augment the list
            return ec2.describe_instances()
        """
    )


def test_a_comment_that_heads_constructions_alone_moves_with_them(fix):
    text, left = fix(
        """\
        import boto3


        def handler(event, context):
            # clients
            ec2 = boto3.client("ec2")
            s3 = boto3.client("s3")

            return ec2.describe_instances(), s3.list_buckets()
        """
    )
    assert not left
    assert text.startswith(
        'import boto3\n\n# clients\nec2 = boto3.client("ec2")\ns3 = boto3.client("s3")\n\n\ndef handler'
    )


def test_the_same_construction_written_in_another_way_is_one_client(fix):
    text, left = fix(
        """\
        import boto3


        def first():
            return boto3.client("ec2").describe_instances()


        def second():
            ec2_client = boto3.client( 'ec2' )
            return ec2_client.describe_instances()


        def other():
            ec2 = boto3.client("ec2", region_name="eu-west-1")
            return ec2.describe_instances()


        def handler(event, context):
            return first(), second(), other()
        """
    )
    assert not left
    assert text.count("boto3.client") == 2
    assert 'region_name="eu-west-1"' in text


# --- what one thread, process, transaction or user must not leave to another ---

WORK = """\
import boto3
import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor


def work(key):
    made = {made}
    return made.load(key)


def handler(event, context):
    {run}
"""
THREADS = (
    'return list(ThreadPoolExecutor(4).map(work, event["keys"]))',
    'return [ThreadPoolExecutor(4).submit(work, key) for key in event["keys"]]',
    'threading.Thread(target=work, args=("a",)).start()',
)
PROCESSES = (
    'multiprocessing.Process(target=work, args=("a",)).start()',
    'multiprocessing.Pool(4).map(work, event["keys"])',
)
RESOURCE = 'boto3.resource("dynamodb").Table("x")'


@pytest.mark.parametrize("run", (*THREADS, *PROCESSES))
@pytest.mark.parametrize("made", [RESOURCE, "boto3.Session()", 'boto3.session.Session().client("s3")'])
def test_a_resource_or_a_session_of_a_thread_stays_there(fix, made, run):
    code = WORK.format(made=made, run=run)
    assert fix(code) == (code, ())


def test_a_session_for_its_region_is_not_shared_by_threads(fix):
    code = WORK.format(made="boto3.Session().region_name", run=THREADS[0])
    unchanged(fix, code)
    assert not fix(code.replace("ThreadPoolExecutor(4).map", "map"))[1]


@pytest.mark.parametrize("made", [RESOURCE, "boto3.Session()", 'boto3.session.Session().client("s3")'])
def test_the_same_without_threads_is_hoisted(fix, made):
    text, left = fix(WORK.format(made=made, run='return list(map(work, event["keys"]))'), unsafe=False)
    assert not left and f"\nmade = {made}\n" in text


@pytest.mark.parametrize("run", THREADS)
def test_threads_may_share_a_client(fix, run):
    text, left = fix(WORK.format(made='boto3.client("s3")', run=run), unsafe=False)
    assert not left and '\nmade = boto3.client("s3")\n' in text


@pytest.mark.parametrize("run", PROCESSES)
def test_processes_share_nothing(fix, run):
    unchanged(fix, WORK.format(made='boto3.client("s3")', run=run))


def test_a_function_beside_it_that_runs_the_same_code_in_threads_counts(fix):
    template = TEMPLATE + TEMPLATE.partition("Resources:\n")[2].replace("Orders", "Prices").replace("app.", "prices.")
    code = f"import boto3\n\n\ndef load(key):\n    return {RESOURCE}.get_item(Key=key)\n\n\n"
    code += "def handler(event, context):\n    return load(event)\n"
    call = "import threading\nfrom app import load\n\n\ndef handler(event, context):\n    {}\n"
    unchanged(fix, code, template=template, prices=call.format("threading.Thread(target=load, args=(event,)).start()"))
    text, left = fix(code, template=template, prices=call.format("return load(event)"))
    assert not left and f"dynamodb = {RESOURCE}" in text


def test_what_one_function_closes_is_not_kept_for_another(fix):
    template = TEMPLATE + TEMPLATE.partition("Resources:\n")[2].replace("Orders", "Prices").replace("app.", "prices.")
    code = 'import boto3\n\n\ndef made():\n    return boto3.client("s3")\n\n\n'
    code += "def handler(event, context):\n    return made().list_buckets()\n"
    other = "from app import made\n\n\ndef handler(event, context):\n    s3 = made()\n    s3.{}()\n"
    unchanged(fix, code, template=template, prices=other.format("close"))
    text, left = fix(code, template=template, prices=other.format("list_buckets"))
    assert not left and '\ns3 = boto3.client("s3")\n' in text


CONNECTED = """\
import {module}
import threading


def work():
    db = {module}.connect({given})
    {first}
    try:
        db.cursor().execute("SELECT 1")
        {then}
    except ValueError:
        {caught}
    finally:
        db.close()


def handler(event, context):
    {run}
"""


@pytest.mark.parametrize(
    ("refused", "made"),
    [
        # one connection speaks with one thread at a time
        ({"run": "threading.Thread(target=work).start()"}, {}),
        # closing it undoes what is not committed
        ({"then": "db.commit()"}, {"then": "db.commit()", "caught": "db.rollback()"}),
        ({"then": "db.commit()", "given": "autocommit=False"}, {"then": "db.commit()", "given": "autocommit=True"}),
        (
            {"then": "db.commit()", "first": "db.autocommit = False"},
            {"then": "db.commit()", "first": "db.autocommit = True"},
        ),
        # a transaction of MySQL goes on reading what was there when it began
        ({"module": "pymysql"}, {"module": "pymysql", "given": "autocommit=True"}),
        ({"module": "mysql.connector"}, {"module": "mysql.connector", "first": "db.autocommit = True"}),
        ({"module": "pymysql"}, {"module": "pymysql", "then": "db.commit()", "caught": "db.rollback()"}),
        # nobody could tell that it is dead
        ({"module": "MySQLdb", "given": "autocommit=True"}, {"module": "psycopg", "given": "autocommit=True"}),
    ],
)
def test_a_connection_is_kept_only_where_the_next_invocation_finds_it_as_new(fix, refused, made):
    plain = {"module": "psycopg2", "given": "", "first": "pass", "then": "pass", "caught": "pass", "run": "work()"}
    unchanged(fix, CONNECTED.format(**plain | refused))
    text, left = fix(CONNECTED.format(**plain | made))
    assert not left and "db = _get_db()" in text and "close()" not in text
    # What refuses all after a failed statement is ended; else nothing is added.
    assert ("_db.rollback()" in text) is not bool(made)


def test_a_producer_that_is_closed_to_send_what_is_left_is_closed(fix):
    code = "import {0}\n\n\ndef handler(event, context):\n    made = {1}\n    made.send(event)\n    made.close()\n"
    unchanged(fix, code.format("kafka", "kafka.KafkaProducer()"))
    assert "_get_made()" in fix(code.format("redis", "redis.Redis()"))[0]


HTTP = """\
import os
import requests
from requests.adapters import HTTPAdapter


def handler(event, context):
    session = requests.Session()
    {}
    return session.get("https://example.com", params=event).json()
"""


@pytest.mark.parametrize(
    "given",
    [
        'session.mount("https://", HTTPAdapter(max_retries=3))',
        'session.headers["Authorization"] = requests.post("https://example.com/token").json()["token"]',
        'session.hooks["response"].append(print)',
    ],
)
def test_a_session_that_is_set_up_in_the_handler_stays_there(fix, given):
    unchanged(fix, HTTP.format(given))


@pytest.mark.parametrize(
    "given",
    [
        "session.verify = True",
        'session.headers.update({"X-Key": os.environ["KEY"]})',
        'session.headers["Accept"] = "application/json"',
    ],
)
def test_a_session_that_gets_the_same_each_time_is_hoisted(fix, given):
    text, left = fix(HTTP.format(given))
    assert not left and "\nsession = requests.Session()\n" in text and f"    {given}\n" in text


@pytest.mark.parametrize(
    ("refused", "made"),
    [
        ('client.meta.events.register("before-send", print)', "client.list_queues()"),
        ('os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"', 'os.environ["STAGE"] = "test"'),
        ('boto3.setup_default_session(region_name="eu-west-1")', "boto3.set_stream_logger()"),
    ],
)
def test_a_client_that_is_set_up_in_the_handler_stays_there(fix, refused, made):
    code = 'import os\nimport boto3\n\n\ndef handler(event, context):\n    client = boto3.client("s3")\n    {}\n    return client\n'
    unchanged(fix, code.format(refused))
    text, left = fix(code.format(made), unsafe=False)
    assert not left and '\nclient = boto3.client("s3")\n' in text


def test_an_attribute_from_the_event_keeps_a_client_in_the_handler(fix):
    code = "import openai\n\n\ndef handler(event, context):\n    client = openai.OpenAI()\n    client.timeout = {}\n    return client\n"
    unchanged(fix, code.format('event["timeout"]'))
    assert not fix(code.format("30"), unsafe=False)[1]
