"""A walk through the landscape of the loss, along a straight line."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.digits.inputs import away_from_zero
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course.wrappers import values_and_rest

exercise = notebook.exercise(
    reference.loss_slice,
    points=1,
    minutes=6,
    subject=values_and_rest,
    hints=(
        "At which point do you stand when t = 0, and at which when t = 1?",
        "Is every point reached from `theta`, or from the point before?",
        "What is in `theta` after `theta += t * direction`, and does subtracting bring back its "
        "last digit?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(
        np.array([1.0, 0.5]),
        np.array([0.1, -0.2]),
        np.array([3.0, 1.0]),
        np.array([-1.0, 0.0, 0.1, 1.5]),
    )
    yield case(
        np.array([[1.0, 2.0, 0.5], [0.5, 1.5, 1.0]]),
        np.array([[0.1, -0.7, 0.3], [0.7, 0.2, -0.1]]),
        np.array([[0.3, 0.6, -1.1], [-0.2, 0.9, 0.7]]),
        np.array([0.7, -0.3, 0.1]),
    )
    yield case(
        np.array(1.5), np.array(0.4), np.array(-0.7), np.array([-0.5, 0.25, 2.0]),
        about="with a single number as theta",
    )  # fmt: skip
    for shape in ((4,), (3, 2), (3, 3)):
        yield case(
            rng.uniform(0.5, 1.5, shape),
            away_from_zero(rng, *shape) * 0.5,
            away_from_zero(rng, *shape),
            rng.uniform(-1.0, 1.0, int(rng.integers(3, 6))),
        )


@exercise.style
def slice_comprehension(f, theta, direction, steps):
    return np.array([f(theta + t * direction) for t in steps])


@exercise.style
def slice_loop(f, theta, direction, steps):
    values = np.zeros(len(steps))
    for i, t in enumerate(steps):
        values[i] = f(np.add(theta, np.multiply(t, direction)))
    return values


@exercise.style
def slice_list(f, theta, direction, steps):
    def at(t):
        point = np.array(theta, copy=True)
        point += t * direction
        return f(point)

    return list(map(at, steps))


@exercise.style
def slice_all_points_first(f, theta, direction, steps):
    points = theta[None] + np.multiply.outer(steps, direction)
    return np.asarray([f(point) for point in points])


@exercise.mistake(
    "How long is your step for t = 1: as long as `direction`, or always 1?",
    said="The direction was scaled to length 1.",
)
def slice_of_unit_length(f, theta, direction, steps):
    direction = direction / np.linalg.norm(direction)
    return np.array([f(theta + t * direction) for t in steps])


@exercise.mistake(
    "Is every point reached from `theta`, or from the point before?",
    said="Each step began at the point before instead of at theta.",
    root=Root.LOOP,
)
def slice_adding_up(f, theta, direction, steps):
    values, point = [], theta.copy()
    for t in steps:
        point = point + t * direction
        values.append(f(point))
    return np.array(values)


@exercise.mistake(
    "Is `theta` after your walk, to the last digit, what it was before?",
    said="theta was moved and moved back, which loses its last digits.",
    root=Root.DIGITS,
)
def slice_moved_back(f, theta, direction, steps):
    values = []
    for t in steps:
        theta += t * direction
        values.append(f(theta))
        theta -= t * direction
    return np.array(values)


@exercise.mistake(
    "What is in `theta` after your walk?",
    said="theta was left at the end of the walk.",
)
def slice_left_at_the_end(f, theta, direction, steps):
    values, start = [], theta.copy()
    for t in steps:
        theta[...] = start + t * direction
        values.append(f(theta))
    return np.array(values)


@exercise.mistake(
    "For a positive t, do you walk along the direction, or against it?",
    said="The walk went against the direction.",
    root=Root.SIGN,
)
def slice_backward(f, theta, direction, steps):
    return np.array([f(theta - t * direction) for t in steps])


@exercise.mistake(
    "Which value has your slice at t = 0, and which has f there?",
    said="The value at theta was subtracted from the slice.",
)
def slice_relative(f, theta, direction, steps):
    return np.array([f(theta + t * direction) - f(theta) for t in steps])


@exercise.mistake(
    "At t = 1, are you at `direction`, or one `direction` away from `theta`?",
    said="The walk went from theta to the direction, as if that were a point.",
)
def slice_between(f, theta, direction, steps):
    return np.array([f((1 - t) * theta + t * direction) for t in steps])


@exercise.mistake(
    "Where does your walk pass at t = 0?",
    said="The walk started at 0 instead of at theta.",
)
def slice_without_theta(f, theta, direction, steps):
    return np.array([f(t * direction) for t in steps])


@exercise.mistake(
    "Does t itself enter your points, or only how many of them there are?",
    said="The number of the step was used instead of its length.",
    root=Root.INDEX,
)
def slice_numbered(f, theta, direction, steps):
    return np.array([f(theta + i * direction) for i in range(len(steps))])


@exercise.mistake(
    "Does your walk end where f is measured with the direction scaled to the size of `theta`?",
    said="The direction was scaled to the length of theta.",
)
def slice_scaled_to_theta(f, theta, direction, steps):
    direction = direction * np.linalg.norm(theta) / np.linalg.norm(direction)
    return np.array([f(theta + t * direction) for t in steps])


@exercise.mistake(
    "Does every entry of `theta` move along its own entry of `direction`?",
    said="t was added to every entry, whatever the direction.",
)
def slice_without_direction(f, theta, direction, steps):
    return np.array([f(theta + t) for t in steps])


@exercise.mistake(
    "How many values belong to the steps that were asked for?",
    said="Only the value at the last step came back.",
    root=Root.LOOP,
)
def slice_last_value(f, theta, direction, steps):
    value = 0.0
    for t in steps:
        value = f(theta + t * direction)
    return value


@exercise.mistake(
    "In which order are the steps, and in which are your values?",
    said="The steps were sorted first.",
    root=Root.INDEX,
)
def slice_sorted(f, theta, direction, steps):
    return np.array([f(theta + t * direction) for t in np.sort(steps)])
