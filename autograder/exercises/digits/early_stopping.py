"""When to stop, and which epoch to keep."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.early_stopping,
    points=2,
    minutes=12,
    hints=(
        "Go through the losses with a pencil: which two numbers do you have to remember on the "
        "way?",
        "After which epoch may you stop when the best one was epoch 4 and the patience is 2? Does "
        "an equal loss count as a new lowest?",
        "May the answer depend on losses after the stop? Which of the epochs is asked for: the "
        "last one, or the best one?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0.9, 0.5, 0.6, 0.4, 0.45, 0.42, 0.41, 0.1]), 3)
    yield case(np.array([0.9, 0.5, 0.6, 0.55, 0.4, 0.7, 0.6, 0.2]), 2)
    yield case(np.array([0.8, 0.6, 0.7, 0.65, 0.5, 0.55, 0.4, 0.45]), 3)
    yield case(np.array([0.7, 0.5, 0.5, 0.6, 0.5, 0.3]), 2)
    yield case(np.array([0.7, 0.5, 0.5, 0.6, 0.65]), 3)
    yield case(np.array([0.5, 0.6, 0.7, 0.4]), 1)
    yield case(np.array([0.9, 0.8, 0.7, 0.65, 0.6]), 2)
    yield case(np.array([0.9, 0.8, 0.85, 0.84, 0.83, 0.82, 0.81]), 3)
    yield case(np.array([0.5]), 4)
    # A gain of a millionth is a gain.
    yield case(
        np.array([0.5, 0.4, 0.4 - 1e-6, 0.4 - 2e-6, 0.4 - 3e-6, 0.6, 0.7, 0.3]),
        2,
        about="with very small gains",
    )
    for _ in range(4):
        losses = 0.3 + np.exp(-np.arange(16) / 3) + rng.uniform(0, 0.2, 16)
        yield case(losses, int(rng.integers(2, 4)))


@exercise.style
def early_stopping_counter(losses, patience):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best_epoch


@exercise.style
def early_stopping_by_distance(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        if epoch - best == patience:
            return best
    return best


@exercise.style
def early_stopping_with_minima(losses, patience):
    for epoch in range(1, len(losses) + 1):
        best = int(np.argmin(losses[:epoch]))
        if epoch - 1 - best >= patience:
            return best
    return int(np.argmin(losses))


@exercise.style
def early_stopping_jumping(losses, patience):
    best = 0
    while True:
        ahead = [
            epoch
            for epoch in range(best + 1, min(best + patience, len(losses) - 1) + 1)
            if losses[epoch] < losses[best]
        ]
        if not ahead:
            return best
        best = ahead[0]


@exercise.style
def early_stopping_accumulated(losses, patience):
    lowest = np.minimum.accumulate(losses)
    new = np.concatenate([[True], lowest[1:] < lowest[:-1]])
    last = np.maximum.accumulate(np.where(new, np.arange(len(losses)), 0))
    stops = np.flatnonzero(np.arange(len(losses)) - last >= patience)
    return last[stops[0]] if len(stops) else last[-1]


@exercise.mistake(
    "Could training have seen every one of these losses before it stopped?",
    said="The lowest of all losses was taken, also of those after the stop.",
)
def early_stopping_lowest_of_all(losses, patience):
    return int(np.argmin(losses))


@exercise.mistake(
    "Which parameters would you keep: those of the moment you stop, or those of the best epoch?",
    said="The epoch of the stop was returned instead of the best one.",
)
def early_stopping_epoch_of_the_stop(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch
    return len(losses) - 1


@exercise.mistake(
    "How many epochs without a new lowest do you wait when the patience is 1?",
    said="Training waited one epoch longer than its patience.",
    root=Root.LOOP,
)
def early_stopping_one_too_patient(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best > patience:
            break
    return best


@exercise.mistake(
    "How many epochs without a new lowest do you wait when the patience is 2?",
    said="Training waited one epoch less than its patience.",
    root=Root.LOOP,
)
def early_stopping_one_too_impatient(losses, patience):
    best = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= max(patience - 1, 1):
            break
    return best


@exercise.mistake(
    "Is a loss that equals the lowest one a new lowest?",
    said="An equal loss was counted as a new lowest.",
)
def early_stopping_equal_is_new(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] <= losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@exercise.mistake(
    "What happens to the count of epochs without a new lowest when a new lowest comes?",
    said="The epochs without a new lowest were counted altogether and not in a row.",
    root=Root.LOOP,
)
def early_stopping_counter_never_reset(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            waited += 1
            if waited >= patience:
                break
    return best


@exercise.mistake(
    "With what do you compare a loss: with the one before it, or with the lowest so far?",
    said="A loss was compared with the one before it instead of with the lowest so far.",
)
def early_stopping_against_the_last(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        if losses[epoch] < losses[epoch - 1]:
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                break
    return best


@exercise.mistake(
    "Is the loss asked for, or the epoch in which it came?",
    said="The lowest loss was returned instead of its epoch.",
    root=Root.INDEX,
)
def early_stopping_value(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return float(losses[best])


@exercise.mistake(
    "What is the number of the first epoch?",
    said="The epochs are counted from 1.",
    root=Root.INDEX,
)
def early_stopping_from_one(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best + 1


@exercise.mistake(
    "Does one worse epoch end your training, whatever the patience?",
    said="Training stopped at the first epoch that was worse.",
)
def early_stopping_no_patience(losses, patience):
    for epoch in range(1, len(losses)):
        if losses[epoch] >= losses[epoch - 1]:
            return epoch - 1
    return len(losses) - 1


@exercise.mistake(
    "What comes back when the losses fall until the end?",
    said="Where training never stopped early, the last epoch was returned instead of the best.",
)
def early_stopping_last_without_a_stop(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return best
    return len(losses) - 1


@exercise.mistake(
    "What comes back when the losses fall until the end?",
    said="Where training never stopped early, nothing was returned.",
)
def early_stopping_none_without_a_stop(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return best
    return None


@exercise.mistake(
    "How small may a gain be and still count?",
    said="Small gains were not counted as new lowest losses.",
    root=Root.DIGITS,
)
def early_stopping_smallest_gain(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best] - 1e-4:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@exercise.mistake(
    "Is a low loss good, or a high one?",
    said="The highest loss was sought instead of the lowest.",
    root=Root.SIGN,
)
def early_stopping_highest(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] > losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@exercise.property(
    "Only how losses compare counts: with losses twice as large your answer goes from {once} to "
    "{twice}. What do you compare with what?"
)
def the_same_for_twice_the_losses(f, losses, patience):
    once, twice = f(losses, patience), f(2 * losses, patience)
    if np.shape(once) == () and once != twice:
        return {"once": once, "twice": twice}


exercise.equivalent(
    "best, best_epoch, waited = (np.inf, 0, 0) -> best, best_epoch, waited = (np.inf, 1, 0)",
    "best, best_epoch, waited = (np.inf, 0, 0) -> best, best_epoch, waited = (np.inf, 0, 1)",
    "[True] -> [False]",
    because="The first epoch is the best one so far either way.",
)


exercise.equivalent(
    "range(1, len(losses) + 1) -> range(2, len(losses) + 1)",
    "len(losses) + 1 -> len(losses)",
    "len(losses) + 1 -> len(losses) + 2",
    "len(losses) + 1 -> len(losses) + 0",
    because="After the first epoch nobody has waited, and after the last the best of all "
    "comes back.",
)


exercise.equivalent(
    "best + 1 -> best",
    "best + 1 -> 1",
    "best + 1 -> best + 0",
    because="No epoch up to the best one is lower than it.",
)
