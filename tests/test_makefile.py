"""What make does for a learner, read off what it would run."""

import os
import shutil
import subprocess

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path):
    """The Makefile where nothing is set up yet."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def would_run(checkout, *arguments):
    command = ["make", "--dry-run", *arguments]
    shown = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
    return shown.stdout.splitlines()


def test_a_learner_gets_the_course_without_what_tests_need(checkout):
    lines = would_run(checkout, "lab")
    assert any(line.endswith("--editable .") for line in lines)
    assert not any("[test]" in line for line in lines)
    assert ".venv/bin/autograder work" in lines


def test_another_python_can_be_named(checkout):
    lines = would_run(checkout, "lab", "PYTHON=python3.12")
    assert any("python3.12 -m venv .venv" in line for line in lines)


def test_root_is_told_to_jupyterlab_which_refuses_it_otherwise(checkout):
    (started,) = [line for line in would_run(checkout, "lab") if "jupyter lab work" in line]
    assert ("--allow-root" in started) == (os.getuid() == 0)
