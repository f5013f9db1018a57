"""Finding the rules, running them, and what becomes of a finding before it is shown."""
