"""Forward pass of the network."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.inputs import LARGE, SIZES, SURE, large, problem, sure
from autograder.exercises.backprop_by_hand.reference import sigmoid
from autograder.exercises.guards import clipped, lowered, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.forward,
    points=2,
    minutes=8,
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
    yield case(*large(), about=LARGE)


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


def through(X, params, hidden=sigmoid, output=sigmoid):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = hidden(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": output(u3)}


@exercise.mistake(
    "Two large scores come out alike: what did you do to them before the sigmoid?",
    said="The scores are cut off before the sigmoid, so large ones look alike.",
    root=Root.DIGITS,
    family={"size": (2.0, 3.0, 5.0), "where": ("both layers", "hidden layer")},
)
def net_cut_scores(X, params, *, size=5.0, where="both layers"):
    def cut(u):
        return sigmoid(np.clip(u, -size, size))

    return through(X, params, cut, sigmoid if where == "hidden layer" else cut)


@exercise.mistake(
    "How close may a prediction come to 0 and 1, and how close do yours come?",
    said="The predictions are cut off before they are returned.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4), "guard": (clipped, raised, lowered)},
)
def net_cut_predictions(X, params, *, size=1e-2, guard=clipped):
    cache = through(X, params)
    return {**cache, "y_hat": guard(cache["y_hat"], size)}


@exercise.mistake(
    "The sigmoid is a tanh that was moved and stretched: by how much is the score stretched?",
    said="The tanh form of the sigmoid has the score itself where its half belongs.",
    root=Root.FACTOR_TWO,
)
def net_tanh_of_whole_score(X, params):
    def stretched(u):
        return 0.5 * (1 + np.tanh(u))

    return through(X, params, stretched, stretched)


@exercise.mistake(
    "All inputs 0: does anything reach the output?",
    said="The biases of all layers are left out.",
    root=Root.BIAS,
)
def net_no_biases(X, params):
    h1 = np.tanh(X @ params["W1"])
    h2 = sigmoid(h1 @ params["W2"])
    u3 = h2 @ params["U"]
    u1, u2 = X @ params["W1"], h1 @ params["W2"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@exercise.mistake(
    "Is every term of the second affine map there?",
    said="The bias b2 is left out of the second layer.",
    root=Root.BIAS,
)
def net_no_b2(X, params):
    return through(X, {**params, "b2": 0.0 * params["b2"]})


@exercise.mistake(
    "What do the hidden units of this network do with a negative score?",
    said="The hidden layers use ReLU instead of tanh and the sigmoid.",
)
def net_relu(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(u1, 0)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(u2, 0)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@exercise.mistake(
    "In this course rows are examples: which axis of your values counts them?",
    said="The examples stand in columns, as in other courses.",
    root=Root.AXIS,
)
def net_examples_in_columns(X, params):
    u1 = params["W1"].T @ X.T + params["b1"][:, None]
    h1 = np.tanh(u1)
    u2 = params["W2"].T @ h1 + params["b2"][:, None]
    h2 = sigmoid(u2)
    u3 = params["U"] @ h2 + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@exercise.mistake(
    "U is a vector: which axis of length 1 is left over in your output?",
    said="The scores and predictions of the output are columns instead of vectors.",
    root=Root.AXIS,
)
def net_column_output(X, params):
    cache = through(X, params)
    return {**cache, "u3": cache["u3"][:, None], "y_hat": cache["y_hat"][:, None]}


@exercise.mistake(
    "One dict is asked for: what else do you return?",
    said="The prediction is returned beside the dict of values, as in other courses.",
)
def net_prediction_and_cache(X, params):
    cache = through(X, params)
    return cache["y_hat"], cache


@exercise.mistake(
    "By which names will backward ask for these values?",
    said="The values have the names of another course, Z1 and A1.",
)
def net_other_names(X, params):
    cache, names = through(X, params), ("Z1", "A1", "Z2", "A2", "Z3", "A3")
    return dict(zip(names, cache.values()))


@exercise.property(
    "Each example goes through the network alone; your prediction for the first is {alone} by "
    "itself and {together} in the batch. What does an example see of the others?"
)
def every_example_by_itself(f, X, params):
    together, alone = f(X, params)["y_hat"], f(X[:1], params)["y_hat"]
    if np.shape(together) == (len(X),) and not np.isclose(together[0], alone[0], rtol=1e-6):
        return {"alone": alone[0], "together": together[0]}


@exercise.property(
    "Without any weights and biases every score is 0: your h1 is {h1}, your h2 is {h2} and your "
    "prediction {y_hat}. Which value has each activation at 0?"
)
def without_weights(f, X, params):
    found = f(X, {name: 0 * value for name, value in params.items()})
    h1, h2, y_hat = (np.asarray(found[name]).flat[0] for name in ("h1", "h2", "y_hat"))
    if not np.allclose([h1, h2, y_hat], [0, 0.5, 0.5], atol=1e-9):
        return {"h1": h1, "h2": h2, "y_hat": y_hat}


exercise.equivalent(
    "np.dot(h2, params['U']) -> np.dot(params['U'], h2)",
    because="A product of two vectors is the same in either order.",
)
