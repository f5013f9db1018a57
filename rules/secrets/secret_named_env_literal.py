"""Rule secret-named-env-literal."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, knowledge

from .deployed import ADVICE, FETCHES, is_looked_up, plain_secrets, template


class SecretNamedEnvLiteral(Rule):
    """A password in the template is readable by everyone who can read the repository or the function's configuration.

    The name of the variable says that its value is a secret, and the value is written out.

    Not reported: names that tell about a secret (`SECRET_NAME`, `TOKEN_TTL`, `API_KEY_HEADER`), values that are
    references, settings, identifiers, placeholders or the name of something in the template, ciphertext, and variables
    that the code passes to Secrets Manager, Parameter Store or KMS. A name such as `DB_SECRET` or `TOKEN`, which may as
    well stand for something else, counts only with a value that is as random as a key.
    """

    name = "secret-named-env-literal"
    summary = "Variable named like a secret has its value written in the template"
    severity = Severity.ERROR
    from_template = True
    tags = ("security",)
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",)
    examples = (
        Example(
            bad={
                "template.yaml": template("DB_PASSWORD: orders4Winter  # <- here"),
                "src/app.py": FETCHES.replace("SECRET_NAME", "DB_USER"),
            },
            good={"template.yaml": template("SECRET_NAME: prod/orders/database"), "src/app.py": FETCHES},
        ),
        Example(
            note="Names and values that tell about a secret do not hold one.",
            good={
                "template.yaml": template(
                    "SECRET_NAME: prod/db\n"
                    "DB_SECRET: prod/orders-v2\n"
                    "DB_SECRET_ARN: arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3\n"
                    "TOKEN_TTL: 3600\n"
                    "API_KEY_HEADER: x-api-key\n"
                    "PRIMARY_KEY: id\n"
                    "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: 2773\n"
                    "API_KEY: <your key>\n"
                    "PRIVATE_KEY_FILE: /opt/keys/orders1.pem\n"
                    "AWS_ACCESS_KEY_ID: DUMMY\n"
                    "NEXT_PUBLIC_SUPABASE_ANON_KEY: sbp7Zr7qLm2xPw9Kd4Ts"
                ),
                "src/app.py": FETCHES,
            },
        ),
        Example(
            note="What the code looks up by the variable's value is the secret, not the value.",
            good={
                "template.yaml": template("DB_PASSWORD: orders4Winter"),
                "src/app.py": """\
import os

import boto3

ssm = boto3.client("ssm")


def handler(event, context):
    return ssm.get_parameter(Name=os.environ["DB_PASSWORD"], WithDecryption=True)["Parameter"]["Value"]
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each variable with a secret's name and a literal that can be the secret."""
        for variable in function.variables.values():
            says = knowledge.secrets.names_secret(variable.name)
            if not says:
                continue
            found = list(plain_secrets(function, variable.name))
            if not knowledge.secret_places.holds_secret(variable.name):
                found = [text for text in found if knowledge.secret_places.looks_random(text)]
            if found and not is_looked_up(function, variable.name):
                yield self.at(
                    variable,
                    f"`{variable.name}` is named like a secret and its value is written in the template",
                    functions=[function],
                    help=ADVICE,
                    severity=Severity.WARNING if says == "weak" else None,
                )
