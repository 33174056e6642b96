"""The pair of digits that is mistaken most often."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.most_confused,
    parts=("the true class", "the predicted class"),
    points=1,
    minutes=6,
    hints=(
        "Which entries of the table are no confusions? How can you keep them from being the "
        "largest, without changing the table you were given?",
        "`argmax` without an axis gives one number for the whole table. How do a row and a column "
        "come out of it?",
        "Rows are the true class. Which of the two numbers comes first?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([[20, 1, 0], [4, 15, 2], [3, 0, 18]]))
    yield case(
        np.array([[9, 3, 1, 0], [0, 8, 5, 2], [5, 1, 7, 5], [2, 5, 0, 6]]), about="with equals"
    )
    yield case(np.array([[9, 2, 1], [3, 8, 6], [1, 6, 9]]), about="with equals on both sides")
    yield case(np.array([[12, 7], [5, 11]]))
    yield case(np.array([[5, 0, 1], [0, 4, 0], [0, 0, 3]]), about="with a single error")
    yield case(np.array([[2, 9, 1], [0, 3, 4], [1, 0, 2]]), about="with a weak diagonal")
    yield case(
        np.array([[300, 9, 8, 9], [0, 2, 3, 0], [8, 0, 400, 0], [1, 12, 0, 200]]),
        about="with a rare class",
    )
    for k in (4, 6):
        table = rng.integers(0, 9, (k, k))
        i, j = rng.choice(k, 2, replace=False)
        table[i, j] = 15
        table[np.arange(k), np.arange(k)] = rng.integers(20, 40, k)
        yield case(table)


@exercise.style
def confused_argmax(confusion):
    errors = confusion.copy()
    np.fill_diagonal(errors, -1)
    return np.unravel_index(np.argmax(errors), errors.shape)


@exercise.style
def confused_loops(confusion):
    best, where = -1, None
    for i in range(len(confusion)):
        for j in range(len(confusion)):
            if i != j and confusion[i][j] > best:
                best, where = confusion[i][j], (i, j)
    return where


@exercise.style
def confused_divmod(confusion):
    errors = confusion - np.diag(np.diag(confusion))
    return divmod(int(errors.argmax()), len(confusion))


@exercise.style
def confused_max_of_pairs(confusion):
    k = len(confusion)
    pairs = [(i, j) for i in range(k) for j in range(k) if i != j]
    return list(max(pairs, key=lambda pair: confusion[pair]))


@exercise.mistake(
    "What do the entries on the diagonal count: confusions, or right answers?",
    said="The diagonal, the right answers, was searched as well.",
    root=Root.DIAGONAL,
)
def confused_with_diagonal(confusion):
    return divmod(int(confusion.argmax()), len(confusion))


@exercise.mistake(
    "Which axis is the true class, and which number is asked for first?",
    said="The true and the predicted class are exchanged.",
    root=Root.SWAPPED,
)
def confused_exchanged(confusion):
    errors = confusion - np.diag(np.diag(confusion))
    return divmod(int(errors.argmax()), len(confusion))[::-1]


@exercise.mistake(
    "When two entries are equal, which one do you meet first as you read?",
    said="Of equal entries the last one was taken.",
    root=Root.INDEX,
)
def confused_last_of_equals(confusion):
    errors = confusion - np.diag(np.diag(confusion))
    return tuple(int(i) for i in np.argwhere(errors == errors.max())[-1])


@exercise.mistake(
    "When two entries are equal, do you read along the rows or down the columns?",
    said="Equal entries were read down the columns instead of along the rows.",
    root=Root.AXIS,
)
def confused_down_the_columns(confusion):
    errors = confusion - np.diag(np.diag(confusion))
    predicted, true = divmod(int(errors.T.argmax()), len(confusion))
    return true, predicted


@exercise.mistake(
    "Is a 3 taken for a 5 the same entry as a 5 taken for a 3?",
    said="Both directions of a confusion were added up.",
)
def confused_both_directions(confusion):
    errors = confusion + confusion.T
    np.fill_diagonal(errors, -1)
    return divmod(int(errors.argmax()), len(confusion))


@exercise.mistake(
    "Do you look at both sides of the diagonal?",
    said="Only the entries above the diagonal were searched.",
    root=Root.DIAGONAL,
)
def confused_above_the_diagonal(confusion):
    return divmod(int(np.triu(confusion, 1).argmax()), len(confusion))


@exercise.mistake(
    "Do you look at both sides of the diagonal?",
    said="Only the entries below the diagonal were searched.",
    root=Root.DIAGONAL,
)
def confused_below_the_diagonal(confusion):
    return divmod(int(np.tril(confusion, -1).argmax()), len(confusion))


@exercise.mistake(
    "One number came back: which row and which column does it stand for?",
    said="The place in the flattened table was returned.",
    root=Root.INDEX,
)
def confused_flat_index(confusion):
    return int((confusion - np.diag(np.diag(confusion))).argmax())


@exercise.mistake(
    "Is the number of confusions asked for, or where it stands?",
    said="The largest count was returned instead of its place.",
    root=Root.INDEX,
)
def confused_count(confusion):
    return int((confusion - np.diag(np.diag(confusion))).max())


@exercise.mistake(
    "Are counts compared, or shares of a class?",
    said="Shares of each true class were compared instead of counts.",
)
def confused_by_shares(confusion):
    errors = confusion / confusion.sum(axis=1, keepdims=True)
    np.fill_diagonal(errors, -1)
    return divmod(int(errors.argmax()), len(confusion))


@exercise.mistake(
    "Which number has the first class?",
    said="The classes are counted from 1.",
    root=Root.INDEX,
)
def confused_from_one(confusion):
    true, predicted = divmod(
        int((confusion - np.diag(np.diag(confusion))).argmax()), len(confusion)
    )
    return true + 1, predicted + 1


@exercise.mistake(
    "Is the entry you found the largest one, or that of the class with the most mistakes?",
    said="The class with the most mistakes was sought first, and its largest entry then.",
)
def confused_worst_class_first(confusion):
    errors = confusion - np.diag(np.diag(confusion))
    true = int(errors.sum(axis=1).argmax())
    return true, int(errors[true].argmax())


@exercise.mistake(
    "Is a frequent confusion asked for, or a rare one?",
    said="The smallest entry was taken instead of the largest.",
    root=Root.SIGN,
)
def confused_smallest(confusion):
    errors = confusion + np.diag(np.full(len(confusion), confusion.max() + 1))
    return divmod(int(errors.argmin()), len(confusion))


@exercise.property(
    "Right answers are no confusion: with more of them your pair goes from {before} to {after}. Do "
    "you look at the diagonal?"
)
def the_diagonal_is_nothing(f, confusion):
    before = tuple(np.asarray(f(confusion)).tolist())
    after = tuple(np.asarray(f(confusion + 1000 * np.eye(len(confusion), dtype=int))).tolist())
    if before != after:
        return {"before": before, "after": after}


exercise.equivalent(
    "np.fill_diagonal(errors, -1) -> np.fill_diagonal(errors, -2)",
    "np.fill_diagonal(errors, -1) -> np.fill_diagonal(errors, -0)",
    "best, where = (-1, None) -> best, where = (-2, None)",
    "best, where = (-1, None) -> best, where = (-0, None)",
    because="Counts are not below 0, and there is an error somewhere.",
)
