"""The secrets rules on whole small projects: what must be reported, and above all what must not."""

import os

import pytest
from conftest import settings

from slint.diagnostic import Severity
from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import run
from slint.project.load import load

SECRET_RULES = tuple(name for name, rule in all_rules().items() if rule.__module__.startswith("slint_rules.secrets."))
HEAD = "Transform: AWS::Serverless-2016-10-31\n"
FUNCTION = """\
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
      Environment:
        Variables:
"""
CODE = "def handler(event, context):\n    return 'ok'\n"

# Made up, and put together here so that scanners do not take this file for a leak.
ACCESS_KEY = "AK" + "IA" + "Q7ZRLM2XPW9KD4TS"
SECRET_KEY = "Zr7qLm2xPw9Kd4Ts" + "Vb6nHc3yJf8Gt5Re" + "Uw1Ai0Xo"
STRIPE_KEY = "sk_" + "live_" + "Zr7qLm2xPw9Kd4TsVb6nHc3y"
STRIPE_TEST_KEY = STRIPE_KEY.replace("live", "test")
PRIVATE_KEY = (
    "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7Zr7qLm2xPw9Kd4Ts\n-----END RSA " + "PRIVATE KEY-----\n"
)


def template(*variables, parameters=(), resources=""):
    declared = "Parameters:\n" + "".join(f"  {line}\n" for line in parameters) if parameters else ""
    return f"{HEAD}{declared}Resources:\n{FUNCTION}" + "".join(f"          {line}\n" for line in variables) + resources


@pytest.fixture
def check(write_project):
    def check(files, *rules):
        root = str(write_project({"src/app.py": CODE, **files}))
        chosen = settings(root=root, cwd=root, base=root, select=rules or SECRET_RULES)
        return run(load(chosen), chosen_rules(chosen, all_rules()), chosen).diagnostics

    return check


@pytest.fixture
def names(check):
    def names(*variables, **more):
        code = more.pop("code", CODE)
        found = check({"template.yaml": template(*variables, **more), "src/app.py": code})
        return [(each.rule, str(each.severity)) for each in found]

    return names


def test_the_family_is_complete():
    assert len(SECRET_RULES) >= 8


# --- must not be flagged ---


@pytest.mark.parametrize(
    "variable",
    [
        "SECRET_NAME: prod/db",
        "DB_SECRET: prod/db2",
        "SECRET: MyServiceSecretV2",
        "DB_SECRET_ARN: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1B2c3",
        "TOKEN_TTL: 3600",
        "API_KEY_HEADER: x-api-key",
        "PASSWORD_HASH_ALGO: argon2id",
        "PASSWORD_HASH_ROUNDS: twelve12",
        "PRIMARY_KEY: id",
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: 2773",
        "COGNITO_ROLE_ARN: !GetAtt Role.Arn",
        "API_KEY: <your key>",
        "API_KEY: ''",
        "API_KEY: 'true'",
        "AWS_ACCESS_KEY_ID: DUMMY",
        "COMMIT_TOKEN: 3f786850e387550fdab836ed7e6dc881de23001b",
        "PASSWORD_HASH: d41d8cd98f00b204e9800998ecf8427e",
        "API_KEY: 9367b0de-6cb5-48aa-830c-cbe01bb82cbd",
        "PRIVATE_KEY: /opt/keys/orders1.pem",
        "PRIVATE_KEY: s3://orders-keys-1/private.pem",
        "SECRET_HANDLER: handler.main",
        "ACCESS_KEY: AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "NEXT_PUBLIC_POSTHOG_KEY: phc_Zr7qLm2xPw9Kd4TsVb6nHc3y",
        "NEXT_PUBLIC_SUPABASE_ANON_KEY: sbp7Zr7qLm2xPw9Kd4Ts",
        f"STRIPE_KEY: {STRIPE_KEY.replace('sk_', 'pk_')}",
        "POWERTOOLS_SERVICE_SECRET: orders7",
        "KMS_KEY: 9367b0de-6cb5-48aa-830c-cbe01bb82cbd",
        f"API_KEY: AQIC{'AHg7Zr7qLm2xPw9Kd4Ts' * 6}",
        "SECRET_FILE: /run/secrets/db1",
        "RESET_PASSWORD_ROUTE: reset-password?code=",
        "KEY_PWD: 2026-11-11/emails/forgotten-pwd2.html",
        "DB_PASSWORD: {a: [1, 2]}",
        "DB_PASSWORD: [hunter2hunter2]",
        "DB_PASSWORD:",
        "DB_PASSWORD: !ImportValue db-password",
        "DB_PASSWORD: !Ref Role",
        "DATABASE: postgres://${USER}:${PASSWORD}@orders.acme.io/orders",
        "DB_PASSWORD: OrdersFunction",
    ],
)
def test_names_references_settings_and_samples_are_silent(names, variable):
    role = "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {}\n"
    assert names(variable, resources=role) == []


def test_a_value_that_names_something_of_the_template_is_no_secret(names):
    secret = "  Secret:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      Name: orders4Winter\n"
    assert names("DB_PASSWORD: orders4Winter", resources=secret) == []
    assert names("DB_PASSWORD: orders4Winter") == [("secret-named-env-literal", "error")]


def test_a_parameter_with_noecho_is_right_for_a_database_and_wrong_in_an_environment(names):
    parameters = ["Password: {Type: String, NoEcho: true}"]
    database = "  Database:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: !Ref Password\n"
    assert names("STAGE: prod", parameters=parameters, resources=database) == []
    assert names("DB: !Ref Password", parameters=parameters, resources=database) == [("secret-param-in-env", "warning")]


@pytest.mark.parametrize(
    ("definition", "variable"),
    [
        ("Stage: {Type: String, Default: prod}", "STAGE: !Ref Stage"),
        ("DbSecretArn: {Type: String, NoEcho: true}", "SECRET: !Ref DbSecretArn"),
        ("SFHost: {Type: String, NoEcho: true}", "SF_HOST: !Ref SFHost"),
        ("DbUser: {Type: String, NoEcho: true}", "DB_USER: !Ref DbUser"),
        (
            "DbEndpoint: {Type: String, NoEcho: true, Default: orders.eu-west-1.rds.amazonaws.com}",
            "DB: !Ref DbEndpoint",
        ),
        ("ApiUrl: {Type: String, NoEcho: true, Default: 'https://api.acme.io/'}", "API: !Ref ApiUrl"),
        ("BotPublicKey: {Type: String, NoEcho: true}", "BOT_KEY: !Ref BotPublicKey"),
        ("DbSecret: {Type: String}", "SECRET: !Ref DbSecret"),
        ("DbPassword: {Type: 'AWS::SSM::Parameter::Name'}", "DB_PASSWORD: !Ref DbPassword"),
        ("DbSecret: {Type: 'AWS::SSM::Parameter::Value<String>'}", "SECRET: !Ref DbSecret"),
        ("ApiKey: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /orders/api-key-arn}", "KEY: !Ref ApiKey"),
        ("ApiKey: {Type: String, Default: prod/api-key}", "API_KEY: !Ref ApiKey"),
        ("DbPassword: {Type: String}", "DB_PASSWORD_PARAMETER: !Ref DbPassword"),
        ("Password: {Type: String, NoEcho: true}", "HAS: !If [Password, yes, no]"),
        ("Password: {Type: String, NoEcho: true}", "MAPPED: !FindInMap [M, !Ref Password, x]"),
        ("Password: {Type: String, NoEcho: true}", "TEXT: !Sub ['${Password}', {Password: public}]"),
        ("Password: {Type: String, NoEcho: true}", "TEXT: !Sub 'a${!Password}'"),
    ],
)
def test_parameters_that_hold_no_secret_are_silent(names, definition, variable):
    assert names(variable, parameters=[definition]) == []


@pytest.mark.parametrize(
    "variable",
    [
        "DB_USER: '{{resolve:secretsmanager:prod/db:SecretString:username}}'",
        "DB_HOST: !Sub '{{resolve:secretsmanager:arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:db:SecretString:host}}'",
        "CLIENT: '{{resolve:secretsmanager:oauth:SecretString:client_id}}'",
        "PUBLIC_KEY: '{{resolve:secretsmanager:bot:SecretString:key}}'",
        "BASE_URL: '{{resolve:secretsmanager:bot:SecretString:BASE_URL}}'",
        "KEY: '{{resolve:secretsmanager:bot:SecretString:discord-public-key}}'",
        "KEY: '{{resolve:secretsmanager:/orders/to_ipv_public_encryption_key}}'",
        "TABLE: '{{resolve:ssm:/orders/table}}'",
        "DB_SECRET: '{{resolve:ssm:/orders/db-secret}}'",
        "DB_PASSWORD: '{{resolve:ssm:/orders/db-secret-arn}}'",
    ],
)
def test_references_to_what_is_no_secret_are_silent(names, variable):
    assert names(variable) == []


# --- must be flagged ---


@pytest.mark.parametrize(
    ("variable", "severity"),
    [
        (f"KEY: {STRIPE_KEY}", "error"),
        (f"KEY: {STRIPE_TEST_KEY}", "info"),
        (f"ID: {ACCESS_KEY}", "error"),
        (f"AWS_SECRET_KEY: {SECRET_KEY}", "error"),
        ("DATABASE: postgres://orders:Zr7qLm2xPw@orders.acme.io/orders", "error"),
        ("DATABASE: !Sub 'postgres://orders:Zr7qLm2xPw@${Host}/orders'", "error"),
        (f"KEY: !If [IsProd, {STRIPE_KEY}, none]", "error"),
    ],
)
def test_a_credential_is_known_by_its_format(names, variable, severity):
    assert names(variable) == [("secret-literal-in-env", severity)]


def test_a_name_that_may_mean_something_else_needs_a_random_value(names):
    assert names("DB_SECRET: Zr7qLm2xPw9Kd4TsVb6n") == [("secret-named-env-literal", "error")]
    assert names("PARTNER_TOKEN: Zr7qLm2xPw9Kd4TsVb6n") == [("secret-named-env-literal", "warning")]
    assert names("PARTNER_TOKEN: partner7") == []
    assert names("PARTNER: Zr7qLm2xPw9Kd4TsVb6n") == []


def test_a_message_never_shows_the_secret(check):
    found = check(
        {
            "template.yaml": template(f"API_KEY: {STRIPE_KEY}", "DB_PASSWORD: orders4Winter"),
            "src/.env.prod": f"API_KEY={STRIPE_KEY}\n",
        }
    )
    assert len(found) == 3
    for finding in found:
        text = " ".join((finding.message, finding.help or "", *(each.message for each in finding.related)))
        assert STRIPE_KEY not in text and "orders4Winter" not in text
        assert not any(each.location.path.endswith(".env.prod") for each in finding.related)  # its line would be shown


def test_a_default_with_a_credential_is_one_finding_at_the_variable(check):
    text = template("KEY: !Ref ApiKey", parameters=[f"ApiKey: {{Type: String, NoEcho: true, Default: {STRIPE_KEY}}}"])
    (finding,) = check({"template.yaml": text})
    assert (finding.rule, finding.severity) == ("secret-literal-in-env", Severity.ERROR)
    assert [each.location.start.line for each in finding.related] == [3]


@pytest.mark.parametrize(
    ("default", "severity"),
    [("", "warning"), (", Default: change-me", "warning"), (", Default: Winter4Orders", "error")],
)
def test_a_default_that_is_the_secret_is_worse(names, default, severity):
    found = names("DB: !Ref DbPassword", parameters=[f"DbPassword: {{Type: String, NoEcho: true{default}}}"])
    assert found == [("secret-param-in-env", severity)]


@pytest.mark.parametrize("kind", ["String", "List<String>"])
def test_the_value_of_a_stored_parameter_is_a_secret_by_its_name(names, kind):
    definition = f"DbPassword: {{Type: 'AWS::SSM::Parameter::Value<{kind}>', Default: /orders/db-password}}"
    assert names("DB_PASSWORD: !Ref DbPassword", parameters=[definition]) == [("secret-param-in-env", "warning")]


@pytest.mark.parametrize(
    "definition",
    [
        "Hook: {Type: String, NoEcho: true, Default: 'https://hooks.acme.io/a8f7d6e5'}",
        "Hook: {Type: String, NoEcho: true}",
        "Password: {Type: String, NoEcho: true, Default: orders.acme.io}",
    ],
)
def test_a_hidden_parameter_is_secret_unless_its_default_is_the_name_of_a_host(names, definition):
    found = names(f"X: !Ref {definition.partition(':')[0]}", parameters=[definition])
    assert [rule for rule, _ in found] == ["secret-param-in-env"]


@pytest.mark.parametrize(
    ("variable", "severity"),
    [
        ("DB: '{{resolve:secretsmanager:prod/db:SecretString:password}}'", "warning"),
        ("DB: '{{resolve:secretsmanager:prod/db}}'", "warning"),
        ("KEY: '{{resolve:secretsmanager:bot:SecretString:public_api_secret_key}}'", "warning"),
        ("DATABASE: '{{resolve:secretsmanager:app:SecretString:DATABASE_URL}}'", "warning"),
        ("DATABASE: '{{resolve:secretsmanager:app:SecretString:mongoUri}}'", "warning"),
        ("DATABASE: '{{resolve:secretsmanager:prod/orders-db-url}}'", "warning"),
        ("DB: '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-AbCdEf}}'", "warning"),
        (
            "DB: !Sub 'postgres://a:{{resolve:secretsmanager:${AWS::StackName}-db:SecretString:password}}@h/x'",
            "warning",
        ),
        ("DB_PASSWORD: '{{resolve:ssm:/orders/db-password}}'", "warning"),
        ("DB: '{{resolve:ssm-secure:/orders/db:1}}'", "error"),
    ],
)
def test_a_secret_that_is_resolved_at_deployment(names, variable, severity):
    assert names(variable) == [("secret-resolved-into-env", severity)]


@pytest.mark.parametrize(
    ("field", "severity"),
    [("DT_TENANT", None), ("DB_USER", None), ("dbHost", None), ("TENANT_PASSWORD", "warning"), ("SIGNER", "warning")],
)
def test_the_field_of_a_secret_tells_what_is_resolved(names, field, severity):
    found = names(f"DT_{field}: '{{{{resolve:secretsmanager:dynatrace:SecretString:{field}}}}}'")
    assert found == ([("secret-resolved-into-env", severity)] if severity else [])


def test_a_secret_whose_name_is_not_known_is_reported_without_one(check):
    text = template(
        "KEY: !Sub '{{resolve:secretsmanager:${Secret}:SecretString}}'", parameters=["Secret: {Type: String}"]
    )
    (found,) = check({"template.yaml": text})
    assert found.message.startswith("`KEY` stores the secret readable in")


def test_the_key_of_a_public_api_is_information(names):
    key = "  Key:\n    Type: AWS::AppSync::ApiKey\n    Properties:\n      ApiId: x\n"
    assert names("KEY: !GetAtt Key.ApiKey", resources=key) == [("secret-attr-in-env", "info")]
    assert names("KEY: !Ref Key", resources=key) == []


def test_globals_are_reported_once_with_all_functions(check):
    text = (
        f"{HEAD}Globals:\n  Function:\n    Environment:\n      Variables:\n        DB_PASSWORD: orders4Winter\n"
        f"Resources:\n{FUNCTION}          STAGE: prod\n{FUNCTION.replace('Orders', 'Billing')}          STAGE: prod\n"
    )
    (finding,) = check({"template.yaml": text})
    assert finding.location.start.line == 6
    assert finding.functions == ("BillingFunction", "OrdersFunction")


# --- what the code does with a variable ---


def test_the_use_in_code_is_added_to_the_finding_about_the_variable(check):
    code = (
        "import os\nimport pymysql\n\n\ndef handler(event, context):\n"
        "    return pymysql.connect(user='a', password=os.environ['DB_PASSWORD'])\n"
    )
    (finding,) = check({"template.yaml": template("DB_PASSWORD: orders4Winter"), "src/app.py": code})
    assert finding.rule == "secret-named-env-literal"
    assert ("src/app.py", 6) in [(each.location.path, each.location.start.line) for each in finding.related]


@pytest.mark.parametrize(
    "statement",
    [
        "requests.get('u', auth=('a', os.environ['PW']))",
        "requests.get('u', headers={'Authorization': 'Bearer ' + os.environ['PW']})",
        "requests.get('u', headers={'x-api-key': os.environ['PW'].strip()})",
        "requests.get(f\"https://user:{os.environ['PW']}@acme.io\")",
        "requests.auth.HTTPBasicAuth('a', os.environ['PW'])",
        "redis.Redis(**{'password': os.getenv('PW')})",
        "headers = {}; headers['Authorization'] = os.environ['PW']; requests.get('u', headers=headers)",
        "psycopg2.connect(f\"host=h password={os.environ['PW']}\")",
        "jwt.encode({}, os.environ['PW'])",
    ],
)
def test_a_use_as_a_credential_proves_the_secret(names, statement):
    code = f"import os\nimport jwt, psycopg2, redis, requests, requests.auth\n\n\ndef handler(e, c):\n    {statement}\n"
    assert names("PW: orders4Winter", code=code) == [("secret-read-from-env", "error")]
    assert names("PW: !Ref P", code=code, parameters=["P: {Type: String}"]) == [("secret-read-from-env", "warning")]
    assert names("PW: change-me", code=code) == []
    assert names("PW: !Ref PwArn", code=code, parameters=["PwArn: {Type: String}"]) == []
    assert names("OTHER: orders4Winter", code=code) == []


@pytest.mark.parametrize(
    "statement",
    [
        "requests.get('u', headers={'X-Request': os.environ['PW']})",
        "requests.get(os.environ['PW'])",
        "requests.get('u', auth=(os.environ['PW'], 'x'))",
        "print(os.environ['PW'])",
        "boto3.client('s3').get_object(Bucket=os.environ['PW'], Key='k')",
        "boto3.client('dynamodb').scan(TableName='t', NextToken=os.environ['PW'])",
        "connect(password=boto3.client('secretsmanager').get_secret_value(SecretId=os.environ['PW'])['SecretString'])",
    ],
)
def test_other_uses_prove_nothing(names, statement):
    code = f"import os\nimport boto3, requests\nfrom db import connect\n\n\ndef handler(e, c):\n    {statement}\n"
    assert names("PW: orders4Winter", code=code) == []


def test_what_is_decrypted_is_no_plain_secret(names):
    code = (
        "import os\nimport boto3\nfrom base64 import b64decode\n\n\ndef handler(e, c):\n"
        "    return boto3.client('kms').decrypt(CiphertextBlob=os.environ['DB_PASSWORD'].encode())\n"
    )
    assert names("DB_PASSWORD: orders4Winter", code=code) == []
    assert names("DB_PASSWORD: orders4Winter") == [("secret-named-env-literal", "error")]


def test_a_parameter_that_is_decrypted_is_no_plain_secret(names, check):
    password = ["Password: {Type: String, NoEcho: true}"]
    code = (
        "import os\nimport boto3\nfrom base64 import b64decode\n\n\ndef handler(e, c):\n"
        "    return boto3.client('kms').decrypt(CiphertextBlob=b64decode(os.environ['P']))\n"
    )
    assert names("P: !Ref Password", parameters=password, code=code) == []
    assert names("P: !Ref Password", parameters=password) == [("secret-param-in-env", "warning")]
    node = (
        "import { KMSClient, DecryptCommand } from '@aws-sdk/client-kms';\nconst kms = new KMSClient({});\n"
        "export const handler = async () => {\n  const blob = Buffer.from(process.env.P, 'base64');\n"
        "  return kms.send(new DecryptCommand({ CiphertextBlob: blob }));\n};\n"
    )
    text = template("P: !Ref Password", parameters=password).replace("python3.14", "nodejs24.x")
    assert not check({"template.yaml": text, "src/app.mjs": node})
    (found,) = check({"template.yaml": text, "src/app.mjs": node.replace("Decrypt", "Encrypt")})
    assert found.rule == "secret-param-in-env"


@pytest.mark.parametrize(
    ("call", "is_reported"),
    [
        (f"boto3.client('s3', aws_access_key_id='{ACCESS_KEY}', aws_secret_access_key='{SECRET_KEY}')", True),
        (f"boto3.Session('{ACCESS_KEY}', '{SECRET_KEY}').client('s3')", True),
        ("boto3.client('s3', aws_access_key_id=KEY, aws_secret_access_key=event['secret'])", True),
        ("boto3.client('s3', aws_access_key_id=KEY, endpoint_url='http://localhost:9000')", False),
        ("boto3.client('s3', aws_access_key_id=KEY, aws_session_token='x')", False),
        ("boto3.client('s3', aws_access_key_id='AKIAIOSFODNN7EXAMPLE')", False),
        ("boto3.client('s3', aws_access_key_id='testing', aws_secret_access_key='testing')", False),
        ("boto3.client('s3', aws_access_key_id=os.environ['KEY_ID'])", False),
        ("boto3.client('s3', region_name='eu-central-1')", False),
    ],
)
def test_keys_in_code(names, call, is_reported):
    code = f"import os\nimport boto3\n\nKEY = '{ACCESS_KEY}'\n\n\ndef handler(event, context):\n    {call}\n"
    assert names("STAGE: prod", code=code) == ([("hardcoded-aws-keys", "error")] if is_reported else [])


# --- packed files ---


@pytest.mark.parametrize(
    ("file", "text", "is_reported"),
    [
        (".env.production", "DB_PASSWORD=orders4Winter\n", True),
        ("config/.env.production", "export DB_PASSWORD='orders4Winter'\n", True),
        ("key.pem", PRIVATE_KEY, True),
        ("credentials.json", f'{{"api_key": "{STRIPE_KEY}"}}', True),
        (".env", "DB_PASSWORD=orders4Winter\n", False),  # sam build leaves it behind
        (".env.production", "STAGE=prod\nSECRET_NAME=prod/db\nDB_PASSWORD=\n", False),
        (".env.example", "DB_PASSWORD=orders4Winter\n", False),
        ("rds-ca-2019.pem", PRIVATE_KEY, False),
        ("key.pem", "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA7Zr7qLm2xPw9Kd4Ts\n", False),
        ("settings.env.txt", "DB_PASSWORD=orders4Winter\n", False),
    ],
)
def test_packed_files(check, file, text, is_reported):
    found = check({"template.yaml": template("STAGE: prod"), f"src/{file}": text}, "dotenv-packaged")
    assert [each.location.start.line for each in found] == ([6] if is_reported else [])
    assert all(f"`{file}` (line 1: " in each.message for each in found)


@pytest.mark.parametrize(
    ("files", "is_reported"),
    [
        ({}, True),
        ({"package.json": "{}"}, True),
        ({"package.json": "{}", ".gitignore": ".env\n"}, False),
        ({"package.json": "{}", ".npmignore": "*.md\n", ".gitignore": ".env\n"}, True),
        ({"package.json": '{"files": ["app.mjs"]}'}, False),
    ],
)
def test_what_is_packed_for_node(check, files, is_reported):
    given = {".env": "DB_PASSWORD=orders4Winter\n", "app.mjs": "export const handler = async () => 1;\n", **files}
    text = template("STAGE: prod").replace("python3.14", "nodejs24.x")
    more = {f"src/{name}": content for name, content in given.items()}
    found = check({"template.yaml": text, **more}, "dotenv-packaged")
    assert [each.location.start.line for each in found] == ([6] if is_reported else [])
    built = text + "    Metadata: {BuildMethod: esbuild}\n"
    assert not check({"template.yaml": built, **more}, "dotenv-packaged")


def test_without_a_build_everything_is_packed(check):
    text = (
        "Resources:\n  OrdersFunction:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: src/\n"
        "      Handler: app.handler\n      Runtime: python3.14\n      Role: arn:aws:iam::111122223333:role/orders\n"
    )
    (finding,) = check({"template.yaml": text, "src/.env": "DB_PASSWORD=orders4Winter\n"}, "dotenv-packaged")
    assert finding.location.start.line == 5


def test_binary_and_unreadable_files_are_no_failure(write_project):
    root = write_project({"template.yaml": template("STAGE: prod"), "src/app.py": CODE})
    (root / "src/key.pem").write_bytes(bytes(range(256)) * 40)
    os.symlink("/nowhere", root / "src/.env.production")
    chosen = settings(root=str(root), cwd=str(root), base=str(root), select=SECRET_RULES)
    assert run(load(chosen), chosen_rules(chosen, all_rules()), chosen).diagnostics == ()


# --- nested stacks ---


def nested(passed, resources=""):
    return (
        f"{HEAD}Parameters:\n  Password: {{Type: String, NoEcho: true}}\nResources:\n  Child:\n"
        "    Type: AWS::Serverless::Application\n    Properties:\n      Location: child/template.yaml\n"
        f"      Parameters:\n        DbPassword: {passed}\n{resources}"
    )


def test_what_a_parent_passes_decides(check):
    child = template("DB_PASSWORD: !Ref DbPassword", parameters=["DbPassword: {Type: String, NoEcho: true}"])
    secret = "  Secret:\n    Type: AWS::SecretsManager::Secret\n    Properties: {}\n"
    files = {"child/template.yaml": child, "child/src/app.py": CODE}
    assert check({"template.yaml": nested("!Ref Secret", secret), **files}) == ()
    (finding,) = check({"template.yaml": nested("'{{resolve:secretsmanager:db:SecretString:password}}'"), **files})
    assert finding.rule == "secret-resolved-into-env"
    assert finding.location.path == "child/template.yaml"


# --- bad input ---


def test_deep_and_odd_raw_values_are_bounded(check):
    deep = "{Ref: " * 300 + "X" + "}" * 300
    lines = (f"A_PASSWORD: {deep}", "B_PASSWORD: !Sub [1]", "C_PASSWORD: !Ref [a]", "D_PASSWORD: !If [a]", "1: !Ref 3")
    found = check({"template.yaml": template(*lines, parameters=["X: {Type: String, NoEcho: true}"])})
    assert all(each.rule in SECRET_RULES for each in found)
