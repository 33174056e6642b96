"""Numerical derivative of f at x."""

from __future__ import annotations

import numpy as np

from autograder.exercises.autograd import notebook, reference
from autograder.exercises.autograd.inputs import number
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import tensors

exercise = notebook.exercise(
    reference.central_difference,
    points=1,
    minutes=5,
    hints=(
        "Two points, one on each side of x. Rise over run: how long is the run?",
        "Try it on a straight line, f(x) = 3 x. Which answer must come out, for every step?",
        (
            "If the result is twice or half of what it should be, look at the denominator, and "
            "at its brackets."
        ),
    ),
    subject=tensors.named,
    rtol=1e-07,
)


@exercise.cases
def cases(rng):
    yield case("sine", float(rng.uniform(0.2, 1.2)))
    yield case("exponential", number(rng, 0.3, 1.5))
    yield case("cube", number(rng, 0.5, 1.5), step=float(rng.uniform(0.01, 0.1)))
    yield case("tanh", float(rng.uniform(0.3, 1.0)), step=float(rng.uniform(0.01, 0.1)))
    yield case("logarithm", float(rng.uniform(1.2, 2.5)), step=float(rng.uniform(1e-4, 1e-3)))
    yield case("sine", 0.0, about="where the slope is 1")
    yield case("exponential", 0.7, step=0.5)
    yield case("exponential", 4.0, about="with a steep function")
    yield case("tanh", 6.9, step=0.01, about="with a flat function")


@exercise.style
def central_in_one_line(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / (2 * step)


@exercise.style
def central_as_mean_of_two(f, x, step=1e-5):
    forward = (f(x + step) - f(x)) / step
    backward = (f(x) - f(x - step)) / step
    return (forward + backward) / 2


@exercise.style
def central_named_points(f, x, step=1e-5):
    right, left = x + step, x - step
    return float(f(right) - f(left)) / (right - left)


@exercise.style
def central_with_arrays(f, x, step=1e-5):
    values = [f(x + sign * step) for sign in (-1, 1)]
    return np.diff(values)[0] / step / 2


@exercise.mistake(
    "How far apart are your two points?",
    said="The difference is divided by one step, though the points lie two apart.",
    root=Root.FACTOR_TWO,
)
def fd_missing_two(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / step


@exercise.mistake(
    "Can the computer still tell your two points apart?",
    said="The step is always 1e-15, so small that rounding spoils the difference.",
    root=Root.DIGITS,
)
def fd_step_too_small(f, x, step=1e-5):
    step = 1e-15
    return (f(x + step) - f(x - step)) / (2 * step)


@exercise.mistake(
    "By what factor does your error shrink when the step is halved?",
    said="The difference is one-sided: its points are x and one step above.",
)
def fd_one_sided(f, x, step=1e-5):
    return (f(x + step) - f(x)) / step


@exercise.mistake(
    "On which sides of x should your two points lie?",
    said="The difference is one-sided: its points are x and one step below.",
    leads=("FEW_DIGITS",),
)
def fd_one_sided_backward(f, x, step=1e-5):
    return (f(x) - f(x - step)) / step


@exercise.mistake(
    "How many digits does your number format hold?",
    said="Single precision is used, so the small difference loses its digits.",
    root=Root.DIGITS,
)
def fd_float32(f, x, step=1e-5):
    x, step = np.float32(x), np.float32(step)
    return float((f(x + step) - f(x - step)) / (2 * step))


@exercise.mistake(
    "What type is the array you put the shifted number into?",
    said="The two points are stored as integers, which cuts off their decimals.",
    root=Root.DIGITS,
)
def fd_integer_array(f, x, step=1e-5):
    points = np.zeros(2, dtype=int)
    points[0], points[1] = x + step, x - step
    return float(f(1.0 * points[0]) - f(1.0 * points[1])) / (2 * step)


@exercise.mistake(
    "Is the function rising or falling here?",
    said="The two values are subtracted the wrong way round, which flips the sign.",
    root=Root.SIGN,
)
def fd_sign(f, x, step=1e-5):
    return (f(x - step) - f(x + step)) / (2 * step)


@exercise.mistake(
    "What happens to your answer when somebody asks for another step?",
    said="The step is always the same, whatever step is asked for.",
    family={"size": (1e-4, 1e-5, 1e-6)},
)
def fd_step_ignored(f, x, step=1e-5, *, size=1e-5):
    return (f(x + size) - f(x - size)) / (2 * size)


@exercise.mistake(
    "Rise over run: where is the run?",
    said="The difference is divided by 2 but not by the step.",
)
def fd_not_divided(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / 2


@exercise.mistake(
    "How far apart are your two points now, one step or two?",
    said="The points lie half a step from x instead of a whole one.",
    root=Root.FACTOR_TWO,
)
def fd_half_steps(f, x, step=1e-5):
    return (f(x + step / 2) - f(x - step / 2)) / step


@exercise.mistake(
    "What comes first in your line, the division or the product?",
    said="Brackets around 2 * step are missing, so the step multiplies instead of dividing.",
)
def fd_missing_brackets(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / 2 * step


@exercise.mistake(
    "At how many points does a central difference look at f, and how far away do yours lie?",
    said="Four points stand where the central difference has two.",
)
def fd_five_points(f, x, step=1e-5):
    far = f(x - 2 * step) - f(x + 2 * step)
    return (far + 8 * (f(x + step) - f(x - step))) / (12 * step)


@exercise.mistake(
    "Print all digits of your quotient: where do they end, and who cut them off?",
    said="The quotient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4, 5)},
)
def fd_rounded(f, x, step=1e-5, *, digits=4):
    return round(float((f(x + step) - f(x - step)) / (2 * step)), digits)


@exercise.mistake(
    "Try it on a straight line through 0 with slope 3: does 3 come out?",
    said="The run is two steps, but the rise is that of a mean.",
    root=Root.FACTOR_TWO,
)
def fd_four_steps(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / (4 * step)
