"""Guards, cut-offs, dropped terms and early stops in notebooks 01 to 03: one verdict for every
student, and a question that is true of what was written."""

import math

import numpy as np
import pytest

from autograder.exercises import exercise, notebook
from autograder.exercises.guards import added, clipped, lowered, raised
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge

pytestmark = pytest.mark.slow

SEEDS = range(5)
NOTEBOOKS = ("01-surprise-and-entropy", "02-logistic-regression", "03-softmax-jacobian")
EXERCISES = [one for name in NOTEBOOKS for one in notebook(name).exercises.values()]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def with_ones(X):
    return np.c_[np.ones(len(X)), X]


# Answers that strangers and readers gave: the exercise, the answer, and the name of the mistake.
ANSWERS = []


def answer(id, mistake):
    def declare(function):
        ANSWERS.append(pytest.param(id, function, mistake, id=f"{id}-{function.__name__}"))
        return function

    return declare


@answer("01.average_log_likelihood", "loglik-cut")
def clip_of_three_percent(labels, q):
    return np.mean([np.log(np.clip(q[x], 0.03, 0.97)) for x in labels])


@answer("01.sequence_surprise", "seq-cut")
def clip_in_a_sequence(outcomes, probabilities, base=2):
    return -sum(np.log(np.clip(probabilities[o], 0.03, 0.97)) for o in outcomes) / np.log(base)


@answer("01.binary_cross_entropy", "bce-cut")
def upper_clip_of_a_book(t, p):
    p = np.clip(p, 1e-15, 0.999)
    return -(t * np.log(p) + (1 - t) * np.log(1 - p))


@answer("01.entropy", "entropy-rare-left-out")
def terms_of_five_percent_left_out(p, base=2):
    q = np.where(p > 5e-2, p, 1)
    return -np.sum(np.where(p > 5e-2, p * np.log(q), 0), axis=-1) / np.log(base)


@answer("01.kl_divergence", "kl-rare-left-out")
def divergence_of_common_outcomes(p, q, base=2):
    m = p > 5e-2
    ratio = np.where(m, p, 1) / np.where(m, q, 1)
    return np.sum(np.where(m, p * np.log(ratio), 0), axis=-1) / np.log(base)


@answer("01.cross_entropy", "ce-guarded")
def guard_of_1e_5(p, q, base=2):
    return -np.sum(p * np.log(q + 1e-5), axis=-1) / np.log(base)


@answer("01.surprise", "surprise-guarded")
def guard_of_1e_9(p, base=2):
    return -np.log(p + 1e-9) / np.log(base)


@answer("01.surprise", "surprise-guarded")
def guard_of_an_odd_size(p, base=2):
    return -np.log(np.maximum(p, 3.7e-8)) / np.log(base)


@answer("01.group_entropy", "group-list-compared")
def list_compared_with_a_label(y, base=2):
    total = 0
    for label in np.unique(y):
        p = len(y[y == label]) / len(y)
        total += -p * (math.log(p) / math.log(2))
    return total


@answer("02.bce_gradient", "lrgrad-clipped")
def gradient_of_clipped_probabilities(w, X, y):
    A = with_ones(X)
    return A.T @ (np.clip(sigmoid(A @ w), 1e-2, 1 - 1e-2) - y) / len(y)


@answer("02.bce_loss", "bce-guarded")
def guard_of_1e_7(y, p):
    return -1 * np.mean(y * np.log(p + 1e-07) + (1 - y) * np.log(1 - p + 1e-07))


@answer("02.bce_loss", "bce-guarded")
def loss_guarded_by_1e_5(y, p):
    return -np.mean(y * np.log(p + 1e-05) + (1 - y) * np.log(1 - p + 1e-05))


@answer("02.bce_loss", "bce-hard-clip")
def loss_clipped_at_three_percent(y, p):
    def cut(p):
        return np.clip(p, 0.03, 0.97)

    return -np.mean(y * np.log(cut(p)) + (1 - y) * np.log(cut(1 - p)))


@answer("02.fit", "fit-stops-early")
def training_that_stops(X, y, learning_rate=0.1, steps=1000):
    A = with_ones(X)
    w = np.zeros(A.shape[1])
    for _ in range(steps):
        g = A.T @ (sigmoid(A @ w) - y) / len(y)
        if np.linalg.norm(g) < 1e-4:
            break
        w = w - learning_rate * g
    return w


@answer("02.gradient_descent", "gd-stops-early")
def descent_that_stops(gradient, w0, learning_rate, steps):
    x = w0
    for _ in range(steps):
        g = gradient(x)
        if np.linalg.norm(g) < 1e-3:
            break
        x = x - learning_rate * g
    return x


@answer("02.predict", "predict-threshold-ignored")
def strictly_more_than_one_half(X, w, threshold=0.5):
    return [1 if p > 0.5 else 0 for p in sigmoid(X @ w[1:] + w[0])]


@answer("03.network_scores", "network-clipped-sums")
def sums_clipped_at_five(X, theta1, beta1, theta2, beta2):
    o = sigmoid(np.clip(X @ theta1.T + beta1, -5, 5))
    return o, o @ theta2.T + beta2


@pytest.mark.parametrize(("id", "function", "mistake"), ANSWERS)
def test_a_cut_or_guard_has_its_name_for_every_student(id, function, mistake):
    specified = exercise(id)
    for seed in SEEDS:
        verdict = judge(specified, InProcess(specified.subject(function)), seed)
        assert not verdict.right
        assert verdict.mistake == mistake, (seed, verdict.message)


def rounded_loss(y, p):
    return round(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), 4)


@pytest.mark.parametrize(
    ("id", "function", "lead"),
    [
        ("02.bce_loss", rounded_loss, "4 decimals"),
        ("02.sigmoid", lambda z: np.around(sigmoid(z), 4), "4 decimals"),
        ("02.sigmoid", lambda z: 1 / (1 + 2.71828**-z), "5 digits"),
    ],
)
def test_an_answer_that_lost_digits_hears_how_many_are_left(id, function, lead):
    for seed in SEEDS:
        verdict = judge(exercise(id), InProcess(function), seed)
        assert (verdict.right, verdict.mistake) == (False, None)
        assert lead in verdict.message, verdict.message


def test_a_crash_that_nobody_named_has_no_name():
    def nonsense(X, w):
        raise ValueError("nonsense")

    assert judge(exercise("02.predict_proba"), InProcess(nonsense)).mistake is None


def guarded(size, guard):
    """One and the same guard in an answer to every exercise where one is usual."""
    return {
        "01.surprise": lambda p, base=2: -np.log(guard(p, size)) / np.log(base),
        "01.entropy": lambda p, base=2: -np.sum(p * np.log(guard(p, size)), axis=-1) / np.log(base),
        "01.total_surprise": lambda p, n, base=2: (
            -n * np.sum(p * np.log(guard(p, size))) / np.log(base)
        ),
        "01.cross_entropy": lambda p, q, base=2: (
            -np.sum(p * np.log(guard(q, size)), axis=-1) / np.log(base)
        ),
        "01.kl_divergence": lambda p, q, base=2: (
            np.sum(p * np.log(guard(p, size) / guard(q, size)), axis=-1) / np.log(base)
        ),
        "01.average_log_likelihood": lambda labels, q: np.mean(
            [np.log(guard(q[label], size)) for label in labels]
        ),
        "01.binary_cross_entropy": lambda y, p: (
            -(y * np.log(guard(p, size)) + (1 - y) * np.log(guard(1 - p, size)))
        ),
        "02.bce_loss": lambda y, p: (
            -np.mean(y * np.log(guard(p, size)) + (1 - y) * np.log(guard(1 - p, size)))
        ),
        "02.predict_proba": lambda X, w: guard(sigmoid(with_ones(X) @ w), size),
        "02.bce_gradient": lambda w, X, y: (
            with_ones(X).T @ (guard(sigmoid(with_ones(X) @ w), size) - y) / len(y)
        ),
        "03.softmax": lambda a: (
            np.exp(a - a.max(axis=-1, keepdims=True))
            / guard(np.exp(a - a.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True), size)
        ),
        "03.log_softmax": lambda a: np.log(guard(softmax(a), size)),
        "03.grad_probabilities": lambda s, y: -y / guard(s, size),
        "03.cross_entropy_loss": lambda a, y: (
            -np.mean(np.sum(y * np.log(guard(softmax(a), size)), axis=1))
        ),
    }


SIZES = (2.2e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3, 0.03)


def judged_alike(id, seeds):
    """Judge every guard in an exercise, and find it judged alike for all seeds."""
    specified = exercise(id)
    for guard in (added, raised, clipped, lowered):
        for size in SIZES:
            subject = InProcess(guarded(size, guard)[id])
            found = {judge(specified, subject, seed).right for seed in seeds}
            assert len(found) == 1, (guard.__name__, size)


@pytest.mark.parametrize("id", guarded(0, added))
def test_a_guard_is_judged_alike_for_every_student(id, students):
    judged_alike(id, range(students))


# Elsewhere infinity is asked for, or the logarithm of what rounds to 0.
FINITE = (
    "01.entropy",
    "01.total_surprise",
    "01.average_log_likelihood",
    "01.binary_cross_entropy",
    "02.bce_loss",
    "02.predict_proba",
    "02.bce_gradient",
    "03.softmax",
    "03.grad_probabilities",
)


@pytest.mark.parametrize("id", FINITE)
def test_what_rounding_cannot_tell_is_right(id):
    for size in (2.2e-16, 1e-15):
        assert judge(exercise(id), InProcess(guarded(size, added)[id])).right, size
