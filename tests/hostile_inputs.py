"""Inputs that nobody writes and everybody meets: what each is, and what slint must say about it.

They are made when a test runs, because most cannot be committed: too large, no valid names, or no regular files.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

DEEP = 10_000

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: {runtime}
"""
PYTHON = SAM.format(runtime="python3.13")
NODE = SAM.format(runtime="nodejs22.x")
IMAGE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Metadata: {DockerContext: ., Dockerfile: Dockerfile}
    Properties: {PackageType: Image}
"""
HANDLER = "def handler(event, context):\n    return 1\n"

Content = str | bytes
Build = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Hostile:
    """Files by path, and `build` for what is no plain file.

    `findings` and `ledger` are beginnings of lines that must be said about it; a finding makes the exit code 1.
    """

    files: Mapping[str, Content]
    findings: tuple[str, ...] = ()
    ledger: tuple[str, ...] = ()
    build: Build = lambda folder: None

    def write(self, folder: Path) -> None:
        """Write all of it below a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        self.build(folder)


def _python(code: Content, findings: tuple[str, ...] = (), ledger: tuple[str, ...] = ()) -> Hostile:
    return Hostile({"template.yaml": PYTHON, "app.py": code}, findings, ledger)


def _node(code: Content, ending: str = "js", ledger: tuple[str, ...] = ()) -> Hostile:
    return Hostile({"template.yaml": NODE, f"app.{ending}": code}, (), ledger)


def _property(text: str) -> str:
    return f"{PYTHON}      Tags:\n        A: {text}\n"


def _bomb() -> str:
    lines = ["  a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return f"Metadata:\n{chr(10).join(lines)}\n{_property('*a11')}"


def _merges() -> str:
    lines = ["  m0: &m0 {k0: x}"]
    lines += [f"  m{n}: &m{n}\n    <<: [*m{n - 1}, *m{n - 1}]\n    k{n}: {{<<: *m{n - 1}}}" for n in range(1, 40)]
    return f"Metadata:\n{chr(10).join(lines)}\n{_property('{<<: *m39}')}"


def _json_template(extra: str) -> str:
    return (
        '{"Resources": {"Orders": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "app.handler", '
        f'"Runtime": "python3.13", "CodeUri": ".", "Tags": {extra}}}}}}}}}'
    )


_TOO_DEEP = "nested too deeply"
_BROKEN = "error[syntax-error] "
_NOT_PYTHON = "error[syntax-error] this file is not valid Python here"

YAML = {
    "alias bomb": Hostile({"template.yaml": _bomb(), "app.py": HANDLER}, ledger=("template.yaml:6: ",)),
    "merge bomb": Hostile({"template.yaml": _merges(), "app.py": HANDLER}, ledger=("template.yaml:",)),
    "an alias to itself": Hostile(
        {"template.yaml": _property("&a [*a]"), "app.py": HANDLER}, ledger=("template.yaml:10: ",)
    ),
    "undefined alias": Hostile({"template.yaml": _property("*nowhere")}, findings=("template.yaml:10:12: " + _BROKEN,)),
    "deep flow": Hostile({"template.yaml": _property("[" * DEEP + "]" * DEEP)}, findings=("template.yaml:10:",)),
    "deep flow, never closed": Hostile({"template.yaml": _property("[" * DEEP)}, findings=("template.yaml:",)),
    "deep flow mapping": Hostile(
        {"template.yaml": _property("{a: " * DEEP + "}" * DEEP)}, findings=("template.yaml:10:",)
    ),
    "deep block": Hostile({"template.yaml": _property("\n          " + "- " * DEEP)}, findings=("template.yaml:11:",)),
    "deep keys": Hostile({"template.yaml": _property("\n          " + "? " * DEEP)}, findings=("template.yaml:11:",)),
    "deep, but not too deep to parse": Hostile(
        {"template.yaml": _property("[" * 500 + "]" * 500), "app.py": HANDLER}, ledger=("template.yaml:10: ",)
    ),
    "deep functions": Hostile(
        {"template.yaml": _property("!If [A, " * 800 + "x" + ", y]" * 800), "app.py": HANDLER},
        ledger=("template.yaml:10: ",),
    ),
    "deepest functions": Hostile(
        {"template.yaml": _property("!If [A, " * 10_000 + "x" + ", y]" * 10_000), "app.py": HANDLER},
        findings=("template.yaml:10:",),
    ),
    "tabs": Hostile({"template.yaml": PYTHON.replace("    ", "\t")}, findings=("template.yaml:",)),
    "duplicate keys": Hostile(
        {"template.yaml": PYTHON + PYTHON.partition("\n")[2], "app.py": HANDLER}, ledger=("template.yaml:2: ",)
    ),
    "many documents": Hostile({"template.yaml": "---\n".join([PYTHON] * 3), "app.py": HANDLER}),
    "empty sections": Hostile({"template.yaml": PYTHON + "Parameters:\nGlobals:\nOutputs:\n", "app.py": HANDLER}),
    "no resources": Hostile({"template.yaml": "# AWS::X::Y\nTransform: AWS::Serverless-2016-10-31\nResources:\n"}),
    "NUL": Hostile({"template.yaml": PYTHON + "\0"}, findings=("template.yaml:9:1: " + _BROKEN,)),
    "BOM": Hostile({"template.yaml": b"\xef\xbb\xbf" + _property("[").encode()}, findings=("template.yaml:",)),
    "UTF-16": Hostile({"template.yaml": _property("[").encode("utf-16")}, findings=("template.yaml:",)),
    "UTF-16 without a mark": Hostile({"template.yaml": PYTHON.encode("utf-16-le")}, ledger=("template.yaml: ",)),
    "CRLF": Hostile(
        {"template.yaml": _property("[").replace("\n", "\r\n")}, findings=("template.yaml:11:1: " + _BROKEN,)
    ),
    "not UTF-8": Hostile({"template.yaml": PYTHON.encode() + b"# \xe9\n"}, ledger=("template.yaml: ",)),
    "long scalar": Hostile({"template.yaml": _property("x" * 900_000), "app.py": HANDLER}),
    "long key": Hostile({"template.yaml": f"{PYTHON}      {'k' * 5_000}: 1\n"}, findings=("template.yaml:",)),
    "many resources": Hostile(
        {
            "template.yaml": PYTHON
            + "".join(
                f"  R{n}:\n    Type: AWS::SNS::Topic\n    Properties: {{A: !Ref R{n - 1}}}\n" for n in range(5_000)
            ),
            "app.py": HANDLER,
        }
    ),
    "odd numbers": Hostile(
        {
            "template.yaml": PYTHON
            + "      Timeout: .nan\n      MemorySize: 1e999\n      ReservedConcurrentExecutions: "
            + "9" * 5_000
            + "\n",
            "app.py": HANDLER,
        }
    ),
    "odd numerals": Hostile(
        {
            "template.yaml": PYTHON
            + "      Timeout: 1_\n      MemorySize: 0x_\n      ReservedConcurrentExecutions: 1_.e+3\n",
            "app.py": HANDLER,
        }
    ),
    "many variables": Hostile(
        {
            "template.yaml": PYTHON
            + "      Environment:\n        Variables:\n"
            + "".join(f"          V{n}: value\n" for n in range(10_000)),
            "app.py": HANDLER,
        }
    ),
    "a token in tokens": Hostile(
        {
            "template.yaml": PYTHON + f"      Environment: {{Variables: {{SLACK_TOKEN: '{'xoxb-' * 20_000}'}}}}\n",
            "app.py": HANDLER,
        }
    ),
    "blanks after a tag": Hostile({"template.yaml": _property("!Sub" + " " * 200_000 + "x"), "app.py": HANDLER}),
    "references in each other": Hostile(
        {
            "template.yaml": PYTHON
            + "      Environment: {Variables: {A: !Ref P0}}\nParameters:\n"
            + "".join(f"  P{n}: {{Type: String, Default: !Ref P{(n + 1) % 50}}}\n" for n in range(50)),
            "app.py": HANDLER,
        }
    ),
    "substitutions in each other": Hostile(
        {
            "template.yaml": _property("'" + "${" * 50_000 + "}" * 50_000 + "'").replace("A: '", "A: !Sub '"),
            "app.py": HANDLER,
        }
    ),
    "mapping in each other": Hostile(
        {
            "template.yaml": _property("!FindInMap [" * 400 + "M" + ", a, b]" * 400) + "Mappings: {M: {a: {b: M}}}\n",
            "app.py": HANDLER,
        },
        ledger=("template.yaml:10: ",),
    ),
}

JSON = {
    "deep arrays": Hostile({"template.json": _json_template("[" * DEEP + "]" * DEEP)}, findings=("template.json:1:",)),
    "deep objects": Hostile(
        {"template.json": _json_template('{"a":' * DEEP + "1" + "}" * DEEP)}, findings=("template.json:1:",)
    ),
    "deep, never closed": Hostile({"template.json": _json_template("[" * DEEP)}, findings=("template.json:1:",)),
    "deep, but not too deep": Hostile(
        {"template.json": _json_template("[" * 1_500 + "]" * 1_500), "app.py": HANDLER}, ledger=("template.json:1: ",)
    ),
    "cut off": Hostile({"template.json": _json_template("{}")[:-5]}, findings=("template.json:1:",)),
    "duplicate keys": Hostile(
        {"template.json": _json_template('{"a": 1, "a": 2}'), "app.py": HANDLER}, ledger=("template.json:1: ",)
    ),
    "lone surrogates": Hostile({"template.json": _json_template(r'{"\ud800": "\udfff"}'), "app.py": HANDLER}),
    "NUL": Hostile({"template.json": _json_template('"\0"')}, findings=("template.json:1:",)),
    "comments that never end": Hostile(
        {"template.json": _json_template("{}") + "/*" * 200_000}, findings=("template.json:1:",)
    ),
    "escapes": Hostile({"template.json": _json_template('"' + "\\u0041" * 100_000 + '"'), "app.py": HANDLER}),
}

_DEEP_PYTHON = {
    "parentheses": "x = " + "(" * DEEP + "1" + ")" * DEEP,
    "lists": "x = " + "[" * DEEP + "]" * DEEP,
    "brackets, never closed": "x = " + "[" * DEEP,
    "dictionaries": "x = " + "{1:" * DEEP + "1" + "}" * DEEP,
    "calls": "x = " + "f(" * DEEP + ")" * DEEP,
    "chained calls": "x = f" + "()" * DEEP,
    "attributes": "x = a" + ".b" * DEEP,
    "subscripts": "x = a" + "[0]" * DEEP,
    "sums": "x = " + " + ".join(["1"] * DEEP),
    "comparisons": "x = " + " < ".join(["1"] * DEEP),
    "logic": "x = " + " and ".join(["a"] * DEEP),
    "conditions": "x = " + "1 if a else " * DEEP + "2",
    "negations": "x = " + "not " * DEEP + "a",
    "minus": "x = " + "-" * DEEP + "1",
    "lambdas": "x = " + "lambda: " * DEEP + "1",
    "comprehensions": "x = " + "[" * 500 + "a" + " for a in b]" * 500,
    "generators": "x = [a " + "for a in b " * DEEP + "]",
    "formatted strings": "x = " + "f'{" * 500 + "1" + "}'" * 500,
    "joined strings": "x = (" + "'a' " * DEEP + ")",
    "await": "async def f():\n    " + "await " * DEEP + "a",
    "stars": "f(" + "*" * DEEP + "a)",
    "targets": " = ".join(["x"] * DEEP) + " = 1",
    "tuples of targets": "(" * DEEP + "x" + ",)" * DEEP + " = 1",
    "walrus": "x = " + "(a := " * DEEP + "1" + ")" * DEEP,
    "ifs": "".join(" " * n + "if a:\n" for n in range(600)) + " " * 600 + "pass\n",
    "functions": "".join(" " * n + f"def f{n}():\n" for n in range(600)) + " " * 600 + "pass\n",
    "classes": "".join(" " * n + f"class C{n}:\n" for n in range(600)) + " " * 600 + "pass\n",
    "elifs": "if a:\n    pass\n" + "elif a:\n    pass\n" * DEEP,
    "excepts": "try:\n    pass\n" + "except A:\n    pass\n" * DEEP,
    "decorators": "@a\n" * DEEP + "def f():\n    pass\n",
    "patterns": "match a:\n    case " + "[" * DEEP + "]" * DEEP + ":\n        pass\n",
    "alternatives": "match a:\n    case " + "|".join(["1"] * DEEP) + ":\n        pass\n",
    "annotations": "x: " + "a[" * DEEP + "b" + "]" * DEEP,
    "type parameters": "def f[" + ", ".join(f"T{n}" for n in range(DEEP)) + "](): pass\n",
    "semicolons": ";".join(["x = 1"] * DEEP),
    "joined lines": "x = 1 + \\\n" * DEEP + "1",
    "ignore comments": "x = 1  # slint: ignore" + "[" * DEEP,
    "ignores in each other": "x = 1  # slint: " + "ignore[a," * DEEP,
    "import dots": "from " + "." * DEEP + " import a",
    "long import": "import " + ".".join(["a"] * DEEP),
    "chain of names": "\n".join(f"a{n} = a{n - 1}" for n in range(1, 3_000)) + "\nboto3.client(a2999)",
    "chain of functions": "\n".join(f"def f{n}():\n    return f{n - 1}()" for n in range(1, 3_000)) + "\nx = f2999()",
    "doubling": "a0 = [1, 1]\n" + "\n".join(f"a{n} = [a{n - 1}, a{n - 1}]" for n in range(1, 60)) + "\nf(a59)",
    "doubling functions": "def f0(): pass\n"
    + "\n".join(f"def f{n}():\n    f{n - 1}()\n    f{n - 1}()" for n in range(1, 60))
    + "\nf59()",
    "doubling arguments": "def f0(x): return x\n"
    + "\n".join(f"def f{n}(x):\n    return f{n - 1}(f{n - 1}(x))" for n in range(1, 40))
    + "\nf39(1)",
    "inheritance": "\n".join(f"class C{n}(C{n - 1}): pass" for n in range(1, 2_000)) + "\nC1999().run()",
    "inheritance in diamonds": "class A0: pass\nclass B0: pass\n"
    + "\n".join(f"class A{n}(A{n - 1}, B{n - 1}): pass\nclass B{n}(A{n - 1}, B{n - 1}): pass" for n in range(1, 40))
    + "\nA39().run()\nA39().client.run()",
    "inheritance in a circle": "class A(B): pass\nclass B(A): pass\nA().run()",
    "all functions call all others": "".join(
        f"def f{n}():\n" + "".join(f"    f{m}()\n" for m in range(60)) for n in range(60)
    )
    + "f0()",
    "many clients on a line": "def handler(event, context): " + "boto3.client('s3').list(x);" * 1_800 + "\n",
    "functions that call each other": "def f(): return g()\ndef g(): return f()\nx = f()",
    "names that mean each other": "a = b\nb = a\nx = boto3.client(a)",
}
_NOW_WITH_HANDLER = "\n" + HANDLER.replace("return 1", "boto3.client('s3').list(x)")

_DEEP_SCRIPT = {
    "parentheses": "x = " + "(" * DEEP + "1" + ")" * DEEP,
    "lists": "x = " + "[" * DEEP + "]" * DEEP,
    "brackets, never closed": "x = " + "[" * DEEP,
    "objects": "x = " + "{a:" * DEEP + "1" + "}" * DEEP,
    "calls": "x = " + "f(" * DEEP + ")" * DEEP,
    "chained calls": "x = f" + "()" * DEEP,
    "members": "x = a" + ".b" * DEEP,
    "optional members": "x = a" + "?.b" * DEEP,
    "subscripts": "x = a" + "[0]" * DEEP,
    "sums": "x = " + " + ".join(["1"] * DEEP),
    "defaults": "x = " + " ?? ".join(["a"] * DEEP),
    "conditions": "x = " + "a ? 1 : " * DEEP + "2",
    "negations": "x = " + "!" * DEEP + "a",
    "arrows": "x = " + "() => " * DEEP + "1",
    "decrements": "- -" * 50 + "--" * 90 + "a",
    "assignments to assignments": "(" * 90 + "a" + " += 1)" * 90,
    "assignments in patterns": "[" * 90 + "a = b" + "] = c]" * 90,
    "defaults of assignments": "x = (" * 90 + "a ??= b" + " ||= 1)" * 90,
    "templates": "x = " + "`${" * 1_000 + "1" + "}`" * 1_000,
    "await": "x = async () => " + "await " * DEEP + "a",
    "promises": "x = a" + ".then(b)" * DEEP,
    "blocks": "{" * DEEP + "}" * DEEP,
    "ifs": "if (a) " * DEEP + "b()",
    "else ifs": "if (a) b();" + "else if (a) b();" * DEEP,
    "functions": "function f() {" * 3_000 + "}" * 3_000,
    "classes": "class A { a() {" * 1_000 + "} }" * 1_000,
    "commas": "x = " + "(" + "1, " * DEEP + "1)",
    "assignments": "x = " * DEEP + "1",
    "patterns": "const " + "{a: " * DEEP + "b" + "}" * DEEP + " = c",
    "array patterns": "const " + "[" * DEEP + "b" + "]" * DEEP + " = c",
    "spreads": "x = [" + "..." * DEEP + "a]",
    "labels": "a: " * DEEP + "b()",
    "tags": "x = " + "<a>" * 3_000 + "</a>" * 3_000,
    "new": "x = " + "new " * DEEP + "A()",
    "requires": "x = " + "require(" * DEEP + "'a'" + ")" * DEEP,
    "chain of names": "\n".join(f"const a{n} = a{n - 1}" for n in range(1, 3_000)) + "\nf(a2999)",
    "doubling": "const a0 = [1]\n" + "\n".join(f"const a{n} = [a{n - 1}, a{n - 1}]" for n in range(1, 60)) + "\nf(a59)",
    "doubling functions": "function f0() {}\n"
    + "\n".join(f"function f{n}() {{ f{n - 1}(); f{n - 1}() }}" for n in range(1, 60))
    + "\nf59()",
    "NUL": "x = '\0'",
    "garbage": "`${{{ (</ >" * 2_000,
}
_DEEP_TYPES = {
    "types": "let x: " + "Array<" * DEEP + "a" + ">" * DEEP,
    "unions": "let x: " + " | ".join(["a"] * DEEP),
    "assertions": "x = a" + " as any" * DEEP,
    "generics": "f" + "<a>" * DEEP + "()",
    "namespaces": "namespace a {" * 3_000 + "}" * 3_000,
    "non-null": "x = a" + "!" * DEEP,
}
_SCRIPT_HANDLER = "\nexports.handler = async (event) => { new S3Client({}).send(x) }\n"

CODE = {
    **{f"Python: {name}": _python(code + _NOW_WITH_HANDLER) for name, code in _DEEP_PYTHON.items()},
    **{f"JavaScript: {name}": _node(code + _SCRIPT_HANDLER) for name, code in _DEEP_SCRIPT.items()},
    **{f"TypeScript: {name}": _node(code + _SCRIPT_HANDLER, "ts") for name, code in _DEEP_TYPES.items()},
    "TSX: parentheses": _node(_DEEP_SCRIPT["parentheses"] + _SCRIPT_HANDLER, "tsx"),
    "Python: a syntax error": _python("def handler(:\n" + HANDLER, findings=("app.py:1:13: " + _NOT_PYTHON,)),
    "Python: NUL": _python("x = '\0\n", findings=("app.py:1:",)),
    "Python: mark and CRLF": _python(
        b"\xef\xbb\xbf" + HANDLER.replace("\n", "\r\n").encode() + b"\r\nx = )\r\n", findings=("app.py:4:",)
    ),
    "Python: UTF-16": _python(("x = )\n" + HANDLER).encode("utf-16"), findings=("app.py:1:",)),
    "Python: not UTF-8": _python(b"x = '\xe9'\n" + HANDLER.encode(), ledger=("app.py: ",)),
    "Python: a declared encoding": _python(b"# coding: latin-1\nx = '\xe9'\n" + HANDLER.encode()),
    "Python: an unknown encoding": _python(b"# coding: klingon\nx = '\xe9'\n" + HANDLER.encode(), ledger=("app.py: ",)),
    "Python: empty": _python("", findings=("template.yaml:7:16: error[handler-not-found]",)),
    "JavaScript: a syntax error": _node("export const handler = (;\n", ledger=("app.js:1: ",)),
    "JavaScript: not UTF-8": _node(b"x = '\xe9'\n", ledger=("app.js: ",)),
    "imports in a circle": Hostile(
        {
            "template.yaml": PYTHON,
            "app.py": "import other\nfrom other import y as x\n" + HANDLER,
            "other.py": "import app\nfrom app import x as y\n",
        }
    ),
    "modules in a circle": Hostile(
        {
            "template.yaml": NODE,
            "app.js": "export * from './other.js'\nimport { y } from './other.js'\nexport const x = y\n"
            + _SCRIPT_HANDLER,
            "other.js": "export * from './app.js'\nimport { x } from './app.js'\nexport const y = x\n",
        }
    ),
    "a module that imports itself": _python("from app import *\nimport app\nx = app.app.app.x\n" + HANDLER),
    "many modules": Hostile(
        {
            "template.yaml": PYTHON,
            "app.py": "import m0\n" + HANDLER,
            **{f"m{n}.py": f"import m{n + 1}\nx = m{n + 1}.x\n" for n in range(800)},
        }
    ),
    "odd handlers": Hostile(
        {
            "template.yaml": "Resources:\n"
            + "".join(
                f"  F{n}:\n    Type: AWS::Serverless::Function\n"
                f"    Properties: {{Runtime: {runtime}, CodeUri: {uri}, Handler: {handler}}}\n"
                for n, (runtime, uri, handler) in enumerate(
                    (runtime, uri, handler)
                    for runtime in ("python3.13", "nodejs22.x", "java21")
                    for uri in (".", '"\\0"', "/", "../../..", "~", "x" * 5_000, '"\\ud800"', "app.py", "'.'")
                    for handler in ("app.handler", '"a\\0.b"', "../../x.y", "'.'", "'..'", "/etc/passwd.x", "x" * 5_000)
                )
            ),
            "app.py": HANDLER,
        },
        findings=("template.yaml:",),
    ),
}

_INCLUDES = "".join(f'"./tsconfig.json", "./tsconfig{n}.json", ' for n in range(60))
PROJECT = {
    "pyproject: deep": Hostile(
        {"template.yaml": PYTHON, "app.py": HANDLER, "pyproject.toml": "x = " + "[" * DEEP + "]" * DEEP}
    ),
    "pyproject: deep tables": Hostile(
        {"template.yaml": PYTHON, "app.py": HANDLER, "pyproject.toml": "[" + ".".join(["a"] * DEEP) + "]\n"}
    ),
    "pyproject: wrong types": Hostile(
        {
            "template.yaml": PYTHON,
            "app.py": HANDLER,
            "pyproject.toml": "project = 1\ndependency-groups = [1]\n[tool]\npoetry = []\nuv = 'x'\n",
        }
    ),
    "uv.lock: deep": Hostile(
        {
            "template.yaml": PYTHON,
            "app.py": HANDLER,
            "pyproject.toml": "[project]\ndependencies = ['boto3']\n",
            "uv.lock": "package = " + "[" * DEEP + "]" * DEEP,
        }
    ),
    "uv.lock: wrong types": Hostile(
        {
            "template.yaml": PYTHON,
            "app.py": HANDLER,
            "uv.lock": "[[package]]\nname = 1\nsource = []\ndependencies = 'x'\nwheels = [[]]\n",
            "poetry.lock": "package = {}\n",
        }
    ),
    "requirements in a circle": Hostile(
        {
            "template.yaml": PYTHON,
            "app.py": HANDLER,
            "requirements.txt": "-r requirements.txt\n-r more.txt\nboto3\n" + "a" * 100_000 + "\n" + "\\\n" * 50_000,
            "more.txt": "-r requirements.txt\n-r ../../../../../../etc/passwd\n" + "[" * 50_000,
        }
    ),
    "package.json: deep": Hostile(
        {"template.yaml": NODE, "app.js": _SCRIPT_HANDLER, "package.json": '{"dependencies": ' + "[" * DEEP}
    ),
    "package.json: wrong types": Hostile(
        {
            "template.yaml": NODE,
            "app.js": "require('x'); require('#x'); require('x/y')\n" + _SCRIPT_HANDLER,
            "package.json": '{"name": "x", "exports": [1], "imports": {"#x": 1}, "dependencies": [], "workspaces": [[]],'
            ' "type": 1, "main": []}',
        }
    ),
    "package.json: exports itself": Hostile(
        {
            "template.yaml": NODE,
            "app.js": "require('x'); require('#x')\n" + _SCRIPT_HANDLER,
            "package.json": '{"name": "x", "exports": "x", "imports": {"#x": "#x"}, "workspaces": [".", "./*", ".."]}',
        }
    ),
    "tsconfig in a circle": Hostile(
        {
            "template.yaml": NODE,
            "app.ts": "import x from '@/x'\n" + _SCRIPT_HANDLER,
            "tsconfig.json": f'{{"extends": [{_INCLUDES}], "compilerOptions": {{"paths": {{"@/*": ["./*"]}}}}}}',
            **{f"tsconfig{n}.json": f'{{"extends": [{_INCLUDES}]}}' for n in range(60)},
        }
    ),
    "tsconfig: deep": Hostile(
        {"template.yaml": NODE, "app.ts": _SCRIPT_HANDLER, "tsconfig.json": '{"compilerOptions": ' + "[" * DEEP}
    ),
    "tsconfig: wrong types": Hostile(
        {
            "template.yaml": NODE,
            "app.ts": "import '@/x'\n" + _SCRIPT_HANDLER,
            "tsconfig.json": '{"extends": [1, {}], "compilerOptions": {"paths": {"@/*": 1, "*": [[]]}, "outDir": [], '
            '"baseUrl": 1}}',
        }
    ),
    "Dockerfile: deep": Hostile({"template.yaml": IMAGE, "app.py": HANDLER, "Dockerfile": "FROM x\nCMD " + "[" * DEEP}),
    "Dockerfile: deep and closed": Hostile(
        {"template.yaml": IMAGE, "app.py": HANDLER, "Dockerfile": "FROM x\nCMD " + "[" * DEEP + "]" * DEEP}
    ),
    "Dockerfile: joined lines": Hostile({"template.yaml": IMAGE, "Dockerfile": "FROM x\nRUN a" + " \\\n # b\n" * DEEP}),
    "Dockerfile: backslashes": Hostile({"template.yaml": IMAGE, "Dockerfile": "FROM x\nRUN " + "\\ " * 100_000}),
    "Dockerfile: flags": Hostile({"template.yaml": IMAGE, "Dockerfile": "FROM x\nRUN " + "--a " * 100_000 + "b"}),
    "Dockerfile: stages": Hostile({"template.yaml": IMAGE, "Dockerfile": "FROM a AS a\nCOPY --from=a . .\n" * 20_000}),
    "Dockerfile: variables missing": Hostile(
        {
            "template.yaml": IMAGE,
            "app.py": HANDLER,
            "Dockerfile": 'FROM public.ecr.aws/lambda/python:3.14\nCOPY app.py ./\nENV \\\n \nENV  \nENV =\nCMD ["app.handler"]\n',
        }
    ),
    "Dockerfile: words missing": Hostile(
        {"template.yaml": IMAGE, "Dockerfile": "FROM \nFROM a as\nCMD \nCOPY a\nENTRYPOINT []\nCMD []\nWORKDIR \\\n"}
    ),
    ".gitignore: deep": Hostile({".gitignore": "a/" * DEEP, "template.yaml": PYTHON, "app.py": HANDLER}),
    ".gitignore: stars": Hostile(
        {
            ".gitignore": "\n".join(
                ["*a" * 50 + "b", "**/" * 200 + "b", "a**" * 100, "[" * DEEP, "!" * DEEP, "\\" * DEEP, "*?" * 40 + "x"]
            ),
            "template.yaml": PYTHON,
            "app.py": HANDLER,
            "a" * 200: "",
            "a/" * 60 + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "",
        }
    ),
    ".gitignore: many": Hostile(
        {
            ".gitignore": "\n".join(f"*{number:05x}?*" for number in range(50_000)),
            "template.yaml": PYTHON,
            "app.py": HANDLER,
            **{f"{number}.py": "" for number in range(500)},
        },
        ledger=(".gitignore: the file: more than ",),
    ),
    ".gitignore: long": Hostile({".gitignore": "a" * 490_000, "template.yaml": PYTHON, "app.py": HANDLER}),
    ".gitignore: NUL": Hostile(
        {".gitignore": b"\0\xff\xfe\n[\0-a]\n[!--a]\n[[a&&b||c]\n", "template.yaml": PYTHON, "app.py": HANDLER}
    ),
    "stacks in a circle": Hostile(
        {
            "a.yaml": "Resources:\n  B: {Type: AWS::Serverless::Application, Properties: {Location: b.yaml}}\n",
            "b.yaml": "Resources:\n  A: {Type: AWS::Serverless::Application, Properties: {Location: a.yaml}}\n"
            "  B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: b.yaml}}\n",
        }
    ),
    "stacks that double": Hostile(
        {
            f"s{n}.yaml": "Resources:\n"
            + "".join(
                f"  S{m}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: s{n + 1}.yaml}}}}\n"
                for m in range(40)
            )
            for n in range(12)
        }
    ),
    "an API that includes itself": Hostile(
        {
            "template.yaml": PYTHON
            + "  Api:\n    Type: AWS::Serverless::Api\n    Properties: {DefinitionUri: template.yaml}\n",
            "app.py": HANDLER,
        }
    ),
    "state machines": Hostile(
        {
            "template.yaml": PYTHON
            + "  M:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: m.asl.json}\n"
            + "  N:\n    Type: AWS::StepFunctions::StateMachine\n    Properties: {DefinitionString: '[[[['}\n",
            "m.asl.json": '{"StartAt": "A", "States": ' + '{"A":' * DEEP,
            "app.py": HANDLER,
        }
    ),
}


def _large(folder: Path) -> None:
    for name in ("big.yaml", "big.py"):
        with open(folder / name, "wb") as file:
            file.write(b"Resources: AWS::\n")
            file.truncate(50_000_000)


def _links(folder: Path) -> None:
    (folder / "round").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "self.yaml").symlink_to(folder / "self.yaml")
    (folder / "gone.yaml").symlink_to(folder / "nothing.yaml")
    (folder / "away.py").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")


def _long_links(folder: Path) -> None:
    for number in range(1_200):
        (folder / f"link{number}.py").symlink_to(f"link{number + 1}.py")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    os.mkfifo(folder / "app.py")
    os.mkfifo(folder / "requirements.txt")
    os.mkfifo(folder / "pyproject.toml")


def _odd_names(folder: Path) -> None:
    for name in (b"caf\xe9 \xff.py", b"new\nline.py", b"\x1b[31mred.py", b"-rf.py", b"a\\b.py", b"*.py"):
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(HANDLER.encode() + b"x = )\n")
    with open(os.fsencode(folder) + b"/t\xff.yaml", "wb") as file:
        file.write(_property("[").encode())


def _deep_folders(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(30):  # beyond the length that a path may have
        os.mkdir("folder" * 40, dir_fd=handle)
        inner = os.open("folder" * 40, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


def _unreadable(folder: Path) -> None:
    for path in ("template.yaml", "app.py", ".gitignore", "closed"):
        (folder / path).chmod(0)


FILES = {
    "unreadable": Hostile(
        {"template.yaml": PYTHON, "app.py": HANDLER, ".gitignore": "x", "closed/template.yaml": PYTHON},
        ledger=("template.yaml: the file: Permission denied", "app.py: the file: Perm", "closed: the folder: Perm"),
        build=_unreadable,
    ),
    "unreadable code": Hostile(
        {"template.yaml": PYTHON, "app.py": HANDLER},
        ledger=("app.py: the file: Permission denied",),
        build=lambda folder: (folder / "app.py").chmod(0),
    ),
    "50 MB": Hostile(
        {"template.yaml": SAM.format(runtime="python3.13").replace("app.", "big.")},
        ledger=("big.yaml: ", "big.py: "),
        build=_large,
    ),
    "links": Hostile({"template.yaml": PYTHON.replace("app.", "away.")}, build=_links),
    "a long chain of links": Hostile(
        {"template.yaml": PYTHON, "app.py": HANDLER},
        ledger=("link0.py: the file: Too many levels of symbolic links",),
        build=_long_links,
    ),
    "pipes": Hostile({"template.yaml": PYTHON}, build=_pipe),
    "odd names": Hostile(
        {},
        findings=(
            "caf\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}.py:3:",
            "t\N{REPLACEMENT CHARACTER}.yaml:11:",
            "new line.py:3:",
            "\N{REPLACEMENT CHARACTER}[31mred.py:3:",
            "-rf.py:3:",
            "a\\b.py:3:",
        ),
        build=_odd_names,
    ),
    "deep folders": Hostile({}, ledger=("folder",), build=_deep_folders),
    "a folder called template.yaml": Hostile({"template.yaml/app.py": "", "app.py/x": "", ".gitignore/x": ""}),
    "binary": Hostile(
        {"template.yaml": bytes(range(256)) * 1_000, "app.py": bytes(range(255, -1, -1)) * 1_000},
        ledger=("template.yaml: ",),
    ),
}

_MEGABYTES = 9_900_000


def _filled(line: str, size: int = _MEGABYTES) -> str:
    return line * (size // len(line))


_HANDLERS = "".join(f"def h{n}_handler(event, context): pass\n" for n in range(4_000))
LIMITS = {
    "YAML at its own limit": Hostile(
        {"template.yaml": PYTHON + _filled("  R: {Type: AWS::A::B, Properties: {a: b}}\n", 1_000_000)}
    ),
    "JSON at its own limit": Hostile({"template.json": _json_template("[" + _filled("1234,", 990_000) + "1]")}),
    "JSON of too many values": Hostile(
        {"template.json": _json_template("[" + _filled("1,", 990_000) + "1]")}, findings=("template.json:1:",)
    ),
    "YAML of too many values": Hostile(
        {"template.yaml": _property("[" + _filled("1,", 990_000) + "1]")}, findings=("template.yaml:10:",)
    ),
    "YAML of nearly too many values": Hostile({"template.yaml": _property("[" + _filled("1234, ", 990_000) + "1]")}),
    "many handlers without a template": Hostile({"app.py": _HANDLERS}),
    "Dockerfile at its own limit": Hostile(
        {"template.yaml": IMAGE, "Dockerfile": "FROM x\n" + _filled("RUN --a b \\\n", 990_000)}
    ),
    "Dockerfile of words": Hostile({"template.yaml": IMAGE, "Dockerfile": "FROM x\n" + _filled("CMD a\n", 990_000)}),
    "YAML": Hostile({"template.yaml": PYTHON + _filled("  R: {Type: AWS::A::B, Properties: {a: b, c: [d, e, 1]}}\n")}),
    "YAML of many keys": Hostile({"template.yaml": PYTHON + "".join(f"  R{n}: {{}}\n" for n in range(700_000))}),
    "YAML that is broken at its end": Hostile({"template.yaml": PYTHON + _filled("# x\n") + "a: ["}),
    "YAML on one line": Hostile({"template.yaml": _property("[" + _filled("a, ") + "]")}),
    "JSON": Hostile({"template.json": _json_template("[" + _filled("1,") + "1]")}),
    "JSON of one string": Hostile({"template.json": _json_template('"' + _filled("\\n") + '"')}),
    "inline code": Hostile({"template.yaml": PYTHON + "      InlineCode: |\n" + _filled("        x = f(a.b)\n")}),
    "a template that is none": Hostile({"data.json": _filled('"Resources": "AWS::", ')}),
    "Python": _python(HANDLER + _filled("x = f(a.b, [1, 2])\n"), ledger=("app.py:1: ",)),
    "Python at its own limit": _python(HANDLER + _filled("x = f(a.b, [1, 2])\n", 149_000)),
    "Python that is large and not dense": _python(HANDLER + _filled("found = fetched(a.b, [1, 22222])\n", 279_000)),
    "Python that is too dense": _python(HANDLER + _filled("f(e)\n", 279_000), ledger=("app.py:1: ",)),
    "Python of wide text": _python(HANDLER + _filled("x = '\N{GRINNING FACE}'\n", 190_000)),
    "JavaScript": _node(_SCRIPT_HANDLER + _filled("x = f(a.b, [1, 2]);\n"), ledger=("app.js:1: ",)),
    "JavaScript at its own limit": _node(_SCRIPT_HANDLER + _filled("x=f(a.b,[1,2]);", 142_000)),
    "JavaScript that is large and not dense": _node(
        _SCRIPT_HANDLER + _filled("const found = fetched(a.b, [1, 22222]);\n", 279_000)
    ),
    "JavaScript that is too dense": _node(
        _SCRIPT_HANDLER + _filled("x=f(a.b,[1,2]);", 150_000), ledger=("app.js:1: ",)
    ),
    "TypeScript of texts that never end": Hostile(
        {
            "template.yaml": NODE,
            "app.ts": "".join(random.Random(1).choices(["`", "=", "${", ")", "/>", "async ", "["], k=130_000)),
        },
        ledger=("app.ts:1: ",),
    ),
    "JavaScript without a template": Hostile({"app.js": _filled("exports.handler = async (event) => {};", 279_000)}),
    "Python without a template": Hostile({"app.py": _filled("def handler(event, context): f(event)\n", 149_000)}),
    "JavaScript of promises that nobody waits for": _node(
        "exports.handler = async (event) => {\n" + _filled("  fetch(a).then((b) => c(b));\n", 60_000) + "};\n"
    ),
    "Python that asks for one name in many places": _python(
        "import boto3\nC = None\ndef ready():\n    return C\n"
        + "".join(
            f"def g{n}():\n    global C\n    ok = ready()\n    if not ok:\n        C = boto3.client('s3')\n"
            for n in range(800)
        )
        + "def handler(event, context):\n"
        + "".join(f"    g{n}()\n" for n in range(800))
    ),
    "JavaScript of a name that is made of itself in many branches": _node(
        "exports.handler = async (event) => {\n  let image = sharp(event.body);\n  for (const op of event.ops) {\n"
        + "".join(f"    if (op === {n}) {{ image = image.turned({n}); log(image); }}\n" for n in range(3_000))
        + "  }\n  return image;\n};\n"
    ),
    "Python of two names that are made of each other in many branches": _python(
        "def handler(event, context):\n    a = b = event\n    for each in event:\n"
        + "".join(
            f"        if each == {n}:\n            a = b.first({n})\n            b = a.second(b)\n            use(a, b)\n"
            for n in range(29)
        )
    ),
    "Python of an attribute that is made of itself in many methods": _python(
        "class Query:\n    def __init__(self):\n        self.text = ask()\n"
        + "".join(
            f"    def m{n}(self):\n        self.text = self.text.where({n})\n        return self\n"
            for n in range(1_000)
        )
        + "def handler(event, context):\n    query = Query()\n"
        + "".join(f"    query.m{n}()\n" for n in range(1_000))
    ),
    "missing folders below large build files": Hostile(
        {
            "template.yaml": "Transform: AWS::Serverless-2016-10-31\nResources:\n"
            + "".join(
                f"  F{n}: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: svc/fn{n}/, Handler: app.h, Runtime: python3.14}}}}\n"
                for n in range(400)
            ),
            **{f"{n}.sh": _filled("cp a b svc/fn and fn1\n", 99_000) for n in range(20)},
        },
        findings=("template.yaml:3:",),
    ),
    "Dockerfile": Hostile({"template.yaml": IMAGE, "Dockerfile": "FROM x\n" + _filled("RUN --a b \\\n")}),
    "requirements": Hostile({"template.yaml": PYTHON, "app.py": HANDLER, "requirements.txt": _filled("boto3==1\n")}),
    "requirements on one line": Hostile(
        {"template.yaml": PYTHON, "app.py": HANDLER, "requirements.txt": _filled("a ; ")}
    ),
    "pyproject": Hostile(
        {"template.yaml": PYTHON, "app.py": HANDLER, "pyproject.toml": "x = [" + _filled("'a', ", 2_900_000) + "]"}
    ),
    "package.json": Hostile(
        {"template.yaml": NODE, "app.js": _SCRIPT_HANDLER, "package.json": '{"x": [' + _filled("1,") + "1]}"}
    ),
    "tsconfig": Hostile(
        {
            "template.yaml": NODE,
            "app.ts": "import '@/x'" + _SCRIPT_HANDLER,
            "tsconfig.json": '{"x": [' + _filled("1,") + "1]}",
        }
    ),
    ".gitignore": Hostile({".gitignore": _filled("a*b\n"), "template.yaml": PYTHON, "app.py": HANDLER}),
    ".gitignore below its limits": Hostile(
        {
            ".gitignore": "".join(f"?*[x{n}-].py\n" for n in range(990)) + "".join(f"*.{n}\n" for n in range(55_000)),
            "template.yaml": PYTHON,
            "app.py": HANDLER,
            **{f"{number}.py": "" for number in range(500)},
        }
    ),
    "many large files": Hostile({f"{n}.json": _filled("x" * 100) for n in range(40)}),
}

EVERY = {
    f"{group}: {name}" if group else name: hostile
    for group, inputs in (
        ("YAML", YAML),
        ("JSON", JSON),
        ("", CODE),
        ("", PROJECT),
        ("files", FILES),
        ("limits", LIMITS),
    )
    for name, hostile in inputs.items()
}
