"""What of a notebook its verdicts need, where nobody looks at anything else of it.

Loading a library can take longer than judging a notebook, and the course has cells that compare an
answer with what a library says to the same. They say themselves what they do where the library is
not installed, namely without it: so they are run where it is not needed otherwise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterable, Set
from types import CodeType

from autograder.run.assess import Cell
from autograder.source_text import parse

# What reaches a name that stands nowhere.
REACHING = {"eval", "exec", "globals", "locals", "vars", "get_ipython", "__import__"}
NAME = re.compile(r"\w+")


def without_second_opinions(
    cells: Iterable[Cell], course: Iterable[Cell], graded: Container[str]
) -> list[Cell]:
    """Return the cells of a notebook, where those of the course that ask a library for a second
    opinion go on as they do where it is not installed, unless a student uses what they make with
    it.

    course  the cells of the course's notebook; one that is not as it is there is the student's
    graded  the ids of those that hold the checks
    """
    own = {cell.source for cell in course}
    cells = list(cells)
    students = [
        cell for cell in that_count(cells) if cell.source not in own and cell.grade_id not in graded
    ]
    used = {name for cell in students for name in _names_read(cell.source)}
    if used & REACHING:
        return cells
    return [
        cell._replace(source=_without_the_library(cell.source, used))
        if cell.kind == "code" and cell.source in own
        else cell
        for cell in cells
    ]


def that_count(cells: Iterable[Cell]) -> list[Cell]:
    """Return the code cells of a notebook down to its last graded one: `verdicts_of` stops
    there."""
    code = [cell for cell in cells if cell.kind == "code"]
    while code and code[-1].grade_id is None:
        code.pop()
    return code


def _names_read(source: str) -> set[str]:
    """Return the names that a cell may read of others'; those of its functions' own variables are
    not among them where the cell can be compiled."""
    try:
        return set(_names_of(compile(parse(source), "<cell>", "exec")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(NAME.findall(source))


def _names_of(code: CodeType) -> Iterable[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_of(inner)


def _without_the_library(source: str, used: Set[str]) -> str:
    """Return the cell as it runs without the library that it tries to import first; as it is where
    it tries none, or makes with it what has a name in `used`."""
    if "ImportError" not in source:
        return source
    tree = parse(source)
    match tree.body:
        case [ast.Try(handlers=[ast.ExceptHandler(type=ast.Name("ImportError"))]) as attempt, *_]:
            imports = all(isinstance(one, (ast.Import, ast.ImportFrom)) for one in attempt.body)
            if imports and not attempt.finalbody and used.isdisjoint(_names_bound(attempt)):
                tree.body[:1] = attempt.handlers[0].body
                return ast.unparse(tree)
    return source


def _names_bound(tree: ast.AST) -> set[str]:
    """Return the names that a statement gives something to."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.partition(".")[0])
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
    return found
