"""Gradient of the mean binary cross-entropy of logistic regression."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, lowered, raised
from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import (
    FIVE,
    FIVE_LABELS,
    FIVE_WEIGHTS,
    SURE,
    classified,
    sure,
)
from autograder.exercises.logistic_regression.reference import (
    add_bias,
    bce_gradient,
    bce_loss,
    predict_proba,
    sigmoid,
    sigmoid_derivative,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.bce_gradient,
    points=3,
    minutes=10,
    hints=(
        "Take one example. What is left of the slope of the loss times the slope of the sigmoid?",
        (
            "It has the same shape as the gradient of linear regression. What takes the place of "
            "the score there, and which factor is gone?"
        ),
        (
            "Print the shapes: X' (N, d+1), error (N,). The result must be (d+1,). Over what "
            "does the mean run?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(FIVE_WEIGHTS, FIVE, FIVE_LABELS, about=VISIBLE)
    yield case(np.zeros(4), FIVE, FIVE_LABELS, about=VISIBLE)
    w, X, y = sure()
    yield case(w, X, y, about=SURE)
    yield case(w, X[:2], y[:2], about="sure and right")
    yield case(w, X, np.zeros(len(X)), about="sure, and wrong for every second one")
    for w, X, y, about in classified(rng):
        yield case(w, X, y, about=about)


@exercise.style
def bce_gradient_matrix(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y) / len(y)


@exercise.style
def bce_gradient_loops(w, X, y):
    gradient = np.zeros(len(w))
    for x, label in zip(X, y):
        z = w[0] + sum(w[j + 1] * x[j] for j in range(len(x)))
        error = 1 / (1 + math.exp(-z)) - label
        gradient[0] += error
        for j in range(len(x)):
            gradient[j + 1] += error * x[j]
    return gradient / len(X)


@exercise.style
def bce_gradient_bias_apart(w, X, y):
    error = predict_proba(X, w) - y
    return np.append(np.mean(error), (X * error[:, np.newaxis]).mean(axis=0))


@exercise.style
def bce_gradient_einsum(w, X, y):
    Xb = np.c_[np.ones(len(X)), X]
    return np.einsum("n,nj->j", sigmoid(np.einsum("nj,j->n", Xb, w)) - y, Xb) / X.shape[0]


@exercise.style
def bce_gradient_whole_chain(w, X, y):
    Xb = add_bias(X)
    z = Xb @ w
    p = sigmoid(z)
    dp = (p - y) / (p * (1 - p)) / len(y)
    dz = dp * sigmoid_derivative(z)
    return Xb.T @ dz


@exercise.style
def bce_gradient_list_of_means(w, X, y):
    error = predict_proba(X, w) - y
    return [error.mean()] + [(error * X[:, j]).mean() for j in range(X.shape[1])]


@exercise.mistake(
    "The loss is a mean: what does that make of its derivative?",
    said="The gradient is summed over the examples and not divided by N.",
    root=Root.MEAN,
)
def lrgrad_no_1_over_n(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y)


@exercise.mistake(
    "Take a small step against your gradient: does the loss go down?",
    said="The error is label minus probability, so the gradient has the wrong sign.",
    root=Root.SIGN,
)
def lrgrad_sign(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (y - sigmoid(Xb @ w)) / len(y)


@exercise.mistake(
    "Multiply the slopes of the loss and of the sigmoid: what cancels?",
    said="The slope of the sigmoid is multiplied in, although it cancels.",
    root=Root.CHAIN,
)
def lrgrad_extra_sigmoid_prime(w, X, y):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return Xb.T @ ((p - y) * p * (1 - p)) / len(y)


@exercise.mistake(
    "A factor 2 comes from a square: is there one in this loss?",
    said="A factor 2 is added, although this loss contains no square.",
    root=Root.FACTOR_TWO,
)
def lrgrad_factor_two(w, X, y):
    Xb = add_bias(X)
    return 2 / len(y) * Xb.T @ (sigmoid(Xb @ w) - y)


@exercise.mistake(
    "What is compared with the label, the score or the probability?",
    said="The label is subtracted from the score instead of the probability.",
)
def lrgrad_logit_residual(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (Xb @ w - y) / len(y)


@exercise.mistake(
    "Does your gradient change at all when the weights move a little?",
    said="The label is compared with the predicted class instead of the probability.",
)
def lrgrad_perceptron(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ ((sigmoid(Xb @ w) >= 0.5) - y) / len(y)


@exercise.mistake(
    "Which column of X' belongs to the bias, and what is in it?",
    said="The bias's entry of the gradient is set to 0.",
    root=Root.BIAS,
)
def lrgrad_bias_dropped(w, X, y):
    gradient = bce_gradient(w, X, y)
    gradient[0] = 0
    return gradient


@exercise.mistake(
    "Is the bias averaged over the examples like the other weights?",
    said="The bias's entry is summed over the examples and not divided by N.",
    root=Root.MEAN,
)
def lrgrad_bias_not_averaged(w, X, y):
    gradient = bce_gradient(w, X, y)
    gradient[0] *= len(y)
    return gradient


@exercise.mistake(
    "One number per weight or one per example: which are asked for?",
    said="The mean runs over the weights, which leaves one number per example.",
    root=Root.AXIS,
)
def lrgrad_wrong_axis(w, X, y):
    Xb = add_bias(X)
    return np.mean((sigmoid(Xb @ w) - y)[:, None] * Xb, axis=1)


@exercise.mistake(
    "Over what does the loss average, the weights or the examples?",
    said="The sum is divided by the number of weights, not of examples.",
    root=Root.MEAN,
)
def lrgrad_divided_by_features(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y) / Xb.shape[1]


@exercise.mistake(
    "Print the shape of p - y: is it one number per example?",
    said="The labels become a column, so p - y is an N by N matrix.",
    root=Root.AXIS,
)
def lrgrad_column_y_broadcast(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y.reshape(-1, 1)) / len(y)


@exercise.mistake(
    "How does a weight learn which feature is its own?",
    said="The factor x is missing: every weight gets the mean error.",
    root=Root.CHAIN,
)
def lrgrad_no_inputs(w, X, y):
    return np.full(len(w), np.mean(predict_proba(X, w) - y))


@exercise.mistake(
    "How many weights has the model, counted with the bias?",
    said="The entry of the bias is missing from the gradient.",
    root=Root.BIAS,
)
def lrgrad_no_bias(w, X, y):
    return X.T @ (predict_proba(X, w) - y) / len(y)


@exercise.mistake(
    "Which weight comes first in w, and which column in your matrix?",
    said="The column of ones stands last, although w holds the bias first.",
    root=Root.BIAS,
)
def lrgrad_bias_last(w, X, y):
    Xb = np.column_stack((X, np.ones(len(X))))
    return Xb.T @ (sigmoid(Xb @ w) - y) / len(y)


@exercise.mistake(
    "Close to the minimum a difference quotient loses its digits: can you differentiate by hand?",
    said="A difference quotient replaces the derivative, and digits are lost.",
    root=Root.DIGITS,
)
def lrgrad_difference_quotient(w, X, y):
    h = 1e-5
    return np.array(
        [
            (bce_loss(y, predict_proba(X, w + h * e)) - bce_loss(y, predict_proba(X, w - h * e)))
            / (2 * h)
            for e in np.eye(len(w))
        ]
    )


@exercise.mistake(
    "Two models, one sure and one very sure: does your answer tell them apart?",
    said="The probabilities, or the scores before them, are cut off, so that sure ones look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised, lowered)},
)
def lrgrad_clipped(w, X, y, *, size=1e-6, guard=clipped):
    Xb = add_bias(X)
    return Xb.T @ (guard(sigmoid(Xb @ w), size) - y) / len(y)


@exercise.mistake(
    "Is it the loss that should fall, or a likelihood that should rise? And sum or mean?",
    said="The gradient of the summed log-likelihood is returned: other sign, not divided by N.",
    root=Root.SIGN,
)
def lrgrad_of_log_likelihood(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (y - sigmoid(Xb @ w))


@exercise.mistake(
    "Which entry of w is the bias, and which entry of your gradient?",
    said="The bias's entry of the gradient stands last instead of first.",
    root=Root.BIAS,
)
def lrgrad_bias_at_the_end(w, X, y):
    error = predict_proba(X, w) - y
    return np.append(X.T @ error, error.sum()) / len(y)


@exercise.mistake(
    "How many numbers has w, how many columns has X, and which column is missing?",
    said="The data are multiplied by the weights without the column of ones, which fails.",
    root=Root.BIAS,
)
def lrgrad_without_bias_column(w, X, y):
    return X.T @ (sigmoid(X @ w) - y) / len(y)


@exercise.property(
    "Write every row down twice and the gradient of a mean stays as it is; its first entry goes "
    "from {once} to {twice} with your function. By what do you divide?"
)
def the_same_for_every_row_twice(f, w, X, y):
    once, twice = np.asarray(f(w, X, y)), np.asarray(f(w, np.tile(X, (2, 1)), np.tile(y, 2)))
    if once.shape == twice.shape == w.shape and not np.allclose(once, twice, rtol=1e-6):
        place = int(np.argmax(np.abs(once - twice)))
        if place == 0:
            return {"once": once[0], "twice": twice[0]}


@exercise.property(
    "A small step against the gradient lowers the loss, and a step against yours raises it, from "
    "w = {w}. Which way does each of its entries point?"
)
def a_step_lowers_the_loss(f, w, X, y):
    g = np.asarray(f(w, X, y))
    if g.shape != w.shape or not g.any():
        return None
    stepped = w - 1e-4 * g / np.linalg.norm(g)
    if bce_loss(y, predict_proba(X, stepped)) > bce_loss(y, predict_proba(X, w)):
        return {"w": w}
