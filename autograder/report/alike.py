"""Hand-ins that look alike beyond what their exercises force: a reason to look, never a verdict.

An answer is compared by the nodes of its syntax tree in the order of the text, so that comments,
docstrings, layout and annotations are left out. Every run of `RUN` nodes is a fingerprint, in which
a name of the student's own says only how far before it stood in the run, as in parameterised
matching (Baker, 1995): whoever gives all names others keeps the fingerprints. Winnowing
(Schleimer, Wilkerson and Aiken, 2003) would keep a part of them, for texts that are long; answers
are so short that all are kept. Copydetect, the library for this, compares every two files and takes
`np.log` and `np.exp` for the same.

What the exercise forces are the fingerprints of what is given out, of every honest style and named
mistake that the course knows, and of what many in the class wrote. None of them counts.
"""

from __future__ import annotations

import ast
import builtins
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from autograder.exercises import exercise as exercise_of
from autograder.exercises.sources import answer_source
from autograder.source_text import as_it_ran, is_text, parse

# A line of NumPy has some fifteen nodes.
RUN = 20
# Hand-ins that share fewer nodes in such runs, some seven lines, are not told of: two who solve one
# exercise in the same five lines have met by chance.
ENOUGH = 100
# An exercise counts where this part of what is the students' own is shared.
MOST = 0.5
# A fingerprint that more have, or more than this part of a small class, is what people write.
MANY, MANY_OF = 10, 1 / 3
# Longer than an answer that a person writes.
LONGEST = 20_000
# The names that mean the same to everybody.
COMMON = {*dir(builtins), "np", "torch", "nn", "math", "numpy", "self"}
FACTORS = np.array([pow(0x9E3779B97F4A7C15, n, 2**64) for n in range(1, RUN + 1)], dtype=np.uint64)


@dataclass(frozen=True)
class SharedLines:
    """How many lines of the shorter of two answers the other has as well, and of how many."""

    exercise: str
    lines: int
    of: int


@dataclass(frozen=True)
class AlikeHandIns:
    """Hand-ins that share what is their writers' own.

    students  who handed them in
    shared    what the two closest of them share
    """

    students: tuple[str, ...]
    shared: tuple[SharedLines, ...]


@dataclass(frozen=True)
class Fingerprints:
    """The fingerprints of an answer, of the run that starts at each node, and each node's line."""

    runs: np.ndarray
    lines: np.ndarray

    def covered(self, chosen: Collection[int]) -> np.ndarray:
        """Return which nodes stand in runs with the chosen fingerprints."""
        starts = np.flatnonzero(np.isin(self.runs, np.fromiter(chosen, np.uint64, len(chosen))))
        found = np.zeros(len(self.lines), dtype=bool)
        found[(starts[:, None] + np.arange(RUN)).ravel()] = True
        return found


NONE = Fingerprints(np.zeros(0, np.uint64), np.zeros(0, int))


def fingerprints(text: str) -> Fingerprints:
    """Return the fingerprints of a cell; of one that is no Python, none."""
    if len(text) > LONGEST:
        return NONE
    try:
        tree = parse(as_it_ran(text))
    except SyntaxError:
        return NONE
    words: list[int] = []
    lines: list[int] = []
    back: list[int] = []
    seen: dict[str, int] = {}
    for word, own, line in _nodes(tree):
        # How many nodes ago the student's own name stood last, and 0 for any other word.
        back.append(len(words) - seen[own] if own in seen else 0)
        if own:
            seen[own] = len(words)
        words.append(_number(word))
        lines.append(line)
    if len(words) < RUN:
        return NONE
    runs = np.lib.stride_tricks.sliding_window_view(np.array(words, np.uint64), RUN)
    before = np.lib.stride_tricks.sliding_window_view(np.array(back), RUN)
    inside = np.where(before <= np.arange(RUN), before, 0).astype(np.uint64)
    return Fingerprints(((runs + inside) * FACTORS).sum(axis=1, dtype=np.uint64), np.array(lines))


@lru_cache(maxsize=4096)
def _number(word: str) -> int:
    """Return a number for a word, with room for a distance behind it."""
    return zlib.crc32(word.encode("utf-8", "replace")) << 20


def _nodes(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Yield each node as a word, with the student's own name in it or "", and its line."""
    waiting: list[ast.AST] = [tree]
    line = 1
    while waiting:
        node = waiting.pop()
        line = getattr(node, "lineno", line)
        yield *_word(node), line
        waiting += reversed(list(_children(node)))


def _word(node: ast.AST) -> tuple[str, str]:
    kind = type(node).__name__
    match node:
        case ast.Name(id=name) | ast.arg(arg=name):
            return (name, "") if name in COMMON else ("name", name)
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return kind, name
        case ast.Attribute(attr=name) | ast.keyword(arg=name):
            return f"{kind} {name}", ""
        case ast.Constant(value=int() | None as value):
            return f"{value}", ""
        case ast.Constant(value=value):
            return type(value).__name__, ""
    return kind, ""


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("ctx", "annotation", "returns", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not is_text(child):
                yield child


def forced_runs(ids: Iterable[str], given: Iterable[str]) -> frozenset[int]:
    """Return the fingerprints that say nothing of who wrote them.

    ids    the exercises of the assignment
    given  the code that is given out
    """
    texts = [*given]
    for exercise in map(exercise_of, ids):
        for function in (*exercise.styles.values(), *(one.function for one in exercise.mistakes)):
            # A mistake that is made of the right answer is no text of its own.
            with suppress(ValueError):
                texts.append(answer_source(function, exercise.name))
    return frozenset(run for text in texts for run in fingerprints(text).runs.tolist())


def alike(hand_ins: Mapping[str, Mapping[str, str]], forced: Collection[int]) -> list[AlikeHandIns]:
    """Return the hand-ins of an assignment that look alike.

    hand_ins  by student, the text of each cell by its exercise
    forced    the fingerprints that do not count
    """
    prints = {
        (student, exercise): fingerprints(text)
        for student, texts in sorted(hand_ins.items())
        for exercise, text in texts.items()
    }
    own = {place: set(found.runs.tolist()).difference(forced) for place, found in prints.items()}
    holders: dict[tuple[str, int], list[str]] = defaultdict(list)
    for (student, exercise), runs in own.items():
        for run in runs:
            holders[exercise, run].append(student)
    many = min(MANY, max(2, int(MANY_OF * len(hand_ins))))
    shared: dict[tuple[str, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for (exercise, run), people in holders.items():
        if len(people) <= many:
            for pair in combinations(people, 2):
                shared[pair][exercise].add(run)
    found: dict[tuple[str, str], tuple[int, tuple[SharedLines, ...]]] = {}
    for pair, runs_of in shared.items():
        nodes, places = 0, []
        for exercise, runs in sorted(runs_of.items()):
            tried = [_measure(prints[who, exercise], runs, own[who, exercise]) for who in pair]
            each = [measured for measured in tried if measured is not None]
            if len(each) == len(pair):
                nodes += min(covered for covered, _, _ in each)
                lines, of = min((lines, of) for _, lines, of in each)
                places.append(SharedLines(exercise, lines, of))
        if nodes >= ENOUGH:
            found[pair] = nodes, tuple(places)
    groups = {
        people: max(found[pair] for pair in found if pair[0] in people) for people in _groups(found)
    }
    return [
        AlikeHandIns(people, places)
        for people, (nodes, places) in sorted(groups.items(), key=lambda item: -item[1][0])
    ]


def _measure(prints: Fingerprints, shared: set[int], own: set[int]) -> tuple[int, int, int] | None:
    """Return how many nodes and lines of an answer are shared, and how many lines it has; None
    where that is less than most of what is the student's own."""
    covered = prints.covered(shared)
    if covered.sum() < MOST * prints.covered(own).sum():
        return None
    return int(covered.sum()), len(set(prints.lines[covered])), len(set(prints.lines))


def _groups(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, ...]]:
    """Return who is joined by pairs, directly or through others."""
    group: dict[str, frozenset[str]] = {}
    for one, other in pairs:
        joined = group.get(one, frozenset([one])) | group.get(other, frozenset([other]))
        group.update(dict.fromkeys(joined, joined))
    return {tuple(sorted(people)) for people in group.values()}
