"""The units of a ReLU layer that answer 0 to everything."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.activations.reference import relu
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.dead_units,
    points=2,
    minutes=7,
    hints=(
        "First compute what every unit says to every example. Which shape has that?",
        "One example to which a unit answers is enough: is that an `any` or an `all`?",
        "You need one answer for each unit. Over which axis do you look?",
    ),
)


def layer(rng, n, inputs_, units):
    """A layer in which about half of the units are dead, and some of the others nearly so."""
    X = inputs.signed(rng, 0.2, 1.5, n, inputs_)
    W = inputs.signed(rng, 0.2, 1.5, inputs_, units)
    dead = rng.permutation(np.arange(units) % 2 == 0)
    top = np.max(X @ W, axis=0)
    b = -top + np.where(dead, -rng.uniform(0.1, 0.5, units), rng.uniform(0.05, 0.2, units))
    b[rng.choice(np.flatnonzero(~dead))] = 5.0
    return X, W, b


@exercise.cases
def cases(rng):
    # Two dead units, one of them with a positive bias; one that lives by its first example alone,
    # one that lives by another, one that is silent for a single one, and one that always answers.
    X = np.array([[1.0, 0.5], [0.4, 2.0], [1.5, 0.3], [0.8, 1.1], [0.3, 0.9]])
    W = np.array([[-1.2, -1.0, 1.0, 1.0, 1.0, 0.5], [0.2, 0.5, -1.0, 0.1, 2.0, 0.2]])
    b = np.array([0.05, -1.5, -0.4, -1.3, -2.0, 0.3])
    yield case(X, W, b)
    for sizes in ((6, 3, 5), (5, 4, 7), (4, 4, 4)):
        yield case(*layer(rng, *sizes))
    X = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 3.0]])
    W = np.array([[-1.0, 1.0, 0.0], [-2.0, 0.0, 0.0]])
    yield case(X, W, np.array([1.0, -1.0, 0.0]), about="units whose scores are exactly 0 or below")


@exercise.style
def dead_all_zero(X, W, b):
    return (relu(X @ W + b) == 0).all(axis=0)


@exercise.style
def dead_scores_not_positive(X, W, b):
    return np.all(X @ W + b <= 0, axis=0)


@exercise.style
def dead_largest_score(X, W, b):
    return (X @ W + b).max(axis=0) <= 0


@exercise.style
def dead_not_any(X, W, b):
    alive = np.any(X @ W + b > 0, axis=0)
    return ~alive


@exercise.style
def dead_sum_of_outputs(X, W, b):
    return np.maximum(X @ W + b, 0).sum(axis=0) == 0


@exercise.style
def dead_loop(X, W, b):
    dead = []
    for j in range(len(b)):
        dead.append(all(x @ W[:, j] + b[j] <= 0 for x in X))
    return np.array(dead)


@exercise.mistake(
    "A unit answers to one example and to no other: is it dead?",
    said="A unit counts as dead when it answers 0 to one example; it has to do so to all.",
    root=None,
)
def dead_any(X, W, b):
    return np.any(X @ W + b <= 0, axis=0)


@exercise.mistake(
    "Do you get one answer for each unit, or one for each example?",
    said="The test runs along the units: it tells which examples reach no unit.",
    root=Root.AXIS,
)
def dead_wrong_axis(X, W, b):
    return np.all(X @ W + b <= 0, axis=1)


@exercise.mistake(
    "Is every term of the score there?",
    said="The bias is left out of the scores.",
    root=Root.BIAS,
)
def dead_no_bias(X, W, b):
    return np.all(X @ W <= 0, axis=0)


@exercise.mistake(
    "What does a ReLU give for a score of exactly 0?",
    said="A score of exactly 0 counts as alive, although the unit gives 0 for it.",
    root=None,
)
def dead_strict(X, W, b):
    return np.all(X @ W + b < 0, axis=0)


@exercise.mistake(
    "Is True for those that answer, or for those that do not?",
    said="The answer is turned round: True stands for the units that are alive.",
    root=Root.SWAPPED,
)
def dead_inverted(X, W, b):
    return np.any(X @ W + b > 0, axis=0)


@exercise.mistake(
    "One large positive score among many negative ones: does the mean see it?",
    said="The mean of a unit's scores is tested, and not each of them.",
    root=Root.MEAN,
)
def dead_mean_score(X, W, b):
    return np.mean(X @ W + b, axis=0) <= 0


@exercise.mistake(
    "Can a unit with a negative bias answer to anything?",
    said="Only the bias is looked at, and not what the examples make of the weights.",
    root=Root.BIAS,
)
def dead_bias_only(X, W, b):
    return b <= 0


@exercise.mistake(
    "Are inputs always positive?",
    said="Only the weights are looked at, and not what the examples make of them.",
    root=None,
)
def dead_weights_only(X, W, b):
    return np.all(W <= 0, axis=0)


@exercise.mistake(
    "Which units are dead: does a single number say that?",
    said="The number of dead units is returned where each of them is asked for.",
    root=Root.AXIS,
)
def dead_count(X, W, b):
    return np.sum(np.all(X @ W + b <= 0, axis=0))


@exercise.mistake(
    "Does the first example speak for all others?",
    said="Only the first example is looked at.",
    root=Root.INDEX,
)
def dead_first_example(X, W, b):
    return X[0] @ W + b <= 0


@exercise.mistake(
    "How many answers are there to a whole layer: one for each unit and example?",
    said="The test is made for each unit and example and never gathered over the examples.",
    root=Root.AXIS,
)
def dead_not_gathered(X, W, b):
    return X @ W + b <= 0


@exercise.mistake(
    "What is the least that a ReLU can give?",
    said="The outputs after ReLU are tested for being negative, which they never are.",
    root=None,
)
def dead_negative_outputs(X, W, b):
    return np.all(np.maximum(X @ W + b, 0) < 0, axis=0)


@exercise.mistake(
    "One answer for each unit is asked for, also for the living ones: how many did you return?",
    said="The places of the dead units are returned where a yes or no for each unit is asked for.",
    root=Root.INDEX,
)
def dead_places(X, W, b):
    return np.flatnonzero(np.all(X @ W + b <= 0, axis=0))


@exercise.mistake(
    "Is the bias added before or after the unit bends?",
    said="The bias is added after ReLU instead of before.",
    root=Root.BIAS,
)
def dead_bias_after(X, W, b):
    return np.all(np.maximum(X @ W, 0) + b == 0, axis=0)


@exercise.mistake(
    "Is a unit that is silent for most examples dead?",
    said="The share of silent examples is returned where a yes or no is asked for.",
    root=Root.MEAN,
)
def dead_share_of_examples(X, W, b):
    return np.mean(X @ W + b <= 0, axis=0)


@exercise.property(
    "A unit is dead for a batch if it is dead for each part of it: with your function {all} units "
    "are dead for all rows, and {both} for the first half as well as for the second. Over which "
    "rows do you ask?"
)
def dead_for_each_part(f, X, W, b):
    whole = np.asarray(f(X, W, b))
    parts = [np.asarray(f(half, W, b)) for half in (X[: len(X) // 2], X[len(X) // 2 :])]
    if len(X) > 1 and whole.shape == np.shape(b) == parts[0].shape:
        both = parts[0] & parts[1]
        if not np.array_equal(whole, both):
            return {"all": int(whole.sum()), "both": int(both.sum())}
