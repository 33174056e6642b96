"""Stand-ins for functions that a room does not hold: each asks outside for its answers.

Values cross as plain data, with one letter for each array in them that says what it was: an array,
a scalar of NumPy's, a tensor, a tensor through which gradients flow, the number of a function that
the other end may call, the state of a random generator, whose next state comes back, or a node of a
graph, of which nothing but the graph crosses. Loaded by
its path inside the room, with `wire` handed to what needs it; the end that answers imports the same
code.
"""

import builtins
import itertools
import json
import sys
import types

import numpy as np

ARRAY, SCALAR, TENSOR, LEAF, FUNCTION, RANDOM, NODE = "astgfrn"
# What yields its items only once, or has no form of its own on the wire.
LAZY = (range, zip, map, filter, enumerate, reversed, types.GeneratorType)
LAZY += (type({}.keys()), type({}.values()), type({}.items()), set, frozenset)
MAX_ITEMS = 200_000
MOST_KNOWN, LONG = 10_000, 4_096  # answers that are kept, and the bytes of one that is not

_islice = itertools.islice
_ndarray, _generic, _Generator = np.ndarray, np.generic, np.random.Generator


class StandInNode:
    """What stands for an object that was made from its `parents`: a node of a graph in which it
    has a number."""

    __slots__ = ("number", "parents")

    def __init__(self, number):
        self.number = number
        self.parents = ()


class Packed:
    """A value as plain data and letters; `functions`, `leaves` and `generators` are those found in
    it, in order, `nodes` the objects of its graph.

    Raises NotPlain of `wire` where a part of it cannot be sent.
    """

    def __init__(self, value, wire, functions_allowed=True):
        self.wire = wire
        self.letters = []
        self.functions = [] if functions_allowed else None
        self.leaves = []
        self.generators = []
        self.nodes = []
        try:
            self.plain = wire.plain(self._read(value, 0))
        except RecursionError:
            raise wire.NotPlain("the value is nested too deep") from None

    @property
    def fields(self):
        """Return what is sent: the plain data and the letters."""
        return self.plain, "".join(self.letters)

    def _read(self, value, depth):
        kind = type(value)
        if kind is float or kind is int or kind is str or value is None:
            return value
        if kind is _ndarray:
            self.letters.append(ARRAY)
            return value
        if isinstance(value, LAZY):
            value = list(_islice(value, MAX_ITEMS))
        if isinstance(value, (list, tuple)):
            parts = [self._read(item, depth + 1) for item in value]
            return tuple(parts) if isinstance(value, tuple) else parts
        if isinstance(value, dict):
            return {key: self._read(item, depth + 1) for key, item in value.items()}
        torch = sys.modules.get("torch")
        if isinstance(value, _ndarray):
            # Of a class of its own.
            self.letters.append(ARRAY)
        elif isinstance(value, _generic):
            self.letters.append(SCALAR)
        elif torch is not None and isinstance(value, torch.Tensor):
            flows = value.requires_grad and torch.is_grad_enabled()
            self.letters.append(LEAF if flows else TENSOR)
            if flows:
                self.leaves.append(value)
        elif type(value) is _Generator and type(value.bit_generator) is np.random.PCG64:
            self.letters.append(RANDOM)
            self.generators.append(value)
            return state_of(value)
        elif callable(value) and self.functions is not None:
            self.letters.append(FUNCTION)
            self.functions.append(value)
            return np.array(len(self.functions) - 1)
        elif type(value) is StandInNode:
            self.letters.append(NODE)
            return np.array(value.number)
        elif hasattr(value, "parents"):
            self.letters.append(NODE)
            return self._graph(value)
        return value

    def _graph(self, root):
        """Return the nodes that a root was made from, itself first: of each in turn how many
        parents it has, and their numbers."""
        if self.nodes:
            raise self.wire.NotPlain("there are several graphs")
        nodes, numbers, flat = self.nodes, {id(root): 0}, []
        nodes.append(root)
        for node in nodes:
            parents = list(_islice(node.parents, MAX_ITEMS + 1))
            for parent in parents:
                if numbers.setdefault(id(parent), len(nodes)) == len(nodes):
                    nodes.append(parent)
            flat += [len(parents), *(numbers[id(parent)] for parent in parents)]
            if len(flat) > MAX_ITEMS:
                raise self.wire.NotPlain("the graph is too large")
        return np.array(flat)


def state_of(generator):
    """Return the state of a random generator as an array of bytes."""
    text = json.dumps(generator.bit_generator.state)
    return np.frombuffer(text.encode("ascii"), np.uint8)


def generator_of(state):
    """Return the random generator of a state that `state_of` gave. Raises ValueError for
    another."""
    generator = _Generator(np.random.PCG64(0))
    try:
        generator.bit_generator.state = json.loads(state.tobytes())
    except (TypeError, KeyError, OverflowError) as problem:
        raise ValueError("no state of a random generator") from problem
    return generator


class Unpacked:
    """What `Packed` was made of. `leaves` are the tensors in it through which gradients flow,
    `generators` the random generators.

    function  gives what stands for a function of the other end, by its number; None where no
              function may come
    nodes     what the numbers of nodes stand for; None where a graph may come
    Raises WireError of `wire` where the letters do not belong to the plain data.
    """

    def __init__(self, plain, letters, wire, function=None, nodes=None):
        if type(letters) is not str:
            raise wire.WireError("letters that are no text")
        self.wire = wire
        self.function = function
        self.nodes = nodes
        self.leaves = []
        self.generators = []
        self._letters = iter(letters)
        self.value = self._read(plain)
        if next(self._letters, None) is not None:
            raise wire.WireError("more letters than arrays")

    def _read(self, value):
        kind = type(value)
        if kind is list or kind is tuple:
            return kind([self._read(item) for item in value])
        if kind is dict:
            return {key: self._read(item) for key, item in value.items()}
        if kind is not _ndarray:
            return value
        letter = next(self._letters, None)
        if letter == ARRAY:
            return value
        if letter == SCALAR and value.ndim == 0:
            return value[()]
        if letter == FUNCTION and value.ndim == 0 and self.function is not None:
            return self.function(int(value))
        if letter == NODE and value.dtype.kind == "i":
            try:
                return self._node(value)
            except IndexError:
                raise self.wire.WireError("a node that cannot be") from None
        if letter == RANDOM:
            try:
                self.generators.append(generator_of(value))
            except ValueError:
                raise self.wire.WireError("a generator that cannot be") from None
            return self.generators[-1]
        if letter in (TENSOR, LEAF) and value.dtype.kind in "biuf":
            import torch

            tensor = torch.from_numpy(value)
            if letter == LEAF:
                tensor.requires_grad_()
                self.leaves.append(tensor)
            return tensor
        raise self.wire.WireError("a letter that does not belong to its array")

    def _node(self, value):
        """Return the object of a number, or the root of the graph that `Packed` made of it."""
        if self.nodes is not None:
            return self.nodes[int(value[()])]
        flat = value.tolist()
        nodes, place, lists = [], 0, []
        while place < len(flat):
            count = max(flat[place], 0)
            lists.append(flat[place + 1 : place + 1 + count])
            nodes.append(StandInNode(len(nodes)))
            place += 1 + count
        for node, parents in zip(nodes, lists, strict=True):
            node.parents = tuple(nodes[number] for number in parents)
        return nodes[0]


def raised(problem, wire):
    """Return the fields of an exception as they are sent: its class's name and its arguments."""
    try:
        arguments = wire.plain(problem.args)
    except wire.NotPlain:
        arguments = (wire.message_of(problem),)
    return wire.type_name(problem), arguments


def exception(name, arguments):
    """Return the exception whose fields `raised` gave; of its class where every room has that."""
    for home in (builtins, np.exceptions, np.linalg):
        kind = getattr(home, str(name), None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            try:
                return kind(*arguments)
            except Exception:
                break
    return RuntimeError(f"{name}: {', '.join(map(str, arguments))}")


class StandIns:
    """Makes the stand-ins of one trial; they ask over `channel`, and `leave` ends the process when
    nobody answers there any more."""

    def __init__(self, channel, wire, leave):
        self.wire = wire
        self._leave = leave
        # Bound here: a cell may have patched the module.
        self._send, self._receive_bytes, self._channel = wire.send, wire.receive_bytes, channel
        self._decode = wire.decode
        self._known, self._last = {}, b""

    def make(self, name):
        """Return the stand-in for the function called `name`."""

        def stand_in(*args, **kwargs):
            return self._call(name, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = name
        # What is a function of PyTorch's is called by this name.
        stand_in.apply = stand_in
        return stand_in

    def _call(self, name, args, kwargs):
        try:
            packed = Packed((args, kwargs), self.wire)
        except self.wire.NotPlain as problem:
            # Ends the trial: what it would come to is not the student's doing.
            self._ask(("void",), [])
            raise TypeError(str(problem)) from None
        frame = ("ask", name, *packed.fields, None)
        plain, letters, states = self._told(frame, packed.functions)
        for generator, state in zip(packed.generators, states, strict=True):
            generator.bit_generator.state = generator_of(state).bit_generator.state
        if LEAF not in letters:
            return Unpacked(plain, letters, self.wire, nodes=packed.nodes).value
        return self._connected(name, packed, plain, letters)

    def _told(self, frame, functions):
        """Return what `_ask` gives; asked once for the same arguments, as a loop over symbols
        would."""
        if functions:
            return self._ask(frame, functions)
        sent = self.wire.Encoded(frame)
        known = self._known.get(sent.data)
        if known is not None:
            return self._decode(known)[1:]
        told = self._ask(sent, functions)
        if len(self._known) < MOST_KNOWN and len(self._last) + len(sent.data) < LONG:
            self._known[sent.data] = self._last
        return told

    def _connected(self, name, packed, plain, letters):
        """Return the answer as a part of the graph that its arguments belong to."""
        import torch

        def gradients(upstream):
            arrays = [part.detach().numpy() for part in upstream]
            found, *_ = self._ask(("ask", name, *packed.fields, arrays), packed.functions)
            return [None if part is None else torch.from_numpy(part) for part in found]

        class Asked(torch.autograd.Function):
            @staticmethod
            def forward(ctx, values, *leaves):
                return tuple(values)

            @staticmethod
            def backward(ctx, *upstream):
                return None, *gradients(upstream)

        answer = Unpacked(plain, letters, self.wire)
        values = [leaf.detach() for leaf in answer.leaves]
        connected = iter(Asked.apply(values, *packed.leaves))
        return _replaced(answer.value, torch, connected)

    def _ask(self, frame, functions):
        """Return the answer's plain data, letters and the states of the generators it was asked
        with; what it raised is raised here."""
        thrown = None
        while True:
            try:
                self._send(self._channel, frame)
                self._last = self._receive_bytes(self._channel)
                kind, *fields = self._decode(self._last)
            except self.wire.Closed:
                self._leave()
            if kind == "value":
                return fields
            if kind == "raised":
                problem = exception(*fields)
                if thrown is not None and self.wire.type_name(thrown) == fields[0]:
                    problem = thrown
                raise problem
            number, plain, letters = fields
            try:
                arguments = Unpacked(plain, letters, self.wire).value
                result = Packed(functions[number](*arguments), self.wire, functions_allowed=False)
                frame = ("returned", *result.fields)
            except Exception as problem:
                thrown = problem
                frame = ("threw", *raised(problem, self.wire))


def _replaced(value, torch, tensors):
    """Return `value` with the next of `tensors` in the place of every tensor that requires a
    gradient."""
    if isinstance(value, (list, tuple)):
        return type(value)([_replaced(item, torch, tensors) for item in value])
    if isinstance(value, dict):
        return {key: _replaced(item, torch, tensors) for key, item in value.items()}
    if isinstance(value, torch.Tensor) and value.requires_grad:
        return next(tensors)
    return value
