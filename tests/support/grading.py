"""A course folder, graded in this process by the command's own engine."""

from autograder.course_folder import CourseFolder
from autograder.grading import Grade, Grading


def grade_folder(folder: CourseFolder, force: bool = False, **options) -> list[Grade]:
    """Grade what is new or changed in a course folder; all of it with `force`."""
    with Grading(folder, **options) as grading:
        found = grading.submissions([]).submissions
        return list(grading.grade(grading.waiting(found, force).submissions))
