"""Fuzz the YAML front end: see targets.py."""

from targets import fuzz, parsed

from slint.parsing import yaml

fuzz(lambda text: parsed(yaml.parse, text))
