"""SnapStart is switched on and off in templates, and nothing else of them changes."""

from __future__ import annotations

import json

import pytest
from test_fixes_hoist import settings_of

from slint.engine import fixing
from slint.engine.plugins import all_rules, chosen_rules
from slint.engine.run import run
from slint.project.load import load

RULES = ("user-facing-cold-start", "snapstart-without-version", "snapstart-unsupported-runtime")

WEB = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: # the function
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.14   # the newest
      # what invokes it
      Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}
"""


@pytest.fixture
def fix(write_project):
    """Makes all fixes of a template and gives its text afterwards, with what is still reported."""

    def fixed(text, name="template.yaml", unsafe=True):
        settings = settings_of(write_project({name: text}))._replace(select=RULES)
        rules = chosen_rules(settings, all_rules())
        outcome = fixing.fix(settings, lambda now: run(load(now), rules, now), fixing.by_safety(unsafe))
        assert outcome.refused == ()
        texts = {change.path: change.after for change in outcome.changes}
        return texts.get(name, text), [each.rule for each in outcome.results.diagnostics]

    return fixed


def test_snapstart_is_switched_on(fix):
    text, left = fix(WEB)
    added = "      SnapStart:\n        ApplyOn: PublishedVersions\n      AutoPublishAlias: live\n"
    assert text == WEB.replace("# the newest\n", f"# the newest\n{added}")
    assert left == []


def test_only_when_asked_for(fix):
    assert fix(WEB, unsafe=False) == (WEB, ["user-facing-cold-start"])


def test_an_alias_that_is_there_stays_alone(fix):
    text, left = fix(WEB.replace("      Handler", "      AutoPublishAlias: prod\n      Handler"))
    assert text.count("AutoPublishAlias") == 1 and "PublishedVersions" in text and left == []


def test_json(fix):
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.14",
            "Handler": "app.handler",
            "Events": {"Get": {"Type": "Api", "Properties": {"Path": "/", "Method": "get"}}},
        },
    }
    template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Orders": function}}
    expected = json.loads(json.dumps(template))
    expected["Resources"]["Orders"]["Properties"] |= {
        "SnapStart": {"ApplyOn": "PublishedVersions"},
        "AutoPublishAlias": "live",
    }
    for indent in (None, 2, 4, "\t"):
        text, left = fix(json.dumps(template, indent=indent), "template.json")
        assert json.loads(text) == expected and left == []
        properties = expected["Resources"]["Orders"]["Properties"]
        order = ("Runtime", "SnapStart", "AutoPublishAlias", "Handler", "Events")
        wanted = {"Properties": {name: properties[name] for name in order}}
        layout = {**expected, "Resources": {"Orders": {**function, **wanted}}}
        assert text == json.dumps(layout, indent=indent), "as if it had been written so"


def test_plain_cloudformation_needs_more_than_a_property(fix):
    text = """\
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: java21, Handler: a.B, Code: {S3Bucket: b, S3Key: k}, Role: r, SnapStart: {ApplyOn: PublishedVersions}}
"""
    assert fix(text) == (text, ["snapstart-without-version"])


UNSUPPORTED = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: java21
    AutoPublishAlias: live
    SnapStart: {ApplyOn: PublishedVersions}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: example.Orders}
  Prices:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs24.x
"""


def test_what_globals_switch_on_is_switched_off_for_the_one_function(fix):
    text, left = fix(UNSUPPORTED, unsafe=False)
    assert text == UNSUPPORTED + "      SnapStart:\n        ApplyOn: None\n"
    assert left == []


def test_aliases_of_several_functions_in_one_go(fix):
    head = "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Runtime: java21\n"
    head += "    SnapStart: {ApplyOn: PublishedVersions}\nResources:\n"
    body = "".join(
        f"  F{n}:\r\n    Type: AWS::Serverless::Function\r\n    Properties:\r\n      Handler: a.B\r\n"
        for n in range(150)
    )
    text, left = fix(head + body)
    assert text.count("      AutoPublishAlias: live\r\n") == 150 and left == []


def test_properties_from_an_anchor_are_left_alone(fix):
    text = """\
Transform: AWS::Serverless-2016-10-31
Shared: &shared
  Handler: a.B
  Runtime: java21
  SnapStart: {ApplyOn: PublishedVersions}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: *shared
"""
    assert fix(text) == (text, ["snapstart-without-version"])


def test_nesting_is_that_of_the_properties(fix):
    text, left = fix(
        """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Metadata: {a: b}
    Properties:

        # what runs
        Handler: app.handler
        Runtime: python3.14
        Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}
"""
    )
    assert (
        "python3.14\n        SnapStart:\n            ApplyOn: PublishedVersions\n        AutoPublishAlias: live\n"
        in text
    )
    assert left == []


AUTHORIZER = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {DefaultAuthorizer: Own, Authorizers: {Own: {FunctionArn: !GetAtt Guard.Arn}}}
  Guard:
    Type: AWS::Serverless::Function
    Properties: {Handler: guard.handler, Runtime: python3.14}
"""


def test_a_function_that_is_invoked_without_its_alias_is_left_alone(fix):
    assert fix(AUTHORIZER) == (AUTHORIZER, ["user-facing-cold-start"]), "SnapStart would have no effect"
    on = AUTHORIZER.replace("python3.14", "python3.14, SnapStart: {ApplyOn: PublishedVersions}")
    assert fix(on) == (on, ["snapstart-without-version"])
