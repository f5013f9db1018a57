"""Functions, packages and dependencies that are too large."""
