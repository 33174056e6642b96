"""The way forward through any number of layers."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.digits.inputs import (
    EXAMPLE_PARAMS,
    EXAMPLE_X,
    NETWORKS,
    deep_network,
    problem,
)
from autograder.exercises.digits.parts import probabilities
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.forward,
    points=2,
    minutes=10,
    hints=(
        "How can you read off `params` how many layers there are?",
        "Write it for two layers first. Which two lines repeat, and what is handed from one round "
        "to the next?",
        "Which layer is different from all others, and in what? What does the network do when "
        "it has that layer alone?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(EXAMPLE_X, EXAMPLE_PARAMS)
    X, _, params = deep_network()
    yield case(X, params, about="with eleven layers")
    # Weights of size 8: nothing is cut off on the way.
    X, _, params = problem(np.random.default_rng(8), 5, (3, 4, 2))
    large = {name: value * 8 / 0.7 for name, value in params.items()}
    yield case(X, large, about="with weights of size 8")
    for n, sizes in NETWORKS:
        X, _, params = problem(rng, n, sizes)
        yield case(X, params)


@exercise.style
def forward_loop(X, params):
    L = len(params) // 2
    cache = {}
    h = X
    for layer in range(1, L):
        u = h @ params[f"W{layer}"] + params[f"b{layer}"]
        h = np.maximum(u, 0)
        cache[f"h{layer}"] = h
    cache["a"] = h @ params[f"W{L}"] + params[f"b{L}"]
    return cache


@exercise.style
def forward_while(X, params):
    cache, layer, h = {}, 1, X
    while f"W{layer}" in params:
        u = np.dot(h, params[f"W{layer}"]) + params[f"b{layer}"]
        if f"W{layer + 1}" not in params:
            cache["a"] = u
        else:
            h = u * (u > 0)
            cache[f"h{layer}"] = h
        layer += 1
    return cache


@exercise.style
def forward_pairs(X, params):
    layers = list(zip(list(params.values())[::2], list(params.values())[1::2]))
    cache = {"h0": X}
    for number, (W, b) in enumerate(layers, start=1):
        u = np.einsum("ni,ij->nj", cache[f"h{number - 1}"], W) + b
        if number < len(layers):
            cache[f"h{number}"] = np.where(u > 0, u, 0.0)
        else:
            cache["a"] = u
    return cache


@exercise.style
def forward_recursive(X, params):
    depth = sum(name.startswith("W") for name in params)
    cache = {}

    def layer(number):
        if number == 0:
            return X
        u = layer(number - 1) @ params[f"W{number}"] + params[f"b{number}"]
        if number == depth:
            cache["a"] = u
            return u
        cache[f"h{number}"] = (np.abs(u) + u) / 2
        return cache[f"h{number}"]

    layer(depth)
    return cache


@exercise.style
def forward_with_ones(X, params):
    L = len(params) // 2
    cache, h = {}, X
    for layer in range(1, L + 1):
        with_ones = np.column_stack([np.ones(len(h)), h])
        u = with_ones @ np.vstack([params[f"b{layer}"], params[f"W{layer}"]])
        h = u.clip(min=0)
        if layer < L:
            cache[f"h{layer}"] = h
    cache["a"] = u
    return cache


@exercise.mistake(
    "Can a score be negative, and can one of yours?",
    said="The scores of the last layer went through a ReLU as well.",
    leads=("CUT_AT_ZERO",),
)
def forward_relu_on_the_scores(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L + 1):
        h = np.maximum(h @ params[f"W{layer}"] + params[f"b{layer}"], 0)
        cache[f"h{layer}" if layer < L else "a"] = h
    return cache


@exercise.mistake(
    "What would the network be able to draw if every layer were linear? What lies between yours?",
    said="The hidden layers have no ReLU.",
)
def forward_without_relu(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L + 1):
        h = h @ params[f"W{layer}"] + params[f"b{layer}"]
        cache[f"h{layer}" if layer < L else "a"] = h
    return cache


@exercise.mistake(
    "Is a hidden layer what goes into its ReLU, or what comes out?",
    said="The scores before the ReLU were kept in place of the hidden layers.",
)
def forward_keeps_the_scores(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L + 1):
        u = h @ params[f"W{layer}"] + params[f"b{layer}"]
        h = np.maximum(u, 0)
        cache[f"h{layer}" if layer < L else "a"] = u
    return cache


@exercise.mistake(
    "Do the rows of your scores add up to 1? Are probabilities asked for here?",
    said="Probabilities stand in place of the scores.",
)
def forward_gives_probabilities(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L):
        h = np.maximum(h @ params[f"W{layer}"] + params[f"b{layer}"], 0)
        cache[f"h{layer}"] = h
    cache["a"] = probabilities(h @ params[f"W{L}"] + params[f"b{L}"])
    return cache


@exercise.mistake(
    "What does a layer give for an input of zeros: zeros again?",
    said="The biases are missing.",
    root=Root.BIAS,
)
def forward_without_biases(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L):
        h = np.maximum(h @ params[f"W{layer}"], 0)
        cache[f"h{layer}"] = h
    cache["a"] = h @ params[f"W{L}"]
    return cache


@exercise.mistake(
    "Which comes first, the bias or the ReLU?",
    said="The bias was added after the ReLU.",
    root=Root.BIAS,
)
def forward_bias_after_relu(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L):
        h = np.maximum(h @ params[f"W{layer}"], 0) + params[f"b{layer}"]
        cache[f"h{layer}"] = h
    cache["a"] = h @ params[f"W{L}"] + params[f"b{L}"]
    return cache


@exercise.mistake(
    "Which activation has this network? What does it do with the score 3, and what does yours?",
    said="The hidden layers have tanh instead of ReLU.",
)
def forward_tanh(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L):
        h = np.tanh(h @ params[f"W{layer}"] + params[f"b{layer}"])
        cache[f"h{layer}"] = h
    cache["a"] = h @ params[f"W{L}"] + params[f"b{L}"]
    return cache


@exercise.mistake(
    "Which activation has this network? What does it do with the score -3, and what does yours?",
    said="The hidden layers have a leaky ReLU.",
)
def forward_leaky(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L):
        u = h @ params[f"W{layer}"] + params[f"b{layer}"]
        h = np.where(u > 0, u, 0.01 * u)
        cache[f"h{layer}"] = h
    cache["a"] = h @ params[f"W{L}"] + params[f"b{L}"]
    return cache


@exercise.mistake(
    "What does ReLU do with a negative score?",
    said="The absolute value stands in place of the ReLU.",
    root=Root.SIGN,
)
def forward_absolute(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L):
        h = np.abs(h @ params[f"W{layer}"] + params[f"b{layer}"])
        cache[f"h{layer}"] = h
    cache["a"] = h @ params[f"W{L}"] + params[f"b{L}"]
    return cache


@exercise.mistake(
    "How many layers does your network have when `params` holds W1, W2 and W3? And when it holds "
    "W1 alone?",
    said="The network was written for exactly two layers.",
    root=Root.LOOP,
)
def forward_two_layers(X, params):
    h1 = np.maximum(X @ params["W1"] + params["b1"], 0)
    return {"h1": h1, "a": h1 @ params["W2"] + params["b2"]}


@exercise.mistake(
    "Which of the names W2 and W10 comes first when they are sorted as text?",
    said="The names of the layers were sorted as text, where W10 comes before W2.",
    root=Root.INDEX,
)
def forward_names_sorted(X, params):
    weights = sorted(name for name in params if name[0] == "W")
    cache, h = {}, X
    for number, name in enumerate(weights, start=1):
        u = h @ params[name] + params[f"b{name[1:]}"]
        h = np.maximum(u, 0)
        cache[f"h{number}" if number < len(weights) else "a"] = h if number < len(weights) else u
    return cache


@exercise.mistake(
    "What goes into the second layer: the data, or what the first layer made of them?",
    said="Every layer was fed with the data instead of the layer before.",
    root=Root.LOOP,
)
def forward_every_layer_from_the_data(X, params):
    L, cache = len(params) // 2, {}
    for layer in range(1, L + 1):
        u = X @ params[f"W{layer}"] + params[f"b{layer}"]
        cache[f"h{layer}" if layer < L else "a"] = np.maximum(u, 0) if layer < L else u
    return cache


@exercise.mistake(
    "Under which name are the scores of the last layer asked for?",
    said="The scores were stored under the name of a hidden layer.",
    root=Root.INDEX,
)
def forward_scores_as_hidden_layer(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L + 1):
        u = h @ params[f"W{layer}"] + params[f"b{layer}"]
        h = np.maximum(u, 0) if layer < L else u
        cache[f"h{layer}"] = h
    return cache


@exercise.mistake(
    "Does anything limit the scores or the hidden values of this network?",
    said="Hidden values were cut off.",
    root=Root.DIGITS,
    family={"size": (1.0, 6.0, 20.0)},
)
def forward_hidden_cut_off(X, params, *, size=6.0):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L):
        h = np.clip(h @ params[f"W{layer}"] + params[f"b{layer}"], 0, size)
        cache[f"h{layer}"] = h
    cache["a"] = h @ params[f"W{L}"] + params[f"b{L}"]
    return cache


@exercise.mistake(
    "Is the largest score of every example 0, as yours is?",
    said="The largest score was subtracted from the scores already in the forward pass.",
)
def forward_scores_shifted(X, params):
    L, cache, h = len(params) // 2, {}, X
    for layer in range(1, L):
        h = np.maximum(h @ params[f"W{layer}"] + params[f"b{layer}"], 0)
        cache[f"h{layer}"] = h
    a = h @ params[f"W{L}"] + params[f"b{L}"]
    cache["a"] = a - a.max(axis=1, keepdims=True)
    return cache


exercise.equivalent("u > 0 -> u >= 0", because="At 0 both branches give 0.")


@exercise.property(
    "Each example goes through the network alone; its first score is {alone} for the first example "
    "by itself and {together} in the batch. What does an example see of the others?"
)
def every_example_by_itself(f, X, params):
    together, alone = np.asarray(f(X, params)["a"]), np.asarray(f(X[:1], params)["a"])
    if together.shape[0] == len(X) and not np.allclose(together[0], alone[0], rtol=1e-6):
        return {"alone": alone[0, 0], "together": together[0, 0]}


@exercise.property(
    "No hidden value of a ReLU is negative, and yours has {found} in {name}. What stands between "
    "the scores of a layer and the next one?"
)
def hidden_values_are_not_negative(f, X, params):
    found = f(X, params)
    for layer in range(1, len(params) // 2):
        hidden = np.asarray(found[f"h{layer}"])
        if (hidden < 0).any():
            return {"found": hidden.min(), "name": f"h{layer}"}


exercise.equivalent(
    "return u -> return np.round(u, 5)",
    because="What the innermost function returns for the last layer is not used.",
)


exercise.equivalent(
    "layer < L -> layer <= L",
    because="What else stands in the dict is not looked at.",
)
