"""Many submissions, one gradebook writer: nbgrader's own Autograde, one student after the other.

A submission that cannot be graded costs its student a zero with the reason, and the others nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.course_folder import CourseFolder, Problem, read_notebook
from autograder.preprocessors import rows_in


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one assignment."""

    assignment: str
    student: str


@dataclass(frozen=True)
class Grade:
    """A graded submission.

    score, max_score  as the gradebook has them, late penalties and manual points included
    exercises         the rows of `check --json`
    problem           why it could not be graded, or ""
    """

    submission: Submission
    score: float
    max_score: float
    exercises: list[dict] = field(default_factory=list)
    problem: str = ""

    def as_json(self) -> dict:
        """The line that `grade --json` prints."""
        return {
            "student": self.submission.student,
            "assignment": self.submission.assignment,
            "score": self.score,
            "max_score": self.max_score,
            "exercises": self.exercises,
            **({"problem": self.problem} if self.problem else {}),
        }


class _Messages(logging.Handler):
    """Keeps what nbgrader logs about one submission."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class Grading:
    """Grades the submissions of a course folder.

    isolation  "walls" or "none", instead of the folder's setting
    """

    def __init__(self, folder: CourseFolder, isolation: str | None = None):
        self.folder, self.isolation = folder, isolation

    def submissions(self, names: list[str], student: str | None = None) -> list[Submission]:
        """What is in `submitted/`, in order; Problem where there is nothing."""
        for name in names:
            if name not in self.folder.assignments:
                known = ", ".join(self.folder.assignments) or "none"
                raise Problem(f"There is no assignment {name} in source/; known are: {known}.")
        found = [
            Submission(path.name, path.parent.name)
            for path in sorted((self.folder.root / "submitted").glob("*/*"))
            if path.is_dir() and path.name in (names or self.folder.assignments)
        ]
        if student is not None:
            found = [submission for submission in found if submission.student == student]
        if not found:
            what = f"of {student} " if student is not None else ""
            what += f"for {', '.join(names)} " if names else ""
            raise Problem(f"Nothing {what}is in submitted/: collect the assignments first.")
        return sorted(found, key=lambda submission: (submission.assignment, submission.student))

    def waiting(self, submissions: list[Submission], force: bool) -> list[Submission]:
        """Those that are new, or changed since they were graded; all of them with `force`."""
        return [s for s in submissions if force or not self._is_graded(s)]

    def _is_graded(self, submission: Submission) -> bool:
        directory = self.folder.directory
        place = (submission.student, submission.assignment)
        done = Path(directory.format_path(directory.autograded_directory, *place))
        handed_in = Path(directory.format_path(directory.submitted_directory, *place))
        graded = [path.stat().st_mtime for path in done.glob("*.ipynb")]
        changed = [path.stat().st_mtime for path in handed_in.glob("*")]
        return bool(graded) and min(graded) >= max(changed, default=0)

    def grade(self, submissions: list[Submission]) -> Iterator[Grade]:
        """Grade submissions one after the other, each in the gradebook before the next starts."""
        for assignment in sorted({submission.assignment for submission in submissions}):
            self._prepare(assignment)
        for submission in submissions:
            yield self._grade_one(submission)

    def _converter(self, kind: type, assignment: str, student: str, log: logging.Logger):
        config = self.folder.config
        config.CourseDirectory.assignment_id = assignment
        config.CourseDirectory.student_id = student
        if self.isolation:
            config.Judge.isolation = self.isolation
        directory = CourseDirectory(config=config, log=log)
        return kind(coursedir=directory, config=config, log=log, force=True)

    def _prepare(self, assignment: str) -> None:
        """Enter the assignment in the gradebook, where nobody has done so yet."""
        with self._gradebook() as gradebook:
            try:
                if gradebook.find_assignment(assignment).notebooks:
                    return
            except MissingEntry:
                pass
        messages, log = _log()
        try:
            self._converter(GenerateAssignment, assignment, ".", log).start()
        except NbGraderException:
            raise Problem(
                f"nbgrader cannot make the release of {assignment}: {_reason(messages)}"
            ) from None

    def _grade_one(self, submission: Submission) -> Grade:
        messages, log = _log()
        place = (submission.student, submission.assignment)
        directory = self.folder.directory
        folder = Path(directory.format_path(directory.submitted_directory, *place))
        notebook = folder / f"{submission.assignment}.ipynb"
        try:
            read_notebook(notebook)
            self._converter(Autograde, submission.assignment, submission.student, log).start()
        except Problem as problem:
            return self._zero(submission, str(problem).replace(f"{folder}/", ""))
        except NbGraderException:
            return self._zero(submission, _reason(messages))
        done = Path(directory.format_path(directory.autograded_directory, *place))
        rows = rows_in(read_notebook(done / notebook.name))
        return self._from_gradebook(submission, exercises=rows)

    def _zero(self, submission: Submission, reason: str) -> Grade:
        """Enter a zero for every graded cell, with the reason as the comment."""
        with self._gradebook() as gradebook:
            gradebook.update_or_create_student(submission.student)
            entry = gradebook.update_or_create_submission(
                submission.assignment, submission.student
            )
            for notebook in entry.notebooks:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False
                for comment in notebook.comments:
                    comment.auto_comment = f"Not graded: {reason}"
            gradebook.db.commit()
        return self._from_gradebook(submission, problem=reason)

    def _from_gradebook(self, submission: Submission, **fields) -> Grade:
        with self._gradebook() as gradebook:
            entry = gradebook.find_submission(submission.assignment, submission.student)
            score = max(entry.score - (entry.late_submission_penalty or 0), 0)
            return Grade(submission, score, entry.max_score, **fields)

    def _gradebook(self) -> Gradebook:
        directory = self.folder.directory
        return Gradebook(directory.db_url, directory.course_id)

    def feedback(self, submissions: list[Submission]) -> Iterator[tuple[Submission, str]]:
        """Make the students' feedback pages with nbgrader; yields what went wrong, or ""."""
        for submission in submissions:
            messages, log = _log()
            converter = self._converter(
                GenerateFeedback, submission.assignment, submission.student, log
            )
            try:
                converter.start()
            except NbGraderException:
                yield submission, _reason(messages)
            else:
                yield submission, ""


def _log() -> tuple[_Messages, logging.Logger]:
    messages = _Messages()
    log = logging.Logger("autograder", logging.INFO)
    log.addHandler(messages)
    return messages, log


def _reason(messages: _Messages) -> str:
    """The last line of a traceback in nbgrader's log, else its first line."""
    for text in messages.lines:
        if "Traceback" in text:
            return text.strip().splitlines()[-1]
    return messages.lines[0] if messages.lines else "nbgrader gave no reason."
