"""A course folder with a class whose true scores and mistakes are known, and the comparing of what
grading finds with that truth. `python -m autograder.simulate FOLDER` says how a graded class
compares.
"""

from autograder.simulate.simulated_class import simulate
from autograder.simulate.truth import disagreements

__all__ = ["disagreements", "simulate"]
