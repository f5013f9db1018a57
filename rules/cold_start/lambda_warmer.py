"""Rule lambda-warmer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slint import Diagnostic, Example, Function, Origin, Phase, Rule, Severity, Source, Span, knowledge, values

_MOST_MINUTES = 15
"""Lambda reclaims idle environments after an unpublished time of some minutes; a slower schedule warms nothing."""

_RATE = r"rate\(\s*(\d+)\s+minutes?\s*\)"
_CRON = r"cron\(\s*(?:\*|(?:\*|0|\d+(?:-\d+)?)/(\d+)|(\d+(?:,\d+)+))\s+\*\s"
_HUMP = r"(?<=[a-z0-9])(?=[A-Z])|_"

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.11
      Events:
        Ping:%s
          Type: Schedule
          Properties:
            Schedule: rate(5 minutes)
            Input: '%s'
"""

_CODE = """\
def handler(event, context):
    return event
"""


class LambdaWarmer(Rule):
    """Pings that keep a function warm keep one environment warm, and not for long.

    Two requests at the same time still start a second environment cold, and Lambda replaces environments when it
    likes. Only provisioned concurrency guarantees started environments; SnapStart makes starting fast.

    Reported: a schedule of 15 minutes or less whose input, name or description says that it warms, a warm-up library,
    and code that answers warm-up events, told by the field of the event and its value. Not reported: schedules that warm
    a cache or a CDN.
    """

    name = "lambda-warmer"
    summary = "Function is kept warm by pings"
    severity = Severity.WARNING
    from_template = True
    tags = ("performance", "cold-start", "cost")
    references = (
        "https://aws.amazon.com/blogs/compute/operating-lambda-performance-optimization-part-1/",
        "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
    )
    examples = (
        Example(
            bad={"template.yaml": _TEMPLATE % ("  # <- here", '{"warmer": true}'), "src/app.py": _CODE},
            good={"template.yaml": _TEMPLATE % ("", '{"job": "clean-up"}'), "src/app.py": _CODE},
        ),
        Example(
            note="The schedule may be elsewhere; the code shows what it is for.",
            bad={
                "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.11
""",
                "src/app.py": """\
def handler(event, context):
    if event.get("source") == "serverless-plugin-warmup":  # <- here
        return "warm"
    return event["body"]
""",
            },
        ),
    )

    def check_function(self, function: Function) -> Iterator[Diagnostic]:
        """Report the schedule that warms the function, else the code that answers it."""
        elsewhere = knowledge.wrappers.WARMED_ELSEWHERE
        does_it = elsewhere.search(f"{function.id} {function.setting('Handler').string}") is not None
        schedules = [source for source in function.sources if not does_it and _warms(source)]
        answers = list(_answers(function))
        places = [(source.span, "this schedule only keeps") for source in schedules] or [
            (span, f"{what} keeps") for span, what in answers[:1]
        ]
        for span, what in places:
            yield self.at(
                span,
                f"{what} `{function.id}` warm, which saves no second environment from a cold start",
                functions=[function],
                related=[
                    *((place, f"{reason} answers the pings") for place, reason in answers if place != span),
                    *((place, text) for place, text in function.deployment if place != span),
                ],
                help="configure provisioned concurrency (or SnapStart where the runtime has it) and remove the pings",
            )


def _warms(source: Source) -> bool:
    if source.event_class != knowledge.event_sources.KINDS["schedule"]:
        return False
    settings = source.settings
    expressions = [settings.at(name).string for name in ("Schedule", "ScheduleExpression")]
    if not any(expression is not None and _is_frequent(expression) for expression in expressions):
        return False
    told = [settings.at(name) for name in ("Input", "Name", "Description", "InputTransformer", "Targets", "Target")]
    texts = [part.string for value in told for part in value.walk() if part.string is not None]
    texts += [re.sub(_HUMP, " ", text) for text in (source.span.text, source.declared_by or "") if len(text) < 100]
    wrappers = knowledge.wrappers
    return any(wrappers.WARMER_TEXT.search(text) and not wrappers.WARMED_ELSEWHERE.search(text) for text in texts)


def _is_frequent(expression: str) -> bool:
    rate = re.match(_RATE, expression)
    if rate is not None:
        return int(rate[1]) <= _MOST_MINUTES
    cron = re.match(_CRON, expression)
    if cron is None:
        return False
    if cron[2] is not None:
        return len(cron[2].split(",")) >= 60 // _MOST_MINUTES
    return cron[1] is None or int(cron[1]) <= _MOST_MINUTES


def _answers(function: Function) -> Iterator[tuple[Span, str]]:
    """The code that is there for warm-up events only, with what it is."""
    for each in function.imports():
        if each.name.partition(".")[0] in knowledge.wrappers.WARMER_MODULES:
            yield each.span, f"the library `{each.name}`"
    for operation, span in function.comparisons("==", "in"):
        if _asks_for_warmth(*operation.operands):
            yield span, "this branch"
    for site in function.sites:
        if site.phase is Phase.INVOKE and not site.names and len(site.call.arguments) <= 2:
            key = site.call.argument(None, 0)
            if key is not None and _is_warm_word(key) and Origin.EVENT in site.origins:
                yield site.span, "this branch"


def _asks_for_warmth(*operands: values.Value) -> bool:
    """Whether a comparison asks whether it is a ping: what is warm may also be a colour, a day or a customer."""
    wrappers = knowledge.wrappers
    if any(operand.string in wrappers.WARMER_PLUGINS for operand in operands):
        return True
    asked = " ".join(operand.span.text for operand in operands if operand.string is None)
    return any(map(_is_warm_word, operands)) and wrappers.WARMER_FIELDS.search(asked) is not None


def _is_warm_word(value: values.Value) -> bool:
    text = value.string
    return text is not None and (
        text in knowledge.wrappers.WARMER_PLUGINS or knowledge.wrappers.WARMER_TEXT.fullmatch(text) is not None
    )
