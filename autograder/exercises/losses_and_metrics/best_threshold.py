"""From which probability on a yes is the cheaper answer."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.best_threshold,
    points=1,
    minutes=6,
    hints=(
        "At probability p, what does a yes cost on average? And a no?",
        "Where are the two equal?",
        "If both errors cost the same, what must come out? If a miss costs ten times as much, "
        "should you say yes sooner or later?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(1.0, 10.0)
    yield case(1.0, 1.0)
    yield case(8.0, 2.0)
    yield case(2e-9, 1e-9, about="two tiny costs")
    yield case(1e-9, 1.0, about="a false alarm costs next to nothing")
    yield case(1.0, 1e-6, about="a miss costs next to nothing")
    for _ in range(3):
        yield case(float(rng.uniform(0.5, 3)), float(rng.uniform(4, 20)))


@exercise.style
def threshold_formula(cost_false_positive, cost_false_negative):
    return cost_false_positive / (cost_false_positive + cost_false_negative)


@exercise.style
def threshold_by_ratio(cost_false_positive, cost_false_negative):
    return 1 / (1 + cost_false_negative / cost_false_positive)


@exercise.style
def threshold_by_odds(cost_false_positive, cost_false_negative):
    odds = cost_false_positive / cost_false_negative
    return odds / (1 + odds)


@exercise.style
def threshold_by_sigmoid(cost_false_positive, cost_false_negative):
    score = np.log(cost_false_positive) - np.log(cost_false_negative)
    return 1 / (1 + np.exp(-score))


@exercise.style
def threshold_exact(cost_false_positive, cost_false_negative):
    a, b = Fraction(cost_false_positive), Fraction(cost_false_negative)
    return float(a / (a + b))


@exercise.mistake(
    "If a miss costs ten times as much, do you say yes sooner or later?",
    said="The two costs are exchanged.",
    root=Root.SWAPPED,
)
def threshold_costs_exchanged(cost_false_positive, cost_false_negative):
    return cost_false_negative / (cost_false_positive + cost_false_negative)


@exercise.mistake(
    "Does your threshold depend on the costs?",
    said="One half came back whatever the costs.",
)
def threshold_one_half(cost_false_positive, cost_false_negative):
    return 0.5


@exercise.mistake(
    "If both errors cost the same, which threshold must come out? Is yours a probability or odds?",
    said="The odds of the threshold came back in place of its probability.",
)
def threshold_odds(cost_false_positive, cost_false_negative):
    return cost_false_positive / cost_false_negative


@exercise.mistake(
    "Can a threshold for a probability lie above one?",
    said="The odds came back, and the wrong way round.",
    root=Root.SWAPPED,
)
def threshold_odds_exchanged(cost_false_positive, cost_false_negative):
    return cost_false_negative / cost_false_positive


@exercise.mistake(
    "Is a score asked for, or a probability?",
    said="The threshold for the score came back in place of that for the probability.",
)
def threshold_score(cost_false_positive, cost_false_negative):
    return np.log(cost_false_positive / cost_false_negative)


@exercise.mistake(
    "If both costs double, does the best decision change?",
    said="One cost divided by one plus the other: the unit of the costs matters.",
)
def threshold_one_plus(cost_false_positive, cost_false_negative):
    return cost_false_positive / (1 + cost_false_negative)


@exercise.mistake(
    "A threshold that makes no false alarm at all: what does it cost in misses?",
    said="The reciprocal of the cost of a miss came back; the cost of a false alarm plays no part.",
)
def threshold_one_cost_only(cost_false_positive, cost_false_negative):
    return 1 / (1 + cost_false_negative)


@exercise.mistake(
    "Costs are averaged with probabilities. Where do squares come in?",
    said="The costs are squared.",
)
def threshold_squared(cost_false_positive, cost_false_negative):
    return cost_false_positive**2 / (cost_false_positive**2 + cost_false_negative**2)


@exercise.mistake(
    "Is it the difference of the costs that decides, or their ratio?",
    said="The difference of the costs moves the threshold away from one half.",
)
def threshold_difference(cost_false_positive, cost_false_negative):
    total = cost_false_positive + cost_false_negative
    return 0.5 + (cost_false_positive - cost_false_negative) / total


@exercise.mistake(
    "May a threshold be smaller than one per cent? Is something cut off or rounded?",
    said="The threshold is cut off or rounded.",
    root=Root.DIGITS,
    family={"size": (0.2, 0.1, 0.05, 0.01)},
)
def threshold_cut_off(cost_false_positive, cost_false_negative, *, size=0.01):
    t = cost_false_positive / (cost_false_positive + cost_false_negative)
    return min(max(t, size), 1 - size)


@exercise.property(
    "Who pays in another currency decides as before: with both costs ten times as large your "
    "threshold goes from {once} to {ten}. What do you divide by?"
)
def the_same_in_another_currency(f, cost_false_positive, cost_false_negative):
    once = float(f(cost_false_positive, cost_false_negative))
    ten = float(f(10 * cost_false_positive, 10 * cost_false_negative))
    if not np.isclose(once, ten, rtol=1e-6):
        return {"once": once, "ten": ten}


@exercise.property(
    "Exchange the two costs and the two classes change places: your thresholds are {there} and "
    "{back}. What should they add up to?"
)
def one_together_with_the_exchange(f, cost_false_positive, cost_false_negative):
    there = float(f(cost_false_positive, cost_false_negative))
    back = float(f(cost_false_negative, cost_false_positive))
    if not np.isclose(there + back, 1, rtol=1e-6):
        return {"there": there, "back": back}
