"""What all who read a gradebook share: how points are counted, and what a database said."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError


def points_of(auto: float | None, manual: float | None, extra: float | None) -> float | None:
    """Return the points of one cell as nbgrader's Grade.score counts them: a person's mark before
    the judge's points, and extra credit on top; None where nobody has given any."""
    given = auto if manual is None else manual
    return None if given is None else given + (extra or 0.0)


def score_of(points: float, penalty: float) -> float:
    """Return the points of a submission less what being late costs, never below 0."""
    return max(points - penalty, 0.0)


def first_line(error: SQLAlchemyError) -> str:
    """Return the first line of what a database said."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
