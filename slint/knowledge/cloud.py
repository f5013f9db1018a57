"""How AWS SDK clients name services and operations, and what some operations mean.

As of 2026-11-22. Sources: the service reference of boto3 (names of services, methods and parameters), the Service
Authorization Reference (prefixes), the Step Functions Developer Guide, "Integrating services" (`.sync` integrations).
"""

from __future__ import annotations

from typing import Final

from slint.record import NamedTuple
from slint.regex import regex

AS_OF: Final = "2026-11-22"


class ArgumentPlace(NamedTuple):
    """Where a call takes something: by keyword, or at a position counted from 0."""

    keyword: str
    position: int


_SESSIONS: Final = (
    "boto3",
    "boto3.Session()",
    "boto3.session.Session()",
    "boto3._get_default_session()",
    "aioboto3",
    "aioboto3.Session()",
    "aioboto3.session.Session()",
)
_CORE_SESSIONS: Final = (
    "botocore.session.get_session()",
    "botocore.session.Session()",
    "aiobotocore.session.get_session()",
    "aiobotocore.session.AioSession()",
    "aiobotocore.get_session()",
)

SDK_MODULES: Final = frozenset(
    {"aioboto3", "aiobotocore", "aws_lambda_powertools", "aws_xray_sdk", "boto3", "botocore"}
)
"""Modules that only code for AWS imports."""

ENDPOINT_ARGUMENTS: Final = ("endpoint_url", "endpoint")
"""Arguments by which a client is given another address than the service's own."""

LOCAL_ENDPOINTS: Final = ("localhost", "127.0.0.1", "0.0.0.0", "localstack", "host.docker.internal", "minio")
"""Words in the address of an emulator: it takes any keys, and what is done to it costs nothing."""

SERVICE_ARGUMENT: Final[dict[str, ArgumentPlace]] = {
    **{
        f"{session}.{method}": ArgumentPlace("service_name", 0)
        for session in _SESSIONS
        for method in ("client", "resource")
    },
    **{f"{session}.create_client": ArgumentPlace("service_name", 0) for session in _CORE_SESSIONS},
}
"""Calls that make a client, and where they take the name of the service."""

PARTS: Final = frozenset({"batch_writer", "get_paginator", "get_waiter"})
"""Methods of clients and of resources' sub-objects that give an object with operations of its own, beside the
sub-objects themselves, whose names begin with a capital (`Table`, `Bucket`)."""

_PREFIXES: Final = {
    "apigatewaymanagementapi": "execute-api",
    "apigatewayv2": "apigateway",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "docdb": "rds",
    "dynamodbstreams": "dynamodb",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "iot-data": "iot",
    "lexv2-runtime": "lex",
    "neptune": "rds",
    "opensearch": "es",
    "sagemaker-runtime": "sagemaker",
    "sesv2": "ses",
    "stepfunctions": "states",
}
"""Services whose prefix differs from their name in the SDK."""

_WORDS: Final = {"saml": "SAML", "mfa": "MFA", "sms": "SMS", "html": "HTML"}
_DB_WORDS: Final = {**_WORDS, "db": "DB"}


def operation(service: str, method: str) -> str:
    """The operation that a client's method calls, such as `lambda:Invoke` or `states:StartSyncExecution`.

    It is the service's prefix and the method in Pascal case; it is not always the name of the IAM action. Acronyms
    inside names follow the API where the tables here need them.
    """
    prefix = _PREFIXES.get(service, service)
    words = _DB_WORDS if prefix == "rds" else _WORDS
    return f"{prefix}:{''.join(words.get(word) or word[:1].upper() + word[1:] for word in method.split('_'))}"


_NODE_SERVICE: Final = regex(
    r"@aws-sdk/(?:client|lib)-([a-z0-9-]+)\.\w+(?:\.from)?"
    r"|aws-sdk(?:(?:/clients/all)?\.(?=[A-Z])|/clients/)([A-Za-z0-9]+)(?:\.DocumentClient)?"
)
_NODE_COMMAND: Final = regex(r"@aws-sdk/(?:client|lib)-([a-z0-9-]+)\.(\w+)Command")
_NODE_WAITER: Final = regex(r"@aws-sdk/client-([a-z0-9-]+)\.(?:waitUntil|waitFor)(\w+)")
_NODE_PREFIXES: Final = {
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentityserviceprovider": "cognito-idp",
    "cognitoidentityprovider": "cognito-idp",
    "cognitoidentity": "cognito-identity",
    "databasemigrationservice": "dms",
    "eventbridge": "events",
    "iotdataplane": "iot",
    "rdsdata": "rds-data",
    "redshiftdata": "redshift-data",
    "sfn": "states",
    "bedrockruntime": "bedrock",
    "bedrockagent": "bedrock",
    "bedrockagentruntime": "bedrock",
    "sagemakerruntime": "sagemaker",
    "emrcontainers": "emr-containers",
    "emrserverless": "emr-serverless",
}
"""The same for the names of the SDK for JavaScript, without hyphens and in lower case."""
_DOCUMENT: Final = {"Get": "GetItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
"""What commands of the DynamoDB document client are called by the service."""


def node_service(dotted: str) -> str | None:
    """The service of the client that a constructor of the SDK for JavaScript makes: `@aws-sdk/client-sfn.SFNClient`."""
    found = _NODE_SERVICE.fullmatch(dotted)
    return _node_prefix(found[1] or found[2]) if found is not None else None


def node_command(dotted: str) -> str | None:
    """The operation of a command class: `lambda:Invoke` for `@aws-sdk/client-lambda.InvokeCommand`."""
    found = _NODE_COMMAND.fullmatch(dotted)
    if found is None:
        return None
    service, name = found.groups()
    if dotted.startswith("@aws-sdk/lib-dynamodb"):
        name = _DOCUMENT.get(name, name)
    return operation(_node_prefix(service), name)


def node_waiter(dotted: str) -> str | None:
    """The waiting operation of a waiter function, such as `ec2:WaitUntilInstanceRunning`."""
    found = _NODE_WAITER.fullmatch(dotted)
    return operation(_node_prefix(found[1]), f"{RESOURCE_WAIT_ACTION}{found[2]}") if found is not None else None


def _node_prefix(service: str) -> str:
    plain = service.replace("-", "").lower()
    return _NODE_PREFIXES.get(plain, plain)


class Invoke(NamedTuple):
    """A way to invoke a function: where the function is named, how it runs when the call does not say, what it is given."""

    target: str
    type_argument: str | None
    default_type: str
    payload: str = "Payload"


INVOKES: Final[dict[str, Invoke]] = {
    "lambda:Invoke": Invoke("FunctionName", "InvocationType", "RequestResponse"),
    "lambda:InvokeWithResponseStream": Invoke("FunctionName", "InvocationType", "RequestResponse"),
    "lambda:InvokeAsync": Invoke("FunctionName", None, "Event"),
}
"""Operations that run another function."""

REQUIRED_MEMBERS: Final = (
    "Bucket",
    "FunctionName",
    "QueueUrl",
    "SecretId",
    "TableName",
    "UserPoolId",
    "stateMachineArn",
)
"""Members that every operation which has them needs; the SDK for JavaScript leaves out others that are undefined."""

SYNC_INVOCATION: Final = "RequestResponse"
"""The invocation type that waits for the answer; "Event" and "DryRun" do not."""

WAITER_METHOD: Final = "get_waiter"
"""The client's method that makes a waiter; its `wait` blocks until the job is done."""

WAITER_DELAY_S: Final = 15
"""Seconds between a waiter's polls unless WaiterConfig sets Delay; most waiters use this or more, DynamoDB 20, S3 5."""

RESOURCE_WAIT_ACTION: Final = "WaitUntil"
"""How the waiting methods of boto3 resources begin (`wait_until_exists`), as an operation's action."""

WAITS: Final = {
    "states:StartSyncExecution": "states:startExecution",
}
"""Operations that answer only when the work is done, and the one that does not wait."""


def waits(operation: str) -> bool:
    """Whether an operation answers only when other work is done."""
    return operation in WAITS or operation.partition(":")[2].startswith(RESOURCE_WAIT_ACTION)


def looks(operation: str) -> bool:
    """Whether an operation only looks at the state of something, and does not fetch what is needed to look elsewhere."""
    if operation in SECRET_FETCHES or operation in TEMPORARY_CREDENTIALS:
        return False
    return operation in POLLED or operation.partition(":")[2].startswith(STATUS_PREFIXES)


POLLED: Final[dict[str, str | None]] = {
    "athena:GetQueryExecution": "athena:startQueryExecution.sync",
    "batch:DescribeJobs": "batch:submitJob.sync",
    "bedrock:GetAsyncInvoke": None,
    "bedrock:GetModelCustomizationJob": "bedrock:createModelCustomizationJob.sync",
    "bedrock:GetModelInvocationJob": None,
    "cloudformation:DescribeStacks": None,
    "cloudformation:DescribeChangeSet": None,
    "codebuild:BatchGetBuilds": "codebuild:startBuild.sync",
    "comprehend:DescribeEntitiesDetectionJob": None,
    "comprehend:DescribeSentimentDetectionJob": None,
    "databrew:DescribeJobRun": "databrew:startJobRun.sync",
    "ecs:DescribeTasks": "ecs:runTask.sync",
    "eks:DescribeCluster": "eks:createCluster.sync",
    "elasticmapreduce:DescribeCluster": "elasticmapreduce:createCluster.sync",
    "elasticmapreduce:DescribeStep": "elasticmapreduce:addStep.sync",
    "emr-containers:DescribeJobRun": "emr-containers:startJobRun.sync",
    "emr-serverless:GetJobRun": "emr-serverless:startJobRun.sync",
    "glue:GetCrawler": None,
    "glue:GetJobRun": "glue:startJobRun.sync",
    "logs:GetQueryResults": None,
    "mediaconvert:GetJob": "mediaconvert:createJob.sync",
    "rds:DescribeDBInstances": None,
    "rds:DescribeDBSnapshots": None,
    "redshift-data:DescribeStatement": None,
    "rekognition:GetCelebrityRecognition": None,
    "rekognition:GetContentModeration": None,
    "rekognition:GetFaceDetection": None,
    "rekognition:GetFaceSearch": None,
    "rekognition:GetLabelDetection": None,
    "rekognition:GetPersonTracking": None,
    "rekognition:GetSegmentDetection": None,
    "rekognition:GetTextDetection": None,
    "sagemaker:DescribeEndpoint": None,
    "sagemaker:DescribeProcessingJob": "sagemaker:createProcessingJob.sync",
    "sagemaker:DescribeTrainingJob": "sagemaker:createTrainingJob.sync",
    "sagemaker:DescribeTransformJob": "sagemaker:createTransformJob.sync",
    "ssm:GetCommandInvocation": None,
    "ssm:GetAutomationExecution": None,
    "states:DescribeExecution": "states:startExecution.sync",
    "textract:GetDocumentAnalysis": None,
    "textract:GetDocumentTextDetection": None,
    "textract:GetExpenseAnalysis": None,
    "textract:GetLendingAnalysis": None,
    "transcribe:GetMedicalTranscriptionJob": None,
    "transcribe:GetTranscriptionJob": None,
}
"""Operations that tell how far a job is, with the Step Functions integration that waits for that job without paying
for a function (None where there is none: an event of the service, or a Wait state, then does it)."""

STATUS_PREFIXES: Final = ("BatchGet", "Describe", "Get", "Head", "List")
"""How the names of operations begin that only look; in a loop with a pause they poll."""

TEMPORARY_CREDENTIALS: Final = frozenset(
    {
        "cognito-identity:GetCredentialsForIdentity",
        "cognito-identity:GetOpenIdToken",
        "lakeformation:GetTemporaryGluePartitionCredentials",
        "lakeformation:GetTemporaryGlueTableCredentials",
        "redshift-serverless:GetCredentials",
        "redshift:GetClusterCredentials",
        "redshift:GetClusterCredentialsWithIam",
        "sso:GetRoleCredentials",
        "sts:AssumeRole",
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithWebIdentity",
        "sts:AssumeRoot",
        "sts:GetFederationToken",
        "sts:GetSessionToken",
    }
)
"""Operations that answer with credentials which expire: a client made of them cannot be kept."""

SESSION_TOKENS: Final = frozenset({"aws_session_token"})
"""Arguments that only credentials that expire have."""

TEMPORARY_PROVIDERS: Final = frozenset(
    {
        "@aws-sdk/credential-providers.fromCognitoIdentity",
        "@aws-sdk/credential-providers.fromCognitoIdentityPool",
        "@aws-sdk/credential-providers.fromTemporaryCredentials",
        "@aws-sdk/credential-providers.fromWebToken",
        "aws-sdk.ChainableTemporaryCredentials",
        "aws-sdk.CognitoIdentityCredentials",
        "aws-sdk.TemporaryCredentials",
        "aws-sdk.WebIdentityCredentials",
    }
)
"""Calls that make another role's credentials, which a client may be meant to have for one invocation only."""

DATABASE_TOKENS: Final = frozenset(
    {
        "dsql:GenerateDbConnectAdminAuthToken",
        "dsql:GenerateDbConnectAuthToken",
        "rds:GenerateDBAuthToken",
        "@aws-sdk/dsql-signer.DsqlSigner().getDbConnectAdminAuthToken",
        "@aws-sdk/dsql-signer.DsqlSigner().getDbConnectAuthToken",
        "@aws-sdk/rds-signer.Signer().getAuthToken",
        "aws-sdk.RDS.Signer().getAuthToken",
        "aws-sdk/clients/rds.Signer().getAuthToken",
    }
)
"""Operations and calls that make a password which a database takes for some minutes. A connection outlives it, a pool that
was given it does not: its next connection is refused."""

SECRET_FETCHES: Final = frozenset(
    {
        "kms:Decrypt",
        "secretsmanager:BatchGetSecretValue",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
    }
)
"""Operations that fetch a secret or a parameter which may be one."""

DATA_READS: Final = frozenset(
    {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "sqs:ReceiveMessage"}
)
"""Operations that read what an application writes while it runs: the next invocation may read something else."""
