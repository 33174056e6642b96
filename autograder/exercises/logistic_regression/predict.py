"""Decisions of the logistic model."""

from __future__ import annotations

import numpy as np

from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import (
    FIVE,
    FIVE_WEIGHTS,
    placed,
    sure,
)
from autograder.exercises.logistic_regression.reference import add_bias, predict_proba, sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.predict,
    points=1,
    minutes=3,
    hints=(
        "First the probabilities, then a comparison. What does NumPy give back for p >= 0.5?",
        (
            "An example exactly on the threshold belongs to class 1. And the threshold is a "
            "parameter: does your function use it?"
        ),
        "Booleans become 0 and 1 with .astype(int).",
    ),
)


@exercise.cases
def cases(rng):
    yield case(FIVE, FIVE_WEIGHTS, about=VISIBLE)
    yield case(FIVE, FIVE_WEIGHTS, threshold=0.8, about=VISIBLE)
    yield case(np.zeros((1, 2)), np.array([0.0, 1, -1]), about=VISIBLE)
    w, X, _ = sure()
    for threshold in (1e-6, 1e-8, 5e-10, 1 - 1e-6, 1 - 1e-8, 1 - 5e-10):
        yield case(X, w, threshold=threshold, about="a threshold close to 0 or 1")
    # Scores 0.25 and -0.6 lie between the thresholds 0.5, 0.3 and 0.8 in probability and in score.
    yield case(*placed(rng, [-2.3, -1.2, -0.6, 0.25, 1.0, 1.2, 2.6]))
    yield case(*placed(rng, [-2.3, -1.2, -0.6, 0.15, 0.2, 2.6]), threshold=0.3)
    yield case(*placed(rng, [-2.0, -0.6, 0.25, 0.9, 1.1, 1.9, 3.0]), threshold=0.8)
    X = np.array([[0.5, 0.0], [0.0, -1.0], [1.5, 0.25]])
    yield case(X, np.array([0.5, -1.0, 2.0]), about="an example exactly on the threshold")


@exercise.style
def predict_astype(X, w, threshold=0.5):
    return (predict_proba(X, w) >= threshold).astype(int)


@exercise.style
def predict_where(X, w, threshold=0.5):
    return np.where(predict_proba(X, w) >= threshold, 1, 0)


@exercise.style
def predict_booleans(X, w, threshold=0.5):
    return 1 / (1 + np.exp(-(X @ w[1:] + w[0]))) >= threshold


@exercise.style
def predict_list(X, w, threshold=0.5):
    return [int(p >= threshold) for p in predict_proba(X, w)]


@exercise.style
def predict_floats(X, w, threshold=0.5):
    answer = np.zeros(len(X))
    answer[predict_proba(X, w) >= threshold] = 1.0
    return answer


@exercise.style
def predict_by_score(X, w, threshold=0.5):
    return (add_bias(X) @ w >= np.log(threshold / (1 - threshold))).astype(int)


@exercise.mistake(
    "An example lies exactly on the threshold: which class did we agree on?",
    said="A probability exactly on the threshold gives class 0 instead of 1.",
)
def predict_strict(X, w, threshold=0.5):
    return (predict_proba(X, w) > threshold).astype(int)


@exercise.mistake(
    "Is a decision asked for, or how sure the model is?",
    said="The probabilities are returned instead of the classes.",
)
def predict_probabilities(X, w, threshold=0.5):
    return predict_proba(X, w)


@exercise.mistake(
    "What happens to your answer when somebody asks for another threshold?",
    said="The threshold is always 0.5, whatever is asked for.",
    family={"strict": (False, True)},
)
def predict_threshold_ignored(X, w, threshold=0.5, *, strict=False):
    p = predict_proba(X, w)
    return ((p > 0.5) if strict else (p >= 0.5)).astype(int)


@exercise.mistake(
    "What is compared with the threshold, the score or the probability?",
    said="The score is compared with the threshold instead of the probability.",
)
def predict_on_score(X, w, threshold=0.5):
    return (add_bias(X) @ w >= threshold).astype(int)


@exercise.mistake(
    "Which class should a high probability lead to?",
    said="The two classes are exchanged: a low probability gives class 1.",
    root=Root.SWAPPED,
)
def predict_inverted(X, w, threshold=0.5):
    return (predict_proba(X, w) < threshold).astype(int)


@exercise.mistake(
    "Which two numbers stand for the classes here?",
    said="The negative class is called -1 instead of 0.",
)
def predict_signs(X, w, threshold=0.5):
    return np.where(predict_proba(X, w) >= threshold, 1, -1)


@exercise.mistake(
    "What does your model say to an example whose features are all zero?",
    said="The bias w[0] is left out of the score.",
    root=Root.BIAS,
)
def predict_no_bias(X, w, threshold=0.5):
    return (sigmoid(X @ w[1:]) >= threshold).astype(int)


@exercise.mistake(
    "One decision per example is asked for: how many do you return?",
    said="The row numbers of class 1 are returned instead of one class per row.",
)
def predict_indices(X, w, threshold=0.5):
    return np.flatnonzero(predict_proba(X, w) >= threshold)


@exercise.mistake(
    "What happens to your answer when somebody asks for another threshold, and at one half?",
    said="The probabilities are rounded, which ignores the threshold.",
    like=("predict-threshold-ignored",),
)
def predict_rounded(X, w, threshold=0.5):
    return np.round(predict_proba(X, w)).astype(int)


@exercise.mistake(
    "An array is neither above nor below the threshold as a whole: how is each example decided?",
    said="An if asks about a whole array of probabilities at once, which fails.",
)
def predict_if_on_array(X, w, threshold=0.5):
    if predict_proba(X, w) >= threshold:
        return 1
    return 0


@exercise.property(
    "A higher threshold never makes more examples class 1: yours finds {low} at 0.2 and {high} at "
    "0.8. What is compared with the threshold?"
)
def no_more_ones_at_a_higher_threshold(f, X, w, threshold=0.5):
    low, high = (int(np.sum(f(X, w, threshold=t))) for t in (0.2, 0.8))
    if high > low:
        return {"low": low, "high": high}


exercise.equivalent(
    "np.where(predict_proba(X, w) >= threshold, 1, 0) -> "
    "np.where(1, predict_proba(X, w) >= threshold, 0)",
    because="A comparison is 1 where it holds and 0 where it does not.",
)
