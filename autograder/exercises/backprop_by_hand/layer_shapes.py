"""Shapes of all quantities of the network for a batch of n examples."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import notebook, reference
from autograder.exercises.backprop_by_hand.reference import sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.layer_shapes,
    points=2,
    minutes=6,
    hints=(
        (
            "Start with X: one row for each example. Then ask of each product: which two lengths "
            "have to be equal?"
        ),
        (
            "An activation never changes a shape. A bias has one number for each unit of its "
            "layer, however large the batch."
        ),
        (
            "U meets the d2 numbers of an example and gives one score: how many axes are needed? "
            "What is np.shape(0.15)?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(5, 3, 4, 2)
    yield case(*rng.permutation([2, 3, 4, 6, 7, 9])[:4].tolist())
    yield case(4, 4, 4, 4, about="all sizes equal")
    yield case(7, 2, 3, 5, about=VISIBLE)


@exercise.style
def shapes_literal(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (),
        "u3": (n,),
        "y_hat": (n,),
    }


@exercise.style
def shapes_lists(n, d0, d1, d2):
    shapes = dict(X=[n, d0], W1=[d0, d1], b1=[d1], W2=[d1, d2], b2=[d2], U=[d2], c=[])
    for name, width in (("u1", d1), ("h1", d1), ("u2", d2), ("h2", d2)):
        shapes[name] = [n, width]
    shapes["u3"] = shapes["y_hat"] = [n]
    return shapes


@exercise.style
def shapes_of_zeros(n, d0, d1, d2):
    X, W1, W2, U = np.zeros((n, d0)), np.zeros((d0, d1)), np.zeros((d1, d2)), np.zeros(d2)
    u1 = X @ W1 + np.zeros(d1)
    u2 = u1 @ W2 + np.zeros(d2)
    u3 = u2 @ U + 0.0
    values = {"X": X, "W1": W1, "b1": u1[0], "u1": u1, "h1": np.tanh(u1), "W2": W2, "b2": u2[0]}
    values.update({"u2": u2, "h2": sigmoid(u2), "U": U, "c": 0.0, "u3": u3, "y_hat": sigmoid(u3)})
    return {name: np.shape(value) for name, value in values.items()}


@exercise.style
def shapes_with_extra_keys(n, d0, d1, d2):
    hidden1, hidden2, out = (n, d1), (n, d2), (n,)
    weights = {"W1": (d0, d1), "b1": (d1,), "W2": (d1, d2), "b2": (d2,), "U": (d2,), "c": ()}
    values = {"X": (n, d0), "u1": hidden1, "h1": hidden1, "u2": hidden2, "h2": hidden2}
    return {**weights, **values, "u3": out, "y_hat": out, "y": out}


@exercise.mistake(
    "X W1 has to be possible: which index of W1 meets the features of X?",
    said="The shapes of W1 and W2 are transposed.",
    root=Root.AXIS,
)
def shapes_weights_transposed(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d1, d0),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d2, d1),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (),
        "u3": (n,),
        "y_hat": (n,),
    }


@exercise.mistake(
    "How are vectors written in this course, with one axis or with two?",
    said="Biases are rows, and U and the outputs columns, instead of one-axis vectors.",
    root=Root.AXIS,
)
def shapes_column_vectors(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (1, d1),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (1, d2),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2, 1),
        "c": (1, 1),
        "u3": (n, 1),
        "y_hat": (n, 1),
    }


@exercise.mistake(
    "How many numbers come out of the network for one example?",
    said="The weights U and the outputs are columns instead of vectors with one axis.",
    root=Root.AXIS,
)
def shapes_column_outputs(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2, 1),
        "c": (),
        "u3": (n, 1),
        "y_hat": (n, 1),
    }


@exercise.mistake(
    "Add an example to the batch: does the layer get another bias?",
    said="Every bias has an entry for each example instead of being shared.",
    root=Root.BIAS,
)
def shapes_bias_per_example(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (n, d1),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (n, d2),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (n,),
        "u3": (n,),
        "y_hat": (n,),
    }


@exercise.mistake(
    "Which axis is the batch in this course?",
    said="Examples stand in the columns of X and of the hidden layers.",
    root=Root.AXIS,
)
def shapes_examples_in_columns(n, d0, d1, d2):
    return {
        "X": (d0, n),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (d1, n),
        "h1": (d1, n),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (d2, n),
        "h2": (d2, n),
        "U": (d2,),
        "c": (),
        "u3": (n,),
        "y_hat": (n,),
    }


@exercise.mistake(
    "A single number has no axis at all: how long is its shape?",
    said="The bias c has one axis of length 1 instead of none.",
    root=Root.AXIS,
)
def shapes_c_as_vector(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (1,),
        "u3": (n,),
        "y_hat": (n,),
    }


@exercise.mistake(
    "The shape of a vector is a tuple: how do you write one with a single number in it?",
    said="The shapes of vectors are plain numbers instead of tuples with one number.",
)
def shapes_numbers_for_vectors(n, d0, d1, d2):
    shapes = {"X": (n, d0), "W1": (d0, d1), "b1": d1, "u1": (n, d1), "h1": (n, d1)}
    shapes |= {"W2": (d1, d2), "b2": d2, "u2": (n, d2), "h2": (n, d2)}
    return shapes | {"U": d2, "c": (), "u3": n, "y_hat": n}


@exercise.mistake(
    "Which layer does a bias belong to: the one it comes from, or the one it is added to?",
    said="Each bias has the width of the layer before it.",
    root=Root.INDEX,
)
def shapes_bias_of_the_layer_before(n, d0, d1, d2):
    shapes = {"X": (n, d0), "W1": (d0, d1), "b1": (d0,), "u1": (n, d1), "h1": (n, d1)}
    shapes |= {"W2": (d1, d2), "b2": (d1,), "u2": (n, d2), "h2": (n, d2)}
    return shapes | {"U": (d2,), "c": (), "u3": (n,), "y_hat": (n,)}


exercise.equivalent(
    "X @ W1 + np.zeros(d1) -> X @ W1 - np.zeros(d1)",
    "X @ W1 + np.zeros(d1) -> X @ W1",
    "u1 @ W2 + np.zeros(d2) -> u1 @ W2 - np.zeros(d2)",
    "u1 @ W2 + np.zeros(d2) -> u1 @ W2",
    "u2 @ U + 0.0 -> u2 @ U - 0.0",
    "u2 @ U + 0.0 -> u2 @ U",
    "u2 @ U + 0.0 -> u2 @ U + 1.0",
    "0.0 -> 1.0",
    "u1[0] -> u1[1]",
    "u2[0] -> u2[1]",
    because="Only the shapes of these arrays are looked at, and they stay.",
)
