"""Rule snapstart-incompatible-config."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Rule, Severity, Span, knowledge, values

from .start import may_snapstart, provisioned_settings, snapstart_place

_HEAD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: build/orders.jar
      Handler: example.Orders::handle
      Runtime: java21
      AutoPublishAlias: live
      SnapStart:
        ApplyOn: PublishedVersions
"""


class SnapstartIncompatibleConfig(Rule):
    """SnapStart cannot be combined with some settings; the deployment of the function fails.

    These are provisioned concurrency, EFS file systems, more than 512 MB of ephemeral storage, tenant isolation and
    container images. Only settings that are written out are judged.
    """

    name = "snapstart-incompatible-config"
    summary = "SnapStart is combined with a setting that it does not allow"
    severity = Severity.ERROR
    from_template = True
    tags = ("cold-start", "deployment")
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html",)
    examples = (
        Example(
            bad={
                "template.yaml": _HEAD
                + """\
      EphemeralStorage:  # <- here
        Size: 2048
"""
            },
            good={
                "template.yaml": _HEAD
                + """\
      EphemeralStorage:
        Size: 512
"""
            },
        ),
        Example(
            bad={
                "template.yaml": _HEAD
                + """\
      ProvisionedConcurrencyConfig:  # <- here
        ProvisionedConcurrentExecutions: 5
"""
            },
        ),
        Example(
            note="A size that the files do not tell is not judged.",
            good={
                "template.yaml": "Parameters:\n  Size:\n    Type: Number\n"
                + _HEAD
                + """\
      EphemeralStorage:
        Size: !Ref Size
"""
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report each setting that rules SnapStart out."""
        if may_snapstart(function) is not True:
            return
        for place, what in _conflicts(function):
            yield self.at(
                place,
                f"SnapStart does not work with {what}: the deployment fails",
                functions=[function],
                resource=function.id,
                related=[(snapstart_place(function), "SnapStart is switched on here")],
                help=f"remove SnapStart or {what}",
            )


_WORDS = {
    "FileSystemConfigs": "an EFS file system",
    "ProvisionedConcurrencyConfig": "provisioned concurrency",
    "TenancyConfig": "tenant isolation",
}


def _conflicts(function: Function) -> Iterator[tuple[Span, str]]:
    settings = function.settings
    if not isinstance(settings, values.Items):
        return
    for value, place in provisioned_settings(function):
        if _is_written(value):
            yield place, _WORDS["ProvisionedConcurrencyConfig"]
    for name in knowledge.runtimes.SNAPSTART_CONFLICTS:
        entry = settings.entry(name)
        if entry is not None and name != "ProvisionedConcurrencyConfig" and _is_written(entry.value):
            yield entry.span, _WORDS[name]
    storage = settings.entry("EphemeralStorage")
    if storage is not None:
        size = storage.value.at("Size")
        if size.number is not None and size.less_than(knowledge.limits.TMP_MINIMUM_MB + 1) is False:
            yield storage.span, f"ephemeral storage of {size.number:g} MB (512 at most)"
    package = settings.entry("PackageType")
    if package is not None and package.value.equals("Image"):
        yield package.span, "a container image"


def _is_written(value: values.Value) -> bool:
    return isinstance(value, values.Items) and bool(value.entries)
