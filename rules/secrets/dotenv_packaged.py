"""Rule dotenv-packaged."""

from __future__ import annotations

import os
from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Span, knowledge, values

from .deployed import template

_CODE = """\
def handler(event, context):
    return "ok"
"""


class DotenvPackaged(Rule):
    """A file of secrets beside the code is deployed with it, to everyone who may download the function.

    The file may be ignored by git and still lie in the folder that is packed.

    Reported: files such as `.env.production`, key files and account files in the folder that the template names as the
    code of a function in Python or Node.js, when they hold a secret. Not reported: samples, public certificates, files
    without a secret, functions with a build of their own (esbuild, make), and what `sam build` leaves out, unless the
    template is deployed without a build: for Python `.env` itself, for Node.js what `package.json` or `.npmignore`, or else
    `.gitignore`, keeps out of the package.
    """

    name = "dotenv-packaged"
    summary = "File with secrets lies in the folder that is packed for a function"
    severity = Severity.ERROR
    tags = ("security",)
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",)
    examples = (
        Example(
            bad={
                "template.yaml": template("STAGE: prod").replace("CodeUri: src/", "CodeUri: src/  # <- here"),
                "src/app.py": _CODE,
                "src/.env.production": "STAGE=prod\nDB_PASSWORD=orders4Winter\n",
            },
            good={
                "template.yaml": template("STAGE: prod"),
                "src/app.py": _CODE,
                "src/.env": "DB_PASSWORD=orders4Winter\n",
                "src/.env.example": "DB_PASSWORD=orders4Winter\n",
                "src/.env.production": "STAGE=prod\nLOG_LEVEL=INFO\nSECRET_NAME=prod/db\n",
                "env/.env.production": "DB_PASSWORD=orders4Winter\n",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report the packed files that hold a secret, once for each function."""
        package = function.package
        if package is None or function.described is None or package.is_archive:
            return
        runtime = function.runtime.string
        described = function.described.function
        family = knowledge.runtimes.family_of(runtime) if runtime is not None else ""
        if family not in ("python", "nodejs") or described.build_method is not None:
            return
        built = described.resource.template.dialect == "sam"
        found: list[str] = []
        for each in package.secret_files:
            if built and (each.left_behind if family == "python" else not package.taken_by_npm(each.path)):
                continue
            file = package.read(each.path)
            secret = knowledge.secret_places.secret_in_file(file.text) if file is not None else None
            if file is not None and secret is not None:
                shown = os.path.relpath(each.path, package.root).replace(os.sep, "/")
                # No related place: a report would show the line, and with it a secret that may be nowhere else.
                found.append(f"`{shown}` (line {file.position(secret.start).line}: {secret.what})")
        if found:
            more = f" and {len(found) - 3} more" if len(found) > 3 else ""
            yield self.at(
                _named_at(function),
                f"secrets in the folder of the code are deployed with it: {', '.join(found[:3])}{more}",
                functions=[function],
                help="move the file out of the code's folder, and fetch its values from Secrets Manager when the function runs",
            )


def _named_at(function: Function) -> Span:
    """Where the template names the code: once in Globals, when it stands there."""
    for name in ("CodeUri", "Code"):
        written = function.setting(name)
        if isinstance(written, values.Literal):
            return written.span
    return function.span
