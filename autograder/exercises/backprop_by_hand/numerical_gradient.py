"""Gradient of f at theta by central differences."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.inputs import away_from_zero
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import wrappers

exercise = notebook.exercise(
    reference.numerical_gradient,
    points=3,
    minutes=14,
    hints=(
        "For one number: how far apart are x + h and x - h? By what do you have to divide?",
        (
            "np.ndindex(theta.shape) walks through all entries of an array of any shape. Which "
            "entry differs between the two points, and which do not?"
        ),
        "Do you change theta itself? Then put the old value back, or work on theta.copy().",
        (
            "For f = x*x*y at (3, 2) the answer is (12, 9). If you get (24, 18), how long is "
            "your interval? If you get (21, 21), how many entries move at a time?"
        ),
    ),
    subject=wrappers.gradient_and_change,
    rtol=1e-07,
)


@exercise.cases
def cases(rng):
    for shape, step in (((4,), 1e-2), ((2, 3), 1e-3), ((3, 3), 1e-2)):
        yield case(away_from_zero(rng, *shape), rng.uniform(0.5, 1.5, shape), step=step)
    yield case(away_from_zero(rng, 5), rng.uniform(0.5, 1.5, 5), about="with the default step")
    t = np.array([[1.0, 2.0, 3.0]])
    yield case(t / 10, np.ones((1, 3)), step=0.5)
    yield case(np.array([3.0, 2.0]), np.array([1.0, 0.5]), about="with a steep function")


@exercise.style
def numerical_with_copies(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / (2 * step)
    return gradient


@exercise.style
def numerical_in_place(f, theta, step=1e-5):
    gradient = np.zeros(theta.shape)
    for index, value in np.ndenumerate(theta):
        theta[index] = value + step
        above = f(theta)
        theta[index] = value - step
        below = f(theta)
        theta[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


@exercise.style
def numerical_there_and_back(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    flat, out = theta.reshape(-1), gradient.reshape(-1)
    for i in range(flat.size):
        flat[i] += step
        above = f(theta)
        flat[i] -= 2 * step
        below = f(theta)
        flat[i] += step
        out[i] = (above - below) / step / 2
    return gradient


@exercise.style
def numerical_unit_vectors(f, theta, step=1e-5):
    slopes = []
    for i in range(theta.size):
        e = np.zeros(theta.size)
        e[i] = step
        e = e.reshape(theta.shape)
        slopes.append((f(theta + e) - f(theta - e)) / (2 * step))
    return np.array(slopes).reshape(theta.shape)


@exercise.mistake(
    "You walk one step to one side only: is that a central difference?",
    said="The difference is one-sided: each entry is moved up only.",
)
def numerical_forward_difference(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        moved = theta.copy()
        moved[index] += step
        gradient[index] = (f(moved) - f(theta)) / step
    return gradient


@exercise.mistake(
    "How far apart are the two points you evaluate at?",
    said="The difference is divided by one step, though the points lie two apart.",
    root=Root.FACTOR_TWO,
)
def numerical_divided_by_step(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / step
    return gradient


@exercise.mistake(
    "How far apart are the two points you evaluate at?",
    said="Each entry is moved by half a step instead of a whole one.",
    root=Root.FACTOR_TWO,
)
def numerical_half_steps(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step / 2
        below[index] -= step / 2
        gradient[index] = (f(above) - f(below)) / step
    return gradient


@exercise.mistake(
    "Does your answer change when another step is asked for?",
    said="The step is always the same, whatever step is asked for.",
    family={"size": (1e-4, 1e-5, 1e-6)},
)
def numerical_step_ignored(f, theta, step=1e-5, *, size=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += size
        below[index] -= size
        gradient[index] = (f(above) - f(below)) / (2 * size)
    return gradient


@exercise.mistake(
    "Print theta before and after: does it come back as it was?",
    said="Moved entries are not put back, so later ones start from shifted values.",
    root=Root.LOOP,
    leads=("FEW_DIGITS",),
)
def numerical_theta_not_restored(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        theta[index] += step
        above = f(theta)
        theta[index] -= 2 * step
        gradient[index] = (above - f(theta)) / (2 * step)
    return gradient


@exercise.mistake(
    "How many entries of theta are moved at a time?",
    said="All entries are moved together, so every derivative is the same number.",
)
def numerical_all_entries_at_once(f, theta, step=1e-5):
    return np.full(theta.shape, (f(theta + step) - f(theta - step)) / (2 * step))


@exercise.mistake(
    "A gradient points uphill: which of the two values comes first?",
    said="The two values are subtracted the wrong way round, which flips the sign.",
    root=Root.SIGN,
)
def numerical_sign(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(below) - f(above)) / (2 * step)
    return gradient


@exercise.mistake(
    "Which shape should a gradient have?",
    said="The gradient is a flat vector instead of having the shape of theta.",
)
def numerical_flat(f, theta, step=1e-5):
    gradient = []
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient.append((f(above) - f(below)) / (2 * step))
    return np.array(gradient)


@exercise.mistake(
    "At how many points does a central difference look at f, and how far away do yours lie?",
    said="Four points stand where the central difference has two.",
)
def numerical_five_points(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):

        def at(far, index=index):
            moved = theta.copy()
            moved[index] += far * step
            return f(moved)

        gradient[index] = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * step)
    return gradient


@exercise.mistake(
    "You walk one step to one side only: is that a central difference?",
    said="The difference is one-sided: each entry is moved down only.",
)
def numerical_backward_difference(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        moved = theta.copy()
        moved[index] -= step
        gradient[index] = (f(theta) - f(moved)) / step
    return gradient


@exercise.mistake(
    "Print both points before you ask f: are they two arrays, or two names of one?",
    said="Both points are names of one array, so the two values are the same.",
    root=Root.LOOP,
)
def numerical_two_names_of_one_array(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta, theta
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / (2 * step)
    return gradient


@exercise.mistake(
    "theta may have two axes: how many entries move when you write theta[i]?",
    said="Whole rows are moved at a time instead of single entries.",
    root=Root.INDEX,
)
def numerical_rows(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for i in range(len(theta)):
        above, below = theta.copy(), theta.copy()
        above[i] += step
        below[i] -= step
        gradient[i] = (f(above) - f(below)) / (2 * step)
    return gradient


@exercise.mistake(
    "How many digits does your number format hold?",
    said="The points are in single precision, so the small difference loses its digits.",
    root=Root.DIGITS,
)
def numerical_single_precision(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.astype(np.float32), theta.astype(np.float32)
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / (2 * step)
    return gradient


@exercise.mistake(
    "Where does your return stand: behind the loop, or inside it?",
    said="The return stands inside the loop, so only the first entry is filled.",
    root=Root.LOOP,
)
def numerical_returns_in_the_loop(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / (2 * step)
        return gradient


@exercise.property(
    "This f grows with every entry of theta, and your slope at one of them is {found}. Which two "
    "values do you compare there?"
)
def rises_everywhere(f, theta, A, step=1e-5):
    found = np.asarray(f(theta, A, step=step)[0])
    if found.shape == theta.shape and (found <= 0).any():
        return {"found": found[found <= 0].flat[0]}


exercise.equivalent(
    "theta.reshape(-1) -> theta.reshape(-2)",
    "gradient.reshape(-1) -> gradient.reshape(-2)",
    because="NumPy takes any negative length for the one that is left over.",
)
