"""The errata of notebook 06: what the lectures print beside what is right."""

import numpy as np
import pytest
import torch

from autograder.exercises.activations.reference import (
    SELU_ALPHA,
    SELU_SCALE,
    elu,
    elu_derivative,
    leaky_relu,
    relu,
    relu_derivative,
    selu,
    sigmoid,
    softplus,
    softplus_derivative,
    swish,
    swish_derivative,
)

STEP = 1e-7


def slopes_at_zero(curve):
    """The slopes of a curve at 0, from the left and from the right, by small differences."""
    left, middle, right = curve(np.array([-STEP, 0.0, STEP]))
    return (middle - left) / STEP, (right - middle) / STEP


def measured(curve, x):
    """The slope of a curve at x, by a central difference."""
    high, low = curve(np.array([x + 1e-5, x - 1e-5]))
    return (high - low) / 2e-5


def test_E1_the_slope_of_relu_is_1_on_the_right_and_a_convention_at_0():
    assert slopes_at_zero(relu) == pytest.approx((0, 1))
    x = torch.zeros(1, requires_grad=True)
    torch.relu(x).backward()
    assert x.grad.item() == relu_derivative(np.zeros(1))[0] == 0


def test_E2_tanh_reaches_neither_end_of_its_range():
    x = np.array([2.0, 10.0])
    assert 1 - np.tanh(x) == pytest.approx(2 / (np.exp(2 * x) + 1), rel=1e-6)
    assert np.all(2 / (np.exp(2 * np.array([20.0, 300.0])) + 1) > 0)
    assert np.tanh(20.0) == 1.0


def test_E3_the_hyperbolic_functions_run_along_the_unit_hyperbola():
    t = np.linspace(-2, 2, 9)
    assert np.cosh(t) ** 2 - np.sinh(t) ** 2 == pytest.approx(np.ones(9))
    assert np.cosh(t) != pytest.approx(np.sinh(t) ** 2)


def test_E41_the_most_used_activations_are_not_differentiable_at_0():
    assert slopes_at_zero(relu) == pytest.approx((0, 1))
    assert slopes_at_zero(leaky_relu) == pytest.approx((0.01, 1))


def test_E42_a_relu_unit_with_negative_scores_gets_no_gradient():
    X, w, b = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([-0.1]), torch.tensor(-0.2)
    w.requires_grad_(), b.requires_grad_()
    (5.0 * torch.relu(X @ w + b)).sum().backward()
    assert w.grad.item() == b.grad.item() == 0
    # The step of the notebook that led there: every score was positive before.
    x = X.ravel().numpy()
    assert np.all(0.5 * x + 0.1 > 0)
    assert (0.5 - 0.1 * x.sum(), 0.1 - 0.1 * 3) == pytest.approx((-0.1, -0.2))


def test_E43_the_threshold_of_softplus_is_held_against_beta_times_the_score():
    eleven = torch.tensor([11.0], dtype=torch.float64)
    assert torch.nn.functional.softplus(eleven, beta=2).item() == 11
    assert torch.nn.functional.softplus(eleven, beta=1).item() == pytest.approx(11.0000167)
    assert softplus(np.array([11.0]), 2.0)[0] == 11
    assert softplus(np.array([11.0]), 1.0)[0] == pytest.approx(11.0000167)
    assert np.log1p(np.exp(-20.0)) == pytest.approx(2.06e-9, rel=1e-3)


def test_E44_the_slope_of_softplus_has_beta_in_it():
    assert measured(lambda x: softplus(x, 2.0), 0.5) == pytest.approx(0.7311, abs=5e-5)
    assert softplus_derivative(np.array([0.5]), 2.0)[0] == pytest.approx(0.7311, abs=5e-5)
    assert sigmoid(np.array([0.5]))[0] == pytest.approx(0.6225, abs=5e-5)


def test_E45_the_max_form_of_the_leaky_relu_needs_an_alpha_of_at_most_1():
    x = np.array([1.0, -1.0])
    assert list(np.maximum(2 * x, x)) == [2, -1]
    assert list(leaky_relu(x, 2.0)) == [1, -2]
    module = torch.nn.PReLU(init=2.0)
    assert module(torch.tensor([1.0, -1.0])).tolist() == [1, -2]
    for alpha in (-0.5, 0.01, 1.0):
        assert list(np.maximum(alpha * x, x)) == list(leaky_relu(x, alpha))


def test_E46_the_slope_of_the_leaky_relu_at_0_is_a_convention():
    assert slopes_at_zero(leaky_relu) == pytest.approx((0.01, 1))
    x = torch.zeros(1, requires_grad=True)
    torch.nn.functional.leaky_relu(x, 0.01).backward()
    assert x.grad.item() == pytest.approx(0.01)


def test_E47_elu_has_a_corner_at_0_unless_alpha_is_1():
    assert slopes_at_zero(lambda x: elu(x, 2.0)) == pytest.approx((2, 1), rel=1e-6)
    assert slopes_at_zero(elu) == pytest.approx((1, 1), rel=1e-6)
    x = torch.zeros(1, requires_grad=True)
    torch.nn.functional.elu(x, 2.0).backward()
    assert x.grad.item() == elu_derivative(np.zeros(1), 2.0)[0] == 2
    left = np.array([-2.0, -0.5])
    printed = 2.0 * (np.exp(left) - 1) + 2.0
    assert printed == pytest.approx(elu_derivative(left, 2.0))


def test_E48_the_constants_of_selu_keep_mean_0_and_mean_square_1():
    assert (SELU_SCALE, SELU_ALPHA) == (1.0507009873554805, 1.6732632423543772)
    z = np.linspace(-10, 10, 200_001)
    weight = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    assert weight @ selu(z) == pytest.approx(0, abs=1e-8)
    assert weight @ selu(z) ** 2 == pytest.approx(1, abs=1e-8)
    assert weight @ elu(z) ** 2 == pytest.approx(0.645, abs=1e-3)
    assert slopes_at_zero(selu) == pytest.approx((1.7581, 1.0507), abs=1e-4)


def test_E49_the_slope_of_swish_is_misprinted():
    beta = 1.5

    def minus_restored(x):
        s = sigmoid(beta * x)
        return beta * x * s + s * (1 - beta * s)

    x = np.array([0.0, 0.8])
    assert swish_derivative(x, beta) == pytest.approx([0.5, 0.981998], abs=5e-7)
    assert [measured(lambda x: swish(x, beta), point) for point in x] == pytest.approx(
        [0.5, 0.981998], abs=1e-6
    )
    assert minus_restored(x) == pytest.approx([0.125, 0.804809], abs=5e-7)


def test_E50_swish_has_a_minimum_and_only_approaches_0_on_the_left():
    x = np.linspace(-6, 0, 60_001)
    values = swish(x)
    assert values.min() == pytest.approx(-0.278465, abs=5e-7)
    assert x[values.argmin()] == pytest.approx(-1.2785, abs=1e-4)
    assert swish(np.array([-5.0]))[0] == pytest.approx(-0.0335, abs=5e-5)
    assert np.all(swish(np.array([-100.0, -700.0])) < 0)


def test_E51_swish_with_beta_1_is_silu():
    x = torch.linspace(-5, 5, 11, dtype=torch.float64)
    expected = torch.nn.functional.silu(x).numpy()
    assert swish(x.numpy()) == pytest.approx(expected, rel=1e-15, abs=1e-15)
