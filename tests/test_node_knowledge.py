"""What the tables know of JavaScript and TypeScript: clients, operations, timers, packages."""

from __future__ import annotations

import pytest

from slint.knowledge import calls, clients, cloud, node_clients, node_packages
from slint.knowledge.clients import Klass


@pytest.mark.parametrize(
    ("name", "klass", "is_pool"),
    [
        ("@aws-sdk/client-s3.S3Client", Klass.SDK, False),
        ("@aws-sdk/client-s3.S3", Klass.SDK, False),
        ("@aws-sdk/client-secrets-manager.SecretsManager", Klass.SDK, False),
        ("@aws-sdk/client-apigatewaymanagementapi.ApiGatewayManagementApiClient", Klass.SDK, False),
        ("aws-sdk.S3", Klass.SDK, False),
        ("aws-sdk.DynamoDB.DocumentClient", Klass.SDK, False),
        ("aws-sdk/clients/dynamodb.DocumentClient", Klass.SDK, False),
        ("aws-sdk/clients/s3", Klass.SDK, False),
        ("pg.Client", Klass.DB, False),
        ("pg.Pool", Klass.DB, True),
        ("postgres", Klass.DB, True),
        ("@prisma/client.PrismaClient", Klass.DB, True),
        ("ioredis", Klass.KV, False),
        ("openai", Klass.LLM, False),
        ("@aws-lambda-powertools/logger.Logger", Klass.POWERTOOLS, False),
    ],
)
def test_constructors(name: str, klass: Klass, is_pool: bool) -> None:
    found = clients.client(name, "nodejs")
    assert found is not None
    assert (found.klass, found.is_pool) == (klass, is_pool)
    assert clients.client(name) is None or name.startswith("redis")


@pytest.mark.parametrize(
    "name",
    [
        "@aws-sdk/client-s3.GetObjectCommand",
        "@aws-sdk/client-s3.S3ServiceException",
        "@aws-sdk/client-s3.S3Client().send",
        "@aws-sdk/lib-dynamodb.DynamoDBDocumentClient.from",
        "aws-sdk.Config",
        "aws-sdk.TemporaryCredentials",
        "aws-sdk.DynamoDB.Converter.unmarshall",
        "aws-sdk.config.update",
        "@upstash/redis.Redis",
        "@neondatabase/serverless.neon",
        "pg.Pool().connect",
        "boto3.client",
    ],
)
def test_what_is_no_constructor(name: str) -> None:
    assert clients.client(name, "nodejs") is None


def test_operations() -> None:
    assert cloud.node_command("@aws-sdk/client-lambda.InvokeCommand") == "lambda:Invoke"
    assert cloud.node_command("@aws-sdk/client-sfn.StartSyncExecutionCommand") == "states:StartSyncExecution"
    assert cloud.node_command("@aws-sdk/lib-dynamodb.GetCommand") == "dynamodb:GetItem"
    assert cloud.node_command("@aws-sdk/client-lambda.LambdaClient") is None
    assert cloud.node_command("x.InvokeCommand") is None
    assert cloud.node_service("@aws-sdk/client-secrets-manager.SecretsManager") == "secretsmanager"
    assert cloud.node_service("@aws-sdk/lib-dynamodb.DynamoDBDocument.from") == "dynamodb"
    machines = cloud.node_service("aws-sdk.StepFunctions")
    assert machines is not None
    assert cloud.operation(machines, "startSyncExecution") == "states:StartSyncExecution"
    assert cloud.node_service("aws-sdk/clients/cloudwatchlogs") == "logs"
    assert cloud.node_service("boto3.client") is None
    waiter = cloud.node_waiter("@aws-sdk/client-ec2.waitUntilInstanceRunning")
    assert waiter is not None and cloud.waits(waiter)


def test_every_operation_that_the_tables_ask_for_is_reached_from_the_names_of_the_sdk_for_javascript() -> None:
    packages = {"lambda": "lambda", "states": "sfn", "athena": "athena", "glue": "glue", "textract": "textract"}
    packages |= {
        "secretsmanager": "secrets-manager",
        "ssm": "ssm",
        "kms": "kms",
        "sts": "sts",
        "logs": "cloudwatch-logs",
    }
    wanted = {*cloud.INVOKES, *cloud.WAITS, *cloud.POLLED, *cloud.SECRET_FETCHES, *cloud.TEMPORARY_CREDENTIALS}
    for operation in wanted:
        service, _, action = operation.partition(":")
        if service in packages:
            assert cloud.node_command(f"@aws-sdk/client-{packages[service]}.{action}Command") == operation


def test_effects_have_the_units_of_their_language() -> None:
    known = calls.effect("setTimeout", "nodejs")
    assert known is not None and known.per_second == 1000
    assert calls.effect("setTimeout") is None
    assert calls.effect("time.sleep", "nodejs") is None
    assert calls.NODE_EFFECTS.keys() >= calls.TIMERS


def test_calls_that_the_library_keeps_are_clients() -> None:
    assert all(clients.client(name, "nodejs") for name in node_clients.KEPT_BY_LIBRARY)


def test_packages() -> None:
    assert node_packages.package_of("@aws-sdk/client-s3/dist") == "@aws-sdk/client-s3"
    assert node_packages.package_of("lodash/once") == "lodash"
    heavy = node_packages.weight("googleapis")
    assert heavy is not None and node_packages.is_slow(heavy)
    light = node_packages.weight("stripe")
    assert light is not None and not node_packages.is_slow(light)
    assert node_packages.weight("left-pad") is None
