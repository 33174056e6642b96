"""Gradients of the mean binary cross-entropy of the network, by autograd."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import BY_AUTOGRAD, notebook, reference
from autograder.exercises.autograd.inputs import networks
from autograder.exercises.autograd.parts import (
    CUTS,
    cut_on_both_sides,
    mean_bce,
    tensors_of,
)
from autograder.exercises.autograd.reference import torch_forward
from autograder.exercises.backprop_by_hand.inputs import STEEP, steep, sure
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.torch_gradients,
    points=2,
    minutes=12,
    hints=(
        (
            "Four steps: leaves, loss, backward, read. Which tensors have to be made with "
            "requires_grad=True?"
        ),
        (
            "Keep the leaves in a dict and hand that dict to torch_forward. Is the loss a single "
            "number?"
        ),
        (
            "A .grad of None? Then that tensor is no leaf, or torch_forward made a new tensor "
            "from it. Five times too large? Sum or mean?"
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
    X, y, params = steep()
    yield case(X, y, params, about=STEEP)


@exercise.style
def gradients_by_backward(X, y, params):
    leaves = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in params.items()
    }
    loss = torch.nn.BCELoss()(torch_forward(X, leaves), torch.tensor(y))
    loss.backward()
    return {name: leaf.grad.numpy() for name, leaf in leaves.items()}


@exercise.style
def gradients_by_autograd_grad(X, y, params):
    p = {k: torch.tensor(v, dtype=torch.double).requires_grad_() for k, v in params.items()}
    y_hat, y = torch_forward(X, p), torch.from_numpy(y)
    loss = -(y * torch.log(y_hat) + (1 - y) * torch.log(1 - y_hat)).mean()
    found = torch.autograd.grad(loss, list(p.values()))
    return {name: gradient.numpy() for name, gradient in zip(p, found)}


@exercise.style
def gradients_by_torch_func(X, y, params):
    def loss(p):
        y_hat = torch_forward(X, p)
        return torch.nn.functional.binary_cross_entropy(y_hat, torch.as_tensor(y))

    p = {name: torch.as_tensor(value, dtype=torch.float64) for name, value in params.items()}
    return torch.func.grad(loss)(p)


@exercise.style
def gradients_layer_by_layer(X, y, params):
    X, y = torch.tensor(X), torch.tensor(y)
    names = ["W1", "b1", "W2", "b2", "U", "c"]
    W1, b1, W2, b2, U, c = (
        torch.tensor(np.array(params[name]), requires_grad=True) for name in names
    )
    h1 = torch.tanh(X @ W1 + b1)
    h2 = torch.sigmoid(h1 @ W2 + b2)
    u3 = h2 @ U + c
    torch.nn.BCEWithLogitsLoss()(u3, y).backward()
    return dict(zip(names, [W1.grad, b1.grad, W2.grad, b2.grad, U.grad, c.grad]))


@exercise.style
def gradients_example_by_example(X, y, params):
    leaves = {
        k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()
    }
    for n in range(len(y)):
        y_hat = torch_forward(X[n : n + 1], leaves)[0]
        p = y_hat if y[n] == 1 else 1 - y_hat
        # .grad adds up over the calls: here that is just what is needed.
        (-torch.log(p) / len(y)).backward()
    return {name: leaf.grad.tolist() for name, leaf in leaves.items()}


@exercise.mistake(
    "Print the gradient after each pass: why does it grow?",
    said="Two backward passes add up, so every gradient is doubled.",
    root=Root.GRAPH,
    leads=("TWICE",),
)
def autograd_accumulated(X, y, params):
    p = tensors_of(params, requires_grad=True)
    for _ in range(2):
        mean_bce(X, y, p).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Which tensors keep their gradient? Is yours one of them?",
    said="Gradients are read from tensors that are no leaves, which keep none.",
    root=Root.GRAPH,
)
def autograd_non_leaf(X, y, params):
    p = {name: 1.0 * leaf for name, leaf in tensors_of(params, requires_grad=True).items()}
    mean_bce(X, y, p).backward()
    return {name: tensor.grad for name, tensor in p.items()}


@exercise.mistake(
    "Did you tell the library that you want this derivative?",
    said="The parameters do not ask for a gradient, so backward fails.",
    root=Root.GRAPH,
    like=("autograd-detached-loss", "autograd-thresholded"),
)
def autograd_no_requires_grad(X, y, params):
    p = tensors_of(params)
    mean_bce(X, y, p).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Is the loss still connected to the weights?",
    said="The loss is detached from the graph, so backward fails.",
    root=Root.GRAPH,
    like=("autograd-no-requires-grad", "autograd-thresholded"),
)
def autograd_detached_loss(X, y, params):
    p = tensors_of(params, requires_grad=True)
    mean_bce(X, y, p).detach().backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Which step of your computation has a slope of zero or none?",
    said="Predictions are compared with 0.5, which cuts the loss off the graph.",
    root=Root.GRAPH,
    like=("autograd-no-requires-grad", "autograd-detached-loss"),
)
def autograd_thresholded(X, y, params):
    p = tensors_of(params, requires_grad=True)
    decision = (torch_forward(X, p) >= 0.5).double()
    torch.mean((decision - torch.tensor(y)) ** 2).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Of which single number do you want the gradient?",
    said="The losses are not averaged to one number, so backward fails.",
    root=Root.MEAN,
)
def autograd_vector_loss(X, y, params):
    p = tensors_of(params, requires_grad=True)
    loss = torch.nn.BCELoss(reduction="none")(torch_forward(X, p), torch.tensor(y))
    loss.backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Compare the size of your gradient with the hand result: sum or mean?",
    said="The losses are summed over the batch instead of averaged.",
    root=Root.MEAN,
)
def autograd_sum_reduction(X, y, params):
    p = tensors_of(params, requires_grad=True)
    torch.nn.BCELoss(reduction="sum")(torch_forward(X, p), torch.tensor(y)).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "What happens to the stored intermediate values after a backward pass?",
    said="Backward runs twice on one graph, which is freed after the first time.",
    root=Root.GRAPH,
)
def autograd_graph_freed(X, y, params):
    p = tensors_of(params, requires_grad=True)
    loss = mean_bce(X, y, p)
    loss.backward()
    loss.backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "How often is the sigmoid applied in total?",
    said="Probabilities enter a loss for scores, so the sigmoid is applied twice.",
)
def autograd_double_sigmoid(X, y, params):
    p = tensors_of(params, requires_grad=True)
    torch.nn.BCEWithLogitsLoss()(torch_forward(X, p), torch.tensor(y)).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Which loss has this network: where are its logarithms?",
    said="The squared error is differentiated instead of the cross-entropy.",
)
def autograd_squared_error(X, y, params):
    p = tensors_of(params, requires_grad=True)
    torch.nn.MSELoss()(torch_forward(X, p), torch.tensor(y)).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Should the gradient point uphill on the loss, or downhill?",
    said="The minus sign of the loss is missing, so every gradient is reversed.",
    root=Root.SIGN,
)
def autograd_sign(X, y, params):
    p = tensors_of(params, requires_grad=True)
    y_hat, y = torch_forward(X, p), torch.tensor(y)
    (y * torch.log(y_hat) + (1 - y) * torch.log(1 - y_hat)).mean().backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "What does your loss say about the examples with label 0?",
    said="The loss has no term for the examples of class 0.",
)
def autograd_positive_term_only(X, y, params):
    p = tensors_of(params, requires_grad=True)
    y_hat, y = torch_forward(X, p), torch.tensor(y)
    (-(y * torch.log(y_hat))).mean().backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Of what is this the gradient, of the loss or of the output?",
    said="The mean output is differentiated instead of the loss.",
)
def autograd_of_the_output(X, y, params):
    p = tensors_of(params, requires_grad=True)
    torch_forward(X, p).mean().backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "Are these the parameters, or what was asked for about them?",
    said="The parameters are returned instead of their gradients.",
)
def autograd_returns_the_parameters(X, y, params):
    p = tensors_of(params, requires_grad=True)
    mean_bce(X, y, p).backward()
    return {name: leaf.detach().numpy() for name, leaf in p.items()}


def _cost(y_hat, y):
    y = torch.as_tensor(y)
    return -(y * torch.log(y_hat) + (1 - y) * torch.log(1 - y_hat)).mean()


@exercise.mistake(
    "Are the predictions in your loss still those of the network, also where it is very sure?",
    said="The predictions are cut off before the loss, so sure ones get no gradient.",
    root=Root.DIGITS,
    family={
        "size": (0.08, 0.05, 1e-2, 1e-4, 1e-6),
        "cut": CUTS,
    },
)
def autograd_of_cut_predictions(X, y, params, *, size=1e-2, cut=cut_on_both_sides):
    p = tensors_of(params, requires_grad=True)
    y_hat, y = cut(torch_forward(X, p), size), torch.as_tensor(y)
    (-(y * torch.log(y_hat[0]) + (1 - y) * torch.log(y_hat[1])).mean()).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "What stands in your logarithm beside the prediction?",
    said="A small number is added inside the logarithms of the loss.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7)},
)
def autograd_with_small_number(X, y, params, *, size=1e-7):
    p = tensors_of(params, requires_grad=True)
    y_hat, y = torch_forward(X, p), torch.as_tensor(y)
    (-(y * torch.log(y_hat + size) + (1 - y) * torch.log(1 - y_hat + size)).mean()).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "The inputs are large, so is the gradient: does yours stop growing somewhere?",
    said="Large gradients are cut off, as many training loops do.",
    root=Root.DIGITS,
    family={"size": (0.5, 1, 5), "by_length": (False, True)},
)
def autograd_clipped(X, y, params, *, size=1, by_length=True):
    p = tensors_of(params, requires_grad=True)
    mean_bce(X, y, p).backward()
    if by_length:
        torch.nn.utils.clip_grad_norm_(p.values(), size)
    else:
        torch.nn.utils.clip_grad_value_(p.values(), size)
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "By which names will the next exercises ask for the gradients: print the keys of params?",
    said="The gradients have names of their own, dW1 and db1.",
)
def autograd_other_names(X, y, params):
    p = tensors_of(params, requires_grad=True)
    mean_bce(X, y, p).backward()
    return {"d" + name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "The loss averages over the batch: how often does your code divide by its size?",
    said="The mean is divided by the number of examples once more.",
    root=Root.MEAN,
)
def autograd_1_over_n_twice(X, y, params):
    p = tensors_of(params, requires_grad=True)
    (mean_bce(X, y, p) / len(y)).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.property(
    "A small step against the gradient of {name} lowers the loss, and a step against yours raises "
    "it. Of which loss is it the gradient?"
)
def a_step_lowers_the_loss(f, X, y, params):
    found, before = f(X, y, params), _cost(torch_forward(X, params), y)
    for name in ("c", "U", "b2", "W2", "b1", "W1"):
        slope = np.asarray(found[name])
        if slope.shape != np.shape(params[name]) or not 0 < np.linalg.norm(slope) < np.inf:
            return None
        moved = {**params, name: params[name] - 1e-4 * slope / np.linalg.norm(slope)}
        if _cost(torch_forward(X, moved), y) > before:
            return {"name": name}


@exercise.property(
    "Hand over every example twice and the gradient of a mean stays as it is; yours of {name} goes "
    "from {once} to {twice}. Sum or mean?"
)
def the_same_for_every_example_twice(f, X, y, params):
    once, twice = f(X, y, params), f(np.tile(X, (2, 1)), np.tile(y, 2), params)
    for name in ("c", "U", "b2", "W2", "b1", "W1"):
        left, right = np.asarray(once[name]), np.asarray(twice[name])
        if left.shape == right.shape and not np.allclose(left, right, rtol=1e-6):
            return {"name": name, "once": left, "twice": right}


exercise.equivalent("n + 1 -> n + 2", because="Only the first row is taken of what comes back.")
