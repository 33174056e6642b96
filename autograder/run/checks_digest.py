"""Which checks these are: one digest of all code that a verdict depends on.

It stands in the gradebook beside every grade, so that a mended check regrades what it judged, and
travels with the work, so that a machine with other checks refuses it. What counts is what is
reached by imports from the exercises, the judge and the room; of each module its code counts, not
its comments and docstrings, nor what an exercise says to its reader and to a teacher alone.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import course
from autograder.exercises import NOTEBOOKS
from autograder.source_text import meaning

ROOT = Path(__file__).parents[2]
COURSE = Path(course.__file__).parent.parent
# Where every verdict comes from. What is inside a room is loaded by its path, not imported.
EVERYWHERE = ("autograder.run.assess", "autograder.sandbox.inside")
# What is shown to a student changes no verdict.
SHOWN = (
    "course.plots",
    "course.hint",
    "course.journal",
    "course.progress",
    "course.recorded",
    "course.session",
    "course.verdict",
)
# So do these arguments of an exercise and of a mistake.
SAID = {"exercise": ("hints", "minutes"), "mistake": ("said", "root", "leads")}


@cache
def checks_version(notebooks: frozenset[str] | None = None) -> str:
    """Return the digest of this installation's checks, in hexadecimal digits.

    notebooks  numbers as in "01" of the notebooks whose exercises count; all where None
    """
    roots = [
        f"autograder.exercises.{package}"
        for name, package in NOTEBOOKS.items()
        if notebooks is None or name.partition("-")[0] in notebooks
    ]
    digest = hashlib.sha256()
    for module in sorted(reached([*EVERYWHERE, *roots])):
        path = _path(module)
        assert path is not None
        digest.update(f"{module}\0{meaning(_tree(path))}\0".encode())
    return digest.hexdigest()


def reached(roots: list[str]) -> set[str]:
    """Return the modules of ours that `roots` import, directly or not; of a package all its
    modules."""
    found: set[str] = set()
    waiting = [module for root in roots for module in _with_submodules(root)]
    while waiting:
        module = waiting.pop()
        path = _path(module)
        if module in found or module.startswith(SHOWN) or path is None:
            continue
        found.add(module)
        waiting += _imports(path)
        if "." in module:
            waiting.append(module.rpartition(".")[0])
    return found


def _with_submodules(module: str) -> Iterator[str]:
    yield module
    path = _path(module)
    if path is not None and path.name == "__init__.py":
        for file in sorted(path.parent.rglob("*.py")):
            inner = file.relative_to(path.parent).with_suffix("").parts
            yield ".".join([module, *(part for part in inner if part != "__init__")])


def _path(module: str) -> Path | None:
    """Return the file of one of our modules; None for anything else."""
    top = module.partition(".")[0]
    if top not in ("autograder", "course"):
        return None
    place = (ROOT if top == "autograder" else COURSE).joinpath(*module.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def _imports(path: Path) -> Iterator[str]:
    for node in _statements(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            # What is imported may itself be a module.
            yield from (f"{node.module}.{item.name}" for item in node.names)


def _statements(module: ast.Module) -> Iterator[ast.AST]:
    """Yield every statement of a module, however deep it stands: what else a tree holds, most of
    it, imports nothing."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, block, [])


@cache
def _tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module, without the arguments in SAID."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            said = SAID.get(node.func.attr, ())
            node.keywords = [one for one in node.keywords if one.arg not in said]
    return tree
