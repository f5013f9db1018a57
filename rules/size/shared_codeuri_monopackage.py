"""Rule shared-codeuri-monopackage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from slint import Diagnostic, Example, Function, Rule, Severity, Stack, knowledge

from .packed import is_zip, megabytes

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs22.x
    CodeUri: src/
Resources:
  OrdersFunction:  # <- here
    Type: AWS::Serverless::Function
    Properties:
      Handler: orders.handler
  PricesFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: prices.handler
  ReportFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: report.handler
"""
_PLAIN = "exports.handler = async (event) => event;\n"
_REPORT = 'const pdf = require("pdf");\n\nexports.handler = async (event) => pdf(event);\n'
_LIBRARY = {"src/node_modules/pdf/index.js": "module.exports = (x) => x; // as large as such a library is\n"}
_FEWEST = 3
_FOLDER = "node_modules/"


class Options(NamedTuple):
    """How large a library is that is worth a package of its own, in megabytes (10**6 bytes)."""

    megabytes: float = 5.0


class SharedCodeuriMonopackage(Rule):
    """Functions that share one folder of code are each deployed with the libraries of all of them.

    Each download and each cold start pays for what only one of the functions uses. With esbuild, SAM makes a bundle of
    its own for each function; a folder of its own with its own `package.json` does the same.

    Reported when three or more Node.js functions of a template share a folder without a bundler, and one of its
    installed libraries is large and used by some of them only. For information; a warning when somebody waits.
    """

    name = "shared-codeuri-monopackage"
    summary = "Functions that share a folder are deployed with each other's libraries"
    severity = Severity.INFO
    tags = ("cold-start", "size", "nodejs")
    references = (
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html",
    )
    Options = Options
    examples = (
        Example(
            options={"megabytes": 0.00001},
            bad={
                "template.yaml": _TEMPLATE,
                "src/orders.js": _PLAIN,
                "src/prices.js": _PLAIN,
                "src/report.js": _REPORT,
                **_LIBRARY,
            },
            good={
                "template.yaml": _TEMPLATE.replace("  # <- here", "").replace(
                    "Handler: report.handler", "Handler: report.handler\n      CodeUri: report/"
                ),
                "src/orders.js": _PLAIN,
                "src/prices.js": _PLAIN,
                "report/report.js": _REPORT,
                **_LIBRARY,
            },
        ),
    )

    def check_stack(self, stack: Stack) -> Iterator[Diagnostic]:
        """Report each folder whose functions carry a large library that some of them do not use."""
        shared: dict[str, list[Function]] = {}
        for function in stack.functions:
            if _packs_its_folder(function) and function.package is not None:
                shared.setdefault(function.package.root, []).append(function)
        for functions in shared.values():
            if len(functions) >= _FEWEST and len({each.template for each in functions}) == 1:
                yield from self._judged(functions)

    def _judged(self, functions: list[Function]) -> Iterator[Diagnostic]:
        used = [_libraries(function) for function in functions]
        large = {name: size for name, size in _sizes(functions[0]).items() if size > self.options.megabytes * 1e6}
        unshared = [name for name in sorted(large) if 0 < sum(name in each for each in used) < len(functions)]
        if not unshared:
            return
        name = max(unshared, key=lambda each: large[each])
        without = [function for function, each in zip(functions, used, strict=True) if name not in each]
        yield self.at(
            without[0],
            f"{len(functions)} functions share one package with `{name}` ({megabytes(large[name])}),"
            f" which {len(without)} of them do not use",
            functions=functions,
            resource=without[0].id,
            help="bundle each function on its own with `Metadata: {BuildMethod: esbuild}`, or give it its own folder",
            severity=Severity.WARNING if any(each.waiting is not None for each in without) else None,
        )


def _packs_its_folder(function: Function) -> bool:
    package = function.package
    return (
        function.family == "nodejs"
        and function.handler is not None
        and package is not None
        and not package.is_archive
        and is_zip(function)
        and not function.is_built_elsewhere
    )


def _libraries(function: Function) -> frozenset[str]:
    """The packages that any code of a function imports."""
    return frozenset(
        knowledge.node_packages.package_of(imported.module)
        for module in function.modules
        for imported in module.module.imports
        if not imported.module.startswith(".")
    )


def _sizes(function: Function) -> dict[str, int]:
    """The bytes of each library that is installed in a function's folder."""
    sizes: dict[str, int] = {}
    for file in function.package.files if function.package is not None else ():
        if file.path.startswith(_FOLDER):
            parts = file.path[len(_FOLDER) :].split("/")
            name = "/".join(parts[: 2 if parts[0].startswith("@") else 1])
            sizes[name] = sizes.get(name, 0) + file.size
    return sizes
