"""Mean binary cross-entropy from logits."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import notebook, reference
from autograder.exercises.autograd.inputs import number
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import tensors

exercise = notebook.exercise(
    reference.binary_loss,
    points=1,
    minutes=4,
    hints=(
        (
            "Look at the table of section 9: two classes, scores. torch.nn has the class, "
            "torch.nn.functional the function."
        ),
        "Is there a sigmoid in your answer? Does the loss you chose apply one already?",
        "Try logit -800 with label 1. If 100 comes out, which class are you using?",
    ),
    subject=tensors.value_and_gradient,
)


@exercise.cases
def cases(rng):
    for n in (3, 5, 8):
        targets = rng.permutation((np.arange(n) % 2).astype(float))
        scores = rng.uniform(0.3, 6.0, n) * rng.choice([-1.0, 1.0], n)
        yield case(scores, targets, upstream=number(rng))
    yield case(
        np.array([800.0, -800.0, 800.0, -800.0, 1.5]),
        np.array([1.0, 0.0, 0.0, 1.0, 1.0]),
        upstream=number(rng),
        about="logits of +-800",
    )
    yield case(np.array([1.5, -0.7, 0.3]), np.array([1.0, 0.0, 1.0]), upstream=1.0, about=VISIBLE)
    yield case(np.full(4, 1.5), np.ones(4), upstream=1.0, about=VISIBLE)
    yield case(np.array([-800.0]), np.ones(1), upstream=1.0, about=VISIBLE)
    # Beyond 20 PyTorch's softplus is a straight line.
    z = np.array([18.4, -18.4, 13.8, -13.8, 4.6, -4.6])
    right = (z > 0).astype(float)
    yield case(z, right, upstream=1.5, about="sure and right")
    yield case(z, 1 - right, upstream=1.5, about="sure and wrong")


@exercise.style
def binary_with_the_function(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, y)


@exercise.style
def binary_with_the_class(z, y):
    criterion = torch.nn.BCEWithLogitsLoss(reduction="mean")
    return criterion(z, y)


@exercise.style
def binary_with_maximum(z, y):
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-torch.abs(z)))).mean()


@exercise.style
def binary_with_softplus(z, y):
    return torch.mean(torch.nn.functional.softplus(z) - z * y)


@exercise.style
def binary_with_logsigmoid(z, y):
    log_p = torch.nn.functional.logsigmoid
    return -(y * log_p(z) + (1 - y) * log_p(-z)).sum() / len(z)


@exercise.mistake(
    "How often is the sigmoid applied in total?",
    said="Probabilities enter a loss for scores, so the sigmoid is applied twice.",
)
def torchbce_with_logits_on_probabilities(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(torch.sigmoid(z), y)


@exercise.mistake(
    "BCELoss wants probabilities. What does it get?",
    said="Scores enter a loss that expects probabilities; the sigmoid is missing.",
)
def torchbce_on_logits(z, y):
    return torch.nn.functional.binary_cross_entropy(z, y)


@exercise.mistake(
    "Is -800 as bad as -100? What is the largest cost this class ever gives?",
    said="The sigmoid comes first, so BCELoss clips very large costs at 100.",
    root=Root.DIGITS,
)
def torchbce_clamped_by_bceloss(z, y):
    return torch.nn.functional.binary_cross_entropy(torch.sigmoid(z), y)


@exercise.mistake(
    "Duplicate the batch: should the loss double?",
    said="The losses are summed over the batch instead of averaged.",
    root=Root.MEAN,
)
def torchbce_sum(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum")


@exercise.mistake(
    "One number is asked for. Over what should it be averaged?",
    said="One loss for each example is returned, without their mean.",
    root=Root.MEAN,
)
def torchbce_not_reduced(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none")


@exercise.mistake(
    "What does the probability round to when the score is very large?",
    said="The logarithm is taken of probabilities that can round to 0.",
    root=Root.DIGITS,
)
def bcel_naive_log_sigmoid(z, y):
    p = 1 / (1 + torch.exp(-z))
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


@exercise.mistake(
    "Two very different wrong scores now cost the same: why?",
    said="Probabilities are clipped, so very wrong scores cost the same.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-7, 1e-9, 1e-12)},
)
def bcel_clipped(z, y, *, size=1e-7):
    p = torch.clamp(torch.sigmoid(z), size, 1 - size)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


@exercise.mistake(
    "Which exponential overflows first?",
    said="The exponential of the score overflows when the score is large.",
    root=Root.DIGITS,
)
def bcel_log1p_of_exp_z(z, y):
    return (torch.log1p(torch.exp(z)) - z * y).mean()


@exercise.mistake(
    "Check the exponent for negative scores.",
    said="The absolute value in the exponent is missing, so negative scores go wrong.",
    root=Root.DIGITS,
)
def bcel_missing_abs(z, y):
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z))).mean()


@exercise.mistake(
    "What is the largest cost your formula can ever return?",
    said="A small number inside the logarithm limits the cost of very wrong scores.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7, 1e-9, 1e-12)},
)
def bcel_eps_inside_log(z, y, *, size=1e-12):
    p = torch.sigmoid(z)
    return -(y * torch.log(p + size) + (1 - y) * torch.log(1 - p + size)).mean()


@exercise.mistake(
    "The value is finite. And the gradient of the branch that is not taken?",
    said="The branch that torch.where discards overflows and makes the gradient NaN.",
    root=Root.DIGITS,
)
def bcel_where_trap(z, y):
    large = z + torch.log1p(torch.exp(-z))
    small = torch.log1p(torch.exp(z))
    return (torch.where(z > 0, large, small) - z * y).mean()


@exercise.mistake(
    "What does your loss say about the examples with label 0?",
    said="The loss has no term for the examples of class 0.",
)
def bcel_positive_term_only(z, y):
    return -(y * torch.nn.functional.logsigmoid(z)).mean()


@exercise.mistake(
    "Does a confident right answer cost more than a confident wrong one?",
    said="The loss has the wrong sign.",
    root=Root.SIGN,
)
def bcel_sign(z, y):
    return -torch.nn.functional.binary_cross_entropy_with_logits(z, y)


@exercise.mistake(
    "Is the loss you return still connected to z?",
    said="The loss is made into a new tensor, cut off from the graph.",
    root=Root.GRAPH,
)
def bcel_detached(z, y):
    return torch.tensor(torch.nn.functional.binary_cross_entropy_with_logits(z, y).item())


@exercise.mistake(
    "A class of torch.nn is made first and called then: what stands in your first brackets?",
    said="The loss class gets the scores where its options belong.",
)
def bcel_class_not_called(z, y):
    return torch.nn.BCEWithLogitsLoss(z, y)


@exercise.mistake(
    "Print the dtype of what you hand to the loss: how many digits does that format hold?",
    said="The loss is computed in single precision.",
    root=Root.DIGITS,
)
def bcel_half_precision(z, y):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z.half(), y.half())
    return loss.double()


@exercise.mistake(
    "Which of the two arguments are the scores?",
    said="Scores and labels are exchanged.",
    root=Root.SWAPPED,
)
def bcel_exchanged(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(y, z)


@exercise.property(
    "A right answer with a large score costs nothing, a wrong one as much as its score: at 600 "
    "yours costs {right} if it is right and {wrong} if it is wrong. What becomes of the logarithm?"
)
def sure_answers(f, z, y, upstream):
    far = np.array([600.0])
    right, wrong = (float(f(far, label, upstream=1.0)[0]) for label in (np.ones(1), np.zeros(1)))
    if not np.allclose([right, wrong], [0, 600], rtol=1e-6, atol=1e-9):
        return {"right": right, "wrong": wrong}


@exercise.property(
    "Hand over every example twice and the mean stays as it is; yours goes from {once} to {twice}. "
    "Sum or mean?"
)
def the_same_for_every_example_twice(f, z, y, upstream):
    once = np.asarray(f(z, y, upstream=1.0)[0])
    twice = np.asarray(f(np.tile(z, 2), np.tile(y, 2), upstream=1.0)[0])
    if once.shape == twice.shape == () and not np.isclose(once, twice, rtol=1e-6):
        return {"once": once, "twice": twice}
