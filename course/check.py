"""Visible checks that read like a sentence: `check(surprise).on(0.9).gives(0.1520)`.

A check calls the student's function with copies of the arguments and puts what comes back beside
the number printed in the notebook. A pass prints one quiet line; anything else is said in words,
in place of a traceback.

What a check finds is an exception, which whoever runs a notebook without a person at it can see:
nbgrader's Validate, the build's proof, a script. Where a person sits at the kernel it is shown and
not raised, so that Run All goes on to the exercises behind. The kernel knows the difference: a
front end for people says that it can answer `input()`, and what only runs notebooks says that it
cannot.
"""

from __future__ import annotations

import ast
import copy
import ctypes
import inspect
import linecache
import math
import re
import sys
import sysconfig
import textwrap
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any

import numpy as np

from course import words
from course.compare import (
    Difference,
    detached,
    differences,
    name_entry,
    name_type,
)
from course.kinds import VerdictKind
from course.stubs import is_stub
from course.wrappers import parts_of

# Differences that are told with both values beside each other.
BY_VALUE = (VerdictKind.WRONG, VerdictKind.NOT_FINITE)
SECONDS = 2.0  # of computing that one call may take
WHOLE = 12  # entries of an array that is printed whole
MOST_DIGITS = 17  # which tell any two floats apart


# The names of functions whose last check in this session did not pass, in that order.
_open: list[str] = []


class CheckFailed(AssertionError):
    """What a check found, in words. Jupyter shows the words alone, without a traceback."""

    mark = "✗"

    @property
    def shown(self) -> str:
        """Return the words as a student sees them."""
        return f"{self.mark} {self}"

    def _render_traceback_(self) -> list[str]:
        return [self.shown]


class NotAttempted(CheckFailed):
    """The exercise still holds the line that came with the notebook."""

    mark = "○"


def check(function: Callable[..., Any], name: str | None = None) -> Check:
    """Start a check of `function`, a student's function or an expression made of their names.

    name  what the messages call it; by default the function's own name
    """
    return Check(function, name)


class Check:
    """A function under check; `on` says what it is called with."""

    def __init__(self, function: Callable[..., Any], name: str | None = None):
        self.function = function
        own = getattr(function, "__name__", words.YOUR_FUNCTION)
        self.name = name or (words.YOUR_EXPRESSION if own == "<lambda>" else own)

    def on(self, *args: Any, **kwargs: Any) -> Question:
        """Take the arguments of the call. Lists of numbers become float64 arrays first."""
        return Question(self, tuple(map(_numeric, args)), kwargs)


class Question:
    """A call that was not made yet; `gives` makes it and compares."""

    def __init__(self, subject: Check, args: tuple[Any, ...], kwargs: dict[str, Any]):
        self.subject, self.args, self.kwargs = subject, args, kwargs

    def __repr__(self) -> str:
        return words.UNASKED.format(call=self.call)

    @property
    def call(self) -> str:
        """Return the call as a student may type it, shortened where the arguments are long."""
        given = getattr(self.subject.function, "given", None)
        args, kwargs = given(*self.args, **self.kwargs) if given else (self.args, self.kwargs)
        said = [*map(typed, args), *(f"{key}={typed(value)}" for key, value in kwargs.items())]
        return f"{self.subject.name}({', '.join(said)})"

    def gives(self, expected: Any, decimals: int | None = None) -> None:
        """Compare the answer with `expected`, to the decimals it is written with, at least four.

        decimals  how many decimals count, where the number's own are not enough
        Raises NotAttempted or CheckFailed, both with one message for the student, where nobody
        sits at the kernel; shows the message where somebody does.
        """
        try:
            print(self._compare(_numeric(expected), decimals))
        except CheckFailed as found:
            if first := _first_open(self.subject.function, self.subject.name):
                found.args = (words.BEGIN_THERE.format(other=first, said=found),)
            _note(self.subject.name, passed=False)
            if not _somebody_is_there():
                raise
            _show(found)
        else:
            _note(self.subject.name, passed=True)

    def _compare(self, expected: Any, decimals: int | None) -> str:
        """Return the line of a pass. Raises NotAttempted or CheckFailed."""
        found = self._ask(expected)
        shown = _decimals(expected) if decimals is None else decimals
        off = differences(found, expected, rtol=1e-9, atol=0.5001 * 10.0**-shown, inputs=self.args)
        if not off:
            return words.PASSED.format(call=self.call, expected=short(expected, shown))
        raise CheckFailed("\n  ".join(self._say(found, expected, off, shown)))

    def _say(self, found: Any, expected: Any, off: list[Difference], shown: int) -> list[str]:
        """Return the lines of a failure: what should have come back, what did, and a question."""
        if off[0].path:
            return self._say_parts(expected, off, shown)
        only = off[0]
        if only.kind in BY_VALUE and np.size(only.expected) <= WHOLE:
            right, yours = apart(expected, found, only, shown)
            lines = [words.VALUE_OFF.format(call=self.call, expected=right, found=yours)]
            if np.size(only.expected) > 1:
                lines.append(only.alone)
        else:
            lines = [words.FORM_OFF.format(call=self.call, difference=only.text)]
            lines += _first_entry(only, shown)
        return [*lines, only.lead] if only.lead else lines

    def _say_parts(self, expected: Any, off: list[Difference], shown: int) -> list[str]:
        """Return the same for a dict or tuple: which parts are off, and how; then which are
        right."""
        parts = parts_of(self.subject.function)
        lines = [words.SOME_PARTS_OFF.format(call=self.call)]
        for one in off:
            part = _name_part(one.path, parts)
            if one.kind in BY_VALUE and np.size(one.expected) <= WHOLE:
                right, yours = apart(one.expected, one.found, one, shown)
                line = words.PART_OFF.format(part=part, expected=right, found=yours)
            else:
                line = words.LARGE_PART_OFF.format(part=part, difference=one.text)
            lines.append(" ".join([line, *_first_entry(one, shown), one.lead]).strip())
        wrong = {one.path[0] for one in off}
        keys = expected if isinstance(expected, dict) else range(len(expected))
        fine = [_name_part((key,), parts) for key in keys if key not in wrong]
        if fine:
            said = words.PART_RIGHT if len(fine) == 1 else words.PARTS_RIGHT
            lines.append(said.format(parts=", ".join(fine)))
        return lines

    def _ask(self, expected: Any) -> Any:
        function, name = self.subject.function, self.subject.name
        if not callable(function):
            raise CheckFailed(words.NO_FUNCTION.format(value=typed(function)))
        args, kwargs = copy.deepcopy(self.args), copy.deepcopy(self.kwargs)
        try:
            # A warning is no error, and nbgrader would take its red text for one.
            with warnings.catch_warnings(action="ignore"):
                found = within(SECONDS, lambda: function(*args, **kwargs))
        except TimeIsUp:
            raise CheckFailed(words.TOO_SLOW.format(call=self.call, seconds=SECONDS)) from None
        except Exception as error:
            raise self._explained(error, name) from None
        if not _same(args, self.args) or not _same(kwargs, self.kwargs):
            raise CheckFailed(words.CHANGED_ARGUMENT.format(call=self.call))
        if found is None and not (expected is None or isinstance(expected, str)):
            lines = [words.VALUE_OFF.format(call=self.call, expected=short(expected), found="None")]
            here = _has_return(function)
            raise CheckFailed(
                "\n  ".join([*lines, words.NO_RETURN_ON_THIS_WAY if here else words.NO_RETURN])
            )
        return found

    def _explained(self, error: Exception, name: str) -> CheckFailed:
        """Put an exception in words: the unwritten function by its name, or what Python says, the
        student's own line, and a question."""
        frame = students_frame(error)
        code = frame.f_code if frame is not None else None
        if isinstance(error, NotImplementedError) and code is not None and not str(error):
            place, _, method = code.co_qualname.rpartition("<locals>.")[2].partition(".")
            definition = _definition(code)
            if method and not _whole_class_is_stub(self.subject.function):
                return CheckFailed(words.METHOD_NOT_WRITTEN.format(name=place, method=method))
            if place not in (name, "<lambda>") and not method:
                return CheckFailed(words.CALLS_UNWRITTEN.format(name=name, other=place))
            if definition is not None and not is_stub(definition):
                return CheckFailed(words.LEFTOVER_RAISE.format(name=name))
            return NotAttempted(words.NOT_ATTEMPTED.format(name=name))
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        asked = words.ask_about_crash(type(error).__name__, str(error))
        line = _line_of(error, frame)
        gaps = {"call": self.call, "error": text, "line": line}
        if line and code is not None:
            function = code.co_qualname.rpartition("<locals>.")[2]
            return CheckFailed(f"{words.RAISED_AT.format(**gaps, function=function)}\n  {asked}")
        return CheckFailed(f"{words.RAISED.format(**gaps)}\n  {asked}")


# ------------------------------------------------------------------------ who sits at the kernel


def _somebody_is_there() -> bool:
    """Say whether this runs in a kernel for a person, who could answer `input()`."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return bool(getattr(getattr(shell, "kernel", None), "_allow_stdin", False))


_shown: dict[int, set[str]] = {}  # what the cell that runs has shown


def _show(found: CheckFailed) -> None:
    """Print what a check found, once in a cell: its lines often find the same."""
    from IPython import get_ipython

    cell = get_ipython().execution_count
    if cell not in _shown:
        _shown.clear()
    if found.shown not in _shown.setdefault(cell, set()):
        _shown[cell].add(found.shown)
        print(found.shown)


def _say_name_is_missing(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> None:
    """Show one sentence where the line of a check names a function that is not there, and what
    Python says everywhere else."""
    *_, (frame, number) = traceback.walk_tb(trace)
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    name = getattr(error, "name", None)
    if name and frame.f_code.co_name == "<module>" and _NAMES_A_FUNCTION.match(line):
        shell._showtraceback(kind, error, [words.NAME_MISSING.format(name=name)])
    else:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


_NAMES_A_FUNCTION = re.compile(r"check\(")


def _listen_for_missing_names() -> None:
    """Have NameErrors of this session's cells come to `_say_name_is_missing`."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        shell.set_custom_exc((NameError,), _say_name_is_missing)


_listen_for_missing_names()


# ----------------------------------------------------------------------------------- the clock


class TimeIsUp(BaseException):
    """Raised in the thread whose call takes too long; no `except Exception` stops it."""


def within(seconds: float, call: Callable[[], Any]) -> Any:
    """Return what `call` returns. Raises TimeIsUp where it has computed for longer than `seconds`.

    A second thread looks on and stops this one between two steps of Python, on every system and
    in every thread; one long step of a library, which no thread can stop, is waited for. Loading a
    module counts for nothing.
    """
    caller, over = threading.get_ident(), threading.Event()

    def watch() -> None:
        left, before = seconds, time.process_time()
        while not over.wait(0.05):
            now = time.process_time()
            left -= 0.0 if _is_importing(caller) else now - before
            before = now
            if left < 0 and not over.is_set():
                _raise_time_is_up_in(caller)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return call()
    finally:
        while True:
            try:
                over.set()
                watcher.join()
                break
            except TimeIsUp:
                # It was raised too late: the call is over, and there is nothing to stop any more.
                pass


def _raise_time_is_up_in(thread: int) -> None:
    """Raise TimeIsUp in another thread, at its next step of Python.

    It is not taken back by raising None there: in a debugger, Python 3.11 would then come to no
    next step.
    """
    error = ctypes.py_object(TimeIsUp)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)


def _is_importing(thread: int) -> bool:
    frame = sys._current_frames().get(thread)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


# ----------------------------------------------------------------------------- whose line it was

_OURS = Path(__file__).parent
_LIBRARIES = [_OURS, *map(Path, set(sysconfig.get_paths().values()))]


def _is_students(code: CodeType) -> bool:
    path = code.co_filename
    if path.startswith("<frozen") or path == "<string>":
        return False
    return not any(Path(path).is_relative_to(place) for place in _LIBRARIES)


def students_frame(error: BaseException) -> FrameType | None:
    """Return the innermost frame of a student's function, or None where a check's own line
    raised."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if _is_students(frame.f_code)]
    return own[-1] if own else None


def _line_of(error: BaseException, frame: FrameType | None) -> str:
    """Return the text of the student's line that raised; "" where it is not known, or is that of a
    lambda in the line of the check itself."""
    if frame is None:
        return ""
    code = frame.f_code
    if code.co_name == "<lambda>" and code.co_filename == _cell_of_the_check():
        return ""
    steps = traceback.walk_tb(error.__traceback__)
    number = [line for inner, line in steps if inner is frame][-1]
    return linecache.getline(code.co_filename, number, frame.f_globals).strip()


def _cell_of_the_check() -> str:
    """Return the file, or the cell, in which the check stands that is under way."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and Path(frame.f_code.co_filename).is_relative_to(_OURS):
        frame = frame.f_back
    return frame.f_code.co_filename if frame is not None else ""


def _definition(code: CodeType) -> ast.stmt | None:
    """Return the statement that defines a function, where its text can be found."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(code))).body[0]
    except (OSError, SyntaxError, TypeError, IndexError):
        return None


def _whole_class_is_stub(function: Callable[..., Any]) -> bool:
    wrapped = getattr(function, "__wrapped__", function)
    if not isinstance(wrapped, type):
        return False
    own = [value for value in vars(wrapped).values() if isinstance(value, staticmethod)]
    definitions = [_definition(method.__func__.__code__) for method in own]
    return all(one is not None and is_stub(one) for one in definitions)


def _has_return(function: Callable[..., Any]) -> bool:
    """Say whether a function has a `return` with a value; True where its text cannot be found."""
    code = getattr(function, "__code__", None)
    definition = _definition(code) if code else None
    if definition is None:
        return False
    return any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(definition))


# --------------------------------------------------------------------------------------- values


def _note(name: str, passed: bool) -> None:
    """Remember how the last check of the function called `name` ended."""
    if passed and name in _open:
        _open.remove(name)
    elif not passed and name not in _open:
        _open.append(name)


def _first_open(function: Callable[..., Any], own: str) -> str | None:
    """Return the first function whose last check did not pass of those that `function` uses,
    directly or by what it uses."""
    waiting, used = [inspect.unwrap(function)], set()
    while waiting:
        current = waiting.pop()
        for name in getattr(getattr(current, "__code__", None), "co_names", ()):
            if name not in used:
                used.add(name)
                waiting.append(getattr(current, "__globals__", {}).get(name))
    return next((name for name in _open if name in used and name != own), None)


def _same(left: Any, right: Any) -> bool:
    left, right = detached(left), detached(right)
    if isinstance(left, (tuple, list)):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, np.ndarray):
        return np.array_equal(left, right, equal_nan=left.dtype.kind == "f")
    return type(left).__module__ != "builtins" or left == right or left != left


def _numeric(value: Any) -> Any:
    """Return lists of numbers as float64 arrays, those inside tuples and dicts, too; all else as it
    is."""
    if isinstance(value, tuple):
        return tuple(map(_numeric, value))
    if isinstance(value, dict):
        return {key: _numeric(entry) for key, entry in value.items()}
    if isinstance(value, list) and value and _only_numbers(value):
        try:
            return np.array(value, dtype=float)
        except ValueError:  # rows of different lengths
            return value
    return value


def _only_numbers(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_only_numbers, value))
    return isinstance(value, (int, float))


def _decimals(expected: Any) -> int:
    """Count the decimals that `expected` is written with, at least four."""
    if isinstance(expected, dict):
        return max(map(_decimals, expected.values()), default=4)
    if isinstance(expected, np.ndarray):
        return _decimals(tuple(expected.ravel().tolist()))
    if isinstance(expected, (tuple, list)):
        return max(map(_decimals, expected), default=4)
    if isinstance(expected, float) and math.isfinite(expected):
        text = repr(expected)
        if "e" in text:
            digits, exponent = text.split("e")
            return max(4, len(digits.partition(".")[2]) - int(exponent))
        return max(4, len(text.partition(".")[2]))
    return 4


# ---------------------------------------------------------------------------------------- words


def _name_part(path: tuple[Any, ...], parts: tuple[str, ...]) -> str:
    """Say what a part of a dict or tuple is called, at the beginning of a sentence."""
    first, rest = path[0], "".join(f"[{key!r}]" for key in path[1:])
    if isinstance(first, int) and first < len(parts):
        name = parts[first]
        # A name of the exercise keeps its case; words begin a sentence.
        return f"{name[0].upper()}{name[1:]}{rest}" if " " in name else f"{name}{rest}"
    return f"[{first!r}]{rest}".replace("'", '"')


def _first_entry(one: Difference, shown: int) -> list[str]:
    """Return the first wrong entry of an array that is too large to be printed; [] for any
    other."""
    if one.close is None or one.close.size <= WHOLE:
        return []
    index = tuple(np.argwhere(~one.close)[0])
    right = np.asarray(one.expected, dtype=float)[index]
    yours = np.asarray(detached(one.found), dtype=float)[index]
    right_text, yours_text = _numbers_apart(float(right), float(yours), shown)
    return [words.ENTRY_OFF.format(entry=name_entry(index), expected=right_text, found=yours_text)]


def apart(expected: Any, found: Any, one: Difference, shown: int) -> tuple[str, str]:
    """Return both values in short words, with as many digits as tell them apart."""
    if one.close is None:
        return short(expected, shown), short(found, shown)
    for decimals in range(shown, MOST_DIGITS + 1):
        texts = short(expected, decimals), short(found, decimals)
        if texts[0] != texts[1]:
            return texts
    return short(expected, MOST_DIGITS), short(found, MOST_DIGITS)


def _numbers_apart(expected: float, found: float, shown: int) -> tuple[str, str]:
    for decimals in range(shown, MOST_DIGITS + 1):
        texts = _number(expected, decimals), _number(found, decimals)
        if texts[0] != texts[1]:
            break
    return texts


def _number(value: float, decimals: int = 4) -> str:
    """Return a number with the decimals that count, those at the end that are 0 left out."""
    if not math.isfinite(value):
        return str(value)
    if len(repr(value)) <= 5:
        return repr(value)
    if abs(value) >= 1e9 or 0 < abs(value) < 10.0 ** (1 - decimals):
        return f"{value:.{max(decimals, 4)}g}"
    text = f"{value:.{decimals}f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def short(value: Any, decimals: int = 4) -> str:
    """Return a value in at most one short line."""
    value = detached(value)
    if isinstance(value, (bool, str)) or value is None:
        return repr(value) if len(repr(value)) < 60 else f"{repr(value)[:40]}...'"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return _number(float(value), decimals)
    if isinstance(value, np.ndarray):
        if value.size > WHOLE:
            return name_type(value)
        return _bracketed(value.tolist(), decimals)
    if isinstance(value, (list, tuple)):
        if len(value) > WHOLE:
            return words.count_of(type(value), len(value))
        inner = ", ".join(short(entry, decimals) for entry in value)
        return f"({inner}{',' * (len(value) == 1)})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{key!r}: {short(entry, decimals)}" for key, entry in value.items())
        return "{" + inner + "}" if len(inner) < 120 else words.count_of(dict, len(value))
    return name_type(value)


def _bracketed(value: Any, decimals: int) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_bracketed(entry, decimals) for entry in value) + "]"
    return short(value, decimals)


def typed(value: Any) -> str:
    """Return an argument as it may be typed; by its kind where that would be long."""
    if isinstance(value, str) and type(value) is not str:
        return str(value)
    if type(value) is str and len(value) <= WHOLE:
        return repr(value)
    if isinstance(value, np.ndarray) and value.size <= WHOLE:
        return f"np.array({_bracketed(value.tolist(), 6)})"
    if hasattr(value, "detach") and value.numel() <= WHOLE:
        return f"torch.tensor({_bracketed(value.detach().tolist(), 6)})"
    if isinstance(value, float):
        return repr(value) if len(repr(value)) <= 8 else f"{value:.6g}"
    if callable(value):
        return getattr(value, "__name__", words.A_FUNCTION)
    if isinstance(value, (list, tuple)) and len(value) <= WHOLE:
        inner = ", ".join(map(typed, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        inner = ", ".join(f"{key!r}: {typed(entry)}" for key, entry in value.items())
        return "{" + inner + "}" if len(inner) < 120 else words.count_of(dict, len(value))
    return short(value, 6)
