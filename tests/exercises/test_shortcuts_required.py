"""What an answer has to use: autograd where it is asked for, a backward of its own."""

import pytest

from autograder.exercises import exercise
from autograder.exercises.autograd import BY_AUTOGRAD, OWN_BACKWARD
from autograder.exercises.sources import answer_source
from autograder.judge.shortcuts import StudentCode, uses_any

HEAD = "import numpy as np\nimport torch\n"


def asks_autograd(source, name="f"):
    return uses_any(StudentCode(HEAD + source), name, BY_AUTOGRAD.names)


@pytest.mark.parametrize(
    "body",
    [
        "loss(p).backward()",
        "return torch.autograd.grad(loss(p), p)",
        "torch.autograd.backward([loss(p)])",
        "return torch.func.grad(loss)(p)",
        "from torch.func import grad\n    return grad(loss)(p)",
        "from torch import autograd as ag\n    return ag.grad(loss(p), p)",
        "getattr(loss(p), 'backward')()",
        "return torch.autograd.functional.jacobian(loss, p)",
    ],
)
def test_every_way_to_autograd_counts(body):
    assert asks_autograd(f"def f(p):\n    {body}\n")


@pytest.mark.parametrize(
    "body",
    ["return p.T @ p", "return torch.tensor(p) * 2", "return backward(p)", "return np.gradient(p)"],
)
def test_formulas_do_not_count_in_numpy_nor_in_torch(body):
    assert not asks_autograd(f"def backward(p):\n    return 2 * p\n\ndef f(p):\n    {body}\n")


def test_what_a_helper_uses_counts():
    assert asks_autograd("def step(l):\n    l.backward()\n\ndef f(p):\n    step(p.sum())\n")


def test_what_a_class_uses_counts():
    net = "class Net:\n    def gradients(self, p):\n        p.sum().backward()\n\n"
    assert asks_autograd(net + "def f(p):\n    return Net().gradients(p)\n")


def test_a_backward_written_by_hand_is_not_that_of_pytorch():
    net = "class Net:\n    def backward(self, p):\n        return 2 * p\n\n"
    assert not asks_autograd(net + "def f(p):\n    return Net().backward(p)\n")


def test_a_function_of_ones_own_is_part_of_autograd():
    own = (
        "class Twice(torch.autograd.Function):\n    @staticmethod\n    def backward(ctx, g):\n"
        "        return 2 * g\n\n"
    )
    assert asks_autograd(
        own + "def f(p):\n    Twice.apply(p).sum().backward()\n    return p.grad\n"
    )


def test_what_stands_elsewhere_in_the_notebook_does_not_count():
    elsewhere = "def other(l):\n    l.backward()\n\nloss = torch.ones(1)\nloss.backward()\n"
    assert not asks_autograd(elsewhere + "def f(p):\n    return 2 * p\n")


def test_where_the_definition_is_not_in_sight_nothing_is_held_against_it():
    assert asks_autograd("from my_module import f\n") and uses_any(
        StudentCode(""), "f", BY_AUTOGRAD.names
    )


def has_backward(source):
    return uses_any(StudentCode(HEAD + source), "F", OWN_BACKWARD.names)


@pytest.mark.parametrize(
    "source",
    [
        "class F(torch.autograd.Function):\n    @staticmethod\n    def backward(ctx, g):\n"
        "        return g\n",
        "class F(torch.autograd.Function):\n    @staticmethod\n    def vjp(ctx, g):\n"
        "        return g\n",
        "class F(torch.autograd.Function):\n    backward = staticmethod(lambda ctx, g: g)\n",
        "class Base(torch.autograd.Function):\n    @staticmethod\n    def backward(ctx, g):\n"
        "        return g\n\nclass F(Base):\n    pass\n",
    ],
)
def test_every_way_to_define_a_backward_counts(source):
    assert has_backward(source)


def test_a_class_without_a_backward_is_seen():
    assert not has_backward("class F:\n    def apply(x):\n        x.sum().backward()\n")


@pytest.mark.parametrize(
    "id", ["torch_gradients", "torch_intermediates", "train_with_torch", "ScaledExp"]
)
def test_no_honest_style_is_taken_for_a_way_around(id):
    specified = exercise(f"05.{id}")
    helpers = exercise("05.torch_gradients").styles["gradients_by_backward"]
    for style in specified.styles.values():
        source = HEAD + answer_source(helpers, "torch_gradients") + "\n"
        source += answer_source(style, id) + "\n"
        assert uses_any(StudentCode(source), id, specified.required.names), style.__name__
