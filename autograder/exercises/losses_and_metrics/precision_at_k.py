"""The share of the first k suggestions that are relevant."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import binary, distinct
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.precision_at_k,
    points=2,
    minutes=6,
    hints=(
        "Cross out all but the k highest scores. How many of those left are relevant?",
        "np.argsort sorts upwards. Where are the highest ones then?",
        "For k = 1: your answer must be 1 or 0. For k = 4, what is it divided by, even if only "
        "three entries are relevant?",
    ),
)


@exercise.cases
def cases(rng):
    relevant, scores = np.array([1, 1, 1, 0, 0, 0]), np.array([0.9, 0.05, 0.75, 0.6, 0.1, 0.2])
    yield case(relevant, scores, 4)
    yield case(relevant, scores, 1)
    yield case(relevant, scores, 6, about="all of them")
    yield case(np.array([1, 0, 0, 0, 1]), np.array([-3.0, -1.0, 2.0, -0.5, -2.0]), 3)
    yield case(
        np.array([0, 1, 1, 0, 0]), np.array([0.2, 0.7, 0.7, 0.9, 0.1]), 3, about="equal scores"
    )
    yield case(np.array([0, 0, 0, 1]), np.array([0.4, 0.3, 0.2, 0.1]), 2, about="nothing relevant")
    for n, ones, k in ((7, 3, 4), (9, 6, 4), (12, 5, 7), (300, 140, 37)):
        yield case(binary(rng, n, ones), distinct(rng, n, -3, 3), k)


@exercise.style
def pak_argsort(relevant, scores, k):
    best = np.argsort(scores)[-k:]
    return relevant[best].mean()


@exercise.style
def pak_descending(relevant, scores, k):
    order = np.argsort(-scores)
    return np.sum(relevant[order[:k]]) / k


@exercise.style
def pak_sorted_pairs(relevant, scores, k):
    pairs = sorted(zip(scores.tolist(), relevant.tolist()), key=lambda pair: pair[0], reverse=True)
    return sum(label for _, label in pairs[:k]) / k


@exercise.style
def pak_by_cut(relevant, scores, k):
    cut = np.sort(scores)[len(scores) - k]
    return np.mean(relevant[scores >= cut])


@exercise.style
def pak_partition(relevant, scores, k):
    best = np.argpartition(-scores, k - 1)[:k]
    return float(np.count_nonzero(relevant[best])) / k


@exercise.mistake(
    "Share of what: of your suggestions, or of the truth?",
    said="The hits are divided by the number of relevant entries: the recall at k.",
    root=Root.SWAPPED,
)
def pak_is_recall_at_k(relevant, scores, k):
    best = np.argsort(-scores)[:k]
    return relevant[best].sum() / max(relevant.sum(), 1)


@exercise.mistake(
    "Did you use the scores at all?",
    said="The first k entries are taken as they stand, unsorted.",
    root=Root.INDEX,
)
def pak_first_k(relevant, scores, k):
    return relevant[:k].mean()


@exercise.mistake(
    "In which direction does np.argsort sort?",
    said="The k lowest scores are taken.",
    root=Root.SIGN,
)
def pak_lowest(relevant, scores, k):
    return relevant[np.argsort(scores)[:k]].mean()


@exercise.mistake(
    "Where in the ranking is the last one that you look at?",
    said="Only the entry at rank k is looked at.",
    root=Root.INDEX,
)
def pak_rank_k_only(relevant, scores, k):
    return float(relevant[np.argsort(-scores)[k - 1]])


@exercise.mistake(
    "How many entries do you look at, k or one fewer?",
    said="One suggestion too few is looked at.",
    root=Root.INDEX,
)
def pak_one_too_few(relevant, scores, k):
    return relevant[np.argsort(-scores)[: k - 1]].sum() / k


@exercise.mistake(
    "How many of how many? A share lies between 0 and 1.",
    said="The number of hits came back in place of their share.",
    root=Root.MEAN,
)
def pak_count(relevant, scores, k):
    return relevant[np.argsort(-scores)[:k]].sum()


@exercise.mistake(
    "Is there a threshold of one half in this question, or a number of suggestions?",
    said="Scores above 0.5 are taken in place of the k highest.",
)
def pak_by_threshold(relevant, scores, k):
    chosen = relevant[scores > 0.5]
    return chosen.mean() if len(chosen) else 0.0


@exercise.mistake(
    "By which number is the sum of the hits divided?",
    said="The hits are divided by the number of all entries.",
    root=Root.MEAN,
)
def pak_over_all(relevant, scores, k):
    return relevant[np.argsort(-scores)[:k]].sum() / len(relevant)


@exercise.mistake(
    "Does the order within the first k matter in this question?",
    said="The mean of the precisions at 1, 2, ..., k came back.",
    root=Root.MEAN,
)
def pak_average_over_ranks(relevant, scores, k):
    hits = relevant[np.argsort(-scores)[:k]]
    return np.mean(np.cumsum(hits) / np.arange(1, k + 1))


@exercise.mistake(
    "np.argsort says where the entries are to be fetched from. Is that the same as their ranks?",
    said="The places that argsort gives are taken for ranks.",
    root=Root.INDEX,
)
def pak_argsort_as_ranks(relevant, scores, k):
    return relevant[np.argsort(-scores) < k].mean()


@exercise.mistake(
    "Is it asked whether a hit is among the first k, or how many hits there are?",
    said="Whether there is any hit came back, in place of the share.",
)
def pak_any_hit(relevant, scores, k):
    return float(relevant[np.argsort(-scores)[:k]].any())


@exercise.property(
    "Only the order of the scores counts: with scores ten times as large yours goes from {once} to "
    "{ten}. What do you do with a score?"
)
def only_the_order_counts(f, relevant, scores, k):
    once, ten = np.asarray(f(relevant, scores, k)), np.asarray(f(relevant, 10 * scores, k))
    if once.shape == ten.shape == () and once != ten:
        return {"once": once, "ten": ten}


@exercise.property(
    "If everything is relevant, all of the first k are; yours is {found}. By what do you divide?"
)
def one_if_all_are_relevant(f, relevant, scores, k):
    found = np.asarray(f(np.ones_like(relevant), scores, k))
    if found.shape == () and not np.isclose(found, 1):
        return {"found": found}


exercise.equivalent(
    "k - 1 -> k - 2",
    because="In arrays of up to a hundred entries NumPy puts the next place right as well.",
)
