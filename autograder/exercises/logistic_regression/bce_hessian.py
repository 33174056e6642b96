"""Second derivatives of the mean binary cross-entropy."""

from __future__ import annotations

import numpy as np

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
    yield case(w, X[:2], about="scores of 20 and -20")
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
