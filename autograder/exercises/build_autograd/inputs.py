"""How the inputs of 08-build-autograd are drawn: programs, and the arrays they work on."""

from __future__ import annotations

import math

import numpy as np

from course import programs

LARGEST = 6.0  # Nothing on the way through a random program gets larger than this in size.


def number(rng: np.random.Generator, low: float = 0.4, high: float = 2.0) -> float:
    """Draw a random number away from 0, of either sign."""
    return float(rng.uniform(low, high) * rng.choice([-1.0, 1.0]))


def positive(rng: np.random.Generator, low: float = 0.4, high: float = 2.0) -> float:
    """Draw a random positive number away from 0."""
    return float(rng.uniform(low, high))


def table(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw a random array whose entries are away from 0 and of both signs."""
    return np.asarray(rng.uniform(0.3, 1.7, shape) * rng.choice([-1.0, 1.0], shape))


class Number(float):
    """A float with the methods that a program asks for; it says which programs stay moderate."""

    def _of(self, value) -> Number:
        if isinstance(value, complex) or not abs(value) <= LARGEST:
            raise ArithmeticError
        return Number(value)

    def __add__(self, other):
        return self._of(float(self) + other)

    def __sub__(self, other):
        return self._of(float(self) - other)

    def __rsub__(self, other):
        return self._of(other - float(self))

    def __mul__(self, other):
        return self._of(float(self) * other)

    def __truediv__(self, other):
        return self._of(float(self) / (other if abs(other) > 0.2 else math.nan))

    def __rtruediv__(self, other):
        return self._of(other / (float(self) if abs(self) > 0.2 else math.nan))

    def __pow__(self, other):
        return self._of(float(self) ** other if abs(self) > 0.2 else math.nan)

    def __neg__(self):
        return Number(-float(self))

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        return self._of(math.exp(self))

    def log(self):
        return self._of(math.log(self) if self > 0.2 else math.nan)

    def tanh(self):
        return self._of(math.tanh(self))

    def sigmoid(self):
        return self._of(1 / (1 + math.exp(-self)))

    def relu(self):
        return self._of(max(float(self), 0.0) if abs(self) > 0.05 else math.nan)

    def sin(self):
        return self._of(math.sin(self))

    def cos(self):
        return self._of(math.cos(self))


PAIRS = ("{} + {}", "{} - {}", "{} * {}", "{} / {}")
MIXED = ("{} + 1.5", "0.7 - {}", "{} * 3", "2 / {}", "-{}", "{} ** 2", "{} ** -1")


def random_program(rng: np.random.Generator, methods: tuple[str, ...]) -> tuple[str, dict]:
    """Draw a program whose parts share nodes and mix numbers, and its leaves a, b and c."""
    while True:
        leaves = {name: number(rng) for name in "abc"}
        known, lines = dict(leaves), []
        while len(lines) < 6:
            # The newest name as one of the two: deep programs, whose older parts are used again.
            names = list(known)
            one, other = names[-1], str(rng.choice(names))
            kind = rng.integers(3)
            if kind == 0:
                text = str(rng.choice(PAIRS)).format(*rng.permutation([one, other]))
            elif kind == 1:
                text = str(rng.choice(MIXED)).format(one)
            else:
                text = f"{one}.{rng.choice(methods)}()"
            value = _moderate(text, known)
            if value is not None:
                name = f"d{len(lines) + 1}"
                known[name] = value
                lines.append(f"{name} = {text}")
        ending = " + ".join([f"d{len(lines)}", "d2 * a", "b * c"])
        if _moderate(ending, known) is not None:
            return "; ".join([*lines, ending]), leaves


def _moderate(text: str, known: dict) -> Number | None:
    try:
        return programs.run(text, {name: Number(value) for name, value in known.items()})
    except (ArithmeticError, ValueError):
        return None


def network(rng: np.random.Generator, n: int, d0: int, d1: int, d2: int) -> tuple:
    """Draw random X (n, d0), y (n,) with both labels, and params of the network of notebook 04."""
    labels = np.arange(n) % 3 == 0
    params = {
        "W1": rng.normal(0.0, 0.8, (d0, d1)),
        "b1": table(rng, d1) * 0.3,
        "W2": rng.normal(0.0, 0.8, (d1, d2)),
        "b2": table(rng, d2) * 0.3,
        "U": table(rng, d2),
        "c": number(rng, 0.15, 0.6),
    }
    return rng.normal(0.0, 1.0, (n, d0)), rng.permutation(labels.astype(float)), params
