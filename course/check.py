"""Visible checks that read like a sentence: `check(surprise).on(0.9).gives(0.1520)`.

A check calls the student's function with copies of the arguments and puts what comes back beside
the number printed in the notebook. A pass prints one quiet line; anything else is said in words,
in place of a traceback.
"""

from __future__ import annotations

import copy
import inspect
import math
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from course.compare import NOT_FINITE, WRONG_SHAPE, WRONG_TYPE, compare


class CheckFailed(AssertionError):
    """What a check found, in words. Jupyter shows the words alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"✗ {self}"]


class NotAttempted(CheckFailed):
    """The exercise still holds the line that came with the notebook."""

    def _render_traceback_(self) -> list[str]:
        return [f"○ {self}"]


def check(function: Callable, name: str | None = None) -> Check:
    """Start a check of `function`, a student's function or an expression made of their names.

    name  what the messages call it; by default the function's own name
    """
    return Check(function, name)


class Check:
    """A function under check; `on` says what it is called with."""

    def __init__(self, function: Callable, name: str | None = None):
        if not callable(function):
            raise CheckFailed(
                f"check needs a function and got {_short(function)}: "
                "pass the function's name without parentheses."
            )
        self.function = function
        own = getattr(function, "__name__", "your function")
        self.name = name or ("your expression" if own == "<lambda>" else own)

    def on(self, *args: Any, **kwargs: Any) -> Question:
        """The arguments of the call. Lists of numbers become float64 arrays first."""
        return Question(self, tuple(map(_numeric, args)), kwargs)


class Question:
    """A call that was not made yet; `gives` makes it and compares."""

    def __init__(self, subject: Check, args: tuple, kwargs: dict):
        self.subject, self.args, self.kwargs = subject, args, kwargs

    def __repr__(self) -> str:
        return f"{self.call}: what should it give? Go on with .gives(...)"

    @property
    def call(self) -> str:
        """The call as a student would write it, shortened where the arguments are long."""
        words = [_short(a) for a in self.args]
        words += [f"{key}={_short(value)}" for key, value in self.kwargs.items()]
        return f"{self.subject.name}({', '.join(words)})"

    def gives(self, expected: Any, decimals: int | None = None) -> None:
        """Compare the answer with `expected`, to the decimals it is written with, at least four.

        decimals  how many decimals count, where the number's own are not enough
        Raises NotAttempted or CheckFailed, both with one message for the student.
        """
        found, expected = self._ask(), _numeric(expected)
        tolerance = 0.5001 * 10.0 ** -(_decimals(expected) if decimals is None else decimals)
        difference = compare(found, expected, rtol=1e-9, atol=tolerance, inputs=self.args)
        if difference is None:
            print(f"✓ {self.call} gives {_short(expected)}")
            return
        place = f"{difference.where} of " if difference.where else ""
        lines = [f"{self.call}: {place}your answer is not there yet; {difference.text}."]
        if difference.kind not in (WRONG_TYPE, WRONG_SHAPE):
            lines = [f"{self.call} should give {_short(expected)}, yours gives {_short(found)}."]
            if np.size(expected) > 1 or difference.kind == NOT_FINITE:
                lines.append(f"{place}your answer: {difference.text}.".capitalize())
        if difference.symptom:
            lines.append(difference.symptom)
        raise CheckFailed("\n  ".join(lines))

    def _ask(self) -> Any:
        args, kwargs = copy.deepcopy(self.args), copy.deepcopy(self.kwargs)
        try:
            # A warning is no error, and nbgrader would take its red text for one.
            with warnings.catch_warnings(action="ignore"):
                found = self.subject.function(*args, **kwargs)
        except NotImplementedError:
            raise NotAttempted(
                f"{self.subject.name} is not attempted yet: replace its last line with your own."
            ) from None
        except Exception as error:
            raise CheckFailed(f"{self.call} raised {_say_error(error)}") from None
        if not _same(args, self.args) or not _same(kwargs, self.kwargs):
            raise CheckFailed(
                f"{self.call} changed the array it was given: work on a copy, for example x.copy()."
            )
        if found is None:
            raise CheckFailed(f"{self.call} came back as None: is a `return` missing?")
        return found


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, (tuple, list)):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, np.ndarray):
        return np.array_equal(left, right, equal_nan=left.dtype.kind == "f")
    return type(left).__module__ != "builtins" or left == right or left != left


def _numeric(value: Any) -> Any:
    """Lists of numbers as float64 arrays; everything else as it is."""
    if isinstance(value, list) and value and _only_numbers(value):
        try:
            return np.array(value, dtype=float)
        except ValueError:  # rows of different lengths
            return value
    return value


def _only_numbers(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_only_numbers, value))
    return isinstance(value, (int, float))


def _decimals(expected: Any) -> int:
    """The decimals that `expected` is written with, at least four."""
    if isinstance(expected, dict):
        return max(map(_decimals, expected.values()), default=4)
    if isinstance(expected, np.ndarray):
        return _decimals(tuple(expected.ravel().tolist()))
    if isinstance(expected, tuple):
        return max(map(_decimals, expected), default=4)
    if isinstance(expected, float) and math.isfinite(expected):
        text = repr(expected)
        if "e" in text:
            digits, exponent = text.split("e")
            return max(4, len(digits.partition(".")[2]) - int(exponent))
        return max(4, len(text.partition(".")[2]))
    return 4


def _short(value: Any) -> str:
    """A value in at most one short line."""
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    if isinstance(value, (bool, str)) or value is None:
        return repr(value) if len(repr(value)) < 60 else f"{repr(value)[:40]}...'"
    if isinstance(value, (int, float, np.number)):
        number = float(value)
        if len(repr(number)) <= 5:
            return repr(value) if isinstance(value, int) else repr(number)
        if number.is_integer() and abs(number) < 1e6:
            return repr(value) if isinstance(value, int) else f"{number:.1f}"
        return f"{number:.4f}" if 1e-2 <= abs(number) < 1e6 else f"{number:.4g}"
    if isinstance(value, np.random.Generator):
        return f"np.random.default_rng({value.bit_generator.seed_seq.entropy})"
    if isinstance(value, np.ndarray):
        if value.size > 12:
            return f"<array of shape {value.shape}>"
        return str(_short_list(value.tolist())).replace("'", "")
    if isinstance(value, (list, tuple)):
        if len(value) > 12:
            return f"<{type(value).__name__} of {len(value)}>"
        inner = ", ".join(map(_short, value))
        return f"({inner}{',' * (len(value) == 1)})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{key!r}: {_short(entry)}" for key, entry in value.items())
        return "{" + inner + "}" if len(inner) < 120 else f"<dict of {len(value)}>"
    if callable(value):
        return getattr(value, "__name__", "a function")
    return type(value).__name__


def _short_list(value: Any) -> Any:
    return [_short_list(entry) for entry in value] if isinstance(value, list) else _short(value)


def _say_error(error: Exception) -> str:
    """The error's name and message, and the line of the student's cell it came from."""
    own = inspect.getsourcefile(check)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != own]
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if frames and frames[0].line:
        text += f"\n  in the line: {frames[0].line}"
    return text
