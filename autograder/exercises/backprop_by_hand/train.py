"""Train the network by gradient descent."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.inputs import SIZES, STEEP, problem, steep, undecided
from autograder.exercises.backprop_by_hand.reference import (
    backward,
    forward,
    grad_b1,
    grad_b2,
    grad_c,
    grad_h1,
    grad_h2,
    grad_U,
    grad_u1,
    grad_u2,
    grad_u3,
    grad_W1,
    grad_W2,
    gradient_step,
    sigmoid,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.train,
    points=3,
    minutes=6,
    hints=(
        "One round of the loop: forward, backward, step. What does the next round start from?",
        "Count: for steps = 1 your parameters should have moved once.",
        (
            "Print the loss in every round while you are looking for the mistake. Does it fall? "
            "After one step on the example network it is 0.5514."
        ),
    ),
    forbidden=("torch", "numerical_gradient"),
    by_hand=True,
)


@exercise.cases
def cases(rng):
    for sizes, rate, steps in zip(SIZES, (0.5, 0.2, 0.8), (1, 3, 20)):
        X, y, params = problem(rng, *sizes)
        yield case(X, y, params, rate, steps)
    X, y, params = recorded.network()
    for steps in (1, 10, 100):
        yield case(X, y, params, 0.5, steps, about=VISIBLE)
    X, y, params = steep()
    yield case(X, y, params, 1e-4, 2, about=STEEP)
    X, y, params = undecided()
    yield case(X, y, params, 0.5, 300, about="300 steps, close to the minimum")


@exercise.style
def train_loop(X, y, params, learning_rate, steps):
    for _ in range(steps):
        cache = forward(X, params)
        gradients = backward(X, y, params, cache)
        params = gradient_step(params, gradients, learning_rate)
    return params


@exercise.style
def train_while(X, y, params, learning_rate, steps):
    current, done = dict(params), 0
    while done < steps:
        g = backward(X, y, current, forward(X, current))
        for name in g:
            current[name] = current[name] - learning_rate * g[name]
        done += 1
    return current


@exercise.style
def train_copies_in_place(X, y, params, learning_rate, steps):
    own = {name: np.array(value, dtype=float) for name, value in params.items()}
    for _ in range(steps):
        for name, slope in backward(X, y, own, forward(X, own)).items():
            own[name] -= learning_rate * slope
    return own


@exercise.style
def train_written_out(X, y, params, learning_rate, steps):
    W1, b1, W2, b2, U, c = (params[name] for name in ("W1", "b1", "W2", "b2", "U", "c"))
    for _ in range(steps):
        h1 = np.tanh(X @ W1 + b1)
        h2 = sigmoid(h1 @ W2 + b2)
        du3 = (sigmoid(h2 @ U + c) - y) / len(y)
        du2 = np.outer(du3, U) * h2 * (1 - h2)
        du1 = du2 @ W2.T * (1 - h1 * h1)
        U, c = U - learning_rate * h2.T @ du3, c - learning_rate * du3.sum()
        W2, b2 = W2 - learning_rate * h1.T @ du2, b2 - learning_rate * du2.sum(axis=0)
        W1, b1 = W1 - learning_rate * X.T @ du1, b1 - learning_rate * du1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "U": U, "c": c}


@exercise.style
def train_recursive(X, y, params, learning_rate, steps):
    def descend(current, left):
        if left == 0:
            return current
        gradients = backward(X, y, current, forward(X, current))
        return descend(gradient_step(current, gradients, learning_rate), left - 1)

    return descend(params, steps)


@exercise.mistake(
    "Which weights were used in the forward pass: those before the step or after?",
    said="The gradient of h1 uses W2 after its update instead of before.",
    root=Root.LOOP,
)
def dh1_updated_weights(X, y, params, learning_rate, steps):
    params = dict(params)
    for _ in range(steps):
        cache = forward(X, params)
        du3 = grad_u3(cache["y_hat"], y)
        dh2 = grad_h2(du3, params["U"])
        params["U"] = params["U"] - learning_rate * grad_U(cache["h2"], du3)
        params["c"] = params["c"] - learning_rate * grad_c(du3)
        du2 = grad_u2(dh2, cache["h2"])
        params["W2"] = params["W2"] - learning_rate * grad_W2(cache["h1"], du2)
        params["b2"] = params["b2"] - learning_rate * grad_b2(du2)
        du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
        params["W1"] = params["W1"] - learning_rate * grad_W1(X, du1)
        params["b1"] = params["b1"] - learning_rate * grad_b1(du1)
    return params


@exercise.mistake(
    "Which weights were used in the forward pass: those before the step or after?",
    said="Gradients pass back through U and W2 after their update instead of before.",
    root=Root.LOOP,
)
def train_every_gradient_with_updated_weights(X, y, params, learning_rate, steps):
    params = dict(params)
    for _ in range(steps):
        cache = forward(X, params)
        du3 = grad_u3(cache["y_hat"], y)
        params["U"] = params["U"] - learning_rate * grad_U(cache["h2"], du3)
        params["c"] = params["c"] - learning_rate * grad_c(du3)
        du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
        params["W2"] = params["W2"] - learning_rate * grad_W2(cache["h1"], du2)
        params["b2"] = params["b2"] - learning_rate * grad_b2(du2)
        du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
        params["W1"] = params["W1"] - learning_rate * grad_W1(X, du1)
        params["b1"] = params["b1"] - learning_rate * grad_b1(du1)
    return params


@exercise.mistake(
    "Does the forward pass see the new parameters after each step?",
    said="The gradients of the start are used again in every step.",
    root=Root.LOOP,
)
def train_stale_gradients(X, y, params, learning_rate, steps):
    gradients = backward(X, y, params, forward(X, params))
    for _ in range(steps):
        params = gradient_step(params, gradients, learning_rate)
    return params


@exercise.mistake(
    "The loop hands its result to the next round: does the next round start from it?",
    said="Every round starts from the first parameters, so only one step is made.",
    root=Root.LOOP,
)
def train_one_step(X, y, params, learning_rate, steps):
    for _ in range(steps):
        gradients = backward(X, y, params, forward(X, params))
        moved = gradient_step(params, gradients, learning_rate)
    return moved


@exercise.mistake(
    "Count the steps: how many are taken for steps = 1?",
    said="One step too many is taken.",
    root=Root.INDEX,
)
def train_one_step_too_many(X, y, params, learning_rate, steps):
    for _ in range(steps + 1):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), learning_rate)
    return params


@exercise.mistake(
    "Count the steps: how many are taken for steps = 1?",
    said="One step too few is taken.",
    root=Root.INDEX,
)
def train_one_step_too_few(X, y, params, learning_rate, steps):
    for _ in range(1, steps):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), learning_rate)
    return params


@exercise.mistake(
    "Does the loss fall from step to step?",
    said="Every step goes along the gradient, uphill, so the loss rises.",
    root=Root.SIGN,
)
def train_uphill(X, y, params, learning_rate, steps):
    for _ in range(steps):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), -learning_rate)
    return params


@exercise.mistake(
    "The backward pass needs values of the forward pass: of which parameters?",
    said="The forward pass is run only once, with the parameters of the start.",
    root=Root.LOOP,
)
def train_cache_of_the_start(X, y, params, learning_rate, steps):
    cache = forward(X, params)
    for _ in range(steps):
        params = gradient_step(params, backward(X, y, params, cache), learning_rate)
    return params


@exercise.mistake(
    "The 1/N is in the gradient: is it in the step once more?",
    said="The learning rate is divided by N, which the gradient already contains.",
    root=Root.MEAN,
)
def train_rate_over_n(X, y, params, learning_rate, steps):
    rate = learning_rate / len(y)
    for _ in range(steps):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), rate)
    return params


@exercise.mistake(
    "What does the learning rate change in your answer?",
    said="The learning rate is always 0.1, whatever rate is asked for.",
)
def train_rate_ignored(X, y, params, learning_rate, steps):
    for _ in range(steps):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), 0.1)
    return params
