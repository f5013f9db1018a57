"""Rule esm-cjs-mismatch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Span, knowledge, values

from .node import is_bundled, is_node, version

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: nodejs22.x
"""

_MODULES = "an ES module"
_COMMON = "a CommonJS module"
_REENABLES = ("detect-module", "require-module")
_COMPILERS = r"\b(?:babel|esbuild|ncc|parcel|rollup|rspack|rolldown|sst|swc|tsc|tsup|tsx|vite|webpack)\b"


class EsmCjsMismatch(Rule):
    """A file that is written as one kind of module and loaded as the other one fails when the function starts.

    Node.js decides by the ending (`.mjs`, `.cjs`) or, for `.js`, by `"type"` in the nearest `package.json`. Lambda runs
    Node.js 20 and 22 without the detection by syntax that the same version has elsewhere, so that code which works
    locally fails there.

    Not reported: TypeScript and what a bundler makes, functions whose NODE_OPTIONS turn the detection on, and, from
    nodejs24.x on, `.js` files without a `"type"`, whose kind is detected.
    """

    name = "esm-cjs-mismatch"
    summary = "File is written as one kind of module and loaded as the other"
    severity = Severity.ERROR
    tags = ("runtime", "nodejs")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html",
        "https://nodejs.org/api/packages.html",
    )
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.js": """\
import { get } from "./store.mjs"; // <- here

export const handler = async (event) => get(event.id);
""",
                "src/store.mjs": "export const get = (id) => id;\n",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"type": "module"}\n',
                "src/app.js": """\
import { get } from "./store.mjs";

export const handler = async (event) => get(event.id);
""",
                "src/store.mjs": "export const get = (id) => id;\n",
            },
        ),
        Example(
            note="An ES module has neither `require` nor `exports`.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { get } from "./store.mjs";

const fs = require("fs"); // <- here

export const handler = async (event) => get(fs, event.id);
""",
                "src/store.mjs": "export const get = (fs, id) => id;\n",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.mjs": """\
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const fs = require("fs");

export const handler = async (event) => fs.existsSync(event.path);
""",
            },
        ),
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/package.json": '{"type": "module"}\n',
                "src/app.js": """\
exports.handler = async (event) => event.id; // <- here
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report, for each module that is loaded, the first line that its kind does not have."""
        for span, kind in _misplaced(function):
            yield self.at(
                span,
                f"this line fails when `{function.id}` starts: the file is loaded as {kind}",
                functions=[function],
                related=[(function.runtime.span, f"the runtime of `{function.id}`")],
                help='use `require` and `exports`, name the file `.mjs`, or set `"type": "module"` in its package.json'
                if kind == _COMMON
                else "use `import` and `export`, or name the file `.cjs`",
            )


def _misplaced(function: Function) -> Iterator[tuple[Span, str]]:
    """The first line of each module that does not fit the kind that it is loaded as."""
    major = version(function)
    if not is_node(function) or function.template is None or major is None or is_bundled(function):
        return
    if _is_detected(function):
        return
    for module in function.modules:
        manifest = function.node_manifest(module)
        kind = _kind(module.path, manifest, major)
        if kind is None or _is_compiled(manifest):
            continue
        imports, bindings = module.module.imports, module.module.bindings
        bound = {str(each.target.name) for each in bindings if not each.target.path}
        if kind == _MODULES and ("createRequire" in {each.name for each in imports} or bound & {"require", "module"}):
            continue
        styles = ("require",) if kind == _MODULES else ("import", "re-export")
        exports = [each.target.span for each in bindings if each.target.name == "exports" and each.block == 0]
        places = [
            *(each.span for each in imports if each.style in styles and each.block == 0),
            *(each for each in exports if each.text.startswith(("exports", "module")) is (kind == _MODULES)),
        ]
        if places:
            yield min(places, key=lambda each: each.start), kind


def _kind(path: str, manifest: values.Value | None, major: int) -> str | None:
    """What Node.js loads a file as; None when its text decides."""
    if path.endswith((".mjs", ".cjs")):
        return _MODULES if path.endswith(".mjs") else _COMMON
    written = manifest.at("type").string if manifest is not None else None
    if written == "module":
        return _MODULES
    if not path.endswith(".js") or (written is None and major >= knowledge.runtimes.NODE_DETECTS_MODULES):
        return None
    return _COMMON


def _is_compiled(manifest: values.Value | None) -> bool:
    """Whether the scripts of a package make other files of its code."""
    scripts = manifest.at("scripts") if manifest is not None else None
    return scripts is not None and any(re.search(_COMPILERS, text) for each in scripts.walk() if (text := each.string))


def _is_detected(function: Function) -> bool:
    """Whether the kind of a file may be detected all the same."""
    variable = function.variables.get("NODE_OPTIONS")
    if variable is None:
        return function.environment_is_open
    text = variable.value.string
    return text is None or any(word in text for word in _REENABLES)
