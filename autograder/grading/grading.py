"""A whole class, graded: many rooms at once, one writer of the gradebook.

A submission that cannot be read costs its student a zero with the reason, and the others nothing.
What was graded stays graded, whatever happens after it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime

from nbgrader.converters import Autograde, GenerateAssignment
from sqlalchemy.exc import DBAPIError

from autograder.course_folder import CourseFolder
from autograder.errors import Defect, JudgeEnded, NotGraded, Problem, no_such_notebook
from autograder.grading.converters import convert, made_converter
from autograder.grading.faults import (
    Traces,
    is_worth_another_try,
    left_ungraded,
    machine_problem,
    not_judged,
)
from autograder.grading.gradebook import Origin, Writer
from autograder.grading.records import Grade, HandedIn, Reason, Submission, Waiting
from autograder.grading.released import difference_from_source
from autograder.grading.stages import UNKNOWN, Staged, Stages, uninterrupted
from autograder.hooks.course_cells import needs_of_course
from autograder.hooks.steps import Judge
from autograder.intake.names import as_assignment, as_heard, folders_in
from autograder.run.judges import Judges
from autograder.run.local import LocalJudges
from autograder.run.sandboxes import Needs
from autograder.run.task import Result
from autograder.sandbox import SandboxUnavailable, linux_means

# By whether one student and whether some assignments were asked for.
NOTHING_HANDED_IN = {
    (False, False): "Nothing is in submitted/: collect the assignments first.",
    (False, True): "Nothing for {assignments} is in submitted/: collect the assignments first.",
    (True, False): "Nothing of {student} is in submitted/: collect the assignments first.",
    (True, True): "Nothing of {student} for {assignments} is in submitted/: collect the "
    "assignments first.",
}


class _Pending:
    """A submission whose tasks are with the judges.

    again    whether it is there for the second time, now with nobody else at work
    company  whether others were with the judges at the same time
    """

    def __init__(self, staged: Staged, judges: Judges, again: bool = False):
        self.staged, self.again, self.company = staged, again, False
        self.futures: dict[str, Future | None] = {
            name: None if task is None else judges.submit(task)
            for name, task in staged.tasks.items()
        }

    @property
    def waiting_for(self) -> list[Future]:
        """Return what is not done yet."""
        return [
            future for future in self.futures.values() if future is not None and not future.done()
        ]

    @property
    def results(self) -> dict[str, bytes | None]:
        """Return the results by notebook; raises what a judge raised."""
        return {
            name: None if future is None else future.result()
            for name, future in self.futures.items()
        }


class Grading:
    """Grades the submissions of a course folder.

    isolation  "walls" or "none", instead of the folder's setting
    workers    how many rooms are at work at once; three a core, twelve at most, where None
    scheduler  address of a Dask scheduler whose workers do the work instead of this machine
    debug      raise a defect of the course instead of leaving its submission for later
    tell       called with each sentence that an instructor should know, once

    A context manager: who judges gets ready inside, and is let go at its end, at once where an
    exception ends it. Raises Problem where this is not Linux.
    """

    def __init__(
        self,
        folder: CourseFolder,
        isolation: str | None = None,
        workers: int | None = None,
        scheduler: str | None = None,
        debug: bool = False,
        tell: Callable[[str], object] = lambda sentence: None,
    ):
        if not linux_means():
            raise Problem(
                "A class is graded on Linux: use a Linux machine, or WSL 2 on Windows. "
                "`autograder check` judges one notebook here."
            )
        self.folder, self.isolation = folder, isolation
        self.workers, self.scheduler, self.debug = workers, scheduler, debug
        self._listener, self._told = tell, set[str]()
        self._at_the_end = ExitStack()
        self._ready: Judges | None = None

    def __enter__(self) -> Grading:
        return self

    def __exit__(self, *problem) -> None:
        self._at_the_end.__exit__(*problem)

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._listener(sentence)

    def submissions(self, names: list[str], student: str | None = None) -> HandedIn:
        """Find what is in `submitted/`; Problem where there is nothing."""
        for name in names:
            if name not in self.folder.assignments:
                raise no_such_notebook(name, self.folder.assignments)
        wanted = set(names or self.folder.assignments)
        excluded = self.folder.directory.student_id_exclude.split(",")
        unopened: list[str] = []
        folders = [
            who
            for who in folders_in(self.folder.root / "submitted", unopened)
            if student in (None, who.name)
        ]
        found = [
            Submission(name, who.name)
            for who in folders
            if who.name not in excluded
            for name in wanted.intersection(entry.name for entry in folders_in(who.path, unopened))
        ]
        self._name_the_misplaced(folders)
        if not found and not unopened:
            sentence = NOTHING_HANDED_IN[student is not None, bool(names)]
            raise Problem(sentence.format(student=student, assignments=", ".join(names)))
        return HandedIn(sorted(found), unopened)

    def _name_the_misplaced(self, folders: list[os.DirEntry]) -> None:
        """Tell of what lies nearly where a submission would: it is not graded."""
        known = {as_assignment(name): name for name in self.folder.assignments}
        for who in folders:
            with suppress(OSError), os.scandir(who.path) as entries:
                for entry in entries:
                    name = known.get(as_assignment(entry.name))
                    if name and entry.name != name:
                        self._tell(
                            f"submitted/{who.name}/{entry.name} is not graded: what is handed in "
                            f"for {name} lies in submitted/{who.name}/{name}/."
                        )

    def _name_the_unknown(self, submissions: list[Submission], writer: Writer) -> None:
        """Tell of folders whose names are nearly those of students in the gradebook: they would
        become students of their own."""
        students = writer.students()
        near = {as_heard(student): student for student in students}
        for name in sorted({submission.student for submission in submissions} - students):
            if meant := near.get(as_heard(name)):
                self._tell(
                    f"submitted/{name} is graded as a student of its own; the gradebook has "
                    f"{meant}, which differs in capital letters or in how its accents are stored. "
                    "Where that is the same person, rename the folder."
                )

    def waiting(self, submissions: list[Submission], force: bool, soon: bool = True) -> Waiting:
        """Find those that are new, or changed since they were graded, or whose released notebook,
        checks, due date or late penalty did; all of them with `force`.

        soon  whether they are to be graded next, for which the judges get ready, and what is not
              released yet is entered in the gradebook
        """
        if not submissions:
            return Waiting({})
        if soon and self.scheduler is None and (force or self._any_new(submissions)):
            self._judges(submissions)  # They get ready while the gradebook is opened and looked at.
        with self._alone(), self._stages() as stages:
            foreign = {}
            for name in sorted({submission.assignment for submission in submissions}):
                try:
                    self._prepare(stages.writer, name, release=soon)
                except Problem as problem:
                    foreign[name] = str(problem)
            known = [one for one in submissions if one.assignment not in foreign]
            if force:
                return Waiting(dict.fromkeys(known, Reason.FORCED), foreign=foreign)
            # Nothing of an assignment that is not released is graded.
            for submission in known:
                if stages.writer.snapshot(submission.assignment):
                    stages.recover(submission)
            reasons, refused = self._look(known, stages)
            return Waiting(reasons, refused, foreign)

    def _any_new(self, submissions: list[Submission]) -> bool:
        directory = self.folder.directory
        return any(
            not os.path.isdir(
                directory.format_path(
                    directory.autograded_directory, submission.student, submission.assignment
                )
            )
            for submission in submissions
        )

    def _look(
        self, submissions: list[Submission], stages: Stages
    ) -> tuple[dict[Submission, Reason], dict[Submission, str]]:
        """Return which have to be graded and why, and which could not be and have not changed."""
        origins, due = stages.writer.origins(), stages.writer.due_dates()
        reasons: dict[Submission, Reason] = {}
        refused: dict[Submission, str] = {}
        touched: dict[Submission, Origin] = {}
        for submission in submissions:
            origin = origins.get(submission)
            if origin is None or stages.writer.snapshot(submission.assignment) is None:
                reasons[submission] = Reason.NEW
                continue
            today = stages.unchanged(submission, origin)
            if reason := self._reason(submission, origin, today, due.get(submission), stages):
                reasons[submission] = reason
                continue
            if today is not None and today != origin:
                touched[submission] = today
            if origin.problem:
                refused[submission] = origin.problem
        if touched:
            # Copied, or written again as they were: the next look is quick again.
            stages.writer.transaction(lambda: stages.writer.remember_all(touched))
        return reasons, refused

    def _reason(
        self,
        submission: Submission,
        origin: Origin,
        today: Origin | None,
        due: datetime | None,
        stages: Stages,
    ) -> Reason | None:
        """Return why what has a grade needs another one, None where it needs none.

        today  as `Stages.unchanged` says it
        """
        if origin == UNKNOWN:
            return Reason.UNFINISHED
        if today is None:
            return Reason.HANDED_IN_AGAIN
        course = stages.writer.course_digest(submission.assignment, due)
        if changed := origin.course_change(course):
            return changed
        return None if stages.autograded_path(submission).is_dir() else Reason.UNFINISHED

    def outdated(self, names: list[str]) -> list[Submission]:
        """Return those whose grade is of something else than what lies in `submitted/` today."""
        try:
            submissions = set(self.submissions(names).submissions)
        except Problem:
            return []  # A gradebook can be read where nothing is handed in.
        with self._stages() as stages:
            return [
                submission
                for submission, origin in sorted(stages.writer.origins().items())
                if submission in submissions and stages.unchanged(submission, origin) is None
            ]

    def grade(self, submissions: list[Submission]) -> Iterator[Grade]:
        """Grade submissions, each in the gradebook before it is told of.

        Raises Problem or SandboxUnavailable where it is this machine or the course that stands in
        the way; what is graded by then stays, and nobody gets a zero for it.
        """
        if not submissions:
            return
        traces = Traces(self.folder.root)
        with self._alone(), self._stages() as stages:
            for name in sorted({submission.assignment for submission in submissions}):
                self._prepare(stages.writer, name)
            self._name_the_unknown(submissions, stages.writer)
            judges = self._judges(submissions)
            try:
                for grade in self._run_all(deque(submissions), stages, judges):
                    if grade.trace and self.debug:
                        raise Defect(f"{grade.problem}\n{grade.trace}")
                    if grade.trace:
                        about = f"{grade.submission.student!a}, {grade.submission.assignment}"
                        traces.keep(about, grade.trace)
                    yield grade
            finally:
                for remark in judges.remarks:
                    self._tell(remark)
                for trace in judges.traces:
                    traces.keep("a worker", trace)

    def _run_all(self, queue: deque, stages: Stages, judges: Judges) -> Iterator[Grade]:
        """Keep the judges busy, and enter what is done. What has to be tried once more is tried
        when all the others are done, one at a time."""
        pending: list[_Pending] = []
        again: deque[Submission] = deque()
        unavailable = None
        try:
            while queue or pending or again:
                while queue and len(pending) < judges.capacity:
                    yield from self._begin(queue.popleft(), pending, stages, judges)
                if again and not pending:
                    yield from self._begin(again.popleft(), pending, stages, judges, again=True)
                for one in [one for one in pending if not one.waiting_for]:
                    try:
                        # What is entered is told of, too, before Ctrl-C stops everything.
                        with uninterrupted():
                            result = self._finish(one, stages, judges)
                            pending.remove(one)
                            if result is None:
                                again.append(one.staged.submission)
                            else:
                                yield result
                    except SandboxUnavailable as problem:
                        # What is under way may still arrive.
                        unavailable = problem
                        pending.remove(one)
                        queue.clear()
                        again.clear()
                waiting_for = [one.waiting_for for one in pending]
                if pending and all(waiting_for) and not (queue and len(pending) < judges.capacity):
                    judges.wait([future for futures in waiting_for for future in futures])
            if unavailable:
                raise unavailable
        finally:
            for one in pending:
                one.staged.clean()

    def _begin(
        self,
        submission: Submission,
        pending: list[_Pending],
        stages: Stages,
        judges: Judges,
        again: bool = False,
    ) -> Iterator[Grade]:
        """Read a submission and give it to the judges; yields its outcome where that is known."""
        try:
            staged = _stage(submission, stages)
        except Exception as error:
            yield left_ungraded(submission, error)
        else:
            pending.append(_Pending(staged, judges, again))
            if len(pending) > 1:
                for one in pending:
                    one.company = True

    def _finish(self, one: _Pending, stages: Stages, judges: Judges) -> Grade | None:
        """Enter a submission that is back, and return its outcome; None where it has to be tried
        once more.

        Raises what stops the others as well.
        """
        submission = one.staged.submission
        try:
            results = one.results
            # What was stopped for time while others were at work is not final.
            if one.company and any(map(Result.is_hurried, filter(None, results.values()))):
                return None
            return stages.enter(one.staged, results)
        except Exception as error:
            if not is_worth_another_try(error):
                return left_ungraded(submission, error)
            self._see_that_judges_work(stages, judges)
            return not_judged(submission, error) if one.again else None
        finally:
            one.staged.clean()

    def _see_that_judges_work(self, stages: Stages, judges: Judges) -> None:
        """Raise what stops everybody where even a task without anybody's code fails."""
        future = judges.submit(stages.judge.empty_task().encode())
        while not future.done():
            judges.wait([future])
        try:
            future.result()
        except (JudgeEnded, RecursionError) as error:
            raise SandboxUnavailable(str(error)) from None

    @contextmanager
    def _stages(self) -> Iterator[Stages]:
        """Open the gradebook, and make the preprocessors of this folder."""
        converter = made_converter(Autograde, self._config())
        try:
            with Writer(converter) as writer:
                yield Stages(converter, writer)
        except (DBAPIError, OSError, MemoryError, RecursionError) as error:
            raise machine_problem(error) from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """See that no two commands grade one folder at the same time."""
        # A module that Windows lacks.
        import fcntl

        descriptor = os.open(self.folder.root, os.O_RDONLY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Problem(
                    "Another `autograder grade` is at work in this folder: wait until it is done."
                ) from None
            yield
        finally:
            os.close(descriptor)

    def _judges(self, submissions: list[Submission]) -> Judges:
        """Return who judges, ready until the end of this grading, for submissions like these
        first."""
        if self._ready is None:
            assignments = {submission.assignment for submission in submissions}
            needs = needs_of_course(self.folder, assignments)
            judges = self._new_judges(needs)
            try:
                self._ready = self._at_the_end.enter_context(judges)
            except Problem:
                traces = Traces(self.folder.root)
                for trace in judges.traces:
                    traces.keep("a worker", trace)
                raise
        return self._ready

    def _new_judges(self, needs: Needs) -> Judges:
        # Every task of this course has its isolation and its limits.
        task = Judge.with_settings(self._config()).empty_task()
        if self.scheduler is None:
            return LocalJudges(task.isolation, task.limits, needs, self.workers)
        try:
            from autograder.run.cluster import ClusterJudges
        except ModuleNotFoundError as missing:
            raise Problem(
                f"{missing.name} is not installed here: pip install 'surprise-to-autograd[cluster]'"
            ) from None
        return ClusterJudges(task.isolation, task.limits, needs, self.scheduler)

    def _config(self):
        config = self.folder.config
        if self.isolation:
            config.Judge.isolation = self.isolation
        return config

    def _prepare(self, writer: Writer, assignment: str, release: bool = True) -> None:
        """See that every test of an assignment can be judged, and tell where source/ is not what
        was released. Raises Problem.

        release  whether to enter it in the gradebook where nobody has done so yet
        """
        if release and writer.snapshot(assignment) is None:
            reason = convert(GenerateAssignment, self._config(), assignment, ".")
            if reason:
                raise Problem(f"nbgrader cannot make the release of {assignment}: {reason}")
        snapshot = writer.snapshot(assignment)
        if snapshot is not None:
            remark = difference_from_source(snapshot, self.folder.source(assignment))
            if remark:
                self._tell(remark)


def _stage(submission: Submission, stages: Stages) -> Staged:
    """Read and repair a submission, again where that may help. Raises NotGraded, and what stops the
    others as well."""
    try:
        return stages.stage(submission)
    except Exception as error:
        if not is_worth_another_try(error):
            raise
    try:
        return stages.stage(submission)
    except Exception as error:
        if not is_worth_another_try(error):
            raise
        raise NotGraded(not_judged(submission, error).problem) from None
