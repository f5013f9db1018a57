"""Rule handler-not-found."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Span, values

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: %s
      Runtime: %s
"""

_CODE = """\
def handler(event, context):
    return event
"""


class HandlerNotFound(Rule):
    """A function whose handler does not exist cannot start: every invocation fails with an import error.

    The handler is looked up by the rules of the runtime: in Python, what follows the last dot is the name and what is
    before it is the module, in the function's code and in its local layers.

    Not reported: code that is elsewhere (S3, archives, other accounts' layers), that a build makes (esbuild, TypeScript,
    make, `dist/`), shell handlers with the Lambda Web Adapter, handlers of wrapping layers and of libraries that the code
    asks for, placeholders and inline code that stands for a file of the project, and modules whose names cannot be known,
    such as those with a star import or with names that they give themselves when they run.
    """

    name = "handler-not-found"
    summary = "Handler does not exist in the function's code"
    severity = Severity.ERROR
    tags = ("reliability", "contract")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html",
    )
    examples = (
        Example(
            bad={"template.yaml": _TEMPLATE % ("app.lambda_handler  # <- here", "python3.14"), "src/app.py": _CODE},
            good={"template.yaml": _TEMPLATE % ("app.handler", "python3.14"), "src/app.py": _CODE},
        ),
        Example(
            note="The file is looked up as the runtime does it; folders are written with `/` or `.`.",
            bad={"template.yaml": _TEMPLATE % ("api/ap.handler  # <- here", "python3.14"), "src/api/app.py": _CODE},
            good={"template.yaml": _TEMPLATE % ("api/app.handler", "python3.14"), "src/api/app.py": _CODE},
        ),
        Example(
            bad={
                "template.yaml": _TEMPLATE % ("app.lambdaHandler  # <- here", "nodejs24.x"),
                "src/app.js": "exports.handler = async (event) => event;\n",
            },
            good={
                "template.yaml": _TEMPLATE % ("app.handler", "nodejs24.x"),
                "src/app.js": "exports.handler = async (event) => event;\n",
            },
        ),
        Example(
            note="Names that the module takes from elsewhere, a start script, and what a build makes.",
            good={
                "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Imported:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
  Script:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: run.sh
      Runtime: python3.14
      Layers:
        - arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerX86:25
  Bundled:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        EntryPoints:
          - orders.ts
    Properties:
      CodeUri: src/
      Handler: orders.handler
      Runtime: nodejs24.x
  Elsewhere:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://artifacts/orders.zip
      Handler: app.other
      Runtime: python3.14
  Archive:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: build/orders.zip
      Handler: app.other
      Runtime: python3.14
""",
                "src/app.py": "from orders import *\n",
                "src/orders.py": _CODE,
                "src/orders.ts": "export const handler = async (event) => event;\n",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report a handler that is certain not to exist."""
        unlinked = function.unlinked
        if function.template is None or unlinked is None or not unlinked.missing:
            return
        place = _place(function)
        handler = function.setting("Handler").string
        yield self.at(
            place,
            f"the handler {f'`{handler}` ' if handler else ''}of `{function.id}` does not exist: {unlinked.why}",
            functions=[function],
            resource=function.id,
            related=[] if place == function.span else [(function, f"`{function.id}` is deployed here")],
            help=f"write `{unlinked.instead}`, which does exist"
            if unlinked.instead
            else "correct Handler or the path of the code, or add what is missing",
        )


def _place(function: Function) -> Span:
    """The handler as written for this function, or for the same code in Globals; else the function itself."""
    settings, template = function.settings, function.template
    entry = settings.entry("Handler") if isinstance(settings, values.Items) else None
    if entry is None or template is None or not isinstance(entry.value, values.Literal):
        return function.span
    shared = template.globals.span
    code = function.setting("CodeUri").span
    if _inside(entry.span, shared) and not _inside(code, shared):
        return function.span  # the handler fits other functions, which share it but not the code
    return entry.value.span


def _inside(span: Span, whole: Span) -> bool:
    return span.file is whole.file and whole.start <= span.start and span.end <= whole.end
