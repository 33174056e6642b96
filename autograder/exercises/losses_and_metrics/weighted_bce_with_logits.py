"""Binary cross-entropy from scores, with a weight on the positive labels."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.losses_and_metrics.parts import softplus
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.weighted_bce_with_logits,
    points=3,
    minutes=12,
    hints=(
        "Without the weight it is the loss of notebook 02 from a score. Which of its two halves "
        "belongs to the positive labels?",
        "ln(1 + e^z) and ln(1 + e^-z): write one safe function for the first. "
        "How do you get the second from it?",
        "A weight of shape (L,) meets entries of shape (N, L): does each column get its own? And "
        "try the scores -800 and 800 with both labels.",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([1.5, -0.5, 2.0]), np.array([1.0, 1.0, 0.0]), 3.0)
    yield case(
        np.array([[1.2, -0.4, 0.3, -2.0], [-1.0, 0.8, 2.0, 0.1]]),
        np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 1.0]]),
        np.array([2.0, 0.5, 4.0, 1.5]),
    )
    yield case(
        np.array([-800.0, 800.0, -40.0, 40.0]), np.array([1.0, 0.0, 1.0, 0.0]), 2.5,
        about="sure and wrong",
    )  # fmt: skip
    yield case(
        np.array([800.0, -800.0, 36.0, -40.0]), np.array([1.0, 0.0, 1.0, 0.0]), 2.5,
        about="sure and right",
    )  # fmt: skip
    yield case(np.array([-16.0, 20.0]), np.array([1.0, 0.0]), 0.25, about="rather sure and wrong")
    for n, labels in ((5, 3), (3, 4), (3, 3)):
        z = rng.uniform(0.3, 3.0, (n, labels)) * rng.choice([-1.0, 1.0], (n, labels))
        y = rng.permuted(np.tile([1.0, 1.0, 0.0, 0.0], (n, 1))[:, :labels], axis=1)
        yield case(z, y, rng.permutation(np.linspace(0.4, 5.0, labels)))
    yield case(
        rng.uniform(-3, 3, 6), rng.permutation([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
        float(rng.uniform(1.5, 4)),
    )  # fmt: skip


@exercise.style
def wbce_logaddexp(z, y, pos_weight):
    return np.mean(pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))


@exercise.style
def wbce_own_softplus(z, y, pos_weight):
    def soft(x):
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

    return (pos_weight * y * soft(-z) + (1 - y) * soft(z)).mean()


@exercise.style
def wbce_weights_first(z, y, pos_weight):
    weights = np.where(y == 1, pos_weight, 1.0)
    losses = np.maximum(z, 0) - z * y + np.log1p(np.exp(-abs(z)))
    return np.average(weights * losses)


@exercise.style
def wbce_as_pytorch_writes_it(z, y, pos_weight):
    factor = 1 + (pos_weight - 1) * y
    return np.mean((1 - y) * z + factor * (np.log1p(np.exp(-np.abs(z))) + np.maximum(-z, 0)))


@exercise.style
def wbce_by_loop(z, y, pos_weight):
    weights = np.broadcast_to(pos_weight, z.shape)
    total = 0.0
    for score, label, w in zip(z.ravel(), y.ravel(), weights.ravel()):
        t = score if label == 0 else -score
        loss = max(t, 0.0) + np.log1p(np.exp(-abs(t)))
        total += loss * (w if label == 1 else 1.0)
    return total / z.size


@exercise.mistake(
    "Which step overflows, or is rounded to 0 or 1, at a score of 800?",
    said="The sigmoid is computed first: at extreme scores its logarithm is lost.",
    root=Root.DIGITS,
)
def wbce_naive_log_sigmoid(z, y, pos_weight):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(pos_weight * y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "Two very different wrong scores cost the same: is something cut off on the way?",
    said="The probability is cut off before its logarithm is taken.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-7, 1e-9, 1e-12)},
)
def wbce_clipped(z, y, pos_weight, *, size=1e-7):
    from scipy.special import expit

    p = np.clip(expit(z), size, 1 - size)
    return -np.mean(pos_weight * y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "What is the largest cost your formula can ever return? Is something added in a logarithm?",
    said="A small number is added inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7, 1e-9, 1e-12)},
)
def wbce_eps_inside_log(z, y, pos_weight, *, size=1e-12):
    from scipy.special import expit

    p = expit(z)
    return -np.mean(pos_weight * y * np.log(p + size) + (1 - y) * np.log(1 - p + size))


@exercise.mistake(
    "Which step overflows, or is rounded to 0 or 1, at a score of 800?",
    said="ln(1 + e^z) is computed as it stands and overflows.",
    root=Root.DIGITS,
    like=("wbce-naive-log-sigmoid",),
)
def wbce_log1p_of_exp(z, y, pos_weight):
    plus, minus = np.log(1 + np.exp(z)), np.log(1 + np.exp(-z))
    return np.mean(pos_weight * y * minus + (1 - y) * plus)


@exercise.mistake(
    "Does a positive label cost more when its weight goes up?",
    said="The weight is not used.",
    root=Root.WEIGHTS,
)
def wbce_weight_ignored(z, y, pos_weight):
    return np.mean(softplus(z) - z * y)


@exercise.mistake(
    "The weight belongs to one of the two labels. To which?",
    said="The negative labels are weighted in place of the positive ones.",
    root=Root.SWAPPED,
)
def wbce_negatives_weighted(z, y, pos_weight):
    return np.mean(y * softplus(-z) + pos_weight * (1 - y) * softplus(z))


@exercise.mistake(
    "What does the weight do to an example without the label?",
    said="All entries are weighted, the negative ones, too.",
    root=Root.WEIGHTS,
)
def wbce_everything_weighted(z, y, pos_weight):
    return np.mean(pos_weight * (softplus(z) - z * y))


@exercise.mistake(
    "Is the sum divided by the number of entries, or by the sum of the weights?",
    said="The weighted sum is divided by the sum of the weights in place of the number of entries.",
    root=Root.MEAN,
)
def wbce_divided_by_weights(z, y, pos_weight):
    weights = np.where(y == 1, pos_weight, 1.0)
    return np.sum(weights * (softplus(z) - z * y)) / np.sum(weights)


@exercise.mistake(
    "Put every example in twice: should the loss double?",
    said="The terms are added up where their mean was asked for.",
    root=Root.MEAN,
)
def wbce_sum(z, y, pos_weight):
    return np.sum(pos_weight * y * softplus(-z) + (1 - y) * softplus(z))


@exercise.mistake(
    "Over how many entries does the mean run when there are L labels to an example?",
    said="The labels of an example are added up before the mean over the examples.",
    root=Root.MEAN,
)
def wbce_sum_over_labels(z, y, pos_weight):
    return np.sum(pos_weight * y * softplus(-z) + (1 - y) * softplus(z)) / len(z)


@exercise.mistake(
    "What do the absent labels say?",
    said="Only the positive labels are counted.",
    root=Root.SWAPPED,
)
def wbce_positives_only(z, y, pos_weight):
    return np.mean(pos_weight * y * softplus(-z))


@exercise.mistake(
    "For a positive label, is a large score cheap in your loss?",
    said="The two halves are exchanged: a positive label is charged for a large score.",
    root=Root.SIGN,
)
def wbce_halves_exchanged(z, y, pos_weight):
    return np.mean(pos_weight * y * softplus(z) + (1 - y) * softplus(-z))


@exercise.mistake(
    "Is the weight to be multiplied with the score or with the loss?",
    said="The score is multiplied by the weight in place of the loss.",
    root=Root.WEIGHTS,
)
def wbce_score_weighted(z, y, pos_weight):
    return np.mean(y * softplus(-pos_weight * z) + (1 - y) * softplus(z))


@exercise.property(
    "Without positive labels the weight has nothing to multiply: yours costs {light} with weight 1 "
    "and {heavy} with weight 9. Which examples does the weight count?"
)
def the_weight_is_for_positives(f, z, y, pos_weight):
    light, heavy = (np.asarray(f(z, 0 * y, weight)) for weight in (1.0, 9.0))
    if light.shape == heavy.shape == () and not np.isclose(light, heavy, rtol=1e-6):
        return {"light": light, "heavy": heavy}


@exercise.property(
    "With a weight of 1 an example with score 0 costs ln 2, whatever its label is, and yours costs "
    "{found}. Which probability belongs to the score 0?"
)
def one_bit_at_zero(f, z, y, pos_weight):
    found = np.asarray(f(0 * z, y, 1.0))
    if found.shape == () and not np.isclose(found, np.log(2), rtol=1e-6):
        return {"found": found}
