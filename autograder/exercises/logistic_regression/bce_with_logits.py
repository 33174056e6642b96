"""Mean binary cross-entropy from scores, in nats, exact at any score."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import GUARDS, clipped
from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import labels
from autograder.exercises.logistic_regression.reference import sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.bce_with_logits,
    points=3,
    minutes=8,
    hints=(
        (
            "Write the loss for y = 1 and for y = 0 with the exponential of the score in it. "
            "Which line of section 10 joins the two?"
        ),
        "Try z = 800 and print np.exp(z). Which exponent is safe for every z, however large?",
        (
            "np.log1p(x) computes ln(1 + x) without losing a small x. Which part of the formula "
            "grows in proportion to the score, and which never exceeds ln 2?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([1.0]), np.array([1.5]), about=VISIBLE)
    yield case(np.ones(5), np.array([-800.0, -40, 0, 40, 800]), about=VISIBLE)
    yield case(np.array([0.0, 1]), np.array([800.0, 800]), about=VISIBLE)
    yield case(np.array([1.0, 0]), np.array([20.7, -20.7]), about="sure and right")
    yield case(np.array([0.0, 1]), np.array([20.7, -20.7]), about="sure and wrong")
    for n in (4, 7):
        y = labels(rng, n)
        right = np.where(np.arange(n) % 3 == 0, -1.0, 1.0)
        yield case(y, right * (2 * y - 1) * rng.uniform(0.3, 4.0, n))
    y = np.array([0.0, 1, 1, 0])
    z = np.array([60.0, -60, 1.5, -0.7]) + rng.uniform(0, 0.3, 4)
    yield case(y, z, about="scores of 60, wrong ones")
    yield case(np.array([1.0, 0, 1]), np.array([-800.0, 1.2, 0.4]), about="a score of -800")
    yield case(np.array([1.0, 0, 1]), np.array([800.0, 1.2, 0.4]), about="a score of 800")
    yield case(np.array([0.0, 1, 0]), np.array([800.0, 1.2, -800.0]), about="scores of +-800")


@exercise.style
def logits_max_trick(y, z):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@exercise.style
def logits_logaddexp(y, z):
    return (np.logaddexp(0, z) - y * z).mean()


@exercise.style
def logits_signed_score(y, z):
    return np.logaddexp(0, (1 - 2 * y) * z).mean()


@exercise.style
def logits_loop(y, z):
    total = 0.0
    for label, score in zip(y, z):
        wrong = -score if label == 1 else score
        total += max(wrong, 0) + math.log1p(math.exp(-abs(wrong)))
    return total / len(y)


@exercise.style
def logits_two_sides(y, z):
    softplus = np.where(z > 0, z + np.log1p(np.exp(-z)), np.log1p(np.exp(np.minimum(z, 0))))
    return float(np.sum(softplus - y * z) / len(z))


@exercise.mistake(
    "Into what does the probability round when the score is very large?",
    said="The sigmoid rounds to 0 or 1, so its logarithm gives nan or infinity.",
    root=Root.DIGITS,
)
def bcel_naive_log_sigmoid(y, z):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "Into what does the probability of the truth round at a score of -800?",
    said="The probability of the true class rounds to 0, so the loss is infinite.",
    root=Root.DIGITS,
)
def bcel_naive_by_cases(y, z):
    p = sigmoid(z)
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


@exercise.mistake(
    "Which exponential becomes infinite first?",
    said="The exponential of a large positive score overflows.",
    root=Root.DIGITS,
)
def bcel_log1p_of_exp_z(y, z):
    return np.mean(np.log1p(np.exp(z)) - y * z)


@exercise.mistake(
    "What does your exponential do at a negative score?",
    said="The exponent is -z instead of -|z|, so negative scores go wrong or overflow.",
    root=Root.DIGITS,
)
def bcel_missing_abs(y, z):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))


@exercise.mistake(
    "Where does the label enter? A right and a wrong score cost the same.",
    said="The term with the label is missing, so right and wrong scores cost alike.",
)
def bcel_label_forgotten(y, z):
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))))


@exercise.mistake(
    "For y = 1, should a large positive score be cheap or expensive?",
    said="The labels 0 and 1 are exchanged.",
    root=Root.SWAPPED,
)
def bcel_labels_swapped(y, z):
    return np.mean(np.maximum(z, 0) - z * (1 - y) + np.log1p(np.exp(-np.abs(z))))


@exercise.mistake(
    "Can a score stand inside a logarithm? What range has it?",
    said="The scores stand in the logarithms as if they were probabilities.",
)
def bcel_scores_as_probabilities(y, z):
    return -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z))


@exercise.mistake(
    "Write every row down twice: should the loss double?",
    said="The loss is summed over the examples and not divided by N.",
    root=Root.MEAN,
)
def bcel_sum(y, z):
    return np.sum(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@exercise.mistake(
    "One number for the whole data set is asked for: what is missing?",
    said="One loss per example is returned instead of their mean.",
    root=Root.MEAN,
)
def bcel_not_averaged(y, z):
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))


@exercise.mistake(
    "Two very different wrong scores cost the same with your loss: where did that happen?",
    said="A small number guards the probabilities, which limits the loss.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-7, 1e-12, 1e-15), "guard": GUARDS},
)
def bcel_clipped(y, z, *, size=1e-7, guard=clipped):
    p = sigmoid(z)
    return -np.mean(y * np.log(guard(p, size)) + (1 - y) * np.log(guard(1 - p, size)))


@exercise.mistake(
    "Is a score of -800 worse than one of -500, with your loss?",
    said="The scores are cut off, so worse ones cost no more.",
    root=Root.DIGITS,
    family={"size": (50.0, 100.0, 500.0)},
)
def bcel_clipped_scores(y, z, *, size=500.0):
    z = np.clip(z, -size, size)
    return np.mean(np.log(1 + np.exp(z)) - y * z)


@exercise.mistake(
    "An array is neither above nor below zero as a whole: which function chooses entry by entry?",
    said="An if or Python's max asks about a whole array of scores at once, which fails.",
)
def bcel_max_on_array(y, z):
    return np.mean(max(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@exercise.property(
    "A score of 0 says one half, which costs ln 2 = 0.6931, and yours says {found}. What is left "
    "of your formula at 0?"
)
def ln_two_at_score_zero(f, y, z):
    found = f(y, np.zeros(len(y)))
    if abs(found - np.log(2)) > 1e-6:
        return {"found": found}


@exercise.property(
    "Exchange the classes and turn all scores round: nothing has changed, but yours goes from "
    "{one} to {other}. Which sign has the score for each label?"
)
def the_same_with_the_classes_exchanged(f, y, z):
    one, other = f(y, z), f(1 - y, -z)
    if not np.isclose(one, other, rtol=1e-6, atol=0):
        return {"one": one, "other": other}


exercise.equivalent(
    "z > 0 -> z >= 0",
    "np.minimum(z, 0) -> np.minimum(z, 1)",
    because="Both branches are the same function: between 0 and 1 neither overflows.",
)


@exercise.property(
    "Who is as good as sure, and right, pays next to nothing: for a score of 40 and class 1 yours "
    "asks {found}. Which of your terms is left there?"
)
def nothing_for_the_sure_and_right(f, y, z):
    found = np.asarray(f(np.array([1.0]), np.array([40.0])))
    if found.shape == () and abs(found) > 1e-6:
        return {"found": found}
