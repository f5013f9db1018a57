"""What a fuzzer feeds to each front end, and what must hold: no exception but ParseError, and places inside the text.

Run by hand, with atheris installed (`pip install atheris`; it needs Linux or macOS):

    python fuzz/fuzz_yaml.py fuzz/corpus/yaml -max_total_time=60 -timeout=2 -rss_limit_mb=600

A finding is written to `crash-*` or `timeout-*`; give that file as the only argument to see it again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

try:
    import atheris
except ImportError:
    raise SystemExit("atheris is missing: pip install atheris") from None

with atheris.instrument_imports(include=["slint"]):
    import slint.code.javascript
    import slint.code.python
    import slint.engine.baseline
    import slint.parsing.dockerfile
    import slint.parsing.json
    import slint.parsing.yaml
    import slint.project.discovery
    import slint.project.gitignore
    import slint.project.manifests
    import slint.templates.cloudformation  # noqa: F401 - instrumented here, used by the targets

from slint.parsing.errors import ParseError
from slint.source import SourceFile, Span
from slint.value import Value


def fuzz(target: Callable[[str], None]) -> None:
    """Feed texts to a target until the fuzzer's options say that it is enough."""

    def one_input(data: bytes) -> None:
        target(data.decode("utf-8", "replace"))

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


def inside(span: Span, file: SourceFile) -> None:
    """A place must lie in its text."""
    if not (span.file is file and 0 <= span.start <= span.end <= len(file.text)):
        raise AssertionError(f"a place out of the text: {span.start}..{span.end} of {len(file.text)}")


def walked(value: Value, file: SourceFile) -> None:
    """All places of a value must lie in its text."""
    for each in value.walk():
        inside(each.span, file)


def parsed(parse: Callable[[SourceFile], Value], text: str) -> None:
    """A parser must give a value or raise ParseError, with places in the text."""
    file = SourceFile("input", text)
    try:
        walked(parse(file), file)
    except ParseError as error:
        inside(error.span, file)
