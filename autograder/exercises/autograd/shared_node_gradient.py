"""Derivative of f(x) = x sin x + x**2."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.autograd import BY_HAND, notebook, reference
from autograder.exercises.autograd.inputs import number
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.shared_node_gradient,
    points=1,
    minutes=4,
    hints=(
        "How many arrows leave x? Write down what comes back along each.",
        "Take the uses one at a time, and pretend the others are constants.",
        (
            "At 0.7 the three shares are 0.6442, 0.5354 and 1.4. Which of your terms is which, "
            "and what is done with the three?"
        ),
    ),
    forbidden=BY_HAND,
    by_hand=True,
)


@exercise.cases
def cases(rng):
    yield case(0.7)
    # Many, since it takes several numbers to see that digits are missing.
    for _ in range(12):
        yield case(number(rng, 0.3, 3.0))
    yield case(-1.5, about=VISIBLE)
    yield case(1e-6, about="close to 0")
    yield case(30.0, about="far from 0")


@exercise.style
def shared_closed_form(x):
    return math.sin(x) + x * math.cos(x) + 2 * x


@exercise.style
def shared_one_path_after_the_other(x):
    s, square = np.sin(x), x**2
    p = x * s
    f = p + square
    f_bar = f / f
    p_bar = square_bar = f_bar
    x_bar = 0.0
    x_bar += p_bar * s
    s_bar = p_bar * x
    x_bar += s_bar * np.cos(x)
    x_bar += square_bar * 2 * x
    return x_bar


@exercise.style
def shared_sum_of_a_list(x):
    return sum([np.sin(x), x * np.cos(x), x, x])


@exercise.style
def shared_with_numpy(x):
    x = np.array(x, dtype=float)
    return np.sin(x) + x * (np.cos(x) + 2)


@exercise.mistake(
    "How many arrows leave the node x, and what happens to what comes back along each?",
    said="The shares of x overwrite each other, so only the last one remains.",
    root=Root.CHAIN,
)
def path_overwritten(x):
    x_bar = np.sin(x)
    x_bar = x * np.cos(x)
    x_bar = 2 * x
    return x_bar


@exercise.mistake(
    "Count the uses of the variable: is one of them missing?",
    said="The share of x as a factor, sin x, is missing.",
    root=Root.CHAIN,
)
def path_one_factor(x):
    return x * np.cos(x) + 2 * x


@exercise.mistake(
    "Count the uses of the variable: does the sine use it as well?",
    said="The share of x inside the sine, x cos x, is missing.",
    root=Root.CHAIN,
)
def path_other_factor(x):
    return np.sin(x) + 2 * x


@exercise.mistake(
    "Is there a term of f that your derivative never looked at?",
    said="The square is not differentiated, so the share 2x is missing.",
)
def path_without_the_square(x):
    return np.sin(x) + x * np.cos(x)


@exercise.mistake(
    "A square is a product: how often does x enter it?",
    said="The square counts x once, which gives x instead of 2x.",
    root=Root.FACTOR_TWO,
)
def path_square_once(x):
    return np.sin(x) + x * np.cos(x) + x


@exercise.mistake(
    "The slope of a product: is it the product of the slopes?",
    said="The product of the slopes stands where the product rule belongs.",
)
def path_product_of_slopes(x):
    return np.cos(x) + 2 * x


@exercise.mistake(
    "Which way does the cosine go at 0, and which way the sine?",
    said="The derivative of the sine has the wrong sign.",
    root=Root.SIGN,
)
def path_cosine_sign(x):
    return np.sin(x) - x * np.cos(x) + 2 * x


@exercise.mistake(
    "Along one path links are multiplied. And what about two paths?",
    said="The shares of the three paths are multiplied instead of added.",
    root=Root.CHAIN,
)
def path_multiplied(x):
    return np.sin(x) * (x * np.cos(x)) * (2 * x)


@exercise.mistake(
    "Is this f, or how fast f changes?",
    said="The value of f is returned instead of its derivative.",
)
def path_value(x):
    return x * np.sin(x) + x**2


@exercise.mistake(
    "Print all digits of your result: where do they end, and who cut them off?",
    said="The derivative is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (1, 2, 3, 4)},
)
def path_rounded(x, *, digits=4):
    return round(math.sin(x) + x * math.cos(x) + 2 * x, digits)


@exercise.mistake(
    "In which unit do sine and cosine take their argument here?",
    said="The argument is taken for degrees.",
)
def path_degrees(x):
    angle = math.radians(x)
    return math.sin(angle) + x * math.cos(angle) + 2 * x


@exercise.property(
    "x sin x and x squared are the same at -x as at x, so the slope turns its sign: yours is "
    "{there} at {x} and {back} at its opposite. Which of your terms does not turn?"
)
def turns_its_sign(f, x):
    there, back = float(f(x)), float(f(-x))
    if not np.isclose(there, -back, rtol=1e-6, atol=1e-9):
        return {"there": there, "back": back, "x": x}


exercise.equivalent(
    "x * s -> x / s",
    "x * s -> x",
    "x * s -> s",
    "p + square -> p - square",
    "p + square -> p",
    "p + square -> square",
    "p_bar * s -> s",
    "p_bar * x -> x",
    "square_bar * 2 -> 2",
    "x ** 2 -> x ** 3",
    "x ** 2 -> x ** 0",
    because="The output's adjoint is f / f, whatever f is, and a factor 1 may go.",
)
