"""Cross-entropy from scores, plus a price on large weights."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.digits.inputs import (
    EXAMPLE_LABELS,
    EXAMPLE_PARAMS,
    EXAMPLE_SCORES,
    NETWORKS,
    away_from_zero,
    class_labels,
    network,
)
from autograder.exercises.digits.parts import probabilities, squared_weights, surprises
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.loss,
    points=3,
    minutes=12,
    hints=(
        "Write minus the logarithm of the softmax of one example as a difference of two terms. "
        "Which of them needs a sum over the classes?",
        "Which number may be subtracted from all scores of an example without changing its "
        "probabilities, and which one leaves no large exponent?",
        "`a[np.arange(N), labels]` picks one score for each example. For the second part: which "
        "entries of `params` are weights, and which are not?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(EXAMPLE_SCORES, EXAMPLE_LABELS, EXAMPLE_PARAMS, 0.01)
    yield case(EXAMPLE_SCORES, EXAMPLE_LABELS, EXAMPLE_PARAMS, 0.0, about="without a penalty")
    one = {"W1": np.array([[0.5, -1.0, 2.0]]), "b1": np.array([0.3, -0.2, 0.1])}
    yield case(
        np.array([[800.0, 0.0, -3.0], [5.0, 1000.0, 2.0]]),
        np.array([0, 2]),
        one,
        0.02,
        about="with scores above 709 on a wrong class",
    )
    yield case(
        np.array([[1000.0, 999.0, 998.0], [-3000.0, -3001.0, -2999.5]]),
        np.array([1, 0]),
        one,
        0.0,
        about="with rows of scores that are far apart",
    )
    yield case(
        np.array([[-25.0, 0.0]]),
        np.array([0]),
        EXAMPLE_PARAMS,
        0.0,
        about="with a true class of a very small probability",
    )
    yield case(
        np.array([[800.0, 0.0], [0.0, 1000.0]]),
        np.array([0, 0]),
        EXAMPLE_PARAMS,
        0.0,
        about="with scores above 709",
    )
    yield case(
        np.array([[-25.0, 0.0, 1.0], [2.0, -18.0, 1.0]]),
        np.array([0, 1]),
        one,
        0.0,
        about="with true classes of a very small probability",
    )
    yield case(
        np.array([[21.0, 0.0, -1.0], [-1.0, 0.5, 20.5]]),
        np.array([0, 2]),
        one,
        0.0,
        about="with predictions that are almost sure",
    )
    for n, sizes in NETWORKS:
        yield case(
            3 * away_from_zero(rng, n, sizes[-1]),
            class_labels(rng, n, sizes[-1]),
            network(rng, sizes),
            float(rng.uniform(0.02, 0.2)),
        )


@exercise.style
def loss_by_logsumexp(a, labels, params, strength):
    shifted = a - a.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    data = -log_p[np.arange(len(labels)), labels].mean()
    penalty = 0.0
    for name, value in params.items():
        if name.startswith("W"):
            penalty += (value**2).sum()
    return data + strength * penalty


@exercise.style
def loss_in_a_loop(a, labels, params, strength):
    total = 0.0
    for row, label in zip(a, labels):
        top = max(row)
        total += top + np.log(sum(np.exp(score - top) for score in row)) - row[label]
    layers = range(1, len(params) // 2 + 1)
    return total / len(a) + strength * sum(
        np.sum(np.square(params[f"W{layer}"])) for layer in layers
    )


@exercise.style
def loss_with_logaddexp(a, labels, params, strength):
    logsumexp = np.logaddexp.reduce(a, axis=1)
    chosen = np.take_along_axis(a, labels[:, None], axis=1)[:, 0]
    squares = [np.vdot(W, W) for name, W in params.items() if "W" in name]
    return float(np.mean(logsumexp - chosen) + strength * np.sum(squares))


@exercise.style
def loss_one_hot(a, labels, params, strength):
    y = np.eye(a.shape[1])[labels]
    m = np.max(a, axis=1)
    lse = m + np.log(np.sum(np.exp(a.T - m), axis=0))
    mean = np.sum(lse - np.sum(y * a, axis=1)) / a.shape[0]
    return mean + strength * sum(np.linalg.norm(v) ** 2 for v in params.values() if v.ndim == 2)


@exercise.style
def loss_of_differences(a, labels, params, strength):
    # ln sum exp(a - a_y), with the largest difference pulled out
    gaps = a - a[np.arange(len(a)), labels][:, None]
    top = gaps.max(axis=1)
    surprise = top + np.log(np.exp(gaps - top[:, None]).sum(axis=1))
    return surprise.mean() + strength * sum(
        (W * W).sum() for name, W in params.items() if name[0] == "W"
    )


@exercise.mistake(
    "Would the loss double if every example stood in the batch twice?",
    said="The cross-entropies of the examples were added and not averaged.",
    root=Root.MEAN,
)
def loss_sum(a, labels, params, strength):
    return float(surprises(a, labels).sum() + strength * squared_weights(params))


@exercise.mistake(
    "What is exp(800) on this machine? Which number can you take from all scores of a row first?",
    said="The exponential of a large score overflowed.",
    root=Root.DIGITS,
)
def loss_overflows(a, labels, params, strength):
    e = np.exp(a)
    p = e / e.sum(axis=1, keepdims=True)
    data = -np.log(p[np.arange(len(a)), labels]).mean()
    return float(data + strength * squared_weights(params))


@exercise.mistake(
    "What is the largest loss that one example can have in your formula, and what should a score "
    "difference of 800 cost?",
    said="The logarithm of a probability that had been rounded to 0 was taken.",
    root=Root.DIGITS,
)
def loss_log_of_rounded_probability(a, labels, params, strength):
    p = probabilities(a)[np.arange(len(a)), labels]
    return float(-np.log(p).mean() + strength * squared_weights(params))


@exercise.mistake(
    "What is the largest loss that one example can have in your formula? Was something added or "
    "cut off on the way?",
    said="A small number was added inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def loss_guarded(a, labels, params, strength, *, size=1e-12):
    p = probabilities(a)[np.arange(len(a)), labels]
    return float(-np.log(p + size).mean() + strength * squared_weights(params))


@exercise.mistake(
    "What is the largest loss that one example can have in your formula? Was something added or "
    "cut off on the way?",
    said="Probabilities were cut off before the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-7, 1e-9)},
)
def loss_clipped(a, labels, params, strength, *, size=1e-7):
    p = np.clip(probabilities(a), size, 1 - size)[np.arange(len(a)), labels]
    return float(-np.log(p).mean() + strength * squared_weights(params))


@exercise.mistake(
    "Two examples with very different scores: is the number you subtract right for both of them?",
    said="The largest score of the whole batch was subtracted instead of that of each example.",
    root=Root.AXIS,
)
def loss_shift_of_the_batch(a, labels, params, strength):
    e = np.exp(a - a.max())
    p = e / e.sum(axis=1, keepdims=True)
    data = -np.log(p[np.arange(len(a)), labels]).mean()
    return float(data + strength * squared_weights(params))


@exercise.mistake(
    "Should a network pay for shifting all scores of a class? Which of the parameters are weights?",
    said="The biases are penalised as well.",
    root=Root.BIAS,
)
def loss_penalty_on_biases(a, labels, params, strength):
    penalty = sum(np.sum(value**2) for value in params.values())
    return float(surprises(a, labels).mean() + strength * penalty)


@exercise.mistake(
    "Is there a one half in front of the penalty as the exercise words it?",
    said="The penalty has a factor one half.",
    root=Root.FACTOR_TWO,
)
def loss_half_the_penalty(a, labels, params, strength):
    return float(surprises(a, labels).mean() + strength / 2 * squared_weights(params))


@exercise.mistake(
    "Does the price of the weights depend on how many examples are in the batch?",
    said="The penalty was divided by the number of examples.",
    root=Root.MEAN,
)
def loss_penalty_over_n(a, labels, params, strength):
    return float(surprises(a, labels).mean() + strength / len(a) * squared_weights(params))


@exercise.mistake(
    "Make all weights ten times as large and leave the scores as they are: does your loss change?",
    said="The penalty is missing.",
)
def loss_without_penalty(a, labels, params, strength):
    return float(surprises(a, labels).mean())


@exercise.mistake(
    "How does the price of a weight grow when the weight doubles, and how does yours?",
    said="The root of the sum of squares stands in place of the sum.",
)
def loss_penalty_of_lengths(a, labels, params, strength):
    return float(surprises(a, labels).mean() + strength * squared_weights(params) ** 0.5)


@exercise.mistake(
    "How does the price of a weight grow when the weight doubles, and how does yours?",
    said="Absolute values were penalised instead of squares.",
)
def loss_penalty_absolute(a, labels, params, strength):
    penalty = sum(np.abs(value).sum() for name, value in params.items() if name[0] == "W")
    return float(surprises(a, labels).mean() + strength * penalty)


@exercise.mistake(
    "Is a sum of squares asked for, or their mean?",
    said="The mean of the squared weights was taken instead of their sum.",
    root=Root.MEAN,
)
def loss_penalty_mean(a, labels, params, strength):
    penalty = sum(np.mean(value**2) for name, value in params.items() if name[0] == "W")
    return float(surprises(a, labels).mean() + strength * penalty)


@exercise.mistake(
    "Which layers pay for their weights?",
    said="Only the weights of the last layer are penalised.",
    root=Root.LOOP,
)
def loss_penalty_last_layer(a, labels, params, strength):
    last = params[f"W{len(params) // 2}"]
    return float(surprises(a, labels).mean() + strength * np.sum(last**2))


@exercise.mistake(
    "Which layers pay for their weights?",
    said="Only the weights of the first layer are penalised.",
    root=Root.LOOP,
)
def loss_penalty_first_layer(a, labels, params, strength):
    return float(surprises(a, labels).mean() + strength * np.sum(params["W1"] ** 2))


@exercise.mistake(
    "Is the loss smaller when the true class is more probable?",
    said="The sign of the cross-entropy is wrong.",
    root=Root.SIGN,
)
def loss_sign(a, labels, params, strength):
    return float(-surprises(a, labels).mean() + strength * squared_weights(params))


@exercise.mistake(
    "With two classes of equal scores, what does one example cost in nats?",
    said="Base 2 was used where nats were asked for.",
    root=Root.BASE,
)
def loss_in_bits(a, labels, params, strength):
    return float(surprises(a, labels).mean() / np.log(2) + strength * squared_weights(params))


@exercise.mistake(
    "Over how many terms do you take the mean: one for each example, or one for each score?",
    said="The mean was taken over all entries instead of over the examples.",
    root=Root.MEAN,
)
def loss_mean_over_entries(a, labels, params, strength):
    return float(surprises(a, labels).sum() / a.size + strength * squared_weights(params))


@exercise.mistake(
    "Whose probabilities add up to 1: those of one example, or those of one class?",
    said="The softmax runs over the examples instead of over the classes.",
    root=Root.AXIS,
)
def loss_softmax_over_the_batch(a, labels, params, strength):
    e = np.exp(a - a.max(axis=0))
    p = (e / e.sum(axis=0))[np.arange(len(a)), labels]
    return float(-np.log(p).mean() + strength * squared_weights(params))


@exercise.mistake(
    "Whose probability does the loss look at: that of the predicted class, or of the true one?",
    said="The cost of the predicted class was taken instead of that of the true one.",
    root=Root.INDEX,
)
def loss_of_the_prediction(a, labels, params, strength):
    data = surprises(a, a.argmax(axis=1)).mean()
    return float(data + strength * squared_weights(params))


@exercise.mistake(
    "Is every pair of an example and a label asked for, or one label for each example?",
    said="The columns of all labels were taken for every example.",
    root=Root.INDEX,
)
def loss_of_all_labels(a, labels, params, strength):
    top = a.max(axis=1)
    logsumexp = top + np.log(np.exp(a - top[:, None]).sum(axis=1))
    data = np.mean(logsumexp[:, None] - a[:, labels])
    return float(data + strength * squared_weights(params))


exercise.equivalent(
    "np.log(np.exp(shifted).sum(axis=1, keepdims=True)) -> "
    "np.log(np.clip(np.exp(shifted).sum(axis=1, keepdims=True), 1e-08, None))",
    "np.log(sum((np.exp(score - top) for score in row))) -> "
    "np.log(np.clip(sum((np.exp(score - top) for score in row)), 1e-08, None))",
    "np.log(np.sum(np.exp(a.T - m), axis=0)) -> "
    "np.log(np.clip(np.sum(np.exp(a.T - m), axis=0), 1e-08, None))",
    "np.log(np.exp(gaps - top[:, None]).sum(axis=1)) -> "
    "np.log(np.clip(np.exp(gaps - top[:, None]).sum(axis=1), 1e-08, None))",
    because="The sum holds e to the power of 0, so it is at least 1.",
)


@exercise.property(
    "Raise all scores of an example by 5 and no probability changes; your loss goes from {low} to "
    "{high}. What does it see of the scores?"
)
def the_same_for_raised_scores(f, a, labels, params, strength):
    low, high = float(f(a, labels, params, strength)), float(f(a + 5.0, labels, params, strength))
    if not np.isclose(low, high, rtol=1e-6):
        return {"low": low, "high": high}


@exercise.property(
    "Without strength the weights cost nothing: then yours costs {with_weights} with these weights "
    "and {without} with weights of 0. What does the strength multiply?"
)
def nothing_without_strength(f, a, labels, params, strength):
    zeros = {name: 0 * value for name, value in params.items()}
    costs = [float(f(a, labels, own, 0.0)) for own in (params, zeros)]
    if not np.isclose(*costs, rtol=1e-6):
        return {"with_weights": costs[0], "without": costs[1]}
