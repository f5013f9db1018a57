"""Real templates and code, changed at random: every rule copes, and every place told is one of the file."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from mutations import OTHERS, checked, mutated, projects

from slint.engine.own_rules import INTERNAL_ERROR
from slint.engine.run import Results

# Each round changes some project once; the number can be raised for a long run.
ROUNDS = int(os.environ.get("SLINT_MUTATIONS", "40"))


@pytest.mark.parametrize("seed", range(10))
def test_nothing_fails_on_a_changed_project(seed: int, tmp_path: Path):
    for number in range(ROUNDS):
        name = f"{seed}.{number}"
        files = mutated(Random(name).choice(projects()), Random(name))
        judge(checked(tmp_path / name, files), name)


def test_every_other_type_in_every_place_of_one_template(tmp_path: Path):
    """Not at random: where the properties that most rules read are expected."""
    places = (
        "Resources", "Parameters", "Globals", "Transform", "Mappings", "Conditions", "Outputs", "Metadata",
        "Properties", "Environment", "Variables", "Events", "Runtime", "Handler", "CodeUri", "Timeout", "Policies", "Layers", "Type",
    )  # fmt: skip
    for number, other in enumerate(OTHERS):
        for place in places:
            judge(
                checked(tmp_path / f"{number}.{place}", {"template.json": template(place, other), "app.py": CODE}),
                place,
            )


CODE = "import os\nimport boto3\n\n\ndef handler(event, context):\n    boto3.client('s3')\n    return os.environ['A']\n"


def template(place: str, other: object) -> str:
    import json

    function = {
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "CodeUri": ".",
        "Timeout": 3,
        "Policies": [],
        "Layers": [],
    }
    properties = {
        **function,
        "Environment": {"Variables": {"A": "b"}},
        "Events": {"E": {"Type": "Api", "Properties": {}}},
    }
    if place in properties:
        properties[place] = other
    elif place == "Variables":
        properties["Environment"] = {"Variables": other}
    resource = {"Type": "AWS::Serverless::Function", "Properties": properties}
    if place in resource:
        resource[place] = other
    whole: dict[str, object] = {"Resources": {"F": resource, "G": {"Type": "AWS::SQS::Queue"}}}
    if place[0].isupper() and place not in (*properties, *resource, "Variables"):
        whole[place] = other
    return json.dumps(whole)


def judge(results: Results, name: str) -> None:
    assert [each.message for each in results.diagnostics if each.rule == INTERNAL_ERROR] == [], name
    for finding in results.diagnostics:
        for place in (finding.location, *(each.location for each in finding.related)):
            file = results.sources[place.path]
            assert 0 <= place.offset <= place.end_offset <= len(file.text), (name, finding)
            assert place.start == file.position(place.offset) and place.end == file.position(place.end_offset), name
