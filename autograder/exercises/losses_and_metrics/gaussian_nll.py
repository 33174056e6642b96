"""The Gaussian negative log-likelihood, with a known standard deviation."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.gaussian_nll,
    points=2,
    minutes=10,
    hints=(
        "Write the density of one target on paper and take minus its logarithm. "
        "Into how many terms does it fall?",
        "The lecture drops two things on its way to the sum of squares. Here they stay: which?",
        "Try one target that lies exactly on its mean, with sigma = 1. Do you get 0.9189?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([1.2, -0.3, 0.8]), np.array([1.0, 0.0, 0.5]), 0.7)
    yield case(np.array([0.0, 10.0]), np.array([1.0, 1.0]), np.array([1.0, 3.0]))
    yield case(np.array([1.2e-8, -1.2e-8]), np.zeros(2), 2e-9, about="a very narrow bell")
    yield case(
        np.array([2.003, -1.0, 0.5]), np.array([2.0, -1.0015, 0.5008]), 3e-4, about="a narrow bell"
    )
    yield case(
        np.array([15.0, -12.0, 3.0]), np.array([-4.0, 6.0, 2.5]), np.array([0.4, 8.0, 20.0]),
        about="far from the mean",
    )  # fmt: skip
    for n in (4, 7):
        mean = rng.normal(0, 2, n)
        sigma = rng.uniform(0.3, 2.5, n)
        yield case(mean + sigma * rng.normal(0, 1.3, n), mean, sigma)
        yield case(mean + rng.normal(0, 1.3, n), mean, float(rng.uniform(1.5, 2.5)))


@exercise.style
def gnll_one_line(y, mean, sigma):
    return np.mean(0.5 * np.log(2 * np.pi * sigma**2) + (y - mean) ** 2 / (2 * sigma**2))


@exercise.style
def gnll_standardised(y, mean, sigma):
    score = (y - mean) / sigma
    return 0.5 * np.mean(score**2) + np.mean(np.log(sigma)) + 0.5 * math.log(2 * math.pi)


@exercise.style
def gnll_by_loop(y, mean, sigma):
    sigma = np.broadcast_to(sigma, np.shape(y))
    total = 0.0
    for target, m, s in zip(y, mean, sigma):
        total += math.log(s * math.sqrt(2 * math.pi)) + (target - m) ** 2 / (2 * s**2)
    return total / len(y)


@exercise.style
def gnll_log_of_each_factor(y, mean, sigma):
    log_density = -((y - mean) ** 2) / (2 * sigma**2) - np.log(np.sqrt(2 * np.pi) * sigma)
    return -log_density.sum() / log_density.size


@exercise.mistake(
    "For the best weights you may drop a term. Are only the best weights asked for here?",
    said="The terms without the prediction were dropped, as on the lecture's slide.",
)
def gnll_no_constant(y, mean, sigma):
    return np.mean((y - mean) ** 2 / (2 * sigma**2))


@exercise.mistake(
    "Is it the standard deviation or the variance that stands under the squared residual?",
    said="The squared residual is divided by sigma where the variance belongs.",
)
def gnll_sigma_for_variance(y, mean, sigma):
    return np.mean(0.5 * np.log(2 * np.pi * sigma**2) + (y - mean) ** 2 / (2 * sigma))


@exercise.mistake(
    "Is your number to be made small or large by training?",
    said="The log-likelihood came back in place of its negative.",
    root=Root.SIGN,
)
def gnll_sign(y, mean, sigma):
    return -np.mean(0.5 * np.log(2 * np.pi * sigma**2) + (y - mean) ** 2 / (2 * sigma**2))


@exercise.mistake(
    "Proportional up to a constant: is that equal? Does your answer change with sigma?",
    said="The mean squared error came back: sigma plays no part.",
)
def gnll_just_mse(y, mean, sigma):
    return np.mean((y - mean) ** 2)


@exercise.mistake(
    "Put every example in twice: should the loss double?",
    said="The terms are added up where their mean was asked for.",
    root=Root.MEAN,
)
def gnll_sum(y, mean, sigma):
    return np.sum(0.5 * np.log(2 * np.pi * sigma**2) + (y - mean) ** 2 / (2 * sigma**2))


@exercise.mistake(
    "A square root stands over the whole of 2 pi sigma squared in the density: "
    "what does the logarithm make of it?",
    said="The logarithm of the normalising constant is counted twice: its square root is lost.",
    root=Root.FACTOR_TWO,
)
def gnll_root_lost(y, mean, sigma):
    return np.mean(np.log(2 * np.pi * sigma**2) + (y - mean) ** 2 / (2 * sigma**2))


@exercise.mistake(
    "Which number stands beside the variance below the squared residual?",
    said="The 2 in the exponent's denominator is missing.",
    root=Root.FACTOR_TWO,
)
def gnll_two_missing(y, mean, sigma):
    return np.mean(0.5 * np.log(2 * np.pi * sigma**2) + (y - mean) ** 2 / sigma**2)


@exercise.mistake(
    "Try one target on its mean with sigma = 1: which constant of the density is left over?",
    said="The sigma is kept but the constant ln(2 pi)/2 was dropped.",
)
def gnll_no_two_pi(y, mean, sigma):
    return np.mean(np.log(sigma) + (y - mean) ** 2 / (2 * sigma**2))


@exercise.mistake(
    "Does every example have its own sigma in your answer?",
    said="One mean sigma is used for all examples.",
    root=Root.WEIGHTS,
)
def gnll_mean_sigma(y, mean, sigma):
    s = np.mean(sigma)
    return np.mean(0.5 * np.log(2 * np.pi * s**2) + (y - mean) ** 2 / (2 * s**2))


@exercise.mistake(
    "How small may sigma be before your answer no longer notices? Is something added or cut off?",
    said="A small number is added to the variance.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8, 1e-10)},
)
def gnll_guarded(y, mean, sigma, *, size=1e-6):
    variance = sigma**2 + size
    return np.mean(0.5 * np.log(2 * np.pi * variance) + (y - mean) ** 2 / (2 * variance))


@exercise.mistake(
    "What is left of the density 60 sigmas from the mean before its logarithm is taken?",
    said="The density is computed first: far from the mean it is rounded to 0.",
    root=Root.DIGITS,
)
def gnll_log_of_density(y, mean, sigma):
    density = np.exp(-((y - mean) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi * sigma**2)
    return -np.mean(np.log(density))


exercise.equivalent(
    "zip(y, mean, sigma) -> zip(mean, y, sigma)",
    because="The square of a difference is the same in either order.",
)


@exercise.property(
    "Targets, means and sigmas in a unit twice as small cost ln 2 more: yours costs {once} and "
    "then {twice}. Which of your terms does not know the unit?"
)
def another_unit_costs_a_logarithm(f, y, mean, sigma):
    once, twice = float(f(y, mean, sigma)), float(f(2 * y, 2 * mean, 2 * sigma))
    if not np.isclose(twice - once, np.log(2), rtol=1e-6, atol=1e-9):
        return {"once": once, "twice": twice}


@exercise.property(
    "Hand over every example twice and the mean stays as it is; yours goes from {once} to {twice}. "
    "By what do you divide?"
)
def the_same_for_every_example_twice(f, y, mean, sigma):
    wide = sigma if np.ndim(sigma) == 0 else np.tile(sigma, 2)
    once, twice = (
        np.asarray(f(y, mean, sigma)),
        np.asarray(f(np.tile(y, 2), np.tile(mean, 2), wide)),
    )
    if once.shape == twice.shape == () and not np.isclose(once, twice, rtol=1e-6):
        return {"once": once, "twice": twice}
