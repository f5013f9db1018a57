"""Limits of AWS Lambda and of what stands in front of it.

As of 2026-11-22. Sources: AWS Lambda Developer Guide, "Lambda quotas"; API Gateway Developer Guide, "Quotas"; the
pages of the services named. Units are in the names: S seconds, MS milliseconds, MB mebibytes, BYTES bytes.
"""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2026-11-22"
SOURCE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"

# Function configuration
TIMEOUT_DEFAULT_S: Final = 3
TIMEOUT_MAXIMUM_S: Final = 900
TIMEOUT_MANAGED_INSTANCES_S: Final = 5_400  # asynchronous and polled invocations only; synchronous ones keep 900
MEMORY_DEFAULT_MB: Final = 128
MEMORY_MINIMUM_MB: Final = 128
MEMORY_MAXIMUM_MB: Final = 10_240
MEMORY_ONE_VCPU_MB: Final = 1_769  # the memory that comes with one full vCPU
TMP_MINIMUM_MB: Final = 512  # also the default, and the most that SnapStart allows
TMP_MAXIMUM_MB: Final = 10_240
ENVIRONMENT_BYTES: Final = 4_096  # all names and values together
FILE_DESCRIPTORS: Final = 1_024

# Package
PACKAGE_UNZIPPED_BYTES: Final = 262_144_000  # "250 MB", with all layers and extensions
PACKAGE_ZIPPED_DIRECT_BYTES: Final = 52_428_800  # "50 MB", only for an upload that does not go through S3
INLINE_CODE_BYTES: Final = 4_194_304
IMAGE_MB: Final = 10_240
LAYERS: Final = 5

# Payloads
PAYLOAD_SYNC_BYTES: Final = 6_291_456  # each way
PAYLOAD_ASYNC_BYTES: Final = 1_048_576
PAYLOAD_STREAMED_MB: Final = 200

# Initialisation
INIT_S: Final = 10  # on demand; afterwards it is retried within the function's timeout
RESTORE_HOOKS_S: Final = 10

# Concurrency
CONCURRENCY_REGION: Final = 1_000  # default of a region; new accounts have less
CONCURRENCY_UNRESERVED: Final = 100  # must stay unreserved

# Front doors: how long they wait for the function
REST_API_S: Final = 29  # default; can be raised for Regional and private APIs, so above it is advice
HTTP_API_S: Final = 30  # fixed
WEBSOCKET_API_S: Final = 29
APPSYNC_S: Final = 30
COGNITO_TRIGGER_S: Final = 5
LAMBDA_EDGE_VIEWER_S: Final = 5
LAMBDA_EDGE_ORIGIN_S: Final = 30

# Polled sources
SQS_VISIBILITY_DEFAULT_S: Final = 30
SQS_VISIBILITY_FACTOR: Final = 6  # advice; below one times the timeout the mapping is refused
SQS_BATCH_DEFAULT: Final = 10
STREAM_BATCH_DEFAULT: Final = 100

# Asynchronous invocations
ASYNC_RETRIES_DEFAULT: Final = 2
ASYNC_EVENT_AGE_DEFAULT_S: Final = 21_600
