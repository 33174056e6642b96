"""What the report says of a mistake: its exercise says it, as it does its hint and its root."""

from __future__ import annotations

from autograder.exercises import Mistake, Root, exercise

NO_LONGER = "An earlier version of the course called this mistake “{name}”."


def said(id: str, mistake: str) -> str:
    """Say in one sentence what a mistake of an exercise is.

    Of one that the course no longer has, its name is all that is known.
    """
    found = _find(id, mistake)
    return found.said if found else NO_LONGER.format(name=mistake.replace("-", " "))


def hint(id: str, mistake: str) -> str:
    """Return the question that leads on, or "" for a mistake that the course no longer has."""
    found = _find(id, mistake)
    return found.hint if found else ""


def root(id: str, mistake: str) -> Root | None:
    """Return what the mistake shares with others, or None where it stands alone."""
    found = _find(id, mistake)
    return found.root if found else None


def _find(id: str, mistake: str) -> Mistake | None:
    try:
        return exercise(id).named_mistake(mistake)
    except KeyError:
        return None
