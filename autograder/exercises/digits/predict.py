"""From scores to a class."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.digits.inputs import EXAMPLE_PARAMS, EXAMPLE_X, NETWORKS, problem
from autograder.exercises.digits.parts import probabilities
from autograder.exercises.digits.reference import forward
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.predict,
    points=1,
    minutes=3,
    hints=(
        "Which function of yours gives the scores?",
        "Which class has the largest probability when you know the scores? Is the softmax needed "
        "for that?",
        "Is the largest value asked for, or its place? Along which axis do the classes lie?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(EXAMPLE_X, EXAMPLE_PARAMS)
    # Every class is predicted, every score is negative, and the hidden layer would say otherwise.
    params = {
        "W1": np.eye(3),
        "b1": np.array([0.1, 0.2, 0.0]),
        "W2": np.array([[-1.0, -2.0, -0.5], [-0.4, -1.5, -2.5], [-3.0, -0.2, -1.0]]),
        "b2": np.array([-4.0, -4.5, -5.0]),
    }
    X = np.array([[3.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 3.0], [1.0, 2.0, 0.0]])
    yield case(X, params)
    X = np.diag([3000.0, 3.0, 3000.0])
    yield case(X, params, about="rows of scores that lie thousands apart")
    for n, sizes in NETWORKS:
        X, _, params = problem(rng, 3 * n, sizes)
        yield case(X, params)


@exercise.style
def predict_argmax(X, params):
    return np.argmax(forward(X, params)["a"], axis=1)


@exercise.style
def predict_rows(X, params):
    return [int(np.argmax(row)) for row in forward(X, params)["a"]]


@exercise.style
def predict_by_probabilities(X, params):
    a = forward(X, params)["a"]
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True)).argmax(axis=-1)


@exercise.style
def predict_by_sorting(X, params):
    return forward(X, params)["a"].argsort(axis=1)[:, -1]


@exercise.mistake(
    "One number for each example is asked for: which class, or yes and no for every class?",
    said="One-hot rows were returned instead of classes.",
)
def predict_one_hot(X, params):
    a = forward(X, params)["a"]
    return np.eye(a.shape[1])[a.argmax(axis=1)]


@exercise.mistake(
    "Is the largest probability asked for, or the class that has it?",
    said="The largest probability was returned instead of its class.",
    root=Root.INDEX,
)
def predict_largest_probability(X, params):
    return probabilities(forward(X, params)["a"]).max(axis=1)


@exercise.mistake(
    "Is the largest score asked for, or the class that has it?",
    said="The largest score was returned instead of its class.",
    root=Root.INDEX,
)
def predict_largest_score(X, params):
    return forward(X, params)["a"].max(axis=1)


@exercise.mistake(
    "Does a large score speak for a class, or against it?",
    said="The class with the smallest score was taken.",
    root=Root.SIGN,
)
def predict_smallest(X, params):
    return forward(X, params)["a"].argmin(axis=1)


@exercise.mistake(
    "One answer for each example, or one for each class? Along which axis do you look?",
    said="The largest score was sought over the examples instead of over the classes.",
    root=Root.AXIS,
)
def predict_over_the_examples(X, params):
    return forward(X, params)["a"].argmax(axis=0)


@exercise.mistake(
    "How many answers belong to a table of N examples?",
    said="One place in the whole table was returned.",
    root=Root.AXIS,
)
def predict_one_place(X, params):
    return int(forward(X, params)["a"].argmax())


@exercise.mistake(
    "Which number has the first class?",
    said="The classes are counted from 1.",
    root=Root.INDEX,
)
def predict_from_one(X, params):
    return forward(X, params)["a"].argmax(axis=1) + 1


@exercise.mistake(
    "Is a class chosen by the sign of its score, or by comparing it with the others?",
    said="Every class with a positive score was marked.",
)
def predict_positive_scores(X, params):
    return (forward(X, params)["a"] > 0).astype(int)


@exercise.mistake(
    "Does a strongly negative score speak for its class?",
    said="The score that is largest in size was taken, whatever its sign.",
    root=Root.SIGN,
)
def predict_largest_in_size(X, params):
    return np.abs(forward(X, params)["a"]).argmax(axis=1)


@exercise.mistake(
    "Which layer holds one number for each class?",
    said="The strongest unit of the last hidden layer was taken for the class.",
    root=Root.INDEX,
)
def predict_hidden_layer(X, params):
    cache = forward(X, params)
    layer = len(params) // 2 - 1
    return (cache[f"h{layer}"] if layer else X).argmax(axis=1)


@exercise.mistake(
    "Do all parts of the network take part in your answer, the biases, too?",
    said="The scores were computed without the biases.",
    root=Root.BIAS,
)
def predict_without_biases(X, params):
    without = {name: value * (name[0] == "W") for name, value in params.items()}
    return forward(X, without)["a"].argmax(axis=1)


@exercise.mistake(
    "Is a score that was made by linear layers alone the score of this network?",
    said="The scores were computed without the ReLU.",
)
def predict_without_relu(X, params):
    h = X
    for layer in range(1, len(params) // 2 + 1):
        h = h @ params[f"W{layer}"] + params[f"b{layer}"]
    return h.argmax(axis=1)


@exercise.property(
    "Each example is decided alone: the first gets class {alone} by itself and {together} in the "
    "batch. Along which axis do you look?"
)
def every_example_by_itself(f, X, params):
    together, alone = np.asarray(f(X, params)), np.asarray(f(X[:1], params))
    if together.shape == (len(X),) and together[0] != alone[0]:
        return {"alone": alone[0], "together": together[0]}


exercise.equivalent(
    "np.exp(a - a.max(axis=-1, keepdims=True)) -> "
    "np.exp(np.clip(a - a.max(axis=-1, keepdims=True), -20, 20))",
    "e / e.sum(axis=-1, keepdims=True) -> e * e.sum(axis=-1, keepdims=True)",
    "e / e.sum(axis=-1, keepdims=True) -> e",
    "axis=-1 -> axis=None",
    because="The largest of a row stays the largest.",
)


exercise.equivalent(
    "axis=-1 -> axis=1",
    because="The scores have two axes: 1 is the last one.",
)
