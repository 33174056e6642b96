"""How many bits one of two variables tells about the other."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.inputs import table
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.mutual_information,
    points=3,
    minutes=12,
    atol=1e-8,
    hints=(
        "What is the probability of row i alone? And of column j? How do you get both from the "
        "table?",
        "If the two were independent, what would stand in cell (i, j)? Compare with what does, by "
        "the divergence of notebook 01.",
        "A table whose rows are all alike must give 0. A diagonal table with (1/2, 1/2) must give "
        "1 bit: what does your function make of the zeros there?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([[0.3, 0.3], [0.0, 0.4]]))
    yield case(np.array([[0.4, 0.1], [0.2, 0.3]]))
    yield case(np.array([[0.4, 0.1], [0.2, 0.3]]), base=10, about="in base 10")
    yield case(np.array([[0.5, 0.0], [0.0, 0.5]]), about="each tells the other")
    yield case(np.outer([0.2, 0.8], [0.1, 0.6, 0.3]), about="independent")
    yield case(np.array([[0.6, 0.0, 0.1], [0.0, 0.0, 0.3]]), about="a column of zeros")
    yield case(np.array([[0.5, 0.2], [0.0, 0.0], [0.1, 0.2]]), about="a row of zeros")
    rare = np.array([[1e-6, 1e-9], [0.2, 0.8 - 1e-6 - 1e-9]])
    yield case(rare, about="rare pairs")
    yield case(table(rng, 3, 4))
    yield case(table(rng, 3, 3))
    yield case(table(rng, 2, 5), base=float(np.e), about="in nats")


@exercise.style
def mi_entropies(joint, base=2):
    def entropy(p):
        p = p[p > 0]
        return -np.sum(p * np.log(p)) / np.log(base)

    return entropy(joint.sum(axis=1)) + entropy(joint.sum(axis=0)) - entropy(joint.ravel())


@exercise.style
def mi_divergence(joint, base=2):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    ratio = np.ones_like(joint)
    np.divide(joint, product, out=ratio, where=joint > 0)
    return np.sum(joint * np.log(ratio)) / math.log(base)


@exercise.style
def mi_by_loop(joint, base=2):
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    total = 0.0
    for i in range(len(rows)):
        for j in range(len(columns)):
            if joint[i, j] > 0:
                total += joint[i, j] * math.log(joint[i, j] / (rows[i] * columns[j]), base)
    return total


@exercise.style
def mi_xlogy(joint, base=2):
    from scipy.special import xlogy

    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    nats = xlogy(joint, joint).sum() - xlogy(rows, rows).sum() - xlogy(columns, columns).sum()
    return nats / np.log(base)


@exercise.style
def mi_what_is_left(joint, base=2):
    # H(Y) minus the mean entropy of the rows.
    def entropy(p):
        p = np.where(p > 0, p, 1.0)
        return -np.sum(p * np.log(p), axis=-1) / np.log(base)

    rows = joint.sum(axis=1)
    kept = joint[rows > 0]
    inside = entropy(kept / kept.sum(axis=1, keepdims=True))
    return entropy(joint.sum(axis=0)) - np.sum(rows[rows > 0] * inside)


@exercise.mistake(
    "How much uncertainty is there in the pair, and how much of it is shared?",
    said="The entropy of the pair came back.",
)
def mi_joint_entropy(joint, base=2):
    p = joint[joint > 0]
    return -np.sum(p * np.log(p)) / np.log(base)


@exercise.mistake(
    "What must come out if X and Y have nothing to do with each other?",
    said="The conditional entropy, what is left of one when the other is known, came back.",
)
def mi_conditional_entropy(joint, base=2):
    p, rows = joint[joint > 0], joint.sum(axis=1)
    return (-np.sum(p * np.log(p)) + np.sum(rows * np.log(rows))) / np.log(base)


@exercise.mistake(
    "What must come out if X and Y have nothing to do with each other?",
    said="The cross-entropy of the pair and the product of the margins came back: "
    "the pair's own entropy was not taken off.",
)
def mi_cross_entropy(joint, base=2):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    p = joint > 0
    return -np.sum(joint[p] * np.log(product[p])) / np.log(base)


@exercise.mistake(
    "Can knowing one variable make the other less certain on average? Which sign has your answer?",
    said="The sign is wrong: minus the mutual information came back.",
    root=Root.SIGN,
)
def mi_sign(joint, base=2):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    p = joint > 0
    return -np.sum(joint[p] * np.log(joint[p] / product[p])) / np.log(base)


@exercise.mistake(
    "What happens to your answer when somebody asks for another base?",
    said="Base 2 is used whatever base was asked for.",
    root=Root.BASE,
)
def mi_base_ignored(joint, base=2):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    p = joint > 0
    return np.sum(joint[p] * np.log2(joint[p] / product[p]))


@exercise.mistake(
    "In which unit is your answer, and which one is asked for?",
    said="The natural logarithm stands where another base was asked for.",
    root=Root.BASE,
)
def mi_natural_log(joint, base=2):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    p = joint > 0
    return np.sum(joint[p] * np.log(joint[p] / product[p]))


@exercise.mistake(
    "How often does a pair of probability 0 come up, and what should it add?",
    said="A cell with probability 0 gives 0 times infinity.",
    root=Root.DIGITS,
)
def mi_nan_zero(joint, base=2):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    return np.sum(joint * np.log(joint / product)) / np.log(base)


@exercise.mistake(
    "How often does each cell come up? Which weights make a mean of the logarithms?",
    said="The logarithms are weighted by the product of the margins in place of the table.",
    root=Root.WEIGHTS,
)
def mi_weighted_by_product(joint, base=2):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    p = joint > 0
    return np.sum(product[p] * np.log(joint[p] / product[p])) / np.log(base)


@exercise.mistake(
    "Do the sums over a row and over a column stand where they belong? Whose margin has the rows?",
    said="The column sums are used for the rows and for the columns.",
    root=Root.AXIS,
)
def mi_one_margin_twice(joint, base=2):
    columns = joint.sum(axis=0)
    p = joint > 0
    product = np.broadcast_to(columns * columns, joint.shape)
    return np.sum(joint[p] * np.log(joint[p] / product[p])) / np.log(base)


@exercise.mistake(
    "With what is a cell compared: with its row's probability alone?",
    said="Each cell is compared with its row's margin only.",
    root=Root.AXIS,
)
def mi_row_margin_only(joint, base=2):
    rows = joint.sum(axis=1, keepdims=True) * np.ones_like(joint)
    p = joint > 0
    return np.sum(joint[p] * np.log(joint[p] / rows[p])) / np.log(base)


@exercise.mistake(
    "How often does each cell come up? Which weights make a mean of the logarithms?",
    said="The logarithms are averaged without their weights.",
    root=Root.WEIGHTS,
)
def mi_unweighted(joint, base=2):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    p = joint > 0
    return np.mean(np.log(joint[p] / product[p])) / np.log(base)


@exercise.mistake(
    "Is a rare pair nothing? Is something added inside the logarithm, or a term left out?",
    said="A small number is added inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7)},
)
def mi_guarded(joint, base=2, *, size=1e-7):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    return np.sum(joint * np.log(joint / (product + size) + size)) / np.log(base)


@exercise.property(
    "What X tells about Y is what Y tells about X: yours are {there} and {back} for the table and "
    "its transpose. Which of your sums runs over one of the two only?"
)
def the_same_for_the_transpose(f, joint, base=2):
    there, back = np.asarray(f(joint, base=base)), np.asarray(f(joint.T, base=base))
    if there.shape == back.shape == () and not np.isclose(there, back, rtol=1e-6, atol=1e-9):
        return {"there": there, "back": back}


@exercise.property(
    "Who knows nothing about the other tells nothing: for independent X and Y it is 0, and yours "
    "is {found}. What is the logarithm of each ratio then?"
)
def nothing_for_independent(f, joint, base=2):
    found = np.asarray(f(np.outer(joint.sum(axis=1), joint.sum(axis=0)), base=base))
    if found.shape == () and not np.isclose(found, 0, atol=1e-9):
        return {"found": found}


exercise.equivalent(
    "np.log(p) -> np.log(np.clip(p, 1e-08, None))",
    because="p ln p of a probability below 1e-8 lies within the tolerance of this exercise.",
)


exercise.equivalent(
    "np.log(ratio) -> np.log(np.clip(ratio, 1e-08, None))",
    because="A ratio below 1e-8 has a weight as small.",
)


exercise.equivalent(
    "np.log(p) -> np.log(p + 1e-08)",
    because="The same comes into both entropies, whose difference is taken.",
)
