"""The Laplace negative log-likelihood: where the absolute error comes from."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.laplace_nll,
    points=2,
    minutes=6,
    hints=(
        "The same three steps as for the bell: density, logarithm, minus sign.",
        "What does the logarithm make of e to a power? And of the number in front of it?",
        "A target on its median, with scale = 1: do you get ln 2, 0.6931?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([1.2, -0.3, 0.8]), np.array([1.0, 0.0, 0.5]), 0.7)
    yield case(np.array([0.0, 10.0]), np.array([1.0, 1.0]), np.array([1.0, 3.0]))
    yield case(np.array([6.16e-13, -6.16e-13]), np.zeros(2), 2e-14, about="a very narrow one")
    yield case(
        np.array([2.0, -1.0, 0.5]), np.array([2.0002, -1.0, 0.4999]), 1e-5,
        about="a narrow distribution",
    )  # fmt: skip
    yield case(
        np.array([15.0, -12.0]), np.array([-4.0, 6.0]), np.array([0.02, 9.0]),
        about="far from the median",
    )  # fmt: skip
    for n in (4, 7):
        median = rng.normal(0, 2, n)
        scale = rng.uniform(0.3, 2.5, n)
        yield case(median + scale * rng.normal(0, 1.5, n), median, scale)
        yield case(median + rng.normal(0, 1.5, n), median, float(rng.uniform(1.5, 2.5)))


@exercise.style
def lnll_one_line(y, median, scale):
    return np.mean(np.log(2 * scale) + np.abs(y - median) / scale)


@exercise.style
def lnll_log_density(y, median, scale):
    log_density = -np.log(2) - np.log(scale) - abs(y - median) / scale
    return -np.average(log_density)


@exercise.style
def lnll_by_loop(y, median, scale):
    scales = np.broadcast_to(scale, np.shape(y))
    terms = [math.log(2 * b) + abs(t - m) / b for t, m, b in zip(y, median, scales)]
    return sum(terms) / len(terms)


@exercise.style
def lnll_two_means(y, median, scale):
    return np.mean(np.log(scale)) + math.log(2) + np.mean(np.abs((y - median) / scale))


@exercise.mistake(
    "Is it only the best median that is asked for, or the value of the loss?",
    said="The terms without the prediction were dropped.",
)
def lnll_no_constant(y, median, scale):
    return np.mean(np.abs(y - median) / scale)


@exercise.mistake(
    "Does your answer change with the scale?",
    said="The mean absolute error came back: the scale plays no part.",
)
def lnll_just_mae(y, median, scale):
    return np.mean(np.abs(y - median))


@exercise.mistake(
    "Is your number to be made small or large by training?",
    said="The log-likelihood came back in place of its negative.",
    root=Root.SIGN,
)
def lnll_sign(y, median, scale):
    return -np.mean(np.log(2 * scale) + np.abs(y - median) / scale)


@exercise.mistake(
    "Put every example in twice: should the loss double?",
    said="The terms are added up where their mean was asked for.",
    root=Root.MEAN,
)
def lnll_sum(y, median, scale):
    return np.sum(np.log(2 * scale) + np.abs(y - median) / scale)


@exercise.mistake(
    "Can a target below its median make up for one above it?",
    said="The residuals keep their signs: the absolute value is missing.",
    root=Root.SIGN,
)
def lnll_signed(y, median, scale):
    return np.mean(np.log(2 * scale) + (y - median) / scale)


@exercise.mistake(
    "Does the area under this density add up to one? It has two sides.",
    said="The 2 of the normalising constant is missing.",
    root=Root.FACTOR_TWO,
)
def lnll_no_two(y, median, scale):
    return np.mean(np.log(scale) + np.abs(y - median) / scale)


@exercise.mistake(
    "Which density has a square in its exponent, and which an absolute value?",
    said="The Gaussian's square stands where the Laplace density has an absolute value.",
)
def lnll_is_gaussian(y, median, scale):
    return np.mean(0.5 * np.log(2 * np.pi * scale**2) + (y - median) ** 2 / (2 * scale**2))


@exercise.mistake(
    "In which unit is the scale: in that of y, or in that of y squared?",
    said="The absolute residual is divided by the squared scale.",
)
def lnll_scale_squared(y, median, scale):
    return np.mean(np.log(2 * scale) + np.abs(y - median) / scale**2)


@exercise.mistake(
    "Is there a 2 below the absolute residual in this density?",
    said="A 2 from the Gaussian stands below the absolute residual.",
    root=Root.FACTOR_TWO,
)
def lnll_two_below(y, median, scale):
    return np.mean(np.log(2 * scale) + np.abs(y - median) / (2 * scale))


@exercise.mistake(
    "Does every example have its own scale in your answer?",
    said="One mean scale is used for all examples.",
    root=Root.WEIGHTS,
)
def lnll_mean_scale(y, median, scale):
    b = np.mean(scale)
    return np.mean(np.log(2 * b) + np.abs(y - median) / b)


@exercise.mistake(
    "What is left of the density 900 scales from the median before its logarithm is taken?",
    said="The density is computed first: far from the median it is rounded to 0.",
    root=Root.DIGITS,
)
def lnll_log_of_density(y, median, scale):
    return -np.mean(np.log(np.exp(-np.abs(y - median) / scale) / (2 * scale)))


@exercise.mistake(
    "How small may the scale be before your answer no longer notices? Is something added?",
    said="A small number is added to the scale.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8, 1e-10)},
)
def lnll_guarded(y, median, scale, *, size=1e-6):
    b = scale + size
    return np.mean(np.log(2 * b) + np.abs(y - median) / b)


exercise.equivalent(
    "zip(y, median, scales) -> zip(median, y, scales)",
    because="The size of a difference is the same in either order.",
)


@exercise.property(
    "Targets, medians and scales in a unit twice as small cost ln 2 more: yours costs {once} and "
    "then {twice}. Which of your terms does not know the unit?"
)
def another_unit_costs_a_logarithm(f, y, median, scale):
    once, twice = float(f(y, median, scale)), float(f(2 * y, 2 * median, 2 * scale))
    if not np.isclose(twice - once, np.log(2), rtol=1e-6, atol=1e-9):
        return {"once": once, "twice": twice}
