"""Right answers to 04-backprop-by-hand in several honest styles; every one must pass."""

from __future__ import annotations

import copy
import math

import numpy as np

from autograder.exercises.backprop_by_hand.cases import brought, notebook
from autograder.exercises.backprop_by_hand.reference import (
    backward,
    forward,
    grad_b1,
    grad_b2,
    grad_c,
    grad_h1,
    grad_h2,
    grad_U,
    grad_u1,
    grad_u2,
    grad_u3,
    grad_W1,
    grad_W2,
    grad_y_hat,
    gradient_step,
    sigmoid,
    sigmoid_derivative,
    tanh_derivative,
)

style = notebook.style

for brought_style in brought.styles.values():
    style("sigmoid")(brought_style)


# The 2-2-1 network


@style("small_network_gradients")
def small_outer(x, y, W1, W2):
    x_ext = np.r_[1.0, x]
    z1 = x_ext @ W1
    a_ext = np.r_[1.0, sigmoid(z1)]
    z2 = a_ext @ W2
    delta2 = (sigmoid(z2) - y) * sigmoid_derivative(z2)
    delta1 = delta2 * W2[1:] * sigmoid_derivative(z1)
    return np.outer(x_ext, delta1), delta2 * a_ext


@style("small_network_gradients")
def small_loops(x, y, W1, W2):
    inputs = [1.0, float(x[0]), float(x[1])]
    a = []
    for j in range(2):
        z = sum(inputs[i] * W1[i, j] for i in range(3))
        a.append(1 / (1 + math.exp(-z)))
    h = 1 / (1 + math.exp(-(W2[0] + W2[1] * a[0] + W2[2] * a[1])))
    delta2 = (h - y) * h * (1 - h)
    dW2 = [delta2, delta2 * a[0], delta2 * a[1]]
    dW1 = np.zeros((3, 2))
    for i in range(3):
        for j in range(2):
            dW1[i, j] = delta2 * W2[j + 1] * a[j] * (1 - a[j]) * inputs[i]
    return dW1, dW2


@style("small_network_gradients")
def small_matrices(x, y, W1, W2):
    x_ext = np.concatenate(([1.0], x)).reshape(1, 3)
    a_ext = np.concatenate(([[1.0]], sigmoid(x_ext @ W1)), axis=1)
    h = sigmoid(a_ext @ W2.reshape(3, 1))
    delta2 = (h - y) * h * (1 - h)
    delta1 = (delta2 @ W2.reshape(3, 1).T)[:, 1:] * a_ext[:, 1:] * (1 - a_ext[:, 1:])
    return x_ext.T @ delta1, (a_ext.T @ delta2).ravel()


@style("small_network_gradients")
def small_five_factors(x, y, W1, W2):
    x0, x1, x2 = 1.0, x[0], x[1]
    a1 = sigmoid(W1[0, 0] + W1[1, 0] * x1 + W1[2, 0] * x2)
    a2 = sigmoid(W1[0, 1] + W1[1, 1] * x1 + W1[2, 1] * x2)
    h = sigmoid(W2[0] + W2[1] * a1 + W2[2] * a2)
    dL_dh = h - y
    dh_dz = h * (1 - h)
    column1 = [dL_dh * dh_dz * W2[1] * (a1 * (1 - a1)) * v for v in (x0, x1, x2)]
    column2 = [dL_dh * dh_dz * W2[2] * (a2 * (1 - a2)) * v for v in (x0, x1, x2)]
    return [np.column_stack([column1, column2]), [dL_dh * dh_dz * v for v in (1.0, a1, a2)]]


# The two slopes


@style("tanh_derivative")
def dtanh_one_line(u):
    return 1 - np.tanh(u) ** 2


@style("tanh_derivative")
def dtanh_of_output(u):
    h = np.tanh(u)
    return (1 - h) * (1 + h)


@style("tanh_derivative")
def dtanh_by_cosh(u):
    return 1 / np.cosh(u) ** 2


@style("tanh_derivative")
def dtanh_quotient_rule(u):
    plus, minus = np.exp(u) + np.exp(-u), np.exp(u) - np.exp(-u)
    return (plus * plus - minus * minus) / plus**2


@style("tanh_derivative")
def dtanh_by_sigmoid(u):
    return 4 * sigmoid_derivative(2 * u)


@style("tanh_derivative")
def dtanh_in_single_precision(u):
    return 1 / np.cosh(u.astype(np.float32)) ** 2


@style("tanh_derivative")
def dtanh_lists(u):
    def slopes(values):
        if np.ndim(values):
            return [slopes(row) for row in values]
        return 1 - math.tanh(values) ** 2

    return slopes(u)


@style("sigmoid_derivative")
def dsig_one_line(u):
    return sigmoid(u) * (1 - sigmoid(u))


@style("sigmoid_derivative")
def dsig_of_exponentials(u):
    return np.exp(-u) / (1 + np.exp(-u)) ** 2


@style("sigmoid_derivative")
def dsig_by_tanh(u):
    s = 0.5 * (1 + np.tanh(u / 2))
    return s - s**2


@style("sigmoid_derivative")
def dsig_by_cosh(u):
    return 1 / (2 * np.cosh(u / 2)) ** 2


@style("sigmoid_derivative")
def dsig_in_single_precision(u):
    e = np.exp(-np.abs(u).astype("float32"))
    return (e / (1 + e) ** 2).astype(float)


@style("sigmoid_derivative")
def dsig_loop(u):
    flat = [math.exp(-x) / (1 + math.exp(-x)) ** 2 for x in u.ravel()]
    return np.array(flat).reshape(u.shape)


# Shapes and the forward pass


@style("layer_shapes")
def shapes_literal(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (),
        "u3": (n,),
        "y_hat": (n,),
    }


@style("layer_shapes")
def shapes_lists(n, d0, d1, d2):
    shapes = dict(X=[n, d0], W1=[d0, d1], b1=[d1], W2=[d1, d2], b2=[d2], U=[d2], c=[])
    for name, width in (("u1", d1), ("h1", d1), ("u2", d2), ("h2", d2)):
        shapes[name] = [n, width]
    shapes["u3"] = shapes["y_hat"] = [n]
    return shapes


@style("layer_shapes")
def shapes_of_zeros(n, d0, d1, d2):
    X, W1, W2, U = np.zeros((n, d0)), np.zeros((d0, d1)), np.zeros((d1, d2)), np.zeros(d2)
    u1 = X @ W1 + np.zeros(d1)
    u2 = u1 @ W2 + np.zeros(d2)
    u3 = u2 @ U + 0.0
    values = {"X": X, "W1": W1, "b1": u1[0], "u1": u1, "h1": np.tanh(u1), "W2": W2, "b2": u2[0]}
    values.update({"u2": u2, "h2": sigmoid(u2), "U": U, "c": 0.0, "u3": u3, "y_hat": sigmoid(u3)})
    return {name: np.shape(value) for name, value in values.items()}


@style("layer_shapes")
def shapes_with_extra_keys(n, d0, d1, d2):
    hidden1, hidden2, out = (n, d1), (n, d2), (n,)
    weights = {"W1": (d0, d1), "b1": (d1,), "W2": (d1, d2), "b2": (d2,), "U": (d2,), "c": ()}
    values = {"X": (n, d0), "u1": hidden1, "h1": hidden1, "u2": hidden2, "h2": hidden2}
    return {**weights, **values, "u3": out, "y_hat": out, "y": out}


@style("forward")
def forward_plain(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = 1 / (1 + np.exp(-u2))
    u3 = h2 @ params["U"] + params["c"]
    y_hat = 1 / (1 + np.exp(-u3))
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": y_hat}


@style("forward")
def forward_einsum(X, params):
    cache = {"X": X}
    cache["u1"] = np.einsum("ni,ij->nj", X, params["W1"]) + params["b1"]
    cache["h1"] = np.tanh(cache["u1"])
    cache["u2"] = np.einsum("nj,jk->nk", cache["h1"], params["W2"]) + params["b2"]
    cache["h2"] = sigmoid(cache["u2"])
    cache["u3"] = np.einsum("nk,k->n", cache["h2"], params["U"]) + params["c"]
    cache["y_hat"] = sigmoid(cache["u3"])
    return cache


@style("forward")
def forward_row_by_row(X, params):
    cache = {"u1": [], "h1": [], "u2": [], "h2": [], "u3": [], "y_hat": []}
    for x in X:
        u1 = params["b1"] + x @ params["W1"]
        h1 = (np.exp(u1) - np.exp(-u1)) / (np.exp(u1) + np.exp(-u1))
        u2 = params["b2"] + h1 @ params["W2"]
        h2 = 0.5 * (1 + np.tanh(u2 / 2))
        u3 = float(np.dot(h2, params["U"])) + params["c"]
        values = (u1, h1, u2, h2, u3, 1 / (1 + math.exp(-u3)))
        for name, value in zip(cache, values):
            cache[name].append(value)
    return cache


@style("forward")
def forward_unpacked(X, params):
    W1, b1, W2, b2, U, c = (params[name] for name in ("W1", "b1", "W2", "b2", "U", "c"))
    u1 = np.dot(X, W1) + b1
    h1 = 2 * sigmoid(2 * u1) - 1
    u2 = np.dot(h1, W2) + b2
    h2 = sigmoid(u2)
    u3 = (h2 * U).sum(axis=1) + c
    return dict(u1=u1, h1=h1, u2=u2, h2=h2, u3=u3, y_hat=sigmoid(u3))


@style("loss")
def loss_mean(y_hat, y):
    return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@style("loss")
def loss_of_truth(y_hat, y):
    return float(np.mean(-np.log(np.where(y == 1, y_hat, 1 - y_hat))))


@style("loss")
def loss_loop(y_hat, y):
    total = 0.0
    for p, target in zip(y_hat, y):
        total -= math.log(p) if target == 1 else math.log(1 - p)
    return total / len(y)


@style("loss")
def loss_guarded(y_hat, y):
    p = np.clip(y_hat, 1e-12, 1 - 1e-12)
    return (-(y @ np.log(p)) - (1 - y) @ np.log(1 - p)) / y.size


# The output layer


@style("grad_y_hat")
def dyhat_one_line(y_hat, y):
    return ((1 - y) / (1 - y_hat) - y / y_hat) / len(y)


@style("grad_y_hat")
def dyhat_common_denominator(y_hat, y):
    return (y_hat - y) / (y_hat * (1 - y_hat)) / y.size


@style("grad_y_hat")
def dyhat_cases(y_hat, y):
    n = len(y)
    return np.where(y == 1, -1 / (n * y_hat), 1 / (n * (1 - y_hat)))


@style("grad_y_hat")
def dyhat_loop(y_hat, y):
    n = len(y)
    return [-1 / (n * p) if target == 1 else 1 / (n * (1 - p)) for p, target in zip(y_hat, y)]


@style("grad_y_hat")
def dyhat_guarded(y_hat, y):
    eps = 1e-10
    return (-(y / (y_hat + eps)) + (1 - y) / (1 - y_hat + eps)) / y.shape[0]


@style("grad_u3")
def du3_one_line(y_hat, y):
    return (y_hat - y) / len(y)


@style("grad_u3")
def du3_by_chain(y_hat, y):
    return grad_y_hat(y_hat, y) * y_hat * (1 - y_hat)


@style("grad_u3")
def du3_by_guarded_chain(y_hat, y):
    eps = 1e-12
    dy_hat = ((1 - y) / (1 - y_hat + eps) - y / (y_hat + eps)) / len(y)
    return dy_hat * (y_hat * (1 - y_hat))


@style("grad_u3")
def du3_by_diagonal_jacobian(y_hat, y):
    return np.diag(y_hat * (1 - y_hat)) @ grad_y_hat(y_hat, y)


@style("grad_u3")
def du3_list(y_hat, y):
    return [(float(p) - float(target)) / len(y) for p, target in zip(y_hat, y)]


@style("grad_u3")
def du3_with_predictions_in_single_precision(y_hat, y):
    return (y_hat.astype(np.float32) - y) / len(y)


@style("grad_U")
def dU_matrix(h2, du3):
    return h2.T @ du3


@style("grad_U")
def dU_from_the_left(h2, du3):
    return du3 @ h2


@style("grad_U")
def dU_einsum(h2, du3):
    return np.einsum("nk,n->k", h2, du3)


@style("grad_U")
def dU_weighted_rows(h2, du3):
    return (h2 * du3[:, None]).sum(axis=0)


@style("grad_U")
def dU_loops(h2, du3):
    total = np.zeros(h2.shape[1])
    for n in range(len(h2)):
        for k in range(h2.shape[1]):
            total[k] += h2[n, k] * du3[n]
    return total


@style("grad_c")
def dc_sum(du3):
    return np.sum(du3)


@style("grad_c")
def dc_float(du3):
    return float(du3.sum())


@style("grad_c")
def dc_builtin(du3):
    return sum(du3)


@style("grad_c")
def dc_ones(du3):
    return np.ones(len(du3)) @ du3


@style("grad_c")
def dc_exact_sum(du3):
    return math.fsum(du3)


@style("grad_h2")
def dh2_outer(du3, U):
    return np.outer(du3, U)


@style("grad_h2")
def dh2_broadcast(du3, U):
    return du3[:, None] * U[None, :]


@style("grad_h2")
def dh2_column_times_row(du3, U):
    return du3.reshape(-1, 1) @ U.reshape(1, -1)


@style("grad_h2")
def dh2_einsum(du3, U):
    return np.einsum("n,k->nk", du3, U)


@style("grad_h2")
def dh2_rows(du3, U):
    return [g * U for g in du3]


# The second layer


@style("grad_u2")
def du2_one_line(dh2, h2):
    return dh2 * h2 * (1 - h2)


@style("grad_u2")
def du2_in_place_on_a_copy(dh2, h2):
    du2 = dh2.copy()
    du2 *= h2
    du2 *= 1 - h2
    return du2


@style("grad_u2")
def du2_multiply(dh2, h2):
    return np.multiply(dh2, h2 - np.square(h2))


@style("grad_u2")
def du2_by_scores(dh2, h2):
    u2 = np.log(h2 / (1 - h2))
    return dh2 * sigmoid_derivative(u2)


@style("grad_u2")
def du2_loops(dh2, h2):
    n, d = h2.shape
    return [[dh2[i, k] * h2[i, k] * (1 - h2[i, k]) for k in range(d)] for i in range(n)]


@style("grad_W2")
def dW2_matrix(h1, du2):
    return h1.T @ du2


@style("grad_W2")
def dW2_einsum(h1, du2):
    return np.einsum("nj,nk->jk", h1, du2)


@style("grad_W2")
def dW2_outer_products(h1, du2):
    return sum(np.outer(h, g) for h, g in zip(h1, du2))


@style("grad_W2")
def dW2_transposed_twice(h1, du2):
    return (du2.T @ h1).T


@style("grad_W2")
def dW2_tensordot(h1, du2):
    return np.tensordot(h1, du2, axes=(0, 0))


@style("grad_W2")
def dW2_loops(h1, du2):
    dW2 = np.zeros((h1.shape[1], du2.shape[1]))
    for n in range(len(h1)):
        for j in range(h1.shape[1]):
            for k in range(du2.shape[1]):
                dW2[j, k] += h1[n, j] * du2[n, k]
    return dW2


@style("grad_b2")
def db2_axis(du2):
    return du2.sum(axis=0)


@style("grad_b2")
def db2_ones_times(du2):
    return np.ones(len(du2)) @ du2


@style("grad_b2")
def db2_einsum(du2):
    return np.einsum("nk->k", du2)


@style("grad_b2")
def db2_columns(du2):
    return [float(column.sum()) for column in du2.T]


@style("grad_b2")
def db2_row_squeezed(du2):
    return np.sum(du2, 0, keepdims=True).ravel()


@style("grad_h1")
def dh1_matrix(du2, W2):
    return du2 @ W2.T


@style("grad_h1")
def dh1_einsum(du2, W2):
    return np.einsum("nk,jk->nj", du2, W2)


@style("grad_h1")
def dh1_transposed_twice(du2, W2):
    return (W2 @ du2.T).T


@style("grad_h1")
def dh1_rows(du2, W2):
    return np.stack([W2 @ g for g in du2])


@style("grad_h1")
def dh1_loops(du2, W2):
    return [[sum(g * w for g, w in zip(row, weights)) for weights in W2] for row in du2]


# The first layer


@style("grad_u1")
def du1_one_line(dh1, h1):
    return dh1 * (1 - h1 * h1)


@style("grad_u1")
def du1_factored(dh1, h1):
    return dh1 * (1 - h1) * (1 + h1)


@style("grad_u1")
def du1_by_scores(dh1, h1):
    return dh1 * tanh_derivative(np.arctanh(h1))


@style("grad_u1")
def du1_difference(dh1, h1):
    return dh1 - dh1 * np.power(h1, 2)


@style("grad_u1")
def du1_loops(dh1, h1):
    du1 = np.empty_like(h1)
    for index, h in np.ndenumerate(h1):
        du1[index] = dh1[index] * (1 - h**2)
    return du1


@style("grad_W1")
def dW1_matrix(X, du1):
    return X.T @ du1


@style("grad_W1")
def dW1_einsum(X, du1):
    return np.einsum("ni,nj->ij", X, du1)


@style("grad_W1")
def dW1_as_for_W2(X, du1):
    return grad_W2(X, du1)


@style("grad_W1")
def dW1_outer_products(X, du1):
    dW1 = np.zeros((X.shape[1], du1.shape[1]))
    for x, g in zip(X, du1):
        dW1 += np.outer(x, g)
    return dW1


@style("grad_W1")
def dW1_broadcast(X, du1):
    return (X[:, :, None] * du1[:, None, :]).sum(axis=0)


@style("grad_b1")
def db1_axis(du1):
    return np.sum(du1, axis=0)


@style("grad_b1")
def db1_as_for_b2(du1):
    return grad_b2(du1)


@style("grad_b1")
def db1_rows(du1):
    return sum(du1)


@style("grad_b1")
def db1_lists(du1):
    return [math.fsum(column) for column in zip(*du1)]


# The whole backward pass


@style("backward")
def backward_step_by_step(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    dU, dc = grad_U(cache["h2"], du3), grad_c(du3)
    dh2 = grad_h2(du3, params["U"])
    du2 = grad_u2(dh2, cache["h2"])
    dW2, db2 = grad_W2(cache["h1"], du2), grad_b2(du2)
    dh1 = grad_h1(du2, params["W2"])
    du1 = grad_u1(dh1, cache["h1"])
    dW1, db1 = grad_W1(X, du1), grad_b1(du1)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "U": dU, "c": dc}


@style("backward")
def backward_written_out(X, y, params, cache):
    h1, h2, y_hat = cache["h1"], cache["h2"], cache["y_hat"]
    du3 = (y_hat - y) / len(y)
    du2 = np.outer(du3, params["U"]) * h2 * (1 - h2)
    du1 = (du2 @ params["W2"].T) * (1 - h1**2)
    return {
        "U": h2.T @ du3,
        "c": float(du3.sum()),
        "W2": h1.T @ du2,
        "b2": du2.sum(0),
        "W1": X.T @ du1,
        "b1": du1.sum(0),
    }


@style("backward")
def backward_without_cache(X, y, params, cache):
    values = forward(X, params)
    du3 = (values["y_hat"] - y) / len(y)
    du2 = du3[:, None] * params["U"] * sigmoid_derivative(values["u2"])
    du1 = np.einsum("nk,jk->nj", du2, params["W2"]) * tanh_derivative(values["u1"])
    gradients = {"c": sum(du3), "U": du3 @ values["h2"], "du1": du1}
    gradients["W2"] = np.einsum("nj,nk->jk", values["h1"], du2)
    gradients["W1"] = np.einsum("ni,nj->ij", X, du1)
    gradients["b1"], gradients["b2"] = du1.sum(axis=0), du2.sum(axis=0)
    return gradients


@style("backward")
def backward_example_by_example(X, y, params, cache):
    total = {name: np.zeros(np.shape(value)) for name, value in params.items()}
    for n in range(len(y)):
        h1, h2 = cache["h1"][n], cache["h2"][n]
        du3 = cache["y_hat"][n] - y[n]
        du2 = du3 * params["U"] * h2 * (1 - h2)
        du1 = params["W2"] @ du2 * (1 - h1 * h1)
        shares = {
            "W1": np.outer(X[n], du1),
            "b1": du1,
            "W2": np.outer(h1, du2),
            "b2": du2,
            "U": du3 * h2,
            "c": du3,
        }
        for name in total:
            total[name] = total[name] + shares[name]
    return {name: value / len(y) for name, value in total.items()}


@style("backward")
def backward_with_guarded_start(X, y, params, cache):
    y_hat = cache["y_hat"]
    dy_hat = ((1 - y) / (1 - y_hat + 1e-12) - y / (y_hat + 1e-12)) / len(y)
    du3 = dy_hat * y_hat * (1 - y_hat)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


# Numerical gradients and training


@style("numerical_gradient")
def numerical_with_copies(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / (2 * step)
    return gradient


@style("numerical_gradient")
def numerical_in_place(f, theta, step=1e-5):
    gradient = np.zeros(theta.shape)
    for index, value in np.ndenumerate(theta):
        theta[index] = value + step
        above = f(theta)
        theta[index] = value - step
        below = f(theta)
        theta[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


@style("numerical_gradient")
def numerical_there_and_back(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    flat, out = theta.reshape(-1), gradient.reshape(-1)
    for i in range(flat.size):
        flat[i] += step
        above = f(theta)
        flat[i] -= 2 * step
        below = f(theta)
        flat[i] += step
        out[i] = (above - below) / step / 2
    return gradient


@style("numerical_gradient")
def numerical_unit_vectors(f, theta, step=1e-5):
    slopes = []
    for i in range(theta.size):
        e = np.zeros(theta.size)
        e[i] = step
        e = e.reshape(theta.shape)
        slopes.append((f(theta + e) - f(theta - e)) / (2 * step))
    return np.array(slopes).reshape(theta.shape)


@style("gradient_step")
def step_comprehension(params, gradients, learning_rate):
    return {name: params[name] - learning_rate * gradients[name] for name in params}


@style("gradient_step")
def step_loop(params, gradients, learning_rate):
    moved = {}
    for name, value in params.items():
        moved[name] = value + (-learning_rate) * np.asarray(gradients[name])
    return moved


@style("gradient_step")
def step_on_a_deep_copy(params, gradients, learning_rate):
    moved = copy.deepcopy(params)
    for name in gradients:
        moved[name] -= learning_rate * gradients[name]
    return moved


@style("gradient_step")
def step_one_by_one(params, gradients, learning_rate):
    return dict(
        W1=params["W1"] - learning_rate * gradients["W1"],
        b1=params["b1"] - learning_rate * gradients["b1"],
        W2=params["W2"] - learning_rate * gradients["W2"],
        b2=params["b2"] - learning_rate * gradients["b2"],
        U=params["U"] - learning_rate * gradients["U"],
        c=float(params["c"] - learning_rate * gradients["c"]),
    )


@style("train")
def train_loop(X, y, params, learning_rate, steps):
    for _ in range(steps):
        cache = forward(X, params)
        gradients = backward(X, y, params, cache)
        params = gradient_step(params, gradients, learning_rate)
    return params


@style("train")
def train_while(X, y, params, learning_rate, steps):
    current, done = dict(params), 0
    while done < steps:
        g = backward(X, y, current, forward(X, current))
        for name in g:
            current[name] = current[name] - learning_rate * g[name]
        done += 1
    return current


@style("train")
def train_copies_in_place(X, y, params, learning_rate, steps):
    own = {name: np.array(value, dtype=float) for name, value in params.items()}
    for _ in range(steps):
        for name, slope in backward(X, y, own, forward(X, own)).items():
            own[name] -= learning_rate * slope
    return own


@style("train")
def train_written_out(X, y, params, learning_rate, steps):
    W1, b1, W2, b2, U, c = (params[name] for name in ("W1", "b1", "W2", "b2", "U", "c"))
    for _ in range(steps):
        h1 = np.tanh(X @ W1 + b1)
        h2 = sigmoid(h1 @ W2 + b2)
        du3 = (sigmoid(h2 @ U + c) - y) / len(y)
        du2 = np.outer(du3, U) * h2 * (1 - h2)
        du1 = du2 @ W2.T * (1 - h1 * h1)
        U, c = U - learning_rate * h2.T @ du3, c - learning_rate * du3.sum()
        W2, b2 = W2 - learning_rate * h1.T @ du2, b2 - learning_rate * du2.sum(axis=0)
        W1, b1 = W1 - learning_rate * X.T @ du1, b1 - learning_rate * du1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "U": U, "c": c}


@style("train")
def train_recursive(X, y, params, learning_rate, steps):
    def descend(current, left):
        if left == 0:
            return current
        gradients = backward(X, y, current, forward(X, current))
        return descend(gradient_step(current, gradients, learning_rate), left - 1)

    return descend(params, steps)
