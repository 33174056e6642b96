"""The sigmoid, which students bring along from notebook 02: it is judged as it was there."""

from __future__ import annotations

from autograder.exercises.backprop_by_hand import notebook
from autograder.exercises.logistic_regression import sigmoid as brought


def sigmoid(u):
    """The sigmoid of notebook 02; shape like `u`, as the lecture on backprop calls a score."""
    return brought.exercise.reference(u)


exercise = notebook.exercise(
    sigmoid,
    points=1,
    minutes=4,
    hints=(
        "You wrote it in notebook 02: may you bring it along?",
        (
            "It turns the score 0 into one half, large scores into nearly 1, very negative ones "
            "into nearly 0."
        ),
        "Try the scores -1000 and 1000: are the answers finite numbers?",
    ),
    forbidden=brought.exercise.forbidden,
)
exercise.cases(brought.cases)
exercise.styles.update(brought.exercise.styles)
exercise.equivalents.extend(brought.exercise.equivalents)
exercise.mistakes.extend(brought.exercise.mistakes)
exercise.properties.extend(brought.exercise.properties)
