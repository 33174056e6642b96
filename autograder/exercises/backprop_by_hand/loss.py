"""Mean binary cross-entropy."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.inputs import predictions
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.loss,
    points=1,
    minutes=3,
    hints=(
        (
            "This is the loss of notebook 02: what does an example with y = 1 cost, and one with "
            "y = 0?"
        ),
        "Errors for all examples first, as an array of shape (N,); then one number out of them.",
        "Your two examples should cost 0.2231 and 0.5108. What is their mean?",
    ),
    forbidden=("torch.binary_cross_entropy_with_logits",),
)


@exercise.cases
def cases(rng):
    yield from predictions(rng)
    yield case(np.array([0.8, 0.4]), np.array([1.0, 0.0]), about=VISIBLE)
    X, y, params = recorded.network()
    yield case(reference.forward(X, params)["y_hat"], y, about=VISIBLE)


@exercise.style
def loss_mean(y_hat, y):
    return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@exercise.style
def loss_of_truth(y_hat, y):
    return float(np.mean(-np.log(np.where(y == 1, y_hat, 1 - y_hat))))


@exercise.style
def loss_loop(y_hat, y):
    total = 0.0
    for p, target in zip(y_hat, y):
        total -= math.log(p) if target == 1 else math.log(1 - p)
    return total / len(y)


@exercise.style
def loss_guarded(y_hat, y):
    p = np.clip(y_hat, 1e-12, 1 - 1e-12)
    return (-(y @ np.log(p)) - (1 - y) @ np.log(1 - p)) / y.size


@exercise.mistake(
    "Twice as many examples like these: should the cost double?",
    said="The losses are summed over the batch instead of averaged.",
    root=Root.MEAN,
)
def net_loss_sum(y_hat, y):
    return -np.sum(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@exercise.mistake(
    "Print the shape of your errors before they are averaged: one for each example?",
    said="Predictions form a column, so every prediction meets every label.",
    root=Root.AXIS,
)
def net_loss_column_broadcast(y_hat, y):
    y_hat = y_hat.reshape(-1, 1)
    return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@exercise.mistake(
    "Which sign has the logarithm of a number below one?",
    said="The minus sign is missing, so the loss is negative.",
    root=Root.SIGN,
)
def net_loss_sign(y_hat, y):
    return np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@exercise.mistake(
    "What does an example of class 0 cost?",
    said="Only examples of class 1 cost anything; the other term is missing.",
)
def net_loss_positive_term_only(y_hat, y):
    return -np.mean(y * np.log(y_hat))


@exercise.mistake(
    "In which unit are losses measured in this course, bits or nats?",
    said="Base 2 stands where the natural logarithm was asked for.",
    root=Root.BASE,
)
def net_loss_bits(y_hat, y):
    return -np.mean(y * np.log2(y_hat) + (1 - y) * np.log2(1 - y_hat))


@exercise.mistake(
    "One number is asked for: what is still to be done with the errors?",
    said="One loss for each example is returned, without their mean.",
    root=Root.MEAN,
)
def net_loss_not_averaged(y_hat, y):
    return -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@exercise.mistake(
    "How much should a confident mistake cost? That is another loss.",
    said="The mean squared error is computed instead of the cross-entropy.",
)
def net_loss_squared(y_hat, y):
    return np.mean((y_hat - y) ** 2)
