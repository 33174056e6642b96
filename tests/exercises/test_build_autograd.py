"""Notebook 08: one's own engine beside PyTorch, what its checks decide, and what they say."""

import inspect
import math
import textwrap

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograder.exercises import notebook
from autograder.exercises.autograd.reference import train_with_torch
from autograder.exercises.build_autograd import reference
from autograder.exercises.build_autograd.dual import METHODS as DUAL_METHODS
from autograder.exercises.build_autograd.inputs import network, random_program
from autograder.exercises.build_autograd.parts import value_class
from autograder.exercises.build_autograd.value import METHODS
from autograder.intake.notebooks import grade_id_of
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge
from autograder.run.assess import assess, graded_cells, plain_cells, verdicts_of
from autograder.sandbox import Limits
from course import programs, recorded, words
from course.plots import build_autograd as plots
from course.plots import style
from tests.support.rooms import sandbox_with_everything

EXERCISES = notebook("08-build-autograd").exercises
seeds = st.integers(0, 2**32)
few = settings(max_examples=40, deadline=None)
many = settings(max_examples=300, deadline=None)


def leaf(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def by_torch(program, leaves, constants=None):
    made = {name: leaf(value) for name, value in leaves.items()}
    others = {name: torch.as_tensor(value) for name, value in (constants or {}).items()}
    root = programs.run(program, made | others)
    root.sum().backward()
    zero = {name: torch.zeros_like(value) for name, value in made.items()}
    gradients = {
        name: (zero[name] if value.grad is None else value.grad).numpy()
        for name, value in made.items()
    }
    return root.detach().numpy(), gradients


def close(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-12, atol=1e-12)


@many
@given(seeds)
def test_values_have_the_derivatives_of_torch_on_random_programs(seed):
    program, leaves = random_program(np.random.default_rng(seed), METHODS)
    answer = programs.reverse_mode(reference.Value)(program, **leaves)
    value, gradients = by_torch(program, leaves)
    assert close(answer["value"], value)
    assert all(close(answer[f"{name}.grad"], gradients[name]) for name in leaves)
    assert answer["paths"] == words.EVERY_PATH


@many
@given(seeds)
def test_duals_have_the_derivatives_of_torch_on_random_programs(seed):
    rng = np.random.default_rng(seed)
    program, leaves = random_program(rng, DUAL_METHODS)
    direction = {name: float(rng.normal()) for name in leaves}
    duals = {name: (value, direction[name]) for name, value in leaves.items()}
    answer = programs.forward_mode(reference.Dual)(program, **duals)
    value, gradients = by_torch(program, leaves)
    assert close(answer["value"], value)
    assert close(answer["tangent"], sum(gradients[name] * direction[name] for name in leaves))


@many
@given(seeds)
def test_tensors_have_the_derivatives_of_torch_on_random_programs_with_broadcasting(seed):
    rng = np.random.default_rng(seed)
    shapes = [(3, 4), (4,), (3, 1), (1, 4), (), (1,), (1, 1)]
    leaves = {"a": rng.normal(size=(3, 4)), "M": rng.normal(size=(4, 4)) / 2}
    leaves |= {name: rng.normal(size=shapes[rng.integers(len(shapes))]) for name in "bcd"}
    steps = [
        "x = x + b", "x = x * c", "x = d - x", "x = x / (1 + x * x)", "x = x @ M",
        "x = x.tanh()", "x = x.sigmoid() * x", "x = x.relu() + 0.1 * x", "x = (x * 0.1).exp()",
        "x = x - x.sum(axis=1, keepdims=True) / 4", "x = x * x.mean()",
        "x = x + x.sum(axis=0)", "x = (x * x + 1) ** -0.5", "x = (x * x + 1).log() - b",
    ]  # fmt: skip
    lines = ["x = a * 1", *rng.permutation(steps)[:7].tolist(), "(x * x).mean() + x.sum() / 9"]
    program = "; ".join(lines)
    answer = programs.reverse_mode(reference.Tensor)(program, **leaves)
    value, gradients = by_torch(program, leaves)
    assert close(answer["value"], value)
    for name in leaves:
        scale = max(1.0, np.abs(gradients[name]).max())
        assert close(answer[f"{name}.grad"] / scale, gradients[name] / scale), name
    assert answer["precision"] == "float64"


@pytest.mark.parametrize("kind", [reference.Value, reference.Tensor])
@few
@given(seeds)
def test_a_second_backward_doubles_the_gradients_of_leaves(kind, seed):
    program, leaves = random_program(np.random.default_rng(seed), METHODS)
    once = programs.reverse_mode(kind)(program, **leaves)
    twice = programs.reverse_mode(kind)(program, backward=2, **leaves)
    for name in leaves:
        assert close(twice[f"{name}.grad"], 2 * np.asarray(once[f"{name}.grad"]))


@few
@given(st.floats(-2, 2))
def test_forward_derivatives_are_those_of_torch(x):
    at = leaf(x)
    (at * torch.sin(at) + at**2).backward()
    found = reference.forward_derivative(lambda x: x * x.sin() + x**2, x)
    assert math.isclose(found, at.grad.item(), rel_tol=1e-12, abs_tol=1e-12)


@few
@given(st.lists(st.integers(1, 9), min_size=2, max_size=6), seeds)
def test_chain_costs_are_the_multiplications_of_the_products(sizes, seed):
    shapes = [(after, before) for before, after in zip(sizes, sizes[1:])]
    forward, carried = 0, shapes[0]
    for rows, columns in shapes[1:]:
        forward += rows * columns * carried[1]
        carried = rows, carried[1]
    reverse, carried = 0, shapes[-1]
    for rows, columns in shapes[-2::-1]:
        reverse += carried[0] * rows * columns
        carried = carried[0], columns
    assert reference.chain_cost(tuple(sizes)) == (forward, reverse)


@few
@given(seeds, st.sampled_from([(4,), (3, 1), (1, 4), (), (1,), (1, 1), (2, 1, 4), (3, 4)]))
def test_unbroadcast_is_the_derivative_of_broadcasting(seed, shape):
    rng = np.random.default_rng(seed)
    arrived = rng.normal(size=(2, 3, 4))
    small = leaf(rng.normal(size=shape))
    (torch.broadcast_to(small, (2, 3, 4)) * torch.tensor(arrived)).sum().backward()
    assert close(reference.unbroadcast(arrived, shape), small.grad.numpy())


@few
@given(st.tuples(*[st.integers(1, 6)] * 3), seeds)
def test_matrix_products_hand_back_what_torch_hands_back(sizes, seed):
    n, d, k = sizes
    rng = np.random.default_rng(seed)
    A, B, upstream = rng.normal(size=(n, d)), rng.normal(size=(d, k)), rng.normal(size=(n, k))
    at, bt = leaf(A), leaf(B)
    ((at @ bt) * torch.tensor(upstream)).sum().backward()
    dA, dB = reference.matmul_gradients(A, B, upstream)
    assert close(dA, at.grad.numpy()) and close(dB, bt.grad.numpy())


@few
@given(st.tuples(st.integers(2, 6), *[st.integers(1, 5)] * 3), seeds)
def test_training_gives_the_parameters_of_training_in_torch(sizes, seed):
    X, y, params = network(np.random.default_rng(seed), *sizes)
    mine = reference.train_with_tensor(X, y, params, 0.4, 5)
    theirs = train_with_torch(X, y, params, 0.4, 5)
    for name in params:
        assert np.allclose(mine[name], theirs[name], rtol=1e-10, atol=1e-10), name


def test_the_numbers_of_the_lectures():
    value = programs.reverse_mode(reference.Value)
    answer = value("(a + b) * c", a=2.0, b=-5.0, c=4.0)
    assert [answer[key] for key in ("value", "a.grad", "b.grad", "c.grad")] == [-12, 4, 4, -3]
    neuron = "1 / (1 + (-(w0 + w1 * x1 + w2 * x2)).exp())"
    answer = value(neuron, w0=-3.0, w1=2.0, x1=-1.0, w2=-3.0, x2=-2.0)
    wanted = {"w0": 0.196612, "w1": -0.196612, "w2": -0.393224, "x1": 0.393224, "x2": -0.589836}
    assert all(math.isclose(answer[f"{k}.grad"], v, abs_tol=5e-7) for k, v in wanted.items())
    chain = reference.forward_derivative(lambda p: p.sin().exp(), 0.7)
    assert math.isclose(chain, 1.456639, abs_tol=5e-7)
    X, y, params = recorded.network()
    trained = reference.train_with_tensor(X, y, params, 0.5, 100)
    assert np.allclose(trained["U"], [3.25444561, -3.33750917], atol=5e-9)


def test_an_order_has_every_node_once_behind_its_parents_however_long_the_chain():
    root = programs.Node()
    for _ in range(50_000):
        root = programs.Node((root,))
    order = reference.topological_order(root)
    place = {node: index for index, node in enumerate(order)}
    assert len(order) == len(place) == 50_001 and order[-1] is root
    assert all(place[p] < place[node] for node in order for p in node.parents)


def test_a_lost_path_is_told_in_words():
    class Overwriting(value_class()):
        def backward(self):
            self.grad = 1.0
            for node in reversed(reference.topological_order(self)):
                for parent, slope in zip(node.parents, node.slopes):
                    parent.grad = node.grad * slope

    ask = programs.reverse_mode(Overwriting)
    told = ask("b * b", b=3.0)["paths"]
    assert told == "b is used twice: only as much as one use brings arrived"
    assert ask("a * b", a=2.0, b=3.0)["paths"] == words.EVERY_PATH


def test_paths_add_up_to_what_arrives(capsys):
    programs.paths(reference.Value, "d = a * b; d * d", a=3.0, b=2.0)
    assert "a.grad is 24.0000; along its paths: 12.0000 + 12.0000" in capsys.readouterr().out


def test_an_operation_that_leaves_the_class_is_told_in_words():
    class Leaving(value_class()):
        def __neg__(self):
            return -self.data

    with pytest.raises(TypeError, match="gives a float and no Leaving"):
        programs.reverse_mode(Leaving)("-a", a=2.0)


def test_what_is_said_names_the_program_and_the_leaf():
    class Flat(value_class()):
        def tanh(self):
            return self.make(math.tanh(self.data), (self,), (1 - math.tanh(self.data),))

    specified = EXERCISES["Value"]
    message = judge(specified, InProcess(specified.subject(Flat)), seed=1).message
    assert "a.tanh()" in message and "a.grad" in message


def test_parents_that_lead_nowhere_are_told():
    class Orphans(value_class()):
        def make(self, data, parents, slopes):
            return type(self)(data)

    told = programs.reverse_mode(Orphans)("a * b", a=2.0, b=3.0)["leaves"]
    assert told == "parents lead back to no leaf"


def test_difference_quotients_are_no_forward_mode():
    def quotient(f, x):
        dual = reference.Dual
        return (f(dual(x + 1e-5)).value - f(dual(x - 1e-5)).value) / 2e-5

    specified = EXERCISES["forward_derivative"]
    assert judge(specified, InProcess(specified.subject(quotient)), seed=1).verdict == "shortcut"


@pytest.mark.parametrize("package", ["torch", "jax", "autograd"])
def test_an_answer_that_leaves_it_to_a_package_is_a_shortcut(package):
    source = f"import {package}\ndef train_with_tensor(X, y, p, r, s):\n    return {package}.f(X)\n"
    specified = EXERCISES["train_with_tensor"]
    verdict = judge(specified, InProcess(specified.reference), seed=1, source=source)
    assert verdict.verdict == "shortcut"


@pytest.mark.slow
def test_a_class_that_recurses_is_said_to_call_itself():
    def recursing(self):
        return self.backward()

    broken = type("Value", (value_class(),), {"backward": recursing})
    specified = EXERCISES["Value"]
    verdict = judge(specified, InProcess(specified.subject(broken)), seed=1)
    assert verdict.verdict == "crashed" and "calls itself" in verdict.message


def test_a_class_that_returns_itself_is_wrong():
    def same(self, *others):
        return self

    broken = type("Value", (value_class(),), {"__add__": same, "__mul__": same, "exp": same})
    specified = EXERCISES["Value"]
    assert not judge(specified, InProcess(specified.subject(broken)), seed=1).right


CELLS = ("setup", "Value", "08-Value", "topological_order", "08-topological_order")
BACKWARD = "    def backward(self):\n"
OUT_OF_HAND = {
    "recurses without end": (BACKWARD, BACKWARD + "        return self.backward()\n\n"),
    "keeps growing": (
        BACKWARD,
        BACKWARD + "        nodes = [self]\n        for node in nodes:\n"
        "            nodes += [node] * 1000\n\n",
    ),
    "never ends": (BACKWARD, BACKWARD + "        while True:\n            pass\n\n"),
    "returns itself": (
        "        return result\n",
        "        self.data, self.parents, self.slopes = data, result.parents, result.slopes\n"
        "        return self\n",
    ),
}
VERDICTS = {
    "recurses without end": {"crashed"},
    "keeps growing": {"crashed", "timed out"},
    "never ends": {"timed out"},
    "returns itself": {"wrong"},
}


@pytest.fixture(scope="module")
def small_sandbox():
    limits = Limits(cell_seconds=1.0, probe_seconds=1.0, memory_bytes=2**28)
    with sandbox_with_everything("none", limits) as sandbox:
        yield sandbox


@pytest.mark.slow
@pytest.mark.parametrize("kind", OUT_OF_HAND)
def test_a_class_out_of_hand_costs_its_exercise_and_nothing_else(repository, small_sandbox, kind):
    source = repository.source("08-build-autograd")
    graded = graded_cells(source)
    notebook = NotebookNode(cells=[c for c in source.cells if grade_id_of(c) in CELLS])
    right, broken = OUT_OF_HAND[kind]
    for cell in notebook.cells:
        if grade_id_of(cell) == "Value":
            assert right in cell.source
            cell.source = cell.source.replace(right, broken, 1)
    asked = {name: graded[name] for name in CELLS if name in graded}
    with small_sandbox.open() as room:
        judged = verdicts_of(assess(plain_cells(notebook), asked, room, seed=1), asked)
    (found,), (other,) = (judged[name].verdicts for name in ("08-Value", "08-topological_order"))
    assert found.verdict in VERDICTS[kind]
    assert other.right


GUARDS = ("y_hat.log()", "(1 - y_hat).log()")


@pytest.mark.parametrize("size", [1e-4, 1e-6, 1e-7])
def test_guards_inside_the_logarithm_are_refused_for_everybody(size):
    source = textwrap.dedent(inspect.getsource(reference.train_with_tensor))
    for text in GUARDS:
        source = source.replace(text, f"({text.removesuffix('.log()')} + {size}).log()")
    names = {"np": np, "Tensor": reference.Tensor}
    exec(source, names)
    specified = EXERCISES["train_with_tensor"]
    subject = InProcess(names["train_with_tensor"])
    assert not any(judge(specified, subject, seed).right for seed in range(3))


@pytest.fixture
def described(monkeypatch):
    """The descriptions of the pictures that a notebook would display."""
    texts = []
    monkeypatch.setattr(
        style, "display", lambda data, *args, **kwargs: texts.append(data["text/plain"])
    )
    return texts


def test_pictures_say_what_they_show(described):
    plots.step_through(reference.Value, reference.topological_order)
    plots.backward_pass(reference.Value, reference.topological_order)
    assert "d 5.4366" not in described[0] and "a 10.8731" in described[1]
    plots.graph_and_tree(reference.topological_order)
    assert "11 nodes and the tree 2,047" in described[2]
    plots.copies(reference.unbroadcast)
    assert "kept for all four shapes" in described[3]


def test_pictures_drawn_with_wrong_functions_say_what_these_give(described):
    class Wrong(value_class()):
        def exp(self):
            return self.make(math.exp(self.data), (self,), (2.0,))

    plots.backward_pass(Wrong, reference.topological_order)
    assert "a 10.8731" not in described[0] and "a 9.4366" in described[0]
    plots.copies(lambda gradient, shape: np.resize(gradient, shape))
    assert "all four shapes" not in described[1]
    plots.directions(lambda sizes: reference.chain_cost(sizes)[::-1])
    assert described[2].endswith("outputs: 200, 500, 1000.")
    plots.training(
        lambda X, y, params, rate, steps: reference.train_with_tensor(X, y, params, rate / 2, steps)
    )
    assert "above the line of ten digits" in described[3]


def test_pictures_of_unwritten_classes_leave_one_sentence(described, capsys):
    class Unwritten:
        def __init__(self, data, parents=()):
            raise NotImplementedError

    plots.step_through(Unwritten, reference.topological_order)
    plots.price(Unwritten, reference.topological_order)
    plots.fitted(Unwritten)
    programs.paths(Unwritten, "a * a", a=1.0)
    programs.one_pass_each(Unwritten, "a * a", a=1.0)
    assert not described
    assert capsys.readouterr().out.count("not written yet") == 5
