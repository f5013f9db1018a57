"""How things are called."""
