"""Forward mode: numbers that carry their derivative along."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.build_autograd.inputs import number, positive, random_program
from autograder.exercises.build_autograd.parts import dual_class
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import programs

exercise = notebook.exercise(
    reference.Dual,
    points=3,
    minutes=20,
    by_hand=True,
    subject=programs.forward_mode,
    hints=(
        "Write u + u' e and v + v' e on paper, multiply out, and drop e². Which two terms stand "
        "beside e?",
        "Python calls `a.__add__(b)` for `a + b`. What does it call for `2 + a`, where the number "
        "on the left does not know your class? Look for `__radd__` in Python's documentation.",
        "A number is a constant. Which dual stands for it? With one small method that makes duals "
        "of numbers and leaves duals alone, every operation needs one case only.",
        "All of exp, log, sin, cos, tanh and the powers do the same: the value g(u), and beside it "
        "g'(u) times what? Division is a product with a power.",
    ),
)

OPERATIONS = (
    "a + b", "a + 2", "2 + a", "a - b", "a - 2", "2 - a", "a * b", "a * 3", "3 * a",
    "a / b", "a / 2", "2 / a", "-a", "a ** 2", "a ** 3", "a ** -1", "a ** -2",
    "a.exp()", "a.sin()", "a.cos()", "a.tanh()",
)  # fmt: skip
METHODS = ("exp", "log", "sin", "cos", "tanh")


@exercise.cases
def cases(rng):
    yield case("(a + b) * c", a=(2.0, 1.0), b=-5.0, c=4.0)
    for program in OPERATIONS:
        leaves = {"a": (-1.3, 0.7), "b": (0.6, -1.9)}
        yield case(program, **{name: leaves[name] for name in "ab" if name in program})
    for program in ("a.log()", "a ** 0.5", "a ** 1.7", "a ** -0.5"):
        yield case(program, a=(1.7, -0.6))
    yield case("a * a", a=(3.0, 2.0), about="the same dual twice")
    yield case("a / a + a - a", a=(3.0, 2.0), about="the same dual twice")
    yield case("a + b", a=2.0, b=(1.0, 0.5), about="a dual without a tangent")
    yield case("(2 * a - 3) / (1 - a) ** 2", a=(2.5, 1.0), about="numbers on both sides")
    yield case(
        "1 / (1 + (-(w0 + w1 * x1 + w2 * x2)).exp())",
        w0=-3.0, w1=(2.0, 1.0), x1=-1.0, w2=-3.0, x2=-2.0,
        about="the neuron of notebook 05",
    )  # fmt: skip
    yield case("a * a.sin() + a ** 2", a=(0.7, 1.0), about="x sin x + x²")
    yield case("a.log()", a=(2e-9, 1.5), about="a very small number")
    yield case("a.exp()", a=(24.0, 1.5), about="a large exponent")
    yield case("a.tanh()", a=(4.0, 1.5), about="a saturated unit")
    for program in OPERATIONS:
        leaves = {"a": (number(rng), number(rng)), "b": (number(rng), number(rng))}
        yield case(program, **{name: leaves[name] for name in "ab" if name in program})
    yield case("a.log() * a ** 0.5", a=(positive(rng), number(rng)), about="a positive dual")
    for _ in range(3):
        program, leaves = random_program(rng, METHODS)
        duals = {name: (value, number(rng)) for name, value in leaves.items()}
        yield case(program, **duals, about="a longer program")


@exercise.style
class Dual_rule_by_rule:
    def __init__(self, value, tangent=0.0):
        self.value = value
        self.tangent = tangent

    def __add__(self, other):
        if not isinstance(other, Dual_rule_by_rule):
            other = Dual_rule_by_rule(other)
        return Dual_rule_by_rule(self.value + other.value, self.tangent + other.tangent)

    def __radd__(self, other):
        return self + other

    def __neg__(self):
        return Dual_rule_by_rule(-self.value, -self.tangent)

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __mul__(self, other):
        if not isinstance(other, Dual_rule_by_rule):
            other = Dual_rule_by_rule(other)
        return Dual_rule_by_rule(
            self.value * other.value, self.value * other.tangent + self.tangent * other.value
        )

    def __rmul__(self, other):
        return self * other

    def __pow__(self, n):
        return Dual_rule_by_rule(self.value**n, n * self.value ** (n - 1) * self.tangent)

    def __truediv__(self, other):
        return self * other**-1 if isinstance(other, Dual_rule_by_rule) else self * (1 / other)

    def __rtruediv__(self, other):
        return other * self**-1

    def exp(self):
        return Dual_rule_by_rule(math.exp(self.value), math.exp(self.value) * self.tangent)

    def log(self):
        return Dual_rule_by_rule(math.log(self.value), self.tangent / self.value)

    def sin(self):
        return Dual_rule_by_rule(math.sin(self.value), math.cos(self.value) * self.tangent)

    def cos(self):
        return Dual_rule_by_rule(math.cos(self.value), -math.sin(self.value) * self.tangent)

    def tanh(self):
        t = math.tanh(self.value)
        return Dual_rule_by_rule(t, (1 - t * t) * self.tangent)


@exercise.style
class Dual_two_by_two_matrix:
    # [[u, u'], [0, u]]: products of such matrices follow the product rule by themselves.
    def __init__(self, value, tangent=0.0):
        self.m = np.array([[value, tangent], [0.0, value]], dtype=float)

    @property
    def value(self):
        return self.m[0, 0]

    @property
    def tangent(self):
        return self.m[0, 1]

    def _of(self, m):
        return type(self)(m[0, 0], m[0, 1])

    def _matrix(self, other):
        return other.m if isinstance(other, type(self)) else other * np.eye(2)

    def __add__(self, other):
        return self._of(self.m + self._matrix(other))

    def __sub__(self, other):
        return self._of(self.m - self._matrix(other))

    def __rsub__(self, other):
        return self._of(self._matrix(other) - self.m)

    def __mul__(self, other):
        return self._of(self.m @ self._matrix(other))

    def __truediv__(self, other):
        return self._of(self.m @ np.linalg.inv(self._matrix(other)))

    def __rtruediv__(self, other):
        return self._of(self._matrix(other) @ np.linalg.inv(self.m))

    def __neg__(self):
        return self._of(-self.m)

    def __pow__(self, n):
        return self._smooth(self.value**n, n * self.value ** (n - 1))

    def _smooth(self, value, slope):
        return type(self)(value, slope * self.tangent)

    def exp(self):
        return self._smooth(np.exp(self.value), np.exp(self.value))

    def log(self):
        return self._smooth(np.log(self.value), 1 / self.value)

    def sin(self):
        return self._smooth(np.sin(self.value), np.cos(self.value))

    def cos(self):
        return self._smooth(np.cos(self.value), -np.sin(self.value))

    def tanh(self):
        return self._smooth(np.tanh(self.value), 1 / np.cosh(self.value) ** 2)

    __radd__, __rmul__ = __add__, __mul__


@exercise.style
class Dual_through_slopes:
    def __init__(self, value, tangent=0.0):
        self.value, self.tangent = float(value), float(tangent)

    @classmethod
    def _combine(cls, value, *parts):
        return cls(value, sum(slope * part.tangent for part, slope in parts))

    @classmethod
    def _lift(cls, x):
        return x if isinstance(x, cls) else cls(x)

    def __add__(self, other):
        other = self._lift(other)
        return self._combine(self.value + other.value, (self, 1), (other, 1))

    def __sub__(self, other):
        other = self._lift(other)
        return self._combine(self.value - other.value, (self, 1), (other, -1))

    def __mul__(self, other):
        other = self._lift(other)
        return self._combine(self.value * other.value, (self, other.value), (other, self.value))

    def __truediv__(self, other):
        other = self._lift(other)
        value = self.value / other.value
        return self._combine(value, (self, 1 / other.value), (other, -value / other.value))

    def __radd__(self, other):
        return self._lift(other) + self

    def __rsub__(self, other):
        return self._lift(other) - self

    def __rmul__(self, other):
        return self._lift(other) * self

    def __rtruediv__(self, other):
        return self._lift(other) / self

    def __neg__(self):
        return 0 - self

    def __pow__(self, n):
        return self._combine(self.value**n, (self, n * self.value**n / self.value))

    def exp(self):
        e = math.exp(self.value)
        return self._combine(e, (self, e))

    def log(self):
        return self._combine(math.log(self.value), (self, 1 / self.value))

    def sin(self):
        return self._combine(math.sin(self.value), (self, math.cos(self.value)))

    def cos(self):
        return self._combine(math.cos(self.value), (self, -math.sin(self.value)))

    def tanh(self):
        e = (2 * self).exp()
        return (e - 1) / (e + 1)


@exercise.style
class Dual_with_sine_and_cosine_from_each_other(dual_class()):
    # tanh from exponentials, subtraction by adding the opposite.
    def __sub__(self, other):
        return self + -1 * self.lift(other)

    def __rsub__(self, other):
        return -self + other

    def tanh(self):
        up, down = self.exp(), (-self).exp()
        return (up - down) / (up + down)

    def cos(self):
        shifted = self + math.pi / 2
        return shifted.sin()


@exercise.mistake(
    "Multiply (u + u' e)(v + v' e) out: how many terms with one e are there?",
    said="The product's tangent is the product of the tangents.",
    root=Root.CHAIN,
)
class dual_product_of_tangents(dual_class()):
    def __mul__(self, other):
        other = self.lift(other)
        return self.make(self.value * other.value, self.tangent * other.tangent)


@exercise.mistake(
    "In a product both factors may move. Which of the two is held still in your tangent?",
    said="The product rule has one of its two terms only.",
    root=Root.CHAIN,
)
class dual_product_one_term(dual_class()):
    def __mul__(self, other):
        other = self.lift(other)
        return self.make(self.value * other.value, self.tangent * other.value)


@exercise.mistake(
    "Does 2 move when x moves? Which tangent has a number?",
    said="Numbers get the tangent 1, as if they were variables.",
    root=None,
)
class dual_numbers_move(dual_class()):
    def lift(self, other):
        return self.make(other, 1.0) if isinstance(other, (int, float)) else other


@exercise.mistake(
    "What does Python compute for 2 - a: the number minus a, or a minus the number?",
    said="A number minus a dual is computed the other way round.",
    root=Root.SWAPPED,
)
class dual_number_minus_dual_reversed(dual_class()):
    def __rsub__(self, other):
        return self - other


@exercise.mistake(
    "What does Python compute for 2 / a: the number divided by a, or a by the number?",
    said="A number divided by a dual is computed the other way round.",
    root=Root.SWAPPED,
)
class dual_number_over_dual_reversed(dual_class()):
    def __rtruediv__(self, other):
        return self / other


@exercise.mistake(
    "When only the denominator grows, does a positive fraction rise or fall?",
    said="The quotient rule has a plus instead of a minus.",
    root=Root.SIGN,
)
class dual_quotient_plus(dual_class()):
    def __truediv__(self, other):
        other = self.lift(other)
        tangent = self.tangent * other.value + self.value * other.tangent
        return self.make(self.value / other.value, tangent / other.value**2)


@exercise.mistake(
    "Take u / 2 with 2 a constant: by what is u's tangent divided, and by what in your rule?",
    said="The quotient rule divides by the denominator instead of its square.",
    root=Root.CHAIN,
)
class dual_quotient_not_squared(dual_class()):
    def __truediv__(self, other):
        other = self.lift(other)
        tangent = self.tangent * other.value - self.value * other.tangent
        return self.make(self.value / other.value, tangent / other.value)


@exercise.mistake(
    "When b grows, does a - b rise or fall?",
    said="The tangents of a difference are added.",
    root=Root.SIGN,
)
class dual_difference_adds_tangents(dual_class()):
    def __sub__(self, other):
        other = self.lift(other)
        return self.make(self.value - other.value, self.tangent + other.tangent)


@exercise.mistake(
    "The slope of u squared at 3 is 6. And when u itself moves twice as fast?",
    said="The slope of a power is not multiplied by the tangent of its base.",
    root=Root.CHAIN,
)
class dual_power_without_chain(dual_class()):
    def __pow__(self, n):
        return self.make(self.value**n, n * self.value ** (n - 1))


@exercise.mistake(
    "The slope of u cubed at 2 is 12. What gives your rule?",
    said="The derivative of a power keeps its exponent.",
    root=None,
)
class dual_power_keeps_exponent(dual_class()):
    def __pow__(self, n):
        return self.make(self.value**n, n * self.value**n * self.tangent)


@exercise.mistake(
    "exp, log, sin, cos and tanh have a dual inside, too. How fast does it move?",
    said="The slopes of exp, log, sin, cos and tanh are not multiplied by the tangent inside.",
    root=Root.CHAIN,
    leads=("HALF",),
)
class dual_methods_without_chain(dual_class()):
    def exp(self):
        return self.make(math.exp(self.value), math.exp(self.value))

    def log(self):
        return self.make(math.log(self.value), 1 / self.value)

    def sin(self):
        return self.make(math.sin(self.value), math.cos(self.value))

    def cos(self):
        return self.make(math.cos(self.value), -math.sin(self.value))

    def tanh(self):
        return self.make(math.tanh(self.value), 1 - math.tanh(self.value) ** 2)


@exercise.mistake(
    "Does the cosine rise or fall just to the right of 0?",
    said="The minus in the derivative of the cosine is missing.",
    root=Root.SIGN,
)
class dual_cosine_sign(dual_class()):
    def cos(self):
        return self.make(math.cos(self.value), math.sin(self.value) * self.tangent)


@exercise.mistake(
    "The slope of tanh at 0 is 1, and far out nearly 0. What gives your rule far out?",
    said="The slope of tanh is taken from the input instead of the output.",
    root=None,
)
class dual_tanh_slope_of_input(dual_class()):
    def tanh(self):
        return self.make(math.tanh(self.value), (1 - self.value**2) * self.tangent)


@exercise.mistake(
    "The slope of the logarithm at 2 is one half. What gives your rule?",
    said="The slope of the logarithm is taken to be one over its value.",
    root=None,
)
class dual_log_slope_of_output(dual_class()):
    def log(self):
        return self.make(math.log(self.value), self.tangent / math.log(self.value))


@exercise.mistake(
    "When a grows, does -a rise or fall?",
    said="The opposite keeps the tangent's sign.",
    root=Root.SIGN,
)
class dual_opposite_keeps_tangent(dual_class()):
    def __neg__(self):
        return self.make(-self.value, self.tangent)
