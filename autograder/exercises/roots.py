"""What mistakes in several exercises come from; the class report counts them together."""

from __future__ import annotations

from enum import StrEnum


class Root(StrEnum):
    """The root of a mistake; its value is the title that a report shows."""

    INDEX = "Off by one, or the wrong index"
    BASE = "The base of the logarithm"
    DIGITS = "Zeros, infinities and lost digits"
    AXIS = "Transposed, or the wrong axis"
    SIGN = "The wrong sign"
    SWAPPED = "Arguments, weights or classes exchanged"
    BIAS = "The bias"
    MEAN = "Sum, mean, and the 1/N"
    WEIGHTS = "An average without its weights"
    DIAGONAL = "Only the diagonal of a Jacobian"
    CHAIN = "The chain rule: a factor missing or too many"
    FACTOR_TWO = "A factor of two or one half"
    GRAPH = "The graph of autograd"
    LOOP = "One step of a loop, or values of the wrong step"
