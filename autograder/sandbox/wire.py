"""The wire: how values cross from a student's process to the outside, and back.

Everything that crosses is plain data: None, bool, int, float, str, list, tuple, dict with string
keys, and NumPy arrays of bool, integer and floating dtypes. `plain` turns what a student returned
into such data without trusting it, `encode` and `decode` turn plain data into tagged bytes and
back, `send` and `receive` carry them over a socket in length-prefixed frames. Nothing is pickled
or evaluated. The file stands alone, with the standard library and NumPy: a process that must not
see the rest of the package loads it by its path.
"""

from __future__ import annotations

import dis
import math
import select
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Complex, Real
from types import CodeType
from typing import Any

import numpy as np

MAX_BYTES = 8 * 2**20  # the encoded size of one value
MAX_DEPTH = 32  # how deep containers may nest
MAX_ITEMS = 200_000  # items of all containers together
MAX_CHARACTERS = 1_000_000  # of one string
MAX_INT_BYTES = 1_250  # of one int: about 3,000 digits
MAX_TEXT = 2_000  # characters of an exception's message
MAX_NAME = 100  # characters of a type's name

MAX_ENTERED = 50
KINDS = ("value", "raised", "timed out", "died", "unreadable")
NO_TIME_LEFT = "notebook"  # the `error` of a call that was not made: its notebook had no time left

# What a value is that cannot be read, as a student is told, each with named gaps.
CANNOT_BE_READ = "a value of type {kind} cannot be read"
NO_SUCH_TYPE = (
    "a value of type {kind} cannot be read; "
    "return numbers, text, arrays, or lists, tuples and dicts of them"
)
COMPLEX_NUMBER = "a complex number cannot be read; return real numbers"
COMPLEX_ARRAY = "an array of complex numbers cannot be read"
ARRAY_OF = "an array of dtype {kind} cannot be read"
COMPLEX_TENSOR = "a tensor of complex numbers cannot be read"
SPARSE_TENSOR = "a sparse tensor cannot be read; return a dense one"
KEY_OF = "a dict with a key of type {kind} cannot be read; use text as keys"
LONG_INTEGER = "an integer of more than 3,000 digits cannot be read"
LONG_TEXT = "the text is too long to be read"
TOO_LARGE = "the value is too large to be read"
TOO_DEEP = "the value is nested more than {depth} deep"
TOO_MANY = "the value has more than {count:,} items"

_DTYPES = {
    name.encode("ascii"): np.dtype(name)
    for name in ["|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8"]
}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}
_FLOATS = _DTYPES[b"<f8"]  # of nearly all arrays
# The first byte of a value says what it is.
_NONE, _TRUE, _FALSE, _INT, _FLOAT, _TEXT = b"N", b"T", b"F", b"i", b"f", b"s"
_LIST, _TEXTS, _TUPLE, _DICT, _ARRAY = b"l", b"j", b"t", b"d", b"a"
_BYTES = [bytes((number,)) for number in range(256)]  # quicker than to cut one out
_MANY = 64  # strings in a list that are worth being written as one
_SEPARATOR = "\0"
_RAISE = dis.opmap["RAISE_VARARGS"]
# The events of `select.poll`, by names for systems that have no poll.
READABLE, WRITABLE = getattr(select, "POLLIN", 1), getattr(select, "POLLOUT", 4)
_LENGTH = struct.Struct("<I")
_DOUBLE = struct.Struct("<d")
_MAX_NDIM = 32
_SHAPES = [struct.Struct(f"<{ndim}Q") for ndim in range(_MAX_NDIM + 1)]
_FLOATS_HEAD = [_ARRAY + b"<f8" + bytes((ndim,)) for ndim in range(_MAX_NDIM + 1)]

# Student code may replace any attribute of numpy; the names used here are bound at import.
_ndarray, _generic, _frombuffer, _array = np.ndarray, np.generic, np.frombuffer, np.array
_asarray, _float64, _MaskedArray = np.asarray, np.float64, np.ma.MaskedArray
_getmaskarray, _nan = np.ma.getmaskarray, math.nan


class NotPlain(ValueError):
    """A value that cannot be turned into plain data; the message is one plain sentence."""


class WireError(ValueError):
    """Bytes that are no frame of this format, or a value that fits in none."""


class Closed(ConnectionError):
    """The other end of the socket is gone."""


@dataclass(frozen=True)
class Answer:
    """What one call of a student's function came to.

    `kind` is one of `KINDS`. `value` is plain data (kind "value"). `error` is the exception's
    class name and `text` its message or, for "unreadable", the sentence that says why; of one that
    is "timed out", `error` is NO_TIME_LEFT where the call was not made at all. Both are
    bounded plain text without control characters. `line` is the line of the student's cell that
    raised, counted from 1, or None; `function` is the qualified name of the student's function it
    stands in, or ""; `own` says that it is a `raise` of the student's, not of a library beneath.
    `changed` says that the function modified one of its inputs. `entered` are the watched functions
    of libraries that the call came to, or None where nobody can tell.
    """

    kind: str
    value: object = None
    error: str = ""
    text: str = ""
    line: int | None = None
    function: str = ""
    own: bool = False
    changed: bool = False
    entered: tuple | None = None

    @classmethod
    def of(cls, value: object) -> Answer:
        """Return the answer with the plain data of `value`, or "unreadable" where it has none."""
        try:
            return cls("value", plain(value))
        except NotPlain as problem:
            return cls("unreadable", text=printable(problem))

    @classmethod
    def raised(
        cls, problem: BaseException, is_own: Callable[[CodeType], bool] = lambda code: False
    ) -> Answer:
        """Return the answer for the exception `problem`.

        `is_own` says of a code object whether it is the student's.
        """
        line, function, own = place_of(problem, is_own)
        return cls("raised", None, type_name(problem), message_of(problem), line, function, own)

    def to_plain(self) -> tuple:
        """Return the answer as a tuple that `encode` takes."""
        return tuple(getattr(self, name) for name in FIELDS)

    @classmethod
    def from_plain(cls, fields: object) -> Answer:
        """Return the answer in `fields`, as `to_plain` made it; each is checked. Raises
        WireError."""
        if type(fields) is not tuple or len(fields) != len(FIELDS):
            raise WireError("an answer with too many fields, or too few")
        kind, value, error, text, line, function, own, changed, entered = fields
        if type(kind) is not str or kind not in KINDS:
            raise WireError("an answer of an unknown kind")
        if not all(type(field) is str for field in (error, text, function)):
            raise WireError("an answer with a field of the wrong type")
        if type(own) is not bool or type(changed) is not bool:
            raise WireError("an answer with a field of the wrong type")
        if line is not None and (type(line) is not int or not 0 < line < 10**6):
            raise WireError("an answer with a line number that cannot be")
        if entered is not None:
            if type(entered) is not tuple or not all(type(name) is str for name in entered):
                raise WireError("an answer with a field of the wrong type")
            entered = tuple(printable(name, MAX_NAME) for name in entered[:MAX_ENTERED])
        if kind != "value":
            value = None
        error, text = printable(error, MAX_NAME), printable(text, MAX_TEXT)
        function = printable(function, MAX_NAME)
        return cls(kind, value, error, text, line, function, own, changed, entered)


FIELDS = tuple(Answer.__dataclass_fields__)
NOTED = ("changed", "entered")  # the last fields: what is seen beside what the function gave


def place_of(
    problem: BaseException, is_own: Callable[[CodeType], bool]
) -> tuple[int | None, str, bool]:
    """Return where `problem` was raised: the line and the qualified name of the innermost function
    that is the student's, and whether its own `raise` did it; (None, "", False) where there is
    none.

    `is_own` says of a code object whether it is the student's.
    """
    line, function, own, trace = None, "", False, problem.__traceback__
    for _ in range(5000):
        if trace is None:
            break
        code = trace.tb_frame.f_code
        own = False
        if is_own(code):
            line, function = trace.tb_lineno, code.co_qualname
            own = code.co_code[trace.tb_lasti] == _RAISE
        trace = trace.tb_next
    return line, printable(function, MAX_NAME), own


def printable(text: object, limit: int = MAX_TEXT) -> str:
    """Return `text` on one line, at most `limit` characters, without control or unpaired
    characters."""
    text = str.__str__(text) if isinstance(text, str) else str(text)
    cut = text[: limit + 1]
    cut = cut.encode("utf-8", "replace").decode("utf-8")
    cut = "".join(c if c.isprintable() else " " for c in cut)
    return cut if len(text) <= limit else cut[: limit - 1] + "…"


def type_name(value: object) -> str:
    """Return the name of the class of `value`, bounded; a class that lies about itself is not
    asked."""
    try:
        return printable(type.__dict__["__name__"].__get__(type(value)), MAX_NAME)
    except Exception:
        return "object"


def message_of(problem: BaseException) -> str:
    """Return the message of an exception, bounded; a `__str__` that raises counts as no message."""
    try:
        return printable(str(problem))
    except KeyboardInterrupt:
        raise
    except BaseException:
        return ""


# ---------------------------------------------------------------------------------- plain data


def plain(value: object, max_bytes: int = MAX_BYTES) -> Any:
    """Return `value`, which a student returned, as plain data of its own, sharing nothing with it.

    Containers, strings and numbers of subclasses become those of their base class, NumPy scalars
    0-d arrays of their dtype, torch tensors detached arrays (of float32 for bfloat16), other real
    numbers floats, masked entries of floating arrays NaN, extended precision float64. Raises
    `NotPlain` for anything else, and for what is too deep, too long or larger than `max_bytes`.
    """
    try:
        return _Reader(max_bytes).read(value, 0)
    except (NotPlain, KeyboardInterrupt):
        raise
    except BaseException:
        # An object may raise whatever it likes when looked at, SystemExit as well.
        raise NotPlain(CANNOT_BE_READ.format(kind=type_name(value))) from None


class _Reader:
    def __init__(self, max_bytes: int):
        self.bytes_left = max_bytes
        self.items_left = MAX_ITEMS

    def read(self, value: Any, depth: int) -> Any:
        """Return a value as plain data; it lies `depth` containers deep."""
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is _ndarray:
            return self._array(value, False)
        # `type(...).__mro__` is what the interpreter itself goes by; `__class__` may lie.
        bases = type.__dict__["__mro__"].__get__(kind)
        if _ndarray in bases:
            return self._array(value, _MaskedArray in bases)
        if str in bases:
            return self._text(value)
        if _generic in bases:
            return self._array(_asarray(value), False)
        if int in bases:
            return self._int(int.__int__(value))
        if float in bases:
            return float.__float__(value)
        if list in bases:
            return self._items(list.__len__(value), list.__iter__(value), depth)
        if tuple in bases:
            return tuple(self._items(tuple.__len__(value), tuple.__iter__(value), depth))
        if dict in bases:
            return self._dict(value, depth)
        torch = sys.modules.get("torch")
        if getattr(torch, "Tensor", None) in bases:
            return self._tensor(value, torch)
        if kind is Fraction or kind is Decimal or (isinstance(value, Real)):
            number = float(value)
            return float.__float__(number)
        if isinstance(value, Complex):
            raise NotPlain(COMPLEX_NUMBER)
        raise NotPlain(NO_SUCH_TYPE.format(kind=type_name(value)))

    def _spend(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise NotPlain(TOO_LARGE)

    def _int(self, value: int) -> int:
        if value.bit_length() > 8 * MAX_INT_BYTES - 1:
            raise NotPlain(LONG_INTEGER)
        return value

    def _text(self, value: str) -> str:
        if str.__len__(value) > MAX_CHARACTERS:
            raise NotPlain(LONG_TEXT)
        text = str.__str__(value)
        data = str.encode(text, "utf-8", "replace")
        self._spend(len(data))
        return data.decode("utf-8")

    def _items(self, count: int, iterator: Iterator, depth: int) -> list:
        self._enter(count, depth)
        return [self.read(item, depth + 1) for item in iterator]

    def _dict(self, value: dict, depth: int) -> dict[str, Any]:
        self._enter(dict.__len__(value), depth)
        copy = {}
        for key, item in dict.items(value):
            if str not in type.__dict__["__mro__"].__get__(type(key)):
                raise NotPlain(KEY_OF.format(kind=type_name(key)))
            copy[self._text(key)] = self.read(item, depth + 1)
        return copy

    def _enter(self, count: int, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise NotPlain(TOO_DEEP.format(depth=MAX_DEPTH))
        self.items_left -= count
        if self.items_left < 0:
            raise NotPlain(TOO_MANY.format(count=MAX_ITEMS))
        self._spend(16 * count)

    def _array(self, value: np.ndarray, masked: bool) -> np.ndarray:
        array = _ndarray.view(value, _ndarray) if type(value) is not _ndarray else value
        if array.dtype.kind not in "biuf":
            if array.dtype.kind == "c":
                raise NotPlain(COMPLEX_ARRAY)
            raise NotPlain(ARRAY_OF.format(kind=printable(array.dtype, MAX_NAME)))
        # A broadcast view may be far larger than the memory behind it: count before copying.
        self._spend(array.size * array.dtype.itemsize + 64)
        dtype = array.dtype
        if dtype is _FLOATS and not masked:
            return array.copy()
        dtype = dtype.newbyteorder("=")
        array = _array(array, dtype=_float64 if dtype.itemsize > 8 else dtype)
        if masked and dtype.kind == "f":
            array[_getmaskarray(value)] = _nan
        return array

    def _tensor(self, value: Any, torch: Any) -> np.ndarray:
        tensor = torch.Tensor.detach(value)
        if tensor.is_complex():
            raise NotPlain(COMPLEX_TENSOR)
        if tensor.layout != torch.strided:
            raise NotPlain(SPARSE_TENSOR)
        self._spend(tensor.numel() * tensor.element_size())
        tensor = tensor.cpu().resolve_neg()
        if tensor.dtype is torch.bfloat16:
            tensor = tensor.float()
        return self._array(torch.Tensor.numpy(tensor), False)


# ----------------------------------------------------------------------------------- the bytes


class Encoded:
    """Plain data that is turned into bytes once and sent as a part of other data any number of
    times. Raises WireError where it is no plain data."""

    def __init__(self, value: object):
        self.data = encode(value)


def encode(value: object) -> bytes:
    """Return the bytes of the plain data `value`. Raises WireError where it is no plain data."""
    parts: list[bytes] = []
    _write(value, parts, 0)
    return b"".join(parts)


def _write(value: Any, parts: list[bytes], depth: int) -> None:
    kind = type(value)
    if kind is _ndarray:
        _write_array(value, parts)
    elif kind is float:
        parts.append(_FLOAT + _DOUBLE.pack(value))
    elif kind is str:
        parts.append(_TEXT + _text_bytes(value))
    elif kind is list or kind is tuple:
        _check_depth(depth)
        if kind is list and len(value) >= _MANY and _write_texts(value, parts):
            return
        parts.append((_LIST if kind is list else _TUPLE) + _LENGTH.pack(len(value)))
        for item in value:
            _write(item, parts, depth + 1)
    elif kind is dict:
        _check_depth(depth)
        parts.append(_DICT + _LENGTH.pack(len(value)))
        for key, item in value.items():
            if type(key) is not str:
                raise WireError("a dict on the wire has text as keys")
            parts.append(_text_bytes(key))
            _write(item, parts, depth + 1)
    elif value is None:
        parts.append(_NONE)
    elif kind is bool:
        parts.append(_TRUE if value else _FALSE)
    elif kind is int:
        size = value.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            raise WireError("an integer is too large for the wire")
        parts.append(_INT + _LENGTH.pack(size) + value.to_bytes(size, "little", signed=True))
    elif kind is Encoded:
        parts.append(value.data)
    else:
        raise WireError(f"a value of type {type_name(value)} does not fit on the wire")


def _write_array(value: np.ndarray, parts: list[bytes]) -> None:
    if value.dtype is _FLOATS and value.ndim <= _MAX_NDIM:
        head = _FLOATS_HEAD[value.ndim] + _SHAPES[value.ndim].pack(*value.shape)
        parts.append(head + value.tobytes())
        return
    name = _NAMES.get(value.dtype) or _NAMES.get(value.dtype.newbyteorder("<"))
    ndim = value.ndim
    if name is None or ndim > _MAX_NDIM:
        raise WireError(f"an array of dtype {value.dtype} does not fit on the wire")
    parts.append(_ARRAY + name + bytes((ndim,)) + _SHAPES[ndim].pack(*value.shape))
    parts.append(value.astype(_DTYPES[name], copy=False).tobytes())


def _write_texts(texts: list[str], parts: list[bytes]) -> bool:
    """Write a list of strings as one, with a separator that none of them holds; return whether that
    can be done."""
    if set(map(type, texts)) != {str}:
        return False
    text = _SEPARATOR.join(texts)
    if text.count(_SEPARATOR) != len(texts) - 1:
        return False
    parts.append(_TEXTS + _text_bytes(text))
    return True


def _text_bytes(text: str) -> bytes:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise WireError("text with unpaired surrogates does not fit on the wire") from None
    return _LENGTH.pack(len(data)) + data


def _check_depth(depth: int) -> None:
    # The wire allows more than `plain`, so that what `plain` made still fits in an envelope.
    if depth >= MAX_DEPTH + 8:
        raise WireError("a value is nested too deep for the wire")


def decode(data: bytes, max_bytes: int = 2 * MAX_BYTES) -> Any:
    """Return the plain data in `data`, arrays as fresh writable copies; WireError for anything
    else."""
    if len(data) > max_bytes:
        raise WireError("a frame is too large")
    try:
        cursor = _Cursor(bytes(data))
        value = cursor.read(0)
    except WireError:
        raise
    except (ValueError, OverflowError, struct.error) as problem:
        raise WireError(f"a malformed frame: {printable(problem, 200)}") from None
    if cursor.at != len(data):
        raise WireError("a frame with bytes after its value")
    return value


class _Cursor:
    """Reads one value; every announced length is compared with what is there before it is used."""

    def __init__(self, data: bytes):
        self.data = data
        self.at = 0
        self.end = len(data)
        self.items_left = 2 * MAX_ITEMS

    def skip(self, size: int) -> int:
        """Return where the next `size` bytes start."""
        start = self.at
        self.at = start + size
        if self.at > self.end:
            raise WireError("a truncated frame")
        return start

    def length(self) -> int:
        """Read a length of four bytes."""
        return int(_LENGTH.unpack_from(self.data, self.skip(4))[0])

    def read(self, depth: int) -> Any:
        """Read the next value; it lies `depth` containers deep."""
        tag = _BYTES[self.data[self.skip(1)]]
        if tag == _ARRAY:
            return self.array()
        if tag == _FLOAT:
            return _DOUBLE.unpack_from(self.data, self.skip(8))[0]
        if tag == _TEXT:
            return self.text()
        if tag == _TUPLE:
            return tuple([self.read(depth + 1) for _ in range(self.count(depth))])
        if tag == _LIST:
            return [self.read(depth + 1) for _ in range(self.count(depth))]
        if tag == _TEXTS:
            return self.texts(depth)
        if tag == _DICT:
            return self.mapping(depth)
        if tag == _NONE:
            return None
        if tag in (_TRUE, _FALSE):
            return tag == _TRUE
        if tag == _INT:
            size = self.length()
            if not 0 < size <= MAX_INT_BYTES:
                raise WireError("an integer of a size that cannot be")
            start = self.skip(size)
            return int.from_bytes(self.data[start : self.at], "little", signed=True)
        raise WireError("a frame with an unknown tag")

    def text(self) -> str:
        """Read a text."""
        start = self.skip(self.length())
        return str(self.data[start : self.at], "utf-8")

    def texts(self, depth: int) -> list[str]:
        """Read a list of texts that was written as one."""
        _check_depth(depth)
        text = self.text()
        self.items_left -= text.count(_SEPARATOR) + 1
        if self.items_left < 0:
            raise WireError("a container of a size that cannot be")
        return text.split(_SEPARATOR)

    def count(self, depth: int) -> int:
        """Read how many items a container has, and see that so many can be there."""
        _check_depth(depth)
        count = self.length()
        self.items_left -= count
        # Each item takes at least one byte.
        if count > self.end - self.at or self.items_left < 0:
            raise WireError("a container of a size that cannot be")
        return count

    def mapping(self, depth: int) -> dict[str, Any]:
        """Read a dict."""
        result = {}
        for _ in range(self.count(depth)):
            key = self.text()
            if key in result:
                raise WireError("a dict with a key twice")
            result[key] = self.read(depth + 1)
        return result

    def array(self) -> np.ndarray:
        """Read an array, as a fresh copy."""
        start = self.skip(4)
        ndim = self.data[start + 3]
        if ndim > _MAX_NDIM:
            raise WireError("an array of too many dimensions")
        self.skip(8 * ndim)
        dtype, shape, size = _array_kind(self.data[start : self.at])
        start = self.skip(size)
        if dtype.kind == "b":
            data = memoryview(self.data)[start : self.at]
            if _frombuffer(data, dtype="u1").max(initial=0) > 1:
                raise WireError("an array of bools with other bytes than 0 and 1")
        return _ndarray(shape, dtype, self.data, start).copy()


@lru_cache(maxsize=1024)
def _array_kind(head: bytes) -> tuple[np.dtype, tuple[int, ...], int]:
    """Return the dtype, the shape and the number of bytes of an array, from the bytes before
    these."""
    dtype = _DTYPES.get(head[:3])
    if dtype is None:
        raise WireError("an array of a dtype that is not allowed")
    shape = _SHAPES[head[3]].unpack_from(head, 4)
    if max(shape, default=0) >= 2**40:
        raise WireError("an array of a shape that cannot be")
    return dtype, shape, math.prod(shape) * dtype.itemsize


# ---------------------------------------------------------------------------------- the frames


def send(sock: socket.socket, value: object, deadline: float | None = None) -> None:
    """Send `value` as one frame. `deadline` is in seconds of `time.monotonic()`, None for never.

    Raises WireError (no plain data), TimeoutError, and Closed where the other end is gone.
    """
    payload = encode(value)
    if len(payload) >= 2**32:
        raise WireError("a value is too large for one frame")
    left = memoryview(_LENGTH.pack(len(payload)) + payload)
    sock.setblocking(False)
    while left:
        try:
            left = left[sock.send(left) :]
        except (BlockingIOError, InterruptedError):
            _wait([(sock.fileno(), WRITABLE)], deadline)
        except OSError as problem:
            raise Closed("the other end of the channel is gone") from problem


def receive(
    sock: socket.socket,
    max_bytes: int = 2 * MAX_BYTES,
    deadline: float | None = None,
    alive: int | None = None,
) -> Any:
    """Return the value of the next frame, which may take at most `max_bytes`.

    `deadline` is in seconds of `time.monotonic()`, None for never. `alive` is a descriptor that
    becomes readable when the other end has died. Raises WireError (malformed, too large),
    TimeoutError, and Closed.
    """
    return decode(receive_bytes(sock, max_bytes, deadline, alive), max_bytes)


def receive_bytes(
    sock: socket.socket,
    max_bytes: int = 2 * MAX_BYTES,
    deadline: float | None = None,
    alive: int | None = None,
) -> bytes:
    """Return the bytes of the next frame's value; arguments and errors as `receive`."""
    size = _LENGTH.unpack(_read(sock, 4, deadline, alive))[0]
    if size > max_bytes:
        raise WireError("a frame is too large")
    return _read(sock, size, deadline, alive)


def _read(sock: socket.socket, size: int, deadline: float | None, alive: int | None) -> bytes:
    sock.setblocking(False)
    data = bytearray()
    while len(data) < size:
        try:
            piece = sock.recv(min(size - len(data), 2**20))
        except (BlockingIOError, InterruptedError):
            watched = [(sock.fileno(), READABLE)]
            if alive is not None:
                watched.append((alive, READABLE))
            ready = _wait(watched, deadline)
            # What was sent before the death is still read: only silence counts as gone.
            if sock.fileno() not in ready:
                raise Closed("the process at the other end has died") from None
            continue
        except OSError as problem:
            raise Closed("the other end of the channel is gone") from problem
        if not piece:
            raise Closed("the other end of the channel is gone")
        data += piece
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError("the time is up")
    return bytes(data)


def _wait(watched: list[tuple[int, int]], deadline: float | None) -> set[int]:
    left = None if deadline is None else deadline - time.monotonic()
    if left is not None and left <= 0:
        raise TimeoutError("the time is up")
    if not (found := ready(watched, left)):
        raise TimeoutError("the time is up")
    return found


def ready(watched: list[tuple[int, int]], seconds: float | None) -> set[int]:
    """Return those of (descriptor, READABLE or WRITABLE) that are ready within `seconds`, None for
    ever.

    What a descriptor's other end has closed counts as ready.
    """
    if not hasattr(select, "poll"):
        readable = [descriptor for descriptor, event in watched if event == READABLE]
        writable = [descriptor for descriptor, event in watched if event == WRITABLE]
        return set().union(*select.select(readable, writable, [], seconds))
    poll = select.poll()
    for descriptor, event in watched:
        poll.register(descriptor, event)
    return {one for one, _ in poll.poll(None if seconds is None else math.ceil(1000 * seconds))}
