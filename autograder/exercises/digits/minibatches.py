"""All examples once, in random order, a few at a time."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course.wrappers import seeded

exercise = notebook.exercise(
    reference.minibatches,
    points=1,
    minutes=6,
    subject=seeded,
    hints=(
        "Shuffle first: which call of `rng` gives the numbers 0 to n - 1 in random order?",
        "`range` with a step gives the places where the pieces begin. Where does the last one "
        "begin when 10 examples are cut into threes?",
        "What does a slice do that reaches beyond the end of an array?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(10, 3, 5)
    yield case(12, 4, 6)
    yield case(7, 7, 7)
    yield case(5, 8, 8)
    yield case(6, 1, 9)
    yield case(9, 4, 10)
    for _ in range(2):
        size = int(rng.integers(4, 8))
        yield case(3 * size + int(rng.integers(1, size)), size, int(rng.integers(1000)))


@exercise.style
def batches_by_slices(n, batch_size, rng):
    order = rng.permutation(n)
    batches = []
    for start in range(0, n, batch_size):
        batches.append(order[start : start + batch_size])
    return batches


@exercise.style
def batches_with_numpy_split(n, batch_size, rng):
    return np.split(rng.permutation(n), np.arange(batch_size, n, batch_size))


@exercise.style
def batches_while(n, batch_size, rng):
    rest, batches = rng.permutation(n).tolist(), []
    while rest:
        batches.append(rest[:batch_size])
        rest = rest[batch_size:]
    return batches


@exercise.style
def batches_by_number(n, batch_size, rng):
    order = rng.permutation(np.arange(n))
    count = -(-n // batch_size)
    return tuple(order[i * batch_size : min((i + 1) * batch_size, n)] for i in range(count))


@exercise.mistake(
    "How many examples stand in all your pieces together?",
    said="The last, shorter piece was left out.",
    root=Root.LOOP,
)
def minibatches_last_dropped(n, batch_size, rng):
    order = rng.permutation(n)
    starts = range(0, n - n % batch_size, batch_size)
    return [order[start : start + batch_size] for start in starts]


@exercise.mistake(
    "If the examples were sorted by class, what would the first of your pieces hold?",
    said="The examples were not shuffled.",
)
def minibatches_not_shuffled(n, batch_size, rng):
    order = np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "Does every example occur once in your pieces?",
    said="The examples were drawn with replacement.",
)
def minibatches_with_replacement(n, batch_size, rng):
    order = rng.integers(0, n, n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "How long is your first piece, and how long should it be?",
    said="The examples were cut into pieces of nearly equal length instead of full ones and a "
    "rest.",
)
def minibatches_equal_pieces(n, batch_size, rng):
    return np.array_split(rng.permutation(n), -(-n // batch_size))


@exercise.mistake(
    "Is `batch_size` the number of pieces, or the length of one?",
    said="The batch size was taken for the number of batches.",
    root=Root.SWAPPED,
)
def minibatches_size_for_number(n, batch_size, rng):
    return np.array_split(rng.permutation(n), batch_size)


@exercise.mistake(
    "How long is your last piece when 12 examples are cut into fours?",
    said="An empty piece stands at the end.",
    root=Root.LOOP,
)
def minibatches_empty_at_the_end(n, batch_size, rng):
    order = rng.permutation(n)
    count = n // batch_size + 1
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(count)]


@exercise.mistake(
    "How often is the generator asked for a permutation? Does every example occur once?",
    said="The examples were shuffled anew for every piece.",
    root=Root.LOOP,
)
def minibatches_shuffled_each_time(n, batch_size, rng):
    return [rng.permutation(n)[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "Are neighbours in the data still neighbours in your pieces?",
    said="The pieces were shuffled, but not the examples.",
)
def minibatches_shuffled_pieces(n, batch_size, rng):
    starts = rng.permutation(-(-n // batch_size)) * batch_size
    return [np.arange(start, min(start + batch_size, n)) for start in starts]


@exercise.mistake(
    "Do your pieces keep the order of the permutation?",
    said="The indices of each piece were sorted.",
    root=Root.INDEX,
)
def minibatches_sorted(n, batch_size, rng):
    order = rng.permutation(n)
    return [np.sort(order[start : start + batch_size]) for start in range(0, n, batch_size)]


@exercise.mistake(
    "How far do you go from the beginning of one piece to the beginning of the next?",
    said="The pieces overlap.",
    root=Root.LOOP,
)
def minibatches_overlapping(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(n)]


@exercise.mistake(
    "Does your answer change when another generator is handed in?",
    said="A generator of one's own took the place of the one that was handed in.",
)
def minibatches_own_generator(n, batch_size, rng):
    order = np.random.default_rng(0).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@exercise.mistake(
    "Do some examples come twice in one round through the data?",
    said="The last piece was filled up with examples from the beginning.",
)
def minibatches_filled_up(n, batch_size, rng):
    order = rng.permutation(n)
    places = np.arange(-(-n // batch_size) * batch_size) % n
    return list(order[places].reshape(-1, batch_size))


@exercise.mistake(
    "How many pieces make one round through the data?",
    said="Only the first piece came back.",
    root=Root.LOOP,
)
def minibatches_only_the_first(n, batch_size, rng):
    return [rng.permutation(n)[:batch_size]]
