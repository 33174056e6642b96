"""From `source/` to `release/`: nbgrader makes the release, and no secret may be left in it."""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.course_folder import CONFIG, CourseFolder


def generate(folder: CourseFolder, name: str) -> str:
    """Return the text of the release notebook, made by nbgrader with the folder's own settings."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        shutil.copytree(folder.root / "source" / name, root / "source" / name)
        shutil.copy(folder.root / CONFIG, root)
        config = CourseFolder(root).config
        config.CourseDirectory.assignment_id = name
        # Nothing is looked up in the gradebook of a temporary folder; making one takes seconds.
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
        log = logging.getLogger("generate")
        directory = CourseDirectory(config=config, log=log)
        GenerateAssignment(coursedir=directory, config=config, log=log).start()
        return (root / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8")


def secrets_in(release: NotebookNode, source: NotebookNode) -> list[str]:
    """Return what of the solutions, the hidden tests or this package can be read in a release."""
    text = nbformat.writes(release)
    words = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "autograder")
    found = [f'The release holds "{word}".' for word in words if word in text]
    visible = {line.strip() for cell in release.cells for line in cell.source.splitlines()}
    for cell in source.cells:
        secret = False
        for line in cell.source.splitlines():
            if "### BEGIN SOLUTION" in line or "### BEGIN HIDDEN TESTS" in line:
                secret = True
            elif "### END SOLUTION" in line or "### END HIDDEN TESTS" in line:
                secret = False
            elif secret and len(line.strip()) > 12 and line.strip() in visible:
                found.append(f"The release holds a line of a solution: {line.strip()}")
    return found
