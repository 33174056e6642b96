"""What several styles and mistakes of 08-build-autograd have in common."""

from __future__ import annotations

import math

import numpy as np


def dual_class():  # noqa: C901 (a class with all its methods, one after the other)
    """Make a `Dual` to begin with; a class made from it changes some of its methods."""

    class Begun:
        def __init__(self, value, tangent=0.0):
            self.value, self.tangent = value, tangent

        def make(self, value, tangent):
            return type(self)(value, tangent)

        def lift(self, other):
            return other if isinstance(other, Begun) else self.make(other, 0.0)

        def __add__(self, other):
            other = self.lift(other)
            return self.make(self.value + other.value, self.tangent + other.tangent)

        def __radd__(self, other):
            return self + other

        def __neg__(self):
            return self.make(-self.value, -self.tangent)

        def __sub__(self, other):
            other = self.lift(other)
            return self.make(self.value - other.value, self.tangent - other.tangent)

        def __rsub__(self, other):
            return self.lift(other) - self

        def __mul__(self, other):
            other = self.lift(other)
            tangent = self.tangent * other.value + self.value * other.tangent
            return self.make(self.value * other.value, tangent)

        def __rmul__(self, other):
            return self * other

        def __truediv__(self, other):
            other = self.lift(other)
            tangent = self.tangent * other.value - self.value * other.tangent
            return self.make(self.value / other.value, tangent / other.value**2)

        def __rtruediv__(self, other):
            return self.lift(other) / self

        def __pow__(self, n):
            return self.make(self.value**n, n * self.value ** (n - 1) * self.tangent)

        def exp(self):
            return self.make(math.exp(self.value), math.exp(self.value) * self.tangent)

        def log(self):
            return self.make(math.log(self.value), self.tangent / self.value)

        def sin(self):
            return self.make(math.sin(self.value), math.cos(self.value) * self.tangent)

        def cos(self):
            return self.make(math.cos(self.value), -math.sin(self.value) * self.tangent)

        def tanh(self):
            value = math.tanh(self.value)
            return self.make(value, (1 - value * value) * self.tangent)

    return Begun


def value_class():  # noqa: C901 (a class with all its methods, one after the other)
    """Make a `Value` to begin with; a class made from it changes some of its methods."""

    class Begun:
        def __init__(self, data, parents=()):
            self.data, self.parents, self.grad = data, parents, 0.0
            self.slopes = ()

        def make(self, data, parents, slopes):
            result = type(self)(data, parents)
            result.slopes = slopes
            return result

        def lift(self, other):
            return other if isinstance(other, Begun) else type(self)(other)

        def __add__(self, other):
            other = self.lift(other)
            return self.make(self.data + other.data, (self, other), (1.0, 1.0))

        def __radd__(self, other):
            return self + other

        def __neg__(self):
            return self.make(-self.data, (self,), (-1.0,))

        def __sub__(self, other):
            other = self.lift(other)
            return self.make(self.data - other.data, (self, other), (1.0, -1.0))

        def __rsub__(self, other):
            return self.lift(other) - self

        def __mul__(self, other):
            other = self.lift(other)
            return self.make(self.data * other.data, (self, other), (other.data, self.data))

        def __rmul__(self, other):
            return self * other

        def __truediv__(self, other):
            other = self.lift(other)
            slopes = 1 / other.data, -self.data / other.data**2
            return self.make(self.data / other.data, (self, other), slopes)

        def __rtruediv__(self, other):
            return self.lift(other) / self

        def __pow__(self, n):
            return self.make(self.data**n, (self,), (n * self.data ** (n - 1),))

        def exp(self):
            return self.make(math.exp(self.data), (self,), (math.exp(self.data),))

        def log(self):
            return self.make(math.log(self.data), (self,), (1 / self.data,))

        def tanh(self):
            value = math.tanh(self.data)
            return self.make(value, (self,), (1 - value * value,))

        def sigmoid(self):
            value = 1 / (1 + math.exp(-self.data))
            return self.make(value, (self,), (value * (1 - value),))

        def relu(self):
            return self.make(max(self.data, 0.0), (self,), (float(self.data > 0),))

        def order(self):
            order, seen = [], set()

            def visit(node):
                if node not in seen:
                    seen.add(node)
                    for parent in node.parents:
                        visit(parent)
                    order.append(node)

            visit(self)
            return order

        def backward(self):
            order = self.order()
            for node in order:
                if node.parents:
                    node.grad = 0.0
            self.grad += 1.0
            for node in reversed(order):
                for parent, slope in zip(node.parents, node.slopes):
                    parent.grad += slope * node.grad

    return Begun


def tensor_class():  # noqa: C901 (a class with all its methods, one after the other)
    """Make a `Tensor` to begin with; a class made from it changes some of its methods."""

    class Begun:
        def __init__(self, data, parents=()):
            self.data = np.asarray(data, dtype=float)
            self.parents, self.grad = parents, np.zeros_like(self.data)
            self.pull = None

        def make(self, data, parents, pull):
            result = type(self)(data, parents)
            result.pull = pull
            return result

        def lift(self, other):
            return other if isinstance(other, Begun) else type(self)(other)

        def fit(self, gradient, like):
            while gradient.ndim > like.ndim:
                gradient = gradient.sum(axis=0)
            for axis, length in enumerate(like.shape):
                if length == 1:
                    gradient = gradient.sum(axis=axis, keepdims=True)
            return gradient

        def __add__(self, other):
            other = self.lift(other)
            a, b = self.data, other.data
            return self.make(a + b, (self, other), lambda g: (self.fit(g, a), self.fit(g, b)))

        def __radd__(self, other):
            return self + other

        def __neg__(self):
            return self.make(-self.data, (self,), lambda g: (-g,))

        def __sub__(self, other):
            return self + -self.lift(other)

        def __rsub__(self, other):
            return self.lift(other) - self

        def __mul__(self, other):
            other = self.lift(other)
            a, b = self.data, other.data
            return self.make(
                a * b, (self, other), lambda g: (self.fit(g * b, a), self.fit(g * a, b))
            )

        def __rmul__(self, other):
            return self * other

        def __truediv__(self, other):
            other = self.lift(other)
            a, b = self.data, other.data
            return self.make(
                a / b,
                (self, other),
                lambda g: (self.fit(g / b, a), self.fit(-g * a / b**2, b)),
            )

        def __rtruediv__(self, other):
            return self.lift(other) / self

        def __pow__(self, n):
            a = self.data
            return self.make(a**n, (self,), lambda g: (g * n * a ** (n - 1),))

        def __matmul__(self, other):
            other = self.lift(other)
            a, b = self.data, other.data

            def pull(g):
                if b.ndim == 1:
                    return np.outer(g, b), a.T @ g
                return g @ b.T, a.T @ g

            return self.make(a @ b, (self, other), pull)

        def sum(self, axis=None, keepdims=False):
            a = self.data

            def pull(g):
                if axis is not None and not keepdims:
                    g = np.expand_dims(g, axis)
                return (g * np.ones(a.shape),)

            return self.make(a.sum(axis=axis, keepdims=keepdims), (self,), pull)

        def mean(self):
            a = self.data
            return self.make(a.mean(), (self,), lambda g: (g * np.ones(a.shape) / a.size,))

        def exp(self):
            value = np.exp(self.data)
            return self.make(value, (self,), lambda g: (g * value,))

        def log(self):
            a = self.data
            return self.make(np.log(a), (self,), lambda g: (g / a,))

        def tanh(self):
            value = np.tanh(self.data)
            return self.make(value, (self,), lambda g: (g * (1 - value * value),))

        def sigmoid(self):
            value = 1 / (1 + np.exp(-self.data))
            return self.make(value, (self,), lambda g: (g * value * (1 - value),))

        def relu(self):
            a = self.data
            return self.make(np.maximum(a, 0), (self,), lambda g: (g * (a > 0),))

        def order(self):
            order, seen = [], set()

            def visit(node):
                if node not in seen:
                    seen.add(node)
                    for parent in node.parents:
                        visit(parent)
                    order.append(node)

            visit(self)
            return order

        def backward(self):
            order = self.order()
            for node in order:
                if node.parents:
                    node.grad = np.zeros_like(node.data)
            self.grad = self.grad + np.ones_like(self.data)
            for node in reversed(order):
                if node.parents:
                    for parent, share in zip(node.parents, node.pull(node.grad)):
                        parent.grad = parent.grad + share

    return Begun
