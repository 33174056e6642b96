"""The pages of a report, their pictures and tables as files, and a class without its names."""

from __future__ import annotations

import base64
import csv
import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course_folder import CourseFolder
from autograder.report import figures as statistics
from autograder.report import phrases, pictures
from autograder.report.collect import (
    GradedAssignment,
    GradedSubmission,
    SchoolClass,
    Student,
    answer_in,
)
from autograder.report.pictures import Picture
from autograder.spreadsheet import neutral

# How many of one kind a page lists; the table beside it has all.
LISTED = 25


# So many pieces of code show what a mistake looks like.
PIECES, LONGEST_PIECE = 3, 800


@dataclass(frozen=True)
class Ways:
    """Where a page of the report leads to.

    pieces  what students wrote who made a mistake, by exercise and mistake, without names
    page    the link to a student's page for an assignment, or ""
    """

    pieces: dict[tuple[str, str], list[str]]
    page: Callable[[str, str], str]


def write_report(
    school_class: SchoolClass,
    out: Path,
    anonymous: bool = False,
    folder: CourseFolder | None = None,
) -> list[Path]:
    """Write a page for each assignment and one for the course; the pages' paths, the course first.

    anonymous  leave out everything that says who somebody is, students' own words included
    folder     the course's, whose pages and pieces of code the report leads to
    """
    ways = Ways({}, lambda student, assignment: "")
    if folder and not anonymous:
        ways = Ways(_pieces(folder, school_class), _links(folder, out))
    if anonymous:
        school_class = without_names(school_class)
    out.mkdir(parents=True, exist_ok=True)
    paths = [_course_page(school_class, out, ways)]
    for assignment in school_class.assignments:
        paths.append(_assignment_page(school_class, assignment, out, ways))
    return paths


def _pieces(folder: CourseFolder, school_class: SchoolClass) -> dict[tuple[str, str], list[str]]:
    """Some different pieces of code for each mistake, as short as there are."""
    found = {}
    for mistake in statistics.mistakes(school_class.assignments):
        name = mistake.assignment
        places = [folder.root / "autograded" / who / name for who in mistake.students]
        texts = {
            answer_in(place / f"{name}.ipynb", mistake.exercise.partition(".")[2])
            for place in places[: 3 * PIECES]
        }
        shown = sorted((text for text in texts if 0 < len(text) <= LONGEST_PIECE), key=len)
        found[mistake.exercise, mistake.mistake] = shown[:PIECES]
    return found


def _links(folder: CourseFolder, out: Path) -> Callable[[str, str], str]:
    def link(student: str, assignment: str) -> str:
        page = folder.root / "feedback" / student / assignment / f"{assignment}.html"
        return quote(os.path.relpath(page, out.absolute())) if page.is_file() else ""

    return link


def without_names(school_class: SchoolClass) -> SchoolClass:
    """The class under numbers in an order that says nothing, without words that could name one."""
    ids = list(school_class.students)
    random.SystemRandom().shuffle(ids)
    width = len(str(len(ids)))
    alias = {id: f"student {number:0{width}}" for number, id in enumerate(ids, 1)}

    def hidden(submission: GradedSubmission) -> GradedSubmission:
        return replace(
            submission,
            student=alias[submission.student],
            rows=tuple(replace(row, message="") for row in submission.rows),
            repairs=("The submission was repaired.",) if submission.repairs else (),
            refused="It could not be read." if submission.refused else "",
        )

    return replace(
        school_class,
        students={name: Student(name) for name in sorted(alias.values())},
        left_out=(),
        assignments=tuple(
            replace(
                assignment,
                unfinished=tuple(sorted(alias.get(id, "") for id in assignment.unfinished)),
                submissions={
                    alias[id]: hidden(submission)
                    for id, submission in sorted(
                        assignment.submissions.items(), key=lambda item: alias[item[0]]
                    )
                },
            )
            for assignment in school_class.assignments
        ),
    )


def _assignment_page(
    school_class: SchoolClass, assignment: GradedAssignment, out: Path, ways: Ways
) -> Path:
    figures = statistics.exercises(assignment)
    found = statistics.mistakes([assignment])
    submissions = list(assignment.submissions.values())
    shown = {
        "scores": pictures.scores([s.score for s in submissions], assignment.max_score),
        **({"exercises": pictures.answers(figures)} if figures else {}),
    }
    name = assignment.name
    _write_pictures(out, name, shown)
    _write_table(
        out / f"{name}.exercises.csv",
        "exercise graded right wrong not_attempted difficulty discrimination",
        (
            (f.id, f.graded, f.right, f.wrong, f.blank, _digits(f.difficulty))
            + (_digits(f.discrimination),)
            for f in figures
        ),
    )
    _write_table(
        out / f"{name}.mistakes.csv",
        "exercise mistake students graded said hint root",
        (
            (m.exercise, m.mistake, m.count, m.graded, m.said, m.hint)
            + (phrases.root(m.exercise, m.mistake) or "",)
            for m in found
        ),
    )
    _write_table(
        out / f"{name}.students.csv",
        f"student name score max_score late_penalty {' '.join(assignment.exercises)}",
        (
            (id, school_class.students[id].name, _digits(s.score), _digits(assignment.max_score))
            + (_digits(s.penalty),)
            + tuple(_said(s, exercise) for exercise in assignment.exercises)
            for id, s in assignment.submissions.items()
        ),
    )
    return _write_page(
        out / f"{name}.html",
        "assignment.html.j2",
        school_class,
        [assignment],
        shown,
        ways,
        title=assignment.title,
        assignment=assignment,
        figures=figures,
        hardest=_hardest(figures),
        followed=statistics.followed_points(assignment),
        mean=sum(s.score for s in submissions) / len(submissions),
        late=sum(s.penalty > 0 for s in submissions),
        waiting=sum(any(points is None for points in s.written.values()) for s in submissions),
        written=[
            (name, maximum, [s.written.get(name) for s in submissions if name in s.written])
            for name, maximum in assignment.written.items()
        ],
        mistakes=found,
    )


def _course_page(school_class: SchoolClass, out: Path, ways: Ways) -> Path:
    assignments = school_class.assignments
    trend = statistics.trend(school_class)
    common = statistics.roots(assignments)
    shown = {
        "progress": pictures.progress(trend),
        **({"roots": pictures.common_roots(common)} if common else {}),
    }
    _write_pictures(out, "course", shown)
    people = []
    for id, student in school_class.students.items():
        handed_in = [assignment.submissions.get(id) for assignment in assignments]
        shares = [
            None if submission is None else statistics.share(assignment, submission)
            for assignment, submission in zip(assignments, handed_in)
        ]
        points = sum(submission.score for submission in handed_in if submission)
        people.append((student, shares, points, statistics.change(shares)))
    maximum = sum(assignment.max_score for assignment in assignments)
    _write_table(
        out / "course.students.csv",
        ["student", "name", *(a.name for a in assignments), "score", "max_score", "change"],
        (
            (student.id, student.name, *map(_digits, shares), _digits(points), _digits(maximum))
            + (_digits(change),)
            for student, shares, points, change in people
        ),
    )
    _write_table(
        out / "course.roots.csv",
        "root students repeatedly graded exercises",
        (
            (r.title, r.students, r.often, r.graded, " ".join(f"{e} ({n})" for e, n in r.exercises))
            for r in common
        ),
    )
    return _write_page(
        out / "course.html",
        "course.html.j2",
        school_class,
        assignments,
        shown,
        ways,
        title="The course",
        trend=trend,
        people=people,
        maximum=maximum,
        mistakes=statistics.mistakes(assignments),
    )


def _hardest(figures: list) -> list:
    """The three exercises that earned the smallest share of their points; none where all earned
    the same."""
    shares = {figure.difficulty for figure in figures}
    return sorted(figures, key=lambda figure: figure.difficulty)[:3] if len(shares) > 1 else []


def _said(submission: GradedSubmission, exercise: str) -> str:
    return "; ".join(
        row.mistake or row.verdict for row in submission.rows if row.exercise == exercise
    )


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _write_page(
    path: Path,
    template: str,
    school_class: SchoolClass,
    assignments: Iterable[GradedAssignment],
    shown: dict[str, Picture],
    ways: Ways,
    **values,
) -> Path:
    found = statistics.concerns(assignments)
    _write_table(
        path.with_suffix(".people.csv"),
        "kind assignment student what",
        ((c.kind, c.assignment, c.student, c.what) for c in found),
    )
    kinds: dict[str, list] = {}
    for concern in found:
        kinds.setdefault(concern.kind, []).append(concern)
    together = statistics.pairs(assignments)
    page = _environment().get_template(template)
    path.write_text(
        page.render(
            school_class=school_class,
            pages=[(a.name, a.title) for a in school_class.assignments],
            concerns=kinds,
            pairs=together,
            roots=statistics.roots(assignments),
            pictures={
                name: (base64.b64encode(shown[name].png).decode(), shown[name].description)
                for name in shown
            },
            people_table=path.with_suffix(".people.csv").name,
            listed=LISTED,
            few=statistics.FEW,
            ways=ways,
            made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            **values,
        ),
        encoding="utf-8",
    )
    return path


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda value: "–" if value is None else f"{value:.0%}"
    environment.filters["signed"] = lambda value: "–" if value is None else f"{100 * value:+.0f}"
    environment.filters["digits"] = lambda value: "–" if value is None else f"{value:.2f}"
    environment.filters["points"] = lambda value: f"{round(value, 2):.10g}"
    environment.globals["WAITS"] = statistics.WAITS
    return environment


def _write_pictures(out: Path, name: str, shown: dict[str, Picture]) -> None:
    for kind, picture in shown.items():
        (out / f"{name}.{kind}.png").write_bytes(picture.png)


def _write_table(path: Path, header: str | list[str], lines: Iterable[tuple]) -> None:
    names = header.split() if isinstance(header, str) else header
    # Excel takes a CSV file for UTF-8 only where it starts with a byte order mark.
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, lineterminator="\n")
        for line in (names, *lines):
            writer.writerow([neutral(value) for value in line])
