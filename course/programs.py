"""Ways to put a class of one's own to plain data, for the checks of notebook 08.

A check asks with text, numbers and arrays, and compares numbers and arrays. The functions here
stand between it and a class such as `Value`: they make the leaves, run a program with them, call
`backward`, and hand back numbers. They hold no derivative of their own.

A program is a line of Python, "d = a + b; d * c": assignments, and in the end the expression that
is asked for. Its names are leaves, its operators and methods those of the class. A program that
ends in several expressions, "d = a * b; (d * d, d.exp())", has several roots.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import numpy as np

from course import words

MOST_PATHS = 24  # A program with more paths than these is not taken apart.


def run(program: str, names: dict[str, Any]) -> Any:
    """Run the program with its free names standing for `names`; return what it gives, an object, or
    a tuple."""
    before, last = _compiled(program)
    names = dict(names)
    exec(before, {"__builtins__": {}}, names)
    return eval(last, {"__builtins__": {}}, names)


def trace(program: str, names: dict[str, Any]) -> dict[str, Any]:
    """Return every name of the program and what it stands for in the end, the free ones as in
    `names`."""
    before, _ = _compiled(program)
    names = dict(names)
    exec(before, {"__builtins__": {}}, names)
    return names


@cache
def _compiled(program: str) -> Any:
    *before, last = ast.parse(program).body
    if not isinstance(last, ast.Expr):
        raise ValueError(words.ENDS_OTHERWISE.format(program=program))
    place = "<program>"
    return (
        compile(ast.Module(before, type_ignores=[]), place, "exec"),
        compile(ast.Expression(last.value), place, "eval"),
    )


def forward_mode(Dual: type) -> Callable[..., Any]:
    """Make `Dual` a function of a program: asked with a pair (value, tangent) or a number for each
    name, it answers with the value and the tangent of what the program gives."""

    @wraps(Dual, updated=())
    def ask(program: Any, /, **leaves: Any) -> Any:
        made = {name: _dual(Dual, leaf) for name, leaf in leaves.items()}
        root = _expect(run(program, made), Dual)
        return {"value": root.value, "tangent": root.tangent}

    return ask


def _dual(Dual: type, leaf: Any) -> Any:
    return Dual(*leaf) if isinstance(leaf, (tuple, list)) else Dual(leaf)


def one_pass_each(Dual: type, program: str, **leaves: float) -> None:
    """Print what a pass with duals says about each leaf in turn, and how many passes it takes."""
    ask = forward_mode(Dual)
    try:
        for name in leaves:
            seeded = {key: (leaf, float(key == name)) for key, leaf in leaves.items()}
            answer = ask(program, **seeded)
            value, tangent = _short(answer["value"]), _short(answer["tangent"])
            print(words.ONE_PASS.format(name=name, value=value, tangent=tangent))
    except NotImplementedError:
        print(words.NOT_WRITTEN.format(name=Dual.__name__))
    else:
        print(words.AS_MANY_PASSES.format(count=len(leaves)))


def derivative_of(forward_derivative: Callable[..., Any]) -> Callable[..., Any]:
    """Make `forward_derivative(f, x)` a function of the program of f, a program in x."""

    @wraps(forward_derivative)
    def ask(program: Any, x: Any) -> Any:
        return forward_derivative(lambda x: run(program, {"x": x}), x)

    return ask


def reverse_mode(kind: type) -> Callable[..., Any]:
    """Make `Value` or `Tensor` a function of a program and its leaves, numbers or arrays.

    The answer is a dict: "value", what the program gives; "precision", the type of its numbers;
    "leaves", to which of them `parents` lead back; "paths", whether what arrived in each leaf
    is what its paths bring one by one; and for each leaf its gradient, "a.grad".

    constants  names of arrays or numbers that are no leaves: they enter the program as they are
    backward   how often `backward()` is called on every root
    """

    @wraps(kind, updated=())
    def ask(program: Any, /, *, backward: Any = 1, constants: Any = None, **leaves: Any) -> Any:
        made = {name: kind(leaf) for name, leaf in leaves.items()}
        roots = run(program, made | (constants or {}))
        several = isinstance(roots, tuple)
        roots = [_expect(root, kind) for root in (roots if several else (roots,))]
        for root in roots:
            for _ in range(backward):
                root.backward()
        values = [root.data for root in roots]
        gradients = {name: leaf.grad for name, leaf in made.items()}
        answer = {
            "value": tuple(values) if several else values[0],
            "precision": _precision([*values, *gradients.values()]),
            "leaves": _reached(roots, made),
        }
        shares = _shares(kind, program, leaves, constants or {})
        answer["paths"] = _what_arrived(gradients, shares, backward)
        return answer | {f"{name}.grad": gradient for name, gradient in gradients.items()}

    return ask


def paths(
    kind: type, program: str, *, constants: dict[str, Any] | None = None, **leaves: Any
) -> None:
    """Print what comes back to each leaf along each of its paths, and what arrived.

    The paths are told apart by unrolling the program into a tree in which every use of a leaf is
    a leaf of its own. All numbers are made by `kind`.
    """
    try:
        made = {name: kind(leaf) for name, leaf in leaves.items()}
        run(program, made | (constants or {})).backward()
    except NotImplementedError:
        print(words.NOT_WRITTEN.format(name=kind.__name__))
        return
    shares = _shares(kind, program, leaves, constants or {})
    if shares is None:
        print(words.TOO_MANY_PATHS.format(program=program, most=MOST_PATHS))
        return
    for name, contributions in shares.items():
        said = words.ALONG_PATHS if contributions else words.ALONG_NO_PATH
        along = " + ".join(map(_short, contributions))
        print(said.format(name=name, gradient=_short(made[name].grad), along=along))


def order_of(topological_order: Callable[..., Any]) -> Callable[..., Any]:
    """Make `topological_order` a function of a graph in numbers.

    The graph is a list with the parents of each node, as numbers of other nodes; the last node is
    the root. One number stands for a chain of so many nodes. The answer says how many nodes came
    back, which one is the last, and `sizes`: walking along the order, the size of the tree that
    each node unrolls into, 1 more than those of its parents together. It comes out right only where
    every node stands behind all of its parents; a node that does not come back has size 0.
    """

    @wraps(topological_order)
    def ask(graph: Any) -> Any:
        nodes, number = _chain(graph) if isinstance(graph, int) else _graph(graph)
        order = list(topological_order(nodes[-1]))
        sizes = [0.0] * len(nodes)
        for node in order:
            size = 1.0
            for parent in node.parents:
                size += sizes[number[parent]]
            sizes[number[node]] = size
        last = number[order[-1]] if order else None
        return {"nodes": len(order), "last": last, "sizes": np.array(sizes)}

    return ask


def _graph(parents_of_each: Any) -> tuple[list[Node], dict[Node, int]]:
    nodes: list[Node] = []
    for parents in parents_of_each:
        nodes.append(Node(tuple(nodes[int(parent)] for parent in parents)))
    return nodes, {node: index for index, node in enumerate(nodes)}


@cache
def _chain(length: int) -> tuple[list[Node], dict[Node, int]]:
    return _graph([(), *((index,) for index in range(length - 1))])


class Node:
    """A node of a graph: it has parents, and nothing else can be written on it."""

    __slots__ = ("_parents",)

    def __init__(self, parents: tuple[Any, ...] = ()):
        self._parents = parents

    @property
    def parents(self) -> tuple[Any, ...]:
        """Return the nodes it was made from."""
        return self._parents


def _expect(root: Any, kind: type) -> Any:
    if not isinstance(root, kind):
        found = words.kind_of(type(root).__name__)
        raise TypeError(words.LEAVES_THE_CLASS.format(found=found, kind=kind.__name__))
    return root


def _precision(values: Any) -> str:
    names = {np.asarray(value).dtype.name for value in values}
    # A Python number is as precise as float64 is.
    return ", ".join(sorted({"float64" if name.startswith("int") else name for name in names}))


def _reached(roots: Any, leaves: dict[str, Any]) -> str:
    """Say in a sentence which leaves `parents` lead to from the roots."""
    waiting, seen = list(roots), set()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            waiting.extend(node.parents)
    names = sorted(name for name, leaf in leaves.items() if id(leaf) in seen)
    said = words.LEAD_BACK if names else words.LEAD_NOWHERE
    return said.format(names=", ".join(names))


def _shares(
    kind: type, program: str, leaves: dict[str, Any], constants: dict[str, Any]
) -> dict[str, list[Any]] | None:
    """Return what comes back to each leaf along each path, or None where that cannot be told."""
    unrolled = _unrolled(program, tuple(leaves))
    if unrolled is None:
        return None
    tree, uses = unrolled
    made = {use: kind(leaves[name]) for name in leaves for use in uses[name]}
    try:
        roots = run(tree, made | constants)
        for root in roots if isinstance(roots, tuple) else (roots,):
            root.backward()
        return {name: [made[use].grad for use in uses[name]] for name in leaves}
    except Exception:  # What is wrong with the class shows where the program itself is run.
        return None


@cache
def _unrolled(program: str, leaves: tuple[Any, ...]) -> tuple[str, dict[str, list[str]]] | None:
    """Return the program as one expression in which every use of a leaf has a name of its own."""
    uses: dict[str, list[str]] = {name: [] for name in leaves}
    defined: dict[str, ast.expr] = {}
    *before, last = ast.parse(program).body
    assert isinstance(last, ast.Expr)

    class Inline(ast.NodeTransformer):
        def visit_Name(self, node: Any) -> Any:
            return defined.get(node.id, node)

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: Any) -> Any:
            if node.id not in uses:
                return node
            uses[node.id].append(f"{node.id}_{len(uses[node.id]) + 1}")
            return ast.Name(uses[node.id][-1], ast.Load())

    for statement in before:
        if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
            raise ValueError(words.ASSIGNS_NO_NAME.format(program=program))
        value = Inline().visit(ast.parse(ast.unparse(statement.value), mode="eval").body)
        defined[statement.targets[0].id] = value
        if sum(isinstance(part, ast.Name) for part in ast.walk(value)) > MOST_PATHS:
            return None
    tree = Inline().visit(last.value)
    if sum(isinstance(part, ast.Name) for part in ast.walk(tree)) > MOST_PATHS:
        return None
    # Inlined parts are shared objects: text has none.
    tree = Rename().visit(ast.parse(ast.unparse(tree), mode="eval").body)
    return ast.unparse(tree), uses


def _what_arrived(gradients: dict[str, Any], shares: dict[str, Any] | None, times: int) -> str:
    """Say in a sentence which is the first leaf whose gradient is not what its paths bring."""
    for name, contributions in (shares or {}).items():
        count = len(contributions)
        total = sum(contributions) if count else 0.0
        if count < 2 or _near(gradients[name], times * total):
            continue
        for share in contributions:
            if _near(gradients[name], times * share):
                return words.ONE_USE_ARRIVED.format(name=name, times=words.times(count))
        return words.OTHER_SUM_ARRIVED.format(name=name, times=words.times(count))
    return words.EVERY_PATH


def _near(found: Any, expected: Any) -> bool:
    try:
        found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return True  # no numbers: that is said of the gradient itself
    if found.shape != expected.shape or not np.isfinite(expected).all():
        return True
    return bool(np.allclose(found, expected, rtol=1e-6, atol=1e-9))


def _short(value: Any) -> str:
    if np.ndim(value):
        return np.array2string(np.asarray(value), precision=4, separator=", ").replace("\n", "")
    return f"{value:.4f}" if math.isfinite(value) else str(value)
