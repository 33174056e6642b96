"""Gradient of the loss with respect to the scores of the output."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import middles, predictions
from autograder.exercises.backprop_by_hand.parts import CUTS, cut_on_both_sides
from autograder.exercises.backprop_by_hand.reference import grad_y_hat
from autograder.exercises.guards import clipped, lowered, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_u3,
    points=2,
    minutes=6,
    hints=(
        (
            "Two factors: your grad_y_hat and the slope of the sigmoid at the output. Multiply "
            "them on paper, with letters."
        ),
        "What cancels? The result needs no division by a prediction any more.",
        "Prediction 0.8, truth 1, two examples: -0.1. How do these four numbers hang together?",
    ),
    guards=True,
)


@exercise.cases
def cases(rng):
    yield from predictions(rng)
    yield case(np.array([0.8, 0.4]), np.array([1.0, 0.0]), about=VISIBLE)


@exercise.style
def du3_one_line(y_hat, y):
    return (y_hat - y) / len(y)


@exercise.style
def du3_by_chain(y_hat, y):
    return grad_y_hat(y_hat, y) * y_hat * (1 - y_hat)


@exercise.style
def du3_by_guarded_chain(y_hat, y):
    eps = 1e-15
    dy_hat = ((1 - y) / (1 - y_hat + eps) - y / (y_hat + eps)) / len(y)
    return dy_hat * (y_hat * (1 - y_hat))


@exercise.style
def du3_by_diagonal_jacobian(y_hat, y):
    return np.diag(y_hat * (1 - y_hat)) @ grad_y_hat(y_hat, y)


@exercise.style
def du3_list(y_hat, y):
    return [(float(p) - float(target)) / len(y) for p, target in zip(y_hat, y)]


@exercise.mistake(
    "How many digits does your number format hold?",
    said="The predictions are in single precision, which rounds those close to 1 up to 1.",
    root=Root.DIGITS,
)
def du3_with_predictions_in_single_precision(y_hat, y):
    return (y_hat.astype(np.float32) - y) / len(y)


@exercise.mistake(
    "Is the loss a sum or a mean?",
    said="The gradient is not divided by the number of examples.",
    root=Root.MEAN,
)
def du3_no_1_over_n(y_hat, y):
    return y_hat - y


@exercise.mistake(
    "Does a step against your gradient lower the loss?",
    said="The gradient has the wrong sign: label minus prediction.",
    root=Root.SIGN,
)
def du3_sign(y_hat, y):
    return (y - y_hat) / len(y)


@exercise.mistake(
    "Multiply the two factors out on paper: what cancels between them?",
    said="The slope of the sigmoid is left over, though it cancels with the loss.",
    root=Root.CHAIN,
)
def du3_extra_sigmoid_prime(y_hat, y):
    return (y_hat - y) * y_hat * (1 - y_hat) / len(y)


@exercise.mistake(
    "Which loss did you differentiate?",
    said="The squared error is differentiated instead of the cross-entropy.",
)
def du3_mse(y_hat, y):
    return 2 * (y_hat - y) * y_hat * (1 - y_hat) / len(y)


@exercise.mistake(
    "Which link is there between the score and the prediction?",
    said="The slope of the sigmoid is missing, so the prediction's gradient is returned.",
    root=Root.CHAIN,
)
def du3_forgot_activation(y_hat, y):
    return ((1 - y) / (1 - y_hat) - y / y_hat) / len(y)


@exercise.mistake(
    "The difference of what and y: the score, or the probability?",
    said="The label is subtracted from the score instead of from the probability.",
)
def du3_logit(y_hat, y):
    return (np.log(y_hat / (1 - y_hat)) - y) / len(y)


@exercise.mistake(
    "How many scores are there, and how many derivatives?",
    said="The derivatives of all examples are summed into one number.",
    root=Root.MEAN,
)
def du3_summed(y_hat, y):
    return np.mean(y_hat - y)


@exercise.mistake(
    "Multiply the two factors out on paper: is a division left in which a small number could help?",
    said="The chain goes by way of denominators to which a small number is added.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def du3_by_chain_with_small_number(y_hat, y, *, size=1e-8):
    dy_hat = ((1 - y) / (1 - y_hat + size) - y / (y_hat + size)) / len(y)
    return dy_hat * y_hat * (1 - y_hat)


@exercise.mistake(
    "Multiply the two factors out on paper: is a division left in which a cut could help?",
    said="The chain goes by way of predictions that are cut off before they divide.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-6, 1e-8), "cut": CUTS},
)
def du3_by_chain_cut_off(y_hat, y, *, size=1e-2, cut=cut_on_both_sides):
    p, q = cut(y_hat, size)
    return ((1 - y) / q - y / p) / len(y) * y_hat * (1 - y_hat)


@exercise.mistake(
    "Are the predictions from which you take the labels still those of the network?",
    said="The predictions are cut off before the labels are subtracted.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised, lowered)},
)
def du3_of_cut_predictions(y_hat, y, *, size=1e-2, guard=clipped):
    return (guard(y_hat, size) - y) / len(y)


@exercise.mistake(
    "Does a step against your gradient lower the loss? And is the loss a sum or a mean?",
    said="The sign is wrong, and the sum is not divided by the number of examples.",
    root=Root.SIGN,
)
def du3_sign_no_1_over_n(y_hat, y):
    return y - y_hat


@exercise.mistake(
    "Which loss did you differentiate?",
    said="Half the squared error is differentiated instead of the cross-entropy.",
    like=("du3-extra-sigmoid-prime",),
)
def du3_half_squared_error(y_hat, y):
    slope = y_hat * (1 - y_hat)
    return (y_hat - y) * slope / len(y)


@exercise.property(
    "The larger the score, the larger the prediction; for the example with label {label} your "
    "slope is {found}. Does its loss rise or fall there?"
)
def falls_towards_the_label(f, y_hat, y):
    found = np.asarray(f(y_hat, y))
    bad = np.flatnonzero(found * (2 * y - 1) > 0) if found.shape == y.shape else ()
    if len(bad):
        return {"label": y[bad[0]], "found": found[bad[0]]}


@exercise.property(
    "However wrong an example of {n} is, its score never pulls harder than {most}, and yours "
    "pulls with {found}. What has cancelled?"
)
def bounded(f, y_hat, y):
    found = np.abs(np.asarray(f(y_hat, y)))
    if found.shape == y.shape and found.max() > 1 / len(y) + 1e-9:
        return {"n": len(y), "most": 1 / len(y), "found": found.max()}


exercise.equivalent(
    "eps = 1e-15 -> eps = 0.0",
    "1 - y_hat + eps -> 1 - y_hat - eps",
    "1 - y_hat + eps -> 1 - y_hat",
    "y_hat + eps -> y_hat - eps",
    "y_hat + eps -> y_hat",
    because="What rounding cannot tell is right.",
)


@exercise.property(
    "From u = -1 to u = 1 an example of class 1 gets cheaper by 1; with your slopes its loss "
    "changes by {climb}. How steep is it on the way?"
)
def climbs_as_far(f, y_hat, y):
    u, piece = middles(-1.0, 1.0)
    climb = len(u) * np.sum(f(1 / (1 + np.exp(-u)), np.ones(len(u)))) * piece
    if not np.isclose(climb, -1.0, rtol=1e-3):
        return {"climb": climb}
