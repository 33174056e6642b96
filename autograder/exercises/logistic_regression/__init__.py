"""The exercises of 02-logistic-regression: cases, honest styles, named mistakes."""

from autograder.exercises.logistic_regression import mistakes, styles
from autograder.exercises.logistic_regression.cases import notebook

__all__ = ["mistakes", "notebook", "styles"]
