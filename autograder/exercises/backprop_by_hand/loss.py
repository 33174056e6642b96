"""Mean binary cross-entropy."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.inputs import predictions
from autograder.exercises.backprop_by_hand.parts import CUTS, cut_on_both_sides
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.loss,
    points=1,
    minutes=4,
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


@exercise.mistake(
    "The loss of a sure mistake is not quite as large as it should be: what stands in your "
    "logarithm beside the prediction?",
    said="A small number is added inside the logarithms.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def net_loss_guarded(y_hat, y, *, size=1e-8):
    return -np.mean(y * np.log(y_hat + size) + (1 - y) * np.log(1 - y_hat + size))


@exercise.mistake(
    "Are the predictions you measure still those of the network?",
    said="The predictions are cut off before the logarithm, which limits the loss.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-6, 1e-8), "cut": CUTS},
)
def net_loss_cut_off(y_hat, y, *, size=1e-2, cut=cut_on_both_sides):
    p, q = cut(y_hat, size)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(q))


@exercise.mistake(
    "The labels are a whole array: can one if decide for all of them, and which function chooses "
    "entry by entry?",
    said="An if asks about a whole array of labels at once, which fails.",
)
def net_loss_if_on_labels(y_hat, y):
    if y == 1:
        return -np.mean(np.log(y_hat))
    return -np.mean(np.log(1 - y_hat))


@exercise.mistake(
    "How many axes have the labels here, and which of them counts the examples?",
    said="The examples are counted along a second axis, which the labels do not have.",
    root=Root.AXIS,
)
def net_loss_second_axis(y_hat, y):
    m = y.shape[1]
    return -np.sum(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)) / m


@exercise.mistake(
    "Print all digits of your loss: where do they end, and who cut them off?",
    said="The loss is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def net_loss_rounded(y_hat, y, *, digits=4):
    return np.round(-np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)), digits)


@exercise.property(
    "An example never costs less than 0, so a mean of such costs is not negative either; yours "
    "is {found}. Which sign have the logarithms of numbers below 1?"
)
def never_negative(f, y_hat, y):
    found = np.asarray(f(y_hat, y))
    if found.shape == () and found < -1e-9:
        return {"found": found}


@exercise.property(
    "Hand over every example twice and the mean stays as it is; yours goes from {once} to {twice}. "
    "By what do you divide?"
)
def the_same_for_every_example_twice(f, y_hat, y):
    once, twice = np.asarray(f(y_hat, y)), np.asarray(f(np.tile(y_hat, 2), np.tile(y, 2)))
    if once.shape == twice.shape == () and not np.isclose(once, twice, rtol=1e-6):
        return {"once": once, "twice": twice}


@exercise.property(
    "Who turns labels and predictions round, from p and y to 1 - p and 1 - y, asks the same "
    "question, and yours answers {there} and {back}. What does an example of the other class cost?"
)
def the_same_for_the_other_class(f, y_hat, y):
    there, back = np.asarray(f(y_hat, y)), np.asarray(f(1 - y_hat, 1 - y))
    if there.shape == back.shape == () and not np.isclose(there, back, rtol=1e-6):
        return {"there": there, "back": back}


exercise.equivalent(
    "np.clip(y_hat, 1e-12, 1 - 1e-12) -> np.clip(y_hat, 0.0, 1 - 1e-12)",
    "1 - 1e-12 -> 1 - 0.0",
    "1 - 1e-12 -> 1 + 1e-12",
    "1 - 1e-12 -> 1",
    "1 - 1e-12 -> 2 - 1e-12",
    because="What rounding cannot tell is right.",
)


@exercise.property(
    "The loss of a batch is the mean of what its examples cost one by one, which is {apart} for "
    "yours; together they cost {together}. Which comes first, the mean or the logarithm?"
)
def mean_of_single_examples(f, y_hat, y):
    apart = np.mean([f(y_hat[n : n + 1], y[n : n + 1]) for n in range(len(y))])
    together = np.asarray(f(y_hat, y))
    if together.shape == () and not np.isclose(apart, together, rtol=1e-6):
        return {"apart": apart, "together": together}
