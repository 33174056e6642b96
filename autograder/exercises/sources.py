"""The source texts of right and wrong answers, as the cells of a student."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import chain
from types import ModuleType
from typing import Any

from autograder.exercises import guards


@cache
def answer_source(function: Callable[..., Any], name: str) -> str:
    """Return the source text of a style or mistake, as a student's cell that defines `name`.

    The imports of its module that it uses stand before it, and so do the undecorated functions of
    the module, of its package's `parts` and of `guards` that it uses. ValueError where it calls
    the exercise's right function itself.
    """
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, (ast.FunctionDef, ast.ClassDef))
    definition.decorator_list = []
    if name in names_used(definition) and name != definition.name:
        raise ValueError(f"{definition.name} calls the right {name}: it cannot stand in its place")
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and node.id == definition.name:
            node.id = name
    definition.name = name
    module = inspect.getmodule(function)
    assert module is not None
    nodes = _visible_nodes(module)
    used, before = names_used(definition), set[str]()
    helpers: list[ast.stmt] = []
    while before != used:
        before = used
        helpers = [node for node in nodes if _is_helper(node, used)]
        used = used.union(*map(names_used, helpers))
    imports = {ast.unparse(node): node for node in nodes if _imports_any(node, used)}
    body = [*imports.values(), *helpers, definition]
    return ast.unparse(ast.Module(body, type_ignores=[]))


def _visible_nodes(module: ModuleType) -> list[ast.stmt]:
    """Return the statements of a module, with those of its package's `parts`, and of the shared
    `guards`, before them where it imports any of them."""
    own = _module_tree(module).body
    shared = (f"{module.__name__.rpartition('.')[0]}.parts", guards.__name__)
    imported = [node.module for node in own if isinstance(node, ast.ImportFrom)]
    borrowed = [_module_tree(import_module(name)).body for name in shared if name in imported]
    return [*chain(*borrowed), *own]


@cache
def _module_tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def names_used(tree: ast.AST) -> set[str]:
    """Return every plain name that occurs in `tree`."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _is_helper(node: ast.stmt, used: set[str]) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.decorator_list and node.name in used


def _imports_any(node: ast.stmt, used: set[str]) -> bool:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
        return False
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return False
    return any((item.asname or item.name.split(".")[0]) in used for item in node.names)
