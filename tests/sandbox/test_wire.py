"""The wire: plain data survives it exactly, and nothing else gets through."""

import math
import struct
import subprocess
import sys
import time
from collections import Counter, OrderedDict, namedtuple
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from socket import socketpair

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox import wire
from autograder.sandbox.wire import Answer, NotPlain, WireError, decode, encode, plain

DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(TEXT, inner, max_size=4)
    ),
    max_leaves=12,
)


def same(a, b):
    """Whether two pieces of plain data are bit for bit the same, types included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_plain_data_survives_exactly(value):
    assert same(decode(encode(value)), value)
    assert same(plain(value), value)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused_cleanly(data):
    try:
        decode(data)
    except WireError:
        pass


@settings(max_examples=300, deadline=None)
@given(VALUES, st.data())
def test_damaged_frames_are_refused_cleanly(value, data):
    frame = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 3))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    frame = bytes(frame[: data.draw(st.integers(0, len(frame)))])
    try:
        decode(frame)
    except WireError:
        pass


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"X",
        b"NN",
        b"f\0",
        b"i" + struct.pack("<I", 0),
        b"i" + struct.pack("<I", 2**31) + b"\0",
        b"s" + struct.pack("<I", 2**32 - 1) + b"x",
        b"s" + struct.pack("<I", 2) + b"\xff\xfe",
        b"l" + struct.pack("<I", 2**32 - 1),
        b"l" + struct.pack("<I", 1),
        (b"l" + struct.pack("<I", 1)) * 5000 + b"N",
        b"d" + struct.pack("<I", 2) + (struct.pack("<I", 1) + b"kN") * 2,
        b"a|O8\0",
        b"a<M8\0" + bytes(8),
        b"a<f8\xff" + bytes(8 * 255),
        b"a<f8\x01" + struct.pack("<q", -1),
        b"a<f8\x01" + struct.pack("<Q", 2**61) + bytes(64),
        b"a<f8\x02" + struct.pack("<QQ", 2**39, 2**39) + bytes(64),
        b"a<f8\x02" + struct.pack("<QQ", 0, 2**63),
        b"a|b1\x01" + struct.pack("<Q", 1) + b"\x07",
        b"j" + struct.pack("<I", 2**20) + bytes(2**20),
        b"j" + struct.pack("<I", 2) + b"\xff\0",
        b"l" + struct.pack("<I", 1) + b"j" + struct.pack("<I", 2) + b"a",
    ],
)
def test_frames_that_lie_are_refused(frame):
    with pytest.raises(WireError):
        decode(frame)


@pytest.mark.parametrize("last", ["x", "", "\0", "a\0b", "ü", 7, None, ["x"]])
def test_long_lists_of_strings_survive_whatever_stands_in_them(last):
    for value in ([*"abc" * 5000, last], [last, *"ab" * 50], {"a": (["", *"x" * 99], last)}):
        assert same(decode(encode(value)), value)


def test_what_is_encoded_once_is_sent_as_a_part_many_times():
    value = {"a": [1, np.arange(3)], "b": ("x", None)}
    part = wire.Encoded(value)
    assert same(decode(encode([part, {"c": part}])), [value, {"c": value}])
    with pytest.raises(WireError):
        wire.Encoded({1: 2})


def test_a_frame_larger_than_allowed_is_refused():
    with pytest.raises(WireError):
        decode(encode("x" * 100), max_bytes=50)


@pytest.mark.parametrize(
    "value", [{1: 2}, {1}, b"x", 1j, object(), np.array([1j]), "\ud800", ["\ud800"] * 99]
)
def test_what_is_not_plain_data_is_not_encoded(value):
    with pytest.raises(WireError):
        encode(value)


def test_order_and_strides_of_an_array_do_not_matter():
    matrix = np.arange(12.0).reshape(3, 4)
    for array in (np.asfortranarray(matrix), matrix.T, matrix[::2, ::-1], matrix[:, 1]):
        assert np.array_equal(decode(encode(array)), array)
        assert decode(encode(array)).flags.writeable


def test_special_floats_survive():
    back = decode(encode([math.nan, -0.0, math.inf]))
    assert math.isnan(back[0]) and math.copysign(1, back[1]) == -1 and back[2] == math.inf


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_other_kinds_of_numbers_and_containers_become_plain():
    Point = namedtuple("Point", "x y")
    Colour = IntEnum("Colour", "RED")
    assert same(plain(Point(1, 2.0)), (1, 2.0))
    assert same(plain(OrderedDict(a=1)), {"a": 1})
    assert same(plain(Counter("aab")), {"a": 2, "b": 1})
    assert same(plain(Colour.RED), 1)
    assert same(plain(Fraction(1, 2)), 0.5)
    assert same(plain(Decimal("0.25")), 0.25)
    assert same(plain(np.float32(1.5)), np.array(1.5, np.float32))
    assert same(plain(np.bool_(True)), np.array(True))
    assert same(plain(np.str_("x")), "x")
    assert same(plain(np.arange(3, dtype=">i4")), np.arange(3, dtype="i4"))
    assert plain(np.longdouble(1)).dtype == np.float64
    assert np.isnan(plain(np.ma.array([1.0, 2.0], mask=[True, False]))[0])
    assert type(plain(np.matrix([[1.0]]))) is np.ndarray
    assert plain(10**2000) == 10**2000


def test_tensors_become_arrays():
    torch = pytest.importorskip("torch")
    assert same(plain(torch.ones(2, requires_grad=True)), np.ones(2, np.float32))
    assert same(plain(torch.nn.Parameter(torch.zeros(()))), np.zeros((), np.float32))
    assert same(plain(torch.ones(1, dtype=torch.bfloat16)), np.ones(1, np.float32))
    for tensor in (torch.ones(1, dtype=torch.complex64), torch.eye(2).to_sparse()):
        with pytest.raises(NotPlain):
            plain(tensor)


def _cycle():
    cycle = []
    cycle.append(cycle)
    return cycle


def _bomb():
    bomb = ["x" * 1000]
    for _ in range(30):
        bomb = [bomb, bomb]
    return bomb


class Raises:
    def __getattribute__(self, name):
        raise SystemExit


class ArrayRaises:
    __array__ = property(lambda self: 1 / 0)


class Liar:
    __class__ = float


class Evil(Fraction):
    def __float__(self):
        raise SystemExit


UNREADABLE = {
    "complex": lambda: 1j,
    "set": lambda: {1, 2},
    "numbers as keys": lambda: {1: 2},
    "bytes": lambda: b"x",
    "function": lambda: print,
    "generator": lambda: (n for n in "a"),
    "range": lambda: range(3),
    "object": object,
    "class": lambda: type,
    "complex array": lambda: np.array([1j]),
    "object array": lambda: np.array([None]),
    "text array": lambda: np.array(["a"]),
    "date": lambda: np.datetime64("2020-01-01"),
    "records": lambda: np.zeros(1, [("x", "f8")]),
    "huge view": lambda: np.broadcast_to(np.zeros(()), (2**40,)),
    "huge int": lambda: 10**4000,
    "long text": lambda: "x" * 2_000_000,
    "long list": lambda: [0] * 300_000,
    "cycle": _cycle,
    "bomb": _bomb,
    "raises": Raises,
    "array raises": ArrayRaises,
    "liar": Liar,
    "evil": lambda: Evil(1),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_named_in_one_sentence(name):
    value = UNREADABLE[name]()
    started = time.monotonic()
    with pytest.raises(NotPlain) as caught:
        plain(value)
    assert time.monotonic() - started < 5
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_overridden_methods_of_subclasses_are_not_asked():
    class Items(list):
        def __iter__(self):
            return iter("forged")

        def __len__(self):
            return 10**9

    class Text(str):
        def __str__(self):
            return "forged"

        encode = __str__

    class Number(float):
        def __float__(self):
            return 99.0

    assert same(plain(Items([1])), [1])
    assert same(plain(Text("x")), "x")
    assert same(plain(Number(1.0)), 1.0)


def test_text_without_partner_surrogates_is_mended():
    assert plain("a\ud800") == "a?"


def test_answers_survive_the_wire_and_are_checked():
    answer = Answer("value", np.arange(3), changed=True)
    back = Answer.from_plain(decode(encode(answer.to_plain())))
    assert back.kind == "value" and back.changed and np.array_equal(back.value, [0, 1, 2])
    for fields in (
        None,
        (),
        ("right", 1, "", "", None, False),
        ("value", 1, "", "", "1", False),
        ("value", 1, "", "", 0, False),
        ("value", 1, 2, "", None, False),
        ("value", 1, "", "", None, 1),
    ):
        with pytest.raises(WireError):
            Answer.from_plain(fields)


def test_an_answer_of_an_exception_is_bounded_plain_text():
    class Rude(Exception):
        def __str__(self):
            raise ValueError

    answer = Answer.raised(Rude())
    assert (answer.kind, answer.error, answer.text) == ("raised", "Rude", "")
    answer = Answer.raised(ValueError("a\x1b[31m\n" + "b" * 10**6))
    assert len(answer.text) <= wire.MAX_TEXT and answer.text.isprintable()


def test_frames_cross_a_socket_and_deadlines_hold():
    left, right = socketpair()
    with left, right:
        wire.send(left, {"a": [1, 2.5]})
        assert wire.receive(right) == {"a": [1, 2.5]}
        with pytest.raises(TimeoutError):
            wire.receive(right, deadline=time.monotonic() + 0.05)
        with pytest.raises(TimeoutError):
            wire.send(left, np.zeros(10**7), deadline=time.monotonic() + 0.05)
        right.recv(4, 0)
    left, right = socketpair()
    with right:
        left.sendall(struct.pack("<I", 2**32 - 1))
        with pytest.raises(WireError):
            wire.receive(right, deadline=time.monotonic() + 1)
        left.close()
        with pytest.raises(wire.Closed):
            wire.receive(right)


def test_the_file_stands_alone():
    code = (
        "import importlib.util as u, sys; "
        f"spec = u.spec_from_file_location('w', {wire.__file__!r}); "
        "w = u.module_from_spec(spec); sys.modules['w'] = w; spec.loader.exec_module(w); "
        "assert w.decode(w.encode([1])) == [1]; "
        "print(any(name.startswith('autograder') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n"
