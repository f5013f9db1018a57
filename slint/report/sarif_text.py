"""The text of SARIF messages: sentences, with links to the related locations of a result."""

from __future__ import annotations

from slint.diagnostic import Diagnostic
from slint.knowledge.code_scanning import RELATED_LOCATIONS

MESSAGE_CHARACTERS = 4_000


def message(finding: Diagnostic) -> str:
    """What is wrong, what to do, and a link to each related place: GitHub shows those places only through links."""
    parts = [sentence(_unlinked(finding.message))]
    if finding.help:
        parts.append(f"Help: {sentence(_unlinked(finding.help))}")
    links = [
        f"[{_link_text(each.message)}]({number})"
        for number, each in enumerate(finding.related[:RELATED_LOCATIONS], start=1)
    ]
    if links:
        parts.append(f"See {', '.join(links)}.")
    return " ".join(parts)


def sentence(text: str) -> str:
    """`text` with a full stop, and of a length that a reader bears."""
    text = cut(text.strip(), MESSAGE_CHARACTERS)
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _unlinked(text: str) -> str:
    """`text` without anything that reads as a link: `[...](...)` is one, `[...]` alone is not."""
    return text.replace("](", "] (")


def _link_text(text: str) -> str:
    """The text of a link, its brackets escaped (section 3.11.6 of the standard)."""
    text = cut(" ".join(text.split()), MESSAGE_CHARACTERS) or "here"
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def cut(text: str, length: int) -> str:
    """`text` in no more than `length` characters."""
    return text if len(text) <= length else f"{text[: length - 3]}..."
