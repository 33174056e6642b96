"""The right functions and classes of 08-build-autograd, with their derivations.

The classes are checked by way of `course.programs`, which asks them with expressions.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np


class Dual:
    """A number that carries its derivative along: value + tangent * e, with e * e = 0.

    Multiplying out, (u + u' e)(v + v' e) = u v + (u' v + u v') e + u' v' e², and the last term is
    gone: the product rule. For a smooth g, Taylor's series ends after one step for the same
    reason: g(u + u' e) = g(u) + g'(u) u' e. The quotient is the product with 1/v, whose slope is
    -1/v². Numbers are constants: their tangent is 0.
    """

    def __init__(self, value, tangent=0.0):
        self.value, self.tangent = value, tangent

    def _through(self, value, slope):
        return Dual(value, slope * self.tangent)

    def __add__(self, other):
        other = _as(Dual, other)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    def __mul__(self, other):
        other = _as(Dual, other)
        tangent = self.tangent * other.value + self.value * other.tangent
        return Dual(self.value * other.value, tangent)

    def __pow__(self, n):
        return self._through(self.value**n, n * self.value ** (n - 1))

    def __neg__(self):
        return self._through(-self.value, -1.0)

    def __sub__(self, other):
        return self + -_as(Dual, other)

    def __truediv__(self, other):
        return self * _as(Dual, other) ** -1

    def __rsub__(self, other):
        return _as(Dual, other) - self

    def __rtruediv__(self, other):
        return _as(Dual, other) / self

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        value = math.exp(self.value)
        return self._through(value, value)

    def log(self):
        return self._through(math.log(self.value), 1 / self.value)

    def sin(self):
        return self._through(math.sin(self.value), math.cos(self.value))

    def cos(self):
        return self._through(math.cos(self.value), -math.sin(self.value))

    def tanh(self):
        value = math.tanh(self.value)
        return self._through(value, 1 - value**2)


def forward_derivative(f: Callable, x: float) -> float:
    """Return the derivative at x of f, a function made of what Dual can do.

    dx/dx = 1 is the tangent to start with; what arrives is f'(x) * 1.
    """
    return f(Dual(x, 1.0)).tangent


def chain_cost(sizes: tuple) -> tuple:
    """Count the multiplications (forward, reverse) that multiply the Jacobians of layers of these
    sizes.

    The Jacobian of a layer d -> e has shape (e, d), and the product of (a, b) with (b, c) takes
    a b c multiplications: a c entries, each a sum of b products. Starting at the input, what is
    carried along always has sizes[0] columns; starting at the output, sizes[-1] rows. The first
    Jacobian to be carried costs nothing.
    """
    steps = list(zip(sizes, sizes[1:]))
    forward = sizes[0] * sum(d * e for d, e in steps[1:])
    reverse = sizes[-1] * sum(d * e for d, e in steps[:-1])
    return forward, reverse


def topological_order(root) -> list:
    """Return every node that `root` was made from, once, parents before children; root is the last.

    A node may be written down as soon as all of its parents are: depth first, with a stack of
    our own, because Python's is 1,000 calls deep. A node goes onto the stack, its parents go on
    top of it, and when it comes up for the second time they are done.
    """
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


class Value:
    """A number that remembers what it was made from.

    Every operation writes down the slope of its result by each parent. Backward, the adjoint of
    the root is 1, and in the reverse of the topological order every node hands its own, complete
    adjoint times the slope to each parent, which adds it up. These adjoints live for one pass
    only; leaves alone keep theirs, in `grad`. So a second pass starts from nothing between root
    and leaves, and doubles what the leaves hold.
    """

    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad = data, parents, 0.0
        self.slopes = ()

    @staticmethod
    def _made(data, *origins):
        """Return the result of an operation; origins are pairs (parent, slope by that parent)."""
        result = Value(data, tuple(parent for parent, _ in origins))
        result.slopes = tuple(slope for _, slope in origins)
        return result

    def __add__(self, other):
        other = _as(Value, other)
        return self._made(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = _as(Value, other)
        return self._made(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        return self._made(self.data**n, (self, n * self.data ** (n - 1)))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -_as(Value, other)

    def __truediv__(self, other):
        return self * _as(Value, other) ** -1

    def __rsub__(self, other):
        return _as(Value, other) - self

    def __rtruediv__(self, other):
        return _as(Value, other) / self

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        value = math.exp(self.data)
        return self._made(value, (self, value))

    def log(self):
        return self._made(math.log(self.data), (self, 1 / self.data))

    def tanh(self):
        value = math.tanh(self.data)
        return self._made(value, (self, 1 - value**2))

    def sigmoid(self):
        value = 1 / (1 + math.exp(-self.data))
        return self._made(value, (self, value * (1 - value)))

    def relu(self):
        return self._made(max(self.data, 0.0), (self, 1.0 if self.data > 0 else 0.0))

    def backward(self):
        order = topological_order(self)
        adjoints = dict.fromkeys(order, 0.0)
        adjoints[self] = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                adjoints[parent] += adjoints[node] * slope
        for node in order:
            if not node.parents:
                node.grad += adjoints[node]


def unbroadcast(gradient, shape):
    """Return the gradient of an array of `shape` from that of what broadcasting made of it.

    An entry that was copied to several places has as many arrows leaving it: what comes back
    along them is added up. NumPy puts new axes in front and stretches those of length 1.
    """
    gradient = np.asarray(gradient)
    added = gradient.ndim - len(shape)
    stretched = [axis + added for axis, length in enumerate(shape) if length == 1]
    return gradient.sum(axis=(*range(added), *stretched)).reshape(shape)


def matmul_gradients(A, B, upstream):
    """Return the gradients of A (n, d) and B (d, k) from that of their product, upstream (n, k).

    C_nk = sum_j A_nj B_jk, so dC_nk/dA_nj = B_jk, and A_nj feels every k of its row n:
    dA_nj = sum_k upstream_nk B_jk = (upstream B')_nj. B_jk feels every n of its column k:
    dB_jk = sum_n A_nj upstream_nk = (A' upstream)_jk.
    """
    return upstream @ B.T, A.T @ upstream


class Tensor:
    """An array that remembers what it was made from: `Value` for whole arrays.

    Instead of a slope, every operation keeps a function that maps the adjoint of its result to
    those of its parents. What broadcasting copied, `unbroadcast` adds up again.
    """

    def __init__(self, data, parents=()):
        self.data = np.asarray(data, dtype=np.float64)
        self.parents, self.grad = parents, np.zeros_like(self.data)
        self.pull = None

    @staticmethod
    def _made(data, parents, pull):
        """Return the result of an operation; `pull` maps its adjoint to a tuple, one for each
        parent."""
        result = Tensor(data, parents)
        result.pull = pull
        return result

    def __add__(self, other):
        other = _as(Tensor, other)
        shapes = self.data.shape, other.data.shape
        return self._made(
            self.data + other.data,
            (self, other),
            lambda g: (unbroadcast(g, shapes[0]), unbroadcast(g, shapes[1])),
        )

    def __mul__(self, other):
        other = _as(Tensor, other)
        a, b = self.data, other.data
        return self._made(
            a * b,
            (self, other),
            lambda g: (unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)),
        )

    def __matmul__(self, other):
        other = _as(Tensor, other)
        a, b = self.data, other.data
        if b.ndim == 1:
            # (n, d) @ (d,): as with a matrix of one column.
            def pull(g):
                da, db = matmul_gradients(a, b[:, None], g[:, None])
                return da, db[:, 0]
        else:

            def pull(g):
                return matmul_gradients(a, b, g)

        return self._made(a @ b, (self, other), pull)

    def __pow__(self, n):
        a = self.data
        return self._made(a**n, (self,), lambda g: (g * n * a ** (n - 1),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -_as(Tensor, other)

    def __truediv__(self, other):
        return self * _as(Tensor, other) ** -1

    def __rsub__(self, other):
        return _as(Tensor, other) - self

    def __rtruediv__(self, other):
        return _as(Tensor, other) / self

    __radd__, __rmul__ = __add__, __mul__

    def sum(self, axis=None, keepdims=False):
        shape = self.data.shape

        def pull(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return (np.broadcast_to(g, shape),)

        return self._made(self.data.sum(axis=axis, keepdims=keepdims), (self,), pull)

    def mean(self):
        return self.sum() / self.data.size

    def exp(self):
        value = np.exp(self.data)
        return self._made(value, (self,), lambda g: (g * value,))

    def log(self):
        a = self.data
        return self._made(np.log(a), (self,), lambda g: (g / a,))

    def tanh(self):
        value = np.tanh(self.data)
        return self._made(value, (self,), lambda g: (g * (1 - value**2),))

    def sigmoid(self):
        value = 1 / (1 + np.exp(-self.data))
        return self._made(value, (self,), lambda g: (g * value * (1 - value),))

    def relu(self):
        a = self.data
        return self._made(np.maximum(a, 0.0), (self,), lambda g: (g * (a > 0),))

    def backward(self):
        order = topological_order(self)
        adjoints = {self: np.ones_like(self.data)}
        for node in reversed(order):
            if not node.parents:
                node.grad = node.grad + adjoints[node]
                continue
            for parent, share in zip(node.parents, node.pull(adjoints[node])):
                # A new array: the old one may be the adjoint of another node as well.
                adjoints[parent] = adjoints[parent] + share if parent in adjoints else share


def train_with_tensor(X, y, params, learning_rate, steps):
    """Train the network of notebook 04 by gradient descent, with gradients by Tensor.

    The loss is the mean binary cross-entropy of y_hat = sigmoid(sigmoid(tanh(X W1 + b1) W2 + b2)
    U + c). New leaves in every step: their gradients start from 0.
    """
    params = {name: np.array(value, dtype=float) for name, value in params.items()}
    X, y = Tensor(X), np.asarray(y)
    for _ in range(steps):
        p = {name: Tensor(value) for name, value in params.items()}
        h1 = (X @ p["W1"] + p["b1"]).tanh()
        h2 = (h1 @ p["W2"] + p["b2"]).sigmoid()
        y_hat = (h2 @ p["U"] + p["c"]).sigmoid()
        loss = -(y_hat.log() * y + (1 - y_hat).log() * (1 - y)).mean()
        loss.backward()
        params = {name: params[name] - learning_rate * p[name].grad for name in params}
    return params


def _as(kind, other):
    """Return `other` itself where it is of that kind, else a constant leaf."""
    return other if isinstance(other, kind) else kind(other)
