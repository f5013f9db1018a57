"""Fuzz the JSON front end: see targets.py."""

from targets import fuzz, parsed

from slint.parsing import json

fuzz(lambda text: parsed(json.parse, text))
