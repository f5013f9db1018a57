"""Rule heavy-dependency."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from slint import Diagnostic, Example, Function, Rule, Severity, Span, knowledge

from .packed import is_zip

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  ReportFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.14
"""

_CODE = """\
def handler(event, context):
    return event
"""

_MANY_MB = 100
_LOCKED_BYTES = 50_000_000
"""Compressed; what `uv.lock` pins unpacks to about three times as much."""


class HeavyDependency(Rule):
    """A heavy library in the package makes every cold start slower, and some are too heavy for a package at all.

    Reported are the dependencies that the manifest beside the code installs: an error where one alone exceeds what a
    zip package may hold (PyTorch, TensorFlow), a warning where the known ones together take 100 MB or more, else
    information about a single heavy one. Sizes are those of a measured or known wheel for Linux; where a `uv.lock`
    tells real sizes, these count instead.

    Not reported: development groups and extras, dependencies for other systems, container images, what the runtime
    contains (boto3), and manifests elsewhere that the build does not use.
    """

    name = "heavy-dependency"
    summary = "Package depends on a heavy library"
    severity = Severity.WARNING
    tags = ("size", "cold-start", "performance")
    references = (
        "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
        knowledge.limits.SOURCE,
    )
    examples = (
        Example(
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": _CODE,
                "src/requirements.txt": "requests==2.32.5\npandas==2.3.3  # <- here\n",
            },
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": _CODE,
                "src/requirements.txt": "requests==2.32.5\nboto3\n",
            },
        ),
        Example(
            note="No zip package can hold this one; a container image can.",
            bad={
                "template.yaml": _TEMPLATE,
                "src/app.py": _CODE,
                "src/requirements.txt": "torch  # <- here\n",
            },
            good={
                "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Resources:
  ReportFunction:
    Type: AWS::Serverless::Function
    Metadata:
      Dockerfile: Dockerfile
      DockerContext: src/
    Properties:
      PackageType: Image
""",
                "src/Dockerfile": 'FROM public.ecr.aws/lambda/python:3.14\nCOPY . .\nCMD ["app.handler"]\n',
                "src/app.py": _CODE,
                "src/requirements.txt": "torch\n",
            },
        ),
        Example(
            note="Development tools are not deployed, nor is what a manifest elsewhere asks for.",
            good={
                "template.yaml": _TEMPLATE,
                "src/app.py": _CODE,
                "requirements.txt": "pandas\n",
                "src/pyproject.toml": """\
[project]
name = "report"
version = "1.0"
dependencies = ["requests"]

[dependency-groups]
dev = ["pandas"]
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report the dependency that weighs most."""
        known = sorted(_known(function), key=lambda each: -each.whole)
        if not known:
            return
        first = known[0]
        limit = knowledge.limits.PACKAGE_UNZIPPED_BYTES / 1e6
        total = _whole(each.name for each in known)
        locked = function.package.locked_size() if function.package is not None else None
        if first.alone > limit:
            severity = Severity.ERROR
            message = f"`{first.name}` has at least {first.alone:,.0f} MB unpacked: no zip package can hold it"
            help = "deploy the function as a container image, or use a lighter library"
        elif locked is not None:
            if locked.bytes < _LOCKED_BYTES:
                return
            severity = Severity.WARNING
            message = f"uv.lock installs {locked.bytes / 1e6:,.0f} MB of wheels, compressed; `{first.name}` is heavy"
            help = _LIGHTER
        elif total >= _MANY_MB:
            severity = Severity.WARNING
            names = ", ".join(f"`{each.name}`" for each in known[:4])
            message = f"{names} take{'s' if len(known) == 1 else ''} about {total:,.0f} MB of the package"
            message += f", more than the {limit:,.0f} MB that it may have" if total > limit else ""
            help = _LIGHTER
        else:
            severity = Severity.INFO
            message = f"`{first.name}` takes about {first.whole:,.0f} MB of the package"
            help = _LIGHTER
        yield self.at(
            first.span,
            message,
            functions=[function],
            related=[(each.span, f"`{each.name}`: about {each.whole:,.0f} MB") for each in known[1:5]]
            + list(function.deployment),
            help=help,
            severity=severity,
        )


_LIGHTER = "use a lighter library, or keep what needs it in a function of its own"


class _Known(NamedTuple):
    """A heavy dependency: megabytes of it `alone`, and `whole` with the heavy ones that it requires."""

    name: str
    alone: float
    whole: float
    span: Span


def _known(function: Function) -> Iterator[_Known]:
    """The heavy dependencies that a build installs beside the code."""
    package, runtime = function.package, function.runtime.string
    if package is None or runtime is None or not is_zip(function) or function.is_built_elsewhere:
        return
    if knowledge.runtimes.family_of(runtime) != knowledge.packages.FAMILY:
        return
    seen = set()
    for each in package.dependencies:
        if each.group or not _applies(each.marker) or each.name in knowledge.packages.RUNTIME_DISTRIBUTIONS:
            continue
        weight = knowledge.packages.weight(each.name)
        whole = _whole([each.name])
        heavy = weight is not None and weight.size_class in ("L", "XL")
        if each.name not in seen and (heavy or whole >= _MANY_MB) and _is_of_family(each.span):
            seen.add(each.name)
            yield _Known(each.name, weight.installed_mb if weight is not None else 0, whole, each.span)


def _whole(names: Iterator[str] | list[str]) -> float:
    weights = [knowledge.packages.weight(name) for name in knowledge.packages.with_companions(names)]
    return sum(weight.installed_mb for weight in weights if weight is not None)


def _applies(marker: str) -> bool:
    """Whether a dependency with this marker is sure to be installed for Lambda; other systems are written with these."""
    return not any(word in marker for word in ("platform", "os_name", "implementation", "machine", "python", "extra"))


def _is_of_family(span: Span) -> bool:
    return not span.file.path.endswith("package.json")
