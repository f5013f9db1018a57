"""What invokes a function: every form in which templates say it."""

from __future__ import annotations

import textwrap

import pytest

from slint.knowledge.event_sources import EXPLAINS, KINDS, PRINCIPALS, SAM_EVENTS, SENDER_ARNS, SENDERS, WIRINGS
from slint.source import SourceFile
from slint.templates.cloudformation import read_templates
from slint.templates.model import Source, Template

FUNCTIONS = """
Resources:
  Fn: {Type: AWS::Lambda::Function, Properties: {FunctionName: fn-name, Code: ./src}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Fn, FunctionVersion: !GetAtt V.Version, Name: live}}
  V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Fn}}
"""


def read(files: dict[str, str]) -> tuple[Template, ...]:
    sources = {f"/p/{path}": SourceFile(path, text) for path, text in files.items()}
    return read_templates(list(sources.items()), sources.get, "/p").templates


def sources(resources: str, **files: str) -> list[Source]:
    """The sources of the functions of a template with these resources beside Fn."""
    text = FUNCTIONS + textwrap.indent(textwrap.dedent(resources).strip("\n"), "  ") + "\n"
    (found, *_) = read({"t.yaml": text, **{name.replace("_", "."): body for name, body in files.items()}})
    return list(found.sources)


def brief(found: list[Source]) -> list[tuple[str, str, bool | None]]:
    return [(source.function, source.kind, source.qualified) for source in found]


def sam(properties: str, more: str = "") -> list[Source]:
    """The sources of one SAM function with these properties."""
    text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
    text += textwrap.indent(textwrap.dedent(properties).strip("\n"), " " * 6) + "\n"
    return list(read({"t.yaml": text + textwrap.indent(textwrap.dedent(more), "  ")})[0].sources)


# -- SAM -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "kind", "event_class", "resource", "routes"),
    [
        ("{Type: Api, Properties: {Path: /a, Method: get}}", "api", "user-facing", "ServerlessRestApi", (("GET", "/a"),)),
        ("{Type: Api, Properties: {Path: /a, Method: ANY, RestApiId: !Ref MyApi}}", "api", "user-facing", "MyApi", (("*", "/a"),)),
        ("{Type: HttpApi}", "http-api", "user-facing", "ServerlessHttpApi", (("*", "$default"),)),
        ("{Type: HttpApi, Properties: {Path: /x, Method: POST, ApiId: !Ref H}}", "http-api", "user-facing", "H", (("POST", "/x"),)),
        ("{Type: HttpApi, Properties: {Path: !Ref Unknown, Method: POST}}", "http-api", "user-facing", "ServerlessHttpApi", ()),
        ("{Type: AlexaSkill}", "alexa", "user-facing", None, ()),
        ("{Type: Cognito, Properties: {UserPool: !Ref Pool, Trigger: PreSignUp}}", "cognito", "user-facing", "Pool", ()),
        ("{Type: S3, Properties: {Bucket: !Ref B, Events: s3:*}}", "s3", "async", "B", ()),
        ("{Type: SNS, Properties: {Topic: !Ref T}}", "sns", "async", "T", ()),
        ("{Type: SNS, Properties: {Topic: !Ref T, SqsSubscription: true}}", "sqs", "polled", "T", ()),
        ("{Type: SNS, Properties: {Topic: !Ref T, SqsSubscription: {QueueArn: x}}}", "sqs", "polled", "T", ()),
        ("{Type: CloudWatchEvent, Properties: {Pattern: {}}}", "eventbridge", "async", None, ()),
        ("{Type: EventBridgeRule, Properties: {EventBusName: !Ref Bus}}", "eventbridge", "async", "Bus", ()),
        ("{Type: Schedule, Properties: {Schedule: rate(1 day)}}", "schedule", "async", None, ()),
        ("{Type: ScheduleV2, Properties: {}}", "schedule", "async", None, ()),
        ("{Type: IoTRule, Properties: {Sql: x}}", "iot", "async", None, ()),
        ("{Type: CloudWatchLogs, Properties: {LogGroupName: !Ref L}}", "logs", "async", "L", ()),
        ("{Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}", "sqs", "polled", "Q", ()),
        ("{Type: Kinesis, Properties: {Stream: !GetAtt S.Arn}}", "kinesis", "polled", "S", ()),
        ("{Type: DynamoDB, Properties: {Stream: !GetAtt D.StreamArn}}", "dynamodb", "polled", "D", ()),
        ("{Type: DocumentDB, Properties: {Cluster: !Ref C}}", "documentdb", "polled", "C", ()),
        ("{Type: MSK, Properties: {Stream: arn:x}}", "msk", "polled", None, ()),
        ("{Type: SelfManagedKafka, Properties: {}}", "kafka", "polled", None, ()),
        ("{Type: MQ, Properties: {Broker: !GetAtt M.Arn}}", "mq", "polled", "M", ()),
    ],
)  # fmt: skip
def test_events_of_sam(
    event: str, kind: str, event_class: str, resource: str | None, routes: tuple[tuple[str, str], ...]
) -> None:
    (source,) = sam(f"Events:\n  Name: {event}")
    assert (source.function, source.kind, source.event_class) == ("F", kind, event_class)
    assert (source.resource, source.routes, source.qualified) == (resource, routes, None)
    assert source.span.text == "Name"
    assert source.span.location().start == (7, 9)


def test_an_unknown_type_of_event_is_left_out() -> None:
    assert sam("Events: {A: {Type: Future}, B: {Type: !Ref X}, C: 3}") == []


def test_function_url_config_also_from_globals() -> None:
    (source,) = sam("FunctionUrlConfig: {AuthType: NONE}")
    assert (source.kind, source.event_class, source.span.text) == ("function-url", "user-facing", "FunctionUrlConfig")
    assert source.settings.at("AuthType").string == "NONE"


def test_destinations_and_hooks_of_sam() -> None:
    found = sam(
        """
        EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Lambda, Destination: !GetAtt G.Arn}}}
        DeploymentPreference: {Type: Canary, Hooks: {PreTraffic: !Ref G}}
        """,
        "G: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live}}",
    )
    assert brief(found) == [("G", "destination", False), ("G", "deployment-hook", False)]


@pytest.mark.parametrize(
    ("reference", "qualified"),
    [
        ("!GetAtt F.Arn", False),
        ("!Ref F", False),
        ("!Ref F.Alias", True),
        ("!Ref F.Version", True),
        ("!Ref FAliaslive", True),
        ("!Sub '${FAliaslive}'", True),
        ("!Sub '${F.Arn}:live'", True),
        ("!Sub '${F.Arn}:$LATEST'", False),
    ],
)
def test_aliases_that_sam_makes(reference: str, qualified: bool) -> None:
    found = sam("AutoPublishAlias: live", f"T: {{Type: AWS::SNS::Subscription, Properties: {{Endpoint: {reference}}}}}")
    assert brief(found) == [("F", "sns", qualified)]


# -- references ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("!GetAtt Fn.Arn", [("Fn", False)]),
        ("!Ref Live", [("Fn", True)]),
        ("!Ref V", [("Fn", True)]),
        ("!Sub '${Fn.Arn}:${Stage}'", [("Fn", True)]),
        ("!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}'", [("Fn", False)]),
        ("!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}:prod'", [("Fn", True)]),
        (
            "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'",
            [("Fn", False)],
        ),
        (
            "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Live}/invocations'",
            [("Fn", True)],
        ),
        ("!Join ['', ['arn:x:lambda:path/functions/', !GetAtt Fn.Arn, /invocations]]", [("Fn", False)]),
        ("!Sub 'arn:aws:lambda:${AWS::Region}:1:function:fn-name'", [("Fn", False)]),
        ("arn:aws:lambda:eu-west-1:1:function:fn-name:live", [("Fn", True)]),
        ("fn-name", [("Fn", False)]),
        ("!If [c, !Ref Fn, !Ref Live]", [("Fn", None)]),
        ("!If [c, !Ref Fn, !Ref AWS::NoValue]", [("Fn", False)]),
        ("arn:aws:lambda:eu-west-1:1:function:another", []),
        ("!Ref Topic", []),
        ("!GetAtt Fn.Version.X", []),
        ("!ImportValue fn-arn", []),
        ("!Select [0, [!Ref Fn]]", [("Fn", False)]),
        ("!Base64 {Ref: Fn}", []),
        ("[3, null]", []),
    ],
)
def test_how_a_function_is_named(reference: str, expected: list[tuple[str, bool | None]]) -> None:
    if reference == "!GetAtt Fn.Version.X":
        expected = [("Fn", True)]  # whatever comes below a version is one
    found = sources(f"S: {{Type: AWS::SNS::Subscription, Properties: {{TopicArn: !Ref T, Endpoint: {reference}}}}}")
    assert [(source.function, source.qualified) for source in found] == expected


# -- wiring resources ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wiring", WIRINGS, ids=lambda wiring: f"{wiring.type}:{wiring.path}")
def test_every_wiring_of_the_table_is_found(wiring: object) -> None:
    type_, path, kind, sender = wiring  # type: ignore[misc]
    value = "!GetAtt Fn.Arn"
    for part in reversed(path.split(".")):
        value = f"[{value}]" if part == "*" else f"{{{part}: {value}}}"
    if path.startswith("*"):
        value = f"{{Any: {value[1:-1]}}}"
    extra = f", {sender}: !Ref Sender" if sender else ""
    pattern = ", EventPattern: {a: [b]}" if type_ == "AWS::Events::Rule" else ""
    (source,) = sources(f"W: {{Type: {type_}, Properties: {{{value[1:-1]}{extra}{pattern}}}}}")
    assert (source.function, source.kind, source.event_class) == ("Fn", kind, KINDS[kind])
    assert (source.resource, source.declared_by) == ("Sender" if sender else "W", "W")
    assert source.span.location().start[0] == 6


def test_rules_are_schedules_or_patterns() -> None:
    rule = "R: {{Type: AWS::Events::Rule, Properties: {{{}, Targets: [{{Arn: !GetAtt Fn.Arn, Id: x}}]}}}}"
    assert [each.kind for each in sources(rule.format("ScheduleExpression: rate(1 minute)"))] == ["schedule"]
    assert [each.kind for each in sources(rule.format("EventPattern: {source: [x]}"))] == ["eventbridge"]


def test_custom_resources() -> None:
    found = sources("""
        A: {Type: 'Custom::Thing', Properties: {ServiceToken: !GetAtt Fn.Arn}}
        B: {Type: AWS::CloudFormation::CustomResource, Properties: {ServiceToken: !GetAtt Fn.Arn}}
    """)
    assert [(each.kind, each.event_class, each.declared_by) for each in found] == [
        ("custom-resource", "custom-resource", "A"),
        ("custom-resource", "custom-resource", "B"),
    ]


@pytest.mark.parametrize(
    ("arn", "more", "kind", "resource"),
    [
        ("EventSourceArn: !GetAtt X.Arn", "AWS::SQS::Queue", "sqs", "X"),
        ("EventSourceArn: !GetAtt X.StreamArn", "AWS::DynamoDB::Table", "dynamodb", "X"),
        ("EventSourceArn: !GetAtt X.Arn", "AWS::Kinesis::Stream", "kinesis", "X"),
        ("EventSourceArn: !Ref X", "AWS::MSK::Cluster", "msk", "X"),
        ("EventSourceArn: !GetAtt X.Arn", "AWS::AmazonMQ::Broker", "mq", "X"),
        ("EventSourceArn: !Sub 'arn:aws:sqs:${AWS::Region}:1:q'", None, "sqs", None),
        ("SelfManagedEventSource: {Endpoints: {}}", None, "kafka", None),
        ("EventSourceArn: !ImportValue q", None, "event-source-mapping", None),
    ],
)
def test_event_source_mappings(arn: str, more: str | None, kind: str, resource: str | None) -> None:
    (source,) = sources(
        f"M: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: !Ref Fn, BatchSize: 5, {arn}}}}}"
        + (f"\nX: {{Type: {more}}}" if more else "")
    )
    assert (source.kind, source.event_class, source.resource) == (kind, "polled", resource)
    assert source.settings.at("BatchSize").scalar == 5
    assert source.span.text == "FunctionName"


def test_state_machines_are_one_source_each() -> None:
    found = sources("""
        M:
          Type: AWS::Serverless::StateMachine
          Properties:
            Definition: {States: {A: {Resource: '${Arn}'}, B: {Resource: !GetAtt Fn.Arn}}}
            DefinitionSubstitutions: {Arn: !GetAtt Fn.Arn}
        N:
          Type: AWS::StepFunctions::StateMachine
          Properties:
            DefinitionString: !Sub '{"States": {"A": {"Resource": "${Live}"}}}'
    """)
    assert [(each.declared_by, each.event_class, each.qualified) for each in found] == [
        ("M", "orchestrated", False),
        ("N", "orchestrated", True),
    ]


def test_deployment_hooks_of_an_alias() -> None:
    found = sources("""
        A:
          Type: AWS::Lambda::Alias
          UpdatePolicy: {CodeDeployLambdaAliasUpdate: {BeforeAllowTrafficHook: !Ref Fn}}
          Properties: {FunctionName: !Ref Other}
    """)
    assert brief(found) == [("Fn", "deployment-hook", False)]


def test_cognito_waits_for_no_sender_of_messages() -> None:
    found = sources("""
        Pool:
          Type: AWS::Cognito::UserPool
          Properties:
            LambdaConfig:
              CustomEmailSender: {LambdaArn: !GetAtt Fn.Arn, LambdaVersion: V1_0}
              KMSKeyID: !GetAtt Key.Arn
        P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Fn, Principal: cognito-idp.amazonaws.com}}
    """)
    assert [(each.kind, each.event_class) for each in found] == [("cognito-sender", "async")]


def test_url_with_qualifier() -> None:
    assert brief(sources("U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn, Qualifier: live}}")) == [
        ("Fn", "function-url", True)
    ]


# -- API Gateway ---------------------------------------------------------------------------------------------------

URI = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"


def test_rest_api_methods_have_their_path() -> None:
    (source,) = sources(f"""
        Api: {{Type: AWS::ApiGateway::RestApi}}
        Users: {{Type: AWS::ApiGateway::Resource, Properties: {{ParentId: !GetAtt Api.RootResourceId, PathPart: users}}}}
        User: {{Type: AWS::ApiGateway::Resource, Properties: {{ParentId: !Ref Users, PathPart: '{{id}}'}}}}
        Get:
          Type: AWS::ApiGateway::Method
          Properties:
            RestApiId: !Ref Api
            ResourceId: !Ref User
            HttpMethod: GET
            Integration:
              Type: AWS_PROXY
              Uri: !Sub {URI}
    """)
    assert (source.kind, source.resource, source.routes) == ("api", "Api", (("GET", "/users/{id}"),))
    assert (source.span.text, source.declared_by) == ("Uri", "Get")


def test_a_path_of_resources_in_a_circle_is_not_known() -> None:
    (source,) = sources(f"""
        A: {{Type: AWS::ApiGateway::Resource, Properties: {{ParentId: !Ref A, PathPart: a}}}}
        M: {{Type: AWS::ApiGateway::Method, Properties: {{ResourceId: !Ref A, HttpMethod: GET, Integration: {{Uri: !Sub '{URI}'}}}}}}
    """)
    assert source.routes == ()


def test_a_path_below_what_another_stack_declares() -> None:
    (source, nothing) = sources(f"""
        A: {{Type: AWS::ApiGateway::Resource, Properties: {{ParentId: !ImportValue Orders, PathPart: '{{proxy+}}'}}}}
        M: {{Type: AWS::ApiGateway::Method, Properties: {{ResourceId: !Ref A, HttpMethod: ANY, Integration: {{Uri: !Sub '{URI}'}}}}}}
        N: {{Type: AWS::ApiGateway::Method, Properties: {{ResourceId: !ImportValue B, HttpMethod: ANY, Integration: {{Uri: !Sub '{URI}'}}}}}}
    """)
    assert source.routes == (("*", "…/{proxy+}"),)
    assert nothing.routes == ()


def test_http_and_websocket_apis() -> None:
    found = sources("""
        H: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
        HI: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref H, IntegrationUri: !GetAtt Fn.Arn, PayloadFormatVersion: '2.0'}}
        HR: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /x, Target: !Sub 'integrations/${HI}'}}
        HD: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: $default, Target: !Join [/, [integrations, !Ref HI]]}}
        W: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
        WI: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref W, IntegrationUri: !GetAtt Fn.Arn}}
        WR: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref W, RouteKey: $connect, Target: !Sub 'integrations/${WI}'}}
    """)
    assert [(each.kind, each.resource, each.routes) for each in found] == [
        ("http-api", "H", (("GET", "/x"),)),
        ("http-api", "H", (("*", "$default"),)),
        ("websocket", "W", (("*", "$connect"),)),
    ]
    assert found[0].settings.at("PayloadFormatVersion").string == "2.0"


def test_websocket_api_of_sam() -> None:
    found = sources("""
        W:
          Type: AWS::Serverless::WebSocketApi
          Properties:
            Routes:
              $connect: {FunctionArn: !GetAtt Fn.Arn}
              send: {FunctionArn: !GetAtt Fn.Arn}
    """)
    assert [(each.kind, each.routes, each.span.text) for each in found] == [
        ("websocket", (("*", "$connect"),), "$connect"),
        ("websocket", (("*", "send"),), "send"),
    ]


OPENAPI = f"""
paths:
  /a:
    get:
      x-amazon-apigateway-integration: {{uri: {{'Fn::Sub': '{URI}'}}, type: aws_proxy}}
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration: {{$ref: '#/components/x-amazon-apigateway-integrations/one'}}
    parameters: []
components:
  x-amazon-apigateway-integrations:
    one: {{uri: {{'Fn::Sub': '{URI}'}}}}
  securitySchemes:
    auth: {{x-amazon-apigateway-authorizer: {{authorizerUri: {{'Fn::Sub': '{URI}'}}}}}}
"""


@pytest.mark.parametrize(
    ("api", "kind"),
    [
        ("{Type: AWS::Serverless::Api, Properties: {DefinitionBody: BODY}}", "api"),
        ("{Type: AWS::ApiGateway::RestApi, Properties: {Body: BODY}}", "api"),
        ("{Type: AWS::Serverless::HttpApi, Properties: {DefinitionBody: BODY}}", "http-api"),
        ("{Type: AWS::ApiGatewayV2::Api, Properties: {Body: BODY}}", "http-api"),
        ("{Type: AWS::Serverless::Api, Properties: {DefinitionUri: api.yaml}}", "api"),
        ("{Type: AWS::Serverless::HttpApi, Properties: {DefinitionUri: ./api.yaml}}", "http-api"),
        ("{Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: api.yaml}}", "api"),
        ("{Type: AWS::Serverless::Api, Properties: {DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}}}", "api"),
        ("{Type: AWS::Serverless::Api, Properties: {DefinitionBody: !Transform {Name: AWS::Include, Parameters: {Location: ./api.yaml}}}}", "api"),
    ],
)  # fmt: skip
def test_documents_of_apis(api: str, kind: str) -> None:
    import yaml

    body = yaml.safe_dump(yaml.safe_load(OPENAPI), default_flow_style=True, width=10**6).strip()
    found = sources(f"Api: {api.replace('BODY', body)}", api_yaml=OPENAPI)
    assert [(each.kind, each.resource, each.routes) for each in found] == [
        (kind, "Api", (("GET", "/a"),)),
        (kind, "Api", (("*", "/a"),)),
        ("authorizer", "Api", ()),
    ]
    assert {each.span.file.path for each in found} == {"t.yaml" if "BODY" in api else "api.yaml"}


def test_an_event_and_the_document_of_its_api_are_one_source() -> None:
    found = sam(
        "Events: {A: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Api}}}",
        f"""
        Api:
          Type: AWS::Serverless::Api
          Properties:
            DefinitionBody:
              paths:
                /a:
                  get: {{x-amazon-apigateway-integration: {{uri: !Sub '{URI.replace("Fn", "F")}'}}}}
                  put: {{x-amazon-apigateway-integration: {{uri: '{URI.replace("Fn", "F")}'}}}}
        """,
    )
    assert [(each.routes, each.span.text) for each in found] == [((("GET", "/a"),), "A"), ((("PUT", "/a"),), "uri")]


def test_missing_remote_and_broken_documents() -> None:
    for location in ("missing.yaml", "s3://bucket/key", "../out.yaml", "{Bucket: b, Key: k}", "api.yaml"):
        api = f"Api: {{Type: AWS::Serverless::Api, Properties: {{DefinitionUri: {location}}}}}"
        assert sources(api, api_yaml="paths: 'x") == []


# -- permissions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("principal", "kind"), PRINCIPALS.items())
def test_a_permission_alone_tells_the_kind(principal: str, kind: str) -> None:
    (source,) = sources(
        f"P: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref Live, Action: x, Principal: {principal}}}}}"
    )
    assert (source.function, source.kind, source.event_class) == ("Fn", kind, KINDS[kind])
    assert (source.settings.entries, source.span.text, source.qualified) == ((), "Principal", True)


@pytest.mark.parametrize(
    ("permission", "wired"),
    [
        ("Principal: apigateway.amazonaws.com", "{Type: AWS::ApiGatewayV2::Integration, Properties: {IntegrationUri: !Ref Fn}}"),
        ("Principal: apigateway.amazonaws.com", "{Type: AWS::ApiGateway::Authorizer, Properties: {AuthorizerUri: !Ref Fn}}"),
        ("Principal: events.amazonaws.com", "{Type: AWS::Events::Rule, Properties: {ScheduleExpression: x, Targets: [{Arn: !Ref Fn}]}}"),
        ("Principal: s3.amazonaws.com", "{Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: [{Function: !Ref Fn}]}}}"),
        ("Principal: '*', FunctionUrlAuthType: NONE", "{Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn}}"),
    ],
)  # fmt: skip
def test_a_permission_that_repeats_adds_nothing(permission: str, wired: str) -> None:
    statement = f"P: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref Fn, {permission}}}}}\n"
    assert [each.declared_by for each in sources(statement)] == ["P"]
    assert [each.declared_by for each in sources(statement + f"W: {wired}")] == ["W"]


def test_several_permissions_for_one_api_are_one_source() -> None:
    statement = (
        "{Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com}}"
    )
    assert len(sources(f"P: {statement}\nQ: {statement}")) == 1


def test_the_source_of_a_permission_tells_the_kind_of_api() -> None:
    (source,) = sources("""
        W: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
        P:
          Type: AWS::Lambda::Permission
          Properties:
            FunctionName: !Ref Fn
            Principal: apigateway.amazonaws.com
            SourceArn: !Sub 'arn:aws:execute-api:${AWS::Region}:1:${W}/*'
    """)
    assert (source.kind, source.resource) == ("websocket", "W")


def test_other_principals_prove_nothing() -> None:
    for principal in ("'123456789012'", "'*'", "!Ref Account", "[x]"):
        statement = f"{{FunctionName: !Ref Fn, Action: lambda:InvokeFunction, Principal: {principal}}}"
        assert sources(f"P: {{Type: AWS::Lambda::Permission, Properties: {statement}}}") == []


# -- across stacks -------------------------------------------------------------------------------------------------


def test_functions_are_found_across_nested_stacks() -> None:
    parent = """
        Resources:
          Own: {Type: AWS::Lambda::Function, Properties: {Code: ./src}}
          A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml, Parameters: {Given: !GetAtt Own.Arn}}}
          B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: b.yaml, Parameters: {Other: !GetAtt A.Outputs.Arn}}}
          T: {Type: AWS::SNS::Subscription, Properties: {Endpoint: !GetAtt A.Outputs.Arn}}
    """
    first = """
        Parameters: {Given: {Type: String}}
        Resources:
          F: {Type: AWS::Lambda::Function, Properties: {Code: ./src}}
          S: {Type: AWS::SNS::Subscription, Properties: {Endpoint: !Ref Given}}
        Outputs: {Arn: {Value: !GetAtt F.Arn}}
    """
    second = """
        Parameters: {Other: {Type: String}}
        Resources:
          U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Sub '${Other}'}}
    """
    found = read(
        {"t.yaml": textwrap.dedent(parent), "a.yaml": textwrap.dedent(first), "b.yaml": textwrap.dedent(second)}
    )
    by_stack = {
        each.stack: [(s.function, s.kind, s.declared_by, s.span.file.path) for s in each.sources] for each in found
    }
    assert by_stack == {
        None: [("Own", "sns", "S", "a.yaml")],
        "A": [("F", "sns", "T", "t.yaml"), ("F", "function-url", "U", "b.yaml")],
        "B": [],
    }


# -- the tables ----------------------------------------------------------------------------------------------------


def test_the_tables_use_one_vocabulary() -> None:
    used = {event.kind for event in SAM_EVENTS.values()} | {wiring.kind for wiring in WIRINGS}
    used |= {
        *PRINCIPALS.values(),
        *SENDERS.values(),
        *SENDER_ARNS.values(),
        *EXPLAINS,
        *set().union(*EXPLAINS.values()),
    }
    assert used <= KINDS.keys()
    assert KINDS.keys() - used == {"custom-resource", "event-source-mapping"} | (
        {"kafka", "websocket", "function-url"} - used
    )
    assert set(KINDS.values()) == {"user-facing", "async", "polled", "orchestrated", "custom-resource", "other"}
