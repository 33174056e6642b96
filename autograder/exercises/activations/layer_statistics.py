"""Mean and spread of the outputs of every layer."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import wrappers

exercise = notebook.exercise(
    reference.layer_statistics,
    parts=("the means", "the standard deviations"),
    points=2,
    minutes=8,
    subject=wrappers.with_activation,
    hints=(
        "One variable can carry the signal from layer to layer. What is it before the first layer?",
        "In which order do the product with the weights and the activation come?",
        "One mean for each layer: over how many axes of the layer's output does it run?",
    ),
)


@exercise.cases
def cases(rng):
    X = np.array([[0.5, -1.2, 0.3], [1.0, 0.4, -0.6], [-0.7, 0.8, 1.1], [0.2, -0.3, 0.9]])
    W1 = np.array([[0.6, -0.4], [-0.8, 1.5], [0.9, 0.2]])
    W2 = np.array([[1.1, -0.9, 0.4, 2.0, 0.3], [-0.3, 1.7, 0.8, -1.2, 0.5]])
    yield case(X, [W1, W2], "tanh")
    yield case(X, [W1, W2], "parabola")
    yield case(8.0 * X, [W1], "tanh")
    for sizes, name in zip(((3, 5, 4, 2), (2, 6, 3), (4, 4, 4, 4)), wrappers.ACTIVATIONS):
        yield case(inputs.signed(rng, 0.2, 1.5, 4 + len(sizes) % 2, sizes[0]),
                   inputs.layers(rng, sizes), name)  # fmt: skip


@exercise.style
def statistics_loop(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean())
        stds.append(h.std())
    return np.array(means), np.array(stds)


@exercise.style
def statistics_filled(X, weights, activation):
    means, stds = np.zeros(len(weights)), np.zeros(len(weights))
    h = X
    for layer, W in enumerate(weights):
        h = activation(np.dot(h, W))
        means[layer], stds[layer] = np.mean(h), np.std(h)
    return means, stds


@exercise.style
def statistics_all_layers_first(X, weights, activation):
    outputs = [X]
    for W in weights:
        outputs.append(activation(outputs[-1] @ W))
    return [np.mean(h) for h in outputs[1:]], [np.std(h) for h in outputs[1:]]


@exercise.style
def statistics_by_sums(X, weights, activation):
    means, stds = [], []
    for W in weights:
        X = activation(X @ W)
        mean = np.sum(X) / X.size
        means.append(mean)
        stds.append(np.sqrt(np.sum((X - mean) ** 2) / X.size))
    return np.array(means), np.array(stds)


@exercise.style
def statistics_recursive(X, weights, activation):
    if not weights:
        return [], []
    h = activation(X @ weights[0])
    means, stds = statistics_recursive(h, weights[1:], activation)
    return [np.mean(h), *means], [np.std(h), *stds]


@exercise.mistake(
    "What does a layer do after its matrix product?",
    said="The activation is never applied.",
    root=None,
)
def statistics_no_activation(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = h @ W
        means.append(h.mean())
        stds.append(h.std())
    return np.array(means), np.array(stds)


@exercise.mistake(
    "Are the statistics asked for before or after the activation?",
    said="The scores are measured, before the activation, instead of the outputs.",
    root=None,
)
def statistics_of_scores(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        u = h @ W
        means.append(u.mean())
        stds.append(u.std())
        h = activation(u)
    return np.array(means), np.array(stds)


@exercise.mistake(
    "What is it that enters the second layer?",
    said="The scores are handed on to the next layer without their activation.",
    root=None,
)
def statistics_hands_on_scores(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = h @ W
        means.append(activation(h).mean())
        stds.append(activation(h).std())
    return np.array(means), np.array(stds)


@exercise.mistake(
    "How many layers are there, and how many numbers did you return for each?",
    said="The input is counted as a layer.",
    root=Root.INDEX,
)
def statistics_with_input(X, weights, activation):
    h, means, stds = X, [X.mean()], [X.std()]
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean())
        stds.append(h.std())
    return np.array(means), np.array(stds)


@exercise.mistake(
    "By what does NumPy's own std divide?",
    said="The spread divides by one less than the number of entries.",
    root=Root.MEAN,
)
def statistics_sample_std(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean())
        stds.append(h.std(ddof=1))
    return np.array(means), np.array(stds)


@exercise.mistake(
    "Is a spread measured in the unit of the outputs, or in its square?",
    said="The variance is returned where the standard deviation is asked for.",
    root=None,
)
def statistics_variance(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean())
        stds.append(h.var())
    return np.array(means), np.array(stds)


@exercise.mistake(
    "Which of the two does the docstring name first?",
    said="Means and standard deviations are returned in the wrong order.",
    root=Root.SWAPPED,
)
def statistics_order(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean())
        stds.append(h.std())
    return np.array(stds), np.array(means)


@exercise.mistake(
    "Around which point is a spread measured?",
    said="The spread is measured around 0 and not around the mean.",
    root=Root.MEAN,
)
def statistics_around_zero(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean())
        stds.append(np.sqrt(np.mean(h**2)))
    return np.array(means), np.array(stds)


@exercise.mistake(
    "One spread over all entries: is that the mean of the units' own spreads?",
    said="The spreads of the single units are averaged; one over all entries is asked for.",
    root=Root.AXIS,
)
def statistics_mean_of_spreads(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean())
        stds.append(h.std(axis=0).mean())
    return np.array(means), np.array(stds)


@exercise.mistake(
    "How many layers are there, and how many numbers did you return for each?",
    said="Only the last layer is measured.",
    root=Root.LOOP,
)
def statistics_last_layer(X, weights, activation):
    for W in weights:
        X = activation(X @ W)
    return np.array([X.mean()]), np.array([X.std()])


@exercise.mistake(
    "How often does the activation act in one layer?",
    said="The activation is applied twice in every layer.",
    root=Root.LOOP,
)
def statistics_activation_twice(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(activation(h @ W))
        means.append(h.mean())
        stds.append(h.std())
    return np.array(means), np.array(stds)


@exercise.mistake(
    "What is it that enters the second layer?",
    said="Every layer is fed with the input X instead of the output of the layer before.",
    root=Root.LOOP,
)
def statistics_not_carried(X, weights, activation):
    outputs = [activation(X @ W) for W in weights]
    return np.array([h.mean() for h in outputs]), np.array([h.std() for h in outputs])


@exercise.mistake(
    "Is the first layer in your loop?",
    said="The first layer is left out.",
    root=Root.INDEX,
)
def statistics_skips_first(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean())
        stds.append(h.std())
    return np.array(means[1:]), np.array(stds[1:])


@exercise.mistake(
    "One mean for each layer, or one for each unit of it?",
    said="Mean and spread are taken for each unit by itself instead of over all entries.",
    root=Root.AXIS,
)
def statistics_per_unit(X, weights, activation):
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(h.mean(axis=0))
        stds.append(h.std(axis=0))
    return means, stds


@exercise.mistake(
    "What is it that enters the second layer?",
    said="The first layer is measured again and again.",
    root=Root.LOOP,
)
def statistics_first_layer(X, weights, activation):
    h = activation(X @ weights[0])
    return np.full(len(weights), h.mean()), np.full(len(weights), h.std())


@exercise.property(
    "The rows of a batch in another order are the same batch: your means go from {before} to "
    "{after}. Over what do you average?"
)
def the_order_of_rows_is_nothing(f, X, weights, activation):
    before = np.asarray(f(X, weights, activation)[0])
    after = np.asarray(f(X[::-1], weights, activation)[0])
    if before.shape == after.shape == (len(weights),) and not np.allclose(before, after):
        return {"before": before, "after": after}
