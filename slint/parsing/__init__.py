"""Text to values with positions, one module a format."""
