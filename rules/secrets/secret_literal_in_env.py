"""Rule secret-literal-in-env."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, knowledge

from .deployed import FETCHES, parameters, template, texts


class SecretLiteralInEnv(Rule):
    """A credential in the template is readable by everyone who can read the repository or the function's configuration.

    It is in the history of the repository, in every copy of the template and in the console, and it cannot be changed
    without a deployment. The value is recognised by its format: access keys, tokens of known services, private keys, URLs
    with a password.

    Keys of a service's test mode and JSON Web Tokens are reported as information only. Not reported: the samples of
    the vendors' documentation, placeholders, publishable keys, digests, identifiers, addresses without a password, and
    values that only deployment knows.
    """

    name = "secret-literal-in-env"
    summary = "Credential is written into a function's environment"
    severity = Severity.ERROR
    from_template = True
    tags = ("security",)
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",)
    supersedes = ("secret-named-env-literal", "secret-param-in-env")
    examples = (
        Example(
            bad={
                "template.yaml": template("DATABASE: postgres://orders:Zr7qLm2xPw@orders.acme.io/orders  # <- here"),
                "src/app.py": FETCHES.replace("SECRET_NAME", "DATABASE"),
            },
            good={"template.yaml": template("SECRET_NAME: prod/orders/database"), "src/app.py": FETCHES},
        ),
        Example(
            note="Addresses without a password, samples and placeholders are no credentials.",
            good={
                "template.yaml": template(
                    "DATABASE: postgres://orders.acme.io/orders\n"
                    "LOCAL_DATABASE: postgres://postgres:postgres@localhost:5432/orders\n"
                    "SAMPLE_DATABASE: postgres://user:password@orders.acme.io/orders\n"
                    "CACHE: rediss://${CACHE_USER}:${CACHE_PASSWORD}@cache.acme.io\n"
                    "KEY_ID: AKIAIOSFODNN7EXAMPLE\n"
                    "COMMIT: 3f786850e387550fdab836ed7e6dc881de23001b"
                ),
                "src/app.py": FETCHES,
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each variable whose text holds a credential of a known format."""
        for variable in function.variables.values():
            # Some formats are proved only by the name in front of the value.
            found = [
                credential
                for text in texts(variable.value)
                if (credential := knowledge.secrets.credential_in(f"{variable.name}={text}")) is not None
            ]
            credential = max(found, key=lambda each: each.certain, default=None)
            if credential is None:
                continue
            defaults = [each for each in parameters(function, variable.name) if each.default is not None]
            yield self.at(
                variable,
                f"`{variable.name}` holds a credential in plain text: {credential.family}",
                functions=[function],
                related=[
                    (each.definition.at("Default"), f"it is, or may be, the default of `{each.name}`")
                    for each in defaults
                ],
                help="revoke it, keep the new one in Secrets Manager, and fetch it when the function runs",
                severity=None if credential.certain else Severity.INFO,
            )
