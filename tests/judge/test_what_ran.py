"""What counts for a shortcut is what ran when the answer was called."""

import numpy as np
import pytest
from nbformat import from_dict

from autograder.judge.shortcuts import StudentCode, find_shortcut
from autograder.run.assess import GradedCell, assess, plain_cells, verdicts_of
from autograder.source_text import as_it_ran
from tests.hostile.cases import code
from tests.support.rooms import sandbox_with_everything

pytestmark = pytest.mark.slow

LIBRARY = "from scipy.special import softmax\n"
OWN = "def softmax(z):\n    return 1\n"
NEVER_RAN = {
    "syntax error": f"{LIBRARY}print(softmax(1)",
    "script": f"%%script false --no-raise-error\n{LIBRARY}",
    "behind the error": f"import not_installed\n{LIBRARY}",
    "behind an error within a statement": f"for i in range(3):\n    1 / 0\n{LIBRARY}",
    "file": f"%%writefile other.py\n{LIBRARY}",
    "bash": f"%%bash\ncat <<END\n{LIBRARY}END\n",
    "timed in a scope of its own": f"%%timeit -n1 -r1\n{LIBRARY}",
    "switched off": f"if False:\n    {LIBRARY}",
    "switched off with 0, further in": f"try:\n    while 0:\n        {LIBRARY}finally:\n    pass",
    "switched off behind another": f"if not True:\n    x = 1\nelif None:\n    {LIBRARY}",
    "another language": f"%%html\n{LIBRARY}",
}
RAN = {
    "plain": LIBRARY,
    "timed": f"%%time\n{LIBRARY}",
    "captured and timed": f"%%capture\n%%time\n{LIBRARY}",
    "behind a command": f"!echo x\n{LIBRARY}",
    "before the error": f"{LIBRARY}1 / 0",
    "help": f"{LIBRARY}softmax?",
    "the other branch": f"if False:\n    pass\nelse:\n    {LIBRARY}",
}


@pytest.fixture(scope="module")
def sandbox():
    with sandbox_with_everything("none") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def room(sandbox):
    with sandbox.open() as room:
        room.run("import numpy as np, torch, scipy.special\nfrom scipy.special import expit")
        yield room


def assessed(cells, graded, room):
    events = assess(plain_cells(from_dict({"cells": cells})), graded, room, seed=1)
    return verdicts_of(events, graded)


def accused(sandbox, cell):
    """Whether the own answer of 03.softmax before `cell` is taken for a shortcut."""
    test = {"nbgrader": {"grade_id": "t"}}
    graded = GradedCell.read("t", 1.0, 'autograder.check("03.softmax", softmax)')
    cells = [code(OWN, "a"), code(cell, "b"), code("", "c", **test)]
    with sandbox.open() as room:
        (found,) = assessed(cells, {"t": graded}, room)["t"].verdicts
    return found.verdict == "shortcut"


@pytest.mark.parametrize("name", NEVER_RAN)
def test_what_never_ran_accuses_nobody(sandbox, name):
    assert not accused(sandbox, NEVER_RAN[name])


@pytest.mark.parametrize("name", RAN)
def test_what_ran_is_looked_at(sandbox, name):
    assert accused(sandbox, RAN[name])


def test_the_rest_of_a_cell_with_magics_is_cut_off_behind_its_error_too():
    cell = f"%matplotlib inline\nfor i in range(3):\n    1 / 0\n{LIBRARY}"
    assert find_shortcut(StudentCode(as_it_ran(cell, 3)), "softmax", ("scipy",)) is None
    assert find_shortcut(StudentCode(as_it_ran(cell)), "softmax", ("scipy",)) is not None


# Each is the body of `f(x)`; what its call enters stands beside it.
ENTERED = {
    "scipy.special.expit": [
        "return expit(x)",
        "return getattr(scipy.special, 'ex' + 'pit')(x)",
        "return eval('expit')(x)",
        "return list(map(np.vectorize(expit), x))",
        "import importlib\nreturn importlib.import_module('scipy.special').expit(x)",
        "names = {}\nexec('from scipy.special import expit as e', names)\nreturn names['e'](x)",
        "class Own:\n    step = staticmethod(expit)\nreturn Own.step(x)",
        "import sys\nsys.setprofile(None)\nsys.settrace(None)\nreturn expit(x)",
    ],
    "torch.sigmoid": [
        "return torch.sigmoid(torch.from_numpy(x))",
        "return torch.from_numpy(x).sigmoid()",
    ],
    "torch.autograd.backward": [
        "t = torch.tensor(x, requires_grad=True)\n(t * t).sum().backward()\nreturn t.grad",
    ],
    "torch.nn.Module": ["return torch.nn.Sigmoid()(torch.from_numpy(x))"],
    "scipy.stats.entropy": ["import scipy.stats\nreturn scipy.stats.entropy(x)"],
}
NOTHING = [
    "return 1 / (1 + np.exp(-x))",
    "with torch.no_grad():\n    return torch.exp(torch.from_numpy(x)).numpy()",
    "if False:\n    return expit(x)\nreturn x",
    "import scipy.stats\nreturn x",
    "return scipy.special.xlogy(x, x)",
]


def entered(room, body):
    """What two calls of a function with this body entered, as the room says."""
    room.run("def f(x):\n    " + body.replace("\n", "\n    "))
    answers = room.probe("f", [((np.array([0.2, 0.8]),), {})] * 2)
    assert {answer.kind for answer in answers} == {"value"}
    return answers[1].entered


@pytest.mark.parametrize(
    ("name", "body"), [(name, body) for name, bodies in ENTERED.items() for body in bodies]
)
def test_a_library_that_is_entered_is_noted_whatever_leads_to_it(room, name, body):
    assert name in entered(room, body)


@pytest.mark.parametrize("body", NOTHING)
def test_steps_that_are_allowed_and_lines_that_do_not_run_are_not_noted(room, body):
    assert entered(room, body) == ()


def test_a_call_of_ours_around_the_answer_is_not_the_students(room):
    room.run("from course import tensors\ndef square(x):\n    return (x * x).sum()")
    calls = [((np.array([0.2, 0.8]),), {"upstream": np.array(1.0)})]
    assert room.probe("tensors.value_and_gradient(square)", calls)[0].entered == ()


def test_nobody_looks_behind_what_notes_without_being_heard(sandbox):
    with sandbox.open() as room:
        room.run("from scipy.special import expit")
        assert entered(room, "return expit(x)") == ("scipy.special.expit",)
        room.run("own = expit.__code__.co_consts")
        assert entered(room, "return x") is None


def test_a_line_that_does_not_run_accuses_nobody(sandbox):
    body = "def softmax(z):\n    if False:\n        return scipy.special.softmax(z)\n    return 1\n"
    assert not accused(sandbox, f"import scipy.special\n{body}")


def test_what_hides_from_the_source_is_a_shortcut_all_the_same(sandbox):
    hidden = (
        "def softmax(z):\n    return eval('__import__(\"scipy.special\")').special.softmax(z)\n"
    )
    assert accused(sandbox, hidden)


def test_steps_written_with_torch_are_no_shortcut(sandbox):
    steps = "def softmax(z):\n    e = torch.exp(torch.from_numpy(z))\n    return e / e.sum()\n"
    assert not accused(sandbox, f"import torch\n{steps}")


def test_a_shortcut_costs_its_own_exercise_and_not_those_that_call_it(sandbox):
    own = "def predict_proba(X, w):\n    return sigmoid(X @ w[1:] + w[0])\n"
    cells = [
        code("from scipy.special import expit\ndef sigmoid(z):\n    return expit(z)\n", "a"),
        code("", "b", nbgrader={"grade_id": "s"}),
        code(own, "c"),
        code("", "d", nbgrader={"grade_id": "p"}),
    ]
    graded = {
        "s": GradedCell.read("s", 2.0, 'autograder.check("02.sigmoid", sigmoid)'),
        "p": GradedCell.read("p", 1.0, 'autograder.check("02.predict_proba", predict_proba)'),
    }
    with sandbox.open() as room:
        found = assessed(cells, graded, room)
    (sigmoid,), (proba,) = found["s"].verdicts, found["p"].verdicts
    assert sigmoid.verdict == "shortcut" and "scipy.special.expit" in sigmoid.message
    assert proba.right and proba.slips == ("sigmoid",)
