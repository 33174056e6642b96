"""Gradient of the mean binary cross-entropy plus strength * sum(w[1:]**2)."""

from __future__ import annotations

import numpy as np

from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import (
    FIVE,
    FIVE_LABELS,
    FIVE_WEIGHTS,
    SHAPES,
    SURE,
    features,
    labels,
    sure,
    weights,
)
from autograder.exercises.logistic_regression.reference import bce_gradient
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.l2_gradient,
    points=2,
    minutes=4,
    hints=(
        (
            "The gradient of a sum is the sum of the gradients. Which of the two parts do you "
            "have already?"
        ),
        (
            "Differentiate strength * w_j² with respect to w_j. And what is the derivative with "
            "respect to the bias, which is not in the penalty?"
        ),
        "Add the penalty's part to all entries but the first. Slices help: gradient[1:] and w[1:].",
    ),
)


@exercise.cases
def cases(rng):
    for strength in (0.1, 0.0):
        yield case(FIVE_WEIGHTS, FIVE, FIVE_LABELS, strength, about=VISIBLE)
    w, X, y = sure()
    yield case(w, X, y, 1e-9, about=SURE)
    yield case(w, X, y, 100.0, about="a very strong penalty")
    for n, d in SHAPES:
        yield case(weights(rng, d), features(rng, n, d), labels(rng, n), rng.uniform(0.1, 0.4))
    yield case(weights(rng, 2), features(rng, 5, 2), labels(rng, 5), 0.0, about="no penalty at all")


@exercise.style
def l2_masked(w, X, y, strength):
    free = np.ones_like(w)
    free[0] = 0
    return bce_gradient(w, X, y) + 2 * strength * free * w


@exercise.style
def l2_concatenated(w, X, y, strength):
    return bce_gradient(w, X, y) + 2 * strength * np.concatenate(([0.0], w[1:]))


@exercise.style
def l2_slice(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += 2 * strength * w[1:]
    return gradient


@exercise.style
def l2_from_scratch(w, X, y, strength):
    Xb = np.column_stack([np.ones(len(X)), X])
    mask = np.eye(len(w))
    mask[0, 0] = 0
    return Xb.T @ (1 / (1 + np.exp(-Xb @ w)) - y) / len(y) + 2 * strength * mask @ w


@exercise.style
def l2_list(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    return [gradient[0]] + [g + 2 * strength * wj for g, wj in zip(gradient[1:], w[1:])]


@exercise.mistake(
    "Shift all scores by the same amount: should that be punished?",
    said="The bias is penalised like the other weights.",
    root=Root.BIAS,
)
def l2_bias_penalised(w, X, y, strength):
    return bce_gradient(w, X, y) + 2 * strength * w


@exercise.mistake(
    "What does the square of the penalty leave behind?",
    said="The factor 2 from the square of the penalty is missing.",
    root=Root.FACTOR_TWO,
)
def l2_missing_two(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += strength * w[1:]
    return gradient


@exercise.mistake(
    "Should the penalty pull the weights towards zero, or push them away?",
    said="The gradient of the penalty is subtracted instead of added.",
    root=Root.SIGN,
)
def l2_sign(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] -= 2 * strength * w[1:]
    return gradient


@exercise.mistake(
    "Is the penalty inside the mean over the examples, or beside it?",
    said="The gradient of the penalty is divided by N as well.",
    root=Root.MEAN,
)
def l2_divided_by_n(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += 2 * strength * w[1:] / len(y)
    return gradient


@exercise.mistake(
    "Does a large weight feel a stronger pull than a small one?",
    said="The penalty pulls by the sign of each weight, as for absolute values.",
)
def l2_absolute_value(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += strength * np.sign(w[1:])
    return gradient


@exercise.mistake(
    "The penalty is one number, its gradient is not: what belongs to weight j?",
    said="The penalty itself is added to every entry instead of its gradient.",
)
def l2_penalty_itself(w, X, y, strength):
    return bce_gradient(w, X, y) + strength * np.sum(w[1:] ** 2)


@exercise.mistake(
    "What happens to your answer when the strength grows?",
    said="The penalty is left out altogether.",
)
def l2_ignored(w, X, y, strength):
    return bce_gradient(w, X, y)


@exercise.mistake(
    "Write down the penalty as it is defined here: what do its square and the examples leave "
    "behind?",
    said="The penalty's part is strength / N times the weights: no factor 2, and divided by N.",
    root=Root.FACTOR_TWO,
)
def l2_over_n_without_two(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += strength / len(y) * w[1:]
    return gradient


@exercise.mistake(
    "Which weights are in the penalty, and what does its square leave behind?",
    said="The bias is penalised, too, and the factor 2 is missing.",
    root=Root.BIAS,
    family={"over_n": (False, True)},
)
def l2_bias_penalised_without_two(w, X, y, strength, *, over_n=False):
    return bce_gradient(w, X, y) + strength * w / (len(y) if over_n else 1)


@exercise.mistake(
    "Which weights are in the penalty, and is it inside the mean over the examples?",
    said="The bias is penalised, too, and the penalty's part is divided by N.",
    root=Root.BIAS,
)
def l2_bias_penalised_over_n(w, X, y, strength):
    return bce_gradient(w, X, y) + 2 * strength * w / len(y)


@exercise.mistake(
    "The bias is free of the penalty: does it have no slope at all?",
    said="The bias's entry of the whole gradient is set to 0.",
    root=Root.BIAS,
)
def l2_bias_without_slope(w, X, y, strength):
    gradient = bce_gradient(w, X, y) + 2 * strength * w
    gradient[0] = 0
    return gradient


@exercise.mistake(
    "Only the penalty's slope is left: where is the slope of the loss?",
    said="The gradient of the penalty alone is returned.",
)
def l2_penalty_alone(w, X, y, strength):
    return 2 * strength * np.append(0, w[1:])


@exercise.property(
    "The bias is not in the penalty, so its entry does not feel the strength; yours goes from "
    "{once} to {twice} when the strength doubles. Which entries does your penalty reach?"
)
def the_bias_feels_no_penalty(f, w, X, y, strength):
    once, twice = (float(np.asarray(f(w, X, y, s))[0]) for s in (strength, 2 * strength))
    if abs(once - twice) > 1e-9 * (1 + abs(once)):
        return {"once": once, "twice": twice}


@exercise.property(
    "Every row twice leaves a mean, and what stands beside it, as it is; the last entry goes from "
    "{once} to {twice} with your function. What do you divide by N?"
)
def the_same_for_every_row_twice(f, w, X, y, strength):
    once = np.asarray(f(w, X, y, strength))[-1]
    twice = np.asarray(f(w, np.tile(X, (2, 1)), np.tile(y, 2), strength))[-1]
    if not np.isclose(once, twice, rtol=1e-6, atol=0):
        return {"once": once, "twice": twice}
