"""Right answers to 05-autograd in several honest styles; every one must pass."""

from __future__ import annotations

import math

import numpy as np
import torch

from autograder.exercises.autograd.cases import notebook
from autograder.exercises.autograd.reference import torch_forward, torch_gradients

style = notebook.style


@style("product_of_sum_gradients")
def product_of_sum_as_tuple(a, b, c):
    return c, c, a + b


@style("product_of_sum_gradients")
def product_of_sum_node_by_node(a, b, c):
    d = a + b
    f_bar = 1.0
    d_bar = f_bar * c
    c_bar = f_bar * d
    a_bar = d_bar * 1.0
    b_bar = d_bar * 1.0
    return [a_bar, b_bar, c_bar]


@style("product_of_sum_gradients")
def product_of_sum_as_array(a, b, c):
    return np.array([c, c, a + b])


@style("product_of_sum_gradients")
def product_of_sum_adjoints_in_a_dict(a, b, c):
    bar = {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0, "f": 1}
    values = {"a": a, "b": b, "c": c, "d": a + b}
    bar["d"] += bar["f"] * values["c"]
    bar["c"] += bar["f"] * values["d"]
    for parent in ("a", "b"):
        bar[parent] += bar["d"]
    return tuple(bar[name] for name in "abc")


@style("neuron_gradients")
def neuron_closed_form(w, x):
    f = 1 / (1 + np.exp(-(w[0] + w[1:] @ x)))
    return f * (1 - f) * np.array([1, x[0], x[1]]), f * (1 - f) * w[1:]


@style("neuron_gradients")
def neuron_node_by_node(w, x):
    p1, p2 = w[1] * x[0], w[2] * x[1]
    z = w[0] + p1 + p2
    m = -z
    e = math.exp(m)
    q = 1 + e
    q_bar = -1 / q**2
    e_bar = q_bar
    m_bar = e_bar * e
    z_bar = -m_bar
    return [z_bar, z_bar * x[0], z_bar * x[1]], [z_bar * w[1], z_bar * w[2]]


@style("neuron_gradients")
def neuron_with_tanh(w, x):
    t = math.tanh((w[0] + w[1] * x[0] + w[2] * x[1]) / 2)
    slope = (1 - t * t) / 4
    return slope * np.concatenate([[1.0], x]), slope * np.asarray(w)[1:]


@style("neuron_gradients")
def neuron_with_extended_input(w, x):
    inputs = np.insert(x, 0, 1.0)
    e = np.exp(-np.dot(w, inputs))
    z_bar = e / (1 + e) ** 2
    w_bar = np.einsum("i,->i", inputs, z_bar)
    x_bar = (z_bar * w)[1:]
    return w_bar, x_bar


@style("shared_node_gradient")
def shared_closed_form(x):
    return math.sin(x) + x * math.cos(x) + 2 * x


@style("shared_node_gradient")
def shared_one_path_after_the_other(x):
    s, square = np.sin(x), x**2
    p = x * s
    f = p + square
    f_bar = f / f
    p_bar = square_bar = f_bar
    x_bar = 0.0
    x_bar += p_bar * s
    s_bar = p_bar * x
    x_bar += s_bar * np.cos(x)
    x_bar += square_bar * 2 * x
    return x_bar


@style("shared_node_gradient")
def shared_sum_of_a_list(x):
    return sum([np.sin(x), x * np.cos(x), x, x])


@style("shared_node_gradient")
def shared_with_numpy(x):
    x = np.array(x, dtype=float)
    return np.sin(x) + x * (np.cos(x) + 2)


@style("central_difference")
def central_in_one_line(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / (2 * step)


@style("central_difference")
def central_as_mean_of_two(f, x, step=1e-5):
    forward = (f(x + step) - f(x)) / step
    backward = (f(x) - f(x - step)) / step
    return (forward + backward) / 2


@style("central_difference")
def central_named_points(f, x, step=1e-5):
    right, left = x + step, x - step
    return float(f(right) - f(left)) / (right - left)


@style("central_difference")
def central_with_arrays(f, x, step=1e-5):
    values = [f(x + sign * step) for sign in (-1, 1)]
    return np.diff(values)[0] / step / 2


@style("torch_forward")
def forward_with_methods(X, params):
    p = {name: torch.as_tensor(value) for name, value in params.items()}
    h1 = torch.as_tensor(X).matmul(p["W1"]).add(p["b1"]).tanh()
    h2 = h1.matmul(p["W2"]).add(p["b2"]).sigmoid()
    return h2.matmul(p["U"]).add(p["c"]).sigmoid()


@style("torch_forward")
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


@style("torch_forward")
def forward_with_einsum(X, params):
    tensors = {k: torch.tensor(v, dtype=torch.double) for k, v in params.items()}
    X = torch.from_numpy(X)
    h1 = torch.tanh(torch.einsum("ni,ij->nj", X, tensors["W1"]) + tensors["b1"])
    h2 = 1 / (1 + torch.exp(-(torch.einsum("nj,jk->nk", h1, tensors["W2"]) + tensors["b2"])))
    return 1 / (1 + torch.exp(-(torch.einsum("nk,k->n", h2, tensors["U"]) + tensors["c"])))


@style("torch_forward")
def forward_example_by_example(X, params):
    p = {name: torch.as_tensor(value, dtype=torch.float64) for name, value in params.items()}
    rows = []
    for x in torch.as_tensor(X):
        h1 = torch.tanh(x @ p["W1"] + p["b1"])
        h2 = torch.sigmoid(p["W2"].T @ h1 + p["b2"])
        rows.append(torch.sigmoid(torch.dot(h2, p["U"]) + p["c"]))
    return torch.stack(rows)


@style("torch_forward")
def forward_that_asks_for_gradients(X, params):
    p = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in params.items()}
    h1 = torch.tanh(torch.tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(torch.nn.functional.linear(h1, p["W2"].T, p["b2"]))
    return torch.sigmoid((h2 * p["U"]).sum(dim=1) + p["c"])


@style("torch_gradients")
def gradients_by_backward(X, y, params):
    leaves = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in params.items()
    }
    loss = torch.nn.BCELoss()(torch_forward(X, leaves), torch.tensor(y))
    loss.backward()
    return {name: leaf.grad.numpy() for name, leaf in leaves.items()}


@style("torch_gradients")
def gradients_by_autograd_grad(X, y, params):
    p = {k: torch.tensor(v, dtype=torch.double).requires_grad_() for k, v in params.items()}
    y_hat, y = torch_forward(X, p), torch.from_numpy(y)
    loss = -(y * torch.log(y_hat) + (1 - y) * torch.log(1 - y_hat)).mean()
    found = torch.autograd.grad(loss, list(p.values()))
    return {name: gradient.numpy() for name, gradient in zip(p, found)}


@style("torch_gradients")
def gradients_by_torch_func(X, y, params):
    def loss(p):
        y_hat = torch_forward(X, p)
        return torch.nn.functional.binary_cross_entropy(y_hat, torch.as_tensor(y))

    p = {name: torch.as_tensor(value, dtype=torch.float64) for name, value in params.items()}
    return torch.func.grad(loss)(p)


@style("torch_gradients")
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


@style("torch_gradients")
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


@style("torch_intermediates")
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


@style("torch_intermediates")
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


@style("torch_intermediates")
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


@style("torch_intermediates")
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


@style("largest_differences")
def differences_in_a_loop(hand, auto):
    result = {}
    for name in hand:
        left, right = np.asarray(hand[name]), np.asarray(auto[name])
        if left.shape != right.shape:
            result[name] = np.inf
        else:
            result[name] = np.abs(left - right).max()
    return result


@style("largest_differences")
def differences_in_a_comprehension(hand, auto):
    return {
        name: float(np.abs(np.subtract(hand[name], auto[name])).max())
        if np.shape(hand[name]) == np.shape(auto[name])
        else math.inf
        for name in hand
    }


@style("largest_differences")
def differences_with_torch(hand, auto):
    def distance(left, right):
        left = torch.as_tensor(left, dtype=torch.float64)
        right = torch.as_tensor(right, dtype=torch.float64)
        if left.shape != right.shape:
            return float("inf")
        return torch.max(torch.abs(left - right)).item()

    return {name: distance(hand[name], auto[name]) for name in hand}


@style("largest_differences")
def differences_entry_by_entry(hand, auto):
    found = {}
    for name, value in hand.items():
        a, b = np.array(value), np.array(auto[name])
        found[name] = math.inf
        if a.shape == b.shape:
            found[name] = max(abs(float(s) - float(t)) for s, t in zip(a.ravel(), b.ravel()))
    return found


@style("largest_differences")
def differences_with_the_norm(hand, auto):
    differences = {}
    for name in auto:
        try:
            gap = np.stack([hand[name], auto[name]])
            differences[name] = np.linalg.norm((gap[0] - gap[1]).ravel(), np.inf)
        except ValueError:
            differences[name] = np.inf
    return differences


@style("first_mismatch")
def mismatch_in_a_loop(hand, auto, order, tolerance=1e-9):
    for name in order:
        left, right = np.asarray(hand[name]), np.asarray(auto[name])
        if left.shape != right.shape:
            return name
        difference = np.max(np.abs(left - right))
        if difference > tolerance or np.isnan(difference):
            return name
    return None


@style("first_mismatch")
def mismatch_by_next(hand, auto, order, tolerance=1e-9):
    def agrees(name):
        if np.shape(hand[name]) != np.shape(auto[name]):
            return False
        return np.allclose(hand[name], auto[name], rtol=0, atol=tolerance)

    return next((name for name in order if not agrees(name)), None)


@style("first_mismatch")
def mismatch_by_list(hand, auto, order, tolerance=1e-9):
    wrong = [
        name
        for name in order
        if np.shape(hand[name]) != np.shape(auto[name])
        or not np.all(np.abs(np.subtract(hand[name], auto[name])) <= tolerance)
    ]
    if wrong:
        return wrong[0]


@style("first_mismatch")
def mismatch_with_torch(hand, auto, order, tolerance=1e-9):
    for name in order:
        left = torch.as_tensor(hand[name], dtype=torch.float64)
        right = torch.as_tensor(auto[name], dtype=torch.float64)
        if left.shape != right.shape or not ((left - right).abs() <= tolerance).all():
            return name


@style("first_mismatch")
def mismatch_entry_by_entry(hand, auto, order, tolerance=1e-9):
    i = 0
    while i < len(order):
        a, b = np.array(hand[order[i]]), np.array(auto[order[i]])
        if a.shape != b.shape:
            return order[i]
        for left, right in zip(a.flat, b.flat):
            if not abs(left - right) <= tolerance:
                return order[i]
        i += 1
    return None


@style("ScaledExp")
class scaled_exp_saves_the_result(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.k = k
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * ctx.k * result, None


@style("ScaledExp")
class scaled_exp_saves_the_input(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.save_for_backward(x)
        ctx.scale = k
        return (x * k).exp()

    @staticmethod
    def backward(ctx, upstream):
        x = ctx.saved_tensors[0]
        return upstream * (ctx.scale * torch.exp(ctx.scale * x)), None


@style("ScaledExp")
class scaled_exp_with_setup_context(torch.autograd.Function):
    @staticmethod
    def forward(x, k):
        return torch.exp(k * x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.k = inputs[1]
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, g):
        return g * ctx.k * ctx.saved_tensors[0], None


@style("ScaledExp")
class scaled_exp_keeps_everything_on_ctx(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.local = k * torch.pow(math.e, k * x)
        return ctx.local / k

    @staticmethod
    def backward(ctx, g):
        return torch.mul(g, ctx.local), None


@style("ScaledExp")
class scaled_exp_gives_k_a_zero(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        y = torch.as_tensor(np.exp(k * x.detach().numpy()))
        ctx.save_for_backward(y, torch.tensor(k, dtype=torch.float64))
        return y

    @staticmethod
    def backward(ctx, g):
        y, k = ctx.saved_tensors
        return k * y * g, None


@style("SoftmaxCrossEntropy")
class ce_with_log_softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        log_s = torch.log_softmax(a, dim=1)
        ctx.save_for_backward(log_s.exp(), y)
        return -(y * log_s).sum(dim=1).mean()

    @staticmethod
    def backward(ctx, grad_output):
        s, y = ctx.saved_tensors
        return grad_output * (s - y) / y.shape[0], None


@style("SoftmaxCrossEntropy")
class ce_with_a_shift(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        shifted = a - a.max(dim=1, keepdim=True).values
        lse = shifted.exp().sum(1).log()
        ctx.save_for_backward(a, y)
        return (lse - (y * shifted).sum(1)).sum() / len(a)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, dim=-1) - y) / len(a), None


@style("SoftmaxCrossEntropy")
class ce_with_gradients_for_both(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        log_s = torch.nn.functional.log_softmax(a, 1)
        ctx.log_s, ctx.y = log_s, y
        return torch.einsum("nk,nk->", -y, log_s) / a.shape[0]

    @staticmethod
    def backward(ctx, g):
        n = ctx.y.shape[0]
        return g * (torch.exp(ctx.log_s) - ctx.y) / n, -g * ctx.log_s / n


@style("SoftmaxCrossEntropy")
class ce_example_by_example(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        losses, deltas = [], []
        for scores, target in zip(a, y):
            log_s = scores - torch.logsumexp(scores, 0)
            losses.append(-(target @ log_s))
            deltas.append(log_s.exp() - target)
        ctx.save_for_backward(torch.stack(deltas) / len(a))
        return torch.stack(losses).mean()

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.saved_tensors[0], None


@style("SoftmaxCrossEntropy")
class ce_in_numpy_inside(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        a, y = a.detach().numpy(), y.numpy()
        shifted = a - a.max(axis=1, keepdims=True)
        log_s = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        ctx.gradient = torch.tensor((np.exp(log_s) - y) / len(a))
        return torch.tensor(-np.sum(y * log_s) / len(a))

    @staticmethod
    def backward(ctx, g):
        return ctx.gradient * g, None


@style("binary_loss")
def binary_with_the_function(z, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(z, y)


@style("binary_loss")
def binary_with_the_class(z, y):
    criterion = torch.nn.BCEWithLogitsLoss(reduction="mean")
    return criterion(z, y)


@style("binary_loss")
def binary_with_maximum(z, y):
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-torch.abs(z)))).mean()


@style("binary_loss")
def binary_with_softplus(z, y):
    return torch.mean(torch.nn.functional.softplus(z) - z * y)


@style("binary_loss")
def binary_with_logsigmoid(z, y):
    log_p = torch.nn.functional.logsigmoid
    return -(y * log_p(z) + (1 - y) * log_p(-z)).sum() / len(z)


@style("class_loss")
def class_with_the_function(a, labels):
    return torch.nn.functional.cross_entropy(a, labels)


@style("class_loss")
def class_with_the_class(a, labels):
    return torch.nn.CrossEntropyLoss()(a, labels)


@style("class_loss")
def class_with_nll(a, labels):
    return torch.nn.NLLLoss()(torch.log_softmax(a, dim=1), labels)


@style("class_loss")
def class_with_indices(a, labels):
    rows = torch.arange(len(a))
    return (torch.logsumexp(a, dim=1) - a[rows, labels]).mean()


@style("class_loss")
def class_with_one_hot(a, labels):
    y = torch.nn.functional.one_hot(labels, a.shape[1]).to(a.dtype)
    return -(y * a.log_softmax(-1)).sum(1).mean()


@style("penalized_loss")
def penalized_with_sum(a, labels, weights, strength):
    penalty = sum(torch.sum(W**2) for W in weights)
    return torch.nn.functional.cross_entropy(a, labels) + strength * penalty


@style("penalized_loss")
def penalized_in_a_loop(a, labels, weights, strength):
    total = torch.nn.CrossEntropyLoss()(a, labels)
    for W in weights:
        total = total + strength * (W * W).sum()
    return total


@style("penalized_loss")
def penalized_with_norms(a, labels, weights, strength):
    loss = torch.logsumexp(a, 1).mean() - a.gather(1, labels[:, None]).mean()
    return loss + strength * torch.stack([W.norm() ** 2 for W in weights]).sum()


@style("penalized_loss")
def penalized_flattened(a, labels, weights, strength):
    every = torch.cat([W.flatten() for W in weights])
    return torch.nn.functional.cross_entropy(a, labels) + strength * every.dot(every)


@style("penalized_loss")
def penalized_with_einsum(a, labels, weights, strength):
    penalty = torch.zeros(())
    for W in weights:
        penalty = penalty + torch.einsum("ij,ij->", W, W)
    return -torch.log_softmax(a, 1)[range(len(a)), labels].mean() + strength * penalty


@style("train_with_torch")
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


@style("train_with_torch")
def train_with_gradients_of_each_step(X, y, params, learning_rate, steps):
    current = {name: np.array(value) for name, value in params.items()}
    for _ in range(steps):
        gradients = torch_gradients(X, y, current)
        current = {name: current[name] - learning_rate * gradients[name] for name in current}
    return current


@style("train_with_torch")
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


@style("train_with_torch")
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


@style("train_with_torch")
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
