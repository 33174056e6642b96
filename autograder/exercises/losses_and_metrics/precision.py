"""The share of the predicted positives that are positive."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import decisions
from autograder.exercises.losses_and_metrics.parts import counts, share
from autograder.exercises.losses_and_metrics.reference import confusion_matrix
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.precision,
    points=1,
    minutes=5,
    hints=(
        "The alarm went off: how often was it right? Which two of the four counts do you need?",
        "Which entries have prediction 1? Of these, which have label 1?",
        "The model never says 1: what is asked for then, and does your function get there without "
        "dividing by 0?",
    ),
)


@exercise.cases
def cases(rng):
    labels = np.repeat([1, 1, 0, 0], [40, 10, 20, 30])
    yield case(labels, np.repeat([1, 0, 1, 0], [40, 10, 20, 30]))
    yield case(np.array([1, 0, 1, 0, 0]), np.array([1, 1, 0, 0, 0]))
    yield case(np.array([1, 0, 1]), np.array([0, 0, 0]), about="no predicted positive")
    yield case(np.array([0, 0, 0]), np.array([1, 0, 1]), about="no real positive")
    yield case(np.array([0, 0, 0]), np.array([0, 0, 0]), about="no positive at all")
    yield case(np.array([0, 1, 0]), np.array([0, 1, 0]), about="one alarm, and it is right")
    for tp, fn, fp, tn in ((3, 1, 5, 2), (7, 4, 2, 6), (2, 6, 1, 9)):
        yield case(*decisions(rng, tp, fn, fp, tn))


@exercise.style
def precision_by_masks(labels, predictions):
    predicted = predictions == 1
    if not predicted.any():
        return 0.0
    return np.sum((labels == 1) & predicted) / np.sum(predicted)


@exercise.style
def precision_mean_label(labels, predictions):
    chosen = labels[predictions == 1]
    return chosen.mean() if chosen.size else 0.0


@exercise.style
def precision_products(labels, predictions):
    tp, predicted = np.sum(labels * predictions), np.sum(predictions)
    return tp / predicted if predicted > 0 else 0.0


@exercise.style
def precision_by_loop(labels, predictions):
    tp = fp = 0
    for true, predicted in zip(labels, predictions):
        if predicted == 1:
            tp += true == 1
            fp += true != 1
    return 0.0 if tp + fp == 0 else tp / (tp + fp)


@exercise.style
def precision_from_the_table(labels, predictions):
    table = confusion_matrix(labels, predictions, 2)
    return float(table[1, 1] / max(table[:, 1].sum(), 1))


@exercise.mistake(
    "Of what group is this a share: of the predicted positives, or of the real ones?",
    said="The recall came back.",
    root=Root.SWAPPED,
)
def precision_is_recall(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tp, tp + fn)


@exercise.mistake(
    "Do correctly rejected examples count here?",
    said="The accuracy came back.",
)
def precision_is_accuracy(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return (tp + tn) / (tp + fn + fp + tn)


@exercise.mistake(
    "What is asked for when nothing was predicted positive?",
    said="Where nothing was predicted positive, 0/0 came back.",
    root=Root.DIGITS,
)
def precision_nan(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return np.float64(tp) / np.float64(tp + fp)


@exercise.mistake(
    "What is asked for when nothing was predicted positive?",
    said="Where nothing was predicted positive, 1 came back.",
)
def precision_one_if_silent(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return tp / (tp + fp) if tp + fp else 1.0


@exercise.mistake(
    "Which class is positive here?",
    said="Class 0 is taken for the positive class.",
    root=Root.SWAPPED,
)
def precision_of_class_zero(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tn, tn + fn)


@exercise.mistake(
    "Can a share of right alarms fall when the alarms are right? What stands above the line?",
    said="The false alarms stand above the line.",
    root=Root.SWAPPED,
)
def precision_false_discoveries(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(fp, tp + fp)


@exercise.mistake(
    "By which group do you divide: by all examples?",
    said="The true positives are divided by all examples.",
    root=Root.MEAN,
)
def precision_over_everything(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return tp / (tp + fn + fp + tn)


@exercise.mistake(
    "Which two counts have prediction 1 in common?",
    said="The true positives are divided by all that is positive in either array.",
)
def precision_is_jaccard(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tp, tp + fp + fn)


@exercise.mistake(
    "How many right alarms to one false one, or how many of all alarms?",
    said="The ratio of true to false positives came back.",
)
def precision_odds(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tp, fp)


@exercise.mistake(
    "One alarm, and it is right: what must come out? Is something added below the line?",
    said="A number is added to the counts before they are divided.",
    root=Root.DIGITS,
)
def precision_smoothed(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return tp / (tp + fp + 1)


@exercise.mistake(
    "Among which examples are the true negatives, and do they matter here?",
    said="The specificity came back.",
    root=Root.SWAPPED,
)
def precision_is_specificity(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tn, tn + fp)


@exercise.property(
    "Where every prediction is right nothing called positive is wrong: precision is 1 then, and "
    "yours {found}. What stands above and below the line?"
)
def one_for_right_answers(f, labels, predictions):
    found = np.asarray(f(labels, labels))
    if (labels == 1).any() and found.shape == () and not np.isclose(found, 1):
        return {"found": found}


exercise.equivalent(
    "tp + fp -> tp",
    because="Without a hit precision is 0 either way.",
)


exercise.equivalent(
    "confusion_matrix(labels, predictions, 2) -> confusion_matrix(labels, predictions, 3)",
    because="A class that does not occur has an empty row and column.",
)
