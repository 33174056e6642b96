"""Gradients of the mean cross-entropy in the weights of the output layer."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    GRAPH,
    GRAPH_HIDDEN,
    GRAPH_TARGETS,
    SURE,
    extreme_scores,
    hard_targets,
    scores,
    soft_targets,
)
from autograder.exercises.softmax_jacobian.reference import cross_entropy_gradient, softmax
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.output_layer_gradients,
    points=3,
    minutes=10,
    parts=("the gradient of the weights", "the gradient of the intercepts"),
    hints=(
        "Do the first example on paper: three numbers of delta, two of o, six products.",
        (
            "Write the shapes (N, K) and (N, d) down. Which product of matrices gives (K, d), "
            "and which index does it sum over?"
        ),
        (
            "Where does the 1/N enter, and does it enter once in both gradients? For the "
            "intercepts imagine an activation that is always 1."
        ),
    ),
    by_hand=True,
)


@exercise.cases
def cases(rng):
    o = np.array([[1.0, 0, 2], [0, 1, 1]])
    yield case(o, np.zeros((2, 2)), np.eye(2), about=VISIBLE)
    yield case(GRAPH_HIDDEN, GRAPH, GRAPH_TARGETS, about=VISIBLE)
    o = np.array([[0.2, 0.9], [0.7, 0.4], [0.999, 1e-6], [0.5, 0.1]])
    yield case(o, SURE, np.eye(3)[[0, 2, 1, 0]], about="sure and right")
    yield case(o, SURE, np.eye(3)[[2, 0, 0, 1]], about="sure and wrong")
    a = scores(rng, 5, 3)
    yield case(rng.uniform(0.1, 0.9, (5, 2)), a, hard_targets(rng, a))
    a = scores(rng, 4, 3)
    yield case(rng.uniform(0.1, 0.9, (4, 5)), a, hard_targets(rng, a))
    yield case(
        rng.uniform(0.1, 0.9, (6, 2)),
        scores(rng, 6, 4),
        soft_targets(rng, 6, 4),
        about="with soft labels",
    )
    yield case(
        rng.uniform(0.1, 0.9, (3, 3)),
        scores(rng, 3, 3),
        soft_targets(rng, 3, 3),
        about="as many examples as classes and hidden units",
    )
    a = extreme_scores(rng)
    yield case(
        rng.uniform(0.1, 0.9, (4, 2)), a, np.eye(3)[[1, 2, 1, 1]], about="with scores of thousands"
    )


@exercise.style
def output_matrix_product(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, delta.sum(axis=0)


@exercise.style
def output_outer_products(o, a, y):
    N = len(a)
    dtheta = np.zeros((a.shape[1], o.shape[1]))
    dbeta = np.zeros(a.shape[1])
    for n in range(N):
        delta = softmax(a[n]) - y[n]
        dtheta += np.outer(delta, o[n])
        dbeta += delta
    return dtheta / N, dbeta / N


@exercise.style
def output_einsum(o, a, y):
    delta = softmax(a) - y
    return [np.einsum("nk,nj->kj", delta, o) / len(o), np.einsum("nk->k", delta) / len(o)]


@exercise.style
def output_mean_of_products(o, a, y):
    delta = softmax(a) - y
    return (delta[:, :, None] * o[:, None, :]).mean(axis=0), delta.mean(axis=0)


@exercise.style
def output_with_a_column_of_ones(o, a, y):
    extended = np.column_stack([o, np.ones(len(o))])
    both = cross_entropy_gradient(a, y).T @ extended
    return both[:, :-1], both[:, -1]


@exercise.mistake(
    "Put every example in twice: should the gradient double?",
    said="Both gradients are summed over the batch and not divided by N.",
    root=Root.MEAN,
)
def theta2_sum(o, a, y):
    delta = softmax(a) - y
    return delta.T @ o, delta.sum(axis=0)


@exercise.mistake(
    "Put the shape of yours beside that of the weights.",
    said="The gradient of the weights is transposed.",
    root=Root.AXIS,
)
def theta2_transposed(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return o.T @ delta, delta.sum(axis=0)


@exercise.mistake(
    "The second class's row: is it not the same as the third's?",
    said="The second row of the weights' gradient is a copy of the third.",
    root=Root.INDEX,
)
def theta2_duplicated_row(o, a, y):
    delta = cross_entropy_gradient(a, y)
    dtheta = delta.T @ o
    dtheta[1] = dtheta[2]
    return dtheta, delta.sum(axis=0)


@exercise.mistake(
    "Which sign has a product of a negative and a positive number?",
    said="For one weight, all the products count as positive.",
    root=Root.SIGN,
)
def theta2_printed_signs(o, a, y):
    delta = cross_entropy_gradient(a, y)
    products = delta[:, :, None] * o[:, None, :]
    products[:, 1, 0] = np.abs(products[:, 1, 0])
    return products.sum(axis=0), delta.sum(axis=0)


@exercise.mistake(
    "How many examples move the intercept, and what was divided?",
    said="The gradient of the intercepts is not divided by N.",
    root=Root.MEAN,
)
def output_bias_summed(o, a, y):
    delta = softmax(a) - y
    return delta.T @ o / len(a), delta.sum(axis=0)


@exercise.mistake(
    "How often is 1/N in your answer, and how often in the loss?",
    said="Both gradients are divided by N twice.",
    root=Root.MEAN,
)
def output_averaged_twice(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o / len(a), delta.mean(axis=0)


@exercise.mistake(
    "The loss averages: are both of your gradients averages?",
    said="The gradient of the intercepts is divided by N twice.",
    root=Root.MEAN,
)
def output_bias_averaged_twice(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, delta.mean(axis=0)


@exercise.mistake(
    "A step against it: does the true class's score rise or fall?",
    said="Both gradients have the wrong sign.",
    root=Root.SIGN,
)
def output_sign(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return -delta.T @ o, -delta.sum(axis=0)


@exercise.mistake(
    "Is this an error of the scores, or one of the probabilities?",
    said="The targets are subtracted from the scores instead of the probabilities.",
)
def output_score_residual(o, a, y):
    delta = (a - y) / len(a)
    return delta.T @ o, delta.sum(axis=0)


@exercise.mistake(
    "Two things are asked for: in which order?",
    said="The two gradients are returned in the wrong order.",
    root=Root.SWAPPED,
)
def output_swapped(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.sum(axis=0), delta.T @ o


@exercise.mistake(
    "How many intercepts are there, one per class or per example?",
    said="The intercepts' gradient is summed over the classes instead of the examples.",
    root=Root.AXIS,
)
def output_bias_over_classes(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, delta.sum(axis=1)


@exercise.mistake(
    "Does the intercept's derivative contain the hidden activations?",
    said="The intercepts' gradient is multiplied by the mean hidden activation.",
    root=Root.CHAIN,
)
def output_bias_weighted(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, (delta * o.mean(axis=1, keepdims=True)).sum(axis=0)


@exercise.mistake(
    "The mean of the products, or the product of the means?",
    said="The product of the means replaces the mean of the products.",
    root=Root.MEAN,
)
def output_product_of_means(o, a, y):
    delta = softmax(a) - y
    return np.outer(delta.mean(axis=0), o.mean(axis=0)), delta.mean(axis=0)


@exercise.mistake(
    "Is there a second activation behind the scores?",
    said="The error is multiplied by a slope s (1 - s) too many.",
    root=Root.CHAIN,
)
def output_extra_derivative(o, a, y):
    s = softmax(a)
    delta = (s - y) * s * (1 - s) / len(a)
    return delta.T @ o, delta.sum(axis=0)


@exercise.mistake(
    "The targets are rows of probabilities here: can such a row be the number of a class?",
    said="The targets are used as class numbers, which fails for rows of targets.",
    root=Root.INDEX,
)
def output_targets_as_labels(o, a, y):
    delta = softmax(a)
    delta[np.arange(len(a)), y] -= 1
    delta /= len(a)
    return delta.T @ o, delta.sum(axis=0)


@exercise.mistake(
    "Two classes, one unlikely and one far less likely: does your answer tell them apart?",
    said="The probabilities are cut off, so that unlikely classes look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4), "guard": (clipped, raised)},
)
def output_clipped(o, a, y, *, size=1e-4, guard=clipped):
    delta = (guard(softmax(a), size) - y) / len(a)
    return delta.T @ o, delta.sum(axis=0)


@exercise.mistake(
    "You stand at the probabilities: which link is left?",
    said="The derivative stops at the probabilities: the softmax's Jacobian is missing.",
    root=Root.CHAIN,
)
def output_stopped_at_probabilities(o, a, y):
    delta = -y / softmax(a) / len(a)
    return delta.T @ o, delta.sum(axis=0)


@exercise.property(
    "What pushes one class up pushes the others down: the slopes of all intercepts add up to 0, "
    "and yours to {total}. What is the error of one example?"
)
def intercepts_sum_to_zero(f, o, a, y):
    total = np.sum(f(o, a, y)[1])
    if abs(total) > 1e-9:
        return {"total": total}


@exercise.property(
    "Every example twice leaves the gradient of a mean as it is; yours goes from {once} to {twice} "
    "at the first intercept. By what do you divide?"
)
def the_same_for_every_example_twice(f, o, a, y):
    once = np.asarray(f(o, a, y)[1]).flat[0]
    doubled = (np.tile(array, (2, 1)) for array in (o, a, y))
    twice = np.asarray(f(*doubled)[1]).flat[0]
    if not np.isclose(once, twice, rtol=1e-7):
        return {"once": once, "twice": twice}


@exercise.property(
    "With the hidden outputs times -2 the gradient of the weights is times -2, too; an entry of "
    "yours goes from {before} to {after}. How do the hidden outputs enter it?"
)
def in_proportion_to_the_hidden_outputs(f, o, a, y):
    before, after = np.asarray(f(o, a, y)[0]), np.asarray(f(-2 * o, a, y)[0])
    if not np.allclose(after, -2 * before, rtol=1e-6):
        at = np.unravel_index(np.argmax(np.abs(after + 2 * before)), before.shape)
        return {"before": before[at], "after": after[at]}
