"""The rules about waiting for other functions and jobs: what they must not say, and which of them speaks."""

from __future__ import annotations

import pytest
from linked import TEMPLATE, findings

ALL = "sync-lambda-invoke,sync-lambda-chain,sync-invoke-ignored-result,sleep-in-handler,polling-wait-in-handler"

SILENT = {
    "asynchronous, dry and unknown types": """
        import boto3
        client = boto3.client("lambda")
        def handler(event, context):
            client.invoke(FunctionName="a", InvocationType="Event")
            client.invoke(FunctionName="a", InvocationType="DryRun")
            client.invoke(FunctionName="a", InvocationType=event["kind"])
    """,
    "custom resource": """
        import time
        import boto3, cfnresponse
        def handler(event, context):
            boto3.client("lambda").invoke(FunctionName="a")
            boto3.client("ec2").get_waiter("instance_running").wait(InstanceIds=["i"])
            time.sleep(10)
            cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    """,
    "scripts": """
        import boto3
        def handler(event, context):
            return event
        if __name__ == "__main__":
            boto3.client("lambda").invoke(FunctionName="a")
    """,
    "other things called invoke": """
        import boto3
        from langchain import chain
        from click.testing import CliRunner
        functions = boto3.client("lambda")
        models = boto3.client("bedrock-runtime")
        def handler(event, context):
            functions.list_functions()
            models.invoke_model(modelId="m")
            chain.invoke({"a": 1})
            CliRunner().invoke(print)
            context.invoke("name", "a")
            event["client"].invoke(FunctionName="a")
    """,
    "a ping": """
        import json
        import boto3
        client = boto3.client("lambda")
        def handler(event, context):
            client.invoke(FunctionName="a", Payload=json.dumps({"source": "warmer"}))
            return client.invoke(FunctionName="a", Payload='{"warmup": true}')
    """,
    "a local emulator": """
        import boto3
        client = boto3.client("lambda", endpoint_url="http://localhost:3001")
        def handler(event, context):
            return client.invoke(FunctionName="a")
    """,
    "short and unknown sleeps": """
        import time
        def handler(event, context):
            time.sleep(0.2)
            time.sleep(event["n"])
            time.sleep(0.1 if event else 5)
    """,
    "a brief waiter": """
        import boto3
        s3 = boto3.client("s3")
        def handler(event, context):
            s3.get_waiter("object_exists").wait(Bucket="b", Key="k", WaiterConfig={"Delay": 1, "MaxAttempts": 5})
    """,
    "a listing with pauses": """
        import time
        import boto3
        logs = boto3.client("logs")
        def handler(event, context):
            options = {"logGroupName": "a"}
            while True:
                page = logs.describe_log_streams(**options)
                if "nextToken" not in page:
                    return
                options["nextToken"] = page["nextToken"]
                time.sleep(0.5)
    """,
    "a pause for each element": """
        import time
        import boto3
        ec2 = boto3.client("ec2")
        def look(instance):
            return ec2.describe_instance_status(InstanceIds=[instance])
        def handler(event, context):
            for instance in event["instances"]:
                look(instance)
                time.sleep(0.5)
    """,
    "answers are not operations": """
        import time
        import boto3
        table = boto3.client("dynamodb")
        def handler(event, context):
            answer = table.put_item(TableName="t", Item={})
            for attempt in range(3):
                answer.get("x")
                time.sleep(0.2)
    """,
    "a durable function": """
        import time
        def handler(event, context):
            time.sleep(60)
    """,
}


@pytest.mark.parametrize(("name", "code"), SILENT.items(), ids=SILENT.keys())
def test_what_must_not_be_reported(tmp_path, name, code):
    durable = "      DurableConfig: {ExecutionTimeout: 60}\n" if "durable" in name else ""
    assert findings(tmp_path, ALL, code, TEMPLATE + durable) == []


REPORTED = {
    "default type, result read": (
        """
        import boto3
        client = boto3.client("lambda")
        def handler(event, context):
            return client.invoke(FunctionName="a")["Payload"].read()
        """,
        ['sync-lambda-invoke: return client.invoke(FunctionName="a")["Payload"].read()'],
    ),
    "client of an object": (
        """
        import boto3
        class Caller:
            def __init__(self):
                self.client = boto3.Session().client("lambda")
            def call(self, name):
                return self.client.invoke(FunctionName=name, InvocationType="RequestResponse")
        caller = Caller()
        def handler(event, context):
            return caller.call("a")
        """,
        ['sync-lambda-invoke: return self.client.invoke(FunctionName=name, InvocationType="RequestResponse")'],
    ),
    "result dropped": (
        """
        import boto3
        client = boto3.client("lambda")
        def handler(event, context):
            client.invoke(FunctionName="a")
        """,
        ['sync-invoke-ignored-result: client.invoke(FunctionName="a")'],
    ),
    "result in vain": (
        """
        import boto3
        client = boto3.client("lambda")
        def handler(event, context):
            answer = client.invoke(FunctionName="a")
            return 200
        """,
        ['sync-invoke-ignored-result: answer = client.invoke(FunctionName="a")'],
    ),
    "result looked at, failure handled": (
        """
        import boto3
        client = boto3.client("lambda")
        def handler(event, context):
            answer = client.invoke(FunctionName="a")
            if "FunctionError" in answer:
                raise ValueError
            try:
                client.invoke(FunctionName="b")
            except ValueError:
                return 500
        """,
        [
            'sync-lambda-invoke: answer = client.invoke(FunctionName="a")',
            'sync-lambda-invoke: client.invoke(FunctionName="b")',
        ],
    ),
    "sleep in a retry is for information, in a loop too": (
        """
        import time
        def handler(event, context):
            time.sleep(2)
            for attempt in range(3):
                try:
                    return event["x"]
                except KeyError:
                    time.sleep(1)
        """,
        ["sleep-in-handler: time.sleep(2)", "sleep-in-handler: time.sleep(1)"],
    ),
    "polling for a number of times, through helpers": (
        """
        import time
        import boto3
        glue = boto3.client("glue")
        def state(name):
            return glue.get_crawler(Name=name)["Crawler"]["State"]
        def pause():
            time.sleep(30)
        def handler(event, context):
            for record in event["Records"]:
                for attempt in range(20):
                    if state(record["name"]) == "READY":
                        break
                    pause()
        """,
        ["polling-wait-in-handler: time.sleep(30)"],
    ),
    "a job that is asked for with a secret each time": (
        """
        import json
        import time
        import boto3
        import requests
        secrets = boto3.client("secretsmanager")
        def state(job):
            token = json.loads(secrets.get_secret_value(SecretId="api")["SecretString"])["token"]
            return requests.get(f"https://api.example.com/jobs/{job}", headers={"Authorization": token}).json()["state"]
        def handler(event, context):
            while True:
                if state(event["job"]) == "done":
                    return "done"
                time.sleep(5)
        """,
        ["sleep-in-handler: time.sleep(5)"],
    ),
    "waiters and synchronous executions": (
        """
        import boto3
        ec2 = boto3.resource("ec2")
        rds = boto3.client("rds")
        workflows = boto3.client("stepfunctions")
        def handler(event, context):
            ec2.Instance("i").wait_until_running()
            waiter = rds.get_waiter("db_instance_available")
            waiter.wait(DBInstanceIdentifier="x")
            return workflows.start_sync_execution(stateMachineArn="arn")
        """,
        [
            'polling-wait-in-handler: ec2.Instance("i").wait_until_running()',
            'polling-wait-in-handler: waiter.wait(DBInstanceIdentifier="x")',
            'polling-wait-in-handler: return workflows.start_sync_execution(stateMachineArn="arn")',
        ],
    ),
}


@pytest.mark.parametrize(("code", "expected"), REPORTED.values(), ids=REPORTED.keys())
def test_which_rule_reports(tmp_path, code, expected):
    assert findings(tmp_path, ALL, code) == expected


CALLER = """
    import os
    import boto3
    client = boto3.client("lambda")
    def handler(event, context):
        return client.invoke(FunctionName={target})["Payload"].read()
"""
PRICES = """\
      Environment: {Variables: {TARGET: %s}}
  Prices:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: prices/, Handler: app.handler, Runtime: nodejs24.x, FunctionName: !Sub "${AWS::StackName}-prices"}
"""


@pytest.mark.parametrize(
    ("target", "variable"),
    [
        ('os.environ["TARGET"]', "!Ref Prices"),
        ('os.environ["TARGET"]', "!GetAtt Prices.Arn"),
        ('os.getenv("TARGET")', '!Sub "${Prices}"'),
        ('os.environ["TARGET"]', '!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Prices}"'),
        ('os.environ["TARGET"]', '!Sub "${AWS::StackName}-prices"'),
    ],
)
def test_the_function_behind_a_name_is_found(tmp_path, target, variable):
    found = findings(tmp_path, ALL, CALLER.replace("{target}", target), TEMPLATE + PRICES % variable)
    assert [each.partition(":")[0] for each in found] == ["sync-lambda-chain"]


@pytest.mark.parametrize("variable", ["somebody-elses", '!Sub "${AWS::StackName}-taxes"', "!ImportValue Prices"])
def test_a_function_elsewhere_is_no_chain(tmp_path, variable):
    found = findings(tmp_path, ALL, CALLER.replace("{target}", 'os.environ["TARGET"]'), TEMPLATE + PRICES % variable)
    assert [each.partition(":")[0] for each in found] == ["sync-lambda-invoke"]


def test_an_ignored_answer_of_the_same_project_is_one_finding(tmp_path):
    code = """
        import os
        import boto3
        def handler(event, context):
            boto3.client("lambda").invoke(FunctionName=os.environ["TARGET"])
    """
    found = findings(tmp_path, ALL, code, TEMPLATE + PRICES % "!Ref Prices")
    assert [each.partition(":")[0] for each in found] == ["sync-invoke-ignored-result"]


def test_a_loop_that_does_not_end_by_the_answer_is_no_polling(tmp_path):
    code = """\
    import time
    import boto3
    ssm = boto3.client("ssm")
    hub = boto3.client("securityhub")
    def handler(event, context):
        token = "first"
        while token:
            page = hub.get_findings(NextToken=token)
            print(ssm.get_parameters_by_path(Path="/x"))
            token = page.get("NextToken")
            time.sleep(2)
    """
    assert findings(tmp_path, "polling-wait-in-handler,sleep-in-handler", code) == ["sleep-in-handler: time.sleep(2)"]


def test_fetching_a_secret_for_each_page_is_no_polling(tmp_path):
    code = """\
    import time
    import boto3
    import requests
    secrets = boto3.client("secretsmanager")
    def ask(token):
        key = secrets.get_secret_value(SecretId="api-key")["SecretString"]
        return requests.get("https://example.com/facts", params={"key": key, "token": token}, timeout=5).json()
    def handler(event, context):
        token = ""
        while True:
            page = ask(token)
            token = page["next"] if "next" in page else ""
            if token == "":
                break
            time.sleep(2)
    """
    assert findings(tmp_path, "polling-wait-in-handler,sleep-in-handler", code) == ["sleep-in-handler: time.sleep(2)"]


POLLING = "polling-wait-in-handler"


def test_a_retry_inside_a_loop_that_asks_for_its_settings_is_no_polling(tmp_path):
    code = """\
    import time
    import boto3
    table = boto3.client("dynamodb")
    models = boto3.client("bedrock-runtime")
    def converse(model, text):
        for attempt in range(3):
            try:
                return models.converse(modelId=model, messages=[text])
            except models.exceptions.ThrottlingException:
                time.sleep(2)
    def ask(question):
        model = table.get_item(TableName="settings", Key={"id": {"S": "model"}})["Item"]["model"]["S"]
        return converse(model, question)
    def handler(event, context):
        question = event["question"]
        while question:
            answer = ask(question)
            question = answer["next"]
    """
    assert findings(tmp_path, POLLING, code) == []
    again = code.replace("time.sleep(2)", "pass").replace('["next"]', '["next"]\n            time.sleep(2)')
    assert findings(tmp_path, POLLING, again) == [f"{POLLING}: time.sleep(2)"]


def test_a_job_that_fails_until_it_is_ready_is_polled_where_the_error_is_handled(tmp_path):
    code = """\
    import time
    import boto3
    glue = boto3.client("glue")
    def handler(event, context):
        state = "STARTING"
        while state != "READY":
            try:
                state = glue.get_crawler(Name="c")["Crawler"]["State"]
            except glue.exceptions.EntityNotFoundException:
                time.sleep(5)
    """
    assert findings(tmp_path, POLLING, code) == [f"{POLLING}: time.sleep(5)"]


def test_elements_that_workers_take_one_by_one_are_no_polling(tmp_path):
    code = """\
    import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
    const db = new DynamoDBClient({});
    export const handler = async (event) => {
      let cursor = 0;
      const worker = async () => {
        for (;;) {
          const i = cursor;
          cursor += 1;
          const id = event.ids[i];
          const found = await db.send(new GetItemCommand({ TableName: "t", Key: { id } }));
          if (!found.Item) return;
          await new Promise((resolve) => setTimeout(resolve, 2000));
        }
      };
      await Promise.all([worker(), worker()]);
    };
    """
    node = TEMPLATE.replace("python3.14", "nodejs22.x")
    assert findings(tmp_path, POLLING, {"app.mjs": code}, node) == []
    same = code.replace("event.ids[i]", "event.ids[0]")
    assert [each.partition(":")[0] for each in findings(tmp_path, POLLING, {"app.mjs": same}, node)] == [POLLING]


def test_a_hook_of_a_deployment_may_invoke_what_it_tests(tmp_path):
    template = (
        TEMPLATE
        + """\
  Tested:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: tested.handler
      Runtime: python3.14
      AutoPublishAlias: live
      DeploymentPreference:
        Type: AllAtOnce
        Hooks:
          PreTraffic: !Ref Orders
"""
    )
    code = {
        "app.py": """\
            import boto3
            client = boto3.client("lambda")
            def handler(event, context):
                return client.invoke(FunctionName="tested")
            """,
        "tested.py": "def handler(event, context):\n    pass\n",
    }
    assert findings(tmp_path, "sync-lambda-invoke,sync-lambda-chain", code, template) == []
