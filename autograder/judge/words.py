"""What the judge says: every sentence to a student stands here, whole, with named gaps.

The questions after symptoms and crashes are those of `course.words`. No sentence has a gap for an
expected value, and none shows the formula that is asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.exercises import Case, Exercise
from autograder.sandbox.wire import Answer
from course.compare import Difference, detached, name_entry, name_type
from course.words import all_of, count_of
from course.wrappers import Words, parts_of

RIGHT = "Right."

# --------------------------------------------------------------------------- nothing to judge

NO_FUNCTION = "There is no function named {name} in the notebook."
NOT_WRITTEN = "{name} is not written yet."
MISSPELT = (
    "There is no function named {name} in the notebook, but there is one named {near}: is that "
    "the one, under another name?"
)
DEFINED_LATER = (
    "{name} is defined further down than its check, which runs first: move its cell up, to where "
    "the exercise is."
)
TAKEN_BACK = (
    "Another cell defines {name}, but the cell that came with the notebook runs after it and takes "
    "it back: put your answer in place of its `raise NotImplementedError()`."
)
ANSWER_BELOW_CHECK = (
    "{name} is written in a cell below its check, and the cell that came with the notebook is "
    "still empty: put your answer there."
)
SYNTAX = "The cell of {name} does not run, because line {line} is no Python: {error}."
SYNTAX_NO_LINE = "The cell of {name} does not run, because it is no Python: {error}."
NO_BREAK_SPACE = (
    "The cell of {name} does not run: line {line} holds a no-break space, which looks like a space "
    "and is none ({error}). It comes with text that is copied from a web page: type the spaces of "
    "that line anew."
)
INDENTATION = (
    "The cell of {name} does not run, because line {line} is not indented as Python needs it: "
    "{error}."
)
NEWER_PYTHON = (
    "The cell of {name} does not run here: line {line} may hold what only a Python newer than "
    "{version} knows ({error}). Can you write it the older way?"
)
IMPORT_FAILED = (
    "The cell of {name} stops before {name} is defined: {error}. Only the libraries of the course "
    "are there: can you do without this one?"
)
CELL_STOPPED = "The cell of {name} stops before {name} is defined: {error}."
CELL_STOPPED_AT = "The cell of {name} stops in line {line}, before {name} is defined: {error}."
CELL_OUT_OF_TIME = (
    "The cell of {name} was stopped before {name} was defined, because it took too long: what in "
    "it computes for so long?"
)
CALLS_UNWRITTEN = "{name} calls {other}, which is not written yet: write {other} first."
METHOD_NOT_WRITTEN = (
    "The method {method} of {name} is not written yet; what else there is of {name} is in place."
)
LEFTOVER_RAISE = (
    "{name} comes to the line `raise NotImplementedError()` that was there at the beginning, "
    "although there is an answer: take that line out."
)

# ---------------------------------------------------------------------- it ran, and did not end

CRASHED = "{name} raised {error}, called with {call}. {asked}"
CRASHED_AT_LINE = "{name} raised {error} in line {line} of its cell, called with {call}. {asked}"
CRASHED_ELSEWHERE = (
    "{name} raised {error} in {function}, line {line} of its cell, called with {call}. {asked}"
)
ENDED_PROGRAM = (
    "{name} ended the whole program, called with {call}. Does it exit, or use far too much memory?"
)
TOO_SLOW = (
    "{name} did not come back in time, called with {call}. Does a loop run longer than it needs to?"
)
NO_TIME_LEFT = (
    "{name} was not judged: The notebook's time was used up. Which cell before it computes for so "
    "long, and can it do with less?"
)

# ------------------------------------------------------------------------------- a way around

SHORTCUT = (
    "{name} leaves the exercise to {shortcut}. Here the steps themselves are asked for: which "
    "operations does that function do for you?"
)
BY_DIFFERENCES = (
    "{name} is right to a few digits only, as difference quotients are. Here the derivative itself "
    "is asked for: which rule gives all its digits? (If you rounded something on the way, leave it "
    "as it is.)"
)
BY_COMPLEX_STEP = (
    "{name} is right because it takes a step into the complex numbers and reads off what comes "
    "back. Here the derivative itself is asked for: which rule gives it without any step?"
)

# ------------------------------------------------------------------------------ a wrong value

# The gap {difference} takes a clause of `course.words` that can stand alone behind the colon.

OFF = "{name}, called with {call}: {difference}. {asked}"
PART_OFF = "{part} of {name}, called with {call}: {difference}. {asked}"
OFF_BY_NUMBER = "{name}, called with {call}, gives {found}: {difference}. {asked}"
PART_OFF_BY_NUMBER = "{part} of {name}, called with {call}, is {found}: {difference}. {asked}"
OFF_AT_ENTRY = "{name}, called with {call}: {difference}; entry {entry} is {found}. {asked}"
PART_OFF_AT_ENTRY = (
    "{part} of {name}, called with {call}: {difference}; entry {entry} is {found}. {asked}"
)
WORK_IT_OUT = (
    "Work this one out by hand, step by step: at which step do you and your function part?"
)
DEFAULT_INSTEAD = (
    "What comes back would be right if {name} were left out of the call: where in yours does "
    "{name} make a difference?"
)
EXCHANGED = (
    "What comes back would be right with {first} and {second} exchanged: which of the two stands "
    "where?"
)
WITHOUT_LAST = (
    "What comes back would be right if the last entry were not there: does something end one entry "
    "too early?"
)
WITHOUT_FIRST = (
    "What comes back would be right if the first entry were not there: with which entry does yours "
    "begin?"
)
MEAN_OF_MEANS = (
    "What comes back would be right if groups of examples counted alike, however many are in each: "
    "does every example weigh the same in yours?"
)
TURNED = (
    "What comes back would be right if rows and columns were exchanged: along which axis does each "
    "of your steps go?"
)
LAID_IN_ONE = (
    "What comes back would be right if all rows were one long row: which of your steps looks at "
    "the whole table where it should look at each row?"
)
SAME_EXCHANGED = (
    "Yours gives the same with {first} and {second} exchanged: are the two alike in what is asked?"
)
RIGHT_ELSEWHERE = "Called with {call}, yours is right: what is different here?"
OTHER_SIGN = (
    "What comes back would be right for the same numbers with the other sign: where does a sign "
    "get lost, or in?"
)
OTHER_SIGN_OF = (
    "What comes back would be right if {name} had the other sign: where does that sign get lost?"
)
CHANGED_ARGUMENT = (
    "{name} gives the right values, but changes the array it is given. What happens to the "
    "caller's data? Work on a copy."
)


def about_error(answer: Answer) -> str:
    """Return an exception as Python prints it in its last line."""
    return f"{answer.error}: {answer.text}" if answer.text else answer.error


def about_call(exercise: Exercise, case: Case) -> str:
    """Return the arguments that the student's function received: the values of short ones, the
    shapes of others; then, in brackets as a remark that stands alone, what is special about the
    case."""
    args, kwargs = case.args, case.kwargs
    given = getattr(exercise.subject(exercise.reference), "given", None)
    if given is not None:
        args, kwargs = given(*args, **kwargs)
    words = [describe(argument) for argument in args]
    words += [f"{key}={describe(value)}" for key, value in kwargs.items()]
    text = ", ".join(words) or "no argument"
    return f"{text} ({case.about})" if case.about else text


def about_part(exercise: Exercise, difference: Difference) -> str:
    """Return the name of the part of a dict or tuple that differs; "" where the value itself
    does."""
    parts = exercise.parts or parts_of(exercise.subject(exercise.reference))
    return name_part(difference.path, parts)


def name_part(path: tuple[Any, ...], parts: tuple[str, ...]) -> str:
    """Return what the value at `path` is called, where a tuple's values are called `parts`."""
    if not path:
        return ""
    first, rest = path[0], "".join(f"[{key!r}]" for key in path[1:])
    if isinstance(first, int) and first < len(parts):
        return f"{parts[first]}{rest}"
    return f"[{first!r}]{rest}"


def describe(value: Any) -> str:
    """Return a value in a few words: short ones with their numbers, others by their kind."""
    if isinstance(value, Words):
        return str(value)
    value = detached(value)
    if isinstance(value, np.ndarray):
        return _numbers(value.tolist()) if value.size <= 4 else name_type(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{key!r}: {describe(entry)}" for key, entry in value.items())
        return "{" + inner + "}" if len(inner) < 80 else count_of(dict, len(value))
    if isinstance(value, (list, tuple)) and any(isinstance(item, np.ndarray) for item in value):
        # Arrays in a list, such as the weights of several layers, are told by their shapes.
        return "[" + ", ".join(name_type(item) for item in value) + "]"
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else count_of(str, len(value))
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(describe, value[:9]))
        if len(value) > 8 or len(inner) > 80:
            return count_of(type(value), len(value))
        if isinstance(value, tuple):
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        return f"[{inner}]"
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, (int, float, np.number)):
        return f"{value:.6g}"
    return name_type(value)


def _numbers(value: Any) -> str:
    """Return the numbers of a short array, each with the digits that tell it from a whole
    number."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_numbers, value)) + "]"
    for digits in (4, 6, 9, 12):
        text = f"{float(value):.{digits}g}"
        if float(text) == value or not float(text).is_integer():
            break
    return text if any(letter in text for letter in ".en") else f"{text}.0"


def first_wrong_entry(difference: Difference) -> tuple[str, str]:
    """Return the place of the first wrong entry and what stands there, of an array that differs."""
    assert difference.close is not None
    index = tuple(np.argwhere(~difference.close)[0])
    return name_entry(index), f"{float(np.asarray(detached(difference.found))[index]):.6g}"


def say_followed(names: list[str], own: list[str]) -> str:
    """That an answer is right with right ones in the places of others.

    own  those of `names` that are not right; the others were, before their names were given away
    """
    if len(names) > 1:
        return f"Right, with right ones in the places of {_listed(names)}: those are to mend."
    if own:
        return f"Right, with a right {_listed(names)}: yours is the one to mend."
    return (
        f"Right, with a right {_listed(names)}: yours was right, and the name stands for "
        "something else by now. Which cell gave it away?"
    )


def say_seen_with(names: list[str]) -> str:
    """That a verdict is about the answer itself, as others were replaced by right ones."""
    if len(names) > 1:
        return f"(This was seen with right ones in the places of your {_listed(names)}.)"
    return f"(This was seen with a right {_listed(names)} in the place of yours.)"


def say_begin_with(names: list[str]) -> str:
    """That what is said next may come from others that are not right."""
    if len(names) > 1:
        return (
            f"It uses your {_listed(names)}, which are not right: begin there, since what was seen "
            "here may come from those alone."
        )
    return (
        f"It uses your {_listed(names)}, which is not right: begin there, since what was seen here "
        "may come from that alone."
    )


def _listed(names: list[str]) -> str:
    return all_of(f"`{name}`" for name in names)
