"""The tables of knowledge: that they are complete, that look-ups answer, and what they must never match."""

from __future__ import annotations

import json
import random
import string
import subprocess
import sys
from base64 import urlsafe_b64encode
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from slint.knowledge import calls, clients, cloud, environment, limits, packages, platforms, runtimes, wrappers
from slint.knowledge.clients import Klass, client
from slint.knowledge.secrets import (
    credential_in,
    is_placeholder,
    is_secret_file,
    names_secret,
    plausible_secret,
    reference_suffix,
)

# -- runtimes ----------------------------------------------------------------------------------------------------------


def test_runtime_versions_order_by_number():
    old, new = runtimes.runtime("python3.9"), runtimes.runtime("python3.14")
    assert old is not None and new is not None
    assert old.version < new.version
    assert old.successor == "python3.14" and new.successor is None
    assert old.deprecated == date(2025, 12, 15)


def test_unknown_runtimes_are_unknown_not_wrong():
    assert runtimes.runtime("python3.99") is None
    assert runtimes.supports_snapstart("python3.99") is None
    assert runtimes.family_of("python3.99") == "python"
    assert runtimes.family_of("cobol") == ""


@pytest.mark.parametrize(
    ("name", "supported"),
    [
        ("python3.12", True),
        ("python3.11", False),
        ("java11", True),
        ("java8.al2", False),
        ("dotnet8", True),
        ("dotnet9", False),
        ("nodejs24.x", False),
        ("provided.al2023", False),
        ("ruby3.4", False),
    ],
)
def test_snapstart(name: str, supported: bool):
    assert runtimes.supports_snapstart(name) is supported


def test_every_successor_is_a_runtime_of_the_same_family_or_the_one_for_go():
    for row in map(runtimes.runtime, runtimes.NAMES):
        assert row is not None
        if row.successor is not None:
            successor = runtimes.runtime(row.successor)
            assert successor is not None
            assert successor.family == row.family or row.family == "go"
            assert successor.deprecated >= row.deprecated


def test_dates_agree_with_those_of_cfn_lint():
    """A failure here tells which dates moved: take over the newer ones, with their source."""
    spec = find_spec("cfnlint")
    if spec is None or spec.origin is None:
        pytest.skip("cfn-lint is not installed")
    data = json.loads(
        (Path(spec.origin).parent / "data" / "AdditionalSpecs" / "LmbdRuntimeLifecycle.json").read_text("utf-8")
    )

    def text(day: date | None) -> str | None:
        return None if day is None else day.isoformat()

    ours = {
        name: (text(row.deprecated), text(row.create_blocked), text(row.update_blocked), row.successor)
        for name in runtimes.NAMES
        if (row := runtimes.runtime(name)) is not None
    }
    theirs = {
        name: (row["deprecated"], row["create-block"], row["update-block"], row["successor"])
        for name, row in data.items()
    }
    moved = {
        name: (ours.get(name), theirs.get(name)) for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)
    }
    assert moved == {}


def test_limits_hold_together():
    assert limits.PACKAGE_UNZIPPED_BYTES == 250 * 1024 * 1024


# -- environment -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["AWS_REGION", "_HANDLER", "AWS_SECRET_ACCESS_KEY", "LAMBDA_TASK_ROOT"])
def test_reserved_variables(name: str):
    assert environment.is_reserved(name)
    assert environment.is_provided(name)


def test_there_are_eighteen_reserved_variables():
    assert len(environment.RESERVED) == 18


@pytest.mark.parametrize("name", ["TZ", "AWS_SAM_LOCAL", "POWERTOOLS_SERVICE_NAME", "PYTHONPATH", "HOME", "DD_ENV"])
def test_provided_but_not_reserved(name: str):
    assert environment.is_provided(name)
    assert not environment.is_reserved(name)


@pytest.mark.parametrize("name", ["TABLE_NAME", "LOG_LEVEL", "DATABASE_URL", "MY_AWS_REGION", "PORT"])
def test_a_function_has_to_set_its_own_variables(name: str):
    assert not environment.is_provided(name)


def test_variables_that_something_else_reads():
    assert environment.is_read_elsewhere("LOG_LEVEL")
    assert environment.is_read_elsewhere("NODE_OPTIONS")
    assert environment.is_read_elsewhere("DATABASE_URL")
    assert not environment.is_read_elsewhere("TABLE_NAME")
    assert not environment.is_read_elsewhere("PORTAL")


# -- clients -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dotted", "klass"),
    [
        ("boto3.client", "SDK"),
        ("boto3.session.Session().resource", "SDK"),
        ("botocore.session.get_session().create_client", "SDK"),
        ("psycopg2.connect", "DB"),
        ("pymysql.connections.Connection", "DB"),
        ("mysql.connector.connect", "DB"),
        ("sqlalchemy.create_engine", "DB"),
        ("snowflake.connector.connect", "DB"),
        ("pymongo.mongo_client.MongoClient", "KV"),
        ("redis.Redis.from_url", "KV"),
        ("opensearchpy.OpenSearch", "KV"),
        ("cassandra.cluster.Cluster().connect", "KV"),
        ("pika.BlockingConnection", "MQ"),
        ("requests.sessions.Session", "HTTP"),
        ("google.cloud.storage.Client", "SDK"),
        ("google.cloud.pubsub_v1.PublisherClient", "SDK"),
        ("google.cloud.bigquery.Client.from_service_account_json", "SDK"),
        ("azure.storage.queue.QueueServiceClient.from_connection_string", "SDK"),
        ("openai.OpenAI", "LLM"),
        ("langchain_aws.ChatBedrock", "LLM"),
        ("aws_lambda_powertools.utilities.parameters.SSMProvider", "POWERTOOLS"),
    ],
)
def test_clients(dotted: str, klass: str):
    found = client(dotted)
    assert found is not None
    assert found.klass is Klass(klass)


@pytest.mark.parametrize(
    "dotted",
    [
        "sqlalchemy.orm.sessionmaker",
        "sqlalchemy.orm.scoped_session",
        "sqlalchemy.orm.Session",
        "sqlalchemy.orm.session.Session",
        "sqlalchemy.create_engine().connect",
        "sqlalchemy.create_engine().begin",
        "psycopg2.pool.ThreadedConnectionPool().getconn",
        "asyncpg.create_pool().acquire",
        "psycopg_pool.ConnectionPool().connection",
        "psycopg2.connect().cursor",
        "boto3.resource().Table",
        "boto3.resource().Bucket",
        "boto3.dynamodb.conditions.Key",
        "botocore.config.Config",
        "botocore.client.Config",
        "botocore.stub.Stubber",
        "unittest.mock.Mock",
        "google.cloud.storage.Client().bucket",
        "google.cloud.exceptions.NotFound",
        "azure.core.exceptions.HttpResponseError",
        "azure.storage.blob.BlobServiceClient().get_blob_client",
        "chain.invoke",
        "",
        "boto3",
    ],
)
def test_what_is_no_client(dotted: str):
    assert client(dotted) is None


def test_properties_of_clients():
    def known(dotted: str) -> clients.Client:
        found = client(dotted)
        assert found is not None
        return found

    assert known("boto3.client").reconnects
    assert known("boto3.Session").factory and not known("boto3.client").factory
    assert known("aioboto3.Session().client").loop_bound
    assert known("httpx.AsyncClient").loop_bound and not known("httpx.Client").loop_bound
    assert known("redis.asyncio.Redis").loop_bound and not known("redis.Redis").loop_bound
    assert known("psycopg2.pool.SimpleConnectionPool").is_pool
    assert known("sqlalchemy.create_engine").is_pool and known("sqlalchemy.create_engine").ping == "pool_pre_ping"
    assert known("pymysql.connect").relational and not known("pymongo.MongoClient").relational
    assert known("sqlite3.connect").local
    assert known("smtplib.SMTP").brief and known("stripe.StripeClient").brief
    assert not known("peewee.MySQLDatabase").opens and known("peewee.MySQLDatabase().connect").opens
    assert {"close", "endAsync", "quitAsync"} <= clients.CLOSERS and "commit" not in clients.CLOSERS


def test_every_asynchronous_constructor_is_bound_to_its_loop():
    for dotted, row in clients.CONSTRUCTORS.items():
        if any(part in dotted.lower() for part in ("async", "aio", "motor")):
            assert row.loop_bound, dotted


def test_every_row_names_its_library():
    assert [dotted for dotted, row in clients.CONSTRUCTORS.items() if not row.library] == []
    assert {row.klass for row in clients.CONSTRUCTORS.values()} == set(Klass)


# -- cloud and calls ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "method", "operation"),
    [
        ("lambda", "invoke", "lambda:Invoke"),
        ("lambda", "invoke_async", "lambda:InvokeAsync"),
        ("lambda", "invoke_with_response_stream", "lambda:InvokeWithResponseStream"),
        ("stepfunctions", "start_sync_execution", "states:StartSyncExecution"),
        ("athena", "get_query_execution", "athena:GetQueryExecution"),
        ("s3", "list_objects_v2", "s3:ListObjectsV2"),
        ("sts", "assume_role_with_saml", "sts:AssumeRoleWithSAML"),
        ("rds", "describe_db_instances", "rds:DescribeDBInstances"),
        ("apigatewaymanagementapi", "post_to_connection", "execute-api:PostToConnection"),
        ("dynamodb", "put_item", "dynamodb:PutItem"),
        ("", "", ":"),
    ],
)
def test_operations(service: str, method: str, operation: str):
    assert cloud.operation(service, method) == operation


def test_meaning_of_operations():
    assert cloud.INVOKES["lambda:Invoke"].default_type == cloud.SYNC_INVOCATION
    assert cloud.INVOKES["lambda:InvokeAsync"].default_type == "Event"
    assert cloud.SERVICE_ARGUMENT["boto3.client"] == ("service_name", 0)
    assert cloud.operation("sts", "assume_role") in cloud.TEMPORARY_CREDENTIALS
    assert cloud.operation("ssm", "get_parameters_by_path") in cloud.SECRET_FETCHES
    assert cloud.POLLED[cloud.operation("glue", "get_job_run")] == "glue:startJobRun.sync"
    assert cloud.operation("lambda", "list_functions") not in cloud.INVOKES


def test_every_service_argument_belongs_to_a_client():
    assert [dotted for dotted in cloud.SERVICE_ARGUMENT if client(dotted) is None] == []


def test_calls():
    sleep, post, wait = (
        calls.effect("time.sleep"),
        calls.effect("requests.post"),
        calls.effect("boto3.client().get_waiter().wait"),
    )
    assert sleep is not None and sleep.kind == "sleep"
    assert post is not None and (post.kind, post.keyword, post.position, post.timeout) == ("http", "url", 0, "timeout")
    assert wait is not None and wait.kind == "wait"
    request = calls.effect("requests.request")
    assert request is not None and request.position == 1
    assert calls.effect("requests.Session") is None
    assert calls.effect("logging.info") is None


# -- wrappers and platforms --------------------------------------------------------------------------------------------


def test_wrappers():
    assert wrappers.adapter("mangum.Mangum") == wrappers.Adapter("Mangum", True)
    resolver = wrappers.adapter("aws_lambda_powertools.event_handler.APIGatewayRestResolver")
    assert resolver is not None and resolver.framework == "Powertools"
    assert wrappers.adapter("flask.Flask") is None
    assert "aws_lambda_powertools.utilities.idempotency.idempotent" in wrappers.PASSIVE
    assert {"inject_lambda_context", "log_metrics", "capture_method"} <= wrappers.PASSIVE_METHODS
    assert "functools.lru_cache" in wrappers.MEMO and "functools.wraps" not in wrappers.MEMO


def test_wrapping_handlers_name_the_variable_that_names_the_real_one():
    assert wrappers.wrapped_variable("datadog_lambda.handler.handler") == "DD_LAMBDA_HANDLER"
    assert wrappers.wrapped_variable("newrelic_lambda_wrapper.handler") == "NEW_RELIC_LAMBDA_HANDLER"
    assert wrappers.wrapped_variable("app.handler") is None


@pytest.mark.parametrize(
    ("handler", "foreign"),
    [
        ("wsgi_handler.handler", True),
        ("run.sh", True),
        ("bootstrap", True),
        ("/opt/nodejs/wrapper.handler", True),
        ("datadog_lambda.handler.handler", True),
        ("app.handler", False),
        ("src/handlers/orders.handler", False),
        ("opt.handler", False),
    ],
)
def test_foreign_handlers(handler: str, foreign: bool):
    assert wrappers.is_foreign_handler(handler) is foreign


def test_warmer_words():
    assert wrappers.WARMER_TEXT.search('{"warmer": true}')
    assert wrappers.WARMER_TEXT.search('{"source": "keep-alive"}')
    assert not wrappers.WARMER_TEXT.search('{"report": "swarm"}')


def test_platforms():
    managed = platforms.model("aws-lambda-managed-instances")
    assert managed is not None and managed.pools and not managed.one_request
    assert platforms.AWS_LAMBDA.share_client is platforms.Sharing.REQUIRED
    assert platforms.model("somewhere-else") is None


# -- packages ----------------------------------------------------------------------------------------------------------


def test_weights():
    pandas, torch = packages.weight("Pandas"), packages.weight("torch")
    assert pandas is not None and pandas.size_class == "L" and pandas.measured
    assert torch is not None and torch.size_class == "XL" and not torch.measured
    assert packages.weight("SQLAlchemy") == packages.weight("sqlalchemy")
    assert packages.weight("itsdangerous") is None
    requests = packages.weight("requests")
    assert requests is not None and requests.size_class == "S"


def test_distributions_of_modules():
    assert packages.distribution_of("yaml") == "pyyaml"
    assert packages.distribution_of("PIL.Image") == "pillow"
    assert packages.distribution_of("google.cloud.bigquery.table") == "google-cloud-bigquery"
    assert packages.distribution_of("google") == "google"
    assert packages.distribution_of("pandas.core.frame") == "pandas"
    assert packages.distribution_of("aws_lambda_powertools.logging") == "aws-lambda-powertools"


def test_companions_come_along():
    assert packages.with_companions(["Seaborn"]) >= {"seaborn", "matplotlib", "pandas", "numpy", "pillow"}
    assert packages.with_companions(["requests"]) == {"requests"}


def test_names_in_the_package_tables_are_normalised():
    names = [
        *packages.PACKAGES,
        *packages.COMPANIONS,
        *packages.DISTRIBUTIONS.values(),
        *packages.RUNTIME_DISTRIBUTIONS,
    ]
    names += [name for others in packages.COMPANIONS.values() for name in others]
    assert [name for name in names if name != packages.normalised(name)] == []


# -- secrets -----------------------------------------------------------------------------------------------------------

_RANDOM = random.Random(20261122)


def made(alphabet: str, length: int) -> str:
    """Text shaped like a key, made at run time so that no scanner takes this file for a leak."""
    return exactly(alphabet, length - 3) + "aB3"


UPPER = "QWERTYUIOPLKJHGFDSAZVBNM234567"
ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
HEX = "0123456789abcdef"


def exactly(alphabet: str, length: int) -> str:
    return "".join(_RANDOM.choice(alphabet) for _ in range(length))


def token(claims: dict[str, object]) -> str:
    def part(data: dict[str, object]) -> str:
        return urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{exactly(ALNUM, 43)}"


CREDENTIALS = [
    ("AWS access key", "AK" + "IA" + exactly(UPPER, 16), True),
    ("AWS access key", "AS" + "IA" + exactly(UPPER, 16), True),
    ("AWS secret access key", "aws_secret_access_key = " + made(ALNUM, 40), True),
    ("private key", "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEowIBAAKCAQEA7bq" + exactly(ALNUM, 40), True),
    ("private key", "-----BEGIN " + "PRIVATE KEY-----\\nMIIEowIBAAKCAQEA7bq" + exactly(ALNUM, 40), True),
    (
        "Google service account",
        '{"type": "service_'
        + 'account", "private_key": "-----BEGIN '
        + "PRIVATE KEY-----\\n"
        + exactly(ALNUM, 60)
        + '"}',
        True,
    ),
    ("GitHub token", "gh" + "p_" + exactly(ALNUM, 36), True),
    ("GitHub token", "github_" + "pat_" + exactly(ALNUM, 40), True),
    ("GitLab token", "gl" + "pat-" + exactly(ALNUM, 20), True),
    ("Slack token", "xox" + "b-123456789012-" + exactly(ALNUM, 24), True),
    ("Slack token", "xa" + "pp-1-" + exactly(UPPER, 11) + "-123456-" + exactly(HEX, 40), True),
    (
        "Slack webhook",
        "https://hooks."
        + "slack.com/services/T"
        + exactly(UPPER, 8)
        + "/B"
        + exactly(UPPER, 8)
        + "/"
        + exactly(ALNUM, 24),
        True,
    ),
    ("Discord webhook", "https://discord.com/" + "api/webhooks/123456789012345678/" + exactly(ALNUM, 68), True),
    (
        "Microsoft Teams webhook",
        "https://acme.webhook."
        + "office.com/webhookb2/"
        + "@".join(["1f2e3d4c-aaaa-4bbb-8ccc-0123456789ab"] * 2)
        + "/IncomingWebhook/"
        + exactly(HEX, 32),
        True,
    ),
    ("Stripe live key", "sk_" + "live_" + exactly(ALNUM, 24), True),
    ("Stripe test key", "sk_" + "test_" + exactly(ALNUM, 24), False),
    ("Stripe webhook secret", "wh" + "sec_" + exactly(ALNUM, 32), True),
    ("Google API key", "AI" + "za" + made(ALNUM, 35), True),
    ("Google OAuth secret", "GOC" + "SPX-" + exactly(ALNUM, 28), True),
    ("SendGrid key", "SG" + "." + exactly(ALNUM, 22) + "." + exactly(ALNUM, 43), True),
    ("Twilio key", "TWILIO_KEY=" + "SK" + exactly(HEX, 32), True),
    ("npm token", "np" + "m_" + exactly(ALNUM, 36), True),
    ("PyPI token", "py" + "pi-" + exactly(ALNUM, 80), True),
    ("Anthropic key", "sk-" + "ant-" + "api03-" + exactly(ALNUM, 80), True),
    ("OpenAI key", "sk-" + "proj-" + made(ALNUM, 48), True),
    ("OpenAI key", "sk" + "-" + made(ALNUM, 48), True),
    ("Hugging Face token", "h" + "f_" + made(ALNUM, 34), True),
    ("DigitalOcean token", "do" + "p_v1_" + exactly(HEX, 64), True),
    ("AppSync API key", "da" + "2-" + exactly(LOWER, 26), True),
    ("Azure account key", "DefaultEndpointsProtocol=https;Account" + "Key=" + made(ALNUM, 86) + "==", True),
    ("Azure account key", "Endpoint=sb://acme/;SharedAccess" + "Key=" + made(ALNUM, 43) + "=", True),
    ("Shopify token", "shp" + "at_" + exactly(HEX, 32), True),
    ("Vercel Blob token", "vercel_" + "blob_rw_" + exactly(ALNUM, 30), True),
    ("Telegram bot token", "123456789:" + "AA" + exactly(ALNUM, 33), True),
    ("Mailgun key", "ke" + "y-" + exactly(LOWER, 32), True),
    ("Databricks token", "da" + "pi" + exactly(HEX, 32), True),
    ("New Relic key", "NR" + "AK-" + exactly(UPPER, 27), True),
    ("URL with a password", "postgres://app:" + exactly(ALNUM, 14) + "@db.internal:5432/orders", True),
    ("URL with a password", "redis://:" + exactly(ALNUM, 14) + "@cache.internal:6379/0", True),
    ("Supabase service key", token({"role": "service_" + "role", "iss": "supabase"}), True),
    ("JSON Web Token", token({"sub": "svc-7", "scope": "admin"}), False),
]


@pytest.mark.parametrize(("family", "text", "certain"), CREDENTIALS, ids=[row[0] for row in CREDENTIALS])
def test_every_family_of_credentials_is_found(family: str, text: str, certain: bool):
    for before, after in (("", ""), ('value: "', '"'), ("see ", " for it")):
        found = credential_in(before + text + after)
        assert found is not None
        assert (found.family, found.certain) == (family, certain)
        assert 0 <= found.start < found.end <= len(before + text + after)


def test_the_span_of_a_credential_covers_it_and_no_more():
    key = "AK" + "IA" + exactly(UPPER, 16)
    found = credential_in(f"id={key};")
    assert found is not None and f"id={key};"[found.start : found.end] == key


def test_a_certain_credential_goes_before_an_uncertain_one():
    text = "sk_" + "test_" + exactly(ALNUM, 24) + " and " + "sk_" + "live_" + exactly(ALNUM, 24)
    found = credential_in(text)
    assert found is not None and found.family == "Stripe live key"


NO_CREDENTIALS = [
    "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AK" + "IA" + "1234567890123456",
    "9fceb02d0ae598e95dc970b74767f19372d61af8",  # a git commit
    "d41d8cd98f00b204e9800998ecf8427e",
    "123e4567-e89b-12d3-a456-426614174000",
    "s3://bucket/path/to/file.txt",
    "handler.main",
    "pk_" + "live_" + exactly(ALNUM, 24),
    "phc_" + exactly(ALNUM, 40),
    "https://example.com:8080/path",
    "http://localhost:3000/@scope/package",
    "postgres://user:password@db.internal/app",
    "postgres://postgres:postgres@db:5432/app",
    "postgres://app:S3cr3tPw9@localhost:5432/app",
    "postgres://app:S3cr3tPw9@db.example.com/app",
    "postgresql://{user}:{password}@{host}/app",
    "postgresql://%s:%s@%s/app",
    "mysql://${USER}:${PASSWORD}@db/app",
    "mongodb+srv://<user>:<password>@cluster0.abcde.mongodb.net",
    "sha512-" + exactly(ALNUM, 86) + "==",
    "AROA" + exactly(UPPER, 17),
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
    "-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA7bq",
    "-----BEGIN PRIVATE KEY-----\n<your key here>",
    "the task-skeleton-" + "sk-learn style",
    token({"role": "anon", "iss": "supabase"}),
    token({"sub": "1234567890", "name": "John Doe", "iat": 1516239022}),
    "eyJhbGciOi.eyJub3QganNvbg.short",
    "",
]


@pytest.mark.parametrize("text", NO_CREDENTIALS)
def test_what_is_no_credential(text: str):
    assert credential_in(text) is None


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "dbPassword",
        "PGPASSWORD",
        "MONGO_DB_PASS",
        "API_KEY",
        "ApiKey",
        "STRIPE_APIKEY",
        "CLIENT_SECRET",
        "JWT_SECRET",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "SLACK_TOKEN",
        "RollbarToken",
        "access_token",
        "WEBHOOK_SECRET",
        "private-key",
        "ENCRYPTION_KEY",
    ],
)
def test_names_of_secrets(name: str):
    assert names_secret(name) is True


@pytest.mark.parametrize("name", ["TOKEN", "DB_CREDENTIALS", "SENTRY_DSN", "CONNECTION_STRING"])
def test_weak_names_of_secrets(name: str):
    assert names_secret(name) == "weak"


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_NAME",
        "DB_SECRET_ARN",
        "TOKEN_TTL",
        "API_KEY_HEADER",
        "PRIMARY_KEY",
        "PARTITION_KEY",
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT",
        "COGNITO_ROLE_ARN",
        "AUTHORIZER_ACCESS_ROLE_ARN",
        "CACERT_KEY",
        "KMS_KEY",
        "KMS_KEY_ARN",
        "CERTIFICATE_ARN",
        "API_KEY_SECRET_NAME",
        "NEXT_PUBLIC_POSTHOG_KEY",
        "NEXT_PUBLIC_SUPABASE_ANON_KEY",
        "STRIPE_PUBLISHABLE_KEY",
        "PUBLIC_KEY",
        "POWERTOOLS_SERVICE_NAME",
        "TOKEN_USE",
        "MAX_TOKENS",
        "PASSWORD_FILE",
        "PASSWORD_MIN_LENGTH",
        "PASSWORD_HASH_ALGO",
        "TOKEN_LIFETIME",
        "DB_PASSWORD_PARAMETER",
        "AUTH",
        "KEY",
        "MONKEY",
        "TABLE_NAME",
        "COMPASS",
        "username",
        "",
        "!!!",
    ],
)
def test_names_of_other_things(name: str):
    assert names_secret(name) is False


def test_reference_suffixes():
    assert reference_suffix("DB_SECRET_ARN") == "arn"
    assert reference_suffix("TokenExpiresIn") == "expires_in"
    assert reference_suffix("AWS_ACCESS_KEY_ID") is None
    assert reference_suffix("DB_PASSWORD") is None
    assert reference_suffix("PASSWORD_2") is None


@pytest.mark.parametrize(
    "text",
    ["<your key>", "changeme", "CHANGE_ME", "your-api-key", "xxxxxxxx", "abc123", "${SECRET}", "{{ secret }}", "test",
     "dummy-value", "aaaaaaaa", "12345678", "TODO", "REPLACE-WITH-YOUR-SECRET-HERE", "YOUR DATADOG API KEY", "...", "********"],
)  # fmt: skip
def test_placeholders(text: str):
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["hunter2hunter2", "Sup3rS3cr3t!", "correct horse battery 7", exactly(ALNUM, 32) + "9Zq"]
)
def test_what_is_no_placeholder(text: str):
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DB_PASSWORD", "hunter2hunter2"),
        ("DB_PASSWORD", "P@ssw0rd!23"),
        ("API_KEY", exactly(HEX, 32)),
        ("CLIENT_SECRET", exactly(ALNUM, 40) + "7aQ"),
        ("STRIPE_KEY", "sk_" + "live_" + exactly(ALNUM, 24)),
    ],
)
def test_plausible_secrets(name: str, text: str):
    assert plausible_secret(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("API_KEY", ""),
        ("API_KEY", "true"),
        ("PASSWORD_ITERATIONS", "4096"),
        ("API_KEY", "<Fixer API key>"),
        ("SECRET", "prod/db"),
        ("SECRET", "MyDatabaseSecret"),
        ("API_KEY", "x-api-key"),
        ("SECRET", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"),
        ("SECRET", "/prod/db/password"),
        ("PASSWORD", "https://vault.internal/v1/secret"),
        ("PASSWORD", "ops@acme.io"),
        ("SECRET", "eu-west-1"),
        ("SECRET", "rate(5 minutes)"),
        ("SECRET", "handler.main"),
        ("SECRET", "123e4567-e89b-12d3-a456-426614174000"),
        ("API_KEY_VERSION", exactly(HEX, 40)),
        ("SECRET_HASH", exactly(HEX, 40)),
        ("GITHUB_TOKEN", "${ssm:githubToken}"),
        ("GITHUB_TOKEN", "@github-token"),
        ("DB_PASSWORD", "{{resolve:secretsmanager:prod:SecretString:password}}"),
        ("AWS_SECRET_ACCESS_KEY", "DUMMYEXAMPLEKEY"),
        ("API_KEY", "pk_" + "test_" + exactly(ALNUM, 24)),
        ("JWT_SECRET", "HS256"),
    ],
)
def test_values_that_are_no_secret(name: str, text: str):
    assert not plausible_secret(name, text)


@pytest.mark.parametrize(
    "text", ["a" * 2_000_000, "eyJ" * 300_000, "aws secret " * 100_000, "://" * 300_000, "xoxb-" + "a-" * 500_000]
)
def test_hostile_text_takes_bounded_time(text: str):
    script = (
        "import sys; from slint.knowledge.secrets import credential_in, plausible_secret;"
        "text = sys.stdin.read(); credential_in(text); plausible_secret('PASSWORD', text)"
    )
    subprocess.run([sys.executable, "-c", script], input=text, text=True, timeout=20, check=True)


@pytest.mark.parametrize(
    "name", [".env", ".env.production", "credentials", "server.pem", "id_rsa", "service-account-prod.json"]
)
def test_secret_files(name: str):
    assert is_secret_file(name)


@pytest.mark.parametrize(
    "name",
    [".env.example", ".env.sample", ".env.template", "rds-ca-2019-root.pem", "global-bundle.pem", "cacert.pem", "AmazonRootCA1.pem",
     "cert.pem", "credentials.py", "environment.py", "id_rsa.pub", "env"],
)  # fmt: skip
def test_files_that_hold_no_secret(name: str):
    assert not is_secret_file(name)


def test_knowledge_imports_nothing_that_costs():
    script = (
        "import sys; before = set(sys.modules);"
        "from slint.knowledge import calls, clients, cloud, environment, limits, packages, platforms, runtimes, secrets, wrappers;"
        "new = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new & {'yaml', 'click', 'tree_sitter', 'json', 'inspect', 'dataclasses', 'pathlib'}))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
