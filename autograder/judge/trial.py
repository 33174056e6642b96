"""The cases of one seed, put to a function: in this process, or wherever a subject answers from."""

from __future__ import annotations

import io
import sysconfig
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

from autograder.exercises import Exercise, Mistake
from autograder.sandbox.wire import Answer

Call = tuple[tuple[Any, ...], dict[str, Any]]
Subject = Callable[[Sequence[Call]], Sequence[Answer]]


class Trial:
    """The cases of one seed in the order they are put, and what the reference says to each.

    Every function is asked again about some cases, in mixed order, so that one that remembers its
    last answer or spoils its own state is seen.
    """

    def __init__(self, exercise: Exercise, seed: int):
        rng = np.random.default_rng(seed)
        cases = exercise.draw(rng)
        order = [*rng.permutation(len(cases)), *rng.permutation(len(cases))[:2]]
        self.exercise = exercise
        self.cases = [cases[index] for index in order]
        self._order = order
        self.calls = [(case.args, case.kwargs) for case in self.cases]
        self._members: dict[Mistake, list[Answers]] = {}

    @cached_property
    def expected(self) -> list[Any]:
        """Return what the reference says to each call."""
        # It says the same whenever it is asked, so it is asked about each case once.
        answers = self.answers_of(self.exercise.reference)
        every = self._order[: len(set(self._order))]
        values = {index: answers[place].value for place, index in enumerate(every)}
        return [values[index] for index in self._order]

    @property
    def declared(self) -> list[int]:
        """Return the cases as they are declared, each once, by their place among those that are
        put."""
        return sorted(range(len(set(self._order))), key=lambda place: self._order[place])

    @property
    def ordinary(self) -> list[int]:
        """Return the cases of `declared` that need no remark."""
        return [place for place in self.declared if not self.cases[place].about]

    def mistaken(self, mistake: Mistake) -> list[Answers]:
        """Return what each member of a known mistake answers."""
        if mistake not in self._members:
            self._members[mistake] = list(map(self.answers_of, mistake.members.values()))
        return self._members[mistake]

    def answers_of(self, function: Callable[..., Any]) -> Answers:
        """Return what `function` would answer in the student's place."""
        return Answers(self.exercise.subject(function), self.calls)


class InProcess:
    """A function of this process as a subject; it works on copies of the arguments."""

    def __init__(self, function: Callable[..., Any]):
        self.function = function

    def __call__(self, calls: Sequence[Call]) -> list[Answer]:
        nowhere = io.StringIO()
        # What a function prints is not its answer; nor does a room pass it on.
        with unwarned(), redirect_stdout(nowhere), redirect_stderr(nowhere):
            return [self._answer(*call) for call in calls]

    def _answer(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
        """Answer one call as a room would."""
        own = _copied((args, kwargs))
        answer = _answer(self.function, *own)
        return replace(answer, changed=not identical(own, (args, kwargs)))


class Answers:
    """What a known function answers to each of `calls`, by index. It is called when an answer is
    needed, in the order of the calls all the same: it may remember earlier ones."""

    def __init__(self, function: Callable[..., Any], calls: Sequence[Call]):
        self._function = function
        self._calls = calls
        self._known: list[Answer] = []

    def __getitem__(self, index: int) -> Answer:
        if index >= len(self._known):
            with unwarned():
                for call in self._calls[len(self._known) : index + 1]:
                    self._known.append(_answer(self._function, *_copied(call)))
        return self._known[index]


def answer_of(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Answer:
    """Return what a function of this process answers to copies of these arguments."""
    with unwarned():
        return _answer(function, *_copied((args, kwargs)))


def _answer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
    try:
        return Answer.of(function(*args, **kwargs))
    except Exception as error:
        return Answer.raised(error, _is_students)


def _is_students(code: CodeType) -> bool:
    """Tell whether code of this process stands where a student's would: not in a library, and of
    this project only in the exercises and their tests."""
    path = Path(code.co_filename)
    if path.is_relative_to(_HOUSE):
        return path.is_relative_to(_HOUSE / "exercises")
    return not any(path.is_relative_to(place) for place in _LIBRARIES)


_HOUSE = Path(__file__).parents[1]
_LIBRARIES = [_HOUSE.parent / "course", *map(Path, set(sysconfig.get_paths().values()))]
_SCALARS = frozenset((bool, int, float, str, type(None)))
_filters = threading.RLock()


@contextmanager
def unwarned() -> Iterator[None]:
    """Run what is inside without warnings. Their filters belong to the whole process: one thread at
    a time."""
    with _filters, warnings.catch_warnings(action="ignore"):
        yield


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: _copied(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(value if is_flat(value) else map(_copied, value))
    return value


def is_flat(value: list[Any] | tuple[Any, ...]) -> bool:
    """Tell whether it holds plain scalars alone; a sequence of 10,000 labels does."""
    return _SCALARS.issuperset(map(type, value))


def identical(left: Any, right: Any) -> bool:
    """Tell whether two plain values are the same in type, shape and content."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (tuple, list)):
        if is_flat(left) and is_flat(right) and left == right:
            return True
        return len(left) == len(right) and all(map(identical, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(identical(left[k], right[k]) for k in left)
    if isinstance(left, np.ndarray):
        return left.shape == right.shape and bool(left.tobytes() == right.tobytes())
    return left is right or bool(left == right) or repr(left) == repr(right)
