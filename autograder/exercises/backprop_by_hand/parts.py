"""Functions that several wrong answers of 04-backprop-by-hand share: a prediction and what is left
to 1, cut off in every form that students write."""

from __future__ import annotations

import numpy as np


def cut_on_both_sides(p, size):
    p = np.clip(p, size, 1 - size)
    return p, 1 - p


def cut_each(p, size):
    return np.maximum(p, size), np.maximum(1 - p, size)


def cut_below(p, size):
    p = np.maximum(p, size)
    return p, 1 - p


def cut_above(p, size):
    p = np.minimum(p, 1 - size)
    return p, 1 - p


CUTS = (cut_on_both_sides, cut_each, cut_below, cut_above)
