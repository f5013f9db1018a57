"""The JavaScript and TypeScript front end: small texts and the facts they hold, and hostile texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slint.code.facts import BlockKind, Definition, Import, Module, Use
from slint.code.javascript import extract
from slint.code.syntax import LARGEST_FILE
from slint.source import SourceFile
from slint.value import Ref, RefKind
from tests.test_python_facts import all_values, bindings, block_of, calls, shape, show


def facts(text: str, path: str = "app.ts") -> Module:
    module = extract(SourceFile(path, text))
    assert_sound(module)
    return module


def assert_sound(module: Module) -> None:
    """What holds of the facts of any text at all."""
    size = len(module.file.text)
    blocks = module.blocks
    assert (blocks[0].kind, blocks[0].parent) == (BlockKind.MODULE, -1)
    for index, block in enumerate(blocks[1:], 1):
        outer = blocks[block.parent]
        assert 0 <= block.parent < index
        assert outer.span.start <= block.span.start <= block.span.end <= outer.span.end
        assert (outer.kind is BlockKind.BRANCH) == (block.kind is BlockKind.ARM)
        if block.kind in (BlockKind.CATCH, BlockKind.FINALLY):
            assert outer.kind is BlockKind.TRY
    placed = (*module.calls, *module.bindings, *module.imports, *module.exits, *module.loose, *module.definitions)
    assert all(0 <= each.block < len(blocks) for each in placed)
    for call in module.calls:
        assert (call.use is Use.PASSED) == (call.used_by is not None)
        assert call.used_by is None or module.calls[call.used_by]
    for definition in module.definitions:
        assert blocks[definition.body].kind is (BlockKind.CLASS if definition.is_class else BlockKind.FUNCTION)
        assert definition.whole.start <= definition.span.start <= definition.span.end <= definition.whole.end
    for fact in (*module.bindings, *module.imports, *module.definitions):
        around = module.enclosing(fact.block)
        is_counter = blocks[fact.scope].kind is BlockKind.LOOP and blocks[fact.scope].parent == fact.block
        assert fact.scope in around or is_counter or (isinstance(fact, Definition) and fact.scope == -1)
    spans = [each.span for each in placed if hasattr(each, "span")] + list(module.errors)
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
    "undefined": "None",
    "null": "None",
    "a.b['k'][0].c": "name:a['b']['k'][0]['c']",
    "a?.b?.[i]": "name:a['b'][*]",
    "a!.b as Foo": "name:a['b']",
    "(a satisfies B).c": "name:a['c']",
    "<Foo>a": "name:a",
    "await a.b": "name:a['b']",
    "f(x).y": "call:0['y']",
    "new F().y": "call:0['y']",
    "1_000": "1000",
    "0x1F": "31",
    "10n": "10",
    "-1.5": "-1.5",
    "1e3": "1000.0",
    r"'a\x41\u0042\u{43}\n'": r"'aABC\n'",
    "'a' + b + `c${d}e`": "'a' & name:b & 'c' & name:d & 'e'",
    "`plain`": "'plain'",
    "a === 1": "==(name:a, 1)",
    "a !== b": "!=(name:a, name:b)",
    "!a": "not(name:a)",
    "a && b": "and(name:a, name:b)",
    "a ?? 'd'": "choice(name:a | not(name:a) -> 'd')",
    "a ? 1 : 2": "choice(name:a -> 1 | not(name:a) -> 2)",
    "[1, ...a]": "[1, name:a, ...]",
    "{ a, b: 1, 'c': 2, ...d }": "{'a': name:a, 'b': 1, 'c': 2, name:d, ...}",
    "process.env.A": "choice(env:A | None)",
    "process.env['A']": "choice(env:A | None)",
    "process.env.A!": "choice(env:A | None)",
    "process.env.A || 'd'": "choice(env:A | not(choice(env:A | None)) -> 'd')",
    "process.env.A.length": "env:A['length']",
    "process.env[k]": "unknown computed environment variable(name:k)",
    "process.env": "name:process['env']",
    "require('pg').Pool": "name:require(pg)['Pool']",
    "(await import('pg')).Pool": "name:dynamic(pg)['Pool']",
    "module.exports.a": "name:exports['a']",
    "/a/g": "unknown a pattern()",
}


@pytest.mark.parametrize(("text", "value"), VALUES.items(), ids=VALUES)
def test_values(text: str, value: str) -> None:
    path = "app.js" if text.startswith("process.env.A ||") else "app.ts"
    (last,) = facts(f"x = ({text});\n", path).bindings[-1:]
    assert show(last.value) == value


def test_parts_of_literals_are_literals_and_their_methods_belong_to_the_type() -> None:
    assert calls(facts("'a,b'.split(',')")) == ["builtin:str['split'](',', self='a,b')"]


BINDINGS = {
    "const a = 1": ["name:a = 1"],
    "let a": ["name:a declare nothing"],
    "a ??= b": ["name:a or-else name:b"],
    "a ||= b": ["name:a or-else name:b"],
    "a += 1": ["name:a += +(name:a, 1)"],
    "i++": ["name:i += +(name:i, 1)"],
    "const { a, b: { c = 1 }, ...rest } = x": [
        "name:a = name:x['a']",
        "name:c = choice(name:x['b']['c'] | 1)",
        "name:rest = name:x[*]",
    ],
    "const [a, , b] = x": ["name:a = name:x[0]", "name:b = name:x[2]"],
    "const { A, B: b = 'd' } = process.env": ["name:A = choice(env:A | None)", "name:b = choice(env:B | 'd')"],
    "for (const x of xs) {}": ["name:x loop name:xs[*]"],
    "for (const x in xs) {}": ["name:x loop unknown a key(name:xs)"],
    "try {} catch (e) {}": ["name:e catch unknown the exception caught()"],
    "exports.a = b": ["name:exports['a'] = name:b"],
    "module.exports = b": ["name:exports = name:b"],
    "module.exports.a = exports.b = c": ["name:exports['b'] = name:c", "name:exports['a'] = name:c"],
    "export const a = 1": ["name:a = 1", "name:exports['a'] = name:a"],
    "export { a as b }": ["name:exports['b'] = name:a"],
    "export default a": ["name:exports['default'] = name:a"],
    "export = a": ["name:exports = name:a"],
    "process.env.A = 'x'": ["env:A = 'x'"],
    "process.env[k] = v": ["name:process['env'][*] = name:v"],
    "enum E { A = 'a', B }": ["name:E = {'A': 'a', 'B': unknown a number()}"],
    "delete a.b": ["name:a['b'] delete nothing"],
}


@pytest.mark.parametrize(("text", "expected"), BINDINGS.items(), ids=BINDINGS)
def test_bindings(text: str, expected: list[str]) -> None:
    assert bindings(facts(f"{text};\n")) == expected


IMPORTS = {
    "import a from 'm'": [("m", "default", "a", "import")],
    "import a, { b, c as d } from 'm'": [
        ("m", "default", "a", "import"),
        ("m", "b", "b", "import"),
        ("m", "c", "d", "import"),
    ],
    "import * as a from './m'": [("./m", None, "a", "import")],
    "import 'm'": [("m", None, "", "import")],
    "import type { A } from 'm'": [("m", "A", "A", "type-only")],
    "import { type A, b } from 'm'": [("m", "A", "A", "type-only"), ("m", "b", "b", "import")],
    "import a = require('m')": [("m", None, "a", "require")],
    "const a = require('m')": [("m", None, "a", "require")],
    "const { a, b: c } = require('m')": [("m", "a", "a", "require"), ("m", "b", "c", "require")],
    "const { a } = await import('m')": [("m", "a", "a", "dynamic")],
    "require('m')": [("m", None, "require(m)", "require")],
    "export { a as b } from './m'": [("./m", "a", "import(./m).a", "import")],
    "export * from './m'": [("./m", "*", "", "re-export")],
    "export * as n from './m'": [("./m", None, "import(./m).*", "import")],
}


@pytest.mark.parametrize(("text", "expected"), IMPORTS.items(), ids=IMPORTS)
def test_imports(text: str, expected: list[tuple[str, str | None, str, str]]) -> None:
    def row(each: Import) -> tuple[str, str | None, str, str]:
        return each.module, each.name, each.local, each.style

    path = "app.ts" if (" = require" in text and text.startswith("import")) or "type" in text else "app.mjs"
    assert [row(each) for each in facts(f"{text};\nuse(a, b, d);\n", path).imports] == expected


def test_an_import_that_is_only_a_type_is_never_loaded() -> None:
    code = "import { A, b } from 'm';\nimport C from 'c';\nlet x: A;\nb();\nexport { C };\n"
    assert [(each.name, each.style) for each in facts(code).imports] == [
        ("A", "type-only"),
        ("b", "import"),
        ("default", "import"),
    ]
    assert {each.style for each in facts("import A from 'm';\n", "app.js").imports} == {"import"}
    assert {each.style for each in facts("import A from 'm';\n<A />;\n", "app.tsx").imports} == {"import"}


SHAPES = {
    "if (a) b(); else if (c) d(); else { e() }": "module(branch(arm, arm, arm))",
    "for (const a of b) { c() }": "module(loop)",
    "for (let i = 0; i < 3; i++) c()": "module(loop)",
    "while (a) b()": "module(loop)",
    "do { b() } while (a)": "module(loop)",
    "try { a() } catch { b() } finally { c() }": "module(try(catch, finally))",
    "switch (a) { case 1: case 2: b(); break; default: c() }": "module(branch(arm, arm, arm))",
    "const f = () => g()": "module(function)",
    "a || b()": "module(branch(arm))",
    "a ? b() : c": "module(branch(arm))",
    "x ??= f()": "module(branch(arm))",
    "class A { b() {} static { c() } }": "module(class(function))",
    "class A { b = c() }": "module(class(function))",
}


@pytest.mark.parametrize(("text", "expected"), SHAPES.items(), ids=SHAPES)
def test_shapes(text: str, expected: str) -> None:
    assert shape(facts(text)) == expected


def test_what_a_condition_guards() -> None:
    module = facts("function f() { if (!c) { c = make() } return c }\nlet c;\n")
    assert block_of(module, "make()") == "arm < branch < function < module"
    (made,) = [each for each in module.bindings if each.how == "="]
    assert made.scope == 0


def test_let_belongs_to_its_block_and_var_to_the_function() -> None:
    module = facts("function f() { if (a) { let b = 1; var c = 2; b = 3; d = 4 } }")
    scopes = {(show(each.target), show(each.value)): module.blocks[each.scope].kind for each in module.bindings}
    assert scopes == {
        ("name:b", "1"): BlockKind.ARM,
        ("name:c", "2"): BlockKind.FUNCTION,
        ("name:b", "3"): BlockKind.ARM,
        ("name:d", "4"): BlockKind.MODULE,
    }


def test_functions_are_named_by_what_they_are_bound_to() -> None:
    module = facts(
        "export const a = async (event, { b }) => {};\nexports.c = function d() {};\nconst o = { e() {}, f: () => 1 };\n"
        "export function* g(x, y = 1, ...z) { yield x }\nexport default () => {};\n"
    )
    found = {each.name: each for each in module.definitions}
    assert [each.name for each in module.definitions] == ["a", "d", "e", "f", "g", ""]
    assert [each.name for each in found["a"].parameters] == ["event", "#1"]
    assert [each.kind for each in found["g"].parameters] == ["positional", "positional", "rest"]
    assert found["a"].is_async and found["a"].scope == 0 and found["a"].exported_as == "a"
    assert found["d"].scope == -1 and found["d"].exported_as == "c"
    assert found["g"].is_generator and found["g"].exported_as == "g"
    assert found[""].exported_as == "default"


def test_a_class_makes_its_fields_in_its_constructor() -> None:
    module = facts(
        "class A extends B { x = make(); static y = one();\n  constructor(private z: Z) { super(z); this.w = z }\n"
        "  get v() { return this.x }\n}\nclass C { u = two() }\n"
    )
    assert bindings(module) == [
        "block:1['y'] = call:0",
        "instance:1['z'] = name:z",
        "instance:1['x'] = call:1",
        "instance:1['w'] = name:z",
        "instance:4['u'] = call:3",
    ]
    assert block_of(module, "make()") == "function < class < module"
    assert block_of(module, "one()") == "class < module"
    assert calls(module)[2] == "name:B(name:z)"
    assert [each.name for each in module.definitions] == ["A", "constructor", "v", "C", "constructor"]
    assert [show(each) for each in module.definitions[2].decorators] == ["builtin:property"]


def test_what_becomes_of_a_result() -> None:
    module = facts(
        "f();\nawait f();\nconst a = await f();\ng(f());\nasync () => f();\nf().then(h);\nreturn f()\n", "app.js"
    )
    uses = [(each.use, each.awaited) for each in module.calls if show(each.callee) == "name:f"]
    assert uses == [
        (Use.DROPPED, False),
        (Use.DROPPED, True),
        (Use.BOUND, True),
        (Use.PASSED, False),
        (Use.RETURNED, False),
        (Use.PART, False),
        (Use.RETURNED, False),
    ]


def test_a_call_with_arguments_for_types_is_awaited_as_a_whole() -> None:
    module = facts("await f<T>(1);\nconst a = await x.f<T>(await g<T>());\n", "app.ts")
    assert [(show(each.callee), each.use, each.awaited) for each in module.calls] == [
        ("name:f", Use.DROPPED, True),
        ("name:x['f']", Use.BOUND, True),
        ("name:g", Use.PASSED, True),
    ]


@pytest.mark.parametrize("path", ["a.js", "a.mjs", "a.cjs", "a.jsx", "a.ts", "a.mts", "a.cts", "a.tsx"])
def test_every_ending_is_read(path: str) -> None:
    module = facts("import x from 'y';\nexport const a = x.b(1);\n", path)
    assert calls(module) == ["name:x['b'](1)"]
    assert not module.errors
    assert module.language == ("typescript" if "ts" in path else "javascript")


@pytest.mark.parametrize("path", ["a.jsx", "a.tsx", "a.js"])
def test_expressions_in_markup_are_read(path: str) -> None:
    assert calls(facts("const a = <p onClick={() => f(1)}>{g(2)}</p>;\n", path)) == ["name:f(1)", "name:g(2)"]


def test_positions_count_code_points() -> None:
    module = facts("const ä = '😀';\nf('é', b);\n")
    (call,) = module.calls
    assert call.span.text == "f('é', b)"
    assert [each.value.span.text for each in call.arguments] == ["'é'", "b"]
    assert call.span.location().start == (2, 1)


def test_a_broken_part_leaves_the_rest() -> None:
    module = facts(
        "import a from 'a';\nconst b = c(;\nexport const handler = async (event) => {\n  d(1);\n  e(2 3);\n};\n"
    )
    assert module.errors
    assert [each.module for each in module.imports] == ["a"]
    assert "name:d(1)" in calls(module)
    assert "handler" in [each.name for each in module.definitions]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "[" * 20_000 + "]" * 20_000,
        "a(" * 5_000 + ")" * 5_000,
        "() => " * 5_000 + "1",
        "{" * 5_000 + "}" * 5_000,
        "if (a) " * 5_000 + "b()",
        "a." * 20_000 + "b",
        "a" + "()" * 5_000,
        "f()" + ".then(x)" * 5_000,
        "1" + "+1" * 20_000,
        "a" + " || b" * 5_000,
        "`${" * 2_000 + "1" + "}`" * 2_000,
        "const {" + "a: {" * 3_000 + "}" * 3_000 + "} = b",
        "class A { a = " * 1_000,
        "x = {a:" * 3_000,
        "\0\ud800\ufeff",
        "<a>" * 5_000,
        "/*" * 20_000,
        "'" * 9_999,
        "x" * (LARGEST_FILE + 1),
    ],
    ids=lambda text: text[:12].encode("ascii", "backslashreplace").decode(),
)
@pytest.mark.parametrize("path", ["a.js", "a.ts", "a.tsx"])
def test_hostile_texts_take_bounded_time(text: str, path: str) -> None:
    start = time.process_time()
    facts(text, path)
    assert time.process_time() - start < 8


SNIPPETS = """\
import { S3Client } from '@aws-sdk/client-s3';
const { a, b: [c, ...d] } = require('x');
export default class A extends B { #p = 1; static async m({ q }, ...r) { for await (const x of y) { yield1(x) } } }
export const handler = async (event: Event, ctx?: Context): Promise<void> => {
  try { await f(event?.a!.b as C, `t${g(1)}u`) } catch ({ message }) { throw new Error(message) } finally { h() }
  switch (event.k) { case 'a': return { ...event, [key]: () => {} }; default: break }
  client ??= new S3Client({ region: process.env.REGION || 'eu' });
};
module.exports = { handler: wrap(handler), get x() { return 1 } };
"""
PIECES = st.sampled_from(
    ["{", "}", "(", ")", "=>", "`", "${", "'", "class", "async", "export", "=", ",", "?.", "<", "\n", "é", ""]
)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["a.js", "a.ts", "a.tsx"]))
def test_any_text_has_facts(text: str, path: str) -> None:
    facts(text, path)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SNIPPETS)), st.integers(0, 12), PIECES), min_size=1, max_size=8),
    st.sampled_from(["a.js", "a.ts", "a.tsx"]),
)
def test_any_broken_code_has_facts(edits: list[tuple[int, int, str]], path: str) -> None:
    text = SNIPPETS
    for at, length, piece in edits:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + length :]
    facts(text, path)


@pytest.mark.parametrize("text", ["f(f(1)).x += 1", "f(f(1)).x++", "f(f(1)).x ??= 1", "--f(f(1)).x"])
def test_what_is_changed_in_place_is_evaluated_once(text):
    assert [call.span.text for call in facts(text).calls] == ["f(f(1))", "f(1)"]
