"""Rule secret-attr-in-env."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity

from .deployed import FETCHES, secret_attributes, template

_RESOURCES = """\
  OrdersClient:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_Orders
      GenerateSecret: true
  DeployUser:
    Type: AWS::IAM::User
  DeployKey:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: !Ref DeployUser
"""


class SecretAttrInEnv(Rule):
    """An attribute that gives a secret puts it into the function's configuration, where it is readable.

    The client secret of a Cognito app client, the secret of an access key and the key of an AppSync API are made by
    AWS, so that nobody needs to write them anywhere; a variable writes them down.

    Not reported: identifiers and ARNs of the same resources. The key of an AppSync API is information only: many
    applications give it to every visitor.
    """

    name = "secret-attr-in-env"
    summary = "Secret attribute of a resource is put into a function's environment"
    severity = Severity.WARNING
    from_template = True
    tags = ("security",)
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",)
    examples = (
        Example(
            bad={
                "template.yaml": template("CLIENT_SECRET: !GetAtt OrdersClient.ClientSecret  # <- here") + _RESOURCES,
                "src/app.py": FETCHES.replace("SECRET_NAME", "CLIENT_ID"),
            },
            good={
                "template.yaml": template("CLIENT_ID: !Ref OrdersClient\nKEY_ID: !Ref DeployKey") + _RESOURCES,
                "src/app.py": FETCHES.replace("SECRET_NAME", "CLIENT_ID"),
            },
        ),
        Example(
            note="What `Ref` gives of a secret is its ARN.",
            good={
                "template.yaml": template("DB_SECRET: !Ref DbSecret")
                + "  DbSecret:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      GenerateSecretString: {}\n",
                "src/app.py": FETCHES.replace("SECRET_NAME", "DB_SECRET"),
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each variable that holds a secret attribute."""
        for variable in function.variables.values():
            for attribute in secret_attributes(function, variable.name):
                resource = attribute.resource
                yield self.at(
                    variable,
                    f"`{variable.name}` stores `{resource.id}.{attribute.name}`, {attribute.what}, readable in the function's configuration",
                    functions=[function],
                    related=[(resource, f"`{resource.id}` is declared here")],
                    help="pass the identifier of the resource, and fetch the secret from its service or from Secrets Manager",
                    severity=Severity.INFO if attribute.is_public else None,
                )
                break
