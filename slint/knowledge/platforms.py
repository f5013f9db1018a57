"""How a platform shares the place where code runs: it decides the rules about connections, state and background work.

As of 2026-11-22. Sources: AWS Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle",
"Lambda Managed Instances"; the Python runtime interface client 4.2.2 for Managed Instances (one process for each slot).
"""

from __future__ import annotations

from typing import Final

from slint.enumeration import Enum
from slint.record import NamedTuple

AS_OF: Final = "2026-11-22"
SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"


class Sharing(Enum):
    """Whether a client is to be kept for later requests."""

    REQUIRED = "required"
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


class RuntimeModel(NamedTuple):
    """A platform as its code sees it.

    `one_request`: an instance serves one request at a time. `share_client`: what to do with a client at module level.
    `module_io`: whether code may do input and output while it is loaded. `frozen`: nothing runs after the response.
    `pools`: a pool of several connections is of use, since several requests share the instance.
    """

    platform: str
    one_request: bool
    share_client: Sharing
    module_io: bool
    frozen: bool
    pools: bool


AWS_LAMBDA: Final = RuntimeModel("aws-lambda", True, Sharing.REQUIRED, True, True, False)

MODELS: Final = {
    "aws-lambda": AWS_LAMBDA,
    "aws-lambda-managed-instances": RuntimeModel(
        "aws-lambda-managed-instances", False, Sharing.REQUIRED, True, False, True
    ),
}
"""The platforms that are known. On another one, rules about connections, state and background work say nothing."""


def model(platform: str) -> RuntimeModel | None:
    """The model of a platform, None when it is not known."""
    return MODELS.get(platform)
