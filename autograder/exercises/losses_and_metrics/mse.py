"""The mean squared error."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.mse,
    points=1,
    minutes=3,
    hints=(
        "Four residuals, four squares, one number.",
        "Which comes first, the square or the mean?",
        "Put every example in twice: the error must stay the same. Does it?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([3.0, -0.5, 2.0, 7.0]), np.array([2.5, 0.0, 2.0, 8.0]))
    yield case(np.array([3.0, -0.5, 2.0, 7.0]), np.array([2.0, 1.0, 3.5, 9.0]))
    yield case(np.array([1.0, 2.0, 3.0]), np.array([1.0 + 1e-4, 2.0, 3.0]), about="a near miss")
    yield case(np.array([0.0, 5.0]), np.array([300.0, 5.5]), about="an outlier")
    for errors in ([-2.0, -1.5, 0.5, 1.0, -1.2], [0.3, 2.0, -0.7, 1.1, -0.4, 0.9, -1.6]):
        y = rng.normal(1, 3, len(errors))
        yield case(y, y + rng.permutation(errors) * rng.uniform(0.8, 1.2, len(errors)))


@exercise.style
def mse_mean_of_squares(y, y_hat):
    return np.mean((y - y_hat) ** 2)


@exercise.style
def mse_dot_product(y, y_hat):
    r = y_hat - y
    return r @ r / len(r)


@exercise.style
def mse_by_norm(y, y_hat):
    return np.linalg.norm(y - y_hat) ** 2 / y.size


@exercise.style
def mse_by_loop(y, y_hat):
    return sum((a - b) ** 2 for a, b in zip(y.tolist(), y_hat.tolist())) / len(y)


@exercise.style
def mse_variance_and_bias(y, y_hat):
    r = y_hat - y
    return np.var(r) + np.mean(r) ** 2


@exercise.mistake(
    "Put every example in twice: should the error double?",
    said="The squares are added up where their mean was asked for.",
    root=Root.MEAN,
)
def mse_sum(y, y_hat):
    return np.sum((y - y_hat) ** 2)


@exercise.mistake(
    "In which unit is a mean squared error: in that of y, or in its square?",
    said="The root of the mean squared error came back.",
)
def mse_is_rmse(y, y_hat):
    return np.sqrt(np.mean((y - y_hat) ** 2))


@exercise.mistake(
    "What does doubling a residual do to its share of the error?",
    said="The mean absolute error came back.",
)
def mse_is_mae(y, y_hat):
    return np.mean(np.abs(y - y_hat))


@exercise.mistake(
    "Is there a one half in this definition, or in a cousin of it that has a tidier slope?",
    said="The mean squared error is halved.",
    root=Root.FACTOR_TWO,
)
def mse_half(y, y_hat):
    return np.mean((y - y_hat) ** 2) / 2


@exercise.mistake(
    "Which comes first, the square or the mean? Can residuals of both signs cancel?",
    said="The mean residual is squared in place of the mean of the squares.",
    root=Root.MEAN,
)
def mse_square_of_mean(y, y_hat):
    return np.mean(y - y_hat) ** 2


@exercise.mistake(
    "A constant error for every example: does your number notice it?",
    said="The variance of the residuals came back: a constant error costs nothing.",
    root=Root.BIAS,
)
def mse_variance_of_residuals(y, y_hat):
    return np.var(y - y_hat)


@exercise.mistake(
    "The square of a difference, or the difference of two squares?",
    said="The difference of the squares stands where the square of the difference belongs.",
)
def mse_difference_of_squares(y, y_hat):
    return np.mean(y**2 - y_hat**2)


@exercise.mistake(
    "By which number is the sum divided? Nothing has been estimated here.",
    said="The sum of squares is divided by N - 1.",
    root=Root.MEAN,
)
def mse_n_minus_one(y, y_hat):
    return np.sum((y - y_hat) ** 2) / (len(y) - 1)


@exercise.mistake(
    "How is one number made of four squared residuals?",
    said="The median of the squared residuals came back.",
    root=Root.MEAN,
)
def mse_median(y, y_hat):
    return np.median((y - y_hat) ** 2)


@exercise.mistake(
    "Does an outlier count in full? Is something cut off?",
    said="Large residuals are cut off before they are squared.",
    root=Root.DIGITS,
    family={"size": (1.0, 5.0, 10.0, 100.0)},
)
def mse_clipped(y, y_hat, *, size=10.0):
    return np.mean(np.clip(y - y_hat, -size, size) ** 2)


exercise.equivalent(
    "zip(y.tolist(), y_hat.tolist()) -> zip(y_hat.tolist(), y.tolist())",
    because="The square of a difference is the same in either order.",
)


@exercise.property(
    "Errors twice as large count four times: yours is {once} and then {twice}. What happens to an "
    "error?"
)
def four_times_for_twice(f, y, y_hat):
    once, twice = np.asarray(f(0 * y, y - y_hat)), np.asarray(f(0 * y, 2 * (y - y_hat)))
    if once.shape == twice.shape == () and not np.isclose(4 * once, twice, rtol=1e-6):
        return {"once": once, "twice": twice}


@exercise.property(
    "If every prediction is off by 3, the mean squared error is 9, and yours is {found}. What "
    "comes first, the square or the mean?"
)
def all_off_by_three(f, y, y_hat):
    found = np.asarray(f(y, y + 3.0))
    if found.shape == () and not np.isclose(found, 9, rtol=1e-6):
        return {"found": found}
