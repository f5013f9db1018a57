"""How a function starts: what keeps it from starting cold, and what makes it start slowly. Shared by the rules here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slint import Function, Resource, Source, Span, Template, knowledge, values

_VERSIONS = ("AWS::Lambda::Version", "AWS::Lambda::Alias")
_SCALING_DIMENSION = "lambda:function:ProvisionedConcurrency"
_LARGE_PACKAGE_BYTES = 50_000_000
_SLOW_IMPORT_MS = 100


# -- what keeps it from starting cold ------------------------------------------------------------------------------


def snapstart(function: Function) -> bool | None:
    """Whether SnapStart is switched on; None when the files do not tell."""
    return function.setting("SnapStart", "ApplyOn").equals("PublishedVersions")


def may_snapstart(function: Function) -> bool | None:
    """Whether SnapStart is switched on for a runtime that may have it; the others fail anyway, whatever else is set."""
    runtime = function.runtime.string
    if runtime is not None and knowledge.runtimes.supports_snapstart(runtime) is False:
        return False
    return snapstart(function)


def snapstart_place(function: Function) -> Span:
    """Where SnapStart is switched on: in the function or in the template's defaults."""
    return _place(function, "SnapStart")


def publishes_version(function: Function) -> bool | None:
    """Whether the template publishes a version of the function; None when the files do not tell."""
    if function.template is None or function.template.is_open:
        return None
    written = [_is_set(function.setting(name)) for name in ("AutoPublishAlias", "PublishToLatestPublished")]
    if True in written or any(resource.type in _VERSIONS for resource in _about(function)):
        return True
    return None if None in written else False


def provisioned(function: Function) -> bool | None:
    """Whether provisioned concurrency is configured, on the function or on one of its versions or aliases."""
    if function.template is None or function.template.is_open:
        return None
    answers = [_is_set(value) for value, _ in provisioned_settings(function)]
    answers += [None for resource in _scaling_targets(function) if _mentions(resource.properties, function)]
    if True in answers:
        return True
    return None if None in answers else False


def provisioned_settings(function: Function) -> Iterator[tuple[values.Value, Span]]:
    """The provisioned concurrency written for a function, each with the place where it is written."""
    name = "ProvisionedConcurrencyConfig"
    yield function.setting(name), _place(function, name)
    for resource in _about(function):
        entry = resource.properties.entry(name)
        if entry is not None:
            yield entry.value, entry.span


def mitigated(function: Function) -> bool | None:
    """Whether SnapStart or provisioned concurrency is switched on; None when the files do not tell."""
    answers = {snapstart(function), provisioned(function)}
    if True in answers:
        return True
    return None if None in answers else False


def bare_callers(function: Function) -> tuple[Source, ...]:
    """What invokes the function without naming a version or alias: it gets `$LATEST`."""
    template = function.template
    resources = template.resources if template is not None else {}

    def is_permit(source: Source) -> bool:
        declared = resources.get(source.declared_by or "")
        return declared is not None and declared.type == "AWS::Lambda::Permission"

    return tuple(each for each in function.sources if each.qualified is False and not is_permit(each))


def _is_set(value: values.Value) -> bool | None:
    """Whether a property has a value, whichever; None when only some of its alternatives have one."""
    answers = {not isinstance(option.value, values.Absent) for option in value.possible()}
    if isinstance(value, values.Unknown) or len(answers) != 1:
        return None
    return answers.pop()


def _place(function: Function, name: str) -> Span:
    settings = function.settings
    entry = settings.entry(name) if isinstance(settings, values.Items) else None
    return entry.span if entry is not None else function.span


# -- what else the templates say about it ----------------------------------------------------------------------------


def _about(function: Function) -> Iterator[Resource]:
    """The versions and aliases of a function, in its template and the stacks around it."""
    for template in _stacks(function):
        for resource in template.of_type(*_VERSIONS):
            if _names(resource.properties.at("FunctionName"), function):
                yield resource


def _scaling_targets(function: Function) -> Iterator[Resource]:
    for template in _stacks(function):
        for resource in template.of_type("AWS::ApplicationAutoScaling::ScalableTarget"):
            if resource.properties.at("ScalableDimension").equals(_SCALING_DIMENSION):
                yield resource


def _stacks(function: Function) -> Iterator[Template]:
    template = function.template
    while template is not None and template.parent is not None:
        template = template.parent
    waiting = [template] if template is not None else []
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(each.nested.values())


def _names(value: values.Value, function: Function) -> bool:
    """Whether a value is the function's name, by reference or as text."""
    if _mentions(value, function):
        return True
    name = function.setting("FunctionName").string
    return name is not None and value.string is not None and name in re.split("[:/]", value.string)


def _mentions(value: values.Value, function: Function) -> bool:
    return any(ref.kind is values.RefKind.RESOURCE and ref.name == function.id for ref in value.references())


# -- what makes it start slowly --------------------------------------------------------------------------------------


def slow_start(function: Function) -> Iterator[tuple[Span, str]]:
    """The evidence that a function takes long to start: each place with what it shows."""
    runtime, package = function.runtime.string, function.package
    is_native = package is not None and package.is_native
    if runtime is not None and knowledge.runtimes.family_of(runtime) in knowledge.runtimes.SLOW_START and not is_native:
        yield function.runtime.span, f"{runtime} takes long to start"
    for span, distribution, weight in heavy_imports(function):
        yield span, f"`{distribution}` is imported when it starts{takes(weight)}"
    for each in function.imports():
        if each.name.partition(".")[0] in knowledge.wrappers.FRAMEWORKS and not each.optional:
            yield each.span, f"the web framework `{each.name.partition('.')[0]}` is loaded when it starts"
            break
    # Where a start script runs the code, what it loads is told by what is installed for it.
    for dependency in package.dependencies if package is not None and function.handler is None else ():
        if dependency.name in knowledge.wrappers.FRAMEWORKS and not dependency.group:
            yield dependency.span, f"the web framework `{dependency.name}` is installed for it"
            break
    if package is not None and not package.needs_build and package.size >= _LARGE_PACKAGE_BYTES:
        yield _place(function, "CodeUri"), f"its package has {package.size / 1e6:.0f} MB"


def heavy_imports(function: Function) -> Iterator[tuple[Span, str, knowledge.packages.Weight]]:
    """The imports at start-up that take long, each library once, in the order loaded.

    Left out: what the runtime contains, what the code can do without, and what a library that is listed loads itself.
    Nothing for what a bundler makes, which loads faster than the libraries that were measured.
    """
    if function.family == "nodejs":
        yield from _heavy_packages(function)
        return
    found: dict[str, tuple[Span, knowledge.packages.Weight]] = {}
    for each in function.imports():
        if each.optional or each.name.partition(".")[0] in knowledge.packages.RUNTIME_MODULES:
            continue
        distribution = knowledge.packages.distribution_of(f"{each.name}.{each.member}" if each.member else each.name)
        weight = knowledge.packages.weight(distribution)
        if weight is not None and _is_slow(weight):
            found.setdefault(distribution, (each.span, weight))
    for distribution, (span, weight) in found.items():
        others = [other for other in found if other != distribution]
        if distribution not in knowledge.packages.with_companions(others):
            yield span, distribution, weight


def _heavy_packages(function: Function) -> Iterator[tuple[Span, str, knowledge.packages.Weight]]:
    """The same for packages of npm."""
    seen: set[str] = set()
    for each in function.imports() if not function.is_built_elsewhere else ():
        package = knowledge.node_packages.package_of(each.name)
        weight = knowledge.node_packages.weight(package)
        if weight is not None and package not in seen and not each.optional and knowledge.node_packages.is_slow(weight):
            seen.add(package)
            yield each.span, package, weight


def takes(weight: knowledge.packages.Weight) -> str:
    """How long the import takes, for a message; empty when it is not known."""
    return f" (about {weight.import_ms} ms on a full CPU)" if weight.import_ms is not None else ""


def _is_slow(weight: knowledge.packages.Weight) -> bool:
    return weight.size_class in ("L", "XL") or (weight.import_ms or 0) >= _SLOW_IMPORT_MS
