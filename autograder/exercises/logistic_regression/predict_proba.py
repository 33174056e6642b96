"""P(Y = 1 | x) of the logistic model for every example."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import (
    FIVE,
    FIVE_WEIGHTS,
    SHAPES,
    SURE,
    features,
    sure,
    weights,
)
from autograder.exercises.logistic_regression.reference import add_bias, predict_proba, sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.predict_proba,
    points=1,
    minutes=4,
    hints=(
        "Two steps: the score of every example, then the probability. You have functions for both.",
        "Which shapes have X' and w? What is the shape of their product?",
        "Try X = [[0, 0]]: the answer must be the sigmoid of the bias. Is it?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(FIVE, FIVE_WEIGHTS, about=VISIBLE)
    yield case(np.array([[0.0, 0], [1, 2]]), np.array([0.0, 1, -1]), about=VISIBLE)
    w, X, _ = sure()
    yield case(X, w, about=SURE)
    for n, d in SHAPES:
        yield case(features(rng, n, d), weights(rng, d))


@exercise.style
def proba_matrix(X, w):
    return sigmoid(add_bias(X) @ w)


@exercise.style
def proba_bias_apart(X, w):
    return 1 / (1 + np.exp(-(w[0] + X @ w[1:])))


@exercise.style
def proba_loop(X, w):
    out = []
    for x in X:
        z = w[0]
        for j in range(len(x)):
            z += w[j + 1] * x[j]
        out.append(1 / (1 + math.exp(-z)))
    return out


@exercise.style
def proba_einsum(X, w):
    return sigmoid(np.einsum("nj,j->n", np.insert(X, 0, 1, axis=1), w))


@exercise.mistake(
    "What does your model say to an example whose features are all zero?",
    said="The bias w[0] is left out of the score.",
    root=Root.BIAS,
)
def proba_no_bias(X, w):
    return sigmoid(X @ w[1:])


@exercise.mistake(
    "Which weight meets the column of ones in your product?",
    said="The column of ones stands last, although w holds the bias first.",
    root=Root.BIAS,
)
def proba_bias_last(X, w):
    return sigmoid(np.column_stack((X, np.ones(len(X)))) @ w)


@exercise.mistake(
    "Is a decision asked for, or how sure the model is?",
    said="The class 0 or 1 is returned instead of the probability.",
)
def proba_thresholded(X, w):
    return (predict_proba(X, w) >= 0.5).astype(int)


@exercise.mistake(
    "How many axes has each of the two arrays that you glue together?",
    said="The ones are a vector, not a column, so joining them to X fails.",
    root=Root.AXIS,
)
def proba_hstack_1d(X, w):
    return sigmoid(np.hstack((np.ones(len(X)), X)) @ w)


@exercise.mistake(
    "Does the bias belong to the score or to the probability?",
    said="The bias is added after the sigmoid instead of inside it.",
    root=Root.BIAS,
)
def proba_bias_added_after(X, w):
    return sigmoid(X @ w[1:]) + w[0]


@exercise.mistake(
    "Between which numbers may your answer lie? Which step is still missing?",
    said="The score is returned without the sigmoid.",
)
def proba_raw_score(X, w):
    return add_bias(X) @ w


@exercise.mistake(
    "The probability of which of the two classes is asked for?",
    said="The probability of class 0 is returned instead of class 1.",
    root=Root.SWAPPED,
)
def proba_of_class_zero(X, w):
    return 1 - predict_proba(X, w)


@exercise.mistake(
    "One number per example is enough: which of your two columns is it?",
    said="The probabilities of both classes are returned, in two columns.",
)
def proba_two_columns(X, w):
    p = predict_proba(X, w)
    return np.column_stack((1 - p, p))


@exercise.mistake(
    "Two models, one sure and one very sure: does your answer tell them apart?",
    said="The probabilities, or the scores before them, are cut off, so that sure ones look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised)},
)
def proba_clipped(X, w, *, size=1e-6, guard=clipped):
    return guard(sigmoid(add_bias(X) @ w), size)


@exercise.mistake(
    "The sigmoid is a tanh that was moved and stretched: by how much is the score stretched?",
    said="The tanh form has the score itself where its half belongs.",
    root=Root.FACTOR_TWO,
)
def proba_tanh_of_whole_score(X, w):
    return 0.5 * (1 + np.tanh(add_bias(X) @ w))


@exercise.mistake(
    "How many numbers has w, how many columns has X, and which column is missing?",
    said="The data are multiplied by the weights without the column of ones, which fails.",
    root=Root.BIAS,
)
def proba_without_bias_column(X, w):
    return sigmoid(X @ w)


@exercise.property(
    "With all weights at 0 the model knows nothing and says one half of everybody; yours says "
    "{found}. What stands inside the sigmoid then?"
)
def one_half_without_weights(f, X, w):
    found = np.asarray(f(X, np.zeros(len(w))))
    if found.shape == (len(X),) and not np.allclose(found, 0.5):
        return {"found": found[0]}


@exercise.property(
    "With all weights turned round, the two probabilities of an example add up to 1; yours are "
    "{one} and {other}. What stands inside the sigmoid?"
)
def one_with_the_opposite_weights(f, X, w):
    one, other = np.asarray(f(X, w)), np.asarray(f(X, -w))
    bad = np.abs(one + other - 1) > 1e-9
    if bad.any():
        return {"one": one[bad].flat[0], "other": other[bad].flat[0]}
