"""Gradients of f = sigmoid(w0 + w1 x1 + w2 x2)."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.autograd import BY_HAND, notebook, reference
from autograder.exercises.autograd.parts import sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.neuron_gradients,
    points=2,
    parts=("the gradient of w", "the gradient of x"),
    minutes=12,
    hints=(
        (
            "Fill in the values first, from the products to the output. Then the table of "
            "section 2, from the bottom row up."
        ),
        (
            "You need only one adjoint to get at all five inputs: that of z. What do the sum and "
            "the two products do with it?"
        ),
        (
            "w0 has no input beside it. What would its input have to be for the rule of w1 and "
            "w2 to hold for it as well? And check the signs: print your result beside the "
            "lecture's."
        ),
    ),
    forbidden=BY_HAND,
    by_hand=True,
)


@exercise.cases
def cases(rng):
    yield case(np.array([-3.0, 2.0, -3.0]), np.array([-1.0, -2.0]))
    for _ in range(5):
        yield case(rng.normal(0.0, 1.2, 3), rng.uniform(0.5, 2.0, 2) * rng.choice([-1.0, 1.0], 2))
    for _ in range(5):
        # Long inputs bend f sharply along the weights, which a numerical derivative cuts short.
        w = rng.uniform(0.1, 0.35, 3) * rng.choice([-1.0, 1.0], 3)
        yield case(w, rng.uniform(4.0, 8.0, 2) * rng.choice([-1.0, 1.0], 2))
    yield case(np.array([0.5, 1.0, -1.0]), np.array([2.0, 0.5]), about=VISIBLE)
    for score in (-20.7, -13.8, -4.6, 4.6, 13.8, 20.7):
        w = np.array([8.0, -8.0, score + 8.0])
        yield case(w, np.array([-0.5, 0.5]), about="with weights of size 8 and a saturated unit")


@exercise.style
def neuron_closed_form(w, x):
    f = 1 / (1 + np.exp(-(w[0] + w[1:] @ x)))
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * w[1:]


@exercise.style
def neuron_node_by_node(w, x):
    p1, p2 = w[1] * x[0], w[2] * x[1]
    z = w[0] + p1 + p2
    m = -z
    e = math.exp(m)
    q = 1 + e
    q_bar = -1 / q**2
    e_bar = q_bar
    m_bar = e_bar * e
    z_bar = -m_bar
    return [z_bar, z_bar * x[0], z_bar * x[1]], [z_bar * w[1], z_bar * w[2]]


@exercise.style
def neuron_with_tanh(w, x):
    t = math.tanh((w[0] + w[1] * x[0] + w[2] * x[1]) / 2)
    slope = (1 - t * t) / 4
    return slope * np.concatenate([[1.0], x]), slope * np.asarray(w)[1:]


@exercise.style
def neuron_with_extended_input(w, x):
    inputs = np.insert(x, 0, 1.0)
    e = np.exp(-np.dot(w, inputs))
    z_bar = e / (1 + e) ** 2
    w_bar = np.einsum("i,->i", inputs, z_bar)
    x_bar = (z_bar * w)[1:]
    return w_bar, x_bar


@exercise.mistake(
    "Nudge one factor of a product: by what is the nudge multiplied?",
    said="Each product multiplies by the factor's own value instead of the other's.",
    root=Root.SWAPPED,
)
def rev_mul_own_factor(w, x):
    f = sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * np.array([1, w[1], w[2]]), f * (1 - f) * np.array(x)


@exercise.mistake(
    "Does a reciprocal rise or fall when its denominator grows? And which node flips the sign?",
    said="The minus sign of the reciprocal's slope is missing.",
    root=Root.SIGN,
    like=("rev-negation-forgotten",),
)
def rev_reciprocal_sign(w, x):
    e = np.exp(-(w[0] + w[1:] @ x))
    z_bar = -(1 / (1 + e) ** 2 * e)
    return z_bar * np.array([1, x[0], x[1]]), z_bar * w[1:]


@exercise.mistake(
    "One node in the graph flips a sign: does its backward step, too?",
    said="The negation node does not flip the sign on the way back.",
    root=Root.SIGN,
    like=("rev-reciprocal-sign",),
)
def rev_negation_forgotten(w, x):
    e = np.exp(-(w[0] + w[1:] @ x))
    q_bar = -1 / (1 + e) ** 2
    m_bar = q_bar * e
    z_bar = m_bar
    return z_bar * np.array([1, x[0], x[1]]), z_bar * w[1:]


@exercise.mistake(
    "Keep more digits along the way: where was something rounded?",
    said="The gradients are rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (1, 2, 3, 4)},
)
def rev_rounded(w, x, *, digits=1):
    f = sigmoid(w[0] + w[1:] @ x)
    slope = f * (1 - f)
    found = slope * np.array([1, x[0], x[1]]), slope * w[1:]
    return tuple(np.round(part, digits) for part in found)


@exercise.mistake(
    "Is the constant input a constant in the weight as well?",
    said="The gradient of the bias w0 is set to 0.",
    root=Root.BIAS,
)
def rev_bias_gradient_zero(w, x):
    f = sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * np.array([0, x[0], x[1]]), f * (1 - f) * w[1:]


@exercise.mistake(
    "How steep is the sigmoid itself? Is its slope in your chain?",
    said="The slope of the sigmoid is missing from both gradients.",
    root=Root.CHAIN,
)
def rev_no_slope(w, x):
    return np.array([1.0, x[0], x[1]]), np.array(w[1:])


@exercise.mistake(
    "You multiply by f. Is that the slope of the sigmoid, or its height?",
    said="The value of the sigmoid stands where its slope belongs.",
    root=Root.CHAIN,
)
def rev_value_for_slope(w, x):
    f = sigmoid(w[0] + w[1:] @ x)
    return f * np.array([1, x[0], x[1]]), f * w[1:]


@exercise.mistake(
    "At which point is the slope taken: at the score, or at the output?",
    said="The slope of the sigmoid is taken at its output, not at the score.",
    root=Root.CHAIN,
)
def rev_slope_at_the_output(w, x):
    f = sigmoid(sigmoid(w[0] + w[1:] @ x))
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * w[1:]


@exercise.mistake(
    "Which weight has no input beside it: does x get its derivative?",
    said="The gradient of x has an extra entry, the one of the bias.",
    root=Root.BIAS,
)
def rev_constant_input_included(w, x):
    f = sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * np.array(w)


@exercise.mistake(
    "Your score has no bias in it. Does f know about w0?",
    said="The bias w0 is left out of the score.",
    root=Root.BIAS,
)
def rev_bias_not_in_the_score(w, x):
    f = sigmoid(w[1:] @ x)
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * w[1:]


@exercise.mistake(
    "Which of the two gradients is asked for first?",
    said="The gradients of w and x are returned in exchanged order.",
    root=Root.SWAPPED,
)
def rev_exchanged(w, x):
    f = sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * w[1:], f * (1 - f) * np.array([1, x[0], x[1]])


@exercise.mistake(
    "A very sure neuron hardly moves: how large a slope is left in yours?",
    said="The score is cut off before the sigmoid, so the slope stops falling far out.",
    root=Root.DIGITS,
    family={"size": (2.0, 4.0, 10.0)},
)
def rev_cut_score(w, x, *, size=10.0):
    f = sigmoid(np.clip(w[0] + w[1:] @ x, -size, size))
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * w[1:]


@exercise.mistake(
    "Which weight has no input beside it, and where does it stand: first or last?",
    said="The gradient of the bias stands last instead of first.",
    root=Root.BIAS,
)
def rev_bias_last(w, x):
    f = sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * np.array([x[0], x[1], 1]), f * (1 - f) * w[1:]


@exercise.mistake(
    "The sigmoid is a tanh that was moved and stretched: by how much is the score stretched?",
    said="The tanh form has the score itself where its half belongs.",
    root=Root.FACTOR_TWO,
)
def rev_tanh_of_whole_score(w, x):
    slope = (1 - np.tanh(w[0] + w[1:] @ x) ** 2) / 4
    return slope * np.array([1, x[0], x[1]]), slope * w[1:]


@exercise.property(
    "w0 is weighted by a constant 1, so each other weight has the slope of w0 times its input: "
    "yours are {w0} and {w1}, with an input of {x1}. What does a product pass on to a factor?"
)
def weights_by_their_inputs(f, w, x):
    dw, _ = map(np.asarray, f(w, x))
    if dw.shape == (3,) and not np.isclose(dw[1], dw[0] * x[0], rtol=1e-6):
        return {"w0": dw[0], "w1": dw[1], "x1": x[0]}


@exercise.property(
    "The sigmoid rises nowhere more steeply than one quarter, and your slope by w0 is {found}. "
    "What multiplies what?"
)
def at_most_one_quarter(f, w, x):
    found = np.asarray(f(w, x)[0])[0]
    if not -1e-9 <= found <= 0.25 + 1e-9:
        return {"found": found}


exercise.equivalent(
    "-(w[0] + w[1:] @ x) -> w[0] + w[1:] @ x",
    "-z -> z",
    "-np.dot(w, inputs) -> np.dot(w, inputs)",
    because="The slope of the sigmoid is the same on both sides of 0.",
)

exercise.equivalent(
    "np.dot(w, inputs) -> np.dot(inputs, w)",
    because="A product of two vectors is the same in either order.",
)
