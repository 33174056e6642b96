"""Gradient descent on the mean binary cross-entropy, over the whole batch."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import BY_AUTOGRAD, notebook, reference
from autograder.exercises.autograd.inputs import networks
from autograder.exercises.autograd.parts import mean_bce, tensors_of
from autograder.exercises.autograd.reference import torch_forward, torch_gradients
from autograder.exercises.backprop_by_hand.inputs import STEEP, steep, undecided
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = notebook.exercise(
    reference.train_with_torch,
    points=3,
    minutes=15,
    hints=(
        "Begin like torch_gradients: a dict of leaves. Then a loop of three calls. In which order?",
        (
            "The loss has to be computed anew in every round: why is the one of the last round "
            "no good?"
        ),
        (
            "Agreement to seven digits only? Print the dtype of every leaf, that of c as well. "
            "Nothing moves? Does zero_grad come between backward and step?"
        ),
    ),
    required=BY_AUTOGRAD,
    rtol=1e-08,
)


@exercise.cases
def cases(rng):
    for (X, y, params), steps in zip(networks(rng), (1, 6, 3, 8)):
        yield case(X, y, params, float(rng.uniform(0.2, 0.8)), steps)
    X, y, params = recorded.network()
    for rate, steps in ((0.5, 1), (0.1, 3), (0.5, 100)):
        yield case(X, y, params, rate, steps, about=VISIBLE)
    X, y, params = steep()
    yield case(X, y, params, 1e-4, 2, about=STEEP)
    X, y, params = undecided()
    yield case(X, y, params, 2.5, 40, about="close to the minimum")


def _trained(p):
    return {name: leaf.detach().numpy() for name, leaf in p.items()}


@exercise.style
def train_with_sgd(X, y, params, learning_rate, steps):
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}
    optimizer = torch.optim.SGD(list(p.values()), lr=learning_rate)
    criterion = torch.nn.BCELoss()
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(torch_forward(X, p), torch.as_tensor(y))
        loss.backward()
        optimizer.step()
    return {name: value.detach().numpy() for name, value in p.items()}


@exercise.style
def train_with_gradients_of_each_step(X, y, params, learning_rate, steps):
    current = {name: np.array(value) for name, value in params.items()}
    for _ in range(steps):
        gradients = torch_gradients(X, y, current)
        current = {name: current[name] - learning_rate * gradients[name] for name in current}
    return current


@exercise.style
def train_without_an_optimizer(X, y, params, learning_rate, steps):
    p = {k: torch.tensor(v, dtype=torch.double, requires_grad=True) for k, v in params.items()}
    y = torch.tensor(y)
    for _ in range(steps):
        y_hat = torch_forward(X, p)
        loss = -(y * y_hat.log() + (1 - y) * (1 - y_hat).log()).mean()
        loss.backward()
        with torch.no_grad():
            for leaf in p.values():
                leaf -= learning_rate * leaf.grad
                leaf.grad = None
    return p


@exercise.style
def train_with_new_leaves(X, y, params, learning_rate, steps):
    names = list(params)
    values = [torch.tensor(params[name], dtype=torch.float64) for name in names]
    for _ in range(steps):
        leaves = [value.detach().requires_grad_(True) for value in values]
        y_hat = torch_forward(X, dict(zip(names, leaves)))
        loss = torch.nn.functional.binary_cross_entropy(y_hat, torch.tensor(y))
        found = torch.autograd.grad(loss, leaves)
        values = [leaf - learning_rate * g for leaf, g in zip(leaves, found)]
    return {name: value.detach().numpy() for name, value in zip(names, values)}


@exercise.style
def train_with_a_closure(X, y, params, learning_rate, steps):
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}
    sgd = torch.optim.SGD(p.values(), lr=learning_rate)

    def closure():
        sgd.zero_grad(set_to_none=False)
        loss = torch.nn.functional.binary_cross_entropy(torch_forward(X, p), torch.tensor(y))
        loss.backward()
        return loss

    for _ in range(steps):
        sgd.step(closure)
    return {name: tensor.detach().clone().numpy() for name, tensor in p.items()}


@exercise.mistake(
    "Print the gradient's norm at every step: why does it grow?",
    said="Gradients are never cleared, so those of earlier steps are added on.",
    root=Root.GRAPH,
)
def loop_no_zero_grad(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Is the loss going down?",
    said="Every step goes along the gradient, uphill, so the loss rises.",
    root=Root.SIGN,
)
def loop_ascent(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate, maximize=True)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Is the name still bound to the leaf you started from?",
    said="Updates replace the leaves by new tensors, which keep no gradient.",
    root=Root.GRAPH,
)
def loop_rebinds_weights(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    for _ in range(steps):
        mean_bce(X, y, p).backward()
        p = {name: leaf - learning_rate * leaf.grad for name, leaf in p.items()}
    return _trained(p)


@exercise.mistake(
    "In which order do the three calls belong? Did the weights move at all?",
    said="Gradients are cleared before the step, so the parameters never move.",
    root=Root.LOOP,
    like=("loop-never-steps",),
)
def loop_zero_before_step(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        mean_bce(X, y, p).backward()
        optimizer.zero_grad()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Which of the calls is it that moves the weights?",
    said="Gradients are computed but no step is made, so the parameters never move.",
    root=Root.LOOP,
    like=("loop-zero-before-step",),
)
def loop_never_steps(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    for _ in range(steps):
        mean_bce(X, y, p).backward()
    return _trained(p)


@exercise.mistake(
    "How many digits does your number format hold?",
    said="Training runs in single precision, which loses digits.",
    root=Root.DIGITS,
)
def loop_single_precision(X, y, params, learning_rate, steps):
    p = {
        name: torch.tensor(np.array(value), dtype=torch.float32, requires_grad=True)
        for name, value in params.items()
    }
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        h1 = torch.tanh(X @ p["W1"] + p["b1"])
        h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
        y_hat = torch.sigmoid(h2 @ p["U"] + p["c"])
        torch.nn.functional.binary_cross_entropy(y_hat, y).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Of which type is a tensor that is made from one Python number?",
    said="The bias c alone is kept in single precision, which loses digits.",
    root=Root.DIGITS,
)
def loop_scalar_in_single_precision(X, y, params, learning_rate, steps):
    p = {name: torch.tensor(value).requires_grad_() for name, value in params.items()}
    p["c"] = torch.tensor(float(params["c"]), requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
        h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
        y_hat = torch.sigmoid(h2 @ p["U"] + p["c"])
        torch.nn.functional.binary_cross_entropy(y_hat, torch.tensor(y)).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Sum or mean: by what factor are your steps too long?",
    said="The losses are summed over the batch, so steps are N times too long.",
    root=Root.MEAN,
)
def loop_sum_of_losses(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    criterion = torch.nn.BCELoss(reduction="sum")
    for _ in range(steps):
        optimizer.zero_grad()
        criterion(torch_forward(X, p), torch.tensor(y)).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Count the steps: how many are taken?",
    said="One step too many is taken.",
    root=Root.INDEX,
)
def loop_one_step_too_many(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps + 1):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Where does the loop end: inside it, or after its first round?",
    said="The return stands inside the loop, so only one step is made.",
    root=Root.LOOP,
)
def loop_returns_after_one_step(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
        return _trained(p)


@exercise.mistake(
    "Plain descent has no memory. Does your optimizer have one?",
    said="The optimizer uses momentum instead of plain gradient descent.",
    family={"tenths": (5, 9)},
)
def loop_momentum(X, y, params, learning_rate, steps, *, tenths=9):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate, momentum=tenths / 10)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Which optimizer was asked for, and what does yours do to the steps?",
    said="Adam is used instead of plain gradient descent.",
)
def loop_adam(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.Adam(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "The whole batch, or one example a step?",
    said="A step is made for each example instead of one for the batch.",
)
def loop_one_example_a_step(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        for n in range(len(y)):
            optimizer.zero_grad()
            mean_bce(X[n : n + 1], y[n : n + 1], p).backward()
            optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Which of the parameters does your optimizer know about?",
    said="The optimizer knows only the weights, so the biases never move.",
    root=Root.BIAS,
)
def loop_weights_without_biases(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD([p["W1"], p["W2"], p["U"]], lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "How often is the sigmoid applied in total?",
    said="Probabilities enter a loss for scores, so the sigmoid is applied twice.",
)
def loop_double_sigmoid(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.BCEWithLogitsLoss()(torch_forward(X, p), torch.tensor(y)).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Are these the parameters, or the last gradients?",
    said="The last gradients are returned instead of the parameters.",
)
def loop_returns_gradients(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@exercise.mistake(
    "A gradient is large: is your step as long as the rule says?",
    said="Large gradients are cut off before the step, as many training loops do.",
    root=Root.LOOP,
    family={"size": (1, 5), "by_length": (False, True)},
)
def loop_clipped_gradients(X, y, params, learning_rate, steps, *, size=1, by_length=True):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        if by_length:
            torch.nn.utils.clip_grad_norm_(p.values(), size)
        else:
            torch.nn.utils.clip_grad_value_(p.values(), size)
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "How many steps does your loop take where the loss hardly falls, and how many are asked for?",
    said="The training stops as soon as the loss falls by little.",
    root=Root.LOOP,
    family={"digits": (2, 3)},
)
def loop_stops_early(X, y, params, learning_rate, steps, *, digits=3):
    p, before = tensors_of(params, requires_grad=True), float("inf")
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = mean_bce(X, y, p)
        if before - loss.item() < 10**-digits:
            break
        before = loss.item()
        loss.backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Which cost does your optimizer lower: the loss alone, or the size of the weights as well?",
    said="The optimizer has a weight decay, which nobody asked for.",
    family={"digits": (2, 4)},
    leads=("SMALL_DIFFERENCE",),
)
def loop_weight_decay(X, y, params, learning_rate, steps, *, digits=4):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate, weight_decay=10**-digits)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "The 1/N is in the loss: is it in the step once more?",
    said="The learning rate is divided by N, which the loss already contains.",
    root=Root.MEAN,
)
def loop_rate_over_n(X, y, params, learning_rate, steps):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate / len(y))
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "What does the learning rate change in your answer?",
    said="The learning rate is always the same, whatever rate is asked for.",
    family={"hundredths": (1, 10)},
)
def loop_rate_ignored(X, y, params, learning_rate, steps, *, hundredths=10):
    p = tensors_of(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=hundredths / 100)
    for _ in range(steps):
        optimizer.zero_grad()
        mean_bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@exercise.mistake(
    "Are the predictions in your loss still those of the network, also where it is very sure?",
    said="The predictions are cut off before the loss, so sure ones get no gradient.",
    root=Root.DIGITS,
    family={"per_cent": (8, 5)},
)
def loop_of_cut_predictions(X, y, params, learning_rate, steps, *, per_cent=5):
    p, y = tensors_of(params, requires_grad=True), torch.as_tensor(y)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        y_hat = torch.clamp(torch_forward(X, p), per_cent / 100, 1 - per_cent / 100)
        torch.nn.functional.binary_cross_entropy(y_hat, y).backward()
        optimizer.step()
    return _trained(p)


@exercise.property(
    "Two steps are one step and then one more: your {name} is {together} after two, and {apart} "
    "after one and one. What does a round of your loop remember?"
)
def two_steps_are_one_and_one(f, X, y, params, learning_rate, steps):
    together = f(X, y, params, learning_rate, 2)
    once = f(X, y, params, learning_rate, 1)
    once = {name: np.asarray(value) for name, value in once.items()}
    apart = f(X, y, once, learning_rate, 1)
    for name in params:
        left, right = np.asarray(together[name]), np.asarray(apart[name])
        if left.shape == right.shape and not np.allclose(left, right, rtol=1e-6):
            return {"name": name, "together": left, "apart": right}


@exercise.property(
    "One small step lowers the loss; with your parameters it goes from {before} to {after}. Which "
    "way does the step go?"
)
def a_small_step_lowers_the_loss(f, X, y, params, learning_rate, steps):
    moved = {name: np.asarray(value) for name, value in f(X, y, params, 1e-3, 1).items()}
    before, after = mean_bce(X, y, params).item(), mean_bce(X, y, moved).item()
    if after > before:
        return {"before": before, "after": after}


exercise.equivalent(
    "set_to_none=False -> set_to_none=True",
    because="A gradient that is None is cleared as one of zeros is.",
)
