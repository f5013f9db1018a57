from __future__ import annotations

from conftest import span_of

from slint.diagnostic import Diagnostic, Severity
from slint.engine.run import Results
from slint.report import Options, render
from slint.report.markdown import LIMIT
from slint.source import SourceFile

APP = SourceFile("a|b`.py", "call()\n")


def finding(**changes) -> Diagnostic:
    made = {"rule": "slow-call", "severity": Severity.WARNING, "message": "it is slow", **changes}
    return Diagnostic(location=span_of(APP, "call()").location(), **made)


def markdown(*diagnostics, **more) -> str:
    return render("markdown", Results(diagnostics=diagnostics, sources={APP.path: APP}, **more), Options())


def test_the_worst_come_first_in_a_table():
    found = markdown(finding(), finding(severity=Severity.ERROR, help="do not"), files=1, functions=1)
    assert found == (
        "## slint\n\n1 error, 1 warning in 1 function, 1 file\n\n"
        "| Severity | Place | Finding |\n| --- | --- | --- |\n"
        "| error | `a\\|b'.py:1` | **slow-call**: it is slow<br>Help: do not |\n"
        "| warning | `a\\|b'.py:1` | **slow-call**: it is slow |\n"
    )


def test_no_findings():
    assert markdown(files=2, functions=1) == "## slint\n\nno findings in 1 function, 2 files\n"


def test_a_message_is_text_but_for_its_code():
    found = markdown(finding(message="`a|b` <img> @someone #1 [x](y) **z**\n| 2"))
    assert "`a\\|b` &#60;img&#62; &#64;someone &#35;1 &#91;x&#93;(y) &#42;&#42;z&#42;&#42; &#124; 2 |\n" in found


def test_a_comment_holds_it():
    found = markdown(*[finding(message="x" * 500)] * 1_000)
    assert len(found) <= LIMIT
    shown = found.count("\n| warning |")
    assert found.endswith(f"\n{1_000 - shown} more are not shown here.\n")
