"""Output of the network tanh, sigmoid, sigmoid."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import notebook, reference
from autograder.exercises.autograd.inputs import networks
from autograder.exercises.autograd.parts import sigmoid, tensors_of
from autograder.exercises.backprop_by_hand.inputs import SURE, sure
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded, tensors

exercise = notebook.exercise(
    reference.torch_forward,
    points=2,
    minutes=8,
    hints=(
        "Write your forward pass of notebook 04 again, with torch's functions in place of NumPy's.",
        (
            "Make a dict of tensors from params first, then three lines, one a layer. Which "
            "activation has each of them?"
        ),
        (
            "An error about Double and Float? One tensor is float32: which did you make without "
            "dtype? A wrong shape? U is a vector of shape (d2,)."
        ),
    ),
    subject=tensors.tensor_from,
)


@exercise.cases
def cases(rng):
    for X, _, params in networks(rng):
        yield case(X, params)
    X, _, params = recorded.network()
    yield case(X, params, about=VISIBLE)
    X, _, params = sure()
    yield case(X, params, about=SURE)


@exercise.style
def forward_with_methods(X, params):
    p = {name: torch.as_tensor(value) for name, value in params.items()}
    h1 = torch.as_tensor(X).matmul(p["W1"]).add(p["b1"]).tanh()
    h2 = h1.matmul(p["W2"]).add(p["b2"]).sigmoid()
    return h2.matmul(p["U"]).add(p["c"]).sigmoid()


@exercise.style
def forward_line_by_line(X, params):
    X = torch.tensor(X)
    W1, b1 = torch.tensor(params["W1"]), torch.tensor(params["b1"])
    W2, b2 = torch.tensor(params["W2"]), torch.tensor(params["b2"])
    U, c = torch.tensor(params["U"]), torch.tensor(params["c"], dtype=torch.float64)
    u1 = X @ W1 + b1
    h1 = torch.tanh(u1)
    u2 = h1 @ W2 + b2
    h2 = torch.sigmoid(u2)
    u3 = h2 @ U + c
    return torch.sigmoid(u3)


@exercise.style
def forward_with_einsum(X, params):
    tensors = {k: torch.tensor(v, dtype=torch.double) for k, v in params.items()}
    X = torch.from_numpy(X)
    h1 = torch.tanh(torch.einsum("ni,ij->nj", X, tensors["W1"]) + tensors["b1"])
    h2 = 1 / (1 + torch.exp(-(torch.einsum("nj,jk->nk", h1, tensors["W2"]) + tensors["b2"])))
    return 1 / (1 + torch.exp(-(torch.einsum("nk,k->n", h2, tensors["U"]) + tensors["c"])))


@exercise.style
def forward_example_by_example(X, params):
    p = {name: torch.as_tensor(value, dtype=torch.float64) for name, value in params.items()}
    rows = []
    for x in torch.as_tensor(X):
        h1 = torch.tanh(x @ p["W1"] + p["b1"])
        h2 = torch.sigmoid(p["W2"].T @ h1 + p["b2"])
        rows.append(torch.sigmoid(torch.dot(h2, p["U"]) + p["c"]))
    return torch.stack(rows)


@exercise.style
def forward_that_asks_for_gradients(X, params):
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(torch.nn.functional.linear(h1, p["W2"].T, p["b2"]))
    return torch.sigmoid((h2 * p["U"]).sum(dim=1) + p["c"])


@exercise.mistake(
    "Which activation belongs to the first hidden layer?",
    said="The first hidden layer uses the sigmoid instead of tanh.",
)
def net_h1_sigmoid(X, params):
    p = tensors_of(params)
    h1 = torch.sigmoid(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Which activation belongs to the second hidden layer?",
    said="The second hidden layer uses tanh instead of the sigmoid.",
)
def net_h2_tanh(X, params):
    p = tensors_of(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.tanh(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Is every term of the first affine map there?",
    said="The bias b1 is left out of the first layer.",
    root=Root.BIAS,
)
def net_no_b1(X, params):
    p = tensors_of(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Is every term of the second affine map there?",
    said="The bias b2 is left out of the second layer.",
    root=Root.BIAS,
)
def net_no_b2(X, params):
    p = tensors_of(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Does the output unit have an intercept?",
    said="The bias c is left out of the output unit.",
    root=Root.BIAS,
)
def net_no_c(X, params):
    p = tensors_of(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"])


@exercise.mistake(
    "Two affine maps in a row collapse into what?",
    said="The first hidden layer has no activation, so it stays linear.",
)
def net_linear_hidden(X, params):
    p = tensors_of(params)
    h1 = torch.tensor(X) @ p["W1"] + p["b1"]
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Is this a score or a probability? What is the last node of the graph?",
    said="The score is returned, without the last sigmoid.",
)
def net_returns_the_score(X, params):
    p = tensors_of(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return h2 @ p["U"] + p["c"]


@exercise.mistake(
    "One number an example: which axis of length 1 is left over?",
    said="The output is a column instead of a vector with one axis.",
    root=Root.AXIS,
)
def net_column_output(X, params):
    p = tensors_of(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"][:, None] + p["c"])


@exercise.mistake(
    "In which library is the answer to be made? What is the type of yours?",
    said="The network is computed in NumPy, so the answer is no tensor.",
    root=Root.GRAPH,
)
def net_in_numpy(X, params):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = sigmoid(h1 @ params["W2"] + params["b2"])
    return sigmoid(h2 @ params["U"] + params["c"])


@exercise.mistake(
    "PyTorch and NumPy in one product: which of the two owns your X?",
    said="PyTorch functions are given NumPy arrays, which they do not accept.",
)
def net_mixed_libraries(X, params):
    h1 = torch.tanh(X @ params["W1"] + params["b1"])
    h2 = torch.sigmoid(h1 @ params["W2"] + params["b2"])
    return torch.sigmoid(h2 @ params["U"] + params["c"])


@exercise.mistake(
    "Of which type is torch.Tensor(X), and of which type are the parameters?",
    said="X is in single precision and the parameters in double, which do not mix.",
)
def net_two_precisions(X, params):
    p = tensors_of(params)
    h1 = torch.tanh(torch.Tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])
