"""`autograder check` and `autograder answers`: one notebook file, outside any gradebook."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograder.cell_fields import fields_of
from autograder.course_folder import CourseFolder, holds_answers, read_notebook
from autograder.errors import Problem, UnreadableFile
from autograder.exercises import NOTEBOOKS
from autograder.hooks.course_cells import cells_of_release, cells_of_source
from autograder.hooks.settings import limits_of
from autograder.intake.files import files_beside
from autograder.intake.notebooks import grade_id_of, read_submission
from autograder.intake.repair import CourseCell, repair
from autograder.intake.written import PLACEHOLDER, SOLUTION
from autograder.run.assess import assess, graded_cells, needs_of, plain_cells, verdicts_of
from autograder.run.sandboxes import Needs, course_sandbox
from autograder.run.second_opinions import that_count, without_second_opinions
from autograder.sandbox import Isolation, Limits, Room, Sandbox, SandboxUnavailable, linux_means
from course import journal
from course.kinds import VerdictKind
from course.session import place_of_progress

# Folders of a course whose notebooks are no learner's own.
STEPS = ("source", "release", "submitted", "autograded", "feedback")
DEFINES = (ast.FunctionDef, ast.ClassDef)
WITHOUT_WALLS = "Your code runs in a plain process, without walls. {reason}"


@dataclass(frozen=True)
class WrittenQuestion:
    """A question that a person reads: the points that wait, and whether anything is written."""

    question: str
    max_points: float
    answered: bool


@dataclass(frozen=True)
class ModelAnswer:
    """The model answer of a written question, with its rubric; `text` is None before an attempt."""

    question: str
    text: str | None


@dataclass(frozen=True)
class CheckedFile:
    """What `check` found.

    remarks  how the file had to be read
    tried    a digest of the answer to each exercise, which tells two tries apart
    """

    notebook: str
    exercises: list[dict]
    written: list[WrittenQuestion] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    tried: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return sum(row["points"] for row in self.exercises)

    @property
    def max_score(self) -> float:
        return sum(row["max_points"] for row in self.exercises)

    @property
    def waiting(self) -> float:
        """Return the points of the written questions, which a person gives."""
        return sum(question.max_points for question in self.written)

    def as_json(self) -> dict:
        """Return the object that `check --json` prints."""
        return {
            "notebook": self.notebook,
            "assignment": self.notebook,
            "score": self.score,
            "max_score": self.max_score,
            "exercises": self.exercises,
            "written": [vars(question) for question in self.written],
        }


class Checker:
    """Judges files, one after the other; a context manager that keeps what rooms are opened from.

    isolation  "walls" or "none"; where not given, walls if this machine can build them, else a
               plain process with a remark: it is the learner's own code
    """

    def __init__(self, isolation: Isolation | None = None) -> None:
        self._asked, self._isolation = isolation, isolation or "walls"
        self._remark = ""
        self._sandbox: Sandbox | None = None
        self._made_for: tuple = ()

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *problem: object) -> None:
        self._close()

    def check(self, path: Path, seed: int = 0, cells: Mapping[str, str] = {}) -> CheckedFile:
        """Judge the notebook in `path`.

        cells  the text of cells that is newer than the file, by id
        Raises Problem where the file cannot be judged.
        """
        notebook, remarks = _read(path, cells)
        assignment = _assignment(path, notebook)
        course = course_around(path)
        source = course.source(assignment)
        # The second trial of what leans on another answer takes a copy of the room.
        follow_on = course.setting("Judge", "follow_on", True) and linux_means()
        limits = limits_of(course.setting("Judge", "limits", {}))
        graded = graded_cells(source)
        remarks += repair(notebook, _course_cells(course, assignment, source, notebook))
        files = files_beside(str(path.parent), limits.disk_bytes // 2)
        held = without_second_opinions(plain_cells(notebook), plain_cells(source), graded)
        needs = needs_of(that_count(held), graded)
        try:
            room = self._open(limits, needs, files)
        except SandboxUnavailable as reason:
            if self._asked == "walls":
                raise
            self._remark = WITHOUT_WALLS.format(reason=reason)
            self._isolation = "none"
            room = self._open(limits, needs, files)
        with room, closing(assess(held, graded, room, seed, follow_on=follow_on)) as events:
            judgements = verdicts_of(events, graded)
        rows = [row for judgement in judgements.values() for row in judgement.rows]
        if self._remark:
            remarks.append(self._remark)
        tried = {row["exercise"]: _digest(notebook, row["exercise"]) for row in rows}
        return CheckedFile(assignment, rows, _written(source, notebook), remarks, tried)

    def _open(self, limits: Limits, needs: Needs, files: dict[str, bytes]) -> Room:
        """Open a room for a notebook that needs this.

        One sandbox is kept and no more, as a learner's machine is small; and no process is forked
        that answers for references, as `Sandboxes` does, which Windows cannot do.
        """
        made_for = (self._isolation, limits, needs)
        if self._sandbox is None or self._made_for != made_for:
            self._close()
            self._sandbox = course_sandbox(self._isolation, limits, needs)
            self._made_for = made_for
        return self._sandbox.open(files)

    def _close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None


def keep(path: Path, checked: CheckedFile, everywhere: bool = False) -> str:
    """Keep what was found beside the work; return why that could not be done, or "".

    everywhere  also for a file that does not lie in a learner's folder of notebooks, where nobody
                expects another file to appear
    """
    place = place_of_progress(path)
    steps = [course_around(path).root / step for step in STEPS]
    if any(step in path.resolve().parents for step in steps):
        return ""
    if not everywhere and not place.exists() and path.resolve().parent.name not in NOTEBOOKS:
        return ""
    known = journal.latest(journal.read(place), journal.VERDICT)
    entries = [
        {"what": journal.VERDICT, **row, "answer": checked.tried[row["exercise"]]}
        for row in checked.exercises
    ]
    number = checked.notebook.partition("-")[0]
    entries += [
        {
            "what": journal.VERDICT,
            "exercise": f"{number}.{question.question}",
            "verdict": (journal.WRITTEN if question.answered else VerdictKind.NOT_ATTEMPTED),
        }
        for question in checked.written
    ]
    return journal.append(
        place, [entry for entry in entries if not _is_said(entry, known.get(entry["exercise"]))]
    )


def _is_said(entry: dict, before: dict | None) -> bool:
    return before is not None and all(before.get(key) == value for key, value in entry.items())


def _read(path: Path, newer: Mapping[str, str] = {}) -> tuple[NotebookNode, list[str]]:
    """Read a file as grading does, but for a link, which a learner may have made.

    newer  the text of cells that is newer than the file, by id
    Raises Problem where it cannot be read.
    """
    if not path.exists():
        raise Problem(f"There is no file {path}.")
    try:
        return read_submission(path.resolve(), newer)
    except UnreadableFile as reason:
        raise Problem(reason.about(path)) from None


def _digest(notebook: NotebookNode, exercise: str) -> str:
    """Return what tells two tries of an exercise apart; "" where there is no definition of it.

    It digests the student's definition, without comments and docstrings.
    """
    name = exercise.partition(".")[2]
    found = ""
    for cell in notebook.cells:
        if cell.cell_type != "code" or name not in cell.source:
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            if grade_id_of(cell) == name:
                found = cell.source
            continue
        for node in ast.walk(tree):
            if isinstance(node, DEFINES) and node.name == name:
                documented = ast.get_docstring(node) is not None
                found = "\n".join(map(ast.dump, node.body[documented:]))
    return hashlib.sha256(found.encode()).hexdigest()[:16] if found else ""


def _course_cells(
    course: CourseFolder, assignment: str, source: NotebookNode, notebook: NotebookNode
) -> list[CourseCell]:
    """Return the course's cells without solutions, as the notebook was made from them.

    A learner's was made from the release. An instructor checks the source as well, whose graded
    cells are longer.
    """
    place = course.notebook_path("release", assignment)
    of_source = any("### BEGIN HIDDEN TESTS" in cell.source for cell in notebook.cells)
    if not of_source and place.is_file() and not holds_answers(release := read_notebook(place)):
        return cells_of_release(release)
    return cells_of_source(source)


def _written(source: NotebookNode, notebook: NotebookNode) -> list[WrittenQuestion]:
    """Return the written questions of an assignment, and whether the notebook answers them."""
    texts = {grade_id_of(cell): cell.source for cell in notebook.cells}
    questions = []
    for cell in source.cells:
        data = fields_of(cell)
        if data.get("grade") and data.get("solution"):
            text = texts.get(data["grade_id"], "")
            answered = bool(text.strip()) and PLACEHOLDER not in text
            questions.append(WrittenQuestion(data["grade_id"], float(data["points"]), answered))
    return questions


def model_answers(path: Path) -> list[ModelAnswer]:
    """Return the model answers of the written questions that the notebook in `path` answers.

    Raises Problem where the file cannot be read, or belongs to no notebook of this course.
    """
    notebook, _ = _read(path)
    source = course_around(path).source(_assignment(path, notebook))
    models = {grade_id_of(cell): SOLUTION.search(cell.source) for cell in source.cells}
    found = []
    for question in _written(source, notebook):
        model = models[question.question]
        shown = model[1].strip() if model and question.answered else None
        found.append(ModelAnswer(question.question, shown))
    return found


def assignment_of(path: Path) -> str:
    """Return the assignment that the notebook in `path` belongs to; Problem where there is none."""
    return _assignment(path, _read(path)[0])


def _assignment(path: Path, notebook: NotebookNode) -> str:
    """Return the assignment of a file: the one it is named after, or whose graded cells it
    holds."""
    if path.stem in NOTEBOOKS:
        return path.stem
    numbers = {(grade_id_of(cell) or "")[:3] for cell in notebook.cells}
    found = [name for name in NOTEBOOKS if name[:3] in numbers]
    if len(found) != 1:
        raise Problem(
            f"{path} is no notebook of this course: it should be named like {next(iter(NOTEBOOKS))}"
            ".ipynb or hold the graded cells of one assignment."
        )
    return found[0]


def course_around(path: Path) -> CourseFolder:
    """Return the course folder around a file, or the one this package was installed from.

    Raises Problem where there is neither.
    """
    here = Path(__file__).resolve().parents[1]
    for folder in [*path.resolve().parents, Path.cwd(), here]:
        if (folder / "source").is_dir() and (folder / "nbgrader_config.py").is_file():
            return CourseFolder(folder)
    raise Problem(f"No course folder with source/ is found around {path}.")
