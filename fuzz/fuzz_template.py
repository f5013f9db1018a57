"""Fuzz the reading of templates: resources, intrinsic functions, event sources: see targets.py."""

from targets import fuzz, inside, walked

from slint.source import SourceFile
from slint.templates.cloudformation import read_templates


def target(text: str) -> None:
    """One input."""
    file = SourceFile("template.yaml", text)
    result = read_templates([("/p/template.yaml", file)], lambda path: None, "/p")
    for _, error in result.broken:
        inside(error.span, file)
    for template in result.templates:
        for resource in template.resources.values():
            inside(resource.span, file)
            walked(resource.properties, file)
        for source in template.sources:
            inside(source.span, file)


fuzz(target)
