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
    loss,
    sigmoid,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.train,
    points=3,
    minutes=8,
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
    yield case(X, y, params, 2.5, 60, about="close to the minimum")


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
    like=("train-returns-in-the-loop",),
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


@exercise.mistake(
    "A gradient is large: is your step as long as the rule says?",
    said="Large gradients are cut off before the step.",
    root=Root.LOOP,
    family={"size": (0.5, 1, 5, 20), "by_length": (False, True)},
)
def train_clipped_gradients(X, y, params, learning_rate, steps, *, size=1, by_length=False):
    for _ in range(steps):
        found = backward(X, y, params, forward(X, params))
        length = np.sqrt(sum(np.sum(np.square(slope)) for slope in found.values()))
        if by_length:
            found = {name: slope * min(1, size / length) for name, slope in found.items()}
        else:
            found = {name: np.clip(slope, -size, size) for name, slope in found.items()}
        params = gradient_step(params, found, learning_rate)
    return params


@exercise.mistake(
    "How many steps does your loop take where the slope is small, and how many are asked for?",
    said="The training stops as soon as the gradient is small, or the loss falls by little.",
    root=Root.LOOP,
    family={"digits": (2, 3, 5), "of_loss": (False, True)},
)
def train_stops_early(X, y, params, learning_rate, steps, *, digits=3, of_loss=True):
    before = np.inf
    for _ in range(steps):
        cache = forward(X, params)
        found, cost = backward(X, y, params, cache), loss(cache["y_hat"], y)
        length = np.sqrt(sum(np.sum(np.square(slope)) for slope in found.values()))
        if (before - cost if of_loss else length) < 10**-digits:
            break
        params, before = gradient_step(params, found, learning_rate), cost
    return params


@exercise.mistake(
    "Does a step depend on the slope here alone, or on earlier slopes as well?",
    said="Earlier gradients are carried along, as with momentum.",
    root=Root.LOOP,
    family={"tenths": (5, 9)},
)
def train_momentum(X, y, params, learning_rate, steps, *, tenths=9):
    speed = {name: np.zeros(np.shape(value)) for name, value in params.items()}
    for _ in range(steps):
        found = backward(X, y, params, forward(X, params))
        speed = {name: tenths / 10 * speed[name] + found[name] for name in found}
        params = gradient_step(params, speed, learning_rate)
    return params


@exercise.mistake(
    "Is your second step as long as the rule says, or does something shrink?",
    said="The learning rate shrinks from step to step.",
    root=Root.LOOP,
    family={"hundredths": (50, 90, 99)},
)
def train_shrinking_rate(X, y, params, learning_rate, steps, *, hundredths=90):
    for step in range(steps):
        found = backward(X, y, params, forward(X, params))
        params = gradient_step(params, found, learning_rate * (hundredths / 100) ** step)
    return params


@exercise.mistake(
    "What does gradient_step give back, and where does it go in your loop?",
    said="The result of a step is thrown away, so the parameters never move.",
    root=Root.LOOP,
)
def train_result_thrown_away(X, y, params, learning_rate, steps):
    for _ in range(steps):
        gradient_step(params, backward(X, y, params, forward(X, params)), learning_rate)
    return params


@exercise.mistake(
    "Where does your return stand: behind the loop, or inside it?",
    said="The return stands inside the loop, so only one step is made.",
    root=Root.LOOP,
    like=("train-one-step",),
)
def train_returns_in_the_loop(X, y, params, learning_rate, steps):
    for _ in range(steps):
        found = backward(X, y, params, forward(X, params))
        params = gradient_step(params, found, learning_rate)
        return params


@exercise.mistake(
    "The whole batch, or one example a step?",
    said="A step is made for each example instead of one for the batch.",
    root=Root.LOOP,
)
def train_one_example_a_step(X, y, params, learning_rate, steps):
    for _ in range(steps):
        for n in range(len(y)):
            x, target = X[n : n + 1], y[n : n + 1]
            found = backward(x, target, params, forward(x, params))
            params = gradient_step(params, found, learning_rate)
    return params


@exercise.mistake(
    "Which parameters does a step move: do intercepts learn, too?",
    said="The biases never move.",
    root=Root.BIAS,
)
def train_without_biases(X, y, params, learning_rate, steps):
    for _ in range(steps):
        moved = gradient_step(params, backward(X, y, params, forward(X, params)), learning_rate)
        params = {**params, **{name: moved[name] for name in ("W1", "W2", "U")}}
    return params


@exercise.mistake(
    "One dict is asked for: what else do you return?",
    said="The losses are returned beside the parameters.",
)
def train_returns_losses_too(X, y, params, learning_rate, steps):
    losses = []
    for _ in range(steps):
        cache = forward(X, params)
        losses.append(loss(cache["y_hat"], y))
        params = gradient_step(params, backward(X, y, params, cache), learning_rate)
    return params, losses


@exercise.mistake(
    "Are these the parameters, or the last gradients?",
    said="The last gradients are returned instead of the parameters.",
)
def train_returns_gradients(X, y, params, learning_rate, steps):
    for _ in range(steps):
        found = backward(X, y, params, forward(X, params))
        params = gradient_step(params, found, learning_rate)
    return found


@exercise.property(
    "Two steps are one step and then one more: your {name} is {together} after two, and {apart} "
    "after one and one. What does a round of your loop remember?"
)
def two_steps_are_one_and_one(f, X, y, params, learning_rate, steps):
    together = f(X, y, params, learning_rate, 2)
    apart = f(X, y, f(X, y, params, learning_rate, 1), learning_rate, 1)
    for name in params:
        left, right = np.asarray(together[name]), np.asarray(apart[name])
        if left.shape == right.shape and not np.allclose(left, right, rtol=1e-6):
            return {"name": name, "together": left, "apart": right}


@exercise.property(
    "One small step lowers the loss; with your parameters it goes from {before} to {after}. Which "
    "way does the step go?"
)
def a_small_step_lowers_the_loss(f, X, y, params, learning_rate, steps):
    moved = f(X, y, params, 1e-3, 1)
    if not all(np.isfinite(value).all() for value in moved.values()):
        return None
    after = forward(X, moved)["y_hat"]
    before, after = loss(forward(X, params)["y_hat"], y), loss(after, y)
    if after > before:
        return {"before": before, "after": after}
