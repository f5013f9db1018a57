"""Rule secret-param-in-env."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, knowledge

from .deployed import ADVICE, FETCHES, Parameter, is_looked_up, parameters, template


def _declared(definition: str, name: str = "DbPassword") -> str:
    return f"Parameters:\n  {name}:\n    {definition}\n"


class SecretParamInEnv(Rule):
    """A parameter's value is stored readable in the function's configuration, even when NoEcho hides it.

    NoEcho hides the value in CloudFormation's own console and API. Everyone who may read the function's configuration
    still sees it, and it changes only with a deployment.

    Reported: parameters with NoEcho, and parameters whose name says that they hold a secret, their own value or that of a
    stored parameter (`AWS::SSM::Parameter::Value`), in the environment of a function; as an error when the default in the
    template is the secret itself. Not reported: parameters that hold the name or ARN of a secret, a public key or, by
    their default, the name of a host; variables that the code passes to a fetch or a decryption; and the same parameters
    in properties that are made for them, such as the password of a database.
    """

    name = "secret-param-in-env"
    summary = "Secret parameter is passed into a function's environment"
    severity = Severity.WARNING
    from_template = True
    tags = ("security",)
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html",
    )
    examples = (
        Example(
            bad={
                "template.yaml": template(
                    "DB_PASS: !Ref DbPassword  # <- here", _declared("{Type: String, NoEcho: true}")
                ),
                "src/app.py": FETCHES.replace("SECRET_NAME", "DB_USER"),
            },
            good={
                "template.yaml": template(
                    "SECRET_NAME: !Ref DbSecretName", _declared("{Type: String, NoEcho: true}", "DbSecretName")
                ),
                "src/app.py": FETCHES,
            },
        ),
        Example(
            note="A text made with the parameter holds it as well.",
            bad={
                "template.yaml": template(
                    'DATABASE: !Sub "postgres://orders:${DbPassword}@orders.acme.io/orders"  # <- here',
                    _declared("{Type: String}"),
                ),
                "src/app.py": FETCHES.replace("SECRET_NAME", "DB_USER"),
            },
            good={
                "template.yaml": template(
                    'DATABASE: !Sub "postgres://${Host}/orders"', _declared("{Type: String}", "Host")
                ),
                "src/app.py": FETCHES.replace("SECRET_NAME", "DATABASE"),
            },
        ),
        Example(
            note="A database's own password is the right place for such a parameter; a stored parameter's name is no secret.",
            good={
                "template.yaml": template(
                    "DB_TOKEN_PARAMETER: !Ref DbToken",
                    "Parameters:\n"
                    "  DbPassword: {Type: String, NoEcho: true}\n"
                    "  DbToken: {Type: 'AWS::SSM::Parameter::Name', Default: /orders/db-token}\n",
                )
                + "  Database:\n"
                "    Type: AWS::RDS::DBInstance\n"
                "    Properties:\n"
                "      Engine: postgres\n"
                "      MasterUserPassword: !Ref DbPassword\n",
                "src/app.py": FETCHES.replace("SECRET_NAME", "DB_TOKEN_PARAMETER"),
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each variable with the value of a secret parameter."""
        for variable in function.variables.values():
            for parameter in parameters(function, variable.name):
                if not _is_secret(parameter, variable.name) or is_looked_up(function, variable.name):
                    continue
                default = parameter.default
                written = default is not None and knowledge.secrets.plausible_secret(parameter.name, default)
                why = (
                    "NoEcho hides its value in CloudFormation only"
                    if parameter.is_hidden
                    else "its name says that it is secret"
                )
                related = [(parameter.span, f"`{parameter.name}`: {why}")]
                if written:
                    related.append((parameter.definition.at("Default").span, "its default is written here"))
                yield self.at(
                    variable,
                    f"`{variable.name}` stores the secret parameter `{parameter.name}` readable in the function's configuration",
                    functions=[function],
                    related=related,
                    help=ADVICE,
                    severity=Severity.ERROR if written else None,
                )
                break


def _is_secret(parameter: Parameter, variable: str) -> bool:
    places = knowledge.secret_places
    if any(map(places.names_reference, (parameter.name, parameter.stored_name))):
        return False
    if knowledge.secrets.reference_suffix(variable) in places.NAMING:
        return False
    default = parameter.default
    if parameter.is_hidden:
        # The default shows that all which is hidden is the name of a server.
        return not (default and places.is_host(default) and not knowledge.secrets.names_secret(parameter.name))
    if not places.holds_secret(parameter.name):
        return False
    # A default that can be no secret shows that the parameter holds something else, such as a name.
    return (
        not default
        or knowledge.secrets.is_placeholder(default)
        or knowledge.secrets.plausible_secret(parameter.name, default)
    )
