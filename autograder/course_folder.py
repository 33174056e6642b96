"""A course folder: where `nbgrader_config.py` lies, with `source/`, `submitted/`, the gradebook."""

from __future__ import annotations

import copy
import traceback
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import to_notebook_json
from traitlets.config import Config, LazyConfigValue
from traitlets.config.loader import PyFileConfigLoader

from autograder.cell_fields import fields_of
from autograder.errors import Problem
from autograder.intake import words
from autograder.intake.notebooks import read_object
from autograder.intake.written import PLACEHOLDER

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

CONFIG = "nbgrader_config.py"
SETTINGS_FAIL = "{file} fails in line {line}: {error}. Mend it there, and run this again."


class CourseFolder:
    """A course folder and nbgrader's settings for it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not (self.root / CONFIG).is_file():
            raise Problem(
                f"There is no {CONFIG} in {root}: run this in a course folder, "
                "or make one with `autograder new-course`."
            )

    @property
    def config(self) -> Config:
        """Return nbgrader's settings, with this folder as the course's root; a copy for each who
        asks.

        Raises Problem where the settings refuse to go on, or are no Python that runs.
        """
        return copy.deepcopy(self._loaded)

    @cached_property
    def _loaded(self) -> Config:
        """Load the settings when somebody first asks; running the file takes a while."""
        try:
            config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        except SystemExit as refusal:
            raise Problem(str(refusal)) from None
        except Exception as error:
            if (line := _line_of_its_own(error, self.root / CONFIG)) is None:
                raise
            text = error.msg if isinstance(error, SyntaxError) else str(error)
            said = f"{type(error).__name__}: {text}".rstrip(".")
            raise Problem(SETTINGS_FAIL.format(file=CONFIG, line=line, error=said)) from None
        config.CourseDirectory.root = str(self.root)
        return config

    def setting(self, part: str, name: str, default: Any) -> Any:
        """Return what is set as `c.PART.NAME`, or the default.

        It is for who cannot wait for nbgrader to be imported, whose parts read their settings
        themselves.
        """
        found = self._loaded[part].get(name, default)
        return found.get_value(default) if isinstance(found, LazyConfigValue) else found

    @property
    def directory(self) -> CourseDirectory:
        """Return nbgrader's view of the folder."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config)

    @property
    def assignments(self) -> list[str]:
        """Return the assignments that have a source notebook, in order."""
        return sorted(path.stem for path in self.root.glob("source/*/*.ipynb"))

    def source(self, assignment: str) -> NotebookNode:
        """Read the instructor's notebook of an assignment."""
        return read_notebook(self.notebook_path("source", assignment))

    def notebook_path(self, step: str, assignment: str) -> Path:
        """Return where `source` or `release` holds the notebook of an assignment."""
        return self.root / step / assignment / f"{assignment}.ipynb"


def _line_of_its_own(error: Exception, file: Path) -> int | None:
    """Return the line of `file` that an exception comes from; None where code that it calls raised
    it."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename) == file:
        return error.lineno
    last = traceback.extract_tb(error.__traceback__)[-1]
    return last.lineno if Path(last.filename) == file else None


def read_notebook(path: Path) -> NotebookNode:
    """Read the notebook in a file; Problem where there is none that can be read."""
    found = read_object(path)
    try:
        notebook = to_notebook_json(found)
        # It gives cells without an id one. What else it finds hinders nobody who reads.
        with suppress(nbformat.ValidationError):
            nbformat.validate(notebook)
        return notebook
    except Exception:  # Whatever nbformat raises for cells that are none.
        raise Problem(words.NO_NOTEBOOK.format(name=path)) from None


def holds_answers(release: NotebookNode) -> bool:
    """Say whether somebody has worked in a release notebook: run it, or written into its stubs."""
    for cell in release.cells:
        if cell.get("outputs") or cell.get("execution_count"):
            return True
        stub = "NotImplementedError" if cell.cell_type == "code" else PLACEHOLDER
        if fields_of(cell).get("solution") and stub not in cell.source:
            return True
    return False
