"""The exercises of 03-softmax-jacobian: cases, honest styles, named mistakes."""

from autograder.exercises.softmax_jacobian import mistakes, styles
from autograder.exercises.softmax_jacobian.cases import notebook

__all__ = ["mistakes", "notebook", "styles"]
