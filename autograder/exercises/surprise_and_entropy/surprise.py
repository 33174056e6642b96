"""Surprise of an event."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import GUARDS, added
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference

exercise = notebook.exercise(
    reference.surprise,
    points=1,
    minutes=5,
    hints=(
        "Which function turns products into sums? Look at the boxed formula of section 1.",
        (
            "NumPy has a natural logarithm. How do you change the base of a logarithm you "
            "already have?"
        ),
        (
            "Try p = 0.5 in base 2: it must give 1. Then an array, and then 0: does the result "
            "come out as inf?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    for p in (0.9, 0.1, np.array([0.5, 0.25, 1.0])):
        yield case(p, about=VISIBLE)
    yield case(0.1, base=10, about=VISIBLE)
    yield case(np.array([1e-6, 1e-9, 1 - 1e-9]), about="with events that are almost sure")
    yield case(float(rng.uniform(0.02, 0.4)))
    yield case(float(rng.uniform(0.6, 0.98)))
    yield case(rng.uniform(0.05, 0.95, 5))
    yield case(rng.uniform(0.05, 0.95, (3, 2)))
    yield case(rng.uniform(0.05, 0.95, (2, 2)), base=10, about="in base 10")
    yield case(rng.uniform(0.05, 0.95, 3), base=float(np.e), about="in nats")
    yield case(np.array([0.25, 0.0, 1.0]), about="with an impossible and a sure event")
    yield case(0.0, about="an impossible event")
    yield case(1.0, about="a sure event")


@exercise.style
def surprise_one_line(p, base=2):
    return -np.log(p) / np.log(base)


@exercise.style
def surprise_of_reciprocal(p, base=2):
    with np.errstate(divide="ignore"):
        return np.log(1 / np.asarray(p)) / np.log(base)


@exercise.style
def surprise_from_bits(p, base=2):
    bits = np.abs(np.log2(np.asarray(p, dtype=float)))
    return bits / math.log2(base)


@exercise.style
def surprise_entry_by_entry(p, base=2):
    def one(x):
        return math.inf if x == 0 else -math.log(x, base)

    p = np.asarray(p)
    return np.array([one(x) for x in p.ravel()]).reshape(p.shape)


@exercise.style
def surprise_as_lists(p, base=2):
    if isinstance(p, float):
        return math.inf if p == 0 else -math.log(p) / math.log(base)
    return [surprise_as_lists(x, base) for x in p]


@exercise.mistake(
    "What surprise should one side of a fair coin have, in the unit asked for?",
    said="The natural logarithm is taken, whatever base is asked for.",
    root=Root.BASE,
)
def surprise_natural_log(p, base=2):
    return -np.log(p)


@exercise.mistake(
    "Try it on an event that always happens: how surprised should you be?",
    said="The reciprocal 1/p is returned without its logarithm.",
)
def surprise_reciprocal(p, base=2):
    return 1 / np.asarray(p)


@exercise.mistake(
    "Can a rare event be less surprising than a sure one?",
    said="The minus sign before the logarithm is missing.",
    root=Root.SIGN,
)
def surprise_sign(p, base=2):
    return np.log(p) / np.log(base)


@exercise.mistake(
    "Take two independent events: do their surprises add up?",
    said="The answer is 1 - p, without any logarithm.",
)
def surprise_one_minus_p(p, base=2):
    return 1 - np.asarray(p)


@exercise.mistake(
    "Whose probability is in the logarithm: the event's, or that of its opposite?",
    said="The logarithm holds 1 - p, the probability of the opposite event.",
    root=Root.SWAPPED,
)
def surprise_log_of_complement(p, base=2):
    return -np.log(1 - np.asarray(p)) / np.log(base)


@exercise.mistake(
    "This is about one event that was seen. Is an average asked for here?",
    said="The surprise is already weighted with p, as in an entropy.",
)
def surprise_weighted_early(p, base=2):
    p = np.asarray(p)
    return -p * np.log(p) / np.log(base)


@exercise.mistake(
    "What happens to your answer when somebody asks for another base?",
    said="Base 2 is used, whatever base is asked for.",
    root=Root.BASE,
)
def surprise_base_ignored(p, base=2):
    return -np.log2(p)


@exercise.mistake(
    "How surprised should you be by what cannot happen, and what is the largest number that your "
    "function can give?",
    said="A small number is added to the probability, or cuts it off, so that an impossible event "
    "surprises by a finite amount.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12, 1e-15), "guard": GUARDS},
)
def surprise_guarded(p, base=2, *, size=1e-9, guard=added):
    return -np.log(guard(p, size)) / np.log(base)


@exercise.mistake(
    "An array holds several events: which of the two takes a whole array, math.log or np.log?",
    said="The function math.log is used, which fails on an array of several events.",
)
def surprise_math_log(p, base=2):
    return -math.log(p) / math.log(base)


@exercise.mistake(
    "An array is neither zero nor positive as a whole: which function chooses entry by entry?",
    said="An if asks about a whole array of probabilities at once, which fails.",
)
def surprise_if_on_array(p, base=2):
    if p == 0:
        return np.inf
    return -np.log(p) / np.log(base)


@exercise.property(
    "An event that always happens surprises nobody, and yours gives {found} for p = 1. What is the "
    "logarithm of 1?"
)
def nothing_for_a_sure_event(f, p, base=2):
    found = f(np.array([1.0, 0.5]), base=base)[0]
    if abs(found) > 1e-9:
        return {"found": found}


@exercise.property(
    "Two independent events with the probabilities 0.5 and 0.2 surprise by {one} and {other} with "
    "your function, and both together, with 0.1, by {both}. Do your surprises add up?"
)
def surprises_add_up(f, p, base=2):
    one, other, both = (float(f(np.array([q]), base=base)[0]) for q in (0.5, 0.2, 0.1))
    if abs(one + other - both) > 1e-9 * (1 + abs(both)):
        return {"one": one, "other": other, "both": both}


exercise.equivalent(
    "np.log(1 / np.asarray(p)) -> np.log(np.clip(1 / np.asarray(p), 1e-08, None))",
    because="One over a probability is at least 1.",
)
