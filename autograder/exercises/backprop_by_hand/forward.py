"""Forward pass of the network."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.inputs import SIZES, SURE, problem, sure
from autograder.exercises.backprop_by_hand.reference import sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.forward,
    points=2,
    minutes=6,
    hints=(
        "Six lines, one for each value, in the order of section 4.",
        (
            "Which of the three layers has which activation? Print the shape of every value and "
            "compare it with layer_shapes."
        ),
        (
            "u1 of the first example must be (0.76, -1.32, 0.13, 0.97). If it is (0.66, -1.12, "
            "-0.17, 0.92), something was not added."
        ),
    ),
)


@exercise.cases
def cases(rng):
    for sizes in SIZES:
        X, _, params = problem(rng, *sizes)
        yield case(X, params)
    X, _, params = recorded.network()
    yield case(X, params, about=VISIBLE)
    yield case(X[:1], params, about=VISIBLE)
    X, _, params = sure()
    yield case(X, params, about=SURE)


@exercise.style
def forward_plain(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = 1 / (1 + np.exp(-u2))
    u3 = h2 @ params["U"] + params["c"]
    y_hat = 1 / (1 + np.exp(-u3))
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": y_hat}


@exercise.style
def forward_einsum(X, params):
    cache = {"X": X}
    cache["u1"] = np.einsum("ni,ij->nj", X, params["W1"]) + params["b1"]
    cache["h1"] = np.tanh(cache["u1"])
    cache["u2"] = np.einsum("nj,jk->nk", cache["h1"], params["W2"]) + params["b2"]
    cache["h2"] = sigmoid(cache["u2"])
    cache["u3"] = np.einsum("nk,k->n", cache["h2"], params["U"]) + params["c"]
    cache["y_hat"] = sigmoid(cache["u3"])
    return cache


@exercise.style
def forward_row_by_row(X, params):
    cache = {"u1": [], "h1": [], "u2": [], "h2": [], "u3": [], "y_hat": []}
    for x in X:
        u1 = params["b1"] + x @ params["W1"]
        h1 = (np.exp(u1) - np.exp(-u1)) / (np.exp(u1) + np.exp(-u1))
        u2 = params["b2"] + h1 @ params["W2"]
        h2 = 0.5 * (1 + np.tanh(u2 / 2))
        u3 = float(np.dot(h2, params["U"])) + params["c"]
        values = (u1, h1, u2, h2, u3, 1 / (1 + math.exp(-u3)))
        for name, value in zip(cache, values):
            cache[name].append(value)
    return cache


@exercise.style
def forward_unpacked(X, params):
    W1, b1, W2, b2, U, c = (params[name] for name in ("W1", "b1", "W2", "b2", "U", "c"))
    u1 = np.dot(X, W1) + b1
    h1 = 2 * sigmoid(2 * u1) - 1
    u2 = np.dot(h1, W2) + b2
    h2 = sigmoid(u2)
    u3 = (h2 * U).sum(axis=1) + c
    return dict(u1=u1, h1=h1, u2=u2, h2=h2, u3=u3, y_hat=sigmoid(u3))


@exercise.mistake(
    "Which activation belongs to the first hidden layer?",
    said="The first hidden layer uses the sigmoid instead of tanh.",
)
def net_h1_sigmoid(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = sigmoid(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@exercise.mistake(
    "Which activation belongs to the second hidden layer?",
    said="The second hidden layer uses tanh instead of the sigmoid.",
)
def net_h2_tanh(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@exercise.mistake(
    "Is every term of the first affine map there?",
    said="The bias b1 is left out of the first layer.",
    root=Root.BIAS,
)
def net_no_b1(X, params):
    u1 = X @ params["W1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@exercise.mistake(
    "Does the output unit have an intercept?",
    said="The bias c is left out of the output unit.",
    root=Root.BIAS,
)
def net_no_c(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@exercise.mistake(
    "Two affine maps in a row: into what do they collapse?",
    said="The first hidden layer has no activation, so it stays linear.",
)
def net_linear_hidden(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = u1
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@exercise.mistake(
    "Is the last value a score or a probability?",
    said="The score u3 is returned as the prediction, without the last sigmoid.",
)
def net_output_is_score(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": u3}


@exercise.mistake(
    "What flows into the second layer: the scores of the first or its outputs?",
    said="The next layer receives the scores instead of the activations.",
)
def net_scores_passed_on(X, params):
    u1 = X @ params["W1"] + params["b1"]
    u2 = u1 @ params["W2"] + params["b2"]
    u3 = u2 @ params["U"] + params["c"]
    return {
        "u1": u1,
        "h1": np.tanh(u1),
        "u2": u2,
        "h2": sigmoid(u2),
        "u3": u3,
        "y_hat": sigmoid(u3),
    }
