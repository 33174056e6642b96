"""One step of gradient descent."""

from __future__ import annotations

import copy

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.inputs import SIZES, random_params
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

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
    return dict(
        W1=params["W1"] - learning_rate * gradients["W1"],
        b1=params["b1"] - learning_rate * gradients["b1"],
        W2=params["W2"] - learning_rate * gradients["W2"],
        b2=params["b2"] - learning_rate * gradients["b2"],
        U=params["U"] - learning_rate * gradients["U"],
        c=float(params["c"] - learning_rate * gradients["c"]),
    )


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
