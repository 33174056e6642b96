"""Reverse mode on numbers: values that remember what they were made from."""

from __future__ import annotations

import math

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.build_autograd.inputs import number, positive, random_program
from autograder.exercises.build_autograd.parts import value_class
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import programs

exercise = notebook.exercise(
    reference.Value,
    points=5,
    minutes=40,
    by_hand=True,
    subject=programs.reverse_mode,
    hints=(
        "Begin with `+` alone: what has the result to remember, so that later it can hand its "
        "adjoint on? Then `backward()` for one operation, then for two, one after the other.",
        "Forward, each operation knows the slopes of its result by each of its parents: they are "
        "numbers. Where could they wait until `backward()` needs them?",
        "In which order do you visit the nodes, and what must have happened before a node hands "
        "its adjoint on? You have written a function for that.",
        "Call `backward()` twice. Which adjoints may be left over from the first pass, and which "
        "may not? Is there a reason to write the inner ones on the nodes at all?",
        'A result that is off: let `programs.paths(Value, "b * b", b=3.0)` show what comes back '
        "along each path. For numbers on the left look for `__radd__` and its relatives.",
    ),
)

OPERATIONS = (
    "a + b", "a + 2", "2 + a", "a - b", "a - 2", "2 - a", "a * b", "a * 3", "3 * a",
    "a / b", "a / 2", "2 / a", "-a", "a ** 2", "a ** 3", "a ** -1", "a ** -2",
    "a.exp()", "a.tanh()", "a.sigmoid()", "a.relu()",
)  # fmt: skip
METHODS = ("exp", "log", "tanh", "sigmoid", "relu")
SHARED = (
    ("a + a", "a is used twice"),
    ("a * a", "a is used twice"),
    ("a / a + a", "a is used three times"),
    ("d = a * b; d * d", "d is used twice"),
    ("d = a * b; d + d.exp()", "d is used twice"),
    ("d = a * b; d * d.tanh() * d", "d is used three times"),
    ("d = a + b; e = d * 2; f = e.tanh(); d * f", "d is used at unequal depths"),
    ("d = a + b; e = d * 2; f = e.tanh(); f * d", "d is used at unequal depths"),
    ("d = a * b; e = d * d; e * e + d", "d and e are used more than once"),
    ("d = a * b; e = a + d; f = e.tanh(); (f + d) * a", "a and d are used at unequal depths"),
)


@exercise.cases
def cases(rng):
    yield case("(a + b) * c", a=2.0, b=-5.0, c=4.0)
    for program in OPERATIONS:
        leaves = {"a": -1.3, "b": 0.6}
        yield case(program, **{name: leaves[name] for name in "ab" if name in program})
    for program in ("a.log()", "a ** 0.5", "a ** -1.5", "a.relu()"):
        yield case(program, a=1.7)
    yield case("a.relu()", a=0.6)
    for program, about in SHARED:
        leaves = {"a": 0.7, "b": -1.2}
        leaves = {name: leaves[name] for name in "ab" if name in program}
        yield case(program, **leaves, about=about)
        yield case(program, backward=2, **leaves, about=f"{about}, and backward() runs twice")
    yield case("d = a + b; d", backward=2, a=0.7, b=-1.2, about="backward() runs twice")
    yield case("a * 2", a=0.7, b=-1.2, about="b is not used")
    yield case("d = a * b; (d.exp(), d * d)", a=0.7, b=-1.2, about="two roots share d")
    yield case("d = a * b; (d, d * d)", a=0.7, b=-1.2, about="a root is inside another one")
    yield case(
        "1 / (1 + (-(w0 + w1 * x1 + w2 * x2)).exp())",
        w0=-3.0, w1=2.0, x1=-1.0, w2=-3.0, x2=-2.0,
        about="the neuron of notebook 05",
    )  # fmt: skip
    doublings = "; ".join(["d0 = a * 1", *(f"d{i + 1} = d{i} + d{i}" for i in range(8)), "d8 * b"])
    yield case(doublings, a=0.7, b=-1.2, about="eight doublings")
    long = "; ".join(["d = a * b", *(["d = d * 0.99 + a * 0.01"] * 80), "d"])
    yield case(long, a=0.7, b=-1.2, about="a chain of 240 operations")
    yield case("a.log()", a=2e-9, about="a very small number")
    yield case("a.exp()", a=24.0, about="a large exponent")
    yield case("a.sigmoid() * b.tanh()", a=22.0, b=-5.0, about="saturated units")
    yield case("(-a).sigmoid() / a.exp()", a=22.0, about="saturated units")
    for program in OPERATIONS:
        leaves = {"a": number(rng), "b": number(rng)}
        yield case(program, **{name: leaves[name] for name in "ab" if name in program})
    yield case("a.log() * a ** 0.5", a=positive(rng), about="a positive number")
    for turn in range(6):
        program, leaves = random_program(rng, METHODS)
        yield case(program, backward=1 + turn % 2, **leaves, about="a longer program")


@exercise.style
class Value_with_closures:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self._adjoint = 0.0
        self._hand_on = lambda: None

    @staticmethod
    def _lift(x):
        return x if isinstance(x, Value_with_closures) else Value_with_closures(x)

    def __add__(self, other):
        other = self._lift(other)
        out = Value_with_closures(self.data + other.data, (self, other))

        def hand_on():
            self._adjoint += out._adjoint
            other._adjoint += out._adjoint

        out._hand_on = hand_on
        return out

    def __mul__(self, other):
        other = self._lift(other)
        out = Value_with_closures(self.data * other.data, (self, other))

        def hand_on():
            self._adjoint += other.data * out._adjoint
            other._adjoint += self.data * out._adjoint

        out._hand_on = hand_on
        return out

    def __pow__(self, n):
        return self._smooth(self.data**n, n * self.data ** (n - 1))

    def _smooth(self, value, slope):
        out = Value_with_closures(value, (self,))

        def hand_on():
            self._adjoint += slope * out._adjoint

        out._hand_on = hand_on
        return out

    def exp(self):
        return self._smooth(math.exp(self.data), math.exp(self.data))

    def log(self):
        return self._smooth(math.log(self.data), 1 / self.data)

    def tanh(self):
        t = math.tanh(self.data)
        return self._smooth(t, 1 - t**2)

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._smooth(s, s * (1 - s))

    def relu(self):
        return self._smooth(self.data if self.data > 0 else 0.0, 1.0 if self.data > 0 else 0.0)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * self._lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        order, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for parent in v.parents:
                    build(parent)
                order.append(v)

        build(self)
        for v in order:
            v._adjoint = 0.0
        self._adjoint = 1.0
        for v in reversed(order):
            v._hand_on()
            if not v.parents:
                v.grad += v._adjoint


@exercise.style
class Value_by_creation(value_class()):
    # What is made later cannot be needed by what was made earlier: a counter is an order.
    made = 0

    def __init__(self, data, parents=()):
        super().__init__(data, parents)
        Value_by_creation.made += 1
        self.number = Value_by_creation.made

    def backward(self):
        open_nodes, adjoint = {self.number: self}, {self.number: 1.0}
        while open_nodes:
            number = max(open_nodes)
            node, arrived = open_nodes.pop(number), adjoint.pop(number)
            if not node.parents:
                node.grad += arrived
            for parent, slope in zip(node.parents, node.slopes):
                open_nodes[parent.number] = parent
                adjoint[parent.number] = adjoint.get(parent.number, 0.0) + arrived * slope


@exercise.style
class Value_path_by_path(value_class()):
    def hand_on(self, arrived):
        if not self.parents:
            self.grad += arrived
        for parent, slope in zip(self.parents, self.slopes):
            parent.hand_on(arrived * slope)

    def backward(self):
        # One call for every path: right, and slow where many paths cross.
        if self.count_paths({}) < 5000:
            return self.hand_on(1.0)
        return super().backward()

    def count_paths(self, known):
        if self not in known:
            counts = [parent.count_paths(known) for parent in self.parents]
            known[self] = sum(counts) or 1
        return known[self]


@exercise.style
class Value_with_gradients_of_leaves(value_class()):
    # Every value carries its derivative by each leaf from the start.
    def slopes_by_leaf(self, known):
        if id(self) not in known:
            total = {} if self.parents else {self: 1.0}
            for parent, slope in zip(self.parents, self.slopes):
                for leaf, inner in parent.slopes_by_leaf(known).items():
                    total[leaf] = total.get(leaf, 0.0) + slope * inner
            known[id(self)] = total
        return known[id(self)]

    def backward(self):
        for leaf, slope in self.slopes_by_leaf({}).items():
            leaf.grad += slope


@exercise.style
class Value_by_name_of_operation:
    RULES = {
        "+": lambda a, b: (1.0, 1.0),
        "-": lambda a, b: (1.0, -1.0),
        "*": lambda a, b: (b, a),
        "/": lambda a, b: (1 / b, -a / b**2),
        "exp": lambda a: (math.exp(a),),
        "log": lambda a: (1 / a,),
        "tanh": lambda a: (1 / math.cosh(a) ** 2,),
        "sigmoid": lambda a: (1 / (2 + math.exp(a) + math.exp(-a)),),
        "relu": lambda a: (1.0 if a > 0 else 0.0,),
    }

    def __init__(self, data, parents=(), slopes=()):
        self.data, self.parents, self.slopes, self.grad = float(data), parents, slopes, 0.0

    @classmethod
    def _do(cls, name, value, *operands):
        nodes = tuple(x if isinstance(x, cls) else cls(x) for x in operands)
        slopes = cls.RULES[name](*(node.data for node in nodes))
        return cls(value(*(node.data for node in nodes)), nodes, slopes)

    def __add__(self, other):
        return self._do("+", lambda a, b: a + b, self, other)

    def __radd__(self, other):
        return self._do("+", lambda a, b: a + b, other, self)

    def __sub__(self, other):
        return self._do("-", lambda a, b: a - b, self, other)

    def __rsub__(self, other):
        return self._do("-", lambda a, b: a - b, other, self)

    def __mul__(self, other):
        return self._do("*", lambda a, b: a * b, self, other)

    def __rmul__(self, other):
        return self._do("*", lambda a, b: a * b, other, self)

    def __truediv__(self, other):
        return self._do("/", lambda a, b: a / b, self, other)

    def __rtruediv__(self, other):
        return self._do("/", lambda a, b: a / b, other, self)

    def __neg__(self):
        return 0 - self

    def __pow__(self, n):
        return type(self)(self.data**n, (self,), (n * self.data ** (n - 1),))

    def exp(self):
        return self._do("exp", math.exp, self)

    def log(self):
        return self._do("log", math.log, self)

    def tanh(self):
        return self._do("tanh", math.tanh, self)

    def sigmoid(self):
        return self._do("sigmoid", lambda a: 1 / (1 + math.exp(-a)), self)

    def relu(self):
        return self._do("relu", lambda a: a * (a > 0), self)

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        adjoint = {id(self): 1.0}
        while order:
            node = order.pop()
            arrived = adjoint[id(node)]
            for parent, slope in zip(node.parents, node.slopes):
                adjoint[id(parent)] = adjoint.get(id(parent), 0.0) + slope * arrived
            if not node.parents:
                node.grad += arrived


@exercise.mistake(
    "A value that is used twice gets two contributions: is only one of them left at the end? What "
    "does the second do to the first?",
    said="A second contribution overwrites the first instead of being added.",
    root=Root.GRAPH,
)
class value_overwrites(value_class()):
    def backward(self):
        order = self.order()
        adjoints = {self: 1.0}
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                adjoints[parent] = adjoints[node] * slope
        for node in order:
            if not node.parents:
                node.grad += adjoints[node]


@exercise.mistake(
    "Call backward() twice on (a * b) squared. Which adjoints of the first pass are still lying "
    "on the nodes between root and leaves when the second begins?",
    said="A second backward() counts what the first one left on inner nodes once more.",
    root=Root.GRAPH,
)
class value_second_pass_counts_inner(value_class()):
    def backward(self):
        self.grad = 1.0 if self.parents else self.grad + 1.0
        for node in reversed(self.order()):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


@exercise.mistake(
    "`backward()` adds to what a leaf holds. What does a second call on the same root have to "
    "leave there?",
    said="backward() sets the gradients of the leaves anew instead of adding to them.",
    root=Root.GRAPH,
    leads=("HALF",),
)
class value_starts_anew(value_class()):
    def backward(self):
        order = self.order()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


@exercise.mistake(
    "A node hands its adjoint on. Had everything that was made from it already delivered by then? "
    "Take d = a + b, and multiply d with something made from d.",
    said="Nodes hand their adjoint on before it is complete.",
    root=Root.GRAPH,
)
class value_without_order(value_class()):
    def backward(self):
        adjoints, waiting, seen = {self: 1.0}, [self], {self}
        while waiting:
            node = waiting.pop(0)
            for parent, slope in zip(node.parents, node.slopes):
                adjoints[parent] = adjoints.get(parent, 0.0) + adjoints[node] * slope
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        for node, adjoint in adjoints.items():
            if not node.parents:
                node.grad += adjoint


@exercise.mistake(
    "In a * a both parents are the same node. How many arrows lead to it, and how many does a set "
    "of parents hold?",
    said="A node that is both parents of one operation is counted once.",
    root=Root.GRAPH,
)
class value_parents_as_a_set(value_class()):
    def backward(self):
        order = self.order()
        adjoints = dict.fromkeys(order, 0.0)
        adjoints[self] = 1.0
        for node in reversed(order):
            for parent, slope in dict(zip(node.parents, node.slopes)).items():
                adjoints[parent] += adjoints[node] * slope
        for node in order:
            if not node.parents:
                node.grad += adjoints[node]


@exercise.mistake(
    "The slope of each operation is there. What has it to be multiplied by before it is handed on?",
    said="Slopes are handed on without what arrived from above.",
    root=Root.CHAIN,
)
class value_without_upstream(value_class()):
    def backward(self):
        order = self.order()
        adjoints = dict.fromkeys(order, 0.0)
        adjoints[self] = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                adjoints[parent] += slope
        for node in order:
            if not node.parents:
                node.grad += adjoints[node]


@exercise.mistake(
    "With which number does the backward pass begin? How fast does the root move when the root "
    "moves?",
    said="The backward pass starts with the root's value instead of 1.",
    root=Root.CHAIN,
)
class value_seed_is_the_value(value_class()):
    def backward(self):
        order = self.order()
        adjoints = dict.fromkeys(order, 0.0)
        adjoints[self] = self.data
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                adjoints[parent] += adjoints[node] * slope
        for node in order:
            if not node.parents:
                node.grad += adjoints[node]


@exercise.mistake(
    "How far back does the pass go: to the root's own parents, or to where it all began?",
    said="The backward pass stops at the parents of the root.",
    root=Root.LOOP,
)
class value_one_step_back(value_class()):
    def backward(self):
        for parent, slope in zip(self.parents, self.slopes):
            parent.grad += slope


@exercise.mistake(
    "Nudge one factor of a product: by which of the two numbers is the nudge multiplied?",
    said="In a product each factor gets its own value as slope.",
    root=Root.SWAPPED,
)
class value_product_own_factor(value_class()):
    def __mul__(self, other):
        other = self.lift(other)
        return self.make(self.data * other.data, (self, other), (self.data, other.data))


@exercise.mistake(
    "When only the denominator grows, does a positive fraction rise or fall?",
    said="The slope of a fraction by its denominator has the wrong sign.",
    root=Root.SIGN,
)
class value_quotient_sign(value_class()):
    def __truediv__(self, other):
        other = self.lift(other)
        slopes = 1 / other.data, self.data / other.data**2
        return self.make(self.data / other.data, (self, other), slopes)


@exercise.mistake(
    "When b grows, does a - b rise or fall?",
    said="What is subtracted gets the slope 1 instead of -1.",
    root=Root.SIGN,
)
class value_difference_slopes(value_class()):
    def __sub__(self, other):
        other = self.lift(other)
        return self.make(self.data - other.data, (self, other), (1.0, 1.0))


@exercise.mistake(
    "What does Python compute for 2 - a: the number minus a, or a minus the number?",
    said="A number minus a value is computed the other way round.",
    root=Root.SWAPPED,
)
class value_number_minus_value_reversed(value_class()):
    def __rsub__(self, other):
        return self - other


@exercise.mistake(
    "What does Python compute for 2 / a: the number divided by a, or a by the number?",
    said="A number divided by a value is computed the other way round.",
    root=Root.SWAPPED,
)
class value_number_over_value_reversed(value_class()):
    def __rtruediv__(self, other):
        return self / other


@exercise.mistake(
    "The slope of u cubed at 2 is 12. What gives your rule?",
    said="The derivative of a power keeps its exponent.",
    root=None,
)
class value_power_keeps_exponent(value_class()):
    def __pow__(self, n):
        return self.make(self.data**n, (self,), (n * self.data**n,))


@exercise.mistake(
    "The slope of tanh far out is nearly 0, and never negative. What gives your rule there?",
    said="The slope of tanh is taken from the input instead of the output.",
    root=None,
)
class value_tanh_slope_of_input(value_class()):
    def tanh(self):
        return self.make(math.tanh(self.data), (self,), (1 - self.data**2,))


@exercise.mistake(
    "The slope of the sigmoid is made from its output. How often has your number been through the "
    "sigmoid?",
    said="The slope of the sigmoid is taken at the output, as if it were the input.",
    root=None,
)
class value_sigmoid_twice(value_class()):
    def sigmoid(self):
        value = 1 / (1 + math.exp(-self.data))
        again = 1 / (1 + math.exp(-value))
        return self.make(value, (self,), (again * (1 - again),))


@exercise.mistake(
    "Left of 0 relu is flat. What comes back through something flat?",
    said="relu lets the gradient through on its negative side.",
    root=None,
)
class value_relu_always_open(value_class()):
    def relu(self):
        return self.make(max(self.data, 0.0), (self,), (1.0,))


@exercise.mistake(
    "The slope of the logarithm at 2 is one half. What gives your rule?",
    said="The slope of the logarithm is taken to be one over its value.",
    root=None,
)
class value_log_slope_of_output(value_class()):
    def log(self):
        value = math.log(self.data)
        return self.make(value, (self,), (1 / value,))


@exercise.mistake(
    "The slope of the exponential function at 0 is 1. What gives your rule there?",
    said="The slope of exp is taken to be the input.",
    root=None,
)
class value_exp_slope_of_input(value_class()):
    def exp(self):
        return self.make(math.exp(self.data), (self,), (self.data,))


exercise.equivalent(
    "self._adjoint = 0.0 -> self._adjoint = 1.0",
    because="Every backward pass begins by setting it.",
)


exercise.equivalent(
    "self * -1 -> self / -1",
    because="A number times -1 is the number over -1.",
)


exercise.equivalent(
    "self.data > 0 -> self.data >= 0",
    "a > 0 -> a >= 0",
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
    "self.count_paths({}) < 5000 -> self.count_paths({}) <= 5000",
    "self.count_paths({}) < 5000 -> self.count_paths({}) < 5001",
    "self.count_paths({}) < 5000 -> self.count_paths({}) < 0",
    "sum(counts) or 1 -> sum(counts) or 2",
    "sum(counts) or 1 -> sum(counts) or 0",
    because="How many paths there are only chooses between two ways that are both right.",
)
