"""The Poisson negative log-likelihood of counts."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.poisson_nll,
    points=3,
    minutes=10,
    hints=(
        "Take minus the logarithm of the three factors one by one: which of them is easiest to "
        "write with the logarithm of the rate?",
        "ln 100! is about 364, but 100! has 158 digits. A sum of logarithms, or math.lgamma, gets "
        "there without the product.",
        "Two counts of 0 with log_rate = 0: do you get 1?",
    ),
)


def gammaln(x):
    # SciPy's own, which takes half a second to load: only who calls it waits.
    from scipy.special import gammaln

    return gammaln(x)


@exercise.cases
def cases(rng):
    yield case(np.array([0.0, 2.0, 5.0]), np.array([0.5, 0.5, 1.4]))
    yield case(np.array([3.0, 1.0, 0.0, 7.0]), np.log([2.5, 2.5, 0.4, 6.0]))
    yield case(np.array([100.0, 30.0, 25.0]), np.array([4.5, 3.2, 3.6]), about="large counts")
    yield case(np.array([3.0, 1.0]), np.array([-20.0, -17.0]), about="rates near 0")
    yield case(np.array([2.0, 90.0]), np.array([12.0, 6.0]), about="large rates")
    yield case(np.array([0.0]), np.array([-22.0]), about="a rate near 0 and nothing counted")
    yield case(np.array([0.0]), np.array([22.0]), about="a large rate and nothing counted")
    for n in (4, 6):
        s = rng.uniform(-0.5, 2.5, n)
        yield case(rng.poisson(np.exp(s)).astype(float) + np.arange(n), s)


@exercise.style
def pnll_by_lgamma(y, log_rate):
    terms = [math.exp(s) - k * s + math.lgamma(k + 1) for k, s in zip(y, log_rate)]
    return sum(terms) / len(terms)


@exercise.style
def pnll_by_gammaln(y, log_rate):
    return np.mean(np.exp(log_rate) - y * log_rate + gammaln(y + 1))


@exercise.style
def pnll_by_sum_of_logs(y, log_rate):
    log_factorial = np.array([np.log(np.arange(1, int(k) + 1)).sum() for k in y])
    return np.mean(np.exp(log_rate) - y * log_rate + log_factorial)


@exercise.style
def pnll_by_exact_factorial(y, log_rate):
    total = 0.0
    for k, s in zip(y, log_rate):
        total += np.exp(s) - k * s + math.log(math.factorial(int(k)))
    return total / len(y)


@exercise.style
def pnll_log_probabilities(y, log_rate):
    log_p = y * log_rate - np.exp(log_rate) - np.vectorize(math.lgamma)(y + 1)
    return -log_p.mean()


@exercise.mistake(
    "PyTorch leaves a term out by default. Is e to the minus your loss a probability?",
    said="The term ln y! was dropped.",
)
def pnll_no_factorial(y, log_rate):
    return np.mean(np.exp(log_rate) - y * log_rate)


@exercise.mistake(
    "Is your number to be made small or large by training?",
    said="The log-likelihood came back in place of its negative.",
    root=Root.SIGN,
)
def pnll_sign(y, log_rate):
    return -np.mean(np.exp(log_rate) - y * log_rate + gammaln(y + 1))


@exercise.mistake(
    "Put every example in twice: should the loss double?",
    said="The terms are added up where their mean was asked for.",
    root=Root.MEAN,
)
def pnll_sum(y, log_rate):
    return np.sum(np.exp(log_rate) - y * log_rate + gammaln(y + 1))


@exercise.mistake(
    "Is the second argument a rate, or the logarithm of one?",
    said="The log-rate is used as if it were the rate.",
)
def pnll_log_not_undone(y, log_rate):
    return np.mean(log_rate - y * np.log(np.abs(log_rate)) + gammaln(y + 1))


@exercise.mistake(
    "In the middle term, is it the rate or its logarithm that meets the count?",
    said="The count is multiplied by the rate in place of its logarithm.",
    root=Root.CHAIN,
)
def pnll_count_times_rate(y, log_rate):
    rate = np.exp(log_rate)
    return np.mean(rate - y * rate + gammaln(y + 1))


@exercise.mistake(
    "Try y = 2: is your third term ln 2?",
    said="The logarithm of (y - 1)! stands where ln y! belongs: the gamma function is off by one.",
    root=Root.INDEX,
)
def pnll_gamma_off_by_one(y, log_rate):
    return np.mean(np.exp(log_rate) - y * log_rate + gammaln(np.maximum(y, 1)))


@exercise.mistake(
    "Stirling's formula is near for large counts: how near is it for a count of 1?",
    said="ln y! is approximated by Stirling's formula.",
    root=Root.DIGITS,
)
def pnll_stirling(y, log_rate):
    n = np.maximum(y, 1)
    log_factorial = np.where(y > 1, n * np.log(n) - n + 0.5 * np.log(2 * np.pi * n), 0.0)
    return np.mean(np.exp(log_rate) - y * log_rate + log_factorial)


@exercise.mistake(
    "How large is 25! as a whole number of 64 bits? Print it.",
    said="The factorial is multiplied up in 64-bit integers and overflows.",
    root=Root.DIGITS,
)
def pnll_integer_overflow(y, log_rate):
    factorials = [np.prod(np.arange(1, int(k) + 1, dtype=np.int64)) for k in y]
    return np.mean(np.exp(log_rate) - y * log_rate + np.log(np.abs(factorials) + 0.0))


@exercise.mistake(
    "Which sign has the factorial's logarithm, when it stood below the line in the probability?",
    said="ln y! has the wrong sign.",
    root=Root.SIGN,
)
def pnll_factorial_sign(y, log_rate):
    return np.mean(np.exp(log_rate) - y * log_rate - gammaln(y + 1))


@exercise.mistake(
    "How much does it cost to expect next to nothing and to count three? "
    "Is something added inside a logarithm?",
    said="A small number is added to the rate inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8, 1e-10)},
)
def pnll_guarded(y, log_rate, *, size=1e-8):
    rate = np.exp(log_rate)
    return np.mean(rate - y * np.log(rate + size) + gammaln(y + 1))


@exercise.mistake(
    "Is the number of counts that should be likely the rate? Which term punishes a high rate?",
    said="The rate itself, the first term, is missing.",
)
def pnll_no_rate(y, log_rate):
    return np.mean(-y * log_rate + gammaln(y + 1))


@exercise.mistake(
    "A squared error is the loss of a bell. Which distribution do counts have here?",
    said="The mean squared error between counts and rates came back.",
)
def pnll_squared_error(y, log_rate):
    return np.mean((y - np.exp(log_rate)) ** 2)


exercise.equivalent(
    "np.log(np.arange(1, int(k) + 1)) -> np.log(np.arange(1, int(k) + 1) + 1e-08)",
    "np.log(np.arange(1, int(k) + 1)) -> np.log(np.clip(np.arange(1, int(k) + 1), 1e-08, None))",
    "np.arange(1, int(k) + 1) -> np.arange(2, int(k) + 1)",
    because="The logarithm of 1 is 0, with or without it; those of counts are far from 0.",
)


@exercise.property(
    "Of all rates the count itself costs least: for counts of 4, a rate of 4 costs you {at}, and "
    "rates of 3 and 5 cost {below} and {above}. Which terms pull the rate up and down?"
)
def cheapest_at_the_count(f, y, log_rate):
    counts = np.full(2, 4.0)
    below, at, above = (float(f(counts, np.full(2, np.log(rate)))) for rate in (3, 4, 5))
    if not at < min(below, above):
        return {"at": at, "below": below, "above": above}
