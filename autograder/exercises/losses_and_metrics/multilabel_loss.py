"""The loss of an example with any number of labels."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.parts import softplus
from autograder.exercises.losses_and_metrics.reference import weighted_bce_with_logits
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.multilabel_loss,
    points=2,
    minutes=6,
    hints=(
        "May two labels be true at once? Which function of notebook 02 is to be applied to every "
        "entry?",
        "You have written a loss with a weight. Which weight changes nothing?",
        "Two examples with four labels are how many entries? By that number the sum is divided.",
    ),
)


@exercise.cases
def cases(rng):
    yield case(
        np.array([[1.2, -0.4, 0.3, -2.0], [-1.0, 0.8, 2.0, 0.1]]),
        np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 1.0]]),
    )
    yield case(
        np.array([[-800.0, 800.0], [-40.0, 40.0], [2.0, -1.0]]),
        np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0]]), about="sure and wrong",
    )  # fmt: skip
    yield case(
        np.array([[800.0, -800.0, 36.0], [40.0, -30.0, -36.0]]),
        np.array([[1.0, 0.0, 1.0], [1.0, 0.0, 0.0]]), about="sure and right",
    )  # fmt: skip
    yield case(
        np.array([[1.5, 0.7, -0.2], [0.4, -1.1, 2.0]]),
        np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]), about="an example without any label",
    )  # fmt: skip
    for n, labels in ((5, 3), (3, 4), (3, 3)):
        z = rng.uniform(0.3, 3.0, (n, labels)) * rng.choice([-1.0, 1.0], (n, labels))
        yield case(z, rng.permuted(np.tile([1.0, 1.0, 0.0, 1.0], (n, 1))[:, :labels], axis=1))


@exercise.style
def multilabel_from_scores(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@exercise.style
def multilabel_logaddexp(z, y):
    return np.mean(np.logaddexp(0, z) - z * y)


@exercise.style
def multilabel_weight_of_one(z, y):
    return weighted_bce_with_logits(z, y, 1.0)


@exercise.style
def multilabel_signed_scores(z, y):
    # A label turns the sign of its score: only the margin counts.
    margin = np.where(y == 1, z, -z)
    return np.logaddexp(0, -margin).mean()


@exercise.style
def multilabel_by_loop(z, y):
    rows = []
    for scores, labels in zip(z, y):
        losses = [
            max(s, 0) - s * t + math.log1p(math.exp(-abs(s)))
            for s, t in zip(scores.tolist(), labels.tolist())
        ]
        rows.append(sum(losses) / len(losses))
    return sum(rows) / len(rows)


@exercise.mistake(
    "May two labels be true at the same time? Must their probabilities add up to one?",
    said="A softmax over the labels is used where each label has its own sigmoid.",
)
def multilabel_softmax(z, y):
    top = z.max(axis=1, keepdims=True)
    log_s = z - top - np.log(np.exp(z - top).sum(axis=1, keepdims=True))
    return -np.mean(np.sum(y * log_s, axis=1))


@exercise.mistake(
    "What do the absent labels say?",
    said="Only the labels that are present are counted.",
    root=Root.SWAPPED,
)
def multilabel_positives_only(z, y):
    return np.mean(y * softplus(-z))


@exercise.mistake(
    "Over how many entries does the mean run?",
    said="The labels of an example are added up before the mean over the examples.",
    root=Root.MEAN,
)
def multilabel_sum_over_labels(z, y):
    return np.mean(np.sum(softplus(z) - z * y, axis=1))


@exercise.mistake(
    "Put every example in twice: should the loss double?",
    said="All terms are added up where their mean was asked for.",
    root=Root.MEAN,
)
def multilabel_sum(z, y):
    return np.sum(softplus(z) - z * y)


@exercise.mistake(
    "Are the numbers you are given probabilities or scores?",
    said="The scores are used as if they were probabilities.",
)
def multilabel_scores_as_probabilities(z, y):
    return -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z))


@exercise.mistake(
    "What is the probability rounded to at a score of 800 before its logarithm is taken?",
    said="The sigmoid is computed first: at extreme scores its logarithm is lost.",
    root=Root.DIGITS,
)
def multilabel_naive_log_sigmoid(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "Two very different wrong scores cost the same: is something cut off on the way?",
    said="The probability is cut off before its logarithm is taken.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-7, 1e-9, 1e-12)},
)
def multilabel_clipped(z, y, *, size=1e-7):
    from scipy.special import expit

    p = np.clip(expit(z), size, 1 - size)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "What is the largest cost your formula can ever return? Is something added in a logarithm?",
    said="A small number is added inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7, 1e-9, 1e-12)},
)
def multilabel_eps_inside_log(z, y, *, size=1e-12):
    from scipy.special import expit

    p = expit(z)
    return -np.mean(y * np.log(p + size) + (1 - y) * np.log(1 - p + size))


@exercise.mistake(
    "Check the exponent for negative scores: can it overflow?",
    said="The exponential takes -z in place of minus its size.",
    root=Root.DIGITS,
)
def multilabel_missing_abs(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))


@exercise.mistake(
    "Is a cost that falls below 0 a cost? Which sign has the logarithm of a probability?",
    said="The log-likelihood came back in place of its negative.",
    root=Root.SIGN,
)
def multilabel_sign(z, y):
    return -np.mean(softplus(z) - z * y)


@exercise.mistake(
    "Which slope has this loss where a probability is far off? Is there a logarithm in it?",
    said="The squared error of the probabilities came back.",
)
def multilabel_squared_error(z, y):
    from scipy.special import expit

    return np.mean((expit(z) - y) ** 2)


@exercise.mistake(
    "For a label that is present, is a large score cheap in your loss?",
    said="The labels are taken the wrong way round.",
    root=Root.SIGN,
)
def multilabel_labels_flipped(z, y):
    return np.mean(softplus(z) - z * (1 - y))


@exercise.property(
    "A score of 0 costs ln 2 for every label, so does a whole table of zeros, and yours costs "
    "{found}. Over what do you average?"
)
def one_bit_at_zero(f, z, y):
    found = np.asarray(f(0 * z, y))
    if found.shape == () and not np.isclose(found, np.log(2), rtol=1e-6):
        return {"found": found}


@exercise.property(
    "Scores and labels turned round ask the same questions: yours costs {there} and {back}. What "
    "does a label of 0 cost?"
)
def the_same_turned_round(f, z, y):
    there, back = np.asarray(f(z, y)), np.asarray(f(-z, 1 - y))
    if there.shape == back.shape == () and not np.isclose(there, back, rtol=1e-6):
        return {"there": there, "back": back}
