"""Right answers to 02-logistic-regression in several honest styles; every one must pass."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.logistic_regression.cases import notebook
from autograder.exercises.logistic_regression.reference import (
    add_bias,
    bce_gradient,
    gradient_descent,
    predict_proba,
    sigmoid,
    sigmoid_derivative,
)

style = notebook.style


@style("linear_mse_gradient")
def mse_gradient_matrix(w, X, y):
    Xb = add_bias(X)
    return 2 * Xb.T @ (Xb @ w - y) / len(y)


@style("linear_mse_gradient")
def mse_gradient_loops(w, X, y):
    gradient = np.zeros(len(w))
    for x, target in zip(X, y):
        residual = w[0] + sum(w[j + 1] * x[j] for j in range(len(x))) - target
        gradient[0] += 2 * residual
        for j in range(len(x)):
            gradient[j + 1] += 2 * residual * x[j]
    return gradient / len(X)


@style("linear_mse_gradient")
def mse_gradient_bias_apart(w, X, y):
    residual = X @ w[1:] + w[0] - y
    return np.concatenate(([2 * residual.mean()], 2 * (residual[:, None] * X).mean(axis=0)))


@style("linear_mse_gradient")
def mse_gradient_einsum(w, X, y):
    Xb = np.insert(X, 0, 1.0, axis=1)
    residual = np.einsum("nj,j->n", Xb, w) - y
    return (2 / X.shape[0]) * np.einsum("n,nj->j", residual, Xb)


@style("linear_mse_gradient")
def mse_gradient_normal_equations(w, X, y):
    Xb = np.c_[np.ones(X.shape[0]), X]
    return list(2 / len(X) * (Xb.T @ Xb @ w - Xb.T @ y))


@style("add_bias")
def add_bias_column_stack(X):
    return np.column_stack((np.ones(len(X)), X))


@style("add_bias")
def add_bias_hstack(X):
    return np.hstack((np.ones((X.shape[0], 1)), X))


@style("add_bias")
def add_bias_insert(X):
    return np.insert(X, 0, 1, axis=1)


@style("add_bias")
def add_bias_fill(X):
    out = np.ones((X.shape[0], X.shape[1] + 1))
    out[:, 1:] = X
    return out


@style("add_bias")
def add_bias_lists(X):
    return [[1.0, *row] for row in X]


@style("add_bias")
def add_bias_pad(X):
    return np.pad(X, ((0, 0), (1, 0)), constant_values=1)


@style("sigmoid")
def sigmoid_one_line(z):
    return 1 / (1 + np.exp(-z))


@style("sigmoid")
def sigmoid_tanh_form(z):
    return 0.5 * (1 + np.tanh(z / 2))


@style("sigmoid")
def sigmoid_two_sides(z):
    out = np.empty_like(z)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    out[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return out


@style("sigmoid")
def sigmoid_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


@style("sigmoid")
def sigmoid_clipped_far_out(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))


@style("sigmoid")
def sigmoid_entry_by_entry(z):
    def one(x):
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

    return np.vectorize(one)(z)


@style("sigmoid")
def sigmoid_lists(z):
    if np.ndim(z) == 0:
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0
    return [sigmoid_lists(x) for x in z]


@style("sigmoid_derivative")
def sigmoid_derivative_from_value(z):
    s = sigmoid(z)
    return s * (1 - s)


@style("sigmoid_derivative")
def sigmoid_derivative_of_exponentials(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@style("sigmoid_derivative")
def sigmoid_derivative_symmetric(z):
    return sigmoid(z) * sigmoid(-z)


@style("sigmoid_derivative")
def sigmoid_derivative_cosh(z):
    return 1 / (4 * np.cosh(z / 2) ** 2)


@style("sigmoid_derivative")
def sigmoid_derivative_difference_of_squares(z):
    s = sigmoid(z)
    return s - s**2


@style("sigmoid_derivative")
def sigmoid_derivative_lists(z):
    if np.ndim(z) == 0:
        s = 1 / (1 + math.exp(-z))
        return s * (1 - s)
    return [sigmoid_derivative_lists(x) for x in z]


@style("predict_proba")
def proba_matrix(X, w):
    return sigmoid(add_bias(X) @ w)


@style("predict_proba")
def proba_bias_apart(X, w):
    return 1 / (1 + np.exp(-(w[0] + X @ w[1:])))


@style("predict_proba")
def proba_loop(X, w):
    out = []
    for x in X:
        z = w[0]
        for j in range(len(x)):
            z += w[j + 1] * x[j]
        out.append(1 / (1 + math.exp(-z)))
    return out


@style("predict_proba")
def proba_einsum(X, w):
    return sigmoid(np.einsum("nj,j->n", np.insert(X, 0, 1, axis=1), w))


@style("bce_loss")
def bce_one_line(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@style("bce_loss")
def bce_by_cases(y, p):
    return np.where(y == 1, -np.log(p), -np.log(1 - p)).mean()


@style("bce_loss")
def bce_loop(y, p):
    total = 0.0
    for label, probability in zip(y, p):
        total -= math.log(probability) if label else math.log(1 - probability)
    return total / len(y)


@style("bce_loss")
def bce_probability_of_truth(y, p):
    return -np.log(np.abs(1 - y - p)).mean()


@style("bce_loss")
def bce_dot_products(y, p):
    return float(-(y @ np.log(p) + (1 - y) @ np.log(1 - p)) / y.size)


@style("bce_loss")
def bce_with_tiny_guard(y, p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return np.array(-np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y))


@style("bce_with_logits")
def logits_max_trick(y, z):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@style("bce_with_logits")
def logits_logaddexp(y, z):
    return (np.logaddexp(0, z) - y * z).mean()


@style("bce_with_logits")
def logits_signed_score(y, z):
    return np.logaddexp(0, (1 - 2 * y) * z).mean()


@style("bce_with_logits")
def logits_loop(y, z):
    total = 0.0
    for label, score in zip(y, z):
        wrong = -score if label == 1 else score
        total += max(wrong, 0) + math.log1p(math.exp(-abs(wrong)))
    return total / len(y)


@style("bce_with_logits")
def logits_two_sides(y, z):
    softplus = np.where(z > 0, z + np.log1p(np.exp(-z)), np.log1p(np.exp(np.minimum(z, 0))))
    return float(np.sum(softplus - y * z) / len(z))


@style("bce_gradient")
def bce_gradient_matrix(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y) / len(y)


@style("bce_gradient")
def bce_gradient_loops(w, X, y):
    gradient = np.zeros(len(w))
    for x, label in zip(X, y):
        z = w[0] + sum(w[j + 1] * x[j] for j in range(len(x)))
        error = 1 / (1 + math.exp(-z)) - label
        gradient[0] += error
        for j in range(len(x)):
            gradient[j + 1] += error * x[j]
    return gradient / len(X)


@style("bce_gradient")
def bce_gradient_bias_apart(w, X, y):
    error = predict_proba(X, w) - y
    return np.append(np.mean(error), (X * error[:, np.newaxis]).mean(axis=0))


@style("bce_gradient")
def bce_gradient_einsum(w, X, y):
    Xb = np.c_[np.ones(len(X)), X]
    return np.einsum("n,nj->j", sigmoid(np.einsum("nj,j->n", Xb, w)) - y, Xb) / X.shape[0]


@style("bce_gradient")
def bce_gradient_whole_chain(w, X, y):
    Xb = add_bias(X)
    z = Xb @ w
    p = sigmoid(z)
    dp = (p - y) / (p * (1 - p)) / len(y)
    dz = dp * sigmoid_derivative(z)
    return Xb.T @ dz


@style("bce_gradient")
def bce_gradient_list_of_means(w, X, y):
    error = predict_proba(X, w) - y
    return [error.mean()] + [(error * X[:, j]).mean() for j in range(X.shape[1])]


@style("bce_hessian")
def hessian_diag(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return Xb.T @ np.diag(p * (1 - p)) @ Xb / len(X)


@style("bce_hessian")
def hessian_weighted_rows(w, X):
    Xb = add_bias(X)
    p = predict_proba(X, w)
    return (Xb * (p * (1 - p))[:, None]).T @ Xb / X.shape[0]


@style("bce_hessian")
def hessian_einsum(w, X):
    Xb = np.insert(X, 0, 1.0, axis=1)
    d = sigmoid_derivative(Xb @ w)
    return np.einsum("n,ni,nj->ij", d, Xb, Xb) / len(d)


@style("bce_hessian")
def hessian_outer_products(w, X):
    total = np.zeros((len(w), len(w)))
    for x in add_bias(X):
        p = 1 / (1 + np.exp(-x @ w))
        total += p * (1 - p) * np.outer(x, x)
    return total / len(X)


@style("bce_hessian")
def hessian_square_root(w, X):
    Xb = add_bias(X)
    root = np.sqrt(sigmoid_derivative(Xb @ w))[:, None] * Xb
    return (root.T @ root / len(X)).tolist()


@style("l2_gradient")
def l2_masked(w, X, y, strength):
    free = np.ones_like(w)
    free[0] = 0
    return bce_gradient(w, X, y) + 2 * strength * free * w


@style("l2_gradient")
def l2_concatenated(w, X, y, strength):
    return bce_gradient(w, X, y) + 2 * strength * np.concatenate(([0.0], w[1:]))


@style("l2_gradient")
def l2_slice(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += 2 * strength * w[1:]
    return gradient


@style("l2_gradient")
def l2_from_scratch(w, X, y, strength):
    Xb = np.column_stack([np.ones(len(X)), X])
    mask = np.eye(len(w))
    mask[0, 0] = 0
    return Xb.T @ (1 / (1 + np.exp(-Xb @ w)) - y) / len(y) + 2 * strength * mask @ w


@style("l2_gradient")
def l2_list(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    return [gradient[0]] + [g + 2 * strength * wj for g, wj in zip(gradient[1:], w[1:])]


@style("gradient_descent")
def descent_loop(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w -= learning_rate * gradient(w)
    return w


@style("gradient_descent")
def descent_rebinding(gradient, w0, learning_rate, steps):
    w = w0
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
    return w


@style("gradient_descent")
def descent_while(gradient, w0, learning_rate, steps):
    w = np.array(w0, dtype=float)
    done = 0
    while done < steps:
        w = w - learning_rate * np.asarray(gradient(w))
        done += 1
    return w


@style("gradient_descent")
def descent_history(gradient, w0, learning_rate, steps):
    history = [w0]
    for _ in range(steps):
        history.append(history[-1] - learning_rate * gradient(history[-1]))
    return history[-1]


@style("gradient_descent")
def descent_recursive(gradient, w0, learning_rate, steps):
    if steps == 0:
        return w0
    w1 = w0 - learning_rate * gradient(w0)
    return descent_recursive(gradient, w1, learning_rate, steps - 1)


@style("fit")
def fit_by_descent(X, y, learning_rate=0.1, steps=1000):
    start = np.zeros(X.shape[1] + 1)
    return gradient_descent(lambda w: bce_gradient(w, X, y), start, learning_rate, steps)


@style("fit")
def fit_own_loop(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w -= learning_rate * bce_gradient(w, X, y)
    return w


@style("fit")
def fit_one_function(X, y, learning_rate=0.1, steps=1000):
    N = len(y)
    Xb = np.column_stack((np.ones(N), X))
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-(Xb @ w)))
        w = w - learning_rate * (1 / N) * (Xb.T @ (p - y))
    return w


@style("fit")
def fit_bias_apart(X, y, learning_rate=0.1, steps=1000):
    bias, w = 0.0, np.zeros(X.shape[1])
    for _ in range(steps):
        error = sigmoid(bias + X @ w) - y
        bias -= learning_rate * error.mean()
        w = w - learning_rate * X.T @ error / len(y)
    return [bias, *w]


@style("fit")
def fit_tanh_form(X, y, learning_rate=0.1, steps=1000):
    Xb = np.insert(X, 0, 1.0, axis=1)
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * np.mean((0.5 + 0.5 * np.tanh(Xb @ w / 2) - y)[:, None] * Xb, axis=0)
    return w


@style("predict")
def predict_astype(X, w, threshold=0.5):
    return (predict_proba(X, w) >= threshold).astype(int)


@style("predict")
def predict_where(X, w, threshold=0.5):
    return np.where(predict_proba(X, w) >= threshold, 1, 0)


@style("predict")
def predict_booleans(X, w, threshold=0.5):
    return 1 / (1 + np.exp(-(X @ w[1:] + w[0]))) >= threshold


@style("predict")
def predict_list(X, w, threshold=0.5):
    return [int(p >= threshold) for p in predict_proba(X, w)]


@style("predict")
def predict_floats(X, w, threshold=0.5):
    answer = np.zeros(len(X))
    answer[predict_proba(X, w) >= threshold] = 1.0
    return answer


@style("predict")
def predict_by_score(X, w, threshold=0.5):
    return (add_bias(X) @ w >= np.log(threshold / (1 - threshold))).astype(int)
