"""The built-in rules: one file a rule, a folder a family."""
