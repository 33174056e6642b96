"""The step before nbgrader's own sanitizing: a submission gets the course's shape again."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.hooks.course_cells import cells_of_gradebook
from autograder.hooks.verdict_cells import NOTES
from autograder.intake.files import attach_pictures
from autograder.intake.notebooks import rebuild
from autograder.intake.repair import repair
from autograder.intake.written import Given, lost_texts, texts_elsewhere


class RepairSubmission(NbGraderPreprocessor):
    """Gives a submission the shape of the course's notebook again, and notes what was put right.

    It needs `c.Autograde.exporter_class`, which reads the file; without it, only what nbformat
    could read gets this far.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        read = resources.get("autograder") or {}
        remarks = list(read.get("remarks", []))
        if "given" not in read:
            nb, remarks = rebuild(nb)
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
        nb.metadata[NOTES] = {
            "repairs": remarks,
            "refused": refused,
            "lost": lost,
            "elsewhere": [name for name in elsewhere if name not in lost],
        }
        return nb, resources
