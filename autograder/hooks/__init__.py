"""What `nbgrader_config.py` names, and what is touched of nbgrader itself.

`configure` puts this package's parts in the places of nbgrader's own. A course folder's
`nbgrader_config.py` calls it and names none of them, so that it stays true wherever they move.
"""

from __future__ import annotations

import os
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = ["configure"]

# The hooks lean on names that nbgrader promises to nobody; `internals` lists them.
SUPPORTED_NBGRADER = ((0, 9, 5), (0, 10))


def configure(c: Config, course_id: str, course_key: str | None = None) -> None:
    """Set nbgrader up for this course, in an `nbgrader_config.py`.

    c           what nbgrader's `get_config()` gives
    course_id   what the exchange and the gradebook call the course
    course_key  draws the cases of a class, together with the assignment and the student
    Raises SystemExit with one sentence where the installed nbgrader is not one that this package
    works with: any other exception in an `nbgrader_config.py` is logged by nbgrader's own commands,
    which go on without its settings, and would execute what was handed in.
    """
    _refuse_other_versions(metadata.version("nbgrader"))
    _put_scripts_on_path()
    c.CourseDirectory.course_id = course_id
    if course_key is not None:
        c.Judge.course_key = course_key

    # A submission is read with care and repaired before nbgrader looks at it. CheckCellMetadata is
    # left out: all nbgrader metadata has just been restored from the gradebook, and the check takes
    # longer than running the students' code.
    c.Autograde.exporter_class = "autograder.hooks.exporter.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = [
        "autograder.hooks.steps.RepairSubmission",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
    ]
    # Student code runs in a room, and the judge outside it writes the outputs of the graded cells.
    c.Autograde.autograde_preprocessors = [
        "autograder.hooks.steps.Judge",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "autograder.hooks.steps.NoteMarks",
        "nbgrader.preprocessors.SaveAutoGrades",
        "autograder.hooks.steps.SaveRemarks",
        "autograder.hooks.steps.KeepMarks",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
    # A graded cell's hidden test stays hidden in the page a student gets back, and an answer that
    # nobody has read yet is not told as one without points.
    c.GenerateFeedback.preprocessors = [
        "autograder.hooks.read_grades.ReadGrades",
        "nbgrader.preprocessors.ClearHiddenTests",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    c.GenerateFeedback.exporter_class = "autograder.hooks.page_exporter.PageExporter"
    # Both pages that show a student's notebook, feedback and formgrader, show nothing that runs.
    c.HTMLExporter.preprocessors = [
        "autograder.hooks.summary.Summary",
        "autograder.hooks.clean_html.CleanOutputs",
    ]
    c.HTMLExporter.filters = {
        "markdown2html": "autograder.hooks.clean_html.markdown2html",
        "clean_html": "autograder.hooks.clean_html.clean_html",
    }
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.extra_template_basedirs = template_folders()
    c.HTMLExporter.template_file = "guarded.html.j2"
    # The exchange says what is in the way, gives no answers away, and stops for nobody.
    c.ExchangeFactory.release_assignment = "autograder.hooks.exchange.ReleaseAssignment"
    c.ExchangeFactory.collect = "autograder.hooks.exchange.Collect"
    c.ExchangeFactory.release_feedback = "autograder.hooks.exchange.ReleaseFeedback"
    # A spreadsheet takes no cell of the exported grades for a formula.
    c.ExportApp.plugin_class = "autograder.hooks.csv_export.SafeCsvExportPlugin"


def _put_scripts_on_path() -> None:
    """Let nbgrader find `alembic`, which it calls by its name to make and to upgrade a gradebook,
    and which lies beside this interpreter."""
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ["PATH"]])


def template_folders() -> list[str]:
    """Return where the pages' templates lie: ours first, then nbgrader's, which ours extend."""
    nbgrader = metadata.distribution("nbgrader").locate_file("nbgrader")
    return [
        str(Path(__file__).parent / "templates"),
        str(Path(str(nbgrader)) / "server_extensions" / "formgrader" / "templates"),
    ]


def _refuse_other_versions(version: str) -> None:
    lowest, beyond = SUPPORTED_NBGRADER
    numbers = tuple(int(part) for part in version.split(".")[:3] if part.isdigit())
    if not lowest <= numbers < beyond:
        raise SystemExit(
            f"nbgrader {version} is installed, and this course works with "
            f"{'.'.join(map(str, lowest))} up to, but not, {'.'.join(map(str, beyond))}: "
            'install one of those, for example with pip install "nbgrader>=0.9.5,<0.10".'
        )
