"""Small numbers that guard a logarithm or a denominator, in every form that students write.

A mistake that is a family of guards takes one of these as a keyword-only parameter:

    @exercise.mistake(..., family={"size": SIZES, "guard": GUARDS})
    def surprise_guarded(p, base=2, *, size=1e-9, guard=added):
        return -np.log(guard(p, size)) / np.log(base)

They are copied into a student's cell where they are used, as functions of `parts` are.
"""

from __future__ import annotations

import numpy as np


def added(p, size):
    return p + size


def raised(p, size):
    return np.maximum(p, size)


def clipped(p, size):
    return np.clip(p, size, 1 - size)


def lowered(p, size):
    return np.minimum(p, 1 - size)


GUARDS = (added, raised, clipped)
