"""The adjoint of broadcasting: adding up what was copied."""

from __future__ import annotations

import numpy as np

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.build_autograd.inputs import table
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.unbroadcast,
    points=2,
    minutes=12,
    hints=(
        "Write (2, 3, 4) above (3, 1), right-aligned. Which axes did broadcasting add, and which "
        "one did it stretch?",
        "An entry that was copied to four places has four arrows leaving it. What happens to what "
        "comes back along them?",
        "`sum` takes a tuple of axes and `keepdims`. Which of the axes have to be gone in the end, "
        "and which stay with length 1? Try the shapes (), (1,) and (1, 1), too.",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (3,))
    yield case(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (2, 1))
    for shape in ((4,), (3, 1), (1, 4), (3, 4), (), (1,), (1, 1)):
        yield case(table(rng, 3, 4), shape)
    for shape in ((4, 4), (4,), (4, 1), (1, 4)):
        yield case(table(rng, 4, 4), shape)
    for shape in ((3, 1), (4,), (1, 1), (2, 1, 4), (1, 3, 1), (2, 3, 4), ()):
        yield case(table(rng, 2, 3, 4), shape)
    yield case(table(rng, 5), (5,))
    yield case(table(rng, 5), (1,))
    yield case(table(rng, 1, 5), (5,))
    yield case(table(rng, 1, 1), ())


@exercise.style
def unbroadcast_in_one_sum(gradient, shape):
    added = gradient.ndim - len(shape)
    axes = [i for i in range(gradient.ndim) if i < added or shape[i - added] == 1]
    return gradient.sum(axis=tuple(axes)).reshape(shape)


@exercise.style
def unbroadcast_axis_by_axis(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


@exercise.style
def unbroadcast_with_ones_in_front(gradient, shape):
    full = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    for axis, (have, want) in enumerate(zip(gradient.shape, full)):
        if have != want:
            gradient = np.sum(gradient, axis, keepdims=True)
    return np.reshape(gradient, shape)


@exercise.style
def unbroadcast_entry_by_entry(gradient, shape):
    total = np.zeros(shape)
    added = gradient.ndim - len(shape)
    for index in np.ndindex(*gradient.shape):
        place = tuple(0 if length == 1 else i for i, length in zip(index[added:], shape))
        total[place] += gradient[index]
    return total


@exercise.style
def unbroadcast_with_places(gradient, shape):
    size = int(np.prod(shape))
    places = np.broadcast_to(np.arange(size).reshape(shape), gradient.shape)
    total = np.bincount(places.ravel(), weights=gradient.ravel(), minlength=size)
    return total.reshape(shape)


@exercise.mistake(
    "A bias that serves 32 examples gets 32 contributions. What do you do with them?",
    said="What comes back along the copies is averaged instead of added.",
    root=Root.MEAN,
)
def unbroadcast_mean(gradient, shape):
    added = gradient.ndim - len(shape)
    axes = [i for i in range(gradient.ndim) if i < added or shape[i - added] == 1]
    return gradient.mean(axis=tuple(axes)).reshape(shape)


@exercise.mistake(
    "Which shape has what you return, beside the one that was asked for? Which axes are too many?",
    said="The gradient comes back in the shape it had.",
    root=Root.AXIS,
)
def unbroadcast_not_at_all(gradient, shape):
    return gradient


@exercise.mistake(
    "An axis of length 1 that was stretched: is it added up in your answer?",
    said="Only the axes that broadcasting added are summed, not those that it stretched.",
    root=Root.AXIS,
)
def unbroadcast_only_added_axes(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient


@exercise.mistake(
    "Shapes are aligned on the right. On which side does broadcasting add its axes?",
    said="Added axes are taken from the end instead of from the front.",
    root=Root.AXIS,
)
def unbroadcast_from_the_end(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=-1)
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


@exercise.mistake(
    "The axis of length 1 was stretched, and you removed it. Which shape was asked for?",
    said="Stretched axes are summed and lost.",
    root=Root.AXIS,
)
def unbroadcast_loses_axes(gradient, shape):
    added = gradient.ndim - len(shape)
    axes = [i for i in range(gradient.ndim) if i < added or shape[i - added] == 1]
    return gradient.sum(axis=tuple(axes))


@exercise.mistake(
    "Two axes were added in front, and you summed over one. Is one always enough?",
    said="At most one added axis is summed.",
    root=Root.LOOP,
)
def unbroadcast_one_axis_only(gradient, shape):
    if gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1 and axis < gradient.ndim:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


@exercise.mistake(
    "Each entry was copied to several places. Do you add up what comes back from all of them, or "
    "take what comes back from the first?",
    said="Only what comes back along the first of the copies is kept.",
    root=Root.GRAPH,
)
def unbroadcast_first_copy(gradient, shape):
    added = gradient.ndim - len(shape)
    gradient = gradient[(0,) * added]
    return gradient[tuple(slice(0, 1) if n == 1 else slice(None) for n in shape)]


@exercise.mistake(
    "The shape was right, and was every number that came back counted? Compare the sums of all "
    "entries before and after.",
    said="The gradient is cut or repeated into the shape instead of summed.",
    root=Root.GRAPH,
)
def unbroadcast_resized(gradient, shape):
    return np.resize(gradient, shape)


@exercise.mistake(
    "Which axes did your comparison of lengths find where a shape has fewer axes than the "
    "gradient? Write the two shapes one above the other, aligned on the right.",
    said="The shapes are compared from the left, although broadcasting aligns them on the right.",
    root=Root.AXIS,
)
def unbroadcast_aligned_left(gradient, shape):
    full = tuple(shape) + (1,) * (gradient.ndim - len(shape))
    for axis, (have, want) in enumerate(zip(gradient.shape, full)):
        if have != want:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient.reshape(shape)


@exercise.mistake(
    "Try the shape (), a single number: over which axes does your sum run?",
    said="A single number is not given the sum over everything.",
    root=Root.AXIS,
)
def unbroadcast_forgets_numbers(gradient, shape):
    if not shape:
        return gradient
    added = gradient.ndim - len(shape)
    axes = [i for i in range(gradient.ndim) if i < added or shape[i - added] == 1]
    return gradient.sum(axis=tuple(axes)).reshape(shape)


@exercise.property(
    "Stretched entries are summed and none is lost: all that arrives adds up to {arrived}, and all "
    "that you hand on to {found}. Which shares are dropped, or counted twice?"
)
def nothing_is_lost(f, gradient, shape):
    found, arrived = np.sum(f(gradient, shape)), np.sum(gradient)
    if not np.isclose(found, arrived, rtol=1e-6):
        return {"arrived": arrived, "found": found}


exercise.equivalent(
    "zip(gradient.shape, full) -> zip(full, gradient.shape)",
    because="Two lengths differ, whichever stands first; the names of the two are not "
    "used otherwise.",
)


exercise.equivalent(
    "(1,) * (gradient.ndim - len(shape)) -> (0,) * (gradient.ndim - len(shape))",
    because="An added axis of length 1 may be summed, too.",
)
