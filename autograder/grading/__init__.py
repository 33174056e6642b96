"""A class, graded: many rooms at once, one writer of the gradebook."""

from autograder.grading.grading import Grading
from autograder.grading.records import Grade, Submission

__all__ = ["Grade", "Grading", "Submission"]
