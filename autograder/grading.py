"""Many submissions, one gradebook writer: nbgrader's own Autograde, one student after the other.

A submission that cannot be graded costs its student a zero with the reason, and the others nothing.
"""

from __future__ import annotations

import errno
import glob
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError

from autograder.course_folder import CourseFolder, Problem
from autograder.preprocessors import Judge, rows_in, tests_of
from autograder.repair import Unreadable, cells_of_gradebook
from autograder.sandbox import SandboxUnavailable
from autograder.submissions import UNSAFE_NAME, read_own

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


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
    repairs           what was put right before grading
    problem           why it could not be graded, or ""
    """

    submission: Submission
    score: float
    max_score: float
    exercises: list[dict] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    problem: str = ""

    def as_json(self) -> dict:
        """The line that `grade --json` prints."""
        return {
            "student": self.submission.student,
            "assignment": self.submission.assignment,
            "score": self.score,
            "max_score": self.max_score,
            "exercises": self.exercises,
            **({"repairs": self.repairs} if self.repairs else {}),
            **({"problem": self.problem} if self.problem else {}),
        }


class _Messages(logging.Handler):
    """Keeps what nbgrader logs about one submission, and the exception it logs it for."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.error: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        self.error = self.error or sys.exc_info()[1]


class _Autograde(Autograde):
    """nbgrader's Autograde, for a submission that may hold no notebook at all: what reads it says
    so, and its student gets a zero and a page like everybody else."""

    def init_notebooks(self) -> None:
        try:
            super().init_notebooks()
        except NbGraderException:
            if not self.coursedir.assignment_id:
                raise


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
        graded = [path.stat().st_mtime for path in done.glob("*.ipynb") if _is_judged(path)]
        changed = [path.lstat().st_mtime for path in handed_in.glob("*")]
        return bool(graded) and min(graded) >= max(changed, default=0)

    def grade(self, submissions: list[Submission]) -> Iterator[Grade]:
        """Grade submissions one after the other, each in the gradebook before the next starts.

        Raises Problem or SandboxUnavailable where it is this machine or the course that stands in
        the way; what is graded by then stays, and nobody gets a zero for it.
        """
        if not submissions:
            return
        with Judge(config=self._config()).sandbox.open():
            pass
        try:
            for assignment in sorted({submission.assignment for submission in submissions}):
                self._prepare(assignment)
            for submission in submissions:
                yield self._grade_one(submission)
        except (OperationalError, OSError) as error:
            raise _machine_problem(error) or error from None

    def _config(self):
        config = self.folder.config
        if self.isolation:
            config.Judge.isolation = self.isolation
        return config

    def _converter(self, kind: type, assignment: str, student: str, log: logging.Logger):
        config = self._config()
        config.CourseDirectory.assignment_id = assignment
        config.CourseDirectory.student_id = glob.escape(student)
        directory = CourseDirectory(config=config, log=log)
        return kind(coursedir=directory, config=config, log=log, force=True)

    def _prepare(self, assignment: str) -> None:
        """Enter the assignment in the gradebook, where nobody has done so yet, and see that every
        test in it can be judged."""
        with self._gradebook() as gradebook:
            try:
                known = bool(gradebook.find_assignment(assignment).notebooks)
            except MissingEntry:
                known = False
        if not known:
            messages, log = _log()
            try:
                self._converter(GenerateAssignment, assignment, ".", log).start()
            except NbGraderException:
                raise Problem(
                    f"nbgrader cannot make the release of {assignment}: {_reason(messages)}"
                ) from None
        with self._gradebook() as gradebook:
            for notebook in gradebook.find_assignment(assignment).notebooks:
                try:
                    tests_of(cells_of_gradebook(notebook))
                except (ValueError, SyntaxError) as reason:
                    raise Problem(
                        f"{assignment} cannot be graded: {reason}. Without one, every student "
                        "would get its points: mend source/ and run nbgrader generate_assignment."
                    ) from None

    def _grade_one(self, submission: Submission) -> Grade:
        messages, log = _log()
        if UNSAFE_NAME.search(submission.student):
            return Grade(
                submission,
                0.0,
                0.0,
                problem="The folder's name is no student id: it holds quotes, <, >, & or \\.",
            )
        try:
            self._converter(_Autograde, submission.assignment, submission.student, log).start()
            done = self._done(submission)
            notebook, notes = read_own(done)
        except NbGraderException:
            if isinstance(messages.error, SandboxUnavailable):
                raise messages.error from None
            if problem := _machine_problem(messages.error):
                raise problem from None
            return self._zero(submission, _reason(messages))
        except Unreadable as reason:
            return self._zero(submission, f"What nbgrader wrote {reason}.")
        return self._from_gradebook(
            submission,
            exercises=rows_in(notebook),
            repairs=list(notes.get("repairs", [])),
            problem=notes.get("refused", ""),
        )

    def _done(self, submission: Submission) -> Path:
        directory = self.folder.directory
        place = (submission.student, submission.assignment)
        folder = Path(directory.format_path(directory.autograded_directory, *place))
        return folder / f"{submission.assignment}.ipynb"

    def _zero(self, submission: Submission, reason: str) -> Grade:
        """Enter a zero for every graded cell, as nbgrader could do nothing with the submission.

        The reason goes to the instructor alone: it may quote paths, or a file behind a link.
        """
        with self._gradebook() as gradebook:
            gradebook.update_or_create_student(submission.student)
            entry = gradebook.update_or_create_submission(submission.assignment, submission.student)
            for notebook in entry.notebooks:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False
                for comment in notebook.comments:
                    comment.auto_comment = "Not graded: ask your instructor what went wrong."
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


def _is_judged(path: Path) -> bool:
    """Whether a notebook in `autograded/` went all the way; an interrupted one did not."""
    try:
        return bool(read_own(path)[1].get("judged"))
    except Unreadable:
        return False


def _machine_problem(error: BaseException | None) -> Problem | None:
    """What to say of an error that is no submission's fault, or None."""
    if isinstance(error, OperationalError):
        return Problem(
            f"The gradebook cannot be used: {error.orig}. Close what else has it open, and run "
            "this again: it goes on where it stopped."
        )
    if isinstance(error, OSError) and error.errno in FULL:
        return Problem(
            f"{error.strerror}: make room on the disk, and run this again: it goes on where it "
            "stopped."
        )
    return None


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
