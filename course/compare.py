"""Two values side by side: what a function returned and what it should have returned.

A comparison goes from coarse to fine: type, shape, finite, value. It never broadcasts, it looks
at every entry that was expected, and where only the value is off it looks for a symptom that can
be seen in the two values alone: a constant factor, a transposition, one wrong entry.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

WRONG_TYPE, WRONG_SHAPE, NOT_FINITE, WRONG_VALUE = (
    "wrong type",
    "wrong shape",
    "not finite",
    "wrong",
)
SEVERITY = (WRONG_TYPE, WRONG_SHAPE, NOT_FINITE, WRONG_VALUE)


@dataclass(frozen=True)
class Difference:
    """The first thing that differs.

    kind     one of SEVERITY
    where    path into the value, "" for the value itself, '["W1"]' or "[0]" inside a dict or tuple
    text     what differs, in words, without the expected numbers
    symptom  a likely reason as a question, or ""
    """

    kind: str
    where: str
    text: str
    symptom: str = ""


def compare(
    found: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-12, inputs: tuple = ()
) -> Difference | None:
    """The difference between `found` and `expected`, or None where there is none.

    found, expected  numbers, strings, None, arrays, or lists, tuples and dicts of them
    rtol, atol       an entry is right if |found - expected| <= atol + rtol * |expected|
    inputs           the arguments that led to `found`; their shapes help to name a symptom
    """
    differences = []
    for where, found_leaf, expected_leaf in _leaves(found, expected, ""):
        difference = _compare_leaf(where, found_leaf, expected_leaf, rtol, atol, inputs)
        if difference:
            differences.append(difference)
    return min(differences, key=lambda d: SEVERITY.index(d.kind), default=None)


class _Missing:
    """Stands for a value that is not there; `text` says so."""

    def __init__(self, text: str):
        self.text = text


def _leaves(found: Any, expected: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            yield where, _Missing(f"a dict was expected, not {name_type(found)}"), expected
            return
        for key, value in expected.items():
            inner = f'{where}["{key}"]'
            if key in found:
                yield from _leaves(found[key], value, inner)
            else:
                yield inner, _Missing("it is not in the dict"), value
    elif isinstance(expected, (tuple, list)):
        found = _detached(found)
        if isinstance(found, np.ndarray) and found.ndim:
            found = list(found)
        if not isinstance(found, (tuple, list)):
            kind = type(expected).__name__
            yield where, _Missing(f"a {kind} was expected, not {name_type(found)}"), expected
        elif len(found) != len(expected):
            counts = f"{len(expected)} values were expected, not {len(found)}"
            yield where, _Missing(counts), expected
        else:
            for index, (inner, value) in enumerate(zip(found, expected)):
                yield from _leaves(inner, value, f"{where}[{index}]")
    else:
        yield where, found, expected


def _compare_leaf(where, found, expected, rtol, atol, inputs) -> Difference | None:
    if isinstance(found, _Missing):
        return Difference(WRONG_TYPE, where, found.text)
    if expected is None or isinstance(expected, str):
        if type(found) is type(expected) and found == expected:
            return None
        kind = WRONG_VALUE if isinstance(found, (str, type(None))) else WRONG_TYPE
        return Difference(kind, where, f"it is {found!r}")
    expected = np.asarray(expected, dtype=float)
    if found is None:
        symptom = "Is a `return` missing?"
        return Difference(WRONG_TYPE, where, "it is None", symptom)
    found_array = as_numbers(found)
    if found_array is None:
        return Difference(WRONG_TYPE, where, f"it is {name_type(found)}, not numbers")
    if found_array.shape != expected.shape:
        text = (
            f"it has shape {found_array.shape}; "
            + ("one number, shape ()," if expected.shape == () else f"shape {expected.shape}")
            + " was expected"
        )
        return Difference(
            WRONG_SHAPE, where, text, shape_symptom(found_array, expected, inputs, rtol)
        )
    close = nearly_equal(found_array, expected, rtol, atol)
    if close.all():
        return None
    lost = np.isfinite(expected) & ~np.isfinite(found_array)
    if lost.any():
        place = _entry(np.argwhere(lost)[0])
        value = found_array[tuple(np.argwhere(lost)[0])]
        subject = f"entry {place} is {value}" if place else f"it is {value}"
        return Difference(NOT_FINITE, where, subject)
    text = "the value is off"
    if expected.size > 1:
        wrong = int((~close).sum())
        text = f"{wrong} of {expected.size} entries are off"
    # Expected numbers that were printed with few decimals are known only that well.
    slack = max(1e-6, 2 * atol / max(np.abs(expected[np.isfinite(expected)]).max(initial=0), atol))
    symptom = value_symptom(found_array, expected, close, inputs, slack)
    return Difference(WRONG_VALUE, where, text, symptom)


def as_numbers(value: Any) -> np.ndarray | None:
    """`value` as a float array, or None where it is not made of real numbers."""
    try:
        array = np.asarray(_detached(value))
        if array.dtype.kind not in "biuf":
            return None
        return array.astype(float)
    except (TypeError, ValueError, OverflowError):
        return None


def _detached(value: Any) -> Any:
    """A tensor as an array, also one that asks for a gradient; everything else as it is."""
    return value.detach().numpy() if hasattr(value, "detach") else value


def nearly_equal(found: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Entry by entry: within tolerance, or the same infinity, or both NaN. Shapes must agree."""
    with np.errstate(invalid="ignore"):
        close = np.abs(found - expected) <= atol + rtol * np.abs(expected)
    if close.all() and np.isfinite(expected).all():
        return close
    same_infinity = np.isinf(expected) & (found == expected)
    finite = np.isfinite(found) & np.isfinite(expected)
    return (close & finite) | same_infinity | (np.isnan(found) & np.isnan(expected))


def name_type(value: Any) -> str:
    """The type of a value as a student would say it."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _entry(index: np.ndarray) -> str:
    return "[" + ", ".join(str(i) for i in index) + "]" if len(index) else ""


def shape_symptom(found: np.ndarray, expected: np.ndarray, inputs: tuple, rtol: float) -> str:
    """A likely reason for a wrong shape, as a question; "" where none is seen."""
    if found.size == expected.size and expected.ndim < found.ndim and 1 in found.shape:
        return "There is an axis of length 1 too many: which step keeps it?"
    if expected.ndim == 2 and found.shape == expected.shape[::-1]:
        return "Rows and columns look exchanged: is one transpose too many or too few?"
    shapes = [np.shape(value) for value in inputs if isinstance(value, np.ndarray)]
    for shape in shapes:
        axes = [shape[:axis] + shape[axis + 1 :] for axis in range(len(shape))]
        if expected.shape in axes and found.shape in axes:
            return "It looks summed over another axis: over which one should the sum run?"
        if expected.shape in axes and found.shape == shape:
            sums = [found.sum(axis=axis) for axis in range(len(shape))]
            if any(s.shape == expected.shape and np.allclose(s, expected, rtol=rtol) for s in sums):
                return "The terms are right: are they to be added up?"
    if found.shape == () and expected.shape != ():
        return "One number came back: did a sum run over everything?"
    if expected.shape == () and found.ndim:
        return "Should the terms be added up?"
    return ""


def value_symptom(
    found: np.ndarray, expected: np.ndarray, close: np.ndarray, inputs: tuple, slack: float
) -> str:
    """A likely reason for a wrong value of the right shape, as a question; "" if none is seen.

    close  which entries are right
    slack  the relative precision to which `expected` is known
    """
    if not (np.isfinite(found).all() and np.isfinite(expected).all()):
        return ""
    factor = constant_factor(found, expected, slack)
    if factor is not None:
        text = _name_factor(factor, inputs, slack, single=expected.size == 1)
        if text:
            return text
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1]:
        if nearly_equal(found.T, expected, slack, 1e-12).all():
            return "It looks transposed: which index belongs to the rows?"
        diagonal = np.eye(len(expected), dtype=bool)
        if len(expected) > 1 and close[diagonal].all() and not close[~diagonal].any():
            return "The diagonal is right; what belongs beside it?"
        if len(expected) > 1 and close[~diagonal].all():
            return "Only the diagonal is off: what is special about equal indices?"
    if expected.size > 2 and (~close).sum() == 1:
        return f"Only entry {_entry(np.argwhere(~close)[0])} differs: what is special about it?"
    if expected.size > 1:
        if expected.ndim == 1 and nearly_equal(found[::-1], expected, slack, 1e-12).all():
            return "The order of the entries looks reversed."
        offsets = found - expected
        if np.allclose(offsets, offsets.flat[0], rtol=slack, atol=1e-12):
            return "Every entry is off by the same amount: what was added or left out?"
    return ""


def constant_factor(found: np.ndarray, expected: np.ndarray, slack: float) -> float | None:
    """The number c with found = c * expected in every entry, or None."""
    at = np.unravel_index(np.argmax(np.abs(expected)), expected.shape) if expected.shape else ()
    if expected[at] == 0:
        return None
    factor = float(found[at] / expected[at])
    if factor == 0 or math.isclose(factor, 1, rel_tol=1e-5):
        return None
    if np.allclose(found, factor * expected, rtol=slack, atol=1e-12):
        return factor
    return None


def _name_factor(factor: float, inputs: tuple, slack: float, single: bool) -> str:
    def is_near(number: float) -> bool:
        return math.isclose(factor, number, rel_tol=slack)

    lengths = {
        length
        for value in inputs
        for length in (np.shape(value) if isinstance(value, np.ndarray) else ())
        if length > 2
    }
    if is_near(-1):
        return "Only the sign is off."
    logarithms = (math.log(2), math.log(10), math.log2(10))
    if any(is_near(c) or is_near(1 / c) for c in logarithms):
        return "It differs by a change of base: which base has the logarithm here?"
    for length in sorted(lengths):
        if is_near(length):
            return f"It is {length} times too large, and {length} is a length here: sum or mean?"
        if is_near(1 / length):
            return f"It is {length} times too small, and {length} is a length here: sum or mean?"
    if is_near(2):
        return "It is twice what it should be: is a factor 2 counted once too often?"
    if is_near(0.5):
        return "It is half of what it should be: where did a factor 2 go?"
    if single:
        return ""
    return f"Every entry is {factor:.4g} times what it should be: where does that factor come from?"
