"""How an exercise is specified: its reference, the cases to draw, what counts as a shortcut, the
honest styles that must pass and the named mistakes that must not.

A notebook's package declares its exercises with the decorators of `Notebook`: `exercise` on a
generator of cases, `style` on a right answer as a student might write it, `mistake` on a wrong one.
Styles and mistakes are written as a student would write them in a notebook cell, with NumPy as
`np`, so that their source text can stand in a simulated submission.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """One set of inputs. `about` says in words what is special about it, for the messages."""

    args: tuple
    kwargs: dict[str, Any] = field(default_factory=dict)
    about: str = ""


def case(*args: Any, about: str = "", **kwargs: Any) -> Case:
    """`Case` written like the call it stands for."""
    return Case(args, kwargs, about)


@dataclass(frozen=True)
class Mistake:
    """A named wrong answer. `like` names those that give the same values on every case."""

    name: str
    hint: str
    function: Callable
    like: tuple[str, ...] = ()


@dataclass(frozen=True)
class Required:
    """What an answer has to use; one that does without has gone around the exercise.

    names    any one of them is enough: a dotted name (which stands for everything below it), or
             ".backward" for a method of that name on any object, or "def backward" for a
             definition of that name inside the answer
    message  what is said, and asked, where none of them is used
    """

    names: tuple[str, ...]
    message: str


@dataclass(frozen=True, eq=False)
class Exercise:
    """One function a student writes.

    id          as in "01.surprise"
    reference   the right function
    draw        generator function: random generator -> cases
    subject     function -> what the cases are put to; the identity unless the graded cell's
                expression wraps the student's function
    forbidden   dotted names, "scipy.stats", that would do the exercise for the student
    required    what the answer has to use, or None
    by_hand     a derivative to be made by hand: an answer that lost the digits which difference
                quotients lose is a shortcut
    guards      a small number added to a denominator is honest here, although it costs digits
    rtol, atol  an entry is right within atol + rtol * |expected|
    """

    id: str
    reference: Callable
    draw: Callable[[np.random.Generator], Iterator[Case]]
    subject: Callable[[Callable], Callable]
    forbidden: tuple[str, ...]
    required: Required | None
    by_hand: bool
    guards: bool
    rtol: float
    atol: float
    mistakes: list[Mistake] = field(default_factory=list)
    styles: dict[str, Callable] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the function the student writes."""
        return self.id.split(".", 1)[1]

    def cases(self, rng: np.random.Generator) -> list[Case]:
        """The cases of one seed."""
        return list(self.draw(rng))

    def mistake(self, name: str) -> Mistake:
        """The mistake of that name; KeyError where there is none."""
        for mistake in self.mistakes:
            if mistake.name == name:
                return mistake
        raise KeyError(f"{self.id} has no mistake named {name}")


class Notebook:
    """The exercises of one notebook, in the order of their declaration.

    name       as in "01-surprise-and-entropy"
    forbidden  dotted names that are shortcuts in every exercise of the notebook
    """

    def __init__(self, name: str, forbidden: tuple[str, ...] = ()):
        self.name, self.forbidden = name, forbidden
        self.exercises: dict[str, Exercise] = {}

    def exercise(
        self,
        reference: Callable,
        subject: Callable[[Callable], Callable] = lambda function: function,
        forbidden: tuple[str, ...] = (),
        required: Required | None = None,
        by_hand: bool = False,
        guards: bool = False,
        rtol: float = 1e-6,
        atol: float = 1e-12,
    ) -> Callable:
        """Declare an exercise; decorates the generator of its cases, named like the exercise."""

        def declare(draw: Callable) -> Callable:
            name = draw.__name__
            self.exercises[name] = Exercise(
                id=f"{self.name[:2]}.{name}",
                reference=reference,
                draw=draw,
                subject=subject,
                forbidden=self.forbidden + forbidden,
                required=required,
                by_hand=by_hand,
                guards=guards,
                rtol=rtol,
                atol=atol,
            )
            return draw

        return declare

    def style(self, of: str) -> Callable:
        """Declare an honest right answer to exercise `of`; decorates the function or class."""

        def declare(function: Callable) -> Callable:
            self.exercises[of].styles[function.__name__] = function
            return function

        return declare

    def mistake(self, of: str, hint: str, like: tuple[str, ...] = ()) -> Callable:
        """Declare a wrong answer to exercise `of`; its name is the function's, with dashes."""

        def declare(function: Callable) -> Callable:
            name = function.__name__.replace("_", "-")
            self.exercises[of].mistakes.append(Mistake(name, hint, function, like))
            return function

        return declare


@cache
def answer_source(function: Callable, name: str) -> str:
    """The source text of a style or mistake, as a student's cell that defines `name`.

    The imports of its module that it uses stand before it, and so do the module's undecorated
    functions that it uses. ValueError where it calls the exercise's right function itself.
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
    module = _module_tree(inspect.getmodule(function))
    used, before, helpers = names_used(definition), set(), []
    while before != used:
        before = used
        helpers = [node for node in module.body if _is_helper(node, used)]
        used = used.union(*map(names_used, helpers))
    imports = [node for node in module.body if _imports_any(node, used)]
    return ast.unparse(ast.Module([*imports, *helpers, definition], type_ignores=[]))


@cache
def _module_tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def names_used(tree: ast.AST) -> set[str]:
    """Every plain name that occurs in `tree`."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _is_helper(node: ast.stmt, used: set[str]) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.decorator_list and node.name in used


def _imports_any(node: ast.stmt, used: set[str]) -> bool:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
        return False
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return False
    return any((item.asname or item.name.split(".")[0]) in used for item in node.names)
