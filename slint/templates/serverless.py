"""serverless.yml: so far only which provider it deploys to, and the handlers that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slint.regex import regex
from slint.source import SourceFile

_PROVIDER = regex(
    r"^provider:[ \t]*(?:([\w-]+)[ \t]*(?:#.*)?$|(?:#.*)?\n((?:[ \t]+.*\n?|[ \t]*\n|#.*\n)*))", re.MULTILINE
)
_NAME = regex(r"^[ \t]+name:[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_HANDLER = regex(
    r"^[ \t]+(?:handler:|[\w-]+:[ \t]*\{[ \t]*handler:)[ \t]*[\"']?([\w./-]+)\.([\w$]+)[\"']?[ \t]*[,}#\r\n]",
    re.MULTILINE,
)


def named_handlers(file: SourceFile) -> Iterator[tuple[str, str]]:
    """The path, without its ending and relative to the file's folder, and the export of each handler that is named."""
    for found in _HANDLER.finditer(f"{file.text}\n"):
        yield found.group(1), found.group(2)


def deploys_to_aws(file: SourceFile) -> bool | None:
    """Whether the provider is AWS; None when the file does not say."""
    provider = _PROVIDER.search(file.text)
    if provider is None:
        return None
    if provider.group(1):
        return provider.group(1) == "aws"
    name = _NAME.search(provider.group(2) or "")
    return name.group(1) == "aws" if name else None
