"""Gradients of half the squared error of the 2-2-1 network."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import LARGE, away_from_zero
from autograder.exercises.backprop_by_hand.reference import sigmoid, sigmoid_derivative
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.small_network_gradients,
    points=3,
    parts=("the gradient of W1", "the gradient of W2"),
    minutes=20,
    hints=(
        (
            "Do the forward pass first and compare a, z2 and h with the numbers of section 2. "
            "Which of your vectors need a 1 in front?"
        ),
        (
            "Compute the delta of the output, a single number, and then those of the two hidden "
            "units, a vector of two. Which entry of W2 has no part in the second?"
        ),
        (
            "Two free indices, no sum: which NumPy function gives all products of two vectors? "
            "The result must have three rows, one of them for the constant."
        ),
    ),
)


@exercise.cases
def cases(rng):
    for y in (1.0, 0.0, 1.0):
        x, W2 = away_from_zero(rng, 2), np.array([0.4, -0.9, 1.4]) * rng.uniform(0.7, 1.3, 3)
        yield case(x, y, away_from_zero(rng, 3, 2), rng.permutation(W2))
    W1 = np.array([[0.1, -0.2], [0.4, 0.3], [-0.5, 0.6]])
    yield case(np.array([0.5, -1.0]), 1.0, W1, np.array([0.2, -0.7, 0.9]), about=VISIBLE)
    # z2 is -4 and 5: outputs of 0.02 and 0.99, which a cut-off would change.
    yield case(np.array([0.5, -1.0]), 1.0, 8 * W1, np.array([-2.0, -8.0, 8.0]), about=LARGE)
    yield case(np.array([-0.5, 0.25]), 0.0, 8 * W1, np.array([4.0, 8.0, -8.0]), about=LARGE)


@exercise.style
def small_outer(x, y, W1, W2):
    x_ext = np.r_[1.0, x]
    z1 = x_ext @ W1
    a_ext = np.r_[1.0, sigmoid(z1)]
    z2 = a_ext @ W2
    delta2 = (sigmoid(z2) - y) * sigmoid_derivative(z2)
    delta1 = delta2 * W2[1:] * sigmoid_derivative(z1)
    return np.outer(x_ext, delta1), delta2 * a_ext


@exercise.style
def small_loops(x, y, W1, W2):
    inputs = [1.0, float(x[0]), float(x[1])]
    a = []
    for j in range(2):
        z = sum(inputs[i] * W1[i, j] for i in range(3))
        a.append(1 / (1 + math.exp(-z)))
    h = 1 / (1 + math.exp(-(W2[0] + W2[1] * a[0] + W2[2] * a[1])))
    delta2 = (h - y) * h * (1 - h)
    dW2 = [delta2, delta2 * a[0], delta2 * a[1]]
    dW1 = np.zeros((3, 2))
    for i in range(3):
        for j in range(2):
            dW1[i, j] = delta2 * W2[j + 1] * a[j] * (1 - a[j]) * inputs[i]
    return dW1, dW2


@exercise.style
def small_matrices(x, y, W1, W2):
    x_ext = np.concatenate(([1.0], x)).reshape(1, 3)
    a_ext = np.concatenate(([[1.0]], sigmoid(x_ext @ W1)), axis=1)
    h = sigmoid(a_ext @ W2.reshape(3, 1))
    delta2 = (h - y) * h * (1 - h)
    delta1 = (delta2 @ W2.reshape(3, 1).T)[:, 1:] * a_ext[:, 1:] * (1 - a_ext[:, 1:])
    return x_ext.T @ delta1, (a_ext.T @ delta2).ravel()


@exercise.style
def small_five_factors(x, y, W1, W2):
    x0, x1, x2 = 1.0, x[0], x[1]
    a1 = sigmoid(W1[0, 0] + W1[1, 0] * x1 + W1[2, 0] * x2)
    a2 = sigmoid(W1[0, 1] + W1[1, 1] * x1 + W1[2, 1] * x2)
    h = sigmoid(W2[0] + W2[1] * a1 + W2[2] * a2)
    dL_dh = h - y
    dh_dz = h * (1 - h)
    column1 = [dL_dh * dh_dz * W2[1] * (a1 * (1 - a1)) * v for v in (x0, x1, x2)]
    column2 = [dL_dh * dh_dz * W2[2] * (a2 * (1 - a2)) * v for v in (x0, x1, x2)]
    return [np.column_stack([column1, column2]), [dL_dh * dh_dz * v for v in (1.0, a1, a2)]]


@exercise.mistake(
    (
        "Follow the path of one weight of the first layer to the output: which output weight "
        "does it cross?"
    ),
    said="The output weights of the two hidden units are exchanged on the way back.",
    root=Root.SWAPPED,
)
def net221_wrong_output_weight(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:][::-1] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@exercise.mistake(
    "Does the constant unit pass anything back to the inputs?",
    said="The output bias passes a gradient back, in the place of a weight.",
    root=Root.BIAS,
)
def net221_bias_row_propagated(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[:2] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@exercise.mistake(
    "Count the factors of your chain for the first layer: which link lies between a and z?",
    said="The slope of the hidden sigmoid is missing from the first layer's gradient.",
    root=Root.CHAIN,
)
def net221_no_activation_derivative(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    return np.outer(x_ext, delta2 * W2[1:]), delta2 * a_ext


@exercise.mistake(
    "With which loss does the slope of the output cancel, and which one is used here?",
    said="The slope of the output sigmoid is missing, as if the loss cancelled it.",
    root=Root.CHAIN,
)
def net221_delta_without_output_derivative(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = h - y
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@exercise.mistake(
    "What is the one half in front of the square good for?",
    said="Both gradients are twice too large, as if the loss had no one half.",
    root=Root.FACTOR_TWO,
)
def net221_factor_two(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = 2 * (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@exercise.mistake(
    "Which delta stands on the right of your formula: one you know, or the one you are after?",
    said="The output weight and the hidden slope enter the first layer's gradient twice.",
    root=Root.CHAIN,
)
def net221_delta_superscript(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    delta1 = delta1 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@exercise.mistake(
    "Does a step against your gradient make the error smaller?",
    said="Both gradients have the wrong sign, from label minus output.",
    root=Root.SIGN,
)
def net221_sign(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (y - h) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@exercise.mistake(
    "Which index of a weight belongs to the unit it comes from: the row or the column?",
    said="The gradient of the first layer's weights is transposed.",
    root=Root.AXIS,
)
def net221_transposed(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(delta1, x_ext), delta2 * a_ext


def small_values(x, W1, W2, activation=sigmoid):
    x_ext = np.array([1.0, x[0], x[1]])
    a = activation(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    return x_ext, a, a_ext, activation(a_ext @ W2)


@exercise.mistake(
    "Two large scores come out alike: what did you do to them before the sigmoid?",
    said="The scores are cut off before the sigmoid, so large ones look alike.",
    root=Root.DIGITS,
    family={"size": (1.0, 2.0, 3.0)},
)
def net221_cut_scores(x, y, W1, W2, *, size=2.0):
    x_ext, a, a_ext, h = small_values(x, W1, W2, lambda z: sigmoid(np.clip(z, -size, size)))
    delta2 = (h - y) * h * (1 - h)
    return np.outer(x_ext, delta2 * W2[1:] * a * (1 - a)), delta2 * a_ext


@exercise.mistake(
    "Two gradients are asked for: in which order?",
    said="The two gradients are returned in the wrong order.",
    root=Root.SWAPPED,
)
def net221_exchanged(x, y, W1, W2):
    x_ext, a, a_ext, h = small_values(x, W1, W2)
    delta2 = (h - y) * h * (1 - h)
    return delta2 * a_ext, np.outer(x_ext, delta2 * W2[1:] * a * (1 - a))


@exercise.mistake(
    "In which row of the weights does the bias stand, in the first or in the last?",
    said="The constant input stands last, so that the biases' gradients come last.",
    root=Root.BIAS,
)
def net221_bias_last(x, y, W1, W2):
    _, a, _, h = small_values(x, W1, W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer([x[0], x[1], 1.0], delta1), delta2 * np.array([a[0], a[1], 1.0])


@exercise.mistake(
    "Which activation has the lecture's 2-2-1 network?",
    said="The units have tanh instead of the sigmoid.",
)
def net221_tanh(x, y, W1, W2):
    x_ext, a, a_ext, h = small_values(x, W1, W2, np.tanh)
    delta2 = (h - y) * (1 - h * h)
    return np.outer(x_ext, delta2 * W2[1:] * (1 - a * a)), delta2 * a_ext


@exercise.mistake(
    "Which weights were used on the way forward: those before a step, or after it?",
    said="The gradient of the first layer is made with output weights that have moved already.",
    root=Root.LOOP,
    family={"rate": (0.1, 0.5, 1.0)},
)
def net221_updated_weights(x, y, W1, W2, *, rate=0.1):
    x_ext, a, a_ext, h = small_values(x, W1, W2)
    delta2 = (h - y) * h * (1 - h)
    moved = W2 - rate * delta2 * a_ext
    return np.outer(x_ext, delta2 * moved[1:] * a * (1 - a)), delta2 * a_ext


@exercise.property(
    "A small step against both gradients brings the output {h} closer to {y}, and a step against "
    "yours does not. Which way does each of them point?"
)
def a_step_lowers_the_error(f, x, y, W1, W2):
    dW1, dW2 = map(np.asarray, f(x, y, W1, W2))
    if dW1.shape != W1.shape or dW2.shape != W2.shape:
        return None
    length = np.linalg.norm(dW1) + np.linalg.norm(dW2)
    if not 0 < length < np.inf:
        return None
    rate = 1e-3 / length
    h = small_values(x, W1, W2)[-1]
    moved = small_values(x, W1 - rate * dW1, W2 - rate * dW2)[-1]
    if abs(moved - y) >= abs(h - y):
        return {"h": h, "y": y}
