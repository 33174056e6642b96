"""Hand-ins as people report them: nothing a student wrote is lost, and every file is read that can
be."""

import base64
import io
import json
import os
import shutil
import zipfile

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from PIL import Image

from autograder.grading import Grading
from autograder.hooks.clean_html import markdown2html
from autograder.intake.files import attach_pictures, files_beside, to_hide
from autograder.intake.notebooks import rebuild
from autograder.intake.repair import CourseCell, repair
from autograder.report.collect import collect
from autograder.report.lms import write_export
from tests.hostile.cases import (
    NAME,
    SURPRISE,
    Case,
    answered,
    both,
    cell_of,
    code,
    copied,
    hand_in,
    named,
    notebook_of,
    text,
    without,
)
from tests.hostile.conftest import Class, fresh_course, template  # noqa: F401

pytestmark = pytest.mark.walls
BLANK = {"surprise": None, "entropy": None}


def typed_into(grade_id, words, before=True):
    def change(notebook):
        cell = cell_of(notebook, grade_id)
        given = cell["source"]
        cell["source"] = f"{words}\n{given}" if before else f"{given}\n{words}"

    return change


def drafts(*names, first=None):
    """The notebook under other names, beside a blank one where `first` is its name."""

    def place(folder, given):
        if first:
            blank = notebook_of(Case("blank", "honest", **BLANK), RELEASE, folder)
            (folder / first).write_text(json.dumps(blank))
        named(*names)(folder, given)

    return place


def packed(folder, given):
    with zipfile.ZipFile(folder / "homework.zip", "w") as file:
        file.writestr(f"homework/{NAME}.ipynb", given)
        file.writestr(f"__MACOSX/._{NAME}.ipynb", "x")


def files(**contents):
    def place(folder, given):
        (folder / f"{NAME}.ipynb").write_text(given)
        for name, content in contents.items():
            path = folder / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    return place


def twice(notebook):
    notebook["cells"] += [json.loads(json.dumps(cell)) for cell in notebook["cells"]]


def below(grade_id, words, kind="markdown"):
    """A cell of the student's own below another."""

    def change(notebook):
        cell = {**code(words, "below"), "cell_type": kind}
        if kind != "code":
            del cell["outputs"], cell["execution_count"]
        at = notebook["cells"].index(cell_of(notebook, grade_id))
        notebook["cells"].insert(at + 1, cell)

    return change


def added_to_the_heading(notebook):
    (heading,) = [cell for cell in notebook["cells"] if "## Surprise" in cell["source"]]
    heading["source"] += "\n\nBoth learners are right, and the sure one is surprised less."


WORDS = "Both learners are right, and the sure one is surprised less."
ELSEWHERE = {
    "typed-below": below("sure-and-right", WORDS),
    "short-below": below("sure-and-right", "The sure one."),
    "split-with-nothing-before": both(answered(""), below("sure-and-right", WORDS)),
    "moved-to-the-top": below("setup", WORDS),
    "kept-as-raw-text": below("sure-and-right", WORDS, "raw"),
    "commented-code": below("sure-and-right", f"# {WORDS}", "code"),
    "prose-as-code": below("sure-and-right", WORDS, "code"),
    "typed-into-the-heading": added_to_the_heading,
    "picture-below": below("sure-and-right", "![](attachment:x.png)"),
}
NOT_ELSEWHERE = {
    "nothing-written": lambda notebook: None,
    "own-code": below("sure-and-right", "x = 1  # only one of these two is a number", "code"),
    "heading-twice": below("sure-and-right", "## Surprise"),
    "an-empty-cell": below("sure-and-right", "\n---\n"),
}
RELEASE: dict = {}
CASES = [
    Case(
        "import-in-setup",
        "honest",
        SURPRISE.replace("np.log(base)", "log(base)"),
        change=typed_into("setup", "from math import log", before=False),
        repairs="of its own",
    ),
    Case("answer-in-test", "honest", None, change=typed_into("01-surprise", SURPRISE)),
    Case("merged", "honest", change=both(typed_into("01-surprise", "def more():\n    return 1"))),
    Case("doubled", "honest", change=twice, repairs="one copy was kept"),
    Case("empty-copy", "honest", change=copied("surprise", SURPRISE, "")),
    Case(
        "subfolders",
        "honest",
        scratch="import utils.tools\nassert open('data/tosses.csv').read() == '1'\nbase2 = 2",
        surprise=SURPRISE.replace("np.log(base)", "np.log(base) / (base2 / 2)"),
        place=files(data__tosses_dot_csv="1", utils__tools_dot_py="x = 1"),
    ),
    Case(
        "cd",
        "honest",
        surprise=SURPRISE.replace("np.log(base)", "np.log(base) / y"),
        scratch="%cd ..\n%cd /nowhere/at/all\ny = 1",
    ),
    Case(
        "widget",
        "honest",
        surprise=SURPRISE.replace("np.log(base)", "np.log(base) / y"),
        scratch="%matplotlib widget\n%matplotlib qt\nimport matplotlib\nmatplotlib.use('TkAgg')\n"
        "y = 1",
    ),
    Case(
        "cp1252",
        "honest",
        scratch="name = 'Núñez'",
        repairs="Windows-1252",
        place=lambda folder, given: (folder / f"{NAME}.ipynb").write_bytes(
            json.dumps(json.loads(given), ensure_ascii=False).encode("cp1252")
        ),
    ),
    Case("ipynb-txt", "honest", place=named(f"{NAME}.ipynb.txt"), repairs="another name"),
    Case("ipynb-json", "honest", place=named(f"{NAME}.ipynb.json"), repairs="another name"),
    Case("zipped", "honest", place=packed, repairs="another name"),
    Case(
        "copy-beside-a-blank",
        "honest",
        repairs="holds answers",
        place=drafts(f"{NAME}-Copy1.ipynb", first=f"{NAME}.ipynb"),
    ),
    Case("draft-and-blank", "honest", place=drafts("b.ipynb", first="a.ipynb"), repairs="another"),
    Case(
        "zip-beside-a-blank",
        "honest",
        place=lambda folder, given: (
            drafts(first=f"{NAME}.ipynb")(folder, given),
            packed(folder, given),
        ),
        repairs="homework.zip holds answers",
    ),
    Case(
        "attempts-of-canvas",
        "honest",
        place=lambda folder, given: (
            named(f"{NAME}.ipynb", f"{NAME}-1.ipynb")(
                folder, given.replace("np.log(base)", "np.log(base) + 1")
            ),
            named(f"{NAME}-2.ipynb")(folder, given),
        ),
        repairs=f"{NAME}-2.ipynb is the latest attempt",
    ),
    Case(
        "attempts-alone",
        "honest",
        place=lambda folder, given: (
            named(f"{NAME}-9.ipynb")(folder, given.replace("np.log(base)", "np.log(base) + 1")),
            named(f"{NAME}-10.ipynb")(folder, given),
        ),
        repairs="another name",
    ),
    Case(
        "another-with-answers",
        "honest",
        place=lambda folder, given: (
            named(f"{NAME}.ipynb")(folder, given),
            named("old.ipynb")(folder, given.replace("np.log(base)", "np.log(base) + 1")),
        ),
        repairs="not what lies beside it: old.ipynb",
    ),
    Case("copy-of-the-same", "honest", place=named(f"{NAME}.ipynb", "copy.ipynb")),
    Case("two-equal-drafts", "honest", place=drafts("a.ipynb", "b.ipynb"), repairs="another name"),
]
MERGE = '{\n "cells": [\n<<<<<<< HEAD\n  1\n=======\n  2\n>>>>>>> theirs\n ]\n}\n'


@pytest.fixture(scope="module")
def graded(template, tmp_path_factory):  # noqa: F811

    root = tmp_path_factory.mktemp("hand-ins") / "course"
    shutil.copytree(template.root, root)
    RELEASE.update(template.release)
    for case in CASES:
        hand_in(case, template.release, root)
    lost = Case("lost-text", "honest", change=without("sure-and-right"))
    hand_in(lost, template.release, root)
    hand_in(Case("merge-marks", "document", place=text(MERGE)), template.release, root)
    hand_in(Case("right", "honest"), template.release, root)
    for name, change in {**ELSEWHERE, **NOT_ELSEWHERE}.items():
        hand_in(Case(name, "honest", change=change), template.release, root)
    hand_in(Case("obrien", "honest", student="Seán O'Brien"), template.release, root)
    own_page = files(**{f"{NAME}_dot_html": "<p>mine</p>"})
    hand_in(Case("own-page", "honest", place=own_page), template.release, root)
    hand_in(
        Case("imports-pandas", "honest", scratch="import not_here.at_all"), template.release, root
    )
    grading = Grading(Class(root, {}).folder)
    found = {one.submission.student: one for one in grading.grade(grading.submissions([]))}
    return root, found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_points_with_what_was_put_right(graded, case):
    found = graded[1][case.name]
    assert (found.score, found.problem) == (4, ""), (found.exercises, found.repairs)
    assert case.repairs in " ".join(found.repairs)


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
    (submission,) = grading.submissions([], "kept-as-raw-text")
    assert list(grading.feedback([submission])) == [(submission, "")]
    page = graded[0] / "feedback" / "kept-as-raw-text" / NAME / f"{NAME}.html"
    assert WORDS in page.read_text()


@pytest.mark.parametrize("student", NOT_ELSEWHERE)
def test_nobody_is_asked_to_mark_what_is_not_written(graded, student):
    assert state(graded[0], student) == (False, 0, "No response.")


def test_an_apostrophe_is_a_part_of_a_name(graded):
    root = graded[0]
    assert graded[1]["Seán O'Brien"].score == 4
    grading = Grading(Class(root, {}).folder)
    (submission,) = grading.submissions([], "Seán O'Brien")
    assert list(grading.feedback([submission])) == [(submission, "")]
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
    assert '<img src="data:image/png;base64,' in page


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
    notebook, _ = rebuild({"nbformat": 4, "cells": cells})
    repair(notebook, [own])
    (cell,) = notebook.cells
    assert cell.attachments.keys() == {"a.png", "b.png"}
