"""What the marking page reads from the gradebook, and the marks that it writes there.

The rows are nbgrader's own, as its formgrader writes them. What was ticked of a rubric stands in a
table beside them, of which nbgrader knows nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.selectable import Select

from autograder.errors import Problem
from autograder.hooks.summary import FENCED, HEADING
from autograder.intake.notebooks import grade_id_of, read_object
from autograder.marking.answers import AnswerText, Texts, after, answer_html, source_of
from autograder.marking.likeness import in_order
from autograder.marking.rubric import Rubric, read_rubric, rubric_in, split_sample

TICKS = Table(
    "autograder_ticks",
    MetaData(),
    Column("grade_id", String(32), primary_key=True),
    Column("ticks", Text, nullable=False),
)
NO_TEXT = AnswerText("", "")
HANDED_IN_ANEW = (
    "What was handed in changed in the meantime, and another answer stands here now. Your mark was "
    "of the old one and is not saved: read the new one."
)
MARKED_BY_OTHERS = (
    "Somebody else marked this answer in the meantime. Their mark is shown, and yours is not saved."
)
GONE = "This answer is no longer in the gradebook: load the page again."


@dataclass(frozen=True)
class QuestionInWords:
    """A question that is answered in words.

    points             the most that an answer can earn
    cell, commented    the ids of nbgrader's cells that the grade and the comment belong to
    answers, waiting   how many were handed in, and how many of them wait for a mark
    """

    assignment: str
    notebook: str
    name: str
    points: float
    cell: str
    commented: str
    answers: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Told:
    """What an instructor's notebook says of a question, in Markdown.

    title    its heading, or ""
    asks     the part of its text that stands in the cell of the answer itself, or ""
    problem  why there is nothing to be told, or ""
    """

    title: str = ""
    asks: str = ""
    text: str = ""
    sample: str = ""
    rubric: Rubric = Rubric()
    problem: str = ""


@dataclass(frozen=True)
class WrittenAnswer:
    """One student's answer with its mark, as they are now.

    id          of nbgrader's grade
    submission  of nbgrader's submitted notebook, by which the formgrader shows it
    points      what a person gave, of this answer or, where it waits, of one before it
    automatic   what nbgrader gave: 0 for no response, else None
    note        what was put right or could not be found, from grading
    ticks       the parts of the rubric that were ticked, by their texts
    """

    id: str
    submission: str
    student: str
    name: str
    text: AnswerText
    points: float | None
    automatic: float | None
    extra: float | None
    waits: bool
    comment: str
    note: str
    ticks: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Say whether there is no response, as nbgrader says."""
        return self.automatic is not None

    @cached_property
    def version(self) -> str:
        """Return a text whose first half changes with the answer, and the other with its mark."""
        given = repr((self.points, self.extra, self.waits, self.comment, self.ticks))
        return f"{self.text.digest}.{hashlib.sha256(given.encode()).hexdigest()[:16]}"

    def holds(self, changes: dict[str, Any]) -> bool:
        """Say whether what a mark would write is here already."""
        points = changes.get("points", self.points)
        return (
            points == self.points
            and not ("points" in changes and points is not None and self.waits)
            and changes.get("comment", self.comment).strip() == self.comment.strip()
            and tuple(changes.get("ticks", self.ticks)) == self.ticks
        )

    def as_json(self) -> dict[str, Any]:
        """Return what a browser is told."""
        return {
            "id": self.id,
            "submission": self.submission,
            "student": self.student,
            "name": self.name,
            "blank": self.is_blank,
            "found": self.text is not NO_TEXT,
            "points": self.points,
            "automatic": self.automatic,
            "extra": self.extra,
            "waits": self.waits,
            "comment": self.comment,
            "note": self.note,
            "ticks": list(self.ticks),
            "version": self.version,
        }


@dataclass(frozen=True)
class Mark:
    """What is to be written for an answer; what is not in `changes` stays as it is.

    version  that of the answer as whoever marks it has seen it
    changes  "points" (None takes a mark back), "comment", "ticks"
    """

    id: str
    version: str
    changes: dict[str, Any]

    @classmethod
    def read(cls, entry: Any, most: float) -> Mark:
        """Return a mark as a browser sends it; Problem where it is none.

        most  the points that the question is worth
        """
        if not isinstance(entry, dict):
            raise Problem("A mark names an answer and its version.")
        changes = {name: entry[name] for name in ("points", "comment", "ticks") if name in entry}
        id, version = entry.get("id"), entry.get("version")
        if not isinstance(id, str) or not isinstance(version, str) or not changes:
            raise Problem("A mark names an answer, its version, and points, a comment or ticks.")
        points, ticks = changes.get("points"), changes.get("ticks", [])
        if points is not None:
            is_number = isinstance(points, (int, float)) and not isinstance(points, bool)
            if not is_number or not math.isfinite(points) or not 0 <= points <= most:
                raise Problem(
                    f"This question gives 0 to {most:g} points; what is beyond is extra credit, "
                    "which nbgrader's formgrader gives."
                )
            changes["points"] = float(points)
        if not isinstance(changes.get("comment", ""), str):
            raise Problem("A comment is a text.")
        if not isinstance(ticks, list) or not all(isinstance(tick, str) for tick in ticks):
            raise Problem("Ticks are the texts of parts of the rubric.")
        return cls(id, version, changes)


@dataclass
class Outcome:
    """What became of marks: the answers as they are now, and why a mark was not saved."""

    saved: list[WrittenAnswer] = field(default_factory=list)
    refused: list[tuple[WrittenAnswer | None, Mark, str]] = field(default_factory=list)


class Desk:
    """Where answers are marked.

    directory  nbgrader's view of the course folder
    gradebook  nbgrader's, which others may use as well
    texts      what was read of graded notebooks before

    A context manager: what is read inside is of one moment, and nothing stays open after it.
    """

    def __init__(self, directory: CourseDirectory, gradebook: api.Gradebook, texts: Texts):
        self._directory, self._db, self._texts = directory, gradebook.db, texts

    def __enter__(self) -> Desk:
        # What somebody else wrote since is seen.
        self._db.rollback()
        TICKS.create(self._db.connection(), checkfirst=True)
        self._db.commit()
        return self

    def __exit__(self, *problem) -> None:
        self._db.rollback()

    def questions(self, **names: str) -> list[QuestionInWords]:
        """Return the questions that are answered in words, by assignment, in the notebooks' order;
        with `names`, those of this assignment, notebook and name."""
        cell, graded = api.BaseCell.__table__, api.GradeCell.__table__
        other, notebook = cell.alias(), api.Notebook
        one = (api.Assignment.name, notebook.name, cell.c.name)
        of_one = (*one, graded.c.max_score, cell.c.id, other.c.id)
        query = (
            select(
                *of_one,
                func.count(api.Grade.id),
                func.count(api.Grade.id).filter(api.Grade.needs_manual_grade),
            )
            .join(notebook, notebook.assignment_id == api.Assignment.id)
            .join(cell, cell.c.notebook_id == notebook.id)
            .join(graded, graded.c.id == cell.c.id)
            .join(other, (other.c.notebook_id == notebook.id) & (other.c.name == cell.c.name))
            .outerjoin(api.Grade, api.Grade.cell_id == cell.c.id)
            .where(other.c.type == "SolutionCell")
            .where(*(of == wanted for of, wanted in zip(one, names.values())))
            .group_by(*of_one)
        )
        found = [QuestionInWords(*row) for row in self._db.execute(query)]
        return sorted(found, key=lambda one: (one.assignment, one.notebook, self._rank(one)))

    def question(self, assignment: str, notebook: str, name: str) -> QuestionInWords:
        """Return a question by its name; Problem where there is none."""
        for one in self.questions(assignment=assignment, notebook=notebook, name=name):
            return one
        raise Problem(f"{assignment} has no question {name} that is answered in words.")

    def _cells(self, question: QuestionInWords) -> list[dict]:
        """Return the cells of the instructor's notebook; Problem where there is none."""
        directory = self._directory
        place = directory.format_path(directory.source_directory, ".", question.assignment)
        return read_object(Path(place) / f"{question.notebook}.ipynb")["cells"]

    def _rank(self, question: QuestionInWords) -> int:
        """Return where a question stands in its notebook."""
        try:
            return [*map(grade_id_of, self._cells(question))].index(question.name)
        except (Problem, ValueError):
            return sys.maxsize

    def told(self, question: QuestionInWords) -> Told:
        """Return what source/ says of a question."""
        try:
            cells = self._cells(question)
        except Problem as problem:
            return Told(problem=f"There is no sample answer to show. {problem}")
        for before, cell in zip([None, *cells], cells):
            if grade_id_of(cell) == question.name:
                asks, sample, rubric = split_sample(source_of(cell))
                text = asks
                if not asks and before is not None and before["cell_type"] == "markdown":
                    text = source_of(before)
                title = ["", *HEADING.findall(FENCED.sub("", text))][-1]
                read = read_rubric(rubric or rubric_in(text), question.points)
                return Told(title, asks, text, sample, read)
        return Told(problem=f"source/ has no question {question.name}, so no sample answer.")

    def answers(self, question: QuestionInWords) -> list[dict[str, Any]]:
        """Return what a browser is told of all answers to a question, what is alike side by side
        and what is blank at the end."""
        found = list(self._read(question))
        written = [one for one in found if not one.is_blank]
        blank = [one for one in found if one.is_blank]
        asks = self.told(question).asks
        places = in_order(
            [after(asks, one.text.source) for one in written],
            [one.text.digest for one in written],
        )
        rows = [
            {**written[place.index].as_json(), "same": place.same, "family": place.family}
            for place in places
        ]
        beyond = {"same": -1, "family": -1}
        return [*rows, *({**one.as_json(), **beyond} for one in blank)]

    def answer(self, question: QuestionInWords, id: str) -> WrittenAnswer:
        """Return one answer as it is now; Problem where it is gone."""
        for one in self._read(question, [id]):
            return one
        raise Problem(GONE)

    def html(self, question: QuestionInWords, answer: WrittenAnswer) -> str:
        """Return an answer as HTML that is only looked at."""
        path = self._path(question, answer.student)
        return answer_html(path, question.name, self.told(question).asks)

    def _path(self, question: QuestionInWords, student: str) -> Path:
        directory = self._directory
        place = directory.format_path(directory.autograded_directory, student, question.assignment)
        return Path(directory.root, place, f"{question.notebook}.ipynb")

    def _query(self, question: QuestionInWords) -> Select:
        grade, comment, student = api.Grade, api.Comment, api.Student
        notebook, handed = api.SubmittedNotebook, api.SubmittedAssignment
        return (
            select(
                grade.id,
                notebook.id,
                student.id,
                student.first_name,
                student.last_name,
                grade.manual_score,
                grade.auto_score,
                grade.extra_credit,
                grade.needs_manual_grade,
                comment.manual_comment,
                comment.auto_comment,
                TICKS.c.ticks,
            )
            .join(notebook, notebook.id == grade.notebook_id)
            .join(handed, handed.id == notebook.assignment_id)
            .join(student, student.id == handed.student_id)
            .outerjoin(
                comment,
                (comment.notebook_id == notebook.id) & (comment.cell_id == question.commented),
            )
            .outerjoin(TICKS, TICKS.c.grade_id == grade.id)
            .where(grade.cell_id == question.cell)
        )

    def _read(
        self, question: QuestionInWords, ids: Sequence[str] | None = None
    ) -> Iterator[WrittenAnswer]:
        query = self._query(question)
        if ids is not None:
            query = query.where(api.Grade.id.in_(ids))
        for row in self._db.execute(query).all():
            id, submission, student, first, last, manual, auto, extra, waits, said, note, ticks = (
                row
            )
            path = self._path(question, student)
            yield WrittenAnswer(
                id=id,
                submission=submission,
                student=student,
                name=" ".join(filter(None, [first, last])),
                text=self._texts.of(path).get(question.name, NO_TEXT),
                points=manual,
                automatic=auto,
                extra=extra,
                waits=waits,
                comment=said or "",
                note=note or "",
                ticks=tuple(json.loads(ticks or "[]")),
            )

    def save(self, question: QuestionInWords, marks: Sequence[Mark]) -> Outcome:
        """Write marks in one transaction. What is not as it was when it was marked is left as it is
        and told, and stops nothing else."""
        outcome = Outcome()
        try:
            self._hold(question, marks)
            known = {one.id: one for one in self._read(question, [mark.id for mark in marks])}
            for mark in marks:
                answer = known.get(mark.id)
                if answer is None:
                    outcome.refused.append((None, mark, GONE))
                elif answer.version != mark.version:
                    same_text = answer.version.partition(".")[0] == mark.version.partition(".")[0]
                    if same_text and answer.holds(mark.changes):
                        # Sent again by who did not hear that it was saved.
                        continue
                    said = MARKED_BY_OTHERS if same_text else HANDED_IN_ANEW
                    outcome.refused.append((answer, mark, said))
                else:
                    self._write(question, answer, mark.changes)
            self._db.commit()
        except BaseException:
            self._db.rollback()
            raise
        refused = {mark.id for _, mark, _ in outcome.refused}
        saved = [mark.id for mark in marks if mark.id not in refused]
        outcome.saved = list(self._read(question, saved))
        return outcome

    def _hold(self, question: QuestionInWords, marks: Sequence[Mark]) -> None:
        """Let nobody else write what these marks are about before the transaction ends."""
        grade, comment = api.Grade, api.Comment
        ids = [mark.id for mark in marks]
        notebooks = select(grade.notebook_id).where(grade.id.in_(ids))
        for kind, these, column in (
            (grade, grade.id.in_(ids), "manual_score"),
            (comment, comment.notebook_id.in_(notebooks), "manual_comment"),
        ):
            # Written as they are, which every database takes for a lock.
            self._change(update(kind).where(these).values({column: getattr(kind, column)}))

    def _change(self, statement: Update) -> int:
        """Execute an update; how many rows it changed."""
        return self._db.execute(statement.execution_options(synchronize_session=False)).rowcount

    def _write(
        self, question: QuestionInWords, answer: WrittenAnswer, changes: dict[str, Any]
    ) -> None:
        grade = api.Grade
        if "points" in changes:
            points = changes["points"]
            # As nbgrader's formgrader does.
            waits = points is None and answer.automatic is None
            self._change(
                update(grade)
                .where(grade.id == answer.id)
                .values(manual_score=points, needs_manual_grade=waits)
            )
        if "comment" in changes:
            self._write_comment(question, answer, changes["comment"].strip() or None)
        if "ticks" in changes:
            self._db.execute(delete(TICKS).where(TICKS.c.grade_id == answer.id))
            self._db.execute(
                insert(TICKS).values(grade_id=answer.id, ticks=json.dumps(changes["ticks"]))
            )

    def _write_comment(
        self, question: QuestionInWords, answer: WrittenAnswer, said: str | None
    ) -> None:
        comment = api.Comment
        key = {"cell_id": question.commented, "notebook_id": answer.submission}
        done = self._change(update(comment).filter_by(**key).values(manual_comment=said))
        if done == 0:
            self._db.add(comment(id=api.new_uuid(), manual_comment=said, **key))
            self._db.flush()
