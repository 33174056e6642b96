"""Where the lectures are taught: the tags of the notebooks' cells, and the page made from them."""

import json
import re
from urllib.parse import unquote

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.build.derived import derived_files
from autograder.build.lectures import (
    PAGE,
    Place,
    entries,
    lectures_page,
    names_of,
    places_in,
    tag_problems,
)
from autograder.course_folder import CourseFolder
from autograder.exercises import NOTEBOOKS
from autograder.intake.notebooks import rebuild_notebook
from tests.conftest import ROOT

LINK = re.compile(r"\]\(\.\./(release/[^)#]+\.ipynb)(?:#([^)]+))?\)")


@pytest.fixture(scope="module")
def names(repository):
    return names_of(entries(repository))


@pytest.fixture(scope="module")
def sources(repository):
    return {name: repository.source(name) for name in NOTEBOOKS}


def test_the_five_lectures_are_listed_whole(repository):
    lectures = entries(repository)
    topics = {name: len(kinds["topics"]) for name, kinds in lectures.items()}
    assert topics == {
        "Clase 7": 37,
        "Ativação e custo": 41,
        "Clase 9": 59,
        "Softmax e grafo": 21,
        "Backprop a mano": 25,
    }
    asked = [name for kinds in lectures.values() for name in kinds["questions"]]
    assert sorted(asked) == sorted(f"Q{number}" for number in range(1, 35))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_tag_names_what_a_lecture_holds(sources, names, name):
    assert tag_problems(sources[name], names) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_release_has_the_tags_of_the_source(sources, name):
    release = nbformat.read(ROOT / "release" / name / f"{name}.ipynb", as_version=4)
    tags = [
        {cell.id: cell.metadata.tags for cell in notebook.cells if "tags" in cell.metadata}
        for notebook in (sources[name], release)
    ]
    assert tags[0] == tags[1]


def test_every_topic_and_every_question_is_taught_somewhere(sources, names):
    taught = {tag for name, source in sources.items() for tag in places_in(name, source)}
    assert [name for name in names if name not in taught] == []


def test_the_page_is_what_the_tags_say(repository):
    assert (ROOT / PAGE).read_text(encoding="utf-8") == lectures_page(repository)


def test_every_link_of_the_page_leads_to_a_heading(sources):
    headings = {}
    for name, source in sources.items():
        path = f"release/{name}/{name}.ipynb"
        text = "\n".join(cell.source for cell in source.cells)
        # JupyterLab's anchor of a heading is its text with dashes for spaces.
        headings[path] = {
            heading.replace("`", "").replace(" ", "-")
            for heading in re.findall(r"^## (.+?)\s*$", text, flags=re.MULTILINE)
        }
    links = LINK.findall((ROOT / PAGE).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if link[1] and unquote(link[1]) not in headings[link[0]]] == []


def notebook_of(*cells):
    return new_notebook(
        cells=[new_markdown_cell(text, metadata={"tags": tags}) for text, tags in cells]
    )


def test_a_place_is_the_section_that_a_cell_stands_in():
    notebook = notebook_of(
        ("# 99 · Title", ["A0-01"]),
        ("## 1 · A start\n\ntext", ["A0-02"]),
        ("### A part", ["A0-02", "Q1"]),
        ("## 2 · An end", ["A0-02"]),
    )
    assert places_in("99-example", notebook) == {
        "A0-01": [Place("99-example", "")],
        "A0-02": [Place("99-example", "1 · A start"), Place("99-example", "2 · An end")],
        "Q1": [Place("99-example", "1 · A start")],
    }


def test_a_misspelt_tag_is_noticed(names):
    (problem,) = tag_problems(notebook_of(("text", ["A9-01", "raises-exception"])), names)
    assert "has the tag A9-01" in problem


def test_a_tag_on_a_cell_that_nbgrader_keeps_is_noticed(names):
    notebook = notebook_of(("text", ["A0-01"]))
    notebook.cells[0].metadata["nbgrader"] = {"grade_id": "a", "locked": True}
    (problem,) = tag_problems(notebook, names)
    assert "tag a cell beside it" in problem


def test_a_hand_in_is_told_of_tags_on_graded_cells_only():
    name = "07-losses-and-metrics"
    found = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    assert rebuild_notebook(found)[1] == []
    graded = next(cell for cell in found["cells"] if cell["metadata"].get("nbgrader"))
    graded["metadata"]["tags"] = ["skip-execution"]
    assert rebuild_notebook(found)[1] == [
        "The tags of one graded cell were dropped; grading heeds none."
    ]


def test_only_a_course_that_lists_its_lectures_gets_the_page(course_folder, repository):
    assert ROOT / PAGE in derived_files(repository, [])
    assert derived_files(CourseFolder(course_folder), []) == {}
