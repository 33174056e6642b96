"""Two values side by side: what a function returned and what it should have returned.

A comparison goes from coarse to fine: type, shape, finite, value. It never broadcasts, it looks
at every entry that was expected, and where only the value is off it looks for a symptom that can
be seen in the two values alone: digits that were lost, a constant factor, a transposition.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from course import words
from course.kinds import VerdictKind
from course.words import NO_LEAD, Lead

# The kinds of differences, the coarsest first.
SEVERITY = (
    VerdictKind.WRONG_TYPE,
    VerdictKind.WRONG_SHAPE,
    VerdictKind.NOT_FINITE,
    VerdictKind.WRONG,
)
NEARLY = 1e-3  # a relative error that is a matter of digits
RELATIVE = 1e-6  # to which numbers are taken for the same where a symptom is looked for


@dataclass(frozen=True, eq=False)
class Difference:
    """What differs in one value, or in one part of a dict or tuple.

    kind      one of SEVERITY
    path      the keys and indices that lead to it, () for the value itself
    text      what differs, in words, without the expected numbers
    alone     the same as a sentence of its own, where numbers of an array differ, or ""
    symptom   a reason that can be seen in the two values, as a question, or NO_LEAD
    hunch     a reason that is less certain, as a question, or NO_LEAD
    found     the value that came back there
    expected  the value that should have come back there
    close     which entries of an array are right; None where the two cannot be laid side by side
    """

    kind: VerdictKind
    path: tuple[str | int, ...]
    text: str
    symptom: Lead = NO_LEAD
    hunch: Lead = NO_LEAD
    found: Any = None
    expected: Any = None
    close: np.ndarray | None = None
    alone: str = ""

    @property
    def where(self) -> str:
        """Return the path as it is written behind a name, '["W1"]' or "[0]"."""
        return "".join(f'["{key}"]' if isinstance(key, str) else f"[{key}]" for key in self.path)

    @property
    def lead(self) -> Lead:
        """Return the question that leads on, or NO_LEAD."""
        return self.symptom or self.hunch


def compare(
    found: Any,
    expected: Any,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-12,
    inputs: tuple[Any, ...] = (),
) -> Difference | None:
    """Return the coarsest difference between `found` and `expected`, or None where there is none.

    found, expected  numbers, strings, None, arrays, or lists, tuples and dicts of them
    rtol, atol       an entry is right if |found - expected| <= atol + rtol * |expected|
    inputs           the arguments that led to `found`; they help to name a symptom
    """
    every = differences(found, expected, rtol=rtol, atol=atol, inputs=inputs)
    return min(every, key=lambda one: SEVERITY.index(one.kind), default=None)


def differences(
    found: Any,
    expected: Any,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-12,
    inputs: tuple[Any, ...] = (),
) -> list[Difference]:
    """Return every difference, in the order of `expected`; the arguments are those of `compare`."""
    every = []
    for path, found_leaf, expected_leaf in _leaves(found, expected, ()):
        difference = _compare_leaf(path, found_leaf, expected_leaf, rtol, atol, inputs)
        if difference:
            every.append(difference)
    if len(every) > 1:
        if _holds_in_another_order(found, expected, rtol, atol):
            first, *others = every
            bare = [replace(one, symptom=NO_LEAD, hunch=NO_LEAD) for one in others]
            return [replace(first, symptom=words.PARTS_EXCHANGED), *bare]
        return _without_coincidences(every)
    return every


def _holds_in_another_order(found: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Say whether exchanging two parts of a tuple makes all of it right.

    Of places, which are small whole numbers, one may be the other by chance.
    """
    if not isinstance(expected, tuple) or not isinstance(found, (tuple, list)):
        return False
    if len(found) != len(expected) or all(isinstance(one, (int, np.integer)) for one in expected):
        return False
    for first, second in combinations(range(len(found)), 2):
        turned = list(found)
        turned[first], turned[second] = turned[second], turned[first]
        if not differences(turned, list(expected), rtol=rtol, atol=atol):
            return True
    return False


def _without_coincidences(every: list[Difference]) -> list[Difference]:
    """Drop a factor between two single numbers, which may be one by chance, where not all that is
    wrong shows it."""
    if len({one.symptom.name for one in every}) == 1:
        return every
    return [
        replace(one, symptom=NO_LEAD)
        if one.symptom.name in words.FACTORS and np.size(one.expected) == 1
        else one
        for one in every
    ]


@dataclass(frozen=True)
class _Missing:
    """Stands for a value that is not there; `text` says so, and `value` is what is there."""

    text: str
    value: Any
    symptom: Lead = NO_LEAD


def _leaves(
    found: Any, expected: Any, path: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            yield path, _not_a("dict", found), expected
            return
        for key, value in expected.items():
            if key in found:
                yield from _leaves(found[key], value, (*path, key))
            else:
                text = words.KEY_MISSING.format(key=repr(key), keys=", ".join(map(repr, found)))
                yield (*path, key), _Missing(text, None, words.LISTED_KEYS), value
    elif isinstance(expected, (tuple, list)):
        found = detached(found)
        if isinstance(found, np.ndarray) and found.ndim:
            found = list(found)
        if not isinstance(found, (tuple, list)):
            yield path, _not_a(type(expected).__name__, found), expected
        elif len(found) != len(expected):
            text = words.COUNT_EXPECTED.format(expected=len(expected), found=len(found))
            yield path, _Missing(text, found), expected
        else:
            for index, (inner, value) in enumerate(zip(found, expected, strict=True)):
                yield from _leaves(inner, value, (*path, index))
    else:
        yield path, found, expected


def _not_a(kind: str, found: Any) -> _Missing:
    expected = words.kind_of(kind)
    text = words.KIND_EXPECTED.format(expected=expected, found=name_type(found))
    return _Missing(text, found, words.NO_RETURN if found is None else NO_LEAD)


def _compare_leaf(
    path: tuple[Any, ...],
    found: Any,
    expected: Any,
    rtol: float,
    atol: float,
    inputs: tuple[Any, ...],
) -> Difference | None:
    if isinstance(found, _Missing):
        return Difference(
            VerdictKind.WRONG_TYPE,
            path,
            found.text,
            found.symptom,
            found=found.value,
            expected=expected,
        )
    if expected is None or isinstance(expected, str):
        if type(found) is type(expected) and found == expected:
            return None
        if isinstance(found, (str, type(None))):
            text = words.IS_TEXT.format(value=repr(found))
            return Difference(VerdictKind.WRONG, path, text, found=found, expected=expected)
        text, symptom = words.IS_TEXT.format(value=name_type(found)), words.ASKED_OTHERWISE
        return Difference(
            VerdictKind.WRONG_TYPE, path, text, symptom, found=found, expected=expected
        )
    if found is None:
        # A part that is None was put there; only the whole answer can lack its `return`.
        symptom = NO_LEAD if path else words.NO_RETURN
        return Difference(VerdictKind.WRONG_TYPE, path, words.IS_NONE, symptom, expected=expected)
    right = np.asarray(expected, dtype=float)
    numbers = as_numbers(found)
    if numbers is None:
        text = words.NOT_NUMBERS.format(kind=name_type(found))
        return Difference(VerdictKind.WRONG_TYPE, path, text, found=found, expected=expected)
    if numbers.shape != right.shape:
        said = words.NUMBER_EXPECTED if right.shape == () else words.SHAPE_EXPECTED
        text = said.format(found=numbers.shape, expected=right.shape)
        symptom = shape_symptom(numbers, right, inputs, rtol)
        hunch = words.SHAPE_UNKNOWN
        return Difference(VerdictKind.WRONG_SHAPE, path, text, symptom, hunch, found, expected)
    close = nearly_equal(numbers, right, rtol, atol)
    if close.all():
        return None
    lost = np.isfinite(right) & ~np.isfinite(numbers)
    if lost.any():
        index = tuple(np.argwhere(lost)[0])
        value = numbers[index]
        said = words.NOT_FINITE_ENTRY if index else words.NOT_FINITE_NUMBER
        text = said.format(entry=name_entry(index), value=value)
        symptom = words.WHY_NAN if math.isnan(value) else words.WHY_INF
        alone = words.ENTRY_NOT_FINITE.format(entry=name_entry(index), value=value)
        return Difference(
            VerdictKind.NOT_FINITE, path, text, NO_LEAD, symptom, found, expected, close, alone
        )
    wrong, size = int((~close).sum()), right.size
    said = words.ENTRY_IS_OFF if wrong == 1 else words.ENTRIES_ARE_OFF
    text = said.format(count=wrong, size=size) if size > 1 else words.VALUE_IS_OFF
    if isinstance(expected, (int, np.integer)):
        # It counts or says a place: what it has in common with another number tells nothing.
        return Difference(VerdictKind.WRONG, path, text, found=found, expected=expected)
    pair = _Pair(numbers, right, close, atol, inputs)
    alone = words.ONE_ENTRY_IS_OFF if wrong == 1 else words.SOME_ENTRIES_ARE_OFF
    return Difference(
        VerdictKind.WRONG,
        path,
        text,
        pair.symptom(),
        pair.hunch(),
        found,
        expected,
        close,
        alone.format(count=wrong, size=size),
    )


def as_numbers(value: Any) -> np.ndarray | None:
    """Return `value` as a float array, or None where it is not made of real numbers."""
    try:
        array = np.asarray(detached(value))
        if array.dtype.kind not in "biuf":
            return None
        return array.astype(float)
    except (TypeError, ValueError, OverflowError):
        return None


def detached(value: Any) -> Any:
    """Return a tensor as an array, also one that asks for a gradient; everything else as it is."""
    return value.detach().numpy() if hasattr(value, "detach") else value


def nearly_equal(found: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Compare entry by entry: within tolerance, or the same infinity, or both NaN. Shapes must
    agree."""
    with np.errstate(invalid="ignore"):
        close: np.ndarray = np.abs(found - expected) <= atol + rtol * np.abs(expected)
    if close.all() and np.isfinite(expected).all():
        return close
    same_infinity = np.isinf(expected) & (found == expected)
    finite = np.isfinite(found) & np.isfinite(expected)
    right: np.ndarray = (close & finite) | same_infinity | (np.isnan(found) & np.isnan(expected))
    return right


def name_type(value: Any) -> str:
    """Say the type of a value as a student would."""
    if isinstance(value, np.ndarray):
        return words.ARRAY.format(shape=value.shape)
    return words.kind_of(type(value).__name__)


def name_entry(index: tuple[Any, ...]) -> str:
    """Return the place of an entry as it is written behind a name, "[0, 2]"."""
    return "[" + ", ".join(str(i) for i in index) + "]"


def shape_symptom(
    found: np.ndarray, expected: np.ndarray, inputs: tuple[Any, ...], rtol: float
) -> Lead:
    """Return a likely reason for a wrong shape, as a question; NO_LEAD where none is seen."""
    if found.size == expected.size and expected.ndim < found.ndim and 1 in found.shape:
        return words.EXTRA_AXIS
    if expected.ndim == 2 and found.shape == expected.shape[::-1]:
        return words.SHAPE_TRANSPOSED
    places = np.flatnonzero(expected)
    if np.isin(expected, (0, 1)).all() and places.size and np.array_equal(found, places):
        return words.YES_OR_NO.format(count=expected.size)
    shapes = [np.shape(value) for value in inputs if isinstance(value, np.ndarray)]
    for shape in shapes:
        axes = [shape[:axis] + shape[axis + 1 :] for axis in range(len(shape))]
        if expected.shape in axes and found.shape in axes:
            return words.OTHER_AXIS
        if expected.shape in axes and found.shape == shape:
            sums = [found.sum(axis=axis) for axis in range(len(shape))]
            if any(s.shape == expected.shape and np.allclose(s, expected, rtol=rtol) for s in sums):
                return words.TERMS_RIGHT
    counts = {len(value) for value in inputs if np.ndim(_as_labels(value)) == 1}
    if found.ndim == expected.ndim == 1 and len(found) in counts - {len(expected)}:
        return words.PER_ITEM.format(count=len(found))
    if found.shape == () and expected.shape != ():
        return words.ONE_NUMBER
    if expected.shape == () and found.ndim:
        return words.NOT_ADDED_UP
    return NO_LEAD


def _as_labels(value: Any) -> Any:
    """Return a list or a vector as it is, and 0 for what is no row of single values."""
    if isinstance(value, np.ndarray):
        return value
    flat = isinstance(value, list) and not any(isinstance(one, (list, np.ndarray)) for one in value)
    return value if flat else 0


class _Pair:
    """Two arrays of one shape that differ, and the reasons that can be seen in them.

    found, expected  the arrays, all of `found` finite where `expected` is
    close            which entries are right
    atol             the precision to which `expected` is known; printed numbers have few decimals
    inputs           the arguments that led to `found`
    """

    def __init__(
        self,
        found: np.ndarray,
        expected: np.ndarray,
        close: np.ndarray,
        atol: float,
        inputs: tuple[Any, ...],
    ):
        self.found, self.expected, self.close = found, expected, close
        self.atol, self.inputs = atol, inputs
        self.single = expected.size == 1
        # A table of yes and no, whose entries have much in common with any other.
        self.yes_or_no = bool(np.isin(expected, (0, 1)).all() and np.isin(found, (0, 1)).all())
        self.finite = bool(np.isfinite(found).all() and np.isfinite(expected).all())

    def near(self, values: np.ndarray, factor: float = 1.0) -> bool:
        """Say whether `values` are `factor` times what was expected, as far as that is known."""
        right = factor * self.expected
        # The factor is itself read off a number that is known to `atol` only.
        slack = 2 * self.atol * max(abs(factor), 1e-3) + 1e-12 + RELATIVE * np.abs(right)
        return bool((np.abs(values - right) <= slack).all())

    def symptom(self) -> Lead:
        """Return a reason that can be seen, as a question; NO_LEAD where none is."""
        if not self.finite:
            return NO_LEAD
        reasons = (
            self._zero,
            self._digits,
            self._factor_with_a_name,
            self._transformed,
            self._diagonal,
            self._cut_off,
        )
        return next((said for reason in reasons if (said := reason())), NO_LEAD)

    def hunch(self) -> Lead:
        """Return a reason that is less certain, as a question; NO_LEAD where none is seen."""
        if not self.finite or self.single:
            return NO_LEAD
        found, expected, wrong = self.found, self.expected, ~self.close
        if found.size > 2 and np.ptp(found) == 0 and np.ptp(expected) > 0:
            return words.SAME_EVERYWHERE
        offsets = found - expected
        spread = np.abs(offsets - offsets.flat[0]).max()
        if wrong.all() and spread <= self.atol + RELATIVE * np.abs(offsets).max():
            return words.OFFSET
        factor = self._factor()
        if factor is not None:
            return words.FACTOR.format(factor=f"{factor:.4g}")
        if expected.size > 2 and wrong.sum() == 1:
            return words.ONLY_ENTRY.format(entry=name_entry(tuple(np.argwhere(wrong)[0])))
        if expected.ndim > 1:
            rows: np.ndarray = np.all(self.close.reshape(len(expected), -1), axis=1)
            if rows.sum() == 1 and len(rows) > 2:
                return words.SOME_ROWS.format(rows=int(np.argmax(rows)))
        return NO_LEAD

    def _zero(self) -> Lead:
        if self.found.any() or not self.expected.any():
            return NO_LEAD
        return words.IS_ZERO if self.single else words.ALL_ZERO

    def _digits(self) -> Lead:
        found, expected = self.found, self.expected
        if not expected.any():
            return NO_LEAD
        size = np.maximum(np.abs(expected), NEARLY * np.abs(expected).max())
        error = float((np.abs(found - expected) / size).max())
        for decimals in range(2, 8):
            if np.array_equal(found, np.round(found, decimals)):
                short = np.abs(found - expected).max() <= 0.5001 * 10.0**-decimals
                exact = np.abs(expected - np.round(expected, decimals)).max() <= self.atol
                if short and not exact:
                    return words.ROUNDED.format(decimals=decimals)
                break
        if error >= NEARLY:
            return NO_LEAD
        if error > 1e-10 and np.array_equal(found, np.float32(found)):
            return words.SINGLE_PRECISION
        digits = math.floor(-math.log10(error))
        said = words.FEW_DIGITS if digits > 4 else words.SMALL_DIFFERENCE
        return said.format(digits=digits)

    def _factor(self) -> float | None:
        """Return the number c with found = c * expected in every entry, or None."""
        at = np.unravel_index(np.argmax(np.abs(self.expected)), self.expected.shape)
        if self.expected[at] == 0:
            return None
        factor = float(self.found[at] / self.expected[at])
        if not factor or not self.near(self.found, factor):
            return None
        # An entry that is right although the factor would change it is against the factor, and
        # one entry alone among zeros does not speak for it.
        against = self.close & (np.abs((factor - 1) * self.expected) > self.atol)
        alone = not self.single and np.count_nonzero(self.expected) == 1
        return None if against.any() or alone else factor

    def _factor_with_a_name(self) -> Lead:
        factor = self._factor()
        if factor is None:
            return NO_LEAD
        known = RELATIVE + 2 * self.atol / max(float(np.abs(self.expected).max()), self.atol)

        def is_near(number: float) -> bool:
            return math.isclose(factor, number, rel_tol=known)

        lengths = {
            length
            for value in self.inputs
            for length in (np.shape(value) if isinstance(value, np.ndarray) else ())
        }
        if is_near(-1):
            return words.SIGN
        logarithms = (math.log(2), math.log(10), math.log2(10))
        if any(is_near(c) or is_near(1 / c) for c in logarithms):
            return words.CHANGE_OF_BASE
        if is_near(100):
            return words.HUNDREDFOLD
        for length in sorted(lengths - {0, 1, 2}):
            if is_near(length):
                return words.LENGTH_TOO_LARGE.format(length=length)
            if is_near(1 / length):
                return words.LENGTH_TOO_SMALL.format(length=length)
        if is_near(2):
            return words.TWICE_OF_TWO if 2 in lengths else words.TWICE
        if is_near(0.5):
            return words.HALF_OF_TWO if 2 in lengths else words.HALF
        return NO_LEAD

    def _transformed(self) -> Lead:
        """Return the right numbers somewhere else, or changed in a way that a single step does."""
        found, expected = self.found, self.expected
        if expected.ndim == 2 and expected.shape[0] == expected.shape[1] and self.near(found.T):
            return words.TRANSPOSED
        between = ((expected > 0) & (expected < 1)).all()
        if between and self.near(1 - found):
            return words.COMPLEMENT
        if self.single:
            return NO_LEAD
        if self.near(np.where(found * expected < 0, -found, found)):
            return words.SIGNS
        order = np.argsort(found, axis=None)
        ranked = np.empty_like(found).ravel()
        ranked[np.argsort(expected, axis=None)] = found.ravel()[order]
        if expected.size > 2 and self.near(ranked.reshape(expected.shape)):
            if self.yes_or_no:
                return words.ONES_ELSEWHERE
            if len(np.unique(expected)) > 2:
                turned = expected.ndim == 1 and self.near(found[::-1])
                return words.REVERSED if turned else words.OTHER_ORDER
        if any(np.array_equal(found, value) for value in _arrays(self.inputs)):
            return words.UNCHANGED_ARGUMENT
        filled = int(np.argmin(self.close.ravel()))
        if filled and not self.yes_or_no and not found.ravel()[filled:].any():
            return words.FIRST_FILLED.format(count=filled, size=expected.size)
        return NO_LEAD

    def _cut_off(self) -> Lead:
        wrong = self.found[~self.close]
        bound = wrong[0]
        if wrong.size < 2 or self.close.sum() < 2 or (wrong != bound).any():
            return NO_LEAD
        beyond = self.expected[~self.close]
        above = bound == self.found.max() and (beyond > bound).all()
        below = bound == self.found.min() and (beyond < bound).all()
        several = len(np.unique(beyond)) > 1 and len(np.unique(self.expected[self.close])) > 1
        if not several or not (above or below):
            return NO_LEAD
        return words.CUT_OFF.format(bound=f"{bound:.6g}") if bound else words.CUT_AT_ZERO

    def _diagonal(self) -> Lead:
        """Return what is right or wrong on the diagonal, of one square matrix or of each in a
        batch."""
        expected, close = self.expected, self.close
        if expected.ndim < 2 or expected.shape[-2] != expected.shape[-1] or expected.shape[-1] < 2:
            return NO_LEAD
        diagonal = np.broadcast_to(np.eye(expected.shape[-1], dtype=bool), expected.shape)
        if close[diagonal].all() and not close[~diagonal].any():
            return words.DIAGONAL_RIGHT
        if close[~diagonal].all() and not close[diagonal].any():
            return words.DIAGONAL_OFF
        return NO_LEAD


def _arrays(value: Any) -> Iterator[np.ndarray]:
    """Return the arrays in arguments, those inside dicts, lists and tuples as well."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        yield from _arrays(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _arrays(inner)
