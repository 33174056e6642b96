"""Python that strangers wrote, parsed within limits.

Python's own parser answers a text that is nested some thousands deep with MemoryError or
RecursionError, as if the machine were full, and makes a tree of several hundred times the size of a
long one. Here such a text is what it is: one that cannot be read.
"""

from __future__ import annotations

import ast

# Longer than anything a person writes into one cell; its tree takes about 100 MB.
MAX_CHARACTERS = 500_000


def parse(source: str) -> ast.Module:
    """The syntax tree of `source`; SyntaxError for what is no Python, or too long or too deep."""
    if len(source) > MAX_CHARACTERS:
        raise SyntaxError(f"the text is longer than {MAX_CHARACTERS:,} characters")
    try:
        return ast.parse(source)
    except (RecursionError, MemoryError):
        raise SyntaxError("the text is nested too deep") from None
    except ValueError as reason:  # A null byte, or half a character.
        raise SyntaxError(str(reason)) from None
