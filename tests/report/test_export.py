"""The exported files, read back as the systems read them."""

import csv
import re
from dataclasses import replace

import pytest

from autograder.report.collect import Student
from autograder.report.lms import MARK, NEWER, UNGRADED, what_waits, write_export
from tests.report.classes import FIRST, invented

SECOND = "02-logistic-regression"
PEOPLE = [
    Student("ana", "Ana", "Núñez", "ana@example.org", "17"),
    Student("mei", "美", "王"),
    Student("=cmd()", "=1+1", "@SUM(A1)", "+49@example.org", "-2+3"),
]


@pytest.fixture
def school_class():
    made = invented(PEOPLE, names=(FIRST, SECOND))
    first, second = made.assignments
    submissions = dict(second.submissions)
    submissions["ana"] = replace(submissions["ana"], score=12.345, penalty=1.0)
    del submissions["mei"]
    return replace(made, assignments=(first, replace(second, submissions=submissions)))


def read_back(path, encoding="utf-8"):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    with open(path, newline="", encoding=encoding) as file:
        lines = list(csv.reader(file))
    for line in lines:
        assert len(line) == len(lines[0])
        for cell in line:
            assert cell == "-" or not re.match(r"\s*[=+\-@|%]", cell) or _is_number(cell)
    return lines


def _is_number(cell):
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def test_csv_is_a_line_for_each_student_and_assignment(school_class, tmp_path):
    write_export(school_class, "csv", tmp_path / "deep" / "grades.csv")
    header, *lines = read_back(tmp_path / "deep" / "grades.csv", "utf-8-sig")
    found = [dict(zip(header, line)) for line in lines]
    assert len(found) == 6
    assert found[1] == {
        "student": "ana",
        "first_name": "Ana",
        "last_name": "Núñez",
        "email": "ana@example.org",
        "assignment": SECOND,
        "graded": "yes",
        "score": "12.35" if round(12.345, 2) == 12.35 else "12.34",
        "max_score": f"{school_class.assignments[1].max_score:g}",
        "late_penalty": "1",
        "waiting": "",
    }
    absent = next(f for f in found if f["student"] == "mei" and f["assignment"] == SECOND)
    assert (absent["graded"], absent["score"], absent["last_name"]) == ("no", "", "王")
    assert {f["student"] for f in found} == {"ana", "mei", "'=cmd()"}


def test_canvas_finds_its_headings_the_points_possible_and_the_students(school_class, tmp_path):
    write_export(school_class, "canvas", tmp_path / "grades.csv")
    header, possible, *lines = read_back(tmp_path / "grades.csv")
    # What lib/gradebook_importer.rb of Canvas asks of the first two lines.
    assert "Student" in header[0] and "ID" in header[1]
    assert re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3])
    assert "Section" in header[4] and header[5:] == [FIRST, SECOND]
    of = [f"{assignment.max_score:g}" for assignment in school_class.assignments]
    assert "Points Possible" in possible[0] and possible[5:] == of
    ana, mei, hostile = lines
    assert ana[:4] == ["Núñez, Ana", "17", "", "ana"]
    assert mei[0] == "王, 美" and mei[6] == "" and mei[5]
    assert hostile[3] == "'=cmd()"


def test_moodle_finds_a_user_and_a_grade_or_none(school_class, tmp_path):
    write_export(school_class, "moodle", tmp_path / "grades.csv")
    header, *lines = read_back(tmp_path / "grades.csv")
    found = [dict(zip(header, line)) for line in lines]
    assert header[5:] == [FIRST, SECOND]
    assert found[0]["Username"] == "ana" and found[0]["Email address"] == "ana@example.org"
    assert found[0]["ID number"] == "17"
    assert found[1]["Last name"] == "王" and found[1][SECOND] == "-"
    assert 0 <= float(found[1][FIRST]) <= school_class.assignments[0].max_score


def test_what_waits_is_said_in_the_csv_and_left_open_where_it_would_be_taken_as_final(
    school_class, tmp_path
):
    first, second = school_class.assignments
    submissions = dict(first.submissions)
    submissions["ana"] = replace(submissions["ana"], waiting=("why", "01-surprise"))
    first = replace(first, submissions=submissions)
    second = replace(second, unfinished=("mei",))
    school_class = replace(school_class, assignments=(first, second))
    waiting = what_waits(school_class, {(SECOND, "ana"), (SECOND, "nobody")})
    assert waiting == {
        (FIRST, "ana"): [MARK.format(cells="why, 01-surprise")],
        (SECOND, "ana"): [NEWER],
        (SECOND, "mei"): [UNGRADED],
    }
    write_export(school_class, "csv", tmp_path / "grades.csv", waiting)
    header, *lines = read_back(tmp_path / "grades.csv", "utf-8-sig")
    found = [dict(zip(header, line)) for line in lines]
    assert found[0]["waiting"] == "a person marks why, 01-surprise" and found[0]["score"]
    assert [bool(row["waiting"]) for row in found] == [True, True, False, True, False, False]
    for system, none in (("canvas", ""), ("moodle", "-")):
        write_export(school_class, system, tmp_path / "grades.csv", waiting)
        ana, mei, other = read_back(tmp_path / "grades.csv")[-3:]
        assert ana[-2:] == [none, none] and mei[-1] == none
        assert none not in (mei[-2], *other[-2:])
