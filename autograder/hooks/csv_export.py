"""Grades as CSV, in which a spreadsheet finds text and numbers and no formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import CsvExportPlugin

from autograder.spreadsheet import neutral

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


class SafeCsvExportPlugin(CsvExportPlugin):
    """nbgrader's CSV export with the same columns and rows, quoted, and free of formulas."""

    def export(self, gradebook: Gradebook) -> None:
        path = self.to or "grades.csv"
        self.log.info("Exporting grades to %s", path)
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for row in self._rows(gradebook):
                writer.writerow([neutral(row[name]) for name in COLUMNS])

    def _rows(self, gradebook: Gradebook) -> Iterator[dict]:
        """Make a row for each assignment and student that was asked for, whether handed in or
        not."""
        students = [s for s in gradebook.students if not self.student or s.id in self.student]
        for assignment in gradebook.assignments:
            if self.assignment and assignment.name not in self.assignment:
                continue
            for student in students:
                yield {
                    "assignment": assignment.name,
                    "duedate": assignment.duedate,
                    "student_id": student.id,
                    "last_name": student.last_name,
                    "first_name": student.first_name,
                    "email": student.email,
                    "max_score": assignment.max_score,
                    **self._scores(gradebook, assignment.name, student.id),
                }

    def _scores(self, gradebook: Gradebook, assignment: str, student: str) -> dict:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return {
                "timestamp": "",
                "raw_score": 0.0,
                "late_submission_penalty": 0.0,
                "score": 0.0,
            }
        penalty = submission.late_submission_penalty or 0.0
        return {
            "timestamp": submission.timestamp,
            "raw_score": submission.score,
            "late_submission_penalty": penalty,
            "score": max(0.0, submission.score - penalty),
        }
