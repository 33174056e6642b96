"""A course folder, graded in this process by the command's own engine."""

from contextlib import suppress

import psutil

from autograder.course_folder import CourseFolder
from autograder.grading import Grade, Grading


def grade_folder(folder: CourseFolder, force: bool = False, **options) -> list[Grade]:
    """Grade what is new or changed in a course folder; all of it with `force`."""
    with Grading(folder, **options) as grading:
        found = grading.submissions([]).submissions
        return list(grading.grade(grading.waiting(found, force).submissions))


def judging_processes() -> list[psutil.Process]:
    """The processes that judge for this one; it may have other children, such as a database."""
    found = []
    for child in psutil.Process().children():
        # One that has ended, and that nobody has waited for yet, has no command.
        with suppress(psutil.Error):
            if "autograder.run.local" in child.cmdline():
                found.append(child)
    return found
