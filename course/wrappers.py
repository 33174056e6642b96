"""Functions that stand between a check and a student's function that takes what is no value.

A check asks with numbers and arrays and compares these. What takes a function is asked here with
one that is made from arrays, what takes a random generator with one that is made from a seed.
Nothing here holds a formula that an exercise asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from course import words

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Words(str):
    """Words that stand for an argument, where the messages say what a function was called with."""


def asked(given: Callable[..., Any], parts: tuple[str, ...] = ()) -> Decorator:
    """Say of a function that stands between a check and a student's function what the student's
    receives and what comes back; decorates it.

    given  the arguments of the check -> those of the student's function, as (args, kwargs)
    parts  what the values of the tuple that comes back are called
    """

    def mark(ask: Callable[..., Any]) -> Callable[..., Any]:
        # The messages of a check read them.
        vars(ask).update(given=given, parts=parts)
        return ask

    return mark


def parts_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Say what the values of the tuple that `function` returns are called: as the function that
    stands in between says, or its docstring, "Returns the tuple (o, a): ..."; () where neither
    does."""
    parts = getattr(function, "parts", ())
    found = re.search(r"Returns (?:the |a )?(?:tuple )?\(([\w/]+(?:, [\w/]+)+)\)", _doc(function))
    found = found or re.search(r"Returns a tuple: ([\w/]+(?:, [\w/]+)+)\.", _doc(function))
    return parts or (tuple(found[1].split(", ")) if found else ())


def _doc(function: Callable[..., Any]) -> str:
    doc = getattr(function, "__doc__", None)
    return " ".join(doc.split()) if isinstance(doc, str) else ""


def descent_on_a_quadratic(gradient_descent: Callable[..., Any]) -> Callable[..., Any]:
    """Ask `gradient_descent(gradient, w0, learning_rate, steps)` with arrays.

    The function that comes back takes (A, b, w0, learning_rate, steps); the gradient is A w - b,
    that of w.A w / 2 - b.w, with A of shape (d, d) and b, w0 of shape (d,).
    """

    def given(A: Any, b: Any, w0: Any, learning_rate: Any, steps: Any) -> Any:
        return (Words(words.GRADIENT_OF_A_BOWL), w0, learning_rate, steps), {}

    @asked(given)
    @wraps(gradient_descent, updated=())
    def ask(A: Any, b: Any, w0: Any, learning_rate: Any, steps: Any) -> Any:
        return gradient_descent(lambda w: A @ w - b, w0, learning_rate, steps)

    return ask


def gradient_and_change(numerical_gradient: Callable[..., Any]) -> Callable[..., Any]:
    """Ask `numerical_gradient(f, theta, ...)` with arrays.

    The function that comes back takes (theta, A, ...) of one shape; f is (sum of A exp(theta))^2
    / 10. It answers with the gradient and with the change that was left on theta, which is 0.
    """

    def given(theta: Any, A: Any, **step: Any) -> Any:
        return (Words(words.A_FUNCTION_F), theta), step

    @asked(given, parts=(words.GRADIENT, words.CHANGE_LEFT))
    @wraps(numerical_gradient, updated=())
    def ask(theta: Any, A: Any, **step: Any) -> Any:
        own = theta.copy()

        def f(t: Any) -> Any:
            return float((A * np.exp(t)).sum() ** 2 / 10)

        return numerical_gradient(f, own, **step), own - theta

    return ask


def refusing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function refuse its arguments: it answers "ValueError" where it raises one."""

    @wraps(function, updated=())
    def ask(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except ValueError:
            return "ValueError"

    return ask


ACTIVATIONS = {
    "tanh": np.tanh,
    "softsign": lambda u: u / (1 + np.abs(u)),
    "parabola": lambda u: 0.3 * u**2 - 0.2 * u,
}
SLOPES = {
    "softsign": lambda u: 1 / (1 + np.abs(u)) ** 2,
    "bell": lambda u: np.exp(-(u**2)),
    "parabola": lambda u: 0.6 * u - 0.2,
}


def with_activation(layer_statistics: Callable[..., Any]) -> Callable[..., Any]:
    """Ask `layer_statistics(X, weights, activation)` with a name in ACTIVATIONS."""

    def given(X: Any, weights: Any, name: Any) -> Any:
        return (X, weights, Words(words.THE_ACTIVATION.format(name=name))), {}

    @asked(given)
    @wraps(layer_statistics, updated=())
    def ask(X: Any, weights: Any, name: Any) -> Any:
        return layer_statistics(X, weights, ACTIVATIONS[name])

    return ask


def with_slope(backward_norms: Callable[..., Any]) -> Callable[..., Any]:
    """Ask `backward_norms(scores, weights, derivative, upstream)` with a name in SLOPES."""

    def given(scores: Any, weights: Any, name: Any, upstream: Any) -> Any:
        return (scores, weights, Words(words.THE_SLOPE.format(name=name)), upstream), {}

    @asked(given)
    @wraps(backward_norms, updated=())
    def ask(scores: Any, weights: Any, name: Any, upstream: Any) -> Any:
        return backward_norms(scores, weights, SLOPES[name], upstream)

    return ask


def values_and_rest(loss_slice: Callable[..., Any]) -> Callable[..., Any]:
    """Ask `loss_slice(f, theta, direction, steps)` with arrays.

    The function that comes back takes (A, theta, direction, steps), the first three of one shape; f
    is (sum of A exp(theta))^2 / 10. It answers with a dict: the values, and whether theta is, to
    the last bit, what it was.
    """

    def given(A: Any, theta: Any, direction: Any, steps: Any) -> Any:
        return (Words(words.A_FUNCTION_F), theta, direction, steps), {}

    @asked(given)
    @wraps(loss_slice, updated=())
    def ask(A: Any, theta: Any, direction: Any, steps: Any) -> Any:
        own = theta.copy()

        def f(t: Any) -> Any:
            return float((A * np.exp(t)).sum() ** 2 / 10)

        values = loss_slice(f, own, direction, steps)
        return {"values": values, "theta as it was": bool(np.array_equal(own, theta))}

    return ask


def seeded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Ask `function(..., rng)` with (..., seed): every call gets a generator of its own."""

    def given(*args: Any) -> Any:
        return (*args[:-1], Words(f"np.random.default_rng({args[-1]})")), {}

    @asked(given)
    @wraps(function, updated=())
    def ask(*args: Any) -> Any:
        *others, seed = args
        return function(*others, np.random.default_rng(seed))

    return ask
