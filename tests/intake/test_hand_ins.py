"""Hand-ins as people report them: nothing a student wrote is lost, and every file is read that can
be."""

import base64
import io
import json
import os
import re
import shutil

import nbformat
import pytest
from click.testing import CliRunner
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from PIL import Image

from autograder.cli import main
from autograder.grading import Grading, make_feedback
from autograder.hooks.clean_html import markdown2html
from autograder.intake.files import attach_pictures, files_beside, to_hide
from autograder.intake.notebooks import rebuild_notebook
from autograder.intake.repair import CourseCell, repair
from autograder.report.collect import collect
from autograder.report.lms import write_export
from tests.hostile.cases import NAME, Case, hand_in, text
from tests.hostile.conftest import Class, fresh_course, template  # noqa: F401
from tests.hostile.hand_ins import CASES, ELSEWHERE, HONEST, NOT_ELSEWHERE, RELEASE, WORDS, files
from tests.support.grading import grade_folder

pytestmark = pytest.mark.walls
MERGE = '{\n "cells": [\n<<<<<<< HEAD\n  1\n=======\n  2\n>>>>>>> theirs\n ]\n}\n'


@pytest.fixture(scope="module")
def graded(template, tmp_path_factory):  # noqa: F811

    root = tmp_path_factory.mktemp("hand-ins") / "course"
    shutil.copytree(template.root, root)
    RELEASE.update(template.release)
    for case in CASES:
        hand_in(case, template.release, root)
    hand_in(Case("merge-marks", "document", place=text(MERGE)), template.release, root)
    hand_in(Case("right", "honest"), template.release, root)
    for name, change in NOT_ELSEWHERE.items():
        hand_in(Case(name, "honest", change=change), template.release, root)
    hand_in(Case("obrien", "honest", student="Seán O'Brien"), template.release, root)
    own_page = files(**{f"{NAME}_dot_html": "<p>mine</p>"})
    hand_in(Case("own-page", "honest", place=own_page), template.release, root)
    hand_in(
        Case("imports-pandas", "honest", scratch="import not_here.at_all"), template.release, root
    )
    graded = grade_folder(Class(root, {}).folder, force=True)
    found = {one.submission.student: one for one in graded}
    return root, found


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.name)
def test_all_points_with_what_was_put_right(graded, case):
    found = graded[1][case.name]
    assert (found.score, found.problem) == (4, ""), (found.exercises, found.repairs)
    assert case.repairs in " ".join(found.repairs)


def test_check_sees_the_files_that_grade_sees(graded):
    file = graded[0] / "submitted" / "subfolders" / NAME / f"{NAME}.ipynb"
    result = CliRunner().invoke(main, ["check", "--json", str(file)], catch_exceptions=False)
    assert json.loads(result.stdout)["score"] == graded[1]["subfolders"].score == 4


def test_a_written_answer_whose_cell_was_lost_waits_for_a_person(graded):
    with Gradebook(f"sqlite:///{graded[0]}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("sure-and-right", NAME, NAME, "lost-text")
        assert grade.needs_manual_grade and grade.auto_score is None
        comment = gradebook.find_comment("sure-and-right", NAME, NAME, "lost-text")
        assert "looks for the answer" in comment.auto_comment
        right = gradebook.find_grade("sure-and-right", NAME, NAME, "right")
        assert (right.needs_manual_grade, right.auto_score) == (False, 0)


def state(root, student):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("sure-and-right", NAME, NAME, student)
        comment = gradebook.find_comment("sure-and-right", NAME, NAME, student)
        return grade.needs_manual_grade, grade.auto_score, comment.auto_comment


@pytest.mark.parametrize("student", ELSEWHERE)
def test_a_written_answer_outside_its_cell_waits_for_a_person_who_sees_it(graded, student):
    waits, score, comment = state(graded[0], student)
    assert waits and score is None and "another cell holds a text" in comment
    path = graded[0] / "autograded" / student / NAME / f"{NAME}.ipynb"
    own = [cell.source for cell in nbformat.read(path, 4).cells if "nbgrader" not in cell.metadata]
    assert any(words in "".join(own) for words in (WORDS, "The sure one.", "attachment:x.png"))


def test_raw_text_is_in_the_page_that_a_person_reads(graded):
    grading = Grading(Class(graded[0], {}).folder)
    (submission,) = grading.submissions([], "kept-as-raw-text").submissions
    assert list(make_feedback(grading.folder, [submission])) == [(submission, "")]
    page = graded[0] / "feedback" / "kept-as-raw-text" / NAME / f"{NAME}.html"
    assert WORDS in page.read_text()


@pytest.mark.parametrize("student", NOT_ELSEWHERE)
def test_nobody_is_asked_to_mark_what_is_not_written(graded, student):
    assert state(graded[0], student) == (False, 0, "No response.")


def test_an_apostrophe_is_a_part_of_a_name(graded):
    root = graded[0]
    assert graded[1]["Seán O'Brien"].score == 4
    grading = Grading(Class(root, {}).folder)
    (submission,) = grading.submissions([], "Seán O'Brien").submissions
    assert list(make_feedback(grading.folder, [submission])) == [(submission, "")]
    assert (root / "feedback" / "Seán O'Brien" / NAME / f"{NAME}.html").is_file()
    write_export(collect(Class(root, {}).folder, []), "canvas", root / "grades.csv")
    assert "Seán O'Brien,,,Seán O'Brien,,4" in (root / "grades.csv").read_text()


def test_marks_of_a_merge_are_named_with_their_line(graded):
    problem = graded[1]["merge-marks"].problem
    assert "line 3 holds a mark of a merge" in problem and "HEAD" not in problem


def test_a_page_of_the_students_own_does_not_lie_where_the_feedback_goes(graded):
    root, found = graded
    assert found["own-page"].score == 4
    assert not (root / "autograded" / "own-page" / NAME / f"{NAME}.html").exists()


def test_a_package_that_is_not_here_is_known(graded):
    assert graded[1]["imports-pandas"].missing == ("not_here",)
    assert graded[1]["right"].missing == ()


def test_folders_of_tools_do_not_crowd_out_a_students_files(tmp_path):
    folder = tmp_path / "anna" / NAME
    for place in (".git/objects", ".venv/lib", "env/lib", "data"):
        (folder / place).mkdir(parents=True)
    for number in range(600):
        (folder / ".git/objects" / str(number)).write_text("x")
    (folder / "env/pyvenv.cfg").write_text("")
    (folder / "env/lib/numpy.py").write_text("")
    (folder / "helper.py").write_text("x = 1")
    (folder / "data/a.csv").write_text("1")
    (folder / "data/a\udcff.csv").write_text("1")
    hidden, remarks = to_hide(str(folder))
    assert remarks == []
    assert {os.path.relpath(path, folder) for path in hidden} == {".git", ".venv", "env"}
    assert files_beside(str(folder), 10**6) == {"helper.py": b"x = 1", "data/a.csv": b"1"}


def test_the_small_files_are_kept_where_there_are_too_many(tmp_path):
    folder = tmp_path / "anna" / NAME
    folder.mkdir(parents=True)
    for number in range(600):
        (folder / f"large{number}").write_text("x" * 100)
    (folder / "helper.py").write_text("x = 1")
    hidden, (remark,) = to_hide(str(folder))
    assert str(folder / "helper.py") not in hidden and len(hidden) == 101
    assert "left out" in remark


def picture(kind):
    made = io.BytesIO()
    Image.new("RGB", (4, 3)).save(made, kind)
    return made.getvalue()


def attached(name, kind):
    return {name: {f"image/{kind}": base64.b64encode(picture(kind)).decode()}}


@pytest.mark.parametrize(
    "words, attachments",
    [
        ("![x](attachment:gráfico.png)", attached("gráfico.png", "png")),
        ("![x](attachment:gr%C3%A1fico.png)", attached("gráfico.png", "png")),
        ("![x](attachment:image%201.png)", attached("image 1.png", "png")),
        ('<img src="attachment:image.png" width=300>', attached("image.png", "png")),
        ("![x](attachment:a.gif)", attached("a.gif", "gif")),
        ("![x](attachment:a.webp)", attached("a.webp", "webp")),
        ("![x](attachment:a.bmp)", attached("a.bmp", "bmp")),
    ],
)
def test_an_attached_picture_is_shown(words, attachments):
    page = markdown2html({"cell": {"attachments": attachments}}, words)
    assert re.search('<img [^>]*src="data:image/png;base64,', page)


@pytest.mark.parametrize(
    "words", ["![x](attachment:lost.png)", "![x](figure.png)", "<img src='http://x/lost.png'>"]
)
def test_a_picture_that_cannot_be_shown_is_said(words):
    page = markdown2html({"cell": {}}, words)
    assert "<img" not in page and "was left out" in page and ".png" in page


def test_a_picture_in_a_file_beside_is_shown(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a b.png").write_bytes(picture("png"))
    (tmp_path.parent / "secret.png").write_bytes(picture("png"))
    source = "![x](figures/a%20b.png) ![y](../secret.png) ![z](/etc/passwd.png)"
    notebook = NotebookNode(cells=[NotebookNode(cell_type="markdown", source=source)])
    attach_pictures(notebook, str(tmp_path))
    assert list(notebook.cells[0].attachments) == ["figures/a%20b.png"]
    page = markdown2html({"cell": notebook.cells[0]}, source)
    assert page.count("<img") == 1 and page.count("was left out") == 2


def test_the_pictures_of_a_split_answer_stay():
    cells = [
        {
            "cell_type": "markdown",
            "source": f"part {kind}",
            "metadata": {"nbgrader": {"grade_id": "q"}},
            "attachments": attached(f"{kind}.png", "png"),
        }
        for kind in "ab"
    ]
    own = CourseCell("q", "markdown", "Why?", grade=True, solution=True, points=3.0)
    notebook, _ = rebuild_notebook({"nbformat": 4, "cells": cells})
    repair(notebook, [own])
    (cell,) = notebook.cells
    assert cell.attachments.keys() == {"a.png", "b.png"}
