"""A grade does not depend on who else is graded, nor on what else the machine does."""

import os
import subprocess
import sys

import pytest

from autograder.course_folder import CONFIG
from tests.hostile.cases import Case, hand_in
from tests.hostile.conftest import Class, fresh_course, template  # noqa: F401
from tests.support.grading import grade_folder

pytestmark = [pytest.mark.walls, pytest.mark.slow]
# Computes for two fifths of the limit, whoever else computes.
SLOW = """
import time

start = time.process_time()
while time.process_time() - start < 1:
    sum(range(10_000))
counted = 1
"""


@pytest.fixture
def busy():
    """A process on every core that computes and computes."""
    command = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(command) for _ in range(os.cpu_count())]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


@pytest.mark.parametrize("number", [1, 12])
def test_a_slow_notebook_earns_the_same_in_any_company(request, busy, number):
    root, course = map(request.getfixturevalue, ("fresh_course", "template"))
    with (root / CONFIG).open("a") as config:
        config.write("\nc.Judge.limits = {'cell_seconds': 2.5}\n")
    for student in range(number):
        hand_in(Case(f"s{student}", "honest", scratch=SLOW), course.release, root)
    found = grade_folder(Class(root, {}).folder, workers=number)
    rows = [(each.score, each.exercises) for each in found]
    assert len(rows) == number
    assert all(row == rows[0] for row in rows) and rows[0][0] == 4
