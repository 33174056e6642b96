"""The top of a student's page: score, verdicts, and links that lead somewhere."""

import json
import re
from dataclasses import replace
from datetime import datetime

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Comment, Gradebook

from autograder.course_folder import CourseFolder
from autograder.grading import Grading, make_feedback
from autograder.hooks.clean_html import markdown2html
from autograder.hooks.verdict_cells import VERDICT_TYPE
from autograder.report.collect import Student
from autograder.run.assess import is_graded_cell
from tests.conftest import ROOT
from tests.report.classes import FIRST, as_text, graded_notebook, invented, write_folder
from tests.support.accessibility import obstacles
from tests.support.totals import exercises_in

HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }}"
HEADING = "## 2 · The average <img src=x onerror=alert(1)>"


def one_mistake(exercise, rng):
    if exercise.name == "entropy":
        return "known mistake", "entropy-nats"
    return ("crashed", None) if exercise.name == "surprise" else ("right", None)


def text_cell(source, id):
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def made(root, read=False):
    """The feedback of a student with a mistake, a crash, points by hand and a late penalty.

    read  whether somebody has read the answer in words
    """
    school_class = invented([Student("ana")], one_mistake)
    submission = school_class.assignments[0].submissions["ana"]
    rows = tuple(replace(row, message=HOSTILE) for row in submission.rows)
    submission = replace(submission, rows=rows, penalty=1.5)
    assignment = replace(school_class.assignments[0], submissions={"ana": submission})
    write_folder(root, replace(school_class, assignments=(assignment,)))
    with Gradebook(f"sqlite:///{root}/gradebook.db", "surprise-to-autograd") as gradebook:
        gradebook.find_grade("01-surprise", FIRST, FIRST, "ana").manual_score = 0.5
        cell = gradebook.find_solution_cell("why", FIRST, FIRST)
        of = gradebook.find_submission_notebook(FIRST, FIRST, "ana")
        comment = Comment(cell_id=cell.id, notebook_id=of.id)
        gradebook.db.add(comment)
        if read:
            grade = gradebook.find_grade("why", FIRST, FIRST, "ana")
            grade.manual_score, grade.needs_manual_grade = 2.0, False
            comment.manual_comment = "Say <b>why</b>."
            handed_in = gradebook.find_submission(FIRST, "ana")
            handed_in.timestamp = datetime(2026, 3, 2, 20, 5)
        gradebook.db.commit()
    notebook = graded_notebook(submission)
    cells = [text_cell("# 01 · Surprise", "top"), text_cell(HEADING, "teaches")]
    cells.append(text_cell("### Exercise · `entropy`\n\n```\n# no heading\n```", "card"))
    answer = text_cell("Because.", "answer")
    answer["metadata"] = {"nbgrader": {"grade": True, "solution": True, "grade_id": "why"}}
    notebook["cells"] = [*cells, *notebook["cells"], answer]
    path = root / "autograded" / "ana" / FIRST / f"{FIRST}.ipynb"
    path.write_text(as_text(json.loads(json.dumps(notebook))))
    grading = Grading(CourseFolder(root))
    ((_, problem),) = make_feedback(grading.folder, grading.submissions([FIRST]).submissions)
    assert problem == ""
    written = root / "feedback" / "ana" / FIRST / f"{FIRST}.html"
    return BeautifulSoup(written.read_text(), "html.parser")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return made(tmp_path_factory.mktemp("feedback") / "course")


def test_the_score_holds_manual_points_and_the_penalty(page):
    top = page.select_one("section.summary")
    assert top.h1.get_text() == "15 of 23 points"
    assert "1.5 points less for being late" in top.get_text()
    (surprise,) = (line for line in top.select("li") if "01.surprise" in line.get_text())
    assert surprise.select_one(".points").get_text() == "0.5 of 2"


def test_every_exercise_has_its_verdict_message_and_points(page):
    entries = page.select("section.summary li")
    marks = [entry.get_text() for entry in entries]
    assert len(marks) == exercises_in(FIRST) + 1
    assert sum("✓" in text for text in marks) == exercises_in(FIRST) - 2
    assert sum("✗" in text and HOSTILE in text for text in marks) == 2
    assert not page.select("section.summary script, section.summary img, [onerror]")


def test_links_lead_to_the_place_and_to_the_section_that_teaches_the_point(page):
    links = page.select("section.summary a")
    for link in links:
        target = link["href"].removeprefix("#")
        assert page.find(id=target) or page.find("a", attrs={"name": target})
    (section,) = [link for link in links if "section-" in link["href"]]
    assert section.get_text().startswith("2 · The average")
    after = page.find(id=section["href"].removeprefix("#")).find_next("h2")
    assert "The average" in after.get_text()


def test_an_answer_that_nobody_has_read_waits_and_is_not_told_as_without_points(page):
    top = page.select_one("section.summary")
    (answer,) = (line for line in top.select("li") if "Your answer: why" in line.get_text())
    assert answer.select_one(".points").get_text() == "not read yet; worth 3"
    assert "3 of these points wait: nobody has read those answers yet." in top.get_text()


def test_the_page_says_whose_it_is_and_what_of(page):
    top = page.select_one("section.summary").get_text()
    assert "01 · Surprise" in top and "ana" in top


def test_an_answer_that_was_read_has_its_points_and_the_comment(tmp_path):
    top = made(tmp_path / "course", read=True).select_one("section.summary")
    (answer,) = (line for line in top.select("li") if "Your answer: why" in line.get_text())
    assert answer.select_one(".points").get_text() == "2 of 3"
    assert "Say <b>why</b>." in answer.get_text()
    assert "nobody has read" not in top.get_text()
    assert "handed in on 2026-03-02 20:05 UTC" in top.get_text()


def test_formulas_are_drawn_without_a_script_or_a_connection(page):
    shown = markdown2html({}, "Half is $\\frac{1}{2}$, and\n\n$$\\sum_i p_i = 1$$\n\nnot `$a$`.")
    found = BeautifulSoup(shown, "html.parser")
    assert [one["display"] for one in found.select("math")] == ["inline", "block"]
    assert found.select("mfrac") and found.code.get_text() == "$a$" and "\\" not in shown
    assert "mathjax" not in str(page).lower()
    assert not page.select("script[src], link[href], img[src^=http]")


def test_a_formula_leads_nowhere_and_an_unfinished_one_is_shown_as_it_was_written():
    shown = markdown2html({}, r"$\href{javascript:alert(1)}{x}$ and $\left( \frac{$ and ${}^$")
    assert "javascript:" not in str(BeautifulSoup(shown, "html.parser").find_all(href=True))
    assert "href=" not in shown and "Traceback" not in shown
    assert markdown2html({}, "$" + "{" * 5000 + "$")


def test_the_number_beside_the_verdicts_is_nbgraders_and_is_not_shown(page):
    assert not page.select("div.output_text.output_result")


@pytest.mark.browser
@pytest.mark.slow
def test_all_of_notebook_01_is_read_on_paper_and_in_the_dark(tmp_path, browser):
    made(tmp_path / "course")
    notebook = nbformat.read(ROOT / "source" / FIRST / f"{FIRST}.ipynb", as_version=4)
    for cell in notebook.cells:
        # The gradebook of this class knows the tests alone.
        if not is_graded_cell(cell):
            cell.metadata.pop("nbgrader", None)
    for cell in filter(is_graded_cell, notebook.cells):
        exercise = cell.metadata.nbgrader.grade_id.replace("-", ".", 1)
        row = {"exercise": exercise, "points": 0, "max_points": 1, "verdict": "wrong"}
        row |= {"mistake": None, "message": "What does it give for a sure event?"}
        data = {"text/plain": "wrong", VERDICT_TYPE: row}
        cell.outputs = [nbformat.v4.new_output("display_data", data)]
    path = tmp_path / "course" / "autograded" / "ana" / FIRST / f"{FIRST}.ipynb"
    nbformat.write(notebook, path)
    grading = Grading(CourseFolder(tmp_path / "course"))
    ((_, problem),) = make_feedback(grading.folder, grading.submissions([FIRST]).submissions)
    assert problem == ""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    asked = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(f"file://{tmp_path}/course/feedback/ana/{FIRST}/{FIRST}.html")
    # Bootstrap names the files of a font, of which the page shows nothing.
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    assert opened.locator("math").count() > 50
    assert not opened.evaluate("document.body.innerText.match(/\\$[^$\\n]+\\$/g)")
    opened.emulate_media(color_scheme="dark")
    paper, ink = opened.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert sum(map(int, re.findall(r"\d+", paper)[:3])) < 150
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) > 500
    assert obstacles(opened) == []
    opened.emulate_media(color_scheme="light")
    assert obstacles(opened) == []
    printed = opened.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 8
    assert opened.evaluate("[...document.querySelectorAll('details')].every(one => one.open)")
    opened.close()
