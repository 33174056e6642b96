"""What is left of the line that an exercise comes with, `raise NotImplementedError()`."""

from __future__ import annotations

import ast


def is_stub(definition: ast.AST) -> bool:
    """Say whether a function is as it came, or every method of a class is: a docstring, and the
    `raise`."""
    if isinstance(definition, ast.ClassDef):
        methods = methods_of(definition)
        return bool(methods) and all(map(is_stub, methods))
    if not isinstance(definition, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    body = [node for node in definition.body if not _says_nothing(node)]
    return len(body) == 1 and _raises(body[0])


def methods_of(definition: ast.ClassDef) -> list[ast.FunctionDef]:
    """Return the methods of a class, in order."""
    return [node for node in definition.body if isinstance(node, ast.FunctionDef)]


def _says_nothing(node: ast.stmt) -> bool:
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass)


def _raises(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Raise)
        and node.exc is not None
        and "NotImplementedError" in ast.unparse(node.exc)
    )
