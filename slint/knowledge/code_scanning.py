"""What GitHub code scanning takes from a SARIF file, and how it names what it keeps.

As of 2026-11-22. Sources: docs.github.com, "SARIF support for code scanning" and "SARIF results exceed one or more
limits"; `fingerprints.ts` of github/codeql-action for the fingerprint.
"""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2026-11-22"
SOURCE: Final = "https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"

RESULTS_KEPT: Final = 5_000  # a run; up to 25,000 are taken, but no more than these are kept
TAGS: Final = 20  # a rule
RELATED_LOCATIONS: Final = 100  # shown; 1,000 are taken
NAME_CHARACTERS: Final = 255
DESCRIPTION_CHARACTERS: Final = 1_024

FINGERPRINT_WINDOW: Final = 100  # UTF-16 units from the start of a line, spaces and tabs left out
FINGERPRINT_BASE: Final = 37
FINGERPRINT_END: Final = 0xFFFF  # the unit that stands for the end of the file
