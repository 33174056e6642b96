"""How large the gradient is when it arrives at each layer."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import wrappers

exercise = notebook.exercise(
    reference.backward_norms,
    points=3,
    minutes=12,
    subject=wrappers.with_slope,
    by_hand=True,
    hints=(
        "Start at the end: from dL/dh_L to dL/du_L. Which factor is that, and at which scores?",
        "Now from dL/du_L to dL/dh_(L-1): which matrix, and which way round? Shapes help.",
        "`weights` begins with W_2. Which entry of the list lies between layers l - 1 and l? And "
        "in which order do you return the norms?",
    ),
)


def chain(rng, n, sizes):
    """Scores, weights and an upstream gradient of a chain of layers of these sizes."""
    scores = [inputs.signed(rng, 0.2, 1.5, n, size) for size in sizes]
    return scores, inputs.layers(rng, sizes), inputs.signed(rng, 0.2, 1.5, n, sizes[-1])


@exercise.cases
def cases(rng):
    u1 = np.array([[0.5, -1.2, 0.3], [1.0, 0.4, -0.6]])
    u2 = np.array([[0.6, -0.4], [-0.8, 1.5]])
    W2 = np.array([[1.1, -0.9], [-0.3, 1.7], [0.4, 0.8]])
    upstream = np.array([[0.7, -0.2], [1.3, 0.5]])
    yield case([u1, u2], [W2], "softsign", upstream)
    yield case([u1, u2], [W2], "bell", upstream)
    yield case([8.0 * u1, u2], [W2], "softsign", upstream)
    for n, sizes, name in ((5, (3, 4, 2), "softsign"), (3, (2, 5, 4, 6), "bell")):
        scores, weights, above = chain(rng, n, sizes)
        yield case(scores, weights, name, above)
    scores, weights, above = chain(rng, 4, (4, 4, 4))
    yield case(scores, weights, "parabola", above)
    scores, _, above = chain(rng, 4, (3,))
    yield case(scores, [], "softsign", above, about="a single layer")


@exercise.style
def norms_backward_loop(scores, weights, derivative, upstream):
    dh, norms = upstream, []
    for l in range(len(scores) - 1, -1, -1):  # noqa: E741
        du = dh * derivative(scores[l])
        norms.insert(0, np.linalg.norm(du))
        if l > 0:
            dh = du @ weights[l - 1].T
    return np.array(norms)


@exercise.style
def norms_filled(scores, weights, derivative, upstream):
    norms = np.zeros(len(scores))
    du = upstream * derivative(scores[-1])
    norms[-1] = np.sqrt(np.sum(du**2))
    for layer in range(len(weights) - 1, -1, -1):
        du = (du @ weights[layer].T) * derivative(scores[layer])
        norms[layer] = np.sqrt(np.sum(du**2))
    return norms


@exercise.style
def norms_reversed_lists(scores, weights, derivative, upstream):
    norms, gradient = [], upstream
    for u, W in zip(scores[::-1], [*weights[::-1], None]):
        gradient = gradient * derivative(u)
        norms.append(np.linalg.norm(gradient, "fro"))
        if W is not None:
            gradient = np.dot(gradient, W.T)
    return norms[::-1]


@exercise.style
def norms_recursive(scores, weights, derivative, upstream):
    du = upstream * derivative(scores[-1])
    if not weights:
        return [np.linalg.norm(du)]
    below = norms_recursive(scores[:-1], weights[:-1], derivative, du @ weights[-1].T)
    return [*below, np.linalg.norm(du)]


@exercise.style
def norms_einsum(scores, weights, derivative, upstream):
    norms = []
    du = upstream * derivative(scores[-1])
    norms.append(np.linalg.norm(du.ravel()))
    for u, W in zip(reversed(scores[:-1]), reversed(weights)):
        du = np.einsum("nk,jk,nj->nj", du, W, derivative(u))
        norms.append(np.linalg.norm(du.ravel()))
    norms.reverse()
    return np.array(norms)


@exercise.mistake(
    "Which layer's norm stands first in what you return?",
    said="The norms come in the order of the walk, the last layer first.",
    root=Root.INDEX,
)
def norms_reversed(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.linalg.norm(gradient))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms)


@exercise.mistake(
    "On the way back through a unit, which factor does the chain rule ask for?",
    said="The slopes of the activation are left out.",
    root=Root.CHAIN,
)
def norms_no_slope(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        norms.append(np.linalg.norm(gradient))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "Is the norm that of the gradient by the outputs, or by the scores?",
    said="The norms are those of the gradients by the outputs, before the slope is multiplied in.",
    root=Root.CHAIN,
)
def norms_of_outputs(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        norms.append(np.linalg.norm(gradient))
        gradient = gradient * derivative(scores[layer])
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "Unit j of the lower layer feeds every unit k above: over which index do you sum?",
    said="The weights are not transposed on the way back.",
    root=Root.INDEX,
)
def norms_no_transpose(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.linalg.norm(gradient))
        if layer:
            gradient = gradient @ weights[layer - 1]
    return np.array(norms[::-1])


@exercise.mistake(
    "Which scores belong to the layer whose slope you are asking for?",
    said="The slope of a layer is taken at the scores of the first layer.",
    root=Root.INDEX,
)
def norms_scores_of_another_layer(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[0])
        norms.append(np.linalg.norm(gradient))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "A norm of 3 and 4: is it 5 or 25?",
    said="The squares of the norms are returned.",
    root=None,
)
def norms_squared(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.sum(gradient**2))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "What does the second argument of np.linalg.norm ask for when the array has two axes?",
    said="The spectral norm, the largest singular value, is taken instead of the Frobenius norm.",
    root=None,
)
def norms_spectral(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.linalg.norm(gradient, 2))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "Does the norm of 3 and 4 depend on how many numbers there are?",
    said="The root of the mean square is taken: the norm is divided by the root of the number of "
    "entries.",
    root=Root.MEAN,
)
def norms_root_mean_square(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.sqrt(np.mean(gradient**2)))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "The norm of 3 and -4: is it 5 or 7?",
    said="The absolute values are added up instead of taking the root of the sum of squares.",
    root=None,
)
def norms_sum_of_sizes(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.sum(np.abs(gradient)))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "One norm for each layer, or one for each example of each layer?",
    said="The norm is taken for each example by itself.",
    root=Root.AXIS,
)
def norms_per_example(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.linalg.norm(gradient, axis=1))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "Does the largest entry alone make up the norm?",
    said="The largest entry of each gradient is taken instead of its norm.",
    root=None,
)
def norms_largest_entry(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.max(np.abs(gradient)))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "How many scores are in the list, and how many norms do you return?",
    said="The norm of the first layer is missing: the walk stops one layer too early.",
    root=Root.LOOP,
)
def norms_first_missing(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(1, len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.linalg.norm(gradient))
        gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "How often does one layer's slope enter the chain?",
    said="The slope is multiplied in twice in every layer.",
    root=Root.CHAIN,
)
def norms_slope_twice(scores, weights, derivative, upstream):
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer]) ** 2
        norms.append(np.linalg.norm(gradient))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])


@exercise.mistake(
    "Does the whole list of norms come back, or one of them?",
    said="Only the norm of the last layer is returned.",
    root=Root.LOOP,
)
def norms_last_only(scores, weights, derivative, upstream):
    return np.linalg.norm(upstream * derivative(scores[-1]))


@exercise.property(
    "What arrives counts twice if it is twice as much: your norm of the first layer goes from "
    "{once} to {twice}. Where does what arrives stand?"
)
def twice_for_twice(f, scores, weights, derivative, upstream):
    once, twice = (np.asarray(f(scores, weights, derivative, k * upstream)) for k in (1, 2))
    if once.shape == (len(scores),) and not np.allclose(2 * once, twice, rtol=1e-6):
        return {"once": once[0], "twice": twice[0]}
