"""The errata of notebook 08: what the lecture prints beside what is right."""

import numpy as np

from autograder.exercises.build_autograd.reference import Tensor
from course.plots.build_autograd import GRID, staircase, target


def test_E87_sigmoids_come_nearer_with_every_doubling_and_are_never_exact():
    steepest = np.abs(np.diff(target(GRID)) / np.diff(GRID)).max()
    errors = [np.abs(staircase(n, GRID) - target(GRID)).max() for n in (4, 8, 16, 32)]
    for n, error in zip((4, 8, 16, 32), errors):
        assert 0 < error < 1.15 * steepest / (2 * n)
    assert all(later < 0.7 * earlier for earlier, later in zip(errors, errors[1:]))


def test_E88_a_step_has_no_slope_to_train_with_and_a_sigmoid_has():
    x = np.linspace(0.0, 1.0, 40)
    wanted = (x > 0.3).astype(float)

    def error_of_a_step(threshold):
        return np.mean(((x > threshold) - wanted) ** 2)

    assert error_of_a_step(0.6) > 0
    assert error_of_a_step(0.6 + 1e-6) == error_of_a_step(0.6 - 1e-6)
    threshold = Tensor(0.6)
    ((((Tensor(x) - threshold) * 8).sigmoid() - wanted) ** 2).mean().backward()
    assert threshold.grad > 0.05
