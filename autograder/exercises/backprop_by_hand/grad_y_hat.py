"""Gradient of the mean binary cross-entropy with respect to the predictions."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import predictions
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_y_hat,
    points=2,
    minutes=4,
    hints=(
        "Differentiate ln p and ln(1 - p) with respect to p on paper. Mind the inner derivative.",
        (
            "An example has either y = 1 or y = 0: what is the derivative of its error in each "
            "case? Then add up both with y and 1 - y as switches."
        ),
        (
            "For [0.8, 0.4] with [1, 0] the errors alone have slopes -1.25 and 1.6667. What is "
            "still missing, given that the loss is a mean?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield from predictions(rng)
    yield case(np.array([0.8, 0.4]), np.array([1.0, 0.0]), about=VISIBLE)


@exercise.style
def dyhat_one_line(y_hat, y):
    return ((1 - y) / (1 - y_hat) - y / y_hat) / len(y)


@exercise.style
def dyhat_common_denominator(y_hat, y):
    return (y_hat - y) / (y_hat * (1 - y_hat)) / y.size


@exercise.style
def dyhat_cases(y_hat, y):
    n = len(y)
    return np.where(y == 1, -1 / (n * y_hat), 1 / (n * (1 - y_hat)))


@exercise.style
def dyhat_loop(y_hat, y):
    n = len(y)
    return [-1 / (n * p) if target == 1 else 1 / (n * (1 - p)) for p, target in zip(y_hat, y)]


@exercise.style
def dyhat_guarded(y_hat, y):
    eps = 1e-15
    return (-(y / (y_hat + eps)) + (1 - y) / (1 - y_hat + eps)) / y.shape[0]


@exercise.mistake(
    "Differentiate ln(1 - p): is there an inner derivative?",
    said="The inner derivative of ln(1 - p), which is -1, is missing.",
    root=Root.CHAIN,
)
def dyhat_inner_sign(y_hat, y):
    return (-y / y_hat - (1 - y) / (1 - y_hat)) / len(y)


@exercise.mistake(
    "For a positive example, should a larger prediction raise the loss?",
    said="The whole gradient has the wrong sign.",
    root=Root.SIGN,
)
def dyhat_sign(y_hat, y):
    return (y / y_hat - (1 - y) / (1 - y_hat)) / len(y)


@exercise.mistake(
    "Is the loss a sum or a mean?",
    said="The gradient is not divided by the number of examples.",
    root=Root.MEAN,
)
def dyhat_no_1_over_n(y_hat, y):
    return (1 - y) / (1 - y_hat) - y / y_hat


@exercise.mistake(
    "How many predictions are there, and how many derivatives?",
    said="The derivatives of all examples are summed into one number.",
    root=Root.MEAN,
)
def dyhat_summed(y_hat, y):
    return np.mean((1 - y) / (1 - y_hat) - y / y_hat)


@exercise.mistake(
    "Is this with respect to the prediction, or already to the score before it?",
    said="The slope of the sigmoid is already included, which gives the score's gradient.",
    root=Root.CHAIN,
)
def dyhat_through_sigmoid(y_hat, y):
    return (y_hat - y) / len(y)


@exercise.mistake(
    "The derivative of a logarithm is a fraction: where is yours?",
    said="The logarithms stay where their derivatives, the reciprocals, belong.",
)
def dyhat_logarithms_kept(y_hat, y):
    return ((1 - y) * np.log(1 - y_hat) - y * np.log(y_hat)) / len(y)
