"""Gradient of the mean binary cross-entropy with respect to the predictions."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import middles, predictions
from autograder.exercises.backprop_by_hand.parts import CUTS, cut_on_both_sides
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_y_hat,
    points=2,
    minutes=8,
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
    guards=True,
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
    leads=("SIGNS",),
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


@exercise.mistake(
    "How steep is the loss where a true class is almost impossible, and what stands below the "
    "line in your fraction?",
    said="A small number is added to the denominators, so steep slopes are too small.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def dyhat_small_number_added(y_hat, y, *, size=1e-8):
    return ((1 - y) / (1 - y_hat + size) - y / (y_hat + size)) / len(y)


@exercise.mistake(
    "How steep is the loss where a true class is almost impossible, and what stands below the "
    "line in your fraction?",
    said="A small number is added to the product of both denominators.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def dyhat_small_number_added_to_product(y_hat, y, *, size=1e-8):
    return (y_hat - y) / (y_hat * (1 - y_hat) + size) / len(y)


@exercise.mistake(
    "Are the predictions below the line still those of the network?",
    said="The predictions are cut off before they divide, so steep slopes are too small.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-6, 1e-8), "cut": CUTS},
)
def dyhat_cut_off(y_hat, y, *, size=1e-2, cut=cut_on_both_sides):
    p, q = cut(y_hat, size)
    return ((1 - y) / q - y / p) / len(y)


@exercise.mistake(
    "For a positive example, should a larger prediction raise the loss? And is the loss a sum or "
    "a mean?",
    said="The sign is wrong, and the sum is not divided by the number of examples.",
    root=Root.SIGN,
)
def dyhat_sign_no_1_over_n(y_hat, y):
    return y / y_hat - (1 - y) / (1 - y_hat)


@exercise.mistake(
    "What does an example of class 0 cost, and how does that change with its prediction?",
    said="The term of the examples of class 0 is missing.",
)
def dyhat_positive_term_only(y_hat, y):
    return -y / y_hat / len(y)


@exercise.mistake(
    "The labels are a whole array: can one if decide for all of them, and which function chooses "
    "entry by entry?",
    said="An if asks about a whole array of labels at once, which fails.",
)
def dyhat_if_on_labels(y_hat, y):
    if y == 1:
        return -1 / y_hat / len(y)
    return 1 / (1 - y_hat) / len(y)


@exercise.mistake(
    "Which loss did you differentiate?",
    said="The squared error is differentiated instead of the cross-entropy.",
)
def dyhat_squared_error(y_hat, y):
    return 2 * (y_hat - y) / len(y)


@exercise.property(
    "The example with label {label} and prediction {p} costs less the closer the prediction comes "
    "to the label, and your slope there is {found}. Which sign must it have?"
)
def falls_towards_the_label(f, y_hat, y):
    found = np.asarray(f(y_hat, y))
    bad = np.flatnonzero(found * (2 * y - 1) > 0) if found.shape == y.shape else ()
    if len(bad):
        return {"label": y[bad[0]], "p": y_hat[bad[0]], "found": found[bad[0]]}


@exercise.property(
    "Hand over every example twice and each has half the weight in the mean; your first slope "
    "goes from {once} to {twice}. Where does the number of examples come in?"
)
def half_for_every_example_twice(f, y_hat, y):
    once, twice = np.asarray(f(y_hat, y)), np.asarray(f(np.tile(y_hat, 2), np.tile(y, 2)))
    if once.shape == y.shape and not np.isclose(once[0], 2 * twice[0], rtol=1e-6):
        return {"once": once[0], "twice": twice[0]}


exercise.equivalent(
    "eps = 1e-15 -> eps = 0.0",
    "1 - y_hat + eps -> 1 - y_hat - eps",
    "1 - y_hat + eps -> 1 - y_hat",
    "y_hat + eps -> y_hat - eps",
    "y_hat + eps -> y_hat",
    because="What rounding cannot tell is right.",
)


@exercise.property(
    "From a prediction of 0.3 to one of 0.7 an example of class 1 gets cheaper by ln(7/3), 0.8473; "
    "with your slopes its loss changes by {climb}. How steep is it on the way?"
)
def climbs_as_far(f, y_hat, y):
    u, piece = middles(0.3, 0.7)
    climb = len(u) * np.sum(f(u, np.ones(len(u)))) * piece
    if not np.isclose(climb, np.log(3 / 7), rtol=1e-3):
        return {"climb": climb}
