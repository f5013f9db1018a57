"""Constructors that open or own a connection, by the dotted name under which Python code imports them.

Those of Node.js are in node_clients.py.

As of 2026-11-22; compiled from the documentation of the libraries named in each row. A `()` in a name stands for the
result of the call before it: `boto3.Session().client` is the method of a session. Names are given in every public
spelling, since a module may re-export what another one defines.
"""

from __future__ import annotations

import re
from typing import Final

from slint.enumeration import Enum
from slint.record import NamedTuple

AS_OF: Final = "2026-11-22"


class Klass(Enum):
    """What a connection leads to."""

    SDK = "SDK"  # a cloud's or service's API
    DB = "DB"  # a database spoken to in its own protocol: relational, or used like one
    KV = "KV"  # cache, document, search or graph store
    MQ = "MQ"  # message broker
    HTTP = "HTTP"  # a session that keeps connections open
    LLM = "LLM"  # API of a language model
    POWERTOOLS = "POWERTOOLS"  # Powertools for AWS: objects that hold a client


class Client(NamedTuple):
    """What is known of a constructor.

    `is_pool`: it makes a pool or an engine, from which connections are checked out.
    `loop_bound`: the object belongs to one asyncio event loop, so that moving it to module level is wrong when the
    handler makes a new loop each time. `reconnects`: it opens a new connection by itself when the old one is dead.
    `relational`: its server allows a limited number of connections at a time. `opens`: the call itself connects; else
    the first use does. `factory`: it costs little itself, what it makes costs. `local`: the database is a file in the
    function's own environment (exempt when in memory or below /tmp). `brief`: usually opened for one piece of work and
    closed after it, so outside a loop it is at most worth knowing. `ping`: the keyword that makes it check a connection
    before it hands it out. `pool`: the keyword that gives it a pool, which then owns the connections. `shared`: while a
    connection is open, the library gives that one again.
    """

    library: str
    klass: Klass
    is_pool: bool = False
    loop_bound: bool = False
    reconnects: bool = False
    relational: bool = False
    opens: bool = False
    factory: bool = False
    local: bool = False
    brief: bool = False
    ping: str | None = None
    pool: str | None = None
    shared: bool = False


def client(dotted: str, family: str = "python") -> Client | None:
    """What the call of `dotted` makes in code for this family of runtimes, None when it makes no client that is known."""
    if family == "nodejs":
        from slint.knowledge import node_clients

        return node_clients.client(dotted)
    found = CONSTRUCTORS.get(dotted)
    if found is None:
        for pattern, row in _PATTERNS.get(dotted.partition(".")[0], ()):
            if re.fullmatch(pattern, dotted):
                return row
    return found


def _table(*rows: tuple[Client, str]) -> dict[str, Client]:
    return {name: row for row, names in rows for name in names.split()}


_BOTO = Client("boto3", Klass.SDK, reconnects=True)
_DB = Client("", Klass.DB, relational=True, opens=True)
_POOL = Client("", Klass.DB, relational=True, opens=True, is_pool=True)
_ENGINE = Client("sqlalchemy", Klass.DB, relational=True, is_pool=True, ping="pool_pre_ping")
_KV = Client("", Klass.KV, opens=True)
_REDIS = Client("redis", Klass.KV, reconnects=True, pool="connection_pool")
_MQ = Client("", Klass.MQ, opens=True)
_HTTP = Client("", Klass.HTTP)
_SDK = Client("", Klass.SDK)
_BRIEF = Client("", Klass.SDK, brief=True)
_SESSION = Client("", Klass.DB, opens=True, brief=True)
_LLM = Client("", Klass.LLM)
_POWERTOOLS = Client("aws-lambda-powertools", Klass.POWERTOOLS)

CONSTRUCTORS: Final[dict[str, Client]] = _table(
    # AWS
    (_BOTO, "boto3.client boto3.resource boto3.Session().client boto3.Session().resource"),
    (_BOTO, "boto3.session.Session().client boto3.session.Session().resource"),
    (_BOTO, "boto3._get_default_session().client boto3._get_default_session().resource"),
    (_BOTO._replace(factory=True), "boto3.Session boto3.session.Session"),
    (
        _BOTO._replace(library="botocore"),
        "botocore.session.get_session().create_client botocore.session.Session().create_client",
    ),
    (_BOTO._replace(library="botocore", factory=True), "botocore.session.get_session botocore.session.Session"),
    (
        _BOTO._replace(library="aioboto3", loop_bound=True),
        "aioboto3.Session().client aioboto3.Session().resource aioboto3.session.Session().client"
        " aioboto3.session.Session().resource aioboto3.client aioboto3.resource",
    ),
    (
        _BOTO._replace(library="aiobotocore", loop_bound=True),
        "aiobotocore.session.get_session().create_client aiobotocore.session.AioSession().create_client"
        " aiobotocore.get_session().create_client",
    ),
    # PostgreSQL
    (
        _DB._replace(library="psycopg2"),
        "psycopg2.connect psycopg2.extensions.connection aws_psycopg2.connect",
    ),
    (
        _POOL._replace(library="psycopg2"),
        "psycopg2.pool.SimpleConnectionPool psycopg2.pool.ThreadedConnectionPool psycopg2.pool.PersistentConnectionPool",
    ),
    (
        _DB._replace(library="psycopg"),
        "psycopg.connect psycopg.Connection.connect psycopg.connection.Connection.connect",
    ),
    (
        _DB._replace(library="psycopg", loop_bound=True),
        "psycopg.AsyncConnection.connect psycopg.connection_async.AsyncConnection.connect",
    ),
    (
        _POOL._replace(library="psycopg", ping="check"),
        "psycopg_pool.ConnectionPool psycopg_pool.NullConnectionPool psycopg_pool.pool.ConnectionPool",
    ),
    (
        _POOL._replace(library="psycopg", loop_bound=True, ping="check"),
        "psycopg_pool.AsyncConnectionPool psycopg_pool.AsyncNullConnectionPool psycopg_pool.pool_async.AsyncConnectionPool",
    ),
    (_DB._replace(library="asyncpg", loop_bound=True), "asyncpg.connect asyncpg.connection.connect"),
    (_POOL._replace(library="asyncpg", loop_bound=True), "asyncpg.create_pool asyncpg.pool.create_pool"),
    (_DB._replace(library="aiopg", loop_bound=True), "aiopg.connect"),
    (_POOL._replace(library="aiopg", loop_bound=True), "aiopg.create_pool aiopg.sa.create_engine"),
    (
        _DB._replace(library="pg8000"),
        "pg8000.connect pg8000.dbapi.connect pg8000.dbapi.Connection pg8000.native.Connection pg8000.legacy.connect",
    ),
    # MySQL and MariaDB
    (
        _DB._replace(library="PyMySQL"),
        "pymysql.connect pymysql.Connect pymysql.Connection pymysql.connections.Connection pymysql.connections.Connect",
    ),
    (
        _DB._replace(library="mysqlclient"),
        "MySQLdb.connect MySQLdb.Connect MySQLdb.Connection MySQLdb.connections.Connection _mysql.connect",
    ),
    (
        _DB._replace(library="mysql-connector-python"),
        "mysql.connector.connect mysql.connector.Connect mysql.connector.MySQLConnection"
        " mysql.connector.connection.MySQLConnection mysql.connector.CMySQLConnection",
    ),
    (
        _POOL._replace(library="mysql-connector-python"),
        "mysql.connector.pooling.MySQLConnectionPool mysql.connector.MySQLConnectionPool",
    ),
    (_DB._replace(library="mysql-connector-python", loop_bound=True), "mysql.connector.aio.connect"),
    (_DB._replace(library="mariadb"), "mariadb.connect mariadb.Connection"),
    (_POOL._replace(library="mariadb"), "mariadb.ConnectionPool"),
    (_DB._replace(library="aiomysql", loop_bound=True), "aiomysql.connect aiomysql.Connection"),
    (_POOL._replace(library="aiomysql", loop_bound=True), "aiomysql.create_pool aiomysql.sa.create_engine"),
    (_DB._replace(library="asyncmy", loop_bound=True), "asyncmy.connect asyncmy.connection.connect"),
    (_POOL._replace(library="asyncmy", loop_bound=True), "asyncmy.create_pool asyncmy.pool.create_pool"),
    # other relational databases
    (_DB._replace(library="pymssql"), "pymssql.connect pymssql.Connection"),
    (_DB._replace(library="pyodbc"), "pyodbc.connect"),
    (_DB._replace(library="aioodbc", loop_bound=True), "aioodbc.connect"),
    (_POOL._replace(library="aioodbc", loop_bound=True), "aioodbc.create_pool"),
    (_DB._replace(library="oracledb"), "oracledb.connect oracledb.Connection cx_Oracle.connect cx_Oracle.Connection"),
    (_POOL._replace(library="oracledb"), "oracledb.create_pool oracledb.SessionPool cx_Oracle.SessionPool"),
    (_DB._replace(library="oracledb", loop_bound=True), "oracledb.connect_async"),
    (_POOL._replace(library="oracledb", loop_bound=True), "oracledb.create_pool_async"),
    (_DB._replace(library="ibm_db"), "ibm_db.connect ibm_db.pconnect ibm_db_dbi.connect"),
    (_DB._replace(library="redshift-connector"), "redshift_connector.connect redshift_connector.Connection"),
    (
        _DB._replace(library="snowflake-connector-python"),
        "snowflake.connector.connect snowflake.connector.Connect snowflake.connector.SnowflakeConnection"
        " snowflake.connector.connection.SnowflakeConnection snowflake.snowpark.Session.builder.configs().create",
    ),
    (
        _DB._replace(library="clickhouse-connect"),
        "clickhouse_connect.get_client clickhouse_connect.create_client clickhouse_connect.driver.create_client",
    ),
    (_DB._replace(library="clickhouse-connect", loop_bound=True), "clickhouse_connect.get_async_client"),
    (
        _DB._replace(library="clickhouse-driver"),
        "clickhouse_driver.Client clickhouse_driver.client.Client clickhouse_driver.connect clickhouse_driver.dbapi.connect",
    ),
    (_DB._replace(library="databricks-sql-connector"), "databricks.sql.connect databricks.sql.client.Connection"),
    (_DB._replace(library="trino"), "trino.dbapi.connect trino.dbapi.Connection"),
    (
        _DB._replace(library="pyathena", relational=False, opens=False),
        "pyathena.connect pyathena.connection.Connection",
    ),
    (
        _DB._replace(library="awswrangler"),
        "awswrangler.postgresql.connect awswrangler.mysql.connect awswrangler.redshift.connect"
        " awswrangler.redshift.connect_temp awswrangler.sqlserver.connect awswrangler.oracle.connect",
    ),
    (_DB._replace(library="sqlite3", relational=False, local=True), "sqlite3.connect sqlite3.Connection"),
    (_DB._replace(library="aiosqlite", relational=False, local=True, loop_bound=True), "aiosqlite.connect"),
    (_DB._replace(library="duckdb", relational=False, local=True), "duckdb.connect"),
    (
        _POOL._replace(library="DBUtils"),
        "dbutils.pooled_db.PooledDB dbutils.persistent_db.PersistentDB DBUtils.PooledDB.PooledDB"
        " DBUtils.PersistentDB.PersistentDB",
    ),
    # object mappers
    (
        _ENGINE,
        "sqlalchemy.create_engine sqlalchemy.engine.create_engine sqlalchemy.engine.create.create_engine"
        " sqlalchemy.engine_from_config sqlalchemy.engine.engine_from_config",
    ),
    (_ENGINE._replace(library="sqlmodel"), "sqlmodel.create_engine"),
    (
        _ENGINE._replace(loop_bound=True),
        "sqlalchemy.ext.asyncio.create_async_engine sqlalchemy.ext.asyncio.engine.create_async_engine"
        " sqlalchemy.ext.asyncio.async_engine_from_config",
    ),
    (
        _DB._replace(library="peewee", opens=False),
        "peewee.MySQLDatabase peewee.PostgresqlDatabase playhouse.postgres_ext.PostgresqlExtDatabase"
        " playhouse.mysql_ext.MySQLConnectorDatabase playhouse.mysql_ext.MariaDBConnectorDatabase playhouse.db_url.connect",
    ),
    (_DB._replace(library="peewee"), "peewee.MySQLDatabase().connect peewee.PostgresqlDatabase().connect"),
    (_DB._replace(library="peewee", opens=False, relational=False, local=True), "peewee.SqliteDatabase"),
    (
        _POOL._replace(library="peewee", opens=False),
        "playhouse.pool.PooledMySQLDatabase playhouse.pool.PooledPostgresqlDatabase"
        " playhouse.pool.PooledPostgresqlExtDatabase",
    ),
    (_DB._replace(library="pony"), "pony.orm.Database pony.orm.core.Database"),
    (_POOL._replace(library="tortoise-orm", loop_bound=True), "tortoise.Tortoise.init"),
    (_POOL._replace(library="databases", opens=False, loop_bound=True), "databases.Database databases.core.Database"),
    (_DB._replace(library="django", opens=False), "django.setup"),
    (_DB._replace(library="records"), "records.Database"),
    # MongoDB
    (
        Client("pymongo", Klass.KV, is_pool=True, reconnects=True),
        "pymongo.MongoClient pymongo.mongo_client.MongoClient pymongo.synchronous.mongo_client.MongoClient",
    ),
    (
        Client("pymongo", Klass.KV, is_pool=True, reconnects=True, loop_bound=True),
        "pymongo.AsyncMongoClient pymongo.asynchronous.mongo_client.AsyncMongoClient",
    ),
    (
        Client("motor", Klass.KV, is_pool=True, reconnects=True, loop_bound=True),
        "motor.motor_asyncio.AsyncIOMotorClient motor.MotorClient motor.motor_tornado.MotorClient",
    ),
    (Client("beanie", Klass.KV, loop_bound=True), "beanie.init_beanie"),
    (
        Client("mongoengine", Klass.KV, reconnects=True, shared=True),
        "mongoengine.connect mongoengine.connection.connect",
    ),
    # Redis and Memcached
    (
        _REDIS,
        "redis.Redis redis.StrictRedis redis.client.Redis redis.client.StrictRedis redis.from_url redis.Redis.from_url"
        " redis.StrictRedis.from_url redis.client.Redis.from_url redis.utils.from_url redis.RedisCluster"
        " redis.cluster.RedisCluster redis.RedisCluster.from_url redis.cluster.RedisCluster.from_url redis.Sentinel"
        " redis.sentinel.Sentinel",
    ),
    (
        _REDIS._replace(is_pool=True),
        "redis.ConnectionPool redis.BlockingConnectionPool redis.connection.ConnectionPool"
        " redis.connection.BlockingConnectionPool redis.ConnectionPool.from_url redis.BlockingConnectionPool.from_url"
        " redis.connection.ConnectionPool.from_url",
    ),
    (
        _REDIS._replace(loop_bound=True),
        "redis.asyncio.Redis redis.asyncio.StrictRedis redis.asyncio.from_url redis.asyncio.Redis.from_url"
        " redis.asyncio.client.Redis redis.asyncio.client.Redis.from_url redis.asyncio.RedisCluster"
        " redis.asyncio.cluster.RedisCluster redis.asyncio.Sentinel redis.asyncio.sentinel.Sentinel aioredis.from_url"
        " aioredis.Redis aioredis.create_redis aioredis.create_redis_pool",
    ),
    (
        _REDIS._replace(loop_bound=True, is_pool=True),
        "redis.asyncio.ConnectionPool redis.asyncio.BlockingConnectionPool redis.asyncio.ConnectionPool.from_url"
        " redis.asyncio.connection.ConnectionPool",
    ),
    (
        _REDIS._replace(library="redis-py-cluster"),
        "rediscluster.RedisCluster rediscluster.StrictRedisCluster rediscluster.client.RedisCluster",
    ),
    (
        _REDIS._replace(library="valkey"),
        "valkey.Valkey valkey.StrictValkey valkey.client.Valkey valkey.from_url valkey.Valkey.from_url valkey.ValkeyCluster"
        " valkey.cluster.ValkeyCluster valkey.Sentinel valkey.sentinel.Sentinel",
    ),
    (
        _REDIS._replace(library="valkey", is_pool=True),
        "valkey.ConnectionPool valkey.BlockingConnectionPool valkey.ConnectionPool.from_url",
    ),
    (
        _REDIS._replace(library="valkey", loop_bound=True),
        "valkey.asyncio.Valkey valkey.asyncio.from_url valkey.asyncio.Valkey.from_url valkey.asyncio.ValkeyCluster",
    ),
    (
        _REDIS._replace(library="valkey-glide", loop_bound=True),
        "glide.GlideClient.create glide.GlideClusterClient.create",
    ),
    (_REDIS._replace(library="coredis", loop_bound=True), "coredis.Redis coredis.RedisCluster coredis.Redis.from_url"),
    (
        _KV._replace(library="pymemcache", opens=False),
        "pymemcache.Client pymemcache.client.Client pymemcache.client.base.Client pymemcache.client.hash.HashClient"
        " pymemcache.HashClient pymemcache.client.retrying.RetryingClient pymemcache.RetryingClient",
    ),
    (
        _KV._replace(library="pymemcache", opens=False, is_pool=True),
        "pymemcache.PooledClient pymemcache.client.base.PooledClient",
    ),
    (_KV._replace(library="python-binary-memcached"), "bmemcached.Client bmemcached.client.Client"),
    (_KV._replace(library="pylibmc", opens=False), "pylibmc.Client"),
    (_KV._replace(library="python-memcached", opens=False), "memcache.Client"),
    (
        _KV._replace(library="elasticache-pyclient"),
        "elasticache_pyclient.MemcacheClient elasticache_pyclient.memcache_client.MemcacheClient",
    ),
    # search
    (
        _KV._replace(library="elasticsearch", opens=False),
        "elasticsearch.Elasticsearch elasticsearch.client.Elasticsearch elasticsearch_dsl.connections.create_connection"
        " elasticsearch_dsl.connections.connections.create_connection",
    ),
    (_KV._replace(library="elasticsearch", opens=False, loop_bound=True), "elasticsearch.AsyncElasticsearch"),
    (_KV._replace(library="opensearch-py", opens=False), "opensearchpy.OpenSearch opensearchpy.client.OpenSearch"),
    (_KV._replace(library="opensearch-py", opens=False, loop_bound=True), "opensearchpy.AsyncOpenSearch"),
    (_KV._replace(library="meilisearch", opens=False), "meilisearch.Client meilisearch.client.Client"),
    (_KV._replace(library="typesense", opens=False), "typesense.Client typesense.client.Client"),
    # wide-column, graph and time-series stores
    (_KV._replace(library="cassandra-driver", is_pool=True), "cassandra.cluster.Cluster().connect"),
    (
        _KV._replace(library="neo4j", is_pool=True, opens=False),
        "neo4j.GraphDatabase.driver neo4j.GraphDatabase.bolt_driver neo4j.GraphDatabase.neo4j_driver",
    ),
    (_KV._replace(library="neo4j", is_pool=True, opens=False, loop_bound=True), "neo4j.AsyncGraphDatabase.driver"),
    (
        _KV._replace(library="gremlinpython"),
        "gremlin_python.driver.driver_remote_connection.DriverRemoteConnection gremlin_python.driver.client.Client",
    ),
    (_KV._replace(library="python-arango", opens=False), "arango.ArangoClient arango.client.ArangoClient"),
    (
        _KV._replace(library="couchbase"),
        "couchbase.cluster.Cluster couchbase.cluster.Cluster.connect",
    ),
    (
        _KV._replace(library="couchbase", loop_bound=True),
        "acouchbase.cluster.Cluster.connect acouchbase.cluster.Cluster",
    ),
    (
        _KV._replace(library="influxdb-client", opens=False),
        "influxdb_client.InfluxDBClient influxdb_client.client.influxdb_client.InfluxDBClient influxdb.InfluxDBClient"
        " influxdb_client_3.InfluxDBClient3 influxdb.DataFrameClient",
    ),
    (
        _KV._replace(library="influxdb-client", opens=False, loop_bound=True),
        "influxdb_client.client.influxdb_client_async.InfluxDBClientAsync",
    ),
    # brokers
    (
        _MQ._replace(library="kafka-python"),
        "kafka.KafkaProducer kafka.KafkaConsumer kafka.KafkaAdminClient kafka.producer.KafkaProducer"
        " kafka.consumer.KafkaConsumer kafka.admin.KafkaAdminClient",
    ),
    (
        _MQ._replace(library="confluent-kafka", opens=False),
        "confluent_kafka.Producer confluent_kafka.Consumer confluent_kafka.SerializingProducer"
        " confluent_kafka.DeserializingConsumer confluent_kafka.admin.AdminClient confluent_kafka.avro.AvroProducer"
        " confluent_kafka.avro.AvroConsumer",
    ),
    (
        _MQ._replace(library="aiokafka", opens=False, loop_bound=True),
        "aiokafka.AIOKafkaProducer aiokafka.AIOKafkaConsumer",
    ),
    (
        _MQ._replace(library="pika"),
        "pika.BlockingConnection pika.adapters.BlockingConnection"
        " pika.adapters.blocking_connection.BlockingConnection pika.SelectConnection",
    ),
    (_MQ._replace(library="aio-pika", loop_bound=True), "aio_pika.connect aio_pika.connect_robust"),
    (_MQ._replace(library="kombu", opens=False), "kombu.Connection kombu.connection.Connection"),
    (
        _MQ._replace(library="stomp.py"),
        "stomp.Connection().connect stomp.Connection11().connect stomp.Connection12().connect",
    ),
    (_MQ._replace(library="paho-mqtt", opens=False), "paho.mqtt.client.Client"),
    (
        _MQ._replace(library="nats-py", loop_bound=True),
        "nats.connect nats.aio.client.Client().connect nats.NATS().connect",
    ),
    (_MQ._replace(library="pulsar-client"), "pulsar.Client"),
    # HTTP sessions
    (_HTTP._replace(library="requests"), "requests.Session requests.session requests.sessions.Session"),
    (
        _HTTP._replace(library="requests"),
        "requests_toolbelt.sessions.BaseUrlSession requests_oauthlib.OAuth2Session requests_oauthlib.OAuth1Session",
    ),
    (_HTTP._replace(library="httpx"), "httpx.Client"),
    (_HTTP._replace(library="httpx", loop_bound=True), "httpx.AsyncClient"),
    (_HTTP._replace(library="aiohttp", loop_bound=True), "aiohttp.ClientSession aiohttp.client.ClientSession"),
    (
        _HTTP._replace(library="urllib3", is_pool=True),
        "urllib3.PoolManager urllib3.poolmanager.PoolManager urllib3.ProxyManager urllib3.HTTPSConnectionPool"
        " urllib3.HTTPConnectionPool urllib3.connectionpool.HTTPSConnectionPool",
    ),
    # RPC
    (_SDK._replace(library="grpcio"), "grpc.insecure_channel grpc.secure_channel"),
    (_SDK._replace(library="grpcio", loop_bound=True), "grpc.aio.insecure_channel grpc.aio.secure_channel"),
    # Google and Azure: see also the patterns below
    (_SDK._replace(library="firebase-admin"), "firebase_admin.initialize_app firebase_admin.firestore.client"),
    (
        _SDK._replace(library="google-api-python-client"),
        "googleapiclient.discovery.build googleapiclient.discovery.build_from_document",
    ),
    (_SDK._replace(library="google-genai"), "google.genai.Client google.genai.client.Client"),
    (
        _SDK._replace(library="azure-storage-blob"),
        "azure.storage.blob.BlobServiceClient azure.storage.blob.BlobServiceClient.from_connection_string"
        " azure.storage.blob.ContainerClient.from_connection_string azure.storage.blob.ContainerClient",
    ),
    (
        _SDK._replace(library="azure-cosmos"),
        "azure.cosmos.CosmosClient azure.cosmos.CosmosClient.from_connection_string",
    ),
    (_SDK._replace(library="azure-identity"), "azure.identity.DefaultAzureCredential"),
    # language models
    (
        _LLM._replace(library="openai"),
        "openai.OpenAI openai.AzureOpenAI openai.lib.azure.AzureOpenAI openai.Client",
    ),
    (_LLM._replace(library="openai", loop_bound=True), "openai.AsyncOpenAI openai.AsyncAzureOpenAI openai.AsyncClient"),
    (
        _LLM._replace(library="anthropic"),
        "anthropic.Anthropic anthropic.AnthropicBedrock anthropic.AnthropicVertex anthropic.Client",
    ),
    (
        _LLM._replace(library="anthropic", loop_bound=True),
        "anthropic.AsyncAnthropic anthropic.AsyncAnthropicBedrock anthropic.AsyncAnthropicVertex",
    ),
    (
        _LLM._replace(library="cohere"),
        "cohere.Client cohere.ClientV2 cohere.BedrockClient cohere.client.Client",
    ),
    (_LLM._replace(library="cohere", loop_bound=True), "cohere.AsyncClient cohere.AsyncClientV2"),
    (_LLM._replace(library="mistralai"), "mistralai.Mistral mistralai.client.MistralClient"),
    (_LLM._replace(library="groq"), "groq.Groq groq.Client"),
    (_LLM._replace(library="groq", loop_bound=True), "groq.AsyncGroq"),
    (
        _LLM._replace(library="langchain"),
        "langchain_aws.ChatBedrock langchain_aws.ChatBedrockConverse langchain_aws.BedrockLLM langchain_aws.BedrockEmbeddings"
        " langchain_aws.chat_models.ChatBedrock langchain_aws.chat_models.ChatBedrockConverse"
        " langchain_aws.embeddings.BedrockEmbeddings langchain_openai.ChatOpenAI langchain_openai.OpenAIEmbeddings"
        " langchain_openai.AzureChatOpenAI langchain_anthropic.ChatAnthropic langchain_google_genai.ChatGoogleGenerativeAI"
        " langchain_mistralai.ChatMistralAI langchain_cohere.ChatCohere langchain_groq.ChatGroq"
        " langchain_community.chat_models.BedrockChat langchain_community.llms.Bedrock"
        " langchain_community.embeddings.BedrockEmbeddings langchain.chat_models.ChatOpenAI langchain.llms.OpenAI"
        " langchain.llms.Bedrock langchain.llms.bedrock.Bedrock langchain.chat_models.BedrockChat"
        " langchain.embeddings.BedrockEmbeddings langchain.chat_models.init_chat_model",
    ),
    # other services' APIs
    (_BRIEF._replace(library="stripe"), "stripe.StripeClient"),
    (_BRIEF._replace(library="twilio"), "twilio.rest.Client"),
    (_BRIEF._replace(library="sendgrid"), "sendgrid.SendGridAPIClient sendgrid.sendgrid.SendGridAPIClient"),
    (
        _BRIEF._replace(library="slack_sdk"),
        "slack_sdk.WebClient slack_sdk.web.WebClient slack_sdk.web.client.WebClient slack_sdk.webhook.WebhookClient"
        " slack_sdk.WebhookClient slack.WebClient slack_bolt.App",
    ),
    (_BRIEF._replace(library="slack_sdk", loop_bound=True), "slack_sdk.web.async_client.AsyncWebClient"),
    (_BRIEF._replace(library="pinecone"), "pinecone.Pinecone pinecone.init pinecone.grpc.PineconeGRPC"),
    (
        _BRIEF._replace(library="weaviate-client"),
        "weaviate.Client weaviate.connect_to_wcs weaviate.connect_to_weaviate_cloud weaviate.connect_to_local"
        " weaviate.connect_to_custom",
    ),
    (_BRIEF._replace(library="qdrant-client"), "qdrant_client.QdrantClient qdrant_client.qdrant_client.QdrantClient"),
    (_BRIEF._replace(library="qdrant-client", loop_bound=True), "qdrant_client.AsyncQdrantClient"),
    (
        _BRIEF._replace(library="chromadb"),
        "chromadb.Client chromadb.HttpClient chromadb.PersistentClient chromadb.CloudClient",
    ),
    (_BRIEF._replace(library="supabase"), "supabase.create_client supabase.Client"),
    (_BRIEF._replace(library="supabase", loop_bound=True), "supabase.create_async_client supabase.acreate_client"),
    (
        _BRIEF._replace(library="algoliasearch"),
        "algoliasearch.search_client.SearchClient.create algoliasearch.search.client.SearchClientSync",
    ),
    (_BRIEF._replace(library="algoliasearch", loop_bound=True), "algoliasearch.search.client.SearchClient"),
    # sessions with one server, usual for one piece of work
    (_SESSION._replace(library="paramiko"), "paramiko.SSHClient().connect paramiko.client.SSHClient().connect"),
    (_SESSION._replace(library="paramiko"), "paramiko.Transport pysftp.Connection"),
    (_SESSION._replace(library="ftplib"), "ftplib.FTP ftplib.FTP_TLS"),
    (_SESSION._replace(library="smtplib"), "smtplib.SMTP smtplib.SMTP_SSL smtplib.LMTP"),
    (_SESSION._replace(library="imaplib"), "imaplib.IMAP4 imaplib.IMAP4_SSL poplib.POP3 poplib.POP3_SSL"),
    (_SESSION._replace(library="ldap3"), "ldap3.Connection ldap3.core.connection.Connection ldap.initialize"),
    # Powertools for AWS Lambda
    (
        _POWERTOOLS,
        "aws_lambda_powertools.utilities.parameters.SSMProvider"
        " aws_lambda_powertools.utilities.parameters.SecretsProvider"
        " aws_lambda_powertools.utilities.parameters.AppConfigProvider"
        " aws_lambda_powertools.utilities.parameters.DynamoDBProvider"
        " aws_lambda_powertools.utilities.parameters.get_provider"
        " aws_lambda_powertools.utilities.idempotency.DynamoDBPersistenceLayer"
        " aws_lambda_powertools.utilities.idempotency.persistence.dynamodb.DynamoDBPersistenceLayer"
        " aws_lambda_powertools.utilities.idempotency.persistence.redis.RedisCachePersistenceLayer"
        " aws_lambda_powertools.utilities.idempotency.persistence.cache.CachePersistenceLayer"
        " aws_lambda_powertools.utilities.feature_flags.AppConfigStore"
        " aws_lambda_powertools.utilities.feature_flags.FeatureFlags",
    ),
)
"""Every constructor that is known by its whole name."""

_PATTERNS: Final[dict[str, tuple[tuple[str, Client], ...]]] = {
    "google": (
        (
            r"google\.cloud(?:\.\w+)+?\.(?:\w*Client|Client\.from_service_account_\w+|\w*Client\.from_service_account_\w+)",
            Client("google-cloud", Klass.SDK),
        ),
        (r"google\.cloud\.sql\.connector\.Connector", Client("cloud-sql-python-connector", Klass.DB)),
    ),
    "azure": (
        (
            r"azure(?:\.\w+)*\.aio\.\w+Client(?:\.from_connection_string)?",
            Client("azure", Klass.SDK, loop_bound=True),
        ),
        (
            r"azure\.(?!core\.)\w+(?:\.\w+)*\.\w+Client(?:\.from_connection_string)?",
            Client("azure", Klass.SDK),
        ),
    ),
}
"""Libraries whose constructors follow one shape, by the first part of the name."""

NO_POOLS: Final = frozenset({"NullPool"})
"""Values of `poolclass` with which an engine of SQLAlchemy keeps no connection (its documentation, "Connection Pooling")."""

TEMPORARY_FOLDERS: Final = frozenset({"tempfile.gettempdir", "tempfile.mkdtemp", "tempfile.mktemp"})
"""Functions of Python whose result is, or lies below, the folder for temporary files: /tmp in Lambda."""

STATE_WORDS: Final = ("clos", "connect", "open")
"""Parts of the names of the methods and attributes that tell whether a connection is open."""

CLOSERS: Final = frozenset(
    {
        "$disconnect",
        "QUIT",
        "aclose",
        "aterminate",
        "close",
        "close_all_connections",
        "close_connection",
        "close_connections",
        "closeConnection",
        "closePool",
        "closeall",
        "closeAll",
        "closeAsync",
        "disconnect",
        "destroy",
        "disconnect_all",
        "dispose",
        "end",
        "endAsync",
        "logout",
        "quit",
        "quitAsync",
        "shutdown",
        "stop",
        "terminate",
        "unbind",
        "wait_closed",
    }
)
"""Names of methods that end the connection they are called on."""
