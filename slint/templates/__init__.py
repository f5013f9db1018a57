"""Deployment templates to resources, functions and event sources."""
