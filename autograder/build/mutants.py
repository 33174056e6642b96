"""Mechanical mutants of the honest styles: a measure of the cases themselves.

One thing in a right answer is changed at a time: a sign, an axis, an index, a transpose, a
constant, a comparison, a term, the order of two arguments, digits. What still passes is either
equivalent, which the exercise says with a reason (`exercise.equivalent`), or a gap in its cases.
"""

from __future__ import annotations

import ast
import copy
import inspect
import resource
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np

from autograder.errors import Problem
from autograder.exercises import NOTEBOOKS, Exercise, exercise, notebook
from autograder.judge.shortcuts import StudentCode
from autograder.judge.trial import InProcess, Trial
from autograder.judge.verdicts import Evidence, find
from course.check import TimeIsUp, within
from course.compare import as_numbers
from course.kinds import VerdictKind

# Changes that pass everywhere by what the course promises, and are counted as equivalent.
EVERYWHERE = {"float64 -> float32": "Rounding to single precision lies within the tolerance."}
SYMMETRIC = ("maximum", "minimum", "logaddexp", "multiply", "add", "max", "min", "clip")
SECONDS = 3.0  # of computing that one mutant may take
MEMORY = 6 * 2**30  # bytes that a process may allocate beyond what it starts with


@dataclass
class Mutation:
    """What became of the mutants of one exercise.

    tried       how many there are
    equivalent  how many pass and are listed as equivalent
    passing     "style: before -> after" of those that pass
    unused      changes that are listed as equivalent and pass in no style
    """

    exercise: str
    tried: int = 0
    equivalent: int = 0
    passing: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def exercises_named(wanted: list[str]) -> list[str]:
    """Return the ids of the exercises in the notebooks that are named, or numbered, and of those
    that are named themselves; of all where nothing is wanted. Raises Problem for a name of
    neither."""
    ids = [
        (assignment, specified.id)
        for assignment in NOTEBOOKS
        for specified in notebook(assignment).exercises.values()
    ]
    for name in wanted:
        if not any(name in (assignment, assignment[:2], id) for assignment, id in ids):
            raise Problem(f"There is no notebook and no exercise {name}.")
    return [
        id for assignment, id in ids if not wanted or {assignment, assignment[:2], id} & set(wanted)
    ]


def mutate(ids: list[str], seed: int, workers: int = 2) -> Iterator[Mutation]:
    """Try the mutants of these exercises, in other processes: one may take all memory there is."""
    with ProcessPoolExecutor(workers, get_context("spawn"), _limit_memory) as pool:
        yield from pool.map(mutate_exercise, ids, [seed] * len(ids))


def mutate_exercise(id: str, seed: int) -> Mutation:
    """Try the mutants of one exercise in this process."""
    specified = exercise(id)
    listed = {one.change for one in specified.equivalents}
    known = listed | EVERYWHERE.keys()
    put, found, used = Trial(specified, seed), Mutation(id), set()
    whole = all(_is_whole(value) for value in put.expected)
    for style, function in specified.styles.items():
        for change, mutant in mutants(function):
            if whole and "np.round(" in change:
                continue
            found.tried += 1
            if not _passes(specified, put, mutant):
                continue
            if change in known:
                used.add(change)
                found.equivalent += 1
            else:
                found.passing.append(f"{style}: {change}")
    found.unused = sorted(listed - used)
    return found


def mutants(function: Callable) -> Iterator[tuple[str, Callable]]:
    """Yield each mutant of a function or class, with what was changed, "before -> after"."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, (ast.FunctionDef, ast.ClassDef))
    definition.decorator_list = []
    names = {"np": np, **vars(inspect.getmodule(function))}
    seen = set()
    for change, tree in _changed_trees(definition):
        text = ast.unparse(tree)
        if text in seen:
            continue
        seen.add(text)
        own = dict(names)
        exec(compile(text, f"<mutant of {function.__name__}>", "exec"), own)
        yield change, own[function.__name__]


def _is_whole(value: Any) -> bool:
    """Say whether rounding changes nothing about an answer: it holds whole numbers alone, or
    none."""
    if isinstance(value, dict):
        return all(map(_is_whole, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(_is_whole, value))
    numbers = as_numbers(value)
    return numbers is None or bool(np.array_equal(numbers, np.round(numbers), equal_nan=True))


def _passes(specified: Exercise, put: Trial, mutant: Callable) -> bool:
    try:
        subject = InProcess(specified.subject(mutant))
        answers = within(SECONDS, lambda: subject(put.calls))
    except (TimeIsUp, MemoryError, RecursionError):
        return False
    finding = find(Evidence(put, answers, subject, StudentCode(), ()))
    return finding.kind is VerdictKind.RIGHT


def _limit_memory() -> None:
    """Let what asks for too much memory fail, and not the machine."""
    import torch  # noqa: F401

    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))


def _changed_trees(definition: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield copies of a definition with one thing changed each."""
    nodes = list(ast.walk(definition))
    parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    for place, node in enumerate(nodes):
        around = nodes.index(_told_by(node, parents))
        for changed in _changes(node):
            if ast.unparse(node) == ast.unparse(changed):
                continue
            tree = copy.deepcopy(definition)
            copied = list(ast.walk(tree))
            before = ast.unparse(copied[around])
            tree = _Replace(copied[place], changed).visit(tree)
            after = ast.unparse(changed if around == place else copied[around])
            yield f"{before} -> {after}", ast.fix_missing_locations(tree)
    # The first parameter of a function is the array that it works on.
    if isinstance(definition, ast.FunctionDef) and definition.args.args:
        narrower = copy.deepcopy(definition)
        name = definition.args.args[0].arg
        narrower.body[:0] = ast.parse(f"{name} = np.asarray({name}, dtype=np.float32)").body
        yield "float64 -> float32", ast.fix_missing_locations(narrower)


def _told_by(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST:
    """Return what is printed of a change: of a constant, which alone says nothing, what it stands
    in."""
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    if not isinstance(inner, ast.Constant) or isinstance(inner.value, str):
        return node
    around = parents[node]
    while isinstance(around, (ast.UnaryOp, ast.Slice, ast.Tuple)):
        around = parents[around]
    whole = isinstance(around, (ast.expr, ast.keyword, ast.Return, ast.Assign))
    return around if whole and not isinstance(around, ast.Dict) else node


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST):
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in place of one node, one change each."""
    for kinds, change in _OPERATORS:
        if isinstance(node, kinds):
            yield from change(copy.deepcopy(node))


_OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


def _operation(node: ast.BinOp) -> Iterator[ast.AST]:
    """Another sign, and one term or factor left out."""
    if other := _OTHER.get(type(node.op)):
        yield ast.BinOp(node.left, other(), node.right)
        yield node.left
        if isinstance(node.op, (ast.Add, ast.Mult)):
            yield node.right


def _sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.USub):
        yield node.operand


_NEXT = {
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


def _comparison(node: ast.Compare) -> Iterator[ast.AST]:
    if other := _NEXT.get(type(node.ops[0])):
        yield ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
        if node.value:
            yield ast.Constant(type(node.value)(0))


def _transpose(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr in ("T", "mT") and isinstance(node.ctx, ast.Load):
        yield node.value


def _axis(node: ast.keyword) -> Iterator[ast.AST]:
    if node.arg in ("axis", "dim"):
        now = ast.unparse(node.value)
        yield ast.keyword(node.arg, ast.Constant(0 if now != "0" else -1))
        yield ast.keyword(node.arg, ast.Constant(None))


def _call(node: ast.Call) -> Iterator[ast.AST]:
    """Yield two arguments exchanged; a logarithm or an exponential that is guarded or cut off."""
    name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
    swaps = len(node.args) >= 2 and name not in SYMMETRIC
    if swaps and not any(isinstance(one, ast.Starred) for one in node.args[:2]):
        yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    if name in ("log", "log2") and len(node.args) == 1 and ast.unparse(node.func)[:3] == "np.":
        inner = ast.unparse(node.args[0])
        # The base of a logarithm is far from 0 whatever is asked, and so is a plain number.
        guards = [f"{inner} + 1e-8", f"np.clip({inner}, 1e-8, None)"]
        if inner == "base" or isinstance(node.args[0], ast.Constant):
            guards = []
        for guarded in guards:
            yield ast.Call(node.func, [_expression(guarded)], node.keywords)
    if name == "exp" and len(node.args) == 1 and ast.unparse(node.func)[:3] == "np.":
        inner = ast.unparse(node.args[0])
        yield ast.Call(node.func, [_expression(f"np.clip({inner}, -20, 20)")], node.keywords)


def _rounded(node: ast.Return) -> Iterator[ast.AST]:
    whole = (ast.Constant, ast.Tuple, ast.Dict, ast.DictComp)
    text = ast.unparse(node.value) if node.value is not None else ""
    if text not in ("", "np.inf", "float('inf')") and not isinstance(node.value, whole):
        yield ast.Return(_expression(f"np.round({text}, 5)"))


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


_OPERATORS: tuple[tuple[type, Callable[[Any], Iterator[ast.AST]]], ...] = (
    (ast.BinOp, _operation),
    (ast.UnaryOp, _sign),
    (ast.Compare, _comparison),
    (ast.Constant, _constant),
    (ast.Attribute, _transpose),
    (ast.keyword, _axis),
    (ast.Call, _call),
    (ast.Return, _rounded),
)
