"""`autograder watch`: judged at every save, and only what has changed is shown."""

import shutil

import nbformat
import pytest

from autograder.errors import Problem
from autograder.learning.watch import Round, rounds
from tests.conftest import FIRST, ROOT
from tests.support.totals import exercises_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A learner's file, and the rounds of its watching."""
    file = tmp_path_factory.mktemp("work") / FIRST / f"{FIRST}.ipynb"
    file.parent.mkdir()
    shutil.copy(ROOT / "release" / FIRST / f"{FIRST}.ipynb", file)
    found = rounds(file)
    yield file, found
    found.close()


def save(file, surprise: str) -> None:
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "surprise":
            cell.source = f"def surprise(p, base=2):\n    {surprise}"
    nbformat.write(notebook, file)


def test_a_save_shows_what_it_has_changed_and_nothing_else(watched):
    file, found = watched
    first = next(found)
    assert isinstance(first, Round) and first.first and len(first.changed) == exercises_in(FIRST)
    save(file, "return -np.log(p)")
    (row,) = next(found).changed
    assert (row["exercise"], row["verdict"]) == ("01.surprise", "known mistake")
    save(file, "return -np.log2(p) if base == 2 else -np.log(p) / np.log(base)")
    second = next(found)
    assert [row["verdict"] for row in second.changed] == ["right"]
    save(file, "return -np.log(p) / np.log(base)")
    third = next(found)
    assert third.changed == [] and third.report.score == 1


def test_a_file_that_cannot_be_read_is_said_and_watching_goes_on(watched):
    file, found = watched
    whole = file.read_text()
    file.write_text("half of a no")
    assert "not JSON" in next(found)
    file.write_text(whole)
    assert next(found).report.score == 1


def test_verdicts_are_kept_beside_the_work(watched):
    file, _ = watched
    assert "01.surprise" in (file.parents[1] / "progress.jsonl").read_text()


def test_where_verdicts_cannot_be_kept_the_reason_is_told_and_they_are_given(watched):
    file, found = watched
    kept = file.parents[1] / "progress.jsonl"
    kept.unlink(missing_ok=True)
    kept.mkdir()
    save(file, "return -np.log(p)")
    told = next(found)
    assert told.unkept == "Is a directory"
    assert ("01.surprise", "known mistake") in [
        (row["exercise"], row["verdict"]) for row in told.changed
    ]


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(Problem, match="There is no file"):
        next(rounds(tmp_path / "no.ipynb"))
