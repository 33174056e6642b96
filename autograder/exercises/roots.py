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


# What the visible check may say of every mistake of a root, by its name in `course.words`. What is
# true of one mistake alone is said where it is declared.
TRUE_OF: dict[Root | None, tuple[str, ...]] = {
    Root.INDEX: ("OTHER_ORDER", "REVERSED", "DIAGONAL_RIGHT"),
    Root.BASE: ("CHANGE_OF_BASE",),
    Root.DIGITS: ("FEW_DIGITS", "SMALL_DIFFERENCE", "ROUNDED", "SINGLE_PRECISION", "CUT_OFF"),
    Root.AXIS: ("OTHER_AXIS", "TRANSPOSED", "SHAPE_TRANSPOSED", "TERMS_RIGHT"),
    Root.SIGN: ("SIGN", "SIGNS"),
    Root.SWAPPED: ("PARTS_EXCHANGED", "TRANSPOSED", "COMPLEMENT"),
    Root.BIAS: ("OTHER_ORDER",),
    Root.MEAN: (
        *("LENGTH_TOO_LARGE", "LENGTH_TOO_SMALL", "HUNDREDFOLD", "TERMS_RIGHT"),
        *("TWICE", "TWICE_OF_TWO", "HALF", "HALF_OF_TWO"),
    ),
    Root.DIAGONAL: ("DIAGONAL_RIGHT", "DIAGONAL_OFF"),
    Root.FACTOR_TWO: ("TWICE", "TWICE_OF_TWO", "HALF", "HALF_OF_TWO"),
    Root.LOOP: ("SMALL_DIFFERENCE",),
}
