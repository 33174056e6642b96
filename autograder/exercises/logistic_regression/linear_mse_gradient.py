"""Gradient of the mean squared error of linear regression."""

from __future__ import annotations

import numpy as np

from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import (
    CLOSE,
    FIVE,
    FIVE_WEIGHTS,
    SHAPES,
    features,
    signed,
    sure,
    weights,
)
from autograder.exercises.logistic_regression.reference import add_bias, sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.linear_mse_gradient,
    points=2,
    minutes=8,
    hints=(
        (
            "Write out one example: the derivative of (z - y)² with respect to one weight. Which "
            "two factors come out of the chain rule?"
        ),
        (
            "You have already written the function that makes X' out of X. Which shapes have X', "
            "X' w, and the residual?"
        ),
        (
            "A residual for every example, (N,), and a result for every weight, (d+1,): which "
            "product of X' and the residual takes one to the other? Then check the factor in "
            "front."
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(FIVE_WEIGHTS, FIVE, np.array([1.2, -0.3, 0.8, 0.1, -0.5]), about=VISIBLE)
    yield case(np.array([0.0, 2]), np.array([[1.0], [2]]), np.array([2.0, 4]), about=VISIBLE)
    w, X, y = sure()
    yield case(w, X, 20 * y - 10, about="with weights of size 8")
    for n, d in SHAPES:
        yield case(weights(rng, d), features(rng, n, d), signed(rng, 0.3, 2.0, n))
    X, y = features(rng, 12, 4), signed(rng, 1.0, 3.0, 12)
    best = np.linalg.lstsq(reference.add_bias(X), y, rcond=None)[0]
    yield case(best + signed(rng, 2e-8, 4e-8, 5), X, y, about=CLOSE)


@exercise.style
def mse_gradient_matrix(w, X, y):
    Xb = add_bias(X)
    return 2 * Xb.T @ (Xb @ w - y) / len(y)


@exercise.style
def mse_gradient_loops(w, X, y):
    gradient = np.zeros(len(w))
    for x, target in zip(X, y):
        residual = w[0] + sum(w[j + 1] * x[j] for j in range(len(x))) - target
        gradient[0] += 2 * residual
        for j in range(len(x)):
            gradient[j + 1] += 2 * residual * x[j]
    return gradient / len(X)


@exercise.style
def mse_gradient_bias_apart(w, X, y):
    residual = X @ w[1:] + w[0] - y
    return np.concatenate(([2 * residual.mean()], 2 * (residual[:, None] * X).mean(axis=0)))


@exercise.style
def mse_gradient_einsum(w, X, y):
    Xb = np.insert(X, 0, 1.0, axis=1)
    residual = np.einsum("nj,j->n", Xb, w) - y
    return (2 / X.shape[0]) * np.einsum("n,nj->j", residual, Xb)


@exercise.style
def mse_gradient_normal_equations(w, X, y):
    Xb = np.c_[np.ones(X.shape[0]), X]
    return list(2 / len(X) * (Xb.T @ Xb @ w - Xb.T @ y))


@exercise.mistake(
    "What does a square leave behind when it is differentiated?",
    said="The factor 2 from the derivative of the square is missing.",
    root=Root.FACTOR_TWO,
)
def mse_grad_no_two(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (Xb @ w - y) / len(y)


@exercise.mistake(
    "Write every row down twice: should the mean error change?",
    said="The gradient is summed over the examples and not divided by N.",
    root=Root.MEAN,
)
def mse_grad_no_n(w, X, y):
    Xb = add_bias(X)
    return 2 * Xb.T @ (Xb @ w - y)


@exercise.mistake(
    "A prediction is too high: should the bias go up or down?",
    said="The residual is label minus prediction, so the gradient has the wrong sign.",
    root=Root.SIGN,
)
def mse_grad_residual_sign(w, X, y):
    Xb = add_bias(X)
    return 2 / len(y) * Xb.T @ (y - Xb @ w)


@exercise.mistake(
    "This is the recap: does the model have a sigmoid already?",
    said="A sigmoid is applied to the scores, although the model is linear.",
)
def mse_grad_used_for_any_model(w, X, y):
    Xb = add_bias(X)
    return 2 / len(y) * Xb.T @ (sigmoid(Xb @ w) - y)


@exercise.mistake(
    "Which power of the residual is left after one derivative?",
    said="The residual is still squared, although a derivative was taken.",
)
def mse_grad_squared_residual(w, X, y):
    Xb = add_bias(X)
    return 2 / len(y) * Xb.T @ (Xb @ w - y) ** 2


@exercise.mistake(
    "How many weights has the model, counted with the bias?",
    said="The entry of the bias is missing from the gradient.",
    root=Root.BIAS,
)
def mse_grad_no_bias(w, X, y):
    return 2 / len(y) * X.T @ (X @ w[1:] + w[0] - y)


@exercise.mistake(
    "Which weight comes first in w, and which column in your matrix?",
    said="The column of ones stands last, although w holds the bias first.",
    root=Root.BIAS,
)
def mse_grad_bias_last(w, X, y):
    Xb = np.column_stack((X, np.ones(len(X))))
    return 2 / len(y) * Xb.T @ (Xb @ w - y)


@exercise.mistake(
    "Over what is the mean taken, over the weights or the examples?",
    said="The sum is divided by the number of weights, not of examples.",
    root=Root.MEAN,
)
def mse_grad_divided_by_weights(w, X, y):
    Xb = add_bias(X)
    return 2 / len(w) * Xb.T @ (Xb @ w - y)


@exercise.mistake(
    "Close to the minimum a difference quotient loses its digits: can you differentiate by hand?",
    said="A difference quotient replaces the derivative, and digits are lost.",
    root=Root.DIGITS,
)
def mse_grad_difference_quotient(w, X, y):
    Xb = add_bias(X)

    def loss(w):
        return np.mean((Xb @ w - y) ** 2)

    h = 1e-5
    return np.array([(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(len(w))])


@exercise.mistake(
    "Which entry of w is the bias, and which entry of your gradient?",
    said="The bias's entry of the gradient stands last instead of first.",
    root=Root.BIAS,
)
def mse_grad_bias_at_the_end(w, X, y):
    residual = add_bias(X) @ w - y
    return 2 / len(y) * np.append(X.T @ residual, residual.sum())


@exercise.mistake(
    "Is a factor 2 gone, and is the mean gone as well?",
    said="Neither the factor 2 nor the division by N is there.",
    root=Root.MEAN,
)
def mse_grad_no_two_no_n(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (Xb @ w - y)


@exercise.mistake(
    "How large is the residual in your formula, and how large is it really?",
    said="The gradient is cut off, so large residuals count too little.",
    root=Root.DIGITS,
    family={"size": (1.0, 2.0, 5.0)},
)
def mse_grad_clipped(w, X, y, *, size=5.0):
    Xb = add_bias(X)
    return np.clip(2 / len(y) * Xb.T @ (Xb @ w - y), -size, size)


@exercise.mistake(
    "How many numbers has w, how many columns has X, and which column is missing?",
    said="The data are multiplied by the weights without the column of ones, which fails.",
    root=Root.BIAS,
)
def mse_grad_without_bias_column(w, X, y):
    return 2 / len(y) * X.T @ (X @ w - y)


@exercise.property(
    "Where the line meets every example there is nothing to improve, and your gradient is {found} "
    "there. What does each example multiply?"
)
def nothing_where_all_is_met(f, w, X, y):
    found = np.asarray(f(w, X, X @ w[1:] + w[0]))
    if found.shape == w.shape and not np.allclose(found, 0, atol=1e-9):
        return {"found": found}


@exercise.property(
    "Write every row down twice and the gradient of a mean stays as it is; its first entry goes "
    "from {once} to {twice} with your function. By what do you divide?"
)
def the_same_for_every_row_twice(f, w, X, y):
    once, twice = np.asarray(f(w, X, y))[0], np.asarray(f(w, np.tile(X, (2, 1)), np.tile(y, 2)))[0]
    if not np.isclose(once, twice, rtol=1e-6, atol=0):
        return {"once": once, "twice": twice}


@exercise.property(
    "A small step against the gradient lowers the error, and a step against yours raises it, from "
    "w = {w}. Which way does each of its entries point?"
)
def a_step_lowers_the_error(f, w, X, y):
    g = np.asarray(f(w, X, y))
    if g.shape != w.shape or not g.any():
        return None
    Xb, stepped = add_bias(X), w - 1e-4 * g / np.linalg.norm(g)
    if np.mean((Xb @ stepped - y) ** 2) > np.mean((Xb @ w - y) ** 2):
        return {"w": w}
