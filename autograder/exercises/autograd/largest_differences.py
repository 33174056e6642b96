"""How far two tables of gradients are apart."""

from __future__ import annotations

import math

import numpy as np
import torch

from autograder.exercises.autograd import notebook, reference
from autograder.exercises.autograd.inputs import ledgers, number, table
from autograder.exercises.autograd.parts import as_pair
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.largest_differences,
    points=1,
    minutes=6,
    hints=(
        (
            "Go through the names. For each: turn both entries into arrays, compare the shapes, "
            "then the values."
        ),
        "Differences have signs. What do you take before you look for the largest?",
        "Try a column of shape (4, 1) against a vector of shape (4,): does your function notice?",
    ),
)


@exercise.cases
def cases(rng):
    for hand, auto in ledgers(rng):
        yield case(table({name: hand[name] + number(rng, 1e-3, 1e-2) for name in hand}), auto)
        spread = {name: hand[name] + rng.normal(0.0, 0.01, np.shape(hand[name])) for name in hand}
        yield case(table(spread), auto)
    pair = {"W": rng.normal(0.0, 1.0, (3, 4)), "b": rng.normal(0.0, 1.0, 4), "c": number(rng)}
    other = {name: value + number(rng, 0.01, 0.1) for name, value in pair.items()}
    yield case(pair, other)
    yield case(pair, other | {"W": other["W"].T}, about="a transposed matrix")
    yield case(pair, other | {"b": other["b"][:, None]}, about="a column instead of a vector")
    yield case(pair, other | {"b": other["b"][:1]}, about="one entry instead of four")
    left = {"U": np.array([1.0, 2.0]), "c": 0.5}
    yield case(left, {"U": np.array([1.0, 2.25]), "c": 0.5}, about=VISIBLE)
    yield case(left, {"U": np.array([[1.0], [2.0]]), "c": 0.4}, about=VISIBLE)
    yield case(left, {"U": np.array([1.0, 2.0 + 1e-9]), "c": 0.5 - 1e-6}, about="tiny differences")


@exercise.style
def differences_in_a_loop(hand, auto):
    result = {}
    for name in hand:
        left, right = np.asarray(hand[name]), np.asarray(auto[name])
        if left.shape != right.shape:
            result[name] = np.inf
        else:
            result[name] = np.abs(left - right).max()
    return result


@exercise.style
def differences_in_a_comprehension(hand, auto):
    return {
        name: float(np.abs(np.subtract(hand[name], auto[name])).max())
        if np.shape(hand[name]) == np.shape(auto[name])
        else math.inf
        for name in hand
    }


@exercise.style
def differences_with_torch(hand, auto):
    def distance(left, right):
        left = torch.as_tensor(left, dtype=torch.float64)
        right = torch.as_tensor(right, dtype=torch.float64)
        if left.shape != right.shape:
            return float("inf")
        return torch.max(torch.abs(left - right)).item()

    return {name: distance(hand[name], auto[name]) for name in hand}


@exercise.style
def differences_entry_by_entry(hand, auto):
    found = {}
    for name, value in hand.items():
        a, b = np.array(value), np.array(auto[name])
        found[name] = math.inf
        if a.shape == b.shape:
            found[name] = max(abs(float(s) - float(t)) for s, t in zip(a.ravel(), b.ravel()))
    return found


@exercise.style
def differences_with_the_norm(hand, auto):
    differences = {}
    for name in auto:
        try:
            gap = np.stack([hand[name], auto[name]])
            differences[name] = np.linalg.norm((gap[0] - gap[1]).ravel(), np.inf)
        except ValueError:
            differences[name] = np.inf
    return differences


@exercise.mistake(
    "Can a difference be negative? What is the largest of -5 and 1?",
    said="The absolute value is missing, so large negative differences are overlooked.",
)
def diff_without_absolute(hand, auto):
    found = {}
    for name in hand:
        a, b = as_pair(hand, auto, name)
        found[name] = float(np.max(a - b)) if a.shape == b.shape else np.inf
    return found


@exercise.mistake(
    "Half a table wrong, half right: what does an average say of it?",
    said="The absolute differences are averaged instead of taking the largest.",
    leads=("HALF",),
)
def diff_mean(hand, auto):
    found = {}
    for name in hand:
        a, b = as_pair(hand, auto, name)
        found[name] = float(np.mean(np.abs(a - b))) if a.shape == b.shape else np.inf
    return found


@exercise.mistake(
    "Is the length of the whole difference asked for, or one entry?",
    said="The length of the whole difference is returned instead of its largest entry.",
)
def diff_norm(hand, auto):
    found = {}
    for name in hand:
        a, b = as_pair(hand, auto, name)
        found[name] = float(np.sqrt(np.sum((a - b) ** 2))) if a.shape == b.shape else np.inf
    return found


@exercise.mistake(
    "Does it matter where the two largest entries stand?",
    said="The largest entries of both tables are compared, wherever they stand.",
)
def diff_of_maxima(hand, auto):
    found = {}
    for name in hand:
        a, b = as_pair(hand, auto, name)
        same = a.shape == b.shape
        found[name] = float(np.abs(np.max(np.abs(a)) - np.max(np.abs(b)))) if same else np.inf
    return found


@exercise.mistake(
    "Divided by what, and who asked for it?",
    said="The differences are divided by the second table's entries.",
)
def diff_relative(hand, auto):
    found = {}
    for name in hand:
        a, b = as_pair(hand, auto, name)
        found[name] = float(np.max(np.abs((a - b) / b))) if a.shape == b.shape else np.inf
    return found


@exercise.mistake(
    "One number for everything: which name does it belong to?",
    said="One number is returned for all names together, and W is skipped.",
)
def diff_one_number(hand, auto):
    return max(float(np.max(np.abs(hand[name] - auto[name]))) for name in hand if name != "W")


@exercise.mistake(
    "Subtract a column from a vector: what is the shape of the result?",
    said="Different shapes are broadcast instead of counted as infinitely far apart.",
    root=Root.AXIS,
)
def diff_broadcasts(hand, auto):
    found = {}
    for name in hand:
        try:
            found[name] = float(np.max(np.abs(np.subtract(hand[name], auto[name]))))
        except ValueError:
            found[name] = float("inf")
    return found


@exercise.mistake(
    "Two arrays of different shapes: what should be said about them?",
    said="Shapes are never compared, so different ones broadcast or raise an error.",
    root=Root.AXIS,
)
def diff_shapes_not_looked_at(hand, auto):
    return {name: float(np.max(np.abs(hand[name] - auto[name]))) for name in hand}


@exercise.mistake(
    "Print all digits of a difference: where do they end, and who cut them off?",
    said="The differences are rounded, so tiny ones are lost.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4, 6)},
)
def diff_rounded(hand, auto, *, digits=6):
    found = {}
    for name in hand:
        a, b = np.asarray(hand[name]), np.asarray(auto[name])
        found[name] = round(float(np.abs(a - b).max()), digits) if a.shape == b.shape else np.inf
    return found


@exercise.mistake(
    "A difference is tiny: is it a difference?",
    said="Differences below a tolerance count as 0.",
    root=Root.DIGITS,
    family={"digits": (3, 5, 6)},
)
def diff_zero_within_tolerance(hand, auto, *, digits=6):
    found = {}
    for name in hand:
        a, b = np.asarray(hand[name]), np.asarray(auto[name])
        far = float(np.abs(a - b).max()) if a.shape == b.shape else np.inf
        found[name] = far if far > 10**-digits else 0.0
    return found


@exercise.mistake(
    "Must both tables have the same keys, and what do you give back for them?",
    said="Only whether the tables agree is returned, not by how much.",
)
def diff_yes_or_no(hand, auto):
    return {name: bool(np.array_equal(hand[name], auto[name])) for name in hand}


@exercise.property(
    "A table does not differ from itself: yours finds {found} in {name}. What is taken from what?"
)
def nothing_between_equals(f, hand, auto):
    for name, found in f(hand, hand).items():
        if found != 0:
            return {"name": name, "found": found}


exercise.equivalent(
    "np.subtract(hand[name], auto[name]) -> np.subtract(auto[name], hand[name])",
    "distance(hand[name], auto[name]) -> distance(auto[name], hand[name])",
    "zip(a.ravel(), b.ravel()) -> zip(b.ravel(), a.ravel())",
    because="The size of a difference is the same in either order.",
)
