"""What stands between Lambda and the code of a function: adapters, decorators, wrapping handlers, caches.

As of 2026-11-22. Sources: the documentation of the libraries named; Powertools for AWS Lambda (Python), "Core
utilities"; Datadog and New Relic, "Instrumenting Python Lambda functions"; AWS Lambda Web Adapter, README; the source
of the Sentry SDK (`init_serverless_sdk`). Names are dotted as in slint.knowledge.clients.
"""

from __future__ import annotations

import re
from typing import Final

from slint.record import NamedTuple
from slint.regex import regex

AS_OF: Final = "2026-11-22"


class Adapter(NamedTuple):
    """A framework that routes events to functions of its own.

    `receives_application`: the call takes an ASGI or WSGI application (its first argument) whose routes are the
    function's code; otherwise the object itself registers routes, by decorators.
    """

    framework: str
    receives_application: bool


def adapter(dotted: str) -> Adapter | None:
    """The adapter that a call of `dotted` makes or runs, None when it is none."""
    return ADAPTERS.get(dotted)


_POWERTOOLS_EVENTS = "aws_lambda_powertools.event_handler"

ADAPTERS: Final[dict[str, Adapter]] = {
    "mangum.Mangum": Adapter("Mangum", True),
    "mangum.adapter.Mangum": Adapter("Mangum", True),
    "apig_wsgi.make_lambda_handler": Adapter("apig-wsgi", True),
    "serverless_wsgi.handle_request": Adapter("serverless-wsgi", True),
    "awsgi.response": Adapter("awsgi", True),
    "awsgi2.response": Adapter("awsgi", True),
    "a2wsgi.ASGIMiddleware": Adapter("a2wsgi", True),
    "aws_wsgi.response": Adapter("aws-wsgi", True),
    "flask_lambda.FlaskLambda": Adapter("flask-lambda", False),
    "chalice.Chalice": Adapter("Chalice", False),
    "chalice.app.Chalice": Adapter("Chalice", False),
    "zappa.handler.lambda_handler": Adapter("Zappa", False),
    "zappa.handler.LambdaHandler": Adapter("Zappa", False),
    "ariadne.asgi.GraphQL": Adapter("Ariadne", False),
    "slack_bolt.adapter.aws_lambda.SlackRequestHandler": Adapter("Slack Bolt", True),
    "aws_lambda_powertools.utilities.data_classes.appsync.resolver": Adapter("Powertools", False),
    **{
        f"{module}.{name}": Adapter("Powertools", False)
        for module, names in {
            _POWERTOOLS_EVENTS: (
                "APIGatewayRestResolver",
                "APIGatewayHttpResolver",
                "ApiGatewayResolver",
                "ALBResolver",
                "LambdaFunctionUrlResolver",
                "VPCLatticeResolver",
                "VPCLatticeV2Resolver",
                "AppSyncResolver",
                "AppSyncEventsResolver",
                "BedrockAgentResolver",
                "BedrockAgentFunctionResolver",
            ),
            f"{_POWERTOOLS_EVENTS}.api_gateway": (
                "APIGatewayRestResolver",
                "APIGatewayHttpResolver",
                "ApiGatewayResolver",
                "ALBResolver",
            ),
            f"{_POWERTOOLS_EVENTS}.lambda_function_url": ("LambdaFunctionUrlResolver",),
            f"{_POWERTOOLS_EVENTS}.vpc_lattice": ("VPCLatticeResolver", "VPCLatticeV2Resolver"),
            f"{_POWERTOOLS_EVENTS}.appsync": ("AppSyncResolver",),
            f"{_POWERTOOLS_EVENTS}.events_appsync": ("AppSyncEventsResolver",),
            f"{_POWERTOOLS_EVENTS}.events_appsync.appsync_events": ("AppSyncEventsResolver",),
            f"{_POWERTOOLS_EVENTS}.bedrock_agent": ("BedrockAgentResolver",),
            f"{_POWERTOOLS_EVENTS}.bedrock_agent_function": ("BedrockAgentFunctionResolver",),
        }.items()
        for name in names
    },
}
"""Framework adapters and resolver classes."""

APPLICATIONS: Final = frozenset(
    {
        "fastapi.FastAPI",
        "flask.Flask",
        "starlette.applications.Starlette",
        "quart.Quart",
        "bottle.Bottle",
        "falcon.App",
        "falcon.asgi.App",
        "litestar.Litestar",
        "connexion.App",
        "connexion.FlaskApp",
        "dash.Dash",
        "django.core.wsgi.get_wsgi_application",
        "django.core.asgi.get_asgi_application",
    }
)
"""Web applications; behind an adapter their routes run on every invocation."""

FRAMEWORKS: Final = frozenset(name.partition(".")[0] for name in APPLICATIONS)
"""Import names of the frameworks of those applications; loading one makes a start slow."""

EXTENDERS: Final = frozenset({"fastify().register", "fastify.fastify().register"})
"""Methods of applications that run the functions which they are given once, at start, with the application itself (Fastify
reference, "Plugins", read 2026-11-27)."""

PASSIVE_METHODS: Final = frozenset(
    {
        "capture_async",
        "capture_lambda_handler",
        "capture_method",
        "inject_lambda_context",
        "log_metrics",
        "capture",
        "start_as_current_span",
        "wrap",
    }
)
"""Decorators, as methods of a logger, tracer or metrics object, that only wrap: the function below is the code."""

HANDLER_METHODS: Final = frozenset({"capture_lambda_handler", "inject_lambda_context", "log_metrics"})
"""Those of them that are for handlers alone."""

PASSIVE: Final = frozenset(
    {
        *(
            f"aws_lambda_powertools.utilities.{name}"
            for name in (
                "batch.async_batch_processor",
                "batch.batch_processor",
                "data_classes.event_source",
                "data_classes.event_source.event_source",
                "idempotency.idempotent",
                "idempotency.idempotent_function",
                "idempotency.idempotency.idempotent",
                "parser.event_parser",
                "parser.parser.event_parser",
                "validation.validator",
                "validation.validator.validator",
            )
        ),
        "aws_lambda_powertools.middleware_factory.lambda_handler_decorator",
        "aws_lambda_powertools.middleware_factory.factory.lambda_handler_decorator",
        "aws_xray_sdk.core.xray_recorder.capture",
        "datadog_lambda.wrapper.datadog_lambda_wrapper",
        "epsagon.lambda_wrapper",
        "epsagon.step_lambda_wrapper",
        "functools.wraps",
        "iopipe.IOpipe",
        "lumigo_tracer.lumigo_tracer",
        "lumigo_tracer.lambda_tracer.lumigo_tracer",
        "newrelic.agent.background_task",
        "newrelic.agent.function_trace",
        "newrelic.agent.lambda_handler",
        "sentry_sdk.integrations.serverless.serverless_function",
        "sentry_sdk.monitor",
        "sentry_sdk.crons.monitor",
        "sentry_sdk.trace",
        "ssm_cache.SSMParameter.refresh_on_error",
        "thundra.Thundra",
        "thundra.thundra_agent.Thundra",
        "aws_durable_execution_sdk_python.durable_execution",
        "aws_durable_execution_sdk_python.execution.durable_execution",
        "aws_durable_execution_sdk_python.durable_step",
        "tenacity.retry",
        "backoff.on_exception",
    }
)
"""Decorators and wrapping calls that only wrap: the function below, or given as an argument, is the code."""

HANDLER_VARIABLES: Final = {
    "datadog_lambda.handler.handler": "DD_LAMBDA_HANDLER",
    "newrelic_lambda_wrapper.handler": "NEW_RELIC_LAMBDA_HANDLER",
    "newrelic-lambda-wrapper.handler": "NEW_RELIC_LAMBDA_HANDLER",
    "sentry_sdk.integrations.init_serverless_sdk.sentry_lambda_handler": "SENTRY_INITIAL_HANDLER",
    "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler": "DD_LAMBDA_HANDLER",
    "node_modules/datadog-lambda-js/dist/handler.handler": "DD_LAMBDA_HANDLER",
}
"""Handlers of wrapping layers and packages, and the environment variable that names the handler they wrap."""

FOREIGN_HANDLERS: Final = frozenset(
    {"wsgi_handler.handler", "zappa.handler.lambda_handler", "handler.lambda_handler_zappa"}
)
"""Handlers that a build tool adds; no file of the project defines them and the tool's configuration names the code."""


def wrapped_variable(handler: str) -> str | None:
    """The environment variable that names the handler which this one wraps, None when it wraps none."""
    return HANDLER_VARIABLES.get(handler)


def is_foreign_handler(handler: str) -> bool:
    """Whether a layer, a build tool or a web server provides the handler, so that no file of the project does."""
    return (
        handler in FOREIGN_HANDLERS
        or handler in HANDLER_VARIABLES
        or handler.endswith((".sh", "/bootstrap"))
        or handler == "bootstrap"
        or handler.startswith("/opt/")
        or "/node_modules/" in f"/{handler}"
    )


WEB_ADAPTER_WRAPPER: Final = "/opt/bootstrap"
"""Value of AWS_LAMBDA_EXEC_WRAPPER that starts the Lambda Web Adapter."""

WEB_ADAPTER_LAYER: Final = regex(r"LambdaAdapterLayer", re.IGNORECASE)
"""Found in the ARN of the Lambda Web Adapter's layer."""

MEMO: Final = frozenset(
    {
        "functools.cache",
        "functools.cached_property",
        "functools.lru_cache",
        "async_lru.alru_cache",
        "cachetools.cached",
        "cachetools.cachedmethod",
        "cachetools.func.fifo_cache",
        "cachetools.func.lfu_cache",
        "cachetools.func.lru_cache",
        "cachetools.func.rr_cache",
        "cachetools.func.ttl_cache",
        "cachetools.keys.cached",
        "aiocache.cached",
        "cached_property.cached_property",
        "cached_property.cached_property_with_ttl",
        "django.utils.functional.cached_property",
        "joblib.Memory().cache",
        "lambda_cache.ssm.cache",
        "lambda_cache.secrets_manager.cache",
        "lambda_cache.s3.cache",
        "memoization.cached",
        "methodtools.lru_cache",
        "ring.lru",
        "werkzeug.utils.cached_property",
        "backports.cached_property.cached_property",
        "collections.defaultdict",
        "lodash.memoize",
        "lodash.once",
        "lodash-es.memoize",
        "lodash-es.once",
        "lodash/memoize",
        "lodash/once",
        "mem",
        "memoize-one",
        "memoizee",
        "moize",
        "once",
        "p-memoize",
        "ramda.once",
        "react.cache",
        "underscore.once",
    }
)
"""Decorators and wrappers that keep a function's result for the next call."""

_MEMO_WORDS: Final = ("cache", "lazy", "memo", "singleton")


def keeps_results(name: str) -> bool:
    """Whether a decorator or wrapper, by its dotted name, keeps a function's result for the next call, or is called so."""
    lowered = name.lower()
    return name.removesuffix("()") in MEMO or any(word in lowered for word in _MEMO_WORDS)


CUSTOM_RESOURCE: Final = frozenset(
    {
        "cfnresponse.send",
        "cfn_response.send",
        "cfn_lambda_handler.Handler",
        "crhelper.CfnResource",
        "crhelper.resource_helper.CfnResource",
        "accustom.decorator",
        "custom_resource_helper.CfnResource",
        "cfn_resource_provider.ResourceProvider",
    }
)
"""Calls that only a CloudFormation custom resource makes; such a function has to wait for what it creates."""

CUSTOM_RESOURCE_MODULES: Final = frozenset(
    {
        "accustom",
        "cfn-custom-resource",
        "cfn-response",
        "cfn-response-async",
        "cfn-response-promise",
        "cfn_lambda_handler",
        "cfn_response",
        "cfnresponse",
        "crhelper",
    }
)
"""Import names that only custom resources use."""

CUSTOM_RESOURCE_FIELDS: Final = frozenset({"ResponseURL", "RequestType", "ResourceProperties"})
"""Fields of the event that only a custom resource receives."""

WARMER_MODULES: Final = frozenset(
    {"@middy/warmup", "lambda-warmer", "lambda_warmer", "lambda_warmer_py", "serverless_warmup", "warmer"}
)
"""Import names of keep-warm libraries, and the names of those of npm."""

WARMER_PLUGINS: Final = frozenset({"serverless-plugin-warmup", "serverless-plugin-lambda-warmup"})
"""Serverless Framework plugins that ping functions to keep them warm; also the `source` of their events."""

WARMER_TEXT: Final = regex(r"\bwarm(?:er|up|ing|[-_]?up)?\b|keep[-_]?(?:alive|warm)|\blambda[-_]?warm", re.IGNORECASE)
"""Found in the input of a schedule that only keeps a function warm."""

WARMED_ELSEWHERE: Final = regex(r"cache|cdn|cloudfront", re.IGNORECASE)
"""Found in the name of what a function warms, where that is not itself."""

WARMER_FIELDS: Final = regex(
    r"(?:\b|_)(?:source|detail-?type|trigger|action|type|job|task|command|operation|mode|ping)(?:\b|_)|warm"
    r"|^_?(?:event|evt|e|payload|body|input|message)$",
    re.IGNORECASE,
)
"""Found in what reads the part of an event that says where it comes from, or what is to be done, or all of it."""
