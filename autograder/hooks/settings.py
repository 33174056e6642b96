"""What a course sets in its `nbgrader_config.py` for rooms, read with care."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

from autograder.errors import Problem
from autograder.hooks import words
from autograder.sandbox import Limits


def limits_of(numbers: Mapping[str, float]) -> Limits:
    """Return the ordinary limits of a room but for those that `c.Judge.limits` gives by name.

    Raises Problem where a name is none of theirs, or a value no number above 0.
    """
    if not isinstance(numbers, Mapping):
        raise Problem(words.LIMITS_HAVE_NO_NAMES.format(value=repr(numbers)))
    ordinary = asdict(Limits())
    for name, number in numbers.items():
        if name not in ordinary:
            listed = ", ".join(ordinary)
            raise Problem(words.NO_SUCH_LIMIT.format(name=name, known=listed))
        if not isinstance(number, int | float) or not 0 < number < math.inf:
            raise Problem(words.LIMIT_IS_NO_NUMBER.format(name=name, value=repr(number)))
    # A memory of 4e9 bytes is a whole number all the same.
    return Limits(**{name: type(ordinary[name])(number) for name, number in numbers.items()})
