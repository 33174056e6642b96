"""The errata of notebook 03: what the lectures print beside what is right."""

import itertools
import math

import numpy as np
import pytest

from autograder.exercises.softmax_jacobian.reference import (
    cross_entropy_gradient,
    cross_entropy_loss,
    grad_probabilities,
    log_softmax,
    network_scores,
    one_hot,
    output_layer_gradients,
    softmax,
    softmax_jacobian,
    softmax_jacobian_batch,
)

# Clase 7, the second example, with a soft target where a one-hot one would hide the slip.
SCORES = np.array([0.1, 0.4, 2.2, 0.0])
SOFT = np.array([0.1, 0.2, 0.6, 0.1])
THIRD = np.array([0.0, 0.0, 1.0, 0.0])

# Softmax e grafo: the network, and the hidden activations and scores as they are printed.
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
Y = np.eye(3)[[0, 1, 1, 2]]
THETA1, BETA1 = np.array([[-0.69, 0.63], [0.36, 0.59]]), np.array([-0.41, -0.01])
THETA2 = np.array([[-0.31, 0.02], [0.48, -0.68], [-0.41, -0.27]])
BETA2 = np.array([-0.22, 0.15, -0.35])
PRINTED_SCORES = np.array(
    [
        [-0.3337, 0.0032, -0.6479],
        [-0.3792, -0.0196, -0.7505],
        [-0.2857, -0.1290, -0.6108],
        [-0.3248, -0.1544, -0.7018],
    ]
)
HIDDEN, A = network_scores(X, THETA1, BETA1, THETA2, BETA2)
DELTA = softmax(A) - Y


def slope(function, at, step=1e-6):
    """Central differences of a scalar function at a vector."""
    return np.array(
        [(function(at + h) - function(at - h)) / (2 * step) for h in step * np.eye(len(at))]
    )


def loss(scores, target):
    return cross_entropy_loss(scores[None], target[None])


def test_E6_an_output_rises_with_its_own_score_and_falls_with_the_others():
    one, both = softmax(np.array([1.0, 0.0])), softmax(np.array([1.0, 1.0]))
    assert both[0] < one[0]  # a score rose, and yet an output fell
    order = np.argsort(SCORES)
    assert np.array_equal(np.argsort(softmax(SCORES)), order)  # the order is kept all the same


def test_E7_with_the_printed_hidden_layer_the_input_never_enters():
    printed = 1 / (1 + np.exp(-np.tile(THETA1[0], (len(X), 1))))
    assert np.ptp(printed, axis=0).max() == 0
    assert np.ptp(HIDDEN, axis=0).min() > 0.2


def test_E25_the_printed_scores_do_not_give_the_printed_output():
    output = np.array([0.147, 0.540, 0.133, 0.180])
    assert np.abs(softmax(np.array([0.1, 0.8, 0.9, 0.1])) - output).max() > 0.2
    assert np.allclose(softmax(np.array([0.1, 1.4, 0.0, 0.3])), output, atol=3e-4)
    assert np.allclose(np.log(output / output[2]), [0.1, 1.4, 0.0, 0.3], atol=3e-3)


def test_E26_one_loss_is_printed_in_bits_the_other_in_nats():
    low, high = -math.log(0.133), -math.log(0.715)
    assert round(low / math.log(2), 1) == 2.9 and round(low, 1) == 2.0
    assert round(high, 1) == 0.3 and round(high / math.log(2), 1) == 0.5


def test_E32_no_entry_of_the_jacobian_is_zero_beside_the_diagonal_either():
    J = softmax_jacobian(SCORES)
    beside = J[~np.eye(4, dtype=bool)]
    assert np.all(np.diag(J) > 0) and np.all(beside < 0)
    assert np.isclose(np.abs(J).min(), 0.006937, atol=5e-7)


def test_E34_the_sum_of_exponentials_changes_by_the_exponential():
    total = np.exp(SCORES).sum()
    printed = np.eye(4)[2] / total  # d1 = delta_ik in the place of e^(a_k)
    right = slope(lambda a: math.log(np.exp(a).sum()), SCORES)
    assert np.allclose(right, softmax(SCORES), atol=1e-9)
    assert not np.allclose(right, printed, atol=1e-3)


def test_E36_one_y_too_many_shows_with_soft_targets():
    s, J = softmax(SCORES), softmax_jacobian(SCORES)
    printed = -(SOFT * SOFT / s) @ J
    right = grad_probabilities(s[None], SOFT[None])[0] @ J
    assert np.allclose(right, slope(lambda a: loss(a, SOFT), SCORES), atol=1e-9)
    assert np.allclose(right, [-0.0124, -0.0818, 0.1150, -0.0208], atol=5e-5)
    assert np.allclose(printed, [0.0268, 0.0096, -0.0597, 0.0233], atol=5e-5)


def test_E37_the_lost_bracket_changes_sign_and_size():
    s = softmax(SCORES)
    printed = -SOFT - SOFT * s  # -sum_i y_i delta_ik - y_k s_k
    right = -SOFT + s * SOFT.sum()
    assert np.allclose(right, slope(lambda a: loss(a, SOFT), SCORES), atol=1e-9)
    assert not np.allclose(printed, right, atol=0.05)


def test_E38_the_sum_runs_over_y_and_the_free_index_belongs_to_s():
    s = softmax(SCORES)
    printed = -THIRD + np.sum(THIRD * s)
    right = cross_entropy_gradient(SCORES[None], THIRD[None])[0]
    assert np.allclose(printed, [0.715, 0.715, -0.285, 0.715], atol=5e-5)
    assert np.allclose(right, [0.0876, 0.1182, -0.2850, 0.0792], atol=5e-5)
    assert np.allclose(right, slope(lambda a: loss(a, THIRD), SCORES), atol=1e-9)


def test_E109_a_softmax_before_a_loss_of_scores_is_one_too_many():
    a = np.array([[0.1, 0.4, 2.2, 0], [1, -1, 0.5, 0.2], [0, 0, 0, 3]])
    y = one_hot(np.array([2, 0, 1]), 4)
    assert round(cross_entropy_loss(a, y), 3) == 1.420
    assert round(cross_entropy_loss(softmax(a), y), 3) == 1.272


def test_E110_classes_from_zero_to_C_are_one_too_many():
    classes = 3
    assert len(range(0, classes + 1)) == classes + 1
    assert one_hot(np.arange(classes), classes).shape == (classes, classes)
    with pytest.raises(IndexError):
        one_hot(np.array([classes]), classes)


def test_E111_the_printed_cross_entropies_are_sums_not_means():
    for truth, total, mean in (((0.4, 0.4, 0.1), 4.14, 1.3784), ((0.7, 0.7, 0.3), 1.92, 0.6391)):
        surprises = -np.log(truth)
        assert round(surprises.sum(), 2) == total
        assert round(surprises.mean(), 4) == mean


def test_E113_one_set_of_weights_with_two_decimals_gives_the_printed_scores():
    assert np.abs(A - PRINTED_SCORES).max() < 5.1e-5
    extended = np.column_stack([HIDDEN, np.ones(4)])
    fitted = np.linalg.lstsq(extended, PRINTED_SCORES, rcond=None)[0]
    assert np.array_equal(np.round(fitted[:2].T, 2) + 0.0, THETA2)
    assert np.array_equal(np.round(fitted[2], 2), BETA2)
    near = 0.01 * np.array(list(itertools.product(range(-3, 4), repeat=3)))
    for k in range(3):
        weights = np.append(THETA2[k], BETA2[k]) + near
        worst = np.abs(weights @ extended.T - PRINTED_SCORES[:, k]).max(axis=1)
        assert (worst < 1e-4).sum() == 1


def test_E114_the_printed_code_mixes_two_names():
    code = "o2 = np.exp(s2) / np.sum(np.exp(s2), axis=1, keepdims=True)\ny * np.log(a2)"
    with pytest.raises(NameError, match="a2"):
        exec(code, {"np": np, "s2": A, "y": Y})
    exec(code.replace("a2", "o2"), {"np": np, "s2": A, "y": Y})


def test_E116_two_minus_signs_and_no_mean_do_not_give_the_printed_loss():
    table = Y * log_softmax(A)
    assert np.isclose(-np.sum(-np.sum(table, axis=1)), -4.257672, atol=5e-7)
    assert np.isclose(-np.sum(table) / 4, 1.064418, atol=5e-7)
    assert np.isclose(cross_entropy_loss(A, Y), 1.064418, atol=5e-7)


def test_E119_the_second_factor_of_delta_is_a_matrix_per_example():
    J, upstream = softmax_jacobian_batch(A), grad_probabilities(softmax(A), Y)
    assert J.shape == (4, 3, 3)
    diagonals = np.einsum("nii->ni", J)
    assert np.allclose(np.einsum("ni,nik->nk", upstream, J), DELTA)
    assert not np.allclose(upstream * diagonals, DELTA, atol=0.1)  # vector times vector


def test_E123_the_printed_product_has_no_shape():
    with pytest.raises(ValueError):
        HIDDEN @ DELTA
    assert (DELTA.T @ HIDDEN / 4).shape == THETA2.shape
    gradient = slope(
        lambda t: cross_entropy_loss(HIDDEN @ t.reshape(3, 2).T + BETA2, Y), THETA2.ravel()
    )
    assert np.allclose(DELTA.T @ HIDDEN / 4, gradient.reshape(3, 2), atol=1e-9)


def test_E125_two_products_lost_their_minus_signs():
    products = DELTA[:, 1] * HIDDEN[:, 0]
    assert np.allclose(products, [0.1784, -0.3002, -0.1487, 0.1588], atol=6e-5)
    assert np.isclose(products.mean(), -0.027926, atol=5e-7)
    assert np.isclose(np.abs(products).mean(), 0.1966, atol=5e-5)


def test_E126_the_third_row_of_the_mean_is_printed_twice():
    dtheta, _ = output_layer_gradients(HIDDEN, A, Y)
    printed = np.array([[0.0316, 0.0800], [-0.0037, -0.0358], [-0.0037, -0.0358]])
    assert np.allclose(dtheta[[0, 2]], printed[[0, 2]], atol=5e-5)
    assert np.allclose(dtheta[1], [-0.0279, -0.0442], atol=5e-5)
    assert not np.allclose(dtheta[1], printed[1], atol=5e-3)
