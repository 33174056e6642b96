"""The data with a column of ones in front."""

from __future__ import annotations

import numpy as np

from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import features
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.add_bias,
    points=1,
    minutes=4,
    hints=(
        (
            "Sketch it: three examples with two features each. Which shape has the result, and "
            "what stands in its first column?"
        ),
        (
            "np.ones((3, 1)) and np.ones(3) look alike and are not: print both shapes. Which one "
            "is a column?"
        ),
        (
            "np.column_stack takes 1-D arrays as columns. Or fill an array of ones of the right "
            "shape, all but its first column."
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([[5.0, 6], [7, 8], [9, 10]]), about=VISIBLE)
    yield case(np.array([[0.5], [1.5]]), about=VISIBLE)
    yield case(features(rng, 3, 2))
    yield case(features(rng, 5, 4))
    yield case(features(rng, 4, 1))
    yield case(features(rng, 3, 3))


@exercise.style
def add_bias_column_stack(X):
    return np.column_stack((np.ones(len(X)), X))


@exercise.style
def add_bias_hstack(X):
    return np.hstack((np.ones((X.shape[0], 1)), X))


@exercise.style
def add_bias_insert(X):
    return np.insert(X, 0, 1, axis=1)


@exercise.style
def add_bias_fill(X):
    out = np.ones((X.shape[0], X.shape[1] + 1))
    out[:, 1:] = X
    return out


@exercise.style
def add_bias_lists(X):
    return [[1.0, *row] for row in X]


@exercise.style
def add_bias_pad(X):
    return np.pad(X, ((0, 0), (1, 0)), constant_values=1)


@exercise.mistake(
    "Which weight does w hold first, and which column should it meet?",
    said="The column of ones stands last instead of first.",
    root=Root.BIAS,
)
def bias_last(X):
    return np.column_stack((X, np.ones(len(X))))


@exercise.mistake(
    "A bias is multiplied by a constant: which one leaves it as it is?",
    said="The new column holds zeros instead of ones.",
    root=Root.BIAS,
)
def bias_zeros(X):
    return np.column_stack((np.zeros(len(X)), X))


@exercise.mistake(
    "Does every example get its own 1, or is there one more example now?",
    said="The ones are added as a row on top, not as a column.",
    root=Root.AXIS,
)
def bias_as_row(X):
    return np.vstack((np.ones(X.shape[1]), X))


@exercise.mistake(
    "How many axes has each of the two arrays that you glue together?",
    said="The ones are a vector, not a column, so joining them to X fails.",
    root=Root.AXIS,
)
def bias_hstack_1d(X):
    return np.hstack((np.ones(len(X)), X))


@exercise.mistake(
    "Where did the first feature go?",
    said="The ones overwrite the first feature instead of standing beside it.",
    root=Root.BIAS,
)
def bias_overwrites_first(X):
    out = X.copy()
    out[:, 0] = 1
    return out


@exercise.mistake(
    "Is a 1 to be added to every entry, or beside them?",
    said="The number 1 is added to every entry instead of a column of ones.",
    root=Root.BIAS,
)
def bias_plus_one(X):
    return X + 1
