"""What a secret looks like: formats of credentials, names of variables, and what only looks like one.

As of 2026-11-22. Sources: the vendors' documentation of their key formats; the names that public detectors of
hard-coded secrets agree on; the false alarms reported to such detectors, which became the filters here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal

from slint.record import NamedTuple
from slint.regex import regex

AS_OF: Final = "2026-11-22"

TEXT_LIMIT: Final = 1_000_000
"""Code points of a text that are looked at; a credential beyond them is not found."""


_VALUE_LIMIT = 4_096  # what all the variables of one function may hold together


class Credential(NamedTuple):
    """A credential found in a text, from `start` up to `end`.

    `family` says what it is, for a reader. `certain` is False for test-mode keys and for formats that other things
    share: worth knowing, but no proof of a leak.
    """

    family: str
    start: int
    end: int
    certain: bool


class _Family(NamedTuple):
    """A format. Group `value`, or else the whole match, is the credential; `accept` looks at it more closely."""

    name: str
    hints: tuple[str, ...]
    pattern: str
    certain: bool = True
    accept: Callable[[str], bool] = lambda value: True


def credential_in(text: str) -> Credential | None:
    """The first credential of a known format in `text`, certain ones before others; samples are not found."""
    if len(text) < 12:
        return None
    lowered = text[:TEXT_LIMIT].lower()
    found = [
        credential
        for family in _FAMILIES
        if any(hint in lowered for hint in family.hints) and (credential := _find(family, text)) is not None
    ]
    return min(found, key=lambda credential: (not credential.certain, credential.start), default=None)


def _find(family: _Family, text: str) -> Credential | None:
    pattern = re.compile(family.pattern)  # kept by `re`
    group = "value" if "value" in pattern.groupindex else 0
    for match in pattern.finditer(text, 0, TEXT_LIMIT):
        if not _SAMPLE_WORD.search(match[group]) and not _is_monotonous(match[group]) and family.accept(match[group]):
            return Credential(family.name, match.start(group), match.end(group), family.certain)
    return None


@lru_cache(maxsize=4_096)  # the functions of a template share most of their variables
def names_secret(name: str) -> bool | Literal["weak"]:
    """Whether a variable's name says that its value is a secret; "weak" when it may as well be something else.

    A name that ends in a reference suffix (`_ARN`, `_NAME`, `_TTL` …) says where the secret is, or something about it.
    """
    words = _words(name)
    joined = f"_{'_'.join(words)}_"
    if not words or reference_suffix(name) or _PUBLIC_NAME.search(joined):
        return False
    if _STRONG_NAME.search(joined):
        return True
    return "weak" if _WEAK_NAME.search(joined) else False


def names_public_key(name: str) -> bool:
    """Whether a name says that its value is a key which everybody may have."""
    return _PUBLIC_KEY_NAME.search(f"_{'_'.join(_words(name))}_") is not None


def reference_suffix(name: str) -> str | None:
    """The last word of a name when it tells that the value refers to, measures or switches something; else None."""
    words = _words(name)
    if len(words) < 2 or "_".join(words[-3:]) in _NO_REFERENCE or "_".join(words[-2:]) in _NO_REFERENCE:
        return None
    if words[-1] in REFERENCE_SUFFIXES:
        return words[-1]
    last_two = "_".join(words[-2:])
    return last_two if last_two in _REFERENCE_PAIRS else None


def is_placeholder(text: str) -> bool:
    """Whether a text stands for a value that somebody is to fill in, or is a sample or a test's value."""
    return bool(_PLACEHOLDER.search(text[:_VALUE_LIMIT])) or _is_monotonous(text)


def plausible_secret(name: str, text: str) -> bool:
    """Whether `text`, written as the value of a variable whose name says "secret", can be the secret itself.

    False whenever it may as well be a reference, a setting or a placeholder. It says nothing about the name: ask
    `names_secret` first. Text that equals the name of a resource or parameter is the caller's to refuse.
    """
    value = text[:_VALUE_LIMIT].strip()
    if credential_in(value) is not None:
        return True
    return not any(harmless(name, value) for harmless in _HARMLESS)


# --- names ------------------------------------------------------------------------------------------------------------

_SPLIT = regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_FUSED = {
    "accesskey": "access_key",
    "accesstoken": "access_token",
    "accountkey": "account_key",
    "apikey": "api_key",
    "apitoken": "api_token",
    "authkey": "auth_key",
    "authtoken": "auth_token",
    "clientsecret": "client_secret",
    "connectionstring": "connection_string",
    "dbpass": "db_pass",
    "dbpassword": "db_password",
    "encryptionkey": "encryption_key",
    "privatekey": "private_key",
    "refreshtoken": "refresh_token",
    "secretaccesskey": "secret_access_key",
    "secretkey": "secret_key",
    "signingkey": "signing_key",
}


def _words(name: str) -> list[str]:
    words = [word.lower() for word in _SPLIT.findall(name[:200]) if not word.isdigit()]
    return [part for word in words for part in _FUSED.get(word, word).split("_")]


_STRONG_NAME = regex(
    r"_(?:[a-z]*(?:password|passwd|passphrase)|passcode|pwd|(?:db|database|user|admin|root|mysql|postgres|redis|mongo|rds|smtp|ftp|login)_pass"
    r"|secret|secrets|client_secret|(?:api|auth|service|account|private|signing|encryption|access|secret|license|master)_key"
    r"|(?:access|refresh|auth|api|bearer|bot|session|personal|oauth|verification|push"
    r"|airtable|asana|atlassian|bitbucket|circleci|cloudflare|datadog|digitalocean|discord|dropbox|figma|github|gitlab|heroku"
    r"|hubspot|intercom|jira|netlify|notion|npm|okta|pagerduty|rollbar|sendgrid|sentry|shopify|slack|snyk|sonar|telegram"
    r"|twilio|vault|vercel|zendesk)_token"
    r"|bearer|webhook_secret|signing_secret|private_pem)_"
)
_WEAK_NAME = regex(r"_(?:token|credential|credentials|creds|connection_string|conn_str|dsn|pass|salt|webhook|pat)_")

# Public by design, or a schema's word for a key that is no secret.
_PUBLIC_NAME = regex(
    r"^_(?:next_public|vite|react_app|expo_public|gatsby|nuxt_public|parameters_secrets_extension|powertools)_"
    r"|_(?:public|publishable|anon_key|key_schema|token_use|(?:primary|partition|sort|hash|range|foreign|cache|object)_key"
    r"|csrf|xsrf|(?:next|page|continuation|pagination|task|max|min|num)_tokens?|token_bucket|tokens?_per|secretless"
    r"|password_(?:policy|reset|field|less)|passwordless|(?:secrets?|password|token)_(?:manager|store))_"
)

_PUBLIC_KEY_NAME = regex(
    r"_(?:public|publishable|pub)_(?:(?:encryption|signing|signature|verification|verify|rsa|ec|jwt|ssh|pgp|gpg)_)?keys?_"
)

REFERENCE_SUFFIXES: Final = frozenset(
    {
        "age",
        "alg",
        "algo",
        "algorithm",
        "algorithms",
        "alias",
        "arn",
        "arns",
        "attribute",
        "audience",
        "bucket",
        "class",
        "claim",
        "column",
        "cost",
        "count",
        "days",
        "duration",
        "enabled",
        "disabled",
        "encoding",
        "endpoint",
        "endpoints",
        "engine",
        "env",
        "environment",
        "expiration",
        "expires",
        "expiry",
        "field",
        "file",
        "filename",
        "folder",
        "format",
        "header",
        "hours",
        "id",
        "ids",
        "identifier",
        "index",
        "interval",
        "issuer",
        "iterations",
        "kind",
        "label",
        "length",
        "lifetime",
        "limit",
        "location",
        "max",
        "min",
        "minutes",
        "mode",
        "name",
        "names",
        "namespace",
        "param",
        "parameter",
        "parameters",
        "params",
        "path",
        "paths",
        "policy",
        "pool",
        "port",
        "prefix",
        "property",
        "provider",
        "queue",
        "ref",
        "reference",
        "region",
        "required",
        "role",
        "rotation",
        "route",
        "rounds",
        "routes",
        "schema",
        "scope",
        "scopes",
        "seconds",
        "service",
        "size",
        "source",
        "ssm",
        "stage",
        "store",
        "strength",
        "suffix",
        "table",
        "template",
        "timeout",
        "topic",
        "ttl",
        "type",
        "uri",
        "url",
        "urls",
        "use",
        "usage",
        "user",
        "username",
        "validity",
        "version",
        "versions",
    }
)
"""Last words of names that tell about a secret instead of holding it."""

_REFERENCE_PAIRS = frozenset(
    {"expires_in", "expires_at", "valid_for", "key_prefix", "key_format", "secret_manager", "secrets_manager"}
)
_NO_REFERENCE = frozenset({"access_key_id"})

# --- placeholders -----------------------------------------------------------------------------------------------------

_PLACEHOLDER = regex(
    r"(?i:example|sample|dummy|fake|change[-_ ]?(?:me|it|this)|placeholder|to-?do|fix-?me|replace|your[-_ ]|<[^<>]*>|insert[-_ ]"
    r"|enter[-_ ]|redacted|not[-_ ]?(?:a|the)?[-_ ]?(?:real|secret|set|used)|lorem|foobar|abc[-_]?123|qwerty|xxx|\*\*\*|\bnone\b|\bnull\b|\bundefined\b)"
    r"|(?i:(?<![a-z])(?:test|testing|mock|stub|local|localhost|localstack|demo|default|put|my[-_])(?![a-z]))|(?i:^test|test$)"
    r"|\$\{[^}]*\}|\$\(|\{\{[^}]*\}\}|%[^%\s]+%|\.\.\.|…|#\{[^}]*\}|\{[A-Za-z_.]+\}"
)

# Documentation and samples use these on purpose.
_SAMPLE_WORD = regex(
    r"(?i:example|sample|dummy|fake|placeholder|change[-_]?me|redacted|xxxx|your[-_]|<[^<>]*>|\$\{|\{\{|\.\.\.|\*\*\*)"
)


_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "9876543210")


def _is_monotonous(text: str) -> bool:
    """Whether a text is made of repeated or sequential characters, such as `aaaa`, `abcabcabc` or `12345678`."""
    letters = re.sub(r"[^a-z0-9]", "", text[-80:].lower())
    if len(letters) < 4:
        return bool(letters) and len(set(letters)) == 1
    if len(set(letters)) <= 3 or any(letters in alphabet * 4 for alphabet in _ALPHABETS):
        return True
    body = letters[-16:]
    return len(letters) >= 16 and (len(set(body)) <= 3 or any(body in alphabet * 4 for alphabet in _ALPHABETS))


# --- formats ----------------------------------------------------------------------------------------------------------


def _mixed(value: str) -> bool:
    """Upper and lower case and a digit, as random text of any length has, and identifiers and words have not."""
    return bool(re.search(r"[a-z]", value) and re.search(r"[A-Z]", value) and re.search(r"\d", value))


def _random_password(userinfo: str) -> bool:
    """Whether the password of `user:password` can be a real one; a user named like it is a sample."""
    user, _, password = userinfo.partition(":")
    lowered = password.lower()
    return (
        len(password) >= 4
        and lowered not in _COMMON_PASSWORDS
        and lowered != user.lower()
        and not is_placeholder(password)
        and not re.fullmatch(r"[A-Z][A-Z0-9_]*|\$\w+|%\w+|@\w+|:\w+", password)
    )


_COMMON_PASSWORDS = frozenset(
    {
        "password",
        "pass",
        "passwd",
        "pwd",
        "secret",
        "postgres",
        "mysql",
        "root",
        "admin",
        "user",
        "guest",
        "mongo",
        "redis",
    }
)


_TOKEN = r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}"


def _claims(token: str, pattern: str) -> bool:
    """Whether the claims of a JSON Web Token show a pattern; False too when they cannot be read."""
    from base64 import urlsafe_b64decode

    payload = token.split(".")[1]
    try:
        claims = urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode("utf-8", "replace")
    except ValueError:
        return False
    return re.search(pattern, claims) is not None


_LOCAL_HOST = (
    r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|(?:[\w-]+\.){0,5}example\.(?:com|org|net))\b"
)

_FAMILIES: Final = (
    _Family(
        "AWS access key",
        ("akia", "asia", "abia", "acca"),
        r"(?<![A-Za-z0-9+/])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9+/=])",
    ),
    _Family(
        "AWS secret access key",
        ("secret",),
        r"(?i:aws.{0,20}?secret.{0,20}?[\"'=:\s])\s{0,20}[\"']?(?P<value>(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=]))",
        accept=_mixed,
    ),
    _Family(
        "Google service account",
        ("service_account",),
        r'"type"\s*:\s*"service_account"[^{}]{0,2000}?"private_key"\s*:\s*"(?P<value>[^"]{40})',
    ),
    _Family(
        "private key",
        ("private key",),
        r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|[\s\"'+,])*[A-Za-z0-9+/=]{16}",
    ),
    _Family("GitHub token", ("gh",), r"(?<![A-Za-z0-9_])gh[pousr]_[A-Za-z0-9]{36,255}(?![A-Za-z0-9])"),
    _Family("GitHub token", ("github_pat_",), r"(?<![A-Za-z0-9_])github_pat_\w{22,255}"),
    _Family("GitLab token", ("gl",), r"(?<![A-Za-z0-9_])gl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{20,}"),
    _Family("Slack token", ("xox",), r"(?<![A-Za-z0-9])xox[abposre]-(?:[A-Za-z0-9]{1,64}-){0,8}[A-Za-z0-9]{10,}"),
    _Family("Slack token", ("xapp-",), r"(?<![A-Za-z0-9])xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{20,}"),
    _Family(
        "Slack webhook",
        ("hooks.slack",),
        r"hooks\.slack\.com/(?:services|workflows|triggers)/T[A-Z0-9]{6,}/[A-Z]?[A-Z0-9]{6,}/[A-Za-z0-9]{16,}",
    ),
    _Family("Discord webhook", ("/api/webhooks/",), r"discord(?:app)?\.com/api/webhooks/\d{16,20}/[\w-]{60,}"),
    _Family(
        "Microsoft Teams webhook",
        ("webhookb2",),
        r"[\w-]{1,100}\.webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}",
    ),
    _Family("Stripe live key", ("k_live_",), r"(?<![A-Za-z0-9])[sr]k_live_[A-Za-z0-9]{16,}"),
    _Family("Stripe test key", ("k_test_",), r"(?<![A-Za-z0-9])[sr]k_test_[A-Za-z0-9]{16,}", certain=False),
    _Family("Stripe webhook secret", ("whsec_",), r"(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/=]{24,}"),
    _Family("Google API key", ("aiza",), r"(?<![A-Za-z0-9_-])AIza[0-9A-Za-z_-]{35}(?![A-Za-z0-9_-])", accept=_mixed),
    _Family("Google OAuth secret", ("gocspx-",), r"(?<![A-Za-z0-9_-])GOCSPX-[0-9A-Za-z_-]{28}(?![A-Za-z0-9_-])"),
    _Family("SendGrid key", ("sg.",), r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"),
    _Family(
        "Twilio key",
        ("twilio",),
        r"(?i:twilio)[^\n]{0,60}?(?<![A-Za-z0-9])(?P<value>SK[0-9a-f]{32})(?![A-Za-z0-9])",
    ),
    _Family("npm token", ("npm_",), r"(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    _Family("PyPI token", ("pypi-",), r"(?<![A-Za-z0-9_])pypi-[A-Za-z0-9_-]{60,}"),
    _Family("Anthropic key", ("sk-ant-",), r"(?<![A-Za-z0-9_-])sk-ant-[A-Za-z0-9_-]{20,}"),
    _Family(
        "OpenAI key",
        ("sk-",),
        r"(?<![A-Za-z0-9_-])sk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{48}(?![A-Za-z0-9]))",
        accept=_mixed,
    ),
    _Family("Hugging Face token", ("hf_",), r"(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30,}", accept=_mixed),
    _Family("DigitalOcean token", ("_v1_",), r"(?<![A-Za-z0-9_])do[opr]_v1_[0-9a-f]{64}"),
    _Family("AppSync API key", ("da2-",), r"(?<![A-Za-z0-9-])da2-[a-z0-9]{26}(?![a-z0-9])"),
    _Family(
        "Azure account key",
        ("accountkey=", "accesskey="),
        r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{40,}={0,2})",
        accept=_mixed,
    ),
    _Family("Shopify token", ("shp",), r"(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _Family("Vercel Blob token", ("vercel_blob_rw_",), r"(?<![A-Za-z0-9])vercel_blob_rw_[A-Za-z0-9_]{20,}"),
    _Family("Telegram bot token", (":aa",), r"(?<![A-Za-z0-9:/])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
    _Family("Mailgun key", ("key-",), r"(?<![A-Za-z0-9-])key-[0-9a-z]{32}(?![0-9a-z])"),
    _Family("Databricks token", ("dapi",), r"(?<![A-Za-z0-9])dapi[0-9a-f]{32}(?![0-9a-f])"),
    _Family("New Relic key", ("nrak-",), r"(?<![A-Za-z0-9])NRAK-[A-Z0-9]{27}(?![A-Z0-9])"),
    _Family(
        "URL with a password",
        ("://",),
        r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}://(?P<value>[^\s:/@\"'<>?#\\]{0,100}:[^\s/@\"'<>\\]{1,200})"
        r"@(?!" + _LOCAL_HOST + r")[A-Za-z0-9.\[$-]",
        accept=_random_password,
    ),
    _Family(
        "Supabase service key", ("eyj",), _TOKEN, accept=lambda value: _claims(value, r'"role"\s*:\s*"service_role"')
    ),
    _Family(
        "JSON Web Token",
        ("eyj",),
        _TOKEN,
        certain=False,
        accept=lambda value: not _claims(value, r'"role"\s*:\s*"anon"|John Doe|"sub"\s*:\s*"1234567890"|example'),
    ),
)
"""The formats. A text is searched for a format only when it holds one of the format's hints, in lower case."""

# --- values that are no secret ----------------------------------------------------------------------------------------

_UUID = regex(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HEX_DIGEST = regex(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|sha(?:1|256|384|512)[-:].+")
_PUBLIC_KEY = regex(
    r"pk_(?:live|test)_|phc_|ssh-(?:rsa|ed25519)|-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY)|pub-[0-9a-f]"
)
_ADDRESS = regex(
    r"arn:[\w-]+:|/|\.{1,2}/|~/|[A-Za-z]:\\|[A-Za-z][A-Za-z0-9+.-]*:/|[\w.+-]+@[\w-]+\.[\w.-]+$"
    r"|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?(?:/|$)|(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$"
    r"|(?:[\w.@-]+/)+[\w-]+\.[A-Za-z][A-Za-z0-9]{1,4}$"
)
_REGION = regex(
    r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-(?:gov|iso[a-f]?))?"
    r"-(?:central|(?:north|south)?(?:east|west)|north|south)-\d[a-z]?"
)
_EXPRESSION = regex(r"(?s:(?:cron|rate|at)\(.*\)|[\d*/,?-]+(?: [\d*/,?A-Z#L-]+){4,5})")
_SETTING = regex(
    r"(?i:true|false|yes|no|on|off|enabled|disabled|null|none|auto|default|required|optional|[hre]s\d{3}|bearer|basic"
    r"|oauth2?|jwt)|[+-]?[\d.,_]+(?:[smhd]|ms|kb|mb|gb)?"
)
_HANDLER = regex(r"(?:[\w-]+[./])*handler\.\w+|git\..*|[a-z_]\w*(?:\.[a-z_]\w*)+")
_REFERENCE = regex(
    r"(?s:@[\w-]+|\$\{.*\}|\{\{.*\}\}|!\w+ .*|ssm:.*|secretsmanager:.*|alias/.*|vault:.*|op://.*|file\(.*\))"
)
_IDENTIFIER = regex(r"[A-Za-z]+(?:[-_./:][A-Za-z0-9]+)+|[a-z]+(?:[A-Z][a-z]+)+|(?:[A-Z][a-z]+)+|[A-Z]+(?:_[A-Z0-9]+)+")
_DIGEST_NAME = regex(r"hash|sha|digest|checksum|version|commit|revision|fingerprint|thumbprint|etag|integrity")
_IAM_ID = regex(r"A(?:ROA|IDA|GPA|NPA|NVA|PKA|SCA|IPA)[A-Z0-9]{16,}")
_KMS_KEY = regex(r"mrk-[0-9a-f]{32}")
_CIPHERTEXT = regex(r"AQ[EI]C[A-Za-z0-9+/]{80,}={0,2}")  # what KMS encrypts begins like this


def _reads_as_words(name: str, value: str) -> bool:
    """Identifiers and plain words name things: `prod/db`, `x-api-key`, `MyDatabaseSecret`. A digit makes a password."""
    if value.isalpha() and (value.islower() or value.isupper() or value.istitle()) and len(value) < 8:
        return True
    if not _IDENTIFIER.fullmatch(value):
        return False
    return not any(letter.isdigit() for letter in value)


_HARMLESS: Final[tuple[Callable[[str, str], bool], ...]] = (
    lambda name, value: not value or _SETTING.fullmatch(value) is not None,
    lambda name, value: len(value) < 4,
    lambda name, value: is_placeholder(value),
    lambda name, value: _UUID.fullmatch(value) is not None or _KMS_KEY.fullmatch(value) is not None,
    lambda name, value: _HEX_DIGEST.fullmatch(value) is not None and _DIGEST_NAME.search(name.lower()) is not None,
    lambda name, value: _ADDRESS.match(value) is not None,
    lambda name, value: _REGION.fullmatch(value) is not None or _EXPRESSION.fullmatch(value) is not None,
    lambda name, value: _HANDLER.fullmatch(value) is not None,
    lambda name, value: _REFERENCE.fullmatch(value) is not None or _IAM_ID.fullmatch(value) is not None,
    lambda name, value: _CIPHERTEXT.fullmatch(value) is not None,
    lambda name, value: _PUBLIC_KEY.match(value) is not None,
    lambda name, value: reference_suffix(name) is not None,
    _reads_as_words,
    lambda name, value: " " in value and not re.search(r"\d", value),
)
"""The filters, in the order in which they are asked."""

# --- files ------------------------------------------------------------------------------------------------------------

_SECRET_FILES = frozenset({
    ".env", "credentials", ".credentials", "credentials.json", "credentials.csv", "id_rsa", "id_dsa", "id_ecdsa",
    "id_ed25519", ".netrc", ".pgpass", ".htpasswd",
})  # fmt: skip
_SECRET_STARTS = (".env.",)
_SECRET_ENDINGS = (".pem", ".p12", ".pfx", ".jks", ".ppk")
_ACCOUNT_STARTS = ("service-account", "service_account", "serviceaccount")
_HARMLESS_FILE = regex(
    r"\.env\.(?:.*[._-])?(?:example|sample|template|dist|defaults?|schema|test|ci|d)(?:\.\w+)?|\.env\.vault"
    r"|rds-(?:combined-)?ca.*|.*-bundle\.pem|.*ca[-_]?bundle.*|cacert.*\.pem|ca(?:-cert(?:ificates?)?|[-_]root)?\.pem|.*root[-_]?ca.*"
    r"|(?:amazon|aws)?-?root-?ca-?\d*\.pem|.*[-_.](?:pub|public|cert|crt|chain|fullchain)\.pem|(?:cert|chain|fullchain|certificate|public)\.pem"
)


def is_secret_file(name: str) -> bool:
    """Whether a file of this name, without its folder, usually holds secrets: `.env`, private keys, account files.

    Samples (`.env.example`) and public certificates are not.
    """
    lowered = name.lower()
    is_secret = (
        lowered in _SECRET_FILES
        or lowered.startswith(_SECRET_STARTS)
        or lowered.endswith(_SECRET_ENDINGS)
        or (lowered.startswith(_ACCOUNT_STARTS) and lowered.endswith(".json"))
    )
    return is_secret and _HARMLESS_FILE.fullmatch(lowered) is None
