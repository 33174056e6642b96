"""Gradient of the loss with respect to the scores of the first hidden layer."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import SIZES, STEEP, away_from_zero, middles
from autograder.exercises.backprop_by_hand.reference import sigmoid, tanh_derivative
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_u1,
    points=1,
    minutes=5,
    hints=(
        "The same step as grad_u2, with another activation: which one?",
        "The slope of tanh in terms of its output: no tanh has to be computed again.",
        "With h1 = 0.5 the slope is 0.75. So what must -1 become?",
    ),
)


@exercise.cases
def cases(rng):
    for n, _, d1, _ in SIZES:
        yield case(away_from_zero(rng, n, d1), np.tanh(away_from_zero(rng, n, d1)))
    dh1 = np.array([[-1.0, 0.0, -3.0, 2.0], [4.0, -1.0, 7.0, -3.5]])
    yield case(dh1, np.array([[0.5, -0.5, 0.2, 0.0], [0.1, 0.3, -0.2, 0.4]]), about=VISIBLE)
    h1 = np.array([[1 - 1e-6, 1e-6, 0.999, 1e-9], [1e-6 - 1, 1 - 1e-9, -0.999, 1e-9 - 1]])
    yield case(dh1, h1, about="with saturated units")
    yield case(30 * dh1, h1, about=STEEP)


@exercise.style
def du1_one_line(dh1, h1):
    return dh1 * (1 - h1 * h1)


@exercise.style
def du1_factored(dh1, h1):
    return dh1 * (1 - h1) * (1 + h1)


@exercise.style
def du1_by_scores(dh1, h1):
    return dh1 * tanh_derivative(np.arctanh(h1))


@exercise.style
def du1_difference(dh1, h1):
    return dh1 - dh1 * np.power(h1, 2)


@exercise.style
def du1_loops(dh1, h1):
    du1 = np.empty_like(h1)
    for index, h in np.ndenumerate(h1):
        du1[index] = dh1[index] * (1 - h**2)
    return du1


@exercise.mistake(
    "Which activation is used in this layer?",
    said="The slope of the sigmoid is used in the layer of tanh.",
)
def du1_sigmoid_rule(dh1, h1):
    return dh1 * h1 * (1 - h1)


@exercise.mistake(
    "Is the slope the same for h and for -h?",
    said="The slope of tanh is taken as 1 - h1, without the square.",
)
def du1_not_squared(dh1, h1):
    return dh1 * (1 - h1)


@exercise.mistake(
    "Put in h1 = 0, where the curve is steepest: what is the slope there?",
    said="The slope of tanh has the squared sigmoid where the squared tanh belongs.",
)
def du1_sigma_squared(dh1, h1):
    return dh1 * (1 - sigmoid(np.arctanh(h1)) ** 2)


@exercise.mistake(
    "What stands between u1 and h1?",
    said="The gradient of h1 is passed on without the slope of tanh.",
    root=Root.CHAIN,
)
def du1_no_activation(dh1, h1):
    return dh1


@exercise.mistake(
    "h1 has been through the activation already: what does yours do to it?",
    said="The tanh is applied to h1 once more before its slope is taken.",
    root=Root.CHAIN,
)
def du1_double_tanh(dh1, h1):
    return dh1 * (1 - np.tanh(h1) ** 2)


@exercise.mistake(
    "The local slope is right. What comes from above?",
    said="Only the local slope is returned, without the gradient from above.",
    root=Root.CHAIN,
)
def du1_local_only(dh1, h1):
    return 1 - h1**2


@exercise.mistake(
    "A unit is saturated: how close may h1 come to -1 and 1, and how close does yours come?",
    said="The outputs are cut off before their slope is taken.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8)},
)
def du1_cut_outputs(dh1, h1, *, size=1e-6):
    h1 = np.clip(h1, size - 1, 1 - size)
    return dh1 * (1 - h1 * h1)


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def du1_clipped(dh1, h1, *, size=1.0):
    return np.clip(dh1 * (1 - h1 * h1), -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def du1_rounded(dh1, h1, *, digits=4):
    return np.round(dh1 * (1 - h1 * h1), digits)


@exercise.property(
    "What goes back to an example comes through this example alone: to the first yours gives "
    "{alone} by itself and {together} in the batch. Where do the others come in?"
)
def every_example_by_itself(f, dh1, h1):
    together, alone = np.asarray(f(dh1, h1)), np.asarray(f(dh1[:1], h1[:1]))
    if together[:1].shape == alone.shape and not np.allclose(together[:1], alone, rtol=1e-6):
        place = int(np.argmax(np.abs(together[0] - alone[0])))
        return {"alone": alone[0][place], "together": together[0][place]}


@exercise.property(
    "From u = -1 to u = 1 tanh climbs by 1.523, and a curve with the slopes by which you multiply "
    "by {climb}. How steep is tanh on the way?"
)
def climbs_as_far(f, dh1, h1):
    u, piece = middles(-1.0, 1.0)
    climb = np.sum(f(np.ones((len(u), 1)), np.tanh(u)[:, None])) * piece
    if not np.isclose(climb, 2 * np.tanh(1.0), rtol=1e-3):
        return {"climb": climb}
