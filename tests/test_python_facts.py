"""The Python front end: small texts and the facts they hold, hostile texts, and Python's own library."""

from __future__ import annotations

import argparse
import asyncio.tasks
import collections
import contextlib
import dataclasses
import inspect
import json.decoder
import logging
import random
import sys
import time
import typing
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slint.code.facts import BlockKind, Module, Use
from slint.code.python import extract
from slint.code.syntax import LARGEST_FILE, parse
from slint.source import SourceFile, Span
from slint.value import (
    ANY,
    Choice,
    Items,
    Joined,
    Literal,
    Operation,
    Option,
    Ref,
    RefKind,
    Unknown,
    Value,
)


def facts(text: str) -> Module:
    module = extract(SourceFile("app.py", text))
    assert_sound(module)
    return module


def show(value: Value | None) -> str:
    """A value on one line, as the tables below write it."""
    match value:
        case None:
            return "nothing"
        case Literal(_, scalar):
            return repr(scalar)
        case Ref(_, kind, name, path):
            return f"{kind.value}:{name}" + "".join(f"[{step!r}]" if step is not ANY else "[*]" for step in path)
        case Joined(_, parts):
            return " & ".join(map(show, parts))
        case Operation(_, name, operands):
            return f"{name}({', '.join(map(show, operands))})"
        case Choice(_, options):
            return f"choice({' | '.join(map(show_option, options))})"
        case Items(_, entries, is_open, is_list):
            inner = [(f"{show(entry.key)}: " if entry.key is not None else "") + show(entry.value) for entry in entries]
            body = ", ".join(inner + ["..."] * is_open)
            return f"[{body}]" if is_list else f"{{{body}}}"
        case Unknown(_, why, mentions):
            return f"unknown {why}({', '.join(map(show, mentions))})"
    raise AssertionError(value)


def show_option(option: Option) -> str:
    return show(option.value) if option.when is None else f"{show(option.when)} -> {show(option.value)}"


def bindings(module: Module) -> list[str]:
    return [f"{show(each.target)} {each.how} {show(each.value)}" for each in module.bindings]


def calls(module: Module) -> list[str]:
    """Each call with its arguments; `module.calls[0]` is call:0."""
    return [
        f"{show(call.callee)}({', '.join((f'{each.name}=' if each.name else '') + show(each.value) for each in call.arguments)})"
        for call in module.calls
    ]


def shape(module: Module, block: int = 0) -> str:
    """The tree of blocks."""
    inner = [shape(module, index) for index, each in enumerate(module.blocks) if each.parent == block]
    kind = module.blocks[block].kind.value
    return f"{kind}({', '.join(inner)})" if inner else kind


def block_of(module: Module, text: str) -> str:
    """The chain of blocks around the one call whose text begins so."""
    (call,) = (call for call in module.calls if call.span.text.startswith(text))
    return " < ".join(module.blocks[block].kind.value for block in module.enclosing(call.block))


def all_values(module: Module) -> Iterator[Value]:
    """The values of all facts, without those inside them."""
    yield from (block.subject for block in module.blocks if block.subject is not None)
    for definition in module.definitions:
        yield from (*definition.decorators, *definition.bases)
        yield from (each.default for each in definition.parameters if each.default is not None)
    for call in module.calls:
        yield call.callee
        yield from (argument.value for argument in call.arguments)
    for binding in module.bindings:
        yield binding.target
        yield from () if binding.value is None else (binding.value,)
    yield from (each.value for each in module.exits if each.value is not None)
    yield from (each.value for each in module.loose)


def assert_sound(module: Module) -> None:
    """What holds of the facts of any text at all."""
    size = len(module.file.text)
    blocks = module.blocks
    assert blocks[0].kind is BlockKind.MODULE
    assert blocks[0].parent == -1
    for index, block in enumerate(blocks[1:], 1):
        outer = blocks[block.parent]
        assert 0 <= block.parent < index
        assert outer.span.start <= block.span.start <= block.span.end <= outer.span.end
        assert (outer.kind is BlockKind.BRANCH) == (block.kind is BlockKind.ARM)
        if block.kind in (BlockKind.CATCH, BlockKind.FINALLY):
            assert outer.kind is BlockKind.TRY
    placed = (*module.calls, *module.bindings, *module.imports, *module.exits, *module.loose, *module.definitions)
    assert all(blocks[each.block] for each in placed)
    spans = [
        each.span for each in (*module.calls, *module.bindings, *module.imports, *module.exits, *module.definitions)
    ]
    spans += module.errors
    for call in module.calls:
        assert (call.use is Use.PASSED) == (call.used_by is not None)
        assert call.used_by is None or module.calls[call.used_by]
    for definition in module.definitions:
        assert blocks[definition.body].kind is (BlockKind.CLASS if definition.is_class else BlockKind.FUNCTION)
        assert definition.whole.start <= definition.span.start <= definition.span.end <= definition.whole.end
    for fact in (*module.bindings, *module.imports, *module.definitions):
        owners = (BlockKind.MODULE, BlockKind.FUNCTION, BlockKind.CLASS, BlockKind.LOOP)
        assert blocks[fact.scope].kind in owners
        assert fact.scope in module.enclosing(fact.block)
    for value in all_values(module):
        for part in value.walk():
            spans.append(part.span)
            if isinstance(part, Ref) and part.kind is RefKind.CALL:
                assert module.calls[int(part.name)]
            elif isinstance(part, Ref) and part.kind in (RefKind.BLOCK, RefKind.INSTANCE):
                assert blocks[int(part.name)].kind in (BlockKind.FUNCTION, BlockKind.CLASS)
    for span in spans:
        assert 0 <= span.start <= span.end <= size
        assert span.file is module.file


VALUES = {
    "name": "name:name",
    "a.b['k'][0].c": "name:a['b']['k'][0]['c']",
    "a[i]": "name:a[*]",
    "a[-1]": "name:a[*]",
    "a[1:2].b": "name:a[*]['b']",
    "a[i, j]": "name:a[*]",
    "f(x).y": "call:0['y']",
    "(a).b": "name:a['b']",
    "(a or b).c": "choice(name:a['c'] | not(name:a) -> name:b['c'])",
    "(a - b).c": "unknown part of a value that is computed(-(name:a, name:b))",
    "await a.b": "name:a['b']",
    "1": "1",
    "-1": "-1",
    "- 1.5": "-1.5",
    "-x": "-(name:x)",
    "~x": "~(name:x)",
    "1_000": "1000",
    "0x1F": "31",
    "0o17": "15",
    "0b11": "3",
    "0777": "511",
    "10L": "10",
    "1e3": "1000.0",
    "1e999": "unknown a number that is not a plain one()",
    "2j": "unknown a number that is not a plain one()",
    "9" * 5000: "unknown a number that is not a plain one()",
    "True": "True",
    "False": "False",
    "None": "None",
    "...": "builtin:Ellipsis",
    "'a'": "'a'",
    '"""a\nb"""': r"'a\nb'",
    "'a\\\nb'": "'ab'",
    r"'\n\x41\u00e9\U0001F600\101\'\q'": r'''"\nAé😀A'\\q"''',
    r"'\N{DASH}\N{LATIN SMALL LETTER AE}\N{BULLET}'": r"'\\N{DASH}æ•'",
    r"'\U99999999'": r"'\\U99999999'",
    r"r'\n'": r"'\\n'",
    r"b'\x41\u0041'": r"'A\\u0041'",
    "u''": "''",
    "''": "''",
    "''''''": "''",
    "'a' \"b\" r'c'": "'abc'",
    "f'a{b}c'": "'a' & name:b & 'c'",
    "f'{{}}'": "'{}'",
    "f'{a!r}'": "unknown formatted(name:a)",
    "f'{a!s}'": "name:a",
    "f'{a:>{width}}'": "unknown formatted(name:a, name:width)",
    "f'{a=}'": "unknown formatted(name:a)",
    "'a' f'{b}' 'c'": "'a' & name:b & 'c'",
    r"rf'\{a}'": r"'\\' & name:a",
    "a + 'b'": "name:a & 'b'",
    "'a' + b + 'c' + 'd'": "'a' & name:b & 'cd'",
    "'a' + 'b'": "'ab'",
    "a + b + c": "+(name:a, name:b, name:c)",
    "a - b - c": "-(-(name:a, name:b), name:c)",
    "a - b * c + d": "+(-(name:a, *(name:b, name:c)), name:d)",
    "'%s' % x": "%('%s', name:x)",
    "'{}'.format(x)": "call:0",
    "[1, *a]": "[1, name:a, ...]",
    "(1, 2)": "[1, 2]",
    "1, 2": "[1, 2]",
    "()": "[]",
    "{1, 2}": "[1, 2]",
    "{'a': 1, **b}": "{'a': 1, name:b, ...}",
    "{}": "{}",
    "[a.b for a in c]": "[name:a['b'], ...]",
    "{k: v for k, v in c}": "{name:k: name:v, ...}",
    "a if b else c": "choice(name:b -> name:a | not(name:b) -> name:c)",
    "a or b": "choice(name:a | not(name:a) -> name:b)",
    "a or b or c": "choice(name:a | not(name:a) -> name:b | and(not(name:a), not(name:b)) -> name:c)",
    "a and b and c": "and(name:a, name:b, name:c)",
    "not a": "not(name:a)",
    "a < b": "<(name:a, name:b)",
    "a <> b": "!=(name:a, name:b)",
    "a is not None": "is-not(name:a, None)",
    "a not in b": "not-in(name:a, name:b)",
    "a < b <= c": "and(<(name:a, name:b), <=(name:b, name:c))",
    "(n := 5)": "name:n",
    "lambda a: a": "block:1",
    "(yield a)": "unknown what is sent to a generator()",
    "`a`": "unknown a string that cannot be read()",
}


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_values(text: str, value: str) -> None:
    module = facts(f"x = {text}\n")
    assert not module.errors
    assert show(module.bindings[-1].value) == value


ENVIRONMENT = {
    "os.environ['A']": "env:A",
    "os.environ['A'].b": "env:A['b']",
    "os.environ.get('A')": "choice(env:A | None)",
    "os.environ.get('A', 'b')": "choice(env:A | 'b')",
    "os.environ.get('A', default=b)": "choice(env:A | name:b)",
    "os.getenv('A')": "choice(env:A | None)",
    "os.getenv(key='A', default='b')": "choice(env:A | 'b')",
    "os.environ.pop('A')": "env:A",
    "os.environ.pop('A', None)": "choice(env:A | None)",
    "system.environ['A']": "env:A",
    "variables['A']": "env:A",
    "variables.get('A')": "choice(env:A | None)",
    "getenv('A')": "choice(env:A | None)",
    "read('A', 1)": "choice(env:A | 1)",
    "os.environ[KEY]": "env:TABLE",
    "os.environ.get(KEY)": "choice(env:TABLE | None)",
    "os.environ[TWICE]": "unknown computed environment variable(name:TWICE, name:os['environ'])",
    "os.environ[LATER]": "unknown computed environment variable(name:LATER, name:os['environ'])",
    "os.environ[f'A_{b}']": "unknown computed environment variable('A_' & name:b, name:os['environ'])",
    "os.getenv(name, 'b')": "unknown computed environment variable(name:name, name:os['getenv'], 'b')",
    "'A' in os.environ": "in('A', name:os['environ'])",
    "os.environ": "name:os['environ']",
    "os.environ.copy()": "call:0",
    "os.getenv(*names)": "call:0",
    "os.environ.get('A', '').split(',')": "call:0",
    "other.environ['A']": "name:other['environ']['A']",
    "os.path.join('A')": "call:0",
}


@pytest.mark.parametrize(("text", "value"), ENVIRONMENT.items())
def test_the_environment_is_read_in_every_spelling(text: str, value: str) -> None:
    module = facts(
        "import os, os as system\n"
        "from os import environ as variables, getenv, getenv as read\n"
        "KEY = 'TABLE'\nTWICE = 'A'\nTWICE = 'B'\n"
        f"x = {text}\n"
        "LATER = 'C'\n"
    )
    (found,) = (each for each in module.bindings if show(each.target) == "name:x")
    assert show(found.value) == value
    if not value.startswith("call:"):
        assert not module.calls


def test_calls_in_a_default_are_facts_and_the_getter_is_none() -> None:
    module = facts("import os\nx = os.environ.get('A', compute(1))\n")
    assert calls(module) == ["name:compute(1)"]
    assert module.calls[0].use is Use.BOUND
    assert bindings(module) == ["name:x = choice(env:A | call:0)"]


def test_a_method_of_a_variable_with_a_default_keeps_both_in_sight() -> None:
    module = facts("import os\nx = os.environ.get('A', '').split(',')\n")
    assert calls(module) == ["choice(env:A['split'] | unknown part of a value that is computed(''))(',')"]


def test_writes_to_the_environment() -> None:
    module = facts(
        "import os\nos.environ['A'] = b\ny = os.environ.setdefault('C', 'd')\ndel os.environ['E']\n"
        "os.environ[k] = v\nos.environ.setdefault(k, v)\n"
    )
    assert bindings(module) == [
        "env:A = name:b",
        "env:C or-else 'd'",
        "name:y = choice(env:C | 'd')",
        "env:E delete nothing",
        "name:os['environ'][*] = name:v",
        "name:os['environ'][*] or-else nothing",
    ]


def test_whole_environment_stays_visible() -> None:
    module = facts("import os\ndict(os.environ)\nf(**os.environ)\nos.environ.copy()\n")
    assert calls(module) == [
        "name:dict(name:os['environ'])",
        "name:f(**=name:os['environ'])",
        "name:os['environ']['copy']()",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "from os import environ\ndef app(environ, start): return environ['PATH']\n",
        "from os import environ\ndef app(request):\n  environ = request.environ\n  return environ['PATH']\n",
        "from os import environ\ndef app(all):\n  for environ in all:\n    return environ['PATH']\n",
        "from os import environ\nx = [environ['PATH'] for environ in all]\n",
        "from os import environ\nx = lambda environ: environ['PATH']\n",
        "import os\nos = fake()\ndef app(): return os.environ['PATH']\n",
        "def app(): return os.environ['PATH']\n",
    ],
)
def test_a_shadowed_name_is_not_the_environment(text: str) -> None:
    assert not any(ref.kind is RefKind.ENV for value in all_values(facts(text)) for ref in value.references())


def test_an_import_below_the_function_that_uses_it_counts() -> None:
    module = facts("def app():\n  return os.environ['A']\nimport os\n")
    assert show(module.exits[0].value) == "env:A"


def test_a_variable_name_must_be_certain() -> None:
    for spoil in (
        "def f(KEY): pass",
        "for KEY in x: pass",
        "from a import KEY",
        "from a import *",
        "KEY += 'x'",
        "del KEY",
    ):
        module = facts(f"import os\nKEY = 'A'\n{spoil}\nx = os.environ[KEY]\n")
        assert show(module.bindings[-1].value).startswith("unknown computed"), spoil
    inside = facts("import os\nif a:\n  KEY = 'A'\nx = os.environ[KEY]\n")
    assert show(inside.bindings[-1].value).startswith("unknown computed")


BINDINGS = {
    "a = b = f()": ["name:a = call:0", "name:b = call:0"],
    "a, (b, *c), d = x": ["name:a = name:x[0]", "name:b = name:x[1][0]", "name:c = name:x[1][*]", "name:d = name:x[2]"],
    "a, *b, c = x": ["name:a = name:x[0]", "name:b = name:x[*]", "name:c = name:x[*]"],
    "a, *b, c = 1, 2, 3, 4": ["name:a = 1", "name:b = unknown more may follow here(1, 2, 3, 4)", "name:c = 4"],
    "a, b = b, a": ["name:a = name:b", "name:b = name:a"],
    "a, b = 'xy'": [
        "name:a = unknown a part of what is taken apart('xy')",
        "name:b = unknown a part of what is taken apart('xy')",
    ],
    "a: int = 1": ["name:a = 1"],
    "a: int": ["name:a declare nothing"],
    "a += 1": ["name:a += +(name:a, 1)"],
    "a.b //= 2": ["name:a['b'] += //(name:a['b'], 2)"],
    "a[0].b = 1": ["name:a[0]['b'] = 1"],
    "f().a = 1": ["call:0['a'] = 1"],
    "del a, b.c": ["name:a delete nothing", "name:b['c'] delete nothing"],
    "for a, b in c: pass": ["name:a loop name:c[*][0]", "name:b loop name:c[*][1]"],
    "for a in [1, 2]: pass": ["name:a loop unknown an element([1, 2])"],
    "with f() as a: pass": ["name:a held call:0"],
    "with f() as (a, b): pass": ["name:a held call:0[0]", "name:b held call:0[1]"],
    "with (f() as a, b as c): pass": ["name:a held call:0", "name:c held name:b"],
    "with (f() as a): pass": ["name:a held call:0"],
    "try: pass\nexcept E as a: pass": ["name:a catch unknown the exception caught()"],
    "try: pass\nexcept E, a: pass": ["name:a catch unknown the exception caught()"],
    "try: pass\nexcept* E as a: pass": ["name:a catch unknown the exception caught()"],
    "f(a := 1)": ["name:a = 1"],
    "x = [a for a in b for c in a]": ["name:a loop name:b[*]", "name:c loop name:a[*]", "name:x = [name:a, ...]"],
    "type A = int": [],
}


@pytest.mark.parametrize(("text", "expected"), BINDINGS.items())
def test_bindings(text: str, expected: list[str]) -> None:
    module = facts(text + "\n")
    assert not module.errors
    assert bindings(module) == expected


def test_scopes_of_bindings() -> None:
    module = facts(
        "def f():\n"
        "  global g\n"
        "  def inner():\n"
        "    nonlocal late, early\n"
        "    late = early = 1\n"
        "  early = 1\n"
        "  late = 2\n"
        "  if x:\n"
        "    for loop in y:\n"
        "      g = [(w := each) for each in z]\n"
        "      import a.b, c as d\n"
        "      def h(): pass\n"
        "      me.attribute = 1\n"
        "class C:\n"
        "  field = 1\n"
    )
    owner = {show(each.target): each.scope for each in module.bindings}
    function, _, branch, arm, loop, comprehension, _, klass = range(1, 9)
    assert module.blocks[comprehension].kind is BlockKind.LOOP
    assert owner == {
        "name:late": function,
        "name:early": function,
        "name:loop": function,
        "name:each": comprehension,
        "name:w": function,
        "name:g": 0,
        "name:me['attribute']": function,
        "name:field": klass,
    }
    assert [each.scope for each in module.bindings[:2]] == [function, function]
    assert [(each.local, each.scope, each.block) for each in module.imports] == [
        ("a", function, loop),
        ("d", function, loop),
    ]
    assert [(each.name, each.scope) for each in module.definitions] == [("f", 0), ("inner", 1), ("h", 1), ("C", 0)]
    assert (branch, arm) == (3, 4)


def test_computed_subscripts_leave_no_reference_behind() -> None:
    module = facts("x = a[i][f(j)]['k']\nb[k] = 1\n")
    assert bindings(module) == ["name:x = name:a[*][*]['k']", "name:b[*] = 1"]
    assert [show(each.value) for each in module.loose] == ["name:i", "name:k"]
    assert calls(module) == ["name:f(name:j)"]


USES = {
    "x()": Use.DROPPED,
    "await x()": Use.DROPPED,
    "a and x()": Use.DROPPED,
    "x() or a": Use.PART,
    "a = x()": Use.BOUND,
    "a = await (x())": Use.BOUND,
    "a = b or x()": Use.BOUND,
    "a = x() if b else c": Use.BOUND,
    "a = b if x() else c": Use.PART,
    "a = x().b": Use.PART,
    "a = x() + 1": Use.PART,
    "a = [x()]": Use.PART,
    "a += x()": Use.PART,
    "a: int = x()": Use.BOUND,
    "with x() as a: pass": Use.BOUND,
    "with x(): pass": Use.PART,
    "for a in x(): pass": Use.BOUND,
    "(a := x())": Use.BOUND,
    "def f(a=x()): pass": Use.BOUND,
    "def f(): return x()": Use.RETURNED,
    "def f(): yield x()": Use.RETURNED,
    "lambda: x()": Use.RETURNED,
    "raise x()": Use.PART,
    "a = x().y()": Use.PART,
    "print(x())": Use.PASSED,
    "print(*x())": Use.PASSED,
    "print(a=await x())": Use.PASSED,
    "print(a or x())": Use.PASSED,
    "print([x()])": Use.PART,
}


@pytest.mark.parametrize(("text", "use"), USES.items())
def test_uses_of_calls(text: str, use: Use) -> None:
    module = facts(text + "\n")
    (call,) = (call for call in module.calls if show(call.callee) == "name:x")
    assert call.use is use
    assert call.awaited == ("await" in text)
    if use is Use.PASSED:
        assert call.used_by is not None
        assert show(module.calls[call.used_by].callee) == "name:print"


def test_arguments() -> None:
    module = facts("f(1, *a, k=2, **b)\ng(x for x in y)\n','.join(z)\n{'a': 1}.get(k)\n")
    assert calls(module) == [
        "name:f(1, *=name:a, k=2, **=name:b)",
        "name:g([name:x, ...])",
        "builtin:str['join'](name:z, self=',')",
        "builtin:dict['get'](name:k, self={'a': 1})",
    ]
    assert module.calls[0].has_spread
    assert module.calls[0].span.text == "f(1, *a, k=2, **b)"


def test_chains_of_calls() -> None:
    module = facts("x = boto3.Session(a).client('s3')\n")
    assert calls(module) == ["call:1['client']('s3')", "name:boto3['Session'](name:a)"]


BLOCKS = {
    "if a: pass\nelif b: pass\nelse: pass": "module(branch(arm, arm, arm))",
    "for a in b: pass\nelse: pass": "module(loop)",
    "while a: pass": "module(loop)",
    "async def f():\n async for a in b: pass\n async with a: pass": "module(function(loop, held))",
    "with a, b as c: pass": "module(held(held))",
    "try: pass\nexcept A: pass\nexcept: pass\nelse: pass\nfinally: pass": "module(try(catch, catch, finally))",
    "match a:\n case 1: pass\n case _: pass": "module(branch(arm, arm))",
    "class A:\n def f(self): pass": "module(class(function))",
    "a or b": "module",
    "a or b()": "module(branch(arm))",
    "a and b() and c()": "module(branch(arm), branch(arm))",
    "a() if b else c()": "module(branch(arm, arm))",
    "a if b else c()": "module(branch(arm))",
    "a if b else [c for c in d]": "module(branch(arm(loop)))",
    "[a for a in b if c for d in e]": "module(loop(branch(arm(loop))))",
    "x = lambda: lambda: 1": "module(function(function))",
}


@pytest.mark.parametrize(("text", "expected"), BLOCKS.items())
def test_blocks(text: str, expected: str) -> None:
    module = facts(text + "\n")
    assert not module.errors
    assert shape(module) == expected


def subjects(text: str) -> list[str]:
    return [show(block.subject) for block in facts(text).blocks[1:]]


def test_subjects_of_blocks() -> None:
    assert subjects("if a: pass\nelif b: pass\nelse: pass\n") == [
        "nothing",
        "name:a",
        "name:b",
        "not(or(name:a, name:b))",
    ]
    assert subjects("if a: pass\nelse: pass\n") == ["nothing", "name:a", "not(name:a)"]
    assert subjects("for a in b.c: pass\n") == ["name:b['c']"]
    assert subjects("while not a: pass\n") == ["not(name:a)"]
    assert subjects("with a, b(): pass\n") == ["name:a", "call:0"]
    assert subjects("try: pass\nexcept (A, b.B): pass\nexcept C: pass\nexcept: pass\n") == [
        "nothing",
        "[name:A, name:b['B']]",
        "[name:C]",
        "nothing",
    ]
    assert subjects("x = a or b()\n") == ["nothing", "not(name:a)"]
    assert subjects("x = a and b()\n") == ["nothing", "name:a"]
    assert subjects("x = b() if a else c()\n") == ["nothing", "name:a", "not(name:a)"]
    assert subjects("[a for a in b if c]\n") == ["name:b", "nothing", "name:c"]


def test_where_facts_lie() -> None:
    module = facts(
        "@decorator()\n"
        "def f(a=default()):\n"
        "  for x in iterable():\n"
        "    body()\n"
        "  else: after_loop()\n"
        "  while condition(): pass\n"
        "  try: attempt()\n"
        "  except A: rescue()\n"
        "  else: went_well()\n"
        "  finally: clean()\n"
        "  with resource() as r: held()\n"
        "  return [element(e) for e in source() if test(e)]\n"
        "class C(base()):\n"
        "  field = in_class()\n"
    )
    function = "function < module"
    assert {call: block_of(module, f"{call}(") for call in ("decorator", "default", "base")} == dict.fromkeys(
        ("decorator", "default", "base"), "module"
    )
    assert block_of(module, "iterable") == function
    assert block_of(module, "body") == f"loop < {function}"
    assert block_of(module, "after_loop") == function
    assert block_of(module, "condition") == f"loop < {function}"
    assert block_of(module, "attempt") == f"try < {function}"
    assert block_of(module, "rescue") == f"catch < try < {function}"
    assert block_of(module, "went_well") == function
    assert block_of(module, "clean") == f"finally < try < {function}"
    assert block_of(module, "resource") == function
    assert block_of(module, "held") == f"held < {function}"
    assert block_of(module, "source") == function
    assert block_of(module, "test") == f"loop < {function}"
    assert block_of(module, "element") == f"arm < branch < loop < {function}"
    assert block_of(module, "in_class") == "class < module"


def test_match_statements() -> None:
    module = facts(
        "match event:\n"
        "  case 'a' | -1 | None | m.X: pass\n"
        "  case {'k': v, **rest} if v > 1: pass\n"
        "  case [first, *more]: pass\n"
        "  case Point(x=px) as point: pass\n"
        "  case (1 | 2) as number: pass\n"
        "  case other: pass\n"
    )
    assert not module.errors
    assert bindings(module) == [
        "name:v = name:event['k']",
        "name:rest = name:event[*]",
        "name:first = name:event[0]",
        "name:more = name:event[*]",
        "name:point = name:event",
        "name:px = name:event['x']",
        "name:number = name:event",
        "name:other = name:event",
    ]
    conditions = [show(block.subject) for block in module.blocks if block.kind is BlockKind.ARM]
    assert conditions == [
        "==(name:event, choice('a' | -1 | None | name:m['X']))",
        "and(==(name:event, unknown pattern('k', unknown pattern(), unknown pattern())), >(name:v, 1))",
        "==(name:event, unknown pattern(unknown pattern(), unknown pattern()))",
        "==(name:event, unknown pattern(name:Point, unknown pattern(unknown pattern())))",
        "==(name:event, choice(1 | 2))",
        "==(name:event, unknown pattern())",
    ]


def test_definitions() -> None:
    module = facts(
        "@route('/x')\n"
        "async def f(a, /, b: int = 1, *args, c, d=2, **rest) -> None: await g()\n"
        "def g(*, key): yield 1\n"
        "class A(B, metaclass=M):\n"
        "  def method(self, x): return lambda y=x: y\n"
    )
    f, g, klass, method, function = module.definitions
    assert [(each.name, each.kind, show(each.default)) for each in f.parameters] == [
        ("a", "positional", "nothing"),
        ("b", "positional", "1"),
        ("args", "rest", "nothing"),
        ("c", "keyword", "nothing"),
        ("d", "keyword", "2"),
        ("rest", "options", "nothing"),
    ]
    assert (f.is_async, f.is_generator, f.exported_as, f.binding) == (True, False, "f", "")
    assert [show(each) for each in f.decorators] == ["call:0"]
    assert f.span.text == "f"
    assert f.whole.text.startswith("@route")
    assert [(each.name, each.kind) for each in g.parameters] == [("key", "keyword")]
    assert (g.is_async, g.is_generator) == (False, True)
    assert klass.is_class
    assert [show(each) for each in klass.bases] == ["name:B", "name:M"]
    assert (klass.exported_as, klass.scope) == ("A", 0)
    assert (method.binding, method.scope, method.exported_as) == ("instance", klass.body, None)
    assert [each.name for each in method.parameters] == ["x"]
    assert (function.name, function.exported_as, [each.name for each in function.parameters]) == ("", None, ["y"])
    assert [(each.kind, show(each.value)) for each in module.exits if each.block == function.body] == [
        ("return", "name:y")
    ]


def test_the_object_of_a_method() -> None:
    module = facts(
        "class A:\n"
        "  def plain(this, a):\n"
        "    def closure(): return this.x\n"
        "    def other(this): return this.x\n"
        "    return [this.y for a in b]\n"
        "  @classmethod\n"
        "  def make(cls): return cls()\n"
        "  def __new__(cls): return cls\n"
        "  @staticmethod\n"
        "  def static(self): return self\n"
        "  def rest(*args): return args\n"
        "  class Inner:\n"
        "    def f(self): return self\n"
        "def function(self): return self\n"
    )
    returned = {
        definition.name: show(each.value)
        for definition in module.definitions
        for each in module.exits
        if each.block == definition.body
    }
    inner = next(each.body for each in module.definitions if each.name == "Inner")
    assert returned == {
        "plain": "[instance:1['y'], ...]",
        "closure": "instance:1['x']",
        "other": "name:this['x']",
        "make": "call:0",
        "__new__": "block:1",
        "static": "name:self",
        "rest": "name:args",
        "f": f"instance:{inner}",
        "function": "name:self",
    }
    assert calls(module) == ["block:1()"]
    assert {each.name: each.binding for each in module.definitions if each.binding} == {
        "plain": "instance",
        "make": "class",
        "__new__": "class",
        "static": "static",
        "rest": "instance",
        "f": "instance",
    }


def test_an_object_whose_name_is_bound_again_is_an_ordinary_name() -> None:
    module = facts("class A:\n  def f(self):\n    self.x = 1\n    self = other\n    return self.y\n")
    assert bindings(module) == ["name:self = instance:1", "name:self['x'] = 1", "name:self = name:other"]
    assert show(module.exits[0].value) == "name:self['y']"


def test_imports() -> None:
    module = facts(
        "import a.b.c, d as e\nfrom . import f\nfrom .. g import h as i, (j)\n".replace(", (j)", "")
        + "from k import (l, m)\n"
        "from n import *\n"
        "from __future__ import annotations\n"
        "if TYPE_CHECKING:\n"
        "  from o import p\n"
        "else:\n"
        "  import q\n"
        "if typing.TYPE_CHECKING:\n"
        "  import r\n"
        "s = importlib.import_module('t.u')\n"
        "__import__(name='v')\n"
        "importlib.import_module(w)\n"
    )
    assert [(each.module, each.name, each.local, each.style) for each in module.imports] == [
        ("a.b.c", None, "a", "import"),
        ("d", None, "e", "import"),
        (".", "f", "f", "import"),
        ("..g", "h", "i", "import"),
        ("k", "l", "l", "import"),
        ("k", "m", "m", "import"),
        ("n", "*", "", "import"),
        ("__future__", "annotations", "annotations", "import"),
        ("o", "p", "p", "type-only"),
        ("q", None, "q", "import"),
        ("r", None, "r", "type-only"),
        ("t.u", None, "", "dynamic"),
        ("v", None, "", "dynamic"),
    ]
    assert len(module.calls) == 3


def test_exits() -> None:
    module = facts(
        "def f():\n"
        "  for a in b:\n"
        "    if a: continue\n"
        "    break\n"
        "  yield a\n"
        "  yield from b\n"
        "  raise E('x') from cause\n"
        "  return\n"
        "  return a, b\n"
    )
    assert [(each.kind, show(each.value)) for each in module.exits] == [
        ("continue", "nothing"),
        ("break", "nothing"),
        ("yield", "name:a"),
        ("yield", "name:b"),
        ("raise", "call:0"),
        ("return", "nothing"),
        ("return", "[name:a, name:b]"),
    ]
    assert [show(each.value) for each in module.loose] == ["name:cause"]


def test_what_stands_in_no_other_fact() -> None:
    module = facts('"""Text."""\nassert a, b\nc.d\ne == f\n...\nx: Annotation = 1\ndef g(p: Annotation): "doc"\n')
    assert [show(each.value) for each in module.loose] == ["name:a", "name:b", "name:c['d']", "==(name:e, name:f)"]


def test_python_2() -> None:
    module = facts("print 'a' % b, c\nprint >>f, d\nexec code in scope\nraise E, 'text'\ndef g((a, b), c): pass\n")
    assert calls(module) == [
        "name:print(%('a', name:b), name:c)",
        "name:print(file=name:f, name:d)",
        "name:exec(name:code, name:scope)",
    ]
    assert [each.name for each in module.definitions[0].parameters] == ["", "c"]


def test_a_broken_part_leaves_the_rest() -> None:
    module = facts("import os\ndef good(): return f(1)\nx = = 3\ny = g(2)\ndef also(a:\n  pass\nz = h(3)\n")
    assert module.errors
    assert {"name:f(1)", "name:g(2)"} <= set(calls(module))
    assert [each.name for each in module.definitions][:1] == ["good"]
    assert [each.module for each in module.imports] == ["os"]


def test_whole_statements_at_the_margin_survive_an_error_around_them() -> None:
    module = facts(
        "import os\nlambdadef k():\n  return m()\nclass A:\n  def f(self):\n    i()\n    return 1\nx = y()\n"
    )
    assert [each.module for each in module.imports] == ["os"]
    assert not facts("import o'''s\nx = 1\n").imports
    inner = facts("class A:\n  def f(self:\n    import b\n    c()\n  d = {\n")
    assert inner.errors
    assert all(each.block for each in (*inner.imports, *inner.calls))


def test_a_broken_expression_is_unknown() -> None:
    module = facts("a = f(1 2)\nb = 2\n")
    assert bindings(module)[-1] == "name:b = 2"
    assert [show(each.value) for each in module.bindings[:-1]] == ["unknown syntax error()"]
    assert not module.calls


@pytest.mark.parametrize("prefix", ["", "'é'; ", "'😀é\u4e2d'; ", "\ufeff", "# é\r\n", "x = '\ud800'\n"])
def test_positions_count_code_points(prefix: str) -> None:
    module = facts(prefix + "ñame = call('ß', other)\n")
    (binding,) = (each for each in module.bindings if each.how == "=" and each.target.name == "ñame")
    assert binding.span.text == "ñame = call('ß', other)"
    assert binding.target.span.text == "ñame"
    (call,) = module.calls
    assert call.span.text == "call('ß', other)"
    assert [argument.value.span.text for argument in call.arguments] == ["'ß'", "other"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    module = facts(end.join(["import os", "\x0cdef f(a):", "\treturn g(a)", "x = '''1", "2'''", ""]))
    assert not module.errors
    assert calls(module) == ["name:g(name:a)"]
    assert bindings(module) == [r"name:x = '1\n2'"]


MANY = 10_000
HOSTILE = {
    "nothing": "",
    "parentheses": "(" * MANY + "x" + ")" * MANY,
    "open parentheses": "(" * MANY,
    "closing parentheses": ")" * MANY,
    "attributes": "x = a" + ".b" * MANY,
    "sums": "x = a" + "+a" * MANY,
    "differences": "x = a" + "-a" * MANY,
    "sums and differences": "x = " + "a+a-" * MANY + "a",
    "differences in parentheses": "x = " + "(" * 90 + "a" + "-b" * 90 + ("-b)" + "-b" * 90) * 90,
    "text": "x = 'a'" + "+'b'" * MANY,
    "lists": "[" * MANY + "]" * MANY,
    "calls": "f(" * MANY + ")" * MANY,
    "calls of calls": "f" + "()" * MANY,
    "methods of calls": "f" + ".g()" * MANY,
    "subscripts": "a" + "[i]" * MANY,
    "not": "x = " + "not " * MANY + "x",
    "minus": "x = " + "-" * MANY + "1",
    "lambdas": "x = " + "lambda: " * MANY + "1",
    "or": "x = " + "a or " * MANY + "b",
    "and": "x = " + "a and " * MANY + "b",
    "and or": "x = " + "a and b or " * MANY + "b",
    "conditions": "x = " + "a if b else " * MANY + "c",
    "comprehensions": "[" * 500 + "x" + " for x in y]" * 500,
    "functions": "".join(" " * level + "def f():\n" for level in range(500)) + " " * 500 + "pass\n",
    "ifs": "".join(" " * level + "if a:\n" for level in range(800)) + " " * 800 + "pass\n",
    "elifs": "if a: pass\n" + "elif b: f()\n" * MANY,
    "assignments": "a = " * MANY + "b",
    "targets": "(" * MANY + "a," + ")," * MANY + " = x",
    "loops": "for " + "(" * MANY + "a" + ")" * MANY + " in b: pass",
    "with": "with " + ", ".join(["a() as b"] * 2000) + ": pass",
    "decorators": "@a\n" * MANY + "def f(): pass",
    "awaits": "await " * MANY + "x",
    "walruses": "(a := " * MANY + "1" + ")" * MANY,
    "yields": "(yield " * MANY + "1" + ")" * MANY,
    "patterns": "match x:\n case " + "[" * 500 + "]" * 500 + ": pass",
    "annotations": "x: " + "list[" * MANY + "]" * MANY + " = 1",
    "holes": 'f"{' * 500 + '}"' * 500,
    "zeros": "\0" * MANY,
    "zeros in code": "a\0b = 1\nx = f()\n" * 500,
    "joined lines": "\\\n" * 50_000 + "x",
    "joined lines in brackets": "x = (\n" + "\\\r\n  " * 50_000 + "1)",
    "objects bound again": "class A:\n def f(self):\n  self = 1\n" * 1000,
    "computed variables": "import os\n" + "os.environ[K]\n" * 2000,
    "nonlocals": "def f():\n nonlocal x\n x = 1\n" * 1000,
    "digits": "x = " + "9" * 100_000,
    "unclosed text": '"""' + "a" * 100_000,
    "endless readings": "".join(random.Random(1).choices(["1", "**", "x", "else:"], k=20_000)),
    "endless operators": "or not " * 9000,
    "names": "def " * MANY,
    "table": "x = {" + "'a': b(),\n" * 5000 + "}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_bounded_time(text: str) -> None:
    started = time.process_time()
    module = facts(text)
    assert time.process_time() - started < 8
    # What rules do with values must not run out of stack either.
    for value in all_values(module):
        hash(value)
        assert value == value
        list(value.possible())


def test_deep_stacks_leave_room_for_nested_code() -> None:
    def call_from(depth: int) -> Module:
        return facts(HOSTILE["methods of calls"]) if depth == 0 else call_from(depth - 1)

    frames = len(inspect.stack())
    module = call_from(max(sys.getrecursionlimit() - frames - 600, 0))
    assert module.errors


def test_what_is_too_deep_is_listed_and_the_rest_stays() -> None:
    module = facts("x = " + "[" * 2000 + "]" * 2000 + "\ny = f()\n")
    assert len(module.errors) == 1
    assert bindings(module)[-1] == "name:y = call:0"


def test_a_large_table_is_read() -> None:
    module = facts(HOSTILE["table"])
    assert not module.errors
    assert len(module.calls) == 5000


def test_a_huge_file_is_one_error() -> None:
    module = facts("x = 1\n" * (LARGEST_FILE // 6 + 1))
    assert [(span.start, span.end) for span in module.errors] == [(0, len(module.file.text))]
    assert not module.bindings


SNIPPETS = "\n".join(
    [
        *(f"x = {text}" for text in (*VALUES, *ENVIRONMENT) if len(text) < 100),
        *BINDINGS,
        *BLOCKS,
        "class A:\n  def f(self, *a, k=1):\n    with self.x as y, z: return [await b for c in self.d if e]\n",
    ]
)
PIECES = st.sampled_from(
    [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        "=",
        "\n",
        "\n  ",
        "'",
        '"""',
        "f'{",
        ",",
        ".",
        "\\",
        "é",
        "\0",
        "def ",
        "if ",
        "as ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_facts(text: str) -> None:
    facts(text)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SNIPPETS)), st.integers(0, 12), PIECES), min_size=1, max_size=8), st.data()
)
def test_any_broken_code_has_facts(edits: list[tuple[int, int, str]], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SNIPPETS) - 400))
    text = SNIPPETS[start : start + 400]
    for at, length, piece in edits:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + length :]
    facts(text)


LIBRARY = [
    argparse,
    asyncio.tasks,
    asyncio.base_events,
    collections,
    contextlib,
    dataclasses,
    inspect,
    json.decoder,
    logging,
    random,
    typing,
]


@pytest.mark.parametrize("module", LIBRARY, ids=lambda module: module.__name__)
def test_every_name_text_and_call_lies_in_a_fact(module: ModuleType) -> None:
    """Of real files, nothing that was written is out of reach: it is part of the span of a value.

    Not of just any value: a reference or literal of its own, not only the expression around it.
    """
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    found = facts(text)
    assert not found.errors
    covered = bytearray(len(text) + 1)
    for value in all_values(found):
        for part in value.walk():
            span = _own_span(found, part)
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
    called = {(call.span.start, call.span.end) for call in found.calls}
    written = list(_written(text))
    lost = [
        text[start:end]
        for start, end, is_call in written
        if not covered[start] and not (is_call and (start, end) in called)
    ]
    assert len(written) > 200
    assert len(lost) <= len(written) // 500, lost  # the name of an attribute of something computed


def _own_span(module: Module, value: Value) -> Span:
    """What a value itself writes down, without the call or block that it refers to."""
    span = value.span
    if isinstance(value, Ref) and value.kind is RefKind.CALL:
        return Span(span.file, module.calls[int(value.name)].span.end, span.end)
    if isinstance(value, Ref) and value.kind is RefKind.BLOCK and span == module.blocks[int(value.name)].span:
        return Span(span.file, span.start, span.start)
    if isinstance(value, (Ref, Literal)):
        return span
    return Span(span.file, span.start, span.start)


def _written(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where the text writes names, strings and calls that are no annotation, parameter, definition or import."""
    syntax = parse(text, "python")
    assert syntax is not None

    def offset(byte: int) -> int:
        return byte - bisect_left(syntax.wide, byte)

    names = (
        "function_definition",
        "class_definition",
        "keyword_argument",
        "default_parameter",
        "typed_default_parameter",
    )
    stack = [(syntax.root, syntax.root, "")]
    while stack:
        node, parent, field = stack.pop()
        kind, outer = node.type, parent.type
        is_parameter = outer in (
            "parameters",
            "lambda_parameters",
            "typed_parameter",
            "dictionary_splat_pattern",
            "list_splat_pattern",
        )
        if kind in ("type", "global_statement", "nonlocal_statement", "type_parameter") or "import" in kind:
            continue
        is_name = kind == "identifier" and not is_parameter and not (field == "name" and outer in names)
        is_text = kind == "string_content" and outer == "string"
        is_docstring = parent.parent is not None and parent.parent.type == "expression_statement"
        if is_name or (is_text and not is_docstring) or kind == "call":
            yield offset(node.start_byte), offset(node.end_byte), kind == "call"
        for index, child in enumerate(node.children):
            stack.append((child, node, node.field_name_for_child(index) or ""))
