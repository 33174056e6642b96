"""Whether derivatives were made by difference quotients: a look at the digits they lost.

A derivative computed by its rule in float64 is right to some fifteen digits. A quotient such as
(f(x + h) - f(x - h)) / 2h keeps seven to eleven of them, and leaves a mark: f is known in whole
multiples of the spacing of floats, so the quotient times 2h is such a multiple again.

Honest answers lose digits, too: in single precision, by an intermediate value in single precision,
or by a small number that guards a denominator. None of them leaves the mark.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

EXACT = 1e-13  # an error relative to the largest entry that rounding alone may leave
CLOSE = 1e-4  # an error that is no longer a matter of digits
SINGLE = 3e-9  # an error below what values in single precision leave
CUBE_ROOT = np.cbrt(np.finfo(float).eps)
# Usual h and 2h. Powers of two would mark everything that was in single precision once.
STEPS = [m * 10.0**-k for k in range(3, 11) for m in range(1, 19)] + [CUBE_ROOT, 2 * CUBE_ROOT]


def made_by_differences(
    answers: Sequence[tuple[np.ndarray, np.ndarray]], guards: bool = False
) -> bool:
    """Tell whether right or nearly right numbers look like difference quotients.

    answers  per case the numbers found and those expected, as flat arrays of one length
    guards   a small number added to a denominator is honest here, so the mark alone counts
    """
    answers = [(found, right) for found, right in answers if right.any()]
    if not answers:
        return False
    errors = [np.max(np.abs(found - right)) / np.max(np.abs(right)) for found, right in answers]
    numbers = np.concatenate([found for found, _ in answers])
    if not EXACT < np.median(errors) < CLOSE or _single(numbers):
        return False
    return _marked(numbers) or (not guards and max(errors) < SINGLE)


def _single(numbers: np.ndarray) -> bool:
    """Tell whether all numbers are numbers of single precision."""
    with np.errstate(over="ignore"):
        return np.array_equal(numbers, np.float32(numbers))


def _marked(numbers: np.ndarray) -> bool:
    """Tell whether nearly all numbers, times a usual step, are multiples of one small power of
    two."""
    numbers = np.unique(np.abs(numbers[numbers != 0]))
    if numbers.size < 6:
        return False
    for step in STEPS:
        # As fine as possible while the counts can still be told from whole numbers.
        fineness = min(60, int(np.log2(5e13 / (numbers.max() * step))))
        counts = numbers * step * 2.0**fineness
        whole = (counts > 1) & (np.abs(counts - np.round(counts)) < 0.02)
        if whole.mean() > 0.9:
            return True
    return False
