"""`autograder check`: one notebook file, judged outside any gradebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograder.course_folder import CourseFolder, read_object
from autograder.errors import Problem, UnreadableFile
from autograder.exercises import NOTEBOOKS
from autograder.hooks.course_cells import cells_of_source
from autograder.intake.files import files_beside
from autograder.intake.notebooks import grade_id_of, rebuild
from autograder.intake.repair import repair
from autograder.run.assess import assess, course_sandbox
from autograder.run.graded_cells import graded_cells
from autograder.sandbox import Limits, SandboxUnavailable


@dataclass(frozen=True)
class CheckedFile:
    """What `check` found; `remarks` say how the file had to be read."""

    notebook: str
    exercises: list[dict]
    remarks: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        return sum(row["points"] for row in self.exercises)

    @property
    def max_score(self) -> float:
        return sum(row["max_points"] for row in self.exercises)

    def as_json(self) -> dict:
        """The object that `check --json` prints."""
        return {
            "notebook": self.notebook,
            "assignment": self.notebook,
            "score": self.score,
            "max_score": self.max_score,
            "exercises": self.exercises,
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
    source = _course(path).source(assignment)
    graded = graded_cells(source)
    remarks += repair(notebook, cells_of_source(source))
    try:
        judgements = _judge(notebook, graded, seed, isolation or "walls", path.parent)
    except SandboxUnavailable as reason:
        if isolation == "walls":
            raise
        remarks.append(f"Your code runs in a plain process, without walls. {reason}")
        judgements = _judge(notebook, graded, seed, "none", path.parent)
    rows = [row for judgement in judgements.values() for row in judgement.rows]
    return CheckedFile(assignment, rows, remarks)


def _judge(notebook: NotebookNode, graded: dict, seed: int, isolation: str, folder: Path) -> dict:
    files = files_beside(str(folder), Limits().disk_bytes // 2)
    with course_sandbox(isolation) as sandbox, sandbox.open(files) as room:
        return assess(notebook, graded, room, seed)


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
