"""The first file of a new rule: it runs, and its example passes, before anything is changed."""

from __future__ import annotations

import re
from pathlib import Path

from slint.settings import SettingsError

_RULE = '''\
"""{name}."""

from __future__ import annotations

from collections.abc import Iterator

from slint import Diagnostic, Example, Rule, Severity, Template


class {class_name}(Rule):
    """Say here in one line why the pattern is bad: this text is the rule's page.

    Then say what it costs, what to do instead, and what is not flagged.
    """

    name = "{name}"
    summary = "A function may run for the longest time that there is"
    severity = Severity.INFO
    references = ("https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",)
    examples = (
        Example(
            bad={{
                "template.yaml": """
                    Resources:
                      Orders:
                        Type: AWS::Serverless::Function
                        Properties:
                          Runtime: python3.13
                          Handler: app.handler
                          Timeout: 900  # <- here
                """,
                "app.py": """
                    def handler(event, context):
                        return event
                """,
            }},
            good={{
                "template.yaml": """
                    Resources:
                      Orders:
                        Type: AWS::Serverless::Function
                        Properties:
                          Runtime: python3.13
                          Handler: app.handler
                          Timeout: 30
                """,
                "app.py": """
                    def handler(event, context):
                        return event
                """,
            }},
        ),
    )

    def check_template(self, template: Template) -> Iterator[Diagnostic]:
        """Report each function whose timeout is certainly the maximum."""
        for function in template.functions:
            timeout = function.settings.at("Timeout")
            if timeout.equals(900) is True:  # None: the files do not tell, and nothing is reported
                yield self.at(
                    timeout,
                    f"`{{function.id}}` may run for 900 seconds",
                    resource=function.id,
                    help="set Timeout to what the work needs",
                )
'''


def write_rule(name: str, folder: str) -> Path:
    """Write `folder/NAME.py`, with `_` for `-`, and return its path. Raises SettingsError when it cannot be."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise SettingsError(f"not a rule name: {name}: use lower-case words joined by `-`, such as client-in-handler")
    path = Path(folder) / f"{name.replace('-', '_')}.py"
    class_name = "".join(word.capitalize() for word in name.split("-"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_RULE.format(name=name, class_name=class_name))
    except FileExistsError:
        raise SettingsError(f"file exists: {path}: choose another name or --dir") from None
    return path
