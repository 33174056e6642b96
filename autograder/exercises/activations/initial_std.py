"""The spread of a layer's random start weights."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import wrappers

exercise = notebook.exercise(
    reference.initial_std,
    points=2,
    minutes=6,
    subject=wrappers.refusing,
    forbidden=("torch.nn.init",),
    hints=(
        "The text derives a variance. Which step leads from it to a standard deviation?",
        "Three families of activations: which of them need both numbers of units?",
        "What should happen for a name that none of your branches knows?",
    ),
)

NAMES = ("linear", "sigmoid", "tanh", "relu", "selu")


@exercise.cases
def cases(rng):
    for name in NAMES:
        yield case(300, 100, name)
        yield case(*map(int, rng.permutation(np.arange(20, 200))[:2]), name)
    yield case(3, 5, "relu")
    yield case(2, 7, "tanh")
    yield case(4, 9, "swoosh", about="a name without a rule")
    yield case(4, 9, "ReLU", about="a name without a rule: capitals count")


@exercise.style
def std_branches(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(2 / (fan_in + fan_out))
    if activation == "relu":
        return np.sqrt(2 / fan_in)
    if activation == "selu":
        return np.sqrt(1 / fan_in)
    raise ValueError(f"no rule for {activation}")


@exercise.style
def std_dict(fan_in, fan_out, activation):
    variances = {
        "linear": 2 / (fan_in + fan_out),
        "sigmoid": 2 / (fan_in + fan_out),
        "tanh": 2 / (fan_in + fan_out),
        "relu": 2 / fan_in,
        "selu": 1 / fan_in,
    }
    if activation not in variances:
        raise ValueError("unknown activation: " + activation)
    return variances[activation] ** 0.5


@exercise.style
def std_elif(fan_in, fan_out, activation):
    if activation == "linear" or activation == "sigmoid" or activation == "tanh":
        variance = 1 / ((fan_in + fan_out) / 2)
    elif activation == "relu":
        variance = 2 / fan_in
    elif activation == "selu":
        variance = 1 / fan_in
    else:
        raise ValueError
    return np.sqrt(variance)


@exercise.style
def std_match(fan_in, fan_out, activation):
    match activation:
        case "relu":
            return (2 / fan_in) ** 0.5
        case "selu":
            return fan_in**-0.5
        case "linear" | "sigmoid" | "tanh":
            return (2 / (fan_in + fan_out)) ** 0.5
        case _:
            raise ValueError(activation)


@exercise.style
def std_try(fan_in, fan_out, activation):
    glorot = 2 / (fan_in + fan_out)
    rules = dict(linear=glorot, sigmoid=glorot, tanh=glorot, relu=2 / fan_in, selu=1 / fan_in)
    try:
        return float(np.sqrt(rules[activation]))
    except KeyError:
        raise ValueError(f"{activation!r} is none of {sorted(rules)}") from None


@exercise.mistake(
    "Is the number asked for a variance, or its square root?",
    said="The variances are returned where standard deviations are asked for.",
    root=None,
)
def std_variance(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return 2 / (fan_in + fan_out)
    if activation == "relu":
        return 2 / fan_in
    if activation == "selu":
        return 1 / fan_in
    raise ValueError(activation)


@exercise.mistake(
    "A score adds up one term for each unit that comes in: which number counts forward?",
    said="fan_in and fan_out are exchanged.",
    root=Root.SWAPPED,
)
def std_fans_exchanged(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(2 / (fan_out + fan_in))
    if activation == "relu":
        return np.sqrt(2 / fan_out)
    if activation == "selu":
        return np.sqrt(1 / fan_out)
    raise ValueError(activation)


@exercise.mistake(
    "How much of the square of a symmetric score does ReLU let through, and who makes up for it?",
    said="The factor that makes up for the half that ReLU loses is missing.",
    root=Root.FACTOR_TWO,
)
def std_relu_without_two(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(2 / (fan_in + fan_out))
    if activation in ("relu", "selu"):
        return np.sqrt(1 / fan_in)
    raise ValueError(activation)


@exercise.mistake(
    "Does SELU lose half of the signal as ReLU does?",
    said="SELU is given the rule of ReLU.",
    root=Root.FACTOR_TWO,
)
def std_selu_as_relu(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(2 / (fan_in + fan_out))
    if activation in ("relu", "selu"):
        return np.sqrt(2 / fan_in)
    raise ValueError(activation)


@exercise.mistake(
    "The mean of two numbers of units stands below the line: is it their mean or their sum?",
    said="The 2 of the mean of fan_in and fan_out is missing.",
    root=Root.FACTOR_TWO,
)
def std_glorot_without_two(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(1 / (fan_in + fan_out))
    if activation == "relu":
        return np.sqrt(2 / fan_in)
    if activation == "selu":
        return np.sqrt(1 / fan_in)
    raise ValueError(activation)


@exercise.mistake(
    "Is the number asked for a spread, or the half-width of a uniform distribution?",
    said="The limit of Glorot's uniform distribution is returned, too large by the root of 3.",
    root=None,
)
def std_uniform_limit(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(6 / (fan_in + fan_out))
    if activation == "relu":
        return np.sqrt(2 / fan_in)
    if activation == "selu":
        return np.sqrt(1 / fan_in)
    raise ValueError(activation)


@exercise.mistake(
    "Does every activation lose the same share of the signal?",
    said="All activations are given the rule of ReLU.",
    root=None,
)
def std_always_he(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh", "relu", "selu"):
        return np.sqrt(2 / fan_in)
    raise ValueError(activation)


@exercise.mistake(
    "Does every activation lose the same share of the signal?",
    said="All activations are given the rule of Glorot.",
    root=None,
)
def std_always_glorot(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh", "relu", "selu"):
        return np.sqrt(2 / (fan_in + fan_out))
    raise ValueError(activation)


@exercise.mistake(
    "What does your function do with a name that it does not know?",
    said="A name without a rule gets an answer where a ValueError is asked for.",
    root=None,
)
def std_no_error(fan_in, fan_out, activation):
    if activation == "relu":
        return np.sqrt(2 / fan_in)
    if activation == "selu":
        return np.sqrt(1 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))


@exercise.mistake(
    "What does a function give back when none of its branches returns?",
    said="A name without a rule gets None where a ValueError is asked for.",
    root=None,
)
def std_none_for_unknown(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(2 / (fan_in + fan_out))
    if activation == "relu":
        return np.sqrt(2 / fan_in)
    if activation == "selu":
        return np.sqrt(1 / fan_in)


@exercise.mistake(
    "An error that is returned, or one that is raised: which of the two stops the caller?",
    said="The ValueError is returned instead of raised.",
    root=None,
)
def std_error_returned(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(2 / (fan_in + fan_out))
    if activation == "relu":
        return np.sqrt(2 / fan_in)
    if activation == "selu":
        return np.sqrt(1 / fan_in)
    return str(ValueError(activation))


@exercise.mistake(
    "Does the rule multiply with the number of units, or divide by it?",
    said="The number of units stands above the line instead of below.",
    root=Root.SWAPPED,
)
def std_upside_down(fan_in, fan_out, activation):
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt((fan_in + fan_out) / 2)
    if activation == "relu":
        return np.sqrt(fan_in / 2)
    if activation == "selu":
        return np.sqrt(fan_in)
    raise ValueError(activation)


@exercise.mistake(
    "Which kind of error is asked for, and which one does a dict raise?",
    said="A name without a rule raises a KeyError where a ValueError is asked for.",
    root=None,
)
def std_key_error(fan_in, fan_out, activation):
    glorot = np.sqrt(2 / (fan_in + fan_out))
    stds = {"linear": glorot, "sigmoid": glorot, "tanh": glorot}
    stds |= {"relu": np.sqrt(2 / fan_in), "selu": np.sqrt(1 / fan_in)}
    return stds[activation]


@exercise.mistake(
    "Does your answer change with the number of units that come in?",
    said="One small number is returned for all layers.",
    root=None,
)
def std_constant(fan_in, fan_out, activation):
    return 0.01


exercise.equivalent(
    "'unknown activation: ' + activation -> 'unknown activation: '",
    "'unknown activation: ' + activation -> activation",
    because="What the error says is not looked at.",
)


@exercise.property(
    "Four times as many units on both sides halve the spread: yours goes from {once} to {four}. "
    "Is it a variance or a standard deviation that you return?"
)
def half_for_four_times_the_units(f, fan_in, fan_out, activation):
    once, four = (
        float(f(fan_in, fan_out, activation)),
        float(f(4 * fan_in, 4 * fan_out, activation)),
    )
    if not np.isclose(once, 2 * four, rtol=1e-6):
        return {"once": once, "four": four}
