"""The top of a student's page: score, verdicts, and links that lead somewhere."""

import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from autograder.course_folder import CourseFolder
from autograder.grading import Grading
from autograder.report.collect import Student
from tests.report.classes import FIRST, as_text, graded_notebook, invented, write_folder
from tests.support.totals import exercises_in

HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }}"
HEADING = "## 2 · The average <img src=x onerror=alert(1)>"


def one_mistake(exercise, rng):
    if exercise.name == "entropy":
        return "known mistake", "entropy-nats"
    return ("crashed", None) if exercise.name == "surprise" else ("right", None)


def text_cell(source, id):
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The feedback of a student with a mistake, a crash, points by hand and a late penalty."""
    root = tmp_path_factory.mktemp("feedback") / "course"
    school_class = invented([Student("ana")], one_mistake)
    submission = school_class.assignments[0].submissions["ana"]
    rows = tuple(replace(row, message=HOSTILE) for row in submission.rows)
    submission = replace(submission, rows=rows, penalty=1.5)
    assignment = replace(school_class.assignments[0], submissions={"ana": submission})
    write_folder(root, replace(school_class, assignments=(assignment,)))
    with Gradebook(f"sqlite:///{root}/gradebook.db", "surprise-to-autograd") as gradebook:
        gradebook.find_grade("01-surprise", FIRST, FIRST, "ana").manual_score = 0.5
        gradebook.db.commit()
    notebook = graded_notebook(submission)
    cells = [text_cell("# 01 · Surprise", "top"), text_cell(HEADING, "teaches")]
    cells.append(text_cell("### Exercise · `entropy`\n\n```\n# no heading\n```", "card"))
    notebook["cells"] = cells + notebook["cells"]
    path = root / "autograded" / "ana" / FIRST / f"{FIRST}.ipynb"
    path.write_text(as_text(json.loads(json.dumps(notebook))))
    grading = Grading(CourseFolder(root))
    ((_, problem),) = grading.feedback(grading.submissions([FIRST]))
    assert problem == ""
    made = root / "feedback" / "ana" / FIRST / f"{FIRST}.html"
    return BeautifulSoup(made.read_text(), "html.parser")


def test_the_score_holds_manual_points_and_the_penalty(page):
    top = page.select_one("section.summary")
    assert top.h1.get_text() == "15 of 23 points"
    assert "1.5 points less for being late" in top.get_text()
    (surprise,) = (line for line in top.select("li") if "01.surprise" in line.get_text())
    assert surprise.select_one(".points").get_text() == "0.5 of 2"


def test_every_exercise_has_its_verdict_message_and_points(page):
    entries = page.select("section.summary li")
    marks = [entry.get_text() for entry in entries]
    assert len(marks) == exercises_in(FIRST)
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
