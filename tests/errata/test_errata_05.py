"""The errata of notebook 05: what the lecture prints beside what is right."""

import math

import numpy as np
import pytest
import torch

from autograder.exercises.autograd.reference import (
    central_difference,
    class_loss,
    neuron_gradients,
    penalized_loss,
    shared_node_gradient,
)

EPSILON = np.finfo(float).eps


def test_E67_BCELoss_has_a_weight_and_stops_its_logarithms_at_minus_100():
    p, y = torch.tensor([0.0, 0.5]).double(), torch.ones(2).double()
    assert torch.nn.BCELoss(reduction="none")(p, y)[0] == 100
    heavier = torch.nn.BCELoss(weight=torch.tensor([1.0, 3.0]).double())
    assert heavier(p, y) != torch.nn.BCELoss()(p, y)


def test_E90_numerical_derivatives_have_two_errors_that_pull_apart():
    def error(step):
        return abs(central_difference(math.sin, 1.0, step) - math.cos(1.0))

    # Truncation, h²/6: a hundred times smaller for a tenth of the step.
    assert math.isclose(error(1e-1) / error(1e-2), 100, rel_tol=0.01)
    # Rounding, about ε / h: it is back when the step is minute.
    assert error(1e-13) > 1e4 * error(EPSILON ** (1 / 3))


def test_E91_the_iterated_map_is_a_product_and_no_fraction():
    def iterated(x):
        for _ in range(3):
            x = 4 * x * (1 - x)
        return x

    def printed(x):
        return 64 * x * (1 - x) * (1 - 2 * x) ** 2 / (1 - 8 * x + 8 * x**2) ** 2

    def right(x):
        return 64 * x * (1 - x) * (1 - 2 * x) ** 2 * (1 - 8 * x + 8 * x**2) ** 2

    assert math.isclose(right(0.3), iterated(0.3)) and math.isclose(
        right(0.3), 0.994345, abs_tol=5e-7
    )
    assert not math.isclose(printed(0.3), iterated(0.3), rel_tol=0.01)


def test_E91_the_printed_numerator_is_the_derivative_of_the_product():
    x = 0.3
    inner = 1 - 8 * x + 8 * x**2
    numerator = (
        128 * x * (1 - x) * (-8 + 16 * x) * (1 - 2 * x) ** 2 * inner
        + 64 * (1 - x) * (1 - 2 * x) ** 2 * inner**2
        - 64 * x * (1 - 2 * x) ** 2 * inner**2
        - 256 * x * (1 - x) * (1 - 2 * x) * inner**2
    )
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (64 * t * (1 - t) * (1 - 2 * t) ** 2 * (1 - 8 * t + 8 * t**2) ** 2).backward()
    assert math.isclose(numerator, t.grad.item()) and math.isclose(
        numerator, 1.309082, abs_tol=5e-7
    )
    assert not math.isclose(numerator / inner**3, t.grad.item(), rel_tol=0.01)


def test_E101_the_gradients_of_the_neuron_with_all_digits():
    dw, dx = neuron_gradients(np.array([-3.0, 2.0, -3.0]), np.array([-1.0, -2.0]))
    assert np.allclose(dw, [0.196612, -0.196612, -0.393224], rtol=0, atol=5e-7)
    assert np.allclose(dx, [0.393224, -0.589836], rtol=0, atol=5e-7)
    assert not np.allclose(dw, [0.2, -0.2, -0.4], rtol=0.01)


def test_E102_the_first_entry_of_the_input_gradient_belongs_to_a_constant():
    x = torch.tensor([1.0, -1.0, -2.0], dtype=torch.float64, requires_grad=True)
    w = torch.tensor([-3.0, 2.0, -3.0], dtype=torch.float64)
    torch.sigmoid(x @ w).backward()
    _, dx = neuron_gradients(w.numpy(), x.detach().numpy()[1:])
    assert np.allclose(x.grad[1:], dx, rtol=1e-12)
    assert math.isclose(x.grad[0].item(), -0.589836, abs_tol=5e-7)


def test_E104_a_penalty_on_extended_weights_moves_the_bias_as_well():
    def gradient(of_all):
        W = torch.tensor([[0.5, -1.0], [2.0, 0.3], [-0.7, 1.1]], dtype=torch.float64)
        W.requires_grad_()
        X = torch.tensor([[1.0, 0.2, -1.0], [1.0, 1.5, 0.4]], dtype=torch.float64)
        paying = [W if of_all else W[1:]]
        penalized_loss(X @ W, torch.tensor([0, 1]), paying, 0.1).backward()
        free = torch.autograd.grad(class_loss(X @ W, torch.tensor([0, 1])), W)[0]
        return (W.grad - free).numpy(), W.detach().numpy()

    printed, W = gradient(of_all=True)
    right, _ = gradient(of_all=False)
    assert np.allclose(printed, 0.2 * W)
    assert np.allclose(right[1:], 0.2 * W[1:]) and np.allclose(right[0], 0)


def test_E105_a_tree_computes_what_a_graph_shares():
    def operations_of_a_tree(depth):
        return 0 if depth == 0 else 1 + 2 * operations_of_a_tree(depth - 1)

    x = torch.tensor(1.01, dtype=torch.float64, requires_grad=True)
    v = x
    for _ in range(10):
        v = v * v
    seen, waiting = set(), [v.grad_fn]
    while waiting:
        node = waiting.pop()
        if node and node not in seen:
            seen.add(node)
            waiting += [before for before, _ in node.next_functions]
    assert operations_of_a_tree(10) == 1023 and len(seen) == 10 + 1
    # The shares of a shared node add up, in x sin x + x² as well.
    one_path_only = 2 * 0.7
    t = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    (t * torch.sin(t) + t**2).backward()
    assert math.isclose(shared_node_gradient(0.7), t.grad.item())
    assert not math.isclose(one_path_only, t.grad.item(), rel_tol=0.01)


def test_E109_softmax_before_CrossEntropyLoss_is_one_softmax_too_many():
    a = torch.tensor([[0.1, 0.4, 2.2, 0], [1, -1, 0.5, 0.2], [0, 0, 0, 3]]).double()
    labels = torch.tensor([2, 0, 1])
    by_definition = (torch.logsumexp(a, dim=1) - a[torch.arange(3), labels]).mean()
    assert math.isclose(class_loss(a, labels), by_definition)
    assert math.isclose(class_loss(a, labels), 1.419698, abs_tol=5e-7)
    assert math.isclose(class_loss(torch.softmax(a, dim=1), labels), 1.272, abs_tol=5e-4)


def test_E138_pytorch_has_tensor_products():
    rng = np.random.default_rng(4)
    v, U = torch.tensor(rng.normal(size=5)), torch.tensor(rng.normal(size=2))
    by_index = np.array([[v[n] * U[k] for k in range(2)] for n in range(5)])
    for product in (torch.outer(v, U), torch.einsum("n,k->nk", v, U), v[:, None] * U[None, :]):
        assert np.array_equal(product.numpy(), by_index)


def test_E66_the_old_names_of_reduction_warn_and_mean_the_same():
    p, y = torch.tensor([0.2, 0.7]).double(), torch.tensor([0.0, 1.0]).double()
    with pytest.warns(UserWarning, match="reduction='mean'"):
        old = torch.nn.BCELoss(size_average=True)(p, y)
    assert old == torch.nn.BCELoss(reduction="mean")(p, y)
