"""Functions that stand between a check and a student's function that takes a function itself.

A check asks with arrays and compares arrays. What takes a function is asked here with one that is
made from the arrays. Nothing here holds a formula that an exercise asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import numpy as np


def descent_on_a_quadratic(gradient_descent: Callable) -> Callable:
    """Ask `gradient_descent(gradient, w0, learning_rate, steps)` with arrays.

    The function that comes back takes (A, b, w0, learning_rate, steps); the gradient is A w - b,
    that of w.A w / 2 - b.w, with A of shape (d, d) and b, w0 of shape (d,).
    """

    @wraps(gradient_descent, updated=())
    def ask(A, b, w0, learning_rate, steps):
        return gradient_descent(lambda w: A @ w - b, w0, learning_rate, steps)

    return ask


def gradient_and_change(numerical_gradient: Callable) -> Callable:
    """Ask `numerical_gradient(f, theta, ...)` with arrays.

    The function that comes back takes (theta, A, ...) of one shape; f is (sum of A exp(theta))^2
    / 10. It answers with the gradient and with the change that was left on theta, which is 0.
    """

    @wraps(numerical_gradient, updated=())
    def ask(theta, A, **step):
        own = theta.copy()

        def f(t):
            return float((A * np.exp(t)).sum() ** 2 / 10)

        return numerical_gradient(f, own, **step), own - theta

    return ask


def refusing(function: Callable) -> Callable:
    """Let a function refuse its arguments: it answers "ValueError" where it raises one."""

    @wraps(function, updated=())
    def ask(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except ValueError:
            return "ValueError"

    return ask
