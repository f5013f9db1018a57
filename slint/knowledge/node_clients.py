"""Constructors that open or own a connection, by the name under which JavaScript and TypeScript code imports them.

As of 2026-11-22; compiled from the documentation of the packages named in each row. A name is the package, a dot and what
is imported from it; what a package exports by default is the package's name alone (`postgres`, `knex`). A `()` stands for
the result of the call before it. A row's meaning is that of slint.knowledge.clients.
"""

from __future__ import annotations

from typing import Final

from slint.knowledge.clients import Client, Klass
from slint.regex import regex

AS_OF: Final = "2026-11-22"


def client(dotted: str) -> Client | None:
    """What the call of `dotted` makes, None when it makes no client that is known."""
    found = CONSTRUCTORS.get(dotted)
    if found is None and dotted.startswith(_SDK_PACKAGES):
        return _sdk(dotted)
    return found


def _sdk(dotted: str) -> Client | None:
    """Clients of the AWS SDK for JavaScript, whose names follow one shape."""
    modular = _MODULAR.fullmatch(dotted)
    if modular is not None:
        service, name = modular.groups()
        plain = name.removesuffix("Client").lower()
        return _AWS if plain == service.replace("-", "") else None
    whole = _WHOLE.fullmatch(dotted)
    return _AWS_2 if whole is not None and not _NO_CLIENT.fullmatch(whole[1]) else None


_SDK_PACKAGES: Final = ("@aws-sdk/client-", "aws-sdk", "aws-xray-sdk")
_MODULAR: Final = regex(r"@aws-sdk/client-([a-z0-9-]+)\.([A-Za-z0-9]+)")
# `AWS.S3`, `AWS.DynamoDB.DocumentClient`, `require('aws-sdk/clients/s3')`
_WHOLE: Final = regex(r"aws-sdk(?:(?:/clients/all)?\.(?=[A-Z])|/clients/)([A-Za-z0-9]+(?:\.DocumentClient)?)")
# What the whole package exports beside the clients.
_NO_CLIENT: Final = regex(
    r"\w*Credentials|CredentialProviderChain|Config|Endpoint|Http\w*|Request|Response|Service|Token|TokenProviderChain"
)


def _table(*rows: tuple[Client, str]) -> dict[str, Client]:
    return {name: row for row, names in rows for name in names.split()}


_AWS = Client("@aws-sdk", Klass.SDK, reconnects=True)
_AWS_2 = Client("aws-sdk", Klass.SDK, reconnects=True)
_DB = Client("", Klass.DB, relational=True, opens=True)
_POOL = Client("", Klass.DB, relational=True, opens=True, is_pool=True)
_KV = Client("", Klass.KV, opens=True)
_REDIS = Client("", Klass.KV, reconnects=True)
_MQ = Client("", Klass.MQ)
_HTTP = Client("", Klass.HTTP)
_API = Client("", Klass.SDK, brief=True)
_LLM = Client("", Klass.LLM)
_POWERTOOLS = Client("@aws-lambda-powertools", Klass.POWERTOOLS)

CONSTRUCTORS: Final[dict[str, Client]] = _table(
    # PostgreSQL
    (_DB._replace(library="pg"), "pg.Client pg.native.Client pg-native serverless-postgres"),
    (_POOL._replace(library="pg"), "pg.Pool pg.native.Pool pg-pool pg-pool.Pool"),
    (_POOL._replace(library="postgres"), "postgres"),
    (_POOL._replace(library="pg-promise"), "pg-promise()"),
    (_POOL._replace(library="slonik"), "slonik.createPool"),
    # MySQL and MariaDB
    (
        _DB._replace(library="mysql2"),
        "mysql2.createConnection mysql2/promise.createConnection mysql2.createConnectionPromise",
    ),
    (_POOL._replace(library="mysql2"), "mysql2.createPool mysql2/promise.createPool mysql2.createPoolCluster"),
    (_DB._replace(library="mysql"), "mysql.createConnection promise-mysql.createConnection"),
    (_POOL._replace(library="mysql"), "mysql.createPool promise-mysql.createPool mysql.createPoolCluster"),
    (_DB._replace(library="mariadb"), "mariadb.createConnection mariadb/callback.createConnection"),
    (_POOL._replace(library="mariadb"), "mariadb.createPool mariadb/callback.createPool"),
    (_DB._replace(library="serverless-mysql", reconnects=True), "serverless-mysql"),
    # other relational databases
    (_DB._replace(library="tedious"), "tedious.Connection"),
    (_POOL._replace(library="mssql"), "mssql.connect mssql.ConnectionPool"),
    (_DB._replace(library="oracledb"), "oracledb.getConnection"),
    (_POOL._replace(library="oracledb"), "oracledb.createPool"),
    (_DB._replace(library="snowflake-sdk"), "snowflake-sdk.createConnection"),
    (_POOL._replace(library="snowflake-sdk"), "snowflake-sdk.createPool"),
    (_DB._replace(library="clickhouse", relational=False, opens=False), "@clickhouse/client.createClient"),
    # query builders and object mappers
    (_POOL._replace(library="knex"), "knex knex.knex"),
    (_POOL._replace(library="sequelize"), "sequelize sequelize.Sequelize sequelize-typescript.Sequelize"),
    (_POOL._replace(library="typeorm"), "typeorm.DataSource typeorm.createConnection typeorm.createConnections"),
    (_POOL._replace(library="mikro-orm"), "@mikro-orm/core.MikroORM.init @mikro-orm/postgresql.MikroORM.init"),
    (_POOL._replace(library="@prisma/client"), "@prisma/client.PrismaClient @prisma/client/edge.PrismaClient"),
    # MongoDB
    (
        Client("mongodb", Klass.KV, is_pool=True, reconnects=True),
        "mongodb.MongoClient mongodb.MongoClient.connect",
    ),
    (Client("mongoose", Klass.KV, reconnects=True, shared=True), "mongoose.connect"),
    (Client("mongoose", Klass.KV, is_pool=True, reconnects=True), "mongoose.createConnection"),
    # Redis and Memcached
    (
        _REDIS._replace(library="ioredis"),
        "ioredis ioredis.Redis ioredis.Cluster ioredis.Redis.Cluster ioredis.createClient",
    ),
    (_REDIS._replace(library="redis"), "redis.createClient redis.createCluster redis.createSentinel"),
    (_REDIS._replace(library="redis", is_pool=True), "redis.createClientPool"),
    (
        _REDIS._replace(library="@valkey/valkey-glide"),
        "@valkey/valkey-glide.GlideClient.createClient @valkey/valkey-glide.GlideClusterClient.createClient iovalkey",
    ),
    (_KV._replace(library="memcached", opens=False), "memcached memjs.Client.create"),
    # search, graph and wide-column stores
    (
        _KV._replace(library="elasticsearch", opens=False),
        "@elastic/elasticsearch.Client @opensearch-project/opensearch.Client elasticsearch.Client",
    ),
    (
        _KV._replace(library="typesense", opens=False),
        "typesense.Client meilisearch.MeiliSearch meilisearch.Meilisearch",
    ),
    (_KV._replace(library="cassandra-driver", is_pool=True, opens=False), "cassandra-driver.Client"),
    (_KV._replace(library="neo4j-driver", is_pool=True, opens=False), "neo4j-driver.driver"),
    (_KV._replace(library="gremlin", opens=False), "gremlin.driver.DriverRemoteConnection gremlin.driver.Client"),
    (_KV._replace(library="influxdb", opens=False), "@influxdata/influxdb-client.InfluxDB influx.InfluxDB"),
    # brokers
    (_MQ._replace(library="kafkajs"), "kafkajs.Kafka @confluentinc/kafka-javascript.KafkaJS.Kafka"),
    (_MQ._replace(library="amqplib", opens=True), "amqplib.connect amqplib/callback_api.connect"),
    (_MQ._replace(library="amqp-connection-manager"), "amqp-connection-manager.connect"),
    (_MQ._replace(library="mqtt", opens=True), "mqtt.connect mqtt.connectAsync async-mqtt.connect"),
    (_MQ._replace(library="nats", opens=True), "nats.connect"),
    (_MQ._replace(library="bullmq"), "bullmq.Queue bull"),
    # HTTP
    (
        _HTTP._replace(library="http"),
        "http.Agent https.Agent agentkeepalive agentkeepalive.HttpsAgent undici.Agent undici.Pool undici.Client",
    ),
    # other clouds and language models
    (
        _API._replace(library="firebase-admin", brief=False),
        "firebase-admin.initializeApp firebase-admin/app.initializeApp",
    ),
    (
        _LLM._replace(library="openai"),
        "openai openai.OpenAI openai.AzureOpenAI openai.OpenAIApi",
    ),
    (
        _LLM._replace(library="@anthropic-ai/sdk"),
        "@anthropic-ai/sdk @anthropic-ai/sdk.Anthropic @anthropic-ai/bedrock-sdk @anthropic-ai/bedrock-sdk.AnthropicBedrock",
    ),
    (_LLM._replace(library="@google/genai"), "@google/genai.GoogleGenAI @google/generative-ai.GoogleGenerativeAI"),
    (
        _LLM._replace(library="langchain"),
        "@langchain/openai.ChatOpenAI @langchain/openai.OpenAIEmbeddings @langchain/aws.ChatBedrockConverse"
        " @langchain/anthropic.ChatAnthropic @langchain/community/chat_models/bedrock.BedrockChat"
        " @langchain/community/embeddings/bedrock.BedrockEmbeddings",
    ),
    # other services' APIs
    (_API._replace(library="stripe"), "stripe stripe.Stripe"),
    (_API._replace(library="twilio"), "twilio twilio.Twilio"),
    (_API._replace(library="@slack/web-api"), "@slack/web-api.WebClient @slack/webhook.IncomingWebhook"),
    (_API._replace(library="@octokit/rest"), "@octokit/rest.Octokit octokit.Octokit @octokit/core.Octokit"),
    (_API._replace(library="@pinecone-database/pinecone"), "@pinecone-database/pinecone.Pinecone"),
    (_API._replace(library="@supabase/supabase-js"), "@supabase/supabase-js.createClient"),
    (_API._replace(library="algoliasearch"), "algoliasearch algoliasearch.algoliasearch"),
    (_API._replace(library="aws-appsync", brief=False), "aws-appsync aws-appsync.AWSAppSyncClient"),
    (_API._replace(library="graphql-request"), "graphql-request.GraphQLClient"),
    (
        _API._replace(library="@apollo/client"),
        "@apollo/client.ApolloClient @apollo/client/core.ApolloClient apollo-client",
    ),
    (_API._replace(library="nodemailer"), "nodemailer.createTransport"),
    # Powertools for AWS Lambda
    (
        _POWERTOOLS,
        "@aws-lambda-powertools/logger.Logger @aws-lambda-powertools/tracer.Tracer @aws-lambda-powertools/metrics.Metrics"
        " @aws-lambda-powertools/parameters/ssm.SSMProvider @aws-lambda-powertools/parameters/secrets.SecretsProvider"
        " @aws-lambda-powertools/parameters/appconfig.AppConfigProvider"
        " @aws-lambda-powertools/parameters/dynamodb.DynamoDBProvider"
        " @aws-lambda-powertools/idempotency/dynamodb.DynamoDBPersistenceLayer",
    ),
)
"""Every constructor that is known by its whole name. HTTP-style databases (`@neondatabase/serverless`,
`@planetscale/database`, `@upstash/redis`, `@libsql/client`) hold no connection and are left out."""

KEPT_BY_LIBRARY: Final = frozenset({"mongoose.connect", "typeorm.createConnection"})
"""Calls whose connection the library itself keeps, so that a question about its state is enough of a guard."""

STATES: Final = frozenset({"connected", "isConnected", "isInitialized", "readyState", "readystate"})
"""Attributes that tell whether such a connection is open."""
