"""How often each class was taken for each."""

from __future__ import annotations

from collections import Counter

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import classes
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.confusion_matrix,
    points=2,
    minutes=8,
    hints=(
        "Take one example with true class 0 that was predicted as 2: in which row and in which "
        "column is one counted?",
        "A loop over pairs is fine. With += on an array of index pairs, does a pair that comes "
        "twice count twice?",
        "Add up your table: how many examples were there? How many rows must it have if a class "
        "never occurs?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0, 0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 1, 0, 2, 2]), 3)
    yield case(np.array([0, 0, 0, 1, 1]), np.array([0, 1, 0, 1, 1]), 2)
    yield case(np.array([0, 3, 3, 1]), np.array([1, 3, 0, 1]), 5, about="with absent classes")
    yield case(np.array([2, 2, 0]), np.array([0, 2, 1]), 3, about="a class never predicted right")
    yield case(*classes(rng, [[5, 1, 2], [0, 4, 3], [1, 0, 6]]), 3)
    yield case(*classes(rng, [[2, 1, 0, 4], [3, 5, 1, 0], [0, 2, 1, 1], [1, 0, 0, 3]]), 4)
    yield case(*classes(rng, [[7, 2], [4, 3]]), 2)


@exercise.style
def confusion_by_loop(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    for true, predicted in zip(labels, predictions):
        table[true, predicted] += 1
    return table


@exercise.style
def confusion_add_at(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes))
    np.add.at(table, (labels, predictions), 1)
    return table.astype(int)


@exercise.style
def confusion_bincount(labels, predictions, n_classes):
    cells = n_classes * labels + predictions
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)


@exercise.style
def confusion_one_hot(labels, predictions, n_classes):
    eye = np.eye(n_classes, dtype=int)
    return eye[labels].T @ eye[predictions]


@exercise.style
def confusion_counter(labels, predictions, n_classes):
    pairs = Counter(zip(labels.tolist(), predictions.tolist()))
    return [[pairs[i, j] for j in range(n_classes)] for i in range(n_classes)]


@exercise.style
def confusion_nested_sums(labels, predictions, n_classes):
    return np.array(
        [
            [np.sum((labels == i) & (predictions == j)) for j in range(n_classes)]
            for i in range(n_classes)
        ]
    )


@exercise.mistake(
    "In which direction are the true classes written in your table?",
    said="Rows and columns are exchanged: rows hold the predicted classes.",
    root=Root.SWAPPED,
)
def confusion_transposed(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (predictions, labels), 1)
    return table


@exercise.mistake(
    "Add up your table: how many examples were there?",
    said="A pair that comes more than once is counted once.",
    root=Root.LOOP,
)
def confusion_repeats_lost(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    table[labels, predictions] += 1
    return table


@exercise.mistake(
    "How many rows must the table have if a class never occurs?",
    said="The size of the table is read off the labels: absent classes have no row.",
)
def confusion_size_from_data(labels, predictions, n_classes):
    k = max(labels.max(), predictions.max()) + 1
    table = np.zeros((k, k), dtype=int)
    np.add.at(table, (labels, predictions), 1)
    return table


@exercise.mistake(
    "Counts are asked for. What does the whole table add up to?",
    said="Shares of all examples came back in place of counts.",
    root=Root.MEAN,
)
def confusion_shares(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes))
    np.add.at(table, (labels, predictions), 1)
    return table / len(labels)


@exercise.mistake(
    "Counts are asked for. What does a row of your table add up to?",
    said="Each row is divided by its sum.",
    root=Root.MEAN,
)
def confusion_rows_normalised(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes))
    np.add.at(table, (labels, predictions), 1)
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1)


@exercise.mistake(
    "Where are the right predictions in your table, and where the wrong ones?",
    said="Only the errors are counted: the diagonal is empty.",
    root=Root.DIAGONAL,
)
def confusion_errors_only(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    wrong = labels != predictions
    np.add.at(table, (labels[wrong], predictions[wrong]), 1)
    return table


@exercise.mistake(
    "Which class has row 0: the first one, or the positive one?",
    said="The classes are written in reverse order, the last one first.",
    root=Root.INDEX,
)
def confusion_reversed(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (labels, predictions), 1)
    return table[::-1, ::-1]


@exercise.mistake(
    "Do all pairs of classes have a place in your table, or those beside the diagonal only once?",
    said="Taking i for j and taking j for i are counted together.",
    root=Root.SWAPPED,
    leads=("DIAGONAL_RIGHT",),
)
def confusion_symmetric(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (labels, predictions), 1)
    return table + table.T - np.diag(np.diag(table))


@exercise.mistake(
    "Do the classes start at 0 or at 1?",
    said="The classes are counted from 1: class 0 ends in the last row.",
    root=Root.INDEX,
)
def confusion_from_one(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (labels - 1, predictions - 1), 1)
    return table


@exercise.mistake(
    "How often is each pair of classes asked for, or how often each class?",
    said="The counts of labels and of predictions were multiplied: pairs were not looked at.",
)
def confusion_outer_of_counts(labels, predictions, n_classes):
    a = np.bincount(labels, minlength=n_classes)
    b = np.bincount(predictions, minlength=n_classes)
    return np.outer(a, b)


@exercise.property(
    "Every example stands in one cell, so the table holds {n} in all; yours holds {found}. Which "
    "examples are counted twice, or not at all?"
)
def every_example_once(f, labels, predictions, n_classes):
    found = np.asarray(f(labels, predictions, n_classes))
    if found.sum() != len(labels):
        return {"n": len(labels), "found": found.sum()}


@exercise.property(
    "Where every prediction is right only the diagonal counts, and yours has {found} beside it. "
    "What are row and column of an example?"
)
def a_diagonal_for_right_answers(f, labels, predictions, n_classes):
    found = np.asarray(f(labels, labels, n_classes))
    if found.shape == (n_classes, n_classes) and found.sum() != np.trace(found):
        return {"found": found.sum() - np.trace(found)}
