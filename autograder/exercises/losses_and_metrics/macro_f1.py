"""F1 of every class in its turn, and their plain mean."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import classes
from autograder.exercises.losses_and_metrics.reference import (
    confusion_matrix,
    f_beta,
    precision,
    recall,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.macro_f1,
    points=2,
    minutes=8,
    hints=(
        "Class 2 in its turn the positive one: which labels are 1 then, and which are 0?",
        "You have a function for two classes. Call it once for every class.",
        "A class that never occurs and is never predicted: which number does it add, and is it "
        "counted in the mean?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0, 0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 1, 0, 2, 2]), 3)
    yield case(np.array([0, 0, 0, 1, 1]), np.array([0, 1, 0, 1, 0]), 2)
    yield case(np.array([0, 3, 3, 1, 1]), np.array([1, 3, 0, 1, 1]), 5, about="with absent classes")
    yield case(np.array([0, 0, 0, 2]), np.array([0, 0, 0, 0]), 3, about="always the same class")
    yield case(*classes(rng, [[15, 1, 2], [0, 4, 3], [1, 0, 2]]), 3)
    yield case(*classes(rng, [[2, 1, 0, 4], [3, 5, 1, 0], [0, 2, 1, 1], [1, 0, 0, 9]]), 4)
    yield case(*classes(rng, [[7, 2], [4, 3]]), 2)


@exercise.style
def macro_one_against_the_rest(labels, predictions, n_classes):
    scores = []
    for k in range(n_classes):
        scores.append(f_beta((labels == k).astype(int), (predictions == k).astype(int)))
    return np.mean(scores)


@exercise.style
def macro_from_the_table(labels, predictions, n_classes):
    table = np.asarray(confusion_matrix(labels, predictions, n_classes))
    hits = np.diag(table)
    totals = table.sum(axis=0) + table.sum(axis=1)
    f1 = np.divide(2 * hits, totals, out=np.zeros(n_classes), where=totals > 0)
    return f1.mean()


@exercise.style
def macro_by_counting(labels, predictions, n_classes):
    total = 0.0
    for k in range(n_classes):
        tp = np.sum((labels == k) & (predictions == k))
        errors = np.sum((labels == k) != (predictions == k))
        if tp:
            total += 2 * tp / (2 * tp + errors)
    return total / n_classes


@exercise.style
def macro_harmonic_means(labels, predictions, n_classes):
    def f1(k):
        p = precision(1 * (labels == k), 1 * (predictions == k))
        r = recall(1 * (labels == k), 1 * (predictions == k))
        return 2 / (1 / p + 1 / r) if p > 0 and r > 0 else 0.0

    return sum(map(f1, range(n_classes))) / n_classes


@exercise.mistake(
    "Does a class with few examples count as much as one with many?",
    said="All classes' counts are pooled: with one class an example this is the accuracy.",
    root=Root.WEIGHTS,
)
def macro_is_micro(labels, predictions, n_classes):
    return np.mean(labels == predictions)


@exercise.mistake(
    "Does a class with few examples count as much as one with many?",
    said="The classes are weighted by how often they occur.",
    root=Root.WEIGHTS,
)
def macro_weighted(labels, predictions, n_classes):
    scores = [f_beta(1 * (labels == k), 1 * (predictions == k)) for k in range(n_classes)]
    return np.average(scores, weights=np.bincount(labels, minlength=n_classes))


@exercise.mistake(
    "By how many classes do you divide? Was it said how many there are?",
    said="Only the classes that occur among the labels are averaged.",
    root=Root.MEAN,
)
def macro_occurring_classes_only(labels, predictions, n_classes):
    scores = [f_beta(1 * (labels == k), 1 * (predictions == k)) for k in np.unique(labels)]
    return np.mean(scores)


@exercise.mistake(
    "The mean of the F1, or the F1 of the means?",
    said="F1 of the mean precision and the mean recall came back.",
    root=Root.MEAN,
)
def macro_f1_of_means(labels, predictions, n_classes):
    p = np.mean([precision(1 * (labels == k), 1 * (predictions == k)) for k in range(n_classes)])
    r = np.mean([recall(1 * (labels == k), 1 * (predictions == k)) for k in range(n_classes)])
    return 2 * p * r / (p + r)


@exercise.mistake(
    "Is class 0 a class like the others?",
    said="Class 0 is left out.",
    root=Root.INDEX,
)
def macro_class_zero_left_out(labels, predictions, n_classes):
    scores = [f_beta(1 * (labels == k), 1 * (predictions == k)) for k in range(1, n_classes)]
    return np.mean(scores)


@exercise.mistake(
    "Which class is the positive one? Is it each in its turn?",
    said="F1 of class 1 alone came back.",
    root=Root.LOOP,
)
def macro_class_one_only(labels, predictions, n_classes):
    return f_beta(1 * (labels == 1), 1 * (predictions == 1))


@exercise.mistake(
    "How are the classes' numbers made one?",
    said="The classes' F1 are added up where their mean was asked for.",
    root=Root.MEAN,
)
def macro_sum(labels, predictions, n_classes):
    return sum(f_beta(1 * (labels == k), 1 * (predictions == k)) for k in range(n_classes))


@exercise.mistake(
    "Is recall enough? Does your answer notice false alarms for a class?",
    said="The mean recall of the classes came back.",
    root=Root.MEAN,
)
def macro_recall(labels, predictions, n_classes):
    return np.mean([recall(1 * (labels == k), 1 * (predictions == k)) for k in range(n_classes)])


@exercise.mistake(
    "Is precision enough? Does your answer notice misses of a class?",
    said="The mean precision of the classes came back.",
    root=Root.MEAN,
)
def macro_precision(labels, predictions, n_classes):
    return np.mean([precision(1 * (labels == k), 1 * (predictions == k)) for k in range(n_classes)])


@exercise.mistake(
    "What does a class add that neither occurs nor is predicted?",
    said="For a class that neither occurs nor is predicted 0/0 came back.",
    root=Root.DIGITS,
)
def macro_nan(labels, predictions, n_classes):
    scores = []
    for k in range(n_classes):
        tp = np.sum((labels == k) & (predictions == k))
        errors = np.sum((labels == k) != (predictions == k))
        scores.append(np.float64(2 * tp) / np.float64(2 * tp + errors))
    return np.mean(scores)


@exercise.mistake(
    "What does a class add that neither occurs nor is predicted?",
    said="A class that neither occurs nor is predicted counts 1.",
)
def macro_absent_counts_one(labels, predictions, n_classes):
    scores = []
    for k in range(n_classes):
        absent = not np.any(labels == k) and not np.any(predictions == k)
        scores.append(1.0 if absent else f_beta(1 * (labels == k), 1 * (predictions == k)))
    return np.mean(scores)


exercise.equivalent(
    "f_beta((labels == k).astype(int), (predictions == k).astype(int)) -> "
    "f_beta((predictions == k).astype(int), (labels == k).astype(int))",
    "confusion_matrix(labels, predictions, n_classes) -> "
    "confusion_matrix(predictions, labels, n_classes)",
    because="F1 is the same where precision and recall change places.",
)

exercise.equivalent(
    "1 * (labels == k) -> 1 / (labels == k)",
    "1 * (labels == k) -> labels == k",
    "1 * (predictions == k) -> 1 / (predictions == k)",
    "1 * (predictions == k) -> predictions == k",
    because="A comparison counts as 1 where it holds.",
)

exercise.equivalent(
    "p > 0 -> p >= 0",
    "r > 0 -> r >= 0",
    because="Precision and recall are 0 together.",
)


@exercise.property(
    "Classes have no order: with other numbers for them the score stays, and yours goes from "
    "{before} to {after}. Does one of your classes count in another way?"
)
def the_same_for_other_numbers(f, labels, predictions, n_classes):
    before = np.asarray(f(labels, predictions, n_classes))
    after = np.asarray(f(n_classes - 1 - labels, n_classes - 1 - predictions, n_classes))
    if before.shape == after.shape == () and not np.isclose(before, after, rtol=1e-6):
        return {"before": before, "after": after}


exercise.equivalent(
    "totals > 0 -> totals > 1",
    because="A class that is met only once has no hit.",
)
