"""Where two derivations part, walking along `order`."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import notebook, reference
from autograder.exercises.autograd.inputs import NAMES, ledgers, table
from autograder.exercises.autograd.parts import as_pair
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.first_mismatch,
    points=2,
    minutes=10,
    hints=(
        "A loop over order, and a return inside it. What comes after the loop?",
        "Shapes first. Then: are all absolute differences within the tolerance?",
        (
            "Put a nan into one table. Is `nan > tolerance` true? Is `nan <= tolerance`? Which "
            "of the two questions helps you?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    for hand, auto in ledgers(rng):
        order = list(NAMES)
        wrong = {name: hand[name] + rng.normal(0.0, 0.1, np.shape(hand[name])) for name in NAMES}
        first = int(rng.integers(2, 7))
        # From one wrong step on, everything behind it is wrong as well.
        spoilt = hand | {name: wrong[name] for name in order[first:]}
        yield case(table(spoilt), auto, order)
        single = str(rng.choice(["W1", "h2", "u1"]))
        entry = np.array(hand[single])
        entry[-1, -1] -= 0.25
        yield case(hand | {single: entry}, auto, order)
        small = hand | {"u2": hand["u2"] + 1e-6, "b2": hand["b2"] - 0.02}
        yield case(small, auto, order)
        yield case(small, auto, order, tolerance=1e-4)
        yield case(small, auto, [name for name in reversed(order)])
        large = {name: auto[name] * 1e4 for name in order}
        yield case(table(large | {"h1": large["h1"] + 1e-6}), table(large), order)
        yield case(hand, auto, order, about="everything agrees")
        gone = hand | {"u2": np.full((5, 2), np.nan)}
        yield case(gone, auto, order, about="NaN in one of the two")
        column = auto | {"b2": np.full(2, 0.5), "U": np.full(2, 0.25)}
        broad = column | {"U": np.full((2, 1), 0.25)}
        yield case(broad, column, order, about="a column instead of a vector")
        edge = {"U": np.array([1.0, 2.0]), "c": 3.0}
        off = {"U": np.array([1.25, 2.0]), "c": 3.5}
        yield case(edge, off, ["U", "c"], tolerance=0.25, about="a difference equal to tolerance")
    one = {"u3": np.array([1.0, 2.0]), "U": np.array([3.0]), "c": 0.5}
    other = {"u3": np.array([1.0, 2.0]), "U": np.array([3.1]), "c": 0.8}
    yield case(one, other, ["u3", "U", "c"], about=VISIBLE)
    yield case(one, other, ["c", "U", "u3"], about=VISIBLE)
    yield case(one, other, ["u3", "U", "c"], tolerance=0.2, about=VISIBLE)
    for off, close in ((2e-9, "above"), (5e-10, "below")):
        near = one | {"u3": np.array([1.0, 2.0 + off]), "c": 0.5 + 1e-6}
        yield case(one, near, ["u3", "U", "c"], about=f"a difference {close} the tolerance")


@exercise.style
def mismatch_in_a_loop(hand, auto, order, tolerance=1e-9):
    for name in order:
        left, right = np.asarray(hand[name]), np.asarray(auto[name])
        if left.shape != right.shape:
            return name
        difference = np.max(np.abs(left - right))
        if difference > tolerance or np.isnan(difference):
            return name
    return None


@exercise.style
def mismatch_by_next(hand, auto, order, tolerance=1e-9):
    def agrees(name):
        if np.shape(hand[name]) != np.shape(auto[name]):
            return False
        return np.allclose(hand[name], auto[name], rtol=0, atol=tolerance)

    return next((name for name in order if not agrees(name)), None)


@exercise.style
def mismatch_by_list(hand, auto, order, tolerance=1e-9):
    wrong = [
        name
        for name in order
        if np.shape(hand[name]) != np.shape(auto[name])
        or not np.all(np.abs(np.subtract(hand[name], auto[name])) <= tolerance)
    ]
    if wrong:
        return wrong[0]


@exercise.style
def mismatch_with_torch(hand, auto, order, tolerance=1e-9):
    for name in order:
        left = torch.as_tensor(hand[name], dtype=torch.float64)
        right = torch.as_tensor(auto[name], dtype=torch.float64)
        if left.shape != right.shape or not ((left - right).abs() <= tolerance).all():
            return name


@exercise.style
def mismatch_entry_by_entry(hand, auto, order, tolerance=1e-9):
    i = 0
    while i < len(order):
        a, b = np.array(hand[order[i]]), np.array(auto[order[i]])
        if a.shape != b.shape:
            return order[i]
        for left, right in zip(a.flat, b.flat):
            if not abs(left - right) <= tolerance:
                return order[i]
        i += 1
    return None


@exercise.mistake(
    "From which end does the search begin?",
    said="The last mismatch is returned instead of the first.",
)
def mismatch_last(hand, auto, order, tolerance=1e-9):
    found = None
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            found = name
    return found


@exercise.mistake(
    "Which order counts: that of the dict, or the one you are given?",
    said="Names are searched in the order of the dict, not in the given one.",
)
def mismatch_order_of_the_dict(hand, auto, order, tolerance=1e-9):
    for name in hand:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            return name
    return None


@exercise.mistake(
    "What happens to your answer when somebody asks for another tolerance?",
    said="The tolerance is always 1e-9, whatever is asked for.",
)
def mismatch_tolerance_ignored(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= 1e-9):
            return name
    return None


@exercise.mistake(
    "How large a difference does np.allclose forgive without being told?",
    said="The relative tolerance of np.allclose forgives more than was asked for.",
)
def mismatch_allclose(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.allclose(a, b, atol=tolerance):
            return name
    return None


@exercise.mistake(
    "Is every last digit of two floats ever the same?",
    said="Numbers have to be exactly equal, so rounding counts as a mismatch.",
    root=Root.DIGITS,
)
def mismatch_exactly_equal(hand, auto, order, tolerance=1e-9):
    for name in order:
        if not np.array_equal(hand[name], auto[name]):
            return name
    return None


@exercise.mistake(
    "The first one is asked for. How many do you return?",
    said="A list of all mismatches is returned instead of the first name.",
)
def mismatch_all_of_them(hand, auto, order, tolerance=1e-9):
    names = []
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            names.append(name)
    return names


@exercise.mistake(
    "What is asked for, the name or its place in the list?",
    said="The position of the first mismatch is returned instead of its name.",
)
def mismatch_index(hand, auto, order, tolerance=1e-9):
    for index, name in enumerate(order):
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            return index
    return None


@exercise.mistake(
    "Must every entry be off before a table counts as off?",
    said="A table counts as wrong only if every entry is off.",
)
def mismatch_only_if_all_entries(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.any(np.abs(a - b) <= tolerance):
            return name
    return None


@exercise.mistake(
    "One entry too small: is that a mismatch? What sign has the difference?",
    said="The absolute value is missing, so entries that are too small pass.",
)
def mismatch_without_absolute(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.all(a - b <= tolerance):
            return name
    return None


@exercise.mistake(
    "Is NaN larger than the tolerance? Is it smaller? Try both.",
    said="An entry that is NaN does not count as a mismatch.",
    root=Root.DIGITS,
)
def mismatch_lets_nan_pass(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or np.any(np.abs(a - b) > tolerance):
            return name
    return None


@exercise.mistake(
    "Compare a column with a vector of the same numbers: do they agree?",
    said="Shapes are not compared, so different ones broadcast or raise an error.",
    root=Root.AXIS,
)
def mismatch_broadcasts(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = as_pair(hand, auto, name)
        if not np.all(np.abs(a - b) <= tolerance):
            return name
    return None


@exercise.mistake(
    "Is a difference as large as the tolerance still tolerated?",
    said="A difference of exactly the tolerance already counts as a mismatch.",
)
def mismatch_edge(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) < tolerance):
            return name
    return None


@exercise.mistake(
    "And when everything agrees: what do you give back?",
    said="The last name is returned when everything agrees, instead of None.",
)
def mismatch_never_none(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = as_pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            return name
    return order[-1]


exercise.equivalent(
    "np.allclose(hand[name], auto[name], rtol=0, atol=tolerance) -> "
    "np.allclose(auto[name], hand[name], rtol=0, atol=tolerance)",
    "np.subtract(hand[name], auto[name]) -> np.subtract(auto[name], hand[name])",
    "zip(a.flat, b.flat) -> zip(b.flat, a.flat)",
    because="The size of a difference is the same in either order.",
)
