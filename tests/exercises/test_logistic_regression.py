"""Notebook 02: the references beside autograd, the lectures' numbers, ways around the checks."""

import math

import nbformat
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from nbclient import NotebookClient
from scipy.optimize import linprog
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

from autograder.exercises import exercise, notebook
from autograder.exercises.logistic_regression import reference as reference
from autograder.judge.shortcuts import StudentCode, find_shortcut
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge

NOTEBOOK = notebook("02-logistic-regression")
few = settings(max_examples=40, deadline=None)
moderate = st.floats(-3, 3)
X = np.array(
    [[0.5, -1.2, 0.3], [1, 0.4, -0.6], [-0.7, 0.8, 1.1], [0.2, -0.3, 0.9], [-1.5, 0.6, -0.4]]
)
Y = np.array([1.0, 0, 1, 1, 0])
W = np.array([0.2, -0.5, 0.8, 0.3])


@st.composite
def problems(draw):
    """Weights (d+1,), data (N, d) and labels (N,)."""
    n, d = draw(st.tuples(st.integers(2, 6), st.integers(1, 5)))
    return (
        draw(arrays(float, d + 1, elements=moderate)),
        draw(arrays(float, (n, d), elements=moderate)),
        draw(arrays(float, n, elements=st.sampled_from([0.0, 1.0]))),
    )


def tensors(*values):
    return [torch.tensor(value, dtype=torch.float64) for value in values]


def torch_loss(w, X, y, strength=0.0):
    scores = w[0] + X @ w[1:]
    mean = torch.nn.functional.binary_cross_entropy_with_logits(scores, y)
    return mean + strength * (w[1:] ** 2).sum()


def close(found, expected):
    return np.allclose(found, expected, rtol=1e-10, atol=1e-13)


@few
@given(problems())
def test_the_gradients_are_those_of_autograd(problem):
    w, data, y = problem
    v, *rest = tensors(*problem)
    v.requires_grad_()
    (expected,) = torch.autograd.grad(torch_loss(v, *rest), v)
    assert close(reference.bce_gradient(w, data, y), expected)
    (expected,) = torch.autograd.grad(torch_loss(v, *rest, strength=0.3), v)
    assert close(reference.l2_gradient(w, data, y, 0.3), expected)
    squared = ((v[0] + rest[0] @ v[1:] - rest[1]) ** 2).mean()
    (expected,) = torch.autograd.grad(squared, v)
    assert close(reference.linear_mse_gradient(w, data, y), expected)


@few
@given(problems())
def test_the_hessian_is_that_of_autograd_and_never_curved_downwards(problem):
    w, data, _ = problem
    v, *rest = tensors(*problem)
    found = reference.bce_hessian(w, data)
    assert close(found, torch.autograd.functional.hessian(lambda u: torch_loss(u, *rest), v))
    assert np.linalg.eigvalsh(found).min() > -1e-12


@few
@given(arrays(float, st.integers(1, 6), elements=st.floats(-1000, 1000)))
def test_sigmoid_slope_and_loss_are_those_of_torch_at_any_score(z):
    (scores,) = tensors(z)
    y = (np.arange(len(z)) % 2).astype(float)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.tensor(y))
    assert close(reference.sigmoid(z), torch.sigmoid(scores))
    slope = torch.sigmoid(scores) * torch.sigmoid(-scores)
    assert close(reference.sigmoid_derivative(z), slope)
    assert close(reference.bce_with_logits(y, z), loss)


def test_the_references_are_silent_at_extreme_scores():
    with np.errstate(all="raise", under="ignore"):
        assert reference.sigmoid(np.array([-1000.0, 1000])).tolist() == [0, 1]
        assert reference.bce_with_logits(np.array([1.0, 0]), np.array([-800.0, 800])) == 800


def test_the_table_of_clase_9():
    p, y = np.array([0.775, 0.116, 0.884, 0.744, 0.320]), np.array([1.0, 0, 1, 0, 0])
    rows = [reference.bce_loss(y[[row]], p[[row]]) for row in range(5)]
    assert np.allclose(rows, [0.254892, 0.123298, 0.123298, 1.362578, 0.385662], atol=5e-7)
    assert math.isclose(reference.bce_loss(y, p), 0.449946, abs_tol=5e-7)


def test_the_four_errors_of_backprop_a_mano():
    for y, p, expected in ((1, 0.89, 0.117), (1, 0.32, 1.139), (0, 0.89, 2.207), (0, 0.32, 0.386)):
        assert round(reference.bce_loss([y], [p]), 3) == expected


def test_the_five_examples():
    p = reference.predict_proba(X, W)
    assert np.allclose(p, [0.284958, 0.460085, 0.820538, 0.532454, 0.787513], atol=5e-7)
    assert math.isclose(reference.bce_loss(Y, p), 0.84973710, abs_tol=5e-9)
    eigenvalues = np.linalg.eigvalsh(reference.bce_hessian(W, X))
    assert np.allclose(eigenvalues, [0.046672, 0.104816, 0.185563, 0.222564], atol=5e-7)


def test_descent_on_real_patients_arrives_where_scikit_learn_does():
    tumours = load_breast_cancer()
    data = tumours.data[:, [0, 1, 4]]
    data = (data - data.mean(axis=0)) / data.std(axis=0)
    model = LogisticRegression(C=np.inf, tol=1e-10).fit(data, 1 - tumours.target)
    theirs = np.concatenate((model.intercept_, model.coef_[0]))
    mine = reference.fit(data, 1.0 - tumours.target, 1.0, 5000)
    assert np.allclose(mine, theirs, atol=1e-7)


def separable(data, y):
    """Whether a plane separates the classes: is there a w with +-(X' w) >= 1 for every row?"""
    rows = (1 - 2 * y)[:, None] * reference.add_bias(data)
    found = linprog(np.zeros(rows.shape[1]), rows, -np.ones(len(rows)), bounds=(None, None))
    return found.status == 0


def test_thirty_features_separate_the_patients_and_three_do_not():
    tumours = load_breast_cancer()
    data = (tumours.data - tumours.data.mean(axis=0)) / tumours.data.std(axis=0)
    assert separable(data, tumours.target) and not separable(data[:, [0, 1, 4]], tumours.target)
    sizes = [
        np.linalg.norm(reference.fit(data, 1.0 - tumours.target, 1.0, steps)[1:])
        for steps in (100, 1000)
    ]
    assert np.allclose(sizes, [3.18, 5.81], atol=0.01)


SHORTCUTS = {
    "sigmoid": [
        "import torch\ndef sigmoid(z):\n    return torch.sigmoid(torch.as_tensor(z)).numpy()",
        "from scipy.special import expit as s\ndef sigmoid(z):\n    return s(z)",
        "from scipy.stats import logistic\ndef sigmoid(z):\n    return logistic.cdf(z)",
        "import scipy.special as sp\nf = sp.expit\ndef sigmoid(z):\n    return f(z)",
        "def sigmoid(z):\n    from torch.nn.functional import sigmoid as g\n    return g(z)",
    ],
    "bce_loss": [
        "from sklearn.metrics import log_loss\ndef bce_loss(y, p):\n    return log_loss(y, p)"
    ],
    "bce_gradient": [
        "import scipy.optimize\ndef bce_gradient(w, X, y):\n"
        "    return scipy.optimize.approx_fprime(w, lambda v: loss(v, X, y))",
        "import torch\ndef slope(w, X, y):\n    return torch.autograd.grad(loss(w, X, y), w)[0]\n"
        "def bce_gradient(w, X, y):\n    return slope(w, X, y)",
    ],
    "fit": [
        "from sklearn.linear_model import LogisticRegression as L\n"
        "def fit(X, y, learning_rate=0.1, steps=1000):\n    return L().fit(X, y).coef_[0]"
    ],
}


@pytest.mark.parametrize(
    "name, source", [(name, source) for name, sources in SHORTCUTS.items() for source in sources]
)
def test_a_library_that_does_the_exercise_is_found_under_any_name(name, source):
    assert find_shortcut(StudentCode(source), name, NOTEBOOK.exercises[name].forbidden)


def test_the_message_on_a_shortcut_says_what_was_left_to_whom():
    right = exercise("02.sigmoid")
    verdict = judge(right, InProcess(reference.sigmoid), 1, SHORTCUTS["sigmoid"][1])
    assert verdict.verdict == "shortcut" and "scipy.special.expit" in verdict.message


def test_a_parameter_called_like_the_library_s_model_is_no_shortcut():
    source = (
        "from sklearn.linear_model import LogisticRegression\n"
        "w = LogisticRegression().fit(X, y).coef_\n"
        "def fit(X, y, learning_rate=0.1, steps=1000):\n"
        "    return gradient_descent(lambda w: bce_gradient(w, X, y), start, learning_rate, steps)"
    )
    assert find_shortcut(StudentCode(source), "fit", NOTEBOOK.exercises["fit"].forbidden) is None


@pytest.mark.parametrize("name", ["linear_mse_gradient", "bce_gradient", "sigmoid_derivative"])
@pytest.mark.parametrize("seed", range(8))
def test_a_difference_quotient_is_not_exact_enough(name, seed):
    specified = NOTEBOOK.exercises[name]
    prefix = {"sigmoid_derivative": "dsig", "bce_gradient": "lrgrad"}.get(name, "mse-grad")
    mistake = specified.named_mistake(f"{prefix}-difference-quotient")
    verdict = judge(specified, InProcess(mistake.function), seed)
    assert (verdict.verdict, verdict.mistake) == ("known mistake", mistake.name)


def test_a_descent_that_moves_its_start_is_told_so():
    def careless(gradient, w0, learning_rate, steps):
        for _ in range(steps):
            w0 -= learning_rate * gradient(w0)
        return w0

    specified = exercise("02.gradient_descent")
    verdict = judge(specified, InProcess(specified.subject(careless)), 3)
    assert verdict.verdict == "wrong" and "changes the array" in verdict.message


@pytest.mark.slow
def test_a_notebook_with_a_slider_runs_without_a_browser_and_keeps_the_picture():
    cells = [
        "import numpy as np\nfrom autograder.exercises.logistic_regression.reference import *\n"
        "from course.plots import logistic_regression as plots\n"
        "X = np.array([[0.5, 1.1], [0.6, 0.4], [1.3, 0.5], [1.7, 1.1]])\n"
        "y = np.array([0.0, 1, 1, 0])",
        "plots.boundary(fit, predict_proba, bce_loss, X, y)",
        "1 + 1",
    ]
    document = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    NotebookClient(document, timeout=60, kernel_name="python3").execute()
    shown = "".join(output.data.get("text/html", "") for output in document.cells[1].outputs)
    assert shown.count("data:image/svg+xml") == 1 and document.cells[2].outputs
