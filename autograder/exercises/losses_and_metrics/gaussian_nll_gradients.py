"""The gradients of the Gaussian loss by a predicted mean and a predicted variance."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.gaussian_nll_gradients,
    parts=("the gradient of the means", "the gradient of the logarithms of the variances"),
    points=3,
    minutes=14,
    by_hand=True,
    hints=(
        "Write the loss of one example with s = ln sigma squared in place of sigma. "
        "Where does s stand, and where does the mean?",
        "By the mean only the squared residual moves. By s two terms move: "
        "what is the derivative of e to the minus s?",
        "Where the squared residual equals the variance, one of your two gradients must be 0. "
        "And by what is each divided, given that the loss is a mean?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0.0, 10.0]), np.array([1.0, 1.0]), np.log([1.0, 9.0]))
    yield case(np.array([1.2, -0.3, 0.8]), np.array([1.0, 0.0, 0.5]), np.full(3, np.log(0.49)))
    yield case(
        np.array([3.0, -2.0, 0.5]), np.array([2.9995, 7.0, 0.5]), np.array([-15.0, 9.0, -12.0]),
        about="very narrow and very wide bells",
    )  # fmt: skip
    yield case(
        np.array([4e4, 1e-5, 2e9]), np.zeros(3), np.array([22.0, -22.0, 44.0]),
        about="very narrow and very wide bells",
    )  # fmt: skip
    for n in (4, 5, 7):
        s = rng.uniform(-1.5, 1.5, n)
        mean = rng.normal(0, 2, n)
        yield case(
            mean + np.exp(s / 2) * rng.uniform(0.3, 2.0, n) * rng.choice([-1, 1], n), mean, s
        )


@exercise.style
def gng_with_precision(y, mean, log_variance):
    precision = np.exp(-log_variance)
    r = y - mean
    return -r * precision / len(y), 0.5 * (1 - r**2 * precision) / len(y)


@exercise.style
def gng_with_variance(y, mean, log_variance):
    variance = np.exp(log_variance)
    n = np.size(y)
    dmean = (mean - y) / variance / n
    dlog_variance = (0.5 - (y - mean) ** 2 / (2 * variance)) / n
    return dmean, dlog_variance


@exercise.style
def gng_through_sigma(y, mean, log_variance):
    # dL/ds = dL/dsigma * dsigma/ds with sigma = e^(s/2).
    sigma = np.exp(log_variance / 2)
    dsigma = (1 / sigma - (y - mean) ** 2 / sigma**3) / len(y)
    return (mean - y) / sigma**2 / len(y), dsigma * sigma / 2


@exercise.style
def gng_by_loop(y, mean, log_variance):
    n, dmean, ds = len(y), [], []
    for target, m, s in zip(y, mean, log_variance):
        dmean.append((m - target) * np.exp(-s) / n)
        ds.append((1 - (m - target) ** 2 * np.exp(-s)) / (2 * n))
    return np.array(dmean), np.array(ds)


@exercise.mistake(
    "Put every example in twice: should each gradient stay the same, if the loss is a mean?",
    said="The 1/N of the mean is missing in both gradients.",
    root=Root.MEAN,
)
def gng_no_mean(y, mean, log_variance):
    precision = np.exp(-log_variance)
    return (mean - y) * precision, (1 - (y - mean) ** 2 * precision) / 2


@exercise.mistake(
    "If the prediction lies above the target, should a step against the gradient raise it?",
    said="The gradient by the mean has the wrong sign.",
    root=Root.SIGN,
)
def gng_sign_of_mean(y, mean, log_variance):
    precision, n = np.exp(-log_variance), len(y)
    return (y - mean) * precision / n, (1 - (y - mean) ** 2 * precision) / (2 * n)


@exercise.mistake(
    "A residual far larger than sigma: should training make sigma larger or smaller?",
    said="The gradient by the log-variance has the wrong sign.",
    root=Root.SIGN,
)
def gng_sign_of_variance(y, mean, log_variance):
    precision, n = np.exp(-log_variance), len(y)
    return (mean - y) * precision / n, ((y - mean) ** 2 * precision - 1) / (2 * n)


@exercise.mistake(
    "The network predicts the logarithm of the variance: which inner derivative does that add?",
    said="The derivative is by the variance in place of its logarithm.",
    root=Root.CHAIN,
)
def gng_by_variance(y, mean, log_variance):
    variance, n = np.exp(log_variance), len(y)
    dvariance = (1 / variance - (y - mean) ** 2 / variance**2) / (2 * n)
    return (mean - y) / variance / n, dvariance


@exercise.mistake(
    "Is it ln sigma or ln sigma squared that the network predicts?",
    said="The derivative is by ln sigma in place of ln sigma squared.",
    root=Root.FACTOR_TWO,
)
def gng_by_log_sigma(y, mean, log_variance):
    precision, n = np.exp(-log_variance), len(y)
    return (mean - y) * precision / n, (1 - (y - mean) ** 2 * precision) / n


@exercise.mistake(
    "Two terms of the loss contain the variance. Did both move?",
    said="The term ln sigma was forgotten in the derivative by the log-variance.",
    root=Root.CHAIN,
)
def gng_first_term_forgotten(y, mean, log_variance):
    precision, n = np.exp(-log_variance), len(y)
    return (mean - y) * precision / n, -((y - mean) ** 2) * precision / (2 * n)


@exercise.mistake(
    "What does the 2 below the squared residual do with the 2 that the square brings down?",
    said="The gradient by the mean has a factor 2 too many.",
    root=Root.FACTOR_TWO,
)
def gng_twice_the_mean(y, mean, log_variance):
    precision, n = np.exp(-log_variance), len(y)
    return 2 * (mean - y) * precision / n, (1 - (y - mean) ** 2 * precision) / (2 * n)


@exercise.mistake(
    "How far may the mean be pulled by a target that is known badly? Where is sigma in it?",
    said="The gradient by the mean is that of least squares: the variance is missing in it.",
    root=Root.WEIGHTS,
)
def gng_mean_without_variance(y, mean, log_variance):
    n = len(y)
    return (mean - y) / n, (1 - (y - mean) ** 2 * np.exp(-log_variance)) / (2 * n)


@exercise.mistake(
    "What must be done to a logarithm of the variance before one can divide by the variance?",
    said="The log-variance is used as if it were the variance.",
)
def gng_log_not_undone(y, mean, log_variance):
    n = len(y)
    dmean = (mean - y) / log_variance / n
    return dmean, (1 - (y - mean) ** 2 / log_variance) / (2 * n)


@exercise.mistake(
    "Is e to the power of your third argument a standard deviation or a variance?",
    said="The exponential of the log-variance is taken for sigma and squared again.",
    root=Root.FACTOR_TWO,
)
def gng_exp_is_sigma(y, mean, log_variance):
    precision, n = np.exp(-2 * log_variance), len(y)
    return (mean - y) * precision / n, (1 - (y - mean) ** 2 * precision) / (2 * n)


@exercise.mistake(
    "Which of the two gradients was asked for first?",
    said="The two gradients are in the wrong order.",
    root=Root.SWAPPED,
)
def gng_order(y, mean, log_variance):
    precision, n = np.exp(-log_variance), len(y)
    return (1 - (y - mean) ** 2 * precision) / (2 * n), (mean - y) * precision / n


@exercise.mistake(
    "How narrow may a bell become before your gradient no longer notices? Is something cut off?",
    said="The variance is kept above a small number.",
    root=Root.DIGITS,
    family={"size": (1e-1, 1e-2, 1e-4, 1e-6)},
)
def gng_clipped_variance(y, mean, log_variance, *, size=1e-4):
    precision, n = 1 / np.maximum(np.exp(log_variance), size), len(y)
    return (mean - y) * precision / n, (1 - (y - mean) ** 2 * precision) / (2 * n)


@exercise.property(
    "A target below the mean pulls the mean down: for the target {y} and the mean {mean} your "
    "slope is {found}. Does the loss rise or fall when the mean goes up?"
)
def pulled_towards_the_target(f, y, mean, log_variance):
    found = np.asarray(f(y, mean, log_variance)[0])
    bad = np.flatnonzero(found * (mean - y) < 0) if found.shape == y.shape else ()
    if len(bad):
        return {"y": y[bad[0]], "mean": mean[bad[0]], "found": found[bad[0]]}


@exercise.property(
    "A target right at the mean asks for a narrower bell, however wide it is: the slopes of the "
    "logarithm of the variance are equal there, and yours are {narrow} and {wide}. Which term is "
    "left?"
)
def alike_at_the_mean(f, y, mean, log_variance):
    narrow = np.asarray(f(mean, mean, log_variance)[1])
    wide = np.asarray(f(mean, mean, log_variance + 2.0)[1])
    if narrow.shape == wide.shape == y.shape and not np.allclose(narrow, wide, rtol=1e-6):
        return {"narrow": narrow[0], "wide": wide[0]}
