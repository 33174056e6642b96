"""Gradient of the loss with respect to the scores of the second hidden layer."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import SIZES, STEEP, away_from_zero, middles
from autograder.exercises.backprop_by_hand.reference import sigmoid, sigmoid_derivative
from autograder.exercises.guards import clipped, lowered, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_u2,
    points=2,
    minutes=5,
    hints=(
        "Each entry has exactly one path, through its own sigmoid. Is a matrix product needed?",
        (
            "The slope of the sigmoid in terms of its output: you know it from section 3, and "
            "the output is among the arguments."
        ),
        "With h2 = 0.5 the slope is 0.25. So what must -0.2 become?",
    ),
)


@exercise.cases
def cases(rng):
    for n, _, _, d2 in SIZES:
        yield case(away_from_zero(rng, n, d2), rng.uniform(0.05, 0.95, (n, d2)))
    dh2 = np.array([[-0.2, 0.1], [0.4, -0.2], [0.6, -0.3]])
    ordinary = np.array([[0.5, 0.2], [0.1, 0.9], [0.4, 0.3]])
    yield case(dh2, ordinary, about=VISIBLE)
    yield case(100 * dh2, ordinary, about=STEEP)
    h2 = np.array([[1e-6, 1 - 1e-6], [1e-9, 1 - 1e-9], [1e-3, 0.999]])
    yield case(dh2, h2, about="with saturated units")


@exercise.style
def du2_one_line(dh2, h2):
    return dh2 * h2 * (1 - h2)


@exercise.style
def du2_in_place_on_a_copy(dh2, h2):
    du2 = dh2.copy()
    du2 *= h2
    du2 *= 1 - h2
    return du2


@exercise.style
def du2_multiply(dh2, h2):
    return np.multiply(dh2, h2 - np.square(h2))


@exercise.style
def du2_by_scores(dh2, h2):
    u2 = np.log(h2 / (1 - h2))
    return dh2 * sigmoid_derivative(u2)


@exercise.style
def du2_loops(dh2, h2):
    n, d = h2.shape
    return [[dh2[i, k] * h2[i, k] * (1 - h2[i, k]) for k in range(d)] for i in range(n)]


@exercise.mistake(
    "What stands between u2 and h2?",
    said="The gradient of h2 is passed on without the slope of the sigmoid.",
    root=Root.CHAIN,
)
def du2_no_activation(dh2, h2):
    return dh2


@exercise.mistake(
    "The rule speaks of the output of the activation: what do you put in?",
    said="The sigmoid's rule is applied to the scores u2 instead of to h2.",
    root=Root.CHAIN,
)
def du2_preactivation_rule(dh2, h2):
    u2 = np.log(h2 / (1 - h2))
    return dh2 * u2 * (1 - u2)


@exercise.mistake(
    "h2 has been through the activation already: what does yours do to it?",
    said="The sigmoid is applied to h2 once more before its slope is taken.",
    root=Root.CHAIN,
)
def du2_double_sigmoid(dh2, h2):
    return dh2 * sigmoid(h2) * (1 - sigmoid(h2))


@exercise.mistake(
    "Which activation is used in this layer?",
    said="The slope of tanh is used in the layer of the sigmoid.",
)
def du2_tanh_rule(dh2, h2):
    return dh2 * (1 - h2**2)


@exercise.mistake(
    "The local slope is right. What comes from above?",
    said="Only the local slope is returned, without the gradient from above.",
    root=Root.CHAIN,
)
def du2_local_only(dh2, h2):
    return h2 * (1 - h2)


@exercise.mistake(
    "Entry by entry, or a matrix product: how does an activation work?",
    said="A matrix product stands where entries are to be multiplied one by one.",
)
def du2_matrix_product(dh2, h2):
    return dh2 @ (h2 * (1 - h2)).T


@exercise.mistake(
    "A unit is saturated: how close may h2 come to 0 and 1, and how close does yours come?",
    said="The outputs are cut off before their slope is taken.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised, lowered)},
)
def du2_cut_outputs(dh2, h2, *, size=1e-6, guard=clipped):
    h2 = guard(h2, size)
    return dh2 * h2 * (1 - h2)


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def du2_clipped(dh2, h2, *, size=1.0):
    return np.clip(dh2 * h2 * (1 - h2), -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def du2_rounded(dh2, h2, *, digits=4):
    return np.round(dh2 * h2 * (1 - h2), digits)


@exercise.property(
    "What goes back to an example comes through this example alone: to the first yours gives "
    "{alone} by itself and {together} in the batch. Where do the others come in?"
)
def every_example_by_itself(f, dh2, h2):
    together, alone = np.asarray(f(dh2, h2)), np.asarray(f(dh2[:1], h2[:1]))
    if together[:1].shape == alone.shape and not np.allclose(together[:1], alone, rtol=1e-6):
        place = int(np.argmax(np.abs(together[0] - alone[0])))
        return {"alone": alone[0][place], "together": together[0][place]}


@exercise.property(
    "From u = -1 to u = 1 the sigmoid climbs by 0.4621, and a curve with the slopes by which you "
    "multiply by {climb}. How steep is the sigmoid on the way?"
)
def climbs_as_far(f, dh2, h2):
    u, piece = middles(-1.0, 1.0)
    climb = np.sum(f(np.ones((len(u), 1)), 1 / (1 + np.exp(-u))[:, None])) * piece
    if not np.isclose(climb, np.tanh(0.5), rtol=1e-3):
        return {"climb": climb}
