"""Second derivatives of the mean binary cross-entropy."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import clipped, lowered, raised
from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import (
    SHAPES,
    SURE,
    features,
    sure,
    weights,
)
from autograder.exercises.logistic_regression.reference import (
    add_bias,
    predict_proba,
    sigmoid,
    sigmoid_derivative,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.bce_hessian,
    points=3,
    minutes=8,
    hints=(
        (
            "Differentiate the gradient once more: only the probability depends on w. What is "
            "its slope?"
        ),
        (
            "Each example adds p (1 - p) times a table made of x' with itself. How large is that "
            "table?"
        ),
        (
            "Scale the rows of X' by p (1 - p), for example with [:, None], and multiply by X' "
            "so that the examples are summed over. And the mean?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.zeros(2), np.array([[1.0], [3]]), about=VISIBLE)
    yield case(np.array([0.5, -1]), np.array([[1.0], [2], [0.5]]), about=VISIBLE)
    w, X, _ = sure()
    yield case(w, X, about=SURE)
    yield case(w, X[:2], about="scores of 22 and -22")
    for n, d in SHAPES:
        yield case(weights(rng, d), features(rng, n, d))


@exercise.style
def hessian_diag(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return Xb.T @ np.diag(p * (1 - p)) @ Xb / len(X)


@exercise.style
def hessian_weighted_rows(w, X):
    Xb = add_bias(X)
    p = predict_proba(X, w)
    return (Xb * (p * (1 - p))[:, None]).T @ Xb / X.shape[0]


@exercise.style
def hessian_einsum(w, X):
    Xb = np.insert(X, 0, 1.0, axis=1)
    d = sigmoid_derivative(Xb @ w)
    return np.einsum("n,ni,nj->ij", d, Xb, Xb) / len(d)


@exercise.style
def hessian_outer_products(w, X):
    total = np.zeros((len(w), len(w)))
    for x in add_bias(X):
        p = 1 / (1 + np.exp(-x @ w))
        total += p * (1 - p) * np.outer(x, x)
    return total / len(X)


@exercise.style
def hessian_square_root(w, X):
    Xb = add_bias(X)
    root = np.sqrt(sigmoid_derivative(Xb @ w))[:, None] * Xb
    return (root.T @ root / len(X)).tolist()


@exercise.mistake(
    "Is the loss curved equally for a sure model and for an unsure one?",
    said="The factor p (1 - p) of each example is missing.",
    root=Root.CHAIN,
)
def hess_no_weights(w, X):
    Xb = add_bias(X)
    return Xb.T @ Xb / len(X)


@exercise.mistake(
    "Differentiate the probability once more: is it its own slope?",
    said="Each example has the factor p instead of p (1 - p).",
    root=Root.CHAIN,
)
def hess_weight_p(w, X):
    Xb = add_bias(X)
    return Xb.T @ np.diag(sigmoid(Xb @ w)) @ Xb / len(X)


@exercise.mistake(
    "Move one weight: does the slope along another one stay the same?",
    said="Only the diagonal is computed; all mixed derivatives are 0.",
    root=Root.DIAGONAL,
)
def hess_diagonal_only(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return np.diag((p * (1 - p)) @ Xb**2 / len(X))


@exercise.mistake(
    "The loss is a mean: what does that make of its second derivatives?",
    said="The second derivatives are summed over the examples and not divided by N.",
    root=Root.MEAN,
)
def hess_no_1_over_n(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return Xb.T @ np.diag(p * (1 - p)) @ Xb


@exercise.mistake(
    "How many weights has the model, counted with the bias?",
    said="The row and the column of the bias are missing.",
    root=Root.BIAS,
)
def hess_no_bias(w, X):
    p = predict_proba(X, w)
    return X.T @ np.diag(p * (1 - p)) @ X / len(X)


@exercise.mistake(
    "A row and a column for each weight, or for each example?",
    said="The matrix has a row and a column per example instead of per weight.",
    root=Root.AXIS,
)
def hess_examples_by_examples(w, X):
    Xb = add_bias(X)
    root = np.sqrt(sigmoid(Xb @ w) * (1 - sigmoid(Xb @ w)))[:, None] * Xb
    return root @ root.T / len(X)


@exercise.mistake(
    "Which weight comes first in w, and which column in your matrix?",
    said="The column of ones stands last, although w holds the bias first.",
    root=Root.BIAS,
)
def hess_bias_last(w, X):
    Xb = np.column_stack((X, np.ones(len(X))))
    p = sigmoid(Xb @ w)
    return Xb.T @ np.diag(p * (1 - p)) @ Xb / len(X)


@exercise.mistake(
    "How often is the sigmoid differentiated in a second derivative here?",
    said="The factor p (1 - p) is squared.",
    root=Root.CHAIN,
)
def hess_sigmoid_prime_squared(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return Xb.T @ np.diag((p * (1 - p)) ** 2) @ Xb / len(X)


@exercise.mistake(
    "Two models, one sure and one very sure: does your answer tell them apart?",
    said="The probabilities, or the scores before them, are cut off, so that sure ones look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised, lowered)},
)
def hess_clipped(w, X, *, size=1e-6, guard=clipped):
    Xb = add_bias(X)
    p = guard(sigmoid(Xb @ w), size)
    return Xb.T @ np.diag(p * (1 - p)) @ Xb / len(X)


@exercise.mistake(
    "Does this loss curve upwards or downwards?",
    said="All second derivatives have the wrong sign, as for a log-likelihood.",
    root=Root.SIGN,
)
def hess_sign(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return -Xb.T @ np.diag(p * (1 - p)) @ Xb / len(X)


@exercise.mistake(
    "Is it the loss that is differentiated, or a log-likelihood? And sum or mean?",
    said="The second derivatives of the summed log-likelihood: other sign, not divided by N.",
    root=Root.SIGN,
)
def hess_of_log_likelihood(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return -Xb.T @ np.diag(p * (1 - p)) @ Xb


@exercise.mistake(
    "How many numbers has w, how many columns has X, and which column is missing?",
    said="The data are multiplied by the weights without the column of ones, which fails.",
    root=Root.BIAS,
)
def hess_without_bias_column(w, X):
    p = sigmoid(X @ w)
    return X.T @ np.diag(p * (1 - p)) @ X / len(X)


@exercise.property(
    "The order of two derivatives does not matter, so entry (0, 1) and entry (1, 0) are equal; "
    "yours are {one} and {other}. Which index stands where?"
)
def symmetric(f, w, X):
    H = np.asarray(f(w, X))
    if abs(H[0, 1] - H[1, 0]) > 1e-9:
        return {"one": H[0, 1], "other": H[1, 0]}


@exercise.property(
    "The loss curves upwards in every direction, and yours curves by {found} in the direction of "
    "weight {j}. Which factor of an example may be negative?"
)
def never_curved_downwards(f, w, X):
    diagonal = np.diag(np.asarray(f(w, X)))
    if (diagonal < -1e-12).any():
        j = int(np.argmin(diagonal))
        return {"found": diagonal[j], "j": j}


@exercise.property(
    "Write every row down twice and the curvature of a mean stays as it is; entry (0, 0) goes from "
    "{once} to {twice} with your function. By what do you divide?"
)
def the_same_for_every_row_twice(f, w, X):
    once, twice = np.asarray(f(w, X))[0, 0], np.asarray(f(w, np.tile(X, (2, 1))))[0, 0]
    if not np.isclose(once, twice, rtol=1e-6, atol=0):
        return {"once": once, "twice": twice}


exercise.equivalent("-x -> x", because="The slope of the sigmoid is the same on both sides of 0.")
