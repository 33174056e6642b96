"""Where training starts."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course.wrappers import seeded

exercise = notebook.exercise(
    reference.init_params,
    points=2,
    minutes=8,
    subject=seeded,
    hints=(
        "Write down the shapes for `sizes = (3, 5, 2)`: how many matrices, and how many rows and "
        "columns has each?",
        "`zip(sizes, sizes[1:])` gives the pairs of neighbouring widths. At which number do the "
        "names begin?",
        "`standard_normal` gives numbers of spread 1. Which spread did the derivation ask for, "
        "and is it a variance or a standard deviation?",
    ),
)


@exercise.cases
def cases(rng):
    yield case((3, 2, 2), 7)
    yield case((3, 5, 2), 7)
    yield case((4, 3), 8)
    yield case((2, 6, 3, 5), 9)
    yield case((4, 4, 4), 10)
    for _ in range(2):
        yield case(tuple(rng.permutation([2, 3, 4, 5, 7]).tolist()), int(rng.integers(1000)))


@exercise.style
def init_in_a_loop(sizes, rng):
    params = {}
    for layer in range(1, len(sizes)):
        params["W" + str(layer)] = rng.standard_normal((sizes[layer - 1], sizes[layer])) * np.sqrt(
            2 / sizes[layer - 1]
        )
        params["b" + str(layer)] = np.zeros(sizes[layer])
    return params


@exercise.style
def init_with_normal(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes[:-1], sizes[1:]), 1):
        params[f"W{layer}"] = rng.normal(0.0, (2 / d_in) ** 0.5, size=(d_in, d_out))
        params[f"b{layer}"] = [0.0] * d_out
    return params


@exercise.style
def init_weights_first(sizes, rng):
    layers = range(1, len(sizes))
    weights = {
        f"W{layer}": rng.standard_normal(sizes[layer - 1 : layer + 1])
        / np.sqrt(sizes[layer - 1] / 2)
        for layer in layers
    }
    return weights | {f"b{layer}": np.zeros(sizes[layer]) for layer in layers}


@exercise.style
def init_recursive(sizes, rng, layer=1):
    if len(sizes) < 2:
        return {}
    d_in, d_out = sizes[:2]
    W = np.sqrt(2.0) * rng.standard_normal((d_in, d_out)) / np.sqrt(d_in)
    rest = {}
    for number in range(2, len(sizes)):
        inner = rng.standard_normal((sizes[number - 1], sizes[number]))
        rest[f"W{number}"] = inner * np.sqrt(2 / sizes[number - 1])
        rest[f"b{number}"] = np.zeros(sizes[number])
    return {f"W{layer}": W, f"b{layer}": np.zeros(d_out), **rest}


@exercise.mistake(
    "X W1 has to be possible, with examples in rows: which width belongs to the rows of W1?",
    said="The matrices stand transposed, outputs in rows.",
    root=Root.INDEX,
    leads=("SHAPE_TRANSPOSED",),
)
def init_transposed(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_out, d_in)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "How many terms has the sum that makes one score: as many as there are inputs, or as there "
    "are outputs?",
    said="The spread was computed from the number of outputs instead of inputs.",
)
def init_by_outputs(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_out)
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "Your spread counts inputs and outputs: what of that does the derivation for ReLU use?",
    said="Glorot's spread, for layers without ReLU, was used instead of He's.",
)
def init_glorot(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / (d_in + d_out))
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "A ReLU lets half of the variance through: is that in your spread?",
    said="The factor 2 that makes up for the ReLU is missing.",
    root=Root.FACTOR_TWO,
)
def init_without_the_two(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(1 / d_in)
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "When a number of variance 1 is multiplied by c, what is its variance then?",
    said="The variance stands where the standard deviation is needed.",
)
def init_variance_for_spread(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * 2 / d_in
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "With which numbers do the biases begin?",
    said="The biases were drawn at random instead of being 0.",
    root=Root.BIAS,
)
def init_random_biases(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = rng.standard_normal(d_out) * np.sqrt(2 / d_in)
    return params


@exercise.mistake(
    "With which numbers do the biases begin?",
    said="The biases begin at 1 instead of 0.",
    root=Root.BIAS,
)
def init_biases_one(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = np.ones(d_out)
    return params


@exercise.mistake(
    "Two units with the same weights: what will ever make them different?",
    said="All weights begin at 0, so that all units stay alike.",
)
def init_zeros(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = np.zeros((d_in, d_out))
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "Your spread is the same for a layer with 2 inputs and one with 2,000: which of them gets "
    "larger scores?",
    said="The weights have a fixed small spread, whatever the number of inputs.",
    family={"hundredths": (1, 5, 10)},
)
def init_fixed_spread(sizes, rng, *, hundredths=1):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * hundredths / 100
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "What does a sum of many products of spread 1 grow to?",
    said="The weights were drawn with spread 1 and not scaled.",
)
def init_not_scaled(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out))
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "Which distribution was agreed on: one with a bell, or one with edges?",
    said="The weights were drawn from a uniform distribution.",
)
def init_uniform(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        bound = np.sqrt(6 / d_in)
        params[f"W{layer}"] = rng.uniform(-bound, bound, (d_in, d_out))
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "Are the numbers of the second matrix new ones, or do they begin again as those of the first?",
    said="A new generator with a fixed seed was made for every layer.",
)
def init_own_generator(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        rng = np.random.default_rng(0)
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "Which matrix is drawn first?",
    said="The matrices were drawn from the last layer to the first.",
    root=Root.INDEX,
)
def init_drawn_from_the_end(sizes, rng):
    params = {}
    for layer in range(len(sizes) - 1, 0, -1):
        d_in, d_out = sizes[layer - 1], sizes[layer]
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "At which number do the names of the layers begin?",
    said="The layers are counted from 0.",
    root=Root.INDEX,
)
def init_names_from_zero(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:])):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = np.zeros(d_out)
    return params


@exercise.mistake(
    "A vector has one axis in this course: how many has your bias?",
    said="The biases are rows with two axes.",
    root=Root.AXIS,
)
def init_biases_as_rows(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = np.zeros((1, d_out))
    return params


@exercise.mistake(
    "How many steps lead from the first width to the last?",
    said="The last layer is missing.",
    root=Root.LOOP,
)
def init_last_layer_missing(sizes, rng):
    params = {}
    for layer in range(1, len(sizes) - 1):
        params[f"W{layer}"] = rng.standard_normal((sizes[layer - 1], sizes[layer])) * np.sqrt(
            2 / sizes[layer - 1]
        )
        params[f"b{layer}"] = np.zeros(sizes[layer])
    return params


@exercise.mistake(
    "To what is a bias added, and how many numbers has that?",
    said="The biases are as long as the inputs of their layer.",
    root=Root.BIAS,
)
def init_biases_of_the_inputs(sizes, rng):
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = np.zeros(d_in)
    return params


exercise.equivalent(
    "len(sizes) < 2 -> len(sizes) < 0",
    because="A network has at least two sizes.",
)
