"""`autograder check` and `autograder answers`: one notebook file, outside any gradebook."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograder.course_folder import CourseFolder, holds_answers, read_notebook, read_object
from autograder.errors import Problem, UnreadableFile
from autograder.exercises import NOTEBOOKS
from autograder.hooks.course_cells import cells_of_release, cells_of_source
from autograder.intake.files import files_beside
from autograder.intake.notebooks import grade_id_of, rebuild
from autograder.intake.repair import CourseCell, repair
from autograder.intake.written import PLACEHOLDER
from autograder.run.assess import assess, course_sandbox, plain_cells, verdicts_of
from autograder.run.graded_cells import graded_cells
from autograder.sandbox import Limits, SandboxUnavailable, linux_means

SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


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
    """What `check` found; `remarks` say how the file had to be read."""

    notebook: str
    exercises: list[dict]
    written: list[WrittenQuestion] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        return sum(row["points"] for row in self.exercises)

    @property
    def max_score(self) -> float:
        return sum(row["max_points"] for row in self.exercises)

    @property
    def waiting(self) -> float:
        """The points of the written questions, which a person gives."""
        return sum(question.max_points for question in self.written)

    def as_json(self) -> dict:
        """The object that `check --json` prints."""
        return {
            "notebook": self.notebook,
            "assignment": self.notebook,
            "score": self.score,
            "max_score": self.max_score,
            "exercises": self.exercises,
            "written": [vars(question) for question in self.written],
        }


def check_file(path: Path, seed: int, isolation: str | None = None) -> CheckedFile:
    """Judge the notebook in `path`.

    isolation  "walls" or "none"; where not given, walls if this machine can build them, else a
               plain process with a remark: it is the learner's own code
    Raises Problem where the file cannot be judged.
    """
    try:
        notebook, remarks = rebuild(read_object(path))
    except UnreadableFile as reason:
        raise Problem(f"{path} {reason}.") from None
    assignment = _assignment(path, notebook)
    course = _course(path)
    source = course.source(assignment)
    # The second trial of what leans on another answer takes a copy of the room.
    follow_on = course.config.Judge.get("follow_on", True) and linux_means()
    graded = graded_cells(source)
    remarks += repair(notebook, _course_cells(course, assignment, source, notebook))

    def judge(isolation: str) -> dict:
        files = files_beside(str(path.parent), Limits().disk_bytes // 2)
        with (
            course_sandbox(
                isolation, notebooks=[notebook, source], assignment=assignment
            ) as sandbox,
            sandbox.open(files) as room,
        ):
            events = assess(plain_cells(notebook), graded, room, seed, follow_on=follow_on)
            return verdicts_of(events, graded)

    try:
        judgements = judge(isolation or "walls")
    except SandboxUnavailable as reason:
        if isolation == "walls":
            raise
        remarks.append(f"Your code runs in a plain process, without walls. {reason}")
        judgements = judge("none")
    rows = [row for judgement in judgements.values() for row in judgement.rows]
    return CheckedFile(assignment, rows, _written(source, notebook), remarks)


def _course_cells(
    course: CourseFolder, assignment: str, source: NotebookNode, notebook: NotebookNode
) -> list[CourseCell]:
    """The course's cells without solutions, as the notebook was made from them.

    A learner's was made from the release. An instructor checks the source as well, whose graded
    cells are longer.
    """
    place = course.notebook_path("release", assignment)
    of_source = any("### BEGIN HIDDEN TESTS" in cell.source for cell in notebook.cells)
    if not of_source and place.is_file() and not holds_answers(release := read_notebook(place)):
        return cells_of_release(release)
    return cells_of_source(source)


def _written(source: NotebookNode, notebook: NotebookNode) -> list[WrittenQuestion]:
    """The written questions of an assignment, and whether the notebook answers them."""
    texts = {grade_id_of(cell): cell.source for cell in notebook.cells}
    questions = []
    for cell in source.cells:
        data = cell.metadata.get("nbgrader", {})
        if data.get("grade") and data.get("solution"):
            text = texts.get(data["grade_id"], "")
            answered = bool(text.strip()) and PLACEHOLDER not in text
            questions.append(WrittenQuestion(data["grade_id"], float(data["points"]), answered))
    return questions


def model_answers(path: Path) -> list[ModelAnswer]:
    """The model answers of the written questions that the notebook in `path` answers.

    Raises Problem where the file cannot be read, or belongs to no notebook of this course.
    """
    try:
        notebook, _ = rebuild(read_object(path))
    except UnreadableFile as reason:
        raise Problem(f"{path} {reason}.") from None
    source = _course(path).source(_assignment(path, notebook))
    models = {grade_id_of(cell): SOLUTION.search(cell.source) for cell in source.cells}
    found = []
    for question in _written(source, notebook):
        model = models[question.question]
        shown = model[1].strip() if model and question.answered else None
        found.append(ModelAnswer(question.question, shown))
    return found


def _assignment(path: Path, notebook: NotebookNode) -> str:
    """The assignment of a file: the one it is named after, or whose graded cells it holds."""
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


def _course(path: Path) -> CourseFolder:
    """The course folder around a file, or the one this package was installed from."""
    here = Path(__file__).resolve().parents[1]
    for folder in [*path.resolve().parents, Path.cwd(), here]:
        if (folder / "source").is_dir() and (folder / "nbgrader_config.py").is_file():
            return CourseFolder(folder)
    raise Problem(f"No course folder with source/ is found around {path}.")
