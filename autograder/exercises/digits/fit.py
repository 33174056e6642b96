"""Training: all parts together."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.digits.inputs import (
    EASY_LABELS,
    EASY_X,
    away_from_zero,
    class_labels,
)
from autograder.exercises.digits.reference import (
    backward,
    forward,
    init_params,
    loss,
    minibatches,
    momentum_step,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course.wrappers import seeded

exercise = notebook.exercise(
    reference.fit,
    points=3,
    minutes=15,
    subject=seeded,
    hints=(
        "Write the plan in words first: what happens once, what once in every epoch, what once "
        "for every mini-batch?",
        "Which rows of `X` and which labels belong to a mini-batch? Which function of yours uses "
        "the `cache`?",
        "What has to be handed from one step to the next? Is it made anew anywhere?",
    ),
)


@exercise.cases
def cases(rng):
    fixed = np.random.default_rng(9)

    def asked(draw, n, sizes, *settings, about="", scale=1.0):
        X = away_from_zero(draw, n, sizes[0]) * scale
        labels = class_labels(draw, n, sizes[-1])
        return case(X, labels, sizes, *settings, about=about)

    yield asked(fixed, 7, (3, 4, 2), 2, 3, 0.1, 0.9, 0.01, 5)
    yield asked(fixed, 6, (2, 5, 3), 3, 8, 0.2, 0.5, 0.02, 6)
    yield asked(fixed, 5, (3, 4, 3, 2), 4, 2, 0.05, 0.8, 0.03, 7)
    yield asked(fixed, 6, (4, 3), 1, 6, 0.3, 0.9, 0.0, 8, about="one single step")
    yield asked(
        fixed, 8, (3, 5, 2), 2, 3, 0.001, 0.9, 0.0, 9, about="with steep gradients", scale=40.0
    )
    yield case(EASY_X, EASY_LABELS, (2, 3, 2), 1, 4, 0.2, 0.9, 0.01, 3)
    yield case(EASY_X, EASY_LABELS, (2, 3, 2), 3, 4, 0.2, 0.9, 0.01, 3)
    yield case(
        EASY_X,
        EASY_LABELS,
        (2, 2),
        150,
        3,
        0.5,
        0.9,
        0.0,
        10,
        about="300 steps of an easy problem",
    )
    for _ in range(2):
        settings = (float(rng.uniform(0.05, 0.2)), float(rng.uniform(0.5, 0.9)))
        yield asked(rng, 8, (3, 4, 2), 3, 3, *settings, 0.02, int(rng.integers(1000)))


@exercise.style
def fit_loop(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros(value.shape) for name, value in params.items()}
    for epoch in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            Xb, yb = X[batch], labels[batch]
            gradients = backward(Xb, yb, params, forward(Xb, params), strength)
            params, velocity = momentum_step(params, gradients, velocity, learning_rate, momentum)
    return params


@exercise.style
def fit_own_step(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    params = init_params(sizes, rng)
    v = dict.fromkeys(params, 0.0)
    done = 0
    while done < epochs:
        for rows in minibatches(X.shape[0], batch_size, rng):
            cache = forward(X[rows], params)
            g = backward(X[rows], labels[rows], params, cache, strength)
            for name in params:
                v[name] = momentum * v[name] + g[name]
                params[name] = params[name] - learning_rate * v[name]
        done += 1
    return params


@exercise.style
def fit_own_batches(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    theta = init_params(sizes, rng)
    velocity = {name: 0 * value for name, value in theta.items()}
    for _ in range(epochs):
        order = rng.permutation(len(X))
        shuffled, targets = X[order], labels[order]
        for start in range(0, len(X), batch_size):
            part = slice(start, start + batch_size)
            cache = forward(shuffled[part], theta)
            slopes = backward(shuffled[part], targets[part], theta, cache, strength)
            theta, velocity = momentum_step(theta, slopes, velocity, learning_rate, momentum)
    return theta


@exercise.style
def fit_with_a_generator(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    state = params, {name: np.zeros_like(params[name]) for name in params}

    def all_batches():
        for _ in range(epochs):
            yield from minibatches(len(labels), batch_size, rng)

    for batch in all_batches():
        g = backward(X[batch], labels[batch], state[0], forward(X[batch], state[0]), strength)
        state = momentum_step(state[0], g, state[1], learning_rate, momentum)
    return state[0]


@exercise.mistake(
    "Do the mini-batches of the second epoch hold the same examples as those of the first?",
    said="The examples were shuffled once instead of in every epoch.",
    root=Root.LOOP,
)
def fit_shuffled_once(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    batches = minibatches(len(X), batch_size, rng)
    for _ in range(epochs):
        for batch in batches:
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "What does the velocity know at the beginning of the second epoch?",
    said="The velocity was set back to 0 in every epoch.",
    root=Root.LOOP,
)
def fit_velocity_each_epoch(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    for _ in range(epochs):
        velocity = {name: np.zeros_like(value) for name, value in params.items()}
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Does your answer change with `momentum`? Which velocity does the second step get?",
    said="The velocity was not handed on from step to step, so that there is no momentum.",
    root=Root.LOOP,
)
def fit_velocity_lost(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, _ = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "How many steps are taken in one epoch?",
    said="Every step used all examples instead of one mini-batch.",
)
def fit_all_examples(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for _ in minibatches(len(X), batch_size, rng):
            g = backward(X, labels, params, forward(X, params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "How many steps are taken in one epoch?",
    said="One step with all examples was taken in every epoch.",
)
def fit_one_step_an_epoch(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        g = backward(X, labels, params, forward(X, params), strength)
        params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Does row n of a mini-batch still have its own label?",
    said="The labels were not picked like the rows of the mini-batch.",
    root=Root.INDEX,
)
def fit_labels_of_others(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            y = labels[: len(batch)]
            g = backward(X[batch], y, params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Which parameters do the hidden values come from that your gradients use?",
    said="The forward pass was made with the parameters of the start.",
    root=Root.LOOP,
)
def fit_forward_of_the_start(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = start = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], start), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "At which parameters are your gradients taken?",
    said="The gradients were taken at the parameters of the start.",
    root=Root.LOOP,
)
def fit_gradients_of_the_start(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = start = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], start, forward(X[batch], start), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Does your answer change with `strength`?",
    said="The strength of the penalty was not handed on.",
)
def fit_without_penalty(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), 0.0)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Does every step pay the whole penalty, or a share of it?",
    said="Every step paid only its share of the penalty.",
    root=Root.MEAN,
)
def fit_share_of_the_penalty(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            own = strength * len(batch) / len(X)
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), own)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Does the last, shorter mini-batch take part?",
    said="The last, shorter mini-batch was left out.",
    root=Root.LOOP,
)
def fit_last_batch_dropped(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            if len(batch) < min(batch_size, len(X)):
                continue
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "How many epochs has your training?",
    said="One epoch too few was trained.",
    root=Root.LOOP,
)
def fit_one_epoch_less(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(1, epochs):
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "In which line does your function return, and how often is that line reached?",
    said="The function returned after its first epoch.",
    root=Root.LOOP,
)
def fit_returns_after_one_epoch(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
        return params


@exercise.mistake(
    "What is drawn from the generator first?",
    said="The mini-batches were drawn before the parameters.",
    root=Root.SWAPPED,
)
def fit_batches_before_params(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng
):
    plan = [minibatches(len(X), batch_size, rng) for _ in range(epochs)]
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for batches in plan:
        for batch in batches:
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Does your answer change when another generator is handed in?",
    said="A generator of one's own took the place of the one that was handed in.",
)
def fit_own_generator(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    rng = np.random.default_rng(0)
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Which examples does the second mini-batch of an epoch hold in your training?",
    said="The examples were not shuffled.",
)
def fit_not_shuffled(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for start in range(0, len(X), batch_size):
            batch = np.arange(start, min(start + batch_size, len(X)))
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "How long is your first step when the gradient is very steep? Was it cut?",
    said="Gradients were cut off.",
    root=Root.DIGITS,
    family={"size": (1, 5)},
)
def fit_gradients_cut_off(
    X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng, *, size=1
):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            g = {name: np.clip(value, -size, size) for name, value in g.items()}
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


@exercise.mistake(
    "Were all epochs trained that were asked for, also where the loss is small already?",
    said="Training stopped as soon as the loss was small.",
    root=Root.LOOP,
)
def fit_stops_early(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng):
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        if loss(forward(X, params)["a"], labels, params, 0.0) < 0.02:
            break
        for batch in minibatches(len(X), batch_size, rng):
            g = backward(X[batch], labels[batch], params, forward(X[batch], params), strength)
            params, velocity = momentum_step(params, g, velocity, learning_rate, momentum)
    return params


exercise.equivalent(
    "0 * value -> 0", because="A velocity of 0 is an array of zeros after the first step."
)
