"""Rooms have ready what the notebooks in hand need, and students never notice the difference."""

import pytest

from autograder.course_folder import CourseFolder
from autograder.hooks.course_cells import needs_of_course
from autograder.run.sandboxes import Needs, Sandboxes
from autograder.sandbox import Limits
from tests.conftest import FIRST, ROOT

LOADED = "import sys\nprint(*sorted({'torch', 'sklearn', 'course.plots'} & sys.modules.keys()))"


@pytest.fixture
def sandboxes():
    """Those of a process of its own."""
    made = Sandboxes()
    yield made
    made.close()


def loaded(sandbox):
    """Which of the packages that take long are there before a cell asks for them."""
    with sandbox.open() as room:
        return room.run(LOADED).outputs[0]["text"].split()


def test_the_course_s_own_notebooks_say_what_they_need():
    first = needs_of_course(CourseFolder(ROOT), [FIRST])
    assert first.numbers == {"01"}
    assert {"numpy", "course.plots.surprise_and_entropy"} <= first.modules
    assert not [name for name in first.modules if name.startswith(("torch", "sklearn"))]
    both = needs_of_course(CourseFolder(ROOT), [FIRST, "05-autograd"])
    assert both.numbers == {"01", "05"} and {"torch", "torch.optim"} <= both.modules


def test_what_cannot_be_read_needs_nothing_until_somebody_says_why(course_folder):
    (course_folder / "source" / FIRST / f"{FIRST}.ipynb").write_text("{")
    assert needs_of_course(CourseFolder(course_folder), [FIRST]) == Needs()


@pytest.mark.slow
def test_who_names_more_than_the_class_finds_that_ready_too(sandboxes):
    ordinary = Needs.of(["import numpy", "from course import plots"], ["01"])
    first = sandboxes.fitting("none", Limits(), ordinary)
    assert loaded(first) == ["course.plots"]
    assert sandboxes.fitting("none", Limits(), ordinary) is first
    assert sandboxes.fitting("none", Limits(), Needs()) is first
    asked = Needs.of(["from sklearn import metrics"], ["02"])
    more = sandboxes.fitting("none", Limits(), asked)
    assert more is not first and loaded(more) == ["course.plots", "sklearn"]
    assert sandboxes.fitting("none", Limits(), asked) is more
    assert sandboxes.fitting("none", Limits(), ordinary) is first
