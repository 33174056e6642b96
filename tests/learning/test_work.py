"""The folder that a learner works in: nothing of theirs is lost, whatever happens."""

import json
import shutil

import nbformat
import pytest

from autograder.course_folder import CourseFolder
from autograder.errors import Problem
from autograder.learning import work
from autograder.learning.work import copy_missing, update
from tests.conftest import FIRST, ROOT


@pytest.fixture
def course(course_folder):
    """A course folder with what is released of its notebook."""
    shutil.copytree(ROOT / "release" / FIRST, course_folder / "release" / FIRST)
    return CourseFolder(course_folder)


@pytest.fixture
def mine(course):
    """A learner's copy of the first notebook."""
    copies = copy_missing(course)
    return next(copy for copy in copies if copy.suffix == ".ipynb")


def edit(path, change):
    notebook = nbformat.read(path, as_version=4)
    change({cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells})
    nbformat.write(notebook, path)


def test_what_is_missing_is_copied_and_what_is_there_stays(course, mine):
    mine.write_text("my answers")
    assert copy_missing(course) == []
    assert mine.read_text() == "my answers"


def test_a_copy_that_was_cut_off_is_made_anew(course, mine):
    whole = mine.read_bytes()
    mine.write_bytes(whole[:1000])
    assert copy_missing(course) == [mine]
    assert mine.read_bytes() == whole


def test_a_full_disk_is_one_sentence_and_leaves_no_half_a_file(course, monkeypatch):
    def full(place, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(work.Path, "write_bytes", full)
    with pytest.raises(Problem, match="cannot be written: No space left on device"):
        copy_missing(course)
    assert [path.name for path in course.root.glob("work/*/*")] == []


def test_answers_and_own_cells_go_into_a_newer_release(course, mine):
    def answer(cells):
        cells["surprise"].source = "def surprise(p, base=2):\n    return mine"
        cells["sure-and-right"].source = "Both are sure."

    edit(mine, answer)
    notebook = nbformat.read(mine, as_version=4)
    notebook.cells.insert(4, nbformat.v4.new_code_cell("a_note = 1"))
    nbformat.write(notebook, mine)
    before = mine.read_bytes()
    release = course.notebook_path("release", FIRST)

    def reword(cells):
        cells["01-surprise"].source += "\ncheck(surprise).on(0.25).gives(2.0)"

    edit(release, reword)
    done = update(mine)
    assert (done.answers, done.own_cells, done.without_place) == (2, 1, [])
    assert done.kept_at.read_bytes() == before and done.kept_at.parent == course.root / "work"
    new = nbformat.read(mine, as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in new.cells}
    assert cells["surprise"].source.endswith("return mine")
    assert cells["sure-and-right"].source == "Both are sure."
    assert "0.25).gives(2.0)" in cells["01-surprise"].source
    assert "NotImplementedError" in cells["entropy"].source
    assert new.cells[4].source == "a_note = 1"
    nbformat.validate(new)
    assert update(mine) is None


def test_where_the_disk_is_full_an_update_leaves_everything_as_it_was(course, mine, monkeypatch):
    edit(mine, lambda cells: cells["surprise"].update(source="def surprise(p): return 1"))
    release = course.notebook_path("release", FIRST)
    release.write_text(release.read_text().replace("Surprise and entropy", "Another title"))
    before = mine.read_bytes()

    def full(place, name):
        raise OSError(28, "No space left on device")

    for step in ("write_bytes", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(work.Path if step == "write_bytes" else work.os, step, full)
            with pytest.raises(Problem, match="stays as it is: No space left on device"):
                update(mine)
        assert mine.read_bytes() == before
        assert not [path for path in course.root.rglob("*") if path.name.endswith(".part")]
        assert not list(course.root.rglob("*before-update*"))


def test_of_a_file_whose_cells_lost_their_ids_the_answers_are_carried_over(course, mine):
    edit(mine, lambda cells: cells["surprise"].update(source="def surprise(p):\n    return mine"))
    content = json.loads(mine.read_text())
    for number, cell in enumerate(content["cells"]):
        cell["id"] = f"{number:08x}"
    mine.write_text(json.dumps(content))
    done = update(mine)
    assert (done.answers, done.own_cells) == (1, 0)
    release = nbformat.read(course.notebook_path("release", FIRST), as_version=4)
    assert len(nbformat.read(mine, as_version=4).cells) == len(release.cells)


def test_an_answer_without_a_place_in_the_newer_release_is_at_its_end(course, mine):
    edit(mine, lambda cells: cells["surprise"].update(source="def surprise(p):\n    return mine"))
    release = course.notebook_path("release", FIRST)
    content = json.loads(release.read_text())
    content["cells"] = [
        cell
        for cell in content["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in ("surprise", "01-surprise")
    ]
    release.write_text(json.dumps(content))
    assert update(mine).without_place == ["surprise"]
    assert nbformat.read(mine, as_version=4).cells[-1].source.endswith("return mine")


def test_the_release_itself_is_not_updated(course):
    with pytest.raises(Problem, match="is the release itself"):
        update(course.notebook_path("release", FIRST))
