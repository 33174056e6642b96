"""Python that strangers wrote, parsed within limits.

Python's own parser answers a text that is nested some thousands deep with MemoryError or
RecursionError, as if the machine were full, and makes a tree of several hundred times the size of a
long one. Here such a text is what it is: one that cannot be read.
"""

from __future__ import annotations

import ast
import re

# Longer than anything a person writes into one cell; its tree takes about 100 MB.
MAX_CHARACTERS = 500_000


def parse(source: str) -> ast.Module:
    """Return the syntax tree of `source`; SyntaxError for no Python, or what is too long or
    deep."""
    if len(source) > MAX_CHARACTERS:
        raise SyntaxError(f"the text is longer than {MAX_CHARACTERS:,} characters")
    try:
        return ast.parse(source)
    except (RecursionError, MemoryError):
        raise SyntaxError("the text is nested too deep") from None
    except ValueError as reason:  # A null byte, or half a character.
        raise SyntaxError(str(reason)) from None


def meaning(tree: object) -> str:
    """Return what a syntax tree says, the same text wherever the code stands and whoever read it.

    It is without places, comments, docstrings and fields that are empty, and the same with every
    version of Python.
    """
    if isinstance(tree, list):
        return f"[{' '.join(map(meaning, tree))}]"
    if not isinstance(tree, ast.AST):
        return repr(tree)
    fields = []
    for name, value in ast.iter_fields(tree):
        if name == "body" and isinstance(value, list) and value and is_text(value[0]):
            value = value[1:]
        if value is not None and value != []:
            fields.append(f"{name}={meaning(value)}")
    return f"{type(tree).__name__}({' '.join(fields)})"


def is_text(statement: ast.AST) -> bool:
    """Say whether a statement is a text and nothing else, as a docstring is."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


# Magics whose body is run as Python of the notebook. Of any other it is a text, a program of
# another language, or run where its names do not stay.
RUN_HERE = ("%%time", "%%capture", "%%prun")
FOR_IPYTHON = re.compile(r"^\s*[%!?]|^[^#\n]*(?:=\s*[%!]|\?\s*$)", re.MULTILINE)


def as_it_ran(cell: str, line: int | None = None) -> str:
    """Return the Python that IPython made of a cell, as far as it was run in the notebook.

    line  the one that raised, counted from 1; nothing behind its statement ran
    """
    if line is not None:
        cell = _before(cell, line)
    first, _, body = cell.lstrip().partition("\n")
    while first.startswith("%%"):
        if first.split()[0] not in RUN_HERE:
            return ""
        first, _, rest = body.partition("\n")
        if not first.startswith("%%"):
            cell = body
        body = rest
    if not FOR_IPYTHON.search(cell):
        return cell
    # It takes a while to load, and few cells need it.
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return TransformerManager().transform_cell(cell)
    except Exception:  # Whatever the transformers of IPython raise for what is no cell.
        return cell


def _before(cell: str, line: int) -> str:
    """Return the cell without the top-level statements behind the one at `line`."""
    try:
        tree = parse(cell)
    except SyntaxError:
        # With lines for IPython alone: each line that starts at the margin opens a statement.
        lines = cell.splitlines()
        ends = [n for n in range(line, len(lines)) if lines[n][:1].strip(" \t)]}#") and n >= line]
        return "\n".join(lines[: ends[0]] if ends else lines)
    for statement in tree.body:
        if statement.lineno <= line <= (statement.end_lineno or line):
            return "\n".join(cell.splitlines()[: statement.end_lineno])
    return cell
