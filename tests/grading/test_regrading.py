"""What regrades a class and what does not, and what is said of a check that is broken: a copy of
the whole project is changed between two runs of `autograder grade`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.course_folder import CONFIG
from autograder.exercises import exercise
from autograder.exercises.sources import answer_source
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

NAME = "04-backprop-by-hand"
KEPT = ("setup", "sigmoid", "04-sigmoid")
COMMAND = "import sys; from autograder.cli import main; main(sys.argv[1:])"


class Copy:
    """A copy of the project's code with a course folder in which one student has handed in."""

    def __init__(self, root: Path):
        self.code, self.course = root / "code", root / "course"
        for package in ("autograder", "course"):
            # With what Python has compiled of it, which else each command would do again.
            shutil.copytree(ROOT / package, self.code / package)
        source = nbformat.read(ROOT / "source" / NAME / f"{NAME}.ipynb", as_version=4)
        source.cells = [
            cell
            for cell in source.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") in KEPT
        ]
        for cell in source.cells:
            if cell.metadata.nbgrader.grade_id == "sigmoid":
                cell.source = answer_source(
                    next(iter(exercise("04.sigmoid").styles.values())), "sigmoid"
                )
        for folder in (Path("source"), Path("submitted") / "alice"):
            place = self.course / folder / NAME
            place.mkdir(parents=True)
            nbformat.write(source, place / f"{NAME}.ipynb")
        shutil.copy(ROOT / CONFIG, self.course)

    def autograder(self, *arguments: str) -> subprocess.CompletedProcess:
        """The command of the copy, run in its course folder."""
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=self.course,
            env={**os.environ, "PYTHONPATH": str(self.code), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
        )

    def graded(self) -> list[str]:
        """Who is graded by the command now; all of what is handed in can be."""
        result = self.autograder("grade", "--isolation", "none", "--json")
        assert result.returncode == 0, result.stderr
        return [json.loads(line)["student"] for line in result.stdout.splitlines()]

    def change(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in a file of the copy."""
        path = self.code / file
        text = path.read_text(encoding="utf-8")
        assert old in text, file
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_a_mended_check_of_02_regrades_what_04_makes_of_it_and_words_regrade_nothing(copy):
    assert copy.graded() == ["alice"]
    assert copy.graded() == []

    copy.change("course/plots/autograd.py", "import numpy", "# A picture's comment.\nimport numpy")
    copy.change("course/plots/backprop_by_hand.py", "import numpy", "import math\nimport numpy")
    copy.change("autograder/judge/verdicts.py", '"""', '"""Other words. ')
    copy.change("autograder/exercises/logistic_regression/sigmoid.py", '"""', '"""Other words. ')
    copy.change("autograder/exercises/autograd/binary_loss.py", "points=1", "points=2")
    for said in ("minutes=", 'said="', "hints=("):
        more = {
            "minutes=": "minutes=1 + ",
            'said="': 'said="Once more: ',
            "hints=(": 'hints=("Look.",',
        }
        copy.change("autograder/exercises/logistic_regression/sigmoid.py", said, more[said])
    assert copy.graded() == []

    sigmoid = "autograder/exercises/logistic_regression/sigmoid.py"
    copy.change(
        sigmoid, "    yield case(", "    yield case(np.array([0.5, -1.5]))\n    yield case("
    )
    assert "1 grade was given by other checks" in copy.autograder("next").stdout
    assert copy.graded() == ["alice"]
    assert copy.graded() == []


def test_a_broken_check_is_one_sentence_with_its_place_and_the_whole_error_in_a_file(copy):
    sigmoid = "autograder/exercises/logistic_regression/sigmoid.py"
    copy.change(sigmoid, "    yield case(", "    yield case(1 / 0)\n    yield case(")
    text = (copy.code / sigmoid).read_text(encoding="utf-8")
    line = text[: text.index("1 / 0")].count("\n") + 1

    result = copy.autograder("grade", "--isolation", "none")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert f"in {sigmoid}, line {line}: ZeroDivisionError: division by zero. " in result.stderr
    assert ".autograder/last-error.txt. Not graded." in result.stderr
    told = (copy.course / ".autograder" / "last-error.txt").read_text(encoding="utf-8")
    assert "alice" in told and "Traceback" in told and "yield case(1 / 0)" in told

    result = copy.autograder("--debug", "grade", "--isolation", "none")
    assert "Traceback" in result.stderr and "yield case(1 / 0)" in result.stderr

    result = copy.autograder("check", f"submitted/alice/{NAME}/{NAME}.ipynb")
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert f"in {sigmoid}, line {line}: ZeroDivisionError" in result.stderr
    assert "--debug" in result.stderr
    told = (copy.course / ".autograder" / "last-error.txt").read_text(encoding="utf-8")
    assert told.startswith("Traceback") and "yield case(1 / 0)" in told
