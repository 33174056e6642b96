"""The steps of a submission between its file and the gradebook, in the order they run.

`configure` puts them among nbgrader's own, which restore the text of locked cells, save the scores
and take off what being late costs.

RepairSubmission  gives a submission the course's shape again, before nbgrader's own sanitizing
Judge             runs it in a room, and writes the outputs of its graded cells, which are never
                  executed; in the place of nbgrader's Execute
NoteMarks         notes the marks that stand, before nbgrader's SaveAutoGrades
SaveRemarks       makes what was put right a comment, after SaveAutoGrades has written its own
KeepMarks         lets a mark stand when it is of the same answer

nbgrader asks for every mark again that a person gave, whenever something new was handed in. Here a
mark waits for a person only where what it was given for is not as it was: the old mark and the
comment stay beside it until then.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import get_args

from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade
from traitlets import Bool, Dict, Enum, Unicode
from traitlets.config import Config

from autograder.cell_fields import fields_of
from autograder.errors import Problem, UnreadableFile
from autograder.hooks import words
from autograder.hooks.course_cells import cells_of_gradebook, graded_cells_of_course
from autograder.hooks.settings import limits_of
from autograder.hooks.verdict_cells import read_notes, refusal, write_judgement, write_notes
from autograder.intake.files import attach_pictures, files_beside, read_own
from autograder.intake.notebooks import grade_id_of, rebuild_notebook
from autograder.intake.repair import as_comment, repair
from autograder.intake.written import Given, lost_texts, texts_elsewhere
from autograder.judge.verdicts import seed_of
from autograder.run.assess import GradedCell, is_graded_cell, plain_cells
from autograder.run.task import Result, Task, perform
from autograder.sandbox import Isolation

# Why a written answer waits for a person although its cell is empty, by what is noted.
UNFOUND = {"lost": words.ANSWER_LOST, "elsewhere": words.ANSWER_ELSEWHERE}
# What a person who marks a notebook reads of each cell, as a digest, by its grade id or place.
MarkedTexts = dict[str | int, str]
BEFORE, STANDING = "marked_before", "standing_marks"


class RepairSubmission(NbGraderPreprocessor):
    """Gives a submission the shape of the course's notebook again, and notes what was put right.

    It needs `c.Autograde.exporter_class`, which reads the file; without it, only what nbformat
    could read gets this far.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        read = resources.get("autograder") or {}
        remarks = list(read.get("remarks", []))
        if "given" not in read:
            nb, remarks = rebuild_notebook(nb)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            given = read.get("given", Given())
            course = cells_of_gradebook(notebook, given.order)
        refused = read.get("refused", "")
        lost = [] if refused else lost_texts(nb, course)
        repairs = repair(nb, course)
        elsewhere = [] if refused else texts_elsewhere(nb, course, given)
        attach_pictures(nb, resources.get("metadata", {}).get("path", ""))
        # Of a file that could not be read, every cell is missing.
        remarks += [] if refused else repairs
        for remark in remarks:
            self.log.info("%s: %s", names["student"], remark)
        if refused:
            self.log.warning("%s: not graded: %s", names["student"], refused)
        write_notes(
            nb,
            repairs=remarks,
            refused=refused,
            lost=lost,
            elsewhere=[name for name in elsewhere if name not in lost],
        )
        return nb, resources


class Judge(NbGraderPreprocessor):
    """Runs the student's cells in a room and judges the graded ones outside it."""

    isolation: Enum[Isolation] = Enum(
        get_args(Isolation),
        "walls",
        help="How student code is kept apart: in a room with walls, or in a plain process.",
    ).tag(config=True)

    limits = Dict(
        help="What a room may use where that differs from autograder.sandbox.Limits, by name.",
    ).tag(config=True)

    follow_on = Bool(
        True,
        help="Whether an exercise that uses another one which is not right is judged once more "
        "with a right one in its place, and earns its points if it is right then.",
    ).tag(config=True)

    course_key = Unicode(
        "surprise-to-autograd",
        help="Draws the cases, together with the assignment and the student.",
    ).tag(config=True)

    @classmethod
    def with_settings(cls, config: Config) -> Judge:
        """Return one that is set as a course wants it.

        Raises Problem where `c.Judge` is given what it has not, which nbgrader would pass over.
        """
        known = cls.class_trait_names(config=True)
        for name in config.Judge:
            if name not in known:
                listed = ", ".join(sorted(cls.class_own_traits(config=True)))
                raise Problem(words.NO_SUCH_SETTING.format(name=name, known=listed))
        return cls(config=config)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        task = self.task(nb, resources)
        self.write(nb, resources, perform(task.encode()) if task else None)
        return nb, resources

    def task(self, nb: NotebookNode, resources: dict) -> Task | None:
        """Return what has to be done for a repaired notebook; None for one that could not be
        read."""
        notes = read_notes(nb.metadata)
        if notes["refused"]:
            return None
        names = resources["nbgrader"]
        seed = seed_of(self.course_key, names["assignment"], names["student"])
        self.log.info("Cases are drawn from seed %d", seed)
        if self.isolation == "none":
            write_notes(nb, repairs=[*notes["repairs"], words.WITHOUT_WALLS])
        folder = resources.get("metadata", {}).get("path", "")
        limits = limits_of(self.limits)
        return Task(
            cells=plain_cells(nb),
            graded=list(self._graded_cells(names).values()),
            seed=seed,
            files=files_beside(folder, limits.disk_bytes // 2),
            isolation=self.isolation,
            limits=limits,
            follow_on=self.follow_on,
        )

    def empty_task(self) -> Task:
        """Return a task that nobody's code is in: where it fails, the machine is in the way.

        Raises Problem where the limits that are set are none.
        """
        return Task([], [], seed=0, isolation=self.isolation, limits=limits_of(self.limits))

    def write(self, nb: NotebookNode, resources: dict, result: bytes | None) -> None:
        """Write what `task` came to, None where there was none, into the notebook."""
        graded = self._graded_cells(resources["nbgrader"])
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        if result is None:
            reason = read_notes(nb.metadata)["refused"]
            judgements = {name: refusal(cell, reason) for name, cell in graded.items()}
        else:
            found = Result.decode(result, graded)
            judgements = found.verdicts
            for index, outputs in found.outputs.items():
                nb.cells[index].outputs = [from_dict(output) for output in outputs]
        for cell in nb.cells:
            if is_graded_cell(cell):
                write_judgement(cell, judgements[cell.metadata.nbgrader.grade_id])

    def _graded_cells(self, names: dict) -> dict[str, GradedCell]:
        """Return the graded cells of the gradebook, whose sources hold the hidden checks."""
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            return graded_cells_of_course(cells_of_gradebook(notebook))


def marked_texts(path: Path) -> MarkedTexts:
    """Return the texts of a notebook in `autograded/`; none where there is no such notebook."""
    try:
        return _texts(read_own(path))
    except UnreadableFile:
        return {}


def note_before(resources: dict, path: Path, texts: MarkedTexts | None = None) -> None:
    """Note in nbconvert's resources what lay in `autograded/` before this grading.

    texts  what `marked_texts` gave; it is read from `path` when it is needed where None
    """
    resources[BEFORE] = partial(marked_texts, path) if texts is None else partial(dict, texts)


def _texts(nb: NotebookNode) -> MarkedTexts:
    return {
        grade_id_of(cell) or place: hashlib.sha256(
            json.dumps(
                [
                    cell.cell_type,
                    cell.source,
                    cell.metadata.get("nbgrader"),
                    cell.get("attachments"),
                ],
                sort_keys=True,
            ).encode()
        ).hexdigest()
        for place, cell in enumerate(nb.cells)
    }


class NoteMarks(NbGraderPreprocessor):
    """Before SaveAutoGrades: notes the automatic scores beside the marks that stand."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        place = (names["notebook"], names["assignment"], names["student"])
        with Gradebook(names["db_url"]) as gradebook:
            grades = {
                cell.metadata.nbgrader.grade_id: gradebook.find_grade(
                    cell.metadata.nbgrader.grade_id, *place
                )
                for cell in filter(is_grade, nb.cells)
            }
            resources[STANDING] = {
                name: grade.auto_score
                for name, grade in grades.items()
                if grade.manual_score is not None and not grade.needs_manual_grade
            }
        return nb, resources


class SaveRemarks(NbGraderPreprocessor):
    """Adds what was put right to the comment on the submission's first answer, after nbgrader's
    SaveAutoGrades has written its own, and marks the notebook as judged."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        notes = read_notes(nb.metadata)
        names = resources["nbgrader"]
        refused = notes["refused"]
        told = [words.NOT_GRADED.format(reason=refused)] if refused else []
        told += [as_comment(notes["repairs"])] if notes["repairs"] else []
        said = " ".join(told)
        first = next(filter(is_answer, nb.cells), None)
        place = (names["notebook"], names["assignment"], names["student"])
        unfound = [(grade_id, kind) for kind in UNFOUND for grade_id in notes[kind]]
        if unfound:
            with Gradebook(names["db_url"]) as gradebook:
                for grade_id, kind in unfound:
                    self._give_to_a_person(gradebook, grade_id, place, UNFOUND[kind])
                gradebook.db.commit()
        if said and first is not None:
            with Gradebook(names["db_url"]) as gradebook:
                comment = gradebook.find_comment(grade_id_of(first), *place)
                comment.auto_comment = "\n\n".join(filter(None, [comment.auto_comment, said]))
                gradebook.db.commit()
        write_notes(nb, judged=True)
        return nb, resources

    def _give_to_a_person(
        self, gradebook: Gradebook, grade_id: str, place: tuple, reason: str
    ) -> None:
        """Let a written answer wait for its mark that may stand in another cell than its own:
        nbgrader would take it for one without a response."""
        grade = gradebook.find_grade(grade_id, *place)
        grade.auto_score = None
        grade.needs_manual_grade = grade.manual_score is None or grade.needs_manual_grade
        gradebook.find_comment(grade_id, *place).auto_comment = reason


def is_answer(cell: NotebookNode) -> bool:
    """Say whether the gradebook keeps a comment on a cell: one that a student writes."""
    fields = fields_of(cell)
    return bool(fields.get("solution") or fields.get("task"))


class KeepMarks(NbGraderPreprocessor):
    """After SaveRemarks: asks nobody again for a mark of something that is as it was when it was
    given. It needs `NoteMarks`, and what lay in `autograded/` before."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        standing, before = resources.get(STANDING), resources.get(BEFORE)
        if not standing or before is None:
            return nb, resources
        old, new = before(), _texts(nb)
        in_words = {grade_id_of(cell) for cell in nb.cells if cell.cell_type != "code"}
        unfound = {name for kind in UNFOUND for name in read_notes(nb.metadata)[kind]}
        names = resources["nbgrader"]
        place = (names["notebook"], names["assignment"], names["student"])
        with Gradebook(names["db_url"]) as gradebook:
            for cell, auto_score in standing.items():
                grade = gradebook.find_grade(cell, *place)
                if grade.auto_score != auto_score:
                    continue
                # An answer in words stands alone; what else was marked may lean on any cell.
                alone = cell in in_words and cell not in unfound
                same = old.get(cell) == new[cell] if alone else old == new
                grade.needs_manual_grade = not same
            gradebook.db.commit()
        return nb, resources
