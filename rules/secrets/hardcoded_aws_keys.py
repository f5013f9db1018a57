"""Rule hardcoded-aws-keys."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Effect, Example, Function, Origin, Rule, Severity, knowledge, values

from .deployed import template

_TEMPLATE = template("TABLE: orders")
_BAD = """\
import boto3

s3 = boto3.client(  # <- here
    "s3",
    aws_access_key_id="ORDERS7QXKDM4TSZ",
    aws_secret_access_key="Zr7qLm2xPw9Kd4TsVb6nHc3y",
)


def handler(event, context):
    return s3.list_buckets()
"""
_GOOD = """\
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    return s3.list_buckets()
"""


class HardcodedAwsKeys(Rule):
    """Access keys in the code are readable by everyone who has the code, and nobody can rotate them without a release.

    A function needs no keys: its role gives the SDK credentials that renew themselves.

    Not reported: keys that come from the event, the environment or a store, temporary credentials, placeholders and
    samples, and clients of an emulator on the developer's machine.
    """

    name = "hardcoded-aws-keys"
    summary = "Access key is written in the code"
    severity = Severity.ERROR
    tags = ("security",)
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",)
    examples = (
        Example(
            bad={"template.yaml": _TEMPLATE, "src/app.py": _BAD}, good={"template.yaml": _TEMPLATE, "src/app.py": _GOOD}
        ),
        Example(
            note="Emulators take any keys; temporary credentials are not written down.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": """\
import os

import boto3

local = boto3.client(
    "s3",
    endpoint_url="http://localhost:4566",
    aws_access_key_id="ORDERS7QXKDM4TSZ",
    aws_secret_access_key="Zr7qLm2xPw9Kd4TsVb6nHc3y",
)
sample = boto3.client("s3", aws_access_key_id="test", aws_secret_access_key="test")
other = boto3.client(
    "s3", aws_access_key_id=os.environ["OTHER_KEY_ID"], aws_secret_access_key=os.environ["OTHER_KEY"]
)
sts = boto3.client("sts")


def handler(event, context):
    keys = sts.assume_role(RoleArn=event["role"], RoleSessionName="orders")["Credentials"]
    return boto3.client(
        "s3",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    ).list_buckets()
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each client or session that is made with keys written in the code."""
        seen = set()
        for effect in function.effects("client"):
            written = _written_keys(effect)
            if not written or effect.span in seen or effect.site.is_local:
                continue
            seen.add(effect.span)
            yield self.at(
                effect,
                f"`{effect.name}` is given access keys that are written in the code",
                functions=[function],
                related=[*((key, "this key is written in the code") for key in written), *effect.site.path],
                help="revoke the keys and leave the arguments out: the function's role gives the SDK its credentials",
            )


def _argument(effect: Effect, key: knowledge.secret_places.KeyArguments) -> values.Value:
    site = effect.site
    if site.module.family != "nodejs":
        return site.argument(key.keyword, key.positions.get(effect.name))
    own = site.argument(key.member)
    return own if not isinstance(own, values.Absent) else site.argument("credentials").at(key.member)


def _written_keys(effect: Effect) -> list[values.Value]:
    places = knowledge.secret_places
    if effect.client is None or effect.client.klass is not knowledge.clients.Klass.SDK:
        return []
    if not isinstance(_argument(effect, places.SESSION_TOKEN), values.Absent):
        return []  # with a session token the keys are temporary
    return [
        option.value
        for key in (places.ACCESS_KEY, places.SECRET_KEY)
        for option in _argument(effect, key).possible()
        if option.value.string is not None
        and places.can_be_access_key(key.keyword, option.value.string)
        and Origin.LITERAL in effect.site.origins
        and option.value.span.file.path == effect.span.file.path
    ]
