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


@exercise.mistake(
    "Print both dicts: do their names stand in the same order, and does your code ask for names?",
    said="Parameters and gradients are paired by their position, not by their names.",
    root=Root.INDEX,
)
def step_by_position(params, gradients, learning_rate):
    pairs = zip(params, params.values(), gradients.values())
    return {name: value - learning_rate * slope for name, value, slope in pairs}


@exercise.mistake(
    "A gradient is twice as large: is your step twice as long, too?",
    said="Large gradients are cut off before the step.",
    root=Root.LOOP,
    family={"size": (0.5, 1.0, 5.0, 20.0), "by_length": (False, True)},
)
def step_clipped(params, gradients, learning_rate, *, size=1.0, by_length=False):
    length = np.sqrt(sum(np.sum(np.square(slope)) for slope in gradients.values()))
    moved = {}
    for name in params:
        slope = gradients[name]
        slope = slope * min(1, size / length) if by_length else np.clip(slope, -size, size)
        moved[name] = params[name] - learning_rate * slope
    return moved


@exercise.mistake(
    "A gradient is tiny: is there still a step?",
    said="No step is made where the gradient is small.",
    root=Root.LOOP,
    family={"size": (1e-2, 1e-3, 1e-4, 1e-5)},
)
def step_not_where_flat(params, gradients, learning_rate, *, size=1e-3):
    if np.sqrt(sum(np.sum(np.square(slope)) for slope in gradients.values())) < size:
        return dict(params)
    return {name: params[name] - learning_rate * gradients[name] for name in params}


@exercise.mistake(
    "Does the length of a step depend on the slope, or on its direction alone?",
    said="The gradient is made one long before the step.",
    root=Root.LOOP,
)
def step_of_one_length(params, gradients, learning_rate):
    length = np.sqrt(sum(np.sum(np.square(slope)) for slope in gradients.values()))
    return {name: params[name] - learning_rate * gradients[name] / length for name in params}


@exercise.mistake(
    "By which names do the gradients come: print the keys of the dict?",
    said="The gradients are asked for by the names of another course, dW1 and db1.",
)
def step_other_names(params, gradients, learning_rate):
    return {name: params[name] - learning_rate * gradients["d" + name] for name in params}


@exercise.mistake(
    "Which of the two learns: the parameters or their gradients?",
    said="Gradients and parameters are exchanged.",
    root=Root.SWAPPED,
)
def step_exchanged(params, gradients, learning_rate):
    return {name: gradients[name] - learning_rate * params[name] for name in params}


@exercise.mistake(
    "Print all digits of a parameter: where do they end, and who cut them off?",
    said="The parameters are rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4, 6)},
)
def step_rounded(params, gradients, learning_rate, *, digits=4):
    return {
        name: np.round(params[name] - learning_rate * gradients[name], digits) for name in params
    }


@exercise.property(
    "With a learning rate of 0 nothing moves, and your {name} goes from {before} to {after}. What "
    "does the rate multiply?"
)
def stays_without_a_rate(f, params, gradients, learning_rate):
    moved = f(params, gradients, 0.0)
    for name, value in params.items():
        if not np.allclose(moved[name], value, rtol=1e-9):
            return {"name": name, "before": value, "after": moved[name]}


@exercise.property(
    "Twice the learning rate is twice the step: your {name} moves by {once}, and then by {twice}. "
    "What does the rate multiply?"
)
def twice_the_rate_twice_the_step(f, params, gradients, learning_rate):
    once, twice = f(params, gradients, 0.5), f(params, gradients, 1.0)
    for name, value in params.items():
        steps = np.asarray(once[name]) - value, np.asarray(twice[name]) - value
        if not np.allclose(2 * steps[0], steps[1], rtol=1e-6, atol=1e-12):
            return {"name": name, "once": steps[0], "twice": steps[1]}


@exercise.property(
    "Twice the gradient is twice the step: your {name} moves by {once}, and then by {twice}. What "
    "does the gradient do to the step?"
)
def twice_the_gradient_twice_the_step(f, params, gradients, learning_rate):
    once = f(params, gradients, learning_rate)
    twice = f(params, {key: 2 * value for key, value in gradients.items()}, learning_rate)
    for name, value in params.items():
        steps = np.asarray(once[name]) - value, np.asarray(twice[name]) - value
        if not np.allclose(2 * steps[0], steps[1], rtol=1e-6, atol=1e-12):
            return {"name": name, "once": steps[0], "twice": steps[1]}


@exercise.property(
    "The same gradient makes the same step wherever one stands: your {name} moves by {here}, and "
    "by {there} from a place twice as far out. Where do the parameters come in?"
)
def same_step_from_elsewhere(f, params, gradients, learning_rate):
    here = f(params, gradients, learning_rate)
    there = f({key: 2 * value for key, value in params.items()}, gradients, learning_rate)
    for name, value in params.items():
        steps = np.asarray(here[name]) - value, np.asarray(there[name]) - 2 * value
        if not np.allclose(*steps, rtol=1e-6, atol=1e-12):
            return {"name": name, "here": steps[0], "there": steps[1]}
