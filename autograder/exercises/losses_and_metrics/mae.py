"""The mean absolute error."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.mae,
    points=1,
    minutes=3,
    hints=(
        "How far off is each prediction, whatever the direction?",
        "Which comes first, the absolute value or the mean?",
        "In the unit of y: if y is in euros, so is the answer. Is yours?",
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
def mae_mean_of_sizes(y, y_hat):
    return np.mean(np.abs(y - y_hat))


@exercise.style
def mae_by_norm(y, y_hat):
    return np.linalg.norm(y - y_hat, 1) / y.size


@exercise.style
def mae_by_loop(y, y_hat):
    total = 0.0
    for a, b in zip(y, y_hat):
        total += abs(a - b)
    return total / len(y)


@exercise.style
def mae_roots_of_squares(y, y_hat):
    return np.sqrt((y - y_hat) ** 2).sum() / len(y)


@exercise.style
def mae_larger_minus_smaller(y, y_hat):
    return np.average(np.maximum(y, y_hat) - np.minimum(y, y_hat))


@exercise.mistake(
    "Can a large error cancel another one?",
    said="The residuals keep their signs and cancel one another.",
    root=Root.SIGN,
)
def mae_signed(y, y_hat):
    return np.mean(y_hat - y)


@exercise.mistake(
    "Can a large error cancel another one?",
    said="The absolute value is taken after the mean, when the errors have cancelled.",
    root=Root.MEAN,
)
def mae_size_of_mean(y, y_hat):
    return np.abs(np.mean(y - y_hat))


@exercise.mistake(
    "Is there a square anywhere in the definition?",
    said="The root of the mean squared error came back.",
)
def mae_is_rmse(y, y_hat):
    return np.sqrt(np.mean((y - y_hat) ** 2))


@exercise.mistake(
    "In which unit is your answer: in that of y, or in its square?",
    said="The mean squared error came back.",
)
def mae_is_mse(y, y_hat):
    return np.mean((y - y_hat) ** 2)


@exercise.mistake(
    "Put every example in twice: should the error double?",
    said="The absolute errors are added up where their mean was asked for.",
    root=Root.MEAN,
)
def mae_sum(y, y_hat):
    return np.sum(np.abs(y - y_hat))


@exercise.mistake(
    "How is one number made of all the absolute errors?",
    said="The median of the absolute errors came back.",
    root=Root.MEAN,
)
def mae_median(y, y_hat):
    return np.median(np.abs(y - y_hat))


@exercise.mistake(
    "The size of a difference, or the difference of two sizes?",
    said="The difference of the absolute values stands where the absolute difference belongs.",
)
def mae_difference_of_sizes(y, y_hat):
    return np.mean(np.abs(y) - np.abs(y_hat))


@exercise.mistake(
    "Is the error asked for in the unit of y, or as a share of y?",
    said="The errors are divided by the targets.",
)
def mae_percentage(y, y_hat):
    return np.mean(np.abs((y - y_hat) / y))


@exercise.mistake(
    "How is one number made of all the absolute errors?",
    said="The largest absolute error came back.",
    root=Root.MEAN,
)
def mae_largest(y, y_hat):
    return np.max(np.abs(y - y_hat))


@exercise.mistake(
    "By which number is the sum divided? Nothing has been estimated here.",
    said="The sum of the absolute errors is divided by N - 1.",
    root=Root.MEAN,
)
def mae_n_minus_one(y, y_hat):
    return np.sum(np.abs(y - y_hat)) / (len(y) - 1)


exercise.equivalent(
    "zip(y, y_hat) -> zip(y_hat, y)",
    because="The size of a difference is the same in either order.",
)


@exercise.property(
    "If every prediction is off by 3, the mean absolute error is 3, and yours is {found}. What "
    "happens to an error, and by what do you divide?"
)
def all_off_by_three(f, y, y_hat):
    found = np.asarray(f(y, y + 3.0 * (-1.0) ** np.arange(len(y))))
    if found.shape == () and not np.isclose(found, 3, rtol=1e-6):
        return {"found": found}
