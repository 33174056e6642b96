"""The coefficient of determination."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.reference import mse
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.r2_score,
    points=2,
    minutes=6,
    hints=(
        "What should a perfect model score? And one that always says the mean?",
        "Two sums of squares: that of the residuals, and that of a model which knows only the mean "
        "of y. Which stands below the line?",
        "For the lecture's four numbers the printed formula gives 0.0514. You want 0.9486.",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([3.0, -0.5, 2.0, 7.0]), np.array([2.5, 0.0, 2.0, 8.0]))
    yield case(np.array([3.0, -0.5, 2.0, 7.0]), np.array([2.0, 1.0, 3.5, 9.0]))
    yield case(
        np.array([1.0, 2.0, 4.0]), np.array([4.0, 1.0, 0.5]), about="a model worse than the mean"
    )
    yield case(np.array([1.0, 2.0, 6.0]), np.array([1.0, 2.0, 6.0]), about="a perfect model")
    yield case(np.array([1.0, 2.0, 6.0]), np.full(3, 3.0), about="the mean as a model")
    yield case(
        np.array([1.0, 1.0002, 0.9999]), np.array([1.0001, 1.0001, 0.9999]),
        about="targets that hardly differ",
    )  # fmt: skip
    for n in (5, 8):
        y = rng.normal(1, 3, n)
        yield case(y, y + rng.normal(0.4, 1.2, n))


@exercise.style
def r2_two_sums(y, y_hat):
    return 1 - np.sum((y - y_hat) ** 2) / np.sum((y - np.mean(y)) ** 2)


@exercise.style
def r2_mse_over_variance(y, y_hat):
    return 1 - np.mean((y - y_hat) ** 2) / np.var(y)


@exercise.style
def r2_two_models(y, y_hat):
    baseline = np.full(len(y), y.mean())
    return 1 - mse(y, y_hat) / mse(y, baseline)


@exercise.style
def r2_by_loop(y, y_hat):
    mean = sum(y) / len(y)
    sse = sst = 0.0
    for a, b in zip(y, y_hat):
        sse += (a - b) ** 2
        sst += (a - mean) ** 2
    return (sst - sse) / sst


@exercise.style
def r2_by_norms(y, y_hat):
    return 1 - (np.linalg.norm(y - y_hat) / np.linalg.norm(y - y.mean())) ** 2


@exercise.mistake(
    "What should a perfect model score?",
    said="The ratio of the two sums came back, as the lecture prints it.",
    leads=("COMPLEMENT",),
)
def r2_ratio_only(y, y_hat):
    return np.sum((y - y_hat) ** 2) / np.sum((y - np.mean(y)) ** 2)


@exercise.mistake(
    "Whose mean is the baseline: that of the targets or that of the predictions?",
    said="The baseline is the mean of the predictions.",
    root=Root.SWAPPED,
    leads=("SMALL_DIFFERENCE",),
)
def r2_mean_of_predictions(y, y_hat):
    return 1 - np.sum((y - y_hat) ** 2) / np.sum((y - np.mean(y_hat)) ** 2)


@exercise.mistake(
    "Which of the two arguments varies below the line?",
    said="The variance of the predictions stands below the line.",
    root=Root.SWAPPED,
)
def r2_arguments_exchanged(y, y_hat):
    return 1 - np.sum((y - y_hat) ** 2) / np.sum((y_hat - np.mean(y_hat)) ** 2)


@exercise.mistake(
    "Can a model that predicts 10 times too much be perfect? Try y_hat = 10 y.",
    said="The squared correlation came back, which forgives a wrong scale and offset.",
)
def r2_squared_correlation(y, y_hat):
    a, b = y - np.mean(y), y_hat - np.mean(y_hat)
    if not b.any():
        return 0.0
    return np.sum(a * b) ** 2 / (np.sum(a**2) * np.sum(b**2))


@exercise.mistake(
    "Two squares above and below the line: is a root of a ratio the same?",
    said="A ratio of roots stands where a ratio of sums of squares belongs.",
)
def r2_ratio_of_roots(y, y_hat):
    return 1 - np.sqrt(np.sum((y - y_hat) ** 2) / np.sum((y - np.mean(y)) ** 2))


@exercise.mistake(
    "What does a model score here that does nothing but say the mean?",
    said="The targets are not centred: the baseline predicts 0.",
    root=Root.BIAS,
)
def r2_not_centred(y, y_hat):
    return 1 - np.sum((y - y_hat) ** 2) / np.sum(y**2)


@exercise.mistake(
    "Is the same number used above and below the line to make means of the sums?",
    said="A mean stands above the line and a sum below it.",
    root=Root.MEAN,
)
def r2_mean_over_sum(y, y_hat):
    return 1 - np.mean((y - y_hat) ** 2) / np.sum((y - np.mean(y)) ** 2)


@exercise.mistake(
    "Is the variance below the line the one with N, or the one with N - 1?",
    said="The variance below the line is the one with N - 1.",
    root=Root.MEAN,
)
def r2_sample_variance(y, y_hat):
    return 1 - np.mean((y - y_hat) ** 2) / np.var(y, ddof=1)


@exercise.mistake(
    "What should a model score that is worse than the mean?",
    said="Negative scores are cut off at 0.",
    root=Root.DIGITS,
)
def r2_cut_at_zero(y, y_hat):
    return max(0.0, 1 - np.sum((y - y_hat) ** 2) / np.sum((y - np.mean(y)) ** 2))


@exercise.mistake(
    "Do both sums contain squares?",
    said="Absolute errors stand where squares belong.",
)
def r2_absolute_errors(y, y_hat):
    return 1 - np.sum(np.abs(y - y_hat)) / np.sum(np.abs(y - np.mean(y)))


@exercise.mistake(
    "Adding up what is explained: is it the same when the predictions are off by a constant?",
    said="The variance of the predictions over that of the targets came back.",
)
def r2_explained_over_total(y, y_hat):
    return np.sum((y_hat - np.mean(y)) ** 2) / np.sum((y - np.mean(y)) ** 2)


@exercise.mistake(
    "Is a small number added below the line? What if the targets hardly differ?",
    said="A small number is added below the line.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-8, 1e-10)},
)
def r2_guarded(y, y_hat, *, size=1e-8):
    return 1 - np.sum((y - y_hat) ** 2) / (np.sum((y - np.mean(y)) ** 2) + size)


exercise.equivalent(
    "mse(y, y_hat) -> mse(y_hat, y)",
    "mse(y, baseline) -> mse(baseline, y)",
    because="The square of a difference is the same in either order.",
)


@exercise.property(
    "No model explains more than everything, so the score is at most 1; yours is {found}. What is "
    "taken from 1?"
)
def at_most_one(f, y, y_hat):
    found = float(f(y, y_hat))
    if found > 1 + 1e-9:
        return {"found": found}


@exercise.property(
    "The mean of the targets as a model scores 0, and yours {found}. With which model do you "
    "compare?"
)
def nothing_for_the_mean(f, y, y_hat):
    found = float(f(y, np.full(len(y), y.mean())))
    if not np.isclose(found, 0, atol=1e-9):
        return {"found": found}
