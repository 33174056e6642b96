"""docs/authoring.md, followed: an exercise, and a whole notebook, are added by touching two places,
and taken away again."""

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from tests.conftest import FIRST, ROOT

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^autograder (.+)$", PAGE, re.MULTILINE)
ADDED, SOLUTION, VISIBLE, PACKAGE, SETUP = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ANSWER = "def perplexity(p):\n    return np.exp(-np.sum(p * np.log(p)))"


@pytest.fixture
def tree(tmp_path):
    """A copy of the project with the first notebook alone, as far as its first exercise: each
    command proves all that is there."""
    for name in ("autograder", "course"):
        # With what Python has compiled of it, which else each command would do again.
        shutil.copytree(ROOT / name, tmp_path / name)
    for module in (tmp_path / "autograder/exercises/surprise_and_entropy").glob("*.py"):
        if module.stem not in ("__init__", "inputs", "reference", "surprise"):
            module.unlink()
    source = nbformat.read(ROOT / "source" / FIRST / f"{FIRST}.ipynb", as_version=4)
    ids = [cell.id for cell in source.cells]
    source.cells = source.cells[: ids.index("check-01-surprise") + 2]
    place = tmp_path / "source" / FIRST / f"{FIRST}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(source, place)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    return tmp_path


def run(tree, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", "from autograder.cli import main; main()", *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def filled_in(path, number):
    """Give the new cells of a source notebook a solution and a visible check."""
    source = nbformat.read(path, as_version=4)
    for cell in source.cells:
        if cell.id == "answer-perplexity":
            cell.source = SOLUTION.strip()
        elif cell.id == f"check-{number}-perplexity":
            _, hidden = cell.source.split("\n", 1)
            cell.source = VISIBLE + hidden
    nbformat.write(source, path)


def test_an_exercise_is_added_graded_and_removed_by_two_files(tree):
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    code, said = run(tree, *COMMANDS[0].split())
    assert code == 0, said
    module = tree / "autograder/exercises/surprise_and_entropy/perplexity.py"
    notebook = tree / "source" / FIRST / f"{FIRST}.ipynb"
    touched = {p for p in tree.rglob("*") if p.is_file() and p.read_bytes() != before.get(p)}
    assert {p for p in touched if p.suffix != ".pyc"} == {module, notebook}

    code, said = run(tree, "build")
    assert code == 1
    for lack in ("fewer than two cases", "four honest styles", "no named mistake", "no hint"):
        assert f"01.perplexity has {lack}" in said or lack in said, said

    module.write_text(ADDED)
    filled_in(notebook, "01")
    code, said = run(tree, *COMMANDS[1].split())
    assert code == 0, said
    source = nbformat.read(notebook, as_version=4)
    (card,) = (cell for cell in source.cells if cell.id == "card-perplexity")
    assert "*2 points · 7 minutes*" in card.source
    hints = json.loads((tree / "course" / "hints" / f"{FIRST}.json").read_text())
    assert list(hints)[-1] == "perplexity"

    released = nbformat.read(tree / "release" / FIRST / f"{FIRST}.ipynb", as_version=4)
    for cell in released.cells:
        if cell.id == "answer-perplexity":
            cell.source = ANSWER
    handed_in = tree / "submitted" / "ana" / FIRST / f"{FIRST}.ipynb"
    handed_in.parent.mkdir(parents=True)
    nbformat.write(released, handed_in)
    code, said = run(tree, "grade", "--json", "--isolation", "none")
    row = json.loads(said.splitlines()[0])
    (own,) = (one for one in row["exercises"] if one["exercise"] == "01.perplexity")
    assert (own["verdict"], own["points"]) == ("right", 2.0)

    module.unlink()
    notebook.write_bytes(before[notebook])
    code, said = run(tree, "build")
    assert code == 0, said
    assert "perplexity" not in json.loads((tree / "course" / "hints" / f"{FIRST}.json").read_text())


def test_a_notebook_is_added_by_one_folder_here_and_one_under_source(tree):
    package = tree / "autograder" / "exercises" / "perplexity_alone"
    package.mkdir()
    (package / "__init__.py").write_text(PACKAGE)
    place = tree / "source" / "97-perplexity" / "97-perplexity.ipynb"
    place.parent.mkdir()
    source = nbformat.read(tree / "source" / FIRST / f"{FIRST}.ipynb", as_version=4)
    setup = [cell for cell in source.cells if cell.metadata.get("nbgrader", {}).get("locked")][:1]
    setup[0].source = SETUP.strip()
    source.cells = setup
    nbformat.write(source, place)
    code, said = run(tree, *COMMANDS[2].split())
    assert code == 0, said
    text = ADDED.replace("surprise_and_entropy", "perplexity_alone")
    (package / "perplexity.py").write_text(text)
    filled_in(place, "97")
    code, said = run(tree, *COMMANDS[3].split())
    assert code == 0, said
    assert (tree / "release" / "97-perplexity" / "97-perplexity.ipynb").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("96", "perplexity"), "There is no notebook 96"),
        (("01", "surprise"), "There is an exercise surprise"),
        (("01", "2nd"), "cannot be the name of an exercise"),
    ],
)
def test_what_cannot_be_added_is_said_in_a_sentence(tree, arguments, words):
    code, said = run(tree, "new", "exercise", *arguments)
    assert code == 2 and words in said and "Traceback" not in said
