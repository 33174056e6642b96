"""Reverse mode on arrays."""

from __future__ import annotations

import numpy as np

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.build_autograd.inputs import number, table
from autograder.exercises.build_autograd.parts import tensor_class
from autograder.exercises.build_autograd.reference import (
    matmul_gradients,
    topological_order,
    unbroadcast,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import programs

exercise = notebook.exercise(
    reference.Tensor,
    points=6,
    minutes=45,
    by_hand=True,
    subject=programs.reverse_mode,
    hints=(
        "Which lines of Value may stay as they are? Copy it, and change one operation at a time: "
        "a single number as slope no longer says enough. What does?",
        "Each operation could keep a small function that maps the adjoint of its result to the "
        "adjoints of its parents. After + and *, which shape has what it makes, and which shape "
        "has the parent? You have written a function for that.",
        "`a.sum(axis=1)` has an axis less. To hand its adjoint back, an axis has to come back "
        "first, in which place? `np.expand_dims` and `np.broadcast_to` help.",
        "(n, d) @ (d,) is a product with one column. With `vector[:, None]` it becomes one, and "
        "what comes back loses the column again.",
        "`a += b` changes the array a itself, and with it everybody who holds it. Could the array "
        "you add to be the adjoint of somebody else?",
    ),
)

BINARY = ("a + b", "a - b", "a * b", "a / b")
MIXED = ("a + 2", "2 + a", "a - 2", "2 - a", "a * 3", "3 * a", "a / 2", "2 / a", "-a")
POWERS = ("a ** 2", "a ** 3", "a ** -1", "a ** -2")
METHODS = ("a.exp()", "a.tanh()", "a.sigmoid()", "a.relu()")
SUMS = (
    "a.sum()", "a.mean()", "(a.sum(axis=0) * k0).sum()", "(a.sum(axis=1) * k1).sum()",
    "(a.sum(axis=0, keepdims=True) * a).sum()", "(a.sum(axis=1, keepdims=True) * a).sum()",
    "a.sum(keepdims=True)", "(a.mean() * a).sum()",
)  # fmt: skip
STRETCHED = (((3, 4), (4,)), ((3, 4), (3, 1)), ((1, 4), (3, 1)), ((3, 4), ()), ((4,), (1, 4)))
SHARED = (
    ("(a + a).sum()", "a is used twice"),
    ("(a * a).sum()", "a is used twice"),
    ("(a @ a).sum()", "a is used twice"),
    ("d = a + b; (d + a).sum()", "a is used twice"),
    ("d = a + b; (a + d).sum()", "a is used twice"),
    ("d = a + b; (d * d).sum()", "d is used twice"),
    ("d = a * b; (d + d.tanh()).mean()", "d is used twice"),
    ("d = a + b; e = d * 2; f = e.tanh(); (d * f).sum()", "d is used at unequal depths"),
    ("d = a + b; e = d + a; f = e + d; (f * b).sum()", "sums of sums"),
)


@exercise.cases
def cases(rng):
    yield case("((a + b) * c).sum()", a=np.array([2.0, 1.0]), b=np.array([-5.0]), c=4.0)
    fixed = np.array([[0.7, -1.2, 0.4], [1.5, 0.9, -0.8]])
    other = np.array([[-0.6, 0.5, 1.1], [1.4, -0.7, 0.3]])
    # Every entry comes back with a number of its own: k weighs them.
    weights = {"k": np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.5]])}
    for program in BINARY:
        yield case(f"(({program}) * k).sum()", a=fixed, b=other, constants=weights)
    for program in (*MIXED, *POWERS, *METHODS):
        yield case(f"(({program}) * k).sum()", a=fixed, constants=weights)
    for program in ("a.log()", "a ** 0.5", "a ** -1.5", "a.relu()"):
        yield case(f"({program} * k).sum()", a=abs(fixed), constants=weights)
    for a, k0, k1 in ((table(rng, 3, 4),) + (table(rng, 4), table(rng, 3)),
                      (table(rng, 4, 4),) + (table(rng, 4), table(rng, 4))):  # fmt: skip
        for program in SUMS:
            used = {name: k for name, k in (("k0", k0), ("k1", k1)) if name in program}
            yield case(program, a=a, constants=used)
    for one, two in STRETCHED:
        shape = np.broadcast_shapes(one, two)
        for program in BINARY:
            yield case(
                f"(({program}) * k).sum()",
                a=table(rng, *one), b=table(rng, *two), constants={"k": table(rng, *shape)},
            )  # fmt: skip
    for n, d, k in ((3, 4, 2), (4, 4, 4), (5, 2, 3)):
        inputs = {"a": table(rng, n, d), "b": table(rng, d, k)}
        yield case("((a @ b) * k).sum()", **inputs, constants={"k": table(rng, n, k)})
        inputs["b"] = table(rng, d)
        yield case("((a @ b) * k).sum()", **inputs, constants={"k": table(rng, n)})
    yield case("((a @ k) ** 2).mean()", a=table(rng, 3, 4), constants={"k": table(rng, 4, 2)})
    for program, about in SHARED:
        leaves = {"a": table(rng, 3, 3), "b": table(rng, 3, 3)}
        leaves = {name: leaves[name] for name in "ab" if name in program.replace("tanh", "")}
        yield case(program, **leaves, about=about)
        yield case(program, **leaves, backward=2, about=f"{about}, and backward() runs twice")
    yield case("(a * 2).sum()", a=fixed, b=other, about="b is not used")
    yield case("d = a * b; (d.sum(), d.tanh().mean())", a=fixed, b=other, about="two roots")
    yield case("a @ b", a=table(rng, 1, 3), b=table(rng, 3), about="a root of shape (1,)")
    yield case("a @ b", a=table(rng, 1, 3), b=table(rng, 3, 1), about="a root of shape (1, 1)")
    yield case("(a * b + 2) ** 2", a=1.5, b=-0.4, about="tensors of shape ()")
    yield case("a.log().sum()", a=np.array([2e-9, 1e-6, 3.0]), about="very small numbers")
    yield case("a.exp().sum()", a=np.array([24.0, -30.0]), about="large exponents")
    yield case("(a.sigmoid() * b.tanh()).sum()", a=np.array([22.0, -22.0, 2.0]),
               b=np.array([-5.0, 4.0, 0.5]), about="saturated units")  # fmt: skip
    long = "; ".join(["d = a * b", *(["d = d * 0.99 + a * 0.01"] * 80), "d.sum()"])
    yield case(long, a=fixed, b=other, about="a chain of 240 operations")
    for backward in (1, 2):
        yield _network(rng, backward)
        yield _longer(rng, backward)


def _network(rng, backward):
    return case(
        "h = (k @ W + b).tanh(); p = (h @ U + c).sigmoid(); ((p - y) ** 2).mean()"
        .replace("k @", "x @"),
        x=table(rng, 5, 3), W=table(rng, 3, 4), b=table(rng, 4), U=table(rng, 4), c=number(rng),
        constants={"y": rng.permutation([0.0, 1.0, 0.0, 1.0, 1.0])},
        backward=backward,
        about="a network with one hidden layer",
    )  # fmt: skip


def _longer(rng, backward):
    """A program that mixes shapes, numbers and shared nodes in a random order of operations."""
    middle = [
        "d = d + b", "d = d * s", "d = d - c", "d = d.tanh()", "d = 2 * d - d * d.sigmoid()",
        "d = d / (1 + d * d)", "d = d + d.sum(axis=1, keepdims=True) * 0.1", "d = d @ M",
        "d = d * d.mean()",
    ]  # fmt: skip
    lines = ["d = a * b + c", *rng.permutation(middle).tolist(), "(d * d).mean() + (d @ b).sum()"]
    return case(
        "; ".join(lines),
        a=table(rng, 3, 4), b=table(rng, 4), c=table(rng, 3, 1), s=number(rng),
        M=0.6 * table(rng, 4, 4),
        backward=backward,
        about="a longer program",
    )  # fmt: skip


@exercise.style
class Tensor_with_pulls:
    def __init__(self, data, parents=()):
        self.data = np.asarray(data, dtype=np.float64)
        self.grad = np.zeros(self.data.shape)
        self.parents = parents
        self._pull = None

    @classmethod
    def _from(cls, data, *origins):
        out = cls(data, tuple(parent for parent, _ in origins))
        out._pull = [pull for _, pull in origins]
        return out

    def _lift(self, x):
        return x if isinstance(x, Tensor_with_pulls) else Tensor_with_pulls(x)

    def __add__(self, other):
        other = self._lift(other)
        return self._from(
            self.data + other.data,
            (self, lambda g: unbroadcast(g, self.data.shape)),
            (other, lambda g: unbroadcast(g, other.data.shape)),
        )

    def __mul__(self, other):
        other = self._lift(other)
        return self._from(
            self.data * other.data,
            (self, lambda g: unbroadcast(g * other.data, self.data.shape)),
            (other, lambda g: unbroadcast(g * self.data, other.data.shape)),
        )

    def __matmul__(self, other):
        other = self._lift(other)
        if other.data.ndim == 2:
            return self._from(
                self.data @ other.data,
                (self, lambda g: matmul_gradients(self.data, other.data, g)[0]),
                (other, lambda g: matmul_gradients(self.data, other.data, g)[1]),
            )
        return self._from(
            self.data @ other.data,
            (self, lambda g: np.outer(g, other.data)),
            (other, lambda g: g @ self.data),
        )

    def __pow__(self, n):
        slope = n * self.data ** (n - 1)
        return self._from(self.data**n, (self, lambda g: g * slope))

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + (-self._lift(other))

    def __truediv__(self, other):
        return self * self._lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self._lift(other) - self

    def __rtruediv__(self, other):
        return self._lift(other) / self

    def sum(self, axis=None, keepdims=False):
        def pull(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return np.broadcast_to(g, self.data.shape)

        return self._from(np.sum(self.data, axis=axis, keepdims=keepdims), (self, pull))

    def mean(self):
        return self.sum() * (1 / self.data.size)

    def exp(self):
        e = np.exp(self.data)
        return self._from(e, (self, lambda g: g * e))

    def log(self):
        return self._from(np.log(self.data), (self, lambda g: g / self.data))

    def tanh(self):
        t = np.tanh(self.data)
        return self._from(t, (self, lambda g: g * (1 - t**2)))

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        return self._from(s, (self, lambda g: g * s * (1 - s)))

    def relu(self):
        return self._from(
            np.where(self.data > 0, self.data, 0), (self, lambda g: g * (self.data > 0))
        )

    def backward(self):
        adjoints = {id(self): np.ones_like(self.data)}
        for node in reversed(topological_order(self)):
            g = adjoints[id(node)]
            if not node.parents:
                node.grad = node.grad + g
                continue
            for parent, pull in zip(node.parents, node._pull):
                adjoints[id(parent)] = adjoints.get(id(parent), 0.0) + pull(g)


@exercise.style
class Tensor_with_closures:
    def __init__(self, data, parents=()):
        self.data = np.array(data, dtype=float)
        self.grad = np.zeros_like(self.data)
        self.parents = tuple(parents)
        self.adjoint = np.zeros_like(self.data)
        self.hand_on = lambda: None

    def receive(self, share):
        extra = share.ndim - self.data.ndim
        share = share.sum(axis=tuple(range(extra)))
        ones = tuple(i for i, n in enumerate(self.data.shape) if n == 1)
        self.adjoint += share.sum(axis=ones, keepdims=True)

    def __add__(self, other):
        other = other if isinstance(other, type(self)) else type(self)(other)
        out = type(self)(self.data + other.data, (self, other))

        def hand_on():
            self.receive(out.adjoint)
            other.receive(out.adjoint)

        out.hand_on = hand_on
        return out

    def __mul__(self, other):
        other = other if isinstance(other, type(self)) else type(self)(other)
        out = type(self)(self.data * other.data, (self, other))

        def hand_on():
            self.receive(other.data * out.adjoint)
            other.receive(self.data * out.adjoint)

        out.hand_on = hand_on
        return out

    def __matmul__(self, other):
        other = other if isinstance(other, type(self)) else type(self)(other)
        out = type(self)(np.matmul(self.data, other.data), (self, other))

        def hand_on():
            if other.data.ndim == 1:
                self.receive(out.adjoint[:, None] * other.data[None, :])
                other.receive((self.data * out.adjoint[:, None]).sum(axis=0))
            else:
                self.receive(np.einsum("ik,jk->ij", out.adjoint, other.data))
                other.receive(np.einsum("ij,ik->jk", self.data, out.adjoint))

        out.hand_on = hand_on
        return out

    def entrywise(self, value, slope):
        out = type(self)(value, (self,))

        def hand_on():
            self.receive(slope * out.adjoint)

        out.hand_on = hand_on
        return out

    def sum(self, axis=None, keepdims=False):
        out = type(self)(self.data.sum(axis, keepdims=keepdims), (self,))

        def hand_on():
            g = out.adjoint
            if axis == 0 and not keepdims:
                g = g[None, :]
            if axis == 1 and not keepdims:
                g = g[:, None]
            self.receive(g + np.zeros_like(self.data))

        out.hand_on = hand_on
        return out

    def mean(self):
        return self.sum() / np.prod(self.data.shape)

    def __pow__(self, n):
        return self.entrywise(self.data**n, n * self.data ** (n - 1))

    def exp(self):
        return self.entrywise(np.exp(self.data), np.exp(self.data))

    def log(self):
        return self.entrywise(np.log(self.data), 1 / self.data)

    def tanh(self):
        return self.entrywise(np.tanh(self.data), 1 / np.cosh(self.data) ** 2)

    def sigmoid(self):
        s = (1 + np.tanh(self.data / 2)) / 2
        return self.entrywise(s, s * (1 - s))

    def relu(self):
        return self.entrywise(self.data * (self.data > 0), (self.data > 0).astype(float))

    def __neg__(self):
        return self.entrywise(-self.data, -1.0)

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        other = other if isinstance(other, type(self)) else type(self)(other)
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        for node in order:
            node.adjoint = np.zeros_like(node.data)
        self.adjoint = np.ones_like(self.data)
        for node in order[::-1]:
            node.hand_on()
        for node in order:
            if not node.parents:
                node.grad += node.adjoint


@exercise.style
class Tensor_by_creation(tensor_class()):
    made = 0

    def __init__(self, data, parents=()):
        super().__init__(data, parents)
        Tensor_by_creation.made += 1
        self.number = Tensor_by_creation.made

    def backward(self):
        waiting = {self.number: (self, np.ones_like(self.data))}
        while waiting:
            node, g = waiting.pop(max(waiting))
            if not node.parents:
                node.grad = node.grad + g
                continue
            for parent, share in zip(node.parents, node.pull(g)):
                before = waiting.get(parent.number, (parent, 0.0))[1]
                waiting[parent.number] = parent, before + share


@exercise.style
class Tensor_path_by_path(tensor_class()):
    def hand_on(self, g):
        if not self.parents:
            self.grad = self.grad + g
        else:
            for parent, share in zip(self.parents, self.pull(g)):
                parent.hand_on(share)

    def count_paths(self, known):
        if self not in known:
            known[self] = sum(parent.count_paths(known) for parent in self.parents) or 1
        return known[self]

    def backward(self):
        if self.count_paths({}) > 2000:
            return super().backward()
        return self.hand_on(np.ones_like(self.data))


@exercise.style
class Tensor_in_place_on_copies(tensor_class()):
    def relu(self):
        positive = np.maximum(self.data, 0.0)
        return self.make(positive, (self,), lambda g: (np.where(positive > 0, g, 0.0),))

    def mean(self):
        return self.sum() / self.data.size

    def backward(self):
        order = self.order()
        for node in order:
            if node.parents:
                node.grad = np.zeros_like(node.data)
        self.grad += 1.0
        for node in reversed(order):
            shares = node.pull(node.grad) if node.parents else ()
            for parent, share in zip(node.parents, shares):
                parent.grad += share


@exercise.mistake(
    "Each entry of a bias was copied to every row. What came back for it has which shape, and what "
    "should be done with it?",
    said="What broadcasting copied is not added up again.",
    root=Root.AXIS,
)
class tensor_no_unbroadcast(tensor_class()):
    def fit(self, gradient, like):
        return gradient


@exercise.mistake(
    "A bias that serves 32 examples gets 32 contributions. What do you do with them?",
    said="What comes back along copied entries is averaged instead of added.",
    root=Root.MEAN,
)
class tensor_unbroadcast_mean(tensor_class()):
    def fit(self, gradient, like):
        while gradient.ndim > like.ndim:
            gradient = gradient.mean(axis=0)
        for axis, length in enumerate(like.shape):
            if length == 1:
                gradient = gradient.mean(axis=axis, keepdims=True)
        return gradient


@exercise.mistake(
    "A column (3, 1) that was stretched to (3, 4): is its axis of length 1 added up in your class?",
    said="Axes that broadcasting stretched are not summed, only those that it added.",
    root=Root.AXIS,
)
class tensor_stretched_axes_forgotten(tensor_class()):
    def fit(self, gradient, like):
        while gradient.ndim > like.ndim:
            gradient = gradient.sum(axis=0)
        return gradient


@exercise.mistake(
    "Sums along axis 1 give one number a row. In which place has the axis to come back: do the "
    "numbers belong to the rows or to the columns? A square array shows it.",
    said="After a sum along axis 1 the gradient is handed back along the columns.",
    root=Root.AXIS,
)
class tensor_sum_axis_lost(tensor_class()):
    def sum(self, axis=None, keepdims=False):
        a = self.data
        value = a.sum(axis=axis, keepdims=keepdims)
        return self.make(value, (self,), lambda g: (g * np.ones(a.shape),))


@exercise.mistake(
    "Each entry moves the mean of twelve by how much?",
    said="The gradient of the mean lacks the division by the number of entries.",
    root=Root.MEAN,
)
class tensor_mean_like_sum(tensor_class()):
    def mean(self):
        a = self.data
        return self.make(a.mean(), (self,), lambda g: (g * np.ones(a.shape),))


@exercise.mistake(
    "A mean over everything: by how many entries is the sum divided, by all of them or by the "
    "rows?",
    said="The mean divides by the number of rows instead of all entries.",
    root=Root.MEAN,
)
class tensor_mean_over_rows(tensor_class()):
    def mean(self):
        return self.sum() / (len(self.data) if self.data.ndim else 1)


@exercise.mistake(
    "A value that is used twice gets two contributions: is only one of them left at the end? What "
    "does the second do to the first?",
    said="A second contribution overwrites the first instead of being added.",
    root=Root.GRAPH,
    leads=("HALF",),
)
class tensor_overwrites(tensor_class()):
    def backward(self):
        order = self.order()
        adjoints = {self: np.ones_like(self.data)}
        for node in reversed(order):
            if not node.parents:
                node.grad = node.grad + adjoints[node]
                continue
            for parent, share in zip(node.parents, node.pull(adjoints[node])):
                adjoints[parent] = share


@exercise.mistake(
    "Call backward() twice on the sum of (a * b) squared. Which adjoints of the first pass are "
    "still lying on the nodes between root and leaves when the second begins?",
    said="A second backward() counts what the first one left on inner nodes once more.",
    root=Root.GRAPH,
)
class tensor_second_pass_counts_inner(tensor_class()):
    def backward(self):
        self.grad = np.ones_like(self.data)
        for node in reversed(self.order()):
            if node.parents:
                for parent, share in zip(node.parents, node.pull(node.grad)):
                    parent.grad = parent.grad + share


@exercise.mistake(
    "`backward()` adds to what a leaf holds. What does a second call on the same root have to "
    "leave there?",
    said="backward() sets the gradients of the leaves anew instead of adding to them.",
    root=Root.GRAPH,
)
class tensor_starts_anew(tensor_class()):
    def backward(self):
        order = self.order()
        for node in order:
            node.grad = np.zeros_like(node.data)
        self.grad = np.ones_like(self.data)
        for node in reversed(order):
            if node.parents:
                for parent, share in zip(node.parents, node.pull(node.grad)):
                    parent.grad = parent.grad + share


@exercise.mistake(
    "A sum hands the same array to both of its parents. Who else sees it when you add to it in "
    "place, with `+=`?",
    said="Two nodes hold the same array as adjoint, and adding to the one changes the other.",
    root=Root.GRAPH,
    leads=("TWICE",),
)
class tensor_shared_arrays(tensor_class()):
    def backward(self):
        order = self.order()
        adjoints = {self: np.ones_like(self.data)}
        for node in reversed(order):
            if not node.parents:
                node.grad = node.grad + adjoints[node]
                continue
            for parent, share in zip(node.parents, node.pull(adjoints[node])):
                if parent in adjoints:
                    adjoints[parent] += share
                else:
                    adjoints[parent] = share


@exercise.mistake(
    "A node hands its adjoint on. Had everything that was made from it already delivered by then? "
    "Take d = a + b, and multiply d with something made from d.",
    said="Nodes hand their adjoint on before it is complete.",
    root=Root.GRAPH,
)
class tensor_without_order(tensor_class()):
    def backward(self):
        adjoints, waiting, seen = {self: np.ones_like(self.data)}, [self], {self}
        while waiting:
            node = waiting.pop(0)
            if not node.parents:
                continue
            for parent, share in zip(node.parents, node.pull(adjoints[node])):
                adjoints[parent] = adjoints.get(parent, 0.0) + share
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        for node, adjoint in adjoints.items():
            if not node.parents:
                node.grad = node.grad + adjoint


@exercise.mistake(
    "A matrix product, entry by entry: which index is summed on the way back to each factor? A "
    "square matrix hides a missing transpose, another one does not.",
    said="The adjoint of a matrix product uses the factors without transposing them.",
    root=Root.INDEX,
)
class tensor_matmul_no_transpose(tensor_class()):
    def __matmul__(self, other):
        other = self.lift(other)
        a, b = self.data, other.data

        def pull(g):
            if b.ndim == 1:
                return np.outer(g, b), a.T @ g
            return g @ b, a @ g

        return self.make(a @ b, (self, other), pull)


@exercise.mistake(
    "`@` with a vector on its right: which shape has the adjoint of the product, and which shape "
    "the matrix?",
    said="The product of a matrix and a vector is not handled apart from that of two matrices.",
    root=Root.AXIS,
)
class tensor_matmul_matrices_only(tensor_class()):
    def __matmul__(self, other):
        other = self.lift(other)
        a, b = self.data, other.data
        return self.make(a @ b, (self, other), lambda g: (g @ b.T, a.T @ g))


@exercise.mistake(
    "How many digits has an entry of your arrays? Where did the other half go?",
    said="The arrays are kept in single precision.",
    root=Root.DIGITS,
)
class tensor_single_precision(tensor_class()):
    def __init__(self, data, parents=()):
        super().__init__(data, parents)
        self.data = self.data.astype(np.float32)
        self.grad = np.zeros_like(self.data)


@exercise.mistake(
    "Left of 0 relu is flat. What comes back through something flat?",
    said="relu lets the gradient through on its negative side.",
    root=None,
)
class tensor_relu_always_open(tensor_class()):
    def relu(self):
        return self.make(np.maximum(self.data, 0.0), (self,), lambda g: (g,))


@exercise.mistake(
    "What does Python compute for 2 - a: the number minus a, or a minus the number?",
    said="A number minus a tensor is computed the other way round.",
    root=Root.SWAPPED,
)
class tensor_number_minus_tensor_reversed(tensor_class()):
    def __rsub__(self, other):
        return self - other


@exercise.mistake(
    "What does Python compute for 2 / a: the number divided by a, or a by the number?",
    said="A number divided by a tensor is computed the other way round.",
    root=Root.SWAPPED,
)
class tensor_number_over_tensor_reversed(tensor_class()):
    def __rtruediv__(self, other):
        return self / other


exercise.equivalent(
    "g + np.zeros_like(self.data) -> g - np.zeros_like(self.data)",
    because="The zeros only give the gradient its shape.",
)


exercise.equivalent(
    "self.data > 0 -> self.data >= 0",
    because="The slope of relu at 0 is not asked for.",
)


exercise.equivalent(
    "made = 0 -> made = 1",
    "1 -> 2",
    because="Only the order of what is counted matters.",
)


exercise.equivalent(
    "return super().backward() -> return np.round(super().backward(), 5)",
    because="What backward() returns is not looked at.",
)


exercise.equivalent(
    "return known[self] -> return np.round(known[self], 5)",
    "self.count_paths({}) > 2000 -> self.count_paths({}) >= 2000",
    "self.count_paths({}) > 2000 -> self.count_paths({}) > 2001",
    "self.count_paths({}) > 2000 -> self.count_paths({}) > 0",
    "sum((parent.count_paths(known) for parent in self.parents)) or 1 -> "
    "sum((parent.count_paths(known) for parent in self.parents)) or 2",
    "sum((parent.count_paths(known) for parent in self.parents)) or 1 -> "
    "sum((parent.count_paths(known) for parent in self.parents)) or 0",
    because="How many paths there are only chooses between two ways that are both right.",
)
