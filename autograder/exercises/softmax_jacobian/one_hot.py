"""Labels as sure distributions."""

from __future__ import annotations

import numpy as np

from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.one_hot,
    points=1,
    minutes=4,
    hints=(
        "What does np.eye(3) look like, and what is its row number 2?",
        "An array can be indexed with a whole array of row numbers at once.",
        (
            "The other way: start from zeros. Which row and which column does the 1 of example n "
            "go to? Give NumPy both."
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0, 1, 1, 2]), 3, about=VISIBLE)
    yield case(np.array([2, 0]), 4, about=VISIBLE)
    yield case(rng.permutation([0, 2, 1, 2, 2, 0, 1]), 3)
    yield case(rng.permutation([0, 4, 3, 1, 1, 3]), 5)
    yield case(rng.permutation([1, 3, 2, 1]), 4, about="as many labels as classes")
    yield case(rng.permutation([0, 1, 2, 1, 0, 1]), 5, about="the highest classes do not occur")
    yield case(np.array([1, 1, 1]), 2, about="one class only")


@exercise.style
def one_hot_indexed(labels, n_classes):
    y = np.zeros((len(labels), n_classes))
    y[np.arange(len(labels)), labels] = 1
    return y


@exercise.style
def one_hot_compared(labels, n_classes):
    return labels[:, None] == np.arange(n_classes)


@exercise.style
def one_hot_loop(labels, n_classes):
    rows = []
    for label in labels:
        row = [0] * n_classes
        row[label] = 1
        rows.append(row)
    return rows


@exercise.style
def one_hot_take(labels, n_classes):
    return np.take(np.identity(n_classes), labels, axis=0)


@exercise.style
def one_hot_own_helper(labels, n_classes):
    def unit(k):
        row = np.zeros(n_classes)
        row[k] = 1
        return row

    return np.array([unit(label) for label in labels])


@exercise.mistake(
    "Which number has the first class in an array?",
    said="The classes are counted from 1, so each 1 is a column too early.",
    root=Root.INDEX,
)
def one_hot_off_by_one(labels, n_classes):
    return np.eye(n_classes)[labels - 1]


@exercise.mistake(
    "Which of the two axes belongs to the examples?",
    said="The matrix is transposed: the examples are in the columns.",
    root=Root.AXIS,
)
def one_hot_transposed(labels, n_classes):
    return np.eye(n_classes)[:, labels]


@exercise.mistake(
    "Your rows hold several ones: which entry was meant in each row?",
    said="The column of every class that occurs is filled with ones.",
    root=Root.INDEX,
)
def one_hot_columns_filled(labels, n_classes):
    y = np.zeros((len(labels), n_classes))
    y[:, labels] = 1
    return y


@exercise.mistake(
    "Print one row: was a single entry set, or the whole row?",
    said="The labels pick whole rows, which are filled with ones.",
    root=Root.INDEX,
)
def one_hot_rows_filled(labels, n_classes):
    y = np.zeros((len(labels), n_classes))
    y[labels] = 1
    return y


@exercise.mistake(
    "A class that no example has: does it still get its column?",
    said="The number of columns follows the largest label, not the number of classes.",
)
def one_hot_width_from_labels(labels, n_classes):
    return np.eye(labels.max() + 1)[labels]


@exercise.mistake(
    "A class that no example has: do the later ones keep their column?",
    said="Classes that do not occur get no column, so later ones move left.",
    root=Root.INDEX,
)
def one_hot_only_seen_classes(labels, n_classes):
    y = (labels[:, None] == np.unique(labels)).astype(float)
    return np.pad(y, ((0, 0), (0, n_classes - y.shape[1])))


@exercise.mistake(
    "Can class 3 be three times as true as class 1?",
    said="The entry is the label's number instead of 1.",
)
def one_hot_label_as_value(labels, n_classes):
    return np.eye(n_classes)[labels] * labels[:, None]


@exercise.mistake(
    "Does row n of your answer belong to example n?",
    said="The labels are sorted first, so rows no longer match their examples.",
)
def one_hot_sorted(labels, n_classes):
    return np.eye(n_classes)[np.sort(labels)]


@exercise.mistake(
    "The labels say which class: is a comparison with the number of classes asked for?",
    said="One row too many or too few is made: a row per class instead of per example.",
    root=Root.AXIS,
)
def one_hot_identity(labels, n_classes):
    return np.eye(n_classes)


@exercise.mistake(
    "Which sign does the 1 have, and what stands everywhere else?",
    said="The other entries are -1 instead of 0.",
)
def one_hot_minus_ones(labels, n_classes):
    return 2 * np.eye(n_classes)[labels] - 1


@exercise.property(
    "A sure distribution adds up to 1 in every row, and row {n} of yours adds up to {total}. What "
    "else stands in it?"
)
def rows_sum_to_one(f, labels, n_classes):
    totals = np.sum(np.asarray(f(labels, n_classes), dtype=float), axis=1)
    if totals.shape == (len(labels),) and (totals != 1).any():
        n = int(np.flatnonzero(totals != 1)[0])
        return {"n": n, "total": totals[n]}
