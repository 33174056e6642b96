"""The exercises of 01-surprise-and-entropy: cases, honest styles, named mistakes."""

from autograder.exercises.surprise_and_entropy import mistakes, styles
from autograder.exercises.surprise_and_entropy.cases import notebook

__all__ = ["mistakes", "notebook", "styles"]
