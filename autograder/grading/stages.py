"""The way of one submission through nbgrader's preprocessors, before and after the judge.

What is configured for `nbgrader autograde` runs here in the same order and writes the same rows and
files. Only the judge's work between the two halves may be done elsewhere. The new folder is made
beside its place in `autograded/` and moved there within the transaction that enters the grade.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde
from nbgrader.utils import find_all_files, rmtree

from autograder.errors import NotGraded, Problem, UnreadableFile
from autograder.grading.gradebook import Origin, Writer
from autograder.grading.records import Grade, Submission
from autograder.hooks.course_cells import cells_of_gradebook
from autograder.hooks.internals import made_preprocessors
from autograder.hooks.steps import Judge, note_before
from autograder.hooks.verdict_cells import read_notes, rows_in, was_stopped
from autograder.intake.files import (
    MAX_FILES,
    MAX_FOLDER_BYTES,
    files_under,
    name_problem,
    read_handed_in,
    read_timestamp,
    to_hide,
)
from autograder.intake.notebooks import read_bytes
from course.kinds import VerdictKind

ATTEMPTS = 3
NOT_INSTALLED = re.compile(r"No module named '([A-Za-z_]\w*)(?:\.[\w.]+)?'")
# The origin of a grade that has to be given again.
UNKNOWN = Origin("", "", "")


@dataclass
class Staged:
    """A submission that has been read and repaired, and waits for the judge.

    folder     where its files lie until they move to `place`
    stamp      names, sizes and times of what was handed in, as a digest; `content` is its content's
    notebooks  each with nbconvert's resources, by name
    tasks      what is to be judged, by notebook; None for a notebook that could not be read
    """

    submission: Submission
    place: Path
    timestamp: datetime | None
    stamp: str
    content: str
    notebooks: dict[str, tuple[NotebookNode, dict]] = field(default_factory=dict)
    tasks: dict[str, bytes | None] = field(default_factory=dict)
    moved: bool = False

    @property
    def folder(self) -> Path:
        return beside(self.place)[0]

    @property
    def old(self) -> Path:
        return beside(self.place)[1]

    def move_in(self) -> None:
        """Put the folder in its place; what lay there is kept until `clean`."""
        if not self.moved:
            if self.place.exists():
                self.place.rename(self.old)
            self.folder.rename(self.place)
            self.moved = True

    def move_back(self) -> None:
        """Undo `move_in`, and leave nothing of this submission."""
        if self.moved:
            rmtree(self.place)
            self.moved = False
        if self.old.exists() and not self.place.exists():
            self.old.rename(self.place)
        self.clean()

    def clean(self) -> None:
        """Remove what is left beside the place."""
        for left in (self.folder, self.old):
            if left.exists():
                rmtree(left)
        if self.place.parent.is_dir() and not any(self.place.parent.iterdir()):
            self.place.parent.rmdir()


def beside(place: Path) -> tuple[Path, Path]:
    """Return where a submission's new folder waits, and where its old one is kept, while they
    change."""
    return place.with_name(f".{place.name}.new"), place.with_name(f".{place.name}.old")


class Stages:
    """Reads submissions for the judge, and enters what it found.

    converter  nbgrader's Autograde with the settings of the course
    """

    def __init__(self, converter: Autograde, writer: Writer):
        self.converter, self.writer = converter, writer
        self._directory = converter.coursedir
        first = made_preprocessors(converter, converter.sanitize_preprocessors)
        then = made_preprocessors(converter, converter.autograde_preprocessors)
        judges = [index for index, found in enumerate(then) if isinstance(found, Judge)]
        if len(judges) != 1:
            raise Problem(
                "nbgrader_config.py must name autograder.hooks.steps.Judge once in "
                "c.Autograde.autograde_preprocessors, where nbgrader has Execute."
            )
        self.judge = then[judges[0]]
        self._before = first + then[: judges[0]]
        self._after = then[judges[0] + 1 :]

    @property
    def preprocessors(self) -> list:
        """Return all preprocessors that run here, in order, the judge among them."""
        return [*self._before, self.judge, *self._after]

    def submitted_path(self, submission: Submission) -> Path:
        """Return the folder of what was handed in."""
        return self._path(self._directory.submitted_directory, submission)

    def autograded_path(self, submission: Submission) -> Path:
        """Return the folder of what is graded."""
        return self._path(self._directory.autograded_directory, submission)

    def _path(self, step: str, submission: Submission) -> Path:
        return Path(self._directory.format_path(step, submission.student, submission.assignment))

    def recover(self, submission: Submission) -> None:
        """Clear up what a process that was killed has left of a submission in `autograded/`."""
        place = self.autograded_path(submission)
        new, old = beside(place)
        if old.exists():
            if place.exists():
                # Whether the gradebook followed the folder can't be seen.
                self.writer.transaction(lambda: self.writer.remember(submission, UNKNOWN))
                rmtree(old)
            else:
                old.rename(place)
        if new.exists():
            rmtree(new)

    def unchanged(self, submission: Submission, origin: Origin) -> Origin | None:
        """Return the origin of a grade with its stamp of today; None where something else was
        handed in since."""
        source = self.submitted_path(submission)
        try:
            stamp = stamp_of(source)
            if stamp == origin.stamp:
                return origin
            return replace(origin, stamp=stamp) if content_of(source) == origin.content else None
        except NotGraded:
            return None

    def stage(self, submission: Submission) -> Staged:
        """Read and repair a submission. Raises NotGraded where that has to wait."""
        if problem := name_problem(submission.student):
            raise NotGraded(problem)
        self.recover(submission)
        source = self.submitted_path(submission)
        for _ in range(ATTEMPTS):
            stamp = stamp_of(source)
            staged = Staged(
                submission,
                self.autograded_path(submission),
                read_timestamp(str(source)),
                stamp,
                content_of(source),
            )
            try:
                self._run_hook(self.converter.run_pre_convert_hook, staged)
                remarks = self._copy(staged, source)
                with self.writer.lent_to(self.preprocessors):
                    self._read(staged, source, remarks)
                if stamp_of(source) == stamp:
                    return staged
            except FileNotFoundError:
                pass
            except BaseException:
                staged.clean()
                raise
            staged.clean()
        raise NotGraded("It changed while it was read: run this again when it is complete.")

    def _copy(self, staged: Staged, source: Path) -> list[str]:
        """Copy the files beside the notebooks, and over them those that the course gives out;
        return what there is to say of those that are left out."""
        snapshot = self.writer.snapshots[staged.submission.assignment]
        hidden, remarks = to_hide(str(source))
        ignored = [*self._directory.ignore, *map(glob.escape, hidden), "*.ipynb"]
        staged.folder.mkdir(parents=True)
        copies = {name: source for name in find_all_files(str(source), ignored)}
        copies |= {name: Path(snapshot.source) for name in snapshot.files}
        for name, root in copies.items():
            target = staged.folder / Path(name).relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(name, target)
        return remarks

    def _read(self, staged: Staged, source: Path, of_files: list[str]) -> None:
        """Read and repair each notebook, and make the judge's task of it.

        of_files  remarks on the files beside them
        """
        names = staged.submission
        for notebook in self.writer.snapshots[names.assignment].notebooks:
            refused, remarks = "", list(of_files)
            course = cells_of_gradebook(notebook)
            try:
                nb, found = read_handed_in(source / f"{notebook.name}.ipynb", course)
                remarks += found
            except UnreadableFile as reason:
                _see_that_all_is_open(source)
                nb, refused = new_notebook(), reason.about(f"{notebook.name}.ipynb")
            resources = ResourcesDict(
                metadata=ResourcesDict(name=notebook.name, path=str(staged.folder)),
                nbgrader={
                    "student": names.student,
                    "assignment": names.assignment,
                    "notebook": notebook.name,
                    "db_url": self._directory.db_url,
                },
                autograder={"remarks": remarks, "refused": refused, "given": notebook.given},
            )
            for preprocessor in self._before:
                nb, resources = preprocessor(nb, resources)
            task = self.judge.task(nb, resources)
            staged.notebooks[notebook.name] = nb, resources
            staged.tasks[notebook.name] = None if task is None else task.encode()

    def enter(self, staged: Staged, results: dict[str, bytes | None]) -> Grade:
        """Enter what the judge found in the gradebook and in `autograded/`, all or nothing.

        results  the encoded result of each task
        """
        with self.writer.lent_to([self.judge]):
            for name, (nb, resources) in staged.notebooks.items():
                self.judge.write(nb, resources, results[name])
        try:
            grade = self.writer.transaction(lambda: self._enter(staged))
        except BaseException:
            staged.move_back()
            raise
        staged.clean()
        self._run_hook(self.converter.run_post_convert_hook, staged)
        return grade

    def _run_hook(self, run: Callable[[], None], staged: Staged) -> None:
        names = staged.submission
        self._directory.assignment_id = names.assignment
        self._directory.student_id = names.student
        source = self.submitted_path(names)
        notebooks = self.writer.snapshots[names.assignment].notebooks
        self.converter.notebooks = [str(source / f"{found.name}.ipynb") for found in notebooks]
        run()

    def _enter(self, staged: Staged) -> Grade:
        names = staged.submission
        snapshot = self.writer.snapshots[names.assignment]
        entry = self.writer.open_entry(names, staged.timestamp)
        before = staged.old if staged.moved else staged.place
        exercises: list[dict] = []
        repairs: list[str] = []
        refused: list[str] = []
        missing: set[str] = set()
        stopped = 0
        for name, (nb, resources) in staged.notebooks.items():
            note_before(resources, before / f"{name}.ipynb")
            with self.writer.lent_to(self._after, entry):
                for preprocessor in self._after:
                    nb, resources = preprocessor(nb, resources)
            rows = rows_in(nb)
            exercises += rows
            stopped += sum(row["verdict"] == VerdictKind.TIMED_OUT for row in rows)
            for output in _errors_in(nb):
                stopped += was_stopped(output)
                if found := NOT_INSTALLED.fullmatch(output.evalue):
                    missing.add(found[1])
            notes = read_notes(nb.metadata)
            repairs += notes["repairs"]
            refused += filter(None, [notes["refused"]])
            if not staged.moved:
                text = nbformat.writes(nb, version=nbformat.current_nbformat)
                path = staged.folder / f"{name}.ipynb"
                path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        problem = " ".join(refused)
        course = self.writer.course_digest(names.assignment, self.writer.due_date(entry.row))
        origin = Origin(staged.stamp, staged.content, course, problem)
        self.writer.remember(names, origin)
        self.writer.db.flush()
        staged.move_in()
        self.converter.set_permissions(names.assignment, names.student)
        return Grade(
            names,
            entry.score,
            snapshot.max_score,
            entry.penalty,
            entry.waiting(snapshot),
            exercises,
            repairs,
            stopped,
            tuple(sorted(missing - self._lying_beside(staged))),
            problem,
        )

    def _lying_beside(self, staged: Staged) -> set[str]:
        """Return what a notebook might import that lies beside it, or would if it were handed
        in."""
        return {path.stem for path in staged.place.rglob("*.py")} | {"autograder"}


def _errors_in(nb: NotebookNode) -> Iterator[NotebookNode]:
    for cell in nb.cells:
        if cell.cell_type == "code":
            yield from (output for output in cell.outputs if output.output_type == "error")


def _see_that_all_is_open(folder: Path) -> None:
    """Raise NotGraded where a file has no rights: nobody gets a zero for that."""
    for path in islice(files_under(folder), MAX_FILES):
        if not os.path.islink(path) and not os.access(path, os.R_OK):
            raise NotGraded(_closed(path, os.strerror(errno.EACCES)))


def _closed(path: str | Path, reason: str) -> str:
    return f"{path} cannot be opened ({reason}): mend that and run this again."


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the end of the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    handler = signal.signal(signal.SIGINT, lambda *arguments: came.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if came and callable(handler):
            handler(*came[0])


def stamp_of(folder: Path) -> str:
    """Return the digest of the names, sizes and times of what lies in a submission's folder. Times
    are compared with themselves only, so that no two clocks need agree. Raises NotGraded."""

    def stop(error: OSError) -> None:
        if error.errno != errno.ENAMETOOLONG:
            raise error

    found = []
    try:
        for path in islice(files_under(folder, stop), MAX_FILES + 1):
            seen = os.lstat(path)
            times = (seen.st_mtime_ns, seen.st_ctime_ns)
            found.append((os.path.relpath(path, folder), seen.st_mode, seen.st_size, *times))
    except FileNotFoundError:
        raise NotGraded(
            "It changed while it was read: run this again when it is complete."
        ) from None
    except OSError as error:
        raise NotGraded(_closed(error.filename, error.strerror or str(error))) from None
    return hashlib.sha256(repr(sorted(found)).encode("utf-8", "surrogateescape")).hexdigest()


def content_of(folder: Path) -> str:
    """Return the digest of what is in a submission's files, as far as grading reads them."""
    digest = hashlib.sha256()
    for path in sorted(islice(files_under(folder), MAX_FILES + 1)):
        digest.update(os.path.relpath(path, folder).encode("utf-8", "surrogateescape") + b"\0")
        try:
            digest.update(hashlib.sha256(read_bytes(path, MAX_FOLDER_BYTES)).digest())
        except UnreadableFile as reason:
            digest.update(str(reason).encode())
    return digest.hexdigest()
