"""Where secrets come from in a template, and where code hands them over.

As of 2026-11-22. Sources: AWS CloudFormation User Guide, "Dynamic references" (patterns; where secure strings are
resolved) and the return values of the resource types named here; Secrets Manager User Guide, "JSON structure of
secrets" (the fields of database secrets that are no secret); the signatures of the libraries in the table of positions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from slint.knowledge.secrets import (
    TEXT_LIMIT,
    credential_in,
    names_public_key,
    names_secret,
    plausible_secret,
    reference_suffix,
)
from slint.record import NamedTuple
from slint.regex import regex

AS_OF: Final = "2026-11-22"

SECRET_ATTRIBUTES: Final[dict[tuple[str, str], str]] = {
    ("AWS::AppSync::ApiKey", "ApiKey"): "the API's key",
    ("AWS::Cognito::UserPoolClient", "ClientSecret"): "the app client's secret",
    ("AWS::IAM::AccessKey", "SecretAccessKey"): "the user's secret access key",
}
"""Attributes (resource type, name for GetAtt) whose value is a secret. What `Ref` gives of these types is none."""

PUBLIC_BY_DESIGN: Final = frozenset({("AWS::AppSync::ApiKey", "ApiKey")})
"""Those that many applications hand to every visitor: worth knowing, but no leak."""


class DynamicSecret(NamedTuple):
    """A dynamic reference whose result is a secret: the service that resolves it, what it names, and the field of the
    secret's JSON where it takes one alone."""

    service: str
    name: str
    field: str | None


NOT_RESOLVED: Final = "ssm-secure"
"""The service whose references CloudFormation does not resolve in a function's environment: the deployment fails."""

_HOLE: Final = regex(r"\$\{[^}]*\}")
_OPEN_FIELDS: Final = frozenset(
    {
        "account",
        "database",
        "db",
        "dbclusteridentifier",
        "dbinstanceidentifier",
        "dbname",
        "engine",
        "host",
        "hostname",
        "masterarn",
        "port",
        "region",
        "schema",
        "server",
        "tenant",
        "user",
        "username",
        "warehouse",
    }
)
"""Fields of a secret's JSON that tell where and as whom to connect; also the last word of a field's or parameter's name."""


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


_DATABASE_URL: Final = regex(r"(?i)(?:database|(?:\b|_)db|mongo(?:db)?|postgres(?:ql)?|mysql)[_-]?ur[il]$")
"""The address of a database: it is kept as a secret because of the password in it."""


def _is_open(field: str) -> bool:
    last = re.split(r"[_-]|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", field)[-1]
    return (
        field.lower().replace("_", "") in _OPEN_FIELDS
        or (last.lower() in _OPEN_FIELDS and names_secret(field) is not True)
        or reference_suffix(f"the_{field}") is not None
    )


def dynamic_secret(reference: str, variable: str) -> DynamicSecret | None:
    """What a dynamic reference `{{resolve:…}}` in a variable fetches, None when it is, or may be, no secret.

    A plain parameter (`ssm`) is a secret only when its own name and the variable's both say so.
    """
    body = reference.removeprefix("{{resolve:").removesuffix("}}")
    # A hole such as `${AWS::Region}` holds colons, which are separators elsewhere.
    service, _, key = _HOLE.sub("${}", body).partition(":")
    segments = key.split(":")
    if service == "secretsmanager":
        length = 7 if segments[0] == "arn" else 1  # an ARN has colons of its own
        field = segments[length + 1] if len(segments) > length + 1 else ""
        name = ":".join(segments[:length])
        kept = field or _last(name)
        is_open = _is_open(kept) if field else reference_suffix(f"the_{kept}") is not None
        if (is_open and not _DATABASE_URL.search(kept)) or names_public_key(kept) or names_public_key(variable):
            return None
        return DynamicSecret(service, name, field or None)
    name = segments[0]
    last = _last(name)
    if service == NOT_RESOLVED:
        return DynamicSecret(service, name, None)
    if service == "ssm" and holds_secret(last) and holds_secret(variable):
        return DynamicSecret(service, name, None)
    return None


_STORED: Final = regex(r"(?i)(?:^|[_-]|(?<=[a-z]))secrets?$")
_HELD: Final = regex(
    r"(?i)(?:api|app|application|captcha|client|consumer|cookie|hmac|jwt|oauth2?|shared|signing|token|totp|webhook)[_-]?secrets?$"
)


def holds_secret(name: str) -> bool:
    """Whether a name says that what it names is a secret, and not perhaps an entry of a secret store.

    `DbSecret` may as well hold the name or ARN of such an entry; `ClientSecret` and `DbPassword` do not.
    """
    return names_secret(name) is True and (_STORED.search(name) is None or _HELD.search(name) is not None)


def names_reference(name: str) -> bool:
    """Whether a parameter's name says that its value tells about a secret, such as its ARN, or where and by whom it is
    used; or that it is a public key."""
    if names_public_key(name):
        return True
    suffix = reference_suffix(f"the_{name}")
    return _is_open(name) if suffix is None else suffix not in _ADDRESSES


_HOST: Final = regex(r"(?i)(?:https?://)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?::\d{1,5})?/?")


def is_host(text: str) -> bool:
    """Whether a text names a host and nothing more: a path or a query could hold a secret."""
    return _HOST.fullmatch(text) is not None


NAMING: Final = frozenset(
    {"arn", "arns", "id", "ids", "name", "names", "param", "parameter", "parameters", "path", "paths"}
)
"""Last words of a variable's name which say that its value leads to something."""

# An address can hold the secret itself: a webhook's, or one with a password in it.
_ADDRESSES = frozenset({"endpoint", "endpoints", "uri", "url", "urls"})

# --- where code hands a secret over -----------------------------------------------------------------------------------

_POSITIONS: Final[dict[str, int]] = {
    "MySQLdb.connect": 2,
    "aiohttp.BasicAuth": 1,
    "crypto.createHmac": 1,
    "github.Github": 0,
    "hmac.new": 0,
    "httpx.BasicAuth": 1,
    "hvac.Client": 1,
    "jwt.decode": 1,
    "jsonwebtoken.sign": 1,
    "jsonwebtoken.verify": 1,
    "jwt.encode": 1,
    "pymysql.connect": 2,
    "requests.auth.HTTPBasicAuth": 1,
    "requests.auth.HTTPDigestAuth": 1,
    "@sendgrid/mail.setApiKey": 0,
    "@slack/web-api.WebClient": 0,
    "sendgrid.SendGridAPIClient": 0,
    "slack.WebClient": 0,
    "slack_sdk.WebClient": 0,
    "slack_sdk.web.WebClient": 0,
    "smtplib.SMTP().login": 1,
    "smtplib.SMTP_SSL().login": 1,
    "stripe": 0,
    "stripe.Stripe": 0,
    "stripe.StripeClient": 0,
    "telebot.TeleBot": 0,
    "telegram.Bot": 0,
    "twilio": 1,
    "twilio.Twilio": 1,
    "twilio.rest.Client": 1,
}
"""Where calls take a credential without a keyword, counted from 0."""

_LABELS: Final = frozenset({"auth", "authorization", "credential", "proxy-authorization", "token"})
"""Keywords and headers that take a credential although their name alone would not say so of a variable."""

_BEFORE: Final = regex(
    r"(?i:\A(?:bearer|basic|token|apikey|bot)\s+\Z|://[^\s/@]*:\Z|\b(?:password|passwd|pwd|accountkey|sharedaccesskey)\s*=\s*'?\Z)"
)
"""Text in front of a credential: a header's scheme, the user of a URL, the key in a connection string."""


def takes_credential(callees: Iterable[str], labels: Sequence[str | int], before: str) -> bool:
    """Whether what stands at a place of a call is used as a credential.

    `callees` are the dotted names of what is called; `labels` lead to the place: the keyword or position, then the keys
    and indexes of the mappings and lists inside; `before` is the text in front of it in a text made of parts.
    """
    if before:
        return _BEFORE.search(before) is not None
    if len(labels) == 1 and isinstance(labels[0], int):
        return any(_POSITIONS.get(name) == labels[0] for name in callees)
    if len(labels) > 1 and labels[-2] == "auth":
        return labels[-1] == 1
    last = labels[-1] if labels else None
    return isinstance(last, str) and (last.lower() in _LABELS or names_secret(last) is True)


class KeyArguments(NamedTuple):
    """Where an SDK's constructor takes the user's long-term keys: keyword and positions, by dotted name of the call.

    `member` is the name in the SDK for JavaScript: of a member of its options (v2) or of their `credentials` (v3).
    """

    keyword: str
    positions: dict[str, int]
    member: str


ACCESS_KEY: Final = KeyArguments(
    "aws_access_key_id",
    {"boto3.client": 6, "boto3.resource": 6, "boto3.Session": 0, "boto3.session.Session": 0},
    "accessKeyId",
)
SECRET_KEY: Final = KeyArguments(
    "aws_secret_access_key",
    {"boto3.client": 7, "boto3.resource": 7, "boto3.Session": 1, "boto3.session.Session": 1},
    "secretAccessKey",
)
SESSION_TOKEN: Final = KeyArguments(
    "aws_session_token",
    {"boto3.client": 8, "boto3.resource": 8, "boto3.Session": 2, "boto3.session.Session": 2},
    "sessionToken",
)


def can_be_access_key(keyword: str, text: str) -> bool:
    """Whether a text written for one of these arguments can be a key that somebody uses."""
    if credential_in(f"{keyword}={text}") is not None:
        return True
    return len(text) >= 16 and text.isascii() and plausible_secret(keyword, text)


# --- files that hold settings -----------------------------------------------------------------------------------------

_SETTING_LINE = regex(
    r"^[ \t]*(?:export[ \t]+)?\"?(?P<name>[A-Za-z_][\w.-]{0,100})\"?[ \t]*[=:][ \t]*(?P<quote>[\"']?)(?P<value>[^\r\n#\"']{1,4000})",
    re.MULTILINE,
)


class HeldSecret(NamedTuple):
    """A secret in a file of settings, from `start` up to `end`; `what` says which it is, without showing it."""

    what: str
    start: int
    end: int


def secret_in_file(text: str) -> HeldSecret | None:
    """The first secret in a file of settings (`NAME=value` or `name: value` lines), a key file or an account file."""
    found = credential_in(text)
    if found is not None and found.certain:
        return HeldSecret(found.family, found.start, found.end)
    for line in _SETTING_LINE.finditer(text, 0, TEXT_LIMIT):
        name, value = line["name"], line["value"].strip()
        if holds_secret(name) and plausible_secret(name, value):
            return HeldSecret(f"the value of `{name}`", line.start("name"), line.end("value"))
    return None


_RANDOM: Final = regex(r"[A-Za-z0-9+=!@#$%^&*]{16,}")


def looks_random(text: str) -> bool:
    """Whether a text can hardly be a name: one run of both cases with several digits among them."""
    return (
        _RANDOM.fullmatch(text) is not None
        and any(letter.islower() for letter in text)
        and any(letter.isupper() for letter in text)
        and sum(letter.isdigit() for letter in text) >= 3
    )
