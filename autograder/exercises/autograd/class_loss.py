"""Mean cross-entropy from scores."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import notebook, reference
from autograder.exercises.autograd.inputs import (
    APART,
    CONFIDENT,
    RIGHT,
    WRONG,
    class_labels,
    extreme_scores,
    number,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import tensors

exercise = notebook.exercise(
    reference.class_loss,
    points=1,
    minutes=4,
    hints=(
        "Look at the table of section 9: many classes, scores.",
        (
            "Does the loss you chose expect scores, probabilities or their logarithms? Read the "
            "first line of its documentation."
        ),
        "If you select entries by hand: print the shape of what you selected. One entry a row?",
    ),
    subject=tensors.value_and_gradient,
)


@exercise.cases
def cases(rng):
    for n, k in ((3, 4), (5, 3), (4, 4)):
        yield case(rng.normal(0.0, 1.5, (n, k)), class_labels(rng, n, k), upstream=number(rng))
    scores, labels = extreme_scores(rng, 4, 3), class_labels(rng, 4, 3)
    # At least one label is not that of the highest score.
    labels[0] = (np.argmax(scores[0]) + 1) % 3
    yield case(
        scores,
        labels,
        upstream=number(rng),
        about="scores that differ by thousands",
    )
    scores = np.array([[0.1, 0.4, 2.2, 0.0], [1.0, -1.0, 0.5, 0.2], [0.0, 0.0, 0.0, 3.0]])
    yield case(scores, np.array([2, 0, 1]), upstream=1.0, about=VISIBLE)
    yield case(np.array([[0.0, 1000.0, 0.0]]), np.array([0]), upstream=1.0, about=VISIBLE)
    yield case(
        APART, np.array([0, 2, 1]), upstream=1.5, about="rows of scores that lie thousands apart"
    )
    yield case(CONFIDENT, RIGHT, upstream=1.5, about="sure and right")
    yield case(CONFIDENT, WRONG, upstream=1.5, about="sure and wrong")


@exercise.style
def class_with_the_function(a, labels):
    return torch.nn.functional.cross_entropy(a, labels)


@exercise.style
def class_with_the_class(a, labels):
    return torch.nn.CrossEntropyLoss()(a, labels)


@exercise.style
def class_with_nll(a, labels):
    return torch.nn.NLLLoss()(torch.log_softmax(a, dim=1), labels)


@exercise.style
def class_with_indices(a, labels):
    rows = torch.arange(len(a))
    return (torch.logsumexp(a, dim=1) - a[rows, labels]).mean()


@exercise.style
def class_with_one_hot(a, labels):
    y = torch.nn.functional.one_hot(labels, a.shape[1]).to(a.dtype)
    return -(y * a.log_softmax(-1)).sum(1).mean()


@exercise.mistake(
    "What does the documentation say this class expects: scores, or s?",
    said="Probabilities enter a loss for scores, so the softmax is applied twice.",
)
def torchce_on_probabilities(a, labels):
    return torch.nn.functional.cross_entropy(torch.softmax(a, dim=1), labels)


@exercise.mistake(
    "Which of the two losses wants logarithms? Can a loss be negative here?",
    said="The loss receives probabilities instead of their logarithms.",
)
def torchce_nll_on_probabilities(a, labels):
    return torch.nn.functional.nll_loss(torch.softmax(a, dim=1), labels)


@exercise.mistake(
    "Which of the two losses wants logarithms of probabilities?",
    said="The loss receives scores instead of logarithms of probabilities.",
)
def torchce_nll_on_logits(a, labels):
    return torch.nn.functional.nll_loss(a, labels)


@exercise.mistake(
    "Along which dimension must the probabilities sum to one?",
    said="The softmax runs over the examples instead of the classes.",
    root=Root.AXIS,
)
def torchce_log_softmax_dim0(a, labels):
    return torch.nn.functional.nll_loss(torch.log_softmax(a, dim=0), labels)


@exercise.mistake(
    "Exclusive classes, or independent labels?",
    said="Each class is treated as a yes-or-no question of its own.",
)
def torchce_bce_on_onehot(a, labels):
    y = torch.nn.functional.one_hot(labels, a.shape[1]).double()
    return torch.nn.functional.binary_cross_entropy_with_logits(a, y)


@exercise.mistake(
    "What does a probability round to when one score is far ahead?",
    said="The logarithm is taken of a softmax that can underflow to 0.",
    root=Root.DIGITS,
)
def torchce_log_of_softmax(a, labels):
    s = torch.softmax(a, dim=1)
    return -torch.log(s[range(len(a)), labels]).mean()


@exercise.mistake(
    "Duplicate the batch: should the loss double?",
    said="The losses are summed over the batch instead of averaged.",
    root=Root.MEAN,
)
def cce_sum_over_batch(a, labels):
    return torch.nn.functional.cross_entropy(a, labels, reduction="sum")


@exercise.mistake(
    "How many terms of the inner sum are not zero?",
    said="The loss is divided by the number of classes, too.",
    root=Root.MEAN,
)
def cce_mean_over_classes(a, labels):
    return torch.nn.functional.cross_entropy(a, labels) / a.shape[1]


@exercise.mistake(
    "Did you look at the label at all?",
    said="The most likely class is scored, whatever the label is.",
)
def cce_log_of_max(a, labels):
    return -torch.log_softmax(a, dim=1).max(dim=1).values.mean()


@exercise.mistake(
    "What is the number of the first class?",
    said="The labels are shifted by one, as if classes were counted from 1.",
    root=Root.INDEX,
)
def cce_label_off_by_one(a, labels):
    return torch.nn.functional.cross_entropy(a, (labels - 1) % a.shape[1])


@exercise.mistake(
    "Print the shape of what you selected: one entry a row?",
    said="Every row is read at the labels of all examples, not only its own.",
    root=Root.INDEX,
)
def cce_fancy_index_slip(a, labels):
    return -torch.log_softmax(a, dim=1)[:, labels].mean()


@exercise.mistake(
    "Average before or after the logarithm?",
    said="The logarithm of the mean is taken, not the mean of the logarithms.",
    root=Root.MEAN,
)
def cce_log_of_mean(a, labels):
    s = torch.softmax(a, dim=1)
    return -torch.log(s[range(len(a)), labels].mean())


@exercise.mistake(
    "Where is the logarithm?",
    said="The squared error of the probabilities is computed instead of the cross-entropy.",
)
def cce_squared_error(a, labels):
    y = torch.nn.functional.one_hot(labels, a.shape[1])
    return ((torch.softmax(a, dim=1) - y) ** 2).sum(dim=1).mean()


@exercise.mistake(
    "What is the largest cost your loss can ever give?",
    said="A small number is added to the probabilities, which limits the loss.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-8, 1e-9, 1e-12)},
)
def torchce_with_small_number(a, labels, *, size=1e-8):
    s = torch.softmax(a, dim=1)
    return -torch.log(s[range(len(a)), labels] + size).mean()


@exercise.mistake(
    "Two very different wrong scores now cost the same: why?",
    said="The probabilities are cut off before the logarithm, which limits the loss.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-6, 1e-7, 1e-9)},
)
def torchce_cut_off(a, labels, *, size=1e-7):
    s = torch.clamp(torch.softmax(a, dim=1), size, 1 - size)
    return -torch.log(s[range(len(a)), labels]).mean()


@exercise.mistake(
    "A class of torch.nn is made first and called then: what stands in your first brackets?",
    said="The loss class gets the scores where its options belong.",
)
def torchce_class_not_called(a, labels):
    return torch.nn.CrossEntropyLoss(a, labels)


@exercise.mistake(
    "What do the labels look like here: one number an example, or a row of 0 and 1?",
    said="The labels are taken for rows of targets and turned into class numbers.",
    root=Root.INDEX,
)
def torchce_labels_as_targets(a, labels):
    return torch.nn.functional.cross_entropy(a, labels.argmax(dim=1))


@exercise.mistake(
    "Which examples does your loss see, and which classes do you ask each of them about?",
    said="Only the first example is looked at.",
    root=Root.INDEX,
)
def torchce_first_example_only(a, labels):
    return torch.nn.functional.cross_entropy(a[:1], labels[:1])


@exercise.mistake(
    "Is the loss you return still connected to a?",
    said="The loss is made into a plain number, cut off from the graph.",
    root=Root.GRAPH,
)
def torchce_detached(a, labels):
    return torch.tensor(torch.nn.functional.cross_entropy(a, labels).item())


@exercise.property(
    "Raise all scores of every example by 5 and no probability changes; your loss goes from {low} "
    "to {high}. What does it see of the scores?"
)
def the_same_for_raised_scores(f, a, labels, upstream):
    low, high = (float(f(scores, labels, upstream=1.0)[0]) for scores in (a, a + 5.0))
    if not np.isclose(low, high, rtol=1e-6):
        return {"low": low, "high": high}


@exercise.property(
    "Where all scores of an example are equal it costs the logarithm of the number of classes, "
    "here {right}; yours costs {found}. Which probability has a class then?"
)
def equal_scores(f, a, labels, upstream):
    found = float(f(0 * a, labels, upstream=1.0)[0])
    if not np.isclose(found, np.log(a.shape[1]), rtol=1e-6):
        return {"right": np.log(a.shape[1]), "found": found}


exercise.equivalent(
    "a.log_softmax(-1) -> a.log_softmax(1)", because="The scores have two axes: 1 is the last one."
)
