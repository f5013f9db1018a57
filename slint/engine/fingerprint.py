"""The identity of a finding that survives edits elsewhere in its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from slint.diagnostic import Diagnostic
from slint.source import SourceFile

if TYPE_CHECKING:
    from hashlib import sha256
else:
    # As `random` does it: hashlib loads all of OpenSSL, a thirtieth of a small run.
    try:
        from _sha2 import sha256
    except ImportError:
        try:
            from _sha256 import sha256  # Python 3.11 and before
        except ImportError:
            from hashlib import sha256

_LONG = 1_000  # characters


def fingerprints(diagnostics: Iterable[Diagnostic], sources: Mapping[str, SourceFile]) -> list[str]:
    """For each finding 16 hexadecimal digits, made of its rule, path, functions, resource and the text of its line without
    spacing; never of a line number. Equal findings are told apart by their order in the file."""
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    lines: dict[tuple[str, int], str] = {}
    for finding in diagnostics:
        place = finding.location.path, finding.location.start.line
        if place not in lines:
            file = sources.get(place[0])
            lines[place] = "" if file is None else _identity(file.line(place[1]))
        line = lines[place]
        identity = (finding.rule, finding.location.path, *finding.functions, finding.resource or "", line)
        seen[identity] += 1
        text = "\0".join((*identity, str(seen[identity])))
        made.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16])
    return made


def _identity(line: str) -> str:
    """The text of a line without spacing; of a very long one a hash, so that each of its findings costs no more than another."""
    text = " ".join(line.split())
    return text if len(text) <= _LONG else sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
