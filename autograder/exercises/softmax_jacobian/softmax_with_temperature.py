"""Softmax of the scores at a temperature, over the last axis."""

from __future__ import annotations

import numpy as np

from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    ABOUT_SURE,
    PICTURE,
    SURE,
    extreme_scores,
    scores,
)
from autograder.exercises.softmax_jacobian.reference import softmax
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.softmax_with_temperature,
    points=1,
    minutes=4,
    rtol=1e-10,  # So little a guard in the denominator costs that rounding might have done it.
    hints=(
        "At temperature 2, which number stands in the exponent in place of a score of 3?",
        (
            "You have a function that is safe for scores of any size. Which scores should it be "
            "given here?"
        ),
        "Hotter must mean more alike: compare T = 0.5 with T = 2 for the scores 2, 1, 0.",
    ),
)


@exercise.cases
def cases(rng):
    yield case(PICTURE, 2.0, about=VISIBLE)
    yield case(PICTURE, 0.5, about=VISIBLE)
    yield case(np.array([3000.0, 0]), 1000.0, about=VISIBLE)
    yield case(SURE, 1.0, about=ABOUT_SURE)
    yield case(0.1 * SURE, 0.1, about=ABOUT_SURE)
    yield case(scores(rng, 4), float(rng.uniform(1.5, 4)))
    yield case(scores(rng, 5, 3), float(rng.uniform(0.3, 0.8)))
    yield case(scores(rng, 2, 4, 3), 10.0)
    yield case(scores(rng, 3, 3), float(rng.uniform(1.5, 4)), about="a square batch")
    yield case(extreme_scores(rng), 2.0, about="with scores of thousands")
    yield case(extreme_scores(rng), 0.5, about="with scores of thousands, cooled")
    yield case(extreme_scores(rng), 1000.0, about="with scores of thousands, very hot")


@exercise.style
def temperature_one_line(a, temperature):
    return softmax(a / temperature)


@exercise.style
def temperature_own_exponentials(a, temperature):
    e = np.exp((a - a.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


@exercise.style
def temperature_inverse(a, temperature):
    beta = 1.0 / temperature
    return softmax(beta * np.asarray(a)).tolist()


@exercise.style
def temperature_by_rows(a, temperature):
    if a.ndim == 1:
        return softmax(a / temperature)
    return np.stack([temperature_by_rows(row, temperature) for row in a])


@exercise.mistake(
    "Does heating make the bars more alike, or less?",
    said="The scores are multiplied by the temperature instead of divided.",
)
def temperature_multiplied(a, temperature):
    return softmax(a * temperature)


@exercise.mistake(
    "Add up what you return: is it still a distribution?",
    said="The probabilities are divided by the temperature instead of the scores.",
)
def temperature_outside(a, temperature):
    return softmax(a) / temperature


@exercise.mistake(
    "Is the temperature in the denominator's exponentials too?",
    said="The temperature is in the numerator but not in the denominator.",
)
def temperature_numerator_only(a, temperature):
    m = a.max(axis=-1, keepdims=True)
    return np.exp((a - m) / temperature) / np.exp(a - m).sum(axis=-1, keepdims=True)


@exercise.mistake(
    "What changes in your answer when the temperature does?",
    said="The temperature is not used at all.",
)
def temperature_ignored(a, temperature):
    return softmax(a)


@exercise.mistake(
    "Hot scores of thousands still overflow: what did softmax need?",
    said="Each row's own maximum is not subtracted, so large scores overflow.",
    root=Root.DIGITS,
)
def temperature_no_max_shift(a, temperature):
    e = np.exp(a / temperature)
    return e / e.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "Were the probabilities heated, or the scores they are made of?",
    said="The softmax is taken twice, and the temperature divides probabilities instead of scores.",
)
def temperature_on_probabilities(a, temperature):
    return softmax(softmax(a) / temperature)


@exercise.mistake(
    "How many distributions does a batch hold, and how many does yours?",
    said="The whole batch adds up to 1 instead of each row.",
    root=Root.AXIS,
)
def temperature_of_everything(a, temperature):
    e = np.exp((a - a.max()) / temperature)
    return e / e.sum()


@exercise.mistake(
    "Which sums must be 1, those of the rows or those of the columns?",
    said="The columns are normalised instead of the rows.",
    root=Root.AXIS,
)
def temperature_axis0(a, temperature):
    e = np.exp((a - a.max(axis=0)) / temperature)
    return e / e.sum(axis=0)


@exercise.mistake(
    "A single example is a vector: which axis is the last one in every case?",
    said="Axis 1 is written in, which a single example does not have.",
    root=Root.AXIS,
)
def temperature_axis_one(a, temperature):
    e = np.exp((a - np.max(a, axis=1, keepdims=True)) / temperature)
    return e / np.sum(e, axis=1, keepdims=True)


@exercise.mistake(
    "A score that is thousands too low: what is left of its probability, and of its power?",
    said="Probabilities that rounded to 0 are raised to 1/T, which brings nothing back.",
    root=Root.DIGITS,
)
def temperature_power_of_probabilities(a, temperature):
    s = softmax(a) ** (1 / temperature)
    return s / s.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "The small number in your denominator: do the rows still add up to exactly 1?",
    said="A small number in the denominator keeps the rows from adding up to 1.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7, 1e-9)},
)
def temperature_guarded_denominator(a, temperature, *, size=1e-5):
    e = np.exp((a - a.max(axis=-1, keepdims=True)) / temperature)
    return e / (e.sum(axis=-1, keepdims=True) + size)


@exercise.property(
    "The probabilities of one example add up to 1 at every temperature, and yours to {total} at "
    "T = {T}. What do you divide by?"
)
def rows_sum_to_one(f, a, temperature):
    if a.ndim > 1:
        return None
    total = np.sum(f(a, temperature))
    if abs(total - 1) > 1e-9:
        return {"total": total, "T": temperature}


@exercise.property(
    "Twice the scores at twice the temperature are the same question; your answer goes from {once} "
    "to {twice}. What does the temperature divide?"
)
def scores_over_temperature(f, a, temperature):
    if a.ndim > 1:
        return None
    once, twice = np.asarray(f(a, temperature)), np.asarray(f(2 * a, 2 * temperature))
    if not np.allclose(once, twice, rtol=1e-9, atol=0):
        return {"once": once, "twice": twice}
