"""What can invoke a Lambda function, and who waits for it.

As of 2026-11-22. Sources: AWS Lambda developer guide, "Invoking Lambda with events from other AWS services" (sync,
async and poll-based invokers; service principals); AWS CloudFormation resource reference (properties that name a
function); aws/serverless-application-model at 7000d0a, `samtranslator/model/eventsources` and
`samtranslator/internal/schema_source` (event types of SAM).
"""

from __future__ import annotations

from typing import Final

from slint.record import NamedTuple

USER_FACING: Final = "user-facing"
ASYNC: Final = "async"
POLLED: Final = "polled"
ORCHESTRATED: Final = "orchestrated"
CUSTOM_RESOURCE: Final = "custom-resource"
OTHER: Final = "other"

KINDS: Final[dict[str, str]] = {
    "api": USER_FACING,
    "http-api": USER_FACING,
    "websocket": USER_FACING,
    "function-url": USER_FACING,
    "alb": USER_FACING,
    "appsync": USER_FACING,
    "cognito": USER_FACING,
    "cognito-sender": ASYNC,
    "authorizer": USER_FACING,
    "alexa": USER_FACING,
    "lex": USER_FACING,
    "connect": USER_FACING,
    "lambda-edge": USER_FACING,
    "vpc-lattice": USER_FACING,
    "s3": ASYNC,
    "sns": ASYNC,
    "eventbridge": ASYNC,
    "schedule": ASYNC,
    "iot": ASYNC,
    "logs": ASYNC,
    "ses": ASYNC,
    "config": ASYNC,
    "codecommit": ASYNC,
    "alarm": ASYNC,
    "destination": ASYNC,
    "sqs": POLLED,
    "kinesis": POLLED,
    "dynamodb": POLLED,
    "documentdb": POLLED,
    "msk": POLLED,
    "kafka": POLLED,
    "mq": POLLED,
    "event-source-mapping": POLLED,
    "pipe": POLLED,
    "pipe-enrichment": POLLED,
    "step-functions": ORCHESTRATED,
    "s3-object-lambda": ORCHESTRATED,
    "s3-batch": ORCHESTRATED,
    "custom-resource": CUSTOM_RESOURCE,
    "macro": CUSTOM_RESOURCE,
    "bedrock-agent": OTHER,
    "deployment-hook": OTHER,
    "codepipeline": OTHER,
    "secret-rotation": OTHER,
    "firehose": OTHER,
    "greengrass": OTHER,
}
"""Kind of event source to its class; the one vocabulary of all dialects."""

ON_DEVICES: Final = frozenset({"greengrass"})
"""Kinds whose sender runs the code on a device, in an environment that it configures itself."""

AT_THE_EDGE: Final = frozenset({"lambda-edge"})
"""Kinds for which a function can have neither SnapStart nor provisioned concurrency (Amazon CloudFront developer guide,
"Restrictions on Lambda@Edge")."""


class SamEvent(NamedTuple):
    """A type of SAM function event: its kind and the property that names the sender; `implicit` is the logical id of
    the sender that SAM makes when the property is left out."""

    kind: str
    sender: str = ""
    implicit: str | None = None


SAM_EVENTS: Final[dict[str, SamEvent]] = {
    "Api": SamEvent("api", "RestApiId", "ServerlessRestApi"),
    "HttpApi": SamEvent("http-api", "ApiId", "ServerlessHttpApi"),
    "AlexaSkill": SamEvent("alexa"),
    "Cognito": SamEvent("cognito", "UserPool"),
    "S3": SamEvent("s3", "Bucket"),
    "SNS": SamEvent("sns", "Topic"),
    "CloudWatchEvent": SamEvent("eventbridge", "EventBusName"),
    "EventBridgeRule": SamEvent("eventbridge", "EventBusName"),
    "Schedule": SamEvent("schedule"),
    "ScheduleV2": SamEvent("schedule"),
    "IoTRule": SamEvent("iot"),
    "CloudWatchLogs": SamEvent("logs", "LogGroupName"),
    "SQS": SamEvent("sqs", "Queue"),
    "Kinesis": SamEvent("kinesis", "Stream"),
    "DynamoDB": SamEvent("dynamodb", "Stream"),
    "DocumentDB": SamEvent("documentdb", "Cluster"),
    "MSK": SamEvent("msk", "Stream"),
    "SelfManagedKafka": SamEvent("kafka"),
    "MQ": SamEvent("mq", "Broker"),
}


class Wiring(NamedTuple):
    """A property of a resource type that names the function it invokes.

    `path` is dotted, `*` is any member. `sender` is the property that names the sender; the resource itself when empty.
    """

    type: str
    path: str
    kind: str
    sender: str = ""


# "Except for custom sender Lambda triggers, Amazon Cognito invokes Lambda functions synchronously": Amazon Cognito
# developer guide, "Customizing user pool workflows with Lambda triggers", read 2026-11-24.
_SYNCHRONOUS_TRIGGERS = (
    "CreateAuthChallenge", "CustomMessage", "DefineAuthChallenge", "InboundFederation", "PostAuthentication",
    "PostConfirmation", "PreAuthentication", "PreSignUp", "PreTokenGeneration", "PreTokenGenerationConfig",
    "UserMigration", "VerifyAuthChallengeResponse",
)  # fmt: skip

WIRINGS: Final[tuple[Wiring, ...]] = (
    Wiring("AWS::ApiGateway::Authorizer", "AuthorizerUri", "authorizer", "RestApiId"),
    Wiring("AWS::ApiGatewayV2::Authorizer", "AuthorizerUri", "authorizer", "ApiId"),
    Wiring("AWS::ApiGatewayV2::Api", "Target", "http-api"),
    Wiring("AWS::Serverless::Api", "Auth.Authorizers.*.FunctionArn", "authorizer"),
    Wiring("AWS::Serverless::HttpApi", "Auth.Authorizers.*.FunctionArn", "authorizer"),
    Wiring("AWS::Serverless::WebSocketApi", "Auth.AuthArn", "authorizer"),
    Wiring("AWS::Serverless::GraphQLApi", "DataSources.Lambda.*.FunctionArn", "appsync"),
    Wiring("AWS::Serverless::GraphQLApi", "Functions.*.Sync.LambdaConflictHandlerConfig.LambdaConflictHandlerArn", "appsync"),
    Wiring("AWS::Serverless::GraphQLApi", "Auth.LambdaAuthorizer.AuthorizerUri", "authorizer"),
    Wiring("AWS::Serverless::GraphQLApi", "Auth.Additional.*.LambdaAuthorizer.AuthorizerUri", "authorizer"),
    Wiring("AWS::AppSync::GraphQLApi", "LambdaAuthorizerConfig.AuthorizerUri", "authorizer"),
    Wiring("AWS::AppSync::GraphQLApi", "AdditionalAuthenticationProviders.*.LambdaAuthorizerConfig.AuthorizerUri", "authorizer"),
    Wiring("AWS::AppSync::Api", "EventConfig.AuthProviders.*.LambdaAuthorizerConfig.AuthorizerUri", "authorizer"),
    Wiring("AWS::AppSync::DataSource", "LambdaConfig.LambdaFunctionArn", "appsync", "ApiId"),
    Wiring("AWS::AppSync::FunctionConfiguration", "SyncConfig.LambdaConflictHandlerConfig.LambdaConflictHandlerArn", "appsync", "ApiId"),
    Wiring("AWS::AppSync::Resolver", "SyncConfig.LambdaConflictHandlerConfig.LambdaConflictHandlerArn", "appsync", "ApiId"),
    *(Wiring("AWS::Cognito::UserPool", f"LambdaConfig.{trigger}", "cognito") for trigger in _SYNCHRONOUS_TRIGGERS),
    Wiring("AWS::Cognito::UserPool", "LambdaConfig.CustomEmailSender.LambdaArn", "cognito-sender"),
    Wiring("AWS::Cognito::UserPool", "LambdaConfig.CustomSMSSender.LambdaArn", "cognito-sender"),
    Wiring("AWS::ElasticLoadBalancingV2::TargetGroup", "Targets.*.Id", "alb"),
    Wiring("AWS::VpcLattice::TargetGroup", "Targets.*.Id", "vpc-lattice"),
    Wiring("AWS::Lambda::Url", "TargetFunctionArn", "function-url"),
    Wiring("AWS::CloudFront::Distribution", "DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations.*.LambdaFunctionARN", "lambda-edge"),
    Wiring("AWS::CloudFront::Distribution", "DistributionConfig.CacheBehaviors.*.LambdaFunctionAssociations.*.LambdaFunctionARN", "lambda-edge"),
    Wiring("AWS::Lex::BotAlias", "BotAliasLocaleSettings.*.BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn", "lex"),
    Wiring("AWS::Lex::Bot", "TestBotAliasSettings.BotAliasLocaleSettings.*.BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn", "lex"),
    Wiring("AWS::Connect::IntegrationAssociation", "IntegrationArn", "connect"),
    Wiring("AWS::IoT::Authorizer", "AuthorizerFunctionArn", "authorizer"),
    Wiring("AWS::Transfer::Server", "IdentityProviderDetails.Function", "authorizer"),
    Wiring("AWS::Events::Rule", "Targets.*.Arn", "eventbridge"),
    Wiring("AWS::Scheduler::Schedule", "Target.Arn", "schedule"),
    Wiring("AWS::S3::Bucket", "NotificationConfiguration.LambdaConfigurations.*.Function", "s3"),
    Wiring("AWS::S3ObjectLambda::AccessPoint", "ObjectLambdaConfiguration.TransformationConfigurations.*.ContentTransformation.AwsLambda.FunctionArn", "s3-object-lambda"),
    Wiring("AWS::SNS::Subscription", "Endpoint", "sns", "TopicArn"),
    Wiring("AWS::SNS::Topic", "Subscription.*.Endpoint", "sns"),
    Wiring("AWS::Logs::SubscriptionFilter", "DestinationArn", "logs", "LogGroupName"),
    Wiring("AWS::IoT::TopicRule", "TopicRulePayload.Actions.*.Lambda.FunctionArn", "iot"),
    Wiring("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.Lambda.FunctionArn", "iot"),
    Wiring("AWS::SES::ReceiptRule", "Rule.Actions.*.LambdaAction.FunctionArn", "ses"),
    Wiring("AWS::Config::ConfigRule", "Source.SourceIdentifier", "config"),
    Wiring("AWS::CodeCommit::Repository", "Triggers.*.DestinationArn", "codecommit"),
    Wiring("AWS::CloudWatch::Alarm", "AlarmActions.*", "alarm"),
    Wiring("AWS::CloudWatch::Alarm", "OKActions.*", "alarm"),
    Wiring("AWS::CloudWatch::CompositeAlarm", "AlarmActions.*", "alarm"),
    Wiring("AWS::Lambda::EventInvokeConfig", "DestinationConfig.OnSuccess.Destination", "destination"),
    Wiring("AWS::Lambda::EventInvokeConfig", "DestinationConfig.OnFailure.Destination", "destination"),
    Wiring("AWS::Serverless::Function", "EventInvokeConfig.DestinationConfig.OnSuccess.Destination", "destination"),
    Wiring("AWS::Serverless::Function", "EventInvokeConfig.DestinationConfig.OnFailure.Destination", "destination"),
    Wiring("AWS::Serverless::Function", "DeploymentPreference.Hooks.PreTraffic", "deployment-hook"),
    Wiring("AWS::Serverless::Function", "DeploymentPreference.Hooks.PostTraffic", "deployment-hook"),
    Wiring("AWS::Pipes::Pipe", "Target", "pipe", "Source"),
    Wiring("AWS::Pipes::Pipe", "Enrichment", "pipe-enrichment", "Source"),
    Wiring("AWS::KinesisFirehose::DeliveryStream", "*.ProcessingConfiguration.Processors.*.Parameters.*.ParameterValue", "firehose"),
    Wiring("AWS::Bedrock::Agent", "ActionGroups.*.ActionGroupExecutor.Lambda", "bedrock-agent"),
    Wiring("AWS::Bedrock::Agent", "PromptOverrideConfiguration.OverrideLambda", "bedrock-agent"),
    Wiring("AWS::BedrockAgentCore::GatewayTarget", "TargetConfiguration.Mcp.Lambda.LambdaArn", "bedrock-agent"),
    Wiring("AWS::CloudFormation::Macro", "FunctionName", "macro"),
    Wiring("AWS::CloudFormation::LambdaHook", "LambdaFunction", "deployment-hook"),
    Wiring("AWS::Greengrass::FunctionDefinition", "InitialVersion.Functions.*.FunctionArn", "greengrass"),
    Wiring("AWS::Greengrass::FunctionDefinitionVersion", "Functions.*.FunctionArn", "greengrass"),
    Wiring("AWS::GreengrassV2::ComponentVersion", "LambdaFunction.LambdaArn", "greengrass"),
    Wiring("AWS::SecretsManager::RotationSchedule", "RotationLambdaARN", "secret-rotation", "SecretId"),
    Wiring("AWS::CodePipeline::Pipeline", "Stages.*.Actions.*.Configuration.FunctionName", "codepipeline"),
    Wiring("AWS::Serverless::StateMachine", "Definition", "step-functions"),
    Wiring("AWS::Serverless::StateMachine", "DefinitionSubstitutions", "step-functions"),
    Wiring("AWS::StepFunctions::StateMachine", "Definition", "step-functions"),
    Wiring("AWS::StepFunctions::StateMachine", "DefinitionString", "step-functions"),
    Wiring("AWS::StepFunctions::StateMachine", "DefinitionSubstitutions", "step-functions"),
)  # fmt: skip
"""Where a function is named by what invokes it; a property that holds more than a name is searched for all of them."""

SENDERS: Final[dict[str, str]] = {
    "AWS::SQS::Queue": "sqs",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::Serverless::SimpleTable": "dynamodb",
    "AWS::DocDB::DBCluster": "documentdb",
    "AWS::MSK::Cluster": "msk",
    "AWS::MSK::ServerlessCluster": "msk",
    "AWS::AmazonMQ::Broker": "mq",
}
"""Type of a resource that an event source mapping reads to the kind of event."""

SENDER_ARNS: Final[dict[str, str]] = {
    ":sqs:": "sqs",
    ":kinesis:": "kinesis",
    ":dynamodb:": "dynamodb",
    ":rds:": "documentdb",
    ":kafka:": "msk",
    ":mq:": "mq",
}
"""Part of the ARN that an event source mapping reads to the kind of event (DocumentDB clusters have RDS ARNs)."""

PRINCIPALS: Final[dict[str, str]] = {
    "apigateway.amazonaws.com": "api",
    "elasticloadbalancing.amazonaws.com": "alb",
    "cognito-idp.amazonaws.com": "cognito",
    "alexa-appkit.amazon.com": "alexa",
    "alexa-connectedhome.amazon.com": "alexa",
    "lex.amazonaws.com": "lex",
    "lexv2.amazonaws.com": "lex",
    "connect.amazonaws.com": "connect",
    "appsync.amazonaws.com": "appsync",
    "vpc-lattice.amazonaws.com": "vpc-lattice",
    "cloudfront.amazonaws.com": "function-url",
    "events.amazonaws.com": "eventbridge",
    "scheduler.amazonaws.com": "schedule",
    "s3.amazonaws.com": "s3",
    "batchoperations.s3.amazonaws.com": "s3-batch",
    "sns.amazonaws.com": "sns",
    "iot.amazonaws.com": "iot",
    "logs.amazonaws.com": "logs",
    "ses.amazonaws.com": "ses",
    "config.amazonaws.com": "config",
    "codecommit.amazonaws.com": "codecommit",
    "lambda.alarms.cloudwatch.amazonaws.com": "alarm",
    "pipes.amazonaws.com": "pipe",
    "states.amazonaws.com": "step-functions",
    "bedrock.amazonaws.com": "bedrock-agent",
    "secretsmanager.amazonaws.com": "secret-rotation",
    "firehose.amazonaws.com": "firehose",
}
"""Service principal of a permission to the kind of event; a permission is weaker proof than the wiring itself."""

EXPLAINS: Final[dict[str, frozenset[str]]] = {
    "api": frozenset({"api", "http-api", "websocket", "authorizer"}),
    "cognito": frozenset({"cognito", "cognito-sender"}),
    "eventbridge": frozenset({"eventbridge", "schedule", "codepipeline"}),
    "iot": frozenset({"iot", "authorizer"}),
    "appsync": frozenset({"appsync", "authorizer"}),
    "function-url": frozenset({"function-url", "lambda-edge"}),
}
"""Kinds of source for which a permission of a kind is there; of a kind that is not named, only the same."""

ROUTE_FIELDS: Final = frozenset(
    {
        "fieldName",
        "httpMethod",
        "method",
        "path",
        "pathInfo",
        "proxy",
        "rawPath",
        "resource",
        "resourcePath",
        "routeKey",
    }
)
"""Last keys of the parts of an API's event that tell which route was called."""
