"""The kinds of verdicts: what files and JSON hold, and what code compares.

How people see them stands in `course.words.TITLES`.
"""

from __future__ import annotations

from enum import StrEnum


class VerdictKind(StrEnum):
    """What a check found, in the order they are tried; the value is what files and JSON hold."""

    NOT_ATTEMPTED = "not attempted"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    SHORTCUT = "shortcut"
    WRONG_TYPE = "wrong type"
    WRONG_SHAPE = "wrong shape"
    NOT_FINITE = "not finite"
    RIGHT = "right"
    KNOWN_MISTAKE = "known mistake"
    WRONG = "wrong"
