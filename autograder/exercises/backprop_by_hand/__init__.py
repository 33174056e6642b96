"""The exercises of 04-backprop-by-hand: cases, honest styles, named mistakes."""

from autograder.exercises.backprop_by_hand import mistakes, styles
from autograder.exercises.backprop_by_hand.cases import notebook

__all__ = ["mistakes", "notebook", "styles"]
