"""Environment variables that Lambda, its extensions and known frameworks own.

As of 2026-11-22. Sources: AWS Lambda Developer Guide, "Defined runtime environment variables" (reserved and
provided names; the four public linters that list the reserved ones agree on these 18); the documentation of the
frameworks and extensions for the names that they read.
"""

from __future__ import annotations

from typing import Final

from slint.regex import regex

AS_OF: Final = "2026-11-22"
SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"

RESERVED: Final = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
"""Set by Lambda; a function configuration that sets one is refused."""

PROVIDED: Final = frozenset(
    {
        "AWS_LAMBDA_DOTNET_PREJIT",
        "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS",
        "GEM_PATH",
        "HOME",
        "LANG",
        "LD_LIBRARY_PATH",
        "NODE_OPTIONS",
        "NODE_PATH",
        "PATH",
        "PWD",
        "PYTHONPATH",
        "SHLVL",
        "TZ",
    }
)
"""Set by Lambda or its start script; a function may set its own value."""

LOCAL: Final = frozenset(
    {"AWS_SAM_LOCAL", "IS_LOCAL", "IS_OFFLINE", "LOCALSTACK_HOSTNAME", "_LAMBDA_SERVER_PORT", "PYTEST_CURRENT_TEST"}
)
"""Set by emulators and test runners only: code asks for them to find out where it runs."""

LOADERS: Final = frozenset(
    {"dotenv", "dotenv-defaults", "dotenv-expand", "dotenv-extended", "dotenv-flow", "dotenv-safe", "@dotenvx/dotenvx"}
)
"""Packages of Python and Node.js that set the variables which a file holds."""

_DEFAULTED = regex(
    r"AWS_|LAMBDA_|POWERTOOLS_|OTEL_|OPENTELEMETRY_|DD_|NEW_RELIC_|SENTRY_|LUMIGO_|EPSAGON_|BOTO_|PYTHON|NODE_|DOTNET_"
    r"|PARAMETERS_SECRETS_EXTENSION_"
)
"""Families that a runtime, layer or extension fills, or whose reader has defaults."""

_READ_ELSEWHERE = regex(
    r"(?:"
    r"(?:AWS_|LAMBDA_|POWERTOOLS_|OTEL_|OPENTELEMETRY_|DD_|NEW_RELIC_|SENTRY_|LUMIGO_|EPSAGON_|BOTO_|PYTHON|NODE_|DOTNET_"
    r"|PARAMETERS_SECRETS_EXTENSION_|HF_|PRISMA_|FLASK_|CORECLR_|JAVA_TOOL_).*"
    r"|LOG_LEVEL|PORT|SECRETS_MANAGER_TTL|SSM_PARAMETER_STORE_TTL|RUST_LOG|RUST_BACKTRACE|TRANSFORMERS_CACHE"
    r"|MPLCONFIGDIR|NLTK_DATA|NUMBA_CACHE_DIR|DATABASE_URL|DJANGO_SETTINGS_MODULE|TZ|HOME|LD_PRELOAD|LD_LIBRARY_PATH"
    r"|PATH|LANG|GEM_PATH|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GOOGLE_APPLICATION_CREDENTIALS"
    r"|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy"
    r")"
)
"""Names that an SDK, framework, runtime or extension reads, whatever the function's own code does."""


def is_reserved(name: str) -> bool:
    """Whether Lambda refuses a function configuration that sets this variable."""
    return name in RESERVED


def is_provided(name: str) -> bool:
    """Whether code may rely on the variable, or look for it, although no template sets it.

    True for what Lambda sets, what emulators set, and for families that layers, extensions and SDKs fill or default.
    """
    return name in RESERVED or name in PROVIDED or name in LOCAL or _DEFAULTED.match(name) is not None


def is_read_elsewhere(name: str) -> bool:
    """Whether something other than the function's code reads the variable, so that it is never unused."""
    return _READ_ELSEWHERE.fullmatch(name) is not None
