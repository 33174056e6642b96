"""A course folder: where `nbgrader_config.py` lies, with `source/`, `submitted/`, the gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import Problem, UnreadableFile
from autograder.intake.notebooks import parse, read_bytes
from autograder.intake.written import PLACEHOLDER

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

CONFIG = "nbgrader_config.py"


class CourseFolder:
    """A course folder and nbgrader's settings for it."""

    def __init__(self, root: Path):
        self.root = root.resolve()
        if not (self.root / CONFIG).is_file():
            raise Problem(
                f"There is no {CONFIG} in {root}: run this in a course folder, "
                "or make one with `autograder new-course`."
            )

    @property
    def config(self) -> Config:
        """nbgrader's settings, with this folder as the course's root."""
        config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        config.CourseDirectory.root = str(self.root)
        return config

    @property
    def directory(self) -> CourseDirectory:
        """nbgrader's view of the folder."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config)

    @property
    def assignments(self) -> list[str]:
        """The assignments that have a source notebook, in order."""
        return sorted(path.stem for path in self.root.glob("source/*/*.ipynb"))

    def source(self, assignment: str) -> NotebookNode:
        """The instructor's notebook of an assignment."""
        return read_notebook(self.notebook_path("source", assignment))

    def notebook_path(self, step: str, assignment: str) -> Path:
        """Where `source` or `release` holds the notebook of an assignment."""
        return self.root / step / assignment / f"{assignment}.ipynb"


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a file; Problem where there is none that can be read."""
    read_object(path)
    try:
        return nbformat.read(path, as_version=4)
    except Exception:
        raise Problem(f"{path} is not a notebook that Jupyter knows.") from None


def read_object(path: Path) -> dict:
    """The JSON object in a notebook file of format 4; Problem where there is none."""
    if not path.exists():
        raise Problem(f"There is no file {path}.")
    try:
        found = parse(read_bytes(path.resolve()))
    except UnreadableFile as reason:
        raise Problem(f"{path} {reason}.") from None
    if found.get("nbformat") != 4 or not isinstance(found.get("cells"), list):
        raise Problem(
            f"{path} is not a notebook of format 4: open it in JupyterLab and save it again."
        )
    return found


def holds_answers(release: NotebookNode) -> bool:
    """Say whether somebody has worked in a release notebook: run it, or written into its stubs."""
    for cell in release.cells:
        if cell.get("outputs") or cell.get("execution_count"):
            return True
        stub = "NotImplementedError" if cell.cell_type == "code" else PLACEHOLDER
        if cell.metadata.get("nbgrader", {}).get("solution") and stub not in cell.source:
            return True
    return False
