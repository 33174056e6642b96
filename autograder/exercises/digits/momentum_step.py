"""A step that remembers the steps before."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.digits.inputs import away_from_zero, network
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.momentum_step,
    parts=("the parameters", "the velocity"),
    points=2,
    minutes=8,
    hints=(
        "Two lines for every name. Which of the two has to come first?",
        "The step goes along the velocity: the one before this gradient, or the one with it?",
        "Both dicts that you return are new. What happens to the old ones when you write `-=` or "
        "`v[name] = ...`?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(
        {"W1": np.array([[1.0, -2.0]]), "b1": np.array([0.5, 0.0])},
        {"W1": np.array([[0.5, 1.0]]), "b1": np.array([-1.0, 2.0])},
        {"W1": np.array([[2.0, -1.0]]), "b1": np.array([0.0, 1.0])},
        0.1,
        0.9,
    )
    zeros = {"W1": np.zeros((2, 2)), "b1": np.zeros(2)}
    steep = {"W1": np.array([[20.0, -15.0], [10.0, 5.0]]), "b1": np.array([8.0, -12.0])}
    yield case(steep, steep, zeros, 0.05, 0.8, about="at the first step, with a steep gradient")
    square = {"W1": np.array([[1.0, 2.0], [3.0, 4.0]]), "b1": np.array([0.3, -0.4])}
    yield case(square, steep, square, 0.2, 0.0, about="without momentum")
    # The names come in another order in each dict.
    yield case(
        {"W1": np.array([1.0, 2.0]), "b1": np.array([3.0, -1.0])},
        {"b1": np.array([0.5, 0.25]), "W1": np.array([-1.0, 2.0])},
        {"b1": np.array([1.0, -2.0]), "W1": np.array([0.5, 3.0])},
        0.3,
        0.7,
        about="with the names in different orders",
    )
    for sizes in ((3, 4, 2), (2, 3)):
        params = network(rng, sizes)
        gradients = {name: away_from_zero(rng, *value.shape) for name, value in params.items()}
        velocity = {name: away_from_zero(rng, *value.shape) for name, value in params.items()}
        yield case(
            params, gradients, velocity, float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.6, 0.9))
        )


@exercise.style
def momentum_comprehensions(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] + gradients[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v


@exercise.style
def momentum_loop(params, gradients, velocity, learning_rate, momentum):
    new_params, new_velocity = {}, {}
    for name in params:
        new_velocity[name] = gradients[name] + momentum * velocity[name]
        step = learning_rate * new_velocity[name]
        new_params[name] = params[name] - step
    return new_params, new_velocity


@exercise.style
def momentum_copies(params, gradients, velocity, learning_rate, momentum):
    params = {name: value.copy() for name, value in params.items()}
    velocity = {name: value.copy() for name, value in velocity.items()}
    for name, g in gradients.items():
        velocity[name] *= momentum
        velocity[name] += g
        params[name] -= learning_rate * velocity[name]
    return [params, velocity]


@exercise.style
def momentum_one_line_each(params, gradients, velocity, learning_rate, momentum):
    found = {
        name: (
            value - learning_rate * (gradients[name] + momentum * velocity[name]),
            gradients[name] + momentum * velocity[name],
        )
        for name, value in params.items()
    }
    return {n: pair[0] for n, pair in found.items()}, {n: pair[1] for n, pair in found.items()}


@exercise.mistake(
    "For a gradient that never changes, where does your velocity end: at the gradient, or at a "
    "multiple of it?",
    said="The gradient was damped by one minus the momentum.",
)
def momentum_damped(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] + (1 - momentum) * gradients[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v


@exercise.mistake(
    "Does the learning rate stand in your velocity, or only in the step?",
    said="The learning rate was built into the velocity.",
)
def momentum_rate_in_the_velocity(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] + learning_rate * gradients[k] for k in params}
    return {k: params[k] - v[k] for k in params}, v


@exercise.mistake(
    "Does your velocity point uphill or downhill, and has it the learning rate in it?",
    said="The velocity points downhill and holds the learning rate, another convention.",
    root=Root.SIGN,
)
def momentum_velocity_downhill(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] - learning_rate * gradients[k] for k in params}
    return {k: params[k] + v[k] for k in params}, v


@exercise.mistake(
    "How often does the old velocity enter your step?",
    said="A Nesterov step was taken.",
)
def momentum_nesterov(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] + gradients[k] for k in params}
    return {k: params[k] - learning_rate * (gradients[k] + momentum * v[k]) for k in params}, v


@exercise.mistake(
    "Does the step know the gradient of this moment?",
    said="The step went along the velocity of the step before.",
    root=Root.LOOP,
)
def momentum_old_velocity(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] + gradients[k] for k in params}
    return {k: params[k] - learning_rate * velocity[k] for k in params}, v


@exercise.mistake(
    "Does your step depend on the steps before?",
    said="The step went along the gradient alone.",
)
def momentum_gradient_step(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] + gradients[k] for k in params}
    return {k: params[k] - learning_rate * gradients[k] for k in params}, v


@exercise.mistake(
    "Which velocity will the next step need?",
    said="The old velocity was returned.",
    root=Root.LOOP,
)
def momentum_velocity_not_renewed(params, gradients, velocity, learning_rate, momentum):
    new = {}
    for k in params:
        v = momentum * velocity[k] + gradients[k]
        new[k] = params[k] - learning_rate * v
    return new, dict(velocity)


@exercise.mistake(
    "Does your step go downhill?",
    said="The step went along the gradient instead of against it.",
    root=Root.SIGN,
)
def momentum_uphill(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] + gradients[k] for k in params}
    return {k: params[k] + learning_rate * v[k] for k in params}, v


@exercise.mistake(
    "Which of the two dicts is asked for first?",
    said="Parameters and velocities were returned in the other order.",
    root=Root.SWAPPED,
)
def momentum_returned_swapped(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * velocity[k] + gradients[k] for k in params}
    return v, {k: params[k] - learning_rate * v[k] for k in params}


@exercise.mistake(
    "What is multiplied by the momentum: what was before, or what is new?",
    said="The momentum multiplies the gradient instead of the velocity.",
    root=Root.SWAPPED,
)
def momentum_on_the_gradient(params, gradients, velocity, learning_rate, momentum):
    v = {k: velocity[k] + momentum * gradients[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v


@exercise.mistake(
    "What is multiplied by the momentum: what was before, or the new gradient, too?",
    said="The momentum multiplies the sum of velocity and gradient.",
)
def momentum_on_both(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * (velocity[k] + gradients[k]) for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v


@exercise.mistake(
    "With a momentum of 0.9, how much of the old velocity is kept?",
    said="One minus the momentum multiplies the old velocity.",
)
def momentum_complement(params, gradients, velocity, learning_rate, momentum):
    v = {k: (1 - momentum) * velocity[k] + gradients[k] for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v


@exercise.mistake(
    "Does the first name of one dict belong to the first name of the other?",
    said="The dicts were paired by the order of their names instead of by name.",
    root=Root.INDEX,
)
def momentum_paired_by_position(params, gradients, velocity, learning_rate, momentum):
    v = {k: momentum * old + g for k, old, g in zip(params, velocity.values(), gradients.values())}
    return {k: params[k] - learning_rate * v[k] for k in params}, v


@exercise.mistake(
    "Do the biases remember their steps, too?",
    said="The biases took part without momentum.",
    root=Root.BIAS,
)
def momentum_of_weights_only(params, gradients, velocity, learning_rate, momentum):
    v = {k: gradients[k] + (momentum * velocity[k] if k.startswith("W") else 0) for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v


@exercise.mistake(
    "How long is your step when the gradient is very steep? Was it cut?",
    said="The gradient was cut off.",
    root=Root.DIGITS,
    family={"size": (1.0, 5.0, 10.0)},
)
def momentum_gradient_cut_off(params, gradients, velocity, learning_rate, momentum, *, size=5.0):
    v = {k: momentum * velocity[k] + np.clip(gradients[k], -size, size) for k in params}
    return {k: params[k] - learning_rate * v[k] for k in params}, v


@exercise.property(
    "With a learning rate of 0 nothing moves, and your {name} goes from {before} to {after}. What "
    "does the rate multiply?"
)
def stays_without_a_rate(f, params, gradients, velocity, learning_rate, momentum):
    moved, _ = f(params, gradients, velocity, 0.0, momentum)
    for name, value in params.items():
        if not np.allclose(moved[name], value, rtol=1e-9):
            return {"name": name, "before": value, "after": moved[name]}


@exercise.property(
    "Without momentum the velocity is the gradient alone, and yours of {name} is {found} there. "
    "What is left of the old velocity?"
)
def the_gradient_without_momentum(f, params, gradients, velocity, learning_rate, momentum):
    _, speed = f(params, gradients, velocity, learning_rate, 0.0)
    for name, slope in gradients.items():
        if not np.allclose(speed[name], slope, rtol=1e-9):
            return {"name": name, "found": speed[name]}
