"""Limits and defaults of AWS Lambda that rules compare with.

As of 2026-11-22. Source: AWS Lambda Developer Guide, "Lambda quotas" and "Configure Lambda function timeout". Units are
in the names: S seconds, MB mebibytes, BYTES bytes.
"""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2026-11-22"
SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"

TIMEOUT_DEFAULT_S: Final = 3
TMP_MINIMUM_MB: Final = 512  # also the default, and the most that SnapStart allows
TEMPLATE_BYTES: Final = 1_048_576  # "1 MB", for a template in S3: CloudFormation User Guide, "CloudFormation quotas"
PACKAGE_UNZIPPED_BYTES: Final = 262_144_000  # "250 MB", with all layers and extensions
