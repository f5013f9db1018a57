"""Where the code of a function or layer is: a folder, a file, the template itself, an image, or elsewhere.

Sources: aws/aws-sam-cli `samcli/lib/providers/sam_function_provider.py` and
`samcli/lib/samlib/resource_metadata_normalizer.py`; AWS SAM developer guide, "Building applications"; read 2026-11-22.
"""

from __future__ import annotations

import os
from typing import Final

from slint.parsing.scalars import Mapped, pieces_of
from slint.paths import is_within
from slint.record import NamedTuple
from slint.source import Host, Piece, SourceFile
from slint.templates.intrinsics import VARIABLE
from slint.templates.model import ImageBuild, Resource
from slint.value import Choice, Items, Literal, Value

_BUILT: Final = (".zip", ".jar", ".war", ".tar.gz", ".tgz")
_UNKNOWN: Final = "a code location that only deployment knows"
_HOLE: Final = "_"
_HOLE_LENGTH: Final = 4


class CodeLocation(NamedTuple):
    """Where code is; `folder` is an absolute path of a folder or file. `why` says why there is neither."""

    folder: str | None = None
    why: str | None = None
    inline: SourceFile | None = None
    image: ImageBuild | None = None


def code_of(resource: Resource, within: str) -> CodeLocation:
    """Where the code of a function is; nothing outside of `within` is named."""
    settings = resource.properties
    is_sam = resource.type.startswith("AWS::Serverless::")
    entry = settings.entry("CodeUri" if is_sam else "Code")
    written = _written_inline(resource.raw, is_sam)
    if written is not None:
        inline = inline_file(written)
        return CodeLocation(inline=inline, why="inline code" if inline else "inline code that is not written out")
    asset = _asset(resource, within)
    if asset is not None:
        return asset
    in_code = entry.value if entry is not None and isinstance(entry.value, Items) else settings
    is_image = settings.at("PackageType").string == "Image"
    if is_image or settings.entry("ImageUri") is not None or in_code.entry("ImageUri") is not None:
        return _image(resource, within)
    if entry is not None:
        return _code(entry.value, resource, within)
    if settings.open:
        return CodeLocation(why=_UNKNOWN)
    return _local(".", resource, within) if is_sam else CodeLocation(why="no code")


def layer_root(resource: Resource) -> str | None:
    """The absolute path of a layer's folder; None when it is elsewhere or not known."""
    folder = os.path.dirname(resource.template.path)
    within = os.path.abspath(os.sep)
    asset = _asset(resource, within)
    if asset is not None:
        return asset.folder
    content = resource.properties.at("ContentUri" if resource.type.startswith("AWS::Serverless::") else "Content")
    if content.string is None or _why_not_local(content.string) is not None:
        return None
    return _absolute(folder, content.string)


def local_path(value: Value, folder: str) -> str | None:
    """The absolute path that a literal names, relative to a folder; None when it names nothing local."""
    text = value.string
    return _absolute(folder, text) if text and "://" not in text and "\0" not in text else None


def _written_inline(raw: Items, is_sam: bool) -> Value | None:
    """The raw value of InlineCode or Code.ZipFile."""
    holder: Value = raw if is_sam else raw.at("Code")
    entry = holder.entry("InlineCode" if is_sam else "ZipFile") if isinstance(holder, Items) else None
    return entry.value if entry is not None else None


def _absolute(folder: str, path: str) -> str:
    return os.path.normpath(os.path.join(folder, path))


def _why_not_local(path: str) -> str | None:
    if "://" in path:
        return "code in a bucket" if path.startswith("s3:") else "code at a web address"
    if "\0" in path:
        return "a path that cannot be"
    return "a built archive" if path.endswith(_BUILT) else None


def _code(code: Value, resource: Resource, within: str) -> CodeLocation:
    if code.string is not None:
        return _local(code.string, resource, within)
    if isinstance(code, Items):
        if any(code.entry(key) is not None for key in ("Bucket", "S3Bucket", "Key", "S3Key")):
            return CodeLocation(why="code in a bucket")
        return CodeLocation(why=_UNKNOWN if code.open else "no code")
    if isinstance(code, Choice):
        return CodeLocation(why="code chosen by a condition")
    return CodeLocation(why=_UNKNOWN)


def _local(path: str, resource: Resource, within: str) -> CodeLocation:
    why = _why_not_local(path)
    if why is not None:
        return CodeLocation(why=why)
    absolute = _absolute(os.path.dirname(resource.template.path), path)
    return CodeLocation(folder=absolute) if is_within(absolute, within) else CodeLocation(why="outside of the project")


def _asset(resource: Resource, within: str) -> CodeLocation | None:
    """The asset that the CDK notes in the metadata of what it synthesizes; None when there is none."""
    path = resource.metadata.at("aws:asset:path").string
    kind = resource.metadata.at("aws:asset:property").string
    if path is None or kind not in ("Code", "Code.ImageUri", "Content"):
        return None
    if kind != "Code.ImageUri":
        return _local(path, resource, within)
    context = _absolute(os.path.dirname(resource.template.path), path)
    dockerfile = resource.metadata.at("aws:asset:dockerfile-path").string or "Dockerfile"
    return _build(context, dockerfile, resource.metadata.at("aws:asset:docker-build-target").string, within)


def _image(resource: Resource, within: str) -> CodeLocation:
    context = resource.metadata.at("DockerContext").string
    if context is None or "://" in context or "\0" in context:
        return CodeLocation(why="container image")
    folder = _absolute(os.path.dirname(resource.template.path), context)
    dockerfile = resource.metadata.at("Dockerfile").string or "Dockerfile"
    return _build(folder, dockerfile, resource.metadata.at("DockerBuildTarget").string, within)


def _build(context: str, dockerfile: str, target: str | None, within: str) -> CodeLocation:
    file = _absolute(context, dockerfile)
    if "\0" in file or not (is_within(context, within) and is_within(file, within)):
        return CodeLocation(why="container image")
    return CodeLocation(why="container image", image=ImageBuild(context, file, target))


# -- code written in the template ----------------------------------------------------------------------------------


def inline_file(written: Value) -> SourceFile | None:
    """The file of code that a raw value holds, each place mapped to the template; None when a part is not text.

    References of `Fn::Sub` and `Fn::Join` become names of the same length made of underscores, which keep code
    parseable; they belong to no piece of the host.
    """
    mapped = Mapped()
    if not _append(mapped, written) or not mapped.length:
        return None
    pieces = tuple(mapped.pieces) or (Piece(0, written.span.start, 0),)
    return SourceFile(written.span.file.path, mapped.text(), Host(written.span.file, pieces))


def _append(mapped: Mapped, value: Value) -> bool:
    """Append the text of a raw value; False when that cannot be told."""
    if isinstance(value, Literal):
        if isinstance(value.value, str):
            mapped.add_part(value.value, pieces_of(value), 0, len(value.value))
        return isinstance(value.value, str)
    if not isinstance(value, Items) or len(value.entries) != 1:
        return False
    name, argument = value.entries[0].literal_key, value.entries[0].value
    if name == "Fn::Sub":
        return _append_sub(mapped, argument if isinstance(argument, Literal) else argument.at(0))
    if name == "Fn::Join":
        return _append_join(mapped, argument)
    return False


def _append_sub(mapped: Mapped, template: Value) -> bool:
    if not isinstance(template, Literal) or not isinstance(template.value, str):
        return False
    text, pieces = template.value, pieces_of(template)
    at = 0
    for found in VARIABLE.finditer(text):
        start, end = found.span()
        mapped.add_part(text, pieces, at, start)
        if found.group(1).startswith("!"):
            mapped.add_part(text, pieces, start, start + 2)
            mapped.add_part(text, pieces, start + 3, end)
        else:
            mapped.add(_HOLE * (end - start), None)
        at = end
    mapped.add_part(text, pieces, at, len(text))
    return True


def _append_join(mapped: Mapped, argument: Value) -> bool:
    delimiter, members = argument.at(0).string, argument.at(1)
    if delimiter is None or not isinstance(members, Items):
        return False
    for number, entry in enumerate(members.entries):
        if number:
            mapped.add(delimiter, None)
        if not _append(mapped, entry.value):
            if isinstance(entry.value, Literal):
                return False
            mapped.add(_HOLE * _HOLE_LENGTH, None)
    return True
