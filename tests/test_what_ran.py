"""Nobody is accused of a shortcut for code that never ran."""

import pytest

from autograder.judge.shortcuts import find_shortcut
from autograder.run.assess import assess, course_sandbox
from autograder.run.graded_cells import GradedCell
from autograder.source_text import as_it_ran
from tests.hostile.cases import code

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
    "another language": f"%%html\n{LIBRARY}",
}
RAN = {
    "plain": LIBRARY,
    "timed": f"%%time\n{LIBRARY}",
    "captured and timed": f"%%capture\n%%time\n{LIBRARY}",
    "behind a command": f"!echo x\n{LIBRARY}",
    "before the error": f"{LIBRARY}1 / 0",
    "help": f"{LIBRARY}softmax?",
}


@pytest.fixture(scope="module")
def sandbox():
    with course_sandbox("none") as sandbox:
        yield sandbox


def accused(sandbox, cell):
    """Whether the own answer of 03.softmax before `cell` is taken for a shortcut."""
    from nbformat import from_dict

    test = {"nbgrader": {"grade_id": "t"}}
    graded = GradedCell.read("t", 1.0, 'autograder.check("03.softmax", softmax)')
    cells = [code(OWN, "a"), code(cell, "b"), code("", "c", **test)]
    with sandbox.open() as room:
        found = assess(from_dict({"cells": cells}), {"t": graded}, room, seed=1)
    return found["t"].verdicts[0].verdict == "shortcut"


@pytest.mark.parametrize("name", NEVER_RAN)
def test_what_never_ran_accuses_nobody(sandbox, name):
    assert not accused(sandbox, NEVER_RAN[name])


@pytest.mark.parametrize("name", RAN)
def test_what_ran_is_looked_at(sandbox, name):
    assert accused(sandbox, RAN[name])


def test_the_rest_of_a_cell_with_magics_is_cut_off_behind_its_error_too():
    cell = f"%matplotlib inline\nfor i in range(3):\n    1 / 0\n{LIBRARY}"
    assert find_shortcut(as_it_ran(cell, 3), "softmax", ("scipy",)) is None
    assert find_shortcut(as_it_ran(cell), "softmax", ("scipy",)) is not None
