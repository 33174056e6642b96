"""What the cases of 04-backprop-by-hand are made of, drawn from a seed.

All dimensions differ, but for one square case in which every matrix could be transposed without an
error; biases lie away from zero, both labels occur, and upstream gradients are random.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.specification import case

# N, d0, d1, d2: all different twice, then all equal.
SIZES = ((5, 3, 4, 2), (6, 2, 3, 5), (4, 4, 4, 4))


def away_from_zero(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw random numbers of both signs, between 0.2 and 1.5 in size."""
    return rng.uniform(0.2, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


def labels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw random labels 0 and 1, both of them, in different numbers where `n` is at least 3."""
    ones = int(rng.integers(1, n)) if n < 3 else 1 + n // 2
    return rng.permutation(np.repeat([1.0, 0.0], [ones, n - ones]))


def random_params(rng: np.random.Generator, d0: int, d1: int, d2: int) -> dict:
    """Draw parameters of a network of these sizes, none of them zero."""
    return {
        "W1": away_from_zero(rng, d0, d1) * 0.6,
        "b1": away_from_zero(rng, d1) * 0.4,
        "W2": away_from_zero(rng, d1, d2) * 0.7,
        "b2": away_from_zero(rng, d2) * 0.4,
        "U": away_from_zero(rng, d2),
        "c": float(away_from_zero(rng) * 0.4),
    }


def problem(rng: np.random.Generator, n: int, d0: int, d1: int, d2: int) -> tuple:
    """Draw `X`, `y` and `params` of random networks."""
    return away_from_zero(rng, n, d0), labels(rng, n), random_params(rng, d0, d1, d2)


def predictions(rng):
    for n in (5, 8, 2):
        yield case(rng.uniform(0.08, 0.92, n), labels(rng, n))
    y_hat = np.array([1e-6, 2e-9, 1e-3, 1 - 1e-6, 1 - 2e-9, 0.999])
    right = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    yield case(y_hat, right, about="sure and right")
    yield case(y_hat, 1 - right, about="sure and wrong")


# What is special about the cases that are the same for every student.
SURE = "with saturated units and outputs close to 0 and 1"
LARGE = "with weights of size 8"
STEEP = "with steep gradients, of size 30"
FLAT = "with tiny gradients, of size 1e-7"


def sure() -> tuple[np.ndarray, np.ndarray, dict]:
    """Return a network whose hidden units saturate and whose outputs come within 1e-2 to 1e-8 of 0
    and 1, its inputs, and the labels that these outputs stand for."""
    X = np.array([[1.0, 0.5], [-1, 0.25], [0.5, -1.5], [-0.5, 1], [0.25, 0.125], [-0.125, -0.25]])
    params = {
        "W1": np.array([[0.5, -0.25, 0.125], [-0.25, 2.0, 1.0]]),
        "b1": np.array([0.25, -0.125, 0.5]),
        "W2": np.array([[8.0, -4.0, 2.0], [-8.0, 4.0, 8.0], [4.0, 8.0, -8.0]]),
        "b2": np.array([0.5, -1.0, 0.25]),
        "U": np.array([18.5, -13.0, -6.0]),
        "c": 0.5,
    }
    return X, np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0]), params


def large() -> tuple[np.ndarray, dict]:
    """Return inputs and a network with weights of size 8, whose scores reach 40 and more."""
    W1 = np.array([[8.0, -4.0, 8.0], [-8.0, 8.0, 4.0]])
    W2 = np.array([[8.0, -8.0], [16.0, 8.0], [-8.0, 16.0]])
    params = {"W1": W1, "b1": np.array([4.0, -8.0, 2.0]), "W2": W2, "b2": np.array([8.0, -4.0])}
    params |= {"U": np.array([-32.0, 24.0]), "c": -8.0}
    return np.array([[1.0, 3.0], [-2.0, 0.5], [0.25, -1.5], [2.0, 2.0]]), params


def steep() -> tuple[np.ndarray, np.ndarray, dict]:
    """Return a problem whose first gradient has a length of 30: large inputs, small weights."""
    X, y, params = undecided()
    params |= {"W1": params["W1"] / 110, "W2": 2 * params["W2"], "U": 4 * params["U"]}
    return 110 * X, np.array([0.0, 0.0, 1.0, 1.0, 0.0, 1.0]), params


def undecided() -> tuple[np.ndarray, np.ndarray, dict]:
    """Return a problem with a minimum that training comes close to: equal inputs carry both
    labels."""
    X = np.array([[1.0, 0.5], [1.0, 0.5], [1.0, 0.5], [-0.5, 1.0], [-0.5, 1.0], [-0.5, 1.0]])
    params = {
        "W1": np.array([[0.8, -0.6], [0.4, 0.9]]),
        "b1": np.array([0.1, -0.2]),
        "W2": np.array([[1.2, -0.7, 0.5], [-0.9, 0.8, 1.1]]),
        "b2": np.array([0.2, -0.1, 0.3]),
        "U": np.array([1.0, -0.8, 0.6]),
        "c": 0.1,
    }
    return X, np.array([0.0, 1.0, 1.0, 0.0, 0.0, 1.0]), params


def not_in_proportion(f, args, names):
    """Find the gaps of a property that an answer lacks where it is not in proportion to one of its
    arguments: the name of that argument and an entry before and after it is taken times -2."""
    before = np.asarray(f(*args))
    for place, name in enumerate(names):
        changed = [-2 * arg if place == index else arg for index, arg in enumerate(args)]
        after = np.asarray(f(*changed))
        off = np.abs(after + 2 * before)
        if off.max() > 1e-6 * np.abs(before).max():
            at = np.unravel_index(np.argmax(off), off.shape)
            return {"name": name, "before": before[at], "after": after[at]}
    return None


def middles(low, high, count=400):
    """Return the middles of `count` equal pieces between two numbers, and the length of a piece."""
    edges = np.linspace(low, high, count + 1)
    return (edges[:-1] + edges[1:]) / 2, (high - low) / count
