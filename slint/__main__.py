"""The command `slint`, and `python -m slint`."""

from __future__ import annotations

import gc
import os
import signal
import sys


def main() -> None:
    """Run the command line and exit."""
    # An interrupt ends the process as the system does it, wherever it is: nothing is left to tidy up, and it comes
    # before the imports because they, too, can be interrupted.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # To look for garbage among what is imported, fifty times in a small run, takes a tenth of its time.
    gc.disable()
    from slint.cli import main

    try:
        main()
    except SystemExit as end:
        # All is written and nothing is held: to take the project apart piece by piece would be the user's time.
        os._exit(end.code if isinstance(end.code, int) else 0)


if __name__ == "__main__":
    if not sys.flags.safe_path and sys.path:
        # `-m` puts the working directory first: a `click.py` of the linted project would be imported, and run.
        del sys.path[0]
    main()
