"""The order in which answers are read: what is alike lies side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WORD = re.compile(r"\w+")
# Of the words of two answers that are alike, so many are in both.
ALIKE = 0.5
# Beyond so many texts that differ, comparing each with each takes longer than it saves.
MANY = 1500


@dataclass(frozen=True)
class Position:
    """Where an answer stands.

    index   of the answer
    same    the number of the text, the same for answers that are word for word the same
    family  the number of the family of texts that are alike
    """

    index: int
    same: int
    family: int


def in_order(texts: Sequence[str], keys: Sequence[str]) -> list[Position]:
    """Return the answers, those with the same text together, and beside them those that are alike;
    what most gave comes first.

    texts  what was answered
    keys   what is the same for texts that count as the same, such as a digest
    """
    members: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        members.setdefault(key, []).append(index)
    # Among texts that as many gave, the digest decides: no order of names or of times.
    distinct = sorted(members, key=lambda key: (-len(members[key]), key))
    words = {key: frozenset(WORD.findall(texts[members[key][0]].lower())) for key in distinct}
    families: list[list[str]] = []
    for key in distinct:
        near = _nearest(words[key], families, words) if len(distinct) <= MANY else None
        if near is None:
            families.append([key])
        else:
            near.append(key)
    # The first text of a family is the one that most gave.
    families.sort(key=lambda family: (-len(members[family[0]]), -len(family)))
    same = {key: number for number, key in enumerate(distinct)}
    return [
        Position(index, same[key], number)
        for number, family in enumerate(families)
        for key in family
        for index in members[key]
    ]


def _nearest(
    words: frozenset[str], families: list[list[str]], known: dict[str, frozenset[str]]
) -> list[str] | None:
    """Return the family whose first text shares most words with these, if it shares enough."""
    best, most = None, ALIKE
    for family in families:
        other = known[family[0]]
        shorter, longer = sorted((len(words), len(other)))
        if shorter < most * longer:
            continue
        shared = len(words & other)
        likeness = shared / max(len(words) + len(other) - shared, 1)
        if likeness >= most:
            best, most = family, likeness
    return best
