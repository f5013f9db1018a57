"""CloudFormation and SAM templates: evaluation, Globals, functions, nested stacks."""

from __future__ import annotations

import posixpath
import textwrap
import time
from typing import Any

import pytest

from slint.source import SourceFile
from slint.templates.cloudformation import Result, layer_root, looks_like_template, read_templates
from slint.templates.model import Template, TemplateFunction
from slint.value import Absent, Choice, Items, Joined, Literal, Operation, Ref, Unknown, Value

ROOT = "/project"


def read(files: dict[str, str], *given: str) -> Result:
    """Read a project of path to text; `given` are the templates that discovery found, all when none is named."""
    sources = {f"{ROOT}/{path}": SourceFile(path, textwrap.dedent(text)) for path, text in files.items()}

    def opened(path: str) -> SourceFile | None:
        assert path.startswith(ROOT + "/"), "read outside of the project"
        return sources.get(path)

    wanted = [f"{ROOT}/{path}" for path in given] or list(sources)
    return read_templates([(path, sources[path]) for path in wanted], opened, ROOT)


def template(text: str, **more: str) -> Template:
    (found, *_) = read(
        {"template.yaml": text, **{path.replace("__", "/"): body for path, body in more.items()}}
    ).templates
    return found


def show(value: Value) -> Any:
    """A value as Python data that can be compared."""
    match value:
        case Literal():
            return value.value
        case Items():
            shown: Any = (
                [show(entry.value) for entry in value.entries]
                if value.is_list
                else {entry.literal_key: show(entry.value) for entry in value.entries}
            )
            return ("open", shown) if value.open else shown
        case Joined():
            return ("joined", *map(show, value.parts))
        case Ref():
            return (value.kind.value, value.name, *value.path)
        case Choice():
            return ("one of", *((option.when and show(option.when), show(option.value)) for option in value.options))
        case Operation():
            return (value.name, *map(show, value.operands))
        case Absent():
            return "absent"
        case Unknown():
            return ("unknown", *map(show, value.mentions))
    raise AssertionError(value)


HEAD = """\
Parameters:
  Stage: {Type: String, Default: dev}
  Name: {Type: String}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Names: {Type: CommaDelimitedList, Default: 'a, b'}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ami}
  Size: {Type: Number, Default: 512}
Mappings:
  Sizes:
    eu-west-1: {small: 1, large: 2}
    us-east-1: {small: 3, large: [4]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Both: !And [!Condition IsProd, !Not [!Equals [!Ref Name, x]]]
"""


def evaluated(expression: str) -> Any:
    text = HEAD + f"Resources:\n  R:\n    Type: AWS::X::Y\n    Properties:\n      P: {expression}\n"
    return show(template(text).resources["R"].properties.at("P"))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref Stage", "dev"),
        ("!Ref Size", 512),
        ("!Ref Name", ("input", "Name")),
        ("!Ref Image", ("input", "Image")),
        ("!Ref Names", ["a", "b"]),
        ("!Ref AWS::Region", ("pseudo", "AWS::Region")),
        ("!Ref Table", ("resource", "Table")),
        ("!Ref Fn.Alias", ("resource", "Fn", "Alias")),
        ("!Ref AWS::NoValue", "absent"),
        ("!GetAtt Table.Arn", ("resource", "Table", "Arn")),
        ("!GetAtt [Stack, Outputs.Url]", ("resource", "Stack", "Outputs", "Url")),
        ("{Fn::GetAtt: [Table, !Ref Stage]}", ("resource", "Table", "dev")),
        ("!Sub 'x-${Stage}-y'", "x-dev-y"),
        ("!Sub '${Table}'", ("resource", "Table")),
        ("!Sub '${Table.Arn}/*'", ("joined", ("resource", "Table", "Arn"), "/*")),
        ("!Sub '${!Literal}-${AWS::Region}'", ("joined", "${Literal}-", ("pseudo", "AWS::Region"))),
        ("!Sub ['${A}/${Stage}', {A: !Ref Table}]", ("joined", ("resource", "Table"), "/dev")),
        ("!Sub 'no variables'", "no variables"),
        ("!Join ['-', [a, !Ref Stage, 3, true]]", "a-dev-3-true"),
        ("!Join [':', [a, !Ref Table]]", ("joined", "a:", ("resource", "Table"))),
        ("!Join [',', !Ref Names]", "a,b"),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select ['1', [a, b]]", "b"),
        ("!Select [7, [a]]", ("unknown", ["a"])),
        ("!Split ['/', a/b]", ["a", "b"]),
        ("!Select [0, !Split [':', !Ref Name]]", ("unknown", ("unknown", ("input", "Name")))),
        ("!FindInMap [Sizes, eu-west-1, large]", 2),
        ("!FindInMap [Sizes, us-east-1, large]", [4]),
        ("!FindInMap [Sizes, !Ref AWS::Region, small]", ("one of", (None, 1), (None, 3))),
        ("!FindInMap [Sizes, nowhere, small]", ("unknown",)),
        ("!FindInMap [Sizes, nowhere, small, {DefaultValue: 9}]", 9),
        ("!ImportValue shared-arn", ("external", "shared-arn")),
        ("!ImportValue {'Fn::Sub': '${Name}-arn'}", ("external", "${Name}-arn")),
        ("!If [IsProd, 1, 2]", ("one of", ("IsProd", 1), (("not", "IsProd"), 2))),
        ("!If [IsProd, 1, !Ref AWS::NoValue]", ("one of", ("IsProd", 1), (("not", "IsProd"), "absent"))),
        ("!Base64 {Ref: Table}", ("unknown", ("resource", "Table"))),
        ("!GetAZs ''", ("unknown",)),
        ("'{{resolve:ssm:/a:1}}'", ("dynamic", "{{resolve:ssm:/a:1}}")),
        ("'x{{resolve:ssm:/a}}y'", ("joined", "x", ("dynamic", "{{resolve:ssm:/a}}"), "y")),
        ("!Sub '{{resolve:ssm:/${Table}/a}}'", ("dynamic", "{{resolve:ssm:/${Table}/a}}")),
        ("!Sub '{{resolve:ssm:/${Stage}/a}}'", ("dynamic", "{{resolve:ssm:/dev/a}}")),
        ("'{{ cookiecutter.name }}'", ("unknown",)),
        ("{a: !Ref AWS::NoValue, b: 1}", {"b": 1}),
        ("[!Ref AWS::NoValue, 1]", [1]),
        ("{a: 1, 'Fn::Transform': {Name: X}}", ("open", {"a": 1})),
        ("{'Fn::ForEach::X': [a], b: 1}", ("open", {"b": 1})),
        ("{'Fn::Nobody': !Ref Table}", ("unknown", ("resource", "Table"))),
        ("{Ref: [a]}", ("unknown",)),
        ("!Sub [x", None),
    ],
)
def test_evaluation(expression: str, value: object) -> None:
    if value is None:  # what is no YAML is no template either
        assert not read({"t.yaml": f"Resources:\n  R:\n    Type: AWS::X::Y\n    P: {expression}\n"}).templates
    else:
        assert evaluated(expression) == value


def test_conditions() -> None:
    found = template(HEAD + "Resources: {R: {Type: 'AWS::X::Y', Condition: Both, DependsOn: A}}")
    shown = {name: show(value) for name, value in found.conditions.items()}
    assert shown == {
        "IsProd": ("==", "dev", "prod"),
        "Both": ("and", "IsProd", ("not", ("==", ("input", "Name"), "x"))),
    }
    assert found.resources["R"].condition == "Both"
    assert found.resources["R"].depends_on == ("A",)


def test_a_value_has_the_span_of_its_use() -> None:
    text = (
        HEAD
        + "Resources:\n  R:\n    Type: AWS::X::Y\n    Properties:\n      A: !Ref Stage\n      B: !Sub 'x ${Table} y'\n"
    )
    properties = template(text).resources["R"].properties
    assert properties.at("A").span.text == "!Ref Stage"
    joined = properties.at("B")
    assert isinstance(joined, Joined)
    assert [part.span.text for part in joined.parts] == ["x ", "${Table}", " y"]


def test_parts_of_a_sub_in_a_block_have_exact_spans() -> None:
    text = (
        "Resources:\n  R:\n    Type: AWS::X::Y\n    Properties:\n      A: !Sub |\n        one\n        two ${Table}!\n"
    )
    joined = template(text).resources["R"].properties.at("A")
    assert isinstance(joined, Joined)
    assert joined.parts[1].span.text == "${Table}"
    assert joined.parts[1].span.location().start == (7, 13)


def test_the_raw_value_tells_of_the_parameter() -> None:
    resource = template(
        HEAD
        + "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        + "      Environment: {Variables: {KEY: !Ref Secret}}\n"
    ).resources["F"]
    assert resource.properties.at("Environment", "Variables", "KEY").string == "hunter2"
    raw = resource.raw.at("Environment", "Variables", "KEY", "Ref").string
    assert raw is not None
    assert resource.template.inputs.at(raw, "NoEcho").scalar is True


# -- which files are templates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_template"),
    [
        ("Resources:\n  A: {Type: AWS::S3::Bucket}\n", True),
        ('{"Resources": {"A": {"Type": "Custom::Thing"}}}', True),
        ("Resources:\n  A: {Type: Alexa::ASK::Skill}\n", True),
        ("Resources:\n  A: {Type: Other}\nx: 'AWS::S3::Bucket'\n", False),
        ("Resources: [AWS::S3::Bucket]\n", False),
        ("Resources:\n  A: [AWS::S3::Bucket]\n", False),
        ("- Resources: AWS::S3::Bucket\n", False),
        ("name: AWS::Nothing\nsteps: []\n", False),
        ("", False),
    ],
)
def test_the_content_decides_what_is_a_template(text: str, is_template: bool) -> None:
    result = read({"any.json": text})
    assert bool(result.templates) is is_template
    assert not result.broken
    if is_template:
        assert looks_like_template(text)


def test_broken_templates_and_project_templates() -> None:
    start = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n"
    result = read({"broken.yaml": start + "  B: 'x\n", "cookie.yaml": start + "{% if x %}\n", "ok.yaml": start})
    assert [(file.path, error.span.location().start[0]) for file, error in result.broken] == [("broken.yaml", 5)]
    assert [(note.span.file.path, note.what) for note in result.skipped] == [("cookie.yaml", "template")]
    assert [each.file.path for each in result.templates] == ["ok.yaml"]


@pytest.mark.parametrize(
    ("head", "is_open", "dialect"),
    [
        ("Transform: AWS::Serverless-2016-10-31\n", False, "sam"),
        ("Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n", False, "sam"),
        ("Transform: [AWS::Serverless-2016-10-31, MyMacro]\n", True, "sam"),
        ("Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}\n", True, "cloudformation"),
        ("Transform: [{Ref: X}]\n", True, "cloudformation"),
        ("Fn::Transform: {Name: AWS::Include}\n", True, "cloudformation"),
        ("", False, "cloudformation"),
    ],
)
def test_macros_open_a_template(head: str, is_open: bool, dialect: str) -> None:
    found = template(head + "Resources: {A: {Type: 'AWS::S3::Bucket'}}")
    assert (found.is_open, found.dialect) == (is_open, dialect)
    assert bool(found.notes) is is_open


def test_loops_are_no_resources() -> None:
    found = template(
        "Transform: AWS::LanguageExtensions\nResources:\n  'Fn::ForEach::T': [X, [a], {T: {Type: 'AWS::SNS::Topic'}}]\n"
        "  A: {Type: 'AWS::S3::Bucket'}\n"
    )
    assert list(found.resources) == ["A"]
    assert found.is_open
    assert [note.what for note in found.notes] == ["Fn::ForEach::T"]


# -- Globals -------------------------------------------------------------------------------------------------------

GLOBALS = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    Timeout: 5
    Role: arn:not-supported
    Layers: [global]
    Environment:
      Variables: {SHARED: g, BOTH: g}
    Tags: {team: a}
    VpcConfig: {Fn::If: [c, 1, 2]}
    DeadLetterQueue: {Type: SQS}
  Api: {TracingEnabled: true}
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 9
      Layers: [own]
      Environment:
        Variables: {BOTH: own, OWN: own}
      Tags: {Ref: Nothing}
      VpcConfig: {SubnetIds: []}
  B:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [Timeout, Environment]
  C:
    Type: AWS::Serverless::Function
    IgnoreGlobals: '*'
    Properties: {Timeout: 1}
  D: {Type: AWS::Serverless::Api, Properties: {StageName: x}}
  E: {Type: AWS::Lambda::Function, Properties: {Timeout: 2}}
"""


def test_globals_are_merged_as_sam_does() -> None:
    resources = template(GLOBALS).resources
    a = resources["A"].properties
    assert show(a) == {
        "Runtime": "python3.12",
        "Timeout": 9,
        "Layers": ["global", "own"],
        "Environment": {"Variables": {"SHARED": "g", "BOTH": "own", "OWN": "own"}},
        "Tags": ("resource", "Nothing"),
        "VpcConfig": {"SubnetIds": []},
        "DeadLetterQueue": {"Type": "SQS"},
    }
    assert list(show(resources["B"].properties)) == ["Runtime", "Layers", "Tags", "VpcConfig", "DeadLetterQueue"]
    assert show(resources["C"].properties) == {"Timeout": 1}
    assert show(resources["D"].properties) == {"TracingEnabled": True, "StageName": "x"}
    assert show(resources["E"].properties) == {"Timeout": 2}


def test_merged_entries_keep_their_places() -> None:
    found = template(GLOBALS)
    variables = found.resources["A"].properties.at("Environment", "Variables")
    assert isinstance(variables, Items)
    lines = {name: entry.span.location().start[0] for name, entry in variables.named()}
    assert lines == {"SHARED": 10, "BOTH": 22, "OWN": 22}
    ignored = {function.id: function.ignored_globals for function in found.functions}
    assert ignored == {"A": (), "B": ("Timeout", "Environment"), "C": ("*",), "E": ()}


# -- code ----------------------------------------------------------------------------------------------------------


def function(
    properties: str, *, kind: str = "AWS::Serverless::Function", metadata: str = "{}", path: str = "app/t.yaml"
) -> TemplateFunction:
    text = f"Resources:\n  F:\n    Type: {kind}\n    Metadata: {metadata}\n    Properties: {properties}\n"
    (found,) = read({path: HEAD + text}).templates
    return found.functions[0]


LAMBDA = "AWS::Lambda::Function"


@pytest.mark.parametrize(
    ("properties", "kind", "root", "why"),
    [
        ("{Handler: a.b}", None, "/project/app", None),
        ("{CodeUri: src/}", None, "/project/app/src", None),
        ("{CodeUri: ../lib/f.py}", None, "/project/lib/f.py", None),
        ("{CodeUri: !Sub 'src/${Stage}'}", None, "/project/app/src/dev", None),
        ("{CodeUri: ../../elsewhere}", None, None, "outside of the project"),
        ("{CodeUri: /etc}", None, None, "outside of the project"),
        ("{CodeUri: s3://b/k}", None, None, "code in a bucket"),
        ("{CodeUri: {Bucket: b, Key: k}}", None, None, "code in a bucket"),
        ("{CodeUri: !Ref Name}", None, None, "a code location that only deployment knows"),
        ("{CodeUri: !If [IsProd, a, b]}", None, None, "code chosen by a condition"),
        ("{CodeUri: build/f.zip}", None, None, "a built archive"),
        ("{CodeUri: target/f.jar}", None, None, "a built archive"),
        ("{InlineCode: !Ref Name}", None, None, "inline code that is not written out"),
        ("{PackageType: Image}", None, None, "container image"),
        ("{ImageUri: x}", None, None, "container image"),
        ("{Code: ./dir}", LAMBDA, "/project/app/dir", None),
        ("{Code: {S3Bucket: b, S3Key: k}}", LAMBDA, None, "code in a bucket"),
        ("{Code: {ImageUri: x}}", LAMBDA, None, "container image"),
        ("{Handler: a.b}", LAMBDA, None, "no code"),
        ("{CodeUri: [1]}", None, None, "no code"),
        ("[]", None, None, "a code location that only deployment knows"),
        ("{'Fn::Transform': {Name: X}}", None, None, "a code location that only deployment knows"),
    ],
)
def test_where_code_is(properties: str, kind: str | None, root: str | None, why: str | None) -> None:
    found = function(properties, kind=kind or "AWS::Serverless::Function")
    assert (found.code_root, found.no_code) == (root, why)


def test_images_and_build_metadata() -> None:
    image = function(
        "{PackageType: Image}", metadata="{Dockerfile: d/Dockerfile, DockerContext: ../src, DockerBuildTarget: t}"
    ).image
    assert image is not None
    assert (image.context, image.dockerfile, image.target) == ("/project/src", "/project/src/d/Dockerfile", "t")
    built = function("{CodeUri: src}", metadata="{BuildMethod: esbuild, BuildProperties: {Minify: true}}")
    assert built.build_method == "esbuild"
    assert built.build_properties is not None
    assert built.build_properties.at("Minify").scalar is True


def test_assets_of_the_cdk() -> None:
    metadata = "{aws:asset:path: asset.12, aws:asset:property: Code}"
    code = "{Code: {S3Bucket: b, S3Key: k}}"
    assert function(code, kind=LAMBDA, metadata=metadata).code_root == "/project/app/asset.12"
    metadata = "{aws:asset:path: /project/cdk.out/asset.1, aws:asset:property: Code}"
    assert function(code, kind=LAMBDA, metadata=metadata).code_root == "/project/cdk.out/asset.1"
    metadata = "{aws:asset:path: asset.2, aws:asset:property: Code.ImageUri, aws:asset:dockerfile-path: D}"
    image = function("{Code: {ImageUri: x}}", kind=LAMBDA, metadata=metadata).image
    assert image is not None
    assert image.dockerfile == "/project/app/asset.2/D"


def inline(properties: str, kind: str = LAMBDA) -> tuple[str, dict[str, tuple[int, int]]]:
    """The text of inline code, and the place in the template of each word that begins with `here`."""
    text = f"Resources:\n  F:\n    Type: {kind}\n    Properties:\n" + textwrap.indent(
        textwrap.dedent(properties), " " * 6
    )
    found = template(text).functions[0].inline
    assert found is not None
    places = {}
    at = found.text.find("here")
    while at >= 0:
        from slint.source import Span

        places[found.text[at : at + 5]] = tuple(Span(found, at, at + 5).location().start)
        at = found.text.find("here", at + 1)
    return found.text, places


def test_inline_code_maps_to_the_template() -> None:
    text, places = inline("Code:\n  ZipFile: |\n    import x\n    def here1():\n        here2\n")
    assert text == "import x\ndef here1():\n    here2\n"
    assert places == {"here1": (8, 15), "here2": (9, 15)}


def test_inline_code_in_a_sub_has_holes_of_the_same_length() -> None:
    text, places = inline("Code:\n  ZipFile: !Sub |\n    a = '${AWS::Region}' + here1\n    b = '${!kept}'; here2\n")
    assert text == "a = '______________' + here1\nb = '${kept}'; here2\n"
    assert places == {"here1": (7, 34), "here2": (8, 27)}


def test_inline_code_in_a_sub_with_variables_and_in_sam() -> None:
    text, places = inline("InlineCode: !Sub\n  - |\n    x = ${A}\n    here1\n  - {A: 1}\n", "AWS::Serverless::Function")
    assert text == "x = ____\nhere1\n"
    assert places == {"here1": (8, 11)}


def test_inline_code_in_a_join() -> None:
    text, places = inline(
        "Code:\n  ZipFile: !Join\n    - \"\\n\"\n    - - import here1\n      - 'x = ''here2'''\n      - !Sub 'y = ${T} # here3'\n      - !Ref Z\n      - here4\n"
    )
    assert text == "import here1\nx = 'here2'\ny = ____ # here3\n____\nhere4"
    assert places == {"here1": (8, 22), "here2": (9, 22), "here3": (10, 32), "here4": (12, 15)}


def test_layers() -> None:
    found = template("""
        Resources:
          A: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layers/a}}
          B: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b}}}
          C: {Type: AWS::Lambda::LayerVersion, Properties: {Content: ./c}}
          D: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: l.zip}}
          E: {Type: AWS::Lambda::LayerVersion, Metadata: {aws:asset:path: asset.9, aws:asset:property: Content}}
    """)
    roots = {name: layer_root(resource) for name, resource in found.resources.items()}
    assert roots == {"A": "/project/layers/a", "B": None, "C": "/project/c", "D": None, "E": "/project/asset.9"}


# -- nested stacks -------------------------------------------------------------------------------------------------

PARENT = """
Resources:
  Target: {Type: AWS::Lambda::Function, Properties: {Code: ./t}}
  One:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child/c.yaml, Parameters: {Arn: !GetAtt Target.Arn, Stage: prod}}
  Two:
    Type: AWS::Serverless::Application
    Properties: {Location: ./child/c.yaml}
  Remote:
    Type: AWS::Serverless::Application
    Properties: {Location: {ApplicationId: x, SemanticVersion: 1.0.0}}
"""
CHILD = """
Parameters:
  Arn: {Type: String}
  Stage: {Type: String, Default: dev}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src, Environment: {Variables: {ARN: !Ref Arn, STAGE: !Ref Stage}}}
"""


@pytest.mark.parametrize("given", [("t.yaml",), ("child/c.yaml", "t.yaml")])
def test_nested_stacks_get_the_parameters_of_their_parent(given: tuple[str, ...]) -> None:
    parent, one, two = read({"t.yaml": PARENT, "child/c.yaml": CHILD}, *given).templates
    assert [(each.stack, each.parent) for each in (one, two)] == [("One", parent), ("Two", parent)]
    variables = one.functions[0].settings.at("Environment", "Variables")
    assert show(variables) == {"ARN": ("resource", "Target", "Arn"), "STAGE": "prod"}
    assert variables.at("ARN").span.file is parent.file
    assert show(two.functions[0].settings.at("Environment", "Variables")) == {"ARN": ("input", "Arn"), "STAGE": "dev"}
    assert one.functions[0].code_root == "/project/child/src"
    assert parent.nested == {"One": one, "Two": two}


def test_stacks_that_nest_each_other_end() -> None:
    text = "Resources:\n  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {}}}}}\n"
    result = read(
        {"a.yaml": text.format("b.yaml"), "b.yaml": text.format("a.yaml"), "self.yaml": text.format("self.yaml")}
    )
    assert sorted(posixpath.basename(each.path) for each in result.templates) == ["a.yaml", "b.yaml", "self.yaml"]


def test_stacks_that_multiply_are_bounded() -> None:
    def many(child: str) -> str:
        return "Resources:\n" + "".join(
            f"  S{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {child}}}}}\n" for n in range(10)
        )

    files = {f"{n}.yaml": many(f"{n + 1}.yaml") for n in range(6)}
    assert len(read(files, "0.yaml").templates) <= 201


# -- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {A: {Type: 'AWS::Serverless::Function', Properties: [1], Metadata: x, DependsOn: {a: b}}}",
        "Resources: {A: {Type: 'AWS::Serverless::Function', Properties: !Ref X, Condition: [x]}}\nGlobals: [1]",
        "Resources: {A: {Type: 'AWS::Serverless::Function'}, B: x, C: null, D: {Type: [x]}, [e]: {Type: x}}",
        "Resources: {A: {Type: 'AWS::Serverless::Function', Properties: {Events: [x], Layers: {a: b}}}}\nGlobals: {Function: 3}",
        "Resources: {A: {Type: 'AWS::Serverless::Function', Properties: {Events: {E: [x], F: {Type: {}}, G: {Type: Api, Properties: 3}}}}}",
        "Resources: {A: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: {Fn::Transform: x}, Environment: 3}}}\nGlobals: {Function: {Environment: {Variables: []}}}",
        "Parameters: [x]\nMappings: x\nConditions: 3\nOutputs: [y]\nTransform: {a: b}\nResources: {A: {Type: 'AWS::S3::Bucket'}}",
        "Parameters: {P: x, Q: {Type: {}, Default: [1]}}\nMappings: {M: 3}\nResources: {A: {Type: 'AWS::X::Y', Properties: {a: !Ref Q, b: !Ref P, c: !FindInMap [M, a, b]}}}",
        "Resources: {A: {Type: 'AWS::Serverless::Application', Properties: {Location: 3}}, B: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: \"a\\0b\", Parameters: [x]}}}",
        "Resources: {A: {Type: 'AWS::Serverless::Api', Properties: {DefinitionBody: [x], DefinitionUri: \"\\0\"}}, B: {Type: 'AWS::Lambda::Permission', Properties: {Principal: [x], FunctionName: {}}}}",
    ],
)  # fmt: skip
def test_wrong_types_anywhere_are_no_error(text: str) -> None:
    result = read({"t.yaml": text})
    assert len(result.templates) == 1
    for resource in result.templates[0].resources.values():
        layer_root(resource)


def deep(unit: str, depth: int, inner: str = "x", closing: str = "]") -> str:
    return f"Resources: {{R: {{Type: AWS::X::Y, Properties: {{P: {unit * depth}{inner}{closing * depth}}}}}}}"


@pytest.mark.parametrize(
    "text",
    [
        deep("!Sub ['${a}${a}', {a: ", 85, closing="}]"),
        deep("!Sub ['${a}${a}', {a: ", 85, "!Ref R", "}]"),
        deep("!Sub ['${a}${a}', {a: !If [c, 1, ", 40, closing="]}]"),
        deep("!Select [0, ", 90),
        deep("!Select [1, ", 90, "[a]"),
        deep("!Split ['', ", 90),
        deep("!Join ['', ", 90),
        deep("!FindInMap [", 90),
        deep("!If [c, 1, ", 90),
        deep("!Base64 {a: ", 60, closing="}"),
        deep("{a: ", 5000, closing="}"),
    ],
)
def test_nested_functions_take_bounded_time_and_memory(text: str) -> None:
    started = time.process_time()
    result = read({"t.yaml": text})
    for found in result.templates:
        assert sum(1 for _ in found.resources["R"].properties.walk()) < 10_000
    assert time.process_time() - started < 3
    assert result.templates or result.broken


@pytest.mark.parametrize("written", ["%SOLUTION_NAME%/app.zip", "<%= name %>: x", "{% if a %}"])
def test_a_template_that_a_generator_fills_in_is_skipped(written: str) -> None:
    text = f"Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: @ {written}\n"
    result = read({"t.yaml": text})
    assert (result.templates, result.broken) == ((), ())
    assert [note.why for note in result.skipped] == ["it holds placeholders of a project template"]
