"""Notebook 04: every hand gradient against autograd, the lectures' numbers, forbidden ways."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.exercises import notebook
from autograder.exercises.backprop_by_hand import reference as by_hand
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge

EXERCISES = notebook("04-backprop-by-hand").exercises

sizes = st.tuples(*[st.integers(1, 7)] * 4)
seeds = st.integers(0, 2**32 - 1)


def close(found, expected) -> bool:
    """The same shape, and the same numbers to 1e-12 of the largest."""
    found, expected = np.asarray(found), np.asarray(expected)
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    return found.shape == expected.shape and bool(np.all(np.abs(found - expected) <= 1e-12 * scale))


def pulled_back(function, at, upstream):
    """The gradient at `at` of sum(upstream * function(at)), by autograd."""
    leaf = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    out = function(leaf)
    return torch.autograd.grad(out, leaf, torch.as_tensor(upstream, dtype=torch.float64))[0].numpy()


@given(sizes, seeds)
@settings(max_examples=60, deadline=None)
def test_every_step_agrees_with_autograd(shape, seed):
    n, d0, d1, d2 = shape
    draw = np.random.default_rng(seed).normal
    X, W1, b1 = draw(size=(n, d0)), draw(size=(d0, d1)), draw(size=d1)
    W2, b2, U, c = draw(size=(d1, d2)), draw(size=d2), draw(size=d2), draw()
    h1, h2 = np.tanh(draw(size=(n, d1))), by_hand.sigmoid(draw(size=(n, d2)))
    du1, du2, du3 = draw(size=(n, d1)), draw(size=(n, d2)), draw(size=n)
    dh1, dh2 = draw(size=(n, d1)), draw(size=(n, d2))
    T = torch.tensor
    steps = {
        "U": (by_hand.grad_U(h2, du3), lambda v: T(h2) @ v + c, U, du3),
        "c": (by_hand.grad_c(du3), lambda v: T(h2) @ T(U) + v, c, du3),
        "h2": (by_hand.grad_h2(du3, U), lambda v: v @ T(U) + c, h2, du3),
        "u2": (by_hand.grad_u2(dh2, h2), torch.sigmoid, np.log(h2 / (1 - h2)), dh2),
        "W2": (by_hand.grad_W2(h1, du2), lambda v: T(h1) @ v + T(b2), W2, du2),
        "b2": (by_hand.grad_b2(du2), lambda v: T(h1) @ T(W2) + v, b2, du2),
        "h1": (by_hand.grad_h1(du2, W2), lambda v: v @ T(W2) + T(b2), h1, du2),
        "u1": (by_hand.grad_u1(dh1, h1), torch.tanh, np.arctanh(h1), dh1),
        "W1": (by_hand.grad_W1(X, du1), lambda v: T(X) @ v + T(b1), W1, du1),
        "b1": (by_hand.grad_b1(du1), lambda v: T(X) @ T(W1) + v, b1, du1),
    }
    for name, (found, function, at, upstream) in steps.items():
        assert close(found, pulled_back(function, at, upstream)), name


@given(st.integers(1, 9), seeds)
@settings(max_examples=60, deadline=None)
def test_the_gradients_of_the_loss_agree_with_autograd(n, seed):
    rng = np.random.default_rng(seed)
    u3, y = rng.normal(size=n), rng.integers(0, 2, n).astype(float)
    y_hat = by_hand.sigmoid(u3)
    losses = torch.nn.functional
    target = torch.tensor(y)
    assert close(
        by_hand.grad_y_hat(y_hat, y),
        pulled_back(lambda p: losses.binary_cross_entropy(p, target), y_hat, 1.0),
    )
    assert close(
        by_hand.grad_u3(y_hat, y),
        pulled_back(lambda u: losses.binary_cross_entropy_with_logits(u, target), u3, 1.0),
    )
    expected = losses.binary_cross_entropy_with_logits(torch.tensor(u3), target)
    assert close(by_hand.loss(y_hat, y), expected)


@given(st.lists(st.floats(-8, 8), min_size=1, max_size=6))
def test_the_slopes_agree_with_autograd(scores):
    u = np.array(scores)
    assert close(by_hand.tanh_derivative(u), pulled_back(torch.tanh, u, np.ones_like(u)))
    assert close(by_hand.sigmoid_derivative(u), pulled_back(torch.sigmoid, u, np.ones_like(u)))


def random_problem(shape, seed):
    n, d0, d1, d2 = shape
    rng = np.random.default_rng(seed)
    draw = rng.normal
    params = {"W1": draw(size=(d0, d1)), "b1": draw(size=d1), "W2": draw(size=(d1, d2))}
    params |= {"b2": draw(size=d2), "U": draw(size=d2), "c": float(draw())}
    return draw(size=(n, d0)), rng.integers(0, 2, n).astype(float), params


def torch_loss(X, y, p):
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    scores = h2 @ p["U"] + p["c"]
    return torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.tensor(y))


@given(sizes, seeds)
@settings(max_examples=60, deadline=None)
def test_backward_agrees_with_autograd(shape, seed):
    X, y, params = random_problem(shape, seed)
    leaves = {
        k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()
    }
    torch_loss(X, y, leaves).backward()
    gradients = by_hand.backward(X, y, params, by_hand.forward(X, params))
    assert gradients.keys() == params.keys()
    for name, gradient in gradients.items():
        assert close(gradient, leaves[name].grad.numpy()), name


@given(seeds)
@settings(max_examples=40, deadline=None)
def test_the_small_network_agrees_with_autograd(seed):
    draw = np.random.default_rng(seed).normal
    x, y, W1, W2 = draw(size=2), 1.0, draw(size=(3, 2)), draw(size=3)
    one = torch.ones(1, dtype=torch.float64)
    leaves = [torch.tensor(W, requires_grad=True) for W in (W1, W2)]
    a = torch.sigmoid(torch.cat([one, torch.tensor(x)]) @ leaves[0])
    h = torch.sigmoid(torch.cat([one, a]) @ leaves[1])
    expected = torch.autograd.grad((h - y) ** 2 / 2, leaves)
    for found, right in zip(by_hand.small_network_gradients(x, y, W1, W2), expected):
        assert close(found, right.numpy())


def test_training_takes_the_same_steps_as_torch():
    X, y, params = random_problem((6, 3, 4, 2), 5)
    leaves = {
        k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()
    }
    optimizer = torch.optim.SGD(leaves.values(), lr=0.3)
    for _ in range(25):
        optimizer.zero_grad()
        torch_loss(X, y, leaves).backward()
        optimizer.step()
    for name, value in by_hand.train(X, y, params, 0.3, 25).items():
        assert np.asarray(value) == pytest.approx(leaves[name].detach().numpy(), abs=1e-11)


def test_units_that_start_equal_stay_equal_and_zeros_never_look_at_the_input():
    X, _, params = random_problem((6, 3, 4, 2), 5)
    y = np.array([1.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    equal = {name: np.full(np.shape(value), 0.5) for name, value in params.items()}
    trained = by_hand.train(X, y, equal, 1.0, 30)
    assert np.array_equal(trained["W1"][:, :1].repeat(4, axis=1), trained["W1"])
    assert not np.allclose(trained["W1"], 0.5)
    zeros = {name: np.zeros(np.shape(value)) for name, value in params.items()}
    trained = by_hand.train(X, y, zeros, 1.0, 30)
    assert not trained["W1"].any() and not trained["W2"].any() and trained["U"].any()


def test_the_central_quotient_is_best_near_the_cube_root_of_epsilon():
    exact = float(by_hand.sigmoid_derivative(np.array(1.0)))

    def error(step):
        found = by_hand.numerical_gradient(lambda u: float(by_hand.sigmoid(u)), np.array(1.0), step)
        return abs(float(found) - exact)

    assert error(6e-6) < 1e-10 < min(error(1e-3), error(1e-8))


def differenced(function, at, step):
    """Central differences as a student might write them."""
    at = np.array(at, dtype=float)
    slopes = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        above, below = at.copy(), at.copy()
        above[index] += step
        below[index] -= step
        slopes[index] = (function(above) - function(below)) / (2 * step)
    return slopes


def backward_by_differences(step):
    def backward(X, y, params, cache):
        def cost(name, value):
            return by_hand.loss(by_hand.forward(X, {**params, name: value})["y_hat"], y)

        return {
            name: differenced(lambda value, name=name: cost(name, value), value, step)
            for name, value in params.items()
        }

    return backward


def small_by_differences(step):
    def small(x, y, W1, W2):
        def cost(W1, W2):
            a = by_hand.sigmoid(np.r_[1, x] @ W1)
            return (by_hand.sigmoid(np.r_[1, a] @ W2) - y) ** 2 / 2

        first = differenced(lambda W: cost(W, W2), W1, step)
        return first, differenced(lambda W: cost(W1, W), W2, step)

    return small


CHEATS = {
    "backward": backward_by_differences,
    "small_network_gradients": small_by_differences,
    "tanh_derivative": lambda h: lambda u: (np.tanh(u + h) - np.tanh(u - h)) / (2 * h),
    "sigmoid_derivative": lambda h: (
        lambda u: (
            (by_hand.sigmoid(u + h) - by_hand.sigmoid(u)) / h
            if h < 1e-6
            else (by_hand.sigmoid(u + h) - by_hand.sigmoid(u - h)) / (2 * h)
        )
    ),
    "grad_y_hat": lambda h: lambda p, y: differenced(lambda q: by_hand.loss(q, y), p, h),
    "grad_W2": lambda h: (
        lambda h1, du2: differenced(
            lambda W: float((du2 * (h1 @ W)).sum()), np.ones((h1.shape[1], du2.shape[1])), h
        )
    ),
    "grad_u2": lambda h: (
        lambda dh2, h2: (
            dh2
            * (
                by_hand.sigmoid(np.log(h2 / (1 - h2)) + h)
                - by_hand.sigmoid(np.log(h2 / (1 - h2)) - h)
            )
            / (2 * h)
        )
    ),
}


@pytest.mark.parametrize("step", [1e-5, 3e-6, 1e-6])
@pytest.mark.parametrize("name", CHEATS)
def test_difference_quotients_are_a_shortcut(name, step):
    for seed in range(4):
        verdict = judge(EXERCISES[name], InProcess(CHEATS[name](step)), seed)
        if name == "grad_y_hat" and verdict.verdict == "not finite":
            continue  # Beside a sure prediction, the quotient steps over the end of the logarithm.
        assert verdict.verdict == "shortcut", (seed, verdict.message)
        assert "digits" in verdict.message


def in_single_precision(value):
    if isinstance(value, dict):
        return {key: in_single_precision(entry) for key, entry in value.items()}
    return value.astype(np.float32) if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("name", [e.name for e in EXERCISES.values() if e.by_hand])
def test_honest_answers_that_lose_digits_are_no_shortcut(name):
    reference = EXERCISES[name].reference

    def single(*args):
        return reference(*map(in_single_precision, args))

    def mixed(*args):
        return reference(in_single_precision(args[0]), *args[1:])

    def through_float32_and_back(*args):
        found = reference(*map(in_single_precision, args))
        if isinstance(found, (dict, tuple)):
            return found
        return np.asarray(found, dtype=float)

    for seed in range(5):
        for answer in (single, mixed, through_float32_and_back):
            assert judge(EXERCISES[name], InProcess(answer), seed).verdict != "shortcut"


@pytest.mark.parametrize(
    "source",
    [
        "import torch as np2\ndef backward(X, y, params, cache):\n    return np2.autograd.grad",
        "ag = __import__('autograd.numpy')\ndef backward(X, y, params, cache):\n    return ag.grad",
        "from jax import grad as g\ndef backward(X, y, params, cache):\n    return g(loss)",
        "import importlib as i\ndef backward(X, y, params, cache):\n"
        "    return i.import_module('torch').func",
        "def numerical_gradient(f, theta, step=1e-5): ...\n"
        "def backward(X, y, params, cache):\n    return numerical_gradient(loss, params)",
        "import torch\ndef helper(x):\n    return torch.tensor(x)\n"
        "def backward(X, y, params, cache):\n    return helper(X)",
    ],
)
def test_automatic_and_numerical_differentiation_are_seen_in_the_source(source):
    exercise = EXERCISES["backward"]
    verdict = judge(exercise, InProcess(exercise.reference), source=source)
    assert verdict.verdict == "shortcut"


def test_the_numerical_gradient_itself_may_use_differences_and_the_training_may_not():
    numerical, train = EXERCISES["numerical_gradient"], EXERCISES["train"]
    source = "def numerical_gradient(f, theta, step=1e-5):\n    return f(theta)"
    subject = InProcess(numerical.subject(by_hand.numerical_gradient))
    assert judge(numerical, subject, source=source).right
    assert train.by_hand and not numerical.by_hand


def test_a_theta_that_does_not_come_back_is_seen():
    exercise = EXERCISES["numerical_gradient"]

    def leaves_the_last_entry_moved(f, theta, step=1e-5):
        slopes = by_hand.numerical_gradient(f, theta, step)
        theta.flat[-1] += 1e-9
        return slopes

    verdict = judge(exercise, InProcess(exercise.subject(leaves_the_last_entry_moved)))
    assert verdict.verdict == "wrong"
