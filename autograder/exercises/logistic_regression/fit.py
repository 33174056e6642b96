"""Train logistic regression by gradient descent from zeros."""

from __future__ import annotations

import numpy as np

from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import (
    FIVE,
    FIVE_LABELS,
    features,
    labels,
    mixed,
)
from autograder.exercises.logistic_regression.reference import (
    add_bias,
    bce_gradient,
    gradient_descent,
    predict_proba,
    sigmoid,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.fit,
    points=2,
    minutes=6,
    hints=(
        (
            "You have written a gradient and a function that descends. What is still missing "
            "between them?"
        ),
        (
            "gradient_descent wants a function of w alone, your gradient takes X and y as well: "
            "a lambda can hold these two."
        ),
        "Start from zeros: how many of them does a data set with d features need?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(FIVE, FIVE_LABELS, learning_rate=0.01, steps=1000, about=VISIBLE)
    yield case(FIVE, FIVE_LABELS, steps=1, about=VISIBLE)
    X = np.array([[-0.2], [-0.2], [-0.2], [0.2], [0.2], [0.2]])
    y = np.array([0.0, 1, 0, 0, 1, 1])
    yield case(X, y, learning_rate=7.0, steps=300, about="300 steps, to the minimum")
    yield case(150 * X, y, learning_rate=0.01, steps=5, about="a first gradient of length 5")
    y = np.array([0.0, 0, 0, 1, 1, 1])
    yield case(300 * X, y, learning_rate=0.01, steps=4, about="a first gradient of length 30")
    yield case(FIVE, FIVE_LABELS)
    X, y = mixed(rng, 9, 3)
    yield case(X - 0.3, y, learning_rate=0.4, steps=25)
    yield case(features(rng, 4, 3), labels(rng, 4), learning_rate=0.25, steps=12)
    X = np.array([[-1.4], [-0.6], [0.9], [1.7], [2.4]]) + rng.uniform(-0.1, 0.1, (5, 1))
    y = np.array([0.0, 0, 1, 1, 1])
    yield case(X, y, learning_rate=0.5, steps=200, about="classes that a threshold separates")


@exercise.style
def fit_by_descent(X, y, learning_rate=0.1, steps=1000):
    start = np.zeros(X.shape[1] + 1)
    return gradient_descent(lambda w: bce_gradient(w, X, y), start, learning_rate, steps)


@exercise.style
def fit_own_loop(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w -= learning_rate * bce_gradient(w, X, y)
    return w


@exercise.style
def fit_one_function(X, y, learning_rate=0.1, steps=1000):
    N = len(y)
    Xb = np.column_stack((np.ones(N), X))
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-(Xb @ w)))
        w = w - learning_rate * (1 / N) * (Xb.T @ (p - y))
    return w


@exercise.style
def fit_bias_apart(X, y, learning_rate=0.1, steps=1000):
    bias, w = 0.0, np.zeros(X.shape[1])
    for _ in range(steps):
        error = sigmoid(bias + X @ w) - y
        bias -= learning_rate * error.mean()
        w = w - learning_rate * X.T @ error / len(y)
    return [bias, *w]


@exercise.style
def fit_tanh_form(X, y, learning_rate=0.1, steps=1000):
    Xb = np.insert(X, 0, 1.0, axis=1)
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * np.mean((0.5 + 0.5 * np.tanh(Xb @ w / 2) - y)[:, None] * Xb, axis=0)
    return w


@exercise.mistake(
    "How many axes has each of the two arrays that the code glues together?",
    said="The ones are a vector, not a column, so joining them to X fails.",
    root=Root.AXIS,
)
def fit_hstack_1d(X, y, learning_rate=0.1, steps=1000):
    Xb = np.hstack((np.ones(X.shape[0]), X))
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    return w


@exercise.mistake(
    "From which library does the logarithm of your cost come?",
    said="The logarithm is called without its library, so the name log is unknown.",
)
def fit_bare_log(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        p = predict_proba(X, w)
        cost = -np.mean(y * log(p) + (1 - y) * log(1 - p))  # noqa: F821
        if np.isnan(cost):
            break
        w = w - learning_rate * bce_gradient(w, X, y)
    return w


@exercise.mistake(
    "Print the shape of p - y: is it one number per example?",
    said="The labels become a column, so p - y is an N by N matrix.",
    root=Root.AXIS,
)
def fit_column_y_broadcast(X, y, learning_rate=0.1, steps=1000):
    Xb, y = add_bias(X), y.reshape(-1, 1)
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    return w


@exercise.mistake(
    "How many weights has the model, counted with the bias?",
    said="The model is trained without a bias.",
    root=Root.BIAS,
)
def fit_no_bias(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - learning_rate * X.T @ (sigmoid(X @ w) - y) / len(y)
    return w


@exercise.mistake(
    "Which entry of your answer is the bias, the first or the last?",
    said="The bias is the last weight instead of the first.",
    root=Root.BIAS,
)
def fit_bias_last(X, y, learning_rate=0.1, steps=1000):
    Xb = np.column_stack((X, np.ones(len(X))))
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    return w


@exercise.mistake(
    "Write every row down twice: should a step become twice as long?",
    said="The gradient is summed over the examples and not divided by N.",
    root=Root.MEAN,
)
def fit_no_1_over_n(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * len(y) * bce_gradient(w, X, y)
    return w


@exercise.mistake(
    "Does the loss go down during your training, or up?",
    said="The steps are added instead of subtracted, so the loss goes up.",
    root=Root.SIGN,
)
def fit_ascent(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w + learning_rate * bce_gradient(w, X, y)
    return w


@exercise.mistake(
    "What happens to your answer when somebody asks for another learning rate?",
    said="The learning rate is always 0.01, whatever is asked for.",
    root=Root.LOOP,
)
def fit_rate_ignored(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - 0.01 * bce_gradient(w, X, y)
    return w


@exercise.mistake(
    "What happens to your answer when somebody asks for fewer steps?",
    said="The loop always takes 1000 steps, whatever is asked for.",
)
def fit_steps_ignored(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(1000):
        w = w - learning_rate * bce_gradient(w, X, y)
    return w


@exercise.mistake(
    "At which weights does the training start?",
    said="The training starts with all weights at 1 instead of 0.",
)
def fit_from_ones(X, y, learning_rate=0.1, steps=1000):
    w = np.ones(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * bce_gradient(w, X, y)
    return w


@exercise.mistake(
    "Which loss does your gradient belong to? Where did the sigmoid go?",
    said="A linear regression is trained: the sigmoid is missing.",
)
def fit_linear_regression(X, y, learning_rate=0.1, steps=1000):
    Xb = add_bias(X)
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * 2 / len(y) * Xb.T @ (Xb @ w - y)
    return w


@exercise.mistake(
    "Which loss does your gradient belong to? What should have cancelled?",
    said="The training descends the squared error instead of the cross-entropy.",
)
def fit_squared_error(X, y, learning_rate=0.1, steps=1000):
    Xb = add_bias(X)
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        p = sigmoid(Xb @ w)
        w = w - learning_rate * 2 / len(y) * Xb.T @ ((p - y) * p * (1 - p))
    return w


@exercise.mistake(
    "In which units are the features your weights belong to?",
    said="The features are standardised first, so the weights belong to other units.",
)
def fit_standardised(X, y, learning_rate=0.1, steps=1000):
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * bce_gradient(w, X, y)
    return w


@exercise.mistake(
    "Are the weights asked for, or what the model says to the training rows?",
    said="The probabilities of the training rows are returned instead of the weights.",
)
def fit_returns_probabilities(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * bce_gradient(w, X, y)
    return predict_proba(X, w)


@exercise.mistake(
    "How many steps does your loop take where the slope is small, and how many are asked for?",
    said="The training stops as soon as the gradient is small, or the loss falls by little.",
    root=Root.LOOP,
    family={"size": (1e-3, 1e-6), "of_loss": (False, True)},
)
def fit_stops_early(X, y, learning_rate=0.1, steps=1000, *, size=1e-4, of_loss=False):
    Xb = add_bias(X)
    w, before = np.zeros(Xb.shape[1]), np.inf
    for _ in range(steps):
        z = Xb @ w
        g = Xb.T @ (sigmoid(z) - y) / len(y)
        loss = np.mean(np.logaddexp(0, z) - y * z) if of_loss else np.inf
        if abs(before - loss) < size if of_loss else np.linalg.norm(g) < size:
            break
        w, before = w - learning_rate * g, loss
    return w


@exercise.mistake(
    "Where the slope is very steep: is your step as long as the rule says?",
    said="Large gradients are cut off before the step.",
    root=Root.LOOP,
    family={"size": (1, 5, 20)},
)
def fit_clipped_gradient(X, y, learning_rate=0.1, steps=1000, *, size=1):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * np.clip(bce_gradient(w, X, y), -size, size)
    return w


@exercise.mistake(
    "How often is the sum over the examples divided by their number?",
    said="The step is divided by N although the gradient is a mean already.",
    root=Root.MEAN,
)
def fit_divided_twice(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate / len(y) * bce_gradient(w, X, y)
    return w


@exercise.mistake(
    "How many steps does your loop take before it returns?",
    said="The function returns inside the loop, after the first step.",
    root=Root.LOOP,
)
def fit_one_step_only(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * bce_gradient(w, X, y)
        return w


@exercise.property(
    "Without a single step the weights are where they start, at 0; yours are {found} then. What "
    "does your function do beside its steps?"
)
def zeros_without_a_step(f, X, y, learning_rate=0.1, steps=1000):
    found = np.asarray(f(X, y, learning_rate=learning_rate, steps=0))
    if found.shape == (X.shape[1] + 1,) and found.any():
        return {"found": found}


@exercise.property(
    "A first small step from zeros lowers the loss, and yours raises it. Which way does each entry "
    "of your gradient point?"
)
def a_step_lowers_the_loss(f, X, y, learning_rate=0.1, steps=1000):
    w = np.asarray(f(X, y, learning_rate=1e-3, steps=1))
    z = add_bias(X) @ w
    if np.mean(np.logaddexp(0, z) - y * z) > np.log(2):
        return {}


exercise.equivalent(
    "np.exp(-(Xb @ w)) -> np.exp(np.clip(-(Xb @ w), -20, 20))",
    because="Beyond 20 a probability is 0 or 1 to eight digits, and so is the step that it makes.",
)
