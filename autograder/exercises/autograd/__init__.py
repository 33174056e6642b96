"""The exercises of 05-autograd: cases, honest styles, named mistakes."""

from autograder.exercises.autograd import mistakes, styles
from autograder.exercises.autograd.cases import notebook

__all__ = ["mistakes", "notebook", "styles"]
