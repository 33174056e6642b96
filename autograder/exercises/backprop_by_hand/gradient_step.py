"""One step of gradient descent."""

from __future__ import annotations

import copy

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.inputs import FLAT, SIZES, STEEP, random_params
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.gradient_step,
    points=1,
    minutes=3,
    hints=(
        "The gradient points uphill. Where do you want to go?",
        "Do the same for every name in the dict: a dict comprehension is enough.",
        "params must stay as it was. Does a -= b on an array make a new array?",
    ),
)


@exercise.cases
def cases(rng):
    for (_, *sizes), rate in zip(SIZES, (0.5, 0.07, 1.3)):
        yield case(random_params(rng, *sizes), random_params(rng, *sizes), rate)
    values, slopes = {"U": np.array([1.0, 2.0]), "c": 0.5}, {"U": np.array([0.1, -0.2]), "c": 1.0}
    yield case(values, slopes, 0.5, about=VISIBLE)
    yield case(values, {"U": np.array([30.0, -8.0]), "c": 12.0}, 0.1, about=STEEP)
    zeros, tiny = {"U": np.zeros(2), "c": 0.0}, {"U": np.array([1e-6, -1e-9]), "c": 2e-7}
    yield case(zeros, tiny, 0.5, about=FLAT)
    # The dicts belong together by their names, in whatever order these stand.
    yield case(values, {"c": 1.0, "U": np.array([0.1, -0.2])}, 0.5, about="names in another order")


@exercise.style
def step_comprehension(params, gradients, learning_rate):
    return {name: params[name] - learning_rate * gradients[name] for name in params}


@exercise.style
def step_loop(params, gradients, learning_rate):
    moved = {}
    for name, value in params.items():
        moved[name] = value + (-learning_rate) * np.asarray(gradients[name])
    return moved


@exercise.style
def step_on_a_deep_copy(params, gradients, learning_rate):
    moved = copy.deepcopy(params)
    for name in gradients:
        moved[name] -= learning_rate * gradients[name]
    return moved


@exercise.style
def step_one_by_one(params, gradients, learning_rate):
    moved = dict(params)
    for name in ("W1", "b1", "W2", "b2", "U", "c"):
        if name in params:
            moved[name] = params[name] - learning_rate * gradients[name]
    return moved


@exercise.mistake(
    "A gradient points uphill: which way does descent go?",
    said="The step goes along the gradient, uphill, instead of against it.",
    root=Root.SIGN,
)
def step_uphill(params, gradients, learning_rate):
    return {name: params[name] + learning_rate * gradients[name] for name in params}


@exercise.mistake(
    "What does the learning rate change in your answer?",
    said="The learning rate is ignored; the whole gradient is subtracted.",
)
def step_rate_ignored(params, gradients, learning_rate):
    return {name: params[name] - gradients[name] for name in params}


@exercise.mistake(
    "A long step for a small rate? Do you multiply by it or divide?",
    said="The gradient is divided by the learning rate instead of multiplied.",
)
def step_rate_divides(params, gradients, learning_rate):
    return {name: params[name] - gradients[name] / learning_rate for name in params}


@exercise.mistake(
    "Is the step asked for, or where it leads to?",
    said="Only the step is returned, not the parameters it leads to.",
)
def step_only(params, gradients, learning_rate):
    return {name: -learning_rate * gradients[name] for name in params}


@exercise.mistake(
    "Do intercepts learn, too?",
    said="Only the weights are moved; the biases stay as they were.",
    root=Root.BIAS,
)
def step_weights_only(params, gradients, learning_rate):
    moved = {name: params[name] - learning_rate * gradients[name] for name in ("W1", "W2", "U")}
    return {**params, **moved}
