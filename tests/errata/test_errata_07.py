"""The errata of notebook 07: what the lectures print beside what is right."""

from math import isclose, isnan

import numpy as np
from sklearn import metrics

from autograder.exercises.losses_and_metrics.reference import (
    confusion_matrix,
    f_beta,
    gaussian_nll,
    multilabel_loss,
    precision,
    r2_score,
    recall,
)

Y, MEAN = np.array([1.2, -0.3, 0.8]), np.array([1.0, 0.0, 0.5])
LABELS, PREDICTIONS = np.repeat([1, 1, 0, 0], [40, 10, 20, 30]), np.repeat([1, 0], [40, 60])
PREDICTIONS[50:70] = 1


def test_E53_four_classes_need_three_free_probabilities_and_bernoulli_has_one():
    parameter = 0.3
    bernoulli = np.array([1 - parameter, parameter])
    categorical = np.array([0.1, 0.2, 0.3, 0.4])
    assert len(bernoulli) == 2 and isclose(bernoulli.sum(), 1)
    assert len(np.unique(categorical)) == 4 and isclose(categorical.sum(), 1)


def test_E57_a_likelihood_is_never_negative_but_the_loss_of_a_density_may_be():
    likelihood = np.exp(-3 * gaussian_nll(Y, MEAN, 0.7))
    assert likelihood > 0
    with np.errstate(invalid="ignore"):
        assert isnan(np.log(-likelihood))
    assert isclose(gaussian_nll([0.0], [0.0], 0.1), -1.3836, abs_tol=5e-5)


def test_E59_without_an_index_every_example_has_the_same_prediction():
    x = np.array([1.0, 2.0, 4.0])
    right = gaussian_nll(2 * x, 2 * x, 1.0)
    assert all(not isclose(gaussian_nll(2 * x, np.full(3, 2 * one), 1.0), right) for one in x)


def test_E61_the_argmin_is_the_same_and_the_value_is_not():
    assert isclose(3 * gaussian_nll(Y, MEAN, 0.7), 1.911281, abs_tol=5e-7)
    assert isclose(np.sum((Y - MEAN) ** 2), 0.22)
    shifts = np.linspace(-1, 1, 2001)
    losses = [gaussian_nll(Y, MEAN + shift, 0.7) for shift in shifts]
    squares = [np.sum((Y - MEAN - shift) ** 2) for shift in shifts]
    assert np.argmin(losses) == np.argmin(squares)


def test_E62_the_two_examples_have_different_distributions():
    grid = np.linspace(-12, 12, 24001)
    density = np.exp([-gaussian_nll([value], [0.7], 1.0) for value in grid])
    assert isclose(np.trapezoid(density, grid), 1, abs_tol=1e-9)
    assert density[np.searchsorted(grid, 0.5)] > 0.3
    for score in (-1.0, 2.0):
        chances = [np.exp(-multilabel_loss([[score]], [[label]])) for label in (0.0, 1.0)]
        assert isclose(sum(chances), 1)


def test_E63_an_output_without_a_sigmoid_is_no_probability():
    output = 3.0
    printed = np.array([1 - output, output])
    right = np.exp([-multilabel_loss([[output]], [[label]]) for label in (0.0, 1.0)])
    assert printed.min() < 0 and printed.max() > 1
    assert right.min() > 0 and isclose(right.sum(), 1)


def test_E64_with_one_input_for_all_the_loss_cannot_tell_the_examples_apart():
    scores, labels = np.array([[2.0], [-1.5], [0.5]]), np.array([[1.0], [0.0], [1.0]])
    right = multilabel_loss(scores, labels)
    shared = [multilabel_loss(np.full((3, 1), score), labels) for score in scores[:, 0]]
    exchanged = [multilabel_loss(np.full((3, 1), score), labels[::-1]) for score in scores[:, 0]]
    assert min(shared) > right and np.allclose(shared, exchanged)


def test_E65_the_score_is_piecewise_linear_with_relu_and_smooth_with_tanh():
    x = np.linspace(-2, 2, 401)[:, None]
    hidden = x @ np.array([[1.0, -0.7, 0.4]]) + np.array([0.3, 0.5, -0.2])
    out = np.array([0.9, -1.1, 0.6])
    relu, tanh = np.maximum(hidden, 0) @ out, np.tanh(hidden) @ out
    bent = np.abs(np.diff(relu, 2)) > 1e-12
    assert 0 < bent.sum() <= 6
    assert (np.abs(np.diff(tanh, 2)) > 1e-12).mean() > 0.98


def test_E68_a_perfect_model_scores_one():
    y, y_hat = np.array([3, -0.5, 2, 7]), np.array([2.5, 0, 2, 8])

    def printed(y, y_hat):
        return np.sum((y - y_hat) ** 2) / np.sum((y - y.mean()) ** 2)

    assert isclose(printed(y, y_hat), 0.051392, abs_tol=5e-7)
    assert isclose(r2_score(y, y_hat), 0.948608, abs_tol=5e-7)
    assert printed(y, y) == 0 and r2_score(y, y) == 1
    assert isclose(r2_score(y, y_hat), metrics.r2_score(y, y_hat))


def test_E69_a_large_beta_goes_with_the_recall():
    p, r = precision(LABELS, PREDICTIONS), recall(LABELS, PREDICTIONS)
    assert isclose(p, 2 / 3) and isclose(r, 0.8)
    assert isclose(f_beta(LABELS, PREDICTIONS, beta=2.0), 0.769231, abs_tol=5e-7)
    other_way = 5 * p * r / (p + 4 * r)
    assert isclose(other_way, 0.689655, abs_tol=5e-7)
    assert isclose(other_way, f_beta(LABELS, PREDICTIONS, beta=0.5))


def test_E70_class_0_stands_first_here_and_in_scikit_learn():
    table = confusion_matrix(LABELS, PREDICTIONS, 2)
    assert table.tolist() == metrics.confusion_matrix(LABELS, PREDICTIONS).tolist()
    assert table.tolist() == [[30, 20], [10, 40]]
    assert table[::-1, ::-1].tolist() == [[40, 10], [20, 30]]
