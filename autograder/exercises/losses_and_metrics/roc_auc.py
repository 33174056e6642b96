"""The area under the ROC curve, as a probability of order."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import binary, distinct
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.roc_auc,
    points=3,
    minutes=12,
    hints=(
        "Take every positive with every negative: in how many of these pairs does the positive "
        "have the higher score?",
        "positive[:, None] and negative[None, :]: which shape has their difference?",
        "A pair with equal scores is neither right nor wrong. If all scores are equal, the area "
        "must be one half: is yours?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([1, 1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.4, 0.2]))
    yield case(np.array([0, 1, 0]), np.array([-2.0, 1.5, 3.0]))
    yield case(np.array([1, 0, 1, 0]), np.array([0.5, 0.5, 0.5, 0.5]), about="all scores equal")
    yield case(
        np.array([1, 0, 1, 0, 0]), np.array([0.7, 0.7, 0.3, 0.3, 0.1]), about="some scores equal"
    )
    yield case(np.array([1, 0, 0]), np.array([1.0, 1.0 - 1e-9, 0.0]), about="nearly equal scores")
    yield case(np.array([0, 0, 1, 1, 1]), np.array([4.0, 3.0, 2.0, 1.0, 0.5]), about="all wrong")
    yield case(np.array([0, 1]), np.array([-800.0, 800.0]), about="large scores")
    for n, ones in ((7, 3), (10, 6)):
        yield case(binary(rng, n, ones), distinct(rng, n, -2, 3))
    labels = binary(rng, 60, 23)
    yield case(labels, labels + rng.normal(0, 1.2, 60))
    yield case(binary(rng, 12, 5), rng.permutation(np.repeat(np.arange(4.0), 3)), about="many ties")


@exercise.style
def auc_all_pairs(labels, scores):
    positive, negative = scores[labels == 1], scores[labels == 0]
    wins = positive[:, None] > negative[None, :]
    ties = positive[:, None] == negative[None, :]
    return (wins.sum() + 0.5 * ties.sum()) / (len(positive) * len(negative))


@exercise.style
def auc_by_loop(labels, scores):
    pairs, total = 0, 0.0
    for i in range(len(labels)):
        for j in range(len(labels)):
            if labels[i] == 1 and labels[j] == 0:
                pairs += 1
                if scores[i] > scores[j]:
                    total += 1
                elif scores[i] == scores[j]:
                    total += 0.5
    return total / pairs


@exercise.style
def auc_sign_of_differences(labels, scores):
    differences = np.subtract.outer(scores[labels == 1], scores[labels == 0])
    return 0.5 + np.mean(np.sign(differences)) / 2


@exercise.style
def auc_by_ranks(labels, scores):
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    n1 = np.sum(labels == 1)
    n0 = len(labels) - n1
    return (ranks[labels == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)


@exercise.style
def auc_area_of_the_curve(labels, scores):
    levels = np.unique(scores)[::-1]
    tpr = [0.0] + [np.mean(scores[labels == 1] >= t) for t in levels]
    fpr = [0.0] + [np.mean(scores[labels == 0] >= t) for t in levels]
    return np.trapezoid(tpr, fpr)


@exercise.style
def auc_by_search(labels, scores):
    negative = np.sort(scores[labels == 0])
    positive = scores[labels == 1]
    below = np.searchsorted(negative, positive, side="left")
    not_above = np.searchsorted(negative, positive, side="right")
    return np.mean(below + not_above) / (2 * len(negative))


@exercise.mistake(
    "If all scores are equal, the area must be one half: is yours?",
    said="A tie between a positive and a negative counts nothing.",
)
def auc_ties_count_nothing(labels, scores):
    return np.mean(scores[labels == 1][:, None] > scores[labels == 0])


@exercise.mistake(
    "If all scores are equal, the area must be one half: is yours?",
    said="A tie between a positive and a negative counts as won.",
)
def auc_ties_count_fully(labels, scores):
    return np.mean(scores[labels == 1][:, None] >= scores[labels == 0])


@exercise.mistake(
    "Should a positive have the higher or the lower score?",
    said="The pairs are counted the wrong way round: one minus the area came back.",
    root=Root.SWAPPED,
)
def auc_exchanged(labels, scores):
    differences = scores[labels == 0][:, None] - scores[labels == 1]
    return np.mean((differences > 0) + 0.5 * (differences == 0))


@exercise.mistake(
    "A share of which pairs? How many positives and how many negatives are there?",
    said="The pairs are divided by all pairs of examples, also those within a class.",
    root=Root.MEAN,
)
def auc_over_all_pairs(labels, scores):
    differences = scores[labels == 1][:, None] - scores[labels == 0]
    wins = np.sum((differences > 0) + 0.5 * (differences == 0))
    return wins / (len(labels) * (len(labels) - 1) / 2)


@exercise.mistake(
    "A share of which pairs? How many positives and how many negatives are there?",
    said="The pairs in the right order are counted, but not divided by their number.",
    root=Root.MEAN,
)
def auc_count(labels, scores):
    differences = scores[labels == 1][:, None] - scores[labels == 0]
    return np.sum((differences > 0) + 0.5 * (differences == 0))


@exercise.mistake(
    "Does the area depend on one threshold?",
    said="The mean of both classes' recall at one half came back: one point of the curve.",
)
def auc_at_one_half(labels, scores):
    predictions = scores >= 0.5
    return (np.mean(predictions[labels == 1]) + np.mean(~predictions[labels == 0])) / 2


@exercise.mistake(
    "Is every positive compared with one negative, or with all?",
    said="Each positive is compared with the mean negative only.",
    root=Root.MEAN,
)
def auc_against_the_mean(labels, scores):
    return np.mean(scores[labels == 1] > np.mean(scores[labels == 0]))


@exercise.mistake(
    "Is it by how much a positive is ahead that counts, or whether it is?",
    said="The difference of the mean scores came back.",
    root=Root.MEAN,
)
def auc_difference_of_means(labels, scores):
    return np.mean(scores[labels == 1]) - np.mean(scores[labels == 0])


@exercise.mistake(
    "What lies on the horizontal axis: the share of false alarms among the negatives?",
    said="The horizontal axis holds the share of all examples that are called positive.",
    root=Root.SWAPPED,
)
def auc_wrong_horizontal_axis(labels, scores):
    levels = np.unique(scores)[::-1]
    tpr = [0.0] + [np.mean(scores[labels == 1] >= t) for t in levels]
    called = [0.0] + [np.mean(scores >= t) for t in levels]
    return np.trapezoid(tpr, called)


@exercise.mistake(
    "Through which points does the curve go before its first threshold and after its last?",
    said="The curve does not start at (0, 0): its first piece is missing.",
    root=Root.INDEX,
)
def auc_curve_without_its_start(labels, scores):
    levels = np.unique(scores)[::-1]
    tpr = [np.mean(scores[labels == 1] >= t) for t in levels]
    fpr = [np.mean(scores[labels == 0] >= t) for t in levels]
    return np.trapezoid(tpr, fpr)


@exercise.mistake(
    "What happens at a tie when the examples are taken one by one, in the order they stand in?",
    said="Equal scores are put in order by where they stand: ties are broken.",
    root=Root.INDEX,
)
def auc_ties_broken_by_place(labels, scores):
    ranks = np.argsort(np.argsort(scores, kind="stable"), kind="stable") + 1
    n1 = np.sum(labels == 1)
    return (ranks[labels == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * (len(labels) - n1))


@exercise.mistake(
    "Do ranks start at 0 or at 1 where the smallest possible sum of ranks is taken off?",
    said="The ranks start at 0 where the formula counts from 1.",
    root=Root.INDEX,
)
def auc_ranks_from_zero(labels, scores):
    from scipy.stats import rankdata

    ranks = rankdata(scores) - 1
    n1 = np.sum(labels == 1)
    return (ranks[labels == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * (len(labels) - n1))


@exercise.mistake(
    "Is a grid of thresholds fine enough for every set of scores?",
    said="The curve is drawn at a fixed grid of thresholds only.",
    root=Root.DIGITS,
    family={"levels": (6, 11, 21)},
)
def auc_fixed_thresholds(labels, scores, *, levels=11):
    grid = np.linspace(1, 0, levels)
    tpr = [0.0] + [np.mean(scores[labels == 1] >= t) for t in grid] + [1.0]
    fpr = [0.0] + [np.mean(scores[labels == 0] >= t) for t in grid] + [1.0]
    return np.trapezoid(tpr, fpr)


@exercise.property(
    "Turn all scores round and every pair that was right is wrong: yours is {there} and then "
    "{back}. What should the two add up to?"
)
def one_together_with_the_opposite(f, labels, scores):
    there, back = np.asarray(f(labels, scores)), np.asarray(f(labels, -scores))
    if there.shape == back.shape == () and not np.isclose(there + back, 1, rtol=1e-6):
        return {"there": there, "back": back}


@exercise.property(
    "Only the order of the scores counts: with scores ten times as large yours goes from {once} to "
    "{ten}. What do you do with a score?"
)
def only_the_order_counts(f, labels, scores):
    once, ten = np.asarray(f(labels, scores)), np.asarray(f(labels, 10 * scores))
    if once.shape == ten.shape == () and not np.isclose(once, ten, rtol=1e-9):
        return {"once": once, "ten": ten}
