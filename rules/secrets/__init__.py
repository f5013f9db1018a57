"""Secrets where they can be read."""
