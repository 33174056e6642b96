"""Notebook 07: the references beside autograd, PyTorch and scikit-learn; pictures; shortcuts."""

import math

import nbformat
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics
from torch.nn import functional

from autograder.exercises import exercise, notebook
from autograder.exercises.losses_and_metrics import reference
from autograder.judge.shortcuts import StudentCode, find_shortcut
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge
from course import check, wrappers
from course.check import CheckFailed
from course.plots import losses_and_metrics as plots
from course.plots import style
from tests.conftest import ROOT

NOTEBOOK = notebook("07-losses-and-metrics")
few = settings(max_examples=60, deadline=None)
moderate = st.floats(-4, 4)


def tensors(*values):
    return [torch.tensor(np.asarray(value), dtype=torch.float64) for value in values]


def close(found, expected, atol=1e-12):
    return np.allclose(np.asarray(found), np.asarray(expected), rtol=1e-12, atol=atol)


@st.composite
def columns(draw, how_many, low=-4.0, high=4.0):
    """So many arrays of one length (N,)."""
    n = draw(st.integers(1, 7))
    return [draw(arrays(float, n, elements=st.floats(low, high))) for _ in range(how_many)]


@few
@given(columns(3))
def test_the_gaussian_gradients_are_those_of_autograd(values):
    y, mean, log_variance = tensors(*values)
    mean.requires_grad_()
    log_variance.requires_grad_()
    terms = math.log(2 * math.pi) + log_variance + (y - mean) ** 2 * torch.exp(-log_variance)
    expected = torch.autograd.grad(terms.mean() / 2, (mean, log_variance))
    for found, wanted in zip(reference.gaussian_nll_gradients(*values), expected):
        assert close(found, wanted)
    value = reference.gaussian_nll(values[0], values[1], np.exp(values[2] / 2))
    assert close(value, (terms.mean() / 2).detach())


@few
@given(columns(2), st.floats(0.05, 20))
def test_the_losses_of_numbers_are_those_of_torchs_distributions(values, width):
    y, middle = tensors(*values)
    for found, density in (
        (reference.gaussian_nll(*values, width), torch.distributions.Normal(middle, width)),
        (reference.laplace_nll(*values, width), torch.distributions.Laplace(middle, width)),
    ):
        assert close(found, -density.log_prob(y).mean())


@few
@given(columns(1), st.integers(0, 100))
def test_the_poisson_loss_and_its_slope_are_those_of_autograd(values, largest):
    (s,) = tensors(*values)
    s.requires_grad_()
    y = np.linspace(0, largest, len(values[0])).round()
    loss = -torch.distributions.Poisson(torch.exp(s)).log_prob(torch.tensor(y)).mean()
    assert close(reference.poisson_nll(y, values[0]), loss.detach(), atol=1e-10)
    (slope,) = torch.autograd.grad(loss, s)
    assert close((np.exp(values[0]) - y) / len(y), slope)


@few
@given(
    arrays(float, (3, 4), elements=st.floats(-900, 900)),
    arrays(float, (3, 4), elements=st.sampled_from([0.0, 1.0])),
    arrays(float, 4, elements=st.floats(0.1, 20)),
)
def test_the_binary_losses_are_those_of_torch_at_any_score(z, y, weight):
    scores, labels, weights = tensors(z, y, weight)
    entropy = functional.binary_cross_entropy_with_logits
    assert close(reference.multilabel_loss(z, y), entropy(scores, labels))
    expected = entropy(scores, labels, pos_weight=weights)
    assert close(reference.weighted_bce_with_logits(z, y, weight), expected)


def test_the_losses_are_silent_at_extreme_scores():
    with np.errstate(all="raise", under="ignore"):
        z, y = np.array([-800.0, 800.0]), np.array([1.0, 0.0])
        assert reference.weighted_bce_with_logits(z, y, 2.5) == 1400
        assert reference.multilabel_loss(z[None], y[None]) == 800


@few
@given(columns(2))
def test_the_best_constant_has_no_slope(values):
    y, sigma = values[0], np.abs(values[1]) + 0.1
    m = torch.tensor(reference.best_constant(y, sigma), dtype=torch.float64, requires_grad=True)
    targets, widths = tensors(y, sigma)
    loss = -torch.distributions.Normal(m, widths).log_prob(targets).mean()
    (slope,) = torch.autograd.grad(loss, m)
    scale = np.mean((np.abs(y) + 1) / sigma**2)
    assert abs(float(slope)) <= 1e-12 * scale


@few
@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_at_the_best_threshold_both_answers_cost_the_same(false_alarm, miss):
    p = reference.best_threshold(false_alarm, miss)
    assert math.isclose((1 - p) * false_alarm, p * miss, rel_tol=1e-9)


@few
@given(st.floats(0.05, 20), st.floats(0.01, 0.99))
def test_a_weight_on_the_positives_is_a_threshold_for_honest_probabilities(weight, share):
    said = weight * share / (weight * share + 1 - share)
    threshold = reference.best_threshold(1.0, weight)
    if not math.isclose(share, threshold, rel_tol=1e-9):
        assert (said >= 0.5) == (share >= threshold)


@few
@given(columns(2))
def test_the_metrics_of_numbers_are_those_of_scikit_learn(values):
    y, y_hat = values[0] + np.arange(len(values[0])) * 10, values[1]
    assert close(reference.mse(y, y_hat), metrics.mean_squared_error(y, y_hat))
    assert close(reference.mae(y, y_hat), metrics.mean_absolute_error(y, y_hat))
    if len(y) > 1:
        assert close(reference.r2_score(y, y_hat), metrics.r2_score(y, y_hat))


@st.composite
def decided(draw, classes):
    """Labels and predictions (N,) of so many classes; some may be absent."""
    n = draw(st.integers(1, 30))
    whole = arrays(np.int64, n, elements=st.integers(0, classes - 1))
    return draw(whole), draw(whole)


@few
@given(decided(2), st.floats(0.2, 5))
def test_the_metrics_of_two_classes_are_those_of_scikit_learn(pair, beta):
    zero = {"zero_division": 0.0}
    assert close(reference.precision(*pair), metrics.precision_score(*pair, **zero))
    assert close(reference.recall(*pair), metrics.recall_score(*pair, **zero))
    assert close(reference.f_beta(*pair, beta=beta), metrics.fbeta_score(*pair, beta=beta, **zero))
    assert close(reference.accuracy(*pair), metrics.accuracy_score(*pair))


@few
@given(decided(4))
def test_the_metrics_of_many_classes_are_those_of_scikit_learn(pair):
    names = list(range(4))
    table = reference.confusion_matrix(*pair, 4)
    assert table.tolist() == metrics.confusion_matrix(*pair, labels=names).tolist()
    expected = metrics.f1_score(*pair, labels=names, average="macro", zero_division=0.0)
    assert close(reference.macro_f1(*pair, 4), expected)
    joint = table / table.sum()
    found = reference.mutual_information(joint, base=math.e)
    assert close(found, metrics.mutual_info_score(*pair))
    assert found >= -1e-12


@st.composite
def scored(draw):
    """Labels (N,) with both classes, and scores (N,) some of which are equal."""
    n = draw(st.integers(2, 30))
    labels = draw(arrays(np.int64, n, elements=st.integers(0, 1)))
    labels[:2] = 0, 1
    return labels, draw(arrays(float, n, elements=st.integers(-4, 4).map(float)))


@few
@given(scored())
def test_the_area_is_that_of_scikit_learn_with_ties_as_well(pair):
    assert close(reference.roc_auc(*pair), metrics.roc_auc_score(*pair))


@few
@given(scored(), st.integers(1, 12))
def test_the_calibration_error_is_the_mean_gap_of_the_bins(pair, n_bins):
    labels, scores = pair
    p = 1 / (1 + np.exp(-scores))
    expected = 0.0
    for b in range(n_bins):
        inside = [i for i in range(len(p)) if min(int(p[i] * n_bins), n_bins - 1) == b]
        if inside:
            gap = abs(np.mean(labels[inside]) - np.mean(p[inside]))
            expected += len(inside) / len(p) * gap
    assert close(reference.expected_calibration_error(labels, p, n_bins), expected)


def test_precision_at_k_of_everything_is_the_share_of_what_is_relevant():
    relevant, scores = np.array([1, 1, 1, 0, 0, 0]), np.array([0.9, 0.05, 0.75, 0.6, 0.1, 0.2])
    found = [reference.precision_at_k(relevant, scores, k) for k in (1, 4, 6)]
    assert found == [1.0, 0.5, 0.5]


def test_the_numbers_of_the_lectures():
    y, mean = np.array([1.2, -0.3, 0.8]), np.array([1.0, 0.0, 0.5])
    assert math.isclose(3 * reference.gaussian_nll(y, mean, 0.7), 1.911281, abs_tol=5e-7)
    assert math.isclose(reference.best_constant([0, 10], [1, 3]), 1.0)
    y, y_hat = np.array([3, -0.5, 2, 7]), np.array([2.5, 0, 2, 8])
    assert (reference.mse(y, y_hat), reference.mae(y, y_hat)) == (0.375, 0.5)
    logits = reference.weighted_bce_with_logits(np.full((10, 64), 1.5), np.ones((10, 64)), 1.0)
    assert math.isclose(logits, 0.2014, abs_tol=5e-5)


SHORTCUTS = {
    "gaussian_nll": "from scipy.stats import norm\n"
    "def gaussian_nll(y, mean, sigma):\n    return -norm.logpdf(y, mean, sigma).mean()",
    "poisson_nll": "import scipy.stats as st\n"
    "def poisson_nll(y, log_rate):\n    return -st.poisson.logpmf(y, np.exp(log_rate)).mean()",
    "roc_auc": "from sklearn.metrics import roc_auc_score as f\n"
    "def roc_auc(labels, scores):\n    return f(labels, scores)",
    "multilabel_loss": "import torch\ndef multilabel_loss(z, y):\n"
    "    f = torch.nn.functional.binary_cross_entropy_with_logits\n"
    "    return float(f(torch.tensor(z), torch.tensor(y)))",
    "gaussian_nll_gradients": "import torch\ndef gaussian_nll_gradients(y, mean, log_variance):\n"
    "    m = torch.tensor(mean, requires_grad=True)\n"
    "    return torch.autograd.grad(loss(y, m, log_variance), m)",
}


@pytest.mark.parametrize("name", SHORTCUTS)
def test_a_library_that_does_the_exercise_is_a_shortcut(name):
    assert find_shortcut(StudentCode(SHORTCUTS[name]), name, NOTEBOOK.exercises[name].forbidden)


STEPS = {
    "poisson_nll": "from scipy.special import gammaln\ndef poisson_nll(y, log_rate):\n"
    "    return np.mean(np.exp(log_rate) - y * log_rate + gammaln(y + 1))",
    "roc_auc": "from scipy.stats import rankdata\ndef roc_auc(labels, scores):\n"
    "    return rankdata(scores)[labels == 1].sum()",
    "mutual_information": "from scipy.special import xlogy\n"
    "def mutual_information(joint, base=2):\n    return xlogy(joint, joint).sum()",
}


@pytest.mark.parametrize("name", STEPS)
def test_a_library_that_does_a_step_is_none(name):
    assert find_shortcut(StudentCode(STEPS[name]), name, NOTEBOOK.exercises[name].forbidden) is None


def test_a_difference_quotient_is_not_exact_enough():
    def by_differences(y, mean, log_variance):
        def loss(m, s):
            return reference.gaussian_nll(y, m, np.exp(s / 2))

        eye, h = np.eye(len(y)), 1e-6
        return tuple(
            np.array([(loss(*up(e)) - loss(*down(e))) / (2 * h) for e in eye])
            for up, down in (
                (
                    lambda e: (mean + h * e, log_variance),
                    lambda e: (mean - h * e, log_variance),
                ),
                (
                    lambda e: (mean, log_variance + h * e),
                    lambda e: (mean, log_variance - h * e),
                ),
            )
        )

    specified = exercise("07.gaussian_nll_gradients")
    assert not judge(specified, InProcess(by_differences), 3).right


GUARDS = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)


def guarded(name, size):
    """A right formula of the exercise with a small number where none belongs."""

    def gaussian(y, mean, sigma):
        variance = sigma**2 + size
        return np.mean(np.log(2 * np.pi * variance) / 2 + (y - mean) ** 2 / (2 * variance))

    def weighted(z, y, pos_weight):
        p = 1 / (1 + np.exp(-z))
        return -np.mean(pos_weight * y * np.log(p + size) + (1 - y) * np.log(1 - p + size))

    def poisson(y, log_rate):
        rate = np.exp(log_rate)
        factorials = np.array([math.lgamma(count + 1) for count in y])
        return np.mean(rate - y * np.log(rate + size) + factorials)

    def information(joint, base=2):
        product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
        return np.sum(joint * np.log((joint + size) / (product + size))) / np.log(base)

    def share(labels, predictions):
        return np.sum(labels * predictions) / (np.sum(predictions) + size)

    return {
        "gaussian_nll": gaussian,
        "weighted_bce_with_logits": weighted,
        "poisson_nll": poisson,
        "mutual_information": information,
        "precision": share,
    }[name]


@pytest.mark.parametrize(
    "name",
    ["gaussian_nll", "weighted_bce_with_logits", "poisson_nll", "mutual_information", "precision"],
)
def test_a_guard_is_judged_alike_for_every_student(name):
    specified = NOTEBOOK.exercises[name]
    for size in GUARDS:
        answer = InProcess(guarded(name, size))
        assert len({judge(specified, answer, seed).right for seed in range(8)}) == 1, size


@pytest.fixture
def told(monkeypatch):
    """The descriptions of the pictures that are shown."""
    descriptions = []
    monkeypatch.setattr(plots, "slider", lambda draw, values, start, name: draw(start))
    monkeypatch.setattr(
        style, "display", lambda data, **options: descriptions.append(data["text/plain"])
    )
    return descriptions


def test_the_pictures_say_what_wrong_functions_drew(told):
    def half(labels, scores):
        return 0.25

    labels, probabilities = plots.simulated_patients()
    plots.area_of_pairs(reference.roc_auc, labels, probabilities)
    plots.area_of_pairs(half, labels, probabilities)
    plots.one_constant_for_five(reference.mse, reference.mae)
    plots.one_constant_for_five(reference.mae, reference.mae)
    plots.two_costs(reference.best_threshold)
    plots.two_costs(lambda false_alarm, miss: 0.5)
    plots.weights_move_the_answer(reference.weighted_bce_with_logits)
    plots.weights_move_the_answer(lambda z, y, w: reference.weighted_bce_with_logits(z, y, 1.0))
    right, wrong = told[::2], told[1::2]
    assert all(one != other for one, other in zip(right, wrong))
    assert "0.2500" in wrong[0] and "MSE is lowest, 50.00, at 6.00" in right[1]
    assert "MSE is lowest, 4.20, at 3.00" in wrong[1]
    assert "a yes costs 0.909 and a no 0.909" in right[2]
    assert "a yes costs 0.500 and a no 5.000" in wrong[2]
    assert "with weight 9 the lowest point is at p = 0.69" in right[3]
    assert "with weight 9 the lowest point is at p = 0.20" in wrong[3]


def test_every_picture_is_drawn_with_the_right_functions(told):
    labels, probabilities = plots.simulated_patients()
    plots.bells(reference.gaussian_nll, reference.gaussian_nll_gradients)
    plots.one_residual(reference.gaussian_nll, reference.laplace_nll)
    plots.f_beta_contours(reference.f_beta)
    plots.threshold_explorer(
        reference.confusion_matrix,
        reference.precision,
        reference.recall,
        reference.best_threshold,
        labels,
        probabilities,
    )
    plots.reliability(reference.expected_calibration_error, labels, probabilities)
    assert len(told) == 5
    assert "with slope 4.00 at 4" in told[1] and "0.769" in told[2]
    predicted = probabilities >= 0.5
    found = int(np.sum(predicted & (labels == 1)))
    assert f"At the threshold 0.50: {found} ill found" in told[3]


def test_a_table_beside_a_library_says_what_differs_and_what_is_missing(capsys):
    def unwritten():
        raise NotImplementedError

    def failing():
        return 1 / 0

    plots.beside(
        "PyTorch",
        {
            "same": (lambda: 1.0, lambda: torch.tensor(1.0)),
            "other": (lambda: 1.0, lambda: 2.0),
            "missing": (unwritten, lambda: 1.0),
            "broken": (failing, lambda: 1.0),
        },
    )
    _, same, other, missing, broken = capsys.readouterr().out.splitlines()
    assert same.endswith("=") and other.endswith("≠")
    assert "not written yet" in missing and "ZeroDivisionError" in broken


@pytest.fixture(scope="module")
def visible():
    """The visible part of every check, and the names that a solved notebook has there."""
    source = nbformat.read(ROOT / "source" / NOTEBOOK.name / f"{NOTEBOOK.name}.ipynb", as_version=4)
    names = {"np": np, "math": math, "check": check, "wrappers": wrappers}
    names |= {name: specified.reference for name, specified in NOTEBOOK.exercises.items()}
    parts = {}
    for cell in source.cells:
        if cell.id.startswith("check-07-"):
            parts[cell.id[9:]] = cell.source.split("### BEGIN HIDDEN TESTS")[0]
            exec(parts[cell.id[9:]], names)
    return parts, names


@pytest.mark.parametrize("name", NOTEBOOK.exercises)
def test_the_visible_check_refuses_every_named_mistake_in_words(name, visible):
    parts, names = visible
    for mistake in NOTEBOOK.exercises[name].mistakes:
        with pytest.raises(CheckFailed) as refused:
            exec(parts[name], names | {name: mistake.function})
        assert "inhomogeneous" not in str(refused.value), mistake.name
