"""Named wrong answers to 05-autograd, each with a question as its hint.

Each is what a student might write. Where several of them raise the same exception, what PyTorch
says in it tells them apart; those that differ in nothing at all name each other as `like`.
"""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd.cases import notebook
from autograder.exercises.autograd.reference import torch_forward

mistake = notebook.mistake

# ------------------------------------------------------------------------- graphs by hand


@mistake("product_of_sum_gradients", "By which other factor does the product node multiply?")
def abc_local_as_global(a, b, c):
    return a + b, a + b, c


@mistake("product_of_sum_gradients", "The value of a variable, or the effect of nudging it?")
def abc_own_value(a, b, c):
    return a, b, c


@mistake("product_of_sum_gradients", "These are slopes at the sum: what happens to them at the c?")
def abc_stopped_at_the_sum(a, b, c):
    return 1.0, 1.0, a + b


@mistake("product_of_sum_gradients", "Nudge c by 0.01 and compute f again: how far does f move?")
def abc_c_forgets_the_sum(a, b, c):
    return c, c, 1.0


@mistake("product_of_sum_gradients", "Is f one of its own derivatives? How large is f here?")
def abc_returns_the_value(a, b, c):
    return c, c, (a + b) * c


@mistake("product_of_sum_gradients", "In which order are the three derivatives asked for?")
def abc_reversed_order(a, b, c):
    return a + b, c, c


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


@mistake("neuron_gradients", "Nudge one factor of a product: by what is the nudge multiplied?")
def rev_mul_own_factor(w, x):
    f = _sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * np.array([1, w[1], w[2]]), f * (1 - f) * np.array(x)


@mistake(
    "neuron_gradients",
    "Does a reciprocal rise or fall when its denominator grows? And which node flips the sign?",
    like=("rev-negation-forgotten",),
)
def rev_reciprocal_sign(w, x):
    e = np.exp(-(w[0] + w[1:] @ x))
    z_bar = -(1 / (1 + e) ** 2 * e)
    return z_bar * np.array([1, x[0], x[1]]), z_bar * w[1:]


@mistake(
    "neuron_gradients",
    "One node in the graph flips a sign: does its backward step, too?",
    like=("rev-reciprocal-sign",),
)
def rev_negation_forgotten(w, x):
    e = np.exp(-(w[0] + w[1:] @ x))
    q_bar = -1 / (1 + e) ** 2
    m_bar = q_bar * e
    z_bar = m_bar
    return z_bar * np.array([1, x[0], x[1]]), z_bar * w[1:]


@mistake("neuron_gradients", "Keep more digits along the way: where was something rounded?")
def rev_rounded_one_decimal(w, x):
    f = _sigmoid(w[0] + w[1:] @ x)
    slope = f * (1 - f)
    return np.round(slope * np.array([1, x[0], x[1]]), 1), np.round(slope * w[1:], 1)


@mistake("neuron_gradients", "Is the constant input a constant in the weight as well?")
def rev_bias_gradient_zero(w, x):
    f = _sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * np.array([0, x[0], x[1]]), f * (1 - f) * w[1:]


@mistake("neuron_gradients", "How steep is the sigmoid itself? Is its slope in your chain?")
def rev_no_slope(w, x):
    return np.array([1.0, x[0], x[1]]), np.array(w[1:])


@mistake("neuron_gradients", "You multiply by f. Is that the slope of the sigmoid, or its height?")
def rev_value_for_slope(w, x):
    f = _sigmoid(w[0] + w[1:] @ x)
    return f * np.array([1, x[0], x[1]]), f * w[1:]


@mistake("neuron_gradients", "At which point is the slope taken: at the score, or at the output?")
def rev_slope_at_the_output(w, x):
    f = _sigmoid(_sigmoid(w[0] + w[1:] @ x))
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * w[1:]


@mistake("neuron_gradients", "Which weight has no input beside it: does x get its derivative?")
def rev_constant_input_included(w, x):
    f = _sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * np.array(w)


@mistake("neuron_gradients", "Your score has no bias in it. Does f know about w0?")
def rev_bias_not_in_the_score(w, x):
    f = _sigmoid(w[1:] @ x)
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * w[1:]


@mistake("neuron_gradients", "Which of the two gradients is asked for first?")
def rev_exchanged(w, x):
    f = _sigmoid(w[0] + w[1:] @ x)
    return f * (1 - f) * w[1:], f * (1 - f) * np.array([1, x[0], x[1]])


@mistake(
    "shared_node_gradient",
    "How many arrows leave the node x, and what happens to what comes back along each?",
)
def path_overwritten(x):
    x_bar = np.sin(x)
    x_bar = x * np.cos(x)
    x_bar = 2 * x
    return x_bar


@mistake("shared_node_gradient", "Count the uses of the variable: is one of them missing?")
def path_one_factor(x):
    return x * np.cos(x) + 2 * x


@mistake("shared_node_gradient", "Count the uses of the variable: does the sine use it as well?")
def path_other_factor(x):
    return np.sin(x) + 2 * x


@mistake("shared_node_gradient", "Is there a term of f that your derivative never looked at?")
def path_without_the_square(x):
    return np.sin(x) + x * np.cos(x)


@mistake("shared_node_gradient", "A square is a product: how often does x enter it?")
def path_square_once(x):
    return np.sin(x) + x * np.cos(x) + x


@mistake("shared_node_gradient", "The slope of a product: is it the product of the slopes?")
def path_product_of_slopes(x):
    return np.cos(x) + 2 * x


@mistake("shared_node_gradient", "Which way does the cosine go at 0, and which way the sine?")
def path_cosine_sign(x):
    return np.sin(x) - x * np.cos(x) + 2 * x


@mistake("shared_node_gradient", "Along one path links are multiplied. And what about two paths?")
def path_multiplied(x):
    return np.sin(x) * (x * np.cos(x)) * (2 * x)


@mistake("shared_node_gradient", "Is this f, or how fast f changes?")
def path_value(x):
    return x * np.sin(x) + x**2


# -------------------------------------------------------------------- numerical derivative


@mistake("central_difference", "How far apart are your two points?")
def fd_missing_two(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / step


@mistake("central_difference", "Can the computer still tell your two points apart?")
def fd_step_too_small(f, x, step=1e-5):
    step = 1e-15
    return (f(x + step) - f(x - step)) / (2 * step)


@mistake("central_difference", "By what factor does your error shrink when the step is halved?")
def fd_one_sided(f, x, step=1e-5):
    return (f(x + step) - f(x)) / step


@mistake("central_difference", "On which sides of x should your two points lie?")
def fd_one_sided_backward(f, x, step=1e-5):
    return (f(x) - f(x - step)) / step


@mistake("central_difference", "How many digits does your number format hold?")
def fd_float32(f, x, step=1e-5):
    x, step = np.float32(x), np.float32(step)
    return float((f(x + step) - f(x - step)) / (2 * step))


@mistake("central_difference", "What type is the array you put the shifted number into?")
def fd_integer_array(f, x, step=1e-5):
    points = np.zeros(2, dtype=int)
    points[0], points[1] = x + step, x - step
    return float(f(1.0 * points[0]) - f(1.0 * points[1])) / (2 * step)


@mistake("central_difference", "Is the function rising or falling here?")
def fd_sign(f, x, step=1e-5):
    return (f(x - step) - f(x + step)) / (2 * step)


@mistake("central_difference", "What happens to your answer when somebody asks for another step?")
def fd_step_ignored(f, x, step=1e-5):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


@mistake("central_difference", "Rise over run: where is the run?")
def fd_not_divided(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / 2


@mistake("central_difference", "How far apart are your two points now, one step or two?")
def fd_half_steps(f, x, step=1e-5):
    return (f(x + step / 2) - f(x - step / 2)) / step


@mistake("central_difference", "What comes first in your line, the division or the product?")
def fd_missing_brackets(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / 2 * step


# ------------------------------------------------------------------------ the network in torch


def _tensors(params, **options):
    return {
        name: torch.tensor(np.array(value), dtype=torch.float64, **options)
        for name, value in params.items()
    }


@mistake("torch_forward", "Which activation belongs to the first hidden layer?")
def net_h1_sigmoid(X, params):
    p = _tensors(params)
    h1 = torch.sigmoid(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@mistake("torch_forward", "Which activation belongs to the second hidden layer?")
def net_h2_tanh(X, params):
    p = _tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.tanh(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@mistake("torch_forward", "Is every term of the first affine map there?")
def net_no_b1(X, params):
    p = _tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@mistake("torch_forward", "Is every term of the second affine map there?")
def net_no_b2(X, params):
    p = _tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@mistake("torch_forward", "Does the output unit have an intercept?")
def net_no_c(X, params):
    p = _tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"])


@mistake("torch_forward", "Two affine maps in a row collapse into what?")
def net_linear_hidden(X, params):
    p = _tensors(params)
    h1 = torch.tensor(X) @ p["W1"] + p["b1"]
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


@mistake("torch_forward", "Is this a score or a probability? What is the last node of the graph?")
def net_returns_the_score(X, params):
    p = _tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return h2 @ p["U"] + p["c"]


@mistake("torch_forward", "One number an example: which axis of length 1 is left over?")
def net_column_output(X, params):
    p = _tensors(params)
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"][:, None] + p["c"])


@mistake("torch_forward", "In which library is the answer to be made? What is the type of yours?")
def net_in_numpy(X, params):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = _sigmoid(h1 @ params["W2"] + params["b2"])
    return _sigmoid(h2 @ params["U"] + params["c"])


@mistake("torch_forward", "PyTorch and NumPy in one product: which of the two owns your X?")
def net_mixed_libraries(X, params):
    h1 = torch.tanh(X @ params["W1"] + params["b1"])
    h2 = torch.sigmoid(h1 @ params["W2"] + params["b2"])
    return torch.sigmoid(h2 @ params["U"] + params["c"])


@mistake("torch_forward", "Of which type is torch.Tensor(X), and of which type are the parameters?")
def net_two_precisions(X, params):
    p = _tensors(params)
    h1 = torch.tanh(torch.Tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


def _bce(X, y, p):
    return torch.nn.functional.binary_cross_entropy(torch_forward(X, p), torch.tensor(y))


@mistake("torch_gradients", "Print the gradient after each pass: why does it grow?")
def autograd_accumulated(X, y, params):
    p = _tensors(params, requires_grad=True)
    for _ in range(2):
        _bce(X, y, p).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "Which tensors keep their gradient? Is yours one of them?")
def autograd_non_leaf(X, y, params):
    p = {name: 1.0 * leaf for name, leaf in _tensors(params, requires_grad=True).items()}
    _bce(X, y, p).backward()
    return {name: tensor.grad for name, tensor in p.items()}


@mistake(
    "torch_gradients",
    "Did you tell the library that you want this derivative?",
    like=("autograd-detached-loss", "autograd-thresholded"),
)
def autograd_no_requires_grad(X, y, params):
    p = _tensors(params)
    _bce(X, y, p).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake(
    "torch_gradients",
    "Is the loss still connected to the weights?",
    like=("autograd-no-requires-grad", "autograd-thresholded"),
)
def autograd_detached_loss(X, y, params):
    p = _tensors(params, requires_grad=True)
    _bce(X, y, p).detach().backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake(
    "torch_gradients",
    "Which step of your computation has a slope of zero or none?",
    like=("autograd-no-requires-grad", "autograd-detached-loss"),
)
def autograd_thresholded(X, y, params):
    p = _tensors(params, requires_grad=True)
    decision = (torch_forward(X, p) >= 0.5).double()
    torch.mean((decision - torch.tensor(y)) ** 2).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "Of which single number do you want the gradient?")
def autograd_vector_loss(X, y, params):
    p = _tensors(params, requires_grad=True)
    loss = torch.nn.BCELoss(reduction="none")(torch_forward(X, p), torch.tensor(y))
    loss.backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "Compare the size of your gradient with the hand result: sum or mean?")
def autograd_sum_reduction(X, y, params):
    p = _tensors(params, requires_grad=True)
    torch.nn.BCELoss(reduction="sum")(torch_forward(X, p), torch.tensor(y)).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "What happens to the stored intermediate values after a backward pass?")
def autograd_graph_freed(X, y, params):
    p = _tensors(params, requires_grad=True)
    loss = _bce(X, y, p)
    loss.backward()
    loss.backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "How often is the sigmoid applied in total?")
def autograd_double_sigmoid(X, y, params):
    p = _tensors(params, requires_grad=True)
    torch.nn.BCEWithLogitsLoss()(torch_forward(X, p), torch.tensor(y)).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "Which loss has this network: where are its logarithms?")
def autograd_squared_error(X, y, params):
    p = _tensors(params, requires_grad=True)
    torch.nn.MSELoss()(torch_forward(X, p), torch.tensor(y)).backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "Should the gradient point uphill on the loss, or downhill?")
def autograd_sign(X, y, params):
    p = _tensors(params, requires_grad=True)
    y_hat, y = torch_forward(X, p), torch.tensor(y)
    (y * torch.log(y_hat) + (1 - y) * torch.log(1 - y_hat)).mean().backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "What does your loss say about the examples with label 0?")
def autograd_positive_term_only(X, y, params):
    p = _tensors(params, requires_grad=True)
    y_hat, y = torch_forward(X, p), torch.tensor(y)
    (-(y * torch.log(y_hat))).mean().backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "Of what is this the gradient, of the loss or of the output?")
def autograd_of_the_output(X, y, params):
    p = _tensors(params, requires_grad=True)
    torch_forward(X, p).mean().backward()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}


@mistake("torch_gradients", "Are these the parameters, or what was asked for about them?")
def autograd_returns_the_parameters(X, y, params):
    p = _tensors(params, requires_grad=True)
    _bce(X, y, p).backward()
    return {name: leaf.detach().numpy() for name, leaf in p.items()}


def _values(X, params):
    """The values of the forward pass, on the way from the leaves."""
    p, v = _tensors(params, requires_grad=True), {}
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


@mistake("torch_intermediates", "These are no leaves: who has to be asked to keep a gradient?")
def kept_nothing(X, y, params):
    v = _values(X, params)
    torch.nn.functional.binary_cross_entropy(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.grad for name, tensor in v.items()}


@mistake("torch_intermediates", "Are these the values, or the gradients of the loss by them?")
def kept_values_returned(X, y, params):
    v = _kept(X, params)
    torch.nn.functional.binary_cross_entropy(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.detach().numpy() for name, tensor in v.items()}


@mistake("torch_intermediates", "Sum or mean: where does the number of examples enter?")
def kept_sum_reduction(X, y, params):
    v = _kept(X, params)
    torch.nn.BCELoss(reduction="sum")(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@mistake("torch_intermediates", "How often did backward run, and what happened to what was there?")
def kept_accumulated(X, y, params):
    v = _kept(X, params)
    loss = torch.nn.functional.binary_cross_entropy(v["y_hat"], torch.tensor(y))
    loss.backward(retain_graph=True)
    loss.backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@mistake("torch_intermediates", "Detached values: is there still a way from the loss to u1?")
def kept_detached_halfway(X, y, params):
    v = {name: tensor.detach().requires_grad_() for name, tensor in _values(X, params).items()}
    torch.nn.functional.binary_cross_entropy(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.grad for name, tensor in v.items()}


@mistake("torch_intermediates", "How often is the sigmoid applied in total?")
def kept_double_sigmoid(X, y, params):
    v = _kept(X, params)
    torch.nn.BCEWithLogitsLoss()(v["y_hat"], torch.tensor(y)).backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


@mistake("torch_intermediates", "Of what is this the gradient, of the loss or of the output?")
def kept_of_the_output(X, y, params):
    v = _kept(X, params)
    v["y_hat"].mean().backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


# --------------------------------------------------------------------------- two tables compared


def _pair(hand, auto, name):
    return np.asarray(hand[name], dtype=float), np.asarray(auto[name], dtype=float)


@mistake("largest_differences", "Can a difference be negative? What is the largest of -5 and 1?")
def diff_without_absolute(hand, auto):
    found = {}
    for name in hand:
        a, b = _pair(hand, auto, name)
        found[name] = float(np.max(a - b)) if a.shape == b.shape else np.inf
    return found


@mistake("largest_differences", "Half a table wrong, half right: what does an average say of it?")
def diff_mean(hand, auto):
    found = {}
    for name in hand:
        a, b = _pair(hand, auto, name)
        found[name] = float(np.mean(np.abs(a - b))) if a.shape == b.shape else np.inf
    return found


@mistake("largest_differences", "Is the length of the whole difference asked for, or one entry?")
def diff_norm(hand, auto):
    found = {}
    for name in hand:
        a, b = _pair(hand, auto, name)
        found[name] = float(np.sqrt(np.sum((a - b) ** 2))) if a.shape == b.shape else np.inf
    return found


@mistake("largest_differences", "Does it matter where the two largest entries stand?")
def diff_of_maxima(hand, auto):
    found = {}
    for name in hand:
        a, b = _pair(hand, auto, name)
        same = a.shape == b.shape
        found[name] = float(np.abs(np.max(np.abs(a)) - np.max(np.abs(b)))) if same else np.inf
    return found


@mistake("largest_differences", "Divided by what, and who asked for it?")
def diff_relative(hand, auto):
    found = {}
    for name in hand:
        a, b = _pair(hand, auto, name)
        found[name] = float(np.max(np.abs((a - b) / b))) if a.shape == b.shape else np.inf
    return found


@mistake("largest_differences", "One number for everything: which name does it belong to?")
def diff_one_number(hand, auto):
    return max(float(np.max(np.abs(hand[name] - auto[name]))) for name in hand if name != "W")


@mistake("largest_differences", "Subtract a column from a vector: what is the shape of the result?")
def diff_broadcasts(hand, auto):
    found = {}
    for name in hand:
        try:
            found[name] = float(np.max(np.abs(np.subtract(hand[name], auto[name]))))
        except ValueError:
            found[name] = float("inf")
    return found


@mistake("largest_differences", "Two arrays of different shapes: what should be said about them?")
def diff_shapes_not_looked_at(hand, auto):
    return {name: float(np.max(np.abs(hand[name] - auto[name]))) for name in hand}


@mistake("first_mismatch", "From which end does the search begin?")
def mismatch_last(hand, auto, order, tolerance=1e-9):
    found = None
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            found = name
    return found


@mistake("first_mismatch", "Which order counts: that of the dict, or the one you are given?")
def mismatch_order_of_the_dict(hand, auto, order, tolerance=1e-9):
    for name in hand:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            return name
    return None


@mistake("first_mismatch", "What happens to your answer when somebody asks for another tolerance?")
def mismatch_tolerance_ignored(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= 1e-9):
            return name
    return None


@mistake("first_mismatch", "How large a difference does np.allclose forgive without being told?")
def mismatch_allclose(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.allclose(a, b, atol=tolerance):
            return name
    return None


@mistake("first_mismatch", "Is every last digit of two floats ever the same?")
def mismatch_exactly_equal(hand, auto, order, tolerance=1e-9):
    for name in order:
        if not np.array_equal(hand[name], auto[name]):
            return name
    return None


@mistake("first_mismatch", "The first one is asked for. How many do you return?")
def mismatch_all_of_them(hand, auto, order, tolerance=1e-9):
    names = []
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            names.append(name)
    return names


@mistake("first_mismatch", "What is asked for, the name or its place in the list?")
def mismatch_index(hand, auto, order, tolerance=1e-9):
    for index, name in enumerate(order):
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            return index
    return None


@mistake("first_mismatch", "Must every entry be off before a table counts as off?")
def mismatch_only_if_all_entries(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.any(np.abs(a - b) <= tolerance):
            return name
    return None


@mistake("first_mismatch", "One entry too small: is that a mismatch? What sign has the difference?")
def mismatch_without_absolute(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.all(a - b <= tolerance):
            return name
    return None


@mistake("first_mismatch", "Is NaN larger than the tolerance? Is it smaller? Try both.")
def mismatch_lets_nan_pass(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or np.any(np.abs(a - b) > tolerance):
            return name
    return None


@mistake("first_mismatch", "Compare a column with a vector of the same numbers: do they agree?")
def mismatch_broadcasts(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = _pair(hand, auto, name)
        if not np.all(np.abs(a - b) <= tolerance):
            return name
    return None


@mistake("first_mismatch", "Is a difference as large as the tolerance still tolerated?")
def mismatch_edge(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) < tolerance):
            return name
    return None


@mistake("first_mismatch", "And when everything agrees: what do you give back?")
def mismatch_never_none(hand, auto, order, tolerance=1e-9):
    for name in order:
        a, b = _pair(hand, auto, name)
        if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance):
            return name
    return order[-1]


# --------------------------------------------------------------------------- functions of one's own


@mistake("ScaledExp", "Which derivative does the chain rule take of what stands in the exponent?")
class customfn_inner_derivative(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * result, None


@mistake("ScaledExp", "How many inputs has your function, and what did you hand back for each?")
class customfn_none(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        return torch.exp(k * x)

    @staticmethod
    def backward(ctx, grad_output):
        return None, None


@mistake("ScaledExp", "What does your node do with the gradient that arrives from above?")
class customfn_ignores_upstream(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(result)
        ctx.k = k
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return ctx.k * result, None


@mistake("ScaledExp", "How are the links of a chain combined?")
class customfn_adds_upstream(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(result)
        ctx.k = k
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output + ctx.k * result, None


@mistake("ScaledExp", "forward takes two inputs besides ctx: how many gradients go back?")
class customfn_one_gradient_for_two_inputs(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(result)
        ctx.k = k
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * ctx.k * result


@mistake("ScaledExp", "Nobody has said how a gradient passes through your node. Who could know it?")
class customfn_no_backward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        return torch.exp(k * x)


@mistake("ScaledExp", "With respect to which of the two inputs is this the derivative?")
class customfn_derivative_by_k(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(x, result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        x, result = ctx.saved_tensors
        return grad_output * x * result, None


@mistake("ScaledExp", "At which point is the slope taken? Is the k still in the exponent?")
class customfn_slope_without_k(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.save_for_backward(x)
        ctx.k = k
        return torch.exp(k * x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * ctx.k * torch.exp(x), None


@mistake("ScaledExp", "What does forward give for k = 2 and x = 1? And what should it?")
class customfn_scale_outside(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = k * torch.exp(x)
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * result, None


@mistake("ScaledExp", "Is ctx yours to forget? What has to be kept for the way back?")
class customfn_nothing_saved(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        return torch.exp(k * x)

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * ctx.k * result, None


def _mean_loss(a, y):
    return -(y * torch.log_softmax(a, dim=1)).sum(dim=1).mean()


@mistake("SoftmaxCrossEntropy", "Should a step against the gradient raise the true class's score?")
class cegrad_sign(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (y - torch.softmax(a, 1)) / len(a), None


@mistake("SoftmaxCrossEntropy", "The loss averages over the batch. And its gradient?")
class cegrad_no_1_over_n(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y), None


@mistake("SoftmaxCrossEntropy", "You stopped one link of the chain too early: which one?")
class cegrad_stopped_at_probabilities(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return -g * y / torch.softmax(a, 1) / len(a), None


@mistake("SoftmaxCrossEntropy", "A score moves every probability, not only its own: what follows?")
class cegrad_diagonal_chain(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return -g * y * (1 - torch.softmax(a, 1)) / len(a), None


@mistake("SoftmaxCrossEntropy", "One factor too many is left: which one should have cancelled?")
class cegrad_extra_derivative(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        s = torch.softmax(a, 1)
        return g * (s - y) * s * (1 - s) / len(a), None


@mistake("SoftmaxCrossEntropy", "Which index is summed, and which one is free?")
class cegrad_printed_slip(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        s = torch.softmax(a, 1)
        return g * (-y + (y * s).sum(1, keepdim=True)) / len(a), None


@mistake("SoftmaxCrossEntropy", "Over what does the loss average: examples, or all entries?")
class cegrad_mean_over_classes(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y) / a.numel(), None


@mistake("SoftmaxCrossEntropy", "Scores or probabilities: from which of the two is y subtracted?")
class cegrad_logit_residual(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (a - y) / len(a), None


@mistake("SoftmaxCrossEntropy", "Which sums have to be one: those of the rows, or of the columns?")
class cegrad_softmax_axis0(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 0) - y) / len(a), None


@mistake("SoftmaxCrossEntropy", "Multiply the loss by 2 before backward: what should happen?")
class cegrad_ignores_upstream(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return (torch.softmax(a, 1) - y) / len(a), None


@mistake("SoftmaxCrossEntropy", "Duplicate the batch: should the loss double?")
class cegrad_sum_over_batch(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y) * len(a)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y), None


@mistake("SoftmaxCrossEntropy", "How many terms does the mean run over: N, or N times K?")
class cegrad_loss_over_all_entries(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return -(y * torch.log_softmax(a, dim=1)).mean()

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y) / a.numel(), None


@mistake("SoftmaxCrossEntropy", "Do these targets name one class each? Look at a soft one.")
class cegrad_argmax_of_the_targets(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        hard = torch.nn.functional.one_hot(y.argmax(1), y.shape[1]).double()
        ctx.save_for_backward(a, hard)
        return _mean_loss(a, hard)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y) / len(a), None


@mistake("SoftmaxCrossEntropy", "What does a probability round to when one score is far ahead?")
class cegrad_log_of_softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        s = torch.softmax(a, dim=1)
        ctx.save_for_backward(s, y)
        return -(y * torch.log(s)).sum(dim=1).mean()

    @staticmethod
    def backward(ctx, g):
        s, y = ctx.saved_tensors
        return g * (s - y) / len(s), None


@mistake("SoftmaxCrossEntropy", "Which exponential overflows first? Raise all scores by 1000.")
class cegrad_no_shift(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        s = torch.exp(a) / torch.exp(a).sum(dim=1, keepdim=True)
        ctx.save_for_backward(s, y)
        return -(y * torch.log(s)).sum(dim=1).mean()

    @staticmethod
    def backward(ctx, g):
        s, y = ctx.saved_tensors
        return g * (s - y) / len(s), None


@mistake("SoftmaxCrossEntropy", "forward has two inputs besides ctx: how many gradients go back?")
class cegrad_one_gradient_for_two_inputs(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y) / len(a)


@mistake("SoftmaxCrossEntropy", "Nobody has said how a gradient passes your node. Who could know?")
class cegrad_no_backward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        return _mean_loss(a, y)


# -------------------------------------------------------------------------------------- losses


@mistake("binary_loss", "How often is the sigmoid applied in total?")
def torchbce_with_logits_on_probabilities(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(torch.sigmoid(z), y)


@mistake("binary_loss", "BCELoss wants probabilities. What does it get?")
def torchbce_on_logits(z, y):
    return torch.nn.functional.binary_cross_entropy(z, y)


@mistake("binary_loss", "Is -800 as bad as -100? What is the largest cost this class ever gives?")
def torchbce_clamped_by_bceloss(z, y):
    return torch.nn.functional.binary_cross_entropy(torch.sigmoid(z), y)


@mistake("binary_loss", "Duplicate the batch: should the loss double?")
def torchbce_sum(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum")


@mistake("binary_loss", "One number is asked for. Over what should it be averaged?")
def torchbce_not_reduced(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none")


@mistake("binary_loss", "What does the probability round to when the score is very large?")
def bcel_naive_log_sigmoid(z, y):
    p = 1 / (1 + torch.exp(-z))
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


@mistake("binary_loss", "Two very different wrong scores now cost the same: why?")
def bcel_clipped_1e_7(z, y):
    p = torch.clamp(torch.sigmoid(z), 1e-7, 1 - 1e-7)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


@mistake("binary_loss", "Which exponential overflows first?")
def bcel_log1p_of_exp_z(z, y):
    return (torch.log1p(torch.exp(z)) - z * y).mean()


@mistake("binary_loss", "Check the exponent for negative scores.")
def bcel_missing_abs(z, y):
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z))).mean()


@mistake("binary_loss", "What is the largest cost your formula can ever return?")
def bcel_eps_inside_log(z, y):
    p = torch.sigmoid(z)
    return -(y * torch.log(p + 1e-12) + (1 - y) * torch.log(1 - p + 1e-12)).mean()


@mistake("binary_loss", "The value is finite. And the gradient of the branch that is not taken?")
def bcel_where_trap(z, y):
    large = z + torch.log1p(torch.exp(-z))
    small = torch.log1p(torch.exp(z))
    return (torch.where(z > 0, large, small) - z * y).mean()


@mistake("binary_loss", "What does your loss say about the examples with label 0?")
def bcel_positive_term_only(z, y):
    return -(y * torch.nn.functional.logsigmoid(z)).mean()


@mistake("binary_loss", "Does a confident right answer cost more than a confident wrong one?")
def bcel_sign(z, y):
    return -torch.nn.functional.binary_cross_entropy_with_logits(z, y)


@mistake("binary_loss", "Is the loss you return still connected to z?")
def bcel_detached(z, y):
    return torch.tensor(torch.nn.functional.binary_cross_entropy_with_logits(z, y).item())


@mistake("class_loss", "What does the documentation say this class expects: scores, or s?")
def torchce_on_probabilities(a, labels):
    return torch.nn.functional.cross_entropy(torch.softmax(a, dim=1), labels)


@mistake("class_loss", "Which of the two losses wants logarithms? Can a loss be negative here?")
def torchce_nll_on_probabilities(a, labels):
    return torch.nn.functional.nll_loss(torch.softmax(a, dim=1), labels)


@mistake("class_loss", "Which of the two losses wants logarithms of probabilities?")
def torchce_nll_on_logits(a, labels):
    return torch.nn.functional.nll_loss(a, labels)


@mistake("class_loss", "Along which dimension must the probabilities sum to one?")
def torchce_log_softmax_dim0(a, labels):
    return torch.nn.functional.nll_loss(torch.log_softmax(a, dim=0), labels)


@mistake("class_loss", "Exclusive classes, or independent labels?")
def torchce_bce_on_onehot(a, labels):
    y = torch.nn.functional.one_hot(labels, a.shape[1]).double()
    return torch.nn.functional.binary_cross_entropy_with_logits(a, y)


@mistake("class_loss", "What does a probability round to when one score is far ahead?")
def torchce_log_of_softmax(a, labels):
    s = torch.softmax(a, dim=1)
    return -torch.log(s[range(len(a)), labels]).mean()


@mistake("class_loss", "Duplicate the batch: should the loss double?")
def cce_sum_over_batch(a, labels):
    return torch.nn.functional.cross_entropy(a, labels, reduction="sum")


@mistake("class_loss", "How many terms of the inner sum are not zero?")
def cce_mean_over_classes(a, labels):
    return torch.nn.functional.cross_entropy(a, labels) / a.shape[1]


@mistake("class_loss", "Did you look at the label at all?")
def cce_log_of_max(a, labels):
    return -torch.log_softmax(a, dim=1).max(dim=1).values.mean()


@mistake("class_loss", "What is the number of the first class?")
def cce_label_off_by_one(a, labels):
    return torch.nn.functional.cross_entropy(a, (labels - 1) % a.shape[1])


@mistake("class_loss", "Print the shape of what you selected: one entry a row?")
def cce_fancy_index_slip(a, labels):
    return -torch.log_softmax(a, dim=1)[:, labels].mean()


@mistake("class_loss", "Average before or after the logarithm?")
def cce_log_of_mean(a, labels):
    s = torch.softmax(a, dim=1)
    return -torch.log(s[range(len(a)), labels].mean())


@mistake("class_loss", "Where is the logarithm?")
def cce_squared_error(a, labels):
    y = torch.nn.functional.one_hot(labels, a.shape[1])
    return ((torch.softmax(a, dim=1) - y) ** 2).sum(dim=1).mean()


@mistake("penalized_loss", "Which norm is asked for: the length of W, or its square?")
def penalty_norm_not_squared(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum(W.norm() for W in weights)


@mistake("penalized_loss", "Who ordered the half? Read the cost once more.")
def penalty_half(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength / 2 * sum((W**2).sum() for W in weights)


@mistake("penalized_loss", "Sum or mean: does a larger matrix pay more?")
def penalty_mean(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum((W**2).mean() for W in weights)


@mistake("penalized_loss", "How many layers does the network have, and how many pay?")
def penalty_first_matrix_only(a, labels, weights, strength):
    return torch.nn.functional.cross_entropy(a, labels) + strength * (weights[0] ** 2).sum()


@mistake("penalized_loss", "Does a weight of -3 pay less than a weight of 0?")
def penalty_without_square(a, labels, weights, strength):
    return torch.nn.functional.cross_entropy(a, labels) + strength * sum(W.sum() for W in weights)


@mistake("penalized_loss", "Does a weight of 0.1 pay as much as this? Squares, or absolute values?")
def penalty_absolute_values(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum(W.abs().sum() for W in weights)


@mistake("penalized_loss", "First the sum, or first the square? Try it on the weights 1 and -1.")
def penalty_square_of_the_sum(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum(W.sum() ** 2 for W in weights)


@mistake("penalized_loss", "What does the strength do in your cost?")
def penalty_strength_forgotten(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + sum((W**2).sum() for W in weights)


@mistake("penalized_loss", "What is the strength to multiply: the penalty, or everything?")
def penalty_strength_on_everything(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return strength * (loss + sum((W**2).sum() for W in weights))


@mistake("penalized_loss", "Does a larger batch make the weights cheaper?")
def penalty_over_n(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum((W**2).sum() for W in weights) / len(a)


@mistake("penalized_loss", "Should large weights be rewarded?")
def penalty_subtracted(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss - strength * sum((W**2).sum() for W in weights)


@mistake("penalized_loss", "Are the weights in your penalty the leaves, or only their values?")
def penalty_detached(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(a, labels)
    return loss + strength * sum((W**2).sum().item() for W in weights)


@mistake("penalized_loss", "Where did the penalty go?")
def penalty_missing(a, labels, weights, strength):
    return torch.nn.functional.cross_entropy(a, labels)


@mistake("penalized_loss", "Which loss expects scores, and how often is softmax applied?")
def penalty_double_softmax(a, labels, weights, strength):
    loss = torch.nn.functional.cross_entropy(torch.softmax(a, dim=1), labels)
    return loss + strength * sum((W**2).sum() for W in weights)


# ------------------------------------------------------------------------------------- training


def _trained(p):
    return {name: leaf.detach().numpy() for name, leaf in p.items()}


@mistake("train_with_torch", "Print the gradient's norm at every step: why does it grow?")
def loop_no_zero_grad(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        _bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "Is the loss going down?")
def loop_ascent(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate, maximize=True)
    for _ in range(steps):
        optimizer.zero_grad()
        _bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "Is the name still bound to the leaf you started from?")
def loop_rebinds_weights(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    for _ in range(steps + 1):
        _bce(X, y, p).backward()
        p = {name: leaf - learning_rate * leaf.grad for name, leaf in p.items()}
    return _trained(p)


@mistake(
    "train_with_torch",
    "In which order do the three calls belong? Did the weights move at all?",
    like=("loop-never-steps",),
)
def loop_zero_before_step(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        _bce(X, y, p).backward()
        optimizer.zero_grad()
        optimizer.step()
    return _trained(p)


@mistake(
    "train_with_torch",
    "Which of the calls is it that moves the weights?",
    like=("loop-zero-before-step",),
)
def loop_never_steps(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    for _ in range(steps):
        _bce(X, y, p).backward()
    return _trained(p)


@mistake("train_with_torch", "How many digits does your number format hold?")
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


@mistake("train_with_torch", "Of which type is a tensor that is made from one Python number?")
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


@mistake("train_with_torch", "Sum or mean: by what factor are your steps too long?")
def loop_sum_of_losses(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    criterion = torch.nn.BCELoss(reduction="sum")
    for _ in range(steps):
        optimizer.zero_grad()
        criterion(torch_forward(X, p), torch.tensor(y)).backward()
        optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "Count the steps: how many are taken?")
def loop_one_step_too_many(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps + 1):
        optimizer.zero_grad()
        _bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "Where does the loop end: inside it, or after its first round?")
def loop_returns_after_one_step(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        _bce(X, y, p).backward()
        optimizer.step()
        return _trained(p)


@mistake("train_with_torch", "Plain descent has no memory. Does your optimizer have one?")
def loop_momentum(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate, momentum=0.9)
    for _ in range(steps):
        optimizer.zero_grad()
        _bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "Which optimizer was asked for, and what does yours do to the steps?")
def loop_adam(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.Adam(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        _bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "The whole batch, or one example a step?")
def loop_one_example_a_step(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        for n in range(len(y)):
            optimizer.zero_grad()
            _bce(X[n : n + 1], y[n : n + 1], p).backward()
            optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "Which of the parameters does your optimizer know about?")
def loop_weights_without_biases(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD([p["W1"], p["W2"], p["U"]], lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        _bce(X, y, p).backward()
        optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "How often is the sigmoid applied in total?")
def loop_double_sigmoid(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.BCEWithLogitsLoss()(torch_forward(X, p), torch.tensor(y)).backward()
        optimizer.step()
    return _trained(p)


@mistake("train_with_torch", "Are these the parameters, or the last gradients?")
def loop_returns_gradients(X, y, params, learning_rate, steps):
    p = _tensors(params, requires_grad=True)
    optimizer = torch.optim.SGD(p.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        _bce(X, y, p).backward()
        optimizer.step()
    return {name: leaf.grad.numpy() for name, leaf in p.items()}
