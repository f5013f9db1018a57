"""`python -m slint`."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path and sys.path:
        # `-m` puts the working directory first: a `click.py` of the linted project would be imported, and run.
        del sys.path[0]
    from slint.cli import main

    main()
