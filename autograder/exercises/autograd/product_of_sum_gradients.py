"""Derivatives of f = (a + b) * c."""

from __future__ import annotations

import numpy as np

from autograder.exercises.autograd import BY_HAND, notebook, reference
from autograder.exercises.autograd.inputs import number
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.product_of_sum_gradients,
    parts=("the slope of a", "the slope of b", "the slope of c"),
    points=1,
    minutes=4,
    hints=(
        (
            "Start at the end: what is the derivative of f with respect to itself? Then go "
            "against the arrows."
        ),
        "The product node has two inputs. Nudge one of them: by what is the nudge multiplied?",
        "The sum hands on what arrives. So which two of the three derivatives must be equal?",
    ),
    forbidden=BY_HAND,
    by_hand=True,
)


@exercise.cases
def cases(rng):
    yield case(2.0, -5.0, 4.0)
    for _ in range(4):
        yield case(number(rng), number(rng), number(rng))
    yield case(0.5, 1.5, -1.0, about=VISIBLE)
    yield case(1e-6, 2e-9, 1e-3, about="with tiny numbers")
    yield case(300.0, -20.0, 40.0, about="with large numbers")


@exercise.style
def product_of_sum_as_tuple(a, b, c):
    return c, c, a + b


@exercise.style
def product_of_sum_node_by_node(a, b, c):
    d = a + b
    f_bar = 1.0
    d_bar = f_bar * c
    c_bar = f_bar * d
    a_bar = d_bar * 1.0
    b_bar = d_bar * 1.0
    return [a_bar, b_bar, c_bar]


@exercise.style
def product_of_sum_as_array(a, b, c):
    return np.array([c, c, a + b])


@exercise.style
def product_of_sum_adjoints_in_a_dict(a, b, c):
    bar = {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0, "f": 1}
    values = {"a": a, "b": b, "c": c, "d": a + b}
    bar["d"] += bar["f"] * values["c"]
    bar["c"] += bar["f"] * values["d"]
    for parent in ("a", "b"):
        bar[parent] += bar["d"]
    return tuple(bar[name] for name in "abc")


@exercise.mistake(
    "By which other factor does the product node multiply?",
    said="The product node hands each factor its own value instead of the other's.",
    root=Root.SWAPPED,
)
def abc_local_as_global(a, b, c):
    return a + b, a + b, c


@exercise.mistake(
    "The value of a variable, or the effect of nudging it?",
    said="The values of a, b and c are returned instead of the derivatives.",
)
def abc_own_value(a, b, c):
    return a, b, c


@exercise.mistake(
    "These are slopes at the sum: what happens to them at the c?",
    said="The derivatives of a and b stop at the sum; factor c is missing.",
    root=Root.CHAIN,
)
def abc_stopped_at_the_sum(a, b, c):
    return 1.0, 1.0, a + b


@exercise.mistake(
    "Nudge c by 0.01 and compute f again: how far does f move?",
    said="The derivative of c is 1; the factor a + b is missing.",
    root=Root.CHAIN,
)
def abc_c_forgets_the_sum(a, b, c):
    return c, c, 1.0


@exercise.mistake(
    "Is f one of its own derivatives? How large is f here?",
    said="The value of f stands where its derivative with respect to c belongs.",
)
def abc_returns_the_value(a, b, c):
    return c, c, (a + b) * c


@exercise.mistake(
    "In which order are the three derivatives asked for?",
    said="The three derivatives are returned in reverse order.",
    root=Root.SWAPPED,
)
def abc_reversed_order(a, b, c):
    return a + b, c, c


@exercise.mistake(
    "Print all digits of your results: where do they end, and who cut them off?",
    said="The gradients are rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (1, 2, 3, 4)},
)
def abc_rounded(a, b, c, *, digits=2):
    return round(c, digits), round(c, digits), round(a + b, digits)


@exercise.mistake(
    "The sum passes on what arrives, to both: with which sign?",
    said="The gradient of b has the wrong sign.",
    root=Root.SIGN,
)
def abc_second_sign(a, b, c):
    return c, -c, a + b


@exercise.mistake(
    "Three derivatives are asked for: how many do you return?",
    said="The derivative by c is missing.",
)
def abc_two_of_three(a, b, c):
    return c, c


@exercise.mistake(
    "Two inputs meet in a sum: is what arrives shared between them?",
    said="What arrives at the sum is halved between its two inputs.",
    root=Root.FACTOR_TWO,
)
def abc_shared_between(a, b, c):
    return c / 2, c / 2, a + b


@exercise.property(
    "a and b stand in one sum, so the output answers both alike; yours has slopes {left} and "
    "{right}. What does a sum do with what arrives?"
)
def alike_for_both_terms(f, a, b, c):
    left, right, _ = np.asarray(f(a, b, c), dtype=float)
    if left != right:
        return {"left": left, "right": right}


exercise.equivalent(
    "f_bar * c -> c",
    "f_bar * d -> d",
    "d_bar * 1.0 -> d_bar / 1.0",
    "d_bar * 1.0 -> d_bar",
    "bar['f'] * values['c'] -> values['c']",
    "bar['f'] * values['d'] -> values['d']",
    because="The output's own adjoint is 1.",
)


@exercise.property(
    "With a and b twice as large the output answers c twice as strongly; your slope of c goes from "
    "{once} to {twice}. What does c multiply?"
)
def in_proportion_to_the_sum(f, a, b, c):
    once, twice = f(a, b, c)[2], f(2 * a, 2 * b, c)[2]
    if not np.isclose(2 * once, twice, rtol=1e-6):
        return {"once": once, "twice": twice}
