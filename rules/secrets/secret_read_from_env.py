"""Rule secret-read-from-env."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Site, knowledge

from .deployed import (
    ADVICE,
    FETCHES,
    is_looked_up,
    parameters,
    plain_secrets,
    resolved_secrets,
    secret_attributes,
    template,
    texts,
)

_CODE = """\
import os

import pymysql

connection = pymysql.connect(host=os.environ["DB_HOST"], user="orders", password=os.environ["DB_PW"])


def handler(event, context):
    connection.ping()
"""


class SecretReadFromEnv(Rule):
    """Code that takes a credential from the environment finds it there in plain text, as does everyone who may look.

    The code proves what the name of the variable need not say: the value is used as a password, a key or a token,
    and the template writes it into the function's configuration. Where another rule reports the same variable, the place
    in the code is added to that finding.

    Not reported: variables that the template does not define or whose value is known to be a name, an ARN, an
    identifier or a placeholder, and variables that the code passes to Secrets Manager, Parameter Store or KMS.
    """

    name = "secret-read-from-env"
    summary = "Code uses a plain environment variable as a credential"
    severity = Severity.WARNING
    tags = ("security",)
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",)
    supports = (
        "secret-literal-in-env",
        "secret-named-env-literal",
        "secret-param-in-env",
        "secret-attr-in-env",
        "secret-resolved-into-env",
    )
    examples = (
        Example(
            bad={
                "template.yaml": template("DB_HOST: orders.acme.io\nDB_PW: orders4Winter  # <- here"),
                "src/app.py": _CODE,
            },
            good={"template.yaml": template("SECRET_NAME: prod/orders/database"), "src/app.py": FETCHES},
        ),
        Example(
            note="A header made in another function is followed too.",
            bad={
                "template.yaml": template(
                    "PARTNER: !Ref Partner  # <- here", "Parameters:\n  Partner: {Type: String}\n"
                ),
                "src/app.py": """\
import os

import requests


def headers():
    return {"Authorization": f"Bearer {os.environ['PARTNER']}"}


def handler(event, context):
    return requests.get("https://partner.acme.io/orders", headers=headers(), timeout=3).json()
""",
            },
            good={
                "template.yaml": template("PARTNER: !Ref Partner", "Parameters:\n  Partner: {Type: String}\n"),
                "src/app.py": """\
import os

import requests


def handler(event, context):
    return requests.get("https://partner.acme.io/orders", headers={"X-Partner": os.environ["PARTNER"]}, timeout=3).json()
""",
            },
        ),
        Example(
            note="A password that is a placeholder is no leak.",
            good={"template.yaml": template("DB_HOST: orders.acme.io\nDB_PW: change-me"), "src/app.py": _CODE},
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each variable that the template fills in readably and the code uses as a credential."""
        exposed = {name: severity for name in function.variables if (severity := _exposure(function, name)) is not None}
        if not exposed:
            return
        for site in function.sites:
            callees = site.names
            if not callees:
                continue  # a function of the project: what it does with the value is seen inside
            for handed in site.variables:
                if not knowledge.secret_places.takes_credential(callees, handed.labels, handed.before):
                    continue
                severity = exposed.get(handed.name)
                if severity is None or is_looked_up(function, handed.name):
                    continue
                del exposed[handed.name]
                yield self.at(
                    function.variables[handed.name],
                    f"`{handed.name}` is used as a credential by the code and stored readable in the function's configuration",
                    functions=[function],
                    related=[*site.path, (handed.span, f"{_place(site, handed.labels)} of `{callees[0]}`")],
                    help=ADVICE,
                    severity=severity,
                )


def _exposure(function: Function, variable: str) -> Severity | None:
    """How bad it is that the template holds the value of a variable that turns out to be a credential."""
    if any(knowledge.secrets.credential_in(text) for text in texts(function.variables[variable].value)):
        return Severity.ERROR
    if any(True for _ in plain_secrets(function, variable)):
        return Severity.ERROR
    for parameter in parameters(function, variable):
        default = parameter.default
        if not knowledge.secret_places.names_reference(parameter.name) and (
            not default
            or knowledge.secrets.is_placeholder(default)
            or knowledge.secrets.plausible_secret(variable, default)
        ):
            return Severity.WARNING
    if any(True for _ in secret_attributes(function, variable)):
        return Severity.WARNING
    return Severity.WARNING if any(True for _ in resolved_secrets(function, variable)) else None


def _place(site: Site, labels: tuple[str | int, ...]) -> str:
    if not labels:
        return "an argument"
    last = labels[-1]
    return f"`{last}`" if isinstance(last, str) else f"argument {last + 1}"
