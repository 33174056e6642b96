"""How an exercise is specified: its reference, the cases to draw, what counts as a shortcut, the
honest styles that must pass and the named mistakes that must not.

A notebook is a package with one module an exercise. The package declares a `Notebook`; a module
declares its exercise with `notebook.exercise(...)` and then, with decorators, the generator of its
cases (`exercise.cases`), right answers (`exercise.style`), wrong ones (`exercise.mistake`) and what
every right answer has (`exercise.property`).
Styles and mistakes are written as a student would write them in a notebook cell, with NumPy as
`np`, so that their source text can stand in a simulated submission. Functions that several modules
share are imported from the package's `parts`, and stand in that cell as well.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from autograder.exercises.roots import TRUE_OF, Root
from course.words import REASONS


@dataclass(frozen=True)
class Case:
    """One set of inputs. `about` says in words what is special about it, for the messages."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    about: str = ""


# What is special about a case that stands in the notebook's own check, too.
VISIBLE = "a line of the notebook's check"


def case(*args: Any, about: str = "", **kwargs: Any) -> Case:
    """Make a `Case`, written like the call it stands for."""
    return Case(args, kwargs, about)


@dataclass(frozen=True, eq=False)
class Mistake:
    """A named wrong answer.

    name      of the function, with dashes
    hint      the question that leads a student on
    said      what the answer does, one sentence for the class report
    root      what it shares with mistakes of other exercises, or None
    function  the wrong answer
    like      names of those that give the same values on every case
    family    keyword-only parameters of `function` -> the values that are tried; whatever floats
              of such a parameter lie between is the same mistake
    leads     what else than is true of its root the visible check may say of it, by its name
    """

    name: str
    hint: str
    said: str
    root: Root | None
    function: Callable[..., Any]
    like: tuple[str, ...] = ()
    family: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, Any])
    leads: tuple[str, ...] = ()

    def is_told_by(self, lead: str) -> bool:
        """Say whether a reason of `course.words` is true of this mistake."""
        return lead in self.leads or lead in TRUE_OF.get(self.root, ())

    @cached_property
    def members(self) -> dict[str, Callable[..., Any]]:
        """Return the wrong answers that bear the name, by what tells them apart, "size=1e-05"; one
        without a family is alone."""
        members: dict[str, Callable[..., Any]] = {}
        for values in itertools.product(*self.family.values()):
            chosen = dict(zip(self.family, values, strict=True))
            words = [f"{key}={getattr(v, '__name__', v)}" for key, v in chosen.items()]
            members[", ".join(words)] = partial(self.function, **chosen)
        return members if self.family else {"": self.function}


@dataclass(frozen=True)
class Property:
    """What every right answer has, because the notebook proves it.

    says    what is told, and asked, where an answer lacks it; whole sentences with named gaps, as
            in "An entropy is at most log K = {most}, and yours is {found}. ..."
    broken  called with the student's function and the arguments of a case: None where the property
            holds or says nothing, else what stands in the gaps
    """

    says: str
    broken: Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class Equivalent:
    """A mechanical change of an honest style that changes no answer, and why."""

    change: str
    because: str


@dataclass(frozen=True)
class Required:
    """What an answer has to use; one that does without has gone around the exercise.

    names    any one of them is enough: a dotted name (which stands for everything below it), or
             ".backward" for a method of that name on any object, or "def backward" for a
             definition of that name inside the answer
    message  what is said, and asked, where none of them is used: whole sentences with the gap
             {name} for the exercise
    """

    names: tuple[str, ...]
    message: str


@dataclass(eq=False)
class Exercise:
    """One function a student writes.

    id          as in "01.surprise"
    reference   the right function; the student's has its name and signature
    points      what it earns
    minutes     how long it takes a student
    hints       staged questions, none of which is the answer
    subject     wraps the student's function as the graded cell does, a function of a module of
                `course`; by default it returns the function unchanged
    forbidden   dotted names, "scipy.stats", that would do the exercise for the student
    required    what the answer has to use, or None
    by_hand     a derivative to be made by hand: an answer that lost the digits which difference
                quotients lose is a shortcut
    guards      a small number added to a denominator is honest here, although it costs digits
    rtol, atol  an entry is right within atol + rtol * |expected|
    parts       what the values of a returned tuple are called in messages, "the scores"
    """

    id: str
    reference: Callable[..., Any]
    points: float
    minutes: int
    hints: tuple[str, ...]
    subject: Callable[[Callable[..., Any]], Callable[..., Any]]
    forbidden: tuple[str, ...]
    required: Required | None
    by_hand: bool
    guards: bool
    rtol: float
    atol: float
    parts: tuple[str, ...] = ()
    mistakes: list[Mistake] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    equivalents: list[Equivalent] = field(default_factory=list)
    styles: dict[str, Callable[..., Any]] = field(default_factory=dict[str, Any])
    _generator: Callable[[np.random.Generator], Iterator[Case]] | None = None

    @property
    def name(self) -> str:
        """Return the name of the function the student writes."""
        return self.id.split(".", 1)[1]

    @property
    def expression(self) -> str:
        """Return what a graded cell hands to the check: the student's function, or `subject` around
        it."""
        if self.subject is unchanged:
            return self.name
        module = self.subject.__module__.removeprefix("course.")
        return f"{module}.{self.subject.__name__}({self.name})"

    def draw(self, rng: np.random.Generator) -> list[Case]:
        """Draw the cases of one seed."""
        if self._generator is None:
            raise ValueError(f"{self.id} declares no cases: decorate a generator with .cases")
        return list(self._generator(rng))

    def named_mistake(self, name: str) -> Mistake:
        """Find the mistake of that name; KeyError where there is none."""
        for mistake in self.mistakes:
            if mistake.name == name:
                return mistake
        raise KeyError(f"{self.id} has no mistake named {name}")

    def cases(self, generator: Callable[..., Any]) -> Callable[..., Any]:
        """Declare the generator of the cases; decorates it."""
        self._generator = generator
        return generator

    def style(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Declare an honest right answer; decorates the function or class."""
        self.styles[function.__name__] = function
        return function

    def mistake(
        self,
        hint: str,
        *,
        said: str,
        root: Root | None = None,
        like: tuple[str, ...] = (),
        family: Mapping[str, tuple[Any, ...]] | None = None,
        leads: tuple[str, ...] = (),
    ) -> Callable[..., Any]:
        """Declare a wrong answer; its name is the decorated function's, with dashes.

        family  makes of it all answers that differ only in keyword-only parameters, which need
                defaults: parameter -> the values that are tried, {"size": (1e-3, 1e-6, 1e-12)}.
                A float between the smallest and the largest is recognised whatever it is.
        leads   names of reasons in `course.words` that are true of this mistake, beside those that
                are true of its root; the visible check may give no other
        Raises ValueError where `family` names no keyword-only parameter with a default, or `leads`
        no reason.
        """

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            name = function.__name__.replace("_", "-")
            for key in family or {}:
                parameter = inspect.signature(function).parameters.get(key)
                if parameter is None or parameter.kind is not parameter.KEYWORD_ONLY:
                    raise ValueError(f"{name} has no keyword-only parameter {key}")
                if parameter.default is parameter.empty:
                    raise ValueError(f"the parameter {key} of {name} needs a default")
            if unknown := set(leads) - set(REASONS):
                raise ValueError(f"course.words names no reason {', '.join(unknown)}")
            self.mistakes.append(
                Mistake(name, hint, said, root, function, like, family or {}, leads)
            )
            return function

        return declare

    def equivalent(self, *changes: str, because: str) -> None:
        """List mechanical changes of a style that change no answer, each as `autograder build
        --mutate` prints it, "p > 0 -> p >= 0"."""
        self.equivalents += [Equivalent(change, because) for change in changes]

    def property(self, says: str) -> Callable[..., Any]:
        """Declare what every right answer has; decorates the function that looks for it.

        The function is called with the student's function and the arguments of an ordinary case,
        and may call the student's function with any others. It returns None where the property
        holds, else a dict of what stands in the named gaps of `says`: numbers that the student's
        function gave, never those of the reference.
        """

        def declare(broken: Callable[..., Any]) -> Callable[..., Any]:
            self.properties.append(Property(says, broken))
            return broken

        return declare


def unchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function itself."""
    return function


class Notebook:
    """The exercises of one notebook.

    name       as in "01-surprise-and-entropy"
    about      what a student writes in it, a few words for a table of contents
    forbidden  dotted names that are shortcuts in every exercise of the notebook
    """

    def __init__(self, name: str, about: str = "", forbidden: tuple[str, ...] = ()):
        self.name, self.about, self.forbidden = name, about, forbidden
        self.exercises: dict[str, Exercise] = {}

    def exercise(
        self,
        reference: Callable[..., Any],
        *,
        points: float,
        minutes: int,
        hints: tuple[str, ...],
        subject: Callable[[Callable[..., Any]], Callable[..., Any]] = unchanged,
        forbidden: tuple[str, ...] = (),
        required: Required | None = None,
        by_hand: bool = False,
        guards: bool = False,
        rtol: float = 1e-6,
        atol: float = 1e-12,
        parts: tuple[str, ...] = (),
    ) -> Exercise:
        """Declare the exercise whose right answer is `reference`; it is called like that."""
        name = reference.__name__
        self.exercises[name] = Exercise(
            id=f"{self.name[:2]}.{name}",
            reference=reference,
            points=points,
            minutes=minutes,
            hints=hints,
            subject=subject,
            forbidden=self.forbidden + forbidden,
            required=required,
            by_hand=by_hand,
            guards=guards,
            rtol=rtol,
            atol=atol,
            parts=parts,
        )
        return self.exercises[name]
