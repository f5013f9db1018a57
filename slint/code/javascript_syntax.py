"""JavaScript and TypeScript text to a syntax tree; the grammar of a language is loaded when its first file is read."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Final

from slint.code.python_syntax import Syntax, parse_with

if TYPE_CHECKING:
    from tree_sitter import Language

# The grammar of each ending. That of JavaScript knows JSX; in TypeScript, `<T>x` is a type assertion, in TSX it is not.
GRAMMARS: Final = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}


def parse(text: str, grammar: str) -> Syntax | None:
    """The syntax tree of a text; None for one that is too large, or such garbage that parsing it has no end."""
    return parse_with(text, partial(_language, grammar))


@cache
def _language(grammar: str) -> Language:
    from tree_sitter import Language

    if grammar == "javascript":
        import tree_sitter_javascript

        return Language(tree_sitter_javascript.language())
    import tree_sitter_typescript

    if grammar == "tsx":
        return Language(tree_sitter_typescript.language_tsx())
    return Language(tree_sitter_typescript.language_typescript())
