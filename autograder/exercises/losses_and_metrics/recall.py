"""The share of the real positives that were found."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import decisions
from autograder.exercises.losses_and_metrics.parts import counts, share
from autograder.exercises.losses_and_metrics.reference import confusion_matrix, precision
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.recall,
    points=1,
    minutes=4,
    hints=(
        "Of all that should have been found, how much was? Which two of the four counts are that?",
        "Which entries have label 1? Of these, which have prediction 1?",
        "There is no positive in the labels: what is asked for then?",
    ),
)


@exercise.cases
def cases(rng):
    labels = np.repeat([1, 1, 0, 0], [40, 10, 20, 30])
    yield case(labels, np.repeat([1, 0, 1, 0], [40, 10, 20, 30]))
    yield case(np.array([1, 0, 1, 0, 1]), np.array([1, 1, 0, 0, 0]))
    yield case(np.array([0, 0, 0]), np.array([1, 0, 1]), about="no real positive")
    yield case(np.array([1, 0, 1]), np.array([0, 0, 0]), about="no predicted positive")
    yield case(np.array([0, 0, 0]), np.array([0, 0, 0]), about="no positive at all")
    yield case(np.array([0, 1, 0]), np.array([1, 1, 0]), about="one positive, and it is found")
    for tp, fn, fp, tn in ((3, 1, 5, 2), (7, 4, 2, 6), (2, 6, 1, 9)):
        yield case(*decisions(rng, tp, fn, fp, tn))


@exercise.style
def recall_by_masks(labels, predictions):
    real = labels == 1
    if not real.any():
        return 0.0
    return np.sum(real & (predictions == 1)) / np.sum(real)


@exercise.style
def recall_mean_prediction(labels, predictions):
    chosen = predictions[labels == 1]
    return chosen.mean() if len(chosen) else 0.0


@exercise.style
def recall_by_loop(labels, predictions):
    found = [p == 1 for t, p in zip(labels.tolist(), predictions.tolist()) if t == 1]
    return sum(found) / len(found) if found else 0.0


@exercise.style
def recall_from_the_table(labels, predictions):
    table = confusion_matrix(labels, predictions, 2)
    return table[1, 1] / table[1].sum() if table[1].any() else 0.0


@exercise.style
def recall_is_precision_with_the_roles_exchanged(labels, predictions):
    return precision(predictions, labels)


@exercise.mistake(
    "Of all real positives, how many did you find?",
    said="The precision came back.",
    root=Root.SWAPPED,
)
def recall_is_precision(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tp, tp + fp)


@exercise.mistake(
    "Which class are you asked about?",
    said="The specificity, the recall of class 0, came back.",
    root=Root.SWAPPED,
)
def recall_is_specificity(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tn, tn + fp)


@exercise.mistake(
    "Do correctly rejected examples count here?",
    said="The accuracy came back.",
)
def recall_is_accuracy(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return (tp + tn) / (tp + fn + fp + tn)


@exercise.mistake(
    "What is asked for when there is nothing to be found?",
    said="Where nothing was to be found, 0/0 came back.",
    root=Root.DIGITS,
)
def recall_nan(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return np.float64(tp) / np.float64(tp + fn)


@exercise.mistake(
    "What is asked for when there is nothing to be found?",
    said="Where nothing was to be found, 1 came back.",
)
def recall_one_if_nothing(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return tp / (tp + fn) if tp + fn else 1.0


@exercise.mistake(
    "Is it the share that was found, or the share that was missed?",
    said="The share of missed positives came back.",
    leads=("COMPLEMENT",),
)
def recall_miss_rate(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(fn, tp + fn)


@exercise.mistake(
    "Does an alarm for a negative example count as something found?",
    said="The false-positive rate came back.",
    root=Root.SWAPPED,
)
def recall_false_positive_rate(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(fp, fp + tn)


@exercise.mistake(
    "By which group do you divide: by all examples?",
    said="The true positives are divided by all examples.",
    root=Root.MEAN,
)
def recall_over_everything(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return tp / (tp + fn + fp + tn)


@exercise.mistake(
    "Which two counts have label 1 in common?",
    said="The true positives are divided by all that is positive in either array.",
)
def recall_is_jaccard(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tp, tp + fp + fn)


@exercise.mistake(
    "Must each of the found ones be a real positive?",
    said="All predicted positives count as found, right or not.",
)
def recall_all_alarms(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return share(tp + fp, tp + fn)


@exercise.mistake(
    "One positive, and it is found: what must come out? Is something added below the line?",
    said="A number is added to the counts before they are divided.",
    root=Root.DIGITS,
)
def recall_smoothed(labels, predictions):
    tp, fn, fp, tn = counts(labels, predictions)
    return tp / (tp + fn + 1)


@exercise.property(
    "Who calls everything positive finds every positive: recall is 1 then, and yours {found}. What "
    "stands above and below the line?"
)
def one_for_calling_everything(f, labels, predictions):
    found = np.asarray(f(labels, np.ones_like(labels)))
    if (labels == 1).any() and found.shape == () and not np.isclose(found, 1):
        return {"found": found}


exercise.equivalent(
    "confusion_matrix(labels, predictions, 2) -> confusion_matrix(labels, predictions, 3)",
    because="A class that does not occur has an empty row and column.",
)
