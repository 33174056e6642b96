"""Gradients of the mean loss with respect to the intermediate values, by autograd."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import BY_AUTOGRAD, notebook, reference
from autograder.exercises.autograd.inputs import networks
from autograder.exercises.autograd.parts import CUTS, cut_on_both_sides, tensors_of
from autograder.exercises.backprop_by_hand.inputs import sure
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.torch_intermediates,
    points=2,
    minutes=10,
    hints=(
        "Six lines of a forward pass, six names. It helps to keep them in a dict.",
        (
            "Rule 1 of section 5: what has to be called on a value that is no leaf, and when, "
            "before or after backward?"
        ),
        (
            "A RuntimeError that nothing requires grad? At least the parameters must be leaves "
            "that ask for gradients, so that there is a graph at all."
        ),
    ),
    required=BY_AUTOGRAD,
)


@exercise.cases
def cases(rng):
    for X, y, params in networks(rng):
        yield case(X, y, params)
    X, y, params = recorded.network()
    yield case(X, y, params, about=VISIBLE)
    X, y, params = sure()
    yield case(X, y, params, about="sure and right")
    yield case(X, 1 - y, params, about="sure and wrong")


def _values(X, params):
    """The values of the forward pass, on the way from the leaves."""
    p, v = tensors_of(params, requires_grad=True), {}
    v["u1"] = torch.tensor(X) @ p["W1"] + p["b1"]
    v["h1"] = torch.tanh(v["u1"])
    v["u2"] = v["h1"] @ p["W2"] + p["b2"]
    v["h2"] = torch.sigmoid(v["u2"])
    v["u3"] = v["h2"] @ p["U"] + p["c"]
    v["y_hat"] = torch.sigmoid(v["u3"])
    return v


def _kept(X, params):
    values = _values(X, params)
    for tensor in values.values():
        tensor.retain_grad()
    return values


@exercise.style
def intermediates_line_by_line(X, y, params):
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}
    u1 = torch.tensor(X) @ p["W1"] + p["b1"]
    u1.retain_grad()
    h1 = torch.tanh(u1)
    h1.retain_grad()
    u2 = h1 @ p["W2"] + p["b2"]
    u2.retain_grad()
    h2 = torch.sigmoid(u2)
    h2.retain_grad()
    u3 = h2 @ p["U"] + p["c"]
    u3.retain_grad()
    y_hat = torch.sigmoid(u3)
    y_hat.retain_grad()
    torch.nn.BCELoss()(y_hat, torch.tensor(y)).backward()
    values = {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": y_hat}
    return {name: value.grad.numpy() for name, value in values.items()}


@exercise.style
def intermediates_by_autograd_grad(X, y, params):
    p = {name: torch.tensor(value, dtype=torch.float64) for name, value in params.items()}
    p["W1"].requires_grad_()
    u1 = torch.from_numpy(X) @ p["W1"] + p["b1"]
    h1 = u1.tanh()
    u2 = h1 @ p["W2"] + p["b2"]
    h2 = u2.sigmoid()
    u3 = h2 @ p["U"] + p["c"]
    y_hat = u3.sigmoid()
    loss = torch.nn.functional.binary_cross_entropy(y_hat, torch.from_numpy(y))
    names = ["u1", "h1", "u2", "h2", "u3", "y_hat"]
    return dict(zip(names, torch.autograd.grad(loss, [u1, h1, u2, h2, u3, y_hat])))


@exercise.style
def intermediates_one_start_at_a_time(X, y, params):
    p = {name: torch.as_tensor(value, dtype=torch.float64) for name, value in params.items()}

    def leaf(value):
        return value.detach().requires_grad_()

    def ask(start, rest):
        loss = torch.nn.functional.binary_cross_entropy(rest(start), torch.tensor(y))
        loss.backward()
        return start.grad.numpy()

    def from_h2(h2):
        return torch.sigmoid(h2 @ p["U"] + p["c"])

    def from_h1(h1):
        return from_h2(torch.sigmoid(h1 @ p["W2"] + p["b2"]))

    u1 = torch.tensor(X) @ p["W1"] + p["b1"]
    h1 = torch.tanh(u1)
    u2 = h1 @ p["W2"] + p["b2"]
    h2 = torch.sigmoid(u2)
    u3 = h2 @ p["U"] + p["c"]
    return {
        "y_hat": ask(leaf(torch.sigmoid(u3)), lambda y_hat: y_hat),
        "u3": ask(leaf(u3), torch.sigmoid),
        "h2": ask(leaf(h2), from_h2),
        "u2": ask(leaf(u2), lambda u2: from_h2(torch.sigmoid(u2))),
        "h1": ask(leaf(h1), from_h1),
        "u1": ask(leaf(u1), lambda u1: from_h1(torch.tanh(u1))),
    }


@exercise.style
def intermediates_with_hooks(X, y, params):
    p = {k: torch.tensor(v, dtype=torch.double, requires_grad=True) for k, v in params.items()}
    caught = {}

    def watch(name, tensor):
        tensor.register_hook(lambda gradient: caught.update({name: gradient.numpy()}))
        return tensor

    u1 = watch("u1", torch.tensor(X) @ p["W1"] + p["b1"])
    h1 = watch("h1", torch.tanh(u1))
    u2 = watch("u2", h1 @ p["W2"] + p["b2"])
    h2 = watch("h2", torch.sigmoid(u2))
    u3 = watch("u3", h2 @ p["U"] + p["c"])
    y_hat = watch("y_hat", torch.sigmoid(u3))
    torch.nn.BCELoss()(y_hat, torch.tensor(y)).backward()
    return caught


@exercise.mistake(
    "These are no leaves: who has to be asked to keep a gradient?",
    said="No intermediate value is asked to retain its gradient, so none is kept.",
    root=Root.GRAPH,
)
def kept_nothing(X, y, params):
    v = _values(X, params)
    torch.nn.functional.binary_cross_entropy(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.grad for name, tensor in v.items()}


@exercise.mistake(
    "Are these the values, or the gradients of the loss by them?",
    said="The intermediate values are returned instead of their gradients.",
)
def kept_values_returned(X, y, params):
    v = _kept(X, params)
    torch.nn.functional.binary_cross_entropy(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.detach().numpy() for name, tensor in v.items()}


@exercise.mistake(
    "Sum or mean: where does the number of examples enter?",
    said="The losses are summed over the batch instead of averaged.",
    root=Root.MEAN,
)
def kept_sum_reduction(X, y, params):
    v = _kept(X, params)
    torch.nn.BCELoss(reduction="sum")(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@exercise.mistake(
    "How often did backward run, and what happened to what was there?",
    said="Two backward passes add up, so every gradient is doubled.",
    root=Root.GRAPH,
    leads=("TWICE",),
)
def kept_accumulated(X, y, params):
    v = _kept(X, params)
    loss = torch.nn.functional.binary_cross_entropy(v["y_hat"], torch.tensor(y))
    loss.backward(retain_graph=True)
    loss.backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@exercise.mistake(
    "Detached values: is there still a way from the loss to u1?",
    said="The values are detached, so no gradient goes further back than y_hat.",
    root=Root.GRAPH,
)
def kept_detached_halfway(X, y, params):
    v = {name: tensor.detach().requires_grad_() for name, tensor in _values(X, params).items()}
    torch.nn.functional.binary_cross_entropy(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.grad for name, tensor in v.items()}


@exercise.mistake(
    "How often is the sigmoid applied in total?",
    said="Probabilities enter a loss for scores, so the sigmoid is applied twice.",
)
def kept_double_sigmoid(X, y, params):
    v = _kept(X, params)
    torch.nn.BCEWithLogitsLoss()(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@exercise.mistake(
    "Of what is this the gradient, of the loss or of the output?",
    said="The mean output is differentiated instead of the loss.",
)
def kept_of_the_output(X, y, params):
    v = _kept(X, params)
    v["y_hat"].mean().backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@exercise.mistake(
    "Are the predictions in your loss still those of the network, also where it is very sure?",
    said="The predictions are cut off before the loss, so sure ones get no gradient.",
    root=Root.DIGITS,
    family={
        "size": (0.08, 1e-2, 1e-4, 1e-6),
        "cut": CUTS,
    },
)
def kept_of_cut_predictions(X, y, params, *, size=1e-2, cut=cut_on_both_sides):
    v = _kept(X, params)
    (p, q), y = cut(v["y_hat"], size), torch.as_tensor(y)
    (-(y * torch.log(p) + (1 - y) * torch.log(q)).mean()).backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@exercise.mistake(
    "What stands in your logarithm beside the prediction?",
    said="A small number is added inside the logarithms of the loss.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7)},
)
def kept_with_small_number(X, y, params, *, size=1e-7):
    v = _kept(X, params)
    p, y = v["y_hat"], torch.as_tensor(y)
    (-(y * torch.log(p + size) + (1 - y) * torch.log(1 - p + size)).mean()).backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@exercise.property(
    "A score moves the loss through its prediction alone, and no score pulls harder than 1/{n}; "
    "yours in u3 pulls with {found}. Which loss do you differentiate?"
)
def scores_pull_with_at_most_one_over_n(f, X, y, params):
    found = np.abs(np.asarray(f(X, y, params)["u3"]))
    if found.shape == y.shape and found.max() > 1 / len(y) + 1e-9:
        return {"n": len(y), "found": found.max()}
