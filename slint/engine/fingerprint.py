"""The identity of a finding that survives edits elsewhere in its file."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping

from slint.diagnostic import Diagnostic
from slint.source import SourceFile


def fingerprints(diagnostics: Iterable[Diagnostic], sources: Mapping[str, SourceFile]) -> list[str]:
    """For each finding 16 hexadecimal digits, made of its rule, path, functions, resource and the text of its line without
    spacing; never of a line number. Equal findings are told apart by their order in the file."""
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for finding in diagnostics:
        file = sources.get(finding.location.path)
        line = "" if file is None else " ".join(file.line(finding.location.start.line).split())
        identity = (finding.rule, finding.location.path, *finding.functions, finding.resource or "", line)
        seen[identity] += 1
        text = "\0".join((*identity, str(seen[identity])))
        made.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16])
    return made
