"""Notebook 03: the references beside autograd, the lectures' numbers, ways around the checks."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.exercises import exercise, notebook
from autograder.exercises.softmax_jacobian import reference as reference
from autograder.exercises.sources import answer_source
from autograder.judge.shortcuts import StudentCode, find_shortcut
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge
from autograder.sandbox import Sandbox

NOTEBOOK = notebook("03-softmax-jacobian")
few = settings(max_examples=40, deadline=None)
sizes = st.tuples(st.integers(2, 6), st.integers(2, 5))
moderate = st.floats(-20, 20)
anything = st.floats(-3000, 3000)


def rows(elements, shape=sizes):
    return shape.flatmap(lambda size: arrays(float, size, elements=elements))


@st.composite
def batches(draw, elements=moderate):
    """Scores and soft targets of the same shape (N, K)."""
    a = draw(rows(elements))
    y = draw(arrays(float, a.shape, elements=st.floats(0.1, 1)))
    return a, y / y.sum(axis=1, keepdims=True)


def tensor(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def close(found, expected, atol=1e-12):
    return np.allclose(found, expected, rtol=1e-12, atol=atol)


@few
@given(rows(anything))
def test_softmax_and_its_logarithm_are_those_of_torch_at_any_scores(a):
    t = torch.tensor(a)
    assert close(reference.softmax(a), torch.softmax(t, -1))
    assert close(reference.log_softmax(a), torch.log_softmax(t, -1))
    assert close(reference.logsumexp(a), torch.logsumexp(t, -1))


@few
@given(rows(moderate), st.floats(-1000, 1000))
def test_a_shift_of_all_scores_changes_nothing(a, c):
    assert close(reference.softmax(a + c), reference.softmax(a), atol=1e-10)


@few
@given(rows(anything))
def test_log_sum_exp_lies_between_the_maximum_and_ln_k_above_it(a):
    m, lse = a.max(axis=1), reference.logsumexp(a)
    assert np.all(m <= lse) and np.all(lse <= m + np.log(a.shape[1]) + 1e-9)


@few
@given(rows(anything))
def test_the_batch_of_jacobians_is_that_of_autograd(a):
    expected = [
        torch.autograd.functional.jacobian(lambda x: torch.softmax(x, 0), torch.tensor(row))
        for row in a
    ]
    assert close(reference.softmax_jacobian_batch(a), np.stack(expected))
    assert close(reference.softmax_jacobian(a[0]), expected[0])


@few
@given(rows(moderate))
def test_a_jacobian_is_symmetric_positive_semi_definite_and_loses_the_shift(a):
    for J in reference.softmax_jacobian_batch(a):
        assert np.array_equal(J, J.T)
        assert close(J.sum(axis=1), 0)
        assert np.linalg.eigvalsh(J).min() > -1e-12


def test_a_jacobian_has_rank_one_less_than_classes():
    J = reference.softmax_jacobian(np.array([0.1, 0.4, 2.2, 0.0]))
    assert np.linalg.matrix_rank(J) == 3
    assert close(np.linalg.eigvalsh(J)[1:], [0.082732, 0.103054, 0.275045], atol=5e-7)


@few
@given(batches(anything))
def test_the_product_without_the_matrix_is_the_product_with_it(pair):
    a, v = pair
    expected = reference.softmax_jacobian(a[0]) @ v[0]
    assert close(reference.softmax_jvp(a[0], v[0]), expected)


@few
@given(batches(anything))
def test_the_loss_and_its_gradient_are_those_of_torch_at_any_scores(pair):
    a, y = pair
    t = tensor(a)
    loss = torch.nn.functional.cross_entropy(t, torch.tensor(y))
    loss.backward()
    assert close(reference.cross_entropy_loss(a, y), loss.item(), atol=1e-10)
    assert close(reference.cross_entropy_gradient(a, y), t.grad)


@few
@given(batches())
def test_both_roads_lead_to_prediction_minus_truth(pair):
    a, y = pair
    assert close(reference.delta_through_jacobian(a, y), reference.softmax(a) - y)
    s = tensor(reference.softmax(a))
    (-(torch.tensor(y) * torch.log(s)).sum()).backward()
    assert np.allclose(reference.grad_probabilities(s.detach().numpy(), y), s.grad, rtol=1e-12)


@few
@given(st.integers(0, 2**32 - 1), *[st.integers(1, 6)] * 4)
def test_the_output_layer_gradients_are_those_of_autograd(seed, n, d0, d, k):
    rng = np.random.default_rng(seed)
    shapes = [(n, d0), (d, d0), (d,), (k, d), (k,)]
    X, theta1, beta1, theta2, beta2 = (rng.normal(size=shape) for shape in shapes)
    y = np.eye(k)[rng.integers(0, k, n)]
    o, a = reference.network_scores(X, theta1, beta1, theta2, beta2)
    theta, beta = tensor(theta2), tensor(beta2)
    hidden = torch.sigmoid(torch.tensor(X) @ torch.tensor(theta1).T + torch.tensor(beta1))
    scores = hidden @ theta.T + beta
    torch.nn.functional.cross_entropy(scores, torch.tensor(y)).backward()
    assert close(o, hidden) and close(a, scores.detach())
    dtheta, dbeta = reference.output_layer_gradients(o, a, y)
    assert close(dtheta, theta.grad) and close(dbeta, beta.grad)


def test_clase_7_has_its_two_losses_in_nats():
    y = np.array([[0.0, 0.0, 1.0, 0.0]])
    assert close(reference.cross_entropy_loss(np.array([[0.1, 1.4, 0, 0.3]]), y), 2.016266, 5e-7)
    assert close(reference.cross_entropy_loss(np.array([[0.1, 0.4, 2.2, 0]]), y), 0.335442, 5e-7)


def test_temperature_leads_from_the_winner_to_the_uniform_distribution():
    a = np.array([0.1, 0.4, 2.2, 0.0])
    assert close(reference.softmax_with_temperature(a, 0.01), [0, 0, 1, 0])
    assert close(reference.softmax_with_temperature(a, 1e9), [0.25] * 4, atol=1e-8)
    cooled = reference.softmax_with_temperature(a, 0.5)
    assert close(cooled, [0.0142, 0.0259, 0.9482, 0.0116], atol=5e-5)


def quotients(step):
    """Answers made by central differences of the student's own functions."""

    def softmax_jacobian(a):
        moved = [reference.softmax(a + h) - reference.softmax(a - h) for h in step * np.eye(len(a))]
        return np.array(moved).T / (2 * step)

    def softmax_jacobian_batch(a):
        return np.array([softmax_jacobian(row) for row in a])

    def softmax_jvp(a, v):
        return (reference.softmax(a + step * v) - reference.softmax(a - step * v)) / (2 * step)

    def cross_entropy_gradient(a, y):
        gradient = np.zeros_like(a)
        for index in np.ndindex(a.shape):
            h = np.zeros_like(a)
            h[index] = step
            up, down = (reference.cross_entropy_loss(x, y) for x in (a + h, a - h))
            gradient[index] = (up - down) / (2 * step)
        return gradient

    def delta_through_jacobian(a, y):
        return len(a) * cross_entropy_gradient(a, y)

    def grad_probabilities(s, y):
        return -y * (np.log(s + step) - np.log(s - step)) / (2 * step)

    return {name: function for name, function in locals().items() if name != "step"}


@pytest.mark.parametrize("step", [1e-5, 1e-6, 1e-7])
@pytest.mark.parametrize("name", list(quotients(1e-5)))
def test_difference_quotients_are_no_derivation(name, step):
    specified = NOTEBOOK.exercises[name]
    for seed in range(3):
        verdict = judge(specified, InProcess(quotients(step)[name]), seed)
        # Beside a probability smaller than the step the quotient has no logarithm left.
        assert verdict.verdict in ("shortcut", "wrong", "not finite")


IMPORTS = {
    "softmax": [
        "from scipy.special import softmax as rows",
        "import scipy.special as special\nrows = special.softmax",
        "rows = __import__('scipy.special').special.softmax",
        "import torch.nn.functional as F\nrows = F.softmax",
        "import importlib\nrows = importlib.import_module('torch').softmax",
        "from sklearn.utils.extmath import softmax as rows",
    ],
    "logsumexp": ["from scipy.special import logsumexp as rows"],
    "log_softmax": ["from scipy import special\nrows = getattr(special, 'log_softmax')"],
    "softmax_jacobian": [
        "from torch.autograd.functional import jacobian as rows",
        "from jax import jacfwd as rows",
    ],
    "cross_entropy_gradient": ["from scipy.optimize import approx_fprime as rows"],
}


@pytest.mark.parametrize(
    ("name", "imports"), [(name, text) for name, texts in IMPORTS.items() for text in texts]
)
def test_a_library_that_does_the_exercise_is_seen_under_any_name(name, imports):
    source = (
        f"{imports}\n\ndef helper(a):\n    return rows(a)\n\ndef {name}(a):\n    return helper(a)"
    )
    assert find_shortcut(StudentCode(source), name, NOTEBOOK.exercises[name].forbidden)


@pytest.mark.parametrize("specified", NOTEBOOK.exercises.values(), ids=lambda e: e.name)
def test_no_honest_style_is_taken_for_a_shortcut(specified):
    for style in specified.styles.values():
        source = "import numpy as np\nimport math\nimport torch\n\n"
        source += answer_source(style, specified.name)
        assert find_shortcut(StudentCode(source), specified.name, specified.forbidden) is None


def test_delta_is_judged_by_its_values_alone():
    fused = InProcess(lambda a, y: reference.softmax(a) - y)
    assert judge(exercise("03.delta_through_jacobian"), fused).right


MATRIX = """
import numpy as np

def softmax_jvp(a, v):
    e = np.exp(a - a.max())
    s = e / e.sum()
    return (np.diag(s) - np.outer(s, s)) @ v
"""


@pytest.mark.slow
def test_the_product_by_way_of_the_matrix_runs_out_of_memory():
    specified = exercise("03.softmax_jvp")
    with Sandbox(isolation="none") as sandbox, sandbox.open() as room:
        room.run(MATRIX)
        verdict = judge(specified, lambda calls: room.probe("softmax_jvp", list(calls)))
    assert verdict.verdict == "crashed"
    assert "does not fit into memory" in verdict.message
