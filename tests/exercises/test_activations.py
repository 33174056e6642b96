"""Notebook 06: every activation and slope against PyTorch, the cases on trial, and the pictures."""

import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.exercises import notebook
from autograder.exercises.activations import reference
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge
from course import wrappers
from course.plots import activations as plots
from course.plots import style

EXERCISES = notebook("06-activations").exercises
F = torch.nn.functional

# Scores near 0 and far out, and never exactly 0, where a slope is a convention.
scores = st.lists(
    st.one_of(st.floats(-12, 12), st.floats(-1e-3, 1e-3), st.floats(-700, 700)).filter(bool),
    min_size=1,
    max_size=8,
).map(np.array)
moderate = st.lists(st.floats(-15, 15).filter(bool), min_size=1, max_size=8).map(np.array)
positive = st.floats(0.1, 4.0)
any_slope = st.floats(-2.0, 3.0)
seeds = st.integers(0, 2**32 - 1)


def close(found, expected) -> bool:
    """The same shape, and the same numbers to 1e-12 of the largest."""
    found, expected = np.asarray(found), np.asarray(expected)
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    return found.shape == expected.shape and bool(np.all(np.abs(found - expected) <= 1e-12 * scale))


def value_and_slope(function, x):
    """A function of a tensor and its slope at x, by autograd, as arrays."""
    leaf = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = function(leaf)
    return value.detach().numpy(), torch.autograd.grad(value.sum(), leaf)[0].numpy()


def silu(x, beta):
    return x * torch.sigmoid(beta * x)


@given(scores)
def test_relu_and_its_slope_agree_with_pytorch(x):
    value, slope = value_and_slope(torch.relu, x)
    assert close(reference.relu(x), value)
    assert close(reference.relu_derivative(x), slope)


@given(scores, any_slope)
def test_the_leaky_relu_agrees_with_pytorch_for_every_alpha(x, alpha):
    value, slope = value_and_slope(lambda t: F.leaky_relu(t, alpha), x)
    assert close(reference.leaky_relu(x, alpha), value)
    assert close(reference.leaky_relu_derivative(x, alpha), slope)


@given(scores, positive)
def test_elu_and_its_slope_agree_with_pytorch(x, alpha):
    value, slope = value_and_slope(lambda t: F.elu(t, alpha), x)
    assert close(reference.elu(x, alpha), value)
    assert close(reference.elu_derivative(x, alpha), slope)


@given(scores)
def test_selu_agrees_with_pytorch(x):
    assert close(reference.selu(x), torch.selu(torch.tensor(x)).numpy())


@given(scores, positive, st.sampled_from([0.5, 3.0, 20.0, 2000.0]))
def test_softplus_agrees_with_pytorch_for_every_threshold(x, beta, threshold):
    x = x[np.abs(beta * x - threshold) > 1e-6]
    # PyTorch forms the exponential below the threshold, which overflows beyond 709.
    x = x[beta * x < 700] if threshold > 700 else x
    expected = F.softplus(torch.tensor(x), beta=beta, threshold=threshold).numpy()
    assert close(reference.softplus(x, beta, threshold), expected)


@given(moderate, positive)
def test_the_slope_of_softplus_agrees_with_autograd(x, beta):
    _, slope = value_and_slope(lambda t: torch.logaddexp(torch.zeros_like(t), beta * t) / beta, x)
    assert close(reference.softplus_derivative(x, beta), slope)


@given(scores, positive)
def test_swish_and_its_slope_agree_with_autograd(x, beta):
    value, slope = value_and_slope(lambda t: silu(t, beta), x)
    assert close(reference.swish(x, beta), value)
    assert close(reference.swish_derivative(x, beta), slope)


@given(st.integers(1, 5), st.integers(1, 5), any_slope, seeds)
def test_the_gradients_of_prelu_agree_with_autograd(rows, columns, alpha, seed):
    x, upstream = np.random.default_rng(seed).normal(size=(2, rows, columns))
    leaf = torch.tensor(x, requires_grad=True)
    weight = torch.tensor([alpha], dtype=torch.float64, requires_grad=True)
    (F.prelu(leaf, weight) * torch.tensor(upstream)).sum().backward()
    dx, dalpha = reference.prelu_gradients(x, alpha, upstream)
    assert close(dx, leaf.grad.numpy())
    assert close(dalpha, weight.grad.item())


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(1, 6), seeds)
@settings(max_examples=60, deadline=None)
def test_the_norms_of_a_chain_agree_with_autograd(sizes, n, seed):
    draw = np.random.default_rng(seed).normal
    first, upstream = draw(size=(n, sizes[0])), draw(size=(n, sizes[-1]))
    weights = [draw(size=pair) for pair in zip(sizes, sizes[1:])]
    u = torch.tensor(first, requires_grad=True)
    chain = [u]
    for W in weights:
        u = torch.tanh(u) @ torch.tensor(W)
        chain.append(u)
    gradients = torch.autograd.grad((torch.tanh(u) * torch.tensor(upstream)).sum(), chain)
    found = reference.backward_norms(
        [u.detach().numpy() for u in chain], weights, lambda u: 1 - np.tanh(u) ** 2, upstream
    )
    assert close(found, [float(torch.linalg.norm(g)) for g in gradients])


@given(st.lists(st.integers(1, 6), min_size=2, max_size=5), st.integers(1, 6), seeds)
@settings(max_examples=40, deadline=None)
def test_the_statistics_of_a_stack_agree_with_pytorch(sizes, n, seed):
    draw = np.random.default_rng(seed).normal
    X, weights = draw(size=(n, sizes[0])), [draw(size=pair) for pair in zip(sizes, sizes[1:])]
    means, stds = reference.layer_statistics(X, weights, np.tanh)
    h = torch.tensor(X)
    for mean, std, W in zip(means, stds, weights):
        h = torch.tanh(h @ torch.tensor(W))
        assert close(mean, h.mean())
        assert close(std, h.std(correction=0))


@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 6), seeds)
def test_a_unit_is_dead_where_no_gradient_reaches_its_bias(n, d_in, d, seed):
    draw = np.random.default_rng(seed).normal
    X, W, b = draw(size=(n, d_in)), draw(size=(d_in, d)), draw(size=d) - 1
    bias = torch.tensor(b, requires_grad=True)
    torch.relu(torch.tensor(X) @ torch.tensor(W) + bias).sum().backward()
    assert np.array_equal(reference.dead_units(X, W, b), bias.grad.numpy() == 0)


def test_the_start_scales_are_those_of_pytorch():
    torch.manual_seed(0)
    weight = torch.empty(400, 800)  # PyTorch stores (fan_out, fan_in)
    torch.nn.init.xavier_normal_(weight)
    assert reference.initial_std(800, 400, "tanh") == pytest.approx(weight.std().item(), rel=5e-3)
    torch.nn.init.kaiming_normal_(weight, nonlinearity="relu")
    assert reference.initial_std(800, 400, "relu") == pytest.approx(weight.std().item(), rel=5e-3)
    torch.nn.init.kaiming_normal_(weight, nonlinearity="linear")
    assert reference.initial_std(800, 400, "selu") == pytest.approx(weight.std().item(), rel=5e-3)
    with pytest.raises(ValueError, match="swoosh"):
        reference.initial_std(3, 4, "swoosh")


def test_the_start_scales_keep_the_size_of_a_signal():
    rng = np.random.default_rng(1)
    for name, activation in (("relu", reference.relu), ("selu", reference.selu)):
        h = rng.normal(size=(400, 500))
        if name == "relu":
            h = reference.relu(h * np.sqrt(2))
        for _ in range(5):
            h = activation(h @ rng.normal(size=(500, 500)) * reference.initial_std(500, 500, name))
        assert np.mean(h**2) == pytest.approx(1, rel=0.15), name


def test_extreme_scores_stay_finite_and_quiet():
    x = np.array([-1000.0, 1000.0])
    with np.errstate(all="raise", under="ignore"):
        assert list(reference.elu(x, 0.5)) == [-0.5, 1000]
        assert list(reference.softplus(x, 1.0, 5000.0)) == [0, 1000]
        assert list(reference.swish(x)) == [0, 1000]
        assert reference.selu(x) == pytest.approx([-1.7580993408473766, 1050.7009873554805])


def cut(function, size):
    return lambda x, *rest, **named: function(np.clip(x, -size, size), *rest, **named)


@pytest.mark.parametrize("size", [6, 10, 15, 17.5])
@pytest.mark.parametrize(
    "name", ["relu", "leaky_relu", "elu", "elu_derivative", "softplus", "softplus_derivative"]
    + ["selu", "swish", "swish_derivative"],
)  # fmt: skip
def test_a_cut_off_of_any_size_is_wrong_for_every_student(name, size):
    exercise = EXERCISES[name]
    for seed in range(10):
        assert not judge(exercise, InProcess(cut(exercise.reference, size)), seed).right, seed


def by_differences(curve, step):
    return lambda x, *rest, **named: (
        (curve(x + step, *rest, **named) - curve(x - step, *rest, **named)) / (2 * step)
    )


@pytest.mark.parametrize("step", [1e-4, 1e-5, 1e-6])
@pytest.mark.parametrize("name", ["softplus_derivative", "swish_derivative"])
def test_difference_quotients_are_a_shortcut(name, step):
    curve = getattr(reference, name.removesuffix("_derivative"))
    for seed in range(4):
        verdict = judge(EXERCISES[name], InProcess(by_differences(curve, step)), seed)
        assert verdict.verdict == "shortcut", (seed, verdict.message)


@pytest.mark.parametrize("name", ["relu_derivative", "leaky_relu_derivative", "elu_derivative"])
def test_a_central_difference_misses_the_convention_at_a_kink(name):
    curve = getattr(reference, name.removesuffix("_derivative"))
    for seed in range(4):
        assert not judge(EXERCISES[name], InProcess(by_differences(curve, 1e-6)), seed).right


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("relu", "import torch\ndef relu(x):\n    return torch.relu(torch.tensor(x)).numpy()"),
        ("selu", "from torch.nn import functional as F\ndef selu(x):\n    return F.selu(x)"),
        ("softplus", "import scipy.special as s\ndef softplus(x, b, t):\n    return s.softplus(x)"),
        ("initial_std", "import torch\ndef initial_std(i, o, a):\n"
                        "    return torch.nn.init.calculate_gain(a)"),
        ("swish_derivative", "import jax\ndef swish_derivative(x, beta):\n    return jax.grad"),
    ],
)  # fmt: skip
def test_what_is_the_answer_itself_is_a_shortcut(name, source):
    exercise = EXERCISES[name]
    subject = InProcess(exercise.subject(exercise.reference))
    assert judge(exercise, subject, source=source).verdict == "shortcut"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("swish", "from scipy.special import expit\ndef swish(x, beta=1.0):\n"
                  "    return x * expit(beta * x)"),
        ("relu", "import torch\ndef relu(x):\n    return torch.clamp(torch.tensor(x), min=0)"),
    ],
)  # fmt: skip
def test_single_steps_of_a_library_are_none(name, source):
    exercise = EXERCISES[name]
    assert judge(exercise, InProcess(exercise.reference), source=source).right


def test_messages_tell_the_arrays_of_a_list_by_their_shapes():
    exercise = EXERCISES["backward_norms"]
    wrong = exercise.subject(lambda scores, weights, derivative, upstream: np.ones(len(scores)))
    message = judge(exercise, InProcess(wrong)).message
    assert "[an array of shape (" in message and "array([" not in message


def test_a_function_that_refuses_answers_in_words():
    assert wrappers.refusing(reference.initial_std)(3, 4, "swoosh") == "ValueError"
    assert wrappers.refusing(reference.initial_std)(2, 4, "relu") == 1.0


def test_named_functions_reach_the_exercise():
    X, W = np.array([[1.0, 2.0]]), np.array([[0.5], [0.25]])
    means, _ = wrappers.with_activation(reference.layer_statistics)(X, [W], "softsign")
    assert means == pytest.approx([0.5])
    (norm,) = wrappers.with_slope(reference.backward_norms)([X], [], "parabola", np.ones((1, 2)))
    assert norm == pytest.approx(np.hypot(0.4, 1.0))


@pytest.fixture
def said(monkeypatch):
    """What the pictures say of themselves, as text."""
    texts = []
    monkeypatch.setattr(style, "display", lambda data, **options: texts.append(data["text/plain"]))
    return texts


def test_the_picture_of_a_formula_tells_a_right_one_from_a_wrong_one(said):
    plots.printed_slope(np.tanh, lambda x: 1 - reference.sigmoid(x) ** 2, "tanh")
    plots.printed_slope(np.tanh, lambda x: 1 - np.tanh(x) ** 2, "tanh")
    assert "the formula gives 0.750" in said[0] and "furthest apart" in said[0]
    assert "the formula gives 1.000" in said[1] and "lie on each other" in said[1]


def test_the_pictures_speak_of_the_functions_they_are_given(said):
    plots.swish_minimum(reference.swish, reference.swish_derivative)
    plots.swish_minimum(lambda x, beta: np.maximum(x + 2, 0) / beta, reference.swish_derivative)
    assert "x = -1.278" in said[0] and "-0.2785" in said[0] and "x = -1.278" not in said[1]
    plots.elu_corner(reference.elu, reference.elu_derivative)
    plots.elu_corner(reference.elu, lambda x, alpha: np.where(x > 0, 1.0, np.exp(x)))
    assert "from 2.00 to 1.00 for alpha 2" in said[2] and "from 1.00 to 1.00 for alpha 2" in said[3]
    plots.learned_slope(reference.leaky_relu, reference.prelu_gradients)
    plots.learned_slope(reference.leaky_relu, lambda x, alpha, upstream: (x, 0.0))
    assert "end at 0.350, 0.350, 0.350, 0.350" in said[4] and "end at 2.000, 1.000" in said[5]
    plots.dead_share(reference.relu, reference.relu_derivative, reference.dead_units)
    plots.dead_share(reference.relu, reference.relu_derivative, lambda X, W, b: b > 1e9)
    assert "at 100 it is 0%" not in said[6] and "at 100 it is 0%" in said[7]
    plots.bends(reference.relu, reference.sigmoid)
    plots.bends(lambda x: x, reference.sigmoid)
    assert "bends at 7 marked places" in said[8] and "bends at 0 marked places" in said[9]


def test_the_second_opinion_tells_who_differs_from_pytorch(said, monkeypatch, capsys):
    def swish_derivative(x, beta=1.0):
        return reference.sigmoid(x)

    plots.second_opinion([reference.relu, reference.selu, reference.softplus_derivative])
    plots.second_opinion([reference.relu, swish_derivative])
    assert "relu 0e+00" in said[0] and not any(f"e-0{k}" in said[0] for k in range(1, 10))
    assert "relu 0e+00, swish_derivative 2e-01" in said[1]
    monkeypatch.setitem(sys.modules, "torch", None)
    plots.second_opinion([reference.relu])
    assert len(said) == 2 and "not installed" in capsys.readouterr().out


def test_the_moving_picture_is_a_still_one_where_no_widget_can_run(said):
    plots.explore_layers({"tanh": np.tanh}, reference.layer_statistics)
    (text,) = said
    assert "5 of 17 layers of 100 tanh units" in text
