"""One number out of precision and recall."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import decisions
from autograder.exercises.losses_and_metrics.parts import counts
from autograder.exercises.losses_and_metrics.reference import precision, recall
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.f_beta,
    points=2,
    minutes=7,
    hints=(
        "You have the two numbers it is made of. With beta = 2, which of them should matter more?",
        "Let precision and recall both be 0.3: what must come out, whatever beta is?",
        "When are both of them 0? Say what comes out then before you divide.",
    ),
)


@exercise.cases
def cases(rng):
    labels = np.repeat([1, 1, 0, 0], [40, 10, 20, 30])
    predictions = np.repeat([1, 0, 1, 0], [40, 10, 20, 30])
    yield case(labels, predictions)
    yield case(labels, predictions, beta=2.0)
    yield case(labels, predictions, beta=0.5)
    yield case(np.array([1, 0, 1]), np.array([0, 1, 0]), about="every answer is wrong")
    yield case(np.array([0, 0, 0]), np.array([0, 0, 0]), beta=2.0, about="no positive at all")
    yield case(np.array([1, 1, 0]), np.array([0, 0, 0]), beta=3.0, about="no predicted positive")
    yield case(np.array([1, 1, 0]), np.array([1, 1, 0]), beta=2.0, about="everything is right")
    yield case(*decisions(rng, 3, 1, 5, 2), beta=float(rng.uniform(1.5, 3)))
    yield case(*decisions(rng, 7, 6, 2, 5), beta=float(rng.uniform(0.2, 0.7)))
    yield case(*decisions(rng, 2, 6, 1, 9))


@exercise.style
def fbeta_from_the_two(labels, predictions, beta=1.0):
    p, r = precision(labels, predictions), recall(labels, predictions)
    if p + r == 0:
        return 0.0
    return (1 + beta**2) * p * r / (beta**2 * p + r)


@exercise.style
def fbeta_from_counts(labels, predictions, beta=1.0):
    tp = np.sum((labels == 1) & (predictions == 1))
    fn = np.sum((labels == 1) & (predictions == 0))
    fp = np.sum((labels == 0) & (predictions == 1))
    if tp == 0:
        return 0.0
    return (1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp)


@exercise.style
def fbeta_harmonic_mean(labels, predictions, beta=1.0):
    p, r = precision(labels, predictions), recall(labels, predictions)
    if p == 0 or r == 0:
        return 0.0
    weight = beta**2 / (1 + beta**2)
    return 1 / ((1 - weight) / p + weight / r)


@exercise.style
def fbeta_from_totals(labels, predictions, beta=1.0):
    # beta^2 times the real positives plus the predicted ones.
    b2 = beta * beta
    hits = float(labels @ predictions)
    return 0.0 if hits == 0 else (1 + b2) * hits / (b2 * labels.sum() + predictions.sum())


@exercise.mistake(
    "With a large beta, which of the two numbers should dominate?",
    said="beta weighs precision where recall should be weighed.",
    root=Root.SWAPPED,
)
def fbeta_weight_on_recall(labels, predictions, beta=1.0):
    p, r = precision(labels, predictions), recall(labels, predictions)
    return (1 + beta**2) * p * r / (p + beta**2 * r) if p + r else 0.0


@exercise.mistake(
    "Check the power of the weight: what does the recipe do to beta first?",
    said="beta is not squared.",
)
def fbeta_beta_not_squared(labels, predictions, beta=1.0):
    p, r = precision(labels, predictions), recall(labels, predictions)
    return (1 + beta) * p * r / (beta * p + r) if p + r else 0.0


@exercise.mistake(
    "Let precision and recall both be 0.3 and beta = 2: what must come out? "
    "Do the two weights add up to the number in front?",
    said="The factor in front is 2 whatever beta is.",
    root=Root.FACTOR_TWO,
)
def fbeta_factor_two(labels, predictions, beta=1.0):
    p, r = precision(labels, predictions), recall(labels, predictions)
    return 2 * p * r / (beta**2 * p + r) if p + r else 0.0


@exercise.mistake(
    "Let precision and recall both be 0.3: what must come out? Is there a factor in front?",
    said="The factor in front is missing.",
    root=Root.FACTOR_TWO,
)
def fbeta_no_factor(labels, predictions, beta=1.0):
    p, r = precision(labels, predictions), recall(labels, predictions)
    return p * r / (beta**2 * p + r) if p + r else 0.0


@exercise.mistake(
    "What does your answer say of a model with precision 1 and recall 0.01? Which kind of mean?",
    said="The weighted plain mean stands where the harmonic mean belongs.",
    root=Root.MEAN,
)
def fbeta_arithmetic_mean(labels, predictions, beta=1.0):
    p, r = precision(labels, predictions), recall(labels, predictions)
    return (p + beta**2 * r) / (1 + beta**2)


@exercise.mistake(
    "Does your answer change with beta?",
    said="F1 came back whatever beta is.",
)
def fbeta_beta_ignored(labels, predictions, beta=1.0):
    p, r = precision(labels, predictions), recall(labels, predictions)
    return 2 * p * r / (p + r) if p + r else 0.0


@exercise.mistake(
    "What is asked for where there is neither precision nor recall?",
    said="Where precision and recall are 0, 0/0 came back.",
    root=Root.DIGITS,
)
def fbeta_nan(labels, predictions, beta=1.0):
    p, r = np.float64(precision(labels, predictions)), np.float64(recall(labels, predictions))
    return (1 + beta**2) * p * r / (beta**2 * p + r)


@exercise.mistake(
    "Which kind of mean is it, one with a root or one with reciprocals?",
    said="The geometric mean of precision and recall came back.",
    root=Root.MEAN,
)
def fbeta_geometric_mean(labels, predictions, beta=1.0):
    return np.sqrt(precision(labels, predictions) * recall(labels, predictions))


@exercise.mistake(
    "Which two numbers is it a mean of? Is accuracy one of them?",
    said="Accuracy stands in the place of precision.",
)
def fbeta_accuracy_for_precision(labels, predictions, beta=1.0):
    p, r = np.mean(labels == predictions), recall(labels, predictions)
    return (1 + beta**2) * p * r / (beta**2 * p + r) if r else 0.0


@exercise.mistake(
    "Which errors does a large beta make dear, misses or false alarms?",
    said="In the form with counts beta weighs the false alarms in place of the misses.",
    root=Root.SWAPPED,
)
def fbeta_counts_exchanged(labels, predictions, beta=1.0):
    tp, fn, fp, tn = counts(labels, predictions)
    if tp == 0:
        return 0.0
    return (1 + beta**2) * tp / ((1 + beta**2) * tp + fn + fp * (1 + beta**2))


@exercise.mistake(
    "Everything is right: is your answer exactly 1? Is something added below the line?",
    said="A small number is added below the line.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-3, 1e-4, 1e-5)},
)
def fbeta_guarded(labels, predictions, beta=1.0, *, size=1e-4):
    p, r = precision(labels, predictions), recall(labels, predictions)
    return (1 + beta**2) * p * r / (beta**2 * p + r + size)


exercise.equivalent(
    "p + r -> p",
    "p + r -> r",
    because="Precision and recall are 0 together.",
)


@exercise.property(
    "Where every prediction is right precision and recall are 1 and so is any mean of them; yours "
    "is {found}. Which mean do you take, and with which weights?"
)
def one_for_right_answers(f, labels, predictions, beta=1.0):
    found = np.asarray(f(labels, labels, beta=beta))
    if (labels == 1).any() and found.shape == () and not np.isclose(found, 1):
        return {"found": found}
