"""Notebook 05: references beside autograd, the lectures' numbers, ways around the checks."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.exercises import exercise
from autograder.exercises.autograd import reference as reference
from autograder.exercises.autograd.inputs import network
from autograder.exercises.sources import answer_source
from autograder.judge.shortcuts import StudentCode, find_shortcut
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge
from course import recorded, tensors

finite = st.floats(-3, 3, allow_nan=False)
sizes = st.tuples(st.integers(2, 7), *[st.integers(1, 6)] * 3)
few = settings(max_examples=30, deadline=None)


def tensor(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


@few
@given(finite, finite, finite)
def test_product_of_sum_gradients_are_those_of_autograd(a, b, c):
    leaves = [tensor(a), tensor(b), tensor(c)]
    ((leaves[0] + leaves[1]) * leaves[2]).backward()
    assert np.allclose(reference.product_of_sum_gradients(a, b, c), [v.grad for v in leaves])


@few
@given(st.lists(finite, min_size=3, max_size=3), st.lists(finite, min_size=2, max_size=2))
def test_neuron_gradients_are_those_of_autograd(w, x):
    wt, xt = tensor(w), tensor(x)
    torch.sigmoid(wt[0] + wt[1] * xt[0] + wt[2] * xt[1]).backward()
    dw, dx = reference.neuron_gradients(np.array(w), np.array(x))
    assert np.allclose(dw, wt.grad, rtol=1e-12, atol=1e-15)
    assert np.allclose(dx, xt.grad, rtol=1e-12, atol=1e-15)


@few
@given(finite)
def test_shared_node_gradient_is_that_of_autograd(x):
    t = tensor(x)
    (t * torch.sin(t) + t**2).backward()
    assert math.isclose(reference.shared_node_gradient(x), t.grad.item(), abs_tol=1e-14)


def by_hand(X, y, p):
    """The gradients of notebook 4, step by step."""
    h1 = np.tanh(X @ p["W1"] + p["b1"])
    h2 = 1 / (1 + np.exp(-(h1 @ p["W2"] + p["b2"])))
    y_hat = 1 / (1 + np.exp(-(h2 @ p["U"] + p["c"])))
    g = {"y_hat": ((1 - y) / (1 - y_hat) - y / y_hat) / len(y), "u3": (y_hat - y) / len(y)}
    g |= {"U": h2.T @ g["u3"], "c": g["u3"].sum(), "h2": np.outer(g["u3"], p["U"])}
    g["u2"] = g["h2"] * h2 * (1 - h2)
    g |= {"W2": h1.T @ g["u2"], "b2": g["u2"].sum(axis=0), "h1": g["u2"] @ p["W2"].T}
    g["u1"] = g["h1"] * (1 - h1**2)
    return g | {"W1": X.T @ g["u1"], "b1": g["u1"].sum(axis=0)}


@few
@given(sizes, st.integers(0, 2**32))
def test_autograd_agrees_with_the_gradients_made_by_hand_on_random_shapes(shape, seed):
    X, y, params = network(np.random.default_rng(seed), *shape)
    auto = reference.torch_gradients(X, y, params)
    auto |= reference.torch_intermediates(X, y, params)
    hand = by_hand(X, y, params)
    assert hand.keys() == auto.keys()
    for name, value in hand.items():
        assert np.shape(value) == np.shape(auto[name])
        assert np.allclose(value, auto[name], rtol=1e-9, atol=1e-12), name


@few
@given(sizes, st.integers(0, 2**32))
def test_training_in_torch_gives_the_numbers_of_training_by_hand(shape, seed):
    X, y, params = network(np.random.default_rng(seed), *shape)
    trained = reference.train_with_torch(X, y, params, 0.3, 4)
    for _ in range(4):
        gradients = by_hand(X, y, params)
        params = {name: params[name] - 0.3 * gradients[name] for name in params}
    for name, value in params.items():
        assert np.allclose(trained[name], value, rtol=1e-10, atol=1e-10), name


@few
@given(st.integers(2, 6), st.integers(2, 5), st.integers(0, 2**32))
def test_own_functions_pass_gradcheck_on_random_shapes(n, k, seed):
    rng = np.random.default_rng(seed)
    a = tensor(rng.normal(size=(n, k)))
    y = rng.uniform(0.1, 1.0, (n, k))
    y = torch.tensor(y / y.sum(axis=1, keepdims=True))
    assert torch.autograd.gradcheck(lambda a: reference.ScaledExp.apply(a, 0.7), (a,))
    assert torch.autograd.gradcheck(lambda a: reference.SoftmaxCrossEntropy.apply(a, y), (a,))


def test_the_fused_step_is_that_of_cross_entropy():
    rng = np.random.default_rng(0)
    labels = torch.tensor([2, 0, 1, 1])
    y = torch.nn.functional.one_hot(labels, 3).double()
    a = rng.normal(size=(4, 3))
    one, other = tensor(a), tensor(a)
    reference.SoftmaxCrossEntropy.apply(one, y).backward()
    reference.class_loss(other, labels).backward()
    assert np.allclose(one.grad, other.grad, rtol=1e-12)


def test_losses_stay_right_where_probabilities_round_to_zero():
    z, y = tensor([800.0, -800.0]), torch.tensor([0.0, 1.0]).double()
    loss = reference.binary_loss(z, y)
    loss.backward()
    assert loss.item() == 800 and z.grad.tolist() == [0.5, -0.5]
    assert torch.nn.functional.binary_cross_entropy(torch.sigmoid(z), y).item() == 100


def test_the_penalty_adds_twice_strength_times_the_weights():
    W = tensor([[1.0, -2.0], [0.5, 3.0]])
    a, labels = torch.zeros(2, 3).double(), torch.tensor([0, 2])
    reference.penalized_loss(a, labels, [W], 0.3).backward()
    assert np.allclose(W.grad, 0.6 * W.detach())


def test_the_numbers_of_the_lectures():
    assert reference.product_of_sum_gradients(2, -5, 4) == (4, 4, -3)
    assert math.isclose(reference.shared_node_gradient(0.7), 2.579607, abs_tol=5e-7)
    chain = reference.central_difference(lambda p: math.exp(math.sin(p)), 0.7)
    assert math.isclose(chain, 1.456639, abs_tol=5e-7)
    assert math.isclose(reference.ScaledExp.apply(tensor(0.5), 1.0).item(), 1.6487, abs_tol=5e-5)
    X, y, params = recorded.network()
    losses = {0: 0.564018, 1: 0.551381, 10: 0.408241, 100: 0.044431}
    for steps, loss in losses.items():
        now = reference.train_with_torch(X, y, params, 0.5, steps) if steps else params
        assert math.isclose(reference.mean_loss(X, y, now).item(), loss, abs_tol=5e-7)


def test_recorded_tables_are_those_of_the_hand_made_derivation():
    X, y, params = recorded.network()
    for name, value in by_hand(X, y, params).items():
        assert np.allclose(recorded.by_hand()[name], value, rtol=0, atol=1e-15), name
    assert set(recorded.ORDER) == recorded.by_hand().keys()


def test_the_slip_is_found_in_one_step_and_spoils_what_follows():
    hand, slipped = recorded.by_hand(), recorded.with_a_slip()
    assert reference.first_mismatch(slipped, hand, recorded.ORDER) == "u2"
    gaps = reference.largest_differences(slipped, hand)
    assert [gaps[name] > 1e-9 for name in recorded.ORDER] == [False] * 5 + [True] * 7


def test_the_recorded_jacobian_is_that_of_jacrev():
    scores, jacobian = recorded.softmax_jacobian()
    by_torch = torch.func.jacrev(lambda a: torch.softmax(a, dim=0))(torch.tensor(scores))
    assert np.allclose(by_torch, jacobian, rtol=0, atol=1e-15)


# ------------------------------------------------------------------------- ways around the checks


def neuron(w, x):
    return 1 / (1 + np.exp(-(w[0] + w[1:] @ x)))


def quotients(f, v):
    """The central differences of f along every entry of v."""
    rows = np.eye(len(v))
    return [reference.central_difference(lambda t, row=row: f(v + t * row), 0.0) for row in rows]


BY_DIFFERENCES = {
    "product_of_sum_gradients": lambda a, b, c: tuple(
        reference.central_difference(f, v)
        for f, v in (
            (lambda t: (t + b) * c, a),
            (lambda t: (a + t) * c, b),
            (lambda t: (a + b) * t, c),
        )
    ),
    "neuron_gradients": lambda w, x: (
        quotients(lambda w: neuron(w, x), w),
        quotients(lambda x: neuron(w, x), x),
    ),
    "shared_node_gradient": lambda x: reference.central_difference(
        lambda t: math.sin(t) * t + t**2, x
    ),
}


@pytest.mark.parametrize("name", BY_DIFFERENCES)
@pytest.mark.parametrize("seed", range(5))
def test_numerical_derivatives_are_no_backward_pass(name, seed):
    verdict = judge(exercise(f"05.{name}"), InProcess(BY_DIFFERENCES[name]), seed)
    assert verdict.verdict == "shortcut"


@pytest.mark.parametrize(
    "line",
    [
        "import torch as t\n",
        "from torch import tensor, sin\n",
        "t = __import__('torch')\n",
        "import importlib\nt = importlib.import_module('torch')\n",
        "import jax.numpy as t\n",
    ],
)
def test_autograd_is_seen_where_the_steps_are_asked_for_however_it_is_imported(line):
    body = "tensor(x) * sin(x)" if "from torch" in line else "t.tensor(x) * t.sin(x)"
    source = f"{line}def shared_node_gradient(x):\n    return {body}\n"
    found = find_shortcut(
        StudentCode(source), "shared_node_gradient", exercise("05.shared_node_gradient").forbidden
    )
    assert found and found.split(".")[0] in ("torch", "jax")


def test_a_function_without_a_backward_of_its_own_is_not_right():
    class ScaledExp(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, k):
            return torch.exp(k * x)

    specified = exercise("05.ScaledExp")
    verdict = judge(specified, InProcess(specified.subject(ScaledExp)))
    assert verdict.verdict == "crashed" and verdict.mistake == "customfn-no-backward"


def test_a_class_whose_own_apply_never_calls_its_backward_is_found_out():
    class ScaledExp:
        @staticmethod
        def apply(x, k):
            return torch.exp(k * x)

        backward = None

    specified = exercise("05.ScaledExp")
    source = (
        "class ScaledExp:\n    @staticmethod\n    def apply(x, k):\n        return (k * x).exp()\n"
    )
    verdict = judge(specified, InProcess(specified.subject(ScaledExp)), source=source)
    assert not verdict.right and verdict.mistake == "customfn-own-apply"


def test_numpy_formulas_are_a_shortcut_where_autograd_is_asked_for():
    def torch_gradients(X, y, params):
        gradients = by_hand(X, y, params)
        return {name: gradients[name] for name in params}

    specified = exercise("05.torch_gradients")
    assert judge(specified, InProcess(torch_gradients)).right
    source = (
        "import numpy as np\n"
        "def by_hand(X, y, p):\n    return {'c': np.mean(y)}\n"
        "def torch_gradients(X, y, params):\n    return by_hand(X, y, params)\n"
        "loss = torch.zeros(1, requires_grad=True).sum()\nloss.backward()\n"
    )
    verdict = judge(specified, InProcess(torch_gradients), source=source)
    assert verdict.verdict == "shortcut" and "PyTorch" in verdict.message


def test_a_function_that_trains_the_callers_arrays_is_told_so():
    def train_with_torch(X, y, params, learning_rate, steps):
        leaves = {
            name: torch.from_numpy(np.asarray(value)).requires_grad_()
            for name, value in params.items()
        }
        optimizer = torch.optim.SGD(leaves.values(), lr=learning_rate)
        for _ in range(steps):
            optimizer.zero_grad()
            reference.mean_loss(X, y, leaves).backward()
            optimizer.step()
        return leaves

    verdict = judge(exercise("05.train_with_torch"), InProcess(train_with_torch))
    assert verdict.verdict == "wrong" and "changes" in verdict.message


def test_a_scalar_in_single_precision_shows_in_training():
    mistake = exercise("05.train_with_torch").named_mistake("loop-scalar-in-single-precision")
    verdict = judge(exercise("05.train_with_torch"), InProcess(mistake.function))
    assert verdict.mistake == "loop-scalar-in-single-precision"


def test_what_pytorch_says_tells_mistakes_apart_that_raise_the_same_exception():
    specified = exercise("05.torch_gradients")
    for name in ("autograd-vector-loss", "autograd-graph-freed", "autograd-no-requires-grad"):
        assert judge(specified, InProcess(specified.named_mistake(name).function)).mistake == name


def test_a_tensor_that_requires_grad_is_as_good_as_an_array():
    def torch_gradients(X, y, params):
        found = reference.torch_gradients(X, y, params)
        return {name: torch.tensor(g).requires_grad_() for name, g in found.items()}

    assert judge(exercise("05.torch_gradients"), InProcess(torch_gradients)).right


# ----------------------------------------------------------------------------------- the probes


def test_a_probe_multiplies_by_what_arrives_from_above():
    ask = tensors.value_and_gradient(lambda x: x**2)
    value, gradient = ask(np.array([1.0, 3.0]), upstream=np.array([10.0, -1.0]))
    assert value.tolist() == [1, 9] and gradient.tolist() == [20, -6]


def test_a_probe_lets_a_change_of_the_input_be_seen():
    def careless(z, y):
        y *= 0.5
        return torch.nn.functional.binary_cross_entropy_with_logits(z, 2 * y)

    specified = exercise("05.binary_loss")
    verdict = judge(specified, InProcess(specified.subject(careless)))
    assert verdict.verdict == "wrong" and "changes" in verdict.message


def test_an_array_in_place_of_a_tensor_is_said_so():
    with pytest.raises(TypeError, match="a tensor was expected, and ndarray came back"):
        tensors.tensor_from(lambda X, params: X)(np.ones(2), {})


def test_a_graph_that_does_not_lead_to_every_leaf_is_said_so():
    params = {"w": np.ones(2), "b": np.ones(2)}

    def copies(X, params):
        return torch.as_tensor(params["w"]) * torch.tensor(np.array(params["b"].tolist()))

    assert tensors.tensor_from(lambda X, p: torch.as_tensor(p["w"]))(0, params).tolist() == [1, 1]
    with pytest.raises(TypeError, match="no gradient comes back to b"):
        tensors.tensor_from(copies)(0, params)
    with pytest.raises(TypeError, match="float64 was expected, and one of float32 came back"):
        tensors.tensor_from(lambda X, p: torch.ones(2))(0, params)


def test_gradcheck_answers_in_one_line(capsys):
    tensors.gradcheck(reference.ScaledExp, np.array([0.3, -0.2]), 2.0)
    wrong = exercise("05.ScaledExp").named_mistake("customfn-inner-derivative").function
    tensors.gradcheck(wrong, np.array([0.3, -0.2]), 2.0)
    good, bad = capsys.readouterr().out.splitlines()
    assert good.startswith("gradcheck agrees") and bad.startswith("○ gradcheck does not agree")


@pytest.mark.parametrize("name", ["ScaledExp", "SoftmaxCrossEntropy", "penalized_loss"])
@pytest.mark.slow
def test_the_sources_of_styles_and_mistakes_stand_alone_in_a_cell(name):
    specified = exercise(f"05.{name}")
    mistakes = {mistake.name: mistake.function for mistake in specified.mistakes}
    for label, function in [*specified.styles.items(), *mistakes.items()]:
        names = {"np": np, "math": math, "torch": torch}
        exec(answer_source(function, name), names)
        verdict = judge(specified, InProcess(specified.subject(names[name])))
        assert verdict.right if label in specified.styles else verdict.mistake == label
