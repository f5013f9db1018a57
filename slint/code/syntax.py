"""Code to a syntax tree, in time that is bounded for any text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import process_time
from typing import TYPE_CHECKING, Final

from slint.code.grammars import grammar
from slint.record import NamedTuple
from slint.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

# Beyond lie generated tables and bundles: what people write has a node for every four or five characters. Parsing,
# reading and judging a tree of this size takes up to a second.
LARGEST_FILE: Final = 280_000
LARGEST_TREE: Final = 200_000
TOO_LARGE: Final = f"it has more than {LARGEST_FILE:,} characters, or {LARGEST_TREE:,} nodes in its syntax tree, as only generated code has"

# The parser reports its progress once in a hundred steps: up to 30 times a kilobyte on the way through a text, with at
# most 500 reports in a row that bring nothing new where it recovers from an error, and up to 20 times a kilobyte at
# the end of the text, where it puts the tree in balance. Some garbage keeps so many readings possible that it goes on
# for minutes. Measured on 2,000 files with tree-sitter 0.26 and tree-sitter-python 0.25.
_PATIENCE: Final = 1000
_PATIENCE_PER_BYTE: Final = 0.1
_PATIENCE_PER_BYTE_AT_END: Final = 0.03

# Between reports, garbage that is opened ten thousand times and never closed takes a hundred times longer than code. This
# is the one bound that depends on the machine, so it is far from what code needs: 0.05 s for the largest file.
_PATIENCE_SECONDS: Final = 1.0

# The parser's time grows with the square of a run of joined lines; no one writes runs of this length.
_JOINED_LINES: Final = regex(r"(?:\\\r?\n[ \t\f]*){100,}")
_LONE_RETURN: Final = regex(r"\r(?!\n)")
_CONTINUATION_BYTE: Final = regex(rb"[\x80-\xbf]")


class TooLarge(Exception):
    """A text is larger than what is read."""


class Syntax(NamedTuple):
    """A syntax tree with the offsets of the bytes that begin no code point, to count code points with.

    `tree` keeps alive the nodes of `root`.
    """

    tree: Tree
    root: Node
    wide: Sequence[int]

    def errors(self) -> Iterator[Node]:
        """The outermost nodes that the parser could not make sense of, or had to make up."""
        nodes = [self.root]
        while nodes:
            node = nodes.pop()
            if not node.has_error:
                continue
            if node.is_error or node.is_missing:
                yield node
            else:
                nodes.extend(reversed(node.children))


def parse(text: str, language: str) -> Syntax | None:
    """The syntax tree of a text; None for such garbage that parsing it has no end.

    `language` is one of grammars.py. Raises TooLarge.
    """
    if len(text) > LARGEST_FILE:
        raise TooLarge
    from tree_sitter import Parser

    # Each replacement is as long as what it replaces, so that offsets stay true: one byte for what UTF-8 cannot hold.
    plain = text
    if "\r" in plain:
        plain = _LONE_RETURN.sub("\n", plain)
    if "\\" in plain:
        plain = _JOINED_LINES.sub(lambda run: " " * len(run.group()), plain)
    source = plain.encode("utf-8", "replace")
    end = len(source.rstrip())
    furthest, patience = 0, float(_PATIENCE)
    last = process_time() + _PATIENCE_SECONDS

    def is_lost(offset: int, _has_error: bool) -> bool:
        nonlocal furthest, patience
        if offset > furthest:
            patience = min(_PATIENCE, patience + (offset - furthest) * _PATIENCE_PER_BYTE)
            if furthest < end <= offset:
                patience += end * _PATIENCE_PER_BYTE_AT_END
            furthest = offset
        patience -= 1
        return patience < 0 or process_time() > last

    try:
        tree = Parser(grammar(language)).parse(
            lambda offset, _: source[offset : offset + 65536], progress_callback=is_lost
        )
    except ValueError:  # what the parser raises when it is stopped
        return None
    if tree.root_node.descendant_count > LARGEST_TREE:
        raise TooLarge
    wide = () if text.isascii() else [match.start() for match in _CONTINUATION_BYTE.finditer(source)]
    return Syntax(tree, tree.root_node, wide)
