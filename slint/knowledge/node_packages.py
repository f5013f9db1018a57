"""npm packages that take long to load, and what they weigh.

Measured on 2026-11-22, Linux x86-64, Node.js 20.20, the newest versions: installed megabytes (10**6 bytes) with all that
they depend on; milliseconds of processor time of `require` from separate files, on one full core (a function of 128 to
512 MB has a fraction of one). The least of four runs; for ranking only. A bundle of the same code loads faster.
Instrumentation that has to be loaded first (`@sentry/node`, `newrelic`) is left out.
"""

from __future__ import annotations

from typing import Final

from slint.knowledge.packages import Weight

AS_OF: Final = "2026-11-22"

_SLOW_MS: Final = 250
_LARGE_MS: Final = 300

# package: installed MB, ms to load
_MEASURED: Final[dict[str, tuple[float, int]]] = {
    "@nestjs/core": (7.8, 270),
    "aws-amplify": (55.9, 261),
    "exceljs": (37.4, 293),
    "express": (2.9, 89),
    "firebase-admin": (58.4, 75),
    "googleapis": (233.2, 908),
    "jsdom": (24.0, 712),
    "knex": (3.9, 99),
    "mongoose": (10.3, 213),
    "openai": (12.9, 72),
    "pdfkit": (22.9, 118),
    "playwright-core": (14.1, 333),
    "puppeteer-core": (47.9, 155),
    "sequelize": (16.6, 164),
    "stripe": (18.6, 103),
    "twilio": (23.3, 160),
    "typeorm": (24.6, 174),
    "xlsx": (14.1, 146),
}


def package_of(module: str) -> str:
    """The package that an imported name belongs to: `@aws-sdk/client-s3`, `lodash` for `lodash/once`."""
    return "/".join(module.split("/")[: 2 if module.startswith("@") else 1])


def weight(package: str) -> Weight | None:
    """How heavy a package is, None when it is not known (most are light)."""
    return PACKAGES.get(package)


def is_slow(found: Weight) -> bool:
    """Whether loading a package is long enough to be worth a change."""
    return (found.import_ms or 0) >= _SLOW_MS


PACKAGES: Final = {
    name: Weight(megabytes, milliseconds, "L" if milliseconds >= _LARGE_MS else "M", True)
    for name, (megabytes, milliseconds) in _MEASURED.items()
}
"""Every package that was measured."""
