"""Hidden activations and scores of a network with one hidden sigmoid layer."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import lowered, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import GRAPH_NETWORK
from autograder.exercises.softmax_jacobian.reference import softmax
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.network_scores,
    points=2,
    minutes=8,
    parts=("the hidden activations", "the scores"),
    hints=(
        (
            "Write the shapes under X, theta1 and beta1. Which of them must be turned round so "
            "that the product exists?"
        ),
        (
            "A row of theta holds the weights into one unit. The intercepts are added to every "
            "row of the batch: NumPy does that by itself."
        ),
        (
            "The second layer sees the activations, not the sums before the sigmoid. There is no "
            "second activation: scores are asked for."
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(*GRAPH_NETWORK, about=VISIBLE)
    w = np.array([[8.0, -8.0], [-8.0, 4.0], [8.0, 8.0]])
    X = np.array([[2.0, 0.5], [-2.0, 1.5], [0.25, -2.0], [1.0, 1.0]])
    yield case(
        X, w, np.array([0.5, -0.25, 1.0]), 8 * np.eye(2, 3) - 4, np.array([8.0, -8.0]),
        about="with weights of size 8, so that units saturate",
    )  # fmt: skip
    for n, d0, d, k, about in (
        (4, 2, 3, 5, ""),
        (5, 4, 2, 3, ""),
        (3, 3, 3, 3, "all layers of the same width"),
    ):
        yield case(
            rng.normal(0, 1, (n, d0)),
            rng.normal(0, 1, (d, d0)),
            rng.normal(0.5, 1, d),
            rng.normal(0, 1, (k, d)),
            rng.normal(-0.5, 1, k),
            about=about,
        )


@exercise.style
def network_matrix_products(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o, o @ theta2.T + beta2


@exercise.style
def network_einsum(X, theta1, beta1, theta2, beta2):
    s1 = np.einsum("ni,ji->nj", X, theta1) + beta1
    o = 0.5 * (1 + np.tanh(s1 / 2))
    return (o, np.einsum("nj,kj->nk", o, theta2) + beta2)


@exercise.style
def network_example_by_example(X, theta1, beta1, theta2, beta2):
    hidden, scores = [], []
    for x in X:
        o = 1 / (1 + np.exp(-(theta1 @ x + beta1)))
        hidden.append(o)
        scores.append(theta2 @ o + beta2)
    return np.array(hidden), np.array(scores)


@exercise.style
def network_loops(X, theta1, beta1, theta2, beta2):
    def layer(rows, theta, beta):
        return [
            [b + sum(w * x for w, x in zip(weights, row)) for weights, b in zip(theta, beta)]
            for row in rows
        ]

    o = [[1 / (1 + math.exp(-z)) for z in row] for row in layer(X, theta1, beta1)]
    return [o, layer(o, theta2, beta2)]


@exercise.mistake(
    "Which weights belong to one unit: a row of theta, or a column?",
    said="The weight matrices are not transposed.",
    root=Root.AXIS,
)
def network_no_transpose(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1 + beta1)))
    return o, o @ theta2 + beta2


@exercise.mistake(
    "All inputs 0: does anything reach the hidden units?",
    said="The intercepts of both layers are left out.",
    root=Root.BIAS,
)
def network_no_bias(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T)))
    return o, o @ theta2.T


@exercise.mistake(
    "What happens between the two layers?",
    said="The hidden layer has no sigmoid.",
)
def network_no_sigmoid(X, theta1, beta1, theta2, beta2):
    o = X @ theta1.T + beta1
    return o, o @ theta2.T + beta2


@exercise.mistake(
    "Scores are asked for: may they be negative, and are yours?",
    said="A second sigmoid is applied to the scores.",
)
def network_sigmoid_twice(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o, 1 / (1 + np.exp(-(o @ theta2.T + beta2)))


@exercise.mistake(
    "Scores are asked for: do yours add up to 1?",
    said="The scores are turned into probabilities by a softmax.",
)
def network_probabilities(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o, softmax(o @ theta2.T + beta2)


@exercise.mistake(
    "What does the second layer see: sums, or activations?",
    said="The second layer gets the sums instead of the activations.",
)
def network_second_layer_of_sums(X, theta1, beta1, theta2, beta2):
    s1 = X @ theta1.T + beta1
    return 1 / (1 + np.exp(-s1)), s1 @ theta2.T + beta2


@exercise.mistake(
    "Where does a sigmoid lie for a large positive sum, near 0 or near 1?",
    said="The exponent in the sigmoid has the wrong sign.",
    root=Root.SIGN,
    leads=("COMPLEMENT",),
)
def network_sigmoid_sign(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(X @ theta1.T + beta1))
    return o, o @ theta2.T + beta2


@exercise.mistake(
    "Which activation does Softmax e grafo put into its hidden layer?",
    said="The hidden layer uses tanh instead of the sigmoid.",
)
def network_tanh(X, theta1, beta1, theta2, beta2):
    o = np.tanh(X @ theta1.T + beta1)
    return o, o @ theta2.T + beta2


@exercise.mistake(
    "Two things are asked for: in which order?",
    said="The two results are returned in the wrong order.",
    root=Root.SWAPPED,
)
def network_swapped(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o @ theta2.T + beta2, o


@exercise.mistake(
    "The loss later needs one of them, the gradient both: which is missing?",
    said="Only the scores are returned, without the hidden activations.",
)
def network_scores_alone(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o @ theta2.T + beta2


@exercise.mistake(
    "Two large sums come out alike: what did you do to them before the sigmoid, or after it?",
    said="The hidden sums or activations are cut off, so large ones look alike.",
    root=Root.DIGITS,
    family={"size": (2.0, 3.0, 5.0, 8.0)},
)
def network_clipped_sums(X, theta1, beta1, theta2, beta2, *, size=5.0):
    o = 1 / (1 + np.exp(-np.clip(X @ theta1.T + beta1, -size, size)))
    return o, o @ theta2.T + beta2


@exercise.mistake(
    "How close may an activation come to 0 and 1, and how close do yours come?",
    said="The activations are cut off on one side.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-3, 1e-4), "guard": (raised, lowered)},
)
def network_cut_activations(X, theta1, beta1, theta2, beta2, *, size=1e-3, guard=raised):
    o = guard(1 / (1 + np.exp(-(X @ theta1.T + beta1))), size)
    return o, o @ theta2.T + beta2


@exercise.mistake(
    "The sigmoid is a tanh that was moved and stretched: by how much is the sum stretched?",
    said="The tanh form has the sum itself where its half belongs.",
    root=Root.FACTOR_TWO,
)
def network_tanh_of_whole_sum(X, theta1, beta1, theta2, beta2):
    o = 0.5 * (1 + np.tanh(X @ theta1.T + beta1))
    return o, o @ theta2.T + beta2


@exercise.mistake(
    "What do the lecture's hidden units do with a negative sum?",
    said="The hidden layer uses ReLU instead of the sigmoid.",
)
def network_relu(X, theta1, beta1, theta2, beta2):
    o = np.maximum(X @ theta1.T + beta1, 0)
    return o, o @ theta2.T + beta2


@exercise.mistake(
    "All inputs 0: does an intercept reach both layers?",
    said="The intercepts of the second layer are left out.",
    root=Root.BIAS,
)
def network_no_second_bias(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o, o @ theta2.T


@exercise.mistake(
    "In this course rows are examples: which axis of your answer counts them?",
    said="The examples stand in columns, as in other courses.",
    root=Root.AXIS,
)
def network_examples_in_columns(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(theta1 @ X.T + beta1[:, None])))
    return o, theta2 @ o + beta2[:, None]


@exercise.property(
    "A hidden activation lies between 0 and 1, and yours is {found}. What happens to the sum?"
)
def activations_between_zero_and_one(f, X, theta1, beta1, theta2, beta2):
    o = np.asarray(f(X, theta1, beta1, theta2, beta2)[0])
    bad = (o < 0) | (o > 1)
    if bad.any():
        return {"found": o[bad].flat[0]}


@exercise.property(
    "Without any weights and intercepts every sum is 0 and every activation one half, and yours is "
    "{found}. What stands inside the sigmoid?"
)
def one_half_without_weights(f, X, theta1, beta1, theta2, beta2):
    o = np.asarray(f(X, 0 * theta1, 0 * beta1, theta2, beta2)[0])
    if o.shape == (len(X), len(beta1)) and not np.allclose(o, 0.5):
        return {"found": o.flat[0]}


exercise.equivalent(
    "zip(weights, row) -> zip(row, weights)",
    because="The products, sums or differences are the same in either order.",
)
