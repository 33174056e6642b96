"""Output of the network tanh, sigmoid, sigmoid."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import notebook, reference
from autograder.exercises.autograd.inputs import networks
from autograder.exercises.autograd.parts import (
    clamped,
    clamped_above,
    clamped_below,
    float64_tensors,
    sigmoid,
    tensors_of,
)
from autograder.exercises.backprop_by_hand.inputs import LARGE, SURE, large, sure
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded, tensors

exercise = notebook.exercise(
    reference.torch_forward,
    points=2,
    minutes=10,
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
    yield case(*large(), about=LARGE)


@exercise.style
def forward_with_methods(X, params):
    p = {name: torch.as_tensor(value) for name, value in params.items()}
    h1 = torch.as_tensor(X).matmul(p["W1"]).add(p["b1"]).tanh()
    h2 = h1.matmul(p["W2"]).add(p["b2"]).sigmoid()
    return h2.matmul(p["U"]).add(p["c"]).sigmoid()


@exercise.style
def forward_line_by_line(X, params):
    X = torch.tensor(X)
    W1, b1 = torch.as_tensor(params["W1"]), torch.as_tensor(params["b1"])
    W2, b2 = torch.as_tensor(params["W2"]), torch.as_tensor(params["b2"])
    U, c = torch.as_tensor(params["U"]), torch.as_tensor(params["c"], dtype=torch.float64)
    u1 = X @ W1 + b1
    h1 = torch.tanh(u1)
    u2 = h1 @ W2 + b2
    h2 = torch.sigmoid(u2)
    u3 = h2 @ U + c
    return torch.sigmoid(u3)


@exercise.style
def forward_with_einsum(X, params):
    tensors = {k: torch.as_tensor(v, dtype=torch.double) for k, v in params.items()}
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
    p = {}
    for name, value in params.items():
        own = torch.is_tensor(value)
        p[name] = value if own else torch.tensor(value, dtype=torch.float64, requires_grad=True)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(torch.nn.functional.linear(h1, p["W2"].T, p["b2"]))
    return torch.sigmoid((h2 * p["U"]).sum(dim=1) + p["c"])


@exercise.mistake(
    "Which activation belongs to the first hidden layer?",
    said="The first hidden layer uses the sigmoid instead of tanh.",
)
def net_h1_sigmoid(X, params):
    p = float64_tensors(params)
    h1 = torch.sigmoid(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Which activation belongs to the second hidden layer?",
    said="The second hidden layer uses tanh instead of the sigmoid.",
)
def net_h2_tanh(X, params):
    p = float64_tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.tanh(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Is every term of the first affine map there?",
    said="The bias b1 is left out of the first layer.",
    root=Root.BIAS,
)
def net_no_b1(X, params):
    p = float64_tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Is every term of the second affine map there?",
    said="The bias b2 is left out of the second layer.",
    root=Root.BIAS,
)
def net_no_b2(X, params):
    p = float64_tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Does the output unit have an intercept?",
    said="The bias c is left out of the output unit.",
    root=Root.BIAS,
)
def net_no_c(X, params):
    p = float64_tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"])


@exercise.mistake(
    "Two affine maps in a row collapse into what?",
    said="The first hidden layer has no activation, so it stays linear.",
)
def net_linear_hidden(X, params):
    p = float64_tensors(params)
    h1 = torch.tensor(X) @ p["W1"] + p["b1"]
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@exercise.mistake(
    "Is this a score or a probability? What is the last node of the graph?",
    said="The score is returned, without the last sigmoid.",
)
def net_returns_the_score(X, params):
    p = float64_tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return h2 @ p["U"] + p["c"]


@exercise.mistake(
    "One number an example: which axis of length 1 is left over?",
    said="The output is a column instead of a vector with one axis.",
    root=Root.AXIS,
)
def net_column_output(X, params):
    p = float64_tensors(params)
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
    p = float64_tensors(params)
    h1 = torch.tanh(torch.Tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


def layered(X, p, hidden=torch.sigmoid, output=torch.sigmoid):
    h1 = torch.tanh(torch.as_tensor(X) @ p["W1"] + p["b1"])
    return output(hidden(h1 @ p["W2"] + p["b2"]) @ p["U"] + p["c"])


@exercise.mistake(
    "Two large scores come out alike: what did you do to them before the sigmoid?",
    said="The scores are cut off before the sigmoid, so large ones look alike.",
    root=Root.DIGITS,
    like=("net-cut-predictions",),
    family={"size": (2.0, 3.0, 5.0), "where": ("both layers", "hidden layer")},
)
def net_cut_scores(X, params, *, size=5.0, where="both layers"):
    def cut(u):
        return torch.sigmoid(torch.clamp(u, -size, size))

    p = float64_tensors(params)
    return layered(X, p, cut, torch.sigmoid if where == "hidden layer" else cut)


@exercise.mistake(
    "How close may a prediction come to 0 and 1, and how close do yours come?",
    said="The predictions are cut off before they are returned.",
    root=Root.DIGITS,
    like=("net-cut-scores",),
    family={"size": (0.08, 1e-2, 1e-4), "guard": (clamped, clamped_below, clamped_above)},
)
def net_cut_predictions(X, params, *, size=1e-2, guard=clamped):
    return guard(layered(X, float64_tensors(params)), size)


@exercise.mistake(
    "The sigmoid is a tanh that was moved and stretched: by how much is the score stretched?",
    said="The tanh form of the sigmoid has the score itself where its half belongs.",
    root=Root.FACTOR_TWO,
)
def net_tanh_of_whole_score(X, params):
    def stretched(u):
        return 0.5 * (1 + torch.tanh(u))

    return layered(X, float64_tensors(params), stretched, stretched)


@exercise.mistake(
    "All inputs 0: does anything reach the output?",
    said="The biases of all layers are left out.",
    root=Root.BIAS,
)
def net_no_biases(X, params):
    p = float64_tensors(params)
    h1 = torch.tanh(torch.as_tensor(X) @ p["W1"])
    return torch.sigmoid(torch.sigmoid(h1 @ p["W2"]) @ p["U"])


@exercise.mistake(
    "Which activations has the network of notebook 04?",
    said="The hidden layers use ReLU instead of tanh and the sigmoid.",
)
def net_relu(X, params):
    p = float64_tensors(params)
    h1 = torch.relu(torch.as_tensor(X) @ p["W1"] + p["b1"])
    return torch.sigmoid(torch.relu(h1 @ p["W2"] + p["b2"]) @ p["U"] + p["c"])


@exercise.mistake(
    "The next exercise hands you leaves: does torch.tensor make a copy of them, and which of the "
    "two does the graph lead to?",
    said="The parameters are copied, which cuts the graph that leads to the leaves.",
    root=Root.GRAPH,
    like=("net-numpy-inside",),
)
def net_copies_cut_the_graph(X, params):
    p = tensors_of(params)
    return layered(X, p)


@exercise.mistake(
    "The next exercise hands you leaves: can the graph lead to them through what NumPy computes?",
    said="NumPy computes the network, and only the answer is made into a tensor.",
    root=Root.GRAPH,
    like=("net-copies-cut-the-graph",),
)
def net_numpy_inside(X, params):
    p = {name: torch.as_tensor(value).detach().numpy() for name, value in params.items()}
    h1 = np.tanh(X @ p["W1"] + p["b1"])
    h2 = sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.tensor(sigmoid(h2 @ p["U"] + p["c"]))


@exercise.mistake(
    "Print the dtype of your answer: how many digits does that format hold?",
    said="The network is computed in single precision.",
    root=Root.DIGITS,
)
def net_single_precision(X, params):
    p = {name: torch.as_tensor(value, dtype=torch.float32) for name, value in params.items()}
    return layered(torch.as_tensor(X, dtype=torch.float32), p)


@exercise.property(
    "Each example goes through the network alone; your prediction for the first is {alone} by "
    "itself and {together} in the batch. What does an example see of the others?"
)
def every_example_by_itself(f, X, params):
    together, alone = np.asarray(f(X, params)), np.asarray(f(X[:1], params))
    if together.shape == (len(X),) and not np.isclose(together[0], alone[0], rtol=1e-6):
        return {"alone": alone[0], "together": together[0]}


@exercise.property(
    "Without any weights and biases every score is 0, and your prediction is {found}. Which value "
    "has the last activation at 0?"
)
def one_half_without_weights(f, X, params):
    found = np.asarray(f(X, {name: 0 * value for name, value in params.items()}))
    if found.shape == (len(X),) and not np.allclose(found, 0.5, atol=1e-9):
        return {"found": found[0]}


exercise.equivalent(
    "torch.dot(h2, p['U']) -> torch.dot(p['U'], h2)",
    because="A product of two vectors is the same in either order.",
)

exercise.equivalent(
    "requires_grad=True -> requires_grad=False", because="No gradient of these leaves is asked for."
)
