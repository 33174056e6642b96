"""The derivative of a function of one number, by one pass with duals."""

from __future__ import annotations

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.build_autograd.inputs import number, positive
from autograder.exercises.build_autograd.reference import Dual
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import programs

exercise = notebook.exercise(
    reference.forward_derivative,
    points=1,
    minutes=4,
    by_hand=True,
    subject=programs.derivative_of,
    hints=(
        "Which tangent has the input itself: how fast does x move when x moves?",
        "`f` is made of operations that a dual understands. What comes out when you put one in?",
        "What comes out is a dual as well. Which of its two attributes was asked for?",
    ),
)


@exercise.cases
def cases(rng):
    yield case("x * x.sin() + x ** 2", 0.7)
    yield case("x.sin().exp()", 0.7)
    for text in (
        "x ** 3 - 2 * x",
        "1 / (1 + (-x).exp())",
        "x.cos() * x",
        "(2 * x).tanh() / (x ** 2 + 1)",
        "y = x * x; y * y + y",
    ):
        yield case(text, number(rng))
    yield case("x.log() * x ** 0.5", positive(rng))


@exercise.style
def forward_derivative_in_one_line(f, x):
    return f(Dual(x, 1.0)).tangent


@exercise.style
def forward_derivative_step_by_step(f, x):
    start = Dual(x)
    start.tangent = 1.0
    result = f(start)
    return result.tangent


@exercise.style
def forward_derivative_scaled(f, x):
    # The result is linear in the tangent that goes in.
    return f(Dual(float(x), 4.0)).tangent / 4.0


@exercise.style
def forward_derivative_with_getattr(f, x):
    seed = Dual(value=x, tangent=1)
    return f(seed).tangent


@exercise.mistake(
    "A dual without a tangent is a constant. Does x move?",
    said="The input is put in as a constant, so every derivative is 0.",
    root=None,
)
def forward_derivative_no_seed(f, x):
    return f(Dual(x)).tangent


@exercise.mistake(
    "What comes back is the function's value at x. In which attribute does its slope stand?",
    said="The value of the function is returned instead of its derivative.",
    root=None,
)
def forward_derivative_returns_value(f, x):
    return f(Dual(x, 1.0)).value


@exercise.mistake(
    "A whole dual came back. Which of its two numbers was asked for?",
    said="The dual is returned instead of its tangent.",
    root=None,
)
def forward_derivative_returns_dual(f, x):
    return f(Dual(x, 1.0))


@exercise.mistake(
    "How fast does x move when x moves: does that depend on where x is?",
    said="The input's tangent is its value instead of 1.",
    root=Root.CHAIN,
)
def forward_derivative_seed_is_x(f, x):
    return f(Dual(x, x)).tangent


@exercise.mistake(
    "In which order does Dual take its two numbers?",
    said="Value and tangent of the input are exchanged.",
    root=Root.SWAPPED,
)
def forward_derivative_seed_swapped(f, x):
    return f(Dual(1.0, x)).tangent


@exercise.mistake(
    "You divide by x somewhere. Is the slope of a straight line 3 x the same everywhere?",
    said="The derivative is divided by the input.",
    root=None,
)
def forward_derivative_divided_by_x(f, x):
    return f(Dual(x, 1.0)).tangent / x


@exercise.mistake(
    "Which number goes into f: x, or its derivative?",
    said="The function is evaluated at its own first result.",
    root=Root.LOOP,
)
def forward_derivative_applied_twice(f, x):
    return f(f(Dual(x, 1.0))).tangent


@exercise.mistake(
    "Is the derivative what the value changes by, or the sum of both numbers of the dual?",
    said="Value and tangent are added.",
    root=None,
)
def forward_derivative_sum_of_both(f, x):
    result = f(Dual(x, 1.0))
    return result.value + result.tangent


@exercise.mistake(
    "Only the sign is off: does x move forward in your call?",
    said="The input's tangent is -1 instead of 1.",
    root=Root.SIGN,
)
def forward_derivative_backward_seed(f, x):
    return f(Dual(x, -1.0)).tangent
