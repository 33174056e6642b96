"""How `nbgrader autograde` and the formgrader's button come to read with care what was handed in.

`autograder grade` does not come this way: it drives nbgrader's steps itself, in
`autograder.grading.stages`, and reads with the same functions of `autograder.intake`.
"""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_notebook
from nbgrader import api
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import select

from autograder.errors import UnreadableFile
from autograder.hooks import words
from autograder.hooks.course_cells import cells_of_gradebook, graded_cells_of_course
from autograder.hooks.internals import is_sanitizing
from autograder.hooks.steps import MarkedTexts, marked_texts, note_before
from autograder.intake.files import (
    name_problem,
    read_handed_in,
    read_own,
    read_timestamp,
    to_hide,
)
from autograder.intake.repair import CourseCell
from autograder.intake.written import read_given


class CheckedDirectory(CourseDirectory):
    """nbgrader's view of the course folder; a time stamp is read with care, as any file is."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """Return when a submission was handed in; None where there is no time to be read."""
        return read_timestamp(dest_path)


def _settings(directory: CourseDirectory) -> dict:
    """Return what is set of a course folder, for another view of the same."""
    names = set(directory.trait_names()) - {"config", "parent", "log"}
    return {name: getattr(directory, name) for name in names}


class SubmissionExporter(NotebookExporter):
    """Reads submissions for nbgrader's Autograde, and writes what it makes of them."""

    def __init__(self, config: Any = None, parent: Any = None, **kwargs: Any) -> None:
        super().__init__(config=config, parent=parent, **kwargs)
        self.remarks: dict[str, list[str]] = {}
        # By where they lie in autograded/: Autograde removes them before anything is converted.
        self.marked: dict[str, MarkedTexts] = {}
        if parent is not None and hasattr(parent, "assignments"):
            self._look_through(parent)

    def _look_through(self, autograde: Autograde) -> None:
        """Replace what Autograde found by what is really there, and hide what must not be copied.

        autograde  nbgrader's converter, which has listed folders and notebooks by their names
        """
        old = autograde.coursedir
        checked = CheckedDirectory(config=old.config, log=old.log, **_settings(old))
        place = (checked.submitted_directory, checked.student_id, checked.assignment_id)
        folders = {*autograde.assignments, *glob.glob(checked.format_path(*place))}
        problems = {
            folder: name_problem(Path(folder).parent.name)
            for folder in sorted(folders)
            if os.path.isdir(folder)
        }
        refused = [folder for folder, problem in problems.items() if problem]
        for folder in refused:
            self.log.error("%r: %s", Path(folder).parent.name, problems[folder])
        if refused and len(refused) == len(problems):
            # Otherwise the formgrader would say that it was graded.
            raise NbGraderException(problems[refused[0]])
        self._enter(checked)
        known = self._notebooks(checked)
        hidden: list[str] = []
        assignments = {}
        for folder in sorted(problems.keys() - set(refused)):
            found, self.remarks[folder] = to_hide(folder)
            hidden += found
            assignments[folder] = [
                os.path.join(folder, f"{name}.ipynb")
                for name in known
                if checked.notebook_id in ("*", name)
            ] or autograde.assignments.get(folder, [])
        checked.ignore = [*checked.ignore, *map(glob.escape, hidden)]
        autograde.coursedir = checked
        autograde.assignments = assignments
        self._note_marked(checked, assignments)

    def _note_marked(self, directory: CourseDirectory, folders: Iterable[str]) -> None:
        """Read what marks that stand were given for, before it is replaced."""
        handed, notebook, grade = api.SubmittedAssignment, api.SubmittedNotebook, api.Grade
        query = (
            select(handed.student_id, api.Notebook.name)
            .join(api.Assignment, api.Assignment.id == handed.assignment_id)
            .join(notebook, notebook.assignment_id == handed.id)
            .join(api.Notebook, api.Notebook.id == notebook.notebook_id)
            .join(grade, grade.notebook_id == notebook.id)
            .where(api.Assignment.name == directory.assignment_id)
            .where(handed.student_id.in_(Path(folder).parent.name for folder in folders))
            .where(grade.manual_score.is_not(None), ~grade.needs_manual_grade)
            .distinct()
        )
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            marked = gradebook.db.execute(query).all()
        for student, name in marked:
            path = self._graded(directory, student, directory.assignment_id, name)
            self.marked[path] = marked_texts(Path(path))

    def _graded(self, directory: CourseDirectory, student: str, assignment: str, name: str) -> str:
        """Return where a graded notebook lies, or will."""
        folder = directory.format_path(directory.autograded_directory, student, assignment)
        return os.path.join(os.path.abspath(folder), f"{name}.ipynb")

    def _notebooks(self, directory: CourseDirectory) -> list[str]:
        """Return the names that the gradebook knows the assignment's notebooks by.

        Raises NbGraderException where a graded cell of theirs cannot be judged.
        """
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            try:
                assignment = gradebook.find_assignment(directory.assignment_id)
            except MissingEntry:
                return []
            try:
                for notebook in assignment.notebooks:
                    graded_cells_of_course(cells_of_gradebook(notebook))
            except (ValueError, SyntaxError) as reason:
                # Said before anything is entered: nobody's row is left without a grade.
                problem = words.NO_CHECKS.format(name=assignment.name, reason=reason)
                self.log.error(problem)
                raise NbGraderException(problem) from None
            return [notebook.name for notebook in assignment.notebooks]

    def _enter(self, directory: CourseDirectory) -> None:
        """Enter the assignment's cells in the gradebook where nobody has done so yet: a new class
        has its release from the start, and gives it out without `nbgrader generate_assignment`.

        Once a hand-in is entered, nbgrader refuses to.
        """
        name = directory.assignment_id
        if not os.path.isdir(directory.format_path(directory.source_directory, ".", name)):
            return
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            try:
                if gradebook.find_assignment(name).notebooks:
                    return
            except MissingEntry:
                pass
        # What was given out stays as it is.
        with tempfile.TemporaryDirectory() as elsewhere:
            settings = {**_settings(directory), "student_id": ".", "release_directory": elsewhere}
            source = CourseDirectory(config=directory.config, log=self.log, **settings)
            GenerateAssignment(coursedir=source, config=self.config, log=self.log).start()

    def from_filename(
        self, filename: str, resources: Any = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Read a submission in the place of Exporter.from_filename, which follows everything."""
        resources = ResourcesDict() if resources is None else resources
        folder, name = os.path.split(filename)
        resources["metadata"] = ResourcesDict(name=os.path.splitext(name)[0], path=folder)
        # Autograde reads twice: what was handed in, and then what it made of that.
        autograde: Any = self.parent
        if not is_sanitizing(autograde):
            notebook = read_own(filename)
            names = resources["nbgrader"]
            place = (names["student"], names["assignment"], names["notebook"])
            path = self._graded(autograde.coursedir, *place)
            note_before(resources, Path(path), self.marked.get(path, {}))
            return self.from_notebook_node(notebook, resources=resources, **kw)
        remarks = list(self.remarks.get(folder, []))
        refused = ""
        names = resources["nbgrader"]
        course = self._course(names)
        try:
            notebook, found = read_handed_in(Path(filename), course)
            remarks += found
        except UnreadableFile as reason:
            notebook, refused = new_notebook(), reason.about(name)
        resources["autograder"] = {
            "remarks": remarks,
            "refused": refused,
            "given": read_given(self._given_out(names), [cell.grade_id for cell in course]),
        }
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _course(self, names: dict) -> list[CourseCell]:
        """Return the cells of the course's own notebook."""
        with Gradebook(names["db_url"]) as gradebook:
            return cells_of_gradebook(
                gradebook.find_notebook(names["notebook"], names["assignment"])
            )

    def _given_out(self, names: dict) -> list[str]:
        """Return where the notebook lies as students got it, and as the instructor has it."""
        autograde: Any = self.parent
        directory = autograde.coursedir
        return [
            os.path.join(
                directory.format_path(step, ".", names["assignment"]), f"{names['notebook']}.ipynb"
            )
            for step in (directory.release_directory, directory.source_directory)
        ]
