"""The errata of notebook 04: what the lectures print beside what is right."""

import numpy as np
import pytest
import torch

from autograder.exercises.backprop_by_hand.reference import (
    forward,
    grad_b2,
    grad_c,
    grad_h1,
    grad_h2,
    grad_U,
    grad_u1,
    grad_u2,
    grad_u3,
    grad_W1,
    grad_W2,
    numerical_gradient,
    sigmoid,
    sigmoid_derivative,
    small_network_gradients,
    tanh_derivative,
)

X = np.array(
    [[0.5, -1.2, 0.3], [1.0, 0.4, -0.6], [-0.7, 0.8, 1.1], [0.2, -0.3, 0.9], [-1.5, 0.6, -0.4]]
)
Y = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
PARAMS = {
    "W1": np.array([[0.3, -0.5, 0.8, 0.1], [-0.2, 0.7, 0.4, -0.6], [0.9, -0.1, -0.3, 0.5]]),
    "b1": np.array([0.1, -0.2, 0.3, 0.05]),
    "W2": np.array([[0.6, -0.4], [-0.8, 0.5], [0.2, 0.9], [-0.3, -0.7]]),
    "b2": np.array([-0.1, 0.25]),
    "U": np.array([1.1, -0.9]),
    "c": 0.15,
}
CACHE = forward(X, PARAMS)
DU3 = grad_u3(CACHE["y_hat"], Y)
DH2 = grad_h2(DU3, PARAMS["U"])
DU2 = grad_u2(DH2, CACHE["h2"])
DH1 = grad_h1(DU2, PARAMS["W2"])
DU1 = grad_u1(DH1, CACHE["h1"])

# The 2-2-1 network of Clase 9 with the numbers of the notebook.
x, y = np.array([0.5, -1.0]), 1.0
W1, W2 = np.array([[0.1, -0.2], [0.4, 0.3], [-0.5, 0.6]]), np.array([0.2, -0.7, 0.9])
A = sigmoid(np.r_[1, x] @ W1)
H = sigmoid(np.r_[1, A] @ W2)
DELTA2 = (H - y) * H * (1 - H)


def small_loss(W1, W2):
    return 0.5 * (sigmoid(np.r_[1, sigmoid(np.r_[1, x] @ W1)] @ W2) - y) ** 2


def by_autograd():
    """Gradients of the loss of the example network, parameters and intermediate values."""
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in PARAMS.items()}
    values = {"u1": torch.tensor(X) @ p["W1"] + p["b1"]}
    values["h1"] = torch.tanh(values["u1"])
    values["u2"] = values["h1"] @ p["W2"] + p["b2"]
    values["h2"] = torch.sigmoid(values["u2"])
    values["u3"] = values["h2"] @ p["U"] + p["c"]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(values["u3"], torch.tensor(Y))
    wanted = p | values
    return dict(zip(wanted, torch.autograd.grad(loss, list(wanted.values()))))


TRUE = {name: gradient.numpy() for name, gradient in by_autograd().items()}


def test_E40_the_slope_of_tanh_has_tanh_squared_not_sigmoid_squared():
    printed = 1 - sigmoid(np.array([0.0, 1.0])) ** 2
    assert printed == pytest.approx([0.75, 0.4656], abs=5e-5)
    numerical = numerical_gradient(lambda u: np.tanh(u).sum(), np.array([0.0, 1.0]))
    assert tanh_derivative(np.array([0.0, 1.0])) == pytest.approx(numerical)
    assert numerical == pytest.approx([1.0, 0.4200], abs=5e-5)


@pytest.mark.parametrize(("constants", "output"), [((1, 1), -3.0), ((0, 0), 2.0), ((1, 0), -4.0)])
def test_E85_the_constant_units_stay_one(constants, output):
    x0, a0 = constants
    a, b = -3 * x0, 0.5 * 1
    assert 1 * a0 + 2 * a + 4 * b == output


def test_E86_the_parameters_of_the_8_6_5_1_picture_depend_on_what_is_counted():
    bias_counted = 8 * (6 - 1) + 6 * (5 - 1) + 5 * 1
    bias_not_counted = 8 * 6 + (6 + 1) * 5 + (5 + 1) * 1
    assert (bias_counted, bias_not_counted) == (69, 89)


def test_E90_a_difference_quotient_has_two_errors_that_pull_apart():
    exact = float(sigmoid_derivative(np.array(1.0)))

    def error(step):
        return abs(
            float(numerical_gradient(lambda u: float(sigmoid(u)), np.array(1.0), step)) - exact
        )

    assert error(1e-1) > 1e-5 > 1e-10 > error(1e-5)
    assert error(1e-14) > 1e-4
    assert error(1e-1) / error(1e-2) == pytest.approx(100, rel=0.01)


def test_E93_half_the_squared_error_has_no_factor_two_in_its_slope():
    slope = numerical_gradient(lambda h: float(0.5 * (h - y) ** 2), np.array(H))
    assert slope == pytest.approx(H - y)
    assert slope != pytest.approx(2 * (H - y))


def test_E95_the_second_layer_uses_its_own_weights():
    printed = W1[0, 1] + W1[1, 1] * A[0] + W1[2, 1] * A[1]
    assert printed == pytest.approx(0.212786, abs=5e-7)
    assert np.r_[1, A] @ W2 == pytest.approx(0.025708, abs=5e-7)
    assert sigmoid(np.r_[1, A] @ W2) == pytest.approx(H)


def test_E97_the_path_of_hidden_unit_2_crosses_its_own_output_weight():
    printed = DELTA2 * W2[1] * A[1] * (1 - A[1]) * x[0]
    right = DELTA2 * W2[2] * A[1] * (1 - A[1]) * x[0]
    numerical = numerical_gradient(lambda w: small_loss(w, W2), W1)[1, 1]
    assert printed == pytest.approx(0.009731, abs=5e-7)
    assert right == pytest.approx(-0.012511, abs=5e-7)
    assert numerical == pytest.approx(right) and numerical != pytest.approx(printed)


def test_E98_the_vector_form_takes_the_delta_of_the_layer_above_without_the_bias():
    delta1 = DELTA2 * W2[1:] * A * (1 - A)
    printed = np.outer(np.r_[1, x], delta1 * W2[1:] * A * (1 - A))
    numerical = numerical_gradient(lambda w: small_loss(w, W2), W1)
    assert printed[1, 1] == pytest.approx(-0.002537, abs=5e-7)
    assert np.outer(np.r_[1, x], delta1) == pytest.approx(numerical)
    assert printed != pytest.approx(numerical)


def test_E99_the_gradients_of_the_weights_are_outer_products():
    delta1 = DELTA2 * W2[1:] * A * (1 - A)
    dW1, dW2 = small_network_gradients(x, y, W1, W2)
    assert dW1.shape == W1.shape != (delta1 * x).shape
    assert dW1 == pytest.approx(np.outer(np.r_[1, x], delta1))
    assert dW2 == pytest.approx(numerical_gradient(lambda w: small_loss(W1, w), W2))


def test_E135_the_fraction_is_split_not_multiplied():
    def printed(u):
        return np.exp(-u) / (1 + np.exp(-u)) ** 2 / (1 + np.exp(-u))

    assert (printed(0.0), float(sigmoid_derivative(0.0))) == (0.125, 0.25)
    slope = numerical_gradient(lambda u: float(sigmoid(u)), np.array(0.7))
    assert slope == pytest.approx(sigmoid_derivative(0.7)) and slope != pytest.approx(printed(0.7))


def test_E137_a_hidden_value_reaches_the_score_of_its_own_example_only():
    h2, scores = torch.tensor(CACHE["h2"]), torch.tensor(PARAMS["U"])
    jacobian = torch.autograd.functional.jacobian(lambda h: h @ scores, h2).numpy()
    examples, units = h2.shape
    right = np.einsum("mn,k->mnk", np.eye(examples), PARAMS["U"])
    printed = np.zeros_like(jacobian)
    for m in range(examples):
        for k in range(units):
            printed[m, :, k] = PARAMS["U"][k] * (m == k)
    assert jacobian == pytest.approx(right) and jacobian != pytest.approx(printed)
    assert pytest.approx(TRUE["h2"]) == DH2


def test_E138_torch_has_an_outer_product():
    du3, U = torch.tensor(DU3), torch.tensor(PARAMS["U"])
    assert torch.equal(torch.outer(du3, U), du3[:, None] * U[None, :])
    assert torch.outer(du3, U).numpy() == pytest.approx(TRUE["h2"])


def test_E140_an_element_wise_step_has_no_sum():
    slope = CACHE["h2"] * (1 - CACHE["h2"])
    printed = np.einsum("ij,ij->", DH2, slope)
    assert printed.shape == () != TRUE["u2"].shape
    assert np.einsum("ij,ij->ij", DH2, slope) == pytest.approx(TRUE["u2"])


def test_E142_the_summed_index_repeats():
    h1, W = CACHE["h1"], PARAMS["W2"]
    printed = h1[:, : W.shape[1]] * W.sum(axis=0) + PARAMS["b2"]
    assert np.einsum("kr,rl->kl", h1, W) + PARAMS["b2"] == pytest.approx(CACHE["u2"])
    assert printed != pytest.approx(CACHE["u2"])


def test_E144_sum_1_is_the_sum_over_the_first_axis():
    assert grad_b2(DU2) == pytest.approx(TRUE["b2"])
    assert DU2.sum(axis=1).shape == (5,) != TRUE["b2"].shape


def test_E145_the_example_index_stays_in_the_gradient_of_h1():
    printed = np.einsum("kl,jl->j", DU2, PARAMS["W2"])
    assert printed.shape != TRUE["h1"].shape
    assert np.einsum("il,jl->ij", DU2, PARAMS["W2"]) == pytest.approx(TRUE["h1"])


def test_E146_the_indices_of_the_gradient_from_above_are_those_of_the_result():
    slope = 1 - CACHE["h1"] ** 2
    printed = np.einsum("kl,ij->ij", DH1, slope)
    assert printed != pytest.approx(TRUE["u1"])
    assert np.einsum("ij,ij->ij", DH1, slope) == pytest.approx(TRUE["u1"])


def test_E148_the_gradient_of_W1_takes_the_inputs():
    printed = DU1.T @ DU1
    assert printed.shape == (4, 4) != TRUE["W1"].shape
    assert grad_W1(X, DU1) == pytest.approx(TRUE["W1"])


def test_E149_the_recap_prints_u_for_U():
    assert grad_U(CACHE["h2"], DU3) == pytest.approx(TRUE["U"])
    assert grad_W2(CACHE["h2"], DU3[:, None]).ravel() == pytest.approx(TRUE["U"])
    assert TRUE["U"].shape not in [TRUE[name].shape for name in ("u1", "u2", "u3")]
    assert grad_c(DU3) == pytest.approx(float(TRUE["c"]))
