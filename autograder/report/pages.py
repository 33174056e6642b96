"""The pages of a report, their pictures and tables as files, and a class without its names."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course_folder import CourseFolder, read_notebook
from autograder.errors import Problem
from autograder.report import figures as statistics
from autograder.report import phrases, pictures, since
from autograder.report.alike import AlikeHandIns, alike, forced_runs
from autograder.report.collect import (
    GradedAssignment,
    GradedSubmission,
    SchoolClass,
    Student,
    bare,
)
from autograder.report.pictures import Picture
from autograder.spreadsheet import neutral
from course.words import title

# How many of one kind a page lists; the table beside it has all.
LISTED = 25
# So many pieces of code show what a mistake looks like.
PIECES, LONGEST_PIECE = 3, 800
# What a picture of scores counts.
PERCENT, POINTS = "% of the points given so far", "points, of {:g}"
# Where `jupyter lab` answers unless another one is running already.
FORMGRADER = "http://localhost:8888"
# The one thing that runs on a page; the page's policy names its digest and lets nothing else run.
SCRIPT = (Path(__file__).parent / "templates" / "find.js").read_text(encoding="utf-8")
SCRIPT_DIGEST = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()


@dataclass(frozen=True)
class Ways:
    """Where a page of the report leads to.

    students    those that the gradebook knows, by id
    formgrader  the address of the Jupyter server with the formgrader, or "" for no links to it
    page        the link to a student's page for an assignment, or ""
    entries     the ids of submissions in the gradebook, by assignment and student
    """

    students: dict[str, Student]
    formgrader: str = ""
    page: Callable[[str, str], str] = lambda student, assignment: ""
    entries: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def name(self, id: str) -> str:
        """Return what a student is called."""
        return self.students[id].name if id in self.students else id

    def marking(self, student: str, assignment: str) -> str:
        """Return the link to the formgrader's page of a submission, or ""."""
        entry = self.entries.get((assignment, student))
        return f"{self.formgrader}/formgrader/submissions/{quote(entry)}/" if entry else ""

    def submissions(self, student: str) -> str:
        """Return the link to the formgrader's page of all that a student handed in, or ""."""
        if not self.formgrader or student not in self.students:
            return ""
        return f"{self.formgrader}/formgrader/manage_students/{quote(student, safe='')}"


def write_report(
    school_class: SchoolClass,
    out: Path,
    anonymous: bool = False,
    folder: CourseFolder | None = None,
) -> list[Path]:
    """Write a page for each assignment and one for the course; the pages' paths, the course first.

    anonymous  leave out everything that says who somebody is, students' own words and code included
    folder     the course's, whose pages and formgrader the report leads to
    """
    ways, last = Ways({}), {}
    if not anonymous:
        ways = _ways(school_class, folder, out)
        last = since.read_last_time(out)
    else:
        school_class = without_names(school_class)
    out.mkdir(parents=True, exist_ok=True)
    made = datetime.now(UTC)
    writer = _Writer(school_class, out, ways, last, made)
    paths = [_course_page(writer)]
    for assignment in school_class.assignments:
        together = None if anonymous else _alike(assignment, folder)
        paths.append(_assignment_page(writer, assignment, together))
    if not anonymous:
        since.write_last_time(out, last, school_class.assignments, made)
    return paths


def _ways(school_class: SchoolClass, folder: CourseFolder | None, out: Path) -> Ways:
    if folder is None:
        return Ways(school_class.students)
    entries = {
        (assignment.name, student): submission.entry
        for assignment in school_class.assignments
        for student, submission in assignment.submissions.items()
        if submission.entry
    }
    address = str(folder.config.Report.get("formgrader", FORMGRADER)).rstrip("/")
    return Ways(school_class.students, address, _links(folder, out), entries)


def _links(folder: CourseFolder, out: Path) -> Callable[[str, str], str]:
    directory = folder.directory

    def link(student: str, assignment: str) -> str:
        place = directory.format_path(directory.feedback_directory, student, assignment)
        page = Path(place) / f"{assignment}.html"
        return quote(os.path.relpath(page, out.absolute())) if page.is_file() else ""

    return cache(link)


def _pieces(assignments: Iterable[GradedAssignment]) -> dict[tuple[str, str], list[str]]:
    """Return some different pieces of code for each mistake, as short as there are."""
    found = {}
    for assignment in assignments:
        for mistake in statistics.mistakes([assignment]):
            cell = mistake.exercise.partition(".")[2]
            made = [assignment.graded[id].answers for id in mistake.students[: 3 * PIECES]]
            texts = {bare(answers.get(cell, "")) for answers in made}
            shown = sorted((text for text in texts if 0 < len(text) <= LONGEST_PIECE), key=len)
            found[mistake.exercise, mistake.mistake] = shown[:PIECES]
    return found


def _alike(assignment: GradedAssignment, folder: CourseFolder | None) -> list[AlikeHandIns]:
    """Return the hand-ins that look alike beyond what the exercises force."""
    cells = {id.partition(".")[2]: id for id in assignment.exercises}
    hand_ins = {
        student: {cells[cell]: text for cell, text in one.answers.items() if cell in cells}
        for student, one in assignment.graded.items()
    }
    if not any(hand_ins.values()):
        return []
    given: list[str] = []
    if folder is not None:
        for step in ("release", "source"):
            # Of what is not there or cannot be read, nothing is known to be given out.
            with suppress(Problem):
                notebook = read_notebook(folder.notebook_path(step, assignment.name))
                given += [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return alike(hand_ins, forced_runs(assignment.exercises, given))


def without_names(school_class: SchoolClass) -> SchoolClass:
    """Return the class under numbers in an order that says nothing, without words that could name
    one."""
    ids = list(school_class.students)
    random.SystemRandom().shuffle(ids)
    width = len(str(len(ids)))
    alias = {id: f"student {number:0{width}}" for number, id in enumerate(ids, 1)}

    def hidden(submission: GradedSubmission) -> GradedSubmission:
        return replace(
            submission,
            student=alias[submission.student],
            rows=tuple(replace(row, message="") for row in submission.rows),
            answers={},
            entry="",
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


@dataclass(frozen=True)
class _Writer:
    """What all pages of a report have in common.

    last  what the last report left, for `since.changes`
    """

    school_class: SchoolClass
    out: Path
    ways: Ways
    last: dict
    made: datetime

    def page(
        self,
        path: Path,
        template: str,
        assignments: Iterable[GradedAssignment],
        shown: dict[str, Picture],
        **values: object,
    ) -> Path:
        """Write a page on some assignments, with a table of those who need a person."""
        assignments = list(assignments)
        found = statistics.concerns(assignments)
        _write_table(
            path.with_suffix(".people.csv"),
            "kind assignment student what",
            ((c.kind, c.assignment, c.student, c.what) for c in found),
        )
        kinds: dict[str, list] = {}
        for concern in found:
            kinds.setdefault(concern.kind, []).append(concern)
        page = _environment().get_template(template)
        path.write_text(
            page.render(
                school_class=self.school_class,
                pages=[(a.name, a.title) for a in self.school_class.assignments],
                concerns=kinds,
                mistakes=statistics.mistakes(assignments),
                pieces=_pieces(assignments),
                pairs=statistics.pairs(assignments),
                roots=statistics.roots(assignments),
                changes=since.changes(self.last, assignments),
                pictures={
                    name: (base64.b64encode(shown[name].png).decode(), shown[name].description)
                    for name in shown
                },
                people_table=path.with_suffix(".people.csv").name,
                listed=LISTED,
                few=statistics.FEW,
                ways=self.ways,
                script=SCRIPT,
                script_digest=SCRIPT_DIGEST,
                said=phrases.said,
                made=self.made.strftime("%Y-%m-%d %H:%M UTC"),
                **values,
            ),
            encoding="utf-8",
        )
        return path


def _assignment_page(
    writer: _Writer, assignment: GradedAssignment, together: list[AlikeHandIns] | None
) -> Path:
    figures = statistics.exercises(assignment)
    graded = assignment.graded
    out, students, name = writer.out, writer.school_class.students, assignment.name
    waiting = {id: statistics.waiting_points(assignment, one) for id, one in graded.items()}
    shares = [statistics.share(assignment, one) for one in graded.values()]
    scores = [one.score for one in graded.values()]
    shown = {}
    if graded:
        # Points that wait would be zeros in a picture of points.
        shown["scores"] = (
            pictures.scores([100 * one for one in shares], 100.0, PERCENT)
            if any(waiting.values())
            else pictures.scores(scores, assignment.max_score, POINTS.format(assignment.max_score))
        )
    if figures:
        shown["exercises"] = pictures.answers(figures)
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
    found = statistics.mistakes([assignment])
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
        "student name graded score max_score waiting_points late_penalty "
        f"{' '.join(assignment.exercises)}",
        (
            (id, students[id].name, "yes" if id in graded else "no", _digits(s.score))
            + (_digits(assignment.max_score), _digits(waiting.get(id)), _digits(s.penalty))
            + tuple(_said(s, exercise) for exercise in assignment.exercises)
            for id, s in assignment.submissions.items()
        ),
    )
    return writer.page(
        out / f"{name}.html",
        "assignment.html.j2",
        [assignment],
        shown,
        title=assignment.title,
        assignment=assignment,
        figures=figures,
        hardest=_hardest(figures),
        followed=statistics.followed_points(assignment),
        mean=sum(scores) / len(scores) if scores else None,
        mean_share=sum(shares) / len(shares) if shares else None,
        late=sum(s.penalty > 0 for s in graded.values()),
        waiting=waiting,
        written=[
            _WrittenFigures.of(name, maximum, graded.values())
            for name, maximum in assignment.written.items()
        ],
        together=together,
        bare=bare,
    )


@dataclass(frozen=True)
class _WrittenFigures:
    """A written answer in a class: how many are marked, as given out, and waiting, and the mean of
    the marks, None where there is none."""

    name: str
    maximum: float
    marked: int
    blank: int
    waiting: int
    mean: float | None

    @classmethod
    def of(
        cls, name: str, maximum: float, submissions: Iterable[GradedSubmission]
    ) -> _WrittenFigures:
        """Return the figures of one answer."""
        asked = [one for one in submissions if name in one.written]
        marks = [one.written[name] for one in asked if name not in one.blank]
        given = [mark for mark in marks if mark is not None]
        return cls(
            name,
            maximum,
            marked=len(given),
            blank=len(asked) - len(marks),
            waiting=len(marks) - len(given),
            mean=sum(given) / len(given) if given else None,
        )


@dataclass(frozen=True)
class _StudentLine:
    """A student in the table of the course: the share of each assignment's points, None where it
    is not graded, the points that are given and those that wait, and the change of the share."""

    student: Student
    shares: list[float | None]
    points: float
    waiting: float
    change: float | None


def _student_line(student: Student, assignments: Iterable[GradedAssignment]) -> _StudentLine:
    graded = [(assignment, assignment.graded.get(student.id)) for assignment in assignments]
    there = [(assignment, one) for assignment, one in graded if one]
    shares = [None if one is None else statistics.share(of, one) for of, one in graded]
    return _StudentLine(
        student,
        shares,
        points=sum(one.score for _, one in there),
        waiting=sum(statistics.waiting_points(of, one) for of, one in there),
        change=statistics.change(shares),
    )


def _course_page(writer: _Writer) -> Path:
    school_class, out = writer.school_class, writer.out
    assignments = school_class.assignments
    trend = statistics.trend(school_class)
    common = statistics.roots(assignments)
    with_shares = [figures for figures in trend if figures.shares]
    shown = {
        **({"progress": pictures.progress(with_shares)} if with_shares else {}),
        **({"roots": pictures.common_roots(common)} if common else {}),
    }
    _write_pictures(out, "course", shown)
    people = [_student_line(student, assignments) for student in school_class.students.values()]
    maximum = sum(assignment.max_score for assignment in assignments)
    _write_table(
        out / "course.students.csv",
        ["student", "name", *(a.name for a in assignments)]
        + ["score", "waiting_points", "max_score", "change"],
        (
            (one.student.id, one.student.name, *map(_digits, one.shares), _digits(one.points))
            + (_digits(one.waiting), _digits(maximum), _digits(one.change))
            for one in people
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
    return writer.page(
        out / "course.html",
        "course.html.j2",
        assignments,
        shown,
        title="The course",
        trend=trend,
        people=people,
        maximum=maximum,
    )


def _hardest(figures: list) -> list:
    """Return the three exercises that earned the smallest share of their points; none where all
    earned the same."""
    shares = {figure.difficulty for figure in figures}
    return sorted(figures, key=lambda figure: figure.difficulty)[:3] if len(shares) > 1 else []


def _said(submission: GradedSubmission, exercise: str) -> str:
    return "; ".join(
        row.mistake or title(row.verdict) for row in submission.rows if row.exercise == exercise
    )


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


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
