"""Walk downhill."""

from __future__ import annotations

import numpy as np

from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import signed
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import wrappers

exercise = notebook.exercise(
    reference.gradient_descent,
    points=2,
    minutes=6,
    hints=(
        "One step on paper: you stand at w, the slope there is g. Where do you stand next?",
        "The slope has to be measured again after every step. At which point?",
        (
            "For steps = 1 your loop must run exactly once. And look at w0 after your function "
            "has run: is it what it was?"
        ),
    ),
    subject=wrappers.descent_on_a_quadratic,
)


@exercise.cases
def cases(rng):
    steep, c = np.diag([2.0, 8.0]), np.array([6.0, -8.0])
    for steps in (1, 2, 50):
        yield case(steep, c, np.ones(2), 0.1, steps, about=VISIBLE)
    bowl, b = 2 * np.eye(2), np.array([6.0, -2.0])
    yield case(bowl, b, np.zeros(2), 0.1, 50)
    valley = np.diag([0.06, 1.0])
    yield case(valley, np.array([0.12, -1.0]), np.zeros(2), 1.0, 300, about="300 steps")
    start = np.array([20.0, -15.0])
    yield case(bowl, b, start, 0.1, 3, about="a first gradient of length 40")
    for d, rate, steps in ((3, 0.1, 50), (2, 0.35, 7), (4, 0.2, 20)):
        turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
        A = turn @ np.diag(rng.uniform(0.4, 1.6, d)) @ turn.T
        yield case(A, signed(rng, 0.5, 2.0, d), signed(rng, 0.5, 2.0, d), rate, steps)
    A = np.array([[1.5, 0.5], [0.5, 1.0]])
    yield case(A, np.array([1.0, -2.0]), signed(rng, 0.5, 2.0, 2), 0.3, 1, about="one step")


@exercise.style
def descent_loop(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w -= learning_rate * gradient(w)
    return w


@exercise.style
def descent_rebinding(gradient, w0, learning_rate, steps):
    w = w0
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
    return w


@exercise.style
def descent_while(gradient, w0, learning_rate, steps):
    w = np.array(w0, dtype=float)
    done = 0
    while done < steps:
        w = w - learning_rate * np.asarray(gradient(w))
        done += 1
    return w


@exercise.style
def descent_history(gradient, w0, learning_rate, steps):
    history = [w0]
    for _ in range(steps):
        history.append(history[-1] - learning_rate * gradient(history[-1]))
    return history[-1]


@exercise.style
def descent_recursive(gradient, w0, learning_rate, steps):
    if steps == 0:
        return w0
    w1 = w0 - learning_rate * gradient(w0)
    return descent_recursive(gradient, w1, learning_rate, steps - 1)


@exercise.mistake(
    "Did the loss go down after your step, or up?",
    said="The step is added instead of subtracted, so it goes uphill.",
    root=Root.SIGN,
)
def gd_ascent(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w + learning_rate * gradient(w)
    return w


@exercise.mistake(
    "Where does the learning rate enter?",
    said="The gradient is subtracted without the learning rate.",
    root=Root.LOOP,
)
def gd_no_rate(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w - gradient(w)
    return w


@exercise.mistake(
    "From where does each step start?",
    said="Each step replaces the weights instead of being added to them.",
    root=Root.LOOP,
)
def gd_replaces_weights(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = -learning_rate * gradient(w)
    return w


@exercise.mistake(
    "Is a step added to the weights, or multiplied with them?",
    said="The weights are multiplied by 1 minus the step instead of moved by it.",
    root=Root.LOOP,
)
def gd_scales_weights(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w * (1 - learning_rate * gradient(w))
    return w


@exercise.mistake(
    "How many steps does your loop take before it returns?",
    said="The function returns inside the loop, after the first step.",
    root=Root.LOOP,
)
def gd_one_step_only(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
        return w


@exercise.mistake(
    "At which point is the slope measured in the second step?",
    said="Every step uses the gradient at the starting point.",
    root=Root.LOOP,
)
def gd_gradient_of_the_start(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w - learning_rate * gradient(w0)
    return w


@exercise.mistake(
    "Count the steps of your loop for steps = 1.",
    said="The loop takes one step too many.",
    root=Root.INDEX,
)
def gd_one_step_too_many(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps + 1):
        w = w - learning_rate * gradient(w)
    return w


@exercise.mistake(
    "Count the steps of your loop for steps = 1.",
    said="The loop takes one step too few.",
    root=Root.INDEX,
)
def gd_one_step_too_few(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(1, steps):
        w = w - learning_rate * gradient(w)
    return w


@exercise.mistake(
    "Only the last position is asked for: what else does yours return?",
    said="All positions on the way are returned instead of the last one.",
)
def gd_whole_path(gradient, w0, learning_rate, steps):
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.array(path)


@exercise.mistake(
    "Near the minimum the slope is small: is your step small there, too?",
    said="The gradient is scaled to length 1, so all steps are equally long.",
    root=Root.LOOP,
)
def gd_unit_steps(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        g = gradient(w)
        w = w - learning_rate * g / np.sqrt(np.sum(g**2))
    return w


@exercise.mistake(
    "How many steps does your loop take where the slope is small, and how many are asked for?",
    said="The loop stops as soon as a step or the gradient is small.",
    root=Root.LOOP,
    family={"size": (1e-2, 1e-4, 1e-6), "of_step": (False, True)},
    leads=("FEW_DIGITS",),
)
def gd_stops_early(gradient, w0, learning_rate, steps, *, size=1e-4, of_step=False):
    w = w0.copy()
    for _ in range(steps):
        step = learning_rate * gradient(w)
        if np.linalg.norm(step if of_step else step / learning_rate) < size:
            break
        w = w - step
    return w


@exercise.mistake(
    "Where the slope is very steep: is your step as long as the rule says?",
    said="Large gradients are cut off before the step.",
    root=Root.LOOP,
    family={"size": (1.0, 5.0, 10.0), "by_length": (False, True)},
)
def gd_clipped(gradient, w0, learning_rate, steps, *, size=1.0, by_length=False):
    w = w0.copy()
    for _ in range(steps):
        g = gradient(w)
        g = g * min(1, size / np.linalg.norm(g)) if by_length else np.clip(g, -size, size)
        w = w - learning_rate * g
    return w


@exercise.mistake(
    "When the second coordinate moves, from which point is its slope taken?",
    said="The coordinates are moved one after the other, each with a new gradient.",
    root=Root.LOOP,
)
def gd_coordinates_in_turn(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        for j in range(len(w)):
            w[j] = w[j] - learning_rate * gradient(w)[j]
    return w


@exercise.mistake(
    "Does a step depend on the slope here alone, or on earlier slopes as well?",
    said="Earlier gradients are carried along, as with momentum.",
    root=Root.LOOP,
    family={"share": (0.5, 0.9)},
)
def gd_momentum(gradient, w0, learning_rate, steps, *, share=0.9):
    w, speed = w0.copy(), 0
    for _ in range(steps):
        speed = share * speed - learning_rate * gradient(w)
        w = w + speed
    return w


@exercise.mistake(
    "Is your second step as long as the rule says, or does something shrink?",
    said="The learning rate shrinks from step to step.",
    root=Root.LOOP,
    family={"share": (0.5, 0.9, 0.99)},
)
def gd_rate_decays(gradient, w0, learning_rate, steps, *, share=0.9):
    w, rate = w0.copy(), learning_rate
    for _ in range(steps):
        w = w - rate * gradient(w)
        rate = rate * share
    return w


@exercise.property(
    "At the lowest point the slope is 0, so who starts there stays there; yours goes from {start} "
    "to {found}. What is left of a step there?"
)
def stays_at_the_lowest_point(f, A, b, w0, learning_rate, steps):
    start = np.linalg.solve(A, b)
    found = np.asarray(f(A, b, start, learning_rate, steps))
    if found.shape == start.shape and not np.allclose(found, start, atol=1e-8):
        return {"start": start, "found": found}


@exercise.property(
    "Two steps and then three more lead to the same place as five at once, with your function to "
    "{parts} and to {whole}. Where does each of your steps start?"
)
def five_steps_are_two_and_three(f, A, b, w0, learning_rate, steps):
    whole = np.asarray(f(A, b, w0, learning_rate, 5))
    parts = np.asarray(f(A, b, np.asarray(f(A, b, w0, learning_rate, 2)), learning_rate, 3))
    if whole.shape == parts.shape == w0.shape and not np.allclose(whole, parts, rtol=1e-9):
        return {"parts": parts, "whole": whole}
