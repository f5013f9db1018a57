"""Loops around a call, and what each turn changes; what becomes of a result."""

from __future__ import annotations

import pytest
from linked import function


def probe(root, body, before=""):
    """The site of the call of `probe` in the handler, or below it."""
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    code = f"from elsewhere import probe, other\n{before}\ndef handler(event, context):\n{indented}"
    (site,) = [site for site in function(root, code).sites if site.names == ("elsewhere.probe",)]
    return site


@pytest.mark.parametrize(
    ("body", "loops", "repeats"),
    [
        ("probe()", 0, 0),
        ("for each in event:\n    probe()", 1, 1),
        ("for each in event:\n    probe(each)", 1, 0),
        ("for each in event:\n    for inner in each:\n        probe(each)", 2, 1),
        ("for each in event:\n    for inner in each:\n        probe(inner)", 2, 0),
        ("while event:\n    probe(event)", 1, 1),
        ("token = None\nwhile True:\n    token = probe(token)['next']\n    if not token:\n        break", 1, 0),
        ("for each in event:\n    probe()\n    break", 0, 0),
        ("for each in event:\n    try:\n        return probe()\n    except ValueError:\n        pass", 0, 0),
        ("for each in event:\n    if probe():\n        break", 1, 1),
        ("for each in event:\n    for inner in each:\n        probe()\n        break", 1, 1),
        ("[probe(each) for each in event]", 1, 0),
        ("[probe() for each in event]", 1, 1),
    ],
)
def test_loops_and_what_they_change(tmp_path, body, loops, repeats):
    site = probe(tmp_path, body)
    assert (len(site.loops), len(site.repeats)) == (loops, repeats)
    assert site.in_loop is (loops > 0)


def test_a_loop_around_the_caller_counts(tmp_path):
    site = probe(tmp_path, "for each in event:\n    inner('x', each)", "def inner(same, each):\n    probe(same)\n")
    assert len(site.loops) == len(site.repeats) == 1


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        ("made = probe()", False),
        ("made = probe()\nmade.close()", True),
        ("with probe() as made:\n    pass", True),
        ("made = probe()\nwith made:\n    pass", True),
        ("made = probe()\nother(made)", None),
        ("made = probe()\nother(x=[made])", None),
        ("made = probe()\nother.register(made.close)", None),
        ("made = probe()\nevent['made'] = made", None),
        ("made = probe()\nreturn {'made': made}", None),
        ("first, made = 1, probe()\nmade.commit()", False),
    ],
)
def test_whether_a_result_is_closed(tmp_path, body, closed):
    assert probe(tmp_path, body).closed is closed


@pytest.mark.parametrize(
    ("body", "closed"), [("made = inner()", False), ("made = inner()\nmade.close()", True), ("other(inner())", None)]
)
def test_a_returned_result_is_judged_where_it_arrives(tmp_path, body, closed):
    assert probe(tmp_path, body, "def inner():\n    made = probe()\n    return made\n").closed is closed


@pytest.mark.parametrize(
    ("body", "caught"),
    [
        ("try:\n    probe()\nexcept ValueError:\n    pass", True),
        ("try:\n    pass\nexcept ValueError:\n    probe()", False),
        ("try:\n    probe()\nfinally:\n    pass", False),
        ("try:\n    inner()\nexcept ValueError:\n    pass", True),
    ],
)
def test_whether_a_failure_is_caught(tmp_path, body, caught):
    before = "def inner():\n    probe()\n" if "inner" in body else ""
    assert probe(tmp_path, body, before).caught is caught


@pytest.mark.parametrize(
    ("body", "used"),
    [
        ("probe()", False),
        ("made = probe()", False),
        ("made = probe()\nreturn made", True),
        ("return probe()", True),
        ("made = probe()\ndef inner():\n    return made\ninner()", True),
        ("other(probe())", True),
    ],
)
def test_whether_a_result_is_used(tmp_path, body, used):
    assert probe(tmp_path, body).result_used is used


def test_a_client_inside_a_singleton_is_kept(tmp_path):
    code = """\
    import boto3
    _flags = None
    class Flags:
        def __init__(self, store): self.store = store
    def flags():
        global _flags
        if _flags is None:
            store = boto3.client("appconfigdata")
            _flags = Flags(store=store)
        return _flags
    def handler(event, context):
        return flags()
    """
    assert [effect.site.memoised for effect in function(tmp_path, code).effects("client")] == [True]


def test_a_mapping_of_the_class_is_shared_by_its_objects(tmp_path):
    code = """\
    import boto3
    class Clients:
        known = {}
        def get(self, service):
            if service not in self.known:
                self.known[service] = boto3.client(service)
            return self.known[service]
    def handler(event, context):
        return Clients().get("s3")
    """
    assert [effect.site.memoised for effect in function(tmp_path, code).effects("client")] == [True]
