"""The share of right predictions."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import classes, decisions
from autograder.exercises.losses_and_metrics.parts import counts
from autograder.exercises.losses_and_metrics.reference import confusion_matrix
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.accuracy,
    points=1,
    minutes=3,
    hints=(
        "Two arrays: in how many places are they equal?",
        "A share, not a count: by what do you divide?",
        "Does your answer also count class 2 taken for class 2 as right?",
    ),
)


@exercise.cases
def cases(rng):
    labels = np.repeat([1, 1, 0, 0], [40, 10, 20, 30])
    yield case(labels, np.repeat([1, 0, 1, 0], [40, 10, 20, 30]))
    yield case(np.array([0, 0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 1, 0, 2, 2]))
    yield case(np.array([0, 2, 2]), np.array([1, 0, 0]), about="nothing is right")
    yield case(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0]), about="always no")
    yield case(*decisions(rng, 3, 1, 4, 2))
    yield case(*classes(rng, [[5, 1, 2], [0, 4, 3], [1, 0, 6]]))
    yield case(*classes(rng, [[2, 1, 0, 4], [3, 5, 1, 0], [0, 2, 1, 1], [1, 0, 0, 3]]))


@exercise.style
def accuracy_mean_of_equal(labels, predictions):
    return np.mean(labels == predictions)


@exercise.style
def accuracy_count_over_n(labels, predictions):
    return np.count_nonzero(labels == predictions) / len(labels)


@exercise.style
def accuracy_by_loop(labels, predictions):
    right = 0
    for a, b in zip(labels, predictions):
        if a == b:
            right += 1
    return right / len(labels)


@exercise.style
def accuracy_from_the_table(labels, predictions):
    table = confusion_matrix(labels, predictions, int(max(labels.max(), predictions.max())) + 1)
    return np.trace(table) / np.sum(table)


@exercise.style
def accuracy_one_minus_errors(labels, predictions):
    return 1 - np.mean(labels != predictions)


@exercise.mistake(
    "How many of how many? A share lies between 0 and 1.",
    said="The number of right predictions came back in place of their share.",
    root=Root.MEAN,
)
def accuracy_count(labels, predictions):
    return np.sum(labels == predictions)


@exercise.mistake(
    "Are right predictions counted, or wrong ones?",
    said="The share of wrong predictions came back.",
    leads=("COMPLEMENT",),
)
def accuracy_error_rate(labels, predictions):
    return np.mean(labels != predictions)


@exercise.mistake(
    "Which classes may be right? Does a 2 taken for a 2 count?",
    said="The formula for two classes is used: other classes do not count as right.",
)
def accuracy_two_classes_only(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return (tp + tn) / max(tp + tn + fp + fn, 1)


@exercise.mistake(
    "Do correctly rejected examples count as right?",
    said="Only the true positives count as right.",
)
def accuracy_positives_only(labels, predictions):
    return np.mean((labels == 1) & (predictions == 1))


@exercise.mistake(
    "Percent, or a share between 0 and 1?",
    said="The accuracy came back in percent.",
    leads=("HUNDREDFOLD",),
)
def accuracy_percent(labels, predictions):
    return 100 * np.mean(labels == predictions)


@exercise.mistake(
    "Does a class with few examples count as much as one with many here?",
    said="The mean recall of the classes came back: the balanced accuracy.",
    root=Root.WEIGHTS,
)
def accuracy_balanced(labels, predictions):
    return np.mean([np.mean(predictions[labels == k] == k) for k in np.unique(labels)])


@exercise.mistake(
    "Must the whole array be right for one example to count?",
    said="Whether everything is right came back, in place of the share that is.",
    root=Root.MEAN,
)
def accuracy_all_or_nothing(labels, predictions):
    return float(np.array_equal(labels, predictions))


@exercise.mistake(
    "Is taking 0 for 2 a larger error than taking 0 for 1? Are classes quantities?",
    said="Class numbers are treated as quantities: their distances are averaged.",
)
def accuracy_distance(labels, predictions):
    return 1 - np.mean(np.abs(labels - predictions))


@exercise.mistake(
    "Of which examples is it the share: of all, or of the predicted positives?",
    said="The precision of class 1 came back.",
    root=Root.SWAPPED,
)
def accuracy_is_precision(labels, predictions):
    return np.sum((labels == 1) & (predictions == 1)) / max(np.sum(predictions == 1), 1)


@exercise.mistake(
    "Two models that name each class equally often: are they equally right?",
    said="The frequencies of the classes are compared, not example with example.",
    root=Root.INDEX,
)
def accuracy_sorted(labels, predictions):
    return np.mean(np.sort(labels) == np.sort(predictions))


exercise.equivalent(
    "zip(labels, predictions) -> zip(predictions, labels)",
    "confusion_matrix(labels, predictions, int(max(labels.max(), predictions.max())) + 1) -> "
    "confusion_matrix(predictions, labels, int(max(labels.max(), predictions.max())) + 1)",
    because="Right answers stand on the diagonal, whichever axis is which.",
)

exercise.equivalent(
    "int(max(labels.max(), predictions.max())) + 1 -> "
    "int(max(labels.max(), predictions.max())) + 2",
    because="A class that does not occur has an empty row and column.",
)


@exercise.property(
    "A share lies between 0 and 1, and where every prediction is right it is 1; yours is {found} "
    "then. What do you count, and by what do you divide?"
)
def one_for_right_answers(f, labels, predictions):
    found = np.asarray(f(labels, labels))
    if found.shape == () and not np.isclose(found, 1):
        return {"found": found}
