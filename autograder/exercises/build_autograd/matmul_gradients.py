"""The adjoint of a matrix product."""

from __future__ import annotations

import numpy as np

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.build_autograd.inputs import table
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.matmul_gradients,
    parts=("the gradient of A", "the gradient of B"),
    points=2,
    minutes=10,
    by_hand=True,
    hints=(
        "A is (n, d), B is (d, k), upstream is (n, k). Which two of the three can be multiplied "
        "so that the result is shaped like A? There is one way only.",
        "Nudge A[0, 1]. Which entries of the product move, and by which numbers of B?",
        "Each entry of A has k arrows leaving it. Over which index does the sum run? And for B?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[5.0, 6.0], [7.0, 8.0]]),
        np.array([[1.0, -1.0], [0.5, 2.0]]),
    )
    for n, d, k in ((5, 3, 4), (4, 2, 3), (3, 3, 3), (2, 5, 1), (6, 1, 2)):
        yield case(table(rng, n, d), table(rng, d, k), table(rng, n, k))
    yield case(1e3 * table(rng, 3, 4), 1e-6 * table(rng, 4, 2), table(rng, 3, 2))


@exercise.style
def matmul_gradients_einsum(A, B, upstream):
    return np.einsum("nk,jk->nj", upstream, B), np.einsum("nj,nk->jk", A, upstream)


@exercise.style
def matmul_gradients_dot(A, B, upstream):
    dA = np.dot(upstream, np.transpose(B))
    dB = np.dot(np.transpose(A), upstream)
    return dA, dB


@exercise.style
def matmul_gradients_loops(A, B, upstream):
    dA, dB = np.zeros(A.shape), np.zeros(B.shape)
    for n in range(A.shape[0]):
        for j in range(A.shape[1]):
            for k in range(B.shape[1]):
                dA[n, j] += upstream[n, k] * B[j, k]
                dB[j, k] += upstream[n, k] * A[n, j]
    return dA, dB


@exercise.style
def matmul_gradients_outer_products(A, B, upstream):
    dA = np.array([B @ row for row in upstream])
    dB = sum(np.outer(a, row) for a, row in zip(A, upstream))
    return [dA, dB]


@exercise.style
def matmul_gradients_transposed_twice(A, B, upstream):
    return (B @ upstream.T).T, (upstream.T @ A).T


@exercise.mistake(
    "In which order are the two gradients asked for?",
    said="The gradients of the two factors are exchanged.",
    root=Root.SWAPPED,
)
def matmul_gradients_swapped(A, B, upstream):
    return A.T @ upstream, upstream @ B.T


@exercise.mistake(
    "Take matrices that are not square: do your shapes still fit? Which factor must be turned?",
    said="The factors are multiplied as they are, without a transpose.",
    root=Root.INDEX,
)
def matmul_gradients_no_transpose(A, B, upstream):
    return upstream @ B, A @ upstream


@exercise.mistake(
    "The shape of dA fits only in one order: on which side of what arrives does B stand?",
    said="The factors of the two products stand in the wrong order.",
    root=Root.SWAPPED,
)
def matmul_gradients_wrong_side(A, B, upstream):
    return B.T @ upstream, upstream @ A.T


@exercise.mistake(
    "What arrives from above may be any matrix. Where does it come in?",
    said="The upstream gradient is taken to be ones.",
    root=Root.CHAIN,
)
def matmul_gradients_upstream_ignored(A, B, upstream):
    ones = np.ones_like(upstream)
    return ones @ B.T, A.T @ ones


@exercise.mistake(
    "Every row of A delivers to B. Does the mean of the loss belong into this step, or has it "
    "already been in what arrives?",
    said="The gradient of the second factor is divided by the number of rows.",
    root=Root.MEAN,
)
def matmul_gradients_divided_by_rows(A, B, upstream):
    return upstream @ B.T, A.T @ upstream / len(A)


@exercise.mistake(
    "Which factor does the slope of a product name: the one itself, or the other?",
    said="Each factor is multiplied by itself instead of by the other.",
    root=Root.SWAPPED,
)
def matmul_gradients_own_factor(A, B, upstream):
    return upstream @ upstream.T @ A, B @ upstream.T @ upstream


@exercise.mistake(
    "One of the two results comes back turned: beside which shape does it stand?",
    said="The gradients come back transposed.",
    root=Root.INDEX,
    leads=("TRANSPOSED",),
)
def matmul_gradients_transposed(A, B, upstream):
    return (upstream @ B.T).T, (A.T @ upstream).T


@exercise.mistake(
    "The first factor is right. In the second, which index is summed: n or k?",
    said="The gradient of the second factor is built from the first factor without its transpose.",
    root=Root.INDEX,
)
def matmul_gradients_second_not_transposed(A, B, upstream):
    return upstream @ B.T, A @ upstream


@exercise.mistake(
    "The second factor is right. In the first, which index is summed: j or k?",
    said="The gradient of the first factor is built from the second factor without its transpose.",
    root=Root.INDEX,
)
def matmul_gradients_first_not_transposed(A, B, upstream):
    return upstream @ B, A.T @ upstream


@exercise.mistake(
    "Is there a minus in a matrix product?",
    said="A minus sign stands where there is none.",
    root=Root.SIGN,
)
def matmul_gradients_sign(A, B, upstream):
    return -upstream @ B.T, -A.T @ upstream


@exercise.property(
    "What arrives counts twice if it is twice as much: your gradient of A goes from {once} to "
    "{twice}. Where does what arrives stand?"
)
def twice_for_twice(f, A, B, upstream):
    once, twice = (np.asarray(f(A, B, size * upstream)[0]) for size in (1, 2))
    if once.shape == A.shape and not np.allclose(2 * once, twice, rtol=1e-6):
        return {"once": once.flat[0], "twice": twice.flat[0]}


@exercise.property(
    "An entry of the product is linear in A, so its gradient knows nothing of A: yours changes "
    "when A does, from {before} to {after}. Which of the two factors stays?"
)
def knows_nothing_of_itself(f, A, B, upstream):
    before, after = np.asarray(f(A, B, upstream)[0]), np.asarray(f(A + 1.0, B, upstream)[0])
    if before.shape == after.shape == A.shape and not np.allclose(before, after, rtol=1e-6):
        return {"before": before.flat[0], "after": after.flat[0]}
