"""Mean cross-entropy with an L2 penalty."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import notebook, reference
from autograder.exercises.autograd.inputs import CONFIDENT, RIGHT, WRONG, class_labels, number
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import tensors

exercise = notebook.exercise(
    reference.penalized_loss,
    points=2,
    minutes=6,
    hints=(
        "You have class_loss already. What is added to it?",
        "For one matrix: square every entry, add them up. Then the same over the list.",
        (
            "Try it with strength 0. Then with one matrix [[3.0]] and strength 1: by how much "
            "must the loss rise?"
        ),
    ),
    subject=tensors.value_and_gradients,
)


@exercise.cases
def cases(rng):
    for n, k, shapes in (
        (3, 4, [(2, 3), (3, 4)]),
        (5, 3, [(4, 2), (2, 5), (5, 3)]),
        (4, 4, [(4, 4), (4, 4)]),
    ):
        weights = [rng.normal(0.0, 0.7, shape) for shape in shapes]
        strength = float(rng.uniform(0.05, 0.4))
        scores, labels = rng.normal(0.0, 1.5, (n, k)), class_labels(rng, n, k)
        yield case(scores, labels, weights, strength, upstream=number(rng))
    scores = np.array([[0.1, 0.4, 2.2, 0.0], [1.0, -1.0, 0.5, 0.2], [0.0, 0.0, 0.0, 3.0]])
    for strength in (0.1, 0.0):
        # The call gets arrays of its own, since tensors share the memory of theirs.
        weights = [np.array([[1.0, -2.0], [0.5, 0.0]]), np.array([[3.0], [-1.0]])]
        yield case(scores, np.array([2, 0, 1]), weights, strength, upstream=1.0, about=VISIBLE)
    weights = [np.array([[8.0, -8.0], [1e-3, 8.0]]), np.array([[30.0], [-8.0]])]
    yield case(CONFIDENT, WRONG, weights, 1e-6, upstream=1.5, about="sure and wrong")
    yield case(CONFIDENT, RIGHT, weights, 100.0, upstream=1.5, about="with a strong penalty")


@exercise.style
def penalized_with_sum(a, labels, weights, strength):
    penalty = sum(torch.sum(W**2) for W in weights)
    return torch.nn.functional.cross_entropy(a, labels) + strength * penalty


@exercise.style
def penalized_in_a_loop(a, labels, weights, strength):
    total = torch.nn.CrossEntropyLoss()(a, labels)
    for W in weights:
        total = total + strength * (W * W).sum()
    return total


@exercise.style
def penalized_with_norms(a, labels, weights, strength):
    loss = torch.logsumexp(a, 1).mean() - a.gather(1, labels[:, None]).mean()
    return loss + strength * torch.stack([W.norm() ** 2 for W in weights]).sum()


@exercise.style
def penalized_flattened(a, labels, weights, strength):
    every = torch.cat([W.flatten() for W in weights])
    return torch.nn.functional.cross_entropy(a, labels) + strength * every.dot(every)


@exercise.style
def penalized_with_einsum(a, labels, weights, strength):
    penalty = torch.zeros(())
    for W in weights:
        penalty = penalty + torch.einsum("ij,ij->", W, W)
    return -torch.log_softmax(a, 1)[range(len(a)), labels].mean() + strength * penalty


@exercise.mistake(
    "Which norm is asked for: the length of W, or its square?",
    said="The length of each weight matrix is penalised instead of its square.",
)
def penalty_norm_not_squared(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum(W.norm() for W in weights)


@exercise.mistake(
    "Who ordered the half? Read the cost once more.",
    said="The penalty has a factor one half that was not asked for.",
    root=Root.FACTOR_TWO,
)
def penalty_half(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength / 2 * sum((W**2).sum() for W in weights)


@exercise.mistake(
    "Sum or mean: does a larger matrix pay more?",
    said="The squares are averaged within each matrix instead of summed.",
    root=Root.MEAN,
)
def penalty_mean(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum((W**2).mean() for W in weights)


@exercise.mistake(
    "How many layers does the network have, and how many pay?",
    said="Only the first weight matrix is penalised.",
)
def penalty_first_matrix_only(a, labels, weights, strength):
    return torch.nn.functional.cross_entropy(a, labels) + strength * (weights[0] ** 2).sum()


@exercise.mistake(
    "Does a weight of -3 pay less than a weight of 0?",
    said="The weights are summed without being squared.",
)
def penalty_without_square(a, labels, weights, strength):
    return torch.nn.functional.cross_entropy(a, labels) + strength * sum(W.sum() for W in weights)


@exercise.mistake(
    "Does a weight of 0.1 pay as much as this? Squares, or absolute values?",
    said="Absolute values are summed instead of squares.",
)
def penalty_absolute_values(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum(W.abs().sum() for W in weights)


@exercise.mistake(
    "First the sum, or first the square? Try it on the weights 1 and -1.",
    said="The weights are summed before squaring instead of after.",
    root=Root.MEAN,
)
def penalty_square_of_the_sum(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum(W.sum() ** 2 for W in weights)


@exercise.mistake(
    "What does the strength do in your cost?",
    said="The penalty is not multiplied by the strength.",
)
def penalty_strength_forgotten(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + sum((W**2).sum() for W in weights)


@exercise.mistake(
    "What is the strength to multiply: the penalty, or everything?",
    said="The strength multiplies the loss as well as the penalty.",
)
def penalty_strength_on_everything(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return strength * (loss + sum((W**2).sum() for W in weights))


@exercise.mistake(
    "Does a larger batch make the weights cheaper?",
    said="The penalty is divided by the number of examples.",
    root=Root.MEAN,
)
def penalty_over_n(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum((W**2).sum() for W in weights) / len(a)


@exercise.mistake(
    "Should large weights be rewarded?",
    said="The penalty is subtracted instead of added, so large weights are rewarded.",
    root=Root.SIGN,
)
def penalty_subtracted(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss - strength * sum((W**2).sum() for W in weights)


@exercise.mistake(
    "Are the weights in your penalty the leaves, or only their values?",
    said="The penalty is a plain number, so it adds nothing to the gradients.",
    root=Root.GRAPH,
)
def penalty_detached(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum((W**2).sum().item() for W in weights)


@exercise.mistake(
    "Where did the penalty go?",
    said="The penalty is left out of the loss.",
)
def penalty_missing(a, labels, weights, strength):
    return torch.nn.functional.cross_entropy(a, labels)


@exercise.mistake(
    "Which loss expects scores, and how often is softmax applied?",
    said="Probabilities enter a loss for scores, so the softmax is applied twice.",
)
def penalty_double_softmax(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(torch.softmax(a, dim=1), labels)
    return loss + strength * sum((W**2).sum() for W in weights)


@exercise.mistake(
    "What is the largest cost your loss can ever give?",
    said="A small number is added to the probabilities, which limits the loss.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def penalty_with_small_number(a, labels, weights, strength, *, size=1e-8):
    loss = -torch.log(torch.softmax(a, dim=1)[range(len(a)), labels] + size).mean()
    return loss + strength * sum((W**2).sum() for W in weights)


@exercise.mistake(
    "Does a larger batch make the weights cheaper? And who ordered the half?",
    said="The penalty has the conventions of other courses: a half, and a division by N.",
    root=Root.MEAN,
)
def penalty_half_over_n(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength / (2 * len(a)) * sum((W**2).sum() for W in weights)


@exercise.mistake(
    "How many layers does the network have, and how many pay?",
    said="Only the last weight matrix is penalised.",
)
def penalty_last_matrix_only(a, labels, weights, strength):
    for W in weights:
        penalty = (W**2).sum()
    return torch.nn.functional.cross_entropy(a, labels) + strength * penalty


@exercise.mistake(
    "Duplicate the batch: should the loss double?",
    said="The losses are summed over the batch instead of averaged.",
    root=Root.MEAN,
)
def penalty_sum_over_batch(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels, reduction="sum")
    return loss + strength * sum((W**2).sum() for W in weights)


@exercise.mistake(
    "Is a large weight cheaper than it should be: what does your penalty do to it first?",
    said="Large weights are cut off before they are squared.",
    root=Root.DIGITS,
    family={"size": (1.0, 3.0, 5.0)},
)
def penalty_of_cut_weights(a, labels, weights, strength, *, size=1.0):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum((torch.clamp(W, -size, size) ** 2).sum() for W in weights)


@exercise.property(
    "Without strength the weights cost nothing: then yours costs {with_weights} with these weights "
    "and {without} with zeros. What does the strength multiply?"
)
def nothing_without_strength(f, a, labels, weights, strength, upstream):
    zeros = [0 * W for W in weights]
    costs = [float(f(a, labels, own, 0.0, upstream=1.0)[0]) for own in (weights, zeros)]
    if not np.isclose(*costs, rtol=1e-6):
        return {"with_weights": costs[0], "without": costs[1]}


@exercise.property(
    "Weights twice as large pay four times as much: yours pay {once} and then {twice}. What "
    "happens to a weight in your penalty?"
)
def four_times_for_twice(f, a, labels, weights, strength, upstream):
    sizes = (0, 1, 2)
    none, once, twice = (
        float(f(a, labels, [size * W for W in weights], 1.0, upstream=1.0)[0]) for size in sizes
    )
    if not np.isclose(4 * (once - none), twice - none, rtol=1e-6, atol=1e-9):
        return {"once": once - none, "twice": twice - none}
