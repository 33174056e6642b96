"""What is cut off, guarded or lost on the way in notebooks 04 and 05 is wrong for every student
alike, and has one name whatever its size."""

from functools import partial

import numpy as np
import pytest

from autograder.exercises import exercise, notebook
from autograder.exercises.guards import added, clipped, raised
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge
from course.kinds import VerdictKind

# What public code and readers wrote, with the exercise that it answers and the name it gets.
CUT_OFF = {
    "backward_through_clipped_predictions": (
        "04.backward",
        "backward-cut-off",
        """
import numpy as np


def _g(p):
    return np.clip(p, 0.08, 1 - 0.08)


def backward(X, y, params, cache):
    h1, h2, p = cache["h1"], cache["h2"], cache["y_hat"]
    dA = -(y / _g(p) - (1 - y) / _g(1 - p)) / len(y)
    d3 = dA * p * (1 - p)
    d2 = np.outer(d3, params["U"]) * h2 * (1 - h2)
    d1 = d2 @ params["W2"].T * (1 - h1**2)
    return {
        "W1": X.T @ d1,
        "b1": d1.sum(0),
        "W2": h1.T @ d2,
        "b2": d2.sum(0),
        "U": h2.T @ d3,
        "c": d3.sum(),
    }
""",
    ),
    "forward_with_scores_cut_at_2": (
        "04.forward",
        "net-cut-scores",
        """
import numpy as np


def _sig(z):
    return 1 / (1 + np.exp(-z))


def forward(X, params):
    p = params
    u1 = X @ p["W1"] + p["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ p["W2"] + p["b2"]
    h2 = _sig(np.clip(u2, -2, 2))
    u3 = h2 @ p["U"] + p["c"]
    return dict(u1=u1, h1=h1, u2=u2, h2=h2, u3=u3, y_hat=_sig(np.clip(u3, -2, 2)))
""",
    ),
    "gradient_of_clipped_predictions": (
        "04.grad_y_hat",
        "dyhat-cut-off",
        """
import numpy as np


def _g(p):
    return np.clip(p, 0.08, 1 - 0.08)


def grad_y_hat(y_hat, y):
    return -(y / _g(y_hat) - (1 - y) / _g(1 - y_hat)) / len(y)
""",
    ),
    "loss_clipped_above_only": (
        "04.loss",
        "net-loss-cut-off",
        """
import numpy as np


def loss(y_hat, y):
    p = np.clip(y_hat, 1e-15, 0.999)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)
""",
    ),
    "training_with_clipped_gradients": (
        "04.train",
        "train-clipped-gradients",
        """
import numpy as np


def _sig(z):
    return 1 / (1 + np.exp(-z))


def _fw(X, p):
    h1 = np.tanh(X @ p["W1"] + p["b1"])
    h2 = _sig(h1 @ p["W2"] + p["b2"])
    return h1, h2, _sig(h2 @ p["U"] + p["c"])


def _bw(X, y, p):
    h1, h2, q = _fw(X, p)
    d3 = (q - y) / len(y)
    d2 = np.outer(d3, p["U"]) * h2 * (1 - h2)
    d1 = d2 @ p["W2"].T * (1 - h1**2)
    return {
        "W1": X.T @ d1,
        "b1": d1.sum(0),
        "W2": h1.T @ d2,
        "b2": d2.sum(0),
        "U": h2.T @ d3,
        "c": d3.sum(),
    }


def train(X, y, params, learning_rate, steps):
    p = dict(params)
    for _ in range(steps):
        g = _bw(X, y, p)
        p = {k: p[k] - learning_rate * np.clip(g[k], -0.5, 0.5) for k in p}
    return p
""",
    ),
    "gradients_through_clamped_predictions": (
        "05.torch_gradients",
        "autograd-of-cut-predictions",
        """
import torch
import numpy as np


def _g(p):
    return torch.clamp(p, 0.05, 1 - 0.05)


import torch


def torch_gradients(X, y, params):
    X = torch.tensor(X)
    y = torch.tensor(y)
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}
    h1 = torch.tanh(X @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    q = torch.sigmoid(h2 @ p["U"] + p["c"])
    (-(y * torch.log(_g(q)) + (1 - y) * torch.log(_g(1 - q))).mean()).backward()
    return {k: v.grad.numpy() for k, v in p.items()}
""",
    ),
    "training_with_a_clipped_gradient_norm": (
        "05.train_with_torch",
        "loop-clipped-gradients",
        """
import torch
import numpy as np


def _loss(p, X, y):
    h1 = torch.tanh(X @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.nn.functional.binary_cross_entropy_with_logits(h2 @ p["U"] + p["c"], y)


def train_with_torch(X, y, params, learning_rate, steps):
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}
    X = torch.tensor(X)
    y = torch.tensor(y)
    opt = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        opt.zero_grad()
        _loss(p, X, y).backward()
        torch.nn.utils.clip_grad_norm_(p.values(), 1.0)
        opt.step()
    return {k: w.detach().numpy() for k, w in p.items()}
""",
    ),
}

TOLD = {
    "a_quotient_of_four_points": (
        "04.numerical_gradient",
        VerdictKind.KNOWN_MISTAKE,
        "numerical-five-points",
        "At how many points",
        """
import numpy as np


def numerical_gradient(f, x, step=1e-5):
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):

        def at(s):
            z = x.copy()
            z[i] += s
            return f(z)

        g[i] = (-at(2 * step) + 8 * at(step) - 8 * at(-step) + at(-2 * step)) / (12 * step)
    return g
""",
    ),
    "leaves_that_are_bound_anew": (
        "05.train_with_torch",
        VerdictKind.CRASHED,
        "loop-rebinds-weights",
        "Is the name still bound to the leaf",
        """
import torch


def train_with_torch(X, y, params, learning_rate, steps):
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}
    for _ in range(steps):
        h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
        h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
        y_hat = torch.sigmoid(h2 @ p["U"] + p["c"])
        torch.nn.functional.binary_cross_entropy(y_hat, torch.tensor(y)).backward()
        for name in p:
            p[name] = p[name] - learning_rate * p[name].grad
    return {name: value.detach().numpy() for name, value in p.items()}
""",
    ),
    "backward_of_a_sum": (
        "04.backward",
        VerdictKind.KNOWN_MISTAKE,
        "backward-no-1-over-n",
        "sum or a mean",
        """
import numpy as np


def _sig(z):
    return 1 / (1 + np.exp(-z))


def backward(X, y, params, cache):
    h1, h2, p = cache["h1"], cache["h2"], cache["y_hat"]
    m = len(y)
    d3 = p - y
    d2 = np.outer(d3, params["U"]) * h2 * (1 - h2)
    d1 = d2 @ params["W2"].T * (1 - h1**2)
    return {
        "W1": X.T @ d1,
        "b1": d1.sum(0),
        "W2": h1.T @ d2,
        "b2": d2.sum(0),
        "U": h2.T @ d3,
        "c": d3.sum(),
    }
""",
    ),
    "a_gradient_for_the_plain_number": (
        "05.ScaledExp",
        VerdictKind.CRASHED,
        None,
        "Each input of forward gets one answer",
        """
import torch


class ScaledExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = (k * x).exp()
        ctx.save_for_backward(x, result)
        ctx.k = k
        return result

    @staticmethod
    def backward(ctx, g):
        x, r = ctx.saved_tensors
        return g * r * ctx.k, (g * r * x).sum()
""",
    ),
    "a_plain_number_saved_as_a_tensor": (
        "05.ScaledExp",
        VerdictKind.CRASHED,
        None,
        "Only tensors can be saved",
        """
import torch


class ScaledExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = (k * x).exp()
        ctx.save_for_backward(result, k)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        result, k = ctx.saved_tensors
        return grad_output * result * k, None
""",
    ),
    "a_penalty_cut_off_from_the_graph": (
        "05.penalized_loss",
        VerdictKind.WRONG_TYPE,
        "penalty-detached",
        "it is None. Are the weights",
        """
import torch
import torch.nn.functional as F


def penalized_loss(a, labels, weights, strength):
    return F.cross_entropy(a, labels) + strength * sum((w**2).sum().item() for w in weights)
""",
    ),
    "training_in_single_precision": (
        "05.train_with_torch",
        VerdictKind.WRONG,
        None,
        "numbers of single precision",
        """
import torch
import numpy as np


def _loss(p, X, y):
    h1 = torch.tanh(X @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.nn.functional.binary_cross_entropy_with_logits(h2 @ p["U"] + p["c"], y)


def _leaves(params):
    return {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}


def train_with_torch(X, y, params, learning_rate, steps):
    p = {k: torch.tensor(v, dtype=torch.float32, requires_grad=True) for k, v in params.items()}
    X = torch.Tensor(X)
    y = torch.Tensor(y)
    for _ in range(steps):
        _loss(p, X, y).backward()
        with torch.no_grad():
            for w in p.values():
                w -= learning_rate * w.grad
                w.grad = None
    return {k: w.detach().numpy() for k, w in p.items()}
""",
    ),
}


def judged(name: str, source: str, seed: int):
    specified, cell = exercise(name), {}
    exec(source, cell)
    return judge(specified, InProcess(specified.subject(cell[name[3:]])), seed, source)


@pytest.mark.parametrize(("name", "mistake", "source"), CUT_OFF.values(), ids=CUT_OFF)
@pytest.mark.slow
def test_what_cuts_off_is_named_whatever_the_seed(name, mistake, source):
    found = [judged(name, source, seed) for seed in range(3)]
    assert {(one.verdict, one.mistake) for one in found} == {(VerdictKind.KNOWN_MISTAKE, mistake)}


def loss_of(guard, size):
    def loss(y_hat, y):
        return -np.mean(y * np.log(guard(y_hat, size)) + (1 - y) * np.log(guard(1 - y_hat, size)))

    return loss


def slope_of(guard, size):
    def grad_y_hat(y_hat, y):
        return ((1 - y) / guard(1 - y_hat, size) - y / guard(y_hat, size)) / len(y)

    return grad_y_hat


@pytest.mark.parametrize("size", [1e-10, 3e-8, 1e-5, 2e-3, 0.05])
@pytest.mark.parametrize("guard", [added, raised, clipped], ids=lambda one: one.__name__)
@pytest.mark.parametrize(
    ("id", "answer"), [("04.loss", loss_of), ("04.grad_y_hat", slope_of)], ids=["loss", "slope"]
)
def test_a_guard_is_judged_alike_whatever_the_seed(id, answer, guard, size):
    specified = exercise(id)
    verdicts = [judge(specified, InProcess(answer(guard, size)), seed) for seed in range(3)]
    assert len({(one.right, one.mistake) for one in verdicts}) == 1
    # A cut below every probability that is asked for cannot be told from none.
    assert verdicts[0].right is (size == 1e-10 and guard is not added)
    assert verdicts[0].right or verdicts[0].mistake is not None


@pytest.mark.parametrize(("name", "kind", "mistake", "words", "source"), TOLD.values(), ids=TOLD)
@pytest.mark.slow
def test_a_message_is_true_of_what_was_written(name, kind, mistake, words, source):
    for seed in range(5):
        verdict = judged(name, source, seed)
        assert (verdict.verdict, verdict.mistake) == (kind, mistake)
        assert words in verdict.message


def sizes_of(mistake):
    """The parameters of a family that are sizes, which the judge reads off an answer."""
    return [
        k for k, tried in mistake.family.items() if all(isinstance(one, float) for one in tried)
    ]


def between(mistake):
    """A member of a family of sizes that is none of those that are listed."""
    [sizes] = sizes_of(mistake)
    largest, second, *_ = mistake.family[sizes]
    others = {key: tried[-1] for key, tried in mistake.family.items() if key != sizes}
    return partial(mistake.function, **others, **{sizes: (largest * second) ** 0.5})


SIZED = [
    (one.id, mistake.name)
    for name in ("04-backprop-by-hand", "06-activations", "07-losses-and-metrics", "09-digits")
    for one in notebook(name).exercises.values()
    for mistake in one.mistakes
    if len(sizes_of(mistake)) == 1
    # Its entries are sums over examples, which two sizes may lead to.
    and mistake.name != "backward-with-small-number"
]


@pytest.mark.parametrize(("id", "name"), SIZED, ids=lambda one: one)
def test_a_size_between_those_that_are_listed_has_the_same_name(id, name):
    specified = exercise(id)
    answer = specified.subject(between(specified.named_mistake(name)))
    verdict = judge(specified, InProcess(answer))
    assert verdict.mistake in (name, *specified.named_mistake(name).like), verdict.message
