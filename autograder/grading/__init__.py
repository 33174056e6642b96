"""Grading a class: what the other parts use. It begins with `Grading` in `grading.py`."""

from autograder.grading.feedback import NOT_GRADED_YET, make_feedback
from autograder.grading.grading import Grading
from autograder.grading.records import Grade, HandedIn, Reason, Submission, Waiting

__all__ = [
    "NOT_GRADED_YET",
    "Grade",
    "Grading",
    "HandedIn",
    "Reason",
    "Submission",
    "Waiting",
    "make_feedback",
]
