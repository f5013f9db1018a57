"""The rules about connections: what they must not say, and which of them speaks."""

from __future__ import annotations

import pytest
from linked import TEMPLATE, findings, project
from slint_rules.connections.db_connection_in_handler import DbConnectionInHandler

ALL = (
    "client-in-handler,client-in-loop,db-connection-in-handler,db-connection-leak,pool-in-handler,"
    "http-session-in-handler"
)

SILENT = {
    "region of the event": """
        import boto3
        def handler(event, context):
            boto3.client("s3", region_name=event["region"]).list_buckets()
    """,
    "region that a method of a mapping gives": """
        import boto3
        def build(**options):
            return boto3.client("s3", region_name=options.get("region"))
        def take(options):
            return boto3.client("s3", region_name=options.pop("region", None))
        class Store:
            def __init__(self, **options):
                self.options = options.get("options")
            def get(self):
                return boto3.client("sqs", **self.options)
        def handler(event, context):
            options = {"region": event["region"]}
            later = {}
            later["region"] = event["region"]
            boto3.client("sns", region_name=options.get("region")).list_topics()
            boto3.client("ec2", region_name=later.get("region")).describe_instances()
            build(region=event["region"]).list_buckets()
            take({"region": event["region"]}).list_buckets()
            Store(options=event["options"]).get().list_queues()
    """,
    "a mapping of the module by a local name, and one that is made with the function": """
        import boto3
        CLIENTS = {}
        def named(name):
            clients = CLIENTS
            try:
                return clients[name]
            except KeyError:
                clients[name] = boto3.client(name)
                return clients[name]
        def default(name, clients={}):
            try:
                return clients[name]
            except KeyError:
                clients[name] = boto3.client(name)
                return clients[name]
        def handler(event, context):
            return named("s3"), default("sqs")
    """,
    "a guard that a function tells, by a local name": """
        import psycopg2
        connection = None
        def is_closed():
            return connection is None or connection.closed != 0
        def handler(event, context):
            global connection
            closed = is_closed()
            if closed:
                connection = psycopg2.connect()
            return connection.cursor()
    """,
    "a guard that a function tells": """
        import boto3
        s3 = None
        def is_ready():
            return s3 is not None
        def handler(event, context):
            global s3
            if not is_ready():
                s3 = boto3.client("s3")
            return s3.list_buckets()
    """,
    "a guard that a method or a property tells": """
        import boto3
        import psycopg2
        class Store:
            def __init__(self):
                self.s3 = None
                self.db = None
            @property
            def ready(self):
                return self.s3 is not None
            def is_open(self):
                try:
                    self.db.cursor().execute("SELECT 1")
                    return True
                except Exception:
                    return False
            def connect(self):
                self.db = psycopg2.connect()
            def get(self):
                if not self.ready:
                    self.s3 = boto3.client("s3")
                if not self.is_open():
                    self.connect()
                return self.s3, self.db
        store = Store()
        def handler(event, context):
            return store.get()
    """,
    "what takes its connections out of a pool of the module": """
        import redis
        import redis.asyncio
        import valkey
        POOL = redis.ConnectionPool(host="h")
        VALKEYS = valkey.ConnectionPool(host="h")
        def handler(event, context):
            redis.Redis(connection_pool=POOL).get("a")
            redis.StrictRedis(connection_pool=POOL).get("a")
            valkey.Valkey(connection_pool=VALKEYS).get("a")
    """,
    "a connection that its library gives again": """
        import mongoengine
        def handler(event, context):
            mongoengine.connect(host="h")
    """,
    "tokens of a database, which a pool cannot keep": """
        import boto3
        from psycopg2.pool import SimpleConnectionPool
        from sqlalchemy import create_engine
        rds = boto3.client("rds")
        dsql = boto3.client("dsql")
        def handler(event, context):
            token = rds.generate_db_auth_token(DBHostname="h", Port=5432, DBUsername="u")
            create_engine(f"postgresql://u:{token}@h").connect()
            SimpleConnectionPool(1, 1, password=dsql.generate_db_connect_auth_token("h", "r"))
            SimpleConnectionPool(1, 1, password=dsql.generate_db_connect_admin_auth_token("h", "r"))
    """,
    "an engine without a pool": """
        from sqlalchemy import create_engine, pool
        from sqlalchemy.pool import NullPool
        def handler(event, context):
            create_engine("x", poolclass=NullPool).connect()
            create_engine("x", poolclass=pool.NullPool).connect()
    """,
    "databases in memory and below /tmp": """
        import os
        import sqlite3
        import tempfile
        import duckdb
        def handler(event, context):
            duckdb.connect()
            sqlite3.connect(os.path.join(tempfile.gettempdir(), "a.db"))
            sqlite3.connect(os.path.join("/tmp", "a.db"))
    """,
    "region of an event's object": """
        import boto3
        class Order:
            def __init__(self, data):
                self._data = data
            @property
            def region(self):
                return self._data["region"]
        def handler(event, context):
            order = Order(event)
            boto3.client("s3", region_name=order.region).list_buckets()
    """,
    "arguments collected from the event": """
        import boto3
        def build(**options):
            return boto3.client("s3", **options)
        def handler(event, context):
            options = {}
            options["region_name"] = event["region"]
            build(**options).list_buckets()
    """,
    "assumed role": """
        import boto3
        sts = boto3.client("sts")
        def handler(event, context):
            given = sts.assume_role(RoleArn="arn:x", RoleSessionName="y")["Credentials"]
            session = boto3.Session(aws_access_key_id=given["AccessKeyId"], aws_session_token=given["SessionToken"])
            session.client("s3").list_buckets()
    """,
    "assumed role set later": """
        import boto3
        import botocore.session
        sts = boto3.client("sts")
        class Tenant:
            def __init__(self):
                given = sts.assume_role(RoleArn="arn:x", RoleSessionName="y")["Credentials"]
                self._core = botocore.session.get_session()
                self._core.set_credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
                self._session = boto3.Session(botocore_session=self._core)
            @property
            def session(self):
                return self._session
        def handler(event, context):
            Tenant().session.resource("dynamodb").Table("t").scan()
    """,
    "global and guard": """
        import psycopg2
        conn = None
        def handler(event, context):
            global conn
            if conn is None:
                conn = psycopg2.connect("x")
            conn.cursor()
    """,
    "guard around a part of the client": """
        import boto3
        table = None
        def handler(event, context):
            global table
            if event is None:
                return
            if table is None:
                table = boto3.resource("dynamodb").Table("t")
            table.scan()
    """,
    "not in globals": """
        import boto3
        def handler(event, context):
            global s3
            if "s3" not in globals():
                s3 = boto3.client("s3")
            s3.list_buckets()
    """,
    "cached function": """
        import functools
        import boto3
        @functools.cache
        def s3():
            return boto3.client("s3")
        def handler(event, context):
            s3().list_buckets()
    """,
    "dictionary": """
        import boto3
        CLIENTS = {}
        def client(name):
            if name not in CLIENTS:
                CLIENTS[name] = boto3.client("s3")
            return CLIENTS[name]
        def handler(event, context):
            client("a").list_buckets()
            CLIENTS.setdefault("b", boto3.client("sqs")).list_queues()
    """,
    "walrus": """
        import boto3
        s3 = None
        def client():
            global s3
            return s3 or (s3 := boto3.client("s3"))
        def handler(event, context):
            client().list_buckets()
    """,
    "lazy attribute of an object at module level": """
        import boto3
        class Store:
            def __init__(self):
                self._s3 = None
            def s3(self):
                if self._s3 is None:
                    self._s3 = boto3.client("s3")
                return self._s3
        store = Store()
        def handler(event, context):
            store.s3().list_buckets()
    """,
    "reconnect after an error": """
        import psycopg2
        conn = psycopg2.connect("x")
        def handler(event, context):
            global conn
            try:
                conn.cursor()
            except psycopg2.OperationalError:
                conn = psycopg2.connect("x")
    """,
    "default argument": """
        import boto3
        def handler(event, context, s3=boto3.client("s3")):
            s3.list_buckets()
    """,
    "checked out": """
        from psycopg2.pool import SimpleConnectionPool
        from sqlalchemy import create_engine
        from sqlalchemy.orm import Session, sessionmaker
        pool = SimpleConnectionPool(1, 1)
        engine = create_engine("x")
        def handler(event, context):
            pool.getconn()
            with engine.connect(), Session(engine), sessionmaker(engine)():
                pass
    """,
    "bound to the event loop": """
        import asyncio
        import aiohttp
        import asyncpg
        async def main():
            conn = await asyncpg.connect("x")
            async with aiohttp.ClientSession() as session:
                return conn, session
        def handler(event, context):
            asyncio.run(main())
    """,
    "helper at module level": """
        import boto3
        def build():
            return boto3.client("s3")
        s3 = build()
        def handler(event, context):
            s3.list_buckets()
    """,
    "scripts": """
        import boto3
        def handler(event, context):
            return event
        def main():
            boto3.client("s3").list_buckets()
        if __name__ == "__main__":
            main()
    """,
    "a function that a library calls when what it makes is first used": """
        import boto3
        from functools import cache, lru_cache
        from dataclasses import dataclass, field
        from acme import Later, remember
        from acme.caching import cached_client
        first = Later(lambda: boto3.client("s3"))
        second = lru_cache(maxsize=None)(lambda name: boto3.client(name))
        @remember.memoize
        def third():
            return boto3.client("sns")
        @dataclass
        class Services:
            queue: object = field(default_factory=lambda: boto3.client("sqs"))
        services = Services()
        def make():
            return boto3.client("ses")
        fourth = cached_client(make)
        def handler(event, context):
            first.list_buckets()
            second("s3").list_buckets()
            third().publish()
            services.queue.list_queues()
            fourth().send_email()
    """,
    "what is asked for is written down where it is made": """
        import boto3
        config = None
        class Settings:
            def __init__(self):
                self.region = None
            def get(self):
                if self.region is None:
                    self.load()
                return self.region
            def load(self):
                ssm = boto3.client("ssm")
                self.region = ssm.get_parameter(Name="/region")["Parameter"]
        settings = Settings()
        def load():
            global config
            ssm = boto3.client("ssm")
            config = ssm.get_parameter(Name="/config")["Parameter"]
        def handler(event, context):
            if config is None:
                load()
            return settings.get()
    """,
    "a decorator of the project keeps what is made": """
        import boto3
        def once(function):
            value = None
            def wrapper():
                nonlocal value
                if value is None:
                    value = function()
                return value
            return wrapper
        def memoize(seconds):
            def decorate(function):
                cache = {}
                def wrapper(*args):
                    if args not in cache:
                        cache[args] = function(*args)
                    return cache[args]
                return wrapper
            return decorate
        @once
        def first():
            return boto3.client("s3")
        @memoize(60)
        def second(name):
            return boto3.client(name)
        def handler(event, context):
            first().list_buckets()
            second("sqs").list_queues()
    """,
    "the object is asked whether it is open": """
        from peewee import PostgresqlDatabase
        database = PostgresqlDatabase("x")
        def handler(event, context):
            if database.is_closed():
                database.connect()
            database.execute_sql("select 1")
    """,
    "a metaclass hands out the object made before": """
        import boto3
        class Singleton(type):
            made = {}
            def __call__(cls, *args):
                if cls not in cls.made:
                    cls.made[cls] = super().__call__(*args)
                return cls.made[cls]
        class Store(metaclass=Singleton):
            def __init__(self):
                self.client = boto3.client("s3")
        def handler(event, context):
            Store().client.list_buckets()
    """,
    "a base hands out the object made before": """
        import boto3
        class Base:
            made = None
            def __new__(cls):
                cls.made = cls.made or object.__new__(cls)
                return cls.made
        class Store(Base):
            def __init__(self):
                if not hasattr(self, "client"):
                    self.client = boto3.client("s3")
        def handler(event, context):
            Store().client.list_buckets()
    """,
    "a decorator hands out the object made before": """
        import boto3
        def single(cls):
            made = {}
            def get(*args):
                if cls not in made:
                    made[cls] = cls(*args)
                return made[cls]
            return get
        @single
        class Store:
            def __init__(self):
                self.client = boto3.client("s3")
        def handler(event, context):
            Store().client.list_buckets()
    """,
    "a library hands out the object made before": """
        import boto3
        from singletons import Singleton, singleton
        class Store(metaclass=Singleton):
            def __init__(self):
                self.client = boto3.client("s3")
        @singleton
        class Queue:
            def __init__(self):
                self.client = boto3.client("sqs")
        def handler(event, context):
            Store().client.list_buckets()
            Queue().client.list_queues()
    """,
    "objects that share their state": """
        import boto3
        class Store:
            state = {}
            def __init__(self):
                self.__dict__ = self.state
                if not self.state:
                    self.client = boto3.client("s3")
        def handler(event, context):
            Store().client.list_buckets()
    """,
    "a client that an executor, a thread or an event loop passes on": """
        import asyncio
        import boto3
        from concurrent.futures import ThreadPoolExecutor
        from threading import Thread, Timer
        s3 = boto3.client("s3")
        def put(key, client=None):
            client = boto3.client("s3") if client is None else client
            client.put_object(Key=key)
        def relay(key, **options):
            put(key, **options)
        class Store:
            def put(self, key, client=None):
                put(key, client or boto3.client("s3"))
        async def main(keys):
            loop = asyncio.get_running_loop()
            await asyncio.gather(*[asyncio.to_thread(put, key, s3) for key in keys])
            await asyncio.gather(*[loop.run_in_executor(None, put, key, s3) for key in keys])
        def handler(event, context):
            with ThreadPoolExecutor() as pool:
                for key in event["keys"]:
                    pool.submit(put, key, s3)
                    pool.submit(put, key, client=s3)
                    pool.submit(relay, key, client=s3)
                    pool.submit(Store().put, key, s3)
            for key in event["keys"]:
                given = (key, s3)
                Thread(target=put, args=given).start()
                Thread(target=put, args=(key,), kwargs={"client": s3}).start()
                Thread(target=put, args=(key,), kwargs=dict(client=s3)).start()
                Timer(1, put, (key, s3)).start()
            asyncio.run(main(event["keys"]))
    """,
    "a client that a function is bound to": """
        import boto3
        from concurrent.futures import ThreadPoolExecutor
        from functools import partial
        s3 = boto3.client("s3")
        OPTIONS = {"client": s3}
        def put(key, client=None):
            client = client or boto3.client("s3")
            client.put_object(Key=key)
        save = partial(put, client=s3)
        def handler(event, context):
            given = ["key", s3]
            save("a")
            partial(put, "a", **OPTIONS)()
            partial(put, *given)()
            partial(partial(put, client=s3), "a")()
            list(map(partial(put, client=s3), event["keys"]))
            with ThreadPoolExecutor() as pool:
                pool.map(save, event["keys"])
                pool.submit(partial(put, "a", client=s3))
    """,
    "a client in a spread": """
        import boto3
        s3 = boto3.client("s3")
        OPTIONS = {"client": s3}
        def put(key, client=None):
            client = client or boto3.client("s3")
            client.put_object(Key=key)
        def relay(**options):
            put("a", **options)
        def handler(event, context):
            put("a", **OPTIONS)
            put(*["a", s3])
            relay(client=s3)
    """,
    "a client that may be in a spread": """
        import boto3
        s3 = boto3.client("s3")
        def put(key, client=None):
            client = client or boto3.client("s3")
            client.put_object(Key=key)
        def handler(event, context):
            written = {}
            written["client"] = s3
            put("a", **written)
            updated = {"key": "a"}
            updated.update(client=s3)
            put(**updated)
            gap = {"client": None}
            gap["client"] = s3
            put("a", **gap)
            put("a", **event)
    """,
    "a client that others may pass": """
        import boto3
        from elsewhere import made, run
        from multiprocessing import Pool
        s3 = boto3.client("s3")
        def put(key, client=None):
            if client is None:
                client = boto3.client("s3")
            client.put_object(Key=key)
        def table(key, table=None):
            table = table or boto3.resource("dynamodb").Table("orders")
            table.put_item(Item=key)
        def chosen(key, client=None):
            if client is not None:
                return client
            return boto3.client("s3")
        def either(key, client=None):
            if client:
                return client
            return boto3.client("s3")
        def relay(key, client=None):
            return put(key, client)
        def handler(event, context):
            for key in event["keys"]:
                run(put, key, s3)
            run(table, chosen, either, relay)
            with Pool() as pool:
                pool.starmap(put, [(key, s3) for key in event["keys"]])
                pool.map(put, event["keys"], [s3, s3])
            put("a", made())
    """,
    "region by an executor, a thread, or a function that is bound to it": """
        import boto3
        from concurrent.futures import ThreadPoolExecutor
        from functools import partial
        from threading import Thread
        REGIONS = ("a", "b")
        def scan(region):
            return boto3.client("ec2", region_name=region).describe_instances()
        def handler(event, context):
            with ThreadPoolExecutor() as pool:
                pool.map(scan, REGIONS)
                for region in REGIONS:
                    pool.submit(scan, region)
            for region in REGIONS:
                Thread(target=scan, args=(region,)).start()
                partial(scan, region)()
                partial(scan, region=region)()
    """,
    "as many connections as the event has records": """
        import boto3
        from botocore.config import Config
        def publish(ids):
            batches = [ids[i : i + 10] for i in range(0, len(ids), 10)]
            boto3.client("sns", config=Config(max_pool_connections=min(50, len(batches)))).publish()
            added = []
            for i in range(len(ids)):
                added.append(1)
            boto3.client("sqs", config=Config(max_pool_connections=len(added))).list_queues()
        def handler(event, context):
            publish([record["body"] for record in event["Records"]])
            names = {each["id"]: each["region"] for each in event["Records"]}
            boto3.client("s3", region_name=names["a"]).list_buckets()
            some = [each for each in ("a", "b") if each == event["region"]]
            boto3.client("ec2", region_name=some[0]).describe_instances()
            for record in ["ab", "c"]:
                count = len([each for each in record])
                boto3.client("rds", config=Config(max_pool_connections=count)).describe_db_instances()
    """,
    "a call for its effect": """
        import boto3
        def handler(event, context):
            boto3.setup_default_session(region_name="eu-west-1")
    """,
    "a session and its client, and a resource, of each thread": """
        import asyncio
        import boto3
        from threading import Thread
        def load(key):
            return boto3.resource("s3").Object("b", key)
        def work(key):
            session = boto3.session.Session()
            session.client("s3").head_object(Bucket="b", Key=key)
            return load(key)
        async def main(keys):
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, work, keys[0])
        def handler(event, context, pool=None):
            Thread(target=work, args=(event["key"],)).start()
            asyncio.run(main(event["keys"]))
            return pool.submit(work, event["key"])
    """,
    "sessions of HTTP that get something from the event": """
        import requests
        def headers(event, context):
            session = requests.Session()
            session.headers["Authorization"] = event["token"]
            return session.get("https://example.com")
        def updated(token):
            session = requests.Session()
            session.headers.update({"Authorization": f"Bearer {token}"})
            return session
        def given(session, user):
            session.auth = (user["name"], user["password"])
        def login(event):
            with requests.Session() as session:
                session.post("https://example.com/login", data={"user": event["user"]})
                return session.get("https://example.com")
        def sometimes(event):
            session = requests.Session()
            if event.get("debug"):
                session.verify = False
            return session.get("https://example.com")
        class Api:
            def __init__(self):
                self.session = requests.Session()
            def enter(self, cookie):
                self.session.cookies.set("id", cookie)
        def handler(event, context):
            headers(event, context)
            updated(event["token"]).get("https://example.com")
            session = requests.Session()
            given(session, event["user"])
            api = Api()
            api.enter(event["cookie"])
            for each in event["users"]:
                one = requests.Session()
                one.auth = each
            return session, login(event), sometimes(event), api
    """,
    "scratch databases": """
        import sqlite3
        def handler(event, context):
            sqlite3.connect(":memory:")
            sqlite3.connect("/tmp/work.db")
    """,
    "region of a loop": """
        import boto3
        REGIONS = ["a", "b"]
        def scan(region):
            return boto3.client("ec2", region_name=region).describe_instances()
        def handler(event, context):
            for region in REGIONS:
                scan(region)
            left = list(REGIONS)
            while left:
                region = left.pop()
                boto3.client("rds", region_name=region).describe_db_instances()
    """,
}


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT.keys())
def test_what_must_not_be_reported(tmp_path, code):
    assert findings(tmp_path, ALL, code) == []


REPORTED = {
    "what is asked for is not written down where it is made": (
        """
        import boto3
        region = None
        def load():
            global region
            region = None
            return boto3.client("ssm").get_parameter(Name="/config")
        def wrap(function):
            def wrapper():
                value = None
                if value is None:
                    value = function()
                return value
            return wrapper
        @wrap
        def make():
            return boto3.client("s3")
        def handler(event, context):
            if event["load"]:
                load()
            make().list_buckets()
        """,
        [
            'client-in-handler: return boto3.client("ssm").get_parameter(Name="/config")',
            'client-in-handler: return boto3.client("s3")',
        ],
    ),
    "the object is asked for something else": (
        """
        from peewee import PostgresqlDatabase
        database = PostgresqlDatabase("x")
        def handler(event, context):
            if database.autorollback and event["is_open"]:
                database.connect()
            database.execute_sql("select 1")
        """,
        ["db-connection-in-handler: database.connect()"],
    ),
    "an emulator on somebody's own machine in one alternative": (
        """
        import os
        import boto3
        ENDPOINT = "http://localstack:4566" if os.environ.get("IS_LOCAL") else None
        def handler(event, context):
            boto3.client("s3", endpoint_url=ENDPOINT).list_buckets()
            boto3.client("sqs", endpoint_url="http://localstack:4566").list_queues()
        """,
        ['client-in-handler: boto3.client("s3", endpoint_url=ENDPOINT).list_buckets()'],
    ),
    "a function that a library calls with the request": (
        """
        import boto3
        from acme import App, wrap
        app = App()
        def orders(request):
            return boto3.client("s3").list_buckets()
        def prices():
            return boto3.client("sqs").list_queues()
        app.add_route("/orders", orders)
        app.add_route("/prices", prices)
        def handler(event, context):
            return app.run(event)
        """,
        [
            'client-in-handler: return boto3.client("s3").list_buckets()',
            'client-in-handler: return boto3.client("sqs").list_queues()',
        ],
    ),
    "a metaclass and a decorator that make objects as usual, and an object that is called": (
        """
        import boto3
        from abc import ABCMeta
        from functools import total_ordering
        class Base(metaclass=ABCMeta):
            pass
        @total_ordering
        class Store(Base):
            def __init__(self):
                self.client = boto3.client("s3")
            def __call__(self):
                return self.client.list_buckets()
        def handler(event, context):
            Store()()
        """,
        ['client-in-handler: self.client = boto3.client("s3")'],
    ),
    **{
        f"no client, {name}": (
            f"""
        import asyncio
        import boto3
        from concurrent.futures import ThreadPoolExecutor
        from functools import partial
        from threading import Thread
        pool = ThreadPoolExecutor()
        def put(key, client=None):
            client = client or boto3.client("s3")
            client.put_object(Key=key)
        def handler(event, context):
            {call}
        """,
            ['client-in-handler: client = client or boto3.client("s3")'],
        )
        for name, call in {
            "by an executor": "pool.submit(put, event['key'])",
            "None by an executor": "pool.submit(put, event['key'], None)",
            "by the map of an executor": "pool.map(put, event['keys'])",
            "by the map of the language": "list(map(put, event['keys']))",
            "by a thread": "Thread(target=put, args=(event['key'],)).start()",
            "by a task": "asyncio.run(asyncio.to_thread(put, event['key']))",
            "by an event loop": "asyncio.get_event_loop().run_in_executor(None, put, event['key'])",
            "by a function that is bound": "partial(put, 'a')()",
            "in a mapping that is spread": "put(**{'key': 'a'})",
            "in a list that is spread": "put(*['a'])",
        }.items()
    },
    "no client in what is only spread": (
        """
        import boto3
        from threading import Thread
        def put(key, client=None):
            client = client or boto3.client("s3")
            client.put_object(Key=key)
        def save(key, client=None):
            client = client or boto3.client("sqs")
            client.send_message(MessageBody=key)
        def handler(event, context):
            options = {"key": "a"}
            put(**options)
            given = ("a",)
            Thread(target=save, args=given).start()
        """,
        [
            'client-in-handler: client = client or boto3.client("s3")',
            'client-in-handler: client = client or boto3.client("sqs")',
        ],
    ),
    "conditions of a function that others call which ask for no client": (
        """
        import boto3
        from elsewhere import run
        def put(key, dry=False):
            if not dry:
                boto3.client("s3").put_object(Key=key)
        def tell(record):
            if not record:
                return
            boto3.client("sns").publish(Message=record)
        def log(text, dry):
            if not dry:
                boto3.client("logs").put_log_events(logEvents=text)
        def handler(event, context, client=None):
            client = client or boto3.client("sqs")
            run(put, event)
            run(tell, event)
            log("a", event["dry"])
        """,
        [
            'client-in-handler: boto3.client("s3").put_object(Key=key)',
            'client-in-handler: boto3.client("sns").publish(Message=record)',
            'client-in-handler: boto3.client("logs").put_log_events(logEvents=text)',
            'client-in-handler: client = client or boto3.client("sqs")',
        ],
    ),
    "a client that stays for the next turns": (
        """
        import boto3
        def put(keys, client=None):
            for key in keys:
                client = client or boto3.client("s3")
        def handler(event, context):
            put(event["keys"])
        """,
        ['client-in-loop: client = client or boto3.client("s3")'],
    ),
    "as many connections as there are names": (
        """
        import boto3
        from botocore.config import Config
        def handler(event, context):
            names = [name for name in ("a", "b") if name]
            boto3.client("s3", config=Config(max_pool_connections=len(names))).list_buckets()
        """,
        ['client-in-handler: boto3.client("s3", config=Config(max_pool_connections=len(names))).list_buckets()'],
    ),
    "region that a method of a mapping of literals gives": (
        """
        import boto3
        OPTIONS = {"region": "eu-west-1"}
        def build(**options):
            return boto3.client("s3", region_name=options.get("region", OPTIONS.get("region")))
        def handler(event, context):
            build().put_object(Body=event["body"])
        """,
        ['client-in-handler: return boto3.client("s3", region_name=options.get("region", OPTIONS.get("region")))'],
    ),
    "a count that the function keeps which tries again": (
        """
        import boto3
        tries = 0
        def connect():
            global tries
            made = None
            if made is None:
                try:
                    made = boto3.client("s3")
                    tries = 0
                except Exception:
                    if tries < 3:
                        tries += 1
                        made = connect()
            return made
        def handler(event, context):
            connect().list_buckets()
        """,
        ['client-in-handler: made = boto3.client("s3")'],
    ),
    "a mapping that is made anew": (
        """
        import boto3
        def named(name):
            clients = {}
            try:
                return clients[name]
            except KeyError:
                clients[name] = boto3.client("s3")
        def given(name, clients={}):
            try:
                return clients[name]
            except KeyError:
                clients[name] = boto3.client("sqs")
        def handler(event, context):
            return named("s3"), given("sqs", {})
        """,
        [
            'client-in-handler: clients[name] = boto3.client("s3")',
            'client-in-handler: clients[name] = boto3.client("sqs")',
        ],
    ),
    "a condition that has nothing to do with what is kept": (
        """
        import boto3
        import os
        s3 = None
        def is_on():
            return os.environ["ON"] == "1"
        def handler(event, context):
            global s3
            if is_on():
                s3 = boto3.client("s3")
        """,
        ['client-in-handler: s3 = boto3.client("s3")'],
    ),
    "a guard that a method of an object tells which does not stay": (
        """
        import boto3
        class Store:
            s3 = None
            def has(self):
                return self.s3 is not None
            def get(self):
                if not self.has():
                    self.s3 = boto3.client("s3")
                return self.s3
        def handler(event, context):
            Store().get().list_buckets()
        """,
        ['client-in-handler: self.s3 = boto3.client("s3")'],
    ),
    "in the handler": (
        """
        import boto3
        def handler(event, context):
            boto3.client("s3").put_object(Body=event["body"])
        """,
        ['client-in-handler: boto3.client("s3").put_object(Body=event["body"])'],
    ),
    "a guard that keeps nothing": (
        """
        import boto3
        def handler(event, context):
            s3 = None
            if s3 is None:
                s3 = boto3.client("s3")
            s3.list_buckets()
        """,
        ['client-in-handler: s3 = boto3.client("s3")'],
    ),
    "a global without guard": (
        """
        import boto3
        s3 = None
        def handler(event, context):
            global s3
            s3 = boto3.client("s3")
            s3.list_buckets()
        """,
        ['client-in-handler: s3 = boto3.client("s3")'],
    ),
    "an object made in the handler": (
        """
        import boto3
        class Store:
            def __init__(self):
                self.s3 = boto3.client("s3")
        def handler(event, context):
            Store().s3.list_buckets()
        """,
        ['client-in-handler: self.s3 = boto3.client("s3")'],
    ),
    "a session is its client's matter": (
        """
        import boto3
        def handler(event, context):
            session = boto3.Session()
            session.client("s3").list_buckets()
        """,
        ['client-in-handler: session.client("s3").list_buckets()'],
    ),
    "a session for its region": (
        """
        import boto3
        def handler(event, context):
            return boto3.Session().region_name
        """,
        ["client-in-handler: return boto3.Session().region_name"],
    ),
    "a loop wins": (
        """
        import pymysql
        def handler(event, context):
            for record in event["Records"]:
                conn = pymysql.connect(host="x")
                conn.query(record["body"])
        """,
        ['client-in-loop: conn = pymysql.connect(host="x")'],
    ),
    "a comprehension is a loop": (
        """
        import boto3
        def handler(event, context):
            return [boto3.client("s3").get_object(Key=each) for each in event["keys"]]
        """,
        ['client-in-loop: return [boto3.client("s3").get_object(Key=each) for each in event["keys"]]'],
    ),
    "a retry is none": (
        """
        import boto3
        def handler(event, context):
            for attempt in range(3):
                try:
                    s3 = boto3.client("s3")
                    break
                except OSError:
                    pass
            s3.list_buckets()
        """,
        ['client-in-handler: s3 = boto3.client("s3")'],
    ),
    "a retry inside a loop": (
        """
        import boto3
        def handler(event, context):
            for record in event["Records"]:
                for attempt in range(3):
                    s3 = boto3.client("s3")
                    break
                s3.put_object(Body=record)
        """,
        ['client-in-loop: s3 = boto3.client("s3")'],
    ),
    "made on the first turn only": (
        """
        import boto3
        def handler(event, context):
            s3 = None
            for record in event["Records"]:
                if s3 is None:
                    s3 = boto3.client("s3")
                s3.put_object(Body=record)
        """,
        ['client-in-handler: s3 = boto3.client("s3")'],
    ),
    "closed": (
        """
        import pymysql
        def handler(event, context):
            conn = pymysql.connect(host="x")
            try:
                conn.query("SELECT 1")
            finally:
                conn.close()
        """,
        ['db-connection-in-handler: conn = pymysql.connect(host="x")'],
    ),
    "never closed, through a helper": (
        """
        import pymysql
        def connect():
            conn = pymysql.connect(host="x")
            return conn
        def handler(event, context):
            conn = connect()
            conn.query("SELECT 1")
        """,
        ['db-connection-leak: conn = pymysql.connect(host="x")'],
    ),
    "handed to somebody": (
        """
        import pymysql
        from elsewhere import work
        def handler(event, context):
            conn = pymysql.connect(host="x")
            work(conn)
        """,
        ['db-connection-in-handler: conn = pymysql.connect(host="x")'],
    ),
    "closed at exit": (
        """
        import atexit
        import pymysql
        def handler(event, context):
            conn = pymysql.connect(host="x")
            atexit.register(conn.close)
        """,
        ['db-connection-in-handler: conn = pymysql.connect(host="x")'],
    ),
    "closed by an inner function": (
        """
        import pymysql
        def handler(event, context):
            conn = pymysql.connect(host="x")
            def done():
                conn.close()
            done()
        """,
        ['db-connection-in-handler: conn = pymysql.connect(host="x")'],
    ),
    "a cursor held is not a connection closed": (
        """
        import pymysql
        def handler(event, context):
            conn = pymysql.connect(host="x")
            with conn.cursor() as cursor:
                cursor.execute("SELECT 1")
        """,
        ['db-connection-leak: conn = pymysql.connect(host="x")'],
    ),
    "pools": (
        """
        import pymongo
        from sqlalchemy import create_engine
        def handler(event, context):
            create_engine("x").connect()
            pymongo.MongoClient("y").db.find()
        """,
        [
            'pool-in-handler: create_engine("x").connect()',
            'pool-in-handler: pymongo.MongoClient("y").db.find()',
        ],
    ),
    "a pool that is told to be one, and one that the client is given": (
        """
        import redis
        from sqlalchemy import create_engine
        from sqlalchemy.pool import QueuePool
        def handler(event, context):
            create_engine("x", poolclass=QueuePool)
            redis.Redis(connection_pool=redis.ConnectionPool(host="x")).get("a")
            redis.Redis(connection_pool=None).get("b")
        """,
        [
            'pool-in-handler: create_engine("x", poolclass=QueuePool)',
            'pool-in-handler: redis.Redis(connection_pool=redis.ConnectionPool(host="x")).get("a")',
            'db-connection-in-handler: redis.Redis(connection_pool=None).get("b")',
        ],
    ),
    "a connection that its library would give again, were it not closed": (
        """
        import mongoengine
        def handler(event, context):
            mongoengine.connect(host="h")
            work()
        def work():
            mongoengine.disconnect()
        """,
        ['db-connection-in-handler: mongoengine.connect(host="h")'],
    ),
    "a connection outlives the token that opened it": (
        """
        import boto3
        import psycopg2
        rds = boto3.client("rds")
        def handler(event, context):
            token = rds.generate_db_auth_token(DBHostname="h", Port=5432, DBUsername="u")
            psycopg2.connect(host="h", password=token).cursor()
        """,
        ['db-connection-in-handler: psycopg2.connect(host="h", password=token).cursor()'],
    ),
    "a database elsewhere": (
        """
        import os
        import sqlite3
        def handler(event, context):
            sqlite3.connect(os.path.join(os.path.dirname(__file__), "a.db"))
        """,
        ['db-connection-in-handler: sqlite3.connect(os.path.join(os.path.dirname(__file__), "a.db"))'],
    ),
    "a client and a connection of a thread, a client of a session that is shared, and a session for its region": (
        """
        import boto3
        import psycopg2
        from threading import Thread
        session = boto3.Session()
        def work(key):
            boto3.client("s3").head_object(Bucket="b", Key=key)
            session.client("sqs").list_queues()
            psycopg2.connect("dbname=x").cursor()
            return boto3.Session().region_name
        def handler(event, context):
            Thread(target=work, args=(event["key"],)).start()
        """,
        [
            'client-in-handler: boto3.client("s3").head_object(Bucket="b", Key=key)',
            'client-in-handler: session.client("sqs").list_queues()',
            'db-connection-in-handler: psycopg2.connect("dbname=x").cursor()',
            "client-in-handler: return boto3.Session().region_name",
        ],
    ),
    "sessions of HTTP that send something from the event, and that get the same each time": (
        """
        import requests
        import urllib3
        def handler(event, context):
            session = requests.Session()
            session.headers.update({"Accept": "text/plain"})
            session.post("https://example.com", json=event)
            other = requests.Session()
            other.get("https://example.com/" + event["id"])
            pool = urllib3.PoolManager()
            pool.request("POST", "https://example.com/", fields=event)
            pool.request("GET", "https://example.com/")
            other.post("https://example.com/", json=event, headers={"Authorization": "x"})
            return other.get("https://example.com/", params=event)
        """,
        [
            "http-session-in-handler: session = requests.Session()",
            "http-session-in-handler: other = requests.Session()",
            "http-session-in-handler: pool = urllib3.PoolManager()",
        ],
    ),
    "sessions of HTTP": (
        """
        import requests
        import urllib3
        def handler(event, context):
            requests.Session().get("https://example.com")
            urllib3.PoolManager().request("GET", "https://example.com")
        """,
        [
            'http-session-in-handler: requests.Session().get("https://example.com")',
            'http-session-in-handler: urllib3.PoolManager().request("GET", "https://example.com")',
        ],
    ),
}


@pytest.mark.parametrize(("code", "expected"), REPORTED.values(), ids=REPORTED.keys())
def test_which_rule_reports(tmp_path, code, expected):
    assert findings(tmp_path, ALL, code) == expected


def test_tests_are_no_functions(tmp_path):
    code = {"app.py": "def handler(event, context):\n    pass\n"}
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_app.py").write_text(
        "import boto3\n\n\ndef lambda_handler(event, context):\n    boto3.client('s3')\n"
    )
    assert findings(tmp_path, ALL, code) == []


CLIENT = "import boto3\ndef handler(event, context):\n    boto3.client('s3').list_buckets()\n"


def test_a_connection_that_somebody_else_may_close_does_not_leak(tmp_path):
    code = """
        import psycopg2
        from contextlib import ExitStack, closing
        def first():
            with ExitStack() as stack:
                connection = stack.enter_context(closing(psycopg2.connect("x")))
                connection.cursor()
        def second():
            store = Store(psycopg2.connect("x"))
            store.run()
        def third():
            connections = [psycopg2.connect("x")]
            for each in connections:
                each.close()
        def handler(event, context):
            first()
            second()
            third()
    """
    assert findings(tmp_path, "db-connection-leak", code) == []


def test_custom_resources_and_tenant_isolation_are_left_out(tmp_path):
    assert findings(tmp_path, ALL, CLIENT.replace("import boto3", "import boto3, cfnresponse")) == []
    isolated = TEMPLATE + "      TenancyConfig: {TenantIsolationMode: PER_TENANT}\n"
    assert findings(tmp_path, ALL, CLIENT, isolated) == []


def test_a_database_proxy_makes_it_a_warning(tmp_path):
    code = """
        import os
        import pymysql
        def handler(event, context):
            conn = pymysql.connect(host=os.environ["HOST"])
            conn.close()
    """
    host = "      Environment: {Variables: {HOST: !GetAtt Proxy.Endpoint}}\n  Proxy:\n    Type: AWS::RDS::DBProxy\n"
    linked = project(tmp_path, code, TEMPLATE + host)
    (found,) = DbConnectionInHandler().check_function(linked.functions[0])
    assert str(found.severity) == "warning"
    assert found.related[-1].message == "it leads to this database proxy"
    assert found.related[-1].location.path == "template.yaml"
    (plain,) = DbConnectionInHandler().check_function(project(tmp_path, code).functions[0])
    assert str(plain.severity) == "error"


def test_a_wrapper_around_a_client_is_not_reported_beside_it(tmp_path):
    code = """\
import boto3
from langchain_aws import BedrockEmbeddings


def handler(event, context):
    runtime = boto3.client("bedrock-runtime")
    return BedrockEmbeddings(model_id="m", client=runtime).embed_query("x")
"""
    assert findings(tmp_path, ALL, code) == ['client-in-handler: runtime = boto3.client("bedrock-runtime")']


def test_a_path_that_replaces_what_another_one_guards_is_left_alone(tmp_path):
    code = """\
    import psycopg2
    _connection = None
    def connect():
        global _connection
        _connection = psycopg2.connect("dbname=x")
    def handler(event, context):
        if event.get("rotated"):
            connect()
        if _connection is None:
            connect()
    """
    assert findings(tmp_path, ALL, code) == []


@pytest.mark.parametrize("field", ['event["RequestType"]', 'event.get("ResourceProperties", {})["Name"]'])
def test_a_custom_resource_recognised_by_its_event_is_left_alone(tmp_path, field):
    code = f"""\
import boto3


def handler(event, context):
    asked = {field}
    boto3.client("s3").create_bucket(Bucket="x")
    return asked
"""
    assert findings(tmp_path, ALL, code) == []
