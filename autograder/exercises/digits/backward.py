"""The way back through any number of layers."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.digits.inputs import (
    EXAMPLE_LABELS,
    EXAMPLE_PARAMS,
    EXAMPLE_X,
    NETWORKS,
    deep_network,
    problem,
)
from autograder.exercises.digits.parts import probabilities, score_gradient
from autograder.exercises.digits.reference import forward
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.backward,
    points=5,
    minutes=25,
    by_hand=True,
    hints=(
        "Notebook 03 has the gradient at the scores, for the mean over the batch. Where do the "
        "labels, which are numbers and no one-hot rows here, come in?",
        "Notebook 04 has the three lines that repeat in every layer. What does each of them need, "
        "and which one is not needed in the first layer?",
        "The slope of ReLU is 1 or 0. Can you tell which from what comes out of it? And what does "
        "the penalty add, to which of the gradients?",
    ),
)


@exercise.cases
def cases(rng):
    def asked(X, labels, params, strength, about=""):
        return case(X, labels, params, forward(X, params), strength, about=about)

    yield asked(EXAMPLE_X, EXAMPLE_LABELS, EXAMPLE_PARAMS, 0.01)
    yield asked(EXAMPLE_X, EXAMPLE_LABELS, EXAMPLE_PARAMS, 0.0, about="without a penalty")
    yield asked(*deep_network(), 0.003, about="with eleven layers")
    silent = EXAMPLE_PARAMS | {"b1": np.zeros(3)}
    yield asked(
        np.zeros((1, 2)),
        np.array([1]),
        silent,
        0.0,
        about="with scores of exactly 0 before the ReLU",
    )
    yield asked(
        np.array([[0.0, 0.0], [1.0, -0.5], [2.0, 1.0]]),
        np.array([1, 0, 0]),
        silent,
        0.0,
        about="with scores of exactly 0 before the ReLU",
    )
    one = {"W1": np.array([[20.0, 0.0, -1.0], [0.0, 21.0, 1.0]]), "b1": np.array([0.2, 0.0, -0.1])}
    yield asked(
        np.eye(2), np.array([0, 1]), one, 0.0, about="with predictions that are almost sure"
    )
    large = one | {"W1": 50 * one["W1"]}
    yield asked(
        np.array([[1.0, 0.0], [0.5, 1.0], [-1.0, 0.25]]),
        np.array([1, 1, 2]),
        large,
        0.001,
        about="with scores of a thousand",
    )
    for n, sizes in NETWORKS:
        yield asked(*problem(rng, n, sizes), float(rng.uniform(0.02, 0.2)))


@exercise.style
def backward_loop(X, labels, params, cache, strength):
    N, L = len(X), len(params) // 2
    a = cache["a"]
    p = np.exp(a - a.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    y = np.zeros_like(p)
    y[np.arange(N), labels] = 1
    du = (p - y) / N
    gradients = {}
    for layer in range(L, 0, -1):
        h = X if layer == 1 else cache[f"h{layer - 1}"]
        gradients[f"W{layer}"] = h.T @ du + 2 * strength * params[f"W{layer}"]
        gradients[f"b{layer}"] = du.sum(axis=0)
        if layer > 1:
            dh = du @ params[f"W{layer}"].T
            du = dh * (h > 0)
    return gradients


@exercise.style
def backward_own_forward(X, labels, params, cache, strength):
    L = len(params) // 2
    inputs, u = [X], None
    for layer in range(1, L + 1):
        u = inputs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
        inputs.append(np.maximum(u, 0))
    shifted = u - u.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    delta = (np.exp(log_p) - np.eye(u.shape[1])[labels]) / len(X)
    found = {}
    for layer in reversed(range(1, L + 1)):
        found[f"b{layer}"] = np.ones(len(X)) @ delta
        found[f"W{layer}"] = np.einsum("ni,nj->ij", inputs[layer - 1], delta)
        found[f"W{layer}"] += 2 * strength * params[f"W{layer}"]
        delta = np.where(inputs[layer - 1] > 0, delta @ params[f"W{layer}"].T, 0)
    return {name: found[name] for name in params}


@exercise.style
def backward_per_example(X, labels, params, cache, strength):
    L = len(params) // 2
    gradients = {name: np.zeros_like(value) for name, value in params.items()}
    for n in range(len(X)):
        a = cache["a"][n]
        e = np.exp(a - a.max())
        delta = e / e.sum()
        delta[labels[n]] -= 1
        for layer in range(L, 0, -1):
            h = X[n] if layer == 1 else cache[f"h{layer - 1}"][n]
            gradients[f"W{layer}"] += np.outer(h, delta) / len(X)
            gradients[f"b{layer}"] += delta / len(X)
            delta = (params[f"W{layer}"] @ delta) * (h > 0)
    for layer in range(1, L + 1):
        gradients[f"W{layer}"] += strength * (params[f"W{layer}"] + params[f"W{layer}"])
    return gradients


@exercise.style
def backward_recursive(X, labels, params, cache, strength):
    L = len(params) // 2
    hidden = [X] + [cache[f"h{layer}"] for layer in range(1, L)]

    def down(layer, delta):
        if layer == 0:
            return {}
        step = np.sign(hidden[layer - 1])
        below = down(layer - 1, (delta @ params[f"W{layer}"].T) * step if layer > 1 else delta)
        W = hidden[layer - 1].T @ delta + 2 * strength * params[f"W{layer}"]
        return {**below, f"W{layer}": W, f"b{layer}": np.sum(delta, 0)}

    return down(L, score_gradient(cache["a"], labels))


@exercise.style
def backward_lists(X, labels, params, cache, strength):
    names = [name for name in params if name.startswith("W")]
    values = [X, *(cache[f"h{i}"] for i in range(1, len(names)))]
    upstream = score_gradient(cache["a"], labels)
    out = {}
    while names:
        name, h = names.pop(), values.pop()
        bias = "b" + name[1:]
        out[bias] = upstream.sum(0).tolist()
        out[name] = (np.dot(h.T, upstream) + strength * 2 * params[name]).tolist()
        upstream = np.dot(upstream, params[name].T)
        upstream[h <= 0] = 0
    return out


@exercise.mistake(
    "The loss is a mean over the examples: where does your gradient know how many there are?",
    said="The 1/N of the mean is missing.",
    root=Root.MEAN,
)
def backward_without_the_mean(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels) * len(X), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "How often is your gradient divided by the number of examples on its way to the first layer?",
    said="The 1/N of the mean was used again in every layer.",
    root=Root.MEAN,
)
def backward_mean_in_every_layer(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta / len(X) + 2 * strength * W
        gradients[f"b{layer}"] = delta.mean(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "What does a hidden unit that was silent for an example pass back to the layer below?",
    said="The slope of the ReLU is missing.",
    root=Root.CHAIN,
)
def backward_without_the_slope(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = delta @ W.T
    return gradients


@exercise.mistake(
    "The slope of ReLU is a number: which one for a unit that gave 0.3, and which for one that "
    "gave 3?",
    said="The output of the ReLU was taken for its slope.",
    root=Root.CHAIN,
)
def backward_output_for_slope(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * below
    return gradients


@exercise.mistake(
    "What decides whether a ReLU lets a gradient pass: the sign of the gradient, or that of the "
    "score on the way forward?",
    said="The sign of the gradient decided where the ReLU lets it pass.",
    root=Root.CHAIN,
)
def backward_slope_of_the_gradient(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = np.maximum(delta @ W.T, 0)
    return gradients


@exercise.mistake(
    "Which slope was agreed on for a ReLU whose score is exactly 0?",
    said="The slope of the ReLU at 0 is 1 instead of 0.",
    root=Root.CHAIN,
)
def backward_slope_one_at_zero(X, labels, params, cache, strength):
    scores, h = [], X
    for layer in range(1, len(params) // 2 + 1):
        scores.append(h @ params[f"W{layer}"] + params[f"b{layer}"])
        h = np.maximum(scores[-1], 0)
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        if layer > 1:
            delta = (delta @ W.T) * (scores[layer - 2] >= 0)
    return gradients


@exercise.mistake(
    "Make one weight larger and leave the scores as they are: does the loss notice, and does your "
    "gradient?",
    said="The gradient of the penalty is missing.",
)
def backward_without_penalty(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "What is the derivative of w squared?",
    said="The factor 2 of the penalty's derivative is missing.",
    root=Root.FACTOR_TWO,
)
def backward_penalty_without_two(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "Do the biases stand in the penalty?",
    said="The biases were penalised as well.",
    root=Root.BIAS,
)
def backward_penalty_on_biases(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0) + 2 * strength * params[f"b{layer}"]
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "Is the penalty part of the mean over the examples?",
    said="The gradient of the penalty was divided by the number of examples.",
    root=Root.MEAN,
)
def backward_penalty_over_n(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W / len(X)
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "Does the number of examples change a sum of shares that carry their 1/N already?",
    said="The gradient of the biases is a mean over the examples instead of a sum.",
    root=Root.MEAN,
)
def backward_biases_by_mean(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.mean(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "Does a step against your gradient make the true class more probable, or less?",
    said="The sign of the gradient at the scores is wrong.",
    root=Root.SIGN,
)
def backward_sign(X, labels, params, cache, strength):
    delta, gradients = -score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "What do the entries of the gradient at the scores of one example add up to?",
    said="The labels were not subtracted from the probabilities.",
)
def backward_without_labels(X, labels, params, cache, strength):
    delta, gradients = probabilities(cache["a"]) / len(X), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "From scores, does the gradient start with probabilities, or with the scores themselves?",
    said="The labels were subtracted from the scores instead of the probabilities.",
)
def backward_scores_for_probabilities(X, labels, params, cache, strength):
    delta = cache["a"].copy()
    delta[np.arange(len(X)), labels] -= 1
    delta, gradients = delta / len(X), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "What is exp(1000) on this machine? What does a row of scores allow you to subtract?",
    said="The exponential of a large score overflowed.",
    root=Root.DIGITS,
)
def backward_overflows(X, labels, params, cache, strength):
    e = np.exp(cache["a"])
    delta = e / e.sum(axis=1, keepdims=True)
    delta[np.arange(len(X)), labels] -= 1
    delta, gradients = delta / len(X), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "How sure may a prediction become in your formula? Was something cut off?",
    said="Probabilities were cut off on the way.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8)},
)
def backward_clipped(X, labels, params, cache, strength, *, size=1e-7):
    delta = np.clip(probabilities(cache["a"]), size, 1 - size)
    delta[np.arange(len(X)), labels] -= 1
    delta, gradients = delta / len(X), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "Under which names are the gradients asked for?",
    said="The gradients were stored under names of their own, such as dW1.",
    root=Root.INDEX,
)
def backward_names_with_d(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"dW{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"db{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


@exercise.mistake(
    "What happens in your answer when there are three layers, and what when there is one?",
    said="The gradients were written for exactly two layers.",
    root=Root.LOOP,
)
def backward_two_layers(X, labels, params, cache, strength):
    delta2 = score_gradient(cache["a"], labels)
    delta1 = (delta2 @ params["W2"].T) * (cache["h1"] > 0)
    return {
        "W1": X.T @ delta1 + 2 * strength * params["W1"],
        "b1": delta1.sum(axis=0),
        "W2": cache["h1"].T @ delta2 + 2 * strength * params["W2"],
        "b2": delta2.sum(axis=0),
    }


@exercise.mistake(
    "Your delta went down one layer: through which matrix, and did it need its transpose?",
    said="The delta went back through a matrix that was not transposed.",
    root=Root.INDEX,
)
def backward_not_transposed(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        if layer > 1:
            delta = (delta @ W) * (below > 0)
    return gradients


@exercise.mistake(
    "Which rows of a weight's gradient belong to the inputs of its layer?",
    said="The gradients of the weights stand transposed.",
    root=Root.INDEX,
    leads=("SHAPE_TRANSPOSED",),
)
def backward_weights_transposed(X, labels, params, cache, strength):
    delta, gradients = score_gradient(cache["a"], labels), {}
    for layer in range(len(params) // 2, 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = delta.T @ below + 2 * strength * W.T
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ W.T) * (below > 0)
    return gradients


exercise.equivalent(
    "np.log(np.exp(shifted).sum(axis=1, keepdims=True)) -> "
    "np.log(np.clip(np.exp(shifted).sum(axis=1, keepdims=True), 1e-08, None))",
    because="The sum holds e to the power of 0, so it is at least 1.",
)


@exercise.property(
    "Hand over every example twice and the gradient of a mean stays as it is; yours of {name} goes "
    "from {once} to {twice}. How often is the number of examples in your chain?"
)
def the_same_for_every_example_twice(f, X, labels, params, cache, strength):
    once = f(X, labels, params, cache, strength)
    again = {name: np.concatenate([value, value]) for name, value in cache.items()}
    twice = f(np.tile(X, (2, 1)), np.tile(labels, 2), params, again, strength)
    for name in params:
        left, right = np.asarray(once[name]), np.asarray(twice[name])
        if left.shape == right.shape and not np.allclose(left, right, rtol=1e-6, atol=1e-12):
            return {"name": name, "once": left, "twice": right}


@exercise.property(
    "Scores of an example raised together change no probability, so the last bias' gradient adds "
    "up to 0, and yours to {found}. What is taken from the probabilities?"
)
def the_last_bias_adds_up_to_nothing(f, X, labels, params, cache, strength):
    last = np.asarray(f(X, labels, params, cache, strength)[f"b{len(params) // 2}"])
    if last.ndim == 1 and abs(last.sum()) > 1e-9:
        return {"found": last.sum()}


exercise.equivalent(
    "layer > 1 -> layer >= 1",
    "layer > 1 -> layer > 0",
    because="What is handed on to the inputs is never used.",
)
