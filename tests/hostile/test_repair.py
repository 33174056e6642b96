"""Reading and repairing never fail on what a file may hold, and give the course's notebook back."""

import json
import os

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import UnreadableFile
from autograder.intake.notebooks import grade_id_of, parse, read_bytes, rebuild_notebook
from autograder.intake.repair import CourseCell, repair

COURSE = [
    CourseCell("setup", "code", "import numpy as np", locked=True, checksum="a"),
    CourseCell("f", "code", "def f():\n    raise NotImplementedError", solution=True, checksum="b"),
    CourseCell("01-f", "code", "f()", grade=True, locked=True, points=2.0, checksum="c"),
    CourseCell("q", "markdown", "Why?", grade=True, solution=True, points=3.0, checksum="d"),
]

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
grade_ids = st.sampled_from(["setup", "f", "01-f", "q", "other", "", 7, None])
cells = (
    st.fixed_dictionaries(
        {},
        optional={
            "cell_type": st.sampled_from(["code", "markdown", "raw", "heading", 3]) | junk,
            "source": st.text(max_size=40) | st.lists(st.text(max_size=9), max_size=3) | junk,
            "metadata": st.fixed_dictionaries(
                {},
                optional={
                    "nbgrader": st.fixed_dictionaries(
                        {}, optional={"grade_id": grade_ids, "grade": junk, "points": junk}
                    )
                    | junk,
                    "tags": junk,
                },
            )
            | junk,
            "id": st.sampled_from(["a", "b", "not valid!", ""]) | junk,
            "outputs": junk,
            "attachments": junk,
        },
    )
    | junk
)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.just(4), "cells": st.lists(cells, max_size=12)},
    optional={"nbformat_minor": junk, "metadata": junk},
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(notebooks)
@pytest.mark.slow
def test_whatever_the_cells_are_the_course_comes_back(found):
    notebook, _ = rebuild_notebook(found)
    remarks = repair(notebook, COURSE)
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    ids = [grade_id_of(cell) for cell in notebook.cells if grade_id_of(cell)]
    assert sorted(ids) == sorted(cell.grade_id for cell in COURSE)
    by_id = {grade_id_of(cell): cell for cell in notebook.cells if grade_id_of(cell)}
    for own in COURSE:
        assert by_id[own.grade_id].cell_type == own.cell_type
        assert by_id[own.grade_id].metadata == {"nbgrader": own.metadata}
        if own.locked:
            assert by_id[own.grade_id].source == own.source
    assert ids.index("01-f") > ids.index("f")
    assert all(isinstance(remark, str) for remark in remarks)
    # Once repaired, nothing is left to repair.
    assert repair(notebook, COURSE) == []


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(str.encode)
    | junk.map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_are_read_or_refused(content):
    try:
        notebook, _ = rebuild_notebook(parse(content))
    except UnreadableFile as reason:
        assert str(reason)
    else:
        nbformat.validate(notebook)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 200), st.sampled_from(["[", "{", '{"a":', '["', '"', "\\"]))
def test_depth_is_bounded_before_parsing(depth, opening):
    with pytest.raises(UnreadableFile):
        parse((opening * depth * 1000).encode() or b" ")


def test_brackets_in_strings_do_not_count():
    text = json.dumps({"nbformat": 4, "cells": [{"cell_type": "raw", "source": "[" * 10**5}]})
    assert len(rebuild_notebook(parse(text.encode()))[0].cells[0].source) == 10**5


def answer(source, grade_id="f", kind="code"):
    return {
        "cell_type": kind,
        "source": source,
        "metadata": {"nbgrader": {"grade_id": grade_id}} if grade_id else {},
    }


def repaired(*found):
    notebook, remarks = rebuild_notebook({"nbformat": 4, "cells": list(found)})
    return notebook, [*remarks, *repair(notebook, COURSE)]


STUB = COURSE[1].source


@pytest.mark.parametrize("order", [(STUB, "mine"), ("mine", STUB), (STUB, "mine", STUB)])
def test_the_changed_copy_of_an_answer_wins(order):
    notebook, remarks = repaired(*map(answer, order))
    assert [cell.source for cell in notebook.cells].count(STUB) == 0
    (kept,) = [cell for cell in notebook.cells if grade_id_of(cell) == "f"]
    assert kept.source == "mine" and any("`f`" in remark for remark in remarks)


def test_an_answer_split_in_the_middle_is_joined():
    notebook, _ = repaired(answer("def f():"), answer("    return 1"))
    (kept,) = [cell for cell in notebook.cells if grade_id_of(cell) == "f"]
    assert kept.source == "def f():\n    return 1"


def test_an_answer_split_between_functions_runs_in_both_cells():
    notebook, _ = repaired(answer("def g(): return 1"), answer("def f(): return g()"))
    code = [cell.source for cell in notebook.cells]
    assert code.index("def g(): return 1") < code.index("def f(): return g()")


def test_pieces_of_a_text_answer_are_joined():
    notebook, _ = repaired(answer("one", "q", "markdown"), answer("two", "q", "markdown"))
    (kept,) = [cell for cell in notebook.cells if grade_id_of(cell) == "q"]
    assert kept.source == "one\ntwo"


def test_a_deleted_test_comes_back_behind_what_the_student_wrote():
    notebook, _ = repaired(answer(STUB), answer("def f(): return 1", None))
    ids = [grade_id_of(cell) or cell.source for cell in notebook.cells]
    assert ids == ["setup", "f", "def f(): return 1", "01-f", "q"]


def test_a_deleted_answer_comes_back_empty():
    notebook, _ = repaired(answer("def f(): return 1", None), answer("f()", "01-f"))
    (kept,) = [cell for cell in notebook.cells if grade_id_of(cell) == "f"]
    assert kept.source == ""


def test_nothing_is_said_of_an_ordinary_submission():
    found = [answer(cell.source, cell.grade_id, cell.cell_type) for cell in COURSE]
    for cell in found:
        cell["metadata"].update(collapsed=True, ExecuteTime={"start": 1}, jupyter={})
    assert repaired(*found)[1] == []


def test_no_link_and_no_special_file_is_read(tmp_path):
    (tmp_path / "file").write_text("{}")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    assert read_bytes(tmp_path / "file") == b"{}"
    for name in ("link", "pipe", ".", "missing"):
        with pytest.raises(UnreadableFile):
            read_bytes(tmp_path / name)
    with pytest.raises(UnreadableFile):
        read_bytes("/dev/zero")
    with pytest.raises(UnreadableFile):
        read_bytes(tmp_path / "file", 1)
