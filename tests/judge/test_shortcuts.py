"""Shortcuts are found in the source under whatever name they come in."""

import numpy as np
import pytest

from autograder.exercises import exercise
from autograder.judge.shortcuts import StudentCode, find_shortcut, takes_complex_step
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge

FORBIDDEN = ("torch", "numerical_gradient")


def found_in(source, name="g"):
    code = source if isinstance(source, StudentCode) else StudentCode(source)
    return find_shortcut(code, name, FORBIDDEN)


@pytest.mark.parametrize(
    "source",
    [
        "import torch as np\ndef g(x):\n    return np.tanh(x)",
        "from torch import tanh as curve\ndef g(x):\n    return curve(x)",
        "T = __import__('torch')\ndef g(x):\n    return T.tanh(x)",
        "load = __import__\ndef g(x):\n    return load('torch').tanh(x)",
        "import builtins\ndef g(x):\n    return builtins.__import__('torch').tanh(x)",
        "import importlib\ndef g(x):\n    return importlib.import_module('torch').tanh(x)",
        "import importlib as i\ndef g(x):\n    t = i.import_module('torch')\n    return t.tanh(x)",
        "from importlib import import_module as load\ndef g(x):\n    return load('torch').tanh(x)",
        "import sys\ndef g(x):\n    return sys.modules['torch'].tanh(x)",
        "import torch\ndef g(x):\n    return getattr(torch, 'tanh')(x)",
        "import torch\nread = getattr\ndef g(x):\n    return read(torch, 'tanh')(x)",
    ],
)
def test_an_import_under_another_name_is_found(source):
    assert found_in(source) in ("torch", "torch.tanh")


@pytest.mark.parametrize("block", ["if True:", "try:", "with open('x'):", "for _ in range(1):"])
def test_definitions_under_another_statement_are_read(block):
    source = f"import torch\n{block}\n    def g(x):\n        return torch.tanh(x)\n"
    source += "except ImportError:\n    pass\n" if block == "try:" else ""
    assert found_in(source) == "torch.tanh"


def test_a_function_of_the_notebook_itself_can_be_out_of_bounds():
    definition = "def numerical_gradient(f, theta):\n    return f(theta)\n"
    assert found_in(f"{definition}def g(x):\n    return numerical_gradient(len, x)")
    assert found_in(f"{definition}other = numerical_gradient\ndef g(x):\n    return other(len, x)")
    assert found_in(f"{definition}def g(x):\n    return x") is None
    assert found_in(definition, "numerical_gradient") is None


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ndef other(x):\n    return torch.tanh(x)\ndef g(x):\n    return x",
        "import numpy as np\ndef g(x):\n    return getattr(np, 'tanh')(x)",
        "table = {}\ndef g(x):\n    return table['torch']",
        "def g(x):\n    getattr = x\n    return getattr",
        "def g(x):\n    return 'import torch'",
    ],
)
def test_what_the_answer_does_not_use_is_left_alone(source):
    assert found_in(source) is None


def test_cells_are_read_one_after_the_other_and_the_last_word_counts():
    code = StudentCode("from torch import tanh\ndef g(x):\n    return tanh(x)")
    assert found_in(code) == "torch.tanh"
    code.add("def tanh(x):\n    return x")
    assert found_in(code) is None
    code.add("from torch import tanh")
    assert found_in(code) == "torch.tanh"


def test_a_cell_that_is_no_python_hides_nothing_of_the_others():
    code = StudentCode("import torch\nif True:\n    other = abs\nelse:\n    other = torch.tanh")
    code.add("def unfinished(x:\n    return x\n\n%%time\nlater = 1")
    code.add("def g(x):\n    return other(x)")
    assert found_in(code) == "torch.tanh"
    assert "later" in code.definitions


def test_what_is_read_once_for_many_notebooks_belongs_to_none_of_them():
    cell = "def g(x):\n    return curve(x)"
    cheat, honest = StudentCode("from torch import tanh as curve"), StudentCode("curve = abs")
    for code in (cheat, honest):
        code.add(cell)
    assert (found_in(cheat), found_in(honest)) == ("torch.tanh", None)


COMPLEX_STEPS = [
    "def swish_derivative(u):\n    return np.imag(u / (1 + np.exp(-u)) + 0j)\n",
    "def swish_derivative(u):\n    h = complex(0, 1e-30)\n    z = u + h\n"
    "    return (z / (1 + np.exp(-z))).imag / 1e-30\n",
    "def own(z):\n    return z / (1 + np.exp(-z))\n"
    "def swish_derivative(u):\n    return own(np.asarray(u) + 1e-30j).imag / 1e-30\n",
]


@pytest.mark.parametrize("source", COMPLEX_STEPS)
def test_a_step_into_the_complex_numbers_is_seen(source):
    assert takes_complex_step(StudentCode("import numpy as np\n" + source), "swish_derivative")


def test_a_right_derivative_by_a_complex_step_is_a_shortcut():
    def swish_derivative(u, beta=1.0):
        z = np.asarray(u) + 1e-30j
        return (z * (1 + np.tanh(beta * z / 2)) / 2).imag / 1e-30

    specified = exercise("06.swish_derivative")
    verdict = judge(specified, InProcess(swish_derivative), source=COMPLEX_STEPS[2])
    assert verdict.verdict == "shortcut" and "complex" in verdict.message


def test_honest_code_takes_no_complex_step():
    assert not takes_complex_step(StudentCode("def g(z):\n    return z.real\n"), "g")
    assert not takes_complex_step(StudentCode("def g(z):\n    return z.imag\n"), "g")
