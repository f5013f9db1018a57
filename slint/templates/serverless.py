"""serverless.yml: so far only which provider it deploys to."""

from __future__ import annotations

import re

from slint.source import SourceFile

_PROVIDER = re.compile(
    r"^provider:[ \t]*(?:([\w-]+)[ \t]*(?:#.*)?$|(?:#.*)?\n((?:[ \t]+.*\n?|[ \t]*\n|#.*\n)*))", re.MULTILINE
)
_NAME = re.compile(r"^[ \t]+name:[ \t]*[\"']?([\w-]+)", re.MULTILINE)


def deploys_to_aws(file: SourceFile) -> bool | None:
    """Whether the provider is AWS; None when the file does not say."""
    provider = _PROVIDER.search(file.text)
    if provider is None:
        return None
    if provider.group(1):
        return provider.group(1) == "aws"
    name = _NAME.search(provider.group(2) or "")
    return name.group(1) == "aws" if name else None
