"""Rule secret-resolved-into-env."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, knowledge

from .deployed import ADVICE, FETCHES, resolved_secrets, template


class SecretResolvedIntoEnv(Rule):
    """A dynamic reference is resolved once, at deployment, and the secret is then stored readable with the function.

    Everyone who may read the function's configuration sees it, and after a rotation the function works with the old
    value until it is deployed again.

    CloudFormation does not resolve `ssm-secure` references in the environment of a function at all; these are
    reported as errors. Not reported: references to where and as whom to connect (`host`, `port`, `username` …), public
    keys, plain parameters whose name is not that of a secret, and the same references in properties that are made for
    them, such as the password of a database.
    """

    name = "secret-resolved-into-env"
    summary = "Secret is resolved into a function's environment at deployment"
    severity = Severity.WARNING
    from_template = True
    tags = ("security",)
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html",
    )
    examples = (
        Example(
            bad={
                "template.yaml": template(
                    'DB_PASSWORD: "{{resolve:secretsmanager:prod/db:SecretString:password}}"  # <- here'
                ),
                "src/app.py": FETCHES.replace("SECRET_NAME", "DB_PASSWORD"),
            },
            good={"template.yaml": template("SECRET_NAME: prod/db"), "src/app.py": FETCHES},
        ),
        Example(
            note="Where and as whom to connect is no secret.",
            good={
                "template.yaml": template(
                    'DB_USER: "{{resolve:secretsmanager:prod/db:SecretString:username}}"\n'
                    'DB_NAME: "{{resolve:secretsmanager:prod/DbName}}"\n'
                    'DB_HOST: !Sub "{{resolve:secretsmanager:${Secret}:SecretString:host}}"\n'
                    'TABLE: "{{resolve:ssm:/orders/table:1}}"',
                    "Parameters:\n  Secret: {Type: String}\n",
                ),
                "src/app.py": FETCHES.replace("SECRET_NAME", "DB_USER"),
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each variable that a dynamic reference fills with a secret."""
        for variable in function.variables.values():
            for secret in resolved_secrets(function, variable.name):
                refused = secret.service == knowledge.secret_places.NOT_RESOLVED
                # A name that only deployment knows helps nobody to find it.
                name = f" `{secret.name}`" if secret.name.replace("${}", "").strip("/-_:.") else ""
                message = (
                    f"`{variable.name}` asks for the secure parameter{name}, which CloudFormation does not resolve in an environment"
                    if refused
                    else f"`{variable.name}` stores the secret{name and f' of{name}'} readable in the function's configuration when it is deployed"
                )
                yield self.at(
                    variable,
                    message,
                    functions=[function],
                    help=ADVICE,
                    severity=Severity.ERROR if refused else None,
                )
                break
