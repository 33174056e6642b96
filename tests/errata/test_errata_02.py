"""The errata of notebook 02: what the lectures print beside what is right."""

from math import isclose, log

import numpy as np
import pytest

from autograder.exercises.logistic_regression.reference import (
    add_bias,
    bce_gradient,
    bce_hessian,
    bce_loss,
    bce_with_logits,
    fit,
    gradient_descent,
    l2_gradient,
    predict_proba,
    sigmoid,
    sigmoid_derivative,
)

X = np.array(
    [[0.5, -1.2, 0.3], [1, 0.4, -0.6], [-0.7, 0.8, 1.1], [0.2, -0.3, 0.9], [-1.5, 0.6, -0.4]]
)
Y = np.array([1.0, 0, 1, 1, 0])
W = np.array([0.2, -0.5, 0.8, 0.3])
GRID = np.linspace(0.01, 0.99, 99)


def difference(f, x, h=1e-5):
    """Central difference of a function of one number."""
    return (f(x + h) - f(x - h)) / (2 * h)


def likelihood(w, X=X):
    p = predict_proba(X, w)
    return np.prod(p**Y * (1 - p) ** (1 - Y))


def loss(w, X=X):
    return bce_loss(Y, predict_proba(X, w))


def test_E52_the_loss_is_smallest_where_the_likelihood_is_largest():
    candidates = np.random.default_rng(0).normal(size=(200, 4))
    losses, likelihoods = [loss(w) for w in candidates], [likelihood(w) for w in candidates]
    assert np.argmin(losses) == np.argmax(likelihoods) != np.argmax(losses)


def test_E54_the_distribution_is_over_the_target_not_over_the_inputs():
    p = predict_proba(X, W)
    over_targets, over_inputs = p + (1 - p), p.sum()
    assert np.allclose(over_targets, 1) and not isclose(over_inputs, 1)


def test_E55_the_probability_is_conditional_not_joint():
    p = predict_proba(X, W)
    table = np.stack([1 - p, p], axis=1)
    assert np.allclose(table.sum(axis=1), 1) and isclose(table.sum(), len(X))


def test_E56_the_likelihood_multiplies_examples_whatever_the_features_share():
    copied = np.column_stack((X, X[:, 0]))
    w = np.append(W, 0.7)
    assert np.corrcoef(copied, rowvar=False)[0, 3] == pytest.approx(1)
    assert isclose(loss(w, copied), -log(likelihood(w, copied)) / len(X))


def test_E58_the_prediction_is_the_place_of_the_maximum_not_its_height():
    distribution = np.array([0.8, 0.2])
    assert np.argmax(distribution) == 0 != np.max(distribution)


def test_E60_least_squares_needs_one_sigma_for_all():
    y, sigma, means = np.array([0.0, 10]), np.array([1.0, 3]), np.linspace(-2, 12, 1401)

    def best(scale):
        return means[np.argmin([np.sum((y - m) ** 2 / (2 * scale**2)) for m in means])]

    assert isclose(best(np.ones(2)), 5, abs_tol=1e-9) and isclose(best(sigma), 1, abs_tol=1e-9)


def test_E71_the_case_form_speaks_of_the_labels_0_and_1_only():
    p = 0.3
    for y, case in ((1.0, -log(p)), (0.0, -log(1 - p))):
        assert isclose(bce_loss([y], [p]), case)
    between = bce_loss([0.5], [p])
    assert not isclose(between, -log(p)) and not isclose(between, -log(1 - p))


def test_E72_squared_error_is_proper_but_flat_and_not_convex():
    chance = 0.7
    expected = {
        "squared": chance * (1 - GRID) ** 2 + (1 - chance) * GRID**2,
        "absolute": chance * (1 - GRID) + (1 - chance) * GRID,
        "entropy": -chance * np.log(GRID) - (1 - chance) * np.log(1 - GRID),
    }
    best = {name: GRID[np.argmin(values)] for name, values in expected.items()}
    assert isclose(best["squared"], chance) and isclose(best["entropy"], chance)
    assert isclose(best["absolute"], GRID[-1])

    def squared(z):
        return (sigmoid(z) - 1) ** 2

    def entropy(z):
        return bce_with_logits(1.0, z)

    assert isclose(difference(squared, -10.0), -9.0787e-5, rel_tol=1e-4)
    assert isclose(difference(entropy, -10.0), -0.999955, rel_tol=1e-6)
    assert isclose(
        difference(lambda z: difference(squared, z), -3.0, 1e-3), -0.073823, abs_tol=1e-5
    )
    assert isclose(difference(lambda z: difference(entropy, z), -3.0, 1e-3), 0.045177, abs_tol=1e-5)


def test_E74_the_sigmoid_is_near_0_at_very_negative_scores_not_at_small_ones():
    assert sigmoid(0.001) > 0.5 and sigmoid(-10.0) < 5e-5


def test_E76_the_gradient_is_a_vector_its_component_a_number():
    errors = predict_proba(X, W) - Y
    component = np.mean(errors * X[:, 1])
    gradient = bce_gradient(W, X, Y)
    assert component.shape == () and gradient.shape == (4,) and isclose(component, gradient[2])
    slopes = [difference(lambda t, e=e: loss(W + t * e), 0.0) for e in np.eye(4)]
    assert np.allclose(gradient, slopes, atol=1e-9)


def test_E77_convex_but_without_a_minimum_where_the_classes_are_separable():
    x, y = np.array([[-1.0], [1.0]]), np.array([0.0, 1.0])
    weights = [fit(x, y, 1.0, steps)[1] for steps in (10, 100, 1000, 10000)]
    assert np.allclose(weights, [2.2632, 4.5892, 6.9050, 9.2100], atol=5e-5)
    assert np.all(np.linalg.eigvalsh(bce_hessian(W, X)) > 0)
    twins = np.column_stack((x, x))
    assert isclose(np.linalg.eigvalsh(bce_hessian(np.ones(3), twins))[0], 0, abs_tol=1e-15)


def test_E78_a_one_dimensional_column_cannot_be_stacked_beside_a_matrix():
    with pytest.raises(ValueError, match="same number of dimensions"):
        np.hstack((np.ones(len(X)), X))
    assert add_bias(X).shape == (5, 4)


def test_E79_a_bare_log_is_not_defined():
    with pytest.raises(NameError, match="'log' is not defined"):
        exec("log(0.5)", {"np": np})
    exec("np.log(0.5)", {"np": np})


def test_E80_the_loss_from_probabilities_is_lost_at_extreme_scores():
    def printed(z):
        p = 1 / (1 + np.exp(-z))
        return -(1 * np.log(p) + (1 - 1) * np.log(1 - p))

    with np.errstate(all="ignore"):
        assert np.isnan(printed(np.float64(40))) and printed(np.float64(-800)) == np.inf
        assert isclose(printed(np.float64(3)), bce_with_logits(1, 3))
    assert isclose(bce_with_logits(1, 40), np.exp(-40)) and bce_with_logits(1, -800) == 800


def test_E81_a_column_of_labels_broadcasts_without_a_word():
    p, column = predict_proba(X, W), Y[:, None]
    assert (p - column).shape == (5, 5) and (p - Y).shape == (5,)
    assert (add_bias(X).T @ (p - column)).shape != bce_gradient(W, X, Y).shape


def test_E82_with_a_descent_of_our_own_the_loss_comes_down_from_ln_2():
    assert isclose(loss(np.zeros(4)), log(2))
    w = gradient_descent(lambda w: bce_gradient(w, X, Y), np.zeros(4), 0.01, 1000)
    assert np.allclose(w, [0.183469, 0.159238, -0.903630, 1.892202], atol=5e-7)
    assert isclose(loss(w), 0.192347, abs_tol=5e-7)


def test_E104_a_free_bias_feels_no_penalty():
    strength = 0.1

    def printed(w):
        return loss(w) + strength * np.sum(w**2)

    def right(w):
        return loss(w) + strength * np.sum(w[1:] ** 2)

    for cost, same in ((right, True), (printed, False)):
        slopes = [difference(lambda t, e=e: cost(W + t * e), 0.0) for e in np.eye(4)]
        assert np.allclose(l2_gradient(W, X, Y, strength), slopes, atol=1e-9) is same


def test_E135_the_two_factors_are_split_not_multiplied_again():
    def printed(u):
        return np.exp(-u) / (1 + np.exp(-u)) ** 2 * (1 / (1 + np.exp(-u)))

    assert isclose(printed(0.0), 0.125) and isclose(sigmoid_derivative(0.0), 0.25)
    for u in (-1.5, 0.0, 2.0):
        assert isclose(difference(sigmoid, u), sigmoid_derivative(u), rel_tol=1e-8)
        assert not isclose(difference(sigmoid, u), printed(u), rel_tol=1e-3)
