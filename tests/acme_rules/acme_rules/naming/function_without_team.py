"""function-without-team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from slint import Diagnostic, Example, Rule, Severity, Template


class Options(NamedTuple):
    """The options of FunctionWithoutTeam."""

    tag: str = "team"
    exempt: tuple[str, ...] = ()


class FunctionWithoutTeam(Rule):
    """Nobody is called when a function that no team owns breaks at night.

    Each function carries the tag that names its team. Tags that cannot be known are not judged.
    """

    name = "function-without-team"
    summary = "A function has no team tag"
    severity = Severity.INFO
    Options = Options
    examples = (
        Example(
            bad={
                "template.yaml": """
                    Resources:
                      Orders:  # <- here
                        Type: AWS::Serverless::Function
                        Properties:
                          Runtime: python3.13
                          Handler: app.handler
                    """,
                "app.py": """
                    def handler(event, context):
                        return event
                    """,
            },
            good={
                "template.yaml": """
                    Resources:
                      Orders:
                        Type: AWS::Serverless::Function
                        Properties:
                          Runtime: python3.13
                          Handler: app.handler
                          Tags:
                            team: checkout
                    """,
                "app.py": """
                    def handler(event, context):
                        return event
                    """,
            },
        ),
    )

    def check_template(self, template: Template) -> Iterator[Diagnostic]:
        """Report each function that certainly lacks the tag."""
        for function in template.functions:
            has_tag = function.settings.at("Tags").has(self.options.tag)
            if has_tag is False and function.id not in self.options.exempt:
                yield self.at(
                    function.resource,
                    f"`{function.id}` has no tag `{self.options.tag}`",
                    resource=function.id,
                    help=f"add `{self.options.tag}` to its Tags",
                )
