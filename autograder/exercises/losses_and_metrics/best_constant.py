"""The best constant for targets that are known with unequal precision."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.best_constant,
    points=2,
    minutes=8,
    hints=(
        "Differentiate the loss of two examples with respect to the constant, and set it to 0.",
        "An average with weights: whose word should count more, that of a narrow bell or of a wide "
        "one?",
        "For y = (0, 10) and sigma = (1, 3) the answer is 1. "
        "How many times does the first weight exceed the second?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0.0, 10.0]), np.array([1.0, 3.0]))
    yield case(np.array([2.0, -1.0, 4.0]), np.array([0.5, 2.0, 1.0]))
    yield case(np.array([5.0, 1.0, -3.0]), np.array([3e-4, 1e-3, 2.0]), about="narrow bells")
    for n in (3, 5, 8):
        yield case(rng.normal(1, 4, n), rng.permutation(np.arange(1, n + 1) * rng.uniform(0.3, 2)))


@exercise.style
def best_weighted_mean(y, sigma):
    w = 1 / sigma**2
    return np.sum(w * y) / np.sum(w)


@exercise.style
def best_by_average(y, sigma):
    return np.average(y, weights=1 / np.square(sigma))


@exercise.style
def best_by_loop(y, sigma):
    top = bottom = 0.0
    for target, s in zip(y, sigma):
        top += target / (s * s)
        bottom += 1 / (s * s)
    return top / bottom


@exercise.style
def best_by_least_squares(y, sigma):
    # Weighted least squares with one column of ones.
    design = np.ones((len(y), 1)) / sigma[:, None]
    return np.linalg.lstsq(design, y / sigma, rcond=None)[0][0]


@exercise.style
def best_by_dot_products(y, sigma):
    precision = sigma**-2.0
    return float(precision @ y / precision.sum())


@exercise.mistake(
    "Is a measurement with sigma = 3 worth as much as one with sigma = 1?",
    said="The plain mean came back, as least squares would give it.",
    root=Root.WEIGHTS,
)
def best_plain_mean(y, sigma):
    return np.mean(y)


@exercise.mistake(
    "Differentiate the loss once more: to which power does sigma stand there?",
    said="The weights are 1/sigma in place of 1/sigma squared.",
    root=Root.WEIGHTS,
)
def best_weights_not_squared(y, sigma):
    return np.sum(y / sigma) / np.sum(1 / sigma)


@exercise.mistake(
    "Whose word counts more in your mean, that of the narrow bell or of the wide one?",
    said="The weights are the variances in place of their reciprocals.",
    root=Root.WEIGHTS,
)
def best_weights_upside_down(y, sigma):
    return np.sum(sigma**2 * y) / np.sum(sigma**2)


@exercise.mistake(
    "Whose word counts more in your mean, that of the narrow bell or of the wide one?",
    said="The weights are the standard deviations, so that the wide bells count most.",
    root=Root.WEIGHTS,
)
def best_weights_sigma(y, sigma):
    return np.sum(sigma * y) / np.sum(sigma)


@exercise.mistake(
    "If all targets are 5, what must the best constant be? Do your weights add up to one?",
    said="The weighted sum is divided by N and not by the sum of the weights.",
    root=Root.MEAN,
)
def best_divided_by_n(y, sigma):
    return np.sum(y / sigma**2) / len(y)


@exercise.mistake(
    "If all targets are 5, what must the best constant be? Do your weights add up to one?",
    said="The weighted sum is not divided by the sum of the weights.",
    root=Root.WEIGHTS,
)
def best_not_divided(y, sigma):
    return np.sum(y / sigma**2)


@exercise.mistake(
    "A median minimises absolute errors. Which errors does a Gaussian add up?",
    said="The median came back.",
)
def best_median(y, sigma):
    return np.median(y)


@exercise.mistake(
    "Should one exact measurement silence all others completely?",
    said="The target with the smallest sigma came back alone.",
    root=Root.WEIGHTS,
)
def best_most_precise_only(y, sigma):
    return y[np.argmin(sigma)]


@exercise.mistake(
    "Is the constant asked for, or the loss that it reaches?",
    said="The smallest loss came back in place of the constant that reaches it.",
)
def best_loss_instead(y, sigma):
    m = np.sum(y / sigma**2) / np.sum(1 / sigma**2)
    return np.mean(0.5 * np.log(2 * np.pi * sigma**2) + (y - m) ** 2 / (2 * sigma**2))


@exercise.mistake(
    "Is the best constant one of finitely many? How fine is your grid?",
    said="The constant was looked for on a grid.",
    root=Root.DIGITS,
)
def best_on_a_grid(y, sigma):
    grid = np.linspace(y.min(), y.max(), 1001)
    return grid[np.argmin([np.sum((y - m) ** 2 / sigma**2) for m in grid])]


@exercise.property(
    "Move all targets up by 3 and the best constant moves with them: yours goes from {low} to "
    "{high}. Is it a mean of the targets?"
)
def moves_with_the_targets(f, y, sigma):
    low, high = float(f(y, sigma)), float(f(y + 3.0, sigma))
    if not np.isclose(high - low, 3.0, rtol=1e-6):
        return {"low": low, "high": high}


@exercise.property(
    "All sigmas twice as large weigh the targets as before: yours goes from {once} to {twice}. "
    "Which weights does a mean have, and what do they add up to?"
)
def the_same_for_twice_the_sigmas(f, y, sigma):
    once, twice = float(f(y, sigma)), float(f(y, 2 * sigma))
    if not np.isclose(once, twice, rtol=1e-6):
        return {"once": once, "twice": twice}


exercise.equivalent(
    "1 / sigma ** 2 -> 2 / sigma ** 2",
    "1 / np.square(sigma) -> 2 / np.square(sigma)",
    because="A factor that all weights share is divided out.",
)
